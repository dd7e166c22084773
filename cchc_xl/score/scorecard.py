"""The score: a :class:`Consolidation` and the plan in force come in, a :class:`Scorecard` goes out.

Leaves first, each by its method; then groups from their children; then the index. Nothing is rounded. A missing
criterion counts 0 in ``percent`` and its maximum in ``percent_if_missing_full``: an interval, never a guess.

Part of the stage `score`; split from it because each method needs its own few lines of what the officer is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, localcontext
from types import MappingProxyType

from cchc_xl.plan.methods import Points, by_level, combined, figure_points, group_points, manual, parameter
from cchc_xl.records import (
    CellRef,
    Consolidation,
    CriterionEntry,
    Edition,
    Finding,
    Index,
    Input,
    MeasureTotal,
    Method,
    Node,
    Quotient,
    Score,
    Scorecard,
    State,
)
from cchc_xl.text.catalogue import finding
from cchc_xl.text.numbers import EXACT, plain, settled, vietnamese

ZERO = Decimal(0)


class LeafScorer:
    """Scores the leaves of one edition; what it finds on the way collects in ``findings``."""

    def __init__(self, edition: Edition, consolidation: Consolidation) -> None:
        self.findings: list[Finding] = []
        self._totals = {total.measure.code: total for total in consolidation.measures}
        self._rows: dict[str, list[CriterionEntry]] = {}
        for submission in consolidation.submissions:
            for entry in submission.criteria:
                if entry.leads:
                    self._rows.setdefault(entry.criterion, []).append(entry)
        self._flagged = {code for conflict in consolidation.conflicts for code in conflict.criteria}
        self._zero_without_evidence = edition.plan.settings.zero_without_evidence

    def score(self, node: Node) -> Score:
        """The score of a leaf: scored, missing or not applicable, with the sentence that says why."""
        rows = self._rows.get(node.criterion.code, [])
        if not node.sound or node.criterion.method is None:
            scored = _missing(node, "Chưa chấm được: kế hoạch có lỗi ở tiêu chí này (xem `cchc-xl plan`)")
        elif node.criterion.method in (Method.LEVEL, Method.MANUAL):
            scored = self._reported(node, rows)
        elif node.criterion.figures is not None:
            scored = self._from_figures(node, node.criterion.figures)
            scored = self._without_evidence(scored, rows)
        else:
            scored = _missing(node, "Chưa chấm được: cách chấm này cần số liệu hoặc mục con")
        given = [row.self_points for row in rows if row.self_points is not None]
        own = combined(given, node.criterion.combine) if given else None
        return replace(scored, self_points=own, flagged=node.criterion.code in self._flagged)

    # --- from figures ---

    def _from_figures(self, node: Node, figures: Quotient) -> Score:
        totals = [self._totals[code] for code in figures.codes if code in self._totals]
        inputs = _inputs(totals)
        unknown = [total for total in totals if total.state in (State.MISSING, State.ERROR) or _wordy(total)]
        if unknown or len(totals) != len(figures.codes):
            return replace(_missing(node, f"Chưa có điểm: {_waiting(unknown)}"), inputs=inputs)
        above = self._sum(figures.numerator)
        below = self._sum(figures.denominator)
        arose = any(total.state is State.KNOWN for total in totals)
        if not arose or (figures.denominator and not below):
            return replace(
                self._not_applicable(node, "không phát sinh" if not arose else "mẫu số bằng 0"), inputs=inputs
            )
        if figures.denominator:
            value = above * 100 / below
            shown = f"{vietnamese(above)} / {vietnamese(below)} = {vietnamese(value, 2)}%"
        else:
            value, shown = above, vietnamese(above)
        points = figure_points(node.criterion.method, value, node.bands, node.max_score)
        if points is None:
            self.findings.append(
                finding("S102", node.criterion.at, criterion=node.criterion.code, code=node.criterion.code, text=shown)
            )
            return replace(_missing(node, f"{shown}: không thuộc bậc nào của “Thang điểm”"), inputs=inputs)
        basis = f"{figures}: {shown}{_explained(node, points)} → {_points(points.amount)}"
        return replace(_scored(node, points.amount, basis, inputs, points), value=value)

    def _sum(self, codes: tuple[str, ...]) -> Decimal:
        return sum((self._totals[code].value or ZERO for code in codes), ZERO)

    def _not_applicable(self, node: Node, why: str) -> Score:
        policy = node.criterion.not_applicable
        code = node.criterion.code
        if not policy:
            self.findings.append(finding("S101", node.criterion.at, criterion=code, code=code, text=why))
            return _missing(node, f"Chưa có điểm: {why}, nhưng kế hoạch không cho phép “không phát sinh”")
        if policy == "loại":
            basis = f"Không phát sinh ({why}): loại {_points(node.max_score)} khỏi điểm tối đa áp dụng"
            return replace(_missing(node, basis), status="not_applicable", applicable_max=ZERO, full_points=ZERO)
        points = max(node.max_score, ZERO) if policy == "điểm tối đa" else ZERO
        basis = f"Không phát sinh ({why}): tính {policy} → {_points(points)}"
        return replace(_scored(node, points, basis), status="not_applicable")

    def _without_evidence(self, scored: Score, rows: list[CriterionEntry]) -> Score:
        """Under ``0 điểm``, a figure's leaf that no lead unit supports with evidence."""
        required = self._zero_without_evidence and scored.node.criterion.evidence
        if scored.status != "scored" or not required or any(row.evidence for row in rows):
            return scored
        basis = f"{scored.basis}; thiếu tài liệu kiểm chứng → 0 điểm"
        return replace(scored, points=ZERO, final_points=ZERO, full_points=ZERO, basis=basis, unsupported=True)

    # --- from the units' rows ---

    def _reported(self, node: Node, rows: list[CriterionEntry]) -> Score:
        by_unit = {row.unit: row for row in rows}
        points: list[tuple[Decimal, Points, CriterionEntry]] = []
        waiting: list[str] = []
        away = 0
        for unit in node.lead:
            row = by_unit.get(unit)
            if row is not None and row.level_state is State.NOT_APPLICABLE:
                away += 1
                continue
            own = self._unit_points(node, row) if row else None
            if row is None or own is None:
                waiting.append(unit)
            else:
                points.append((own.amount, own, row))
        inputs = tuple(_reported_input(node, row) for row in rows if row.unit in node.lead)
        if waiting or not node.lead:
            who = ", ".join(waiting) or "không đơn vị nào chủ trì"
            return replace(_missing(node, f"Chưa có điểm: còn thiếu của {who}"), inputs=inputs, waiting=tuple(waiting))
        if not points:
            return replace(self._not_applicable(node, f"{away} đơn vị chủ trì báo không phát sinh"), inputs=inputs)
        amount = combined([value for value, _, _ in points], node.criterion.combine)
        decisive = next((item for item in points if item[0] == amount), points[0])
        told = "; ".join(f"{row.unit}: {_told(node, row)} → {vietnamese(value)}" for value, _, row in points)
        how = f" ({node.criterion.combine} trong {len(points)} đơn vị)" if len(points) > 1 else ""
        return _scored(node, amount, f"{told}{how} → {_points(amount)}", inputs, decisive[1])

    def _unit_points(self, node: Node, row: CriterionEntry) -> Points | None:
        if node.criterion.method is Method.LEVEL:
            own = by_level(row.level, node.bands, node.max_score) if row.level_state is State.KNOWN else None
        else:
            given = row.self_points
            own = None if given is None else Points(manual(given, node.bands, node.max_score))
        if own and self._zero_without_evidence and node.criterion.evidence and not row.evidence:
            return Points(ZERO, own.band)
        return own


