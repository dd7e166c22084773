"""The sheet ``Phụ lục`` of a unit's workbook: rows come in, one :class:`CriterionEntry` per known row goes out."""

from __future__ import annotations

import re
from dataclasses import replace

from cchc_xl.office.excel.tables import Row, Table, as_formatted, shown
from cchc_xl.plan.figure_values import Typed, typed
from cchc_xl.records import CellRef, CriterionEntry, Finding, Kind, State
from cchc_xl.text.catalogue import Told, finding
from cchc_xl.text.numbers import vietnamese
from cchc_xl.text.words import key, tidy, words_key
from cchc_xl.unit.figures import words
from cchc_xl.unit.form import (
    APPENDIX_SHEET,
    CODE,
    EVIDENCE,
    FORM,
    LEVEL,
    LEVEL_HINT,
    NAME,
    POINTS_HINT,
    RESULT,
    SELF_POINTS,
)
from cchc_xl.unit.sheets import Expected

# What stands below a table: who signs, who receives, place and date.
_CLOSING_WORDS = (
    *("người lập", "lập biểu", "thủ trưởng", "trưởng phòng", "phó phòng", "giám đốc", "chánh văn phòng", "ký tên"),
    *("ghi rõ họ tên", "đóng dấu", "nơi nhận", "lãnh đạo đơn vị", "lãnh đạo phòng", "người tổng hợp"),
)
_DATED = rf"{key('ngày')}[^\w]{{1,20}}\d{{0,2}}[^\w]{{0,20}}{key('tháng')}"
_CLOSING, _SIGNED = re.compile("|".join(map(key, _CLOSING_WORDS))), re.compile(rf"\b(?:kt|tm|tl)\.|{_DATED}")
_CLOSING_LETTERS = 200
_LONGEST_TOTAL = 200
# What begins a row that adds up others: not every work that begins so, as “Tổng hợp báo cáo” or “Cộng tác viên”.
_PARTS = "|".join(map(key, ("cộng", "số", "điểm", "mục", "nhóm", "phần", "lĩnh vực")))
_TOTAL = re.compile(rf"{key('tổng')}(?: (?:{_PARTS})(?!\w)|$)|{key('cộng')}(?: {key('điểm')})?$")


def criterion_entries(table: Table | None, unit: str, expected: Expected) -> Told[tuple[CriterionEntry, ...]]:
    """An entry for every row whose criterion the plan knows; what is typed elsewhere is an error at its cell."""
    if table is None:
        return ()
    entries: dict[str, CriterionEntry] = {}
    inputs = (table.columns[heading] for heading in FORM[APPENDIX_SHEET].inputs if heading in table.columns)
    before_inputs = min(inputs, default=1) - 1
    by_name = CODE not in table.columns or _is_running(table, expected)
    if by_name:
        yield finding("T313", CellRef(table.file, table.sheet.name, table.heading_rows[-1], 1), unit=unit)
    closing, last = False, None
    for row in table.rows():
        if (
            len(row.values) <= before_inputs
            and isinstance(row.value(CODE), str)
            and not _leads(row.text(CODE), unit, expected)
        ):
            continue  # most rows: nothing typed, and not the unit's own
        code = yield from _code(row, unit, expected, by_name=by_name)
        if code == "":
            if not closing and _closes(row):  # a work may be named so too: what closes the table stands below it
                last = _last_placed(table, expected) if last is None else last
                closing = row.number > last
            if _filled(row):
                yield _unplaced(row, unit, is_below=closing)
        elif code is not None and (_filled(row) or _leads(code, unit, expected)):
            entry = yield from _entry(row, code, unit, expected)
            held = entries.get(code)
            if held is None or not _told(held):
                entries[code] = entry
            elif _told(entry) and _told(entry) != _told(held):
                yield finding("D116", entry.at, unit=unit, criterion=code, code=code, first=held.at.address)
                entries[code] = replace(held, level_state=State.ERROR, self_state=State.ERROR, self_points=None)
    return tuple(entries.values())


def _last_placed(table: Table, expected: Expected) -> int:
    """The last row that has a code or a name of the plan."""
    rows = (row for row in table.rows() if expected.code(row.text(CODE)) or expected.named(row.text(NAME)))
    return max((row.number for row in rows), default=0)


def _unplaced(row: Row, unit: str, *, is_below: bool) -> Finding:
    """What is typed in a row that is none of the plan's: an error, unless it is a total or stands below the table."""
    first = next(heading for heading in FORM[APPENDIX_SHEET].inputs if row.value(heading) is not None)
    text, told = shown(row.value(first)), row.text(CODE) or row.text(NAME)
    is_total = any(_TOTAL.match(words_key(row.text(heading)[:_LONGEST_TOTAL])) for heading in (CODE, NAME))
    if is_below or is_total:
        return finding("T302", row.at(CODE), unit=unit, text=told or text)
    return finding("D128", row.at(first), unit=unit, text=text, row=told or "–")


