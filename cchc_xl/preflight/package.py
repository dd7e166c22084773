"""The look at a zip package: an opened package comes in, a :class:`Clearance` or the finding that refuses it goes out.

Only the directory and the parts that readers of cells parse are looked at, each of bounded size; a picture of any size
or a part that nobody reads harms nothing.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone

from defusedxml import ElementTree

from cchc_xl.preflight import limits
from cchc_xl.preflight.clearance import Clearance
from cchc_xl.preflight.evidence import has_legacy_runs, needs_evidence, telling_styles
from cchc_xl.preflight.extent import LAST_COLUMN, LAST_ROW, Extent, extent
from cchc_xl.preflight.remarks import remarks
from cchc_xl.records import CellRef, Finding
from cchc_xl.text.catalogue import finding

ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}\bencoding\s*=\s*[\"']([^\"']*)")
_PLAIN_ENCODINGS = frozenset((b"utf-8", b"utf8", b"us-ascii", b"ascii"))
# Parts that no reader of cells parses.
_UNREAD = ("customXml/", "docProps/app.xml", "docProps/custom.xml", "xl/theme", "xl/media/", "xl/embeddings/")
_UNREAD_ODS = ("Configurations2/", "Thumbnails/", "Pictures/", "Object ")
_OTHER_DOCUMENTS = (
    ("word/", "văn bản Word"),
    ("ppt/", "bản trình chiếu"),
    ("content.xml", "tài liệu OpenDocument khác"),
)
_MODIFIED = "{http://purl.org/dc/terms/}modified"
_STRINGS_COUNT = re.compile(rb"\b(?:unique)?[cC]ount\s*=\s*[\"'](\d{0,30})[\"']")


@dataclass(frozen=True, slots=True)
class _Package:
    """The parts that are parsed, the names of all, and where findings stand."""

    parts: dict[str, bytes]
    members: tuple[str, ...]
    at: CellRef


def clear_package(package: zipfile.ZipFile, at: CellRef) -> Clearance | Finding:
    """What may be done with the package. Raises what ``zipfile`` raises for a damaged one."""
    items = package.infolist()
    members = {item.filename: item for item in items}
    if len({name.casefold() for name in members}) != len(items):
        return finding("F103", at, reason="hai phần trùng tên")
    if len(items) > limits.MAX_MEMBERS:
        return finding("F108", at, reason=f"có {len(items)} phần bên trong")
    clear = _layout(package, members)
    if clear is None:
        other = next((words for start, words in _OTHER_DOCUMENTS if any(map(_starts(start), members))), None)
        return finding("F101", at, kind=other or "tệp nén không có trang tính")
    needed = [name for name in members if _is_read(name)]
    if any(members[name].flag_bits & 1 for name in needed):
        return finding("F102", at)
    sizes = [members[name].file_size for name in needed]
    if sum(sizes) > limits.MAX_INFLATED or max(sizes) > limits.MAX_PART:
        return finding("F108", at, reason=f"giải nén ra {sum(sizes) // 1024 // 1024} MB")
    parts = {name: _part(package, name) for name in needed}
    markup = (part for name, part in parts.items() if not name.endswith(".bin"))
    refusal = next((item for xml in markup if (item := _unsafe(xml, at))), None)
    return refusal or clear(_Package(parts, tuple(members), at))


def _starts(start: str) -> Callable[[str], bool]:
    return lambda name: name.startswith(start)


def _layout(
    package: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]
) -> Callable[[_Package], Clearance | Finding] | None:
    """Which kind of workbook it is, as the look that suits it; None if it is none."""
    if "xl/workbook.xml" in members:
        return _clear_xlsx
    if "xl/workbook.bin" in members:
        return _clear_xlsb
    if "mimetype" in members and package.open("mimetype").read(200).startswith(ODS_TYPE):
        return _clear_ods
    return None


def _is_read(name: str) -> bool:
    if name.startswith((*_UNREAD, *_UNREAD_ODS)):
        return False
    return name.endswith((".xml", ".rels")) or (name.startswith("xl/") and name.endswith(".bin"))


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    """The part inflated, never past its limit: a lying directory must not unpack a bomb."""
    with package.open(name) as stream:
        data = stream.read(limits.MAX_PART + 1)
    if len(data) > limits.MAX_PART:
        raise ValueError("part larger than its directory entry says")
    return data


def _unsafe(xml: bytes, at: CellRef) -> Finding | None:
    """A DOCTYPE, or an encoding in which a search over the bytes would not see one (UTF-16 and UTF-7 hide it)."""
    encoding = _ENCODING.match(xml.removeprefix(b"\xef\xbb\xbf")[:300])
    if b"\0" in xml[:100] or (encoding is not None and encoding[1].lower() not in _PLAIN_ENCODINGS):
        return finding("F103", at, reason="bảng mã lạ")
    return finding("F110", at) if b"<!DOCTYPE" in xml else None


def _clear_xlsx(package: _Package) -> Clearance | Finding:
    parts, at = package.parts, package.at
    telling: frozenset[bytes] = frozenset()
    legacy: frozenset[bytes] = frozenset()
    evidence = "xl/styles.xml" not in parts
    if not evidence:
        telling, legacy = telling_styles(parts["xl/styles.xml"])
    strings = parts.get("xl/sharedStrings.xml", b"")
    evidence = evidence or has_legacy_runs(strings)
    extents = []
    for name, xml in parts.items():
        if not name.endswith(".xml") or (b"sheetData" not in xml and not name.startswith("xl/worksheets/sheet")):
            continue
        found = extent(xml)
        if found is None:
            return finding("F103", at, reason="địa chỉ ô lạ")
        if found.rows > LAST_ROW or found.columns > LAST_COLUMN:
            return finding("F103", at, reason="có ô nằm ngoài trang tính")
        extents.append(found)
        evidence = evidence or needs_evidence(xml, telling, legacy)
    if not extents:
        return finding("F101", at, kind="tệp nén không có trang tính")
    cells, area = sum(item.cells for item in extents), sum(item.area for item in extents)
    if cells > limits.MAX_CELLS:
        return finding("F108", at, reason=f"có {cells} ô")
    far = area > limits.MAX_AREA
    return Clearance(
        "openpyxl" if evidence or far else "calamine",
        "xlsx",
        isolated=not _is_ordinary(extents, area, cells, parts, strings, evidence=evidence),
        sent=_saved(parts.get("docProps/core.xml", b"")),
        notes=remarks(parts, package.members, sum(item.blanks for item in extents), at),
    )


def _is_ordinary(
    extents: list[Extent], area: int, cells: int, parts: dict[str, bytes], strings: bytes, *, evidence: bool
) -> bool:
    """Whether nothing about the workbook asks for a process of its own: small, spelled as usual, counts that can be."""
    limit = limits.ORDINARY_AREA // 10 if evidence else limits.ORDINARY_AREA
    return (
        max(area, cells) <= limit
        and all(item.usual and not item.blanks for item in extents)
        and sum(map(len, parts.values())) <= limits.ORDINARY_BYTES
        and all(len(told) < 8 and int(told or 0) <= len(strings) for told in _STRINGS_COUNT.findall(strings[:1000]))
    )


def _clear_xlsb(package: _Package) -> Clearance | Finding:
    return Clearance("calamine", "xlsb", isolated=True, sent=_saved(package.parts.get("docProps/core.xml", b"")))


def _clear_ods(package: _Package) -> Clearance | Finding:
    parts, at = package.parts, package.at
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        return finding("F102", at)
    if b"<office:spreadsheet" not in parts.get("content.xml", b""):
        return finding("F103", at, reason="thiếu nội dung bảng tính")
    return Clearance("calamine", "ods", isolated=True)


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
