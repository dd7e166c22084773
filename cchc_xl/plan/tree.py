"""The tree of criteria summed: the leaves' points come in, every criterion's points go out.

The one home of this arithmetic, for the scores and for whoever asks "what if": a leaf's points are rounded where its
row says so, a condition on another criterion holds them back, a group combines its children. Each criterion comes after
those it rests on, its children and the one that its condition names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter

from cchc_xl.plan.marking import ZERO, GroupMethod, Part, is_reached
from cchc_xl.records import Condition
from cchc_xl.text.numbers import rounded, settled


@dataclass(frozen=True, slots=True)
class Branch:
    """A criterion as far as its points go: ``rule`` combines the children, None of a leaf or where the plan is wrong.

    ``limit`` is the most it can have, ``maximum`` what of that counts in the maximum of its group: 0 where it does not
    apply, and of a ``điểm cộng`` group (``is_bonus``).
    """

    code: str
    children: tuple[str, ...]
    rule: GroupMethod | None
    limit: Decimal
    maximum: Decimal
    is_bonus: bool = False
    condition: Condition | None = None
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """``least`` are the points by code with nothing for what is missing, None where nothing applies.

    A condition that is not met (``unmet``) leaves 0 points; ``pending`` are those whose condition waits for points.
    ``known`` are the criteria of which anything is known.
    """

    least: Mapping[str, Decimal | None]
    known: frozenset[str]
    unmet: frozenset[str]
    pending: frozenset[str]

    def points(self, code: str) -> Decimal | None:
        """The points of a criterion; None where it has none yet, or where nothing applies."""
        return self.least[code] if code in self.known else None


class CriteriaTree:
    """The criteria of an edition or of a result, in the order in which they can be summed.

    ``circles`` are criteria that rest on themselves through their conditions, each with its way back to itself; such a
    condition asks nothing, and neither does one on a code that is not in force.
    """

    def __init__(self, branches: Iterable[Branch]) -> None:
        self._branches = {branch.code: branch for branch in branches}
        self._asked = {
            code: branch.condition
            for code, branch in self._branches.items()
            if branch.condition and branch.condition.code in self._branches
        }
        self._counting = {
            code: [self._branches[child] for child in branch.children if _counts(self._branches[child])]
            for code, branch in self._branches.items()
        }
        self.circles: list[tuple[str, ...]] = []
        self._order = self._ordered()
        self._place = {code: place for place, code in enumerate(self._order)}
        self._parents = {child: code for code, branch in self._branches.items() for child in branch.children}

    def _ordered(self) -> tuple[str, ...]:
        while True:
            needs = {code: set(branch.children) for code, branch in self._branches.items()}
            for code, condition in self._asked.items():
                needs[code].add(condition.code)
            try:
                return tuple(TopologicalSorter(needs).static_order())
            except CycleError as error:
                circle = tuple(reversed(error.args[1]))  # graphlib tells each before the one that needs it
                self.circles.append(circle)
                for code in circle:
                    self._asked.pop(code, None)

    def sums(
        self,
        leaves: Mapping[str, Decimal | None],
        missing: Collection[str] = (),
        unmet: Collection[str] | None = None,
    ) -> Sums:
        """Everybody's points; of a leaf None says that it does not apply. A group without a rule is given like a leaf.

        Of the ``missing`` stand the points that count meanwhile. With ``unmet`` it is known already whose conditions
        hold them back; else what a condition asks for is missing as long as something in it is.

        >>> from cchc_xl.plan.methods import scoring
        >>> two = Decimal(2)
        >>> whole = Branch("1", ("1.1", "1.2"), scoring("tổng"), two * 2, two * 2)
        >>> first = Branch("1.1", (), None, two, two, places=1)
        >>> other = Branch("1.2", (), None, two, two, condition=Condition("1.1", full=True))
        >>> tree = CriteriaTree([whole, first, other])
        >>> [str(tree.sums({"1.1": Decimal(given), "1.2": two}).points("1")) for given in ("1.94", "1.95")]
        ['1.9', '4.0']
        """
        least: dict[str, Decimal | None] = {}
        known, back, pending, waiting = set[str](), set[str](), set[str](), set(missing)
        for code in self._order:
            branch = self._branches[code]
            least[code] = self._own(branch, least, leaves)
            if not waiting.isdisjoint(branch.children):
                waiting.add(code)
            if branch.rule is None:
                has_points = code not in missing
            else:
                has_points = any(child.code in known for child in self._counting[code])
            if has_points:
                known.add(code)
            if least[code] is None or not self._is_held(code, least, waiting, unmet):
                continue
            least[code] = ZERO
            if unmet is None and self._asked[code].code in waiting:
                pending.add(code)
                known.discard(code)
                waiting.add(code)
            else:
                back.add(code)
                known.add(code)
                waiting.discard(code)
        return Sums(least, frozenset(known), frozenset(back), frozenset(pending))

    def again(self, least: Mapping[str, Decimal | None], leaves: Mapping[str, Decimal]) -> dict[str, Decimal | None]:
        """What of ``Sums.least`` becomes another with these points of leaves: only what is above them is summed again.

        For a tree that :attr:`asks_nothing`: elsewhere any criterion may rest on any other.
        """
        changed: dict[str, Decimal | None] = {}
        points = dict(least)
        above = {code for code in leaves if code in self._branches}
        for code in tuple(above):
            while (code := self._parents.get(code, "")) and code not in above:
                above.add(code)
        for code in sorted(above, key=self._place.__getitem__):
            if code in leaves or any(child.code in changed for child in self._counting[code]):
                own = self._own(self._branches[code], points, leaves)
                if own != least[code]:
                    changed[code] = points[code] = own
        return changed

    @property
    def asks_nothing(self) -> bool:
        """Whether no criterion waits for another by a condition."""
        return not self._asked

    def _own(
        self, branch: Branch, points: Mapping[str, Decimal | None], leaves: Mapping[str, Decimal | None]
    ) -> Decimal | None:
        if branch.rule is None:
            given = leaves.get(branch.code)
            return given if given is None or branch.places is None else in_places(given, branch.places)
        counting = self._counting[branch.code]
        own = [points[child.code] for child in counting]
        if all(each is None for each in own):
            return None
        parts = [Part(each or ZERO, child.maximum, child.is_bonus) for each, child in zip(own, counting, strict=True)]
        return branch.rule.points(parts, branch.limit)

    def _is_held(
        self,
        code: str,
        points: Mapping[str, Decimal | None],
        waiting: Collection[str],
        unmet: Collection[str] | None,
    ) -> bool:
        """Whether the condition of a criterion is not met, or not yet; what does not apply asks nothing of anybody."""
        if unmet is not None or code not in self._asked:
            return unmet is not None and code in unmet
        condition = self._asked[code]
        other, limit = points[condition.code], self._branches[condition.code].limit
        if other is None:
            return condition.code in waiting
        return not (is_reached(other, limit) if condition.full else other > 0)


def _counts(branch: Branch) -> bool:
    """Whether a child is part of what its group is made of."""
    return bool(branch.maximum) or branch.is_bonus


def in_places(points: Decimal, places: int) -> Decimal:
    """Rounded half-up, of a deduction away from 0, as ``ROUND`` in Excel.

    >>> in_places(Decimal("0.125"), 2), in_places(Decimal("-0.125"), 2), in_places(Decimal("-0.001"), 2)
    (Decimal('0.13'), Decimal('-0.13'), Decimal('0.00'))
    """
    return Decimal(rounded(settled(points), places)) + ZERO
