"""A sheet of ours drawn as a part: rows of cells with their looks come in, the sheet's XML and its styles go out.

The styles are added to those of the workbook, each once: what an earlier round added is found and used again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape

from lxml import etree

from cchc_xl.office.excel.book import FONT, LINE, LINK, fitting, place_in
from cchc_xl.office.excel.cell_notes import spell
from cchc_xl.office.excel.parts import SHEET_TYPE, Element, Package, document, element, ensured, local
from cchc_xl.records import column_letters

_STYLES_ORDER = "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst"
# What the first entries of the lists of styles must be: cells without a style of their own have them.
_FIRST = {
    "fonts": ('<font><sz val="11"/><name val="Calibri"/></font>',),
    "fills": ('<fill><patternFill patternType="none"/></fill>', '<fill><patternFill patternType="gray125"/></fill>'),
    "borders": ("<border><left/><right/><top/><bottom/><diagonal/></border>",),
    "cellXfs": ('<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',),
    "dxfs": (),
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell of the list looks; ``fill`` is RRGGBB or ''."""

    size: int = 11
    bold: bool = False
    fill: str = ""
    framed: bool = True
    horizontal: str = "left"
    vertical: str = "top"
    link: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the list; ``target`` is the sheet and the cell to which it jumps, where there is such a sheet."""

    value: str | int
    look: Look
    target: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list, its height in points; ``merged`` makes one cell of all."""

    cells: tuple[Cell, ...]
    height: float
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """The list: its rows, the widths of its columns in characters, the row (from 1) that is frozen and repeated."""

    rows: tuple[Row, ...]
    widths: tuple[float, ...]
    heading: int


class Styles:
    """The styles of a workbook, to which ours are added once each; made where there are none."""

    def __init__(self, package: Package, main: str) -> None:
        self._package, self._main, self._part = package, main, ""
        self._known: dict[str, dict[tuple[object, ...], int]] = {}

    def colour(self, fill: str) -> int:
        """The number of the differential format that gives a cell this colour."""
        return self._number("dxfs", f'<dxf><fill><patternFill><bgColor rgb="FF{fill}"/></patternFill></fill></dxf>')

    def format(self, look: Look) -> int:
        """The number of the cell format with this look."""
        size = f'<sz val="{look.size}"/>'
        told = f'<u/>{size}<color rgb="FF{LINK.removeprefix("#")}"/>' if look.link else size
        font = self._number("fonts", f'<font>{"<b/>" if look.bold else ""}{told}<name val="{FONT}"/></font>')
        colour = f'<fgColor rgb="FF{look.fill}"/><bgColor indexed="64"/>'
        solid = f'<fill><patternFill patternType="solid">{colour}</patternFill></fill>'
        fill = self._number("fills", solid) if look.fill else 0
        line = f'style="thin"><color rgb="FF{LINE.removeprefix("#")}"/>'
        frame = "".join(f"<{side} {line}</{side}>" for side in ("left", "right", "top", "bottom"))
        border = self._number("borders", f"<border>{frame}<diagonal/></border>") if look.framed else 0
        indent = ' indent="1"' if look.framed and look.horizontal == "left" else ""
        place = f'horizontal="{look.horizontal}" vertical="{look.vertical}" wrapText="1"{indent}'
        base = ' xfId="0"' if next(self._root().iterchildren("{*}cellStyleXfs"), None) is not None else ""
        return self._number(
            "cellXfs",
            f'<xf numFmtId="0" fontId="{font}" fillId="{fill}" borderId="{border}"{base} applyFont="1" applyFill="1" '
            f'applyBorder="1" applyAlignment="1"><alignment {place}/></xf>',
        )

    def _number(self, name: str, told: str) -> int:
        """The place of an entry in a list of the styles, added where it is not there yet."""
        entries = ensured(self._root(), name, _STYLES_ORDER)
        if name not in self._known:
            for first in () if len(entries) else _FIRST[name]:
                entries.append(self._entry(first))
            self._known[name] = {_meaning(item): index for index, item in reversed(list(enumerate(entries)))}
        entry = self._entry(told)
        known = self._known[name]
        said = _meaning(entry)
        if said not in known:
            known[said] = len(entries)
            entries.append(entry)
            entries.set("count", str(len(entries)))
        return known[said]

    def _entry(self, told: str) -> Element:
        wrapped = element(f'<styleSheet xmlns="{self._main}">{told}</styleSheet>')
        return wrapped[0]

    def _root(self) -> Element:
        self._part = self._part or self._package.related(self._package.main, "styles")
        if not self._part:
            folder = self._package.main.rpartition("/")[0]
            told = document(f'<styleSheet xmlns="{self._main}">{_plain()}</styleSheet>')
            self._part = self._package.add(f"{folder}/styles.xml", told, SHEET_TYPE.format("styles"))
            self._package.relate(self._package.main, "styles", self._part)
        return self._package.xml(self._part)


