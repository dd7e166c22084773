"""The lines of paragraphs: what a line says and looks like, and what it should look like; findings go out.

A letterhead is often two columns made with tabs or spaces, and two lines are often one paragraph with a line break.
Names are compared in ``bare`` text: small, without accents. Sizes are in points.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from cchc_xl.office.word.decree.document import Cell, Paragraph, Run
from cchc_xl.office.word.file import WORDS
from cchc_xl.records import Finding, ParagraphRef
from cchc_xl.text.catalogue import catalogue, finding
from cchc_xl.text.prose import beginning
from cchc_xl.text.words import tidy, unmarked

_SEPARATOR = re.compile(r"\n|\t+| {5,}")
# "Số:   /BC-VP" and "ngày   tháng   năm" have room for the pen, not two columns.
_GOES_ON = re.compile(r"\s*+(?:/|\d{1,2}\s*/|\d{0,2}\s*tháng\b|\d{0,2}\s*năm\b)", re.IGNORECASE)
_ASKS_ON = re.compile(r"(?:\bsố\s*+:?|\bngày|\btháng|\bnăm)\s*+$", re.IGNORECASE)
_NO_LETTERS = re.compile(r"[^\w]|_", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of a paragraph: its text with single spaces and ``bare``; what holds for all its letters.

    ``alone`` if no other piece stands beside it; in the middle, as far as one can tell.
    """

    paragraph: Paragraph
    number: int
    cell: Cell | None
    runs: tuple[Run, ...]
    text: str
    key: str
    alone: bool
    is_upper: bool
    is_bold: bool
    is_centred: bool


def piece_of(paragraph: Paragraph, runs: tuple[Run, ...], *, alone: bool = True) -> Piece:
    """Some runs of a paragraph as one piece."""
    text, letters = tidy("".join(run.text for run in runs)), lettered(runs)
    return Piece(
        paragraph=paragraph,
        number=paragraph.number,
        cell=paragraph.cell,
        runs=runs,
        text=text,
        key=bare(text),
        alone=alone,
        is_upper=text == text.upper() and text != text.lower(),
        is_bold=bool(letters) and all(run.form.bold for run in letters),
        is_centred=paragraph.layout.align == "center",
    )


def whole(paragraph: Paragraph) -> Piece:
    """The paragraph as one piece."""
    return piece_of(paragraph, paragraph.runs)


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
            yield piece_of(paragraph, tuple(part), alone=not beside)


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
                parts[-1].append(Run(run.text[place : match.start()], run.form, run.turn, run.start + place))
            parts.append([])
            place = match.end()
        if place < len(run.text):
            parts[-1].append(Run(run.text[place:], run.form, run.turn, run.start + place))
    return parts


@lru_cache(maxsize=20_000)
def bare(text: str) -> str:
    """Letters and digits without accents, small, with single spaces; for recognising only.

    >>> bare("CỘNG HOÀ – Đông-Tây, 12")
    'cong hoa dong tay 12'
    """
    return " ".join(_NO_LETTERS.sub(" ", unmarked(text.casefold())).split())


NATIONAL_TITLE_TEXT = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO_TEXT = "Độc lập - Tự do - Hạnh phúc"
_AGENCIES, _POSTS = (tuple(WORDS["decree"][name]) for name in ("agencies", "posts"))
# The kinds of documents with their abbreviation in a symbol.
ABBREVIATIONS: dict[str, str] = WORDS["decree"]["kinds"]
# To sign for somebody, as offices abbreviate it.
AUTHORITIES = ("TM", "KT", "TL", "TUQ", "Q", "T/M", "K/T", "T/L")
_AUTHORITY = re.compile(rf"(?:{'|'.join(map(bare, AUTHORITIES))}) (?=\w)")
_ARCHIVE = re.compile(r"luu\b")


def is_meant(key: str, text: str) -> bool:
    """Whether a line is meant to be a text, misspelt or not.

    >>> is_meant("cong hoa xa hoi chu nghia vietnam", NATIONAL_TITLE_TEXT), is_meant("bao cao", MOTTO_TEXT)
    (True, False)
    """
    wanted = bare(text)
    if not 0.7 < len(key) / len(wanted) < 1.4:
        return False
    return SequenceMatcher(None, key.replace(" ", ""), wanted.replace(" ", "")).ratio() > 0.85


def is_post(key: str) -> bool:
    """Whether a line names a post or an authority to sign.

    >>> is_post("kt giam doc"), is_post("pho giam doc"), is_post("pham viet cong")
    (True, True, False)
    """
    return bool(_AUTHORITY.match(key)) or key.startswith(_POSTS)


def is_archive(key: str) -> bool:
    """Whether a recipient is the office's own archive.

    >>> is_archive("luu vt vp"), is_archive("van phong so")
    (True, False)
    """
    return bool(_ARCHIVE.match(key))


