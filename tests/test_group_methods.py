"""How groups combine points and deductions: one table read by eye, the same in the library, the tree, the advice and Excel.

A child is ``points/maximum``: ``-1/-2`` is a deduction of 1 where 2 are the most. Instead of points stand ``?`` (nothing
reported) or what the plan does with "không phát sinh": ``loại`` (left out), ``tối đa``, ``không``. ``+1/2`` is a
``điểm cộng`` group of one leaf.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from contextlib import closing
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from cchc_xl.ask.advise import advise
from cchc_xl.ask.route import path_to
from cchc_xl.plan.methods import METHODS
from cchc_xl.records import (
    Criterion,
    Method,
    Scorecard,
)
from cchc_xl.result.advice import Advice
from cchc_xl.result.contents import Contents
from cchc_xl.result.view import View, summed
from cchc_xl.score.scorecard import score
from cchc_xl.text.numbers import EXACT
from tests import plans
from tests.conftest import WHOLE
from tests.in_memory import AT, AWAY, edition, entry, reported
from tests.office import convert
from tests.results import completed
from tests.unit_forms import consolidated, fill, form, issue_forms

D = Decimal
GROUP_METHODS = {rule.method for rule in METHODS.values() if rule.is_group}
Row = tuple[str, str, str, str]  # code, method, maximum, and of a leaf what was reported

# The group's method and maximum, its children, its points (None: unknown), its applicable maximum
CASES = [
    # points only
    ("tổng", "5", "2/2 1/3", "3", "5"),
    ("tổng", "4", "2/2 3/3", "4", "4"),
    ("tổng", "5", "2/2 loại/3", "2", "2"),
    ("tổng", "4", "2/2 loại/3", "2", "2"),  # 5 points for a maximum of 4: the point too many makes room first
    ("tổng", "4", "3/3 0.5/0.5 loại/0.5", "3.5", "3.5"),
    ("tổng", "4", "3/3 loại/2 loại/-2", "3", "3"),  # 1 of the 2 makes room; a deduction makes none
    ("tổng", "0.5", "0.25/0.25 loại/0.25 loại/-1", "0.25", "0.25"),
    ("tổng", "5", "2/2 tối đa/3", "5", "5"),
    ("tổng", "5", "2/2 không/3", "2", "5"),
    ("tổng", "5", "2/2 ?/3", "2", "5"),
    ("tổng", "5", "?/2 ?/3", None, "5"),
    ("tổng", "5", "loại/2 loại/3", None, "0"),
    ("tổng", "5", "2/2 3/3 +1/2", "6", "5"),
    ("tất cả", "3", "1/1 2/2", "3", "3"),
    ("tất cả", "3", "1/1 1/2", "0", "3"),
    ("tất cả", "3", "1/1 loại/2", "3", "3"),
    ("tất cả", "3", "loại/1 loại/2", None, "0"),
    ("tất cả", "3", "1/1 ?/2", "0", "3"),
    ("tất cả", "3", "1/1 0/0", "3", "3"),  # a child of maximum 0 has nothing to reach
    ("tất cả", "3", "1/1 2/2 +1/1", "4", "3"),
    ("tất cả", "3", "1/1 1/2 +1/1", "1", "3"),
    ("bất kỳ", "3", "0/1 2/2", "3", "3"),
    ("bất kỳ", "3", "0/1 1/2", "0", "3"),
    ("bất kỳ", "3", "0/1 loại/2", "0", "3"),
    ("bất kỳ", "3", "0/1 tối đa/2", "3", "3"),
    ("bất kỳ", "3", "0/1 0/0", "0", "3"),
    ("cao nhất", "3", "1/3 2/3", "2", "3"),
    ("cao nhất", "3", "1/3 5/5", "3", "3"),
    ("cao nhất", "3", "1/3 ?/3", "1", "3"),
    ("thấp nhất", "3", "1/3 2/3", "1", "3"),
    ("thấp nhất", "3", "loại/3 2/3", "2", "3"),
    ("thấp nhất", "3", "?/3 2/3", "0", "3"),
    ("thấp nhất", "3", "0/0 2/3", "2", "3"),
    ("trung bình", "10", "1/2 3/4", "6.25", "10"),
    ("trung bình", "10", "2/2 4/4", "10", "10"),
    ("trung bình", "10", "1/2 loại/4", "5", "10"),
    ("trung bình", "10", "1/2 tối đa/4", "7.5", "10"),
    ("trung bình", "10", "1/2 ?/4", "2.5", "10"),
    ("trung bình", "10", "1/2 0/0", "5", "10"),  # what is only followed has no share
    ("trung bình", "10", "loại/1 loại/2", None, "0"),
    ("trung bình", "10", "1/2 1/2 +1/2", "6", "10"),
    ("trung bình", "9", "1/3 2/3 0/3", "3", "9"),
    ("điểm cộng", "3", "1/2 1/2", "2", "0"),
    ("điểm cộng", "3", "2/2 2/2", "3", "0"),
    # deductions: nothing broken, some broken, all broken
    ("tổng", "-5", "0/-2 0/-3", "0", "-5"),
    ("tổng", "-5", "-1/-2 0/-3", "-1", "-5"),
    ("tổng", "-4", "-2/-2 -3/-3", "-4", "-4"),
    ("tổng", "-5", "-1/-2 loại/-3", "-1", "-2"),
    ("tổng", "-4", "-1/-2 loại/-3", "-1", "-2"),
    ("tổng", "-5", "-1/-2 tối đa/-3", "-1", "-5"),  # nothing arose, so nothing is deducted
    ("tổng", "-5", "-1/-2 không/-3", "-1", "-5"),
    ("tổng", "-5", "-1/-2 ?/-3", "-1", "-5"),
    ("tất cả", "-3", "0/-1 0/-2", "0", "-3"),
    ("tất cả", "-3", "-1/-1 0/-2", "0", "-3"),
    ("tất cả", "-3", "-1/-1 -1/-2", "0", "-3"),
    ("tất cả", "-3", "-1/-1 -2/-2", "-3", "-3"),
    ("tất cả", "-3", "-1/-1 loại/-2", "-3", "-3"),
    ("tất cả", "-3", "loại/-1 loại/-2", None, "0"),
    ("tất cả", "-3", "-1/-1 tối đa/-2", "0", "-3"),
    ("tất cả", "-3", "-1/-1 không/-2", "0", "-3"),
    ("tất cả", "-3", "-1/-1 ?/-2", "0", "-3"),
    ("tất cả", "-3", "?/-1 ?/-2", None, "-3"),
    ("tất cả", "-3", "-1/-1 0/0", "-3", "-3"),
    ("tất cả", "-3", "-1/-1 -2/-2 +1/1", "-2", "-3"),
    ("bất kỳ", "-3", "0/-1 0/-2", "0", "-3"),
    ("bất kỳ", "-3", "0/-1 -1/-2", "0", "-3"),
    ("bất kỳ", "-3", "0/-1 -2/-2", "-3", "-3"),
    ("bất kỳ", "-3", "0/-1 loại/-2", "0", "-3"),
    ("bất kỳ", "-3", "0/-1 tối đa/-2", "0", "-3"),
    ("bất kỳ", "-3", "?/-1 -2/-2", "-3", "-3"),
    ("cao nhất", "-3", "0/-3 0/-3", "0", "-3"),
    ("cao nhất", "-3", "-1/-3 -2/-3", "-1", "-3"),
    ("cao nhất", "-3", "-4/-4 -5/-5", "-3", "-3"),
    ("cao nhất", "-3", "-1/-3 loại/-3", "-1", "-3"),
    ("cao nhất", "-3", "-1/-3 không/-3", "0", "-3"),
    ("cao nhất", "-3", "-1/-3 ?/-3", "0", "-3"),
    ("cao nhất", "-3", "-1/-3 0/0", "-1", "-3"),
    ("thấp nhất", "-3", "0/-3 0/-3", "0", "-3"),
    ("thấp nhất", "-3", "0/-3 -2/-3", "-2", "-3"),
    ("thấp nhất", "-3", "-4/-4 0/-5", "-3", "-3"),
    ("thấp nhất", "-3", "-1/-3 ?/-3", "-1", "-3"),
    ("trung bình", "-6", "-1/-2 0/-3", "-1.5", "-6"),
    ("trung bình", "-6", "-2/-2 -3/-3", "-6", "-6"),
    ("điểm cộng", "-3", "0/-2 0/-2", "0", "0"),
    ("điểm cộng", "-3", "-2/-2 0/-2", "-2", "0"),
    ("điểm cộng", "-3", "-2/-2 -2/-2", "-3", "0"),
    ("điểm cộng", "-3", "-2/-2 loại/-2", "-2", "0"),
    ("điểm cộng", "-3", "-2/-2 +1/1", "-1", "0"),
    # both signs: a child is reached by its own sign, the group gives by its own
    ("tổng", "2", "3/3 -1/-1", "2", "2"),
    ("tổng", "2", "0/3 -1/-1", "-1", "2"),
    ("tổng", "4", "loại/6 -1/-2", "-1", "0"),
    ("tổng", "-3", "1/1 -2/-4", "-1", "-3"),
    ("tổng", "-3", "1/1 0/-4", "0", "-3"),
    ("tất cả", "3", "2/2 -2/-2", "3", "3"),  # the maxima cancel out, and the group still applies
    ("tất cả", "3", "2/2 0/-2", "0", "3"),
    ("tất cả", "-3", "2/2 -2/-2", "-3", "-3"),
    ("tất cả", "-3", "2/2 1/1", "-3", "-3"),
    ("tất cả", "-3", "2/2 0/1", "0", "-3"),
    ("trung bình", "4", "1/2 -1/-2", "2", "4"),
    ("bất kỳ", "3", "0/2 0/-2", "0", "3"),
    ("bất kỳ", "3", "0/2 -2/-2", "3", "3"),
    ("bất kỳ", "-3", "0/2 0/-2", "0", "-3"),
    ("bất kỳ", "-3", "2/2 0/-2", "-3", "-3"),
    ("cao nhất", "3", "2/3 -1/-3", "2", "3"),
    ("cao nhất", "-3", "2/3 -1/-3", "0", "-3"),
    ("thấp nhất", "3", "2/3 -1/-3", "0", "3"),
    ("thấp nhất", "-3", "2/3 -1/-3", "-1", "-3"),
    ("điểm cộng", "2", "2/2 -3/-3", "0", "0"),
    ("điểm cộng", "-2", "2/2 -3/-3", "-1", "0"),
    ("điểm cộng", "-2", "2/2 0/-3", "0", "0"),
]


def test_every_group_method_stands_in_the_table_with_both_signs() -> None:
    assert {(method, maximum[0] == "-") for method, maximum, *_ in CASES} == {
        (method.value, negative) for method in GROUP_METHODS for negative in (False, True)
    }


def case_rows(code: str, method: str, maximum: str, children: str) -> list[Row]:
    rows = [(code, method, maximum, "")]
    for number, child in enumerate(children.split(" "), start=1):
        told, limit = child.removeprefix("+").split("/")
        if child[0] == "+":
            rows.append((f"{code}.{number}", "điểm cộng", limit, ""))
            rows.append((f"{code}.{number}.1", "chấm tay", limit, told))
        else:
            rows.append((f"{code}.{number}", "chấm tay", limit, told))
    return rows


def whole(cases: Sequence[tuple[str, ...]]) -> list[Row]:
    """A criterion of 100 points that has 80, and every case under one bonus row, so that maxima may be negative."""
    rows: list[Row] = [("1", "chấm tay", "100", "80"), ("2", "điểm cộng", "1000", "")]
    for number, case in enumerate(cases, start=1):
        rows += case_rows(f"2.{number}", *case[:3])
    return rows


# The children's words with a blank in them are one word here.
TABLE = [(method, limit, children.replace("tối đa", "max"), *rest) for method, limit, children, *rest in CASES]
POLICY = {"loại": "loại", "max": "điểm tối đa", "không": "0 điểm"}


# --- in memory ---


def scored(rows: Sequence[Row]) -> tuple[Any, Scorecard]:
    """The edition and its scores."""
    criteria = tuple(
        Criterion(code, code, D(limit), Method(method), AT, not_applicable=POLICY.get(told, ""))
        for code, method, limit, told in rows
    )
    made = edition(criteria, {code: "A" for code, *_ in rows if "." not in code})
    words = {"?": "", **dict.fromkeys(POLICY, AWAY)}
    return made, score(
        made, reported(made, (entry(code, "A", words.get(told, told)) for code, _, _, told in rows if told))
    )


def document(card: Scorecard) -> Contents:
    """What of a result the tree reads."""
    return completed(
        {
            "criteria": [
                {
                    "code": item.node.criterion.code,
                    "parent": item.node.parent,
                    "level": item.node.level,
                    "method": item.node.criterion.method,
                    "max": str(item.node.max_score),
                    "sound": item.node.sound,
                    "applicable_max": str(item.applicable_max),
                    "final_points": None if item.final_points is None else str(item.final_points),
                }
                for item in card.scores
            ]
        }
    )


def number(text: str | None) -> Decimal | None:
    return None if text is None else D(text)


@pytest.mark.parametrize("case", TABLE, ids=lambda case: " ".join(map(str, case)))
def test_a_group_by_eye_in_the_library_and_the_tree(case: tuple[str, ...]) -> None:
    _, card = scored(whole([case]))
    group = next(item for item in card.scores if item.node.criterion.code == "2.1")
    assert (group.final_points, group.applicable_max) == (number(case[3]), D(case[4]))
    assert summed(View(document(card)), {}).points["2.1"] == (group.final_points or 0)


def test_a_deduction_anywhere_is_no_part_of_the_maximum() -> None:
    """6 - 2 - 1 of the maximum 10 + 5: neither the field of -3 nor the leaf of -2 in a field is part of the 15."""
    rows = [
        ("1", "tổng", "10", ""),
        *(("1.1", "chấm tay", "10", "6"), ("1.2", "chấm tay", "-2", "-2")),
        ("2", "tất cả", "-3", ""),
        *(("2.1", "chấm tay", "-1", "-1"), ("2.2", "chấm tay", "-1", "0")),
        *(("3", "chấm tay", "-1", "-1"), ("4", "chấm tay", "5", "?"), ("5", "chấm tay", "-4", "?")),
    ]
    _, card = scored(rows)
    index = card.index
    assert (index.points, index.applicable_max, index.percent) == (D(3), D(15), D(20))
    assert round(index.percent_if_missing_full or 0, 6) == round(
        D(8) * 100 / D(15), 6
    )  # a deduction that waits counts 0
    assert summed(View(document(card)), {}).percent == index.percent


@pytest.mark.parametrize("method", ["tất cả", "bất kỳ", "cao nhất", "thấp nhất", "tổng"])
@pytest.mark.parametrize(("broken", "percent"), [("0/-1 0/-2", 80), ("-1/-1 -2/-2", None)])
def test_the_index_of_a_deduction_group(method: str, broken: str, percent: int | None) -> None:
    """With nothing broken the index is 80; with all broken the group takes what it takes from it."""
    rows = [("1", "chấm tay", "100", "80"), ("2", "điểm cộng", "-3", ""), *case_rows("2.1", method, "-3", broken)]
    _, card = scored(rows)
    taken = {"cao nhất": 1, "thấp nhất": 2}.get(method, 3)
    assert card.index.percent == (80 - taken if percent is None else percent)
    assert summed(View(document(card)), {}).percent == card.index.percent


# --- in Excel ---


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """The result of all cases in one workbook, and the rows of ``Chấm điểm`` as LibreOffice calculates them."""
    folder = tmp_path_factory.mktemp("nhom")
    rows = whole(TABLE)
    criteria = "\n".join(
        f"| {code} | {code} | {limit.replace('.', ',')} | {method} | {POLICY.get(told, '')} |"
        for code, method, limit, told in rows
    )
    plan = plans.save(
        folder / "plan.xlsx",
        {
            "Đơn vị": "| Mã | Tên đơn vị | Nhóm | Phải báo cáo |\n| A | Phòng A | Phòng | x |",
            "Phụ lục": "| TT | NỘI DUNG | ĐƠN VỊ THỰC HIỆN |\n| 1 | 1 | Phòng A |\n| 2 | 2 | Phòng A |",
            "Bộ chỉ số": f"| Mã | Tiêu chí | Điểm tối đa | Cách chấm | Không phát sinh |\n{criteria}",
            "Thang điểm": "| Mã | Mức | Điểm |",
            "Số liệu": "| Mã | Tên số liệu |",
            "Ràng buộc": "| Mã | Biểu thức |",
        },
    )
    forms = issue_forms(plan, folder / "don-vi", "2021-N")
    typed: dict[str, dict[str, Any]] = {}
    for code, _, _, told in rows:
        if told in POLICY:
            typed[code] = {"Mức đạt": AWAY}
        elif told not in ("", "?"):
            typed[code] = {"Điểm tự chấm": float(told)}
    fill(form(forms, "A", "2021-N"), rows=typed, saved="2021-12-16T02:00:00Z")
    document, path = consolidated(plan, forms, "2021-N")
    with closing(load_workbook(convert(path, "xlsx", folder / "lo"), data_only=True, read_only=True)) as book:
        rows = book["Chấm điểm"].iter_rows(min_row=2, values_only=True)
        return document, {str(row[0]): row for row in rows if row[0]}


def test_every_case_is_the_same_in_excel(recalculated: tuple[dict[str, Any], dict[str, Any]]) -> None:
    _, shown = recalculated
    wrong = []
    for place, case in enumerate(TABLE, start=1):
        points, applicable = shown[f"2.{place}"][3:5]
        same = points in (None, "") if case[3] is None else _close(points, case[3])
        if not same or not _close(applicable, case[4]):
            wrong.append((*case, points, applicable))
    assert wrong == []


def test_every_row_and_the_index_are_those_of_the_result(recalculated: tuple[dict[str, Any], dict[str, Any]]) -> None:
    made, shown = recalculated
    wrong = [
        (item["code"], item["final_points"], shown[item["code"]][3])
        for item in made["criteria"]
        if not (
            shown[item["code"]][3] in (None, "")
            if item["final_points"] is None
            else _close(shown[item["code"]][3], item["final_points"])
        )
    ]
    assert wrong == []
    assert abs(D(repr(shown["Chỉ số (%)"][3])) - D(made["index"]["percent"])) <= D("0.005000001")


def _close(shown: object, exact: str) -> bool:
    return isinstance(shown, int | float) and abs(D(repr(shown)) - D(exact)) < D("1e-9")


# --- every tree ---


@st.composite
def trees(draw: st.DrawFn) -> list[Row]:
    """A criterion of 10 and a bonus row with up to three groups of either sign, groups in them, at most 8 leaves."""
    methods = st.sampled_from(sorted(GROUP_METHODS))
    limits = st.integers(-4, 4).map(str)
    rows: list[Row] = [("1", "chấm tay", "10", str(draw(st.integers(0, 10)))), ("2", "điểm cộng", "60", "")]

    def child(code: str, *, deep: bool) -> None:
        if deep and draw(st.integers(0, 3)) == 0:
            rows.append((code, draw(methods), draw(limits), ""))
            for place in range(1, draw(st.integers(2, 3))):
                child(f"{code}.{place}", deep=False)
            return
        limit = int(draw(limits))
        told = draw(st.sampled_from(("?", *POLICY)) | st.integers(min(limit, 0), max(limit, 0)).map(str))
        rows.append((code, "chấm tay", str(limit), told))

    for place in range(1, draw(st.integers(2, 4))):
        rows.append((f"2.{place}", draw(methods), draw(limits), ""))
        for number_ in range(1, draw(st.integers(2, 3))):
            child(f"2.{place}.{number_}", deep=True)
    return rows


@settings(max_examples=300 if WHOLE else 150)
@given(rows=trees())
def test_library_and_tree_agree_on_every_tree(rows: list[Row]) -> None:
    _, card = scored(rows)
    again = summed(View(document(card)), {})
    assert again.points == {item.node.criterion.code: item.final_points or 0 for item in card.scores}
    assert again.percent == card.index.percent


@settings(max_examples=300 if WHOLE else 100)
@given(rows=trees(), data=st.data())
def test_what_is_summed_again_is_what_the_whole_tree_gives(rows: list[Row], data: st.DataObject) -> None:
    view = View(document(scored(rows)[1]))
    leaves = [item for item in view.by_code.values() if not view.children[item.code]]
    given_ = {one.code: (one.final_points or D(0)) if one.applicable_max else None for one in leaves}
    open_ = sorted(code for code, points in given_.items() if points is not None)
    codes = data.draw(st.sets(st.sampled_from(open_)))
    other = {code: D(data.draw(st.integers(-4, 10))) for code in sorted(codes)}
    with localcontext(EXACT):
        whole = view.tree.sums({**given_, **other}).least
        assert {**view.least, **view.tree.again(view.least, other)} == whole


@settings(max_examples=300 if WHOLE else 150)
@given(rows=trees())
def test_no_advice_lowers_the_index_and_no_shorter_list_reaches(rows: list[Row]) -> None:
    """Neither a deduction is earned for its points, nor points for the deduction above them; routes are the shortest."""
    made, card = scored(rows)
    stored = document(card)
    known: dict[str, Advice] = {item.code: item for item in advise(made, card, (), stored)}
    open_ = {code: item.full for code, item in known.items() if item.is_open}

    def percent(codes: Sequence[str]) -> Decimal:
        return summed(View(stored), {code: open_[code] for code in codes}).percent or D(0)

    now = percent(())
    assert all(percent((code,)) >= now for code in open_)
    best = [max(percent(some) for some in itertools.combinations(open_, size)) for size in range(len(open_) + 1)]
    assert percent(tuple(open_)) == best[-1] == max(best)
    for target in sorted({*best}):
        found = path_to(stored, tuple(known.values()), target)
        if target <= now:
            assert found.status == "reached"
            continue
        assert found.status == "path"
        chosen = [stop.code for stop in found.stops]
        assert percent(chosen) == best[len(chosen)] >= target
        assert all(index < target for index in best[: len(chosen)])


@pytest.mark.parametrize(
    ("method", "maximum", "children", "gains"),
    [
        ("tất cả", "-3", "-1/-1 -2/-2", "1 2"),  # each deduction taken back is a gain of its own rule
        ("bất kỳ", "-3", "0/-1 0/-2", "0 0"),
        ("tất cả", "-3", "0/1 0/2", "0 0"),  # points that would bring the deduction are no gain
        ("bất kỳ", "3", "0/-1 -1/-2", "0 0"),  # nor are deductions taken back that the points rest on
        ("tất cả", "3", "0/1 1/2", "1 1"),
        ("thấp nhất", "-3", "0/2 -1/-2", "2 1"),
    ],
)
def test_what_is_a_gain(method: str, maximum: str, children: str, gains: str) -> None:
    made, card = scored(whole([(method, maximum, children)]))
    leaves = [item for item in advise(made, card, (), document(card)) if item.code.startswith("2.1.")]
    assert [str(item.leaf_gain) for item in leaves] == gains.split(" ")
    assert [item.code for item in leaves if item.next and not item.gain] == []
