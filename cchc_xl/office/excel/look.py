"""A look at a file's bytes before any parser: what it is, whether it is safe in size, how it must be read.

Bytes come in; a :class:`Clearance` or the finding that refuses the file goes out, in bounded time and memory. The type
is told by content, never by the file's name.

Only the directory and the parts that readers of cells parse are looked at, each of bounded size; a picture of any size
or a part that nobody reads harms nothing.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from defusedxml import DefusedXmlException, ElementTree

from cchc_xl.office.excel.bounds import (
    MAX_AREA,
    MAX_CELLS,
    MAX_FILE,
    MAX_INFLATED,
    MAX_MEMBERS,
    MAX_PART,
    MAX_RANGES,
    ORDINARY_AREA,
    ORDINARY_BYTES,
    ORDINARY_TEXT,
    Clearance,
    clocked,
)
from cchc_xl.office.excel.disk import Listed, Location, has_end
from cchc_xl.office.excel.extent import (
    LAST_COLUMN,
    LAST_ROW,
    TAG,
    USUAL_PART,
    Extent,
    Telling,
    calculation,
    extent,
    has_telling_runs,
    hidden_columns,
    needs_evidence,
    telling_styles,
)
from cchc_xl.office.excel.part_names import with_usual_names
from cchc_xl.records import CellRef, Finding
from cchc_xl.text.catalogue import finding

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_STARTS = (
    (b"%PDF", "tệp PDF"),
    (b"{\\rtf", "văn bản RTF"),
    (b"\x89PNG", "hình ảnh"),
    (b"\xff\xd8\xff", "hình ảnh"),
    (b"GIF8", "hình ảnh"),
    (b"Rar!", "tệp nén RAR"),
    (b"7z\xbc\xaf", "tệp nén 7-Zip"),
    (b"\x1f\x8b", "tệp nén GZip"),
    (b"MZ", "chương trình chạy được"),
)


def _kind_of(data: bytes) -> str:
    """What the bytes are, in Vietnamese, as far as their beginning tells.

    >>> _kind_of(b"%PDF-1.7"), _kind_of("Mã;Giá trị".encode()), _kind_of(bytes(range(1, 32)) * 9)
    ('tệp PDF', 'văn bản thường hoặc CSV', 'loại khác')
    """
    told = next((words for start, words in _STARTS if data.startswith(start)), None)
    if told:
        return told
    text = _decoded(data[:4096]).lstrip().casefold()
    if "urn:schemas-microsoft-com:office:spreadsheet" in text:
        return "Excel XML 2003"
    if text.startswith(("<!doctype html", "<html", "<table", "<meta", "<head", "<div")) or "<html" in text:
        return "tệp HTML"
    if text.startswith("mime-version:"):
        return "trang web lưu thành một tệp"
    if text.startswith("<"):
        return "tệp XML"
    printable = sum(letter.isprintable() or letter.isspace() for letter in text)
    return "văn bản thường hoặc CSV" if text and printable >= 0.95 * len(text) else "loại khác"


def _decoded(head: bytes) -> str:
    if head.startswith(_MARKS[1:]) or head[1:2] == b"\0":
        return head.decode("utf-16", "replace")
    return head.removeprefix(_MARKS[0]).decode("utf-8", "replace")


# Blank cells with a format are only worth a note where they make the file heavy.
_MANY_BLANKS = 100_000
_TARGET = re.compile(rb"\bTarget\s*=\s*[\"']([^\"'<>]{1,500})[\"']")


def _remarks(parts: dict[str, bytes], members: tuple[str, ...], blanks: int, at: CellRef) -> tuple[Finding, ...]:
    """A note for each kind of thing left alone: macros, links to other files, embedded objects, DDE, queries."""
    notes: list[Finding] = []
    if any(name.casefold().endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in members):
        notes.append(finding("F301", at))
    links = [name for name in members if name.startswith("xl/externalLinks/externalLink") and name.endswith(".xml")]
    dde = [name for name in links if b"ddeLink" in parts.get(name, b"") or b"oleLink" in parts.get(name, b"")]
    if len(links) > len(dde):
        targets = _TARGET.findall(b"".join(part for name, part in parts.items() if "externalLinks/_rels" in name))
        shown = "; ".join(target.decode("utf-8", "replace").rsplit("/", 1)[-1] for target in targets[:3]) or "–"
        notes.append(finding("F302", at, text=shown))
    if dde:
        notes.append(finding("F303", at))
    if any(name.startswith(("xl/embeddings/", "xl/activeX/")) for name in members):
        notes.append(finding("F304", at))
    if any(name in members for name in ("xl/connections.xml", "xl/queryTables/queryTable1.xml")):
        notes.append(finding("F305", at))
    if blanks > _MANY_BLANKS:
        notes.append(finding("F306", at, count=blanks))
    return tuple(notes)


_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
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
_CREATED = "{http://purl.org/dc/terms/}created"
_MODIFIED = "{http://purl.org/dc/terms/}modified"
_SHEET = re.compile(TAG + rb"sheet(?:\s([^<>]{0,2000}))?/?>")
_RELATION = re.compile(TAG + rb"Relationship\s([^<>]{0,2000})>")
_NAMED = re.compile(rb"(?:^|[\s:])([iI]d|Target)\s{0,9}=\s{0,9}[\"']([^\"'<>]{0,500})[\"']")
_STRINGS_COUNT = re.compile(rb"\b(?:unique)?[cC]ount\s*=\s*[\"'](\d{0,30})[\"']")


@dataclass(frozen=True, slots=True)
class _Package:
    """The parts that are parsed, the names of all, and where findings stand."""

    parts: dict[str, bytes]
    members: tuple[str, ...]
    at: CellRef


def _clear_package(package: zipfile.ZipFile, at: CellRef) -> Clearance | Finding:
    """What may be done with the package. Raises what ``zipfile`` raises for a damaged one."""
    items = package.infolist()
    members = {item.filename: item for item in items}
    if len({name.casefold() for name in members}) != len(items):
        return finding("F103", at, reason="hai phần trùng tên")
    clear = _layout(package, members)
    if clear is None:
        known = ((any(name.startswith(start) for name in members), words) for start, words in _OTHER_DOCUMENTS)
        other = next((words for is_there, words in known if is_there), None)
        return finding("F101", at, kind=other or "tệp nén không có sheet")
    needed = [name for name in members if _is_read(name)]
    if any(members[name].flag_bits & 1 for name in needed):
        return finding("F102", at)
    sizes = [members[name].file_size for name in needed]
    if sum(sizes) > MAX_INFLATED or max(sizes) > MAX_PART:
        return finding("F108", at, reason=f"giải nén ra {sum(sizes) // 1024 // 1024} MB")
    parts = {name: _part(package, name) for name in needed}
    markup = (part for name, part in parts.items() if not name.casefold().endswith(".bin"))
    refusal = next((item for xml in markup if (item := _unsafe(xml, at))), None)
    return refusal or clear(_Package(parts, tuple(members), at))


_PEEKED = 1024 * 1024
_WORKBOOK_STREAM = "Workbook".encode("utf-16-le")


def workbook_inside(path: Location) -> bool:
    """Whether a file that is not called a workbook is one: told by a packed file's directory or by its beginning.

    Raises ``OSError`` where it cannot be read.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
        if head.startswith(b"PK"):
            try:
                with Listed(path) as listed, zipfile.ZipFile(listed) as package:
                    return any(name.replace("\\", "/").startswith("xl/w") for name in package.namelist())
            except (zipfile.BadZipFile, ValueError, NotImplementedError):
                return b"xl/" in head
        if head.startswith(_OLE):
            return _WORKBOOK_STREAM in head + stream.read(_PEEKED)
    text = _decoded(head).casefold()
    return "urn:schemas-microsoft-com:office:spreadsheet" in text or "opendocument.spreadsheet" in text


