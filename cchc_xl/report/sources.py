"""The list "Nguồn số liệu" of the report: the document of a result comes in, its rows go out, ready to print.

For every figure of the plan and every criterion with points: the value as shown, and the cells or the rule row that it
comes from; beside it, every file with its SHA-256.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cchc_xl.report.evidence import place
from cchc_xl.report.figures import Figures
from cchc_xl.text.numbers import ELSEWHERE, number_vi

Document = dict[str, Any]

_VERDICTS = {"read": "đã đọc", "rejected": "từ chối", "ignored": "bỏ qua"}


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A line of the list: a figure with its cells, or a criterion with its rule row. ``source`` may have many lines."""

    code: str
    name: str
    value: str
    source: str
    is_figure: bool


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file that the result rests on, with its SHA-256 and what became of it."""

    file: str
    sha256: str
    role: str


def rows(document: Document) -> list[SourceRow]:
    """The figures in the order of the plan, then the criteria that have points."""
    units = {unit["code"]: unit["name"] for unit in document["units"]}
    figures = Figures(document, units)
    return [
        *(_figure(figures, code) for code in figures.details),
        *(_criterion(item) for item in document["criteria"] if item["final_points"] is not None),
    ]


def file_rows(document: Document) -> list[FileRow]:
    """The plan first, then the files of the folder that was read, those used before the others."""
    plan = document["plan"]
    proofs = {entry["text"] for item in document["criteria"] for entry in item["evidence"] if entry["found"]}
    order = {verdict: number for number, verdict in enumerate(_VERDICTS)}
    files = sorted(document["sources"], key=lambda item: order.get(item["verdict"], len(order)))
    return [
        FileRow(plan["file"], plan["sha256"], "kế hoạch"),
        *(FileRow(item["file"], item["sha256"] or ELSEWHERE, _role(item, proofs)) for item in files),
    ]


def _role(item: Document, proofs: set[str]) -> str:
    if any(item["file"] in text for text in proofs):
        return "tài liệu kiểm chứng"
    return _VERDICTS.get(item["verdict"], str(item["verdict"]))


def _figure(figures: Figures, code: str) -> SourceRow:
    detail = figures.details[code]
    lines = []
    for entry in detail["entries"]:
        value = number_vi(entry["value"]) if entry["value"] is not None else entry["text"] or number_vi(None)
        if entry["state"] == "not_applicable":
            value = number_vi(entry["state"])
        counted = ", đếm từ danh mục nhiệm vụ" if entry["counted"] else ""
        lines.append(f"{figures.units.get(entry['unit'], entry['unit'])}: {value} ({place(entry)}{counted})")
    lines += [f"{figures.units.get(unit, unit)}: còn chờ" for unit in detail["waiting"] if not _entered(detail, unit)]
    unit_name = detail["unit_name"] if detail["unit_name"] != "%" else ""
    value = f"{figures.text(code)} {unit_name}".strip() if figures.has(code) else figures.text(code)
    return SourceRow(code, detail["name"], value, "\n".join(lines) or ELSEWHERE, is_figure=True)


def _entered(detail: Document, unit: str) -> bool:
    return any(entry["unit"] == unit for entry in detail["entries"])


def _criterion(item: Document) -> SourceRow:
    rule = item["rule"]
    lines = [f"{place(rule)} (dòng {rule['row']}), cách chấm “{item['method'] or 'chưa rõ'}”"]
    lines += [f"số liệu: {rule['figures']}"] if rule["figures"] else []
    lines += [f"{band['sheet']} › dòng {band['row']}: {band['text']}" for band in rule["bands"] if band["chosen"]]
    value = f"{number_vi(item['final_points'])}/{number_vi(item['applicable_max'])} điểm"
    return SourceRow(item["code"], item["name"], value, "\n".join(lines), is_figure=False)
