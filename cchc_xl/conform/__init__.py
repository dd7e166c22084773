"""A workbook as read comes in; a typed :class:`Submission`, or why it is set aside, goes out.

Sheets and columns are found by their headings, rows by their codes. Nothing is guessed: what is tolerated is a note,
what cannot be told is an error at its cell.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from cchc_xl.conform.criteria import criterion_entries
from cchc_xl.conform.expected import Expected
from cchc_xl.conform.figures import figure_entries
from cchc_xl.conform.identify import identify, unit_by_path
from cchc_xl.conform.layout import FormSheet, Layout, Row, find_layout
from cchc_xl.conform.tasks import task_entries
from cchc_xl.conform.tolerance import legacy_findings, readable, suspected_findings, unread
from cchc_xl.forms import (
    APPENDIX_INPUTS,
    APPENDIX_SHEET,
    CODE,
    FIGURE_CODE,
    FIGURE_VALUE,
    FIGURES_SHEET,
    TASK_HEADINGS,
    TASKS_SHEET,
)
from cchc_xl.records import CellRef, Finding, RawForm, Submission, Value
from cchc_xl.text.catalogue import finding
from cchc_xl.text.numbers import plain

__all__ = ("Expected", "SetAside", "conform", "unit_by_path")

_CODES = {APPENDIX_SHEET: CODE, FIGURES_SHEET: FIGURE_CODE}
_INPUTS = {APPENDIX_SHEET: APPENDIX_INPUTS, FIGURES_SHEET: (FIGURE_VALUE,), TASKS_SHEET: TASK_HEADINGS}


@dataclass(frozen=True, slots=True)
class SetAside:
    """A workbook that is not a unit's submission of this period, and why."""

    file: str
    sha256: str
    reader: str
    verdict: Literal["rejected", "ignored"]
    reason: str
    findings: tuple[Finding, ...] = ()
    unit: str | None = None


def conform(form: RawForm, expected: Expected) -> Submission | SetAside:
    """The submission in this workbook, with every finding of its cells."""
    stamp = dict(form.stamp)
    if stamp.get("kind", "form") not in ("form", "feedback"):
        return _aside(form, "ignored", "kết quả do cchc-xl lập")
    layout = find_layout(form)
    inputs = _inputs(layout.sheets)
    if stamp.get("kind") == "feedback" and stamp.get("inputs") == inputs:
        return _aside(form, "ignored", "bản phản hồi chưa sửa gì")
    if not stamp and not _has_codes(layout, expected):
        item = finding("F201", CellRef(form.source.file), sheets="; ".join(sheet.name for sheet in form.sheets))
        return _aside(form, "rejected", "không phải biểu mẫu", (item,))
    identity = identify(form, layout.sheets, expected)
    if identity.unit is None or identity.refused:
        return _aside(form, "rejected", "không xác định được đơn vị, kỳ", identity.findings, identity.unit)
    if _is_empty(layout):
        item = finding("F202", CellRef(form.source.file), unit=identity.unit)
        return _aside(form, "ignored", "tệp mẫu chưa điền", (item,), identity.unit)
    findings = [*identity.findings, *(replace(item, unit=identity.unit) for item in form.findings)]
    sheets = readable(layout, form.source.file, identity.unit, expected, findings)
    findings.extend(legacy_findings(sheets, identity.unit, expected))
    findings.extend(suspected_findings(sheets, identity.unit))
    tasks = task_entries(sheets.get(TASKS_SHEET), identity.unit, expected, findings)
    figures = figure_entries(form.source.file, sheets.get(FIGURES_SHEET), identity.unit, expected, tasks, findings)
    criteria = criterion_entries(sheets.get(APPENDIX_SHEET), identity.unit, expected, findings)
    return Submission(
        form_file=form.source.file,
        sha256=form.sha256,
        reader=form.reader,
        unit=identity.unit,
        period=expected.edition.period.code,
        identified_by=identity.how,
        sent=form.sent,
        sent_from=form.sent_from,
        figures=figures,
        criteria=criteria,
        tasks=tasks.entries,
        findings=tuple(findings),
        inputs=inputs,
        unread=unread(sheets),
    )


def _aside(
    form: RawForm,
    verdict: Literal["rejected", "ignored"],
    reason: str,
    findings: tuple[Finding, ...] = (),
    unit: str | None = None,
) -> SetAside:
    return SetAside(form.source.file, form.sha256, form.reader, verdict, reason, findings, unit)


def _inputs(sheets: dict[str, FormSheet]) -> str:
    """A fingerprint of everything the unit typed, wherever the columns stand."""
    told = [
        f"{name}\t{number}\t{heading}\t{_same(value)}"
        for name, sheet in sheets.items()
        for number, row in sheet.rows()
        for heading in _INPUTS[name]
        if (value := sheet.value(row, heading)) is not None
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def _same(value: Value) -> str:
    """The value as text that does not depend on which reader saw it: 5 and 5.0, a day and its midnight."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = Decimal(repr(value))
        return plain(number) if number.is_finite() else str(value)
    return value.isoformat()[:10] if isinstance(value, date) else repr(value)


def _has_codes(layout: Layout, expected: Expected) -> bool:
    """Whether a sheet with the form's headings holds codes of this plan."""
    return any(
        sheet.name != TASKS_SHEET and any(_coded(sheet, row, expected) for _, row in sheet.rows())
        for sheet in _all_sheets(layout)
    )


def _is_empty(layout: Layout) -> bool:
    """Whether nothing was typed anywhere: the template as it was issued, with the sheets where one types."""
    return {APPENDIX_SHEET, FIGURES_SHEET} <= layout.sheets.keys() and not any(
        sheet.value(row, heading) is not None
        for sheet in _all_sheets(layout)
        for _, row in sheet.rows()
        if sheet.name == TASKS_SHEET or sheet.value(row, _CODES[sheet.name]) is not None
        for heading in _INPUTS[sheet.name]
    )


def _all_sheets(layout: Layout) -> tuple[FormSheet, ...]:
    return (*layout.sheets.values(), *(sheet for rivals in layout.rivals.values() for sheet in rivals))


def _coded(sheet: FormSheet, row: Row, expected: Expected) -> bool:
    code = sheet.text(row, _CODES[sheet.name])
    return expected.measure(code) is not None if sheet.name == FIGURES_SHEET else code in expected.codes
