"""The smallest change that moves a leaf: a node with its figures or reports comes in, a :class:`Step` goes out.

Each figure is tried up and down, the others held still; a figure that stands above and below the slash moves both. The
distance to every edge of the rule is solved for, and the rule itself says what an amount gives.

The units' levels and self-scores stand in the inputs of the score. How they combine decides who must move: all the
lowest under ``thấp nhất``, one of the best under ``cao nhất``, any one under ``trung bình``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import ROUND_UP, Decimal
from typing import NamedTuple

from cchc_xl.plan.constraints import quotient_value
from cchc_xl.plan.marking import FigureMethod, ReportedMethod, Rung, combined
from cchc_xl.plan.methods import BEYOND_ALL
from cchc_xl.records import Constraint, Kind, Measure, MeasureTotal, Node, Quotient, Score, State, Term
from cchc_xl.result.contents import ZERO, Step
from cchc_xl.text.numbers import vietnamese
from cchc_xl.text.words import dated, is_not_applicable

_ONE = Decimal(1)
_FINEST = Decimal("1E-6")
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
        self._figures, self._totals = figures, totals
        self._known = {code: value for code, total in totals.items() if (value := _known(total)) is not None}
        sums = [own for own in constraints if not own.left.is_percentage and not own.right.is_percentage]
        self._inequalities = [own for own in sums if own.operator != "="]
        self._value = quotient_value(figures, self._known)
        self.points = None if self._value is None else self._points_at(self._value)

    def better(self, least: Decimal | None = None) -> Step | None:
        """The smallest change that earns points, or at least the points ``least``; None where no single figure does it.

        A base of a share (the 145 procedures) is no lever for the better; the part of a base that is nowhere above the
        slash (files settled late) is. Never below 0, and never past an inequality of sums in the plan (``A <= B``).
        """
        now = self.points
        if now is None:
            return None

        def earns(points: Decimal | None) -> bool:
            return points is not None and points > now and (least is None or points >= least)

        return self._step(earns, bases=False)

    def worse(self) -> Step | None:
        """The smallest change that loses points, here of any figure; falling outside every band loses them all."""
        now = self.points
        return None if now is None else self._step(lambda points: (points or ZERO) < now, bases=True)

    def _step(self, wanted: Callable[[Decimal | None], bool], *, bases: bool) -> Step | None:
        found = [item for lever in self._levers(bases=bases) if (item := self._first(lever, wanted))]
        if not found:
            return None
        best = min(found, key=lambda item: (item.effort, item.lever.place))
        alike = [item for item in found if (item.effort, item.points) == (best.effort, best.points)]
        same = [item.lever.code for item in alike if item.lever.sign == best.lever.sign and item is not best]
        return self._told(best, same)

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

    def _first(self, lever: _Lever, wanted: Callable[[Decimal | None], bool]) -> _Found | None:
        for amount, beyond in self._amounts(lever):
            points = self._after(lever, amount, beyond=beyond)
            if wanted(points):
                return _Found(lever, amount, beyond, points or ZERO)
        return None

    def _points_at(self, value: Decimal) -> Decimal | None:
        found = self._rule.points(value, self._bands, self._maximum)
        return None if found is None else found.amount

    def _at(self, lever: _Lever, amount: Decimal) -> Decimal | None:
        """The leaf's value with one figure changed; None where the denominator is then 0."""
        figure = self._known[lever.code] + lever.sign * amount
        return quotient_value(self._figures, {**self._known, lever.code: figure})

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
        ways = [way for edge in ahead if (way := self._distance(lever, edge)) is not None]
        if whole:  # the whole amounts around each distance, which may be a hair off
            around = {way // 1 + more for way in ways if way <= most + 1 for more in range(3)}
            return sorted((amount, False) for amount in {_ONE, *around} if 1 <= amount <= most)
        landing = {_ONE, *(way for way in ways if way > 0), *(way + 1 for way in ways)}
        past = {(way, True) for way in ways if way < most}
        return sorted(past | {(amount, False) for amount in landing if amount <= most})

    def _distance(self, lever: _Lever, edge: Decimal) -> Decimal | None:
        """The change at which the value is the edge; rounded away from today where it does not end."""
        above, below = _sides(self._figures)
        up, down = _weight(above, lever.code), _weight(below, lever.code)
        top = sum((self._known[term.name] * term.sign for term in above), ZERO)
        reached = 100 - edge if self._figures.is_complement else edge
        share = reached / 100 if below else reached
        base = sum((self._known[term.name] * term.sign for term in below), ZERO) if below else _ONE
        slope = lever.sign * (up - down * share)
        change = (share * base - top) / slope if slope else Decimal(-1)
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
            difference=found.points - (self.points or ZERO),
            value_after=self._at(found.lever, found.amount),
            value_unit="%" if percent else "ngày" if measure.kind is Kind.DATE else measure.unit_name,
            beyond=found.beyond,
        )


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
    return measure.kind is Kind.DATE or (measure.kind in (Kind.INTEGER, Kind.MONEY) and measure.combine != "trung bình")


