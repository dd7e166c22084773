"""The catalogue of findings: code and fields come in, a :class:`Finding` or its sentence in a language goes out.

The sentences and remedies are data, in ``messages.toml``. The first digit of a code is its severity: 1 error,
2 warning, 3 note; its letter is the area (P plan, F file, U unit, D data, C cross-check, E evidence, S score,
A appraisal, T tolerated, W Word template, R result handed back, N form of a document under Nghị định 30/2020,
G agencies of a plan for many).

Of a sentence the part in ``[ ]`` that holds a field is said only where the field is: ``Sửa mã[ (gần giống: {names})].``
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from cchc_xl.records import CellRef, Finding, Severity
from cchc_xl.text.words import one_line

SEVERITY_WORDS: dict[Severity, str] = {"error": "Lỗi phải sửa", "warning": "Cảnh báo", "note": "Ghi chú"}
_BY_DIGIT: dict[str, Severity] = {"1": "error", "2": "warning", "3": "note"}
_QUOTED = frozenset(("agency", "period", "stamp", "text"))  # fields that hold what stands in somebody's cell
_OPTIONAL = re.compile(r"\[([^\[\]{}]*\{[^\[\]]*)\]")
MOST_QUOTED = 200  # characters of it
_T = TypeVar("_T")
# What a reader yields on its way to what it returns.
Told = Generator[Finding, None, _T]
SEVERITY_ORDER: tuple[Severity, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Entry:
    """A kind of finding: its name, sentence and remedy in both languages, the fields they need, and an example."""

    code: str
    severity: Severity
    vi: str
    vi_fix: str
    en: str
    en_fix: str
    title: str
    title_en: str
    fields: frozenset[str]
    example: tuple[tuple[str, str], ...]


@cache
def catalogue() -> dict[str, Entry]:
    """Every kind of finding by code, in the order of the file."""
    text = Path(__file__).with_name("messages.toml").read_text(encoding="utf-8")
    return {code: _entry(code, item) for code, item in tomllib.loads(text).items()}


def _entry(code: str, item: dict[str, Any]) -> Entry:
    parts = (item["vi"], item["vi_fix"], item["en"], item["en_fix"])
    fields = frozenset(name for part in parts for name in _names(part))
    example = tuple(item.get("example", {}).items())
    return Entry(code, _BY_DIGIT[code[1]], *parts, item["title"], item["title_en"], fields, example)


def finding(
    code: str,
    at: CellRef | None = None,
    /,
    *,
    unit: str | None = None,
    criterion: str | None = None,
    **fields: object,
) -> Finding:
    """A finding of the catalogue; of what stands in a cell it quotes the first 200 characters.

    Raises ``KeyError`` for an unknown code and ``ValueError`` for fields other than those its sentences need: a slip of
    the programmer must not become a useless message to a user.

    >>> finding("D117", CellRef("vp.xlsx", "Phụ lục", 9, 1), text="1,1").severity
    'error'
    >>> len(dict(finding("D117", text="ba" * 9_000).context)["text"])
    200
    """
    entry = catalogue()[code]
    if entry.fields != fields.keys():
        raise ValueError(f"{code} needs the fields {sorted(entry.fields)}, got {sorted(fields)}")
    context = tuple((name, _quoted(str(value)) if name in _QUOTED else str(value)) for name, value in fields.items())
    return Finding(code, entry.severity, context, at, unit, criterion)


def _quoted(text: str) -> str:
    return text if len(text) <= MOST_QUOTED else f"{text[: MOST_QUOTED - 1]}…"


def collected(road: Told[_T]) -> tuple[_T, tuple[Finding, ...]]:
    """What the reader returns, and the findings it told on its way.

    >>> def number(text: str) -> Told[int]:
    ...     if not text:
    ...         yield finding("F104", CellRef("vp.xlsx"))
    ...     return len(text)
    >>> [(value, [item.code for item in told]) for value, told in map(collected, (number("ab"), number("")))]
    [(2, []), (0, ['F104'])]
    """
    told: list[Finding] = []
    while True:
        try:
            told.append(next(road))
        except StopIteration as end:
            return end.value, tuple(told)


def message(item: Finding, lang: str = "vi") -> str:
    """The sentence that says what is wrong."""
    entry = catalogue()[item.code]
    return _filled(entry.en if lang == "en" else entry.vi, dict(item.context))


def fix(item: Finding, lang: str = "vi") -> str:
    """The sentence that says what to do."""
    entry = catalogue()[item.code]
    return _filled(entry.en_fix if lang == "en" else entry.vi_fix, dict(item.context))


def _filled(sentence: str, fields: Mapping[str, str]) -> str:
    """The sentence of the catalogue with its fields.

    >>> _filled("Sửa “{text}”[ (gần giống: {names})].", {"text": "a", "names": "b"})
    'Sửa “a” (gần giống: b).'
    >>> _filled("Sửa “{text}”[ (gần giống: {names})].", {"text": "a", "names": ""})
    'Sửa “a”.'
    """
    whole = _OPTIONAL.sub(lambda part: part[1] if all(map(fields.get, _names(part[1]))) else "", sentence)
    return whole.format(**{name: one_line(text) for name, text in fields.items()})


def _names(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def title(code: str, lang: str = "vi") -> str:
    """What kind of finding the code is, in a few words.

    >>> title("D103"), title("D103", "en")
    ('Số liệu bỏ trống', 'Figure left blank')
    """
    entry = catalogue()[code]
    return entry.title_en if lang == "en" else entry.title


def grouped(findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], ...]:
    """The findings of each kind together, the worst kinds first, in a kind by place."""
    return tuple(tuple(group) for _, group in groupby(worst_first(tuple(findings)), key=lambda item: item.code))


def place(item: Finding) -> str:
    """Where it is, as ``file › sheet › cell``; '' for the whole folder.

    >>> place(finding("D117", CellRef("vp.xlsx", "Phụ lục", 9, 1), text="1,1"))
    'vp.xlsx › Phụ lục › A9'
    """
    if item.at is None:
        return ""
    return " › ".join(one_line(part) for part in (item.at.file, item.at.sheet, item.at.address) if part)


def worst_first(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings by severity, then by kind, then by place."""
    return tuple(
        sorted(
            findings,
            key=lambda item: (SEVERITY_ORDER.index(item.severity), item.code, _place_key(item)),
        )
    )


def _place_key(item: Finding) -> tuple[str, str, int, int]:
    at = item.at or CellRef("")
    return at.file, at.sheet, at.row, at.column
