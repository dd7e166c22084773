"""A workbook as read comes in; a typed :class:`Submission` of a unit and a period, or why it is set aside, goes out.

Sheets and columns are found by their headings, rows by their codes. Nothing is guessed: what is tolerated is a note,
what cannot be told is an error at its cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath
from typing import Literal

from cchc_xl.office.excel.bounds import Clock, OutOfTimeError
from cchc_xl.office.excel.tables import Row, Table
from cchc_xl.records import CellRef, Finding, RawForm, Submission, Value, is_number
from cchc_xl.text.catalogue import Told, collected, finding
from cchc_xl.text.numbers import plain, shortest
from cchc_xl.text.words import digest, key, tidy, words_key
from cchc_xl.unit.familiar import Familiar, familiar_tables
from cchc_xl.unit.figures import figure_entries, task_entries
from cchc_xl.unit.form import APPENDIX_SHEET, FIGURE_VALUE, FIGURES_SHEET, FORM, SUPPLEMENT, TASKS_SHEET
from cchc_xl.unit.real_form import is_rather_figures, near, real_forms
from cchc_xl.unit.rows import criterion_entries
from cchc_xl.unit.sheets import Expected, Layout, find_layout, named_period
from cchc_xl.unit.tolerance import doubts, legacy_findings, readable, suspected_findings, unread

_UNIT_LABEL, _PERIOD_LABEL = key("đơn vị"), key("kỳ báo cáo")
_RECEIVERS = tuple(map(key, ("kính gửi", "nơi nhận", "đơn vị nhận", "cơ quan nhận", "gửi")))
_LONGEST_LABEL = 60
_MARKS = " .,;"  # that may stand behind a name
SECONDS = 20.0  # that conforming one file may take, as reading it may
# The whole agency; “an toàn cơ quan” is its safety.
_WHOLE = re.compile(rf"(?<!\w)(?<!an ){key('toàn')} (?:{'|'.join(map(key, ('sở', 'ngành', 'cơ quan')))})(?!\w)")


@dataclass(frozen=True, slots=True)
class Identity:
    """The unit's code; ``refused`` says that the workbook belongs to another period or agency."""

    unit: str | None
    refused: bool
    findings: tuple[Finding, ...]


def identify(form: RawForm, sheets: dict[str, Table], expected: Expected, named: str = "") -> Identity:
    """Unit and period of this workbook, with the findings of telling them; ``named``: the unit a part of it names."""
    stamp = dict(form.stamp)
    at = CellRef(form.source.file)
    texts = tuple(_texts(sheets))
    whole = _whole_agency(texts, expected)
    if whole is not None:
        return Identity(None, True, (finding("U105", at, text=whole),))
    if "unit" in stamp and "period" in stamp and not named:
        return _contradicted(form, texts, expected, _by_stamp(form, stamp, expected))
    unit, how = (named, "tên cột hoặc sheet") if named else _unit(form, texts, expected)
    if unit is None:
        told = "; ".join(texts)[:120] or form.source.file
        close = "; ".join(expected.register.suggestions(PurePosixPath(form.source.file).stem))
        return Identity(None, True, (finding("U102", at, text=told, suggestions=close),))
    period, period_how = _period(form, texts, expected)
    current = expected.edition.period.code
    if period is not None and period != current:
        return Identity(unit, True, (finding("U103", at, unit=unit, period=period, current=current),))
    told = period_how or "theo kỳ đang chạy, vì trong tệp không ghi kỳ"
    name = next(item.name for item in expected.edition.plan.units if item.code == unit)
    return Identity(unit, False, (finding("U202", at, unit=unit, name=name, how=how, period_how=told),))


def _by_stamp(form: RawForm, stamp: dict[str, str], expected: Expected) -> Identity:
    at = CellRef(form.source.file)
    unit, period = expected.register.unit(stamp["unit"]), stamp["period"]
    agency, own = stamp.get("agency", ""), expected.edition.plan.settings.agency
    if agency and own and key(agency) != key(own):
        return Identity(unit, True, (finding("U104", at, unit=unit, agency=agency, own=own),))
    if unit is None:
        return Identity(None, True, (finding("U102", at, text=stamp["unit"], suggestions=""),))
    current = expected.edition.period.code
    if period != current:
        return Identity(unit, True, (finding("U103", at, unit=unit, period=period, current=current),))
    if stamp.get("plan") != expected.fingerprint:
        return Identity(unit, False, (finding("U203", at, unit=unit),))
    return Identity(unit, False, ())


