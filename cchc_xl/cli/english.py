"""English for what the rooms below say in Vietnamese alone: a sentence comes in, the same in English goes out.

A job that cannot run says why in one Vietnamese sentence, and so do answers: officers read them, and every door shows
them. Findings have both languages in the catalogue; for the rest the table ``english.toml`` pairs each Vietnamese
pattern with its English one. A line that no pattern fits is told part by part: what stands between ``:``, ``;``,
brackets and the like is a sentence of its own.

English are the words of the product. What stands in a file stays as it is written there: names of sheets and columns,
whatever is in “quotation marks”, the plan's and people's own words, and numbers (``74,12%`` is what the report shows).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from cchc_xl.text.catalogue import catalogue
from cchc_xl.text.system_error import ENGLISH

_FIELD = re.compile(r"\{([=*]?\w+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]{}]*\{[^\[\]]*)\]")
# Fields of findings that hold a few words of ours: why a file was turned away, which side, what is missing.
OURS = frozenset({"reason", "kind", "need", "side", "choices", "whose", "own", "what", "remedy"})
_BLANK = "(trống)"
_PARTS = "answers"  # the section of the table that holds parts of lines
# Letters of a pattern below which it fits by chance, of parts of lines and of whole sentences: then its fields must be
# known, or no words, and of one part of a line.
_LOOSE, _LOOSE_SENTENCE = 24, 12
_WORD = re.compile(r"[^\W\d_A-Z]")  # a letter that no code and no number has
_DEEPEST = 9  # parts within parts
_LONGEST = 4_000  # characters of a line that are compared
_END, _MARKS = ".:", " →←"
# Where a line falls into parts, the widest cut first.
_CUTS = ("   ", "← ", ". ", "; ", ": ", " → ", " = ", ", ", " – ", " › ", "[", "]")
_WIDE = ("← ", ". ", "; ", ": ", "→ ", " = ")
_OPENED = {"“": "”", "(": ")", "`": "`"}
_ONE = re.compile(r"(?<![\d.,/-])1 ((?:percentage )?(?:point|unit|day|place))s\b")
_FIRST_NAME, _MOST_NAMES = 0xE000, 6_000  # letters that nobody types stand for names


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A sentence with fields: the texts around them, their names, and the English of it.

    A field ``{=0}``, and one in quotation marks, is a name and stays as it is; ``{*0}`` is any text that does.
    """

    around: tuple[str, ...]
    names: tuple[str, ...]
    en: str
    fits_by_chance: bool

    @property
    def told(self) -> int:
        """How much of it is no field."""
        return sum(map(len, self.around))

    def stays(self, number: int) -> bool:
        """Whether the field of this number is told as it is."""
        return self.names[number][0] in "=*" or self.around[number].endswith(("“", "`"))

    def takes(self, number: int, text: str, said: str) -> bool:
        """Whether the field of this number may be this text: none that is plainly more than one part of a line."""
        if self.names[number][0] == "*":
            return True
        if self.around[number].endswith("“"):
            return True
        if text.count("(") != text.count(")") or text.count("“") != text.count("”"):
            return False
        stays, loose = self.stays(number), self.fits_by_chance
        at_an_end = (number == 0 and not self.around[0]) or (number == len(self.names) - 1 and not self.around[-1])
        if (at_an_end if stays else loose) and any(cut in text for cut in (*_WIDE, " (")):
            return False
        return not loose or stays or (", " not in text and (said != text or text.isascii() or not _WORD.search(text)))


@dataclass(frozen=True, slots=True)
class _Table:
    """Sentences without fields, and patterns by their first letter, those that say most first."""

    exact: dict[str, str]
    patterns: dict[str, tuple[_Pattern, ...]]
    words: str  # all that our own sentences say

    def those_for(self, text: str) -> Iterator[_Pattern]:
        """The patterns that may fit a text."""
        for first in (text[0], ""):
            yield from self.patterns.get(first, ())


class Told(str):
    """A line that is in the language asked for already."""

    __slots__ = ()


