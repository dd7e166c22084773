"""What each command does: parsed arguments come in, the pipeline is called, lines and an exit code go out."""

from __future__ import annotations

import shutil
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_xl import pipeline
from cchc_xl.ask import advise as advising
from cchc_xl.ask import compare as comparing
from cchc_xl.ask import explain as why
from cchc_xl.ask import rank as ranking
from cchc_xl.ask.route import path_to
from cchc_xl.cli.output import exit_code, say, say_findings, say_json, told
from cchc_xl.pipeline import jobs as word
from cchc_xl.pipeline.jobs import WORD_TEMPLATES, example_path, template_path
from cchc_xl.records import Finding, Kind
from cchc_xl.result import Result, archive
from cchc_xl.result.contents import Contents
from cchc_xl.result.objects import to_object, to_objects
from cchc_xl.result.view import View
from cchc_xl.text.catalogue import worst_first
from cchc_xl.text.numbers import read_text, vietnamese

if TYPE_CHECKING:
    from cchc_xl.cli import Settings

EXAMPLES = (("2020-ca-nam", "2020-N"), ("2021-quy-1", "2021-Q1"))
PLAN_NAME, FORMS_NAME = "ke-hoach.xlsx", "don-vi"


def demo(settings: Settings, folder: Path) -> int:
    """Copies the examples beside each other, runs both, says what to open."""
    results = []
    for name, period in EXAMPLES:
        target = folder / name
        if not target.exists():
            try:
                shutil.copytree(example_path(name), target)
            except OSError as error:
                raise pipeline.CannotRunError(
                    f"Không ghi được ví dụ vào {folder} ({error.strerror or error}): hãy chọn thư mục khác."
                ) from error
        results.append(
            pipeline.run(
                target / PLAN_NAME, target / FORMS_NAME, period=period, out=folder / "ket-qua", lang=settings.lang
            )
        )
    if settings.json:
        say_json(
            {
                "results": [
                    {"period": item.document["period"], "folder": item.folder, "index": item.document["index"]}
                    for item in results
                ],
                "findings": to_objects(finding for item in results for finding in item.contents.findings),
            }
        )
        return 0
    for item in results:
        say(_headline(item.contents))
        _say_files(item)
        say()
    command = "cchc-xl" if shutil.which("cchc-xl") else sys.argv[0]
    say("Thử tiếp:")
    say(f"  {command} explain {Path(results[0].folder or '')} 1.6   (vì sao tiêu chí 1.6 có điểm như vậy)")
    say(f"  {command} advise {Path(results[0].folder or '')}   (làm gì để tới 80%)")
    say(f"  {command} new ke-hoach-cua-toi   (tạo kế hoạch của cơ quan mình)")
    return 0


