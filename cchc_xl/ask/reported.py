"""The smallest change of what units report that moves a leaf: a score comes in, a :class:`Step` goes out.

The units' levels and self-scores stand in the inputs of the score. How they combine decides who must move: all the
lowest under ``thấp nhất``, one of the best under ``cao nhất``, under ``trung bình`` any one, or all if one is too few.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from cchc_xl.ask.levers import Wanted
from cchc_xl.plan.marking import ZERO, ReportedMethod, Rung, combined
from cchc_xl.records import Score
from cchc_xl.result.advice import Step
from cchc_xl.text.prose import first_of
from cchc_xl.text.words import is_not_applicable

_NAMED = 20
_OWNERS = 6
_MOST_RUNGS = 1000


class ReportedLeaf:
    """A leaf scored on what its lead units report, with today's ``points`` by rule (None: nobody stands on it).

    ``name`` gives a unit's name by its code; ``unproven`` are units that have 0 points for want of evidence: they have
    nothing to lose.
    """

    def __init__(
        self, score: Score, rule: ReportedMethod, name: Callable[[str], str], unproven: Collection[str]
    ) -> None:
        self._name, self._unproven = name, unproven
        self._rule, self._bands, self._maximum = rule, score.node.bands, score.node.max_score
        self._how = score.node.criterion.combine
        self._units = tuple(self._standing(score))
        self.points = combined([item.points for item in self._units], self._how) if self._units else None

    def better(self, wanted: Wanted) -> Step | None:
        """The smallest change whose points are wanted: one rung up, or as many as it takes; None where none is.

        ``chấm tay`` without ``bước`` has only its highest mark as the next rung.
        """
        return self._moved(1, wanted)

    def complete(self, wanted: Wanted) -> Step | None:
        """The change that earns all there is: every unit at the top, or one of them under ``cao nhất``."""
        top = self._rule.top(self._bands, self._maximum)
        if self.points is None or top is None or self.points >= top.points:
            return None
        if self._how in ("thấp nhất", "cao nhất"):
            return self._moved(1, wanted)
        below = [item for item in self._units if item.points < top.points]
        return self._step(below, top, top.points)

    def worse(self, wanted: Wanted) -> Step | None:
        """The smallest change for the worse; None at the foot, or where ``chấm tay`` has no step."""
        return self._moved(-1, wanted)

    def _moved(self, way: int, wanted: Wanted) -> Step | None:
        if self._how not in ("thấp nhất", "cao nhất"):
            return self._mean_moved(way, wanted)
        rungs = () if self.points is None else self._ahead(self.points, way)
        rung = next((rung for rung in rungs if wanted(rung.points, {})), None)
        if rung is None:
            return None
        together = (self._how == "thấp nhất") == (way > 0)
        if together:  # the worst hold the points down, the best hold them up, until none is left
            movers = [item for item in self._units if (rung.points - item.points) * way > 0]
        else:
            movers = [item for item in self._units if way < 0 or item.points == self.points]
        if way < 0:
            holds = together and rung.points < 0 and self._unproven  # somebody's 0 is more than this
            movers = [] if holds else [item for item in movers if item.unit not in self._unproven]
        if not movers:
            return None
        return self._step(movers, rung, rung.points, any_one=not together)

    def _mean_moved(self, way: int, wanted: Wanted) -> Step | None:
        """A mean moves with any one unit, the one whose points move least for it; else all units together."""
        moves = []
        moved: set[Decimal] = set()  # of units with the same points the first stands for all
        for item in self._units:
            if item.points in moved or (way < 0 and item.unit in self._unproven):
                continue
            moved.add(item.points)
            for rung in self._ahead(item.points, way):
                after = combined([rung.points if one is item else one.points for one in self._units], self._how)
                if wanted(after, {}):
                    moves.append((abs(rung.points - item.points), item.points, item, rung, after))
                    break
        if not moves:
            return self._all_moved(way, wanted)
        _, _, mover, rung, after = min(moves, key=lambda move: move[1] if way > 0 else move[0])
        alike = [item for item in self._units if item.points == mover.points]
        return self._step(alike, rung, after, any_one=True)

    def _all_moved(self, way: int, wanted: Wanted) -> Step | None:
        """All units to one rung, where none of them alone moves the mean far enough."""
        free = {item.unit: item for item in self._units if way > 0 or item.unit not in self._unproven}
        foot = sorted((item.points for item in free.values()), reverse=way < 0)[:1]
        for rung in self._ahead(foot[0], way) if foot else ():
            movers = {unit: item for unit, item in free.items() if (rung.points - item.points) * way > 0}
            after = combined([rung.points if item.unit in movers else item.points for item in self._units], self._how)
            if wanted(after, {}):
                return self._step(list(movers.values()), rung, after)
        return None

    def _ahead(self, points: Decimal, way: int) -> Iterator[Rung]:
        """The rungs above or below, the nearest first."""
        for _ in range(_MOST_RUNGS):
            rung = self._next(points, way)
            if rung is None:
                return
            yield rung
            points = rung.points

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
        now = self.points or ZERO
        way = "lên" if after > now else "xuống"
        named = [replace(item, unit=self._name(item.unit)) for item in movers]
        return Step(
            kind=self._rule.step,
            change=f"{_who(named, any_one=any_one)} {way} {to.label}",
            figure=self._rule.heading,
            amount=Decimal(1 if any_one else len(movers)),
            unit_name="đơn vị",
            points_after=after,
            difference=ZERO,  # measured at the index by who asked
            leaf_difference=after - now,
            who=tuple(item.unit for item in movers),
            by=("một trong các đơn vị " if any_one and len(movers) > 1 else "") + owners([item.unit for item in named]),
            task=f"{'đạt' if after > now else 'xuống'} {to.label}",
            today="; ".join(dict.fromkeys(item.label for item in movers)),
        )


def _who(movers: list[Rung], *, any_one: bool) -> str:
    """``NCC, TTDVVL từ mức “A”``; each level with its units where they differ."""
    if any_one and len(movers) > 1:
        return f"một trong các đơn vị {_names(movers)}"
    labels = list(dict.fromkeys(item.label for item in movers))
    groups = ([item for item in movers if item.label == label] for label in labels)
    return "; ".join(f"{_names(group)} từ {group[0].label}" for group in groups)


def _names(movers: list[Rung]) -> str:
    return listed([item.unit for item in movers])


def owners(names: Iterable[str]) -> str:
    """Who has to act; names hold commas."""
    return first_of(names, _OWNERS, "đơn vị")


def listed(names: Iterable[str]) -> str:
    """Names one after the other, not more than can be read."""
    return first_of(names, _NAMED, "tên", ", ")
