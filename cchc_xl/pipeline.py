"""The whole line in one place: a plan and a folder come in, a :class:`Result` and its files go out.

Only this module joins the stages. The command line and the Excel button are two doors to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cchc_xl import archive
from cchc_xl.conform import Expected, SetAside, conform, unit_by_path
from cchc_xl.consolidate import Unreadable, consolidate
from cchc_xl.discover import discover
from cchc_xl.messages import worst_first
from cchc_xl.plan import PlanUnreadableError, find_period, in_force, load_plan
from cchc_xl.read import Refused, read
from cchc_xl.records import (
    Consolidation,
    Edition,
    Finding,
    Plan,
    Scorecard,
    SourceFile,
    Submission,
    Verdict,
)
from cchc_xl.result import Document, Result, document
from cchc_xl.score import score
from cchc_xl.validate import check as check_submission
from cchc_xl.vi_text import VIETNAM

Progress = Callable[[str], None]


class CannotRunError(Exception):
    """The line could not run; the text is one sentence: what, and what to do."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything known after the score, before anything is written."""

    edition: Edition
    consolidation: Consolidation
    scorecard: Scorecard
    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]

    def document(self, lang: str = "vi") -> Document:
        """The object of ``result.json``."""
        return document(self.edition, self.consolidation, self.scorecard, self.findings, self.verdicts, lang=lang)


@dataclass(frozen=True, slots=True)
class Collected:
    """One file after reading, conforming and checking."""

    submission: Submission | None
    verdict: Verdict
    findings: tuple[Finding, ...]
    unreadable: Unreadable | None = None


def open_plan(plan: Plan | str | Path) -> Plan:
    """The plan itself, or loaded from its path. Raises :class:`CannotRunError` if it cannot be read."""
    try:
        return plan if isinstance(plan, Plan) else load_plan(plan)
    except PlanUnreadableError as error:
        raise CannotRunError(str(error)) from error


def edition_of(plan: Plan, period: str) -> Edition:
    """The plan in force in the period of this code. Raises :class:`CannotRunError` for an unknown period."""
    found = find_period(plan, period)
    if found is None:
        known = ", ".join(item.code for item in plan.periods) or "chưa có kỳ nào"
        raise CannotRunError(f"Kế hoạch không có kỳ “{period}” (có: {known}): hãy chọn một mã kỳ ở sheet “Kỳ báo cáo”.")
    return in_force(plan, found)


