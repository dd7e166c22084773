"""Sheets as python-calamine sees them: bytes come in, :class:`RawSheet` records without evidence go out."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any

from cchc_xl.read.shaping import trimmed
from cchc_xl.records import RawSheet, Value

_REWRITTEN = frozenset((clock, timedelta, datetime))


def calamine_sheets(data: bytes) -> tuple[RawSheet, ...]:
    """The worksheets of a workbook in any format that python-calamine knows."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        return tuple(
            _sheet(workbook.get_sheet_by_index(index), meta.name, hidden=meta.visible is not SheetVisibleEnum.Visible)
            for index, meta in enumerate(workbook.sheets_metadata)
            if meta.typ is SheetTypeEnum.WorkSheet
        )


def _sheet(sheet: Any, name: str, *, hidden: bool) -> RawSheet:
    rows = tuple(_row(row) for row in sheet.to_python(skip_empty_area=False))
    merges = tuple(
        sorted((top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in sheet.merged_cell_ranges)
        if sheet.merged_cell_ranges
        else ()
    )
    return RawSheet(name, hidden, trimmed(rows), merges)


def _row(row: list[Any]) -> tuple[Value, ...]:
    """A row with blanks as None; a time of day, which no field of ours takes, as its text; midnight as the day."""
    values = tuple([None if value == "" else value for value in row])
    if _REWRITTEN.isdisjoint(map(type, values)):
        return values
    return tuple(stored_time(value) if isinstance(value, datetime | clock | timedelta) else value for value in values)


def stored_time(value: datetime | clock | timedelta) -> date | str:
    """A point in time as every reader of ours gives it."""
    if isinstance(value, datetime):
        return value.date() if value.time() == clock() else value
    return str(value)
