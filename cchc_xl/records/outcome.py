"""The records of units taken together, and of the score."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from cchc_xl.records.basics import CellRef, Finding, State
from cchc_xl.records.plan import Band, Constraint, Measure, Node
from cchc_xl.records.submission import FigureEntry, Submission, Value


@dataclass(frozen=True, slots=True)
class RollCall:
    """Whether a unit filed, with what, and which files of it lost to a newer one."""

    unit: str
    status: Literal["submitted", "late", "missing", "unreadable"]
    file: str | None = None
    sha256: str | None = None
    sent: datetime | None = None
    sent_from: str = ""
    superseded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasureTotal:
    """A figure over its units. ``partial`` combines what is known; ``waiting`` are the units still owing it."""

    measure: Measure
    state: State
    value: Decimal | None
    partial: Decimal | None
    entries: tuple[FigureEntry, ...]
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a unit named as evidence; ``found`` is None where the text names no path, ``files`` are those found."""

    unit: str
    criterion: str
    text: str
    at: CellRef
    found: bool | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A broken cross-check: what was compared, both sides, and the criteria it touches."""

    constraint: Constraint
    unit: str | None
    left: Decimal
    right: Decimal
    criteria: tuple[str, ...]
    at: CellRef | None


@dataclass(frozen=True, slots=True)
class Consolidation:
    """All units together, for one period."""

    rollcall: tuple[RollCall, ...]
    submissions: tuple[Submission, ...]
    measures: tuple[MeasureTotal, ...]
    evidence: tuple[Evidence, ...]
    conflicts: tuple[Conflict, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Input:
    """One cell that a score came from."""

    measure: str
    unit: str
    value: str
    at: CellRef


@dataclass(frozen=True, slots=True)
class Score:
    """A criterion's score in points. ``value`` is the figure it was scored on, ``band`` the row that gave the points.

    ``full_points`` are the points if everything missing had its maximum; ``waiting`` are the units that still owe their
    level or self-score; ``unsupported`` says that missing evidence made the points 0.
    """

    node: Node
    status: Literal["scored", "missing", "not_applicable", "group"]
    applicable_max: Decimal
    points: Decimal | None
    final_points: Decimal | None
    full_points: Decimal
    self_points: Decimal | None
    appraised_points: Decimal | None
    basis: str
    inputs: tuple[Input, ...] = ()
    band: Band | None = None
    value: Decimal | None = None
    waiting: tuple[str, ...] = ()
    unsupported: bool = False
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What the Office entered for a criterion, by column, kept as stored.

    ``points`` are those of the last round that gives any the rule allows; ``basis`` is the fingerprint of the inputs it
    was made on, ``stale`` says that they have changed since.
    """

    code: str
    name: str
    entered: tuple[Value, ...]
    points: Decimal | None
    basis: str
    at: CellRef
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """The index. Points and percentages are unrounded; ``complete`` is False while a criterion is missing."""

    points: Decimal
    applicable_max: Decimal
    percent: Decimal | None
    percent_if_missing_full: Decimal | None
    complete: bool


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Every criterion's score, in the order of the plan workbook, and the index."""

    scores: tuple[Score, ...]
    index: Index
    findings: tuple[Finding, ...]
