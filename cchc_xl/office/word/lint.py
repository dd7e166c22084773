"""A look over a Word template before it is used: its bytes and contexts come in, findings by paragraph go out.

What it finds is what filling in would stumble over, or would quietly do otherwise than its author meant.

docxtpl writes a level into a statement: ``{%p if x %}`` rules paragraphs, ``{%tr …`` table rows, ``{%tc …`` cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from jinja2 import Environment, TemplateSyntaxError, nodes

from cchc_xl.office.word.file import (
    NotWordError,
    Paragraph,
    WordFile,
    cut_at_tags,
    dangers,
    open_word,
    paragraphs,
    plain_spaces,
)
from cchc_xl.office.word.names import Names, Shape, shape
from cchc_xl.office.word.sandbox import Sandbox, not_allowed
from cchc_xl.records import Finding, ParagraphRef
from cchc_xl.text.catalogue import finding, worst_first
from cchc_xl.text.words import closest

_STATEMENT = re.compile(r"^\{%[-+]?(?P<level>tr|tc|p|r)?\s++(?P<word>\w++)(?P<rest>.*?)[-+]?%\}$", re.DOTALL)
_LEVEL = re.compile(r"^(\{[{%#][-+]?)(?:tr|tc|p|r)(?=\s)")
_OPENERS = frozenset(("for", "if", "with", "filter", "macro", "call", "block", "autoescape", "raw"))
_MIDDLES = {"else": ("if", "for"), "elif": ("if",)}
_MERGES = frozenset(("vm", "hm"))
_VALUES = frozenset(("colspan", "cellbg"))

Fault = Literal["open", "close", "level"]


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag and the index of its paragraph."""

    text: str
    line: int

    @property
    def level(self) -> str:
        """``p``, ``tr``, ``tc``, ``r`` or '' for a tag inside a text."""
        found = _LEVEL.match(self.text)
        return found[0].lstrip("{%#-+").strip() if found else ""

    @property
    def plain(self) -> str:
        """The tag as jinja2 reads it."""
        text = _LEVEL.sub(r"\1", self.text).replace("\n", " ")
        word = self.word
        if word in _MERGES:
            return ""
        if word in _VALUES:
            return "{{" + re.sub(rf"^\{{%\s*{word}|%\}}$", "", text) + "}}"
        return text

    @property
    def word(self) -> str:
        """The statement's first word; '' for a value or a remark."""
        found = _STATEMENT.match(self.text)
        return found["word"] if found else ""

    @property
    def opens(self) -> str:
        """The word of the statement that it opens, or ''."""
        found = _STATEMENT.match(self.text)
        if found and found["word"] == "set" and "=" not in found["rest"]:
            return "set"
        return self.word if self.word in _OPENERS else ""


@dataclass(slots=True)
class Paired:
    """The tags with what does not pair taken out or closed."""

    kept: list[Tag] = field(default_factory=list)
    faults: list[tuple[Fault, Tag]] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)


def paired(tags: list[Tag]) -> Paired:
    """Which statements have no end, which ends have no statement, which end on another level than they began.

    >>> [(fault, tag.text) for fault, tag in paired([Tag("{%p if a %}", 0), Tag("{% endif %}", 1)]).faults]
    [('level', '{% endif %}')]
    """
    out = Paired()
    stack: list[Tag] = []
    for tag in tags:
        word = tag.word
        if word.startswith("end"):
            if not stack or stack[-1].opens != word[3:]:
                out.faults.append(("close", tag))
                continue
            if stack.pop().level != tag.level:
                out.faults.append(("level", tag))
        elif word in _MIDDLES:
            if not stack or stack[-1].opens not in _MIDDLES[word]:
                out.faults.append(("close", tag))
                continue
            if stack[-1].level != tag.level:
                out.faults.append(("level", tag))
        elif tag.opens:
            stack.append(tag)
        out.kept.append(tag)
    out.faults += [("open", tag) for tag in stack]
    out.closing = [f"{{% end{tag.opens} %}}" for tag in reversed(stack)]
    return out


def alone(tag: Tag) -> str | None:
    """A source that holds this tag alone and must parse; None for an end or a middle that says nothing itself."""
    if tag.word.startswith("end") or tag.word == "else":
        return None
    if tag.word == "elif":
        return tag.plain.replace("elif", "if", 1) + "{% endif %}"
    return tag.plain + (f"{{% end{tag.opens} %}}" if tag.opens else "")


def harmless(tag: Tag) -> str:
    """What may stand in the place of a tag that does not parse, so that the rest can be looked at."""
    if tag.word in ("elif", "if"):
        return f"{{% {tag.word} true %}}"
    if tag.opens == "for":
        return "{% for ignored in () %}"
    return {"with": "{% with %}", "set": "{% set ignored %}", "filter": "{% filter upper %}"}.get(tag.opens, "")


