"""Reading, checking, consolidating, scoring: a plan and a folder come in, an :class:`Assessment` goes out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cchc_xl.ask.advise import advise
from cchc_xl.ask.compare import compare
from cchc_xl.ask.route import path_to
from cchc_xl.office.excel import Refused, read
from cchc_xl.office.excel.disk import Location, folder_of, held_open
from cchc_xl.office.excel.share import without_login
from cchc_xl.pipeline.collection import Collected, Manner, collect
from cchc_xl.plan import load_plan
from cchc_xl.plan.edition import find_period, in_force, near_periods
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
    Submission,
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
from cchc_xl.score.consolidate import Unreadable, consolidate
from cchc_xl.score.scorecard import score
from cchc_xl.score.supplied import read_supplied
from cchc_xl.score.unit_notes import read_notes
from cchc_xl.score.versions import is_answered
from cchc_xl.text.catalogue import finding, fix, message, place, worst_first
from cchc_xl.text.file_names import file_name
from cchc_xl.text.system_error import ToldError, reason
from cchc_xl.unit.conform import unit_by_path
from cchc_xl.unit.folder import Candidate, discover, source_file
from cchc_xl.unit.sheets import Expected
from cchc_xl.unit.supplement import asked_finding

Progress = Callable[[str], None]
FEEDBACK = "phan-hoi"  # the marked copies, in a result's folder
_MOST_NEAR = 3  # periods that are suggested for one that is unknown
_ALONE = Manner()
_MOST_FOLDERS = 10  # agencies' folders that a sentence names


class CannotRunError(Exception):
    """A job could not be done; the text is one sentence: what, and what to do."""


@contextmanager
def or_cannot_run(what: str = "", remedy: str = "hãy chọn thư mục khác") -> Iterator[None]:
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
    with or_cannot_run():
        return plan if isinstance(plan, Plan) else load_plan(plan)


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
    Raises :class:`CannotRunError` for a plan, period, folder or appraisal that cannot be used.
    """
    right_way_round(plan, folder)
    loaded = open_plan(plan)
    edition = edition_of(loaded, period)
    if before is not None and (why := last_year.strange(edition, before)):
        raise CannotRunError(
            f"Kết quả {before.period} đã chọn ở --previous {why}: hãy chọn thư mục kết quả của cơ quan này; nếu cơ "
            "quan hoặc bộ chỉ số đã đổi, bỏ --previous và ghi chỉ số, điểm năm trước vào kế hoạch."
        )
    edition = last_year.completed(edition, before)
    home = None if out is None else Path(out)
    last = again or (None if home is None else archive.standing(*result_place(home, edition)))
    kept = last and (last / archive.SOURCES if again else last)
    form, entries, supplied, notes, appraisal_findings = _appraised(kept, edition)
    if said:
        entries, more = merged(entries, said, form, _last_result(last), edition)
        appraisal_findings = (*appraisal_findings, *more)
    edited = () if last is None or again else archive.edited(last)
    with or_cannot_run(f"Không mở được thư mục {without_login(str(folder))}", "hãy kiểm tra đường dẫn và quyền đọc"):
        folder = folder_of(folder)
        found = discover(folder, home)
    alone = folder.is_file()  # one file is checked for itself: the other units owe it nothing
    expected = Expected.of(edition)
    with or_cannot_run():
        collected = collect(folder, found.forms, expected, manner, progress or (lambda _: None))
    submissions = tuple(item.submission for item in collected if item.submission)
    closed, doubtful = _candidates(found.candidates, {item.unit for item in submissions}, expected)
    consolidation = consolidate(
        edition,
        submissions,
        (*(item.unreadable for item in collected if item.unreadable), *closed),
        found.paths,
        {} if last is None else _first_sent(last),
        last_year.figures(edition, before),
        supplied,
    )
    uncompared = (
        *last_year.lacking(edition, consolidation.last_year, before),
        *last_year.untaken(edition, before),
    )
    if before is None and home is not None:
        before = _earlier(edition, home)
    compared = last_period.check(before, edition, consolidation) if before is not None else ()
    scorecard = score(edition, consolidation, appraised_points(entries))
    entries, stale = with_staleness(entries, scorecard, consolidation)
    # A superseded file's cells are nobody's errors any more.
    counted = {file for item in consolidation.submissions for file in item.files}
    whole: dict[str | None, Submission] = {item.unit: item for item in consolidation.submissions}
    standing = (item for item in collected if not item.submission or item.submission.form_file in counted)
    findings = (
        *(() if alone else _whole_input(folder, edition, collected, doubtful)),
        *loaded.findings,
        *found.findings,
        *doubtful,
        *(told for item in consolidation.submissions for told in asked_finding(item, edition)),
        *(one for item in standing for one in item.findings if not is_answered(one, whole.get(one.unit))),
        *(item for item in consolidation.findings if not (alone and item.code == "U101")),
        *compared,
        *(() if alone else uncompared),
        *appraisal_findings,
        *_copies_to_send(edited, edition),
        *stale,
        *outside_rounds(loaded.rounds, entries, consolidation.rollcall),
        *scorecard.findings,
    )
    verdicts = (*dict.fromkeys(item.verdict for item in collected), *found.closed)
    told = worst_first(findings), verdicts, entries, form, before
    return Assessment(edition, consolidation, scorecard, *told, tuple(found.forms), collected, edited, notes)


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


