"""The draft of next year's plan: an office's sentences without scores and codes, tasks, and the appendix as printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.shared import Mm, Pt

import cchc_xl
from cchc_xl.office.word.decree import check_document
from cchc_xl.office.word.merging import merge_kept
from cchc_xl.papers.documents import render_plan_draft
from cchc_xl.papers.figure_tables import FigureRow
from cchc_xl.papers.plan_draft import _headed, _is_named, plan_draft
from cchc_xl.pipeline.jobs import template_path
from cchc_xl.result import Result
from cchc_xl.result.contents import Contents
from cchc_xl.text.numbers import number_vi
from tests.conftest import ROOT

PERIODS = {"2020-ca-nam": "2020-N", "xa-tiep-can-phap-luat": "2019-N", "dti-thanh-pho": "2023-N"}


@pytest.fixture(scope="module", params=PERIODS)
def contents(request: pytest.FixtureRequest) -> Contents:
    """Each example of a whole year."""
    folder = ROOT / "examples" / request.param
    if request.param == "2020-ca-nam":
        return request.getfixturevalue("year").contents  # type: ignore[no-any-return]
    return cchc_xl.assess(folder / "ke-hoach.xlsx", folder / "don-vi", period=PERIODS[request.param]).contents()


@pytest.fixture(scope="module")
def draft(contents: Contents) -> bytes:
    return render_plan_draft(contents, template_path("plan.docx"), 4)


def body(draft: bytes) -> list[str]:
    """The paragraphs before the appendix."""
    texts = [item.text.replace("\xa0", " ") for item in Document(BytesIO(draft)).paragraphs if item.text.strip()]
    return texts[: texts.index("Phụ lục")]


def appendix(draft: bytes) -> Any:
    return Document(BytesIO(draft)).tables[-1]


KITCHEN = {
    "a score": r"\d/\d+(?:,\d+)? điểm|(?:đạt|thiếu|trừ|tăng) \d+(?:,\d+)? điểm(?! phần trăm)",
    "a cell or a file": r"›|\.xlsx|\.txt|\b[A-Z]{1,2}\d{1,3}\b",
    "what is for the Office": r"cần đối chiếu|thẩm định|số liệu đơn vị báo cáo",
    "a share without its verb": r"(?:^|[.,] )(?:Tuy nhiên, )?\d+(?:,\d+)?% \w",
    "a hole": r"\(\)|: ;|None|  ,|\{",
}


@pytest.mark.parametrize("kind", KITCHEN)
def test_nothing_of_the_kitchen_stands_in_the_text(draft: bytes, kind: str) -> None:
    assert [text for text in body(draft) if re.search(KITCHEN[kind], text)] == []


def test_no_code_stands_in_the_text(contents: Contents, draft: bytes) -> None:
    codes = {item.code for item in contents.criteria if "." in item.code}
    codes |= {detail.code for detail in contents.measure_details}
    assert [text for text in body(draft) if codes & set(re.findall(r"\w[\w.]*\w", text))] == []


def test_the_two_bases_end_as_the_decree_says_and_nothing_is_found_in_the_form(draft: bytes) -> None:
    bases = [text for text in body(draft) if text.startswith("Căn cứ ")]
    assert [text[-1] for text in bases] == [";", "."]
    assert "Quyết định số" in bases[0]
    assert "chỉ đạo của " in bases[1]
    assert check_document(Path("ke-hoach.docx"), draft) == ()


def test_each_task_has_its_unit_its_number_and_its_day(contents: Contents, draft: bytes) -> None:
    texts = body(draft)
    start, end = (next(at for at, text in enumerate(texts) if text.startswith(mark)) for mark in ("III. ", "IV. "))
    names = [unit.name for unit in contents.units]
    levels = {step.task[len("đạt mức “") : -1] for item in contents.advice if (step := item.complete) and step.task}
    tasks, heading = 0, ""
    for text in texts[start + 1 : end]:
        if re.match(r"\d+\. ", text):
            heading = text
            assert any(name in text for name in names) or "đơn vị được phân công" in text
        elif text.startswith("- "):
            tasks += 1
            assert heading, text
            named = any(f"{level.casefold()}." in text.casefold() for level in levels)  # the level, told by the name
            told = re.search(r"đạt mức “|(?:đạt|còn|quá|hơn|nhất) [\d.,]+|Không còn |đạt điểm tối đa", text)
            assert told or named or text in YES, text
    assert tasks > 10
    # The day is the same for all: it is said once, before them.
    assert [text for text in texts[start:end] if re.search(r"sau, chậm nhất ngày \d\d/\d{1,2}/\d{4}:$", text)]
    assert len(re.findall(r"\d\d/\d{1,2}/\d{4}", " ".join(texts[start:end]))) == 1


def test_a_share_to_reach_is_one_that_the_rules_name(contents: Contents, draft: bytes) -> None:
    """Of 18 persons 17 are 94,44 %; the plan asks for 90 %, and next year there are others."""
    bands = [band for item in contents.criteria for band in item.rule.bands]
    named = {number_vi(edge) for band in bands for edge in (band.low, band.amount) if edge is not None} | {"100"}
    shares = re.findall(r" đạt (?:ít nhất |trên )?([\d,]+)% tổng", "\n".join(body(draft)))
    assert shares
    assert set(shares) <= named


# What is only reached or not is told by its name: "đạt mức “Có”" says nothing.
YES = (
    "- Phấn đấu đơn vị sự nghiệp chuyển sang tự bảo đảm chi thường xuyên.",
    "- Phấn đấu được cấp trên khen thưởng về công tác này.",
)


# The seed's appendix prints these as one cell (the notes of tools/phu-luc-2021.csv), besides empty ones.
LEAD = ["1.1–1.7", "2.1–2.2", "3.1–3.4", "4.1–4.2", "5.1–5.6", "6.1–6.2", "7.3–7.4"]
TARGET = ["1.1–1.3", "2.1–2.2"]
COOPERATING = ["1.1–1.7", "2.1–2.2", "3.1–3.4", "4.1–4.2", "5.1–5.6", "6.1–6.2", "7.2–7.4"]


@pytest.mark.parametrize(("column", "wanted"), [(2, LEAD), (3, TARGET), (4, COOPERATING)])
def test_the_appendix_merges_what_the_seed_merges(year: Result, column: int, wanted: list[str]) -> None:
    table = appendix(render_plan_draft(year.contents, template_path("plan.docx")))
    merged: list[list[str]] = []
    for row in table.rows:
        cells = row._tr.tc_lst
        if len(cells) == 5 and cells[column].vMerge:
            if cells[column].vMerge == "restart":
                merged.append([])
            merged[-1].append(row.cells[0].text)
    assert [f"{codes[0]}–{codes[-1]}" for codes in merged] == wanted


PROPOSED = {
    "1.1": "Xây dựng kế hoạch, báo cáo và tiến hành kiểm tra CCHC trong nội bộ cơ quan, đơn vị trực thuộc, kiểm tra theo "
    "ngành quản lý|Đề xuất: thực hiện chế độ báo cáo CCHC, đạt mức “Đủ báo cáo, đúng hạn”; phòng, đơn vị được kiểm tra "
    "CCHC đạt 100% tổng số phòng, đơn vị thuộc Sở (chậm nhất ngày 20/12/2021).",
    "2.1": "Nghiên cứu, xây dựng dự thảo văn bản QPPL đạt tiến độ do cơ quan có thẩm quyền phân công soạn thảo và tuân thủ "
    "quy trình, thủ tục xây dựng văn bản QPPL theo quy định",  # full points: the plan's own solution alone
    "5.6": "Đảm bảo hoàn thành 100% kế hoạch đề ra|Đề xuất: lượt đào tạo, bồi dưỡng đã thực hiện đạt 100% tổng số lượt đào "
    "tạo, bồi dưỡng theo kế hoạch (chậm nhất ngày 20/12/2021).",
    "6.3": "Đề xuất: phấn đấu đơn vị sự nghiệp chuyển sang tự bảo đảm chi thường xuyên (Trung tâm "
    "Dịch vụ việc làm, chậm nhất ngày 20/12/2021).",  # no solution in the plan
    "6.4": "",
    "7.2": "Vận hành phần mềm một cửa điện tử đúng quy trình|Đề xuất: đạt mức “Đúng quy trình” (Phòng Lao động – Việc làm "
    "– Bảo hiểm, chậm nhất ngày 20/12/2021).",
}


def test_what_did_not_suffice_has_a_proposal_beside_it(year: Result) -> None:
    table = appendix(render_plan_draft(year.contents, template_path("plan.docx")))
    told = {row.cells[0].text: "|".join(item.text for item in row.cells[3].paragraphs) for row in table.rows}
    assert {code: told[code] for code in PROPOSED} == PROPOSED


def lines(contents: Contents) -> list[str]:
    context: Any = plan_draft(contents)
    return [text for field in context["draft_fields"] for text in field["lines"]]


def without_sentences(contents: Contents) -> Contents:
    return replace(contents, sentences=())


def unkept(contents: Contents) -> Contents:
    """Nobody wrote what became of 4.1.2."""
    items = (
        replace(item, reports=tuple(replace(report, result="") for report in item.reports))
        if item.code == "4.1.2"
        else item
        for item in contents.criteria
    )
    return replace(contents, criteria=tuple(items))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda contents: contents, "không có hồ sơ trễ hạn. Tuy nhiên, có 7% hồ sơ giải quyết trễ hạn trên phần mềm"),
        (
            lambda contents: contents,
            "02 chuyên viên). Số lãnh đạo nhiều hơn số chuyên viên (Phòng Lao động – Việc làm – Bảo hiểm). Nguyên nhân",
        ),
        (
            without_sentences,
            "Số liệu chưa thống nhất: tỷ lệ hồ sơ trễ hạn do các đơn vị báo cáo khác với phần mềm một cửa (",
        ),
        (without_sentences, "tính từ số liệu báo cáo: 0%; tỷ lệ hồ sơ trễ hạn trên phần mềm một cửa: 7%)"),
        (unkept, "(Phòng Lao động – Việc làm – Bảo hiểm: số lãnh đạo phòng: 3; số chuyên viên: 2)"),
    ],
)
def test_two_figures_that_do_not_agree_are_both_named(
    year: Result, change: Callable[[Contents], Contents], words: str
) -> None:
    assert any(words in text for text in lines(change(year.contents)))


TOLD_ONCE = {  # the name of a criterion, what is known of it, the paragraph
    "the sentence's own title": (
        ("Mức độ hài lòng của tổ chức, cá nhân", "Mức độ hài lòng qua phiếu lấy ý kiến: 83,5%"),
        "Mức độ hài lòng của tổ chức, cá nhân: 83,5%.",
    ),
    "a title that abbreviates": (
        ("Rà soát thủ tục hành chính", "Rà soát TTHC: đã rà soát 60 thủ tục"),
        "Rà soát thủ tục hành chính: đã rà soát 60 thủ tục.",
    ),
    "a title of its own": (
        ("Công tác kiểm tra", "Tồn tại qua thanh tra: 03 vấn đề"),
        "Công tác kiểm tra. Tồn tại qua thanh tra: 03 vấn đề.",
    ),
    "a sentence that begins with the name": (
        ("Nộp hồ sơ đề nghị chậm", "nộp hồ sơ đề nghị ngày 11/12/2019"),
        "Nộp hồ sơ đề nghị ngày 11/12/2019.",
    ),
    "a sentence with all its words": (
        ("Giải quyết hồ sơ đúng hạn", "Giải quyết 340 hồ sơ, đúng hạn 311 hồ sơ"),
        "Giải quyết 340 hồ sơ, đúng hạn 311 hồ sơ.",
    ),
    "another beginning": (
        ("Thực hiện kế hoạch đào tạo, bồi dưỡng công chức", "thực hiện các biện pháp phòng dịch"),
        "Thực hiện kế hoạch đào tạo, bồi dưỡng công chức: thực hiện các biện pháp phòng dịch.",
    ),
    "a short name is kept": (
        ("Hồ sơ nộp trực tuyến", "tiếp nhận 9 hồ sơ, nộp trực tuyến 3 hồ sơ"),
        "Hồ sơ nộp trực tuyến: tiếp nhận 9 hồ sơ, nộp trực tuyến 3 hồ sơ.",
    ),
}


@pytest.mark.parametrize("kind", TOLD_ONCE)
def test_a_matter_is_named_once(kind: str) -> None:
    (name, fact), told = TOLD_ONCE[kind]
    assert _headed(name, [fact], is_plans=True) == told


def test_what_a_unit_wrote_stands_behind_the_criterions_name() -> None:
    assert _headed("Nộp hồ sơ đề nghị chậm", ["nộp hồ sơ chậm 02 ngày"]) == (
        "Nộp hồ sơ đề nghị chậm: nộp hồ sơ chậm 02 ngày."
    )


@pytest.mark.parametrize(
    ("figure", "unit", "name", "same"),
    [
        (
            "Hệ thống được phê duyệt cấp độ an toàn",
            "hệ thống",
            "Hệ thống thông tin được phê duyệt cấp độ an toàn",
            True,
        ),
        ("Giao dịch thanh toán trực tuyến", "giao dịch", "Thanh toán trực tuyến", True),
        ("Hồ sơ đúng hạn", "hồ sơ", "Hồ sơ không đúng hạn", False),  # the opposite
        ("Hồ sơ tiếp nhận qua bưu chính", "hồ sơ", "Tiếp nhận hồ sơ qua bưu chính", False),  # in another order
        ("Máy tính bị nhiễm mã độc", "máy", "Máy tính không nhiễm mã độc", False),
        ("Tỷ lệ hài lòng theo khảo sát", "%", "Mức độ hài lòng", False),
    ],
)
def test_a_figure_that_the_name_names_is_told_by_its_value(figure: str, unit: str, name: str, same: bool) -> None:
    row = FigureRow("A", figure, unit, "4", None, "", True, (), "04", "", "", 2)
    assert _is_named(row, name) is same


def test_a_year_without_results_says_no_number_of_them(year: Result) -> None:
    """A plan of which nothing is scored, without the office's name, and one without a single criterion."""
    settings = replace(year.contents.settings, agency="", target_index=None)
    index = replace(year.contents.index, percent=year.contents.index.percent, complete=False, target=None)
    bare = tuple(
        replace(item, points=None, final_points=None, status="missing" if item.status == "scored" else item.status)
        for item in year.contents.criteria
    )
    for criteria in (bare, ()):
        made = replace(
            year.contents, agency="", settings=settings, index=index, criteria=criteria, advice=(), path=None
        )
        texts = body(render_plan_draft(replace(made, sentences=(), conflicts=()), template_path("plan.docx")))
        assert any(text.startswith("Cơ quan xây dựng Kế hoạch") for text in texts)
        assert not any("74,12" in text or "  " in text.partition("của cơ quan")[1] for text in texts)
        assert any("chưa có điểm" in text or text.startswith("Chưa có kết quả chấm điểm") for text in texts)


