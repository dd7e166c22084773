"""From a number back to its rule row, cell and file."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cchc_xl.ask.explain import UnknownCriterionError, chain, figure_chain, lines
from cchc_xl.result import Result
from cchc_xl.result.contents import AppraisalEntry, Contents
from tests.conftest import ROOT
from tests.results import Told

FORMS = ROOT / "examples" / "2020-ca-nam" / "don-vi"


def test_each_figure_of_1_6_stands_where_explain_says(year: Result) -> None:
    told = Told(chain(year.contents, "1.6"))
    rule = told["criterion"]["rule"]
    plan = load_workbook(ROOT / "examples" / "2020-ca-nam" / rule["file"])
    assert plan[rule["sheet"]][rule["cell"]].value == "1.6"
    assert [(band["text"], band["points"]) for band in rule["bands"]] == [("gốc", "2"), ("mỗi", "-0,25"), ("sàn", "0")]
    for item in told["criterion"]["inputs"]:
        data = (FORMS / item["file"]).read_bytes()
        assert told["files"][item["file"]] == hashlib.sha256(data).hexdigest()
        if item["sheet"] == "Số liệu":
            cell = load_workbook(FORMS / item["file"])[item["sheet"]][item["cell"]]
            assert str(cell.value) == item["value"]
    late = [(item["unit"], item["file"], item["sheet"]) for item in told["criterion"]["inputs"] if item["value"] == "1"]
    assert late == [("LDVLBH", "2020-N_LDVLBH.xlsx", "Số liệu")]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("1.6", "Điểm: 1,75 / 2 (đã chấm)"),
        ("3.3.2", "12 / 145 = 8,28%"),
        ("3.3.2", "dưới 10 → 0  ← áp dụng"),
        ("4.1.2", "Mâu thuẫn: SO_LANHDAO <= SO_CHUYENVIEN"),
        ("3.2", "3.2.5 Kết quả giải quyết thủ tục hành chính: 6 / 6"),
        ("1.7", "tự chấm 0,5"),
        ("1.7", "    Văn phòng Sở: 0,5  ←  2020-N_VP.xlsx › Phụ lục › H18"),
        ("1.7", "Minh chứng của Văn phòng Sở: Danh mục hồ sơ năm 2020"),
        ("3.2.6", "  HAI_LONG – Tỷ lệ hài lòng theo khảo sát = 71,75% (gộp: một đơn vị)"),
        ("3.2.6", "    Văn phòng Sở: 71,75  ←"),
    ],
)
def test_the_chain_is_told_in_words(year: Result, code: str, words: str) -> None:
    assert words in "\n".join(lines(year.contents, code))


def test_a_bonus_without_points_has_its_limit_and_no_maximum(quarter: Result) -> None:
    told = list(lines(quarter.contents, "1.5"))
    assert told[1] == "Điểm: chưa có (tối đa +2) (nhóm tiêu chí)"
    assert "  1.5.1 Sáng kiến, giải pháp CCHC được công nhận: chưa có (tối đa +2)" in told


def appraised(result: Result) -> Contents:
    """The year with 1,25 points given to 1.6 by the Office."""
    entry = AppraisalEntry({"Điểm thẩm định lần 1": "1.25"}, stale=False)
    given = Decimal("1.25")
    items = (
        replace(item, final_points=given, appraised_points=given, appraisal=entry) if item.code == "1.6" else item
        for item in result.contents.criteria
    )
    return replace(result.contents, criteria=tuple(items))


def test_appraised_points_rest_on_the_workbook_that_the_result_keeps(year: Result) -> None:
    contents, kept = appraised(year), "nguon/tham-dinh.xlsx"
    assert chain(contents, "1.6", "SHA").files[kept] == "SHA"
    told = [value for value in figure_chain(contents, "1,25", (), "SHA") if value.criterion == "1.6"]
    assert [(value.what.rpartition(": ")[2], value.files[kept]) for value in told] == [
        ("điểm đạt, điểm thẩm định", "SHA")
    ]
    assert "  Điểm thẩm định lần 1: 1,25" in lines(contents, "1.6", "SHA")


def test_only_points_by_the_rule_are_told_with_the_rule(year: Result) -> None:
    contents = appraised(year)  # 1,75 of 2 by the rule, 1,25 by the Office
    formulas = {
        value.what.rpartition(": ")[2]: value.formula
        for text in ("1,25", "1,75", "2")
        for value in figure_chain(contents, text)
        if value.kind == "criterion" and value.criterion == "1.6"
    }
    rule = "Nhiệm vụ giải quyết trễ hạn, quá hạn: 1, tính từ 2 điểm, mỗi nhiệm vụ trừ 0,25 → 1,75 điểm"
    assert formulas == {
        "điểm đạt, điểm thẩm định": "",
        "điểm tính theo quy tắc, điểm tự chấm": rule,
        "điểm tối đa": "",
    }


def test_a_year_is_no_amount(year: Result) -> None:
    assert [value.shown for value in figure_chain(year.contents, "2020") if value.what == "Năm"] == ["2020"]


def test_a_code_that_does_not_exist_is_answered_with_a_suggestion(year: Result) -> None:
    with pytest.raises(UnknownCriterionError, match="hãy chọn một mã"):
        chain(year.contents, "1.66")


def test_the_plan_copied_into_the_result_is_the_plan(year: Result) -> None:
    copied = Path(year.folder or "") / "nguon" / "ke-hoach.xlsx"
    assert hashlib.sha256(copied.read_bytes()).hexdigest() == year.document["plan"]["sha256"]
