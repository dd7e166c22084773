"""The listing sheets of the consolidated workbook: a result comes in, one sheet per kind of row goes out.

An officer sees first what kinds of trouble there are and how many of each; the list below them names file, sheet and
cell, and can be filtered.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from cchc_xl.office.excel.book import Book
from cchc_xl.result.contents import Contents
from cchc_xl.result.view import View, where
from cchc_xl.text.words import VIETNAM

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


def write_findings(book: Book, view: View) -> None:
    """Writes the sheet."""
    contents = view.contents
    sheet = book.sheet(SHEET, tuple(width for _, width in _COLUMNS))
    if not contents.findings:
        book.heading(sheet, 0, tuple(text for text, _ in _COLUMNS))
        book.merge(sheet, 1, (0, len(_COLUMNS) - 1), "Không có lỗi hay cảnh báo.", "cell")
        return
    row = _kinds(book, sheet, contents)
    sheet.write_string(row + 1, 0, "Từng chỗ (lọc theo mã, đơn vị hoặc tệp):", book.look("bold"))
    _list(book, sheet, view, row + 2)


def _kinds(book: Book, sheet: Any, contents: Contents) -> int:
    """One row a kind, the worst first; returns the row below the last."""
    sheet.write_string(0, 0, "Theo loại:", book.look("bold"))
    for column, text in enumerate(_KINDS):
        book.write(sheet, 1, column, text, "head")
    for columns in (_FIRST, _REMEDY):
        book.merge(sheet, 1, columns, _KINDS[columns[0]], "head")
    row = 2
    for group in contents.finding_groups:
        book.write(sheet, row, 0, SEVERITIES[group.severity], LOOKS[group.severity])
        book.write(sheet, row, 1, group.code, "code")
        book.write(sheet, row, 2, group.title, "cell")
        book.write(sheet, row, 3, group.count, "centre")
        book.merge(sheet, row, _FIRST, group.first, "cell")
        book.write(sheet, row, 6, group.files, "centre")
        remedies = {item.fix for item in contents.findings if item.code == group.code}
        book.merge(sheet, row, _REMEDY, remedies.pop() if len(remedies) == 1 else "xem từng chỗ", "cell")
        row += 1
    return row


def _list(book: Book, sheet: Any, view: View, head: int) -> None:
    for column, (text, _) in enumerate(_COLUMNS):
        book.write(sheet, head, column, text, "head")
    for row, item in enumerate(view.contents.findings, start=head + 1):
        cells = (
            (SEVERITIES[item.severity], LOOKS[item.severity]),
            (item.code, "code"),
            (view.unit_names.get(item.unit or "", ""), "cell"),
            (item.criterion, "code"),
            (item.file, "cell"),
            (item.sheet, "cell"),
            (item.cell, "centre"),
            (item.message, "cell"),
            (item.fix, "cell"),
        )
        for column, (value, look) in enumerate(cells):
            book.write(sheet, row, column, value, look)
    sheet.autofilter(head, 0, head + len(view.contents.findings), len(_COLUMNS) - 1)
    sheet.repeat_rows(head)


_ROLL = {"submitted": "đúng hạn", "late": "trễ hạn", "missing": "chưa nộp", "unreadable": "không đọc được"}
_VERDICT = {"read": "đã đọc", "rejected": "từ chối", "ignored": "bỏ qua"}
_SENT = {"file": "ghi trong tệp", "disk": "thời gian của tệp trên đĩa"}
_OUTCOMES = {
    "NV_SOM": "sớm hạn",
    "NV_DUNG": "đúng hạn",
    "NV_TRE": "trễ hạn",
    "NV_CHUA": "chưa đến hạn",
    "": "chưa rõ",
}


def write_tables(book: Book, view: View) -> None:
    """Writes every listing sheet."""
    _appendix(book, view)
    _rollcall(book, view)
    _tasks(book, view)
    _evidence(book, view)
    _conflicts(book, view)
    write_findings(book, view)
    _sources(book, view.contents)


def _table(
    book: Book,
    name: str,
    columns: tuple[tuple[str, float], ...],
    rows: Iterable[tuple[tuple[object, str], ...]],
    nothing: str,
) -> None:
    sheet = book.sheet(name, tuple(width for _, width in columns))
    book.heading(sheet, 0, tuple(text for text, _ in columns))
    number = 0
    for number, row in enumerate(rows, start=1):
        for column, (value, look) in enumerate(row):
            book.write(sheet, number, column, value, look)
    if number:
        sheet.autofilter(0, 0, number, len(columns) - 1)
    else:
        book.merge(sheet, 1, (0, len(columns) - 1), nothing, "cell")


def _appendix(book: Book, view: View) -> None:
    columns = (
        ("Mã", 8),
        ("Nội dung", 40),
        ("Đơn vị", 30),
        ("Kết quả thực hiện", 40),
        ("Mức đạt", 20),
        ("Điểm tự chấm", 10),
        ("Tài liệu kiểm chứng", 30),
        ("Nguyên nhân, khó khăn, kiến nghị", 34),
        ("Nguồn", 34),
    )
    rows = (
        (
            (item.code, "code"),
            (item.name, "cell"),
            (view.unit(report.unit), "cell"),
            (report.result, "cell"),
            (report.level, "centre"),
            (report.self_points, "points"),
            (report.evidence, "cell"),
            (report.reason, "cell"),
            (where(report), "cell"),
        )
        for item in view.contents.criteria
        for report in item.reports
    )
    _table(book, "Phụ lục tổng hợp", columns, rows, "Chưa có đơn vị nào báo cáo.")


def _rollcall(book: Book, view: View) -> None:
    columns = (
        ("Mã", 12),
        ("Đơn vị", 44),
        ("Tình trạng", 16),
        ("Gửi lúc", 18),
        ("Theo", 24),
        ("Tệp", 40),
        ("Bản cũ bị thay", 40),
    )
    rows = (
        (
            (item.unit, "code"),
            (view.unit(item.unit), "cell"),
            (_ROLL[item.status], "good" if item.status == "submitted" else "warning"),
            (_local(item.sent), "centre"),
            (_SENT.get(item.sent_from, ""), "cell"),
            (item.file, "cell"),
            ("; ".join(item.superseded), "cell"),
        )
        for item in view.contents.rollcall
    )
    _table(book, "Nộp bài", columns, rows, "Kế hoạch không có đơn vị nào phải báo cáo.")


def _local(sent: datetime | None) -> str:
    """The time of sending in Vietnam."""
    return f"{sent.astimezone(VIETNAM):%d/%m/%Y %H:%M}" if sent else ""


def _day(value: date | None) -> str:
    return f"{value:%d/%m/%Y}" if value else ""


def _tasks(book: Book, view: View) -> None:
    columns = (
        ("Đơn vị", 32),
        ("Số văn bản", 22),
        ("Nội dung", 50),
        ("Ngày giao", 13),
        ("Hạn", 13),
        ("Hoàn thành", 13),
        ("Kết quả", 14),
        ("Nguồn", 34),
    )
    rows = (
        (
            (view.unit(item.unit), "cell"),
            (item.document, "cell"),
            (item.content, "cell"),
            (_day(item.assigned), "centre"),
            (_day(item.due), "centre"),
            (_day(item.completed), "centre"),
            (_OUTCOMES[item.outcome], "warning" if item.outcome in ("NV_TRE", "") else "centre"),
            (where(item), "cell"),
        )
        for item in view.contents.tasks
    )
    _table(
        book, "Nhiệm vụ", columns, rows, "Không đơn vị nào kê danh sách nhiệm vụ; số nhiệm vụ lấy ở sheet “Số liệu”."
    )


def _evidence(book: Book, view: View) -> None:
    columns = (
        ("Mã", 8),
        ("Tiêu chí", 44),
        ("Đơn vị", 34),
        ("Tài liệu kiểm chứng", 54),
        ("Tìm thấy", 14),
        ("Nguồn", 34),
    )
    found = {True: "có", False: "không thấy tệp", None: "không nêu tệp"}
    rows = (
        (
            (item.code, "code"),
            (item.name, "cell"),
            (view.unit(proof.unit), "cell"),
            (proof.text, "cell"),
            (found[proof.found], "warning" if proof.found is False else "centre"),
            (where(proof), "cell"),
        )
        for item in view.contents.criteria
        for proof in item.evidence
    )
    _table(book, "Minh chứng", columns, rows, "Chưa có tài liệu kiểm chứng nào.")


def _conflicts(book: Book, view: View) -> None:
    columns = (
        ("Mã", 8),
        ("Phải thỏa", 46),
        ("Vế trái", 12),
        ("Vế phải", 12),
        ("Đơn vị", 34),
        ("Giải thích", 54),
        ("Tiêu chí", 16),
        ("Nguồn", 34),
    )
    rows = (
        (
            (item.code, "code"),
            (item.rule, "cell"),
            (item.left, "number"),
            (item.right, "number"),
            (view.unit_names.get(item.unit or "", "Toàn cơ quan"), "cell"),
            (item.message, LOOKS[item.severity]),
            (", ".join(item.criteria), "cell"),
            (where(item), "cell"),
        )
        for item in view.contents.conflicts
    )
    _table(book, "Đối chiếu", columns, rows, "Không có số liệu nào mâu thuẫn.")


def _sources(book: Book, contents: Contents) -> None:
    columns = (("Tệp", 60), ("Kết quả", 12), ("Lý do", 36), ("Bộ đọc", 12), ("SHA-256", 70))
    rows = (
        (
            (item.file, "cell"),
            (_VERDICT[item.verdict], "error" if item.verdict == "rejected" else "cell"),
            (item.reason, "cell"),
            (item.reader, "centre"),
            (item.sha256, "cell"),
        )
        for item in contents.sources
    )
    _table(book, "Nguồn", columns, rows, "Thư mục không có tệp nào.")
