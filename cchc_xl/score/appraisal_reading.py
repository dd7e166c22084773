"""The Office's appraisal read back: its workbook and the plan in force come in, every entry goes out or why it cannot.

It is the one file that nobody can make again. Whatever stands in it is ours and unchanged, is an entry that the next
workbook carries on, or is told at its cell with what to do; of the last kind each stops the run (:data:`STOPS`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cchc_xl.office.excel import Refused, beside_cells, read
from cchc_xl.office.excel.disk import modified
from cchc_xl.office.excel.tables import HEADING_ROWS, Headings, Row, Table, shown
from cchc_xl.records import (
    Appraisal,
    CellRef,
    Edition,
    ErrorValue,
    Finding,
    Node,
    RawForm,
    RawSheet,
    SourceFile,
    Supplied,
    UnitNote,
    Value,
    is_number,
)
from cchc_xl.score.appraisal import (
    AGENCY,
    BASIS,
    CODE,
    CONFIRM,
    CONTENT,
    CURRENT,
    ENTERED,
    EVIDENCE_HEADINGS,
    EVIDENCE_SHEET,
    FORMER_PROGRESS,
    HEADINGS,
    KIND,
    MARKS,
    NOTES,
    NOTES_SHEET,
    POINTS,
    PROGRESS,
    SHEET,
    SHOWN,
    STAMP_AGENCY,
    STAMP_KIND,
    STAMP_PERIOD,
    STATE,
    STATES,
    SUPPLIED_SHEET,
    TITLE,
    as_text,
    content_fingerprint,
    points_of,
)
from cchc_xl.score.kept_rows import (
    around,
    beyond_keeping,
    changed,
    holds,
    is_kept,
    kept_as,
    kept_cells,
    kept_tables,
    typed_over,
    under_no_heading,
)
from cchc_xl.text.catalogue import Told, collected, finding
from cchc_xl.text.numbers import is_percent_format, plain, shortest
from cchc_xl.text.system_error import ToldError
from cchc_xl.text.words import key

# Findings of what cannot be carried on: a run that went on would lose it.
STOPS = frozenset(("A102", "A103", "A104", "A105", "A106", "A107", "A108", "A109", "A110"))
_NAME = SHOWN[1]
_LEAST_HEADINGS = 4  # of a row that is taken for the headings
_MOST_TOLD = 50
_OWN_LINES = frozenset(map(key, NOTES))


class AppraisalLostError(ToldError):
    """The workbook written does not hold every entry read; the text is one sentence for the officer."""


def read_appraisals(form: RawForm, edition: Edition) -> tuple[tuple[Appraisal, ...], tuple[Finding, ...]]:
    """The entries of an appraisal workbook, and the findings of their cells.

    A row without anything entered gives no appraisal. Points that are no number, or do not fit the rule's minimum, step
    and maximum, are an error and are not used; the entry is kept. Where a finding is one of :data:`STOPS`, the entries
    must not be used: something of the workbook is not among them.
    """
    stranger = next(_of_another(form, edition), None)
    if stranger is not None:
        return (), (stranger,)
    tables = [table for sheet in form.sheets if (table := table_of(sheet, form.source.file)) is not None]
    if not tables:
        return (), (finding("A102", CellRef(form.source.file), sheet=SHEET),)
    main = min(tables, key=lambda table: (key(table.sheet.name) != key(SHEET), -len(_contents(table))))
    stranger = _of_another_plan(main, edition)
    if stranger is not None:
        return (), (stranger,)
    lacking = tuple(_lacking(main))
    if lacking:
        return (), lacking
    entries, told = collected(_entries(main, edition))
    lost = (*around(main, _OWN_LINES, TITLE, _above), *told, *_elsewhere(form, main, tables), *_unkept(form))
    return entries, lost[:_MOST_TOLD] if any(item.code in STOPS for item in lost) else lost


def check_written(
    appraisals: Iterable[Appraisal], path: Path, supplied: Iterable[Supplied] = (), notes: Iterable[UnitNote] = ()
) -> None:
    """Reads the workbook at ``path`` and compares every cell of every entry with what is in it.

    ``supplied`` and ``notes`` are the rows of the other sheets that people write in, which must be there too.

    Raises :class:`AppraisalLostError`, which names the first that is not there as it was. Where there is nothing that
    could be lost, nothing is read.
    """
    appraisals, supplied, notes = tuple(appraisals), tuple(supplied), tuple(notes)
    if not (appraisals or supplied or notes):
        return
    stat = path.stat()
    form = read(SourceFile(path.name, str(path), stat.st_size, modified(stat)))
    if isinstance(form, Refused):
        raise AppraisalLostError(f"{path.name} vừa ghi không đọc lại được: kết quả cũ được giữ nguyên, hãy chạy lại.")
    table = next((table for sheet in form.sheets if (table := table_of(sheet, path.name)) is not None), None)
    held = {} if table is None else dict(_contents(table))
    for item in appraisals:
        row = held.get(item.code)
        for heading, value in zip(ENTERED, item.entered, strict=True):
            if kept_as(value) != ("" if row is None else kept_as(row.value(heading))):
                raise _lost(f"“{heading}” của tiêu chí {item.code} ({item.at.sheet} › {item.at.address})")
    rows: dict[str, Iterable[Supplied | UnitNote]] = {SUPPLIED_SHEET: supplied, NOTES_SHEET: notes}
    for name, kept in rows.items():
        there = {kept_cells(row) for table in kept_tables(form, name) for row in table.rows()}
        for one in kept:
            if tuple(map(kept_as, one.entered)) not in there:
                raise _lost(f"dòng {one.at.row} ({one.at.sheet} › {one.at.address})")


def _lost(where: str) -> AppraisalLostError:
    return AppraisalLostError(
        f"Nội dung ở {where} trong tệp thẩm định không giữ nguyên được cho lần sau, kết quả cũ được giữ nguyên: hãy "
        "nhập lại ô này bằng chữ hoặc số thường rồi chạy lại."
    )


def _of_another(form: RawForm, edition: Edition) -> Iterator[Finding]:
    """Where the stamp names another kind of workbook, period or agency."""
    stamp, file = dict(form.stamp), form.source.file
    period, agency = edition.period, edition.plan.settings.agency
    if stamp.get(STAMP_KIND, KIND) != KIND or "unit" in stamp:
        yield finding("A102", CellRef(file), sheet=SHEET)
    if stamp.get(STAMP_PERIOD, period.code) != period.code:
        yield finding("A106", CellRef(file), whose=f"kỳ {stamp[STAMP_PERIOD]}", own=f"kỳ {period.code}")
    for sheet in form.sheets:
        for number, row in enumerate(sheet.rows[:HEADING_ROWS], start=1):
            first = row[0] if row else None
            if not isinstance(first, str):
                continue
            title, _, named = first.partition("–")
            named = named if key(title) == key(TITLE) else ""
            names = (item.name for item in edition.plan.periods if key(item.name) == key(named))
            other = next(names, period.name) if STAMP_PERIOD not in stamp else period.name
            if key(other) != key(period.name):
                yield finding("A106", CellRef(file, sheet.name, number, 1), whose=other, own=period.name)
            if key(first) == key(AGENCY) and agency:
                told = shown(row[1]) if len(row) > 1 and row[1] is not None else stamp.get(STAMP_AGENCY, "")
                if told and key(told) != key(agency):
                    yield finding("A107", CellRef(file, sheet.name, number, 2), whose=told, own=agency)


def _of_another_plan(table: Table, edition: Edition) -> Finding | None:
    """Where most of its criteria are none of the plan's: entries would be held against what they were not made on."""
    names = {node.criterion.code: key(node.criterion.name) for node in edition.nodes}
    rows = [(row.text(CODE), key(row.text(_NAME))) for row in table.rows() if row.text(CODE) and row.text(_NAME)]
    known = sum(names.get(code) == name for code, name in rows)
    if len(rows) < _LEAST_HEADINGS or known * 2 >= len(rows):
        return None
    at = CellRef(table.file, table.sheet.name)
    return finding("A106", at, whose="kế hoạch khác", own=f"kế hoạch {edition.plan.file}")


