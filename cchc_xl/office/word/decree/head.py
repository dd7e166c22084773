"""The letterhead: the components at the top of a document come in, departures are added to the remarks.

TODO The lines an office draws under a text: a document and the text come in, the line's length goes out.

Lengths are in twentieths of a point. Word has no line of its own for this, so every way in use counts: a paragraph
border, a drawn object, underlined letters, a row of dashes.

TODO Title, subject, addressees and grounds: the components of a document come in, departures go to the remarks.

TODO The order of components: those found come in, what stands too early is added to the remarks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cchc_xl.office.word.decree.components import Outline
from cchc_xl.office.word.decree.document import Document, Paragraph
from cchc_xl.office.word.decree.forms import (
    ADDRESSED,
    AGENCY,
    ATTACHED,
    DATE,
    GROUND,
    KIND,
    MOTTO,
    NATIONAL_TITLE,
    NUMBER,
    REFERENCE,
    SUBJECT,
    SUPERIOR,
    Remarks,
    quoted,
)
from cchc_xl.office.word.decree.pieces import ABBREVIATIONS, MOTTO_TEXT, NATIONAL_TITLE_TEXT, Piece, whole
from cchc_xl.office.word.fill import width

_DASHES = frozenset("_-—–─=*")
_MILLIMETRE = 1440 / 25.4
_FOLLOWING = 2  # paragraphs after a text among which its line is looked for


def line_under(document: Document, piece: Piece) -> float | None:
    """The length of the line under a text; 0.0 if it cannot be measured, None if there is no line."""
    own = piece.paragraph
    if own.layout.ruled or any(run.form.underlined for run in piece.runs):
        return 0.0
    near = _near(document, own)
    for paragraph in near:
        if paragraph.layout.ruled and not paragraph.text.strip():
            return max(0.0, _room(document, paragraph) - paragraph.layout.left - paragraph.layout.right)
        if any(_is_dashes(line) for line in re.split(r"[\n\t]", paragraph.text)):
            return 0.0
    drawn = [width for paragraph in (own, *near, *_same_cell(document, own)) for width in paragraph.drawn]
    return drawn[0] if len(set(drawn)) == 1 and own.cell else (0.0 if drawn else None)


def _is_dashes(line: str) -> bool:
    letters = "".join(line.split())
    return len(letters) >= 3 and set(letters) <= _DASHES


def _near(document: Document, own: Paragraph) -> list[Paragraph]:
    after = document.paragraphs[own.number : own.number + _FOLLOWING]
    return [paragraph for paragraph in after if paragraph.cell == own.cell or own.cell is None]


def _same_cell(document: Document, own: Paragraph) -> list[Paragraph]:
    """Where a drawn line can be anchored: the cell, or the paragraphs around a text outside tables."""
    if own.cell is not None:
        return [paragraph for paragraph in document.paragraphs if paragraph.cell == own.cell]
    return list(document.paragraphs[max(0, own.number - 4) : own.number + 4])


def _room(document: Document, paragraph: Paragraph) -> float:
    if paragraph.cell is not None:
        return paragraph.cell.width
    section = document.sections[min(paragraph.section, len(document.sections) - 1)]
    if section.columns > 1:
        return 0.0
    return (section.width - section.left - section.right) * _MILLIMETRE


_OLD_SPELLING = NATIONAL_TITLE_TEXT.replace("HÒA", "HOÀ")
_NUMBER = re.compile(r"Số:\s*+(?P<number>[\d.…_]*+)\s*+(?:/\s*+(?P<year>\d{4}))?\s*+/\s*+(?P<symbol>\S.*)")
_DATE = re.compile(
    r"(?P<place>[^,]+),\s*ngày\s*+(?P<day>[\d.…_]*+)\s*+tháng\s*+(?P<month>[\d.…_]*+)\s*+năm\s*+(?P<year>[\d.…_]*)\.?"
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
    remarks.compare("N111", piece, NATIONAL_TITLE)
    text = piece.text.upper()
    if text == _OLD_SPELLING:
        remarks.add("N302", "", piece.paragraph)
    elif text != NATIONAL_TITLE_TEXT:
        remarks.add("N112", quoted(piece.text), piece.paragraph)


def _motto(document: Document, piece: Piece | None, remarks: Remarks) -> None:
    if piece is None:
        remarks.add("N110", "Tiêu ngữ")
        return
    remarks.compare("N113", piece, MOTTO)
    if piece.text != MOTTO_TEXT:
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
        remarks.compare("N115", piece, SUPERIOR)
    for piece in found.agency:
        remarks.compare("N116", piece, AGENCY)
    if not found.agency:
        remarks.add("N110", "tên cơ quan, tổ chức ban hành văn bản")
    elif line_under(document, found.agency[-1]) is None:
        remarks.add("N202", "", found.agency[-1].paragraph)


def _number(found: Outline, remarks: Remarks) -> None:
    piece = found.number
    if piece is None:
        remarks.add("N110", "số, ký hiệu văn bản")
        return
    remarks.compare("N117", piece, NUMBER)
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
    elif symbol in ABBREVIATIONS.values():
        remarks.add("N118", f"ký hiệu “{symbol}” thiếu chữ viết tắt tên cơ quan", piece.paragraph)
    else:
        _abbreviation(found, first, piece, remarks)


def _abbreviation(found: Outline, first: str, piece: Piece, remarks: Remarks) -> None:
    if found.kind is not None:
        key_of_kind = next(name for name in ABBREVIATIONS if found.kind.key.startswith(name))
        wanted = ABBREVIATIONS[key_of_kind]
        if wanted and first != wanted:
            remarks.add("N119", f"ký hiệu bắt đầu bằng “{first}”, tên loại này viết tắt là “{wanted}”", piece.paragraph)
    elif found.is_letter and first in {*ABBREVIATIONS.values(), _OLD_LETTER}:
        remarks.add("N119", f"công văn không có chữ viết tắt tên loại, ở đây có “{first}”", piece.paragraph)


def _date(document: Document, found: Outline, remarks: Remarks) -> None:
    piece = found.date
    if piece is None:
        remarks.add("N110", "địa danh và thời gian ban hành văn bản")
        return
    remarks.compare("N120", piece, DATE)
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


def check_opening(document: Document, found: Outline, remarks: Remarks) -> None:
    """Everything between letterhead and text."""
    if found.kind is not None:
        remarks.compare("N123", found.kind, KIND)
        _subject(document, found, remarks)
    elif found.is_letter:
        _letter(found, remarks)
    else:
        remarks.add("N110", "tên loại văn bản")
    for piece in found.powers:
        remarks.compare("N129", piece, KIND)
    for piece in found.addressed:
        remarks.compare("N128", piece, ADDRESSED)
    _grounds(found, remarks)
    _annex(found, remarks)


def _subject(document: Document, found: Outline, remarks: Remarks) -> None:
    for piece in found.subject:
        remarks.compare("N124", piece, SUBJECT)
    if found.subject:
        if line_under(document, found.subject[-1]) is None:
            remarks.add("N203", "", found.subject[-1].paragraph)
    elif found.kind is not None and len(found.kind.text) < 40:
        remarks.add("N110", "trích yếu nội dung văn bản")


def _letter(found: Outline, remarks: Remarks) -> None:
    for piece in found.reference:
        remarks.compare("N125", piece, REFERENCE)
    if not found.reference:
        remarks.add("N110", "trích yếu nội dung công văn (“V/v …”)")
    if not found.addressed:
        remarks.add("N110", "“Kính gửi”")


def _grounds(found: Outline, remarks: Remarks) -> None:
    for place, paragraph in enumerate(found.grounds):
        remarks.compare("N126", whole(paragraph), GROUND)
        wanted = "." if place == len(found.grounds) - 1 else ";"
        if not paragraph.text.rstrip().endswith(wanted):
            remarks.add("N127", f"phải kết thúc bằng dấu “{wanted}”", paragraph)


def _annex(found: Outline, remarks: Remarks) -> None:
    """The title of what a decision issues: "QUY CHẾ", its subject and "(Kèm theo …)"."""
    if found.annex is None:
        return
    remarks.compare("N123", found.annex.heading, KIND)
    for piece in found.annex.title:
        remarks.compare("N124", piece, SUBJECT)
    for piece in found.annex.attached:
        remarks.compare("N153", piece, ATTACHED)


def check_order(found: Outline, remarks: Remarks) -> None:
    """Each component after the one that the decree puts before it."""
    pairs: tuple[tuple[str, Piece | None, str, Piece | None], ...] = (
        ("Quốc hiệu", found.national, "Tiêu ngữ", found.motto),
        ("Tiêu ngữ", found.motto, "địa danh và thời gian", found.date),
        ("Quốc hiệu", found.national, "tên loại văn bản", found.kind),
        ("số, ký hiệu", found.number, "tên loại văn bản", found.kind),
        ("tên loại văn bản", found.kind, "trích yếu", _first(found.subject)),
        ("số, ký hiệu", found.number, "trích yếu công văn", _first(found.reference)),
        ("trích yếu công văn", _first(found.reference), "“Kính gửi”", _first(found.addressed)),
        ("phần ký và nơi nhận", _end(found), "phụ lục", found.appendices[0].heading if found.appendices else None),
    )
    for above, first, below, second in pairs:
        if first is not None and second is not None and _place(first) > _place(second):
            remarks.add("N154", f"{below} đặt trước {above}", second.paragraph)
            return
    for left, right, told in (
        (found.agency[-1] if found.agency else None, found.national, "tên cơ quan đặt bên phải Quốc hiệu"),
        (found.number, found.date, "số, ký hiệu đặt bên phải địa danh và thời gian"),
        (found.closing.label, _first(found.closing.posts), "nơi nhận đặt bên phải phần ký"),
    ):
        if left is not None and right is not None and _is_right_of(left, right):
            remarks.add("N154", told, left.paragraph)


def _end(found: Outline) -> Piece | None:
    closing = found.closing
    return closing.label or _first(closing.posts)


def _first(found: Sequence[Piece]) -> Piece | None:
    return found[0] if found else None


def _is_right_of(left: Piece, right: Piece) -> bool:
    """Whether the first of two components stands in a later cell of the same row, or further on in the same line."""
    one, other = left.paragraph.cell, right.paragraph.cell
    if left.paragraph is right.paragraph:
        return _place(left) > _place(right)
    return one is not None and other is not None and one.row == other.row and one.cell > other.cell


def _place(piece: Piece) -> tuple[int, int]:
    """Where a piece begins: the number of its paragraph and how far in it stands."""
    before = 0
    for run in piece.paragraph.runs:
        if piece.runs and piece.runs[0].text in run.text and piece.runs[0].form == run.form:
            return piece.paragraph.number, before + run.text.index(piece.runs[0].text)
        before += len(run.text)
    return piece.paragraph.number, before
