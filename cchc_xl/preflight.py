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
MAX_CELLS = 2_000_000
# Most writers put the address first; where one does not, the slower pattern finds the rest.
_ROW_FIRST, _ROW = re.compile(rb'<row r="(\d+)"'), re.compile(rb'<row\b[^>]*?\br="(\d+)"')
_CELL_FIRST, _CELL = re.compile(rb'<c r="([A-Z]+)'), re.compile(rb'<c\b[^>]*?\br="([A-Z]+)')
_FORMULA_WITHOUT_VALUE = re.compile(rb"(?:</f>|<f\b[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_ERROR_CELL = re.compile(rb'<c\b[^>]*\bt="e"')
_HIDDEN_ROW = re.compile(rb'<row\b[^>]*\bhidden="(?:1|true)"')
_NUMBER_FORMAT = re.compile(rb"<numFmt\b[^>]*>")
_CELL_FORMATS = re.compile(rb"<cellXfs\b.*?</cellXfs>", re.DOTALL)
_FORMAT = re.compile(rb"<xf\b([^>]*)")
_ATTRIBUTE = re.compile(rb'\b(numFmtId|formatCode)="([^"]*)"')
_TELLING_BUILT_IN = frozenset((b"1", b"2", b"9", b"10"))
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
    names = tuple(members)
    sheets = [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]
    if not sheets or "xl/workbook.xml" not in members:
        return finding("F101", at, kind="không có trang tính")
    needed = [name for name in names if name.startswith("xl/") and name.endswith((".xml", ".rels"))]
    inflated = sum(members[name].file_size for name in needed)
    largest = max(members[name].file_size for name in needed)
    if len(members) > MAX_MEMBERS or inflated > MAX_INFLATED or largest > MAX_PART:
        return finding("F108", at)
    if any(item.flag_bits & 1 for item in members.values()):
        return finding("F102", at)
    telling = _telling_formats(_part(package, "xl/styles.xml")) if "xl/styles.xml" in members else frozenset()
    reader: Literal["calamine", "openpyxl"] = "calamine"
    for name in sheets:
        xml = _part(package, name)
        if b"<!DOCTYPE" in xml:
            return finding("F110", at)
        if not _within_extent(xml):
            return finding("F108", at)
        if _needs_evidence(xml, telling):
            reader = "openpyxl"
    return Clearance(reader, _saved(package, members))


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    """The part inflated, never past its limit: a lying directory must not unpack a bomb."""
    with package.open(name) as stream:
        data = stream.read(MAX_PART + 1)
    if len(data) > MAX_PART:
        raise ValueError("part larger than its directory entry says")
    return data


def _within_extent(xml: bytes) -> bool:
    """Whether a reader that fills a rectangle up to the last cell stays within bounds."""
    rows, cells = _ROW_FIRST.findall(xml), _CELL_FIRST.findall(xml)
    if len(rows) != xml.count(b"<row") or len(cells) != xml.count(b"<c ") + xml.count(b"<c>"):
        rows, cells = _ROW.findall(xml), _CELL.findall(xml)
    last = max(map(int, rows), default=0)
    widest = max(map(_column, set(cells)), default=0)
    return last * max(widest, 1) <= MAX_CELLS and last <= 1_048_576 and widest <= 16_384


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _telling_formats(styles: bytes) -> frozenset[bytes]:
    """The cell styles whose number format says what was typed: a percentage, or fixed decimals (1.10 stored as 1.1)."""
    telling = set(_TELLING_BUILT_IN)
    for declaration in _NUMBER_FORMAT.findall(styles):
        found = dict(_ATTRIBUTE.findall(declaration))
        code = found.get(b"formatCode", b"")
        if b"%" in code or re.fullmatch(rb"0(?:\.0+)?", code):
            telling.add(found.get(b"numFmtId", b""))
    formats = _CELL_FORMATS.search(styles)
    if formats is None:
        return frozenset()
    return frozenset(
        str(index).encode()
        for index, attributes in enumerate(_FORMAT.findall(formats.group()))
        if dict(_ATTRIBUTE.findall(attributes)).get(b"numFmtId") in telling
    )


def _needs_evidence(xml: bytes, telling: frozenset[bytes]) -> bool:
    if b"<sheetData" not in xml or (b't="e"' in xml and _ERROR_CELL.search(xml)):
        return True
    if b'hidden="' in xml and _HIDDEN_ROW.search(xml):
        return True
    if b"<f" in xml and _FORMULA_WITHOUT_VALUE.search(xml):
        return True
    if not telling:
        return False
    styled = re.compile(rb'<c\b[^>]*\bs="(?:' + b"|".join(sorted(telling)) + rb')"[^>]*>')
    return any(b't="s"' not in cell and not cell.endswith(b"/>") for cell in styled.findall(xml))


def _saved(package: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> datetime | None:
    """The time of the last save that the program wrote into the file (``dcterms:modified``)."""
    if "docProps/core.xml" not in members or members["docProps/core.xml"].file_size > 100_000:
        return None
    try:
        text = ElementTree.fromstring(_part(package, "docProps/core.xml")).findtext(_MODIFIED)
        saved = datetime.fromisoformat(text.strip()) if text else None
    except (ElementTree.ParseError, ValueError):
        return None
    return saved.replace(tzinfo=timezone.utc) if saved and saved.tzinfo is None else saved
