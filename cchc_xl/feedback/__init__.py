"""The marked copy of a unit's workbook: its bytes and findings come in, ``phan-hoi/<unit>.xlsx`` goes out.

Cells with findings are coloured and carry a comment; a first sheet lists what to mend and jumps to the cells. The stamp
says which inputs the copy shows, so that an untouched copy is not taken for a new submission. Where a copy would lose
something the unit had, the list alone is written, and says what and why.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_xl.feedback.list_sheet import LIST_SHEET, MEND_HERE, write_list_sheet
from cchc_xl.feedback.losses import losses
from cchc_xl.feedback.marking import mark
from cchc_xl.feedback.stored_values import with_values
from cchc_xl.forms import STAMP_SHEET
from cchc_xl.messages import worst_first
from cchc_xl.preflight import clear, transitional
from cchc_xl.records import Finding, Submission

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

__all__ = ("LIST_SHEET", "losses", "write_feedback", "write_list")

_OWN_FILE = "Hãy sửa trong tệp của đơn vị rồi gửi lại tệp đó"


def write_feedback(data: bytes, submission: Submission, findings: tuple[Finding, ...], path: Path) -> None:
    """Writes the marked copy of this submission to ``path``; where it would lose something, the list alone."""
    ordered = worst_first(findings)
    cleared = clear(data, submission.form_file)
    if isinstance(cleared, Finding) or cleared.format != "xlsx":
        write_list(submission.unit, submission.period, ordered, path, "tệp này không đánh dấu trực tiếp được")
        return
    if cleared.isolated:  # read in a child under limits: openpyxl would take minutes and gigabytes over a copy here
        write_list(submission.unit, submission.period, ordered, path, "tệp quá lớn hoặc khác thường để sao chép")
        return
    try:
        copy, original = _marked(data, submission, ordered)
        lost = losses(original, copy)
    except Exception:  # what calamine reads, openpyxl may refuse in a hundred ways; the unit still gets its list
        write_list(submission.unit, submission.period, ordered, path, "tệp này không đánh dấu trực tiếp được")
        return
    if lost:
        write_list(submission.unit, submission.period, ordered, path, f"bản đánh dấu sẽ mất {', '.join(lost)}")
    else:
        path.write_bytes(copy)


def write_list(unit: str, period: str, findings: tuple[Finding, ...], path: Path, reason: str = "") -> None:
    """Writes the list of findings alone, with the reason why it is no marked copy."""
    from openpyxl import Workbook

    book = Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    why = f" Đây là danh sách riêng vì {reason}." if reason else ""
    write_list_sheet(book, worst_first(findings), f"{_OWN_FILE}.{why}")
    _stamp(book, {"kind": "feedback-list", "unit": unit, "period": period})
    book.save(path)


def _marked(data: bytes, submission: Submission, findings: tuple[Finding, ...]) -> tuple[bytes, bytes]:
    """The marked copy, and the workbook it is to be compared with: the same under the names openpyxl knows."""
    from openpyxl import load_workbook

    data = transitional(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says in English on the error stream what it leaves out
        book = load_workbook(io.BytesIO(data), rich_text=True)
        stored = load_workbook(io.BytesIO(data), data_only=True)
    mark(book, findings)
    write_list_sheet(book, findings, MEND_HERE)
    told = {"kind": "feedback", "inputs": submission.inputs, "unit": submission.unit, "period": submission.period}
    _stamp(book, told)
    packed = io.BytesIO()
    book.save(packed)
    return with_values(packed.getvalue(), book, stored), data


def _stamp(book: Workbook, told: dict[str, str]) -> None:
    if STAMP_SHEET not in book.sheetnames:
        book.create_sheet(STAMP_SHEET).sheet_state = "hidden"
    sheet = book[STAMP_SHEET]
    rows = {str(row[0].value): row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value}
    for name, value in told.items():
        number = rows.get(name) or (max(rows.values(), default=0) + 1)
        rows[name] = number
        sheet.cell(number, 1).value = name
        sheet.cell(number, 2).value = value
