"""Writing a result: an :class:`Assessment` comes in, ``OUT/<period>/`` goes out, in one swap."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count, takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from cchc_xl import __version__
from cchc_xl.office.excel import Refused, content
from cchc_xl.office.excel.disk import Location, at
from cchc_xl.office.excel.share import SharePath
from cchc_xl.papers.check_note import render_with_note
from cchc_xl.papers.context import Told
from cchc_xl.papers.letters import Enclosed, render_letters, said_of_letters
from cchc_xl.papers.listings import CONSOLIDATED, LOOKUP, Beside
from cchc_xl.papers.lookup import write_lookup
from cchc_xl.papers.workbook import write_consolidated
from cchc_xl.pipeline.collection import collect_one
from cchc_xl.pipeline.jobs import (
    NOTE,
    NOTE_FILE,
    REMINDER,
    REMINDERS,
    REPORT,
    REPORT_FILE,
    SUPPLEMENTS,
    WORD_TEMPLATES,
    misplaced_blocks,
    template_path,
)
from cchc_xl.pipeline.line import FEEDBACK, Assessment, CannotRunError, Progress, or_cannot_run, result_place
from cchc_xl.records import Finding, Plan
from cchc_xl.result import archive, lock
from cchc_xl.result.contents import Contents
from cchc_xl.result.kept import free
from cchc_xl.result.lock import LostError
from cchc_xl.result.manifest import UNFINISHED, Made, sha256
from cchc_xl.score.appraisal_reading import check_written
from cchc_xl.score.appraisal_workbook import write_appraisals
from cchc_xl.text.catalogue import worst_first
from cchc_xl.text.days import date_vi
from cchc_xl.text.file_names import file_names
from cchc_xl.text.words import VIETNAM
from cchc_xl.unit.clerk_list import Paper, is_to_mend
from cchc_xl.unit.folder import source_file
from cchc_xl.unit.issue import write_form
from cchc_xl.unit.marked import write_feedback, write_list
from cchc_xl.unit.sheets import Expected
from cchc_xl.unit.supplement import asked

Letters = Literal["one", "each", "none"]


@dataclass(frozen=True, slots=True)
class Writes:
    """What is to be written: the templates by the names they are for, the report's appendix of sources, the letters.

    ``letters``: one to all units that owe something, one to each, or none.
    ``listing`` and ``options`` are for the manifest: what a later run compares to know that nothing has changed;
    ``sources`` are further files that the result was made from.
    """

    templates: Mapping[str, Path]
    with_sources: bool = False
    letters: Letters = "one"
    listing: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, Path] = field(default_factory=dict)


def wanted_letters(asked: str | None, made: Contents, today: date) -> Letters:
    """Which letters are written: those asked for, else one as soon as it is due."""
    if asked in ("each", "none"):
        return "each" if asked == "each" else "none"
    return "none" if asked is None and why_no_letters(made, today) else "one"


def why_no_letters(made: Contents, today: date) -> str:
    """The sentence about letters that nobody should get yet; '' if they are due."""
    waits = ""
    if all(row.status == "missing" for row in made.rollcall):
        waits = "chưa đơn vị nào gửi"
    elif made.due is not None and today <= made.due:
        waits = f"chưa hết hạn gửi {date_vi(made.due)}"
    return f"Chưa lập công văn đôn đốc vì {waits}; nếu cần, chạy lại với --letters one." if waits else ""


def check_writable(out: Path) -> None:
    """Whether the output folder, or the nearest one above it that exists, can be written; leaves nothing behind."""
    nearest = next((path for path in (out, *out.absolute().parents) if path.exists()), None)
    if nearest is None or not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise CannotRunError(f"Không ghi được vào thư mục kết quả {out}: hãy chọn thư mục khác hoặc xin quyền ghi.")


@contextmanager
def holding(out: Path, progress: Progress | None) -> Iterator[Progress]:
    """Holds the folder of results for one run: what it shows of its progress says as well that it is alive.

    Raises :class:`CannotRunError` if another run holds the folder, or it cannot be written.
    """
    unwritten = or_cannot_run(f"Không ghi được kết quả vào {out}", "hãy đóng tệp đang mở hoặc đổi thư mục")
    with unwritten, lock.locked(out) as held:

        def shown(text: str) -> None:
            held.renew()
            if progress:
                progress(text)

        yield shown


def kept_before(previous: Path | None) -> dict[str, Path]:
    """The result of a year before by the name under which the new one keeps it, to be computed again without it."""
    if previous is None:
        return {}
    earlier = previous.absolute()
    return {f"{archive.EARLIER}/{archive.RESULT}": archive.standing(earlier.parent, earlier.name) / archive.RESULT}


def write(
    assessment: Assessment,
    made: Contents,
    folder: Location,
    out: Path,
    writes: Writes,
    progress: Progress,
) -> tuple[archive.Placed, tuple[str, ...]]:
    """Writes everything beside the old result, then swaps; returns where it stands and what is to be said of letters.

    The folder of results must be locked. ``progress`` is told what is being written, and may raise to end the run.
    Whatever is raised, nothing half-written is left and the old result stands.
    """
    plan = assessment.edition.plan
    out, period = result_place(out, assessment.edition)
    new = archive.begin(out, period)
    try:
        progress("Ghi bảng tổng hợp")
        archive.write_result(new, made, _plan_path(plan), plan, writes.templates)
        for name, path in writes.sources.items():
            (new / archive.SOURCES / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(path, new / archive.SOURCES / name)
        home = archive.result_folder(out, period)
        write_feedback_copies(assessment, new / FEEDBACK)
        _write_supplements(assessment, new / SUPPLEMENTS)
        progress("Ghi công văn")
        told = Told.of(made)
        said = _write_letters(assessment, made, told, new, writes) if writes.letters != "none" else ()
        beside = _beside(assessment, home, new)
        write_consolidated(*assessment.scored, made, new / CONSOLIDATED, beside)
        write_lookup(made, new / LOOKUP, beside)
        _write_appraisals(assessment, folder, home, new)
        progress("Ghi báo cáo Word")
        own = writes.templates[REPORT]
        remarks = misplaced_blocks(own.read_bytes(), REPORT, own.name)
        report, sources = new / REPORT_FILE, writes.with_sources
        note = render_with_note(told, own, report, template_path(NOTE), remarks, with_sources=sources)
        (new / NOTE_FILE).write_bytes(note)
        archive.seal(new, _made(assessment, new, writes))
        progress("Đặt kết quả vào chỗ")
        used = assessment.appraisal_form.sha256 if assessment.appraisal_form else None
        return archive.swap(out, period, datetime.now(VIETNAM), appraisal=used), said
    except LostError:
        raise  # what stands there now is the other run's
    except BaseException:
        with suppress(OSError, archive.ArchiveError):
            archive.settle(out, period)
        raise


def _write_letters(assessment: Assessment, made: Contents, told: Told, new: Path, writes: Writes) -> tuple[str, ...]:
    """The letter to all, or one to each, with what lies in the new result for the units to get with it.

    Returns what there is to say of it.
    """
    names, template, enclosed = _names(assessment), writes.templates[REMINDER], _enclosed(assessment, new)
    found = render_letters(told, template, enclosed, each=writes.letters == "each")
    for name, letter in found:
        (new / REMINDERS).mkdir(exist_ok=True)
        (new / REMINDERS / f"{names.get(name, name)}.docx").write_bytes(letter)
    return tuple(said_of_letters(made, enclosed))


def _enclosed(assessment: Assessment, new: Path) -> dict[str, Enclosed]:
    """By unit the workbooks that the result holds for it."""
    levels = {
        submission.unit: len(asked(submission, assessment.edition).criteria)
        for submission in assessment.consolidation.submissions
    }
    made, names = {}, _names(assessment)
    for unit, name in names.items():
        marked = takewhile(lambda file: (new / FEEDBACK / file).is_file(), _copies(names, unit))
        supplement = f"{name}.xlsx" if (new / SUPPLEMENTS / f"{name}.xlsx").is_file() else ""
        made[unit] = Enclosed(tuple(marked), supplement, levels.get(unit, 0))
    return made


def _copies(names: Mapping[str, str], unit: str) -> Iterator[str]:
    """What the marked copies of a unit's parts are called, one after the other; none as another unit's.

    >>> from itertools import islice
    >>> [*islice(_copies({"VP": "VP", "VP-2": "VP-2"}, "VP"), 3)]
    ['VP.xlsx', 'VP-3.xlsx', 'VP-4.xlsx']
    """
    own, taken = names[unit], {name.casefold() for name in names.values()}
    yield f"{own}.xlsx"
    yield from (f"{own}-{number}.xlsx" for number in count(2) if f"{own}-{number}".casefold() not in taken)


def _made(assessment: Assessment, new: Path, writes: Writes) -> Made:
    """What the result was made from."""
    plan, sources = assessment.edition.plan, new / archive.SOURCES
    templates = {name: sha256(sources / name) for name in WORD_TEMPLATES}
    inputs = {item.file: item.sha256 for item in assessment.verdicts if item.sha256}
    return Made(__version__, {plan.file: plan.sha256}, templates, inputs, writes.listing, writes.options)


def _write_appraisals(assessment: Assessment, folder: Location, home: Path, new: Path) -> None:
    """The next appraisal workbook of the result at ``home``, a byte copy of the one used, those before it."""
    form = assessment.appraisal_form
    if form is not None:
        used = home / archive.APPRAISAL
        archive.keep_version(used, new, form.sent.astimezone(VIETNAM))
    base = folder.parent if folder.is_file() else folder
    links = {file: _link(base / file, home) for item in assessment.consolidation.evidence for file in item.files}
    write_appraisals(*assessment.scored, assessment.appraisals, new / archive.APPRAISAL, links, assessment.notes)
    check_written(assessment.appraisals, new / archive.APPRAISAL, assessment.consolidation.supplied, assessment.notes)


def _beside(assessment: Assessment, home: Path, new: Path) -> Beside:
    """What the workbooks can lead to: papers for the units, by unit, and the files that were read, by name."""
    names = _names(assessment)
    marked, supplements = (
        {unit: path for unit, name in names.items() if (new / (path := f"{folder}/{name}.xlsx")).is_file()}
        for folder in (FEEDBACK, SUPPLEMENTS)
    )
    sent: dict[str, str] = {}
    folders: dict[Path, Path] = {}  # each looked for on the disk once
    for item in assessment.sources:
        there = at(item.path)
        if isinstance(there, SharePath):
            sent[item.file] = _link(there, home)
            continue
        if there.parent not in folders:
            folders[there.parent] = Path(_link(there.parent, home))
        sent[item.file] = str(folders[there.parent] / there.name)
    letters = tuple(f"{REMINDERS}/{path.name}" for path in sorted((new / REMINDERS).glob("*.docx")))
    return Beside(marked, supplements, sent, letters)


def _link(file: Location, home: Path) -> str:
    """The file's path as a workbook in the result's folder finds it: relative where both stand on one drive."""
    if isinstance(file, SharePath):
        return file.unc
    try:
        return os.path.relpath(file.resolve(), home.resolve())
    except ValueError:  # another drive on Windows
        return str(file.resolve())


def _plan_path(plan: Plan) -> Path:
    """The plan's file, unchanged since it was loaded."""
    path = Path(plan.path)
    if sha256(path) != plan.sha256:
        raise CannotRunError(f"Kế hoạch {plan.file} đã thay đổi trong lúc chạy: hãy chạy lại.")
    return path


