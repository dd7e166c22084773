"""The checker of Nghị định 30/2020: good documents pass, and each rule broken on purpose is told at its paragraph."""

from __future__ import annotations

import re
import shutil
import time
import zipfile
from collections import Counter
from copy import deepcopy
from functools import cache, wraps
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from lxml import etree

from cchc_xl.office.word.decree import check_document
from cchc_xl.office.word.file import MAX_INFLATED
from cchc_xl.papers.context import Told
from cchc_xl.papers.documents import render_plan_draft
from cchc_xl.papers.letters import render_letters
from cchc_xl.records import ParagraphRef
from cchc_xl.text.catalogue import fix, message
from tests import conftest
from tests.conftest import ROOT
from tests.office import converted
from tests.results import completed
from tests.test_report import plain_document, sample

TEMPLATES = ROOT / "templates"

LEFT, CENTER, RIGHT, BOTH = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
TIMES = "Times New Roman"
NATIONAL, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
LONG = "Trong kỳ, các phòng chuyên môn và đơn vị trực thuộc đã triển khai đầy đủ các nhiệm vụ được giao theo kế hoạch"
SOFFICE = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


# --- a document made by direct formatting only --------------------------------------------------------------------------


def put(holder, text, size, *, bold=False, italic=False, align=CENTER, first=False):
    paragraph = holder.paragraphs[0] if first else holder.add_paragraph()
    dress(paragraph.add_run(text), size, bold=bold, italic=italic)
    layout = paragraph.paragraph_format
    layout.alignment, layout.space_before, layout.space_after = align, Pt(0), Pt(0)
    layout.line_spacing_rule = WD_LINE_SPACING.SINGLE
    return paragraph


def dress(run, size, *, bold=False, italic=False):
    run.font.name, run.font.size, run.bold, run.italic = TIMES, Pt(size), bold, italic
    return run


def body(word, text, *, bold=False, italic=False):
    paragraph = put(word, text, 14, bold=bold, italic=italic, align=BOTH)
    paragraph.paragraph_format.first_line_indent, paragraph.paragraph_format.space_after = Cm(1.27), Pt(6)
    return paragraph


def rule(holder, room, wide):
    """A line under a text: an empty paragraph with a border, as wide as its indents let."""
    paragraph = put(holder, "", 1)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm((room - wide) / 2)
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>')
    )
    return paragraph


def grid(word, *widths):
    table = word.add_table(rows=1, cols=len(widths))
    table.autofit = False
    for cell, column, wide in zip(table.rows[0].cells, table.columns, widths, strict=True):
        cell.width = column.width = Mm(wide)
    return table


def page(section, *, landscape=False):
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.different_first_page_header_footer = not landscape


def field(paragraph, code="PAGE"):
    for kind in ("begin", code, "separate", "end"):
        run = dress(paragraph.add_run(), 14)
        mark = OxmlElement("w:instrText" if kind == code else "w:fldChar")
        if kind == code:
            mark.text = f" {code} "
        else:
            mark.set(qn("w:fldCharType"), kind)
        run._r.append(mark)
        if kind == "separate":
            dress(paragraph.add_run("2"), 14)


def start():
    word = plain_document()
    page(word.sections[0])
    header = word.sections[0].header.paragraphs[0]
    header.alignment = CENTER
    field(header)
    _ = word.sections[0].first_page_header.paragraphs[0]
    word.element.body.remove(word.paragraphs[0]._p) if word.paragraphs else None
    return word


def letterhead(word, symbol, subject=""):
    table = grid(word, 65, 100)
    left, right = table.rows[0].cells
    put(left, "UBND TỈNH ĐỒNG THÁP", 13, first=True)
    put(left, "SỞ LAO ĐỘNG – THƯƠNG BINH", 13, bold=True)
    put(left, "VÀ XÃ HỘI", 13, bold=True)
    rule(left, 65, 20)
    put(right, NATIONAL, 13, bold=True, first=True)
    put(right, MOTTO, 14, bold=True)
    rule(right, 100, 64)
    left, right = table.add_row().cells
    put(left, f"Số: 15/{symbol}", 13, first=True)
    if subject:
        put(left, subject, 12)
    put(right, "Đồng Tháp, ngày 05 tháng 3 năm 2021", 14, italic=True, first=True)


def letterhead_by_tabs(word, symbol):
    for left, right, sizes, bold, italic in (
        ("UBND TỈNH ĐỒNG THÁP", NATIONAL, (12, 12), (False, True), False),
        ("SỞ NỘI VỤ", MOTTO, (12, 13), (True, True), False),
        ("", "", (13, 13), (False, False), False),
        (f"Số:        /{symbol}", "Đồng Tháp, ngày      tháng      năm 2021", (13, 13), (False, False), True),
    ):
        paragraph = put(word, left or "_______\t\t______________", sizes[0], bold=bold[0], align=LEFT)
        if right:
            dress(paragraph.add_run("\t" + right), sizes[1], bold=bold[1], italic=italic)


def title(word, kind, subject):
    put(word, kind, 14, bold=True)
    put(word, subject, 14, bold=True)
    rule(word, 165, 50)


def closing(word):
    table = grid(word, 80, 85)
    left, right = table.rows[0].cells
    put(left, "Nơi nhận:", 12, bold=True, italic=True, align=LEFT, first=True)
    for text in ("- UBND Tỉnh;", "- Sở Nội vụ;", "- Lưu: VT, VP."):
        put(left, text, 11, align=LEFT)
    put(right, "KT. GIÁM ĐỐC", 14, bold=True, first=True)
    put(right, "PHÓ GIÁM ĐỐC", 14, bold=True)
    for text in ("", "", "Phạm Việt Công"):
        put(right, text, 14, bold=True)


def closing_by_tabs(word):
    for left, right, size, slanted in (
        ("Nơi nhận:", "GIÁM ĐỐC", 12, True), ("- Như trên;", "", 11, False), ("- Sở Nội vụ;", "", 11, False),
        ("- Lưu: VT.", "", 11, False), ("", "Trần Thị Hoa", 11, False),
    ):  # fmt: skip
        paragraph = put(word, left, size, bold=slanted, italic=slanted, align=LEFT)
        if right:
            dress(paragraph.add_run("\t\t\t" + right), 14, bold=True)


def appendix(word, number, name):
    put(word, f"Phụ lục {number}", 14, bold=True)
    put(word, name, 14, bold=True)
    put(word, "(Kèm theo Báo cáo số 15/BC-SLĐTBXH ngày 05 tháng 3 năm 2021)", 14, italic=True)
    table = grid(word, 100, 100)
    for cell, text in zip(table.rows[0].cells, ("Tiêu chí", "Điểm"), strict=True):
        put(cell, text, 10, first=True)


def built_once(make):
    """Every call gets a copy of its own of what was built at the first."""
    built = cache(lambda: saved(make()))
    return wraps(make)(lambda: Document(BytesIO(built())))


def saved(word):
    buffer = BytesIO()
    word.save(buffer)
    return buffer.getvalue()


@built_once
def report():
    """A report with grounds, three levels of headings, a table and two appendices."""
    word = start()
    letterhead(word, "BC-SLĐTBXH")
    title(word, "BÁO CÁO", "Kết quả công tác cải cách hành chính quý I năm 2021")
    body(word, "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;", italic=True)
    body(word, "Căn cứ Kế hoạch số 15/KH-SLĐTBXH ngày 05 tháng 02 năm 2020.", italic=True)
    body(word, f"{LONG}, kết quả thực hiện trong quý I năm 2021 như sau:")
    body(word, "I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH", bold=True)
    body(word, "1. Thực hiện chế độ báo cáo", bold=True)
    body(word, f"{LONG}, gửi đủ báo cáo định kỳ.")
    body(word, f"- {LONG} và chấp hành thời hạn báo cáo.")
    body(word, "a) Báo cáo định kỳ")
    body(word, f"Về số liệu: {LONG[0].lower()}{LONG[1:]}.")
    put(word, "Bảng 1. Tình hình gửi báo cáo", 13, bold=True)
    table = grid(word, 80, 80)
    for cell, text in zip(table.rows[0].cells, ("Đơn vị", "Văn phòng Sở"), strict=True):
        put(cell, text, 11, align=LEFT, first=True)
    put(word, "Ghi chú: số liệu đến ngày 14 tháng 12.", 11, italic=True, align=LEFT)
    body(word, "II. KIẾN NGHỊ", bold=True)
    for number in range(6):
        body(word, f"Phòng {number}: {LONG}, đề nghị tiếp tục bố trí kinh phí cho các nhiệm vụ của kỳ sau.")
    body(word, "Trên đây là báo cáo kết quả công tác cải cách hành chính quý I năm 2021 của Sở./.")
    closing(word)
    page(word.add_section(WD_SECTION.NEW_PAGE), landscape=True)
    appendix(word, "I", "KẾT QUẢ CHẤM ĐIỂM")
    appendix(word, "II", "DANH MỤC TÀI LIỆU")
    return word


