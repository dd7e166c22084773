"""The figures of a result for the report: a view of it comes in, ``has``, ``figure`` and ``share`` go out.

A plan of another department may lack any figure: whoever writes a sentence asks ``has`` first.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from cchc_xl.plan.expression import FIGURE_CODE
from cchc_xl.records import Kind, State
from cchc_xl.result.contents import MeasureDetail, UnitFigure
from cchc_xl.result.objects import Object
from cchc_xl.result.view import View
from cchc_xl.text.numbers import ELSEWHERE, Value, count_vi, listing, lower_first, number_vi, percent_vi
from cchc_xl.text.words import AWAY, MISSING

_SAID = (Kind.TEXT, Kind.DATE)  # kinds without a number: what units typed is listed


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure as a line of a table or sentence; ``share`` is in percent of the figure named ``whole``."""

    code: str
    name: str
    unit_name: str
    text: str
    share: Value
    whole: str
    known: bool
    waiting: tuple[str, ...]
    spoken: str
    so_far: str
    counted: str
    places: int

    @property
    def counted_in(self) -> str:
        """The unit of measure behind the number; none behind a percentage, whose sign stands at it."""
        return "" if self.unit_name == "%" else self.unit_name

    @property
    def told(self) -> str:
        """The figure as a line of its own has it: whole, or as far as it is known."""
        return self.with_unit if self.known else self.so_far

    @property
    def with_unit(self) -> str:
        """The figure inside a sentence: counts below ten with a leading zero, its unit behind, its share of a whole."""
        told = f"{self.spoken} {self.counted_in}".rstrip()
        if not self.whole or not isinstance(self.share, Decimal):  # of nothing there is no share
            return told
        return f"{told} ({percent_vi(self.share, self.places)} so với {lower_first(self.whole)})"


