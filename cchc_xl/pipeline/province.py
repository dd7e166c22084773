"""Many agencies by one plan: a plan with a sheet ``Cơ quan`` and a tree of folders come in, one result each goes out.

Contract: design §14, docs/decisions/021. Agency by agency goes through the same line as one alone (`line`, `write`);
what joins them is the ranking, which is made from their results and stands beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cchc_xl import __version__
from cchc_xl.office.excel.disk import Location, below, walk
from cchc_xl.pipeline.addresses import hash_of
from cchc_xl.pipeline.collection import Manner
from cchc_xl.pipeline.jobs import COVERING_LETTER
from cchc_xl.pipeline.line import (
    Assessment,
    CannotRunError,
    Progress,
    assess,
    edition_of,
    open_result,
    opening,
    or_cannot_run,
    result_place,
)
from cchc_xl.pipeline.unforeseen import code_of, logged
from cchc_xl.pipeline.whole import (
    Appraised,
    Classes,
    Done,
    place_ranking,
    ranked_groups,
    read_appraisers,
    whole_contents,
)
from cchc_xl.pipeline.workers import Work
from cchc_xl.pipeline.write import (
    Writes,
    check_writable,
    feedback_for_people,
    holding,
    kept_before,
    wanted_letters,
    write,
)
from cchc_xl.plan.agencies import (
    AGENCIES,
    current_round,
    depth,
    folders,
    for_agency,
    own_folder,
    with_last_year,
)
from cchc_xl.plan.edition import earlier_periods
from cchc_xl.records import Agency, CellRef, Edition, Finding, Plan
from cchc_xl.result import Result, archive, manifest
from cchc_xl.result.contents import Contents
from cchc_xl.result.kept import told_beside
from cchc_xl.result.lock import LostError
from cchc_xl.score.appraisers import Said, appraisers_of, lasting, pending
from cchc_xl.score.last_year import of_another_set
from cchc_xl.text.catalogue import finding, worst_first
from cchc_xl.text.file_names import file_name
from cchc_xl.text.words import VIETNAM, key
from cchc_xl.unit.folder import closed_reason, discover, is_result

_MOST_NAMED = 5
_MOST_FOLDERS = 20_000


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be scored: one office; one of many agencies, as another process may be told; or all of them at once.

    ``plan`` is that of what is scored. ``templates`` are by the names they are for; ``previous`` is the folder of the
    result of the year before, if any. Without ``out``, and with ``dry``, nothing is written. ``said`` is what
    appraisers of all say of one agency, ``sources`` are their workbooks.
    """

    plan: Plan
    folder: Location
    period: str
    out: Path | None = None
    templates: Mapping[str, Path] = field(default_factory=dict)
    previous: Path | None = None
    with_sources: bool = False
    letters: str | None = None
    feedback: Path | None = None
    lang: str = "vi"
    dry: bool = False
    said: tuple[Said, ...] = ()
    sources: Mapping[str, Path] = field(default_factory=dict)
    manner: Manner = field(default_factory=Manner)


def score_agency(job: Job, progress: Progress | None = None) -> Done:
    """Scores one agency; a result that follows from what stands there now is left untouched.

    What keeps this agency from being scored is told and not raised, so that the others go on; only a run that has lost
    its lock ends.
    """
    code = job.plan.agency
    try:
        with or_cannot_run(f"Không ghi được kết quả của {code}", "hãy đóng tệp đang mở hoặc đổi thư mục"):
            return _scored(job, progress or (lambda _: None))
    except CannotRunError as error:
        if isinstance(error.__cause__, LostError):
            raise
        return Done(code, reason=str(error))
    except Exception as error:  # a mistake of ours that one agency brings to light: the others are scored
        logged(error)
        return Done(code, reason=f"Lỗi ngoài dự kiến ({code_of(error)}): hãy báo người phụ trách.")


