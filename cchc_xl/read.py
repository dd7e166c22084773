"""One workbook: a :class:`SourceFile` comes in, a :class:`RawForm` or the finding that refuses it goes out.

The file is read once as bytes, hashed and closed. Two readers stand behind one record: python-calamine, fast, for what
it can see; openpyxl where evidence is needed (formulas without values, error values, telling number formats).
"""

from __future__ import annotations

import hashlib
import io
import time
import warnings
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

from cchc_xl.forms import STAMP_SHEET
from cchc_xl.messages import finding
from cchc_xl.preflight import Clearance, clear, transitional
from cchc_xl.records import CellRef, ErrorValue, Finding, RawForm, RawSheet, SourceFile, Uncalculated, Value

ATTEMPTS = 3
PAUSE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that could not be read, with why; ``sha256`` is None where not even its bytes could be had."""

    file: str
    sha256: str | None
    finding: Finding


def read(source: SourceFile) -> RawForm | Refused:
    """The workbook as stored. Never raises for what a file holds; every failure is the file's finding."""
    try:
        data = _bytes(Path(source.path))
    except OSError as error:
        reason = error.strerror or str(error)
        return Refused(source.file, None, finding("F109", CellRef(source.file), reason=reason))
    return parse(data, source)


def parse(data: bytes, source: SourceFile) -> RawForm | Refused:
    """The same from bytes already in hand."""
    sha256 = hashlib.sha256(data).hexdigest()
    cleared = clear(data, source.file)
    if isinstance(cleared, Finding):
        return Refused(source.file, sha256, cleared)
    try:
        sheets = _READERS[cleared.reader](data)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a parser's many causes are one to the officer; calamine's panic is no Exception
        return Refused(source.file, sha256, finding("F103", CellRef(source.file), reason=type(error).__name__))
    return _form(source, sha256, cleared, sheets)


def _form(source: SourceFile, sha256: str, cleared: Clearance, sheets: tuple[RawSheet, ...]) -> RawForm:
    stamp = next((sheet for sheet in sheets if sheet.name == STAMP_SHEET), None)
    pairs = tuple((str(row[0]), str(row[1] or "")) for row in stamp.rows if len(row) > 1 and row[0]) if stamp else ()
    return RawForm(
        source=source,
        sha256=sha256,
        sent=cleared.sent or source.modified,
        sent_from="file" if cleared.sent else "disk",
        reader=cleared.reader,
        sheets=tuple(sheet for sheet in sheets if sheet.name != STAMP_SHEET),
        stamp=pairs,
    )


def _bytes(path: Path) -> bytes:
    """The bytes, after a bounded number of tries: a share refuses for a moment while Excel saves."""
    for _ in range(ATTEMPTS - 1):
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise
        except OSError:
            time.sleep(PAUSE_SECONDS)
    return path.read_bytes()


def _with_calamine(data: bytes) -> tuple[RawSheet, ...]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        return tuple(
            _calamine_sheet(
                workbook.get_sheet_by_name(meta.name), meta.name, hidden=meta.visible is not SheetVisibleEnum.Visible
            )
            for meta in workbook.sheets_metadata
            if meta.typ is SheetTypeEnum.WorkSheet
        )


def _calamine_sheet(sheet: Any, name: str, *, hidden: bool) -> RawSheet:
    rows = tuple(_calamine_row(row) for row in sheet.to_python(skip_empty_area=False))
    merges = tuple(
        (top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in (sheet.merged_cell_ranges or ())
    )
    return RawSheet(name, hidden, _trimmed(rows), merges)


def _calamine_row(row: list[Any]) -> tuple[Value, ...]:
    """A row with blanks as None; times of day, which no field of ours takes, as their text."""
    values = tuple([None if value == "" else value for value in row])
    if _TIMES.isdisjoint(map(type, values)):
        return values
    return tuple(str(value) if type(value) in _TIMES else value for value in values)


_TIMES = frozenset((clock, timedelta))


def _with_openpyxl(data: bytes) -> tuple[RawSheet, ...]:
    from openpyxl import load_workbook

    data = transitional(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl leaves out of a workbook is nothing that is read here
        typed = load_workbook(io.BytesIO(data), keep_links=False)
        calculated = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    return tuple(_openpyxl_sheet(sheet, calculated[sheet.title]) for sheet in typed.worksheets)


def _openpyxl_sheet(typed: Any, calculated: Any) -> RawSheet:
    formats: list[tuple[int, int, str]] = []
    rows = []
    for typed_row, value_row in zip(typed.iter_rows(), calculated.iter_rows(), strict=True):
        row: list[Value] = []
        for cell, stored in zip(typed_row, value_row, strict=True):
            row.append(_openpyxl_value(cell, stored.value))
            if isinstance(stored.value, int | float) and cell.number_format != "General":
                formats.append((cell.row, cell.column, cell.number_format))
        rows.append(tuple(row))
    merges = tuple((area.min_row, area.min_col, area.max_row, area.max_col) for area in typed.merged_cells.ranges)
    hidden_rows = tuple(number for number, row in typed.row_dimensions.items() if row.hidden)
    hidden = typed.sheet_state != "visible"
    return RawSheet(typed.title, hidden, _trimmed(tuple(rows)), merges, tuple(formats), hidden_rows)


def _openpyxl_value(cell: Any, stored: Any) -> Value:
    if cell.data_type == "f" and stored is None:
        return Uncalculated(str(getattr(cell.value, "text", cell.value)))
    if cell.data_type == "e" or (cell.data_type == "f" and str(stored) in _ERRORS):
        return ErrorValue(str(stored))
    if isinstance(stored, clock | timedelta):
        return str(stored)
    if stored is None or isinstance(stored, str | int | float | bool | datetime | date):
        return None if stored == "" else stored
    return str(stored)


_ERRORS = frozenset(("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"))
_READERS = {"calamine": _with_calamine, "openpyxl": _with_openpyxl}


def _trimmed(rows: tuple[tuple[Value, ...], ...]) -> tuple[tuple[Value, ...], ...]:
    """Without the empty rows at the end, so that both readers agree on where a sheet ends."""
    last = len(rows)
    while last and all(value is None for value in rows[last - 1]):
        last -= 1
    return tuple(_without_tail(row) for row in rows[:last])


def _without_tail(row: tuple[Value, ...]) -> tuple[Value, ...]:
    last = len(row)
    while last and row[last - 1] is None:
        last -= 1
    return row[:last]
