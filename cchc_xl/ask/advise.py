"""What would raise the index: scores and figures come in, :class:`Advice` per leaf and lines for the officer go out.

For each leaf the smallest change that earns points and the smallest that loses some, in units of the figure, by
simulating the real rules; then the shortest list of leaves whose full points bring the index to the target.

A missing score is owed by units, or by the plan itself; the step names who owes what and the most that can come of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import Literal

from cchc_xl.ask.levers import FigureLeaf, ReportedLeaf
from cchc_xl.plan.constraints import quotient_value
from cchc_xl.plan.marking import AllOrNothing, FigureMethod, LeafMethod, ReportedMethod
from cchc_xl.plan.methods import scoring
from cchc_xl.records import Edition, MeasureTotal, Quotient, Score, Scorecard, State
from cchc_xl.result.contents import ZERO, Advice, Path, Step, Stop
from cchc_xl.text.numbers import EXACT, points_text, telling, vietnamese
from cchc_xl.text.printed import written


def lines(advice: Sequence[Advice], found: Path) -> Iterator[str]:
    """Each criterion with its next step and its risk, in the order of the plan; then the path to the target."""
    for item in advice:
        yield from _criterion(item)
    yield ""
    yield from _path({item.code: item for item in advice}, found)


def told(step: Step) -> str:
    """A step in one line: what to do, what the criterion then stands at, and the points.

    >>> told(Step("submit", "VP nộp mức đạt", "Mức đạt", Decimal(1), "đơn vị", Decimal(2), Decimal(2), up_to=True))
    'VP nộp mức đạt: có thể được đến 2 điểm'
    """
    points = f"{points_text(step.points_after)} điểm"
    if step.up_to:
        return f"{step.change}: có thể được đến {points}"
    percent = step.value_after if step.value_unit == "%" and not step.beyond else None
    value = "" if percent is None else f"{written(percent)}%"
    shown = "" if value in step.change else f" → {value}"
    if step.difference < 0:
        return f"{step.change}{shown}: còn {points} (mất {points_text(-step.difference)})"
    return f"{step.change}{shown}: được {points} (tăng {points_text(step.difference)})"


def _criterion(item: Advice) -> Iterator[str]:
    if item.status == "not_applicable" or not (item.gain or item.next or item.risk):
        return
    has = "chưa có điểm" if item.points is None else f"{points_text(item.points)}/{points_text(item.maximum)} điểm"
    left = f", còn có thể thêm {points_text(item.gain)} điểm" if item.gain else ""
    yield f"{item.code} {item.name}: {has}{left}"
    by_rule = ""
    if item.appeal:
        yield f"  Sau thẩm định: {told(item.appeal)}"
        by_rule = " (theo điểm tính)"
    if item.next:
        yield f"  Bước tiếp theo{by_rule}: {told(item.next)}"
    elif item.gain and not item.appeal:
        yield "  Bước tiếp theo: không thay đổi đơn lẻ nào của một số liệu làm tăng điểm"
    if item.complete and (item.next is None or item.complete.change != item.next.change):
        yield f"  Để đủ điểm{by_rule}: {told(item.complete)}"
    if item.risk:
        yield f"  Rủi ro{by_rule}: {told(item.risk)}"


def _path(advice: Mapping[str, Advice], found: Path) -> Iterator[str]:
    target = f"{vietnamese(found.target)}%"
    if found.percent is None or found.highest is None:
        yield f"Mục tiêu {target}: chưa tính được chỉ số vì không có tiêu chí nào áp dụng."
        return
    now, highest = _percent(found.percent, found.target), _percent(found.highest, found.target)
    if found.status == "reached":
        margin = _gap(found.percent - found.target)
        yield f"Mục tiêu {target}: đã đạt. Chỉ số hiện tại {now}, cao hơn mục tiêu {margin} điểm phần trăm."
    elif found.status == "unreachable":
        yield (
            f"Mục tiêu {target}: không đạt được. Chỉ số hiện tại {now}; đủ điểm ở mọi tiêu chí cũng chỉ được {highest}."
        )
    else:
        short = _gap(found.target - found.percent)
        yield f"Mục tiêu {target}: chỉ số hiện tại {now}, còn thiếu {short} điểm phần trăm."
    if found.missing_count:
        yield f"Chỉ số tạm tính: {found.missing_count} tiêu chí chưa có điểm, đang tính 0 điểm. Trước hết cần:"
    elif found.missing:
        yield "Chưa có điểm thưởng, điểm trừ, đang tính 0 điểm. Cần:"
    for code in found.missing:
        step = advice[code].next if code in advice else None
        if step:
            yield f"  {code}: {told(step)}"
    if found.stops:
        yield (
            f"Danh sách ngắn nhất để đạt mục tiêu: đủ điểm ở {len(found.stops)} tiêu chí sau "
            f"(đủ điểm ở mọi tiêu chí: {highest})."
        )
    for number, stop in enumerate(found.stops, 1):
        yield from _stop(number, stop, advice.get(stop.code), found.target)


def _stop(number: int, stop: Stop, item: Advice | None, target: Decimal) -> Iterator[str]:
    has = "chưa có điểm" if stop.points is None else points_text(stop.points)
    index = _percent(stop.percent, target)
    yield f"  {number}. {stop.code} {stop.name}: {has} → {points_text(stop.full)} điểm; chỉ số khi đó {index}"
    step = item and (item.appeal or item.complete or item.next)
    if step:
        yield f"     {'bước đầu: ' if item and step is item.next and not step.up_to else ''}{step.change}"


def _percent(value: Decimal, target: Decimal) -> str:
    """Told so that the index stands on the right side of the target.

    >>> _percent(Decimal("79.999"), Decimal(80)), _percent(Decimal("74.125"), Decimal(80))
    ('79,999%', '74,13%')
    """
    return f"{_telling(value, lambda shown: (shown >= target) == (value >= target))}%"


def _gap(difference: Decimal) -> str:
    """Told so that a difference is not called none.

    >>> _gap(Decimal("0.0004")), _gap(Decimal(0))
    ('0,0004', '0')
    """
    return _telling(difference, lambda shown: bool(shown) == bool(difference))


def _telling(value: Decimal, is_true: Callable[[Decimal], bool]) -> str:
    """Two decimals half-up, or as many as it takes to say what is true."""
    return telling(value, 2, is_true)


_PLAN = "sửa lỗi của kế hoạch ở tiêu chí này (xem `cchc-xl plan`)"
_NO_POLICY = "ghi cách tính khi “Không phát sinh” ở “Bộ chỉ số” của kế hoạch"


def submit(score: Score, totals: Mapping[str, MeasureTotal], best: Decimal) -> Step:
    """What has to be handed in before this missing leaf can be scored, for at most ``best`` points.

    ``amount`` counts the units that owe it.
    """
    figure, change, units = _owed(score, totals)
    return Step("submit", change, figure, Decimal(units), "đơn vị", best, best, up_to=True)


def _owed(score: Score, totals: Mapping[str, MeasureTotal]) -> tuple[str, str, int]:
    """Figure, sentence, and number of units."""
    criterion = score.node.criterion
    rule = scoring(criterion.method)
    if not score.node.sound or criterion.method is None:
        return "", _PLAN, 0
    if not isinstance(rule, ReportedMethod):
        return ("", _PLAN, 0) if criterion.figures is None else _figures_owed(criterion.figures, totals)
    if not score.node.lead:
        return rule.heading, "giao đơn vị chủ trì ở “Phụ lục” của kế hoạch", 0
    outside = rule.by_hand and any(item.value and item.unit in score.waiting for item in score.inputs)
    what = "đúng khung điểm" if outside else "còn thiếu"
    owing = f"{', '.join(score.waiting)} nộp {rule.heading.lower()} {what}"
    return rule.heading, owing if score.waiting else _NO_POLICY, len(score.waiting)


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


def advise(edition: Edition, scorecard: Scorecard, totals: Sequence[MeasureTotal]) -> tuple[Advice, ...]:
    """Advice for every leaf in force that has points, in the order of the plan. Points are unrounded.

    Steps count by the rule (the computed points): an appraised leaf keeps its appraised points until the next round,
    for which ``appeal`` says what to bring. Leaves that do not apply get no steps. Never raises for what data holds.
    """
    by_code = {total.measure.code: total for total in totals}
    scores = {score.node.criterion.code: score for score in scorecard.scores}
    with localcontext(EXACT):
        return tuple(
            _advice(edition, score, by_code, harmful=_harms(score, scores))
            for score in scorecard.scores
            if not score.node.children and score.status != "followed"
        )


def _harms(score: Score, scores: Mapping[str, Score]) -> bool:
    """Whether the points work against the sign of a group above that is all or nothing.

    Points that bring a deduction, and a deduction that brings points, are nothing to advise.
    """
    parent = scores.get(score.node.parent or "")
    if parent is None:
        return False
    turns = isinstance(scoring(parent.node.criterion.method), AllOrNothing)
    return (turns and score.applicable_max * parent.applicable_max < 0) or _harms(parent, scores)


def _advice(edition: Edition, score: Score, totals: Mapping[str, MeasureTotal], *, harmful: bool) -> Advice:
    criterion, final, maximum = score.node.criterion, score.final_points, score.applicable_max
    status: Literal["missing", "scored"] = "missing" if final is None else "scored"
    bare = Advice(criterion.code, criterion.name, status, final, maximum, ZERO)
    if score.status == "not_applicable":
        return replace(bare, status="not_applicable")
    if harmful:
        return replace(bare, next=submit(score, totals, ZERO)) if score.points is None else bare
    best = min(_attainable(score), max(maximum, ZERO))
    gain = max(best - (final or ZERO), ZERO)
    better, complete, worse = _steps(edition, score, totals, best)
    appeal = _appeal(score, best) if gain else None
    return replace(bare, gain=gain, next=better, complete=complete, risk=worse, appeal=appeal)


def _attainable(score: Score) -> Decimal:
    rule, maximum = scoring(score.node.criterion.method), score.node.max_score
    return rule.attainable(score.node.bands, maximum) if isinstance(rule, LeafMethod) else max(maximum, ZERO)


def _steps(
    edition: Edition, score: Score, totals: Mapping[str, MeasureTotal], best: Decimal
) -> tuple[Step | None, Step | None, Step | None]:
    """The next step, the one that earns all, and the risk, by the rule."""
    if score.points is None:
        return submit(score, totals, _attainable(score)), None, None
    leaf = _leaf(edition, score, totals)
    if leaf is None or leaf.points is None:
        return None, None, None
    asked = edition.plan.settings.zero_without_evidence and bool(score.node.criterion.evidence)
    lost = leaf.points - score.points
    if lost:  # the rule gives points that missing evidence takes away
        change = "bổ sung tài liệu kiểm chứng còn thiếu"
        step = Step("evidence", change, "", ZERO, "", leaf.points, lost) if asked and lost > 0 else None
        return step, None, None
    complete = leaf.complete() if isinstance(leaf, ReportedLeaf) else leaf.better(best)
    return _with_evidence(leaf.better(), asked=asked), _with_evidence(complete, asked=asked), leaf.worse()


def _with_evidence(step: Step | None, *, asked: bool) -> Step | None:
    return replace(step, change=f"{step.change}, kèm tài liệu kiểm chứng") if step and asked else step


def _leaf(edition: Edition, score: Score, totals: Mapping[str, MeasureTotal]) -> FigureLeaf | ReportedLeaf | None:
    figures, rule = score.node.criterion.figures, scoring(score.node.criterion.method)
    if isinstance(rule, ReportedMethod):
        return ReportedLeaf(score, rule)
    if not isinstance(rule, FigureMethod) or figures is None or any(code not in totals for code in figures.codes):
        return None
    return FigureLeaf(score.node, rule, figures, totals, edition.plan.constraints)


def _appeal(score: Score, best: Decimal) -> Step | None:
    """What an appraisal took away may come back; where it took nothing, the most that a better appraisal can give."""
    appraised = score.appraised_points
    if appraised is None:
        return None
    hoped = score.points if score.points is not None and score.points > appraised else best
    change = "giải trình, bổ sung tài liệu kiểm chứng cho lần thẩm định sau"
    return Step("appeal", change, "", ZERO, "", hoped, hoped - appraised, up_to=True)
