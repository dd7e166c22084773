"""The rows of ``Thang điểm`` against their criterion: a node comes in, what is wrong at their cells goes out.

Two neighbouring intervals overlap if some figure lies in both, and leave a gap if some figure lies in neither. A
deleted row or a changed number often leaves a rule that looks whole but can no longer reach its maximum, or never gives
anything else than 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate, pairwise

from cchc_xl.plan.causes import twice
from cchc_xl.plan.cells import BLANK
from cchc_xl.plan.further_methods import places
from cchc_xl.plan.marking import INFINITY, ZERO, LeafMethod, Parameter, high_edge, low_edge, outcome_points
from cchc_xl.plan.methods import HUNDRED, scoring
from cchc_xl.records import Band, Finding, Node
from cchc_xl.text.catalogue import finding
from cchc_xl.text.numbers import vietnamese
from cchc_xl.text.words import closest, key


def describe(band: Band) -> str:
    """The interval as an office writes it: ``từ 70 đến dưới 90``."""
    return _interval(band) or "mọi giá trị"


def _interval(band: Band) -> str:
    low = "" if band.low is None else f"{'từ' if band.low_included else 'trên'} {vietnamese(band.low)}"
    high = "" if band.high is None else f"{'đến' if band.high_included else 'dưới'} {vietnamese(band.high)}"
    if low and high and not band.high_included:
        high = f"đến {high}"
    return " ".join(filter(None, (low, high)))


def band_findings(node: Node, *, is_percent: bool, is_change: bool) -> Iterator[Finding]:
    """What is wrong with the rows of this criterion, each at its cell, and what they cannot give.

    ``is_change``: the figure may well be below 0 and, in percent, above 100: days between two dates, a growth.
    """
    item, rule = node.criterion, scoring(node.criterion.method)
    method = item.method or ""
    if rule.scale in {"intervals", "levels", "places"} and not node.bands:
        yield finding("P122", item.at, criterion=item.code, method=method, need="dòng ở sheet “Thang điểm”")
    for band in node.bands:
        if rule.scale == "nothing":
            yield finding("P213", band.at, text=item.code, method=method)
        elif rule.scale != "places" and (misplaced := band.level if rule.scale == "intervals" else _interval(band)):
            yield finding("P214", band.at, text=misplaced, method=method)
    match rule.scale:
        case "intervals":
            yield from _intervals(
                node,
                floor=-INFINITY if is_change else ZERO,
                ceiling=HUNDRED if is_percent and not is_change else INFINITY,
            )
        case "levels":
            yield from _levels(node)
        case "parameters":
            yield from _parameters(node, rule.parameters)
        case "places":
            yield from _places(node, rule.parameters)
    idle = rule.idle_row(node.bands, node.max_score) if isinstance(rule, LeafMethod) else None
    if idle is not None and node.max_score > 0 and not is_change:
        yield finding("P219", idle.at, code=item.code)
    if rule.scale in {"levels", "intervals"} and node.max_score > 0:
        yield from _out_of_reach(node)


def _out_of_reach(node: Node) -> Iterator[Finding]:
    """A maximum that no row gives; a row in percent that ends just below 100 is told as the gap behind it."""
    most, below = node.max_score, []
    for band in node.bands:
        points = outcome_points(band.outcome, most, HUNDRED if band.high is None else band.high)
        if points < most:
            below.append(points)
        elif band.outcome.form != "linear" or high_edge(band) >= (HUNDRED, 1):
            return
    if below:
        told = {"best": vietnamese(max(below)), "maximum": vietnamese(most)}
        yield finding("P218", node.criterion.at, code=node.criterion.code, **told)


def _above_maximum(node: Node, band: Band, *, may_be_negative: bool = False) -> Iterator[Finding]:
    amount, is_share = band.outcome.amount, band.outcome.form == "share"
    low, high = sorted((ZERO, HUNDRED if is_share else node.max_score))
    if amount > high or (amount < low and not may_be_negative):
        shown = f"{vietnamese(amount)}{'%' if is_share else ''}"
        yield finding("P115", band.at, criterion=node.criterion.code, text=shown, maximum=vietnamese(node.max_score))


def _intervals(node: Node, *, floor: Decimal, ceiling: Decimal) -> Iterator[Finding]:
    code, held = node.criterion.code, []
    for band in node.bands:
        yield from _above_maximum(node, band)
        if low_edge(band) < high_edge(band):
            held.append(band)
        else:
            yield finding("P126", band.at, criterion=code, text=describe(band))
    held.sort(key=low_edge)
    highest = list(accumulate(held, _farther))
    for before, after in zip(highest, held[1:], strict=False):
        if high_edge(before) != low_edge(after):
            overlap = high_edge(before) > low_edge(after)
            first, second = describe(before), describe(after)
            yield finding("P114" if overlap else "P201", after.at, criterion=code, first=first, second=second)
    if held and low_edge(held[0]) > (floor, 0):
        yield finding("P215", held[0].at, criterion=code, text=describe(held[0]), side="dưới")
    if highest and high_edge(highest[-1]) < (ceiling, 1):
        yield finding("P215", highest[-1].at, criterion=code, text=describe(highest[-1]), side="trên")


def _farther(first: Band, second: Band) -> Band:
    return max(first, second, key=high_edge)


def _levels(node: Node) -> Iterator[Finding]:
    code = node.criterion.code
    seen: dict[str, Band] = {}
    for band in node.bands:
        yield from _above_maximum(node, band)
        if not band.level or band.outcome.form == "linear":
            yield finding("P128", band.at, criterion=code, text=band.level or BLANK, choices="tên mức đạt và điểm")
        elif (before := seen.setdefault(key(band.level), band)) is not band:
            yield finding("P109", band.at, criterion=code, **twice(band.level, [("", before.at), ("", band.at)]))


def _places(node: Node, parameters: tuple[Parameter, ...]) -> Iterator[Finding]:
    """Rows of places: each place in one row, from the first to the last; and the parameters beside them."""
    code, spans = node.criterion.code, []
    names = {key(known.name) for known in parameters}
    beside = tuple(band for band in node.bands if key(band.level) in names)
    yield from _parameters(replace(node, bands=beside), parameters)
    for band in node.bands:
        span = places(band)
        if band in beside:
            continue
        if span is None or (band.level and _interval(band)) or band.outcome.form == "linear":
            text = " ".join(filter(None, (band.level, _interval(band)))) or BLANK
            yield finding("P140", band.at, criterion=code, text=text)
        else:
            spans.append((span, band))
            yield from _above_maximum(node, band)
    spans.sort(key=lambda item: item[0][0])
    for ((_, last), before), ((first, _), after) in pairwise(spans):
        if last is None or last >= first:
            yield finding("P114", after.at, criterion=code, first=_placed(before), second=_placed(after))
        elif last + 1 < first:
            yield finding("P201", after.at, criterion=code, first=_placed(before), second=_placed(after))
    if spans and spans[0][0][0] > 1:
        yield finding("P215", spans[0][1].at, criterion=code, text=_placed(spans[0][1]), side="dưới")
    if spans and all(last is not None for (_, last), _ in spans):
        yield finding("P215", spans[-1][1].at, criterion=code, text=_placed(spans[-1][1]), side="trên")


def _placed(band: Band) -> str:
    first, last = places(band) or (0, 0)
    return f"thứ {first}" if first == last else f"từ thứ {first}" + (f" đến thứ {last}" if last else " trở đi")


def _parameters(node: Node, parameters: tuple[Parameter, ...]) -> Iterator[Finding]:
    code = node.criterion.code
    names = [known.name for known in parameters]
    given: dict[str, Band] = {}
    for band in node.bands:
        known = next((known for known in parameters if key(known.name) == key(band.level)), None)
        if known is None or band.outcome.form == "linear":
            close = "; ".join(closest(band.level, names, most=1)) or "; ".join(names)
            yield finding("P128", band.at, criterion=code, text=band.level or BLANK, choices=close)
        elif (before := given.setdefault(known.name, band)) is not band:
            yield finding("P109", band.at, criterion=code, **twice(band.level, [("", before.at), ("", band.at)]))
        else:
            if known.above_zero and band.outcome.amount <= 0:
                shown = f"{known.name} {vietnamese(band.outcome.amount)}"
                yield finding("P128", band.at, criterion=code, text=shown, choices=f"{known.name} lớn hơn 0")
            # No item or step is worth more than the whole criterion.
            beyond = abs(outcome_points(band.outcome, node.max_score)) > abs(node.max_score)
            if known.kind == "points" or (known.kind == "step" and beyond):
                yield from _above_maximum(node, band, may_be_negative=known.may_be_negative)
    for known in parameters:
        if known.needed and known.name not in given:
            need = f"dòng “{known.name}” ở “Thang điểm”"
            yield finding("P122", node.criterion.at, criterion=code, method=node.criterion.method, need=need)