def _whole_agency(texts: Iterable[str], expected: Expected) -> str | None:
    """What the headings call the whole agency, where the workbook says it is that and not one unit."""
    settings = expected.edition.plan.settings
    agencies = {key(name) for name in (settings.agency, settings.parent_agency) if name}
    for text in texts:
        label, _, name = text.partition(":")
        if expected.register.unit(name):  # a unit may bear the agency's own name
            continue
        if (key(label).startswith(_UNIT_LABEL) and key(name) in agencies) or _WHOLE.search(key(text)):
            return tidy(name) or text
    return None


def _contradicted(form: RawForm, texts: Iterable[str], expected: Expected, identity: Identity) -> Identity:
    """The identity, refused where a heading line names another unit or period than the stamp: neither is believed."""
    if identity.refused:
        return identity
    at, current = CellRef(form.source.file), expected.edition.period.code
    for text in texts:
        label, _, name = text.partition(":")
        unit = expected.register.unit(name) if key(label).startswith(_UNIT_LABEL) else None
        if unit is not None and unit != identity.unit:
            item = finding("U106", at, stamp=identity.unit, text=text)
            return Identity(None, True, (item,))
        period = named_period(text, expected) if key(label).startswith(_PERIOD_LABEL) else None
        if period is not None and period[1] != current:
            item = finding("U106", at, unit=identity.unit, stamp=current, text=text)
            return Identity(identity.unit, True, (item,))
    return identity


def _texts(sheets: dict[str, Table]) -> Iterator[str]:
    """The texts above the headings of the form's sheets: each line, a label with what stands in the cell behind it.

    Whom a report is for ("Đơn vị nhận báo cáo", "Kính gửi") says nothing of who sends it.
    """
    for sheet in sheets.values():
        for row in sheet.sheet.rows[: sheet.heading_rows[0] - 1]:
            label = ""
            for value in sheet.clock.over([value for value in row if isinstance(value, str)]):
                lines = value.splitlines()
                for line in (*lines, *([" ".join(lines)] if len(lines) > 1 else ())):
                    text = f"{label} {tidy(line)}".strip()
                    label = text if text.endswith(":") and len(text) <= _LONGEST_LABEL else ""
                    if text and not label and not words_key(text[:_LONGEST_LABEL]).startswith(_RECEIVERS):
                        yield text


def _unit(form: RawForm, texts: Iterable[str], expected: Expected) -> tuple[str | None, str]:
    for text in texts:
        label, _, name = text.partition(":")
        if key(label).startswith(_UNIT_LABEL):  # behind another label a full stop says that it is a sentence's end
            name = name.rstrip(_MARKS)
        if code := expected.register.unit(text.rstrip(_MARKS)) or expected.register.unit(name):
            return code, f"dòng tiêu đề “{text}”"
    return _unit_of_path(form.source.file, expected)


def unit_by_path(file: str, expected: Expected) -> str | None:
    """The unit that the file's name or folder names exactly; None if they name none."""
    return _unit_of_path(file, expected)[0]


def _unit_of_path(file: str, expected: Expected) -> tuple[str | None, str]:
    return next(((units[0], sign) for units, sign in _units_of_path(file, expected)), (None, ""))


def _units_of_path(file: str, expected: Expected) -> Iterator[tuple[list[str], str]]:
    """The units named by the file's name, then by its folders from within: those of one piece, and which it is."""
    path = PurePosixPath(file)
    signs = [(path.stem, f"tên tệp “{path.name}”"), *((part, f"thư mục “{part}”") for part in path.parts[-2::-1])]
    for text, sign in signs:
        if units := [code for piece in _pieces(text) if (code := expected.register.unit(piece))]:
            yield units, sign


