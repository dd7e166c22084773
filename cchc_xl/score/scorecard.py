"""The score: a :class:`Consolidation` and the plan in force come in, a :class:`Scorecard` goes out.

Leaves first, each by its method; then the tree of them (`plan.tree`): roundings, conditions, groups; then the index.
Nothing is rounded but where the plan says so. A missing criterion counts 0 in ``percent`` and its maximum in
``percent_if_missing_full``: an interval, never a guess.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, localcontext
from types import MappingProxyType
from typing import Literal

from cchc_xl.plan.constraints import quotient_value
from cchc_xl.plan.edition import is_extra
from cchc_xl.plan.expression import is_of_dates
from cchc_xl.plan.marking import (
    ZERO,
    FigureMethod,
    GroupMethod,
    Points,
    ReportedMethod,
    away_points,
    combined,
    fits,
    frame_words,
)
from cchc_xl.plan.methods import is_stated_percentage, percentages, ranked_later, scoring
from cchc_xl.plan.tree import Branch, CriteriaTree, Sums, in_places
from cchc_xl.records import (
    LAST_YEAR,
    Consolidation,
    CriterionEntry,
    Edition,
    FigureEntry,
    Finding,
    Index,
    Input,
    Kind,
    MeasureTotal,
    Node,
    Quotient,
    Score,
    Scorecard,
    State,
)
from cchc_xl.score.basis import Words, one_of
from cchc_xl.text.catalogue import finding
from cchc_xl.text.numbers import EXACT, lower_first, plain, points_text, settled, telling, vietnamese
from cchc_xl.text.words import RANKED_LATER


class _LeafScorer:
    """Scores the leaves of one edition; what it finds on the way collects in ``findings``."""

    def __init__(self, edition: Edition, consolidation: Consolidation) -> None:
        self.findings: list[Finding] = []
        known = (*consolidation.measures, *consolidation.last_year)
        self._totals = {total.measure.code: total for total in known}
        self._kinds = {total.measure.code: total.measure.kind for total in consolidation.measures}
        self._words = Words(edition, known)
        self._rows: dict[str, list[CriterionEntry]] = {}
        for submission in consolidation.submissions:
            for entry in submission.criteria:
                if entry.leads:
                    self._rows.setdefault(entry.criterion, []).append(entry)
        self._flagged = {code for conflict in consolidation.conflicts for code in conflict.criteria}
        self._zero_without_evidence = edition.plan.settings.zero_without_evidence
        self._places = edition.plan.settings.places

    def score(self, node: Node) -> Score:
        """The score of a leaf: scored, missing or not applicable, with the sentence that says why."""
        rows = self._rows.get(node.criterion.code, [])
        rule, before = scoring(node.criterion.method), len(self.findings)
        if not node.sound or node.criterion.method is None:
            scored = _missing(node, "Chưa chấm được: kế hoạch có lỗi ở tiêu chí này (xem `cchc-xl plan`)")
        elif isinstance(rule, ReportedMethod):
            scored = self._reported(node, rule, rows)
        elif isinstance(rule, FigureMethod) and node.criterion.figures is not None:
            scored = self._from_figures(node, rule, node.criterion.figures)
            scored = self._without_evidence(scored, rows)
        else:
            scored = _missing(node, "Chưa chấm được: cách chấm này cần số liệu hoặc tiêu chí thành phần")
        if _is_followed(node):
            del self.findings[before:]
            scored = _followed(scored)
        given = [row.self_points for row in rows if row.self_points is not None]
        own = combined(given, node.criterion.combine) if given else None
        basis = scored.basis + self._supplied(scored.inputs)
        return replace(scored, basis=basis, self_points=own, flagged=node.criterion.code in self._flagged)

    def _supplied(self, inputs: Iterable[Input]) -> str:
        """Of which units the figures are not their own reports, as the end of the sentence."""
        units = tuple(dict.fromkeys(item.unit for item in inputs if item.by == "office"))
        return f"; có số liệu bổ sung thay báo cáo của {self._words.who(units)}" if units else ""

    def self_score_findings(self, scores: Iterable[Score]) -> Iterator[Finding]:
        """Points that units give themselves and that are others than those computed, rounded as the plan says."""
        for score in scores:
            yield from _self_score_findings(score, self._rows.get(score.node.criterion.code, []), self._places)

    # --- from figures ---

    def _from_figures(self, node: Node, rule: FigureMethod, figures: Quotient) -> Score:
        names = figures.names if figures.only_adds else tuple(dict.fromkeys(figures.names))
        totals = [self._totals[name] for name in names if name in self._totals]
        inputs = _inputs(totals)
        unknown = [total for total in totals if total.state in (State.MISSING, State.ERROR) or _wordy(total)]
        if unknown or len(totals) != len(names):
            return replace(_missing(node, f"Chưa có điểm: {self._words.waiting(unknown)}"), inputs=inputs)
        known = {total.measure.code: total.value or ZERO for total in totals}
        days = is_of_dates(figures, self._kinds)
        arose = [total.state is State.KNOWN for total in totals]
        value = quotient_value(figures, known)
        if not any(arose) or (days and not all(arose)) or value is None:
            why = "mẫu số bằng 0" if any(arose) and not days else "không phát sinh"
            return replace(self._not_applicable(node, why), inputs=inputs)
        shown = self._words.arithmetic(figures, known, value)
        if figures.only_adds and not figures.below and (rule.is_percentage or self._words.in_percent(figures)):
            shown += "%"
        if is_stated_percentage(figures, [total.measure for total in totals]):
            low, high = percentages(rule, node.bands)
            if not low <= value <= high:
                return self._impossible(node, totals[0], shown, f"{vietnamese(low)}–{vietnamese(high)}%")
        if ranked_later(node.criterion.method, value):
            basis = f"Chưa có điểm: {RANKED_LATER} ({self._words.named(figures)}: {shown})"
            return replace(_missing(node, basis), inputs=inputs, value=value)
        points = rule.points(value, node.bands, node.max_score)
        if points is None:
            self.findings.append(
                finding("S102", node.criterion.at, criterion=node.criterion.code, code=node.criterion.code, text=shown)
            )
            return replace(_missing(node, f"{shown}: không thuộc bậc nào của “Thang điểm”"), inputs=inputs)
        how = rule.explained(points, node.bands, node.max_score, "ngày" if days else one_of(totals))
        named = self._words.named(figures)
        basis = f"{named}: {shown}{how} → {_points(points.amount, self._places)}"
        return replace(_scored(node, points.amount, basis, inputs, points), value=value)

    def _impossible(self, node: Node, total: MeasureTotal, shown: str, limits: str) -> Score:
        """A leaf whose percentage nobody can mean has no points: those it would give are the full ones."""
        code, entry = node.criterion.code, next((item for item in total.entries if item.value is not None), None)
        at, unit = (entry.at, entry.unit) if entry else (node.criterion.at, None)
        name = total.measure.name
        told = finding("S103", at, unit=unit, criterion=code, code=code, name=name, text=shown, limits=limits)
        self.findings.append(told)
        basis = f"Chưa có điểm: {total.measure.name} là {shown}, ngoài khoảng {limits}"
        return replace(_missing(node, basis), inputs=_inputs([total]))

    def _not_applicable(self, node: Node, why: str) -> Score:
        policy = node.criterion.not_applicable
        code = node.criterion.code
        if not policy:
            self.findings.append(finding("S101", node.criterion.at, criterion=code, code=code, text=why))
            return _missing(node, f"Chưa có điểm: {why}, nhưng kế hoạch không cho phép “không phát sinh”")
        if policy == "loại":
            basis = f"Không phát sinh ({why}): loại {_points(node.max_score, self._places)} khỏi điểm tối đa áp dụng"
            return replace(_missing(node, basis), status="not_applicable", applicable_max=ZERO, full_points=ZERO)
        points = away_points(policy, node.max_score)
        basis = f"Không phát sinh ({why}): tính {policy} → {_points(points, self._places)}"
        return replace(_scored(node, points, basis), status="not_applicable")

    def _without_evidence(self, scored: Score, rows: list[CriterionEntry]) -> Score:
        """Under ``0 điểm``, a figure's leaf that no lead unit supports with evidence."""
        required = self._zero_without_evidence and scored.node.criterion.evidence
        awaits = scored.status == "missing" and scored.value is not None  # its points, and no figure any more
        if not (awaits or scored.status == "scored") or not required or any(row.evidence for row in rows):
            return scored
        basis = f"{scored.basis}; thiếu tài liệu kiểm chứng → 0 điểm"
        none = replace(scored, points=ZERO, final_points=ZERO, full_points=ZERO)
        return replace(none, status="scored", basis=basis, unsupported=True)

    # --- from the units' rows ---

    def _reported(self, node: Node, rule: ReportedMethod, rows: list[CriterionEntry]) -> Score:
        by_unit = {row.unit: row for row in rows}
        points: list[tuple[Decimal, Points, CriterionEntry]] = []
        waiting: list[str] = []
        away = 0
        for unit in node.lead:
            row = by_unit.get(unit)
            if row is not None and row.level_state is State.NOT_APPLICABLE:
                away += 1
                continue
            own = self._unit_points(node, rule, row) if row else None
            if row is None or own is None:
                waiting.append(unit)
            else:
                points.append((own.amount, own, row))
        lead = frozenset(node.lead)
        inputs = tuple(Input(rule.heading, row.unit, *rule.reported(row)) for row in rows if row.unit in lead)
        outside = [row.unit for row in rows if rule.by_hand and row.self_points is not None and row.unit in waiting]
        if waiting or not node.lead:
            late = [unit for unit in waiting if unit not in outside]
            owed = f"còn thiếu của {self._words.who(late)}" if late else "chưa đơn vị nào chủ trì"
            why = [owed] if late or not outside else []
            if outside:
                frame = frame_words(node.bands, node.max_score)
                why.append(f"điểm tự chấm của {self._words.who(outside)} ngoài khung ({frame})")
            return replace(_missing(node, f"Chưa có điểm: {'; '.join(why)}"), inputs=inputs, waiting=tuple(waiting))
        if not points:
            return replace(self._not_applicable(node, f"{away} đơn vị chủ trì báo không phát sinh"), inputs=inputs)
        amount = combined([value for value, _, _ in points], node.criterion.combine)
        decisive = next((item for item in points if item[0] == amount), points[0])
        return _scored(node, amount, self._words.reported(node, rule, points, amount), inputs, decisive[1])

    def _unit_points(self, node: Node, rule: ReportedMethod, row: CriterionEntry) -> Points | None:
        text, _ = rule.reported(row)
        own = rule.points(text, node.bands, node.max_score) if rule.state(row) is State.KNOWN else None
        if own and self._zero_without_evidence and node.criterion.evidence and not row.evidence:
            return Points(ZERO, own.band)
        return own