@built_once
def letter():
    """A công văn: no name of its kind, subject under the number, addressees."""
    word = start()
    letterhead(word, "SLĐTBXH-VP", "V/v đôn đốc gửi báo cáo cải cách hành chính")
    put(word, "Kính gửi:", 14)
    put(word, "- Văn phòng Sở;", 14, align=LEFT)
    put(word, "- Phòng Tài chính – Kế toán.", 14, align=LEFT)
    for number in range(1, 8):
        body(word, f"Nội dung thứ {number}: {LONG}, đề nghị các đơn vị gửi báo cáo đúng hạn và đầy đủ.")
    body(word, "Đề nghị các đơn vị thực hiện./.")
    closing(word)
    return word


@built_once
def decision():
    """A decision of an authority, with articles."""
    word = start()
    letterhead_by_tabs(word, "QĐ-SNV")
    title(word, "QUYẾT ĐỊNH", "Ban hành Quy chế làm việc của Sở Nội vụ")
    put(word, "GIÁM ĐỐC SỞ NỘI VỤ", 14, bold=True)
    body(word, "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;", italic=True)
    body(word, "Theo đề nghị của Chánh Văn phòng.", italic=True)
    put(word, "QUYẾT ĐỊNH:", 14, bold=True)
    put(word, "Chương I", 14, bold=True)
    put(word, "QUY ĐỊNH CHUNG", 14, bold=True)
    for number in range(1, 9):
        article = body(word, f"Điều {number}.", bold=True)
        dress(article.add_run(f" {LONG} kể từ ngày ký; người đứng đầu chịu trách nhiệm."), 14)
    body(word, "1. Chánh Văn phòng và các Trưởng phòng chịu trách nhiệm thi hành./.")
    closing_by_tabs(word)
    return word


@built_once
def regulation():
    """A decision and, after its recipients, what it issues."""
    word = decision()
    put(word, "QUY CHẾ", 14, bold=True)
    put(word, "Làm việc của Sở Nội vụ", 14, bold=True)
    put(word, "(Kèm theo Quyết định số 15/QĐ-SNV ngày 05 tháng 3 năm 2021)", 14, italic=True)
    put(word, "Chương II", 14, bold=True)
    put(word, "TỔ CHỨC THỰC HIỆN", 14, bold=True)
    body(word, "Điều 9. Trách nhiệm thi hành", bold=True)
    body(word, f"1. {LONG};")
    body(word, f"2. {LONG}.")
    put(word, "Mẫu số 01", 12)
    put(word, "NATIONAL", 9)
    return word


def findings(word, name="van-ban.docx"):
    return check_document(Path(name), saved(word))


@pytest.mark.parametrize("make", [report, letter, decision, regulation])
def test_a_good_document_passes(make):
    assert [(item.code, message(item)) for item in findings(make())] == []


# --- one row for each rule ----------------------------------------------------------------------------------------------


def at(word, begin, number=0):
    """The paragraph that begins with a text, in tables too, and its number in the body."""
    found = [
        (place, Paragraph(element, word))
        for place, element in enumerate(word.element.body.iter(qn("w:p")), start=1)
        if Paragraph(element, word).text.startswith(begin)
    ]
    return found[number]


def font(begin, **changes):
    """All runs of a paragraph changed."""

    def edit(word):
        for run in at(word, begin)[1].runs:
            for name, value in changes.items():
                if name == "color":
                    run.font.color.rgb = RGBColor.from_string(value)
                else:
                    setattr(run.font, name, value)

    return edit


def layout(begin, **changes):
    def edit(word):
        for name, value in changes.items():
            setattr(at(word, begin)[1].paragraph_format, name, value)

    return edit


def text(begin, old, new):
    """Another text in the run that has the old one."""

    def edit(word):
        run = next(run for run in at(word, begin)[1].runs if old in run.text)
        run.text = run.text.replace(old, new)

    return edit


def gone(begin, number=0):
    def edit(word):
        element = at(word, begin, number)[1]._p
        element.getparent().remove(element)

    return edit


def section(number, **changes):
    def edit(word):
        for name, value in changes.items():
            setattr(word.sections[number], name, value)

    return edit


def header(edit):
    return lambda word: edit(word.sections[0].header.paragraphs[0])


def center(paragraph):
    paragraph.alignment = RIGHT


def small(paragraph):
    for run in paragraph.runs:
        run.font.size = Pt(11)


def roman(word):
    mark = OxmlElement("w:pgNumType")
    mark.set(qn("w:fmt"), "upperRoman")
    word.sections[0]._sectPr.append(mark)


def to_footer(word):
    word.sections[0].header.paragraphs[0].clear()
    paragraph = word.sections[0].footer.paragraphs[0]
    paragraph.alignment = CENTER
    field(paragraph)


def without_lines(begin):
    """No border in the paragraph that follows."""

    def edit(word):
        following = at(word, begin)[1]._p.getnext()
        following.pPr.remove(following.pPr.find(qn("w:pBdr")))

    return edit


def short_line(word):
    Paragraph(at(word, MOTTO)[1]._p.getnext(), word).paragraph_format.left_indent = Mm(50)


def national_after_motto(word):
    at(word, MOTTO)[1]._p.getnext().addnext(at(word, NATIONAL)[1]._p)


def date_below(word):
    """The date in a row of its own."""
    table = word.tables[0]
    element = at(word, "Đồng Tháp")[1]._p
    cell = table.add_row().cells[1]
    cell._tc.append(element)
    table.rows[1].cells[1].add_paragraph()
    cell._tc.remove(cell.paragraphs[0]._p)


def heading_after_title(word):
    """The first heading stands in the middle right under the title."""
    for begin in ("Căn cứ Luật", "Căn cứ Kế", "Trong kỳ"):
        gone(begin)(word)
    text("I. CÔNG", "I.", "I/")(word)
    layout("I/ CÔNG", alignment=CENTER)(word)
    font("I/ CÔNG", size=Pt(12))(word)


def group(number, name, *, bold=True):
    """A section of a chapter, with a title of its own."""

    def edit(word):
        put(word, number, 14, bold=bold)
        put(word, name, 14, bold=True)
        place = at(word, "Điều 5")[1]._p
        for paragraph in (word.paragraphs[-2], word.paragraphs[-1]):
            place.addprevious(paragraph._p)

    return edit


def swapped(table, row):
    """The two cells of a row, exchanged."""

    def edit(word):
        left, right = word.tables[table].rows[row].cells
        right._tc.addnext(left._tc)

    return edit


def exchanged(one, other):
    """Two paragraphs, each in the other's place."""

    def edit(word):
        first, second = at(word, one)[1]._p, at(word, other)[1]._p
        mark = OxmlElement("w:p")
        first.addprevious(mark)
        second.addprevious(first)
        mark.addprevious(second)
        mark.getparent().remove(mark)

    return edit


def subject_below_addressees(word):
    at(word, "- Phòng Tài")[1]._p.addnext(at(word, "V/v")[1]._p)


def small_end_of_article(word):
    at(word, "Điều 4")[1].runs[1].font.size = Pt(11)


def addressed_without_kind(word):
    addressed(word)
    gone("BÁO CÁO")(word)


def address(word):
    put(word.sections[0].footer, "Địa chỉ: Số 1, đường 30/4; điện thoại: 0277", 9, first=True)


def appendix_alone(word):
    """The document before its appendices gone."""
    first = at(word, "Phụ lục I")[1]._p
    for item in [*first.itersiblings(preceding=True)]:
        word.element.body.remove(item)


def appendix_without_table(word):
    table = word.tables[-1]._tbl
    table.getparent().remove(table)
    table = word.tables[-1]._tbl
    table.getparent().remove(table)


def first(size):
    """A first line indent."""
    return {"first_line_indent": Cm(size)}


def swapped_cells_or_tables(name):
    """Whether LibreOffice saves a broken document otherwise: it joins tables, and gives exchanged cells other widths."""
    return name in {"phụ lục trước phần ký", "cơ quan bên phải Quốc hiệu", "số bên phải ngày"}


