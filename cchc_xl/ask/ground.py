"""What a value rests on: a result comes in, rule rows, cells and hashes of files by value go out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from cchc_xl.result.archive import APPRAISAL, SOURCES
from cchc_xl.result.contents import Contents, MeasureDetail, Placed, Report, ScoredCriterion, UnitFigure
from cchc_xl.result.view import NUMERIC, View
from cchc_xl.text.numbers import number_vi, plain, vietnamese
from cchc_xl.text.printed import cap_text, signed_points, written
from cchc_xl.text.words import FOLLOWED, MISSING

_APPRAISED = f"{SOURCES}/{APPRAISAL}"  # the Office's workbook as the result keeps it
# In the order in which values are told: the weightier first.
KINDS = {
    "index": "Chỉ số",
    "measure": "Số liệu toàn cơ quan",
    "share": "Tỷ lệ tính từ số liệu",
    "criterion": "Tiêu chí",
    "count": "Số đếm được",
    "entry": "Số liệu của đơn vị",
    "basis": "Cách tính điểm của tiêu chí",
    "conflict": "Số liệu chưa thống nhất",
    "comparison": "So sánh với kỳ trước",
    "advice": "Gợi ý tăng điểm",
    "text": "Nội dung đơn vị ghi",
    "plan": "Nội dung ghi trong kế hoạch",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A row of the plan or a cell of a unit's file; ``value`` is what stands there: a figure, or a text."""

    what: str
    file: str | None
    sheet: str | None = None
    cell: str | None = None
    value: Decimal | str | None = None
    row: int | None = None

    @classmethod
    def at(cls, what: str, placed: Placed, value: Decimal | str | None = None) -> Source:
        """What stands in a place of a file."""
        return cls(what, placed.file, placed.sheet, placed.cell, value)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a value rests on: rows of the plan, and cells of the units."""

    rules: tuple[Source, ...] = ()
    cells: tuple[Source, ...] = ()

    def __add__(self, other: Basis) -> Basis:
        """Both, each row and cell once."""
        rules, cells = self.rules + other.rules, self.cells + other.cells
        return Basis(tuple(dict.fromkeys(rules)), tuple(dict.fromkeys(cells)))


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the result: what it is in words, what it rests on, and how it came about.

    ``form`` says how it is written: ``number``, ``percent``, ``points`` (điểm phần trăm) or ``year``. ``parts`` are the
    two numbers of a quotient.
    """

    kind: str
    what: str
    number: Decimal
    on: Basis
    form: str = "number"
    formula: str = ""
    parts: tuple[Decimal, Decimal] | None = None
    criterion: str | None = None

    def shown(self, places: int) -> str:
        """The value as the report writes it."""
        text = written(self.number, places)
        other = {"percent": f"{text}%", "points": f"{text.lstrip('-')} điểm phần trăm", "year": plain(self.number)}
        return other.get(self.form, text)

    def how(self, places: int) -> str:
        """The formula; of a quotient in percent that of its parts."""
        if self.parts is None:
            return self.formula
        above, below, share = (written(number, places) for number in (*self.parts, self.number))
        return f"{above} / {below} = {share}%"


