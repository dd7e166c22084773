"""A native chart in a Word file: a ``Chart`` comes in, the package gains its parts and a paragraph its drawing.

The numbers stand twice in the package, in the chart and in the workbook behind "Edit Data", and are equal. Nothing is
related outside the package, and the same chart gives the same bytes. python-pptx writes data and references; the
look is added here, for its own is that of a slide.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from html import escape
from io import BytesIO
from typing import Any

from cchc_xl.report.chart_look import WORKBOOK, Chart, Look

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
