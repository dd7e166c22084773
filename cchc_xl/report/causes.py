"""What units wrote as reason, sorted: free text comes in; objective and subjective causes and proposals go out.

The text itself must say which is which ("Khách quan: …; Chủ quan: …"); nothing is guessed and no word is changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Side = Literal["objective", "subjective", "unmarked", "proposal"]

_CLAUSE = re.compile(
    r"(?<=[.;\n])\s+|\n+|(?<=,)\s+(?=(?:nguyên nhân\s+)?(?:khách quan|chủ quan)\s*(?::|là do))", re.IGNORECASE
)
# A heading opens a clause and rules those after it; elsewhere in a clause the word speaks for that clause alone.
_HEADING = re.compile(
    r"^[-+•\s]*(?:lý do:?\s+)?(?:(?:về\s+)?(?:các\s+)?nguyên nhân\s+)?(?P<side>khách quan|chủ quan)"
    r"\s*(?:(?P<verb>là do|là|do)(?=\s)|[:\-–])\s*",
    re.IGNORECASE,
)
_SIDES: dict[str, Side] = {"khách quan": "objective", "chủ quan": "subjective"}
_WORD = re.compile(r"\b(?:khách quan|chủ quan)\b", re.IGNORECASE)
_PROPOSAL = re.compile(r"(?<!phản ánh, )(?<!phản ánh )(?<!khiếu nại, )\b(?:kiến nghị|đề nghị)\b", re.IGNORECASE)
_TITLE = re.compile(r"[-+•\s]*(?:kiến nghị|đề nghị)\s*:\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a reason, and which side it belongs to."""

    side: Side
    text: str


def split(text: str) -> tuple[Part, ...]:
    """The pieces of one reason, in their order.

    >>> [(part.side, part.text) for part in split("Khách quan: dân chưa quen; Chủ quan: chậm tuyên truyền")]
    [('objective', 'dân chưa quen'), ('subjective', 'chậm tuyên truyền')]
    >>> [(part.side, part.text) for part in split("Thiếu người. Đề nghị bổ sung biên chế.")]
    [('unmarked', 'Thiếu người.'), ('proposal', 'Đề nghị bổ sung biên chế.')]
    """
    parts: list[Part] = []
    standing: Side = "unmarked"
    for clause in _CLAUSE.split(text.strip()):
        if not clause.strip():
            continue
        heading = _HEADING.match(clause)
        if heading:
            standing = _SIDES[heading["side"].casefold()]
        side = standing if heading else _side(clause, standing)
        title = heading or (_TITLE.match(clause) if side == "proposal" else None)
        body = clause[title.end() :] if title else clause
        if body.strip():
            _append(parts, Part(side, body.strip()))
    return tuple(Part(part.side, part.text.rstrip(" ;,")) for part in parts)


def _side(clause: str, standing: Side) -> Side:
    if _PROPOSAL.search(clause):
        return "proposal"
    word = _WORD.search(clause)
    return _SIDES[word[0].casefold()] if word else standing


def _append(parts: list[Part], part: Part) -> None:
    if parts and parts[-1].side == part.side:
        parts[-1] = Part(part.side, f"{parts[-1].text} {part.text}")
    else:
        parts.append(part)
