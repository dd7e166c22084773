"""What a change is worth at the index: points of leaves and values of figures come in, an :class:`Effect` goes out.

A leaf's own arithmetic is not the whole's: a group may give less (``bất kỳ`` that is full already), more (``tất cả``)
or nothing, and a figure may stand under several criteria. So every leaf that a figure moves is marked again by its
rule and the tree is summed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from types import MappingProxyType
from typing import NamedTuple

from cchc_xl.plan.constraints import quotient_value
from cchc_xl.plan.expression import is_of_dates
from cchc_xl.plan.marking import ZERO, FigureMethod, away_points
from cchc_xl.plan.methods import is_stated_percentage, percentages, scoring
from cchc_xl.records import Edition, MeasureTotal, Score, Scorecard, State
from cchc_xl.result.advice import Moved
from cchc_xl.result.contents import ScoredCriterion
from cchc_xl.result.view import Tree, View, bare, group_rule, summed
from cchc_xl.text.numbers import EXACT

NOTHING: Mapping[str, Decimal] = MappingProxyType({})
_TINY = Decimal("1E-20")
_MOST_KEPT = 256


class Effect(NamedTuple):
    """How far the index moves: in its points, and in percentage points."""

    points: Decimal
    percent: Decimal

    @property
    def is_gain(self) -> bool:
        """Whether it is more than what is left of a quotient that does not end."""
        return self.points > _TINY or (self.points >= -_TINY and self.percent > _TINY)

    @property
    def is_loss(self) -> bool:
        """Whether it takes something away."""
        return self.points < -_TINY or (self.points <= _TINY and self.percent < -_TINY)

    def reaches(self, other: Effect) -> bool:
        """Whether it brings at least as much."""
        return self.points >= other.points - _TINY


class _Leaf(NamedTuple):
    """A leaf with other figures: its points (None: missing) and its applicable maximum."""

    points: Decimal | None
    maximum: Decimal


class Worth:
    """The index of one scorecard, to be asked what changes of it would do."""

    def __init__(self, edition: Edition, scorecard: Scorecard, totals: Mapping[str, MeasureTotal], view: View) -> None:
        self._view, self._totals = view, totals
        self._top = [item.code for item in view.top]
        self._kinds = {total.measure.code: total.measure.kind for total in totals.values()}
        self._asks_evidence = edition.plan.settings.zero_without_evidence
        self._using: dict[str, list[Score]] = {}
        for score in scorecard.scores:
            figures = score.node.criterion.figures
            for code in dict.fromkeys(figures.names if figures and not score.node.children else ()):
                self._using.setdefault(code, []).append(score)
        self._moved: dict[tuple[tuple[str, Decimal], ...], dict[str, _Leaf]] = {}
        self._effects: dict[tuple[tuple[str, Decimal], ...], Effect] = {}
        self._today = {
            score.node.criterion.code: _Leaf(score.final_points, score.applicable_max) for score in scorecard.scores
        }
        self._now = self._total(summed(view, NOTHING))

    def of(self, leaves: Mapping[str, Decimal], figures: Mapping[str, Decimal] = NOTHING) -> Effect:
        """The change of the index with these points of leaves, and with these figures under all other leaves."""
        moved = self._by_figures(figures)
        told = all(
            code in moved and moved[code] == (points, self._today[code].maximum) for code, points in leaves.items()
        )
        if not told:
            return self._effect(leaves, figures)
        asked = tuple(figures.items())  # what is said of the leaves, the figures say: many leaves ask the same
        if asked not in self._effects:
            self._effects[asked] = self._effect({}, figures)
        return self._effects[asked]

    def _effect(self, leaves: Mapping[str, Decimal], figures: Mapping[str, Decimal]) -> Effect:
        then = self._total(self.tree(leaves, figures))
        return Effect(then.points - self._now.points, then.percent - self._now.percent)

    def tree(self, leaves: Mapping[str, Decimal], figures: Mapping[str, Decimal] = NOTHING) -> Tree:
        """All points then."""
        return summed_after(self._view, self._then(leaves, figures))

    def _then(self, leaves: Mapping[str, Decimal], figures: Mapping[str, Decimal]) -> list[Moved]:
        moved = {code: leaf for code, leaf in self._by_figures(figures).items() if code not in leaves}
        by_code = self._view.by_code
        then = [Moved(code, leaf.points or ZERO, leaf.maximum) for code, leaf in moved.items()]
        return then + [Moved(code, points, by_code[code].applicable_max) for code, points in leaves.items()]

    def changes(self, leaves: Mapping[str, Decimal], figures: Mapping[str, Decimal]) -> tuple[Moved, ...]:
        """The leaves that are then others than today."""
        by_code = self._view.by_code
        return tuple(
            leaf
            for leaf in self._then(leaves, figures)
            if (leaf.points, leaf.maximum) != (bare(by_code[leaf.code]) or ZERO, by_code[leaf.code].applicable_max)
        )

    def _by_figures(self, figures: Mapping[str, Decimal]) -> dict[str, _Leaf]:
        """Every leaf under these figures as they move it; one leaf after another tries the same changes."""
        asked = tuple(figures.items())
        if asked not in self._moved:
            if len(self._moved) == _MOST_KEPT:
                self._moved.clear()
            using = {score.node.criterion.code: score for code in figures for score in self._using.get(code, ())}
            self._moved[asked] = {code: self._refigured(score, figures) for code, score in using.items()}
        return self._moved[asked]

    def _total(self, tree: Tree) -> Effect:
        return Effect(sum(map(tree.points.__getitem__, self._top), ZERO), tree.percent or ZERO)

    def moved(self, leaves: Mapping[str, Decimal], figures: Mapping[str, Decimal]) -> tuple[str, ...]:
        """The other leaves whose points these figures change."""
        moved = self._by_figures(figures).items()
        return tuple(code for code, leaf in moved if code not in leaves and leaf != self._today[code])

    def _refigured(self, score: Score, figures: Mapping[str, Decimal]) -> _Leaf:
        """The leaf by its rule with these figures in place of today's; what is missing or appraised stays so."""
        node = score.node
        rule, own, maximum = scoring(node.criterion.method), node.criterion.figures, node.max_score
        today = _Leaf(score.final_points, score.applicable_max)
        if not isinstance(rule, FigureMethod) or own is None or not node.sound:
            return today
        if not self._all_known(own.names, figures):
            return today
        totals = {name: self._totals[name] for name in own.names}
        known = {name: figures.get(name, total.value or ZERO) for name, total in totals.items()}
        value = quotient_value(own, known)
        away = {name for name, total in totals.items() if total.state is State.NOT_APPLICABLE} - figures.keys()
        days = is_of_dates(own, self._kinds)
        if value is None or (days and away):  # a day that did not come is no day 0
            policy = node.criterion.not_applicable
            left = _Leaf(away_points(policy, maximum) if policy else None, maximum)
            return _Leaf(None, ZERO) if policy == "loại" else self._appraised(score, left)
        found = rule.points(value, node.bands, maximum)
        if is_stated_percentage(own, [total.measure for total in totals.values()]):
            low, high = percentages(rule, node.bands)
            found = found if low <= value <= high else None
        lacks = score.unsupported or (
            self._asks_evidence
            and score.status != "scored"
            and bool(node.criterion.evidence)
            and not self._view.by_code[node.criterion.code].evidence
        )
        points = None if found is None else ZERO if lacks else found.amount
        return self._appraised(score, _Leaf(points, maximum))

    @staticmethod
    def _appraised(score: Score, leaf: _Leaf) -> _Leaf:
        return leaf if score.appraised_points is None else _Leaf(score.appraised_points, leaf.maximum)

    def _all_known(self, codes: Sequence[str], figures: Mapping[str, Decimal]) -> bool:
        for code in codes:
            total = self._totals.get(code)
            if total is None:
                return False
            stated = total.state is State.NOT_APPLICABLE or (total.state is State.KNOWN and total.value is not None)
            if not stated and code not in figures:
                return False
        return True


