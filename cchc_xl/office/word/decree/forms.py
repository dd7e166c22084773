"""The forms of the decree: pieces of a document and the form they should have come in, findings go out, each kind once.

The numbers are those of Phụ lục I of Nghị định 30/2020/NĐ-CP, in points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from cchc_xl.office.word.decree.document import Paragraph
from cchc_xl.office.word.decree.pieces import Piece, lettered
from cchc_xl.records import Finding, ParagraphRef
from cchc_xl.text.catalogue import catalogue, finding
from cchc_xl.text.words import tidy

_LETTERS = 60  # of a paragraph, so that a reader finds it


@dataclass(frozen=True, slots=True)
class Form:
    """Size from and to, and whether bold, italic, in capitals and centred; None where it does not matter."""

    low: float
    high: float
    bold: bool | None = None
    italic: bool | None = False
    upper: bool | None = None
    centred: bool = False


class Remark(NamedTuple):
    """A departure: the code of its finding, what was found in words, and where; without a paragraph, everywhere."""

    code: str
    found: str = ""
    at: Paragraph | None = None


def compared(code: str, piece: Piece, form: Form | None, *more: str) -> Iterator[Remark]:
    """How a piece departs from its form and what ``more`` is wrong with its looks; nothing if it does not."""
    wrong = ", ".join(filter(None, (*(departures(piece, form) if form else ()), *more)))
    if wrong:
        yield Remark(code, wrong, piece.paragraph)


def departures(piece: Piece, form: Form) -> Iterator[str]:
    """How the piece departs from the form, in words."""
    runs = lettered(piece.runs)
    wrong = sizes([run.form.size for run in runs], form.low, form.high)
    if wrong:
        yield wrong
    if form.bold is not None and any(run.form.bold != form.bold for run in runs):
        yield "không in đậm" if form.bold else "in đậm"
    if form.italic is not None and any(run.form.italic != form.italic for run in runs):
        yield "không in nghiêng" if form.italic else "in nghiêng"
    if form.upper is True and not piece.is_upper:
        yield "không in hoa"
    if form.upper is False and piece.is_upper:
        yield "in hoa"
    if form.centred and piece.alone and not piece.is_centred:
        yield "không căn giữa"


def sizes(found: list[float], low: float, high: float) -> str:
    """The sizes that are too small or too large, in words; '' if none is.

    >>> sizes([14, 12, 12.5], 13, 14)
    'cỡ chữ 12; 12,5 (quy định 13–14)'
    """
    wrong = sorted({size for size in found if not low <= size <= high})
    if not wrong:
        return ""
    allowed = f"{low:g}" if low == high else f"{low:g}–{high:g}"
    return f"cỡ chữ {'; '.join(map(amount, wrong))} (quy định {allowed})"


def amount(value: float, places: int = 6) -> str:
    """A length or size as it is read out, with a decimal comma.

    >>> amount(12.5), amount(-0.001, 2), amount(215.94, 1)
    ('12,5', '0', '215,9')
    """
    return f"{round(value, places) + 0.0:g}".replace(".", ",")


def told(file: str, remarks: Iterable[Remark]) -> tuple[Finding, ...]:
    """The remarks as findings, in their order; the same departure in another paragraph is only counted."""
    kinds: dict[tuple[str, str], list[Paragraph | None]] = {}
    for remark in remarks:
        kinds.setdefault((remark.code, remark.found), []).append(remark.at)
    return tuple(_finding(file, code, found, places) for (code, found), places in kinds.items())


def _finding(file: str, code: str, found: str, places: list[Paragraph | None]) -> Finding:
    first = places[0]
    part, number = ("", 0) if first is None else (first.part, first.number)
    quote = "cả văn bản" if first is None else quoted(first.text)
    others = len({(place.part, place.number) for place in places if place is not None}) - 1
    if others > 0:
        quote += f" và {others} đoạn khác"
    fields = {"quote": quote, "found": found}
    needed = catalogue()[code].fields
    return finding(
        code, ParagraphRef(file, part, number), **{name: value for name, value in fields.items() if name in needed}
    )


def quoted(text: str) -> str:
    """The beginning of a text between quotation marks.

    >>> quoted("  Sở   Nội vụ ")
    '“Sở Nội vụ”'
    """
    told = tidy(text)
    short = told if len(told) <= _LETTERS else told[:_LETTERS].rpartition(" ")[0].rstrip(" ,;:") + "…"
    return f"“{short}”" if short else "(đoạn trống)"