class Figures:
    """The figures by code. Values are ``Decimal``, None where unknown, or ``"not_applicable"``."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.details = view.details

    def planned(self, code: str) -> bool:
        """Whether the plan has this figure at all."""
        return code in self.details

    def has(self, code: str) -> bool:
        """Whether this figure is known."""
        return isinstance(self.figure(code), Decimal)

    def figure(self, code: str) -> Value:
        """The figure over all units."""
        detail = self.details.get(code)
        return None if detail is None else _value(detail)

    def share(self, part: str, whole: str) -> Value:
        """``part`` in percent of ``whole``; None while one is unknown; of a whole of 0 nothing arose, either."""
        above, below = self.figure(part), self.figure(whole)
        if above is None or below is None:
            return None
        if isinstance(above, Decimal) and isinstance(below, Decimal) and below:
            return above * 100 / below
        return State.NOT_APPLICABLE.value

    def name(self, code: str) -> str:
        """The figure's name in the plan, or its code."""
        detail = self.details.get(code)
        return detail.name if detail else code

    def is_percent(self, code: str) -> bool:
        """Whether the figure itself is a percentage."""
        return self.planned(code) and self.details[code].kind == Kind.PERCENT

    def text(self, code: str) -> str:
        """The figure as a table writes it."""
        detail = self.details[code]
        if said := _said(detail):
            return said
        known = self.figure(code)
        value = detail.partial if known is None else known
        written = percent_vi if detail.kind == Kind.PERCENT else number_vi
        shown = written(value, self.view.places)
        return shown if value is known else f"chưa đủ (hiện có {shown})"

    def row(self, code: str) -> FigureRow:
        """The figure with its share and the units that still owe it."""
        detail, whole = self.details[code], self.view.wholes.get(code, "")
        share = self.share(code, whole) if whole and self.planned(whole) else ELSEWHERE
        return FigureRow(
            code=code,
            name=detail.name,
            unit_name=detail.unit_name,
            text=self.text(code),
            share=share,
            whole=self.name(whole) if share != ELSEWHERE else "",
            known=self.has(code) or bool(_said(detail)),
            waiting=tuple(map(self.view.unit, detail.waiting)),
            spoken=self.spoken(code),
            so_far=self._so_far(detail),
            counted=self._counted(detail),
            places=self.view.places,
        )

    def _so_far(self, detail: MeasureDetail) -> str:
        """An incomplete figure with the number of units that it is from."""
        if detail.state == State.NOT_APPLICABLE:
            return AWAY
        if detail.partial is None:
            return "chưa có số liệu"
        return f"{self._counted(detail)} (theo báo cáo của {of_units(detail)})"

    def _counted(self, detail: MeasureDetail) -> str:
        """What there is of an incomplete figure, with its unit of measure; '' where there is nothing."""
        if detail.partial is None:
            return ""
        unit_name = "" if detail.kind == Kind.PERCENT else f" {detail.unit_name}".rstrip()
        return f"{counted_or_not(detail, detail.partial, self.view.places)}{unit_name}"

    def spoken(self, code: str) -> str:
        """The figure inside a sentence, where counts below ten have a leading zero."""
        value = self.figure(code)
        if isinstance(value, Decimal):
            return counted_or_not(self.details[code], value, self.view.places)
        return self.text(code)

    def named(self, rule: str) -> list[str]:
        """The figures that a rule or cross-check speaks of, in its order."""
        return [code for code in dict.fromkeys(FIGURE_CODE.findall(rule)) if self.planned(code)]

    def cell(self, code: str, unit: str) -> Value:
        """One unit's value; a dash where the unit does not enter this figure."""
        for entry in self.details[code].entries if self.planned(code) else ():
            if entry.unit == unit:
                return _value(entry)
        return None if self.planned(code) and unit in self.details[code].units else ELSEWHERE

    def total(self, code: str) -> Value:
        """The figure for the last line of a table by unit."""
        if not self.planned(code):
            return ELSEWHERE
        value, partial = self.figure(code), self.details[code].partial
        if value is None and partial is not None:
            return f"{number_vi(partial, self.view.places)} (*)"
        return self.text(code) if value is None else value

    def owing(self, codes: tuple[str, ...]) -> list[str]:
        """The units that still owe any of these figures."""
        return list(dict.fromkeys(unit for code in codes if self.planned(code) for unit in self.row(code).waiting))

    def with_any(self, code: str) -> list[str]:
        """The units that have any of a figure, each with their number, as a sentence names them."""
        told = []
        for unit in self.reporting((code,)):
            value = self.cell(code, unit)
            if isinstance(value, Decimal) and value > 0:
                counted = f"{count_vi(value)} {self.details[code].unit_name}".strip()
                told.append(f"{self.view.unit(unit)} ({counted})")
        return told

    def waiting(self) -> list[Object]:
        """The figures still owed, once for every group of units that owes the same."""
        owed: dict[tuple[str, ...], list[str]] = {}
        for row in map(self.row, self.details):
            if row.waiting:
                owed.setdefault(row.waiting, []).append(row.name)
        return [{"units": listing(units), "names": tuple(names)} for units, names in owed.items()]

    def reporting(self, codes: tuple[str, ...]) -> list[str]:
        """The units that enter any of these figures, in the order of the plan."""
        named = {unit for code in codes if self.planned(code) for unit in self.details[code].units}
        named |= {entry.unit for code in codes if self.planned(code) for entry in self.details[code].entries}
        return [unit for unit in self.view.unit_names if unit in named]


def _value(item: MeasureDetail | UnitFigure) -> Value:
    if item.state == State.NOT_APPLICABLE:
        return State.NOT_APPLICABLE.value
    return item.value


def _said(detail: MeasureDetail) -> str:
    """What units typed of a figure without a number, each text once; '' of any other figure, and where none did."""
    return listing({entry.text: None for entry in detail.entries if entry.text}) if detail.kind in _SAID else ""


def entered(entry: UnitFigure) -> str:
    """What one unit gave, as a list of sources has it: its number, else its text, or why there is none."""
    if entry.state == State.NOT_APPLICABLE:
        return AWAY
    return number_vi(entry.value) if entry.value is not None else entry.text or MISSING


def counted_or_not(detail: MeasureDetail, value: Decimal, places: int) -> str:
    """A value of this figure inside a sentence: counts below ten have a leading zero."""
    if detail.kind == Kind.PERCENT:
        return percent_vi(value, places)
    return count_vi(value) if detail.kind == Kind.INTEGER else number_vi(value, places)


def of_units(detail: MeasureDetail) -> str:
    """How many of the units that enter this figure have given it; those for which the Office did are told apart."""
    whole, supplied = len(detail.units), sum(entry.supplied for entry in detail.entries)
    told = f"{count_vi(whole - len(detail.waiting) - supplied)}/{count_vi(whole)} đơn vị"
    return f"{told} và số liệu bổ sung cho {count_vi(supplied)} đơn vị" if supplied else told
