"""All units together: typed submissions come in, a :class:`Consolidation` goes out.

Decides which file of a unit counts, calls the roll, combines figures over the units that enter them, and checks what
only shows when units stand side by side. Contract: design §3 (figures), §4 (time of sending).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, localcontext
from functools import cached_property

from cchc_xl.plan.constraints import broken_finding, broken_sides, counted
from cchc_xl.plan.marking import combined
from cchc_xl.records import (
    CellRef,
    Conflict,
    Consolidation,
    Edition,
    Evidence,
    FigureEntry,
    Finding,
    Kind,
    Measure,
    MeasureTotal,
    RollCall,
    State,
    Submission,
    Supplied,
    SurveyValue,
)
from cchc_xl.score.supplied import beside
from cchc_xl.score.versions import Versions
from cchc_xl.text.catalogue import finding
from cchc_xl.text.days import date_vi, moment_vi
from cchc_xl.text.numbers import EXACT, vietnamese
from cchc_xl.text.words import key

_ENDS_A_FILE_NAME = re.compile(
    r"\.(?:pdf|docx?|docm|xlsx?|xlsm|xlsb|csv|odt|ods|pptx?|txt|rtf|jpe?g|png|gif|tiff?|bmp|zip|rar|7z|msg|eml|xml)\b",
    re.IGNORECASE,
)
_BEFORE_A_NAME = re.compile(r"[\s,:()\[\]“”\"']+")
_LONGEST_PATH = 260


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that seems to be a unit's but could not be read."""

    unit: str
    file: str
    sha256: str | None


def consolidate(
    edition: Edition,
    submissions: Iterable[Submission],
    unreadable: Iterable[Unreadable],
    files: Iterable[str],
    recorded: Mapping[str, datetime] | None = None,
    last_year: tuple[MeasureTotal, ...] = (),
    supplied: Iterable[Supplied] = (),
) -> Consolidation:
    """The submissions that count, the figures over all units, and the findings of looking at them together.

    ``files`` are the paths under the folder, as evidence texts may name them; ``recorded`` is when each unit first sent
    something, by the last result of this period; ``last_year`` are the figures of a year before, see `last_period`;
    ``supplied`` is what the Office entered in units' places, which counts where the unit itself has no figure.
    """
    versions = _versions(edition, submissions, recorded or {})
    rollcall = tuple(_roll(edition, versions, tuple(unreadable)))
    chosen = tuple(found.counts for found in versions.values() if found.counts is not None)
    own = {(entry.measure, entry.unit): entry for submission in chosen for entry in submission.figures}
    office = beside(edition, supplied, own)
    entries = {**own, **office.counts}
    with localcontext(EXACT):
        given = {item.measure: item for item in edition.plan.survey}
        totals = tuple(
            _given(given[measure.code], measure, edition) if measure.code in given else _total(measure, entries)
            for measure in edition.plan.measures
        )
    evidence = tuple(_evidence(chosen, files))
    conflicts = tuple(_conflicts(edition, entries, (*totals, *last_year)))
    findings = (
        *_roll_findings(edition, rollcall, versions),
        *_value_findings(totals),
        *_conflict_findings(conflicts, edition, {entry.at for entry in office.counts.values()}),
        *office.findings,
        *(
            finding("E203", item.at, unit=item.unit, criterion=item.criterion, text=item.text)
            for item in evidence
            if item.found is False
        ),
    )
    return Consolidation(rollcall, chosen, totals, evidence, conflicts, findings, last_year, office.rows)


def _versions(
    edition: Edition, submissions: Iterable[Submission], recorded: Mapping[str, datetime]
) -> dict[str, Versions]:
    """What each unit sent that sent anything, in the order of the plan."""
    offered: dict[str, list[Submission]] = {}
    for submission in submissions:
        offered.setdefault(submission.unit, []).append(submission)
    units = (unit for unit in edition.plan.units if unit.code in offered)
    return {unit.code: Versions.of(unit, offered[unit.code], recorded.get(unit.code)) for unit in units}