def _scored(job: Job, progress: Progress) -> Done:
    before = None if job.previous is None else archive.load_contents(job.previous)
    code = job.plan.agency

    def assessed() -> tuple[Assessment, Contents]:
        found = assess(
            job.plan,
            job.folder,
            period=job.period,
            out=job.out,
            before=before,
            progress=progress,
            said=job.said,
            manner=replace(job.manner, jobs=1),  # others do other agencies meanwhile
        )
        return found, found.contents(job.lang)

    if job.out is None or job.dry:
        assessment, made = assessed()
        if job.feedback is not None:
            feedback_for_people(assessment, job.feedback)
        return Done(code, made)
    home, name = result_place(job.out, edition_of(job.plan, job.period))
    home.mkdir(parents=True, exist_ok=True)
    archive.settle(home, name)
    listing, options = _listing(job.folder, job.out), _options(job)
    last = _unchanged(archive.result_folder(home, name), job, listing, options)
    if last is not None:
        return Done(code, last, kept=True)
    assessment, made = assessed()
    letters = wanted_letters(job.letters, made, datetime.now(VIETNAM).date())
    told = {**options, "letters": letters, "appraisers": lasting(job.said, made)}
    sources = {**(job.sources if pending(job.said) else {}), **kept_before(job.previous)}
    writes = Writes(job.templates, job.with_sources, letters, listing, told, sources)
    placed, said = write(assessment, made, job.folder, job.out, writes, progress)
    notices = [told for told in (told_beside(placed.beside), *said) if told]
    if placed.held:
        notices.append(
            f"kết quả cũ đang mở ({placed.held}) nên chưa thay; kết quả mới nằm ở {placed.folder}: hãy đóng "
            "tệp đó rồi chạy lại."
        )
    return Done(code, made, notices=tuple(notices))


def _by_agency(done: Iterable[Done]) -> Iterator[str]:
    """What is to be said of agencies, once where it is the same of several."""
    told: dict[str, list[str]] = {}
    for item in done:
        for text in item.notices:
            told.setdefault(text, []).append(item.code)
    for text, codes in told.items():
        yield f"{', '.join(codes) if len(codes) <= _MOST_NAMED else f'{len(codes)} cơ quan'}: {text}"


def _listing(folder: Location, out: Path) -> dict[str, str]:
    """Every file that the run would look at, with size and time."""
    found = {}
    for name in discover(folder, out).paths:
        with suppress(OSError):
            told = (folder / name).stat()
            found[name] = f"{told.st_size} {told.st_mtime_ns}"
    return found


def _options(job: Job) -> dict[str, str]:
    """What the result follows from besides the templates and the files: its plan, options and earlier results."""
    told = {
        "own plan": _own_plan(job.plan),
        "sources": str(job.with_sources),
        "asked": job.letters or "",
        "lang": job.lang,
    }
    told["appraisers"] = pending(job.said)
    edition = edition_of(job.plan, job.period)
    for period in earlier_periods(edition) if job.out else ():
        place = archive.result_folder(*result_place(job.out or Path(), edition, period.code))
        told[f"before {period.code}"] = manifest.sha256(place / archive.RESULT)
    if job.previous is not None:
        told["previous"] = manifest.sha256(job.previous / archive.RESULT)
    return told


def _own_plan(plan: Plan) -> str:
    """A hash of all that one agency is scored by: its settings and surveys and what is common, with their cells.

    What stands in the workbook about others is not in it, so that a row of theirs scores nobody else again.
    """
    told = replace(plan, sha256="", path="", unsound=frozenset()), sorted(plan.unsound)
    return sha256(repr(told).encode("utf-8", "replace")).hexdigest()


def _unchanged(folder: Path, job: Job, listing: Mapping[str, str], options: Mapping[str, str]) -> Contents | None:
    """The result that stands in the folder, where everything that it follows from is as it was; else None."""
    known = manifest.load(folder)
    if known is None or known.version != __version__:
        return None
    told = dict(known.options)
    letters = told.pop("letters", "")
    if told != options or known.listing != listing or not known.is_ours(archive.APPRAISAL, folder / archive.APPRAISAL):
        return None
    if any(manifest.sha256(path) != known.templates.get(name) for name, path in job.templates.items()):
        return None
    named = ((job.folder / name, sha) for name, sha in known.inputs.items() if name in listing)
    if any(hash_of(path) != sha for path, sha in named if path.is_file()):
        return None
    try:
        contents = archive.load_contents(folder)
    except archive.ArchiveError:
        return None
    wanted = wanted_letters(job.letters, contents, datetime.now(VIETNAM).date())
    return contents if wanted == letters and contents.edited == archive.edited(folder) else None


