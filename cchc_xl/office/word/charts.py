"""A native chart in a Word file: a ``Chart`` comes in; marks, drawing and parts of the package go out.

The numbers stand twice in the package, in the chart and in the workbook behind "Edit Data", and are equal. Nothing is
related outside the package, and the same chart gives the same bytes. python-pptx writes data and references; the
look is added here, for its own is that of a slide.

It has to survive a black-and-white printer, has the font of the document and Vietnamese decimals, and leaves out
numbers that would cover each other.

The characters of the mark are none of a text: units' texts cannot hold them (``render.clean``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from html import escape
from io import BytesIO
from typing import Any, Literal

# The relation of the chart to its workbook.
WORKBOOK = "rId1"
_POINT = 12700  # EMU
_TEXT, _SMALLEST_TEXT = 10, 7  # points
_AXIS, _LEGEND = 22, 24  # points below the bars
_THICKEST = {"bars": 18, "columns": 54}  # points
# Word writes decimals as the reader's machine does; LibreOffice as the format says: here as in Vietnam.
_VIETNAMESE = "[$-42A]"

# Told apart on a black-and-white printer as well: dark, light with an outline, hatched, middle grey, white.
_FILLS = (
    '<a:solidFill><a:srgbClr val="1F3864"/></a:solidFill>',
    '<a:solidFill><a:srgbClr val="D9D9D9"/></a:solidFill>',
    (
        '<a:pattFill prst="wdUpDiag"><a:fgClr><a:srgbClr val="262626"/></a:fgClr>'
        '<a:bgClr><a:srgbClr val="FFFFFF"/></a:bgClr></a:pattFill>'
    ),
    '<a:solidFill><a:srgbClr val="808080"/></a:solidFill>',
    '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>',
)


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


class Look:
    """The look of one chart at its size, as XML."""

    def __init__(self, chart: Chart, width: int, height: int) -> None:
        self.chart = chart
        self.bars = chart.kind == "bars"
        values = [
            value for series in chart.series for value in series.values if value is not None and value.is_finite()
        ]
        self.lowest, self.highest = min(values, default=Decimal(0)), max(values, default=Decimal(0))
        self.width, self.height = width / _POINT, height / _POINT
        self.below = _AXIS + (_LEGEND if len(chart.series) > 1 else 0)
        room = self.height - self.below if self.bars else self.width - 40
        self.category = room / max(1, len(chart.categories))
        self.bar = self.category / (len(chart.series) + 0.45)
        self.size = max(_SMALLEST_TEXT, min(_TEXT, int(self.bar)))

    def text(self, size: int, turned: str = "") -> str:
        """Text properties."""
        return (
            f"<c:txPr><a:bodyPr{turned}/><a:lstStyle/><a:p><a:pPr>"
            f'<a:defRPr sz="{size * 100}" b="0"><a:solidFill><a:srgbClr val="000000"/></a:solidFill>'
            '<a:latin typeface="Times New Roman"/><a:ea typeface="Times New Roman"/>'
            '<a:cs typeface="Times New Roman"/></a:defRPr></a:pPr><a:endParaRPr lang="vi-VN"/></a:p></c:txPr>'
        )

    def series(self, number: int) -> str:
        """Fill, outline and labels of a series."""
        points = "".join(
            f'<c:dPt><c:idx val="{place}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>{_fill(fill)}</c:dPt>'
            for place, fill in enumerate(self.chart.fills)
        )
        return f'{_fill(number)}<c:invertIfNegative val="0"/>{points}{self.labels()}'

    def gap(self) -> int:
        """The gap between categories in percent of a bar: a few bars are not drawn thicker than many."""
        thick = int((self.category / _THICKEST[self.chart.kind] - len(self.chart.series)) * 100)
        return max(45, min(500, thick))

    def room(self) -> float:
        """The width in points for a number above a column; in narrower ones it has to stand upright."""
        count = len(self.chart.series)
        return self.category if count == 1 else self.category / (count + self.gap() / 100)

    def longest(self) -> float:
        """The width in points of the longest number."""
        whole = max(len(f"{abs(int(value)):,}") + (value < 0) for value in (self.lowest, self.highest))
        decimals = self.chart.number_format.partition(".")[2].rstrip(";")
        return (whole + bool(decimals) + len(decimals.replace('"', ""))) * self.size * 0.52

    def layout(self) -> str:
        """Where the bars stand: Word and LibreOffice would both give more than half of the width to long names."""
        if not self.bars:
            return "<c:layout/>"
        longest = max(map(len, self.chart.categories), default=0)
        left = min(0.42, (longest * self.size * 0.55 + 16) / self.width)
        places = {"x": left, "y": 0.01, "w": 0.98 - left, "h": max(0.2, 0.98 - self.below / self.height)}
        modes = "".join(f'<c:{name}Mode val="edge"/>' for name in "xy")
        values = "".join(f'<c:{name} val="{value:.4f}"/>' for name, value in places.items())
        return f'<c:layout><c:manualLayout><c:layoutTarget val="inner"/>{modes}{values}</c:manualLayout></c:layout>'

    def labels(self) -> str:
        """The numbers at the bars; where they would cover each other there are none, and the table has them."""
        if self.bar < _SMALLEST_TEXT - 0.5:
            return '<c:dLbls><c:delete val="1"/></c:dLbls>'
        turned = "" if self.bars or self.room() >= self.longest() else ' rot="-5400000" vert="horz"'
        return (
            f'<c:dLbls><c:numFmt formatCode="{_VIETNAMESE}{escape(self.chart.number_format)}" sourceLinked="0"/>'
            f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{self.text(self.size, turned)}"
            '<c:dLblPos val="outEnd"/><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
            '<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
        )

    def axes(self) -> str:
        """Both axes. In bars the first category stands at the top and the numbers below the last one."""
        every = '<c:tickLblSkip val="1"/>' if self.category >= _SMALLEST_TEXT + 1 else ""
        size = max(_SMALLEST_TEXT, min(_TEXT, int(self.category * 0.75)))
        line = '<c:spPr><a:ln w="9525"><a:solidFill><a:srgbClr val="{}"/></a:solidFill></a:ln></c:spPr>'
        return (
            f'<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="{"maxMin" if self.bars else "minMax"}"/>'
            f'</c:scaling><c:delete val="0"/><c:axPos val="{"l" if self.bars else "b"}"/>'
            '<c:numFmt formatCode="General" sourceLinked="0"/>'
            '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
            f"{line.format('404040')}{self.text(size)}"
            '<c:crossAx val="2"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
            f'<c:lblOffset val="100"/>{every}<c:noMultiLvlLbl val="1"/></c:catAx>'
            f'<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/>{self.limits()}</c:scaling>'
            f'<c:delete val="0"/><c:axPos val="{"b" if self.bars else "l"}"/>'
            f"<c:majorGridlines>{line.format('E3E3E3')}</c:majorGridlines>"
            f'<c:numFmt formatCode="{_VIETNAMESE}{escape(self.axis_format())}" sourceLinked="0"/>'
            '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
            f"<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{self.text(_TEXT)}"
            f'<c:crossAx val="1"/><c:crosses val="{"max" if self.bars else "autoZero"}"/>'
            f'<c:crossBetween val="between"/>{self.steps()}</c:valAx>'
        )

    def shares(self) -> bool:
        """Whether the axis is one of percent up to a hundred; less than that can be read better on its own scale."""
        return "%" in self.chart.number_format and self.lowest >= 0 and 50 < self.highest <= 100

    def limits(self) -> str:
        """The axis begins at 0; one of percent leaves room for the number of a full bar but shows no "120%"."""
        top = '<c:max val="112"/>' if self.shares() and '"' in self.chart.number_format else ""
        return top + ('<c:min val="0"/>' if self.lowest >= 0 else "")

    def steps(self) -> str:
        """The distance of the grid lines, where it is not left to Word."""
        return '<c:majorUnit val="20"/>' if "max" in self.limits() else ""

    def axis_format(self) -> str:
        """Numbers of the axis: without decimals where its steps are whole."""
        if "%" in self.chart.number_format and '"' not in self.chart.number_format:
            return "0%"
        whole = max(abs(self.lowest), abs(self.highest)) >= 10
        return ("#,##0" if whole else "General") + ('"%"' if "%" in self.chart.number_format else "")

    def legend(self) -> str:
        """The legend, below, where there is something to tell apart."""
        if len(self.chart.series) < 2:
            return ""
        return f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{self.text(_TEXT)}</c:legend>'

    def frame(self) -> str:
        """The whole chart: white, no frame, and the workbook behind it."""
        return (
            '<c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>'
            f'{self.text(_TEXT)}<c:externalData r:id="{WORKBOOK}"><c:autoUpdate val="0"/></c:externalData>'
        )


def _fill(number: int) -> str:
    outline = '<a:ln w="9525"><a:solidFill><a:srgbClr val="262626"/></a:solidFill></a:ln>'
    return f"<c:spPr>{_FILLS[number % len(_FILLS)]}{outline}</c:spPr>"


_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_WORD_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_NAMESPACES = (
    f'xmlns:c="{_CHART}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:wp="{_WORD_DRAWING}"'
)
_CREATED = datetime(1980, 1, 1)  # noqa: DTZ001 - a workbook's dates have no zone
# Braces of units' texts wait outside while docxtpl works (``render``), which brings them back in XML only.
_BRACES = {0xFDD0: "{", 0xFDD1: "}"}
_KEPT = ("pPr", "bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd")


def place(document: Any, paragraph: Any, chart: Chart, width: int, height: int) -> None:
    """Put the chart into a ``<w:p>`` of the document or of its headers and footers, in place of the runs.

    The paragraph keeps its properties, but for an exact line height, which would cut the chart off. ``width`` and
    ``height`` are in EMU.

    Raises:
        ValueError: the paragraph is not part of this document.
    """
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml
    from docx.text.paragraph import Paragraph

    package = document.part.package
    parts = list(package.iter_parts())
    root = paragraph.getroottree().getroot()
    holder = next((part for part in parts if getattr(part, "element", None) is root), None)
    if holder is None:
        raise ValueError("the paragraph is not part of this document")
    names = {str(part.partname) for part in parts}
    book_name = PackURI(_free("/word/embeddings/Microsoft_Excel_Sheet{}.xlsx", names))
    chart_name = PackURI(_free("/word/charts/chart{}.xml", names))
    book = Part(book_name, CONTENT_TYPE.SML_SHEET, _workbook(chart), package)
    part = Part(chart_name, CONTENT_TYPE.DML_CHART, _chart_xml(chart, width, height), package)
    part.rels.add_relationship(RELATIONSHIP_TYPE.PACKAGE, book, WORKBOOK)
    relation = holder.relate_to(part, RELATIONSHIP_TYPE.CHART)
    for child in list(paragraph):
        if child.tag.rpartition("}")[2] not in _KEPT:
            paragraph.remove(child)
    paragraph.append(parse_xml(_drawing(chart, relation, _next_id(parts), (width, height))))
    Paragraph(paragraph, document).paragraph_format.line_spacing = 1.0


def _free(name: str, taken: set[str]) -> str:
    return next(free for number in range(1, len(taken) + 2) if (free := name.format(number)) not in taken)


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


def _workbook(chart: Chart) -> bytes:
    """The workbook behind the chart, in the layout that python-pptx's references point to.

    Its own writer takes a name that starts with "=" for a formula and one with "http" for a link.
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
        sheet.write_string(row, 0, name.translate(_BRACES))
    for column, series in enumerate(chart.series, 1):
        sheet.write_string(0, column, series.name.translate(_BRACES))
        for row, value in enumerate(map(_number, series.values), 1):
            if value is not None:
                sheet.write_number(row, column, float(value), numbers)
    book.close()
    return buffer.getvalue()


