"""The sheet ``Phụ lục`` of a unit's workbook: rows come in, one :class:`CriterionEntry` per known row goes out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

from cchc_xl.plan.methods import scoring
from cchc_xl.records import CriterionEntry, Finding, Kind, State, Value
from cchc_xl.text.catalogue import finding
from cchc_xl.text.numbers import plain, shortest
from cchc_xl.text.words import key
from cchc_xl.unit.figures import Typed, typed
from cchc_xl.unit.form import APPENDIX_INPUTS, CODE, EVIDENCE, LEVEL, NAME, REASON, RESULT, SELF_POINTS
from cchc_xl.unit.sheets import Expected, FormSheet, Row


def criterion_entries(
    sheet: FormSheet | None, unit: str, expected: Expected, findings: list[Finding]
) -> tuple[CriterionEntry, ...]:
    """An entry for every row whose criterion the plan knows; what a row says of others is a note."""
    if sheet is None:
        return ()
    entries: dict[str, CriterionEntry] = {}
    first_input = min(
        (sheet.columns[heading] - 1 for heading in APPENDIX_INPUTS if heading in sheet.columns), default=0
    )
    for number, row in sheet.rows():
        if (
            len(row) <= first_input
            and isinstance(sheet.value(row, CODE), str)
            and not _leads(sheet, row, unit, expected)
        ):
            continue  # most rows: nothing typed, and not the unit's own
        code = _code(sheet, number, row, unit, expected, findings)
        if not code:
            continue
        if code not in expected.codes:
            if _filled(sheet, row):
                findings.append(finding("T302", sheet.at(number, CODE), unit=unit, text=code))
            continue
        node = expected.leaves.get(code)
        if (node is None or unit not in node.lead) and not _filled(sheet, row):
            continue
        entry = _entry(sheet, number, row, code, unit, expected, findings)
        if code not in entries:
            entries[code] = entry
        elif _told(entry) and _told(entries[code]) and _told(entry) != _told(entries[code]):
            first = entries[code].at.address
            findings.append(finding("D116", entry.at, unit=unit, criterion=code, code=code, first=first))
            entries[code] = replace(entries[code], level_state=State.ERROR, self_state=State.ERROR, self_points=None)
        elif not _told(entries[code]):
            entries[code] = entry
    return tuple(entries.values())


def _leads(sheet: FormSheet, row: Row, unit: str, expected: Expected) -> bool:
    node = expected.leaves.get(sheet.text(row, CODE))
    return node is not None and unit in node.lead


def _told(entry: CriterionEntry) -> tuple[object, ...]:
    told = (entry.level, entry.self_points, entry.evidence, entry.result)
    return told if any(item not in ("", None) for item in told) else ()


def _filled(sheet: FormSheet, row: Row) -> bool:
    return any(sheet.value(row, heading) is not None for heading in APPENDIX_INPUTS)


def _code(sheet: FormSheet, number: int, row: Row, unit: str, expected: Expected, findings: list[Finding]) -> str:
    """The row's code; one that Excel turned into a number or a date is recovered from the name, or is a finding."""
    value = sheet.value(row, CODE)
    text = sheet.text(row, CODE)
    named = expected.names.get(key(sheet.text(row, NAME)), ())
    at = sheet.at(number, CODE)
    if value is None:
        if _filled(sheet, row):
            shown = next((sheet.text(row, heading) for heading in APPENDIX_INPUTS if sheet.text(row, heading)), "")
            findings.append(finding("T303", at, unit=unit, text=shown))
        return ""
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, str) or (whole and text in expected.codes):
        if named and text not in named and text in expected.codes:
            findings.append(
                finding("D202", at, unit=unit, criterion=text, text=text, name=sheet.text(row, NAME), other=named[0])
            )
        return text
    by_format = _by_format(value, sheet.number_format(number, CODE))
    if len(named) != 1 and by_format in expected.codes:
        named = (by_format,)
    shown = f"{value:%d/%m/%Y}" if isinstance(value, date) else text or str(getattr(value, "text", value))
    if len(named) == 1:
        findings.append(finding("T304", at, unit=unit, criterion=named[0], text=shown, code=named[0]))
        return named[0]
    if _filled(sheet, row):
        findings.append(finding("D117", at, unit=unit, text=shown))
    return ""


def _by_format(value: Value, number_format: str) -> str:
    """The code as its cell shows it: 1.1 in a cell of the format 0.00 was typed as 1.10."""
    if isinstance(value, float) and re.fullmatch(r"0\.0+", number_format):
        return f"{shortest(value):.{len(number_format) - 2}f}"
    return ""


def _entry(
    sheet: FormSheet,
    number: int,
    row: Row,
    code: str,
    unit: str,
    expected: Expected,
    findings: list[Finding],
) -> CriterionEntry:
    node = expected.leaves.get(code)
    leads = node is not None and unit in node.lead
    level = typed(sheet.value(row, LEVEL), Kind.TEXT, "")
    points = typed(sheet.value(row, SELF_POINTS), Kind.DECIMAL, sheet.number_format(number, SELF_POINTS))
    if node is not None and leads:
        for cell, heading in ((level, LEVEL), (points, SELF_POINTS)):
            if cell.problem:
                at = sheet.at(number, heading)
                findings.append(finding(cell.problem, at, unit=unit, criterion=code, text=cell.text))
        if {level.state, points.state} == {State.KNOWN, State.NOT_APPLICABLE}:
            at, first = sheet.at(number, LEVEL), sheet.at(number, SELF_POINTS).address
            findings.append(finding("D116", at, unit=unit, criterion=code, code=code, first=first))
            level, points = (Typed(State.ERROR, text=cell.text) for cell in (level, points))
    away = State.NOT_APPLICABLE in (level.state, points.state)
    level_state = State.NOT_APPLICABLE if away else level.state
    return CriterionEntry(
        unit=unit,
        criterion=code,
        leads=leads,
        result=_words(sheet, row, RESULT),
        level=_level_text(level, scoring(node.criterion.method if node else None).scale == "levels"),
        level_state=level_state,
        self_points=points.value if points.state is State.KNOWN else None,
        self_state=State.NOT_APPLICABLE if away else points.state,
        evidence=_words(sheet, row, EVIDENCE),
        reason=_words(sheet, row, REASON),
        at=sheet.at(number, RESULT),
        at_level=sheet.at(number, LEVEL),
        at_self=sheet.at(number, SELF_POINTS),
        at_evidence=sheet.at(number, EVIDENCE),
    )


def _level_text(level: Typed, scored_by_level: bool) -> str:
    return level.text if scored_by_level or level.text else ""


def _words(sheet: FormSheet, row: Row, heading: str) -> str:
    """What the unit wrote, its own line breaks kept; a number or a date as an office writes it."""
    value = sheet.value(row, heading)
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return plain(Decimal(repr(value))).replace(".", ",")
    return "" if value is None else str(getattr(value, "text", value))