def _write_supplements(assessment: Assessment, to: Path) -> None:
    """A small form for each unit whose own appendix has no place for all that the plan wants."""
    edition = assessment.edition
    units = {unit.code: unit for unit in edition.plan.units}
    names = _names(assessment)
    for submission in assessment.consolidation.submissions:
        wanted = asked(submission, edition)
        if wanted.measures or wanted.criteria:
            to.mkdir(exist_ok=True)
            write_form(edition, units[submission.unit], to / f"{names[submission.unit]}.xlsx", only=wanted)


def write_feedback_copies(assessment: Assessment, to: Path) -> tuple[Path, ...]:
    """The marked copies, for the files in which something is to be mended; lists where there is no copy.

    Returns the files written; a unit whose parts count together gets one for each part that needs it.
    """
    to.mkdir(parents=True, exist_ok=True)
    edition = assessment.edition
    sources = {source.file: source for source in assessment.sources}
    names = _names(assessment)
    sent = {(one.submission.unit, one.submission.form_file): one for one in assessment.collected if one.submission}
    written = []
    for counted in assessment.consolidation.submissions:
        copies = _copies(names, counted.unit)
        for file in counted.files:
            own = tuple(
                item
                for item in assessment.findings
                if item.at and item.at.file == file and item.unit in (None, counted.unit)
            )
            if not any(map(is_to_mend, own)):
                continue
            stored, one = content(sources[file]), sent[counted.unit, file]
            if not isinstance(stored, Refused) and hashlib.sha256(stored[0]).hexdigest() == one.verdict.sha256:
                paper = Paper(counted.unit, edition, one.submission, one.standing)
                written.append(write_feedback(stored[0], paper, own, to / next(copies)))
    filed = {submission.unit for submission in assessment.consolidation.submissions}
    for unit, rejected in _rejected(assessment).items():
        if unit not in filed:
            path, reason = to / f"{names[unit]}.xlsx", "tệp đã gửi không dùng được"
            written.append(write_list(Paper(unit, edition), worst_first(rejected), path, reason))
    return tuple(written)


