"""The look-up workbook: a result comes in, ``tra-cuu.xlsx`` goes out.

What an officer turns to when a question comes up stands here, so that ``tong-hop.xlsx`` holds what is worked with:
findings, who sent what, cross-checks, the way to the target, evidence, tasks, comparison, sources. A sheet that would
say nothing is left out; the first lists those that are there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from cchc_xl.office.excel.book import Book
from cchc_xl.papers.columns import (
    SUMMED_UP,
    TO_BE_DONE,
    Cell,
    Column,
    Link,
    Listed,
    back,
    columns_of_cells,
    write_contents,
    write_table,
)
from cchc_xl.papers.listings import (
    ASKED_FROM_ABOVE,
    BROKEN_RULES,
    CONSOLIDATED,
    CONTENTS,
    FILES,
    PROOFS,
    REPORTS,
    TASK_LIST,
    WHO_FILED,
    Beside,
    write_findings,
    write_sheet,
)
from cchc_xl.papers.scores import INDEX_LABEL
from cchc_xl.plan.methods import HUNDRED
from cchc_xl.result.advice import Advice, Step, Stop
from cchc_xl.result.advice import Path as Route
from cchc_xl.result.comparison import Comparison
from cchc_xl.result.contents import Contents
from cchc_xl.result.view import View
from cchc_xl.text.numbers import lower_first, percent_vi
from cchc_xl.text.words import AWAY, MISSING

ROUTE, COMPARED = "Đường tới mục tiêu", "So sánh"
_MOST_NAMED = 3  # criteria of a sentence; all stand in the table below it
_CODE = re.compile(r"” \([A-Za-z]\w*([ )])")  # behind the name of a figure, in quotation marks
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


def without_codes(step: Step | None) -> str:
    """A change without the code of a figure behind its name.

    >>> one = Step("figure", "thêm 3 hồ sơ “Hồ sơ” (HS từ 1 lên 4)", "HS", Decimal(3), "hồ sơ", Decimal(1), Decimal(1))
    >>> without_codes(one)
    'thêm 3 hồ sơ “Hồ sơ” (từ 1 lên 4)'
    """
    return _CODE.sub(lambda found: "”" if found[1] == ")" else "” (", step.change) if step else ""


def known(points: Decimal | None, status: str = "") -> Decimal | str:
    """Points, or the word for why a criterion that stands so has none."""
    if points is None:
        return AWAY if status == "not_applicable" else MISSING
    return points


def _advised(item: Advice) -> Decimal | str:
    return AWAY if item.status == "not_applicable" else known(item.points)


class _Stopped(NamedTuple):
    stop: Stop
    advice: Advice | None
    others: tuple[Advice, ...]  # that would do in its place


def _kind(row: _Stopped) -> str:
    if row.advice and row.advice.is_nobodys:
        return "không do đơn vị"
    return "cần gửi" if row.stop.points is None else "phải làm"


_STOPS: tuple[Column[_Stopped], ...] = (
    Column("Tiêu chí", lambda row: row.stop.name),
    Column("Mã", lambda row: row.stop.code, "grey_code"),
    Column("Điểm nay", lambda row: known(row.stop.points), "points"),
    Column("Đủ điểm", lambda row: row.stop.full, "points"),
    Column("Chỉ số khi đó (%)", lambda row: row.stop.percent if row.stop.exact else None, "points"),
    Column("Làm gì", lambda row: row.advice and without_codes(row.advice.way)),
    Column("Loại", _kind),
    Column("Đơn vị", lambda row: row.advice and row.advice.way and row.advice.way.by),
    Column("Có thể thay bằng", lambda row: "; ".join(one.name for one in row.others), span=2),
    Column("Mã thay", lambda row: ", ".join(one.code for one in row.others), "grey_code", 9),
)
_ADVICE: tuple[Column[Advice], ...] = (
    Column("Tiêu chí", lambda item: item.name, width=38),
    Column("Mã", lambda item: item.code, "grey_code", 8),
    Column("Điểm nay", _advised, "points", 10),
    Column("Tối đa", lambda item: item.maximum, "points", 9),
    Column("Còn thêm", lambda item: item.gain, "points", 9),
    Column("Bước kế tiếp", lambda item: without_codes(item.next), width=42),
    Column("Được thêm", lambda item: item.next and item.next.difference, "points", 10),
    Column("Rủi ro", lambda item: without_codes(item.risk), width=38),
    Column("Mất đi", lambda item: item.risk and item.risk.difference, "points", 9),
    Column("Ghi chú", lambda item: item.idle, width=30),
)


def _write_route(book: Book, view: View, _: Beside) -> Iterator[Listed]:
    contents = view.contents
    if not contents.advice:
        return
    sheet = book.sheet(ROUTE, (*(column.width for column in _ADVICE), _STOPS[-1].width), tab=SUMMED_UP)
    back(book, sheet, CONTENTS)
    path = contents.path
    headline, *told = _headlines(path, contents)
    book.title(sheet, 1, headline)
    row = 1
    for row, text in enumerate(told, start=2):
        book.merge(sheet, row, (0, len(_ADVICE) - 1), text, "told")
    if path and path.stops:
        advice = {item.code: item for item in contents.advice}
        stopped = (
            _Stopped(stop, advice.get(stop.code), tuple(advice[code] for code in stop.alternatives if code in advice))
            for stop in path.stops
        )
        row = write_table(book, sheet, row + 2, _STOPS, stopped) + 1
    row += 2
    book.merge(sheet, row - 1, (0, len(_ADVICE) - 1), _MEASURED, "told")
    last = write_table(book, sheet, row, _ADVICE, contents.advice)
    sheet.autofilter(row, 0, last, len(_ADVICE) - 1)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(row)
    yield Listed(ROUTE, f"từng tiêu chí còn thêm được bao nhiêu, làm gì, mất gì nếu lùi ({len(contents.advice)} dòng)")


def _headlines(path: Route | None, contents: Contents) -> tuple[str, ...]:
    places = contents.settings.places
    if path is None:
        return ("ĐƯỜNG TỚI MỤC TIÊU", "Kế hoạch không ghi chỉ số mục tiêu.")
    lines = [f"ĐƯỜNG TỚI MỤC TIÊU {percent_vi(path.target, places)}", _STATUS[path.status].format(list=path.list_name)]
    if path.highest is not None:
        bonus = " (gồm cả điểm thưởng)" if path.highest > HUNDRED else ""
        lines.append(f"Cao nhất có thể đạt: {percent_vi(path.highest, places)}{bonus}.")
    if path.missing:
        counted = (
            f"{path.missing_count} tiêu chí chưa có điểm" if path.missing_count else "Chưa có điểm thưởng, điểm trừ"
        )
        # Of a group that counts as one criterion each part is owed, and bonus points are: those are more than counted.
        others = "tiêu chí" if len(path.missing) == path.missing_count else "nội dung"
        lines.append(f"{counted}, đang tính 0; {'; '.join(_awaited(path.missing, contents.advice, others))}.")
    return tuple(lines)


def _awaited(missing: Sequence[str], advice: Sequence[Advice], others: str) -> Iterator[str]:
    """What is missing, by who or what it waits for."""
    nobodys = {item.code: item.next.change for item in advice if item.is_nobodys and item.next}
    names = {item.code: item.name for item in advice}
    awaited: dict[str, list[str]] = {}
    for code in missing:
        awaited.setdefault(nobodys.get(code, "còn thiếu số liệu, mức đạt của"), []).append(names.get(code, code))
    for why, told in awaited.items():
        more = len(told) - _MOST_NAMED
        named = "; ".join(told) if more <= 1 else f"{'; '.join(told[:_MOST_NAMED])} và {more} {others} khác"
        yield f"{why}: {named}"


_COMPARED = columns_of_cells(
    ("Tiêu chí", "cell", 56),
    ("Mã", "grey_code", 9),
    ("Kỳ trước", "points", 14),
    ("Kỳ này", "points", 14),
    ("Chênh lệch điểm", "points", 14),
    ("Chênh lệch (điểm phần trăm)", "points", 18),
    ("Ghi chú", "cell", 40),
)


def _write_comparison(book: Book, view: View, _: Beside) -> Iterator[Listed]:
    """Against an earlier result where the run was given one, else against the plan's points of last year."""
    contents = view.contents
    compared = contents.comparison
    if compared is None and all(item.previous_points is None for item in contents.criteria):
        return
    before = compared.before.period_name if compared else "năm trước (theo kế hoạch)"
    rows = list(_compared(compared) if compared else _against_plan(contents))
    columns = _COMPARED if any(row[-1] for row in rows) else _COMPARED[:-1]  # without a note there is no such column
    write_sheet(book, COMPARED, f"So sánh với {before}", columns, rows, SUMMED_UP)
    yield Listed(COMPARED, f"từng tiêu chí so với {lower_first(before)}")


