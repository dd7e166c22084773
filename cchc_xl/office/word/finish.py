"""The last touch on a filled document: python-docx's comes in; what a template cannot say itself is done in it.

Nghị định 30/2020 wants the line under the issuing agency and the subject to be 1/3 to 1/2 of the text, the one under
"Độc lập - Tự do - Hạnh phúc" as long as the text. Word has no such line, so its width follows from the letters.

* Equal neighbours in a column become one cell. Which columns, the template says in the table's alternative text
  (Word: Table Properties › Alt Text, title or description): ``gộp ô: 3, 4``. With ``liền
  trang`` beside it texts of any length are merged, and the rows that share a cell stay on one page.
* ``bỏ cột trống: 7, 8`` leaves out those of these columns that say nothing, before any appraisal for one.
* ``tách dòng dài`` lets rows of many lines go on over the page: half a page stays white before one that does not.
* A mark of a chart becomes the chart.
* A paragraph in the style of a line is made as wide as the text above it asks for.
* What a statement emptied gets what Word wants in it, and what a loop repeated gets numbers of its own.

Source: ECMA-376 part 1, 17.4 (tables), 17.13.6 (bookmarks), 20.4.2.5 (drawings); part 4, 19.1 (VML).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from cchc_xl.office.word.charts import MARK, Chart, fitting_height, place
from cchc_xl.office.word.file import W, local_name
from cchc_xl.office.word.merging import SPLIT, cell_text, let_split, merge, merge_kept
from cchc_xl.office.word.widths import longest


class CannotFillError(Exception):
    """Why, in the words of somebody who edits templates; turned into a sentence that names the paragraph."""


_SHARES = {"Kẻ ngắn": 0.42, "Kẻ bằng dòng chữ": 1.0}  # of the text above, by the style of the line
_MOST_CHARTS = 30
_A4_ROOM = 165 * 36_000  # EMU, of a document that does not say how wide its page is
_KEPT = "liền trang"  # in the description of a table whose merged cells stay on one page
_EVEN = "cột đều"  # in the description of a table whose columns are as many as the data has
_FIRST_COLUMN = 0.3  # of the width of such a table
_FITTED = "cột vừa trang"  # of a table that keeps the shares of its columns, whichever of them it has
_ORDER = re.compile(r"gộp ô:([\d,;\s]+)")
_DROPPED = re.compile(r"bỏ cột trống:([\d,;\s]+)")
_NOTHING = frozenset(("", "–"))


def finish(document: Any, charts: Mapping[str, Chart]) -> None:
    """Merge cells, fit lines and draw charts in the whole body, and make every part whole."""
    body = document.element.body
    roots = [part.element for part in document.part.package.iter_parts() if hasattr(part, "element")]
    for root in roots:
        _make_whole(root)
    _without_empty_end(body)
    _end_on_the_page(body)
    _draw(document, charts)
    for table in body.iter(f"{W}tbl"):
        _as_ordered(document, table)
    shares = {style.style_id: _SHARES[style.name] for style in document.styles if style.name in _SHARES}
    for style in list(body.iter(f"{W}pStyle")):
        share = shares.get(style.get(f"{W}val"))
        if share is not None:
            _fit(document, next(style.iterancestors(f"{W}p")), share)
    for root in roots:
        _number_anew(root)


def _draw(document: Any, charts: Mapping[str, Chart]) -> None:
    """Puts each chart in the place of its mark."""
    marked = [node for node in document.element.body.iter(f"{W}t") if node.text and MARK.search(node.text)]
    if len(marked) > _MOST_CHARTS:
        raise CannotFillError(f"không vẽ được biểu đồ: nhiều hơn {_MOST_CHARTS} biểu đồ")
    for paragraph in [next(node.iterancestors(f"{W}p")) for node in marked]:
        mark = MARK.search(paragraph.text)
        if not mark:
            continue
        if mark[0] != paragraph.text.strip():
            raise CannotFillError("không vẽ được biểu đồ: thẻ biểu đồ phải đứng một mình một đoạn")
        chart = charts.get(mark[1])
        if chart is None:
            known = ", ".join(charts) or "không có biểu đồ nào"
            raise CannotFillError(f"dùng biểu đồ {mark[1]!r} không có (có: {known})")
        place(document, paragraph, chart, _room(document, paragraph), fitting_height(chart))


def _as_ordered(document: Any, table: Any) -> None:
    """Does to a table what its description orders."""
    said = _said_of(table)
    if columns := _columns(_ORDER, said):
        (merge_kept if _KEPT in said else merge)(table, columns)
    for column in sorted(_columns(_DROPPED, said), reverse=True):
        _without_empty(table, column)
    if SPLIT in said:
        let_split(table)
    if _EVEN in said:
        _even(table, _page_width(document))
    elif _FITTED in said:
        _fill_page(table, _page_width(document, table))


def _columns(order: re.Pattern[str], said: str) -> list[int]:
    """The columns, counted from 0, that a table's description orders something for."""
    found = order.search(said)
    return [int(number) - 1 for number in re.findall(r"\d+", found[1])] if found else []


