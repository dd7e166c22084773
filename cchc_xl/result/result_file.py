"""The object of ``result.json``: the records of a run come in, one JSON-ready object goes out. Contract: design §6."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

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
    RollCall,
    Score,
    Scorecard,
    Settings,
    State,
    TaskEntry,
    Verdict,
)
from cchc_xl.text.catalogue import fix, grouped, message, place, title, worst_first
from cchc_xl.text.numbers import plain, rounded, vietnamese

Document = dict[str, Any]


def decimal(value: Decimal | None) -> str | None:
    """A decimal as the string of ``result.json``; None stays None."""
    return None if value is None else plain(value)


def day(value: date | None) -> str | None:
    """A day in ISO form; None stays None."""
    return value.isoformat() if value else None


def cell_object(at: CellRef) -> Document:
    """Where a cell stands: file, sheet and address."""
    return {"file": at.file or None, "sheet": at.sheet or None, "cell": at.address or None}


def measure_object(total: MeasureTotal) -> Document:
    """A figure over its units, with every unit's cell."""
    measure = total.measure
    return {
        "code": measure.code,
        "name": measure.name,
        "unit_name": measure.unit_name,
        "kind": measure.kind.value,
        "combine": measure.combine,
        "criteria": list(measure.criteria),
        "units": list(measure.units),
        "state": total.state.value,
        "value": decimal(total.value),
        "partial": decimal(total.partial),
        "waiting": list(total.waiting),
        "entries": [
            {
                "unit": entry.unit,
                "value": decimal(entry.value),
                "text": entry.text,
                "state": entry.state.value,
                "counted": entry.counted,
                **cell_object(entry.at),
            }
            for entry in total.entries
        ],
    }


def task_object(task: TaskEntry) -> Document:
    """A task of a unit's register."""
    return {
        "unit": task.unit,
        "document": task.document,
        "content": task.content,
        "assigned": day(task.assigned),
        "due": day(task.due),
        "completed": day(task.completed),
        "note": task.note,
        "outcome": task.outcome,
        **cell_object(task.at),
    }


def conflict_object(conflict: Conflict) -> Document:
    """A broken cross-check with both sides."""
    rule = conflict.constraint
    return {
        "code": rule.code,
        "rule": rule.text,
        "message": rule.message,
        "severity": rule.severity,
        "unit": conflict.unit,
        "left": plain(conflict.left),
        "right": plain(conflict.right),
        "left_percent": bool(rule.left.denominator),
        "right_percent": bool(rule.right.denominator),
        "criteria": list(conflict.criteria),
        **cell_object(conflict.at or CellRef("")),
    }


def roll_object(row: RollCall) -> Document:
    """A line of the roll-call."""
    return {
        "unit": row.unit,
        "status": row.status,
        "file": row.file,
        "sha256": row.sha256,
        "sent": row.sent.isoformat() if row.sent else None,
        "sent_from": row.sent_from or None,
        "superseded": list(row.superseded),
    }


def criterion_object(score: Score, consolidation: Consolidation, appraisals: Mapping[str, Document]) -> Document:
    """A criterion with everything its number can be followed to."""
    criterion, row = score.node.criterion, score.node.appendix
    own = row if row is not None and row.code == criterion.code else None
    return {
        "code": criterion.code,
        "name": criterion.name,
        "max": plain(score.node.max_score),
        "applicable_max": plain(score.applicable_max),
        "points": decimal(score.points),
        "status": score.status,
        "method": criterion.method.value if criterion.method else None,
        "basis": score.basis,
        "self_points": decimal(score.self_points),
        "appraised_points": decimal(score.appraised_points),
        "final_points": decimal(score.final_points),
        "previous_points": decimal(criterion.previous_points),
        "parent": score.node.parent,
        "level": score.node.level,
        "in_appendix": own is not None,
        "lead": list(score.node.lead),
        "lead_text": row.lead_text if row else "",
        "cooperating_text": row.cooperating_text if row else "",
        "target": row.target if row else "",
        "appraisal": appraisals.get(criterion.code),
        "sound": score.node.sound and criterion.method is not None,
        "flagged": score.flagged,
        "value": decimal(score.value),
        "rule": _rule(score),
        "inputs": [
            {"measure": item.measure, "unit": item.unit, "value": item.value, **cell_object(item.at)}
            for item in score.inputs
        ],
        "evidence": [
            {"unit": item.unit, "text": item.text, **cell_object(item.at), "found": item.found}
            for item in consolidation.evidence
            if item.criterion == criterion.code
        ],
        "reports": [
            _report(entry)
            for submission in consolidation.submissions
            for entry in submission.criteria
            if entry.criterion == criterion.code and entry.leads
        ],
    }


def _rule(score: Score) -> Document:
    criterion = score.node.criterion
    return {
        **cell_object(criterion.at),
        "row": criterion.at.row,
        "figures": str(criterion.figures) if criterion.figures else "",
        "combine": criterion.combine,
        "evidence": criterion.evidence,
        "not_applicable": criterion.not_applicable,
        "effective_from": day(criterion.effective_from),
        "reference": criterion.reference,
        "bands": [_band(band, chosen=band is score.band) for band in score.node.bands],
    }


