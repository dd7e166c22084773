"""Reading, checking, consolidating, scoring: a plan and a folder come in, an :class:`Assessment` goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cchc_xl.ask.advise import advise
from cchc_xl.ask.compare import compare
from cchc_xl.ask.route import path_to
from cchc_xl.office.excel import Refused, read
from cchc_xl.office.excel.disk import Location, folder_of, held_open
from cchc_xl.office.excel.share import without_login
from cchc_xl.pipeline.collection import Collected, Manner, incoming
from cchc_xl.plan import load_plan
from cchc_xl.plan.edition import earlier_periods, find_period, in_force, near_periods
from cchc_xl.records import (
    Appraisal,
    CellRef,
    Consolidation,
    Edition,
    Finding,
    Plan,
    RawForm,
    Scorecard,
    SourceFile,
    Supplied,
    UnitNote,
    Verdict,
)
from cchc_xl.result import archive
from cchc_xl.result.contents import Contents
from cchc_xl.result.result_file import contents
from cchc_xl.score import last_period, last_year
from cchc_xl.score.appraisal import appraisal_entry, appraised_points, outside_rounds, with_staleness
from cchc_xl.score.appraisal_reading import STOPS, read_appraisals
from cchc_xl.score.appraisers import Said, merged
from cchc_xl.score.consolidate import consolidate
from cchc_xl.score.scorecard import score
from cchc_xl.score.supplied import read_supplied
from cchc_xl.score.unit_notes import read_notes
from cchc_xl.text.catalogue import finding, fix, message, place, worst_first
from cchc_xl.text.file_names import file_name
from cchc_xl.text.system_error import ToldError, reason
from cchc_xl.unit.folder import source_file

Progress = Callable[[str], None]
FEEDBACK = "phan-hoi"  # the marked copies, in a result's folder
_MOST_NEAR = 3  # periods that are suggested for one that is unknown
_ALONE = Manner()
_MOST_FOLDERS = 10  # agencies' folders that a sentence names


class CannotRunError(Exception):
    """A job could not be done; the text is one Vietnamese sentence: what, and what to do.

    >>> cchc_xl.run("thu/2021-quy-1/ke-hoach.xlsx", "khong-co", period="2021-Q1")
    Traceback (most recent call last):
    cchc_xl.pipeline.line.CannotRunError: Không mở được thư mục khong-co (...): hãy kiểm tra đường dẫn và quyền đọc.
    """


@contextmanager
def or_cannot_run(what: str, remedy: str = "hãy chọn thư mục khác") -> Iterator[None]:
    """Turns what keeps a job from being done into :class:`CannotRunError`.

    What has a sentence of its own keeps it; of an ``OSError`` it is what was not possible, why, and what to do.

    >>> with or_cannot_run("Không ghi được vào ket-qua"):
    ...     raise PermissionError(13, "Permission denied")
    Traceback (most recent call last):
    cchc_xl.pipeline.line.CannotRunError: Không ghi được vào ket-qua (không có quyền): hãy chọn thư mục khác.
    """
    try:
        yield
    except ToldError as error:
        raise CannotRunError(str(error)) from error
    except OSError as error:
        raise CannotRunError(f"{what} ({reason(error)}): {remedy}.") from error


def opening(folder: str | Location) -> AbstractContextManager[None]:
    """Turns what keeps the units' folder from being read into :class:`CannotRunError`; no password of it is told."""
    shown = without_login(str(folder))
    return or_cannot_run(f"Không mở được thư mục {shown}", "hãy kiểm tra đường dẫn và quyền đọc")


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything known after the score, before anything is written.

    ``sources`` are the files that were read, ``collected`` what each of them is by itself; ``edited`` are the files of
    the last result that somebody has changed since, ``notes`` what the Office noted of units.
    """

    edition: Edition
    consolidation: Consolidation
    scorecard: Scorecard
    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]
    appraisals: tuple[Appraisal, ...] = ()
    appraisal_form: RawForm | None = None
    before: Contents | None = None
    sources: tuple[SourceFile, ...] = ()
    collected: tuple[Collected, ...] = ()
    edited: tuple[str, ...] = ()
    notes: tuple[UnitNote, ...] = ()

    @property
    def scored(self) -> tuple[Edition, Consolidation, Scorecard]:
        """What results and workbooks are made of."""
        return self.edition, self.consolidation, self.scorecard

    def contents(self, lang: str = "vi") -> Contents:
        """What the result holds, with the advice, the path to the target and what changed since ``before``."""
        entries = {item.code: appraisal_entry(item) for item in self.appraisals}
        made = contents(*self.scored, self.findings, self.verdicts, appraisals=entries, lang=lang)
        totals = (*self.consolidation.measures, *self.consolidation.last_year)
        advice = advise(self.edition, self.scorecard, totals, made)
        target = self.edition.plan.settings.target_index
        path = None if target is None else path_to(made, advice, target)
        made = replace(made, advice=advice, path=path, edited=self.edited)
        return made if self.before is None else replace(made, comparison=compare(self.before, made))


def open_plan(plan: Plan | str | Path) -> Plan:
    """The plan itself, or loaded from its path. Raises :class:`CannotRunError` if it cannot be read."""
    if isinstance(plan, Plan):
        return plan
    with or_cannot_run(f"Không đọc được kế hoạch {plan}", "hãy kiểm tra đường dẫn"):
        return load_plan(plan)


def open_plan_of_one(plan: Plan | str | Path) -> Plan:
    """The same of a plan for one office. Raises :class:`CannotRunError` also for one that scores many agencies."""
    loaded = open_plan(plan)
    if loaded.agencies:
        raise CannotRunError(
            f"Kế hoạch {loaded.file} chấm nhiều cơ quan (sheet “Cơ quan”), việc này chỉ làm cho một cơ quan: hãy chạy "
            "`cchc-xl check` để xem cơ quan nào đã gửi, hoặc `cchc-xl run` để chấm."
        )
    return loaded


def right_way_round(plan: Plan | str | Path, folder: str | Location) -> None:
    """Raises :class:`CannotRunError` if the plan is a folder and the folder a file: they have changed places."""
    if not isinstance(plan, Plan) and Path(plan).is_dir() and Path(str(folder)).is_file():
        raise CannotRunError(
            f"Hình như đã đổi chỗ kế hoạch và thư mục: {plan} là thư mục, {folder} là tệp; hãy ghi kế hoạch trước, thư "
            f"mục sau: {folder} {plan}."
        )


def open_result(folder: str | Path) -> Contents:
    """The contents of a finished result. Raises :class:`CannotRunError` if ``folder`` holds none."""
    with or_cannot_run(f"Không mở được {folder}", "hãy kiểm tra đường dẫn và quyền đọc"):
        return archive.load_contents(Path(folder))


def open_result_of_one(folder: str | Path) -> Contents:
    """The contents of a finished result of one agency.

    Raises :class:`CannotRunError` if ``folder`` holds none, or that of many agencies: it names their folders.
    """
    contents = open_result(folder)
    if not contents.agencies:
        return contents
    names = [item.folder for item in contents.agencies if item.folder]
    more = f" và {len(names) - _MOST_FOLDERS} thư mục khác" if len(names) > _MOST_FOLDERS else ""
    remedy = (
        f"hãy chọn thư mục của một cơ quan trong đó ({', '.join(names[:_MOST_FOLDERS])}{more}), ví dụ "
        f"{Path(folder) / names[0]}"
        if names
        else "chưa cơ quan nào có kết quả, hãy chạy `cchc-xl run` khi đã có báo cáo của đơn vị"
    )
    raise CannotRunError(f"{folder} là kết quả chung của nhiều cơ quan: {remedy}.")


@contextmanager
def relying_on(*folders: str | Path) -> Iterator[None]:
    """Turns what a result that contradicts itself does to a question into :class:`CannotRunError` naming the folder.

    Such a result has all keys, each of its kind, and still cannot be: a parent that is no criterion, a figure that no
    computation bears. It was handed back and is not ours any more.
    """
    try:
        yield
    except (CannotRunError, ToldError):
        raise
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        which = " hoặc ".join(str(Path(folder) / archive.RESULT) for folder in folders)
        raise CannotRunError(
            f"{which} có nội dung trái nhau ({type(error).__name__}): hãy chạy lại `cchc-xl run`."
        ) from error


def edition_of(plan: Plan, period: str) -> Edition:
    """The plan in force in the period of this code or name. Raises :class:`CannotRunError` for an unknown period."""
    found = find_period(plan, period)
    if found is None:
        near = ", ".join(item.code for item in near_periods(plan, period)[:_MOST_NEAR])
        meant = f", ý là {near}?" if near else ""
        known = ", ".join(f"{item.code} ({item.name})" for item in plan.periods) or "chưa có kỳ nào"
        raise CannotRunError(
            f"Kế hoạch không có kỳ “{period}”{meant} (có: {known}): hãy chọn một mã kỳ ở sheet “Kỳ báo cáo”."
        )
    alike = [item.code for item in plan.periods if file_name(item.code).casefold() == file_name(found.code).casefold()]
    if len(set(alike)) > 1:  # the result of one would take the place of the other's
        told = "” và “".join(dict.fromkeys(alike))
        raise CannotRunError(f"Mã kỳ “{told}” thành cùng một tên thư mục: hãy đổi một mã ở sheet “Kỳ báo cáo”.")
    return in_force(plan, found)


def result_place(out: Path, edition: Edition, period: str = "") -> tuple[Path, str]:
    """The folder in which the result of this period stands, and its name there: of one of many agencies its code."""
    period = period or edition.period.code
    agency = edition.plan.agency
    return (archive.result_folder(out, period), agency) if agency else (out, period)


def out_of(folder: Path, made: Contents) -> Path:
    """The folder of results in which a finished result stands: ``out`` of :func:`result_place`."""
    home = folder.absolute().parent
    return home.parent if made.agency_code else home


def assess(
    plan: Plan | str | Path,
    folder: str | Location,
    *,
    period: str,
    out: str | Path | None = None,
    progress: Progress | None = None,
    before: Contents | None = None,
    again: Path | None = None,
    said: Sequence[Said] = (),
    manner: Manner = _ALONE,
) -> Assessment:
    """Reads, checks, consolidates and scores a folder, or one file; writes no result.

    With ``out``, files under it are left out and the Office's appraisal in its last result of this period is used.
    ``again`` is the folder of a result that is computed again: the appraisal is the one that it was made with.
    Figures are compared with ``before``, else with the latest earlier period's result in ``out``; those of a year
    before, and last year's index and points where the plan has none, are taken from ``before`` alone. ``said`` is what
    appraisers of many agencies say of this one, ``manner`` who reads the files.
    Points are ``Decimal`` and not rounded yet: the :class:`Assessment` is for programs that go on computing.

    Raises :class:`CannotRunError` for a plan, period, folder or appraisal that cannot be used, and for a plan that
    scores many agencies.

    >>> plan = cchc_xl.load_plan("thu/2021-quy-1/ke-hoach.xlsx")
    >>> found = cchc_xl.assess(plan, "thu/2021-quy-1/don-vi", period="2021-Q1")
    >>> round(found.scorecard.index.points, 4), len(found.consolidation.submissions)
    (Decimal('38.9481'), 7)
    """
    right_way_round(plan, folder)
    edition = _with_last_year(edition_of(open_plan_of_one(plan), period), before)
    home = None if out is None else Path(out)
    last = again or (None if home is None else archive.standing(*result_place(home, edition)))
    last_result = _last_result(last)
    office = _entered(last and (last / archive.SOURCES if again else last), edition, said, last_result)
    edited = () if last is None or again else archive.edited(last)
    with opening(folder):
        come = incoming(folder_of(folder), home, edition, manner, progress or (lambda _: None))
    consolidation = consolidate(
        edition,
        come.submissions,
        come.unreadable,
        come.found.paths,
        _first_sent(last_result),
        last_year.figures(edition, before),
        office.supplied,
    )
    before, compared = _compared(before, home, edition, consolidation, alone=come.alone)
    scorecard = score(edition, consolidation, appraised_points(office.entries))
    entries, stale = with_staleness(office.entries, scorecard, consolidation)
    findings = (
        *come.findings(edition, consolidation),
        *compared,
        *office.findings,
        *_copies_to_send(edited, edition),
        *stale,
        *outside_rounds(edition.plan.rounds, entries, consolidation.rollcall),
        *scorecard.findings,
    )
    return Assessment(
        edition,
        consolidation,
        scorecard,
        worst_first(findings),
        verdicts=(*dict.fromkeys(item.verdict for item in come.collected), *come.found.closed),
        appraisals=entries,
        appraisal_form=office.form,
        before=before,
        sources=tuple(come.found.forms),
        collected=come.collected,
        edited=edited,
        notes=office.notes,
    )


def _with_last_year(edition: Edition, before: Contents | None) -> Edition:
    """The edition with last year's index and points from ``before``, which must be a result of the same office."""
    if before is not None and (why := last_year.strange(edition, before)):
        raise CannotRunError(
            f"Kết quả {before.period} đã chọn ở --previous {why}: hãy chọn thư mục kết quả của cơ quan này; nếu cơ "
            "quan hoặc bộ chỉ số đã đổi, bỏ --previous và ghi chỉ số, điểm năm trước vào kế hoạch."
        )
    return last_year.completed(edition, before)


