"""The shortest list of criteria that reaches a target: a result and advice come in, a :class:`Path` goes out.

A move is one leaf brought to all it can have. For every group of the tree the most points that 0, 1, 2, … moves below
it can give are found from its children's; that is exact for sums, caps, ``tất cả`` (all short children together),
``bất kỳ`` and ``cao nhất`` (the cheapest one) and ``thấp nhất`` (all below), because every group's points only rise
with its children's. The list found is then proved by summing the tree again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, localcontext
from functools import partial, reduce
from itertools import islice
from operator import add
from typing import NamedTuple

from cchc_xl.ask.worth import summed_after
from cchc_xl.plan.marking import ZERO, AllOrNothing, GroupMethod, RisingMethod, is_reached
from cchc_xl.plan.methods import scoring
from cchc_xl.plan.tree import in_places
from cchc_xl.result.advice import Advice, Moved, Path, Step, Stop
from cchc_xl.result.contents import Contents, ScoredCriterion
from cchc_xl.result.view import View, group_rule, limit, part, summed
from cchc_xl.text.numbers import EXACT

_Cost = tuple[int, Decimal]
_FREE: _Cost = (0, ZERO)
_TRIED = 60  # of the cheapest, for a dearer one
_ALTERNATIVES = 3


class _Choice(NamedTuple):
    """Points of a criterion, the leaves brought to full for them, and what that costs: units, and relative increase."""

    points: Decimal
    codes: tuple[str, ...] = ()
    cost: _Cost = _FREE

    def combined(self, other: _Choice, points: Decimal) -> _Choice:
        """Both, for these points."""
        return _Choice(points, self.codes + other.codes, _added(self.cost, other.cost))


def _added(one: _Cost, other: _Cost) -> _Cost:
    return one[0] + other[0], one[1] + other[1]


_Frontier = tuple[_Choice, ...]  # at position k: the most points that at most k leaves can give


def path_to(contents: Contents, advice: Sequence[Advice], target: Decimal) -> Path:
    """The fewest leaves whose full points bring the unrounded index to at least ``target``, in percent.

    Where :attr:`Path.shortest` says so, no shorter list of leaves brought to :attr:`Advice.full` reaches the target,
    and of the lists of this length none gives a higher index; of those that give the same, the one that costs least
    was looked for, by the units that must act and the relative increase of their figures (:attr:`Advice.cost`).
    Elsewhere the list is only the shortest found: where a child of a ``tất cả`` or ``bất kỳ`` group may be lifted
    *over* its maximum by a bonus below it, a criterion waits for another by its ``Điều kiện``, or a figure stands under
    several criteria: then the list is walked step by step, and what is reached already, or would undo another step, is
    left out or changed.
    Advice for codes that the document does not hold is left out.
    """
    view = View(contents)
    known = {item.code: item for item in advice if item.code in view.by_code}
    missing = tuple(item.code for item in known.values() if item.status == "missing" and item.maximum)
    with localcontext(EXACT):
        now = summed(view, {}).percent
        highest = summed(view, {code: item.full for code, item in known.items()}).percent
        told = partial(
            Path,
            target=target,
            percent=now,
            highest=highest,
            missing=missing,
            missing_count=view.counts.missing,
            handed_in=summed(view, view.at_full).percent if missing else None,
        )
        if now is None or highest is None:
            return told("unknown")
        if now >= target:
            return told("reached", highest=max(now, highest))
        if highest < target:
            return told("unreachable")
        every = tuple(item.code for item in known.values() if item.is_open)
        alone: list[tuple[str, ...]] = []
        if not view.tree.asks_nothing:  # one that others wait for may do alone, which the groups do not show
            alone = [(code,) for code in _cheapest_first(view, known)]
        for codes in (*alone, *(choice.codes for choice in _index(view, known)), every):
            if _percent(view, known, codes) >= target:
                break

        def is_enough(some: Sequence[str]) -> bool:
            return _percent(view, known, some) >= target

        # Groups whose criteria depend on each other are not seen above.
        chosen = _needed(known, _cheapest(view, known, _needed(known, codes, is_enough)), is_enough)
        stops = _stops(view, known, chosen, target)
        shortest = len(stops) == 1 or (len(stops) <= len(codes) and _is_plain(view, known))
        return told("path", stops=stops, shortest=shortest)


def _is_plain(view: View, known: Mapping[str, Advice]) -> bool:
    """Whether the groups show the shortest list there is: no criterion's points hang on what is done for another.

    Not through a condition, a figure that both stand on, or a bonus that lifts a group over what another asks of it;
    and full points are none that rounding makes.
    """
    if not view.tree.asks_nothing:
        return False
    for item in view.by_code.values():
        above = (item, *view.above(item))
        lifts = scoring(item.method).is_bonus and any(isinstance(group_rule(one), AllOrNothing) for one in above)
        advice = known.get(item.code)
        if lifts or (advice and item.places is not None and in_places(advice.full, item.places) != advice.full):
            return False
    open_ = [advice for advice in known.values() if advice.is_open]
    steps = [step for advice in open_ for step in (advice.way, advice.next, advice.complete) if step]
    return not any(step.also or step.leaves is None for step in steps)


def _percent(view: View, known: Mapping[str, Advice], codes: Iterable[str]) -> Decimal:
    """The index with these leaves at full points."""
    return summed(view, {code: known[code].full for code in codes}).percent or ZERO


def _needed(known: Mapping[str, Advice], codes: Sequence[str], is_enough: Callable[[Sequence[str]], bool]) -> list[str]:
    """Without those that can be left out, the dearest first."""
    chosen = list(codes)
    for code in _dearest_first(known, codes):
        fewer = [one for one in chosen if one != code]
        chosen = fewer if is_enough(fewer) else chosen
    return chosen


def _dearest_first(known: Mapping[str, Advice], codes: Sequence[str]) -> list[str]:
    return sorted(codes, key=lambda code: known[code].cost, reverse=True)


def _cheapest(view: View, known: Mapping[str, Advice], codes: Sequence[str]) -> list[str]:
    """Each in turn, the dearest first, changed for the cheapest leaf that leaves the index no lower."""
    chosen, percent = list(codes), _percent(view, known, codes)
    cheap = _cheapest_first(view, known)[:_TRIED]
    for code in _dearest_first(known, codes):
        for other in cheap:
            if known[other].cost >= known[code].cost:
                break
            changed = [other if one == code else one for one in chosen]
            if other not in chosen and _percent(view, known, changed) >= percent:
                chosen = changed
                break
    return chosen


def _cheapest_first(view: View, known: Mapping[str, Advice]) -> list[str]:
    place = {code: number for number, code in enumerate(view.by_code)}
    return sorted((code for code in known if known[code].is_open), key=lambda code: (known[code].cost, place[code]))


def _stops(view: View, known: Mapping[str, Advice], codes: Sequence[str], target: Decimal) -> tuple[Stop, ...]:
    """What is missing first, then what brings most, then what costs least, last what no unit can bring about.

    With what would do in its place.
    """
    place = {code: number for number, code in enumerate(view.by_code)}

    def order(code: str) -> tuple[object, ...]:
        item = known[code]
        return item.is_nobodys, item.status != "missing", (item.points or ZERO) - item.full, item.cost, place[code]

    walk = _Walk(view, known)
    chosen = walk.towards(sorted(codes, key=order), target)
    walked = chosen is not None
    chosen = sorted(codes if chosen is None else chosen, key=order)
    reached = walk.percent(chosen) if walked else None
    spare = [code for code in _cheapest_first(view, known) if code not in chosen and known[code].status != "missing"]
    stops = []
    for number, code in enumerate(chosen, 1):
        item, others = known[code], [one for one in chosen if one != code]
        other = (one for one in spare if walked and walk.is_other(code, one))
        same = (one for one in other if walk.percent([*others, one]) == reached)
        alternatives = tuple(islice(same, _ALTERNATIVES)) if item.status != "missing" else ()
        done, full = walk.percent(chosen[:number]), _percent(view, known, chosen[:number])
        exact = walked or done == full
        percent = full if done is None or not walked else done
        then = walk.points_after(item) if walked else item.full
        stops.append(Stop(code, item.name, item.points, then, percent, alternatives, exact))
    return tuple(stops)


class _Walk:
    """Steps done one after another, each as it is told: all the criteria that a step's figure moves are moved."""

    def __init__(self, view: View, known: Mapping[str, Advice]) -> None:
        self._view, self._known = view, known

    def towards(self, codes: Sequence[str], target: Decimal) -> list[str] | None:
        """These criteria, some changed for others where their steps cannot all be done; None where none were found.

        No figure is moved twice, and none of the steps can be left out.
        """
        chosen: list[str] = []
        now = self.percent(chosen) or ZERO
        for code in codes:
            chosen, now = self._joined(chosen, now, code, rising=False)
        if now < target:
            for code in self._by_gain(codes):
                if now < target:
                    chosen, now = self._joined(chosen, now, code, rising=True)
        if now < target:
            return None
        return _needed(self._known, chosen, lambda some: (self.percent(some) or ZERO) >= target)

    def _by_gain(self, but: Sequence[str]) -> list[str]:
        """Other criteria with a step to try, that which brings most first."""

        def gain(code: str) -> Decimal:
            step = self._known[code].way
            return -(step.percentage_points or ZERO) if step else ZERO

        found = (code for code, item in self._known.items() if item.is_open and item.way and code not in but)
        return sorted((code for code in found if self._known[code].status != "missing"), key=gain)[:_TRIED]

    def _joined(self, chosen: list[str], now: Decimal, code: str, *, rising: bool) -> tuple[list[str], Decimal]:
        """With one more, or with it in the place of one whose step does not go with it, where that brings more."""
        then = self.percent([*chosen, code])
        if then is not None:
            return ([*chosen, code], then) if then > now or not rising else (chosen, now)
        for other in chosen:
            changed = [*(one for one in chosen if one != other), code]
            then = self.percent(changed)
            if then is not None and then > now:
                return changed, then
        return chosen, now

    def points_after(self, item: Advice) -> Decimal:
        """The points of a criterion after its step; full where no step is told, or what comes of it is not known."""
        step = self._step(item)
        own = step is not None and any(leaf.code == item.code for leaf in step.leaves or ())
        return step.points_after if step and own else item.full

    def is_other(self, code: str, other: str) -> bool:
        """Whether what is done for one criterion is another thing than what is done for the other."""
        steps = [step for one in (code, other) if (step := self._step(self._known[one])) and step.kind == "figure"]
        return len(steps) < 2 or steps[0].figure != steps[1].figure

    @staticmethod
    def _step(item: Advice) -> Step | None:
        return None if item.status == "missing" or item.way is None or item.way.up_to else item.way

    def percent(self, codes: Iterable[str]) -> Decimal | None:
        """The index then; None where two steps move one figure, or one criterion by two, or it is not known."""
        moved: dict[str, Moved] = {}
        figures: set[str] = set()
        for code in codes:
            item, step = self._known[code], self._step(self._known[code])
            if step is not None and step.leaves is None:
                return None
            leaves = {leaf.code: leaf for leaf in step.leaves or ()} if step else {}
            if code not in leaves:
                leaves[code] = Moved(code, item.full, self._view.by_code[code].applicable_max)
            figure = step.figure if step and step.kind == "figure" else ""
            if figure in figures or not moved.keys().isdisjoint(leaves):
                return None
            figures |= {figure} if figure else set()
            moved |= leaves
        return summed_after(self._view, moved.values()).percent or ZERO


