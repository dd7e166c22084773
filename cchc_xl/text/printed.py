"""Numbers as documents show them: what somebody typed, or a text, comes in; the numbers meant by it go out.

A document writes 74,12% and 1.480; who asks for a number may also write 74.12, 1480 or "640.905.000 đồng". Dates,
numbers of documents and of tables are no figures: 15/9/2020, 276/KH-UBND and "Bảng 6" hold none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from cchc_xl.text.numbers import points_text, rounded
from cchc_xl.text.words import key, tidy

_NUMBER = r"\d+(?:[.,]\d+)*"
_PRINTED = re.compile(rf"(?<![\w.,]){_NUMBER}(?![\w]|[.,]\d)|(?<=\s[.,]){_NUMBER}(?![\w]|[.,]\d)")
_TYPED = re.compile(rf"\d{{1,3}}(?:\s\d{{3}})+(?![\d.,])|{_NUMBER}")
_IN_GROUPS = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*")
# Dates, document numbers such as 276/KH-UBND and 30/2020/NĐ-CP, a standard's 9001:2015, a table's or picture's number.
_NO_FIGURE = re.compile(
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}(?:\s?\d{1,2}:\d\d)?|(?<!\d)\d++/(?:\d{4}/)?[A-ZĐ][\w-]*|\d{4}-\d\d-\d\d|"
    r"(?<!\d)\d++:\d+|(?i:Bảng|Biểu đồ|Hình|Biểu|Phụ lục|mục|tháng|năm|quý)\s+\d+(?:\.\d+)*|^\s*\d+(?:\.\d+)*[.)]\s"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A number somebody asks for.

    ``readings`` are its possible values, the likeliest first; ``whole`` those of the number after a slash ("60/145").
    ``form`` is ``"percent"`` or ``"points"`` (điểm phần trăm) where that was typed.
    """

    text: str
    digits: str
    readings: tuple[Decimal, ...]
    whole: tuple[Decimal, ...] = ()
    form: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """A number in a text, and where it stands there."""

    digits: str
    start: int
    end: int


def read_wanted(text: str) -> Wanted | None:
    """What is meant by a typed number; None if it is no number, or more than one that are no fraction.

    >>> [read_wanted(text).readings[0] for text in ("74,12%", "74.12", " 1.480 ", "1480", "640.905.000 đồng", "01")]
    [Decimal('74.12'), Decimal('74.12'), Decimal('1480'), Decimal('1480'), Decimal('640905000'), Decimal('1')]
    >>> read_wanted("5,88 điểm phần trăm").form, read_wanted("60/145").whole, read_wanted("abc")
    ('points', (Decimal('145'),), None)
    """
    tidied = tidy(text)
    found = list(_TYPED.finditer(tidied))
    apart = tidied[found[0].end() : found[1].start()].strip() if len(found) == 2 else ""
    if len(found) != 1 and apart != "/":
        return None
    values = [_readings(match[0]) for match in found]
    before = tidied[: found[0].start()]
    if not all(values) or any(letter.isalnum() or letter == "_" for letter in before[-1:]):
        return None
    after = key(tidied[found[-1].end() :])
    form = "points" if key("phần trăm") in after and key("điểm") in after else ""
    if after.startswith("%") or (not form and after.startswith(key("phần trăm"))):
        form = "percent"
    return Wanted(tidied, found[0][0], values[0], values[1] if len(found) == 2 else (), form)


def _readings(digits: str) -> tuple[Decimal, ...]:
    digits = re.sub(r"\s", "", digits)
    dots, commas = digits.count("."), digits.count(",")
    if not dots and not commas:
        return (Decimal(digits),)
    if dots and commas:
        mark = max(".,", key=digits.rfind)
        grouped, _, fraction = digits.rpartition(mark)
        return (Decimal(f"{re.sub('[.,]', '', grouped)}.{fraction}"),) if mark not in grouped else ()
    mark = "." if dots else ","
    thousands = (Decimal(digits.replace(mark, "")),) if _IN_GROUPS.fullmatch(digits) else ()
    fraction_of = (Decimal(digits.replace(",", ".")),) if digits.count(mark) == 1 else ()
    return thousands + fraction_of if mark == "." else fraction_of + thousands


def numbers_in(text: str) -> Iterator[Printed]:
    """The numbers that stand in a text as figures, whole.

    >>> [item.digits for item in numbers_in("đạt 74,12% (74,12/100 điểm) theo 276/KH-UBND ngày 12/12/2019 (Bảng 5)")]
    ['74,12', '74,12', '100']
    """
    covered = _NO_FIGURE.sub(lambda match: "x" * len(match[0]), text)
    for match in _PRINTED.finditer(covered):
        yield Printed(match[0], match.start(), match.end())


def is_printed(item: Printed, digits: str, reading: Decimal) -> bool:
    """Whether a number in a text is the one asked for: letter for letter, or as Vietnamese writes that value.

    >>> is_printed(Printed("1.480", 0, 5), "1480", Decimal(1480))
    True
    >>> is_printed(Printed("1.6", 0, 3), "1,6", Decimal("1.6"))  # a code is no 1,6
    False
    """
    if item.digits == digits:
        return True
    readings = _readings(item.digits)
    single_dot = "." in item.digits and "," not in item.digits and not _IN_GROUPS.fullmatch(item.digits)
    return bool(readings) and not single_dot and abs(readings[0]) == abs(reading)


def shows(value: Decimal, reading: Decimal, places: int) -> bool:
    """Whether a value is shown as the number asked for: rounded as the report does, or to all digits that were typed.

    >>> shows(Decimal(1200) / 39, Decimal("30.77"), 2), shows(Decimal("79.6"), Decimal(80), 2)
    (True, False)
    """
    typed = max(0, -int(reading.as_tuple().exponent))
    return any(abs(Decimal(rounded(value, count))) == abs(reading) for count in {places, 2, max(typed, places, 2)})


def signed_points(points: Decimal, places: int = 2, *, is_deduction: bool = False) -> str:
    """Bonus points and deductions with their sign.

    >>> signed_points(Decimal(15)), signed_points(Decimal("-6.5")), signed_points(Decimal(0), is_deduction=True)
    ('+15', '−6,5', '0')
    """
    text = points_text(abs(points), places)
    return text if not points else f"−{text}" if is_deduction or points < 0 else f"+{text}"


def cap_text(maximum: Decimal, places: int = 2) -> str:
    """The most that a bonus may add or a deduction take away.

    >>> cap_text(Decimal(15)), cap_text(Decimal(-10))
    ('tối đa +15', 'tối đa trừ 10')
    """
    return f"tối đa {'trừ ' if maximum < 0 else '+'}{points_text(abs(maximum), places)}"


def cell_format(places: int, ending: Literal["", '"%"'] = "") -> str:
    """Excel's format for points and percentages with the plan's decimals; the cell keeps the whole value.

    >>> cell_format(2), cell_format(0), cell_format(1, '"%"')
    ('#,##0.00', '#,##0', '#,##0.0"%"')
    """
    return f"#,##0.{'0' * places}{ending}" if places > 0 else f"#,##0{ending}"
