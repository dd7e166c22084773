"""Sheets as openpyxl and python-calamine see them, in one shape: bytes come in, :class:`RawSheet` records go out.

openpyxl parses everything a workbook has before it shows a cell, and fails on the smallest slip in any of it; it builds
an object for every blank cell with a format and for every cell of a merged or linked range; and in a strict workbook it
sees no sheet. The copy for reading therefore holds the cells, their styles and the merged ranges, and nothing else.
"""

from __future__ import annotations

import io
import re
import sys
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from datetime import time as clock
from functools import lru_cache
from typing import Any, NamedTuple

from cchc_xl.office.excel.bounds import (
    MAX_AREA,
    MAX_MERGED,
    MAX_OUTSIDE,
    MAX_RANGES,
    MAX_TEXT,
    NEAR_COLUMNS,
    CannotOpenError,
    Place,
)
from cchc_xl.office.excel.extent import (
    IN_TAG,
    TAG,
    Calculation,
    calculation,
    column,
    is_telling_format,
    prefixed,
    without_blanks,
)
from cchc_xl.records import PICTURE, ErrorValue, LegacyText, RawSheet, Uncalculated, Value
from cchc_xl.text.legacy_fonts import decode, encoding_of, gain
from cchc_xl.text.words import seen

_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAMES = (
    (_STRICT + b"spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (_STRICT + b"officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (_STRICT + b"drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
)
_MERGE = re.compile(
    TAG + rb"mergeCell\s" + IN_TAG + rb"\bref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']"
)
_NOT_CELLS = (b"definedNames", b"externalReferences", b"pivotCaches", b"customWorkbookViews", b"extLst")
_NO_RELATIONS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
_PICTURE = re.compile(rb"(<c\s" + IN_TAG + rb"\bvm=" + IN_TAG + rb">)<v>#VALUE!</v>")
_PREFIX = re.compile(rb"<([\w.-]{1,40}):sheetData[\s/>]")
_KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/workbook\.xml\.rels|xl/workbook\.xml|xl/(?:styles|sharedStrings)\.xml"
    r"|xl/theme/.*\.xml|xl/worksheets/[^/]*\.xml|xl/chartsheets/[^/]*\.xml|docProps/core\.xml"
)


def reading_copy(data: bytes) -> bytes:
    """The workbook with its cells, styles and merged ranges only, under the names openpyxl knows."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as target:
        strict = _STRICT in source.read("xl/workbook.xml")
        for item in source.infolist():
            if not _is_kept(item.filename):
                continue
            part = source.read(item)
            if item.filename.endswith((".xml", ".rels")):
                for old, known in _STRICT_NAMES if strict else ():
                    part = part.replace(old, known)
            if item.filename == "xl/workbook.xml":
                part = _without(part, _NOT_CELLS)
            elif item.filename.startswith("xl/worksheets/"):
                part = _cells_only(part)
            elif item.filename.startswith("xl/chartsheets/"):  # openpyxl asks it for its drawing, which is not kept
                target.writestr(item.filename.replace("sheets/", "sheets/_rels/") + ".rels", _NO_RELATIONS)
            if item.filename.endswith(".xml"):
                part = part.replace(b"_x005F_", _KEPT_LINE.encode())
            target.writestr(item.filename, part)
    return packed.getvalue()


# A character as Excel spells it that XML cannot hold, or of a new line: ECMA-376 part 1, §22.9.2.19.
ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
# Stands for "_" before what only looks like an escape: openpyxl leaves both alone, or forgets one.
_KEPT_LINE = "\ue05f"


def unescaped(text: str) -> str:
    r"""A text of openpyxl's as Excel shows it; python-calamine resolves escapes by itself.

    >>> unescaped("15_x000D_"), unescaped("a\ue05fx000D_b")
    ('15\r', 'a_x000D_b')
    """
    if "_x" in text:
        text = ESCAPE.sub(lambda found: _letter(int(found[1], 16)), text)
    return text.replace(_KEPT_LINE, "_")


def _letter(code: int) -> str:
    letter = chr(code)
    return letter if letter.isprintable() or letter.isspace() else ""


def _is_kept(name: str) -> bool:
    """Whether the copy for reading holds the part; a sheet may stand in any folder, but then under xl/."""
    return bool(_KEPT.fullmatch(name)) or (
        name.startswith("xl/")
        and name.endswith(".xml")
        and not name.startswith(("xl/drawings/", "xl/charts/", "xl/media/", "xl/comments", "xl/tables/", "xl/pivot"))
    )


def _without(xml: bytes, elements: tuple[bytes, ...]) -> bytes:
    """The part without these elements, each of which stands in it at most once."""
    for name in elements:
        start, end = xml.find(b"<" + name), xml.find(b"</" + name + b">")
        if 0 <= start < end:
            xml = xml[:start] + xml[end + len(name) + 3 :]
    return xml


def _cells_only(xml: bytes) -> bytes:
    """The sheet up to its cells, and merged ranges of a bounded size."""
    if prefixed(xml) and (prefix := _PREFIX.search(xml)):
        xml = _unprefixed(xml, prefix[1])
    end = xml.find(b"</sheetData>")
    if end < 0 or prefixed(xml):
        return xml
    head, tail = _PICTURE.sub(rb"\1<v>%s</v>" % PICTURE.encode(), xml[: end + len(b"</sheetData>")]), xml[end:]
    return without_blanks(head)[0] + _merges(tail) + b"</worksheet>"


def _unprefixed(xml: bytes, prefix: bytes) -> bytes:
    """The sheet with the names of its own elements unprefixed: no text holds a "<"."""
    named = xml.replace(b"<" + prefix + b":", b"<").replace(b"</" + prefix + b":", b"</")
    return named.replace(b"xmlns:" + prefix + b"=", b"xmlns=", 1)


def _merges(tail: bytes) -> bytes:
    built = 0
    kept = []
    for left, top, right, bottom in _MERGE.findall(tail)[:MAX_RANGES]:
        built += (abs(int(bottom) - int(top)) + 1) * (abs(column(right) - column(left)) + 1)
        if built > MAX_MERGED:
            break
        kept.append(b'<mergeCell ref="%s%s:%s%s"/>' % (left, top, right, bottom))
    return b"<mergeCells>" + b"".join(kept) + b"</mergeCells>" if kept else b""


class Font(NamedTuple):
    """What of a font changes which text a reader of the cell sees."""

    name: str = ""
    struck: bool = False
    raised: bool = False

    @property
    def tells(self) -> bool:
        """Whether the text a reader sees is not the one that is stored."""
        return self.struck or self.raised or encoding_of(self.name) is not None


Rows = tuple[tuple[Value, ...], ...]
_TEXTS, _NUMBERS = (str, ErrorValue, Uncalculated), (int, float)
# Where each stretch of a text begins, and the font it is in.
Runs = tuple[tuple[int, Font], ...]
_NUMBER = re.compile(r"[\s.,%+-]*+\d[\s\d.,%+-]*+")
_RAISED = "superscript"
_LARGEST = sys.float_info.max  # what a writer makes of more is endless, or a whole number without end
_PICTURES = ("=DISPIMG(", "=_xlfn.DISPIMG(")  # as WPS puts a picture in a cell


def _trimmed(rows: Rows) -> Rows:
    """Without the empty rows at the end, so that all readers agree on where a sheet ends."""
    last = len(rows)
    while last and all(value is None for value in rows[last - 1]):
        last -= 1
    return tuple(row if row and row[-1] is not None else _without_tail(row) for row in rows[:last])


def _without_tail(row: tuple[Value, ...]) -> tuple[Value, ...]:
    last = len(row)
    while last and row[last - 1] is None:
        last -= 1
    return row[:last]


def from_places(values: Mapping[Place, Value]) -> Rows:
    """Rows from A1 that hold these values at (row, column), counted from 1."""
    by_row: dict[int, dict[int, Value]] = {}
    for (row, number), value in values.items():
        if value is not None:
            by_row.setdefault(row, {})[number] = value
    rows: list[tuple[Value, ...]] = []
    for number in range(1, max(by_row, default=0) + 1):
        cells = by_row.get(number, {})
        rows.append(tuple(cells.get(column) for column in range(1, max(cells, default=0) + 1)))
    return tuple(rows)


def with_values(sheet: RawSheet, values: Mapping[Place, Value]) -> RawSheet:
    """The sheet with these values in place of what stood there."""
    if not values:
        return sheet
    own = {
        (number, column): value
        for number, row in enumerate(sheet.rows, start=1)
        for column, value in enumerate(row, start=1)
    }
    return replace(sheet, rows=from_places({**own, **values}))


_SHARED = 200  # letters: texts that are longer are kept once, however many cells hold them


def bounded(sheet: RawSheet, known: dict[Value, Value] | None = None) -> RawSheet:
    """The sheet with texts as people see them, whichever reader gave them, and no longer than a cell of Excel holds.

    A number beyond all numbers of Excel is the error that Excel would show. Cells that share a text go on sharing it,
    and so do sheets that are given the same ``known`` texts.

    >>> told, endless = "x" * 10_000_000, float("inf")
    >>> sheet = bounded(RawSheet("A", hidden=False, rows=((None, told, endless),)))
    >>> len(sheet.rows[0][1]), sheet.cut, sheet.rows[0][2]
    (32767, ((1, 2),), ErrorValue(text='#NUM!'))
    """
    known = {} if known is None else known
    changed: dict[Place, Value] = {}
    cut: list[Place] = []
    for number, row in enumerate(sheet.rows, start=1):
        for place, value in enumerate(row, start=1):
            if value is None:
                continue
            if isinstance(value, str) and len(value) <= _SHARED:
                if (shown := _short(value)) != value:
                    changed[number, place] = shown
            elif isinstance(value, _TEXTS):
                if value not in known:
                    known[value] = _bounded(value)
                if (shown := known[value]) is not value:
                    changed[number, place] = shown
                    if len(_text(value)) > MAX_TEXT:
                        cut.append((number, place))
            elif isinstance(value, _NUMBERS) and not abs(value) <= _LARGEST:
                changed[number, place] = ErrorValue("#NUM!")
    if not changed and not sheet.legacy and len(sheet.name) <= MAX_TEXT and len(sheet.merges) <= MAX_RANGES:
        return sheet
    legacy = tuple(replace(item, stored=item.stored[:MAX_TEXT]) for item in sheet.legacy)
    name, merges = sheet.name[:MAX_TEXT], sheet.merges[:MAX_RANGES]
    return replace(with_values(sheet, changed), name=name, merges=merges, legacy=legacy, cut=tuple(cut))


@lru_cache(maxsize=20_000)  # the forms of one office have most of their texts in common
def _short(text: str) -> Value:
    return _bounded(text)


def _bounded(value: str | ErrorValue | Uncalculated) -> Value:
    if isinstance(value, str) and len(value) <= MAX_TEXT:
        return ErrorValue(PICTURE) if value.startswith(_PICTURES) else seen(value) or None
    text = _text(value)
    return value if len(text) <= MAX_TEXT else _bounded(type(value)(text[:MAX_TEXT]))


def _text(value: str | ErrorValue | Uncalculated) -> str:
    if isinstance(value, str):
        return value
    return value.text if isinstance(value, ErrorValue) else value.formula


def with_fonts(sheet: RawSheet, fonts: Mapping[Place, Runs]) -> RawSheet:
    """The sheet with the cells in these fonts as a reader of the cell sees them; what was stored is kept.

    What is struck out is no text, and a raised mark behind a number no digit of it (``D210``). Text in a legacy font is
    decoded where it is better Vietnamese then, or is no worse and the sheet's other texts are better.
    """
    changed: dict[Place, Value] = {}
    decoded: dict[Place, tuple[int, str, LegacyText]] = {}
    doubts: list[tuple[int, int, str]] = []
    for (row, number), runs in sorted(fonts.items()):
        cells = sheet.rows[row - 1] if row <= len(sheet.rows) else ()
        value = cells[number - 1] if number <= len(cells) else None
        if not isinstance(value, str):
            if value is not None and runs[0][1].struck:
                changed[row, number] = None
                doubts.append((row, number, "D210"))
            continue
        pieces = _pieces(value, runs)
        kept = _without_marks(pieces)
        stored = "".join(text for text, _ in kept)
        if stored != value:
            changed[row, number] = stored if stored.strip() else None
            doubts.append((row, number, "D210"))
        shown = "".join(decode(text, font.name) for text, font in kept)
        if shown != stored:
            font = next(font.name for _, font in kept if encoding_of(font.name))
            decoded[row, number] = gain(stored, shown), shown, LegacyText(row, number, stored, font)
    no_worse = 0 if sum(better for better, _, _ in decoded.values()) > 0 else 1
    told = {place: (shown, item) for place, (better, shown, item) in decoded.items() if better >= no_worse}
    return replace(
        with_values(sheet, {**changed, **{place: shown for place, (shown, _) in told.items()}}),
        legacy=(*sheet.legacy, *(item for _, item in told.values())),
        doubts=(*sheet.doubts, *doubts),
    )


def _pieces(text: str, runs: Runs) -> list[tuple[str, Font]]:
    ends = (*(start for start, _ in runs[1:]), len(text))
    return [(text[start:end], font) for (start, font), end in zip(runs, ends, strict=True)]


def _without_marks(pieces: list[tuple[str, Font]]) -> list[tuple[str, Font]]:
    """The pieces that are not struck out, and of a number those that are not raised: m³ keeps its mark."""
    kept = [(text, font) for text, font in pieces if not font.struck]
    number = [(text, font) for text, font in kept if not font.raised]
    return number if _NUMBER.fullmatch("".join(text for text, _ in number)) else kept


_REWRITTEN = frozenset((clock, timedelta, datetime))


def calamine_sheets(data: bytes) -> tuple[RawSheet, ...]:
    """The worksheets of a workbook in any format that python-calamine knows."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        return tuple(
            _calamine_sheet(
                workbook.get_sheet_by_index(index), meta.name, hidden=meta.visible is not SheetVisibleEnum.Visible
            )
            for index, meta in enumerate(workbook.sheets_metadata)
            if meta.typ is SheetTypeEnum.WorkSheet
        )