def _missing(node: Node, basis: str) -> Score:
    return Score(node, "missing", node.max_score, None, None, max(node.max_score, ZERO), None, None, basis)


def _scored(
    node: Node, amount: Decimal, basis: str, inputs: tuple[Input, ...] = (), points: Points | None = None
) -> Score:
    band = points.band if points else None
    return Score(node, "scored", node.max_score, amount, amount, amount, None, None, basis, inputs, band)


def _wordy(total: MeasureTotal) -> bool:
    """A figure of dates or words cannot be scored."""
    return total.state is State.KNOWN and total.value is None


def _waiting(totals: list[MeasureTotal]) -> str:
    parts = []
    for total in totals:
        who = ", ".join(total.waiting) or "các đơn vị nhập khác nhau"
        known = "" if total.partial is None else f" (đã có {vietnamese(total.partial)})"
        parts.append(f"{total.measure.code} còn thiếu của {who}{known}")
    return "; ".join(parts) or "kế hoạch không có số liệu này"


def _explained(node: Node, points: Points) -> str:
    match node.criterion.method:
        case Method.BAND if points.band:
            return f", thuộc bậc ở dòng {points.band.at.row} của “Thang điểm”"
        case Method.PER_ITEM:
            base = parameter(node.bands, "gốc", node.max_score) or ZERO
            each = parameter(node.bands, "mỗi", node.max_score) or ZERO
            return f", từ {vietnamese(base)} và mỗi đơn vị {vietnamese(each)}"
        case Method.RELATIVE:
            return ", so với đơn vị dẫn đầu"
        case _:
            return f" × {vietnamese(node.max_score)} điểm"


