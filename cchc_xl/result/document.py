"""The object of ``result.json``: the records of a run come in, one JSON-ready object goes out. Contract: design §6."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType

from cchc_xl.records import CellRef, Consolidation, Edition, Finding, Scorecard, Settings, Verdict
from cchc_xl.result.criteria import criterion_object
from cchc_xl.result.objects import Document, conflict_object, day, decimal, measure_object, roll_object, task_object
from cchc_xl.text.catalogue import fix, grouped, message, place, title, worst_first
from cchc_xl.text.numbers import plain, rounded

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
