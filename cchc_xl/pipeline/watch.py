"""Watching the shared folder: a plan and a folder come in, what happens there goes out, one event at a time.

A plain loop that looks again and again: a share tells nobody of its changes. A share that is gone for a while is waited
for, and what it then lists is compared with what stood there before; a file is opened only when it has stood still
between two looks and nobody holds it open.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from cchc_xl.office.excel.disk import Location, at, held_open
from cchc_xl.pipeline.addresses import located
from cchc_xl.pipeline.collection import Collected, collect_one
from cchc_xl.pipeline.line import CannotRunError, edition_of, open_plan_of_one, right_way_round
from cchc_xl.records import Finding, Plan, SourceFile
from cchc_xl.text.catalogue import worst_first
from cchc_xl.text.days import day_here
from cchc_xl.text.system_error import reason
from cchc_xl.text.words import VIETNAM
from cchc_xl.unit.folder import discover
from cchc_xl.unit.sheets import Expected

_MOST_FILES = 20_000  # that are remembered: of a folder with more the first by name
_MOST_TRIES = 3  # looks at a file that cannot be read, before that is told
# Findings that may be over at the next look: held by a program, still growing, share gone.
_PASSING = frozenset(("F109", "F115", "F117"))
Sign = tuple[int, float]  # size and time on disk
Kind = Literal["filed", "again", "other", "gone", "waits", "lost", "back"]


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: a unit filed something or filed it again, a file is gone, the folder is lost or back.

    ``units`` are names; ``late`` is whether what was filed came after the last day.
    """

    kind: Kind
    at: datetime
    file: str = ""
    units: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    late: bool = False
    why: str = ""


@dataclass(slots=True)
class Watch:
    """A folder that is watched: what stood there at the last look, and who has filed.

    Call :meth:`look` as often as wanted; :meth:`events` does it for ever. Memory grows with the files that are there,
    to a bound, and not with time.
    """

    folder: Location
    expected: Expected
    told: dict[str, Sign] = field(default_factory=dict)
    pending: dict[str, Sign] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)
    who: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lost: bool = False

    @property
    def units(self) -> dict[str, str]:
        """The units of the plan: names by codes."""
        return {item.code: item.name for item in self.expected.edition.plan.units}

    @property
    def filed(self) -> tuple[str, ...]:
        """The names of those that have filed what could be read."""
        codes = {code for own in self.who.values() for code in own}
        return tuple(name for code, name in self.units.items() if code in codes)

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of those that have not."""
        return tuple(name for name in self.units.values() if name not in self.filed)

    def events(
        self, every: float, *, once: bool = False, sleep: Callable[[float], object] = time.sleep
    ) -> Iterator[Event]:
        """What happens, as it happens, looked for every so many seconds; with ``once`` only what stands there now."""
        yield from self.look(patient=not once)
        while not once:
            sleep(1.0 if self.pending and not self.lost else every)
            yield from self.look()

    def look(self, *, patient: bool = True) -> Iterator[Event]:
        """What has changed since the last look; unless ``patient`` a file is read without seeing it stand still."""
        try:
            found = discover(self.folder)
        except OSError as error:
            if not self.lost:
                yield self._event("lost", why=reason(error))
            self.lost = True
            return
        if self.lost:
            self.lost = False
            yield self._event("back")
        here = {item.file: item for item in found.forms[:_MOST_FILES]}
        # A folder of the share that cannot be listed for a moment has lost nothing.
        hidden = [item.at.file for item in found.findings if item.code in ("F109", "F117") and item.at]
        for name in [name for name in self.told if name not in here]:
            if not hidden:
                yield self._gone(name)
        for name in [name for name in self.pending if name not in here]:
            del self.pending[name]
            self.tries.pop(name, None)
        for name, source in here.items():
            if self.told.get(name) != (sign := _sign(source)):
                yield from self._changed(source, sign, patient=patient)

    def _gone(self, name: str) -> Event:
        del self.told[name]
        own = self.who.pop(name, ())
        return self._event("gone", name, own)

    def _changed(self, source: SourceFile, sign: Sign, *, patient: bool) -> Iterator[Event]:
        name = source.file
        before = self.pending.get(name)
        if patient:
            held = held_open(at(source.path))
            self.pending[name] = sign
            if held is not None:
                if before is None:
                    yield self._event("waits", name)
                return
            if before != sign:
                return
        collected = collect_one(source, self.expected)
        passing = any(one.code in _PASSING for item in collected for one in item.findings)
        self.tries[name] = self.tries.get(name, 0) + 1
        if patient and passing and self.tries[name] < _MOST_TRIES:
            return
        yield from self._told(source, collected, again=name in self.who)
        self.pending.pop(name, None)
        self.tries.pop(name, None)
        self.told[name] = sign

    def _told(self, source: SourceFile, collected: Sequence[Collected], *, again: bool) -> Iterator[Event]:
        due = self.expected.edition.period.due
        submissions = [item.submission for item in collected if item.submission]
        own = tuple(dict.fromkeys(item.unit for item in submissions))
        own += tuple(item.unreadable.unit for item in collected if item.unreadable and not submissions)
        findings = worst_first(tuple(one for item in collected for one in item.findings))
        late = due is not None and any(day_here(item.sent) > due for item in submissions)
        if submissions:
            self.who[source.file] = own
        if own or any(item.severity == "error" for item in findings):
            yield self._event("again" if again else "filed" if own else "other", source.file, own, findings, late=late)
        else:
            why = next((item.verdict.reason for item in collected), "")
            yield self._event("other", source.file, findings=findings, why=why)

    def _event(
        self,
        kind: Kind,
        file: str = "",
        codes: Sequence[str] = (),
        findings: tuple[Finding, ...] = (),
        *,
        late: bool = False,
        why: str = "",
    ) -> Event:
        names = tuple(self.units.get(code, code) for code in codes)
        return Event(kind, datetime.now(VIETNAM), file, names, findings, late, why)


def watch(plan: Plan | str | Path, folder: str | Location, *, period: str) -> Watch:
    """The folder, to be watched for what units file for this period; nothing is read yet and nothing is written.

    The :class:`Watch` that comes back tells each :class:`Event` when it happens, names who has filed and who has not.

    Raises :class:`CannotRunError` for a plan, period or folder that cannot be used, and for a plan that scores many
    agencies.

    >>> seen = cchc_xl.watch("thu/2021-quy-1/ke-hoach.xlsx", "thu/2021-quy-1/don-vi", period="Quý I năm 2021")
    >>> filed = [(item.file, item.late) for item in seen.events(30, once=True) if item.kind == "filed"]
    >>> ("2021-Q1_NCC.xlsx", True) in filed, len(seen.missing)
    (True, 1)
    """
    folder = located(folder)
    right_way_round(plan, folder)
    loaded = open_plan_of_one(plan)
    edition = edition_of(loaded, period)
    if not folder.is_dir():
        raise CannotRunError(f"{folder} không phải thư mục: hãy chỉ thư mục mà các đơn vị gửi báo cáo vào.")
    return Watch(folder, Expected.of(edition))


def _sign(source: SourceFile) -> Sign:
    return source.size, source.modified.timestamp()