def _points(amount: Decimal) -> str:
    text = vietnamese(amount, 4).rstrip("0").rstrip(",")
    return f"{text} điểm"


def _inputs(totals: list[MeasureTotal]) -> tuple[Input, ...]:
    return tuple(
        Input(entry.measure, entry.unit, _shown_state(entry.state, entry.value, entry.text), entry.at)
        for total in totals
        for entry in total.entries
    )


def _shown_state(state: State, value: Decimal | None, text: str) -> str:
    if state is State.KNOWN and value is not None:
        return plain(value)
    return {State.NOT_APPLICABLE: "không phát sinh", State.MISSING: ""}.get(state, text)


def _reported_input(node: Node, row: CriterionEntry) -> Input:
    if node.criterion.method is Method.LEVEL:
        return Input("Mức đạt", row.unit, row.level, row.at_level)
    value = "" if row.self_points is None else plain(row.self_points)
    at: CellRef = row.at_self
    return Input("Điểm tự chấm", row.unit, value, at)


def _told(node: Node, row: CriterionEntry) -> str:
    if node.criterion.method is Method.LEVEL:
        return f"“{row.level}”"
    return f"tự chấm {vietnamese(row.self_points or ZERO)}"


def score(
    edition: Edition, consolidation: Consolidation, appraised: Mapping[str, Decimal] = MappingProxyType({})
) -> Scorecard:
    """Every criterion's score, in plan order, and the index; ``appraised`` gives the Office's points by leaf.

    Source of the index: points obtained over the applicable maximum, in percent (design §3, §6).
    """
    with localcontext(EXACT):
        scorer = LeafScorer(edition, consolidation)
        nodes = {node.criterion.code: node for node in edition.nodes}
        scores: dict[str, Score] = {}
        for node in sorted(edition.nodes, key=lambda item: -item.level):
            children = [scores[code] for code in node.children]
            scores[node.criterion.code] = (
                _group(node, children)
                if children
                else _appraised(scorer.score(node), appraised.get(node.criterion.code))
            )
        ordered = tuple(scores[code] for code in nodes)
        index = _index(ordered)
    return Scorecard(ordered, index, (*scorer.findings, *_self_score_findings(ordered)))


def _appraised(own: Score, points: Decimal | None) -> Score:
    """With the Office's points in place of the computed ones; what did not arise takes none."""
    if points is None or not own.applicable_max:
        return own
    return replace(own, appraised_points=points, final_points=points, full_points=points)


