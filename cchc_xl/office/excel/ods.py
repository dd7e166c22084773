"""An OpenDocument spreadsheet: bytes come in, sheets with evidence go out.

Values are python-calamine's. What it does not show (percentages, fixed decimals, error values, formulas without values,
hidden rows, fonts) is looked up in ``content.xml``, in a stream, with repeated rows and cells counted and not built.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import log
from typing import Any, TypeVar

from cchc_xl.office.excel.bounds import NEAR_COLUMNS, CannotOpenError, Place
from cchc_xl.office.excel.readers import Font, Runs, calamine_sheets, with_fonts, with_values
from cchc_xl.records import ErrorValue, RawSheet, Uncalculated, Value
from cchc_xl.text.numbers import scales

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _STYLE = (f"{{{_NAMES}{name}:1.0}}" for name in ("table", "office", "style"))
_TEXT, _NUMBER, _FO = (f"{{{_NAMES}{name}:1.0}}" for name in ("text", "datastyle", "xsl-fo-compatible"))
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_MANY = 1_000_000
_NO_FONT = Font()
_T = TypeVar("_T")
_BOOLEANS = {"of:=TRUE()": True, "of:=FALSE()": False}


@dataclass(slots=True)
class _Evidence:
    """What is seen of one sheet while its elements go by."""

    values: dict[Place, Value] = field(default_factory=dict)
    formats: dict[Place, str] = field(default_factory=dict)
    fonts: dict[Place, Runs] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    column_styles: list[str] = field(default_factory=list)
    row: int = 0


@dataclass(slots=True)
class _Styles:
    """Fonts and data styles by the name of the cell or text style that leads to them."""

    fonts: dict[str, str] = field(default_factory=dict)
    struck: dict[str, bool] = field(default_factory=dict)
    raised: dict[str, bool] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    decimals: dict[str, str] = field(default_factory=dict)

    def font(self, name: str, around: Font = _NO_FONT) -> Font:
        """The font of a style, its own or inherited, or of the text around where it says nothing."""
        return Font(
            self._followed(name, self.fonts, around.name),
            self._followed(name, self.struck, around.struck),
            self._followed(name, self.raised, around.raised),
        )

    def number_format(self, name: str) -> str:
        """The telling number format of a style, else ''."""
        return self.decimals.get(self._followed(name, self.data, ""), "")

    def _followed(self, name: str, known: dict[str, _T], otherwise: _T) -> _T:
        for _ in range(20):
            if name in known:
                return known[name]
            name = self.parents.get(name, "Default" if name != "Default" else "")
            if not name:
                break
        return otherwise


def ods_sheets(data: bytes) -> tuple[RawSheet, ...]:
    """The sheets with their evidence. Raises :class:`CannotOpenError` where the two views do not fit together."""
    sheets = calamine_sheets(data)
    styles = _Styles()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if "styles.xml" in package.namelist():
            for _ in _tables(package.read("styles.xml"), styles):
                pass
        seen = tuple(_tables(package.read("content.xml"), styles))
    if len(seen) != len(sheets):
        raise CannotOpenError("F103", reason="hai cách đọc thấy số sheet khác nhau")
    return tuple(_joined(sheet, evidence) for sheet, evidence in zip(sheets, seen, strict=True))


def _joined(sheet: RawSheet, seen: _Evidence) -> RawSheet:
    named = replace(
        with_values(sheet, seen.values),
        merges=tuple(sorted(seen.merges)),
        formats=tuple(sorted((*place, text) for place, text in seen.formats.items())),
        hidden_rows=tuple(seen.hidden_rows),
        hidden_columns=tuple(seen.hidden_columns),
    )
    return with_fonts(named, seen.fonts)


def _tables(xml: bytes, styles: _Styles) -> Iterator[_Evidence]:
    """What every table shows; the styles met on the way are remembered."""
    from defusedxml.ElementTree import iterparse

    table: _Evidence | None = None
    for event, element in iterparse(io.BytesIO(xml), events=("start", "end")):
        tag = element.tag
        if event == "start":
            if tag == f"{_TABLE}table":
                table = _Evidence()
            continue
        if tag in (f"{_STYLE}style", f"{_STYLE}default-style"):
            _style(element, styles)
        elif tag in (f"{_NUMBER}percentage-style", f"{_NUMBER}number-style", f"{_NUMBER}currency-style"):
            _data_style(element, styles)
        elif table is not None and tag == f"{_TABLE}table-column":
            _column(element, table)
        elif table is not None and tag == f"{_TABLE}table-row":
            _row(element, table, styles)
            element.clear()
        elif table is not None and tag == f"{_TABLE}table":
            yield table
            table = None
            element.clear()


def _style(element: Any, styles: _Styles) -> None:
    name = element.get(f"{_STYLE}name", "Default" if element.get(f"{_STYLE}family") == "table-cell" else "")
    if element.get(f"{_STYLE}family") not in ("table-cell", "text") or not name:
        return
    for item in element.iter(f"{_STYLE}text-properties"):
        if font := _font_name(item):
            styles.fonts.setdefault(name, font)
        if line := item.get(f"{_STYLE}text-line-through-style") or item.get(f"{_STYLE}text-line-through-type"):
            styles.struck[name] = line != "none"
        if position := item.get(f"{_STYLE}text-position"):
            styles.raised[name] = not position.startswith(("sub", "-", "0"))
    if element.get(f"{_STYLE}data-style-name"):
        styles.data[name] = element.get(f"{_STYLE}data-style-name")
    if element.get(f"{_STYLE}parent-style-name"):
        styles.parents[name] = element.get(f"{_STYLE}parent-style-name")


def _font_name(properties: Any) -> str | None:
    told: str | None = properties.get(f"{_STYLE}font-name") or properties.get(f"{_FO}font-family")
    return told.strip("'\"") if told else None


def _data_style(element: Any, styles: _Styles) -> None:
    name = element.get(f"{_STYLE}name", "")
    number = element.find(f"{_NUMBER}number")
    if number is None:
        return
    words = "".join(element.itertext()).strip()
    divided = "," * round(log(max(1.0, float(number.get(f"{_NUMBER}display-factor", "1"))), 1000))
    if scales(f'0{divided}"{words}"'):
        styles.decimals[name] = f'0{divided}"{words}"'
        return
    if number.get(f"{_NUMBER}grouping") == "true":
        return
    places = number.get(f"{_NUMBER}decimal-places", "0")
    digits = number.get(f"{_NUMBER}min-integer-digits", "1")
    whole = "0" * int(digits) if digits.isdigit() and 0 < int(digits) < 30 else "0"  # 101 shown as "0101"
    fixed = whole + ("." + "0" * int(places) if places.isdigit() and 0 < int(places) < 30 else "")
    letter = '"%"' if "%" in "".join(element.itertext()) else ""  # 50 shown as "50%", where the % is only a letter
    styles.decimals[name] = fixed + ("%" if element.tag.endswith("percentage-style") else letter)


def _repeated(element: Any, name: str) -> int:
    told = element.get(f"{_TABLE}{name}", "1")
    return min(int(told), _MANY) if told.isdigit() and len(told) < 10 else 1


def _column(element: Any, table: _Evidence) -> None:
    count = _repeated(element, "number-columns-repeated")
    style = element.get(f"{_TABLE}default-cell-style-name", "Default")
    start = len(table.column_styles)
    room = max(0, min(count, NEAR_COLUMNS - start))
    table.column_styles.extend([style] * room)
    if element.get(f"{_TABLE}visibility", "visible") != "visible":
        table.hidden_columns.extend(range(start + 1, start + room + 1))


def _row(element: Any, table: _Evidence, styles: _Styles) -> None:
    count = _repeated(element, "number-rows-repeated")
    first = table.row + 1
    table.row += count
    told = count if count < 1000 else 1  # the blank rest of a sheet is one row repeated a million times
    if element.get(f"{_TABLE}visibility", "visible") != "visible":
        table.hidden_rows.extend(range(first, first + told))
    column = 0
    for cell in element:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        wide = _repeated(cell, "number-columns-repeated")
        if len(cell) or len(cell.attrib) > 1:
            for row in range(first, first + told):
                for place in range(column + 1, column + min(wide, NEAR_COLUMNS) + 1):
                    _cell(cell, (row, place), table, styles)
        column += wide


def _cell(cell: Any, at: Place, table: _Evidence, styles: _Styles) -> None:
    row, column = at
    inherited = table.column_styles[column - 1] if column <= len(table.column_styles) else "Default"
    style = cell.get(f"{_TABLE}style-name", inherited)
    kind = cell.get(f"{_OFFICE}value-type")
    across, down = _repeated(cell, "number-columns-spanned"), _repeated(cell, "number-rows-spanned")
    if across > 1 or down > 1:
        table.merges.append((row, column, row + down - 1, column + across - 1))
    formula = cell.get(f"{_TABLE}formula")
    text = "\n".join("".join(line.itertext()) for line in cell.findall(f"{_TEXT}p"))
    if cell.get(f"{_CALC}value-type") == "error" or (formula and text.startswith(("#", "Err:"))):
        table.values[at] = ErrorValue(text or "#ERR")
    elif formula in _BOOLEANS:  # LibreOffice keeps the number 1 or 0 beside them
        table.values[at] = _BOOLEANS[formula]
    elif formula and kind is None:
        table.values[at] = Uncalculated(formula.removeprefix("of:"))
    elif kind == "percentage":
        table.formats[at] = styles.number_format(style) or "0%"
    elif kind in ("float", "currency") and (told := styles.number_format(style)):
        table.formats[at] = told
    if kind == "string":
        table.fonts[at] = _runs(cell, styles.font(style), styles)
    elif kind and styles.font(style).struck:
        table.fonts[at] = ((0, styles.font(style)),)


def _runs(cell: Any, own: Font, styles: _Styles) -> Runs:
    """Where each stretch of the cell's text begins, and its font; lines are joined by one character."""
    runs: list[tuple[int, Font]] = [(0, own)]
    at = 0
    for number, line in enumerate(cell.findall(f"{_TEXT}p")):
        at += bool(number)
        at += len(line.text or "")
        for piece in line:
            length = len("".join(piece.itertext()))
            if piece.tag == f"{_TEXT}span" and length:
                font = styles.font(piece.get(f"{_TEXT}style-name", ""), own)
                runs += [(at, font), (at + length, own)]
            at += length + len(piece.tail or "")
    return tuple(runs)
