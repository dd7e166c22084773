"""The end of an official document: its lines after the title come in, signature and recipients go out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cchc_xl.report.decree import kinds
from cchc_xl.report.decree.pieces import Piece

_NEAR = 12  # lines before "Nơi nhận" among which a signature may stand
_DASH = ("-", "–", "—", "+", "•")
_ENDED = re.compile(r"[.;:,/]\s*$")


@dataclass(frozen=True, slots=True)
class Closing:
    """The signature block: ``first`` and ``last`` are the numbers of its paragraphs, 0 if there is none."""

    label: Piece | None = None
    recipients: tuple[Piece, ...] = ()
    posts: tuple[Piece, ...] = ()
    signer: Piece | None = None
    first: int = 0
    last: int = 0


def find_closing(lines: list[Piece], first_appendix: int) -> Closing:
    """The closing among the lines after the title; first of all where "Nơi nhận" stands."""
    label = next((piece for piece in lines if kinds.RECIPIENTS.match(piece.key) and len(piece.text) < 40), None)
    if label is None:
        return _without_recipients([piece for piece in lines if piece.paragraph.number < first_appendix])
    cell = label.paragraph.cell
    if cell is not None:
        table = [piece for piece in lines if piece.paragraph.cell and piece.paragraph.cell.table == cell.table]
        own = [piece for piece in table if piece.paragraph.cell == cell and piece is not label]
        recipients = [piece for piece in own if piece.paragraph.number >= label.paragraph.number]
        beside = [piece for piece in table if piece.paragraph.cell != cell]
        if any(kinds.is_post(piece.key) or piece.is_upper for piece in beside):
            return _closing(label, recipients, beside, table)
        near = _near(lines, table[0], first_appendix)
        return _closing(label, recipients, near, [*near, *table])
    after = [piece for piece in lines if label.paragraph.number <= piece.paragraph.number < _end(label, first_appendix)]
    after = [piece for piece in after if piece is not label and piece.paragraph.cell is None]
    recipients = [piece for piece in after if _is_recipient(piece)]
    beside = [piece for piece in after if not _is_recipient(piece)]
    if not any(kinds.is_post(piece.key) for piece in beside):
        beside = [*_near(lines, label, first_appendix), *beside]
    return _closing(label, recipients, beside, [*beside, label, *recipients])


def _end(label: Piece, first_appendix: int) -> int:
    return first_appendix if first_appendix > label.paragraph.number else label.paragraph.number + 100


def _is_recipient(piece: Piece) -> bool:
    dashed = piece.text.startswith(_DASH) or piece.paragraph.label == "-"
    return dashed or (bool(_ENDED.search(piece.text)) and not piece.is_upper and not piece.is_bold)


def _near(lines: list[Piece], mark: Piece, first_appendix: int) -> list[Piece]:
    """The lines just before a mark, or else just after it, that can be a signature's."""
    number = mark.paragraph.number
    before: list[Piece] = []
    for piece in reversed([piece for piece in lines if piece.paragraph.number < number][-_NEAR:]):
        if _ENDED.search(piece.text) or len(piece.text) > 80:
            break
        before.insert(0, piece)
    if any(kinds.is_post(piece.key) for piece in before):
        return before
    end = _end(mark, first_appendix)
    after = [piece for piece in lines if number < piece.paragraph.number < end and not _is_recipient(piece)][:_NEAR]
    start = next((place for place, piece in enumerate(after) if kinds.is_post(piece.key)), len(after))
    return after[start:]


def _without_recipients(lines: list[Piece]) -> Closing:
    """The last lines that name a post, in capitals, and what follows them."""
    places = [
        place for place, piece in enumerate(lines) if kinds.is_post(piece.key) and (piece.is_upper or piece.is_bold)
    ]
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
    lines = [piece for piece in signature if not kinds.SIGNED.fullmatch(piece.key)]
    posts, signer = lines, None
    if len(lines) > 1 and not kinds.is_post(lines[-1].key):
        posts, signer = lines[:-1], lines[-1]
    numbers = [piece.paragraph.number for piece in every]
    return Closing(label, tuple(recipients), tuple(posts), signer, min(numbers, default=0), max(numbers, default=0))