def _index(view: View, known: Mapping[str, Advice]) -> _Frontier:
    """The frontier of the whole tree, from the leaves up."""
    found: dict[str, _Frontier] = {}
    for code, item in sorted(view.by_code.items(), key=lambda pair: -pair[1].level):
        own = [(child, found[child.code]) for child in view.children[code]]
        found[code] = _group(item, own) if own else _leaf(item, known.get(code))
    return _together([found[item.code] for item in view.top], add)


def _leaf(item: ScoredCriterion, advice: Advice | None) -> _Frontier:
    now = _Choice(item.final_points or ZERO)
    return (now, _Choice(advice.full, (advice.code,), advice.cost)) if advice and advice.is_open else (now,)


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
        tuple(choice._replace(points=rule.counted(choice.points, maximum, most)) for choice in found)
        for found, maximum in regular
    ]
    merged = _together(counted, rule.pair)
    return _rising(one._replace(points=rule.whole(one.points, len(regular), most)) for one in merged)


def _reached(rule: AllOrNothing, regular: Sequence[tuple[_Frontier, Decimal]], most: Decimal) -> _Frontier:
    """The cheapest way to what the group gives when it is reached, and the cheapest to 0.

    A deduction must not be reached, and a group over deductions may rest on them: both ways are open.
    """
    all_ways: list[dict[bool, _Choice]] = []
    for frontier, maximum in regular:
        ways: dict[bool, _Choice] = {}
        for choice in frontier:
            ways.setdefault(is_reached(choice.points, maximum), choice)
        all_ways.append(ways)
    every = rule.asks_every  # of the other outcome one child is enough
    together = [ways[every] for ways in all_ways if every in ways]
    alone = [ways[not every] for ways in all_ways if (not every) in ways]
    found = [] if regular else [_Choice(ZERO)]
    if regular and len(together) == len(regular):
        whole = reduce(lambda one, other: one.combined(other, ZERO), together)
        found.append(whole._replace(points=most if every else ZERO))
    if alone:
        least = min(alone, key=lambda choice: (len(choice.codes), choice.cost))
        found.append(least._replace(points=ZERO if every else most))
    return _rising(found)


def _together(frontiers: Sequence[_Frontier], how: Callable[[Decimal, Decimal], Decimal]) -> _Frontier:
    """The frontier of several criteria whose points combine by ``how``, rising in both."""

    def pair(first: _Frontier, second: _Frontier) -> _Frontier:
        both = ((one, other) for one in first for other in second)
        return _rising(one.combined(other, how(one.points, other.points)) for one, other in both)

    return reduce(pair, frontiers) if frontiers else (_Choice(ZERO),)


def _rising(choices: Iterable[_Choice]) -> _Frontier:
    """Of each number of leaves the best choice, of equal ones the cheapest, and only where one more leaf gives more.

    >>> one, two = _Choice(Decimal(2), ("a",)), _Choice(Decimal(2), ("a", "b"))
    >>> len(_rising((_Choice(Decimal(0)), one, two)))
    2
    """
    best: dict[int, _Choice] = {}
    for choice in choices:
        held = best.get(len(choice.codes))
        if held is None or (choice.points, held.cost) > (held.points, choice.cost):
            best[len(choice.codes)] = choice
    kept: list[_Choice] = []
    for count in sorted(best):
        if not kept or best[count].points > kept[-1].points:
            kept.append(best[count])
    return tuple(kept)
