"""The score: a :class:`Consolidation` and the plan in force come in, a :class:`Scorecard` goes out.

Leaves first, each by its method; then groups from their children; then the index. Nothing is rounded. A missing
criterion counts 0 in ``percent`` and its maximum in ``percent_if_missing_full``: an interval, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, localcontext
from types import MappingProxyType

from cchc_xl.leaf_scores import LeafScorer
from cchc_xl.plan.methods import group_points
from cchc_xl.records import Consolidation, Edition, Finding, Index, Method, Node, Score, Scorecard
from cchc_xl.text.catalogue import finding
from cchc_xl.text.numbers import EXACT, settled, vietnamese

ZERO = Decimal(0)


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
    beyond = max(ZERO, sum((child.node.max_score for child in regular), ZERO) - node.max_score)
    return node.max_score - max(ZERO, excluded - beyond)


def _combine(node: Node, regular: list[Score], bonus: list[Score], which: str, applicable: Decimal) -> Decimal | None:
    """The group's points from one kind of points; None while nothing that applies is known."""
    applying = [child for child in regular if child.applicable_max or child.node.max_score < 0]
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
