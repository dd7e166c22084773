"""What each command prints: parsed arguments come in, one job of the pipeline is done, an exit code goes out."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_xl import pipeline
from cchc_xl.cli.output import (
    exit_code,
    headline,
    say,
    say_answer,
    say_file,
    say_files,
    say_findings,
    say_json,
    say_look,
    say_paths,
    say_result,
    told,
)
from cchc_xl.records import Kind
from cchc_xl.result.objects import to_object, to_objects
from cchc_xl.text.catalogue import worst_first
from cchc_xl.text.numbers import read_text

if TYPE_CHECKING:
    from cchc_xl.cli import Settings


def demo(settings: Settings, folder: Path) -> int:
    """The results of the examples, what to open and what to try next."""
    results = pipeline.demo(folder, lang=settings.lang)
    if settings.json:
        say_json(
            {
                "results": [
                    {"period": item.contents.period, "folder": item.folder, "index": to_object(item.contents.index)}
                    for item in results
                ],
                "findings": to_objects(finding for item in results for finding in item.contents.findings),
            }
        )
        return 0
    for item in results:
        say(headline(item.contents))
        say_files(item)
        say()
    command = "cchc-xl" if shutil.which("cchc-xl") else sys.argv[0]
    say("Thử tiếp:")
    say(f"  {command} explain {Path(results[0].folder or '')} 1.6   (vì sao tiêu chí 1.6 có điểm như vậy)")
    say(f"  {command} advise {Path(results[0].folder or '')}   (làm gì để tới 80%)")
    say(f"  {command} new ke-hoach-cua-toi   (tạo kế hoạch của cơ quan mình)")
    return 0


def new(settings: Settings, folder: Path) -> int:
    """The plan workbook and the templates, and what to do with the plan."""
    files = pipeline.new(folder)
    say_paths(settings, files)
    if not settings.json:
        say(f"Sửa {files[0].name} trong Excel rồi kiểm tra: cchc-xl plan {files[0]}")
    return 0


def plan(settings: Settings, plan_file: Path) -> int:
    """The findings of the plan workbook itself."""
    loaded = pipeline.open_plan(plan_file)
    if settings.json:
        say_json(
            {
                "plan": {"file": loaded.file, "sha256": loaded.sha256},
                **told(loaded.findings, settings.lang),
            }
        )
        return exit_code(loaded.findings)
    say(
        f"{loaded.file}: {len(loaded.units)} đơn vị, {len(loaded.periods)} kỳ, {len(loaded.appendix)} dòng phụ lục, "
        f"{len(loaded.criteria)} dòng bộ chỉ số, {len(loaded.measures)} số liệu, {len(loaded.constraints)} ràng buộc."
    )
    say_findings(worst_first(loaded.findings), settings.lang)
    if not exit_code(loaded.findings):
        say()
        say("Kế hoạch dùng được.")
    return exit_code(loaded.findings)


def issue(settings: Settings, plan_file: Path, period: str, to: Path) -> int:
    """The forms written."""
    issued = pipeline.issue(plan_file, to, period=period)
    if settings.json:
        say_json({"files": [str(path) for path in issued.files], **told(issued.findings, settings.lang)})
        return exit_code(issued.findings)
    say(f"Đã lập {len(issued.files)} biểu mẫu trong {to}:")
    for path in issued.files:
        say(f"  {path.name}")
    say_findings(issued.findings, settings.lang)
    return exit_code(issued.findings)


def check(settings: Settings, plan_file: Path, folder: Path, period: str, feedback: Path | None) -> int:
    """The index as it would be, who filed, the findings."""
    checked = pipeline.check(plan_file, folder, period=period, feedback=feedback, lang=settings.lang)
    return say_result(settings, checked.result)


def run(
    settings: Settings,
    plan_file: Path,
    folder: Path,
    period: str,
    out: Path,
    *,
    template: Path | None,
    previous: Path | None,
    dry_run: bool,
    with_sources: bool,
) -> int:
    """The index, who filed, the findings and the files to open."""
    result = pipeline.run(
        plan_file,
        folder,
        period=period,
        out=out,
        template=template,
        previous=previous,
        dry_run=dry_run,
        with_sources=with_sources,
        lang=settings.lang,
    )
    code = say_result(settings, result, folder=result.folder)
    if not settings.json:
        say()
        if dry_run:
            say("Chạy thử: không ghi gì.")
        else:
            say_files(result)
    return code


def explain(settings: Settings, folder: Path, code: str | None, figure: str | None = None) -> int:
    """The chain from a criterion's points, or from a number of the report, down to cells and files."""
    if code is None and figure is not None:
        return say_answer(settings, pipeline.explain_figure(folder, figure))
    if code is None or figure is not None:
        raise pipeline.CannotRunError(
            "Hãy ghi hoặc mã tiêu chí, hoặc --figure và một số trong báo cáo, không ghi cả hai."
        )
    return say_answer(settings, pipeline.explain(folder, code))


