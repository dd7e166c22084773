"""The report's tables by unit, discrepancies and limitations: a result comes in, their rows go out.

For the report's "Hạn chế" and for next year's plan: in the units' own words and by the figures, nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from cchc_xl.papers.criteria import Criteria, place, split
from cchc_xl.papers.figure_tables import Figures
from cchc_xl.result.contents import BrokenRule, ScoredCriterion
from cchc_xl.result.objects import Object, to_objects
from cchc_xl.result.view import View, self_score_differs
from cchc_xl.text.numbers import ELSEWHERE, count_vi, listing, lower_first, number_vi, percent_vi
from cchc_xl.text.words import key

TASKS = ("NV_GIAO", "NV_SOM", "NV_DUNG", "NV_TRE", "NV_CHUA")
FILES = ("HS_TONTRUOC", "HS_TIEPNHAN", "HS_SOM", "HS_DUNGHAN", "HS_TREHAN", "HS_DANGXULY")
REVIEW = ("TTHC_TONG", "TTHC_RASOAT", "TTHC_GIUNGUYEN", "TTHC_DONGIAN", "TTHC_TIETKIEM")

_ROLL = {
    "submitted": "Đã gửi đúng hạn",
    "late": "Đã gửi, trễ hạn",
    "missing": "Chưa gửi",
    "unreadable": "Đã gửi nhưng không đọc được",
}


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Two statements that do not agree, and where they stand; ``fields`` are the fields it touches.

    ``conflict`` is two sources of one figure, ``breach`` figures that break a rule; else a self-score differs.
    """

    unit: str
    content: str
    left: str
    right: str
    codes: tuple[str, ...]
    fields: tuple[str, ...]
    source: str
    conflict: bool
    breach: bool
    figures: tuple[str, ...]


def by_unit(figures: Figures, codes: tuple[str, ...]) -> Object | None:
    """The figures by unit with their sums; None where the plan has none of them or no unit enters them.

    ``shares`` are in percent of the first figure; ``dashes`` says that a unit does not enter one of them.
    """
    rows = [
        {"name": figures.view.unit(unit), "cells": [figures.cell(code, unit) for code in codes]}
        for unit in figures.reporting(codes)
    ]
    if not rows:
        return None
    return {
        "rows": rows,
        "total": [figures.total(code) for code in codes],
        "shares": [figures.share(code, codes[0]) if figures.planned(code) else ELSEWHERE for code in codes],
        "waiting": figures.owing(codes),
        "dashes": any(ELSEWHERE in row["cells"] for row in rows),
    }


def roll(view: View) -> dict[str, Object | None]:
    """The units of each state of reporting; None for a state without units."""
    names: dict[str, list[str]] = {status: [] for status in _ROLL}
    for row in view.contents.rollcall:
        names[row.status].append(view.unit(row.unit))
    return {
        status: {"status": status, "text": _ROLL[status], "count": len(units), "units": listing(units)}
        if units
        else None
        for status, units in names.items()
    }


def review(figures: Figures) -> list[Object]:
    """The figures of the review of procedures (rà soát TTHC), in percent of all and of the reviewed ones."""
    return [_review_row(figures, code) for code in REVIEW if figures.planned(code)]


def _review_row(figures: Figures, code: str) -> Object:
    row = figures.row(code)
    reviewed = code in ("TTHC_GIUNGUYEN", "TTHC_DONGIAN")
    return {
        "name": f"{row.name} ({row.unit_name})" if row.unit_name else row.name,
        "value": row.text if row.known else str(figures.total(code)),
        "of_all": ELSEWHERE if code == "TTHC_TIETKIEM" else figures.share(code, "TTHC_TONG"),
        "of_reviewed": figures.share(code, "TTHC_RASOAT") if reviewed else ELSEWHERE,
    }


def late_tasks(view: View) -> list[Object]:
    """The tasks of the registers that were done late or are overdue."""
    late = [replace(task, unit=view.unit(task.unit)) for task in view.contents.tasks if task.outcome == "NV_TRE"]
    shown = ("unit", "document", "content", "due", "completed")
    return [{name: task[name] for name in shown} for task in to_objects(late)]


def units_with(figures: Figures, code: str, what: str) -> list[str]:
    """The units that have any of a figure, each with their number, as a sentence names them."""
    named = []
    for unit in figures.reporting((code,)):
        value = figures.cell(code, unit)
        if isinstance(value, Decimal) and value > 0:
            named.append(f"{figures.view.unit(unit)} ({count_vi(value)} {what})")
    return named


def discrepancies(criteria: Criteria, figures: Figures) -> list[Discrepancy]:
    """Broken cross-checks, then self-scores that differ from the computed ones."""
    rows = [_conflict(item, criteria, figures) for item in criteria.view.contents.conflicts]
    return rows + [_self_score(leaf, criteria) for leaf in criteria.view.leaves if self_score_differs(leaf)]


def _conflict(item: BrokenRule, criteria: Criteria, figures: Figures) -> Discrepancy:
    left, operator, right = re.split("(<=|>=|=)", item.rule)
    touched = dict.fromkeys(criteria.view.field_of(code) for code in item.criteria)
    return Discrepancy(
        unit=figures.view.unit(item.unit) if item.unit else "Toàn cơ quan",
        content=(item.message or item.rule).rstrip(" .;"),
        left=_side(left, item.left, figures, percent=item.left_percent),
        right=_side(right, item.right, figures, percent=item.right_percent),
        codes=item.criteria,
        fields=tuple(code for code in touched if code),
        source=place(item) if item.unit else _sources(item, figures),
        conflict=operator == "=",
        breach=operator != "=",
        figures=tuple(figures.named(item.rule)),
    )