def _sentence(measure: Measure, found: _Found, before: Decimal, same: list[str]) -> str:
    """``thêm 3 thủ tục “TTHC kiến nghị đơn giản hóa” (TTHC_DONGIAN từ 12 lên 15)``."""
    percent, after = measure.kind is Kind.PERCENT, before + found.lever.sign * found.amount
    if measure.kind is Kind.DATE:
        moved = f"{vietnamese(found.amount)} ngày {'muộn' if found.lever.sign > 0 else 'sớm'} hơn"
        other = f", hoặc {', '.join(same)}" if same else ""
        return f"“{measure.name}” {moved} ({measure.code} từ {dated(before)} thành {dated(after)}{other})"
    shown = "%" if percent else ""
    unit = "%" if percent else f" {measure.unit_name}".rstrip()
    more, less = ("tăng", "giảm") if percent or found.beyond else ("thêm", "bớt")
    verb, way = (more, "lên") if found.lever.sign > 0 else (less, "xuống")
    mean = "bình quân các đơn vị " if measure.combine == "trung bình" else ""
    other = f", hoặc {', '.join(same)}" if same else ""
    if found.beyond:
        past = "trên" if found.lever.sign > 0 else "dưới"
        here = f"{measure.code} đang là {vietnamese(before)}{shown}"
        return f"{mean}{verb} “{measure.name}” {way} {past} {vietnamese(after)}{unit} ({here}{other})"
    amount = f"{vietnamese(found.amount)}{' điểm phần trăm' if percent else unit}"
    here = f"{measure.code} từ {vietnamese(before)}{shown} {way} {vietnamese(after)}{shown}"
    return f"{mean}{verb} {amount} “{measure.name}” ({here}{other})"


_UNITS_NAMED = 20


class ReportedLeaf:
    """A leaf scored on what its lead units report, with today's ``points`` by rule (None: nobody stands on it)."""

    def __init__(self, score: Score, rule: ReportedMethod) -> None:
        self._rule, self._bands, self._maximum = rule, score.node.bands, score.node.max_score
        self._how = score.node.criterion.combine
        self._units = tuple(self._standing(score))
        self.points = combined([item.points for item in self._units], self._how) if self._units else None

    def better(self) -> Step | None:
        """The smallest change that earns points: one rung up; None at the top of the ladder.

        ``chấm tay`` without ``bước`` has only its highest mark as the next rung.
        """
        return self._moved(1)

    def complete(self) -> Step | None:
        """The change that earns all there is: every unit at the top, or one of them under ``cao nhất``."""
        top = self._rule.top(self._bands, self._maximum)
        if self.points is None or top is None or self.points >= top.points:
            return None
        below = [item for item in self._units if item.points < top.points]
        return self._step(below, top, top.points, any_one=self._how == "cao nhất")

    def worse(self) -> Step | None:
        """The smallest change that loses points: one rung down; None at the foot, or where ``chấm tay`` has no step."""
        return self._moved(-1)

    def _moved(self, way: int) -> Step | None:
        if self._how not in ("thấp nhất", "cao nhất"):
            return self._mean_moved(way)
        rung = None if self.points is None else self._next(self.points, way)
        if rung is None:
            return None
        together = (self._how == "thấp nhất") == (way > 0)
        if together:  # the worst hold the points down, the best hold them up, until none is left
            movers = [item for item in self._units if (rung.points - item.points) * way > 0]
        else:
            movers = [item for item in self._units if way < 0 or item.points == self.points]
        return self._step(movers, rung, rung.points, any_one=not together)

    def _mean_moved(self, way: int) -> Step | None:
        """A mean moves with any one unit: up with the lowest, down with the one that loses least."""
        moves = [(item, rung) for item in self._units if (rung := self._next(item.points, way))]
        if not moves:
            return None
        mover, rung = min(moves, key=lambda move: move[0].points - (move[1].points if way < 0 else ZERO))
        values = [rung.points if item is mover else item.points for item in self._units]
        alike = [item for item in self._units if item.points == mover.points]
        return self._step(alike, rung, combined(values, self._how), any_one=True)

    def _standing(self, score: Score) -> Iterator[Rung]:
        """Where each lead unit stands; units that said "không phát sinh" stand nowhere."""
        for item in score.inputs:
            if item.value and not is_not_applicable(item.value):
                rung = self._rule.standing(item.value, self._bands, self._maximum)
                if rung:
                    yield replace(rung, unit=item.unit)

    def _next(self, points: Decimal, way: int) -> Rung | None:
        """The nearest rung above or below."""
        rungs = self._rule.rungs(points, self._bands, self._maximum)
        ahead = (rung for rung in rungs if (rung.points - points) * way > 0)
        return min(ahead, key=lambda rung: rung.points * way, default=None)

    def _step(self, movers: list[Rung], to: Rung, after: Decimal, *, any_one: bool = False) -> Step:
        now = self.points or Decimal(0)
        way = "lên" if after > now else "xuống"
        return Step(
            kind=self._rule.step,
            change=f"{_who(movers, any_one=any_one)} {way} {to.label}",
            figure=self._rule.heading,
            amount=Decimal(1 if any_one else len(movers)),
            unit_name="đơn vị",
            points_after=after,
            difference=after - now,
        )


def _who(movers: list[Rung], *, any_one: bool) -> str:
    """``NCC, TTDVVL từ mức “A”``; each level with its units where they differ."""
    if any_one and len(movers) > 1:
        return f"một trong các đơn vị {_names(movers)}"
    labels = list(dict.fromkeys(item.label for item in movers))
    groups = ([item for item in movers if item.label == label] for label in labels)
    return "; ".join(f"{_names(group)} từ {group[0].label}" for group in groups)


def _names(movers: list[Rung]) -> str:
    units = [item.unit for item in movers]
    rest = len(units) - _UNITS_NAMED
    return ", ".join(units) if rest <= 0 else f"{', '.join(units[:_UNITS_NAMED])} và {rest} đơn vị khác"
