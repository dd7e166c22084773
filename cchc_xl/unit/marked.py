"""The marked copy of a unit's workbook: its bytes and findings come in, ``phan-hoi/<unit>.xlsx`` goes out.

Cells with findings are coloured and carry a comment; a first sheet lists what to mend and jumps to the cells. The stamp
says which inputs the copy shows, so that an untouched copy is not taken for a new submission. Where a copy would lose
something the unit had, the list alone is written, and says what and why.

The colour is a conditional format of our own, so that the unit's cell styles stay as they are. What we say in a comment
stands between two lines of ours. By these the marks of an earlier round are known, and go before new ones come.

The same sheet stands alone where there is no copy; its rows then name sheet and cell, and link nowhere.
"""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cchc_xl.feedback.inventory import Inventory, inventory
from cchc_xl.feedback.loading import as_it_was, cell_at, own_cells
from cchc_xl.feedback.losses import lost_between
from cchc_xl.feedback.marks import ALWAYS, AUTHOR, CLOSING, LIST_SHEET, LIST_TITLE, OPENING, is_list, is_ours, own_words
from cchc_xl.feedback.package import TOO_HEAVY, CannotCopyError
from cchc_xl.feedback.restore import restored
from cchc_xl.feedback.words import NEVER_KEPT, PICTURE
from cchc_xl.office.excel.book import FONT, HEAD, LINE, lines_needed
from cchc_xl.office.excel.bounds import STAMP_SHEET
from cchc_xl.office.excel.look import clear
from cchc_xl.office.excel.readers import transitional
from cchc_xl.records import Finding, Submission
from cchc_xl.text.catalogue import fix, grouped, message, title, worst_first

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

WORDS = {"error": "Lỗi phải sửa", "warning": "Cảnh báo", "note": "Ghi chú"}
FILLS = {"error": "F8D7DA", "warning": "FFF3CD", "note": "E5E7EB"}
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NAMELESS = {"": " ", "None": " "}  # an author without a name is read by openpyxl as "None"
_CELLS_IN_A_RULE = 200
_WIDTH, _LETTERS, _LINE, _TALLEST = 340, 52, 17, 640


def mark(book: Workbook, findings: tuple[Finding, ...]) -> None:
    """Colours and comments the cells that have findings, after taking away the marks of an earlier round."""
    by_sheet: dict[str, dict[tuple[int, int], list[Finding]]] = {}
    for item in findings:
        if item.at is not None and item.at.address:
            by_sheet.setdefault(item.at.sheet, {}).setdefault((item.at.row, item.at.column), []).append(item)
    for sheet in book.worksheets:
        _unmark(sheet)
        marked = by_sheet.get(sheet.title, {})
        _colour(sheet, marked)
        for place, items in marked.items():
            cell = cell_at(sheet, *place)
            if type(cell).__name__ != "MergedCell":
                _comment(cell, items)


def _unmark(sheet: Any) -> None:
    from openpyxl.comments import Comment
    from openpyxl.formatting.formatting import ConditionalFormattingList

    kept = ConditionalFormattingList()
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            if not is_ours(rule.formula):
                kept.add(str(area.sqref), rule)
    sheet.conditional_formatting = kept
    for cell in own_cells(sheet):
        comment = getattr(cell, "comment", None)
        if comment is not None:
            text = own_words(comment.text)
            author = _NAMELESS.get(comment.author, comment.author)
            cell.comment = _sized(Comment(text, author)) if text else None