def _roll(edition: Edition, versions: dict[str, Versions], unreadable: tuple[Unreadable, ...]) -> Iterator[RollCall]:
    for unit in edition.plan.units:
        if unit.code in versions:
            yield versions[unit.code].roll(edition.period.due)
        elif unit.reports:
            broken = next((item for item in unreadable if item.unit == unit.code), None)
            if broken:
                yield RollCall(unit.code, "unreadable", broken.file, broken.sha256)
            else:
                yield RollCall(unit.code, "missing")


def _roll_findings(
    edition: Edition, rollcall: tuple[RollCall, ...], versions: dict[str, Versions]
) -> Iterator[Finding]:
    names = {unit.code: unit.name for unit in edition.plan.units}
    due = date_vi(edition.period.due) if edition.period.due else ""
    for row in rollcall:
        name = names[row.unit]
        if row.status == "missing":
            yield finding("U101", unit=row.unit, name=name, due=due)
        elif row.status == "late" and row.first_sent and row.file:
            sent = moment_vi(row.first_sent)
            yield finding("U201", CellRef(row.file), unit=row.unit, name=name, sent=sent, due=due)
        if row.unit in versions:
            yield from versions[row.unit].findings(edition.period.due)


def _total(measure: Measure, given: Mapping[tuple[str, str], FigureEntry]) -> MeasureTotal:
    """The figure over its units; ``given`` holds the entries by figure and unit."""
    entries: list[FigureEntry] = []
    waiting: list[str] = []
    for unit in measure.units:
        entry = given.get((measure.code, unit))
        if entry is None or entry.state in (State.MISSING, State.ERROR):
            waiting.append(unit)
        if entry is not None:
            entries.append(entry)
    values = [entry.value for entry in entries if entry.state is State.KNOWN and entry.value is not None]
    partial = combined(values, measure.combine) if values else None
    if values and (measure.combine == "một đơn vị" or measure.kind is Kind.DATE):
        partial = _one_day(values, measure) if measure.kind is Kind.DATE else values[0]
    state = State.KNOWN
    if waiting or not measure.units:
        state = State.MISSING
    elif measure.combine == "một đơn vị" and len(set(values)) > 1:
        state = State.ERROR
    elif all(entry.state is State.NOT_APPLICABLE for entry in entries):
        state = State.NOT_APPLICABLE
    value = partial if state is State.KNOWN else None
    return MeasureTotal(measure, state, value, partial, tuple(entries), tuple(waiting))


def _given(item: SurveyValue, measure: Measure, edition: Edition) -> MeasureTotal:
    """A figure that the plan gives: as if the one unit had entered it that enters it first, told as the plan's."""
    unit = next(iter((*measure.units, *(unit.code for unit in edition.plan.units))), "")
    entry = FigureEntry(unit, measure.code, State.KNOWN, item.value, item.text, item.at, by="plan")
    return MeasureTotal(replace(measure, units=(unit,)), State.KNOWN, item.value, item.value, (entry,), ())


def _one_day(values: list[Decimal], measure: Measure) -> Decimal | None:
    """The day of all units; under ``tổng`` and ``trung bình`` several have none: days are not added up."""
    if measure.combine in ("lớn nhất", "nhỏ nhất"):
        return combined(values, measure.combine)
    return values[0] if len(measure.units) == 1 or measure.combine == "một đơn vị" else None


def _value_findings(totals: tuple[MeasureTotal, ...]) -> Iterator[Finding]:
    for total in totals:
        if total.state is State.ERROR:
            given = [entry for entry in total.entries if entry.value is not None]
            is_day = total.measure.kind is Kind.DATE
            values = "; ".join(
                f"{entry.unit}: {entry.text if is_day else vietnamese(entry.value or Decimal(0))}" for entry in given
            )
            yield finding("C102", given[0].at, figure=total.measure.code, values=values)


