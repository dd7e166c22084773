"""What the command line prints: findings and results come in, lines or one JSON object go out."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from cchc_xl.messages import SEVERITY_ORDER, fix, message, place
from cchc_xl.records import Finding
from cchc_xl.result import finding_object

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


def say_json(value: Any) -> None:
    """Prints one JSON object."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def fail(settings: Settings, sentence: str) -> None:
    """Says why the command could not run; with ``--json`` as an object as well."""
    if settings.json:
        say_json({"error": sentence, "findings": []})
    click.echo(f"Không chạy được: {sentence}" if settings.lang == "vi" else f"Could not run: {sentence}", err=True)


def say_findings(findings: tuple[Finding, ...], lang: str) -> None:
    """The findings worst first, grouped by kind; of many of one kind the first few, and how many more."""
    for severity in SEVERITY_ORDER:
        own = [item for item in findings if item.severity == severity]
        if not own:
            continue
        say()
        say(f"{_WORDS[lang][severity]}: {len(own)}")
        for code, group in groupby(own, key=lambda item: item.code):
            items = list(group)
            for item in items[:_SHOWN_PER_CODE]:
                where = place(item)
                say(f"  {code}  {where + ': ' if where else ''}{message(item, lang)} {fix(item, lang)}")
            if len(items) > _SHOWN_PER_CODE:
                rest = len(items) - _SHOWN_PER_CODE
                say(f"  {code}  … và {rest} chỗ khác" if lang == "vi" else f"  {code}  … and {rest} more")


def exit_code(findings: tuple[Finding, ...]) -> int:
    """1 if a finding is an error, else 0."""
    return int(any(item.severity == "error" for item in findings))


def objects(findings: tuple[Finding, ...], lang: str) -> list[dict[str, Any]]:
    """The findings as the objects of ``result.json``."""
    return [finding_object(item, lang) for item in findings]