def summed_after(view: View, moved: Iterable[Moved]) -> Tree:
    """The tree with these leaves as they are then, their applicable maxima included."""
    leaves = tuple(moved)
    maxima = {leaf.code: leaf.maximum for leaf in leaves if leaf.maximum != view.by_code[leaf.code].applicable_max}
    points = {leaf.code: leaf.points for leaf in leaves if leaf.maximum}
    return summed(_reapplied(view, maxima) if maxima else view, points)


def _reapplied(view: View, maxima: Mapping[str, Decimal]) -> View:
    """The same result where leaves have other applicable maxima: what did not arise does, or the other way round."""
    items = {
        code: _leaf_reapplied(item, maxima[code]) if code in maxima else item for code, item in view.by_code.items()
    }
    with localcontext(EXACT):
        for code, item in sorted(items.items(), key=lambda pair: -pair[1].level):
            rule, own = group_rule(item), [items[child.code] for child in view.children[code]]
            if rule is not None and own:
                regular = [(child.max, child.applicable_max) for child in own if not scoring(child.method).is_bonus]
                most = ZERO if rule.is_bonus else rule.limit(item.max, regular)
                items[code] = replace(item, applicable_max=most)
    return View(replace(view.contents, criteria=tuple(items.values())))


def _leaf_reapplied(leaf: ScoredCriterion, maximum: Decimal) -> ScoredCriterion:
    if maximum:
        return replace(leaf, applicable_max=maximum, status="scored")
    away = replace(leaf, applicable_max=ZERO, status="not_applicable")
    return replace(away, final_points=None, bare_points=None, appraised_points=None)
