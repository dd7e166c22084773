"""What would raise the index: scores and figures come in, :class:`Advice` per leaf and the :class:`Path` go out.

For each leaf the smallest change that earns points and the smallest that loses some, in units of the figure, by
simulating the real rules; then the shortest list of leaves whose full points bring the index to the target.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

from cchc_xl.advise.ladders import ReportedLeaf
from cchc_xl.advise.levers import FigureLeaf
from cchc_xl.advise.path_object import path_object
from cchc_xl.advise.records import Advice, Step, from_object, to_object
from cchc_xl.advise.route import Path, Stop, path
from cchc_xl.advise.telling import lines
from cchc_xl.advise.waiting import submit
from cchc_xl.plan.methods import attainable
from cchc_xl.records import REPORTED_METHODS, Edition, MeasureTotal, Score, Scorecard
from cchc_xl.text.numbers import EXACT

__all__ = ("Advice", "Path", "Step", "Stop", "advise", "from_object", "lines", "path", "path_object", "to_object")

ZERO = Decimal(0)


def advise(edition: Edition, scorecard: Scorecard, totals: Sequence[MeasureTotal]) -> tuple[Advice, ...]:
    """Advice for every leaf in force, in the order of the plan. Points are unrounded.

    Steps count by the rule (the computed points): an appraised leaf keeps its appraised points until the next round,
    for which ``appeal`` says what to bring. Leaves that do not apply get no steps. Never raises for what data holds.
    """
    by_code = {total.measure.code: total for total in totals}
    with localcontext(EXACT):
        return tuple(_advice(edition, score, by_code) for score in scorecard.scores if not score.node.children)


def _advice(edition: Edition, score: Score, totals: Mapping[str, MeasureTotal]) -> Advice:
    criterion = score.node.criterion
    final, maximum = score.final_points, score.applicable_max
    if score.status == "not_applicable":
        return Advice(criterion.code, criterion.name, "not_applicable", final, maximum, ZERO)
    best = min(attainable(score.node), max(maximum, ZERO))
    gain = max(best - (final or ZERO), ZERO)
    better, complete, worse = _steps(edition, score, totals, best)
    return Advice(
        code=criterion.code,
        name=criterion.name,
        status="missing" if final is None else "scored",
        points=final,
        maximum=maximum,
        gain=gain,
        next=better,
        complete=complete,
        risk=worse,
        appeal=_appeal(score, best) if gain else None,
    )


def _steps(
    edition: Edition, score: Score, totals: Mapping[str, MeasureTotal], best: Decimal
) -> tuple[Step | None, Step | None, Step | None]:
    """The next step, the one that earns all, and the risk, by the rule."""
    if score.points is None:
        return submit(score, totals), None, None
    leaf = _leaf(edition, score, totals)
    if leaf is None or leaf.points is None:
        return None, None, None
    asked = edition.plan.settings.zero_without_evidence and bool(score.node.criterion.evidence)
    if leaf.points != score.points:
        lost = asked and leaf.points > score.points
        return (_evidence(score.points, leaf.points) if lost else None), None, None
    complete = leaf.complete() if isinstance(leaf, ReportedLeaf) else leaf.better(best)
    return _with_evidence(leaf.better(), asked=asked), _with_evidence(complete, asked=asked), leaf.worse()


def _with_evidence(step: Step | None, *, asked: bool) -> Step | None:
    return replace(step, change=f"{step.change}, kèm tài liệu kiểm chứng") if step and asked else step


def _leaf(edition: Edition, score: Score, totals: Mapping[str, MeasureTotal]) -> FigureLeaf | ReportedLeaf | None:
    criterion = score.node.criterion
    if criterion.method in REPORTED_METHODS:
        return ReportedLeaf(score)
    if criterion.figures is None or any(code not in totals for code in criterion.figures.codes):
        return None
    return FigureLeaf(score.node, criterion.figures, totals, edition.plan.constraints)


def _evidence(now: Decimal, after: Decimal) -> Step:
    """The rule gives points that the missing evidence takes away."""
    return Step("evidence", "bổ sung tài liệu kiểm chứng còn thiếu", "", ZERO, "", after, after - now)


def _appeal(score: Score, best: Decimal) -> Step | None:
    """What an appraisal took away may come back; where it took nothing, the most that a better appraisal can give."""
    appraised = score.appraised_points
    if appraised is None:
        return None
    hoped = score.points if score.points is not None and score.points > appraised else best
    change = "giải trình, bổ sung tài liệu kiểm chứng cho lần thẩm định sau"
    return Step("appeal", change, "", ZERO, "", hoped, hoped - appraised, up_to=True)
