"""The three documents from the examples: what they say, whether they are whole, and what LibreOffice shows of them."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import time
import zipfile
from pathlib import Path

import pytest
from docx import Document
from lxml import etree
from openpyxl import load_workbook

import cchc_xl
from benchmarks import reports
from cchc_xl.papers.documents import render_plan_draft
from cchc_xl.pipeline.jobs import draft_plan, template_path
from cchc_xl.result import Result
from tests.conftest import PRINTED, ROOT
from tests.office import converted
from tests.results import completed
from tests.test_report import render
from tests.test_templates import TEXTS

YEAR, QUARTER = ROOT / "examples" / "2020-ca-nam", ROOT / "examples" / "2021-quy-1"


@pytest.fixture(scope="module")
def results(year: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both examples run into one folder, the quarter after the year; the report with its sources."""
    out = tmp_path_factory.mktemp("ket-qua")
    shutil.copytree(Path(year.folder), out / "2020-N")
    cchc_xl.run(QUARTER / "ke-hoach.xlsx", QUARTER / "don-vi", period="2021-Q1", out=out, with_sources=True)
    draft_plan(out / "2020-N", rank=17)
    return out


DOCUMENTS = ("2020-N/bao-cao.docx", "2021-Q1/bao-cao.docx", "2020-N/ke-hoach-2021.docx", "2021-Q1/don-doc/cong-van.docx")  # fmt: skip


def whole(path: Path) -> str:
    """All text of the body, paragraph by paragraph, cells included."""
    document = Document(str(path))
    texts = [paragraph.text for paragraph in document.paragraphs]
    return "\n".join(texts + [cell.text for table in document.tables for row in table.rows for cell in row.cells])


# The seed's plan for 2021, section II: what it says of 2020 (its 8,3 % is 12/145 = 8,28 %).
SEED = {
    "1.2": ["chế độ báo cáo"],
    "1.3": ["kiểm tra CCHC"],
    "1.4": ["tuyên truyền CCHC"],
    "1.6": ["39 nhiệm vụ", "12 nhiệm vụ hoàn thành sớm hạn (30,77%)", "26 nhiệm vụ hoàn thành đúng hạn (66,67%)",
            "01 nhiệm vụ trễ hạn (2,56%)", "Phòng Lao động – Việc làm – Bảo hiểm"],
    "1.7": ["lập hồ sơ công việc và xử lý tài liệu tồn đọng tích đống", "Nguyên nhân chủ quan: các phòng chuyên môn"],
    "3.2.5": ["1.480 hồ sơ", "1.463 hồ sơ được giải quyết trước hạn", "17 hồ sơ đang giải quyết", "không có hồ sơ trễ hạn",
              "Tuy nhiên, có 7% hồ sơ giải quyết trễ hạn trên phần mềm một cửa"],
    "3.3.2": ["60/145 TTHC", "giữ nguyên 48", "đơn giản hóa 12", "20% số TTHC đã rà soát", "8,28% tổng số", "640.905.000 đồng",
              "Chưa đạt tỷ lệ 20% TTHC theo Kế hoạch số 276/KH-UBND"],
    "4.1.2": ["05 biên chế (03 lãnh đạo, 02 chuyên viên)", "Phòng Lao động – Việc làm – Bảo hiểm"],
    "5.3": ["tuyển dụng"],
    "5.4": ["bổ nhiệm"],
    "5.6": ["đào tạo, bồi dưỡng"],
    "7.3": ["Nguyên nhân khách quan: cá nhân và tổ chức không đăng ký", "Nguyên nhân chủ quan: các phòng chuyên môn chưa tham mưu"],
    "7.4": ["bưu chính công ích là 37 hồ sơ (2,5%", "Nguyên nhân khách quan: cá nhân và tổ chức không đăng ký"],
}  # fmt: skip


