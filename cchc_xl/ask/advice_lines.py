"""What advice says to the officer: advice and the path to the target come in, lines go out.

Points and percentages have the plan's decimals, more only where fewer would say what is not so; deductions have the
sign and the limit that reports give them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from cchc_xl.plan.marking import ZERO
from cchc_xl.records import MINUS
from cchc_xl.result.advice import Advice, Path, Step, Stop
from cchc_xl.text.numbers import points_text, telling, vietnamese
from cchc_xl.text.printed import cap_text, signed_points, written


def lines(advice: Sequence[Advice], found: Path, *, whole: bool = False, places: int = 2) -> Iterator[str]:
    """The answer: the target, the index now, what is missing and the shortest list; ``whole`` adds every criterion.

    Points and percentages have ``places`` decimals, and more only where they would say what is not so.
    """
    yield from _path({item.code: item for item in advice}, found, places)
    if not whole:
        if advice:
            yield "Từng tiêu chí với bước tiếp theo và rủi ro: thêm --day-du."
        return
    yield ""
    for item in advice:
        yield from _criterion(item, places)


def told(step: Step, places: int = 2) -> str:
    """A step in one line: what to do, what the criterion then stands at, and what the index does.

    >>> told(Step("submit", "VP gửi mức đạt", "Mức đạt", Decimal(1), "đơn vị", Decimal(2), Decimal(2), up_to=True))
    'VP gửi mức đạt: có thể được đến 2 điểm (chỉ số tăng đến 2 điểm)'
    """
    if step.up_to:
        return f"{step.change}: có thể được đến {points_text(step.points_after)} điểm{_at_index(step, places)}"
    before = step.points_after - (step.difference if step.leaf_difference is None else step.leaf_difference)
    after = telling(step.points_after, places, lambda shown: (shown == before) == (step.points_after == before))
    points = f"{after.replace('-', MINUS)} điểm"
    value = f"{step.value_shown}%" if step.value_shown and step.value_unit == "%" and not step.beyond else ""
    shown = "" if not value or value in step.change else f" → {value}"
    fewer = (step.leaf_difference or step.difference) < 0
    who = f"; đơn vị nhập số liệu: {step.by}" if step.kind == "figure" and step.by else ""
    return f"{step.change}{shown}: {'còn' if fewer else 'được'} {points}{_at_index(step, places)}{who}"


def _at_index(step: Step, places: int = 2) -> str:
    """What a step does to the index, in its points, and in percentage points where those are others.

    >>> _at_index(Step("level", "", "", ZERO, "", ZERO, Decimal(-3), percentage_points=Decimal(-4)))
    ' (chỉ số mất 3 điểm, tức 4 điểm phần trăm)'
    """
    if not step.difference and not step.percentage_points:
        return " (chỉ số chưa đổi)"
    verb = "mất" if (step.difference or step.percentage_points or ZERO) < 0 else "tăng"
    most = " đến" if step.up_to else ""
    return f" (chỉ số {verb}{most} {gained(abs(step.difference), step.percentage_points, places)})"


def gained(points: Decimal, percent: Decimal | None, places: int = 2) -> str:
    """What the index moves by: in percentage points too where those are others than its points.

    >>> gained(Decimal("14.5333"), Decimal("22.359"))
    '14,53 điểm, tức 22,36 điểm phần trăm'
    """
    share = None if percent is None or abs(percent) == points else abs(percent)
    if percent is not None and share is None:
        return f"{_gap(points, places)} điểm phần trăm"
    return f"{_gap(points, places)} điểm" + ("" if share is None else f", tức {_gap(share, places)} điểm phần trăm")


def _has(item: Advice, places: int) -> str:
    """The points of a criterion beside the most there is, of a deduction as reports write it.

    >>> _has(Advice("10", "", "scored", Decimal(-3), Decimal(-5), ZERO), 2)
    '−3 điểm (tối đa trừ 5)'
    """
    if item.points is None:
        return "chưa có điểm"
    if item.maximum < 0:
        points = signed_points(item.points, places, is_deduction=True)
        return f"{points} điểm ({cap_text(item.maximum, places)})"
    return f"{points_text(item.points)}/{points_text(item.maximum)} điểm"


def _criterion(item: Advice, places: int) -> Iterator[str]:
    if item.status == "not_applicable" or not (item.is_open or item.next or item.risk):
        return
    left = f", chỉ số còn tăng được {gained(item.gain, item.percentage_points, places)}" if item.gain else ""
    yield f"{item.code} {item.name}: {_has(item, places)}{left}"
    by_rule = ""
    if item.appeal:
        yield f"  Sau thẩm định: {told(item.appeal, places)}"
        by_rule = " (theo điểm tính, chờ thẩm định lại)"
    if item.idle:
        yield f"  {item.idle}"
    if item.next:
        yield f"  Bước tiếp theo{by_rule}: {told(item.next, places)}"
    elif item.gain and not item.appeal:
        yield "  Bước tiếp theo: chưa có bước đơn lẻ nào ở riêng tiêu chí này làm tăng chỉ số"
    if item.complete and (item.next is None or item.complete.change != item.next.change):
        yield f"  Để đủ điểm{by_rule}: {told(item.complete, places)}"
    if item.risk:
        yield f"  Rủi ro{by_rule}: {told(item.risk, places)}"


def _path(advice: Mapping[str, Advice], found: Path, places: int) -> Iterator[str]:
    target = f"{vietnamese(found.target)}%"
    if found.percent is None or found.highest is None:
        yield f"Mục tiêu {target}: chưa tính được chỉ số vì không có tiêu chí nào áp dụng."
        return
    now, highest = (_percent(value, found.target, places) for value in (found.percent, found.highest))
    if found.status == "reached":
        margin = found.percent - found.target
        more = f"cao hơn mục tiêu {_gap(margin, places)} điểm phần trăm" if margin else "bằng mục tiêu"
        yield f"Mục tiêu {target}: đã đạt. Chỉ số hiện tại {now}, {more}."
    elif found.status == "unreachable":
        yield (
            f"Mục tiêu {target}: không đạt được. Chỉ số hiện tại {now}; đủ điểm ở mọi tiêu chí cũng chỉ được {highest}."
        )
    else:
        short = _gap(found.target - found.percent, places)
        yield f"Mục tiêu {target}: chỉ số hiện tại {now}, còn thiếu {short} điểm phần trăm."
    if found.missing:
        yield from _missing(advice, found, places)
    if found.stops:
        yield (
            f"{found.list_name} để đạt mục tiêu: {_all_of(advice, found.stops)} ở {len(found.stops)} tiêu chí sau "
            f"(đủ điểm ở mọi tiêu chí: {highest})."
        )
    before = "  Việc phải làm:"  # said only where something else stands before it
    for number, stop in enumerate(found.stops, 1):
        heading = "  Dữ liệu còn thiếu:" if stop.points is None else "  Việc phải làm:"
        if stop.code in advice and advice[stop.code].is_nobodys:
            heading = "  Không do đơn vị nào thực hiện:"
        if heading != before:
            yield heading
        before = heading
        yield from _stop(number, stop, advice, found.target, places)


def _missing(advice: Mapping[str, Advice], found: Path, places: int) -> Iterator[str]:
    """What has no points: what units hand in, and apart from it what no unit can do anything for."""
    nobodys = [code for code in found.missing if code in advice and advice[code].is_nobodys]
    owed = [code for code in found.missing if code not in nobodys]
    if found.missing_count:
        asked = " Trước hết cần gửi:" if owed else ""
        yield f"Chỉ số tạm tính: {found.missing_count} tiêu chí chưa có điểm, đang tính 0 điểm.{asked}"
    else:
        yield f"Chưa có điểm thưởng, điểm trừ, đang tính 0 điểm.{' Cần gửi:' if owed else ''}"
    if found.handed_in is not None:
        full = _percent(found.handed_in, found.target, places)
        done = "các tiêu chí này đạt điểm tối đa" if nobodys else "gửi đủ và đạt điểm tối đa"
        yield f"  ({done}, chưa kể điểm thưởng, thì chỉ số là {full})"
    yield from _owing(advice, owed, places)
    if nobodys:
        yield "Không đơn vị nào phải gửi gì:"
        yield from _owing(advice, nobodys, places)


def _all_of(advice: Mapping[str, Advice], stops: Sequence[Stop]) -> str:
    """Whether the list asks for full points, or somewhere for less: one step may be all that is known."""
    less = any(stop.code in advice and stop.full < advice[stop.code].full for stop in stops)
    return "thực hiện các bước" if less else "đủ điểm"


def _owing(advice: Mapping[str, Advice], codes: Sequence[str], places: int) -> Iterator[str]:
    """What has to be handed in, once for all the criteria that wait for it."""
    steps = {code: step for code in codes if code in advice and (step := advice[code].next)}
    for change in dict.fromkeys(step.change for step in steps.values()):
        waiting = [code for code, step in steps.items() if step.change == change]
        if len(waiting) == 1:
            yield f"  {waiting[0]}: {told(steps[waiting[0]], places)}"
        else:
            yield f"  {change} ({len(waiting)} tiêu chí: {', '.join(waiting)})"


def _stop(number: int, stop: Stop, advice: Mapping[str, Advice], target: Decimal, places: int) -> Iterator[str]:
    has, full = (points_text(points).replace("-", MINUS) for points in (stop.points or ZERO, stop.full))
    has = "chưa có điểm" if stop.points is None else has
    index = f"; chỉ số khi đó {_percent(stop.percent, target, places)}" if stop.exact else ""
    yield f"  {number}. {stop.code} {stop.name}: {has} → {full} điểm{index}"
    item = advice.get(stop.code)
    step = item and item.way
    if item and step and stop.points is not None:
        first = "bước đầu: " if step is item.next and not item.complete else ""
        who = f"{step.by}: " if step.kind == "figure" and step.by else ""
        yield f"     {first}{who}{step.change}{_cost(item)}"
        if step is item.complete and item.next and item.next.change != step.change:
            yield f"     trước mắt: {item.next.change}{_at_index(item.next, places)}"
    others = [f"{code} {advice[code].name}{_cost(advice[code])}" for code in stop.alternatives if code in advice]
    if others:
        yield f"     hoặc thay bằng: {'; '.join(others)}"


def _cost(item: Advice) -> str:
    """What the best of a criterion costs: how many units act, and how much more than today.

    >>> from dataclasses import replace
    >>> step = Step("figure", "", "A", Decimal(370), "", ZERO, ZERO, who=("NCC", "VP"), effort=Decimal(5))
    >>> step = replace(step, before=Decimal(74), rises=True)
    >>> _cost(Advice("7.3", "", "scored", ZERO, ZERO, ZERO, complete=step))
    ' (2 đơn vị; tăng 500% so với hiện nay)'
    """
    step = item.complete
    if step is None or step.up_to:
        return ""
    units, effort = item.cost
    fewer = "giảm" if not step.rises else "tăng"
    more = f"; {fewer} {written(effort * 100, 0)}% so với hiện nay" if step.before and effort else ""
    return f" ({units} đơn vị{more})" if units else ""


def _percent(value: Decimal, target: Decimal, places: int = 2) -> str:
    """Told so that the index stands on the right side of the target.

    >>> _percent(Decimal("79.999"), Decimal(80)), _percent(Decimal("74.125"), Decimal(80))
    ('79,999%', '74,13%')
    """
    return f"{telling(value, places, lambda shown: (shown >= target) == (value >= target))}%"


def _gap(difference: Decimal, places: int = 2) -> str:
    """Told so that a difference is not called none.

    >>> _gap(Decimal("0.0004")), _gap(Decimal(0))
    ('0,0004', '0')
    """
    return telling(difference, places, lambda shown: bool(shown) == bool(difference))
