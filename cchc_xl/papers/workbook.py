"""The consolidated workbook: the records of a run come in, ``tong-hop.xlsx`` goes out.

Contract: design §5. The sheet ``Chấm điểm`` computes every score by Excel formulas down to figure cells of the same
workbook; the values are stored beside the formulas, so that a viewer shows numbers.

The document of the run and the rows of ``Chấm điểm`` come in; the figures shown are formulas on that sheet.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from cchc_xl.office.excel.book import FONT, Book
from cchc_xl.office.excel.bounds import STAMP_SHEET
from cchc_xl.papers.listings import write_listings
from cchc_xl.papers.scores import INDEX_LABEL, write_figures, write_reported, write_scores
from cchc_xl.papers.workings import Workings
from cchc_xl.records import Consolidation, Edition, Scorecard
from cchc_xl.result.comparison import Comparison, CriterionSide
from cchc_xl.result.contents import ZERO, Advice, Contents
from cchc_xl.result.contents import Path as Route
from cchc_xl.result.view import View
from cchc_xl.text.numbers import vietnamese

_STATUS = {
    "reached": "Chỉ số đã đạt mục tiêu.",
    "path": "Danh sách ngắn nhất các tiêu chí cần đạt đủ điểm để tới mục tiêu:",
    "unreachable": "Không tới được mục tiêu dù mọi tiêu chí đạt đủ điểm.",
    "unknown": "Chưa tính được: chưa có tiêu chí nào áp dụng.",
}


def write_outlook(book: Book, contents: Contents) -> None:
    """Writes both sheets."""
    _path(book, contents)
    _comparison(book, contents)


def _path(book: Book, contents: Contents) -> None:
    sheet = book.sheet("Đường tới mục tiêu", (9, 46, 11, 11, 11, 46, 12, 46, 12))
    path = contents.path
    row = 0
    for text in _headlines(path, contents.settings.places):
        sheet.write_string(row, 0, text, book.look("bold" if row else "title"))
        row += 1
    if path and path.stops:
        row += 1
        for column, text in enumerate(("Mã", "Tiêu chí", "Điểm nay", "Đủ điểm", "Chỉ số khi đó (%)")):
            book.write(sheet, row, column, text, "head")
        for stop in path.stops:
            row += 1
            for column, (value, look) in enumerate(
                (
                    (stop.code, "code"),
                    (stop.name, "cell"),
                    ("chưa có" if stop.points is None else stop.points, "points"),
                    (stop.full, "points"),
                    (stop.percent, "points"),
                )
            ):
                book.write(sheet, row, column, value, look)
        row += 1
    row += 1
    headings = (
        "Mã",
        "Tiêu chí",
        "Điểm nay",
        "Tối đa",
        "Còn thêm",
        "Bước kế tiếp",
        "Được thêm",
        "Rủi ro",
        "Mất đi",
    )
    for column, text in enumerate(headings):
        book.write(sheet, row, column, text, "head")
    sheet.freeze_panes(row + 1, 2)
    for item in contents.advice:
        row += 1
        _advice(book, sheet, row, item)


def _headlines(path: Route | None, places: int) -> tuple[str, ...]:
    if path is None:
        return ("ĐƯỜNG TỚI MỤC TIÊU", "Kế hoạch không ghi chỉ số mục tiêu.")
    target, highest = vietnamese(path.target, places), path.highest
    lines = [f"ĐƯỜNG TỚI MỤC TIÊU {target}%", _STATUS[path.status]]
    if highest is not None:
        lines.append(f"Cao nhất có thể đạt: {vietnamese(Decimal(highest), places)}%.")
    if path.missing:
        lines.append(f"Chưa có điểm, đang tính 0: {', '.join(path.missing)}.")
    return tuple(lines)


def _advice(book: Book, sheet: Any, row: int, item: Advice) -> None:
    steps: list[tuple[object, str]] = []
    for step in (item.next, item.risk):
        steps += [(step.change if step else "", "cell"), (step.difference if step else None, "points")]
    points: object = "chưa có" if item.points is None else item.points
    cells = (
        (item.code, "code"),
        (item.name, "cell"),
        ("không phát sinh" if item.status == "not_applicable" else points, "points"),
        (item.maximum, "points"),
        (item.gain, "points"),
        *steps,
    )
    for column, (value, look) in enumerate(cells):
        book.write(sheet, row, column, value, look)


def _comparison(book: Book, contents: Contents) -> None:
    """Against an earlier result where the run was given one, else against the plan's points of last year."""
    compared = contents.comparison
    before = compared.before.period_name if compared else "năm trước (theo kế hoạch)"
    sheet = book.sheet("So sánh", (9, 56, 14, 14, 14, 18, 40))
    sheet.write_string(0, 0, f"SO SÁNH VỚI {before.upper()}", book.look("title"))
    headings = ("Mã", "Tiêu chí", "Kỳ trước", "Kỳ này", "Chênh lệch điểm", "Chênh lệch (điểm phần trăm)", "Ghi chú")
    book.heading(sheet, 2, headings)
    rows = _compared(compared) if compared else _against_plan(contents)
    for number, cells in enumerate(rows, start=3):
        for column, (value, look) in enumerate(cells):
            book.write(sheet, number, column, value, look)


