"""What a ranking holds, as records: many agencies' places, who leads each ``so sánh`` criterion, classes, notes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from cchc_xl.result.comparison import Note, Published


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


@dataclass(frozen=True, slots=True)
class RelativeCriterion:
    """A ``so sánh`` criterion of one agency: its own points and those in the group.

    ``kept`` says why its own points hold: ``appraised``, ``evidence`` (none given, and the plan says 0), ``no_leader``.
    """

    code: str
    name: str
    max: Decimal
    value: Decimal
    target: Decimal | None
    own_points: Decimal | None
    group_points: Decimal | None
    kept: str | None


@dataclass(frozen=True, slots=True)
class Leader:
    """The best value of a criterion (None if nobody has one above 0), whose it is, and who still owes a value.

    ``declared`` are the leaders' values that the plans state, ``count`` is how many results have a value.
    """

    code: str
    name: str
    leader: Decimal | None
    holders: tuple[str, ...]
    waiting: tuple[str, ...]
    declared: tuple[Decimal, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedAgency:
    """A result with its place, and the best and the worst that all intervals allow; None for who is not ranked.

    ``places_up`` is positive for the better, ``change`` says it in words; ``class_between`` are the classes of both
    ends of the interval.
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
    class_: str | None
    class_between: tuple[str | None, ...] | None
    relative: tuple[RelativeCriterion, ...]


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How many ranked agencies a class has, and its lower limit in percent."""

    name: str
    from_: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """The agencies from the first place to the last, then the excluded, then those without an index."""

    schema: str
    places: int
    agencies: tuple[RankedAgency, ...]
    relative: tuple[Leader, ...]
    classes: tuple[ClassCount, ...]
    notes: tuple[Note, ...]
