"""What a leaf without points waits for: its score and the figures come in, a :class:`Step` goes out.

A missing score is owed by units, or by the plan itself; the step names who owes what and the most that can come of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from cchc_xl.advise.records import Step
from cchc_xl.plan.methods import attainable, quotient_value
from cchc_xl.records import REPORTED_METHODS, MeasureTotal, Method, Quotient, Score, State

_PLAN = "sửa lỗi của kế hoạch ở tiêu chí này (xem `cchc-xl plan`)"
_NO_POLICY = "ghi cách tính khi “Không phát sinh” ở “Bộ chỉ số” của kế hoạch"


def submit(score: Score, totals: Mapping[str, MeasureTotal]) -> Step:
    """What has to be handed in before this missing leaf can be scored. ``amount`` counts the units that owe it."""
    figure, change, units = _owed(score, totals)
    best = attainable(score.node)
    return Step("submit", change, figure, Decimal(units), "đơn vị", best, best, up_to=True)


def _owed(score: Score, totals: Mapping[str, MeasureTotal]) -> tuple[str, str, int]:
    """Figure, sentence, and number of units."""
    criterion = score.node.criterion
    if not score.node.sound or criterion.method is None:
        return "", _PLAN, 0
    if criterion.method in REPORTED_METHODS:
        return _report_owed(score)
    return ("", _PLAN, 0) if criterion.figures is None else _figures_owed(criterion.figures, totals)


def _report_owed(score: Score) -> tuple[str, str, int]:
    what = "mức đạt" if score.node.criterion.method is Method.LEVEL else "điểm tự chấm"
    heading = what.capitalize()
    if not score.node.lead:
        return heading, "giao đơn vị chủ trì ở “Phụ lục” của kế hoạch", 0
    if not score.waiting:
        return heading, _NO_POLICY, 0
    return heading, f"{', '.join(score.waiting)} nộp {what} còn thiếu", len(score.waiting)


def _figures_owed(figures: Quotient, totals: Mapping[str, MeasureTotal]) -> tuple[str, str, int]:
    used = [totals[code] for code in dict.fromkeys(figures.codes) if code in totals]
    waiting = [total for total in used if total.waiting]
    if waiting:
        groups = dict.fromkeys(total.waiting for total in waiting)
        owed = {who: ", ".join(total.measure.code for total in waiting if total.waiting == who) for who in groups}
        told = "; ".join(f"{', '.join(who)} nộp số liệu còn thiếu {codes}" for who, codes in owed.items())
        return waiting[0].measure.code, told, len({unit for who in groups for unit in who})
    differing = [total.measure for total in used if total.state is State.ERROR]
    if differing:
        codes = ", ".join(measure.code for measure in differing)
        return differing[0].code, f"thống nhất {codes} giữa các đơn vị nhập", len(differing[0].units)
    if len(used) < len(set(figures.codes)) or any(total.state is State.MISSING for total in used):
        return "", "giao đơn vị nhập số liệu ở sheet “Số liệu” của kế hoạch", 0
    if any(total.state is State.KNOWN and total.value is None for total in used):
        return "", _PLAN, 0
    known = {total.measure.code: total.value or Decimal(0) for total in used}
    arose = any(total.state is State.KNOWN for total in used)
    if arose and quotient_value(figures, known) is not None:
        return "", "bổ sung ở “Thang điểm” của kế hoạch bậc chứa giá trị này", 0
    return "", _NO_POLICY, 0
