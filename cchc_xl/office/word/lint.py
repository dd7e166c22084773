"""A look over a Word template before it is used: its bytes and a shape come in, findings by paragraph go out.

What it finds is what filling in would stumble over, or would quietly do otherwise than its author meant. Which names
there are is read from the shape of contexts of real results: which fields a record has, what a list holds.

docxtpl writes a level into a statement: ``{%p if x %}`` rules paragraphs, ``{%tr …`` table rows, ``{%tc …`` cells. The
statement and its end must stand in one place of that level: else what is left out, or repeated, is half a table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from jinja2 import Environment, TemplateSyntaxError, nodes

from cchc_xl.office.word.blocks import block_of
from cchc_xl.office.word.dangers import dangers, has_too_many_tags
from cchc_xl.office.word.drafting import changed
from cchc_xl.office.word.file import NotWordError, WordFile, open_template
from cchc_xl.office.word.reasons import meant_by_telex, reason, respelt
from cchc_xl.office.word.sandbox import Sandbox, asked_names, not_allowed
from cchc_xl.office.word.shapes import Names, Shape
from cchc_xl.office.word.tags import Paragraph, Spot, as_meant, cut_at_tags, paragraphs, plain_spaces, text_parts
from cchc_xl.office.word.traces import Trace, traces
from cchc_xl.records import Finding, ParagraphRef
from cchc_xl.text.catalogue import finding, worst_first
from cchc_xl.text.words import closest

_STATEMENT = re.compile(r"^\{%[-+]?(?P<level>tr|tc|p|r)?\s++(?P<word>\w++)(?P<rest>.*?)[-+]?%\}$", re.DOTALL)
_LEVEL = re.compile(r"^(\{[{%#][-+]?)(?:tr|tc|p|r)(?=\s)")
_OPENERS = frozenset(("for", "if", "with", "filter", "macro", "call", "block", "autoescape", "raw"))
_MIDDLES = {"else": ("if", "for"), "elif": ("if",)}
_HARMLESS = {
    "if": "{% if true %}", "elif": "{% elif true %}", "for": "{% for ignored in () %}", "with": "{% with %}",
    "set": "{% set ignored %}", "filter": "{% filter upper %}",
}  # fmt: skip
_MERGES = frozenset(("vm", "hm"))
_VALUES = frozenset(("colspan", "cellbg"))
_AROUND_VALUE = re.compile(r"^\{%\s*(?:colspan|cellbg)|%\}$")


class Tag(NamedTuple):
    """A tag of a paragraph: what it says to docxtpl and to jinja2.

    ``level`` is ``p``, ``tr``, ``tc``, ``r`` or '' for a tag inside a text, ``word`` the first word of a statement,
    ``opens`` the same if an end must follow; ``plain`` is the tag as jinja2 reads it.
    """

    paragraph: Paragraph
    text: str
    level: str
    word: str
    opens: str
    plain: str
    spot: Spot | None = None


def tags_of(paragraph: Paragraph) -> Iterator[Tag]:
    """The tags of a paragraph; what opens and ends is told of a misspelt statement too."""
    spots = dict(enumerate(paragraph.spots))
    for number, text in enumerate(map(plain_spaces, paragraph.tags)):
        meant = respelt(text) if text.startswith("{%") else ""
        statement, level = _STATEMENT.match(meant or text), _LEVEL.match(meant or text)
        word = statement["word"] if statement else ""
        if statement and word == "set":
            opens = "" if "=" in statement["rest"] else word
        else:
            opens = word if word in _OPENERS else ""
        plain = "" if word in _MERGES else _LEVEL.sub(r"\1", as_meant(text)).replace("\n", " ")
        if word in _VALUES:
            plain = "{{" + _AROUND_VALUE.sub("", plain) + "}}"
        named = level[0].lstrip("{%#-+").strip() if level else ""
        yield Tag(paragraph, text, named, word, opens, plain, spots.get(number))


class Pairs(NamedTuple):
    """The tags that pair; the faults of others (code, tag, where the two stand); statements with ends; ends lacking."""

    kept: list[Tag]
    faults: list[tuple[str, Tag, str]]
    both: list[tuple[Tag, Tag]]
    closing: str


def paired(tags: Iterable[Tag]) -> Pairs:
    """Which statement is ended by which tag.

    A statement may have no end (``W104``), an end no statement (``W105``), another level than its statement (``W106``)
    or another place (``W117``).
    """
    found = Pairs([], [], [], "")
    stack: list[Tag] = []
    for tag in tags:
        ends = (tag.word[3:],) if tag.word.startswith("end") else _MIDDLES.get(tag.word, ())
        if ends and (not stack or stack[-1].opens not in ends):
            found.faults.append(("W105", tag, ""))
            continue
        if ends:
            apart = _apart(stack[-1], tag)
            if stack[-1].level != tag.level:
                found.faults.append(("W106", tag, ""))
            elif apart:
                found.faults.append(("W117", tag, apart))
        if tag.word.startswith("end"):
            found.both.append((stack.pop(), tag))
        elif tag.opens:
            stack.append(tag)
        found.kept.append(tag)
    found.faults.extend(("W104", tag, "") for tag in stack)
    return found._replace(closing="".join(f"{{% end{tag.opens} %}}" for tag in reversed(stack)))


def _apart(opening: Tag, end: Tag) -> str:
    """In which two places a statement and its end stand, where they should stand in one; '' if they do."""
    one, other = opening.spot, end.spot
    if one is None or other is None:
        return ""
    if {"tr": one.table, "tc": one.row, "p": one.holder}.get(opening.level) == (
        {"tr": other.table, "tc": other.row, "p": other.holder}.get(opening.level, -1)
    ):
        return ""
    if opening.level in {"", "r"} and (one.holder, one.inside) == (other.holder, other.inside):
        return ""
    if one.table != other.table:
        return "hai bảng khác nhau" if one.table and other.table else "hai chỗ, một trong bảng và một ngoài bảng"
    if one.row != other.row:
        return "hai dòng khác nhau của bảng"
    if one.cell != other.cell:
        return f"hai ô của cùng một dòng, dòng “{_short(end.paragraph.row_text or '')}”"
    return "hai khung khác nhau (liên kết, hộp chữ, ô nội dung)"


def _harmless(tag: Tag) -> str:
    """What may stand in the place of a tag that does not parse, so that the rest can be looked at."""
    return _HARMLESS.get(tag.word if tag.word == "elif" else tag.opens, "")


_STRAY = re.compile(r"\{[{%#]|[}%#]\}|\{\s+[{%]|[%}]\s+\}|[｛｝]|\bkhoi\.\w")
_QUOTED = 60
_MOST_NAMED, _MOST_UNKNOWN = 12, 200
_BLOCKS, _HEAD = "khoi", re.compile(r"\b(?:settings|letter_signer)\.sign|\brecipients\b")
_ALONE = re.compile(r"\{\{\s*(?:chart\(|khoi\.)")  # a chart or a block, which are paragraphs of their own
_FIELDS = {"TOC": "mục lục", "INDEX": "bảng tra", "TOA": "danh mục"}
_TRACES = {"chart": "W204", "hidden": "W207"}


def _beside(text: str, tag: str) -> str:
    """What is left beside a tag in its paragraph once the statements in it are gone."""
    pieces = cut_at_tags(text.replace(tag, "", 1))
    return "".join(piece for turn, piece in enumerate(pieces) if not turn % 2 or piece.startswith("{{")).strip()


def check(template: bytes, file: str, known: Shape) -> tuple[Finding, ...]:
    """Everything wrong with the template for contexts of this shape, worst first."""
    try:
        word = open_template(template)
        names = {part: place for part, place, _ in text_parts(word)}
        found = [
            finding("W110", ParagraphRef(file, names.get(item.part, item.part)), what=item.told, where=item.remedy)
            for item in dangers(word)
        ]
        found += [finding("W302", ParagraphRef(file), name=address) for _, address in word.left_out]
        if not has_too_many_tags(word):
            found += _looked_over(template, file, known).findings
        return worst_first(tuple(found))
    except NotWordError as error:
        return (finding("W101", ParagraphRef(file), reason=error),)


def without_field(template: bytes, file: str, known: Shape) -> tuple[Finding, ...]:
    """That no tag of a template asks for anything of the data: a finished document, say. Nothing if one does."""
    try:
        shows = _looked_over(template, file, known).asks
    except NotWordError:
        return ()
    return () if shows else (finding("W115", ParagraphRef(file)),)


def faults(word: WordFile) -> tuple[Finding, ...]:
    """The errors that a template has whatever the data are; in much less time, for filling in asks before it begins."""
    return tuple(item for item in _Look(word, "", None).findings if item.severity == "error")


def where(template: bytes, file: str, reason: str) -> ParagraphRef:
    """The paragraph that a reason quotes, which filling in gave; the file if none."""
    quoted = re.findall(r"“([^“”]+)”|'([^']+)'", reason)
    texts = [_squeezed(one or other) for one, other in quoted]
    try:
        for paragraph in paragraphs(open_template(template)):
            if any(text in _squeezed(paragraph.text) for text in texts if text):
                return ParagraphRef(file, paragraph.place, paragraph.number)
    except NotWordError:
        pass
    return ParagraphRef(file)


def _squeezed(text: str) -> str:
    return "".join(text.rstrip("…").split())


def lacking(template: bytes, standard: bytes, file: str, known: Shape) -> tuple[Finding, ...]:
    """The fields that the standard template shows and this one does not, each with the paragraph it would follow."""
    try:
        own, other = _looked_over(template, file, known), _looked_over(standard, "", known)
    except NotWordError:
        return ()
    missing = {path: place for path, place in other.used.items() if path not in own.used}
    if len(missing) * 2 > len(other.used):
        named = ", ".join(list(missing)[:_MOST_NAMED])
        return (finding("W301", ParagraphRef(file), count=len(missing), total=len(other.used), names=named),)
    texts, told = {paragraph.text: paragraph for paragraph in own.paragraphs}, []
    for path, at in missing.items():
        if path.partition(".")[0] == _BLOCKS:
            continue  # told as blocks
        if not any(path.startswith((f"{top}.", f"{top}[")) for top in missing):
            above = other.paragraphs[: other.paragraphs.index(at)]
            shared = [texts[item.text] for item in above if item.part == at.part and item.text in texts]
            place, number = (shared[-1].place, shared[-1].number) if shared else (at.place, 0)
            beside = ParagraphRef(file, place, number)
            told.append(finding("W201", beside, name=path, number=at.number, text=_short(at.text)))
    return tuple(told)


def misplaced_blocks(template: bytes, standard: bytes, file: str, about: Mapping[str, str]) -> tuple[Finding, ...]:
    """The blocks that stand twice in a template, and those of the standard one that it leaves out.

    ``about`` says what each is about. Nothing of a template that uses none: it was made of fields.
    """
    try:
        own, other = _block_places(template), _block_places(standard)
    except NotWordError:
        return ()
    told = []
    for name, places in own.items():
        first, *again = places
        for item in again:
            at = ParagraphRef(file, item.place, item.number)
            told.append(finding("W211", at, name=name, about=about.get(name, name), number=first.number))
    if own:
        by_fields = _head_by_fields(template)
        in_table = {name for name, places in other.items() if places[0].row_text is not None}
        missing = (name for name in other if name not in own and not (by_fields and name in in_table))
        told += [finding("W212", ParagraphRef(file), name=name, about=about.get(name, name)) for name in missing]
    return tuple(told)


@lru_cache(maxsize=8)
def _head_by_fields(template: bytes) -> bool:
    """Whether letterhead and signature are made of fields, as in templates that offices made of earlier ones."""
    inside = (item for item in paragraphs(open_template(template)) if item.row_text is not None)
    return any(_HEAD.search(item.text) for item in inside)


@lru_cache(maxsize=8)  # the templates of an office are the same in every run
def _block_places(template: bytes) -> dict[str, list[Paragraph]]:
    """Where each block of a template stands; not to be changed."""
    found: dict[str, list[Paragraph]] = {}
    for paragraph in paragraphs(open_template(template)):
        if name := block_of(paragraph.text):
            found.setdefault(name, []).append(paragraph)
    return found


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…"


class _Look:
    """The findings of a template, and the paths of the fields in use with the first paragraph of each.

    Without a shape only what stands where is looked at, and no tag is read.
    """

    def __init__(self, word: WordFile, file: str, known: Shape | None) -> None:
        self._file, self._known = file, known
        self._plain = Environment(autoescape=True)
        self._problems: dict[str, str | None] = {}
        self._filters = {name: call for name, call in Sandbox(2).filters.items() if not name.startswith("_")}
        self.paragraphs: list[Paragraph] = []
        self.findings: list[Finding] = []
        self.used: dict[str, Paragraph] = {}
        self.asks = False  # whether anything of a context is asked for
        pairs = [pair for source in self._sources(list(paragraphs(word))) for pair in self._look_through(source)]
        if known is not None:
            self._look_at_traces(list(traces(word)), pairs)
            self._look_at_changes(word)

    def _sources(self, everything: list[Paragraph]) -> Iterable[list[Paragraph]]:
        """Looks at every paragraph; goes out what jinja2 sees as one: those of a part, or one property."""
        shown = {tag for paragraph in everything if paragraph.filled for tag in paragraph.tags}
        sources: dict[str, list[Paragraph]] = {}
        stored: set[tuple[str, str]] = set()
        for paragraph in everything:
            if paragraph.stored:
                if (paragraph.part, paragraph.stored) not in stored:
                    self._tell(
                        "W209", paragraph, text=paragraph.text, field=_FIELDS.get(paragraph.stored, "tham chiếu")
                    )
                stored.add((paragraph.part, paragraph.stored))
                continue
            if paragraph.part.startswith("customXml/") and shown.issuperset(paragraph.tags):
                continue  # of a control whose text is filled in, and no longer bound to this
            self.paragraphs.append(paragraph)
            self._look_at(paragraph)
            if paragraph.filled and paragraph.tags:
                own = paragraph.part if paragraph.part.startswith("word/") else f"{paragraph.part}#{paragraph.number}"
                sources.setdefault(own, []).append(paragraph)
        return sources.values()

    def _tell(self, code: str, at: Paragraph | Trace, **fields: str) -> None:
        place = ParagraphRef(self._file, at.place, at.number)
        told: dict[str, Any] = {
            name: _short(text) if name in {"tag", "text"} else text for name, text in fields.items()
        }
        self.findings.append(finding(code, place, **told))

    def _look_at(self, paragraph: Paragraph) -> None:
        if not paragraph.filled:
            for text in paragraph.tags:
                self._tell("W108", paragraph, tag=text)
            return
        if _STRAY.search("".join(cut_at_tags(paragraph.text)[::2])):
            self._tell("W103", paragraph, text=paragraph.text)
        plain, row = plain_spaces(paragraph.text), plain_spaces(paragraph.row_text or "")
        for tag in tags_of(paragraph):
            around = {"p": plain, "tc": plain, "tr": row}.get(tag.level, "")
            lost = around.replace(tag.text, "", 1).strip() or (paragraph.carries if tag.level else "")
            if tag.level in {"tr", "tc"} and paragraph.row_text is None:
                self._tell("W107", paragraph, tag=tag.text)
            elif lost and tag.level != "r":
                self._tell("W111", paragraph, tag=tag.text, text=lost)
            if tag.spot is not None and tag.spot.torn:
                self._tell("W116", paragraph, tag=tag.text)
            if _ALONE.match(tag.text) and _beside(plain, tag.text):
                self._tell("W118", paragraph, tag=tag.text, text=plain)
        if paragraph.changed and paragraph.tags:
            self._tell("W202", paragraph, text=paragraph.text)

    def _look_at_traces(self, found: list[Trace], pairs: list[tuple[Tag, Tag]]) -> None:
        """What a template carries besides tags, and what stands inside a statement that takes it away or repeats it."""
        spans = [(one.paragraph.part, one.opens, one.paragraph.number, end.paragraph.number) for one, end in pairs]
        comments = [item for item in found if item.kind == "comment"]
        if comments:
            self._tell("W206", comments[0], count=str(len(comments)), text=comments[0].text)
        merged = Counter(item.text for item in found if item.kind == "merge")
        for text, count in merged.items():
            first = next(item for item in found if item.text == text and item.kind == "merge")
            self._tell("W205", first, text=text, count=str(count))
        for item in found:
            around = [opens for part, opens, first, last in spans if part == item.part and first < item.number < last]
            if item.kind in _TRACES:
                self._tell(_TRACES[item.kind], item, text=item.text)
            elif item.kind == "section" and "if" in around:
                self._tell("W208", item, text=item.text)
            elif item.kind == "number" and around.count("for") > 1:
                self._tell("W210", item, text=item.text)

    def _look_at_changes(self, word: WordFile) -> None:
        """Tracked changes outside tags, which are filled in as if accepted."""
        named = {paragraph.part for paragraph in self.paragraphs if paragraph.changed and paragraph.filled}
        names = {part: place for part, place, _ in text_parts(word)}
        left = [names.get(part, part) for part in changed(word) if part not in named]
        self.findings += [finding("W203", ParagraphRef(self._file, place)) for place in left]

    def _look_through(self, source: list[Paragraph]) -> list[tuple[Tag, Tag]]:
        kept, wrong, both, closing = paired(tag for paragraph in source for tag in tags_of(paragraph))
        for code, tag, apart in wrong:
            self._tell(code, tag.paragraph, tag=tag.text, **({"place": apart} if apart else {}))
        if self._known is None:
            return both
        lines = {paragraph.number: "" for paragraph in source}
        for tag in kept:
            if tag.text not in self._problems:
                self._problems[tag.text] = self._problem(tag)
            problem = self._problems[tag.text]
            if problem:
                meant = _meant(filter(None, (respelt(tag.text),)))
                self._tell("W109", tag.paragraph, tag=tag.text, reason=problem, near=meant)
            lines[tag.paragraph.number] += _harmless(tag) if problem else tag.plain
        names = Names(self._known)
        try:
            tree = self._plain.parse("\n".join(lines.values()) + closing)
            self.asks = self.asks or bool(asked_names(tree))
            self._look_into(tree, source, names)
        except (TemplateSyntaxError, RecursionError, ValueError) as error:
            self._tell("W109", source[0], tag=source[0].place, reason=reason(error), near="")
        for path, line in names.used.items():
            self.used.setdefault(path, _at_line(source, line))
        return both

    def _problem(self, tag: Tag) -> str | None:
        """Why a tag must not stand so, or does not parse even if it is ended at once."""
        if re.search(r"^\{[{%]-|-[%}]\}$", tag.text):
            return "không dùng dấu “-” ở hai đầu thẻ"
        if tag.level and tag.text.startswith("{{"):
            return f"không dùng {{{{{tag.level} …}}}}"
        if tag.level and re.search(r"[%}]", tag.text[2:-2]):
            return "thẻ có p, tr, tc không được chứa dấu % hoặc }"
        if tag.word.startswith("end") or tag.word == "else":
            return None  # says nothing itself
        begun = tag.plain.replace("elif", "if", 1) if tag.word == "elif" else tag.plain
        opens = "if" if tag.word == "elif" else tag.opens
        try:
            self._plain.parse(begun + (f"{{% end{opens} %}}" if opens else ""))
        except (TemplateSyntaxError, RecursionError, ValueError) as error:
            return reason(error)
        return None

    def _look_into(self, tree: nodes.Template, source: list[Paragraph], names: Names) -> None:
        """What is not allowed in a tree, and then the names it asks for."""
        told: set[tuple[str, int]] = set()
        stack: list[nodes.Node] = [tree]
        while stack:
            node = stack.pop()
            stack.extend(node.iter_child_nodes())
            asked = not_allowed(node, self._filters)
            if asked is None or (asked, node.lineno) in told:
                continue
            told.add((asked, node.lineno))
            at = _at_line(source, node.lineno)
            _, is_filter, name = asked.partition("bộ lọc |")
            if is_filter:
                typed = (*meant_by_telex(name, self._filters), *closest(name, self._filters, most=2))
                meant = _meant(tuple(dict.fromkeys(typed))[:2])
                self._tell("W112", at, name=asked, text=at.text, near=meant)
            else:
                self._tell("W113", at, name=asked, text=at.text)
        names.look(tree)
        for (name, line), near in islice(names.unknown.items(), _MOST_UNKNOWN):
            at = _at_line(source, line)
            if all(not asked.endswith(name.rpartition(".")[2]) for asked, _ in told):
                self._tell("W102", at, name=name, text=at.text, near=_meant(near))


@lru_cache(8)
def _looked_over(template: bytes, file: str, known: Shape) -> _Look:
    """The same template is looked over once, the standard one above all."""
    return _Look(open_template(template), file, known)


def _at_line(source: list[Paragraph], line: int) -> Paragraph:
    return source[min(line, len(source)) - 1]


def _meant(near: Iterable[str]) -> str:
    """The question what was meant, as the beginning of a remedy."""
    named = " hay ".join(f"“{item}”" for item in near)
    return f"Có phải là {named}? " if named else ""