def _without_empty(table: Any, column: int) -> None:
    """A column whose cells below the header say nothing is left out; the widest one takes its room."""
    grid = table.tblGrid.gridCol_lst
    cells = [(row, _cell_over(row, column)) for row in table.tr_lst]
    below = [cell for row, cell in cells if cell is not None and not row.xpath("./w:trPr/w:tblHeader")]
    told = (cell for cell in below if cell.grid_span == 1)
    if column >= len(grid) or not below or any(cell_text(cell).strip() not in _NOTHING for cell in told):
        return
    shifted = any(row.xpath("./w:sdt | ./w:trPr/w:gridBefore") for row in table.tr_lst)
    if shifted or next(table.iterchildren(f"{W}sdt"), None) is not None:
        return  # cells in controls, or a row that begins further in: which column each is in, only Word knows
    room = grid[column].w or 0
    widest = max((one for one in range(len(grid)) if one != column), key=lambda one: grid[one].w or 0, default=column)
    for row, cell in cells:
        taking = _cell_over(row, widest)
        if cell is None or taking is None:
            continue
        if cell is not taking:
            taking.width = (taking.width or 0) + room
        if cell.grid_span == 1:
            row.remove(cell)
        else:
            cell.grid_span -= 1
            cell.width = (cell.width or 0) - room * (cell is not taking)
    grid[widest].w = (grid[widest].w or 0) + room
    table.tblGrid.remove(grid[column])


def _cell_over(row: Any, column: int) -> Any | None:
    """The cell of a row that stands over a column of the grid."""
    at = 0
    for cell in row.tc_lst:
        at += cell.grid_span
        if column < at:
            return cell
    return None


def _without_empty_end(body: Any) -> None:
    """Last pages of another size with nothing on them, because a statement took what stood there, are none."""
    ends = body.xpath("./w:p[w:pPr/w:sectPr]")
    after = list(ends[-1].itersiblings()) if ends else []
    if not after or after[-1].tag != f"{W}sectPr" or any(_holds(item) for item in after[:-1]):
        return
    own = ends[-1].find(f"{W}pPr/{W}sectPr")
    if _page_size(own) == _page_size(after[-1]):
        return
    for item in after:
        body.remove(item)
    body.append(own)
    if not _holds(ends[-1]):
        body.remove(ends[-1])


def _page_size(section: Any) -> tuple[str | None, ...]:
    size = section.find(f"{W}pgSz")
    return () if size is None else (size.get(f"{W}w"), size.get(f"{W}h"))


def _end_on_the_page(body: Any) -> None:
    """Behind a table that fills the last page, the paragraph that Word wants there begins no page of its own."""
    last = body[-2] if len(body) > 1 and body[-1].tag == f"{W}sectPr" else None
    above = last.getprevious() if last is not None else None
    if last is None or above is None or _holds(last) or above.tag != f"{W}tbl":
        return
    _flatten(last)


