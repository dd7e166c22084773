"""The report that a head of office signs: each fact once, in an office's sentences, and nothing that is for the Office."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document

from cchc_xl.papers.check_note import check_note
from cchc_xl.papers.report_text import joined
from cchc_xl.result import Result
from cchc_xl.text.numbers import count_vi, number_vi

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
    named = {
        code for told in check_note(quarter.contents, b"")["sentence_rows"] for code in told["figures"].split(", ")
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
    ("texts", "sentences"),
    [
        (["a b", "c", "d e f"], ["a b; c", "d e f"]),
        (["a b c d e"], ["a b c d e"]),
        ([], []),
        (["a", "b", "c", "d"], ["a; b; c", "d"]),
    ],
)
def test_pieces_are_joined_to_sentences_that_can_be_read(texts: list[str], sentences: list[str]) -> None:
    assert list(joined(texts, most=3)) == sentences
