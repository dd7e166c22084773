"""The consolidated workbook: the records of a run come in, ``tong-hop.xlsx`` goes out.

Contract: design §5. The sheet ``Chấm điểm`` computes every score by Excel formulas down to figure cells of the same
workbook; the values are stored beside the formulas, so that a viewer shows numbers.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from cchc_xl.office.excel.book import FONT, LINE, Book, place_in
from cchc_xl.papers import appendix_sheet, to_do
from cchc_xl.papers.columns import SUMMED_UP, TO_BE_DONE, Cell, Column, Formula, cell_value, write_table
from cchc_xl.papers.figure_sheets import write_figures, write_reported
from cchc_xl.papers.listings import FINDINGS, LOOKUP, NOTHING_BESIDE, TO_DO, Beside
from cchc_xl.papers.lookup import known
from cchc_xl.papers.scores import NO_INDEX, SCORES, Workings, write_scores
from cchc_xl.plan.marking import ZERO
from cchc_xl.records import Consolidation, Edition, Scorecard
from cchc_xl.result.contents import Contents, ScoredCriterion
from cchc_xl.result.view import View
from cchc_xl.text.numbers import percent_vi, upper_first
from cchc_xl.text.printed import cap_text, cell_format
from cchc_xl.text.words import ROLL

_WORST, _NAMED = 8, 12  # criteria below their maximum; units of a row


def _write_summary(book: Book, sheet: Any, view: View, workings: Workings) -> None:
    """Writes the page: the index, the fields with a chart, who filed, what falls short."""
    sheet.write_string(0, 0, view.contents.agency or "Kết quả tổng hợp", book.look("bold"))
    book.title(sheet, 1, f"{view.index_name.upper()} – {view.contents.period_name.upper()}")
    book.go(sheet, 0, 5, place_in(TO_DO), f"← {TO_DO}", "back")
    book.merge(sheet, 2, (0, 5), _status(view), "told")
    book.merge(sheet, 3, (0, 5), _standing_line(view), "told")
    _headline(book, sheet, view, workings)
    last = _fields(book, sheet, view, workings)
    last = _roll(book, sheet, view, last + 21)
    _shortfalls(book, sheet, view, last + 2)
    sheet.repeat_rows(0, 1)


def _status(view: View) -> str:
    index = view.contents.index
    if index.percent is None:
        return NO_INDEX
    if index.complete:
        return "Chỉ số tính đủ mọi tiêu chí; điểm tối đa theo kế hoạch đã nạp."
    low, high = (percent_vi(value, view.places) for value in (index.percent, index.percent_if_missing_full))
    return f"Chỉ số tạm tính: còn {view.missing_text()}, nên nằm trong khoảng {low} – {high}."


def _standing_line(view: View) -> str:
    """How the criteria stand, and what the index rests on beside them."""
    told = (
        view.counts_text,
        upper_first(view.appraisal_text),
        f"Chỉ số {view.extras_text}" if view.extras_text else "",
    )
    return ". ".join(filter(None, told)) + "."


def _headline(book: Book, sheet: Any, view: View, workings: Workings) -> None:
    index, settings = view.contents.index, view.contents.settings
    labels = ("Chỉ số (%)", "Mục tiêu (%)", "Năm trước (%)", "Nếu tiêu chí chưa có điểm đạt tối đa (%)")
    for column, label in enumerate(labels):
        book.write(sheet, 4, column, label, "head")
    sheet.set_row(5, 44)
    percent = "" if index.percent is None else float(index.percent)
    big = book.workbook.add_format({**_BIG, "num_format": cell_format(view.places)})
    sheet.write_formula(5, 0, f"={workings.index}", big, percent)
    for column, value in enumerate((index.target, index.previous, index.percent_if_missing_full), start=1):
        if value is None:
            sheet.write_string(5, column, "–", big)
        else:
            sheet.write_number(5, column, float(value), big)
    rank = settings.previous_rank
    if rank:
        of = f"/{settings.ranked_units}" if settings.ranked_units else ""
        sheet.write_string(6, 0, f"Xếp hạng năm trước: {rank}{of}", book.look("note"))


_BIG = {
    "font_name": FONT,
    "bold": True,
    "font_size": 22,
    "align": "center",
    "valign": "vcenter",
    "border": 1,
    "border_color": LINE,
}


def _fields(book: Book, sheet: Any, view: View, workings: Workings) -> int:
    def points(field: ScoredCriterion) -> Formula:
        cell = f"'{SCORES}'!D{workings.rows[field.code]}"
        return Formula(f'IF({cell}="","",{cell})', cell_value(field.final_points))

    def share(field: ScoredCriterion) -> Formula:
        row = view.top.index(field) + 10
        return Formula(f'IF(OR(C{row}="",B{row}<=0),"",C{row}*100/B{row})', cell_value(view.share(field)))

    target, provisional = view.contents.index.target, {field.code for field in view.top if _is_open(view, field)}

    def label(field: ScoredCriterion) -> str:
        if field.code in provisional:
            return f"{field.code}. {field.name} (tạm tính)"
        cap = f" ({cap_text(field.max, view.places)})" if view.is_extra(field) else ""
        return f"{field.code}. {field.name}{cap}"

    columns: tuple[Column[ScoredCriterion], ...] = (
        Column("Lĩnh vực", label),
        Column(
            "Điểm tối đa",
            lambda field: Formula(f"'{SCORES}'!E{workings.rows[field.code]}", float(field.applicable_max)),
            "points",
        ),
        Column("Điểm đạt", points, "points"),
        Column("Tỷ lệ (%)", share, "index"),
        *(
            [Column("Mục tiêu (%)", lambda field: None if view.is_extra(field) else target, "points")]
            if target is not None
            else []
        ),
    )
    last = write_table(book, sheet, 8, columns, view.top)
    if view.top:
        _chart(book, sheet, view, last, provisional)
    return last


def _is_open(view: View, field: ScoredCriterion) -> bool:
    """Whether points in it can still come: then its share is provisional."""
    return any(leaf.final_points is None and leaf.applicable_max for leaf in view.leaves_of(field.code))


def _chart(book: Book, sheet: Any, view: View, last: int, provisional: set[str]) -> None:
    """The share of each field as a column, those that can still change paler; the target as a line."""
    name, small = sheet.get_name(), {"name": FONT, "size": 9}
    chart = book.workbook.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": "Tỷ lệ đạt (%)",
            "categories": [name, 9, 0, last, 0],
            "values": [name, 9, 3, last, 3],
            "fill": {"color": SUMMED_UP},
            "points": [{"fill": {"color": _PALE}} if field.code in provisional else None for field in view.top],
            "data_labels": {"value": True, "num_format": cell_format(view.places), "font": small},
            "gap": 60,
        }
    )
    target, aim = view.contents.index.target, ""
    if target is not None:
        aim = f" và mục tiêu {percent_vi(target, view.places)}"
        line = book.workbook.add_chart({"type": "line"})
        line.add_series(
            {
                "name": f"Mục tiêu {percent_vi(target, view.places)}",
                "categories": [name, 9, 0, last, 0],
                "values": [name, 9, 4, last, 4],
                "line": {"color": "#C00000", "width": 1.75, "dash_type": "dash"},
            }
        )
        chart.combine(line)
    pale = "; cột nhạt: lĩnh vực còn tiêu chí chưa có điểm (tạm tính)" if provisional else ""
    chart.set_title({"name": f"Tỷ lệ điểm đạt theo lĩnh vực (%){pale}", "name_font": {"name": FONT, "size": 11}})
    lines = {"visible": True, "line": {"color": "#E5E7EB"}}
    chart.set_x_axis({"num_font": small})
    chart.set_y_axis({"min": 0, "max": 100, "num_font": small, "major_gridlines": lines})
    chart.set_legend({"position": "bottom", "font": small})
    chart.set_size({"width": 900, "height": 370})
    told = f"Biểu đồ cột: tỷ lệ điểm đạt của {len(view.top)} lĩnh vực{aim}, các số ở bảng phía trên."
    sheet.insert_chart(last + 2, 0, chart, {"description": told})


_PALE = "#B8CCE4"


def _roll(book: Book, sheet: Any, view: View, head: int) -> int:
    units: dict[str, list[str]] = {status: [] for status in ROLL}
    for item in view.contents.rollcall:
        units[item.status].append(view.unit(item.unit))

    def label(status: str) -> Cell:
        return Cell(ROLL[status].capitalize(), "warning" if units[status] and status != "submitted" else "cell")

    columns: tuple[Column[str], ...] = (
        Column("Gửi báo cáo", label),
        Column("Số đơn vị", lambda status: len(units[status]), "centre"),
        Column("Đơn vị", lambda status: _few(units[status]) or "–", span=4),
    )
    last = write_table(book, sheet, head, columns, units) + 1
    counts = Counter(item.severity for item in view.contents.findings)
    told = f"Kiểm tra: {counts['error']} lỗi phải sửa, {counts['warning']} cảnh báo, {counts['note']} ghi chú"
    book.link(sheet, last, 0, LOOKUP, f"{told}: xem {LOOKUP}", place_in(FINDINGS), "back")
    return last


def _few(units: list[str]) -> str:
    """Units by their names; of many the first, and how many more."""
    more = len(units) - _NAMED
    return "; ".join(units) if more <= 1 else f"{'; '.join(units[:_NAMED])} và {more} đơn vị khác (xem {LOOKUP})"


_NAMED_LEADS = 2


def _shortfalls(book: Book, sheet: Any, view: View, head: int) -> None:
    def gap(leaf: ScoredCriterion) -> Decimal:
        missing = view.standing(leaf) == "missing"
        return leaf.applicable_max - (leaf.final_points or ZERO) if missing else view.gap(leaf)

    def name(leaf: ScoredCriterion) -> str:
        reason = cap_text(leaf.max, view.places) if view.is_extra(leaf) else view.away_reason(leaf)
        return f"{leaf.code}. {leaf.name}" + (f" ({reason})" if reason else "")

    def lead(leaf: ScoredCriterion) -> str:
        units = list(dict.fromkeys(unit for item in view.below(leaf.code) for unit in item.lead))
        return (
            ("; ".join(map(view.unit, units)) or "–") if len(units) <= _NAMED_LEADS else f"{len(units)} đơn vị chủ trì"
        )

    columns: tuple[Column[ScoredCriterion], ...] = (
        Column("Tiêu chí còn thiếu nhiều điểm nhất", name),
        Column("Điểm tối đa", lambda leaf: max(leaf.applicable_max, ZERO), "points"),
        Column("Điểm đạt", lambda leaf: known(leaf.final_points), "points"),
        Column("Còn thiếu", gap, "points"),
        Column("Chủ trì", lead, span=2),
    )
    lost = [*view.standing_as("short"), *view.standing_as("missing"), *view.deductions]
    write_table(book, sheet, head, columns, sorted(lost, key=gap, reverse=True)[:_WORST])


def write_consolidated(
    edition: Edition,
    consolidation: Consolidation,
    scorecard: Scorecard,
    contents: Contents,
    path: Path,
    beside: Beside = NOTHING_BESIDE,
) -> None:
    """Writes the consolidated workbook of one run to ``path``; ``beside`` says which files it can lead to."""
    view = View(contents)
    with Book(path, f"Tổng hợp và chấm điểm – {edition.period.name}", view.places) as book:
        first = book.sheet(TO_DO, to_do.WIDTHS, tab=TO_BE_DONE)
        summary = book.sheet(to_do.SUMMARY, (46, 15, 15, 15, 15, 24), portrait=True, tab=SUMMED_UP)
        appendix = book.sheet(to_do.APPENDIX, appendix_sheet.WIDTHS, tab="#70AD47")
        scores = book.sheet(SCORES, (8, 46, 9, 9, 10, 9, 13, 12, 9, 14, 62, 9, 10), tab=SUMMED_UP)
        workings = Workings(edition, consolidation)
        write_figures(book, edition, consolidation)
        write_reported(book, edition, consolidation, workings)
        write_scores(book, scores, scorecard, workings)
        _write_summary(book, summary, view, workings)
        appendix_sheet.write_appendix(book, appendix, edition, view, workings, scorecard.index.percent)
        to_do.write_to_do(book, first, view, workings, beside)
        workings.write(book, scorecard)
        book.stamp((("kind", "tong-hop"), ("period", edition.period.code)))
        first.activate()
