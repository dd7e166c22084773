"""Vietnamese text as people type it: a text comes in; one Unicode form of it, its match key or its day goes out.

Keys are only for comparing: nobody's spelling is ever rewritten.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache, wraps
from typing import TypeVar

VIETNAM = timezone(timedelta(hours=7))
MISSING, AWAY, DIFFERENT = "chưa có", "không phát sinh", "khác nhau"
FOLLOWED = "chỉ theo dõi"  # a criterion without points
CASE = "trường hợp"  # one of what a figure counts, where its unit of measure does not say
ROLL = {  # how a unit stands in the roll-call
    "submitted": "đúng hạn",
    "late": "trễ hạn",
    "missing": "chưa gửi",
    "unreadable": "đã gửi, chưa đọc được",
}
RANKED_LATER = "chờ xếp hạng cùng các cơ quan"  # one that has its value, and points only among other agencies
_TONES = {"\u0300": "1", "\u0301": "2", "\u0303": "3", "\u0309": "4", "\u0323": "5"}
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_HIDDEN = "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"  # marks of width and direction that nobody sees
_INVISIBLE = re.compile(f"[{_HIDDEN}\u00ad]+")
_JOINER, _SIGNS = "\u200d", "\u2190-\u2bff\U0001f000-\U0001faff"  # a joiner before a picture sign makes one sign of two
_SPLIT = _HIDDEN.replace("\u200b-\u200f", "\u200b\u200c\u200e\u200f")
_HIDDEN_OUTSIDE_NUMBERS = re.compile(
    rf"(?<!\d)[{_SPLIT}]++|[{_SPLIT}]++(?!\d)|(?<!\d){_JOINER}(?![{_SIGNS}])|{_JOINER}(?![\d{_SIGNS}])"
)
_HIDDEN_IN_A_NUMBER = re.compile(rf"\d[{_HIDDEN}]+\d")
_MASKED = re.compile(f"[{_HIDDEN}ƣƢ]")
_LOOK_ALIKES = str.maketrans("ƣƢ", "ưƯ")  # in texts that come out of a PDF
# Python sorts the marks on a letter in quadratic time, and three letters that count as none are two marks each.
_MARK_PAIRS = (("\u0f73", "\u0f71\u0f72"), ("\u0f75", "\u0f71\u0f74"), ("\u0f81", "\u0f71\u0f80"))
_MANY_MARKS = re.compile(rb"(?<=[^\0]{30})[^\0]+")  # by their classes; 30 is the bound of UAX #15, Stream-Safe Text
_REMEMBERED, _PARAGRAPH = 500, 1_500  # letters of a text that is worth remembering for long, or for a while
_LONGEST_NUMBER = 200  # digits of a code's part that counts as a number
_T = TypeVar("_T")
_SHORT = 500  # letters in which any number of marks is sorted at once
_LONGEST_ALIKE = 150  # letters by which texts are compared for likeness, which takes quadratic time
_SPACES = re.compile(r"\s+")
_AROUND_WORDS = re.compile(r"[,;:()\[\]{}*\"“”.]+")
_NOT_APPLICABLE_TEXTS = (AWAY, "không áp dụng")
_CODE_PARTS = re.compile(r"\d+|[^\W\d_]+")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_AFTER = 10**_LONGEST_NUMBER  # words stand behind numbers
_DATE = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")


def remembered(function: Callable[[str], _T]) -> Callable[[str], _T]:
    """The same, with its answers for short texts kept: the forms of one office have most of them in common.

    The longer texts are, the fewer are kept: a folder may hold more of them than memory.
    """
    short, long, longest = (lru_cache(maxsize=most)(function) for most in (20_000, 5_000, 32))

    @wraps(function)
    def answer(text: str) -> _T:
        if len(text) <= _REMEMBERED:
            return short(text)
        return long(text) if len(text) <= _PARAGRAPH else longest(text)

    return answer


def composed(text: str) -> str:
    """The text in NFC, of marks in a row only the first thirty: no language has more, and their time is quadratic.

    >>> composed("So\u0302\u0301"), len(composed("a" + "\u0323\u0301" * 50_000))
    ('Số', 30)
    """
    return unicodedata.normalize("NFC", _few_marks(text))


def decomposed(text: str) -> str:
    """The same in NFD.

    >>> decomposed("ế") == "e\u0302\u0301"
    True
    """
    return unicodedata.normalize("NFD", _few_marks(text))


def _few_marks(text: str) -> str:
    if len(text) <= _SHORT or text.isascii():
        return text
    for letter, marks in _MARK_PAIRS:
        text = text.replace(letter, marks)
    many = [match.span() for match in _MANY_MARKS.finditer(bytes(map(unicodedata.combining, text)))]
    starts, ends = (0, *(end for _, end in many)), (*(start for start, _ in many), len(text))
    return "".join(text[start:end] for start, end in zip(starts, ends, strict=True))


def seen(text: str) -> str:
    r"""A cell's text as a person sees it, for whichever program wrote the file.

    Look-alikes are the letters they stand for; characters that nobody sees are gone, except between two digits, where
    they may part two numbers: see :func:`hides_in_a_number`.

    >>> seen("ch\u01a3a"), seen("\u202a15\u202c"), seen("1\u200b5")
    ('chưa', '15', '1\u200b5')
    """
    return _HIDDEN_OUTSIDE_NUMBERS.sub("", text.translate(_LOOK_ALIKES)) if _MASKED.search(text) else text


def hides_in_a_number(text: str) -> bool:
    """Whether a character that nobody sees stands between two digits."""
    return _HIDDEN_IN_A_NUMBER.search(text) is not None


def closest(text: str, names: Iterable[str], *, most: int = 3, likeness: float = 0.6) -> list[str]:
    """The names most like the text, best first, for a person to choose from; ``likeness`` 1 is the very same.

    >>> closest("Phòng Người có cong", ("Văn phòng Sở", "Phòng Người có công"))
    ['Phòng Người có công']
    """
    known = {name[:_LONGEST_ALIKE]: name for name in names}
    return [known[name] for name in difflib.get_close_matches(text[:_LONGEST_ALIKE], known, n=most, cutoff=likeness)]


# What moves the cursor, recolours, renames the window, or shows letters in another order than they stand in.
CONTROLS = "\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_CONTROL = re.compile(f"[{CONTROLS}]")
_BREAKS = frozenset("\t\n\v\f\r\x85\u2028\u2029")


def one_line(text: str) -> str:
    r"""The text as one line of letters: breaks as blanks, other control characters as their codes.

    For what goes to a terminal or into a sentence: a file name may hold any of them, and would fake lines of ours.

    >>> one_line("x\x1b[2J.xlsx"), one_line("y\nLỖI: z"), one_line("Quý I năm 2021")
    ('x\\x1b[2J.xlsx', 'y LỖI: z', 'Quý I năm 2021')
    """
    return _CONTROL.sub(lambda found: " " if found[0] in _BREAKS else ascii(found[0])[1:-1], text)


@remembered
def tidy(text: str) -> str:
    r"""The same text in NFC, without invisible characters, with single spaces and no outer ones.

    >>> tidy("  Sô\u0301   liệu ")
    'Số liệu'
    """
    return _SPACES.sub(" ", composed(_INVISIBLE.sub("", text))).strip()


@remembered
def _tone_last(word: str) -> str:
    """A word in NFD with its tone mark behind its letters, in NFC; a text has few words that no other has."""
    tones = "".join(_TONES[letter] for letter in word if letter in _TONES)
    return composed("".join(letter for letter in word if letter not in _TONES) + tones)


@remembered
def key(text: str) -> str:
    """A key that is equal for texts an office would call the same: for matching only.

    Unicode form, case, spacing (also around a dash or a slash), kinds of dash, Đ/Ð and the place of the tone mark
    (hoá/hóa, uỷ/ủy) do not count.

    >>> key("Hiện đại HOÁ") == key("hiện  đại hóa"), key("Uỷ ban") == key("Ủy ban")
    (True, True)
    >>> key("Việc – làm") == key("việc-làm")
    True
    """
    folded = decomposed(tidy(text).casefold().replace("ð", "đ")).translate(DASHES)
    for around in (" -", "- ", " /", "/ "):
        folded = folded.replace(around, around.strip())
    return " ".join(map(_tone_last, folded.split(" ")))


@remembered
def words_key(text: str) -> str:
    """The match key of the words of a text, without the marks around them: a slash and a dash within stay.

    >>> words_key("Số liệu (năm trước):") == key("số liệu năm trước")
    True
    """
    return key(_AROUND_WORDS.sub(" ", text))


def told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """Names by code, with the code behind a name that another has as well.

    >>> told_apart({"A": "Phòng Một", "B": "Phòng một", "C": "Phòng Hai"})
    {'A': 'Phòng Một (A)', 'B': 'Phòng một (B)', 'C': 'Phòng Hai'}
    """
    often = Counter(map(key, names.values()))
    return {code: f"{name} ({code})" if often[key(name)] > 1 else name for code, name in names.items()}


def digest(lines: Iterable[str]) -> str:
    r"""A mark of these lines, 16 hexadecimal digits: another one as soon as a letter of them is another.

    It begins as ``printf 'a\nb' | sha256sum`` does; half a letter, which no file can hold, counts as "?".

    >>> digest(["a", "b"]), digest(["a\ud800"]) == digest(["a?"])
    ('7e18f737311b2dc3', True)
    """
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()[:16]


def first_few(texts: Sequence[str], most: int, between: str = "; ") -> str:
    """The first of many texts, as a sentence lists them.

    >>> first_few(("A", "B"), 2), first_few(("A", "B", "C"), 2)
    ('A; B', 'A; B…')
    """
    return between.join(texts[:most]) + "…" * (len(texts) > most)


def unmarked(text: str) -> str:
    """The text as somebody types it who has no Vietnamese keyboard.

    >>> unmarked("Văn bản đi")
    'Van ban di'
    """
    letters = decomposed(text).replace("đ", "d").replace("Đ", "D")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


_NOT_APPLICABLE_KEYS = frozenset(key(text) for text in _NOT_APPLICABLE_TEXTS)


def in_digits(part: str) -> str:
    """A part of a code, as a match key has it, in digits where it is a number, an Arabic or a Roman one.

    >>> in_digits("02"), in_digits("iv"), in_digits("pl")
    ('2', '4', 'pl')
    """
    if part.isdecimal():
        return str(int(part)) if len(part) < _LONGEST_NUMBER else part
    if not part or not set(part) <= _ROMAN.keys():
        return part
    values = [_ROMAN[letter] for letter in part]
    return str(sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True)))


def code_order(text: str) -> tuple[tuple[int, str], ...]:
    """What sorts codes as a table lists them: numbers by their value, Roman ones among them, then words.

    >>> sorted(["PL II-1", "PL I-1.10", "PL I-1.2", "PL I-1"], key=code_order)
    ['PL I-1', 'PL I-1.2', 'PL I-1.10', 'PL II-1']
    """
    parts = map(in_digits, _CODE_PARTS.findall(key(text)))
    return tuple(
        (int(part), "") if part.isdecimal() and len(part) < _LONGEST_NUMBER else (_AFTER, part) for part in parts
    )


def is_not_applicable(text: str) -> bool:
    """Whether the text says that the matter did not arise.

    >>> is_not_applicable("Không phát sinh"), is_not_applicable("Không áp dụng."), is_not_applicable("không")
    (True, True, False)
    """
    return key(text.rstrip(" .;")) in _NOT_APPLICABLE_KEYS


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