def _calamine_sheet(sheet: Any, name: str, *, hidden: bool) -> RawSheet:
    rows = tuple(_row(row) for row in sheet.to_python(skip_empty_area=False))
    merges = tuple(
        sorted((top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in sheet.merged_cell_ranges)
        if sheet.merged_cell_ranges
        else ()
    )
    return RawSheet(name, hidden, _trimmed(rows), merges)


def _row(row: list[Any]) -> tuple[Value, ...]:
    """A row with blanks as None; a time of day, which no field of ours takes, as its text; midnight as the day."""
    values = tuple([None if value == "" else value for value in row])
    if _REWRITTEN.isdisjoint(map(type, values)):
        return values
    return tuple(stored_time(value) if isinstance(value, datetime | clock | timedelta) else value for value in values)


def stored_time(value: datetime | clock | timedelta) -> date | str:
    """A point or a length of time as every reader of ours gives it.

    >>> stored_time(datetime(2021, 3, 5)), stored_time(clock(8, 30)), stored_time(timedelta(hours=30))
    (datetime.date(2021, 3, 5), '08:30:00', '30:00:00')
    """
    if isinstance(value, datetime):
        return value.date() if value.time() == clock() else value
    if isinstance(value, clock):
        return value.isoformat("seconds")
    minutes, seconds = divmod(abs(value) // timedelta(seconds=1), 60)
    return f"{'-' if value < timedelta(0) else ''}{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


_FORMULA = re.compile(rb"[<:]f[\s/>]")
_CALCULATED = re.compile(rb"<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)<v(?:\s[^<>]*)?>\s*+[^<\s]")  # one with a stored value


def openpyxl_sheets(data: bytes) -> tuple[RawSheet, ...]:
    """The worksheets of an .xlsx: stored values from one load; formulas from another, where one may have no value."""
    from openpyxl import load_workbook

    copy = reading_copy(data)
    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        told = calculation(package.read("xl/workbook.xml"))
        has_more = any(_has_more(package.read(name), told) for name in package.namelist() if name.endswith(".xml"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl leaves out of a workbook is nothing that is read here
        calculated = load_workbook(io.BytesIO(copy), data_only=True, keep_links=False, rich_text=True)
        typed = load_workbook(io.BytesIO(copy), keep_links=False) if has_more else calculated
    pairs = zip(typed.worksheets, calculated.worksheets, strict=True)
    return tuple(_openpyxl_sheet(formulas, values, told) for formulas, values in pairs)


def _has_more(part: bytes, told: Calculation) -> bool:
    """Whether a part may hold a cell of which the formula says more than the stored value."""
    if b"\0" in part:  # UTF-16, in which none would be seen
        return True
    formulas = sum(1 for _ in _FORMULA.finditer(part))
    if told.on_load or told.stale or b"inlineStr" in part:
        return formulas > 0
    return formulas != sum(1 for _ in _CALCULATED.finditer(part))


def _openpyxl_sheet(typed: Any, calculated: Any, told: Calculation) -> RawSheet:
    formats: list[tuple[int, int, str]] = []
    fonts: dict[Place, Runs] = {}
    stale: list[tuple[int, int, str]] = []
    values: dict[Place, Value] = {}
    # The cells as they are kept: asking for rows would make a cell for every place of the rectangle.
    for place, cell in typed._cells.items():  # noqa: SLF001 - no public name
        stored = calculated._cells[place]  # noqa: SLF001 - as above
        value = _value(cell, stored, told)
        runs = _runs(stored)
        if any(font.tells for _, font in runs):
            fonts[place] = runs
        if told.stale and cell.data_type == "f":
            stale.append((*place, "D211"))
        if isinstance(value, int | float) and is_telling_format(cell.number_format):
            formats.append((*place, cell.number_format))
        if value is not None:
            values[place] = value
    near, outside = _near(values)
    merges = sorted((area.min_row, area.min_col, area.max_row, area.max_col) for area in typed.merged_cells.ranges)
    sheet = RawSheet(
        name=typed.title,
        hidden=typed.sheet_state != "visible",
        rows=_trimmed(from_places(near)),
        merges=tuple(merges),
        formats=tuple(sorted(formats)),
        hidden_rows=tuple(sorted(number for number, row in typed.row_dimensions.items() if row.hidden)),
        hidden_columns=tuple(sorted(_hidden_columns(typed))),
        outside=tuple(sorted(outside)),
        doubts=tuple(stale),
    )
    return with_fonts(sheet, fonts)


def _hidden_columns(sheet: Any) -> Iterator[int]:
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden:
            first = dimension.min or 1
            yield from range(first, min(dimension.max or first, NEAR_COLUMNS) + 1)


def _near(values: dict[Place, Value]) -> tuple[dict[Place, Value], list[Place]]:
    """The cells near A1, and the places of those so far away that nobody meant them."""
    rows = max((row for row, _ in values), default=0)
    columns = max((column for _, column in values), default=0)
    if rows * columns <= MAX_AREA:
        return values, []
    widest = min(columns, NEAR_COLUMNS)
    deepest = MAX_AREA // widest
    near = {(row, column): value for (row, column), value in values.items() if row <= deepest and column <= widest}
    if len(values) - len(near) > MAX_OUTSIDE:
        raise CannotOpenError("F108", reason=f"có {len(values) - len(near)} ô ở rất xa")
    return near, [place for place in values if place not in near]


def _value(cell: Any, stored: Any, told: Calculation) -> Value:
    value = stored.value
    if cell.data_type == "f":
        if value is None and stored.data_type == "str":
            return None  # a formula that shows an empty text
        if value is None or (told.on_load and value == 0 and not isinstance(value, bool)):
            return Uncalculated(str(getattr(cell.value, "text", cell.value)))
    if stored.data_type == "e":
        return ErrorValue(str(value))
    if isinstance(value, datetime | clock | timedelta):
        return stored_time(value)
    if value is None or isinstance(value, int | float | bool | date):
        return value
    return "".join(_text_of(run) for run in (value if isinstance(value, list) else [value])) or None


def _text_of(run: Any) -> str:
    return unescaped(str(getattr(run, "text", run)))


def _runs(cell: Any) -> Runs:
    """The fonts of a cell's text: each run in its own, the rest in the cell's."""
    from openpyxl.cell.rich_text import CellRichText, TextBlock

    font = cell.font  # looked up among the styles each time it is asked for
    own = Font(font.name or "", bool(font.strike), font.vertAlign == _RAISED)
    if not isinstance(cell.value, CellRichText):
        return ((0, own),)
    runs: list[tuple[int, Font]] = []
    start = 0
    for run in cell.value:
        told = run.font if isinstance(run, TextBlock) else cell.font
        name = (told.rFont if isinstance(run, TextBlock) else None) or own.name
        runs.append((start, Font(name, bool(told.strike), told.vertAlign == _RAISED)))
        start += len(_text_of(run))
    return tuple(runs)
