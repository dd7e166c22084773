"""The smaller objects of ``result.json``: one record comes in, one JSON-ready object goes out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from cchc_xl.records import CellRef, Conflict, MeasureTotal, RollCall, TaskEntry
from cchc_xl.text.numbers import plain

Document = dict[str, Any]


def decimal(value: Decimal | None) -> str | None:
    """A decimal as the string of ``result.json``; None stays None."""
    return None if value is None else plain(value)


def day(value: date | None) -> str | None:
    """A day in ISO form; None stays None."""
    return value.isoformat() if value else None


def place(at: CellRef) -> Document:
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
                **place(entry.at),
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
        **place(task.at),
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
        **place(conflict.at or CellRef("")),
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
