"""The criteria of ``result.json``: a score comes in, its object with rule row, inputs and evidence goes out."""

from __future__ import annotations

from collections.abc import Mapping

from cchc_xl.plan.checks import describe
from cchc_xl.records import Band, Consolidation, CriterionEntry, Score, State
from cchc_xl.result.objects import Document, day, decimal, place
from cchc_xl.text.numbers import plain, vietnamese


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
            {"measure": item.measure, "unit": item.unit, "value": item.value, **place(item.at)} for item in score.inputs
        ],
        "evidence": [
            {"unit": item.unit, "text": item.text, **place(item.at), "found": item.found}
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
        **place(criterion.at),
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
        **place(entry.at),
    }
