"""Last year's index and points from its result, where the plan leaves them empty; no other agency's, no other set's."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

import cchc_xl
from cchc_xl.pipeline import CannotRunError, assess
from cchc_xl.records import Plan
from cchc_xl.result.contents import Contents

ROOT = Path(__file__).parents[1]
FORMS = ROOT / "examples" / "2021-quy-1" / "don-vi"


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The plan of 2021 without what last year was."""
    found = cchc_xl.load_plan(ROOT / "examples" / "2021-quy-1" / "ke-hoach.xlsx")
    empty = tuple(replace(item, previous_points=None) for item in found.criteria)
    return replace(found, settings=replace(found.settings, previous_index=None), criteria=empty)


@pytest.fixture(scope="module")
def year() -> Contents:
    """The result of 2020: 74,12%, criterion 1.6 with 1,75 points."""
    folder = ROOT / "examples" / "2020-ca-nam"
    return assess(folder / "ke-hoach.xlsx", folder / "don-vi", period="2020-N").contents()


def told(contents: Contents) -> tuple[Decimal | None, Decimal | None]:
    """Last year's index, and last year's points of 1.6."""
    return contents.index.previous, {item.code: item.previous_points for item in contents.criteria}["1.6"]


def with_index(plan: Plan) -> Plan:
    return replace(plan, settings=replace(plan.settings, previous_index=Decimal("70.5")))


def with_points(plan: Plan) -> Plan:
    return replace(plan, criteria=tuple(replace(item, previous_points=Decimal(1)) for item in plan.criteria))


def renamed(plan: Plan) -> Plan:
    """1.6 is another criterion now."""
    return replace(
        plan,
        criteria=tuple(replace(item, name="Mới") if item.code == "1.6" else item for item in plan.criteria),
    )


def provisional(year: Contents) -> Contents:
    return replace(year, index=replace(year.index, complete=False))


def the_year_before(year: Contents) -> Contents:
    back = {
        name: getattr(year, name).replace(year=getattr(year, name).year - 1) for name in ("period_start", "period_end")
    }
    return replace(year, **back)


# What differs, the plan, the result given for last year, and last year's index and points of 1.6 then.
FILLED: list[tuple[str, Callable[[Plan], Plan], Callable[[Contents], Contents], str | None, str | None]] = [
    ("both empty", lambda plan: plan, lambda year: year, "74.12", "1.75"),
    ("the plan's index stays", with_index, lambda year: year, "70.5", "1.75"),
    ("the plan's points stay", with_points, lambda year: year, "74.12", "1"),
    ("another criterion of this code", renamed, lambda year: year, "74.12", None),
    ("an index that was provisional is none", lambda plan: plan, provisional, None, "1.75"),
    ("two years ago is not last year", lambda plan: plan, the_year_before, None, None),
]


@pytest.mark.parametrize(
    ("plans", "results", "index", "points"), [row[1:] for row in FILLED], ids=[row[0] for row in FILLED]
)
def test_last_year_is_filled_in_where_the_plan_is_empty(
    plan: Plan,
    year: Contents,
    plans: Callable[[Plan], Plan],
    results: Callable[[Contents], Contents],
    index: str | None,
    points: str | None,
    tmp_path: Path,
) -> None:
    found = assess(plans(plan), tmp_path, period="2021-Q1", before=results(year)).contents()
    assert told(found) == tuple(None if item is None else Decimal(item) for item in (index, points))


@pytest.mark.parametrize(
    ("plans", "results", "told"),
    [
        (lambda plan: plan, provisional, ["S301"]),
        (with_index, provisional, []),  # the plan says it itself
        (lambda plan: plan, lambda year: year, []),
    ],
)
def test_a_provisional_index_that_is_not_taken_is_noted(
    plan: Plan,
    year: Contents,
    plans: Callable[[Plan], Plan],
    results: Callable[[Contents], Contents],
    told: list[str],
    tmp_path: Path,
) -> None:
    found = assess(plans(plan), tmp_path, period="2021-Q1", before=results(year)).contents().findings
    assert [item.code for item in found if item.code == "S301"] == told


def test_a_quarter_is_no_year(plan: Plan, year: Contents, tmp_path: Path) -> None:
    quarter = replace(year, period_end=year.period_start.replace(year=2020, month=3), period="2020-Q1")
    assert told(assess(plan, tmp_path, period="2021-Q1", before=quarter).contents()) == (None, None)


def test_the_forms_in_the_units_hands_stay_valid(plan: Plan, year: Contents) -> None:
    found = assess(plan, FORMS, period="2021-Q1", before=year).contents()
    assert "U203" not in {item.code for item in found.findings}  # made from another plan


def test_another_agencys_or_another_sets_result_is_refused(plan: Plan, year: Contents, tmp_path: Path) -> None:
    other_set = tuple(replace(item, name=f"Việc {item.code}") for item in year.criteria)
    strange = [
        (replace(year, agency="Sở Nội vụ"), "là của “Sở Nội vụ”"),
        (replace(year, criteria=other_set), "chấm theo bộ chỉ số khác"),
    ]
    for before, why in strange:
        with pytest.raises(CannotRunError, match=why):
            assess(plan, tmp_path, period="2021-Q1", before=before)


def test_a_result_verifies_without_the_folder_of_last_year(tmp_path: Path) -> None:
    """What --previous gave is kept with the result, so that it can be computed again from there."""
    year_folder, quarter = ROOT / "examples" / "2020-ca-nam", ROOT / "examples" / "2021-quy-1"
    cchc_xl.run(year_folder / "ke-hoach.xlsx", year_folder / "don-vi", period="2020-N", out=tmp_path / "truoc")
    made = cchc_xl.run(
        quarter / "ke-hoach.xlsx", FORMS, period="2021-Q1", out=tmp_path / "nay", previous=tmp_path / "truoc" / "2020-N"
    )
    shutil.rmtree(tmp_path / "truoc")
    assert cchc_xl.verify(made.folder or "", FORMS).value == ()
