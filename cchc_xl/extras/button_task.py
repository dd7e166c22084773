"""What the button does: the settings of a control workbook come in; new sheets and one sentence go out.

Everything is said and done through :class:`BookPort`, so that the whole behaviour can be tested without Excel.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from cchc_xl.text.words import tidy

if TYPE_CHECKING:
    from collections.abc import Sequence

PLAN, SHARED, PERIOD, OUT = "Kế hoạch", "Thư mục đơn vị nộp", "Kỳ báo cáo", "Thư mục kết quả"

Cell = str | Decimal | None

_STATUS = {"missing": "Thiếu số liệu", "not_applicable": "Không phát sinh"}
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

    def write_table(self, sheet: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """Write a new sheet of about this name, to be seen before earlier ones; no existing sheet is touched.

        A column holds either texts or numbers.
        """

    def tell(self, sentence: str) -> None:
        """Show the officer a sentence."""

    def progress(self, sentence: str) -> None:
        """Say what is being done, where it disturbs nobody."""


class _Order(NamedTuple):
    plan: Path
    shared: Path | str
    period: str
    out: Path


def consolidate_and_score(book: BookPort) -> None:
    """Run the whole line on the workbook's settings, then write its result to new sheets.

    Raises :class:`ButtonError` with Vietnamese sentences for everything the officer can mend; the workbook is then
    unchanged.
    """
    order = _order(book)
    book.progress("Đang đọc kế hoạch và các tệp đơn vị nộp…")
    # Imported here so that a missing library is told like any other fault, not as a traceback in a message box.
    from cchc_xl import pipeline

    try:
        result = pipeline.run(order.plan, order.shared, period=order.period, out=order.out, progress=book.progress)
    except pipeline.CannotRunError as error:
        raise ButtonError(str(error)) from error
    now = f"{datetime.now().astimezone():%Hh%M}"
    book.progress("Đang ghi kết quả vào trang mới…")
    book.write_table(f"Phát hiện {now}", *findings_table(result.document))
    book.write_table(f"Kết quả {now}", *index_table(result.document))
    told = _summary(result.document, result.folder or str(order.out))
    if result.held_open:
        told += f". Kết quả lần trước chưa được thay vì đang mở: hãy đóng tệp {result.held_open} rồi chạy lại"
    book.tell(f"{told}.")


def _order(book: BookPort) -> _Order:
    plan, shared, period, out = (_unquoted(book.setting(name)) for name in (PLAN, SHARED, PERIOD, OUT))
    problems = [
        f"Ô “{name}” còn trống: {remedy}."
        for name, text, remedy in (
            (PLAN, plan, "ghi đường dẫn tới tệp kế hoạch (.xlsx)"),
            (SHARED, shared, "ghi đường dẫn tới thư mục các đơn vị gửi biểu"),
            (PERIOD, period, "ghi mã kỳ như trong sheet “Kỳ báo cáo” của kế hoạch, ví dụ 2021-Q1"),
            (OUT, out, "ghi thư mục để lưu kết quả"),
        )
        if not text
    ]
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
    return _Order(plan_path, shared_path, tidy(period), out_path)


def _unquoted(text: str) -> str:
    # “Copy as path” of Windows puts the path in quotation marks.
    return text.strip().strip('"“”').strip()


def _path(book: BookPort, text: str) -> Path:
    path = Path(text)
    return path if not text or path.is_absolute() else book.folder / path


def _kind(path: Path) -> str:
    try:
        return "folder" if path.is_dir() else "file" if path.is_file() else ""
    except OSError:  # a share without permission: to the officer it is not there
        return ""


def index_table(document: dict[str, Any]) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    """The index, then every field of the plan: headings and rows, from the object of ``result.json``."""
    index = document["index"]
    percent = _decimal(index["percent"])
    note = "" if index["complete"] else "Tạm tính: tiêu chí thiếu số liệu tính 0 điểm"
    rows: list[tuple[Cell, ...]] = [
        ("", "Chỉ số chung", _decimal(index["applicable_max"]), _decimal(index["points"]), percent, note)
    ]
    if not index["complete"]:
        best = _decimal(index["percent_if_missing_full"])
        rows.append(("", "Nếu tiêu chí thiếu số liệu đạt tối đa", None, None, best, ""))
    waiting = _waiting(document["criteria"])
    for item in document["criteria"]:
        if item["parent"] is None:
            points, most = _decimal(item["final_points"]), _decimal(item["applicable_max"])
            share = points / most * 100 if points is not None and most else None
            note = _STATUS.get(item["status"], "")
            if not note and waiting[item["code"]]:
                note = f"{waiting[item['code']]} tiêu chí thiếu số liệu"
            rows.append((item["code"], item["name"], most, points, share, note))
    return ("Mã", "Lĩnh vực", "Điểm tối đa", "Điểm", "Tỷ lệ (%)", "Ghi chú"), rows


def _waiting(criteria: list[dict[str, Any]]) -> Counter[str]:
    """How many leaves under each field have no figures yet."""
    parents = {item["code"]: item["parent"] for item in criteria}
    count: Counter[str] = Counter()
    for item in criteria:
        if item["status"] == "missing":
            code = item["code"]
            while parents[code] is not None:
                code = parents[code]
            count[code] += 1
    return count


def findings_table(document: dict[str, Any]) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    """What was found, errors first: headings and rows, from the object of ``result.json``."""
    units = {unit["code"]: unit["name"] for unit in document.get("units", ())}
    order = list(_SEVERITY)
    rows: list[tuple[Cell, ...]] = [
        (
            _SEVERITY[item["severity"]],
            units.get(item["unit"], item["unit"]),
            *(item[name] for name in ("file", "sheet", "cell", "message", "fix", "code")),
        )
        for item in sorted(document["findings"], key=lambda item: order.index(item["severity"]))
    ]
    if not rows:
        rows.append(("", "", "", "", "", "Không có phát hiện nào.", "", ""))
    return ("Mức độ", "Đơn vị", "Tệp", "Sheet", "Ô", "Nội dung", "Cách xử lý", "Mã"), rows


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _summary(document: dict[str, Any], folder: str) -> str:
    index, findings = document["index"], document["findings"]
    percent = "chưa tính được" if index["percent"] is None else f"{index['percent'].replace('.', ',')}%"
    if not index["complete"] and index["percent_if_missing_full"] is not None:
        percent += f" (tạm tính; nếu đủ số liệu có thể tới {index['percent_if_missing_full'].replace('.', ',')}%)"
    errors, warnings = (sum(item["severity"] == name for item in findings) for name in ("error", "warning"))
    period = document.get("period_name") or document["period"]
    return (
        f"Đã tổng hợp xong {period}: chỉ số {percent}; {errors} lỗi, {warnings} cảnh báo. "
        f"Sổ tổng hợp, báo cáo và bản phản hồi nằm ở thư mục {folder}"
    )
