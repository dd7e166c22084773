"""The next rung of what units report: a leaf scored by ``mức`` or ``chấm tay`` comes in, a :class:`Step` goes out.

The units' levels and self-scores stand in the inputs of the score. How they combine decides who must move: all the
lowest under ``thấp nhất``, one of the best under ``cao nhất``, any one under ``trung bình``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from cchc_xl.advise.records import Step
from cchc_xl.plan.methods import by_level, combined, manual, outcome_points, parameter
from cchc_xl.records import Method, Node, Score
from cchc_xl.text.numbers import vietnamese
from cchc_xl.text.words import is_not_applicable

UNITS_NAMED = 20
_BEYOND_ALL = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class _Rung:
    """Points a unit may have, and how they are called; ``unit`` is empty for a rung nobody stands on."""

    points: Decimal
    label: str
    unit: str = ""


class ReportedLeaf:
    """A leaf scored on what its lead units report, with today's ``points`` by rule (None: nobody stands on it)."""

    def __init__(self, score: Score) -> None:
        self._node = score.node
        self._how = score.node.criterion.combine
        self._manual = score.node.criterion.method is Method.MANUAL
        self._units = tuple(_standing(score))
        self.points = combined([item.points for item in self._units], self._how) if self._units else None

    def better(self) -> Step | None:
        """The smallest change that earns points: one rung up; None at the top of the ladder.

        ``chấm tay`` without ``bước`` has only its highest mark as the next rung.
        """
        if self._how not in ("thấp nhất", "cao nhất"):
            rising = [(item, rung) for item in self._units if (rung := self._above(item.points))]
            return self._one_of_many(min(rising, key=lambda move: move[0].points)) if rising else None
        rung = None if self.points is None else self._above(self.points)
        if rung is None:
            return None
        if self._how == "thấp nhất":
            return self._step([item for item in self._units if item.points < rung.points], rung, rung.points)
        return self._step([item for item in self._units if item.points == self.points], rung, rung.points, any_one=True)

    def complete(self) -> Step | None:
        """The change that earns all there is: every unit at the top, or one of them under ``cao nhất``."""
        top = self._top()
        if self.points is None or top is None or self.points >= top.points:
            return None
        below = [item for item in self._units if item.points < top.points]
        return self._step(below, top, top.points, any_one=self._how == "cao nhất")

    def worse(self) -> Step | None:
        """The smallest change that loses points: one rung down; None at the foot, or where ``chấm tay`` has no step."""
        if self._how not in ("thấp nhất", "cao nhất"):
            falling = [(item, rung) for item in self._units if (rung := self._below(item.points))]
            return (
                self._one_of_many(min(falling, key=lambda move: move[0].points - move[1].points)) if falling else None
            )
        rung = None if self.points is None else self._below(self.points)
        if rung is None:
            return None
        if self._how == "thấp nhất":
            return self._step(list(self._units), rung, rung.points, any_one=True)
        return self._step([item for item in self._units if item.points > rung.points], rung, rung.points)

    def _one_of_many(self, move: tuple[_Rung, _Rung]) -> Step:
        """A mean moves with any one unit that stands where this one stands."""
        mover, rung = move
        values = [rung.points if item is mover else item.points for item in self._units]
        alike = [item for item in self._units if item.points == mover.points]
        return self._step(alike, rung, combined(values, self._how), any_one=True)

    def _rungs(self) -> list[_Rung]:
        maximum = self._node.max_score
        return [
            _Rung(outcome_points(band.outcome, maximum), f"mức “{band.level}”")
            for band in self._node.bands
            if band.level
        ]

    def _top(self) -> _Rung | None:
        if self._manual:
            return _mark(manual(_BEYOND_ALL, self._node.bands, self._node.max_score))
        return max(self._rungs(), key=lambda rung: rung.points, default=None)

    def _above(self, points: Decimal) -> _Rung | None:
        rungs = _marks_beside(self._node, points) if self._manual else self._rungs()
        return min((rung for rung in rungs if rung.points > points), key=lambda rung: rung.points, default=None)

    def _below(self, points: Decimal) -> _Rung | None:
        rungs = _marks_beside(self._node, points) if self._manual else self._rungs()
        return max((rung for rung in rungs if rung.points < points), key=lambda rung: rung.points, default=None)

    def _step(self, movers: list[_Rung], to: _Rung, after: Decimal, *, any_one: bool = False) -> Step:
        now = self.points or Decimal(0)
        way = "lên" if after > now else "xuống"
        return Step(
            kind="manual" if self._manual else "level",
            change=f"{_who(movers, any_one=any_one)} {way} {to.label}",
            figure="Điểm tự chấm" if self._manual else "Mức đạt",
            amount=Decimal(1 if any_one else len(movers)),
            unit_name="đơn vị",
            points_after=after,
            difference=after - now,
        )


def _standing(score: Score) -> Iterator[_Rung]:
    """Where each lead unit stands; units that said "không phát sinh" stand nowhere."""
    node = score.node
    for item in score.inputs:
        if not item.value or is_not_applicable(item.value):
            continue
        if node.criterion.method is Method.MANUAL:
            given = _number(item.value)
            if given is not None:
                marked = manual(given, node.bands, node.max_score)
                yield _mark(marked, item.unit)
        else:
            found = by_level(item.value, node.bands, node.max_score)
            if found:
                yield _Rung(found.amount, f"mức “{item.value}”", item.unit)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _mark(points: Decimal, unit: str = "") -> _Rung:
    text = vietnamese(points, 4)
    return _Rung(points, f"{text.rstrip('0').rstrip(',') if ',' in text else text} điểm", unit)


def _marks_beside(node: Node, points: Decimal) -> list[_Rung]:
    """The marks of ``chấm tay`` on both sides: one ``bước`` away, or only the highest where there is no step."""
    step = parameter(node.bands, "bước", node.max_score)
    beside = [points + step, points - step] if step and step > 0 else [_BEYOND_ALL]
    return [_mark(manual(given, node.bands, node.max_score)) for given in beside]


def _who(movers: list[_Rung], *, any_one: bool) -> str:
    """``NCC, TTDVVL từ mức “A”``; each level with its units where they differ."""
    if any_one and len(movers) > 1:
        return f"một trong các đơn vị {_names(movers)}"
    labels = list(dict.fromkeys(item.label for item in movers))
    groups = ([item for item in movers if item.label == label] for label in labels)
    return "; ".join(f"{_names(group)} từ {group[0].label}" for group in groups)


def _names(movers: list[_Rung]) -> str:
    units = [item.unit for item in movers]
    rest = len(units) - UNITS_NAMED
    return ", ".join(units) if rest <= 0 else f"{', '.join(units[:UNITS_NAMED])} và {rest} đơn vị khác"
