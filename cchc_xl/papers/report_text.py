"""What the report to be signed says in its own words: criteria and figures of a result come in, sentences go out.

Each fact is told once: a figure that a sentence of the plan tells is told by it alone; one that explains why a
criterion fell short stands with that criterion, any other one with its field. Names of criteria, figures and units,
never codes; no sentence longer than an office would write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cchc_xl.papers.criteria import Criteria, Said, split
from cchc_xl.papers.figure_tables import FigureRow, Figures, of_units
from cchc_xl.papers.report_tables import MOST_TEXTS, unmet
from cchc_xl.papers.sentences import Sentences
from cchc_xl.result.contents import ScoredCriterion
from cchc_xl.result.view import View
from cchc_xl.text.numbers import count_vi, lower_first, percent_vi, sentence, upper_first
from cchc_xl.text.prose import folded, in_brackets, shortened
from cchc_xl.text.words import key

LONGEST = 45  # words of a sentence that several pieces are joined to
_MOST_UNITS = 3  # named one by one
_CAUSES = {"objective": "Nguyên nhân khách quan", "subjective": "Nguyên nhân chủ quan", "unmarked": "Nguyên nhân"}
# A document by its kind and number: "Quyết định số 12/QĐ-SLĐTBXH ngày 05/3/2021".
_ISSUED = re.compile(
    r"(?:nghị quyết|quyết định|chỉ thị|quy chế|quy định|thông báo|hướng dẫn|chương trình|kế hoạch|phương án|đề án|dự án"
    r"|báo cáo|biên bản|tờ trình|công văn|giấy mời|kết luận) số:? ?\d{1,6} ?/",
    re.IGNORECASE,
)
_MOST_DOCUMENTS, _MOST_PROPOSALS = 10, 5
_FEWEST_WORDS = 20  # of a text that is cut


Cut = tuple[str, str]  # a criterion, and a unit whose words of it do not all stand in the report


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


class ReportText:
    """The texts of one result; ``fields`` in the order of the plan."""

    def __init__(self, view: View, criteria: Criteria, figures: Figures, sentences: Sentences) -> None:
        self.view, self.criteria, self.figures, self.sentences = view, criteria, figures, sentences
        self.cut: set[Cut] = set()
        told = self.sentences.told_codes
        listed = {row.code for row in self.sentences.listed}
        # Beside a sentence told in part stand the parts that it leaves out; elsewhere a table tells them.
        partial = {code for code, detail in figures.details.items() if detail.waiting and detail.partial}
        late = self.view.task_figure("trễ")  # their list tells how many there are
        told |= {late} if sentences.late and figures.figure(late) == len(sentences.late) else set()
        self._left = {
            code: figures.row(code) for code in figures.details if code in listed | partial and code not in told
        }
        self._told_results = {key(text) for item in self.view.leaves for text in self._told_of(item)}
        self._bare = {top.code for top in self.view.top if self._is_bare(top)}
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
        if row.full == row.leaves > 1:
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
            begin = f"Theo báo cáo của {units}, " if units else ""
            for together in joined(texts):
                yield sentence(upper_first(f"{begin}{together}"))
                begin = "Cũng theo các báo cáo này, " if units else ""

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
            counted = f"{row.spoken}/{whole.spoken} {row.counted_in}".rstrip()
            yield row, f"{counted} ({percent_vi(row.share, row.places)})"

    def _results(self, top: ScoredCriterion) -> Iterator[str]:
        """What units wrote of criteria that no figure tells: what it is worth, their points say in section IV."""
        same: dict[tuple[str, tuple[str, ...]], list[ScoredCriterion]] = {}
        texts: dict[tuple[str, tuple[str, ...]], tuple[Said, int]] = {}
        rests: dict[str, list[str]] = {}
        for item in self.view.below(top.code):
            if self.figures.named(item.rule.figures):
                continue
            every, shown = self._results_of(item)
            for said in every[:shown]:
                one = key(said.text), said.who
                same.setdefault(one, []).append(item)
                texts[one] = said, _longest(every)
            if rest := self.criteria.others(every, shown):
                rests.setdefault(rest, []).append(item.name)
        for one, items in same.items():
            said, most = texts[one]
            first, *others = (item.name for item in items)
            name = folded([first, *map(lower_first, others)], _FEWEST_WORDS, other="nội dung khác")
            yield f"{name}: {lower_first(self._cut(items[0], said, most - len(name.split())))} ({self._units(said)})."
        for rest, names in rests.items():
            units = upper_first(rest if same else rest.removesuffix(" khác"))
            about = folded(list(map(lower_first, names)), other="nội dung khác")
            yield f"{units} có báo cáo riêng về: {about}."

    def _results_of(self, item: ScoredCriterion) -> tuple[list[Said], int]:
        """What units wrote of a criterion, and how many of the texts are told: of many the one that several wrote."""
        every = self.criteria.said([item], lambda report: report.result)
        if len(every) <= MOST_TEXTS:
            return every, len(every)
        every = sorted(every, key=lambda said: -len(said.who))
        return every, int(len(every[0].who) > 1)

    def _told_of(self, item: ScoredCriterion) -> Iterator[str]:
        """The clauses that section II tells of a criterion in units' words: no cause says them again."""
        if not self.figures.named(item.rule.figures):
            every, shown = self._results_of(item)
            for said in every[:shown]:
                yield from (said.text, *(part.text.rstrip(" .;") for part in split(said.text)))

    def _is_bare(self, top: ScoredCriterion) -> bool:
        """Whether section II has nothing of a field but the figures of what fell short: then they stand there."""
        place = self.sentences.of_field(top.code)
        if place["lines"] or place["late_lines"]:
            return False
        if any(text for item in self.view.below(top.code) for text in self._told_of(item)):
            return False
        own = {code for item in self._lost_in(top) for code in self.figures.named(item.rule.figures)}
        return all(code in own for code in self._left if self.sentences.field_of_figure(code) == top.code)

    def _attained(self, top: ScoredCriterion) -> Iterator[str]:
        """The criteria with full points, by name; a field that is itself one criterion is named by it."""
        full = self.view.standing_as("full", top.code)
        names = ["đạt toàn bộ điểm" if item.code == top.code else lower_first(item.name) for item in full]
        sentences = [upper_first(f"{text}.") for text in joined(names)]
        yield from [" ".join(sentences)] if sentences else []

    # --- what fell short ---

    def _shortcomings(self, top: ScoredCriterion) -> tuple[str, ...]:
        """A paragraph for each criterion below its maximum; those with the same causes share theirs."""
        by_cause: dict[tuple[tuple[str, str], ...], list[str]] = {}
        for item in self._lost_in(top):
            causes = tuple(self._causes(item))
            told = by_cause.setdefault(causes or (("", item.code),), [])
            told.append(self._fell_short(item))
        return tuple(
            " ".join((*told, *(sentence(f"{title}: {text}") for title, text in causes if title)))
            for causes, told in by_cause.items()
        )

    def _lost_in(self, top: ScoredCriterion) -> list[ScoredCriterion]:
        """The criteria of a field that lost points."""
        return [item for item in self.view.below(top.code) if item.code in self.criteria.lost]

    def _fell_short(self, item: ScoredCriterion) -> str:
        """The criterion with its points, who leads it, and what it rests on."""
        codes = [] if self.view.field_of(item.code) in self._bare else self.figures.named(item.rule.figures)
        named = [row for code in codes if (row := self._left.get(code)) and row.known]
        for row in named:
            del self._left[row.code]
        facts = [f"{lower_first(row.name)} là {told}" for row, told in self.values(named)]
        facts += [lower_first(reason)] if (reason := unmet(item, self.criteria)) else []
        lead = self.criteria.short_lead(item)
        lead = f" ({in_brackets(lead)})" if lead else ""
        name = "Lĩnh vực" if item.parent is None else item.name  # its name stands above
        told = upper_first(f"{name} {self.criteria.score_text(item, bracketed=True)}".strip()) + lead
        return sentence(f"{told}: {'; '.join(facts)}" if facts else told)

    def _causes(self, item: ScoredCriterion) -> Iterator[tuple[str, str]]:
        """The causes that units gave, by side, each text once; of many the first and how many more gave one."""
        sides: dict[str, dict[str, Said]] = {}
        for said in self.criteria.said([item], lambda report: report.reason):
            for part in split(said.text):
                if part.side in _CAUSES and key(part.text.rstrip(" .;")) not in self._told_results:
                    sides.setdefault(part.side, {}).setdefault(key(part.text), replace(said, text=part.text))
        for side, title in _CAUSES.items():
            if side in sides:
                every = list(sides[side].values())
                told = [lower_first(self._cut(item, said, _longest(every))) for said in every[: _shown(every)]]
                rest = self.criteria.others(every, _shown(every))
                yield title, "; ".join((*told, *([f"nguyên nhân khác của {rest}"] if rest else ())))

    def proposals(self) -> tuple[str, ...]:
        """What units propose, a sentence each; of many the first, and how many others do."""
        every = self.criteria.reasons()["proposal"]
        told = [
            f"{said.units}: {sentence(shortened(lower_first(said.text), LONGEST - len(said.units.split())))}"
            for said in every[:_MOST_PROPOSALS]
        ]
        rest = self.criteria.others(every, _MOST_PROPOSALS)
        return (*told, f"{upper_first(rest)} có kiến nghị, đề xuất khác.") if rest else tuple(told)

    def _units(self, said: Said) -> str:
        """Who wrote it: named while they are few."""
        return said.units if len(said.who) <= _MOST_UNITS else f"{count_vi(len(said.who))} đơn vị"

    def _cut(self, item: ScoredCriterion, said: Said, most: int) -> str:
        """What a unit wrote in at most so many words, but never in too few to be understood."""
        text = said.text.rstrip(" .;")
        cut = shortened(text, max(most, _FEWEST_WORDS))
        if cut != text:
            self.cut |= {(item.code, unit) for unit in said.who}
        return cut

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
        told = [
            f"{shortened(text, LONGEST)} ({folded(list(dict.fromkeys(units)), _FEWEST_WORDS)})"
            for text, units in found.values()
        ]
        rest = len(told) - _MOST_DOCUMENTS
        return (*told[:_MOST_DOCUMENTS], f"Và {count_vi(rest)} văn bản khác") if rest > 0 else tuple(told)

    def owing(self, period: str) -> str:
        """Who has to send what is missing of this period; '' where nobody owes anything."""
        absent, wrong = [], []
        owed = {unit for detail in self.view.contents.measure_details for unit in detail.waiting}
        for row in self.view.contents.rollcall:
            if row.status in ("missing", "unreadable"):
                absent.append(self.view.unit(row.unit))
            elif row.unit in owed:
                wrong.append(self.view.unit(row.unit))
        told = [f"{folded(absent)} gửi báo cáo {period} còn thiếu"] if absent else []
        told += [f"{folded(wrong)} bổ sung, sửa số liệu còn thiếu hoặc chưa đúng"] if wrong else []
        return sentence("; ".join(told)) if told else ""


