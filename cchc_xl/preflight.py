"""A look at a file's bytes before any parser: is it what it says, is it safe in size, how must it be read.

Bytes come in; a :class:`Clearance` or the finding that refuses the file goes out. Only the zip directory and parts
of bounded size are inflated, and XML is searched as bytes or parsed by defusedxml: nothing here interprets a cell.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Literal

from defusedxml import ElementTree

from cchc_xl.messages import finding
from cchc_xl.records import CellRef, Finding

MAX_FILE = 64 * 1024 * 1024
MAX_PART = 96 * 1024 * 1024
MAX_INFLATED = 192 * 1024 * 1024
MAX_MEMBERS = 20_000
MAX_CELLS = 500_000
MAX_MERGED, MAX_RANGES = 200_000, 5_000  # a reader builds an object per cell of a merged or linked range
# Tags may be spelled in many ways; attributes are looked for in a bounded stretch: no text may take quadratic time.
_TAG, _IN_TAG = rb"<(?:[\w.-]+:)?", rb"[^<>]{0,400}"
# Most writers put the address first; where one does not, the slower patterns find the rest.
_ROW_FIRST, _CELL_FIRST = re.compile(rb'<row r="(\d{1,7})"'), re.compile(rb'<c r="([A-Z]{1,3})\d{1,7}"')
_MAYBE_PREFIXED = re.compile(rb":(?:row|c)[\s/>]")
_BARE_CELL = re.compile(rb"<c[>/\n\r\t]")
_PREFIXED = re.compile(rb"<[\w.-]+:(?:row|c)[\s/>]")
_ROW_OR_CELL = re.compile(_TAG + rb"(row|c)(?:\s(" + _IN_TAG + rb"))?/?>")
_ROW_OR_CELL_OPENING = re.compile(_TAG + rb"(?:row|c)[\s/>]")
_ADDRESS = re.compile(rb"(?:^|\s)r\s*=\s*[\"']([^\"']*)[\"']")
_RANGE_OPENING = re.compile(_TAG + rb"(?:mergeCell|hyperlink)\s")
_RANGE = re.compile(
    _TAG
    + rb"(?:mergeCell|hyperlink)\s"
    + _IN_TAG
    + rb"\bref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?[\"']"
)
_FORMULA_WITHOUT_VALUE = re.compile(rb"(?:</f>|<f\b" + _IN_TAG + rb"/>)\s{0,99}(?:<v\s{0,99}/>|<v></v>)?\s{0,99}</c>")
_ERROR_CELL = re.compile(rb"<c\b" + _IN_TAG + rb"\bt\s*=\s*[\"']e[\"']")
_HIDDEN_ROW = re.compile(rb"<row\b" + _IN_TAG + rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_NUMBER_FORMAT = re.compile(_TAG + rb"numFmt\b(?:[^<>\"']|\"[^\"]{0,400}\"|'[^']{0,400}'){0,400}>")
_FORMAT = re.compile(_TAG + rb"xf\b(" + _IN_TAG + rb")")
_ATTRIBUTE = re.compile(rb"\b(numFmtId|formatCode)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}\bencoding\s*=\s*[\"']([^\"']*)")
_PLAIN_ENCODINGS = frozenset((b"utf-8", b"utf8", b"us-ascii", b"ascii"))
_TELLING_BUILT_IN = frozenset((b"1", b"2", b"9", b"10"))
_UNREAD = ("customXml/", "xl/theme/", "docProps/app.xml")  # parts that no reader of cells parses
_MODIFIED = "{http://purl.org/dc/terms/}modified"


@dataclass(frozen=True, slots=True)
class Clearance:
    """The file may be read, by this reader; ``sent`` is the time of saving written in it, where there is one."""

    reader: Literal["calamine", "openpyxl"]
    sent: datetime | None


def clear(data: bytes, file: str) -> Clearance | Finding:
    """What may be done with these bytes: read them, and how; or the finding that says why not."""
    at = CellRef(file)
    refusal = _not_a_workbook(data, at)
    if refusal is not None:
        return refusal
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _clear_package(package, at)
    except (zipfile.BadZipFile, EOFError, zlib.error, OSError, ValueError, KeyError) as error:
        return finding("F103", at, reason=type(error).__name__)
    except (RuntimeError, NotImplementedError):
        return finding("F102", at)


def _not_a_workbook(data: bytes, at: CellRef) -> Finding | None:
    start = data[:8]
    if not data:
        return finding("F104", at)
    if len(data) > MAX_FILE:
        return finding("F105", at, size=str(len(data) // 1024 // 1024))
    if not data.strip(b"\0"):
        return finding("F106", at)
    if start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return finding("F102" if b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in data else "F107", at)
    if b"PK\x05\x06" not in data[-65_600:]:
        return finding("F103" if start.startswith(b"PK") else "F101", at, **_why(start))
    return None


def _why(start: bytes) -> dict[str, str]:
    if start.startswith(b"PK"):
        return {"reason": "tệp bị cắt ngang"}
    head = start.lstrip().lower()
    shown = "trang HTML" if head.startswith((b"<html", b"<!doc", b"<tabl", b"<?xml", b"<meta")) else "loại khác"
    return {"kind": shown}


def _clear_package(package: zipfile.ZipFile, at: CellRef) -> Clearance | Finding:
    members = {item.filename: item for item in package.infolist()}
    if len({name.casefold() for name in members}) != len(package.infolist()):
        return finding("F103", at, reason="hai phần trùng tên")
    needed = [name for name in members if name.endswith((".xml", ".rels"))]
    if "xl/workbook.xml" not in members:
        return finding("F101", at, kind="không có trang tính")
    inflated = sum(members[name].file_size for name in needed)
    largest = max(members[name].file_size for name in needed)
    if len(members) > MAX_MEMBERS or inflated > MAX_INFLATED or largest > MAX_PART:
        return finding("F108", at)
    if any(item.flag_bits & 1 for item in members.values()):
        return finding("F102", at)
    parts = {name: _part(package, name) for name in needed if not name.startswith(_UNREAD)}
    telling = _telling_formats(parts["xl/styles.xml"]) if "xl/styles.xml" in parts else None
    reader: Literal["calamine", "openpyxl"] = "calamine" if telling is not None else "openpyxl"
    sheets = cells = 0
    for name, xml in parts.items():
        if not _plain(xml):
            return finding("F103", at, reason="bảng mã lạ")
        if b"<!DOCTYPE" in xml:
            return finding("F110", at)
        if b"sheetData" not in xml and not name.startswith("xl/worksheets/sheet"):
            continue
        sheets += 1
        extent = _extent(xml)
        if extent is None:
            return finding("F103", at, reason="địa chỉ ô lạ")
        cells += extent
        if cells > MAX_CELLS:
            return finding("F108", at)
        if telling is not None and _needs_evidence(xml, telling):
            reader = "openpyxl"
    if not sheets:
        return finding("F101", at, kind="không có trang tính")
    return Clearance(reader, _saved(parts.get("docProps/core.xml", b"")))


def transitional(data: bytes) -> bytes:
    """The workbook under the names openpyxl knows: in a strict one it sees no sheet, and says nothing."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        if _STRICT not in source.read("xl/workbook.xml"):
            return data
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as target:
            for item in source.infolist():
                part = source.read(item)
                for strict, known in _STRICT_NAMES:
                    part = part.replace(strict, known) if item.filename.endswith((".xml", ".rels")) else part
                target.writestr(item.filename, part)
    return packed.getvalue()


