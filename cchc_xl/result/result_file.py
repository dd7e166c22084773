"""The result of a run: the records of the stages come in, :class:`Contents` go out, ready for ``result.json``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import cache
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from cchc_xl.plan.edition import following
from cchc_xl.plan.scale_checks import describe
from cchc_xl.records import (
    AppendixRow,
    Band,
    CellRef,
    Conflict,
    Consolidation,
    CriterionEntry,
    Edition,
    Evidence,
    Finding,
    Kind,
    MeasureTotal,
    Plan,
    Quotient,
    Score,
    Scorecard,
    Settings,
    State,
    Verdict,
)
from cchc_xl.result.comparison import Published
from cchc_xl.result.contents import (
    SCHEMA,
    AppraisalEntry,
    BrokenRule,
    Contents,
    FigureGroup,
    FindingGroup,
    GivenInput,
    MeasureDetail,
    NamedUnit,
    PlanFile,
    Proof,
    PublishedIndex,
    Report,
    ReportSentence,
    Rule,
    RuleBand,
    ScoredCriterion,
    Task,
    ToldFinding,
    UnitFigure,
)
from cchc_xl.result.view import View
from cchc_xl.text.catalogue import fix, grouped, message, place, title, worst_first
from cchc_xl.text.numbers import points_text, rounded

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Told = TypeVar("_Told", bound="DataclassInstance")
_NOWHERE = CellRef("")


def _taken(kind: type[_Told], *records: DataclassInstance, **own: object) -> _Told:
    """The record of the result whose fields stand under the same names in records of the stages, the first one first.

    ``own`` are those that stand in none or are told otherwise; file, sheet and cell are where the first record stands.
    """
    takers, places = _sources(kind, tuple(map(type, records)), tuple(own))
    for number, names, values in takers:
        own.update(zip(names, values(records[number]), strict=True))
    for name, part in places:
        own[name] = getattr(getattr(records[0], "at", None) or _NOWHERE, part) or None
    return kind(**own)


_Taker = tuple[int, tuple[str, ...], Callable[[object], tuple[object, ...]]]


@cache
def _sources(
    kind: type[DataclassInstance], of: tuple[type, ...], own: tuple[str, ...]
) -> tuple[tuple[_Taker, ...], tuple[tuple[str, str], ...]]:
    """What takes fields from which record, the first that has each; and the fields that tell the place.

    The latter stand in no record under their own name, each with the part of a place it is.
    """
    wanted = [field.name for field in fields(kind) if field.name not in own]
    first = {name: next((n for n, record in enumerate(of) if hasattr(record, name)), None) for name in wanted}
    takers = []
    for number in range(len(of)):
        names = tuple(name for name, source in first.items() if source == number)
        if names:
            takers.append((number, names, _values(names)))
    parts = (("file", "file"), ("sheet", "sheet"), ("cell", "address"))
    return tuple(takers), tuple((name, part) for name, part in parts if name in first and first[name] is None)


def _values(names: tuple[str, ...]) -> Callable[[object], tuple[object, ...]]:
    taken = attrgetter(*names)  # of one name the value itself
    return taken if len(names) > 1 else lambda record: (taken(record),)


def _measure(total: MeasureTotal) -> MeasureDetail:
    """A figure over its units, with every unit's cell; a date's number is shown nowhere."""
    hidden: dict[str, None] = {"value": None} if total.measure.kind is Kind.DATE else {}
    entries = tuple(_taken(UnitFigure, entry, **hidden) for entry in total.entries)
    if hidden:
        hidden["partial"] = None
    return _taken(MeasureDetail, total.measure, total, entries=entries, **hidden)


def _conflict(conflict: Conflict) -> BrokenRule:
    rule = conflict.constraint
    return _taken(
        BrokenRule,
        conflict,
        rule,
        rule=rule.text,
        left_percent=rule.left.is_percentage,
        right_percent=rule.right.is_percentage,
    )


@dataclass(frozen=True, slots=True)
class _Sent:
    """What units sent for each criterion."""

    reports: Mapping[str, Sequence[CriterionEntry]]
    evidence: Mapping[str, Sequence[Evidence]]

    @classmethod
    def of(cls, consolidation: Consolidation) -> _Sent:
        reports: dict[str, list[CriterionEntry]] = {}
        evidence: dict[str, list[Evidence]] = {}
        for submission in consolidation.submissions:
            for entry in submission.criteria:
                reports.setdefault(entry.criterion, []).append(entry)
        for item in consolidation.evidence:
            evidence.setdefault(item.criterion, []).append(item)
        return cls(reports, evidence)


def _criterion(score: Score, sent: _Sent, appraisals: Mapping[str, AppraisalEntry]) -> ScoredCriterion:
    """A criterion with everything its number can be followed to."""
    node, criterion = score.node, score.node.criterion
    code = criterion.code
    row = node.appendix or AppendixRow("", "", "", (), "", "", (), criterion.at)
    return _taken(
        ScoredCriterion,
        score,
        node,
        criterion,
        row,
        max=node.max_score,
        in_appendix=row.code == code,
        appraisal=appraisals.get(code),
        sound=node.sound and criterion.method is not None,
        rule=_rule(score),
        inputs=tuple(_taken(GivenInput, item) for item in score.inputs),
        evidence=tuple(_taken(Proof, item) for item in sent.evidence.get(code, ())),
        reports=tuple(_report(entry) for entry in sent.reports.get(code, ()) if entry.leads or score.node.children),
    )


def _rule(score: Score) -> Rule:
    criterion = score.node.criterion
    return _taken(
        Rule,
        criterion,
        row=criterion.at.row,
        figures=str(criterion.figures) if criterion.figures else "",
        bands=tuple(_band(band, chosen=band is score.band) for band in score.node.bands),
    )


def _band(band: Band, *, chosen: bool) -> RuleBand:
    amount = points_text(band.outcome.amount)  # a third of the maximum does not end
    points = {"share": f"{amount}%", "linear": "tỷ lệ"}.get(band.outcome.form, amount)
    text = band.level or describe(band)
    return _taken(RuleBand, band, band.outcome, row=band.at.row, text=text, points=points, chosen=chosen)


def _report(entry: CriterionEntry) -> Report:
    away = entry.level_state is State.NOT_APPLICABLE
    state = State.NOT_APPLICABLE if away else State.KNOWN
    return _taken(Report, entry, causes=entry.reason, state=state, more=dict(entry.more))


def contents(
    edition: Edition,
    consolidation: Consolidation,
    scorecard: Scorecard,
    findings: tuple[Finding, ...],
    verdicts: Iterable[Verdict],
    *,
    appraisals: Mapping[str, AppraisalEntry] = MappingProxyType({}),
    lang: str = "vi",
) -> Contents:
    """What a run found, without what is asked of it afterwards; figures unrounded, only ``index`` rounded half-up."""
    plan, period = edition.plan, edition.period
    measures = tuple(map(_measure, consolidation.measures))
    after = following(plan, period)
    sent = _Sent.of(consolidation)
    made = Contents(
        schema=SCHEMA,
        period=period.code,
        period_name=period.name,
        period_start=period.start,
        period_end=period.end,
        due=period.due,
        agency=plan.settings.agency,
        plan=_taken(PlanFile, plan),
        settings=plan.settings,
        units=tuple(_taken(NamedUnit, unit) for unit in plan.units),
        index=_index(scorecard, plan.settings),
        criteria=tuple(_criterion(score, sent, appraisals) for score in scorecard.scores),
        measures={item.code: item.value for item in measures},
        measure_details=measures,
        tasks=tuple(
            _taken(Task, task, more=dict(task.more))
            for submission in consolidation.submissions
            for task in submission.tasks
        ),
        conflicts=tuple(map(_conflict, consolidation.conflicts)),
        rollcall=consolidation.rollcall,
        findings=tuple(told_finding(item, lang) for item in worst_first(findings)),
        finding_groups=tuple(finding_group(group, lang) for group in grouped(findings)),
        sources=tuple(verdicts),
        next_name=after.name if after else "",
        next_due=after.due if after else None,
        next_start=after.start if after else None,
        next_end=after.end if after else None,
        sentences=tuple(_taken(ReportSentence, item) for item in plan.sentences),
        figure_groups=tuple(_figure_groups(plan)),
        agency_code=plan.agency,
    )
    return replace(made, counts=View(made).counts)


def _figure_groups(plan: Plan) -> Iterator[FigureGroup]:
    """The figures of every cross-check in which sums are equal, whichever side has the fewer."""
    known = {measure.code for measure in plan.measures}
    for rule in plan.constraints:
        sums = _is_sum(rule.left) and _is_sum(rule.right)
        total, parts = sorted((rule.left.codes, rule.right.codes), key=len)
        if rule.operator == "=" and sums and len(parts) > 1 and known.issuperset((*total, *parts)):
            yield FigureGroup(total, parts)


def _is_sum(side: Quotient) -> bool:
    """Whether nothing is taken off or divided, or of a year before."""
    return side.only_adds and not side.denominator and side.names == side.codes


def told_finding(item: Finding, lang: str = "vi") -> ToldFinding:
    """A finding as ``result.json`` and ``check --json`` tell it."""
    return _taken(ToldFinding, item, message=message(item, lang), fix=fix(item, lang))


def finding_group(group: tuple[Finding, ...], lang: str = "vi") -> FindingGroup:
    """The findings of one kind, counted."""
    first = group[0]
    return _taken(
        FindingGroup,
        first,
        title=title(first.code, lang),
        count=len(group),
        files=len({item.at.file for item in group if item.at and item.at.file}),
        first=place(first),
    )


def _index(scorecard: Scorecard, settings: Settings) -> PublishedIndex:
    index = scorecard.index

    def shown(value: Decimal | None) -> Published | None:
        return None if value is None else published(value)

    def published(value: Decimal) -> Published:
        return Published(Decimal(rounded(value, settings.places)))

    return PublishedIndex(
        points=published(index.points),
        applicable_max=published(index.applicable_max),
        percent=shown(index.percent),
        percent_if_missing_full=shown(index.percent_if_missing_full),
        complete=index.complete,
        target=shown(settings.target_index),
        previous=shown(settings.previous_index),
    )
