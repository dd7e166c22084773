"""The form's sheets in a workbook: a :class:`RawForm` comes in, tables with their columns by heading go out.

Nothing is taken by position: a sheet is known by its headings, a column by its own. What is tolerated on the way, and
what makes a column unreadable, is told by `tolerance`. What the plan expects there is looked up in :class:`Expected`.
"""

from __future__ import annotations

from dataclasses import dataclass

from cchc_xl.office.excel.bounds import Clock
from cchc_xl.office.excel.tables import Table, find
from cchc_xl.plan.register import Register
from cchc_xl.records import Edition, Measure, Node, RawForm
from cchc_xl.text.words import key
from cchc_xl.unit.form import (
    APPENDIX_SHEET,
    DUE,
    FIGURE_VALUE,
    FIGURES_SHEET,
    FORM,
    LEVEL,
    TASKS_SHEET,
    fingerprint,
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The form's sheets by their contract names; ``rivals`` are further sheets with the same headings and content.

    A sheet that cannot be chosen among rivals is missing from ``sheets``.
    """

    sheets: dict[str, Table]
    rivals: dict[str, tuple[Table, ...]]


def find_layout(form: RawForm, clock: Clock) -> Layout:
    """The form's sheets: known by their headings, the sheet of the right name before others.

    Raises :class:`~cchc_xl.office.excel.bounds.OutOfTimeError`.
    """
    sheets: dict[str, Table] = {}
    rivals: dict[str, tuple[Table, ...]] = {}
    for name, wanted in FORM.items():
        tried = (
            find(sheet, form.source.file, name, wanted.headings, wanted.marks, clock)
            for sheet in clock.over(form.sheets)
        )
        alike = [found for found in tried if found is not None]
        named = [found for found in alike if key(found.sheet.name) == key(name)]
        if len(named) > 1:  # Excel allows "Số liệu" beside "Số liệu ": of those that hold nothing one is enough
            named = [found for found in named if _holds_values(found)] or named[:1]
        filled = [found for found in alike if found not in named and _holds_values(found)]
        if len(named) == 1 and named[0].sheet.hidden and any(not found.sheet.hidden for found in filled):
            chosen, rivals[name] = None, tuple(named + filled)  # an old sheet hidden beside the one that is seen
        elif len(named) < 2 and (named or not filled):
            chosen = next(iter(named or alike), None)
            rivals[name] = tuple(filled)
        elif len(filled) == 1 and not named:
            chosen, rivals[name] = filled[0], ()
        else:
            chosen, rivals[name] = None, tuple(named + filled)
        if chosen is not None:
            sheets[name] = chosen
    return Layout(sheets, rivals)


def _holds_values(table: Table) -> bool:
    """Whether anything stands under the heading a unit types under."""
    heading = {APPENDIX_SHEET: LEVEL, FIGURES_SHEET: FIGURE_VALUE, TASKS_SHEET: DUE}[table.name]
    return any(row.value(heading) is not None for row in table.rows())


@dataclass(frozen=True, slots=True)
class Expected:
    """Look-ups over one edition. Built once per run; it pickles, so that other processes may use it."""

    edition: Edition
    register: Register
    fingerprint: str
    codes: frozenset[str]
    names: dict[str, tuple[str, ...]]
    leaves: dict[str, Node]
    measures: dict[str, Measure]
    entered: dict[str, tuple[Measure, ...]]
    headings: dict[str, str]

    @classmethod
    def of(cls, edition: Edition) -> Expected:
        """The look-ups of this edition."""
        names: dict[str, tuple[str, ...]] = {}
        pairs = [(node.criterion.code, node.criterion.name) for node in edition.nodes]
        pairs += [(row.code, row.name) for row in edition.plan.appendix]
        for code, name in dict.fromkeys(pairs):
            if code not in names.get(key(name), ()):
                names[key(name)] = (*names.get(key(name), ()), code)
        measures = edition.plan.measures
        return cls(
            edition=edition,
            register=Register(edition.plan.units),
            fingerprint=fingerprint(edition),
            codes=frozenset(code for code, _ in pairs),
            names=names,
            leaves={node.criterion.code: node for node in edition.leaves},
            measures={key(measure.code): measure for measure in measures},
            entered={
                unit.code: tuple(item for item in measures if unit.code in item.units) for unit in edition.plan.units
            },
            headings={key(period.name): period.code for period in edition.plan.periods},
        )

    def measure(self, text: str) -> Measure | None:
        """The figure of this code, by match key; None if the plan has none."""
        return self.measures.get(key(text)) if text else None