_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAMES = (
    (_STRICT + b"spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (_STRICT + b"officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (_STRICT + b"drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
)


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    """The part inflated, never past its limit: a lying directory must not unpack a bomb."""
    with package.open(name) as stream:
        data = stream.read(MAX_PART + 1)
    if len(data) > MAX_PART:
        raise ValueError("part larger than its directory entry says")
    return data


def _plain(xml: bytes) -> bool:
    """Whether a search over the bytes sees what a parser sees: UTF-16 and UTF-7 would hide a DOCTYPE or a cell."""
    encoding = _ENCODING.match(xml.removeprefix(b"\xef\xbb\xbf")[:300])
    return b"\0" not in xml[:100] and (encoding is None or encoding[1].lower() in _PLAIN_ENCODINGS)


def _extent(xml: bytes) -> int | None:
    """How many cells a reader builds that fills a rectangle up to the last one; None if an address cannot be told."""
    openings = (xml.count(b"<row") - xml.count(b"<rowBreaks"), xml.count(b"<c ") + len(_BARE_CELL.findall(xml)))
    if sum(openings) > MAX_CELLS or (len(xml) > 4 * MAX_CELLS and xml.count(b"<") > 4 * MAX_CELLS):
        return MAX_CELLS + 1
    rows, columns = _ROW_FIRST.findall(xml), _CELL_FIRST.findall(xml)
    if (len(rows), len(columns)) == openings and not _prefixed(xml):
        last, widest = max(map(int, rows), default=0), max(map(_column, set(columns)), default=0)
    else:
        corner = _slow_corner(xml)
        if corner is None:
            return None
        last, widest = corner
    if b"mergeCell" in xml or b"hyperlink" in xml:
        ranges = _RANGE.findall(xml)
        if len(ranges) != len(_RANGE_OPENING.findall(xml)):
            return None
        boxes = [
            (int(top), _column(left), int(bottom or top), _column(right or left)) for left, top, right, bottom in ranges
        ]
        built = sum((abs(bottom - top) + 1) * (abs(right - left) + 1) for top, left, bottom, right in boxes)
        if built > MAX_MERGED or len(boxes) > MAX_RANGES:
            return MAX_CELLS + 1
        last = max(last, *(max(top, bottom) for top, _, bottom, _ in boxes)) if boxes else last
        widest = max(widest, *(max(left, right) for _, left, _, right in boxes)) if boxes else widest
    return last * max(widest, 1) if last <= 1_048_576 and widest <= 16_384 else MAX_CELLS + 1


def _prefixed(xml: bytes) -> bool:
    return bool(_MAYBE_PREFIXED.search(xml) and _PREFIXED.search(xml))


def _slow_corner(xml: bytes) -> tuple[int, int] | None:
    """The last row and column where tags are spelled unusually, or rows and cells without addresses are counted."""
    tags = _ROW_OR_CELL.findall(xml)
    if len(tags) != len(_ROW_OR_CELL_OPENING.findall(xml)):
        return None
    last = widest = row = column = 0
    for name, attributes in tags:
        address = _ADDRESS.search(attributes)
        told = address[1] if address else b""
        if name == b"row":
            if address and not told.isdigit():
                return None
            row, column = int(told[:8]) if told else row + 1, 0
        else:
            parts = re.fullmatch(rb"([A-Z]{1,3})(\d{1,7})", told)
            if address and parts is None:
                return None
            column = _column(parts[1]) if parts else column + 1
            row = max(row, int(parts[2])) if parts else row
        last, widest = max(last, row), max(widest, column)
    return last, widest


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _telling_formats(styles: bytes) -> frozenset[bytes]:
    """The cell styles whose number format says what was typed: a percentage, or fixed decimals (1.10 stored as 1.1)."""
    telling = set(_TELLING_BUILT_IN)
    for declaration in _NUMBER_FORMAT.findall(styles):
        found = _attributes(declaration)
        code = found.get(b"formatCode", b"")
        if b"%" in code or re.fullmatch(rb"0(?:\.0+)?", code):
            telling.add(found.get(b"numFmtId", b""))
    formats = styles[styles.find(b"cellXfs") : styles.rfind(b"cellXfs")]
    return frozenset(
        str(index).encode()
        for index, attributes in enumerate(_FORMAT.findall(formats))
        if _attributes(attributes).get(b"numFmtId") in telling
    )


def _attributes(tag: bytes) -> dict[bytes, bytes]:
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(tag)}


def _needs_evidence(xml: bytes, telling: frozenset[bytes]) -> bool:
    if b"<sheetData" not in xml or _prefixed(xml):
        return True
    if (b'"e"' in xml or b"'e'" in xml) and _ERROR_CELL.search(xml):
        return True
    if b"hidden" in xml and _HIDDEN_ROW.search(xml):
        return True
    if any(tag in xml for tag in (b"</f>", b"<f ", b"<f/")) and _FORMULA_WITHOUT_VALUE.search(xml):
        return True
    if not telling:
        return False
    styles = rb"(?:" + b"|".join(sorted(telling)) + rb")"
    styled = re.compile(rb"<c\b" + _IN_TAG + rb"\bs\s*=\s*[\"']" + styles + rb"[\"']" + _IN_TAG + rb">")
    return any(b't="s"' not in cell and not cell.endswith(b"/>") for cell in styled.findall(xml))


def _saved(core: bytes) -> datetime | None:
    """The time of the last save that the program wrote into the file (``dcterms:modified``)."""
    if not core or len(core) > 100_000:
        return None
    try:
        text = ElementTree.fromstring(core).findtext(_MODIFIED)
        saved = datetime.fromisoformat(text.strip()) if text else None
    except (ElementTree.ParseError, ValueError):
        return None
    if saved is None or not 1990 <= saved.year <= 2100:  # a writer without a clock says 1601, 1970 or 9999
        return None
    return saved.replace(tzinfo=timezone.utc) if saved.tzinfo is None else saved
