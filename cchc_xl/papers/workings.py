"""The sheets that long rules are worked out on: scales, parts of groups and figures of criteria, one row each.

An edition comes in; the ranges that the formulas of ``Chấm điểm`` and ``Mức đạt`` look at go out, and the sheets with
their formulas. A formula may hold 8,192 characters, 255 arguments, 64 nested functions and 255 characters of a text
(Microsoft, "Excel specifications and limits"); a plan may hold more of each, so formulas are over ranges.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from cchc_xl.office.excel.book import Book
from cchc_xl.plan.marking import Cells, FigureMethod, PartCells, is_reached, outcome_points
from cchc_xl.plan.methods import scoring
from cchc_xl.records import Band, Edition, Node, Quotient, Score, Scorecard
from cchc_xl.text.words import AWAY, DIFFERENT, MISSING

SCALES, PARTS, FIGURES = "Thang điểm", "Mục con", "Số liệu thành phần"
SCORES = "Chấm điểm"
Totals = Mapping[str, tuple[str, float | str]]  # the cell of a figure's total, and what it shows


class Workings:
    """Where everything stands; rows count from 1, below one row of headings."""

    def __init__(self, edition: Edition) -> None:
        nodes = {node.criterion.code: node for node in edition.nodes}
        self.rows = {code: number for number, code in enumerate(nodes, start=2)}
        self._bands = [(node, band) for node in nodes.values() if not node.children for band in node.bands]
        groups = [(code, node.children) for code, node in nodes.items() if node.children]
        top = tuple(code for code, node in nodes.items() if node.parent is None)
        self._parts = [
            (group, nodes[child])
            for group, children in (*groups, ("", top))
            for child in sorted(children, key=lambda code: _is_bonus(nodes[code]))
        ]
        self._figures = [
            (code, figure, column)
            for code, node in nodes.items()
            if node.criterion.figures and not node.children
            for column, figures in enumerate((node.criterion.figures.numerator, node.criterion.figures.denominator))
            for figure in figures
        ]
        self._scale_rows = _spans(node.criterion.code for node, _ in self._bands)
        self._part_rows = _spans(f"{group} {_is_bonus(child)}" for group, child in self._parts)
        self._figure_rows = _spans(code for code, *_ in self._figures)

    def cells(self, code: str) -> Cells:
        """Where the formula of a leaf on ``Chấm điểm`` looks."""
        row = self.rows[code]
        return Cells(f"H{row}", f"C{row}", _range(SCALES, "F", self._scale_rows.get(code)))

    def levels(self, code: str) -> tuple[str, str]:
        """The levels of a leaf and their points; '' where it has none."""
        span = self._scale_rows.get(code)
        return _range(SCALES, "D", span), _range(SCALES, "E", span)

    def parts(self, code: str) -> PartCells:
        """The children of a group; of '' the fields, whose sum is the index."""
        regular, bonus = (self._part_rows.get(f"{code} {is_bonus}") for is_bonus in (False, True))
        stated, applicable, counted, reached, known = (_range(PARTS, column, regular) for column in "DEFGH")
        return PartCells(stated, applicable, counted, reached, known, _range(PARTS, "C", bonus))

    def everything(self, code: str) -> tuple[str, str]:
        """The points and the applicable maxima of all children of a group, bonus groups among them."""
        spans = [span for name, span in self._part_rows.items() if name.rpartition(" ")[0] == code]
        span = (spans[0][0], spans[-1][1]) if spans else None
        return _range(PARTS, "C", span), _range(PARTS, "E", span)

    def value_formula(self, code: str, figures: Quotient, totals: Totals) -> str:
        """The figure a leaf is scored on: a sum, or a quotient in percent, or the word for why there is none.

        Rounded to 12 decimals, so that binary arithmetic does not move the edge of a band.
        """
        if any(figure not in totals for figure in figures.codes):
            return f'="{MISSING}"'
        values, above, below = (_range(FIGURES, column, self._figure_rows[code]) for column in "CDE")
        result = f"SUM({above})"
        if figures.denominator:
            result = f'IF(SUM({below})=0,"{AWAY}",ROUND(SUM({above})*100/SUM({below}),12))'
        waiting = "+".join(f'COUNTIF({values},"{word}")' for word in (MISSING, DIFFERENT))
        return f'=IF({waiting}>0,"{MISSING}",IF(COUNT({values})=0,"{AWAY}",{result}))'

    def write(self, book: Book, scorecard: Scorecard, totals: Totals) -> None:
        """Writes the three sheets."""
        scores = {score.node.criterion.code: score for score in scorecard.scores}
        self._write_scales(book, scores)
        self._write_parts(book, scores)
        self._write_figures(book, totals)

    def _write_scales(self, book: Book, scores: Mapping[str, Score]) -> None:
        sheet = book.sheet(SCALES, (12, 14, 14, 60, 12, 14))
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
        sheet = book.sheet(PARTS, (14, 14, 12, 12, 14, 14, 12, 12))
        book.heading(
            sheet,
            0,
            (
                "Nhóm",
                "Mục con",
                "Điểm",
                "Điểm tối đa",
                "Điểm tối đa áp dụng",
                "Điểm tính vào nhóm",
                "Đạt đủ (1/0)",
                "Có điểm (1/0)",
            ),
        )
        look = book.look("points")
        for number, (group, child) in enumerate(self._parts, start=1):
            code, row = child.criterion.code, number + 1
            score, there = scores[code], self.rows[code]
            book.write(sheet, number, 0, group or "Chỉ số (%)", "code")
            book.write(sheet, number, 1, code, "code")
            points, most = score.final_points, score.applicable_max
            known = points or Decimal(0)
            sheet.write_formula(number, 2, f"='{SCORES}'!D{there}", look, cell_value(points))
            sheet.write_formula(number, 3, f"='{SCORES}'!C{there}", look, float(child.max_score))
            sheet.write_formula(number, 4, f"='{SCORES}'!E{there}", look, float(most))
            sheet.write_formula(number, 5, f'=IF(E{row}=0,"",N(C{row}))', look, float(known) if most else "")
            reached = f'=IF(E{row}=0,"",IF(N(C{row})*SIGN(E{row})>=ABS(E{row})-0.000000001,1,0))'
            sheet.write_formula(number, 6, reached, look, int(is_reached(known, most)) if most else "")
            has = f'=IF(E{row}=0,"",IF(ISNUMBER(C{row}),1,0))'
            sheet.write_formula(number, 7, has, look, int(points is not None) if most else "")

    def _write_figures(self, book: Book, totals: Totals) -> None:
        sheet = book.sheet(FIGURES, (12, 20, 18, 18, 18))
        book.heading(sheet, 0, ("Mã", "Số liệu", "Giá trị", "Tính vào tử số", "Tính vào mẫu số"))
        for number, (code, figure, column) in enumerate(self._figures, start=1):
            book.write(sheet, number, 0, code, "code")
            book.write(sheet, number, 1, figure, "code")
            address, shown = totals.get(figure, ("", MISSING))
            if address:
                sheet.write_formula(number, 2, f"={address}", book.look("number"), shown)
                value = shown if isinstance(shown, float) else 0
                sheet.write_formula(number, 3 + column, f"=N(C{number + 1})", book.look("number"), value)
            else:
                book.write(sheet, number, 2, shown, "number")


def _is_bonus(node: Node) -> bool:
    return scoring(node.criterion.method).is_bonus


def _in_band(rule: FigureMethod, score: Score, band: Band) -> float | str:
    found = None if score.value is None else rule.points(score.value, (band,), score.node.max_score)
    return cell_value(found.amount if found else None)


def _spans(names: Iterable[str]) -> dict[str, tuple[int, int]]:
    """First and last row of each name; the rows of a name stand together."""
    found: dict[str, tuple[int, int]] = {}
    for row, name in enumerate(names, start=2):
        found[name] = (found.get(name, (row, row))[0], row)
    return found


def _range(sheet: str, column: str, span: tuple[int, int] | None) -> str:
    return f"'{sheet}'!${column}${span[0]}:${column}${span[1]}" if span else ""


def cell_value(points: Decimal | None) -> float | str:
    """A number beside its formula; the empty text where the formula shows none."""
    return "" if points is None else float(points)
