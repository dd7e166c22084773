"""The first sheet of a marked copy, "Lỗi cần sửa": findings come in, a sheet that jumps to the cells goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cchc_xl.excel_writer import row_height
from cchc_xl.feedback.stored_values import NO_TEXT
from cchc_xl.messages import fix, message
from cchc_xl.records import Finding

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

LIST_SHEET = "Lỗi cần sửa"
_WIDTHS = (6, 14, 13, 8, 60, 52, 8)
WORDS = {"error": "Lỗi phải sửa", "warning": "Cảnh báo", "note": "Ghi chú"}
FILLS = {"error": "F8D7DA", "warning": "FFF3CD", "note": "E5E7EB"}
MEND_HERE = "Bấm vào ô để tới chỗ cần sửa; sửa xong lưu và gửi lại chính tệp này."


def write_list_sheet(book: Workbook, findings: tuple[Finding, ...], advice: str = MEND_HERE) -> None:
    """Makes the sheet, in place of an older one; ``advice`` stands behind the counts."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    if LIST_SHEET in book.sheetnames:
        del book[LIST_SHEET]
    sheet = book.create_sheet(LIST_SHEET, 0)
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False
    counts = {severity: sum(item.severity == severity for item in findings) for severity in WORDS}
    sheet["A1"] = "NỘI DUNG CẦN SỬA TRONG BÀI NỘP"
    sheet["A1"].font = Font(name="Times New Roman", size=14, bold=True)
    sheet["A2"] = f"{counts['error']} lỗi phải sửa, {counts['warning']} cảnh báo, {counts['note']} ghi chú. {advice}"
    sheet.merge_cells("A2:G2")
    sheet["A2"].font = Font(name="Times New Roman", size=11)
    sheet["A2"].alignment = Alignment(vertical="top", wrap_text=True)
    sheet.row_dimensions[2].height = row_height([(str(sheet["A2"].value), float(sum(_WIDTHS)))])
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
        values = (number, WORDS[item.severity], at.sheet if at else "", address, message(item), fix(item), item.code)
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row, column)
            cell.value = NO_TEXT.sub("", value) if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"
            cell.font = Font(name="Times New Roman", size=11)
            cell.alignment = Alignment(vertical="top", wrap_text=True, horizontal="center" if column < 5 else None)
            cell.border = border
            if column == 2:
                cell.fill = PatternFill("solid", fgColor=FILLS[item.severity])
        if at is not None and address and at.sheet in book.sheetnames:
            link = sheet.cell(row, 4)
            quoted = at.sheet.replace("'", "''")
            link.hyperlink = f"#'{quoted}'!{address}"
            link.font = Font(name="Times New Roman", size=11, color="1D4ED8", underline="single")
    for letter, width in zip("ABCDEFG", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for number, row in enumerate(sheet.iter_rows(min_row=5, values_only=True), start=5):
        cells = ((str(value), width) for value, width in zip(row, _WIDTHS, strict=True) if value is not None)
        sheet.row_dimensions[number].height = row_height(cells)
    sheet.freeze_panes = "A5"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "4:4"
