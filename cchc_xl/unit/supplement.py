"""What a unit's own appendix has no place for: its submission and the plan come in, what is still asked for goes out.

`issue` writes a small form that asks for just that; filled in and returned beside the appendix, both count together.
Contract: design §4, *The familiar appendix*.
"""

from __future__ import annotations

from dataclasses import dataclass

from cchc_xl.records import CellRef, Edition, Finding, State, Submission
from cchc_xl.text.catalogue import finding
from cchc_xl.unit.form import level_method


@dataclass(frozen=True, slots=True)
class Asked:
    """The codes of the figures and of the criteria whose level a unit still owes."""

    measures: frozenset[str]
    criteria: frozenset[str]


def asked(submission: Submission, edition: Edition) -> Asked:
    """What the plan wants of a unit that sent its own appendix, and what is in none of the files that it sent."""
    if submission.part != "familiar":
        return Asked(frozenset(), frozenset())
    levels = {entry.criterion for entry in submission.criteria if entry.level_state is not State.MISSING}
    return Asked(
        frozenset(entry.measure for entry in submission.figures if entry.state is State.MISSING),
        frozenset(
            node.criterion.code
            for node in edition.leaves
            if submission.unit in node.lead and level_method(node) is not None and node.criterion.code not in levels
        ),
    )


def asked_finding(submission: Submission, edition: Edition) -> tuple[Finding, ...]:
    """One warning that says how much is asked for; none where nothing is."""
    wanted = asked(submission, edition)
    count = len(wanted.measures) + len(wanted.criteria)
    if not count:
        return ()
    return (finding("D216", CellRef(submission.form_file), unit=submission.unit, count=count),)
