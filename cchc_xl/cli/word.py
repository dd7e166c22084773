"""What the commands about Word files do: folders and files come in, lines or a JSON object and an exit code go out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cchc_xl import pipeline
from cchc_xl.cli.output import exit_code, say, say_findings, say_json, told
from cchc_xl.pipeline import jobs as word
from cchc_xl.records import Finding

if TYPE_CHECKING:
    from cchc_xl.cli import Settings


def report(settings: Settings, folder: Path, template: Path | None, *, with_sources: bool) -> int:
    """The Word report again."""
    path = pipeline.report_again(folder, template, with_sources=with_sources)
    _say_file(settings, path, "Đã lập lại báo cáo")
    return 0


def draft_plan(settings: Settings, folder: Path, template: Path | None, rank: int | None) -> int:
    """The draft of next year's plan."""
    path = word.draft_plan(folder, template, rank)
    if rank is None and not settings.json:
        say("Chưa có thứ hạng của năm: thêm --rank để dự thảo nêu thứ hạng, hoặc ghi tay.")
    _say_file(settings, path, "Đã lập dự thảo kế hoạch")
    return 0


def _say_file(settings: Settings, path: Path, done: str) -> None:
    if settings.json:
        say_json({"file": str(path), "findings": []})
    else:
        say(f"{done}: {path}")


def lint_template(settings: Settings, template: Path, kind: str | None) -> int:
    """Everything wrong with a Word template."""
    findings = word.lint(template, f"{kind}.docx" if kind else None)
    return _say_look(settings, findings, f"{template.name}: không có lỗi; đã điền thử được bằng số liệu mẫu.")


def lint_document(settings: Settings, document: Path) -> int:
    """Every deviation of a Word document from the form that the decree prescribes."""
    findings = word.lint_document(document)
    sound = f"{document.name}: đúng thể thức các nội dung kiểm tra được; người ký vẫn xem lại số, ngày, chỗ còn trống."
    return _say_look(settings, findings, sound)


def _say_look(settings: Settings, findings: tuple[Finding, ...], sound: str) -> int:
    if settings.json:
        say_json(told(findings, settings.lang))
        return exit_code(findings)
    if not exit_code(findings):
        say(sound)
    say_findings(findings, settings.lang)
    return exit_code(findings)
