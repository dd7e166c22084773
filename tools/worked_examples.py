"""Examples of the guide, worked out by the program itself: rows of a plan and reports come in, scores go out.

The rows are read and checked as those of a workbook are: an example with a mistake in it is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone
from decimal import Decimal

from cchc_xl.plan.checks import diagnosed
from cchc_xl.plan.edition import find_period, in_force
from cchc_xl.plan.load import OPTIONAL, SHEETS, columns, read_plan, read_tables
from cchc_xl.records import (
    LAST_YEAR,
    CellRef,
    CriterionEntry,
    FigureEntry,
    Kind,
    MeasureTotal,
    Plan,
    RawSheet,
    Score,
    Scorecard,
    State,
    Submission,
    Unit,
)
from cchc_xl.score.consolidate import consolidate
from cchc_xl.score.scorecard import score
from cchc_xl.text.catalogue import message
from cchc_xl.text.days import day_number
from cchc_xl.text.numbers import vietnamese

PERIOD = "2026-N"
AWAY = "không phát sinh"
_AT = CellRef("vi-du.xlsx")
_SENT = datetime(2026, 12, 18, tzinfo=timezone.utc)
SCALE = ("Từ", "Gồm từ", "Đến", "Gồm đến", "Mức", "Điểm")
Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Case:
    """A plan's rows as they stand in Excel, by heading; ``units`` are its units' codes, of whom all lead everything."""

    criteria: tuple[Row, ...]
    scale: tuple[Row, ...] = ()
    figures: tuple[Row, ...] = ()
    settings: tuple[Row, ...] = ()
    units: tuple[str, ...] = ("VP",)

    def plan(self) -> Plan:
        """The plan of these rows. Raises ``ValueError`` if they have an error."""
        every = "; ".join(self._name(unit) for unit in self.units)
        known = {str(row["Mã"]) for row in self.criteria}
        tops = [row for row in self.criteria if str(row["Mã"]).rpartition(".")[0] not in known]
        rows: dict[str, Sequence[Row]] = {
            "Cài đặt": [{"Mục": "Cơ quan ban hành", "Giá trị": "Sở Ví dụ"}, *self.settings],
            "Đơn vị": [{"Mã": unit, "Tên đơn vị": self._name(unit), "Phải báo cáo": "x"} for unit in self.units],
            "Kỳ báo cáo": [{"Mã": PERIOD, "Tên kỳ": "Năm 2026", "Từ ngày": "15/12/2025", "Đến ngày": "14/12/2026"}],
            "Phụ lục": [{"TT": row["Mã"], "NỘI DUNG": row["Tiêu chí"], "ĐƠN VỊ THỰC HIỆN": every} for row in tops],
            "Bộ chỉ số": self.criteria,
            "Thang điểm": self.scale,
            "Số liệu": [{"Tên số liệu": row["Mã"], "Đơn vị nhập": every, **row} for row in self.figures],
            "Ràng buộc": [],
        }
        tables = read_tables([_sheet(name, given) for name, given in rows.items()], "vi-du.xlsx")
        plan = diagnosed(read_plan(tables, "vi-du.xlsx", ""), columns(tables))
        if wrong := [message(item) for item in plan.findings if item.severity == "error"]:
            raise ValueError("; ".join(wrong))
        return plan

    @staticmethod
    def _name(unit: str) -> str:
        return f"Phòng {unit}"

    def scored(self, *reports: Mapping[str, str], last_year: Mapping[str, str] | None = None) -> Scorecard:
        """The scores when each unit reports this, by code: a figure, a level or points; ``AWAY`` may stand for any."""
        plan = self.plan()
        period = find_period(plan, PERIOD)
        assert period is not None
        edition = in_force(plan, period)
        sent = [_submission(plan, unit, given) for unit, given in zip(plan.units, reports, strict=True)]
        before = tuple(_before(plan, code, text) for code, text in (last_year or {}).items())
        return score(edition, consolidate(edition, sent, (), (), last_year=before))


def _sheet(name: str, rows: Sequence[Row]) -> RawSheet:
    headings = (*SHEETS[name], *OPTIONAL.get(name, ()))
    cells = (tuple(_cell(heading, row.get(heading)) for heading in headings) for row in rows)
    return RawSheet(name, hidden=False, rows=(headings, *cells))


def _cell(heading: str, value: object) -> str | float | None:
    """As Excel stores it: codes and shares are text, everything else that looks like a number is one."""
    text = str(value or "").strip()
    if heading in ("Mã", "TT", "Điều kiện") or not text or not text.lstrip("-").replace(",", "", 1).isdecimal():
        return text or None
    return float(text.replace(",", "."))


def _submission(plan: Plan, unit: Unit, given: Mapping[str, str]) -> Submission:
    known = {item.code: item for item in plan.measures}
    figures = tuple(_figure(unit.code, code, known[code].kind, text) for code, text in given.items() if code in known)
    criteria = tuple(_entry(unit.code, code, text) for code, text in given.items() if code not in known)
    return Submission("", "", unit.code, _SENT, "", figures, criteria, (), (), "")


def _figure(unit: str, code: str, kind: Kind, text: str) -> FigureEntry:
    if text == AWAY:
        return FigureEntry(unit, code, State.NOT_APPLICABLE, None, text, _AT)
    return FigureEntry(unit, code, State.KNOWN, number(text, kind), text, _AT)


def number(text: str, kind: Kind = Kind.INTEGER) -> Decimal:
    """A figure as it is counted with; of a date its day as Excel numbers it.

    >>> number("82,5"), number("2/1/1900", Kind.DATE)
    (Decimal('82.5'), Decimal('3'))
    """
    if kind is Kind.DATE:
        day, month, year = map(int, text.split("/"))
        return day_number(date(year, month, day))
    return Decimal(text.replace(",", "."))


def _entry(unit: str, code: str, text: str) -> CriterionEntry:
    points = Decimal(text.replace(",", ".")) if text.replace(",", "", 1).lstrip("-").isdecimal() else None
    level = State.NOT_APPLICABLE if text == AWAY else State.KNOWN if points is None else State.MISSING
    own = State.MISSING if points is None else State.KNOWN
    named = "" if text == AWAY or points is not None else text
    return CriterionEntry(unit, code, True, "", named, level, points, own, "", "", _AT, _AT, _AT, _AT)


def _before(plan: Plan, code: str, text: str) -> MeasureTotal:
    measure = next(item for item in plan.measures if item.code == code)
    value = number(text, measure.kind)
    return MeasureTotal(replace(measure, code=f"{code}{LAST_YEAR}"), State.KNOWN, value, value, ())


# --- as tables of the page ---


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; a bar in a text is written so that it parts no cells.

    >>> print(table(("Mã", "Điểm"), (("1.1", 3),)), end="")
    | Mã | Điểm |
    |---|---|
    | 1.1 | 3 |
    """
    lines = [headings, ["---"] * len(headings), *rows]
    told = [" | ".join(str("" if cell is None else cell).replace("|", "\\|") for cell in line) for line in lines]
    return "".join(
        f"|{line.replace(' ', '')}|\n" if number == 1 else f"| {line} |\n" for number, line in enumerate(told)
    )


def scale_table(case: Case) -> str:
    """The rows of ``Thang điểm``, in the columns that any of them fills."""
    used = [heading for heading in SCALE if any(row.get(heading) for row in case.scale)]
    return table(("Mã", *used), ((row["Mã"], *(row.get(heading) for heading in used)) for row in case.scale))


def criteria_table(case: Case) -> str:
    """The rows of ``Bộ chỉ số``, likewise."""
    used = list(dict.fromkeys(heading for row in case.criteria for heading, cell in row.items() if cell))
    return table(used, ([row.get(heading) for heading in used] for row in case.criteria))


def arithmetic(score: Score) -> str:
    """How the program tells the score, without the points."""
    return score.basis.partition(" → ")[0] if score.points is not None else score.basis


def points(score: Score) -> str:
    """The points as they are shown, at most four decimals."""
    return told(score.final_points)


def told(given: Decimal | None) -> str:
    """Points, or that there are none.

    >>> told(Decimal("2.5")), told(None)
    ('2,5', 'chưa có điểm')
    """
    if given is None:
        return "chưa có điểm"
    shown = vietnamese(given, 4)
    return shown.rstrip("0").rstrip(",") if "," in shown else shown
