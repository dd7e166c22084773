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

from cchc_xl.office.excel.tables import Table
from cchc_xl.plan.cells import CONTRACT, Row
from cchc_xl.plan.figure_values import typed
from cchc_xl.records import Agency, CellRef, Finding, Measure, Plan, Round, Settings, SurveyValue, Unit
from cchc_xl.text.catalogue import finding
from cchc_xl.text.days import date_vi
from cchc_xl.text.file_names import file_name
from cchc_xl.text.words import closest, key

AGENCIES, SURVEY, ROUNDS = "Cơ quan", "Khảo sát", "Vòng"
NAME, FOLDER, GROUP = "Tên cơ quan", "Thư mục", "Nhóm"
_SETTINGS: Mapping[str, str] = CONTRACT["settings"]
_DEFAULTS = {item.name: item.default for item in fields(Settings)}
_OWN = {_SETTINGS[name]: _DEFAULTS[_SETTINGS[name]] for name in CONTRACT["own_settings"]}
_HEAD = {"signing_title": "Thủ trưởng cơ quan"}  # whoever heads the agency signs its report
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
        if row.is_none(name):
            given[attribute] = _DEFAULTS[attribute]
        elif cell.readable and (value := setting(attribute, row, name, name)) is not None:
            given[attribute] = value
    settings = replace(base, **given)
    return Agency(row.code, settings.agency, row[GROUP].text, row[FOLDER].text, settings, row["Mã"].at)


def surveys(agencies: Iterable[Agency], measures: Iterable[Measure]) -> Callable[[Row], SurveyValue | None]:
    """What makes a figure of an agency of a row, which may also name the agency by its name.

    It gives None where agency or figure is unknown or the value is none: a finding says which.
    """
    owners = {item.name: item for item in agencies} | {item.code: item for item in agencies}
    figures = {item.code: item for item in measures}
    by_key = {key(name): item for name, item in owners.items()}
    measures_by_key = {key(code): item for code, item in figures.items()}

    def survey_value(row: Row) -> SurveyValue | None:
        owner = by_key.get(key(row["Mã cơ quan"].text))
        figure = measures_by_key.get(key(row["Mã số liệu"].text))
        if owner is None and row["Mã cơ quan"].readable:  # a blank first cell is told by the reader of the sheet
            _unknown(row, "Mã cơ quan", "G102", owners)
        if figure is None and row.filled("Mã số liệu"):
            _unknown(row, "Mã số liệu", "G103", figures)
        if owner is None or figure is None or not row.filled("Giá trị"):
            return None
        cell = row["Giá trị"]
        read = typed(cell.value, figure.kind, cell.number_format, f"{figure.unit_name} {figure.name}")
        value: Decimal | None = None if "D212" in read.notes else read.value  # a percentage that is none
        if value is None:
            text = read.text if read.problem else cell.text
            row.tell("G104", "Giá trị", text=text, figure=figure.code, kind=figure.kind)
            return None
        return SurveyValue(owner.code, figure.code, value, cell.text, cell.at)

    return survey_value


def _unknown(row: Row, heading: str, code: str, known: Iterable[str]) -> None:
    text = row[heading].text
    row.tell(code, heading, text=text, suggestions="; ".join(closest(text, known)))


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
    yield from _twice("G101", ((key(item.name), item.name, item.at) for item in plan.agencies))
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


def with_last_year(plan: Plan, rank: int | None, index: Decimal | None) -> Plan:
    """The plan with last year's place and index (in percent) where its own settings do not say them."""
    own = plan.settings
    rank = rank if own.previous_rank is None else own.previous_rank
    index = index if own.previous_index is None else own.previous_index
    return replace(plan, settings=replace(own, previous_rank=rank, previous_index=index))


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
