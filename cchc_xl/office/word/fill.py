"""Filling in a Word template: a context and a template come in, one complete ``.docx`` goes out or nothing.

docxtpl's defaults drop "<" and "&", print a misspelt name as nothing, mend a broken part by leaving text out and run
code in the document's properties (measured, design §9): here escaping is on, names are strict, every part is read
strictly and the environment is a sandbox.

Nghị định 30/2020 wants the line under the issuing agency and the subject to be 1/3 to 1/2 of the text, the one under
"Độc lập - Tự do - Hạnh phúc" as long as the text. Word has no such line, so its width follows from the letters.

* Equal neighbours in a column become one cell. Which columns, the template says in the table's alternative text
  (Word: Table Properties › Alt Text): ``gộp ô: 3, 4``. With ``liền trang`` beside it texts of any length are merged,
  and the rows that share a cell stay on one page.
* A mark of a chart becomes the chart.
* A paragraph that is only ``{{ khoi.x }}`` becomes the block's paragraphs and tables (`blocks`).
* A paragraph in the style of a line is made as wide as the text above it asks for.
"""

from __future__ import annotations

import html
import os
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from jinja2 import TemplateSyntaxError
from jinja2.exceptions import SecurityError

from cchc_xl.office import OUR_DOCUMENT
from cchc_xl.office.word.blocks import expanded
from cchc_xl.office.word.charts import MARK, Chart, fitting_height, place
from cchc_xl.office.word.file import (
    W,
    WordFile,
    accept_changes,
    cut_at_tags,
    dangers,
    open_template,
    plain_spaces,
    without_markup,
)
from cchc_xl.office.word.lint import Context, check, shape
from cchc_xl.office.word.merging import merge, merge_kept
from cchc_xl.office.word.sandbox import NotAllowedError, Sandbox
from cchc_xl.records import Finding
from cchc_xl.text.catalogue import message
from cchc_xl.text.numbers import lower_first
from cchc_xl.text.words import composed

# Advance widths of Times New Roman Bold in thousandths of the size; Vietnamese letters are as wide as their base.
_WIDTHS = {
    letter: units
    for letters, units in {
        " ": 250, "ijlt": 290, ".,:;/()": 300, "-": 333, "fs": 361, "I": 389, "ceêrz": 444,
        "0123456789avxyoăâôơ–$J": 500, "bdhknpquưđ": 556, "FPS": 611, "ETLZ": 667, "ABCDKNRUVXYĐƯ&w": 722,
        "OQGHƠ": 778, "m": 833, "M": 944, "W": 1000,
    }.items()
    for letter in letters
}  # fmt: skip


def width(text: str, size: float) -> float:
    """The width in points of a bold text of ``size`` points.

    >>> 170 < width("Độc lập - Tự do - Hạnh phúc", 14) < 185
    True
    """
    letters = (unicodedata.normalize("NFD", letter)[0] for letter in composed(text))
    return sum(_WIDTHS.get(letter, 550) for letter in letters) * size / 1000


def longest(text: str, size: float, room: float) -> float:
    """The width in points of the longest line when the text is broken into lines of at most ``room`` points."""
    lines, current = [0.0], ""
    for word in text.split():
        joined = f"{current} {word}".strip()
        if width(joined, size) > room and current:
            lines.append(width(current, size))
            current = word
        else:
            current = joined
    return max(*lines, width(current, size))


_SHARES = {"Kẻ ngắn": 0.42, "Kẻ bằng dòng chữ": 1.0}  # of the text above, by the style of the line
_MOST_CHARTS = 30
_A4_ROOM = 165 * 36_000  # EMU, of a document that does not say how wide its page is
_KEPT = "liền trang"  # in the description of a table whose merged cells stay on one page
_EVEN = "cột đều"  # in the description of a table whose columns are as many as the data has
_FIRST_COLUMN = 0.3  # of the width of such a table
_ORDER = re.compile(r"gộp ô:\s*([\d,;\s]+)")


