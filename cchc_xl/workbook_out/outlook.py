"""The sheets that look ahead and back: a run's document comes in, the path to the target and the comparison go out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cchc_xl.office.excel.book import Book
from cchc_xl.result.result_file import Document
from cchc_xl.text.numbers import vietnamese

_STATUS = {
    "reached": "Chỉ số đã đạt mục tiêu.",
    "path": "Danh sách ngắn nhất các tiêu chí cần đạt đủ điểm để tới mục tiêu:",
    "unreachable": "Không tới được mục tiêu dù mọi tiêu chí đạt đủ điểm.",
    "unknown": "Chưa tính được: chưa có tiêu chí nào áp dụng.",
}


def write_outlook(book: Book, document: Document) -> None:
    """Writes both sheets."""
    _path(book, document)
    _comparison(book, document)


def _path(book: Book, document: Document) -> None:
    sheet = book.sheet("Đường tới mục tiêu", (9, 46, 11, 11, 11, 46, 12, 46, 12))
    path, places = document["path"], int(document["settings"]["places"])
    row = 0
    for text in _headlines(path, places):
        sheet.write_string(row, 0, text, book.look("bold" if row else "title"))
        row += 1
    if path and path["stops"]:
        row += 1
        for column, text in enumerate(("Mã", "Tiêu chí", "Điểm nay", "Đủ điểm", "Chỉ số khi đó (%)")):
            book.write(sheet, row, column, text, "head")
        for stop in path["stops"]:
            row += 1
            for column, (value, look) in enumerate(
                (
                    (stop["code"], "code"),
                    (stop["name"], "cell"),
                    (_number(stop["points"]) or "chưa có", "points"),
                    (_number(stop["full"]), "points"),
                    (_number(stop["percent"]), "points"),
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
    for item in document["advice"]:
        row += 1
        _advice(book, sheet, row, item)


def _headlines(path: Document | None, places: int) -> tuple[str, ...]:
    if path is None:
        return ("ĐƯỜNG TỚI MỤC TIÊU", "Kế hoạch không ghi chỉ số mục tiêu.")
    target, highest = vietnamese(Decimal(path["target"]), places), path["highest"]
    lines = [f"ĐƯỜNG TỚI MỤC TIÊU {target}%", _STATUS[path["status"]]]
    if highest is not None:
        lines.append(f"Cao nhất có thể đạt: {vietnamese(Decimal(highest), places)}%.")
    if path["missing"]:
        lines.append(f"Chưa có điểm, đang tính 0: {', '.join(path['missing'])}.")
    return tuple(lines)


def _advice(book: Book, sheet: Any, row: int, item: Document) -> None:
    steps = []
    for name in ("next", "risk"):
        step = item[name]
        steps += [(step["change"] if step else "", "cell"), (_number(step["difference"]) if step else None, "points")]
    away = item["status"] == "not_applicable"
    points: tuple[object, str] = ("không phát sinh" if away else _number(item["points"]) or "chưa có", "points")
    if not away and item["points"] is not None:
        points = (_number(item["points"]), "points")
    cells = (
        (item["code"], "code"),
        (item["name"], "cell"),
        points,
        (_number(item["maximum"]), "points"),
        (_number(item["gain"]), "points"),
        *steps,
    )
    for column, (value, look) in enumerate(cells):
        book.write(sheet, row, column, value, look)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _comparison(book: Book, document: Document) -> None:
    """Against an earlier result where the run was given one, else against the plan's points of last year."""
    compared = document.get("comparison")
    before = compared["before"]["period_name"] if compared else "năm trước (theo kế hoạch)"
    sheet = book.sheet("So sánh", (9, 56, 14, 14, 14, 18, 40))
    sheet.write_string(0, 0, f"SO SÁNH VỚI {before.upper()}", book.look("title"))
    headings = ("Mã", "Tiêu chí", "Kỳ trước", "Kỳ này", "Chênh lệch điểm", "Chênh lệch (điểm phần trăm)", "Ghi chú")
    book.heading(sheet, 2, headings)
    rows = _compared(compared) if compared else _against_plan(document)
    for number, cells in enumerate(rows, start=3):
        for column, (value, look) in enumerate(cells):
            book.write(sheet, number, column, value, look)


Cells = tuple[tuple[object, str], ...]


def _compared(compared: Document) -> list[Cells]:
    rows: list[Cells] = []
    for item in (*compared["fields"], *compared["criteria"]):
        rows.append(
            (
                (item["code"], "code"),
                (item["name"], "cell"),
                (_side(item["before"]), "points"),
                (_side(item["after"]), "points"),
                (_number(item["difference_points"]), "points"),
                (_number(item["difference_percentage_points"]), "points"),
                ("", "cell"),
            )
        )
    for name, text in _ONE_SIDED:
        for item in compared[name]:
            told = item.get("after") or item.get("before") or item
            rows.append(
                ((told.get("code") or item.get("code"), "code"), (told.get("name") or item.get("name"), "cell"))
                + ((None, "cell"),) * 4
                + ((text, "warning"),)
            )
    return rows


_ONE_SIDED = (
    ("added", "mới có ở kỳ này"),
    ("removed", "không còn ở kỳ này"),
    ("changed", "mã hoặc tên đã đổi"),
)


def _side(side: Document) -> Decimal | str:
    if side["points"] is None:
        return "không phát sinh" if side["status"] == "not_applicable" else "chưa có"
    return Decimal(side["points"])


def _against_plan(document: Document) -> list[Cells]:
    rows: list[Cells] = []
    for item in document["criteria"]:
        before, after = _number(item["previous_points"]), _number(item["final_points"])
        difference = after - before if before is not None and after is not None else None
        share = None
        if difference is not None and Decimal(item["applicable_max"]):
            share = difference * 100 / Decimal(item["applicable_max"])
        rows.append(
            (
                (item["code"], "code"),
                (item["name"], "cell"),
                ("chưa có" if before is None else before, "points"),
                ("chưa có" if after is None else after, "points"),
                (difference, "points"),
                (share, "points"),
                ("", "cell"),
            )
        )
    index = document["index"]
    before, after = _number(index["previous"]), _number(index["percent"])
    gap = after - before if before is not None and after is not None and index["complete"] else None
    note = "" if index["complete"] else "chỉ số tạm tính, chưa so sánh"
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
