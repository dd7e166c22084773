"""The sheet of findings of the consolidated workbook: a run's document comes in, kinds counted above their list go out.

An officer sees first what kinds of trouble there are and how many of each; the list below them names file, sheet and
cell, and can be filtered.
"""

from __future__ import annotations

from typing import Any

from cchc_xl.office.excel.book import Book
from cchc_xl.result.result_file import Document

SHEET = "Lỗi, cảnh báo"
SEVERITIES = {"error": "Lỗi phải sửa", "warning": "Cảnh báo", "note": "Ghi chú"}
LOOKS = {"error": "error", "warning": "warning", "note": "cell"}
_COLUMNS = (
    ("Mức độ", 14),
    ("Mã", 8),
    ("Đơn vị", 32),
    ("Tiêu chí", 10),
    ("Tệp", 34),
    ("Sheet", 15),
    ("Ô", 9),
    ("Nội dung", 58),
    ("Cách sửa", 52),
)
_KINDS = ("Mức độ", "Mã", "Loại", "Số chỗ", "Chỗ đầu tiên", "", "Số tệp", "Cách sửa (nếu chung cho cả loại)", "")
_FIRST, _REMEDY = (4, 5), (7, 8)  # the columns of the list that one column of the kinds spans


def write_findings(book: Book, document: Document, names: dict[str, str]) -> None:
    """Writes the sheet; ``names`` are the units' names by their codes."""
    sheet = book.sheet(SHEET, tuple(width for _, width in _COLUMNS))
    if not document["findings"]:
        book.heading(sheet, 0, tuple(text for text, _ in _COLUMNS))
        book.merge(sheet, 1, (0, len(_COLUMNS) - 1), "Không có lỗi hay cảnh báo.", "cell")
        return
    row = _kinds(book, sheet, document)
    sheet.write_string(row + 1, 0, "Từng chỗ (lọc theo mã, đơn vị hoặc tệp):", book.look("bold"))
    _list(book, sheet, document, names, row + 2)


def _kinds(book: Book, sheet: Any, document: Document) -> int:
    """One row a kind, the worst first; returns the row below the last."""
    sheet.write_string(0, 0, "Theo loại:", book.look("bold"))
    for column, text in enumerate(_KINDS):
        book.write(sheet, 1, column, text, "head")
    for columns in (_FIRST, _REMEDY):
        book.merge(sheet, 1, columns, _KINDS[columns[0]], "head")
    row = 2
    for group in document["finding_groups"]:
        book.write(sheet, row, 0, SEVERITIES[group["severity"]], LOOKS[group["severity"]])
        book.write(sheet, row, 1, group["code"], "code")
        book.write(sheet, row, 2, group["title"], "cell")
        book.write(sheet, row, 3, group["count"], "centre")
        book.merge(sheet, row, _FIRST, group["first"], "cell")
        book.write(sheet, row, 6, group["files"], "centre")
        remedies = {item["fix"] for item in document["findings"] if item["code"] == group["code"]}
        book.merge(sheet, row, _REMEDY, remedies.pop() if len(remedies) == 1 else "xem từng chỗ", "cell")
        row += 1
    return row


def _list(book: Book, sheet: Any, document: Document, names: dict[str, str], head: int) -> None:
    for column, (text, _) in enumerate(_COLUMNS):
        book.write(sheet, head, column, text, "head")
    for row, item in enumerate(document["findings"], start=head + 1):
        cells = (
            (SEVERITIES[item["severity"]], LOOKS[item["severity"]]),
            (item["code"], "code"),
            (names.get(item["unit"] or "", ""), "cell"),
            (item["criterion"], "code"),
            (item["file"], "cell"),
            (item["sheet"], "cell"),
            (item["cell"], "centre"),
            (item["message"], "cell"),
            (item["fix"], "cell"),
        )
        for column, (value, look) in enumerate(cells):
            book.write(sheet, row, column, value, look)
    sheet.autofilter(head, 0, head + len(document["findings"]), len(_COLUMNS) - 1)
    sheet.repeat_rows(head)
