"""Word files as people have them: what Word, its add-ins, other programs and other habits make of templates and documents.

Each row of the tables builds its own small file. A template goes through the doors it would go through: the look over it
(``lint-template``) and the filling (``report``); a document through ``lint-document``.
"""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Callable
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from lxml import etree

import cchc_xl
from cchc_xl.cli import cli
from cchc_xl.office.word.decree import check_document
from cchc_xl.office.word.fill import TemplateError
from cchc_xl.pipeline.jobs import chosen, lint_template, template_path
from cchc_xl.text.catalogue import fix, message
from tests.test_decree import BOTH, CENTER, at, dress, letter, report
from tests.test_report import render, sample, small_template

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NS = nsdecls("w")
BY = 'w:id="9" w:author="A" w:date="2021-01-01T00:00:00Z"'
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def p(text: str, properties: str = "") -> str:
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def cells(*texts: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{text if text.startswith('<') else p(text)}</w:tc>" for text in texts) + "</w:tr>"


def table(*rows: str, said: str = "") -> str:
    grid = '<w:gridCol w:w="2000"/>' * max(row.count("<w:tc>") for row in rows)
    return f"<w:tbl><w:tblPr>{said}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def field(code: str, *between: str) -> str:
    """A paragraph with a field and its stored result, or several of which the last has its end."""
    first, *rest = between
    start = f"{FIELD.format('begin')}<w:r><w:instrText> {code} </w:instrText></w:r>{FIELD.format('separate')}"
    ends = [f"<w:r><w:t>{first}</w:t></w:r>", *(f"<w:r><w:t>{text}</w:t></w:r>" for text in rest)]
    texts = "</w:p><w:p>".join(ends)
    return f"<w:p>{start}{texts}{FIELD.format('end')}</w:p>"


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def with_part_called(data: bytes, name: str, other: str) -> bytes:
    """The same package with another name for a part beside the body."""
    parts = parts_of(data)
    for place in ("[Content_Types].xml", "word/_rels/document.xml.rels"):
        parts[place] = parts[place].replace(name.encode(), other.encode())
    parts[f"word/{other}"] = parts.pop(f"word/{name}")
    return packed(parts)


def made(
    tmp_path: Path, xml: str, *, tagged: bool = True, change: Callable[[dict[str, bytes]], None] | None = None
) -> Path:
    """A template with this in its body, after a paragraph with a tag unless told otherwise."""
    template = small_template(tmp_path, "{{ agency }}" if tagged else "x")
    document = Document(str(template))
    spaces = " ".join((NS, 'xmlns:v="urn:schemas-microsoft-com:vml"', nsdecls("r", "wp", "a"),
                       'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"',
                       'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'))  # fmt: skip
    last = document.element.body.sectPr
    for item in list(parse_xml(f"<w:body {spaces}>{xml}</w:body>")):
        last.addprevious(item)
    document.save(str(template))
    if change:
        parts = parts_of(template.read_bytes())
        change(parts)
        template.write_bytes(packed(parts))
    return template


def codes(template: Path) -> list[tuple[str, int]]:
    found = lint_template(template, "report")
    return [(item.code, item.at.row if item.at else 0) for item in found if item.code not in ("W201", "W301")]


def filled(tmp_path: Path, template: Path) -> Any:
    render(sample() | {"agency": "A"}, template, tmp_path / "ra.docx")
    return Document(str(tmp_path / "ra.docx"))


def shown(document: Any) -> list[str]:
    return ["".join(node.text or "" for node in item.iter(f"{W}t")) for item in document.element.body.iter(f"{W}p")]


# --- what the look over a template says, with the paragraph, and that filling in refuses the same errors ------------------

UNBOUND = (
    '<w:sdt><w:sdtPr><w:alias w:val="Đơn vị"/>{}</w:sdtPr><w:sdtContent><w:r><w:t>{}</w:t></w:r></w:sdtContent></w:sdt>'
)
LISTED = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
SECTION = "<w:pPr><w:sectPr/></w:pPr>"

LOOKED = [
    # what stands in the body after "{{ agency }}" in paragraph 1; code and paragraph of each finding
    ("for and endfor in two cells of a row", table(cells("{% for u in units %}{{ u.name }}", "{% endfor %}")), [("W117", 3)]),
    ("if over two rows", table(cells("{% if agency %}a"), cells("b{% endif %}")), [("W117", 3)]),
    ("p-level over two cells", table(cells(p("{%p if agency %}") + p("a"), p("b") + p("{%p endif %}"))), [("W117", 5)]),
    ("begun outside, ended in a table", p("{%p if agency %}") + table(cells(p("{%p endif %}"))), [("W117", 3)]),
    ("tr-level over two tables", table(cells("{%tr if agency %}"), cells("a")) + p("") + table(cells("b"), cells("{%tr endif %}")), [("W117", 6)]),
    ("within one cell", table(cells("{% for u in units %}{{ u.name }}{% endfor %}", "b")), []),
    ("rows of one table", table(cells("{%tr for u in units %}"), cells("{{ u.name }}"), cells("{%tr endfor %}")), []),
    ("half in a link", '<w:p><w:hyperlink w:anchor="a"><w:r><w:t>{{ ag</w:t></w:r></w:hyperlink><w:r><w:t>ency }}</w:t></w:r></w:p>', [("W116", 2)]),
    ("half in a smart tag", '<w:p><w:smartTag w:uri="u" w:element="place"><w:r><w:t>{{ ag</w:t></w:r></w:smartTag><w:r><w:t>ency }}</w:t></w:r></w:p>', [("W116", 2)]),
    ("wholly in a link", '<w:p><w:hyperlink w:anchor="a"><w:r><w:t>{{ ag</w:t></w:r><w:r><w:t>ency }}</w:t></w:r></w:hyperlink></w:p>', []),
    ("chart beside its caption", p("x") + p("Hình 1: {{ chart('fields') }}"), [("W118", 3)]),
    ("full width braces", p("｛｛ agency ｝｝"), [("W103", 2)]),
    ("capital level and word", p("{%P If agency %}") + p("a") + p("{%p endif %}"), [("W109", 2)]),
    ("Telex on: ì for if", p("{% ì agency %}a{% endif %}"), [("W109", 2)]),
    ("Telex on: a field", p("{% for row in gap_rows %}{{ rơ.náme }}{% endfor %}"), [("W102", 2)]),
    ("signs of AutoCorrect", p("{% if criteria|length ≥ 5 and units|length ≠ 9 – 1 %}a{% endif %}"), []),
    ("another sign", p("{{ index.percent × 2 }}"), [("W109", 2)]),
    ("merge field", field("MERGEFIELD Ten_don_vi", "«Ten_don_vi»"), [("W205", 2)]),
    ("typed placeholder of another program", p("Kính gửi «Ten» và ${ten}"), [("W205", 2), ("W205", 2)]),
    ("quoted words are no placeholder", p("Phong trào «Thi đua yêu nước»"), []),
    ("hidden text", "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>ghi chú</w:t></w:r></w:p>", [("W207", 2)]),
    ("section break in a condition", p("{%p if not agency %}") + p("a", SECTION) + p("{%p endif %}"), [("W208", 3)]),
    ("section break outside", p("{%p if agency %}") + p("a") + p("{%p endif %}") + p("b", SECTION), []),
    ("contents with tags", field('TOC \\o "1-3"', "I. {{ nobody }}", "{{ number_in('I') }}. Kết quả"), [("W209", 2)]),
    ("reference with a tag", field("REF _Ref1 \\h", "{{ number_in('I') }}"), [("W209", 2)]),
    ("automatic number, loop in a loop", p("{%p for f in fields %}") + p("{%p for u in units %}") + p("{{ u.name }}", LISTED) + p("{%p endfor %}") + p("{%p endfor %}"), [("W210", 4)]),
    ("automatic number in one loop", p("{%p for u in units %}") + p("{{ u.name }}", LISTED) + p("{%p endfor %}"), []),
    ("moved paragraph with a tag", f"<w:p><w:moveFrom {BY}><w:r><w:t>{{{{ nobody }}}}</w:t></w:r></w:moveFrom></w:p>" + f"<w:p><w:moveTo {BY}><w:r><w:t>a</w:t></w:r></w:moveTo></w:p>", [("W203", 0)]),
    ("inserted cell", table(f'<w:tr><w:tc><w:tcPr><w:cellIns {BY}/></w:tcPr>{p("a")}</w:tc></w:tr>'), [("W203", 0)]),
    ("changed look of letters", f"<w:p><w:r><w:rPr><w:b/><w:rPrChange {BY}><w:rPr/></w:rPrChange></w:rPr><w:t>a</w:t></w:r></w:p>", [("W203", 0)]),
]  # fmt: skip


def with_list(parts: dict[str, bytes]) -> None:
    parts["word/numbering.xml"] = (
        f'<w:numbering {NS}><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/>'
        '</w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    ).encode()


@pytest.mark.parametrize(("xml", "wanted"), [row[1:] for row in LOOKED], ids=[row[0] for row in LOOKED])
def test_the_look_over_a_template_tells_each_kind_at_its_paragraph(tmp_path: Path, xml: str, wanted: list) -> None:
    template = made(tmp_path, xml, change=with_list)
    assert codes(template) == wanted
    if any(code[1] == "1" for code, _ in wanted):  # what it calls an error, filling in refuses
        with pytest.raises(TemplateError, match="Không lập được báo cáo"):
            filled(tmp_path, template)
    else:
        filled(tmp_path, template)


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        (p("{%P If agency %}") + p("{%p endif %}"), "Có phải là “{%p if agency %}”?"),
        (p("{% ì agency %}a{% endif %}"), "Có phải là “{% if agency %}”?"),
        (p("{% for row in gap_rows %}{{ rơ.name }}{% endfor %}"), "Có phải là “row”"),
        (p("{{ unít }}"), "Có phải là “units”"),
        (p("{{ index.percent × 2 }}"), "ký tự “×” không dùng được"),
        (p("{{ index.percent| }}"), "chỗ của một tên lại là hết thẻ"),
        (p("{{ Agency }}"), "Có phải là “agency”"),
        (p("{{ index.percent|pẻcent_vi }}"), "Có phải là “percent_vi”"),
        (p("{{ agency agency }}"), "chỗ của hết thẻ “}}” lại là “agency”"),
    ],
)
def test_what_was_typed_wrong_is_said_in_vietnamese_with_what_was_meant(tmp_path: Path, xml: str, said: str) -> None:
    first = lint_template(made(tmp_path, xml), "report")[0]
    assert said in message(first) + " " + fix(first)
    assert not re.search(r"unexpected|expected|token|Encountered|char", message(first))


