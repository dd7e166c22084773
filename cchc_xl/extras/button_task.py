"""What the button does: the settings of a control workbook come in; new sheets and one sentence go out.

Everything is said and done through :class:`BookPort`, so that the whole behaviour can be tested without Excel.
"""

from __future__ import annotations

import tomllib
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from cchc_xl.result.view import View
from cchc_xl.text.numbers import percent_vi
from cchc_xl.text.printed import cap_text
from cchc_xl.text.words import tidy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cchc_xl.result.contents import Contents

# The labels of the setting cells, and all that the control workbook says.
WORDS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("control.toml").read_text(encoding="utf-8"))
PLAN, SHARED, PERIOD, OUT = (setting["label"] for setting in WORDS["settings"])

Cell = str | Decimal | None

_SEVERITY = {"error": "Lỗi", "warning": "Cảnh báo", "note": "Ghi chú"}


class ButtonError(Exception):
    """What prevents the run, as sentences for the officer."""


class BookPort(Protocol):
    """What a handler may do with the workbook it was called from."""

    @property
    def folder(self) -> Path:
        """Where the workbook is: paths in its settings may be relative to it."""

    def setting(self, name: str) -> str:
        """The text beside this label on the control sheet; '' where it is blank or gone."""

    def write_table(self, sheet: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]], places: int = 2) -> None:
        """Write a new sheet of about this name, to be seen before earlier ones; no existing sheet is touched.

        A column holds either texts or numbers, which are shown with ``places`` decimals.
        """

    def tell(self, sentence: str) -> None:
        """Show the officer a sentence."""

    def progress(self, sentence: str) -> None:
        """Say what is being done, where it disturbs nobody."""


def consolidate_and_score(book: BookPort) -> None:
    """Run the whole line on the workbook's settings, then write its result to new sheets.

    Raises :class:`ButtonError` with Vietnamese sentences for everything the officer can mend; the workbook is then
    unchanged.
    """
    plan, shared, period, out = _order(book)
    book.progress("Đang đọc kế hoạch và các tệp đơn vị nộp…")
    # Imported here so that a missing library is told like any other fault, not as a traceback in a message box.
    from cchc_xl import pipeline

    try:
        result = pipeline.run(plan, shared, period=period, out=out, progress=book.progress)
    except pipeline.CannotRunError as error:
        raise ButtonError(str(error)) from error
    now = f"{datetime.now().astimezone():%Hh%M}"
    book.progress("Đang ghi kết quả vào trang mới…")
    book.write_table(f"Phát hiện {now}", *findings_table(result.contents))
    book.write_table(f"Kết quả {now}", *index_table(result.contents), places=result.contents.settings.places)
    told = _summary(result.contents, result.folder or str(out))
    if result.held_open:
        told += f". Kết quả lần trước chưa được thay vì đang mở: hãy đóng tệp {result.held_open} rồi chạy lại"
    book.tell(" ".join(filter(None, (result.first, f"{told}.", *result.notices))))


def _order(book: BookPort) -> tuple[Path, Path | str, str, Path]:
    """The four settings as the pipeline takes them: plan, folder of the units' files, period, folder of results."""
    problems, texts = [], []
    for setting in WORDS["settings"]:
        # “Copy as path” of Windows puts the path in quotation marks.
        texts.append(book.setting(setting["label"]).strip().strip('"“”').strip())
        if not texts[-1]:
            problems.append(f"Ô “{setting['label']}” còn trống: {setting['blank']}.")
    plan, shared, period, out = texts
    plan_path, out_path = _path(book, plan), _path(book, out)
    # An address such as smb://… is no path of this machine: the pipeline knows what to do with it.
    shared_path = shared if "://" in shared else _path(book, shared)
    if plan and _kind(plan_path) != "file":
        problems.append(f"Ô “{PLAN}”: không có tệp {plan_path}; kiểm tra lại đường dẫn và kết nối mạng.")
    if shared and isinstance(shared_path, Path) and _kind(shared_path) != "folder":
        problems.append(f"Ô “{SHARED}”: không có thư mục {shared_path}; kiểm tra lại đường dẫn và kết nối mạng.")
    if out and _kind(out_path) == "file":
        problems.append(f"Ô “{OUT}”: {out_path} là một tệp; hãy ghi một thư mục.")
    if problems:
        raise ButtonError("\n".join(problems))
    return plan_path, shared_path, tidy(period), out_path