def test_no_page_is_left_empty_behind_the_appendix(year: Result) -> None:
    """The paragraph that Word wants behind the last table has no height, so that it begins no page."""
    document = Document(BytesIO(render_plan_draft(year.contents, template_path("plan.docx"))))
    last = document.element.body[-2]
    assert (last.getprevious().tag.endswith("}tbl"), document.paragraphs[-1].text) == (True, "")
    assert document.paragraphs[-1].paragraph_format.line_spacing == Pt(1)


def test_a_day_to_be_met_is_told_against_the_finished_year() -> None:
    folder = ROOT / "examples" / "xa-tiep-can-phap-luat"
    contents = cchc_xl.assess(folder / "ke-hoach.xlsx", folder / "don-vi", period="2019-N").contents()
    context: Any = plan_draft(contents)
    told = [line for task in context["draft_tasks"] for line in task.lines]
    assert "Ngày ban hành kế hoạch: sớm hơn 03 ngày so với năm 2019." in told


def test_what_older_templates_name_is_still_there(year: Result) -> None:
    context: Any = plan_draft(year.contents, 17)
    assert (context["year"], context["next_year"], context["rank"], context["rank_change"]) == (
        "2020",
        "2021",
        17,
        "giảm 02 bậc",
    )
    assert [stop["code"] for stop in context["path_stops"]] == ["4.1.2", "3.3.2"]
    assert context["path_stops"][1]["work"].endswith("cùng thêm 17 thủ tục “TTHC kiến nghị đơn giản hóa” (hiện 12/145)")
    assert context["plan_rows"][1]["target"].startswith("Xây dựng kế hoạch")
    assert context["limited_fields"][0]["limitations"][0]["score"] == "đạt 1/2 điểm"


