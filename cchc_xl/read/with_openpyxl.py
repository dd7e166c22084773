"""Sheets as openpyxl sees them, with the evidence python-calamine does not show: bytes come in, sheets go out."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any

from cchc_xl.preflight.evidence import is_telling_format
from cchc_xl.preflight.limits import MAX_AREA, MAX_OUTSIDE, NEAR_COLUMNS
from cchc_xl.preflight.reading_copy import reading_copy
from cchc_xl.read.job import CannotOpenError
from cchc_xl.read.shaping import Place, Runs, from_places, trimmed, with_fonts
from cchc_xl.read.with_calamine import stored_time
from cchc_xl.records import ErrorValue, RawSheet, Uncalculated, Value
from cchc_xl.text.legacy_fonts import encoding_of


def openpyxl_sheets(data: bytes) -> tuple[RawSheet, ...]:
    """The worksheets of an .xlsx: formulas from one load, stored values from another."""
    from openpyxl import load_workbook

    copy = reading_copy(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl leaves out of a workbook is nothing that is read here
        typed = load_workbook(io.BytesIO(copy), keep_links=False)
        calculated = load_workbook(io.BytesIO(copy), data_only=True, keep_links=False, rich_text=True)
    pairs = zip(typed.worksheets, calculated.worksheets, strict=True)
    return tuple(_sheet(formulas, values) for formulas, values in pairs)


def _sheet(typed: Any, calculated: Any) -> RawSheet:
    formats: list[tuple[int, int, str]] = []
    texts: dict[Place, Runs] = {}
    values: dict[Place, Value] = {}
    # The cells as they are kept: asking for rows would make a cell for every place of the rectangle.
    for place, cell in typed._cells.items():  # noqa: SLF001 - no public name
        stored = calculated._cells[place]  # noqa: SLF001 - as above
        value = _value(cell, stored)
        if isinstance(value, str):
            texts[place] = _runs(stored)
        if isinstance(value, int | float) and is_telling_format(cell.number_format):
            formats.append((*place, cell.number_format))
        if value is not None:
            values[place] = value
    near, outside = _near(values)
    merges = sorted((area.min_row, area.min_col, area.max_row, area.max_col) for area in typed.merged_cells.ranges)
    sheet = RawSheet(
        name=typed.title,
        hidden=typed.sheet_state != "visible",
        rows=trimmed(from_places(near)),
        merges=tuple(merges),
        formats=tuple(sorted(formats)),
        hidden_rows=tuple(sorted(number for number, row in typed.row_dimensions.items() if row.hidden)),
        hidden_columns=tuple(sorted(_hidden_columns(typed))),
        outside=tuple(sorted(outside)),
    )
    return with_fonts(sheet, {place: runs for place, runs in texts.items() if any(encoding_of(f) for _, f in runs)})


def _hidden_columns(sheet: Any) -> Iterator[int]:
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden:
            first = dimension.min or 1
            yield from range(first, min(dimension.max or first, NEAR_COLUMNS) + 1)


def _near(values: dict[Place, Value]) -> tuple[dict[Place, Value], list[Place]]:
    """The cells near A1, and the places of those so far away that nobody meant them."""
    rows = max((row for row, _ in values), default=0)
    columns = max((column for _, column in values), default=0)
    if rows * columns <= MAX_AREA:
        return values, []
    widest = min(columns, NEAR_COLUMNS)
    deepest = MAX_AREA // widest
    near = {(row, column): value for (row, column), value in values.items() if row <= deepest and column <= widest}
    if len(values) - len(near) > MAX_OUTSIDE:
        raise CannotOpenError("F108", reason=f"có {len(values) - len(near)} ô ở rất xa")
    return near, [place for place in values if place not in near]


def _value(cell: Any, stored: Any) -> Value:
    value = stored.value
    if cell.data_type == "f" and value is None:
        return Uncalculated(str(getattr(cell.value, "text", cell.value)))
    if stored.data_type == "e":
        return ErrorValue(str(value))
    if isinstance(value, datetime | clock | timedelta):
        return stored_time(value)
    if value is None or isinstance(value, int | float | bool | date):
        return value
    return str(value) or None


def _runs(cell: Any) -> Runs:
    """The fonts of a text: each run in its own, the rest in the cell's."""
    from openpyxl.cell.rich_text import CellRichText, TextBlock

    own = cell.font.name or ""
    if not isinstance(cell.value, CellRichText):
        return ((0, own),)
    runs: list[tuple[int, str]] = []
    start = 0
    for run in cell.value:
        font, text = (run.font.rFont or own, run.text) if isinstance(run, TextBlock) else (own, run)
        runs.append((start, font))
        start += len(text)
    return tuple(runs)