def _path(book: BookPort, text: str) -> Path:
    path = Path(text)
    return path if not text or path.is_absolute() else book.folder / path


def _kind(path: Path) -> str:
    try:
        return "folder" if path.is_dir() else "file" if path.is_file() else ""
    except OSError:  # a share without permission: to the officer it is not there
        return ""


def index_table(contents: Contents) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    """The index, then every field of the plan, or every agency with its place: headings and rows."""
    if contents.agencies:
        return _places_table(contents)
    index = contents.index
    view = View(contents)
    told = [] if index.complete else [f"Tạm tính: {view.missing_text()}, tính 0 điểm"]
    note = "; ".join([*told, *filter(None, (view.appraisal_text if view.counts.appraised else "", view.extras_text))])
    rows: list[tuple[Cell, ...]] = [("", "Chỉ số chung", index.applicable_max, index.points, index.percent, note)]
    if not index.complete:
        rows.append(("", "Nếu các tiêu chí chưa có điểm đạt tối đa", None, None, index.percent_if_missing_full, ""))
    for item in view.top:
        note = view.missing_text(item.code) if view.standing_as("missing", item.code) else ""
        if view.is_extra(item):
            note = cap_text(item.max, view.places)
        elif view.standing(item) == "not_applicable":
            note = "Không phát sinh"
        rows.append((item.code, item.name, item.applicable_max, item.final_points, view.share(item), note))
    return ("Mã", "Lĩnh vực", "Điểm tối đa", "Điểm", "Tỷ lệ (%)", "Ghi chú"), rows


def _places_table(contents: Contents) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    """Many agencies by group and place; last those without a result."""
    rows: list[tuple[Cell, ...]] = []
    for group in contents.ranking:
        for row in group.agencies:
            place = None if row.rank is None else Decimal(row.rank)
            rows.append((group.group, place, row.name, row.index.percent, row.class_ or "", row.change or ""))
    rows += [(item.group, None, item.name, None, "", item.reason) for item in contents.agencies if not item.folder]
    return ("Nhóm", "Hạng", "Cơ quan", "Chỉ số (%)", "Xếp loại", "Ghi chú"), rows


def findings_table(contents: Contents) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    """What was found, errors first: headings and rows."""
    view, order = View(contents), list(_SEVERITY)
    rows: list[tuple[Cell, ...]] = [
        (
            _SEVERITY[item.severity],
            None if item.unit is None else view.unit(item.unit),
            *(item.file, item.sheet, item.cell, item.message, item.fix, item.code),
        )
        for item in sorted(contents.findings, key=lambda item: order.index(item.severity))
    ]
    if not rows:
        rows.append(("", "", "", "", "", "Không có phát hiện nào.", "", ""))
    return ("Mức độ", "Đơn vị", "Tệp", "Sheet", "Ô", "Nội dung", "Cách xử lý", "Mã"), rows


def _summary(contents: Contents, folder: str) -> str:
    index, findings, places = contents.index, contents.findings, contents.settings.places
    percent = "chưa tính được" if index.percent is None else percent_vi(index.percent, places)
    if not index.complete and index.percent_if_missing_full is not None:
        percent += f" (tạm tính; nếu đủ số liệu có thể tới {percent_vi(index.percent_if_missing_full, places)})"
    errors, warnings = (sum(item.severity == name for item in findings) for name in ("error", "warning"))
    if contents.agencies:
        scored = sum(item.status == "scored" for item in contents.agencies)
        return (
            f"Đã chấm {scored}/{len(contents.agencies)} cơ quan {contents.period_name}; {errors} lỗi, {warnings} cảnh "
            f"báo. Bảng xếp hạng và kết quả từng cơ quan nằm ở thư mục {folder}"
        )
    return (
        f"Đã tổng hợp xong {contents.period_name or contents.period}: chỉ số {percent}; {errors} lỗi, "
        f"{warnings} cảnh báo. Sổ tổng hợp, báo cáo và bản phản hồi nằm ở thư mục {folder}"
    )
