"""The appendix as units have always returned it: a workbook of their own making comes in, the form's tables go out.

Headings are known by the words with which they begin, rows by the plan's codes or names. A result merged over several
rows is the result of each, further columns of text are read with the one that they belong to, and a table with columns
of several units becomes a table of each. Contract: design §4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from cchc_xl.office.excel.bounds import Clock, Place
from cchc_xl.office.excel.readers import with_values
from cchc_xl.office.excel.tables import Table, find, heading_key, shown
from cchc_xl.plan.figure_values import no_text
from cchc_xl.records import CellRef, Finding, RawForm, Value
from cchc_xl.text.catalogue import finding
from cchc_xl.unit.form import APPENDIX_SHEET, CODE, EVIDENCE, FORM, NAME, REASON, RESULT
from cchc_xl.unit.sheets import Expected, code_parts, is_numbering
from cchc_xl.unit.tolerance import unread_columns

_FORM = FORM[APPENDIX_SHEET]
_NEEDED = (frozenset((CODE, NAME)), frozenset(_FORM.inputs))
_TEXTS = (RESULT, EVIDENCE, REASON)
_PARTS = re.compile(r"[\n:()\[\];]|\s[-–]\s")
# Headings that only the plan's own lists of criteria and of points have.
_PLAN_HEADINGS = frozenset(map(heading_key, ("Cách chấm", "Gồm từ")))
_OTHER_SHEETS = {name: sheet for name, sheet in FORM.items() if name != APPENDIX_SHEET}
_MOST_FILLED = 20_000  # cells of merged ranges


@dataclass(frozen=True, slots=True)
class Familiar:
    """A table under the form's headings; ``unit`` is the one that its columns or its sheet name, '' for none."""

    table: Table
    unit: str
    findings: tuple[Finding, ...]


def familiar_tables(form: RawForm, expected: Expected, clock: Clock) -> tuple[Familiar, ...]:
    """The tables of the plan's appendix in a workbook; of several sheets those in which something was typed.

    Raises :class:`~cchc_xl.office.excel.bounds.OutOfTimeError`.
    """
    found: list[Familiar] = []
    for sheet in clock.over(form.sheets):
        table = find(sheet, form.source.file, APPENDIX_SHEET, _FORM.familiar, _NEEDED, clock)
        if table is None or sheet.hidden or _is_another(table):
            continue
        if _is_of_the_plan(table, expected):
            found += _by_unit(_without_numbering(table), expected)
    filled = [item for item in found if any(item.table.typed(_FORM.inputs))]
    return tuple(filled or found[:1])


def _is_another(table: Table) -> bool:
    """Whether the sheet is another of the form, or the plan's ``Bộ chỉ số``, ``Thang điểm``: they hold codes too."""
    cells = (value for number in table.heading_rows for value in table.sheet.rows[number - 1])
    if any(isinstance(value, str) and heading_key(value) in _PLAN_HEADINGS for value in cells):
        return True
    others = _OTHER_SHEETS.items()
    return any(find(table.sheet, table.file, name, sheet.wanted, sheet.marks, table.clock) for name, sheet in others)


def _is_of_the_plan(table: Table, expected: Expected) -> bool:
    """Whether rows have names of the plan, or codes that no other numbered table has by chance."""
    named = (row for row in table.rows() if expected.named(row.text(NAME)))
    coded = (row for row in table.rows() if len(code_parts(row.text(CODE))) > 1 and expected.code(row.text(CODE)))
    return any(named) or len(tuple(islice(coded, 2))) == 2


def _without_numbering(table: Table) -> Table:
    """The table without the row below its headings that only numbers the columns."""
    first = next(table.rows(), None)
    if first is not None and first.number == table.heading_rows[-1] + 1 and is_numbering(first, NAME):
        return replace(table, repeated=(*table.repeated, first.number))
    return table


def _by_unit(table: Table, expected: Expected) -> Iterator[Familiar]:
    """The table of each unit that its columns name; else the one table, with its unit where the sheet names it."""
    columns = [*table.columns.items(), *table.again]
    owners = {column: _unit_over(table, column, expected) for heading, column in columns if heading in _FORM.inputs}
    units = tuple(dict.fromkeys(filter(None, owners.values())))
    for unit in units if len(units) > 1 else ("",):
        own = [item for item in columns if not unit or owners.get(item[1], unit) in ("", unit)]
        first: dict[str, int] = {}
        for heading, column in own:
            first.setdefault(heading, column)
        again = tuple(item for item in own if first[item[0]] != item[1])
        made, findings = _whole(replace(table, columns=first, again=again))
        yield Familiar(made, unit or expected.register.unit(table.sheet.name) or "", findings)


def _unit_over(table: Table, column: int, expected: Expected) -> str:
    """The unit that a heading of the column names, be it merged over several."""
    places = [(row, column) for row in table.heading_rows]
    for top, left, bottom, right in table.sheet.merges:
        if left <= column <= right and top <= table.heading_rows[-1] and bottom >= table.heading_rows[0] - 1:
            places.append((top, left))
    for row, place in places:
        value = table.sheet.value(row, place)
        for text in _PARTS.split(value) if isinstance(value, str) else ():
            if unit := expected.register.unit(text):
                return unit
    return ""


def _whole(table: Table) -> tuple[Table, tuple[Finding, ...]]:
    """The table with merged results in every row they are for, and texts of further columns joined to the first."""
    findings: list[Finding] = []
    values: dict[Place, Value] = {}
    columns = {table.columns[heading]: heading for heading in _FORM.inputs if heading in table.columns}
    columns |= {column: heading for heading, column in table.again if heading in _TEXTS}
    for top, left, bottom, _ in table.sheet.merges:
        heading = columns.get(left, "")
        if not heading or bottom == top or top <= table.heading_rows[-1]:
            continue
        value = table.sheet.value(top, left)
        if heading in _TEXTS:
            rows = range(top + 1, min(bottom, len(table.sheet.rows), top + _MOST_FILLED - len(values)) + 1)
            values |= {(row, left): value for row in rows}
        elif value is not None:
            at = CellRef(table.file, table.sheet.name, top, left)
            told = {"address": at.to(bottom, left), "text": shown(value), "heading": heading}
            findings.append(finding("D129", at, **told))
            values[top, left] = None
    sheet = with_values(table.sheet, values)
    extra = [(heading, column) for heading, column in table.again if heading in _TEXTS]
    joined = {
        (number, table.columns[heading]): text
        for number, row in enumerate(sheet.rows[table.heading_rows[-1] :], start=table.heading_rows[-1] + 1)
        for heading in dict(extra)
        if (text := _joined(row, [table.columns[heading], *(column for name, column in extra if name == heading)]))
    }
    kept = tuple(item for item in table.again if item[0] not in _TEXTS)
    made = replace(table, sheet=with_values(sheet, joined), again=kept)
    return made, (*findings, *unread_columns(table, "D130"))


def _joined(row: tuple[Value, ...], columns: list[int]) -> str:
    """The texts in these columns of a row as one; '' where the first column alone says it all, or one holds no text."""
    values = [row[column - 1] for column in columns if column <= len(row) and row[column - 1] is not None]
    alone = columns[0] <= len(row) and row[columns[0] - 1] is not None and len(values) == 1
    return "" if alone or any(map(no_text, values)) else "; ".join(map(shown, values))
