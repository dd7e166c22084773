"""The listing sheets of the look-up workbook: a result comes in, one sheet per kind of row goes out.

An officer sees first what kinds of trouble there are and how many of each; the list below them names file, sheet and
cell, and can be filtered. A sheet that would have no row is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from cchc_xl.office.excel.book import Book, place_in
from cchc_xl.papers.columns import HEAD, TO_BE_DONE, TO_BE_READ, Cell, Column, Link, Listed, back, write_table
from cchc_xl.papers.figure_tables import counted_or_not, of_units
from cchc_xl.papers.report_tables import VERDICTS, whose
from cchc_xl.plan.expression import is_date, parsed, sides_of
from cchc_xl.records import LAST_YEAR, MINUS, Kind, RollCall, State, Verdict
from cchc_xl.result.contents import (
    BrokenRule,
    FindingGroup,
    MeasureDetail,
    Placed,
    Proof,
    Report,
    ScoredCriterion,
    Task,
    ToldFinding,
)
from cchc_xl.result.view import View, where
from cchc_xl.text.catalogue import SEVERITY_WORDS
from cchc_xl.text.days import date_vi, dated, moment_vi
from cchc_xl.text.numbers import listing, percent_vi
from cchc_xl.text.words import AWAY, DIFFERENT, MISSING, ROLL, code_order

# The two workbooks of a result, and the first sheet of each.
CONSOLIDATED, LOOKUP = "tong-hop.xlsx", "tra-cuu.xlsx"
TO_DO, CONTENTS = "Việc cần làm", "Mục lục"
FINDINGS, FILED, CONFLICTS = "Lỗi, cảnh báo", "Tình hình gửi báo cáo", "Đối chiếu"
REPORTED, EVIDENCE, TASKS, SOURCES = "Kết quả từng đơn vị", "Minh chứng", "Nhiệm vụ", "Nguồn"
ANNEXES = "Chỉ tiêu báo cáo"
LOOKS = {"error": "error", "warning": "warning", "note": "cell"}
_SENT = {"file": "ghi trong tệp", "disk": "thời gian của tệp trên đĩa"}
_FOUND = {True: "có", False: "không thấy tệp", None: "không ghi tên tệp"}
_OUTCOMES = {
    "sớm": "sớm hạn",
    "đúng": "đúng hạn",
    "trễ": "trễ hạn",
    "chưa": "chưa đến hạn",
    "": "chưa rõ",
}
Row = TypeVar("Row")
_BRACKET = re.compile(r"[()]")


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the workbooks, as seen from there: copies and forms by unit, sent files by name, letters."""

    marked: Mapping[str, str] = field(default_factory=dict)
    supplements: Mapping[str, str] = field(default_factory=dict)
    sent: Mapping[str, str] = field(default_factory=dict)
    letters: tuple[str, ...] = ()

    def file(self, name: str | None) -> Link:
        """A file that a unit sent."""
        return Link(name or "", file=self.sent.get(name or "", ""))

    def cell(self, item: Placed) -> Link:
        """The cell of it that something stands in."""
        file, sheet, cell = self.sent.get(item.file or "", ""), item.sheet or "", item.cell or ""
        is_book = bool(sheet and cell) and "#" not in sheet and file.lower().endswith((".xlsx", ".xls", ".xlsm"))
        return Link(cell, place_in(sheet, cell) if is_book else "", file if is_book else "")


NOTHING_BESIDE = Beside()


class _Reported(NamedTuple):
    criterion: ScoredCriterion
    report: Report


class _Asked(NamedTuple):
    code: str
    figure: MeasureDetail


class _Proved(NamedTuple):
    criterion: ScoredCriterion
    proof: Proof


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """A sheet of the look-up workbook as it is declared: its name, what stands there, its columns, a row a record.

    Called, it writes the sheet and yields what the contents say of it; a sheet without a row is left out.
    """

    name: str
    told: str
    columns: Callable[[View, Beside], tuple[Column[Row], ...]]
    rows: Callable[[View], Iterable[Row]]
    tab: str = TO_BE_READ

    def __call__(self, book: Book, view: View, beside: Beside) -> Iterator[Listed]:
        """Writes the sheet where it has a row."""
        if every := tuple(self.rows(view)):
            write_sheet(book, self.name, self.name, self.columns(view, beside), every, self.tab)
            yield Listed(self.name, f"{self.told} ({len(every)} dòng)")