def limitations(folder: Path) -> dict[str, str]:
    """The paragraphs of section II by the code of the criterion that each names; what is only named stands under ''."""
    contents = completed(json.loads((folder / "result.json").read_text(encoding="utf-8")))
    texts = [item.text for item in Document(str(folder / "ke-hoach-2021.docx")).paragraphs]
    start, end = (next(at for at, text in enumerate(texts) if text.startswith(mark)) for mark in ("II. ", "III. "))
    told = {"": next(text for text in texts[start:end] if text.startswith("- Nội dung còn hạn chế: "))}
    for item in contents.criteria:
        if item.parent is not None:
            for text in texts[start:end]:
                if text.startswith(f"- {item.name}") or f". {item.name}" in text:
                    told[item.code] = text
    return told


def test_the_draft_names_the_limitations_of_the_seeds_plan(results: Path) -> None:
    told = limitations(results / "2020-N")
    lacking = {code: word for code, words in SEED.items() for word in words if word not in told.get(code, "")}
    assert lacking == {}
    # Beyond the seed's: what the example invents; of 6.3 nobody said anything.
    assert set(told) - set(SEED) == {"3.2.6", "5.1", "7.1", "7.2", ""}
    assert told[""] == "- Nội dung còn hạn chế: đơn vị sự nghiệp chuyển sang tự bảo đảm chi thường xuyên."


def test_the_draft_opens_and_aims_as_the_seeds_plan(results: Path) -> None:
    text = whole(results / "2020-N" / "ke-hoach-2021.docx")
    for said in (
        "xếp 17/17", "đạt 74,12%, giảm 02 bậc và giảm 0,8 điểm phần trăm", "năm 2021 đạt từ 80% trở lên", "I. MỤC TIÊU",
        "II. NHỮNG HẠN CHẾ TRONG NĂM 2020", "III. NHIỆM VỤ, GIẢI PHÁP", "IV. TỔ CHỨC THỰC HIỆN", "KT. GIÁM ĐỐC",
        "(Kèm theo Kế hoạch số ",
    ):  # fmt: skip
        assert said in text.replace("\xa0", " "), said


def test_the_draft_says_who_does_what_by_when(results: Path) -> None:
    """The shortest way to 80 %: with the figures of today, and the day on which the next year's report is due."""
    text = whole(results / "2020-N" / "ke-hoach-2021.docx").replace("\xa0", " ")
    for said in (
        "các kết quả sau, chậm nhất ngày 20/12/2021:\n1. Văn phòng Sở\n",
        "cơ cấu số lượng lãnh đạo tại các cơ quan hành chính, đạt mức “Đúng quy định”.",
        "2. Các phòng chuyên môn, đơn vị được phân công\n",
        "- TTHC kiến nghị đơn giản hóa đạt ít nhất 20% tổng số TTHC thuộc thẩm quyền giải quyết.",
        "Để đạt mục tiêu 80%, ưu tiên: thực hiện quy định về cơ cấu số lượng lãnh đạo tại các cơ quan hành chính; mức độ",
        "TTHC (các nội dung này đủ để đạt mục tiêu nếu các nội dung khác giữ nguyên).",
    ):
        assert said in text, said
    assert "TTHC_DONGIAN" not in text


def test_what_no_unit_can_do_is_no_task_of_the_draft(results: Path) -> None:
    """Figures of a year before that were not found are for whoever compiles the report, today."""
    document = json.loads((results / "2020-N" / "result.json").read_text(encoding="utf-8"))
    first = document["path"]["stops"][0]["code"]
    item = next(item for item in document["advice"] if item["code"] == first)
    owed = {**item["next"], "kind": "submit", "change": "lấy được số liệu năm trước: 2019-N", "who": [], "task": ""}
    item |= {"next": owed, "complete": None}
    (results / "nam-truoc.docx").write_bytes(render_plan_draft(completed(document), template_path("plan.docx")))
    text = whole(results / "nam-truoc.docx").replace("\xa0", " ")
    assert "lấy được" not in text
    assert "chỉ các nội dung này thì chưa đủ, còn phụ thuộc kết quả của: thực hiện quy định về cơ cấu" in text
    assert "đủ để đạt mục tiêu" not in text


