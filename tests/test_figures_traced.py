"""From a number of the Word report to its place, its formula, its cells and its files; every number can be followed."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.table import Table

import cchc_xl
from cchc_xl.ask.explain import UnknownFigureError, figure_chain, figure_lines
from cchc_xl.ask.ground import KINDS
from cchc_xl.cli import cli
from cchc_xl.office.word.file import NotWordError
from cchc_xl.office.word.places import Place, places
from cchc_xl.papers.report_tables import file_rows, source_rows
from cchc_xl.result import Result
from cchc_xl.result.contents import Contents
from cchc_xl.result.objects import Object, to_objects
from cchc_xl.result.view import View
from tests.conftest import ROOT
from tests.results import completed
from tests.test_word_of_the_world import with_part_called

FORMS = {"2020-N": ROOT / "examples" / "2020-ca-nam", "2021-Q1": ROOT / "examples" / "2021-quy-1"}


def folder_of(result: Result) -> Path:
    return Path(result.folder or "")


def explained(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["explain", *map(str, arguments)])
    return done.exit_code, done.output


# --- what a number is ---

#  typed -> first kind, how it is shown, what it says of itself, how it came about
VALUES = [
    ("74,12", "index", "74,12%", "Chỉ số trong kỳ", "74,12 / 100 = 74,12%"),
    ("74,12%", "index", "74,12%", "Chỉ số trong kỳ", "74,12 / 100 = 74,12%"),
    ("74.12", "index", "74,12%", "Chỉ số trong kỳ", "74,12 / 100 = 74,12%"),
    ("5,88 điểm phần trăm", "index", "5,88 điểm phần trăm", "so với mục tiêu", "74,12% - 80% = -5,88 điểm phần trăm"),
    ("0,8 điểm phần trăm", "index", "0,8 điểm phần trăm", "so với năm trước", "74,12% - 74,92%"),
    ("30,77%", "share", "30,77%", "NV_SOM / NV_GIAO", "12 / 39 = 30,77%"),
    ("30,7692", "share", "30,77%", "NV_SOM / NV_GIAO", "12 / 39 = 30,77%"),
    ("8,28", "share", "8,28%", "TTHC_DONGIAN / TTHC_TONG", "12 / 145 = 8,28%"),
    ("60/145", "share", "41,38%", "TTHC_RASOAT / TTHC_TONG", "60 / 145 = 41,38%"),
    ("145", "measure", "145", "TTHC_TONG", "24 + 40 + 38 + 28 + 12 + 3 = 145"),
    ("640.905.000", "measure", "640.905.000", "TTHC_TIETKIEM", "= 640.905.000"),
    ("640905000 đồng", "measure", "640.905.000", "TTHC_TIETKIEM", "= 640.905.000"),
    (" 1.480 ", "measure", "1.480", "HS_TIEPNHAN", "= 1.480"),
    ("1480", "measure", "1.480", "HS_TIEPNHAN", "= 1.480"),
    ("7%", "measure", "7%", "HS_TRE_PM", ""),
    ("82,79", "criterion", "82,79%", "Tiêu chí 3 ", "19,87 / 24 = 82,79%"),
    ("1,75", "criterion", "1,75", "Tiêu chí 1.6", "mỗi nhiệm vụ trừ 0,25"),
    ("742", "entry", "742", "HS_TIEPNHAN", ""),
]


def chained(contents: Contents, typed: str, found: Sequence[Place] = ()) -> list[Object]:
    return to_objects(figure_chain(contents, typed, found))


@pytest.mark.parametrize(("typed", "kind", "shown", "what", "formula"), VALUES, ids=[row[0] for row in VALUES])
def test_a_number_says_what_it_is(year: Result, typed: str, kind: str, shown: str, what: str, formula: str) -> None:
    first = chained(year.contents, typed)[0]
    assert (first["kind"], first["shown"]) == (kind, shown)
    assert what in first["what"]
    assert formula in first["formula"]


@pytest.mark.parametrize("typed", ["74,12", "30,77%", "640.905.000", "1.480", "01", "57/60"])
def test_its_files_are_the_files_that_were_read(year: Result, typed: str) -> None:
    example = FORMS["2020-N"]
    for value in chained(year.contents, typed):
        named = {source["file"] for source in (*value["rules"], *value["cells"]) if source["file"]}
        assert set(value["files"]) == named
        for file, sha256 in value["files"].items():
            path = next(path for path in (example / "don-vi" / file, example / file) if path.exists())
            assert sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_each_cell_of_a_share_holds_what_is_told(year: Result) -> None:
    from openpyxl import load_workbook

    (share,) = chained(year.contents, "30,77%")
    typed = [cell for cell in share["cells"] if cell["sheet"] == "Số liệu"]
    assert len(typed) == 14
    for cell in typed:
        book = load_workbook(FORMS["2020-N"] / "don-vi" / cell["file"])
        assert str(book[cell["sheet"]][cell["cell"]].value) == cell["value"]
    register = [cell["value"] for cell in share["cells"] if cell["what"].startswith("nhiệm vụ của")]
    assert "33/UBND-KGVX" in register


def test_what_a_unit_typed_is_found_with_its_cell(year: Result) -> None:
    texts = [value for value in chained(year.contents, "15") if value["kind"] == "text"]
    assert [cell["file"] for value in texts for cell in value["cells"]] == ["2020-N_LDVLBH.xlsx"]
    assert "15 hồ sơ qua bưu chính công ích" in texts[0]["what"]


def test_who_has_filed_is_told_in_words(year: Result) -> None:
    (filed,) = [value for value in chained(year.contents, "8") if value["what"] == "Số đơn vị gửi đúng hạn"]
    assert {cell["value"] for cell in filed["cells"]} == {"đúng hạn"}


def test_a_bonus_rests_on_what_earned_it_alone(year: Result) -> None:
    items = (
        replace(item, final_points=Decimal(1)) if item.code in ("1.5", "1.5.1") else item
        for item in year.contents.criteria
    )
    found = chained(replace(year.contents, criteria=tuple(items)), "1")
    (bonus,) = [value for value in found if value["what"] == "Tổng điểm thưởng trong chỉ số"]
    assert [rule["value"] for rule in bonus["rules"]] == ["+1 (tối đa +2)"]
    assert {cell["what"].partition(" ")[0] for cell in bonus["cells"]} == {"SANGKIEN"}


def test_an_ambiguous_number_is_told_by_weight_in_bounded_lines(year: Result) -> None:
    found = [place for path in folder_of(year).glob("*.docx") for place in places(path, "1")]
    values = figure_chain(year.contents, "1", found)
    order = list(KINDS)
    assert [order.index(value.kind) for value in values] == sorted(order.index(value.kind) for value in values)
    assert len(values) > 60
    told = list(figure_lines(year.contents, "1", values, found))
    assert len(told) <= 205
    assert f"Là giá trị nào ({len(values)}):" in told
    assert all(any(line.startswith(f"  {value.what}") for line in told) for value in values[:40])


def test_what_does_not_fit_is_counted_in_the_last_line(year: Result) -> None:
    details = year.contents.measure_details
    units = (replace(details[0], code=f"X{number}", value=Decimal("5.5")) for number in range(300))
    contents = replace(year.contents, measure_details=(*details, *units))
    values = figure_chain(contents, "5,5")
    told = list(figure_lines(contents, "5,5", values, [Place("a.docx", "đoạn", "5,5")] * 100))
    assert len(told) <= 205
    shown = sum(" = 5,5" in line for line in told)
    assert len(values) >= 300
    assert told[-1] == f"… còn {len(values) - shown} giá trị nữa: thêm --json để xem hết."


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("abc", "không phải một con số"),
        ("", "không phải một con số"),
        ("15/9/2020", "không phải một con số"),
        ("12 và 39", "không phải một con số"),
        ("3.2.5", "là mã tiêu chí"),
        ("74,55", "74,92%; 74,12%"),
        ("987.654.321", "640.905.000"),
    ],
)
def test_what_is_found_nowhere_is_answered_with_what_to_do(year: Result, typed: str, words: str) -> None:
    with pytest.raises(UnknownFigureError, match=re.escape(words)) as told:
        chained(year.contents, typed)
    assert "hãy" in str(told.value)
    assert len(str(told.value).splitlines()) == 1


# --- where it stands ---

PLACES = [
    ("74,12", "mục III, đoạn “Theo kết quả tự đánh giá (chưa thẩm định), Chỉ số CCHC"),
    ("30,77%", "mục I.2, đoạn “- Trong năm 2020, Sở Lao động"),
    ("1480", "mục II.2, đoạn “- Giải quyết hồ sơ TTHC: tiếp nhận 1.480 hồ sơ"),
    ("640905000", "mục II.2, đoạn “- Chi phí tiết kiệm dự kiến"),
    ("60/145", "mục II."),
    ("19,87", "“Bảng 1. Điểm theo lĩnh vực”, dòng “Cải cách thủ tục hành chính”, cột “Điểm đạt”"),
    ("0,75", "dòng “Công tác kiểm tra CCHC”, cột “Điểm đạt”"),
]


@pytest.mark.parametrize(("typed", "where"), PLACES, ids=[row[0] for row in PLACES])
def test_a_place_is_told_in_words(year: Result, typed: str, where: str) -> None:
    found = places(folder_of(year) / "bao-cao.docx", typed)
    assert any(where in place.where for place in found), [place.where for place in found]
    assert {place.document for place in found} == {"bao-cao.docx"}


SENTENCES = [
    ("74,12", "đạt 74,12% (74,12/100 điểm)", True),
    ("74,12%", "đạt 74,12 %", True),
    ("74,12%", "đạt 74,12 điểm", False),
    ("74,12", "đạt 174,12%", False),
    ("74,12", "đạt 74,125%", False),
    ("1.480", "là 1.480,5 đồng", False),
    ("1480", "nhận 1.480 hồ sơ.", True),
    ("1", "có 01 nhiệm vụ", True),
    ("01", "có 1 nhiệm vụ", True),
    ("12", "ngày 15/12/2019, công văn 12/KH-UBND, Bảng 12", False),
    ("2020", "báo cáo năm 2020", False),
    ("9001", "theo ISO 9001:2015", False),
    ("60/145", "rà soát 60/145 TTHC", True),
    ("60/145", "rà soát 60/14 TTHC, 145", False),
    ("1,6", "tiêu chí 1.6", False),
]


@pytest.mark.parametrize(("typed", "sentence", "found"), SENTENCES)
@pytest.mark.parametrize("inside", ["body", "cell", "header", "footer"])
def test_a_number_is_found_whole_and_nothing_else(typed: str, sentence: str, inside: str, *, found: bool) -> None:
    document = docx.Document()
    if inside == "cell":
        document.add_table(2, 1).cell(1, 0).text = sentence
    else:
        holder = {"body": document, "header": document.sections[0].header, "footer": document.sections[0].footer}
        paragraph = holder[inside].add_paragraph()
        for letter in sentence:  # Word cuts a text into runs wherever it likes
            paragraph.add_run(letter)
    buffer = BytesIO()
    document.save(buffer)
    told = places(buffer.getvalue(), typed)
    assert bool(told) is found
    if inside in {"header", "footer"} and found:
        assert told[0].where.startswith({"header": "đầu trang", "footer": "chân trang"}[inside])


def test_the_values_of_a_chart_are_a_place() -> None:
    from cchc_xl.office.word.charts import place as put
    from cchc_xl.papers.chart_data import index_chart

    index = {"percent": "74.12", "percent_if_missing_full": "74.12", "complete": True, "target": "80", "previous": None}
    document = docx.Document()
    chart = index_chart(completed({"index": index}).index, "năm 2020")
    assert chart is not None
    put(document, document.add_paragraph()._p, chart, 5_000_000, 2_000_000)
    buffer = BytesIO()
    document.save(buffer)
    (found,) = places(buffer.getvalue(), "74,12%")
    assert found.where == "biểu đồ “Chỉ số năm 2020”, mục “Kỳ này”"
    assert found.text == "Chỉ số (%): 74,12"


def test_parts_are_known_by_what_they_are_and_not_by_their_names() -> None:
    document = docx.Document()
    document.add_heading("II. Kết quả", 1)
    document.add_paragraph("Đạt 74,12%")
    document.sections[0].header.paragraphs[0].text = "Chỉ số 74,12%"
    buffer = BytesIO()
    document.save(buffer)
    renamed = with_part_called(buffer.getvalue(), "styles.xml", "kieu.xml")
    for data in (buffer.getvalue(), with_part_called(renamed, "header1.xml", "tren.xml")):
        assert [item.where for item in places(data, "74,12")] == [
            "mục II, đoạn “Đạt 74,12%”",
            "đầu trang, đoạn “Chỉ số 74,12%”",
        ]


def test_a_row_that_begins_further_in_has_its_own_columns() -> None:
    document = docx.Document()
    table = document.add_table(2, 3)
    for cell, text in zip(table.rows[0].cells, ("Nội dung", "Kế hoạch", "Kết quả"), strict=True):
        cell.text = text
    row = table.rows[1]._tr
    row.remove(row.tc_lst[0])
    row.get_or_add_trPr().append(parse_xml(f'<w:gridBefore {nsdecls("w")} w:val="1"/>'))
    row.tc_lst[1].p_lst[0].add_r().text = "74,12"
    buffer = BytesIO()
    document.save(buffer)
    assert [item.where for item in places(buffer.getvalue(), "74,12")] == ["bảng ở phần mở đầu, dòng 2, cột “Kết quả”"]


def test_a_number_that_was_moved_away_is_told_where_it_has_gone() -> None:
    document = docx.Document()
    for kind in ("moveFrom", "moveTo"):
        paragraph = document.add_paragraph("Kết quả: ")._p
        paragraph.append(parse_xml(f'<w:{kind} {nsdecls("w")} w:id="1"><w:r><w:t>{kind} 74,12%</w:t></w:r></w:{kind}>'))
    buffer = BytesIO()
    document.save(buffer)
    assert [item.text for item in places(buffer.getvalue(), "74,12")] == ["Kết quả: moveTo 74,12%"]


def test_what_is_no_word_file_says_so() -> None:
    with pytest.raises(NotWordError):
        places(b"PK damaged", "1")


# --- the command ---


def test_the_command_tells_places_values_and_files(year: Result) -> None:
    code, told = explained(folder_of(year), "--figure", "30,77")
    assert code == 0
    for words in ("Nơi ghi trong báo cáo", "12 / 39 = 30,77%", "2020-N_VP.xlsx › Số liệu › D9", "SHA-256"):
        assert words in told


def test_the_json_object_has_all_of_it(year: Result) -> None:
    code, told = explained(folder_of(year), "--figure", "1", "--json")
    answer = json.loads(told)
    assert code == 0
    assert (answer["figure"], answer["findings"], answer["unread"]) == ("1", [], [])
    assert set(answer["places"][0]) == {field.name for field in fields(Place)} == {"document", "where", "text"}
    assert len(answer["values"]) == len(chained(year.contents, "1"))
    for value in answer["values"]:
        assert set(value) == {"kind", "what", "value", "shown", "formula", "criterion", "rules", "cells", "files"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "hoặc mã tiêu chí, hoặc --figure"),
        (("1.6", "--figure", "1"), "hoặc mã tiêu chí, hoặc --figure"),
        (("--figure", "abc"), "không phải một con số"),
        (("--figure", "74,55"), "Không thấy số “74,55”"),
    ],
)
def test_what_cannot_be_asked_ends_with_one_sentence(year: Result, arguments: tuple[str, ...], words: str) -> None:
    code, told = explained(folder_of(year), *arguments)
    assert code == 2
    assert words in told
    assert len(told.strip().splitlines()) == 1


@pytest.mark.parametrize(("report", "words"), [(b"PK damaged", "Không đọc được bao-cao.docx"), (None, "Không có bao-")])
def test_a_report_that_cannot_be_read_does_not_hide_the_values(
    year: Result, report: bytes | None, words: str, tmp_path: Path
) -> None:
    copy = shutil.copytree(folder_of(year), tmp_path / "2020-N")
    if report is None:
        (copy / "bao-cao.docx").unlink()
    else:
        (copy / "bao-cao.docx").write_bytes(report)
    code, told = explained(copy, "--figure", "30,77%")
    assert code == 0
    assert words in told
    assert "12 / 39 = 30,77%" in told
    answer = json.loads(explained(copy, "--figure", "30,77%", "--json")[1])
    assert answer["places"] == []
    assert words in answer["unread"][0]


# --- every number of the report ---

NUMBER = re.compile(r"\d[\d.,]*\d|\d")
NO_FIGURES = re.compile(
    r"\d{1,2}/\d{1,2}/\d{4}|\d+/\d{4}/[A-ZĐ][\w-]*|\d+/[A-ZĐ][\w-]*|(?i:năm|quý|tháng|bảng|biểu đồ|hình) \d+|\d+:\d+"
)
PARTS = ("I.", "II.", "III.", "IV.")
SKIPPED = {"TT", "Mã"}  # running numbers and codes


def numbers_of(result: Result) -> Iterator[tuple[str, str]]:
    """Every number of sections I–IV with the sign after it, and the text it stands in."""
    codes = {item["code"] for item in result.document["criteria"]}
    inside = False
    for block in docx.Document(str(folder_of(result) / "bao-cao.docx")).iter_inner_content():
        if isinstance(block, Table):
            texts = list(cells_of(block)) if inside else []
        else:
            if block.style is not None and block.style.name == "Heading 1":
                inside = block.text.startswith(PARTS)
            heading = block.style is not None and block.style.name.startswith("Heading")
            texts = [re.sub(r"^\s*\d+\.\s", "", block.text) if heading else block.text] if inside else []
        for text in texts:
            bare = NO_FIGURES.sub(" ", text)
            for match in NUMBER.finditer(bare):
                if match[0] not in codes or "." not in match[0]:
                    sign = "%" if bare[match.end() :].startswith("%") else ""
                    points = " điểm phần trăm" if bare[match.end() :].startswith(" điểm phần trăm") else ""
                    yield match[0] + sign + points, text


def cells_of(table: Table) -> Iterator[str]:
    titles = [cell.text for cell in table.rows[0].cells]
    for row in table.rows:
        yield from (cell.text for title, cell in zip(titles, row.cells, strict=True) if title not in SKIPPED)


@pytest.fixture(scope="module")
def compared(year: Result, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The first quarter beside the year before it."""
    example, out = FORMS["2021-Q1"], tmp_path_factory.mktemp("so-sanh")
    plan, forms = example / "ke-hoach.xlsx", example / "don-vi"
    return cchc_xl.run(plan, forms, period="2021-Q1", out=out, previous=year.folder)


