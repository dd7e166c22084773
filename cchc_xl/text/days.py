"""Days as an office writes them: a date, a moment or Excel's number of a day comes in, a text goes out.

Every output writes a day by this one rule, of Nghị định 30/2020/NĐ-CP, Phụ lục I: the numbers of days below 10 and of
months 1 and 2 have a leading zero, other months none. What people type is read by ``words.read_date``, with or without.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from cchc_xl.text.words import MISSING, VIETNAM

_FIRST_DAY = date(1899, 12, 30)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")  # where a text tells one


def date_vi(value: object) -> str:
    """A day: a date, a moment, or how either is stored; a text that is none as it is.

    >>> date_vi("2021-03-05"), date_vi("2021-02-14T08:00:00+07:00"), date_vi(date(2021, 11, 30)), date_vi(None)
    ('05/3/2021', '14/02/2021', '30/11/2021', 'chưa có')
    """
    if value is None:
        return MISSING
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        return str(value)
    return f"{day.day:02}/{day.month:02}/{day.year}" if day.month < 3 else f"{day.day:02}/{day.month}/{day.year}"


def day_here(moment: datetime) -> date:
    """The day of a moment by Vietnam's clock (UTC+7).

    >>> day_here(datetime.fromisoformat("2021-03-20T18:00:00+00:00"))
    datetime.date(2021, 3, 21)
    """
    return moment.astimezone(VIETNAM).date()


def moment_vi(value: datetime) -> str:
    """A moment by Vietnam's clock.

    >>> moment_vi(datetime.fromisoformat("2021-03-22T04:40:00+00:00"))
    '22/3/2021 11:40'
    """
    here = value.astimezone(VIETNAM)
    return f"{date_vi(here.date())} {here:%H:%M}"


def a_year_on(day: date) -> date:
    """The same day of the next year; of 29/2 the day before.

    >>> a_year_on(date(2020, 2, 29)), a_year_on(date(2021, 3, 5))
    (datetime.date(2021, 2, 28), datetime.date(2022, 3, 5))
    """
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def day_number(day: date) -> Decimal:
    """The day as Excel numbers it, so that two days can be told apart by a difference.

    >>> day_number(date(2021, 3, 15)) - day_number(date(2021, 3, 10)), dated(day_number(date(2021, 3, 15)))
    (Decimal('5'), '15/3/2021')
    """
    return Decimal((day - _FIRST_DAY).days)


def dated(number: Decimal) -> str:
    """The day of such a number; a number that is no day as it is.

    >>> dated(Decimal("0.5"))
    '0.5'
    """
    if number != int(number) or not 0 < number < day_number(date.max):
        return str(number)
    return date_vi(_FIRST_DAY + timedelta(days=int(number)))
