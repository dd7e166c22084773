"""Expressions over figures: what a cell says comes in, a :class:`Quotient` goes out, or why there is none.

``A + C - D / B`` is (A + C − D) / B in percent, ``100% - A / B`` what is left of 100%, ``A@trước`` the figure of a year
before, and between two dates a difference is days. Contract: design §3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from cchc_xl.plan.methods import scoring
from cchc_xl.records import LAST_YEAR, Kind, Method, Quotient, Term
from cchc_xl.text.words import DASHES, key, tidy

# Not the letters of "@trước": the pattern also finds the codes in an expression that is already told.
FIGURE_CODE = re.compile(r"(?<![\w@])[A-Za-z][A-Za-z0-9_]*")
_SIGN = re.compile(r"([+-])")
_OF_HUNDRED = re.compile(r"100 ?% ?-")
_LAST_YEAR = frozenset(map(key, (LAST_YEAR.removeprefix("@"), "truoc")))
_SHOWN = 60  # letters of what is not understood


def sides_of(rule: str) -> tuple[str, str, str]:
    """A cross-check's left side, its sign and its right side; '' for what a rule of somebody else's result lacks.

    >>> sides_of("A + B <= C"), sides_of("A + B")
    (('A + B', '<=', 'C'), ('A + B', '', ''))
    """
    left, sign, right = map(str.strip, (*re.split("(<=|>=|=)", rule, maxsplit=1), "", "")[:3])
    return left, sign, right


def parsed(text: str) -> tuple[Quotient | None, str]:
    """The expression, or None and why it is none.

    A minus may be any dash, with or without blanks: a code has none.

    >>> [str(parsed(text)[0]) for text in ("DUNG – TRE/TONG", "100%-A / B", "A - A @ truoc / A@Trước")]
    ['DUNG - TRE / TONG', '100% - A / B', 'A - A@trước / A@trước']
    >>> parsed("A - / B")
    (None, 'thiếu mã số liệu sau dấu -')
    """
    told = tidy(text).translate(DASHES)
    rest = _OF_HUNDRED.sub("", told, count=1) if (begins := _OF_HUNDRED.match(told)) else told
    sides = rest.split("/")
    why = _misshapen(rest, sides)
    terms: list[tuple[str, ...]] = []
    for side in sides if not why else ():
        found, why = _terms(side)
        if why:
            break
        terms.append(found)
    if not why and begins and len(sides) == 1 and len(terms[0]) > 1:
        why = "sau 100% - chỉ có A / B, hoặc một số liệu là tỷ lệ %"
    return (None, why) if why else (Quotient(terms[0], terms[1] if len(terms) > 1 else (), bool(begins)), "")


def _misshapen(rest: str, sides: list[str]) -> str:
    if "%" in rest:
        return "100% - chỉ đứng ở đầu biểu thức"
    if "(" in rest or ")" in rest:
        return "không dùng dấu ngoặc, dấu / chia cả vế trước cho cả vế sau"
    return "chỉ có một dấu /" if len(sides) > 2 else ""


def _terms(side: str) -> tuple[tuple[str, ...], str]:
    """What is added and taken away on one side of the slash, or why it is not understood."""
    first, *rest = _SIGN.split(side)
    terms: list[str] = []
    for sign, piece in [("+", first), *zip(rest[::2], rest[1::2], strict=True)]:
        code, at, when = (part.strip() for part in piece.partition("@"))
        if not piece.strip():
            return (), f"thiếu mã số liệu sau dấu {sign}" if terms else "thiếu mã số liệu ở đầu một vế"
        if not FIGURE_CODE.fullmatch(code):
            return (), f"“{code[:_SHOWN]}” không phải mã số liệu"
        if at and key(when) not in _LAST_YEAR:
            return (), f"sau @ chỉ ghi “trước” ({code}{LAST_YEAR}: số liệu năm trước)"
        terms.append(f"{'-' * (sign == '-')}{code}{LAST_YEAR if at else ''}")
    return tuple(terms), ""


def is_of_dates(figures: Quotient, kinds: Mapping[str, Kind]) -> bool:
    """Whether a date stands in it; of a sound expression then two do, and its value is days."""
    return any(kinds.get(code) is Kind.DATE for code in figures.codes)


def unscorable(figures: Quotient, kinds: Mapping[str, Kind], method: Method | None) -> str:
    """Why no value comes of figures of these kinds, or none that the method scores; '' where one does.

    >>> dates = {"D1": Kind.DATE, "D2": Kind.DATE}
    >>> [unscorable(Quotient(terms), dates, Method("bậc")) for terms in (("D1", "-D2"), ("D1",))]
    ['', 'ngày chỉ dùng trong hiệu hai ngày']
    """
    if words := [code for code in figures.codes if kinds.get(code) is Kind.TEXT]:
        return f"{words[0]} là chữ"
    if not is_of_dates(figures, kinds):
        return ""
    if not _is_between_dates(figures, kinds):
        return "ngày chỉ dùng trong hiệu hai ngày"
    takes_days = method is None or scoring(method).counts_days or scoring(method).is_group
    return "" if takes_days else f"số ngày không chấm bằng “{method}”"


def uncomparable(left: Quotient, right: Quotient, kinds: Mapping[str, Kind]) -> str:
    """Why two sides of a cross-check cannot be compared; two dates can be, and days with a number.

    >>> uncomparable(Quotient(("D",)), Quotient(("N",)), {"D": Kind.DATE, "N": Kind.INTEGER})
    'ngày chỉ so với ngày'
    """
    alone = [is_date(side, kinds) for side in (left, right)]
    if all(alone):
        return ""
    if any(alone):
        return "ngày chỉ so với ngày"
    return unscorable(left, kinds, None) or unscorable(right, kinds, None)


def is_date(figures: Quotient, kinds: Mapping[str, Kind]) -> bool:
    """Whether it is nothing but one date."""
    return figures.only_adds and [kinds.get(code) for code in figures.codes] == [Kind.DATE]


def _is_between_dates(figures: Quotient, kinds: Mapping[str, Kind]) -> bool:
    signs = [term.is_minus for term in figures.above]
    all_dates = all(kinds.get(code) is Kind.DATE for code in figures.codes)
    return all_dates and signs == [False, True] and not figures.is_percentage


def in_words(terms: Iterable[Term], names: Mapping[str, str], minus: str = "trừ") -> str:
    """Terms with the figures' names, as a sentence tells them.

    >>> in_words(Quotient(("A", "-B@trước")).above, {"A": "hồ sơ đúng hạn", "B": "hồ sơ trễ hạn"})
    'hồ sơ đúng hạn trừ hồ sơ trễ hạn năm trước'
    """
    told = [(term, names.get(term.code, term.code) + " năm trước" * term.last_year) for term in terms]
    return "".join(f" {minus if term.is_minus else '+'} {name}" for term, name in told).removeprefix(" + ").strip()


def last_year_terms(figures: Quotient) -> tuple[Term, ...]:
    """Those of its terms that are taken from the result of a year before, each once."""
    return tuple({term.code: term for term in figures.terms if term.last_year}.values())
