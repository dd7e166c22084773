"""A Word document as the checks see it: the parts of a ``.docx`` come in, its paragraphs and sections go out.

Text that nobody sees (hidden, deleted, copies for old programs) is left out; everything else has its effective form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from cchc_xl.office.word.decree.effective import Formats, Layout, RunForm, number
from cchc_xl.office.word.file import (
    MILLIMETRE,
    WORDS,
    NotWordError,
    R,
    W,
    WordFile,
    child,
    is_on,
    local_name,
    paragraphs_in,
    said,
)
from cchc_xl.text.words import composed


@dataclass(frozen=True, slots=True)
class Section:
    """A section: page and margins in mm, the left one with the ``gutter`` in it, columns, and its headers by type."""

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    gutter: float
    columns: int
    own_first_page: bool
    number_format: str
    headers: Mapping[str, str]
    footers: Mapping[str, str]

    @property
    def room(self) -> float:
        """The width between the margins in mm."""
        return self.width - self.left - self.right

    def shown(self, *, even: bool) -> Iterator[str]:
        """The relations of the headers and footers that are printed: Word keeps those that were once made."""
        kinds = {"default", *(["even"] if even else []), *(["first"] if self.own_first_page else [])}
        for named in (self.headers, self.footers):
            yield from (relation for kind, relation in named.items() if kind in kinds)


def _section(mark: Any, before: Section | None) -> Section:
    """The section that a ``w:sectPr`` describes; without one, as Word would show it.

    Headers that it does not name are those of the section before.
    """

    def length(path: str, name: str, otherwise: float = 1440.0) -> float:
        return abs(number(said(mark, path, name), otherwise)) / MILLIMETRE

    def named(kind: str) -> dict[str, str]:
        marks = () if mark is None else mark.iter(f"{W}{kind}Reference")
        return {str(item.get(f"{W}type", "default")): str(item.get(f"{R}id")) for item in marks}

    columns = said(mark, "cols", "num")
    return Section(
        width=length("pgSz", "w", 12240.0),  # the page of a document that names none is that of a letter
        height=length("pgSz", "h", 15840.0),
        top=length("pgMar", "top"),
        bottom=length("pgMar", "bottom"),
        left=length("pgMar", "left") + length("pgMar", "gutter", 0.0),
        right=length("pgMar", "right"),
        gutter=length("pgMar", "gutter", 0.0),
        columns=int(columns) if columns.isdecimal() and len(columns) < 3 else 1,
        own_first_page=is_on(said(mark, "titlePg", otherwise="off")),
        number_format=said(mark, "pgNumType", "fmt") or "decimal",
        headers={**(before.headers if before else {}), **named("header")},
        footers={**(before.footers if before else {}), **named("footer")},
    )


_CALLED = {**WORDS["parts"]["filled"], **WORDS["parts"]["unfilled"]}
BODY, HEADER, FOOTER = (_CALLED[f"wordprocessingml.{kind}+xml"] for kind in ("document.main", "header", "footer"))
_CONTAINERS = frozenset(
    f"{W}{name}"
    for name in ("hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "bdo", "dir")
)
_DRAWINGS = frozenset((f"{W}drawing", f"{W}pict", f"{W}object"))
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_HYPHENS = {0x2010: "-", 0x2011: "-", 0x00AD: ""}
_TRACKED = ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange")
_DRAFTING = {
    **{f"{W}{name}": "tracked" for name in _TRACKED},
    **{f"{W}{name}": "comment" for name in ("commentReference", "commentRangeStart")},
}
_CODE = f"{W}instrText"
_MOST = 100_000  # paragraphs; a document of thousands of pages is none that is printed
NOTES = {kind: _CALLED[f"wordprocessingml.{kind}+xml"] for kind in ("footnotes", "endnotes")}
# Of "Strict Open XML", which says the same under other names.
_OPEN, _STRICT = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
_STRICT_NAMES = (
    (b"wordprocessingml/main", b"wordprocessingml/2006/main"),
    (b"drawingml/main", b"drawingml/2006/main"),
    (b"officeDocument/relationships", b"officeDocument/2006/relationships"),
)


@dataclass(frozen=True, slots=True)
class Run:
    r"""Letters of one form; tabs and line breaks are those of plain text.

    ``turn`` is the number of its ``w:r`` in :func:`runs_of` its paragraph, -1 of none; ``start`` where it begins in it.
    """

    text: str
    form: RunForm
    turn: int = -1
    start: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """The place of a paragraph in an outermost table: table, row and cell are numbers that tell them apart."""

    table: int
    row: int
    cell: int
    width: float


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its number in its part from 1, runs, layout, place, and what else stands in it."""

    part: str
    number: int
    runs: tuple[Run, ...]
    layout: Layout
    cell: Cell | None
    section: int
    fields: tuple[str, ...]
    drawn: tuple[float, ...]  # widths of drawn objects that are flat, in twentieths of a point
    in_box: bool
    drafting: tuple[tuple[str, str], ...] = ()  # what belongs to its drafting, "tracked", "comment", "hidden"; its text

    @property
    def text(self) -> str:
        """What is written, capitals by formatting included."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Document:
    """The body, its sections, the headers and footers by relation, notes, and the document's settings."""

    paragraphs: tuple[Paragraph, ...]
    sections: tuple[Section, ...]
    outside: Mapping[str, tuple[Paragraph, ...]]
    notes: tuple[Paragraph, ...]
    even_headers: bool
    tab_stop: float

    @property
    def outside_text(self) -> list[Paragraph]:
        """The paragraphs of all headers and footers."""
        return [paragraph for part in self.outside.values() for paragraph in part]

    @property
    def header_kinds(self) -> tuple[str, ...]:
        """The types of headers that pages but the first have: even pages may have one of their own."""
        return ("default", "even") if self.even_headers else ("default",)

    @property
    def first_header(self) -> tuple[Paragraph, ...]:
        """The header of the first page, in which some offices put the letterhead."""
        begin = self.sections[0]
        return self.outside.get(begin.headers.get("first" if begin.own_first_page else "default", ""), ())

    def beside(self, paragraph: Paragraph) -> tuple[Paragraph, ...]:
        """The paragraphs of the part in which one stands."""
        if paragraph.part == BODY:
            return self.paragraphs
        return next((part for part in self.outside.values() if paragraph in part), ())

    def section_of(self, paragraph: Paragraph) -> Section:
        """The section in which a paragraph stands."""
        return self.sections[min(paragraph.section, len(self.sections) - 1)]


