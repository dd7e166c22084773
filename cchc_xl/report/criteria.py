"""The criteria as the lines of the report: the ``criteria`` of a result come in, rows of its tables go out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from cchc_xl.records import Method, State
from cchc_xl.report import causes
from cchc_xl.report.evidence import required
from cchc_xl.report.filters import ELSEWHERE, Value, listing, number_vi
from cchc_xl.result.standing import counted, standing
from cchc_xl.vi_text import key, tidy

Document = dict[str, Any]

_LONG = 50  # letters


@dataclass(frozen=True, slots=True)
class Said:
    """What one or several units wrote in the same words about a criterion."""

    code: str
    name: str
    units: str
    text: str


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A line of the appendix with its score: a field, a group or a leaf."""

    code: str
    name: str
    is_field: bool
    is_group: bool
    lead: str
    cooperating: str
    target: str
    result: str
    max: Decimal
    self_points: Value
    appraised_points: Value
    final_points: Value
    percent: Value
    evidence: str
    note: str


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field (lĩnh vực): how its criteria stand, and its points."""

    code: str
    name: str
    leaves: int
    full: int
    short: int
    missing: int
    not_applicable: int
    max: Decimal
    points: Value
    percent: Value
    short_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GapRow:
    """A leaf that has not reached its maximum."""

    code: str
    name: str
    lead: str
    max: Decimal
    points: Decimal
    gap: Decimal
    basis: str


@dataclass(frozen=True, slots=True)
class Step:
    """What a unit has to do next: the target of criteria that are below their maximum."""

    lead: str
    target: str
    codes: tuple[str, ...]
    state: str


class Criteria:
    """The criteria of a result with their places in the tree."""

    def __init__(self, document: Document, units: dict[str, str]) -> None:
        """``units`` are the names of the units by code."""
        self.items: list[Document] = document["criteria"]
        self.by_code = {item["code"]: item for item in self.items}
        self.units = units
        self.leaves = [item for item in self.items if item["status"] != "group"]
        self.fields = [item for item in self.items if item["parent"] is None]
        self.counted = counted(self.items)
        self._field_of: dict[str, str] = {}
        for item in self.items:  # a parent stands before its children
            self._field_of[item["code"]] = self._field_of.get(item["parent"], item["code"])
        self.counted_in: dict[str, list[Document]] = {}
        for item in self.counted:
            self.counted_in.setdefault(self._field_of[item["code"]], []).append(item)

    def field_of(self, code: str) -> str | None:
        """The code of the field that a criterion stands in."""
        return self._field_of.get(code)

    def lead(self, item: Document) -> str:
        """Who leads it, as the plan words it."""
        return item["lead_text"] or listing(self.units.get(unit, unit) for unit in item["lead"])

    def rows(self) -> list[CriterionRow]:
        """The score table; a long text that the row above has too is only referred to, as offices do."""
        rows: list[CriterionRow] = []
        seen: dict[str, tuple[str, str]] = {}
        for row in map(self.row, self.items):
            told: dict[str, Any] = {}
            for column in ("lead", "cooperating", "target"):
                text = getattr(row, column)
                before, code = seen.get(column, ("", ""))
                if len(text) > _LONG and text == before:
                    told[column] = f"Như mục {code}"
                else:
                    seen[column] = (text, row.code)
            rows.append(replace(row, **told))
        return rows

    def row(self, item: Document) -> CriterionRow:
        """The criterion as a line of the score table."""
        group, status = item["status"] == "group", item["status"]
        own = not group or item["in_appendix"]
        evidence = dict.fromkeys(entry["text"] for entry in item["evidence"] if entry["text"])
        empty = ELSEWHERE if group else _text_for(status)
        return CriterionRow(
            code=item["code"],
            name=item["name"],
            is_field=item["parent"] is None,
            is_group=group,
            lead=self.lead(item) if own else "",
            cooperating=item["cooperating_text"] if own else "",
            target=item["target"] if own else "",
            result="\n".join(_told(self.said([item], "result"))) or empty,
            max=Decimal(item["max"]),
            self_points=ELSEWHERE if group else _points(item, "self_points"),
            appraised_points=ELSEWHERE if group else _points(item, "appraised_points"),
            final_points=_points(item, "final_points"),
            percent=percent(item),
            evidence="\n".join(evidence) or (empty if group or required(item) else "không yêu cầu"),
            note=_note(item),
        )

    def field_row(self, field: Document) -> FieldRow:
        """The field's summary."""
        leaves = self.counted_in.get(field["code"], [])
        short = [leaf for leaf in leaves if gap(leaf)]
        counts = {status: sum(standing(leaf) == status for leaf in leaves) for status in ("missing", "not_applicable")}
        return FieldRow(
            code=field["code"],
            name=field["name"],
            leaves=len(leaves),
            full=len(leaves) - len(short) - sum(counts.values()),
            short=len(short),
            max=Decimal(field["applicable_max"]),
            points=_points(field, "final_points"),
            percent=percent(field),
            short_codes=tuple(leaf["code"] for leaf in short),
            **counts,
        )

    def gaps(self) -> list[GapRow]:
        """The counted criteria below their maximum, in the order of the plan."""
        return [
            GapRow(
                leaf["code"],
                leaf["name"],
                self.lead(leaf),
                Decimal(leaf["applicable_max"]),
                Decimal(leaf["final_points"]),
                gap(leaf),
                leaf["basis"],
            )
            for leaf in self.counted
            if gap(leaf)
        ]

    def said(self, items: Iterable[Document], column: str) -> list[Said]:
        """What the units wrote in a column, equal texts once with all their units."""
        return [
            Said(item["code"], item["name"], listing(self.units.get(unit, unit) for unit in units), text)
            for item in items
            for text, *units in _by_text(item, column)
        ]

    def reasons(self) -> dict[causes.Side, list[Said]]:
        """What the units wrote as reasons and proposals, sorted by what the text says of itself."""
        sides: dict[causes.Side, list[Said]] = {"objective": [], "subjective": [], "unmarked": [], "proposal": []}
        for said in self.said(self.items, "reason"):
            for part in causes.split(said.text):
                sides[part.side].append(Said(said.code, said.name, said.units, part.text))
        return {side: _together(told) for side, told in sides.items()}

    def steps(self, field: str) -> list[Step]:
        """What is to be done next in a field: one step for criteria that share lead and target, as in the plan."""
        shared: dict[tuple[str, str], list[Document]] = {}
        for leaf in self.counted_in.get(field, ()):
            if gap(leaf) or standing(leaf) == "missing":
                shared.setdefault((self.lead(leaf), leaf["target"].strip()), []).append(leaf)
        return [
            Step(lead, target.rstrip(" .;,"), tuple(item["code"] for item in items), "; ".join(map(_state, items)))
            for (lead, target), items in shared.items()
        ]