# --- a template that shows nothing ----------------------------------------------------------------------------------------

ABSENT = {
    "a finished report": p("Chỉ số đạt 74,12%."),
    "mail-merge fields only": field("MERGEFIELD x", "«x»"),
    "a comment for the author only": p("{# ghi chú #}"),
    "tags that ask for nothing": p("{% for i in range(2) %}{{ i }}{% endfor %}{{ 'chữ' }}"),
}


@pytest.mark.parametrize("name", ABSENT)
def test_a_template_without_a_field_is_an_error_and_refused(tmp_path: Path, name: str) -> None:
    template = made(tmp_path, ABSENT[name], tagged=False)
    assert codes(template)[0] == ("W115", 0)
    assert "W301" not in [item.code for item in lint_template(template, "report")]  # "nothing to do"
    with pytest.raises(TemplateError, match="không có thẻ nào dùng số liệu"):
        filled(tmp_path, template)
    assert not (tmp_path / "ra.docx").exists()


def test_run_refuses_a_finished_report_as_template_before_any_work(tmp_path: Path) -> None:
    from tests.test_templates import EXAMPLE

    finished = made(tmp_path, ABSENT["a finished report"], tagged=False)
    with pytest.raises(cchc_xl.CannotRunError, match="không có thẻ nào dùng số liệu"):
        cchc_xl.run(
            EXAMPLE / "ke-hoach.xlsx", EXAMPLE / "don-vi", period="2020-N", out=tmp_path / "ra", template=finished
        )
    assert not (tmp_path / "ra").exists()


