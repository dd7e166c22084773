"""Vietnamese text, numbers and dates as people type them: tables of what is the same word and what is which number."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_xl.office.excel.tables import heading_key
from cchc_xl.records import Kind
from cchc_xl.text.legacy_fonts import decode, suspected
from cchc_xl.text.numbers import (
    build,
    change_text,
    change_vi,
    count_vi,
    is_percent_format,
    is_too_large,
    listing,
    lower_first,
    number_vi,
    percent_vi,
    period_vi,
    plain,
    points_text,
    rank_text,
    read_stored,
    read_text,
    rounded,
    scales,
    sentence,
    shortest,
    telling,
    upper_first,
    vietnamese,
)
from cchc_xl.text.words import (
    closest,
    code_order,
    composed,
    hides_in_a_number,
    in_digits,
    is_not_applicable,
    key,
    read_date,
    seen,
    tidy,
    unmarked,
    words_key,
)
from cchc_xl.unit.sheets import code_parts, name_key

WHOLE, MONEY, DECIMAL, PERCENT = Kind.INTEGER, Kind.MONEY, Kind.DECIMAL, Kind.PERCENT

# kind, what was typed as text, the value or the code of the finding ("+": with the note that words were left out)
NUMBERS = [
    # whole numbers and money: a dot or a space groups thousands, a comma is an error
    (WHOLE, "0", "0"),
    (WHOLE, "12", "12"),
    (WHOLE, "01", "1"),
    (WHOLE, " 12 ", "12"),
    (WHOLE, "1.480", "1480"),
    (WHOLE, "1 480", "1480"),
    (WHOLE, "1\u00a0480", "1480"),
    (WHOLE, "1\u202f480", "1480"),
    (WHOLE, "1.480.505", "1480505"),
    (WHOLE, "12 văn bản", "12+"),
    (WHOLE, "12 công ty", "12+"),
    (WHOLE, "12 kỹ sư", "12+"),
    (WHOLE, "640.905.000 đồng", "640905000+"),
    (MONEY, "640.905.000 đồng", "640905000+"),
    (MONEY, "640.905.000đ", "640905000+"),
    (MONEY, "640 905 000", "640905000"),
    (WHOLE, "1.063 hồ sơ", "1063+"),
    (WHOLE, "1,063", "D105"),
    (MONEY, "1,063", "D105"),
    (WHOLE, "12,0", "D105"),
    (WHOLE, "1.48", "D105"),
    (WHOLE, "1.4800", "D105"),
    (WHOLE, "1.480 505", "D107"),
    (WHOLE, "1480.505", "D105"),
    (WHOLE, "12.", "D105"),
    (WHOLE, "-5", "D105"),
    (WHOLE, "−5", "D105"),
    (MONEY, "-1.000", "D105"),
    (WHOLE, "5%", "D104"),
    (WHOLE, "14 80", "D107"),
    (WHOLE, "+12", "12"),
    (WHOLE, "12 ;", "12"),
    (WHOLE, "12 /", "D101"),
    (WHOLE, "12km", "12+"),
    (WHOLE, "15O", "D101"),
    (WHOLE, "12bis", "D101"),
    (WHOLE, "12người", "D101"),  # only money and measures stand without a blank
    (WHOLE, "12 xx", "D101"),
    (WHOLE, "12 van ban", "12+"),  # typed without marks
    (WHOLE, "12 văn ban", "D101"),
    (WHOLE, "12 văn bản nghìn", "D108"),
    (MONEY, "640 ₫", "640"),
    (MONEY, "640 đồng Việt Nam", "640+"),
    (MONEY, "640 đồng chẵn", "640+"),
    (MONEY, "640 hồ sơ", "D101"),
    # decimals and percentages: the comma is the decimal mark, "1.480" is ambiguous
    (DECIMAL, "+1,5", "1.5"),
    (DECIMAL, "0.480", "0.48"),
    (DECIMAL, "1.5.2", "D101"),
    (DECIMAL, "1.4805", "1.4805"),
    (DECIMAL, "1.234.56", "D101"),
    (DECIMAL, "1.2345,6", "D101"),
    (DECIMAL, "1 5", "D107"),
    (DECIMAL, "1.5 3", "D107"),
    (DECIMAL, "1,5 2", "D107"),
    (DECIMAL, "12 34,5", "D107"),
    (DECIMAL, "12,5 km", "12.5+"),
    (PERCENT, "82,5 phần trăm hài lòng", "82.5+"),
    (PERCENT, "5% triệu", "D108"),
    (PERCENT, "5 phần trăm triệu", "D108"),
    (DECIMAL, "5 phần trăm", "D108"),  # "trăm" is a hundred where no percentage is asked for
    (DECIMAL, "1,5", "1.5"),
    (DECIMAL, "1.5", "1.5"),
    (DECIMAL, "74.12", "74.12"),
    (DECIMAL, "0.125", "0.125"),
    (DECIMAL, "1,063", "1.063"),
    (DECIMAL, "-1,5", "-1.5"),
    (DECIMAL, "1.234,5", "1234.5"),
    (DECIMAL, "1 234,5", "1234.5"),
    (DECIMAL, "1.234.567", "1234567"),
    (DECIMAL, "1234.567", "1234.567"),
    (DECIMAL, "1.480", "D106"),
    (DECIMAL, "-1.480", "D106"),
    (DECIMAL, "1.480 điểm", "D106"),
    (PERCENT, "1.480%", "D106"),
    (DECIMAL, "1,234.5", "D101"),
    (DECIMAL, "1,5,2", "D101"),
    (DECIMAL, "1,", "D101"),
    (DECIMAL, ",5", "D101"),
    (DECIMAL, "1..5", "D101"),
    (DECIMAL, "1.23.456", "D101"),
    (DECIMAL, "82,5%", "D104"),
    (PERCENT, "82,5", "82.5"),
    (PERCENT, "82,5%", "82.5"),
    (PERCENT, "82,5 %", "82.5"),
    (PERCENT, "74.12%", "74.12"),
    (PERCENT, "100", "100"),
    (PERCENT, "82,5% hài lòng", "82.5+"),
    # scale words are never a number: 640 triệu is not 640
    (WHOLE, "640 triệu đồng", "D108"),
    (MONEY, "640 triệu đồng", "D108"),
    (MONEY, "640 TRIỆU", "D108"),
    (MONEY, "640 triệu.", "D108"),
    (MONEY, "640 (triệu đồng)", "D108"),
    (MONEY, "640 tr.đ", "D108"),
    (MONEY, "640 trđ", "D108"),
    (MONEY, "5 tỷđồng", "D108"),
    (MONEY, "640tr", "D108"),
    (MONEY, "640 nghìn/đồng", "D108"),
    (MONEY, "640 ngàn", "D108"),
    (MONEY, "1,2 tỷ", "D108"),
    (MONEY, "1,2 tỉ đồng", "D108"),
    (MONEY, "640 trieu dong", "D108"),
    (MONEY, "64 vạn", "D108"),
    (MONEY, "640k", "D108"),
    (PERCENT, "82,5 phần trăm", "82.5"),
    # two numbers, a fraction, a range, a date
    (WHOLE, "12; 13", "D107"),
    (WHOLE, "12/13", "D107"),
    (WHOLE, "5-10", "D107"),
    (WHOLE, "12 hồ sơ, trễ 3", "D107"),
    (WHOLE, "1½", "D107"),
    (WHOLE, "3²", "D107"),
    (WHOLE, "1e5", "D107"),
    (DECIMAL, "31/12/2026", "D107"),
    # no number
    (WHOLE, "ba", "D101"),
    (WHOLE, "khoảng 12", "D101"),
    (WHOLE, "< 5", "D101"),
    (WHOLE, "(5)", "D101"),
    (WHOLE, "x", "D101"),
    (WHOLE, "-", "D101"),
    (DECIMAL, ".", "D101"),
    (DECIMAL, "Đạt", "D101"),
]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(("kind", "text", "expected"), NUMBERS)
def test_a_number_typed_as_text(kind: Kind, text: str, expected: str, form: str) -> None:
    made = read_text(unicodedata.normalize(form, text), kind)
    note = "+" if made.notes == ("T301",) else ""
    assert (plain(made.value) if made.value is not None else str(made.problem)) + note == expected


@pytest.mark.parametrize(
    ("text", "named", "expected"),
    [
        ("5 ca", "Số ca phẫu thuật", "5"),
        ("5 ca", "", "D101"),
        ("5 ca mổ", "Số ca phẫu thuật", "5"),
        ("5 ca nghìn", "Số ca phẫu thuật", "D108"),  # what multiplies is seen behind the figure's own word too
        ("5 nghìn", "Nghìn người", "D108"),
        ("5 phẫu", "Số ca phẫu thuật", "5"),
    ],
)
def test_a_figure_s_own_words_stand_behind_it(text: str, named: str, expected: str) -> None:
    made = read_text(text, WHOLE, named)
    assert (plain(made.value) if made.value is not None else made.problem) == expected


# kind, what Excel stored, in a percent format, the value or the code of the finding
STORED = [
    (WHOLE, 12, False, "12"),
    (WHOLE, 12.0, False, "12"),
    (WHOLE, 0, False, "0"),
    (WHOLE, 1.5, False, "D105"),
    (WHOLE, -1, False, "D105"),
    (MONEY, 640905000.5, False, "D105"),
    (MONEY, 6.4e11, False, "640000000000"),
    (WHOLE, 0.05, True, "D104"),
    (DECIMAL, 0.05, True, "D104"),
    (DECIMAL, 0.1, False, "0.1"),
    (DECIMAL, -1.5, False, "-1.5"),
    (PERCENT, 82.5, False, "82.5"),
    (PERCENT, 0.825, False, "0.825"),
    (PERCENT, 0.825, True, "82.5"),
    (PERCENT, 0.7412, True, "74.12"),
    (PERCENT, 0.285, True, "28.5"),
    (PERCENT, 1, True, "100"),
    (PERCENT, 0.1 + 0.2, False, "0.3"),
    (WHOLE, 999_999_999_999_999.0, False, "999999999999999"),
    (WHOLE, 1_234_567_890_123_456.0, False, "1234567890123460"),  # Excel shows 15 digits
    (WHOLE, -0.0, False, "0"),
]


@pytest.mark.parametrize(("kind", "number", "percent", "expected"), STORED)
def test_a_number_stored_as_a_number(kind: Kind, number: float, percent: bool, expected: str) -> None:
    made = read_stored(number, kind, percent_format=percent)
    assert (plain(made.value) if made.value is not None else made.problem) == expected
    assert made.value is None or "E" not in str(made.value)


@pytest.mark.parametrize(
    ("number_format", "percent"),
    [
        ("0%", True),
        ("0.00%", True),
        ("0.0%;[Red]-0.0%", True),
        ("General", False),
        ('0"%"', False),
        ('#,##0.00" %"', False),
        (r"0\%", False),
        ('"≈"0%', True),
    ],
)
def test_a_percent_format_multiplies_a_quoted_sign_does_not(number_format: str, percent: bool) -> None:
    assert is_percent_format(number_format) is percent


SAME = [
    ("hoá", "hóa"),
    ("Uỷ ban", "Ủy ban"),
    ("thuỷ lợi", "thủy lợi"),
    ("khoẻ", "khỏe"),
    ("Đồng Tháp", "Ðồng Tháp"),  # U+0110 and U+00D0
    ("Đơn vị", "ĐƠN VỊ"),
    ("Việc làm – Bảo hiểm", "Việc làm-Bảo hiểm"),
    ("TC–KT", "TC - KT"),
    ("MỤC TIÊU/GIẢI PHÁP", "Mục tiêu / giải pháp"),
    ("Số  liệu", " số\u00a0liệu\n"),
    ("Số\u200b liệu", "\ufeffSố liệu"),
]
DIFFERENT = [
    ("hóa", "hòa"),
    ("Phòng", "Phong"),
    ("tỷ lệ", "tỉ lệ"),
    ("Đạt", "Dạt"),
    ("má", "mà"),
    ("1.1", "1.10"),
    ("thuê", "thue"),
    ("Không đạt", "Không  đạt."),
]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(("first", "second"), SAME)
def test_the_same_words(first: str, second: str, form: str) -> None:
    assert key(unicodedata.normalize(form, first)) == key(second)


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_different_words(first: str, second: str) -> None:
    assert key(first) != key(second)


@given(st.text())
def test_tidy_and_key_are_settled_in_one_step(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert unicodedata.is_normalized("NFC", tidy(text))
    assert key(tidy(text)) == key(text)


def test_an_invisible_letter_does_not_keep_a_mark_from_its_vowel() -> None:
    assert tidy("Sô\u200b\u0301") == "Số"


@pytest.mark.parametrize(
    ("text", "away"),
    [
        ("không phát sinh", True),
        ("Không  Phát Sinh.", True),
        ("KHÔNG ÁP DỤNG", True),
        (unicodedata.normalize("NFD", "không áp dụng"), True),
        ("không", False),
        ("0", False),
        ("", False),
        ("phát sinh", False),
        ("không phát sinh 2 hồ sơ", False),
    ],
)
def test_words_for_what_did_not_arise(text: str, away: bool) -> None:
    assert is_not_applicable(text) is away


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("31/12/2026", date(2026, 12, 31)),
        ("05/3/2020", date(2020, 3, 5)),
        (" 5.3.2020 ", date(2020, 3, 5)),
        ("5-3-2020", date(2020, 3, 5)),
        ("29/2/2020", date(2020, 2, 29)),
        (datetime(2020, 3, 5, 23, 59), date(2020, 3, 5)),
        (date(2020, 3, 5), date(2020, 3, 5)),
        ("12/31/2026", None),
        ("29/2/2021", None),
        ("5/3/20", None),
        ("5/3/20201", None),
        ("5/3/2020 9:00", None),
        ("2020-03-05", None),
        ("…/4/2021", None),
        ("43895", None),
        (43895, None),
        (None, None),
    ],
)
def test_a_date_is_day_first(value: object, day: date | None) -> None:
    assert read_date(value) == day


@pytest.mark.parametrize(
    ("text", "bare"),
    [("Đơn vị đo", "Don vi do"), ("ĐỒNG THÁP", "DONG THAP"), ("Uỷ ban", "Uy ban"), ("PL II-1.a", "PL II-1.a")],
)
def test_a_text_of_whoever_has_no_vietnamese_keyboard(text: str, bare: str) -> None:
    assert unmarked(text) == bare


@pytest.mark.parametrize(
    ("part", "digits"),
    [
        ("0", "0"),
        ("02", "2"),
        ("i", "1"),
        ("iv", "4"),
        ("ix", "9"),
        ("xiv", "14"),
        ("xl", "40"),
        ("xliv", "44"),  # all four letters
        ("lxxxix", "89"),
        ("c", "c"),  # no list of ours goes to a hundred
        ("via", "via"),
        ("", ""),
    ],
)
def test_a_roman_number_in_a_code(part: str, digits: str) -> None:
    assert in_digits(part) == digits


def test_codes_in_the_order_of_a_table() -> None:
    listed = ["1", "1.a", "I-2", "2", "IV", "IX.3", "10", "PL I-1", "PL I-1.2", "PL I-1.10", "PL II-1"]
    assert sorted({*listed}, key=code_order) == ["1", "I-2", "1.a", "2", *listed[4:]]


def test_three_names_at_most_are_offered_and_none_too_unlike() -> None:
    names = ["Phòng A", "Phòng B", "Phòng C", "Phòng D", "Thanh tra"]
    assert closest("Phòng D", names)[0] == "Phòng D"
    assert len(closest("Phòng", names)) == 3
    assert closest("Thanh trà", names) == ["Thanh tra"]
    assert closest("abcde", ["abcxy"]) == ["abcxy"]  # 3 letters of 5 are alike: 0,6
    assert closest("abcdefg", ["abcdxyz"]) == []  # 4 of 7


@pytest.mark.parametrize("length", [499, 500, 501, 5_000])
def test_a_long_text_is_composed_whole(length: int) -> None:
    text = ("Số liệu báo cáo. " * length)[:length]
    assert composed(unicodedata.normalize("NFD", text)) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [("a" * 600 + "\u0323" * 40 + "b", "a" * 599 + "ạ" + "\u0323" * 29 + "b"), ("\u0f73" * 600, "\u0f71\u0f72" * 15)],
)
def test_of_many_marks_in_a_row_the_first_thirty_are_kept(text: str, told: str) -> None:
    assert composed(text) == unicodedata.normalize("NFC", told)


@pytest.mark.parametrize(
    ("text", "shown", "hides"),
    [
        ("15", "15", False),
        ("1\u200b5", "1\u200b5", True),  # two numbers, perhaps
        ("1\u200b \u200b5", "1 5", False),
        ("tháng 1\u200b5", "tháng 1\u200b5", True),
        ("a\u200b5", "a5", False),
        ("5\u200ba", "5a", False),
        ("Người", "Người", False),
        ("Ng\u01b0\u1eddi d\u00e2n ch\u01a3a", "Người dân chưa", False),
    ],
)
def test_what_nobody_sees_in_a_cell(text: str, shown: str, hides: bool) -> None:
    assert (seen(text), hides_in_a_number(text)) == (shown, hides)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        ("1480", None, "1.480"),
        ("640905000", None, "640.905.000"),
        ("1.75", None, "1,75"),
        ("1.750", None, "1,75"),
        ("0", None, "0"),
        ("-0.5", None, "-0,5"),
        ("74.125", 2, "74,13"),
        ("80", 2, "80,00"),
        ("1234.5", 0, "1.235"),
    ],
)
def test_a_number_as_an_office_writes_it(value: str, places: int | None, text: str) -> None:
    assert vietnamese(Decimal(value), places) == text


@pytest.mark.parametrize(
    ("tell", "asked", "text"),
    [
        (number_vi, ("1234.565",), "1.234,57"),
        (number_vi, ("1234.565", 0), "1.235"),
        (number_vi, ("+1,50",), "+1,50"),  # told already
        (number_vi, ("+0",), "+0"),
        (number_vi, ("-0.001",), "0"),
        (number_vi, (jinja2.Undefined(name="a name that is not there"),), ""),
        (number_vi, ("–",), "–"),
        (number_vi, ("NaN",), "NaN"),
        (number_vi, (Decimal("Infinity"),), "Infinity"),
        (number_vi, ("1E+40000",), "1E+40000"),  # more digits than a cell holds
        (percent_vi, ("82.456",), "82,46%"),
        (percent_vi, ("82.456", 1), "82,5%"),
        (percent_vi, ("not_applicable",), "không phát sinh"),
        (count_vi, (1,), "01"),
        (count_vi, (9,), "09"),
        (count_vi, ("9.0",), "09"),
        (count_vi, (10,), "10"),
        (count_vi, ("1.5",), "1,5"),
        (count_vi, (-1,), "-1"),
        (count_vi, (None,), "chưa có"),
        (change_vi, ("0.004",), "tăng 0,004 điểm phần trăm"),  # what is not 0 is never called 0
        (change_vi, ("-5.886", 1), "giảm 5,9 điểm phần trăm"),
        (change_vi, ("1.23456",), "tăng 1,23 điểm phần trăm"),
        (change_vi, (None,), "chưa có"),
        (lower_first, ("",), ""),
        (lower_first, ("A",), "a"),
        (lower_first, ("Đạt 5 tiêu chí",), "đạt 5 tiêu chí"),
        (lower_first, ("Sở TTTT",), "sở TTTT"),
        (lower_first, ("Văn Phòng",), "Văn Phòng"),
        (lower_first, ("CNtt quản lý",), "CNtt quản lý"),
        (lower_first, ("Loại A trở lên",), "loại A trở lên"),
        (lower_first, ("Mục 1, A và B",), "mục 1, A và B"),
        (lower_first, ("Dân số, kế hoạch",), "dân số, kế hoạch"),
        (lower_first, ("Dân số, KH",), "dân số, KH"),
        (lower_first, ("Trưởng ban chung, Chủ tịch",), "Trưởng ban chung, Chủ tịch"),  # a post has at most 16 letters
        (lower_first, ("Trưởng ban chuyên, Chủ tịch",), "trưởng ban chuyên, Chủ tịch"),
        (lower_first, ("Bí thư, họp, Chủ tịch",), "bí thư, họp, Chủ tịch"),
        (period_vi, ("Quý I", 2021), "quý I năm 2021"),
        (period_vi, ("6 tháng 1999", 2021), "6 tháng 1999"),
        (period_vi, ("Đợt 20201", 2021), "đợt 20201 năm 2021"),
        (upper_first, ("đạt",), "Đạt"),
        (sentence, ("Xong",), "Xong."),
        (sentence, ("Xong.",), "Xong."),
        (sentence, ("Xong!",), "Xong!"),
        (sentence, ("Xong?",), "Xong?"),
        (sentence, ("Xong… ",), "Xong…"),
        (sentence, ("Gồm: ",), "Gồm."),
        (sentence, ("Gồm ,;",), "Gồm."),
        (sentence, ("Nhóm X",), "Nhóm X."),
        (listing, ([],), ""),
        (listing, (["Phòng A"],), "Phòng A"),
        (listing, ([1, 2],), "1, 2"),
        (change_text, (Decimal("0.8"), Decimal("-1.0679"), 1), "tăng 0,8 điểm phần trăm (tương đương 1,1%)"),
        (change_text, (Decimal("1.236"), None), "tăng 1,24 điểm phần trăm"),
        (change_text, (Decimal("-0.004"), None), "giảm dưới 0,01 điểm phần trăm"),
        (change_text, (Decimal("0.4"), None, 0), "tăng dưới 1 điểm phần trăm"),
        (rank_text, (1, 11), "giảm 10 bậc"),
        (rank_text, (11, None), None),
        (points_text, (Decimal(0),), "0"),
        (points_text, (Decimal("2.345"),), "2,35"),
        (points_text, (Decimal("2.345"), 1), "2,3"),
        (points_text, (Decimal("-0.0004"),), "-0,0004"),
        (telling, (Decimal("0.3"), 2, lambda shown: shown < 0), "0,3"),
        (telling, (Decimal("1E-20"), 0, bool), "0,00000000000000000001"),  # 20 decimals at most
        (telling, (Decimal("4E-21"), 0, bool), "0"),
        (vietnamese, (Decimal("1E-20"),), "0,00000000000000000001"),
        (vietnamese, (Decimal("-0.001"), 2), "0,00"),  # what comes to nothing has no sign
        (vietnamese, (Decimal("Infinity"),), "Infinity"),
        (rounded, (Decimal("Infinity"), 2), "Infinity"),
        (plain, (Decimal("1E+40000"),), "1E+40000"),
        (plain, (Decimal("-0"),), "0"),
        (plain, (Decimal(100),), "100"),
    ],
)
def test_what_an_officer_reads(tell: Callable[..., str | None], asked: tuple[object, ...], text: str | None) -> None:
    assert tell(*asked) == text


def test_a_number_is_told_where_no_template_is_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "jinja2")
    assert (number_vi("1480"), number_vi(None)) == ("1.480", "chưa có")


def test_a_number_of_as_many_digits_as_a_cell_holds_is_written_out() -> None:
    assert plain(Decimal("1E+39999")) == "1" + "0" * 39_999
    assert plain(Decimal("1E-39999")) == "0." + "0" * 39_998 + "1"


def test_the_filters_of_a_template_have_the_decimals_of_the_plan_or_of_the_tag() -> None:
    filters = build(1)
    assert [filters[name]("5.886") for name in ("number_vi", "percent_vi")] == ["5,9", "5,9%"]
    assert [filters[name]("5.886", 2) for name in ("number_vi", "percent_vi")] == ["5,89", "5,89%"]
    assert filters["change_vi"]("5.886") == "tăng 5,9 điểm phần trăm"
    assert filters["change_vi"]("5.886", 2) == "tăng 5,89 điểm phần trăm"
    assert filters["count_vi"](3) == "03"
    assert filters["date_vi"](date(2021, 3, 5)) == "05/3/2021"
    assert filters["lower_first"]("Đạt") == "đạt"
    assert filters["sentence"]("Đạt") == "Đạt."
    assert filters["listing"](["A", "B"]) == "A, B"


@pytest.mark.parametrize(
    ("value", "too_large"),
    [("999999999999999", False), ("1000000000000000", True), ("-1000000000000000", True), ("0.5", False)],
)
def test_excel_keeps_fifteen_digits(value: str, too_large: bool) -> None:
    assert is_too_large(Decimal(value)) is too_large


@pytest.mark.parametrize(
    ("number_format", "scaled"),
    [
        ("#,##0", False),
        ("0.0", False),
        ('0" nghìn"', True),
        ('0" tr.đ"', True),
        ('0" hồ sơ"', False),
        ('0" 000"', True),
        ("0,,", True),
        ('0" đ",', True),  # to be safe: whether this divides, programs do not agree
        ("0,0", False),
        ('"khoảng "0', False),
        (r"0\k", True),
        ("0[$đ-42A],", True),
        ("[>999]0,;0", True),
        ('[$nghìn-42A] 0"m2"', False),  # a name of a currency is no word of the number
        ("0" * 254 + ",", True),  # Excel takes 255 letters
        ("0" * 255 + ",", False),
    ],
)
def test_a_format_that_shows_thousands(number_format: str, scaled: bool) -> None:
    assert scales(number_format) is scaled


@pytest.mark.parametrize(
    ("value", "text"), [("2.675", "2.68"), ("2.665", "2.67"), ("-2.675", "-2.68"), ("80", "80.00"), ("0.005", "0.01")]
)
def test_rounding_is_half_up(value: str, text: str) -> None:
    assert rounded(Decimal(value), 2) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
def test_what_is_written_can_be_read_again(value: Decimal) -> None:
    read = read_text(vietnamese(value), DECIMAL)
    assert read.value == value or read.problem == "D106"  # 1.480 alone stays ambiguous
    assert Decimal(plain(value)) == value


@given(st.integers(0, 10**15))
def test_a_whole_number_written_with_dots_is_read_again(value: int) -> None:
    assert read_text(vietnamese(Decimal(value)), WHOLE).value == value


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12))
def test_the_shortest_decimal_is_the_number_excel_stored(number: float) -> None:
    assert shortest(number) == Decimal(f"{number:.15g}")  # Excel shows 15 digits (design §3)


@pytest.mark.parametrize(
    "function", [tidy, key, words_key, heading_key, code_parts, name_key, suspected, partial(decode, font=".VnTime")]
)
def test_long_texts_are_not_remembered_for_long(function: Callable[[str], object]) -> None:
    """A folder may hold more of them than memory."""
    texts = [f"{number} {'Nội dung ' * 1_000}" for number in range(40)]
    before = sys.getrefcount(texts[0])
    for text in texts:
        function(text)
    after = sys.getrefcount(texts[0])
    assert after == before
