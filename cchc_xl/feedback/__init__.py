"""The marked copy of a unit's workbook: its bytes and findings come in, ``phan-hoi/<unit>.xlsx`` goes out.

Cells with findings are coloured and carry a comment; a first sheet lists what to mend and jumps to the cells. The stamp
says which inputs the copy shows, so that an untouched copy is not taken for a new submission. Where a copy would lose
something the unit had, the list alone is written, and says what and why.
"""

from __future__ import annotations

from pathlib import Path

from cchc_xl.feedback.copying import marked_copy, write_stamp
from cchc_xl.feedback.list_sheet import ListText, write_list_sheet
from cchc_xl.feedback.losses import losses
from cchc_xl.feedback.marks import LIST_SHEET
from cchc_xl.feedback.package import CannotCopyError
from cchc_xl.records import Finding, Submission
from cchc_xl.text.catalogue import worst_first

__all__ = ("LIST_SHEET", "losses", "write_feedback", "write_list")

_OWN_FILE = "Hãy sửa trong tệp của đơn vị rồi gửi lại tệp đó; tệp này chỉ là danh sách, không gửi lại."


def write_feedback(data: bytes, submission: Submission, findings: tuple[Finding, ...], path: Path) -> None:
    """Writes the marked copy of this submission to ``path``; where it would lose something, the list alone."""
    unit, period = submission.unit, submission.period
    try:
        made = marked_copy(data, worst_first(findings), _whose(unit, period, findings), submission.inputs)
    except CannotCopyError as error:
        write_list(unit, period, findings, path, f"tệp của đơn vị {error}")
    except Exception:  # what calamine reads, openpyxl may refuse in a hundred ways; the unit still gets its list
        reason = "tệp của đơn vị có chỗ không đúng chuẩn nên không đánh dấu trực tiếp được"
        write_list(unit, period, findings, path, reason)
    else:
        path.write_bytes(made)


def write_list(unit: str, period: str, findings: tuple[Finding, ...], path: Path, reason: str = "") -> None:
    """Writes the list of findings alone, with the reason why it is no marked copy."""
    from openpyxl import Workbook

    book = Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    why = f" Lý do: {reason}." if reason else ""
    write_list_sheet(book, worst_first(findings), ListText(_whose(unit, period, findings), f"{_OWN_FILE}{why}"))
    write_stamp(book, {"kind": "feedback-list", "unit": unit, "period": period})
    book.save(path)


def _whose(unit: str, period: str, findings: tuple[Finding, ...]) -> str:
    files = sorted({item.at.file for item in findings if item.at})
    return f"Đơn vị {unit}, kỳ {period}, tệp {'; '.join(files)}" if files else f"Đơn vị {unit}, kỳ {period}"
