"""The form's sheets in a workbook: a :class:`RawForm` and what the plan expects come in, sheets by heading go out.

Nothing is taken by position: a sheet is known by its headings, a column by its own. What is tolerated on the way, and
what makes a column unreadable, is told by `tolerance`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from cchc_xl.plan.register import Register
from cchc_xl.records import CellRef, Edition, Measure, Node, RawForm, RawSheet, Value
from cchc_xl.text.numbers import plain, shortest
from cchc_xl.text.words import key, tidy
from cchc_xl.unit.form import (
    APPENDIX_HEADINGS,
    APPENDIX_SHEET,
    CODE,
    COMPLETED,
    DOCUMENT,
    DUE,
    FIGURE_CODE,
    FIGURE_HEADINGS,
    FIGURE_VALUE,
    FIGURES_SHEET,
    LEVEL,
    TASK_HEADINGS,
    TASKS_SHEET,
    fingerprint,
)

HEADING_ROWS = 20
_NEEDED = {
    APPENDIX_SHEET: (APPENDIX_HEADINGS, (CODE, LEVEL)),
    FIGURES_SHEET: (FIGURE_HEADINGS, (FIGURE_CODE, FIGURE_VALUE)),
    TASKS_SHEET: (TASK_HEADINGS, (DOCUMENT, DUE, COMPLETED)),
}
# What stands behind "Giá trị (*)", "Mã:", "Mức đạt (1)", spelled backwards: only from a text's end is it found at once.
_FOOTNOTE = re.compile(r"(?:(?:\)(?:\*++|\d{1,2})\(|[*:]) ?)*+")

Row = tuple[Value, ...]
_T = TypeVar("_T")


_KEYS = {
    name: (
        {key(heading): heading for heading in headings},
        frozenset(needed),
        # What the first row of headings may hold: a heading, or where it is split over two rows its first words.
        frozenset(key(" ".join(heading.split()[:count])) for heading in headings for count in range(1, 6)),
    )
    for name, (headings, needed) in _NEEDED.items()
}


class OutOfTimeError(Exception):
    """Conforming a file takes longer than it may; never leaves ``conform``."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The time one file has; every loop over what is in the file runs by it, so that none goes on beyond it."""

    end: float

    @classmethod
    def of(cls, seconds: float) -> Clock:
        """The clock that runs out in so many seconds.

        >>> list(Clock.of(60).over("ab"))
        ['a', 'b']
        """
        return cls(time.monotonic() + seconds)

    def over(self, items: Iterable[_T]) -> Iterator[_T]:
        """The items one by one. Raises :class:`OutOfTimeError` before the first one after the end."""
        for item in items:
            if time.monotonic() >= self.end:
                raise OutOfTimeError
            yield item


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A sheet of the form: where its headings stand, and its cells by heading.

    ``heading_rows`` are the rows that hold headings (two where they are split), ``twice`` the headings that stand over
    two columns, ``repeated`` the rows below that repeat the headings, ``end`` the last row that is read.
    """

    name: str
    file: str
    sheet: RawSheet
    heading_rows: tuple[int, ...]
    columns: dict[str, int]
    formats: dict[tuple[int, int], str]
    clock: Clock = field(repr=False, compare=False)
    twice: tuple[str, ...] = ()
    repeated: tuple[int, ...] = ()
    end: int = 0

    def rows(self) -> Iterator[tuple[int, Row]]:
        """The row numbers, from 1, and rows below the headings."""
        first, repeated = self.heading_rows[-1], frozenset(self.repeated)
        below = self.clock.over(enumerate(self.sheet.rows[first : self.end], start=first + 1))
        return ((number, row) for number, row in below if number not in repeated) if repeated else below

    def value(self, row: Row, heading: str) -> Value:
        """What is stored under the heading; blank text counts as nothing."""
        column = self.columns.get(heading)
        value = row[column - 1] if column is not None and column <= len(row) else None
        return None if isinstance(value, str) and not value.strip() else value

    def text(self, row: Row, heading: str) -> str:
        """The same as tidy text; '' for what is not text or a number."""
        value = self.value(row, heading)
        if isinstance(value, str):
            return tidy(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return plain(shortest(value))
        return ""

    def at(self, number: int, heading: str) -> CellRef:
        """The cell under the heading in this row; the whole sheet's row start if the column is missing."""
        return CellRef(self.file, self.sheet.name, number, self.columns.get(heading, 1))

    def number_format(self, number: int, heading: str) -> str:
        """The number format of a telling cell, else ''."""
        return self.formats.get((number, self.columns.get(heading, 0)), "")


