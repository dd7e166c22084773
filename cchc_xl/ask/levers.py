"""The smallest change that moves a leaf: a node with its figures or reports comes in, a :class:`Step` goes out.

Each figure is tried up and down, the others held still; a figure that stands above and below the slash moves both. The
distance to every edge of the rule is solved for, and the rule itself says what an amount gives. What counts as better
or worse the caller says: it looks at the index, where a leaf's points may be worth less, more or nothing. Between two
edges the points only rise or only fall, so the amount from which they count is found by halving.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_UP, Decimal
from typing import NamedTuple

from cchc_xl.plan.constraints import quotient_value
from cchc_xl.plan.marking import ZERO, FigureMethod
from cchc_xl.plan.methods import BEYOND_ALL
from cchc_xl.records import MINUS, Constraint, Kind, Measure, MeasureTotal, Node, Quotient, State, Term
from cchc_xl.result.advice import Step
from cchc_xl.text.days import dated
from cchc_xl.text.numbers import rounded, telling, vietnamese

_ONE = Decimal(1)
_FINEST = Decimal("1E-6")
_TYPED = 2  # decimals of a percentage as people type it
_NEAR = Decimal("1E-20")
_CLEAN = Decimal("1E-15")


class _Lever(NamedTuple):
    """A figure and which way it moves; the lower tier, then the lower place is told first."""

    code: str
    sign: int
    tier: int
    place: int


class _Found(NamedTuple):
    """A change that moves the points; ``beyond``: the amount must be exceeded."""

    lever: _Lever
    amount: Decimal
    beyond: bool
    points: Decimal

    @property
    def effort(self) -> tuple[Decimal, bool, int]:
        """Changes of the same effort are equal to the officer."""
        return self.amount, self.beyond, self.lever.tier


def figures_after(step: Step) -> dict[str, Decimal]:
    """The figure of a step as it is after it, just past the edge where the edge itself is not enough."""
    if step.before is None or step.after is None:
        return {}
    past = _NEAR if step.beyond else ZERO
    return {step.figure: step.after + (past if step.rises else -past)}


Wanted = Callable[[Decimal | None, Mapping[str, Decimal]], bool]  # of a leaf's points and the figures changed for them


class FigureLeaf:
    """A leaf scored on figures that are all known, with today's ``points`` by rule (None: outside every band)."""

    def __init__(
        self,
        node: Node,
        rule: FigureMethod,
        figures: Quotient,
        totals: Mapping[str, MeasureTotal],
        constraints: Iterable[Constraint],
    ) -> None:
        self._rule, self._bands, self._maximum = rule, node.bands, node.max_score
        self._places = node.places
        self._figures, self._totals = figures, totals
        self._known = {code: value for code, total in totals.items() if (value := _known(total)) is not None}
        sums = [own for own in constraints if not own.left.is_percentage and not own.right.is_percentage]
        self._inequalities = [own for own in sums if own.operator != "="]
        self._own = {name: self._known[name] for name in figures.names if name in self._known}
        self._value = quotient_value(figures, self._own)
        self.points = None if self._value is None else self._points_at(self._value)

    def better(self, wanted: Wanted) -> Step | None:
        """The smallest change of one figure whose points are ``wanted``; None where no single figure does it.

        A base of a share (the 145 procedures) is no lever for the better; the part of a base that is nowhere above the
        slash (files settled late) is. Never below 0, and never past an inequality of sums in the plan (``A <= B``).
        """
        return self._step(wanted, bases=False)

    def worse(self, wanted: Wanted) -> Step | None:
        """The same for the worse, here of any figure; falling outside every band loses all points (None)."""
        return self._step(wanted, bases=True)

    def _step(self, wanted: Wanted, *, bases: bool) -> Step | None:
        if self.points is None:
            return None
        found = [item for lever in self._levers(bases=bases) if (item := self._first(lever, wanted))]
        if not found:
            return None
        best = min(found, key=lambda item: (item.effort, item.lever.place))
        alike = [item for item in found if (item.effort, item.points) == (best.effort, best.points)]
        same = [item.lever.code for item in alike if item.lever.sign == best.lever.sign and item is not best]
        return self._told(best, same)

    def _figure(self, code: str, sign: int, amount: Decimal, *, beyond: bool) -> Decimal:
        return self._known[code] + sign * (amount + (_NEAR if beyond else ZERO))

    def _levers(self, *, bases: bool) -> Iterator[_Lever]:
        """The figures of this period, both ways: those of last year are what they are."""
        above, below = ([term.code for term in side if not term.last_year] for side in _sides(self._figures))
        taken = any(term.is_minus for term in self._figures.above)
        for place, code in enumerate(dict.fromkeys(above + below)):
            is_whole = taken and code in below  # of (A − C) / A: more tasks are no better work
            tier = 2 if is_whole else 0 if code in above else 1 if set(above) & set(below) else 2
            if tier < 2 or bases:
                yield _Lever(code, 1, tier, place)
                yield _Lever(code, -1, tier, place)

    def _first(self, lever: _Lever, wanted: Wanted) -> _Found | None:
        def tried(amount: Decimal, *, beyond: bool = False) -> _Found | None:
            points = self._after(lever, amount, beyond=beyond)
            figure = self._figure(lever.code, lever.sign, amount, beyond=beyond)
            return _Found(lever, amount, beyond, points or ZERO) if wanted(points, {lever.code: figure}) else None

        grid = _ONE if _is_whole(self._totals[lever.code].measure) else _FINEST
        low = None
        for amount, beyond in self._amounts(lever):
            found = tried(amount, beyond=beyond)
            if found is None:
                low = amount
                continue
            while low is not None and found.amount - low > grid:
                middle = low + ((found.amount - low) / 2 / grid).to_integral_value() * grid
                if not low < middle < found.amount:
                    break
                between = tried(middle)
                low, found = (middle, found) if between is None else (low, between)
            return found if grid == _ONE else self._typable(found, tried)
        return None

    def _typable(self, found: _Found, tried: Callable[[Decimal], _Found | None]) -> _Found:
        """Of a criterion that is rounded the figure with the fewest decimals that gives as much; 2 are enough to type.

        The edge at which the points are rounded up is no number that anybody reports.
        """
        places, lever = self._places, found.lever
        if places is None:
            return found
        before, same = self._known[lever.code], rounded(found.points, places)
        after = before + lever.sign * found.amount
        for decimals in range(_TYPED + 1):
            near = after.quantize(_ONE.scaleb(-decimals), ROUND_CEILING if lever.sign > 0 else ROUND_FLOOR)
            amount = abs(near - before)
            other = tried(amount) if amount <= self._most(lever, whole=False) else None
            if other and (decimals == _TYPED or rounded(other.points, places) == same):
                return other
        return found

    def _points_at(self, value: Decimal) -> Decimal | None:
        found = self._rule.points(value, self._bands, self._maximum)
        return None if found is None else found.amount

    def _at(self, lever: _Lever, amount: Decimal) -> Decimal | None:
        """The leaf's value with one figure changed; None where the denominator is then 0."""
        figure = self._known[lever.code] + lever.sign * amount
        return quotient_value(self._figures, {**self._own, lever.code: figure})

    def _after(self, lever: _Lever, amount: Decimal, *, beyond: bool) -> Decimal | None:
        value = self._at(lever, amount)
        if value is None:
            return self.points
        if not beyond:
            return self._points_at(value)
        points = self._points_at(value + _NEAR * self._way(lever))
        return None if points is None else points.quantize(_CLEAN)

    def _most(self, lever: _Lever, *, whole: bool) -> Decimal:
        """How far the figure can go: not below 0, not past an inequality of the plan, not to a denominator of 0."""
        code, sign = lever.code, lever.sign
        bound = max(self._known[code], ZERO) if sign < 0 else BEYOND_ALL
        for rule in self._inequalities:
            if any(name not in self._known for name in rule.left.names + rule.right.names):
                continue
            less, more = (rule.left, rule.right) if rule.operator == "<=" else (rule.right, rule.left)
            pull = sign * (_weight(less.above, code) - _weight(more.above, code))
            if pull > 0:
                room = (quotient_value(more, self._known) or ZERO) - (quotient_value(less, self._known) or ZERO)
                bound = min(bound, max(room / pull, ZERO))
        if not whole:
            return bound
        bound = Decimal(int(bound))
        return bound - 1 if bound and self._at(lever, bound) is None else bound

    def _way(self, lever: _Lever) -> int:
        """Which way the value goes: 1 up, -1 down, 0 where the figure changes nothing."""
        start, probe = self._value, self._at(lever, _FINEST)
        return 0 if start is None or probe is None else (probe > start) - (probe < start)

    def _ahead(self, way: int) -> list[Decimal]:
        """The edges on the value's way, nearest first."""
        start = self._value or ZERO
        edges = set(self._rule.edges(self._bands, self._maximum, self.points or ZERO))
        ahead = [edge for edge in edges if (edge - start) * way >= 0]
        return sorted(ahead, reverse=way < 0) if way else []

    def _amounts(self, lever: _Lever) -> list[tuple[Decimal, bool]]:
        """Amounts to try, and whether to go just past them: one unit, and what lands on and past each edge ahead."""
        whole = _is_whole(self._totals[lever.code].measure)
        most, ahead = self._most(lever, whole=whole), self._ahead(self._way(lever))
        top, base = map(self._sum, _sides(self._figures))
        ways = [way for edge in ahead if (way := self._distance(lever, edge, top, base)) is not None]
        if whole:  # the whole amounts around each distance, which may be a hair off
            around = {way // 1 + more for way in ways if way <= most + 1 for more in range(3)}
            one = _grain(self._totals[lever.code].measure, self._known[lever.code])
            return sorted((amount, False) for amount in {min(one, most), *around} if 1 <= amount <= most)
        landing = {_ONE, *(way for way in ways if way > 0), *(way + 1 for way in ways)}
        past = {(way, True) for way in ways if way < most}
        return sorted(past | {(amount, False) for amount in landing if amount <= most})

    def _sum(self, side: Iterable[Term]) -> Decimal:
        return sum((self._own[term.name] * term.sign for term in side), ZERO)

    def _distance(self, lever: _Lever, edge: Decimal, top: Decimal, base: Decimal) -> Decimal | None:
        """The change at which the value is the edge; rounded away from today where it does not end.

        ``top`` and ``base`` are the sums above and below the slash as they are.
        """
        above, below = _sides(self._figures)
        up, down = _weight(above, lever.code), _weight(below, lever.code)
        reached = 100 - edge if self._figures.is_complement else edge
        share = reached / 100 if below else reached
        slope = lever.sign * (up - down * share)
        change = (share * (base if below else _ONE) - top) / slope if slope else Decimal(-1)
        if change < 0:
            return None
        rounded = change.quantize(_FINEST, rounding=ROUND_UP) if change < BEYOND_ALL else change
        return change if change == rounded else rounded

    def _told(self, found: _Found, same: list[str]) -> Step:
        code = found.lever.code
        measure, before = self._totals[code].measure, self._known[code]
        percent = self._figures.is_percentage or measure.kind is Kind.PERCENT
        return Step(
            kind="figure",
            change=_sentence(measure, found, before, same),
            figure=code,
            amount=found.amount,
            unit_name="ngày" if measure.kind is Kind.DATE else measure.unit_name,
            points_after=found.points,
            difference=ZERO,  # measured at the index by who asked
            value_after=self._at(found.lever, found.amount),
            value_unit="%" if percent else "ngày" if measure.kind is Kind.DATE else measure.unit_name,
            beyond=found.beyond,
            leaf_difference=found.points - (self.points or ZERO),
            value_shown=self._shown(found),
            who=measure.units,
            effort=found.amount / abs(before) if before else found.amount,
            rises=found.lever.sign > 0,
            before=before,
            after=before + found.lever.sign * found.amount,
            task=_task(measure, found, before),
            today=self._today(),
        )

    def _today(self) -> str:
        """The figures as they are: "12/145", of a sum its total."""
        if self._totals[self._figures.names[0]].measure.kind is Kind.DATE:
            return self._figures.written({name: dated(day) for name, day in self._known.items()}, MINUS)
        sides = [Quotient(side) for side in (self._figures.numerator, self._figures.denominator) if side]
        parts = [vietnamese(quotient_value(side, self._known) or ZERO) for side in sides]
        kinds = {self._totals[code].measure.kind for code in self._figures.names}
        return f"{'/'.join(parts)}{'%' if len(sides) == 1 and Kind.PERCENT in kinds else ''}"

    def _shown(self, found: _Found) -> str:
        """The value after a change, with the decimals it takes to tell it from every edge and from today's."""
        value = self._at(found.lever, found.amount)
        if value is None:
            return ""
        edges = set(self._rule.edges(self._bands, self._maximum, self.points or ZERO))
        sides = [*edges, *([] if self._value is None or found.beyond else [self._value])]

        def is_true(shown: Decimal) -> bool:
            return all((shown > edge) - (shown < edge) == (value > edge) - (value < edge) for edge in sides)

        return telling(value, 2, is_true)


def _sides(figures: Quotient) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    return figures.above, figures.below


def _weight(terms: Iterable[Term], code: str) -> int:
    """How often a figure of this period is added, less how often it is taken away."""
    return sum(term.sign for term in terms if term.name == code)


def _known(total: MeasureTotal) -> Decimal | None:
    """A figure that did not arise adds nothing; a day that did not come is no day 0."""
    away = total.state is State.NOT_APPLICABLE and total.measure.kind is not Kind.DATE
    return ZERO if away else total.value


def _is_whole(measure: Measure) -> bool:
    """A mean over the units moves by fractions even where each unit counts whole things."""
    return measure.kind is Kind.DATE or (measure.kind.is_whole and measure.combine != "trung bình")


def _grain(measure: Measure, before: Decimal) -> Decimal:
    """The least change worth naming: one of what is counted, of money about a thousandth.

    A đồng more for a share of millions is a change of nothing that anybody sees.
    """
    return _ONE if measure.kind is not Kind.MONEY else Decimal(10) ** max(before.adjusted() - 2, 0) if before else _ONE


def _task(measure: Measure, found: _Found, before: Decimal) -> str:
    """``thêm 3 thủ tục “TTHC kiến nghị đơn giản hóa”``."""
    percent, after = measure.kind is Kind.PERCENT, before + found.lever.sign * found.amount
    if measure.kind is Kind.DATE:
        return f"“{measure.name}” {vietnamese(found.amount)} ngày {'muộn' if found.lever.sign > 0 else 'sớm'} hơn"
    unit = "%" if percent else f" {measure.unit_name}".rstrip()
    more, less = ("tăng", "giảm") if percent or found.beyond else ("thêm", "bớt")
    verb, way = (more, "lên") if found.lever.sign > 0 else (less, "xuống")
    mean = "bình quân các đơn vị " if measure.combine == "trung bình" else ""
    if found.beyond:
        past = "trên" if found.lever.sign > 0 else "dưới"
        return f"{mean}{verb} “{measure.name}” {way} {past} {vietnamese(after)}{unit}"
    amount = f"{vietnamese(found.amount)}{' điểm phần trăm' if percent else unit}"
    return f"{mean}{verb} {amount} “{measure.name}”"


def _sentence(measure: Measure, found: _Found, before: Decimal, same: list[str]) -> str:
    """``thêm 3 thủ tục “TTHC kiến nghị đơn giản hóa” (TTHC_DONGIAN từ 12 lên 15)``."""
    shown = "%" if measure.kind is Kind.PERCENT else ""
    after = before + found.lever.sign * found.amount
    other = f", hoặc {', '.join(same)}" if same else ""
    is_day = measure.kind is Kind.DATE
    way = "thành" if is_day else "lên" if after > before else "xuống"
    said: Callable[[Decimal], str] = dated if is_day else vietnamese
    here = f"{measure.code} từ {said(before)}{shown} {way} {said(after)}{shown}"
    if found.beyond:
        here = f"{measure.code} đang là {vietnamese(before)}{shown}"
    return f"{_task(measure, found, before)} ({here}{other})"
