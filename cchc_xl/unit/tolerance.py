"""What a workbook's layout makes of the form: sheets as found come in, those that can be read and findings go out.

What was tolerated is a note; a sheet or column that cannot be read is one error, and nothing is said of its cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from cchc_xl.plan.methods import scoring
from cchc_xl.records import CellRef, Finding, LegacyText
from cchc_xl.text.catalogue import finding
from cchc_xl.text.legacy_fonts import suspected
from cchc_xl.text.words import key, tidy
from cchc_xl.unit.form import (
    APPENDIX_HEADINGS,
    APPENDIX_INPUTS,
    APPENDIX_SHEET,
    CODE,
    EVIDENCE,
    FIGURE_CODE,
    FIGURE_HEADINGS,
    FIGURE_VALUE,
    FIGURES_SHEET,
    SELF_POINTS,
    TASK_HEADINGS,
    TASKS_SHEET,
)
from cchc_xl.unit.sheets import Expected, FormSheet, Layout

USUAL_HEADING_ROW = 7
_HEADINGS = {APPENDIX_SHEET: APPENDIX_HEADINGS, FIGURES_SHEET: FIGURE_HEADINGS, TASKS_SHEET: TASK_HEADINGS}
_CODES = {APPENDIX_SHEET: CODE, FIGURES_SHEET: FIGURE_CODE}
_INPUTS = {APPENDIX_SHEET: APPENDIX_INPUTS, FIGURES_SHEET: (FIGURE_VALUE,), TASKS_SHEET: TASK_HEADINGS[:5]}
_SHOWN = 12


def readable(layout: Layout, file: str, unit: str, expected: Expected, findings: list[Finding]) -> dict[str, FormSheet]:
    """The sheets whose codes and inputs can be told, with their findings."""
    sheets: dict[str, FormSheet] = {}
    for name in _HEADINGS:
        found = layout.sheets.get(name)
        rivals = layout.rivals.get(name, ())
        if found is None:
            if rivals:
                told = ", ".join(f"“{rival.sheet.name}”" for rival in rivals)
                findings.append(finding("D123", CellRef(file), unit=unit, sheets=told, name=name))
            elif _is_expected(name, unit, expected):
                findings.append(finding("D120", CellRef(file), unit=unit, sheet=name))
            continue
        for rival in rivals:
            at = CellRef(file, rival.sheet.name)
            findings.append(finding("D208", at, unit=unit, sheet=rival.sheet.name, name=name))
        usable = _without_doubles(found, unit, findings)
        findings.extend(_missing_columns(usable, unit, expected))
        findings.extend(_notes(found, unit))
        if _CODES.get(name, "") in (*usable.columns, ""):
            sheets[name] = usable
    return sheets


def unread(sheets: dict[str, FormSheet]) -> tuple[str, ...]:
    """The sheets and input columns that are not there to be read."""
    whole = tuple(name for name in _HEADINGS if name not in sheets)
    columns = (heading for name, sheet in sheets.items() for heading in _INPUTS[name] if heading not in sheet.columns)
    return (*whole, *columns)


def _is_expected(name: str, unit: str, expected: Expected) -> bool:
    """Whether the unit has something to report on this sheet."""
    if name == APPENDIX_SHEET:
        return any(unit in node.lead for node in expected.leaves.values())
    return name == FIGURES_SHEET and bool(expected.entered[unit])


def _without_doubles(sheet: FormSheet, unit: str, findings: list[Finding]) -> FormSheet:
    """Without the columns whose heading stands twice: which of them counts is a guess."""
    columns = dict(sheet.columns)
    for heading in sheet.twice:
        if heading in (*_INPUTS[sheet.name], _CODES.get(sheet.name)):
            at = sheet.at(sheet.heading_rows[-1], heading)
            findings.append(finding("D122", at, unit=unit, sheet=sheet.sheet.name, heading=heading))
            del columns[heading]
    return replace(sheet, columns=columns)


def _missing_columns(usable: FormSheet, unit: str, expected: Expected) -> Iterator[Finding]:
    """Columns of the appendix that something depends on; what may be left empty may be missing."""
    if usable.name != APPENDIX_SHEET:
        return
    led = [node.criterion for node in expected.leaves.values() if unit in node.lead]
    wanted = {
        SELF_POINTS: any(scoring(criterion.method).by_hand for criterion in led),
        EVIDENCE: any(criterion.evidence for criterion in led),
    }
    for heading, is_wanted in wanted.items():
        if is_wanted and heading not in usable.columns and heading not in usable.twice:
            at = CellRef(usable.file, usable.sheet.name)
            yield finding("D209", at, unit=unit, sheet=usable.sheet.name, heading=heading)


def _notes(sheet: FormSheet, unit: str) -> Iterator[Finding]:
    at = CellRef(sheet.file, sheet.sheet.name)
    row = sheet.heading_rows[-1]
    if key(sheet.sheet.name) != key(sheet.name):
        yield finding("T306", at, unit=unit, sheet=sheet.sheet.name, name=sheet.name)
    if len(sheet.heading_rows) > 1:
        yield finding("T307", sheet.at(row, _HEADINGS[sheet.name][0]), unit=unit, rows=f"{row - 1}–{row}")
    elif row != USUAL_HEADING_ROW:
        yield finding("T311", sheet.at(row, _HEADINGS[sheet.name][0]), unit=unit, row=row, usual=USUAL_HEADING_ROW)
    usual = {heading: number for number, heading in enumerate(_HEADINGS[sheet.name], start=1)}
    moved = [heading for heading, column in sheet.columns.items() if usual[heading] != column]
    if moved:
        text = ", ".join(f"“{heading}”" for heading in moved)
        yield finding("T305", sheet.at(row, moved[0]), unit=unit, text=text)
    for number in sheet.repeated[:1]:
        yield finding("T308", sheet.at(number, _HEADINGS[sheet.name][0]), unit=unit)
    yield from _hidden(sheet, unit)
    yield from _merged(sheet, unit)


def _hidden(sheet: FormSheet, unit: str) -> Iterator[Finding]:
    rows = [number for number in sheet.sheet.hidden_rows if number > sheet.heading_rows[-1]]
    columns = [number for number in sheet.sheet.hidden_columns if number in sheet.columns.values()]
    filled = [number for number in rows if number <= len(sheet.sheet.rows) and any(sheet.sheet.rows[number - 1])]
    at = CellRef(sheet.file, sheet.sheet.name)
    if filled:
        yield finding("T309", at, unit=unit, what=f"{len(filled)} dòng ({_listed(filled)})")
    if columns:
        names = [heading for heading, column in sheet.columns.items() if column in columns]
        yield finding("T309", at, unit=unit, what=f"{len(columns)} cột ({', '.join(names)})")


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:_SHOWN]))
    return f"{shown}…" if len(numbers) > _SHOWN else shown


def _merged(sheet: FormSheet, unit: str) -> Iterator[Finding]:
    """Merged cells in the columns a unit types in: only the first cell of a range holds its value."""
    inputs = {sheet.columns[heading] for heading in _INPUTS[sheet.name] if heading in sheet.columns}
    for top, left, bottom, right in sheet.sheet.merges:
        below = sheet.heading_rows[-1] < top <= sheet.end
        if below and bottom > top and any(left <= column <= right for column in inputs):
            at = CellRef(sheet.file, sheet.sheet.name, top, left)
            text = f"{at.address}:{CellRef('', '', bottom, right).address}"
            yield finding("T312", at, unit=unit, text=text)


def legacy_findings(sheets: dict[str, FormSheet], unit: str, expected: Expected) -> Iterator[Finding]:
    """Text that was converted from a legacy font: a warning where it decides a figure, else one note a sheet."""
    for sheet in sheets.values():
        below = [item for item in sheet.sheet.legacy if item.row > sheet.heading_rows[-1]]
        telling = [item for item in sheet.clock.over(below) if _is_figure(sheet, item, expected)]
        told = frozenset(telling)
        for item in telling:
            at = CellRef(sheet.file, sheet.sheet.name, item.row, item.column)
            yield finding("D206", at, unit=unit, font=item.font, text=_shown(sheet, item))
        others = (item for item in sheet.sheet.legacy if item not in told)
        for item in islice(others, 1):
            at = CellRef(sheet.file, sheet.sheet.name, item.row, item.column)
            yield finding("T310", at, unit=unit, font=item.font, text=_shown(sheet, item))


def suspected_findings(sheets: dict[str, FormSheet], unit: str) -> Iterator[Finding]:
    """One warning a sheet where a text looks like a legacy encoding though its font is not a legacy one."""
    for sheet in sheets.values():
        for number, row in sheet.rows():
            for column, value in sheet.clock.over(enumerate(row, start=1)):
                if isinstance(value, str) and not value.isascii() and (encoding := suspected(value)):
                    at = CellRef(sheet.file, sheet.sheet.name, number, column)
                    yield finding("D207", at, unit=unit, text=tidy(value)[:80], encoding=encoding)
                    break
            else:
                continue
            break


def _is_figure(sheet: FormSheet, item: LegacyText, expected: Expected) -> bool:
    """Whether the text stands in the row of a figure, in a column that decides its value."""
    row = sheet.sheet.rows[item.row - 1]
    return (
        sheet.name == FIGURES_SHEET
        and item.column in (sheet.columns.get(FIGURE_CODE), sheet.columns.get(FIGURE_VALUE))
        and expected.measure(sheet.text(row, FIGURE_CODE)) is not None
    )


def _shown(sheet: FormSheet, item: LegacyText) -> str:
    return tidy(str(sheet.sheet.rows[item.row - 1][item.column - 1]))[:80]
