"""What every method must answer: rows of ``Thang điểm`` and a figure or report come in, points and words go out.

The methods themselves are in `methods`. Points are unrounded ``Decimal`` in the unit of ``maximum``, which is negative
for a deduction; a percentage of 82,5 % is ``Decimal("82.5")``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import ClassVar, Literal

from cchc_xl.records import Band, CellRef, CriterionEntry, Method, Outcome, State
from cchc_xl.text.numbers import settled, vietnamese
from cchc_xl.text.words import key

ZERO = Decimal(0)
INFINITY = Decimal("Infinity")
COMBINATIONS: Mapping[str, str] = {
    **dict.fromkeys(("thấp nhất", "nhỏ nhất"), "MIN"),
    **dict.fromkeys(("cao nhất", "lớn nhất", "một đơn vị"), "MAX"),
    "trung bình": "AVERAGE",
    "tổng": "SUM",
}


@dataclass(frozen=True, slots=True)
class Points:
    """Points and the row of ``Thang điểm`` that gave them, where one did."""

    amount: Decimal
    band: Band | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named row of ``Thang điểm``: points within the maximum, those of one ``step``, or a ``value`` of the figure.

    ``meaning`` is what an officer is told of it, also what holds without the row.
    """

    name: str
    meaning: str
    kind: Literal["points", "step", "value"] = "points"
    needed: bool = False
    above_zero: bool = False
    may_be_negative: bool = False


@dataclass(frozen=True, slots=True)
class Cells:
    """Where a leaf's formula finds its figure, its maximum, and the points of its rows on the sheet of scales."""

    value: str
    maximum: str
    rows: str = ""


