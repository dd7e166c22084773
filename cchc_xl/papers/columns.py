"""A table of a workbook, told by its columns: the records that have a row come in, the cells of a sheet go out.

Also what every sheet of ours has for finding one's way: a link back to the first sheet, and there the contents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

from cchc_xl.office.excel.book import Book, place_in

Row = TypeVar("Row")
TO_BE_DONE, TO_BE_READ, SUMMED_UP = "#F59E0B", "#9CA3AF", "#4F81BD"  # colours of tabs
HEAD = 3  # of a sheet that is one table: below the link back, the title and a blank row


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
class Link:
    """A text that leads to a place of this workbook, or to a ``file`` and a place in it; without either a text."""

    text: str
    place: str = ""
    file: str = ""


class Listed(NamedTuple):
    """A sheet as the contents list it: ``told`` is what stands there."""

    name: str
    told: str


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


def back(book: Book, sheet: Any, home: str) -> None:
    """The link to the workbook's first sheet, in the first cell."""
    book.go(sheet, 0, 0, place_in(home), f"← {home}", "back")


def head_back(book: Book, sheet: Any, home: str, heading: str, free: int) -> None:
    """The link to the first sheet on one whose first row are its headings: the first of them leads there, too.

    ``free`` is the first column behind the table.
    """
    book.go(sheet, 0, 0, place_in(home), heading, "head_link", tip=f"Về trang tính {home}")
    book.go(sheet, 0, free, place_in(home), f"← {home}", "back")


def write_contents(book: Book, sheet: Any, listed: Iterable[Listed | tuple[Link, str]], span: int) -> int:
    """The contents below the title of the first sheet: a row for each sheet, or another file, with a link.

    What stands there is told over ``span`` columns. Returns the last row.
    """
    columns: tuple[Column[Listed | tuple[Link, str]], ...] = (
        Column("Mở", lambda item: Link(item.name, place_in(item.name)) if isinstance(item, Listed) else item[0]),
        Column("Có gì ở đó", itemgetter(1), span=span),
    )
    return write_table(book, sheet, HEAD + 1, columns, listed)


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
        elif isinstance(value, Link):
            _write_link(book, sheet, row, left, value)
        elif column.span > 1:
            book.merge(sheet, row, (left, left + column.span - 1), "" if value is None else str(value), look)
        else:
            book.write(sheet, row, left, value, look)
        left += column.span


def _write_link(book: Book, sheet: Any, row: int, column: int, link: Link) -> None:
    if link.file:
        book.link(sheet, row, column, link.file, link.text, link.place)
    elif link.place:
        book.go(sheet, row, column, link.place, link.text)
    else:
        book.write(sheet, row, column, link.text, "cell")


def cell_value(points: Decimal | None) -> float | str:
    """A number beside its formula; the empty text where the formula shows none."""
    return "" if points is None else float(points)