def _group(node: Node, children: list[Score]) -> Score:
    regular = [child for child in children if child.node.criterion.method is not Method.BONUS]
    bonus = [child for child in children if child.node.criterion.method is Method.BONUS]
    usable = node.sound and node.criterion.method is not None
    applicable = _applicable_max(node, regular)
    waiting = [child.node.criterion.code for child in children if child.final_points is None and child.applicable_max]
    points = _combine(node, regular, bonus, "points", applicable) if usable else None
    final = _combine(node, regular, bonus, "final_points", applicable) if usable else None
    full = _combine(node, regular, bonus, "full_points", applicable) if usable else applicable
    basis = f"{_HOW[node.criterion.method]} của {len(children)} mục con" if node.criterion.method else "Không chấm được"
    if not usable:
        basis = "Chưa chấm được: dòng này trong “Bộ chỉ số” còn lỗi"
    elif waiting:
        basis += f"; còn thiếu điểm của {', '.join(waiting)}"
    return Score(
        node=node,
        status="group",
        applicable_max=ZERO if node.criterion.method is Method.BONUS else applicable,
        points=points,
        final_points=final,
        full_points=full or ZERO,
        self_points=None,
        appraised_points=None,
        basis=basis,
        flagged=any(child.flagged for child in children),
    )


_HOW: dict[Method | None, str] = {
    Method.SUM: "Tổng điểm",
    Method.ALL_OF: "Đủ điểm tối đa ở tất cả",
    Method.ANY_OF: "Đủ điểm tối đa ở ít nhất một",
    Method.BEST_OF: "Điểm cao nhất",
    Method.LOWEST_OF: "Điểm thấp nhất",
    Method.BONUS: "Điểm cộng thêm",
}


def _applicable_max(node: Node, regular: list[Score]) -> Decimal:
    """The group's maximum without what did not arise; children beyond a stated maximum make room first."""
    if not regular:
        return node.max_score
    excluded = sum((child.node.max_score - child.applicable_max for child in regular), ZERO)
    if node.criterion.method is not Method.SUM:
        return ZERO if all(child.applicable_max == 0 for child in regular) else node.max_score
    beyond = sum((child.node.max_score for child in regular), ZERO) - node.max_score
    if node.max_score < 0:
        return node.max_score - min(ZERO, excluded - min(ZERO, beyond))
    return node.max_score - max(ZERO, excluded - max(ZERO, beyond))


def _combine(node: Node, regular: list[Score], bonus: list[Score], which: str, applicable: Decimal) -> Decimal | None:
    """The group's points from one kind of points; None while nothing that applies is known."""
    applying = [child for child in regular if child.applicable_max]
    values = [getattr(child, which) for child in applying]
    extras = [getattr(child, which) for child in bonus]
    if all(value is None for value in values + extras):
        return None
    pairs = [(value or ZERO, child.applicable_max) for value, child in zip(values, applying, strict=True)]
    method = node.criterion.method
    if method is None:
        return None
    return settled(group_points(method, pairs, applicable) + sum((extra or ZERO for extra in extras), ZERO))


def _index(scores: tuple[Score, ...]) -> Index:
    top = tuple(item for item in scores if item.node.parent is None)
    points = sum((item.final_points or ZERO for item in top), ZERO)
    full = sum((item.full_points for item in top), ZERO)
    applicable = sum((item.applicable_max for item in top if item.node.criterion.method is not Method.BONUS), ZERO)
    complete = all(item.final_points is not None for item in scores if item.applicable_max)
    points, full = settled(points), settled(full)
    percent = points * 100 / applicable if applicable else None
    return Index(points, applicable, percent, full * 100 / applicable if applicable else None, complete)


def _self_score_findings(scores: tuple[Score, ...]) -> Iterator[Finding]:
    for item in scores:
        criterion = item.node.criterion
        differs = item.self_points is not None and item.points is not None and item.self_points != item.points
        if item.status == "scored" and differs and criterion.method is not Method.MANUAL:
            yield finding(
                "S201",
                criterion=criterion.code,
                code=criterion.code,
                own=vietnamese(item.self_points or ZERO),
                computed=vietnamese(item.points or ZERO, 4).rstrip("0").rstrip(","),
            )
