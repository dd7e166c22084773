"""The letterhead: the components at the top of a document come in, departures are added to the remarks."""

from __future__ import annotations

import re

from cchc_xl.report.decree import forms, kinds
from cchc_xl.report.decree.document import Document
from cchc_xl.report.decree.drawn_lines import line_under
from cchc_xl.report.decree.outline import Outline
from cchc_xl.report.decree.pieces import Piece
from cchc_xl.report.decree.remarks import Remarks, quoted
from cchc_xl.report.lines import width

_OLD_SPELLING = kinds.NATIONAL_TITLE.replace("HÒA", "HOÀ")
_NUMBER = re.compile(r"Số:\s*(?P<number>[\d.…_]*)\s*(?:/\s*(?P<year>\d{4}))?\s*/\s*(?P<symbol>\S.*)")
_DATE = re.compile(
    r"(?P<place>[^,]+),\s*ngày\s*(?P<day>[\d.…_]*)\s*tháng\s*(?P<month>[\d.…_]*)\s*năm\s*(?P<year>[\d.…_]*)\.?"
)
_SYMBOL = re.compile(r"[\w&./,-]+")
_OLD_LETTER = "CV"  # what offices put before the agency of a công văn until 2011
_MIXED_CASE = frozenset(("TTr", "CTr", "QyĐ"))
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_CLOSE = 0.2  # how far the length of a line may be off before it is told


def check_letterhead(document: Document, found: Outline, remarks: Remarks) -> None:
    """Everything above the title."""
    _national_title(found.national, remarks)
    _motto(document, found.motto, remarks)
    _agency(document, found, remarks)
    _number(found, remarks)
    _date(document, found, remarks)


def _national_title(piece: Piece | None, remarks: Remarks) -> None:
    if piece is None:
        remarks.add("N110", "Quốc hiệu")
        return
    remarks.compare("N111", piece, forms.NATIONAL_TITLE)
    text = piece.text.upper()
    if text == _OLD_SPELLING:
        remarks.add("N302", "", piece.paragraph)
    elif text != kinds.NATIONAL_TITLE:
        remarks.add("N112", quoted(piece.text), piece.paragraph)


def _motto(document: Document, piece: Piece | None, remarks: Remarks) -> None:
    if piece is None:
        remarks.add("N110", "Tiêu ngữ")
        return
    remarks.compare("N113", piece, forms.MOTTO)
    if piece.text != kinds.MOTTO:
        remarks.add("N114", quoted(piece.text), piece.paragraph)
    line = line_under(document, piece)
    if line is None:
        remarks.add("N201", "", piece.paragraph)
    elif line:
        wanted = width(piece.text, max(run.form.size for run in piece.runs)) * 20
        if abs(line / wanted - 1) > _CLOSE:
            remarks.add("N301", f"dài khoảng {line / wanted:.0%} dòng chữ", piece.paragraph)


def _agency(document: Document, found: Outline, remarks: Remarks) -> None:
    for piece in found.superior:
        remarks.compare("N115", piece, forms.SUPERIOR)
    for piece in found.agency:
        remarks.compare("N116", piece, forms.AGENCY)
    if not found.agency:
        remarks.add("N110", "tên cơ quan, tổ chức ban hành văn bản")
    elif line_under(document, found.agency[-1]) is None:
        remarks.add("N202", "", found.agency[-1].paragraph)


def _number(found: Outline, remarks: Remarks) -> None:
    piece = found.number
    if piece is None:
        remarks.add("N110", "số, ký hiệu văn bản")
        return
    remarks.compare("N117", piece, forms.NUMBER)
    match = _NUMBER.fullmatch(piece.text)
    if match is None:
        remarks.add("N118", "không viết theo dạng “Số: 15/BC-SLĐTBXH”", piece.paragraph)
        return
    digits = match["number"].strip(".…_")
    if digits and (len(digits) == 1 or (len(digits) > 2 and digits.startswith("0"))):
        remarks.add("N118", f"số {digits} phải ghi là {int(digits):02d}", piece.paragraph)
    symbol = match["symbol"].strip()
    first = symbol.split("-")[0].strip()
    if not _SYMBOL.fullmatch(symbol) or any(
        part not in _MIXED_CASE and part != part.upper() for part in re.split(r"[-&./]", symbol)
    ):
        remarks.add("N118", f"ký hiệu “{symbol}” phải viết hoa, liền, nối bằng dấu gạch nối", piece.paragraph)
    elif symbol in kinds.ABBREVIATIONS.values():
        remarks.add("N118", f"ký hiệu “{symbol}” thiếu chữ viết tắt tên cơ quan", piece.paragraph)
    else:
        _abbreviation(found, first, piece, remarks)