def table_of(sheet: RawSheet, file: str) -> Table | None:
    """The appraisal table of a sheet: under the row of the first 20 that has most of the headings."""
    wanted, best = Headings(HEADINGS), (dict[str, int](), 0)
    for number, row in enumerate(sheet.rows[:HEADING_ROWS], start=1):
        columns: dict[str, int] = {}
        for column, value in enumerate(row, start=1):
            heading = wanted.of(value) if isinstance(value, str) else None
            if heading is not None:
                columns.setdefault(heading, column)
        if len(columns) > len(best[0]):
            best = columns, number
    columns, number = best
    if CODE not in columns or len(columns) < _LEAST_HEADINGS or columns.keys().isdisjoint(ENTERED):
        return None
    formats = {(row, column): text for row, column, text in sheet.formats}
    return Table(SHEET, file, sheet, (number,), columns, (), (), len(sheet.rows), formats)


def _contents(table: Table) -> list[tuple[str, Row]]:
    """The rows that hold an entry, with their codes."""
    return [(_code(row), row) for row in table.rows() if any(row.value(heading) is not None for heading in ENTERED)]


def _code(row: Row) -> str:
    value = row.value(CODE)
    return row.text(CODE) or ("" if isinstance(value, ErrorValue) else as_text(value))


def _lacking(table: Table) -> Iterator[Finding]:
    """The columns that people write into and that are not there under their headings."""
    head = table.heading_rows[0]
    row = table.sheet.rows[head - 1]
    known = frozenset(table.columns.values())
    for heading in (*ENTERED, CONFIRM):
        if heading not in table.columns:
            usual = HEADINGS.index(heading) + 1
            renamed = usual not in known and usual <= len(row) and shown(row[usual - 1])
            at = CellRef(table.file, table.sheet.name, head, usual if usual not in known else 1)
            yield finding("A103", at, heading=heading, row=head, text=renamed or "")


