"""Filling in a Word template: a context and a template come in, one complete ``.docx`` goes out or nothing.

docxtpl's defaults drop "<" and "&", print a misspelt name as nothing, mend a broken part by leaving text out and run
code in the document's properties (measured, design §9): here escaping is on, names are strict, every part is read
strictly and the environment is a sandbox. What belongs to the drafting of the template is gone before (``drafting``); a
paragraph that is only ``{{ khoi.x }}`` becomes the block's paragraphs and tables (``blocks``); what a template cannot
say is done after (``finish``). What the look over a template calls an error is refused here, whatever docxtpl would
make of it.
"""

from __future__ import annotations

import html
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jinja2 import TemplateSyntaxError
from jinja2.exceptions import SecurityError

from cchc_xl.office import OUR_DOCUMENT
from cchc_xl.office.word.blocks import Block, expanded
from cchc_xl.office.word.charts import MARK, OPEN
from cchc_xl.office.word.dangers import dangers
from cchc_xl.office.word.drafting import ready
from cchc_xl.office.word.file import EPOCH, WordFile, open_template, strictly_read
from cchc_xl.office.word.finish import CannotFillError, finish
from cchc_xl.office.word.lint import check, faults
from cchc_xl.office.word.reasons import reason
from cchc_xl.office.word.sandbox import NotAllowedError, Sandbox
from cchc_xl.office.word.shapes import shape
from cchc_xl.office.word.tags import TAG_MARK, WAITING, as_meant, cut_at_tags, plain_spaces, without_markup
from cchc_xl.records import Finding
from cchc_xl.text.catalogue import message
from cchc_xl.text.numbers import lower_first
from cchc_xl.text.system_error import ToldError

# XML 1.0 has no place for these; a lone surrogate is not even a character.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ufdd0-\ufdd3\ufffe\uffff\ud800-\udfff]")
_PUT_BY = str.maketrans(WAITING)
# Marks that docxtpl takes for more than jinja2 does: it joins paragraphs, or drops the value with its paragraph.
_REFUSED = re.compile(r"\{[{%]-|-[%}]\}|\{\{(?:p|r|tr|tc) ")
_BREAK = re.compile("[\a\n\f\t]")
_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
Context = dict[str, Any]
_QUOTED, _MOST_TOLD = 60, 5

# What is said of a template that asks for nothing.
NO_FIELD = "không có thẻ nào dùng số liệu của kết quả, nên sẽ ra y nguyên ở mọi kỳ (có thể là báo cáo đã lập xong)"


class TemplateError(ToldError):
    """A template that cannot be filled in: one Vietnamese sentence for the person who edits it, and its findings.

    >>> from docx import Document
    >>> template = Document()
    >>> _ = template.add_paragraph("Chỉ số: {{ chi_so_khong_co }}")
    >>> template.save("thu/sai.docx")
    >>> try:
    ...     cchc_xl.render_report(year, "thu/sai.docx", "thu/x.docx")
    ... except cchc_xl.TemplateError as error:
    ...     [item.code for item in error.findings]
    ['W102']
    """

    def __init__(self, sentence: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(sentence)
        self.findings = findings


def clean(value: Any) -> Any:
    r"""The same document in characters that XML can hold, with one kind of line end and its braces put by.

    Give this, and nothing else, to what prepares a context. ``tags.as_typed`` brings the braces back.

    >>> clean({"a": ["x\r\ny\a"]})
    {'a': ['x\ny�']}
    """
    if isinstance(value, str):
        if _FORBIDDEN.search(value):
            value = _FORBIDDEN.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))
        return value.translate(_PUT_BY) if "{" in value or "}" in value else value
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value


def filled(context: Context, template: Path | bytes, *, places: int = 2, kind: str = "báo cáo") -> bytes:
    """The template filled in, as the bytes of a ``.docx``; ``kind`` names the document in the sentence of an error.

    Raises :class:`TemplateError`: the template is no Word file, names what does not exist, or asks for what is not
    allowed.
    """
    name = f"mẫu {kind}" if isinstance(template, bytes) else f"mẫu {template.name}"
    stored = template if isinstance(template, bytes) else template.read_bytes()
    try:
        return _filled(context, stored, places)
    except CannotFillError as problem:
        raise _explained(problem, context, stored, f"Không lập được {kind}: {name}") from problem


