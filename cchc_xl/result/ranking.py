"""What a ranking of many agencies holds, as records; it is stored with the result of the whole (design §6, §14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from cchc_xl.records import Method
from cchc_xl.result.comparison import Note, Published
from cchc_xl.text.numbers import lower_first

LAST_YEAR = "năm trước"
# Below the lowest class, and with an interval that spans two: names that fit a cell of the table on one line.
NO_CLASS = UNCLASSED, NOT_CLASSED_YET = "Không xếp loại", "Chưa xếp loại"


@dataclass(frozen=True, slots=True)
class EarlierPlaces:
    """Places of an earlier ranking of the same agencies, by their labels, and of when it is.

    ``words`` say why an agency has none: it is new, say.
    """

    name: str = LAST_YEAR
    ranks: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RelativeCriterion:
    """A relative criterion of one agency: its own points and those in the group, rounded and under its condition.

    ``kept`` says why its own points hold: ``appraised``, ``evidence`` (none given, and the plan says 0), ``no_leader``,
    or ``no_row`` (none of the plan for this place).
    """

    code: str
    name: str
    max: Decimal
    value: Decimal
    target: Decimal | None
    own_points: Decimal | None
    group_points: Decimal | None
    kept: str | None
    method: Method | None = None


@dataclass(frozen=True, slots=True)
class Leader:
    """The best value of a criterion (None if nobody leads), whose it is, and who still owes a value.

    ``declared`` are the leaders' values that the plans state, ``count`` is how many results have a value; ``values``
    are those that count, from the highest.
    """

    code: str
    name: str
    leader: Decimal | None
    holders: tuple[str, ...]
    waiting: tuple[str, ...]
    declared: tuple[Decimal, ...]
    count: int
    method: Method | None = None
    values: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishedPercent:
    """An index as published, in percent; two ends of an interval while points are missing."""

    percent: Published | None
    percent_if_missing_full: Published | None
    complete: bool


@dataclass(frozen=True, slots=True)
class GroupIndex:
    """An index in the group, rounded to the places that ranks go by, ``exact`` unrounded, and the agency's own."""

    percent: Published | None
    percent_if_missing_full: Published | None
    percent_at_least: Published | None
    exact: Decimal | None
    complete: bool
    own_percent: Published | None
    own_percent_if_missing_full: Published | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedAgency:
    """A result with its place, and the best and the worst that all intervals allow; None for who is not ranked.

    ``places_up`` is positive for the better, ``change`` says it in words; ``class_between`` are the classes of both
    ends of the interval; ``points`` are those of every criterion in the group, None for one that has none.
    ``earlier_rank`` is the place in the period before, ``earlier_change`` the change since, as ``change``.
    """

    rank: int | None = None
    rank_best: int | None = None
    rank_worst: int | None = None
    certain: bool | None = None
    tied: bool | None = None
    previous_rank: int | None
    places_up: int | None = None
    change: str | None = None
    agency: str
    label: str
    name: str
    period: str
    period_name: str
    excluded: bool
    index: GroupIndex
    class_: str | None = None
    class_between: tuple[str | None, ...] | None = None
    relative: tuple[RelativeCriterion, ...]
    points: Mapping[str, Decimal | None] = field(default_factory=dict)
    earlier_rank: int | None = None
    earlier_change: str | None = None

    @property
    def has_no_points(self) -> bool:
        """Whether no criterion has points yet: an index from 0 to all there is says nothing of a place."""
        return self.rank is None and not self.excluded and self.index.percent is not None


def between_classes(row: RankedAgency) -> str:
    """That the class is still open, with both that it can come to."""
    low, high = (name or lower_first(UNCLASSED) for name in row.class_between or (None, None))
    return f"chưa xếp loại được, có thể từ {low} đến {high}"


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How many ranked agencies a class has, and its lower limit in percent."""

    name: str
    from_: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class ToldClass:
    """A class as it is told: its lower limit, with ``is_below`` the limit that it lies below, and how many it has."""

    name: str
    limit: Decimal
    is_below: bool
    count: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """The agencies from the first place to the last, then the excluded, then those without an index.

    ``group`` is the ``Nhóm`` of the agencies that were ranked together, '' where there is one group; ``below`` counts
    the ranked ones that are under the lowest class. ``since`` says of when the agencies' ``previous_rank`` is,
    ``earlier`` names the period of their ``earlier_rank``, '' where it was not compared with one.
    """

    schema: str
    places: int
    agencies: tuple[RankedAgency, ...]
    relative: tuple[Leader, ...]
    classes: tuple[ClassCount, ...]
    notes: tuple[Note, ...]
    group: str = ""
    below: int = 0
    since: str = LAST_YEAR
    earlier: str = ""

    @property
    def has_previous(self) -> bool:
        """Whether any agency's place of the year before is known."""
        return any(row.previous_rank is not None for row in self.agencies)

    @property
    def told_classes(self) -> tuple[ToldClass, ...]:
        """Each class from the highest on, and last what is below them all where an agency is.

        A class that begins at 0 is what lies below the one above it.
        """
        told = [
            ToldClass(item.name, above.from_, is_below=True, count=item.count)
            if above and not item.from_
            else ToldClass(item.name, item.from_, is_below=False, count=item.count)
            for above, item in zip((None, *self.classes), self.classes, strict=False)
        ]
        if self.below:
            told.append(ToldClass(UNCLASSED, self.classes[-1].from_, is_below=True, count=self.below))
        return tuple(told)

    def class_of(self, row: RankedAgency) -> str:
        """The class of an agency as it is told; one of two where its points are not all known is none yet.

        '' where there are no classes or there is no index.
        """
        if row.class_ or not self.classes or row.class_between is None:
            return row.class_ or ""
        return NOT_CLASSED_YET if any(row.class_between) else UNCLASSED


@dataclass(frozen=True, slots=True)
class RankedGroups(Ranking):
    """Several rankings: ``groups`` has each, the rest is theirs one after the other; a place is one in its group."""

    groups: tuple[Ranking, ...] = ()


@dataclass(frozen=True, slots=True)
class AgencyResult:
    """One of the many agencies of a plan: its result's folder beside this one, its index alone, its place and class.

    ``status``: ``scored``; ``missing`` without a folder of its own; ``failed`` for the ``reason``.
    """

    code: str
    name: str
    group: str
    folder: str
    status: Literal["scored", "missing", "failed"]
    index: PublishedPercent | None = None
    rank: int | None = None
    class_: str | None = None
    previous_rank: int | None = None
    errors: int = 0
    warnings: int = 0
    reason: str = ""
