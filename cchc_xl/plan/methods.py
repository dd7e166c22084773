"""The scoring methods: figures and the rows of ``Thang điểm`` come in; points, formulas and edges go out.

Source: the forms of real criteria tables (design §3). Nothing is rounded here but the tail of a quotient that does not
end (:func:`settled`). Points are in the unit of ``maximum``; a
percentage of 82,5 % is ``Decimal("82.5")``.

A side is a sum of figures or, beyond the contract, a quotient in percent; a quotient is compared after half-up rounding
to the decimals that the other side shows, because a share such as 7 % was itself rounded by whoever typed it.

Each formula computes what `rules` computes. Column C holds the maximum, D the points, E the applicable maximum, H the
figure a leaf is scored on. Figures are rounded to 12 decimals so that binary arithmetic does not move a band edge.

Between two neighbouring edges the points of every method are constant or monotone; the search for the smallest change
rests on that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

from cchc_xl.records import Band, Constraint, Method, Node, Outcome, Quotient, Score
from cchc_xl.text.numbers import EXACT, plain, settled
from cchc_xl.text.words import AWAY, DIFFERENT, MISSING, key


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


def is_reached(points: Decimal, maximum: Decimal) -> bool:
    """Whether the points are all there is: the maximum, or of a deduction (negative maximum) the whole deduction.

    >>> is_reached(Decimal(0), Decimal(-2)), is_reached(Decimal(-2), Decimal(-2)), is_reached(Decimal(2), Decimal(2))
    (False, True, True)
    """
    return points >= maximum if maximum > 0 else points <= maximum


def group_points(method: Method, parts: Sequence[tuple[Decimal, Decimal]], maximum: Decimal) -> Decimal:
    """A group's points from its children's (points, maximum) pairs; bonus children are not among them.

    >>> two = ((Decimal(1), Decimal(1)), (Decimal(0), Decimal(1)))
    >>> group_points(Method.ALL_OF, two, Decimal(2)), group_points(Method.ANY_OF, two, Decimal(2))
    (Decimal('0'), Decimal('2'))
    """
    points = [amount for amount, _ in parts]
    full = [is_reached(amount, limit) for amount, limit in parts]
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
            total = sum(points, Decimal(0))
            return min(total, maximum) if maximum >= 0 else held(total, maximum)


def quotient_value(quotient: Quotient, figures: Mapping[str, Decimal]) -> Decimal | None:
    """The sum, or the quotient in percent; None where a figure is unknown or the denominator is 0."""
    if any(code not in figures for code in quotient.codes):
        return None
    above = sum((figures[code] for code in quotient.numerator), Decimal(0))
    if not quotient.denominator:
        return above
    below = sum((figures[code] for code in quotient.denominator), Decimal(0))
    with localcontext(EXACT):
        return above * 100 / below if below else None


def broken_sides(constraint: Constraint, figures: Mapping[str, Decimal]) -> tuple[Decimal, Decimal] | None:
    """Both sides of a broken constraint; None if it holds or cannot be judged.

    >>> from cchc_xl.records import CellRef
    >>> rule = Constraint("R1", "A <= B", Quotient(("A",)), "<=", Quotient(("B",)), "error", "", CellRef("p.xlsx"))
    >>> broken_sides(rule, {"A": Decimal(3), "B": Decimal(2)})
    (Decimal('3'), Decimal('2'))
    """
    left, right = quotient_value(constraint.left, figures), quotient_value(constraint.right, figures)
    if left is None or right is None:
        return None
    shown_left = _as_shown(left, right) if constraint.left.denominator else left
    shown_right = _as_shown(right, left) if constraint.right.denominator else right
    holds = {
        "=": shown_left == shown_right,
        "<=": shown_left <= shown_right,
        ">=": shown_left >= shown_right,
    }[constraint.operator]
    return None if holds else (left, right)


def _as_shown(exact: Decimal, other: Decimal) -> Decimal:
    exponent = other.normalize().as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return exact.quantize(Decimal(1).scaleb(-min(places, 10)), rounding=ROUND_HALF_UP)


_COMBINE = {"thấp nhất": "MIN", "cao nhất": "MAX", "trung bình": "AVERAGE"}
Children = list[tuple[Score, int]]


def value_formula(figures: Quotient, addresses: dict[str, str]) -> str:
    """The figure a leaf is scored on: a sum, or a quotient in percent, or the word for why there is none."""
    cells = [addresses.get(code) for code in figures.codes]
    if any(cell is None for cell in cells):
        return f'="{MISSING}"'
    known = list(dict.fromkeys(cell for cell in cells if cell))
    waiting = ",".join(f'{cell}="{word}"' for cell in known for word in (MISSING, DIFFERENT))
    above = "+".join(f"N({addresses[code]})" for code in figures.numerator)
    result = above
    if figures.denominator:
        below = "+".join(f"N({addresses[code]})" for code in figures.denominator)
        result = f'IF({below}=0,"{AWAY}",ROUND(({above})*100/({below}),12))'
    return f'=IF(OR({waiting}),"{MISSING}",IF(COUNT({",".join(known)})=0,"{AWAY}",{result}))'


def leaf_points_formula(score: Score, row: int, reported: str | None) -> str:
    """The points of a leaf; 0 where the plan gives none without evidence and there is none."""
    node = score.node
    away = {"điểm tối đa": f"MAX(0,C{row})", "0 điểm": "0"}.get(node.criterion.not_applicable, '""')
    if node.criterion.method in (Method.LEVEL, Method.MANUAL):
        if reported is None:
            return '=""'
        combine = _COMBINE[node.criterion.combine]
        waiting = f'COUNT({reported})+COUNTIF({reported},"{AWAY}")<{len(node.lead)}'
        return f'=IF({waiting},"",IF(COUNT({reported})=0,{away},{combine}({reported})))'
    if node.criterion.figures is None:
        return '=""'
    points = "0" if score.unsupported else _figure_points(node, row)
    return f'=IF(H{row}="{MISSING}","",IF(H{row}="{AWAY}",{away},{points}))'


def _figure_points(node: Node, row: int) -> str:
    low, high = ("0", f"C{row}") if node.max_score >= 0 else (f"C{row}", "0")
    match node.criterion.method:
        case Method.BAND:
            return _bands(node, row, low, high)
        case Method.PER_ITEM:
            return _per_item(node, row, low, high)
        case Method.RELATIVE:
            return _relative(node.bands, row, low, high)
        case _:
            return f"MAX({low},MIN({high},H{row}*C{row}/100))"


def _bands(node: Node, row: int, low: str, high: str) -> str:
    formula = '""'
    for band in reversed(node.bands):
        tests = []
        if band.low is not None:
            tests.append(f"H{row}{'>=' if band.low_included else '>'}{plain(band.low)}")
        if band.high is not None:
            tests.append(f"H{row}{'<=' if band.high_included else '<'}{plain(band.high)}")
        points = plain(outcome_points(band.outcome, node.max_score))
        if band.outcome.form == "linear":
            points = f"MAX({low},MIN({high},H{row}*C{row}/100))"
        formula = f"IF(AND({','.join(tests) or 'TRUE'}),{points},{formula})"
    return formula


def _per_item(node: Node, row: int, low: str, high: str) -> str:
    each = parameter(node.bands, "mỗi", node.max_score)
    if each is None:
        return '""'
    base = parameter(node.bands, "gốc", node.max_score) or Decimal(0)
    floor = parameter(node.bands, "sàn", node.max_score)
    ceiling = parameter(node.bands, "trần", node.max_score)
    bottom = low if floor is None else plain(floor)
    top = high if ceiling is None else plain(ceiling)
    return f"MIN({top},MAX({bottom},{plain(base)}+({plain(each)})*H{row}))"


def _relative(bands: tuple[Band, ...], row: int, low: str, high: str) -> str:
    stated = {key(band.level): band.outcome.amount for band in bands}
    leader, target = stated.get(key("dẫn đầu")), stated.get(key("chỉ tiêu"))
    if leader is None or leader <= 0:
        return '""'
    if target is None:
        return f"MAX({low},MIN({high},H{row}/{plain(leader)}*C{row}))"
    above = f"C{row}"
    if leader > target:
        above = f"C{row}/2+(H{row}-{plain(target)})/({plain(leader)}-{plain(target)})*C{row}/2"
    below = f"C{row}/2*H{row}/{plain(target)}" if target else "0"
    return f"MAX({low},MIN({high},IF(H{row}<{plain(target)},{below},IF(H{row}={plain(target)},C{row}/2,{above}))))"


def applicable_formula(score: Score, row: int, children: Children, reported: str | None) -> str:
    """The maximum that applies: without what did not arise."""
    node = score.node
    if node.criterion.method is Method.BONUS:
        return "=0"
    regular = [(child, number) for child, number in children if child.node.criterion.method is not Method.BONUS]
    if regular:
        own = ",".join(f"E{number}" for _, number in regular)
        if node.criterion.method is not Method.SUM:
            return f"=IF(SUMSQ({own})=0,0,C{row})"
        maxima = ",".join(f"C{number}" for _, number in regular)
        most = "MAX" if node.max_score >= 0 else "MIN"
        return f"=C{row}-{most}(0,SUM({maxima})-SUM({own})-{most}(0,SUM({maxima})-C{row}))"
    if node.criterion.not_applicable != "loại" or not node.sound:
        return f"=C{row}"
    if reported is not None:
        return f'=IF(COUNTIF({reported},"{AWAY}")={len(node.lead)},0,C{row})'
    return f'=IF(H{row}="{AWAY}",0,C{row})' if node.criterion.figures else f"=C{row}"


def group_formula(score: Score, row: int, children: Children) -> str:
    """The points of a group from its children's."""
    regular = [number for child, number in children if child.node.criterion.method is not Method.BONUS]
    bonus = [number for child, number in children if child.node.criterion.method is Method.BONUS]
    # A child that does not apply counts nowhere; one without points counts 0.
    points = ",".join(f"N(D{number})" for number in regular) or "0"
    everything = ",".join(f"D{number}" for number in regular + bonus)
    limit = f"C{row}" if score.node.criterion.method is Method.BONUS else f"E{row}"
    low, high = f"MIN(0,{limit})", f"MAX(0,{limit})"
    own = f"MAX({low},MIN({high},SUM({points})))"
    match score.node.criterion.method:
        case Method.ALL_OF:
            own = f"IF(AND({','.join(f'OR(E{number}=0,{_reached(number)})' for number in regular)}),E{row},0)"
        case Method.ANY_OF:
            own = f"IF(OR({','.join(f'AND(E{number}<>0,{_reached(number)})' for number in regular)}),E{row},0)"
        case Method.BEST_OF:
            applying = ",".join(f"IF(E{number}=0,-1E+300,N(D{number}))" for number in regular)
            own = f"MAX({low},MIN({high},MAX({applying})))"
        case Method.LOWEST_OF:
            applying = ",".join(f"IF(E{number}=0,1E+300,N(D{number}))" for number in regular)
            own = f"MAX({low},MIN({high},MIN({applying})))"
        case Method.SUM:
            own = f"IF({limit}<0,{own},MIN({limit},SUM({points})))"
        case _:
            pass
    extra = f"+SUM({','.join(f'D{number}' for number in bonus)})" if bonus else ""
    return f'=IF(COUNT({everything})=0,"",{own}{extra})'


def _reached(row: int) -> str:
    """Whether the child has its maximum, or its whole deduction."""
    return f"N(D{row})*SIGN(E{row})>=ABS(E{row})-0.000000001"


ZERO = Decimal(0)
HUNDRED = Decimal(100)
_BEYOND_ALL = Decimal(10) ** 12


def points_at(node: Node, value: Decimal) -> Decimal | None:
    """The points of a leaf scored on figures, at this value; None where the rows of the plan say nothing.

    Source: the methods of design §3, by this module.
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
