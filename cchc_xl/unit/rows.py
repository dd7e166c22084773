"""The sheet ``Phụ lục`` of a unit's workbook: rows come in, one :class:`CriterionEntry` per known row goes out."""

from __future__ import annotations

import re
from dataclasses import replace

from cchc_xl.office.excel.tables import Row, Table, shown
from cchc_xl.records import CriterionEntry, Kind, State, Value
from cchc_xl.text.catalogue import Told, finding
from cchc_xl.text.numbers import shortest
from cchc_xl.text.words import key
from cchc_xl.unit.figures import Typed, typed, words
from cchc_xl.unit.form import APPENDIX_SHEET, CODE, EVIDENCE, FORM, LEVEL, NAME, RESULT, SELF_POINTS
from cchc_xl.unit.sheets import Expected


def criterion_entries(table: Table | None, unit: str, expected: Expected) -> Told[tuple[CriterionEntry, ...]]:
    """An entry for every row whose criterion the plan knows; what a row says of others is a note."""
    if table is None:
        return ()
    entries: dict[str, CriterionEntry] = {}
    inputs = (table.columns[heading] for heading in FORM[APPENDIX_SHEET].inputs if heading in table.columns)
    before_inputs = min(inputs, default=1) - 1
    for row in table.rows():
        if (
            len(row.values) <= before_inputs
            and isinstance(row.value(CODE), str)
            and not _leads(row.text(CODE), unit, expected)
        ):
            continue  # most rows: nothing typed, and not the unit's own
        code = yield from _code(row, unit, expected)
        if not code:
            continue
        if code not in expected.codes:
            if _filled(row):
                yield finding("T302", row.at(CODE), unit=unit, text=code)
            continue
        if not _leads(code, unit, expected) and not _filled(row):
            continue
        entry = yield from _entry(row, code, unit, expected)
        if code not in entries:
            entries[code] = entry
        elif _told(entry) and _told(entries[code]) and _told(entry) != _told(entries[code]):
            first = entries[code].at.address
            yield finding("D116", entry.at, unit=unit, criterion=code, code=code, first=first)
            entries[code] = replace(entries[code], level_state=State.ERROR, self_state=State.ERROR, self_points=None)
        elif not _told(entries[code]):
            entries[code] = entry
    return tuple(entries.values())


def _leads(code: str, unit: str, expected: Expected) -> bool:
    node = expected.leaves.get(code)
    return node is not None and unit in node.lead


def _told(entry: CriterionEntry) -> tuple[object, ...]:
    told = (entry.level, entry.self_points, entry.evidence, entry.result)
    return told if any(item not in ("", None) for item in told) else ()


def _filled(row: Row) -> bool:
    return any(row.value(heading) is not None for heading in FORM[APPENDIX_SHEET].inputs)


def _code(row: Row, unit: str, expected: Expected) -> Told[str]:
    """The row's code; one that Excel turned into a number or a date is recovered from the name, or is a finding."""
    value, text, at = row.value(CODE), row.text(CODE), row.at(CODE)
    named = expected.names.get(key(row.text(NAME)), ())
    if value is None:
        if _filled(row):
            told = next((row.text(heading) for heading in FORM[APPENDIX_SHEET].inputs if row.text(heading)), "")
            yield finding("T303", at, unit=unit, text=told)
        return ""
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, str) or (whole and text in expected.codes):
        if named and text not in named and text in expected.codes:
            yield finding("D202", at, unit=unit, criterion=text, text=text, name=row.text(NAME), other=named[0])
        return text
    by_format = _by_format(value, row.number_format(CODE))
    if len(named) != 1 and by_format in expected.codes:
        named = (by_format,)
    if len(named) == 1:
        yield finding("T304", at, unit=unit, criterion=named[0], text=shown(value), code=named[0])
        return named[0]
    if _filled(row):
        yield finding("D117", at, unit=unit, text=shown(value))
    return ""


def _by_format(value: Value, number_format: str) -> str:
    """The code as its cell shows it: 1.1 in a cell of the format 0.00 was typed as 1.10."""
    if isinstance(value, float) and re.fullmatch(r"0\.0+", number_format):
        return f"{shortest(value):.{len(number_format) - 2}f}"
    return ""


def _entry(row: Row, code: str, unit: str, expected: Expected) -> Told[CriterionEntry]:
    leads = _leads(code, unit, expected)
    level = typed(row.value(LEVEL), Kind.TEXT, "")
    points = typed(row.value(SELF_POINTS), Kind.DECIMAL, row.number_format(SELF_POINTS))
    if leads:
        for cell, heading in ((level, LEVEL), (points, SELF_POINTS)):
            if cell.problem:
                yield finding(cell.problem, row.at(heading), unit=unit, criterion=code, text=cell.text)
        if {level.state, points.state} == {State.KNOWN, State.NOT_APPLICABLE}:
            first = row.at(SELF_POINTS).address
            yield finding("D116", row.at(LEVEL), unit=unit, criterion=code, code=code, first=first)
            level, points = (Typed(State.ERROR, text=cell.text) for cell in (level, points))
    texts = yield from words(row, unit)
    away = State.NOT_APPLICABLE in (level.state, points.state)
    return CriterionEntry(
        unit=unit,
        criterion=code,
        leads=leads,
        level=level.text,
        level_state=State.NOT_APPLICABLE if away else level.state,
        self_points=points.value if points.state is State.KNOWN else None,
        self_state=State.NOT_APPLICABLE if away else points.state,
        at=row.at(RESULT),
        at_level=row.at(LEVEL),
        at_self=row.at(SELF_POINTS),
        at_evidence=row.at(EVIDENCE),
        **texts,
    )
