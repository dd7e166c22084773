"""From a number back to its rule row, cell and file."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cchc_xl.ask.explain import UnknownCriterionError, chain, lines
from cchc_xl.result import Result
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
    ],
)
def test_the_chain_is_told_in_words(year: Result, code: str, words: str) -> None:
    assert words in "\n".join(lines(year.contents, code))


def test_a_code_that_does_not_exist_is_answered_with_a_suggestion(year: Result) -> None:
    with pytest.raises(UnknownCriterionError, match="hãy chọn một mã"):
        chain(year.contents, "1.66")


def test_the_plan_copied_into_the_result_is_the_plan(year: Result) -> None:
    copied = Path(year.folder or "") / "nguon" / "ke-hoach.xlsx"
    assert hashlib.sha256(copied.read_bytes()).hexdigest() == year.document["plan"]["sha256"]
