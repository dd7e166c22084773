"""The result of a run: the records of the stages come in, :class:`Contents` go out, ready for ``result.json``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TypedDict

from cchc_xl.plan.checks import describe
from cchc_xl.records import (
    Band,
    CellRef,
    Conflict,
    Consolidation,
    CriterionEntry,
    Edition,
    Finding,
    MeasureTotal,
    Score,
    Scorecard,
    Settings,
    State,
    TaskEntry,
    Verdict,
)
from cchc_xl.result.comparison import Published
from cchc_xl.result.contents import (
    SCHEMA,
    AppraisalEntry,
    BrokenRule,
    Contents,
    FindingGroup,
    GivenInput,
    MeasureDetail,
    NamedUnit,
    PlanFile,
    Proof,
    PublishedIndex,
    Report,
    Rule,
    RuleBand,
    ScoredCriterion,
    Task,
    ToldFinding,
    UnitFigure,
)
from cchc_xl.text.catalogue import fix, grouped, message, place, title, worst_first
from cchc_xl.text.numbers import rounded, vietnamese


class _Place(TypedDict):
    file: str | None
    sheet: str | None
    cell: str | None


def _place(at: CellRef | None) -> _Place:
    """Where a cell stands: file, sheet and address."""
    at = at or CellRef("")
    return {"file": at.file or None, "sheet": at.sheet or None, "cell": at.address or None}


def _measure(total: MeasureTotal) -> MeasureDetail:
    """A figure over its units, with every unit's cell."""
    measure = total.measure
    return MeasureDetail(
        code=measure.code,
        name=measure.name,
        unit_name=measure.unit_name,
        kind=measure.kind,
        combine=measure.combine,
        criteria=measure.criteria,
        units=measure.units,
        state=total.state,
        value=total.value,
        partial=total.partial,
        waiting=total.waiting,
        entries=tuple(
            UnitFigure(
                unit=entry.unit,
                value=entry.value,
                text=entry.text,
                state=entry.state,
                counted=entry.counted,
                **_place(entry.at),
            )
            for entry in total.entries
        ),
    )


def _task(task: TaskEntry) -> Task:
    return Task(
        unit=task.unit,
        document=task.document,
        content=task.content,
        assigned=task.assigned,
        due=task.due,
        completed=task.completed,
        note=task.note,
        outcome=task.outcome,
        **_place(task.at),
    )


def _conflict(conflict: Conflict) -> BrokenRule:
    rule = conflict.constraint
    return BrokenRule(
        code=rule.code,
        rule=rule.text,
        message=rule.message,
        severity=rule.severity,
        unit=conflict.unit,
        left=conflict.left,
        right=conflict.right,
        left_percent=bool(rule.left.denominator),
        right_percent=bool(rule.right.denominator),
        criteria=conflict.criteria,
        **_place(conflict.at),
    )


def _criterion(score: Score, consolidation: Consolidation, appraisals: Mapping[str, AppraisalEntry]) -> ScoredCriterion:
    """A criterion with everything its number can be followed to."""
    criterion, row = score.node.criterion, score.node.appendix
    return ScoredCriterion(
        code=criterion.code,
        name=criterion.name,
        max=score.node.max_score,
        applicable_max=score.applicable_max,
        points=score.points,
        status=score.status,
        method=criterion.method,
        basis=score.basis,
        self_points=score.self_points,
        appraised_points=score.appraised_points,
        final_points=score.final_points,
        previous_points=criterion.previous_points,
        parent=score.node.parent,
        level=score.node.level,
        in_appendix=row is not None and row.code == criterion.code,
        lead=score.node.lead,
        lead_text=row.lead_text if row else "",
        cooperating_text=row.cooperating_text if row else "",
        target=row.target if row else "",
        appraisal=appraisals.get(criterion.code),
        sound=score.node.sound and criterion.method is not None,
        flagged=score.flagged,
        value=score.value,
        rule=_rule(score),
        inputs=tuple(GivenInput(item.measure, item.unit, item.value, **_place(item.at)) for item in score.inputs),
        evidence=tuple(
            Proof(unit=item.unit, text=item.text, **_place(item.at), found=item.found)
            for item in consolidation.evidence
            if item.criterion == criterion.code
        ),
        reports=tuple(
            _report(entry)
            for submission in consolidation.submissions
            for entry in submission.criteria
            if entry.criterion == criterion.code and (entry.leads or score.node.children)
        ),
    )


def _rule(score: Score) -> Rule:
    criterion = score.node.criterion
    return Rule(
        **_place(criterion.at),
        row=criterion.at.row,
        figures=str(criterion.figures) if criterion.figures else "",
        combine=criterion.combine,
        evidence=criterion.evidence,
        not_applicable=criterion.not_applicable,
        effective_from=criterion.effective_from,
        reference=criterion.reference,
        bands=tuple(_band(band, chosen=band is score.band) for band in score.node.bands),
    )


def _band(band: Band, *, chosen: bool) -> RuleBand:
    outcome = band.outcome
    points = {"share": f"{vietnamese(outcome.amount)}%", "linear": "tỷ lệ"}.get(
        outcome.form, vietnamese(outcome.amount)
    )
    return RuleBand(
        sheet=band.at.sheet,
        row=band.at.row,
        text=band.level or describe(band),
        points=points,
        chosen=chosen,
        level=band.level,
        low=band.low,
        low_included=band.low_included,
        high=band.high,
        high_included=band.high_included,
        form=outcome.form,
        amount=outcome.amount,
    )


def _report(entry: CriterionEntry) -> Report:
    return Report(
        unit=entry.unit,
        result=entry.result,
        level=entry.level,
        self_points=entry.self_points,
        evidence=entry.evidence,
        reason=entry.reason,
        state=State.NOT_APPLICABLE if entry.level_state is State.NOT_APPLICABLE else State.KNOWN,
        **_place(entry.at),
    )


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
    return Contents(
        schema=SCHEMA,
        period=period.code,
        period_name=period.name,
        period_start=period.start,
        period_end=period.end,
        due=period.due,
        agency=plan.settings.agency,
        plan=PlanFile(plan.file, plan.sha256),
        settings=plan.settings,
        units=tuple(NamedUnit(unit.code, unit.name, unit.group) for unit in plan.units),
        index=_index(scorecard, plan.settings),
        criteria=tuple(_criterion(score, consolidation, appraisals) for score in scorecard.scores),
        measures={total.measure.code: total.value for total in consolidation.measures},
        measure_details=tuple(map(_measure, consolidation.measures)),
        tasks=tuple(_task(task) for submission in consolidation.submissions for task in submission.tasks),
        conflicts=tuple(map(_conflict, consolidation.conflicts)),
        rollcall=consolidation.rollcall,
        findings=tuple(told_finding(item, lang) for item in worst_first(findings)),
        finding_groups=tuple(finding_group(group, lang) for group in grouped(findings)),
        sources=tuple(verdicts),
    )


def told_finding(item: Finding, lang: str = "vi") -> ToldFinding:
    """A finding as ``result.json`` and ``check --json`` tell it."""
    return ToldFinding(
        code=item.code,
        severity=item.severity,
        message=message(item, lang),
        fix=fix(item, lang),
        **_place(item.at),
        unit=item.unit,
        criterion=item.criterion,
    )


def finding_group(group: tuple[Finding, ...], lang: str = "vi") -> FindingGroup:
    """The findings of one kind, counted."""
    first = group[0]
    return FindingGroup(
        code=first.code,
        severity=first.severity,
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
