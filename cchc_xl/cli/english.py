"""English for what the rooms below say in Vietnamese alone: a sentence comes in, the same in English goes out.

A job that cannot run says why in one Vietnamese sentence, and so do answers: officers read them, and every door shows
them. Findings have both languages in the catalogue; for the rest the table here pairs each Vietnamese pattern with its
English one. What is in neither stays as it is.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from cchc_xl.text.catalogue import catalogue
from cchc_xl.text.system_error import ENGLISH

_FIELD = re.compile(r"\{(\w+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]{}]*\{[^\[\]]*)\]")
_LOOSE = 12  # letters of a pattern below which it fits by chance: then its fields must be known, too
_DEEPEST = 2  # sentences within sentences
_LONGEST = 4_000  # characters of a line that are compared


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A sentence with fields: the texts around them, their names, and the English of it."""

    around: tuple[str, ...]
    names: tuple[str, ...]
    en: str

    @property
    def told(self) -> int:
        """How much of it is no field."""
        return sum(map(len, self.around))


@lru_cache(maxsize=1_000)
def english(text: str, depth: int = 0) -> str:
    """The text in English, so far as it is known.

    >>> english("Không ghi được vào ket-qua (không có quyền): hãy chọn thư mục khác.")
    'Could not write into ket-qua (no permission): choose another folder.'
    >>> english("ke-hoach.xlsx")
    'ke-hoach.xlsx'
    """
    if text.isascii() or depth > _DEEPEST or len(text) > _LONGEST:
        return text
    bare = text.strip()
    exact, patterns = _table()
    found = exact.get(bare) or next((told for one in patterns if (told := _fitted(bare, one, depth)) is not None), bare)
    return text.replace(bare, found, 1) if found != bare else text


def _fitted(text: str, pattern: _Pattern, depth: int) -> str | None:
    """The English of the text if the pattern fits it."""
    if depth and pattern.told < _LOOSE:  # every such pattern fits every part of a sentence, and every part of that
        return None
    fields = _fields(text, pattern.around)
    if fields is None:
        return None
    said = [english(one, depth + 1) for one in fields]
    if pattern.told < _LOOSE and any(now == one and not one.isascii() for now, one in zip(said, fields, strict=True)):
        return None
    values = dict(zip(pattern.names, said, strict=True))
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


@cache
def _table() -> tuple[dict[str, str], tuple[_Pattern, ...]]:
    """Sentences without fields, and patterns: those of joined sentences, then those that say most first."""
    own = tomllib.loads(Path(__file__).with_name("english.toml").read_text(encoding="utf-8"))
    pairs = [*ENGLISH.items(), *((vi, en) for section in own.values() for vi, en in section.items())]
    for entry in catalogue().values():
        pairs += [
            (shown(vi), shown(en))
            for vi, en in ((entry.vi, entry.en), (entry.vi_fix, entry.en_fix))
            for shown in (_with_options, _without_options)
            if len(_FIELD.sub("", vi)) >= _LOOSE  # one that is hardly more than a field fits every sentence
        ]
        pairs.append((entry.title, entry.title_en))
    exact, patterns = {}, []
    for vi, en in pairs:
        around = _FIELD.split(vi)
        if len(around) == 1:
            exact[vi] = en
        else:
            patterns.append(_Pattern(tuple(around[::2]), tuple(around[1::2]), en))
    return exact, tuple(sorted(patterns, key=lambda one: (one.told >= _LOOSE, -one.told)))


def _with_options(sentence: str) -> str:
    return _OPTIONAL.sub(lambda part: part[1], sentence)


def _without_options(sentence: str) -> str:
    return _OPTIONAL.sub("", sentence)