def test_a_broken_or_merged_file_beside_the_plan_is_meant_as_the_template(tmp_path: Path) -> None:
    """Passed over without a word, the office would take the standard report for its own."""
    (tmp_path / "ke-hoach.xlsx").touch()
    made(tmp_path, ABSENT["mail-merge fields only"], tagged=False).rename(tmp_path / "report.docx")
    (tmp_path / "plan.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 password")
    Document().save(str(tmp_path / "reminder.docx"))
    found = chosen(tmp_path / "ke-hoach.xlsx")
    assert [path.parent == tmp_path for path in found.values()] == [True, False, True]


# --- what a filled document has lost or kept ------------------------------------------------------------------------------

MOVED = (
    f"<w:p><w:pPr><w:rPr><w:moveFrom {BY}/></w:rPr></w:pPr><w:moveFrom {BY}><w:r><w:t>câu</w:t></w:r></w:moveFrom></w:p>"
    f"{p('giữa')}<w:p><w:moveTo {BY}><w:r><w:t>câu</w:t></w:r></w:moveTo></w:p>"
)
DELETED_END = f"<w:p><w:pPr><w:rPr><w:del {BY}/></w:rPr></w:pPr><w:r><w:t>một </w:t></w:r></w:p>{p('hai')}"
TWICE = (
    '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><w:txbxContent>'
    + p("{{ number_in('I') }}. Hộp")
    + "</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>"
    + p("{{ number_in('I') }}. Hộp")
    + "</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
)
SHOWN = [
    # the body after "{{ agency }}"; the paragraphs of the report after it
    ("moved once", MOVED, ["giữa", "câu"]),
    ("deleted end joins two paragraphs", DELETED_END, ["một hai"]),
    ("a text box counts once", TWICE + p("{{ number_in('I') }}. Sau"), ["1. Hộp", "1. Hộp", "2. Sau"]),
    ("contents do not count", field("TOC", "{{ number_in('I') }}. A", "{{ number_in('I') }}. B") + p("{{ number_in('I') }}. A"), ["", "", "1. A"]),
    ("a reference does not count", field("REF a", "{{ number_in('I') }}") + p("{{ number_in('I') }}. A"), ["", "1. A"]),
    ("a table without rows goes", table(cells("{%tr for u in [] %}"), cells("a"), cells("{%tr endfor %}")) + p("sau"), ["sau"]),
    ("two tables do not touch", table(cells("a")) + p("{%p if not agency %}") + p("x") + p("{%p endif %}") + table(cells("b")), ["a", "", "b"]),
]  # fmt: skip