def _contrary(file: str, unit: str, expected: Expected) -> tuple[str, str]:
    """Another unit that the file's name (or, where that names none, its folder) names, and the words for it."""
    units, sign = next(_units_of_path(file, expected), ([unit], ""))
    if unit in units:
        return "", ""
    names = {item.code: item.name for item in expected.edition.plan.units}
    return units[0], f"{sign} là của {names[units[0]]}"


def _pieces(name: str) -> Iterator[str]:
    """A name as it stands, then its parts between underscores, brackets and repeated-copy marks."""
    yield name
    yield from filter(None, (piece.strip() for piece in re.split(r"[_()\[\]]|\s-\s", name)))


def _period(form: RawForm, texts: Iterable[str], expected: Expected) -> tuple[str | None, str]:
    codes = {period.code.casefold(): period.code for period in expected.edition.plan.periods}
    named = [(*found, text) for text in texts if (found := named_period(text, expected))]
    if named:
        _, code, text = max(named, key=lambda item: len(item[0]))
        return code, f"dòng tiêu đề “{text}”"
    for place in (PurePosixPath(form.source.file).name, *reversed(PurePosixPath(form.source.file).parts[:-1])):
        lowered = place.casefold()
        for folded, code in codes.items():
            if re.search(rf"(?<![a-z0-9]){re.escape(folded)}(?![a-z0-9])", lowered):
                return code, f"tên “{place}”"
    return None, ""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A workbook that is not a unit's submission of this period, or cannot be told to be one, and why.

    ``unreadable`` says that what is in it is not known; ``unit`` is then the one that the file's path names.
    ``of_the_plan``: something in it is of this plan.
    """

    file: str
    sha256: str
    reader: str
    verdict: Literal["rejected", "ignored"]
    reason: str
    findings: tuple[Finding, ...] = ()
    unit: str | None = None
    unreadable: bool = False
    of_the_plan: bool = True


def conform(form: RawForm, expected: Expected, *, seconds: float = SECONDS) -> tuple[Submission, ...] | SetAside:
    """The submissions in this workbook, with every finding of their cells; set aside what takes over ``seconds``.

    There is one, unless the workbook is an appendix in which columns or sheets of several units are named.
    """
    try:
        return _conformed(form, expected, Clock.of(seconds))
    except OutOfTimeError:
        file, unit = form.source.file, unit_by_path(form.source.file, expected)
        items = (finding("F114", CellRef(file), unit=unit, seconds=f"{seconds:g}"),)
        return SetAside(file, form.sha256, form.reader, "rejected", "đối chiếu quá lâu", items, unit, unreadable=True)


def _conformed(form: RawForm, expected: Expected, clock: Clock) -> tuple[Submission, ...] | SetAside:
    stamp = dict(form.stamp)
    kind = stamp.get("kind", "form")
    if kind not in ("form", "feedback", SUPPLEMENT):
        return _aside(form, "ignored", "kết quả do cchc-xl lập")
    layout = find_layout(form, clock)
    if kind == SUPPLEMENT:
        layout = replace(layout, part="supplement")
    own = () if APPENDIX_SHEET in layout.sheets else familiar_tables(form, expected, clock)
    noted: tuple[Finding, ...] = ()
    if not any(map(_of_the_plan(expected), _figure_tables(layout))):
        layout, own, noted = _with_real_form(form, layout, own, expected, clock)
    if kind == "feedback" and stamp.get("inputs") == _inputs(layout.sheets):
        return _aside(form, "ignored", "bản phản hồi chưa sửa gì")
    if not stamp and not own and not _has_codes(layout, expected):
        names = "; ".join(sheet.name for sheet in form.sheets)
        item = finding("F201", CellRef(form.source.file), sheets=names, missing=_what_is_missing(layout))
        return replace(_aside(form, "rejected", "không phải biểu mẫu", (item,)), of_the_plan=False)
    if len(own) > 1 and (not all(item.unit for item in own) or len({item.unit for item in own}) < len(own)):
        told = ", ".join(dict.fromkeys(f"“{item.table.sheet.name}”" for item in own))
        items = (finding("D123", CellRef(form.source.file), sheets=told, name=APPENDIX_SHEET),)
        aside = _aside(form, "rejected", "không rõ bảng nào", items, unit_by_path(form.source.file, expected))
        return replace(aside, unreadable=True)
    if not own:
        found = [_one(form, layout, "", noted, expected)]
    else:
        found = [
            _one(
                form,
                _with_appendix(layout, item.table),
                item.unit if len(own) > 1 else "",
                (*item.findings, *noted),
                expected,
            )
            for item in own
        ]
    asides = (item for item in found if isinstance(item, SetAside))
    return tuple(item for item in found if isinstance(item, Submission)) or next(asides)


def _with_appendix(layout: Layout, table: Table) -> Layout:
    """The layout with this table of a unit's own as the appendix."""
    sheets = {**layout.sheets, APPENDIX_SHEET: table}
    return replace(layout, sheets=sheets, part="familiar", own=layout.own | {APPENDIX_SHEET})