def run_agencies(job: Job, *, classes: Classes = (), progress: Progress | None = None) -> Result:
    """Scores every agency that has a folder, ranks them by group, and writes what is about all of them.

    ``job`` is that of the whole: its plan, the folder that holds the agencies' folders, the whole of a year before. The
    result is that of the whole too; its notices say what was kept as it was. One run at a time holds ``job.out``.
    Raises :class:`CannotRunError` for a folder, a period or a result that cannot be used.
    """
    if not job.folder.is_dir():
        raise CannotRunError(
            f"Kế hoạch có sheet “Cơ quan” nên cần thư mục chứa thư mục của từng cơ quan: "
            f"{job.folder} không phải thư mục."
        )
    if job.out is not None:
        check_writable(job.out)
    if job.out is None or job.dry:
        return _run(job, classes, progress)
    with holding(job.out, progress) as shown:
        return _run(job, classes, shown)


def _run(job: Job, classes: Classes, progress: Progress | None) -> Result:
    plan, agencies, edition = job.plan, scored_agencies(job.plan), edition_of(job.plan, job.period)
    period = edition.period
    job = replace(job, period=period.code)
    last_year = None if job.previous is None else _whole_of(job.previous)
    if job.previous is not None and last_year and (why := _other_set(edition, job.previous, last_year)):
        raise CannotRunError(
            f"Kết quả {last_year.period} đã chọn ở --previous {why}: hãy chọn kết quả chấm theo bộ chỉ số này, hoặc bỏ "
            "--previous và ghi chỉ số, xếp hạng năm trước ở sheet “Cơ quan”."
        )
    year, before = _compared(job, edition, last_year)
    home = None if job.out is None or job.dry else archive.result_folder(job.out, period.code)
    if home is not None:
        _not_of_one(home)
    with opening(job.folder):
        placed, strangers = folders(plan, _folders(job.folder, depth(plan), job.out))
        told = list(_about_folders(plan, job.folder, placed, (*strangers, *_loose_files(job.folder))))
    names = appraisers_of(edition)
    told_by, sources = read_appraisers(home, names) if home is not None else ({}, {})
    said = tuple(one for rows in told_by.values() for one in rows)
    there = [item for item in agencies if item.code in placed]
    own = {item.code: tuple(one for one in said if key(one.agency) == key(item.code)) for item in there}
    questions = [
        _job_of(replace(job, said=own[item.code], sources=sources), item, placed[item.code], last_year, year)
        for item in there
    ]
    done: list[Done] = []
    with opening(job.folder):
        for item, found in zip(there, _all_scored(job.manner, questions, progress), strict=True):
            done.append(found)
            if found.contents is None:
                named = f"{item.name} ({item.code})"
                told.append(finding("G109", CellRef(placed[item.code]), agency=named, reason=found.reason))
    groups = ranked_groups(plan, agencies, done, classes, year, before)
    findings = worst_first((*plan.findings, *told))
    contents = whole_contents(plan, period, agencies, done, groups, findings, placed, job.lang)
    notices = list(_by_agency(done))
    if home is not None:
        appraised = Appraised(names, told_by, {name: manifest.sha256(path) for name, path in sources.items()})
        notices += place_ranking(home, contents, groups, plan, appraised)
    if now := current_round(plan.rounds, datetime.now(VIETNAM).date()):
        notices.insert(0, now)
    if kept := sum(item.kept for item in done):
        notices.insert(0, f"Giữ nguyên kết quả của {kept}/{len(done)} cơ quan vì không có gì thay đổi.")
    return Result(contents, findings, str(home) if home else None, None, tuple(notices))