@dataclass(frozen=True, slots=True)
class Rung:
    """Points a unit may be given, what they are called, and the unit that stands there ('' for nobody)."""

    points: Decimal
    label: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A child of a group: its points, its applicable maximum, and whether it is ``điểm cộng``, added on top."""

    points: Decimal
    maximum: Decimal
    is_bonus: bool = False


@dataclass(frozen=True, slots=True)
class PartCells:
    """Ranges over a group's children, '' where there are none; ``bonus`` are the points of those added on top.

    Of the others: stated and applicable maxima, and, blank where a child does not apply, what it counts (0 while it has
    no points), whether it is reached and whether it has points (1 or 0).
    """

    stated: str
    applicable: str
    counted: str
    reached: str
    known: str
    bonus: str


@dataclass(frozen=True, slots=True)
class Example:
    """What the guide shows a method by, as an officer writes it. No points stand here: the guide computes them.

    ``rule`` is what a decision says; ``rows`` are rows of ``Thang điểm``, ``Mức | Điểm`` or of all columns,
    ``Từ | Gồm từ | Đến | Gồm đến | Mức | Điểm``. Each of the ``cases`` is reported once and gives points: the figures
    in their order (``82; 100``), a level or points of one's own, the points of the children, whose maxima ``parts``
    are, or, of what depends on other agencies, the values of all of them.
    """

    rule: str
    maximum: str
    cases: tuple[str, ...]
    figures: str = ""
    rows: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


# --- what the methods share ---


def held(points: Decimal, maximum: Decimal) -> Decimal:
    """The points held between 0 and the maximum, which is negative for a deduction.

    >>> held(Decimal(12), Decimal(10)), held(Decimal(-7), Decimal(-5))
    (Decimal('10'), Decimal('-5'))
    """
    low, high = sorted((ZERO, maximum))
    return min(max(points, low), high)


def held_formula(points: str, maximum: str) -> str:
    """The same in Excel."""
    return f"MAX(MIN(0,{maximum}),MIN(MAX(0,{maximum}),{points}))"


def outcome_points(outcome: Outcome, maximum: Decimal, value: Decimal = ZERO) -> Decimal:
    """The points of a band: a number, a share of the maximum, or the value in percent of the maximum."""
    if outcome.form == "share":
        return settled(maximum * outcome.amount / 100)
    if outcome.form == "linear":
        return held(settled(maximum * value / 100), maximum)
    return outcome.amount


Edge = tuple[Decimal, int]  # of an interval: just before a figure (0) or just behind it (1)


def low_edge(band: Band) -> Edge:
    """Where the interval begins; an absent bound is open."""
    return (-INFINITY, 0) if band.low is None else (band.low, 0 if band.low_included else 1)


def high_edge(band: Band) -> Edge:
    """Where it ends."""
    return (INFINITY, 1) if band.high is None else (band.high, 1 if band.high_included else 0)


def called(bands: Iterable[Band], name: str) -> Band | None:
    """The row of this level or parameter."""
    return next((band for band in bands if band.level and key(band.level) == key(name)), None)


def parameter(bands: Iterable[Band], name: str, maximum: Decimal) -> Decimal | None:
    """The points of the row called ``name``; a share is of the maximum; None if it is not given."""
    band = called(bands, name)
    return None if band is None else outcome_points(band.outcome, maximum)


def stated(bands: Iterable[Band], name: str) -> Decimal | None:
    """The value, not points, in the row called ``name``; None if it is not given."""
    band = called(bands, name)
    return None if band is None else band.outcome.amount


def above_zero(bands: Iterable[Band], name: str) -> Decimal | None:
    """The same, where it is above 0: what a value is divided by."""
    value = stated(bands, name)
    return value if value is not None and value > 0 else None


def combined(values: Sequence[Decimal], how: str) -> Decimal:
    """Several units' values as one, by ``Gộp``.

    >>> [str(combined((Decimal(1), Decimal(3)), how)) for how in ("thấp nhất", "lớn nhất", "trung bình", "tổng")]
    ['1', '3', '2', '4']
    """
    function = COMBINATIONS[how]
    if function in {"MIN", "MAX"}:
        return min(values) if function == "MIN" else max(values)
    total = sum(values, ZERO)
    return total / len(values) if function == "AVERAGE" else total


def is_reached(points: Decimal, maximum: Decimal) -> bool:
    """Whether the points are all there is: the maximum, or of a deduction (negative maximum) the whole deduction.

    >>> is_reached(Decimal(0), Decimal(-2)), is_reached(Decimal(-2), Decimal(-2)), is_reached(Decimal(2), Decimal(2))
    (False, True, True)
    """
    return points >= maximum if maximum > 0 else points <= maximum


def away_points(policy: str, maximum: Decimal) -> Decimal:
    """What a criterion that did not arise has under ``điểm tối đa`` or ``0 điểm``; nothing is deducted for nothing."""
    return max(maximum, ZERO) if policy == "điểm tối đa" else ZERO


def by_hand(given: Decimal, bands: Sequence[Band], maximum: Decimal) -> Decimal:
    """Points as ``chấm tay`` and appraisers may give them.

    >>> by_hand(Decimal("1.3"), (), Decimal(1))
    Decimal('1')
    """
    low, high = mark_frame(bands, maximum)
    points = min(max(given, low), high)
    step = mark_step(bands, maximum)
    return low + (points - low) // step * step if step else points


def fits(given: Decimal, bands: Sequence[Band], maximum: Decimal) -> bool:
    """Whether points stand within minimum and maximum and on a step: others are no points (design §3).

    >>> [fits(Decimal(text), (), Decimal(1)) for text in ("0.7", "1.3", "-1")]
    [True, False, False]
    """
    return by_hand(given, bands, maximum) == given


def frame_words(bands: Sequence[Band], maximum: Decimal) -> str:
    """Which points ``chấm tay`` allows, in words.

    >>> frame_words((), Decimal(3))
    'từ 0 đến 3'
    """
    low, high = mark_frame(bands, maximum)
    step = mark_step(bands, maximum)
    return f"từ {vietnamese(low)} đến {vietnamese(high)}" + (f", bước {vietnamese(step)}" if step else "")


def mark_step(bands: Sequence[Band], maximum: Decimal) -> Decimal | None:
    """The step of ``chấm tay``, where the plan gives one above 0."""
    step = parameter(bands, "bước", maximum)
    return step if step and step > 0 else None


def mark_frame(bands: Sequence[Band], maximum: Decimal) -> tuple[Decimal, Decimal]:
    """The lowest and the highest mark of ``chấm tay``."""
    low, high = sorted((ZERO, maximum))
    lowest, highest = parameter(bands, "nhỏ nhất", maximum), parameter(bands, "lớn nhất", maximum)
    return low if lowest is None else lowest, high if highest is None else highest


# --- the classes ---


class Scoring(ABC):
    """What is asked of every method. ``scale`` says what stands under it in ``Thang điểm``."""

    method: ClassVar[Method]
    scale: ClassVar[Literal["nothing", "intervals", "levels", "parameters", "places"]]
    meaning: ClassVar[str]  # in one sentence, to an officer
    example: ClassVar[Example]
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    # What is true of few methods, which say so.
    is_group: ClassVar[bool] = False
    by_hand: ClassVar[bool] = False  # the unit's own points count until they are appraised
    is_bonus: ClassVar[bool] = False  # added to the index's points, but to no maximum
    is_sum: ClassVar[bool] = False  # each child's points are part of the group's
    counts_days: ClassVar[bool] = False  # also scores the days between two dates
    counts_items: ClassVar[bool] = False  # points for each item that its figure counts
    is_percentage: ClassVar[bool] = False  # scored on a percentage even where no figure stands below the slash
    is_relative: ClassVar[bool] = False  # scored against the values of a group of agencies
    awaits_ranking: ClassVar[bool] = False  # without points until the agencies are ranked together


class LeafMethod(Scoring):
    """A method of criteria without children."""

    def attainable(self, bands: Sequence[Band], maximum: Decimal) -> Decimal:
        """The most points the rows can give: the maximum, or less where no row reaches it; of a deduction 0."""
        return max(maximum, ZERO)

    def idle_row(self, bands: Sequence[Band], maximum: Decimal) -> Band | None:
        """The row because of which the rule can give nothing but 0, where there is one."""
        return None


class FigureMethod(LeafMethod):
    """A leaf scored on a figure: a sum, or a quotient in percent."""

    needs_quotient: ClassVar[bool] = False

    def wants_percentage(self, bands: Sequence[Band]) -> bool:
        """Whether the rule reads its figure as a percentage."""
        return self.is_percentage

    @abstractmethod
    def points(self, value: Decimal, bands: Sequence[Band], maximum: Decimal) -> Points | None:
        """The points of the figure; None where the rows say nothing about it."""

    @abstractmethod
    def formula(self, cells: Cells, bands: Sequence[Band], maximum: Decimal) -> str:
        """The same in Excel, without "="; an empty text where the rows say nothing."""

    def row_formula(self, band: Band, cells: Cells, row: tuple[str, str, str]) -> str:
        """The points of one row in Excel, without "=", or an empty text; ``row`` are its cells Từ, Đến and Điểm.

        Only of a ``scale`` of intervals, whose points the formula of the leaf adds up.
        """
        raise NotImplementedError

    @abstractmethod
    def edges(self, bands: Sequence[Band], maximum: Decimal, now: Decimal) -> Iterable[Decimal]:
        """The values at which the points may jump, bend, or pass ``now``; between two they only rise or only fall."""

    @abstractmethod
    def explained(self, points: Points, bands: Sequence[Band], maximum: Decimal, item: str = "") -> str:
        """How the figure became points, as the end of a sentence; ``item`` is one of what it counts ("hồ sơ")."""


class RelativeMethod(FigureMethod):
    """A leaf whose points depend on the values of the agencies ranked together, which stand in for the plan's own."""

    is_relative = True

    @abstractmethod
    def among(
        self, value: Decimal, values: Sequence[Decimal], bands: Sequence[Band], maximum: Decimal
    ) -> Decimal | None:
        """The points of a value among those that count; None where they or the rows give none."""

    @abstractmethod
    def spread(
        self, value: Decimal, values: Sequence[Decimal], waiting: int, bands: Sequence[Band], maximum: Decimal
    ) -> tuple[Decimal, Decimal] | None:
        """The least and the most that the points can still become while so many agencies owe their values."""


