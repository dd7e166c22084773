"""This period against an earlier one: the ``comparison`` of a result comes in, rows and figures go out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cchc_xl.report.criteria import INCOMPLETE
from cchc_xl.text.numbers import ELSEWHERE, Value, change_vi, lower_first

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A field in both periods, in percent of its maximum, and the change in percentage points in words."""

    code: str
    name: str
    before: Value
    now: Value
    change: str


@dataclass(frozen=True, slots=True)
class Before:
    """The earlier period: its name and index, how the index moved; of the fields that can be compared, how many did."""

    period: str
    index: Decimal | None
    index_change: Decimal | None
    index_text: str
    compared: int
    risen: int
    fallen: int
    notes: tuple[str, ...]


def context(document: Document) -> Document:
    """``change_rows`` and ``before``; empty and None for a result that was compared with nothing."""
    told = document.get("comparison")
    if not told:
        return {"change_rows": (), "before": None}
    rows = tuple(map(_row, told["fields"]))
    gaps = [item["difference_percentage_points"] for item in told["fields"]]
    moves = [Decimal(gap) for gap in gaps if gap is not None]
    moved = told["index"]["difference_percentage_points"]
    before = Before(
        period=lower_first(told["before"]["period_name"]),
        index=_decimal(told["index"]["before"]["percent"]),
        index_change=_decimal(moved),
        index_text=ELSEWHERE if moved is None else change_vi(moved),
        compared=len(moves),
        risen=sum(move > 0 for move in moves),
        fallen=sum(move < 0 for move in moves),
        notes=tuple(note["message"] for note in told["notes"]),
    )
    return {"change_rows": rows, "before": before}


def _row(item: Document) -> ChangeRow:
    moved = item["difference_percentage_points"]
    return ChangeRow(
        item["code"],
        item["name"],
        _share(item["before"]),
        _share(item["after"]),
        ELSEWHERE if moved is None else change_vi(moved),
    )


def _share(side: Document) -> Value:
    if side["status"] == "not_applicable":
        return "not_applicable"
    if side["share"] is not None and not side["complete"]:
        return INCOMPLETE
    return _decimal(side["share"])


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
