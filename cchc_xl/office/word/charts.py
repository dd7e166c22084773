"""A native chart in a Word file: a ``Chart`` comes in; marks, drawing and parts of the package go out.

The numbers stand twice in the package, in the chart and in the workbook behind "Edit Data", and are equal. Nothing is
related outside the package, and the same chart gives the same bytes. ``chart.xml`` says how a chart is drawn, as a
template; what follows from its size and numbers is told here.

It has to survive a black-and-white printer, has the font of the document and Vietnamese decimals, and leaves out
numbers that would cover each other.

The characters of the mark are none of a text: units' texts cannot hold them (``fill.clean``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache, partial
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, Template

from cchc_xl.office.word.file import EPOCH, POINT, RELATIONS, WORD, local_name
from cchc_xl.office.word.tags import as_typed
from cchc_xl.text.numbers import rounded

_DECIMALS = re.compile(r'(#,##0|0)\.(0+)("%")?')
_WORKBOOK = "rId1"  # the relation of the chart to its workbook
_AXIS, _LEGEND = 22, 24  # points below the bars
_THICKEST = {"bars": 18, "columns": 54}  # points


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one colour, one for each category; None is unknown: a gap, never 0."""

    name: str
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows; ``number_format`` is Excel's, ``description`` is for people who cannot see the chart.

    ``title`` opens the alternative text; in the picture it is not drawn, for the caption says the same. ``fills`` are
    for a chart of one series: which of the fills of series the bar of each category has.
    """

    title: str
    kind: Literal["columns", "bars"]
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    number_format: str
    description: str
    fills: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Every series has a value or a gap for every category."""
        if any(len(series.values) != len(self.categories) for series in self.series):
            raise ValueError("a series needs as many values as there are categories")


class _Look:
    """What a chart of a size looks like, in points: where its letters and bars have room, and which axis it has."""

    text_size = 10
    _smallest = 7

    def __init__(self, chart: Chart, width: float, height: float) -> None:
        self._chart, self.bars = chart, chart.kind == "bars"
        known = (value for series in chart.series for value in series.values if value is not None)
        values = [value for value in known if value.is_finite()]
        self.lowest, self._highest = min(values, default=Decimal(0)), max(values, default=Decimal(0))
        several = len(chart.series) > 1
        below = _AXIS + (_LEGEND if several else 0)
        category = (height - below if self.bars else width - 40) / max(1, len(chart.categories))
        bar = category / (len(chart.series) + 0.45)
        self.label_size, self.name_size = self._fitting(bar), self._fitting(category * 0.75)
        # A few bars are not drawn thicker than many: the gap between categories is in percent of a bar.
        self.gap = max(45, min(500, int((category / _THICKEST[chart.kind] - len(chart.series)) * 100)))
        # Numbers that would cover each other are left out, and the table has them; those too wide stand upright.
        self.crowded = bar < self._smallest - 0.5
        self.upright = not self.bars and self._longest() > (
            category / (len(chart.series) + self.gap / 100) if several else category
        )
        self.every_name = category >= self._smallest + 1
        # Word and LibreOffice would both give more than half of the width to long names.
        longest = max(map(len, chart.categories), default=0)
        left = min(0.42, (longest * self.label_size * 0.55 + 16) / width)
        place = {"x": left, "y": 0.01, "w": 0.98 - left, "h": max(0.2, 0.98 - below / height)}
        self.place = place if self.bars else {}
        # An axis of percent goes up to a hundred, with room for the number of a full bar, but no "120%"; less than
        # fifty can be read better on a scale of its own. It has no decimals where its steps are whole.
        percent, quoted = "%" in chart.number_format, '"' in chart.number_format
        self.to_hundred = percent and quoted and self.lowest >= 0 and 50 < self._highest <= 100
        whole = max(abs(self.lowest), abs(self._highest)) >= 10
        self.axis_format = ("#,##0" if whole else "General") + ('"%"' if percent else "")
        if percent and not quoted:
            self.axis_format = "0%"

    def _fitting(self, room: float) -> int:
        return max(self._smallest, min(self.text_size, int(room)))

    def _longest(self) -> float:
        """The width of the longest number."""
        whole = max(len(f"{abs(int(value)):,}") + (value < 0) for value in (self.lowest, self._highest))
        decimals = self._chart.number_format.partition(".")[2].rstrip(";")
        return (whole + bool(decimals) + len(decimals.replace('"', ""))) * self.label_size * 0.52


_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_WORD_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_NAMESPACES = (
    f'xmlns:c="{_CHART}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    f'xmlns:r="{RELATIONS}" xmlns:w="{WORD}" xmlns:wp="{_WORD_DRAWING}"'
)
_CREATED = datetime(*EPOCH)  # noqa: DTZ001 - a workbook's dates have no zone
_KEPT = ("pPr", "bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd")


