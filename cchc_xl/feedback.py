"""The marked copy of a unit's workbook: its bytes and findings come in, ``phan-hoi/<unit>.xlsx`` goes out.

Cells with findings are coloured and carry a comment; a first sheet lists what to mend and jumps to the cells. The stamp
says which inputs the copy shows, so that an untouched copy is not taken for a new submission.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from cchc_xl.excel_writer import row_height
from cchc_xl.forms import STAMP_SHEET
from cchc_xl.messages import fix, message, worst_first
from cchc_xl.preflight import transitional
from cchc_xl.records import Finding, Submission

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

LIST_SHEET = "Lỗi cần sửa"
_WORDS = {"error": "Lỗi phải sửa", "warning": "Cảnh báo", "note": "Ghi chú"}
_FILLS = {"error": "F8D7DA", "warning": "FFF3CD", "note": "E5E7EB"}
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FORMULA_CELL = re.compile(rb'<c r="([A-Z]+\d+)"([^>]*)>(<f\b[^>]*>[^<]*</f>|<f\b[^>]*/>)<v ?/?>(?:</v>)?</c>')


def write_feedback(data: bytes, submission: Submission, findings: tuple[Finding, ...], path: Path) -> None:
    """Writes the marked copy of this submission to ``path``; where openpyxl cannot open it, the list alone."""
    from openpyxl import Workbook, load_workbook

    ordered = worst_first(findings)
    try:
        data = transitional(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl says in English on the error stream what it leaves out
            book = load_workbook(io.BytesIO(data))
            stored = load_workbook(io.BytesIO(data), data_only=True)
        _mark(book, ordered)
        _list_sheet(book, ordered)
        _stamp(book, {"kind": "feedback", "inputs": submission.inputs, **_whose(submission)})
        packed = io.BytesIO()
        book.save(packed)
    except Exception:  # what calamine reads, openpyxl may refuse in a hundred ways; the unit still gets its list
        book = Workbook()
        del book["Sheet"]
        _list_sheet(book, ordered)
        _stamp(book, {"kind": "feedback-list", **_whose(submission)})
        book.save(path)
    else:
        path.write_bytes(_with_values(packed.getvalue(), book, stored))


def _whose(submission: Submission) -> dict[str, str]:
    return {"unit": submission.unit, "period": submission.period}


def _with_values(copy: bytes, book: Workbook, stored: Workbook) -> bytes:
    """The copy with the stored values beside its formulas, which openpyxl drops.

    Without them an untouched copy that comes back would read as one whose formulas were never calculated.
    """
    if not any(cell.data_type == "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row):
        return copy
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(copy)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            part = source.read(item)
            number = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", item.filename)
            title = book.worksheets[int(number[1]) - 1].title if number else ""
            if title in stored.sheetnames:
                part = _FORMULA_CELL.sub(partial(_with_value, stored[title]), part)
            target.writestr(item, part)
    return packed.getvalue()


def _with_value(sheet: Any, match: re.Match[bytes]) -> bytes:
    from openpyxl.utils.datetime import to_excel

    cell = sheet[match[1].decode()]
    day = cell.data_type == "d"
    value = to_excel(cell.value, sheet.parent.epoch) if day else cell.value  # type: ignore[no-untyped-call]
    if value is None:
        return match[0]
    style = re.sub(rb'\st="[^"]*"', b"", match[2])
    kind = _STORED_KINDS.get(cell.data_type, b"")
    shown = _NO_TEXT.sub("", value) if isinstance(value, str) else repr(int(value) if cell.data_type == "b" else value)
    return b'<c r="%s"%s%s>%s<v>%s</v></c>' % (match[1], style, kind, match[3], escape(shown).encode())


_STORED_KINDS = {"s": b' t="str"', "e": b' t="e"', "b": b' t="b"'}


def _mark(book: Workbook, findings: tuple[Finding, ...]) -> None:
    """Colours and comments the cells that have findings, the worst on top."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    for item in reversed(findings):
        at = item.at
        if at is None or not at.address or at.sheet not in book.sheetnames:
            continue
        cell = book[at.sheet].cell(at.row, at.column)
        if type(cell).__name__ == "MergedCell":
            continue
        cell.fill = PatternFill("solid", fgColor=_FILLS[item.severity])
        before = f"\n\n{cell.comment.text}" if cell.comment else ""
        told = _NO_TEXT.sub("", f"{_WORDS[item.severity]} ({item.code}): {message(item)} {fix(item)}{before}")
        comment = Comment(told, "cchc-xl")
        comment.width, comment.height = 320, 140
        cell.comment = comment