def advise(settings: Settings, folder: Path, target: str | None) -> int:
    """What would bring the index to the target."""
    percent = _number(target, "--target") if target is not None else None
    return say_answer(settings, pipeline.advise(folder, percent))


def compare(settings: Settings, before: Path, after: Path) -> int:
    """Two periods or years side by side."""
    return say_answer(settings, pipeline.compare(before, after))


def rank(settings: Settings, folders: Sequence[Path], exclude: Sequence[str], classes: str) -> int:
    """Many agencies in order."""
    return say_answer(settings, pipeline.rank(folders, exclude=exclude, classes=_classes(classes)))


def report(settings: Settings, folder: Path, template: Path | None, *, with_sources: bool) -> int:
    """The Word report again."""
    return say_file(settings, pipeline.report(folder, template, with_sources=with_sources), "Đã lập lại báo cáo")


def draft_plan(settings: Settings, folder: Path, template: Path | None, rank: int | None) -> int:
    """The draft of next year's plan."""
    path = pipeline.draft_plan(folder, template, rank)
    if rank is None and not settings.json:
        say("Chưa có thứ hạng của năm: thêm --rank để dự thảo nêu thứ hạng, hoặc ghi tay.")
    return say_file(settings, path, "Đã lập dự thảo kế hoạch")


def lint_template(settings: Settings, template: Path, kind: str | None) -> int:
    """Everything wrong with a Word template."""
    sound = f"{template.name}: không có lỗi; đã điền thử được bằng số liệu mẫu."
    return say_look(settings, pipeline.lint_template(template, kind), sound)


def lint_document(settings: Settings, document: Path) -> int:
    """Every deviation of a Word document from the form that the decree prescribes."""
    sound = f"{document.name}: đúng thể thức các nội dung kiểm tra được; người ký vẫn xem lại số, ngày, chỗ còn trống."
    return say_look(settings, pipeline.lint_document(document), sound)


def button(settings: Settings, folder: Path) -> int:
    """The control workbook with a button."""
    from cchc_xl.extras.control_workbook import write_control_workbook

    try:
        paths = write_control_workbook(folder)
    except OSError as error:
        raise pipeline.CannotRunError(str(error)) from error
    say_paths(settings, paths)
    return 0


def _classes(text: str) -> tuple[tuple[str, Decimal], ...]:
    """``Tốt=90; Khá=80`` as pairs of name and lower limit in percent."""
    pairs = []
    for piece in filter(None, (part.strip() for part in text.split(";"))):
        name, equals, limit = piece.partition("=")
        if not equals or not name.strip():
            raise pipeline.CannotRunError(f"Không hiểu --classes “{piece}”: hãy viết dạng “Tốt=90; Khá=80”.")
        pairs.append((name.strip(), _number(limit, "--classes")))
    return tuple(pairs)


def _number(text: str, option: str) -> Decimal:
    value = read_text(text, Kind.PERCENT).value
    if value is None:
        raise pipeline.CannotRunError(f"“{text.strip()}” ở {option} không phải là số: hãy viết dạng 80 hoặc 82,5.")
    return value
