"""Sheets of the plan workbook as tables: a workbook's bytes come in, rows by heading text go out.

Sheets and columns are found by name (match key), never by position. Nothing is judged here except what makes a cell
unreadable: a formula nobody calculated and an Excel error value.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from cchc_xl.messages import finding
from cchc_xl.records import CellRef, Finding, Kind
from cchc_xl.vi_text import key, plain, read_date, read_stored, read_text, shortest, tidy

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

HEADING_ROWS = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """A stored value with its place; ``percent`` says that the cell is shown with a percent format."""

    value: str | float | bool | datetime | date | None
    at: CellRef
    percent: bool = False
    merged: bool = False

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
                return f"{plain(shown * 100)}%" if self.percent else plain(shown)
            case _:
                return f"{self.value:%d/%m/%Y}"

    @property
    def is_text(self) -> bool:
        """Whether Excel holds it as text."""
        return isinstance(self.value, str)

    @property
    def number(self) -> Decimal | None:
        """The number, a percentage in percent (0.7412 shown as 74,12% is 74.12); None if it is none."""
        if isinstance(self.value, bool):
            return None
        if isinstance(self.value, int | float):
            kind = Kind.PERCENT if self.percent else Kind.DECIMAL
            return read_stored(self.value, kind, percent_format=self.percent).value
        return read_text(self.value, Kind.PERCENT).value if isinstance(self.value, str) else None

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
    """A sheet: its rows by heading, and what made cells unreadable."""

    sheet: str
    heading_row: int
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


def open_workbook(data: bytes) -> tuple[Workbook, Workbook | None]:
    """The workbook as typed, and, only where it holds formulas, as last calculated."""
    from openpyxl import load_workbook

    typed = load_workbook(io.BytesIO(data), keep_links=False)
    if any(cell.data_type == "f" for sheet in typed.worksheets for row in sheet.iter_rows() for cell in row):
        return typed, load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    return typed, None


def read_table(
    typed: Workbook, calculated: Workbook | None, file: str, name: str, headings: tuple[str, ...]
) -> Table | Finding:
    """The rows of the sheet called ``name`` under ``headings``, merged ranges filled; a finding if it is not there.

    A row that is empty under every heading is left out. A heading that is missing is a finding of the table and its
    cells are blank.
    """
    sheet = next((item for item in typed.worksheets if key(item.title) == key(name)), None)
    if sheet is None:
        return finding("P101", CellRef(file), sheet=name, sheets="; ".join(typed.sheetnames))
    found = _heading_row(sheet, headings)
    if found is None:
        return finding("P102", CellRef(file, sheet.title), headings=" · ".join(headings))
    heading_row, columns = found
    values = calculated[sheet.title] if calculated else sheet
    findings = [
        finding("P103", CellRef(file, sheet.title, heading_row), heading=heading)
        for heading in headings
        if heading not in columns
    ]
    origins = _merge_origins(sheet)
    rows = []
    for number in range(heading_row + 1, sheet.max_row + 1):
        row = {
            heading: _cell(sheet, values, file, number, columns.get(heading), origins, findings) for heading in headings
        }
        if any(not cell.blank and not cell.merged for cell in row.values()):
            rows.append(row)
    return Table(sheet.title, heading_row, tuple(rows), tuple(findings))


def _heading_row(sheet: Worksheet, headings: tuple[str, ...]) -> tuple[int, dict[str, int]] | None:
    wanted = {key(heading): heading for heading in headings}
    best: tuple[int, dict[str, int]] | None = None
    for row in sheet.iter_rows(max_row=HEADING_ROWS):
        columns: dict[str, int] = {}
        for cell in row:
            heading = wanted.get(key(cell.value)) if isinstance(cell.value, str) else None
            if heading and heading not in columns:
                columns[heading] = int(cell.column or 0)
        if len(columns) > max(1, len(best[1]) if best else 0):
            best = (int(row[0].row or 0), columns)
    return best


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
    findings: list[Finding],
) -> Cell:
    if column is None:
        return Cell(None, CellRef(file, sheet.title, row))
    origin = origins.get((row, column), (row, column))
    stored = sheet.cell(*origin)
    value = values.cell(*origin).value
    at = CellRef(file, sheet.title, row, column)
    if stored.data_type == "e" or (isinstance(value, str) and value.startswith("#") and stored.data_type == "f"):
        findings.append(finding("P104", at, text=value))
        value = None
    elif stored.data_type == "f" and value is None:
        findings.append(finding("P105", at, formula=stored.value))
    if not isinstance(value, str | int | float | bool | datetime | date | None):
        value = str(value)
    cell = Cell(value, at, percent="%" in str(stored.number_format) and not isinstance(value, bool))
    return replace(cell, merged=True) if origin != (row, column) else cell
