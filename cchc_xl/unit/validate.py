"""Checks of one unit's workbook against the plan: a :class:`Submission` comes in, findings go out.

Each check is one small function; adding a check is writing one, naming it in ``CHECKS``, its sentence in the catalogue,
and a row in ``tests/test_remedies.py``: ``examples/12-new-check`` does it. What makes a single cell unreadable is found
earlier, in `conform`.
"""

from __future__ import annotations

from collections.abc import Iterator

from cchc_xl.plan.constraints import broken_finding, broken_sides, counted
from cchc_xl.plan.edition import typed_bounds
from cchc_xl.plan.marking import fits, frame_words
from cchc_xl.plan.methods import scoring
from cchc_xl.records import CellRef, Edition, Finding, State, Submission
from cchc_xl.text.catalogue import finding
from cchc_xl.text.numbers import vietnamese
from cchc_xl.unit.form import APPENDIX_SHEET, EVIDENCE, LEVEL, REASON, RESULT, SELF_POINTS, level_method, levels


def check(submission: Submission, edition: Edition) -> tuple[Finding, ...]:
    """Every finding of this workbook that its own cells and the plan can tell."""
    return tuple(item for one in CHECKS for item in one(submission, edition))


def _constraints(submission: Submission, edition: Edition) -> Iterator[Finding]:
    """Constraints over figures that this unit enters all of; the finding stands at its first cell."""
    kinds = {measure.code: measure.kind for measure in edition.plan.measures}
    entries = {entry.measure: entry for entry in submission.figures}
    added = {code: counted(entry.state, entry.value, kinds[code]) for code, entry in entries.items()}
    figures = {code: value for code, value in added.items() if value is not None}
    for constraint in edition.plan.constraints:
        codes = constraint.left.names + constraint.right.names
        sides = broken_sides(constraint, figures) if all(code in entries for code in codes) else None
        if sides:
            yield broken_finding(constraint, sides, edition.plan.measures, entries[codes[0]].at, submission.unit)


def _levels(submission: Submission, edition: Edition) -> Iterator[Finding]:
    """The level of every ``mức`` criterion the unit leads: given, and one of the plan's."""
    if {APPENDIX_SHEET, LEVEL} & set(submission.unread):
        return
    rows = {entry.criterion: entry for entry in submission.criteria}
    for node in edition.leaves:
        rule = level_method(node)
        if rule is None or submission.unit not in node.lead:
            continue
        code = node.criterion.code
        entry = rows.get(code)
        is_blank = entry is None or (submission.part == "familiar" and entry.level_state is State.MISSING)
        if submission.part and is_blank:
            continue  # it is asked for apart
        if entry is None:
            at, name = CellRef(submission.form_file), node.criterion.name
            yield finding("D110", at, unit=submission.unit, criterion=code, code=code, name=name)
        elif entry.level_state is State.MISSING:
            choices = "; ".join(levels(node))
            yield finding("D111", entry.at_level, unit=submission.unit, criterion=code, code=code, choices=choices)
        elif entry.level_state is State.KNOWN and rule.points(entry.level, node.bands, node.max_score) is None:
            told = {"text": entry.level, "choices": "; ".join(levels(node))}
            yield finding("D112", entry.at_level, unit=submission.unit, criterion=code, **told)


def _self_scores(submission: Submission, edition: Edition) -> Iterator[Finding]:
    """The points a unit gives itself: under ``chấm tay`` within minimum, step and maximum, with a reason.

    Those beside a computed criterion only have to be points of its maximum; one without points asks for none.
    """
    rows = {entry.criterion: entry for entry in submission.criteria}
    for node in edition.leaves:
        entry = rows.get(node.criterion.code)
        if submission.unit not in node.lead or entry is None or not node.max_score:
            continue
        code, own, by_hand = node.criterion.code, entry.self_points, scoring(node.criterion.method).by_hand
        bands = typed_bounds(node)
        if own is not None and not fits(own, bands, node.max_score):
            told = {"text": vietnamese(own), "code": code, "allowed": frame_words(bands, node.max_score)}
            problem = "S110" if by_hand else "D203"
            yield finding(problem, entry.at_self, unit=submission.unit, criterion=code, **told)
        if not by_hand:
            continue
        if own is not None:
            if not entry.reason and not entry.result and not {RESULT, REASON} <= set(submission.unread):
                yield finding("D204", entry.at, unit=submission.unit, criterion=code, code=code)
        elif entry.self_state is State.MISSING and SELF_POINTS not in submission.unread:
            yield finding("D205", entry.at_self, unit=submission.unit, criterion=code, code=code)


def _evidence(submission: Submission, edition: Edition) -> Iterator[Finding]:
    """Evidence that the plan requires of the units that lead."""
    if EVIDENCE in submission.unread:
        return
    rows = {entry.criterion: entry for entry in submission.criteria}
    for node in edition.leaves:
        entry = rows.get(node.criterion.code)
        if not node.criterion.evidence or submission.unit not in node.lead or entry is None or entry.evidence:
            continue
        if entry.level_state is not State.NOT_APPLICABLE:
            code, document = node.criterion.code, node.criterion.evidence
            problem = "E202" if edition.plan.settings.zero_without_evidence else "E201"
            at = entry.at_evidence
            yield finding(problem, at, unit=submission.unit, criterion=code, code=code, document=document)


CHECKS = (_constraints, _levels, _self_scores, _evidence)