def _with_real_form(
    form: RawForm, layout: Layout, own: tuple[Familiar, ...], expected: Expected, clock: Clock
) -> tuple[Layout, tuple[Familiar, ...], tuple[Finding, ...]]:
    """The layout with the figures of a form that is not ours, where there is one; the appendices left; findings.

    A table that may be read as either is read as what more of its rows are.
    """
    appendix = layout.sheets.get(APPENDIX_SHEET)
    forms = [
        item for item in real_forms(form, expected, clock) if not appendix or item.table.sheet is not appendix.sheet
    ]
    if form.stamp:  # on our own form another heading may be another column: only a longer spelling of ours is it
        forms = [item for item in forms if _spells_value(item.table)]
    both = {item.table.sheet.name for item in own}
    forms = [item for item in forms if item.table.sheet.name not in both or is_rather_figures(item.table, expected)]
    if forms:
        taken = {item.table.sheet.name for item in forms}
        own = tuple(item for item in own if item.table.sheet.name not in taken)
        sheets = {name: table for name, table in layout.sheets.items() if name != FIGURES_SHEET}
        rivals = {**layout.rivals, FIGURES_SHEET: tuple(item.table for item in forms if len(forms) > 1)}
        if len(forms) == 1:
            sheets[FIGURES_SHEET] = forms[0].table
        is_part = not layout.part and not form.stamp and APPENDIX_SHEET not in sheets
        part = "familiar" if is_part else layout.part
        layout = replace(layout, sheets=sheets, rivals=rivals, part=part, own=layout.own | {FIGURES_SHEET})
    wanted = (FIGURES_SHEET,) if own else (APPENDIX_SHEET, FIGURES_SHEET)
    missing = [name for name in wanted if name not in layout.sheets]
    layout = replace(layout, near=near(form, missing, expected, clock))
    return layout, own, forms[0].findings if len(forms) == 1 else ()


def _spells_value(table: Table) -> bool:
    """Whether the heading of the values holds the form's own: "Giá trị (đồng)", "(4) Giá trị"."""
    column = table.columns.get(FIGURE_VALUE)
    heading = None if column is None else table.sheet.value(table.heading_rows[-1], column)
    return isinstance(heading, str) and key(FIGURE_VALUE) in key(heading)


def _what_is_missing(layout: Layout) -> str:
    """Why a workbook is not a form of the plan: what it lacks where it nearly is one."""
    lacks = [told for _, told in layout.near.values()]
    strange = [
        f"sheet “{table.sheet.name}” có các tiêu đề của “{table.name}” nhưng không có mã nào của kế hoạch này"
        for table in _all_sheets(layout)
        if FORM[table.name].code
    ]
    return "; ".join(lacks or strange) or "không sheet nào có cột mã hoặc cột tên với các dòng của kế hoạch này"


