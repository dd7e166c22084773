"""The listing sheets of the consolidated workbook: a result comes in, one sheet per kind of row goes out.

An officer sees first what kinds of trouble there are and how many of each; the list below them names file, sheet and
cell, and can be filtered.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from cchc_xl.office.excel.book import Book
from cchc_xl.papers.columns import Cell, Column, write_sheet, write_table
from cchc_xl.papers.report_tables import VERDICTS
from cchc_xl.plan.expression import is_date, parsed
from cchc_xl.records import RollCall, Verdict
from cchc_xl.result.contents import BrokenRule, FindingGroup, Proof, Report, ScoredCriterion, Task, ToldFinding
from cchc_xl.result.view import View, where
from cchc_xl.text.words import VIETNAM, dated

SEVERITIES = {"error": "Lỗi phải sửa", "warning": "Cảnh báo", "note": "Ghi chú"}
LOOKS = {"error": "error", "warning": "warning", "note": "cell"}
ROLL = {"submitted": "đúng hạn", "late": "trễ hạn", "missing": "chưa nộp", "unreadable": "không đọc được"}
_SENT = {"file": "ghi trong tệp", "disk": "thời gian của tệp trên đĩa"}
_FOUND = {True: "có", False: "không thấy tệp", None: "không nêu tệp"}
_OUTCOMES = {
    "sớm": "sớm hạn",
    "đúng": "đúng hạn",
    "trễ": "trễ hạn",
    "chưa": "chưa đến hạn",
    "": "chưa rõ",
}


class _Reported(NamedTuple):
    criterion: ScoredCriterion
    report: Report


class _Proved(NamedTuple):
    criterion: ScoredCriterion
    proof: Proof


def write_listings(book: Book, view: View) -> None:
    """Writes every listing sheet."""
    _appendix(book, view)
    _rollcall(book, view)
    _tasks(book, view)
    _evidence(book, view)
    _conflicts(book, view)
    _findings(book, view)
    _sources(book, view)


def _appendix(book: Book, view: View) -> None:
    columns: tuple[Column[_Reported], ...] = (
        Column("Mã", lambda row: row.criterion.code, "code", 8),
        Column("Nội dung", lambda row: row.criterion.name, width=40),
        Column("Đơn vị", lambda row: view.unit(row.report.unit), width=30),
        Column("Kết quả thực hiện", lambda row: row.report.result, width=40),
        Column("Mức đạt", lambda row: row.report.level, "centre", 20),
        Column("Điểm tự chấm", lambda row: row.report.self_points, "points", 10),
        Column("Tài liệu kiểm chứng", lambda row: row.report.evidence, width=30),
        Column("Nguyên nhân, khó khăn, kiến nghị", lambda row: row.report.reason, width=34),
        Column("Nguồn", lambda row: where(row.report), width=34),
    )
    rows = (_Reported(item, report) for item in view.contents.criteria for report in item.reports)
    write_sheet(book, "Phụ lục tổng hợp", columns, rows, "Chưa có đơn vị nào báo cáo.")


def _rollcall(book: Book, view: View) -> None:
    def status(item: RollCall) -> Cell:
        return Cell(ROLL[item.status], "good" if item.status == "submitted" else "warning")

    def sent(item: RollCall) -> str:
        return f"{item.sent.astimezone(VIETNAM):%d/%m/%Y %H:%M}" if item.sent else ""

    columns: tuple[Column[RollCall], ...] = (
        Column("Mã", lambda item: item.unit, "code", 12),
        Column("Đơn vị", lambda item: view.unit(item.unit), width=44),
        Column("Tình trạng", status, width=16),
        Column("Gửi lúc", sent, "centre", 18),
        Column("Theo", lambda item: _SENT.get(item.sent_from, ""), width=24),
        Column("Tệp", lambda item: item.file, width=40),
        Column("Bản cũ bị thay", lambda item: "; ".join(item.superseded), width=40),
    )
    write_sheet(book, "Gửi báo cáo", columns, view.contents.rollcall, "Kế hoạch không có đơn vị nào phải báo cáo.")


def _tasks(book: Book, view: View) -> None:
    def outcome(item: Task) -> Cell:
        became = view.outcome(item)
        return Cell(_OUTCOMES[became], "warning" if became in ("trễ", "") else "centre")

    columns: tuple[Column[Task], ...] = (
        Column("Đơn vị", lambda item: view.unit(item.unit), width=32),
        Column("Số văn bản", lambda item: item.document, width=22),
        Column("Nội dung", lambda item: item.content, width=50),
        Column("Ngày giao", lambda item: _day(item.assigned), "centre", 13),
        Column("Hạn", lambda item: _day(item.due), "centre", 13),
        Column("Hoàn thành", lambda item: _day(item.completed), "centre", 13),
        Column("Kết quả", outcome, width=14),
        Column("Nguồn", where, width=34),
    )
    nothing = "Không đơn vị nào kê danh sách nhiệm vụ; số nhiệm vụ lấy ở sheet “Số liệu”."
    write_sheet(book, "Nhiệm vụ", columns, view.contents.tasks, nothing)


def _day(value: date | None) -> str:
    return f"{value:%d/%m/%Y}" if value else ""


def _evidence(book: Book, view: View) -> None:
    def found(row: _Proved) -> Cell:
        return Cell(_FOUND[row.proof.found], "warning" if row.proof.found is False else "centre")

    columns: tuple[Column[_Proved], ...] = (
        Column("Mã", lambda row: row.criterion.code, "code", 8),
        Column("Tiêu chí", lambda row: row.criterion.name, width=44),
        Column("Đơn vị", lambda row: view.unit(row.proof.unit), width=34),
        Column("Tài liệu kiểm chứng", lambda row: row.proof.text, width=54),
        Column("Tìm thấy", found, width=14),
        Column("Nguồn", lambda row: where(row.proof), width=34),
    )
    rows = (_Proved(item, proof) for item in view.contents.criteria for proof in item.evidence)
    write_sheet(book, "Minh chứng", columns, rows, "Chưa có tài liệu kiểm chứng nào.")


def _compared(view: View, item: BrokenRule, value: Decimal) -> Decimal | str:
    """What a side of a cross-check comes to; a date is only compared with a date, and is shown as one."""
    kinds = {code: detail.kind for code, detail in view.details.items()}
    told, _ = parsed(item.rule.replace(">", "=").replace("<", "=").partition("=")[0])
    return dated(value) if told and is_date(told, kinds) else value


def _conflicts(book: Book, view: View) -> None:
    columns: tuple[Column[BrokenRule], ...] = (
        Column("Mã", lambda item: item.code, "code", 8),
        Column("Phải thỏa", lambda item: item.rule, width=46),
        Column("Vế trái", lambda item: _compared(view, item, item.left), "number", 12),
        Column("Vế phải", lambda item: _compared(view, item, item.right), "number", 12),
        Column("Đơn vị", lambda item: view.unit_names.get(item.unit or "", "Toàn cơ quan"), width=34),
        Column("Giải thích", lambda item: Cell(item.message, LOOKS[item.severity]), width=54),
        Column("Tiêu chí", lambda item: ", ".join(item.criteria), width=16),
        Column("Nguồn", where, width=34),
    )
    write_sheet(book, "Đối chiếu", columns, view.contents.conflicts, "Không có số liệu nào mâu thuẫn.")


def _findings(book: Book, view: View) -> None:
    """One row a kind, the worst first; below them every place."""
    findings = view.contents.findings

    def severity(item: FindingGroup | ToldFinding) -> Cell:
        return Cell(SEVERITIES[item.severity], LOOKS[item.severity])

    def remedy(group: FindingGroup) -> str:
        remedies = {item.fix for item in findings if item.code == group.code}
        return remedies.pop() if len(remedies) == 1 else "xem từng chỗ"

    columns: tuple[Column[ToldFinding], ...] = (
        Column("Mức độ", severity, width=14),
        Column("Mã", lambda item: item.code, "code", 8),
        Column("Đơn vị", lambda item: view.unit_names.get(item.unit or "", ""), width=32),
        Column("Tiêu chí", lambda item: item.criterion, "code", 10),
        Column("Tệp", lambda item: item.file, width=34),
        Column("Sheet", lambda item: item.sheet, width=15),
        Column("Ô", lambda item: item.cell, "centre", 9),
        Column("Nội dung", lambda item: item.message, width=58),
        Column("Cách sửa", lambda item: item.fix, width=52),
    )
    kinds: tuple[Column[FindingGroup], ...] = (
        Column("Mức độ", severity),
        Column("Mã", lambda group: group.code, "code"),
        Column("Loại", lambda group: group.title),
        Column("Số chỗ", lambda group: group.count, "centre"),
        Column("Chỗ đầu tiên", lambda group: group.first, span=2),
        Column("Số tệp", lambda group: group.files, "centre"),
        Column("Cách sửa (nếu chung cho cả loại)", remedy, span=2),
    )
    name = "Lỗi, cảnh báo"
    if not findings:
        write_sheet(book, name, columns, (), "Không có lỗi hay cảnh báo.")
        return
    sheet = book.sheet(name, tuple(column.width for column in columns))
    sheet.write_string(0, 0, "Theo loại:", book.look("bold"))
    head = write_table(book, sheet, 1, kinds, view.contents.finding_groups) + 3
    sheet.write_string(head - 1, 0, "Từng chỗ (lọc theo mã, đơn vị hoặc tệp):", book.look("bold"))
    last = write_table(book, sheet, head, columns, findings)
    sheet.autofilter(head, 0, last, len(columns) - 1)
    sheet.repeat_rows(head)


def _sources(book: Book, view: View) -> None:
    columns: tuple[Column[Verdict], ...] = (
        Column("Tệp", lambda item: item.file, width=60),
        Column(
            "Kết quả",
            lambda item: Cell(VERDICTS[item.verdict], "error" if item.verdict == "rejected" else "cell"),
            width=12,
        ),
        Column("Lý do", lambda item: item.reason, width=36),
        Column("Bộ đọc", lambda item: item.reader, "centre", 12),
        Column("SHA-256", lambda item: item.sha256, width=70),
    )
    write_sheet(book, "Nguồn", columns, view.contents.sources, "Thư mục không có tệp nào.")
