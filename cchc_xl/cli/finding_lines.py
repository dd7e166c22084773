"""Findings as the command line prints them: each in a line that begins with its code, worst first and by kind.

Contract: design §6. A remedy that is the same for all of a kind is said once, behind them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cchc_xl.cli.english import Told, fields_in_english
from cchc_xl.records import Finding
from cchc_xl.result.contents import ToldFinding
from cchc_xl.result.view import where
from cchc_xl.text.catalogue import SEVERITY_ORDER, fix, message, place, worst_first

SEVERITY_WORDS = {
    "vi": {"error": "LỖI PHẢI SỬA", "warning": "CẢNH BÁO", "note": "GHI CHÚ"},
    "en": {"error": "ERRORS", "warning": "WARNINGS", "note": "NOTES"},
}
_HOW_TO_SEE = {"vi": " (thêm --day-du để xem)", "en": " (--day-du shows them)"}


@dataclass(frozen=True, slots=True)
class _Line:
    """A finding in words."""

    code: str
    severity: str
    where: str
    text: str
    remedy: str


def finding_lines(findings: Sequence[Finding], lang: str, *, notes: bool = True) -> Iterator[str]:
    """The findings of this run; without ``notes`` these are only counted.

    >>> from cchc_xl.records import CellRef
    >>> from cchc_xl.text.catalogue import finding
    >>> for line in finding_lines([finding("F104", CellRef("a.xlsx"))], "en"):
    ...     print(line)
    <BLANKLINE>
    ERRORS: 1
    F104  a.xlsx: The file is empty (0 bytes).
            → Copy the file again from the unit's machine.
    """
    told = worst_first(tuple(findings))
    lines = [_Line(one.code, one.severity, place(one), said(one, lang), remedy(one, lang)) for one in told]
    return _listed(lines, lang, notes=notes)


def told_lines(findings: Sequence[ToldFinding], lang: str, *, notes: bool = True) -> Iterator[str]:
    """The same of the findings that a result holds, which are in its language."""
    lines = [_Line(one.code, one.severity, where(one), one.message, one.fix) for one in findings]
    return _listed(lines, lang, notes=notes)


def said(item: Finding, lang: str) -> str:
    """What a finding says."""
    return message(_in(lang, item), lang)


def remedy(item: Finding, lang: str) -> str:
    """What to do about it."""
    return fix(_in(lang, item), lang)


def _in(lang: str, item: Finding) -> Finding:
    return item if lang == "vi" else replace(item, context=tuple(fields_in_english(item.context)))


def _listed(lines: Sequence[_Line], lang: str, *, notes: bool) -> Iterator[str]:
    for severity in SEVERITY_ORDER:
        own = [line for line in lines if line.severity == severity]
        if not own:
            continue
        hidden = severity == "note" and not notes
        yield from ("", f"{SEVERITY_WORDS[lang][severity]}: {len(own)}{_HOW_TO_SEE[lang] if hidden else ''}")
        for code in () if hidden else dict.fromkeys(line.code for line in own):
            kind = [line for line in own if line.code == code]
            remedies = {line.remedy for line in kind}
            for line in kind:
                at = f"{line.where}: " if line.where else ""
                yield Told(f"{code}  {at}{line.text}" + (f" → {line.remedy}" if len(remedies) > 1 else ""))
            if len(remedies) == 1:
                yield Told(f"        → {remedies.pop()}")
