"""The marked copy of a unit's workbook: its bytes and findings come in, ``phan-hoi/<unit>.xlsx`` goes out.

Here is decided which cells are marked, with what words, and what the list says; :mod:`cchc_xl.office.excel.patch` puts
into the file and leaves all else as it was. The stamp says which inputs the copy shows, so that an untouched copy is
not taken for a new submission. Where nothing can be put into the unit's file, the list alone is written, and says why.
"""

from __future__ import annotations

from pathlib import Path

from cchc_xl.office.excel.book import HEAD, lines_needed
from cchc_xl.office.excel.bounds import STAMP_SHEET
from cchc_xl.office.excel.cell_notes import Words
from cchc_xl.office.excel.list_page import Cell, Listing, Look, Row
from cchc_xl.office.excel.look import clear
from cchc_xl.office.excel.parts import TOO_HEAVY, CannotPatchError
from cchc_xl.office.excel.patch import Mark, Signs, Stamp, new_workbook, patched
from cchc_xl.records import Finding, Severity, Submission
from cchc_xl.text.catalogue import fix, grouped, message, title, worst_first

LIST_SHEET, _LIST_TITLE = "Lỗi cần sửa", "NỘI DUNG CẦN SỬA TRONG BÀI NỘP"
SIGNS = Signs(
    Words("cchc-xl", "▼ Phần mềm cchc-xl nhắc:", "▲ (hết lời nhắc)"), 'LEN("cchc-xl")=7', LIST_SHEET, _LIST_TITLE
)
_WORDS: dict[Severity, str] = {"error": "Lỗi phải sửa", "warning": "Cảnh báo", "note": "Ghi chú"}
_FILLS: dict[Severity, str] = {"error": "F8D7DA", "warning": "FFF3CD", "note": "E5E7EB"}
_OWN_FILE = "Hãy sửa trong tệp của đơn vị rồi gửi lại tệp đó; tệp này chỉ là danh sách, không gửi lại."
_MEND_HERE = (
    "Bấm vào địa chỉ ở cột “Ô” để tới chỗ cần sửa: ô được tô màu và có ghi chú. "
    "Sửa xong, lưu lại và gửi chính tệp này về Văn phòng."
)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FORMATS = {
    "ole": "ở định dạng cũ (.xls)",
    "ods": "ở định dạng OpenDocument (.ods)",
    "xlsb": "ở định dạng nhị phân (.xlsb)",
}
_AS_XLSX = "lưu thành Excel Workbook (.xlsx) thì lần sau có bản đánh dấu"

_HEADINGS = ("STT", "Mức độ", "Sheet", "Ô", "Nội dung", "Cách sửa", "Mã")
_WIDTHS = (6, 15, 15, 8, 56, 50, 8)
_CENTRED = frozenset((1, 2, 4, 7))
_HEADING_ROW, _LINK_COLUMN = 4, 4
_LINE_HEIGHT, _TALLEST = 15.0, 409.0
_HEAD = Look(bold=True, fill=HEAD.removeprefix("#"), horizontal="center", vertical="center")


def write_feedback(data: bytes, submission: Submission, findings: tuple[Finding, ...], path: Path) -> Path:
    """Writes the marked copy of this submission to ``path`` (a file with macros as ``.xlsm``); else the list alone.

    Returns the file written.
    """
    unit, period = submission.unit, submission.period
    listed = worst_first(findings)
    stamp = Stamp(STAMP_SHEET, (("kind", "feedback"), ("inputs", submission.inputs)))
    try:
        _check_patchable(data)
        listing = _listing(listed, _MEND_HERE, _whose(unit, period, findings))
        made, ending = patched(data, _marks(listed), listing, stamp, SIGNS)
    except CannotPatchError as error:
        reason = f"tệp của đơn vị {error}"
    except Exception:  # a reader of cells forgives what a patch cannot stand on; the unit still gets its list
        reason = "tệp của đơn vị có chỗ không đúng chuẩn nên không đánh dấu trực tiếp được"
    else:
        marked = path.with_suffix(ending)
        marked.write_bytes(made)
        return marked
    return write_list(unit, period, findings, path, reason)