@pytest.mark.parametrize(("xml", "wanted"), [row[1:] for row in SHOWN], ids=[row[0] for row in SHOWN])
def test_what_word_would_show_of_the_report(tmp_path: Path, xml: str, wanted: list[str]) -> None:
    document = filled(tmp_path, made(tmp_path, xml))
    assert shown(document)[1 : 1 + len(wanted)] == wanted
    assert not list(document.element.body.iter("{*}Fallback"))
    assert all(next(item.iter(f"{W}tr"), None) is not None for item in document.element.body.iter(f"{W}tbl"))


def test_no_mark_of_drafting_is_left(tmp_path: Path) -> None:
    document = Document(str(made(tmp_path, MOVED + DELETED_END + LOOKED[-1][1] + LOOKED[-2][1])))
    document.add_comment(document.paragraphs[0].runs, "Sửa lại số này trước khi ký!")
    document.save(str(tmp_path / "mau.docx"))
    assert ("W206", 1) in codes(tmp_path / "mau.docx")
    filled(tmp_path, tmp_path / "mau.docx")
    parts = parts_of((tmp_path / "ra.docx").read_bytes())
    assert not [name for name in parts if "comment" in name]
    left = re.compile(rb"<w:(?:ins|del|moveFrom|moveTo|cellIns|rPrChange|comment\w+)[ />]")
    assert left.findall(parts["word/document.xml"]) == []


def test_what_a_loop_repeats_is_named_once(tmp_path: Path) -> None:
    inside = (
        '<w:p w14:paraId="0A"><w:bookmarkStart w:id="1" w:name="moc"/><w:r><w:t>{{ u.name }}</w:t></w:r><w:bookmarkEnd w:id="1"/>'
        '<w:r><w:pict><v:shapetype id="t"/><v:shape id="s" type="#t"/></w:pict></w:r></w:p>'
        '<w:sdt><w:sdtPr><w:id w:val="5"/></w:sdtPr><w:sdtContent><w:p/></w:sdtContent></w:sdt>'
    )
    document = filled(tmp_path, made(tmp_path, p("{%p for u in units %}") + inside + p("{%p endfor %}")))
    body = document.element.body
    marks = [(item.get(f"{W}id"), item.get(f"{W}name")) for item in body.iter(f"{W}bookmarkStart")]
    ends = [item.get(f"{W}id") for item in body.iter(f"{W}bookmarkEnd")]
    assert [number for number, _ in marks] == ends
    assert len(set(ends)) == len({name for _, name in marks}) == 3
    ids = [item.get("id") for item in body.iter("{urn:schemas-microsoft-com:vml}*") if item.get("id")]
    assert sorted(ids) == ["s", "s_2", "s_3", "t"]
    assert len([item for item in body.iter(f"{W}id") if item.getparent().tag == f"{W}sdtPr"]) == 1
    assert len([item for item in body.iter(f"{W}p") if any("paraId" in name for name in item.attrib)]) == 1


def test_a_header_and_a_text_box_that_a_condition_empties_keep_a_paragraph(tmp_path: Path) -> None:
    emptied = p("{%p if not agency %}") + p("x") + p("{%p endif %}")
    box = f"<w:r><w:pict><w:txbxContent>{emptied}</w:txbxContent></w:pict></w:r>"
    template = made(tmp_path, f"<w:p>{box}</w:p>")
    document = Document(str(template))
    header = document.sections[0].header
    header.paragraphs[0].text = "{%p if not agency %}"
    header.add_paragraph("DỰ THẢO")
    header.add_paragraph("{%p endif %}")
    document.save(str(template))
    done = filled(tmp_path, template)
    assert [item.text for item in done.sections[0].header.paragraphs] == [""]
    assert [len(list(box.iter(f"{W}p"))) for box in done.element.body.iter(f"{W}txbxContent")] == [1]


@pytest.mark.parametrize("where", ["tblDescription", "tblCaption"])
def test_cells_in_controls_are_merged_whichever_text_holds_the_order(tmp_path: Path, where: str) -> None:
    controlled = f"<w:sdt><w:sdtContent><w:tc>{p('x')}</w:tc></w:sdtContent></w:sdt>"
    rows = [f"<w:tr><w:tc>{p(name)}</w:tc>{controlled}</w:tr>" for name in ("a", "b", "c")]
    template = made(tmp_path, table(cells("đầu", "cột"), *rows, said=f'<w:{where} w:val="gộp ô: 2"/>'))
    merged = [item.get(f"{W}val") for item in filled(tmp_path, template).element.body.iter(f"{W}vMerge")]
    assert merged == ["restart", None, None]  # without a value it goes on