def write_sheet(
    book: Book, name: str, title: str, columns: Sequence[Column[Row]], rows: Iterable[Row], tab: str
) -> None:
    """A sheet of the look-up workbook that is one table under its title; it can be filtered."""
    sheet = book.sheet(name, tuple(column.width for column in columns), tab=tab)
    back(book, sheet, CONTENTS)
    book.title(sheet, 1, title.upper())
    last = write_table(book, sheet, HEAD, columns, rows)
    sheet.freeze_panes(HEAD + 1, 1)
    sheet.repeat_rows(HEAD)
    sheet.autofilter(HEAD, 0, last, len(columns) - 1)


def _filed(view: View, beside: Beside) -> tuple[Column[RollCall], ...]:
    def status(item: RollCall) -> Cell:
        return Cell(ROLL[item.status], "good" if item.status == "submitted" else "warning")

    return (
        Column("Đơn vị", lambda item: view.unit(item.unit), width=44),
        Column("Mã", lambda item: item.unit, "grey_code", 11),
        Column("Tình trạng", status, width=16),
        Column("Gửi lúc", lambda item: moment_vi(item.sent) if item.sent else "", "centre", 18),
        Column("Theo", lambda item: _SENT.get(item.sent_from, ""), width=24),
        Column("Tệp", lambda item: beside.file(item.file), width=40),
        Column("Bản cũ bị thay", lambda item: "; ".join(item.superseded), width=40),
    )


def _conflicts(view: View, _: Beside) -> tuple[Column[BrokenRule], ...]:
    names = {code: detail.name for code, detail in view.details.items()}
    names |= {f"{code}{LAST_YEAR}": f"{name} năm trước" for code, name in names.items()}
    return (
        Column("Phải thỏa", lambda item: worded_rule(item.rule, names), width=48),
        Column("Vế trái", lambda item: _compared(view, item, item.left, item.left_percent), "number", 12),
        Column("Vế phải", lambda item: _compared(view, item, item.right, item.right_percent), "number", 12),
        Column("Đơn vị", lambda item: whose(item, view), width=32),
        Column("Giải thích", lambda item: Cell(item.message, LOOKS[item.severity]), width=42),
        Column("Tiêu chí", lambda item: ", ".join(item.criteria), "grey_code", 12),
        Column("Nguồn", where, width=34),
        Column("Mã", lambda item: item.code, "grey_code", 8),
    )


def _annexes(view: View, _: Beside) -> tuple[Column[_Asked], ...]:
    def value(row: _Asked) -> Cell:
        told = _of_agency(view, row.figure)
        return Cell(told, "warning" if told in (MISSING, DIFFERENT) else "number" if told != AWAY else "centre")

    return (
        Column("Mã chỉ tiêu", lambda row: row.code, "code", 14),
        Column("Chỉ tiêu", lambda row: row.figure.name, width=52),
        Column("Đơn vị tính", lambda row: row.figure.unit_name, "centre", 13),
        Column("Số liệu", value, width=24),
        Column("Ghi chú", lambda row: _rests_on(view, row.figure), width=48),
        Column("Mã số liệu", lambda row: row.figure.code, "grey_code", 16),
    )


def _asked(view: View) -> Iterable[_Asked]:
    asked = (_Asked(code, figure) for figure in view.contents.measure_details for code in figure.report_codes)
    return sorted(asked, key=lambda row: code_order(row.code))


def _reported(view: View, _: Beside) -> tuple[Column[_Reported], ...]:
    return (
        Column("Nội dung", lambda row: row.criterion.name, width=38),
        Column("Mã", lambda row: row.criterion.code, "grey_code", 8),
        Column("Đơn vị", lambda row: view.unit(row.report.unit), width=28),
        Column("Kết quả thực hiện", lambda row: row.report.result, width=40),
        Column("Mức đạt", lambda row: row.report.level, "centre", 20),
        Column("Điểm tự chấm", lambda row: row.report.self_points, "points", 10),
        Column("Tài liệu kiểm chứng", lambda row: row.report.evidence, width=30),
        Column("Nguyên nhân, khó khăn, kiến nghị", lambda row: row.report.reason, width=34),
        *_more(_reports(view), lambda row: row.report.more),
        Column("Nguồn", lambda row: where(row.report), width=32),
    )


def _reports(view: View) -> Iterator[_Reported]:
    told = (_Reported(item, report) for item in view.contents.criteria for report in item.reports)
    return (row for row in told if _says_something(row.report))


def _more(rows: Iterable[Row], written: Callable[[Row], Mapping[str, str]]) -> Iterator[Column[Row]]:
    """A column for each further one of the form that somebody wrote in."""

    def under(heading: str) -> Column[Row]:
        return Column(heading, lambda row: written(row).get(heading, ""), width=28)

    return map(under, dict.fromkeys(heading for row in rows for heading in written(row)))


