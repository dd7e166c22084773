"""Builds ``templates/report.docx``, the Word report in the form of Nghị định 30/2020/NĐ-CP (Phụ lục I).

Nothing comes in; the template goes out: ``python tools/make_report_template.py [FILE]``. The sentences below are a first
wording. From then on the template belongs to the office, which edits it in Word.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor

FONT = "Times New Roman"
TEMPLATE = Path(__file__).resolve().parent.parent / "templates" / "report.docx"
LEFT, CENTER, RIGHT, BOTH = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
BLANK = "\u00a0" * 7  # number and day are written in by the clerk

BODY = "Nội dung"
# name: size, bold, italic, alignment, space before, space after, first-line indent in cm
STYLES: dict[str, tuple[float, bool, bool, Any, float, float, float]] = {
    BODY: (14, False, False, BOTH, 0, 6, 1.27),
    "Cơ quan chủ quản": (12, False, False, CENTER, 0, 0, 0),
    "Cơ quan ban hành": (12, True, False, CENTER, 0, 0, 0),
    "Quốc hiệu": (12, True, False, CENTER, 0, 0, 0),
    "Tiêu ngữ": (13, True, False, CENTER, 0, 0, 0),
    "Số ký hiệu": (13, False, False, CENTER, 6, 0, 0),
    "Địa danh, thời gian": (13, False, True, CENTER, 6, 0, 0),
    "Tên loại văn bản": (14, True, False, CENTER, 18, 0, 0),
    "Trích yếu": (14, True, False, CENTER, 0, 0, 0),
    "Kẻ ngắn": (1, False, False, CENTER, 0, 0, 0),
    "Kẻ bằng dòng chữ": (1, False, False, CENTER, 0, 0, 0),
    "Tên bảng": (13, True, False, CENTER, 6, 4, 0),
    "Ô bảng": (12, False, False, LEFT, 1, 1, 0),
    "Ô bảng rộng": (10, False, False, LEFT, 1, 1, 0),
    "Ghi chú bảng": (12, False, True, BOTH, 3, 6, 0),
    "Nơi nhận": (12, True, True, LEFT, 0, 0, 0),
    "Danh sách nơi nhận": (11, False, False, LEFT, 0, 0, 0),
    "Chức vụ ký": (14, True, False, CENTER, 0, 0, 0),
    "Họ tên người ký": (14, True, False, CENTER, 0, 0, 0),
    "Số phụ lục": (14, True, False, CENTER, 0, 0, 0),
    "Tên phụ lục": (14, True, False, CENTER, 0, 0, 0),
    "Kèm theo": (14, False, True, CENTER, 0, 6, 0),
    "Hết bảng": (5, False, False, LEFT, 0, 0, 0),
    "Hết phần": (1, False, False, LEFT, 0, 0, 0),
}
HEADINGS = {"Heading 1": (14, True, False, 6), "Heading 2": (14, True, False, 3), "Heading 3": (14, True, True, 3)}


def build() -> Any:
    """The template as a python-docx document."""
    document = Document()
    _clear(document)
    _styles(document)
    _page(document.sections[0], landscape=False)
    _page_number(document.sections[0])
    _letterhead(document)
    _guidance(document)
    _fields(document)
    _index(document)
    _assessment(document)
    _closing(document)
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _page(section, landscape=True)
    document.element.body.xpath("./w:p[w:pPr/w:sectPr]")[-1].style = document.styles["Hết phần"].style_id
    _appendices(document)
    return document


def _clear(document: Any) -> None:
    """Our own properties, and no thumbnail of somebody else's page."""
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "", "Báo cáo công tác cải cách hành chính", ""
    properties.language = "vi-VN"
    properties.created = properties.modified = datetime(2021, 1, 1, tzinfo=timezone.utc)
    relations = document.part.package.rels
    for name in [name for name, relation in relations.items() if relation.reltype.endswith("/thumbnail")]:
        del relations[name]


# --- styles and page ------------------------------------------------------------------------------------------------


def _styles(document: Any) -> None:
    styles = document.styles
    styles.element.xpath("./w:docDefaults/w:rPrDefault/w:rPr/w:lang")[0].set(qn("w:val"), "vi-VN")
    _font(styles["Normal"], 14)
    styles["Normal"].paragraph_format.space_after = Pt(0)
    for name, (size, bold, italic, align, before, after, indent) in STYLES.items():
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.element.set(qn("w:styleId"), _ascii(name))
        style.base_style = styles["Normal"]
        style.quick_style = True
        _font(style, size, bold=bold, italic=italic)
        _layout(style, align, before, after)
        style.paragraph_format.first_line_indent = Cm(indent)
    for name, (size, bold, italic, before) in HEADINGS.items():
        _font(styles[name], size, bold=bold, italic=italic)
        _layout(styles[name], LEFT, before, 6)
        styles[name].paragraph_format.first_line_indent = Cm(1.27)
        styles[name].paragraph_format.keep_with_next = True
    for name in ("Tên bảng", "Tên loại văn bản", "Trích yếu", "Số phụ lục", "Tên phụ lục", "Kèm theo"):
        styles[name].paragraph_format.keep_with_next = True
    for name in ("Kẻ ngắn", "Kẻ bằng dòng chữ"):
        _bottom_line(styles[name])
    styles["Hết phần"].paragraph_format.line_spacing = Pt(1)


def _ascii(name: str) -> str:
    """The style's identifier, which people do not see: other programs are not all at ease with accents in it."""
    plain = unicodedata.normalize("NFD", name.title().replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())


def _font(style: Any, size: float, *, bold: bool = False, italic: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(size), bold, italic
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)
    for old in style.element.rPr.xpath("./w:szCs"):
        style.element.rPr.remove(old)
    complex_size = OxmlElement("w:szCs")
    complex_size.set(qn("w:val"), str(int(size * 2)))
    style.element.rPr.xpath("./w:sz")[0].addnext(complex_size)


