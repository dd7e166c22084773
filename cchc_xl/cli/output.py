"""What the command line prints: findings and results come in, lines or one JSON object go out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from cchc_xl.records import Finding
from cchc_xl.result.objects import Object, to_objects
from cchc_xl.result.result_file import finding_group, told_finding
from cchc_xl.text.catalogue import SEVERITY_ORDER, fix, grouped, message, place, title, worst_first

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
        "findings": to_objects([told_finding(item, lang) for item in worst_first(findings)]),
        "finding_groups": to_objects([finding_group(group, lang) for group in grouped(findings)]),
    }