def _is_running(table: Table, expected: Expected) -> bool:
    """Whether the column of codes only counts the rows: most rows of a known name have another's code there."""
    agree = differ = 0
    left = table.end - table.heading_rows[-1]
    for row in table.rows():
        code, named = expected.code(row.text(CODE)), expected.named(row.text(NAME))
        if code and named:
            agree, differ = agree + (code in named), differ + (code not in named)
        left -= 1
        if agree > differ + left:  # the rest changes nothing
            return False
    return differ > max(agree, 1)


def _closes(row: Row) -> bool:
    """Whether the row is of what stands below a table: place and date, who signs, who receives."""
    texts = [value[:_CLOSING_LETTERS] for value in row.values if isinstance(value, str)]
    return any(_CLOSING.search(words_key(text)) or _SIGNED.search(key(text)) for text in texts)


def _leads(code: str, unit: str, expected: Expected) -> bool:
    node = expected.leaves.get(expected.code(code) or "")
    return node is not None and unit in node.lead


def _told(entry: CriterionEntry) -> tuple[object, ...]:
    """What a row says; empty where it says nothing."""
    texts = (entry.level, entry.result, entry.evidence, entry.reason, entry.more)
    is_away = entry.self_state is State.NOT_APPLICABLE
    return (*texts, entry.self_points, is_away) if any(texts) or is_away or entry.self_points is not None else ()


def _filled(row: Row) -> bool:
    return any(row.value(heading) is not None for heading in FORM[APPENDIX_SHEET].inputs)


def _code(row: Row, unit: str, expected: Expected, *, by_name: bool) -> Told[str | None]:
    """The row's code: by what stands there, else by its name; '' for none of the plan's, None where that is told.

    One that Excel turned into a number or a date is recovered from its format or the name, or is a finding.
    """
    value, text, at = row.value(CODE), row.text(CODE), row.at(CODE)
    named = expected.named(row.text(NAME))
    alone = named[0] if len(named) == 1 else ""
    if by_name:
        return alone
    if value is None:
        if alone and _filled(row):
            yield finding("T303", at, unit=unit, criterion=alone, text=row.text(NAME), code=alone)
        return alone
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, str) or (whole and text in expected.codes):
        code = expected.code(text)
        if code and named and code not in named:
            yield finding("D202", at, unit=unit, criterion=code, text=text, name=row.text(NAME), other=named[0])
        elif code is None and alone:
            yield finding("T304", at, unit=unit, criterion=alone, text=text, code=alone)
        return code or alone
    by_format = as_formatted(value, row.number_format(CODE))
    if not alone and by_format in expected.codes:
        alone = by_format
    if alone:
        yield finding("T304", at, unit=unit, criterion=alone, text=shown(value), code=alone)
    elif _filled(row):
        yield finding("D117", at, unit=unit, text=shown(value))
        return None
    return alone


def _entry(row: Row, code: str, unit: str, expected: Expected) -> Told[CriterionEntry]:
    leads = _leads(code, unit, expected)
    level = typed(row.value(LEVEL), Kind.TEXT, "")
    points = yield from _points(row, code, unit, expected)
    if leads:
        for cell, heading, hint in ((level, LEVEL, LEVEL_HINT), (points, SELF_POINTS, POINTS_HINT)):
            if cell.problem:
                told = {"text": cell.text, "what": f"“{heading}” của tiêu chí {code}", "hint": hint}
                yield finding(cell.problem, row.at(heading), unit=unit, criterion=code, **told)
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


def _points(row: Row, code: str, unit: str, expected: Expected) -> Told[Typed]:
    """The points the unit gives itself; "1,75/2" are 1,75 of 2."""
    value, number_format = row.value(SELF_POINTS), row.number_format(SELF_POINTS)
    above, slash, below = tidy(value).partition("/") if isinstance(value, str) else ("", "", "")
    parts = [typed(text, Kind.DECIMAL, "") for text in (above, below)]
    if not slash or any(part.value is None for part in parts):
        return typed(value, Kind.DECIMAL, number_format)
    points, whole = parts
    maximum = expected.maxima.get(code)
    if maximum is not None and whole.value != maximum:
        told = vietnamese(maximum)
        yield finding("D215", row.at(SELF_POINTS), unit=unit, criterion=code, text=tidy(str(value)), maximum=told)
    return points
