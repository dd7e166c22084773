"""The sheets that score by Excel formulas: a scorecard and the consolidation come in, the sheets go out.

``Chấm điểm`` has every score, ``Số liệu`` every figure: a total says "chưa có" while a unit still owes its value and
"không phát sinh" where the matter arose nowhere. On ``Mức đạt`` a reported level stands in the plan's own spelling,
which is what the formula compares; the unit's own words stand beside it. Contract: design §5.

Long rules are worked out on sheets of their own, one row for each row of a scale, part of a group and figure of a
criterion. A formula may hold 8,192 characters, 255 arguments, 64 nested functions and 255 characters of a text
(Microsoft, "Excel specifications and limits"); a plan may hold more of each, so formulas are over ranges.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from cchc_xl.office.excel.book import Book
from cchc_xl.papers.columns import cell_value, head_back
from cchc_xl.papers.listings import TO_DO
from cchc_xl.plan.marking import (
    COMBINATIONS,
    ZERO,
    Cells,
    FigureMethod,
    GroupMethod,
    PartCells,
    ReportedMethod,
    away_points,
    is_reached,
    outcome_points,
)
from cchc_xl.plan.methods import is_stated_percentage, percentages, ranked_later, scoring
from cchc_xl.records import (
    Band,
    Consolidation,
    Edition,
    Kind,
    Measure,
    MeasureTotal,
    Node,
    Quotient,
    Score,
    Scorecard,
    State,
)
from cchc_xl.text.numbers import plain
from cchc_xl.text.words import AWAY, CASE, DIFFERENT, FOLLOWED, MISSING, RANKED_LATER

SCORES, FIGURES, LEVELS = "Chấm điểm", "Số liệu", "Mức đạt"
SCALES, PARTS, FIGURE_PARTS = "Thang điểm", "Tiêu chí thành phần", "Số liệu thành phần"
INDEX_LABEL = "Chỉ số (%)"
NO_INDEX = "Chưa tính được chỉ số: chưa có tiêu chí nào áp dụng."
FIRST_UNIT = 5
HEADINGS = (
    *("Mã", "Tiêu chí", "Điểm tối đa", "Điểm", "Điểm tối đa áp dụng", "Tỷ lệ (%)"),
    *("Cách chấm", "Giá trị số liệu", "Điểm tự chấm", "Trạng thái", "Cơ sở chấm điểm"),
    *("Điểm tính", "Điểm thẩm định"),
)
_Name = TypeVar("_Name", bound=Hashable)
_WHOLE = (Kind.INTEGER, Kind.MONEY)
_UNMET, _PENDING = "không đạt", "chờ"  # how a condition on another criterion stands
_STATES = {"missing": MISSING, "not_applicable": AWAY, "scored": "đã chấm", "group": "nhóm", "followed": FOLLOWED}


class Workings:
    """Where everything stands; rows count from 1, below one row of headings.

    ``rows`` are those of the criteria on ``Chấm điểm``, ``index`` is the cell of the index there. ``totals`` are the
    cells of the figures on ``Số liệu`` with what they show, ``reported`` a leaf's points by lead unit on ``Mức đạt``.
    """

    def __init__(self, edition: Edition, consolidation: Consolidation) -> None:
        nodes = {node.criterion.code: node for node in edition.nodes}
        self.rows = {code: number for number, code in enumerate(nodes, start=2)}
        self.index = f"'{SCORES}'!D{len(nodes) + 2}"
        every = (*consolidation.measures, *consolidation.last_year)
        self.totals = {
            total.measure.code: (f"'{FIGURES}'!$E${row}", shown_total(total))
            for row, total in enumerate(every, start=2)
        }
        self._measures = {total.measure.code: total.measure for total in every}
        self.reports = [
            (node, rule, unit)
            for node in edition.leaves
            if isinstance(rule := scoring(node.criterion.method), ReportedMethod)
            for unit in node.lead
        ]
        reports = _spans(node.criterion.code for node, *_ in self.reports)
        self.reported = {code: _range(LEVELS, "F", span) for code, span in reports.items()}
        self._bands = [(node, band) for node in nodes.values() if not node.children for band in node.bands]
        groups = [(code, node.children) for code, node in nodes.items() if node.children]
        top = tuple(code for code, node in nodes.items() if node.parent is None)
        self._parts = [
            (group, nodes[child])
            for group, children in (*groups, ("", top))
            for child in sorted(children, key=lambda code: _is_bonus(nodes[code]))
        ]
        self._figures = [
            (code, term, column)
            for code, node in nodes.items()
            if node.criterion.figures and not node.children
            for column, terms in enumerate((node.criterion.figures.above, node.criterion.figures.below))
            for term in terms
        ]
        self._part_of = {child.criterion.code: row for row, (_, child) in enumerate(self._parts, start=2)}
        self._scale_rows = _spans(node.criterion.code for node, _ in self._bands)
        self._part_rows = _spans((group, _is_bonus(child)) for group, child in self._parts)
        self._figure_rows = _spans(code for code, *_ in self._figures)

    def measures(self, figures: Quotient) -> list[Measure]:
        """The figures that a leaf names, those of them that the plan has."""
        return [self._measures[name] for name in figures.names if name in self._measures]

    def cells(self, code: str) -> Cells:
        """Where the formula of a leaf on ``Chấm điểm`` looks."""
        row = self.rows[code]
        return Cells(f"H{row}", f"C{row}", _range(SCALES, "F", self._scale_rows.get(code)))

    def levels(self, code: str) -> tuple[str, str]:
        """The levels of a leaf and their points; '' where it has none."""
        span = self._scale_rows.get(code)
        return _range(SCALES, "D", span), _range(SCALES, "E", span)

    def parts(self, code: str) -> PartCells:
        """The children of a group."""
        regular, bonus = (self._part_rows.get((code, is_bonus)) for is_bonus in (False, True))
        stated, applicable, counted, reached, known = (_range(PARTS, column, regular) for column in "DEFGH")
        return PartCells(stated, applicable, counted, reached, known, _range(PARTS, "C", bonus))

    def held(self, node: Node, points: str) -> str:
        """The points of a criterion, held back by its condition where it has one; no points at all stay none."""
        code = node.criterion.code
        if node.criterion.condition is None or node.criterion.condition.code not in self.rows or not node.sound:
            return points
        state = f"'{PARTS}'!J{self._part_of[code]}"
        none = f'AND({points}="",SUM({self._waiting(code)})=0)' if node.children else f"E{self.rows[code]}=0"
        return f'IF({none},{points},IF({state}="{_PENDING}","",IF({state}="{_UNMET}",0,{points})))'

    def _waiting(self, group: str) -> str:
        """Which children of a group have no points yet."""
        spans = [self._part_rows.get((group, is_bonus)) for is_bonus in (False, True)]
        return ",".join(_range(PARTS, "I", span) for span in spans if span)

    def _state_formula(self, node: Node) -> str:
        """How the condition of a criterion stands; empty where it is met."""
        condition = node.criterion.condition
        if condition is None or condition.code not in self.rows:
            return '""'
        row = self._part_of[condition.code]
        _, other = self._parts[row - 2]
        most = f"{'D' if _is_bonus(other) else 'E'}{row}"
        met = f"N(C{row})*SIGN({most})>=ABS({most})-0.000000001" if condition.full else f"N(C{row})>0.000000001"
        state = f'IF(OR({met},AND(C{row}="",I{row}=0)),"",IF(I{row}>0,"{_PENDING}","{_UNMET}"))'
        code = node.criterion.code
        none = self._nothing_applies(code) if node.children else f"E{self._part_of[code]}=0"
        return f'IF({none},"",{state})'

    def _nothing_applies(self, group: str) -> str:
        """Whether nothing in a group applies: a bonus in it may have points where all else did not arise."""
        regular, bonus = (self._part_rows.get((group, is_bonus)) for is_bonus in (False, True))
        tests = [f"COUNT({_range(PARTS, 'H', regular)})=0"] if regular else []
        if bonus:
            tests += [f"COUNT({_range(PARTS, 'C', bonus)})=0", f"SUM({_range(PARTS, 'I', bonus)})=0"]
        return f"AND({','.join(tests)})"

    def fields(self) -> tuple[str, str]:
        """The points and the applicable maxima of all fields, bonus ones among them."""
        rows = [row for row, (group, _) in enumerate(self._parts, start=2) if not group]
        span = (rows[0], rows[-1]) if rows else None
        return _range(PARTS, "C", span), _range(PARTS, "E", span)

    def value_formula(self, code: str, figures: Quotient) -> str:
        """The figure a leaf is scored on: a sum, days, or a quotient in percent, or the word for why there is none.

        Rounded to 12 decimals, so that binary arithmetic does not move the edge of a band.
        """
        if any(name not in self.totals for name in figures.names):
            return f'="{MISSING}"'
        values, above, below = (_range(FIGURE_PARTS, column, self._figure_rows[code]) for column in "CDE")
        share = f"SUM({above})*100/SUM({below})" if figures.denominator else f"SUM({above})"
        result = f"ROUND({'100-' if figures.is_complement else ''}{share},12)"
        if figures.denominator:
            result = f'IF(SUM({below})=0,"{AWAY}",{result})'
        waiting = "+".join(f'COUNTIF({values},"{word}")' for word in (MISSING, DIFFERENT))
        is_days = any(measure.kind is Kind.DATE for measure in self.measures(figures))
        least = len(figures.terms) if is_days else 1  # a day that did not come is no day 0
        return f'=IF({waiting}>0,"{MISSING}",IF(COUNT({values})<{least},"{AWAY}",{result}))'

    def write(self, book: Book, scorecard: Scorecard) -> None:
        """Writes the three sheets, hidden: formulas look at them, an officer at what they come to."""
        scores = {score.node.criterion.code: score for score in scorecard.scores}
        self._write_scales(book, scores)
        self._write_parts(book, scores)
        self._write_figures(book)

    def _write_scales(self, book: Book, scores: Mapping[str, Score]) -> None:
        sheet = book.sheet(SCALES, (12, 14, 14, 60, 12, 14))
        sheet.hide()
        book.heading(sheet, 0, ("Mã", "Từ", "Đến", "Mức", "Điểm", "Điểm khi số liệu ở bậc này"))
        for number, (node, band) in enumerate(self._bands, start=1):
            code, row = node.criterion.code, number + 1
            linear = band.outcome.form == "linear"
            given = "tỷ lệ" if linear else outcome_points(band.outcome, node.max_score)
            for column, value in enumerate((code, band.low, band.high, band.level, given)):
                book.write(sheet, number, column, value, ("code", "number", "number", "cell", "points")[column])
            rule = scoring(node.criterion.method)
            if isinstance(rule, FigureMethod) and rule.scale == "intervals":
                place = Cells(f"'{SCORES}'!H{self.rows[code]}", f"'{SCORES}'!C{self.rows[code]}")
                formula = rule.row_formula(band, place, (f"B{row}", f"C{row}", f"E{row}"))
                sheet.write_formula(number, 5, f"={formula}", book.look("points"), _in_band(rule, scores[code], band))

    def _write_parts(self, book: Book, scores: Mapping[str, Score]) -> None:
        sheet = book.sheet(PARTS, (14, 14, 12, 12, 14, 14, 12, 12, 12, 12))
        sheet.hide()
        headings = ("Nhóm", "Tiêu chí thành phần", "Điểm", "Điểm tối đa", "Điểm tối đa áp dụng", "Điểm tính vào nhóm")
        book.heading(sheet, 0, (*headings, "Đạt đủ (1/0)", "Có điểm (1/0)", "Còn chờ (1/0)", "Điều kiện"))
        waiting = _waits(scores)
        for number, (group, child) in enumerate(self._parts, start=1):
            code, row = child.criterion.code, number + 1
            score, there = scores[code], self.rows[code]
            book.write(sheet, number, 0, group or INDEX_LABEL, "code")
            book.write(sheet, number, 1, code, "code")
            points, most = score.final_points, score.applicable_max
            known = points or ZERO
            reached = f"IF(N(C{row})*SIGN(E{row})>=ABS(E{row})-0.000000001,1,0)"
            formulas: tuple[tuple[str, float | str], ...] = (
                (f"'{SCORES}'!D{there}", cell_value(points)),
                (f"'{SCORES}'!C{there}", float(child.max_score)),
                (f"'{SCORES}'!E{there}", float(most)),
                (f'IF(E{row}=0,"",N(C{row}))', float(known) if most else ""),
                (f'IF(E{row}=0,"",{reached})', int(is_reached(known, most)) if most else ""),
                (f'IF(E{row}=0,"",IF(ISNUMBER(C{row}),1,0))', int(points is not None) if most else ""),
                (self._open_formula(child, row), int(waiting[code])),
            )
            for column, (formula, value) in enumerate(formulas, start=2):
                sheet.write_formula(number, column, f"={formula}", book.look("points"), value)
            if child.criterion.condition is not None and child.sound:
                state = {"unmet": _UNMET, "pending": _PENDING}.get(score.held, "")
                sheet.write_formula(number, 9, f"={self._state_formula(child)}", book.look("centre"), state)

    def _open_formula(self, child: Node, row: int) -> str:
        """Whether a part of a group, in this row, still waits for points: 1 or 0."""
        if not child.children:
            return f"IF(AND(E{row}<>0,NOT(ISNUMBER(C{row}))),1,0)"
        if not _has_rule(child):
            return "1"
        below = self._waiting(child.criterion.code)
        return f'IF(J{row}="{_UNMET}",0,IF(OR(J{row}="{_PENDING}",SUM({below})>0),1,0))'

    def _write_figures(self, book: Book) -> None:
        sheet = book.sheet(FIGURE_PARTS, (12, 20, 18, 18, 18))
        sheet.hide()
        book.heading(sheet, 0, ("Mã", "Số liệu", "Giá trị", "Tính vào tử số", "Tính vào mẫu số"))
        for number, (code, term, column) in enumerate(self._figures, start=1):
            book.write(sheet, number, 0, code, "code")
            book.write(sheet, number, 1, term.name, "code")
            address, shown = self.totals.get(term.name, ("", MISSING))
            if address:
                look = figure_look(self._measures[term.name])
                sheet.write_formula(number, 2, f"={address}", book.look(look), shown)
                value = shown * term.sign if isinstance(shown, float) else 0
                minus = "-" if term.is_minus else ""
                sheet.write_formula(number, 3 + column, f"={minus}N(C{number + 1})", book.look("number"), value)
            else:
                book.write(sheet, number, 2, shown, "number")


def _is_bonus(node: Node) -> bool:
    return scoring(node.criterion.method).is_bonus


def _has_rule(group: Node) -> bool:
    return group.sound and isinstance(scoring(group.criterion.method), GroupMethod)


def _waits(scores: Mapping[str, Score]) -> dict[str, bool]:
    """Which criteria have no points yet, or something below them has none."""
    found: dict[str, bool] = {}
    for code, score in sorted(scores.items(), key=lambda item: -item[1].node.level):
        below = score.node.children
        missing = any(found[child] for child in below) or score.held == "pending" or not _has_rule(score.node)
        found[code] = (
            score.held != "unmet" and missing if below else bool(score.final_points is None and score.applicable_max)
        )
    return found


def _rounded(points: str, places: int | None) -> str:
    """Half-up as Excel rounds; first to 12 decimals, so that binary arithmetic does not move a half."""
    return points if places is None else f'IFERROR(ROUND(ROUND({points},12),{places}),"")'


def _in_band(rule: FigureMethod, score: Score, band: Band) -> float | str:
    found = None if score.value is None else rule.points(score.value, (band,), score.node.max_score)
    return cell_value(found.amount if found else None)


def _spans(names: Iterable[_Name]) -> dict[_Name, tuple[int, int]]:
    """First and last row of each name; the rows of a name stand together."""
    found: dict[_Name, tuple[int, int]] = {}
    for row, name in enumerate(names, start=2):
        found[name] = (found.get(name, (row, row))[0], row)
    return found


def _range(sheet: str, column: str, span: tuple[int, int] | None) -> str:
    return f"'{sheet}'!${column}${span[0]}:${column}${span[1]}" if span else ""


def shown_total(total: MeasureTotal) -> float | str:
    """What stands in the cell of a figure over its units: its value, or the word for why there is none."""
    if total.state is State.KNOWN and isinstance(total.value, Decimal):
        return float(total.value)
    return {State.NOT_APPLICABLE: AWAY, State.ERROR: DIFFERENT}.get(total.state, MISSING)


def write_scores(book: Book, sheet: Any, scorecard: Scorecard, workings: Workings) -> None:
    """Writes the sheet ``Chấm điểm``, the index in its last row."""
    book.heading(sheet, 0, HEADINGS)
    head_back(book, sheet, TO_DO, HEADINGS[0], len(HEADINGS))
    sheet.print_area(0, 0, len(scorecard.scores) + 1, len(HEADINGS) - 1)
    sheet.freeze_panes(1, 2)
    for score in scorecard.scores:
        _row(book, sheet, score, workings)
    last = len(scorecard.scores) + 1
    points, maxima = workings.fields()
    whole = f'SUMIF({maxima},">0")'  # a deduction is no part of it
    index = f'=IF({whole}=0,"",SUM({points})*100/{whole})' if points else '=""'
    for column in range(len(HEADINGS)):
        book.write(sheet, last, column, None if column else INDEX_LABEL, "head")
    sheet.write_formula(last, 3, index, book.look("index"), cell_value(scorecard.index.percent))


def _row(book: Book, sheet: Any, score: Score, workings: Workings) -> None:
    node, criterion = score.node, score.node.criterion
    row = workings.rows[criterion.code]
    group = bool(node.children)
    book.write(sheet, row - 1, 0, criterion.code, "group_code" if group else "code")
    book.write(sheet, row - 1, 1, f"{'   ' * (node.level - 1)}{criterion.name}", "group" if group else "cell")
    look = book.look("group_points" if group else "points")
    sheet.write_number(row - 1, 2, float(node.max_score), look)
    if group:
        total = workings.held(node, _group_points(score, workings))
        sheet.write_formula(row - 1, 3, f"={total}", look, cell_value(score.final_points))
        for column in (11, 12):
            book.write(sheet, row - 1, column, None, "group")
    else:
        appraised = workings.held(node, _rounded(f"M{row}", node.places))
        used = f"=IF(AND(ISNUMBER(M{row}),E{row}<>0),{appraised},L{row})"
        sheet.write_formula(row - 1, 3, used, look, cell_value(score.final_points))
        own = f"={workings.held(node, _rounded(_leaf_points(score, workings), node.places))}"
        sheet.write_formula(row - 1, 11, own, look, cell_value(score.points))
        book.write(sheet, row - 1, 12, score.appraised_points, "points")
    sheet.write_formula(row - 1, 4, f"={_applicable(score, workings)}", look, float(score.applicable_max))
    share = None
    if score.final_points is not None and score.applicable_max > 0:
        share = score.final_points * 100 / score.applicable_max
    percent = f'=IF(OR(D{row}="",E{row}<=0),"",D{row}*100/E{row})'
    sheet.write_formula(row - 1, 5, percent, look, cell_value(share))
    text = "group" if group else "cell"
    book.write(sheet, row - 1, 6, _method(node, workings), text if group else "centre")
    if criterion.figures and not group:
        value = workings.value_formula(criterion.code, criterion.figures)
        sheet.write_formula(row - 1, 7, value, book.look(_value_look(node, workings)), _figure_value(score, workings))
    else:
        book.write(sheet, row - 1, 7, None, text)
    book.write(sheet, row - 1, 8, score.self_points, "points" if not group else "group")
    away = score.status == "not_applicable" and score.applicable_max
    state = f"{AWAY}, tính {criterion.not_applicable}" if away else _STATES[score.status]
    if score.status == "missing" and ranked_later(criterion.method, score.value):
        state = RANKED_LATER
    state_look = "warning" if score.status == "missing" or score.flagged else text if group else "centre"
    book.write(sheet, row - 1, 9, f"{state}, có mâu thuẫn" if score.flagged else state, state_look)
    book.write(sheet, row - 1, 10, score.basis, text)


def figure_look(measure: Measure) -> str:
    """How a total is shown: whole where it can be nothing else, else with the plan's decimals."""
    if measure.kind is Kind.DATE:
        return "day"
    return "whole" if measure.kind in _WHOLE and measure.combine != "trung bình" else "number"


