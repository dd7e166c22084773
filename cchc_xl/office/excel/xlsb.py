"""A binary workbook (.xlsb): bytes come in, sheets with evidence go out.

Values are python-calamine's. The records of each sheet are walked once more for what it does not show: error values and
numbers whose format tells what was typed. It drops cells in the short form some writers use, without a word: a
workbook that holds such cells is refused. Record numbers and layouts: [MS-XLSB] 2.3, 2.4, 2.5.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cchc_xl.office.excel.bounds import MAX_AREA, CannotOpenError, Place
from cchc_xl.office.excel.extent import is_telling_format
from cchc_xl.office.excel.readers import Font, Runs, calamine_sheets, with_fonts, with_values
from cchc_xl.records import ErrorValue, RawSheet, Value

_ROW, _BLANK, _RK, _ERROR, _BOOLEAN, _REAL, _TEXT, _STRING = range(8)
_FORMULA_STRING, _FORMULA_NUMBER, _FORMULA_BOOLEAN, _FORMULA_ERROR = 8, 9, 10, 11
_SHORT = frozenset(range(13, 19))  # a short blank (12) loses nothing
_NUMBERS, _TEXTS, _ERRORS = (_RK, _REAL, _FORMULA_NUMBER), (_TEXT, _STRING, _FORMULA_STRING), (_ERROR, _FORMULA_ERROR)
_SHARED, _FONT, _FORMAT, _CELL_FORMAT, _SHEET, _MERGE = 19, 43, 44, 47, 156, 176
_STRUCK = 0x08  # of a font's flags
_BEGIN_CELL_FORMATS, _END_CELL_FORMATS = 617, 618
_ERROR_TEXTS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_BUILT_IN = {1: "0", 2: "0.00", 9: "0%", 10: "0.00%"}
_RELATION = re.compile(rb"<Relationship\b([^<>]{0,2000})>")
_PAIR = re.compile(rb"\b(Id|Target)\s*=\s*[\"']([^\"']*)")


@dataclass(frozen=True, slots=True)
class _Styles:
    """Number format and font of every cell style, by its number."""

    formats: tuple[str, ...]
    fonts: tuple[Font, ...]
    all_fonts: tuple[Font, ...] = ()


def xlsb_sheets(data: bytes) -> tuple[RawSheet, ...]:
    """The sheets with their evidence. Raises :class:`CannotOpenError` for what cannot be read without loss."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        styles = _styles(package.read("xl/styles.bin")) if "xl/styles.bin" in names else _Styles((), ())
        strings = _runs(package.read("xl/sharedStrings.bin"), styles) if "xl/sharedStrings.bin" in names else {}
        parts = {name: package.read(part) for name, part in _sheet_parts(package)}
    evidence = {name: _evidence(part, styles, strings) for name, part in parts.items()}
    return tuple(_joined(sheet, evidence[sheet.name]) for sheet in calamine_sheets(data))


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the records of one sheet show besides its values."""

    errors: dict[Place, Value]
    formats: list[tuple[int, int, str]]
    fonts: dict[Place, Runs]
    merges: list[tuple[int, int, int, int]]


def _joined(sheet: RawSheet, seen: _Evidence) -> RawSheet:
    named = replace(
        with_values(sheet, seen.errors), formats=tuple(sorted(seen.formats)), merges=tuple(sorted(seen.merges))
    )
    return with_fonts(named, seen.fonts)


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    r"""The records of a part: their number and their data.

    >>> list(records(bytes([156, 1, 2, 7, 8])))
    [(156, b'\x07\x08')]
    """
    at = 0
    while at < len(data):
        number = data[at]
        at += 1
        if number & 0x80:
            number = (number & 0x7F) | ((data[at] & 0x7F) << 7)
            at += 1
        size = shift = 0
        for _ in range(4):
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield number, data[at : at + size]
        at += size


def _sheet_parts(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    relations = {}
    for attributes in _RELATION.findall(package.read("xl/_rels/workbook.bin.rels")):
        found = dict(_PAIR.findall(attributes))
        relations[found[b"Id"].decode()] = found[b"Target"].decode()
    for number, data in records(package.read("xl/workbook.bin")):
        if number == _SHEET:
            relation, end = _wide(data, 8)
            name, _ = _wide(data, end)
            target = relations[relation]
            if "worksheets/" in target:
                yield name, target.removeprefix("/") if target.startswith("/xl/") else f"xl/{target}"


def _wide(data: bytes, at: int) -> tuple[str, int]:
    """A string of 16-bit letters behind its length, and where it ends."""
    (length,) = struct.unpack_from("<I", data, at)
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le"), end


def _styles(data: bytes) -> _Styles:
    formats, fonts = dict(_BUILT_IN), []
    styles: list[tuple[int, int]] = []
    inside = False
    for number, record in records(data):
        if number == _FORMAT:
            formats[struct.unpack_from("<H", record)[0]] = _wide(record, 2)[0]
        elif number == _FONT:
            fonts.append(Font(_wide(record, 21)[0], bool(record[2] & _STRUCK), record[6] == 1))
        elif number in (_BEGIN_CELL_FORMATS, _END_CELL_FORMATS):
            inside = number == _BEGIN_CELL_FORMATS
        elif number == _CELL_FORMAT and inside:
            styles.append(struct.unpack_from("<HH", record, 2))
    return _Styles(
        tuple(formats.get(number, "") for number, _ in styles),
        tuple(fonts[font] if font < len(fonts) else Font() for _, font in styles),
        tuple(fonts),
    )


def _runs(data: bytes, styles: _Styles) -> dict[int, Runs]:
    """Where the stretches of the shared texts begin that are in a font of their own, by the number of the text."""
    found: dict[int, Runs] = {}
    texts = (record for number, record in records(data) if number == _SHARED)
    for index, record in enumerate(texts):
        if record[0] & 1:
            _, at = _wide(record, 1)
            (count,) = struct.unpack_from("<I", record, at)
            pairs = struct.iter_unpack("<HH", record[at + 4 : at + 4 + 4 * count])
            runs = tuple((start, styles.all_fonts[font]) for start, font in pairs if font < len(styles.all_fonts))
            if any(font.tells for _, font in runs):
                found[index] = runs
    return found


def _evidence(data: bytes, styles: _Styles, strings: dict[int, Runs]) -> _Evidence:
    seen = _Evidence({}, [], {}, [])
    row = widest = 0
    for number, record in records(data):
        if number == _ROW:
            row = struct.unpack_from("<I", record)[0] + 1
        elif number == _MERGE:
            top, bottom, left, right = struct.unpack_from("<IIII", record)
            seen.merges.append((top + 1, left + 1, bottom + 1, right + 1))
        elif number in _SHORT:
            raise CannotOpenError("F107", format=".xlsb")
        elif _RK <= number <= _FORMULA_ERROR:
            column, told = struct.unpack_from("<II", record)
            widest = max(widest, column + 1)
            if row * widest > MAX_AREA:
                raise CannotOpenError("F108", reason="có ô ở rất xa")
            _cell(number, record, (row, column + 1), told & 0xFFFFFF, styles, strings, seen)
    return seen


def _cell(
    number: int, record: bytes, place: Place, style: int, styles: _Styles, strings: dict[int, Runs], seen: _Evidence
) -> None:
    number_format = styles.formats[style] if style < len(styles.formats) else ""
    font = styles.fonts[style] if style < len(styles.fonts) else Font()
    if number in _ERRORS:
        seen.errors[place] = ErrorValue(_ERROR_TEXTS.get(record[8], "#N/A"))
    elif number in _NUMBERS and is_telling_format(number_format):
        seen.formats.append((*place, number_format))
    if number == _STRING and (runs := strings.get(struct.unpack_from("<I", record, 8)[0])):
        seen.fonts[place] = ((0, font), *runs) if runs[0][0] else runs
    elif font.tells and number not in _ERRORS:
        seen.fonts[place] = ((0, font),)