Cells = tuple[tuple[object, str], ...]


def _compared(compared: Comparison) -> list[Cells]:
    rows: list[Cells] = []
    for item in (*compared.fields, *compared.criteria):
        rows.append(
            (
                (item.code, "code"),
                (item.name, "cell"),
                (_side(item.before), "points"),
                (_side(item.after), "points"),
                (item.difference_points, "points"),
                (item.difference_percentage_points, "points"),
                ("", "cell"),
            )
        )
    for text, alone in (
        ("mới có ở kỳ này", compared.added),
        ("không còn ở kỳ này", compared.removed),
        ("mã hoặc tên đã đổi", tuple(item.after for item in compared.changed)),
    ):
        rows += (
            ((item.code, "code"), (item.name, "cell"), *((None, "cell"),) * 4, (text, "warning")) for item in alone
        )
    return rows


def _side(side: CriterionSide) -> Decimal | str:
    if side.points is None:
        return "không phát sinh" if side.status == "not_applicable" else "chưa có"
    return side.points


def _against_plan(contents: Contents) -> list[Cells]:
    rows: list[Cells] = []
    for item in contents.criteria:
        before, after = item.previous_points, item.final_points
        difference = after - before if before is not None and after is not None else None
        share = None
        if difference is not None and item.applicable_max:
            share = difference * 100 / item.applicable_max
        rows.append(
            (
                (item.code, "code"),
                (item.name, "cell"),
                ("chưa có" if before is None else before, "points"),
                ("chưa có" if after is None else after, "points"),
                (difference, "points"),
                (share, "points"),
                ("", "cell"),
            )
        )
    index = contents.index
    before, after = index.previous, index.percent
    gap = after - before if before is not None and after is not None and index.complete else None
    note = "" if index.complete else "chỉ số tạm tính, chưa so sánh"
    rows.append(
        (
            ("", "code"),
            ("Chỉ số (%)", "group"),
            ("chưa có" if before is None else before, "group_points"),
            ("chưa có" if after is None else after, "group_points"),
            (None, "group"),
            (gap, "group_points"),
            (note, "cell"),
        )
    )
    return rows


_SHEET = "'Chấm điểm'"
WORST = 8


def write_summary(book: Book, sheet: Any, view: View, rows: dict[str, int]) -> None:
    """Writes the page: the index, the fields with a chart, who filed, what falls short."""
    sheet.write_string(0, 0, view.contents.agency or "Kết quả tổng hợp", book.look("bold"))
    sheet.write_string(1, 0, f"CHỈ SỐ CẢI CÁCH HÀNH CHÍNH – {view.contents.period_name.upper()}", book.look("title"))
    sheet.write_string(2, 0, _status(view), book.look("note"))
    _headline(book, sheet, view, rows)
    last = _fields(book, sheet, view, rows)
    last = _roll(book, sheet, view, last + 19)
    _shortfalls(book, sheet, view, last + 2)
    sheet.repeat_rows(0, 1)


def _status(view: View) -> str:
    index = view.contents.index
    if index.percent is None:
        return "Chưa tính được chỉ số: chưa có tiêu chí nào áp dụng."
    if index.complete:
        return "Chỉ số tính đủ mọi tiêu chí; điểm tối đa theo kế hoạch đã nạp."
    missing = sum(item.status == "missing" for item in view.contents.criteria)
    low, high = (
        "" if value is None else vietnamese(value, view.places)
        for value in (index.percent, index.percent_if_missing_full)
    )
    return f"Chỉ số tạm tính: còn {missing} tiêu chí chưa có điểm, nên nằm trong khoảng {low}% – {high}%."


def _headline(book: Book, sheet: Any, view: View, rows: dict[str, int]) -> None:
    index, settings = view.contents.index, view.contents.settings
    labels = ("Chỉ số (%)", "Mục tiêu (%)", "Năm trước (%)", "Nếu đủ điểm (%)")
    for column, label in enumerate(labels):
        book.write(sheet, 4, column, label, "head")
    sheet.set_row(5, 44)
    percent = "" if index.percent is None else float(index.percent)
    big = book.workbook.add_format({**_BIG, "num_format": "0" if view.places == 0 else "0." + "0" * view.places})
    sheet.write_formula(5, 0, f"={_SHEET}!D{rows[INDEX_LABEL]}", big, percent)
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