WHOLE = ""
RULES = [
    # what is broken                   document  how                                                     code    at
    ("khổ Letter", letter, section(0, page_width=Mm(216), page_height=Mm(279)), "N101", WHOLE),
    ("lề trái 25 mm", letter, section(0, left_margin=Mm(25)), "N102", WHOLE),
    ("lề phải 25 mm ở phụ lục", report, section(1, right_margin=Mm(25)), "N102", "Phụ lục I"),
    ("phông Arial", report, font("Về số liệu", name="Arial"), "N103", "Về số liệu"),
    ("phông trong bảng", report, font("Văn phòng Sở", name="Calibri"), "N103", "Văn phòng Sở"),
    ("màu đỏ", report, font("- Trong kỳ", color="FF0000"), "N104", "- Trong kỳ"),
    ("màu trong bảng", report, font("Đơn vị", color="0563C1"), "N104", "Đơn vị"),
    ("không có số trang", letter, header(lambda paragraph: paragraph.clear()), "N105", WHOLE),
    ("số trang bên phải", letter, header(center), "N106", "đầu trang"),
    ("số trang cỡ 11", letter, header(small), "N106", "đầu trang"),
    ("số trang La Mã", letter, roman, "N106", "đầu trang"),
    ("số trang ở chân trang", letter, to_footer, "N106", "chân trang"),
    ("trang đầu có số", letter, section(0, different_first_page_header_footer=False), "N107", "đầu trang"),
    ("trang ngang không bảng", report, appendix_without_table, "N108", "Phụ lục I"),
    ("thiếu Quốc hiệu", report, gone(NATIONAL), "N110", WHOLE),
    ("thiếu Tiêu ngữ", report, gone(MOTTO), "N110", WHOLE),
    ("thiếu số", letter, gone("Số:"), "N110", WHOLE),
    ("thiếu ngày", report, text("Đồng Tháp", "Đồng Tháp, ngày 05 tháng 3 năm 2021", ""), "N110", WHOLE),
    ("thiếu Nơi nhận", report, lambda word: [gone("Nơi nhận")(word), gone("- UBND")(word), gone("- Sở N")(word), text("- Lưu", "- Lưu: VT, VP.", "")(word)], "N110", WHOLE),
    ("thiếu họ tên", report, gone("Phạm"), "N110", WHOLE),
    ("thiếu Kính gửi", letter, lambda word: [gone("Kính gửi")(word), gone("- Văn phòng")(word), gone("- Phòng")(word)], "N110", WHOLE),
    ("thiếu V/v", letter, gone("V/v"), "N110", WHOLE),
    ("thiếu tên phụ lục", report, gone("DANH MỤC"), "N110", "Phụ lục II"),
    ("Quốc hiệu cỡ 14", report, font(NATIONAL, size=Pt(14)), "N111", NATIONAL),
    ("Quốc hiệu không đậm", decision, lambda word: setattr(at(word, "UBND")[1].runs[1], "bold", False), "N111", "UBND"),
    ("Quốc hiệu viết sai", report, text("CỘNG", "NGHĨA", "NGHỈA"), "N112", "CỘNG"),
    ("Tiêu ngữ nghiêng", report, font(MOTTO, italic=True), "N113", MOTTO),
    ("Tiêu ngữ căn trái", report, layout(MOTTO, alignment=LEFT), "N113", MOTTO),
    ("gạch nối không cách", report, text(MOTTO, " - Tự", "-Tự"), "N114", "Độc lập"),
    ("gạch dài", report, text(MOTTO, " - Tự", " – Tự"), "N114", "Độc lập"),
    ("Tiêu ngữ sai hoa thường", report, text(MOTTO, "Tự do", "tự do"), "N114", "Độc lập"),
    ("cơ quan chủ quản đậm", report, font("UBND", bold=True), "N115", "UBND"),
    ("cơ quan ban hành không đậm", report, font("VÀ XÃ HỘI", bold=False), "N116", "VÀ XÃ HỘI"),
    ("cơ quan ban hành in thường", report, text("SỞ LAO", "SỞ LAO ĐỘNG – THƯƠNG BINH", "Sở Lao động – Thương binh"), "N116", "Sở Lao"),
    ("số cỡ 14", report, font("Số:", size=Pt(14)), "N117", "Số:"),
    ("số nghiêng", report, font("Số:", italic=True), "N117", "Số:"),
    ("số thiếu số 0", report, text("Số:", "15", "5"), "N118", "Số:"),
    ("số thiếu hai chấm", report, text("Số:", "Số:", "Số"), "N118", "Số"),
    ("ký hiệu in thường", report, text("Số:", "SLĐTBXH", "Sở"), "N118", "Số:"),
    ("ký hiệu của kế hoạch", report, text("Số:", "BC", "KH"), "N119", "Số:"),
    ("ký hiệu của phương án", report, text("BÁO CÁO", "BÁO CÁO", "PHƯƠNG ÁN"), "N119", "Số:"),
    ("công văn có tên loại", letter, text("Số:", "SLĐTBXH-VP", "BC-SLĐTBXH"), "N119", "Số:"),
    ("ngày không nghiêng", report, font("Đồng Tháp", italic=False), "N120", "Đồng Tháp"),
    ("ngày thiếu số 0", report, text("Đồng Tháp", "05", "5"), "N121", "Đồng Tháp"),
    ("tháng 2 thiếu số 0", report, text("Đồng Tháp", "tháng 3", "tháng 2"), "N121", "Đồng Tháp"),
    ("tháng 3 thừa số 0", report, text("Đồng Tháp", "tháng 3", "tháng 03"), "N121", "Đồng Tháp"),
    ("ngày ở dòng dưới", letter, date_below, "N122", "Đồng Tháp"),
    ("tên loại không đậm", report, font("BÁO CÁO", bold=False), "N123", "BÁO CÁO"),
    ("tên loại in thường", report, text("BÁO CÁO", "BÁO CÁO", "Báo cáo"), "N123", "Báo cáo"),
    ("trích yếu cỡ 12", report, font("Kết quả", size=Pt(12)), "N124", "Kết quả"),
    ("trích yếu nghiêng", report, font("Kết quả", italic=True), "N124", "Kết quả"),
    ("V/v cỡ 14", letter, font("V/v", size=Pt(14)), "N125", "V/v"),
    ("căn cứ đứng", report, font("Căn cứ Luật", italic=False), "N126", "Căn cứ Luật"),
    ("căn cứ kết thúc bằng chấm", report, text("Căn cứ Luật", "2015;", "2015."), "N127", "Căn cứ Luật"),
    ("căn cứ cuối kết thúc bằng chấm phẩy", report, text("Căn cứ Kế", "2020.", "2020;"), "N127", "Căn cứ Kế"),
    ("Kính gửi nghiêng", letter, font("Kính gửi", italic=True), "N128", "Kính gửi"),
    ("thẩm quyền không đậm", decision, font("GIÁM ĐỐC SỞ", bold=False), "N129", "GIÁM ĐỐC SỞ"),
    ("nội dung cỡ 12", report, font("Về số liệu", size=Pt(12)), "N130", "Về số liệu"),
    ("nội dung nghiêng", report, font("Về số liệu", italic=True), "N130", "Về số liệu"),
    ("nội dung căn trái", report, layout("Về số liệu", alignment=LEFT), "N131", "Về số liệu"),
    ("nội dung không lùi dòng", report, layout("Về số liệu", **first(0)), "N132", "Về số liệu"),
    ("nội dung lùi 2 cm", report, layout("Về số liệu", **first(2)), "N132", "Về số liệu"),
    ("đoạn cách 3 pt", report, layout("Phòng 2", space_after=Pt(3)), "N133", "Phòng 2"),
    ("dãn dòng đôi", report, layout("Phòng 2", line_spacing=2.0), "N134", "Phòng 2"),
    ("dòng cố định 12 pt", report, layout("Phòng 2", line_spacing=Pt(12)), "N134", "Phòng 2"),
    ("chương căn trái", decision, layout("Chương I", alignment=LEFT), "N135", "Chương I"),
    ("tên chương in thường", decision, text("QUY ĐỊNH CHUNG", "QUY ĐỊNH CHUNG", "Quy định chung"), "N135", "Quy định chung"),
    ("mục La Mã nghiêng", report, font("I. CÔNG", italic=True), "N136", "I. CÔNG"),
    ("mục La Mã không đậm", report, font("II. KIẾN", bold=False), "N136", "II. KIẾN"),
    ("mục 1 nghiêng", report, font("1. Thực", italic=True), "N136", "1. Thực"),
    ("mục a cỡ 12", report, font("a) Báo", size=Pt(12)), "N136", "a) Báo"),
    ("mục không đậm", decision, group("Mục 1", "HỒ SƠ", bold=False), "N138", "Mục 1"),
    ("tên mục in thường", decision, group("Mục 1", "Hồ sơ"), "N138", "Hồ sơ"),
    ("điều không lùi dòng", decision, layout("Điều 4", **first(0)), "N132", "Điều 4"),
    ("địa chỉ cỡ 9", letter, address, "N149", "chân trang"),
    ("cơ quan bên phải Quốc hiệu", report, swapped(0, 0), "N154", "VÀ XÃ HỘI"),
    ("nơi nhận bên phải phần ký", report, swapped(2, 0), "N154", "Nơi nhận"),
    ("điều không đậm", decision, lambda word: setattr(at(word, "Điều 3")[1].runs[0], "bold", False), "N137", "Điều 3"),
    ("thiếu ./.", report, text("Trên đây", "./.", "."), "N139", "Trên đây"),
    ("./. hai lần", report, text("Phòng 3", "kỳ sau.", "kỳ sau./."), "N139", "Phòng 3"),
    ("chức vụ không đậm", report, font("PHÓ GIÁM", bold=False), "N140", "PHÓ GIÁM"),
    ("quyền hạn in thường", report, text("KT.", "GIÁM ĐỐC", "Giám đốc"), "N140", "KT."),
    ("họ tên in hoa", report, text("Phạm", "Phạm Việt Công", "PHẠM VIỆT CÔNG"), "N141", "PHẠM"),
    ("họ tên không đậm", report, font("Phạm", bold=False), "N141", "Phạm"),
    ("học vị", report, text("Phạm", "Phạm", "ThS. Phạm"), "N142", "ThS."),
    ("Nơi nhận đứng", report, font("Nơi nhận", italic=False), "N143", "Nơi nhận"),
    ("Nơi nhận cỡ 13", report, font("Nơi nhận", size=Pt(13)), "N143", "Nơi nhận"),
    ("nơi nhận cỡ 13", report, font("- UBND", size=Pt(13)), "N144", "- UBND"),
    ("nơi nhận thiếu chấm phẩy", report, text("- UBND", ";", ","), "N145", "- UBND"),
    ("nơi nhận thiếu gạch đầu dòng", report, text("- UBND", "- ", ""), "N145", "UBND Tỉnh"),
    ("dòng lưu thiếu chấm", report, text("- Lưu", "VP.", "VP"), "N145", "- Lưu"),
    ("thiếu dòng lưu", report, text("- Lưu", "Lưu: VT, VP", "Chi cục"), "N146", "- Chi cục"),
    ("KT thiếu chấm", report, text("KT.", "KT.", "KT"), "N147", "KT "),
    ("thiếu chức vụ người ký", report, gone("PHÓ GIÁM"), "N148", "KT."),
    ("số phụ lục cỡ 13", report, font("Phụ lục II", size=Pt(13)), "N150", "Phụ lục II"),
    ("phụ lục in hoa", report, text("Phụ lục II", "Phụ lục", "PHỤ LỤC"), "N150", "PHỤ LỤC"),
    ("phụ lục số Ả Rập", report, text("Phụ lục II", "II", "2"), "N151", "Phụ lục 2"),
    ("phụ lục không số", report, text("Phụ lục II", " II", ""), "N151", ("Phụ lục", 1)),
    ("tên phụ lục in thường", report, text("DANH MỤC", "DANH MỤC TÀI LIỆU", "Danh mục tài liệu"), "N152", "Danh mục"),
    ("kèm theo đứng", report, font("(Kèm theo", italic=False), "N153", "(Kèm theo"),
    ("Tiêu ngữ trước Quốc hiệu", report, national_after_motto, "N154", MOTTO),
    ("phụ lục trước phần ký", report, lambda word: word.element.body.append(word.tables[2]._tbl), "N154", "Phụ lục I"),
    ("không có đường kẻ dưới Tiêu ngữ", report, without_lines(MOTTO), "N201", MOTTO),
    ("không có đường kẻ dưới cơ quan", report, without_lines("VÀ XÃ HỘI"), "N202", "VÀ XÃ HỘI"),
    ("không có đường kẻ dưới trích yếu", report, without_lines("Kết quả"), "N203", "Kết quả"),
    ("tiêu đề không số, nghiêng", report, lambda word: [text("a) Báo", "a) ", "")(word), font("Báo cáo định", bold=True, italic=True)(word)], "N204", "Báo cáo định"),
    ("phụ lục thiếu kèm theo", report, gone("(Kèm theo", 1), "N205", "Phụ lục II"),
    ("mục 1 không đậm", report, font("1. Thực", bold=False), "N206", "1. Thực"),
    ("đường kẻ ngắn dưới Tiêu ngữ", report, short_line, "N301", MOTTO),
    ("CỘNG HOÀ", report, text("CỘNG", "HÒA", "HOÀ"), "N302", "CỘNG"),
    ("lề trái kể cả khoảng đóng gáy", letter, section(0, left_margin=Mm(30), gutter=Mm(10)), "N102", WHOLE),
    ("SỐ viết hoa", report, text("Số:", "Số:", "SỐ:"), "N118", "SỐ:"),
    ("ký hiệu có gạch dài", report, text("Số:", "BC-", "BC–"), "N118", "Số:"),
    ("ký hiệu có dấu cách", report, text("Số:", "BC-", "BC - "), "N118", "Số:"),
    ("ký hiệu thiếu cơ quan", report, text("Số:", "-SLĐTBXH", ""), "N118", "Số:"),
    ("công văn ghi CV", letter, text("Số:", "SLĐTBXH-VP", "CV-SLĐTBXH"), "N119", "Số:"),
    ("ngày 31 tháng 4", report, text("Đồng Tháp", "05 tháng 3", "31 tháng 4"), "N121", "Đồng Tháp"),
    ("ngày có dấu gạch chéo", report, text("Đồng Tháp", "ngày 05 tháng 3 năm 2021", "05/3/2021"), "N121", "Đồng Tháp"),
    ("học vị sau tên", report, text("Phạm", "Công", "Công, ThS."), "N142", "Phạm"),
    ("KT liền chức vụ", report, text("KT.", "KT. ", "KT."), "N147", "KT."),
    ("K/T", report, text("KT.", "KT.", "K/T"), "N147", "K/T"),
    ("phụ lục trùng số", report, text("Phụ lục II", "II", "I"), "N151", ("Phụ lục I", 1)),
    ("tên phụ lục cùng dòng với số", report, lambda word: [text("Phụ lục II", "II", "II: DANH MỤC TÀI LIỆU")(word), gone("DANH MỤC")(word)], "N152", "Phụ lục II"),
    ("đề mục cỡ 12 sát trích yếu, căn giữa", report, heading_after_title, "N136", "I/ CÔNG"),
    ("trích yếu trước tên loại", report, exchanged("BÁO CÁO", "Kết quả công"), "N154", "Kết quả công"),
    ("số bên phải ngày", report, swapped(0, 1), "N154", "Số:"),
    ("KT dưới chức vụ", report, exchanged("KT.", "PHÓ GIÁM"), "N154", "KT."),
    ("V/v trên số", letter, exchanged("Số:", "V/v"), "N154", "V/v"),
    ("V/v dưới Kính gửi", letter, subject_below_addressees, "N154", "Kính gửi"),
    ("QUYẾT ĐỊNH in thường", decision, text("QUYẾT ĐỊNH:", "QUYẾT ĐỊNH", "Quyết định"), "N129", "Quyết định:"),
    ("QUYẾT ĐỊNH căn trái", decision, layout("QUYẾT ĐỊNH:", alignment=LEFT), "N129", "QUYẾT ĐỊNH:"),
    ("thẩm quyền in thường", decision, text("GIÁM ĐỐC SỞ", "GIÁM ĐỐC SỞ NỘI VỤ", "Giám đốc Sở Nội vụ"), "N129", "Giám đốc Sở"),
    ("thẩm quyền căn trái", decision, layout("GIÁM ĐỐC SỞ", alignment=LEFT), "N129", "GIÁM ĐỐC SỞ"),
    ("trích yếu in hoa", decision, font("Ban hành", all_caps=True), "N124", "Ban hành"),
    ("lời của điều cỡ 11", decision, small_end_of_article, "N130", "Điều 4"),
    ("điểm in đậm", report, lambda word: [text("- Trong", "- Trong", "1. Trong")(word), text("1. Trong", "báo cáo.", "báo cáo;")(word), text("1. Trong", "các phòng chuyên môn và đơn vị trực thuộc ", "")(word), font("1. Trong", bold=True)(word)], "N130", "1. Trong"),
    ("báo cáo có Kính gửi, không tên loại", report, addressed_without_kind, "N110", WHOLE),
    ("đoạn đầu căn giữa", report, lambda word: [gone("Căn cứ Luật")(word), gone("Căn cứ Kế")(word), text("Trong kỳ", "như sau:", "sau đây.")(word), layout("Trong kỳ", alignment=CENTER)(word)], "N131", "Trong kỳ"),
    ("tên quy chế không đậm", regulation, font("QUY CHẾ", bold=False), "N123", "QUY CHẾ"),
    ("tên quy chế căn trái", regulation, layout("QUY CHẾ", alignment=LEFT), "N123", "QUY CHẾ"),
    ("tên quy chế in thường", regulation, text("QUY CHẾ", "QUY CHẾ", "Quy chế"), "N123", "Quy chế"),
    ("trích yếu quy chế không đậm", regulation, font("Làm việc", bold=False), "N124", "Làm việc"),
    ("trích yếu quy chế căn trái", regulation, layout("Làm việc", alignment=LEFT), "N124", "Làm việc"),
    ("trích yếu quy chế nghiêng", regulation, font("Làm việc", italic=True), "N124", "Làm việc"),
    ("quy chế kèm theo, đứng", regulation, font("(Kèm theo", italic=False), "N153", "(Kèm theo"),
    ("chương của quy chế căn trái", regulation, layout("Chương II", alignment=LEFT), "N135", "Chương II"),
    ("chữ chưa chấp nhận", report, lambda word: deleted(word), "N155", "Về số liệu"),  # noqa: PLW0108 - told below
    ("ý kiến còn lại", report, lambda word: word.add_comment(at(word, "Về số liệu")[1].runs, "Sửa lại số này"), "N156", "Về số liệu"),
    ("chữ ẩn", report, lambda word: hidden(word), "N207", "Về số liệu"),  # noqa: PLW0108 - told below
    ("chữ gạch ngang", report, font("Về số liệu", strike=True), "N208", "Về số liệu"),
    ("chữ tô nền", report, font("Về số liệu", highlight_color=WD_COLOR_INDEX.YELLOW), "N209", "Về số liệu"),
    ("chỗ chưa điền", report, text("- Trong", "các phòng", "[điền tên]"), "N210", "- Trong"),
    ("văn bản quy phạm", decision, text("Số:", "        /QĐ", " 15/2021/QĐ"), "N303", ""),
    ("chỉ có phụ lục", report, appendix_alone, "N304", ""),
    ("khoản của quy chế cỡ 12", regulation, font("2. Trong", size=Pt(12)), "N130", "2. Trong"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "edit", "code", "begin"), [row[1:] for row in RULES], ids=[row[0] for row in RULES])
