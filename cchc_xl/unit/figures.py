"""The sheets ``Số liệu`` and ``Nhiệm vụ`` of a unit's workbook: rows come in; figures, tasks and counts go out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cchc_xl.office.excel.tables import Row, Table, shown
from cchc_xl.plan.figure_values import Typed, figure_called, figure_hint, no_text, says_same, typed_figure
from cchc_xl.records import (
    CellRef,
    FigureEntry,
    Finding,
    Measure,
    Outcomes,
    State,
    TaskEntry,
    Value,
)
from cchc_xl.text.catalogue import Told, finding
from cchc_xl.text.days import date_vi, day_here
from cchc_xl.text.words import first_few, read_date, tidy
from cchc_xl.unit.form import (
    ASSIGNED,
    COMPLETED,
    CONTENT,
    DATE_HINT,
    DOCUMENT,
    DUE,
    FIGURE_CODE,
    FIGURE_NAME,
    FIGURE_VALUE,
    FIGURES_SHEET,
    FORM,
    FURTHER,
    TASKS_SHEET,
    TEXT_HINT,
)
from cchc_xl.unit.sheets import Expected, Layout

_MOST_NAMED = 5  # rows of the unit's own in a sentence
_TASKS = FORM[TASKS_SHEET]


@dataclass(frozen=True, slots=True)
class TaskRegister:
    """The tasks and what they count for; no counts where the register is empty or a row cannot be judged."""

    entries: tuple[TaskEntry, ...]
    counts: dict[str, Decimal]
    at: CellRef


def task_entries(
    table: Table | None, unit: str, expected: Expected, sent: datetime | None = None
) -> Told[TaskRegister]:
    """The register's tasks, each counted by its dates as of the last day of the period.

    ``sent`` is when the file was saved, where the file says so: nothing can have been done after it. Words alone below
    a blank row (a total, a signature) are no task.
    """
    counted = expected.edition.plan.register
    if table is None or not counted:
        return TaskRegister((), {}, CellRef(""))
    entries: list[TaskEntry] = []
    rows: list[Row] = []
    judged = True
    gap = False
    for row in table.rows():
        filled = [heading for heading in _TASKS.required if row.value(heading) is not None]
        if gap and filled and {*_TASKS.dates, DOCUMENT}.isdisjoint(filled):
            yield finding("T302", row.at(CONTENT), unit=unit, text=shown(row.value(CONTENT)))
        elif filled:
            entry = yield from _task(row, unit, expected.edition.period.end, sent)
            entries.append(entry)
            rows.append(row)
            judged = judged and bool(entry.outcome)
        gap = bool(entries) and (gap or not filled)
    yield from _swapped(rows, unit)
    counts: dict[str, Decimal] = {}
    if entries and judged:
        counts = {
            code: Decimal(sum(which in ("giao", entry.outcome) for entry in entries)) for which, code in counted.items()
        }
    first = entries[0].at if entries else CellRef(table.file, table.sheet.name)
    return TaskRegister(tuple(entries), counts, first)


def outcome(due: date, completed: date | None, end: date) -> Outcomes:
    """What has become of a task at the end of the period.

    >>> end = date(2021, 3, 14)
    >>> outcome(date(2021, 3, 1), date(2021, 3, 2), end), outcome(date(2021, 3, 20), None, end)
    ('trễ', 'chưa')
    """
    if completed is None or completed > end:
        return "trễ" if due < end else "chưa"
    if completed == due:
        return "đúng"
    return "sớm" if completed < due else "trễ"


def _impossible(row: Row, unit: str, sent: datetime | None) -> Iterator[Finding]:
    """Dates of a task that cannot be, each told once at its cell; they are taken as they stand."""
    given, due, done = (read_date(row.value(heading)) for heading in (ASSIGNED, DUE, COMPLETED))
    saved, reasons = day_here(sent) if sent else None, {}
    if given and due and due < given:
        reasons[DUE] = f"trước ngày giao {date_vi(given)}"
    if given and done and done < given:
        reasons[COMPLETED] = f"trước ngày giao {date_vi(given)}"
    elif saved and done and done > saved:
        reasons[COMPLETED] = f"sau ngày lưu tệp {date_vi(saved)}"
    for heading in _TASKS.dates:
        value = row.value(heading)
        if isinstance(value, datetime):
            reasons.setdefault(heading, f"có giờ {value:%H:%M}, ô này chỉ ghi ngày")
        if heading in reasons:
            yield finding("D214", row.at(heading), unit=unit, text=shown(value), reason=reasons[heading])


def _swapped(rows: list[Row], unit: str) -> Iterator[Finding]:
    """Columns in which a machine set to another country may have swapped day and month.

    It makes a date of what can be one month first, and leaves the others as text: no true date has a day above 12,
    every text has.
    """
    for heading in _TASKS.dates:
        cells = [(row, row.value(heading), read_date(row.value(heading))) for row in rows]
        dates = [(row, day) for row, value, day in cells if day and not isinstance(value, str)]
        texts = [day for _, value, day in cells if day and isinstance(value, str)]
        if dates and texts and all(day.day <= 12 for _, day in dates) and all(day.day > 12 for day in texts):
            row, day = dates[0]
            reason = "có thể máy đã đổi chỗ ngày và tháng, vì trong cột còn ngày ở dạng chữ"
            yield finding("D214", row.at(heading), unit=unit, text=shown(day), reason=reason)


def _task(row: Row, unit: str, end: date, sent: datetime | None) -> Told[TaskEntry]:
    days: dict[str, date | None] = {}
    judged = True
    for column in _TASKS.columns:
        if not column.is_date:
            continue
        value, at = row.value(column.heading), row.at(column.heading)
        day = days[column.reads] = read_date(value)
        if value is not None and day is None:
            yield finding("D113", at, unit=unit, text=shown(value), what=f"Cột “{column.heading}”", hint=DATE_HINT)
            judged = judged and column.heading == ASSIGNED
    due, completed = days["due"], days["completed"]
    if row.value(DUE) is None:
        yield finding("D118", row.at(DUE), unit=unit)
    told = outcome(due, completed, end) if due and judged else ""
    yield from _impossible(row, unit, sent)
    texts = yield from words(row, unit)
    more = texts.pop(FURTHER, ())
    fields: dict[str, Any] = {**days, **{field: tidy(text) for field, text in texts.items()}, FURTHER: more}
    return TaskEntry(unit=unit, outcome=told, at=row.at(DOCUMENT), **fields)


def words(row: Row, unit: str) -> Told[dict[str, Any]]:
    """What the unit wrote in the row, by field of its record: its own line breaks kept, a number or a date as typed.

    What is no text is a finding, and counts as nothing written. What stands in further columns is told by heading.
    """
    told: dict[str, Any] = {}
    more: list[tuple[str, str]] = []
    for column in FORM[row.table.name].columns:
        if not column.reads or column.is_date:
            continue
        value, at = row.value(column.heading), row.at(column.heading)
        if problem := no_text(value):
            yield finding(problem, at, unit=unit, text=shown(value), what=f"Cột “{column.heading}”", hint=TEXT_HINT)
            value = None
        if column.reads != FURTHER:
            told[column.reads] = _words(value)
        elif text := _words(value):
            more.append((column.heading, text))
    return {**told, FURTHER: tuple(more)} if more else told


def _words(value: Value) -> str:
    if isinstance(value, str):
        return value.strip()
    return shown(value) if isinstance(value, date) else shown(value).replace(".", ",")


def figure_entries(
    file: str, table: Table | None, unit: str, expected: Expected, tasks: TaskRegister, layout: Layout
) -> Told[tuple[FigureEntry, ...]]:
    """An entry for every figure this unit must enter, whatever the sheet looks like; in a supplement for its rows.

    Of a sheet, or a column of values, that is not there nothing is said: that has been said once. What a form that is
    not ours has no row for is asked for elsewhere.
    """
    wanted = expected.entered[unit]
    if layout.part == "supplement":
        told = {item for row in table.rows() for item in expected.figures_of(row, unit)} if table else set()
        wanted = tuple(item for item in wanted if item in told)
    if not wanted:
        return ()
    if table is None:
        blank = (FigureEntry(unit, item.code, State.MISSING, None, "", CellRef(file)) for item in wanted)
        return tuple(_counted(entry, tasks) or entry for entry in blank)
    rows = yield from _rows(table, unit, expected, is_own=FIGURES_SHEET in layout.own)
    entries = []
    for item in wanted:
        is_asked = item.code not in rows and layout.part == "familiar"
        entries.append((yield from _entry(table, item, rows.get(item.code), unit, tasks, is_asked=is_asked)))
    return tuple(entries)


@dataclass(frozen=True, slots=True)
class _Unclear:
    """The cell of a figure whose value cannot be told, and why."""

    at: CellRef
    why: str


def _rows(table: Table, unit: str, expected: Expected, *, is_own: bool) -> Told[dict[str, Row | _Unclear]]:
    """The row of every figure; only the cell of one that stands there with two values, or in a row of two figures.

    ``is_own``: the table is not ours, and has rows of its own that nobody asks about: they are one note.
    """
    rows: dict[str, Row | _Unclear] = {}
    unclear: dict[str, _Unclear] = {}
    strange: list[Row] = []
    for row in table.rows():
        value, figures = row.value(FIGURE_VALUE), expected.figures_of(row, unit)
        if not figures:
            if value is not None and not (is_own and isinstance(value, str) and not row.text(_telling(row))):
                strange.append(row)
            continue
        if len(figures) > 1:
            if value is not None:
                at, text = row.at(_telling(row)), row.text(FIGURE_CODE) or row.text(FIGURE_NAME)
                either, other = (f"“{item.name}” ({item.code})" for item in figures[:2])
                yield finding("D131", at, unit=unit, text=text, first=either, second=other, code=figures[0].code)
                unclear |= {item.code: _Unclear(at, "không rõ là số liệu nào") for item in figures}
            continue
        (measure,) = figures
        if not is_own and not expected.is_coded(row):
            code, text = measure.code, row.text(FIGURE_CODE) or row.text(FIGURE_NAME)
            problem = "T304" if row.text(FIGURE_CODE) else "T303"
            yield finding(problem, row.at(FIGURE_CODE), unit=unit, text=text, code=code)
        held = rows.get(measure.code)
        if held is None or (isinstance(held, Row) and held.value(FIGURE_VALUE) is None):
            rows[measure.code] = row
        elif value is not None:
            if isinstance(held, Row) and says_same(_typed(measure, held), _typed(measure, row)):
                continue
            first = held.at(FIGURE_VALUE) if isinstance(held, Row) else held.at
            yield finding("D116", row.at(FIGURE_VALUE), unit=unit, code=measure.code, first=first.address)
            rows[measure.code] = _Unclear(first, "hai giá trị khác nhau")
    yield from _strange(strange, unit, is_own=is_own)
    return {**unclear, **rows}


def _telling(row: Row) -> str:
    """The heading under which a row says what it is."""
    return FIGURE_CODE if FIGURE_CODE in row.table.columns else FIGURE_NAME


def _strange(rows: list[Row], unit: str, *, is_own: bool) -> Iterator[Finding]:
    """Rows with a value that are no figures of the plan."""
    called = [shown(row.value(FIGURE_CODE)) or row.text(FIGURE_NAME) or "(không có mã)" for row in rows]
    if is_own and len(rows) > 1:
        rows, called = rows[:1], [f"{first_few(called, _MOST_NAMED)} ({len(called)} dòng)"]
    for row, text in zip(rows, called, strict=True):
        yield finding("T302", row.at(_telling(row)), unit=unit, text=text)


def _typed(measure: Measure, row: Row) -> Typed:
    return typed_figure(measure, row.value(FIGURE_VALUE), row.number_format(FIGURE_VALUE))


def _entry(
    table: Table, measure: Measure, row: Row | _Unclear | None, unit: str, tasks: TaskRegister, *, is_asked: bool
) -> Told[FigureEntry]:
    if row is None:
        at = CellRef(table.file, table.sheet.name)
        blank = FigureEntry(unit, measure.code, State.MISSING, None, "", at)
        counted = _counted(blank, tasks)
        if counted is None and FIGURE_VALUE in table.columns and not is_asked:
            yield finding("D102", at, unit=unit, code=measure.code, name=measure.name)
        return counted or blank
    if isinstance(row, _Unclear):
        return FigureEntry(unit, measure.code, State.ERROR, None, row.why, row.at)
    at, cell = row.at(FIGURE_VALUE), _typed(measure, row)
    entry = FigureEntry(unit, measure.code, cell.state, cell.value, cell.text, at, **(yield from words(row, unit)))
    what, hint = figure_called(measure), figure_hint(measure)
    if cell.problem:
        yield finding(cell.problem, at, unit=unit, text=cell.text, what=what, hint=hint)
    for note in cell.notes:
        yield finding(note, at, unit=unit, text=cell.quoted(note))
    if cell.state is State.MISSING:
        counted = _counted(entry, tasks)
        if counted is not None:
            return counted
        if FIGURE_VALUE not in table.columns or (measure.counts and tasks.entries):
            return entry  # another finding says why there is no value, or why it could not be counted
        yield finding("D103", at, unit=unit, what=what, hint=hint)
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