class ReportedMethod(LeafMethod):
    """A leaf scored on what its lead units report. ``heading`` is the column of the form, ``step`` a kind of advice."""

    heading: ClassVar[str]
    step: ClassVar[Literal["level", "manual"]]

    @abstractmethod
    def state(self, entry: CriterionEntry) -> State:
        """What is known of the unit's report."""

    @abstractmethod
    def reported(self, entry: CriterionEntry) -> tuple[str, CellRef]:
        """What the unit reported, as stored in a result, and its cell."""

    @abstractmethod
    def told(self, entry: CriterionEntry) -> str:
        """The same as part of a sentence."""

    @abstractmethod
    def points(self, text: str, bands: Sequence[Band], maximum: Decimal) -> Points | None:
        """The points of what was reported; None where it has none."""

    @abstractmethod
    def shown(self, text: str, bands: Sequence[Band]) -> Decimal | str | None:
        """What stands in the consolidated workbook for it: what the formula looks at, in the plan's own spelling."""

    @abstractmethod
    def formula(self, cell: str, scale: tuple[str, str], bands: Sequence[Band], maximum: Decimal) -> str:
        """Its points in Excel, without "="; ``scale`` are the ranges of the levels and of their points."""

    @abstractmethod
    def standing(self, text: str, bands: Sequence[Band], maximum: Decimal) -> Rung | None:
        """Where a unit stands that reported this."""

    @abstractmethod
    def rungs(self, points: Decimal, bands: Sequence[Band], maximum: Decimal) -> Sequence[Rung]:
        """Where it can move to from these points, at least the next place up and down."""

    @abstractmethod
    def top(self, bands: Sequence[Band], maximum: Decimal) -> Rung | None:
        """The highest place."""

    def attainable(self, bands: Sequence[Band], maximum: Decimal) -> Decimal:
        """The points of the highest place."""
        top = self.top(bands, maximum)
        return top.points if top else super().attainable(bands, maximum)