class Ground(View):
    """Finds rule rows, cells and hashes in one result; ``appraisal`` is the hash of the Office's workbook used."""

    def __init__(self, contents: Contents, appraisal: str | None = None) -> None:
        super().__init__(contents)
        self._hashes = {item.file: item.sha256 for item in contents.sources}
        for file in (APPRAISAL, _APPRAISED):
            self._hashes.setdefault(file, appraisal)
        for row in contents.rollcall:
            if row.file:
                self._hashes.setdefault(row.file, row.sha256)

    def write(self, value: Decimal | None) -> str:
        """A number inside a formula."""
        return number_vi(value, self.places)

    def files(self, on: Basis) -> dict[str, str | None]:
        """Every file that a value rests on, with its SHA-256."""
        plan = self.contents.plan
        rules = {source.file for source in on.rules}
        return {
            file: plan.sha256
            if file == plan.file and (file in rules or file not in self._hashes)
            else self._hashes.get(file)
            for file in (source.file for source in (*on.rules, *on.cells))
            if file
        }

    def scored(self, items: Iterable[ScoredCriterion], leaves: Iterable[ScoredCriterion]) -> Basis:
        """The rule rows of criteria, and the cells that leaves are scored from.

        Those are figures, levels and points reported, and the Office's appraisal.
        """
        cells: dict[Source, None] = {}
        for leaf in leaves:
            for given in leaf.inputs:
                whose = f"kết quả kỳ {given.period}" if given.period else self.given_by(given)
                cells[Source.at(f"{given.measure} – {whose}", given, figure_or_text(given.value))] = None
            if not leaf.inputs:
                cells.update(dict.fromkeys(self.report(leaf, report) for report in leaf.reports))
            if leaf.appraised_points is not None:
                cells[self.appraisal(leaf)] = None
        return Basis(tuple(map(self.rule, items)), tuple(cells))

    def rule(self, item: ScoredCriterion) -> Source:
        """The rule row of a criterion."""
        rule = item.rule
        what = f"{item.code} {item.name}: {item.method or 'chưa rõ cách chấm'}"
        what += f" ({rule.figures})" if rule.figures else ""
        if item.status == "followed":
            points = FOLLOWED
        elif self.is_extra(item):
            points = extra_text(self, item)
        else:
            points = f"{self.write(item.final_points)}/{self.write(item.applicable_max)} điểm"
        return Source(what, rule.file, rule.sheet, rule.cell, points, rule.row)

    def report(self, leaf: ScoredCriterion, report: Report) -> Source:
        """The cell of what a unit wrote about a criterion."""
        return Source.at(f"{leaf.code} – {self.unit(report.unit)}", report, report.level or report.self_points)

    def appraisal(self, leaf: ScoredCriterion) -> Source:
        """The Office's entry for a criterion, in the copy of its workbook that the result keeps."""
        return Source(f"điểm thẩm định {leaf.code}", _APPRAISED, value=leaf.appraised_points)

    def plan_row(self, sheet: str, row: str, value: Decimal | str | None = None) -> Source:
        """A row of the plan that the result names by its code or item, not by its number."""
        return Source(f"dòng “{row}”", self.contents.plan.file, sheet, None, value)

    def figure(self, code: str, unit: str | None = None) -> Basis:
        """The plan's row of a figure, and its cells, of one unit or of all; nothing for what is no figure.

        Behind a counted one stand the tasks of the register.
        """
        detail = self.details.get(code)
        if detail is None:
            return Basis()
        cells: list[Source] = []
        for entry in detail.entries:
            if unit in {None, entry.unit}:
                cells.append(self.entry(code, entry))
                cells += self.tasks(code, entry.unit) if entry.counted else ()
        return Basis((self.figure_row(detail),), tuple(cells))

    def figure_row(self, detail: MeasureDetail) -> Source:
        """The plan's row of a figure."""
        return self.plan_row("Số liệu", f"{detail.code} – {detail.name}", f"gộp: {detail.combine}")

    def entry(self, code: str, entry: UnitFigure) -> Source:
        """The cell of one unit's figure."""
        counted = " (đếm từ danh mục nhiệm vụ)" if entry.counted else ""
        counted += f" (căn cứ: {entry.reference})" if entry.reference else ""
        value = entry.text or None if entry.value is None else entry.value
        return Source.at(f"{code} – {self.given_by(entry)}{counted}", entry, value)

    def tasks(self, code: str, unit: str | None = None) -> tuple[Source, ...]:
        """The rows of the registers that a count of tasks rests on; one that counts those given counts them all."""
        counts = self.register.get(code)
        return tuple(
            Source.at(f"nhiệm vụ của {self.unit(task.unit)}", task, task.document)
            for task in self.contents.tasks
            if counts and unit in {None, task.unit} and counts in {"giao", self.outcome(task)}
        )


def extra_text(view: View, item: ScoredCriterion) -> str:
    """The points of a bonus or a deduction, with their sign and limit."""
    own = item.final_points
    told = MISSING if own is None else signed_points(own, view.places, is_deduction=view.is_deduction(item))
    return f"{told} ({cap_text(item.max, view.places)})"


def figure_or_text(stored: str) -> Decimal | str:
    """What points rest on, as it was before the result stored it."""
    return Decimal(stored) if NUMERIC.fullmatch(stored) else stored


def in_cell(value: Decimal | str) -> str:
    """What stands in a cell, as an office writes it.

    >>> in_cell(Decimal("1480.5")), in_cell("28/01/2019"), in_cell("1480"), in_cell("")
    ('1.480,5', '28/01/2019', '1480', '(trống)')
    """
    return vietnamese(value) if isinstance(value, Decimal) else value or "(trống)"
