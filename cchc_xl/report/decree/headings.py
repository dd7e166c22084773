"""Which paragraphs of a text are headings: paragraphs come in, the role of each goes out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto

from cchc_xl.report.decree.document import Paragraph
from cchc_xl.report.decree.pieces import bare, whole

_SHORT = 200  # letters that a heading may have
_ENDED = re.compile(r"[.;:,/…]\s*$")
_PART = re.compile(r"\s*(?:phần|chương)\s+(?:[IVXLC]+|\d+|thứ\s+\w+)\b", re.IGNORECASE)
_GROUP = re.compile(r"\s*(?:mục|tiểu mục)\s+[IVXLC\d]+\b", re.IGNORECASE)
_LABEL_ONLY = re.compile(r"\s*(?:phần|chương|mục|tiểu mục)\s+(?:\w+|thứ\s+\w+)\s*[.:]?\s*", re.IGNORECASE)
_ARTICLE = re.compile(r"\s*Điều\s+\d+\s*[.:]")
_ROMAN = re.compile(r"\s*[IVXLC]+\s*(?:[.)]|[/\-]\s)\s*\S")
_NUMBERED = re.compile(r"\s*\d+\s*[.)/]\s*(?!\d)\S")
_LOWER = re.compile(r"\s*(?:\d+\.\d+(?:\.\d+)*\.?|[a-zđ]\))\s*\S")
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


def roles(paragraphs: tuple[Paragraph, ...]) -> Iterator[Role]:
    """The role of each paragraph, in order."""
    before = Role.OTHER
    for paragraph in paragraphs:
        role = _role(paragraph, before)
        yield role
        # "Chương I" asks for a title in the next paragraph, "Chương I. QUY ĐỊNH CHUNG" has it.
        before = role if _LABEL_ONLY.fullmatch(paragraph.text) else Role.OTHER


def _role(paragraph: Paragraph, before: Role) -> Role:
    piece = whole(paragraph)
    label = "" if paragraph.label == "-" else paragraph.label
    text = f"{label} {piece.text}".strip()
    short, ended = len(text) < _SHORT, bool(_ENDED.search(text))
    if not any(letter.isalnum() for letter in text) or _is_aside(paragraph, piece.key):
        return Role.OTHER
    titled = {Role.PART: Role.PART_TITLE, Role.GROUP: Role.GROUP_TITLE}.get(before)
    if titled is not None and short and (piece.is_centred or piece.is_upper or piece.is_bold):
        return titled
    patterns = ((_PART, Role.PART), (_GROUP, Role.GROUP), (_ROMAN, Role.ROMAN))
    numbered = next((role for pattern, role in patterns if pattern.match(text)), None)
    if numbered is not None and short and (not ended or piece.is_bold):
        return numbered
    if _ARTICLE.match(text):
        return Role.ARTICLE
    if short and piece.is_upper and piece.is_centred:
        return Role.CENTRED
    title = short and not text.endswith((";", ",")) and (not ended or piece.is_bold)
    if title and _NUMBERED.match(text):
        some_bold = any(run.form.bold for run in paragraph.runs)
        return Role.NUMBERED if some_bold else Role.MAYBE
    if title and _LOWER.match(text):
        return Role.LOWER
    if (
        title
        and not text.endswith(".")
        and piece.is_bold
        and not text.startswith(("-", "–", "+"))
        and not paragraph.label
    ):
        return Role.UNNUMBERED
    return Role.TEXT


def _is_aside(paragraph: Paragraph, key: str) -> bool:
    """Captions, notes, and lines of a list of contents, which Word's own styles mark."""
    if _CAPTION.match(key) or _NOTE.match(key) or bare(paragraph.layout.style_name).startswith("toc"):
        return True
    return paragraph.text.strip().startswith("(") and paragraph.layout.align in {"center", "right"}
