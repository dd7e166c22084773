"""The forms of the decree: pieces of a document and the form they should have come in, findings go out, each kind once.

The numbers are those of Phụ lục I of Nghị định 30/2020/NĐ-CP, in points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from cchc_xl.office.word.decree.document import Paragraph
from cchc_xl.office.word.decree.pieces import Piece, lettered
from cchc_xl.records import Finding, ParagraphRef
from cchc_xl.text.catalogue import catalogue, finding
from cchc_xl.text.words import tidy


@dataclass(frozen=True, slots=True)
class Form:
    """Size from and to, and whether bold, italic, in capitals and centred; None where it does not matter."""

    low: float
    high: float
    bold: bool | None = None
    italic: bool | None = False
    upper: bool | None = None
    centred: bool = False


NATIONAL_TITLE = Form(12, 13, bold=True, upper=True, centred=True)
MOTTO = Form(13, 14, bold=True, centred=True)
SUPERIOR = Form(12, 13, bold=False, upper=True, centred=True)
AGENCY = Form(12, 13, bold=True, upper=True, centred=True)
NUMBER = Form(13, 13, bold=False, centred=True)
DATE = Form(13, 14, bold=False, italic=True, centred=True)
KIND = Form(13, 14, bold=True, upper=True, centred=True)
SUBJECT = Form(13, 14, bold=True, upper=False, centred=True)
REFERENCE = Form(12, 13, bold=False, upper=False, centred=True)
GROUND = Form(13, 14, bold=False, italic=True, upper=False)
ADDRESSED = Form(13, 14, bold=False, upper=False)
PART = Form(13, 14, bold=True, upper=False, centred=True)
PART_TITLE = Form(13, 14, bold=True, upper=True, centred=True)
GROUP = Form(13, 14, bold=True, upper=False)
GROUP_TITLE = Form(13, 14, bold=True, upper=True)
HEADING = Form(13, 14, bold=True)
SUBHEADING = Form(13, 14)
SIGNING_POST = Form(13, 14, bold=True, upper=True, centred=True)
SIGNER = Form(13, 14, bold=True, upper=False, centred=True)
RECIPIENTS_LABEL = Form(12, 12, bold=True, italic=True, upper=False)
RECIPIENT = Form(11, 11, bold=False)
APPENDIX_NUMBER = Form(14, 14, bold=True, upper=False, centred=True)
APPENDIX_TITLE = Form(13, 14, bold=True, upper=True, centred=True)
ATTACHED = Form(13, 14, bold=False, italic=True, upper=False, centred=True)
PAGE_NUMBER = Form(13, 14, bold=False)
CONTACT = Form(11, 12)


def departures(piece: Piece, form: Form) -> str:
    """How the piece departs from the form, in words; '' if it does not."""
    return ", ".join(_departures(piece, form))


def _departures(piece: Piece, form: Form) -> Iterator[str]:
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
    return f"cỡ chữ {'; '.join(f'{size:g}'.replace('.', ',') for size in wrong)} (quy định {allowed})"


_LETTERS = 60  # of a paragraph, so that a reader finds it


@dataclass(slots=True)
class _Kind:
    first: Paragraph | None
    places: set[tuple[str, int]] = field(default_factory=set)


@dataclass(slots=True)
class Remarks:
    """The departures of one document, in the order in which they were found."""

    file: str
    _kinds: dict[tuple[str, str], _Kind] = field(default_factory=dict)

    def add(self, code: str, found: str = "", at: Paragraph | None = None) -> None:
        """One departure, of the whole document without a paragraph; the same in another paragraph is only counted."""
        kind = self._kinds.setdefault((code, found), _Kind(at))
        if at is not None:
            kind.places.add((at.part, at.number))

    def compare(self, code: str, piece: Piece, form: Form) -> None:
        """How a piece departs from its form, if it does."""
        wrong = departures(piece, form)
        if wrong:
            self.add(code, wrong, piece.paragraph)

    def findings(self) -> tuple[Finding, ...]:
        """What was added, as findings."""
        return tuple(self._finding(code, found, kind) for (code, found), kind in self._kinds.items())

    def _finding(self, code: str, found: str, kind: _Kind) -> Finding:
        part, number = ("", 0) if kind.first is None else (kind.first.part, kind.first.number)
        quote = "" if kind.first is None else quoted(kind.first.text)
        if len(kind.places) > 1:
            quote += f" và {len(kind.places) - 1} đoạn khác"
        told = {"quote": quote or "cả văn bản", "found": found}
        needed = catalogue()[code].fields
        return finding(
            code,
            ParagraphRef(self.file, part, number),
            **{name: value for name, value in told.items() if name in needed},
        )


def quoted(text: str) -> str:
    """The beginning of a text between quotation marks.

    >>> quoted("  Sở   Nội vụ ")
    '“Sở Nội vụ”'
    """
    told = tidy(text)
    short = told if len(told) <= _LETTERS else told[:_LETTERS].rpartition(" ")[0].rstrip(" ,;:") + "…"
    return f"“{short}”" if short else "(đoạn trống)"