def _one(
    form: RawForm, layout: Layout, named: str, told: tuple[Finding, ...], expected: Expected
) -> Submission | SetAside:
    """The submission of one unit; ``named`` is the unit that columns or the sheet name, where there are several."""
    identity = identify(form, layout.sheets, expected, named)
    if identity.unit is None or identity.refused:
        return _aside(form, "rejected", "không xác định được đơn vị, kỳ", identity.findings, identity.unit)
    if _is_empty(layout) and layout.part == "supplement":
        return _aside(form, "ignored", "tệp bổ sung chưa điền")
    if _is_empty(layout):
        item = finding("F202", CellRef(form.source.file), unit=identity.unit)
        return _aside(form, "ignored", "tệp mẫu chưa điền", (item,), identity.unit)
    submission, findings = collected(_submission(form, layout, identity.unit, expected))
    other, sign = ("", "") if named else _contrary(form.source.file, identity.unit, expected)
    own = (replace(item, unit=identity.unit) for item in (*form.findings, *told))
    return replace(
        submission,
        findings=(*identity.findings, *own, *findings),
        inputs=_inputs(layout.sheets),
        contrary=sign,
        other=other,
    )


def _submission(form: RawForm, layout: Layout, unit: str, expected: Expected) -> Told[Submission]:
    file = form.source.file
    tables = yield from readable(layout, file, unit, expected)
    yield from doubts(tables, unit)
    yield from legacy_findings(tables, unit, expected)
    yield from suspected_findings(tables, unit)
    saved = form.sent if form.sent_from == "file" else None
    tasks = yield from task_entries(tables.get(TASKS_SHEET), unit, expected, saved)
    return Submission(
        form_file=file,
        sha256=form.sha256,
        unit=unit,
        sent=form.sent,
        sent_from=form.sent_from,
        figures=(yield from figure_entries(file, tables.get(FIGURES_SHEET), unit, expected, tasks, layout)),
        criteria=(yield from criterion_entries(tables.get(APPENDIX_SHEET), unit, expected)),
        tasks=tasks.entries,
        findings=(),
        inputs="",
        unread=unread(tables),
        part=layout.part,
    )


def _aside(
    form: RawForm,
    verdict: Literal["rejected", "ignored"],
    reason: str,
    findings: tuple[Finding, ...] = (),
    unit: str | None = None,
) -> SetAside:
    return SetAside(form.source.file, form.sha256, form.reader, verdict, reason, findings, unit)


def _inputs(tables: dict[str, Table]) -> str:
    """A fingerprint of everything the unit typed, wherever the columns stand."""
    return digest(
        f"{name}\t{number}\t{heading}\t{_same(value)}"
        for name, table in tables.items()
        for number, heading, value in table.typed(FORM[name].inputs)
    )


def _same(value: Value) -> str:
    """The value as text that does not depend on which reader saw it: 5 and 5.0, a day and its midnight."""
    if is_number(value):
        number = shortest(value)
        return plain(number) if number.is_finite() else str(value)
    return value.isoformat()[:10] if isinstance(value, date) else repr(value)


def _has_codes(layout: Layout, expected: Expected) -> bool:
    """Whether a sheet with the form's headings holds codes of this plan."""
    return any(map(_of_the_plan(expected), (table for table in _all_sheets(layout) if FORM[table.name].code)))


def _of_the_plan(expected: Expected) -> Callable[[Table], bool]:
    return lambda table: any(_coded(row, expected) for row in table.rows())


def _figure_tables(layout: Layout) -> tuple[Table, ...]:
    return tuple(table for table in _all_sheets(layout) if table.name == FIGURES_SHEET)


def _is_empty(layout: Layout) -> bool:
    """Whether nothing was typed anywhere: the template as it was issued, with the sheets where one types."""
    if FIGURES_SHEET in layout.own and not all(FIGURE_VALUE in table.columns for table in _figure_tables(layout)):
        return False  # which of its columns is the unit's cannot be told
    wanted = set() if layout.part else {APPENDIX_SHEET, FIGURES_SHEET}
    return wanted <= layout.sheets.keys() and not any(
        row.value(heading) is not None
        for table in _all_sheets(layout)
        for row in table.rows()
        if table.name in layout.own or not FORM[table.name].code or row.value(FORM[table.name].code) is not None
        for heading in FORM[table.name].inputs
    )


def _all_sheets(layout: Layout) -> tuple[Table, ...]:
    return (*layout.sheets.values(), *(table for rivals in layout.rivals.values() for table in rivals))


def _coded(row: Row, expected: Expected) -> bool:
    if row.table.name == FIGURES_SHEET:
        return bool(expected.figures_of(row))
    return row.text(FORM[row.table.name].code) in expected.codes
