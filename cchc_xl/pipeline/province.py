"""Many agencies by one plan: a plan with a sheet ``Cơ quan`` and a tree of folders come in, one result each goes out.

Contract: design §14, docs/decisions/021. Agency by agency goes through the same line as one alone (`line`, `write`);
what joins them is the ranking, which is made from their results and stands beside them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cchc_xl import __version__
from cchc_xl.papers.letters import compiler_owes
from cchc_xl.pipeline.jobs import COVERING_LETTER
from cchc_xl.pipeline.line import (
    Assessment,
    CannotRunError,
    Progress,
    assess,
    edition_of,
    open_result,
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
from cchc_xl.pipeline.write import Writes, check_writable, feedback_for_people, wanted_letters, write
from cchc_xl.plan.agencies import current_round, depth, folders, for_agency, own_folder
from cchc_xl.records import Agency, CellRef, Finding, Plan
from cchc_xl.result import Result, archive, lock, manifest
from cchc_xl.result.contents import Contents
from cchc_xl.result.kept import told_beside
from cchc_xl.result.lock import LostError
from cchc_xl.score.appraisers import Said, appraisers_of, lasting, pending
from cchc_xl.text.catalogue import finding, worst_first
from cchc_xl.text.file_names import file_name
from cchc_xl.text.words import VIETNAM, key
from cchc_xl.unit.folder import closed_reason, discover, is_result

_MOST_NAMED = 5
_MOST_FOLDERS = 20_000


@dataclass(frozen=True, slots=True)
class Job:
    """One agency to be scored, as another process may be told: ``plan`` is its own.

    ``templates`` are by the names they are for; ``previous`` is the folder of its result of the year before, if any.
    Without ``out``, and with ``dry``, nothing is written. ``said`` is what appraisers of all say of it,
    ``sources`` are their workbooks.
    """

    plan: Plan
    folder: Path
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
            job.plan, job.folder, period=job.period, out=job.out, before=before, progress=progress, said=job.said
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
    sources = job.sources if pending(job.said) else {}
    writes = Writes(job.templates, job.with_sources, letters, listing, told, sources)
    placed = write(assessment, made, job.folder, job.out, writes, progress)
    owes = compiler_owes(made) if letters != "none" else ""
    notices = [f"{code}: {told}" for told in (told_beside(placed.beside), owes) if told]
    if placed.held:
        notices.append(
            f"{code}: kết quả cũ đang mở ({placed.held}) nên chưa thay; kết quả mới nằm ở {placed.folder}: hãy đóng "
            "tệp đó rồi chạy lại."
        )
    return Done(code, made, notices=tuple(notices))


def _listing(folder: Path, out: Path) -> dict[str, str]:
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
    earlier = [one for one in job.plan.periods if one.end < edition.period.end] if job.out else []
    for period in earlier:
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
    if any(manifest.sha256(path) != sha for path, sha in named if path.is_file()):
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
    if job.out is None or job.dry:
        return _run(job, classes, progress)
    check_writable(job.out)
    unwritten = or_cannot_run(f"Không ghi được kết quả vào {job.out}", "hãy đóng tệp đang mở hoặc đổi thư mục")
    with unwritten, lock.locked(job.out) as held:

        def shown(text: str) -> None:
            held.renew()
            if progress:
                progress(text)

        return _run(job, classes, shown)


def _run(job: Job, classes: Classes, progress: Progress | None) -> Result:
    plan, agencies, edition = job.plan, scored_agencies(job.plan), edition_of(job.plan, job.period)
    period = edition.period
    job = replace(job, period=period.code)
    last_year = None if job.previous is None else _whole_of(job.previous)
    home = None if job.out is None or job.dry else archive.result_folder(job.out, period.code)
    if home is not None:
        _not_of_one(home)
    with or_cannot_run(f"Không mở được thư mục {job.folder}", "hãy kiểm tra đường dẫn và quyền đọc"):
        placed, strangers = folders(plan, _folders(job.folder, depth(plan), job.out))
        told = list(_about_folders(plan, job.folder, placed, (*strangers, *_loose_files(job.folder))))
    names = appraisers_of(edition)
    told_by, sources = read_appraisers(home, names) if home is not None else ({}, {})
    said = tuple(one for rows in told_by.values() for one in rows)
    done: list[Done] = []
    for number, item in enumerate(agencies, start=1):
        if item.code not in placed:
            continue
        shown = _under(progress, f"[{number}/{len(agencies)}] {item.code}: ")
        shown(item.name)
        own = tuple(one for one in said if key(one.agency) == key(item.code))
        of_one = _job_of(replace(job, said=own, sources=sources), item, placed[item.code], last_year)
        done.append(score_agency(of_one, shown))
        if done[-1].contents is None:
            named = f"{item.name} ({item.code})"
            told.append(finding("G109", CellRef(placed[item.code]), agency=named, reason=done[-1].reason))
    groups = ranked_groups(plan, agencies, done, classes)
    findings = worst_first((*plan.findings, *told))
    contents = whole_contents(plan, period, agencies, done, groups, findings, placed, job.lang)
    notices = [text for item in done for text in item.notices]
    if home is not None:
        appraised = Appraised(names, told_by, {name: manifest.sha256(path) for name, path in sources.items()})
        notices += place_ranking(home, contents, groups, plan, appraised)
    if now := current_round(plan.rounds, datetime.now(VIETNAM).date()):
        notices.insert(0, now)
    if kept := sum(item.kept for item in done):
        notices.insert(0, f"Giữ nguyên kết quả của {kept}/{len(done)} cơ quan vì không có gì thay đổi.")
    return Result(contents, findings, str(home) if home else None, None, tuple(notices))


def _job_of(job: Job, item: Agency, folder: str, last_year: Contents | None) -> Job:
    """The job of one agency."""
    before = None
    if job.previous is not None and last_year is not None:
        rows = (row for row in last_year.agencies if key(row.code) == key(item.code) and row.folder)
        before = next((job.previous / row.folder for row in rows), None)
    return replace(
        job,
        plan=with_last_year(for_agency(job.plan, item.code), last_year),
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


def _folders(folder: Path, deep: int, out: Path | None) -> tuple[str, ...]:
    """The folders below, as deep as agencies' folders may lie; none of ours and none of machines."""
    found: list[str] = []
    outside = out.resolve() if out else None
    for top, names, _ in os.walk(folder):
        here = Path(top)
        inside = len(here.relative_to(folder).parts)
        names[:] = sorted(
            name
            for name in names
            if not name.startswith((".", "$", "~", "@", "#"))
            and not is_result(here / name)
            and (here / name).resolve() != outside
        )
        found += [(here / name).relative_to(folder).as_posix() for name in names]
        if inside + 1 >= deep or len(found) > _MOST_FOLDERS:
            names.clear()
    return tuple(found)


