"""What units have to do in the next period: advice and figures of a result come in, sentences by unit go out.

A sentence of an office: a figure and what it must come to, a criterion with a verb and its level or points. What a
figure must come to follows from the plan's rule, which is for a whole year: where the next period is a part of one, it
says so ("cả năm"), and no amount is divided, for no plan says how.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cchc_xl.papers.criteria import Criteria
from cchc_xl.papers.figure_tables import Figures
from cchc_xl.plan.edition import is_year
from cchc_xl.plan.expression import parsed
from cchc_xl.plan.methods import HUNDRED, scoring
from cchc_xl.records import Kind
from cchc_xl.result.advice import Advice, Step
from cchc_xl.result.contents import ScoredCriterion
from cchc_xl.result.view import View
from cchc_xl.text.numbers import count_vi, listing, lower_first, number_vi, percent_vi, period_vi, sentence, upper_first
from cchc_xl.text.prose import folded
from cchc_xl.text.words import key, words_key

MOST_UNITS = 3  # named one by one
# How names of criteria begin that say what is to be done, as the issued sets word them.
_VERBS = """
áp dụng, ban hành, báo cáo, bảo đảm, bố trí, bồi dưỡng, cải thiện, cập nhật, chấp hành, chỉ đạo, chuẩn hóa,
chuyển đổi, công bố, công khai, cung cấp, duy trì, đánh giá, đào tạo, đảm bảo, đăng, đổi mới, giải quyết, giao,
giảm, gửi, hoàn thành, hoàn thiện, hướng dẫn, kết nối, khảo sát, khắc phục, kiểm soát, kiểm tra, kiện toàn, lập,
nâng cao, niêm yết, phân cấp, phân công, phối hợp, phổ biến, quản lý, rà soát, sắp xếp, số hóa, sơ kết, sử dụng,
tham mưu, theo dõi, thực hiện, tiếp nhận, tiết kiệm, tổ chức, tổng kết, triển khai, trình, tuân thủ, tuyên
truyền, ứng dụng, vận hành, xây dựng, xử lý
"""
_WORK = ("công tác", "công việc", "hoạt động", "nhiệm vụ", "việc")
_GIVEN = ("có", "được")  # by others
_WHO = ("cán bộ", "công chức", "cơ quan", "đơn vị", "lãnh đạo", "người", "phòng", "thủ trưởng", "viên chức")  # does it
_YES = frozenset(map(key, ("Có", "Đạt", "Hoàn thành")))
_SHARES = ("tỷ lệ", "tỉ lệ")
_MEASURED = (*_SHARES, "chất lượng", "chỉ số", "điểm", "hiệu quả", "kết quả", "mức độ", "số")


@dataclass(frozen=True, slots=True)
class UnitTasks:
    """What a unit, or several, have to do until ``due`` (``YYYY-MM-DD`` or None), a sentence a task."""

    units: str
    due: str | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CriterionTask:
    """What a unit, or several, have to do for a criterion, in a sentence; ``short`` is without its name."""

    code: str
    units: str
    line: str
    short: str


class NextTasks:
    """The tasks that follow from a result."""

    def __init__(self, view: View, criteria: Criteria, figures: Figures) -> None:
        self.view, self.criteria, self.figures = view, criteria, figures
        contents = view.contents
        start, end = contents.next_start, contents.next_end
        self.of_year = "cả năm " if start and end and not is_year(start, end) else ""

    def of_units(self) -> tuple[UnitTasks, ...]:
        """What units have to reach in the next period: from the advice, with its numbers, by the period table's day."""
        due = self.view.contents.next_due
        return by_unit(
            self.each(period_vi(self.view.contents.period_name, self.view.year)), due.isoformat() if due else None
        )

    def each(self, before: str, *, scored: bool = True) -> Iterator[CriterionTask]:
        """The same by criterion, in the plan's order; ``before`` is what the finished period is called.

        A criterion that is marked by hand has nothing but points to reach; unless ``scored``, no number tells them.
        """
        known = {item.code: item for item in self.view.contents.advice}
        for item in self.view.leaves:
            advice = known.get(item.code)
            step = (advice.complete or advice.next) if advice else None
            if advice is None or step is None or not step.who or not advice.gain or item.final_points is None:
                continue
            if step.kind == "submit":  # it was appraised without its figures: they alone bring no points
                if advice.leaf_gain not in (None, advice.gain):
                    continue  # beside another of a group of which the best counts
                places, short = self.view.places, "đạt điểm tối đa"
                if scored:
                    most = number_vi(advice.maximum, places)
                    short = f"được thẩm định đạt {most}/{most} điểm"
                told = map(upper_first, (done(item.name, short), short))
                yield CriterionTask(item.code, self.criteria.short_lead(item), *map(sentence, told))
                continue
            if step.up_to:
                continue
            figure = self._figure(item, step, before)
            short = figure or self._reached(item, step, advice, before, scored=scored)
            line = figure or done(item.name, short)
            who = self._who(item, step)
            yield CriterionTask(item.code, who, *(sentence(upper_first(text)) for text in (line, short)))

    def _who(self, item: ScoredCriterion, step: Step) -> str:
        """Who leads the criterion, or those of them that must act: whoever only enters its figure need not."""
        acting = [code for code in step.who if code in item.lead] or item.lead or step.who
        if len(acting) < len(step.who):
            return self.criteria.short_lead(item)
        names = [self.view.unit(code) for code in acting]
        return listing(names) if len(names) <= MOST_UNITS else self.criteria.short_lead(item) or folded(names)

    def _reached(self, item: ScoredCriterion, step: Step, advice: Advice, before: str, *, scored: bool) -> str:
        """The level, share or points that a criterion is to reach that no figure alone decides."""
        if step.kind == "level" and step.task:
            return step.task
        if self._is_quotient(item, step):
            return self._rate(item, step)
        if not scored:
            return "đạt điểm tối đa" if step.points_after >= advice.maximum else f"đạt kết quả cao hơn {before}"
        if step.kind == "manual":
            places = self.view.places
            return f"được thẩm định đạt {number_vi(step.points_after, places)}/{number_vi(advice.maximum, places)} điểm"
        return step.task or step.change

    def _figure(self, item: ScoredCriterion, step: Step, before: str) -> str:
        """``phòng, đơn vị được kiểm tra CCHC đạt 08 đơn vị``, a day by how much it is too late; '' for no figure."""
        figure = self.view.details.get(step.figure)
        if step.kind != "figure" or figure is None:
            return ""
        name, percent = lower_first(figure.name), figure.kind is Kind.PERCENT
        if figure.kind is Kind.DATE:
            return f"{name}: {'muộn' if step.rises else 'sớm'} hơn {count_vi(step.amount)} ngày so với {before}"
        if step.after is None:
            return ""
        if not step.after and not step.rises:
            return f"không còn {name}"
        if step.rises and (share := self._share(item, step)):
            return f"{name} {self.of_year}đạt {share}"
        if self._is_quotient(item, step):
            return ""
        value = percent_vi(step.after, self.view.places) if percent else _counted(figure.kind, step.after)
        unit_name = "" if percent or not figure.unit_name else f" {figure.unit_name}"
        return f"{name} {self.of_year}{_verb(step)} {value}{unit_name}"

    def _share(self, item: ScoredCriterion, step: Step) -> str:
        """A figure that its rule takes as a share of one other is to reach that share: the other changes by then."""
        rule, _ = parsed(item.rule.figures)
        if rule is None or step.value_unit != "%" or step.value_after is None or step.beyond or rule.is_complement:
            return ""
        if len(rule.below) != 1 or [term.code for term in rule.above] != [step.figure] or rule.below[0].last_year:
            return ""
        whole = lower_first(self.figures.name(rule.below[0].code))
        counted = "" if _begins(whole, ("tổng", "số")) else "tổng số "
        return f"{self._least(item, step)} {counted}{whole}"

    def _least(self, item: ScoredCriterion, step: Step) -> str:
        """The share that the rule asks for: what the next whole file gives today is no share that anybody sets."""
        after, now, bands = step.value_after, item.value, item.rule.bands
        is_all = step.points_after >= item.applicable_max  # which points that are rounded come to a little before
        if not bands and is_all:
            return percent_vi(HUNDRED)
        values = {key(one.name) for one in scoring(item.method).parameters if one.kind == "value"}
        named = [band.amount for band in bands if key(band.level) in values]
        edges = {band.low: band.low_included for band in bands if band.low is not None} | dict.fromkeys(named, True)
        passed = [] if after is None or now is None else [edge for edge in edges if now < edge <= after]
        passed += [max(named)] if named and is_all else []
        if not passed:
            shown = f"{step.value_shown}%" if step.value_shown else percent_vi(after, self.view.places)
            return f"{'trên ' * step.beyond}{shown}"
        least = max(passed)
        told = "" if least == HUNDRED else "ít nhất " if edges[least] else "trên "
        return f"{told}{percent_vi(least, self.view.places)}"

    def _is_quotient(self, item: ScoredCriterion, step: Step) -> bool:
        """Whether the criterion is scored on a share of figures that grow: a count right today is wrong then."""
        rule, _ = parsed(item.rule.figures)
        is_share = bool(rule and rule.below) and step.value_unit == "%"
        return step.kind == "figure" and is_share and step.value_after is not None

    def _rate(self, item: ScoredCriterion, step: Step) -> str:
        """What the share that a criterion is scored on is to come to."""
        share = "" if _begins(item.name, _SHARES) else "tỷ lệ "
        return f"{self.of_year}đạt {share}{self._least(item, step)}"