INDENTED = f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr><w:tc>{p("–")}</w:tc><w:tc>{p("b")}</w:tc></w:tr>'
SPANNED = f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{p("nhóm")}</w:tc><w:tc>{p("z")}</w:tc></w:tr>'


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        # The second column is ordered to go where it says nothing.
        ([cells("TT", "Điểm", "Tên"), cells("1", "–", "a"), cells("2", "", "b")], ["TT|Tên", "1|a", "2|b"]),
        ([cells("TT", "Điểm", "Tên"), cells("1", "–", "a"), cells("2", "5", "b")], ["TT|Điểm|Tên", "1|–|a", "2|5|b"]),
        ([cells("TT", "Điểm", "Tên"), cells("1", "–", "a"), SPANNED], ["TT|Tên", "1|a", "nhóm|z"]),
        ([cells("TT", "Điểm", "Tên"), INDENTED], ["TT|Điểm|Tên", "–|b"]),
        ([cells("TT", "Điểm", "Tên")], ["TT|Điểm|Tên"]),  # no row below the header: it says what would stand here
    ],
)
def test_a_column_without_content_is_left_out_where_its_table_orders_it(
    tmp_path: Path, rows: list[str], left: list[str]
) -> None:
    header = rows[0].replace("<w:tr>", "<w:tr><w:trPr><w:tblHeader/></w:trPr>")
    order = '<w:tblDescription w:val="bỏ cột trống: 2"/>'
    done = filled(tmp_path, made(tmp_path, table(header, *rows[1:], said=order)))
    shown_rows = done.tables[-1]._tbl.tr_lst
    assert [
        "|".join("".join(node.text or "" for node in cell.iter(f"{W}t")) for cell in row.tc_lst) for row in shown_rows
    ] == left
    wide = [int(column.w) for column in done.tables[-1]._tbl.tblGrid.gridCol_lst]
    assert sum(wide) == 3 * 2000 * 635  # its room goes to another one (a twentieth of a point is 635 EMU)


def wide(twips: int, span: int = 1) -> str:
    size = f'<w:tcW w:w="{twips}" w:type="dxa"/><w:gridSpan w:val="{span}"/>'
    return f"<w:tc><w:tcPr>{size}</w:tcPr>{p('x')}</w:tc>"


@pytest.mark.parametrize(
    ("order", "shares"),
    [("cột vừa trang", [[40, 20], [10, 30, 20], [30, 20]]), ("cột đều", [[39, 21], [18, 21, 21], [21, 21]])],
)
def test_columns_fill_the_page_under_a_heading_over_two_of_them(
    tmp_path: Path, order: str, shares: list[list[int]]
) -> None:
    """In sixtieths of the page; the last row begins one column further in."""
    indented = f'<w:trPr><w:gridBefore w:val="1"/></w:trPr>{wide(3000)}{wide(2000)}'
    rows = (f"{wide(4000, 2)}{wide(2000)}", f"{wide(1000)}{wide(3000)}{wide(2000)}", indented)
    order = f'<w:tblDescription w:val="{order}"/>'
    done = filled(tmp_path, made(tmp_path, table(*(f"<w:tr>{row}</w:tr>" for row in rows), said=order)))
    section = done.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    told = [[round(60 * cell.width / room) for cell in row.tc_lst] for row in done.tables[-1]._tbl.tr_lst]
    assert told == shares


@pytest.mark.parametrize(
    ("words", "whole"),
    [(5, True), (20, True), (200, False)],  # of 35 mm, in which three words stand beside each other
)
def test_a_tall_row_goes_on_over_the_page_where_its_table_lets_it(tmp_path: Path, words: int, whole: bool) -> None:
    row = cells("1", " ".join(["chữ"] * words)).replace("<w:tr>", "<w:tr><w:trPr><w:cantSplit/></w:trPr>")
    row = row.replace("<w:tc>", '<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr>')
    for order, kept in (("tách dòng dài", whole), ("", True)):
        done = filled(tmp_path, made(tmp_path, table(row, said=f'<w:tblDescription w:val="{order}"/>')))
        assert [len(one.xpath("./w:trPr/w:cantSplit")) for one in done.tables[-1]._tbl.tr_lst] == [int(kept)]


# --- names that are taken for facts ---------------------------------------------------------------------------------------


def renamed(parts: dict[str, bytes]) -> None:
    """As Word Online and SharePoint save it."""
    for name in [name for name in parts if "word/document.xml" in name or "word/_rels/document.xml" in name]:
        parts[name.replace("document.xml", "document2.xml")] = parts.pop(name)
    for name in ("[Content_Types].xml", "_rels/.rels"):
        parts[name] = parts[name].replace(b"word/document.xml", b"word/document2.xml")


def of_kind(kind: str) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        usual = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(usual, kind.encode())

    return change


def related(part: str, kind: str, target: str, *, external: bool = False) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        mode = ' TargetMode="External"' if external else ""
        one = f'<Relationship Id="rIdX" Type="{RELATION}/{kind}" Target="{target}"{mode}/></Relationships>'
        empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        parts[part] = parts.get(part, empty).replace(b"</Relationships>", one.encode())

    return change


