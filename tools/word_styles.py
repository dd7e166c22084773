"""The styles and pages of our Word templates, by Phụ lục I of Nghị định 30/2020/NĐ-CP: an empty document comes out."""

from __future__ import annotations

import unicodedata
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor

from cchc_xl.office.word.fill import undated

FONT = "Times New Roman"
LEFT, CENTER, RIGHT, BOTH = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)

BODY = "Nội dung"
# name: size, bold, italic, alignment, space before, space after, first-line indent in cm
STYLES: dict[str, tuple[float, bool, bool, Any, float, float, float]] = {
    BODY: (14, False, False, BOTH, 0, 6, 1.27),
    "Căn cứ": (14, False, True, BOTH, 0, 6, 1.27),
    "Cơ quan chủ quản": (12, False, False, CENTER, 0, 0, 0),
    "Cơ quan ban hành": (12, True, False, CENTER, 0, 0, 0),
    "Quốc hiệu": (12, True, False, CENTER, 0, 0, 0),
    "Tiêu ngữ": (13, True, False, CENTER, 0, 0, 0),
    "Số ký hiệu": (13, False, False, CENTER, 6, 0, 0),
    "Trích yếu công văn": (12, False, False, CENTER, 3, 0, 0),
    "Kính gửi": (14, False, False, CENTER, 0, 12, 0),
    "Địa danh và thời gian": (13, False, True, CENTER, 6, 0, 0),
    "Tên loại văn bản": (14, True, False, CENTER, 18, 0, 0),
    "Trích yếu": (14, True, False, CENTER, 0, 0, 0),
    "Kẻ ngắn": (1, False, False, CENTER, 0, 0, 0),
    "Kẻ bằng dòng chữ": (1, False, False, CENTER, 0, 0, 0),
    "Tên bảng": (13, True, False, CENTER, 6, 4, 0),
    "Ô bảng": (12, False, False, LEFT, 1, 1, 0),
    "Ô bảng rộng": (10, False, False, LEFT, 1, 1, 0),
    "Biểu đồ": (12, False, False, CENTER, 0, 6, 0),
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
_TABLES = frozenset(("Normal Table", "Table Grid"))
HEADINGS = {"Heading 1": (14, True, False, 6), "Heading 2": (14, True, False, 3), "Heading 3": (14, True, False, 3)}


def new_document(title: str) -> Any:
    """An empty document with our styles and properties, one portrait page, its number in the header."""
    document = Document()
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "", title, ""
    properties.language = "vi-VN"
    undated(properties)
    _parts(document)
    _settings(document.settings.element)
    _styles(document)
    page(document.sections[0], landscape=False)
    _page_number(document.sections[0])
    return document


# Of python-docx's own template: a picture of somebody else's page, a part for Word 2010 alone, an empty bibliography.
_NOT_OURS = ("/thumbnail", "/stylesWithEffects", "/customXml")
_APPLICATION = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">\
<Template>Normal.dotm</Template><Application>Microsoft Office Word</Application><AppVersion>16.0000</AppVersion>\
</Properties>"""


def _parts(document: Any) -> None:
    """Without the parts of somebody else, and with the program named that the document is made for."""
    package = document.part.package
    for relations in (package.rels, document.part.rels):
        for name in [name for name, relation in relations.items() if relation.reltype.endswith(_NOT_OURS)]:
            del relations[name]
    application = next(part for part in package.iter_parts() if part.partname == "/docProps/app.xml")
    application._blob = _APPLICATION.encode()  # noqa: SLF001


# Word shows a document below 15 with "[Compatibility Mode]" in its title bar; the others are what Word writes with 15.
# Source: [MS-DOCX] 2.3.5, compatSetting.
_COMPATIBLE = {
    "compatibilityMode": 15,
    "overrideTableStyleFontSizeAndJustification": 1,
    "enableOpenTypeFeatures": 1,
    "doNotFlipMirrorIndents": 1,
    "differentiateMultirowTableHeaders": 1,
    "useWord2013TrackBottomHyphenation": 0,
}


def _settings(settings: Any) -> None:
    """Those of Word 2016 on a Vietnamese computer, in place of an American Macintosh with Japanese."""
    for name in ("proofState", "savePreviewPicture", "rsids"):
        settings.remove(settings.find(qn(f"w:{name}")))
    for name, values in (
        ("zoom", {"percent": "100"}),
        ("themeFontLang", {"val": "vi-VN"}),
        ("decimalSymbol", {"val": ","}),
        ("listSeparator", {"val": ";"}),
    ):
        element = settings.find(qn(f"w:{name}"))
        element.attrib.clear()
        for key, value in values.items():
            element.set(qn(f"w:{key}"), value)
    compatible = settings.find(qn("w:compat"))
    compatible[:] = []
    for name, number in _COMPATIBLE.items():
        setting = OxmlElement("w:compatSetting")
        for key, value in (("name", name), ("uri", "http://schemas.microsoft.com/office/word"), ("val", str(number))):
            setting.set(qn(f"w:{key}"), value)
        compatible.append(setting)


def landscape_section(document: Any) -> None:
    """What follows stands on landscape pages, for wide tables."""
    page(document.add_section(WD_SECTION.NEW_PAGE), landscape=True)
    document.element.body.xpath("./w:p[w:pPr/w:sectPr]")[-1].style = document.styles["Hết phần"].style_id


def _styles(document: Any) -> None:
    """Ours in place of the hundred coloured tables of python-docx's own template, which Word knows without being told."""
    styles = document.styles
    for style in [style for style in styles if style.type == WD_STYLE_TYPE.TABLE and style.name not in _TABLES]:
        style.delete()
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


def page(section: Any, *, landscape: bool) -> None:
    """A4 with the margins that the decree allows."""
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