def done(name: str, reached: str) -> str:
    """The name of a criterion and what it is to reach, as a task of an office: with a verb.

    >>> done("Thực hiện chế độ báo cáo", "đạt mức “Đúng hạn”"), done("Văn thư lưu trữ", "đạt mức “Tốt”")
    ('Thực hiện chế độ báo cáo, đạt mức “Đúng hạn”', 'Hoàn thành nội dung văn thư lưu trữ, đạt mức “Tốt”')
    >>> done("Công tác kiểm tra", "được thẩm định đạt 2/2 điểm"), done("Mức độ công khai", "đạt mức “Đủ”")
    ('Hoàn thành công tác kiểm tra, được thẩm định đạt 2/2 điểm', 'Phấn đấu mức độ công khai đạt mức “Đủ”')

    A level that the name says already, or that says nothing but yes, is not told behind it.

    >>> done("Đơn vị sự nghiệp tự chủ", "đạt mức “Có”")
    'Phấn đấu đơn vị sự nghiệp tự chủ'
    >>> done("Vận hành phần mềm đúng quy trình", "đạt mức “Đúng quy trình”"), done("Được khen thưởng", "đạt mức “Có”")
    ('Vận hành phần mềm đúng quy trình', 'Phấn đấu được khen thưởng')
    """
    level = reached.removeprefix("đạt mức “").removesuffix("”") if reached.startswith("đạt mức “") else ""
    is_told = key(level) in _YES or f" {words_key(level)} " in f" {words_key(name)} "
    behind = "" if level and is_told else f", {reached}"
    if _begins(name, _VERBS.split(",")):
        return f"{upper_first(name)}{behind}"
    if _begins(name, _MEASURED):
        marked = reached.removeprefix("được thẩm định ")
        reached = reached if marked == reached else f"{marked} khi thẩm định"
        return f"Phấn đấu {lower_first(name)} {reached}"
    if _begins(name, (*_GIVEN, *_WHO)):
        return f"Phấn đấu {lower_first(name)}{behind}"
    return f"Hoàn thành {'' if _begins(name, _WORK) else 'nội dung '}{lower_first(name)}{behind}"


def _begins(name: str, words: Iterable[str]) -> bool:
    return f"{words_key(name)} ".startswith(tuple(f"{words_key(word)} " for word in words))


def _verb(step: Step) -> str:
    verb = "đạt" if step.rises else "còn"
    edge = ("trên " if step.rises else "dưới ") if step.beyond else "" if step.rises else "không quá "
    return f"{verb} {edge}".rstrip()


def _counted(kind: str, value: object) -> str:
    return count_vi(value) if kind == Kind.INTEGER else number_vi(value)


def by_unit(tasks: Iterable[CriterionTask], due: str | None) -> tuple[UnitTasks, ...]:
    """The tasks of the same units together, each sentence once.

    >>> by_unit([CriterionTask("1", "Phòng A", "x.", "x."), CriterionTask("2", "Phòng A", "x.", "x.")], None)[0].lines
    ('x.',)
    """
    by_units: dict[str, dict[str, None]] = {}
    for task in tasks:
        by_units.setdefault(task.units, {})[task.line] = None
    return tuple(UnitTasks(units, due, tuple(lines)) for units, lines in by_units.items())
