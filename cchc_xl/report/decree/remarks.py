"""Gathers departures and tells each kind once: departures with their paragraphs come in, findings go out."""

from __future__ import annotations

from dataclasses import dataclass, field

from cchc_xl.records import Finding, ParagraphRef
from cchc_xl.report.decree.document import Paragraph
from cchc_xl.report.decree.forms import Form, departures
from cchc_xl.report.decree.pieces import Piece
from cchc_xl.text.catalogue import catalogue, finding
from cchc_xl.text.words import tidy

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
