"""The sheets ``Số liệu`` and ``Nhiệm vụ`` of a unit's workbook: rows come in; figures, tasks and counts go out."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cchc_xl.office.excel.tables import Row, Table
from cchc_xl.plan.edition import TASK_FIGURES, TASKS_EARLY, TASKS_GIVEN, TASKS_LATE, TASKS_ON_TIME, TASKS_OPEN
from cchc_xl.records import (
    CellRef,
    ErrorValue,
    FigureEntry,
    Kind,
    Measure,
    State,
    TaskEntry,
    Uncalculated,
    Value,
)
from cchc_xl.text.catalogue import Told, finding
from cchc_xl.text.numbers import is_percent_format, plain, read_stored, read_text, shortest, vietnamese
from cchc_xl.text.words import is_not_applicable, read_date, tidy
from cchc_xl.unit.form import (
    ASSIGNED,
    CONTENT,
    DOCUMENT,
    DUE,
    FIGURE_CODE,
    FIGURE_NAME,
    FIGURE_VALUE,
    FORM,
    TASKS_SHEET,
)
from cchc_xl.unit.sheets import Expected


@dataclass(frozen=True, slots=True)
class TaskRegister:
    """The tasks and what they count for; no counts where the register is empty or a row cannot be judged."""

    entries: tuple[TaskEntry, ...]
    counts: dict[str, Decimal]
    at: CellRef


def task_entries(table: Table | None, unit: str, expected: Expected) -> Told[TaskRegister]:
    """The register's tasks, each counted by its dates as of the last day of the period.

    Words alone below a blank row (a total, a signature) are no task.
    """
    if table is None:
        return TaskRegister((), {}, CellRef(""))
    dates = {column.heading for column in FORM[TASKS_SHEET].columns if column.look == "input_date"}
    entries: list[TaskEntry] = []
    judged = True
    gap = False
    for row in table.rows():
        filled = [heading for heading in FORM[TASKS_SHEET].required if row.value(heading) is not None]
        if gap and filled and dates.isdisjoint(filled) and DOCUMENT not in filled:
            yield finding("T302", row.at(CONTENT), unit=unit, text=row.text(CONTENT) or str(row.value(CONTENT)))
        elif filled:
            entry = yield from _task(row, unit, expected.edition.period.end)
            entries.append(entry)
            judged = judged and bool(entry.outcome)
        gap = bool(entries) and (gap or not filled)
    counts: dict[str, Decimal] = {}
    if entries and judged:
        counts = {code: Decimal(sum(entry.outcome == code for entry in entries)) for code in TASK_FIGURES}
        counts[TASKS_GIVEN] = Decimal(len(entries))
    first = entries[0].at if entries else CellRef(table.file, table.sheet.name)
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


def _task(row: Row, unit: str, end: date) -> Told[TaskEntry]:
    days: dict[str, date | None] = {}
    texts: dict[str, str] = {}
    judged = True
    for column in FORM[TASKS_SHEET].columns:
        value = row.value(column.heading)
        if column.look != "input_date":
            texts[column.reads] = row.text(column.heading)
            continue
        day = days[column.reads] = read_date(value)
        if value is not None and day is None:
            text = row.text(column.heading) or str(value)
            yield finding("D113", row.at(column.heading), unit=unit, text=text)
            judged = judged and column.heading == ASSIGNED
    due, completed = days["due"], days["completed"]
    if row.value(DUE) is None:
        yield finding("D118", row.at(DUE), unit=unit)
    told = outcome(due, completed, end) if due and judged else ""
    fields: dict[str, Any] = {**days, **texts}
    return TaskEntry(unit=unit, outcome=told, at=row.at(DOCUMENT), **fields)


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
        return Typed(State.ERROR, text=plain(shortest(value)), problem="D113")
    text = plain(shortest(value))
    if kind is Kind.TEXT:
        return Typed(State.KNOWN, text=text)
    percent = is_percent_format(number_format)
    reading = read_stored(value, kind, percent_format=percent)
    if reading.value is None:
        shown = f"{plain(shortest(value) * 100)}%" if percent else vietnamese(shortest(value))
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


def words(row: Row) -> dict[str, Any]:
    """What the unit wrote in the row, by field of its record: its own line breaks kept, a number or a date as typed."""
    return {column.reads: _words(row.value(column.heading)) for column in FORM[row.table.name].columns if column.reads}


def _words(value: Value) -> str:
    match value:
        case None:
            return ""
        case str():
            return value.strip()
        case date():
            return f"{value:%d/%m/%Y}"
        case bool() | ErrorValue() | Uncalculated():
            return str(getattr(value, "text", value))
    return plain(shortest(value)).replace(".", ",")


def figure_entries(
    file: str, table: Table | None, unit: str, expected: Expected, tasks: TaskRegister
) -> Told[tuple[FigureEntry, ...]]:
    """An entry for every figure this unit must enter, whatever the sheet looks like.

    Of a sheet, or a column of values, that is not there nothing is said: that has been said once.
    """
    wanted = expected.entered[unit]
    if not wanted:
        return ()
    if table is None:
        blank = (FigureEntry(unit, item.code, State.MISSING, None, "", CellRef(file)) for item in wanted)
        return tuple(_counted(entry, tasks) or entry for entry in blank)
    rows = yield from _rows(table, unit, expected)
    entries = []
    for item in wanted:
        entries.append((yield from _entry(table, item, rows.get(item.code), unit, tasks)))
    return tuple(entries)


def _rows(table: Table, unit: str, expected: Expected) -> Told[dict[str, Row | CellRef]]:
    """The row of every figure; only the cell of one that stands there with two values."""
    rows: dict[str, Row | CellRef] = {}
    for row in table.rows():
        code, value = row.text(FIGURE_CODE), row.value(FIGURE_VALUE)
        measure = expected.measure(code)
        if measure is None:
            if value is not None:
                shown = code or row.text(FIGURE_NAME) or "(không có mã)"
                yield finding("T302", row.at(FIGURE_CODE), unit=unit, text=shown)
            continue
        held = rows.get(measure.code)
        if held is None or (isinstance(held, Row) and held.value(FIGURE_VALUE) is None):
            rows[measure.code] = row
        elif value is not None and not (isinstance(held, Row) and _same(measure, held, row)):
            first = held.at(FIGURE_VALUE) if isinstance(held, Row) else held
            yield finding("D116", row.at(FIGURE_VALUE), unit=unit, code=measure.code, first=first.address)
            rows[measure.code] = first
    return rows


def _same(measure: Measure, *rows: Row) -> bool:
    """Whether two rows of a figure say the same: "1.480 hồ sơ" and 1480 do."""
    first, second = (_typed_figure(measure, row) for row in rows)
    return rows[0].value(FIGURE_VALUE) == rows[1].value(FIGURE_VALUE) or (
        first.problem is second.problem is None
        and (first.state, first.value) == (second.state, second.value)
        and (first.value is not None or first.text == second.text)
    )


def _typed_figure(measure: Measure, row: Row) -> Typed:
    return typed(row.value(FIGURE_VALUE), measure.kind, row.number_format(FIGURE_VALUE))


def _entry(
    table: Table, measure: Measure, row: Row | CellRef | None, unit: str, tasks: TaskRegister
) -> Told[FigureEntry]:
    if row is None:
        at = CellRef(table.file, table.sheet.name)
        blank = FigureEntry(unit, measure.code, State.MISSING, None, "", at)
        counted = _counted(blank, tasks)
        if counted is None and FIGURE_VALUE in table.columns:
            yield finding("D102", at, unit=unit, code=measure.code, name=measure.name)
        return counted or blank
    if isinstance(row, CellRef):
        return FigureEntry(unit, measure.code, State.ERROR, None, "hai giá trị khác nhau", row)
    at, cell = row.at(FIGURE_VALUE), _typed_figure(measure, row)
    entry = FigureEntry(unit, measure.code, cell.state, cell.value, cell.text, at, **words(row))
    for problem in (cell.problem, *cell.notes):
        if problem:
            yield finding(problem, at, unit=unit, text=cell.text)
    if cell.state is State.MISSING:
        counted = _counted(entry, tasks)
        if counted is not None:
            return counted
        if FIGURE_VALUE not in table.columns or (measure.code in TASK_FIGURES and tasks.entries):
            return entry  # another finding says why there is no value, or why it could not be counted
        yield finding("D103", at, unit=unit, code=measure.code, name=measure.name)
    counts = tasks.counts.get(measure.code)
    if cell.state is State.KNOWN and counts is not None and counts != cell.value:
        register = f"{TASKS_SHEET} › {tasks.at.address}"
        yield finding("D201", at, unit=unit, code=measure.code, typed=cell.text, counted=str(counts), register=register)
    return entry


def _counted(entry: FigureEntry, tasks: TaskRegister) -> FigureEntry | None:
    """The count of the task register, where it counts this figure; it stands at the register's first row."""
    count = tasks.counts.get(entry.measure)
    if count is None:
        return None
    return replace(entry, state=State.KNOWN, value=count, text=str(count), at=tasks.at, counted=True)
