"""The cells of a sheet of somebody else: values by their places come in, the package with them written goes out.

Only the cells named are changed, and of them only what they hold: their look stays. Nothing else of the workbook is
touched, but that a list of formulas to calculate goes where it would name a cell that has none any more.

Source: ECMA-376 part 1, §18.3.1.4 (cells), §18.6 (calculation chain).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from cchc_xl.office.excel.bounds import Place
from cchc_xl.office.excel.cell_notes import place_of, spell, told
from cchc_xl.office.excel.parts import CannotPatchError, Element, Package, local, new, under
from cchc_xl.records import column_letters
from cchc_xl.text.days import day_number
from cchc_xl.text.numbers import plain

Written = str | int | Decimal | date | None


class Grid:
    """The cells of a sheet, to be read and written one by one; ``from_1904``: days are counted from 1904."""

    def __init__(self, root: Element, strings: Sequence[str], *, from_1904: bool = False) -> None:
        self._data, self._strings = next(root.iterchildren("{*}sheetData")), strings
        self._first_day = day_number(date(1904, 1, 1)) if from_1904 else Decimal(0)
        self._rows: dict[int, Element] = {}
        self._cells: dict[Place, Element] = {}
        number = 0
        for row in self._data.iterchildren("{*}row"):
            number = int(row.get("r", number + 1))
            self._rows[number] = row
            column = 0
            for cell in row.iterchildren("{*}c"):
                at = place_of(cell.get("r", ""))
                column = at[1] if at else column + 1
                self._cells[number, column] = cell

    def texts(self) -> dict[Place, str]:
        """The cells that hold a text."""
        return {at: text for at, cell in self._cells.items() if (text := self._text(cell))}

    def write(self, row: int, column: int, value: Written) -> bool:
        """Gives a cell a value, a day as the number it is; its look stays. Returns whether a formula stood there.

        Raises :class:`CannotPatchError` for a formula that other cells share.
        """
        if row not in self._rows:
            self._rows[row] = new(self._data, "row", r=str(row))
            _sorted_in(self._data, self._rows, row)
        at = (row, column)
        if at not in self._cells:
            self._cells[at] = new(self._data, "c", r=f"{column_letters(column)}{row}")
            _sorted_in(self._rows[row], {key[1]: cell for key, cell in self._cells.items() if key[0] == row}, column)
        cell = self._cells[at]
        formula = next((item for item in cell if local(item) == "f"), None)
        if formula is not None and formula.get("ref"):
            raise CannotPatchError(f"có công thức chung cho nhiều ô ở {column_letters(column)}{row}")
        for item in list(cell):
            cell.remove(item)
        for name in ("cm", "vm", "t"):
            cell.attrib.pop(name, None)
        if isinstance(value, str):
            cell.set("t", "inlineStr")
            spell(under(under(cell, "is"), "t"), value)
        elif value is not None:
            number = day_number(value) - self._first_day if isinstance(value, date) else value
            under(cell, "v").text = plain(Decimal(number))
        return formula is not None

    def _text(self, cell: Element) -> str:
        if cell.get("t") == "inlineStr":
            return "".join(told(cell))
        value = next((item.text or "" for item in cell if local(item) == "v"), "")
        if cell.get("t") == "s":
            return self._strings[int(value)] if value.isdigit() and int(value) < len(self._strings) else ""
        return value if cell.get("t") == "str" else ""


def with_cells(data: bytes, values: Mapping[str, Mapping[Place, Written]]) -> bytes:
    """The workbook with these values, by name of sheet and (row, column).

    Raises :class:`CannotPatchError` with the reason in words, and whatever zipfile and lxml raise for a broken file.
    """
    package = Package(data)
    root, strings = package.xml(package.main), shared_strings(package)
    parts = {number: part for number, kind, part in package.relations(package.main) if kind == "worksheet"}
    from_1904 = any(item.get("date1904") in ("1", "true") for item in root.iterchildren("{*}workbookPr"))
    formulas_gone = False
    for sheet in root.iter("{*}sheet"):
        part, own = parts.get(relation_of(sheet), ""), values.get(sheet.get("name", ""), {})
        if part and own:
            grid = Grid(package.xml(part), strings, from_1904=from_1904)
            gone = [grid.write(row, column, value) for (row, column), value in own.items()]
            formulas_gone = formulas_gone or any(gone)
    chain = package.related(package.main, "calcChain")
    if formulas_gone and chain:  # Excel makes it anew, but takes one that names a cell without a formula for damage
        package.unrelate(package.main, chain)
        package.drop(chain)
    return package.dump()


def shared_strings(package: Package) -> list[str]:
    """The texts that cells of a workbook share."""
    part = package.related(package.main, "sharedStrings")
    return ["".join(told(item)) for item in package.xml(part) if local(item) == "si"] if part else []


def relation_of(item: Element) -> str:
    """The id of the relation that an element names, in either namespace of relations; '' where it names none."""
    return next((value for name, value in item.attrib.items() if name.endswith("/relationships}id")), "")


def _sorted_in(parent: Element, children: Mapping[int, Element], number: int) -> None:
    """Puts the child of this number before the first of a greater one."""
    later = min((other for other in children if other > number), default=None)
    if later is None:
        parent.append(children[number])
    else:
        children[later].addprevious(children[number])
