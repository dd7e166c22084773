"""The plan as it stands in one period: a :class:`Plan` and a period come in, an :class:`Edition` goes out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import TypeVar

from cchc_xl.plan.methods import scoring
from cchc_xl.records import Band, Criterion, Edition, Measure, Node, Period, Plan
from cchc_xl.text.words import key

_SEPARATOR = re.compile(r"[./]")
_T = TypeVar("_T")


def parts(code: str) -> tuple[str, ...]:
    """The parts of a criterion code.

    >>> parts("3.2.5"), parts("I/3.1.1")
    (('3', '2', '5'), ('I', '3', '1', '1'))
    """
    return tuple(_SEPARATOR.split(code.strip()))


def find_period(plan: Plan, code: str) -> Period | None:
    """The period of this code, whatever its case; None if the plan has none."""
    return next((period for period in plan.periods if period.code.casefold() == code.strip().casefold()), None)


def following(plan: Plan, period: Period) -> Period | None:
    """The period that tasks drawn from this one are for: the same of the next year, else the next one of the plan."""
    year, dash, rest = period.code.partition("-")
    same = find_period(plan, f"{int(year) + 1}{dash}{rest}") if year.isascii() and year.isdigit() else None
    later = sorted((item for item in plan.periods if item.end > period.end), key=lambda item: item.end)
    return same or next(iter(later), None)


def in_force(plan: Plan, period: Period) -> Edition:
    """The criteria in force on the last day of the period, as a tree.

    A row applies if it starts on or before that day; of several rows of one code the latest applies. The parent of a
    code is its longest prefix that exists.
    """
    chosen: dict[str, Criterion] = {}
    for criterion in plan.criteria:
        start, held = criterion.effective_from or date.min, chosen.get(criterion.code)
        if start <= period.end and (held is None or start > (held.effective_from or date.min)):
            chosen[criterion.code] = criterion
    by_parts = {parts(code): code for code in chosen}
    parents = {code: _nearest(parts(code)[:-1], by_parts) for code in chosen}
    rows = {parts(row.code): row for row in plan.appendix}
    children: dict[str, list[str]] = {code: [] for code in chosen}
    bands: dict[str, list[Band]] = {code: [] for code in chosen}
    for band in plan.bands:
        if band.code in bands:
            bands[band.code].append(band)
    for code, parent in parents.items():
        if parent:
            children[parent].append(code)

    def level(code: str) -> int:
        parent = parents[code]
        return 1 if parent is None else 1 + level(parent)

    @cache
    def maximum(code: str) -> Decimal:
        stated = chosen[code].max_score
        own = [maximum(child) for child in children[code] if not scoring(chosen[child].method).is_bonus]
        given = [most for most in own if most > 0] or own  # what deducts is no part of what the others give
        return sum(given, Decimal(0)) if stated is None else stated

    nodes = tuple(
        Node(
            criterion=criterion,
            max_score=maximum(code),
            parent=parents[code],
            children=tuple(children[code]),
            level=level(code),
            appendix=_nearest(parts(code), rows),
            bands=tuple(bands[code]),
            sound=code not in plan.unsound,
            places=None if children[code] else _places(criterion, plan),
        )
        for code, criterion in chosen.items()
    )
    return Edition(plan, period, nodes)


def distinct_editions(plan: Plan) -> tuple[Edition, ...]:
    """Of the periods in which the same rows are in force, the first one's edition: all that a check need look at."""
    starts = sorted({item.effective_from for item in plan.criteria if item.effective_from})
    periods: dict[int, Period] = {}
    for period in plan.periods:
        periods.setdefault(bisect_right(starts, period.end), period)
    return tuple(in_force(plan, period) for period in periods.values())


def _places(leaf: Criterion, plan: Plan) -> int | None:
    return plan.settings.criterion_places if leaf.places is None else leaf.places


def entered_measures(edition: Edition, unit: str) -> tuple[Measure, ...]:
    """The figures that a unit enters, in the order of the plan: not those that the plan itself gives."""
    given = {item.measure for item in edition.plan.survey}
    return tuple(item for item in edition.plan.measures if unit in item.units and item.code not in given)


_DEEPEST = 50


def _nearest(code: tuple[str, ...], found: Mapping[tuple[str, ...], _T]) -> _T | None:
    """What stands under the code itself, else under its longest beginning; no tree is deeper than so many levels."""
    if code in found:
        return found[code]
    return next((found[code[:end]] for end in range(min(len(code), _DEEPEST), 0, -1) if code[:end] in found), None)


_FORM_LABEL = re.compile("(?:" + "|".join(map(key, ("mã số", "mã", "ms"))) + r")[\s.:]{0,3}(?=\d)")
_LONGEST_FORM_CODE = 60


@lru_cache(maxsize=20_000)
def form_code_key(text: str) -> str:
    """The match key of a code as a form prints it: "MS 12" is "12" under a heading that says "Mã số"; 012 is not 12.

    >>> form_code_key("MS 12") == form_code_key("ms: 12") == form_code_key("(12)") == form_code_key("Mã số: 12.")
    True
    >>> form_code_key("0101") == form_code_key("101")
    False
    """
    told = key(text[: 2 * _LONGEST_FORM_CODE].replace(":", " "))
    if len(told) > _LONGEST_FORM_CODE:
        return text
    return _FORM_LABEL.sub("", told.strip(" .:;()[]"), count=1).replace(" ", "")