class GroupMethod(Scoring):
    """A method of criteria with children; ``how`` begins the sentence of a score, ``note`` is what a report says."""

    scale = "nothing"
    is_group = True
    how: ClassVar[str]
    note: ClassVar[str]
    by_share: ClassVar[bool] = False  # a child counts by how much of its maximum it has, whatever the maximum's sign

    def points(self, parts: Iterable[Part], limit: Decimal) -> Decimal:
        """The group's points. ``limit`` is its :meth:`limit`; a part that does not apply has the maximum 0.

        >>> from cchc_xl.plan.methods import AllOf, AnyOf
        >>> two = (Part(Decimal(1), Decimal(1)), Part(Decimal(0), Decimal(1)))
        >>> AllOf().points(two, Decimal(2)), AnyOf().points(two, Decimal(2))
        (Decimal('0'), Decimal('2'))
        """
        own = [part for part in parts if part.maximum and not part.is_bonus]
        return settled(self._points(own, limit) + sum((part.points for part in parts if part.is_bonus), ZERO))

    @abstractmethod
    def _points(self, parts: Sequence[Part], limit: Decimal) -> Decimal:
        """From the children that apply, bonus groups apart."""

    def formula(self, cells: PartCells, limit: str) -> str:
        """The same in Excel, without "="; an empty text while nothing that applies has points."""
        known, points = [], []
        if cells.known:
            known.append(f"SUM({cells.known})")
            points.append(self._formula(cells, limit))
        if cells.bonus:
            known.append(f"COUNT({cells.bonus})")
            points.append(f"SUM({cells.bonus})")
        return f'IF({"+".join(known)}=0,"",{"+".join(points)})'

    @abstractmethod
    def _formula(self, cells: PartCells, limit: str) -> str:
        """From the children but bonus groups, in Excel."""

    def limit(self, maximum: Decimal, maxima: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
        """The maximum without what did not arise; ``maxima`` are stated and applicable, of all but bonus children."""
        return maximum if not maxima or any(applicable for _, applicable in maxima) else ZERO

    def limit_formula(self, maximum: str, cells: PartCells, *, is_deduction: bool) -> str:
        """The same in Excel, without "="."""
        return f"IF(COUNT({cells.reached})=0,0,{maximum})" if cells.known else maximum


class RisingMethod(GroupMethod):
    """A group whose points only rise with each child's: their sum, best or lowest, between 0 and the maximum.

    What each child adds (:meth:`counted`) is combined in pairs, and all of it comes to the points (:meth:`whole`).
    """

    function: ClassVar[Literal["SUM", "MAX", "MIN"]]  # of Excel, and here by :meth:`pair`

    def counted(self, points: Decimal, maximum: Decimal, limit: Decimal) -> Decimal:
        """What a child's points are in the group."""
        return points

    def whole(self, total: Decimal, count: int, limit: Decimal) -> Decimal:
        """The group's points from what so many children come to."""
        return self._limited(total, limit)

    def pair(self, first: Decimal, second: Decimal) -> Decimal:
        """What two children's points come to before the limit."""
        if self.function == "SUM":
            return first + second
        return max(first, second) if self.function == "MAX" else min(first, second)

    def _points(self, parts: Sequence[Part], limit: Decimal) -> Decimal:
        counted = [self.counted(part.points, part.maximum, limit) for part in parts]
        return self.whole(reduce(self.pair, counted) if counted else ZERO, max(len(counted), 1), limit)

    def _formula(self, cells: PartCells, limit: str) -> str:
        return self._limited_formula(f"{self.function}({cells.counted})", limit)

    def _limited(self, points: Decimal, limit: Decimal) -> Decimal:
        return held(points, limit)

    def _limited_formula(self, points: str, limit: str) -> str:
        return held_formula(points, limit)


class AllOrNothing(GroupMethod):
    """A group that has its maximum where enough children have theirs, a deduction its whole deduction, else 0."""

    asks_every: ClassVar[bool]  # child to be reached; else one is enough
    by_share = True

    def _points(self, parts: Sequence[Part], limit: Decimal) -> Decimal:
        reached = [is_reached(part.points, part.maximum) for part in parts]
        return limit if any(reached) and (all(reached) or not self.asks_every) else ZERO

    def _formula(self, cells: PartCells, limit: str) -> str:
        enough = f"=COUNT({cells.reached})" if self.asks_every else ">0"
        return f"IF(SUM({cells.reached}){enough},{limit},0)"


def lacking(cls: type[Scoring]) -> list[str]:
    """What a class of a method does not answer yet.

    >>> class Half(FigureMethod):
    ...     method = Method.RATIO
    >>> "formula" in lacking(Half), "scale" in lacking(Half), "method" in lacking(Half)
    (True, True, False)
    """
    asked = {name for base in cls.__mro__ for name in vars(base).get("__annotations__", {})}
    lacks = {name for name in asked if not hasattr(cls, name)} | set(cls.__abstractmethods__)
    scale = getattr(cls, "scale", None)
    if scale == "parameters" and not cls.parameters:
        lacks.add("parameters")
    if scale == "intervals" and getattr(cls, "row_formula", None) is FigureMethod.row_formula:
        lacks.add("row_formula")
    return sorted(lacks)
