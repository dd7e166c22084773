"""The pieces of our Word templates: paragraphs, ruled tables, letterhead, signature, heads of appendices.

A python-docx document with the styles of ``word_styles`` comes in and is added to. ``make_*_template`` put them together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from cchc_xl.papers.context import BLANK
from tools.word_styles import BODY, CENTER, LEFT, RIGHT, landscape_section

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def add(holder: Any, text: str, style: str = BODY) -> Any:
    """A paragraph; text between ** is bold."""
    paragraph = holder.add_paragraph(style=style)
    _write(paragraph, text)
    return paragraph


def _write(paragraph: Any, text: str) -> None:
    for number, piece in enumerate(text.split("**")):
        if piece:
            paragraph.add_run(piece).bold = True if number % 2 else None


def say(holder: Any, *texts: str) -> None:
    """Body paragraphs, one a line: # opens a heading; a line that is only a {%p tag rules those around it."""
    for line in "\n".join(texts).strip("\n").split("\n"):
        level = len(line) - len(line.lstrip("#"))
        add(holder, line.lstrip("# "), f"Heading {level}" if level else BODY)


def put(cell: Any, text: str, style: str, align: Any = None) -> None:
    """Fill a table cell; text between ** is bold."""
    cell.paragraphs[0].style = style
    _write(cell.paragraphs[0], text)
    if align is not None:
        cell.paragraphs[0].alignment = align


def table(document: Any, widths: Sequence[float], lines: str, align: str, *, about: str, style: str = "Ô bảng") -> None:
    """A ruled table, widths in mm: a line is a row, || parts its cells; the first is the header.

    ``align`` has a letter for each column: l, c or r; ``about`` is the alternative text. The header stays with the first
    row.
    """
    grid = document.add_table(rows=0, cols=len(widths))
    grid.style, grid.autofit, grid.alignment = "Table Grid", False, WD_TABLE_ALIGNMENT.CENTER
    for line in lines.strip("\n").split("\n"):
        row, texts = grid.add_row(), [text.strip() for text in line.split("||")]
        for cell, wide in zip(row.cells, widths, strict=True):
            cell.width = Mm(wide)
        header = len(grid.rows) == 1
        row_rules(row, header=header)
        for cell, text, letter in zip(row.cells, texts, align, strict=False):
            side = CENTER if header else {"l": LEFT, "c": CENTER, "r": RIGHT}[letter]
            put(cell, f"**{text}**" if header else text, style, side)
            cell.vertical_alignment = 1
            cell.paragraphs[0].paragraph_format.keep_with_next = True if header else None
    for column, wide in zip(grid.columns, widths, strict=True):
        column.width = Mm(wide)
    _side_margins(grid, 57)
    description = OxmlElement("w:tblDescription")
    description.set(qn("w:val"), about)
    grid._tbl.tblPr.append(description)  # noqa: SLF001


def row_rules(row: Any, *, header: bool) -> None:
    """A row never splits over two pages; a header is repeated on each."""
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001
    properties.append(OxmlElement("w:cantSplit"))
    if header:
        properties.append(OxmlElement("w:tblHeader"))


def borderless(document: Any, left: float, right: float) -> Any:
    """A row of two cells without lines, widths in mm."""
    grid = document.add_table(rows=1, cols=2)
    grid.autofit, grid.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for cell, column, wide in zip(grid.rows[0].cells, grid.columns, (left, right), strict=True):
        cell.width = column.width = Mm(wide)
    _side_margins(grid, 0)
    row_rules(grid.rows[0], header=False)
    return grid


def _side_margins(grid: Any, twips: int) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(twips))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    grid._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")  # noqa: SLF001


def line(holder: Any, style: str, room: float, wide: float) -> None:
    """A rule ``wide`` mm in the middle of ``room`` mm; filling in makes it fit the text above."""
    paragraph = holder.add_paragraph(style=style)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm((room - wide) / 2)


def after_table(document: Any) -> None:
    """A little room below a table."""
    document.add_paragraph(style="Hết bảng")


def closing(document: Any) -> None:
    """Nơi nhận beside the signature, in blocks; the room to sign in between stands here."""
    grid = borderless(document, 80, 85)
    left, right = grid.rows[0].cells
    put(left, "{{ khoi.noi_nhan }}", "Nơi nhận")
    add(left, "", "Danh sách nơi nhận")
    put(right, "{{ khoi.chuc_vu_ky }}", "Chức vụ ký")
    for _ in range(4):
        add(right, "", "Họ tên người ký")
    add(right, "{{ khoi.ho_ten_ky }}", "Họ tên người ký")


