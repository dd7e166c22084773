"""Which of a unit's files counts: what it sent comes in, the file that counts goes out, with the others and why.

A file replaces another only where every sign of whose it is and of when it was sent agrees. Contract: design §4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from cchc_xl.plan.figure_values import says_same
from cchc_xl.records import CellRef, CriterionEntry, Finding, RollCall, State, Submission, Unit
from cchc_xl.text.catalogue import finding
from cchc_xl.text.days import date_vi, day_here
from cchc_xl.text.words import first_few, key

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Versions:
    """The files one unit sent: what counts, None where that cannot be told, and the others, best first.

    What counts is one file, or the parts that complete one another; ``apart`` says by file why one was not joined.
    """

    unit: Unit
    counts: Submission | None
    others: tuple[Submission, ...]
    first_sent: datetime
    apart: Mapping[str, str]

    @classmethod
    def of(cls, unit: Unit, offered: list[Submission], recorded: datetime | None) -> Versions:
        """The files in order; ``recorded`` is when the unit first sent something, by the last result.

        A whole form comes before a part, a file whose signs agree before one whose do not, one with a stored time
        before one that has only the disk's, a later one before an earlier one; ties go by name. The newest appendix of
        the unit's own making and all supplements are joined to it, as long as no cell contradicts.
        """
        ordered = sorted(
            offered,
            key=lambda item: (
                not item.contrary,
                ("supplement", "familiar", "").index(item.part),
                item.sent_from == "file",
                item.sent,
                item.form_file,
            ),
            reverse=True,
        )
        first = min(filter(None, (recorded, *(item.sent for item in offered))))
        best = ordered[0]
        if best.contrary and any(item.inputs != best.inputs for item in ordered):
            return cls(unit, None, tuple(ordered), first, {})
        counts, others, apart = best, list[Submission](), dict[str, str]()
        has_own = best.part == "familiar"
        for item in ordered[1:]:
            is_older, has_own = has_own and item.part == "familiar", has_own or item.part == "familiar"
            if item.contrary or not item.part or is_older:
                others.append(item)
                continue
            made, contradicts = joined(counts, item)
            if contradicts:
                apart[item.form_file] = f"trái nhau ở {contradicts}"
                others.append(item)
            else:
                counts = made
        return cls(unit, counts, tuple(others), first, apart)

    def roll(self, due: date | None) -> RollCall:
        """The unit's line of the roll-call: late by its first file, never by a correction."""
        names = tuple(item.form_file for item in self.others)
        if self.counts is None:
            return RollCall(self.unit.code, "unreadable", superseded=names, first_sent=self.first_sent)
        late = due is not None and day_here(self.first_sent) > due
        return RollCall(
            self.unit.code,
            "late" if late else "submitted",
            self.counts.form_file,
            self.counts.sha256,
            self.counts.sent,
            self.counts.sent_from,
            names,
            self.first_sent,
        )

    def findings(self, due: date | None) -> Iterator[Finding]:
        """What is to be said of the unit's files."""
        for item in (self.counts, *self.others):
            if item is not None and item.contrary:
                at = CellRef(item.form_file)
                yield finding("U107", at, unit=self.unit.code, name=self.unit.name, text=item.contrary)
        if self.counts is None:
            files = "; ".join(item.form_file for item in self.others)
            yield finding("U108", unit=self.unit.code, name=self.unit.name, files=files)
            return
        winner = self.counts
        if winner.joined:
            at, files = CellRef(winner.form_file), "; ".join(winner.joined)
            yield finding("U208", at, unit=self.unit.code, name=self.unit.name, count=len(winner.joined), files=files)
        for other in self.others:
            at, told = CellRef(other.form_file), {"name": self.unit.name, "winner": winner.form_file}
            reason = self.apart.get(other.form_file) or _reason(winner, other)
            if reason:
                yield finding("U204", at, unit=self.unit.code, reason=reason, **told)
            else:
                yield finding("U301", at, unit=self.unit.code, **told)
        if due is not None and day_here(self.first_sent) <= due < day_here(winner.sent):
            day = date_vi(day_here(winner.sent))
            count = str(len(self.others) + 1 if self.others else 2)
            at = CellRef(winner.form_file)
            yield finding("U302", at, unit=self.unit.code, name=self.unit.name, count=count, day=day)