def _is_followed(node: Node) -> bool:
    """Whether the leaf is only followed: its maximum is 0, so that it has no points (design §6)."""
    return node.sound and not node.max_score


def _followed(own: Score) -> Score:
    """The score that a figure would give, as one of a leaf without points: what is known of it is told."""
    told = own.basis.partition(" → ")[0] if own.status == "scored" else lower_first(own.basis)
    basis = f"Chỉ theo dõi, không tính điểm: {told}"
    bare = Score(own.node, "followed", ZERO, None, None, ZERO, None, None, basis, own.inputs)
    return replace(bare, value=own.value, waiting=own.waiting)


def _missing(node: Node, basis: str) -> Score:
    return Score(node, "missing", node.max_score, None, None, max(node.max_score, ZERO), None, None, basis)


def _scored(
    node: Node, amount: Decimal, basis: str, inputs: tuple[Input, ...] = (), points: Points | None = None
) -> Score:
    band = points.band if points else None
    return Score(node, "scored", node.max_score, amount, amount, amount, None, None, basis, inputs, band)


def _wordy(total: MeasureTotal) -> bool:
    """A figure of words cannot be scored."""
    return total.state is State.KNOWN and total.value is None


def _points(amount: Decimal, places: int) -> str:
    return f"{points_text(amount, places)} điểm"


