"""Headings, appendices and the end of a document: its lines come in, the role of each goes out.

An appendix ("Phụ lục I") adds to a document; an annex ("QUY CHẾ") is what a decision issues.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import dropwhile, takewhile

from cchc_xl.office.word.decree.document import Paragraph
from cchc_xl.office.word.decree.pieces import (
    ABBREVIATIONS,
    APPENDIX,
    ATTACHED,
    FORM,
    RECIPIENTS,
    SIGNED,
    Piece,
    bare,
    is_national_title,
    is_post,
    lettered,
    pieces,
    whole,
)

_SHORT = 200  # letters that a heading may have
_ENDED = re.compile(r"[.;:,/…]\s*$")
_PART = re.compile(r"\s*(?:phần|chương)\s+(?:[IVXLC]+|\d+|thứ\s+\w+)\b", re.IGNORECASE)
_GROUP = re.compile(r"\s*(?:mục|tiểu mục)\s+[IVXLC\d]+\b", re.IGNORECASE)
_LABEL_ONLY = re.compile(r"\s*(?:phần|chương|mục|tiểu mục)\s+(?:\w+|thứ\s+\w+)\s*+[.:]?\s*", re.IGNORECASE)
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


_TITLES = {Role.PART: Role.PART_TITLE, Role.GROUP: Role.GROUP_TITLE}
_HIGH = ((_PART.match, Role.PART), (_GROUP.match, Role.GROUP), (_ROMAN.match, Role.ROMAN))


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
    if not lettered(paragraph.runs) or _is_aside(paragraph, piece.key):
        return Role.OTHER
    if before in _TITLES and short and (piece.is_centred or piece.is_upper or piece.is_bold):
        return _TITLES[before]
    heading = short and (not ended or piece.is_bold)
    numbered = next((role for starts, role in _HIGH if starts(text)), None)
    if numbered is not None and heading:
        return numbered
    if _ARTICLE.match(text):
        return Role.ARTICLE
    if short and piece.is_upper and piece.is_centred:
        return Role.CENTRED
    if not heading or text.endswith((";", ",")):
        return Role.TEXT
    if _NUMBERED.match(text):
        return Role.NUMBERED if any(run.form.bold for run in paragraph.runs) else Role.MAYBE
    if _LOWER.match(text):
        return Role.LOWER
    plain = text.endswith(".") or text.startswith(("-", "–", "+")) or paragraph.label or not piece.is_bold
    return Role.TEXT if plain else Role.UNNUMBERED


def _is_aside(paragraph: Paragraph, key: str) -> bool:
    """Captions, notes, and lines of a list of contents, which Word's own styles mark."""
    if _CAPTION.match(key) or _NOTE.match(key) or bare(paragraph.layout.style_name).startswith("toc"):
        return True
    return paragraph.text.strip().startswith("(") and paragraph.layout.align in {"center", "right"}


_APPENDIX_WITH_TITLE = re.compile(r"phu luc(?: so)? (?:[ivxlcdm]+|\d+) .+")
_NUMBERED_APPENDIX = re.compile(r"phụ lục(?:\s+số)?\s+(\w+)", re.IGNORECASE)
_NO_TITLE = re.compile(r"(?:bang|bieu|bieu do|hinh|don vi tinh|ghi chu)\b")


@dataclass(frozen=True, slots=True)
class Appendix:
    """An appendix or annex: its number as typed, the lines of its title, and those that say what it belongs to."""

    heading: Piece
    number: str
    title: tuple[Piece, ...]
    attached: tuple[Piece, ...]
    last: int  # the number of the last of these paragraphs
    place: int = 0  # among several appendices, from 1; 0 for the only one and for an annex

    @property
    def in_one_line(self) -> bool:
        """Whether the title stands in the line of the number."""
        return bool(_APPENDIX_WITH_TITLE.fullmatch(self.heading.key))


def starts_appendix(piece: Piece) -> bool:
    """Whether a line is the number of an appendix, with or without the title behind it."""
    if piece.paragraph.cell is not None:
        return False
    if APPENDIX.fullmatch(piece.key):
        return piece.alone
    return bool(_APPENDIX_WITH_TITLE.fullmatch(piece.key)) and piece.is_centred and piece.is_bold


def appendix(heading: Piece, texts: list[Paragraph], start: int, place: int = 0) -> Appendix:
    """The appendix whose heading is followed by the texts from ``start`` on."""
    beside = [piece for piece in pieces(heading.paragraph) if piece.text != heading.text]
    attached = [piece for piece in beside if ATTACHED.match(piece.key)]
    title = [piece for piece in beside if piece not in attached]
    last, in_one_line = heading.paragraph.number, _APPENDIX_WITH_TITLE.fullmatch(heading.key)
    for following in range(start, len(texts)):  # a slice for each of thousands of appendices would take minutes
        paragraph = texts[following]
        piece = next(pieces(paragraph))
        if paragraph.cell is not None or attached or starts_appendix(piece) or _NO_TITLE.match(piece.key):
            break
        if ATTACHED.match(piece.key):
            attached += pieces(paragraph)
        elif (not title and not in_one_line) or (piece.is_centred and (piece.is_upper or piece.is_bold)):
            title += pieces(paragraph)
        else:
            break
        last = paragraph.number
    match = _NUMBERED_APPENDIX.match(heading.text)
    return Appendix(heading, match[1] if match else "", tuple(title), tuple(attached), last, place)