@dataclass(frozen=True, slots=True)
class _Held:
    """An entry as read, and its row."""

    entry: Appraisal
    row: Row


def _entries(table: Table, edition: Edition) -> Told[tuple[Appraisal, ...]]:
    nodes = {node.criterion.code: node for node in edition.leaves}
    held: dict[str, _Held] = {}
    for row in table.rows():
        yield from under_no_heading(row)
        if all(row.value(heading) in (heading, None) for heading in HEADINGS):  # blank, or the headings once more
            continue
        yield from _own_cells(row)
        code = _code(row)
        entry = _entry(row, code)
        yield from _loose(row, code, entry, known=code in nodes)
        if entry is None or not code:
            continue
        before = held.get(code)
        if before is None:
            held[code] = _Held(entry, row)
        elif list(map(kept_as, before.entry.entered)) != list(map(kept_as, entry.entered)):
            other = before.entry.at.address
            yield finding("A105", row.at(CODE), criterion=code, code=code, other=other)
    entries = []
    for item in held.values():
        entries.append((yield from _judged(item.entry, nodes.get(item.entry.code), item.row)))
    return tuple(entries)


def _loose(row: Row, code: str, entry: Appraisal | None, *, known: bool) -> Iterator[Finding]:
    """What stands in a row that is no criterion's."""
    if not code:
        for heading in (CODE, *ENTERED, CONFIRM):
            value = row.value(heading)
            if value is not None:
                yield finding("A108", row.at(heading), text=shown(value))
                return
    elif entry is None and not known and not row.value(CURRENT) and not row.value(MARKS):
        yield finding("A104", row.at(CODE), text=code)


def _own_cells(row: Row) -> Iterator[Finding]:
    """Cells of the row that are ours and hold something else now."""
    yield from typed_over(row, SHOWN[1:])
    if key(row.text(CONFIRM)) not in {"", "x"} or (row.value(CONFIRM) is not None and not row.text(CONFIRM)):
        yield finding("A109", row.at(CONFIRM), heading=CONFIRM, text=shown(row.value(CONFIRM)))
    if row.value(STATE) is not None and row.text(STATE) not in STATES:
        yield finding("A109", row.at(STATE), heading=STATE, text=shown(row.value(STATE)))


def _above(row: Sequence[Value], column: int) -> bool:
    """Whether a cell above the main table is one of ours: the agency's name, or what is counted."""
    names_agency = isinstance(row[0], str) and key(row[0]) == key(AGENCY)
    return (names_agency and column <= 2) or _counts(row, column)


def _counts(row: Sequence[Value], column: int) -> bool:
    """Whether a cell above the table is one of ours that count, or the label beside it."""
    return any(shown(value) in (*PROGRESS, *FORMER_PROGRESS) for value in row[max(0, column - 2) : column])


def _elsewhere(form: RawForm, main: Table, tables: list[Table]) -> Iterator[Finding]:
    """What the other sheets hold and the appraisal sheet does not."""
    entered = {
        (code, heading): kept_as(row.value(heading)) for code, row in _contents(main) for heading in (*ENTERED, CONFIRM)
    }
    copies = {table.sheet.name: table for table in tables}
    for sheet in form.sheets:
        if sheet.name == main.sheet.name or is_kept(sheet, form.source.file):
            continue
        if sheet.name in copies:
            yield from _of_copy(copies[sheet.name], entered)
        else:
            yield from _of_sheet(sheet, form.source.file)