def _inputs(totals: list[MeasureTotal]) -> tuple[Input, ...]:
    return tuple(
        Input(
            entry.measure,
            entry.unit,
            _shown_state(entry, total.measure.kind),
            entry.at,
            _period_of(total, entry),
            entry.by,
        )
        for total in totals
        for entry in total.entries
    )


def _period_of(total: MeasureTotal, entry: FigureEntry) -> str:
    """The period of the earlier result that a figure was taken from: the folder that it stands in."""
    return entry.at.file.partition("/")[0] if total.measure.code.endswith(LAST_YEAR) else ""


def _shown_state(entry: FigureEntry, kind: Kind) -> str:
    if entry.state is State.KNOWN and entry.value is not None and kind is not Kind.DATE:
        return plain(entry.value)
    return {State.NOT_APPLICABLE: "không phát sinh", State.MISSING: ""}.get(entry.state, entry.text)


def score(
    edition: Edition, consolidation: Consolidation, appraised: Mapping[str, Decimal] = MappingProxyType({})
) -> Scorecard:
    """Every criterion's score, in plan order, and the index; ``appraised`` gives the Office's points by leaf.

    Source of the index: points obtained over the applicable maximum, in percent (design §3, §6).
    """
    with localcontext(EXACT):
        scorer = _LeafScorer(edition, consolidation)
        nodes = {node.criterion.code: node for node in edition.nodes}
        leaves = {}
        for node in edition.leaves:
            own = _appraised(scorer.score(node), appraised.get(node.criterion.code))
            # A bonus or a deduction that is missing counts 0 in both percentages.
            waits = own.final_points is None and is_extra(node.criterion.code, nodes)
            leaves[node.criterion.code] = replace(own, full_points=ZERO) if waits else own
        ordered = _grown(edition, leaves)
        index = _index(ordered)
        told = tuple(scorer.self_score_findings(ordered))
    return Scorecard(ordered, index, (*scorer.findings, *told))