def _layout(
    package: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]
) -> Callable[[_Package], Clearance | Finding] | None:
    """Which kind of workbook it is, as the look that suits it; None if it is none."""
    if "xl/workbook.xml" in members:
        return _clear_xlsx
    if "xl/workbook.bin" in members:
        return _clear_xlsb
    if "word/document.xml" in members:
        return _clear_docx
    if "mimetype" in members and package.open("mimetype").read(200).startswith(_ODS_TYPE):
        return _clear_ods
    return None


def _is_read(name: str) -> bool:
    if name.startswith((*_UNREAD, *_UNREAD_ODS)):
        return False
    lowered = name.casefold()  # some readers find a part in any case
    return lowered.endswith((".xml", ".rels")) or (lowered.startswith("xl/") and lowered.endswith(".bin"))


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    """The part inflated, never past its limit: a lying directory must not unpack a bomb."""
    with package.open(name) as stream:
        data = stream.read(MAX_PART + 1)
    if len(data) > MAX_PART:
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
    evidence = "xl/styles.xml" not in parts
    styles = Telling() if evidence else telling_styles(parts["xl/styles.xml"])
    told = calculation(parts["xl/workbook.xml"])
    strings = b"".join(part for name, part in parts.items() if name.casefold() == "xl/sharedstrings.xml")
    evidence = evidence or b"<![CDATA[" in strings or has_telling_runs(strings)
    sheets = _sheets(parts)
    extents: dict[str, Extent] = {}
    hidden: dict[str, tuple[int, ...]] = {}
    for name, xml in parts.items():
        if not name.casefold().endswith(".xml") or not (b"sheetData" in xml or name.startswith("xl/worksheets/sheet")):
            continue
        found = extent(xml)
        if found is None:
            return finding("F103", at, reason="địa chỉ ô lạ")
        if found.rows > LAST_ROW or found.columns > LAST_COLUMN:
            return finding("F103", at, reason="có ô nằm ngoài sheet")
        extents[name] = found
        columns = hidden_columns(xml)
        hidden[name] = columns or ()
        evidence = evidence or columns is None or needs_evidence(xml, found, styles, told)
    if not extents:
        return finding("F101", at, kind="tệp nén không có sheet")
    if any(hidden.values()) and (len(set(sheets)) < len(sheets) or not hidden.keys() >= set(sheets)):
        evidence = True  # whose columns they are is not told by the order of the sheets
    # A part costs as often as sheets are made of it.
    times = {name: max(1, sheets.count(name)) for name in extents}
    cells = sum(times[name] * item.cells for name, item in extents.items())
    area = sum(times[name] * item.area for name, item in extents.items())
    if cells > MAX_CELLS:
        return finding("F108", at, reason=f"có {cells} ô")
    ordinary = (
        len(set(sheets)) == len(sheets)
        and all(name in parts for name in sheets)
        and all(parts[name].count(b"mergeCell ") <= MAX_RANGES for name in extents)
        and _is_ordinary(extents.values(), max(area, cells), cells, parts, strings, evidence=evidence)
    )
    sent, made = _times(parts)
    return Clearance(
        "openpyxl" if evidence or area > MAX_AREA else "calamine",
        "xlsx",
        isolated=not ordinary,
        sent=sent,
        made=made,
        notes=_remarks(parts, package.members, sum(item.blanks for item in extents.values()), at),
        hidden_columns=tuple(hidden[name] for name in sheets) if any(hidden.values()) and not evidence else (),
    )