def assess(
    plan: Plan | str | Path,
    folder: str | Path,
    *,
    period: str,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Assessment:
    """Reads, checks, consolidates and scores a folder, or one file; writes nothing.

    Files under ``out`` are left out. Raises :class:`CannotRunError` for a plan, period or folder that cannot be used.
    """
    loaded = open_plan(plan)
    edition = edition_of(loaded, period)
    try:
        found = discover(Path(folder), Path(out) if out else None)
    except OSError as error:
        raise CannotRunError(
            f"Không mở được thư mục {folder} ({error.strerror or error}): hãy kiểm tra đường dẫn và quyền đọc."
        ) from error
    collected = tuple(_collect(found.forms, Expected.of(edition), progress))
    consolidation = consolidate(
        edition,
        (item.submission for item in collected if item.submission),
        (item.unreadable for item in collected if item.unreadable),
        found.paths,
    )
    scorecard = score(edition, consolidation)
    counted = {row.file for row in consolidation.rollcall}
    findings = (
        *loaded.findings,
        *found.findings,
        *(finding for item in collected if _counts(item, counted) for finding in item.findings),
        *consolidation.findings,
        *scorecard.findings,
    )
    verdicts = (*(item.verdict for item in collected), *found.closed)
    return Assessment(edition, consolidation, scorecard, worst_first(findings), verdicts)


def _counts(item: Collected, counted: set[str | None]) -> bool:
    """A superseded file's cells are nobody's errors any more."""
    return item.submission is None or item.submission.form_file in counted


def _collect(sources: Iterable[SourceFile], expected: Expected, progress: Progress | None) -> Iterator[Collected]:
    for source in sources:
        if progress:
            progress(f"Đọc {source.file}")
        yield collect_one(source, expected)


def collect_one(source: SourceFile, expected: Expected) -> Collected:
    """One file through reading, conforming and checking; never raises for what a file holds."""
    raw = read(source)
    if isinstance(raw, Refused):
        unit = unit_by_path(source.file, expected)
        verdict = Verdict(source.file, raw.sha256, None, "rejected", raw.finding.code)
        broken = Unreadable(unit, source.file, raw.sha256) if unit else None
        return Collected(None, verdict, (raw.finding,), broken)
    typed = conform(raw, expected)
    if isinstance(typed, SetAside):
        verdict = Verdict(typed.file, typed.sha256, typed.reader, typed.verdict, typed.reason)
        return Collected(None, verdict, typed.findings)
    findings = (*typed.findings, *check_submission(typed, expected.edition))
    return Collected(typed, Verdict(source.file, raw.sha256, raw.reader, "read"), findings)


def run(
    plan: Plan | str | Path,
    folder: str | Path,
    *,
    period: str,
    out: str | Path | None = None,
    template: str | Path | None = None,
    progress: Progress | None = None,
    lang: str = "vi",
) -> Result:
    """The whole line; with ``out``, the result is written to ``out/<period>/`` in one swap.

    Raises :class:`CannotRunError` for what prevents running; then nothing is left written. Problems in the units' files
    are findings of the result.
    """
    if template is not None and not Path(template).is_file():
        raise CannotRunError(f"Không có mẫu báo cáo {template}: hãy kiểm tra đường dẫn.")
    loaded = open_plan(plan)
    if out is not None:
        _writable(Path(out))
    assessment = assess(loaded, folder, period=period, out=out, progress=progress)
    made = assessment.document(lang)
    if out is None:
        return Result(made, assessment.findings)
    written, held = _write(assessment, made, Path(folder), Path(out), template, progress)
    return Result(made, assessment.findings, str(written), held)


def _writable(out: Path) -> None:
    """Whether the output folder, or the nearest one above it that exists, can be written; leaves nothing behind."""
    import os

    nearest = next((path for path in (out, *out.absolute().parents) if path.exists()), None)
    if nearest is None or not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise CannotRunError(f"Không ghi được vào thư mục kết quả {out}: hãy chọn thư mục khác hoặc xin quyền ghi.")


def _write(
    assessment: Assessment,
    made: Document,
    folder: Path,
    out: Path,
    template: str | Path | None,
    progress: Progress | None,
) -> tuple[Path, str | None]:
    from cchc_xl import __version__
    from cchc_xl.report import TemplateError, render
    from cchc_xl.templates import template_path
    from cchc_xl.workbook_out import write_consolidated

    plan = assessment.edition.plan
    period = assessment.edition.period.code
    report_template = Path(template) if template else template_path("report.docx")
    try:
        new = archive.begin(out, period)
        try:
            if progress:
                progress("Ghi bảng tổng hợp")
            archive.write_result(new, made, _plan_path(plan), plan, report_template)
            write_consolidated(
                assessment.edition, assessment.consolidation, assessment.scorecard, made, new / "tong-hop.xlsx"
            )
            write_feedback_copies(assessment, folder, new / "phan-hoi")
            if progress:
                progress("Ghi báo cáo Word")
            render(made, report_template, new / "bao-cao.docx")
            archive.seal(new, __version__)
        except BaseException:
            archive.settle(out, period)
            raise
        return archive.swap(out, period, datetime.now(VIETNAM))
    except TemplateError as error:
        raise CannotRunError(str(error)) from error
    except OSError as error:
        raise CannotRunError(
            f"Không ghi được kết quả vào {out} ({error.strerror or error}): hãy đóng tệp đang mở hoặc đổi thư mục."
        ) from error


def _plan_path(plan: Plan) -> Path:
    """The plan's file, unchanged since it was loaded."""
    path = Path(plan.path)
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != plan.sha256:
        raise CannotRunError(f"Kế hoạch {plan.file} đã thay đổi trong lúc chạy: hãy chạy lại.")
    return path


def write_feedback_copies(assessment: Assessment, folder: Path, to: Path) -> None:
    """The marked copies, for the submissions that have something to mend or explain."""
    from cchc_xl.excel_writer import file_name
    from cchc_xl.feedback import write_feedback

    to.mkdir(parents=True, exist_ok=True)
    base = folder.parent if folder.is_file() else folder
    for submission in assessment.consolidation.submissions:
        own = tuple(item for item in assessment.findings if item.at and item.at.file == submission.form_file)
        if not any(item.severity != "note" for item in own):
            continue
        data = (base / submission.form_file).read_bytes()
        if hashlib.sha256(data).hexdigest() == submission.sha256:
            write_feedback(data, submission, own, to / f"{file_name(submission.unit)}.xlsx")


def report_again(folder: str | Path, template: str | Path | None = None) -> Path:
    """The Word report of a finished result once more, from its own document; returns the file written.

    Raises :class:`CannotRunError` if there is no result or the template does not fit.
    """
    from cchc_xl.report import TemplateError, render

    folder = Path(folder)
    try:
        made = archive.load_document(folder)
        used = Path(template) if template else folder / archive.SOURCES / "report.docx"
        target = folder / "bao-cao.docx"
        render(made, used, target)
    except (archive.ArchiveError, TemplateError) as error:
        raise CannotRunError(str(error)) from error
    except OSError as error:
        raise CannotRunError(
            f"Không ghi được {folder / 'bao-cao.docx'} ({error.strerror or error}): hãy đóng tệp nếu đang mở."
        ) from error
    return target


def render_report(result: Result, template: str | Path, out: str | Path) -> Path:
    """Fills a Word template from a result; returns the file written.

    Raises ``cchc_xl.TemplateError`` naming the variables the template asks for that do not exist.
    """
    from cchc_xl.report import render

    render(result.document, Path(template), Path(out))
    return Path(out)
