"""The form's sheets in a workbook: a :class:`RawForm` comes in, tables with their columns by heading go out.

Nothing is taken by position: a sheet is known by its headings, a column by its own. What is tolerated on the way, and
what makes a column unreadable, is told by `tolerance`. What the plan expects there is looked up in :class:`Expected`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from cchc_xl.office.excel.bounds import Clock
from cchc_xl.office.excel.tables import Row, Table, as_formatted, find, shown
from cchc_xl.plan.edition import entered_by_unit, form_code_key
from cchc_xl.plan.register import Register
from cchc_xl.records import CellRef, Edition, Measure, Node, RawForm, RawSheet, Value
from cchc_xl.text.words import in_digits, key, remembered, tidy
from cchc_xl.unit.form import (
    APPENDIX_SHEET,
    DUE,
    FIGURE_CODE,
    FIGURE_NAME,
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

    A sheet that cannot be chosen among rivals is missing from ``sheets``. ``part``: the workbook does not hold all that
    the plan wants, because it is the unit's own appendix or form, or a supplement to that. ``own``: the sheets that are
    known by the words units or ministries use. ``near``: of a sheet that is not there, where it nearly is, and why not.
    """

    sheets: dict[str, Table]
    rivals: dict[str, tuple[Table, ...]]
    part: Literal["", "familiar", "supplement"] = ""
    own: frozenset[str] = frozenset()
    near: Mapping[str, tuple[CellRef, str]] = field(default_factory=dict)


def find_layout(form: RawForm, clock: Clock) -> Layout:
    """The form's sheets: known by their headings, the sheet of the right name before others.

    Raises :class:`~cchc_xl.office.excel.bounds.OutOfTimeError`.
    """
    sheets: dict[str, Table] = {}
    rivals: dict[str, tuple[Table, ...]] = {}
    own = {key(name): name for name in FORM}
    plain: list[Table] = []  # what the form has there under its own name: no other sheet of it
    others: list[RawSheet] = []
    for sheet in clock.over(form.sheets):
        found = _table(form, sheet, own.get(key(sheet.name), ""), clock)
        if found is None:
            others.append(sheet)
        else:
            plain.append(found)
    for name in FORM:
        named = [found for found in plain if found.name == name]
        alike = named + [found for sheet in others if (found := _table(form, sheet, name, clock))]
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


def _table(form: RawForm, sheet: RawSheet, name: str, clock: Clock) -> Table | None:
    """What a sheet holds as the form's sheet of this name; None where it is none of it."""
    wanted = FORM.get(name)
    found = wanted and find(sheet, form.source.file, name, wanted.wanted, wanted.marks, clock)
    return found if found and not _is_parted(found) else None


def _is_parted(table: Table) -> bool:
    """Whether the heading of the values stands over several columns, of which another row says what they are."""
    column, last = table.columns.get(FIGURE_VALUE), table.heading_rows[-1]
    return column is not None and any(
        left <= column < right and top <= last <= bottom for top, left, bottom, right in table.sheet.merges
    )


def _holds_values(table: Table) -> bool:
    """Whether anything stands under the heading a unit types under."""
    heading = {APPENDIX_SHEET: LEVEL, FIGURES_SHEET: FIGURE_VALUE, TASKS_SHEET: DUE}[table.name]
    return any(table.typed((heading,)))