def test_a_broken_rule_is_told_at_its_paragraph(make, edit, code, begin):
    word = make()
    edit(word)
    if begin in {"đầu trang", "chân trang"}:
        place = (begin, 1)
    else:
        begin, number = begin if isinstance(begin, tuple) else (begin, 0)
        place = ("thân văn bản", at(word, begin, number)[0]) if begin else ("", 0)
    found = findings(word)
    assert [(item.code, item.at.sheet, item.at.row) for item in found] == [(code, *place)]
    assert type(found[0].at) is ParagraphRef
    assert found[0].at.file == "van-ban.docx"


@SOFFICE
def test_broken_rules_are_told_after_libreoffice_saved_the_documents(tmp_path):
    paths, wanted, told_of = [], [], Counter()
    for place, (name, make, edit, code, _) in enumerate(RULES):
        if swapped_cells_or_tables(name) or told_of[code] == 1:  # a document of each code is enough to open
            continue
        told_of[code] += 1
        word = make()
        edit(word)
        paths.append(tmp_path / f"{place}.docx")
        word.save(paths[-1])
        wanted.append((name, [code]))
    if not conftest.WHOLE:  # the gate opens every second of them
        paths, wanted = paths[::2], wanted[::2]
    saved = converted(paths, "docx", tmp_path / "out")
    assert [
        (name, [item.code for item in check_document(path)]) for (name, _), path in zip(wanted, saved, strict=True)
    ] == wanted


