"""The sheet ``Số liệu`` of the consolidated workbook: figures by unit, and their totals as formulas.

Consolidation comes in; the address of every total goes out, for the score formulas. A total says "chưa có" while a unit
still owes its value and "không phát sinh" where the matter arose nowhere.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cchc_xl.office.excel.book import Book
from cchc_xl.records import Consolidation, Edition, FigureEntry, Kind, MeasureTotal, State
from cchc_xl.text.words import AWAY, DIFFERENT, MISSING

SHEET = "Số liệu"
_FIRST_UNIT = 5
_FUNCTIONS = {"tổng": "SUM", "trung bình": "AVERAGE", "lớn nhất": "MAX", "nhỏ nhất": "MIN", "một đơn vị": "MAX"}


def write_figures(book: Book, edition: Edition, consolidation: Consolidation) -> dict[str, str]:
    """Writes the sheet; returns the absolute address of each figure's total by its code."""
    units = edition.plan.units
    widths = (18, 50, 12, 13, 18, *([14.0] * len(units)))
    sheet = book.sheet(SHEET, widths)
    book.heading(sheet, 0, ("Mã", "Tên số liệu", "Đơn vị tính", "Gộp", "Toàn cơ quan", *(unit.code for unit in units)))
    sheet.freeze_panes(1, 5)
    addresses: dict[str, str] = {}
    for number, total in enumerate(consolidation.measures, start=1):
        measure = total.measure
        for column, text in enumerate((measure.code, measure.name, measure.unit_name, measure.combine)):
            book.write(sheet, number, column, text, "code" if column == 0 else "cell")
        entries = {entry.unit: entry for entry in total.entries}
        for column, unit in enumerate(units, start=_FIRST_UNIT):
            _unit_cell(book, sheet, number, column, entries.get(unit.code), enters=unit.code in measure.units)
        last = _FIRST_UNIT + len(units) - 1
        _total_cell(book, sheet, number, total, last)
        addresses[measure.code] = f"'{SHEET}'!$E${number + 1}"
    return addresses


def _unit_cell(book: Book, sheet: Any, number: int, column: int, entry: FigureEntry | None, *, enters: bool) -> None:
    if entry is None:
        book.write(sheet, number, column, None, "warning" if enters else "locked")
    elif entry.state is State.KNOWN:
        book.write(sheet, number, column, entry.value if entry.value is not None else entry.text, "number")
    elif entry.state is State.NOT_APPLICABLE:
        book.write(sheet, number, column, AWAY, "centre")
    elif entry.state is State.ERROR:
        book.write(sheet, number, column, f"lỗi: {entry.text}", "error")
    else:
        book.write(sheet, number, column, None, "warning")


def _total_cell(book: Book, sheet: Any, number: int, total: MeasureTotal, last: int) -> None:
    from xlsxwriter.utility import xl_range

    values = xl_range(number, _FIRST_UNIT, number, last)
    known = _shown(total)
    if total.measure.kind in (Kind.DATE, Kind.TEXT):
        book.write(sheet, number, 4, "; ".join(entry.text for entry in total.entries) or MISSING, "cell")
        return
    owed = len(total.measure.units)
    result = f"{_FUNCTIONS[total.measure.combine]}({values})"
    if total.measure.combine == "một đơn vị":
        result = f'IF(MAX({values})<>MIN({values}),"{DIFFERENT}",{result})'
    formula = (
        f'=IF(OR({owed}=0,COUNT({values})+COUNTIF({values},"{AWAY}")<{owed}),"{MISSING}",'
        f'IF(COUNT({values})=0,"{AWAY}",{result}))'
    )
    sheet.write_formula(number, 4, formula, book.look("number"), known)


def _shown(total: MeasureTotal) -> float | str:
    if total.state is State.KNOWN and isinstance(total.value, Decimal):
        return float(total.value)
    return {State.NOT_APPLICABLE: AWAY, State.ERROR: DIFFERENT}.get(total.state, MISSING)