def _evidence(view: View, _: Beside) -> tuple[Column[_Proved], ...]:
    def found(row: _Proved) -> Cell:
        return Cell(_FOUND[row.proof.found], "warning" if row.proof.found is False else "centre")

    return (
        Column("Tiêu chí", lambda row: row.criterion.name, width=44),
        Column("Mã", lambda row: row.criterion.code, "grey_code", 8),
        Column("Đơn vị", lambda row: view.unit(row.proof.unit), width=34),
        Column("Tài liệu kiểm chứng", lambda row: row.proof.text, width=54),
        Column("Tìm thấy", found, width=14),
        Column("Nguồn", lambda row: where(row.proof), width=34),
    )


def _tasks(view: View, _: Beside) -> tuple[Column[Task], ...]:
    def outcome(item: Task) -> Cell:
        became = view.outcome(item)
        return Cell(_OUTCOMES[became], "warning" if became in ("trễ", "") else "centre")

    return (
        Column("Nội dung", lambda item: item.content, width=50),
        Column("Số văn bản", lambda item: item.document, width=22),
        Column("Đơn vị", lambda item: view.unit(item.unit), width=32),
        Column("Ngày giao", lambda item: _day(item.assigned), "centre", 13),
        Column("Hạn", lambda item: _day(item.due), "centre", 13),
        Column("Hoàn thành", lambda item: _day(item.completed), "centre", 13),
        Column("Kết quả", outcome, width=14),
        *_more(view.contents.tasks, lambda item: item.more),
        Column("Nguồn", where, width=34),
    )


def _places(view: View, beside: Beside) -> tuple[Column[ToldFinding], ...]:
    def criterion(item: ToldFinding) -> str:
        found = view.by_code.get(item.criterion or "")
        return f"{found.name} ({found.code})" if found else item.criterion or ""

    return (
        Column("Mức độ", _severity, width=12),
        Column("Đơn vị", lambda item: view.unit(item.unit) if item.unit else "", width=24),
        Column("Nội dung", lambda item: item.message, width=50),
        Column("Cách sửa", lambda item: item.fix, width=44),
        Column("Tệp", lambda item: beside.file(item.file), width=26),
        Column("Trang tính", lambda item: item.sheet, width=12),
        Column("Ô", beside.cell, "centre", 8),
        Column("Tiêu chí", criterion, width=26),
        Column("Mã", lambda item: item.code, "grey_code", 8),
    )


def _kinds(view: View) -> tuple[Column[FindingGroup], ...]:
    remedies: dict[str, set[str]] = {}
    for item in view.contents.findings:
        remedies.setdefault(item.code, set()).add(item.fix)

    def remedy(group: FindingGroup) -> str:
        return next(iter(remedies[group.code])) if len(remedies[group.code]) == 1 else "xem từng chỗ"

    return (
        Column("Mức độ", _severity),
        Column("Số chỗ", lambda group: group.count, "centre"),
        Column("Loại", lambda group: group.title),
        Column("Cách sửa (nếu chung cho cả loại)", remedy),
        Column("Chỗ đầu tiên", lambda group: group.first, span=3),
        Column("Số tệp", lambda group: group.files, "centre"),
        Column("Mã", lambda group: group.code, "grey_code"),
    )


def _severity(item: FindingGroup | ToldFinding) -> Cell:
    return Cell(SEVERITY_WORDS[item.severity], LOOKS[item.severity])


def write_findings(book: Book, view: View, beside: Beside) -> Iterator[Listed]:
    """One row a kind, the worst first; below them every place."""
    findings, groups, columns = view.contents.findings, view.contents.finding_groups, _places(view, beside)
    if not findings:
        return
    sheet = book.sheet(FINDINGS, tuple(column.width for column in columns), tab=TO_BE_DONE)
    back(book, sheet, CONTENTS)
    book.title(sheet, 1, f"{FINDINGS.upper()}: {len(groups)} LOẠI, {len(findings)} CHỖ")
    head = write_table(book, sheet, HEAD, _kinds(view), groups) + 3
    sheet.write_string(head - 1, 0, "Từng chỗ (lọc theo đơn vị, tệp hoặc mã):", book.look("bold"))
    last = write_table(book, sheet, head, columns, findings)
    sheet.freeze_panes(HEAD, 0)
    sheet.autofilter(head, 0, last, len(columns) - 1)
    sheet.repeat_rows(head)
    yield Listed(FINDINGS, f"từng lỗi, cảnh báo: ở tệp nào, ô nào, sửa thế nào ({len(findings)} dòng)")