def _conflicts(
    edition: Edition, given: Mapping[tuple[str, str], FigureEntry], totals: tuple[MeasureTotal, ...]
) -> Iterator[Conflict]:
    by_unit: dict[str, dict[str, FigureEntry]] = {unit.code: {} for unit in edition.plan.units}
    for (code, unit), entry in given.items():
        by_unit[unit][code] = entry
    by_measure = {total.measure.code: total for total in totals}
    known = _known(by_measure, by_measure)
    for constraint in edition.plan.constraints:
        codes = constraint.left.names + constraint.right.names
        if any(code not in by_measure for code in codes):
            continue
        criteria = _touched(edition, constraint.codes)
        for unit, entries in by_unit.items():
            if all(code in entries for code in codes):
                sides = broken_sides(constraint, _known({code: entries[code] for code in codes}, by_measure))
                if sides:
                    told = (entries[code] for code in codes if entries[code].supplied)
                    yield Conflict(constraint, unit, *sides, criteria, next(told, entries[codes[0]]).at)
        if len({by_measure[code].measure.units for code in codes}) > 1:
            sides = broken_sides(constraint, known)
            if sides:
                # It stands at the figure that fewest units enter: a sum over many is none of their doing.
                entered = [by_measure[code].entries for code in codes if by_measure[code].entries]
                at = min(entered, key=len)[0].at if entered else None
                yield Conflict(constraint, None, *sides, criteria, at)


def _known(found: Mapping[str, MeasureTotal | FigureEntry], totals: Mapping[str, MeasureTotal]) -> dict[str, Decimal]:
    """What figures of a unit, or of all of them, add to a side, where that is known."""
    added = {code: counted(item.state, item.value, totals[code].measure.kind) for code, item in found.items()}
    return {code: value for code, value in added.items() if value is not None}


def _touched(edition: Edition, codes: tuple[str, ...]) -> tuple[str, ...]:
    """The leaves that use these figures, or that the figures' rows name."""
    named = {code for measure in edition.plan.measures if measure.code in codes for code in measure.criteria}
    return tuple(
        node.criterion.code
        for node in edition.leaves
        if node.criterion.code in named or (node.criterion.figures and set(node.criterion.figures.codes) & set(codes))
    )


def _conflict_findings(
    conflicts: tuple[Conflict, ...], edition: Edition, supplied: Collection[CellRef]
) -> Iterator[Finding]:
    """Constraints over totals, or broken with what the Office ``supplied``, at these cells.

    Those inside one unit's workbook are found when that workbook is checked.
    """
    for conflict in conflicts:
        if conflict.unit is None or conflict.at in supplied:
            sides = conflict.left, conflict.right
            yield broken_finding(conflict.constraint, sides, edition.plan.measures, conflict.at)


class _Paths:
    """The files under the folder, by match key of their path and of their name."""

    def __init__(self, files: Iterable[str]) -> None:
        self._files = tuple(files)

    @cached_property
    def known(self) -> dict[str, str]:
        """The file that every trailing part of every path names; of several the first."""
        known: dict[str, str] = {}
        for file in self._files:
            pieces = key(file).split("/")
            for start in range(len(pieces)):
                known.setdefault("/".join(pieces[start:]), file)
        return known

    def found(self, text: str) -> tuple[bool | None, tuple[str, ...]]:
        """Whether every file named in the text is there (None if it names none), and those that are.

        A name may hold spaces and stand in a sentence: any stretch of words that ends with the extension may be it.
        """
        if not self._files:  # a single file is checked: what lies beside it was not looked at
            return None, ()
        answers: list[str | None] = []
        start = 0
        for end in (match.end() for match in _ENDS_A_FILE_NAME.finditer(text)):
            piece, start = text[max(start, end - _LONGEST_PATH) : end].replace("\\", "/"), end
            piece = re.split(r"[;\n]", piece)[-1]
            if "://" not in piece:
                starts = (0, *(match.end() for match in _BEFORE_A_NAME.finditer(piece)))
                names = (key(piece[at:]).removeprefix("./") for at in starts)
                answers.append(next((self.known[name] for name in names if name in self.known), None))
        return all(answers) if answers else None, tuple(answer for answer in answers if answer)


def _evidence(chosen: tuple[Submission, ...], files: Iterable[str]) -> Iterator[Evidence]:
    paths = _Paths(files)
    for submission in chosen:
        for entry in submission.criteria:
            if entry.evidence and entry.leads:
                named = paths.found(entry.evidence)
                yield Evidence(entry.unit, entry.criterion, entry.evidence, entry.at_evidence, *named)