def test_every_code_of_the_checker_has_a_row_that_breaks_it():
    sources = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "cchc_xl" / "office" / "word" / "decree").glob("*.py")
    )
    assert set(re.findall(r'"(N\d{3})"', sources)) - {row[3] for row in RULES} == {"N109"}


# --- the same document written in three ways ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ours(year, quarter, tmp_path_factory):
    """Every kind of document that we fill in, by name."""
    folder = tmp_path_factory.mktemp("van-ban")
    owing = completed(sample())
    paths = {"báo cáo năm": Path(year.folder) / "bao-cao.docx", "báo cáo quý": Path(quarter.folder) / "bao-cao.docx"}
    (folder / "ke-hoach.docx").write_bytes(render_plan_draft(year.contents, TEMPLATES / "plan.docx"))
    paths["dự thảo kế hoạch"] = folder / "ke-hoach.docx"
    for name, content in render_letters(Told.of(owing), TEMPLATES / "reminder.docx"):
        paths["công văn đôn đốc"] = folder / f"{name}.docx"
        paths["công văn đôn đốc"].write_bytes(content)
    return paths


@pytest.mark.parametrize("name", ["báo cáo năm", "báo cáo quý", "dự thảo kế hoạch", "công văn đôn đốc"])
def test_our_own_documents_pass(ours, name):
    assert told(check_document(ours[name])) == []


def told(found):
    return [(item.code, item.at.row, message(item)) for item in found if item.severity != "note"]


@SOFFICE
def test_our_own_documents_pass_after_libreoffice_saved_them(ours, tmp_path):
    paths = []
    for place, path in enumerate(ours.values()):
        paths.append(tmp_path / f"{place}.docx")
        shutil.copyfile(path, paths[-1])
    for name, path in zip(ours, converted(paths, "docx", tmp_path / "out"), strict=True):
        assert (name, told(check_document(path))) == (name, [])


def by_styles():
    """The report again: every paragraph's form is in a style based on another, and nothing is set on the spot."""
    word = report()
    made = {}
    for element in word.element.body.iter(qn("w:p")):
        paragraph = Paragraph(element, word)
        if not paragraph.runs or element.find(qn("w:pPr") + "/" + qn("w:pBdr")) is not None:
            continue
        form, layout = paragraph.runs[0].font, paragraph.paragraph_format
        look = (form.size, form.bold, form.italic, layout.alignment, layout.first_line_indent, layout.space_after)
        if look not in made:
            base = word.styles.add_style(f"Gốc {len(made)}", 1)
            base.font.name, base.font.size, base.font.bold = TIMES, form.size, form.bold
            style = word.styles.add_style(f"Kiểu {len(made)}", 1)
            style.base_style, style.font.italic = base, form.italic
            for name in ("alignment", "first_line_indent", "space_after", "space_before", "line_spacing_rule"):
                setattr(style.paragraph_format, name, getattr(layout, name))
            made[look] = style
        for run in [] if any(run.font.bold != form.bold for run in paragraph.runs) else paragraph.runs:
            run._r.remove(run._r.rPr)
        element.remove(element.pPr)
        paragraph.style = made[look]
    return word


def by_columns():
    """The letterhead in two columns of a section of its own, without a table."""
    word = report()
    table = word.tables[0]
    cells = [table.cell(0, 0), table.cell(1, 0), table.cell(0, 1), table.cell(1, 1)]
    elements = [paragraph._p for cell in cells for paragraph in cell.paragraphs]
    for element in elements:
        table._tbl.addprevious(element)
    table._tbl.getparent().remove(table._tbl)
    mark = parse_xml(
        f'<w:p {nsdecls("w")}><w:pPr><w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:bottom="1134"'
        ' w:left="1701" w:right="850"/><w:cols w:num="2"/></w:sectPr></w:pPr></w:p>'
    )
    elements[-1].addnext(mark)
    first, second = (word.sections[place]._sectPr for place in (0, 1))
    for place, reference in enumerate(second.findall(qn("w:headerReference"))):
        first.insert(place, reference)
    first.append(second.find(qn("w:titlePg")))
    kind = parse_xml(f'<w:type {nsdecls("w")} w:val="continuous"/>')
    word.sections[1]._sectPr.insert(0, kind)
    return word


@pytest.mark.parametrize("make", [by_styles, by_columns])
def test_the_same_document_made_otherwise_passes(make):
    assert [(item.code, item.at.row, message(item)) for item in findings(make())] == []


@SOFFICE
def test_good_documents_pass_after_libreoffice_saved_them(tmp_path):
    paths = []
    for make in (report, letter, decision, by_styles, by_columns):
        paths.append(tmp_path / f"{make.__name__}.docx")
        make().save(paths[-1])
    by_way_of_odt = converted(converted(paths, "odt", tmp_path / "odt"), "docx", tmp_path / "twice")
    for path in (*converted(paths, "docx", tmp_path / "once"), *by_way_of_odt):
        assert (path.stem, told(check_document(path))) == (path.stem, [])


