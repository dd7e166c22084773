"""The consolidated workbook: the records of a run come in, ``tong-hop.xlsx`` goes out.

Contract: design §5. The sheet ``Chấm điểm`` computes every score by Excel formulas down to figure cells of the same
workbook; the values are stored beside the formulas, so that a viewer shows numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from cchc_xl.office.excel.book import FONT, Book
from cchc_xl.office.excel.bounds import STAMP_SHEET
from cchc_xl.papers.columns import Cell, Column, Formula, cell_value, columns_of_cells, write_table
from cchc_xl.papers.figure_sheets import write_figures, write_reported
from cchc_xl.papers.listings import ROLL, write_listings
from cchc_xl.papers.scores import INDEX_LABEL, SCORES, Workings, write_scores
from cchc_xl.plan.marking import ZERO
from cchc_xl.records import Consolidation, Edition, Scorecard
from cchc_xl.result.advice import Advice, Stop
from cchc_xl.result.advice import Path as Route
from cchc_xl.result.comparison import Comparison, CriterionSide
from cchc_xl.result.contents import Contents, ScoredCriterion
from cchc_xl.result.view import View
from cchc_xl.text.numbers import percent_vi, upper_first
from cchc_xl.text.printed import cap_text, cell_format
from cchc_xl.text.words import AWAY, MISSING

_STATUS = {
    "reached": "Chỉ số đã đạt mục tiêu.",
    "path": "{list} các tiêu chí cần đạt đủ điểm để tới mục tiêu:",
    "unreachable": "Không tới được mục tiêu dù mọi tiêu chí đạt đủ điểm.",
    "unknown": "Chưa tính được: chưa có tiêu chí nào áp dụng.",
}
_MEASURED = (
    "“Còn thêm”, “Được thêm”, “Mất đi” là số điểm mà cả chỉ số tăng, giảm, sau khi tính qua các nhóm tiêu chí; "
    "“Điểm nay”, “Tối đa” là của riêng tiêu chí."
)
_WORST = 8


def _known(points: Decimal | None) -> Decimal | str:
    return MISSING if points is None else points


def _advised(item: Advice) -> Decimal | str:
    return AWAY if item.status == "not_applicable" else _known(item.points)


_Stopped = tuple[Stop, Advice | None]


def _kind(stop: Stop, advice: Advice | None) -> str:
    if advice and advice.is_nobodys:
        return "không do đơn vị"
    return "cần nộp" if stop.points is None else "phải làm"


_STOPS: tuple[Column[_Stopped], ...] = (
    Column("Mã", lambda row: row[0].code, "code"),
    Column("Tiêu chí", lambda row: row[0].name),
    Column("Điểm nay", lambda row: _known(row[0].points), "points"),
    Column("Đủ điểm", lambda row: row[0].full, "points"),
    Column("Chỉ số khi đó (%)", lambda row: row[0].percent if row[0].exact else None, "points"),
    Column("Làm gì", lambda row: row[1] and row[1].way and row[1].way.change),
    Column("Loại", lambda row: _kind(*row)),
    Column("Đơn vị", lambda row: row[1] and row[1].way and row[1].way.by),
    Column("Có thể thay bằng", lambda row: ", ".join(row[0].alternatives)),
)
_ADVICE: tuple[Column[Advice], ...] = (
    Column("Mã", lambda item: item.code, "code", 9),
    Column("Tiêu chí", lambda item: item.name, width=46),
    Column("Điểm nay", _advised, "points", 11),
    Column("Tối đa", lambda item: item.maximum, "points", 11),
    Column("Còn thêm", lambda item: item.gain, "points", 11),
    Column("Bước kế tiếp", lambda item: item.next and item.next.change, width=46),
    Column("Được thêm", lambda item: item.next and item.next.difference, "points", 12),
    Column("Rủi ro", lambda item: item.risk and item.risk.change, width=46),
    Column("Mất đi", lambda item: item.risk and item.risk.difference, "points", 12),
    Column("Ghi chú", lambda item: item.idle, width=46),
)


def _write_path(book: Book, contents: Contents) -> None:
    sheet = book.sheet("Đường tới mục tiêu", tuple(column.width for column in _ADVICE))
    path = contents.path
    row = 0
    for row, text in enumerate(_headlines(path, contents), start=1):
        sheet.write_string(row - 1, 0, text, book.look("bold" if row > 1 else "title"))
    if path and path.stops:
        advice = {item.code: item for item in contents.advice}
        row = write_table(book, sheet, row + 1, _STOPS, [(stop, advice.get(stop.code)) for stop in path.stops]) + 1
    row += 1
    sheet.write_string(row, 0, _MEASURED, book.look("note"))
    row += 1
    sheet.freeze_panes(row + 1, 2)
    write_table(book, sheet, row, _ADVICE, contents.advice)


def _headlines(path: Route | None, contents: Contents) -> tuple[str, ...]:
    places = contents.settings.places
    if path is None:
        return ("ĐƯỜNG TỚI MỤC TIÊU", "Kế hoạch không ghi chỉ số mục tiêu.")
    lines = [f"ĐƯỜNG TỚI MỤC TIÊU {percent_vi(path.target, places)}", _STATUS[path.status].format(list=path.list_name)]
    if path.highest is not None:
        lines.append(f"Cao nhất có thể đạt: {percent_vi(path.highest, places)}.")
    if path.missing:
        counted = (
            f"{path.missing_count} tiêu chí chưa có điểm" if path.missing_count else "Chưa có điểm thưởng, điểm trừ"
        )
        lines.append(f"{counted}, đang tính 0; {'; '.join(_awaited(path.missing, contents.advice))}.")
    return tuple(lines)


def _awaited(missing: Sequence[str], advice: Sequence[Advice]) -> Iterator[str]:
    """What is missing, by who or what it waits for."""
    nobodys = {item.code: item.next.change for item in advice if item.is_nobodys and item.next}
    owed = [code for code in missing if code not in nobodys]
    if owed:
        yield f"còn thiếu số liệu, mức đạt của: {', '.join(owed)}"
    for change in dict.fromkeys(nobodys[code] for code in missing if code in nobodys):
        yield f"{change}: {', '.join(code for code in missing if nobodys.get(code) == change)}"


_COMPARED = columns_of_cells(
    ("Mã", "code", 9),
    ("Tiêu chí", "cell", 56),
    ("Kỳ trước", "points", 14),
    ("Kỳ này", "points", 14),
    ("Chênh lệch điểm", "points", 14),
    ("Chênh lệch (điểm phần trăm)", "points", 18),
    ("Ghi chú", "cell", 40),
)


def _write_comparison(book: Book, contents: Contents) -> None:
    """Against an earlier result where the run was given one, else against the plan's points of last year."""
    compared = contents.comparison
    before = compared.before.period_name if compared else "năm trước (theo kế hoạch)"
    sheet = book.sheet("So sánh", tuple(column.width for column in _COMPARED))
    sheet.write_string(0, 0, f"SO SÁNH VỚI {before.upper()}", book.look("title"))
    write_table(book, sheet, 2, _COMPARED, _compared(compared) if compared else _against_plan(contents))
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(2)


