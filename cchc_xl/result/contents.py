"""What a result holds, as records: the object of ``result.json`` comes in or goes out, nothing else is untyped.

The order of the fields is the order of the keys (design §6). Decimals are strings without exponent there, days and
times ISO text; a key that a newer version added is passed over, a key that is missing or of another kind is named.
A record of the stages that is stored as it stands (:class:`Settings`, :class:`RollCall`, :class:`Verdict`) is that very
record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from cchc_xl.plan.edition import is_year
from cchc_xl.records import Condition, EnteredBy, Kind, Method, RollCall, Settings, Severity, State, Verdict
from cchc_xl.result.advice import Advice, Path
from cchc_xl.result.comparison import Comparison, Published, Status
from cchc_xl.result.ranking import AgencyResult, Ranking

SCHEMA: Literal["cchc_xl/result/1"] = "cchc_xl/result/1"


@dataclass(frozen=True, slots=True)
class PlanFile:
    """The plan workbook that the result follows from."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A unit of the plan."""

    code: str
    name: str
    group: str


@dataclass(frozen=True, slots=True)
class PublishedIndex:
    """The index as published; ``percent`` counts what is missing as 0, None where nothing applies."""

    points: Published
    applicable_max: Published
    percent: Published | None
    percent_if_missing_full: Published | None
    complete: bool
    target: Published | None
    previous: Published | None

    def above(self, beside: Decimal | None) -> Decimal | None:
        """How far it is above another; None for a provisional one: an interval is not compared like a number."""
        return self.percent - beside if self.complete and self.percent is not None and beside is not None else None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many criteria stand how, as every output tells it (docs/decisions/019).

    ``criteria`` are those that the index's maximum is made of, each ``full``, ``short``, ``missing`` or
    ``not_applicable``; without bonus, deductions and what is only followed. ``appraised`` of ``to_appraise`` are rows
    of the Office's workbook; ``fully_appraised`` says that no row that can have points is left.
    """

    criteria: int
    full: int
    short: int
    missing: int
    not_applicable: int
    appraised: int
    to_appraise: int
    fully_appraised: bool


@dataclass(frozen=True, slots=True)
class RuleBand:
    """A row of ``Thang điểm``: ``text`` and ``points`` in words, ``chosen`` if it gave the points."""

    sheet: str
    row: int
    text: str
    points: str
    chosen: bool
    level: str
    low: Decimal | None
    low_included: bool
    high: Decimal | None
    high_included: bool
    form: Literal["points", "share", "linear"]
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Rule:
    """The row of ``Bộ chỉ số`` that a criterion is scored by."""

    file: str | None
    sheet: str | None
    cell: str | None
    row: int
    figures: str
    combine: str
    evidence: str
    not_applicable: str
    effective_from: date | None
    reference: str
    bands: tuple[RuleBand, ...]


@dataclass(frozen=True, slots=True)
class GivenInput:
    """A cell that points rest on: its number, plain, or its text.

    ``period`` is that of the earlier result it was taken from, else ''; ``by`` is who entered it where that was not the
    unit: ``plan``, or ``office`` in the unit's place.
    """

    measure: str
    unit: str
    value: str
    file: str | None
    sheet: str | None
    cell: str | None
    period: str = ""
    by: EnteredBy = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a unit named as evidence; ``found`` is None where the text names no path."""

    unit: str
    text: str
    file: str | None
    sheet: str | None
    cell: str | None
    found: bool | None


@dataclass(frozen=True, slots=True)
class Report:
    """What a unit that leads wrote about a criterion, or any unit about a group.

    ``causes`` is the contract's name of what also stands under ``reason``; ``more`` is what stands in further columns
    of the form, by heading.
    """

    unit: str
    result: str
    level: str
    self_points: Decimal | None
    evidence: str
    causes: str
    reason: str
    state: State
    file: str | None
    sheet: str | None
    cell: str | None
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AppraisalEntry:
    """What the Office entered for a criterion, by the headings of its workbook, which are keys beside ``stale``."""

    entered: Mapping[str, str | None]
    stale: bool


@dataclass(frozen=True, slots=True)
class ScoredCriterion:
    """A criterion with everything its points can be followed to.

    ``places`` are the decimals its points are rounded to before they are added; ``bare_points`` those of its rule
    before rounding and ``condition``.
    """

    code: str
    name: str
    max: Decimal
    applicable_max: Decimal
    points: Decimal | None
    status: Status
    method: Method | None
    basis: str
    self_points: Decimal | None
    appraised_points: Decimal | None
    final_points: Decimal | None
    previous_points: Decimal | None
    parent: str | None
    level: int
    in_appendix: bool
    lead: tuple[str, ...]
    lead_text: str
    cooperating_text: str
    target: str
    appraisal: AppraisalEntry | None
    sound: bool
    flagged: bool
    value: Decimal | None
    rule: Rule
    inputs: tuple[GivenInput, ...]
    evidence: tuple[Proof, ...]
    reports: tuple[Report, ...]
    condition: Condition | None = None
    places: int | None = None
    bare_points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """A unit's value of a figure; ``counted`` from its register of tasks, ``by`` as in :class:`GivenInput`.

    ``supplied``: the Office entered it in the unit's place, resting it on ``reference``.
    """

    unit: str
    value: Decimal | None
    text: str
    state: State
    counted: bool
    file: str | None
    sheet: str | None
    cell: str | None
    by: EnteredBy = ""
    supplied: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True)
