"""The whole line in one place: a plan and a folder come in, a :class:`Result` and its files go out.

Only this package joins the stages. The command line and the Excel button are two doors to it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cchc_xl.ask.compare import compare
from cchc_xl.pipeline.jobs import REPORT, chosen, look
from cchc_xl.pipeline.line import (
    Assessment,
    CannotRunError,
    Progress,
    assess,
    collect_one,
    earlier,
    edition_of,
    open_plan,
)
from cchc_xl.pipeline.write import check_writable, write, write_feedback_copies
from cchc_xl.records import Plan
from cchc_xl.result import Result, archive
from cchc_xl.result.contents import Contents
from cchc_xl.text.catalogue import worst_first

__all__ = (
    "Assessment",
    "CannotRunError",
    "assess",
    "collect_one",
    "edition_of",
    "open_plan",
    "render_report",
    "report_again",
    "run",
    "write_feedback_copies",
)


def run(
    plan: Plan | str | Path,
    folder: str | Path,
    *,
    period: str,
    out: str | Path | None = None,
    template: str | Path | None = None,
    previous: str | Path | None = None,
    dry_run: bool = False,
    with_sources: bool = False,
    progress: Progress | None = None,
    lang: str = "vi",
) -> Result:
    """The whole line; with ``out``, the result is written to ``out/<period>/`` in one swap, unless ``dry_run``.

    ``previous`` is the folder of an earlier result to compare with, else the latest earlier one in ``out``.
    ``template`` is the report's; without it those beside the plan are used, else ours. ``with_sources`` adds the
    appendix "Nguồn số liệu" to the report.

    Raises :class:`CannotRunError` for what prevents running; then nothing is left written. Problems in the units' files
    are findings of the result.
    """
    if template is not None and not Path(template).is_file():
        raise CannotRunError(f"Không có mẫu báo cáo {template}: hãy kiểm tra đường dẫn.")
    loaded = open_plan(plan)
    if out is not None:
        check_writable(Path(out))
    templates = chosen(Path(loaded.path), Path(template) if template is not None else None)
    looked = look(templates)
    before = _previous(previous) or (earlier(edition_of(loaded, period), Path(out)) if out is not None else None)
    assessment = assess(loaded, folder, period=period, out=out, progress=progress, before=before)
    if looked:
        assessment = replace(assessment, findings=worst_first((*assessment.findings, *looked)))
    made = assessment.contents(lang)
    if before is not None:
        made = replace(made, comparison=compare(before, made))
    if out is None or dry_run:
        return Result(made, assessment.findings)
    written, held = write(assessment, made, Path(folder), Path(out), templates, progress, with_sources=with_sources)
    return Result(made, assessment.findings, str(written), held)


def _previous(folder: str | Path | None) -> Contents | None:
    try:
        return archive.load_contents(Path(folder)) if folder is not None else None
    except archive.ArchiveError as error:
        raise CannotRunError(str(error)) from error


def report_again(folder: str | Path, template: str | Path | None = None, *, with_sources: bool = False) -> Path:
    """The Word report of a finished result once more, from its own contents; returns the file written.

    Raises :class:`CannotRunError` if there is no result or the template does not fit.
    """
    from cchc_xl.office.word.fill import TemplateError
    from cchc_xl.papers.documents import render

    folder = Path(folder)
    if template is not None and not Path(template).is_file():
        raise CannotRunError(f"Không có mẫu báo cáo {template}: hãy kiểm tra đường dẫn.")
    try:
        made = archive.load_contents(folder)
        used = Path(template) if template else folder / archive.SOURCES / REPORT
        target = folder / "bao-cao.docx"
        render(made, used, target, with_sources=with_sources)
        archive.reseal(folder, target.name)
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
    from cchc_xl.papers.documents import render

    render(result.contents, Path(template), Path(out))
    return Path(out)
