"""The marked copy of a unit's workbook: its bytes and findings come in, ``phan-hoi/<unit>.xlsx`` goes out.

Here is decided which cells are marked, with what words, and what the list says; :mod:`cchc_xl.office.excel.patch` puts
into the file and leaves all else as it was. The stamp says which inputs the copy shows, so that an untouched copy is
not taken for a new submission. Where nothing can be put into the unit's file, the list alone is written, and says why.
"""

from __future__ import annotations

from pathlib import Path

from cchc_xl.office.excel.bounds import STAMP_SHEET
from cchc_xl.office.excel.cell_notes import Words
from cchc_xl.office.excel.look import clear
from cchc_xl.office.excel.parts import TOO_HEAVY, CannotPatchError
from cchc_xl.office.excel.patch import Mark, Signs, Stamp, new_workbook, patched
from cchc_xl.records import Finding
from cchc_xl.text.catalogue import SEVERITY_WORDS, fix, message, worst_first
from cchc_xl.unit.clerk_list import FILLS, LIST_TITLE, Paper, listing

LIST_SHEET = "Lỗi cần sửa"
SIGNS = Signs(
    Words("cchc-xl", "▼ Phần mềm cchc-xl nhắc:", "▲ (hết lời nhắc)"), 'LEN("cchc-xl")=7', LIST_SHEET, LIST_TITLE
)
_OWN_FILE = "Hãy sửa trong tệp của đơn vị rồi gửi lại tệp đó; tệp này chỉ là danh sách, không gửi lại."
_MEND_HERE = (
    "Bấm vào địa chỉ ở cột “Ô” để tới chỗ cần sửa: ô được tô màu và có ghi chú, sửa rồi thì hết màu. "
    "Sửa xong, lưu lại và gửi lại chính tệp này."
)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_AS_XLSX = "lưu thành Excel Workbook (.xlsx) thì lần sau có bản đánh dấu"
_FORMATS = {
    "ole": f"ở định dạng cũ (.xls): {_AS_XLSX}",
    "ods": f"ở định dạng OpenDocument (.ods): {_AS_XLSX}",
    "xlsb": f"ở định dạng nhị phân (.xlsb): {_AS_XLSX}",
    "docx": "là văn bản Word: gửi bằng Excel thì lần sau có bản đánh dấu",
}


def write_feedback(data: bytes, paper: Paper, findings: tuple[Finding, ...], path: Path) -> Path:
    """Writes the marked copy of what was sent to ``path`` (a file with macros as ``.xlsm``); else the list alone.

    Returns the file written.
    """
    listed = worst_first(findings)
    inputs = paper.submission.inputs if paper.submission else ""
    stamp = Stamp(STAMP_SHEET, (("kind", "feedback"), ("inputs", inputs)))
    try:
        _check_patchable(data)
        made, ending = patched(data, _marks(listed), listing(paper, listed, _MEND_HERE), stamp, SIGNS)
    except CannotPatchError as error:
        reason = f"tệp của đơn vị {error}"
    except Exception:  # a reader of cells forgives what a patch cannot stand on; the unit still gets its list
        reason = "tệp của đơn vị có chỗ không đúng chuẩn nên không đánh dấu trực tiếp được"
    else:
        marked = path.with_suffix(ending)
        marked.write_bytes(made)
        return marked
    return write_list(paper, listed, path, reason)


def write_list(paper: Paper, findings: tuple[Finding, ...], path: Path, reason: str = "") -> Path:
    """Writes the list of findings alone, with the reason why it is no marked copy; returns the file written."""
    why = f" Lý do: {reason}." if reason else ""
    stamp = Stamp(STAMP_SHEET, (("kind", "feedback-list"), ("unit", paper.unit), ("period", paper.edition.period.code)))
    path.write_bytes(new_workbook(listing(paper, findings, f"{_OWN_FILE}{why}"), stamp, SIGNS))
    return path


def _check_patchable(data: bytes) -> None:
    """Raises :class:`CannotPatchError` for what is no .xlsx, and for what only a process of its own may open."""
    cleared = clear(data, "")
    if isinstance(cleared, Finding):
        raise CannotPatchError(message(cleared))
    if cleared.format != "xlsx":
        raise CannotPatchError(f"được mã hóa: {_AS_XLSX}" if _ENCRYPTED in data else _FORMATS[cleared.format])
    if cleared.isolated:
        raise CannotPatchError(TOO_HEAVY)


def _marks(findings: tuple[Finding, ...]) -> dict[str, list[Mark]]:
    """By sheet, the cells that have findings: the colour of the worst, and what is wrong and what to do."""
    places: dict[tuple[str, int, int], list[Finding]] = {}
    for item in findings:
        if item.at is not None and item.at.address:
            places.setdefault((item.at.sheet, item.at.row, item.at.column), []).append(item)
    marks: dict[str, list[Mark]] = {}
    for (sheet, row, column), items in places.items():
        note = "\n".join(
            f"{SEVERITY_WORDS[item.severity]} ({item.code}): {message(item)} {fix(item)}" for item in items
        )
        marks.setdefault(sheet, []).append(Mark(row, column, FILLS[items[0].severity], note))
    return marks
