"""Numbers and dates as a Vietnamese office writes them: decimal strings and ISO dates come in, text goes out.

A missing value is "chưa có" and what did not arise is "không phát sinh": never 0 and never blank. Text that is no
number (a dash, say) passes unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from jinja2 import Undefined

from cchc_xl.records import State
from cchc_xl.vi_text import rounded, vietnamese

MISSING = "chưa có"
NOT_APPLICABLE = "không phát sinh"
ELSEWHERE = "–"

Value = Decimal | str | None


def number_vi(value: object, places: int = 2) -> str:
    """A number with at most ``places`` decimals, half-up, without trailing zeros.

    >>> number_vi("1480"), number_vi(Decimal("1.666")), number_vi(None), number_vi("not_applicable")
    ('1.480', '1,67', 'chưa có', 'không phát sinh')
    """
    exact = decimal(value)
    return exact if isinstance(exact, str) else vietnamese(Decimal(rounded(exact, places)))


def percent_vi(value: object, places: int = 2) -> str:
    """A number that already counts in percent.

    >>> percent_vi("74.12"), percent_vi(Decimal(80)), percent_vi(None)
    ('74,12%', '80%', 'chưa có')
    """
    exact = decimal(value)
    return exact if isinstance(exact, str) else f"{number_vi(exact, places)}%"


def count_vi(value: object) -> str:
    """A count inside a sentence: offices write 01 to 09 with a leading zero.

    >>> count_vi(1), count_vi("12"), count_vi(0), count_vi("1463")
    ('01', '12', '0', '1.463')
    """
    exact = decimal(value)
    if isinstance(exact, str) or exact not in range(1, 10):
        return number_vi(value)
    return f"0{exact:f}"[:2]


def change_vi(value: object, places: int = 2) -> str:
    """A difference of two percentages: it counts in percentage points.

    >>> change_vi("-0.80"), change_vi("5.88"), change_vi(0)
    ('giảm 0,8 điểm phần trăm', 'tăng 5,88 điểm phần trăm', 'không thay đổi')
    """
    exact = decimal(value)
    if isinstance(exact, str):
        return exact
    if not exact:
        return "không thay đổi"
    return f"{'tăng' if exact > 0 else 'giảm'} {number_vi(abs(exact), places)} điểm phần trăm"


def date_vi(value: object) -> str:
    """A date for the text of a document: days below 10 and months 1 and 2 have a leading zero (Nghị định 30/2020).

    >>> date_vi("2021-03-05"), date_vi("2021-02-14T08:00:00+07:00"), date_vi(None)
    ('05/3/2021', '14/02/2021', 'chưa có')
    """
    if value is None:
        return MISSING
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        return str(value)
    return f"{day.day:02}/{day.month:02}/{day.year}" if day.month < 3 else f"{day.day:02}/{day.month}/{day.year}"


def lower_first(value: object) -> str:
    """The text with a small first letter, for use inside a sentence; abbreviations keep theirs.

    >>> lower_first("Năm 2020"), lower_first("UBND Tỉnh")
    ('năm 2020', 'UBND Tỉnh')
    """
    text = str(value)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def sentence(value: object) -> str:
    """The text with one full stop at its end.

    >>> sentence("Đã gửi bài "), sentence("Đã gửi; ")
    ('Đã gửi bài.', 'Đã gửi.')
    """
    text = str(value).rstrip()
    return text if text.endswith((".", "!", "?", "…")) else text.rstrip(";,: ") + "."


def listing(values: Iterable[object]) -> str:
    """Names one after the other: parted by ";" where a name has a comma of its own.

    >>> listing(["Phòng A", "Phòng B"]), listing(["Phòng A, B", "Phòng C"])
    ('Phòng A, Phòng B', 'Phòng A, B; Phòng C')
    """
    names = [str(value) for value in values]
    return ("; " if any("," in name for name in names) else ", ").join(names)


def decimal(value: object) -> Decimal | str:
    """The value as ``Decimal``, or the text that stands for it where it is no number."""
    if isinstance(value, Undefined):
        return str(value)  # a misspelt name announces itself here
    if value is None:
        return MISSING
    if value == State.NOT_APPLICABLE:
        return NOT_APPLICABLE
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return exact if exact.is_finite() else str(value)


def build(places: int) -> dict[str, Callable[..., Any]]:
    """The filters by name; ``places`` is the plan's count of decimals and can be overruled in a tag."""

    def number(value: object, digits: int = places) -> str:
        return number_vi(value, digits)

    def percent(value: object, digits: int = places) -> str:
        return percent_vi(value, digits)

    def change(value: object, digits: int = places) -> str:
        return change_vi(value, digits)

    return {
        "number_vi": number,
        "percent_vi": percent,
        "change_vi": change,
        "count_vi": count_vi,
        "date_vi": date_vi,
        "lower_first": lower_first,
        "sentence": sentence,
        "listing": listing,
    }