def _sources(_: View, beside: Beside) -> tuple[Column[Verdict], ...]:
    return (
        Column("Tệp", lambda item: beside.file(item.file), width=60),
        Column(
            "Kết quả",
            lambda item: Cell(VERDICTS[item.verdict], "error" if item.verdict == "rejected" else "cell"),
            width=12,
        ),
        Column("Lý do", lambda item: item.reason, width=36),
        Column("Bộ đọc", lambda item: item.reader, "centre", 12),
        Column("SHA-256", lambda item: item.sha256, "grey_code", 70),
    )


# Who sent what and when; where two sources of a figure disagree; the figures in the order of the annexes that a higher
# agency wants filled in, to type from; what each unit wrote on each criterion, named as evidence, and keeps as tasks;
# every file of the folder, and what became of it.
WHO_FILED = Listing(
    FILED, "đơn vị nào đã gửi, lúc nào, bằng tệp nào", _filed, lambda view: view.contents.rollcall, TO_BE_DONE
)
BROKEN_RULES = Listing(
    CONFLICTS, "số liệu hai nơi không khớp nhau", _conflicts, lambda view: view.contents.conflicts, TO_BE_DONE
)
ASKED_FROM_ABOVE = Listing(
    ANNEXES, "số liệu xếp theo mã của phụ lục báo cáo cấp trên, để nhập", _annexes, _asked, TO_BE_DONE
)
REPORTS = Listing(REPORTED, "đơn vị nào ghi gì ở từng tiêu chí", _reported, _reports)
PROOFS = Listing(
    EVIDENCE,
    "tài liệu kiểm chứng đơn vị ghi, tìm thấy hay không",
    _evidence,
    lambda view: (_Proved(item, proof) for item in view.contents.criteria for proof in item.evidence),
)
TASK_LIST = Listing(TASKS, "danh sách nhiệm vụ các đơn vị kê", _tasks, lambda view: view.contents.tasks)
FILES = Listing(
    SOURCES, "mọi tệp trong thư mục đơn vị gửi và mã kiểm của từng tệp", _sources, lambda view: view.contents.sources
)


def worded_rule(rule: str, names: Mapping[str, str]) -> str:
    """A cross-check by the names of its figures, with the brackets that arithmetic has.

    >>> worded_rule("A / B + C = D", {"A": "Trễ", "B": "Đúng", "C": "Sớm"})
    'Trễ / (Đúng + Sớm) = D'
    """
    left, sign, right = sides_of(rule)
    told = ((parsed(_BRACKET.sub("", side))[0], side) for side in (left, right))
    shown = {"<=": "≤", ">=": "≥"}.get(sign, sign)
    return f" {shown} ".join(side.written(names, MINUS) if side else typed for side, typed in told)


def _compared(view: View, item: BrokenRule, value: Decimal, is_percent: bool) -> Decimal | str:
    """What a side of a cross-check comes to; a date is only compared with a date, and is shown as one."""
    kinds = {code: detail.kind for code, detail in view.details.items()}
    told, _ = parsed(sides_of(item.rule)[0])
    if told and is_date(told, kinds):
        return dated(value)
    return percent_vi(value, view.places) if is_percent else value


def _of_agency(view: View, figure: MeasureDetail) -> Decimal | str:
    """The figure of the whole agency; texts and days, which are not added up, each with its unit."""
    if figure.kind in (Kind.TEXT, Kind.DATE) and not figure.waiting:
        told: dict[str, list[str]] = {}
        for entry in figure.entries:
            told.setdefault(entry.text, []).append(view.unit(entry.unit))
        alone = len(told) == 1
        return "; ".join(text if alone else f"{listing(units)}: {text}" for text, units in told.items()) or MISSING
    if figure.state is State.NOT_APPLICABLE:
        return AWAY
    return DIFFERENT if figure.state is State.ERROR else MISSING if figure.value is None else figure.value


def _rests_on(view: View, figure: MeasureDetail) -> str:
    """What whoever types the figure has to know: how far it is known, by whom it was given, how it is combined."""
    told = []
    if figure.waiting:
        so_far = "" if figure.partial is None else f"mới có {counted_or_not(figure, figure.partial, view.places)}, "
        told.append(f"{so_far}theo báo cáo của {of_units(figure)}; chờ {listing(map(view.unit, figure.waiting))}")
    elif any(entry.supplied for entry in figure.entries):
        told.append(f"theo báo cáo của {of_units(figure)}")
    if figure.combine != "tổng" and len(figure.units) > 1 and figure.kind not in (Kind.TEXT, Kind.DATE):
        told.append(f"{figure.combine} trong {len(figure.units)} đơn vị")
    return ". ".join(told)


def _says_something(report: Report) -> bool:
    texts = (report.result, report.level, report.evidence, report.reason)
    return report.self_points is not None or any(texts) or bool(report.more)


def _day(value: date | None) -> str:
    return date_vi(value) if value else ""