# --- effective forms ----------------------------------------------------------------------------------------------------


def styled(name, **changes):
    """A paragraph style on one paragraph, whose runs say nothing themselves."""

    def edit(word, begin="Về số liệu"):
        style = word.styles.add_style(name, 1)
        style.font.name, style.font.size = TIMES, Pt(14)
        for item, value in changes.items():
            setattr(style.font, item, value)
        paragraph = at(word, begin)[1]
        layout = paragraph.paragraph_format
        kept = [getattr(layout, item) for item in LAYOUT]
        paragraph.style = style
        for item, value in zip(LAYOUT, kept, strict=True):
            setattr(layout, item, value)
        for run in paragraph.runs:
            run._r.remove(run._r.rPr)
        return paragraph, style

    return edit


LAYOUT = ("alignment", "first_line_indent", "space_after", "space_before", "line_spacing_rule")


def raw(begin, properties, number=0):
    """Properties of all runs of a paragraph, as XML."""

    def edit(word):
        for run in at(word, begin, number)[1].runs:
            for item in parse_xml(f"<w:rPr {nsdecls('w')}>{properties}</w:rPr>"):
                for old in run._r.rPr.findall(item.tag):
                    run._r.rPr.remove(old)
                run._r.rPr.append(item)

    return edit


def size_of_the_base(word):
    _, style = styled("Con")(word)
    base = word.styles.add_style("Cha", 1)
    base.font.size, style.font.size, style.base_style = Pt(12), None, base


def character_style(word):
    styled("Đoạn")(word)
    style = word.styles.add_style("Chữ", 2)
    style.font.size = Pt(12)
    at(word, "Về số liệu")[1].runs[0].style = style


def bold_twice(word):
    """Bold in the paragraph's style and in the character's cancel out."""
    paragraph, _ = styled("Đậm", bold=True)(word)
    style = word.styles.add_style("Chữ đậm", 2)
    style.font.bold = True
    for run in paragraph.runs:
        run.style = style


def hidden(word):
    dress(at(word, "Về số liệu")[1].add_run("ẩn"), 9).font.hidden = True


def deleted(word):
    run = dress(at(word, "Về số liệu")[1].add_run("bỏ"), 9)._r
    mark = parse_xml(f'<w:del {nsdecls("w")} w:id="1" w:author="a" w:date="2021-03-05T00:00:00Z"/>')
    run.addprevious(mark)
    mark.append(run)
    run.find(qn("w:t")).tag = qn("w:delText")


def linked(word):
    """A link that Word has coloured."""
    run = dress(at(word, "Về số liệu")[1].add_run("sonoivu.vn"), 14)
    run.font.color.rgb = RGBColor(5, 99, 193)
    mark = parse_xml(f'<w:hyperlink {nsdecls("w")} w:anchor="x"/>')
    run._r.addprevious(mark)
    mark.append(run._r)


def boxed(word):
    """Arial in a text box, which stands in the file twice."""
    inner = '<w:txbxContent><w:p><w:r><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial"/></w:rPr><w:t>Mật</w:t></w:r></w:p></w:txbxContent>'
    spaces = nsdecls("w") + (
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    at(word, "Về số liệu")[1].add_run()._r.append(
        parse_xml(
            f'<mc:AlternateContent {spaces}><mc:Choice Requires="wps"><w:drawing><wps:txbx>{inner}</wps:txbx></w:drawing></mc:Choice>'
            f"<mc:Fallback><w:pict><v:textbox>{inner}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
        )
    )


def table_style(word):
    """A table style that makes the heading row white."""
    style = parse_xml(
        f'<w:style {nsdecls("w")} w:type="table" w:styleId="Trang"><w:name w:val="Trắng"/><w:tblStylePr w:type="firstRow"><w:rPr>'
        '<w:color w:val="FFFFFF"/></w:rPr></w:tblStylePr></w:style>'
    )
    word.styles.element.append(style)
    table = next(table for table in word.tables if table.rows[0].cells[0].text == "Đơn vị")
    table._tbl.tblPr.insert(0, parse_xml(f'<w:tblStyle {nsdecls("w")} w:val="Trang"/>'))


def numbered(word):
    """An automatic Roman number before a heading that is not bold."""
    root = word.part.numbering_part.element
    root.insert(0, parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77"><w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/>'
        "</w:lvl></w:abstractNum>"
    ))  # fmt: skip
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    text("II. KIẾN", "II. ", "")(word)
    font("KIẾN NGHỊ", bold=False)(word)
    at(word, "KIẾN NGHỊ")[1]._p.pPr.insert(
        0, parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr>')
    )


def number_alone(word):
    """An automatic number before a paragraph that has no letter."""
    numbered(word)
    paragraph = body(word, "…")
    at(word, "Phòng 3")[1]._p.addprevious(paragraph._p)
    paragraph._p.pPr.insert(0, deepcopy(at(word, "KIẾN NGHỊ")[1]._p.pPr.numPr))
    font("KIẾN NGHỊ", bold=True)(word)


def drawn(kind):
    """A drawn line in place of the paragraph with a border under the motto."""
    shapes = {
        "drawing": '<w:drawing><wp:anchor xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><wp:extent cx="2286000" cy="0"/></wp:anchor></w:drawing>',
        "vml": '<w:pict><v:line xmlns:v="urn:schemas-microsoft-com:vml" from="0,0" to="100,0"/></w:pict>',
    }

    def edit(word):
        without_lines(MOTTO)(word)
        run = at(word, NATIONAL)[1].add_run()._r
        run.append(parse_xml(f"<w:r {nsdecls('w')}>{shapes[kind]}</w:r>")[0])

    return edit


def leading_tabs(word):
    layout("Về số liệu", **first(0))(word)
    text("Về số liệu", "Về", "\tVề")(word)


def joined(word):
    """No space between paragraphs of one style."""
    mark = OxmlElement("w:contextualSpacing")
    at(word, "Phòng 2")[1]._p.pPr.append(mark)


def two_in_one(word):
    """Title and motto in one paragraph, with a line break."""
    paragraph = at(word, NATIONAL)[1]
    paragraph.runs[0].add_break()
    dress(paragraph.add_run(MOTTO), 14, bold=True)
    element = at(word, MOTTO)[1]._p
    element.getparent().remove(element)


def capitals(word):
    text("BÁO CÁO", "BÁO CÁO", "Báo cáo")(word)
    font("Báo cáo", all_caps=True)(word)


def default_size(word):
    """The size of the document's defaults, under a style that says none."""
    _, style = styled("Không cỡ")(word)
    style.font.size = None
    word.styles.element.find(f"{qn('w:docDefaults')}//{qn('w:sz')}").set(qn("w:val"), "22")


def theme_font(word):
    raw("Về số liệu", '<w:rFonts w:asciiTheme="minorHAnsi" w:hAnsiTheme="minorHAnsi"/>')(word)


def with_bullets(word):
    """Recipients with automatic dashes."""
    root = word.part.numbering_part.element
    root.insert(0, parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="78"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="-"/>'
        "</w:lvl></w:abstractNum>"
    ))  # fmt: skip
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="78"><w:abstractNumId w:val="78"/></w:num>'))
    for begin in ("- UBND", "- Sở", "- Lưu"):
        paragraph = at(word, begin)[1]
        paragraph._p.pPr.insert(
            0, parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="78"/></w:numPr>')
        )
        text(begin, "- ", "")(word)


def signature_above(word):
    """The signature as paragraphs of the text, the recipients under it, no table."""
    table = word.tables[2]
    left, right = table.rows[0].cells
    for cell in (right, left):
        for paragraph in cell.paragraphs:
            table._tbl.addprevious(paragraph._p)
    table._tbl.getparent().remove(table._tbl)


def period_under_subject(word):
    paragraph = put(word, "(Số liệu từ ngày 15/12/2020 đến ngày 14/3/2021)", 14, italic=True)
    at(word, "Căn cứ Luật")[1]._p.addprevious(paragraph._p)


def kind_and_subject_in_one(word):
    paragraph = at(word, "BÁO CÁO")[1]
    paragraph.runs[0].add_break()
    dress(paragraph.add_run("Kết quả công tác cải cách hành chính quý I"), 14, bold=True)
    element = at(word, "Kết quả công", 0)[1]._p
    element.getparent().remove(element)


def addressed(word):
    paragraph = put(word, "Kính gửi: Ủy ban nhân dân Tỉnh", 14)
    at(word, "Căn cứ Luật")[1]._p.addprevious(paragraph._p)