@dataclass(frozen=True, slots=True)
class Expected:
    """Look-ups over one edition. Built once per run; it pickles, so that other processes may use it.

    ``codes`` are those of criteria and of rows of the appendix, ``spelled`` the same by their parts ('' for two alike),
    ``names`` the codes by match key of the name; ``maxima`` and ``leaves`` go by code. Figures are found in
    ``measures`` by match key of their code, in ``printed`` of the code on the units' form, in ``figure_names`` of their
    name; ``entered`` are those that each unit enters, ``headings`` the codes of periods by key of their name.
    """

    edition: Edition
    register: Register
    fingerprint: str
    codes: frozenset[str]
    spelled: dict[tuple[str, ...], str]
    names: dict[str, tuple[str, ...]]
    maxima: dict[str, Decimal]
    leaves: dict[str, Node]
    measures: dict[str, Measure]
    printed: dict[str, tuple[Measure, ...]]
    figure_names: dict[str, tuple[Measure, ...]]
    entered: dict[str, tuple[Measure, ...]]
    headings: dict[str, str]

    @classmethod
    def of(cls, edition: Edition) -> Expected:
        """The look-ups of this edition."""
        names: dict[str, tuple[str, ...]] = {}
        pairs = [(node.criterion.code, node.criterion.name) for node in edition.nodes]
        pairs += [(row.code, row.name) for row in edition.plan.appendix]
        for code, name in dict.fromkeys(pairs):
            if code not in names.get(name_key(name), ()):
                names[name_key(name)] = (*names.get(name_key(name), ()), code)
        spelled: dict[tuple[str, ...], str] = {}
        for code in dict.fromkeys(code for code, _ in pairs):
            spelled[code_parts(code)] = "" if code_parts(code) in spelled else code
        measures = edition.plan.measures
        printed: dict[str, tuple[Measure, ...]] = {}
        figure_names: dict[str, tuple[Measure, ...]] = {}
        for item in measures:
            for told, items in ((form_code_key(item.form_code), printed), (name_key(item.name), figure_names)):
                if told:
                    items[told] = (*items.get(told, ()), item)
        return cls(
            edition=edition,
            register=Register(edition.plan.units),
            fingerprint=fingerprint(edition),
            codes=frozenset(code for code, _ in pairs),
            spelled=spelled,
            names=names,
            maxima={node.criterion.code: node.max_score for node in edition.nodes},
            leaves={node.criterion.code: node for node in edition.leaves},
            measures={key(measure.code): measure for measure in measures},
            printed=printed,
            figure_names=figure_names,
            entered=entered_by_unit(edition),
            headings={period_key(period.name): period.code for period in edition.plan.periods},
        )

    def measure(self, text: str) -> Measure | None:
        """The figure of this code, by match key; None if the plan has none."""
        return self.measures.get(key(text)) if text else None

    def figures_of(self, row: Row, unit: str = "") -> tuple[Measure, ...]:
        """The figures that a row of ``Số liệu`` may be: one that its code and name agree on, or several, or none.

        The code is the plan's or that of the units' form. A number without the noughts before it, which Excel drops,
        may be any code that ends so. Of several figures those count that ``unit`` enters.
        """
        name, code = row.text(FIGURE_NAME), row.text(FIGURE_CODE)
        named = self.figure_names.get(name_key(name), ()) if name else ()
        if len(named) == 1 and self.measure(code) is named[0]:  # most rows
            return named
        coded = self._coded(row.value(FIGURE_CODE), row.number_format(FIGURE_CODE))
        both = tuple(item for item in coded if item in named)
        meant = both or tuple(dict.fromkeys((*coded, *named)))
        own = tuple(item for item in meant if unit in item.units) if len(meant) > 1 else ()
        return own or meant

    def is_coded(self, row: Row) -> bool:
        """Whether a code of the plan's figures, or of their form, stands in the row."""
        plain = self.measure(row.text(FIGURE_CODE)) is not None
        return plain or bool(self._coded(row.value(FIGURE_CODE), row.number_format(FIGURE_CODE)))

    def _coded(self, value: Value, number_format: str) -> tuple[Measure, ...]:
        text = as_formatted(value, number_format) or (shown(value) if isinstance(value, str | int | float) else "")
        if not text:
            return ()
        plans = self.measure(text)
        found = dict.fromkeys((*((plans,) if plans else ()), *self.printed.get(form_code_key(text), ())))
        if not isinstance(value, str) and not as_formatted(value, number_format):
            found |= dict.fromkeys(
                item for told, items in self.printed.items() if told.lstrip("0") == text.lstrip("0") for item in items
            )
        return tuple(found)

    def code(self, text: str) -> str | None:
        """The plan's code that somebody meant who wrote "1.6.", "1,6", "Mục 1.6" or a Roman number; None if no one."""
        return text if text in self.codes else (self.spelled.get(code_parts(text)) or None if text else None)

    def named(self, text: str) -> tuple[str, ...]:
        """The codes of the plan's rows of this name; a code written before the name does not count."""
        return self.names.get(name_key(text), ()) if text else ()