@contextmanager
def _told_as(words: Callable[[Exception], str]) -> Iterator[None]:
    """What goes wrong inside, in words."""
    try:
        yield
    except CannotFillError:
        raise
    except Exception as error:
        raise CannotFillError(words(error)) from error


def _filled(context: Context, template: bytes, places: int) -> bytes:
    with _told_as(str):
        word = _with_blocks(template, tuple(context.get("khoi", {}).items()))
    sandbox = Sandbox(places)
    with _told_as(lambda _: "không phải là tệp Word (.docx) đọc được"):
        document, tagged = _opened(word)
    with _told_as(lambda error: _reason(error, document)):
        document.render(_unspent(context), jinja_env=sandbox)
    if sandbox.missing:
        told = ", ".join(f"“{item}”" for item in sandbox.missing)
        raise CannotFillError(f"dùng tên không có trong dữ liệu: {told}")
    if not sandbox.asks:
        raise CannotFillError(NO_FIELD)
    with _told_as(lambda error: f"không lập được văn bản đúng dạng Word ({error})"):
        properties = document.docx.core_properties
        for field in tagged:
            # docxtpl writes escaped text into the properties, and python-docx escapes it once more.
            setattr(properties, field, html.unescape(getattr(properties, field)))
        if "{" not in properties.category:  # a tag that was not filled in is refused below
            properties.category = OUR_DOCUMENT
        finish(document.docx, context.get("charts", {}))
        parts = document.docx.part.package.iter_parts()
        texts = {str(part.partname).lstrip("/") for part in parts if not hasattr(part, "element")}
        buffer = BytesIO()
        document.save(buffer)
        return _checked(buffer.getvalue(), texts)


@lru_cache(maxsize=4)
def _readied(template: bytes) -> WordFile:
    """The template as it is filled in, once for all letters of a run; what may not be filled in is refused."""
    word = open_template(template)
    danger = next(dangers(word), None)
    if danger:
        raise CannotFillError(f"có {danger.told} ({danger.part}), không được phép dùng trong mẫu")
    if faults(word):
        raise CannotFillError("có thẻ đặt sai chỗ")
    return ready(word)


@lru_cache(maxsize=4)
def _with_blocks(template: bytes, blocks: tuple[tuple[str, Block], ...]) -> WordFile:
    """The same with each block in its place: the blocks of a run are always the same."""
    return expanded(_readied(template), dict(blocks))


def _unspent(context: Context) -> Context:
    """The context with functions that remember as they were: one that numbers headings begins anew in each document."""
    own = {name: value for name, value in context.items() if callable(value) and getattr(value, "__dict__", None)}
    return context | deepcopy(own)


def _opened(word: WordFile) -> tuple[Any, list[str]]:
    """The template, and which of its properties have tags."""
    filled = _template_class()(BytesIO(word.packed()))
    filled.init_docx()
    properties = filled.docx.core_properties
    if not any(kind.endswith("core-properties+xml") for kind in word.kinds.values()):
        # python-docx gives a template without properties a title and an author of its own.
        properties.title = properties.author = ""
    undated(properties)
    return filled, [field for field in _PROPERTIES if "{" in getattr(properties, field)]


def undated(properties: Any) -> None:
    """Takes out when and by whom the template was saved: of a document made from it, neither is true.

    No time of the run stands in their place: the same result gives the same bytes.
    """
    properties.last_modified_by, properties.revision = "", 1
    for time in properties._element.xpath("./dcterms:created | ./dcterms:modified | ./cp:lastPrinted"):  # noqa: SLF001
        time.getparent().remove(time)


@lru_cache(maxsize=16)  # the parts of a template are the same for every unit's letter
def _patched(xml: str) -> str:
    """A part as jinja2 reads it: tags in one piece, in its own signs."""
    from docxtpl import DocxTemplate

    plain = plain_spaces(xml)
    refused = _REFUSED.search(without_markup(plain))
    if refused:
        raise NotAllowedError(f"“{refused[0]}” trong thẻ")
    # docxtpl gives back "<" and ">" in tags, and forgets "&".
    pieces = cut_at_tags(DocxTemplate.patch_xml(None, plain))
    pieces[1::2] = [as_meant(tag.replace("&amp;", "&")) for tag in pieces[1::2]]
    return "".join(pieces)


