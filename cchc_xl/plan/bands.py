"""Checks of the rows of ``Thang điểm`` under one criterion: a node comes in, findings go out.

Two neighbouring intervals overlap if some figure lies in both, and leave a gap if some figure lies in neither.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from decimal import Decimal
from itertools import accumulate

from cchc_xl.records import Band, Finding, Method, Node
from cchc_xl.rules import outcome_points
from cchc_xl.text.catalogue import finding
from cchc_xl.text.numbers import vietnamese
from cchc_xl.text.words import key

PARAMETERS: dict[Method, tuple[str, ...]] = {
    Method.PER_ITEM: ("gốc", "mỗi", "sàn", "trần"),
    Method.RELATIVE: ("chỉ tiêu", "dẫn đầu"),
    Method.MANUAL: ("nhỏ nhất", "bước", "lớn nhất"),
}
_NEEDED = {Method.PER_ITEM: "mỗi", Method.RELATIVE: "dẫn đầu"}
_LIMITED = frozenset({"gốc", "sàn", "trần", "lớn nhất", "nhỏ nhất"})
_STEPS = frozenset({"mỗi", "bước"})
_ABOVE_ZERO = frozenset({"bước", "dẫn đầu"})
_MAY_BE_NEGATIVE = frozenset({key("gốc"), key("sàn")})


def band_findings(node: Node, *, is_percent: bool) -> Iterator[Finding]:
    """What is wrong with the rows of this criterion, each at its cell."""
    method = node.criterion.method
    if method is Method.BAND:
        yield from _intervals(node, is_percent=is_percent)
    elif method is Method.LEVEL:
        yield from _levels(node)
    elif method in PARAMETERS:
        yield from _parameters(node, PARAMETERS[method])
    else:
        for band in node.bands:
            yield finding("P213", band.at, text=node.criterion.code, method=method or "–")


def describe(band: Band) -> str:
    """The interval as an office writes it: ``từ 70 đến dưới 90``."""
    low = "" if band.low is None else f"{'từ' if band.low_included else 'trên'} {vietnamese(band.low)}"
    high = "" if band.high is None else f"{'đến' if band.high_included else 'dưới'} {vietnamese(band.high)}"
    if low and high and not band.high_included:
        high = f"đến {high}"
    return " ".join(filter(None, (low, high))) or "mọi giá trị"


def _outside(node: Node, band: Band) -> bool:
    amount = band.outcome.amount
    low, high = sorted((Decimal(0), Decimal(100) if band.outcome.form == "share" else node.max_score))
    return amount > high or (amount < low and key(band.level) not in _MAY_BE_NEGATIVE)


def _beyond(node: Node, band: Band) -> bool:
    """Whether one item or step is worth more than the whole criterion."""
    return abs(outcome_points(band.outcome, node.max_score)) > abs(node.max_score)


def _above_maximum(node: Node, band: Band) -> Iterator[Finding]:
    if _outside(node, band):
        shown = f"{vietnamese(band.outcome.amount)}{'%' if band.outcome.form == 'share' else ''}"
        yield finding("P115", band.at, criterion=node.criterion.code, text=shown, maximum=vietnamese(node.max_score))


def _intervals(node: Node, *, is_percent: bool) -> Iterator[Finding]:
    code = node.criterion.code
    if not node.bands:
        yield finding("P122", node.criterion.at, criterion=code, method="bậc", need="dòng ở sheet “Thang điểm”")
        return
    for band in node.bands:
        yield from _above_maximum(node, band)
        if band.level:
            yield finding("P214", band.at, text=band.level, method="bậc")
        if _is_empty(band):
            yield finding("P126", band.at, criterion=code, text=describe(band))
    ordered = sorted((band for band in node.bands if not _is_empty(band)), key=_low_edge)
    for before, after in zip(accumulate(ordered, _farther), ordered[1:], strict=False):
        relation = _relation(before, after)
        if relation == "overlap":
            yield finding("P114", after.at, criterion=code, first=describe(before), second=describe(after))
        elif relation == "gap":
            yield finding("P201", after.at, criterion=code, first=describe(before), second=describe(after))
    if ordered:
        first, last = ordered[0], max(ordered, key=_high_edge)
        if first.low is not None and (first.low > 0 or (first.low == 0 and not first.low_included)):
            yield finding("P215", first.at, criterion=code, text=describe(first), side="dưới")
        ceiling = Decimal(100) if is_percent else None
        if last.high is not None and (
            ceiling is None or last.high < ceiling or (last.high == ceiling and not last.high_included)
        ):
            yield finding("P215", last.at, criterion=code, text=describe(last), side="trên")


def _is_empty(band: Band) -> bool:
    if band.low is None or band.high is None:
        return False
    return band.low > band.high or (band.low == band.high and not (band.low_included and band.high_included))


def _low_edge(band: Band) -> tuple[Decimal, int]:
    return (Decimal("-Infinity") if band.low is None else band.low, 0 if band.low_included else 1)


def _high_edge(band: Band) -> tuple[Decimal, int]:
    return (Decimal("Infinity") if band.high is None else band.high, 1 if band.high_included else 0)


def _farther(first: Band, second: Band) -> Band:
    return max(first, second, key=_high_edge)


def _relation(before: Band, after: Band) -> str:
    high, high_closed = _high_edge(before)
    low, low_open = _low_edge(after)
    if high > low or (high == low and high_closed and not low_open):
        return "overlap"
    if high < low or (not high_closed and low_open):
        return "gap"
    return "adjoin"


def _levels(node: Node) -> Iterator[Finding]:
    code = node.criterion.code
    if not node.bands:
        yield finding("P122", node.criterion.at, criterion=code, method="mức", need="dòng ở sheet “Thang điểm”")
    seen: dict[str, Band] = {}
    for band in node.bands:
        yield from _above_maximum(node, band)
        if not band.level or band.outcome.form == "linear":
            yield finding("P128", band.at, criterion=code, text=band.level or "(trống)", choices="tên mức đạt và điểm")
        elif key(band.level) in seen:
            yield finding("P109", band.at, criterion=code, text=band.level)
        seen.setdefault(key(band.level), band)
        if band.low is not None or band.high is not None:
            yield finding("P214", band.at, text=describe(band), method="mức")


def _parameters(node: Node, names: tuple[str, ...]) -> Iterator[Finding]:
    code, method = node.criterion.code, node.criterion.method
    given: dict[str, Band] = {}
    known = {key(name): name for name in names}
    for band in node.bands:
        if band.low is not None or band.high is not None:
            yield finding("P214", band.at, text=describe(band), method=method or "–")
        name = known.get(key(band.level))
        if name is None or band.outcome.form == "linear":
            close = "; ".join(difflib.get_close_matches(band.level, names, n=1)) or "; ".join(names)
            yield finding("P128", band.at, criterion=code, text=band.level or "(trống)", choices=close)
        elif name in given:
            yield finding("P109", band.at, criterion=code, text=band.level)
        else:
            given[name] = band
            if name in _ABOVE_ZERO and band.outcome.amount <= 0:
                shown = f"{name} {vietnamese(band.outcome.amount)}"
                yield finding("P128", band.at, criterion=code, text=shown, choices=f"{name} lớn hơn 0")
            if name in _LIMITED or (name in _STEPS and _beyond(node, band)):
                yield from _above_maximum(node, band)
    needed = _NEEDED.get(method) if method else None
    if needed and needed not in given:
        yield finding("P122", node.criterion.at, criterion=code, method=method, need=f"dòng “{needed}” ở “Thang điểm”")
