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
from operator import add
from typing import NamedTuple

from cchc_xl.plan.marking import AllOrNothing, GroupMethod, RisingMethod, is_reached
from cchc_xl.result.contents import ZERO, Advice, Contents, Path, ScoredCriterion, Stop
from cchc_xl.result.view import View, group_rule, limit, part, summed
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
            return Path("unknown", target, now, highest, (), missing, view.counts.missing)
        if now >= target:
            return Path("reached", target, now, max(now, highest), (), missing, view.counts.missing)
        if highest < target:
            return Path("unreachable", target, now, highest, (), missing, view.counts.missing)
        every = tuple(item.code for item in known.values() if item.gain)
        for codes in (*(choice.codes for choice in _index(view, known)), every):
            reached = summed(view, {code: known[code].full for code in codes}).percent
            if reached is not None and reached >= target:
                break
        return Path(
            "path", target, now, highest, _stops(view, [known[code] for code in codes]), missing, view.counts.missing
        )


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
    return _together([found[item.code] for item in view.top], add)


def _leaf(item: ScoredCriterion, advice: Advice | None) -> _Frontier:
    now = _Choice(item.final_points or ZERO)
    return (now, _Choice(advice.full, (advice.code,))) if advice and advice.gain else (now,)


def _group(item: ScoredCriterion, children: Sequence[tuple[ScoredCriterion, _Frontier]]) -> _Frontier:
    rule = group_rule(item)
    if rule is None:
        return (_Choice(ZERO),)
    parts = [(part(child, ZERO), found) for child, found in children]
    bonus = [found for one, found in parts if one.is_bonus]
    regular = [(found, one.maximum) for one, found in parts if one.maximum and not one.is_bonus]
    own = _reached(rule, regular, limit(item)) if isinstance(rule, AllOrNothing) else _risen(rule, regular, limit(item))
    return _together([own, *bonus], add)


def _risen(rule: GroupMethod, regular: Sequence[tuple[_Frontier, Decimal]], most: Decimal) -> _Frontier:
    """The frontier of a group whose points rise with its children's."""
    if not regular or not isinstance(rule, RisingMethod):
        return (_Choice(rule.points((), most)),)
    counted = [
        tuple(_Choice(rule.counted(choice.points, maximum, most), choice.codes) for choice in found)
        for found, maximum in regular
    ]
    merged = _together(counted, rule.pair)
    return _rising(_Choice(rule.whole(one.points, len(regular), most), one.codes) for one in merged)


def _reached(rule: AllOrNothing, regular: Sequence[tuple[_Frontier, Decimal]], most: Decimal) -> _Frontier:
    """The cheapest way to what the group gives when it is reached, and the cheapest to 0.

    A deduction must not be reached, and a group over deductions may rest on them: both ways are open.
    """
    all_ways: list[dict[bool, tuple[str, ...]]] = []
    for frontier, maximum in regular:
        ways: dict[bool, tuple[str, ...]] = {}
        for choice in frontier:
            ways.setdefault(is_reached(choice.points, maximum), choice.codes)
        all_ways.append(ways)
    every = rule.asks_every  # of the other outcome one child is enough
    together = [ways[every] for ways in all_ways if every in ways]
    alone = [ways[not every] for ways in all_ways if (not every) in ways]
    found = [] if regular else [_Choice(ZERO)]
    if regular and len(together) == len(regular):
        found.append(_Choice(most if every else ZERO, sum(together, ())))
    if alone:
        found.append(_Choice(ZERO if every else most, min(alone, key=len)))
    return _rising(found)


def _together(frontiers: Sequence[_Frontier], how: Callable[[Decimal, Decimal], Decimal]) -> _Frontier:
    """The frontier of several criteria whose points combine by ``how``, rising in both."""

    def pair(first: _Frontier, second: _Frontier) -> _Frontier:
        both = ((one, other) for one in first for other in second)
        return _rising(_Choice(how(one.points, other.points), one.codes + other.codes) for one, other in both)

    return reduce(pair, frontiers) if frontiers else (_Choice(ZERO),)


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