def _compared(compared: Comparison) -> Iterator[tuple[object, ...]]:
    own = {item.code for item in compared.criteria}  # a field heads its criteria: it is told there
    for item in (*(field for field in compared.fields if field.code not in own), *compared.criteria):
        moved = item.difference_points, item.difference_percentage_points
        yield item.name, item.code, *(known(side.points, side.status) for side in (item.before, item.after)), *moved, ""
    for text, alone in (
        ("mới có ở kỳ này", compared.added),
        ("không còn ở kỳ này", compared.removed),
        ("mã hoặc tên đã đổi", tuple(item.after for item in compared.changed)),
    ):
        for one in alone:
            yield one.name, one.code, *(Cell(None, "cell"),) * 4, Cell(text, "warning")


def _against_plan(contents: Contents) -> Iterator[tuple[object, ...]]:
    for item in contents.criteria:
        before, after = item.previous_points, item.final_points
        gap = after - before if before is not None and after is not None else None
        share = gap * 100 / item.applicable_max if gap is not None and item.applicable_max > 0 else None
        yield item.name, item.code, known(before), known(after, item.status), gap, share, ""
    index = contents.index
    sides = (Cell(known(side), "group_points") for side in (index.previous, index.percent))
    risen = Cell(index.above(index.previous), "group_points")
    note = "" if index.complete else "chỉ số tạm tính, chưa so sánh"
    yield Cell(INDEX_LABEL, "group"), Cell(None, "group"), *sides, Cell(None, "group"), risen, note


