"""What would raise the index: scores and figures come in, :class:`Advice` per leaf goes out.

For each leaf the smallest change that moves the index up and the smallest that moves it down, in units of the figure,
by simulating the real rules and summing the tree again; a leaf whose points are worth nothing at the index says why,
or with which others they are. Then the shortest list of leaves whose full points bring the index to the target.

A missing score is owed by units, or by the plan itself; the step names who owes what and the most that can come of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from itertools import product
from math import prod
from typing import Literal

from cchc_xl.ask.advice_lines import gained
from cchc_xl.ask.levers import FigureLeaf, figures_after
from cchc_xl.ask.owed import submit
from cchc_xl.ask.reported import ReportedLeaf, listed, owners
from cchc_xl.ask.worth import NOTHING, Effect, Worth
from cchc_xl.plan.marking import ZERO, FigureMethod, GroupMethod, LeafMethod, ReportedMethod
from cchc_xl.plan.methods import BEYOND_ALL, scoring
from cchc_xl.records import Edition, Kind, MeasureTotal, Score, Scorecard, State
from cchc_xl.result.advice import Advice, Joint, Step
from cchc_xl.result.contents import Contents, ScoredCriterion
from cchc_xl.result.view import View, limit, summed
from cchc_xl.text.numbers import EXACT, points_text

_CLEAN = Decimal("1E-18")
_SHORT = Decimal("1E-20")  # of full points: as good as all of them, and not all
_TRIED_TOGETHER = 64


def advise(
    edition: Edition, scorecard: Scorecard, totals: Sequence[MeasureTotal], stored: Contents
) -> tuple[Advice, ...]:
    """Advice for every leaf in force that has points, in the order of the plan; ``stored`` is their result. Unrounded.

    Steps count by the rule (the computed points): an appraised leaf keeps its appraised points until the next round,
    for which ``appeal`` says what to bring. Leaves that do not apply get no steps. Never raises for what data holds.
    """
    with localcontext(EXACT):
        adviser = _Adviser(edition, scorecard, totals, View(stored))
        leaves = (score for score in scorecard.scores if not score.node.children and score.status != "followed")
        return tuple(map(adviser.advice, leaves))


class _Adviser:
    """Everything that the advice of one leaf is asked of."""

    def __init__(self, edition: Edition, scorecard: Scorecard, totals: Sequence[MeasureTotal], view: View) -> None:
        self._edition, self._view = edition, view
        self._totals = {total.measure.code: total for total in totals}
        self._scores = {score.node.criterion.code: score for score in scorecard.scores}
        self._worth = Worth(edition, scorecard, self._totals, view)
        conditions = [item.condition for item in view.by_code.values() if item.condition]
        self._named = {condition.code for condition in conditions}
        self._wanted_full = {condition.code for condition in conditions if condition.full}
        self._joints: list[Joint] = []
        self._open = {
            code: full
            for code, score in self._scores.items()
            if not score.node.children and (full := self._full(score)) > (score.final_points or ZERO)
        }

    def _full(self, score: Score) -> Decimal:
        """What the leaf has at best; what it has where more would be nothing to advise."""
        has = score.final_points or ZERO
        if score.status == "not_applicable" or self._harms(score):
            return has
        return max(min(_attainable(score), max(score.applicable_max, ZERO)), has)

    def _harms(self, score: Score) -> bool:
        """Whether the points work against the sign of a group above that counts shares, such as one of all or nothing.

        Points that bring a deduction, and a deduction that brings points, are nothing to advise.
        """
        parent = self._scores.get(score.node.parent or "")
        if parent is None:
            return False
        rule = scoring(parent.node.criterion.method)
        turns = isinstance(rule, GroupMethod) and rule.by_share
        return (turns and score.applicable_max * parent.applicable_max < 0) or self._harms(parent)

    def advice(self, score: Score) -> Advice:
        criterion, final = score.node.criterion, score.final_points
        status: Literal["missing", "scored"] = "missing" if final is None else "scored"
        bare = Advice(criterion.code, criterion.name, status, final, score.applicable_max, ZERO, leaf_gain=ZERO)
        if score.status == "not_applicable":
            return replace(bare, status="not_applicable")
        full = self._full(score)
        alone = self._worth.of({criterion.code: full})
        if alone.is_loss:  # it would let a conditional deduction count
            full, alone = final or ZERO, Effect(ZERO, ZERO)
        harmful = full == (final or ZERO) and self._harms(score)
        if harmful and score.points is not None:
            return bare
        item = replace(bare, leaf_gain=full - (final or ZERO))
        together = None
        if alone.is_gain:
            item = replace(item, gain=alone.points, percentage_points=alone.percent)
        elif item.is_open:
            together = self._together(criterion.code)
            idle = (
                _jointly(together, self._view.places)
                if together
                else f"Không làm tăng chỉ số: {self._idle(criterion.code)}"
            )
            item = replace(item, together=together, idle=idle)
        if score.points is None:
            return replace(item, next=self._submitted(score, ZERO if harmful else _attainable(score)))
        better, complete, worse = self._steps(score, full, alone, joint=together is not None)
        appeal = self._appeal(score, full) if item.is_open else None
        return replace(item, next=better, complete=complete, risk=worse, appeal=appeal)

    def _steps(
        self, score: Score, full: Decimal, alone: Effect, *, joint: bool
    ) -> tuple[Step | None, Step | None, Step | None]:
        """The next step, the one that earns all, and the risk, by the rule."""
        code, leaf = score.node.criterion.code, self._leaf(score)
        if leaf is None or leaf.points is None:
            return None, None, None
        now, appraised = leaf.points, score.appraised_points is not None
        if now != _by_rule(score):
            return self._proved(score, now), None, None

        def worth(points: Decimal | None, figures: Mapping[str, Decimal]) -> Effect:
            return self._worth.of({code: points or ZERO}, figures)

        def gains(points: Decimal | None, figures: Mapping[str, Decimal]) -> bool:
            return points is not None and points > now and (appraised or worth(points, figures).is_gain)

        def earns_all(points: Decimal | None, _: Mapping[str, Decimal]) -> bool:
            if points is None or points <= now:
                return False
            return points >= full or (alone.is_gain and not appraised and worth(points, {}).reaches(alone))

        def loses(points: Decimal | None, figures: Mapping[str, Decimal]) -> bool:
            return (points or ZERO) < now and worth(points, figures).is_loss

        useful = alone.is_gain or appraised
        better = leaf.better(gains) if useful else None
        complete = None
        if useful or joint:
            complete = leaf.complete(earns_all) if isinstance(leaf, ReportedLeaf) else leaf.better(earns_all)
        worse = None if appraised or score.unsupported else leaf.worse(loses)
        better, complete, worse = (
            step and self._measured(step, {} if appraised else {code: step.points_after}, figures_after(step))
            for step in (better, complete, worse)
        )
        if complete and not joint and not appraised and not _effect(complete).is_gain:
            complete = None
        return (
            self._with_evidence(better or complete if not joint else better, score),
            self._with_evidence(complete, score),
            worse,
        )

    def _proved(self, score: Score, points: Decimal) -> Step | None:
        """Showing the evidence whose want takes away what the rule gives; None where that brings nothing."""
        lost, appraised = points - _by_rule(score), score.appraised_points is not None
        if lost < 0 or not self._asks_evidence(score):
            return None
        change, who = "bổ sung tài liệu kiểm chứng còn thiếu", score.node.lead
        step = Step("evidence", change, "", ZERO, "", points, ZERO, leaf_difference=lost, who=who)
        step = self._measured(step, {} if appraised else {score.node.criterion.code: points})
        return step if step.difference or appraised else None

    def _measured(self, step: Step, leaves: Mapping[str, Decimal], figures: Mapping[str, Decimal] = NOTHING) -> Step:
        """The step with what it does to the index, the points as they count then, and who has to act."""
        if not step.by and step.who:
            step = replace(step, by=owners(map(self._view.unit, step.who)))
        effect = self._worth.of(leaves, figures)
        if len(leaves) == 1 and not step.up_to:
            ((code, _),) = leaves.items()
            then, now = self._worth.tree(leaves, figures).points[code], self._scores[code].final_points
            step = replace(step, points_after=then, leaf_difference=then - (now or ZERO))
        also = self._worth.moved(leaves, figures) if figures else ()
        clean = _settled(effect)
        figure = self._totals.get(step.figure)
        if figure is not None and figure.measure.kind is Kind.DATE:  # the number of a day says nothing to anybody
            step = replace(step, before=None, after=None)
        moved = () if step.up_to else self._worth.changes(leaves, figures)
        return replace(step, difference=clean.points, percentage_points=clean.percent, also=also, leaves=moved)

    def _submitted(self, score: Score, best: Decimal) -> Step:
        """With all that can be scored once this is handed in: figures stand under several criteria."""
        step = submit(score, self._totals, best, self._view.unit)
        owed, own = self._unknown(score), score.node.criterion.code
        full = {own: max(best, score.final_points or ZERO)}  # what was appraised is not taken back
        for code, other in self._scores.items():
            waits = other.status == "missing" and other.final_points is None
            if owed and waits and self._unknown(other) and self._unknown(other) <= owed:
                full.setdefault(code, self._open.get(code, ZERO))
        also = tuple(code for code in full if code != own)
        step = self._measured(step, self._most_of(full))
        return replace(step, points_after=best, leaf_difference=best, also=also)

    def _most_of(self, full: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
        """The points of these leaves, each at most full, with which the index is highest.

        Full ones, but where a condition waits for a leaf (its points may let a deduction count, its whole deduction
        let points count) or where a deduction brings points: there what else may come is tried, all of it together, or
        one leaf after another where that were too much.
        """
        asked = [code for code in full if self._harms(self._scores[code]) or self._is_waited_for(code)]
        ways = [(*self._may_come(code, full[code]), *self._below_a_cap(code, full, asked)) for code in asked]
        if prod(map(len, ways)) <= _TRIED_TOGETHER:
            tried = ({**full, **dict(zip(asked, points, strict=True))} for points in product(*ways))
            return max(tried, key=self._worth.of) if asked else full
        best = dict(full)
        for code, own in zip(asked, ways, strict=True):
            best = max(({**best, code: points} for points in own), key=self._worth.of)
        return best

    def _may_come(self, code: str, full: Decimal) -> tuple[Decimal, ...]:
        """The points of a leaf that make a difference: full, a little less, none, of a deduction the whole of it."""
        less, maximum = full - self._little(code), self._scores[code].node.max_score
        now = self._scores[code].final_points or ZERO
        return tuple(dict.fromkeys((full, *([less] if less > now else []), now, min(maximum, now))))

    def _little(self, code: str) -> Decimal:
        """By how little the points of a leaf can fall short of others."""
        places = self._scores[code].node.places
        return _SHORT if places is None else Decimal(1).scaleb(-places)

    def _below_a_cap(self, code: str, full: Mapping[str, Decimal], asked: Sequence[str]) -> Iterator[Decimal]:
        """The most points of a leaf that leave a group which a condition wants full below its limit.

        Where the children of the group have more than it takes, a little less of one leaves it full. The others are
        full, or those that are asked too have nothing yet.
        """
        now, little = self._scores[code].final_points or ZERO, self._little(code)
        nothing = {one: self._scores[one].final_points or ZERO for one in asked}
        for group in self._view.above(self._view.by_code[code]):
            if group.code not in self._wanted_full:
                continue
            for others in (full, {**full, **nothing}):
                left = limit(group) - self._worth.tree({**others, code: now}).points[group.code]
                points = now + left - little
                if now < points < full[code]:
                    yield points

    def _is_waited_for(self, code: str) -> bool:
        """Whether a condition names the leaf or a group that it stands in."""
        item = self._view.by_code[code]
        return any(one.code in self._named for one in (item, *self._view.above(item)))

    def _unknown(self, score: Score) -> frozenset[str]:
        """The figures that a leaf waits for."""
        figures = score.node.criterion.figures
        codes = figures.names if figures and not score.node.children else ()
        return frozenset(
            code
            for code in codes
            if (total := self._totals.get(code)) is not None and total.state in (State.MISSING, State.ERROR)
        )

    def _leaf(self, score: Score) -> FigureLeaf | ReportedLeaf | None:
        figures, rule = score.node.criterion.figures, scoring(score.node.criterion.method)
        if isinstance(rule, ReportedMethod):
            return ReportedLeaf(score, rule, self._view.unit, self._unproven(score))
        known = figures is not None and all(name in self._totals for name in figures.names)
        if not isinstance(rule, FigureMethod) or figures is None or not known:
            return None
        return FigureLeaf(score.node, rule, figures, self._totals, self._edition.plan.constraints)

    def _unproven(self, score: Score) -> frozenset[str]:
        """The lead units whose report counts 0 because they show no evidence."""
        if not self._asks_evidence(score):
            return frozenset()
        proven = {proof.unit for proof in self._view.by_code[score.node.criterion.code].evidence}
        return frozenset(score.node.lead) - proven

    def _asks_evidence(self, score: Score) -> bool:
        return self._edition.plan.settings.zero_without_evidence and bool(score.node.criterion.evidence)

    def _with_evidence(self, step: Step | None, score: Score) -> Step | None:
        """Whoever moves must show evidence where it counts, and so must all others whose report counts 0 without."""
        if step is None or not self._asks_evidence(score):
            return step
        unproven = [unit for unit in score.node.lead if unit in self._unproven(score)]
        everybody = step.kind == "figure" or set(unproven) <= set(step.who)
        whose = "" if everybody else f" (cả của {owners(map(self._view.unit, unproven))})"
        return replace(step, change=f"{step.change}, kèm tài liệu kiểm chứng{whose}")

    def _appeal(self, score: Score, best: Decimal) -> Step | None:
        """What an appraisal took away may come back; where it took nothing, the most that a better one can give."""
        appraised = score.appraised_points
        if appraised is None:
            return None
        rule = _by_rule(score) if score.points is not None else None
        hoped = rule if rule is not None and rule > appraised else best
        change = "giải trình, bổ sung tài liệu kiểm chứng cho lần thẩm định sau"
        gained = hoped - appraised
        step = Step(
            "appeal", change, "", ZERO, "", hoped, ZERO, up_to=True, leaf_difference=gained, who=score.node.lead
        )
        step = self._measured(step, {score.node.criterion.code: hoped})
        return step if _effect(step).is_gain else None

    # --- what is worth nothing alone ---

    def _together(self, code: str) -> Joint | None:
        """The fewest criteria found with which this one brings the index something, and with them no one is spare."""
        item = self._view.by_code[code]
        above = self._view.above(item)
        asked = [condition.code for one in (item, *above) if (condition := one.condition)]
        for group in above or [item]:
            within = dict.fromkeys(leaf.code for one in (group.code, *asked) for leaf in self._view.leaves_of(one))
            known = next((one for one in self._joints if one.codes[0] in within and code in one.codes), None)
            if known and self._counts(code, known.codes):
                return known
            chosen = [code, *(other for other in within if other != code and self._may_help(other))]
            if not self._counts(code, chosen):
                continue
            for other in reversed(chosen[1:]):
                fewer = [one for one in chosen if one != other]
                if self._counts(code, fewer):
                    chosen = fewer
            effect = self._worth.of({one: self._open[one] for one in chosen})
            ordered = tuple(one for one in self._open if one in chosen)
            self._joints.append(Joint(ordered, effect.points, effect.percent))
            return self._joints[-1]
        return None

    def _may_help(self, code: str) -> bool:
        """Whether a leaf is open; one whose points alone cost the index something is never asked for, nor here."""
        return code in self._open and not self._worth.of({code: self._open[code]}).is_loss

    def _counts(self, code: str, chosen: Sequence[str]) -> bool:
        """Whether these at full points bring something, and more than without this one."""
        full = {one: self._open[one] for one in chosen}
        effect = self._worth.of(full)
        without = self._worth.of({one: points for one, points in full.items() if one != code})
        return effect.is_gain and not without.reaches(effect)

    def _idle(self, code: str) -> str:
        """Why the index does not rise: the nearest group whose points stay what they are."""
        now, then = summed(self._view, {}).points, summed(self._view, {code: self._open[code]}).points
        if now[code] == then[code]:
            return "điểm của tiêu chí không đổi theo cách làm tròn hoặc điều kiện của kế hoạch"
        for group in self._view.above(self._view.by_code[code]):
            if now[group.code] == then[group.code]:
                return _stays(group, now[group.code])
        return "điểm của tiêu chí này không tính vào chỉ số"


def _jointly(joint: Joint, places: int) -> str:
    more = gained(joint.points, joint.percentage_points, places)
    return f"Chỉ khi cùng đủ điểm ở {listed(joint.codes)} chỉ số mới tăng {more}"


def _stays(group: ScoredCriterion, points: Decimal) -> str:
    full = " đã đạt tối đa" if points >= limit(group) else f" vẫn {points_text(points)} điểm"
    return f"nhóm {group.code} {group.name}{full} theo cách chấm “{group.method}”"


def _effect(step: Step) -> Effect:
    return Effect(step.difference, step.percentage_points or ZERO)


def _settled(effect: Effect) -> Effect:
    """Without the digits that are nothing but quotients that do not end."""
    return Effect(*(number.quantize(_CLEAN).normalize() + ZERO for number in effect))


def _by_rule(score: Score) -> Decimal:
    """A leaf's points by its rule, before rounding and before its condition."""
    return (score.points or ZERO) if score.bare_points is None else score.bare_points


def _attainable(score: Score) -> Decimal:
    rule, bands, maximum = scoring(score.node.criterion.method), score.node.bands, score.node.max_score
    figures = score.node.criterion.figures
    most = rule.attainable(bands, maximum) if isinstance(rule, LeafMethod) else max(maximum, ZERO)
    if isinstance(rule, FigureMethod) and figures is not None and not figures.only_adds:  # it may well be below 0
        lowest = rule.points(-BEYOND_ALL, bands, maximum)
        most = max(most, ZERO if lowest is None else lowest.amount)
    return most
