"""The tables of a Word document as sheets: bytes come in, a sheet for each table goes out.

Units also return the appendix in Word. Above the rows of a table stand, as rows of one cell, the lines of text before
it, where its title and the unit are named. What is deleted, hidden or struck out is no text.

Source of the rules: ECMA-376 part 1, 17.4 (tables) and 17.13.5 (revisions).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from cchc_xl.office import OUR_DOCUMENT
from cchc_xl.office.excel.bounds import MAX_AREA, MAX_PART, STAMP_SHEET, CannotOpenError, Place
from cchc_xl.office.excel.readers import Font, Runs, from_places, with_fonts
from cchc_xl.records import RawSheet, Value
from cchc_xl.text.numbers import count_vi

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_GONE = frozenset(f"{_W}{name}" for name in ("del", "moveFrom", "pPr", "txbxContent", "instrText", "footnoteReference"))
_OFF = frozenset(("0", "false", "off"))
_MOST_TABLES, _MOST_COLUMNS, _LINES_BEFORE = 1_000, 256, 15


def docx_sheets(data: bytes) -> tuple[RawSheet, ...]:
    """The tables in the document's body. Raises :class:`CannotOpenError` for what is too large."""
    from defusedxml.ElementTree import fromstring

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        part = package.read("word/document.xml")
        core = package.read("docProps/core.xml") if "docProps/core.xml" in package.namelist() else b""
    if f"category>{OUR_DOCUMENT}</".encode() in core:
        return (RawSheet(STAMP_SHEET, hidden=True, rows=(("kind", "document"),)),)
    if len(part) > MAX_PART:
        raise CannotOpenError("F108", reason="văn bản quá dài")
    body = fromstring(part.replace(_STRICT, _W.strip("{}").encode())).find(f"{_W}body")
    sheets: list[RawSheet] = []
    lines: list[str] = []
    for item in _blocks(body):
        if item.tag == f"{_W}p":
            lines += [text for text in "".join(text for text, _ in _runs(item)).split("\n") if text.strip()]
        elif item.tag == f"{_W}tbl":
            if len(sheets) == _MOST_TABLES:  # what was left out nobody would miss
                raise CannotOpenError("F108", reason=f"có hơn {count_vi(_MOST_TABLES)} bảng")
            sheets.append(_sheet(item, f"Bảng {len(sheets) + 1}", lines[-_LINES_BEFORE:]))
    return tuple(sheets)


def _blocks(body: Any) -> Iterator[Any]:
    """Paragraphs and tables in reading order, also those inside content controls."""
    for item in body if body is not None else ():
        if item.tag == f"{_W}sdt":
            yield from _blocks(item.find(f"{_W}sdtContent"))
        elif item.tag in (f"{_W}ins", f"{_W}moveTo"):
            yield from _blocks(item)
        else:
            yield item


def _sheet(table: Any, name: str, lines: list[str]) -> RawSheet:
    values: dict[Place, Value] = {(number, 1): line for number, line in enumerate(lines, start=1)}
    fonts: dict[Place, Runs] = {}
    tops: dict[int, Place] = {}  # where the merged cell of a column begins
    spans: dict[Place, tuple[int, int]] = {}  # its last row and column
    for number, row in enumerate(_children(table, "tr"), start=len(lines) + 2):
        column = 1 + _number(row.find(f"{_W}trPr/{_W}gridBefore"), 0)
        for cell in _children(row, "tc"):
            wide = max(1, _number(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1))
            if column + wide > _MOST_COLUMNS or number * column > MAX_AREA:
                raise CannotOpenError("F108", reason="bảng quá rộng hoặc quá dài")
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = merge is not None and merge.get(f"{_W}val", "continue") == "continue" and column in tops
            place = tops[column] if goes_on else (number, column)
            spans[place] = (number, column + wide - 1)
            if not goes_on:
                _put(cell, place, values, fonts)
                tops[column] = place
            column += wide
    merges = sorted((*place, *end) for place, end in spans.items() if place != end)
    return with_fonts(RawSheet(name, hidden=False, rows=from_places(values), merges=tuple(merges)), fonts)


def _children(parent: Any, name: str) -> Iterator[Any]:
    return (item for item in _blocks(parent) if item.tag == f"{_W}{name}")


def _put(cell: Any, place: Place, values: dict[Place, Value], fonts: dict[Place, Runs]) -> None:
    """The text of a cell, its paragraphs as lines."""
    runs: list[tuple[str, Font]] = []
    for paragraph in cell.iter(f"{_W}p"):
        runs += [("\n", Font())] if runs else []
        runs += _runs(paragraph)
    text = "".join(told for told, _ in runs)
    if not text.strip():
        return
    values[place] = text
    starts: list[tuple[int, Font]] = []
    at = 0
    for told, font in runs:
        starts.append((at, font))
        at += len(told)
    if any(font.tells for _, font in starts):
        fonts[place] = tuple(starts)


def _runs(paragraph: Any) -> Iterator[tuple[str, Font]]:
    """The texts of a paragraph that a reader sees, with their fonts."""
    for run in _seen(paragraph):
        properties = run.find(f"{_W}rPr")
        if _is_on(properties, "vanish"):
            continue
        told = properties.find(f"{_W}rFonts") if properties is not None else None
        raised = properties.find(f"{_W}vertAlign") if properties is not None else None
        font = Font(
            told.get(f"{_W}ascii", "") if told is not None else "",
            _is_on(properties, "strike") or _is_on(properties, "dstrike"),
            raised is not None and raised.get(f"{_W}val") == "superscript",
        )
        for item in run:
            if item.tag == f"{_W}t":
                yield item.text or "", font
            elif item.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
                yield " " if item.tag == f"{_W}tab" else "\n", font
            elif item.tag == f"{_W}noBreakHyphen":
                yield "-", font


def _seen(parent: Any) -> Iterator[Any]:
    """The runs in an element that were not deleted and stand in no box of their own."""
    for item in parent:
        if item.tag == f"{_W}r":
            yield item
        elif item.tag not in _GONE:
            yield from _seen(item)


def _is_on(properties: Any, name: str) -> bool:
    item = properties.find(f"{_W}{name}") if properties is not None else None
    return item is not None and item.get(f"{_W}val", "1") not in _OFF


def _number(item: Any, otherwise: int) -> int:
    told = item.get(f"{_W}val", "") if item is not None else ""
    return int(told) if told.isdigit() and len(told) < 5 else otherwise
