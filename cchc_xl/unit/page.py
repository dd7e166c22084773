"""A sheet of the issued form but for its table: title, where it goes, counts, legend, signatures, lists.

A workbook and what a sheet says come in; what stands around the table goes into the workbook. Contract: design §4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cchc_xl.office.excel.book import GREEN, LINE_HEIGHT, OWED, Book
from cchc_xl.office.excel.bounds import STAMP_SHEET
from cchc_xl.plan.register import Register
from cchc_xl.records import Edition, Unit, column_letters
from cchc_xl.text.days import date_vi
from cchc_xl.unit.form import FORM, HEADING_ROW
from cchc_xl.unit.live import Live

TITLE_HEIGHT = 1.4 * LINE_HEIGHT
FIRST_ROW = HEADING_ROW + 2  # below the headings, as people count


@dataclass(frozen=True, slots=True)
class Form:
    """The workbook that is being written, and whose it is."""

    book: Book
    edition: Edition
    unit: Unit
    is_supplement: bool

    def sheet(self, name: str, title: str, notes: Sequence[str], beside: tuple[float, ...] = ()) -> Any:
        """A sheet of the form with title, unit, period, where it goes, notes and headings."""
        sheet = self.book.sheet(name, (*(column.width for column in FORM[name].columns), *beside))
        period = self.edition.period
        window = f"số liệu từ {date_vi(period.start)} đến {date_vi(period.end)}"
        sheet.set_row(0, TITLE_HEIGHT)
        sheet.write_string(0, 0, title, self.book.look("title"))
        sheet.write_string(1, 0, f"Đơn vị: {self.unit.name}", self.book.look("bold"))
        sheet.write_string(2, 0, f"Kỳ báo cáo: {period.name} ({window})", self.book.look("plain"))
        sheet.write_string(3, 0, _where(self.edition), self.book.look("bold"))
        for offset, note in enumerate(notes):
            sheet.write_string(4 + offset, 0, note, self.book.look("note"))
        self.book.heading(sheet, HEADING_ROW, FORM[name].headings)
        return sheet

    def count(self, sheet: Any, at: tuple[int, int], live: Live, label: str) -> None:
        """A number that follows what is typed, above the table, and what it counts."""
        row, column = at
        sheet.write_formula(row, column, live.formula, self.book.look("count"), live.value)
        sheet.write_string(row, column + 1, label, self.book.look("counted"))
        cell = f"{column_letters(column + 1)}{row + 1}"
        for criteria, colour in (("==", GREEN), (">", OWED)):
            self.book.recolour(sheet, cell, colour, {"type": "cell", "criteria": criteria, "value": 0})

    def legend(self, sheet: Any, places: Iterable[tuple[int, str, str]]) -> None:
        """What the colours mean, each in its own, above the headings: column, text and look."""
        for column, text, look in places:
            sheet.write_string(HEADING_ROW - 1, column, text, self.book.look(look))

    def signatures(self, sheet: Any, row: int, columns: tuple[int, int]) -> None:
        """Who made and who signs the paper, below the table: in columns that nobody reads, never in the first."""
        place = self.edition.plan.settings.place
        date = f"{place or '……………'}, ngày …… tháng …… năm {self.edition.period.end.year}"
        texts = (
            ("", date, "sign_note"),
            ("NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ", "sign"),
            ("(Ký, ghi rõ họ tên, số điện thoại)", "(Ký, ghi rõ họ tên)", "sign_note"),
            *((("", "", "sign_open"),) * 4),
        )
        for number, (left, right, look) in enumerate(texts, start=row):
            # Open is the whole row: a cell of its own that says nothing would be one more for every reader.
            sheet.set_row(number, LINE_HEIGHT, None if left or right else self.book.look(look))
            for column, text in zip(columns, (left, right), strict=True):
                if text:
                    sheet.write_string(number, column, text, self.book.look(look))


def _where(edition: Edition) -> str:
    """By when and where the workbook is sent, and whom one may ask; never only a unit's name behind a colon.

    A workbook without its stamp is known by such a line.
    """
    settings, due = edition.plan.settings, edition.period.due
    code = Register(edition.plan.units).unit(settings.compiling_unit)
    names = {unit.code: unit.name for unit in edition.plan.units}
    office = ", ".join(filter(None, (names.get(code or "", settings.compiling_unit), settings.agency)))
    place = settings.forms_to or office
    contact = f"; liên hệ: {settings.contact}" if settings.contact else ""
    return (f"Hạn gửi: {date_vi(due)}, gửi về {place}" if due else f"Phiếu gửi về {place}") + f"{contact}."


class Lists:
    """The choices of the drop-downs and the rows that are counted, in the hidden sheet: a choice may hold a comma."""

    def __init__(self) -> None:
        self.columns: list[tuple[str, ...]] = []

    def range(self, texts: tuple[str, ...]) -> str:
        """The range in which these texts stand."""
        if texts not in self.columns:
            self.columns.append(texts)
        column = column_letters(4 + self.columns.index(texts))
        return f"'{STAMP_SHEET}'!${column}$1:${column}${len(texts)}"


def protect(sheet: Any) -> None:
    """Locks what is not for typing; without a password."""
    allowed = ("format_columns", "format_rows", "select_locked_cells", "select_unlocked_cells")
    sheet.protect("", dict.fromkeys(allowed, True))