def _all_scored(manner: Manner, jobs: Sequence[Job], progress: Progress | None) -> Iterator[Done]:
    """Each agency's outcome, in order; shown is every file that this process reads, or whose turn it is.

    A cluster reads each agency's files. It writes none: Word documents made in a thread of a Dask worker failed now and
    then ("Undefined namespace prefix", lxml), in a process of its own none did.
    """
    heads = [f"[{number}/{len(jobs)}] {item.plan.agency}: " for number, item in enumerate(jobs, start=1)]
    others = replace(manner, engine="").workers.answers(Work(_scored_apart, None), jobs if manner.jobs > 1 else [])
    for job, head in zip(jobs, heads, strict=True):
        shown = _under(progress, head)
        shown(job.plan.settings.agency)
        yield next(others) if manner.jobs > 1 else score_agency(job, shown)


def _scored_apart(_: None, job: Job) -> Done:
    return score_agency(job)


def _compared(job: Job, edition: Edition, given: Contents | None) -> tuple[Contents | None, Contents | None]:
    """What places are compared with: the whole of the year before, and that of the period before this one.

    The one given is the year's, unless it is a part of this year that ended before: its places are not last year's.
    Else the period before is the latest that has a ranking by the same set among the results of this run.
    """
    year = None if given is None or _is_earlier_part(given, edition) else given
    if given is not year or job.out is None:
        return year, given if given is not year else None
    for period in earlier_periods(edition):
        folder = archive.result_folder(job.out, period.code)
        if (folder / archive.RESULT).is_file() and (year is None or year.period != period.code):
            with suppress(archive.ArchiveError, OSError):
                found = archive.load_contents(folder)
                if found.ranking and not _other_set(edition, folder, found):
                    return year, found
    return year, None


def _is_earlier_part(given: Contents, edition: Edition) -> bool:
    """Whether it is of a part of a year that ended within the year before this period does."""
    days = (edition.period.end - given.period_end).days
    return not given.is_whole_year and 0 < days < _MOST_DAYS


_MOST_DAYS = 330  # a quarter and the one of a year before lie further apart


def _other_set(edition: Edition, folder: Path, whole: Contents) -> str:
    """That the agencies were scored by another set of criteria, as the end of a sentence; told of the first of them."""
    for item in whole.agencies:
        if item.folder:
            with suppress(archive.ArchiveError, OSError):
                return of_another_set(edition, archive.load_contents(folder / item.folder))
    return ""


def _job_of(job: Job, item: Agency, folder: str, given: Contents | None, year: Contents | None) -> Job:
    """The job of one agency: compared with its result in the whole that was ``given``, which may be the ``year``'s."""
    before = None
    if job.previous is not None and given is not None:
        rows = (row for row in given.agencies if key(row.code) == key(item.code) and row.folder)
        before = next((job.previous / row.folder for row in rows), None)
    return replace(
        job,
        plan=_after(for_agency(job.plan, item.code), year, item.group),
        folder=job.folder / folder,
        previous=before,
        feedback=None if job.feedback is None else job.feedback / file_name(item.code),
    )


def _whole_of(folder: Path) -> Contents:
    """The result of many agencies in a folder. Raises :class:`CannotRunError` if it holds none, or that of one."""
    contents = open_result(folder)
    if not contents.agencies:
        raise CannotRunError(
            f"{folder} là kết quả của một cơ quan: kế hoạch này chấm nhiều cơ quan, hãy chỉ thư mục kỳ "
            "có xep-hang.xlsx."
        )
    return contents


def in_folder(item: Finding, folder: str) -> Finding:
    """A finding about a file in an agency's folder, or '', as it is told of the whole."""
    return (
        item if item.at is None or not folder else replace(item, at=replace(item.at, file=f"{folder}/{item.at.file}"))
    )