def _compared(
    before: Contents | None, home: Path | None, edition: Edition, consolidation: Consolidation, *, alone: bool
) -> tuple[Contents | None, tuple[Finding, ...]]:
    """The earlier result that figures are compared with, given or found in ``home``, and what that brings to light."""
    uncompared = (*last_year.lacking(edition, consolidation.last_year, before), *last_year.untaken(edition, before))
    if before is None and home is not None:
        before = _earlier(edition, home)
    found = () if before is None else last_period.check(before, edition, consolidation)
    return before, (*found, *(() if alone else uncompared))


def _copies_to_send(edited: Iterable[str], edition: Edition) -> Iterator[Finding]:
    """Marked copies that a clerk filled in where they lie: there nobody reads them as what a unit sent."""
    codes = {file_name(unit.code): unit.code for unit in edition.plan.units}
    for name in edited:
        folder, _, file = name.partition("/")
        if folder == FEEDBACK and not Path(name).stem.endswith(")"):
            yield finding("U210", CellRef(name), unit=codes.get(Path(file).stem), file=name)


def _last_result(last: Path | None) -> Contents | None:
    """The last result of this period; one that cannot be read is none."""
    with suppress(archive.ArchiveError, OSError):
        return None if last is None else archive.load_contents(last)
    return None