def framed_number(word):
    """The page number as Word's own gallery makes it: in a frame, in a content control."""
    paragraph = word.sections[0].header.paragraphs[0]
    paragraph.alignment = LEFT
    paragraph._p.get_or_add_pPr().insert(
        0, parse_xml(f'<w:framePr {nsdecls("w")} w:wrap="around" w:hAnchor="margin" w:xAlign="center"/>')
    )


def tabbed_number(word):
    paragraph = word.sections[0].header.paragraphs[0]
    paragraph.alignment = LEFT
    paragraph.runs[0]._r.addprevious(parse_xml(f"<w:r {nsdecls('w')}><w:tab/></w:r>"))


def conditional_number(word):
    """A number that the field itself leaves out on the first page."""
    word.sections[0].different_first_page_header_footer = False
    for code in word.sections[0].header.paragraphs[0]._p.iter(qn("w:instrText")):
        code.text = ' IF PAGE > 1 "PAGE" "" '


def stamped(word):
    """Urgency and draft stamps under the number and above the agencies."""
    for begin, stamp in (("Số:", "HỎA TỐC"), ("UBND", "DỰ THẢO LẦN 2")):
        element = at(word, begin)[1]._p
        element.addnext(put(word, stamp, 14, bold=True)._p)


def dashes_under_subject(word):
    without_lines("Kết quả")(word)
    at(word, "Kết quả")[1]._p.addnext(put(word, "_________", 14, bold=True)._p)


def addressed_in_table(word):
    table = grid(word, 50, 115)
    left, right = table.rows[0].cells
    put(left, "Kính gửi:", 14, first=True)
    put(right, "- Văn phòng Sở;", 14, align=LEFT, first=True)
    put(right, "- Phòng Kế toán.", 14, align=LEFT)
    at(word, "Căn cứ Luật")[1]._p.addprevious(table._tbl)


def slanted_addressees(word):
    addressed_in_table(word)
    font("- Phòng Kế", italic=True)(word)


def aligned_number(word):
    """The middle of the header by Word's alignment tab, which needs no tab stop."""
    paragraph = word.sections[0].header.paragraphs[0]
    paragraph.alignment = LEFT
    mark = f'<w:r {nsdecls("w")}><w:ptab w:relativeTo="margin" w:alignment="center" w:leader="none"/></w:r>'
    paragraph.runs[0]._r.addprevious(parse_xml(mark))


def note_under_table(word):
    text("Ghi chú", "Ghi chú: số", "Số")(word)
    second = put(word, "Chữ nghiêng là số ước.", 11, italic=True, align=LEFT)
    at(word, "Số liệu đến")[1]._p.addnext(second._p)
    at(word, "Số liệu đến")[1]._p.addprevious(put(word, "", 6)._p)


def rare_post(word):
    text("KT.", "KT. GIÁM ĐỐC", "NGƯỜI ĐƯỢC GIAO")(word)
    text("PHÓ GIÁM", "PHÓ GIÁM ĐỐC", "QUẢN LÝ QUỸ")(word)


def chapter_close_to_text(word):
    """A chapter's number right after a text that leaves no space: it has its own."""
    layout("Phòng 5", space_after=Pt(0))(word)
    at(word, "Phòng 5")[1]._p.addnext(put(word, "Phần thứ hai", 14, bold=True)._p)


FORMS = [
    ("dấu hỏa tốc, dự thảo", stamped, []),
    ("gạch dưới trích yếu", dashes_under_subject, []),
    ("Kính gửi trong bảng", addressed_in_table, []),
    ("Kính gửi trong bảng, nghiêng", slanted_addressees, ["N128"]),
    ("số trang giữa bằng alignment tab", aligned_number, []),
    ("ghi chú nghiêng dưới bảng", note_under_table, []),
    ("chức vụ lạ", rare_post, []),
    ("phần mới liền đoạn trước", chapter_close_to_text, []),
    ("nơi nhận gạch đầu dòng tự động", with_bullets, []),
    ("phần ký không có bảng", signature_above, []),
    ("dòng thời gian số liệu dưới trích yếu", period_under_subject, []),
    ("tên loại và trích yếu cùng đoạn", kind_and_subject_in_one, []),
    ("báo cáo có Kính gửi", addressed, []),
    ("số trang trong khung", framed_number, []),
    ("số trang giữa bằng phím Tab", tabbed_number, []),
    ("số trang có điều kiện", conditional_number, []),
    ("cỡ chữ của kiểu cha", size_of_the_base, ["N130"]),
    ("cỡ chữ của kiểu ký tự", character_style, ["N130"]),
    ("cỡ chữ mặc định của tài liệu", default_size, ["N130"]),
    ("đậm ở kiểu đoạn", styled("Đậm", bold=True), ["N130"]),
    ("đậm hai lần thì không đậm", bold_twice, []),
    ("in hoa bằng định dạng", capitals, []),
    ("phông của chủ đề", theme_font, ["N103"]),
    ("chữ Việt có phông khác chữ thường", raw("Về số liệu", '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Arial"/>'), ["N103"]),
    ("phông chữ Trung Quốc không hiện", raw("Về số liệu", '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="SimSun"/>'), []),
    ("màu tự động", raw("Về số liệu", '<w:color w:val="auto"/>'), []),
    ("chữ ẩn", hidden, ["N207"]),
    ("chữ đã xóa", deleted, ["N155"]),
    ("liên kết màu xanh", linked, ["N104"]),
    ("hộp chữ", boxed, ["N103"]),
    ("kiểu bảng chữ trắng", table_style, ["N104"]),
    ("đánh số tự động", numbered, ["N136"]),
    ("chỉ có số tự động", number_alone, []),
    ("đường vẽ", drawn("drawing"), []),
    ("đường vẽ kiểu cũ", drawn("vml"), []),
    ("lùi dòng bằng phím Tab", leading_tabs, []),
    ("bỏ cách đoạn cùng kiểu", joined, ["N133"]),
    ("Quốc hiệu và Tiêu ngữ cùng đoạn", two_in_one, []),
    ("lùi dòng 1 cm", layout("Về số liệu", **first(1)), []),
    ("dòng cố định 18 pt", layout("Phòng 2", line_spacing=Pt(18)), []),
    ("một từ nghiêng", lambda word: dress(at(word, "Về số liệu")[1].add_run("nghiêng"), 14, italic=True), []),
    ("dấu cách cỡ khác", lambda word: dress(at(word, "Về số liệu")[1].add_run("  "), 9), []),
    ("số để trống", text("Số:", "15", "        "), []),
    ("ngày để trống", text("Đồng Tháp", "ngày 05 tháng 3", "ngày      tháng     "), []),
    ("Tờ trình", lambda word: [text("BÁO CÁO", "BÁO CÁO", "TỜ TRÌNH")(word), text("Số:", "BC", "TTr")(word)], []),
    ("chữ nhỏ trong bảng", font("Văn phòng Sở", size=Pt(8)), []),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "wanted"), [row[1:] for row in FORMS], ids=[row[0] for row in FORMS])
def test_the_effective_form_is_judged(edit, wanted):
    word = report()
    edit(word)
    assert [item.code for item in findings(word)] == wanted


def test_strict_open_xml_is_read_alike():
    strict = BytesIO()
    word = report()
    font("Về số liệu", size=Pt(12))(word)
    with zipfile.ZipFile(BytesIO(saved(word))) as package, zipfile.ZipFile(strict, "w") as out:
        for name in package.namelist():
            content = package.read(name)
            for kind in (b"wordprocessingml", b"drawingml"):
                old = b"http://schemas.openxmlformats.org/" + kind + b"/2006/main"
                content = content.replace(old, b"http://purl.oclc.org/ooxml/" + kind + b"/main")
            old = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
            if name != "_rels/.rels":
                content = content.replace(old, b"http://purl.oclc.org/ooxml/officeDocument/relationships")
            out.writestr(name, content)
    assert [item.code for item in check_document(Path("a.docx"), strict.getvalue())] == ["N130"]


# --- telling ----------------------------------------------------------------------------------------------------------


def test_the_same_departure_in_many_paragraphs_is_one_finding_with_a_count():
    word = report()
    for number in range(6):
        font(f"Phòng {number}", size=Pt(12))(word)
    (item,) = findings(word)
    assert (item.code, item.at.row) == ("N130", at(word, "Phòng 0")[0])
    assert message(item).endswith(
        "kỳ, các phòng chuyên môn và đơn vị trực…” và 5 đoạn khác: cỡ chữ 12 (quy định 13–14)."
    )


def test_different_departures_are_told_apart():
    word = report()
    font("Phòng 0", size=Pt(12))(word)
    font("Phòng 1", size=Pt(11))(word)
    assert [item.code for item in findings(word)] == ["N130", "N130"]