def _value_look(node: Node, workings: Workings) -> str:
    """How the figure is shown that a leaf is scored on; between two dates there are whole days."""
    figures = node.criterion.figures
    if figures is None or figures.is_percentage or scoring(node.criterion.method).is_percentage:
        return "points"
    looks = {figure_look(measure) for measure in workings.measures(figures)}
    return "whole" if looks in ({"whole"}, {"day"}) else "number"


def _method(node: Node, workings: Workings) -> str:
    """How a criterion is scored, in the plan's word; of points for each item, what the items are."""
    method, figures = node.criterion.method, node.criterion.figures
    if scoring(method).counts_items and figures is not None:
        units = {measure.unit_name for measure in workings.measures(figures)}
        return f"mỗi {(units.pop() if len(units) == 1 else '') or CASE}"
    return method or "chưa rõ"


def _group_points(score: Score, workings: Workings) -> str:
    """Bonus points have a maximum of their own, outside the index."""
    rule, code = scoring(score.node.criterion.method), score.node.criterion.code
    if not isinstance(rule, GroupMethod) or not _has_rule(score.node):
        return '""'
    return rule.formula(workings.parts(code), f"{'C' if rule.is_bonus else 'E'}{workings.rows[code]}")


def _leaf_points(score: Score, workings: Workings) -> str:
    """The points of a leaf; 0 where the plan gives none without evidence and there is none."""
    node, rule = score.node, scoring(score.node.criterion.method)
    policy = node.criterion.not_applicable
    if score.status == "followed":
        return '""'
    away = plain(away_points(policy, node.max_score)) if policy in {"điểm tối đa", "0 điểm"} else '""'
    cells = workings.cells(node.criterion.code)
    reported = workings.reported.get(node.criterion.code)
    if isinstance(rule, ReportedMethod) and node.sound and reported:
        waiting = f'COUNT({reported})+COUNTIF({reported},"{AWAY}")<{len(node.lead)}'
        combined = f"{COMBINATIONS[node.criterion.combine]}({reported})"
        return f'IF({waiting},"",IF(COUNT({reported})=0,{away},{combined}))'
    if isinstance(rule, FigureMethod) and node.sound and node.criterion.figures:
        points = "0" if score.unsupported else rule.formula(cells, node.bands, node.max_score)
        if is_stated_percentage(node.criterion.figures, workings.measures(node.criterion.figures)):
            low, high = map(plain, percentages(rule, node.bands))
            points = f'IF(AND({cells.value}>={low},{cells.value}<={high}),{points},"")'
        return f'IF({cells.value}="{MISSING}","",IF({cells.value}="{AWAY}",{away},{points}))'
    return '""'


