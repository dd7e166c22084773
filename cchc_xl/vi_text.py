"""Vietnamese text: Unicode form, match keys, numbers 1.234,5 and dates 31/12/2026.

Text and stored cell values come in; match keys, ``Decimal`` values and Vietnamese number strings go out. Keys are only
for comparing: nobody's spelling is ever rewritten.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from cchc_xl.records import Kind

VIETNAM = timezone(timedelta(hours=7))
_TONES = {"\u0300": "1", "\u0301": "2", "\u0303": "3", "\u0309": "4", "\u0323": "5"}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), None)
_SPACES = re.compile(r"\s+")
_AROUND_MARK = re.compile(r"\s*([-/])\s*")
_NOT_APPLICABLE_TEXTS = ("không phát sinh", "không áp dụng")
_SCALE_WORDS = frozenset(
    (
        *("chục", "trăm", "nghìn", "ngàn", "vạn", "triệu", "tỷ", "tỉ", "k", "m", "tr", "trđ", "tỷđ"),
        *("nghin", "trieu"),  # as typed without marks; "ty" and "van" are other words
    )
)
_SCALE_STARTS = ("tỷđ", "tỉđ", "triệu", "nghìn", "ngàn", "trăm")  # "5 tỷđồng" is no 5
_WORD = re.compile(r"[^\W\d_]+")
_LITERAL_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.')
_NUMBER_AND_WORDS = re.compile(r"([+-]?[\d.,]+(?: [\d.,]+)*) ?(%?) ?([^\d%]*)", re.DOTALL)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([. ])\d{3})(?:\1\d{3})*")
_DATE = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")


@lru_cache(maxsize=20_000)
def tidy(text: str) -> str:
    r"""The same text in NFC, without invisible characters, with single spaces and no outer ones.

    >>> tidy("  Sô\u0301   liệu ")
    'Số liệu'
    """
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text.translate(_INVISIBLE))).strip()


@lru_cache(maxsize=20_000)
def key(text: str) -> str:
    """A key that is equal for texts an office would call the same: for matching only.

    Unicode form, case, spacing (also around a dash or a slash), kinds of dash, Đ/Ð and the place of the tone mark
    (hoá/hóa, uỷ/ủy) do not count.

    >>> key("Hiện đại HOÁ") == key("hiện  đại hóa"), key("Uỷ ban") == key("Ủy ban")
    (True, True)
    >>> key("Việc – làm") == key("việc-làm")
    True
    """
    decomposed = unicodedata.normalize("NFD", tidy(text).casefold().replace("ð", "đ"))
    words = []
    for word in _AROUND_MARK.sub(r"\1", decomposed.translate(_DASHES)).split(" "):
        tones = "".join(_TONES[letter] for letter in word if letter in _TONES)
        words.append("".join(letter for letter in word if letter not in _TONES) + tones)
    return unicodedata.normalize("NFC", " ".join(words))


_NOT_APPLICABLE_KEYS = frozenset(key(text) for text in _NOT_APPLICABLE_TEXTS)


def is_not_applicable(text: str) -> bool:
    """Whether the text says that the matter did not arise.

    >>> is_not_applicable("Không phát sinh"), is_not_applicable("không")
    (True, False)
    """
    return key(text).rstrip(".") in _NOT_APPLICABLE_KEYS


@dataclass(frozen=True, slots=True)
class Reading:
    """A typed value, or the finding codes that say why there is none. ``notes`` are codes of what was tolerated."""

    value: Decimal | None = None
    problem: str | None = None
    notes: tuple[str, ...] = ()


def shortest(number: float) -> Decimal:
    """The shortest decimal that Excel's binary number stands for.

    >>> shortest(0.1), shortest(39.0)
    (Decimal('0.1'), Decimal('39'))
    """
    exact = Decimal(repr(number))
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() and abs(exact) < 10**20 else exact


def is_percent_format(number_format: str) -> bool:
    r"""Whether a cell of this format shows its value times 100; a quoted or escaped % is only a letter.

    >>> is_percent_format("0.00%"), is_percent_format('0.00"%"'), is_percent_format(r"0\%")
    (True, False, False)
    """
    return "%" in _LITERAL_FORMAT.sub("", number_format)


def read_stored(number: float, kind: Kind, *, percent_format: bool) -> Reading:
    """A number that Excel stored as a number, by the figure's declared kind.

    >>> read_stored(0.825, Kind.PERCENT, percent_format=True).value
    Decimal('82.5')
    >>> read_stored(1.5, Kind.INTEGER, percent_format=False).problem
    'D105'
    """
    value = shortest(number)
    if percent_format:
        if kind is not Kind.PERCENT:
            return Reading(problem="D104")
        return Reading(Decimal(plain(value * 100)))
    return _whole_check(value, kind)


def read_text(text: str, kind: Kind) -> Reading:
    """A number that somebody typed as text, by the figure's declared kind.

    In whole-number kinds a dot or a space groups thousands and a comma is an error; elsewhere the comma is the decimal
    mark and "1.480" is ambiguous.

    >>> read_text("1.480 hồ sơ", Kind.INTEGER).value, read_text("82,5%", Kind.PERCENT).value
    (Decimal('1480'), Decimal('82.5'))
    >>> read_text("1.480", Kind.DECIMAL).problem, read_text("1,063", Kind.INTEGER).problem
    ('D106', 'D105')
    """
    match = _NUMBER_AND_WORDS.fullmatch(tidy(text).translate(_DASHES))
    if match is None:
        return Reading(problem="D107" if len(re.findall(r"\d[\d.,]*", text)) > 1 else "D101")
    digits, percent, words = match.groups()
    if percent and kind is not Kind.PERCENT:
        return Reading(problem="D104")
    if any(letter.isnumeric() for letter in words):
        return Reading(problem="D107")
    spoken = _WORD.findall(words.casefold())
    if not _SCALE_WORDS.isdisjoint(spoken) or any(word.startswith(_SCALE_STARTS) for word in spoken):
        return Reading(problem="D108")
    if words.strip(" .;") and not spoken:
        return Reading(problem="D101")
    reading = _whole_text(digits, kind) if kind in (Kind.INTEGER, Kind.MONEY) else _decimal_text(digits)
    if reading.problem or not spoken:
        return reading
    return Reading(reading.value, None, ("T301",))


def _whole_text(digits: str, kind: Kind) -> Reading:
    if _GROUPED.fullmatch(digits) or re.fullmatch(r"[+-]?\d+", digits):
        return _whole_check(Decimal(re.sub(r"[. ]", "", digits)), kind)
    return Reading(problem="D107" if " " in digits else "D105")


def _decimal_text(digits: str) -> Reading:
    whole, comma, fraction = digits.partition(",")
    if "," in fraction or "." in fraction or (comma and not fraction) or " " in fraction:
        return Reading(problem="D107" if " " in digits else "D101")
    if not comma and whole.count(".") == 1:
        if re.fullmatch(r"[+-]?[1-9]\d{0,2}\.\d{3}", whole):
            return Reading(problem="D106")
        return Reading(Decimal(whole)) if re.fullmatch(r"[+-]?\d+\.\d+", whole) else Reading(problem="D101")
    if not (_GROUPED.fullmatch(whole) or re.fullmatch(r"[+-]?\d+", whole)):
        return Reading(problem="D107" if " " in whole else "D101")
    return Reading(Decimal(re.sub(r"[. ]", "", whole) + (f".{fraction}" if comma else "")))


def _whole_check(value: Decimal, kind: Kind) -> Reading:
    if kind in (Kind.INTEGER, Kind.MONEY) and (value < 0 or value != value.to_integral_value()):
        return Reading(problem="D105")
    return Reading(value)


def read_date(value: object) -> date | None:
    """An Excel date or a text such as 31/12/2026 (day first); None if it is neither.

    >>> read_date("05/3/2020")
    datetime.date(2020, 3, 5)
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = _DATE.fullmatch(tidy(value)) if isinstance(value, str) else None
    if match is None:
        return None
    day, month, year = map(int, match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def plain(value: Decimal) -> str:
    """A decimal without exponent or trailing zeros.

    >>> plain(Decimal("1.7500")), plain(Decimal("1E+3")), plain(Decimal("-0.0"))
    ('1.75', '1000', '0')
    """
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def rounded(value: Decimal, places: int) -> str:
    """Half-up to exactly ``places`` decimals, with a point.

    >>> rounded(Decimal("2.675"), 2), rounded(Decimal("80"), 2)
    ('2.68', '80.00')
    """
    return format(value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP), "f")


def vietnamese(value: Decimal, places: int | None = None) -> str:
    """The number as an office writes it: comma for decimals, dot for thousands; all decimals if ``places`` is None.

    Babel is imported here because it costs start-up time and only documents for people need it.

    >>> vietnamese(Decimal("640905000")), vietnamese(Decimal("74.123"), 2), vietnamese(Decimal("1.750"))
    ('640.905.000', '74,12', '1,75')
    """
    from babel.numbers import format_decimal

    exact = value if places is None else Decimal(rounded(value, places))
    pattern = "#,##0.###" if places is None else "#,##0." + "0" * places
    return format_decimal(exact + 0, pattern.rstrip("."), locale="vi", decimal_quantization=False)