def _plain() -> str:
    """What stands in the styles of a workbook that has none."""
    lists = {name: f"<{name}>{''.join(first)}</{name}>" for name, first in _FIRST.items() if first}
    base = '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    normal = '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    return f"{lists['fonts']}{lists['fills']}{lists['borders']}{base}{lists['cellXfs']}{normal}"


def drawn(listing: Listing, sheets: Iterable[str], styles: Styles, main: str) -> bytes:
    """The list as a sheet; its links lead to the sheets that there are."""
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(listing.widths, start=1)
    )
    rows, merges, links = [], [], []
    known = set(sheets)
    for number, row in enumerate(listing.rows, start=1):
        cells = []
        for column, cell in enumerate(row.cells, start=1):
            at = f"{column_letters(column)}{number}"
            linked = cell.target is not None and cell.target[0] in known
            look = replace(cell.look, link=True, horizontal="center") if linked else cell.look
            cells.append(_list_cell(at, cell.value, styles.format(look)))
            if linked and cell.target is not None:
                place = escape(place_in(*cell.target))
                links.append(f'<hyperlink ref="{at}" location="{place}"/>')
        if row.merged:
            merges.append(f'<mergeCell ref="A{number}:{column_letters(len(listing.widths))}{number}"/>')
        rows.append(f'<row r="{number}" ht="{row.height:g}" customHeight="1">{"".join(cells)}</row>')
    below = f"A{listing.heading + 1}"
    return document(
        f'<worksheet xmlns="{main}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
        f'<pane ySplit="{listing.heading}" topLeftCell="{below}" activePane="bottomLeft" state="frozen"/>'
        f'<selection pane="bottomLeft" activeCell="{below}" sqref="{below}"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{widths}</cols><sheetData>{"".join(rows)}</sheetData>'
        f'<mergeCells count="{len(merges)}">{"".join(merges)}</mergeCells>'
        f"{'<hyperlinks>' + ''.join(links) + '</hyperlinks>' if links else ''}"
        '<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.75" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/>'
        "<headerFooter><oddFooter>&amp;CTrang &amp;P/&amp;N</oddFooter></headerFooter></worksheet>"
    )


def _list_cell(at: str, value: str | int, look: int) -> str:
    if isinstance(value, int):
        return f'<c r="{at}" s="{look}"><v>{value}</v></c>'
    if not value:
        return f'<c r="{at}" s="{look}"/>'
    text = etree.Element("t")
    spell(text, fitting(value))
    return f'<c r="{at}" s="{look}" t="inlineStr"><is>{etree.tostring(text, encoding="unicode")}</is></c>'


def _meaning(item: Element) -> tuple[object, ...]:
    """What an entry says, in whatever prefix."""
    return local(item), tuple(sorted(item.attrib.items())), (item.text or "").strip(), tuple(map(_meaning, item))