def _compared(compared: Comparison) -> Iterator[tuple[object, ...]]:
    for item in (*compared.fields, *compared.criteria):
        moved = item.difference_points, item.difference_percentage_points
        yield item.code, item.name, _side(item.before), _side(item.after), *moved, ""
    for text, alone in (
        ("mới có ở kỳ này", compared.added),
        ("không còn ở kỳ này", compared.removed),
        ("mã hoặc tên đã đổi", tuple(item.after for item in compared.changed)),
    ):
        for one in alone:
            yield one.code, one.name, *(Cell(None, "cell"),) * 4, Cell(text, "warning")


def _side(side: CriterionSide) -> Decimal | str:
    return AWAY if side.points is None and side.status == "not_applicable" else _known(side.points)


def _against_plan(contents: Contents) -> Iterator[tuple[object, ...]]:
    for item in contents.criteria:
        before, after = item.previous_points, item.final_points
        gap = after - before if before is not None and after is not None else None
        share = gap * 100 / item.applicable_max if gap is not None and item.applicable_max > 0 else None
        yield item.code, item.name, _known(before), _known(after), gap, share, ""
    index = contents.index
    sides = (Cell(_known(side), "group_points") for side in (index.previous, index.percent))
    risen = Cell(index.above(index.previous), "group_points")
    note = "" if index.complete else "chỉ số tạm tính, chưa so sánh"
    yield "", Cell(INDEX_LABEL, "group"), *sides, Cell(None, "group"), risen, note


def _write_summary(book: Book, sheet: Any, view: View, workings: Workings) -> None:
    """Writes the page: the index, the fields with a chart, who filed, what falls short."""
    sheet.write_string(0, 0, view.contents.agency or "Kết quả tổng hợp", book.look("bold"))
    sheet.write_string(1, 0, f"{view.index_name.upper()} – {view.contents.period_name.upper()}", book.look("title"))
    sheet.write_string(2, 0, _status(view), book.look("note"))
    sheet.write_string(3, 0, _standing_line(view), book.look("note"))
    _headline(book, sheet, view, workings)
    last = _fields(book, sheet, view, workings)
    last = _roll(book, sheet, view, last + 19)
    _shortfalls(book, sheet, view, last + 2)
    sheet.repeat_rows(0, 1)


def _status(view: View) -> str:
    index = view.contents.index
    if index.percent is None:
        return "Chưa tính được chỉ số: chưa có tiêu chí nào áp dụng."
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
    "border_color": "#9CA3AF",
}