def _fields(book: Book, sheet: Any, view: View, rows: dict[str, int]) -> int:
    for column, label in enumerate(("Lĩnh vực", "Điểm tối đa", "Điểm đạt", "Tỷ lệ (%)")):
        sheet.write_string(8, column, label, book.look("head"))
    for number, item in enumerate(view.top, start=9):
        row = rows[item.code]
        maximum, points = item.applicable_max, item.final_points
        book.write(sheet, number, 0, f"{item.code}. {item.name}", "cell")
        sheet.write_formula(number, 1, f"={_SHEET}!E{row}", book.look("points"), float(maximum))
        known = "" if points is None else float(points)
        sheet.write_formula(number, 2, f'=IF({_SHEET}!D{row}="","",{_SHEET}!D{row})', book.look("points"), known)
        share = float(points * 100 / maximum) if points is not None and maximum else ""
        cell = number + 1
        sheet.write_formula(
            number, 3, f'=IF(OR(C{cell}="",B{cell}=0),"",C{cell}*100/B{cell})', book.look("index"), share
        )
    last = 8 + len(view.top)
    if view.top:
        chart = book.workbook.add_chart({"type": "bar"})
        name, small = sheet.get_name(), {"name": FONT, "size": 9}
        chart.add_series(
            {
                "name": "Tỷ lệ đạt (%)",
                "categories": [name, 9, 0, last, 0],
                "values": [name, 9, 3, last, 3],
                "fill": {"color": "#4F81BD"},
                "data_labels": {"value": True, "num_format": "0.0", "font": small},
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


def _roll(book: Book, sheet: Any, view: View, row: int) -> int:
    for column, label in enumerate(("Nộp bài", "Số đơn vị")):
        sheet.write_string(row, column, label, book.look("head"))
    book.merge(sheet, row, (2, 5), "Đơn vị", "head")
    kinds = (("submitted", "Đúng hạn"), ("late", "Trễ hạn"), ("missing", "Chưa nộp"), ("unreadable", "Không đọc được"))
    for status, label in kinds:
        row += 1
        who = [view.unit(item.unit) for item in view.contents.rollcall if item.status == status]
        look = "warning" if who and status != "submitted" else "cell"
        book.write(sheet, row, 0, label, look)
        book.write(sheet, row, 1, len(who), "centre")
        book.merge(sheet, row, (2, 5), "; ".join(who) or "–", "cell")
    counts = {
        severity: sum(item.severity == severity for item in view.contents.findings)
        for severity in ("error", "warning", "note")
    }
    row += 1
    told = f"Kiểm tra: {counts['error']} lỗi phải sửa, {counts['warning']} cảnh báo, {counts['note']} ghi chú"
    sheet.write_string(row, 0, f"{told} (sheet “Lỗi, cảnh báo”).", book.look("note"))
    return row


def _shortfalls(book: Book, sheet: Any, view: View, row: int) -> None:
    short = []
    for item in view.contents.criteria:
        if not view.children[item.code] and item.status in ("scored", "missing"):
            gap = item.applicable_max - (item.final_points or ZERO)
            if gap > 0:
                short.append((gap, item))
    short.sort(key=lambda pair: -pair[0])
    for column, label in enumerate(("Tiêu chí còn thiếu nhiều điểm nhất", "Điểm tối đa", "Điểm đạt", "Còn thiếu")):
        sheet.write_string(row, column, label, book.look("head"))
    book.merge(sheet, row, (4, 5), "Chủ trì", "head")
    for gap, item in short[:WORST]:
        row += 1
        book.write(sheet, row, 0, f"{item.code} {item.name}", "cell")
        book.write(sheet, row, 1, item.applicable_max, "points")
        points = item.final_points
        book.write(sheet, row, 2, "chưa có" if points is None else points, "points")
        book.write(sheet, row, 3, gap, "points")
        lead = list(map(view.unit, item.lead))
        shown = "; ".join(lead) if len(lead) <= 2 else f"{len(lead)} đơn vị chủ trì"
        book.merge(sheet, row, (4, 5), shown or "–", "cell")


def write_consolidated(
    edition: Edition, consolidation: Consolidation, scorecard: Scorecard, contents: Contents, path: Path
) -> None:
    """Writes the consolidated workbook of one run to ``path``."""
    view = View(contents)
    with Book(path, f"Tổng hợp và chấm điểm cải cách hành chính – {edition.period.name}") as book:
        summary = book.sheet("Tóm tắt", (46, 15, 15, 15, 15, 24), portrait=True)
        scores = book.sheet("Chấm điểm", (12, 52, 11, 11, 12, 10, 14, 16, 11, 16, 80, 11, 11))
        workings = Workings(edition)
        totals = write_figures(book, edition, consolidation)
        reported = write_reported(book, edition, consolidation, workings)
        rows = write_scores(book, scores, scorecard, workings, totals, reported)
        write_summary(book, summary, view, rows)
        write_outlook(book, contents)
        write_listings(book, view)
        workings.write(book, scorecard, totals)
        stamp = book.workbook.add_worksheet(STAMP_SHEET)
        for number, pair in enumerate((("kind", "tong-hop"), ("period", edition.period.code))):
            for column, text in enumerate(pair):
                stamp.write_string(number, column, text)
        stamp.hide()
        summary.activate()