def _flatten(paragraph: Any) -> None:
    """An empty paragraph of no height to speak of."""
    spacing = paragraph.get_or_add_pPr().get_or_add_spacing()
    for name, value in (("before", "0"), ("after", "0"), ("line", "20"), ("lineRule", "exact")):
        spacing.set(f"{W}{name}", value)


def _holds(item: Any) -> bool:
    """Whether there is anything to be seen."""
    return item.tag != f"{W}p" or any(True for _ in item.iter(*(f"{W}{name}" for name in _SEEN)))


_SEEN = ("t", "drawing", "pict", "object", "fldChar", "sym", "br")


def _said_of(table: Any) -> str:
    """The alternative text of a table, title and description: people write the order in either."""
    names = (f"{W}tblPr/{W}tblCaption", f"{W}tblPr/{W}tblDescription")
    return " ".join(str(found.get(f"{W}val", "")) for name in names if (found := table.find(name)) is not None)


def _even(table: Any, room: int) -> None:
    """The first column and, each as wide as the others, the rest fill the page: Word follows cells, others the grid."""
    columns = max((sum(cell.grid_span for cell in row.tc_lst) for row in table.tr_lst), default=1)
    first = room if columns == 1 else round(room * _FIRST_COLUMN)
    widths = [first, *[(room - first) // max(1, columns - 1)] * (columns - 1)]
    _set_widths(table, widths)


def _fill_page(table: Any, room: int) -> None:
    """The columns fill the page in their shares: some were left out, or stand once for each item of a list."""
    widest = max(table.tr_lst, key=lambda row: len(row.tc_lst), default=None)
    cells = widest.tc_lst if widest is not None else []
    wide = [int(cell.width or 0) // cell.grid_span for cell in cells for _ in range(cell.grid_span)]
    if sum(wide):
        _set_widths(table, [room * one // sum(wide) for one in wide])


def _set_widths(table: Any, widths: list[int]) -> None:
    for column, wide in zip(table.tblGrid.gridCol_lst, widths, strict=False):
        column.w = wide
    for row in table.tr_lst:
        at = row.grid_before
        for cell in row.tc_lst:
            if at < len(widths):
                cell.width = sum(widths[at : at + cell.grid_span])
            at += cell.grid_span


_HOLDERS = frozenset(("hdr", "ftr", "txbxContent", "footnote", "endnote", "comment"))


def _make_whole(root: Any) -> None:
    """What Word wants and a statement may have taken: a row in each table, a paragraph at the end of each cell.

    Two tables that touch would become one: an empty line of no height stands between them.
    """
    from docx.oxml import OxmlElement

    for row in list(root.iter(f"{W}tr")):
        if next(row.iter(f"{W}tc"), None) is None:
            row.getparent().remove(row)
    for table in list(root.iter(f"{W}tbl")):
        if next(table.iter(f"{W}tr"), None) is None:
            table.getparent().remove(table)
    for table in list(root.iter(f"{W}tbl")):
        following = table.getnext()
        if following is not None and following.tag == f"{W}tbl":
            line: Any = OxmlElement("w:p")
            _flatten(line)
            table.addnext(line)
    for cell in list(root.iter(f"{W}tc")):
        last = cell[-1].tag if len(cell) else ""
        if last != f"{W}p" and not (last == f"{W}sdt" and next(cell[-1].iter(f"{W}p"), None) is not None):
            cell.append(OxmlElement("w:p"))
    for holder in [root, *root.iter(f"{W}txbxContent")]:
        blocks = (item for item in holder if local_name(item) in {"p", "tbl", "sdt"})
        if local_name(holder) in _HOLDERS and next(blocks, None) is None:
            holder.append(OxmlElement("w:p"))
    for content in list(root.iter(f"{W}sdtContent")):
        if not len(content):
            _fill_control(content)


def _fill_control(content: Any) -> None:
    """A content control without content is none that Word reads: it goes, or keeps an empty paragraph."""
    control = content.getparent()
    parent = control.getparent()
    if parent is not None:
        parent.remove(control)
        if local_name(parent) in {"tc", *_HOLDERS} and next(parent.iter(f"{W}p"), None) is None:
            parent.append(parent.makeelement(f"{W}p"))


_VML, _SPID = "{urn:schemas-microsoft-com:vml}", "{urn:schemas-microsoft-com:office:office}spid"
_PARAGRAPH_ID = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"


def _number_anew(root: Any) -> None:
    """What a loop repeats is named twice: bookmarks, shapes, controls and paragraphs get names of their own."""
    _bookmarks_anew(root)
    shapes: set[str] = set()
    for item in list(root.iter(f"{_VML}*")):
        own = item.get("id")
        if own in shapes and local_name(item) == "shapetype":
            item.getparent().remove(item)  # said once, it holds for every shape after it
            continue
        if own:
            item.set("id", _unlike(own, shapes))
        if item.get(_SPID):
            item.set(_SPID, _unlike(str(item.get(_SPID)), shapes))
    controls: set[str] = set()
    for item in [item for item in root.iter(f"{W}id") if item.getparent().tag == f"{W}sdtPr"]:
        own = str(item.get(f"{W}val"))
        if own in controls:
            item.getparent().remove(item)  # Word gives it one
        controls.add(own)
    kept: set[str] = set()
    for item in root.iter(f"{W}p", f"{W}tr"):
        own = item.get(_PARAGRAPH_ID)
        if own in kept:
            del item.attrib[_PARAGRAPH_ID]
        elif own:
            kept.add(own)


def _bookmarks_anew(root: Any) -> None:
    """The ends of a bookmark are told from those of others by its number, and places go by its name."""
    names, used = set[str](), set[str]()
    open_marks: dict[str, str] = {}
    marks = list(root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd"))
    taken = {str(item.get(f"{W}id")) for item in marks}
    fresh = (str(number) for number in range(10_000, 10_000_000) if str(number) not in taken)
    for item in marks:
        own = str(item.get(f"{W}id"))
        if item.tag == f"{W}bookmarkEnd":
            if own in open_marks:
                item.set(f"{W}id", open_marks.pop(own))
            continue
        open_marks[own] = next(fresh) if own in used else own
        used.add(own)
        item.set(f"{W}id", open_marks[own])
        item.set(f"{W}name", _unlike(str(item.get(f"{W}name", "")), names))


def _unlike(name: str, names: set[str]) -> str:
    """The name, or one made of it, that no other has; it is taken from then on."""
    made, turn = name, 1
    while made in names:
        turn += 1
        made = f"{name}_{turn}"
    names.add(made)
    return made


def _fit(document: Any, line: Any, share: float) -> None:
    """Indents from both sides leave a line of the right width in the middle of its cell or page."""
    from docx.shared import Pt
    from docx.text.paragraph import Paragraph

    above = line.getprevious()
    if above is None or above.tag != f"{W}p":
        return
    paragraph = Paragraph(above, document)
    size = (paragraph.style.font.size if paragraph.style else None) or Pt(14)
    room = (_room(document, line) or Pt(450)) / Pt(1)
    indent = Pt(max(0.0, (room - longest(paragraph.text, size.pt, room) * share) / 2))
    layout = Paragraph(line, document).paragraph_format
    layout.left_indent = layout.right_indent = indent


def _room(document: Any, line: Any) -> int:
    """The width available, in EMU: of the cell without its side margins, or of the page."""
    holder = line.getparent()
    return int(holder.width or 0) if holder.tag == f"{W}tc" else _page_width(document)


def _page_width(document: Any, table: Any = None) -> int:
    """The width of the text on the first pages, or on those of a table of the body, in EMU."""
    ended = 0 if table is None else sum(1 for _ in table.xpath("preceding-sibling::w:p[w:pPr/w:sectPr]"))
    section = next(islice(document.sections, ended, None), None)
    lengths = section and (section.page_width, section.left_margin, section.right_margin)
    if not lengths or None in lengths:
        return _A4_ROOM
    wide, left, right = lengths
    return int(wide - left - right)
