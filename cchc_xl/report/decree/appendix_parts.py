"""Appendices and annexes of an official document: its lines come in, their heads and texts go out.

An appendix ("Phụ lục I") adds to a document; an annex ("QUY CHẾ") is what a decision issues.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import dropwhile

from cchc_xl.report.decree import kinds
from cchc_xl.report.decree.document import Paragraph
from cchc_xl.report.decree.pieces import Piece, pieces

_APPENDIX_WITH_TITLE = re.compile(r"phu luc(?: so)? (?:[ivxlcdm]+|\d+) .+")
_NUMBERED_APPENDIX = re.compile(r"phụ lục(?:\s+số)?\s+(\w+)", re.IGNORECASE)
_CAPTION = re.compile(r"(?:bang|bieu|bieu do|hinh|don vi tinh|ghi chu)\b")


@dataclass(frozen=True, slots=True)
class Appendix:
    """An appendix or annex: its number as typed, the lines of its title, and those that say what it belongs to."""

    heading: Piece
    number: str
    title: tuple[Piece, ...]
    attached: tuple[Piece, ...]
    last: int  # the number of the last of these paragraphs

    @property
    def in_one_line(self) -> bool:
        """Whether the title stands in the line of the number."""
        return bool(_APPENDIX_WITH_TITLE.fullmatch(self.heading.key))


def starts_appendix(piece: Piece) -> bool:
    """Whether a line is the number of an appendix, with or without the title behind it."""
    if piece.paragraph.cell is not None:
        return False
    if kinds.APPENDIX.fullmatch(piece.key):
        return piece.alone
    return bool(_APPENDIX_WITH_TITLE.fullmatch(piece.key)) and piece.is_centred and piece.is_bold


def appendix(heading: Piece, texts: list[Paragraph], start: int) -> Appendix:
    """The appendix whose heading is followed by the texts from ``start`` on."""
    title: list[Piece] = [piece for piece in pieces(heading.paragraph) if piece.text != heading.text]
    attached: list[Piece] = [piece for piece in title if kinds.ATTACHED.match(piece.key)]
    title = [piece for piece in title if piece not in attached]
    last, in_one_line = heading.paragraph.number, _APPENDIX_WITH_TITLE.fullmatch(heading.key)
    for place in range(start, len(texts)):  # a slice for each of thousands of appendices would take minutes
        paragraph = texts[place]
        piece = next(pieces(paragraph))
        if paragraph.cell is not None or attached or starts_appendix(piece) or _CAPTION.match(piece.key):
            break
        if kinds.ATTACHED.match(piece.key):
            attached += pieces(paragraph)
        elif (not title and not in_one_line) or (piece.is_centred and (piece.is_upper or piece.is_bold)):
            title += pieces(paragraph)
        else:
            break
        last = paragraph.number
    match = _NUMBERED_APPENDIX.match(heading.text)
    return Appendix(heading, match[1] if match else "", tuple(title), tuple(attached), last)


def find_annex(lines: list[Piece]) -> Piece | None:
    """The name of what a decision issues, after the recipients: "QUY CHẾ", "QUY ĐỊNH", "KẾ HOẠCH"."""
    after = dropwhile(lambda piece: not kinds.RECIPIENTS.match(piece.key), lines)
    for piece in after:
        if kinds.is_national_title(piece.key):
            return None  # a form to be filled in, or another document
        if piece.key in kinds.ABBREVIATIONS and piece.paragraph.cell is None and (piece.is_upper or piece.is_centred):
            return piece
    return None


def annex_body(following: list[Paragraph], annex: Appendix) -> tuple[Paragraph, ...]:
    """The text of an annex, up to what has a form of its own."""
    body = []
    for paragraph in following:
        piece = next(pieces(paragraph))
        if starts_appendix(piece) or kinds.FORM.fullmatch(piece.key) or kinds.is_national_title(piece.key):
            break
        if paragraph.number > annex.last and paragraph.cell is None and not paragraph.in_box:
            body.append(paragraph)
    return tuple(body)
