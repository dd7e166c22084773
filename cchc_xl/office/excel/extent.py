"""How far a sheet of an .xlsx reaches and what it holds: its XML comes in as bytes, an :class:`Extent` goes out.

Nothing is parsed: addresses are searched for, each search in linear time. What is spelled in an unusual way is counted
by slower patterns and marked, so that only a process of its own reads it.

Searched for as well is what only openpyxl shows (:func:`needs_evidence`): error values, formulas without a stored
value, hidden rows, numbers whose format tells what was typed (a percentage, 1.10 stored as 1.1), text in a
legacy font, struck out or raised.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import pairwise

from cchc_xl.office.excel.bounds import MANY_OPENINGS, MAX_CELLS, NEAR_COLUMNS, STAMP_SHEET
from cchc_xl.text.legacy_fonts import encoding_of
from cchc_xl.text.numbers import scales

# Tags may be spelled in many ways; attributes are looked for in a bounded stretch: no text may take quadratic time.
TAG, IN_TAG = rb"<(?:[\w.-]+:)?", rb"[^<>]{0,400}"
# Most writers put the address first; where one does not, the slower patterns find the rest.
# Of a row or cell that is spelled otherwise they find that it is there.
_ROW_FIRST = re.compile(rb'<row(?: r="(\d{1,7})"(' + IN_TAG + rb")>|[\s>/])")
_CELL_FIRST = re.compile(rb'<c(?: r="([A-Z]{1,3})(\d{1,7})"(' + IN_TAG + rb")>|[\s>/])")
_ROW_OPENING = re.compile(rb"<row[\s>/]")
_PIECE = 1024 * 1024  # bytes searched at once
_MAYBE_PREFIXED = re.compile(rb":(?:row|c)[\s/>]")
_BARE_CELL = re.compile(rb"<c[>/\n\r\t]")
_PREFIXED = re.compile(rb"<[\w.-]+:(?:row|c)[\s/>]")
_ROW_OR_CELL = re.compile(TAG + rb"(row|c)(?:\s(" + IN_TAG + rb"))?/?>")
_ROW_OR_CELL_OPENING = re.compile(TAG + rb"(?:row|c)[\s/>]")
_ADDRESS = re.compile(rb"(?:^|\s)r\s*=\s*[\"']([^\"']*)[\"']")
_BLANK_CELL = re.compile(rb'<c r="[A-Z]{1,3}\d{1,7}"' + IN_TAG + rb"/>")
_BLANK_ROW = re.compile(rb'<row r="\d{1,7}"' + IN_TAG + rb"(?:/>|>\s{0,99}</row>)")
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


@dataclass(frozen=True, slots=True)
class Extent:
    """The last row and column that hold something, how many cells do, and how many blank ones were passed over.

    ``usual`` says that rows and cells are spelled as common writers spell them; ``tags`` are then their different
    opening tags, without the addresses.
    """

    rows: int
    columns: int
    cells: int
    blanks: int
    usual: bool
    tags: bytes = b""

    @property
    def area(self) -> int:
        """The cells of the rectangle from A1."""
        return self.rows * self.columns


def extent(xml: bytes) -> Extent | None:
    """How far the sheet reaches; None if an address cannot be told."""
    blanks = 0
    if len(xml) > len(b"<c>") * MANY_OPENINGS and max(_openings(xml)) > MANY_OPENINGS:
        xml, blanks = without_blanks(xml)
    found = _extent(xml, blanks)
    if found is not None and found.usual and not blanks and found.area > MANY_OPENINGS:
        return _extent(*without_blanks(xml))
    return found


def without_blanks(xml: bytes) -> tuple[bytes, int]:
    """The sheet without cells and rows that hold nothing, and how many cells those were.

    Only where every row and cell says its own address: elsewhere a blank one moves those behind it. The last rows have
    none behind them.
    """
    xml = _without_last_rows(xml)
    if prefixed(xml) or xml.count(b'<c r="') != _openings(xml)[1]:
        return xml, 0
    lean, cells = _BLANK_CELL.subn(b"", xml)
    if lean.count(b"<row ") == lean.count(b'<row r="'):
        lean = _BLANK_ROW.sub(b"", lean)
    return lean, cells


def _without_last_rows(xml: bytes) -> bytes:
    """The sheet without the rows at its end that say and hold nothing."""
    end = last = xml.rfind(b"</sheetData>")
    while xml.endswith(b"<row/>", 0, max(last, 0)):
        last -= len(b"<row/>")
    return xml[:last] + xml[end:] if last < end else xml


def _openings(xml: bytes) -> tuple[int, int]:
    """How many rows and cells there are."""
    rows = sum(1 for _ in _ROW_OPENING.finditer(xml))
    return rows, xml.count(b"<c ") + sum(1 for _ in _BARE_CELL.finditer(xml))


def _extent(xml: bytes, blanks: int) -> Extent | None:
    if not prefixed(xml) and (found := _addressed(xml, blanks)):
        return found
    cells = _openings(xml)[1]
    return Extent(LAST_ROW, LAST_COLUMN, cells, blanks, usual=False) if cells > MAX_CELLS else _slow_extent(xml)


def _addressed(xml: bytes, blanks: int) -> Extent | None:
    """The extent where every row and cell says its address first; None where one does not, or there are too many.

    Readers go by the addresses of the cells, which may contradict the rows they stand in.
    """
    rows: set[bytes] = set()
    columns: set[bytes] = set()
    of_rows: set[bytes] = set()
    of_cells: set[bytes] = set()
    count = start = 0
    while start < len(xml):
        end = xml.find(b"<", start + _PIECE)  # no tag is cut there
        end = len(xml) if end < 0 else end
        if found := _ROW_FIRST.findall(xml, start, end):
            numbers, told = zip(*found, strict=True)
            rows.update(numbers)
            of_rows.update(told)
        if cells := _CELL_FIRST.findall(xml, start, end):
            letters, numbers, told = zip(*cells, strict=True)
            columns.update(letters)
            rows.update(numbers)
            of_cells.update(told)
            count += len(cells)
        if b"" in rows or count > MAX_CELLS:
            return None
        start = end
    tags = b"".join([*(b"<row%b>" % told for told in of_rows), *(b"<c%b>" % told for told in of_cells)])
    widest = max(map(column, columns), default=1)
    return Extent(max(map(int, rows), default=0), widest, count, blanks, usual=True, tags=tags)


def prefixed(xml: bytes) -> bool:
    """Whether rows or cells are written under a namespace prefix."""
    return bool(_MAYBE_PREFIXED.search(xml) and _PREFIXED.search(xml))


def _slow_extent(xml: bytes) -> Extent | None:
    """The extent where tags are spelled unusually, or rows and cells without addresses are counted."""
    last = widest = row = place = cells = tags = 0
    for match in _ROW_OR_CELL.finditer(xml):
        tags += 1
        name, attributes = match.groups()
        address = _ADDRESS.search(attributes or b"")
        told = address[1] if address else b""
        if name == b"row":
            if address and not told.isdigit():
                return None
            row, place = int(told[:8]) if told else row + 1, 0
            continue
        parts = re.fullmatch(rb"([A-Z]{1,3})(\d{1,7})", told)
        if address and parts is None:
            return None
        place = column(parts[1]) if parts else place + 1
        row = max(row, int(parts[2])) if parts else row
        cells += 1
        last, widest = max(last, row), max(widest, place)
    if tags != sum(1 for _ in _ROW_OR_CELL_OPENING.finditer(xml)):
        return None
    return Extent(max(last, row), max(widest, 1), cells, 0, usual=False)


def column(letters: bytes) -> int:
    """The number of a column from its letters, from 1.

    >>> column(b"A"), column(b"XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


# With this the live counts and sums of an issued form end, which stand in no cell that is read: a cell always empty.
ALWAYS_EMPTY = f"'{STAMP_SHEET}'!$C$1"
_OWN_END = ALWAYS_EMPTY.encode()
# Each begins with letters: a choice of beginnings is looked for ten times slower.
_FORMULA_ENDS = (re.compile(rb"</f>"), re.compile(rb"<f\b" + IN_TAG + rb"/>"))
_NO_VALUE = re.compile(rb"\s{0,99}(?:<v\s{0,99}/>|<v></v>)?\s{0,99}</c>")
_ZERO_VALUE = re.compile(rb"\s{0,99}<v>-?0(?:\.0{0,99})?</v>")
_TELLING_CELL = re.compile(rb"<c\b" + IN_TAG + rb"\bt\s*=\s*[\"'][ed][\"']")
_HIDDEN = re.compile(rb"<(?:row|col)\b" + IN_TAG + rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_COLUMN = re.compile(rb"<col\b" + IN_TAG + rb">")
_COLUMN_PLACE = re.compile(rb"\b(min|max)\s*=\s*[\"'](\d{1,9})[\"']")
_NUMBER_FORMAT = re.compile(TAG + rb"numFmt\b(?:[^<>\"']|\"[^<\"]{0,400}\"|'[^<']{0,400}'){0,400}+>")
_FONT = re.compile(TAG + rb"font(?:\s[^<>]{0,99})?/?>")
_FONT_NAME = re.compile(TAG + rb"(?:name|rFont)\s" + IN_TAG + rb"val\s*=\s*[\"']([^\"'<>]{0,99})")
_STYLED = re.compile(rb"<c\b" + IN_TAG + rb"\bs\s*=\s*[\"'](\d{1,9})[\"']" + IN_TAG + rb">")
_FORMAT = re.compile(TAG + rb"xf\b(" + IN_TAG + rb")")
_ATTRIBUTE = re.compile(
    rb"\b(numFmtId|fontId|formatCode|calcMode|fullCalcOnLoad|calcCompleted)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')"
)
_CALCULATION = re.compile(TAG + rb"calcPr\s(" + IN_TAG + rb")")
_STRIKE = re.compile(TAG + rb"strike(?:\s+val\s*=\s*[\"']([^\"'<>]{0,9})[\"'])?\s{0,9}/?>")
_TRUE, _FALSE = (b"1", b"true", b"on"), (b"0", b"false", b"off")
# python-calamine panics on a date so long ago that no time is: any negative number but a plain small one.
_FAR_BELOW_ZERO = re.compile(rb"<v(?:\s" + IN_TAG + rb")?>-(?!\d{0,8}(?:\.\d{0,40})?<)")
USUAL_PART = 200_000  # bytes of a part that is kept for the next workbook that has the same
_TELLING_BUILT_IN = frozenset((b"1", b"2", b"9", b"10"))
_FIXED = re.compile(r"0+(?:\.0+)?")


@dataclass(frozen=True, slots=True)
class Calculation:
    """Which stored values of formulas are not those that Excel shows.

    ``on_load``: they are calculated when the workbook is opened, and a writer that cannot calculate stores 0 until
    then (https://github.com/jmcnamara/XlsxWriter/issues/877). ``stale``: they were to be calculated by hand, and were
    not before the workbook was saved.
    """

    on_load: bool
    stale: bool


def calculation(workbook: bytes) -> Calculation:
    """What the workbook's main part says of its formulas.

    >>> calculation(b'<calcPr calcId="191029" fullCalcOnLoad="1"/>')
    Calculation(on_load=True, stale=False)
    """
    found = _CALCULATION.search(workbook)
    told = _attributes(found[1]) if found else {}
    on_load = told.get(b"fullCalcOnLoad") in _TRUE
    return Calculation(on_load, told.get(b"calcMode") == b"manual" and told.get(b"calcCompleted") in (b"0", b"false"))


@lru_cache(maxsize=1_000)
def is_telling_format(number_format: str) -> bool:
    """Whether a number format says what was typed, or shows something else than is stored.

    That is: a percentage, fixed digits (1.10 stored as 1.1, 0101 as 101), thousands and millions.

    >>> [is_telling_format(text) for text in ("0.00", "0000", "0%", "#,##0", "General")]
    [True, True, True, False, False]
    """
    return "%" in number_format or _FIXED.fullmatch(number_format) is not None or scales(number_format)


@dataclass(frozen=True, slots=True)
class Telling:
    """The cell styles, as the numbers that cells name, in which a value is not shown as it is stored.

    A number format may tell of ``numbers``, a legacy font of ``texts``, a line through the cell of ``either``.
    """

    numbers: frozenset[bytes] = frozenset()
    texts: frozenset[bytes] = frozenset()
    either: frozenset[bytes] = frozenset()


def telling_styles(styles: bytes) -> Telling:
    """The cell styles of a workbook that tell more than the values in them."""
    # The forms of one office have the same styles.
    return _telling_before(styles) if len(styles) <= USUAL_PART else _telling(styles)


@lru_cache(maxsize=16)
def _telling_before(styles: bytes) -> Telling:
    return _telling(styles)


def _telling(styles: bytes) -> Telling:
    telling = set(_TELLING_BUILT_IN)
    for declaration in _NUMBER_FORMAT.findall(styles):
        found = _attributes(declaration)
        if is_telling_format(unescape(found.get(b"formatCode", b"").decode("utf-8", "replace"))):
            telling.add(found.get(b"numFmtId", b""))
    fonts = _fonts(styles)
    legacy = {number for number, font in fonts.items() if any(map(_is_legacy, _FONT_NAME.findall(font)))}
    struck = {number for number, font in fonts.items() if _is_struck_or_raised(font)}
    cell_styles = styles[styles.find(b"cellXfs") : styles.rfind(b"cellXfs")]
    numbers: set[bytes] = set()
    texts: set[bytes] = set()
    either: set[bytes] = set()
    for index, attributes in enumerate(_FORMAT.findall(cell_styles)):
        found = _attributes(attributes)
        for told, item, among in (
            (numbers, found.get(b"numFmtId"), telling),
            (texts, found.get(b"fontId", b"0"), legacy),
            (either, found.get(b"fontId", b"0"), struck),
        ):
            if item in among:
                told.add(str(index).encode())
    return Telling(frozenset(numbers), frozenset(texts), frozenset(either))


def has_telling_runs(strings: bytes) -> bool:
    """Whether a text in this part, shared or in a cell, has runs in a legacy font, struck out or raised."""
    return (b"rPr" in strings and _is_struck_or_raised(strings)) or any(
        b"rFont" in match[0] and _is_legacy(match[1]) for match in _FONT_NAME.finditer(strings)
    )


def _is_struck_or_raised(xml: bytes) -> bool:
    return (b"strike" in xml and any(value not in _FALSE for value in _STRIKE.findall(xml))) or b"superscript" in xml


def _fonts(styles: bytes) -> dict[bytes, bytes]:
    """The fonts as they stand in the part, by the number that cell styles name; none where no name or line tells."""
    start, end = styles.find(b"<fonts"), styles.rfind(b"</fonts>")
    fonts = styles[start:end] if start >= 0 else b""
    if not (_is_struck_or_raised(fonts) or any(map(_is_legacy, _FONT_NAME.findall(fonts)))):
        return {}
    starts = [match.start() for match in _FONT.finditer(fonts)] + [len(fonts)]
    return {str(index).encode(): fonts[start:end] for index, (start, end) in enumerate(pairwise(starts))}


def _is_legacy(name: bytes) -> bool:
    return encoding_of(name.decode("utf-8", "replace")) is not None


def _attributes(tag: bytes) -> dict[bytes, bytes]:
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(tag)}


_CDATA, _RUN = re.compile(rb"<!\[CDATA\["), re.compile(rb"<r>")


def needs_evidence(xml: bytes, found: Extent, styles: Telling, told: Calculation) -> bool:
    """Whether the sheet holds something that only openpyxl shows."""
    # A pattern that begins with letters is found in half the time that "in" takes for so few of them.
    if b"<sheetData" not in xml or _CDATA.search(xml) or (not found.usual and prefixed(xml)):
        return True
    tags = found.tags if found.usual else xml
    if _TELLING_CELL.search(tags) or (b"hidden" in tags and _HIDDEN.search(tags)):
        return True
    if _FAR_BELOW_ZERO.search(xml):
        return True
    if b"<f" in xml and _is_doubtful(xml, told):
        return True
    if _RUN.search(xml) and has_telling_runs(xml):
        return True
    return (
        _styled(xml, tags, styles.texts, texts=True)
        or _styled(xml, tags, styles.numbers, texts=False)
        or _styled(xml, tags, styles.either, texts=None)
    )


def hidden_columns(xml: bytes) -> tuple[int, ...] | None:
    """The numbers of the hidden columns near A1, as openpyxl tells them; None where that is for openpyxl to tell.

    >>> hidden_columns(b'<cols><col min="2" max="3" hidden="1"/><col max="5" min="5"/></cols><sheetData/>')
    (2, 3)
    """
    end = max(0, xml.find(b"<sheetData"))
    if not _HIDDEN.search(xml, 0, end):
        return ()
    hidden: dict[int, range] = {}  # of two that begin with one column, the later counts
    for count, tag in enumerate(_COLUMN.finditer(xml, 0, end)):
        told = dict(_COLUMN_PLACE.findall(tag[0]))
        first, last = (int(told.get(name, 0)) for name in (b"min", b"max"))
        if count > NEAR_COLUMNS or not 1 <= first <= last <= LAST_COLUMN:
            return None
        near = min(last, NEAR_COLUMNS) + 1 if _HIDDEN.match(tag[0]) else first
        hidden[first] = range(first, near)
    return tuple(sorted(set().union(*hidden.values())))


def _is_doubtful(xml: bytes, told: Calculation) -> bool:
    """Whether there is a formula that nobody has calculated; those of the form itself bring no value that is read."""
    if told.stale:
        return True
    ends = [match.span() for pattern in _FORMULA_ENDS for match in pattern.finditer(xml)]
    return any(
        (_NO_VALUE.match(xml, end) and not xml.endswith(_OWN_END, 0, start))
        or (told.on_load and _ZERO_VALUE.match(xml, end))
        for start, end in ends
    )


def _styled(xml: bytes, tags: bytes, styles: frozenset[bytes], *, texts: bool | None) -> bool:
    """Whether a cell with content has one of these styles: text if ``texts``, a number if not, else either."""
    if not styles or styles.isdisjoint(_STYLED.findall(tags)):
        return False
    kinds = (b't="s"', b't="inlineStr"', b't="str"')
    return any(
        not cell.endswith(b"/>") and (texts is None or any(kind in cell for kind in kinds) is texts)
        for cell in (match[0] for match in _STYLED.finditer(xml) if match[1] in styles)
    )
