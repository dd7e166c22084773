"""Agencies in order: ties, places without a rank, classes, intervals, and points relative to the group's best."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_xl.ask import rank as ranking
from cchc_xl.papers.ranking_papers import below_table
from cchc_xl.plan.further_methods import Threshold
from cchc_xl.plan.methods import Relative
from cchc_xl.records import Band, CellRef, Outcome
from cchc_xl.result import Result
from cchc_xl.result.objects import Object
from cchc_xl.result.ranking import EarlierPlaces
from tests.results import Told, completed
from tests.test_compare import MISSING, NOT_APPLICABLE, result

CLASSES = [("Tốt", Decimal(90)), ("Khá", Decimal(80)), ("Trung bình", Decimal(70)), ("Yếu", Decimal(0))]
RELATIVE = {"method": "so sánh"}


def agency(name: str, *leaves: Any, percent: str | None = None, **more: Any) -> tuple[str, Object]:
    return f"thu-muc/{name}", result(leaves, agency=name, percent=percent, **more)


def compared(name: str, value: str | None, most: str = "40", own: str = "0", **more: Any) -> tuple[str, Object]:
    """An agency with one ``so sánh`` criterion 1.1 and one other, 1.2, that fills up to 100 points."""
    points = own if value is not None else MISSING
    rest = str(100 - int(most))
    return agency(name, ("1.1", most, points, {**RELATIVE, "value": value, **more}), ("1.2", rest, rest))


def rank(results: Iterable[tuple[str, Object]], **more: Any) -> Told:
    return Told(ranking.rank([(label, completed(document)) for label, document in results], **more))


def lines(table: Told) -> list[str]:
    return list(ranking.lines(table.record))


def places(table: Object) -> list[tuple[int | None, str]]:
    return [(row["rank"], row["agency"]) for row in table["agencies"]]


def of(table: Object, name: str) -> Object:
    return next(row for row in table["agencies"] if row["agency"] == name)


def kinds(table: Object) -> list[str]:
    return [note["kind"] for note in table["notes"]]


# --- places ---


@pytest.mark.parametrize(
    ("percents", "ranks"),
    [
        (["90.00", "85.42", "85.42", "70.00"], [1, 2, 2, 4]),  # the real tie 85,42 = 85,42
        (["90.00", "80.00", "70.00"], [1, 2, 3]),
        (["85.42", "85.42"], [1, 1]),
        (["85.42", "85.41"], [1, 2]),
        (["80.00", "80.00", "80.00", "70.00", "70.00", "60.00"], [1, 1, 1, 4, 4, 6]),
        (["74.12"], [1]),
        ([], []),
    ],
)
def test_ties_share_a_place_and_the_next_is_skipped(percents: list[str], ranks: list[int]) -> None:
    table = rank([agency(f"Sở {number}", percent=percent) for number, percent in enumerate(percents)])
    assert [row["rank"] for row in table["agencies"]] == ranks
    assert [row["index"]["percent"] for row in table["agencies"]] == percents


@pytest.mark.parametrize(
    ("digits", "ranks"),
    [(2, [1, 1]), (3, [1, 2])],  # 85,4249… and 85,4151…: half-up to 85,42 both, to 85,425 and 85,415
)
def test_places_go_by_the_published_figure(digits: int, ranks: list[int]) -> None:
    table = rank(
        [agency(name, ("1", "100", points), places=digits) for name, points in (("A", "85.4249"), ("B", "85.4151"))]
    )
    assert [row["rank"] for row in table["agencies"]] == ranks
    assert [row["index"]["exact"] for row in table["agencies"]] == ["85.4249", "85.4151"]


def test_a_tie_over_the_edge_of_a_class_has_one_class() -> None:
    """69,996 and 70,004 are published as 70: one place and one class; 69,994 as 69,99."""
    points = {"A": "70.004", "B": "69.996", "C": "69.994"}
    table = rank([agency(name, ("1", "100", exact)) for name, exact in points.items()], classes=[("Khá", Decimal(70))])
    told = [(row["agency"], row["rank"], row["class"]) for row in table["agencies"]]
    assert told == [("A", 1, "Khá"), ("B", 1, "Khá"), ("C", 3, None)]


@pytest.mark.parametrize("excluded", ["Thanh tra Tỉnh", "THANH TRA  TỈNH", "thu-muc/Thanh tra Tỉnh"])
def test_a_special_agency_is_scored_but_not_ranked(excluded: str) -> None:
    table = rank(
        [agency("Sở A", percent="80.00"), agency("Thanh tra Tỉnh", percent="95.00"), agency("Sở B", percent="70.00")],
        excluded=[excluded],
        classes=CLASSES,
    )
    assert places(table) == [(1, "Sở A"), (2, "Sở B"), (None, "Thanh tra Tỉnh")]
    assert of(table, "Thanh tra Tỉnh")["class"] == "Tốt"
    assert [item["count"] for item in table["classes"]] == [0, 1, 1, 0]
    told = list(lines(table))
    assert told[-3:-1] == ["Chấm điểm nhưng không xếp hạng:", "  Thanh tra Tỉnh: 95%; xếp loại Tốt"]


@pytest.mark.parametrize(
    ("previous", "now", "places_up", "words"),
    [(3, 5, -2, "giảm 02 bậc"), (5, 4, 1, "tăng 01 bậc"), (2, 2, 0, "giữ nguyên"), (None, 2, None, None)],
)
def test_the_change_against_last_year(previous: int | None, now: int, places_up: int | None, words: str | None) -> None:
    above = [agency(f"Sở {number}", percent=f"9{number}.00") for number in range(now - 1)]
    row = of(rank([*above, agency("Sở LĐTBXH", percent="74.12", previous_rank=previous)]), "Sở LĐTBXH")
    assert (row["rank"], row["places_up"], row["change"]) == (now, places_up, words)


def test_the_change_against_the_period_before_is_told_beside_that_of_the_year() -> None:
    """Up, down, the same, new; and of the year before who is new in a result that was given for it."""
    before = EarlierPlaces("Quý I năm 2021", {"thu-muc/A": 2, "thu-muc/B": 1, "thu-muc/C": 3}, {"thu-muc/D": "mới"})
    table = rank(
        [agency(name, percent=f"{percent}.00", previous_rank=last) for name, percent, last in _QUARTER],
        period_before=before,
        year_before=EarlierPlaces(words={"thu-muc/D": "mới"}),
    )
    told = [(row["agency"], row["earlier_rank"], row["earlier_change"], row["change"]) for row in table["agencies"]]
    assert told == [
        ("A", 2, "tăng 01 bậc", "giữ nguyên"),
        ("B", 1, "giảm 01 bậc", "tăng 01 bậc"),
        ("C", 3, "giữ nguyên", None),  # the plan leaves last year's place empty: nothing is known of it
        ("D", None, "mới", "mới"),
    ]
    assert (table["since"], table["earlier"]) == ("năm trước", "Quý I năm 2021")
    shown = list(lines(table))
    assert shown[1].endswith("giữ nguyên (năm trước thứ 1); tăng 01 bậc (quý I năm 2021 thứ 2)")
    assert shown[4].endswith("mới; mới")


_QUARTER = (("A", 90, 1), ("B", 80, 3), ("C", 70, None), ("D", 60, None))


@pytest.mark.parametrize(
    ("classes", "told"),
    [
        ([("Tốt", 90), ("Khá", 70)], [("Tốt", 90, False, 0), ("Khá", 70, False, 1), ("Không xếp loại", 70, True, 1)]),
        ([("Khá", 70), ("Yếu", 0)], [("Khá", 70, False, 1), ("Yếu", 70, True, 1)]),  # the plan names the rest
        ([("Đạt", 0)], [("Đạt", 0, False, 2)]),
        ([], []),
    ],
)
def test_what_is_below_the_lowest_class_has_a_name(classes: list[tuple[str, int]], told: list[object]) -> None:
    limits = [(name, Decimal(limit)) for name, limit in classes]
    made = rank([agency("A", percent="70.00"), agency("B", percent="69.99")], classes=limits).record
    assert [(item.name, item.limit, item.is_below, item.count) for item in made.told_classes] == told
    names = {(True, 70): "Không xếp loại", (False, 0): "Yếu" if len(classes) == 2 else "Đạt"}
    assert made.class_of(made.agencies[1]) == (names[bool(limits[-1][1]), int(limits[-1][1])] if limits else "")


def test_the_classes_told_below_the_table_are_as_many_as_agencies() -> None:
    """One has its class, one is below them all, one still lacks points and may come to either."""
    open_ = agency("C", ("1", "60", "50"), ("2", "40", MISSING))
    made = rank(
        [agency("A", ("1", "100", "90")), agency("B", ("1", "100", "60")), open_], classes=[("Khá", Decimal(70))]
    )
    told = next(text for text in below_table(made.record) if text.startswith("Xếp loại"))
    assert told == "Xếp loại: Khá (từ 70%): 1; Không xếp loại (dưới 70%): 1; chưa xếp loại: 1."


@pytest.mark.parametrize(
    ("percent", "name"),
    [
        ("100.00", "Tốt"),
        ("90.00", "Tốt"),  # the lower limit belongs to the class
        ("89.99", "Khá"),
        ("80.00", "Khá"),
        ("70.00", "Trung bình"),
        ("69.99", "Yếu"),
        ("0.00", "Yếu"),
    ],
)
def test_classes_with_declared_lower_limits(percent: str, name: str) -> None:
    results = [agency("Sở A", percent=percent)]
    for order in (CLASSES, CLASSES[::-1]):
        assert rank(results, classes=order)["agencies"][0]["class"] == name
    assert rank(results)["agencies"][0]["class"] is None
    assert rank(results, classes=[("Tốt", Decimal(101))])["agencies"][0]["class"] is None


# --- provisional results ---


def test_intervals_that_overlap_leave_the_place_open() -> None:
    table = rank(
        [
            agency("A", ("1", "100", "95")),
            agency("B", ("1", "100", "80")),
            agency("C", ("1", "80", "70"), ("2", "20", MISSING)),  # 70 … 90
            agency("D", ("1", "100", "60")),
        ],
        classes=CLASSES,
    )
    told = [
        (row["agency"], row["rank"], row["rank_best"], row["rank_worst"], row["certain"]) for row in table["agencies"]
    ]
    assert told == [
        ("A", 1, 1, 1, True),
        ("B", 2, 2, 3, False),
        ("C", 3, 2, 3, False),
        ("D", 4, 4, 4, True),
    ]
    row = of(table, "C")
    assert (row["index"]["complete"], row["class"], row["class_between"]) == (False, None, ["Trung bình", "Tốt"])
    words = "\n".join(lines(table))
    assert "3. C: tạm tính từ 70% đến 90%; chưa chắc, có thể từ thứ 2 đến thứ 3" in words
    assert "2. B: 80%; chưa chắc, có thể từ thứ 2 đến thứ 3; xếp loại Khá" in words


def test_a_provisional_result_far_from_the_others_has_its_place() -> None:
    row = of(rank([agency("A", ("1", "100", "95")), agency("C", ("1", "80", "70"), ("2", "20", MISSING))]), "C")
    assert (row["rank"], row["certain"], row["index"]["complete"]) == (2, True, False)


def test_a_result_without_an_index_has_no_place() -> None:
    table = rank([agency("A"), agency("B", percent="50.00")], classes=CLASSES)
    assert places(table) == [(1, "B"), (None, "A")]
    assert kinds(table) == ["no_index"]
    assert "  A: chưa có chỉ số" in lines(table)


# --- so sánh over the group ---


@pytest.mark.parametrize(
    ("value", "leader", "target", "most", "points"),
    [
        ("0.6", "0.8", None, "40", "30"),  # ICT index, F8
        ("0.8", "0.8", None, "40", "40"),
        ("0", "0.8", None, "40", "0"),
        ("80", "120", "100", "10", "4"),  # F14
        ("100", "120", "100", "10", "5"),
        ("110", "120", "100", "10", "7.5"),
        ("120", "120", "100", "10", "10"),
        ("130", "120", "100", "10", "10"),  # an agency that leads nobody: at most the maximum
        ("90", "90", "100", "10", "4.5"),  # the leader itself is below the target
    ],
)
def test_points_relative_to_leader_and_target(
    value: str, leader: str, target: str | None, most: str, points: str
) -> None:
    goal = None if target is None else Decimal(target)
    assert Relative.against(Decimal(leader), goal, Decimal(value), Decimal(most)) == Decimal(points)


def test_0_6_with_the_best_at_0_8_of_40_is_30() -> None:
    table = rank([compared("A", "0.6", own="12"), compared("B", "0.8", own="16")])
    told = [(row["agency"], row["index"]["percent"], row["index"]["own_percent"]) for row in table["agencies"]]
    assert told == [("B", "100.00", "76.00"), ("A", "90.00", "72.00")]
    assert of(table, "A")["relative"][0]["own_points"] == "12"
    assert of(table, "A")["relative"][0]["group_points"] == "30"
    assert (table["relative"][0]["leader"], table["relative"][0]["holders"]) == ("0.8", ["B"])
    assert "  2. A: 90%; 72% khi chưa so sánh với cơ quan khác" in lines(table)


@pytest.mark.parametrize(("value", "points"), [("80", "4"), ("100", "5"), ("110", "7.5"), ("120", "10")])
def test_target_and_leader_over_the_group(value: str, points: str) -> None:
    own = {"target": "100", "leader": "150"}
    table = rank([compared("A", value, "10", **own), compared("B", "120", "10", **own)])
    assert of(table, "A")["relative"][0]["group_points"] == points
    assert "leader_below_declared" in kinds(table)  # both plans say 150, nobody of the group has it


@pytest.mark.parametrize(
    ("most", "values", "leader", "points"),
    [
        ("40", {"A": "0.6", "B": "0.8"}, "0.8", {"A": "30", "B": "40"}),
        ("40", {"A": "0.6", "B": "0.8", "Thanh tra": "1.2"}, "0.8", {"A": "30", "Thanh tra": "40"}),
        ("40", {"A": "0.6", "Thanh tra": "0.3"}, "0.6", {"A": "40", "Thanh tra": "20"}),
        ("40", {"A": "0", "B": "0"}, None, {"A": "7", "B": "7"}),  # nobody leads: everybody keeps their own
        ("40", {"A": "0.6", "B": None}, "0.6", {"A": "40"}),
        ("3", {"A": "1", "B": "3"}, "3", {"A": "1", "B": "3"}),  # a third of three points is one, exactly
    ],
)
def test_the_leader_is_the_best_of_the_ranked(
    most: str, values: dict[str, str | None], leader: str | None, points: dict[str, str]
) -> None:
    own = "7" if leader is None else "1"
    table = rank([compared(name, value, most, own) for name, value in values.items()], excluded=["Thanh tra"])
    assert table["relative"][0]["leader"] == leader
    assert {name: of(table, name)["relative"][0]["group_points"] for name in points} == points


def test_appraised_points_stay() -> None:
    table = rank([compared("A", "0.6", own="25", appraised_points="25"), compared("B", "0.8")])
    item = of(table, "A")["relative"][0]
    assert (item["group_points"], item["kept"]) == ("25", "appraised")
    assert of(table, "A")["index"]["percent"] == "85.00"


@pytest.mark.parametrize(("evidence", "points", "leader"), [("", "0", "0.8"), ("Báo cáo 12", "40", "0.9")])
def test_without_the_evidence_wanted_it_stays_0_and_leads_nobody(evidence: str, points: str, leader: str) -> None:
    label, proved = compared("A", "0.9", rule={"bands": [], "evidence": "bắt buộc"}, reports=[{"evidence": evidence}])
    proved["settings"]["missing_evidence"] = "0 điểm"
    table = rank([(label, proved), compared("B", "0.8")])
    assert of(table, "A")["relative"][0]["group_points"] == points
    assert table["relative"][0]["leader"] == leader


def test_a_leader_still_to_come_leaves_the_places_open() -> None:
    # B may yet lead criterion 1.1 by far: then A keeps its 60 other points only.
    table = rank([compared("A", "0.6"), compared("B", None), agency("C", ("1.2", "100", "80"))])
    row = of(table, "A")
    assert (row["index"]["percent"], row["index"]["percent_at_least"]) == ("100.00", "60.00")
    assert (row["rank"], row["rank_worst"], row["certain"]) == (1, 3, False)
    assert "leader_waiting" in kinds(table)


def rows(*told: str) -> dict[str, Any]:
    """Rows of ``Thang điểm``: ``đầu 1``."""
    pairs = [row.rsplit(" ", 1) for row in told]
    return {"bands": [{"level": level, "form": "points", "amount": amount} for level, amount in pairs], "evidence": ""}


def regraded(method: str, values: dict[str, str | None], rule: dict[str, Any], **more: Any) -> Told:
    """Agencies with a criterion of this method that their own results leave open; the other gives 60 of 60."""
    own = {"method": method, "rule": rule, **more}
    return rank(
        agency(name, ("1.1", "40", MISSING, {**own, "value": value}), ("1.2", "60", "60"))
        for name, value in values.items()
    )


PLACES = rows("1 40", "2 30", "3 10")


@pytest.mark.parametrize(
    ("method", "rule", "values", "points"),
    [
        ("thứ hạng", PLACES, {"A": "50", "B": "90", "C": "20"}, {"A": "30", "B": "40", "C": "10"}),
        ("thứ hạng", PLACES, {"A": "50", "B": "50", "C": "20"}, {"A": "40", "B": "40", "C": "10"}),
        ("khoảng", rows("đầu 4", "cuối 40"), {"A": "50", "B": "90", "C": "10"}, {"A": "22", "B": "40", "C": "4"}),
        ("khoảng", rows("đầu 4", "cuối 40"), {"A": "7", "B": "7"}, {"A": "4", "B": "4"}),
        ("khoảng", rows("đầu 40", "cuối 0"), {"A": "0", "B": "5"}, {"A": "40", "B": "0"}),
    ],
)
def test_what_is_open_alone_has_points_in_the_group(
    method: str, rule: dict[str, Any], values: dict[str, str | None], points: dict[str, str]
) -> None:
    table = regraded(method, values, rule)
    assert {name: of(table, name)["relative"][0]["group_points"] for name in points} == points
    for name, given_points in points.items():
        row = of(table, name)
        assert row["index"]["own_percent"] == "60.00"
        assert row["index"]["percent"] == row["index"]["percent_if_missing_full"] == f"{60 + int(given_points)}.00"
        assert (row["index"]["complete"], row["certain"]) == (True, True)
    assert any("Tên 1.1" in line or "(1.1)" in line for line in lines(table))


def test_an_agency_without_any_points_has_no_place_and_keeps_nobody_elses_open() -> None:
    missing = agency("Sở B", ("1", "60", MISSING), ("2", "40", MISSING))
    table = rank([agency("Sở A", ("1", "60", "50"), ("2", "40", "20")), missing], classes=CLASSES)
    assert places(table) == [(1, "Sở A"), (None, "Sở B")]
    assert of(table, "Sở A")["certain"] is True
    told = lines(table)
    assert told[told.index("Chưa xếp hạng được:") + 1] == "  Sở B: chưa có điểm"
    assert told[-1] == "Lưu ý: Sở B chưa có điểm ở tiêu chí nào nên không xếp hạng."
    partly = agency("Sở B", ("1", "60", MISSING), ("2", "40", "0"))  # one that has points, though they are 0
    assert places(rank([agency("Sở A", ("1", "60", "50"), ("2", "40", "20")), partly])) == [(1, "Sở A"), (2, "Sở B")]


def test_who_still_owes_a_value_leaves_points_and_places_open() -> None:
    row = of(regraded("thứ hạng", {"A": "50", "B": "90", "C": None}, PLACES), "A")
    assert (row["index"]["percent"], row["index"]["percent_at_least"]) == ("90.00", "70.00")  # second, or third
    row = of(regraded("khoảng", {"A": "50", "B": "90", "C": None}, rows("đầu 0", "cuối 40")), "B")
    assert (row["index"]["percent_at_least"], row["index"]["percent_if_missing_full"]) == ("60.00", "100.00")


def test_a_place_that_no_row_names_stays_open() -> None:
    table = regraded("thứ hạng", {"A": "50", "B": "90"}, rows("1 40"))
    item = of(table, "A")["relative"][0]
    assert (item["group_points"], item["kept"]) == (None, "no_row")
    assert of(table, "A")["index"]["percent_if_missing_full"] == "100.00"
    assert "no_row" in kinds(table)


def test_roundings_conditions_and_groups_are_asked_again() -> None:
    """1.1 is graded to 13,333… of 40 and rounded to 13,3; 1.2 asks for its points and had none alone."""
    own = {"method": "khoảng", "rule": rows("đầu 0", "cuối 40"), "places": 1}
    held = {"condition": {"code": "1.1", "full": False}, "bare_points": "60"}
    table = rank(
        agency(name, ("1.1", "40", MISSING, {**own, "value": value}), ("1.2", "60", MISSING, held))
        for name, value in (("A", "0"), ("B", "1"), ("C", "3"))
    )
    told = {row["agency"]: (row["relative"][0]["group_points"], row["index"]["percent"]) for row in table["agencies"]}
    assert told == {"A": ("0", "0.00"), "B": ("13.3", "73.30"), "C": ("40", "100.00")}
    assert all(row["index"]["complete"] for row in table["agencies"])


def test_a_fixed_limit_is_nobodys_place_to_change() -> None:
    """F3: six departments under 766/QĐ-TTg, value / 80 % × maximum: what they have alone they have in the group."""
    own = ["79.16", "72.89", "71.63", "70.70", "43.97", "19.79"]
    made = []
    for percent in own:
        value = Decimal(percent) * 80 / 100
        points = Threshold().points(value, _full_at("80"), Decimal(100))
        assert points is not None
        leaf = ("1", "100", str(points.amount), {"method": "ngưỡng", "value": str(value), "rule": rows("đủ điểm 80")})
        made.append(agency(f"Sở {percent}", leaf))
    table = rank(made)
    assert [row["index"]["percent"] for row in table["agencies"]] == own
    assert [row["index"]["own_percent"] for row in table["agencies"]] == own
    assert table["relative"] == []
    assert not any("Chấm lại" in line for line in lines(table))


def _full_at(value: str) -> tuple[Band, ...]:
    return (Band("1", None, True, None, False, "đủ điểm", Outcome("points", Decimal(value)), CellRef("p.xlsx")),)


def test_what_is_regraded_is_told_with_its_leaders() -> None:
    table = rank([compared("A", "0.6", leader="0.7"), compared("B", "0.8", leader="0.7")])
    told = lines(table)
    at = told.index("Chấm lại khi xếp hạng (các tiêu chí khác giữ nguyên điểm):")
    assert told[at + 1].endswith("(1.1), so sánh: dẫn đầu là 0,8 (B), thay cho 0,7 của kế hoạch")


# --- unlike results are ranked, and it is said ---


@pytest.mark.parametrize(
    ("results", "words"),
    [
        (
            [agency("A", percent="80.00"), agency("B", percent="70.00", period="2020-6T")],
            "các kết quả không cùng một kỳ: 2020-6T (B); 2020-N (A).",
        ),
        (
            [agency("A", ("1", "2", "1")), agency("B", ("1", "3", "1"))],
            "bộ chỉ số không giống nhau về điểm tối đa: 1 (2: A; 3: B).",
        ),
        (
            [agency("A", ("1", "2", "1")), agency("B", ("1", "2", "1"), ("2", "2", "1"))],
            "bộ chỉ số không giống nhau về tiêu chí: 2 (không có: A; có: B).",
        ),
        (
            [agency("A", ("1", "2", "1", {"name": "X"})), agency("B", ("1", "2", "1", {"name": "Y"}))],
            "bộ chỉ số không giống nhau về tên tiêu chí: 1 (“X”: A; “Y”: B).",
        ),
        (
            [agency("A", percent="80.00"), ("thu-muc/a2", result(agency="A", percent="70.00"))],
            "A có 2 kết quả, mỗi kết quả chiếm một chỗ: hãy bỏ bớt.",
        ),
        (
            [agency("A", percent="80.00", previous_rank=3, ranked_units=17)],
            "năm trước xếp hạng 17 cơ quan, nay 1: số bậc tăng, giảm không so sánh ngang được.",
        ),
        (
            [agency("A", percent="80.0", places=1), agency("B", percent="70.00")],
            "các kế hoạch làm tròn khác nhau (1, 2 chữ số thập phân): xếp hạng theo số nhiều chữ số nhất.",
        ),
    ],
)
def test_what_is_unlike_is_named(results: list[tuple[str, Object]], words: str) -> None:
    assert [note["message"] for note in rank(results)["notes"]] == [words]


def test_a_name_to_exclude_that_nobody_bears_is_told() -> None:
    table = rank([agency("A", percent="80.00")], excluded=["Thanh tra"])
    assert kinds(table) == ["unknown_excluded"]


def test_an_index_that_its_criteria_do_not_give_is_told_and_holds() -> None:
    label, document = agency("A", ("1", "100", "80"))
    document["index"]["percent"] = document["index"]["percent_if_missing_full"] = "85.00"
    table = rank([(label, document)])
    assert (kinds(table), table["agencies"][0]["index"]["percent"]) == (["sums"], "85.00")


# --- over all groups ---

VALUES = st.sampled_from([None, "0", "0.3", "0.6", "0.8", "1.2"])
POINTS = st.sampled_from(["0", "10", "33.333", "60", MISSING, NOT_APPLICABLE])
GROUPS = st.lists(st.tuples(st.sampled_from("ABCDEFG"), VALUES, POINTS, st.sampled_from([None, 1, 3])), max_size=7)


def group(rows: list[tuple[str, str | None, str, int | None]]) -> list[tuple[str, Object]]:
    made = []
    for name, value, points, previous in rows:
        own = {**RELATIVE, "value": value, "target": "0.5", "leader": "0.9"}
        leaves = ("1.1", "40", MISSING if value is None else "5", own), ("1.2", "60", points)
        made.append(agency(name, *leaves, previous_rank=previous))
    return made


@settings(deadline=None)
@given(GROUPS, st.randoms(use_true_random=False))
def test_the_order_of_the_results_makes_no_difference(rows: Any, chance: random.Random) -> None:
    results = group(rows)
    shuffled = list(results)
    chance.shuffle(shuffled)
    before = copy.deepcopy(results)
    assert rank(shuffled, excluded=["C"], classes=CLASSES) == rank(results, excluded=["C"], classes=CLASSES)
    assert results == before


@settings(deadline=None)
@given(GROUPS)
def test_places_are_1_to_n_with_ties_skipping(rows: Any) -> None:
    table = rank(group(rows), excluded=["C"])
    ranked = [row for row in table["agencies"] if row["rank"] is not None]
    figures = [Decimal(row["index"]["percent"]) for row in ranked]
    assert figures == sorted(figures, reverse=True)
    for row, figure in zip(ranked, figures, strict=True):
        assert row["rank"] == figures.index(figure) + 1
        assert row["rank_best"] <= row["rank"] <= row["rank_worst"] <= len(ranked)
        assert row["tied"] == (figures.count(figure) > 1)
    assert all(row["excluded"] == (row["agency"] == "C") for row in table["agencies"])
    assert all("None" not in line for line in lines(table))


@settings(deadline=None)
@given(GROUPS)
def test_nobody_has_more_than_the_maximum(rows: Any) -> None:
    for row in rank(group(rows), excluded=["C"])["agencies"]:
        for item in row["relative"]:
            assert 0 <= Decimal(item["group_points"]) <= Decimal(item["max"])
        low, high = row["index"]["percent"], row["index"]["percent_if_missing_full"]
        assert low is None or 0 <= Decimal(low) <= Decimal(high) <= 100


# --- the examples ---


def test_the_example_among_others(year: Result, quarter: Result) -> None:
    better = copy.deepcopy(year.document)
    better["agency"] = "Sở Y tế"
    next(item for item in better["criteria"] if item["code"] == "7.3")["value"] = "20"
    table = rank([("nam", year.document), ("y-te", better)], classes=CLASSES)
    # 7.3: maximum 4, target 10. Its own 5 % stays below the target: ½·4·5/10 = 1; the leader's 20 % earns all 4.
    assert [(row["rank"], row["agency"], row["index"]["percent"]) for row in table["agencies"]] == [
        (1, "Sở Y tế", "77.12"),
        (2, "Sở Lao động – Thương binh và Xã hội", "74.12"),
    ]
    assert [row["relative"][0]["group_points"] for row in table["agencies"]] == ["4", "1"]
    alone = rank([("quy", quarter.document)])["agencies"][0]
    assert (alone["index"]["percent"], alone["index"]["percent_if_missing_full"]) == ("40.15", "89.64")