def _sheets(parts: dict[str, bytes]) -> tuple[str, ...]:
    """The part of every sheet of the workbook, as readers find it; '' where that cannot be told.

    >>> relations = b'<Relationship Id="r1" Target="worksheets/a.xml"/><Relationship Id="r2" Target="/xl/b.xml"/>'
    >>> workbook = b'<sheet name="A" r:id="r2"/><sheet name="B" r:id="r1"/><sheet name="C" r:id="r1"/><sheet/>'
    >>> _sheets({"xl/workbook.xml": workbook, "xl/_rels/workbook.xml.rels": relations})
    ('xl/b.xml', 'xl/worksheets/a.xml', 'xl/worksheets/a.xml', '')
    """
    workbook, relations = parts["xl/workbook.xml"], parts.get("xl/_rels/workbook.xml.rels", b"")
    # The forms of one office have the same sheets.
    is_usual = len(workbook) + len(relations) <= USUAL_PART
    return (_listed_before if is_usual else _listed)(workbook, relations)


@lru_cache(maxsize=16)
def _listed_before(workbook: bytes, relations: bytes) -> tuple[str, ...]:
    return _listed(workbook, relations)


def _listed(workbook: bytes, relations: bytes) -> tuple[str, ...]:
    listed = [dict(_NAMED.findall(item)) for item in _RELATION.findall(relations)]
    targets = {item.get(b"Id", b""): item.get(b"Target", b"").decode("utf-8", "replace") for item in listed}
    if len(targets) < len(listed):
        return ("",)
    named = [dict(_NAMED.findall(item)).get(b"id", b"") for item in _SHEET.findall(workbook)]
    return tuple(_under_xl(targets.get(number, "")) for number in named)


def _under_xl(target: str) -> str:
    place = target.removeprefix("/")
    return place if not place or place.startswith("xl/") else f"xl/{place}"