def _reason(winner: Submission, other: Submission) -> str:
    """Why it cannot be said that one file replaces another; '' where it does."""
    if winner.inputs == other.inputs:
        return ""
    if other.contrary:
        return f"dấu hiệu của bản này trái nhau ({other.contrary})"
    if winner.sent_from != other.sent_from and other.sent > winner.sent:
        return "bản này chỉ có giờ trên ổ đĩa, muộn hơn giờ lưu ghi trong bản đang dùng"
    lacking = [item for item in _held(other) if item not in set(_held(winner))]
    if lacking:
        return f"bản này có nội dung mà bản đang dùng không có ({first_few(lacking, _SHOWN, ', ')})"
    return ""


def joined(first: Submission, second: Submission) -> tuple[Submission, str]:
    """Two parts as one submission, and where they contradict one another ('' if they do not).

    A figure, level or mark comes from the part that has it; texts of both are kept.
    """
    figures = {entry.measure: entry for entry in first.figures}
    criteria = {entry.criterion: entry for entry in first.criteria}
    apart: list[str] = []
    for entry in second.figures:
        own = figures.get(entry.measure)
        if own is None or own.state is State.MISSING:
            figures[entry.measure] = entry
        elif entry.state is not State.MISSING and not says_same(own, entry):
            apart.append(f"{entry.measure} ({own.at.address}, {entry.at.address})")
    for row in second.criteria:
        held = criteria.get(row.criterion)
        criteria[row.criterion] = row if held is None else _one_row(held, row, apart)
    later = max(first, second, key=lambda item: item.sent)
    made = replace(
        first,
        form_file=later.form_file,
        sha256=later.sha256,
        sent=later.sent,
        sent_from=later.sent_from,
        figures=tuple(figures.values()),
        criteria=tuple(criteria.values()),
        tasks=first.tasks or second.tasks,
        joined=(*first.files, second.form_file),
    )
    return made, first_few(apart, _SHOWN, ", ")


def _one_row(first: CriterionEntry, second: CriterionEntry, apart: list[str]) -> CriterionEntry:
    """A criterion's two rows as one; what contradicts is added to ``apart``."""
    level = first if first.level_state is not State.MISSING else second
    points = first if first.self_state is not State.MISSING else second
    if State.MISSING not in (first.level_state, second.level_state) and key(first.level) != key(second.level):
        apart.append(f"{first.criterion} ({first.at_level.address}, {second.at_level.address})")
    if State.MISSING not in (first.self_state, second.self_state) and first.self_points != second.self_points:
        apart.append(f"{first.criterion} ({first.at_self.address}, {second.at_self.address})")
    return replace(
        first,
        level=level.level,
        level_state=level.level_state,
        at_level=level.at_level,
        self_points=points.self_points,
        self_state=points.self_state,
        at_self=points.at_self,
        result=_both(first.result, second.result),
        evidence=_both(first.evidence, second.evidence),
        at_evidence=first.at_evidence if first.evidence else second.at_evidence,
        reason=_both(first.reason, second.reason),
        more=_all_of(first.more, second.more),
    )


def _both(first: str, second: str) -> str:
    return first if not second or first == second else "\n".join(filter(None, (first, second)))


def _all_of(first: tuple[tuple[str, str], ...], second: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """What stands in further columns of either, by their headings."""
    texts = dict(first)
    for heading, text in second:
        texts[heading] = _both(texts.get(heading, ""), text)
    return tuple(texts.items())


def _held(item: Submission) -> list[str]:
    """The codes of the figures and criteria of which the file says something."""
    return [
        *(entry.measure for entry in item.figures if entry.state in (State.KNOWN, State.NOT_APPLICABLE)),
        *(entry.criterion for entry in item.criteria if entry.level or entry.self_points is not None),
    ]
