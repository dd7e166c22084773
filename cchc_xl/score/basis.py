"""How points are told: figures and reports come in by code, sentences with the names of figures and units go out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from cchc_xl.plan.expression import is_of_dates
from cchc_xl.plan.marking import ZERO, Points, ReportedMethod
from cchc_xl.records import MINUS, CriterionEntry, Edition, Kind, MeasureTotal, Node, Quotient, Term
from cchc_xl.text.days import dated
from cchc_xl.text.numbers import percent_vi, points_text, vietnamese

_MOST_NAMED = 3  # units in a sentence


class Words:
    """The names that an edition gives to units and figures, and its decimals: sentences are made of them."""

    def __init__(self, edition: Edition, totals: Iterable[MeasureTotal]) -> None:
        measures = [total.measure for total in totals]
        self._kinds = {measure.code: measure.kind for measure in measures}
        self._names = {measure.code: measure.name for measure in measures}
        self._units = {unit.code: unit.name for unit in edition.plan.units}
        self._places = edition.plan.settings.places

    def named(self, figures: Quotient) -> str:
        """What is scored, by the names of its figures."""
        return figures.written(self._names, MINUS)

    def arithmetic(self, figures: Quotient, known: Mapping[str, Decimal], value: Decimal) -> str:
        """``(39 − 4) / 39 = 89,74%``: as the plan writes it; of a sum only what it comes to."""
        if figures.only_adds and not figures.below:
            return vietnamese(value)
        share = percent_vi(value, self._places)
        if figures.only_adds:
            above, below = (sum((known[term.name] for term in side), ZERO) for side in (figures.above, figures.below))
            return f"{vietnamese(above)} / {vietnamese(below)} = {share}"
        told = figures.written({term.name: self._number(term, known[term.name]) for term in figures.terms}, MINUS)
        if is_of_dates(figures, self._kinds):
            return f"{told} = {vietnamese(value)} ngày"
        percent = figures.is_percentage or self.in_percent(figures)
        return f"{told} = {share if percent else vietnamese(value)}"

    def in_percent(self, figures: Quotient) -> bool:
        """Whether all its figures are percentages."""
        return all(self._kinds[code] is Kind.PERCENT for code in figures.codes)

    def _number(self, term: Term, number: Decimal) -> str:
        """A number inside arithmetic; one below 0 stands in brackets."""
        kind = self._kinds[term.code]
        if kind is Kind.DATE:
            return dated(number)
        told = f"{vietnamese(number)}{'%' if kind is Kind.PERCENT else ''}"
        return f"({told})" if number < 0 else told

    def reported(
        self, node: Node, rule: ReportedMethod, points: list[tuple[Decimal, Points, CriterionEntry]], amount: Decimal
    ) -> str:
        """What the units reported and the points it gives; units that reported the same are told together."""
        same: dict[tuple[str, Decimal], list[str]] = {}
        for value, _, row in points:
            same.setdefault((rule.told(row), value), []).append(row.unit)
        given = f"{points_text(amount, self._places)} điểm"
        if len(same) > 1:
            each = (
                f"{self.who(units)}: {told} → {points_text(value, self._places)}"
                for (told, value), units in same.items()
            )
            return f"{'; '.join(each)}; lấy {node.criterion.combine} trong {len(points)} đơn vị → {given}"
        (((told, _), units),) = same.items()
        own = points[0][2].self_points if rule.by_hand else None
        return f"{self.who(units)}: {told}{' điểm' if own == amount else f' → {given}'}"

    def who(self, units: Sequence[str]) -> str:
        """Units by their names, many as their number."""
        names = [self._units.get(unit, unit) for unit in units]
        return f"{len(names)} đơn vị" if len(names) > _MOST_NAMED else ", ".join(names)

    def waiting(self, totals: list[MeasureTotal]) -> str:
        """Which figures are missing, each once, by who owes them, and how much of them is known."""
        parts: list[str] = []
        owed: dict[tuple[str, ...], list[str]] = {}
        for total in dict.fromkeys(totals):
            if not total.measure.units and total.entries:  # of last year: its entry says why
                parts.append(f"{total.measure.name}: {total.entries[0].text}")
                continue
            is_day = total.measure.kind is Kind.DATE
            known = "" if total.partial is None else f" (đã có {(dated if is_day else vietnamese)(total.partial)})"
            owed.setdefault(total.waiting, []).append(f"{total.measure.name}{known}")
        for units, figures in owed.items():
            who = f"còn thiếu của {self.who(units)}" if units else "các đơn vị nhập khác nhau"
            parts.append(f"{who}: {', '.join(figures)}")
        return "; ".join(parts) or "kế hoạch không có số liệu này"


def one_of(totals: Iterable[MeasureTotal]) -> str:
    """What the figures count, one of it: "nhiệm vụ"; '' where they have no unit of measure, or several."""
    named = {total.measure.unit_name for total in totals}
    return named.pop() if len(named) == 1 else ""
