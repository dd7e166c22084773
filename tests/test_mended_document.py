"""``lint-document --sua``: what is a matter of looks is mended in a copy, no word is changed, and the rest is told."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from docx import Document
from docx.shared import Pt, RGBColor
from lxml import etree

import cchc_xl
from cchc_xl.cli import cli
from cchc_xl.office.word.decree import check_document
from cchc_xl.office.word.decree.mend import CannotMendError, Mended, mend
from tests.office import converted
from tests.test_decree import (
    DOCUMENT,
    LONG,
    RULES,
    STRANGE,
    body,
    deleted,
    field,
    grid,
    letter,
    mutated,
    packed,
    put,
    report,
    saved,
    start,
)
from tests.test_office import VALIDATOR, validated

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Of the table of broken rules: what no program may mend without a word, a place or a decision of somebody.
LEFT = {
    "N108", "N110", "N112", "N114", "N118", "N119", "N121", "N122", "N127", "N139", "N142", "N145", "N146", "N147",
    "N148", "N151", "N154", "N201", "N202", "N203", "N205", "N206", "N207", "N208", "N209", "N210", "N301", "N302",
    "N304",
}  # fmt: skip
TYPED = {"họ tên in hoa", "phụ lục in hoa", "tên phụ lục cùng dòng với số"}  # in capitals, or in the wrong line
REFUSED = {"N155", "N156", "N303"}
MENDED = [row for row in RULES if row[3] not in LEFT | REFUSED and row[0] not in TYPED]
HAND_MADE = [
    "UBND TỈNH ĐỒNG THÁP\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "SỞ NỘI VỤ\tĐộc lập - Tự do - Hạnh phúc",
    "Số: 15/BC-SNV\tĐồng Tháp, ngày 05 tháng 3 năm 2021",
    "BÁO CÁO",
    "Kết quả công tác cải cách hành chính quý I năm 2021",
    "I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH",
    f"{LONG}, gửi đủ báo cáo định kỳ.",
    "II. KIẾN NGHỊ",
    f"{LONG}, đề nghị bố trí kinh phí cho các nhiệm vụ của kỳ sau.",
    "Trên đây là báo cáo của Sở./.",
    "Nơi nhận:\tGIÁM ĐỐC",
    "- Lưu: VT, VP.",
    "\tPhạm Việt Công",
]


def hand_made() -> Any:
    word = Document()
    for line in HAND_MADE:
        word.add_paragraph(line)
    return word


def in_arial() -> Any:
    """A report whose text hangs on the style Normal, which is Arial 12, left, 0; a table with figures of 12 pt."""
    word = report()
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(12)
    for paragraph in word.paragraphs:
        if paragraph.text.startswith(("Phòng", "Trong kỳ", "- Trong")):
            properties = paragraph._p.pPr
            paragraph._p.remove(properties)
            for run in paragraph.runs:
                run._r.remove(run._r.rPr)
    cell = word.tables[1].rows[0].cells[0].paragraphs[0]
    cell.runs[0].font.size = None
    return word


def codes(data: bytes) -> list[str]:
    return [item.code for item in check_document(Path("a.docx"), data)]


def texts(data: bytes) -> list[str]:
    """Of every paragraph of every part, with tabs and line breaks."""
    signs = {f"{W}tab": "\t", f"{W}br": "\n"}
    with zipfile.ZipFile(BytesIO(data)) as package:
        roots = [
            etree.fromstring(package.read(name))
            for name in sorted(package.namelist())
            if name.startswith("word/document")
        ]
    return [
        "".join(
            item.text or "" if item.tag == f"{W}t" else signs.get(str(item.tag), "")
            for item in paragraph.iterfind(f".//{W}r/*")
        )
        for root in roots
        for paragraph in root.iter(f"{W}p")
    ]


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize(("make", "edit", "code"), [row[1:4] for row in MENDED], ids=[row[0] for row in MENDED])
def test_one_fault_is_mended_and_nothing_else_is_changed(make: Any, edit: Any, code: str) -> None:
    word = make()
    edit(word)
    before = saved(word)  # whose one finding is this code, as the table's own test says
    made = mend(before)
    assert ([name for name, _ in made.done], made.left) == ([code], ())
    assert texts(made.data) == texts(before)
    assert mend(made.data).data == made.data


@pytest.mark.parametrize("name", sorted(TYPED))
def test_what_is_typed_so_is_left(name: str) -> None:
    _, make, edit, code, _ = next(row for row in RULES if row[0] == name)
    word = make()
    edit(word)
    data = saved(word)
    made = mend(data)
    assert ([item.code for item in made.left], made.data == data) == ([code], True)


def test_a_sound_document_keeps_every_byte() -> None:
    data = saved(report())
    assert mend(data) == Mended(data, (), ())


def test_a_text_made_by_hand_has_only_its_lines_to_draw() -> None:
    before = saved(hand_made())
    assert len([item for item in check_document(Path("a.docx"), before) if item.severity == "error"]) >= 12
    made = mend(before)
    assert codes(made.data) == ["N201", "N202", "N203"]
    assert texts(made.data) == texts(before)
    assert mend(made.data).data == made.data
    changed = {name for name, content in parts(made.data).items() if parts(before).get(name) != content}
    assert changed == {"word/document.xml", "word/styles.xml"}


def test_what_hangs_on_a_style_is_mended_in_the_style() -> None:
    made = mend(saved(in_arial()))
    assert made.left == ()
    word = Document(BytesIO(made.data))
    normal = word.styles["Normal"]
    assert (normal.font.name, normal.font.size, normal.paragraph_format.alignment) == ("Times New Roman", Pt(14), 3)
    text = [item for item in word.paragraphs if item.text.startswith(("Phòng", "Trong kỳ", "- Trong"))]
    assert len(text) == 9
    assert [len(item._p.findall(f".//{W}sz") + item._p.findall(f".//{W}rFonts")) for item in text] == [0] * 9
    assert word.tables[1].rows[0].cells[0].paragraphs[0].runs[0].font.size == Pt(12)  # as it was


def test_letters_that_a_font_draws_otherwise_are_left() -> None:
    word = letter()
    for font in ("Wingdings", ".VnTime", "VNI-Times"):
        body(word, "x").runs[0].font.name = font
    white = put(word, "chữ trắng", 13).runs[0]
    white.font.color.rgb = RGBColor(255, 255, 255)
    left = [item.found for item in mend(saved(word)).left if item.code in {"N103", "N104"}]
    assert left == ["phông chữ Wingdings", "phông chữ .VnTime", "phông chữ VNI-Times", "màu chữ #FFFFFF"]


# --- the numbers of pages ---------------------------------------------------------------------------------------------


def test_what_stands_beside_a_number_stays_on_the_first_page() -> None:
    word = letter()
    section = word.sections[0]
    section.different_first_page_header_footer = False
    for old in section._sectPr.findall(f"{W}headerReference")[1:]:
        section._sectPr.remove(old)
    put(section.header, "Văn bản sao", 13)
    put(section.footer, "Địa chỉ: số 1 đường Lý Thường Kiệt", 11)
    before = saved(word)
    assert codes(before) == ["N107"]
    made = mend(before)
    assert codes(made.data) == []
    after = Document(BytesIO(made.data)).sections[0]
    assert [item.text for item in after.first_page_header.paragraphs] == ["", "Văn bản sao"]
    assert "PAGE" not in after.first_page_header._element.xml
    assert "Địa chỉ" in after.first_page_footer._element.xml
    assert [item.text for item in after.header.paragraphs] == ["2", "Văn bản sao"]


def test_a_number_among_words_is_left_to_a_person() -> None:
    word = letter()
    word.sections[0].header.paragraphs[0].clear()
    paragraph = put(word.sections[0].footer, "Trang ", 13)
    field(paragraph)
    data = saved(word)
    assert mend(data).data == data


def test_a_document_without_a_section_gets_its_page() -> None:
    word = hand_made()
    word.element.body.remove(word.element.body.sectPr)
    assert codes(mend(saved(word)).data) == ["N201", "N202", "N203"]


# --- what is not mended at all ----------------------------------------------------------------------------------------


def with_part(name: str, kind: str, content: bytes = b"<x/>") -> Callable[[], bytes]:
    def made() -> bytes:
        own = parts(saved(letter()))
        types = own["[Content_Types].xml"].decode()
        more = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'
        own |= {"[Content_Types].xml": types.replace("</Types>", more).encode(), name: content}
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w") as package:
            for part, data in own.items():
                package.writestr(part, data)
        return buffer.getvalue()

    return made


def as_template() -> bytes:
    made = parts(saved(letter()))
    types = made["[Content_Types].xml"].replace(b"document.main+xml", b"template.main+xml")
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for part, data in (made | {"[Content_Types].xml": types}).items():
            package.writestr(part, data)
    return buffer.getvalue()


def edited(edit: Callable[[Any], Any]) -> Callable[[], bytes]:
    def made() -> bytes:
        word = report()
        edit(word)
        return saved(word)

    return made


def normative() -> bytes:
    _, make, edit, *_ = next(row for row in RULES if row[0] == "văn bản quy phạm")
    word = make()
    edit(word)
    return saved(word)


KEPT = [
    ("theo dõi thay đổi", edited(deleted), "Track Changes"),
    ("ý kiến", edited(lambda word: word.add_comment(word.paragraphs[3].runs, "Sửa lại")), "Comment"),
    ("chữ ký số", with_part("_xmlsignatures/sig1.xml", "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml"), "đã ký số"),
    ("macro", with_part("word/vbaProject.bin", "application/vnd.ms-office.vbaProject", b"x"), "có macro"),
    ("mẫu .dotx", as_template, "Word Document"),
    ("không phải Word", lambda: b"x", "không phải là tệp Word"),
    ("trống", lambda: saved(start()), "không có chữ nào"),
    ("văn bản quy phạm", normative, "không thuộc Nghị định 30"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "why"), [row[1:] for row in KEPT], ids=[row[0] for row in KEPT])
def test_what_must_not_be_mended_is_refused_in_one_sentence(tmp_path: Path, make: Any, why: str) -> None:
    (tmp_path / "a.docx").write_bytes(make())
    with pytest.raises(CannotMendError, match=why.replace("(", r"\(")):
        mend(make())
    done = CliRunner().invoke(cli, ["lint-document", str(tmp_path / "a.docx"), "--sua", str(tmp_path / "b.docx")])
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert not (tmp_path / "b.docx").exists()


@pytest.mark.parametrize(
    ("out", "told"),
    [
        ("a.docx", "tệp gốc giữ nguyên"),
        ("../x/a.docx", "tệp gốc giữ nguyên"),
        ("co.docx", "để không ghi đè"),
        ("b.pdf", "b.docx"),
    ],
)
def test_nothing_is_written_over(tmp_path: Path, out: str, told: str) -> None:
    home = tmp_path / "x"
    home.mkdir()
    data = saved(hand_made())
    (home / "a.docx").write_bytes(data)
    (home / "co.docx").write_bytes(b"own")
    done = CliRunner().invoke(cli, ["lint-document", str(home / "a.docx"), "--sua", str(home / out)])
    assert (done.exit_code, told in done.stderr, len(done.stderr.splitlines())) == (2, True, 1)
    assert {path.name: path.read_bytes() for path in home.iterdir()} == {"a.docx": data, "co.docx": b"own"}


LONG_BODY = "<w:p><w:r><w:t>Văn bản này dài hơn một trang nên có số trang. </w:t></w:r></w:p>" * 40


@pytest.mark.parametrize("content", STRANGE)
def test_a_strange_document_is_mended_without_a_traceback(content: str) -> None:
    data = packed(word_document_xml=DOCUMENT % f"<w:body>{content}</w:body>")
    with suppress(CannotMendError):
        assert texts(mend(data).data) == texts(data)


def test_a_document_of_nothing_but_text_gets_a_number_of_its_pages() -> None:
    data = packed(word_document_xml=DOCUMENT % f"<w:body>{LONG_BODY}</w:body>")
    made = mend(data)
    assert ("N105", 1) in made.done
    assert (texts(made.data), mend(made.data).data) == (texts(data), made.data)


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_document_is_mended_or_refused(seed: int) -> None:
    data = mutated(saved(report()), seed)
    with suppress(CannotMendError):
        assert texts(mend(data).data) == texts(data)


# --- what is said -----------------------------------------------------------------------------------------------------


def test_the_command_tells_what_was_mended_and_what_is_left(tmp_path: Path) -> None:
    path, out = tmp_path / "a.docx", tmp_path / "moi" / "b.docx"
    data = saved(hand_made())
    path.write_bytes(data)
    done = CliRunner().invoke(cli, ["lint-document", str(path), "--sua", str(out)])
    assert (done.exit_code, path.read_bytes()) == (0, data)
    lines = done.stdout.splitlines()
    assert lines[0].endswith(f"chỗ của a.docx, ghi vào {out}; không sửa chữ nào.")
    assert [line for line in lines if line.startswith("  N111")] == ["  N111  Quốc hiệu sai thể thức: 1"]
    assert lines[lines.index("CÒN LẠI CHO NGƯỜI SOẠN") + 1] == "  phải kẻ đường:"
    assert done.stdout.count("Phụ lục I Nghị định 30/2020/NĐ-CP") == 1
    out.unlink()
    told = json.loads(CliRunner().invoke(cli, ["lint-document", str(path), "--sua", str(out), "--json"]).stdout)
    assert {"code": "N111", "title": "Quốc hiệu sai thể thức", "count": 1} in told["mended"]
    assert (
        [item["code"] for item in told["findings"]]
        == ["N201", "N202", "N203"]
        == [item.code for item in cchc_xl.lint_document(out)]
    )
    again = cchc_xl.mend_document(out, tmp_path / "c.docx")
    assert (again.mended, (tmp_path / "c.docx").read_bytes()) == ((), out.read_bytes())


def test_one_cause_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(saved(in_arial()))
    lines = CliRunner().invoke(cli, ["lint-document", str(path)]).stdout.splitlines()
    assert [line.strip() for line in lines if "cỡ chữ 12" in line] == [
        "N130  Nội dung sai thể thức: 9 đoạn cỡ chữ 12 (quy định 13–14): đoạn 15, 18, 19, 27, 28, 29 …"
    ]
    assert sum("Phụ lục I Nghị định 30/2020/NĐ-CP" in line for line in lines) == 1


def test_causes_are_one_whatever_the_lines_are(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(saved(hand_made()))
    lines = CliRunner().invoke(cli, ["lint-document", str(path)]).stdout.splitlines()
    # Kind, subject and the two headings; agency, national title and motto, post, "Nơi nhận", name in lines with tabs.
    assert sum("không in đậm" in line for line in lines) == 1
    assert lines[-1] == "Phần trình bày tự sửa được: thêm --sua OUT.docx để ghi bản đã sửa."


# --- other programs ---------------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_mended_documents_are_sound_after_libreoffice_saved_them(tmp_path: Path) -> None:
    paths = [tmp_path / "tay.docx", tmp_path / "arial.docx"]
    for path, make in zip(paths, (hand_made, in_arial), strict=True):
        path.write_bytes(mend(saved(make())).data)
    found = [codes(path.read_bytes()) for path in converted(paths, "docx", tmp_path / "ra")]
    assert found == [["N201", "N202", "N203"], []]


def test_the_validator_of_microsoft_has_nothing_to_say_of_a_mended_document(tmp_path: Path) -> None:
    if not VALIDATOR.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{VALIDATOR} is missing: tools/start.py installs it")
        pytest.skip("Microsoft's validator is not installed: python3 tools/start.py test installs it")
    word = hand_made()
    for _ in range(9):  # long enough to need a number of its page
        word.paragraphs[8].insert_paragraph_before(f"{LONG}, và {LONG}.")
    table = grid(word, 80, 80)
    table.rows[0].cells[0].paragraphs[0].add_run("Đơn vị").font.name = "Arial"
    path = tmp_path / "a.docx"
    path.write_bytes(mend(saved(word)).data)
    assert "word/header1.xml" in parts(path.read_bytes())
    assert validated(path) == []