def strict(parts: dict[str, bytes]) -> None:
    body = parts["word/document.xml"]
    parts["word/document.xml"] = body.replace(NS[9:-1].encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")


MICROSOFT = "application/vnd.ms-word."
SETTINGS = "word/_rels/settings.xml.rels"
BODY = "word/_rels/document.xml.rels"
PACKAGES = [
    # how the file is made, findings besides those of its shortness, what filling says ('' where it works)
    ("Word Online", renamed, [], ""),
    ("a .dotx", of_kind("application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"), [], ""),
    ("a .docm without macros", of_kind(MICROSOFT + "document.macroEnabled.main+xml"), [], ""),
    ("a .dotm without macros", of_kind(MICROSOFT + "template.macroEnabledTemplate.main+xml"), [], ""),
    ("Strict", strict, ["W101"], "Strict Open XML"),
    ("an Excel file", of_kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"), ["W101"], "là tệp Excel"),
    ("a picture that is not there", related(BODY, "image", "../NULL"), [], ""),
    ("a place in the document", related(BODY, "hyperlink", "#_top"), [], ""),
    ("template on the maker's machine", related(SETTINGS, "attachedTemplate", "file:///C:/Mau/Bao%20cao.dotx", external=True), ["W302"], ""),
    ("template on a web server", related(SETTINGS, "attachedTemplate", "http://x/t.dotm", external=True), ["W110"], "http://x/t.dotm"),
    ("template on a file server", related(SETTINGS, "attachedTemplate", "file:///\\\\may-chu\\mau.dotx", external=True), ["W110"], "may-chu"),
    ("tag in the address of a link", related(BODY, "hyperlink", "http://x/%7B%7B%20agency%20%7D%7D", external=True), ["W108"], "agency"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "found", "refused"), [row[1:] for row in PACKAGES], ids=[row[0] for row in PACKAGES]
)
def test_parts_are_known_by_what_they_are(tmp_path: Path, change: Any, found: list[str], refused: str) -> None:
    template = made(tmp_path, p("a"), change=change)
    told = [code for code, _ in codes(template)]
    assert told == found
    if refused:
        with pytest.raises(TemplateError, match=re.escape(refused)):
            filled(tmp_path, template)
    else:
        assert shown(filled(tmp_path, template))[:2] == ["A", "a"]
        parts = parts_of((tmp_path / "ra.docx").read_bytes())
        assert b"NULL" not in b"".join(parts.values())
        assert b"Bao%20cao.dotx" not in b"".join(parts.values())


def test_a_refused_template_of_a_server_says_where_word_keeps_it(tmp_path: Path) -> None:
    template = made(tmp_path, p("a"), change=PACKAGES[9][1])
    assert "Developer" in fix(lint_template(template, "report")[0])


def bound(text: str) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        parts["customXml/item1.xml"] = f'<a xmlns="urn:a"><ten>{text}</ten></a>'.encode()
        related(BODY, "customXml", "../customXml/item1.xml")(parts)

    return change


def test_a_bound_control_shows_what_is_filled_in(tmp_path: Path) -> None:
    binding = '<w:dataBinding w:xpath="/a/ten" w:storeItemID="{B1}"/>'
    template = made(tmp_path, f"<w:p>{UNBOUND.format(binding, '{{ agency }}')}</w:p>", change=bound("{{ agency }}"))
    assert codes(template) == []
    assert shown(filled(tmp_path, template))[:2] == ["A", "A"]
    parts = parts_of((tmp_path / "ra.docx").read_bytes())
    assert not [name for name, content in parts.items() if b"{{" in content or b"dataBinding" in content]
    assert not [name for name in parts if name.startswith("customXml/item1")]
    other = made(tmp_path, p("a"), change=bound("{{ nobody }}"))
    assert [code for code, _ in codes(other)] == ["W108"]


def test_a_chart_that_stands_in_the_template_is_told(tmp_path: Path) -> None:
    render(sample(), template_path("report.docx"), tmp_path / "bao-cao.docx")
    document = Document(str(tmp_path / "bao-cao.docx"))
    document.paragraphs[0].insert_paragraph_before("{{ agency }}")
    document.save(str(tmp_path / "mau.docx"))
    found = {item.code for item in lint_template(tmp_path / "mau.docx", "report", fill=False)}
    assert "W204" in found


def test_looking_over_a_long_template_takes_seconds(tmp_path: Path) -> None:
    """A third of 2,9 MB; the first look also runs the two examples, which is no part of it."""
    lint_template(small_template(tmp_path, "{{ agency }}"), "report")
    one = p("Chỉ số đạt được trong kỳ báo cáo là rất cao.", '<w:pPr><w:jc w:val="both"/></w:pPr>').encode()

    def long(parts: dict[str, bytes]) -> None:
        body = parts["word/document.xml"]
        parts["word/document.xml"] = body.replace(b"<w:sectPr", one * (1_000_000 // len(one)) + b"<w:sectPr", 1)

    template = made(tmp_path, "", change=long)
    before = time.process_time()
    assert codes(template) == []
    assert time.process_time() - before < 3


# --- documents ------------------------------------------------------------------------------------------------------------


def properties(word: Any, begin: str) -> Any:
    return at(word, begin)[1]._p.get_or_add_pPr()


def in_letters(word: Any) -> None:
    """As WPS writes it: two letters and half a line, and lengths that Word then ignores."""
    for paragraph in word.paragraphs:
        for name in ("ind", "spacing"):
            for item in paragraph._p.iter(f"{W}{name}"):
                if item.get(f"{W}firstLine"):
                    item.set(f"{W}firstLine", "0")
                    item.set(f"{W}firstLineChars", "250")
                if item.get(f"{W}after") == "120":
                    item.set(f"{W}after", "0")
                    item.set(f"{W}afterLines", "50")


def even_header(word: Any) -> None:
    run = word.sections[0].even_page_header.paragraphs[0].add_run("1")
    run.font.name = "Calibri"


def one_paragraph(word: Any) -> None:
    """The line that an appendix has under its title, in the title's paragraph."""
    title, line = at(word, "KẾT QUẢ CHẤM")[1], at(word, "(Kèm theo")[1]
    title.add_run().add_break()
    for run in line.runs:
        title._p.append(run._r)
    line._p.getparent().remove(line._p)


def said(begin: str, text: str) -> Callable[[Any], None]:
    """A text at the end of the first run of a paragraph's."""

    def edit(word: Any) -> None:
        run = at(word, begin)[1].runs[0]
        run.text = run.text.rstrip(".") + text

    return edit


def called(kind: str) -> Callable[[Any], None]:
    def edit(word: Any) -> None:
        at(word, "BÁO CÁO")[1].runs[0].text = kind

    return edit


def request(word: Any) -> None:
    called("ĐƠN XIN NGHỈ PHÉP")(word)
    at(word, "Số:")[1].runs[0].text = ""


def of_the_party(word: Any) -> None:
    for old, new in (("CỘNG HÒA", "ĐẢNG CỘNG SẢN VIỆT NAM"), ("Độc lập", "")):
        paragraph = at(word, old)[1]
        paragraph.runs[0].text = new


def drafted(word: Any) -> None:
    """The drafter's initials in the last line of the recipients, after a line break."""
    run = at(word, "- Lưu")[1].runs[0]
    run.add_break()
    run.add_text("NVA (3b)")


def in_the_first_header(word: Any) -> None:
    """The letterhead, which some offices keep out of the text."""
    header = word.sections[0].first_page_header
    head = word.tables[0]._tbl
    header._element.insert(0, head)


def underscores(word: Any) -> None:
    """The line under the motto as a row of dashes after a line break."""
    motto = at(word, "Độc lập")[1]
    motto._p.getparent().remove(motto._p.getnext())
    motto.runs[0].add_break()
    motto.runs[0].add_text("_____________________")


def day_by_day(word: Any) -> None:
    """A heading of a programme, in capitals in the middle, and points counted by letters with a full stop."""
    paragraph = at(word, "- Trong")[1]
    for text, size in (("NGÀY 1: THỨ HAI", 12), ("c. Các loại bánh", 14)):
        made_of = paragraph.insert_paragraph_before()
        put_in = dress(made_of.add_run(text), size, bold=True)
        made_of.alignment = CENTER if text.isupper() else BOTH
        made_of.paragraph_format.space_after = Pt(6)
        assert put_in.text == text


# What people and programs leave where something is to be filled in, and what looks like it and is none.
LEFT_OPEN = (
    *(
        "(điền số liệu)",
        "[Nhập tên đơn vị]",
        "???",
        "ngày xx/xx/2021",
        "xx/3/2021",
        "TBD",
        "____",
        "……",
        "[[so_ho_so]]",
        "<<so_ho_so>>",
        "Lorem ipsum",
    ),
    *("#REF!", "#DIV/0!", "#N/A", "#NAME?", "Error! Reference source not found.", "NaN", "nan%"),
)
WHOLE_TEXTS = (
    *("và các nội dung khác…", "máy tính, máy in...", "(ghi rõ lý do).", "bằng nan tre.", "Có đúng không??"),
    *("theo Công văn số 12/XX-VP.", "tại Điều 5 (điền kinh)."),
)


def shaded(fill: str) -> Callable[[Any], None]:
    """The letters of a heading on a ground of this colour."""

    def edit(word: Any) -> None:
        run = at(word, "Về số liệu")[1].runs[0]._r
        run.get_or_add_rPr().append(parse_xml(f'<w:shd {NS} w:val="clear" w:color="auto" w:fill="{fill}"/>'))

    return edit


def with_table(*headings: str) -> Callable[[Any], None]:
    """A table of these columns before the second paragraph of the text."""

    def edit(word: Any) -> None:
        below = at(word, "Nội dung thứ 2")[1]._p
        table = word.add_table(1, len(headings))
        for cell, text in zip(table.rows[0].cells, headings, strict=True):
            cell.paragraphs[0].alignment = CENTER
            dress(cell.paragraphs[0].add_run(text), 12, bold=True)
        below.addprevious(table._tbl)

    return edit


def sentence(text: str) -> Callable[[Any], None]:
    """A paragraph of the text that says this."""

    def edit(word: Any) -> None:
        below = at(word, "Nội dung thứ 2")[1]._p
        below.addprevious(deepcopy(below))
        at(word, "Nội dung thứ 2")[1].runs[0].text = text

    return edit


DOCUMENTS = [
    # a document, what was done to it, the codes of the findings
    ("blanks of a date", report, said("- Trong", " trước ngày ..../..../2021 theo Kế hoạch số .../KH-SLĐ."), []),
    ("an end mark too early", report, said("- Trong", "./. Thêm."), ["N139"]),
    ("measures in letters and lines", letter, in_letters, []),
    ("a header that is never printed", letter, even_header, []),
    ("Kèm theo after a line break", report, one_paragraph, []),
    ("the drafter's initials", report, drafted, []),
    ("the letterhead in the header of the first page", letter, in_the_first_header, []),
    ("dashes after a line break", letter, underscores, []),
    ("days and points", report, day_by_day, []),
    ("a column called as a kind of document", letter, with_table("TT", "Kế hoạch", "Kết quả"), []),
    ("a column called as a normative act", letter, with_table("TT", "Nghị định", "Thông tư"), []),
    ("a column of where to send", letter, with_table("TT", "Nơi nhận", "Kết quả"), []),
    ("where to send beside what", letter, with_table("Hồ sơ", "Nơi nhận"), []),
    ("a column of addressees", letter, with_table("TT", "Kính gửi", "Kết quả"), []),
    ("a sentence about where to send", letter, sentence("Nơi nhận hồ sơ là bộ phận một cửa."), []),
    ("a circular", report, called("THÔNG TƯ"), ["N303"]),
    ("a request of a person", report, request, ["N303"]),
    ("a decree of the government", report, called("NGHỊ ĐỊNH"), ["N303"]),
    ("a paper of the Party", report, of_the_party, ["N303"]),
    ("XXX", report, said("- Trong", " của đơn vị XXX."), ["N210"]),
    ("dots in a sentence", report, said("- Trong", " (……… tiêu chí)."), ["N210"]),
    ("a tag", report, said("- Trong", " {{ so_luong }}."), ["N210"]),
    ("a merge field", report, said("- Trong", " «Ten_don_vi»."), ["N210"]),
    *((f"left open: {left}", report, said("- Trong", f" đạt {left} hồ sơ."), ["N210"]) for left in LEFT_OPEN),
    *((f"nothing left open: {text}", report, said("- Trong", f" {text}"), []) for text in WHOLE_TEXTS),
    ("shaded letters", report, shaded("FFFF00"), ["N209"]),
    ("letters shaded white, as from the Web", report, shaded("FFFFFF"), []),
    ("letters of no shade", report, shaded("auto"), []),
    ("a Roman number", report, said("- Trong", " của kỳ họp thứ XXX."), []),
    ("blanks for the pen", report, said("- Trong", " vào ngày ………… tháng ………… năm 2021."), []),
]  # fmt: skip


@pytest.mark.parametrize(("make", "edit", "wanted"), [row[1:] for row in DOCUMENTS], ids=[row[0] for row in DOCUMENTS])
def test_documents_as_offices_have_them(make: Any, edit: Any, wanted: list[str]) -> None:
    word = make()
    edit(word)
    buffer = BytesIO()
    word.save(buffer)
    assert [item.code for item in check_document(Path("a.docx"), buffer.getvalue())] == wanted


def test_a_document_of_word_online_is_read_and_missing_parts_are_one_finding() -> None:
    word = letter()
    for begin in ("CỘNG HÒA", "Độc lập"):
        at(word, begin)[1].runs[0].text = ""
    buffer = BytesIO()
    word.save(buffer)
    parts = parts_of(buffer.getvalue())
    renamed(parts)
    (found,) = check_document(Path("a.docx"), packed(parts))
    assert (found.code, message(found)) == ("N110", "Không thấy Quốc hiệu, Tiêu ngữ.")


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda _: None, "đúng thể thức"),
        (said("- Trong", " của XXX."), "không có lỗi thể thức; xử lý các cảnh báo dưới đây trước khi ký"),
        (called("THÔNG TƯ"), "không xét thể thức"),
    ],
)
def test_the_command_calls_nothing_sound_that_it_did_not_judge(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], edit: Any, told: str
) -> None:
    word = report()
    edit(word)
    word.save(str(tmp_path / "a.docx"))
    with pytest.raises(SystemExit) as left:
        cli(["lint-document", str(tmp_path / "a.docx")], prog_name="cchc-xl")
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith(f"a.docx: {told}")


def test_number_and_date_in_one_line_are_told_apart() -> None:
    word = letter()
    number, day = at(word, "Số:")[1], at(word, "Đồng Tháp, ngày")[1]
    number.add_run("\t")
    for run in list(day.runs):
        run.italic = False
        number._p.append(run._r)
    buffer = BytesIO()
    word.save(buffer)
    found = check_document(Path("a.docx"), buffer.getvalue())
    assert [(item.code, "Số:" in message(item)) for item in found] == [("N120", False)]


def test_every_written_part_is_sound_xml(tmp_path: Path) -> None:
    template = made(tmp_path, TWICE + MOVED + field("TOC", "{{ number_in('I') }}", "b"))
    filled(tmp_path, template)
    for name, content in parts_of((tmp_path / "ra.docx").read_bytes()).items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(content)
