"""What has to be handed in before a criterion has points: a missing leaf comes in, a :class:`Step` goes out.

A missing score is owed by units, or by the plan itself; the step names who owes what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from cchc_xl.ask.reported import listed
from cchc_xl.plan.constraints import quotient_value
from cchc_xl.plan.marking import ZERO, ReportedMethod
from cchc_xl.plan.methods import ranked_later, scoring
from cchc_xl.records import MeasureTotal, Quotient, Score, State
from cchc_xl.result.advice import Step
from cchc_xl.text.words import RANKED_LATER

Units = tuple[str, ...]
Name = Callable[[str], str]
_PLAN = "sửa lỗi của kế hoạch ở tiêu chí này (xem `cchc-xl plan`)"
_NO_POLICY = "ghi cách tính khi “Không phát sinh” ở “Bộ chỉ số” của kế hoạch"


def submit(score: Score, totals: Mapping[str, MeasureTotal], best: Decimal, name: Name) -> Step:
    """What has to be handed in before this missing leaf can be scored, for at most ``best`` points.

    ``amount`` counts the units that owe it; ``name`` gives a unit's name by its code.
    """
    figure, change, units = _owed(score, totals, name)
    owing = Decimal(len(units))
    return Step("submit", change, figure, owing, "đơn vị", best, ZERO, up_to=True, leaf_difference=best, who=units)


def _owed(score: Score, totals: Mapping[str, MeasureTotal], name: Name) -> tuple[str, str, Units]:
    """Figure, sentence, and the units."""
    criterion = score.node.criterion
    rule = scoring(criterion.method)
    if not score.node.sound or criterion.method is None:
        return "", _PLAN, ()
    if ranked_later(criterion.method, score.value):
        return "", RANKED_LATER, ()
    if score.held == "pending" and score.bare_points is not None:
        return "", "chờ điểm của tiêu chí mà điều kiện nêu", ()
    if not isinstance(rule, ReportedMethod):
        return ("", _PLAN, ()) if criterion.figures is None else _figures_owed(criterion.figures, totals, name)
    if not score.node.lead:
        return rule.heading, "giao đơn vị chủ trì ở “Phụ lục” của kế hoạch", ()
    outside = rule.by_hand and any(item.value and item.unit in score.waiting for item in score.inputs)
    what = "đúng khung điểm" if outside else "còn thiếu"
    owing = f"{listed(map(name, score.waiting))} gửi {rule.heading.lower()} {what}"
    return rule.heading, owing if score.waiting else _NO_POLICY, score.waiting


def _figures_owed(figures: Quotient, totals: Mapping[str, MeasureTotal], name: Name) -> tuple[str, str, Units]:
    used = [totals[code] for code in dict.fromkeys(figures.names) if code in totals]
    before = [total for total in used if total.state is State.MISSING and not total.measure.units and total.entries]
    if before:
        return "", f"lấy được số liệu năm trước: {before[0].entries[0].text}", ()
    waiting = [total for total in used if total.waiting]
    if waiting:
        groups = dict.fromkeys(total.waiting for total in waiting)
        owed = {who: _figures([total for total in waiting if total.waiting == who]) for who in groups}
        told = "; ".join(f"{listed(map(name, who))} gửi số liệu còn thiếu {what}" for who, what in owed.items())
        return waiting[0].measure.code, told, tuple(dict.fromkeys(unit for who in groups for unit in who))
    differing = [total for total in used if total.state is State.ERROR]
    if differing:
        first = differing[0].measure
        return first.code, f"thống nhất {_figures(differing)} giữa các đơn vị nhập", first.units
    if len(used) < len(set(figures.names)) or any(total.state is State.MISSING for total in used):
        return "", "giao đơn vị nhập số liệu ở trang tính “Số liệu” của kế hoạch", ()
    if any(total.state is State.KNOWN and total.value is None for total in used):
        return "", _PLAN, ()
    known = {total.measure.code: total.value or ZERO for total in used}
    arose = any(total.state is State.KNOWN for total in used)
    if arose and quotient_value(figures, known) is not None:
        return "", "bổ sung ở “Thang điểm” của kế hoạch bậc chứa giá trị này", ()
    return "", _NO_POLICY, ()


def _figures(totals: Iterable[MeasureTotal]) -> str:
    return listed(f"“{total.measure.name}” ({total.measure.code})" for total in totals)
