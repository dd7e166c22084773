"""The sheets ``Số liệu`` and ``Nhiệm vụ`` of a unit's workbook: rows come in; figures, tasks and counts go out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from cchc_xl.plan.edition import TASK_FIGURES, TASKS_EARLY, TASKS_GIVEN, TASKS_LATE, TASKS_ON_TIME, TASKS_OPEN
from cchc_xl.records import (
    CellRef,
    ErrorValue,
    FigureEntry,
    Finding,
    Kind,
    Measure,
    State,
    TaskEntry,
    Uncalculated,
    Value,
)
from cchc_xl.text.catalogue import finding
from cchc_xl.text.numbers import is_percent_format, plain, read_stored, read_text, vietnamese
from cchc_xl.text.words import is_not_applicable, read_date, tidy
from cchc_xl.unit.form import (
    ASSIGNED,
    COMPLETED,
    CONTENT,
    DOCUMENT,
    DUE,
    FIGURE_CODE,
    FIGURE_NAME,
    FIGURE_VALUE,
    TASK_NOTE,
    TASKS_SHEET,
)
from cchc_xl.unit.sheets import Expected, FormSheet, Row

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


# Excel keeps 15 digits: a larger number is a slip of the keyboard, and has lost digits already.
_TOO_LARGE = Decimal(10) ** 15


@dataclass(frozen=True, slots=True)
class Typed:
    """A cell by its declared kind; ``problem`` is the code of the finding that keeps it from being a value."""

    state: State
    value: Decimal | None = None
    text: str = ""
    problem: str | None = None
    notes: tuple[str, ...] = ()


def typed(value: Value, kind: Kind, number_format: str) -> Typed:
    """A stored value by the declared kind of its figure. Missing, zero and not applicable stay apart.

    >>> typed("không phát sinh", Kind.INTEGER, "").state, typed(None, Kind.MONEY, "").state
    (<State.NOT_APPLICABLE: 'not_applicable'>, <State.MISSING: 'missing'>)
    >>> typed(0.0, Kind.INTEGER, "").value
    Decimal('0')
    """
    match value:
        case None:
            return Typed(State.MISSING)
        case ErrorValue(text):
            return Typed(State.ERROR, text=text, problem="D114")
        case Uncalculated(formula):
            return Typed(State.ERROR, text=formula, problem="D115")
        case bool():
            return Typed(State.ERROR, text=str(value).upper(), problem="D101")
        case datetime() | date():
            return _typed_date(value, kind)
        case str():
            return _typed_text(tidy(value), kind)
    if not math.isfinite(value):
        return Typed(State.ERROR, text=str(value), problem="D101")
    if kind is Kind.DATE:
        return Typed(State.ERROR, text=plain(Decimal(repr(value))), problem="D113")
    text = plain(Decimal(repr(value)))
    if kind is Kind.TEXT:
        return Typed(State.KNOWN, text=text)
    percent = is_percent_format(number_format)
    reading = read_stored(value, kind, percent_format=percent)
    if reading.value is None:
        shown = f"{plain(Decimal(repr(value)) * 100)}%" if percent else vietnamese(Decimal(repr(value)))
        return Typed(State.ERROR, text=shown, problem=reading.problem)
    return _plausible(Typed(State.KNOWN, reading.value, text))


def _plausible(cell: Typed) -> Typed:
    if cell.value is not None and abs(cell.value) >= _TOO_LARGE:
        return Typed(State.ERROR, text=cell.text, problem="D101")
    return cell


def _typed_date(value: date, kind: Kind) -> Typed:
    text = f"{value:%d/%m/%Y}"
    if kind in (Kind.DATE, Kind.TEXT):
        return Typed(State.KNOWN, text=text)
    return Typed(State.ERROR, text=text, problem="D109")


def _typed_text(text: str, kind: Kind) -> Typed:
    if not text:
        return Typed(State.MISSING)
    if is_not_applicable(text):
        return Typed(State.NOT_APPLICABLE, text=text)
    if kind is Kind.TEXT:
        return Typed(State.KNOWN, text=text)
    if kind is Kind.DATE:
        day = read_date(text)
        return Typed(State.KNOWN, text=f"{day:%d/%m/%Y}") if day else Typed(State.ERROR, text=text, problem="D113")
    reading = read_text(text, kind)
    if reading.value is None:
        return Typed(State.ERROR, text=text, problem=reading.problem)
    return _plausible(Typed(State.KNOWN, reading.value, text, notes=reading.notes))


def figure_entries(
    file: str,
    sheet: FormSheet | None,
    unit: str,
    expected: Expected,
    tasks: TaskRegister,
    findings: list[Finding],
) -> tuple[FigureEntry, ...]:
    """An entry for every figure this unit must enter, whatever the sheet looks like.

    Of a sheet, or a column of values, that is not there nothing is said: that has been said once.
    """
    wanted = expected.entered[unit]
    if not wanted:
        return ()
    if sheet is None:
        blank = (FigureEntry(unit, item.code, State.MISSING, None, "", CellRef(file)) for item in wanted)
        return tuple(_counted(entry, tasks) or entry for entry in blank)
    rows = _rows(sheet, unit, expected, findings)
    return tuple(_entry(sheet, item, rows.get(item.code), unit, tasks, findings) for item in wanted)


def _rows(sheet: FormSheet, unit: str, expected: Expected, findings: list[Finding]) -> dict[str, tuple[int, Value]]:
    rows: dict[str, tuple[int, Value]] = {}
    for number, row in sheet.rows():
        code = sheet.text(row, FIGURE_CODE)
        value = sheet.value(row, FIGURE_VALUE)
        measure = expected.measure(code)
        if measure is None:
            if value is not None:
                shown = code or sheet.text(row, FIGURE_NAME) or "(không có mã)"
                findings.append(finding("T302", sheet.at(number, FIGURE_CODE), unit=unit, text=shown))
        elif measure.code not in rows or rows[measure.code][1] is None:
            rows[measure.code] = (number, value)
        elif value is not None and not _same(sheet, measure, rows[measure.code], (number, value)):
            first = sheet.at(rows[measure.code][0], FIGURE_VALUE).address
            findings.append(finding("D116", sheet.at(number, FIGURE_VALUE), unit=unit, code=measure.code, first=first))
            rows[measure.code] = (rows[measure.code][0], _TWICE)
    return rows


def _same(sheet: FormSheet, measure: Measure, *rows: tuple[int, Value]) -> bool:
    """Whether two rows of a figure say the same: "1.480 hồ sơ" and 1480 do."""
    first, second = (typed(value, measure.kind, sheet.number_format(number, FIGURE_VALUE)) for number, value in rows)
    return rows[0][1] == rows[1][1] or (
        first.problem is second.problem is None
        and (first.state, first.value) == (second.state, second.value)
        and (first.value is not None or first.text == second.text)
    )


_TWICE = ErrorValue("hai giá trị khác nhau")


def _entry(
    sheet: FormSheet,
    measure: Measure,
    row: tuple[int, Value] | None,
    unit: str,
    tasks: TaskRegister,
    findings: list[Finding],
) -> FigureEntry:
    if row is None:
        at = CellRef(sheet.file, sheet.sheet.name)
        blank = FigureEntry(unit, measure.code, State.MISSING, None, "", at)
        counted = _counted(blank, tasks)
        if counted is None and FIGURE_VALUE in sheet.columns:
            findings.append(finding("D102", at, unit=unit, code=measure.code, name=measure.name))
        return counted or blank
    number, value = row
    at = sheet.at(number, FIGURE_VALUE)
    if value is _TWICE:
        return FigureEntry(unit, measure.code, State.ERROR, None, _TWICE.text, at)
    cell = typed(value, measure.kind, sheet.number_format(number, FIGURE_VALUE))
    entry = FigureEntry(unit, measure.code, cell.state, cell.value, cell.text, at)
    if cell.problem:
        findings.append(finding(cell.problem, at, unit=unit, text=cell.text))
    for note in cell.notes:
        findings.append(finding(note, at, unit=unit, text=cell.text))
    if cell.state is State.MISSING:
        counted = _counted(entry, tasks)
        if counted is not None:
            return counted
        if FIGURE_VALUE not in sheet.columns or (measure.code in TASK_FIGURES and tasks.entries):
            return entry  # another finding says why there is no value, or why it could not be counted
        findings.append(finding("D103", at, unit=unit, code=measure.code, name=measure.name))
    counts = tasks.counts.get(measure.code)
    if cell.state is State.KNOWN and counts is not None and counts != cell.value:
        findings.append(
            finding(
                "D201",
                at,
                unit=unit,
                code=measure.code,
                typed=cell.text,
                counted=str(counts),
                register=f"{TASKS_SHEET} › {tasks.at.address}",
            )
        )
    return entry


def _counted(entry: FigureEntry, tasks: TaskRegister) -> FigureEntry | None:
    """The count of the task register, where it counts this figure; it stands at the register's first row."""
    count = tasks.counts.get(entry.measure)
    if count is None:
        return None
    return FigureEntry(entry.unit, entry.measure, State.KNOWN, count, str(count), tasks.at, counted=True)
