"""The plan's own sentences in the report: figures of a result come in, sentences by section and criterion go out.

A sentence of which a figure is not complete is told in the words that the plan has for that; where it has none it is
left out. What no sentence told is listed by name and value, with how far it is known: no figure is told twice, and none
is left untold. Beside the first sentence that speaks of them stand the figures that the plan adds up, by unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from cchc_xl.office.word.tags import as_typed
from cchc_xl.papers.figure_tables import FigureRow, Figures, counted_or_not, of_units
from cchc_xl.plan.constraints import quotient_value
from cchc_xl.plan.expression import FIGURE_CODE
from cchc_xl.plan.wording import Choice, Slot, Wording, slots, worded
from cchc_xl.records import Kind, Quotient, State
from cchc_xl.result.contents import FigureGroup, ReportSentence, Task
from cchc_xl.result.objects import Object, to_objects
from cchc_xl.result.view import View
from cchc_xl.text.days import date_vi
from cchc_xl.text.numbers import ELSEWHERE, count_vi, lower_first, percent_vi, upper_first
from cchc_xl.text.prose import as_prose, folded, shortened
from cchc_xl.text.words import AWAY

_FROM_UNITS = "đơn vị)"  # the end of a sentence with incomplete figures
_BY_FIELD = "II"  # the section in which a sentence stands under its field
_WITH_TABLES = ("I", _BY_FIELD)
_MOST_LATE, _LONGEST_TASK = 5, 25  # tasks told one by one; words of one
_ABOUT_FIGURES = ("I", _BY_FIELD, "III")  # not what is still to be done


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence as the report tells it; ``codes`` are the figures whose values stand in it."""

    sentence: ReportSentence
    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """What is put for a slot, and whether it is known, 0 (or nobody), or why it cannot be said."""

    text: str
    state: str = "known"