def _appraised(own: Score, points: Decimal | None) -> Score:
    """With the Office's points in place of the computed ones; what did not arise takes none."""
    own = replace(own, bare_points=own.points)
    if points is None or not own.applicable_max:
        return own
    awaits = own.status == "missing" and own.value is not None  # the ranking, and no figure any more
    own = replace(own, status="scored" if awaits else own.status)
    return replace(own, appraised_points=points, final_points=points, full_points=points)


def _grown(edition: Edition, leaves: Mapping[str, Score]) -> tuple[Score, ...]:
    """Every criterion's score: the leaves rounded and held to their conditions, the groups from their children.

    Three kinds of points are summed: the final ones, those with all that is missing, and those by rule.
    """
    branches = _branches(edition, leaves)
    tree = CriteriaTree(branches.values())
    dead = {code: branch.limit for code, branch in branches.items() if branch.rule is None and branch.children}
    nodes = {node.criterion.code: node for node in edition.nodes}
    most = {code: ZERO if is_extra(code, nodes) else limit for code, limit in dead.items()}

    def summed(which: str, unmet: Collection[str] | None = None) -> Sums:
        given = {code: getattr(item, which) for code, item in leaves.items() if _applies(item)}
        missing = {code for code, points in given.items() if points is None}
        without_rule = most if which == "full_points" else dict.fromkeys(dead, ZERO)
        return tree.sums({**dict.fromkeys(missing, ZERO), **_known(given), **without_rule}, {*missing, *dead}, unmet)

    final, full = summed("final_points"), summed("full_points")
    by_rule = summed("points", final.unmet | final.pending)
    scores: dict[str, Score] = {}
    for node in sorted(edition.nodes, key=lambda item: -item.level):
        code, children = node.criterion.code, [scores[child] for child in node.children]
        own = _group(node, branches[code], children) if children else leaves[code]
        scores[code] = replace(
            own,
            status=_status(own, final),
            held="unmet" if code in final.unmet else "pending" if code in final.pending else "",
            points=None if code in final.pending else by_rule.points(code),
            final_points=final.points(code),
            full_points=full.least[code] or ZERO,
        )
    places = edition.plan.settings.places
    return tuple(_told(scores[node.criterion.code], scores, places) for node in edition.nodes)


def _applies(leaf: Score) -> bool:
    """Whether it counts at all: what the plan leaves out for "không phát sinh" does not, nor what is only followed."""
    return bool(leaf.applicable_max) or (leaf.final_points is not None and leaf.status != "not_applicable")


def _known(given: Mapping[str, Decimal | None]) -> dict[str, Decimal | None]:
    return {code: points for code, points in given.items() if points is not None}


def _branches(edition: Edition, leaves: Mapping[str, Score]) -> dict[str, Branch]:
    """The criteria as they are summed; a group's maximum is without what did not arise below it."""
    found: dict[str, Branch] = {}
    stated = {node.criterion.code: node.max_score for node in edition.nodes}
    for node in sorted(edition.nodes, key=lambda item: -item.level):
        criterion, rule = node.criterion, scoring(node.criterion.method)
        limit = node.max_score
        if node.children and isinstance(rule, GroupMethod):
            regular = [found[code] for code in node.children if not found[code].is_bonus]
            limit = rule.limit(limit, [(stated[child.code], child.maximum) for child in regular])
        applicable = limit if node.children else leaves[criterion.code].applicable_max
        found[criterion.code] = Branch(
            code=criterion.code,
            children=node.children,
            rule=rule if node.children and node.sound and isinstance(rule, GroupMethod) else None,
            limit=limit,
            maximum=ZERO if rule.is_bonus else applicable,
            is_bonus=rule.is_bonus,
            condition=criterion.condition if node.sound else None,
            places=node.places,
        )
    return found