def test_what_an_earlier_period_had_is_not_laid_to_this_periods_cells(compared: Result) -> None:
    found = [value for value in chained(compared.contents, "74,12%") if value["kind"] == "comparison"]
    assert [value["what"] for value in found] == ["Chỉ số: tỷ lệ kỳ trước (Năm 2020)"]
    assert [cell["file"] for cell in found[0]["cells"]] == [None]
    assert "thư mục kết quả của kỳ đó" in found[0]["cells"][0]["what"]


@pytest.mark.parametrize("period", ["year", "quarter", "compared"])
def test_every_number_of_the_report_leads_to_a_cell_or_a_row_of_the_plan(
    period: str, request: pytest.FixtureRequest
) -> None:
    result: Result = request.getfixturevalue(period)
    texts = dict(numbers_of(result))
    assert len(texts) > 50
    for typed, text in texts.items():
        values = chained(result.contents, typed)
        assert any(value["rules"] or value["cells"] for value in values), (typed, text)
        for sign in ("%", "điểm phần trăm"):
            if typed.endswith(sign):
                assert all(value["shown"].endswith(sign) for value in values), (typed, text)
        for value in values:
            assert all(value["files"].values()), (typed, value)
            assert value["cells"] or value["rules"] or value["value"] == "0", (typed, value)