def _first_sent(last: Contents | None) -> dict[str, datetime]:
    """When each unit first sent something, by the last result of this period, if there is one that can be read."""
    rows = () if last is None else last.rollcall
    return {row.unit: first for row in rows if (first := row.first_sent or row.sent) is not None}


def _earlier(edition: Edition, out: Path) -> Contents | None:
    """The result in ``out`` of the latest period that ended before this one does; one that cannot be read is none."""
    for period in earlier_periods(edition):
        folder = archive.result_folder(*result_place(out, edition, period.code))
        if (folder / archive.RESULT).is_file():
            with suppress(archive.ArchiveError, OSError):
                return archive.load_contents(folder)
    return None


@dataclass(frozen=True, slots=True)
class _Entered:
    """What the Office entered: points and evidence it appraised, figures it supplies, its notes of units."""

    form: RawForm | None = None
    entries: tuple[Appraisal, ...] = ()
    supplied: tuple[Supplied, ...] = ()
    notes: tuple[UnitNote, ...] = ()
    findings: tuple[Finding, ...] = ()


def _entered(folder: Path | None, edition: Edition, said: Sequence[Said], last: Contents | None) -> _Entered:
    """What stands in the appraisal workbook of the folder, with what appraisers of many agencies say of this one."""
    office = _appraised(folder, edition)
    if not said:
        return office
    entries, more = merged(office.entries, said, office.form, last, edition)
    return replace(office, entries=entries, findings=(*office.findings, *more))