@dataclass(frozen=True, slots=True)
class Layout:
    """The form's sheets by their contract names; ``rivals`` are further sheets with the same headings and content.

    A sheet that cannot be chosen among rivals is missing from ``sheets``.
    """

    sheets: dict[str, FormSheet]
    rivals: dict[str, tuple[FormSheet, ...]]


def find_layout(form: RawForm, clock: Clock) -> Layout:
    """The form's sheets: known by their headings, the sheet of the right name before others.

    Raises :class:`OutOfTimeError`.
    """
    sheets: dict[str, FormSheet] = {}
    rivals: dict[str, tuple[FormSheet, ...]] = {}
    for name in _KEYS:
        tried = (_form_sheet(name, form.source.file, sheet, clock) for sheet in clock.over(form.sheets))
        alike = [found for found in tried if found is not None]
        named = [found for found in alike if key(found.sheet.name) == key(name)]
        filled = [found for found in alike if found not in named and _holds_values(found)]
        if len(named) == 1 and named[0].sheet.hidden and any(not found.sheet.hidden for found in filled):
            chosen, rivals[name] = None, tuple(named + filled)  # an old sheet hidden beside the one that is seen
        elif len(named) == 1 or not filled:
            chosen = next(iter(named or alike), None)
            rivals[name] = tuple(filled)
        elif len(filled) == 1 and not named:
            chosen, rivals[name] = filled[0], ()
        else:
            chosen, rivals[name] = None, tuple(named + filled)
        if chosen is not None:
            sheets[name] = chosen
    return Layout(sheets, rivals)


def _holds_values(sheet: FormSheet) -> bool:
    """Whether anything stands under the heading a unit types under."""
    heading = {APPENDIX_SHEET: LEVEL, FIGURES_SHEET: FIGURE_VALUE, TASKS_SHEET: DUE}[sheet.name]
    return any(sheet.value(row, heading) is not None for _, row in sheet.rows())


def _form_sheet(name: str, file: str, sheet: RawSheet, clock: Clock) -> FormSheet | None:
    headings, needed, starts = _KEYS[name]
    for number, row in enumerate(sheet.rows[:HEADING_ROWS], start=1):
        if not any(isinstance(value, str) and heading_key(value) in starts for value in clock.over(row)):
            continue
        rows, columns, twice = _headings(sheet, number, headings, clock)
        if needed <= columns.keys():
            formats = {(row, column): text for row, column, text in sheet.formats}
            repeated, end = _repeated(sheet, rows[-1], columns, needed, headings, clock)
            return FormSheet(name, file, sheet, rows, columns, formats, clock, twice, repeated, end)
    return None


def _headings(
    sheet: RawSheet, number: int, headings: dict[str, str], clock: Clock
) -> tuple[tuple[int, ...], dict[str, int], tuple[str, ...]]:
    """The rows the headings stand in, their columns, and those that stand over two; the next row is tried with it."""
    upper = {column: value for column, value in enumerate(sheet.rows[number - 1], start=1) if isinstance(value, str)}
    columns, twice = _named(((column, (text,)) for column, text in clock.over(upper.items())), headings)
    if not columns or len(columns) == len(headings) or number >= len(sheet.rows):
        return (number,), columns, twice
    lower = {column: value for column, value in enumerate(sheet.rows[number], start=1) if isinstance(value, str)}
    above = _across(sheet, number, upper)
    texts = [
        (column, (f"{above.get(column, '')} {lower.get(column, '')}", upper.get(column, ""), lower.get(column, "")))
        for column in sorted(upper.keys() | lower.keys())
    ]
    both, both_twice = _named(clock.over(texts), headings)
    if len(both) > len(columns) and all(both.get(heading) == column for heading, column in columns.items()):
        return (number, number + 1), both, both_twice
    return (number,), columns, twice


