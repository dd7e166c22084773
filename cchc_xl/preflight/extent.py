"""How far a sheet of an .xlsx reaches and how much it holds: its XML comes in as bytes, an :class:`Extent` goes out.

Nothing is parsed: addresses are searched for, each search in linear time. What is spelled in an unusual way is counted
by slower patterns and marked, so that only a process of its own reads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cchc_xl.preflight.limits import MANY_OPENINGS, MAX_CELLS

# Tags may be spelled in many ways; attributes are looked for in a bounded stretch: no text may take quadratic time.
TAG, IN_TAG = rb"<(?:[\w.-]+:)?", rb"[^<>]{0,400}"
# Most writers put the address first; where one does not, the slower patterns find the rest.
_ROW_FIRST, _CELL_FIRST = re.compile(rb'<row r="(\d{1,7})"'), re.compile(rb'<c r="([A-Z]{1,3})\d{1,7}"')
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

    ``usual`` says that rows and cells are spelled as common writers spell them.
    """

    rows: int
    columns: int
    cells: int
    blanks: int
    usual: bool

    @property
    def area(self) -> int:
        """The cells of the rectangle from A1."""
        return self.rows * self.columns


@dataclass(frozen=True, slots=True)
class _Openings:
    """How many rows and cells there are, and how many cells say their address first."""

    rows: int
    cells: int
    addressed: int


def extent(xml: bytes) -> Extent | None:
    """How far the sheet reaches; None if an address cannot be told."""
    counts = _openings(xml)
    blanks = 0
    if max(counts.cells, counts.rows) > MANY_OPENINGS:
        xml, blanks = without_blanks(xml)
        counts = _openings(xml)
    found = _extent(xml, counts, blanks)
    if found is not None and found.usual and not blanks and found.area > MANY_OPENINGS:
        xml, blanks = without_blanks(xml)
        return _extent(xml, _openings(xml), blanks)
    return found


def without_blanks(xml: bytes) -> tuple[bytes, int]:
    """The sheet without cells and rows that hold nothing, and how many cells those were.

    Only where every row and cell says its own address: elsewhere a blank one moves those behind it.
    """
    counts = _openings(xml)
    if prefixed(xml) or counts.addressed != counts.cells:
        return xml, 0
    lean, cells = _BLANK_CELL.subn(b"", xml)
    if lean.count(b"<row ") == lean.count(b'<row r="'):
        lean = _BLANK_ROW.sub(b"", lean)
    return lean, cells


def _openings(xml: bytes) -> _Openings:
    bare = sum(1 for _ in _BARE_CELL.finditer(xml))
    rows = xml.count(b"<row") - (xml.count(b"<rowBreaks") if b"<rowBreaks" in xml else 0)
    return _Openings(rows, xml.count(b"<c ") + bare, xml.count(b'<c r="'))


def _extent(xml: bytes, counts: _Openings, blanks: int) -> Extent | None:
    if counts.cells > MAX_CELLS:
        return Extent(LAST_ROW, LAST_COLUMN, counts.cells, blanks, usual=False)
    if counts.addressed == counts.cells and not prefixed(xml):
        rows, columns = _ROW_FIRST.findall(xml), _CELL_FIRST.findall(xml)
        if (len(rows), len(columns)) == (counts.rows, counts.cells):
            last, widest = max(map(int, rows), default=0), max(map(column, set(columns)), default=0)
            return Extent(last, max(widest, 1), counts.cells, blanks, usual=True)
    return _slow_extent(xml)


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