def _colour(sheet: Any, marked: dict[tuple[int, int], list[Finding]]) -> None:
    """Our rules, before whatever the unit's own rules colour."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import PatternFill
    from openpyxl.utils import get_column_letter

    by_colour: dict[str, list[str]] = {}
    for (row, column), items in marked.items():
        by_colour.setdefault(FILLS[items[0].severity], []).append(f"{get_column_letter(column)}{row}")
    ranges = [
        (colour, " ".join(addresses[start : start + _CELLS_IN_A_RULE]))
        for colour, addresses in by_colour.items()
        for start in range(0, len(addresses), _CELLS_IN_A_RULE)
    ]
    for area in sheet.conditional_formatting:
        for other in area.rules:
            other.priority += len(ranges)
    for priority, (colour, addresses) in enumerate(ranges, start=1):
        rule: Any = FormulaRule(formula=[ALWAYS], fill=PatternFill(bgColor=colour))  # type: ignore[no-untyped-call]
        sheet.conditional_formatting.add(addresses, rule)
        rule.priority = priority


def _comment(cell: Any, items: list[Finding]) -> None:
    """What is wrong and what to do, behind whatever the unit wrote there."""
    from openpyxl.comments import Comment

    told = "\n".join(f"{WORDS[item.severity]} ({item.code}): {message(item)} {fix(item)}" for item in items)
    said = f"{OPENING}\n{NO_TEXT.sub('', told)}\n{CLOSING}"
    if cell.comment is None:
        cell.comment = _sized(Comment(said, AUTHOR))
    else:
        cell.comment = _sized(Comment(f"{cell.comment.text}\n\n{said}", cell.comment.author))


def _sized(comment: Any) -> Any:
    """The comment with a box that shows its whole text."""
    comment.width = _WIDTH
    comment.height = min(_TALLEST, (lines_needed(comment.text, _LETTERS) + 1) * _LINE)
    return comment


if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_HEADINGS = ("STT", "Mức độ", "Sheet", "Ô", "Nội dung", "Cách sửa", "Mã")
_WIDTHS = (6, 15, 15, 8, 56, 50, 8)
_CENTRED = frozenset((1, 2, 4, 7))
_HEADING_ROW, _LINK_COLUMN = 4, 4
_LINE_HEIGHT, _TALLEST_ROW = 15.0, 409.0
MEND_HERE = (
    "Bấm vào địa chỉ ở cột “Ô” để tới chỗ cần sửa: ô được tô màu và có ghi chú. "
    "Sửa xong, lưu lại và gửi chính tệp này về Văn phòng."
)


@dataclass(frozen=True, slots=True)
class ListText:
    """Whose list it is, and what to do with it: the lines above the table."""

    whose: str
    advice: str


def write_list_sheet(book: Workbook, findings: tuple[Finding, ...], told: ListText) -> None:
    """Makes the sheet the first and active one, in place of ours of an earlier round."""
    for old in [sheet for sheet in book.worksheets if is_list(sheet.title, str(sheet["A1"].value))]:
        book.remove(old)
    sheet = book.create_sheet(LIST_SHEET, 0)  # a sheet of the unit's own with this name keeps it, ours gets a number
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False
    _top(sheet, findings, told)
    row = _HEADING_ROW
    number = 0
    for kind in grouped(findings):
        row += 1
        _kind_row(sheet, row, kind)
        for item in kind:
            row, number = row + 1, number + 1
            _finding_row(sheet, row, number, item)
            _link(book, sheet, row, item)
    _layout(sheet)


def _top(sheet: Any, findings: tuple[Finding, ...], told: ListText) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    counts = {severity: sum(item.severity == severity for item in findings) for severity in WORDS}
    counted = f"{counts['error']} lỗi phải sửa, {counts['warning']} cảnh báo, {counts['note']} ghi chú."
    lines = ((LIST_TITLE, 14, True), (told.advice, 11, True), (f"{told.whose}: {counted}", 11, False))
    for row, (text, size, bold) in enumerate(lines, start=1):
        _text(sheet.cell(row, 1), text)
        sheet.cell(row, 1).font = Font(name=FONT, size=size, bold=bold)
        sheet.cell(row, 1).alignment = Alignment(vertical="center", wrap_text=True)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(_HEADINGS))
        narrower = 0.88 if bold else 1.0
        sheet.row_dimensions[row].height = _height(text, sum(_WIDTHS) * narrower * 11 / size)
    for column, text in enumerate(_HEADINGS, start=1):
        cell = sheet.cell(_HEADING_ROW, column, text)
        cell.font = Font(name=FONT, size=11, bold=True)
        cell.fill = PatternFill("solid", fgColor=HEAD.removeprefix("#"))
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = _border()
    sheet.row_dimensions[_HEADING_ROW].height = 20


def _kind_row(sheet: Any, row: int, kind: tuple[Finding, ...]) -> None:
    """One line over all findings of a kind: what kind, how bad, how many."""
    from openpyxl.styles import Alignment, Font, PatternFill

    first = kind[0]
    for column in range(1, len(_HEADINGS) + 1):
        sheet.cell(row, column).fill = PatternFill("solid", fgColor=FILLS[first.severity])
        sheet.cell(row, column).border = _border()
    cell = sheet.cell(row, 1)
    _text(cell, f"{title(first.code)} ({len(kind)})")
    cell.font = Font(name=FONT, size=11, bold=True)
    cell.alignment = Alignment(vertical="center", horizontal="left", indent=1)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(_HEADINGS))
    sheet.row_dimensions[row].height = 19


def _finding_row(sheet: Any, row: int, number: int, item: Finding) -> None:
    from openpyxl.styles import Alignment, Font

    centre = Alignment(vertical="top", wrap_text=True, horizontal="center")
    left = Alignment(vertical="top", wrap_text=True, horizontal="left", indent=1)
    at = item.at
    place = (at.sheet or "(cả tệp)", at.address) if at else ("", "")
    values = (number, WORDS[item.severity], *place, message(item), fix(item), item.code)
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column)
        _text(cell, value)
        cell.font = Font(name=FONT, size=11)
        cell.alignment = centre if column in _CENTRED else left
        cell.border = _border()
    shown = zip(values, _WIDTHS, strict=True)
    sheet.row_dimensions[row].height = max(_height(str(value), width - 2) for value, width in shown)


def _link(book: Workbook, sheet: Any, row: int, item: Finding) -> None:
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    at = item.at
    if at is None or not at.address or at.sheet not in book.sheetnames:
        return
    cell = sheet.cell(row, _LINK_COLUMN)
    quoted = at.sheet.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{at.address}")
    cell.font = Font(name=FONT, size=11, color="1D4ED8", underline="single")


def _text(cell: Any, value: object) -> None:
    """A value whose text stays text whatever it begins with."""
    cell.value = NO_TEXT.sub("", value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"


def _height(text: str, width: float) -> float:
    """The height of a row in points: Excel does not fit merged cells, and other programs fit none."""
    return min(_TALLEST_ROW, lines_needed(text, width) * _LINE_HEIGHT + 5)


def _border() -> Any:
    from openpyxl.styles import Border, Side

    line = Side(style="thin", color=LINE.removeprefix("#"))
    return Border(left=line, right=line, top=line, bottom=line)


def _layout(sheet: Any) -> None:
    for letter, width in zip("ABCDEFG", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = f"A{_HEADING_ROW + 1}"
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.6, 0.75, 0.3
    sheet.oddFooter.center.text = "Trang &P/&N"
    sheet.print_title_rows = f"{_HEADING_ROW}:{_HEADING_ROW}"


if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_FORMATS = {
    "ole": "ở định dạng cũ (.xls)",
    "ods": "ở định dạng OpenDocument (.ods)",
    "xlsb": "ở định dạng nhị phân (.xlsb)",
}
_AS_XLSX = "lưu thành Excel Workbook (.xlsx) thì lần sau có bản đánh dấu"


def marked_copy(data: bytes, findings: tuple[Finding, ...], whose: str, inputs: str) -> bytes:
    """The workbook with its wrong cells marked, its list and its stamp.

    Raises :class:`CannotCopyError` where it would lose something, with what and why; and whatever openpyxl raises.
    """
    _check_openable(data)
    data = transitional(data)
    original = inventory(data)
    if original.unknown_pictures:
        never = dict.fromkeys(words for words, _ in original.facts if words in NEVER_KEPT)
        raise CannotCopyError(_without((PICTURE, *never)))
    made = restored(_marked(data, original, findings, whose, inputs), original)
    lost = lost_between(original, inventory(made))
    if lost:
        raise CannotCopyError(_without(lost))
    return made


def _without(lost: tuple[str, ...]) -> str:
    return f"có nội dung mà bản đánh dấu không giữ được ({'; '.join(lost)})"


def _check_openable(data: bytes) -> None:
    """Raises :class:`CannotCopyError` for what openpyxl does not open, or would take minutes and gigabytes over."""
    cleared = clear(data, "")
    if isinstance(cleared, Finding):
        raise CannotCopyError(message(cleared))
    if cleared.format != "xlsx":
        kind = "được mã hóa" if _ENCRYPTED in data else _FORMATS[cleared.format]
        raise CannotCopyError(f"{kind}: {_AS_XLSX}")
    if cleared.isolated:
        raise CannotCopyError(TOO_HEAVY)


def _marked(data: bytes, original: Inventory, findings: tuple[Finding, ...], whose: str, inputs: str) -> bytes:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says in English on the error stream what it leaves out
        book = load_workbook(io.BytesIO(data), rich_text=True)
        book.template = False  # the copy is an .xlsx whatever the unit's file was
        as_it_was(book, original)
        mark(book, findings)
        write_list_sheet(book, findings, ListText(whose, MEND_HERE))
        write_stamp(book, {"kind": "feedback", "inputs": inputs})
        packed = io.BytesIO()
        book.save(packed)
    return packed.getvalue()


def write_stamp(book: Workbook, told: dict[str, str]) -> None:
    """Writes our words into the hidden sheet, beside what stands there."""
    if STAMP_SHEET not in book.sheetnames:
        book.create_sheet(STAMP_SHEET).sheet_state = "hidden"
    sheet = book[STAMP_SHEET]
    rows = {str(row[0].value): row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value}
    for name, value in told.items():
        number = rows.get(name) or (max(rows.values(), default=0) + 1)
        rows[name] = number
        sheet.cell(number, 1).value = name
        sheet.cell(number, 2).value = value


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