def test_the_drafts_appendix_is_the_seeds(results: Path) -> None:
    with (ROOT / "tools" / "phu-luc-2021.csv").open(encoding="utf-8") as stream:
        wanted = [
            [row["code"], row["name"], row["lead_units"], row["target"], row["coordinating_units"]]
            for row in csv.DictReader(stream)
        ]
    table = Document(str(results / "2020-N" / "ke-hoach-2021.docx")).tables[-1]
    got = [[cell.text.partition("\n")[0] for cell in row.cells] for row in table.rows[1:]]  # without what is proposed
    for row in got:
        row[3] = "" if row[3].startswith("Đề xuất: ") else row[3]
    leaves = [row for row in wanted if "." in row[0]]
    assert len(leaves) == 31
    assert [row for row in got if "." in row[0]] == leaves
    assert [row[:2] for row in got] == [row[:2] for row in wanted]


def test_without_a_rank_nothing_is_said_of_it(results: Path) -> None:
    document = json.loads((results / "2020-N" / "result.json").read_text(encoding="utf-8"))
    content = render_plan_draft(completed(document), template_path("plan.docx"))
    (results / "khong-hang.docx").write_bytes(content)
    text = whole(results / "khong-hang.docx")
    assert "có chỉ số đạt 74,12%, giảm 0,8 điểm phần trăm" in text
    assert "xếp" not in text.partition("I. MỤC TIÊU")[0]


def test_a_quarter_is_no_year_to_draft_from(results: Path) -> None:
    with pytest.raises(cchc_xl.CannotRunError, match="Quý I năm 2021 chưa phải là cả năm"):
        draft_plan(results / "2021-Q1")


def test_a_draft_that_people_edited_is_kept(year: Result, tmp_path: Path) -> None:
    folder = shutil.copytree(Path(year.folder), tmp_path / "2020-N")
    first = draft_plan(folder)
    assert draft_plan(folder) == first
    first.write_bytes(b"edited by hand")
    second = draft_plan(folder)
    assert (first.name, second.name) == ("ke-hoach-2021.docx", "ke-hoach-2021-2.docx")
    cchc_xl.run(YEAR / "ke-hoach.xlsx", YEAR / "don-vi", period="2020-N", out=tmp_path)
    assert first.read_bytes() == b"edited by hand"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_part_is_well_formed_and_declared_and_no_tag_is_left(results: Path, name: str) -> None:
    with zipfile.ZipFile(results / name) as package:
        kinds = package.read("[Content_Types].xml").decode()
        for part in package.namelist():
            ending = part.rpartition(".")[2]
            declared = f'PartName="/{part}"' in kinds or f'Extension="{ending}"' in kinds
            assert declared or part == "[Content_Types].xml", part
            if ending in ("xml", "rels"):
                text = "".join(map(str, etree.fromstring(package.read(part)).itertext()))
                assert not any(mark in text for mark in ("{{", "}}", "{%", "%}", "\ufdd0", "\ufdd2")), part
    document = Document(str(results / name))
    document.save(str(results / "again.docx"))
    assert whole(results / "again.docx") == whole(results / name)


