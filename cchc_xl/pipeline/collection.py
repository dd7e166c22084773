"""The files of a folder on their way in: each by itself is read, conformed and checked, in the order of their names.

One file is a job of its own, so others may do it: more processes, or a cluster (`workers`). What a file that has not
changed gave the last time need not be asked again (`cache`).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import overload

from cchc_xl.office.excel import Refused, content, parse
from cchc_xl.office.excel.disk import Location, at
from cchc_xl.pipeline.cache import Cache, Kept
from cchc_xl.pipeline.unforeseen import code_of, logged
from cchc_xl.pipeline.workers import MOST_JOBS, Work, Workers, anywhere
from cchc_xl.records import CellRef, Consolidation, Edition, Finding, RawForm, SourceFile, Submission, Verdict
from cchc_xl.score.consolidate import Unreadable
from cchc_xl.text.catalogue import finding
from cchc_xl.text.days import moment_vi
from cchc_xl.unit.clerk_list import Standing
from cchc_xl.unit.conform import SetAside, conform, unit_by_path
from cchc_xl.unit.folder import Candidate, Folder, discover, is_document, with_believable_time
from cchc_xl.unit.sheets import Expected
from cchc_xl.unit.supplement import asked_finding
from cchc_xl.unit.validate import check as check_submission

_MOST_ALIKE = 500  # findings of one code that are told of one file: nobody reads more, and writing them takes minutes
# What is found of a file today and may not be tomorrow: saved in the future, or while it was read; a fault of ours.
_PASSING = frozenset(("U205", "F312", "F116"))
_LACKING = frozenset(("D103", "D110", "D111", "D204", "D205"))  # a figure, a row, a level, a reason, points
_WITHOUT_EVIDENCE = frozenset(("E201", "E202"))
_MANY, _MOST_LOOKED_AT = 100, 500  # files that are worth more processes; folders in which they are looked for


@dataclass(frozen=True, slots=True)
class Collected:
    """One file after reading, conforming and checking."""

    submission: Submission | None
    verdict: Verdict
    findings: tuple[Finding, ...]
    unreadable: Unreadable | None = None
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Manner:
    """How a folder is read: by how many processes or which cluster, and whether what was read before serves again."""

    jobs: int = 1
    engine: str = ""
    cached: bool = True

    @property
    def workers(self) -> Workers:
        """Who reads: at least one process, at most as many as can be waited for."""
        return Workers(min(max(self.jobs, 1), MOST_JOBS), self.engine)

    def get_ready(self, folder: Location) -> Manner:
        """The same; where many files lie, other processes start now, to be there when the first is to be read."""
        if self.jobs > 1 and isinstance(folder, Path) and _has_many(folder):
            self.workers.get_ready(__name__)
        return self


def _has_many(folder: Path) -> bool:
    """Whether so many files lie in it, not far down, that one process will not read them alone."""
    files = (name for _, _, names in islice(os.walk(folder), _MOST_LOOKED_AT) for name in names)
    return next(islice(files, _MANY, None), None) is not None


@dataclass(frozen=True, slots=True)
class Incoming:
    """What lies in the folder: its files, what each is by itself, and those that may be what a unit sent."""

    folder: Location
    found: Folder
    collected: tuple[Collected, ...]
    closed: list[Unreadable]
    doubtful: list[Finding]

    @property
    def alone(self) -> bool:
        """Whether it is one file, checked for itself: the other units owe it nothing."""
        return self.folder.is_file()

    @property
    def submissions(self) -> tuple[Submission, ...]:
        """What units sent that can be read."""
        return tuple(item.submission for item in self.collected if item.submission)

    @property
    def unreadable(self) -> tuple[Unreadable, ...]:
        """What they sent that cannot."""
        return (*(item.unreadable for item in self.collected if item.unreadable), *self.closed)

    def findings(self, edition: Edition, consolidation: Consolidation) -> Iterator[Finding]:
        """What was found in the plan, the folder and the files, and what units owe."""
        alone = self.alone
        if not alone:
            yield from _whole_input(self.folder, edition, self.collected, self.doubtful)
        yield from (*edition.plan.findings, *self.found.findings, *self.doubtful)
        for submission in consolidation.submissions:
            yield from asked_finding(submission, edition)
        counted = {(whole.unit, file): whole for whole in consolidation.submissions for file in whole.files}
        for item in self.collected:
            own = item.submission
            if own is None:
                yield from item.findings
            elif whole := counted.get((own.unit, own.form_file)):  # nobody mends a superseded file any more
                yield from item.findings if own.form_file == whole.form_file else self._of_part(item, whole)
        yield from (one for one in consolidation.findings if not (alone and one.code == "U101"))

    def _of_part(self, part: Collected, whole: Submission) -> Iterator[Finding]:
        """What is wrong in a part that another completes; what the part lacks is asked for once, of the whole."""
        given: set[str | None] = {row.criterion for row in whole.criteria if row.evidence}
        for item in self.collected:
            if item.submission and (item.submission.unit, item.submission.form_file) == (whole.unit, whole.form_file):
                given |= {one.criterion for one in item.findings if one.code in _WITHOUT_EVIDENCE}
        for one in part.findings:
            if one.code not in _LACKING and not (one.code in _WITHOUT_EVIDENCE and one.criterion in given):
                yield one


def incoming(
    folder: Location, home: Path | None, edition: Edition, manner: Manner, progress: Callable[[str], None]
) -> Incoming:
    """The files of the folder, or the one file, read and checked; those under ``home`` are left out.

    Raises ``OSError`` if the folder cannot be read, and as :func:`collect`.
    """
    expected = Expected.of(edition)
    found = discover(folder, home)
    collected = collect(folder, found.forms, expected, manner, progress)
    sent = {item.submission.unit for item in collected if item.submission}
    return Incoming(folder, found, collected, *_candidates(found.candidates, sent, expected))


def _whole_input(
    folder: Location, edition: Edition, collected: Iterable[Collected], doubtful: Collection[Finding]
) -> Iterator[Finding]:
    """What looks wrong with all of the input at once: said first, for the hundred findings of single files follow."""
    files = {item.verdict.file: item for item in collected}
    codes = [{one.code for one in item.findings} for item in files.values()]
    others = {dict(one.context)["period"] for item in files.values() for one in item.findings if one.code == "U103"}
    name, what = folder.resolve().name, ""  # "." has no name of its own
    if not files and not doubtful:
        what = f"Thư mục {name} không có tệp nào có thể là báo cáo của đơn vị"
    elif files and all("U103" in own for own in codes):
        told = ", ".join(sorted(map(str, others)))
        what = f"Cả {len(files)} tệp trong thư mục {name} là của kỳ {told}, không phải {edition.period.code}"
    elif files and not any(item.submission or item.unreadable for item in files.values()) and not doubtful:
        what = f"Không tệp nào trong {len(files)} tệp của thư mục {name} là báo cáo theo kế hoạch này"
    if what:
        remedy = "Kiểm tra kế hoạch, kỳ và thư mục đã chọn; nếu đúng là chưa đơn vị nào gửi thì chưa cần làm gì"
        yield finding("U211", what=what, remedy=remedy)


def _candidates(
    candidates: Iterable[Candidate], sent: set[str], expected: Expected
) -> tuple[list[Unreadable], list[Finding]]:
    """Of the files that were not opened those that may be what a unit sent that has sent nothing else."""
    units, findings = [], []
    for item in candidates:
        unit = unit_by_path(Path(item.file).name if item.own_name else item.file, expected)
        if item.certain or (unit is not None and unit not in sent):
            findings.append(finding("U206", CellRef(item.file), unit=unit, kind=item.kind, remedy=item.remedy))
            units += [Unreadable(unit, item.file, None)] if unit else []
    return units, findings


def collect(
    folder: Location, sources: Sequence[SourceFile], expected: Expected, manner: Manner, progress: Callable[[str], None]
) -> tuple[Collected, ...]:
    """Every file through reading, conforming and checking, in the order given; a file may hold several submissions.

    Raises :class:`cchc_xl.pipeline.workers.UnusableEngineError` for a cluster that cannot be used.
    """
    cache = Cache.of(folder, expected.edition, wanted=manner.cached)
    questions = [(source, cache.sha256_of(source)) for source in sources]
    if manner.engine:
        questions = [(replace(source, path=str(anywhere(at(source.path)))), known) for source, known in questions]
    work = Work(_unless_known, expected, lambda question: question[0].size, (folder,))
    collected: list[Collected] = []
    kept: list[Kept] = []
    if sources:
        progress(f"Đọc {sources[0].file}")
    for number, (source, found) in enumerate(zip(sources, manner.workers.answers(work, questions), strict=True), 1):
        item = cache.known[source.file] if found is None else Kept(source, found[0].verdict.sha256 or "", found)
        collected += item.found
        if all(map(_lasts, item.found)):
            kept.append(item)
        progress(f"Đã đọc {number}/{len(sources)} tệp")
        if number < len(sources):
            progress(f"Đọc {sources[number].file}")
    cache.keep(kept)
    return tuple(collected)


def _unless_known(expected: Expected, question: tuple[SourceFile, str]) -> tuple[Collected, ...] | None:
    """What a file is; None where its bytes are those of this hash, by which it is known."""
    return collect_one(question[0], expected, question[1])


def _lasts(item: Collected) -> bool:
    """Whether the file will be found to be the same tomorrow: what could not be read may be readable then."""
    return item.verdict.verdict == "read" and not any(one.code in _PASSING for one in item.findings)


@overload
def collect_one(source: SourceFile, expected: Expected) -> tuple[Collected, ...]: ...
@overload
def collect_one(source: SourceFile, expected: Expected, known: str) -> tuple[Collected, ...] | None: ...
def collect_one(source: SourceFile, expected: Expected, known: str = "") -> tuple[Collected, ...] | None:
    """One file through reading, conforming and checking; never raises for what a file holds.

    None if its bytes are those of the hash ``known``. A mistake of ours that it brings to light is that file's finding:
    everybody else is scored.
    """
    try:
        stored = content(source)
        if known and not isinstance(stored, Refused) and stored[1] == source and sha256(stored[0]).hexdigest() == known:
            return None
        return _collected(source, stored if isinstance(stored, Refused) else parse(*stored), expected)
    except Exception as error:
        logged(error)
        return (_rejected(source, None, finding("F116", CellRef(source.file), code=code_of(error)), expected),)


def _rejected(source: SourceFile, sha256: str | None, told: Finding, expected: Expected) -> Collected:
    unit = unit_by_path(source.file, expected)
    broken = Unreadable(unit, source.file, sha256) if unit else None
    return Collected(None, Verdict(source.file, sha256, None, "rejected", told.code), (told,), broken)


def _collected(source: SourceFile, raw: RawForm | Refused, expected: Expected) -> tuple[Collected, ...]:
    if isinstance(raw, Refused) and is_document(source.file):
        return (_no_form(source, raw.sha256),)
    if isinstance(raw, Refused):
        return (_rejected(source, raw.sha256, raw.finding, expected),)
    if raw.source != source:
        saved = finding("F312", CellRef(source.file), text=moment_vi(raw.source.modified))
        raw = replace(raw, findings=(*raw.findings, saved))
    typed = conform(with_believable_time(raw, expected.edition.period), expected)
    if isinstance(typed, SetAside) and is_document(source.file) and not typed.of_the_plan:
        return (_no_form(source, raw.sha256),)
    if isinstance(typed, SetAside):
        verdict = Verdict(typed.file, typed.sha256, typed.reader or None, typed.verdict, typed.reason)
        broken = Unreadable(typed.unit, typed.file, typed.sha256) if typed.unit and typed.unreadable else None
        return (Collected(None, verdict, typed.findings, broken),)
    verdict = Verdict(source.file, raw.sha256, raw.reader or None, "read")
    return tuple(_checked(item, raw, verdict, expected) for item in typed)


def _no_form(source: SourceFile, sha256: str | None) -> Collected:
    """A Word document that is no appendix: evidence, or a letter."""
    return Collected(None, Verdict(source.file, sha256, None, "ignored", "không phải bảng tính"), ())


def _checked(typed: Submission, raw: RawForm, verdict: Verdict, expected: Expected) -> Collected:
    findings = _bounded((*typed.findings, *check_submission(typed, expected.edition)), typed)
    broken = Unreadable(typed.other, typed.form_file, typed.sha256) if typed.other else None
    return Collected(typed, verdict, findings, broken, Standing.of(raw, findings))


def _bounded(findings: tuple[Finding, ...], typed: Submission) -> tuple[Finding, ...]:
    """The findings without those of a code that come after its first 500, which are only counted."""
    counts: Counter[str] = Counter()
    told = []
    for item in findings:
        counts[item.code] += 1
        if counts[item.code] <= _MOST_ALIKE:
            told.append(item)
    for code, count in counts.items():
        if count > _MOST_ALIKE:
            at, more = CellRef(typed.form_file), count - _MOST_ALIKE
            told.append(finding("F205", at, unit=typed.unit, code=code, count=more))
    return tuple(told)
