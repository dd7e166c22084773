"""The lines of a paragraph that stand for themselves: a paragraph comes in, its pieces go out.

A letterhead is often two columns made with tabs or spaces, and two lines are often one paragraph with a line break.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from cchc_xl.report.decree.document import Paragraph, Run
from cchc_xl.text.words import tidy

_SEPARATOR = re.compile(r"\n|\t+| {5,}")
# "Số:   /BC-VP" and "ngày   tháng   năm" have room for the pen, not two columns.
_GOES_ON = re.compile(r"\s*(?:/|\d{1,2}\s*/|\d{0,2}\s*tháng\b|\d{0,2}\s*năm\b)", re.IGNORECASE)
_ASKS_ON = re.compile(r"(?:\bsố\s*:?|\bngày|\btháng|\bnăm)\s*$", re.IGNORECASE)
_NO_LETTERS = re.compile(r"[^\w]|_", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of a paragraph; ``alone`` if no other piece stands beside it."""

    paragraph: Paragraph
    runs: tuple[Run, ...]
    alone: bool

    @property
    def text(self) -> str:
        """What is written, with single spaces."""
        return tidy("".join(run.text for run in self.runs))

    @property
    def key(self) -> str:
        """The text for comparing: no accents, no capitals."""
        return bare(self.text)

    @property
    def is_upper(self) -> bool:
        """Whether it is written in capitals."""
        text = self.text
        return text == text.upper() and text != text.lower()

    @property
    def is_centred(self) -> bool:
        """Whether it stands in the middle, as far as one can tell."""
        return self.paragraph.layout.align == "center"

    @property
    def is_bold(self) -> bool:
        """Whether all its letters are bold."""
        letters = lettered(self.runs)
        return bool(letters) and all(run.form.bold for run in letters)


def pieces(paragraph: Paragraph) -> Iterator[Piece]:
    """The pieces of a paragraph that have text, from left to right and top to bottom."""
    for line in _split(paragraph.runs, re.compile("\n")):
        parts: list[list[Run]] = []
        for part in _split(line, _SEPARATOR):
            text = "".join(run.text for run in part)
            before = "".join(run.text for run in parts[-1]) if parts else ""
            if before.strip() and (_GOES_ON.match(text) or _ASKS_ON.search(before[-20:])):
                parts[-1] += [Run(" ", part[0].form), *part] if part else []
            elif text.strip():
                parts.append(list(part))
        beside = len(parts) > 1 or "".join(run.text for run in line).startswith(("\t", "     "))
        for part in parts:
            yield Piece(paragraph, tuple(part), not beside)


def whole(paragraph: Paragraph) -> Piece:
    """The paragraph as one piece."""
    return Piece(paragraph, paragraph.runs, alone=True)


def lettered(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The runs that have letters or digits: the form of a space or a comma is nothing to see."""
    return tuple(run for run in runs if any(letter.isalnum() for letter in run.text))


def _split(runs: Iterable[Run], separator: re.Pattern[str]) -> list[list[Run]]:
    """The runs cut at the separators, which may begin in one run and end in another only at their edges."""
    parts: list[list[Run]] = [[]]
    for run in runs:
        place = 0
        for match in separator.finditer(run.text):
            if match.start() > place:
                parts[-1].append(Run(run.text[place : match.start()], run.form))
            parts.append([])
            place = match.end()
        if place < len(run.text):
            parts[-1].append(Run(run.text[place:], run.form))
    return parts


@lru_cache(maxsize=20_000)
def bare(text: str) -> str:
    """Letters and digits without accents, small, with single spaces; for recognising only.

    >>> bare("CỘNG HOÀ – Đông-Tây, 12")
    'cong hoa dong tay 12'
    """
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(_NO_LETTERS.sub(" ", plain).split())