def _applicable(score: Score, workings: Workings) -> str:
    """The maximum that applies: without what did not arise."""
    node, rule, code = score.node, scoring(score.node.criterion.method), score.node.criterion.code
    cells = workings.cells(code)
    if node.children:
        if not isinstance(rule, GroupMethod):
            return cells.maximum
        limit = rule.limit_formula(cells.maximum, workings.parts(code), is_deduction=node.max_score < 0)
        return "0" if rule.is_bonus else limit
    if node.criterion.not_applicable != "loại" or not node.sound:
        return cells.maximum
    if reported := workings.reported.get(code):
        return f'IF(COUNTIF({reported},"{AWAY}")={len(node.lead)},0,{cells.maximum})'
    return f'IF({cells.value}="{AWAY}",0,{cells.maximum})' if node.criterion.figures else cells.maximum


def _figure_value(score: Score, workings: Workings) -> float | str:
    """The figure a leaf was scored on, as the formula will show it."""
    figures = score.node.criterion.figures
    if score.status == "followed" and score.value is None and figures:
        shown = {workings.totals.get(name, ("", MISSING))[1] for name in figures.names}
        return MISSING if shown & {MISSING, DIFFERENT} else AWAY
    if score.value is None and score.status == "not_applicable":
        return AWAY
    is_open = score.value is None and isinstance(scoring(score.node.criterion.method), FigureMethod)
    return MISSING if is_open else cell_value(score.value)
