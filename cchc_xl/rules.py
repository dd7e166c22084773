"""The scoring methods as small pure functions over ``Decimal``: figures in, points out.

Source: the forms of real criteria tables (design §3). Nothing is rounded here but the tail of a quotient that does not
end (:func:`settled`). Points are in the unit of ``maximum``; a
percentage of 82,5 % is ``Decimal("82.5")``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cchc_xl.records import Band, Method, Outcome
from cchc_xl.text.numbers import settled
from cchc_xl.text.words import key


@dataclass(frozen=True, slots=True)
class Points:
    """Points and the row of ``Thang điểm`` that gave them, where one did."""

    amount: Decimal
    band: Band | None = None


def held(points: Decimal, maximum: Decimal) -> Decimal:
    """The points held between 0 and the maximum, which is negative for a deduction.

    >>> held(Decimal(12), Decimal(10)), held(Decimal(-7), Decimal(-5))
    (Decimal('10'), Decimal('-5'))
    """
    low, high = sorted((Decimal(0), maximum))
    return min(max(points, low), high)


def outcome_points(outcome: Outcome, maximum: Decimal, value: Decimal = Decimal(0)) -> Decimal:
    """The points of a band: a number, a share of the maximum, or the value in percent of the maximum."""
    if outcome.form == "share":
        return maximum * outcome.amount / 100
    if outcome.form == "linear":
        return held(settled(maximum * value / 100), maximum)
    return outcome.amount


def contains(band: Band, value: Decimal) -> bool:
    """Whether the figure lies in the interval; an absent bound is open."""
    above = band.low is None or value > band.low or (value == band.low and band.low_included)
    below = band.high is None or value < band.high or (value == band.high and band.high_included)
    return above and below


def by_band(value: Decimal, bands: Iterable[Band], maximum: Decimal) -> Points | None:
    """``bậc``: the points of the interval the figure lies in; None if it lies in none."""
    band = next((band for band in bands if contains(band, value)), None)
    return None if band is None else Points(outcome_points(band.outcome, maximum, value), band)


def by_level(level: str, bands: Iterable[Band], maximum: Decimal) -> Points | None:
    """``mức``: the points of the level reported, by match key; None if there is no such level."""
    band = next((band for band in bands if band.level and key(band.level) == key(level)), None)
    return None if band is None else Points(outcome_points(band.outcome, maximum), band)


def by_ratio(percent: Decimal, maximum: Decimal) -> Points:
    """``tỷ lệ`` and ``khảo sát``: a percentage of the maximum, between 0 and the maximum.

    >>> by_ratio(Decimal("82.5"), Decimal("31.5")).amount
    Decimal('25.9875')
    """
    return Points(held(settled(percent * maximum / 100), maximum))


def parameter(bands: Iterable[Band], name: str, maximum: Decimal) -> Decimal | None:
    """The parameter called ``name`` among the rows; a share is of the maximum; None if it is not given."""
    band = next((band for band in bands if key(band.level) == key(name)), None)
    return None if band is None else outcome_points(band.outcome, maximum)


def per_item(count: Decimal, bands: Sequence[Band], maximum: Decimal) -> Points | None:
    """``mỗi đơn vị``: ``gốc`` plus ``mỗi`` for every item, between ``sàn`` and ``trần``; None without ``mỗi``."""
    each = parameter(bands, "mỗi", maximum)
    if each is None:
        return None
    low, high = sorted((Decimal(0), maximum))
    base = parameter(bands, "gốc", maximum) or Decimal(0)
    floor = parameter(bands, "sàn", maximum)
    ceiling = parameter(bands, "trần", maximum)
    points = base + each * count
    points = max(points, low if floor is None else floor)
    return Points(min(points, high if ceiling is None else ceiling))


def relative(value: Decimal, bands: Sequence[Band], maximum: Decimal) -> Points | None:
    """``so sánh``: relative to the leader, and to the target where there is one; None without a usable leader."""
    leader, target = _stated(bands, "dẫn đầu"), _stated(bands, "chỉ tiêu")
    if leader is None or leader <= 0:
        return None
    if target is None:
        return Points(held(settled(maximum * value / leader), maximum))
    half = maximum / 2
    if value < target:
        return Points(held(settled(half * value / target), maximum))
    if value == target or leader <= target:
        return Points(half if value == target else maximum)
    return Points(held(settled(half + half * (value - target) / (leader - target)), maximum))


def figure_points(method: Method | None, value: Decimal, bands: Sequence[Band], maximum: Decimal) -> Points | None:
    """The points of a leaf scored on figures; a quotient's ``value`` is in percent. None where the rows say nothing."""
    match method:
        case Method.BAND:
            return by_band(value, bands, maximum)
        case Method.PER_ITEM:
            return per_item(value, bands, maximum)
        case Method.RELATIVE:
            return relative(value, bands, maximum)
        case _:
            return by_ratio(value, maximum)


def _stated(bands: Iterable[Band], name: str) -> Decimal | None:
    """A parameter that is a value, not points."""
    band = next((band for band in bands if key(band.level) == key(name)), None)
    return None if band is None else band.outcome.amount


def manual(given: Decimal, bands: Sequence[Band], maximum: Decimal) -> Decimal:
    """``chấm tay``: the given points held to minimum and maximum, then down to the nearest step from the minimum.

    >>> manual(Decimal("1.3"), (), Decimal(1))
    Decimal('1')
    """
    low, high = sorted((Decimal(0), maximum))
    lowest, highest = parameter(bands, "nhỏ nhất", maximum), parameter(bands, "lớn nhất", maximum)
    low, high = low if lowest is None else lowest, high if highest is None else highest
    points = min(max(given, low), high)
    step = parameter(bands, "bước", maximum)
    if step and step > 0:
        points = low + (points - low) // step * step
    return points


def combined(values: Sequence[Decimal], how: str) -> Decimal:
    """Several units' values as one: ``thấp nhất``/``nhỏ nhất``, ``cao nhất``/``lớn nhất``, ``trung bình``, ``tổng``."""
    if how in ("thấp nhất", "nhỏ nhất"):
        return min(values)
    if how in ("cao nhất", "lớn nhất"):
        return max(values)
    total = sum(values, Decimal(0))
    return total / len(values) if how == "trung bình" else total


def group_points(method: Method, parts: Sequence[tuple[Decimal, Decimal]], maximum: Decimal) -> Decimal:
    """A group's points from its children's (points, maximum) pairs; bonus children are not among them.

    >>> two = ((Decimal(1), Decimal(1)), (Decimal(0), Decimal(1)))
    >>> group_points(Method.ALL_OF, two, Decimal(2)), group_points(Method.ANY_OF, two, Decimal(2))
    (Decimal('0'), Decimal('2'))
    """
    points = [amount for amount, _ in parts]
    full = [amount >= limit for amount, limit in parts]
    match method:
        case Method.ALL_OF:
            return maximum if full and all(full) else Decimal(0)
        case Method.ANY_OF:
            return maximum if any(full) else Decimal(0)
        case Method.BEST_OF:
            return held(max(points, default=Decimal(0)), maximum)
        case Method.LOWEST_OF:
            return held(min(points, default=Decimal(0)), maximum)
        case Method.BONUS:
            return held(sum(points, Decimal(0)), maximum)
        case _:
            return min(sum(points, Decimal(0)), maximum) if maximum >= 0 else max(sum(points, Decimal(0)), maximum)