def find_annex(lines: list[Piece]) -> Piece | None:
    """The name of what a decision issues, after the recipients: "QUY CHẾ", "QUY ĐỊNH", "KẾ HOẠCH"."""
    after = dropwhile(lambda piece: not RECIPIENTS.match(piece.key), lines)
    # Behind another national title is a form to be filled in, or another document.
    for piece in takewhile(lambda piece: not is_national_title(piece.key), after):
        if piece.key in ABBREVIATIONS and piece.paragraph.cell is None and (piece.is_upper or piece.is_centred):
            return piece
    return None


def annex_body(following: list[Paragraph], annex: Appendix) -> tuple[Paragraph, ...]:
    """The text of an annex, up to what has a form of its own."""
    body = []
    for paragraph in following:
        piece = next(pieces(paragraph))
        if starts_appendix(piece) or FORM.fullmatch(piece.key) or is_national_title(piece.key):
            break
        if paragraph.number > annex.last and paragraph.cell is None and not paragraph.in_box:
            body.append(paragraph)
    return tuple(body)


_NEAR = 12  # lines before "Nơi nhận" among which a signature may stand
_DASH = ("-", "–", "—", "+", "•")
_ITEM_ENDED = re.compile(r"[.;:,/]\s*$")


@dataclass(frozen=True, slots=True)
class Closing:
    """The signature block: ``first`` is the number of its first paragraph, 0 if there is none."""

    label: Piece | None = None
    recipients: tuple[Piece, ...] = ()
    posts: tuple[Piece, ...] = ()
    signer: Piece | None = None
    first: int = 0

    @property
    def start(self) -> Piece | None:
        """Its first component, if any."""
        return self.label or next(iter(self.posts), None)


def find_closing(lines: list[Piece], first_appendix: int) -> Closing:
    """The closing among the lines after the title; first of all where "Nơi nhận" stands."""
    label = next((piece for piece in lines if RECIPIENTS.match(piece.key) and len(piece.text) < 40), None)
    if label is None:
        return _without_recipients([piece for piece in lines if piece.paragraph.number < first_appendix])
    cell, number = label.paragraph.cell, label.paragraph.number
    if cell is not None:
        table = [piece for piece in lines if piece.paragraph.cell and piece.paragraph.cell.table == cell.table]
        own = [piece for piece in table if piece.paragraph.cell == cell and piece.paragraph.number >= number]
        recipients = [piece for piece in own if piece is not label]
        beside = [piece for piece in table if piece.paragraph.cell != cell]
        if any(is_post(piece.key) or piece.is_upper for piece in beside):
            return _closing(label, recipients, beside, table)
        near = _near(lines, table[0], first_appendix)
        return _closing(label, recipients, near, [*near, *table])
    end = _end(label, first_appendix)
    outside = [piece for piece in lines if piece is not label and piece.paragraph.cell is None]
    after = [piece for piece in outside if number <= piece.paragraph.number < end]
    recipients = [piece for piece in after if _is_recipient(piece)]
    beside = [piece for piece in after if not _is_recipient(piece)]
    if not any(is_post(piece.key) for piece in beside):
        beside = [*_near(lines, label, first_appendix), *beside]
    return _closing(label, recipients, beside, [*beside, label, *recipients])


def _end(label: Piece, first_appendix: int) -> int:
    return first_appendix if first_appendix > label.paragraph.number else label.paragraph.number + 100


def _is_recipient(piece: Piece) -> bool:
    dashed = piece.text.startswith(_DASH) or piece.paragraph.label == "-"
    return dashed or (bool(_ITEM_ENDED.search(piece.text)) and not piece.is_upper and not piece.is_bold)


def _near(lines: list[Piece], mark: Piece, first_appendix: int) -> list[Piece]:
    """The lines just before a mark, or else just after it, that can be a signature's."""
    number = mark.paragraph.number
    before: list[Piece] = []
    for piece in reversed([piece for piece in lines if piece.paragraph.number < number][-_NEAR:]):
        if _ITEM_ENDED.search(piece.text) or len(piece.text) > 80:
            break
        before.insert(0, piece)
    if any(is_post(piece.key) for piece in before):
        return before
    end = _end(mark, first_appendix)
    after = [piece for piece in lines if number < piece.paragraph.number < end and not _is_recipient(piece)][:_NEAR]
    start = next((place for place, piece in enumerate(after) if is_post(piece.key)), len(after))
    return after[start:]


def _without_recipients(lines: list[Piece]) -> Closing:
    """The last lines that name a post, in capitals, and what follows them."""
    places = [place for place, piece in enumerate(lines) if is_post(piece.key) and (piece.is_upper or piece.is_bold)]
    if not places or len(lines) - places[-1] > _NEAR:
        return Closing()
    start = places[-1]
    while start - 1 in places:
        start -= 1
    cell = lines[start].paragraph.cell
    block = [piece for piece in lines[start:] if piece.paragraph.cell == cell]
    return _closing(None, [], block, block)


def _closing(label: Piece | None, recipients: list[Piece], signature: list[Piece], every: list[Piece]) -> Closing:
    """The lines of a signature are posts, all but the last if that is a person's name."""
    lines = [piece for piece in signature if not SIGNED.fullmatch(piece.key)]
    posts, signer = lines, None
    if len(lines) > 1 and not is_post(lines[-1].key):
        posts, signer = lines[:-1], lines[-1]
    first = min((piece.paragraph.number for piece in every), default=0)
    return Closing(label, tuple(recipients), tuple(posts), signer, first)