def scored_agencies(plan: Plan) -> tuple[Agency, ...]:
    """The agencies, each code once; raises :class:`CannotRunError` where two would have one folder of results."""
    agencies = tuple({item.code: item for item in reversed(plan.agencies)}.values())[::-1]
    taken: dict[str, str] = {}
    for item in agencies:
        other = taken.setdefault(file_name(item.code).casefold(), item.code)
        if other != item.code:
            raise CannotRunError(
                f"Mã cơ quan “{other}” và “{item.code}” thành cùng một tên thư mục: hãy đổi một mã ở sheet “Cơ quan”."
            )
    return agencies


def places_of(plan: Plan, folder: Path) -> tuple[tuple[Agency, str], ...]:
    """The agencies, each with its folder below this one: that which a run reads, else the one to be made for it."""
    there, _ = folders(plan, _folders(folder, depth(plan), None))
    return tuple((item, there.get(item.code) or own_folder(item)) for item in scored_agencies(plan))


def _not_of_one(home: Path) -> None:
    """Raises :class:`CannotRunError` if the result of one office stands where that of many is to stand."""
    if (home / archive.RESULT).is_file():
        with suppress(archive.ArchiveError):
            if not archive.load_contents(home).agencies:
                raise CannotRunError(
                    f"Trong {home} đã có kết quả của một cơ quan: kế hoạch này chấm nhiều cơ quan, hãy chọn thư mục "
                    "kết quả khác."
                )


def _under(progress: Progress | None, head: str) -> Progress:
    return lambda text: progress(f"{head}{text}") if progress else None


def _folders(folder: Location, deep: int, out: Path | None) -> tuple[str, ...]:
    """The folders below, as deep as agencies' folders may lie; none of ours and none of machines."""
    found: list[str] = []
    outside = out.resolve() if out else None
    for here, names, _ in walk(folder, lambda _: None):
        inside = len(below(here, folder).parts)
        names[:] = sorted(
            name
            for name in names
            if not name.startswith((".", "$", "~", "@", "#"))
            and not is_result(here / name)
            and (here / name).resolve() != outside
        )
        found += [below(here / name, folder).as_posix() for name in names]
        if inside + 1 >= deep or len(found) > _MOST_FOLDERS:
            names.clear()
    return tuple(found)


def _loose_files(folder: Location) -> tuple[str, ...]:
    """Files that lie beside the agencies' folders, but for the letter that was issued with the forms in them."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    ours = (".", Path(COVERING_LETTER).stem)
    return tuple(name for name in names if not name.startswith(ours) and closed_reason(name) is None)


def _about_folders(
    plan: Plan, folder: Location, placed: Mapping[str, str], strangers: Sequence[str]
) -> Iterator[Finding]:
    """Agencies without a folder, and what in the tree is no agency's."""
    every = {item.code: item for item in plan.agencies}.values()
    if not placed and len(every) > 1:
        whose = {"agency": f"cả {len(every)} cơ quan", "expected": "mang mã hoặc tên của cơ quan nào"}
        yield finding("G203", CellRef(plan.file, AGENCIES), **whose, folder=folder.name or str(folder))
    for item in every if placed or len(every) == 1 else ():
        if item.code not in placed:
            wanted = f"“{item.folder}”" if item.folder else f"“{item.code}” / “{item.name}”"
            named = f"{item.name} ({item.code})"
            yield finding("G203", item.at, agency=named, expected=wanted, folder=folder.name or str(folder))
    if strangers:
        shown = ", ".join(f"“{name}”" for name in strangers[:_MOST_NAMED])
        more = f", … (+{len(strangers) - _MOST_NAMED})" if len(strangers) > _MOST_NAMED else ""
        yield finding("G204", CellRef(""), names=shown + more, folder=folder.name or str(folder))


def _after(plan: Plan, year: Contents | None, group: str) -> Plan:
    """The agency's plan with its place and index in the whole of the year before, where the plan says neither.

    A place among another ``group`` is none in this one.
    """
    last = next((item for item in year.agencies if key(item.code) == key(plan.agency)), None) if year else None
    if last is None:
        return plan
    rank = last.rank if key(last.group) == key(group) else None
    return with_last_year(plan, rank, last.index.percent if last.index and last.index.complete else None)