def _layout(style: Any, align: Any, before: float, after: float) -> None:
    layout = style.paragraph_format
    layout.alignment, layout.space_before, layout.space_after = align, Pt(before), Pt(after)
    layout.line_spacing_rule = WD_LINE_SPACING.SINGLE


def _bottom_line(style: Any) -> None:
    """An almost flat paragraph with a rule under it: drawn alike by Word and LibreOffice, and wide as its indents let."""
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = Pt(2)
    style.paragraph_format.space_after = Pt(4)
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    style.element.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
    )


def _page(section: Any, *, landscape: bool) -> None:
    long, short = Mm(297), Mm(210)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = not landscape


def _page_number(section: Any) -> None:
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = CENTER
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("shown", "2"), ("end", "")):
        run = paragraph.add_run("2" if kind == "shown" else None)
        if kind in ("begin", "separate", "end"):
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)  # noqa: SLF001
        elif not kind:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = text
            run._r.append(code)  # noqa: SLF001
    section.first_page_header.paragraphs[0].text = ""


# --- pieces -----------------------------------------------------------------------------------------------------------


def add(holder: Any, text: str, style: str = BODY) -> Any:
    """A paragraph; text between ** is bold."""
    paragraph = holder.add_paragraph(style=style)
    for number, piece in enumerate(text.split("**")):
        if piece:
            paragraph.add_run(piece).bold = True if number % 2 else None
    return paragraph


def say(holder: Any, *texts: str) -> None:
    """Body paragraphs, one a line: # opens a heading; a line that is only a {%p tag rules those around it."""
    for line in "\n".join(texts).strip("\n").split("\n"):
        level = len(line) - len(line.lstrip("#"))
        add(holder, line.lstrip("# "), f"Heading {level}" if level else BODY)


def put(cell: Any, text: str, style: str, align: Any = None) -> None:
    """Fill a table cell."""
    cell.paragraphs[0].style = style
    for number, piece in enumerate(text.split("**")):
        if piece:
            cell.paragraphs[0].add_run(piece).bold = True if number % 2 else None
    if align is not None:
        cell.paragraphs[0].alignment = align


def table(
    document: Any,
    widths: Sequence[float],
    lines: str,
    align: str,
    *,
    style: str = "Ô bảng",
    merge: str = "",
    about: str = "",
    whole: bool = False,
) -> None:
    """A ruled table, widths in mm: a line is a row, || parts its cells; the first is the header.

    ``align`` has a letter for each column: l, c or r. A cell "<" belongs to the one before it. A ``whole`` table stays on
    one page; of any other only the header stays with the first row.
    """
    grid = document.add_table(rows=0, cols=len(widths))
    grid.style, grid.autofit, grid.alignment = "Table Grid", False, WD_TABLE_ALIGNMENT.CENTER
    for line in lines.strip("\n").split("\n"):
        row, texts = grid.add_row(), [text.strip() for text in line.split("||")]
        for cell, wide in zip(row.cells, widths, strict=True):
            cell.width = Mm(wide)
        header = len(grid.rows) == 1
        _row_rules(row, header=header)
        for cell, text, letter in zip(row.cells, texts, align, strict=False):
            if text == "<":
                continue
            side = CENTER if header else {"l": LEFT, "c": CENTER, "r": RIGHT}[letter]
            put(cell, f"**{text}**" if header else text, style, side)
            cell.vertical_alignment = 1
            cell.paragraphs[0].paragraph_format.keep_with_next = True if header or whole else None
        _span(row, texts)
    for column, wide in zip(grid.columns, widths, strict=True):
        column.width = Mm(wide)
    _side_margins(grid, 57)
    _about(grid, f"{about} gộp ô: {merge}".strip() if merge else about)


def _row_rules(row: Any, *, header: bool) -> None:
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001
    properties.append(OxmlElement("w:cantSplit"))
    if header:
        properties.append(OxmlElement("w:tblHeader"))


def _span(row: Any, texts: Sequence[str]) -> None:
    first = 0
    while first < len(texts):
        last = first
        while last + 1 < len(texts) and texts[last + 1] == "<":
            last += 1
        if last > first:
            row.cells[first].merge(row.cells[last])
        first = last + 1


def _about(grid: Any, text: str) -> None:
    """The alternative text of the table; it also says which cells are merged after filling in."""
    if text:
        description = OxmlElement("w:tblDescription")
        description.set(qn("w:val"), text)
        grid._tbl.tblPr.append(description)  # noqa: SLF001


def _borderless(document: Any, left: float, right: float) -> Any:
    grid = document.add_table(rows=1, cols=2)
    grid.autofit, grid.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for cell, column, wide in zip(grid.rows[0].cells, grid.columns, (left, right), strict=True):
        cell.width = column.width = Mm(wide)
    _side_margins(grid, 0)
    _row_rules(grid.rows[0], header=False)
    return grid


def _side_margins(grid: Any, twips: int) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(twips))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    grid._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")  # noqa: SLF001


def _line(holder: Any, style: str, room: float, wide: float) -> None:
    paragraph = holder.add_paragraph(style=style)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm((room - wide) / 2)


# --- the text ---------------------------------------------------------------------------------------------------------


