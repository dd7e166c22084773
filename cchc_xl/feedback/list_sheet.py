"""The first sheet of a marked copy, "Lỗi cần sửa": findings come in, a sheet that jumps to the cells goes out.

The same sheet stands alone where there is no copy; its rows then name sheet and cell, and link nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cchc_xl.feedback.marking import FILLS, NO_TEXT, WORDS
from cchc_xl.feedback.marks import LIST_SHEET, LIST_TITLE, is_list
from cchc_xl.office.excel.book import FONT, HEAD, LINE, lines_needed
from cchc_xl.records import Finding
from cchc_xl.text.catalogue import fix, grouped, message, title

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_HEADINGS = ("STT", "Mức độ", "Sheet", "Ô", "Nội dung", "Cách sửa", "Mã")
_WIDTHS = (6, 15, 15, 8, 56, 50, 8)
_CENTRED = frozenset((1, 2, 4, 7))
_HEADING_ROW, _LINK_COLUMN = 4, 4
_LINE_HEIGHT, _TALLEST = 15.0, 409.0
MEND_HERE = (
    "Bấm vào địa chỉ ở cột “Ô” để tới chỗ cần sửa: ô được tô màu và có ghi chú. "
    "Sửa xong, lưu lại và gửi chính tệp này về Văn phòng."
)


@dataclass(frozen=True, slots=True)
class ListText:
    """Whose list it is, and what to do with it: the lines above the table."""

    whose: str
    advice: str


def write_list_sheet(book: Workbook, findings: tuple[Finding, ...], told: ListText) -> None:
    """Makes the sheet the first and active one, in place of ours of an earlier round."""
    for old in [sheet for sheet in book.worksheets if is_list(sheet.title, str(sheet["A1"].value))]:
        book.remove(old)
    sheet = book.create_sheet(LIST_SHEET, 0)  # a sheet of the unit's own with this name keeps it, ours gets a number
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False
    _top(sheet, findings, told)
    row = _HEADING_ROW
    number = 0
    for kind in grouped(findings):
        row += 1
        _kind_row(sheet, row, kind)
        for item in kind:
            row, number = row + 1, number + 1
            _finding_row(sheet, row, number, item)
            _link(book, sheet, row, item)
    _layout(sheet)


def _top(sheet: Any, findings: tuple[Finding, ...], told: ListText) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    counts = {severity: sum(item.severity == severity for item in findings) for severity in WORDS}
    counted = f"{counts['error']} lỗi phải sửa, {counts['warning']} cảnh báo, {counts['note']} ghi chú."
    lines = ((LIST_TITLE, 14, True), (told.advice, 11, True), (f"{told.whose}: {counted}", 11, False))
    for row, (text, size, bold) in enumerate(lines, start=1):
        _text(sheet.cell(row, 1), text)
        sheet.cell(row, 1).font = Font(name=FONT, size=size, bold=bold)
        sheet.cell(row, 1).alignment = Alignment(vertical="center", wrap_text=True)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(_HEADINGS))
        narrower = 0.88 if bold else 1.0
        sheet.row_dimensions[row].height = _height(text, sum(_WIDTHS) * narrower * 11 / size)
    for column, text in enumerate(_HEADINGS, start=1):
        cell = sheet.cell(_HEADING_ROW, column, text)
        cell.font = Font(name=FONT, size=11, bold=True)
        cell.fill = PatternFill("solid", fgColor=HEAD.removeprefix("#"))
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = _border()
    sheet.row_dimensions[_HEADING_ROW].height = 20


def _kind_row(sheet: Any, row: int, kind: tuple[Finding, ...]) -> None:
    """One line over all findings of a kind: what kind, how bad, how many."""
    from openpyxl.styles import Alignment, Font, PatternFill

    first = kind[0]
    for column in range(1, len(_HEADINGS) + 1):
        sheet.cell(row, column).fill = PatternFill("solid", fgColor=FILLS[first.severity])
        sheet.cell(row, column).border = _border()
    cell = sheet.cell(row, 1)
    _text(cell, f"{title(first.code)} ({len(kind)})")
    cell.font = Font(name=FONT, size=11, bold=True)
    cell.alignment = Alignment(vertical="center", horizontal="left", indent=1)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(_HEADINGS))
    sheet.row_dimensions[row].height = 19


def _finding_row(sheet: Any, row: int, number: int, item: Finding) -> None:
    from openpyxl.styles import Alignment, Font

    centre = Alignment(vertical="top", wrap_text=True, horizontal="center")
    left = Alignment(vertical="top", wrap_text=True, horizontal="left", indent=1)
    at = item.at
    place = (at.sheet or "(cả tệp)", at.address) if at else ("", "")
    values = (number, WORDS[item.severity], *place, message(item), fix(item), item.code)
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column)
        _text(cell, value)
        cell.font = Font(name=FONT, size=11)
        cell.alignment = centre if column in _CENTRED else left
        cell.border = _border()
    shown = zip(values, _WIDTHS, strict=True)
    sheet.row_dimensions[row].height = max(_height(str(value), width - 2) for value, width in shown)


def _link(book: Workbook, sheet: Any, row: int, item: Finding) -> None:
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    at = item.at
    if at is None or not at.address or at.sheet not in book.sheetnames:
        return
    cell = sheet.cell(row, _LINK_COLUMN)
    quoted = at.sheet.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{at.address}")
    cell.font = Font(name=FONT, size=11, color="1D4ED8", underline="single")


def _text(cell: Any, value: object) -> None:
    """A value whose text stays text whatever it begins with."""
    cell.value = NO_TEXT.sub("", value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"


def _height(text: str, width: float) -> float:
    """The height of a row in points: Excel does not fit merged cells, and other programs fit none."""
    return min(_TALLEST, lines_needed(text, width) * _LINE_HEIGHT + 5)


def _border() -> Any:
    from openpyxl.styles import Border, Side

    line = Side(style="thin", color=LINE.removeprefix("#"))
    return Border(left=line, right=line, top=line, bottom=line)


def _layout(sheet: Any) -> None:
    for letter, width in zip("ABCDEFG", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = f"A{_HEADING_ROW + 1}"
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.6, 0.75, 0.3
    sheet.oddFooter.center.text = "Trang &P/&N"
    sheet.print_title_rows = f"{_HEADING_ROW}:{_HEADING_ROW}"
