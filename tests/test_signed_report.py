"""The report that a head of office signs: each fact once, in an office's sentences, and nothing that is for the Office."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from docx import Document

from cchc_xl.papers import criteria
from cchc_xl.papers.check_note import check_note, render_with_note
from cchc_xl.papers.context import Told
from cchc_xl.papers.documents import render
from cchc_xl.papers.figure_tables import FigureRow, Figures
from cchc_xl.papers.next_tasks import NextTasks, done
from cchc_xl.papers.report_tables import score_rows
from cchc_xl.papers.report_text import joined
from cchc_xl.pipeline.jobs import template_path
from cchc_xl.plan import load_plan
from cchc_xl.plan.edition import following
from cchc_xl.records import Period
from cchc_xl.result import Result
from cchc_xl.result.view import View
from cchc_xl.text.numbers import count_vi, number_vi
from cchc_xl.text.prose import as_prose
from tests.crowd import LONG, crowded

NUMBER = re.compile(r"(?<![\d./,])\d{1,3}(?:\.\d{3})+(?:,\d+)?%?|(?<![\d./,])\d+(?:,\d+)?%?(?![\d/])")
DAY = re.compile(r"\d{1,2}/\d{1,2}/\d{4}|\d+/[A-ZĐ]\S*|ISO \d+:\d+|năm \d{4}")


def body(result: Result) -> list[str]:
    """The paragraphs up to the end of the text, and the cells of the table of fields."""
    document = Document(str(Path(result.folder or "") / "bao-cao.docx"))
    texts = [item.text for item in document.paragraphs if item.text]
    end = next(at for at, text in enumerate(texts) if text.startswith("Trên đây là báo cáo"))
    table = next(table for table in document.tables if table.rows[0].cells[0].text == "TT")
    return texts[: end + 1] + [cell.text for row in table.rows for cell in row.cells]


@pytest.fixture(params=["year", "quarter"])
def told(request: pytest.FixtureRequest) -> tuple[str, Result, list[str]]:
    result = request.getfixturevalue(request.param)
    return request.param, result, body(result)


def test_no_code_cell_or_file_is_named(told: tuple[str, Result, list[str]]) -> None:
    _, result, texts = told
    codes = {item.code for item in result.contents.criteria if "." in item.code}
    codes |= {detail.code for detail in result.contents.measure_details}
    for text in texts:
        words = set(re.findall(r"[\w.]*\w", DAY.sub("", text)))
        assert not words & codes, text
        assert not re.search(r"›|\.xlsx|\.txt|\b[A-Z]{1,2}\d{1,3}\b", text), text


def test_no_sentence_is_longer_than_an_office_writes(told: tuple[str, Result, list[str]]) -> None:
    for text in told[2]:
        for sentence in re.split(r"(?<=[.:;])\s", text):
            assert len(sentence.split()) <= 60, sentence


# A number of three digits or more that stands twice is another fact that happens to have the same value.
OTHER_FACTS = {"year": {}, "quarter": {"74,12%": 2}}  # last year's index, and the satisfaction that was surveyed


def test_each_fact_is_told_once(told: tuple[str, Result, list[str]]) -> None:
    name, _, texts = told
    telling = [text for text in texts if not text.startswith("Biểu đồ")]
    longer = [text for text in telling if len(text.split()) > 8 and not re.match(r"Có \d|Cả \d", text)]  # by field
    assert [text for text, count in Counter(longer).items() if count > 1] == []
    found = Counter(number for text in telling for number in NUMBER.findall(DAY.sub("", text)))
    twice = {number: count for number, count in found.items() if count > 1 and _digits(number) > 2}
    assert twice == OTHER_FACTS[name]


def _digits(number: str) -> int:
    return len(re.sub(r"\D", "", number).strip("0"))


SEED = ["30,77%", "66,67%", "2,56%", "8,28%", "640.905.000", "1.480"]  # the plan's own assessment of 2020


def test_the_year_holds_the_figures_of_the_plan_s_own_assessment(year: Result) -> None:
    text = "\n".join(body(year))
    assert [figure for figure in SEED if figure not in text] == []


def test_a_quarter_without_one_unit_tells_what_the_others_reported(quarter: Result) -> None:
    text = "\n".join(body(quarter))
    waiting = [item for item in quarter.contents.measure_details if item.waiting and item.partial]
    assert len(waiting) > 15
    assert "theo báo cáo của 05/06 đơn vị" in text
    # By whom is said before the first of the paragraphs, not before each.
    field = text[text.index("2. Cải cách thủ tục hành chính") : text.index("3. Cải cách tổ chức bộ máy")]
    assert (field.count("- Theo báo cáo của 05/06 đơn vị, "), field.count("- Cũng theo các báo cáo này, ")) == (1, 2)
    named = {
        code
        for told in check_note(Told.of(quarter.contents), b"")["sentence_rows"]
        for code in told["figures"].split(", ")
    }
    left_out = [
        item.name
        for item in waiting
        if item.name not in named
        and not {number_vi(item.partial), count_vi(item.partial)} & set(NUMBER.findall(text))
        and item.partial != Decimal(0)
    ]
    assert left_out == []


def test_the_tasks_have_their_unit_number_and_day(quarter: Result) -> None:
    texts = body(quarter)
    start = next(at for at, text in enumerate(texts) if text.startswith("V. "))
    rest = "các đơn vị tiếp tục thực hiện để đạt các kết quả sau, báo cáo chậm nhất ngày 20/6/2021; "
    rest += "mức ghi “cả năm” tính cho cả năm 2021:"  # the plan's amounts are of the year, the day is of the half
    assert texts[start : start + 4] == [
        "V. NHIỆM VỤ TRỌNG TÂM 6 THÁNG ĐẦU NĂM 2021",
        f"Trong 6 tháng đầu năm 2021, {rest}",
        "1. Văn phòng Sở",
        "- Phòng, đơn vị được kiểm tra CCHC cả năm đạt 100% tổng số phòng, đơn vị thuộc Sở.",
    ]


def test_a_part_of_a_year_is_not_held_against_the_year_s_target(year: Result, quarter: Result) -> None:
    assert any("thấp hơn mục tiêu 80% là 5,88 điểm phần trăm" in text for text in body(year))
    assert any("chưa so sánh được với mục tiêu này" in text for text in body(quarter))


@pytest.mark.parametrize(
    ("name", "reached", "task"),
    [
        # a name that says what to do, work, a measure, and any other
        ("Thực hiện chế độ báo cáo", "đạt mức “Đủ”", "Thực hiện chế độ báo cáo, đạt mức “Đủ”"),
        ("Ứng dụng công nghệ thông tin", "đạt mức “Tốt”", "Ứng dụng công nghệ thông tin, đạt mức “Tốt”"),
        ("Công tác văn thư", "được thẩm định đạt 3/3 điểm", "Hoàn thành công tác văn thư, được thẩm định đạt 3/3 điểm"),
        ("Tỷ lệ hài lòng", "đạt mức “Cao”", "Phấn đấu tỷ lệ hài lòng đạt mức “Cao”"),
        ("Tỷ lệ được rà soát", "được thẩm định đạt 3/3 điểm", "Phấn đấu tỷ lệ được rà soát đạt 3/3 điểm khi thẩm định"),
        ("Kế hoạch CCHC", "đạt mức “Đủ”", "Hoàn thành nội dung kế hoạch CCHC, đạt mức “Đủ”"),
        # a level that the name says, or that says no more than yes
        ("Vận hành phần mềm đúng quy trình", "đạt mức “Đúng quy trình”", "Vận hành phần mềm đúng quy trình"),
        ("Đơn vị tự bảo đảm chi", "đạt mức “Có”", "Phấn đấu đơn vị tự bảo đảm chi"),
        ("Được cấp trên khen thưởng", "đạt mức “Có”", "Phấn đấu được cấp trên khen thưởng"),
        ("Mức độ công khai", "đạt mức “Đạt”", "Phấn đấu mức độ công khai đạt mức “Đạt”"),
        ("Cập nhật, công khai TTHC", "đạt mức “Đủ”", "Cập nhật, công khai TTHC, đạt mức “Đủ”"),  # the word ends there
        ("Giáo viên đạt chuẩn", "đạt mức “Đủ”", "Hoàn thành nội dung giáo viên đạt chuẩn, đạt mức “Đủ”"),  # no "giao"
    ],
)
def test_a_task_has_a_verb(name: str, reached: str, task: str) -> None:
    assert done(name, reached) == task


def test_every_task_of_the_next_period_says_what_to_reach_and_amounts_of_a_part_of_a_year_are_the_year_s(
    told: tuple[str, Result, list[str]],
) -> None:
    name, _, texts = told
    start, end = (next(at for at, text in enumerate(texts) if text.startswith(mark)) for mark in ("V. ", "VI. "))
    tasks = [text for text in texts[start:end] if text.startswith("- ")][:-1]  # the last is of who compiles
    tasks = [text for text in tasks if "báo cáo quý" not in text]
    # Of two criteria the name says all: what a level of the plan adds is "Có" and "Đúng quy trình" once more.
    named = (
        "- Phấn đấu đơn vị sự nghiệp chuyển sang tự bảo đảm chi thường xuyên.",
        "- Vận hành phần mềm một cửa điện tử đúng quy trình.",
    )
    assert [text for text in tasks if not re.search(r" đạt |Không còn ", text) and text not in named] == []
    amounts = [text for text in tasks if re.search(r"đạt [\d.,]+%?(?! điểm|/)", text)]
    assert amounts
    assert {"cả năm" in text for text in amounts} == {name == "quarter"}


DAYS = {  # of a year's periods
    "Q1": ("01-01", "03-31"), "6T": ("01-01", "06-30"), "Q2": ("04-01", "06-30"), "9T": ("01-01", "09-30"),
    "Q3": ("07-01", "09-30"), "N": ("01-01", "12-31"),
}  # fmt: skip
#   the periods of the plan, the one that is over, the one its tasks are for
FOLLOWING = [
    ("2021-Q1 2021-6T 2021-N", "2021-Q1", "2021-6T"),
    ("2021-Q1 2021-6T 2021-Q2 2021-N", "2021-Q1", "2021-Q2"),  # both end on one day: the same kind
    ("2021-Q1 2021-6T 2021-9T 2021-Q3 2021-N", "2021-6T", "2021-9T"),
    ("2021-Q1 2021-6T 2022-Q1", "2021-Q1", "2021-6T"),  # a year on is not what follows a quarter
    ("2021-N 2022-Q1 2022-N", "2021-N", "2022-N"),
    ("2021-N 2022-Q1", "2021-N", "2022-Q1"),
    ("2021-Q1 2021-N", "2021-N", None),
]


@pytest.mark.parametrize(("codes", "over", "wanted"), FOLLOWING)
def test_the_period_that_tasks_are_for(codes: str, over: str, wanted: str | None) -> None:
    periods = {}
    for code in codes.split():
        year, _, kind = code.partition("-")
        start, end = (date.fromisoformat(f"{year}-{day}") for day in DAYS[kind])
        periods[code] = Period(code, code, start, end, end)
    plan = replace(load_plan(template_path("plan_template.xlsx")), periods=tuple(periods.values()))
    found = following(plan, periods[over])
    assert (found.code if found else None) == wanted


def test_a_field_of_which_nothing_else_is_told_tells_its_figures_and_what_fell_short_does_not(
    quarter: Result,
) -> None:
    texts = body(quarter)
    where = [at for at, text in enumerate(texts) if "58/60 người (96,67%)" in text]
    assert len(where) == 1
    assert texts[where[0] - 2].startswith("4. Xây dựng và nâng cao chất lượng")
    assert "- Thực hiện cơ cấu công chức, viên chức theo vị trí việc làm đạt 2,9/3 điểm (Văn phòng Sở)." in texts


def test_a_late_task_is_told_once(year: Result) -> None:
    telling = [text for text in body(year) if "260/UBND-KGVX" in text]
    assert telling == [
        "- Nhiệm vụ trễ hạn: văn bản số 260/UBND-KGVX, báo cáo thanh tra an toàn lao động (hạn 15/9/2020, hoàn thành ngày 18/9/2020)."
    ]


def test_a_group_of_units_is_no_name_in_brackets_and_a_proposal_goes_on_behind_its_unit(
    told: tuple[str, Result, list[str]],
) -> None:
    _, _, texts = told
    assert [text for text in texts if "(Các " in text] == []
    proposals = texts[texts.index("VI. KIẾN NGHỊ, ĐỀ XUẤT") + 1]
    assert proposals in (
        "Không có kiến nghị, đề xuất.",
        "- Văn phòng Sở: đề nghị bố trí kinh phí chỉnh lý tài liệu tồn đọng.",
    )


def test_what_is_one_is_not_told_as_many(year: Result, tmp_path: Path) -> None:
    """One field with one criterion, one unit that has not sent: "cả 01", "0/01" and "các tiêu chí" are of many."""
    kept = [item for item in year.contents.criteria if item.code in ("1", "1.1", "1.1.1", "1.1.2")]
    rows = tuple(replace(row, status="missing", sent=None, file=None) for row in year.contents.rollcall[:1])
    render(
        replace(year.contents, criteria=tuple(kept), rollcall=rows), template_path("report.docx"), tmp_path / "b.docx"
    )
    text = "\n".join(item.text for item in Document(str(tmp_path / "b.docx")).paragraphs)
    assert "Có 01/01 tiêu chí đạt điểm tối đa." in text
    assert "Đến nay chưa có đơn vị nào gửi báo cáo; 01 đơn vị chưa gửi (Văn phòng Sở)." in text
    assert "Cả 01" not in text


@pytest.mark.parametrize("paper", ["bao-cao.docx", "phieu-kiem-tra.docx"])
def test_no_table_is_wider_than_the_text_of_its_page(told: tuple[str, Result, list[str]], paper: str) -> None:
    document = Document(str(Path(told[1].folder or "") / paper))
    wide, tables, sections = [], [], iter(document.sections)
    for element in (*document.element.body, None):
        if element is not None and element.tag.endswith("}tbl"):
            tables.append(sum(int(column.w) for column in element.tblGrid.gridCol_lst))
        if element is None or element.xpath("./w:pPr/w:sectPr"):
            if (section := next(sections, None)) is not None:
                room = section.page_width - section.left_margin - section.right_margin
                wide += [width - room for width in tables if width > room + 5 * 635]  # twentieths of a point
            tables = []
    assert wide == []


def test_the_appendix_says_which_maximum_the_table_of_fields_has(told: tuple[str, Result, list[str]]) -> None:
    """A criterion that did not arise is left out of the one and stands in the other."""
    document = Document(str(Path(told[1].folder or "") / "bao-cao.docx"))
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    fields = {row[1]: row[2] for row in rows if len(row) == 5 and row[0].isdigit()}
    appendix = {row[1]: row for row in rows if len(row) > 5 and row[0].isdigit()}
    apart = {name for name, most in fields.items() if appendix[name][5] != most}
    assert apart == {row[1] for row in appendix.values() if "Điểm tối đa áp dụng" in row[-1]}
    assert all(appendix[name][-1] == f"Điểm tối đa áp dụng: {fields[name]}" for name in apart)
    assert len(apart) == (told[0] == "quarter")


def test_what_was_appraised_without_its_figures_and_fell_short_has_a_task(quarter: Result) -> None:
    contents = quarter.contents
    appraised = {"points": Decimal(1), "appraised_points": Decimal(1), "final_points": Decimal(1)}
    view = View(
        replace(
            contents,
            criteria=tuple(replace(one, **appraised) if one.code == "1.4" else one for one in contents.criteria),
            advice=tuple(
                replace(one, gain=Decimal(1), leaf_gain=Decimal(1)) if one.code == "1.4" else one
                for one in contents.advice
            ),
        )
    )
    tasks = NextTasks(view, criteria.Criteria(view), Figures(view)).each("quý I năm 2021")
    assert {one.code: one.line for one in tasks}["1.4"] == (
        "Hoàn thành công tác tuyên truyền CCHC, được thẩm định đạt 2/2 điểm."
    )


def test_of_nothing_there_is_no_share() -> None:
    row = FigureRow("A", "Đúng hạn", "lượt", "0", "not_applicable", "Lượt tiếp nhận", True, (), "0", "", "", 2)
    assert (row.with_unit, replace(row, share=Decimal(50)).with_unit) == (
        "0 lượt",
        "0 lượt (50% so với lượt tiếp nhận)",
    )


@pytest.fixture(scope="module")
def crowd(year: Result) -> tuple[list[str], list[str]]:
    """The paragraphs of body and note of a result with forty more units that all write much."""
    contents = crowded(year.contents, 40)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bao-cao.docx"
        note = render_with_note(Told.of(contents), template_path("report.docx"), path, template_path("check_note.docx"))
        texts = [item.text for item in Document(str(path)).paragraphs if item.text]
    end = next(at for at, text in enumerate(texts) if text.startswith("Trên đây là báo cáo"))
    return texts[: end + 1], [cell.text for table in Document(BytesIO(note)).tables for cell in table._cells]


def test_however_many_units_there_are_sentences_and_body_stay_short(crowd: tuple[list[str], list[str]]) -> None:
    texts, _ = crowd
    for text in texts:
        for sentence in re.split(r"(?<=[.:;])\s", text):
            assert len(sentence.split()) <= 60, sentence
    # Some 450 words are a page; chart, table and letterhead take one and a half.
    assert sum(len(text.split()) for text in texts) < 3_900
    assert sum("đơn vị khác" in text for text in texts) > 10


def test_what_the_report_cuts_stands_whole_in_the_note(crowd: tuple[list[str], list[str]]) -> None:
    _, cells = crowd
    assert "Gộp trong báo cáo" in cells
    assert any(re.fullmatch(r"Và \d+ nội dung khác cùng loại\.", cell) for cell in cells)
    assert any(cell.endswith(LONG) for cell in cells)
    assert "Rút gọn trong báo cáo" in cells


def test_what_units_wrote_is_set_out_once_for_the_note(year: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the time grows with the units and with how often their words are asked for."""
    contents, asked = crowded(year.contents, 10), Counter[str]()

    def counted(text: str, names: Iterable[str] = ()) -> str:
        asked[text] += 1
        return as_prose(text, names)

    monkeypatch.setattr(criteria, "as_prose", counted)
    check_note(Told.of(contents), Path(year.folder or "", "bao-cao.docx").read_bytes())
    assert len(asked) > 400
    assert max(asked.values()) == 1


def test_a_cell_of_the_appendix_can_be_read_however_many_units_there_are(year: Result) -> None:
    view = View(crowded(year.contents, 40))
    told = [str(row["result"]) for row in score_rows(criteria.Criteria(view), Figures(view))]
    assert max(len(text.split()) for text in told) < 600  # two pages of a narrow column
    assert sum("đơn vị khác" in text for text in told) > 10


@pytest.mark.parametrize(
    ("texts", "sentences"),
    [
        (["a b", "c", "d e f"], ["a b; c", "d e f"]),
        (["a b c d e"], ["a b c d e"]),
        ([], []),
        (["a", "b", "c", "d"], ["a; b", "c; d"]),
    ],
)
def test_pieces_are_joined_to_sentences_that_can_be_read(texts: list[str], sentences: list[str]) -> None:
    assert list(joined(texts, most=3)) == sentences