def _letterhead(document: Any) -> None:
    grid = _borderless(document, 65, 100)
    left, right = grid.rows[0].cells
    put(left, "{{ settings.parent_agency|upper }}", "Cơ quan chủ quản")
    add(left, "{{ agency|upper }}", "Cơ quan ban hành")
    _line(left, "Kẻ ngắn", 65, 24)
    put(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Quốc hiệu")
    add(right, "Độc lập - Tự do - Hạnh phúc", "Tiêu ngữ")
    _line(right, "Kẻ bằng dòng chữ", 100, 58)
    row = grid.add_row()
    _row_rules(row, header=False)
    put(row.cells[0], f"Số:{BLANK}/BC-{{{{ settings.symbol }}}}", "Số ký hiệu")
    put(
        row.cells[1],
        f"{{{{ settings.place }}}}, ngày{BLANK}tháng{BLANK}năm {{{{ report_year }}}}",
        "Địa danh, thời gian",
    )
    add(document, "BÁO CÁO", "Tên loại văn bản")
    add(
        document,
        "Kết quả công tác cải cách hành chính {{ period_text }} và thực hiện Kế hoạch cải thiện Chỉ số cải cách hành chính",
        "Trích yếu",
    )
    _line(document, "Kẻ ngắn", 165, 50)
    opening = (
        "Thực hiện Kế hoạch{% if settings.plan_number %} số {{ settings.plan_number }}{% endif %}"
        "{% if settings.plan_date %} ngày {{ settings.plan_date|date_vi }}{% endif %} về cải thiện Chỉ số cải cách hành "
        "chính{% if settings.year %} năm {{ settings.year }}{% endif %}, {{ agency }} báo cáo kết quả công tác cải cách "
        "hành chính (CCHC) {{ period_text }} (số liệu từ ngày {{ period_start|date_vi }} đến ngày "
        "{{ period_end|date_vi }}) như sau:"
    )
    add(document, opening).paragraph_format.space_before = Pt(12)


def _guidance(document: Any) -> None:
    """I. Công tác chỉ đạo, điều hành."""
    say(
        document,
        """
# I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH CẢI CÁCH HÀNH CHÍNH
## {{ number_in('I') }}. Thực hiện chế độ báo cáo
Trong tổng số {{ roll_total|count_vi }} đơn vị phải báo cáo{% if roll.submitted %}, {{ roll.submitted.count|count_vi }} đơn vị gửi đúng hạn{% endif %}{% if roll.late %}, {{ roll.late.count|count_vi }} đơn vị gửi trễ hạn ({{ roll.late.units }}){% endif %}{% if roll.missing %}, {{ roll.missing.count|count_vi }} đơn vị chưa gửi ({{ roll.missing.units }}){% endif %}{% if roll.unreadable %}, {{ roll.unreadable.count|count_vi }} đơn vị gửi tệp không đọc được, phải gửi lại ({{ roll.unreadable.units }}){% endif %} (Bảng {{ table.roll }}).
""",
    )
    add(document, "Bảng {{ table.roll }}. Tình hình gửi báo cáo của các đơn vị", "Tên bảng")
    table(
        document,
        (45, 25, 95),
        """
Tình trạng || Số đơn vị || Đơn vị
{%tr for row in roll_rows %}
{{ row.text }} || {{ row.count }} || {{ row.units }}
{%tr endfor %}
**Cộng** || **{{ roll_total }}** ||
""",
        "lcl",
        about="Điểm danh các đơn vị theo tình trạng gửi báo cáo.",
        whole=True,
    )
    _after_table(document)
    say(
        document,
        """
{%p if leading_field %}
{%p if has('DV_KIEMTRA') or has('TIN_BAI') or has('SANGKIEN') %}
## {{ number_in('I') }}. Kiểm tra, tuyên truyền, sáng kiến
{%p if has('DV_KIEMTRA') %}
- Kiểm tra CCHC: đã kiểm tra {{ figure('DV_KIEMTRA')|count_vi }}{% if has('DV_TONG') %}/{{ figure('DV_TONG')|count_vi }} đơn vị ({{ share('DV_KIEMTRA', 'DV_TONG')|percent_vi }}){% else %} đơn vị{% endif %}.
{%p endif %}
{%p if has('TIN_BAI') %}
- Tuyên truyền CCHC: {{ figure('TIN_BAI')|count_vi }} tin, bài.
{%p endif %}
{%p if has('SANGKIEN') %}
- Sáng kiến, giải pháp mới trong CCHC: {% if figure('SANGKIEN') %}{{ figure('SANGKIEN')|count_vi }} sáng kiến, giải pháp{% else %}trong kỳ chưa có sáng kiến, giải pháp{% endif %}.
{%p endif %}
{%p endif %}
{%p endif %}
{%p if tasks_table %}
## {{ number_in('I') }}. Thực hiện nhiệm vụ được giao
{%p if has('NV_GIAO') %}
Trong kỳ, {{ agency }} được giao {{ figure('NV_GIAO')|count_vi }} nhiệm vụ{% if has('NV_SOM') %}, có {{ figure('NV_SOM')|count_vi }} nhiệm vụ hoàn thành sớm hạn ({{ share('NV_SOM', 'NV_GIAO')|percent_vi }}){% endif %}{% if has('NV_DUNG') %}, {{ figure('NV_DUNG')|count_vi }} nhiệm vụ hoàn thành đúng hạn ({{ share('NV_DUNG', 'NV_GIAO')|percent_vi }}){% endif %}{% if has('NV_TRE') %}, {% if figure('NV_TRE') %}{{ figure('NV_TRE')|count_vi }} nhiệm vụ trễ hạn ({{ share('NV_TRE', 'NV_GIAO')|percent_vi }}){% else %}không có nhiệm vụ trễ hạn{% endif %}{% endif %}{% if has('NV_CHUA') and figure('NV_CHUA') %}, {{ figure('NV_CHUA')|count_vi }} nhiệm vụ chưa đến hạn ({{ share('NV_CHUA', 'NV_GIAO')|percent_vi }}){% endif %} (Bảng {{ table.tasks }}).{% if late_units %} Đơn vị có nhiệm vụ trễ hạn: {{ late_units|listing }}.{% endif %}
{%p elif late_units %}
Số liệu nhiệm vụ được giao chưa đủ; số liệu hiện có tại Bảng {{ table.tasks }}. Đơn vị có nhiệm vụ trễ hạn: {{ late_units|listing }}.
{%p else %}
Số liệu nhiệm vụ được giao chưa đủ; số liệu hiện có tại Bảng {{ table.tasks }}.
{%p endif %}
{%p for task in late_tasks %}
- Nhiệm vụ trễ hạn của {{ task.unit }}: {% if task.document %}{{ task.document }}{% if task.content %}, {% endif %}{% endif %}{{ task.content|lower_first }} (hạn {{ task.due|date_vi }}, {% if task.completed %}hoàn thành ngày {{ task.completed|date_vi }}{% else %}chưa hoàn thành{% endif %}).
{%p endfor %}
""",
    )
    add(document, "Bảng {{ table.tasks }}. Kết quả thực hiện nhiệm vụ được giao theo đơn vị", "Tên bảng")
    table(
        document,
        (59, 21, 21, 21, 21, 22),
        """
Đơn vị || Được giao || Sớm hạn || Đúng hạn || Trễ hạn || Chưa đến hạn
{%tr for row in tasks_table.rows %}
{{ row.name }} || {{ row.cells[0]|number_vi }} || {{ row.cells[1]|number_vi }} || {{ row.cells[2]|number_vi }} || {{ row.cells[3]|number_vi }} || {{ row.cells[4]|number_vi }}
{%tr endfor %}
**Cộng** || **{{ tasks_table.total[0]|number_vi }}** || **{{ tasks_table.total[1]|number_vi }}** || **{{ tasks_table.total[2]|number_vi }}** || **{{ tasks_table.total[3]|number_vi }}** || **{{ tasks_table.total[4]|number_vi }}**
Tỷ lệ so với số được giao || {{ tasks_table.shares[0]|percent_vi }} || {{ tasks_table.shares[1]|percent_vi }} || {{ tasks_table.shares[2]|percent_vi }} || {{ tasks_table.shares[3]|percent_vi }} || {{ tasks_table.shares[4]|percent_vi }}
""",
        "lccccc",
        about="Nhiệm vụ được giao và kết quả, theo đơn vị.",
    )
    say(document, "{%p endif %}")
    _dash_note(document, "tasks_table and tasks_table.dashes")
    say(
        document,
        """
{%p if leading_field %}
{%p for field in [leading_field] %}
## {{ number_in('I') }}. Kết quả theo tiêu chí
""",
    )
    _field_score(document)
    _field_body(document)
    say(document, "{%p endfor %}", "{%p endif %}")


def _dash_note(document: Any, name: str) -> None:
    say(document, f"{{%p if {name} %}}")
    add(document, "Ghi chú: dấu “–” là nội dung đơn vị không phải báo cáo.", "Ghi chú bảng")
    say(document, "{%p endif %}")


def _field_score(document: Any) -> None:
    say(
        document,
        """
{%p if field.summary %}
Kết quả chấm điểm: {% if field.summary.percent is none %}chưa có điểm{% elif field.summary.points is string %}không phát sinh{% else %}{{ field.summary.points|number_vi }}/{{ field.summary.max|number_vi }} điểm{% if field.summary.percent is not string %}, đạt {{ field.summary.percent|percent_vi }}{% endif %}{% endif %} (Bảng {{ table.fields }}).
{%p endif %}
""",
    )


def _field_body(document: Any) -> None:
    """What every field tells: other figures, the units' results, figures that do not agree."""
    say(
        document,
        """
{%p for item in field.figures %}
- {{ item.name }}: {{ item.text }}{% if item.unit_name and item.unit_name != '%' %} {{ item.unit_name }}{% endif %}{% if item.whole %} ({{ item.share|percent_vi }} so với {{ item.whole|lower_first }}){% endif %}.
{%p endfor %}
{%p for item in field.said %}
- {{ item.name }} ({{ item.code }}) – {{ item.units }}: {{ item.text|sentence }}
{%p endfor %}
{%p for item in field.conflicts %}
- Số liệu chưa thống nhất ({{ item.unit }}): {{ item.content|lower_first }} – {{ item.left|lower_first }}; {{ item.right|lower_first }} (Phụ lục {{ appendix.discrepancies }}).
{%p endfor %}
""",
    )


def _fields(document: Any) -> None:
    """II. Kết quả theo lĩnh vực."""
    say(
        document,
        """
# II. KẾT QUẢ THỰC HIỆN THEO LĨNH VỰC
{%p for field in fields %}
## {{ number_in('II') }}. {{ field.name }}
""",
    )
    _field_score(document)
    say(
        document,
        """
{%p if 'review' in field.topics %}
{%p if has('TTHC_RASOAT') %}
- Rà soát, đơn giản hóa thủ tục hành chính (TTHC): đã rà soát {{ figure('TTHC_RASOAT')|count_vi }}{% if has('TTHC_TONG') %}/{{ figure('TTHC_TONG')|count_vi }} TTHC ({{ share('TTHC_RASOAT', 'TTHC_TONG')|percent_vi }}){% else %} TTHC{% endif %}{% if has('TTHC_GIUNGUYEN') %}; kiến nghị giữ nguyên {{ figure('TTHC_GIUNGUYEN')|count_vi }} thủ tục{% endif %}{% if has('TTHC_DONGIAN') %}; kiến nghị đơn giản hóa {{ figure('TTHC_DONGIAN')|count_vi }} thủ tục, chiếm {{ share('TTHC_DONGIAN', 'TTHC_RASOAT')|percent_vi }} số TTHC đã rà soát{% if has('TTHC_TONG') %} và {{ share('TTHC_DONGIAN', 'TTHC_TONG')|percent_vi }} tổng số TTHC{% endif %}{% endif %}.{% if has('TTHC_TIETKIEM') %} Chi phí tiết kiệm dự kiến sau đơn giản hóa là {{ figure('TTHC_TIETKIEM')|number_vi }} đồng.{% endif %}
{%p else %}
- Rà soát, đơn giản hóa thủ tục hành chính (TTHC): số liệu chưa đủ; số liệu hiện có tại Bảng {{ table.review }}.
{%p endif %}
""",
    )
    add(document, "Bảng {{ table.review }}. Kết quả rà soát thủ tục hành chính", "Tên bảng")
    table(
        document,
        (75, 32, 29, 29),
        """
Nội dung || Số liệu || So với tổng số || So với số đã rà soát
{%tr for row in review_rows %}
{{ row.name }} || {{ row.value }} || {{ row.of_all|percent_vi }} || {{ row.of_reviewed|percent_vi }}
{%tr endfor %}
""",
        "lccc",
        about="Rà soát, đơn giản hóa thủ tục hành chính.",
        whole=True,
    )
    _after_table(document)
    say(
        document,
        """
{%p endif %}
{%p if 'files' in field.topics %}
{%p if has('HS_TIEPNHAN') %}
- Giải quyết hồ sơ TTHC: tiếp nhận {{ figure('HS_TIEPNHAN')|count_vi }} hồ sơ{% if has('HS_TONTRUOC') and figure('HS_TONTRUOC') %} (ngoài {{ figure('HS_TONTRUOC')|count_vi }} hồ sơ kỳ trước chuyển sang){% endif %}{% if has('HS_SOM') %}, trong đó {{ figure('HS_SOM')|count_vi }} hồ sơ được giải quyết trước hạn{% endif %}{% if has('HS_DUNGHAN') and figure('HS_DUNGHAN') %}, {{ figure('HS_DUNGHAN')|count_vi }} hồ sơ đúng hạn{% endif %}{% if has('HS_DANGXULY') %}, {{ figure('HS_DANGXULY')|count_vi }} hồ sơ đang giải quyết{% endif %}{% if has('HS_TREHAN') %}, {% if figure('HS_TREHAN') %}{{ figure('HS_TREHAN')|count_vi }} hồ sơ trễ hạn{% else %}không có hồ sơ trễ hạn{% endif %}{% endif %} (Bảng {{ table.files }}).
{%p elif files_table %}
- Giải quyết hồ sơ TTHC: số liệu chưa đủ; số liệu hiện có tại Bảng {{ table.files }}.
{%p endif %}
{%p if has('HS_TRE_PM') %}
- Theo phần mềm một cửa điện tử, tỷ lệ hồ sơ giải quyết trễ hạn là {{ figure('HS_TRE_PM')|percent_vi }} (Phụ lục {{ appendix.figure_rows }}).
{%p endif %}
{%p if files_table %}
""",
    )
    add(document, "Bảng {{ table.files }}. Tình hình giải quyết hồ sơ thủ tục hành chính", "Tên bảng")
    table(
        document,
        (50, 19, 19, 19, 19, 19, 20),
        """
Đơn vị || Tồn kỳ trước || Tiếp nhận || Trước hạn || Đúng hạn || Trễ hạn || Đang giải quyết
{%tr for row in files_table.rows %}
{{ row.name }} || {{ row.cells[0]|number_vi }} || {{ row.cells[1]|number_vi }} || {{ row.cells[2]|number_vi }} || {{ row.cells[3]|number_vi }} || {{ row.cells[4]|number_vi }} || {{ row.cells[5]|number_vi }}
{%tr endfor %}
**Cộng** || **{{ files_table.total[0]|number_vi }}** || **{{ files_table.total[1]|number_vi }}** || **{{ files_table.total[2]|number_vi }}** || **{{ files_table.total[3]|number_vi }}** || **{{ files_table.total[4]|number_vi }}** || **{{ files_table.total[5]|number_vi }}**
""",
        "lcccccc",
        about="Hồ sơ thủ tục hành chính theo đơn vị.",
    )
    _after_table(document)
    say(document, "{%p endif %}", "{%p endif %}")
    _field_body(document)
    say(document, "{%p endfor %}")


def _after_table(document: Any) -> None:
    document.add_paragraph(style="Hết bảng")


def _index(document: Any) -> None:
    """III. Thực hiện Kế hoạch cải thiện Chỉ số."""
    say(
        document,
        """
# III. THỰC HIỆN KẾ HOẠCH CẢI THIỆN CHỈ SỐ CẢI CÁCH HÀNH CHÍNH
## {{ number_in('III') }}. Chỉ số cải cách hành chính
{%p if index.percent %}
Chỉ số CCHC {{ period_text }} của {{ agency }} {% if index.complete %}đạt{% else %}tạm tính là{% endif %} {{ index.percent|percent_vi }} ({{ index.points|number_vi }}/{{ index.applicable_max|number_vi }} điểm){% if index_gap is not none %}, {% if index_gap < 0 %}còn thiếu {{ (-index_gap)|number_vi }} điểm phần trăm so với mục tiêu {{ index.target|percent_vi }}{% else %}đạt mục tiêu {{ index.target|percent_vi }}{% endif %}{% elif index.target %}; mục tiêu {{ index.target|percent_vi }}{% endif %}{% if index_change is not none %}; so với năm trước ({{ index.previous|percent_vi }}) {{ index_change|change_vi }}{% elif index.previous %}; năm trước {{ index.previous|percent_vi }}{% endif %}.{% if settings.previous_rank is not none %} Xếp hạng năm trước: {{ settings.previous_rank }}{% if settings.ranked_units %}/{{ settings.ranked_units }} cơ quan, đơn vị{% endif %}.{% endif %}
{%p else %}
Chưa có tiêu chí nào đủ số liệu để tính Chỉ số CCHC {{ period_text }}.
{%p endif %}
{%p if not index.complete %}
**Chỉ số nêu trên là tạm tính**: còn {{ field_total.missing|count_vi }} tiêu chí chưa có điểm nên Chỉ số nằm trong khoảng từ {{ index.percent|percent_vi }} (tính các tiêu chí này 0 điểm) đến {{ index.percent_if_missing_full|percent_vi }} (tính các tiêu chí này điểm tối đa). Các tiêu chí chưa có điểm: {% for item in missing_criteria %}{{ item.code }} – {{ item.name }}{% if not loop.last %}; {% endif %}{% endfor %}.
{%p endif %}
{%p if illustrative %}
Lưu ý: điểm tối đa và cách chấm của các tiêu chí có căn cứ ghi “Minh họa” chưa phải là của bộ chỉ số do cơ quan có thẩm quyền ban hành; điểm và Chỉ số trong báo cáo này chỉ có giá trị tham khảo cho đến khi được thay thế.
{%p endif %}
""",
    )
    add(document, "Bảng {{ table.index }}. Chỉ số cải cách hành chính trong kỳ", "Tên bảng")
    table(
        document,
        (75, 25, 65),
        """
Nội dung || Giá trị || Chỉ số trong kỳ so với
{%tr for row in index_rows %}
{{ row.name }} || {{ row.value }} || {{ row.difference }}
{%tr endfor %}
""",
        "lcc",
        about="Chỉ số, khoảng tạm tính, mục tiêu, năm trước.",
        whole=True,
    )
    _after_table(document)
    add(document, "Bảng {{ table.fields }}. Điểm theo lĩnh vực", "Tên bảng")
    table(
        document,
        (8, 47, 13, 13, 14, 13, 15, 13, 14, 15),
        """
TT || Lĩnh vực || Số tiêu chí || Đạt tối đa || Chưa đạt tối đa || Chưa có điểm || Không phát sinh || Điểm tối đa || Điểm đạt || Tỷ lệ
{%tr for row in field_rows %}
{{ row.code }} || {{ row.name }} || {{ row.leaves }} || {{ row.full }} || {{ row.short }} || {{ row.missing }} || {{ row.not_applicable }} || {{ row.max|number_vi }} || {{ row.points|number_vi }} || {{ row.percent|percent_vi }}
{%tr endfor %}
**{{ field_total.name }}** || < || **{{ field_total.leaves }}** || **{{ field_total.full }}** || **{{ field_total.short }}** || **{{ field_total.missing }}** || **{{ field_total.not_applicable }}** || **{{ field_total.max|number_vi }}** || **{{ field_total.points|number_vi }}** || **{{ field_total.percent|percent_vi }}**
""",
        "clcccccccc",
        style="Ô bảng rộng",
        about="Số tiêu chí và điểm theo lĩnh vực.",
        whole=True,
    )
    _after_table(document)
    say(
        document,
        """
{%p if gap_rows %}
## {{ number_in('III') }}. Tiêu chí chưa đạt điểm tối đa
Có {{ field_total.short|count_vi }}/{{ field_total.leaves|count_vi }} tiêu chí chưa đạt điểm tối đa (Bảng {{ table.gaps }}); điểm của từng tiêu chí tại Phụ lục {{ appendix.criteria_rows }}.
""",
    )
    add(document, "Bảng {{ table.gaps }}. Các tiêu chí chưa đạt điểm tối đa", "Tên bảng")
    table(
        document,
        (14, 58, 48, 15, 15, 15),
        """
Mã || Tiêu chí || Đơn vị thực hiện || Điểm tối đa || Điểm đạt || Còn thiếu
{%tr for row in gap_rows %}
{{ row.code }} || {{ row.name }} || {{ row.lead }} || {{ row.max|number_vi }} || {{ row.points|number_vi }} || {{ row.gap|number_vi }}
{%tr endfor %}
""",
        "cllccc",
        style="Ô bảng rộng",
        merge="3",
        about="Tiêu chí chưa đạt điểm tối đa;",
    )
    _after_table(document)
    say(
        document,
        """
{%p endif %}
{%p if missing_evidence or conflict_count or waiting %}
## {{ number_in('III') }}. Tài liệu kiểm chứng và chất lượng số liệu
{%p if missing_evidence %}
- Chưa có tài liệu kiểm chứng theo yêu cầu đối với các tiêu chí: {% for item in missing_evidence %}{{ item.code }}{% if not loop.last %}, {% endif %}{% endfor %} (Phụ lục {{ appendix.evidence_rows }}).
{%p endif %}
{%p if conflict_count %}
- Có {{ conflict_count|count_vi }} nội dung số liệu chưa thống nhất, nêu đủ hai nguồn số liệu tại Phụ lục {{ appendix.discrepancies }}; chưa có số liệu nào được tự ý điều chỉnh.
{%p endif %}
{%p for item in waiting %}
- Còn chờ số liệu của {{ item.units }}: {{ item.names|join('; ') }} (Phụ lục {{ appendix.figure_rows }}).
{%p endfor %}
{%p endif %}
""",
    )


def _assessment(document: Any) -> None:
    """IV. Đánh giá chung; V. Nhiệm vụ; VI. Kiến nghị."""
    say(
        document,
        """
# IV. ĐÁNH GIÁ CHUNG
## {{ number_in('IV') }}. Kết quả đạt được
{% if field_total.full %}Có {{ field_total.full|count_vi }}/{{ field_total.leaves|count_vi }} tiêu chí đạt điểm tối đa (Bảng {{ table.fields }}){% else %}Trong kỳ chưa có tiêu chí nào đạt điểm tối đa{% endif %}.{% if has('NV_GIAO') and has('NV_SOM') and figure('NV_SOM') %} Có {{ figure('NV_SOM')|count_vi }}/{{ figure('NV_GIAO')|count_vi }} nhiệm vụ được giao hoàn thành sớm hạn.{% endif %}{% if has('HS_TREHAN') and not figure('HS_TREHAN') and not (has('HS_TRE_PM') and figure('HS_TRE_PM')) %} Không có hồ sơ TTHC trễ hạn theo báo cáo của các đơn vị.{% endif %}
{%p if field_total.short or field_total.missing or roll.missing or roll.late or late_units or conflict_count %}
## {{ number_in('IV') }}. Hạn chế
{%p for row in field_rows %}
{%p if row.short %}
- {{ row.name }}: còn {{ row.short|count_vi }} tiêu chí chưa đạt điểm tối đa ({{ row.short_codes|join(', ') }}).
{%p endif %}
{%p endfor %}
{%p if field_total.missing %}
- Còn {{ field_total.missing|count_vi }} tiêu chí chưa có điểm do chưa đủ số liệu.
{%p endif %}
{%p if late_units %}
- Còn nhiệm vụ thực hiện trễ hạn: {{ late_units|listing }}.
{%p endif %}
{%p if roll.late or roll.missing %}
- Chế độ báo cáo chưa nghiêm:{% if roll.late %} gửi trễ hạn ({{ roll.late.units }}){% endif %}{% if roll.late and roll.missing %};{% endif %}{% if roll.missing %} chưa gửi ({{ roll.missing.units }}){% endif %}.
{%p endif %}
{%p if conflict_count %}
- Còn {{ conflict_count|count_vi }} nội dung số liệu chưa thống nhất (Phụ lục {{ appendix.discrepancies }}).
{%p endif %}
{%p endif %}
{%p if causes.objective or causes.subjective or causes.unmarked %}
## {{ number_in('IV') }}. Nguyên nhân
""",
    )
    for side, title in (
        ("objective", "Nguyên nhân khách quan"),
        ("subjective", "Nguyên nhân chủ quan"),
        ("unmarked", "Nguyên nhân, khó khăn do đơn vị nêu, chưa phân loại"),
    ):
        say(
            document,
            f"{{%p if causes.{side} %}}",
            f"### {title}",
            f"{{%p for item in causes.{side} %}}",
            "- {{ item.name }} ({{ item.code }}) – {{ item.units }}: {{ item.text|sentence }}",
            "{%p endfor %}",
            "{%p endif %}",
        )
    say(
        document,
        """
{%p endif %}
# V. NHIỆM VỤ TRỌNG TÂM KỲ SAU
{%p for field in all_fields %}
{%p if field.steps %}
## {{ number_in('V') }}. {{ field.name }}
{%p for step in field.steps %}
- {{ step.lead or 'Đơn vị được phân công' }} – {% if step.target %}{{ step.target|lower_first }}{% else %}khắc phục nội dung chưa đạt{% endif %} ({{ step.state }}).
{%p endfor %}
{%p endif %}
{%p endfor %}
## {{ number_in('V') }}. Theo dõi, tổng hợp
{%p if roll.missing or roll.unreadable %}
- Đôn đốc gửi báo cáo còn thiếu: {% if roll.missing %}{{ roll.missing.units }}{% endif %}{% if roll.missing and roll.unreadable %}; {% endif %}{% if roll.unreadable %}{{ roll.unreadable.units }}{% endif %}.
{%p endif %}
{%p if has('NV_CHUA') and figure('NV_CHUA') %}
- Hoàn thành {{ figure('NV_CHUA')|count_vi }} nhiệm vụ chưa đến hạn.
{%p endif %}
{%p if conflict_count %}
- Các đơn vị rà soát, thống nhất số liệu nêu tại Phụ lục {{ appendix.discrepancies }}.
{%p endif %}
{%p if missing_evidence %}
- Bổ sung tài liệu kiểm chứng còn thiếu nêu tại Phụ lục {{ appendix.evidence_rows }}.
{%p endif %}
- Văn phòng tiếp tục rà soát từng chỉ tiêu, từng điểm số và các tài liệu kiểm chứng có liên quan.
# VI. KIẾN NGHỊ
{%p if causes.proposal %}
{%p for item in causes.proposal %}
- {{ item.units }} ({{ item.name }}): {{ item.text|sentence }}
{%p endfor %}
{%p else %}
Trong kỳ, các đơn vị không có kiến nghị.
{%p endif %}
""",
    )
    last = "Trên đây là báo cáo kết quả công tác cải cách hành chính {{ period_text }} của {{ agency }}./."
    add(document, last).paragraph_format.keep_with_next = True


def _closing(document: Any) -> None:
    grid = _borderless(document, 80, 85)
    left, right = grid.rows[0].cells
    put(left, "{%p if recipients %}", "Nơi nhận")
    add(left, "Nơi nhận:", "Nơi nhận")
    add(left, "{%p for item in recipients %}", "Danh sách nơi nhận")
    add(left, "- {{ item.text }}{{ item.end }}", "Danh sách nơi nhận")
    add(left, "{%p endfor %}", "Danh sách nơi nhận")
    add(left, "{%p endif %}", "Danh sách nơi nhận")
    add(left, "", "Danh sách nơi nhận")
    put(right, "{%p if settings.signing_authority %}", "Chức vụ ký")
    add(right, "{{ settings.signing_authority|upper }}", "Chức vụ ký")
    add(right, "{%p endif %}", "Chức vụ ký")
    add(right, "{{ settings.signing_title|upper }}", "Chức vụ ký")
    for _ in range(4):
        add(right, "", "Họ tên người ký")
    add(right, "{{ settings.signer }}", "Họ tên người ký")


def _appendix_head(document: Any, name: str, title: str, *, first: bool = False) -> None:
    top = add(document, f"Phụ lục {{{{ appendix.{name} }}}}", "Số phụ lục")
    top.paragraph_format.page_break_before = not first
    add(document, title, "Tên phụ lục")
    attached = (
        f"(Kèm theo Báo cáo số:{BLANK}/BC-{{{{ settings.symbol }}}} ngày{BLANK}tháng{BLANK}năm {{{{ report_year }}}} "
        "của {{ agency }})"
    )
    add(document, attached, "Kèm theo")


def _appendices(document: Any) -> None:
    wide = "Ô bảng rộng"
    say(document, "{%p if criteria_rows %}")
    _appendix_head(
        document, "criteria_rows", "KẾT QUẢ THỰC HIỆN VÀ ĐIỂM CÁC TIÊU CHÍ {{ period_text|upper }}", first=True
    )
    add(
        document,
        "Ghi chú: dấu “–” ở dòng nhóm là nội dung chỉ ghi ở tiêu chí thành phần."
        "{% if illustrative %} Điểm tối đa có căn cứ “Minh họa” chưa phải là của bộ chỉ số ban hành.{% endif %}",
        "Ghi chú bảng",
    )
    table(
        document,
        (11, 31, 28, 21, 38, 26, 11, 12, 12, 12, 14, 19, 17),
        """
TT || Nội dung || Đơn vị thực hiện || Phối hợp thực hiện || Mục tiêu/giải pháp thực hiện || Kết quả thực hiện || Điểm tối đa || Điểm tự chấm || Điểm thẩm định || Điểm đạt || Tỷ lệ || Tài liệu kiểm chứng || Ghi chú
{%tr for row in criteria_rows %}
{%tr if row.is_field %}
**{{ row.code }}** || **{{ row.name }}** || < || < || < || < || **{{ row.max|number_vi }}** || **{{ row.self_points|number_vi }}** || **{{ row.appraised_points|number_vi }}** || **{{ row.final_points|number_vi }}** || **{{ row.percent|percent_vi }}** ||  ||
{%tr elif row.is_group %}
**{{ row.code }}** || **{{ row.name }}** || {{ row.lead }} || {{ row.cooperating }} || {{ row.target }} || {{ row.result }} || **{{ row.max|number_vi }}** || **{{ row.self_points|number_vi }}** || **{{ row.appraised_points|number_vi }}** || **{{ row.final_points|number_vi }}** || **{{ row.percent|percent_vi }}** || {{ row.evidence }} || {{ row.note }}
{%tr else %}
{{ row.code }} || {{ row.name }} || {{ row.lead }} || {{ row.cooperating }} || {{ row.target }} || {{ row.result }} || {{ row.max|number_vi }} || {{ row.self_points|number_vi }} || {{ row.appraised_points|number_vi }} || {{ row.final_points|number_vi }} || {{ row.percent|percent_vi }} || {{ row.evidence }} || {{ row.note }}
{%tr endif %}
{%tr endfor %}
""",
        "clllllcccccll",
        style=wide,
        merge="3, 4, 5",
        about="Kết quả và điểm theo tiêu chí;",
    )
    say(document, "{%p endif %}", "{%p if evidence_rows %}")
    _appendix_head(document, "evidence_rows", "DANH MỤC TÀI LIỆU KIỂM CHỨNG")
    table(
        document,
        (12, 14, 58, 45, 55, 42, 26),
        """
TT || Mã || Tiêu chí || Đơn vị || Tài liệu kiểm chứng || Nguồn (tệp › trang tính › ô) || Tình trạng
{%tr for row in evidence_rows %}
{{ loop.index }} || {{ row.code }} || {{ row.name }} || {{ row.unit }} || {{ row.text }} || {{ row.place }} || {{ row.found }}
{%tr endfor %}
""",
        "cclllll",
        style=wide,
        merge="2, 3",
        about="Tài liệu kiểm chứng theo tiêu chí và đơn vị;",
    )
    say(document, "{%p endif %}", "{%p if discrepancies %}")
    _appendix_head(document, "discrepancies", "SỐ LIỆU CHƯA THỐNG NHẤT")
    table(
        document,
        (12, 42, 66, 42, 42, 16, 32),
        """
TT || Đơn vị || Nội dung || Số liệu thứ nhất || Số liệu thứ hai || Tiêu chí || Nguồn (tệp › trang tính › ô)
{%tr for row in discrepancies %}
{{ loop.index }} || {{ row.unit }} || {{ row.content }} || {{ row.left }} || {{ row.right }} || {{ row.codes|join(', ') }} || {{ row.source }}
{%tr endfor %}
""",
        "cllllcl",
        style=wide,
        about="Hai nguồn số liệu không khớp nhau.",
    )
    say(document, "{%p endif %}", "{%p if figure_rows %}")
    _appendix_head(document, "figure_rows", "SỐ LIỆU TỔNG HỢP {{ period_text|upper }}")
    table(
        document,
        (12, 38, 72, 22, 34, 18, 56),
        """
TT || Mã || Số liệu || Đơn vị tính || Giá trị || Tỷ lệ || So với, đơn vị còn chờ
{%tr for row in figure_rows %}
{{ loop.index }} || {{ row.code }} || {{ row.name }} || {{ row.unit_name }} || {{ row.text }} || {{ row.share|percent_vi }} || {{ row.whole }}{% if row.whole and row.waiting %}; {% endif %}{% if row.waiting %}còn chờ: {{ row.waiting|listing }}{% endif %}
{%tr endfor %}
""",
        "cllcrcl",
        style=wide,
        about="Số liệu tổng hợp của các đơn vị.",
    )
    say(document, "{%p endif %}")


def main(arguments: Sequence[str]) -> int:
    """Write the template to the file named, or to its place in the project."""
    target = Path(arguments[0]) if arguments else TEMPLATE
    target.parent.mkdir(parents=True, exist_ok=True)
    build().save(target)
    print(target)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
