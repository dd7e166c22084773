"""The marked copy loses nothing the unit had, or is replaced by a list that says what would be lost; it comes back clean."""

from __future__ import annotations

import base64
import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import load_workbook

from cchc_xl import pipeline
from cchc_xl.feedback import LIST_SHEET, losses
from cchc_xl.forms import FIGURE_HEADINGS, fingerprint
from cchc_xl.plan import find_period, in_force, load_plan
from tests.office import convert
from tests.unit_forms import (
    PERIOD,
    assess,
    build_plan,
    copy_tree,
    edit,
    entries,
    fill,
    form,
    found,
    full_folder,
    rewrite,
    roll,
    save_time,
    verdicts,
)

LATER = "2021-03-19T02:00:00Z"
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_plan(tmp_path_factory.mktemp("ke-hoach") / "plan.xlsx")


@pytest.fixture(scope="module")
def filled(plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return full_folder(plan, tmp_path_factory.mktemp("don-vi") / "don-vi")


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    return copy_tree(filled, tmp_path / "don-vi")


def copies(plan: Path, folder: Path, to: Path) -> Path:
    """The marked copies of the folder, written as ``check --feedback`` writes them."""
    pipeline.write_feedback_copies(pipeline.assess(plan, folder, period=PERIOD), folder, to)
    return to


def form_with(plan: Path, path: Path, feature: Callable[[Any, Any], None]) -> None:
    """NCC's figures as XlsxWriter writes them, one of them wrong, with something of the unit's own in the workbook."""
    loaded = load_plan(plan)
    period = find_period(loaded, PERIOD)
    assert period is not None
    stamp = {"kind": "form", "unit": "NCC", "period": PERIOD, "plan": fingerprint(in_force(loaded, period))}
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Số liệu")
        for column, text in enumerate(FIGURE_HEADINGS):
            sheet.write_string(6, column, text)
        for row, (code, value) in enumerate((("HSO_DUNG", "nhiều"), ("HSO_TONG", 60)), start=7):
            sheet.write_string(row, 0, code)
            sheet.write(row, 3, value)
        feature(book, sheet)
        hidden = book.add_worksheet("_cchc")
        for row, pair in enumerate(stamp.items()):
            hidden.write_row(row, 0, pair)
        hidden.hide()


def _picture(_: Any, sheet: Any) -> None:
    sheet.insert_image("H2", "a.png", {"image_data": io.BytesIO(DOT)})


def _background(_: Any, sheet: Any) -> None:
    sheet.set_background(io.BytesIO(DOT))


def _chart(book: Any, sheet: Any) -> None:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='Số liệu'!$D$8:$D$9", "data_labels": {"value": True, "font": {"bold": True}}})
    sheet.insert_chart("H2", chart)


def _sparkline(_: Any, sheet: Any) -> None:
    sheet.add_sparkline("H8", {"range": "'Số liệu'!D8:D9"})


def _data_bar(_: Any, sheet: Any) -> None:
    sheet.conditional_format("D8:D9", {"type": "data_bar", "data_bar_2010": True})


def _condition(_: Any, sheet: Any) -> None:
    sheet.conditional_format("D8:D9", {"type": "cell", "criteria": ">", "value": 5})


def _validation(_: Any, sheet: Any) -> None:
    sheet.data_validation("D8:D9", {"validate": "integer", "criteria": ">=", "value": 0, "input_message": "Nhập số"})


def _button(_: Any, sheet: Any) -> None:
    sheet.insert_button("H2", {"macro": "a", "caption": "Bấm"})


def _text_box(_: Any, sheet: Any) -> None:
    sheet.insert_textbox("H2", "Lưu ý của đơn vị")


def _comment(_: Any, sheet: Any) -> None:
    sheet.write_comment("D9", "Số của phòng", {"author": "Chị Lan"})


def _table(_: Any, sheet: Any) -> None:
    sheet.add_table("H8:I10", {"columns": [{"header": "a"}, {"header": "b"}]})


def _merge(_: Any, sheet: Any) -> None:
    sheet.merge_range("H2:I3", "gộp")


def _link(_: Any, sheet: Any) -> None:
    sheet.write_url("H2", "https://dichvucong.gov.vn")


def _protection(_: Any, sheet: Any) -> None:
    sheet.protect()


def _name(book: Any, _: Any) -> None:
    book.define_name("TongHoSo", "='Số liệu'!$D$9")


def _hidden(_: Any, sheet: Any) -> None:
    sheet.set_row(20, None, None, {"hidden": True})
    sheet.set_column(10, 10, None, None, {"hidden": True})


def _header(_: Any, sheet: Any) -> None:
    sheet.set_header("&CPhòng Người có công")


def _filter(_: Any, sheet: Any) -> None:
    sheet.autofilter("A7:E9")


def _formulas(_: Any, sheet: Any) -> None:
    sheet.write_formula("H8", "=D9*2", None, 120)
    sheet.write_array_formula("H9:H10", "{=D8:D9}", None, 1)


def _rich(book: Any, sheet: Any) -> None:
    sheet.write_rich_string("H8", "Chữ ", book.add_format({"bold": True, "font_name": "Arial"}), "đậm", " thường")


def _macro(_: Any, __: Any) -> None:
    """Nothing here; the package gets its part afterwards."""


KEPT: list[tuple[str, Callable[[Any, Any], None]]] = [
    ("a conditional format", _condition),
    ("a check of what is typed", _validation),
    ("a comment of the unit", _comment),
    ("a table", _table),
    ("merged cells", _merge),
    ("a link", _link),
    ("protection", _protection),
    ("a defined name", _name),
    ("hidden lines", _hidden),
    ("a header", _header),
    ("a filter", _filter),
    ("formulas and an array formula", _formulas),
    ("runs in their own fonts", _rich),
]
LOST: list[tuple[str, Callable[[Any, Any], None], str]] = [
    ("a background picture", _background, "ảnh nền"),
    ("sparklines", _sparkline, "biểu đồ trong ô"),
    ("a data bar of Excel 2010", _data_bar, "định dạng có điều kiện dạng mở rộng"),
    ("a button", _button, "nút bấm"),
    ("a text box", _text_box, "hộp chữ"),
    ("a chart with its labels' fonts", _chart, "biểu đồ"),
]


def outcome(plan: Path, tmp_path: Path, feature: Callable[[Any, Any], None]) -> tuple[Path, Path]:
    folder = tmp_path / "mot-tep"
    folder.mkdir()
    source = folder / f"{PERIOD}_NCC.xlsx"
    form_with(plan, source, feature)
    return source, copies(plan, folder, tmp_path / "phan-hoi") / "NCC.xlsx"


@pytest.mark.parametrize(("feature"), [row[1] for row in KEPT], ids=[row[0] for row in KEPT])
def test_what_the_unit_had_is_kept_in_the_marked_copy(
    plan: Path, tmp_path: Path, feature: Callable[[Any, Any], None]
) -> None:
    source, copy = outcome(plan, tmp_path, feature)
    book = load_workbook(copy)
    assert book.sheetnames[:2] == [LIST_SHEET, "Số liệu"]
    assert losses(source.read_bytes(), copy.read_bytes()) == ()


@pytest.mark.parametrize(("feature", "words"), [row[1:] for row in LOST], ids=[row[0] for row in LOST])
def test_where_a_copy_would_lose_something_the_list_alone_is_written_and_says_what(
    plan: Path, tmp_path: Path, feature: Callable[[Any, Any], None], words: str
) -> None:
    _, copy = outcome(plan, tmp_path, feature)
    book = load_workbook(copy)
    assert book.sheetnames == [LIST_SHEET, "_cchc"]
    told = book[LIST_SHEET]["A2"].value
    assert words in told
    assert "Hãy sửa trong tệp của đơn vị rồi gửi lại tệp đó" in told
    assert [row[3].value for row in book[LIST_SHEET].iter_rows(min_row=5)].count("D8") == 1


def test_a_picture_is_kept_or_named_as_lost(plan: Path, tmp_path: Path) -> None:
    """openpyxl keeps a picture only where pillow is installed; both ends are right, a silent loss is not."""
    source, copy = outcome(plan, tmp_path, _picture)
    book = load_workbook(copy)
    if len(book.sheetnames) > 2:
        assert losses(source.read_bytes(), copy.read_bytes()) == ()
    else:
        assert "hình ảnh" in book[LIST_SHEET]["A2"].value


PARTS = [
    ("xl/vbaProject.bin", "macro"),
    ("xl/threadedComments/threadedComment1.xml", "trao đổi trong ghi chú"),
    ("xl/pivotTables/pivotTable1.xml", "bảng tổng hợp (PivotTable)"),
    ("xl/slicers/slicer1.xml", "bộ lọc trực quan (Slicer)"),
    ("xl/timelines/timeline1.xml", "dòng thời gian"),
    ("xl/embeddings/oleObject1.bin", "đối tượng nhúng"),
    ("xl/activeX/activeX1.xml", "điều khiển ActiveX"),
    ("xl/externalLinks/externalLink1.xml", "liên kết sang tệp khác"),
    ("xl/connections.xml", "kết nối dữ liệu"),
    ("xl/queryTables/queryTable1.xml", "truy vấn dữ liệu"),
    ("xl/diagrams/data1.xml", "sơ đồ SmartArt"),
    ("customXml/item1.xml", "dữ liệu XML đi kèm"),
    ("_xmlsignatures/sig1.xml", "chữ ký số"),
    ("xl/media/image1.png", "hình ảnh"),
]
ELEMENTS = [
    (b"<x14:conditionalFormatting >", "định dạng có điều kiện dạng mở rộng"),
    (b"<x14:dataValidation >", "danh sách chọn dạng mở rộng"),
    (b"<protectedRange />", "vùng được sửa khi khóa"),
    (b"<oddHeader>a</oddHeader>", "đầu trang, chân trang"),
    (b'<row r="99" hidden="1"></row>', "dòng, cột ẩn"),
    (b"<sheetProtection />", "khóa sheet"),
    (b"<mergeCell />", "ô gộp"),
    (b"<hyperlink />", "liên kết trong ô"),
    (b"<autoFilter />", "bộ lọc"),
    (b"<f>A1</f>", "công thức"),
    (b"<v>5</v>", "giá trị"),
    (b"<cfRule />", "định dạng có điều kiện"),
    (b"<dataValidation />", "kiểm tra dữ liệu nhập"),
    (b"<r>", "phông chữ khác nhau trong một ô"),
    (b"_x005F_x000D_", "chữ giống mã ký tự điều khiển"),
]


@pytest.mark.parametrize(("part", "words"), PARTS)
def test_a_part_that_is_gone_is_missed(filled: Path, part: str, words: str) -> None:
    data = form(filled, "NCC").read_bytes()
    packed = io.BytesIO(data)
    with zipfile.ZipFile(packed, "a") as package:
        package.writestr(part, b"<a/>")
    assert losses(packed.getvalue(), data) == (words,)
    assert losses(data, packed.getvalue()) == ()


@pytest.mark.parametrize(("element", "words"), ELEMENTS)
def test_an_element_that_is_gone_is_missed(filled: Path, tmp_path: Path, element: bytes, words: str) -> None:
    data = form(filled, "NCC").read_bytes()
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    rewrite(path, "worksheets/sheet2.xml", lambda xml: xml.replace(b"</worksheet>", element + b"</worksheet>"))
    assert losses(path.read_bytes(), data) == (words,)


def test_an_issued_form_filled_in_loses_nothing(plan: Path, folder: Path, tmp_path: Path) -> None:
    fill(form(folder, "VP"), figures={"HSO_DUNG": "abc"})
    copy = copies(plan, folder, tmp_path / "phan-hoi") / "VP.xlsx"
    assert load_workbook(copy).sheetnames[:2] == [LIST_SHEET, "Phụ lục"]
    assert losses(form(folder, "VP").read_bytes(), copy.read_bytes()) == ()


# --- the way back ---


def wrong(plan: Path, folder: Path, tmp_path: Path) -> Path:
    """NCC's form with two wrong figures and a comment of its own, and its marked copy."""
    fill(form(folder, "NCC"), figures={"HSO_DUNG": "năm mươi", "HSO_TONG": "60 và 3"})
    return copies(plan, folder, tmp_path / "lan-1") / "NCC.xlsx"


def corrected(copy: Path, target: Path, **cells: Any) -> Path:
    book = load_workbook(copy)
    for address, value in cells.items():
        book["Số liệu"][address] = value
    book.save(target)
    return save_time(target, LATER)


def test_a_corrected_copy_is_the_units_new_workbook(plan: Path, folder: Path, tmp_path: Path) -> None:
    copy = wrong(plan, folder, tmp_path)
    corrected(copy, form(folder, "NCC"), D8=50, D9=60)
    document = assess(plan, folder)
    assert found(document) == []
    assert entries(document, "NCC") == {"HSO_DUNG": ("known", "50"), "HSO_TONG": ("known", "60")}
    assert document["index"]["points"] == "17.65"


def test_a_corrected_copy_beside_the_old_file_wins_by_its_time(plan: Path, folder: Path, tmp_path: Path) -> None:
    copy = wrong(plan, folder, tmp_path)
    corrected(copy, folder / "NCC sửa lại.xlsx", D8=50, D9=60)
    document = assess(plan, folder)
    assert roll(document)["NCC"] == ("submitted", "NCC sửa lại.xlsx")
    assert found(document) == [("U301", "")]


def test_an_untouched_copy_is_ignored(plan: Path, folder: Path, tmp_path: Path) -> None:
    copy = wrong(plan, folder, tmp_path)
    (folder / "tra-lai.xlsx").write_bytes(copy.read_bytes())
    assert verdicts(assess(plan, folder))["tra-lai.xlsx"] == "ignored"


def test_a_copy_whose_list_was_deleted_is_accepted(plan: Path, folder: Path, tmp_path: Path) -> None:
    copy = wrong(plan, folder, tmp_path)
    corrected(copy, form(folder, "NCC"), D8=50, D9=60)
    edit(form(folder, "NCC"), lambda book: book.remove(book[LIST_SHEET]), saved=LATER)
    assert found(assess(plan, folder)) == []


def test_a_second_round_shows_only_what_is_still_wrong(plan: Path, folder: Path, tmp_path: Path) -> None:
    def remark(book: Any) -> None:
        from openpyxl.comments import Comment

        book["Số liệu"]["D8"].comment = Comment("Theo sổ của phòng", "Chị Lan")

    edit(form(folder, "NCC"), remark)
    first = wrong(plan, folder, tmp_path)
    sheet = load_workbook(first)["Số liệu"]
    assert "Lỗi phải sửa (D101)" in sheet["D8"].comment.text
    assert "Theo sổ của phòng" in sheet["D8"].comment.text
    assert marked(sheet) == {"D8", "D9"}
    corrected(first, form(folder, "NCC"), D8=50)
    second = copies(plan, folder, tmp_path / "lan-2") / "NCC.xlsx"
    book = load_workbook(second)
    assert book.sheetnames.count(LIST_SHEET) == 1
    assert [row[3].value for row in book[LIST_SHEET].iter_rows(min_row=5) if row[3].value] == ["D9"]
    assert marked(book["Số liệu"]) == {"D9"}
    assert (book["Số liệu"]["D8"].comment.text, book["Số liệu"]["D8"].comment.author) == (
        "Theo sổ của phòng",
        "Chị Lan",
    )
    assert "D107" in book["Số liệu"]["D9"].comment.text


def marked(sheet: Any) -> set[str]:
    return {
        str(area.sqref) for area in sheet.conditional_formatting for rule in area.rules if "cchc-xl" in rule.formula[0]
    }


def test_the_units_own_styles_are_untouched(plan: Path, folder: Path, tmp_path: Path) -> None:
    copy = wrong(plan, folder, tmp_path)
    before, after = (load_workbook(path)["Số liệu"]["D8"] for path in (form(folder, "NCC"), copy))
    assert (before.fill.fgColor.rgb, before.font.name) == (after.fill.fgColor.rgb, after.font.name)


# --- where there is no copy ---


def test_an_old_format_gets_its_list(plan: Path, folder: Path, tmp_path: Path) -> None:
    fill(form(folder, "NCC"), figures={"HSO_DUNG": "nhiều"})
    made = convert(form(folder, "NCC"), "xls", folder)
    form(folder, "NCC").unlink()
    copy = copies(plan, folder, tmp_path / "phan-hoi") / "NCC.xlsx"
    book = load_workbook(copy)
    assert book.sheetnames == [LIST_SHEET, "_cchc"]
    assert "không đánh dấu trực tiếp được" in book[LIST_SHEET]["A2"].value
    assert ("D101", "D8") in found(assess(plan, folder), file=made.name)


def test_a_monstrous_file_gets_its_list_in_bounded_time(plan: Path, folder: Path, tmp_path: Path) -> None:
    """Two million blank cells with a format: a copy would take openpyxl a minute and gigabytes."""
    fill(form(folder, "NCC"), figures={"HSO_DUNG": "nhiều"})
    blanks = b"".join(
        b'<row r="%d">' % row
        + b"".join(b'<c r="%c%d" s="1"/>' % (65 + column, row) for column in range(20))
        + b"</row>"
        for row in range(100, 100_100)
    )
    rewrite(form(folder, "NCC"), "sheet2.xml", lambda xml: xml.replace(b"</sheetData>", blanks + b"</sheetData>"))
    start = time.perf_counter()
    copy = copies(plan, folder, tmp_path / "phan-hoi") / "NCC.xlsx"
    assert time.perf_counter() - start < 30
    sheet = load_workbook(copy)[LIST_SHEET]
    assert "quá lớn hoặc khác thường" in sheet["A2"].value
    assert sheet["D5"].value == "D8"


@pytest.mark.parametrize(
    ("spoil", "code"),
    [(lambda data: data[:900], "F103"), (lambda _: b"", "F104")],
    ids=["cut off", "empty"],
)
def test_a_unit_whose_file_cannot_be_read_gets_a_list_that_says_why(
    plan: Path, folder: Path, tmp_path: Path, spoil: Callable[[bytes], bytes], code: str
) -> None:
    path = form(folder, "NCC")
    path.write_bytes(spoil(path.read_bytes()))
    copy = copies(plan, folder, tmp_path / "phan-hoi") / "NCC.xlsx"
    sheet = load_workbook(copy)[LIST_SHEET]
    assert [row[6].value for row in sheet.iter_rows(min_row=5)] == [code]
    assert "tệp đã gửi không dùng được" in sheet["A2"].value


def test_a_list_that_comes_back_is_ignored(plan: Path, folder: Path, tmp_path: Path) -> None:
    form(folder, "NCC").write_bytes(b"")
    copy = copies(plan, folder, tmp_path / "phan-hoi") / "NCC.xlsx"
    (folder / "danh-sach.xlsx").write_bytes(copy.read_bytes())
    assert verdicts(assess(plan, folder))["danh-sach.xlsx"] == "ignored"