def _of_copy(copy: Table, entered: dict[tuple[str, str], str]) -> Iterator[Finding]:
    """A copy of the sheet may go where it says nothing that the sheet does not say."""
    for row in copy.rows():
        yield from under_no_heading(row)
        for heading in ENTERED:
            value = row.value(heading)
            if value is not None and value != heading and entered.get((_code(row), heading)) != kept_as(value):
                yield finding("A104", row.at(heading), text=shown(value))
        for heading in changed(row, SHOWN[1:]):
            yield finding("A104", row.at(heading), text=shown(row.value(heading)))
    for number, above in enumerate(copy.sheet.rows[: copy.heading_rows[0] - 1], start=1):
        for column, value in enumerate(above, start=1):
            if holds(value) and column > 2 and not _counts(above, column):
                yield finding("A104", CellRef(copy.file, copy.sheet.name, number, column), text=shown(value))


def _of_sheet(sheet: RawSheet, file: str) -> Iterator[Finding]:
    """Of the sheet of evidence what is not ours, of any other sheet everything."""
    told = EVIDENCE_HEADINGS[:-1]  # and behind them the marks, which older workbooks have not
    named = bool(sheet.rows) and key(sheet.name) == key(EVIDENCE_SHEET)
    head = tuple(map(shown, sheet.rows[0])) if named else ()
    is_marked = head[: len(EVIDENCE_HEADINGS)] == EVIDENCE_HEADINGS
    ours = len(EVIDENCE_HEADINGS) if is_marked else len(told) if head[: len(told)] == told else 0  # columns
    columns = {heading: number for number, heading in enumerate(EVIDENCE_HEADINGS, start=1)}
    table = Table(EVIDENCE_SHEET, file, sheet, (1,), columns, (), (), len(sheet.rows), {})
    for row in table.rows() if is_marked else ():
        for heading in changed(row, told):
            yield finding("A104", row.at(heading), text=shown(row.value(heading)))
    for number, values in enumerate(sheet.rows, start=1):
        for column, value in enumerate(values[ours:], start=ours + 1):
            if holds(value):
                yield finding("A104", CellRef(file, sheet.name, number, column), text=shown(value))


def _unkept(form: RawForm) -> Iterator[Finding]:
    """What no cell shows, or no reader reads whole: comments, pictures, cells far away, texts that are too long."""
    for told in beside_cells(form.source):
        yield finding("A110", CellRef(form.source.file), what=told)
    for sheet in form.sheets:
        for row, column in (*sheet.outside[:1], *sheet.cut[:1]):
            at = CellRef(form.source.file, sheet.name, row, column)
            yield finding("A110", at, what="nội dung quá xa hoặc quá dài")


def _entry(row: Row, code: str) -> Appraisal | None:
    entered = tuple(_as_entered(row, heading) for heading in ENTERED)
    content = content_fingerprint(entered)
    if not content:
        return None
    renewed = content != row.text(CONTENT) or key(row.text(CONFIRM)) == "x"
    return Appraisal(
        code=code,
        name=row.text(_NAME),
        entered=entered,
        points=None,
        basis=row.text(CURRENT if renewed else BASIS),
        at=row.at(POINTS[0]),
    )


def _as_entered(row: Row, heading: str) -> Value:
    """The value; one that is shown in percent as the text that is seen, for the next workbook has its own formats."""
    value = row.value(heading)
    if is_number(value) and math.isfinite(value) and is_percent_format(row.number_format(heading)):
        return f"{plain(shortest(value) * 100)}%"
    return value


def _judged(appraisal: Appraisal, node: Node | None, row: Row) -> Told[Appraisal]:
    """With the points of the last round that gives any, if the rule allows them."""
    code = appraisal.code
    yield from beyond_keeping(row, ENTERED)
    if node is None:
        yield finding("A202", appraisal.at, criterion=code, code=code)
        return appraisal
    last = next((heading for heading in reversed(POINTS) if row.value(heading) is not None), None)
    if last is None:
        return appraisal
    points, problem = points_of(code, appraisal.entered, node, row.at(last))
    if problem is not None:
        yield problem
        return appraisal
    return replace(appraisal, points=points, at=row.at(last))