def _together(told: list[Said]) -> list[Said]:
    """The same reason of the same units for several criteria, said once: names with codes in ``name``."""
    same: dict[tuple[str, str], list[Said]] = {}
    for item in told:
        same.setdefault((item.units, key(item.text)), []).append(item)
    return [
        Said(
            ", ".join(item.code for item in items),
            listing(f"{item.name} ({item.code})" for item in items),
            items[0].units,
            items[0].text,
        )
        for items in same.values()
    ]


def _by_text(item: Document, column: str) -> Iterable[list[str]]:
    """Every text with the codes of the units that wrote it, in whatever Unicode form or case."""
    texts: dict[str, list[str]] = {}
    for report in item["reports"]:
        text = report[column].strip()
        if text:
            texts.setdefault(key(text), [text]).append(report["unit"])
    return texts.values()


def is_illustrative(item: Document) -> bool:
    """Whether the plan marks this criterion's maximum and rule as an illustration, not an issued one."""
    words = re.match(r"\w+\s+\w+", tidy(item["rule"]["reference"]))
    return words is not None and key(words[0]) == key("Minh họa")


def percent(item: Document) -> Value:
    """Points in percent of the maximum that applies; what did not arise says so."""
    if item["final_points"] is None:
        return _unknown(item)
    applicable = Decimal(item["applicable_max"])
    return Decimal(item["final_points"]) * 100 / applicable if applicable else ELSEWHERE


def _unknown(item: Document) -> Value:
    arose = item["status"] != "not_applicable" and (item["status"] != "group" or Decimal(item["applicable_max"]))
    return None if arose else State.NOT_APPLICABLE.value


def _points(item: Document, column: str) -> Value:
    return _unknown(item) if item[column] is None else Decimal(item[column])


def gap(leaf: Document) -> Decimal:
    """How many points a counted criterion is below its maximum; 0 where nothing is known or nothing arose."""
    applicable = Decimal(leaf["applicable_max"])
    return applicable - Decimal(leaf["final_points"]) if standing(leaf) == "short" else Decimal(0)


def _told(said: list[Said]) -> list[str]:
    return [item.text if len(said) == 1 else f"{item.units}: {item.text}" for item in said]


def _text_for(status: str) -> str:
    return number_vi(State.NOT_APPLICABLE.value if status == "not_applicable" else None)


def _note(item: Document) -> str:
    notes = []
    if item["status"] == "missing":
        notes.append("Thiếu số liệu" if item["rule"]["figures"] else "Thiếu mức đạt, điểm của đơn vị")
    if item["status"] == "not_applicable":
        notes.append("Không phát sinh")
    if item["flagged"] and item["status"] != "group":
        notes.append("Số liệu chưa thống nhất")
    if item["appraised_points"] is not None and item["method"] == Method.MANUAL:
        notes.append("Đã thẩm định")
    return "; ".join(notes)


def _state(item: Document) -> str:
    if standing(item) == "missing":
        return f"tiêu chí {item['code']} chưa có điểm"
    return f"tiêu chí {item['code']} đạt {number_vi(item['final_points'])}/{number_vi(item['applicable_max'])} điểm"