def in_english(lines: Iterable[str], names: Iterable[str]) -> Iterator[str]:
    """The lines in English; the plan's and people's ``names`` in them stay as they are.

    >>> list(in_english(["  1.6 Chỉ đạo, nhiệm vụ: 2/3 điểm"], ["Chỉ đạo, nhiệm vụ"]))
    ['  1.6 Chỉ đạo, nhiệm vụ: 2/3 points']
    """
    ours = _table().words
    # Words of one syllable, and what our own sentences say as well, would keep half a sentence Vietnamese.
    known = {" ".join(name.split()) for name in names}
    long = [name for name in sorted(known, key=len, reverse=True) if " " in name and name.lower() not in ours]
    long = long[:_MOST_NAMES]
    letters = {name: chr(_FIRST_NAME + number) for number, name in enumerate(long)}
    written = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in long) or r"(?!)")
    back = {letter: name for name, letter in letters.items()}
    told = re.compile(f"[{chr(_FIRST_NAME)}-{chr(_FIRST_NAME + _MOST_NAMES)}]")
    for line in lines:
        if isinstance(line, Told):
            yield line
            continue
        hidden = written.sub(lambda found: letters[found[0]], line)
        yield told.sub(lambda found: back.get(found[0], found[0]), _ONE.sub(r"1 \1", english(hidden)))