def place(document: Any, paragraph: Any, chart: Chart, width: int, height: int) -> None:
    """Put the chart into a ``<w:p>`` of the document or of its headers and footers, in place of the runs.

    The paragraph keeps its properties, but for an exact line height, which would cut the chart off. ``width`` and
    ``height`` are in EMU.

    Raises:
        ValueError: the paragraph is not part of this document.
    """
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.part import Part
    from docx.oxml import parse_xml
    from docx.text.paragraph import Paragraph

    package = document.part.package
    parts = list(package.iter_parts())
    root = paragraph.getroottree().getroot()
    holder = next((part for part in parts if getattr(part, "element", None) is root), None)
    if holder is None:
        raise ValueError("the paragraph is not part of this document")
    book_name = package.next_partname("/word/embeddings/Microsoft_Excel_Sheet%d.xlsx")
    chart_name = package.next_partname("/word/charts/chart%d.xml")
    book = Part(book_name, CONTENT_TYPE.SML_SHEET, _workbook(chart), package)
    part = Part(chart_name, CONTENT_TYPE.DML_CHART, _chart_xml(chart, width / POINT, height / POINT), package)
    part.rels.add_relationship(RELATIONSHIP_TYPE.PACKAGE, book, _WORKBOOK)
    relation = holder.relate_to(part, RELATIONSHIP_TYPE.CHART)
    for child in list(paragraph):
        if local_name(child) not in _KEPT:
            paragraph.remove(child)
    paragraph.append(parse_xml(_drawing(chart, relation, _next_id(parts), (width, height))))
    Paragraph(paragraph, document).paragraph_format.line_spacing = 1.0


def _next_id(parts: Iterable[Any]) -> int:
    """A number that no drawing of the whole package has."""
    roots = [part.element for part in parts if hasattr(part, "element")]
    found = [item.get("id", "") for root in roots for item in root.iter(f"{{{_WORD_DRAWING}}}docPr")]
    return max((int(item) for item in found if item.isdecimal()), default=0) + 1


def _drawing(chart: Chart, relation: str, number: int, size: tuple[int, int]) -> str:
    title = escape(chart.title.rstrip(" ."))
    return (
        f"<w:r {_NAMESPACES}><w:rPr><w:noProof/></w:rPr><w:drawing>"
        '<wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{size[0]}" cy="{size[1]}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
        f'<wp:docPr id="{number}" name="Biểu đồ {number}" descr="{title}. {escape(chart.description)}"/>'
        f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{_CHART}"><c:chart r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def _number(value: Decimal | None) -> str | None:
    """The 15 digits that Excel keeps, so that the chart and its workbook say the same."""
    return None if value is None or not value.is_finite() else f"{float(value) + 0.0:.15g}"


def shorter(value: Decimal | None, number_format: str) -> str:
    """Excel's format for a number whose last decimals are 0, without these; '' for any other.

    >>> [shorter(Decimal(text), '0.00"%"') for text in ("80", "7.904", "7.93")]
    ['0"%"', '0.0"%"', '']
    """
    found = _DECIMALS.fullmatch(number_format)
    if value is None or not value.is_finite() or found is None:
        return ""
    whole, zeros, ending = found.groups("")
    needed = len(rounded(value, len(zeros)).partition(".")[2].rstrip("0"))
    return "" if needed == len(zeros) else f"{whole}{'.' * bool(needed)}{'0' * needed}{ending}"


def _workbook(chart: Chart) -> bytes:
    """The workbook behind the chart, in the layout that the chart's references point to.

    Braces that wait outside come back here, for ``fill`` brings them back in XML only.
    """
    from xlsxwriter import Workbook

    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": _CREATED})
    sheet = book.add_worksheet("Sheet1")
    sheet.set_column(0, 0, 48)
    sheet.set_column(1, len(chart.series), 16)
    numbers = book.add_format({"num_format": chart.number_format})
    for row, name in enumerate(chart.categories, 1):
        sheet.write_string(row, 0, as_typed(name))
    for column, series in enumerate(chart.series, 1):
        sheet.write_string(0, column, as_typed(series.name))
        for row, value in enumerate(map(_number, series.values), 1):
            if value is not None:
                sheet.write_number(row, column, float(value), numbers)
    book.close()
    return buffer.getvalue()


def _chart_xml(chart: Chart, width: float, height: float) -> bytes:
    from xlsxwriter.utility import xl_rowcol_to_cell

    xml = _template().render(
        chart=chart,
        look=_Look(chart, width, height),
        rows=len(chart.categories),
        cell=partial(xl_rowcol_to_cell, row_abs=True, col_abs=True),
        workbook=_WORKBOOK,
    )
    return xml.encode()


@cache
def _template() -> Template:
    made = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"digits": _number, "shorter": shorter}
    return made.from_string(Path(__file__).with_name("chart.xml").read_text(encoding="utf-8"))


OPEN, _CLOSE = "\ufdd2", "\ufdd3"
MARK = re.compile(f"{OPEN}([^{OPEN}{_CLOSE}]*){_CLOSE}")


def marker(name: str) -> str:
    """The mark of a chart, as ``{{ chart('fields') }}`` writes it.

    >>> MARK.search(marker("fields"))[1]
    'fields'
    """
    return f"{OPEN}{name}{_CLOSE}"


_LINE_LETTERS = 32


def fitting_height(chart: Chart) -> int:
    """A height in EMU at which names and numbers of the chart stand clear of each other, for a page in portrait.

    >>> fitting_height(Chart("Chỉ số", "columns", ("Kỳ này",), (), "0", "")) // 12700
    180
    """
    if chart.kind == "columns":
        return 180 * POINT
    bars = 11 * len(chart.series) + 6
    lines = (max(bars, 12 * -(-len(name) // _LINE_LETTERS) + 4) for name in chart.categories)
    return min(max(130, 48 + sum(lines)), 640) * POINT