def _copies_to_send(edited: Iterable[str], edition: Edition) -> Iterator[Finding]:
    """Marked copies that a clerk filled in where they lie: there nobody reads them as what a unit sent."""
    codes = {file_name(unit.code): unit.code for unit in edition.plan.units}
    for name in edited:
        folder, _, file = name.partition("/")
        if folder == FEEDBACK and not Path(name).stem.endswith(")"):
            yield finding("U210", CellRef(name), unit=codes.get(Path(file).stem), file=name)


def _last_result(last: Path | None) -> Contents | None:
    with suppress(archive.ArchiveError, OSError):
        return None if last is None else archive.load_contents(last)
    return None


def _first_sent(last: Path) -> dict[str, datetime]:
    """When each unit first sent something, by the last result of this period, if there is one that can be read."""
    with suppress(archive.ArchiveError, OSError):
        rows = archive.load_contents(last).rollcall
        return {row.unit: first for row in rows if (first := row.first_sent or row.sent) is not None}
    return {}


def _earlier(edition: Edition, out: Path) -> Contents | None:
    """The result in ``out`` of the latest period that ended before this one does; one that cannot be read is none."""
    earlier = [period for period in edition.plan.periods if period.end < edition.period.end]
    for period in sorted(earlier, key=lambda item: item.end, reverse=True):
        folder = archive.result_folder(*result_place(out, edition, period.code))
        if (folder / archive.RESULT).is_file():
            with suppress(archive.ArchiveError, OSError):
                return archive.load_contents(folder)
    return None


def _appraised(
    folder: Path | None, edition: Edition
) -> tuple[RawForm | None, tuple[Appraisal, ...], tuple[Supplied, ...], tuple[UnitNote, ...], tuple[Finding, ...]]:
    """The Office's appraisal, the figures it supplies, its notes of units; one open or unreadable stops the run."""
    if folder is None:
        return None, (), (), (), ()
    path = folder / archive.APPRAISAL
    if not path.exists():
        if archive.appraisal_is_gone(path.parent):
            raise CannotRunError(_how_to_get_back(path))
        return None, (), (), (), ()
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
    return form, entries, supplied, notes, findings


def _how_to_get_back(path: Path) -> str:
    """What to do about an appraisal workbook that the last result had and that is not there any more."""
    kept = archive.last_version(path.parent)
    what = f"Không thấy tệp thẩm định {path} mà kết quả lần trước có, nên không chạy để khỏi mất điểm thẩm định:"
    if kept is not None:
        return f"{what} hãy chép bản giữ lại gần nhất {kept} thành {path} rồi chạy lại."
    return f"{what} hãy lấy lại tệp (thùng rác, bản sao lưu), hoặc đổi tên thư mục {path.parent} để chấm lại từ đầu."