def test_a_sentence_says_what_was_found_and_names_the_rule():
    word = report()
    text("Số:", "15", "5")(word)
    (item,) = findings(word)
    assert message(item) == "Số, ký hiệu “Số: 5/BC-SLĐTBXH”: số 5 phải ghi là 05."
    assert "Phụ lục I Nghị định 30/2020/NĐ-CP" in fix(item)


def test_a_text_that_starts_with_can_cu_and_goes_on_is_prose():
    word = report()
    text("Trong kỳ", "Trong kỳ", "Căn cứ Kế hoạch số 15")(word)
    assert findings(word) == ()


# --- broken files -----------------------------------------------------------------------------------------------------


def packed(**parts):
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(saved(report()))) as package,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as changed,
    ):
        for name in package.namelist():
            content = parts.get(name.replace("/", "_").replace(".", "_"), package.read(name))
            if content is not None:
                changed.writestr(name, content)
    return out.getvalue()


DOCUMENT = f'<?xml version="1.0"?><w:document {nsdecls("w")}>%s</w:document>'
BROKEN = {
    "không phải zip": lambda: b"no zip",
    "tệp rỗng": lambda: b"",
    "tệp .doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
    "zip cụt": lambda: packed()[:5000],
    "thiếu document.xml": lambda: packed(word_document_xml=None),
    "XML hỏng": lambda: packed(word_document_xml="<w:document"),
    "không có body": lambda: packed(word_document_xml=DOCUMENT % ""),
    "body rỗng": lambda: packed(word_document_xml=DOCUMENT % "<w:body/>"),
    "không có chữ": lambda: packed(
        word_document_xml=DOCUMENT % "<w:body><w:p/><w:p><w:r><w:t> … </w:t></w:r></w:p></w:body>"
    ),
    "styles hỏng": lambda: packed(word_styles_xml="<w:styles"),
    "DOCTYPE": lambda: packed(word_styles_xml='<!DOCTYPE a [<!ENTITY b "c">]><w:styles/>'),
    "lồng quá sâu": lambda: packed(
        word_document_xml=DOCUMENT % ("<w:body>" + "<w:sdt>" * 5000 + "</w:sdt>" * 5000 + "</w:body>")
    ),
    "bom nén": lambda: packed(word_document_xml=DOCUMENT % (" " * MAX_INFLATED)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_read_is_one_finding(name):
    data = BROKEN[name]()
    begun = time.process_time()
    (item,) = check_document(Path("hong.docx"), data)
    assert (item.code, item.at) == ("N109", ParagraphRef("hong.docx"))
    assert message(item).endswith(".")
    assert time.process_time() - begun < 10


STRANGE = [
    "<!-- a --><w:p><!-- b --><w:pPr><!-- c --><w:ind/><!-- d --></w:pPr><w:r><w:rPr><!-- e --></w:rPr><?x y?><w:t>Chữ</w:t></w:r></w:p>",
    f"<w:p><w:r><w:t>{chr(45) * 60_000}x{chr(9) * 60_000}số{chr(160) * 60_000}y</w:t></w:r></w:p>",
    "<w:p><w:r><w:t>Phụ lục</w:t></w:r></w:p>" * 3000,
    "<w:p><w:r><w:t>Nơi nhận:</w:t></w:r></w:p>" + "<w:p><w:r><w:t>QUY CHẾ</w:t></w:r></w:p>" * 300,
    '<w:p><w:pPr><w:pStyle w:val="Không có"/><w:ind w:firstLine="x"/><w:spacing w:line="nan" w:before="-5"/></w:pPr><w:r><w:t>Chữ</w:t></w:r></w:p>',
    '<w:p><w:r><w:rPr><w:sz w:val=""/><w:b w:val="sai"/><w:color w:val="đỏ đen"/></w:rPr><w:t>Chữ</w:t></w:r></w:p>',
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Nơi nhận:</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
    "<w:p><w:r><w:t>Phụ lục</w:t></w:r></w:p>",
    "<w:p><w:r><w:t>Phụ lục I</w:t></w:r></w:p><w:p><w:r><w:t>Nơi nhận:</w:t></w:r></w:p><w:p><w:r><w:t>KT. GIÁM ĐỐC</w:t></w:r></w:p>",
    "<w:p><w:r><w:t>Số:</w:t></w:r></w:p><w:p><w:r><w:t>Căn cứ</w:t></w:r></w:p><w:p><w:r><w:t>Kính gửi</w:t></w:r></w:p>",
    "<w:p><w:r><w:t>BÁO CÁO</w:t></w:r></w:p>",
    '<w:p><w:r><w:t>Số: ²/BC, ngày ٣ tháng ³ năm ²</w:t></w:r></w:p><w:sectPr><w:pgSz w:w="a"/><w:cols w:num="-1"/></w:sectPr>',
    "<w:p><w:r><w:t>Điều 1</w:t></w:r></w:p><w:p><w:r><w:t>Chương</w:t></w:r></w:p><w:p><w:r><w:t>1.</w:t></w:r></w:p>",
]


@pytest.mark.parametrize("content", STRANGE)
def test_a_strange_document_is_judged_without_a_traceback(content):
    data = packed(word_document_xml=DOCUMENT % f"<w:body>{content}</w:body>")
    assert all(message(item) and fix(item) for item in check_document(Path("la.docx"), data))


def test_every_cut_of_a_document_is_judged():
    """A good document with each of its paragraphs, tables and sections left out in turn."""
    for place in range(len(report().element.body)):
        word = report()
        word.element.body.remove(word.element.body[place])
        assert all(message(item) for item in findings(word))


MESS = (
    "Phụ lục II",
    "Nơi nhận:",
    "Số: 5/BC",
    "K/T GIÁM ĐỐC",
    "QUY CHẾ",
    "²/²/2021",
    "x" * 5000,
    "./." * 500,
    "\t\n     ",
    "",
)


def mutated(data, seed):
    """A document with elements and attributes left out, moved, doubled and overwritten, alike for the same seed."""
    random = Random(seed)
    changed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as package, zipfile.ZipFile(changed, "w") as out:
        for name in package.namelist():
            content = package.read(name)
            if name.startswith("word/") and name.endswith(".xml") and "theme" not in name:
                root = etree.fromstring(content)
                elements = [item for item in root.iter() if item is not root and isinstance(item.tag, str)]
                for _ in range(random.choice((1, 5, 30)) if elements else 0):
                    mutate(random, elements)
                content = etree.tostring(root)
            out.writestr(name, content)
    return changed.getvalue()


def mutate(random, elements):
    item, other = random.choice(elements), random.choice(elements)
    match random.randrange(6):
        case 0 if item.getparent() is not None:
            item.getparent().remove(item)
        case 1 if item.attrib:
            del item.attrib[random.choice(list(item.attrib))]
        case 2 if item.attrib:
            item.set(random.choice(list(item.attrib)), random.choice(("", "-1", "9" * 20, "nan", "1e400", "²", "x")))
        case 3 if item not in other.iterancestors() and item is not other:
            other.append(item)
        case 4 if item.getparent() is not None:
            item.addnext(deepcopy(item))
        case _:
            texts = [text for text in elements[:500] if text.tag == qn("w:t")]
            random.choice(texts or [item]).text = random.choice(MESS)


@pytest.mark.parametrize("make", [report, letter, regulation])
def test_a_mutated_document_is_judged_without_a_traceback(make):
    data = saved(make())
    for seed in range(40):
        begun = time.process_time()
        assert all(message(item) and fix(item) for item in check_document(Path("la.docx"), mutated(data, seed)))
        assert time.process_time() - begun < 5, seed


def test_a_table_of_thousands_of_rows_takes_no_more_time_than_its_size():
    """Asking each cell for what its table says of itself would take the square of it."""
    row = "<w:tr>" + "<w:tc><w:p><w:r><w:t>Sở</w:t></w:r></w:p></w:tc>" * 4 + "</w:tr>"
    data = packed(word_document_xml=DOCUMENT % f"<w:body><w:tbl>{row * 6000}</w:tbl></w:body>")
    begun = time.process_time()
    assert check_document(Path("bang.docx"), data)
    assert time.process_time() - begun < 5


def test_a_long_document_is_checked_within_a_second():
    word = report()
    last = at(word, "Trên đây")[1]._p
    for _ in range(400):
        body(word, f"{LONG}, {LONG}, {LONG}.")
        last.addprevious(word.paragraphs[-1]._p)
    data = saved(word)
    begun = time.process_time()
    assert check_document(Path("dai.docx"), data) == ()
    assert time.process_time() - begun < 1


def test_a_name_is_enough_to_read_the_file(tmp_path):
    path = tmp_path / "cong-van.docx"
    letter().save(path)
    assert check_document(path) == ()