def read_document(word: WordFile) -> Document:
    """The document in a Word file. Raises :class:`NotWordError` if a part of it is broken."""
    word = replace(word, parts={name: _transitional(name, content) for name, content in word.parts.items()})
    body = word.xml(word.main).find(f"{W}body")
    if body is None:
        raise NotWordError("không có nội dung văn bản")

    def part(kind: str) -> Any:
        name = word.part(kind)
        return word.xml(name) if name else None

    settings = part("settings")
    reader = _Reader(Formats(part("styles"), part("theme"), part("numbering")))
    paragraphs = tuple(islice(reader.paragraphs(body, BODY), _MOST + 1))
    if len(paragraphs) > _MOST:
        raise NotWordError("có quá nhiều đoạn")
    roots = ((part(kind), title) for kind, title in NOTES.items())
    sections: list[Section] = []
    for mark in [*body.iter(f"{W}sectPr")] or [None]:
        sections.append(_section(mark, sections[-1] if sections else None))
    even = child(settings, "evenAndOddHeaders") is not None and is_on(said(settings, "evenAndOddHeaders"))
    shown = {relation for section in sections for relation in section.shown(even=even)}
    outside = {
        relation: tuple(reader.paragraphs(word.xml(name), HEADER if kind.endswith("/header") else FOOTER))
        for relation, (kind, name) in word.related().items()
        if relation in shown and kind.endswith(("/header", "/footer")) and name in word.parts
    }
    return Document(
        paragraphs=paragraphs,
        sections=tuple(sections),
        outside=outside,
        notes=tuple(item for root, title in roots if root is not None for item in reader.paragraphs(root, title)),
        even_headers=even,
        tab_stop=number(said(settings, "defaultTabStop"), 720.0),
    )


def _transitional(name: str, content: bytes) -> bytes:
    if not name.endswith((".xml", ".rels")) or _STRICT not in content:
        return content
    for strict, usual in _STRICT_NAMES:
        content = content.replace(_STRICT + strict, _OPEN + usual)
    return content


