"""The tags of a part as statements that open and close: tags come in, what does not pair goes out, and a whole source.

docxtpl writes a level into a statement: ``{%p if x %}`` rules paragraphs, ``{%tr …`` table rows, ``{%tc …`` cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

_STATEMENT = re.compile(r"^\{%[-+]?(?P<level>tr|tc|p|r)?\s+(?P<word>\w+)(?P<rest>.*?)[-+]?%\}$", re.DOTALL)
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
