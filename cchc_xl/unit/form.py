"""The unit's workbook as a contract: its sheets, headings, rows, checks and stamp, known to writer and reader alike.

Contract: design §4. Headings are spelled here once, so that form and reader cannot disagree.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from cchc_xl.plan.edition import parts
from cchc_xl.records import REPORTED_METHODS, AppendixRow, Edition, Kind, Measure, Node

APPENDIX_SHEET = "Phụ lục"
FIGURES_SHEET = "Số liệu"
TASKS_SHEET = "Nhiệm vụ"
FORM_VERSION = "1"

CODE, NAME, LEADS = "TT", "NỘI DUNG", "ĐƠN VỊ THỰC HIỆN"
TARGET, COOPERATES = "MỤC TIÊU/GIẢI PHÁP THỰC HIỆN", "PHỐI HỢP THỰC HIỆN"
RESULT, LEVEL, SELF_POINTS = "Kết quả thực hiện", "Mức đạt", "Điểm tự chấm"
EVIDENCE, REASON = "Tài liệu kiểm chứng", "Nguyên nhân, khó khăn, kiến nghị"
APPENDIX_HEADINGS = (CODE, NAME, LEADS, TARGET, COOPERATES, RESULT, LEVEL, SELF_POINTS, EVIDENCE, REASON)
APPENDIX_INPUTS = (RESULT, LEVEL, SELF_POINTS, EVIDENCE, REASON)

FIGURE_CODE, FIGURE_NAME, FIGURE_UNIT, FIGURE_VALUE, FIGURE_NOTE = (
    *("Mã", "Tên số liệu", "Đơn vị tính"),
    *("Giá trị", "Ghi chú"),
)
FIGURE_HEADINGS = (FIGURE_CODE, FIGURE_NAME, FIGURE_UNIT, FIGURE_VALUE, FIGURE_NOTE)

DOCUMENT, CONTENT, ASSIGNED, DUE, COMPLETED, TASK_NOTE = (
    *("Số văn bản", "Nội dung", "Ngày giao"),
    *("Hạn hoàn thành", "Ngày hoàn thành", "Ghi chú"),
)
TASK_HEADINGS = (DOCUMENT, CONTENT, ASSIGNED, DUE, COMPLETED, TASK_NOTE)


def fingerprint(edition: Edition) -> str:
    """What a form was made from, as 16 hexadecimal digits: codes, names, methods, levels, figures and units.

    Settings, dates and points may change without making the forms in the units' hands old.
    """
    told: list[str] = []
    for node in edition.nodes:
        levels = "|".join(band.level for band in node.bands) if node.criterion.method in REPORTED_METHODS else ""
        told.append("\t".join((node.criterion.code, node.criterion.name, node.criterion.method or "", levels)))
        told.extend(node.lead)
    for measure in edition.plan.measures:
        told.append("\t".join((measure.code, measure.name, measure.kind, *measure.units)))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of a unit's appendix: ``node`` is the leaf it reports on, None for rows that are only read."""

    code: str
    name: str
    appendix: AppendixRow | None
    node: Node | None
    cooperates: bool = False


def form_rows(edition: Edition, unit: str) -> tuple[FormRow, ...]:
    """The rows of a unit's appendix: fields and what it leads, with every leaf, then what it cooperates in."""
    led: dict[str, FormRow] = {}
    helped: dict[str, FormRow] = {}
    nodes = {node.criterion.code: node for node in edition.nodes}
    for row in edition.plan.appendix:
        if unit in row.lead:
            for above in _ancestors(row.code, nodes):
                led.setdefault(above.criterion.code, FormRow(above.criterion.code, above.criterion.name, None, None))
            led[row.code] = FormRow(row.code, row.name, row, _leaf(nodes.get(row.code)))
            for node in _below(row, edition):
                led[node.criterion.code] = FormRow(node.criterion.code, node.criterion.name, row, _leaf(node))
        elif unit in row.cooperating:
            helped[row.code] = FormRow(row.code, row.name, row, None, cooperates=True)
    return (*led.values(), *helped.values())


def _ancestors(code: str, nodes: dict[str, Node]) -> list[Node]:
    whole = parts(code)
    found = [
        node
        for name, node in nodes.items()
        if len(parts(name)) < len(whole) and whole[: len(parts(name))] == parts(name)
    ]
    return sorted(found, key=lambda node: node.level)


def _below(row: AppendixRow, edition: Edition) -> list[Node]:
    return [
        node
        for node in edition.nodes
        if node.appendix is not None and node.appendix.code == row.code != node.criterion.code
    ]


def _leaf(node: Node | None) -> Node | None:
    return node if node is not None and not node.children else None


NOT_APPLICABLE = "không phát sinh"
_PROMPTS = {
    Kind.INTEGER: "Nhập số nguyên không âm, ví dụ 1480",
    Kind.MONEY: "Nhập số đồng, không có số lẻ, ví dụ 640905000",
    Kind.DECIMAL: "Nhập số, ví dụ 12,5",
    Kind.PERCENT: "Nhập số phần trăm, ví dụ 82,5 (nghĩa là 82,5%)",
}


def figure_check(measure: Measure, cell: str) -> dict[str, Any] | None:
    """The check of a value cell: a number of the figure's kind, or the words "không phát sinh"."""
    prompt = _PROMPTS.get(measure.kind)
    if prompt is None:
        return None
    number = {
        Kind.DECIMAL: f"ISNUMBER({cell})",
        Kind.PERCENT: f"AND(ISNUMBER({cell}),N({cell})>=0)",
    }.get(measure.kind, f"AND(ISNUMBER({cell}),N({cell})>=0,N({cell})=INT(N({cell})))")
    return {
        "validate": "custom",
        "value": f'=OR({number},LOWER(TRIM({cell}))="{NOT_APPLICABLE}")',
        "input_title": cut(measure.unit_name or "Giá trị", 32),
        "input_message": cut(f"{prompt}, hoặc “{NOT_APPLICABLE}”."),
        "error_title": "Giá trị chưa đúng",
        "error_message": cut(f"{prompt}, hoặc “{NOT_APPLICABLE}”."),
    }


def cut(text: str, limit: int = 255) -> str:
    """Excel allows 255 characters in a message, 32 in a title."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
