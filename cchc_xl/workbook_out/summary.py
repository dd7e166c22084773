"""The first sheet of the consolidated workbook: one page that a head of office understands in a minute.

The document of the run and the rows of ``Chấm điểm`` come in; the figures shown are formulas on that sheet.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cchc_xl.office.excel.book import Book
from cchc_xl.result.result_file import Document
from cchc_xl.text.numbers import vietnamese
from cchc_xl.workbook_out.scores import INDEX_LABEL

_SHEET = "'Chấm điểm'"
WORST = 8


def write_summary(book: Book, sheet: Any, document: Document, rows: dict[str, int]) -> None:
    """Writes the page: the index, the fields with a chart, who filed, what falls short."""
    sheet.write_string(0, 0, document["agency"] or "Kết quả tổng hợp", book.look("bold"))
    sheet.write_string(1, 0, f"CHỈ SỐ CẢI CÁCH HÀNH CHÍNH – {document['period_name'].upper()}", book.look("title"))
    sheet.write_string(2, 0, _status(document), book.look("note"))
    _headline(book, sheet, document, rows)
    last = _fields(book, sheet, document, rows)
    last = _roll(book, sheet, document, last + 19)
    _shortfalls(book, sheet, document, last + 2)
    sheet.repeat_rows(0, 1)


def _status(document: Document) -> str:
    index = document["index"]
    if index["percent"] is None:
        return "Chưa tính được chỉ số: chưa có tiêu chí nào áp dụng."
    if index["complete"]:
        return "Chỉ số tính đủ mọi tiêu chí; điểm tối đa theo kế hoạch đã nạp."
    missing = sum(item["status"] == "missing" for item in document["criteria"])
    low, high = (vietnamese(Decimal(index[name]), _places(document)) for name in ("percent", "percent_if_missing_full"))
    return f"Chỉ số tạm tính: còn {missing} tiêu chí chưa có điểm, nên nằm trong khoảng {low}% – {high}%."


def _places(document: Document) -> int:
    return int(document["settings"]["places"])


def _headline(book: Book, sheet: Any, document: Document, rows: dict[str, int]) -> None:
    index, settings = document["index"], document["settings"]
    labels = ("Chỉ số (%)", "Mục tiêu (%)", "Năm trước (%)", "Nếu đủ điểm (%)")
    for column, label in enumerate(labels):
        book.write(sheet, 4, column, label, "head")
    sheet.set_row(5, 44)
    percent = "" if index["percent"] is None else float(index["percent"])
    big = book.workbook.add_format(
        {**_BIG, "num_format": "0" if _places(document) == 0 else "0." + "0" * _places(document)}
    )
    sheet.write_formula(5, 0, f"={_SHEET}!D{rows[INDEX_LABEL]}", big, percent)
    for column, name in enumerate(("target", "previous", "percent_if_missing_full"), start=1):
        value = index[name]
        if value is None:
            sheet.write_string(5, column, "–", big)
        else:
            sheet.write_number(5, column, float(value), big)
    rank = settings["previous_rank"]
    if rank:
        of = f"/{settings['ranked_units']}" if settings["ranked_units"] else ""
        sheet.write_string(6, 0, f"Xếp hạng năm trước: {rank}{of}", book.look("note"))


_BIG = {
    "font_name": "Times New Roman",
    "bold": True,
    "font_size": 22,
    "align": "center",
    "valign": "vcenter",
    "border": 1,
    "border_color": "#9CA3AF",
}


def _fields(book: Book, sheet: Any, document: Document, rows: dict[str, int]) -> int:
    top = [item for item in document["criteria"] if item["parent"] is None]
    for column, label in enumerate(("Lĩnh vực", "Điểm tối đa", "Điểm đạt", "Tỷ lệ (%)")):
        sheet.write_string(8, column, label, book.look("head"))
    for number, item in enumerate(top, start=9):
        row = rows[item["code"]]
        maximum, points = Decimal(item["applicable_max"]), item["final_points"]
        book.write(sheet, number, 0, f"{item['code']}. {item['name']}", "cell")
        sheet.write_formula(number, 1, f"={_SHEET}!E{row}", book.look("points"), float(maximum))
        known = "" if points is None else float(points)
        sheet.write_formula(number, 2, f'=IF({_SHEET}!D{row}="","",{_SHEET}!D{row})', book.look("points"), known)
        share = float(Decimal(points) * 100 / maximum) if points is not None and maximum else ""
        cell = number + 1
        sheet.write_formula(
            number, 3, f'=IF(OR(C{cell}="",B{cell}=0),"",C{cell}*100/B{cell})', book.look("index"), share
        )
    last = 8 + len(top)
    if top:
        chart = book.workbook.add_chart({"type": "bar"})
        name = sheet.get_name()
        chart.add_series(
            {
                "name": "Tỷ lệ đạt (%)",
                "categories": [name, 9, 0, last, 0],
                "values": [name, 9, 3, last, 3],
                "fill": {"color": "#4F81BD"},
                "data_labels": {"value": True, "num_format": "0.0"},
                "gap": 60,
            }
        )
        chart.set_title({"name": "Tỷ lệ điểm đạt theo lĩnh vực (%)", "name_font": {"size": 12}})
        chart.set_x_axis({"min": 0, "max": 100, "major_gridlines": {"visible": True, "line": {"color": "#E5E7EB"}}})
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        chart.set_legend({"none": True})
        chart.set_size({"width": 880, "height": 320})
        sheet.insert_chart(last + 2, 0, chart)
    return last


def _roll(book: Book, sheet: Any, document: Document, row: int) -> int:
    names = {unit["code"]: unit["name"] for unit in document["units"]}
    for column, label in enumerate(("Nộp bài", "Số đơn vị")):
        sheet.write_string(row, column, label, book.look("head"))
    book.merge(sheet, row, (2, 5), "Đơn vị", "head")
    kinds = (("submitted", "Đúng hạn"), ("late", "Trễ hạn"), ("missing", "Chưa nộp"), ("unreadable", "Không đọc được"))
    for status, label in kinds:
        row += 1
        who = [names[item["unit"]] for item in document["rollcall"] if item["status"] == status]
        look = "warning" if who and status != "submitted" else "cell"
        book.write(sheet, row, 0, label, look)
        book.write(sheet, row, 1, len(who), "centre")
        book.merge(sheet, row, (2, 5), "; ".join(who) or "–", "cell")
    counts = {
        severity: sum(item["severity"] == severity for item in document["findings"])
        for severity in ("error", "warning", "note")
    }
    row += 1
    told = f"Kiểm tra: {counts['error']} lỗi phải sửa, {counts['warning']} cảnh báo, {counts['note']} ghi chú"
    sheet.write_string(row, 0, f"{told} (sheet “Lỗi, cảnh báo”).", book.look("note"))
    return row


def _shortfalls(book: Book, sheet: Any, document: Document, row: int) -> None:
    names = {unit["code"]: unit["name"] for unit in document["units"]}
    parents = {item["parent"] for item in document["criteria"]}
    short = []
    for item in document["criteria"]:
        if item["code"] not in parents and item["status"] in ("scored", "missing"):
            gap = Decimal(item["applicable_max"]) - Decimal(item["final_points"] or 0)
            if gap > 0:
                short.append((gap, item))
    short.sort(key=lambda pair: -pair[0])
    for column, label in enumerate(("Tiêu chí còn thiếu nhiều điểm nhất", "Điểm tối đa", "Điểm đạt", "Còn thiếu")):
        sheet.write_string(row, column, label, book.look("head"))
    book.merge(sheet, row, (4, 5), "Chủ trì", "head")
    for gap, item in short[:WORST]:
        row += 1
        book.write(sheet, row, 0, f"{item['code']} {item['name']}", "cell")
        book.write(sheet, row, 1, Decimal(item["applicable_max"]), "points")
        points = item["final_points"]
        book.write(sheet, row, 2, Decimal(points) if points is not None else "chưa có", "points")
        book.write(sheet, row, 3, gap, "points")
        lead = [names[code] for code in item["lead"]]
        shown = "; ".join(lead) if len(lead) <= 2 else f"{len(lead)} đơn vị chủ trì"
        book.merge(sheet, row, (4, 5), shown or "–", "cell")