def _chart_xml(chart: Chart, width: int, height: int) -> bytes:
    from lxml import etree

    root: Any = etree.fromstring(_plain(chart))
    look = Look(chart, width, height)
    (plot,) = root.iter(f"{{{_CHART}}}plotArea")
    bars, *axes = plot
    for number, item in enumerate(bars.findall(f"{{{_CHART}}}ser")):
        _add(item, "tx", look.series(number))
    _add(bars, "grouping", '<c:varyColors val="0"/>')
    for left in bars.findall(f"{{{_CHART}}}axId"):
        bars.remove(left)
    _add(bars, None, f'<c:gapWidth val="{look.gap()}"/><c:overlap val="0"/><c:axId val="1"/><c:axId val="2"/>')
    for axis in axes:
        plot.remove(axis)
    _add(plot, None, look.axes() + "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>")
    plot[0:0] = _elements(look.layout())
    shown = plot.getparent()
    shown[0].set("val", "1")  # no title of its own
    _add(shown, "plotArea", look.legend() + '<c:plotVisOnly val="1"/>')
    root.remove(root.find(f"{{{_CHART}}}txPr"))
    _add(root, "date1904", '<c:lang val="vi-VN"/><c:roundedCorners val="0"/>')
    _add(root, None, look.frame())
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _plain(chart: Chart) -> bytes:
    """The chart as python-pptx writes it: data, references to the workbook, and a look that is replaced."""
    from pptx.chart import data, xmlwriter  # imports all of pptx: 75 ms
    from pptx.enum.chart import XL_CHART_TYPE

    # It has no types.
    library: Any = data
    table = library.CategoryChartData(escape(chart.number_format, quote=False))
    for name in chart.categories:
        table.add_category(name)
    for series in chart.series:
        table.add_series(series.name, [_number(value) for value in series.values])
    kind = XL_CHART_TYPE.BAR_CLUSTERED if chart.kind == "bars" else XL_CHART_TYPE.COLUMN_CLUSTERED
    library = xmlwriter
    return str(library.ChartXmlWriter(kind, table).xml).encode()


