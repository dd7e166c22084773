"""Rows in one shape, whoever read them: rows and evidence come in, trimmed rows of one shape go out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cchc_xl.records import LegacyText, RawSheet, Value
from cchc_xl.text.legacy_fonts import decode, encoding_of

Rows = tuple[tuple[Value, ...], ...]
Place = tuple[int, int]
# Where each stretch of a text begins, and the font it is in.
Runs = tuple[tuple[int, str], ...]


def trimmed(rows: Rows) -> Rows:
    """Without the empty rows at the end, so that all readers agree on where a sheet ends."""
    last = len(rows)
    while last and all(value is None for value in rows[last - 1]):
        last -= 1
    return tuple(_without_tail(row) for row in rows[:last])


def _without_tail(row: tuple[Value, ...]) -> tuple[Value, ...]:
    last = len(row)
    while last and row[last - 1] is None:
        last -= 1
    return row[:last]


def from_places(values: Mapping[Place, Value]) -> Rows:
    """Rows from A1 that hold these values at (row, column), counted from 1."""
    by_row: dict[int, dict[int, Value]] = {}
    for (row, column), value in values.items():
        if value is not None:
            by_row.setdefault(row, {})[column] = value
    rows: list[tuple[Value, ...]] = []
    for number in range(1, max(by_row, default=0) + 1):
        cells = by_row.get(number, {})
        rows.append(tuple(cells.get(column) for column in range(1, max(cells, default=0) + 1)))
    return tuple(rows)


def with_values(sheet: RawSheet, values: Mapping[Place, Value]) -> RawSheet:
    """The sheet with these values in place of what stood there."""
    if not values:
        return sheet
    own = {
        (number, column): value
        for number, row in enumerate(sheet.rows, start=1)
        for column, value in enumerate(row, start=1)
    }
    return replace(sheet, rows=from_places({**own, **values}))


def with_fonts(sheet: RawSheet, fonts: Mapping[Place, Runs]) -> RawSheet:
    """The sheet with the text of cells in a legacy font as a reader of the cell sees it; what was stored is kept."""
    changed: dict[Place, Value] = {}
    kept: list[LegacyText] = []
    for (row, column), runs in sorted(fonts.items()):
        cells = sheet.rows[row - 1] if row <= len(sheet.rows) else ()
        value = cells[column - 1] if column <= len(cells) else None
        if isinstance(value, str) and (shown := decoded(value, runs)) != value:
            changed[row, column] = shown
            kept.append(LegacyText(row, column, value, next(font for _, font in runs if encoding_of(font))))
    return replace(with_values(sheet, changed), legacy=(*sheet.legacy, *kept))


def decoded(text: str, runs: Runs) -> str:
    """The text with every run decoded by its own font.

    >>> decoded("møt và một", ((0, ".VnTime"), (4, "Arial")))
    'mứt và một'
    """
    ends = (*(start for start, _ in runs[1:]), len(text))
    return "".join(decode(text[start:end], font) for (start, font), end in zip(runs, ends, strict=True))
