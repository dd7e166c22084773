"""Vietnamese text: Unicode form, match keys, numbers 1.234,5 and dates 31/12/2026.

Text and stored cell values come in; match keys, ``Decimal`` values and Vietnamese number strings go out. Keys are only
for comparing: nobody's spelling is ever rewritten.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

VIETNAM = timezone(timedelta(hours=7))
MISSING, AWAY, DIFFERENT = "chưa có", "không phát sinh", "khác nhau"
_TONES = {"\u0300": "1", "\u0301": "2", "\u0303": "3", "\u0309": "4", "\u0323": "5"}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), None)
_SPACES = re.compile(r"\s+")
_AROUND_MARK = re.compile(r"\s*([-/])\s*")
_NOT_APPLICABLE_TEXTS = (AWAY, "không áp dụng")
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