def write_list(unit: str, period: str, findings: tuple[Finding, ...], path: Path, reason: str = "") -> Path:
    """Writes the list of findings alone, with the reason why it is no marked copy; returns the file written."""
    why = f" Lý do: {reason}." if reason else ""
    listing = _listing(worst_first(findings), f"{_OWN_FILE}{why}", _whose(unit, period, findings))
    stamp = Stamp(STAMP_SHEET, (("kind", "feedback-list"), ("unit", unit), ("period", period)))
    path.write_bytes(new_workbook(listing, stamp, SIGNS))
    return path


def _whose(unit: str, period: str, findings: tuple[Finding, ...]) -> str:
    files = sorted({item.at.file for item in findings if item.at})
    return f"Đơn vị {unit}, kỳ {period}, tệp {'; '.join(files)}" if files else f"Đơn vị {unit}, kỳ {period}"


def _check_patchable(data: bytes) -> None:
    """Raises :class:`CannotPatchError` for what is no .xlsx, and for what only a process of its own may open."""
    cleared = clear(data, "")
    if isinstance(cleared, Finding):
        raise CannotPatchError(message(cleared))
    if cleared.format != "xlsx":
        kind = "được mã hóa" if _ENCRYPTED in data else _FORMATS[cleared.format]
        raise CannotPatchError(f"{kind}: {_AS_XLSX}")
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
        note = "\n".join(f"{_WORDS[item.severity]} ({item.code}): {message(item)} {fix(item)}" for item in items)
        marks.setdefault(sheet, []).append(Mark(row, column, _FILLS[items[0].severity], note))
    return marks


# --- the list ---


def _listing(findings: tuple[Finding, ...], advice: str, whose: str) -> Listing:
    """The list: whose it is and what to do, then the findings kind by kind, each with a way to its cell."""
    counts = {severity: sum(item.severity == severity for item in findings) for severity in _WORDS}
    counted = f"{counts['error']} lỗi phải sửa, {counts['warning']} cảnh báo, {counts['note']} ghi chú."
    rows = [
        _line(_LIST_TITLE, Look(14, bold=True, framed=False, vertical="center")),
        _line(advice, Look(bold=True, framed=False, vertical="center")),
        _line(f"{whose}: {counted}", Look(framed=False, vertical="center")),
        Row(tuple(Cell(text, _HEAD) for text in _HEADINGS), 20),
    ]
    number = 0
    for kind in grouped(findings):
        look = Look(bold=True, fill=_FILLS[kind[0].severity], vertical="center")
        rest = (Cell("", look),) * (len(_HEADINGS) - 1)
        rows.append(Row((Cell(f"{title(kind[0].code)} ({len(kind)})", look), *rest), 19, merged=True))
        for item in kind:
            number += 1
            rows.append(_finding_row(number, item))
    return Listing(tuple(rows), _WIDTHS, _HEADING_ROW)


def _line(text: str, look: Look) -> Row:
    """A line over the whole width, as high as its text is long: Excel does not fit merged cells."""
    narrower = 0.88 if look.bold else 1.0
    return Row((Cell(text, look),), _height(text, sum(_WIDTHS) * narrower * 11 / look.size), merged=True)


def _finding_row(number: int, item: Finding) -> Row:
    at = item.at
    place = (at.sheet or "(cả tệp)", at.address) if at else ("", "")
    values: tuple[int | str, ...] = (number, _WORDS[item.severity], *place, message(item), fix(item), item.code)
    cells = []
    for column, value in enumerate(values, start=1):
        target = (at.sheet, at.address) if at and at.address and column == _LINK_COLUMN else None
        cells.append(Cell(value, Look(horizontal="center" if column in _CENTRED else "left"), target))
    shown = zip(values, _WIDTHS, strict=True)
    return Row(tuple(cells), max(_height(str(value), width - 2) for value, width in shown))


def _height(text: str, width: float) -> float:
    """The height of a row in points: Excel does not fit merged cells, and other programs fit none."""
    return min(_TALLEST, lines_needed(text, width) * _LINE_HEIGHT + 5)