def new(settings: Settings, folder: Path) -> int:
    """Copies the plan template and the Word templates; never over files that are there."""
    words = ((template_path(name), name) for name in WORD_TEMPLATES)
    wanted = ((template_path("plan_template.xlsx"), "plan.xlsx"), *words)
    taken = [name for _, name in wanted if (folder / name).exists()]
    if taken:
        raise pipeline.CannotRunError(
            f"Trong {folder} đã có {', '.join(taken)}: hãy chọn thư mục khác để không ghi đè."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source, name in wanted:
            shutil.copyfile(source, folder / name)
    except OSError as error:
        raise pipeline.CannotRunError(
            f"Không ghi được vào {folder} ({error.strerror or error}): hãy chọn thư mục khác."
        ) from error
    if settings.json:
        say_json({"files": [str(folder / name) for _, name in wanted], "findings": []})
        return 0
    for _, name in wanted:
        say(str(folder / name))
    say(f"Sửa plan.xlsx trong Excel rồi kiểm tra: cchc-xl plan {folder / 'plan.xlsx'}")
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
    """One workbook per unit."""
    from cchc_xl.unit.issue import issue as write_forms

    loaded = pipeline.open_plan(plan_file)
    edition = pipeline.edition_of(loaded, period)
    try:
        written, found = write_forms(edition, to)
    except OSError as error:
        raise pipeline.CannotRunError(
            f"Không ghi được biểu mẫu vào {to} ({error.strerror or error}): hãy chọn thư mục khác."
        ) from error
    findings = worst_first((*loaded.findings, *found))
    if settings.json:
        say_json({"files": [str(path) for path in written], **told(findings, settings.lang)})
        return exit_code(findings)
    say(f"Đã lập {len(written)} biểu mẫu trong {to}:")
    for path in written:
        say(f"  {path.name}")
    say_findings(findings, settings.lang)
    return exit_code(findings)


def check(settings: Settings, plan_file: Path, folder: Path, period: str, feedback: Path | None) -> int:
    """Findings only; with ``feedback``, the marked copies too."""
    assessment = pipeline.assess(plan_file, folder, period=period)
    made = assessment.contents(settings.lang)
    if feedback is not None:
        try:
            pipeline.write_feedback_copies(assessment, folder, feedback)
        except OSError as error:
            raise pipeline.CannotRunError(
                f"Không ghi được bản phản hồi vào {feedback} ({error.strerror or error}): hãy chọn thư mục khác."
            ) from error
    if settings.json:
        say_json(to_object(made))
        return exit_code(assessment.findings)
    say(_headline(made))
    _say_roll(made)
    say_findings(assessment.findings, settings.lang)
    return exit_code(assessment.findings)


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
    """The whole line."""
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
    if settings.json:
        say_json({**result.document, "folder": result.folder})
        return exit_code(result.findings)
    say(_headline(result.contents))
    _say_roll(result.contents)
    say_findings(result.findings, settings.lang)
    say()
    if dry_run:
        say("Chạy thử: không ghi gì.")
    else:
        _say_files(result)
    return exit_code(result.findings)


def explain(settings: Settings, folder: Path, code: str | None, figure: str | None = None) -> int:
    """The chain from a criterion's points, or from a number of the report, down to cells and files."""
    if figure is not None and code is None:
        from cchc_xl.pipeline.jobs import trace

        found = trace(folder, figure)
        if settings.json:
            say_json(found.told())
        else:
            for line in found.lines():
                say(line)
        return 0
    if code is None or figure is not None:
        raise pipeline.CannotRunError(
            "Hãy ghi hoặc mã tiêu chí, hoặc --figure và một số trong báo cáo, không ghi cả hai."
        )
    try:
        contents = archive.load_contents(folder)
        if settings.json:
            say_json(to_object(why.chain(contents, code)))
        else:
            for line in why.lines(contents, code):
                say(line)
    except (archive.ArchiveError, why.UnknownCriterionError) as error:
        raise pipeline.CannotRunError(str(error)) from error
    return 0


def button(settings: Settings, folder: Path) -> int:
    """The control workbook with a button."""
    from cchc_xl.extras.control_workbook import write_control_workbook

    try:
        paths = write_control_workbook(folder)
    except OSError as error:
        raise pipeline.CannotRunError(str(error)) from error
    if settings.json:
        say_json({"files": [str(path) for path in paths], "findings": []})
        return 0
    for path in paths:
        say(str(path))
    return 0


def _headline(contents: Contents) -> str:
    index, places, name = contents.index, contents.settings.places, contents.period_name
    if index.percent is None:
        return f"{name}: chưa tính được chỉ số (không có tiêu chí nào áp dụng)."
    shown = vietnamese(index.percent, places)
    parts = [f"{name}: chỉ số {shown}%"]
    if not index.complete and index.percent_if_missing_full is not None:
        full = vietnamese(index.percent_if_missing_full, places)
        parts = [f"{name}: chỉ số tạm tính từ {shown}% đến {full}% (còn tiêu chí chưa có điểm)"]
    if index.target is not None:
        parts.append(f"mục tiêu {vietnamese(index.target, places)}%")
    if index.previous is not None:
        parts.append(f"năm trước {vietnamese(index.previous, places)}%")
    return "; ".join(parts) + "."


def _say_roll(contents: Contents) -> None:
    view = View(contents)
    words = {"submitted": "đúng hạn", "late": "trễ hạn", "missing": "chưa nộp", "unreadable": "không đọc được"}
    for status, named in words.items():
        who = [view.unit(row.unit) for row in contents.rollcall if row.status == status]
        if who:
            say(f"  {named} {len(who)}: {'; '.join(who)}")


def _say_files(result: Result) -> None:
    folder = Path(result.folder or "")
    if result.held_open:
        say(
            f"Kết quả cũ đang mở ({result.held_open}) nên chưa thay: hãy đóng tệp đó rồi chạy lại; "
            f"kết quả mới nằm ở {folder}."
        )
    say("Mở các tệp:")
    for name, what in (
        ("tong-hop.xlsx", "bảng tổng hợp và điểm (mở trước tiên)"),
        ("bao-cao.docx", "báo cáo Word"),
        ("tham-dinh.xlsx", "Văn phòng thẩm định điểm, lần chạy sau đọc lại"),
        ("don-doc", "công văn đôn đốc từng đơn vị"),
        ("phan-hoi", "bản đánh dấu gửi lại đơn vị"),
        ("result.json", "toàn bộ kết quả cho máy khác đọc"),
    ):
        if (folder / name).exists():
            say(f"  {folder / name}   {what}")


if TYPE_CHECKING:
    from cchc_xl.cli import Settings


def advise(settings: Settings, folder: Path, target: str | None) -> int:
    """What would bring the index to the target."""
    contents = _open(folder)
    percent = contents.settings.target_index if target is None else _number(target, "--target")
    if percent is None:
        raise pipeline.CannotRunError("Kế hoạch không ghi chỉ số mục tiêu: hãy thêm --target, ví dụ --target 80.")
    found = path_to(contents, contents.advice, percent)
    if settings.json:
        say_json({"advice": to_objects(contents.advice), "path": to_object(found), "findings": []})
    else:
        for line in advising.lines(contents.advice, found):
            say(line)
    return 0


def compare(settings: Settings, before: Path, after: Path) -> int:
    """Two periods or years side by side."""
    told = comparing.compare(_open(before), _open(after))
    if settings.json:
        say_json({**to_object(told), "findings": []})
    else:
        for line in comparing.lines(told):
            say(line)
    return 0


def rank(settings: Settings, folders: tuple[Path, ...], exclude: tuple[str, ...], classes: str) -> int:
    """Many agencies in order."""
    short = len(folders) == len({folder.name for folder in folders})
    results = [(folder.name if short else str(folder), _open(folder)) for folder in folders]
    told = ranking.rank(results, excluded=exclude, classes=_classes(classes))
    if settings.json:
        say_json({**to_object(told), "findings": []})
    else:
        for line in ranking.lines(told):
            say(line)
    return 0


def _open(folder: Path) -> Contents:
    try:
        return archive.load_contents(folder)
    except archive.ArchiveError as error:
        raise pipeline.CannotRunError(str(error)) from error


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
