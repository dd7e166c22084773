"""The headings of a text: its paragraphs come in, which level of heading each is, or that it is text, goes out.

The levels are those of Nghị định 30/2020, Phụ lục I, phần I mục II khoản 6; a heading is known by its number and by how
it looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto

from cchc_xl.office.word.decree.document import Paragraph
from cchc_xl.office.word.decree.pieces import bare, lettered, whole

LONGEST = 200  # letters of a heading or title
ENACTING = re.compile(r"quyet dinh|quyet nghi|nghi quyet|chi thi")  # the line before the articles, in bare text
_ENDED = re.compile(r"[.;:,/…]\s*$")
_PART = re.compile(r"\s*(?:phần|chương)\s+(?:[IVXLC]+|\d+|thứ\s+\w+)\b", re.IGNORECASE)
_GROUP = re.compile(r"\s*(?:mục|tiểu mục)\s+[IVXLC\d]+\b", re.IGNORECASE)
_LABEL_ONLY = re.compile(r"\s*(?:phần|chương|mục|tiểu mục)\s+(?:\w+|thứ\s+\w+)\s*+[.:]?\s*", re.IGNORECASE)
ARTICLE = re.compile(r"(\s*Điều\s+\d+)\s*[.:]")
_ROMAN = re.compile(r"\s*[IVXLC]+\s*(?:[.)]|[/\-]\s)\s*\S")
_NUMBERED = re.compile(r"\s*\d+\s*[.)/]\s*(?!\d)\S")
_LOWER = re.compile(r"\s*(?:\d+\.\d+(?:\.\d+)*\.?|[a-zđ][.)])\s*\S")
DASH = ("-", "–", "—", "+", "•")
_CAPTION = re.compile(r"(?:bang|bieu|bieu do|hinh|do thi|so do)(?: so)? \d+")
_NOTE = re.compile(r"(?:ghi chu|nguon|don vi tinh|dvt|chu thich|luu y bang)\b")


class Role(Enum):
    """What a paragraph of the text is."""

    PART = auto()  # Phần I, Chương I
    PART_TITLE = auto()
    CENTRED = auto()  # QUYẾT ĐỊNH:
    GROUP = auto()  # Mục 1
    GROUP_TITLE = auto()
    ARTICLE = auto()  # Điều 1.
    ROMAN = auto()  # I.
    NUMBERED = auto()  # 1.
    MAYBE = auto()  # numbered and unfinished, but not bold: a heading or an item
    LOWER = auto()  # 1.1., a)
    UNNUMBERED = auto()
    TEXT = auto()
    OTHER = auto()  # captions, notes


_TITLES = {Role.PART: Role.PART_TITLE, Role.GROUP: Role.GROUP_TITLE}
_HIGH = ((_PART.match, Role.PART), (_GROUP.match, Role.GROUP), (_ROMAN.match, Role.ROMAN))
_LABELS = (_PART.match, _GROUP.match, _ROMAN.match, ARTICLE.match, _NUMBERED.match, _LOWER.match)


def roles(paragraphs: Sequence[Paragraph]) -> Iterator[Role]:
    """The role of each paragraph, in order."""
    before = Role.OTHER
    for paragraph in paragraphs:
        role = _role(paragraph, before)
        yield role
        # "Chương I" asks for a title in the next paragraph, "Chương I. QUY ĐỊNH CHUNG" has it.
        before = role if _LABEL_ONLY.fullmatch(paragraph.text) else Role.OTHER


def _role(paragraph: Paragraph, before: Role) -> Role:
    piece = whole(paragraph)
    label = "" if paragraph.layout.label == "-" else paragraph.layout.label
    text = f"{label} {piece.text}".strip()
    short, ended = len(text) < LONGEST, bool(_ENDED.search(text))
    if not lettered(paragraph.runs) or _is_aside(paragraph, piece.key):
        return Role.OTHER
    if before in _TITLES and short and (piece.is_centred or piece.is_upper or piece.is_bold):
        return _TITLES[before]
    heading = short and (not ended or piece.is_bold)
    numbered = next((role for starts, role in _HIGH if starts(text)), None)
    if numbered is not None and heading:
        return numbered
    if ARTICLE.match(text):
        return Role.ARTICLE
    if short and piece.is_upper and piece.is_centred:
        return Role.CENTRED if ENACTING.fullmatch(piece.key) else Role.OTHER
    if not heading or text.endswith((";", ",")):
        return Role.TEXT
    if _NUMBERED.match(text):
        return Role.NUMBERED if any(run.form.bold for run in paragraph.runs) else Role.MAYBE
    if _LOWER.match(text):
        return Role.LOWER
    plain = text.endswith(".") or text.startswith(DASH) or paragraph.layout.label or not piece.is_bold
    return Role.TEXT if plain else Role.UNNUMBERED


def is_labelled(text: str) -> bool:
    """Whether a text begins with what numbers a heading or an item, of whatever level.

    >>> [is_labelled(text) for text in ("I/ TÌNH HÌNH", "Điều 1. Phạm vi", "a) Về thể chế", "V/v gửi báo cáo")]
    [True, True, True, False]
    """
    return any(starts(text) for starts in _LABELS)


def _is_aside(paragraph: Paragraph, key: str) -> bool:
    """Captions, notes, and lines of a list of contents, which Word's own styles mark."""
    if _CAPTION.match(key) or _NOTE.match(key) or bare(paragraph.layout.style_name).startswith("toc"):
        return True
    return paragraph.text.strip().startswith("(") and paragraph.layout.align in {"center", "right"}