Context = dict[str, Any]

_STRAY = re.compile(r"\{[{%#]|[}%#]\}|\{\s+[{%]|[%}]\s+\}|[｛｝]")
_QUOTED = 60
_MOST_NAMED, _MOST_UNKNOWN = 12, 200
_FAULTS = {"open": "W104", "close": "W105", "level": "W106"}


def check(template: bytes, file: str, contexts: Iterable[Context]) -> tuple[Finding, ...]:
    """Everything wrong with the template for these contexts, worst first."""
    try:
        word = open_word(template)
        return worst_first(tuple(_Look(word, file, shape(contexts)).findings()))
    except NotWordError as error:
        return (finding("W101", ParagraphRef(file), reason=error),)


def lacking(template: bytes, standard: bytes, file: str, contexts: Iterable[Context]) -> tuple[Finding, ...]:
    """The fields that the standard template shows and this one does not, each with the paragraph it would follow."""
    known = shape(contexts)
    try:
        own, other = _Look(open_word(template), file, known), _Look(open_word(standard), "", known)
    except NotWordError:
        return ()
    used, wanted = own.used(), other.used()
    missing = {path: place for path, place in wanted.items() if path not in used}
    if len(missing) * 2 > len(wanted):
        named = ", ".join(list(missing)[:_MOST_NAMED])
        return (finding("W301", ParagraphRef(file), count=len(missing), total=len(wanted), names=named),)
    missing = {path: place for path, place in missing.items() if not any(_inside(path, top) for top in missing)}
    texts = {paragraph.text: paragraph for paragraph in own.paragraphs}
    return tuple(_lacking(path, paragraph, other.paragraphs, texts, file) for path, paragraph in missing.items())


def _inside(path: str, top: str) -> bool:
    return path.startswith((f"{top}.", f"{top}["))


def _lacking(path: str, at: Paragraph, order: list[Paragraph], own: dict[str, Paragraph], file: str) -> Finding:
    before = [item for item in order[: order.index(at)] if item.part == at.part and item.text in own]
    after = own[before[-1].text] if before else None
    place = ParagraphRef(file, after.place if after else at.place, after.number if after else 0)
    return finding("W201", place, name=path, number=at.number, text=_short(at.text))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…"


@dataclass(slots=True)
class _Scope:
    """What jinja2 sees as one source: a part, or one property."""

    paragraphs: list[Paragraph]
    tree: nodes.Template | None = None