def _list_sheet(book: Workbook, findings: tuple[Finding, ...]) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    if LIST_SHEET in book.sheetnames:
        del book[LIST_SHEET]
    sheet = book.create_sheet(LIST_SHEET, 0)
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False
    counts = {severity: sum(item.severity == severity for item in findings) for severity in _WORDS}
    sheet["A1"] = "NỘI DUNG CẦN SỬA TRONG BÀI NỘP"
    sheet["A1"].font = Font(name="Times New Roman", size=14, bold=True)
    sheet["A2"] = (
        f"{counts['error']} lỗi phải sửa, {counts['warning']} cảnh báo, {counts['note']} ghi chú. "
        "Bấm vào ô để tới chỗ cần sửa; sửa xong lưu và gửi lại chính tệp này."
    )
    headings = ("STT", "Mức độ", "Sheet", "Ô", "Nội dung", "Cách sửa", "Mã")
    line = Side(style="thin", color="9CA3AF")
    border = Border(left=line, right=line, top=line, bottom=line)
    for column, text in enumerate(headings, start=1):
        cell = sheet.cell(4, column, text)
        cell.font = Font(name="Times New Roman", size=11, bold=True)
        cell.fill = PatternFill("solid", fgColor="DCE6F1")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = border
    for number, item in enumerate(findings, start=1):
        at = item.at
        row = 4 + number
        address = at.address if at else ""
        values = (number, _WORDS[item.severity], at.sheet if at else "", address, message(item), fix(item), item.code)
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row, column)
            cell.value = _NO_TEXT.sub("", value) if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"
            cell.font = Font(name="Times New Roman", size=11)
            cell.alignment = Alignment(vertical="top", wrap_text=True, horizontal="center" if column < 5 else None)
            cell.border = border
            if column == 2:
                cell.fill = PatternFill("solid", fgColor=_FILLS[item.severity])
        if at is not None and address and at.sheet in book.sheetnames:
            link = sheet.cell(row, 4)
            quoted = at.sheet.replace("'", "''")
            link.hyperlink = f"#'{quoted}'!{address}"
            link.font = Font(name="Times New Roman", size=11, color="1D4ED8", underline="single")
    widths = (6, 14, 13, 8, 60, 52, 8)
    for letter, width in zip("ABCDEFG", widths, strict=True):
        sheet.column_dimensions[letter].width = width
    for number, row in enumerate(sheet.iter_rows(min_row=5, values_only=True), start=5):
        cells = ((str(value), width) for value, width in zip(row, widths, strict=True) if value is not None)
        sheet.row_dimensions[number].height = row_height(cells)
    sheet.freeze_panes = "A5"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "4:4"


def _stamp(book: Workbook, told: dict[str, str]) -> None:
    if STAMP_SHEET not in book.sheetnames:
        book.create_sheet(STAMP_SHEET).sheet_state = "hidden"
    sheet = book[STAMP_SHEET]
    rows = {str(row[0].value): row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value}
    for name, value in told.items():
        number = rows.get(name) or (max(rows.values(), default=0) + 1)
        rows[name] = number
        sheet.cell(number, 1).value = name
        sheet.cell(number, 2).value = value
