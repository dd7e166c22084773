"""Which of a unit's files counts: what it sent comes in, the file that counts goes out, with the others and why.

A file replaces another only where every sign of whose it is and of when it was sent agrees. Contract: design §4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from cchc_xl.records import CellRef, Finding, RollCall, State, Submission, Unit
from cchc_xl.text.catalogue import finding
from cchc_xl.text.words import VIETNAM

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Versions:
    """The files one unit sent: the one that counts, None where that cannot be told, and the others, best first."""

    unit: Unit
    counts: Submission | None
    others: tuple[Submission, ...]
    first_sent: datetime

    @classmethod
    def of(cls, unit: Unit, offered: list[Submission], recorded: datetime | None) -> Versions:
        """The files in order; ``recorded`` is when the unit first sent something, by the last result.

        A file whose signs agree comes before one whose do not, one with a stored time before one that has only the
        disk's, a later one before an earlier one; ties go by name.
        """
        ordered = sorted(
            offered,
            key=lambda item: (not item.contrary, item.sent_from == "file", item.sent, item.form_file),
            reverse=True,
        )
        first = min(filter(None, (recorded, *(item.sent for item in offered))))
        best = ordered[0]
        if best.contrary and any(item.inputs != best.inputs for item in ordered):
            return cls(unit, None, tuple(ordered), first)
        return cls(unit, best, tuple(ordered[1:]), first)

    def roll(self, due: date | None) -> RollCall:
        """The unit's line of the roll-call: late by its first file, never by a correction."""
        names = tuple(item.form_file for item in self.others)
        if self.counts is None:
            return RollCall(self.unit.code, "unreadable", superseded=names, first_sent=self.first_sent)
        late = due is not None and sent_day(self.first_sent) > due
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
        for other in self.others:
            at, told = CellRef(other.form_file), {"name": self.unit.name, "winner": winner.form_file}
            reason = _reason(winner, other)
            if reason:
                yield finding("U204", at, unit=self.unit.code, reason=reason, **told)
            else:
                yield finding("U301", at, unit=self.unit.code, **told)
        if due is not None and sent_day(self.first_sent) <= due < sent_day(winner.sent):
            day = f"{sent_day(winner.sent):%d/%m/%Y}"
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
        shown = ", ".join(lacking[:_SHOWN]) + ("…" if len(lacking) > _SHOWN else "")
        return f"bản này có nội dung mà bản đang dùng không có ({shown})"
    return ""


def _held(item: Submission) -> list[str]:
    """The codes of the figures and criteria of which the file says something."""
    return [
        *(entry.measure for entry in item.figures if entry.state in (State.KNOWN, State.NOT_APPLICABLE)),
        *(entry.criterion for entry in item.criteria if entry.level or entry.self_points is not None),
    ]


def sent_day(sent: datetime) -> date:
    """The day of sending in Vietnam (UTC+7).

    >>> from datetime import timezone
    >>> sent_day(datetime(2021, 3, 20, 18, 0, tzinfo=timezone.utc))
    datetime.date(2021, 3, 21)
    """
    return sent.astimezone(VIETNAM).date()
