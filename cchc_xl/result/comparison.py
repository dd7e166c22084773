"""What a comparison of two results holds, as records; it is stored with the later of the two (design §6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NewType

from cchc_xl.records import Method

# A figure as published: rounded to the plan's places and stored with all of them ("80.00").
Published = NewType("Published", Decimal)
Status = Literal["scored", "missing", "not_applicable", "group", "followed"]


@dataclass(frozen=True, slots=True)
class Note:
    """What to know before believing a comparison or a ranking."""

    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose result is compared, and of when."""

    agency: str
    period: str
    period_name: str
    period_start: date
    period_end: date
    year: int | None


@dataclass(frozen=True, slots=True)
class IndexSide:
    """The index of one side as published."""

    percent: Published | None
    percent_if_missing_full: Published | None
    complete: bool
    points: Published
    applicable_max: Published


@dataclass(frozen=True, slots=True)
class IndexChange:
    """The index of both sides; the differences of two complete ones, else the interval that they lie in."""

    before: IndexSide
    after: IndexSide
    difference_percentage_points: Decimal | None
    relative_change_percent: Decimal | None
    difference_interval: tuple[Decimal, Decimal] | None


@dataclass(frozen=True, slots=True)
class RankSide:
    """A place among so many, of the year before the plan's."""

    rank: int | None
    of: int | None
    year: int | None


@dataclass(frozen=True, slots=True)
class RankChange:
    """The places that both plans state."""

    before: RankSide
    after: RankSide
    places_up: int | None
    text: str | None


@dataclass(frozen=True, slots=True)
class CriterionSide:
    """A criterion on one side; ``share`` is in percent of the maximum that applies."""

    status: Status
    method: Method | None
    max: Decimal
    applicable_max: Decimal
    points: Decimal | None
    points_if_missing_full: Decimal | None
    complete: bool
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """A criterion that both sides have; None where there is no difference to tell."""

    code: str
    name: str
    level: int
    before: CriterionSide
    after: CriterionSide
    difference_points: Decimal | None
    difference_percentage_points: Decimal | None
    relative_change_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Unpaired:
    """A criterion of one side that is not compared."""

    code: str
    name: str
    level: int
    max: Decimal
    points: Decimal | None
    status: Status


@dataclass(frozen=True, slots=True)
class Renamed:
    """Two criteria of which only the name or only the code agrees, with a sentence."""

    kind: str
    before: Unpaired
    after: Unpaired
    message: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two results side by side; see :func:`cchc_xl.ask.compare.compare`."""

    schema: str
    before: Heading
    after: Heading
    places: int
    index: IndexChange
    rank: RankChange
    fields: tuple[CriterionChange, ...]
    criteria: tuple[CriterionChange, ...]
    changed: tuple[Renamed, ...]
    added: tuple[Unpaired, ...]
    removed: tuple[Unpaired, ...]
    notes: tuple[Note, ...]
