"""What the report to be signed says in its own words: criteria and figures of a result come in, sentences go out.

Each fact is told once: a figure that a sentence of the plan tells is told by it alone; one that explains why a
criterion fell short stands with that criterion, any other one with its field. Names of criteria, figures and units,
never codes; no sentence longer than an office would write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cchc_xl.papers.criteria import Criteria, Said, split
from cchc_xl.papers.figure_tables import FigureRow, Figures, of_units
from cchc_xl.papers.sentences import Sentences
from cchc_xl.plan.expression import parsed
from cchc_xl.records import Kind
from cchc_xl.result.advice import Advice, Step
from cchc_xl.result.contents import ScoredCriterion
from cchc_xl.result.view import View
from cchc_xl.text.numbers import count_vi, listing, lower_first, number_vi, percent_vi, sentence, upper_first
from cchc_xl.text.words import key

LONGEST = 45  # words of a sentence that several pieces are joined to
_MOST_UNITS = 3  # named one by one
_MOST_NAMED = 10  # of those that owe something
_CAUSES = {"objective": "Nguyên nhân khách quan", "subjective": "Nguyên nhân chủ quan", "unmarked": "Nguyên nhân"}
# A document by its kind and number: "Quyết định số 12/QĐ-SLĐTBXH ngày 05/3/2021".
_ISSUED = re.compile(
    r"(?:nghị quyết|quyết định|chỉ thị|quy chế|quy định|thông báo|hướng dẫn|chương trình|kế hoạch|phương án|đề án|dự án"
    r"|báo cáo|biên bản|tờ trình|công văn|giấy mời|kết luận) số:? ?\d{1,6} ?/",
    re.IGNORECASE,
)
_MOST_DOCUMENTS = 60


@dataclass(frozen=True, slots=True)
class FieldText:
    """What sections II and IV tell of a field: its standing, its figures, what units reported, what fell short."""

    code: str
    name: str
    standing: str
    figures: tuple[str, ...]
    results: tuple[str, ...]
    attained: tuple[str, ...]
    shortcomings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitTasks:
    """What a unit, or several, have to do until ``due`` (``YYYY-MM-DD`` or None), a sentence a task."""

    units: str
    due: str | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CriterionTask:
    """What a unit, or several, have to do for a criterion, in a sentence."""

    code: str
    units: str
    line: str


class ReportText:
    """The texts of one result; ``fields`` in the order of the plan."""

    def __init__(self, view: View, criteria: Criteria, figures: Figures, sentences: Sentences) -> None:
        self.view, self.criteria, self.figures, self.sentences = view, criteria, figures, sentences
        told = self.sentences.told_codes
        listed = {row.code for row in self.sentences.listed}
        # Beside a sentence told in part stand the parts that it leaves out; elsewhere a table tells them.
        partial = {code for code, detail in figures.details.items() if detail.waiting and detail.partial}
        self._left = {code: figures.row(code) for code in figures.details if code in listed | (partial - told)}
        short = {item.code for item in (*self.view.standing_as("short"), *self.view.deductions)}
        self._short = short
        short_of = [(top, self._shortcomings(top)) for top in self.view.top]  # first: they take their figures along
        self.fields = tuple(self._field(top, lines) for top, lines in short_of)

    # --- by field ---

    def _field(self, top: ScoredCriterion, shortcomings: tuple[str, ...]) -> FieldText:
        rows = [row for row in self._left.values() if self.sentences.field_of_figure(row.code) == top.code]
        return FieldText(
            code=top.code,
            name=top.name,
            standing=self._standing(top),
            figures=tuple(self._figures(rows)),
            results=tuple(self._results(top)),
            attained=tuple(self._attained(top)),
            shortcomings=shortcomings,
        )

    def _standing(self, top: ScoredCriterion) -> str:
        """How many of the field's criteria have their full points, and how the others stand."""
        row = self.criteria.field_row(top)
        if not row.leaves:
            return ""
        parts = [
            f"{count_vi(number)} tiêu chí {words}"
            for number, words in (
                (row.short, "chưa đạt điểm tối đa"),
                (row.missing, "chưa có điểm"),
                (row.not_applicable, "không phát sinh trong kỳ"),
            )
            if number
        ]
        if row.full == row.leaves:
            return f"Cả {count_vi(row.leaves)} tiêu chí đạt điểm tối đa."
        first = f"Có {count_vi(row.full)}/{count_vi(row.leaves)} tiêu chí đạt điểm tối đa" if row.full else ""
        return sentence("; ".join(filter(None, (first, *parts)))) if first else sentence(f"Có {'; '.join(parts)}")

    def _figures(self, rows: Sequence[FigureRow]) -> Iterator[str]:
        """The figures of a field, those from fewer units than enter them under the number of these units."""
        groups: dict[str, list[str]] = {}
        for row, told in self.values([row for row in rows if row.known]):
            groups.setdefault("", []).append(f"{lower_first(row.name)}: {told}")
        for row in rows:
            detail = self.figures.details[row.code]
            if not row.known and detail.partial is not None:
                groups.setdefault(of_units(detail), []).append(f"{lower_first(row.name)}: {row.counted}")
        for units, texts in groups.items():
            begin = f"theo báo cáo của {units}, " if units else ""
            for together in joined(texts):
                yield sentence(upper_first(f"{begin}{together}"))

    def values(self, rows: Sequence[FigureRow]) -> Iterator[tuple[FigureRow, str]]:
        """Known figures with their values; a share of a figure beside it tells both: ``58/60 người (96,67%)``."""
        left = {row.code: row for row in rows}
        over = {
            code: left.pop(self.view.wholes[code])
            for code in list(left)
            if code in left and self.view.wholes.get(code) in left
        }
        for row in left.values():
            whole = over.get(row.code)
            if whole is None or whole.unit_name != row.unit_name:
                if whole is not None:
                    yield whole, whole.with_unit
                yield row, row.with_unit
                continue
            counted = f"{row.spoken}/{whole.spoken} {row.unit_name}".rstrip()
            yield row, f"{counted} ({percent_vi(row.share, row.places)})"

    def _results(self, top: ScoredCriterion) -> Iterator[str]:
        """What units wrote of criteria that no figure tells: what it is worth, their points say in section IV."""
        for item in self.view.below(top.code):
            if self.figures.named(item.rule.figures):
                continue
            for said in self.criteria.said([item], lambda report: report.result):
                yield f"{item.name}: {lower_first(said.text.rstrip(' .;'))} ({self._units(item, said)})."

    def _attained(self, top: ScoredCriterion) -> Iterator[str]:
        """The criteria with full points, by name; a field that is itself one criterion is named by it."""
        full = self.view.standing_as("full", top.code)
        names = ["đạt toàn bộ điểm" if item.code == top.code else lower_first(item.name) for item in full]
        sentences = [upper_first(f"{text}.") for text in joined(names)]
        yield from [" ".join(sentences)] if sentences else []

    # --- what fell short ---

    def _shortcomings(self, top: ScoredCriterion) -> tuple[str, ...]:
        """A paragraph for each criterion below its maximum; those with the same causes share theirs."""
        own = [item for item in self.criteria.items if item.code in self._short and self._is_of(item, top)]
        by_cause: dict[tuple[tuple[str, str], ...], list[str]] = {}
        for item in own:
            causes = tuple(self._causes(item))
            told = by_cause.setdefault(causes or (("", item.code),), [])
            told.append(self._fell_short(item))
        return tuple(
            " ".join((*told, *(sentence(f"{title}: {text}") for title, text in causes if title)))
            for causes, told in by_cause.items()
        )

    def _is_of(self, item: ScoredCriterion, top: ScoredCriterion) -> bool:
        return item.code == top.code or self.view.field_of(item.code) == top.code

    def _fell_short(self, item: ScoredCriterion) -> str:
        """The criterion with its points, who leads it, and what it rests on."""
        named = [row for code in self.figures.named(item.rule.figures) if (row := self._left.get(code)) and row.known]
        for row in named:
            del self._left[row.code]
        facts = [f"{lower_first(row.name)} là {told}" for row, told in self.values(named)]
        lead = self.criteria.short_lead(item)
        lead = f" ({lead})" if lead else ""
        name = "Lĩnh vực" if item.parent is None else item.name  # its name stands above
        told = upper_first(f"{name} {self.criteria.score_text(item, bracketed=True)}".strip()) + lead
        return sentence(f"{told}: {'; '.join(facts)}" if facts else told)

    def _causes(self, item: ScoredCriterion) -> Iterator[tuple[str, str]]:
        """The causes that units gave, by side, each text once."""
        sides: dict[str, dict[str, str]] = {}
        for said in self.criteria.said([item], lambda report: report.reason):
            for part in split(said.text):
                if part.side in _CAUSES:
                    sides.setdefault(part.side, {}).setdefault(key(part.text), part.text.rstrip(" .;"))
        for side, title in _CAUSES.items():
            if side in sides:
                yield title, "; ".join(lower_first(text) for text in sides[side].values())

    def _units(self, item: ScoredCriterion, said: Said) -> str:
        """Who wrote it: named while they are few."""
        names = [name.strip() for name in re.split("[;,]", said.units)]
        reporting = [report.unit for report in item.reports if key(report.result.strip()) == key(said.text)]
        return said.units if len(reporting) <= _MOST_UNITS or len(names) < 2 else f"{count_vi(len(reporting))} đơn vị"

    # --- documents, tasks ---

    def documents(self) -> tuple[str, ...]:
        """The documents with a number that units named as evidence, each once, with who named it."""
        found: dict[str, tuple[str, list[str]]] = {}
        for item in self.view.leaves:
            for entry in item.evidence:
                for line in entry.text.splitlines():
                    text = line.strip(" -–+•.;\t")
                    if _ISSUED.match(text):
                        units = found.setdefault(key(text), (text, []))[1]
                        units.append(self.view.unit(entry.unit))
        told = [f"{text} ({listing(dict.fromkeys(units))})" for text, units in found.values()]
        return tuple(told[:_MOST_DOCUMENTS])

    def tasks(self) -> tuple[UnitTasks, ...]:
        """What units have to reach in the next period: from the advice, with its numbers, by the period table's day."""
        due = self.view.contents.next_due
        return by_unit(self.each_task("kỳ này"), due.isoformat() if due else None)

    def each_task(self, before: str, *, scored: bool = True) -> Iterator[CriterionTask]:
        """The same by criterion, in the plan's order; ``before`` is what the finished period is called.

        A criterion that is marked by hand has nothing but points to reach; unless ``scored``, no number tells them.
        """
        known = {item.code: item for item in self.view.contents.advice}
        for item in self.view.leaves:
            advice = known.get(item.code)
            step = (advice.complete or advice.next) if advice else None
            if advice is None or step is None or step.up_to or not step.who or not self._is_open(item, advice):
                continue
            by_hand = not scored and (step.kind == "manual" or not step.task)
            best = "đạt điểm tối đa" if step.points_after >= advice.maximum else f"đạt kết quả cao hơn {before}"
            line = sentence(upper_first(f"{lower_first(item.name)}: {best}")) if by_hand else ""
            yield CriterionTask(item.code, self._who(item, step), line or self._task(item, step, before))

    def owing(self, period: str) -> str:
        """Who has to send what is missing of this period; '' where nobody owes anything."""
        absent, wrong = [], []
        owed = {unit for detail in self.view.contents.measure_details for unit in detail.waiting}
        for row in self.view.contents.rollcall:
            if row.status in ("missing", "unreadable"):
                absent.append(self.view.unit(row.unit))
            elif row.unit in owed:
                wrong.append(self.view.unit(row.unit))
        told = [f"{few(absent)} gửi báo cáo {period} còn thiếu"] if absent else []
        told += [f"{few(wrong)} bổ sung, sửa số liệu còn thiếu hoặc chưa đúng"] if wrong else []
        return sentence("; ".join(told)) if told else ""

    def _is_open(self, item: ScoredCriterion, advice: Advice) -> bool:
        return bool(advice.gain) and item.final_points is not None

    def _who(self, item: ScoredCriterion, step: Step) -> str:
        """Who leads the criterion, or those of them that must act: whoever only enters its figure need not."""
        acting = [code for code in step.who if code in item.lead] or item.lead or step.who
        if len(acting) < len(step.who):
            return self.criteria.short_lead(item)
        names = [self.view.unit(code) for code in acting]
        return listing(names) if len(names) <= _MOST_UNITS else self.criteria.short_lead(item) or listing(names)

    def _share(self, item: ScoredCriterion, step: Step) -> str:
        """A figure that its rule takes as a share of one other is to reach that share: the other changes by then."""
        rule, _ = parsed(item.rule.figures)
        if rule is None or step.value_unit != "%" or step.value_after is None or step.beyond or rule.is_complement:
            return ""
        if len(rule.below) != 1 or [term.code for term in rule.above] != [step.figure] or rule.below[0].last_year:
            return ""
        whole = lower_first(self.figures.name(rule.below[0].code))
        return f"{percent_vi(step.value_after, self.view.places)} {whole}"

    def _task(self, item: ScoredCriterion, step: Step, before: str) -> str:
        """``phòng, đơn vị được kiểm tra CCHC đạt 08 đơn vị``; a day, a level and points by what they are."""
        figure = self.view.details.get(step.figure)
        if step.kind == "figure" and figure is not None and figure.kind is Kind.DATE:
            days = f"{'muộn' if step.rises else 'sớm'} hơn {count_vi(step.amount)} ngày so với {before}"
            return sentence(upper_first(f"{lower_first(figure.name)}: {days}"))
        if step.kind == "figure" and figure is not None and step.after is not None:
            name, percent = lower_first(figure.name), figure.kind is Kind.PERCENT
            if (share := self._share(item, step)) and step.rises:
                return sentence(upper_first(f"{name} đạt {share}"))
            value = percent_vi(step.after, self.view.places) if percent else _counted(figure.kind, step.after)
            unit_name = "" if percent or not figure.unit_name else f" {figure.unit_name}"
            if not step.after and not step.rises:
                return sentence(f"Không còn {name}")
            verb = "đạt" if step.rises else "còn"
            edge = ("trên " if step.rises else "dưới ") if step.beyond else "" if step.rises else "không quá "
            return sentence(upper_first(f"{name} {verb} {edge}{value}{unit_name}"))
        return sentence(upper_first(f"{lower_first(item.name)}: {step.task or step.change}"))