def _shown(every: Sequence[Said]) -> int:
    """How many of the texts are told: all while they are few, else the first, and how many others there are."""
    return len(every) if len(every) <= MOST_TEXTS else 1


def _longest(every: Sequence[Said]) -> int:
    """The words that one of the texts may have: of many only the first is told, and that as an example."""
    return LONGEST if len(every) <= MOST_TEXTS else _FEWEST_WORDS


def joined(texts: Iterable[str], most: int = LONGEST) -> Iterator[str]:
    """The texts as few sentences as they fit in, each of at most so many words unless one text alone has more.

    They are about as long as each other: none is left with the one text that found no room.

    >>> list(joined(["một hai", "ba", "bốn năm sáu"], most=3))
    ['một hai; ba', 'bốn năm sáu']
    >>> list(joined(["một", "hai", "ba", "bốn"], most=3))
    ['một; hai', 'ba; bốn']
    """
    listed = list(texts)
    parts = _packed(listed, most)
    for fewer in range(most - 1, 0, -1):
        if len(evener := _packed(listed, fewer)) > len(parts):
            break
        parts = evener
    return map("; ".join, parts)


def _packed(texts: Iterable[str], most: int) -> list[list[str]]:
    """The texts in their order, as many together as have so many words."""
    parts: list[list[str]] = []
    words = 0
    for text in texts:
        own = len(text.split())
        if not parts or words + own > most:
            parts.append([])
            words = 0
        parts[-1].append(text)
        words += own
    return parts
