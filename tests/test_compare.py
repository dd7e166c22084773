"""Two results compared: points, percentage points, percent, ranks, and what must not be compared."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_xl.ask.compare import changes, lines
from cchc_xl.ask.compare import compare as compared
from cchc_xl.result import Result
from cchc_xl.result.objects import Object
from cchc_xl.result.view import View, summed
from cchc_xl.text.numbers import change_text, plain, rank_text, rounded
from tests.results import Told, completed

MISSING, NOT_APPLICABLE = "thiếu", "không phát sinh"


def result(
    leaves: Iterable[tuple[Any, ...]] = (),
    *,
    agency: str = "Sở A",
    year: int = 2020,
    period: str = "",
    percent: str | None = None,
    **settings: Any,
) -> Object:
    """A minimal result: leaves are (code, max, points[, further keys]); groups are the codes above them.

    ``percent`` states the index where there are no leaves.
    """
    criteria: dict[str, Object] = {}
    for code, most, points, *more in leaves:
        parts = code.split(".")
        for depth in range(1, len(parts)):
            group = ".".join(parts[:depth])
            criteria.setdefault(group, criterion(group, None, None, status="group", method="tổng"))
        criteria[code] = criterion(code, most, points, **(more[0] if more else {}))
    for code in sorted(criteria, key=lambda name: -name.count(".")):
        below = [item for item in criteria.values() if item["parent"] == code]
        if below:
            known = [Decimal(item["final_points"]) for item in below if item["final_points"] is not None]
            criteria[code]["max"] = plain(sum(Decimal(item["max"]) for item in below))
            criteria[code]["applicable_max"] = plain(sum(Decimal(item["applicable_max"]) for item in below))
            criteria[code]["points"] = criteria[code]["final_points"] = plain(sum(known)) if known else None
    places = settings.get("places", 2)
    document: Object = {
        "agency": agency,
        "period": period or f"{year}-N",
        "period_name": f"Năm {year}",
        "period_start": f"{year - 1}-12-15",
        "period_end": f"{year}-12-14",
        "settings": {
            "year": year,
            "places": places,
            "previous_rank": None,
            "ranked_units": None,
            "missing_evidence": "cảnh báo",
            **settings,
        },
        "criteria": list(criteria.values()),
    }
    waiting = {code: Decimal(item["max"]) for code, item in criteria.items() if item["status"] == "missing"}
    view = View(completed(document))
    low, high = summed(view, {}).percent, summed(view, waiting).percent
    document["index"] = {
        "points": "0",
        "applicable_max": "100",
        "percent": percent if low is None else rounded(low, places),
        "percent_if_missing_full": percent if high is None else rounded(high, places),
        "complete": not waiting,
    }
    return document


def criterion(code: str, most: str | None, points: str | None, **more: Any) -> Object:
    """A criterion as in result.json; ``points`` may also say that it is missing or did not arise."""
    status = {MISSING: "missing", NOT_APPLICABLE: "not_applicable"}.get(points or "", "scored")
    amount = points if status == "scored" else None
    bands = [
        {"level": level, "form": "points", "amount": more.pop(name)}
        for name, level in (("target", "chỉ tiêu"), ("leader", "dẫn đầu"))
        if name in more
    ]
    return {
        "code": code,
        "name": f"Tiêu chí {code}",
        "max": most,
        "sound": True,
        "applicable_max": "0" if status == "not_applicable" else most,
        "points": amount,
        "final_points": amount,
        "appraised_points": None,
        "status": status,
        "method": "mức",
        "level": code.count(".") + 1,
        "parent": code.rpartition(".")[0] or None,
        "value": None,
        "rule": {"bands": bands, "evidence": ""},
        "reports": [],
        **more,
    }


def compare(before: Object, after: Object) -> Told:
    return Told(compared(completed(before), completed(after)))


def of(comparison: Object, code: str) -> Object:
    return next(item for item in comparison["criteria"] if item["code"] == code)


def text(before: Object, after: Object) -> str:
    return "\n".join(lines(compare(before, after).record))


# --- the two ways of saying "more" ---


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("74.92", "74.12", "giảm 0,8 điểm phần trăm (tương đương 1,07%)"),  # the seed's "giảm 0,8%"
        ("74.12", "74.92", "tăng 0,8 điểm phần trăm (tương đương 1,08%)"),
        ("74.12", "80", "tăng 5,88 điểm phần trăm (tương đương 7,93%)"),
        ("50", "75", "tăng 25 điểm phần trăm (tương đương 50%)"),
        ("0", "5", "tăng 5 điểm phần trăm"),
        ("74.12", "74.12", "không thay đổi"),
        ("74.120", "74.121", "tăng dưới 0,01 điểm phần trăm"),
        ("100", "0", "giảm 100 điểm phần trăm (tương đương 100%)"),
    ],
)
def test_a_change_of_a_percentage_in_words(before: str, after: str, words: str) -> None:
    gap, share = changes(Decimal(before), Decimal(after))
    assert change_text(gap or Decimal(0), share) == words


def test_the_seed_2020_against_2019() -> None:
    told = compare(result(year=2019, percent="74.92"), result(year=2020, percent="74.12"))
    assert told["index"]["difference_percentage_points"] == "-0.8"
    assert told["index"]["relative_change_percent"].startswith("-1.0678056593699946609")
    assert "Chỉ số: 74,92% → 74,12%: giảm 0,8 điểm phần trăm (tương đương 1,07%)" in lines(told.record)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (3, 5, "giảm 02 bậc"),
        (5, 4, "tăng 01 bậc"),
        (17, 17, "giữ nguyên"),
        (17, 2, "tăng 15 bậc"),
        (None, 4, None),
        (4, None, None),
    ],
)
def test_a_change_of_rank_in_words(before: int | None, after: int | None, words: str | None) -> None:
    assert rank_text(before, after) == words
    told = compare(result(year=2019, previous_rank=before), result(year=2020, previous_rank=after))
    assert told["rank"]["text"] == words


def test_one_rank_stated_twice_is_no_comparison() -> None:
    told = compare(result(previous_rank=17, period="2020-Q1"), result(previous_rank=17))
    assert told["rank"]["text"] is None


# --- criteria ---


@pytest.mark.parametrize(
    ("before", "after", "points", "percentage_points", "relative", "words"),
    [
        (("2", "1"), ("2", "1.5"), "0.5", "25", "50", "1/2 (50%) → 1,5/2 (75%): tăng 0,5 điểm"),
        (("2", "0"), ("2", "1"), "1", "50", None, "0/2 (0%) → 1/2 (50%): tăng 1 điểm"),
        (("2", "1"), ("4", "1"), "0", "-25", "-50", "(điểm tối đa đổi từ 2 thành 4)"),
        (("2", MISSING), ("2", "1"), None, None, None, "chưa có → 1/2 (50%)"),
        (("2", "1"), ("2", MISSING), None, None, None, "1/2 (50%) → chưa có"),
        (("2", "0"), ("2", MISSING), None, None, None, "0/2 (0%) → chưa có"),
        (("2", "0"), ("2", NOT_APPLICABLE), None, None, None, "0/2 (0%) → không phát sinh"),
        (("2", MISSING), ("2", NOT_APPLICABLE), None, None, None, "chưa có → không phát sinh"),
        (("2", "1"), ("2", "1"), "0", "0", "0", "Không thay đổi (1): 1.1"),
    ],
)
def test_a_criterion_on_both_sides(
    before: tuple[str, str],
    after: tuple[str, str],
    points: str | None,
    percentage_points: str | None,
    relative: str | None,
    words: str,
) -> None:
    first, second = result([("1.1", *before)], year=2019), result([("1.1", *after)])
    item = of(compare(first, second), "1.1")
    assert item["difference_points"] == points
    assert item["difference_percentage_points"] == percentage_points
    assert item["relative_change_percent"] == relative
    assert words in text(first, second)


def test_what_stands_in_one_result_only_is_counted_in_the_short_answer() -> None:
    told = compare(result([("1.1", "2", "1"), ("1.2", "2", "1")], year=2019), result([("1.1", "2", "1")])).record
    assert "Còn lại: không thay đổi 1, chỉ có ở một kết quả 1 tiêu chí." in lines(told, whole=False)


def test_what_did_not_arise_but_got_points_by_rule_is_not_compared() -> None:
    full = {"status": "not_applicable", "applicable_max": "2"}
    first, second = result([("1.1", "2", "1")], year=2019), result([("1.1", "2", "2", full)])
    assert of(compare(first, second), "1.1")["difference_points"] is None
    assert "1/2 (50%) → không phát sinh (tính 2/2)" in text(first, second)


def test_a_field_with_a_missing_leaf_is_an_interval() -> None:
    first = result([("1.1", "2", "1"), ("1.2", "3", "3")], year=2019)
    second = result([("1.1", "2", "2"), ("1.2", "3", MISSING)])
    field = compare(first, second)["fields"][0]
    assert (field["code"], field["difference_points"], field["difference_percentage_points"]) == ("1", None, None)
    assert (field["after"]["points"], field["after"]["points_if_missing_full"]) == ("2", "5")
    assert "1 Tiêu chí 1: 4/5 (80%) → tạm tính từ 2 đến 5/5" in text(first, second)


def test_what_did_not_arise_leaves_the_maximum_of_its_field() -> None:
    first = result([("1.1", "2", "1"), ("1.2", "2", "0")], year=2019)
    second = result([("1.1", "2", "1"), ("1.2", "2", NOT_APPLICABLE)])
    field = compare(first, second)["fields"][0]
    assert (field["difference_points"], field["difference_percentage_points"]) == ("0", "25")
    assert "1 Tiêu chí 1: 1/4 (25%) → 1/2 (50%): không thay đổi điểm, tăng 25 điểm phần trăm" in text(first, second)


def test_a_provisional_index_claims_no_single_difference() -> None:
    first = result([("1", "10", "8")], year=2019)
    second = result([("1", "10", "8"), ("2", "10", MISSING)])
    index = compare(first, second)["index"]
    assert (index["difference_percentage_points"], index["relative_change_percent"]) == (None, None)
    assert index["difference_interval"] == ["-40", "10"]  # 80 → 40 … 90
    assert "Chỉ số: 80% → tạm tính từ 40% đến 90%: chưa kết luận được" in text(first, second)


def test_two_provisional_indices_differ_by_an_interval() -> None:
    first = result([("1", "10", "5"), ("2", "10", MISSING)], year=2019)  # 25 … 75
    second = result([("1", "15", "12"), ("2", "5", MISSING)])  # 60 … 85
    assert compare(first, second)["index"]["difference_interval"] == ["-15", "60"]


def test_an_index_that_is_unknown_is_told_as_such() -> None:
    assert "Chỉ số: chưa có → 80%: chưa so sánh được" in text(result(), result([("1", "10", "8")]))


# --- criteria that only one side has ---

ARCHIVES, REPORTS = {"name": "Văn thư lưu trữ"}, {"name": "Chế độ báo cáo"}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        # the seed's own case: 1.8 in the body, 1.7 in the appendix
        (
            [("1.8", ARCHIVES)],
            [("1.7", ARCHIVES)],
            ["Cùng tên “Văn thư lưu trữ” nhưng khác mã (1.8 và 1.7): không so sánh điểm"],
        ),
        (
            [("1.7", REPORTS)],
            [("1.7", ARCHIVES)],
            ["Cùng mã 1.7 nhưng khác tên (“Chế độ báo cáo” và “Văn thư lưu trữ”): không so sánh điểm"],
        ),
        (
            [("1.7", REPORTS), ("1.8", ARCHIVES)],
            [("1.7", ARCHIVES)],
            [
                "Cùng tên “Văn thư lưu trữ” nhưng khác mã (1.8 và 1.7): không so sánh điểm",
                "Cùng mã 1.7 nhưng khác tên (“Chế độ báo cáo” và “Văn thư lưu trữ”): không so sánh điểm",
            ],
        ),
        ([("1.7", REPORTS)], [], ["Chỉ có ở kết quả trước: 1.7 – Chế độ báo cáo (tối đa 2 điểm)"]),
        ([], [("1.7", REPORTS)], ["Chỉ có ở kết quả sau: 1.7 – Chế độ báo cáo (tối đa 2 điểm)"]),
        # one name twice says nothing about which is which
        (
            [("1.2", REPORTS), ("1.3", REPORTS)],
            [("1.4", REPORTS)],
            [
                "Chỉ có ở kết quả trước: 1.2 – Chế độ báo cáo (tối đa 2 điểm)",
                "Chỉ có ở kết quả trước: 1.3 – Chế độ báo cáo (tối đa 2 điểm)",
                "Chỉ có ở kết quả sau: 1.4 – Chế độ báo cáo (tối đa 2 điểm)",
            ],
        ),
        # spelling, case and the place of the tone mark do not count
        ([("1.7", {"name": "Hiện đại hoá"})], [("1.7", {"name": "HIỆN ĐẠI HÓA"})], []),
    ],
)
def test_code_and_name_must_both_agree(before: list[Any], after: list[Any], told: list[str]) -> None:
    first, second = (
        result([("1.1", "3", "3"), *((code, "2", "1", dict(more)) for code, more in rows)]) for rows in (before, after)
    )
    made = compare(first, second)
    assert [line for line in lines(made.record) if line.startswith(("Cùng", "Chỉ có"))] == told
    same = {code for code, _ in before} & {code for code, _ in after} if not told else set()
    assert {item["code"] for item in made["criteria"]} == {"1", "1.1"} | same


# --- notes, not errors ---


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        (result(year=2019), result(year=2020), []),
        (result(agency="Sở B", year=2019), result(), ["agencies"]),
        (result(), result(), ["same_period"]),
        (result(year=2021), result(), ["order"]),
        (result(year=2019), {**result(period="2020-Q1"), "period_end": "2020-03-14"}, ["lengths"]),
    ],
)
def test_unlike_results_are_noted(before: Object, after: Object, kinds: list[str]) -> None:
    assert [note["kind"] for note in compare(before, after)["notes"]] == kinds


# --- over all results ---

POINTS = st.sampled_from(["0", "0.5", "1", "1.75", "2", MISSING, NOT_APPLICABLE])
TABLES = st.lists(POINTS, min_size=1, max_size=6).map(
    lambda rows: [(f"{number // 3 + 1}.{number % 3 + 1}", "2", points) for number, points in enumerate(rows)]
)


@given(TABLES, TABLES)
def test_swapping_the_sides_turns_every_sign(one: Any, other: Any) -> None:
    there, back = compare(result(one), result(other)), compare(result(other), result(one))
    for name in ("difference_points", "difference_percentage_points"):
        gaps = {item["code"]: item[name] for item in back["criteria"]}
        for item in there["criteria"]:
            assert (item[name] is None) == (gaps[item["code"]] is None)
            assert item[name] is None or Decimal(item[name]) == Decimal(gaps[item["code"]]).copy_negate()


@given(TABLES)
def test_nothing_changes_against_itself_and_unknown_is_never_0(rows: Any) -> None:
    made = compare(result(rows), result(rows))
    known = {code for code, _, points in rows if points not in {MISSING, NOT_APPLICABLE}}
    for item in made["criteria"]:
        assert item["difference_points"] in {"0", None}
        if item["level"] == 2:
            assert (item["difference_points"] == "0") == (item["code"] in known)
    assert all("None" not in line for line in lines(made.record))


# --- the examples ---


def test_the_two_examples(year: Result, quarter: Result) -> None:
    made = compare(year.document, quarter.document)
    told = "\n".join(lines(made.record))
    assert "Chỉ số: 74,12% → tạm tính từ 40,15% đến 89,64%: chưa kết luận được" in told
    assert "Xếp hạng: 15/17 (năm 2019) → 17/17 (năm 2020): giảm 02 bậc" in told  # the seed: "giảm 02 bậc"
    assert "1.6 Thực hiện các nhiệm vụ được UBND Tỉnh, Chủ tịch UBND Tỉnh giao: 1,75/2 (87,5%) → chưa có" in told
    assert "giảm 1,52 điểm, tăng 6 điểm phần trăm (tương đương 7,84%)" in told  # field 5: 12,25/16 → 10,7333/13
    assert (made["added"], made["removed"], made["changed"]) == ([], [], [])
    assert [note["kind"] for note in made["notes"]] == ["lengths"]


def test_comparing_and_ranking_load_no_office_library() -> None:
    code = (
        "import sys, cchc_xl.ask.compare, cchc_xl.ask.rank\n"
        "print(*sorted(set(sys.modules) & {'openpyxl', 'pandas', 'docx', 'xlsxwriter', 'cchc_xl.pipeline'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