class _Look:
    def __init__(self, word: WordFile, file: str, known: Shape) -> None:
        self.word, self.file, self.known = word, file, known
        self.paragraphs = list(paragraphs(word))
        self._plain = Environment(autoescape=True)
        self._filters = {name: call for name, call in Sandbox(2).filters.items() if not name.startswith("_")}

    def findings(self) -> Iterator[Finding]:
        for part, told in dangers(self.word):
            yield finding("W110", ParagraphRef(self.file, part), what=told)
        for paragraph in self.paragraphs:
            yield from self._of_paragraph(paragraph)
        for scope in self._scopes():
            yield from self._of_scope(scope)
        yield from self._tracked()

    def used(self) -> dict[str, Paragraph]:
        """The paths of the fields in use and the first paragraph of each."""
        told: dict[str, Paragraph] = {}
        for scope in self._scopes():
            list(self._of_scope(scope))
            if scope.tree is not None:
                names = Names(self.known)
                with suppress(RecursionError):  # told as a slip of its own
                    names.look(scope.tree)
                for path, line in names.used.items():
                    told.setdefault(path, self._at_line(scope, line))
        return told

    def _scopes(self) -> Iterator[_Scope]:
        parts: dict[str, list[Paragraph]] = {}
        for paragraph in self.paragraphs:
            if paragraph.filled and paragraph.tags:
                own = paragraph.part if paragraph.part.startswith("word/") else f"{paragraph.part}#{paragraph.number}"
                parts.setdefault(own, []).append(paragraph)
        yield from map(_Scope, parts.values())

    def _at(self, paragraph: Paragraph) -> ParagraphRef:
        return ParagraphRef(self.file, paragraph.place, paragraph.number)

    def _of_paragraph(self, paragraph: Paragraph) -> Iterator[Finding]:
        at, text = self._at(paragraph), paragraph.text
        tags = [Tag(plain_spaces(tag), 0) for tag in paragraph.tags]
        if not paragraph.filled:
            yield from (finding("W108", at, tag=_short(text)) for text in paragraph.tags)
            return
        stray = _STRAY.search("".join(cut_at_tags(text)[::2]))
        if stray:
            yield finding("W103", at, text=_short(text))
        plain = plain_spaces(text)
        for tag in tags:
            around = {"p": plain, "tc": plain, "tr": plain_spaces(paragraph.row_text)}.get(tag.level, "")
            lost = around.replace(tag.text, "", 1).strip() or (paragraph.carries if tag.level else "")
            if tag.level in ("tr", "tc") and not paragraph.in_row:
                yield finding("W107", at, tag=_short(tag.text))
            elif lost and tag.level != "r":
                yield finding("W111", at, tag=_short(tag.text), text=_short(lost))
        if paragraph.changed and tags:
            yield finding("W202", at, text=_short(text))

    def _of_scope(self, scope: _Scope) -> Iterator[Finding]:
        tags = [
            Tag(plain_spaces(text), line) for line, paragraph in enumerate(scope.paragraphs) for text in paragraph.tags
        ]
        outcome = paired(tags)
        for fault, tag in outcome.faults:
            yield finding(_FAULTS[fault], self._at(scope.paragraphs[tag.line]), tag=_short(tag.text))
        lines = [""] * len(scope.paragraphs)
        for tag in outcome.kept:
            problem = self._problem(tag)
            if problem:
                yield finding("W109", self._at(scope.paragraphs[tag.line]), tag=_short(tag.text), reason=problem)
            lines[tag.line] += harmless(tag) if problem else tag.plain
        lines[-1] += "".join(outcome.closing)
        try:
            scope.tree = self._plain.parse("\n".join(lines))
            yield from self._of_tree(scope)
        except (TemplateSyntaxError, RecursionError) as error:
            yield finding("W109", self._at(scope.paragraphs[0]), tag=scope.paragraphs[0].place, reason=_reason(error))

    def _problem(self, tag: Tag) -> str | None:
        if re.search(r"^\{[{%]-|-[%}]\}$", tag.text):
            return "không dùng dấu “-” ở hai đầu thẻ"
        if tag.level and tag.text.startswith("{{"):
            return f"không dùng {{{{{tag.level} …}}}}"
        if tag.level and re.search(r"[%}]", tag.text[2:-2]):
            return "thẻ có p, tr, tc không được chứa dấu % hoặc }"
        source = alone(tag)
        try:
            if source is not None:
                self._plain.parse(source)
        except TemplateSyntaxError as error:
            return str(error.message)
        except RecursionError as error:
            return _reason(error)
        return None

    def _of_tree(self, scope: _Scope) -> Iterator[Finding]:
        tree = scope.tree
        if tree is None:
            return
        told: set[tuple[str, int]] = set()
        stack: list[nodes.Node] = [tree]
        while stack:
            node = stack.pop()
            stack.extend(node.iter_child_nodes())
            asked = not_allowed(node, self._filters)
            if asked is None or (asked, node.lineno) in told:
                continue
            told.add((asked, node.lineno))
            paragraph = self._at_line(scope, node.lineno)
            if asked.startswith("bộ lọc |"):
                near = closest(asked.rpartition("|")[2], self._filters, most=2)
                meant = _meant(near)
                yield finding("W112", self._at(paragraph), name=asked, text=_short(paragraph.text), near=meant)
            else:
                yield finding("W113", self._at(paragraph), name=asked, text=_short(paragraph.text))
        names = Names(self.known)
        names.look(tree)
        for unknown in names.unknown[:_MOST_UNKNOWN]:
            paragraph = self._at_line(scope, unknown.line)
            if all(not asked.endswith(unknown.name.rpartition(".")[2]) for asked, _ in told):
                meant = _meant(unknown.near)
                yield finding("W102", self._at(paragraph), name=unknown.name, text=_short(paragraph.text), near=meant)

    def _at_line(self, scope: _Scope, line: int) -> Paragraph:
        return scope.paragraphs[min(line, len(scope.paragraphs)) - 1]

    def _tracked(self) -> Iterator[Finding]:
        """Tracked changes outside tags: filled in as if accepted."""
        named = {paragraph.part for paragraph in self.paragraphs if paragraph.changed and paragraph.filled}
        for name, content in self.word.parts.items():
            if name.startswith("word/") and (b"<w:ins " in content or b"<w:del " in content) and name not in named:
                yield finding("W203", ParagraphRef(self.file, name))


def _reason(error: Exception) -> str:
    return "lồng quá sâu" if isinstance(error, RecursionError) else str(error)


def _meant(near: Iterable[str]) -> str:
    """The question what was meant, as the beginning of a remedy."""
    named = " hay ".join(f"“{item}”" for item in near)
    return f"Có phải là {named}? " if named else ""