def merged(*rows: tuple[str, str]) -> tuple[list[str | None], list[bool]]:
    """A table of columns 20 and 60 mm wide, both merged: the marks of the first, and which rows stay with the next."""
    table = Document().add_table(len(rows), 2)
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text, wide in zip(row.cells, texts, (20, 60), strict=True):
            cell.text, cell.width = text, Mm(wide)
    merge_kept(table._tbl, [0, 1])
    kept = [bool(row._tr.xpath(".//w:keepNext")) for row in table.rows]
    return [row._tr.tc_lst[0].vMerge for row in table.rows], kept


LINES_10 = "một hai ba " * 24


@pytest.mark.parametrize(
    ("rows", "marks", "kept"),
    [
        # However long the text is.
        ([("A" * 90, "x"), ("A" * 90, "y"), ("B", "z")], ["restart", "continue", None], [True, False, False]),
        # An empty cell is nobody's.
        ([("", "x"), ("", "y")], [None, None], [False, False]),
        # More rows than a page holds part.
        ([("A", LINES_10 + str(number)) for number in range(4)], ["restart", "continue"] * 2, [True, False] * 2),
        # They part where no other cell is parted, though half of the next one would fit.
        (
            [("A", LINES_10 + "1"), ("A", LINES_10 + "2"), ("A", LINES_10), ("A", LINES_10)],
            ["restart", "continue"] * 2,
            [True, False] * 2,
        ),
    ],
)
def test_rows_that_share_a_cell_stay_on_a_page(
    rows: list[tuple[str, str]], marks: list[str | None], kept: list[bool]
) -> None:
    assert merged(*rows) == (marks, kept)
