"""Next year's plan (kế hoạch cải thiện): the document of a finished year comes in, the context of its draft goes out.

The draft says what the figures say: which criteria fell short, by how much, at which unit and why, in the units' own
words. What no figure says (the numbers of decisions, the rank in the province) is left for the office to write in.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cchc_xl.report.context import build
from cchc_xl.report.criteria import Criteria
from cchc_xl.text.numbers import rank_text

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A row of the appendix, as the familiar plan has it."""

    code: str
    name: str
    is_field: bool
    lead: str
    target: str
    cooperating: str


@dataclass(frozen=True, slots=True)
class PathStop:
    """A criterion on the shortest way to the target, and the index reached with it."""

    code: str
    name: str
    gain: Decimal
    percent: Decimal


def context(document: Document, rank: int | None = None) -> Document:
    """The context of the draft; ``rank`` is the agency's place in the finished year, where it is known."""
    shared = build(document)
    settings = document["settings"]
    year = int(settings["year"] or document["period_end"][:4])
    criteria = Criteria(document, shared["unit_names"])
    return {
        **shared,
        "year": str(year),
        "next_year": str(year + 1),
        "rank": rank,
        "rank_change": rank_text(settings["previous_rank"], rank),
        "plan_rows": [_row(item, criteria) for item in criteria.items if item["in_appendix"]],
        "path_stops": _stops(document),
    }


def _row(item: Document, criteria: Criteria) -> PlanRow:
    is_field = item["parent"] is None
    lead = "" if is_field else criteria.lead(item)
    return PlanRow(item["code"], item["name"], is_field, lead, item["target"], item["cooperating_text"])


def _stops(document: Document) -> list[PathStop]:
    path = document.get("path")
    if not path or path["status"] != "path":
        return []
    return [
        PathStop(stop["code"], stop["name"], Decimal(stop["full"]) - Decimal(stop["points"] or 0), percent)
        for stop in path["stops"]
        for percent in [Decimal(stop["percent"])]
    ]
