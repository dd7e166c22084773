"""What units wrote, set as prose: typography changes, no word does; days are written by one rule in every output."""

from __future__ import annotations

import re

import pytest

from cchc_xl.text.days import date_vi, dated, day_number, moment_vi
from cchc_xl.text.prose import as_prose, folded, shortened
from cchc_xl.text.words import read_date
from tests.conftest import ROOT

#   typed -> printed
PROSE = [
    ("Đã ban hành kế hoạch.", "Đã ban hành kế hoạch"),
    ("- Đã ban hành;\n- Đang kiểm tra ./.", "Đã ban hành; Đang kiểm tra"),
    ("+ Họp giao ban\r\n+ Rà soát", "Họp giao ban; Rà soát"),
    ("1. Ban hành\n2) Kiểm tra\na) Phòng A\n3.1 Báo cáo", "Ban hành; Kiểm tra; Phòng A; Báo cáo"),
    ("câu dài bị\nxuống dòng giữa chừng", "câu dài bị xuống dòng giữa chừng"),
    ("một\n\n\nHai", "một; Hai"),
    ("cách   rộng , dấu rời ;; thừa", "cách rộng, dấu rời; thừa"),
    ("đang làm...", "đang làm..."),
    # Numbers are no numbering, and a sign before one no bullet.
    ("1.480 hồ sơ", "1.480 hồ sơ"),
    ("-5 độ", "-5 độ"),
    ("12/145 thủ tục", "12/145 thủ tục"),
    ("5,5", "5,5"),
    ("3.5 tỷ đồng\n31.12 hoàn thành", "3.5 tỷ đồng; 31.12 hoàn thành"),
    # Capitals throughout go, but for short forms, Roman numbers and names that the plan has.
    ("ĐÃ BAN HÀNH KẾ HOẠCH CCHC QUÝ II CỦA UBND", "Đã ban hành kế hoạch CCHC quý II của UBND"),
    ("PHÒNG NỘI VỤ ĐÃ KIỂM TRA. CHƯA BÁO CÁO", "Phòng Nội vụ đã kiểm tra. Chưa báo cáo"),
    ("CCHC, TTHC, UBND", "CCHC, TTHC, UBND"),
    ("ĐẠT", "ĐẠT"),
    ("", ""),
    (" ./.\n", ""),
]


@pytest.mark.parametrize(("typed", "printed"), PROSE)
def test_typography_changes_and_no_word_does(typed: str, printed: str) -> None:
    assert as_prose(typed, ["Phòng Nội vụ"]) == printed
    assert as_prose(printed, ["Phòng Nội vụ"]) == printed


@pytest.mark.parametrize(
    ("text", "most", "told"),
    [
        ("Một hai ba. Bốn năm sáu.", 4, "Một hai ba…"),  # what a sentence ends
        ("một hai ba bốn, năm sáu bảy", 5, "một hai ba bốn…"),  # what a clause ends
        ("một hai ba bốn", 3, "một hai ba…"),  # a word
        ("Một. " + "hai " * 9, 8, "Một. hai hai hai hai hai hai hai…"),  # a bound that leaves too little is none
        ("một hai ba", 3, "một hai ba"),
    ],
)
def test_a_long_text_is_cut_at_a_bound(text: str, most: int, told: str) -> None:
    assert shortened(text, most) == told


def test_a_long_list_of_names_says_how_many_follow() -> None:
    names = [f"Phòng số {number}" for number in range(1, 201)]
    assert folded(names, 9) == "Phòng số 1, Phòng số 2, Phòng số 3 và 197 đơn vị khác"
    assert folded(names[:3], 9) == "Phòng số 1, Phòng số 2, Phòng số 3"
    assert folded(["Một tên rất dài"], 1) == "Một tên rất dài"


#   day -> as Nghị định 30/2020/NĐ-CP, Phụ lục I writes it: 0 before days below 10 and before months 1 and 2
DAYS = [
    ("2021-01-01", "01/01/2021"),
    ("2021-02-28", "28/02/2021"),
    ("2021-03-05", "05/3/2021"),
    ("2021-10-09", "09/10/2021"),
    ("2021-12-31", "31/12/2021"),
]


@pytest.mark.parametrize(("day", "told"), DAYS)
def test_a_day_is_written_by_the_decree_and_read_again(day: str, told: str) -> None:
    read = read_date(told)
    assert (date_vi(day), str(read)) == (told, day)
    assert read is not None
    assert dated(day_number(read)) == told


def test_no_output_writes_a_day_by_a_rule_of_its_own() -> None:
    """Formats of cells that people type in are Excel's; everything else asks ``text.days``."""
    own = re.compile(r"%d[/.-]%m|%m[/.-]%Y")
    sources = [path for folder in ("cchc_xl", "tools") for path in (ROOT / folder).rglob("*.py")]
    assert [path.name for path in sources if own.search(path.read_text(encoding="utf-8"))] == []
    assert moment_vi.__module__ == "cchc_xl.text.days"