def _names(assessment: Assessment) -> dict[str, str]:
    """By unit what its files are called."""
    return file_names(unit.code for unit in assessment.edition.plan.units)


def feedback_for_people(assessment: Assessment, to: Path) -> tuple[Path, ...]:
    """The marked copies in a folder of people's choice: only a copy of ours in which nobody typed is replaced.

    Returns the files written; ours has a name of its own where a file of theirs has that of the unit.
    """
    to.mkdir(parents=True, exist_ok=True)
    now, expected = datetime.now(VIETNAM), Expected.of(assessment.edition)
    written = []
    with TemporaryDirectory(prefix=UNFINISHED, dir=to) as scratch:
        for made in write_feedback_copies(assessment, Path(scratch)):
            place = to / made.name
            if place.exists() and any(
                item.verdict.verdict != "ignored" for item in collect_one(source_file(place, to), expected)
            ):
                place = to / free(to, made.name, f"mới {now:%Hh%M}")
            made.replace(place)
            written.append(place)
    return tuple(written)


def _rejected(assessment: Assessment) -> dict[str, list[Finding]]:
    """The findings of files that were turned away, by the unit that seems to have sent them."""
    owners = {row.file: row.unit for row in assessment.consolidation.rollcall if row.status == "unreadable"}
    away = {item.file for item in assessment.verdicts if item.verdict == "rejected"}
    told: dict[str, list[Finding]] = {}
    for item in assessment.findings:
        file = item.at.file if item.at else None
        unit = item.unit or owners.get(file)
        if unit is not None and file in away:
            told.setdefault(unit, []).append(item)
    return told
