"""What a value rests on: a result comes in, rule rows, cells and hashes of files by value go out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from cchc_xl.result.archive import APPRAISAL, SOURCES
from cchc_xl.result.contents import Contents, Placed, ScoredCriterion, UnitFigure
from cchc_xl.result.view import View
from cchc_xl.text.numbers import plain
from cchc_xl.text.printed import written

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
    """A row of the plan or a cell of a unit's file; ``value`` is what stands there, where that is told."""

    what: str
    file: str | None
    sheet: str | None = None
    cell: str | None = None
    value: str | None = None
    row: int | None = None

    @classmethod
    def at(cls, what: str, placed: Placed, value: str | None = None) -> Source:
        """What stands in a place of a file."""
        return cls(what, placed.file, placed.sheet, placed.cell, value)


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the result: what it is in words, how it came about, and what it rests on.

    ``form`` says how it is written: ``number``, ``percent`` or ``points`` (điểm phần trăm). ``parts`` are the two
    numbers of a quotient.
    """

    kind: str
    what: str
    number: Decimal
    form: str = "number"
    formula: str = ""
    rules: tuple[Source, ...] = ()
    cells: tuple[Source, ...] = ()
    parts: tuple[Decimal, Decimal] | None = None
    criterion: str | None = None

    def shown(self, places: int) -> str:
        """The value as the report writes it."""
        text = written(self.number, places)
        return {"percent": f"{text}%", "points": f"{text.lstrip('-')} điểm phần trăm"}.get(self.form, text)


def stored(value: Decimal | None) -> str | None:
    """The number as ``result.json`` has it."""
    return None if value is None else plain(value)


class Ground(View):
    """Finds rule rows, cells and hashes in one result."""

    def __init__(self, contents: Contents) -> None:
        super().__init__(contents)
        self._hashes = {item.file: item.sha256 for item in contents.sources}
        for row in contents.rollcall:
            if row.file:
                self._hashes.setdefault(row.file, row.sha256)

    def write(self, value: Decimal | None) -> str:
        """A number inside a formula."""
        return "chưa có" if value is None else written(value, self.places)

    def whose(self, code: str | None) -> str:
        """A unit's name, or the whole agency."""
        return "Toàn cơ quan" if code is None else self.unit(code)

    def files(self, value: Value) -> dict[str, str | None]:
        """Every file that the value rests on, with its SHA-256."""
        used = dict.fromkeys(source.file for source in (*value.rules, *value.cells) if source.file)
        plan = self.contents.plan
        rules = {source.file for source in value.rules}
        return {
            file: plan.sha256
            if file == plan.file and (file in rules or file not in self._hashes)
            else self._hashes.get(file)
            for file in used
        }

    def rule(self, item: ScoredCriterion) -> Source:
        """The rule row of a criterion."""
        rule = item.rule
        what = f"{item.code} {item.name}: {item.method or 'chưa rõ cách chấm'}"
        what += f" ({rule.figures})" if rule.figures else ""
        points = f"{self.write(item.final_points)}/{self.write(item.applicable_max)} điểm"
        return Source(what, rule.file, rule.sheet, rule.cell, points, rule.row)

    def rules(self, items: Iterable[ScoredCriterion]) -> tuple[Source, ...]:
        """The rule rows of several criteria."""
        return tuple(map(self.rule, items))

    def plan_row(self, sheet: str, row: str, value: str | None = None) -> Source:
        """A row of the plan that the result names by its code or item, not by its number."""
        return Source(f"dòng “{row}”", self.contents.plan.file, sheet, None, value)

    def entry(self, code: str, entry: UnitFigure) -> Source:
        """The cell of one unit's figure."""
        counted = " (đếm từ danh mục nhiệm vụ)" if entry.counted else ""
        value = plain(entry.value) if entry.value is not None else entry.text or None
        return Source.at(f"{code} – {self.unit(entry.unit)}{counted}", entry, value)

    def entries(self, code: str, unit: str | None = None) -> tuple[Source, ...]:
        """The cells of a figure, of one unit or of all; behind a counted one stand the tasks of the register."""
        detail = self.details.get(code)
        if detail is None:
            return ()
        found: list[Source] = []
        for entry in detail.entries:
            if unit in {None, entry.unit}:
                found.append(self.entry(code, entry))
                found += self.tasks(code, entry.unit) if entry.counted else ()
        return tuple(found)

    def tasks(self, code: str, unit: str | None = None) -> tuple[Source, ...]:
        """The rows of the registers that a count of tasks rests on; "NV_GIAO" counts them all."""
        return tuple(
            Source.at(f"nhiệm vụ của {self.unit(task.unit)}", task, task.document)
            for task in self.contents.tasks
            if unit in {None, task.unit} and code in {"NV_GIAO", task.outcome}
        )

    def measure_rule(self, code: str) -> Source:
        """The plan's row of a figure."""
        detail = self.details[code]
        return self.plan_row("Số liệu", f"{code} – {detail.name}", f"gộp: {detail.combine}")

    def inputs(self, leaves: Iterable[ScoredCriterion]) -> tuple[Source, ...]:
        """The cells that leaves are scored from: figures, levels and points reported, the Office's appraisal."""
        found: dict[Source, None] = {}
        for leaf in leaves:
            for given in leaf.inputs:
                found[Source.at(f"{given.measure} – {self.unit(given.unit)}", given, given.value)] = None
            if not leaf.inputs:
                found.update(dict.fromkeys(self.reports(leaf)))
            if leaf.appraised_points is not None:
                found[self.appraisal(leaf)] = None
        return tuple(found)

    def appraisal(self, leaf: ScoredCriterion) -> Source:
        """The Office's entry for a criterion, in the copy of its workbook that the result keeps."""
        return Source(f"điểm thẩm định {leaf.code}", f"{SOURCES}/{APPRAISAL}", value=stored(leaf.appraised_points))

    def reports(self, leaf: ScoredCriterion) -> tuple[Source, ...]:
        """What the units wrote about a criterion, by cell."""
        return tuple(
            Source.at(f"{leaf.code} – {self.unit(report.unit)}", report, report.level or stored(report.self_points))
            for report in leaf.reports
        )