def appendix_head(document: Any, number: str, title: str, attached_to: str = "", *, first: bool = False) -> None:
    """Number, title and "(Kèm theo …)" of an appendix: the block that says it, or what names document, number and day."""
    top = add(document, f"Phụ lục {number}".rstrip(), "Số phụ lục")
    top.paragraph_format.page_break_before = not first
    add(document, title, "Tên phụ lục")
    add(
        document, f"(Kèm theo {attached_to} của {{{{ agency }}}})" if attached_to else "{{ khoi.kem_theo }}", "Kèm theo"
    )


def addressed(document: Any) -> None:
    """The addressees of a công văn: one name behind it, or several below each other beside it."""
    say(document, "{%p if cong_van.kinh_gui|count == 1 %}")
    only = add(document, "{% for item in cong_van.kinh_gui %}Kính gửi: {{ item.text }}.{% endfor %}", "Kính gửi")
    only.paragraph_format.space_before = Pt(18)
    say(document, "{%p else %}")
    after_table(document)
    document.paragraphs[-1].paragraph_format.space_before = Pt(8)
    grid = borderless(document, 50, 115)
    left, right = grid.rows[0].cells
    put(left, "Kính gửi:", "Kính gửi", RIGHT)
    left.paragraphs[0].paragraph_format.right_indent = Mm(3)
    put(right, "{%p for item in cong_van.kinh_gui %}", "Kính gửi", LEFT)
    add(right, "- {{ item.text }}{{ item.end }}", "Kính gửi").alignment = LEFT
    add(right, "{%p endfor %}", "Kính gửi").alignment = LEFT
    for place in range(3):
        layout = right.paragraphs[place].paragraph_format
        layout.space_after = Pt(0)
    right.paragraphs[1].paragraph_format.left_indent, right.paragraphs[1].paragraph_format.first_line_indent = (
        Mm(4),
        Mm(-4),
    )
    after_table(document)
    say(document, "{%p endif %}")


def paragraphs_of(document: Any, block: str) -> None:
    """The paragraphs of a block, one after the other."""
    say(document, f"{{%p for doan in cong_van.{block} %}}", "{{ doan }}", "{%p endfor %}")


def closing_line(document: Any, text: str = "{{ cong_van.ket }}") -> None:
    """The last paragraph, with its "./."; it stays with the signature: a page of a signature alone proves nothing."""
    add(document, f"{text}./.").paragraph_format.keep_with_next = True


def ending(document: Any, last: str, title: str, block: str) -> None:
    """What ends a document with an appendix: its last sentence, who signs, on landscape pages the block that it is of."""
    closing_line(document, last)
    closing(document)
    landscape_section(document)
    appendix_head(document, "", title, first=True)
    add(document, f"{{{{ khoi.{block} }}}}")


def listed_below(document: Any, title: str, draw: Callable[[], None]) -> None:
    """A list on the page behind the letter, where ``cong_van.danh_sach`` has rows; ``draw`` adds its table."""
    say(document, "{%p if cong_van.danh_sach %}")
    attached = f"Công văn số:{BLANK}/{{{{ letter_symbol }}}} ngày{BLANK}tháng{BLANK}năm {{{{ report_year }}}}"
    appendix_head(document, "", title, attached)
    draw()
    after_table(document)
    say(document, "{%p endif %}")


def letterhead(document: Any, *, subject: str = "", named: tuple[str, str] | None = None) -> None:
    """Agency and national title, number and day, in blocks; then a named type and its subject, or a công văn's "V/v"."""
    grid = borderless(document, 72, 93)
    left, right = grid.rows[0].cells
    put(left, "{{ khoi.co_quan }}", "Cơ quan ban hành")
    line(left, "Kẻ ngắn", 72, 24)
    put(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Quốc hiệu")
    add(right, "Độc lập - Tự do - Hạnh phúc", "Tiêu ngữ")
    line(right, "Kẻ bằng dòng chữ", 93, 58)
    row = grid.add_row()
    row_rules(row, header=False)
    put(row.cells[0], "{{ khoi.so_ky_hieu }}", "Số ký hiệu")
    if subject:
        add(row.cells[0], f"V/v {subject}", "Trích yếu công văn")
    put(row.cells[1], "{{ khoi.dia_danh_ngay }}", "Địa danh và thời gian")
    if named:
        add(document, named[0], "Tên loại văn bản")
        add(document, named[1], "Trích yếu")
        line(document, "Kẻ ngắn", 165, 50)


def save(build: Callable[[], Any], name: str, arguments: Sequence[str]) -> int:
    """Writes a template to the file named on the command line, or to its place in the project."""
    target = Path(arguments[0]) if arguments else TEMPLATES / name
    target.parent.mkdir(parents=True, exist_ok=True)
    build().save(target)
    print(target)
    return 0
