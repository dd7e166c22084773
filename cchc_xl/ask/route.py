"""The shortest list of criteria that reaches a target: a result and advice come in, a :class:`Path` goes out.

A move is one leaf brought to all it can have. For every group of the tree the most points that 0, 1, 2, … moves below
it can give are found from its children's; that is exact for sums, caps, ``tất cả`` (all short children together),
``bất kỳ`` and ``cao nhất`` (the cheapest one) and ``thấp nhất`` (all below), because every group's points only rise
with its children's. The list found is then proved by summing the tree again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, localcontext
from functools import reduce
from typing import NamedTuple

from cchc_xl.plan.methods import group_points
from cchc_xl.records import Method
from cchc_xl.result.contents import ZERO, Advice, Contents, Path, ScoredCriterion, Stop
from cchc_xl.result.view import View, summed
from cchc_xl.text.numbers import EXACT


class _Choice(NamedTuple):
    """Points of a criterion, and the leaves brought to full for them."""

    points: Decimal
    codes: tuple[str, ...] = ()


_Frontier = tuple[_Choice, ...]  # at position k: the most points that at most k leaves can give


def path_to(contents: Contents, advice: Sequence[Advice], target: Decimal) -> Path:
    """The fewest leaves whose full points bring the unrounded index to at least ``target``, in percent.

    Guaranteed: no shorter list of leaves brought to :attr:`Advice.full` reaches the target, and of the lists of this
    length none gives a higher index. (One exception, in the rules themselves: a child of a ``tất cả`` or ``bất kỳ``
    group that a bonus below it lifts *over* its maximum no longer counts as full; then the list is only the shortest
    found.) Advice for codes that the document does not hold is left out.
    """
    view = View(contents)
    known = {item.code: item for item in advice if item.code in view.by_code}
    missing = tuple(item.code for item in known.values() if item.status == "missing" and item.maximum)
    with localcontext(EXACT):
        now = summed(view, {}).percent
        highest = summed(view, {code: item.full for code, item in known.items()}).percent
        if now is None or highest is None:
            return Path("unknown", target, now, highest, (), missing)
        if now >= target:
            return Path("reached", target, now, max(now, highest), (), missing)
        if highest < target:
            return Path("unreachable", target, now, highest, (), missing)
        every = tuple(item.code for item in known.values() if item.gain)
        for codes in (*(choice.codes for choice in _index(view, known)), every):
            reached = summed(view, {code: known[code].full for code in codes}).percent
            if reached is not None and reached >= target:
                break
        return Path("path", target, now, highest, _stops(view, [known[code] for code in codes]), missing)


def _stops(view: View, chosen: Iterable[Advice]) -> tuple[Stop, ...]:
    ordered = sorted(chosen, key=lambda item: (item.status != "missing", -item.gain))
    full: dict[str, Decimal] = {}
    stops = []
    for item in ordered:
        full[item.code] = item.full
        percent = summed(view, full).percent or ZERO
        stops.append(Stop(item.code, item.name, item.points, item.full, percent))
    return tuple(stops)


def _index(view: View, known: Mapping[str, Advice]) -> _Frontier:
    """The frontier of the whole tree, from the leaves up."""
    found: dict[str, _Frontier] = {}
    for code, item in sorted(view.by_code.items(), key=lambda pair: -pair[1].level):
        own = [(child, found[child.code]) for child in view.children[code]]
        found[code] = _group(item, own) if own else _leaf(item, known.get(code))
    return _together([found[item.code] for item in view.top], _plus)


def _leaf(item: ScoredCriterion, advice: Advice | None) -> _Frontier:
    now = _Choice(item.final_points or ZERO)
    return (now, _Choice(advice.full, (advice.code,))) if advice and advice.gain else (now,)


def _group(item: ScoredCriterion, children: Sequence[tuple[ScoredCriterion, _Frontier]]) -> _Frontier:
    if item.method is None:
        return (_Choice(ZERO),)
    limit = item.max if item.method is Method.BONUS else item.applicable_max
    bonus = [found for child, found in children if child.method is Method.BONUS]
    regular = [
        (found, child.applicable_max)
        for child, found in children
        if child.method is not Method.BONUS and child.applicable_max
    ]
    return _together([_combined(item.method, regular, limit), *bonus], _plus)


def _combined(method: Method, regular: Sequence[tuple[_Frontier, Decimal]], limit: Decimal) -> _Frontier:
    """The group's frontier from its children's frontiers and maxima."""
    if method in (Method.ALL_OF, Method.ANY_OF):
        return _all_or_any(method, regular, limit)
    if not regular:
        return (_Choice(group_points(method, (), limit)),)
    found = [frontier for frontier, _ in regular]
    match method:
        case Method.BEST_OF:
            every = sorted((choice for one in found for choice in one), key=lambda choice: len(choice.codes))
            merged: Iterable[_Choice] = every
        case Method.LOWEST_OF:
            merged = _together(found, min)
        case _:
            merged = _together(found, _plus)
    return _rising(_Choice(group_points(method, ((one.points, limit),), limit), one.codes) for one in merged)


def _all_or_any(method: Method, regular: Sequence[tuple[_Frontier, Decimal]], limit: Decimal) -> _Frontier:
    """Nothing until the group is full: by all of its children together, or by the cheapest one."""
    fulls = [next((one.codes for one in frontier if one.points == most), None) for frontier, most in regular]
    ways = [codes for codes in fulls if codes is not None]
    if not ways or (method is Method.ALL_OF and len(ways) < len(fulls)):
        return (_Choice(ZERO),)
    codes = sum(ways, ()) if method is Method.ALL_OF else min(ways, key=len)
    return _rising((_Choice(ZERO), _Choice(limit, codes)))


def _together(frontiers: Sequence[_Frontier], how: Callable[[Decimal, Decimal], Decimal]) -> _Frontier:
    """The frontier of several criteria whose points combine by ``how``, rising in both."""
    return reduce(lambda first, second: _pair(first, second, how), frontiers) if frontiers else (_Choice(ZERO),)


def _pair(first: _Frontier, second: _Frontier, how: Callable[[Decimal, Decimal], Decimal]) -> _Frontier:
    return _rising(_Choice(how(one.points, other.points), one.codes + other.codes) for one in first for other in second)


def _plus(first: Decimal, second: Decimal) -> Decimal:
    return first + second


def _rising(choices: Iterable[_Choice]) -> _Frontier:
    """Of each number of leaves the best choice, and only where one more leaf gives more points.

    >>> one, two = _Choice(Decimal(2), ("a",)), _Choice(Decimal(2), ("a", "b"))
    >>> len(_rising((_Choice(Decimal(0)), one, two)))
    2
    """
    best: dict[int, _Choice] = {}
    for choice in choices:
        held = best.get(len(choice.codes))
        if held is None or choice.points > held.points:
            best[len(choice.codes)] = choice
    kept: list[_Choice] = []
    for count in sorted(best):
        if not kept or best[count].points > kept[-1].points:
            kept.append(best[count])
    return tuple(kept)