class Sentences:
    """The sentences of a result by where they stand, and the figures that are left for lists."""

    def __init__(self, view: View, figures: Figures, period_text: str) -> None:
        self.view = view
        self.figures = figures
        self._names = _fields(view, period_text)
        known = {code: figures.figure(code) for code in figures.details}
        self._known = {code: value for code, value in known.items() if isinstance(value, Decimal)} | view.last_year
        self._wordings = {item: worded(as_typed(item.text)) for item in view.contents.sentences}
        self.told = tuple(filter(None, map(self._told, self._wordings)))
        self.told_codes = frozenset(code for told in self.told for code in told.codes)

    # --- where they stand ---

    @cached_property
    def leading(self) -> frozenset[str]:
        """The fields that section I is about: those of the criteria that its sentences name."""
        return frozenset(self.field(item) for item in self._wordings if item.section == "I" and item.criterion) - {""}

    def field(self, sentence: ReportSentence) -> str:
        """The field that a sentence belongs to: of its criterion, else of its first figure; '' for none."""
        named = (self.view.field_of(sentence.criterion), *map(self.field_of_figure, self._codes(sentence)))
        return next(filter(None, named), "")

    def field_of_figure(self, code: str) -> str:
        """The field of the criterion that a figure names, else of one that is scored by it; '' for none."""
        detail = self.figures.details.get(code)
        named = (*(detail.criteria if detail else ()), *self._using.get(code, ()))
        return next((field for name in named if (field := self.view.field_of(name))), "")

    @cached_property
    def _using(self) -> dict[str, list[str]]:
        """The criteria that are scored by each figure."""
        using: dict[str, list[str]] = {}
        for item in self.view.contents.criteria:
            for code in dict.fromkeys(FIGURE_CODE.findall(item.rule.figures)):
                using.setdefault(code, []).append(item.code)
        return using

    def places(self, section: str) -> list[Object]:
        """The headings of a section with their lines, tables and late tasks; one without a heading stands first."""
        headings = dict.fromkeys(item.heading for item in self._wordings if item.section == section)
        made = [{"heading": heading, **self._place((section, heading))} for heading in sorted(headings, key=bool)]
        return [place for place in made if place["lines"] or place["tables"] or place["late_tasks"]]

    def of_field(self, field: str) -> Object:
        """What section II tells of a field: lines, tables, late tasks that no other place tells, figures left over."""
        place = self._place((_BY_FIELD, field))
        if not self._late_place and self.field_of_figure(self.view.task_figure("trễ")) == field:
            place |= self._late(is_here=True)
        return {**place, "figures": [row for row in self.listed if self.field_of_figure(row.code) == field]}

    @cached_property
    def listed(self) -> list[FigureRow]:
        """The figures that no sentence tells, in the order of the plan.

        Of one that a sentence names without its value, because it is 0 or incomplete, the table beside it is enough.
        """
        named = {code for sentence in self._wordings for code in self._codes(sentence)}
        shown = {code for group in self._tables for code in (*group.total, *group.parts)} & named
        return [self.figures.row(code) for code in self.figures.details if code not in self.told_codes | shown]

    def about(self, codes: Sequence[str], criterion: str) -> list[Told]:
        """The sentences that a criterion may be told by: its own, and those with the values of its figures."""
        return [
            told
            for told in self.told
            if told.sentence.section in _ABOUT_FIGURES
            and (told.sentence.criterion == criterion or not told.sentence.criterion)
            and (told.sentence.criterion == criterion or not set(codes).isdisjoint(told.codes))
        ]

    def _where(self, sentence: ReportSentence) -> tuple[str, str]:
        by_field = sentence.section == _BY_FIELD
        return sentence.section, self.field(sentence) if by_field else sentence.heading

    def _place(self, here: tuple[str, str]) -> Object:
        told = (told for told in self.told if self._where(told.sentence) == here)
        return {
            "lines": [Line(item.text, self._speaks_of(item.sentence)) for item in told],
            "tables": [self._made[group] for group, first in self._tables.items() if self._where(first) == here],
            **self._late(is_here=self._late_place == here),
        }

    @cached_property
    def _late_place(self) -> tuple[str, str] | None:
        """Where late tasks are told one by one: beside the first sentence that names their number."""
        late = self.view.task_figure("trễ")
        named = (item for item in self._wordings if item.section in _WITH_TABLES and late in self._codes(item))
        return next(map(self._where, named), None)

    @cached_property
    def late(self) -> tuple[Task, ...]:
        """The tasks of the registers that were done late or are overdue."""
        return tuple(task for task in self.view.contents.tasks if self.view.outcome(task) == "trễ")

    def _late(self, *, is_here: bool) -> Object:
        """The late tasks one by one, and as sentences, of which there are no more than can be read."""
        shown = ("unit", "document", "content", "due", "completed")
        named = to_objects(replace(task, unit=self.view.unit(task.unit)) for task in self.late) if is_here else []
        lines = [self._late_told(task) for task in self.late[:_MOST_LATE]] if is_here else []
        if is_here and (rest := self.late[_MOST_LATE:]):
            units = folded(list(dict.fromkeys(self.view.unit(task.unit) for task in rest)))
            lines.append(f"Và {count_vi(len(rest))} nhiệm vụ trễ hạn khác của {units}.")
        return {
            "late_tasks": [{name: task[name] for name in shown} for task in named],
            "late_lines": lines,
        }

    def _late_told(self, task: Task) -> str:
        """That it was late, the document, what was to be done and the two days; the unit where no sentence names it."""
        content = shortened(as_prose(task.content), _LONGEST_TASK)
        number = f"văn bản số {task.document}" if task.document and task.document not in content else ""
        what = ", ".join(filter(None, (number, lower_first(content) if number else content))) or "không ghi nội dung"
        unit = self.view.unit(task.unit)
        who = "" if any(unit in told.text for told in self.told) else f"{unit}; "
        done = f"hoàn thành ngày {date_vi(task.completed)}" if task.completed else "chưa hoàn thành"
        return f"Nhiệm vụ trễ hạn: {lower_first(what)} ({who}hạn {date_vi(task.due)}, {done})."

    def _codes(self, sentence: ReportSentence) -> list[str]:
        """The figures that a sentence names, in its order."""
        return [code for slot in slots(self._wordings[sentence]) for code in slot.codes]

    # --- tables by unit ---

    @cached_property
    def _tables(self) -> dict[FigureGroup, ReportSentence]:
        """The figures that the plan adds up and several units enter, with the first sentence that speaks of them."""
        found = {}
        for group in self.view.contents.figure_groups:
            codes = (*group.total, *group.parts)
            told = (item for item in self._wordings if item.section in _WITH_TABLES)
            sentence = next((item for item in told if not set(codes).isdisjoint(self._codes(item))), None)
            if sentence is not None and len(self.figures.reporting(codes)) > 1:
                found[group] = sentence
        return found

    @cached_property
    def _made(self) -> dict[FigureGroup, Object]:
        return {group: self._table(group) for group in self._tables}

    def _speaks_of(self, sentence: ReportSentence) -> Object | None:
        return next((self._made[group] for group, first in self._tables.items() if first == sentence), None)

    def _table(self, group: FigureGroup) -> Object:
        """The figures by unit with their sums; shares are in percent of the whole, where that is one figure.

        ``dashes`` says that a unit does not enter one of them.
        """
        figures, codes = self.figures, (*group.total, *group.parts)
        names = [figures.name(code) for code in codes]
        rows = [
            {"name": self.view.unit(unit), "cells": [figures.cell(code, unit) for code in codes]}
            for unit in figures.reporting(codes)
        ]
        total = " và ".join((names[0], *map(lower_first, names[1 : len(group.total)])))
        whole = group.total[0] if len(group.total) == 1 else ""
        return {
            "number": "",
            "title": f"{total}, theo đơn vị",
            "columns": names,
            "rows": rows,
            "total": [figures.total(code) for code in codes],
            "whole": f"Tỷ lệ so với {lower_first(names[0])}" if whole else "",
            "shares": [figures.share(code, whole) for code in codes] if whole else [],
            "waiting": figures.owing(codes),
            "dashes": any(ELSEWHERE in row["cells"] for row in rows),
        }

    # --- filling ---

    def _told(self, sentence: ReportSentence) -> Told | None:
        codes: list[str] = []
        text = self._filled(self._wordings[sentence], codes, partly=False)
        if text is None and sentence.when_missing and self._waits(self._wordings[sentence]):
            codes = []
            wording = worded(as_typed(sentence.when_missing))
            text = self._with_reporting(self._filled(wording, codes, partly=True), codes)
        return Told(sentence, text.strip(), tuple(dict.fromkeys(codes))) if text and text.strip() else None

    def _with_reporting(self, text: str | None, codes: Sequence[str]) -> str | None:
        """The sentence with the number of units that its incomplete figures are from, before its full stop."""
        waiting = [self.figures.details[code] for code in codes if code not in self._known]
        if text is None or not waiting:
            return text
        told = dict.fromkeys(map(of_units, waiting))
        from_units = next(iter(told)) if len(told) == 1 else "một số đơn vị"
        stop = "." if text.rstrip().endswith(".") else ""
        return f"{text.rstrip().removesuffix(stop)} (theo báo cáo của {from_units}){stop}"

    def _waits(self, wording: Wording) -> bool:
        return any(self._said(slot, partly=False).state == "missing" for slot in slots(wording))

    def _filled(self, wording: Wording, codes: list[str], *, partly: bool) -> str | None:
        """The sentence, and in ``codes`` the figures told; None where something outside brackets cannot be said.

        Nor is there a sentence where all that it has to tell stands in brackets and none of that can be said.
        """
        pieces, put = [], 0
        for part in wording:
            if isinstance(part, Choice):
                pieces.append(self._chosen(part, codes, partly=partly))
                put += bool(pieces[-1])
                continue
            said = _Said(part) if isinstance(part, str) else self._said(part, partly=partly)
            if said.state not in ("known", "zero", "nothing"):
                return None
            pieces.append(said.text)
            codes += _own(part)
            put += isinstance(part, Slot) and not part.field
        asked = any(isinstance(part, Choice) for part in wording)
        return None if asked and not put else "".join(pieces)

    def _chosen(self, choice: Choice, codes: list[str], *, partly: bool) -> str:
        said = [_Said(part) if isinstance(part, str) else self._said(part, partly=partly) for part in choice.parts]
        first = next(slot for slot in zip(choice.parts, said, strict=True) if isinstance(slot[0], Slot))[1].state
        if first in ("zero", "nobody"):
            text = self._filled(choice.otherwise, codes, partly=partly)
            if text:
                codes += [code for part in choice.parts for code in _own(part) if self._known.get(code) == 0]
            return text or ""
        if any(item.state not in ("known", "zero") for item in said):
            return ""
        codes += [code for part in choice.parts for code in _own(part)]
        return "".join(item.text for item in said)

    def _said(self, slot: Slot, *, partly: bool) -> _Said:
        said = self._field(slot) if slot.figures is None else self._figures(slot, slot.figures, partly=partly)
        return _Said(upper_first(said.text), said.state) if slot.capital and slot.field else said

    def _field(self, slot: Slot) -> _Said:
        value = self._names[slot.field]
        if isinstance(value, int):
            return _Said(count_vi(value), "known" if value else "zero")
        if isinstance(value, str):
            return _Said(value, "known" if value else "zero")
        return _Said(folded(value), "known" if value else "nobody")

    def _figures(self, slot: Slot, figures: Quotient, *, partly: bool) -> _Said:
        code = slot.codes[0]
        if slot.units:
            named = self.figures.with_any(code)
            return _Said(folded(named), "known" if named else "nobody")
        details = [self.figures.details[one] for one in figures.names if one in self.figures.details]
        alone = details[0] if str(figures) == code and details else None
        if alone is not None and alone.kind in (Kind.TEXT, Kind.DATE):
            return _Said(self.figures.text(code), "known" if any(entry.text for entry in alone.entries) else "missing")
        unknown = [detail for detail in details if detail.code not in self._known]
        lacking = set(figures.names) - self.figures.details.keys() - self._known.keys()
        if lacking or any(detail.state == State.MISSING for detail in unknown):
            if not partly or alone is None or alone.partial is None:
                return _Said("", "missing")
            return _Said(counted_or_not(alone, alone.partial, self.view.places), "known" if alone.partial else "zero")
        if unknown:
            return _Said(AWAY, "away")
        value = quotient_value(figures, self._known)
        if value is None:
            return _Said(AWAY, "nothing")
        state = "known" if value else "zero"
        if figures.is_percentage:
            return _Said(percent_vi(value, self.view.places), state)
        return _Said(counted_or_not(self.figures.details[code], value, self.view.places), state)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the report; the first that speaks of a table's figures names the table before its full stop."""

    said: str
    table: Object | None

    @property
    def text(self) -> str:
        """The sentence with the number of its table."""
        if self.table is None:
            return self.said
        stop = self.said[-1] if self.said[-1] in ".;" else ""
        told, table = self.said.removesuffix(stop), f"Bảng {self.table['number']}"
        return (f"{told[:-1]}; {table})" if told.endswith(_FROM_UNITS) else f"{told} ({table})") + stop


