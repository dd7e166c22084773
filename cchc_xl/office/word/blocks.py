"""Named blocks of a template: ``{{ khoi.nhiem_vu }}`` alone in a paragraph becomes the block's paragraphs and tables.

What the blocks say is a text of the product, one line a paragraph, in the same tags as a template; people move, repeat
or leave out whole blocks, and need none of the tags. Styles are those of the template, known by their names.

A text of blocks:

* ``== nhiem_vu: Nhiệm vụ kỳ sau`` begins a block, with what it is about; a line that begins with ``;`` is a remark.
* ``# …``, ``## …``, ``### …`` are headings; ``[Tên bảng] …`` a paragraph of that style; any other line is body text;
  text between ``**`` is bold.
* ``||| 45 25 95 | lcl | Ô bảng | whole | about`` begins a table: widths in mm, alignments, style of the cells, whether
  it stays ``whole`` on a page, its ``rows`` do, a heading with the row below it, or its rows may ``split`` over two
  where one is higher than a page, so that its cells begin at the top, alternative text. Then one line a row, ``||``
  between cells, the first row is the header, ``<`` belongs to the cell before it; ``|||`` ends it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from cchc_xl.office.word.file import MILLIMETRE, WORD, W, WordFile, stored
from cchc_xl.office.word.merging import SPLIT

BODY = "Nội dung"
_STYLED = re.compile(r"\[([^\[\]{}]{1,40})\] ")
_MARK = re.compile(r"\{\{ {0,9}khoi\.(\w{1,40}) {0,9}\}\}")
_LEADS = re.compile(r":(?:$|\{%)")  # a line that ends with a colon stays with what it leads to
_ALIGNED = {"l": "left", "c": "center", "r": "right"}


@dataclass(frozen=True, slots=True)
class Block:
    """A block by its name, what it is about, and its lines."""

    name: str
    about: str
    lines: tuple[str, ...]


class Blocks(dict[str, Block]):
    """The blocks by name; of a template's ``khoi.x`` a name that is not there is unknown like any other."""


