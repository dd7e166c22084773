"""The report's appendix with its scores, and the list “Nguồn số liệu”: a result comes in, rows ready to print go out.

For every figure of the plan and every criterion with points: the value as shown, and the cells or the rule row that it
comes from; beside it, every file with its SHA-256.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from cchc_xl.papers.criteria import Criteria, place
from cchc_xl.papers.figure_tables import Figures
from cchc_xl.plan.marking import GroupMethod
from cchc_xl.plan.methods import scoring
from cchc_xl.records import State, Verdict
from cchc_xl.result.contents import Contents, ScoredCriterion
from cchc_xl.result.objects import Object
from cchc_xl.result.view import View, requires_evidence
from cchc_xl.text.numbers import ELSEWHERE, Value, number_vi
from cchc_xl.text.words import key

_LONG = 50  # letters


def score_rows(criteria: Criteria, figures: Figures) -> list[Object]:
    """The appendix with its scores: a line a field, group or leaf.

    A long text that the row above has too is only referred to, as offices do.
    """
    seen: dict[str, tuple[str, str]] = {}

    def told(code: str, column: str, text: str) -> str:
        before, above = seen.get(column, ("", ""))
        if len(text) > _LONG and text == before:
            return f"Như mục {above}"
        seen[column] = (text, code)
        return text

    rows = []
    for item in criteria.items:
        group = item.status == "group"
        own = not group or item.in_appendix
        evidence = dict.fromkeys(entry.text for entry in item.evidence if entry.text)
        asked = not group and requires_evidence(item) and item.status != "not_applicable"
        rows.append(
            {
                "code": item.code,
                "name": item.name,
                "is_field": item.parent is None,
                "is_group": group,
                "lead": told(item.code, "lead", criteria.lead(item) if own else ""),
                "cooperating": told(item.code, "cooperating", item.cooperating_text if own else ""),
                "target": told(item.code, "target", item.target if own else ""),
                "result": "\n".join(_result(item, criteria, figures)) or _nothing(item),
                "max": item.max,
                "self_points": _given(item.self_points),
                "appraised_points": _given(item.appraised_points),
                "final_points": criteria.points(item),
                "percent": criteria.percent(item),
                "evidence": "\n".join(evidence) or (number_vi(None) if asked else ELSEWHERE),
                "note": _note(item, criteria),
            }
        )
    return rows


def _result(item: ScoredCriterion, criteria: Criteria, figures: Figures) -> Iterator[str]:
    """What the only unit that leads wrote; else what the points rest on, then what each of several units wrote."""
    said = criteria.said([item], lambda report: report.result)
    alone = len(item.lead) <= 1
    if not (said and alone):
        yield from _facts(item, figures, criteria)
    for one in said:
        yield one.text if alone and len(said) == 1 else f"{one.units}: {one.text}"


def _facts(item: ScoredCriterion, figures: Figures, criteria: Criteria) -> Iterator[str]:
    """The figures or levels that the points rest on."""
    for code in figures.named(item.rule.figures):
        row = figures.row(code)
        yield f"{row.name}: {row.with_unit}" if row.known else f"{row.name}: {row.text}"
    levels: dict[str, list[str]] = {}
    for report in item.reports if scoring(item.method).scale == "levels" else ():
        if report.level and report.state == State.KNOWN:
            levels.setdefault(key(report.level), [report.level]).append(report.unit)
    for level, *units in levels.values():
        yield f"Mức: {level}" if len(levels) == 1 else f"Mức: {level} ({criteria.named(units)})"


def _nothing(item: ScoredCriterion) -> str:
    if item.status == "not_applicable":
        return number_vi(State.NOT_APPLICABLE.value)
    return number_vi(None) if item.status == "missing" else ELSEWHERE


def _given(points: Decimal | None) -> Value:
    """A unit need not score itself, and the Office has not appraised everything: a dash, nothing is missing."""
    return ELSEWHERE if points is None else points


def _note(item: ScoredCriterion, criteria: Criteria) -> str:
    rule, leaf, missing = scoring(item.method), item.status != "group", item.status == "missing"
    notes = (
        ("Điểm cộng, không tính vào điểm tối đa", criteria.view.is_bonus(item)),
        (rule.note if isinstance(rule, GroupMethod) and not leaf else "", True),
        ("Thiếu số liệu", missing and item.rule.figures),
        ("Thiếu mức đạt, điểm của đơn vị", missing and not item.rule.figures),
        ("Không phát sinh", item.status == "not_applicable"),
        ("Số liệu cần đối chiếu", item.flagged and leaf),
        ("Đã thẩm định", item.appraised_points is not None and rule.by_hand),
    )
    return "; ".join(text for text, holds in notes if text and holds)


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


def source_rows(view: View) -> list[SourceRow]:
    """The figures in the order of the plan, then the criteria that have points."""
    figures = Figures(view)
    return [
        *(_figure(figures, code) for code in figures.details),
        *(_criterion(item) for item in view.contents.criteria if item.final_points is not None),
    ]


def file_rows(contents: Contents) -> list[FileRow]:
    """The plan first, then the files of the folder that was read, those used before the others."""
    plan = contents.plan
    proofs = {entry.text for item in contents.criteria for entry in item.evidence if entry.found}
    files = sorted(contents.sources, key=lambda item: list(_VERDICTS).index(item.verdict))

    def role(item: Verdict) -> str:
        return "tài liệu kiểm chứng" if any(item.file in text for text in proofs) else _VERDICTS[item.verdict]

    return [
        FileRow(plan.file, plan.sha256, "kế hoạch"),
        *(FileRow(item.file, item.sha256 or ELSEWHERE, role(item)) for item in files),
    ]


def _figure(figures: Figures, code: str) -> SourceRow:
    detail = figures.details[code]
    lines = []
    for entry in detail.entries:
        value = number_vi(entry.value) if entry.value is not None else entry.text or number_vi(None)
        if entry.state == "not_applicable":
            value = number_vi(entry.state)
        counted = ", đếm từ danh mục nhiệm vụ" if entry.counted else ""
        lines.append(f"{figures.view.unit(entry.unit)}: {value} ({place(entry)}{counted})")
    entered = {entry.unit for entry in detail.entries}
    lines += [f"{figures.view.unit(unit)}: còn chờ" for unit in detail.waiting if unit not in entered]
    unit_name = detail.unit_name if detail.unit_name != "%" else ""
    value = f"{figures.text(code)} {unit_name}".strip() if figures.has(code) else figures.text(code)
    return SourceRow(code, detail.name, value, "\n".join(lines) or ELSEWHERE, is_figure=True)


def _criterion(item: ScoredCriterion) -> SourceRow:
    rule = item.rule
    lines = [f"{place(rule)} (dòng {rule.row}), cách chấm “{item.method or 'chưa rõ'}”"]
    lines += [f"số liệu: {rule.figures}"] if rule.figures else []
    lines += [f"{band.sheet} › dòng {band.row}: {band.text}" for band in rule.bands if band.chosen]
    value = f"{number_vi(item.final_points)}/{number_vi(item.applicable_max)} điểm"
    return SourceRow(item.code, item.name, value, "\n".join(lines), is_figure=False)