# --- the appendix of sources ---


@pytest.mark.parametrize("period", ["year", "quarter"])
def test_the_list_of_sources_has_each_figure_each_point_and_each_file(
    period: str, request: pytest.FixtureRequest
) -> None:
    result: Result = request.getfixturevalue(period)
    document, told = result.document, source_rows(View(result.contents))
    assert [row["code"] for row in told if row["is_figure"]] == [item["code"] for item in document["measure_details"]]
    assert [row["code"] for row in told if not row["is_figure"]] == [
        item["code"] for item in document["criteria"] if item["final_points"] is not None
    ]
    files = file_rows(result.contents)
    assert (files[0]["file"], files[0]["sha256"]) == (document["plan"]["file"], document["plan"]["sha256"])
    assert {row["file"]: row["sha256"] for row in files[1:]} == {
        item["file"]: item["sha256"] or "–" for item in document["sources"]
    }


def test_a_row_of_sources_names_cells_and_rules(year: Result) -> None:
    told = {row["code"]: row for row in source_rows(View(year.contents))}
    assert told["HS_TIEPNHAN"]["value"] == "1.480 hồ sơ"
    assert "Phòng Giáo dục nghề nghiệp: 96 (2020-N_GDNN.xlsx › Số liệu › D" in told["HS_TIEPNHAN"]["source"]
    assert told["1.6"]["value"] == "1,75/2 điểm"
    assert told["1.6"]["source"].startswith("ke-hoach.xlsx › Bộ chỉ số › A12 (dòng 12), cách chấm “mỗi đơn vị”")