def fields_in_english(fields: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The fields of a finding, those in English that are words of ours; the others are names and people's texts.

    >>> list(fields_in_english([("reason", "có 12 ô"), ("text", "trên"), ("text", "(trống)")]))
    [('reason', 'has 12 cells'), ('text', 'trên'), ('text', '(blank)')]
    """
    for name, text in fields:
        yield name, english(text) if name in OURS or text == _BLANK else text


@lru_cache(maxsize=4_000)
def english(text: str, depth: int = 0) -> str:
    """The text in English, so far as it is known.

    >>> english("Không ghi được vào ket-qua (không có quyền): hãy chọn thư mục khác.")
    'Could not write into ket-qua (no permission): choose another folder.'
    >>> english("  1.6: 2/3 điểm, chỉ số còn tăng được 1 điểm")
    '  1.6: 2/3 points, the index can still gain 1 points'
    >>> english("ke-hoach.xlsx")
    'ke-hoach.xlsx'
    """
    bare = text.lstrip(_MARKS).rstrip()
    if text.isascii() or depth > _DEEPEST or len(text) > _LONGEST or not bare:
        return text
    found = _known(bare, depth)
    if found is None:
        head, colon, tail = bare.partition(": ")
        said = _known(tail, depth) if colon else None
        if said is not None:
            found = english(head, depth + 1) + colon + said
        else:
            found = "".join(one if is_cut else english(one, depth + 1) for one, is_cut in _pieces(bare))
    return text.replace(bare, found, 1)


def _known(text: str, depth: int) -> str | None:
    """The English of a text that is a sentence or fits a pattern as a whole, whatever it ends with."""
    end = text[-1] if text[-1] in _END else ""
    bare = text.removesuffix(end)
    if not bare:
        return None
    found = _whole(bare, depth)
    if found is None and bare[0].isupper():
        lower = _whole(bare[0].lower() + bare[1:], depth)
        found = None if lower is None else lower[0].upper() + lower[1:]
    return None if found is None else found + end


def _whole(text: str, depth: int) -> str | None:
    table = _table()
    if text in table.exact:
        return table.exact[text]
    return next((told for one in table.those_for(text) if (told := _fitted(text, one, depth)) is not None), None)


def _fitted(text: str, pattern: _Pattern, depth: int) -> str | None:
    """The English of the text if the pattern fits it."""
    fields = _fields(text, pattern.around)
    if fields is None:
        return None
    values: dict[str, str] = {}
    for number, field in enumerate(fields):
        said = field if pattern.stays(number) else english(field, depth + 1)
        if not pattern.takes(number, field, said):
            return None
        values[pattern.names[number].lstrip("=*")] = said
    return _FIELD.sub(lambda found: values.get(found[1], found[0]), pattern.en)


def _fields(text: str, around: tuple[str, ...]) -> list[str] | None:
    """What stands between the texts around the fields, each as short as can be; None where they do not fit."""
    first, *between = around
    if not text.startswith(first):
        return None
    at, fields = len(first), []
    for number, piece in enumerate(between, 1):
        if number == len(between):
            if len(text) - len(piece) < at or not text.endswith(piece):
                return None
            fields.append(text[at : len(text) - len(piece)])
            return fields
        end = text.find(piece, at) if piece else at
        if end < 0:
            return None
        fields.append(text[at:end])
        at = end + len(piece)
    return fields if at == len(text) else None


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The parts of a line and, marked so, what stands between them; what is in brackets or quoted is of one part."""
    outside = _outside(text)
    for cut in _CUTS:
        places = [at for at in _found(text, cut) if outside[at]]
        if places:
            yield from _cut_at(text, [(at, at + len(cut)) for at in places])
            return
    brackets = [(at, at + 1) for at, letter in enumerate(text) if letter in "()" and outside[at]]
    yield from _cut_at(text, brackets) if brackets else ((text, True),)


def _found(text: str, piece: str) -> Iterator[int]:
    at = text.find(piece)
    while at >= 0:
        yield at
        at = text.find(piece, at + len(piece))


def _cut_at(text: str, cuts: Iterable[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    last = 0
    for start, end in cuts:
        yield text[last:start], False
        yield text[start:end], True
        last = end
    yield text[last:], False


def _outside(text: str) -> list[bool]:
    """For each letter whether it is in no brackets and no quotation marks; these themselves are outside."""
    outside: list[bool] = []
    waiting: list[str] = []
    for letter in text:
        if waiting and letter == waiting[-1]:
            waiting.pop()
            outside.append(not waiting)
            continue
        outside.append(not waiting)
        if letter in _OPENED and (not waiting or waiting[-1] == ")"):  # of what is quoted nothing is opened
            waiting.append(_OPENED[letter])
    return outside if not waiting else [True] * len(text)


@cache
def _table() -> _Table:
    """What is known: our own sentences, the system's reasons, the catalogue's."""
    own = tomllib.loads(Path(__file__).with_name("english.toml").read_text(encoding="utf-8"))
    pairs = [(vi, en, _LOOSE_SENTENCE) for vi, en in ENGLISH.items()]
    for name, section in own.items():
        pairs += [(vi, en, _LOOSE if name == _PARTS else _LOOSE_SENTENCE) for vi, en in section.items()]
    words = "\n".join(vi.lower() for vi, _, _ in pairs)
    for entry in catalogue().values():
        pairs += [
            (shown(vi), shown(en), _LOOSE_SENTENCE)
            for vi, en in ((entry.vi, entry.en), (entry.vi_fix, entry.en_fix))
            for shown in (_with_options, _without_options)
            if len(_FIELD.sub("", vi)) >= _LOOSE_SENTENCE  # one that is hardly more than a field fits every sentence
        ]
        pairs.append((entry.title, entry.title_en, _LOOSE_SENTENCE))
    exact: dict[str, str] = {}
    patterns: dict[str, list[_Pattern]] = {}
    for told_vi, told_en, least in pairs:
        end = told_vi[-1] if told_vi[-1] in _END and told_vi[-1] == told_en[-1] else ""
        vi, en = told_vi.removesuffix(end), told_en.removesuffix(end)
        around = _FIELD.split(vi)
        if len(around) == 1:
            exact[vi] = en
        else:
            by_chance = sum(map(len, around[::2])) < least
            pattern = _Pattern(tuple(around[::2]), tuple(around[1::2]), en, by_chance)
            patterns.setdefault(vi[0] if around[0] else "", []).append(pattern)
    by_first = {first: tuple(sorted(those, key=lambda one: -one.told)) for first, those in patterns.items()}
    return _Table(exact, by_first, words)


def _with_options(sentence: str) -> str:
    return _OPTIONAL.sub(lambda part: part[1], sentence)


def _without_options(sentence: str) -> str:
    return _OPTIONAL.sub("", sentence)