class _Reader:
    """Turns the paragraphs of a part into records."""

    def __init__(self, formats: Formats) -> None:
        self._formats = formats
        self._looks: dict[Any, tuple[str, Any]] = {}  # style and heading row of a table
        self._places: dict[Any, int] = {}  # also keeps the elements alive, so that none is mistaken for another

    def paragraphs(self, root: Any, part: str) -> Iterator[Paragraph]:
        at_section = 0
        for place, element in enumerate(paragraphs_in(root), 1):
            yield self._paragraph(element, part, place, at_section)
            if child(element, "pPr/sectPr") is not None:
                at_section += 1

    def _paragraph(self, element: Any, part: str, number: int, at_section: int) -> Paragraph:
        above = [*element.iterancestors()]
        cell, style, heading = self._cell(above)
        table = self._formats.table(style, first_row=heading) if style else {}
        layout = self._formats.paragraph(child(element, "pPr"), style)
        if any(item.get(f"{W}alignment") == "center" for item in element.iter(f"{W}ptab")):
            layout = replace(layout, placed_centre=True)
        runs: list[Run] = []
        drafting = {_DRAFTING[item.tag]: "" for item in element.iter(*_DRAFTING)}
        codes: list[str] = []
        of_code: RunForm | None = None
        drawn: list[float] = []
        for turn, run in enumerate(runs_of(element)):
            form = self._formats.run(child(run, "rPr"), layout.style, table)
            shapes = (item for item in run if item.tag in _DRAWINGS or "}AlternateContent" in str(item.tag))
            drawn += [width for item in shapes for width in _flat(item)]
            told = [item.text or "" for item in run.iterchildren(_CODE)]
            codes += told
            of_code = form if told else of_code
            text = _text(run)
            if text.strip() and form.hidden:
                drafting["hidden"] = drafting.get("hidden", "") + text
            if text and not form.hidden:
                runs.append(Run(text.upper() if form.capitals else text, form, turn))
        if of_code is not None and part == HEADER and not runs:
            runs.append(Run("1", of_code))  # a page number that no program has filled in yet
        fields = [str(item.get(f"{W}instr", "")) for item in element.iter(f"{W}fldSimple")]
        sizes = [run.form.size for run in runs if run.text.strip()]
        layout = layout.for_letters(max(sizes, default=self._formats.run(None, layout.style, {}).size))
        return Paragraph(
            part=part,
            number=number,
            runs=tuple(runs),
            layout=layout,
            cell=cell,
            section=at_section,
            fields=(*fields, *(["".join(codes)] if codes else [])),
            drawn=tuple(drawn),
            in_box=any(local_name(item) == "txbxContent" for item in above),
            drafting=tuple(sorted(drafting.items())),
        )

    def _cell(self, above: list[Any]) -> tuple[Cell | None, str, bool]:
        """The place in the outermost table; the style of the innermost, and whether this is its heading row."""
        tables, rows, cells = ([item for item in above if item.tag == f"{W}{name}"] for name in ("tbl", "tr", "tc"))
        if not (rows and tables and cells):
            return None, "", False
        wide = said(cells[-1], "tcPr/tcW", "w") if said(cells[-1], "tcPr/tcW", "type") == "dxa" else ""
        table, row, place = (self._places.setdefault(item[-1], len(self._places)) for item in (tables, rows, cells))
        if tables[0] not in self._looks:  # to ask the table from every cell takes the square of its size
            headed = said(tables[0], "tblPr/tblLook", "firstRow", "1") in {"1", "true", "on", ""}
            first_row = tables[0].find(f"{W}tr") if headed else None
            self._looks[tables[0]] = said(tables[0], "tblPr/tblStyle"), first_row
        style, heading = self._looks[tables[0]]
        return Cell(table, row, place, float(wide) if wide.isdecimal() else 0.0), style, heading is rows[0]


def runs_of(parent: Any) -> Iterator[Any]:
    """The runs of a paragraph itself, not those of text boxes in it."""
    for item in parent:
        if item.tag == f"{W}r":
            yield item
        elif item.tag in _CONTAINERS:
            yield from runs_of(item)


def _text(run: Any) -> str:
    named = [(local_name(item), item.text or "") for item in run]
    return "".join(composed(text.translate(_HYPHENS)) if name == "t" else _SIGNS.get(name, "") for name, text in named)


def _flat(holder: Any) -> Iterator[float]:
    """The widths of drawn objects much wider than high, which an office draws as the line under a text."""
    for item in holder.iter():
        name = local_name(item)
        if name == "extent":
            wide, high = (number(str(item.get(name, "0"))[:12], 0.0, most=10**9) for name in ("cx", "cy"))
            if wide > 20 * high:
                yield wide / 635
        elif "vml" in str(item.tag) and (
            name == "line" or (name == "shape" and "#_x0000_t32" in str(item.get("type", "")))
        ):
            yield 0.0
