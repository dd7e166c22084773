"""What a template cannot do by itself: a filled ``Document`` of python-docx comes in and is changed in place.

* Equal neighbours in a column become one cell. Which columns, the template says in the table's alternative text
  (Word: Table Properties › Alt Text): ``gộp ô: 3, 4``.
* A mark of a chart becomes the chart.
* A paragraph in the style of a line is made as wide as the text above it asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cchc_xl.report.chart_look import Chart
from cchc_xl.report.chart_marks import MARK
from cchc_xl.report.chart_parts import place
from cchc_xl.report.charts import fitting_height
from cchc_xl.report.lines import longest

SHORT_LINE = "Kẻ ngắn"
LONG_LINE = "Kẻ bằng dòng chữ"
_SHARES = {SHORT_LINE: 0.42, LONG_LINE: 1.0}
# A merged cell over more rows would leave whole pages on which nobody can read what it says; one with a longer text is
# cut off by LibreOffice where a page ends inside it.
_MOST_ROWS, _MOST_LETTERS = 5, 50
_MOST_CHARTS = 30
_A4_ROOM = 165 * 36_000  # EMU, of a document that does not say how wide its page is
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ORDER = re.compile(r"gộp ô:\s*([\d,;\s]+)")


def finish(document: Any, charts: Mapping[str, Chart]) -> None:
    """Merge cells, fit lines and draw charts in the whole body.

    Raises ``KeyError`` for a chart that does not exist and ``ValueError`` for one that does not stand alone.
    """
    from docx.oxml.ns import qn

    _whole(document.element.body)
    marked = [node for node in document.element.body.iter(qn("w:t")) if node.text and MARK.search(node.text)]
    if len(marked) > _MOST_CHARTS:
        raise ValueError(f"nhiều hơn {_MOST_CHARTS} biểu đồ")
    for paragraph in [next(node.iterancestors(qn("w:p"))) for node in marked]:
        mark = MARK.search(paragraph.text)
        if mark:
            if mark[0] != paragraph.text.strip():
                raise ValueError("thẻ biểu đồ phải đứng một mình một đoạn")
            chart = charts[mark[1]]
            place(document, paragraph, chart, _room(document, paragraph), fitting_height(chart))
    for table in document.element.body.iter(qn("w:tbl")):
        order = _ORDER.search("".join(table.xpath("./w:tblPr/w:tblDescription/@w:val")))
        if order:
            _merge(table, [int(number) - 1 for number in re.findall(r"\d+", order[1])])
    styles = {style.style_id: style.name for style in document.styles if style.name in _SHARES}
    for style in list(document.element.body.iter(qn("w:pStyle"))):
        name = styles.get(style.get(f"{_W}val"))
        if name:
            _fit(document, next(style.iterancestors(qn("w:p"))), _SHARES[name])


def _whole(body: Any) -> None:
    """What Word wants and a template may have left out: a paragraph at the end of each cell, cells in each row."""
    from docx.oxml import OxmlElement

    for cell in list(body.iter(f"{_W}tc")):
        if not len(cell) or cell[-1].tag != f"{_W}p":
            cell.append(OxmlElement("w:p"))
    for row in list(body.iter(f"{_W}tr")):
        if next(row.iter(f"{_W}tc"), None) is None:
            row.getparent().remove(row)


def _merge(table: Any, columns: list[int]) -> None:
    """Cells with the text of the cell above them, in rows that have as many cells as the one above."""
    rows = list(_rows(table))
    if not rows:
        return
    width = len(next(table.iterchildren(f"{_W}tr")).tc_lst)
    for column in columns:
        top: Any = None
        text, height = "", 0
        for cells in rows:
            cell: Any = cells[column] if column < len(cells) == width else None
            content = "" if cell is None else _text(cell)
            joins = top is not None and 0 < len(content) <= _MOST_LETTERS and content == text and height < _MOST_ROWS
            if joins:
                top.vMerge = "restart"
                cell.vMerge = "continue"
                _empty(cell)
                height += 1
            else:
                top, text, height = cell, content, 1


def _rows(table: Any) -> Iterator[Any]:
    for row in table.tr_lst:
        if not row.xpath("./w:trPr/w:tblHeader"):
            yield row.tc_lst


def _text(cell: Any) -> str:
    """The letters of the cell; line breaks and tabs make no difference to whether two cells are equal."""
    return "".join([node.text or "" for node in cell.iter(f"{_W}t")])


def _empty(cell: Any) -> None:
    first, *others = cell.p_lst
    for paragraph in others:
        cell.remove(paragraph)
    for run in first.r_lst:
        first.remove(run)


def _fit(document: Any, line: Any, share: float) -> None:
    """Indents from both sides leave a line of the right width in the middle of its cell or page."""
    from docx.shared import Pt
    from docx.text.paragraph import Paragraph

    above = line.getprevious()
    if above is None or not str(above.tag).endswith("}p"):
        return
    paragraph = Paragraph(above, document)
    size = (paragraph.style.font.size if paragraph.style else None) or Pt(14)
    room = _room(document, line) or Pt(450)
    length = longest(paragraph.text, size.pt, room / 12700) * share
    indent = Pt(max(0.0, (room / 12700 - length) / 2))
    layout = Paragraph(line, document).paragraph_format
    layout.left_indent = layout.right_indent = indent


def _room(document: Any, line: Any) -> int:
    """The width available, in EMU: of the cell without its side margins, or of the page."""
    holder = line.getparent()
    if holder.tag.endswith("}tc"):
        return int(holder.width or 0)
    section = document.sections[0] if len(document.sections) else None
    lengths = section and (section.page_width, section.left_margin, section.right_margin)
    if not lengths or None in lengths:
        return _A4_ROOM
    wide, left, right = lengths
    return int(wide - left - right)
