"""Where the points of a rule turn: a node and a figure's value come in, points, edges and the best points go out.

Between two neighbouring edges the points of every method are constant or monotone; the search for the smallest change
rests on that.
"""

from __future__ import annotations

from decimal import Decimal

from cchc_xl.records import Band, Method, Node
from cchc_xl.rules import figure_points, held, manual, outcome_points, parameter, per_item
from cchc_xl.text.numbers import settled
from cchc_xl.text.words import key

ZERO = Decimal(0)
HUNDRED = Decimal(100)
_BEYOND_ALL = Decimal(10) ** 12


def points_at(node: Node, value: Decimal) -> Decimal | None:
    """The points of a leaf scored on figures, at this value; None where the rows of the plan say nothing.

    Source: the methods of design §3, by :mod:`cchc_xl.rules`.
    """
    found = figure_points(node.criterion.method, value, node.bands, node.max_score)
    return None if found is None else found.amount


def edges(node: Node, now: Decimal) -> tuple[Decimal, ...]:
    """The values at which the points may jump, bend, or pass ``now``, the points of today; ascending."""
    match node.criterion.method:
        case Method.BAND:
            found = [edge for band in node.bands for edge in (band.low, band.high) if edge is not None]
            if node.max_score and any(band.outcome.form == "linear" for band in node.bands):
                found += [now * 100 / node.max_score, ZERO, HUNDRED]
        case Method.PER_ITEM:
            found = _turns(node, now)
        case Method.RELATIVE:
            named = {key(band.level): band.outcome.amount for band in node.bands}
            found = [named[key(name)] for name in ("chỉ tiêu", "dẫn đầu") if key(name) in named]
        case _:
            found = [ZERO, HUNDRED]
    return tuple(sorted(set(found)))


def _turns(node: Node, now: Decimal) -> list[Decimal]:
    """Counts at which ``gốc + mỗi × count`` meets today's points, the floor or the ceiling."""
    each = parameter(node.bands, "mỗi", node.max_score)
    base = parameter(node.bands, "gốc", node.max_score) or ZERO
    limits = (parameter(node.bands, name, node.max_score) for name in ("sàn", "trần"))
    met = (now, ZERO, node.max_score, *(limit for limit in limits if limit is not None))
    return [(limit - base) / each for limit in met] if each else []


def attainable(node: Node) -> Decimal:
    """The most points the rows of the plan can give this leaf: its maximum, or less where no row reaches it.

    For a deduction (negative maximum) the most is 0.
    """
    match node.criterion.method:
        case Method.LEVEL:
            given = [outcome_points(band.outcome, node.max_score) for band in node.bands if band.level]
        case Method.BAND:
            given = [points for band in node.bands for points in _ends(band, node.max_score)]
        case Method.PER_ITEM:
            ends = (per_item(count, node.bands, node.max_score) for count in (ZERO, _BEYOND_ALL))
            given = [points.amount for points in ends if points]
        case Method.MANUAL:
            given = [manual(_BEYOND_ALL, node.bands, node.max_score)]
        case _:
            given = []
    return max(given, default=max(node.max_score, ZERO))


def _ends(band: Band, maximum: Decimal) -> tuple[Decimal, ...]:
    if band.outcome.form != "linear":
        return (outcome_points(band.outcome, maximum),)
    low, high = band.low or ZERO, HUNDRED if band.high is None else band.high
    return tuple(held(settled(maximum * edge / 100), maximum) for edge in (low, high))
