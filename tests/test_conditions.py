"""Conditions and roundings of the tree: a table read by eye, the same in the scores and in the tree summed again.

A row is ``code method maximum given`` and what it asks: ``?1.1`` that 1.1 has points, ``=1.1`` that it has its maximum,
``~2`` that its points are rounded to two decimals. ``given`` is what its unit reports (``?``: nothing; ``loại``, ``max``,
``không``: what the plan does with "không phát sinh"), behind ``@`` what was appraised.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from cchc_xl.plan.tree import Branch, CriteriaTree
from cchc_xl.records import (
    Condition,
    Criterion,
    Method,
    Score,
    Scorecard,
    Settings,
)
from cchc_xl.result.objects import to_object
from cchc_xl.result.result_file import _criterion as stored
from cchc_xl.result.result_file import _Sent
from cchc_xl.result.view import View, summed
from cchc_xl.score.appraisal import inputs_fingerprint
from cchc_xl.score.scorecard import score
from tests import plans
from tests.in_memory import AT, AWAY, edition, entry, reported
from tests.office import convert
from tests.results import completed
from tests.unit_forms import consolidated, fill, form, issue_forms

D = Decimal
POLICY = {"loại": "loại", "max": "điểm tối đa", "không": "0 điểm"}


def criterion(code: str, method: str, maximum: str, given: str, *asks: str) -> Criterion:
    made = Criterion(code, f"Tên {code}", D(maximum), Method(method), AT, not_applicable=POLICY.get(given, ""))
    for ask in asks:
        if ask[0] == "~":
            made = replace(made, places=int(ask[1:]))
        else:
            made = replace(made, condition=Condition(ask[1:], full=ask[0] == "="))
    return made


def written(given: str) -> str:
    return AWAY if given in POLICY else given.replace("?", "")


def cells(text: str) -> list[list[str]]:
    return [[cell.replace("_", " ") for cell in row.split()] for row in text.split(";")]


def scored(text: str, settings: Settings = Settings()) -> Scorecard:  # noqa: B008 - frozen
    told = cells(text)
    criteria = [
        criterion(code, method, limit, given.partition("@")[0], *asks) for code, method, limit, given, *asks in told
    ]
    made = edition(criteria, {item.code: "A" for item in criteria if "." not in item.code}, settings=settings)
    entries = [entry(code, "A", written(given.partition("@")[0])) for code, _, _, given, *_ in told if given != "-"]
    appraised = {code: D(given.partition("@")[2]) for code, _, _, given, *_ in told if "@" in given}
    return score(made, reported(made, entries), appraised)


def by_code(card: Scorecard) -> dict[str, Score]:
    return {item.node.criterion.code: item for item in card.scores}


def view_of(card: Scorecard) -> View:
    nothing = _Sent({}, {})
    return View(completed({"criteria": [to_object(stored(item, nothing, {})) for item in card.scores]}))


CASES = [
    # rows; points by code ("" none); percent
    ("1 chấm_tay 4 1; 2 chấm_tay 6 6 ?1", "1:1 2:6", "70"),
    ("1 chấm_tay 4 0; 2 chấm_tay 6 6 ?1", "1:0 2:0", "0"),
    ("1 chấm_tay 4 1; 2 chấm_tay 6 6 =1", "1:1 2:0", "10"),
    ("1 chấm_tay 4 4; 2 chấm_tay 6 6 =1", "1:4 2:6", "100"),
    ("2 chấm_tay 6 6 ?9; 9 chấm_tay 4 0", "2:0 9:0", "0"),  # asked before it is told
    # a chain of three: what is held back holds back the next
    ("1 chấm_tay 2 0; 2 chấm_tay 3 3 ?1; 3 chấm_tay 5 5 ?2", "1:0 2:0 3:0", "0"),
    ("3 chấm_tay 5 5 ?2; 2 chấm_tay 3 3 ?1; 1 chấm_tay 2 2", "1:2 2:3 3:5", "100"),
    # appraised: the final points of the other count; under a condition that is not met the appraiser's do not
    ("1 chấm_tay 4 4@0; 2 chấm_tay 6 6 ?1", "1:0 2:0", "0"),
    ("1 chấm_tay 4 0@2; 2 chấm_tay 6 6 ?1", "1:2 2:6", "80"),
    ("1 chấm_tay 4 0; 2 chấm_tay 6 6@5 ?1", "1:0 2:0", "0"),
    # missing: nobody knows yet; but what would be 0 anyway is 0
    ("1 chấm_tay 4 ?; 2 chấm_tay 6 6 ?1", "1: 2:", "0"),
    ("1 chấm_tay 4 0; 2 chấm_tay 6 ? ?1", "1:0 2:0", "0"),
    ("1 chấm_tay 4 ?; 2 chấm_tay 3 3 ?1; 3 chấm_tay 3 3 ?2", "1: 2: 3:", "0"),
    # not applicable: asks nothing of anybody; where it has points by its policy, those count
    ("1 chấm_tay 4 loại; 2 chấm_tay 6 6 ?1", "1: 2:6", "100"),
    ("1 chấm_tay 4 max; 2 chấm_tay 6 6 =1", "1:4 2:6", "100"),
    ("1 chấm_tay 4 không; 2 chấm_tay 6 6 ?1", "1:0 2:0", "0"),
    ("1 chấm_tay 4 0; 2 chấm_tay 6 loại ?1", "1:0 2:", "0"),
    # groups, on both sides
    ("1 tổng 4 -; 1.1 chấm_tay 2 2; 1.2 chấm_tay 2 0; 2 chấm_tay 6 6 =1", "1:2 2:0", "20"),
    (
        "1 tổng 4 -; 1.1 chấm_tay 2 2; 1.2 chấm_tay 2 loại; 2 chấm_tay 8 8 =1",
        "1:2 2:8",
        "100",
    ),  # its applicable maximum
    ("1 tổng 4 -; 1.1 chấm_tay 2 2; 1.2 chấm_tay 2 ?; 2 chấm_tay 6 6 ?1", "1:2 2:6", "80"),  # has points already
    ("1 tổng 4 -; 1.1 chấm_tay 2 2; 1.2 chấm_tay 2 ?; 2 chấm_tay 6 6 =1", "1:2 2:", "20"),
    ("1 chấm_tay 4 0; 2 tổng 6 - ?1; 2.1 chấm_tay 6 6", "1:0 2:0 2.1:6", "0"),
    ("1 chấm_tay 4 ?; 2 tổng 6 - ?1; 2.1 chấm_tay 6 6", "1: 2: 2.1:6", "0"),
    ("1 chấm_tay 4 0; 2 tổng 6 - ?1; 2.1 chấm_tay 6 ?", "1:0 2:0 2.1:", "0"),
    ("1 điểm_cộng 4 -; 1.1 chấm_tay 4 3; 2 chấm_tay 10 10 ?1", "1:3 2:10", "130"),
    ("1 điểm_cộng 4 -; 1.1 chấm_tay 4 0; 2 chấm_tay 10 10 ?1", "1:0 2:0", "0"),
    # rounding: half-up, before the sum, of a deduction away from 0, and of an appraiser's points
    ("1 chấm_tay 10 1.005 ~2; 2 chấm_tay 90 1.004 ~2", "1:1.01 2:1", "2.01"),
    ("1 chấm_tay 100 2.5 ~0; 2 điểm_cộng -9 -; 2.1 chấm_tay -9 -2.5 ~0", "1:3 2:-3", "0"),
    ("1 chấm_tay 100 0@1.25 ~1", "1:1.3", "1.3"),
    ("1 chấm_tay 4 0.04 ~1; 2 chấm_tay 6 6 ?1", "1:0 2:0", "0"),  # rounded to nothing is nothing
]


@pytest.mark.parametrize(("rows", "points", "percent"), CASES)
def test_a_tree_by_eye_in_the_scores_and_summed_again(rows: str, points: str, percent: str) -> None:
    card = scored(rows)
    found = by_code(card)
    for pair in points.split():
        code, given = pair.split(":")
        assert found[code].final_points == (D(given) if given else None), code
    assert card.index.percent == D(percent)
    view = view_of(card)
    again = summed(view, {})
    assert again.points == {code: item.final_points or 0 for code, item in found.items()}
    assert again.percent == card.index.percent
    assert view.unmet == {code for code, item in found.items() if item.held == "unmet"}


def test_every_case_is_the_same_in_excel(tmp_path: Path) -> None:
    """All cases but the appraised in one workbook, each below a group of its own, as LibreOffice calculates them."""
    rows: list[list[str]] = []
    for number, (text, *_) in enumerate(case for case in CASES if "@" not in case[0]):
        rows.append([str(number), "tổng", "", "-"])
        for code, method, maximum, given, *asks in cells(text):
            below = [ask if ask[0] == "~" else f"{ask[0]}{number}.{ask[1:]}" for ask in asks]
            rows.append([f"{number}.{code}", method, maximum, given, *below])
    plan = plans.save(tmp_path / "plan.xlsx", sheets(rows))
    forms = issue_forms(plan, tmp_path / "don-vi", "2021-N")
    typed: dict[str, dict[str, Any]] = {
        code: {"Mức đạt": "không phát sinh"} if given in POLICY else {"Điểm tự chấm": float(given)}
        for code, _, _, given, *_ in rows
        if given not in {"-", "?"}
    }
    fill(form(forms, "A", "2021-N"), rows=typed, saved="2021-12-16T02:00:00Z")
    document, path = consolidated(plan, forms, "2021-N")
    with closing(load_workbook(convert(path, "xlsx", tmp_path / "lo"), data_only=True, read_only=True)) as book:
        found = book["Chấm điểm"].iter_rows(min_row=2, values_only=True)
        shown = {str(row[0]): (row[3], row[4]) for row in found if row[0]}
    wrong = []
    for item in document["criteria"]:
        points, applicable = shown[item["code"]]
        expected = item["final_points"]
        points = None if points == "" else points
        same = points is expected is None or (None not in {points, expected} and abs(points - float(expected)) < 1e-9)
        if not same or abs(applicable - float(item["applicable_max"])) > 1e-9:
            wrong.append((item["code"], item["method"], expected, points, item["applicable_max"], applicable))
    assert wrong == []
    finals = {item["code"]: item["final_points"] for item in document["criteria"]}
    for number, (_, points, _) in enumerate(case for case in CASES if "@" not in case[0]):
        for code, given in (pair.split(":") for pair in points.split()):
            assert (finals[f"{number}.{code}"] or "") == given, (number, code)


def sheets(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    criteria = []
    for code, method, maximum, given, *asks in rows:
        condition = next((f"t:{ask[1:]}{' = tối đa' * (ask[0] == '=')}" for ask in asks if ask[0] != "~"), "")
        places = next((ask[1:] for ask in asks if ask[0] == "~"), "")
        cells = (code, code, maximum.replace(".", ","), method, POLICY.get(given, ""), condition, places)
        criteria.append(f"| {' | '.join(cells)} |")
    tops = "\n".join(f"| {code} | {code} | Phòng A |" for code, *_ in rows if "." not in code)
    heading = "| Mã | Tiêu chí | Điểm tối đa | Cách chấm | Không phát sinh | Điều kiện | Làm tròn |\n"
    return {
        "Đơn vị": "| Mã | Tên đơn vị | Nhóm | Phải báo cáo |\n| A | Phòng A | Phòng | x |",
        "Phụ lục": f"| TT | NỘI DUNG | ĐƠN VỊ THỰC HIỆN |\n{tops}",
        "Bộ chỉ số": heading + "\n".join(criteria),
        "Thang điểm": "| Mã | Mức | Điểm |",
        "Số liệu": "| Mã | Tên số liệu |",
        "Ràng buộc": "| Mã | Biểu thức |",
    }


def test_what_is_held_back_comes_back_with_what_it_waits_for() -> None:
    """Advice sums the tree again: 1 gets points, so 2 has its own again, and 3 has by rule what it has."""
    view = view_of(scored("1 chấm_tay 4 0; 2 chấm_tay 6 5@4 ?1; 3 chấm_tay 10 1.26 ?2 ~1"))
    assert summed(view, {}).percent == 0
    assert summed(view, {"1": D(1)}).points == {"1": D(1), "2": D(4), "3": D("1.3")}


def test_the_interval_knows_what_may_be_met_yet() -> None:
    card = scored("1 chấm_tay 4 ?; 2 chấm_tay 6 3 ?1")
    assert (card.index.percent, card.index.percent_if_missing_full, card.index.complete) == (0, 70, False)
    card = scored("1 chấm_tay 4 0; 2 chấm_tay 6 ? ?1")
    assert (card.index.percent, card.index.percent_if_missing_full, card.index.complete) == (0, 0, True)


@pytest.mark.parametrize(
    ("rows", "status", "told"),
    [
        (
            "1 chấm_tay 4 0; 2 chấm_tay 6 6 ?1",
            "scored",
            "; điều kiện là “Tên 1” (1) có điểm, mà tiêu chí đó được 0 điểm → 0 điểm",
        ),
        ("1 chấm_tay 4 1; 2 chấm_tay 6 6@5.5 =1", "scored", "được 1 điểm → 0 điểm (điểm thẩm định 5,5 không tính)"),
        ("1 chấm_tay 4 ?; 2 chấm_tay 6 6 ?1", "missing", "tiêu chí đó chưa đủ điểm để biết nên chưa có điểm"),
        ("1 chấm_tay 4 0; 2 chấm_tay 6 ? ?1", "scored", "→ 0 điểm"),
        ("2 chấm_tay 6 1.255 ~2", "scored", "; làm tròn đến 2 chữ số thập phân → 1,26 điểm"),
        ("2 chấm_tay 6 1@1.255 ~2", "scored", "; làm tròn đến 2 chữ số thập phân (điểm thẩm định 1,255) → 1,26 điểm"),
        ("2 chấm_tay 6 1.25 ~2", "scored", "tự chấm 1,25 điểm"),
    ],
)
def test_the_basis_says_why(rows: str, status: str, told: str) -> None:
    found = by_code(scored(rows))["2"]
    assert found.status == status
    assert found.basis.endswith(told)


def test_the_appraisers_points_stay_in_sight() -> None:
    found = by_code(scored("1 chấm_tay 4 0; 2 chấm_tay 6 6@5 ?1"))["2"]
    assert (found.appraised_points, found.bare_points, found.points, found.final_points) == (5, 6, 0, 0)


def test_an_appraisal_elsewhere_is_no_change_of_what_was_appraised() -> None:
    """Points taken from 1 hold 2 back; whoever appraised 2 looked at the same as before."""
    before, after = (
        by_code(scored("1 chấm_tay 4 4; 2 chấm_tay 6 6@5 ?1")),
        by_code(scored("1 chấm_tay 4 4@0; 2 chấm_tay 6 6@5 ?1")),
    )
    assert (before["2"].final_points, after["2"].final_points) == (5, 0)
    assert inputs_fingerprint(before["2"], ()) == inputs_fingerprint(after["2"], ())


def test_the_setting_rounds_every_leaf_that_says_nothing_itself() -> None:
    card = by_code(scored("1 tổng 9 -; 1.1 chấm_tay 4 1.26; 1.2 chấm_tay 5 1.26 ~2", Settings(criterion_places=1)))
    assert {code: item.final_points for code, item in card.items()} == {
        "1.1": D("1.3"),
        "1.2": D("1.26"),
        "1": D("2.56"),
    }


def test_a_long_chain_and_a_circle_end() -> None:
    ten = D(10)

    def asks(code: int, other: int) -> Branch:
        return Branch(str(code), (), None, ten, ten, condition=Condition(str(other)))

    chain = CriteriaTree([asks(code, code + 1) for code in range(3000)])
    given = {str(code): ten for code in range(3000)}
    assert chain.circles == []
    assert chain.sums({**given, "2999": D(0)}).points("0") == 0
    assert chain.sums(given).points("0") == 10
    turning = CriteriaTree([asks(1, 2), asks(2, 1), asks(3, 3)])
    assert sorted(map(sorted, map(set, turning.circles))) == [["1", "2"], ["3"]]
    assert turning.sums({"1": ten, "2": D(0), "3": ten}).points("1") == 10