def _loose_files(folder: Path) -> tuple[str, ...]:
    """Files that lie beside the agencies' folders, but for the letter that was issued with the forms in them."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    ours = (".", Path(COVERING_LETTER).stem)
    return tuple(name for name in names if not name.startswith(ours) and closed_reason(name) is None)


def _about_folders(plan: Plan, folder: Path, placed: Mapping[str, str], strangers: Sequence[str]) -> Iterator[Finding]:
    """Agencies without a folder, and what in the tree is no agency's."""
    for item in {item.code: item for item in plan.agencies}.values():
        if item.code not in placed:
            wanted = f"“{item.folder}”" if item.folder else f"“{item.code}” / “{item.name}”"
            named = f"{item.name} ({item.code})"
            yield finding("G203", item.at, agency=named, expected=wanted, folder=folder.name or str(folder))
    if strangers:
        shown = ", ".join(f"“{name}”" for name in strangers[:_MOST_NAMED])
        more = f", … (+{len(strangers) - _MOST_NAMED})" if len(strangers) > _MOST_NAMED else ""
        yield finding("G204", CellRef(""), names=shown + more, folder=folder.name or str(folder))


def with_last_year(plan: Plan, previous: Contents | None) -> Plan:
    """The agency's plan with last year's place and index from the whole of that year, where the plan says neither."""
    if previous is None:
        return plan
    same = (item for item in previous.agencies if key(item.code) == key(plan.agency))
    last = next(same, None)
    if last is None:
        return plan
    own = plan.settings
    index = last.index.percent if last.index and last.index.complete else None
    return replace(
        plan,
        settings=replace(
            own,
            previous_rank=own.previous_rank if own.previous_rank is not None else last.rank,
            previous_index=own.previous_index if own.previous_index is not None else index,
        ),
    )