def _appraised(folder: Path | None, edition: Edition) -> _Entered:
    """What stands in the appraisal workbook of the folder; one open, gone or unreadable stops the run."""
    path = None if folder is None else folder / archive.APPRAISAL
    if path is None or not (path.exists() or archive.appraisal_is_gone(path.parent)):
        return _Entered()
    if not path.exists():
        raise CannotRunError(_how_to_get_back(path))
    if held_open(path) is not None:
        raise CannotRunError(
            f"Tệp thẩm định {path} đang mở: hãy lưu, đóng tệp rồi chạy lại; nếu không ai mở thì xóa tệp ẩn "
            f"~${archive.APPRAISAL} (hoặc .~lock.{archive.APPRAISAL}#) trong thư mục đó."
        )
    try:
        form = read(source_file(path, path.parent))
    except (OSError, ValueError) as error:
        raise CannotRunError(
            f"Không đọc được tệp thẩm định {path} ({reason(error)}): hãy đặt lại đúng tệp, các bản trước ở thư mục "
            f"{archive.VERSIONS}, rồi chạy lại."
        ) from error
    if isinstance(form, Refused):
        why = f"{message(form.finding)} {fix(form.finding)}"
        raise CannotRunError(f"Không đọc được tệp thẩm định {path}: {why} Các bản trước ở thư mục {archive.VERSIONS}.")
    entries, told = read_appraisals(form, edition)
    supplied, also_told = read_supplied(form, edition)
    notes, more_told = read_notes(form)
    findings = (*also_told, *more_told, *told)
    lost = [item for item in findings if item.code in STOPS]
    if lost:
        more = f" (Còn {len(lost) - 1} chỗ khác trong tệp này.)" if len(lost) > 1 else ""
        raise CannotRunError(f"{place(lost[0])}: {message(lost[0])} {fix(lost[0])}{more}")
    return _Entered(form, entries, supplied, notes, findings)


def _how_to_get_back(path: Path) -> str:
    """What to do about an appraisal workbook that the last result had and that is not there any more."""
    kept = archive.last_version(path.parent)
    what = f"Không thấy tệp thẩm định {path} mà kết quả lần trước có, nên không chạy để khỏi mất điểm thẩm định:"
    if kept is not None:
        return f"{what} hãy chép bản giữ lại gần nhất {kept} thành {path} rồi chạy lại."
    return f"{what} hãy lấy lại tệp (thùng rác, bản sao lưu), hoặc đổi tên thư mục {path.parent} để chấm lại từ đầu."
