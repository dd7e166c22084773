"""How every workbook of ours is written: a path comes in, an XlsxWriter workbook with one look and safe text goes out.

Text stays text: nothing a unit typed can become a formula or a link in what we write.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterable
from datetime import date, datetime
from datetime import time as clock
from decimal import Decimal
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any, Self

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from cchc_xl.office.excel.bounds import MAX_TEXT, STAMP_SHEET
from cchc_xl.office.excel.extent import LAST_ROW
from cchc_xl.records import ErrorValue, Uncalculated, Value, column_letters
from cchc_xl.text.printed import cell_format

FONT = "Times New Roman"
INK, LINE, HEAD, INPUT, SHADE, LOCKED = "#1F2937", "#9CA3AF", "#DCE6F1", "#FFFBE6", "#F3F4F6", "#C4C9D1"
RED, AMBER, GREEN, OWED = "#F8D7DA", "#FFF3CD", "#D9EAD3", "#FFD966"
GREY, LINK = "#6B7280", "#1D4ED8"

_BASE: dict[str, Any] = {"font_name": FONT, "font_size": 11, "font_color": INK, "valign": "top", "text_wrap": True}
_BORDER: dict[str, Any] = {"border": 1, "border_color": LINE}
_LEFT: dict[str, Any] = {"align": "left", "indent": 1, **_BORDER}
_CENTRE: dict[str, Any] = {"align": "center", **_BORDER}
_RIGHT: dict[str, Any] = {"align": "right", **_BORDER}
LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "text_wrap": False},
    "note": {"italic": True, "text_wrap": False, "font_color": "#4B5563"},
    "told": {"italic": True, "font_color": "#4B5563"},
    "section": {**_LEFT, "bold": True, "bg_color": HEAD},
    "plain": {"text_wrap": False},
    "bold": {"bold": True, "text_wrap": False},
    "head": {**_CENTRE, "bold": True, "valign": "vcenter", "bg_color": HEAD},
    "cell": _LEFT,
    "centre": _CENTRE,
    "code": {**_BORDER, "num_format": "@"},
    "grey_code": {**_CENTRE, "num_format": "@", "font_size": 9, "font_color": GREY, "bg_color": SHADE},
    "place": {**_CENTRE, "num_format": "@"},
    "group_place": {**_CENTRE, "num_format": "@", "bold": True, "bg_color": SHADE},
    "group": {**_LEFT, "bold": True, "bg_color": SHADE},
    "group_code": {**_BORDER, "bold": True, "bg_color": SHADE, "num_format": "@"},
    "shaded": {**_LEFT, "bg_color": SHADE},
    "shaded_code": {**_BORDER, "bg_color": SHADE, "num_format": "@"},
    "locked": {**_CENTRE, "bg_color": LOCKED},
    "supplied": {**_RIGHT, "num_format": "#,##0.####", "bg_color": INPUT, "italic": True},
    "input": {**_LEFT, "bg_color": INPUT, "locked": False},
    "input_centre": {**_CENTRE, "bg_color": INPUT, "locked": False},
    "input_text": {**_BORDER, "bg_color": INPUT, "locked": False, "num_format": "@"},
    "input_date": {**_CENTRE, "bg_color": INPUT, "locked": False, "num_format": "dd/mm/yyyy"},
    "input_moment": {**_CENTRE, "bg_color": INPUT, "locked": False, "num_format": "dd/mm/yyyy hh:mm:ss"},
    "helped": {**_LEFT, "bg_color": SHADE, "locked": False},
    "owed": {**_CENTRE, "bg_color": OWED},
    "count": {**_CENTRE, "bold": True, "text_wrap": False},
    "counted": {"align": "left", "indent": 1, "text_wrap": False},
    "status": _CENTRE,
    "sign": {"bold": True, "align": "center", "text_wrap": False},
    "sign_open": {"align": "center", "text_wrap": False, "locked": False},
    "sign_note": {"italic": True, "align": "center", "text_wrap": False, "locked": False},
    "input_below": {"locked": False},
    "input_text_below": {"locked": False, "num_format": "@"},
    "input_date_below": {"locked": False, "num_format": "dd/mm/yyyy", "align": "center"},
    "number": _RIGHT,
    "day": {**_RIGHT, "num_format": "dd/mm/yyyy"},
    "whole": {**_RIGHT, "num_format": "#,##0"},
    "points": _RIGHT,
    "group_points": {**_RIGHT, "bold": True, "bg_color": SHADE},
    "index": {**_RIGHT, "bold": True, "bg_color": HEAD},
    "link": {**_LEFT, "font_color": LINK, "underline": 1},
    "back": {"font_color": LINK, "underline": 1, "text_wrap": False},
    "head_link": {**_CENTRE, "bold": True, "valign": "vcenter", "bg_color": HEAD, "font_color": LINK, "underline": 1},
    "error": {**_LEFT, "bg_color": RED},
    "warning": {**_LEFT, "bg_color": AMBER},
    "waiting": {**_CENTRE, "bg_color": AMBER},
    "good": {**_LEFT, "bg_color": GREEN},
}
_POINTS = frozenset(("points", "group_points", "index", "number"))  # with the plan's decimals
LINE_HEIGHT = 15.0
_MAX_HEIGHT, _TITLE_HEIGHT = 409.0, 20.0
_FIRST_YEAR = 1901  # Excel counts days from 1900, which it takes for a leap year
# The engine of Excel 2019 and later: a file of an older one is calculated anew when it is opened, and Excel then asks
# at closing whether to save a file in which nobody has changed anything. The stored values are the right ones.
_CALC_ID = 191_029
# What a link's address writes as %XX. Excel takes "#" for the end of the file's name and "%41" for a letter.
_ESCAPED = re.compile(r'[ "#%<>\[\]^`{}]')


class _GrowingRows(Worksheet):  # type: ignore[misc]
    """A worksheet whose row heights are a first guess: Excel goes on fitting them as the clerk types.

    XlsxWriter marks every height as the author's own, and Excel then never changes it again.
    """

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        super()._xml_start_tag_unencoded(tag, _without_custom_height(tag, attributes))

    def _xml_empty_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        super()._xml_empty_tag_unencoded(tag, _without_custom_height(tag, attributes))

    def _xml_formula_element(self, formula: str, result: Any, attributes: Any = ()) -> None:
        """XlsxWriter stores an empty text without its type, which readers take for a formula never calculated."""
        super()._xml_formula_element(formula, result, [*attributes, ("t", "str")] if result == "" else attributes)

    def _prepare_formula(self, formula: str, *_: object) -> str:
        """XlsxWriter looks in every formula for thirty functions newer than Excel 2010: ours use none of them."""
        return formula.removeprefix("=")


def _without_custom_height(tag: str, attributes: Any) -> Any:
    return [pair for pair in attributes if pair[0] != "customHeight"] if tag == "row" else attributes


class _Letters(dict[str, int]):
    """How wide each letter of Times New Roman is, in thousandths of its size; one with marks as wide as without."""

    def __missing__(self, letter: str) -> int:
        base = unicodedata.normalize("NFD", letter)[0]
        wide = _OTHER if letter < _WIDE else _WHOLE
        self[letter] = found = self.get(base, wide) if base != letter else wide
        return found


_OTHER, _WHOLE, _WIDE = 560, 1000, "\u2e80"  # letters of scripts that are written in squares begin there
_PER_COLUMN_UNIT = 470  # the same thousandths: what a column of width 1 (a digit, in whole pixels) has room for
_LETTERS = _Letters(
    {
        letter: wide
        for wide, letters in {
            250: " .,",
            278: "ijlt/\\:;",
            333: "frIJ-()[]!‹›'`",
            389: "s",
            444: "acezđ“”?‘’",
            500: "bdghknopquvxy0123456789_–*#$",
            564: "+<>=±×÷~^−≤≥",
            611: "LEFPSTZ",
            667: "BCR",
            722: "wADGHKNOQUVXYĐ",
            778: "m&",
            900: "MW%@",
            1000: "—…→←",
        }.items()
        for letter in letters
    }
)


@lru_cache(maxsize=4096)
def lines_needed(text: str, width: float) -> int:
    r"""How many lines a wrapped text takes in a column of this width (characters), each its own break counted.

    Lines break at blanks, a word that is longer than a line wherever it ends, as Excel and LibreOffice do it.

    >>> lines_needed("một hai ba bốn", 8), lines_needed("a\nb", 8), lines_needed("MA_SO_LIEU_RAT_DAI", 8)
    (2, 2, 3)
    """
    room = max(1.0, width) * _PER_COLUMN_UNIT
    if len(text) * _WHOLE <= room and "\n" not in text:
        return 1
    return sum(_lines(line, room) for line in text.split("\n"))


def _lines(line: str, room: float) -> int:
    if sum(map(_LETTERS.__getitem__, line)) <= room:
        return 1
    lines, used = 1, 0.0
    for word in line.split(" "):
        wide = sum(map(_LETTERS.__getitem__, word))
        if used and used + wide > room:
            lines, used = lines + 1, 0.0
        if wide > room:
            more = ceil(wide / room) - 1
            lines, wide = lines + more, int(wide - more * room)
        used += wide + _LETTERS[" "]
    return lines


def row_height(lines: int, room: float = 2.0) -> float:
    """The height in points of a row of so many lines with this room around them; Excel has none above 409.

    Excel fits rows by itself; LibreOffice, WPS and previews show the stored height.

    >>> row_height(2), row_height(100)
    (32.0, 409.0)
    """
    return min(_MAX_HEIGHT, lines * LINE_HEIGHT + room)


def units(text: str) -> int:
    """The length of a text as Excel counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fitting(text: str, most: int = MAX_TEXT) -> str:
    """The text as a cell can hold it: what is beyond so many UTF-16 units gives way to an ellipsis.

    >>> fitting("đủ"), len(fitting("a" * 40_000)), fitting("a" * 40_000)[-2:], fitting("🙂🙂🙂", 4)
    ('đủ', 32767, 'a…', '🙂…')
    """
    if len(text) * 2 <= most or units(text) <= most:
        return text
    # Cutting between the two units of a character leaves a half that "ignore" drops.
    return text.encode("utf-16-le", "surrogatepass")[: 2 * max(0, most - 1)].decode("utf-16-le", "ignore") + "…"