_MOST_NUMBERED = 60  # columns
_NUMBERING = re.compile(r"[(\[]?(?:\d{1,2}|[A-ZĐ])[)\]]?(?: ?= ?[\d ()+\-:/x*%]{1,40})?")


def is_numbering(row: Row, name: str) -> bool:
    """Whether the row only numbers the columns: "A", "B", "1", "2" or "(1)", "(2)", "(3) = (1) + (2)".

    Numbers alone may be a code and what was typed: they number the columns where one stands under ``name`` too.
    """
    texts = [text for value in row.values[:_MOST_NUMBERED] if (text := shown(value))]
    is_marked = bool(row.text(name)) or any(not text.isdigit() for text in texts)
    return len(texts) > 1 and is_marked and all(map(_NUMBERING.fullmatch, texts))


_LABEL = re.compile(
    "(?:"
    + "|".join(map(key, ("tiêu chí", "tiểu mục", "mục", "chỉ tiêu", "nhóm", "phần", "tc", "số")))
    + r")\W*(?=[\divxl])"
)
_LONGEST_CODE = 60
_CODE_FIRST = re.compile(r"^(?:\d{1,3}|[ivxlIVXL]{1,6})(?:[.,/]\d{1,3}){0,6}[.):]?\s+(?=\S)")
_AROUND_A_NAME = " .;:-+*•"


@remembered
def code_parts(text: str) -> tuple[str, ...]:
    """The parts of a code, alike however it is written; of a text that is too long for a code, the text.

    >>> code_parts("1.6."), code_parts("Mục 1,6"), code_parts("(I.02)"), code_parts("II/4/1")
    (('1', '6'), ('1', '6'), ('1', '2'), ('2', '4', '1'))
    """
    if len(text) > _LONGEST_CODE:
        return (text,)
    told = _LABEL.sub("", key(text), count=1).strip(" .):;-(*")
    return tuple(map(in_digits, re.split(r"[./,]", told.replace(" ", ""))))


@remembered
def name_key(text: str) -> str:
    """The match key of a criterion's name, without a code before it and marks around it.

    >>> name_key("1.7. Văn thư lưu trữ;") == name_key("Văn thư  lưu trữ")
    True
    """
    return key(_CODE_FIRST.sub("", tidy(text).strip(_AROUND_A_NAME), count=1).strip(_AROUND_A_NAME))


_QUARTER = re.compile(rf"({key('quý')}) ([\divx]{{1,4}}) ?(?:/|-|,|{key('năm')}) ?(\d{{4}})")
_DASH_BETWEEN = re.compile(r"\s[-–—]\s")


def period_key(text: str) -> str:
    """The match key of a period's name, alike for "Quý I năm 2021", "quý 1/2021" and "QUÝ I - 2021".

    >>> period_key("Quý I năm 2021") == period_key("quý 1/2021") == period_key("QUÝ I – 2021")
    True
    """
    parted = key(_DASH_BETWEEN.sub(", ", tidy(text)))
    return _QUARTER.sub(lambda found: f"{found[1]} {in_digits(found[2])}/{found[3]}", parted)


def named_period(text: str, expected: Expected) -> tuple[str, str] | None:
    """The period a text names, as its name and code; “Quý I năm 2021” also names “năm 2021”: the fullest is meant."""
    whole = period_key(text)
    named = [
        (name, code)
        for name, code in expected.headings.items()
        if name in whole and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", whole)
    ]
    return max(named, key=lambda item: len(item[0]), default=None)