def _is_ordinary(
    extents: Collection[Extent], size: int, cells: int, parts: dict[str, bytes], strings: bytes, *, evidence: bool
) -> bool:
    """Whether nothing about the workbook asks for a process of its own.

    It is small, also with the longest of its shared texts in every cell; spelled as usual; its counts can be. Where
    evidence is needed a tenth is small: openpyxl makes objects of everything.
    """
    longest = max(map(len, strings.split(b"</si>")))
    share = 10 if evidence else 1
    return (
        size <= ORDINARY_AREA // share
        and all(item.usual and not item.blanks for item in extents)
        and sum(map(len, parts.values())) <= ORDINARY_BYTES // share
        and cells * longest <= ORDINARY_TEXT // share
        and all(len(told) < 8 and int(told or 0) <= len(strings) for told in _STRINGS_COUNT.findall(strings[:1000]))
    )


def _clear_xlsb(package: _Package) -> Clearance | Finding:
    return Clearance("calamine", "xlsb", isolated=True, sent=_times(package.parts)[0])


def _clear_docx(package: _Package) -> Clearance | Finding:
    return Clearance("", "docx", isolated=True, sent=_times(package.parts)[0])


def _clear_ods(package: _Package) -> Clearance | Finding:
    parts, at = package.parts, package.at
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        return finding("F102", at)
    if b"<office:spreadsheet" not in parts.get("content.xml", b""):
        return finding("F103", at, reason="thiếu nội dung bảng tính")
    return Clearance("calamine", "ods", isolated=True)


def _times(parts: dict[str, bytes]) -> tuple[datetime | None, datetime | None]:
    """When the file was last saved (``dcterms:modified``) and when it was made, as the program wrote it into it."""
    core = parts.get("docProps/core.xml", b"")
    if not core or len(core) > 100_000:
        return None, None
    try:
        told = ElementTree.fromstring(core)
    except (ElementTree.ParseError, ValueError):
        return None, None
    return _time(told.findtext(_MODIFIED)), _time(told.findtext(_CREATED))


def _time(text: str | None) -> datetime | None:
    try:
        return clocked(datetime.fromisoformat(text.strip())) if text else None
    except ValueError:
        return None


def _is_usual(package: zipfile.ZipFile) -> bool:
    """Whether readers find the parts by their names; of a workbook of another kind nothing else is asked."""
    names = package.NameToInfo
    if not {"xl/workbook.bin", "mimetype", "word/document.xml"}.isdisjoint(names):
        return True
    usual = "xl/workbook.xml" in names and "xl/styles.xml" in names and not any("\\" in name for name in names)
    return usual and ("xl/sharedStrings.xml" in names or not any("strings" in name.casefold() for name in names))


def clear(data: bytes, file: str) -> Clearance | Finding:
    """What may be done with these bytes: read them, and how; or the finding that says why not.

    A compound file (``.xls``, or a workbook behind a password) is cleared unseen: it is only ever opened in a process
    of its own, because the structure inside it can loop.
    """
    at = CellRef(file)
    if not data:
        return finding("F104", at)
    if len(data) > MAX_FILE:
        return finding("F105", at, size=str(len(data) // 1024 // 1024))
    if not data.strip(b"\0"):
        return finding("F106", at)
    if data.startswith(_OLE):
        return Clearance("calamine", "ole", isolated=True)
    if not has_end(data):
        if data.startswith(b"PK"):
            return finding("F103", at, reason="tệp bị cắt ngang")
        return finding("F101", at, kind=_kind_of(data))
    if (count := data.count(b"PK\x01\x02")) > MAX_MEMBERS:  # before an object is made of each
        return finding("F108", at, reason=f"có {count} phần bên trong")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            cleared = _clear_package(package, at) if _is_usual(package) else None
            if isinstance(cleared, Clearance):
                return cleared
            renamed = with_usual_names(package)
            if renamed is None:
                return cleared or _clear_package(package, at)
        with zipfile.ZipFile(io.BytesIO(renamed)) as package:
            cleared = _clear_package(package, at)
            return replace(cleared, package=renamed) if isinstance(cleared, Clearance) else cleared
    except (ElementTree.ParseError, DefusedXmlException):
        return finding("F103", at, reason="nội dung XML bị hỏng")
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, KeyError, zlib.error):
        return finding("F103", at, reason="cấu trúc nén bên trong bị hỏng")
    except NotImplementedError:
        return finding("F103", at, reason="nén theo cách Excel không dùng")
    except RuntimeError:  # what zipfile says of a member with a password
        return finding("F102", at)