def starts_agency(key: str) -> bool:
    """Whether a line begins the name of an agency.

    >>> starts_agency("so noi vu"), starts_agency("va xa hoi"), starts_agency("ban hanh quy che")
    (True, False, False)
    """
    return not key.startswith("ban hanh") and any(f"{key} ".startswith(f"{start} ") for start in _AGENCIES)


_LACKING = "N110"
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
    """A departure: the code of its finding, what was found in words, and where; without a paragraph, everywhere.

    ``line`` is the text that it is about, where that is not the whole paragraph. ``piece`` should have the form
    ``wanted``, where that is what is wrong; ``section`` is the number of the section that it is about, from 0.
    ``causes`` are the single things in ``found``.
    """

    code: str
    found: str = ""
    at: Paragraph | None = None
    line: str = ""
    piece: Piece | None = None
    wanted: Form | None = None
    section: int | None = None
    causes: tuple[str, ...] = ()


def compared(code: str, piece: Piece, form: Form | None, *more: str) -> Iterator[Remark]:
    """How a piece departs from its form and what ``more`` is wrong with its looks; nothing if it does not."""
    wrong = tuple(filter(None, (*(_departures(piece, form) if form else ()), *more)))
    if wrong:
        yield Remark(code, ", ".join(wrong), piece.paragraph, piece.text, piece, form, causes=wrong)


def _departures(piece: Piece, form: Form) -> Iterator[str]:
    runs = lettered(piece.runs)
    yield sizes([run.form.size for run in runs], form.low, form.high)
    if form.bold is not None and any(run.form.bold != form.bold for run in runs):
        yield "không in đậm" if form.bold else "in đậm"
    if form.italic is not None and any(run.form.italic != form.italic for run in runs):
        yield "không in nghiêng" if form.italic else "in nghiêng"
    if form.upper is not None and piece.is_upper != form.upper:
        yield "không in hoa" if form.upper else "in hoa"
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
    """The remarks as findings, in their order; the same departure in another paragraph is only counted.

    All that is missing from a document is one finding: it has one cause.
    """
    kinds: dict[tuple[str, str], list[Paragraph | None]] = {}
    lines: dict[tuple[str, str], str] = {}
    every = list(remarks)
    lacking = [remark.found for remark in every if remark.code == _LACKING and remark.at is None]
    for remark in every:
        whole = remark.code == _LACKING and remark.at is None
        kind = remark.code, ", ".join(dict.fromkeys(lacking)) if whole else remark.found
        kinds.setdefault(kind, []).append(remark.at)
        lines.setdefault(kind, remark.line)
    findings = []
    for (code, found), places in kinds.items():
        first = places[0]
        quote = quoted(lines[code, found] or first.text) if first else "cả văn bản"
        others = len({(place.part, place.number) for place in places if place}) - 1
        if others > 0:
            quote += f" và {others} đoạn khác"
        at = ParagraphRef(file, first.part, first.number) if first else ParagraphRef(file)
        fields = {"quote": quote, "found": found}
        needed = catalogue()[code].fields
        findings.append(finding(code, at, **{name: text for name, text in fields.items() if name in needed}))
    return tuple(findings)


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that is wrong in many places: in words, under which codes, and where; '' where the code says all.

    ``line`` is what stands in the first place.
    """

    codes: tuple[str, ...]
    found: str
    places: tuple[ParagraphRef, ...]
    line: str


def causes(file: str, remarks: Iterable[Remark]) -> tuple[Cause, ...]:
    """The remarks by their causes, errors first: a size or a side is one cause whatever the lines are that have it."""
    kinds: dict[tuple[str, str, str], list[Remark]] = {}
    for remark in remarks:
        for found in remark.causes or (remark.found,):
            kinds.setdefault((remark.code[1], "" if remark.causes else remark.code, found), []).append(remark)
    made = []
    for (_, _, found), own in sorted(kinds.items(), key=lambda item: item[0][0]):
        places = (ParagraphRef(file, item.at.part, item.at.number) if item.at else ParagraphRef(file) for item in own)
        first = own[0]
        line = quoted(first.line or first.at.text) if first.at else ""
        codes = tuple(sorted({item.code for item in own}))
        made.append(Cause(codes, found, tuple(sorted(dict.fromkeys(places), key=lambda at: (at.sheet, at.row))), line))
    return tuple(made)


def quoted(text: str) -> str:
    """The beginning of a text between quotation marks.

    >>> quoted("  Sở   Nội vụ ")
    '“Sở Nội vụ”'
    """
    short = beginning(text, _LETTERS)
    return f"“{short}”" if short else "(đoạn trống)"