# The sheets from left to right: each a :class:`Listing`, or what writes a sheet of several tables.
# ``examples/14-new-sheet`` adds one.
SHEETS: tuple[Callable[[Book, View, Beside], Iterable[Listed]], ...] = (
    write_findings,
    *(WHO_FILED, BROKEN_RULES, ASKED_FROM_ABOVE),
    _write_route,
    *(REPORTS, PROOFS, TASK_LIST),
    _write_comparison,
    FILES,
)


def write_lookup(contents: Contents, path: Path, beside: Beside) -> None:
    """Writes the look-up workbook of one run to ``path``."""
    view = View(contents)
    with Book(path, f"Tra cứu – {contents.period_name}", view.places) as book:
        first = book.sheet(CONTENTS, (34, 90), portrait=True, tab=TO_BE_DONE)
        listed = [item for write in SHEETS for item in write(book, view, beside)]
        _write_first(book, first, view, listed)
        book.stamp((("kind", "tra-cuu"), ("period", contents.period)))
        first.activate()


def _write_first(book: Book, sheet: Any, view: View, listed: list[Listed]) -> None:
    sheet.write_string(0, 0, view.contents.agency or "Tra cứu", book.look("bold"))
    book.title(sheet, 1, f"TRA CỨU – {view.contents.period_name.upper()}")
    sheet.write_string(2, 0, "Nháy vào tên trang tính để mở; ô A1 của mỗi trang tính dẫn về đây.", book.look("note"))
    others = ((Link(CONSOLIDATED, file=CONSOLIDATED), "việc cần làm, tóm tắt, phụ lục, chấm điểm và số liệu"),)
    write_contents(book, sheet, (*listed, *others), 1)
