"""What the command line prints: what a job returned comes in, lines or one JSON object and an exit code go out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cchc_xl.pipeline.answers import Answer
from cchc_xl.pipeline.jobs import CONSOLIDATED, FEEDBACK, REMINDERS, REPORT_FILE
from cchc_xl.records import Finding
from cchc_xl.result import Result
from cchc_xl.result.archive import APPRAISAL, RESULT
from cchc_xl.result.contents import Contents
from cchc_xl.result.objects import Object, to_objects
from cchc_xl.result.result_file import finding_group, told_finding
from cchc_xl.result.view import View
from cchc_xl.text.catalogue import SEVERITY_ORDER, fix, grouped, message, place, title, worst_first
from cchc_xl.text.numbers import vietnamese

if TYPE_CHECKING:
    from cchc_xl.cli import Settings

_SHOWN_PER_CODE = 6
_WORDS = {
    "vi": {"error": "LỖI PHẢI SỬA", "warning": "CẢNH BÁO", "note": "GHI CHÚ"},
    "en": {"error": "ERRORS", "warning": "WARNINGS", "note": "NOTES"},
}


def say(text: str = "") -> None:
    """Prints one line."""
    click.echo(text)


def say_json(value: Mapping[str, object]) -> None:
    """Prints one JSON object."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def fail(settings: Settings, sentence: str) -> None:
    """Says why the command could not run; with ``--json`` as an object as well."""
    if settings.json:
        say_json({"error": sentence, "findings": []})
    click.echo(f"Không chạy được: {sentence}" if settings.lang == "vi" else f"Could not run: {sentence}", err=True)


def say_findings(findings: tuple[Finding, ...], lang: str) -> None:
    """The findings worst first, by kind and counted; of many of one kind the first few, and how many more.

    A remedy that is the same for all of a kind is said once.
    """
    groups = grouped(findings)
    for severity in SEVERITY_ORDER:
        own = [group for group in groups if group[0].severity == severity]
        if not own:
            continue
        say()
        say(f"{_WORDS[lang][severity]}: {sum(map(len, own))}")
        for group in own:
            _say_group(group, lang)


def _say_group(group: tuple[Finding, ...], lang: str) -> None:
    code, count = group[0].code, len(group)
    say(f"  {code}  {title(code, lang)}: {count}")
    remedies = {fix(item, lang) for item in group}
    for item in group[:_SHOWN_PER_CODE]:
        where = place(item)
        own = "" if len(remedies) == 1 else f" → {fix(item, lang)}"
        say(f"        {where + ': ' if where else ''}{message(item, lang)}{own}")
    if count > _SHOWN_PER_CODE:
        rest = count - _SHOWN_PER_CODE
        say(f"        … và {rest} nữa" if lang == "vi" else f"        … and {rest} more")
    if len(remedies) == 1:
        say(f"        → {remedies.pop()}")


def exit_code(findings: tuple[Finding, ...]) -> int:
    """1 if a finding is an error, else 0."""
    return int(any(item.severity == "error" for item in findings))


def told(findings: tuple[Finding, ...], lang: str) -> dict[str, list[Object]]:
    """The findings as ``result.json`` tells them: ``findings``, worst first, and ``finding_groups``, counted."""
    return {
        "findings": to_objects(told_finding(item, lang) for item in worst_first(findings)),
        "finding_groups": to_objects(finding_group(group, lang) for group in grouped(findings)),
    }


def say_result(settings: Settings, result: Result, **more: str | None) -> int:
    """The index, who filed and the findings, or the object of ``result.json`` and ``more``; returns the exit code."""
    if settings.json:
        say_json({**result.document, **more})
        return exit_code(result.findings)
    say(headline(result.contents))
    _say_roll(result.contents)
    say_findings(result.findings, settings.lang)
    return exit_code(result.findings)


def headline(contents: Contents) -> str:
    """The index in one line: with its target and the last year's, and as an interval while points are missing."""
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


def say_files(result: Result) -> None:
    """The files of a result in the order in which to open them."""
    folder = Path(result.folder or "")
    if result.held_open:
        say(
            f"Kết quả cũ đang mở ({result.held_open}) nên chưa thay: hãy đóng tệp đó rồi chạy lại; "
            f"kết quả mới nằm ở {folder}."
        )
    say("Mở các tệp:")
    for name, what in (
        (CONSOLIDATED, "bảng tổng hợp và điểm (mở trước tiên)"),
        (REPORT_FILE, "báo cáo Word"),
        (APPRAISAL, "Văn phòng thẩm định điểm, lần chạy sau đọc lại"),
        (REMINDERS, "công văn đôn đốc từng đơn vị"),
        (FEEDBACK, "bản đánh dấu gửi lại đơn vị"),
        (RESULT, "toàn bộ kết quả cho máy khác đọc"),
    ):
        if (folder / name).exists():
            say(f"  {folder / name}   {what}")


def say_answer(settings: Settings, answer: Answer[object]) -> int:
    """The answer of a finished result; returns the exit code."""
    if settings.json:
        say_json(answer.told)
    else:
        for line in answer.lines:
            say(line)
    return 0


def say_paths(settings: Settings, paths: Sequence[Path]) -> None:
    """The files written."""
    if settings.json:
        say_json({"files": [str(path) for path in paths], "findings": []})
    else:
        for path in paths:
            say(str(path))


def say_file(settings: Settings, path: Path, done: str) -> int:
    """The one file written, after what was done; returns the exit code."""
    if settings.json:
        say_json({"file": str(path), "findings": []})
    else:
        say(f"{done}: {path}")
    return 0


def say_look(settings: Settings, findings: tuple[Finding, ...], sound: str) -> int:
    """What is wrong with a Word file, or that it is ``sound``; returns the exit code."""
    if settings.json:
        say_json(told(findings, settings.lang))
        return exit_code(findings)
    if not exit_code(findings):
        say(sound)
    say_findings(findings, settings.lang)
    return exit_code(findings)
