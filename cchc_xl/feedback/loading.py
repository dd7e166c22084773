"""What openpyxl changes by merely loading a workbook, undone; and the few of its insides that have no public name."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import Any

from cchc_xl.feedback.inventory import Inventory
from cchc_xl.feedback.sheets import SheetContent


def as_it_was(book: Any, original: Inventory) -> None:
    """Gives cells and columns of a workbook just loaded what they had in the file."""
    for sheet in book.worksheets:
        content = original.sheets.get(sheet.title)
        if content is not None:
            _empty_links(sheet, content)
            _merged_looks(book, sheet, content)
            _column_looks(book, sheet)


def own_cells(sheet: Any) -> Iterator[Any]:
    """The cells there are: asking for rows would make one for every place."""
    yield from list(sheet._cells.values())


def cell_at(sheet: Any, row: int, column: int) -> Any:
    """The cell, made where there is none with the look of its row or column: a fresh one would be locked and plain."""
    fresh = (row, column) not in sheet._cells
    cell = sheet.cell(row, column)
    if fresh:
        cell._style = copy(_look(sheet, row, column))
    return cell


def _look(sheet: Any, row: int, column: int) -> Any:
    if row in sheet.row_dimensions and sheet.row_dimensions[row].customFormat:
        return sheet.row_dimensions[row]._style
    for dimension in sheet.column_dimensions.values():
        if (dimension.min or 0) <= column <= (dimension.max or 0) and dimension._style:
            return dimension._style
    return sheet.parent._cell_styles[0]


def _empty_links(sheet: Any, content: SheetContent) -> None:
    """On loading, a blank cell with a link gets its address as a value; on saving, one that holds None is left out."""
    filled = content.cells.keys() | content.texts
    for cell in own_cells(sheet):
        if getattr(cell, "hyperlink", None) and cell.coordinate not in filled:
            cell._value, cell.data_type = "", "n"


def _merged_looks(book: Any, sheet: Any, content: SheetContent) -> None:
    """On loading, the borders of merged cells are drawn anew and their other looks are forgotten."""
    for area in sheet.merged_cells.ranges:
        for place in area.cells:
            cell = sheet._cells.get(place)
            if cell is not None:
                cell._style = copy(book._cell_styles[content.styled.get(cell.coordinate, 0)])


def _column_looks(book: Any, sheet: Any) -> None:
    """On loading, a column without a style gets a plain one; the workbook's first style may be another."""
    for dimension in sheet.column_dimensions.values():
        if not any(dimension._style or ()):
            dimension._style = copy(book._cell_styles[0])
