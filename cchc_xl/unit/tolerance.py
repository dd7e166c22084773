"""What a workbook's layout makes of the form: sheets as found come in, those that can be read and findings go out.

What was tolerated is a note; a sheet or column that cannot be read is one error, and nothing is said of its cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from cchc_xl.office.excel.tables import Row, Table, shown
from cchc_xl.plan.cells import BLANK
from cchc_xl.plan.methods import scoring
from cchc_xl.records import CellRef, Finding, LegacyText
from cchc_xl.text.catalogue import Told, finding
from cchc_xl.text.legacy_fonts import suspected
from cchc_xl.text.words import first_few, key, tidy
from cchc_xl.unit.form import (
    APPENDIX_SHEET,
    EVIDENCE,
    FIGURE_CODE,
    FIGURE_VALUE,
    FIGURES_SHEET,
    FORM,
    HEADING_ROW,
    SELF_POINTS,
)
from cchc_xl.unit.sheets import Expected, Layout

_USUAL_ROW = HEADING_ROW + 1
_SHOWN = 12


def readable(layout: Layout, file: str, unit: str, expected: Expected) -> Told[dict[str, Table]]:
    """The sheets whose codes and inputs can be told."""
    tables: dict[str, Table] = {}
    for name, form in FORM.items():
        found = layout.sheets.get(name)
        rivals = layout.rivals.get(name, ())
        if found is None:
            if rivals:
                told = ", ".join(f"“{rival.sheet.name}”" for rival in rivals)
                yield finding("D123", CellRef(file), unit=unit, sheets=told, name=name)
            elif not layout.part and _is_expected(name, unit, expected):
                headings = ", ".join(f"“{heading}”" for heading in form.headings if {heading} in form.marks)
                at, reason = layout.near.get(name, (CellRef(file), f"không sheet nào có các tiêu đề {headings}"))
                yield finding("D120", at, unit=unit, sheet=name, reason=reason)
            continue
        for rival in rivals:
            at = CellRef(file, rival.sheet.name)
            yield finding("D208", at, unit=unit, sheet=rival.sheet.name, name=name)
        doubled = [heading for heading in dict(found.again) if heading in form.required]
        for heading in doubled:  # which of the two counts is a guess
            at = found.at(found.heading_rows[-1], heading)
            yield finding("D122", at, unit=unit, sheet=found.sheet.name, heading=heading)
        if name in layout.own:
            yield from _hidden(found, unit)
        else:
            yield from _missing_columns(found, unit, expected)
            yield from _notes(found, unit)
            yield from unread_columns(found, "T315", unit)
        columns = {heading: column for heading, column in found.columns.items() if heading not in doubled}
        if form.code in (*columns, "") or name in layout.own:
            tables[name] = replace(found, columns=columns) if doubled else found
    return tables


def unread(tables: dict[str, Table]) -> tuple[str, ...]:
    """The sheets and input columns that are not there to be read."""
    whole = tuple(name for name in FORM if name not in tables)
    return (*whole, *(head for name, table in tables.items() for head in _inputs(name) if head not in table.columns))


def _inputs(name: str) -> tuple[str, ...]:
    """What a unit types under and is told about where it cannot be read."""
    return tuple(heading for heading in FORM[name].inputs if heading in FORM[name].required)


def _is_expected(name: str, unit: str, expected: Expected) -> bool:
    """Whether the unit has something to report on this sheet."""
    if name == APPENDIX_SHEET:
        return any(unit in node.lead for node in expected.leaves.values())
    return name == FIGURES_SHEET and bool(expected.entered[unit])


def _missing_columns(found: Table, unit: str, expected: Expected) -> Iterator[Finding]:
    """Columns of the appendix that something depends on; what may be left empty may be missing."""
    if found.name != APPENDIX_SHEET:
        return
    led = [node.criterion for node in expected.leaves.values() if unit in node.lead]
    wanted = {
        SELF_POINTS: any(scoring(criterion.method).by_hand for criterion in led),
        EVIDENCE: any(criterion.evidence for criterion in led),
    }
    for heading, is_wanted in wanted.items():
        if is_wanted and heading not in found.columns:
            at = CellRef(found.file, found.sheet.name)
            yield finding("D209", at, unit=unit, sheet=found.sheet.name, heading=heading)


def _notes(table: Table, unit: str) -> Iterator[Finding]:
    at = CellRef(table.file, table.sheet.name)
    row = table.heading_rows[-1]
    if key(table.sheet.name) != key(table.name):
        yield finding("T306", at, unit=unit, sheet=table.sheet.name, name=table.name)
    if len(table.heading_rows) > 1:
        yield finding("T307", table.at(row, FORM[table.name].headings[0]), unit=unit, rows=f"{row - 1}–{row}")
    elif row != _USUAL_ROW:
        yield finding("T311", table.at(row, FORM[table.name].headings[0]), unit=unit, row=row, usual=_USUAL_ROW)
    usual = {heading: number for number, heading in enumerate(FORM[table.name].headings, start=1)}
    moved = [heading for heading, column in table.columns.items() if usual[heading] != column]
    if moved:
        text = ", ".join(f"“{heading}”" for heading in moved)
        yield finding("T305", table.at(row, moved[0]), unit=unit, text=text)
    for number in table.repeated[:1]:
        yield finding("T308", table.at(number, FORM[table.name].headings[0]), unit=unit)
    yield from _hidden(table, unit)
    yield from _merged(table, unit)


def _hidden(table: Table, unit: str) -> Iterator[Finding]:
    rows = [number for number in table.sheet.hidden_rows if number > table.heading_rows[-1]]
    columns = [number for number in table.sheet.hidden_columns if number in table.columns.values()]
    filled = [number for number in rows if number <= len(table.sheet.rows) and any(table.sheet.rows[number - 1])]
    at = CellRef(table.file, table.sheet.name)
    if filled:
        told = first_few([str(number) for number in filled], _SHOWN, ", ")
        yield finding("T309", at, unit=unit, what=f"{len(filled)} dòng ({told})")
    if columns:
        names = [heading for heading, column in table.columns.items() if column in columns]
        yield finding("T309", at, unit=unit, what=f"{len(columns)} cột ({', '.join(names)})")


def unread_columns(table: Table, code: str, unit: str = "") -> Iterator[Finding]:
    """Columns that nobody reads and that hold something beside rows of the form: a finding with this code for each."""
    form = FORM[table.name]
    known = {*table.columns.values(), *(column for _, column in table.again)}
    unread = [column for column in range(1, max(map(len, table.sheet.rows)) + 1) if column not in known]
    held: dict[int, list[int]] = {}
    for row in table.rows() if unread else ():
        for column, value in ((column, row.values[column - 1]) for column in unread if column <= len(row.values)):
            if value is not None and shown(value) and any(map(row.text, form.headings[:2])):
                held.setdefault(column, []).append(row.number)
    for column, rows in held.items():
        texts = (shown(table.sheet.value(number, column)) for number in table.heading_rows)
        heading = " ".join(filter(None, texts))
        if heading not in form.beside and not form.familiar.is_other(heading):
            at = CellRef(table.file, table.sheet.name, rows[0], column)
            told = heading or "(không có tiêu đề)"
            yield finding(code, at, unit=unit, heading=told, count=len(rows), address=at.address)


def _merged(table: Table, unit: str) -> Iterator[Finding]:
    """Merged cells in the columns a unit types in: only the first cell of a range holds its value."""
    inputs = {table.columns[heading] for heading in _inputs(table.name) if heading in table.columns}
    for top, left, bottom, right in table.sheet.merges:
        below = table.heading_rows[-1] < top <= table.end
        if below and bottom > top and any(left <= column <= right for column in inputs):
            at = CellRef(table.file, table.sheet.name, top, left)
            yield finding("T312", at, unit=unit, text=at.to(bottom, right))


def doubts(tables: dict[str, Table], unit: str) -> Iterator[Finding]:
    """Cells below the headings that show something else than they store, where something of the form is read."""
    for table in tables.values():
        for code, at, text in table.doubts(table.columns):
            yield finding(code, at, unit=unit, text=text or BLANK)


def legacy_findings(tables: dict[str, Table], unit: str, expected: Expected) -> Iterator[Finding]:
    """Text that was converted from a legacy font: a warning where it decides a figure, else one note a sheet."""
    for table in tables.values():
        below = [item for item in table.sheet.legacy if item.row > table.heading_rows[-1]]
        telling = [item for item in table.clock.over(below) if _is_figure(table, item, expected)]
        told = frozenset(telling)
        for item in telling:
            at = CellRef(table.file, table.sheet.name, item.row, item.column)
            yield finding("D206", at, unit=unit, font=item.font, text=_shown(table, item))
        others = (item for item in table.sheet.legacy if item not in told)
        for item in islice(others, 1):
            at = CellRef(table.file, table.sheet.name, item.row, item.column)
            yield finding("T310", at, unit=unit, font=item.font, text=_shown(table, item))


def suspected_findings(tables: dict[str, Table], unit: str) -> Iterator[Finding]:
    """One warning a sheet where a text looks like a legacy encoding though its font is not a legacy one."""
    for table in tables.values():
        cells = (
            (row, column, value)
            for row in table.rows()
            for column, value in enumerate(row.values, start=1)
            if isinstance(value, str) and not value.isascii() and suspected(value)
        )
        for row, column, value in islice(cells, 1):
            at = CellRef(table.file, table.sheet.name, row.number, column)
            yield finding("D207", at, unit=unit, text=tidy(value)[:80], encoding=suspected(value))


def _is_figure(table: Table, item: LegacyText, expected: Expected) -> bool:
    """Whether the text stands in the row of a figure, in a column that decides its value."""
    row = Row(table, item.row, table.sheet.rows[item.row - 1])
    return (
        table.name == FIGURES_SHEET
        and item.column in (table.columns.get(FIGURE_CODE), table.columns.get(FIGURE_VALUE))
        and bool(expected.figures_of(row))
    )


def _shown(table: Table, item: LegacyText) -> str:
    return tidy(str(table.sheet.value(item.row, item.column)))[:80]
