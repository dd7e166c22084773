"""The lines an office draws under a text: a document and the text come in, the line's length goes out.

Lengths are in twentieths of a point. Word has no line of its own for this, so every way in use counts: a paragraph
border, a drawn object, underlined letters, a row of dashes.
"""

from __future__ import annotations

import re

from cchc_xl.report.decree.document import Document, Paragraph
from cchc_xl.report.decree.pieces import Piece

_DASHES = frozenset("_-—–─=*")
_MILLIMETRE = 1440 / 25.4
_FOLLOWING = 2  # paragraphs after a text among which its line is looked for


def line_under(document: Document, piece: Piece) -> float | None:
    """The length of the line under a text; 0.0 if it cannot be measured, None if there is no line."""
    own = piece.paragraph
    if own.layout.ruled or any(run.form.underlined for run in piece.runs):
        return 0.0
    near = _near(document, own)
    for paragraph in near:
        if paragraph.layout.ruled and not paragraph.text.strip():
            return max(0.0, _room(document, paragraph) - paragraph.layout.left - paragraph.layout.right)
        if any(_is_dashes(line) for line in re.split(r"[\n\t]", paragraph.text)):
            return 0.0
    drawn = [width for paragraph in (own, *near, *_same_cell(document, own)) for width in paragraph.drawn]
    return drawn[0] if len(set(drawn)) == 1 and own.cell else (0.0 if drawn else None)


def _is_dashes(line: str) -> bool:
    letters = "".join(line.split())
    return len(letters) >= 3 and set(letters) <= _DASHES


def _near(document: Document, own: Paragraph) -> list[Paragraph]:
    after = document.paragraphs[own.number : own.number + _FOLLOWING]
    return [paragraph for paragraph in after if paragraph.cell == own.cell or own.cell is None]


def _same_cell(document: Document, own: Paragraph) -> list[Paragraph]:
    """Where a drawn line can be anchored: the cell, or the paragraphs around a text outside tables."""
    if own.cell is not None:
        return [paragraph for paragraph in document.paragraphs if paragraph.cell == own.cell]
    return list(document.paragraphs[max(0, own.number - 4) : own.number + 4])


def _room(document: Document, paragraph: Paragraph) -> float:
    if paragraph.cell is not None:
        return paragraph.cell.width
    section = document.sections[min(paragraph.section, len(document.sections) - 1)]
    if section.columns > 1:
        return 0.0
    return (section.width - section.left - section.right) * _MILLIMETRE
