"""The records of the plan workbook, and of the plan as it stands in one period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from cchc_xl.records.basics import CellRef, Finding, Kind, Method, Severity


@dataclass(frozen=True, slots=True)
class Settings:
    """Sheet ``Cài đặt``. Percentages are in percent (74.12), ``places`` is a count of decimals."""

    parent_agency: str = ""
    agency: str = ""
    symbol: str = ""
    place: str = ""
    year: int | None = None
    plan_number: str = ""
    plan_date: date | None = None
    previous_index: Decimal | None = None
    previous_rank: int | None = None
    ranked_units: int | None = None
    target_index: Decimal | None = None
    signing_authority: str = ""
    signing_title: str = ""
    signer: str = ""
    recipients: tuple[str, ...] = ()
    places: int = 2
    zero_without_evidence: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the register; ``reports`` says whether it must send a workbook."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    group: str = ""
    reports: bool = True
    at: CellRef | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A report period; ``due`` is the last day on which a workbook is on time (UTC+7)."""

    code: str
    name: str
    start: date
    end: date
    due: date | None = None
    at: CellRef | None = None


@dataclass(frozen=True, slots=True)
class AppendixRow:
    """A row of the familiar appendix; ``lead`` and ``cooperating`` are unit codes."""

    code: str
    name: str
    lead_text: str
    lead: tuple[str, ...]
    target: str
    cooperating_text: str
    cooperating: tuple[str, ...]
    at: CellRef


@dataclass(frozen=True, slots=True)
class Quotient:
    """Figure codes: the sum of ``numerator``, over the sum of ``denominator`` in percent where there is one.

    >>> str(Quotient(("A", "C"), ("B", "D")))
    'A + C / B + D'
    """

    numerator: tuple[str, ...]
    denominator: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Every figure code used, in order."""
        return self.numerator + self.denominator

    @property
    def shown(self) -> str:
        """As arithmetic is written: sums above and below the slash stand in brackets.

        >>> Quotient(("A", "C"), ("B",)).shown
        '(A + C) / B'
        """
        if not self.denominator:
            return str(self)
        return " / ".join(
            f"({' + '.join(codes)})" if len(codes) > 1 else codes[0] for codes in (self.numerator, self.denominator)
        )

    def __str__(self) -> str:
        above = " + ".join(self.numerator)
        return f"{above} / {' + '.join(self.denominator)}" if self.denominator else above


@dataclass(frozen=True, slots=True)
class Criterion:
    """A row of ``Bộ chỉ số``; ``method`` is None where the plan names none that exists (a finding)."""

    code: str
    name: str
    max_score: Decimal | None
    method: Method | None
    at: CellRef
    figures: Quotient | None = None
    combine: str = "thấp nhất"
    evidence: str = ""
    not_applicable: str = ""
    previous_points: Decimal | None = None
    effective_from: date | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a band gives: ``points``, a ``share`` of the maximum in percent, or ``linear`` (value % of the maximum)."""

    form: Literal["points", "share", "linear"]
    amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Band:
    """A row of ``Thang điểm``: an interval on a figure, or a named level; an absent bound is open."""

    code: str
    low: Decimal | None
    low_included: bool
    high: Decimal | None
    high_included: bool
    level: str
    outcome: Outcome
    note: str
    at: CellRef


@dataclass(frozen=True, slots=True)
class Measure:
    """A row of ``Số liệu``: a figure, who enters it (unit codes) and how the units' values are combined."""

    code: str
    name: str
    unit_name: str
    kind: Kind
    combine: str
    criteria: tuple[str, ...]
    units: tuple[str, ...]
    at: CellRef


@dataclass(frozen=True, slots=True)
class Constraint:
    """A row of ``Ràng buộc``: ``left operator right`` over figures."""

    code: str
    text: str
    left: Quotient
    operator: Literal["=", "<=", ">="]
    right: Quotient
    severity: Severity
    message: str
    at: CellRef

    @property
    def shown(self) -> str:
        """The rule as arithmetic is written."""
        return f"{self.left.shown} {self.operator} {self.right.shown}"


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan workbook. ``unsound`` holds the criterion codes a plan error makes unscorable."""

    file: str
    sha256: str
    settings: Settings
    units: tuple[Unit, ...]
    periods: tuple[Period, ...]
    appendix: tuple[AppendixRow, ...]
    criteria: tuple[Criterion, ...]
    bands: tuple[Band, ...]
    measures: tuple[Measure, ...]
    constraints: tuple[Constraint, ...]
    findings: tuple[Finding, ...] = ()
    path: str = ""
    unsound: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Node:
    """A criterion in force with its place in the tree. ``max_score`` is the sum of the children where it was empty."""

    criterion: Criterion
    max_score: Decimal
    parent: str | None
    children: tuple[str, ...]
    level: int
    appendix: AppendixRow | None
    bands: tuple[Band, ...]
    sound: bool

    @property
    def lead(self) -> tuple[str, ...]:
        """The units that lead it, through the nearest row of the appendix."""
        return self.appendix.lead if self.appendix else ()


@dataclass(frozen=True, slots=True)
class Edition:
    """The plan as it stands in one period: the criteria in force, in the order of the plan workbook."""

    plan: Plan
    period: Period
    nodes: tuple[Node, ...]

    @property
    def leaves(self) -> tuple[Node, ...]:
        """The criteria without children."""
        return tuple(node for node in self.nodes if not node.children)