def test_libreoffice_shows_text_charts_and_whole_tables(results: Path, tmp_path: Path) -> None:
    """The pages as a reader sees them: charts drawn with their numbers, headers repeated, the last word of each cell."""
    copied = [shutil.copyfile(results / name, tmp_path / f"{number}.docx") for number, name in enumerate(DOCUMENTS)]
    pages = {}
    for name, pdf in zip(DOCUMENTS, converted(copied, "pdf", tmp_path), strict=True):
        told = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True)
        pages[name] = told.stdout
    report = pages["2020-N/bao-cao.docx"]
    for shown in ("Biểu đồ 1.", "Điểm đạt được", "Điểm tối đa", "74,12%"):
        assert shown in report, shown
    for name in ("2020-N/bao-cao.docx", "2021-Q1/bao-cao.docx"):  # pages are parted by form feeds
        body = next(n for n, page in enumerate(pages[name].split("\f")) if "VÀ ĐIỂM CÁC TIÊU CHÍ" in page)
        assert body <= 10, (name, body)
    # One field of the quarter can be compared: a chart of one pair would say nothing, a sentence tells it.
    assert "Biểu đồ 2." not in pages["2021-Q1/bao-cao.docx"]
    assert "Chưa so sánh được Chỉ số CCHC với năm 2020" in pages["2021-Q1/bao-cao.docx"]
    assert pages["2020-N/ke-hoach-2021.docx"].count("PHỐI HỢP") >= 5
    for name, text in pages.items():
        words = {word for cell in cells(results / name) for word in cell.split()[-1:]}
        flat = "".join(text.split())
        missing = [word for word in words if word not in flat and len(word) < 12]
        assert missing == [], name


def cells(path: Path) -> list[str]:
    return [cell.text for table in Document(str(path)).tables for row in table.rows for cell in row.cells]


TYPED = {
    "1.2": "angle and ampersand",
    "1.3": "newlines",
    "5.1": "5,000 letters",
    "5.3": "right to left",
    "7.1": "emoji",
}


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], list[str]]:
    """The cells of the report and of the note after a clerk typed each text into the row of one criterion."""
    home = tmp_path_factory.mktemp("nam")
    shutil.copytree(YEAR, home, dirs_exist_ok=True)
    form = home / "don-vi" / "2020-N_VP.xlsx"
    book = load_workbook(form)
    for row in book["Phụ lục"].iter_rows():
        if row[0].value in TYPED:
            row[5].value = row[8].value = TEXTS[TYPED[row[0].value]]
    book.save(form)
    cchc_xl.run(home / "ke-hoach.xlsx", form.parent, period="2020-N", out=home / "ra")
    return cells(home / "ra" / "2020-N" / "bao-cao.docx"), cells(home / "ra" / "2020-N" / "phieu-kiem-tra.docx")


# What the report prints otherwise: one paragraph, and of a long text as much as can be read.
PRINTED_AS = {
    "newlines": "dòng một dòng hai dòng bốn",
    "5,000 letters": " ".join(["Báo cáo dài."] * 50).removesuffix(".") + "…",
}


@pytest.mark.parametrize("name", TYPED.values())
def test_a_units_cell_arrives_in_word(typed: tuple[list[str], list[str]], name: str) -> None:
    """From the cell that a clerk typed into, through the whole line, to the cells of the report, and whole to the note."""
    report, note = typed
    assert report.count(PRINTED_AS.get(name, TEXTS[name])) == 1
    assert name != "5,000 letters" or TEXTS[name] in note


def test_the_report_is_filled_in_under_half_a_second(results: Path, tmp_path: Path) -> None:
    document = json.loads((results / "2020-N" / "result.json").read_text(encoding="utf-8"))
    render(document, template_path("report.docx"), tmp_path / "ra.docx")  # imports
    best = 9.9
    for _ in range(5):
        start = time.process_time()
        render(document, template_path("report.docx"), tmp_path / "ra.docx")
        best = min(best, time.process_time() - start)
    PRINTED.append(f"report of 31 appendix criteria filled in: {best:.2f} s (best of 5 after imports; bar 0.50 s)")
    assert best < 0.5


def test_the_time_grows_with_the_rows_and_no_faster() -> None:
    took = reports.measure((150, 600), rounds=2)
    PRINTED.append("report: " + ", ".join(f"{count} rows {seconds:.2f} s" for count, seconds in took.items()))
    assert took[600] / 600 < 1.5 * took[150] / 150