@cache
def _template_class() -> Any:
    from docxtpl import DocxTemplate

    class Template(DocxTemplate):  # type: ignore[misc]
        """docxtpl's template, strict about what it makes."""

        def patch_xml(self, src_xml: str) -> str:
            return _patched(src_xml)

        def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:
            self.begun = src_xml  # what an error that names a line is about
            return str(super().render_xml_part(src_xml, part, context, jinja_env))

        def resolve_listing(self, xml: str) -> str:
            # docxtpl looks through all runs of all paragraphs for line breaks and tabs of values.
            end = "</w:p>"
            *paragraphs, rest = xml.split(end)
            base = super().resolve_listing
            made = (base(item + end) if _BREAK.search(item) else item + end for item in paragraphs)
            return "".join((*made, rest))

        def map_tree(self, tree: Any) -> None:
            # To take the old body out, as docxtpl does, takes lxml the square of its size; a new root does not.
            from docx.oxml.parser import oxml_parser

            word, old = self.docx, self.docx._element  # noqa: SLF001
            root = oxml_parser.makeelement(old.tag, dict(old.attrib), old.nsmap)
            root.extend([tree if item.tag == tree.tag else deepcopy(item) for item in old])
            word._element = word._part._element = root  # noqa: SLF001
            word._Document__body = None  # noqa: SLF001 - what python-docx keeps of the old one

        def fix_tables(self, xml: str) -> Any:
            # docxtpl reads what it made with recover=True, which leaves out what it cannot place.
            strictly_read(xml, huge=True)
            return super().fix_tables(xml)

    return Template


def _reason(error: Exception, document: Any) -> str:
    if isinstance(error, SecurityError):
        return f"dùng {error.message or 'lệnh'}, không được phép dùng trong mẫu"
    if isinstance(error, TemplateSyntaxError):
        return f"có thẻ viết sai ({reason(error)})"
    if type(error).__name__ == "XMLSyntaxError":
        return "có thẻ cắt ngang liên kết, hộp chữ hoặc ô bảng: gõ lại từng thẻ một lượt trong một chỗ"
    told = reason(error) if isinstance(error, ArithmeticError) else str(error)
    quoted = _line_of(error, getattr(document, "begun", ""))
    return f"có thẻ không tính được ({told})" + (f" tại “{quoted}”" if quoted else "")


def _line_of(error: Exception, source: str) -> str:
    """The text of the paragraph in which a template broke off: docxtpl gives each a line of its own."""
    trace, line = error.__traceback__, 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    lines = re.sub(r"<w:p([ >])", r"\n<w:p\1", source).splitlines()
    text = html.unescape(without_markup(lines[line - 1])) if 0 < line <= len(lines) else ""
    return " ".join(text.split())[:_QUOTED]


def _explained(problem: CannotFillError, context: Context, template: bytes, start: str) -> TemplateError:
    """The same problem with the paragraphs it stands in, as the look over a template finds them."""
    found = tuple(item for item in check(template, "", shape((context,))) if item.severity == "error")
    told = []
    for item in found[:_MOST_TOLD]:
        place = ", ".join(part for part in (item.at.sheet, item.at.address) if part) if item.at else ""
        told.append(lower_first(message(item).rstrip(".")) + (f" ({place})" if place else ""))
    more = f"; và {len(found) - _MOST_TOLD} chỗ khác" if len(found) > _MOST_TOLD else ""
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
                encoded = item.endswith(".rels") and b"%7b" in content.lower()
                if encoded or b"{" in content or b"}" in content or OPEN.encode() in content or item in texts:
                    root = strictly_read(content, huge=True)
                    text = "".join(map(str, root.itertext()))
                    if item.endswith(".rels"):  # addresses of links
                        text = "\n".join(unquote(str(link.get("Target", ""))) for link in root)
                    left = TAG_MARK.search(text) or MARK.search(text)
                    if left:
                        shown = text[left.start() : left.start() + _QUOTED].partition("\n")[0]
                        raise CannotFillError(f"còn thẻ “{shown}” chưa được điền ({item})")
                for brace, waiting in WAITING.items():
                    content = content.replace(waiting.encode(), brace.encode())
            written.writestr(zipfile.ZipInfo(item, EPOCH), content, zipfile.ZIP_DEFLATED)
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
