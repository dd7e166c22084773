"""Many agencies scored by one plan: rows of ``Cơ quan``, ``Khảo sát`` and ``Vòng`` come in, the plan of each goes out.

Contract: design §14, reasons in docs/decisions/021. The criteria and the register of units are the same for every
agency; its settings, the figures of its surveys and the units that bear another agency's name are not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from cchc_xl.office.excel.tables import Cell, Table
from cchc_xl.plan.cells import CONTRACT, Row
from cchc_xl.records import Agency, CellRef, Finding, Kind, Measure, Plan, Round, Settings, SurveyValue, Unit
from cchc_xl.text.catalogue import finding
from cchc_xl.text.days import date_vi
from cchc_xl.text.file_names import file_name
from cchc_xl.text.numbers import is_percent_format, read_stored, read_text
from cchc_xl.text.words import closest, key

AGENCIES, SURVEY, ROUNDS = "Cơ quan", "Khảo sát", "Vòng"
NAME, FOLDER, GROUP = "Tên cơ quan", "Thư mục", "Nhóm"
_SETTINGS: Mapping[str, str] = CONTRACT["settings"]
_DEFAULTS = {item.name: item.default for item in fields(Settings)}
_OWN = {_SETTINGS[name]: _DEFAULTS[_SETTINGS[name]] for name in CONTRACT["own_settings"]}
_HEAD = {"signing_title": "Thủ trưởng cơ quan"}  # whoever heads the agency signs its report
_NONE = frozenset(map(key, ("không", "không có")))
_DAY_ZERO = date(1899, 12, 30)
Setting = Callable[[str, Row, str, str], object]


def agency(base: Settings, setting: Setting, row: Row) -> Agency | None:
    """An agency with its settings: those of the plan but for what is one agency's own, and its columns over them.

    Who signs, the symbol, last year's index and place are never taken from the plan's settings: they would be another
    agency's. "không" in a column leaves the setting empty.
    """
    if not row.code or not row.filled(NAME):
        return None
    given: dict[str, Any] = {**_OWN, **_HEAD, "agency": row[NAME].text}
    for name, attribute in _SETTINGS.items():
        cell = row[name]
        if key(cell.text) in _NONE:
            given[attribute] = _DEFAULTS[attribute]
        elif cell.readable and (value := setting(attribute, row, name, name)) is not None:
            given[attribute] = value
    settings = replace(base, **given)
    return Agency(row.code, settings.agency, row[GROUP].text, row[FOLDER].text, settings, row["Mã"].at)


def survey_value(agencies: Iterable[Agency], measures: Iterable[Measure], row: Row) -> SurveyValue | None:
    """A figure of an agency; None where agency or figure is unknown or the value is none: a finding says which."""
    owner = _named(row, "Mã cơ quan", "G102", {item.code: item for item in agencies}, [item.name for item in agencies])
    known = _named(row, "Mã số liệu", "G103", {item.code: item for item in measures}, [])
    cell = row["Giá trị"]
    if owner is None or known is None or not row.filled("Giá trị"):
        return None
    value = _value(cell, known)
    if value is None:
        row.tell("G104", "Giá trị", text=cell.text, figure=known.code, kind=str(known.kind))
        return None
    return SurveyValue(owner.code, known.code, value, cell.text, cell.at)


def _named(row: Row, heading: str, code: str, known: Mapping[str, Any], names: list[str]) -> Any:
    """The record that a cell names by its code (an agency also by its name); a finding where it names none."""
    cell = row[heading]
    by_key = {key(item.name): item for item in known.values() if item.name in names}
    found = {key(one): item for one, item in known.items()}.get(key(cell.text)) or by_key.get(key(cell.text))
    if found is None and cell.readable:
        row.tell(code, heading, text=cell.text, suggestions="; ".join(closest(cell.text, known)))
    elif found is None and heading != "Mã cơ quan":  # a blank first cell is told by the reader of the sheet
        row.filled(heading)
    return found


def _value(cell: Cell, measure: Measure) -> Decimal | None:
    """The value by the figure's kind, as a unit's own cell is read."""
    if measure.kind is Kind.DATE:
        return None if cell.day is None else Decimal((cell.day - _DAY_ZERO).days)
    if measure.kind is Kind.TEXT or isinstance(cell.value, bool):
        return None
    if isinstance(cell.value, int | float):
        reading = read_stored(cell.value, measure.kind, percent_format=is_percent_format(cell.number_format))
    else:
        reading = read_text(cell.text, measure.kind, f"{measure.name} {measure.unit_name}")
    if measure.kind is Kind.PERCENT and reading.value is not None and not 0 <= reading.value <= _WHOLE:
        return None
    return reading.value


_WHOLE = 100


def round_(row: Row) -> Round | None:
    """A round of the appraisal; None where its name or a day is missing."""
    filled = [row.filled(heading) for heading in ("Vòng", "Từ ngày", "Đến ngày")]
    start, end = row.day("Từ ngày"), row.day("Đến ngày")
    if not all(filled) or start is None or end is None:
        return None
    if end < start:
        row.tell("G107", "Đến ngày", text=row["Vòng"].text, start=date_vi(start), end=date_vi(end))
        return None
    return Round(row["Vòng"].text, start, end, row["Đến ngày"].at)


def current_round(rounds: Iterable[Round], today: date) -> str:
    """The sentence about the round that is open today, or the next one; '' where neither is.

    >>> at = CellRef("p.xlsx")
    >>> first = Round("Tự chấm", date(2022, 1, 1), date(2022, 1, 15), at)
    >>> both = first, Round("Hội đồng", date(2022, 3, 1), date(2022, 3, 5), at)
    >>> [current_round(both, date(2022, month, 15)) for month in (1, 2, 4)]
    ['Đang ở vòng Tự chấm (đến 15/01/2022).', 'Vòng tiếp theo: Hội đồng, từ 01/3/2022 đến 05/3/2022.', '']
    """
    ordered = sorted(rounds, key=lambda item: item.start)
    now = next((item for item in ordered if item.start <= today <= item.end), None)
    if now is not None:
        return f"Đang ở vòng {now.name} (đến {date_vi(now.end)})."
    after = next((item for item in ordered if item.start > today), None)
    return f"Vòng tiếp theo: {after.name}, từ {date_vi(after.start)} đến {date_vi(after.end)}." if after else ""


def strange_columns(table: Table | Finding | None) -> Iterator[Finding]:
    """Columns of ``Cơ quan`` that are named like no setting: what stands in them changes nothing."""
    if not isinstance(table, Table):
        return
    number, known = table.heading_rows[-1], {*table.columns.values(), *(column for _, column in table.again)}
    for column, value in enumerate(table.sheet.rows[number - 1], start=1):
        if isinstance(value, str) and value.strip() and column not in known and key(value) not in _NOTES:
            close = "; ".join(closest(value, _SETTINGS))
            at = CellRef(table.file, table.sheet.name, number, column)
            yield finding("G201", at, text=value.strip(), suggestions=close)


_NOTES = frozenset(map(key, ("Ghi chú", "TT", "STT")))


def check_agencies(plan: Plan) -> Iterator[Finding]:
    """Agencies and folders that stand twice, figures given twice, rounds that overlap or stand twice."""
    yield from _twice("G101", ((key(item.code), item.code, item.at) for item in plan.agencies))
    yield from _twice("G101", ((f"{key(item.name)} ", item.name, item.at) for item in plan.agencies))
    alone = tuple({key(item.code): item for item in reversed(plan.agencies)}.values())[::-1]
    placed = ((item.folder or item.code, item.at) for item in alone)
    yield from _twice("G105", ((key(_plain(text)), text, at) for text, at in placed))
    given: dict[tuple[str, str], SurveyValue] = {}
    for item in plan.survey:
        first = given.setdefault((item.agency, item.measure), item)
        if first is not item:
            told = {"agency": item.agency, "figure": item.measure, "first": first.text, "text": item.text}
            yield finding("G106", item.at, cell=first.at.address, **told)
    yield from _twice("G108", ((key(item.name), item.name, item.at) for item in plan.rounds))
    ordered = sorted(plan.rounds, key=lambda item: item.start)
    for before, after in pairwise(ordered):
        if after.start <= before.end and key(after.name) != key(before.name):
            yield finding("G202", after.at, first=before.name, second=after.name, day=date_vi(before.end))


def _twice(code: str, items: Iterable[tuple[str, str, CellRef]]) -> Iterator[Finding]:
    seen: dict[str, CellRef] = {}
    for name, text, at in items:
        first = seen.setdefault(name, at)
        if first is not at:
            yield finding(code, at, text=text, cell=first.address)


def for_agency(plan: Plan, code: str) -> Plan:
    """The plan by which one agency is scored: its settings, its surveys, and no unit that is another agency.

    A unit that bears the name of an agency is that agency: it reports to no other. Findings of the plan are told once,
    for the whole, not again for each.
    """
    own = next(item for item in plan.agencies if item.code == code)
    others = {key(name) for item in plan.agencies if item.code != code for name in (item.name, item.settings.agency)}
    others -= {key(own.name), key(own.settings.agency)}
    away = {unit.code for unit in plan.units if _is_named(unit, others)}
    given = tuple({item.measure: item for item in reversed(plan.survey) if item.agency == code}.values())

    def kept(codes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(unit for unit in codes if unit not in away)

    return replace(
        plan,
        settings=own.settings,
        units=tuple(unit for unit in plan.units if unit.code not in away),
        appendix=tuple(replace(row, lead=kept(row.lead), cooperating=kept(row.cooperating)) for row in plan.appendix),
        # Last year's points are one agency's; the plan has one column for all.
        criteria=tuple(replace(item, previous_points=None) for item in plan.criteria),
        measures=tuple(replace(item, units=kept(item.units)) for item in plan.measures),
        findings=(),
        agencies=(),
        survey=given,
        agency=code,
    )


def _is_named(unit: Unit, names: set[str]) -> bool:
    return not names.isdisjoint(map(key, (unit.name, *unit.aliases)))


def folders(plan: Plan, names: Iterable[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """By agency the folder that is its own among these names, and the names that are nobody's.

    ``Thư mục`` names it; else it is called like the agency's code, else like its name. Marks, capitals and blanks do
    not count.

    >>> at, own = CellRef("p.xlsx"), Settings()
    >>> made = [Agency("STC", "Sở Tài chính", "", "", own, at), Agency("SNV", "Sở Nội vụ", "", "noi-vu", own, at)]
    >>> plan = Plan("p.xlsx", "", own, (), (), (), (), (), (), (), agencies=tuple(made))
    >>> folders(plan, ("stc", "noi-vu", "khac"))
    ({'STC': 'stc', 'SNV': 'noi-vu'}, ('khac',))
    """
    there = {key(name): name for name in names}
    found: dict[str, str] = {}
    for item in plan.agencies:
        wanted = (item.folder,) if item.folder else (item.code, item.name)
        spelled = (*map(_plain, wanted), own_folder(item))
        name = next((there[key(one)] for one in spelled if key(one) in there), None)
        if name is not None and name not in found.values():
            found.setdefault(item.code, name)
    tops = {name.partition("/")[0] for name in found.values()}
    return found, tuple(name for name in there.values() if "/" not in name and name not in tops)


def own_folder(item: Agency) -> str:
    """The folder that is made for an agency where it has none yet: :func:`folders` finds it again.

    >>> at, own = CellRef("p.xlsx"), Settings()
    >>> agencies = (Agency(code, "Sở A", "", folder, own, at) for code, folder in (("S/1", ""), ("S2", "so/b: moi/")))
    >>> [own_folder(item) for item in agencies]
    ['S-1', 'so/b- moi']
    """
    parts = _plain(item.folder).split("/") if _plain(item.folder) else [item.code]
    return "/".join(map(file_name, parts))


def depth(plan: Plan) -> int:
    """How many folders deep the agencies' folders may lie."""
    return max((len(_plain(item.folder).split("/")) for item in plan.agencies), default=1)


def _plain(folder: str) -> str:
    """A folder as people type it, with / between its parts and none at its ends."""
    return "/".join(
        part.strip() for part in folder.replace("\\", "/").split("/") if part.strip() not in ("", ".", "..")
    )
