"""The result of a run as one document: records come in, the object of ``result.json`` goes out (design §6).

Everything the Word report, ``explain`` and the workbooks for people show is in this document, so that each of them can
be made again from a finished run alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cchc_xl.messages import fix, message
from cchc_xl.plan.bands import describe
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
from cchc_xl.vi_text import plain, rounded, vietnamese

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = "cchc_xl/result/1"
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class IndexFigures:
    """The index as ``Decimal``, rounded half-up to the places the plan asks for; None where it is unknown."""

    points: Decimal
    applicable_max: Decimal
    percent: Decimal | None
    percent_if_missing_full: Decimal | None
    complete: bool


@dataclass(frozen=True, slots=True)
class Result:
    """A run's result: its document, and the pieces of it that other programs ask for most.

    ``folder`` is where it was written; ``held_open`` names the file of the old result that kept it from its place.
    """

    document: Document
    findings: tuple[Finding, ...] = ()
    folder: str | None = None
    held_open: str | None = None

    @property
    def index(self) -> IndexFigures:
        """The index."""
        index = self.document["index"]
        return IndexFigures(
            Decimal(index["points"]),
            Decimal(index["applicable_max"]),
            *(None if index[name] is None else Decimal(index[name]) for name in ("percent", "percent_if_missing_full")),
            index["complete"],
        )

    def to_frame(self, table: str) -> pd.DataFrame:
        """A list of the document, such as ``criteria`` or ``findings``, as a pandas frame: the exit for analysts.

        Figures stay decimal strings. Raises ``KeyError`` for a table the document does not hold.
        """
        import pandas as pd

        rows = self.document[table]
        if isinstance(rows, dict):
            return pd.DataFrame({"code": list(rows), "value": list(rows.values())}, dtype="object")
        return pd.DataFrame(rows, dtype="object")


def document(
    edition: Edition,
    consolidation: Consolidation,
    scorecard: Scorecard,
    findings: tuple[Finding, ...],
    verdicts: Iterable[Verdict],
    *,
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
        "due": _day(period.due),
        "agency": plan.settings.agency,
        "plan": {"file": plan.file, "sha256": plan.sha256},
        "settings": _settings(plan.settings),
        "units": [{"code": unit.code, "name": unit.name, "group": unit.group} for unit in plan.units],
        "index": _index(scorecard, plan.settings),
        "criteria": [_criterion(score, consolidation) for score in scorecard.scores],
        "measures": {
            total.measure.code: None if total.value is None else plain(total.value) for total in consolidation.measures
        },
        "measure_details": [_measure(total) for total in consolidation.measures],
        "tasks": [_task(task) for submission in consolidation.submissions for task in submission.tasks],
        "conflicts": [_conflict(conflict) for conflict in consolidation.conflicts],
        "rollcall": [_roll(row) for row in consolidation.rollcall],
        "findings": [finding_object(item, lang) for item in findings],
        "sources": [
            {"file": item.file, "sha256": item.sha256, "reader": item.reader, "verdict": item.verdict, "reason": item.reason}
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


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _settings(settings: Settings) -> Document:
    return {
        "parent_agency": settings.parent_agency,
        "agency": settings.agency,
        "symbol": settings.symbol,
        "place": settings.place,
        "year": settings.year,
        "plan_number": settings.plan_number,
        "plan_date": _day(settings.plan_date),
        "previous_index": _decimal(settings.previous_index),
        "previous_rank": settings.previous_rank,
        "ranked_units": settings.ranked_units,
        "target_index": _decimal(settings.target_index),
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


def _criterion(score: Score, consolidation: Consolidation) -> Document:
    criterion, row = score.node.criterion, score.node.appendix
    own = row if row is not None and row.code == criterion.code else None
    return {
        "code": criterion.code,
        "name": criterion.name,
        "max": plain(score.node.max_score),
        "applicable_max": plain(score.applicable_max),
        "points": _decimal(score.points),
        "status": score.status,
        "method": criterion.method.value if criterion.method else None,
        "basis": score.basis,
        "self_points": _decimal(score.self_points),
        "appraised_points": _decimal(score.appraised_points),
        "final_points": _decimal(score.final_points),
        "previous_points": _decimal(criterion.previous_points),
        "parent": score.node.parent,
        "level": score.node.level,
        "in_appendix": own is not None,
        "lead": list(score.node.lead),
        "lead_text": row.lead_text if row else "",
        "cooperating_text": row.cooperating_text if row else "",
        "target": row.target if row else "",
        "flagged": score.flagged,
        "rule": _rule(score),
        "inputs": [
            {"measure": item.measure, "unit": item.unit, "value": item.value, **_place(item.at)} for item in score.inputs
        ],
        "evidence": [
            {"unit": item.unit, "text": item.text, **_place(item.at), "found": item.found}
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


def _place(at: CellRef) -> Document:
    return {"file": at.file or None, "sheet": at.sheet or None, "cell": at.address or None}


def _rule(score: Score) -> Document:
    criterion = score.node.criterion
    return {
        **_place(criterion.at),
        "row": criterion.at.row,
        "figures": str(criterion.figures) if criterion.figures else "",
        "combine": criterion.combine,
        "evidence": criterion.evidence,
        "not_applicable": criterion.not_applicable,
        "effective_from": _day(criterion.effective_from),
        "reference": criterion.reference,
        "bands": [_band(band, chosen=band is score.band) for band in score.node.bands],
    }


def _band(band: Band, *, chosen: bool) -> Document:
    outcome = band.outcome
    points = {"share": f"{vietnamese(outcome.amount)}%", "linear": "tỷ lệ"}.get(outcome.form, vietnamese(outcome.amount))
    text = band.level or describe(band)
    return {"sheet": band.at.sheet, "row": band.at.row, "text": text, "points": points, "chosen": chosen}


def _report(entry: CriterionEntry) -> Document:
    return {
        "unit": entry.unit,
        "result": entry.result,
        "level": entry.level,
        "self_points": _decimal(entry.self_points),
        "evidence": entry.evidence,
        "reason": entry.reason,
        "state": (State.NOT_APPLICABLE if entry.level_state is State.NOT_APPLICABLE else State.KNOWN).value,
        **_place(entry.at),
    }


def _measure(total: MeasureTotal) -> Document:
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
        "value": _decimal(total.value),
        "partial": _decimal(total.partial),
        "waiting": list(total.waiting),
        "entries": [
            {
                "unit": entry.unit,
                "value": _decimal(entry.value),
                "text": entry.text,
                "state": entry.state.value,
                "counted": entry.counted,
                **_place(entry.at),
            }
            for entry in total.entries
        ],
    }


def _task(task: TaskEntry) -> Document:
    return {
        "unit": task.unit,
        "document": task.document,
        "content": task.content,
        "assigned": _day(task.assigned),
        "due": _day(task.due),
        "completed": _day(task.completed),
        "note": task.note,
        "outcome": task.outcome,
        **_place(task.at),
    }


def _conflict(conflict: Conflict) -> Document:
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
        **_place(conflict.at or CellRef("")),
    }


def _roll(row: RollCall) -> Document:
    return {
        "unit": row.unit,
        "status": row.status,
        "file": row.file,
        "sha256": row.sha256,
        "sent": row.sent.isoformat() if row.sent else None,
        "sent_from": row.sent_from or None,
        "superseded": list(row.superseded),
    }