def _own(part: str | Slot) -> Iterator[str]:
    """The figure whose own value a slot shows; a share or a sum is not the value of any."""
    if isinstance(part, Slot) and not part.units and part.figures and str(part.figures) == part.codes[0]:
        yield part.codes[0]


def _fields(view: View, period_text: str) -> dict[str, str | int | tuple[str, ...]]:
    """The fields of the closed list with what is put for each: a text, a count, or units."""
    contents = view.contents
    by_status: dict[str, list[str]] = {}
    for row in contents.rollcall:
        by_status.setdefault(row.status, []).append(view.unit(row.unit))
    came = len(by_status.get("submitted", ())) + len(by_status.get("late", ()))
    return {
        "cơ quan": contents.agency,
        "kỳ": period_text,
        "năm": str(view.year),
        "tên chỉ số": view.index_name,
        "tên viết tắt": contents.settings.index_short,
        "bộ phận tổng hợp": view.compiling_unit,
        "số đơn vị": len(contents.rollcall),
        "số đơn vị đã báo cáo": came,
        "số đơn vị chưa báo cáo": len(contents.rollcall) - came,
        "đơn vị trễ": tuple(by_status.get("late", ())),
        "đơn vị chưa gửi": tuple(by_status.get("missing", ())),
        "đơn vị trễ nhiệm vụ": tuple(Figures(view).with_any(view.task_figure("trễ"))),
    }