class MeasureDetail:
    """A figure over its units; ``partial`` combines what is known while ``waiting`` still owe theirs.

    A date has no value here: the texts of its entries show it. ``counts`` is what it counts from the register of tasks,
    ``report_codes`` are its codes in the annexes of a higher agency.
    """

    code: str
    name: str
    unit_name: str
    kind: Kind
    combine: str
    criteria: tuple[str, ...]
    units: tuple[str, ...]
    state: State
    value: Decimal | None
    partial: Decimal | None
    waiting: tuple[str, ...]
    entries: tuple[UnitFigure, ...]
    counts: str = ""
    report_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A row of a unit's register of tasks; ``outcome`` is what became of it, a word of ``Tự đếm``."""

    unit: str
    document: str
    content: str
    assigned: date | None
    due: date | None
    completed: date | None
    note: str
    outcome: str
    file: str | None
    sheet: str | None
    cell: str | None
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A cross-check that does not hold, with both sides; ``unit`` is None for one over totals."""

    code: str
    rule: str
    message: str
    severity: Severity
    unit: str | None
    left: Decimal
    right: Decimal
    left_percent: bool
    right_percent: bool
    criteria: tuple[str, ...]
    file: str | None
    sheet: str | None
    cell: str | None


@dataclass(frozen=True, slots=True)
class ReportSentence:
    """A row of ``Câu báo cáo``, as the plan has it."""

    section: str
    heading: str
    criterion: str
    text: str
    when_missing: str
    sheet: str | None
    cell: str | None


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """Figures that the plan adds up: the sum of ``parts`` must be that of ``total``."""

    total: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """A finding in words."""

    code: str
    severity: Severity
    message: str
    fix: str
    file: str | None
    sheet: str | None
    cell: str | None
    unit: str | None
    criterion: str | None


# What stands in a cell (in A1 notation), a sheet or a file; None where it stands nowhere or in the whole of it.
Placed = Rule | GivenInput | Proof | Report | UnitFigure | Task | BrokenRule | ToldFinding


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """The findings of one kind, counted; ``first`` is the place of the first of them, '' for the whole folder."""

    code: str
    severity: Severity
    title: str
    count: int
    files: int
    first: str


@dataclass(frozen=True, slots=True)
class Contents:
    """A whole result; ``comparison`` is there only if it was compared with an earlier one.

    ``edited`` are the files of the result before this one that people had changed: they stand as they were.
    ``next_…`` are name, days and day for sending of the period that tasks which follow from this one are for.

    Of one of many agencies ``agency_code`` is its code. The result of the whole has ``agencies``, and a ``ranking`` for
    each group of them, and no criteria of its own.
    """

    schema: Literal["cchc_xl/result/1"]
    period: str
    period_name: str
    period_start: date
    period_end: date
    due: date | None
    agency: str
    plan: PlanFile
    settings: Settings
    units: tuple[NamedUnit, ...]
    index: PublishedIndex
    criteria: tuple[ScoredCriterion, ...]
    measures: Mapping[str, Decimal | None]
    measure_details: tuple[MeasureDetail, ...]
    tasks: tuple[Task, ...]
    conflicts: tuple[BrokenRule, ...]
    rollcall: tuple[RollCall, ...]
    findings: tuple[ToldFinding, ...]
    finding_groups: tuple[FindingGroup, ...]
    sources: tuple[Verdict, ...]
    advice: tuple[Advice, ...] = ()
    path: Path | None = None
    comparison: Comparison | None = None
    edited: tuple[str, ...] = ()
    counts: Counts | None = None
    next_name: str = ""
    next_due: date | None = None
    next_start: date | None = None
    next_end: date | None = None
    sentences: tuple[ReportSentence, ...] = ()
    figure_groups: tuple[FigureGroup, ...] = ()
    agency_code: str = ""
    agencies: tuple[AgencyResult, ...] = ()
    ranking: tuple[Ranking, ...] = ()

    @property
    def supplied(self) -> dict[str, tuple[str, ...]]:
        """By unit the figures that the Office entered in its place and that count."""
        found: dict[str, tuple[str, ...]] = {}
        for detail in self.measure_details:
            for entry in detail.entries:
                if entry.supplied:
                    found[entry.unit] = (*found.get(entry.unit, ()), detail.code)
        return found

    @property
    def is_whole_year(self) -> bool:
        """Whether the period is a year: what last year's index, points and next year's plan are taken from."""
        return is_year(self.period_start, self.period_end)