def _band(band: Band, *, chosen: bool) -> Document:
    outcome = band.outcome
    points = {"share": f"{vietnamese(outcome.amount)}%", "linear": "tỷ lệ"}.get(
        outcome.form, vietnamese(outcome.amount)
    )
    return {
        "sheet": band.at.sheet,
        "row": band.at.row,
        "text": band.level or describe(band),
        "points": points,
        "chosen": chosen,
        "level": band.level,
        "low": decimal(band.low),
        "low_included": band.low_included,
        "high": decimal(band.high),
        "high_included": band.high_included,
        "form": outcome.form,
        "amount": plain(outcome.amount),
    }


def _report(entry: CriterionEntry) -> Document:
    return {
        "unit": entry.unit,
        "result": entry.result,
        "level": entry.level,
        "self_points": decimal(entry.self_points),
        "evidence": entry.evidence,
        "reason": entry.reason,
        "state": (State.NOT_APPLICABLE if entry.level_state is State.NOT_APPLICABLE else State.KNOWN).value,
        **cell_object(entry.at),
    }


SCHEMA = "cchc_xl/result/1"


def document(
    edition: Edition,
    consolidation: Consolidation,
    scorecard: Scorecard,
    findings: tuple[Finding, ...],
    verdicts: Iterable[Verdict],
    *,
    appraisals: Mapping[str, Document] = MappingProxyType({}),
    lang: str = "vi",
) -> Document:
    """The object of ``result.json``: figures unrounded, only ``index`` rounded half-up."""
    plan, period = edition.plan, edition.period
    return {
        "schema": SCHEMA,
        "period": period.code,
        "period_name": period.name,
        "period_start": period.start.isoformat(),
        "period_end": period.end.isoformat(),
        "due": day(period.due),
        "agency": plan.settings.agency,
        "plan": {"file": plan.file, "sha256": plan.sha256},
        "settings": _settings(plan.settings),
        "units": [{"code": unit.code, "name": unit.name, "group": unit.group} for unit in plan.units],
        "index": _index(scorecard, plan.settings),
        "criteria": [criterion_object(score, consolidation, appraisals) for score in scorecard.scores],
        "measures": {
            total.measure.code: None if total.value is None else plain(total.value) for total in consolidation.measures
        },
        "measure_details": [measure_object(total) for total in consolidation.measures],
        "tasks": [task_object(task) for submission in consolidation.submissions for task in submission.tasks],
        "conflicts": [conflict_object(conflict) for conflict in consolidation.conflicts],
        "rollcall": [roll_object(row) for row in consolidation.rollcall],
        "findings": [finding_object(item, lang) for item in worst_first(findings)],
        "finding_groups": [group_object(group, lang) for group in grouped(findings)],
        "sources": [
            {
                "file": item.file,
                "sha256": item.sha256,
                "reader": item.reader,
                "verdict": item.verdict,
                "reason": item.reason,
            }
            for item in verdicts
        ],
    }


def finding_object(item: Finding, lang: str = "vi") -> Document:
    """A finding as the object of ``result.json`` and of ``check --json``."""
    at = item.at or CellRef("")
    return {
        "code": item.code,
        "severity": item.severity,
        "message": message(item, lang),
        "fix": fix(item, lang),
        "file": at.file or None,
        "sheet": at.sheet or None,
        "cell": at.address or None,
        "unit": item.unit,
        "criterion": item.criterion,
    }


def group_object(group: tuple[Finding, ...], lang: str = "vi") -> Document:
    """The findings of one kind, counted; ``first`` is the place of the first of them, '' for the whole folder."""
    first = group[0]
    return {
        "code": first.code,
        "severity": first.severity,
        "title": title(first.code, lang),
        "count": len(group),
        "files": len({item.at.file for item in group if item.at and item.at.file}),
        "first": place(first),
    }


def _settings(settings: Settings) -> Document:
    return {
        "parent_agency": settings.parent_agency,
        "agency": settings.agency,
        "symbol": settings.symbol,
        "place": settings.place,
        "year": settings.year,
        "plan_number": settings.plan_number,
        "plan_date": day(settings.plan_date),
        "previous_index": decimal(settings.previous_index),
        "previous_rank": settings.previous_rank,
        "ranked_units": settings.ranked_units,
        "target_index": decimal(settings.target_index),
        "signing_authority": settings.signing_authority,
        "signing_title": settings.signing_title,
        "signer": settings.signer,
        "recipients": list(settings.recipients),
        "places": settings.places,
        "missing_evidence": "0 điểm" if settings.zero_without_evidence else "cảnh báo",
    }


def _index(scorecard: Scorecard, settings: Settings) -> Document:
    index, places = scorecard.index, settings.places

    def shown(value: Decimal | None) -> str | None:
        return None if value is None else rounded(value, places)

    return {
        "points": shown(index.points),
        "applicable_max": shown(index.applicable_max),
        "percent": shown(index.percent),
        "percent_if_missing_full": shown(index.percent_if_missing_full),
        "complete": index.complete,
        "target": shown(settings.target_index),
        "previous": shown(settings.previous_index),
    }