def _finish(document: Any, charts: Mapping[str, Chart]) -> None:
    """Merge cells, fit lines and draw charts in the whole body."""
    body = document.element.body
    _make_whole(body)
    marked = [node for node in body.iter(f"{W}t") if node.text and MARK.search(node.text)]
    if len(marked) > _MOST_CHARTS:
        raise _CannotFillError(f"không vẽ được biểu đồ: nhiều hơn {_MOST_CHARTS} biểu đồ")
    for paragraph in [next(node.iterancestors(f"{W}p")) for node in marked]:
        mark = MARK.search(paragraph.text)
        if mark:
            if mark[0] != paragraph.text.strip():
                raise _CannotFillError("không vẽ được biểu đồ: thẻ biểu đồ phải đứng một mình một đoạn")
            chart = charts.get(mark[1])
            if chart is None:
                known = ", ".join(charts) or "không có biểu đồ nào"
                raise _CannotFillError(f"dùng biểu đồ {mark[1]!r} không có (có: {known})")
            place(document, paragraph, chart, _room(document, paragraph), fitting_height(chart))
    for table in body.iter(f"{W}tbl"):
        about = "".join(table.xpath("./w:tblPr/w:tblDescription/@w:val"))
        order = _ORDER.search(about)
        if order:
            columns = [int(number) - 1 for number in re.findall(r"\d+", order[1])]
            if _KEPT in about:
                merge_kept(table, columns, width)
            else:
                merge(table, columns)
        if _EVEN in about:
            _even(table, _page_width(document))
    shares = {style.style_id: _SHARES[style.name] for style in document.styles if style.name in _SHARES}
    for style in list(body.iter(f"{W}pStyle")):
        share = shares.get(style.get(f"{W}val"))
        if share is not None:
            _fit(document, next(style.iterancestors(f"{W}p")), share)