def _add(parent: Any, after: str | None, xml: str) -> None:
    """The elements written in ``xml`` as children after the one named, or as the last ones."""
    place = len(parent) if after is None else parent.index(parent.find(f"{{{_CHART}}}{after}")) + 1
    parent[place:place] = _elements(xml)


def _elements(xml: str) -> list[Any]:
    from lxml import etree

    return list(etree.fromstring(f"<x {_NAMESPACES}>{xml}</x>"))


_OPEN, _CLOSE = "\ufdd2", "\ufdd3"
MARK = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")


def marker(name: str) -> str:
    """The mark of a chart, as ``{{ chart('fields') }}`` writes it.

    >>> MARK.search(marker("fields"))[1]
    'fields'
    """
    return f"{_OPEN}{name}{_CLOSE}"


_LINE_LETTERS = 32


def fitting_height(chart: Chart) -> int:
    """A height in EMU at which names and numbers of the chart stand clear of each other, for a page in portrait.

    >>> fitting_height(Chart("Chỉ số", "columns", ("Kỳ này",), (), "0", "")) // 12700
    180
    """
    if chart.kind == "columns":
        return 180 * _POINT
    bars = 11 * len(chart.series) + 6
    lines = (max(bars, 12 * -(-len(name) // _LINE_LETTERS) + 4) for name in chart.categories)
    return min(max(130, 48 + sum(lines)), 640) * _POINT