def _group(node: Node, branch: Branch, children: list[Score]) -> Score:
    waiting = [child.node.criterion.code for child in children if child.final_points is None and child.applicable_max]
    away = [child for child in children if child.status == "not_applicable" and not child.applicable_max]
    counted = sum(child.status != "followed" for child in children) - len(away)
    basis = f"{branch.rule.how} của {counted} tiêu chí thành phần" if branch.rule else ""
    if not branch.rule:
        basis = "Chưa chấm được: dòng này trong “Bộ chỉ số” còn lỗi"
    elif away:
        basis += f" (không tính {', '.join(child.node.criterion.code for child in away)}: không phát sinh)"
    if branch.rule and waiting:
        basis += f"; còn thiếu điểm của {', '.join(waiting)}"
    flagged = any(child.flagged for child in children)
    return Score(node, "group", branch.maximum, None, None, ZERO, None, None, basis, flagged=flagged)


def _status(own: Score, sums: Sums) -> Literal["scored", "missing", "not_applicable", "group", "followed"]:
    """A condition that is not met leaves 0 points, whatever was reported; one that waits leaves none yet."""
    code = own.node.criterion.code
    if own.status == "scored" and code in sums.pending:
        return "missing"
    return "scored" if own.status == "missing" and code in sums.unmet else own.status


def _told(score: Score, scores: Mapping[str, Score], places: int) -> Score:
    """With what rounding and its condition make of the points as the end of the sentence."""
    node, basis = score.node, score.basis
    bare = score.bare_points if score.appraised_points is None else score.appraised_points
    if node.places is not None and bare is not None and (shown := in_places(bare, node.places)) != bare:
        given = "" if score.appraised_points is None else f" (điểm thẩm định {vietnamese(bare)})"
        basis += f"; làm tròn đến {node.places} chữ số thập phân{given} → {_points(shown, node.places)}"
    condition = node.criterion.condition
    if condition is None or not score.held:
        return replace(score, basis=basis)
    other = scores[condition.code]
    asked = f"điều kiện là “{other.node.criterion.name}” ({condition.code}) {condition.asks}"
    if score.held == "pending":
        return replace(score, basis=f"{basis}; {asked}, tiêu chí đó chưa đủ điểm để biết nên chưa có điểm")
    basis += f"; {asked}, mà tiêu chí đó được {_points(other.final_points or ZERO, places)} → 0 điểm"
    if score.appraised_points is not None:
        basis += f" (điểm thẩm định {vietnamese(score.appraised_points)} không tính)"
    return replace(score, basis=basis)


def _index(scores: tuple[Score, ...]) -> Index:
    top = tuple(item for item in scores if item.node.parent is None)
    points = sum((item.final_points or ZERO for item in top), ZERO)
    full = sum((item.full_points for item in top), ZERO)
    applicable = sum((max(item.applicable_max, ZERO) for item in top), ZERO)
    points, full = settled(points), settled(full)
    complete = points == full  # nothing that is missing can change the index
    percent = points * 100 / applicable if applicable else None
    return Index(points, applicable, percent, full * 100 / applicable if applicable else None, complete)


def _self_score_findings(item: Score, rows: Iterable[CriterionEntry], places: int) -> Iterator[Finding]:
    """Points that a unit gives itself beside computed ones and that are others; points of no frame are told apart."""
    criterion = item.node.criterion
    if item.status != "scored" or item.points in (None, item.self_points) or scoring(criterion.method).by_hand:
        return
    for row in rows:
        own = row.self_points
        if own is not None and own != item.points and fits(own, (), item.node.max_score):
            code, computed = criterion.code, telling(item.points or ZERO, places, own.__ne__)
            told = {"code": code, "own": vietnamese(own), "computed": computed}
            yield finding("S201", row.at_self, unit=row.unit, criterion=code, **told)
