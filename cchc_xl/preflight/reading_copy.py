"""The copy of an .xlsx that openpyxl is given: the bytes of a cleared workbook come in, others go out.

openpyxl parses everything a workbook has before it shows a cell, and fails on the smallest slip in any of it; it builds
an object for every blank cell with a format and for every cell of a merged or linked range; and in a strict workbook it
sees no sheet. The copy for reading therefore holds the cells, their styles and the merged ranges, and nothing else.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

from cchc_xl.preflight.extent import IN_TAG, TAG, column, prefixed, without_blanks
from cchc_xl.preflight.limits import MAX_MERGED, MAX_RANGES

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
_PREFIX = re.compile(rb"<([\w.-]{1,40}):sheetData[\s/>]")
_KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/workbook\.xml\.rels|xl/workbook\.xml|xl/(?:styles|sharedStrings)\.xml"
    r"|xl/theme/.*\.xml|xl/worksheets/[^/]*\.xml|xl/chartsheets/[^/]*\.xml|docProps/core\.xml"
)


def reading_copy(data: bytes) -> bytes:
    """The workbook with its cells, styles and merged ranges only, under the names openpyxl knows."""

    def change(name: str, part: bytes) -> bytes:
        if name == "xl/workbook.xml":
            return _without(part, _NOT_CELLS)
        return _cells_only(part) if name.startswith("xl/worksheets/") else part

    return _copied(data, change, kept=_is_kept)


def transitional(data: bytes) -> bytes:
    """The whole workbook under the names openpyxl knows; the same bytes where it has them already."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        if _STRICT not in source.read("xl/workbook.xml"):
            return data
    return _copied(data, lambda _, part: part, kept=lambda _: True)


def _is_kept(name: str) -> bool:
    """Whether the copy for reading holds the part; a sheet may stand in any folder, but then under xl/."""
    return bool(_KEPT.fullmatch(name)) or (
        name.startswith("xl/")
        and name.endswith(".xml")
        and not name.startswith(("xl/drawings/", "xl/charts/", "xl/media/", "xl/comments", "xl/tables/", "xl/pivot"))
    )


def _copied(data: bytes, change: Callable[[str, bytes], bytes], kept: Callable[[str], bool]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as target:
        strict = _STRICT in source.read("xl/workbook.xml")
        for item in source.infolist():
            if not kept(item.filename):
                continue
            part = source.read(item)
            if item.filename.endswith((".xml", ".rels")):
                for old, known in _STRICT_NAMES if strict else ():
                    part = part.replace(old, known)
                part = change(item.filename, part)
            target.writestr(item.filename, part)
    return packed.getvalue()


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
    head, tail = xml[: end + len(b"</sheetData>")], xml[end:]
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