def _sources(item: BrokenRule, figures: Figures) -> str:
    """Of a cross-check over totals: the cell of a figure that one unit enters, the number of units behind a sum."""
    told = []
    for code in figures.named(item.rule):
        entries = figures.details[code].entries
        told.append(place(entries[0]) if len(entries) == 1 else f"tổng hợp từ {count_vi(len(entries))} đơn vị")
    return "; ".join(dict.fromkeys(told)) or ELSEWHERE


def _side(side: str, value: Decimal, figures: Figures, *, percent: bool) -> str:
    """A side in words: the names of its figures; of a quotient only those above the slash."""
    above, slash, _below = side.partition("/")
    codes = re.findall(r"[A-Za-z]\w*", above)
    named = " + ".join(lower_first(figures.name(code)) for code in codes)
    if slash:
        named = f"tỷ lệ {named}, tính từ số liệu báo cáo"
    shown = percent_vi(value) if percent or any(map(figures.is_percent, codes)) else number_vi(value)
    return f"{named[:1].upper()}{named[1:]}: {shown}"


def _self_score(leaf: ScoredCriterion, criteria: Criteria) -> Discrepancy:
    field = criteria.view.field_of(leaf.code)
    return Discrepancy(
        unit=criteria.lead(leaf),
        content=f"Điểm tự chấm khác điểm tính theo quy tắc: {leaf.name}",
        left=f"Điểm tự chấm: {number_vi(leaf.self_points)}",
        right=f"Điểm tính theo quy tắc: {number_vi(leaf.points)}",
        codes=(leaf.code,),
        fields=(field,) if field else (),
        source=place(leaf.reports[0]) if leaf.reports else ELSEWHERE,
        conflict=False,
        breach=False,
        figures=(),
    )


# Topics whose sentence in the template says all that a unit could say.
_WHOLE_STORIES = frozenset(("tasks", "inspection", "news"))


def limited_fields(
    criteria: Criteria, figures: Figures, conflicts: Sequence[Discrepancy], topic_of: Mapping[str, str]
) -> list[Object]:
    """The fields with criteria that fell short or whose figures do not agree, in the order of the plan.

    ``topic_of`` names the topic of every figure that has a sentence of its own. A topic and a discrepancy are told
    once, with the first criterion that they touch. ``limitations`` are those that a reason, figures or a discrepancy
    explain, ``others`` those of which nobody said why, ``short`` those below their maximum.
    """
    told: set[str | Discrepancy] = set()
    fields: list[Object] = []
    for field in criteria.view.top:
        reasons_of: dict[tuple[tuple[str, ...], ...], str] = {}
        every = []
        for item in criteria.counted_in.get(field.code, ()):
            touching = [one for one in conflicts if item.code in one.codes]
            if criteria.gap(item) or not told.issuperset(touching):
                every.append(_limitation(item, criteria, figures, touching, topic_of, told, reasons_of))
        if every:
            fields.append(
                {
                    "code": field.code,
                    "name": field.name,
                    "every": every,
                    "limitations": [item for item in every if item["explained"]],
                    "others": [item for item in every if not item["explained"]],
                    "short": [item for item in every if item["gap"]],
                }
            )
    return fields


def _limitation(
    item: ScoredCriterion,
    criteria: Criteria,
    figures: Figures,
    touching: Sequence[Discrepancy],
    topic_of: Mapping[str, str],
    told: set[str | Discrepancy],
    reasons_of: dict[tuple[tuple[str, ...], ...], str],
) -> Object:
    """How far a criterion fell short, who leads it, what the figures and the units say.

    ``told`` are the topics and discrepancies of the criteria before it, ``reasons_of`` who of its field gave the same
    reasons first: the others name it in ``as_before``. Both are continued.
    """
    own = set(figures.named(item.rule.figures))
    named = [code for code in figures.details if code in own or item.code in figures.details[code].criteria]
    topics = frozenset(topic for code in named if (topic := topic_of.get(code)))
    rows = [row for code in named if code not in topic_of and (row := figures.row(code)).known]
    results = criteria.said([item], lambda report: report.result)
    # One voice for one fact: the only unit that leads tells it in its own words; of several units the sums speak.
    alone = len(item.lead) == 1 and bool(results)
    if topics & _WHOLE_STORIES or (rows and not alone):
        results = []
    if alone:
        rows = []
    # What a topic's own sentence says of its figures need not be said again.
    conflicts = [one for one in touching if one not in told and not set(one.figures) <= topic_of.keys()]
    new_topics = topics - told
    told |= {*topics, *touching}
    parts = [part for said in criteria.said([item], lambda report: report.reason) for part in split(said.text)]
    reasons = {
        side: tuple({key(part.text): part.text for part in parts if part.side == side}.values())
        for side in ("objective", "subjective", "unmarked")
    }
    given = any(reasons.values())
    first = reasons_of.setdefault(tuple(reasons.values()), item.code) if given else item.code
    if first != item.code:
        reasons = dict.fromkeys(reasons, ())
    written = (*(said.text for said in results), *reasons["unmarked"])
    return {
        "code": item.code,
        "name": item.name,
        "lead": criteria.short_lead(item),
        "points": item.final_points,
        "max": item.applicable_max,
        "gap": criteria.gap(item),
        "topics": new_topics,
        "figures": rows,
        "results": results,
        "conflicts": conflicts,
        **reasons,
        "as_before": first if first != item.code else "",
        "explained": bool(new_topics or conflicts or given),
        # For one sentence, each without its full stop.
        "facts": [*(f"{row.name}: {row.with_unit}" for row in rows), *(text.rstrip(" .;") for text in written)],
    }
