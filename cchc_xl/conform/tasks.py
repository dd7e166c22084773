"""The sheet ``Nhiệm vụ`` of a unit's workbook: rows come in, typed tasks and their counts go out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cchc_xl.conform.expected import Expected
from cchc_xl.conform.layout import FormSheet, Row
from cchc_xl.forms import ASSIGNED, COMPLETED, CONTENT, DOCUMENT, DUE, TASK_NOTE
from cchc_xl.plan.edition import TASK_FIGURES, TASKS_EARLY, TASKS_GIVEN, TASKS_LATE, TASKS_ON_TIME, TASKS_OPEN
from cchc_xl.records import CellRef, Finding, TaskEntry
from cchc_xl.text.catalogue import finding
from cchc_xl.text.words import read_date

_DATES = (ASSIGNED, DUE, COMPLETED)
_COLUMNS = (DOCUMENT, CONTENT, *_DATES)


@dataclass(frozen=True, slots=True)
class TaskRegister:
    """The tasks and what they count for; no counts where the register is empty or a row cannot be judged."""

    entries: tuple[TaskEntry, ...]
    counts: dict[str, Decimal]
    at: CellRef


def task_entries(sheet: FormSheet | None, unit: str, expected: Expected, findings: list[Finding]) -> TaskRegister:
    """The register's tasks, each counted by its dates as of the last day of the period.

    Words alone below a blank row (a total, a signature) are no task.
    """
    if sheet is None:
        return TaskRegister((), {}, CellRef(""))
    entries: list[TaskEntry] = []
    judged = True
    gap = False
    for number, row in sheet.rows():
        filled = [heading for heading in _COLUMNS if sheet.value(row, heading) is not None]
        if gap and filled and not {DOCUMENT, *_DATES} & set(filled):
            text = sheet.text(row, CONTENT) or str(sheet.value(row, CONTENT))
            findings.append(finding("T302", sheet.at(number, CONTENT), unit=unit, text=text))
        elif filled:
            entry = _task(sheet, number, row, unit, expected.edition.period.end, findings)
            entries.append(entry)
            judged = judged and bool(entry.outcome)
        gap = bool(entries) and (gap or not filled)
    counts: dict[str, Decimal] = {}
    if entries and judged:
        counts = {code: Decimal(sum(entry.outcome == code for entry in entries)) for code in TASK_FIGURES}
        counts[TASKS_GIVEN] = Decimal(len(entries))
    first = entries[0].at if entries else CellRef(sheet.file, sheet.sheet.name)
    return TaskRegister(tuple(entries), counts, first)


def outcome(due: date, completed: date | None, end: date) -> str:
    """The figure a task counts for at the end of the period.

    >>> end = date(2021, 3, 14)
    >>> outcome(date(2021, 3, 1), date(2021, 3, 2), end), outcome(date(2021, 3, 20), None, end)
    ('NV_TRE', 'NV_CHUA')
    """
    if completed is None or completed > end:
        return TASKS_LATE if due < end else TASKS_OPEN
    if completed == due:
        return TASKS_ON_TIME
    return TASKS_EARLY if completed < due else TASKS_LATE


def _task(sheet: FormSheet, number: int, row: Row, unit: str, end: date, findings: list[Finding]) -> TaskEntry:
    days: dict[str, date | None] = {}
    judged = True
    for heading in _DATES:
        value = sheet.value(row, heading)
        days[heading] = read_date(value)
        if value is not None and days[heading] is None:
            text = sheet.text(row, heading) or str(value)
            findings.append(finding("D113", sheet.at(number, heading), unit=unit, text=text))
            judged = judged and heading == ASSIGNED
    due, completed = days[DUE], days[COMPLETED]
    if sheet.value(row, DUE) is None:
        findings.append(finding("D118", sheet.at(number, DUE), unit=unit))
    return TaskEntry(
        unit=unit,
        document=sheet.text(row, DOCUMENT),
        content=sheet.text(row, CONTENT),
        assigned=days[ASSIGNED],
        due=due,
        completed=completed,
        note=sheet.text(row, TASK_NOTE),
        outcome=outcome(due, completed, end) if due and judged else "",
        at=sheet.at(number, DOCUMENT),
    )
