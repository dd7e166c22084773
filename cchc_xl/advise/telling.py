"""Advice as an officer reads it: advice and the path come in, lines of Vietnamese text go out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from cchc_xl.advise.records import Advice, Step
from cchc_xl.advise.route import Path, Stop
from cchc_xl.text.numbers import rounded, vietnamese

ZERO = Decimal(0)


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
    points = f"{_number(step.points_after)} điểm"
    if step.up_to:
        return f"{step.change}: có thể được đến {points}"
    value = ""
    if step.value_after is not None and step.value_unit == "%" and not step.beyond:
        value = f"{_number(step.value_after, 2)}%"
    shown = f" → {value}" if value and value not in step.change else ""
    if step.difference < 0:
        return f"{step.change}{shown}: còn {points} (mất {_number(-step.difference)})"
    return f"{step.change}{shown}: được {points} (tăng {_number(step.difference)})"


def _criterion(item: Advice) -> Iterator[str]:
    if item.status == "not_applicable" or not (item.gain or item.next or item.risk):
        return
    has = "chưa có điểm" if item.points is None else f"{_number(item.points)}/{_number(item.maximum)} điểm"
    left = f", còn có thể thêm {_number(item.gain)} điểm" if item.gain else ""
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
    yield from _missing(advice, found.missing)
    if found.stops:
        yield (
            f"Danh sách ngắn nhất để đạt mục tiêu: đủ điểm ở {len(found.stops)} tiêu chí sau "
            f"(đủ điểm ở mọi tiêu chí: {highest})."
        )
    for number, stop in enumerate(found.stops, 1):
        yield from _stop(number, stop, advice.get(stop.code), found.target)


def _missing(advice: Mapping[str, Advice], codes: Sequence[str]) -> Iterator[str]:
    if codes:
        yield f"Chỉ số tạm tính: {len(codes)} tiêu chí chưa có điểm, đang tính 0 điểm. Trước hết cần:"
    for code in codes:
        item = advice.get(code)
        if item and item.next:
            yield f"  {code}: {told(item.next)}"


def _stop(number: int, stop: Stop, item: Advice | None, target: Decimal) -> Iterator[str]:
    has = "chưa có điểm" if stop.points is None else _number(stop.points)
    index = _percent(stop.percent, target)
    yield f"  {number}. {stop.code} {stop.name}: {has} → {_number(stop.full)} điểm; chỉ số khi đó {index}"
    step = item and (item.appeal or item.complete or item.next)
    if step:
        yield f"     {'bước đầu: ' if item and step is item.next and not step.up_to else ''}{step.change}"


def _percent(value: Decimal, target: Decimal) -> str:
    """Two decimals half-up, or more where two would put the index on the wrong side of the target.

    >>> _percent(Decimal("79.999"), Decimal(80)), _percent(Decimal("74.125"), Decimal(80))
    ('79,999%', '74,13%')
    """
    places = 2
    while places < 20 and (Decimal(rounded(value, places)) >= target) != (value >= target):
        places += 1
    return f"{_number(value, places)}%"


def _gap(difference: Decimal) -> str:
    """Two decimals half-up, or as many as it takes not to call a difference none.

    >>> _gap(Decimal("0.0004")), _gap(Decimal(0))
    ('0,0004', '0')
    """
    places = 2
    while places < 20 and difference and not Decimal(rounded(difference, places)):
        places += 1
    return _number(difference, places)


def _number(value: Decimal, places: int = 4) -> str:
    text = vietnamese(value, places)
    return text.rstrip("0").rstrip(",") if "," in text else text