def parsed(text: str) -> Blocks:
    r"""The blocks of a text.

    >>> list(parsed("== a: Mở đầu\nXin chào\n\n== b: Kết\n## Hết").values())[1]
    Block(name='b', about='Kết', lines=('## Hết',))
    """
    found: dict[str, tuple[str, list[str]]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("== "):
            name, _, about = line.removeprefix("== ").partition(":")
            lines = []
            found[name.strip()] = about.strip(), lines
        elif line.strip() and not line.startswith(";"):
            lines.append(line)
    return Blocks({name: Block(name, about, tuple(own)) for name, (about, own) in found.items()})


def block_of(text: str) -> str | None:
    """The name of the block that a paragraph is the place of; None for any other paragraph.

    >>> block_of(" {{ khoi.nhiem_vu }} "), block_of("V. {{ khoi.nhiem_vu }}")
    ('nhiem_vu', None)
    """
    found = _MARK.fullmatch(text.strip())
    return found[1] if found else None


def expanded(word: WordFile, blocks: Mapping[str, Block]) -> WordFile:
    """The template with each block in its place; the file given where it names none that is known."""
    changed: dict[str, bytes] = {}
    styles = _styles(word)
    for name, content in word.parts.items():
        if not (name.startswith("word/") and name.endswith(".xml") and b"khoi." in content):
            continue
        root = word.xml(name)
        asked = [(paragraph, blocks.get(block_of(_text(paragraph)) or "")) for paragraph in root.iter(f"{W}p")]
        for paragraph, block in asked:
            if block is not None:
                _put(paragraph, _elements(block, styles))
                changed[name] = b""
        if name in changed:
            changed[name] = stored(root)
    return replace(word, parts={**word.parts, **changed}) if changed else word


def _text(paragraph: Any) -> str:
    return "".join(node.text or "" for node in paragraph.iter(f"{W}t"))


def _put(paragraph: Any, made: Iterable[Any]) -> None:
    """In the paragraph's place; one that ends a section stays behind, empty, and so does the last one of a cell."""
    elements = list(made)
    for element in elements:
        paragraph.addprevious(element)
    ends = paragraph.find(f"{W}pPr/{W}sectPr") is not None
    last = paragraph.getparent().tag == f"{W}tc" and paragraph.getnext() is None
    if ends or (last and (not elements or elements[-1].tag != f"{W}p")):
        for child in [child for child in paragraph if child.tag != f"{W}pPr"]:
            paragraph.remove(child)
    else:
        paragraph.getparent().remove(paragraph)


def _styles(word: WordFile) -> dict[str, str]:
    """The identifiers of the template's styles by name, in small letters as Word writes its own."""
    found = {}
    part = word.part("styles")
    for style in word.xml(part).iter(f"{W}style") if part else ():
        name = style.find(f"{W}name")
        if style.get(f"{W}type") in ("paragraph", "table") and name is not None:
            found[str(name.get(f"{W}val")).casefold()] = str(style.get(f"{W}styleId"))
    return found


def _elements(block: Block, styles: Mapping[str, str]) -> Iterator[Any]:
    """The paragraphs and tables of a block."""
    from lxml import etree

    for xml in _written(block.lines, styles):
        yield from etree.fromstring(f'<w:body xmlns:w="{WORD}">{xml}</w:body>')


def _written(lines: Iterable[str], styles: Mapping[str, str]) -> Iterator[str]:
    table: list[str] | None = None
    for line in lines:
        if line.startswith("|||"):
            if table is not None:
                yield _table(table, styles)
            table = None if table is not None else [line]
        elif table is not None:
            table.append(line)
        else:
            level = len(line) - len(line.lstrip("#"))
            styled = _STYLED.match(line)
            style = f"heading {level}" if level else styled[1] if styled else BODY
            yield _paragraph(
                line[styled.end() :] if styled else line.lstrip("# "), style, styles, tied=bool(_LEADS.search(line))
            )


def _paragraph(
    text: str, style: str, styles: Mapping[str, str], align: str = "", *, tied: bool = False, bold: bool = False
) -> str:
    known = styles.get(style.casefold())
    rules = f"<w:pStyle w:val={quoteattr(known)}/>" if known else ""
    rules += "<w:keepNext/>" if tied else ""
    rules += f'<w:jc w:val="{align}"/>' if align else ""
    runs = "".join(_run(piece, bold=bold or bool(number % 2)) for number, piece in enumerate(text.split("**")) if piece)
    return f"<w:p><w:pPr>{rules}</w:pPr>{runs}</w:p>"


def _run(text: str, *, bold: bool) -> str:
    shape = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:r>{shape}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


class _Look(NamedTuple):
    """How a table looks: widths in twentieths of a point, and what else its first line says."""

    wide: list[int]
    align: str
    style: str
    keeping: str


def _table(lines: list[str], styles: Mapping[str, str]) -> str:
    """A ruled table from its lines, the first of which says how it looks."""
    widths, align, style, keeping, about = (part.strip() for part in lines[0].lstrip("|").split("|", 4))
    look = _Look([round(float(mm) * MILLIMETRE) for mm in widths.split()], align, style, keeping)
    about = f"{about.rstrip('.')}; {SPLIT}" if keeping == "split" else about
    rows = [_row(line, look, styles, header=not number) for number, line in enumerate(lines[1:])]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in look.wide)
    ruled = styles.get("table grid")
    named = f"<w:tblStyle w:val={quoteattr(ruled)}/>" if ruled else ""
    borders = "" if ruled else f"<w:tblBorders>{_BORDERS}</w:tblBorders>"
    return (
        f'<w:tbl><w:tblPr>{named}<w:tblW w:w="{sum(look.wide)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'{borders}<w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>'
        f'<w:tblLook w:val="04A0"/><w:tblDescription w:val={quoteattr(about)}/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>" + _paragraph("", "Hết bảng", styles)
    )


def _row(line: str, look: _Look, styles: Mapping[str, str], *, header: bool) -> str:
    wide, keeping = look.wide, look.keeping
    texts = [text.strip() for text in line.split("||")]
    texts += [""] * (len(wide) - len(texts))
    cells, at = [], 0
    tied = header or keeping == "whole" or "<" in texts
    upright = "top" if keeping == "split" and not header else "center"  # of a cell that goes on over the page
    while at < len(wide):
        end = at + 1
        while end < len(wide) and texts[end] == "<":
            end += 1
        side = "center" if header else _ALIGNED[look.align[at]]
        span = f'<w:gridSpan w:val="{end - at}"/>' if end - at > 1 else ""
        text = _paragraph(texts[at], look.style, styles, side, tied=tied, bold=header)
        cells.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{sum(wide[at:end])}" w:type="dxa"/>{span}<w:vAlign w:val="{upright}"/></w:tcPr>'
            f"{text}</w:tc>"
        )
        at = end
    # A row that cannot fit on a page goes on over the next whatever this says (ECMA-376 part 1, 17.4.6).
    rules = "<w:cantSplit/>" + ("<w:tblHeader/>" if header else "")
    return f"<w:tr><w:trPr>{rules}</w:trPr>{''.join(cells)}</w:tr>"
