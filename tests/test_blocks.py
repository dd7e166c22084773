"""Named blocks of a template: where one stands, what it becomes, and what is told where it cannot be one."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.section import WD_SECTION
from docx.oxml.ns import qn

from cchc_xl.office.word.blocks import Blocks, block_of, parsed
from cchc_xl.office.word.fill import TemplateError, filled
from cchc_xl.papers.context import blocks
from tests.test_report import plain_document
from tests.test_word_of_the_world import with_part_called

TEXT = """
; a remark
== loi: Hai đoạn
## Mục {{ so }}
- Việc **gấp** của {{ ten }}
[Caption] Bảng
== bang: Một bảng
||| 20 30 | lc | Ô bảng | split | Số theo tên.
Tên || Số
{%tr for item in cac %}
{{ item }} || <
{%tr endfor %}
|||
== rong: Không có gì
{%p if thieu %}
x
{%p endif %}
"""


def made(*lines: str, cell: str = "", keep: bool = False) -> tuple[list[tuple[str, str]], Any]:
    """The paragraphs with their styles after filling in, and the document."""
    document = plain_document()
    for line in lines:
        document.add_paragraph(line)
    if cell:
        document.add_table(1, 1).cell(0, 0).paragraphs[0].text = cell
    if keep:
        document.add_section(WD_SECTION.NEW_PAGE)
    buffer = BytesIO()
    document.save(buffer)
    context = {"khoi": parsed(TEXT), "so": "1", "ten": "A & <B>", "cac": ["x", "y"], "thieu": ""}
    out = Document(BytesIO(filled(context, buffer.getvalue())))
    return [(item.text, item.style.name) for item in out.paragraphs], out


def test_a_block_becomes_its_paragraphs_in_the_styles_of_the_template() -> None:
    told, document = made("trước", "{{ khoi.loi }}", "sau", "{{khoi.loi}}")
    block = [("Mục 1", "Heading 2"), ("- Việc gấp của A & <B>", "Normal"), ("Bảng", "Caption")]
    assert told == [("trước", "Normal"), *block, ("sau", "Normal"), *block]
    runs = document.paragraphs[2].runs
    assert [(run.text, run.bold) for run in runs] == [("- Việc ", None), ("gấp", True), (" của A & <B>", None)]


def test_the_styles_of_a_template_are_found_under_any_name() -> None:
    document = plain_document()
    document.add_paragraph("{{ khoi.loi }}")
    buffer = BytesIO()
    document.save(buffer)
    data = with_part_called(buffer.getvalue(), "styles.xml", "kieu.xml")
    out = Document(BytesIO(filled({"khoi": parsed(TEXT), "so": "1", "ten": "A"}, data)))
    assert [item.style.name for item in out.paragraphs] == ["Heading 2", "Normal", "Caption"]


def test_a_block_may_be_a_table_and_stand_in_a_cell() -> None:
    _, document = made("x", cell="{{ khoi.bang }}")
    (outer,) = document.tables
    (inner,) = outer.cell(0, 0).tables
    assert [[cell.text for cell in row.cells] for row in inner.rows] == [["Tên", "Số"], ["x", "x"], ["y", "y"]]
    assert [len(row._tr.xpath("./w:trPr/w:cantSplit")) for row in inner.rows] == [1, 1, 1]
    assert [len(row._tr.xpath("./w:trPr/w:tblHeader")) for row in inner.rows] == [1, 0, 0]
    assert outer.cell(0, 0)._tc[-1].tag == qn("w:p")  # a cell ends with a paragraph


def test_an_empty_block_leaves_nothing_and_a_section_stays() -> None:
    told, document = made("a", "{{ khoi.rong }}", "b", keep=True)
    assert [text for text, _ in told] == ["a", "b", ""]
    assert len(document.sections) == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Xem {{ khoi.loi }}", "“{{ khoi.loi }}” phải đứng một mình một đoạn, ở đây cùng đoạn với “Xem"),
        ("{{ khoi.loi }} và {{ khoi.bang }}", "phải đứng một mình một đoạn"),
        ("{{ khoi.loii }}", "khoi.loii"),
    ],
)
def test_what_cannot_be_a_block_is_refused_by_name(line: str, words: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(words)):
        made(line)


@pytest.mark.parametrize(
    ("text", "name"),
    [("{{ khoi.a }}", "a"), (" {{khoi.a}} ", "a"), ("{{ khoi.a|upper }}", None), ("x {{ khoi.a }}", None), ("", None)],
)
def test_only_a_tag_alone_is_the_place_of_a_block(text: str, name: str | None) -> None:
    assert block_of(text) == name


def test_the_blocks_of_the_product_are_all_used_by_a_template() -> None:
    root = Path(__file__).resolve().parent.parent / "templates"
    used = {
        name
        for template in ("report.docx", "check_note.docx", "plan.docx")
        for item in Document(str(root / template)).element.body.iter(qn("w:p"))
        if (name := block_of("".join(node.text or "" for node in item.iter(qn("w:t")))))
    }
    assert used == set(blocks())
    assert all(block.about for block in blocks().values())
    assert isinstance(blocks(), Blocks)


@pytest.mark.parametrize("name", ["report.docx", "plan.docx"])
def test_the_template_is_three_pages_of_names_at_most(name: str) -> None:
    """What people move: headings, one line a block; no condition and no loop, in letterhead and signature neither."""
    root = Path(__file__).resolve().parent.parent / "templates"
    document = Document(str(root / name))
    assert len(document.paragraphs) < 40
    texts = [
        "".join(node.text or "" for node in item.iter(qn("w:t"))) for item in document.element.body.iter(qn("w:p"))
    ]
    assert [text for text in texts if "{%" in text] == []
    assert [text for text in texts if re.search(r"\{\{ ?(?:settings|recipients|agency|letter_)", text)] == []


def test_a_line_that_ends_with_a_colon_stays_with_what_it_leads_to() -> None:
    text = "== a: Danh sách\nCó 02 việc:\n- Một\n{% if so %}Gồm:{% else %}Không có.{% endif %}\n- Hai"
    document = plain_document()
    document.add_paragraph("{{ khoi.a }}")
    buffer = BytesIO()
    document.save(buffer)
    out = Document(BytesIO(filled({"khoi": parsed(text), "so": "1"}, buffer.getvalue())))
    assert [(item.text, bool(item.paragraph_format.keep_with_next)) for item in out.paragraphs] == [
        ("Có 02 việc:", True),
        ("- Một", False),
        ("Gồm:", True),
        ("- Hai", False),
    ]
