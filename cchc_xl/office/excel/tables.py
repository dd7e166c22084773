"""Sheets of the plan workbook as tables: a workbook's bytes come in, rows by heading text go out.

Sheets and columns are found by name (match key), never by position. Nothing is judged here except what makes a cell
unreadable: a formula nobody calculated, an Excel error value and a heading that stands twice.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cchc_xl.records import CellRef, Finding, Kind
from cchc_xl.text.catalogue import finding
from cchc_xl.text.numbers import is_percent_format, plain, read_stored, read_text, shortest
from cchc_xl.text.words import key, read_date, tidy

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

HEADING_ROWS = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """A stored value with its place.

    ``percent``: shown times 100 by a percent format; ``sign``: shown as it is with a % that is only a letter of the
    format; ``merged``: it stands in a merged range that begins elsewhere, at ``at``; ``problem``: why it is unreadable.
    """

    value: str | float | bool | datetime | date | None
    at: CellRef
    percent: bool = False
    sign: bool = False
    merged: bool = False
    problem: Finding | None = None

    @property
    def blank(self) -> bool:
        """Whether nothing but spaces stands here."""
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())

    @property
    def text(self) -> str:
        """The tidy text; a number as its shortest decimal."""
        match self.value:
            case None:
                return ""
            case str():
                return tidy(self.value)
            case bool():
                return str(self.value).upper()
            case int() | float():
                shown = shortest(self.value)
                return f"{plain(shown * 100)}%" if self.percent else f"{plain(shown)}{'%' * self.sign}"
            case _:
                return f"{self.value:%d/%m/%Y}"

    @property
    def is_text(self) -> bool:
        """Whether Excel holds it as text."""
        return isinstance(self.value, str)

    @property
    def number(self) -> Decimal | None:
        """The number, a percentage in percent (0.7412 shown as 74,12% is 74.12); None if it is none.

        A number with words is none: "90 trở lên" and "50% điểm tối đa" say more than 90 and 50.
        """
        if isinstance(self.value, bool):
            return None
        if isinstance(self.value, int | float):
            kind = Kind.PERCENT if self.percent else Kind.DECIMAL
            return read_stored(self.value, kind, percent_format=self.percent).value
        reading = read_text(self.value, Kind.PERCENT) if isinstance(self.value, str) else None
        return None if reading is None or reading.notes else reading.value

    @property
    def day(self) -> date | None:
        """The date, or None if it is none."""
        return read_date(self.value)

    @property
    def parts(self) -> tuple[str, ...]:
        """The list in the cell, split on ``;``."""
        return tuple(part for part in map(tidy, self.text.split(";")) if part)


Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its rows by heading, and what is wrong with its headings; cells carry their own problems."""

    sheet: str
    columns: Mapping[str, int]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


def open_workbook(data: bytes) -> tuple[Workbook, Workbook | None]:
    """The workbook as typed, and, only where it holds formulas, as last calculated."""
    from openpyxl import load_workbook

    typed = load_workbook(io.BytesIO(data), keep_links=False)
    if any(cell.data_type == "f" for sheet in typed.worksheets for cell in _stored(sheet).values()):
        return typed, load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    return typed, None


def _stored(sheet: Worksheet) -> dict[tuple[int, int], Any]:
    """The cells the file holds, by (row, column): openpyxl's own iteration invents every cell up to the farthest."""
    return sheet._cells  # noqa: SLF001


def read_table(
    typed: Workbook, calculated: Workbook | None, file: str, name: str, headings: tuple[str, ...]
) -> Table | Finding:
    """The rows of the sheet called ``name`` under ``headings``, merged ranges filled; a finding if it is not there.

    A row that is empty under every heading is left out. A heading that is missing is a finding of the table and its
    cells are blank; of one that stands twice the left column is read.
    """
    sheet = next((item for item in typed.worksheets if key(item.title) == key(name)), None)
    if sheet is None:
        return finding("P101", CellRef(file), sheet=name, sheets="; ".join(typed.sheetnames))
    found = _heading_row(sheet, headings)
    if found is None:
        return finding("P102", CellRef(file, sheet.title), headings=" · ".join(headings))
    heading_row, columns, again = found
    values = calculated[sheet.title] if calculated else sheet
    findings = [
        finding("P103", CellRef(file, sheet.title, heading_row), heading=heading)
        for heading in headings
        if heading not in columns
    ]
    findings += [
        finding("P120", CellRef(file, sheet.title, heading_row, column), heading=heading) for heading, column in again
    ]
    origins = _merge_origins(sheet)
    rows = []
    for number in sorted({row for row, _ in _stored(sheet) if row > heading_row}):
        row = {
            heading: _cell(sheet, values, file, number, columns.get(heading), origins, columns.values())
            for heading in headings
        }
        if any((not cell.blank or cell.problem) and not cell.merged for cell in row.values()):
            rows.append(row)
    return Table(sheet.title, columns, tuple(rows), tuple(findings))


_Headings = tuple[int, dict[str, int], list[tuple[str, int]]]


def _heading_row(sheet: Worksheet, headings: tuple[str, ...]) -> _Headings | None:
    """The row with most of the headings: its number, their columns, and the columns where one stands again."""
    wanted = {key(heading): heading for heading in headings}
    found: dict[int, tuple[dict[str, int], list[tuple[str, int]]]] = {}
    for (row, column), cell in sorted(_stored(sheet).items()):
        heading = wanted.get(key(cell.value)) if row <= HEADING_ROWS and isinstance(cell.value, str) else None
        if heading:
            columns, again = found.setdefault(row, ({}, []))
            if heading in columns:
                again.append((heading, column))
            columns.setdefault(heading, column)
    best = max(found, key=lambda row: (len(found[row][0]), -row), default=None)
    return None if best is None or len(found[best][0]) < 2 else (best, *found[best])


def _merge_origins(sheet: Worksheet) -> dict[tuple[int, int], tuple[int, int]]:
    return {
        (row, column): (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        if (area.max_row - area.min_row + 1) * (area.max_col - area.min_col + 1) <= 100_000
        for row, column in _cells_of(area.min_row, area.max_row, area.min_col, area.max_col)
    }


def _cells_of(top: int, bottom: int, left: int, right: int) -> Iterator[tuple[int, int]]:
    return ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


def _cell(
    sheet: Worksheet,
    values: Worksheet,
    file: str,
    row: int,
    column: int | None,
    origins: dict[tuple[int, int], tuple[int, int]],
    columns: Collection[int],
) -> Cell:
    """The cell under one heading; in a merged range over several headings, the value belongs to the first of them."""
    if column is None:
        return Cell(None, CellRef(file, sheet.title, row))
    origin = origins.get((row, column), (row, column))
    at = CellRef(file, sheet.title, *origin)
    if origin[1] != column and origin[1] in columns:
        return Cell(None, at, merged=True)
    stored = sheet.cell(*origin)
    value: Any = values.cell(*origin).value
    problem = None
    if stored.data_type == "e" or (isinstance(value, str) and value.startswith("#") and stored.data_type == "f"):
        problem, value = finding("P104", at, text=value), None
    elif stored.data_type == "f" and value is None:
        problem = finding("P105", at, formula=getattr(stored.value, "text", stored.value))
    if not isinstance(value, str | int | float | bool | datetime | date | None):
        value = str(value)
    shown = "" if isinstance(value, bool) else str(stored.number_format)
    percent = is_percent_format(shown)
    return Cell(value, at, percent, "%" in shown and not percent, origin != (row, column), problem)
