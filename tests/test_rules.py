"""The scoring methods: the worked numbers of real criteria tables, both sides of every edge, and what always holds."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_xl.plan.constraints import broken_finding, broken_sides, in_names, quotient_value, shown_side
from cchc_xl.plan.further_methods import Placing, Span, Threshold, places
from cchc_xl.plan.marking import (
    Cells,
    GroupMethod,
    LeafMethod,
    Part,
    PartCells,
    Points,
    away_points,
    by_hand,
    combined,
    fits,
    frame_words,
    held,
    high_edge,
    low_edge,
    parameter,
)
from cchc_xl.plan.methods import (
    METHODS,
    Bands,
    ByHand,
    Level,
    PerItem,
    Ratio,
    Relative,
    Survey,
    contains,
    is_stated_percentage,
    percentages,
    ranked_later,
    scoring,
)
from cchc_xl.records import (
    Band,
    CellRef,
    Constraint,
    CriterionEntry,
    Kind,
    Measure,
    Method,
    Outcome,
    Quotient,
    Severity,
    State,
)
from cchc_xl.text.numbers import EXACT, plain, rounded, settled
from tests.in_memory import band

GROUP_METHODS = {rule.method for rule in METHODS.values() if isinstance(rule, GroupMethod)}
AT = CellRef("plan.xlsx", "Thang điểm", 2, 1)


def d(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def outcome(text: str) -> Outcome:
    if text == "tỷ lệ":
        return Outcome("linear")
    return Outcome("share", d(text[:-1])) if text.endswith("%") else Outcome("points", d(text))


def bands(*rows: str) -> tuple[Band, ...]:
    """Bands as written in a regulation: ``[70 90) 1`` is from 70 to below 90 one point; ``.`` is an open bound."""
    made = []
    for row in rows:
        low, high, points = row.split(maxsplit=2)
        made.append(
            Band(
                "1",
                None if low[1:] == "." else d(low[1:]),
                low[0] == "[",
                None if high[:-1] == "." else d(high[:-1]),
                high[-1] == "]",
                "",
                outcome(points),
                AT,
            )
        )
    return tuple(made)


def levels(*rows: str) -> tuple[Band, ...]:
    """Levels and parameters: ``mỗi: 0,5``."""
    return tuple(
        Band("1", None, True, None, False, name.strip(), outcome(points.strip()), AT)
        for name, _, points in (row.rpartition(":") for row in rows)
    )


def percent(above: int, below: int) -> Decimal:
    value = quotient_value(Quotient(("A",), ("B",)), {"A": Decimal(above), "B": Decimal(below)})
    assert value is not None
    return value


def amount(points) -> str | None:
    return None if points is None else plain(points.amount).replace(".", ",")


# --- worked examples; the sources are the regulations quoted in the reference ---

LATE = levels("kịp thời: 1", "không kịp thời: 0,5", "không ban hành: 0")
BREACH = levels("tuân thủ: 100%", "vi phạm nhẹ: 50%", "nghiêm trọng: 0")
WELL = levels("xuất sắc: 100%", "tốt: 75%", "hoàn thành: 50%")


@pytest.mark.parametrize(
    ("rows", "maximum", "level", "points"),
    [
        (LATE, "1", "kịp thời", "1"),  # Cà Mau 1.1.1
        (LATE, "1", "Không kịp thời", "0,5"),
        (LATE, "1", "không ban hành", "0"),
        (BREACH, "2", "vi phạm nhẹ", "1"),  # Phú Thọ III/3.2
        (WELL, "2", "TỐT", "1,5"),  # Phú Thọ IV/4.1
        (WELL, "2", "to\u0302\u0301t", "1,5"),
        (WELL, "2", "khá", None),
        (WELL, "2", "", None),
    ],
)
def test_levels(rows: tuple[Band, ...], maximum: str, level: str, points: str | None) -> None:
    assert amount(Level().points(level, rows, d(maximum))) == points


CA_MAU = bands("(90 .) 2", "[70 90] 1", "(. 70) 0")
TU_PHAP = bands("[100 .) 2", "[95 100) 1,75", "[90 95) 1,5", "[80 90) 1", "[60 80) 0,5", "(. 60) 0")
MEETINGS = bands("[4 .) 20", "[3 4) 15", "[2 3) 10", "[1 2) 5", "(. 1) 0")
FLOOR = bands("[100 .) 100%", "[80 100) tỷ lệ", "(. 80) 0")


@pytest.mark.parametrize(
    ("rows", "maximum", "value", "points"),
    [
        (CA_MAU, "2", "90", "1"),  # Cà Mau 1.1.4: "trên 90%"
        (CA_MAU, "2", "90,1", "2"),
        (CA_MAU, "2", "90,0000000001", "2"),
        (CA_MAU, "2", "70", "1"),
        (CA_MAU, "2", "69,9", "0"),
        (TU_PHAP, "2", "95", "1,75"),  # Bộ Tư pháp 1.1; the lower bands here are illustrative
        (TU_PHAP, "2", "94,99", "1,5"),
        (TU_PHAP, "2", "100", "2"),
        (TU_PHAP, "2", "99,9999999999999999999999999999", "1,75"),
        (TU_PHAP, "2", "59,9", "0"),
        (MEETINGS, "20", "5", "20"),  # chuyển đổi số huyện 1.1
        (MEETINGS, "20", "4", "20"),
        (MEETINGS, "20", "3", "15"),
        (MEETINGS, "20", "0", "0"),
        (FLOOR, "1", "100", "1"),  # the common form with a floor
        (FLOOR, "1", "92", "0,92"),
        (FLOOR, "1", "80", "0,8"),
        (FLOOR, "1", "79,9", "0"),
        (bands("[10 20) 1"), "1", "20", None),
        (bands("[10 20) 1"), "1", "9,99", None),
        (bands("(10 20] 1"), "1", "10", None),
        (bands("(10 20] 1"), "1", "20", "1"),
    ],
)
def test_bands_on_both_sides_of_each_edge(rows: tuple[Band, ...], maximum: str, value: str, points: str | None) -> None:
    assert amount(Bands().points(d(value), rows, d(maximum))) == points


@pytest.mark.parametrize(
    ("above", "below", "maximum", "points"),
    [
        (3, 4, "20", "15"),  # chuyển đổi số huyện 1.2
        (45, 50, "20", "18"),  # ICT 1
        (38, 39, "2", "1,94871794871794871794871794872"),  # the seed's 1.6 read as a ratio: 1,9487
        (1, 3, "3", "1"),
        (2, 3, "3", "2"),
        (7, 9, "9", "7"),
        (5, 4, "20", "20"),
        (0, 4, "20", "0"),
    ],
)
def test_a_ratio_of_the_maximum(above: int, below: int, maximum: str, points: str) -> None:
    with localcontext(EXACT):  # as the stage `score` does
        assert amount(Ratio().points(percent(above, below), (), d(maximum))) == points


def test_a_denominator_of_zero_has_no_quotient() -> None:
    assert quotient_value(Quotient(("A",), ("B",)), {"A": Decimal(0), "B": Decimal(0)}) is None


@pytest.mark.parametrize(
    ("rows", "maximum", "count", "points"),
    [
        (levels("mỗi: 0,5"), "2", "3", "1,5"),  # Phú Thọ I/3.2
        (levels("mỗi: 0,5"), "2", "6", "2"),
        (levels("mỗi: 25%"), "2", "3", "1,5"),
        (levels("gốc: 2", "mỗi: -0,25", "sàn: 0"), "2", "1", "1,75"),  # per-case deduction; the seed's 1.6
        (levels("gốc: 2", "mỗi: -0,25", "sàn: 0"), "2", "8", "0"),
        (levels("gốc: 2", "mỗi: -0,25", "sàn: 0"), "2", "9", "0"),
        (levels("gốc: 2", "mỗi: -0,25"), "2", "9", "0"),
        (levels("gốc: 100%", "mỗi: -0,25", "sàn: 0,5"), "2", "9", "0,5"),
        (levels("mỗi: 0,5", "trần: 1"), "2", "6", "1"),
        (levels("mỗi: -1"), "-5", "2", "-2"),  # a deduction with a negative maximum
        (levels("mỗi: -1"), "-5", "9", "-5"),
        (levels("gốc: 2"), "2", "1", None),
    ],
)
def test_points_per_item(rows: tuple[Band, ...], maximum: str, count: str, points: str | None) -> None:
    assert amount(PerItem().points(d(count), rows, d(maximum))) == points


LEADER = levels("dẫn đầu: 0,8")
TARGET = levels("chỉ tiêu: 100", "dẫn đầu: 120")


@pytest.mark.parametrize(
    ("rows", "maximum", "value", "points"),
    [
        (LEADER, "40", "0,6", "30"),  # ICT 3
        (LEADER, "40", "0,8", "40"),
        (LEADER, "40", "0,9", "40"),
        (TARGET, "10", "80", "4"),  # target and leader
        (TARGET, "10", "100", "5"),
        (TARGET, "10", "110", "7,5"),
        (TARGET, "10", "120", "10"),
        (TARGET, "10", "130", "10"),
        (levels("dẫn đầu: 3"), "3", "1", "1"),
        (levels("chỉ tiêu: 3", "dẫn đầu: 6"), "6", "1", "1"),
        (levels("chỉ tiêu: 3", "dẫn đầu: 6"), "6", "4", "4"),
        (levels("chỉ tiêu: 0", "dẫn đầu: 10"), "10", "-5", "0"),  # below a target of 0 there is nothing
        (levels("chỉ tiêu: 0", "dẫn đầu: 10"), "10", "0", "5"),
        (levels("chỉ tiêu: 100"), "10", "80", None),
        (levels("dẫn đầu: 0"), "10", "80", None),
    ],
)
def test_relative_to_the_best(rows: tuple[Band, ...], maximum: str, value: str, points: str | None) -> None:
    assert amount(Relative().points(d(value), rows, d(maximum))) == points


FULL_AT_80 = levels("đủ điểm: 80")
FLOOR_AT_40 = levels("đủ điểm: 85", "sàn: 40")


@pytest.mark.parametrize(
    ("rows", "maximum", "value", "points"),
    [
        (FULL_AT_80, "4", "60", "3"),  # 766/QĐ-TTg: ratio / 80 % × maximum
        (FULL_AT_80, "4", "80", "4"),
        (FULL_AT_80, "4", "97", "4"),
        (FULL_AT_80, "4", "0", "0"),
        (FULL_AT_80, "4", "-5", "0"),
        (FLOOR_AT_40, "17", "39,99", "0"),
        (FLOOR_AT_40, "17", "40", "8"),
        (levels("đủ điểm: 3"), "3", "1", "1"),  # a third of three is one, exactly
        (levels("đủ điểm: 12"), "-6", "4", "-2"),  # a deduction
        (levels("đủ điểm: 0"), "4", "60", None),
        (levels("sàn: 40"), "4", "60", None),
    ],
)
def test_a_threshold(rows: tuple[Band, ...], maximum: str, value: str, points: str | None) -> None:
    assert amount(Threshold().points(d(value), rows, d(maximum))) == points


FIRST_THREE = levels("1: 5", "Thứ 2: 3", "3: 1")
SEVERAL = (*levels("1: 100%"), *bands("[2 4] 3", "[5 .) 1"))
LOW_IS_FIRST = (*FIRST_THREE, *levels("thấp nhất xếp thứ: 1"))


@pytest.mark.parametrize(
    ("rows", "values", "points"),
    [
        (FIRST_THREE, "90 80 70", "5 3 1"),
        (FIRST_THREE, "70 90 80", "1 5 3"),
        (FIRST_THREE, "90 90 70", "5 5 1"),  # two first, none second
        (FIRST_THREE, "90 80 80", "5 3 3"),
        (FIRST_THREE, "90 80 70 60", "5 3 1 ?"),  # no row names the fourth
        (SEVERAL, "9 8 7 6 5 4", "10 3 3 3 1 1"),
        (levels("1: 5", "1: 3"), "90 80", "5 ?"),  # the first row that names a place
        (LOW_IS_FIRST, "90 80 70", "1 3 5"),
        (LOW_IS_FIRST, "70 70 90", "5 5 1"),
        (FIRST_THREE, "0", "5"),
    ],
)
def test_points_by_place(rows: tuple[Band, ...], values: str, points: str) -> None:
    given = [d(value) for value in values.split()]
    made = [Placing().among(value, given, rows, Decimal(10)) for value in given]
    assert " ".join("?" if found is None else plain(found) for found in made) == points


DDCI = levels("đầu: 1", "cuối: 10")


@pytest.mark.parametrize(
    ("rows", "values", "points"),
    [
        (DDCI, "20 50 80", "1 5.5 10"),  # 1 + 9 × (value − min)/(max − min)
        (DDCI, "80 20 20", "10 1 1"),
        (DDCI, "-10 0 20", "1 4 10"),
        (DDCI, "7 7 7", "1 1 1"),
        (DDCI, "7", "1"),
        (levels("đầu: 10", "cuối: 0"), "20 50 80", "10 5 0"),  # the lower the better
        (levels("đầu: 0", "cuối: 100%"), "0 1 4", "0 2.5 10"),
        (levels("đầu: 1"), "20 50", "? ?"),
        (levels("cuối: 10"), "20 50", "? ?"),
    ],
)
def test_points_between_the_lowest_and_the_highest(rows: tuple[Band, ...], values: str, points: str) -> None:
    given = [d(value) for value in values.split()]
    made = [Span().among(value, given, rows, Decimal(10)) for value in given]
    assert " ".join("?" if found is None else plain(found) for found in made) == points


def test_who_is_not_ranked_stands_at_an_end() -> None:
    given, ten = (Decimal(20), Decimal(80)), Decimal(10)
    assert [Span().among(Decimal(value), given, DDCI, ten) for value in (10, 20, 80, 200)] == [1, 1, 10, 10]
    assert Span().among(Decimal(10), (), DDCI, ten) is None
    assert Span().spread(Decimal(10), (), 1, DDCI, ten) is None
    assert Span().spread(Decimal(20), given, 1, levels("đầu: 1"), ten) is None
    assert Span().spread(Decimal(20), given, 1, levels("đầu: 9", "cuối: 2"), ten) == (2, 9)
    assert Placing().spread(Decimal(20), given, 0, levels("1: 5"), ten) is None
    assert Placing().spread(Decimal(20), given, 3, FIRST_THREE, ten) == (1, 3)
    assert Relative().among(Decimal(20), (), (), ten) is None
    assert Relative().among(Decimal(20), (Decimal(0),), (), ten) is None
    assert Relative().spread(Decimal(20), (), 1, (), ten) is None
    assert Relative().spread(Decimal(20), given, 0, (), ten) == (d("2,5"), d("2,5"))
    assert Relative().spread(Decimal(60), (Decimal(60),), 1, levels("chỉ tiêu: 40"), ten) == (5, 10)


def test_what_those_who_still_owe_a_value_can_change() -> None:
    """Before two more: a place may fall by two; between the ends anything; a leader may come out of reach."""
    given, ten = (Decimal(80), Decimal(20)), Decimal(10)
    assert Placing().spread(Decimal(80), given, 2, FIRST_THREE, ten) == (1, 5)
    assert Placing().spread(Decimal(80), given, 0, FIRST_THREE, ten) == (5, 5)
    assert Span().spread(Decimal(80), given, 1, DDCI, ten) == (1, 10)
    assert Span().spread(Decimal(80), given, 0, DDCI, ten) == (10, 10)
    least, most = Relative().spread(Decimal(80), given, 1, (), ten) or (None, None)
    assert (least is not None and least < Decimal("0.0001"), most) == (True, 10)


@pytest.mark.parametrize(
    ("share", "points", "published", "binary"),
    [("31,5", "25,9875", "25.988", "25.987"), ("36,5", "30,1125", "30.113", "30.112")],
)
def test_a_survey_is_exact_where_binary_numbers_are_not(share: str, points: str, published: str, binary: str) -> None:
    made = Ratio().points(d("82,5"), (), d(share))
    assert amount(made) == points
    assert rounded(made.amount, 3) == published
    assert f"{0.825 * float(d(share)):.3f}" == binary


@pytest.mark.parametrize(
    ("rows", "typed", "points"),
    [
        ((), "1,3", "1"),
        ((), "0,7", "0,7"),
        ((), "-1", "0"),
        (levels("bước: 0,25"), "0,7", "0,5"),
        (levels("bước: 0,25"), "0,75", "0,75"),
        (levels("nhỏ nhất: 0,1", "bước: 0,2", "lớn nhất: 0,9"), "0,45", "0,3"),
        (levels("nhỏ nhất: 0,1", "bước: 0,2", "lớn nhất: 0,9"), "0", "0,1"),
        (levels("nhỏ nhất: 0,1", "bước: 0,2", "lớn nhất: 0,9"), "1", "0,9"),
        (levels("bước: 25%"), "0,7", "0,5"),
        (levels("bước: 0,3"), "1", "0,9"),
    ],
)
def test_points_given_by_hand_are_held_to_minimum_step_and_maximum(
    rows: tuple[Band, ...], typed: str, points: str
) -> None:
    assert plain(by_hand(d(typed), rows, Decimal(1))).replace(".", ",") == points


@pytest.mark.parametrize(
    ("rows", "maximum", "typed", "words"),
    [
        ((), "3", "0 1,7 3", "từ 0 đến 3"),
        ((), "-2", "-2 -0,5 0", "từ -2 đến 0"),
        (levels("bước: 0,5"), "3", "0 0,5 3", "từ 0 đến 3, bước 0,5"),
        (levels("nhỏ nhất: 0,5", "bước: 50%", "lớn nhất: 2,5"), "2", "0,5 1,5 2,5", "từ 0,5 đến 2,5, bước 1"),
        (levels("bước: 0"), "1", "0,3 1", "từ 0 đến 1"),  # no step is none
    ],
)
def test_which_points_may_be_given_by_hand(rows: tuple[Band, ...], maximum: str, typed: str, words: str) -> None:
    assert frame_words(rows, d(maximum)) == words
    assert all(fits(d(one), rows, d(maximum)) for one in typed.split())
    low, *_, high = map(d, typed.split())
    assert not fits(low - 1, rows, d(maximum))
    assert not fits(high + 1, rows, d(maximum))
    assert not words.endswith("bước 0,5") or not fits(d("0,7"), rows, d(maximum))


@pytest.mark.parametrize(
    ("rule", "rows", "maximum", "most"),
    [
        (Ratio(), (), "3", "3"),
        (Ratio(), (), "-3", "0"),  # of a deduction nothing
        (Bands(), CA_MAU, "5", "2"),
        (Bands(), bands("[10 20) 50%", "[20 .) 1"), "4", "2"),
        (Bands(), bands("[0 80) tỷ lệ"), "10", "8"),
        (Bands(), bands("[80 .) tỷ lệ"), "10", "10"),
        (Bands(), bands("(. 50) tỷ lệ"), "10", "5"),
        (Bands(), (), "10", "10"),
        (PerItem(), levels("gốc: 2", "mỗi: -0,25"), "2", "2"),
        (PerItem(), levels("mỗi: 0,5", "trần: 1"), "2", "1"),
        (PerItem(), levels("mỗi: -1"), "-5", "0"),
        (PerItem(), levels("gốc: 1"), "2", "2"),
        (Threshold(), FLOOR_AT_40, "17", "17"),
        (Relative(), TARGET, "10", "10"),
        (Placing(), FIRST_THREE, "10", "5"),
        (Placing(), levels("Nhất: 7", "2: 3"), "10", "3"),  # "Nhất" is no place
        (Placing(), (), "10", "10"),
        (Span(), DDCI, "12", "10"),
        (Span(), levels("đầu: 9", "cuối: 0"), "12", "9"),
        (Span(), levels("đầu: 9"), "12", "12"),
        (Level(), LATE, "3", "1"),
        (Level(), WELL, "2", "2"),
        (Level(), (), "2", "2"),
        (ByHand(), levels("lớn nhất: 1,5"), "2", "1,5"),
        (ByHand(), levels("bước: 0,3"), "1", "0,9"),
    ],
)
def test_the_most_that_can_be_had(rule: LeafMethod, rows: tuple[Band, ...], maximum: str, most: str) -> None:
    assert rule.attainable(rows, d(maximum)) == d(most)


@pytest.mark.parametrize(
    ("rows", "idle"),
    [
        (levels("mỗi: -0,5"), "mỗi"),  # taken from nothing
        (levels("gốc: 0", "mỗi: -0,5"), "mỗi"),
        (levels("gốc: 2", "mỗi: -0,5"), None),
        (levels("gốc: 0,5", "mỗi: -0,5"), None),
        (levels("mỗi: 0,5"), None),
        (levels("mỗi: 0"), None),
    ],
)
def test_the_row_because_of_which_nothing_can_be_had(rows: tuple[Band, ...], idle: str | None) -> None:
    found = PerItem().idle_row(rows, Decimal(2))
    assert (found and found.level) == idle


@pytest.mark.parametrize(
    ("rule", "rows", "maximum", "now", "edges"),
    [
        (Ratio(), (), "3", "1", "0 100"),
        (Bands(), CA_MAU, "2", "1", "70 90"),
        (Bands(), FLOOR, "4", "3", "0 75 80 100"),  # of 4 points 3 are 75 %
        (Bands(), FLOOR, "0", "0", "80 100"),
        (PerItem(), levels("gốc: 2", "mỗi: -0,25", "sàn: 0,5"), "2", "1", "0 4 6 8"),  # 2, 1, 0,5 and 0 points
        (PerItem(), levels("mỗi: 0,5", "trần: 1,5"), "2", "1", "0 2 3 4"),
        (PerItem(), levels("gốc: 2"), "2", "1", ""),
        (Threshold(), FLOOR_AT_40, "17", "8,5", "0 40 42,5 85"),
        (Threshold(), FULL_AT_80, "0", "0", "0 80"),
        (Relative(), TARGET, "10", "5", "100 120"),
        (Relative(), LEADER, "10", "5", "0,8"),
        (Span(), DDCI, "10", "5", ""),
    ],
)
def test_where_points_jump_bend_or_pass_what_there_is(
    rule: Ratio, rows: tuple[Band, ...], maximum: str, now: str, edges: str
) -> None:
    assert sorted({*rule.edges(rows, d(maximum), d(now))}) == [d(edge) for edge in edges.split()]


@pytest.mark.parametrize(
    ("rule", "rows", "item", "told"),
    [
        (Ratio(), (), "", " × 2 điểm"),
        (PerItem(), levels("gốc: 2", "mỗi: -0,25"), "", ", tính từ 2 điểm, mỗi trường hợp trừ 0,25"),
        (PerItem(), levels("mỗi: 0,5"), "hồ sơ", ", mỗi hồ sơ cộng 0,5"),
        (PerItem(), levels("mỗi: 0"), "hồ sơ", ", mỗi hồ sơ cộng 0"),
        (Relative(), LEADER, "", ", so với cơ quan dẫn đầu 0,8"),
        (Relative(), TARGET, "", ", so với cơ quan dẫn đầu 120, chỉ tiêu 100"),
        (Threshold(), FULL_AT_80, "", " / 80 × 2 điểm (đủ điểm từ 80)"),
        (Threshold(), FLOOR_AT_40, "", " / 85 × 2 điểm (đủ điểm từ 85, dưới 40 không có điểm)"),
        (Placing(), FIRST_THREE, "", ", chờ xếp hạng cùng các cơ quan"),
        (Bands(), (), "", ""),
    ],
)
def test_how_a_figure_became_points_in_words(rule: Ratio, rows: tuple[Band, ...], item: str, told: str) -> None:
    assert rule.explained(Points(Decimal(1)), rows, Decimal(2), item) == told


def test_a_band_is_told_by_its_row() -> None:
    assert (
        Bands().explained(Points(Decimal(1), CA_MAU[0]), CA_MAU, Decimal(2)) == ", thuộc bậc ở dòng 2 của “Thang điểm”"
    )


@pytest.mark.parametrize(
    ("row", "span"),
    [
        ("1", (1, 1)),
        ("Thứ 2", (2, 2)),
        ("hạng 10", (10, 10)),
        ("999999999", (999_999_999, 999_999_999)),
        ("1000000000", None),  # ten digits are no place
        ("0", None),
        ("nhất", None),
        ("[2 5]", (2, 5)),
        ("(2 5)", (3, 4)),
        ("[2 2]", (2, 2)),
        ("[2 2)", None),
        ("[1 .)", (1, None)),
        ("(0 .)", (1, None)),
        ("[0 5]", None),
        ("[1,5 3]", None),
        ("[1 2,5]", None),
        ("(. 3]", None),
    ],
)
def test_the_places_of_a_row(row: str, span: tuple[int, int | None] | None) -> None:
    made = bands(f"{row} 1") if row[0] in "[(" else levels(f"{row}: 1")
    assert places(made[0]) == span


@pytest.mark.parametrize(
    ("policy", "maximum", "points"),
    [("điểm tối đa", "3", "3"), ("điểm tối đa", "-3", "0"), ("0 điểm", "3", "0"), ("0 điểm", "-3", "0")],
)
def test_what_did_not_arise_has_by_policy(policy: str, maximum: str, points: str) -> None:
    assert away_points(policy, d(maximum)) == d(points)


@pytest.mark.parametrize(
    ("rule", "rows", "least", "most"),
    [
        (Survey(), (), "0", "100"),
        (Ratio(), (), "0", "100"),
        (Bands(), CA_MAU, "0", "1000"),
        (Bands(), bands("[150 .) 1", "(. 150) 0"), "0", "1500"),
        (Bands(), bands("[-5 .) 1", "(. -5) 0"), "-5", "1000"),
    ],
)
def test_between_which_a_percentage_is_believed(rule: Ratio, rows: tuple[Band, ...], least: str, most: str) -> None:
    assert percentages(rule, rows) == (d(least), d(most))


def test_places_of_levels_and_marks_to_move_to() -> None:
    two, half = Decimal(2), levels("bước: 0,5")
    assert [(rung.points, rung.label) for rung in Level().rungs(two, LATE[:2], two)] == [
        (1, "mức “kịp thời”"),
        (d("0,5"), "mức “không kịp thời”"),
    ]
    assert [(rung.points, rung.label) for rung in ByHand().rungs(Decimal(1), half, two)] == [
        (d("1,5"), "1,5 điểm"),
        (d("0,5"), "0,5 điểm"),
    ]
    assert [rung.label for rung in ByHand().rungs(Decimal(1), (), two)] == ["2 điểm"]
    assert [rung.label for rung in ByHand().rungs(Decimal(10), (), Decimal(100))] == ["100 điểm"]
    assert Level().standing("tốt", WELL, two).label == "mức “tốt”"
    assert Level().standing("khá", WELL, two) is None
    assert (ByHand().standing("1,2", half, two), ByHand().standing("1.2", half, two)) == (None, None)
    assert ByHand().standing("1.5", half, two).label == "1,5 điểm"
    assert Level().shown("TỐT", WELL) == "tốt"
    assert Level().shown("khá", WELL) is None


@pytest.mark.parametrize(
    ("below", "above", "meet"),
    [
        ("[70 90] 1", "(90 .) 2", "meet"),
        ("[70 90) 1", "[90 .) 2", "meet"),
        ("[70 90) 1", "(90 .) 2", "gap"),  # 90 is in neither
        ("[70 90] 1", "[90 .) 2", "both"),  # 90 is in both
        ("[70 .) 1", "[1000000 .) 2", "both"),
        ("[70 90) 1", "(. 50] 2", "both"),  # without a lower end
    ],
)
def test_where_one_interval_ends_and_the_next_begins(below: str, above: str, meet: str) -> None:
    end, begin = high_edge(bands(below)[0]), low_edge(bands(above)[0])
    assert meet == ("meet" if end == begin else "gap" if end < begin else "both")


def entry(level: str, points: str | None) -> CriterionEntry:
    own = None if points is None else d(points)
    states = State.KNOWN, State.MISSING if own is None else State.KNOWN
    places = (CellRef("a.xlsx", "S", 1, column) for column in (1, 2, 3, 4))
    return CriterionEntry("A", "1", True, "", level, states[0], own, states[1], "", "", *places)


def test_what_a_unit_reported_is_told_with_its_cell() -> None:
    given = entry("Tốt", "1.50")
    assert (Level().told(given), Level().reported(given)) == ("“Tốt”", ("Tốt", given.at_level))
    assert (ByHand().told(given), ByHand().reported(given)) == ("tự chấm 1,5", ("1.5", given.at_self))
    nothing = entry("", None)
    assert (ByHand().told(nothing), ByHand().reported(nothing)) == ("tự chấm 0", ("", nothing.at_self))
    assert (Level().state(nothing), ByHand().state(nothing)) == (State.KNOWN, State.MISSING)
    assert ByHand().shown("1,5", ()) is None  # stored with a point


def calculated(formula: str, value: Decimal, maximum: Decimal) -> Decimal:
    """What Excel makes of a formula over its figure H9 and its maximum C9."""
    python = re.sub(r"(?<![\w.])(\d+(?:\.\d+)?)", r"D('\1')", re.sub(r"(?<![<>])=", "==", formula))
    known = {"D": Decimal, "MIN": min, "MAX": max, "IF": lambda test, yes, no: yes if test else no}
    known |= {"AND": lambda *tests: all(tests), "ISNUMBER": lambda _: True}
    made = eval(python, {**known, "H9": value, "C9": maximum})  # noqa: S307 - a formula of ours
    return Decimal(made or 0)  # an empty text is no points


@pytest.mark.parametrize(
    ("rule", "rows", "maximum"),
    [
        (Ratio(), (), "3"),
        (Ratio(), (), "-3"),
        (Survey(), (), "3"),
        (PerItem(), levels("gốc: 2", "mỗi: -0,25", "sàn: 0,5"), "2"),
        (PerItem(), levels("mỗi: 0,5", "trần: 1"), "2"),
        (PerItem(), levels("mỗi: -1"), "-5"),
        (Relative(), LEADER, "40"),
        (Relative(), TARGET, "10"),
        (Relative(), TARGET, "-10"),
        (Relative(), levels("chỉ tiêu: 0", "dẫn đầu: 100"), "6"),
        (Relative(), levels("chỉ tiêu: 100", "dẫn đầu: 80"), "6"),  # a target beyond the leader
        (Relative(), levels("dẫn đầu: 1"), "6"),
        (Threshold(), FULL_AT_80, "4"),
        (Threshold(), FLOOR_AT_40, "17"),
        (Threshold(), levels("đủ điểm: 12"), "-6"),
        (Threshold(), levels("đủ điểm: 1"), "4"),
        (Threshold(), levels("đủ điểm: 0,5", "sàn: 0,2"), "4"),
    ],
)
def test_the_formula_of_a_figure_says_what_the_method_does(rule: Ratio, rows: tuple[Band, ...], maximum: str) -> None:
    formula = rule.formula(Cells("H9", "C9"), rows, d(maximum))
    for text in "-5 0 0,1 0,3 0,6 1 2 7 39,99 40 50 79,9 80 84 85 90 99 100 101 110 119 120 130".split():
        made = rule.points(d(text), rows, d(maximum))
        assert made is not None
        assert round(calculated(formula, d(text), d(maximum)), 12) == round(made.amount, 12), text


@pytest.mark.parametrize(
    ("figures", "kinds", "stated"),
    [
        (Quotient(("A",)), [Kind.PERCENT], True),
        (Quotient(("A",)), [Kind.INTEGER], False),
        (Quotient(("A",), ("B",)), [Kind.PERCENT, Kind.INTEGER], False),
        (Quotient(("A",), ("A@trước",)), [Kind.PERCENT], False),
    ],
)
def test_a_percentage_is_stated_where_one_figure_is(figures: Quotient, kinds: list[Kind], stated: bool) -> None:
    measures = [Measure("A", "", "", kind, "tổng", (), (), AT) for kind in kinds]
    assert is_stated_percentage(figures, measures) is stated


@pytest.mark.parametrize("ends", ["[]", "[)", "(]", "()"])
def test_the_formula_of_a_row_holds_where_the_row_does(ends: str) -> None:
    row = band("1", "7", "10", "20", ends)
    formula = Bands().row_formula(row, Cells("H9", "C9"), ("10", "20", "7"))
    for text in "9 10 15 20 21".split():
        assert calculated(formula, d(text), d("8")) == (7 if contains(row, d(text)) else 0), text


def test_formulas_of_what_the_rows_say_nothing_about_are_empty_texts() -> None:
    at, two = Cells("H9", "C9"), Decimal(2)
    assert Level().formula("E9", ("", ""), (), two) == '""'
    assert [Bands().formula(at, (), two), PerItem().formula(at, levels("gốc: 2"), two)] == ['""', '""']
    assert [Relative().formula(at, levels(row), two) for row in ("chỉ tiêu: 2", "dẫn đầu: 0")] == ['""', '""']
    assert [Threshold().formula(at, levels(row), two) for row in ("sàn: 2", "đủ điểm: 0")] == ['""', '""']
    assert [Placing().formula(at, FIRST_THREE, two), Span().formula(at, DDCI, two)] == ['""', '""']


def test_the_formula_of_given_points_asks_for_the_frame_and_the_step() -> None:
    half = levels("nhỏ nhất: 1", "bước: 0,5", "lớn nhất: 2,5")
    steps = "ROUND((E9-1)/0.5,9)"
    assert ByHand().formula("E9", ("", ""), (), Decimal(3)) == 'IF(AND(E9>=0,E9<=3),E9,"")'
    assert ByHand().formula("E9", ("", ""), half, Decimal(3)) == (f'IF(AND(E9>=1,E9<=2.5,INT({steps})={steps}),E9,"")')


def test_what_waits_for_the_ranking_has_its_value() -> None:
    assert ranked_later("khoảng", Decimal(0))
    assert not ranked_later("khoảng", None)
    assert not ranked_later("so sánh", Decimal(1))
    assert not ranked_later(None, Decimal(1))


# children as (points, maximum), the group's maximum
GROUPS = [
    (Method.SUM, "40,5/45 5/5", "50", "45,5"),  # ICT 4
    (Method.SUM, "3/3 3/3", "5", "5"),
    (Method.SUM, "-1/2 0/2", "4", "-1"),
    (Method.SUM, "-4/-5 -4/-5", "-6", "-6"),
    (Method.ALL_OF, "1/1 0/1", "1", "0"),  # Cà Mau 1.1.2: tasks complete, no budget
    (Method.ALL_OF, "1/1 1/1", "1", "1"),
    (Method.ALL_OF, "", "1", "0"),
    (Method.ANY_OF, "0,9/1 1/1", "2", "2"),
    (Method.ANY_OF, "0,9/1 0/1", "2", "0"),
    (Method.BEST_OF, "2/3 1/2", "3", "2"),
    (Method.BEST_OF, "5/5 1/2", "3", "3"),
    (Method.LOWEST_OF, "2/3 1/2", "3", "1"),
    (Method.MEAN, "1/2 3/4", "10", "6,25"),
    (Method.MEAN, "1/3 2/3 0/3", "9", "3"),
    (Method.MEAN, "-1/-2 0/-3", "-6", "-1,5"),
    (Method.BONUS, "2/2 2/2", "3", "3"),
    (Method.BONUS, "-2/-2 -2/-2", "-3", "-3"),
    (Method.BONUS, "2/2 -3/-3", "2", "0"),
]


@pytest.mark.parametrize(("method", "children", "maximum", "points"), GROUPS)
def test_groups_from_their_children(method: Method, children: str, maximum: str, points: str) -> None:
    parts = [Part(d(own), d(limit)) for own, limit in (child.split("/") for child in children.split())]
    assert scoring(method).points(parts, d(maximum)) == d(points)


def test_every_group_method_has_an_example() -> None:
    assert {row[0] for row in GROUPS} == GROUP_METHODS


@pytest.mark.parametrize("method", sorted(GROUP_METHODS))
def test_a_group_of_bonus_alone_has_its_maximum_and_their_sum(method: Method) -> None:
    rule, cells = scoring(method), PartCells("", "", "", "", "", "C4:C5")
    assert [rule.limit_formula("C9", cells, is_deduction=one) for one in (True, False)] == ["C9", "C9"]
    assert rule.formula(cells, "E9") == 'IF(COUNT(C4:C5)=0,"",SUM(C4:C5))'
    bonus = (Part(Decimal(1), Decimal(2), is_bonus=True), Part(Decimal(3), Decimal(3), is_bonus=True))
    assert rule.points(bonus, Decimal(5)) == 4
    assert rule.limit(Decimal(5), ()) == 5


@pytest.mark.parametrize(
    ("how", "value"),
    [
        ("tổng", "6"),
        ("trung bình", "2"),
        ("lớn nhất", "3"),
        ("cao nhất", "3"),
        ("nhỏ nhất", "1"),
        ("thấp nhất", "1"),
    ],
)
def test_several_values_as_one(how: str, value: str) -> None:
    assert combined([Decimal(3), Decimal(1), Decimal(2)], how) == d(value)


@pytest.mark.parametrize(
    ("sides", "figures", "broken"),
    [
        ("A = B + C", "A=3 B=1 C=2", None),
        ("A = B + C", "A=4 B=1 C=2", "4 3"),
        ("A <= B", "A=2 B=2", None),
        ("A <= B", "A=3 B=2", "3 2"),
        ("A >= B", "A=2 B=3", "2 3"),
        ("A = B", "A=2", None),  # unknown: cannot be judged
        ("A = B + C", "A=2 C=1", None),
        ("A = B / C", "A=2 C=1", None),
        ("A / B = C", "A=7 B=100 C=7", None),
        ("A / B = C", "A=1 B=3 C=33,3", None),  # a typed share is as exact as its decimals
        ("A / B = C", "A=1 B=3 C=33,4", "33,33333333 33,4"),
        ("A / B = C", "A=1 B=3 C=33", None),
        ("A / B = C", "A=1 B=200 C=1", None),  # 0,5 is half-up 1
        ("A / B = C", "A=1 B=3 C=30", "33,33333333 30"),  # a round number is no rounded one
        ("A / B = C", "A=1 B=3 C=0", "33,33333333 0"),
        ("C = A / B", "A=1 B=3 C=33,3", None),
        ("A / B = C", "A=1 B=3 C=33,3333333333333", None),  # a quotient that Excel calculated has 15 digits
        ("A / B = C", "A=1 B=3000 C=0,0333333333333333", None),
        ("A / B = C", "A=1 B=3 C=33,3333333333334", "33,33333333 33,33333333"),
        ("A / B = C", "A=1 B=0 C=1", None),
    ],
)
def test_cross_checks(sides: str, figures: str, broken: str | None) -> None:
    left, sign, right = sides.replace(" = ", "|=|").replace(" <= ", "|<=|").replace(" >= ", "|>=|").split("|")
    rule = Constraint("R", sides, quotient(left), sign, quotient(right), "error", "", AT)  # type: ignore[arg-type]
    known = {name: d(value) for name, value in (pair.split("=") for pair in figures.split())}
    made = broken_sides(rule, known)
    assert (made and [round(side, 8) for side in made]) == (broken and [d(side) for side in broken.split()])


@pytest.mark.parametrize(
    ("severity", "message", "told"),
    [
        ("error", "", ("C101", "A <= B")),
        ("error", "A là một phần của B", ("C101", "A là một phần của B")),
        ("warning", "", ("C201", "A <= B")),
    ],
)
def test_a_broken_cross_check_says_what_the_plan_says_of_it(
    severity: Severity, message: str, told: tuple[str, str]
) -> None:
    rule = Constraint("R", "A <= B", Quotient(("A",)), "<=", Quotient(("B",)), severity, message, AT)
    found = broken_finding(rule, (d("3"), d("2")), (), AT)
    assert (found.code, dict(found.context)["notice"]) == told


@pytest.mark.parametrize(
    ("side", "value", "shown"),
    [
        (Quotient(("A",), ("B",)), "33,3333333", "33,33"),
        (Quotient(("A",), ("B",)), "50", "50,00"),
        (Quotient(("A",)), "1234,5678", "1.234,5678"),
        (Quotient(("A", "-B")), "-5", "-5"),
    ],
)
def test_what_a_side_comes_to_in_words(side: Quotient, value: str, shown: str) -> None:
    assert shown_side(side, d(value), {}) == shown


@pytest.mark.parametrize(
    ("left", "sign", "words"),
    [
        (Quotient(("A",)), "<=", "A ≤ C"),
        (Quotient(("A", "-B")), ">=", "A − B ≥ C"),
        (Quotient(("A",), ("B",)), "=", "(A) : (B) × 100 = C"),
        (Quotient(("A",), ("B",), is_complement=True), "=", "100 − (A) : (B) × 100 = C"),
    ],
)
def test_what_must_hold_in_words(left: Quotient, sign: str, words: str) -> None:
    rule = Constraint("R", "", left, sign, Quotient(("C",)), "error", "", AT)
    assert in_names(rule, ()) == words


def quotient(text: str) -> Quotient:
    above, _, below = text.partition("/")
    return Quotient(*(tuple(name.strip() for name in side.split("+")) for side in (above, below) if side))


# --- what always holds ---

maxima = st.decimals("-50", "50", places=2)
positive = st.decimals("0.01", "50", places=2)
figures = st.decimals("0", "1000", places=3)
whole = st.integers(0, 10_000)


def between(points: Decimal, maximum: Decimal) -> bool:
    return min(maximum, 0) <= points <= max(maximum, 0)


@given(value=figures, maximum=maxima)
def test_a_ratio_lies_between_zero_and_the_maximum(value: Decimal, maximum: Decimal) -> None:
    assert between(Ratio().points(value, (), maximum).amount, maximum)


@given(above=whole, more=whole, below=st.integers(1, 10_000), maximum=positive)
def test_a_ratio_never_falls_as_its_numerator_rises(above: int, more: int, below: int, maximum: Decimal) -> None:
    with localcontext(EXACT):
        less, greater = (Ratio().points(percent(value, below), (), maximum).amount for value in (above, above + more))
    assert less <= greater


@given(above=whole, below=st.integers(1, 10_000), times=st.integers(1, 200))
def test_a_quotient_leaves_no_trace_of_its_endless_decimals(above: int, below: int, times: int) -> None:
    maximum = Decimal(below * times)
    with localcontext(EXACT):
        assert Ratio().points(percent(min(above, below), below), (), maximum).amount == min(above, below) * times


@given(value=figures, maximum=positive, leader=positive, target=st.none() | positive)
def test_relative_lies_between_zero_and_the_maximum(
    value: Decimal, maximum: Decimal, leader: Decimal, target: Decimal | None
) -> None:
    rows = levels(f"dẫn đầu: {leader}", *([] if target is None else [f"chỉ tiêu: {target}"]))
    made = Relative().points(value, rows, maximum)
    assert made is not None
    assert between(made.amount, maximum)


@given(value=figures, more=figures, maximum=positive, leader=positive, target=st.none() | positive)
def test_relative_never_falls_as_the_value_rises(
    value: Decimal, more: Decimal, maximum: Decimal, leader: Decimal, target: Decimal | None
) -> None:
    rows = levels(f"dẫn đầu: {leader}", *([] if target is None else [f"chỉ tiêu: {target}"]))
    less, greater = Relative().points(value, rows, maximum), Relative().points(value + more, rows, maximum)
    assert less is not None
    assert greater is not None
    assert less.amount <= greater.amount


@given(count=whole, each=maxima, base=maxima, maximum=maxima)
def test_points_per_item_lie_between_zero_and_the_maximum(
    count: int, each: Decimal, base: Decimal, maximum: Decimal
) -> None:
    made = PerItem().points(Decimal(count), levels(f"gốc: {base}", f"mỗi: {each}"), maximum)
    assert made is not None
    assert between(made.amount, maximum)


@given(typed=maxima, step=st.none() | positive, maximum=maxima)
def test_points_by_hand_lie_between_zero_and_the_maximum_on_a_step(
    typed: Decimal, step: Decimal | None, maximum: Decimal
) -> None:
    points = by_hand(typed, () if step is None else levels(f"bước: {step}"), maximum)
    assert between(points, maximum)
    assert points <= typed or points == min(maximum, 0)
    assert step is None or (points - min(maximum, 0)) % step == 0


@given(edges=st.lists(figures, min_size=1, max_size=5, unique=True).map(sorted), value=figures)
def test_bands_that_meet_hold_every_value_exactly_once(edges: list[Decimal], value: Decimal) -> None:
    bounds = [".", *map(str, edges), "."]
    rows = bands(*(f"[{low} {high}) {number}" for number, (low, high) in enumerate(pairwise(bounds))))
    made = Bands().points(value, rows, Decimal(10))
    assert made is not None
    assert made.amount == sum(value >= edge for edge in edges)
    assert Bands().points(value, rows[::-1], Decimal(10)) == made


@given(
    children=st.lists(st.tuples(figures, positive), max_size=6),
    maximum=positive,
    method=st.sampled_from(sorted(GROUP_METHODS)),
)
def test_a_group_never_has_more_than_its_maximum(
    children: list[tuple[Decimal, Decimal]], maximum: Decimal, method: Method
) -> None:
    parts = [Part(min(points, limit), limit) for points, limit in children]
    assert between(scoring(method).points(parts, maximum), maximum)


@given(points=maxima, maximum=maxima)
def test_held_changes_nothing_that_is_within(points: Decimal, maximum: Decimal) -> None:
    assert between(held(points, maximum), maximum)
    assert held(points, maximum) == points or not between(points, maximum)


@given(points=st.decimals("-1000", "1000", places=20))
def test_settling_changes_nothing_that_ends_within_twenty_decimals(points: Decimal) -> None:
    assert settled(points) == points


def test_a_parameter_that_is_not_given_is_none_not_zero() -> None:
    assert parameter(levels("sàn: 0"), "sàn", Decimal(2)) == 0
    assert parameter(levels("sàn: 0"), "trần", Decimal(2)) is None
    assert parameter(levels("Trần: 50%"), "trần", Decimal(3)) == d("1,5")
