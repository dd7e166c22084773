"""A table of a workbook, told by its columns: the records that have a row come in, the cells of a sheet go out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import Any, Generic, TypeVar

from cchc_xl.office.excel.book import Book

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula without its "=", and the value that a viewer shows which does not calculate."""

    text: str
    value: float | str


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, or a formula, that looks otherwise than its column."""

    value: object
    look: str


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column: its heading, what a record shows in it, the look of its cells.

    ``width`` in characters is for the table that the sheet is set up by; ``span`` counts the columns of the sheet that
    a column of another table takes.
    """

    heading: str
    show: Callable[[Row], object]
    look: str = "cell"
    width: float = 0
    span: int = 1


def columns_of_cells(*told: tuple[str, str, float]) -> tuple[Column[Sequence[object]], ...]:
    """Columns, each by heading, look and width, of rows that are their cells already."""
    return tuple(Column(heading, itemgetter(number), look, width) for number, (heading, look, width) in enumerate(told))


def write_sheet(book: Book, name: str, columns: Sequence[Column[Row]], rows: Iterable[Row], nothing: str = "") -> Any:
    """A sheet that is one table; without rows it says ``nothing``, else it can be filtered where it could say so."""
    sheet = book.sheet(name, tuple(column.width for column in columns))
    last = write_table(book, sheet, 0, columns, rows)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    if nothing and last:
        sheet.autofilter(0, 0, last, len(columns) - 1)
    elif nothing:
        book.merge(sheet, 1, (0, len(columns) - 1), nothing, "cell")
    return sheet


def write_table(book: Book, sheet: Any, head: int, columns: Sequence[Column[Row]], rows: Iterable[Row]) -> int:
    """The headings in the row ``head`` (from 0) and the records below; returns the last row."""
    _write_row(book, sheet, head, columns, [Cell(column.heading, "head") for column in columns])
    last = head
    for last, row in enumerate(rows, start=head + 1):
        _write_row(book, sheet, last, columns, [column.show(row) for column in columns])
    return last


def _write_row(book: Book, sheet: Any, row: int, columns: Sequence[Column[Row]], cells: Sequence[object]) -> None:
    left = 0
    for column, cell in zip(columns, cells, strict=True):
        value, look = (cell.value, cell.look) if isinstance(cell, Cell) else (cell, column.look)
        if isinstance(value, Formula):
            sheet.write_formula(row, left, f"={value.text}", book.look(look), value.value)
        elif column.span > 1:
            book.merge(sheet, row, (left, left + column.span - 1), str(value), look)
        else:
            book.write(sheet, row, left, value, look)
        left += column.span


def cell_value(points: Decimal | None) -> float | str:
    """A number beside its formula; the empty text where the formula shows none."""
    return "" if points is None else float(points)
