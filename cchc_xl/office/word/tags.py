"""The tags of a Word file: its parts come in; the paragraphs with tags go out, each with where its tags stand.

docxtpl finds a tag in the letters of a paragraph, whatever runs Word has cut it into, and takes out what stands between
them. Where a tag begins and ends therefore decides whether what is left is still a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, NamedTuple
from urllib.parse import unquote

from cchc_xl.office.word.file import (
    CHANGES,
    GONE,
    RELATION,
    WORDS,
    NotWordError,
    R,
    W,
    WordFile,
    local_name,
    open_word,
    paragraphs_in,
    relations_of,
)

_BRACES = "{}｛｝"
# What stands for braces of people's texts while docxtpl works, for it takes "{_%" and the like for its own.
WAITING = {"{": "\ufdd0", "}": "\ufdd1"}
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_OPENING = re.compile(r"\{(?=[{%#])")
TAG_MARK = re.compile(r"\{[{%#]|[%#}]\}")
_MARKUP = re.compile(r"<[^>]*+>")
_BRACE_IN_MARKUP = re.compile(r"<[^<>{]*+\{")
_SPACES = re.compile("[\u00a0\u2000-\u200b\u202f\u3000\ufeff]")
_QUOTES = str.maketrans("“”„‟″‘’‚‛′", "\"\"\"\"\"'''''")
# What Word's AutoCorrect makes of signs of a condition; not inside quotation marks.
_SIGNS = {"≥": ">=", "≤": "<=", "≠": "!=", "–": "-", "—": "-", "−": "-"}
_SIGN = re.compile(r"\"[^\"]*+\"|'[^']*+'|[≥≤≠–—−]")
# The properties that docxtpl fills in, by the names they have in the file.
_FILLED_PROPERTIES = ("creator", "description", "identifier", "language", "subject", "title")
# Fields whose result Word works out of other places of the document: a copy, not a text of its own.
COMPUTED = re.compile(r"\s*(TOC|INDEX|REF|PAGEREF|NOTEREF|STYLEREF|TOA)\b", re.IGNORECASE)


class Spot(NamedTuple):
    """Where a tag stands: numbers that tell its holder, cell, row and table apart, 0 for none.

    ``inside`` are the elements between the holder and the tag's text, ``torn`` if it begins in one and ends in another.
    """

    holder: int
    cell: int
    row: int
    table: int
    inside: tuple[str, ...]
    torn: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its text as a person sees it; ``filled`` says whether tags in this part are filled in at all.

    ``row_text`` is that of the table's row, None outside tables; ``stored`` is the kind of the field whose stored
    result this is, such as a table of contents; ``spots`` are those of ``tags``.
    """

    part: str
    place: str
    number: int
    text: str
    filled: bool
    changed: bool = False
    row_text: str | None = None
    carries: str = ""
    stored: str = ""
    spots: tuple[Spot, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags in the paragraph, whole ones only."""
        return tuple(cut_at_tags(self.text)[1::2])


def text_parts(word: WordFile) -> Iterator[tuple[str, str, bool]]:
    """Every part that can hold a tag, the body first: its name, what people call it, whether its tags are filled in."""
    for name in sorted(word.parts, key=lambda item: (item != word.main, item)):
        kind = word.kinds.get(name, "")
        parts = ((WORDS["parts"]["filled"], True), (WORDS["parts"]["unfilled"], False))
        told = next(((told[end], filled) for told, filled in parts for end in told if kind.endswith(end)), None)
        if told is not None:
            yield name, *told


def paragraphs(word: WordFile) -> Iterator[Paragraph]:
    """Every paragraph with a tag, part by part; of a part without paragraphs, every text with one."""
    for name, place, filled in text_parts(word):
        if any(mark.encode() in word.parts[name] for mark in _BRACES):
            read = _of_text if "word" in word.kinds[name] else _of_other
            yield from read(word.xml(name), name, place, filled)
        yield from _of_addresses(word, name, place)
    known = {name for name, *_ in text_parts(word)}
    for name, content in word.parts.items():
        if name not in known and word.is_xml(name) and not name.endswith(".rels") and b"{" in content:
            place = WORDS["parts"]["bound"] if name.startswith("customXml/") else name
            yield from _of_other(word.xml(name), name, place, filled=False)


def _of_text(root: Any, name: str, place: str, filled: bool) -> Iterator[Paragraph]:
    beside, numbers = dict[Any, str](), dict[Any, int]()
    stored = {item: code for code, _, items in results(root) for item in items if item.tag == f"{W}t"}
    braced = {
        next(node.iterancestors(f"{W}p"), None)
        for node in root.iter(f"{W}t", f"{W}delText")
        if any(mark in (node.text or "") for mark in _BRACES)
    }
    for number, item in enumerate(paragraphs_in(root), 1):
        if item not in braced:
            continue
        nodes = [node for node in item.iter(f"{W}t", f"{W}delText") if next(node.iterancestors(f"{W}p")) is item]
        written = [node for node in nodes if node.tag == f"{W}t" and not _is_gone(node, item)]
        own = [node for node in written if node not in stored]
        text = "".join(node.text or "" for node in own)
        copied = "".join(node.text or "" for node in written if node in stored)
        if TAG_MARK.search(copied):
            code = next(stored[node] for node in written if node in stored)
            yield Paragraph(name, place, number, copied, filled, stored=code)
        if not any(mark in text for mark in _BRACES):
            continue
        row = next(item.iterancestors(f"{W}tr"), None)
        if row is not None and row not in beside:
            beside[row] = "".join(node.text or "" for node in row.iter(f"{W}t"))
        yield Paragraph(
            part=name,
            place=place,
            number=number,
            text=text,
            filled=filled,
            changed=any(above.tag in CHANGES for node in nodes for above in node.iterancestors()),
            row_text=beside.get(row),
            carries=_carried(item),
            spots=tuple(_spots(item, own, numbers)),
        )


def _is_gone(node: Any, paragraph: Any) -> bool:
    """Whether a text goes when the tracked changes are accepted."""
    for above in node.iterancestors():
        if above is paragraph:
            return False
        if above.tag in GONE:
            return True
    return False


def _spots(paragraph: Any, nodes: list[Any], numbers: dict[Any, int]) -> Iterator[Spot]:
    """Where each tag of a paragraph stands."""
    starts = [*accumulate((len(node.text or "") for node in nodes), initial=0)]
    above = {local_name(item): item for item in reversed([*paragraph.iterancestors()])}
    around = [above.get(name) for name in ("tc", "tr", "tbl")]
    holder, cell, row, table = (
        0 if item is None else numbers.setdefault(item, len(numbers) + 1) for item in (paragraph.getparent(), *around)
    )
    place = 0
    for turn, piece in enumerate(cut_at_tags("".join(node.text or "" for node in nodes))):
        end = place + len(piece)
        if turn % 2:
            first, last = (
                next(node for node, start in zip(reversed(nodes), reversed(starts[:-1]), strict=True) if start <= at)
                for at in (place, end - 1)
            )
            inside, other = (_inside(node, paragraph) for node in (first, last))
            names = tuple(local_name(item) for item in inside)
            yield Spot(holder, cell, row, table, names, [*map(id, inside)] != [*map(id, other)])
        place = end


def _inside(node: Any, paragraph: Any) -> list[Any]:
    """The elements between a paragraph and a run that stay when tracked changes are accepted."""
    found = []
    for above in node.getparent().iterancestors():
        if above is paragraph:
            break
        if above.tag not in CHANGES:
            found.append(above)
    return found


@dataclass(slots=True, eq=False)
class Field:
    """A field: the element that begins it, the field around it, the elements of its result; None for what is not there.

    ``pieces`` are those of its code; ``ended`` is false for one without an end, and for code that no field begins.
    """

    mark: Any
    outer: Field | None = None
    pieces: list[str] = field(default_factory=list)
    result: list[Any] | None = None
    ended: bool = False

    @property
    def code(self) -> str:
        """What it is and asks for: ``PAGE``, ``REF place``."""
        return "".join(self.pieces)


def fields_in(root: Any) -> Iterator[Field]:
    """The fields of a part, those inside a field before it; such without an end come last."""
    begun: list[Field] = []
    loose: dict[Any, Field] = {}  # code that no field begins, by paragraph
    names = ("fldChar", "instrText", "delInstrText", "t", "tab", "br", "fldSimple")
    for item in root.iter(*(f"{W}{name}" for name in names)):
        inner, kind = begun[-1] if begun else None, item.get(f"{W}fldCharType")
        if item.tag == f"{W}fldSimple":
            yield Field(item, inner, [str(item.get(f"{W}instr", ""))], [*item.iter(f"{W}t")], ended=True)
        elif kind == "begin":
            begun.append(Field(item, inner))
        elif item.tag in {f"{W}instrText", f"{W}delInstrText"}:
            own = inner or loose.setdefault(next(item.iterancestors(f"{W}p"), None), Field(None))
            own.pieces.append(item.text or "")
        elif inner is not None and kind == "separate":
            inner.result = inner.result or []
        elif inner is not None and kind == "end":
            inner.ended = True
            yield begun.pop()
        elif inner is not None and inner.result is not None and kind is None:
            inner.result.append(item)
    yield from (*begun, *loose.values())


def results(root: Any) -> Iterator[tuple[str, Any, list[Any]]]:
    """The fields that Word works out itself: the kind, the element that begins it, those of its stored result."""
    for one in fields_in(root):
        computed = COMPUTED.match(one.code)
        if computed and one.ended:
            yield computed[1].upper(), one.mark, one.result or []
        elif one.outer is not None and one.outer.result is not None and one.mark.tag != f"{W}fldSimple":
            one.outer.result += one.result or []


def _carried(paragraph: Any) -> str:
    """What a paragraph holds besides text, and would lose with it."""
    for item in paragraph.iter():
        name = local_name(item)
        if name in WORDS["carried"] and (name != "br" or item.get(f"{W}type") == "page"):
            return str(WORDS["carried"][name])
    return ""


def _of_other(root: Any, name: str, place: str, filled: bool) -> Iterator[Paragraph]:
    for number, item in enumerate(root.iter(), 1):
        if isinstance(item.tag, str) and item.text and "{" in item.text:
            own = filled and local_name(item) in _FILLED_PROPERTIES
            yield Paragraph(name, place, number, item.text, own)


def _of_addresses(word: WordFile, name: str, place: str) -> Iterator[Paragraph]:
    """The addresses of links, which Word keeps outside the text and nobody fills in; tags in them are often encoded."""
    relations = relations_of(name)
    content = word.parts.get(relations, b"")
    if b"{" not in content and b"%7b" not in content.lower():
        return
    addresses = {
        str(item.get("Id")): unquote(str(item.get("Target", ""))) for item in word.xml(relations).iter(RELATION)
    }
    numbers: dict[str, int] = {}
    for number, item in enumerate(paragraphs_in(word.xml(name)), 1):
        for link in item.iter(f"{W}hyperlink"):
            numbers.setdefault(str(link.get(f"{R}id")), number)
    for relation, address in addresses.items():
        if TAG_MARK.search(address):
            yield Paragraph(
                relations, f"{place}, {WORDS['parts']['address']}", numbers.get(relation, 0), address, False
            )


def is_template(data: bytes) -> bool:
    """Whether a Word file beside a plan is meant to be filled in: it has a tag, or the marks of a mail merge.

    One that cannot be read may be one; it is looked at, and then says why.

    >>> is_template(b"no zip")
    True
    """
    try:
        word = open_word(data)
        return b"MERGEFIELD" in word.parts[word.main] or any(paragraph.tags for paragraph in paragraphs(word))
    except NotWordError:
        return True


def as_typed(text: str) -> str:
    r"""A text whose braces wait outside with its braces, for whoever reads it; never what goes into a context.

    >>> as_typed("\ufdd0DT\ufdd1")
    '{DT}'
    """
    for brace, waiting in WAITING.items():
        text = text.replace(waiting, brace)
    return text


def cut_at_tags(text: str) -> list[str]:
    """The text in pieces: what stands around tags at even places, the tags, whole ones only, at odd ones.

    >>> cut_at_tags("Số {{ a }} của {% if b %}{{ c")
    ['Số ', '{{ a }}', ' của ', '{% if b %}', '{{ c']
    """
    pieces: list[str] = []
    place, unclosed = 0, set()
    for opening in _OPENING.finditer(text):
        start, mark = opening.start(), text[opening.start() : opening.start() + 2]
        if start < place or mark in unclosed:
            continue
        end = text.find(_CLOSING[mark], start + 2)
        if end < 0:
            unclosed.add(mark)  # nor is any after it: to look again from each of them takes quadratic time
            continue
        pieces += [text[place:start], text[start : end + 2]]
        place = end + 2
    return [*pieces, text[place:]]


def without_markup(xml: str) -> str:
    """The text between the elements.

    >>> without_markup("<w:t>{{ a</w:t><w:t>b }}</w:t> 3 < 4")
    '{{ ab }} 3 < 4'
    """
    end = xml.rfind(">") + 1  # behind it no element ends, and looking for that from every "<" takes quadratic time
    return _MARKUP.sub("", xml[:end]) + xml[end:]


def plain_spaces(xml: str) -> str:
    """The tags of a part with ordinary spaces and quotes, as people mean them and Word does not write them.

    >>> plain_spaces("Số {{ figure(„NV_GIAO”)\u00a0}}")
    'Số {{ figure("NV_GIAO") }}'
    """
    pieces = cut_at_tags(xml)
    pieces[1::2] = [_SPACES.sub(" ", tag).translate(_QUOTES) for tag in pieces[1::2]]
    return "".join(pieces)


def as_meant(tag: str) -> str:
    """A whole tag in the spaces, quotes and signs of jinja2: Word's AutoCorrect makes "≥" of ">=".

    >>> as_meant("{% if index.percent ≥ 50 and note != “từ 1 – 2” %}")
    '{% if index.percent >= 50 and note != "từ 1 – 2" %}'
    """
    plain = _SPACES.sub(" ", tag).translate(_QUOTES)
    return _SIGN.sub(lambda found: _SIGNS.get(found[0], found[0]), plain)


def has_tag_in_markup(xml: str) -> bool:
    """Whether a tag stands in the name or an attribute of an element, or in a comment.

    >>> has_tag_in_markup('<w:t w:x="{{ a }}">b</w:t>'), has_tag_in_markup("<w:t>{{ a }}</w:t>")
    (True, False)
    """
    if not _BRACE_IN_MARKUP.search(xml):
        return False
    end = xml.rfind(">") + 1  # as in without_markup
    return any(_OPENING.search(element[0]) for element in _MARKUP.finditer(xml, 0, end))


def has_long_tag(text: str, longest: int) -> bool:
    """Whether a tag is longer than ``longest`` letters or, so far away, not closed.

    >>> has_long_tag("{{ a }} của phòng", 10), has_long_tag("{{ a của phòng", 10)
    (False, True)
    """
    for found in _OPENING.finditer(text):
        begin = found.end() + 1
        end = begin + longest
        if end < len(text) and text.find(_CLOSING[text[found.start() : begin]], begin, end) < 0:
            return True
    return False
