"""The form's sheets in a workbook: a :class:`RawForm` comes in, sheets with their columns by heading go out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cchc_xl.forms import (
    APPENDIX_HEADINGS,
    APPENDIX_SHEET,
    CODE,
    COMPLETED,
    DOCUMENT,
    DUE,
    FIGURE_CODE,
    FIGURE_HEADINGS,
    FIGURE_VALUE,
    FIGURES_SHEET,
    LEVEL,
    TASK_HEADINGS,
    TASKS_SHEET,
)
from cchc_xl.records import CellRef, RawForm, RawSheet, Value
from cchc_xl.vi_text import key, plain, shortest, tidy

HEADING_ROWS = 20
_NEEDED = {
    APPENDIX_SHEET: (APPENDIX_HEADINGS, (CODE, LEVEL)),
    FIGURES_SHEET: (FIGURE_HEADINGS, (FIGURE_CODE, FIGURE_VALUE)),
    TASKS_SHEET: (TASK_HEADINGS, (DOCUMENT, DUE, COMPLETED)),
}
_KEYS = {
    name: ({key(heading): heading for heading in headings}, frozenset(map(key, needed)))
    for name, (headings, needed) in _NEEDED.items()
}

Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A sheet of the form: where its headings stand, and its cells by heading."""

    file: str
    sheet: RawSheet
    heading_row: int
    columns: dict[str, int]
    formats: dict[tuple[int, int], str]

    def rows(self) -> Iterator[tuple[int, Row]]:
        """The row numbers, from 1, and rows below the headings."""
        return enumerate(self.sheet.rows[self.heading_row :], start=self.heading_row + 1)

    def value(self, row: Row, heading: str) -> Value:
        """What is stored under the heading; blank text counts as nothing."""
        column = self.columns.get(heading)
        value = row[column - 1] if column is not None and column <= len(row) else None
        return None if isinstance(value, str) and not value.strip() else value

    def text(self, row: Row, heading: str) -> str:
        """The same as tidy text; '' for what is not text or a number."""
        value = self.value(row, heading)
        if isinstance(value, str):
            return tidy(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return plain(shortest(value))
        return ""

    def at(self, number: int, heading: str) -> CellRef:
        """The cell under the heading in this row; the whole sheet's row start if the column is missing."""
        return CellRef(self.file, self.sheet.name, number, self.columns.get(heading, 1))

    def number_format(self, number: int, heading: str) -> str:
        """The number format of a telling cell, else ''."""
        return self.formats.get((number, self.columns.get(heading, 0)), "")


def find_sheets(form: RawForm) -> dict[str, FormSheet]:
    """The form's sheets by their contract names; found by headings, the sheet of the right name first."""
    found: dict[str, FormSheet] = {}
    for name, (headings, needed) in _KEYS.items():
        wanted = key(name)
        for sheet in sorted(form.sheets, key=lambda item: key(item.name) != wanted):
            place = _headings(sheet, headings, needed)
            if place is not None:
                formats = {(row, column): text for row, column, text in sheet.formats}
                found[name] = FormSheet(form.source.file, sheet, *place, formats)
                break
    return found


def _headings(sheet: RawSheet, headings: dict[str, str], needed: frozenset[str]) -> tuple[int, dict[str, int]] | None:
    """The heading row and its columns; None too where a needed heading stands twice: which column counts is a guess."""
    for number, row in enumerate(sheet.rows[:HEADING_ROWS], start=1):
        columns: dict[str, int] = {}
        seen: set[str] = set()
        twice: set[str] = set()
        for column, value in enumerate(row, start=1):
            if isinstance(value, str):
                wanted = key(value)
                if wanted in headings and wanted not in seen:
                    seen.add(wanted)
                    columns[headings[wanted]] = column
                elif wanted in needed:
                    twice.add(wanted)
        if needed <= seen:
            return None if twice else (number, columns)
    return None