def _even(table: Any, room: int) -> None:
    """The first column and, each as wide as the others, the rest fill the page: Word follows cells, others the grid."""
    columns = max((len(row.tc_lst) for row in table.tr_lst), default=1)
    first = room if columns == 1 else round(room * _FIRST_COLUMN)
    widths = [first, *[(room - first) // max(1, columns - 1)] * (columns - 1)]
    for number, column in enumerate(table.tblGrid.gridCol_lst[:columns]):
        column.w = widths[number]
    for row in table.tr_lst:
        for cell, wide in zip(row.tc_lst, widths, strict=False):
            cell.width = wide


def _make_whole(body: Any) -> None:
    """What Word wants and a template may have left out: a paragraph at the end of each cell, cells in each row."""
    from docx.oxml import OxmlElement

    for cell in list(body.iter(f"{W}tc")):
        if not len(cell) or cell[-1].tag != f"{W}p":
            cell.append(OxmlElement("w:p"))
    for row in list(body.iter(f"{W}tr")):
        if next(row.iter(f"{W}tc"), None) is None:
            row.getparent().remove(row)


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


def _page_width(document: Any) -> int:
    """The width of the text on the first pages, in EMU."""
    section = next(iter(document.sections), None)
    lengths = section and (section.page_width, section.left_margin, section.right_margin)
    if not lengths or None in lengths:
        return _A4_ROOM
    wide, left, right = lengths
    return int(wide - left - right)


# XML 1.0 has no place for these; a lone surrogate is not even a character.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ufdd0-\ufdd3\ufffe\uffff\ud800-\udfff]")
# Braces of units' texts wait outside while docxtpl works, for it takes "{_%" and the like for its own.
_BRACES = str.maketrans({"{": "\ufdd0", "}": "\ufdd1"})
_BYTES_BACK = (("\ufdd0".encode(), b"{"), ("\ufdd1".encode(), b"}"))
_OPEN_MARK = "\ufdd2".encode()
_TAG = re.compile(r"\{[{%#]|[%#}]\}")
# Marks that docxtpl takes for more than jinja2 does: it joins paragraphs, or drops the value with its paragraph.
_REFUSED = re.compile(r"\{[{%]-|-[%}]\}|\{\{(?:p|r|tr|tc) ")
_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
_EPOCH = (1980, 1, 1, 0, 0, 0)


class TemplateError(Exception):
    """A template that cannot be filled in: one Vietnamese sentence for the person who edits it, and its findings."""

    def __init__(self, sentence: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(sentence)
        self.findings = findings


def clean(value: Any) -> Any:
    """The same document in characters that XML can hold, with one kind of line end and its braces put by.

    Give this, and nothing else, to what prepares a context.
    """
    if isinstance(value, str):
        if _FORBIDDEN.search(value):
            value = _FORBIDDEN.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))
        return value.translate(_BRACES) if "{" in value or "}" in value else value
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value


def as_typed(text: str) -> str:
    """A text of :func:`clean` with its braces, for whoever reads them; never what goes into a context."""
    return text.replace("\ufdd0", "{").replace("\ufdd1", "}")


def filled(context: Context, template: Path | bytes, *, places: int = 2, kind: str = "báo cáo") -> bytes:
    """The template filled in, as the bytes of a ``.docx``; ``kind`` names the document in the sentence of an error.

    Raises :class:`TemplateError`: the template is no Word file, names what does not exist, or asks for what is not
    allowed.
    """
    name = f"mẫu {kind}" if isinstance(template, bytes) else f"mẫu {template.name}"
    stored = template if isinstance(template, bytes) else template.read_bytes()
    try:
        return _filled(context, stored, places)
    except _CannotFillError as problem:
        raise _explained(problem, context, stored, f"Không lập được {kind}: {name}") from problem


class _CannotFillError(Exception):
    """Why, in the words of somebody who edits templates; turned into a sentence that names the paragraph."""


@contextmanager
def _told_as(words: Callable[[Exception], str]) -> Iterator[None]:
    """What goes wrong inside, in words."""
    try:
        yield
    except _CannotFillError:
        raise
    except Exception as error:
        raise _CannotFillError(words(error)) from error


def _filled(context: Context, template: bytes, places: int) -> bytes:
    with _told_as(str):
        word = open_template(template)
        danger = next(dangers(word), None)
    if danger:
        raise _CannotFillError(f"có {danger[1]} ({danger[0]}), không được phép dùng trong mẫu")
    with _told_as(str):
        template = expanded(template, word, context.get("khoi", {}))
    sandbox = Sandbox(places)
    with _told_as(lambda _: "không phải là tệp Word (.docx) đọc được"):
        document, tagged = _opened(template, word)
    with _told_as(_reason):
        document.render(context, jinja_env=sandbox)
    if sandbox.missing:
        told = ", ".join(f"“{item}”" for item in sandbox.missing)
        raise _CannotFillError(f"dùng tên không có trong dữ liệu: {told}")
    with _told_as(lambda error: f"không lập được văn bản đúng dạng Word ({error})"):
        properties = document.docx.core_properties
        for field in tagged:
            # docxtpl writes escaped text into the properties, and python-docx escapes it once more.
            setattr(properties, field, html.unescape(getattr(properties, field)))
        if "{" not in properties.category:  # a tag that was not filled in is refused below
            properties.category = OUR_DOCUMENT
        _finish(document.docx, context.get("charts", {}))
        parts = document.docx.part.package.iter_parts()
        texts = {str(part.partname).lstrip("/") for part in parts if not hasattr(part, "element")}
        buffer = BytesIO()
        document.save(buffer)
        return _checked(buffer.getvalue(), texts)


def _opened(template: bytes, word: WordFile) -> tuple[Any, list[str]]:
    """The template, and which of its properties have tags."""
    filled = _template_class()(BytesIO(template))
    filled.init_docx()
    properties = filled.docx.core_properties
    if not any(kind.endswith("core-properties+xml") for kind in word.kinds.values()):
        # python-docx gives a template without properties a title and an author of its own.
        properties.title = properties.author = ""
    undated(properties)
    if word.changed():
        for part in filled.docx.part.package.iter_parts():
            if hasattr(part, "element"):
                accept_changes(part.element)
    return filled, [field for field in _PROPERTIES if "{" in getattr(properties, field)]


def undated(properties: Any) -> None:
    """Takes out when and by whom the template was saved: of a document made from it, neither is true.

    No time of the run stands in their place: the same result gives the same bytes.
    """
    properties.last_modified_by, properties.revision = "", 1
    for time in properties._element.xpath("./dcterms:created | ./dcterms:modified | ./cp:lastPrinted"):  # noqa: SLF001
        time.getparent().remove(time)


def _strictly_read(xml: str | bytes) -> Any:
    from lxml import etree

    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


@cache
def _template_class() -> Any:
    from docxtpl import DocxTemplate

    class Template(DocxTemplate):  # type: ignore[misc]
        """docxtpl's template, strict about what it makes."""

        def patch_xml(self, src_xml: str) -> str:
            plain = plain_spaces(src_xml)
            refused = _REFUSED.search(without_markup(plain))
            if refused:
                raise NotAllowedError(f"“{refused[0]}” trong thẻ")
            # docxtpl gives back "<" and ">" in tags, and forgets "&".
            pieces = cut_at_tags(plain_spaces(super().patch_xml(plain)))
            pieces[1::2] = [tag.replace("&amp;", "&") for tag in pieces[1::2]]
            return "".join(pieces)

        def fix_tables(self, xml: str) -> Any:
            # docxtpl reads what it made with recover=True, which leaves out what it cannot place.
            _strictly_read(xml)
            return super().fix_tables(xml)

    return Template


def _reason(error: Exception) -> str:
    if isinstance(error, SecurityError):
        return f"dùng {error.message or 'lệnh'}, không được phép dùng trong mẫu"
    if isinstance(error, TemplateSyntaxError):
        return f"có thẻ viết sai ({error.message})"
    return f"có thẻ không tính được ({error})"


def _explained(problem: _CannotFillError, context: Context, template: bytes, start: str) -> TemplateError:
    """The same problem with the paragraphs it stands in, as the look over a template finds them."""
    found = tuple(item for item in check(template, "", shape((context,))) if item.severity == "error")
    told = []
    for item in found[:5]:
        place = ", ".join(part for part in (item.at.sheet, item.at.address) if part) if item.at else ""
        told.append(lower_first(message(item).rstrip(".")) + (f" ({place})" if place else ""))
    more = f"; và {len(found) - 5} chỗ khác" if len(found) > 5 else ""
    return TemplateError(f"{start}: {'; '.join(told)}{more}." if told else f"{start} {problem}.", found)


def _checked(package: bytes, texts: set[str]) -> bytes:
    """The package with its braces back; a part that is no XML or still holds a tag stops it.

    ``texts`` are the parts that no XML library wrote: docxtpl fills footnotes in as text.
    """
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as read, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
        for item in read.namelist():
            content = read.read(item)
            if item.endswith((".xml", ".rels")):
                # Units' braces still wait outside: where a brace stands, it is the template's.
                if b"{" in content or b"}" in content or _OPEN_MARK in content or item in texts:
                    text = "".join(map(str, _strictly_read(content).itertext()))
                    left = _TAG.search(text) or MARK.search(text)
                    if left and item.startswith(("word/", "docProps/")):
                        shown = text[left.start() : left.start() + 60].partition("\n")[0]
                        raise _CannotFillError(f"còn thẻ “{shown}” chưa được điền ({item})")
                for waiting, brace in _BYTES_BACK:
                    content = content.replace(waiting, brace)
            # One time for all parts: the same result gives the same bytes.
            written.writestr(zipfile.ZipInfo(item, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def write(package: bytes, out: Path) -> None:
    """Writes to ``out``; an existing file is replaced only by a complete one. Raises ``OSError``."""
    # Not by tempfile, whose files only their owner may read: colleagues open this one from the share.
    temporary = out.with_name(f".{out.name}-{os.getpid()}.tmp")
    try:
        temporary.write_bytes(package)
        temporary.replace(out)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