def _across(sheet: RawSheet, number: int, texts: dict[int, str]) -> dict[int, str]:
    """The texts above each column: a merged one stands over every column of its range, by the real range only."""
    filled = dict(texts)
    for top, left, _, right in sheet.merges:
        if top == number and left in texts:
            filled |= dict.fromkeys(range(left, min(right, left + 50) + 1), texts[left])
    return filled


def _named(
    texts: Iterable[tuple[int, Iterable[str]]], headings: dict[str, str]
) -> tuple[dict[str, int], tuple[str, ...]]:
    """The first column of every heading, and the headings that stand over several columns."""
    columns: dict[str, int] = {}
    twice: dict[str, None] = {}
    for column, choices in texts:
        heading = next((headings[name] for text in choices if (name := heading_key(text)) in headings), None)
        if heading is None:
            continue
        if heading in columns:
            twice[heading] = None
        else:
            columns[heading] = column
    return columns, tuple(twice)


@lru_cache(maxsize=20_000)
def heading_key(text: str) -> str:
    """The match key of a heading; a footnote mark or a colon behind it does not count.

    >>> heading_key("Giá trị (*)") == heading_key("giá  TRỊ:") == heading_key("Giá trị")
    True
    >>> heading_key("Giá trị (kỳ trước)") == heading_key("Giá trị")
    False
    """
    backwards = tidy(text)[::-1]
    found = _FOOTNOTE.match(backwards)
    return key(backwards[found.end() if found else 0 :][::-1])


def _repeated(
    sheet: RawSheet, last: int, columns: dict[str, int], needed: frozenset[str], headings: dict[str, str], clock: Clock
) -> tuple[tuple[int, ...], int]:
    """The rows below that repeat the headings over the same columns; a table with other columns ends the reading."""
    repeated: list[int] = []
    for number, row in clock.over(enumerate(sheet.rows[last:], start=last + 1)):
        hits = sum(isinstance(value, str) and len(value) < 60 and heading_key(value) in headings for value in row)
        if hits < len(needed):
            continue
        texts = [(column, (value,)) for column, value in enumerate(row, start=1) if isinstance(value, str)]
        found, _ = _named(texts, headings)
        if needed <= found.keys():
            if any(found[heading] != columns[heading] for heading in needed):
                return tuple(repeated), number - 1
            repeated.append(number)
    return tuple(repeated), len(sheet.rows)


@dataclass(frozen=True, slots=True)
class Expected:
    """Look-ups over one edition. Built once per run; it pickles, so that other processes may use it."""

    edition: Edition
    register: Register
    fingerprint: str
    codes: frozenset[str]
    names: dict[str, tuple[str, ...]]
    leaves: dict[str, Node]
    measures: dict[str, Measure]
    entered: dict[str, tuple[Measure, ...]]
    headings: dict[str, str]

    @classmethod
    def of(cls, edition: Edition) -> Expected:
        """The look-ups of this edition."""
        names: dict[str, tuple[str, ...]] = {}
        pairs = [(node.criterion.code, node.criterion.name) for node in edition.nodes]
        pairs += [(row.code, row.name) for row in edition.plan.appendix]
        for code, name in dict.fromkeys(pairs):
            if code not in names.get(key(name), ()):
                names[key(name)] = (*names.get(key(name), ()), code)
        measures = edition.plan.measures
        return cls(
            edition=edition,
            register=Register(edition.plan.units),
            fingerprint=fingerprint(edition),
            codes=frozenset(code for code, _ in pairs),
            names=names,
            leaves={node.criterion.code: node for node in edition.leaves},
            measures={key(measure.code): measure for measure in measures},
            entered={
                unit.code: tuple(item for item in measures if unit.code in item.units) for unit in edition.plan.units
            },
            headings={key(period.name): period.code for period in edition.plan.periods},
        )

    def measure(self, text: str) -> Measure | None:
        """The figure of this code, by match key; None if the plan has none."""
        return self.measures.get(key(text)) if text else None