def link_to(path: str) -> str:
    """The address of a file for a link of XlsxWriter's; a place in it may follow behind "#".

    >>> link_to("50% #1.xlsx")
    'external:50%25%20%231.xlsx'
    """
    return "external:" + _ESCAPED.sub(lambda letter: f"%{ord(letter[0]):02x}", path)


def place_in(sheet: str, cell: str = "A1") -> str:
    """Where a link leads inside a workbook.

    >>> place_in("Chấm điểm", "D4")
    "'Chấm điểm'!D4"
    """
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{cell}"


class Book:
    """An XlsxWriter workbook with the house's formats; use it as a context manager.

    ``title`` is what Excel and the e-office show as the document's title, ``places`` how many decimals the cells of
    points and percentages show.
    """

    def __init__(self, path: Path, title: str, places: int = 2, *, created: datetime | None = None) -> None:
        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "in_memory": True,  # no temporary file for each of its parts
            # Excel shows a font of the scheme "minor" as the theme's font, whatever its name is.
            "default_format_properties": {"font_name": FONT, "font_size": 11, "font_scheme": "none"},
        }
        self.workbook = Workbook(str(path), options)
        self.workbook.set_calc_mode("auto", _CALC_ID)
        self.workbook.calc_on_load = False
        self._formats: dict[str, Any] = {}
        self._points = cell_format(places)
        self._widths: dict[str, tuple[float, ...]] = {}
        self._lines: dict[tuple[Any, int], int] = {}
        self._text_columns: dict[Any, set[int]] = {}
        self._down: list[tuple[Any, int, int, int]] = []  # sheet, first and last row, lines of what is merged down
        self.workbook.set_properties({"title": title, **({"created": created} if created else {})})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for sheet, first, last, lines in self._down:
            rows = range(first, last + 1)
            room = sum(self._lines.get((sheet, row), 1) for row in rows)
            for number, row in enumerate(rows):  # what is still wanting, shared out
                more = max(0, lines - room)
                share = (more + number) // len(rows)
                self._grow(sheet, row, self._lines.get((sheet, row), 1) + share)
        for (sheet, row), lines in self._lines.items():
            sheet.set_row(row, row_height(lines))
        for sheet, columns in self._text_columns.items():
            letters = (column_letters(column + 1) for column in sorted(columns))
            ranges = " ".join(f"{letter}1:{letter}{LAST_ROW}" for letter in letters)
            # Codes are text on purpose: no green triangle that offers to make 1.10 a number.
            sheet.ignore_errors({"number_stored_as_text": ranges})
        self.workbook.close()

    def look(self, name: str, number_format: str = "") -> Any:
        """The format of this name, made once; with a number format of its own where one is given."""
        held = f"{name} {number_format}" if number_format else name
        if held not in self._formats:
            own = number_format or (self._points if name in _POINTS else "")
            self._formats[held] = self.workbook.add_format(
                {**_BASE, **LOOKS[name], **({"num_format": own} if own else {})}
            )
        return self._formats[held]

    def sheet(self, name: str, widths: tuple[float, ...], *, portrait: bool = False, tab: str = "") -> Any:
        """A new sheet set up for A4 with these column widths (characters), its tab in the colour ``tab``."""
        sheet = self.workbook.add_worksheet(name, worksheet_class=_GrowingRows)
        self._widths[name] = widths
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.6)
        sheet.set_footer("&C&9Trang &P/&N")
        sheet.hide_gridlines(2)
        if tab:
            sheet.set_tab_color(tab)
        if not portrait:
            sheet.set_landscape()
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        return sheet

    def stamp(self, pairs: Iterable[tuple[str, str]]) -> Any:
        """The hidden sheet by which our readers know what the workbook is: names and what they are, row by row."""
        sheet = self.workbook.add_worksheet(STAMP_SHEET)
        for row, pair in enumerate(pairs):
            for column, text in enumerate(pair):
                sheet.write_string(row, column, text)
        sheet.hide()
        return sheet

    def recolour(self, sheet: Any, cells: str, colour: str, rule: dict[str, Any]) -> None:
        """Gives cells (ranges parted by blanks) a colour as long as this rule of XlsxWriter's holds of them."""
        if colour not in self._formats:
            self._formats[colour] = self.workbook.add_format({"bg_color": colour})
        options = {**rule, "format": self._formats[colour], "multi_range": cells}
        sheet.conditional_format(cells.partition(" ")[0], options)

    def heading(self, sheet: Any, row: int, headings: tuple[str, ...]) -> None:
        """The heading row, from 0: frozen and repeated on every printed page."""
        for column, text in enumerate(headings):
            self.write(sheet, row, column, text, "head")
        sheet.freeze_panes(row + 1, 0)
        sheet.repeat_rows(row)

    def write(self, sheet: Any, row: int, column: int, value: object, look: str) -> None:
        """A value by its type; text is written as text whatever it begins with, and None as a blank."""
        if look == "number" and isinstance(value, Decimal | int | float) and value == int(value):
            look = "whole"
        form = self.look(look)
        if LOOKS[look].get("num_format") == "@":
            self._text_columns.setdefault(sheet, set()).add(column)
        if value is None or value == "":
            sheet.write_blank(row, column, None, form)
        elif isinstance(value, Decimal | int | float):
            sheet.write_number(row, column, float(value), form)
        else:
            text = fitting(str(value))
            sheet.write_string(row, column, text, form)
            self._fit(sheet, row, column, text, look)

    def title(self, sheet: Any, row: int, text: str) -> None:
        """A sheet's title, in a row as high as its letters."""
        sheet.write_string(row, 0, fitting(text), self.look("title"))
        sheet.set_row(row, _TITLE_HEIGHT)

    def merge(self, sheet: Any, row: int, columns: tuple[int, int], text: str, look: str) -> None:
        """One text over neighbouring cells of a row."""
        sheet.merge_range(row, columns[0], row, columns[1], fitting(text), self.look(look))
        self._grow(sheet, row, lines_needed(text, sum(self._widths[sheet.get_name()][columns[0] : columns[1] + 1])))

    def merge_down(self, sheet: Any, column: int, rows: tuple[int, int], text: str, look: str) -> None:
        """One text over a column's cells from the first row to the last: together they are as high as it needs."""
        first, last = rows
        if first == last:
            self.write(sheet, first, column, text, look)
            return
        sheet.merge_range(first, column, last, column, fitting(text), self.look(look))
        self._down.append((sheet, first, last, lines_needed(text, self._room(sheet, column, look))))

    def link(
        self, sheet: Any, row: int, column: int, target: str, text: str, place: str = "", look: str = "link"
    ) -> None:
        """A link to the file at the path ``target`` (never a unit's text as address), shown as ``text``.

        ``place`` is where in it: a sheet and a cell (see :func:`place_in`).
        """
        self._url(sheet, row, column, f"{link_to(target)}{f'#{place}' if place else ''}", text, look)

    def go(
        self, sheet: Any, row: int, column: int, place: str, text: str, look: str = "link", *, tip: str = ""
    ) -> None:
        """A link to a place of this workbook (see :func:`place_in`), shown as ``text``; ``tip`` shows up above it."""
        self._url(sheet, row, column, f"internal:{place}", text, look, tip)

    def _url(self, sheet: Any, row: int, column: int, url: str, text: str, look: str, tip: str = "") -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a link that is too long, or one too many: then the text stands alone
            refused = sheet.write_url(row, column, url, self.look(look), string=fitting(text), tip=tip or None)
        if refused:
            self.write(sheet, row, column, text, "cell")
        else:
            self._fit(sheet, row, column, text, look)

    def entered(self, sheet: Any, row: int, column: int, value: Value, look: str, number_format: str = "") -> None:
        """What somebody entered, by the type it has: a date as one, a formula or an error as its text."""
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, self.look(look))
        elif isinstance(value, date) and value.year >= _FIRST_YEAR:
            day = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
            sheet.write_datetime(row, column, day, self.look("input_date" if day.time() == clock() else "input_moment"))
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self.look(look, number_format))
        else:
            text = value.text if isinstance(value, ErrorValue) else value
            self.write(sheet, row, column, text.formula if isinstance(text, Uncalculated) else text, look)

    def _fit(self, sheet: Any, row: int, column: int, text: str, look: str) -> None:
        """The row grows with its longest wrapped text."""
        if LOOKS[look].get("text_wrap", _BASE["text_wrap"]):
            self._grow(sheet, row, lines_needed(text, self._room(sheet, column, look)))

    def _room(self, sheet: Any, column: int, look: str) -> float:
        """What a cell of this look has room for, in the widths of columns."""
        widths, form = self._widths[sheet.get_name()], LOOKS[look]
        width: float = (widths[column] if column < len(widths) else 8.43) - 2 * form.get("indent", 0)
        width *= _BASE["font_size"] / form.get("font_size", _BASE["font_size"])
        return width * 0.92 if form.get("bold") else width

    def _grow(self, sheet: Any, row: int, lines: int) -> None:
        if lines > max(1, self._lines.get((sheet, row), 1)):
            self._lines[sheet, row] = lines
