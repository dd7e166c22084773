"""Where the figures of the report come from: a result comes in, rows for the note that the Office checks it by go out.

A figure stands under the first sentence of the report that tells it, with every unit's value and the cell it was typed
into. Units' files are told by their number in the list of who has sent; where there are too many values to be read one
by one, their number and the workbook that has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cchc_xl.papers.criteria import place
from cchc_xl.papers.figure_tables import FigureRow, Figures, entered
from cchc_xl.papers.listings import CONSOLIDATED
from cchc_xl.papers.sentences import Told
from cchc_xl.records import RollCall
from cchc_xl.result.contents import UnitFigure
from cchc_xl.result.objects import Object
from cchc_xl.result.view import View
from cchc_xl.text.numbers import ELSEWHERE, count_vi, lower_first

_MOST_UNITS = 40  # of the list of who has sent
_MOST_VALUES = 20  # told one by one
_FIGURES = "Số liệu"  # the sheet that most figures are typed into: its name is left out


class Sources:
    """The sources of a result's figures; ``roll`` are the units whose files have a number, in its order."""

    def __init__(self, view: View) -> None:
        self.view, self.figures = view, Figures(view)
        every = view.contents.rollcall
        grave = [row for row in every if row.status != "submitted"]
        self.roll: tuple[RollCall, ...] = tuple(every if len(every) <= _MOST_UNITS else grave[:_MOST_UNITS])
        self._numbers = {row.file: number for number, row in enumerate(self.roll, 1) if row.file}

    def rows(self, told: Sequence[Told]) -> Iterator[Object]:
        """A heading for each sentence of the plan, under it the figures that it tells first; last the others."""
        left = {code: self.figures.row(code) for code in self.figures.details}
        for item in told:
            own = [left.pop(code) for code in item.codes if code in left]
            yield {"is_sentence": True, "text": item.text}
            yield from map(self._row, own)
        if left:
            yield {"is_sentence": True, "text": "Số liệu khác" if told else "Số liệu"}
            yield from map(self._row, left.values())

    def _row(self, row: FigureRow) -> Object:
        return {
            "is_sentence": False,
            "name": row.name,
            "value": row.text,
            "unit_name": row.counted_in,
            "share": row.share if row.whole else ELSEWHERE,
            "whole": lower_first(row.whole),
            "source": self._source(row.code),
        }

    def _source(self, code: str) -> str:
        detail = self.figures.details[code]
        by_place: dict[str, list[str]] = {}
        many = len(detail.entries) > _MOST_VALUES
        for entry in () if many else detail.entries:
            by_place.setdefault(self._place(entry), []).append(self._value(entry))
        told = [f"{at}: {', '.join(values)}" if at else ", ".join(values) for at, values in by_place.items()]
        if many:
            told.append(f"{count_vi(len(detail.entries))} đơn vị, từng số ở {CONSOLIDATED}, sheet Số liệu")
        if detail.waiting:
            told.append(f"còn chờ {self._waiting(detail.waiting)}")
        return "; ".join(told) or ELSEWHERE

    def _waiting(self, units: Sequence[str]) -> str:
        numbers = {row.unit: number for number, row in enumerate(self.roll, 1)}
        known = [str(numbers[unit]) for unit in units if unit in numbers]
        others = len(units) - len(known)
        parts = [f"đơn vị số {', '.join(known)}"] if known else []
        return " và ".join((*parts, *([f"{count_vi(others)} đơn vị khác"] if others else ())))

    def _place(self, entry: UnitFigure) -> str:
        """The cell; of a file without a number, or of another sheet, that as well."""
        if entry.counted:
            return "đếm từ danh mục nhiệm vụ"
        if entry.file not in self._numbers or entry.supplied:
            return f"{self.view.given_by(entry)}, {place(entry)}"
        return (entry.cell or "") if entry.sheet == _FIGURES else f"{entry.sheet} {entry.cell or ''}".strip()

    def _value(self, entry: UnitFigure) -> str:
        """The value with the number of its file: ``12 (3)``."""
        number = self._numbers.get(entry.file or "")
        return entered(entry) if number is None or entry.supplied else f"{entered(entry)} ({number})"