def _abbreviation(found: Outline, first: str, piece: Piece, remarks: Remarks) -> None:
    if found.kind is not None:
        key_of_kind = next(name for name in kinds.ABBREVIATIONS if found.kind.key.startswith(name))
        wanted = kinds.ABBREVIATIONS[key_of_kind]
        if wanted and first != wanted:
            remarks.add("N119", f"ký hiệu bắt đầu bằng “{first}”, tên loại này viết tắt là “{wanted}”", piece.paragraph)
    elif found.is_letter and first in {*kinds.ABBREVIATIONS.values(), _OLD_LETTER}:
        remarks.add("N119", f"công văn không có chữ viết tắt tên loại, ở đây có “{first}”", piece.paragraph)


def _date(document: Document, found: Outline, remarks: Remarks) -> None:
    piece = found.date
    if piece is None:
        remarks.add("N110", "địa danh và thời gian ban hành văn bản")
        return
    remarks.compare("N120", piece, forms.DATE)
    wrong = date_mistake(piece.text)
    if wrong:
        remarks.add("N121", wrong, piece.paragraph)
    if found.number is not None and not _side_by_side(document, found.number, piece):
        remarks.add("N122", "", piece.paragraph)


def date_mistake(text: str) -> str:
    """What is wrong with place and date, in NFC; in words, '' if nothing is. Day and month may be left to the pen.

    >>> date_mistake("Đồng Tháp, ngày 05 tháng 3 năm 2021"), date_mistake("Đồng Tháp, ngày    tháng    năm 2021")
    ('', '')
    >>> date_mistake("Đồng Tháp, ngày 5 tháng 03 năm 2021")
    'ngày 5 phải ghi là 05, tháng 03 phải ghi là 3'
    """
    match = _DATE.fullmatch(text)
    if match is None:
        return "không viết theo dạng “Đồng Tháp, ngày 05 tháng 3 năm 2021”"
    wrong = []
    day, month, year = (match[name].strip(".…_") for name in ("day", "month", "year"))
    if day.isdecimal() and not 1 <= int(day) <= 31:
        wrong.append(f"không có ngày {day}")
    elif day.isdecimal() and day != f"{int(day):02d}":
        wrong.append(f"ngày {day} phải ghi là {int(day):02d}")
    if month.isdecimal() and not 1 <= int(month) <= 12:
        wrong.append(f"không có tháng {month}")
    elif day.isdecimal() and month.isdecimal() and int(day) > _DAYS[int(month) - 1]:
        wrong.append(f"tháng {int(month)} không có ngày {int(day)}")
    elif month.isdecimal() and month != (f"{int(month):02d}" if int(month) < 3 else str(int(month))):
        wrong.append(
            f"tháng {month} phải ghi là {int(month):02d}"
            if int(month) < 3
            else f"tháng {month} phải ghi là {int(month)}"
        )
    if year.isdecimal() and len(year) not in {3, 4}:
        wrong.append(f"năm {year} không đủ bốn chữ số")
    return ", ".join(wrong)


def _side_by_side(document: Document, left: Piece, right: Piece) -> bool:
    """Whether two components stand in one row: of a table, of a paragraph, or of columns of a section."""
    one, other = left.paragraph, right.paragraph
    if one.number == other.number or one.in_box or other.in_box:
        return True
    if one.cell is not None and other.cell is not None:
        return one.cell.row == other.cell.row
    columns = {document.sections[min(item.section, len(document.sections) - 1)].columns for item in (one, other)}
    return one.cell is None and other.cell is None and columns != {1}