def few(units: Sequence[str]) -> str:
    """Units by name while a sentence can hold them, else how many they are.

    >>> few(["Phòng A", "Phòng B"]), few(["Phòng A"] * 11)
    ('Phòng A, Phòng B', '11 đơn vị')
    """
    return listing(units) if len(units) <= _MOST_NAMED else f"{count_vi(len(units))} đơn vị"


def _counted(kind: str, value: object) -> str:
    return count_vi(value) if kind == Kind.INTEGER else number_vi(value)


def by_unit(tasks: Iterable[CriterionTask], due: str | None) -> tuple[UnitTasks, ...]:
    """The tasks of the same units together, each sentence once.

    >>> by_unit([CriterionTask("1", "Phòng A", "x."), CriterionTask("2", "Phòng A", "x.")], None)[0].lines
    ('x.',)
    """
    by_units: dict[str, dict[str, None]] = {}
    for task in tasks:
        by_units.setdefault(task.units, {})[task.line] = None
    return tuple(UnitTasks(units, due, tuple(lines)) for units, lines in by_units.items())


def joined(texts: Iterable[str], most: int = LONGEST) -> Iterator[str]:
    """The texts as few sentences as they fit in, each of at most so many words unless one text alone has more.

    >>> list(joined(["một hai", "ba", "bốn năm sáu"], most=3))
    ['một hai; ba', 'bốn năm sáu']
    """
    held: list[str] = []
    for text in texts:
        if held and sum(len(one.split()) for one in (*held, text)) > most:
            yield "; ".join(held)
            held = []
        held.append(text)
    if held:
        yield "; ".join(held)