def _fields(book: Book, sheet: Any, view: View, workings: Workings) -> int:
    def points(field: ScoredCriterion) -> Formula:
        cell = f"'{SCORES}'!D{workings.rows[field.code]}"
        return Formula(f'IF({cell}="","",{cell})', cell_value(field.final_points))

    def share(field: ScoredCriterion) -> Formula:
        row = view.top.index(field) + 10
        return Formula(f'IF(OR(C{row}="",B{row}<=0),"",C{row}*100/B{row})', cell_value(view.share(field)))

    def label(field: ScoredCriterion) -> str:
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
    )
    last = write_table(book, sheet, 8, columns, view.top)
    if view.top:
        chart = book.workbook.add_chart({"type": "bar"})
        name, small = sheet.get_name(), {"name": FONT, "size": 9}
        chart.add_series(
            {
                "name": "Tỷ lệ đạt (%)",
                "categories": [name, 9, 0, last, 0],
                "values": [name, 9, 3, last, 3],
                "fill": {"color": "#4F81BD"},
                "data_labels": {"value": True, "num_format": cell_format(view.places), "font": small},
                "gap": 60,
            }
        )
        chart.set_title({"name": "Tỷ lệ điểm đạt theo lĩnh vực (%)", "name_font": {"name": FONT, "size": 12}})
        lines = {"visible": True, "line": {"color": "#E5E7EB"}}
        chart.set_x_axis({"min": 0, "max": 100, "num_font": small, "major_gridlines": lines})
        chart.set_y_axis({"reverse": True, "num_font": small})
        chart.set_legend({"none": True})
        chart.set_size({"width": 880, "height": 320})
        told = (
            f"Biểu đồ thanh: tỷ lệ điểm đạt của {len(view.top)} lĩnh vực, các số ở cột “Tỷ lệ (%)” của bảng phía trên."
        )
        sheet.insert_chart(last + 2, 0, chart, {"description": told})
    return last


def _roll(book: Book, sheet: Any, view: View, head: int) -> int:
    units: dict[str, list[str]] = {status: [] for status in ROLL}
    for item in view.contents.rollcall:
        units[item.status].append(view.unit(item.unit))

    def label(status: str) -> Cell:
        return Cell(ROLL[status].capitalize(), "warning" if units[status] and status != "submitted" else "cell")

    columns: tuple[Column[str], ...] = (
        Column("Gửi báo cáo", label),
        Column("Số đơn vị", lambda status: len(units[status]), "centre"),
        Column("Đơn vị", lambda status: "; ".join(units[status]) or "–", span=4),
    )
    last = write_table(book, sheet, head, columns, units) + 1
    counts = Counter(item.severity for item in view.contents.findings)
    told = f"Kiểm tra: {counts['error']} lỗi phải sửa, {counts['warning']} cảnh báo, {counts['note']} ghi chú"
    sheet.write_string(last, 0, f"{told} (sheet “Lỗi, cảnh báo”).", book.look("note"))
    return last


def _shortfalls(book: Book, sheet: Any, view: View, head: int) -> None:
    def gap(leaf: ScoredCriterion) -> Decimal:
        missing = view.standing(leaf) == "missing"
        return leaf.applicable_max - (leaf.final_points or ZERO) if missing else view.gap(leaf)

    def name(leaf: ScoredCriterion) -> str:
        reason = cap_text(leaf.max, view.places) if view.is_extra(leaf) else view.away_reason(leaf)
        return f"{leaf.code} {leaf.name}" + (f" ({reason})" if reason else "")

    def lead(leaf: ScoredCriterion) -> str:
        few = len(leaf.lead) <= 2
        return ("; ".join(map(view.unit, leaf.lead)) or "–") if few else f"{len(leaf.lead)} đơn vị chủ trì"

    columns: tuple[Column[ScoredCriterion], ...] = (
        Column("Tiêu chí còn thiếu nhiều điểm nhất", name),
        Column("Điểm tối đa", lambda leaf: max(leaf.applicable_max, ZERO), "points"),
        Column("Điểm đạt", lambda leaf: _known(leaf.final_points), "points"),
        Column("Còn thiếu", gap, "points"),
        Column("Chủ trì", lead, span=2),
    )
    lost = [*view.standing_as("short"), *view.standing_as("missing"), *view.deductions]
    write_table(book, sheet, head, columns, sorted(lost, key=gap, reverse=True)[:_WORST])


def write_consolidated(
    edition: Edition, consolidation: Consolidation, scorecard: Scorecard, contents: Contents, path: Path
) -> None:
    """Writes the consolidated workbook of one run to ``path``."""
    view = View(contents)
    with Book(path, f"Tổng hợp và chấm điểm – {edition.period.name}", view.places) as book:
        summary = book.sheet("Tóm tắt", (46, 15, 15, 15, 15, 24), portrait=True)
        scores = book.sheet(SCORES, (12, 52, 11, 11, 12, 10, 14, 16, 11, 16, 80, 11, 11))
        workings = Workings(edition, consolidation)
        write_figures(book, edition, consolidation)
        write_reported(book, edition, consolidation, workings)
        write_scores(book, scores, scorecard, workings)
        _write_summary(book, summary, view, workings)
        _write_path(book, contents)
        _write_comparison(book, contents)
        write_listings(book, view)
        workings.write(book, scorecard)
        stamp = book.workbook.add_worksheet(STAMP_SHEET)
        for number, pair in enumerate((("kind", "tong-hop"), ("period", edition.period.code))):
            for column, text in enumerate(pair):
                stamp.write_string(number, column, text)
        stamp.hide()
        summary.activate()
