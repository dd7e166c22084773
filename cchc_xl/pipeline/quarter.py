"""The jobs of a quarter: forms go out, and what units sent becomes a result, a report and letters."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from cchc_xl.office.excel.disk import Location
from cchc_xl.papers.check_note import render_with_note
from cchc_xl.papers.context import Told
from cchc_xl.papers.documents import render
from cchc_xl.pipeline import line
from cchc_xl.pipeline.addresses import here, located
from cchc_xl.pipeline.answers import compare
from cchc_xl.pipeline.collection import Manner
from cchc_xl.pipeline.jobs import (
    EXAMPLE_FORMS,
    EXAMPLE_PLAN,
    EXAMPLES,
    ISSUE_TEMPLATES,
    NOTE,
    NOTE_FILE,
    REPORT,
    REPORT_FILE,
    asked_for,
    chosen,
    example_path,
    look,
    misplaced_blocks,
    template_path,
    write_issue_letters,
)
from cchc_xl.pipeline.line import (
    Assessment,
    CannotRunError,
    Progress,
    assess,
    edition_of,
    open_plan,
    open_result_of_one,
)
from cchc_xl.pipeline.province import Job, in_folder, places_of, run_agencies
from cchc_xl.pipeline.write import (
    Writes,
    check_writable,
    holding,
    kept_before,
    wanted_letters,
    why_no_letters,
    write,
)
from cchc_xl.plan.agencies import current_round, for_agency
from cchc_xl.records import Finding, Plan
from cchc_xl.result import Result, archive, lock
from cchc_xl.result.kept import told_beside
from cchc_xl.result.manifest import UNFINISHED
from cchc_xl.text.catalogue import worst_first
from cchc_xl.text.words import VIETNAM
from cchc_xl.unit.issue import issue as write_forms


@dataclass(frozen=True, slots=True)
class Issued:
    """The forms written, and what was found in the plan and on the way, worst first.

    Of many agencies ``agencies`` names the one that each file is for, in their order; else it is empty. ``letters`` are
    those that go out with the forms; ``notice`` says which of them somebody had edited and where the new one stands, ''
    if none.

    >>> issued = cchc_xl.issue("thu/2021-quy-1/ke-hoach.xlsx", "thu/phieu", period="2021-Q3")
    >>> issued.files[0].name, len(issued.files), issued.letters[0].name, issued.notice
    ('2021-Q3_VP.xlsx', 8, 'cong-van-giao-bieu-mau.docx', '')
    """

    files: tuple[Path, ...]
    findings: tuple[Finding, ...]
    agencies: tuple[str, ...] = ()
    letters: tuple[Path, ...] = ()
    notice: str = ""


def demo(folder: str | Path = "cchc-demo", *, lang: str = "vi") -> tuple[Result, ...]:
    """The examples copied into ``folder``, unless they are there, and run; returns their results.

    They are a whole year, and a quarter with a late and a missing unit; the results stand in ``ket-qua/`` there, with
    findings in the language ``lang``, "vi" or "en".

    Raises :class:`CannotRunError` if nothing can be written there.

    >>> year.contents.period, quarter.contents.period  # year, quarter = cchc_xl.demo("thu")
    ('2020-N', '2021-Q1')
    >>> cchc_xl.demo("thu/2021-quy-1/ke-hoach.xlsx")
    Traceback (most recent call last):
    cchc_xl.pipeline.line.CannotRunError: Không ghi được ví dụ vào thu/2021-quy-1/ke-hoach.xlsx ...
    """
    results = []
    for name, period in EXAMPLES:
        home = Path(folder) / name
        if not home.exists():
            with line.or_cannot_run(f"Không ghi được ví dụ vào {folder}"):
                shutil.copytree(example_path(name), home)
        out = Path(folder) / "ket-qua"
        results.append(run(home / EXAMPLE_PLAN, home / EXAMPLE_FORMS, period=period, out=out, lang=lang))
    return tuple(results)


def issue(plan: Plan | str | Path, to: str | Path, *, period: str) -> Issued:
    """One workbook per unit in the folder ``to``, with the letter that sends them; what is there already is kept.

    ``period`` is a code or name of the plan's. With the first period of the year comes the letter that assigns the
    criteria. Of a plan for many agencies each has a folder of its own in ``to``, the one that :func:`run` reads as its
    own, and one letter goes to all of them. What a form holds: design §4.

    Raises :class:`CannotRunError` for a plan, period or folder that cannot be used.

    >>> cchc_xl.issue("thu/2021-quy-1/ke-hoach.xlsx", "thu/phieu", period="2021-Q9")
    Traceback (most recent call last):
    cchc_xl.pipeline.line.CannotRunError: Kế hoạch không có kỳ “2021-Q9”, ý là 2021-Q3, ...
    """
    here(plan, to)
    loaded = open_plan(plan)
    edition = edition_of(loaded, period)
    templates = chosen(Path(loaded.path), names=ISSUE_TEMPLATES)
    looked = look(templates)
    written: list[Path] = []
    told: list[Finding] = [*looked]
    whose: list[str] = []
    places: list[tuple[str, str]] = []
    with line.or_cannot_run(f"Không ghi được biểu mẫu vào {to}"):
        if not loaded.agencies:
            forms, found = write_forms(edition, Path(to))
            letters, notice = write_issue_letters(edition, templates, Path(to))
            return Issued(tuple(forms), worst_first((*loaded.findings, *looked, *found)), (), letters, notice)
        for item, folder in places_of(loaded, Path(to)):
            forms, found = write_forms(edition_of(for_agency(loaded, item.code), period), Path(to) / folder)
            written += forms
            whose += (item.name for _ in forms)
            told += (in_folder(one, folder) for one in found)
            places.append((item.name, folder))
        letters, notice = write_issue_letters(edition, templates, Path(to), places)
    return Issued(tuple(written), worst_first((*loaded.findings, *told)), tuple(whose), letters, notice)


def run(
    plan: Plan | str | Path,
    folder: str | Location,
    *,
    period: str,
    out: str | Path | None = None,
    template: str | Path | None = None,
    previous: str | Path | None = None,
    dry_run: bool = False,
    with_sources: bool = False,
    letters: str | None = None,
    classes: Sequence[tuple[str, Decimal | int]] = (),
    progress: Progress | None = None,
    lang: str = "vi",
    jobs: int = 1,
    engine: str = "",
    cache: bool = True,
) -> Result:
    """The whole line; with ``out``, the result is written to ``out/<period>/`` in one swap, unless ``dry_run``.

    ``plan`` is a plan workbook, or one loaded; ``folder`` holds what units sent, here or on a server as for
    :func:`check`; ``period`` is a code or name of the plan's. Returns the index in percent and points of the set as
    ``Decimal``, rounded half-up as the plan asks (design §6), with all that led to them.

    A plan with a sheet ``Cơ quan`` scores every agency's folder in ``folder`` into ``out/<period>/<code>/`` and ranks
    them, with ``classes`` or those of the plan; what has not changed since the last run is left as it is. The result
    is that of the whole, and ``previous`` the whole of an earlier one.

    ``previous`` is the folder of an earlier result to compare with, else the latest earlier one in ``out``.
    ``progress`` is told what is being done, in Vietnamese; ``lang`` is the language of findings, "vi" or "en".
    ``template`` is the report's; without it those beside the plan are used, else ours. ``with_sources`` adds the
    appendix "Nguồn số liệu" to the report. A letter to the units that owe something is written once the deadline has
    passed and somebody has sent; ``letters`` "one" writes it in any case, "each" one to each unit, "none" none.
    ``jobs``, ``engine`` and ``cache`` as for :func:`check`; processes share many agencies out among them.

    Raises :class:`CannotRunError` for what prevents running; then nothing is left written. Problems in the units' files
    are findings of the result.

    >>> made = cchc_xl.run("thu/2021-quy-1/ke-hoach.xlsx", "thu/2021-quy-1/don-vi", period="2021-Q1")
    >>> made.index.percent, made.index.percent_if_missing_full, made.folder
    (Decimal('40.15'), Decimal('89.64'), None)
    >>> [(row.unit, row.status) for row in made.contents.rollcall if row.status != "submitted"]
    [('NCC', 'late'), ('TEBDG', 'missing')]
    """
    here(plan, out, template, previous)
    report_template = None if template is None else asked_for(template, "báo cáo")
    folder = located(folder)
    line.right_way_round(plan, folder)
    manner = Manner(jobs, engine, cache).get_ready(folder)
    loaded = open_plan(plan)
    templates = chosen(Path(loaded.path), report_template)
    looked = look(templates)
    job = Job(
        plan=loaded,
        folder=folder,
        period=period,
        out=None if out is None else Path(out),
        templates=templates,
        previous=None if previous is None else Path(previous),
        with_sources=with_sources,
        letters=letters,
        lang=lang,
        dry=dry_run,
        manner=manner,
    )
    if not loaded.agencies:
        return _run_alone(job, looked, progress)
    whole = run_agencies(job, classes=[(name, Decimal(limit)) for name, limit in classes], progress=progress)
    return replace(whole, findings=worst_first((*whole.findings, *looked)))


def _run_alone(job: Job, looked: tuple[Finding, ...], progress: Progress | None) -> Result:
    """The line for one office; ``looked`` is what was found in its templates."""
    before = None if job.previous is None else open_result_of_one(job.previous)
    if job.previous is not None:
        compare(job.previous, job.previous)  # one that contradicts itself is told before the work begins
    period = edition_of(job.plan, job.period).period.code

    def assessed(shown: Progress | None) -> Assessment:
        found = assess(
            job.plan, job.folder, period=period, out=job.out, progress=shown, before=before, manner=job.manner
        )
        return replace(found, findings=worst_first((*found.findings, *looked)))

    if job.out is not None:
        check_writable(job.out)
    if job.out is None or job.dry:
        assessment = assessed(progress)
        return Result(assessment.contents(job.lang), assessment.findings)
    with holding(job.out, progress) as shown:
        archive.settle(job.out, period)
        assessment = assessed(shown)
        made, today = assessment.contents(job.lang), datetime.now(VIETNAM).date()
        wanted = wanted_letters(job.letters, made, today)
        writes = Writes(job.templates, job.with_sources, wanted, sources=kept_before(job.previous))
        placed, said = write(assessment, made, job.folder, job.out, writes, shown)
    unsent = "" if job.letters else why_no_letters(made, today)
    now = current_round(job.plan.rounds, today)
    notices = tuple(filter(None, (told_beside(placed.beside), unsent, *said, now)))
    return Result(made, assessment.findings, str(placed.folder), placed.held, notices)


def report(folder: str | Path, template: str | Path | None = None, *, with_sources: bool = False) -> Path:
    """The Word report of a finished result once more, from its own contents; returns the file written.

    ``template`` is another than the one it was made with; ``with_sources`` adds the appendix "Nguồn số liệu". A report
    that somebody has edited stays: the new one is written beside it. So with the check note (design §9, §12).

    Raises :class:`CannotRunError` if there is no result or the template does not fit.

    >>> cchc_xl.report(year.folder).name
    'bao-cao.docx'
    """
    return report_again(folder, template, with_sources=with_sources)[0]


def report_again(
    folder: str | Path, template: str | Path | None = None, *, with_sources: bool = False
) -> tuple[Path, str]:
    """The same, with the sentence about what somebody had edited of the report and its check note; '' if nothing."""
    folder = Path(folder)
    made, target = open_result_of_one(folder), folder / REPORT_FILE
    if not folder.is_dir():
        raise CannotRunError(
            f"Lượt chạy trước vào {folder.parent} bị ngắt giữa chừng: hãy chạy lại `cchc-xl run` trước."
        )
    used = asked_for(template or folder / archive.SOURCES / REPORT, "báo cáo")
    unwritten = line.or_cannot_run(f"Không ghi được {target}", "hãy đóng tệp nếu đang mở")
    with line.relying_on(folder), unwritten, lock.locked(line.out_of(folder, made)):
        written = folder / f"{UNFINISHED}.docx"
        try:
            remarks = misplaced_blocks(used.read_bytes(), REPORT, used.name)
            note = render_with_note(
                Told.of(made), used, written, template_path(NOTE), remarks, with_sources=with_sources
            )
            path = archive.place_again(folder, REPORT_FILE, written, datetime.now(VIETNAM))
            written.write_bytes(note)
            noted = archive.place_again(folder, NOTE_FILE, written, datetime.now(VIETNAM))
        finally:
            written.unlink(missing_ok=True)
    beside = {REPORT_FILE: path.name, NOTE_FILE: noted.name}
    return path, told_beside({name: ours for name, ours in beside.items() if ours != name})


def render_report(result: Result, template: str | Path, out: str | Path) -> Path:
    """Fills a Word template from a result; returns the file written, which is replaced if it is there.

    Numbers are written as Vietnamese documents write them: 74,12%, 1.480 (design §9).

    Raises ``cchc_xl.TemplateError`` naming the variables the template asks for that do not exist, ``OSError`` where
    nothing can be read or written.

    >>> template = f"{year.folder}/nguon/report.docx"  # every result keeps those that it was made with
    >>> cchc_xl.render_report(year, template, "thu/bao-cao-khac.docx").name
    'bao-cao-khac.docx'
    """
    render(result.contents, Path(template), Path(out))
    return Path(out)
