"""Figures against an earlier period: what fell that cannot fall, what is a copy, what is a thousand times off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import cchc_xl
from tests.unit_forms import FULL, PLAN, build_plan, fill, form, full_folder, issue_forms

LD = "Phòng Lao động – Việc làm"
QUARTER, YEAR = "2021-Q1", "2021-N"  # the year starts on the day the first quarter does, and goes on
SAVED = {QUARTER: "2021-03-18T02:00:00Z", YEAR: "2021-12-18T02:00:00Z", "2021-Q3": "2021-09-18T02:00:00Z"}


def found(
    plan: Path, home: Path, later: str, figures: dict[str, Any], before: dict[str, Any] | None = None
) -> list[tuple[str, str]]:
    """Codes and cells of the comparison, after a first quarter of the full table and a later period of these figures."""
    first = full_folder(plan, home / "quy-1")
    fill(form(first, "LD"), figures=before or {})
    cchc_xl.run(plan, first, period=QUARTER, out=home / "ra")
    folder = issue_forms(plan, home / "sau", later)
    given = {**FULL["LD"]["figures"], **(before or {}), **figures}
    fill(form(folder, "LD", later), figures=given, saved=SAVED[later])
    document = cchc_xl.run(plan, folder, period=later, out=home / "ra", dry_run=True).document
    return [(item["code"], item["cell"]) for item in document["findings"] if item["code"] in ("C202", "C203", "C204")]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert PLAN["Kỳ báo cáo"][1][0] == YEAR
    return build_plan(tmp_path_factory.mktemp("ke-hoach") / "plan.xlsx")


# LD's figures in the first quarter: THAP_PHAN 1.5, NGUYEN 12, SO_TIEN 640905000, TY_LE 82.5; D8 to D11
CASES = [
    ("a count of the year so far that fell", YEAR, {"NGUYEN": 11}, {}, [("C202", "D9")]),
    ("one that grew", YEAR, {"NGUYEN": 40}, {}, []),
    ("money of the year so far that fell", YEAR, {"SO_TIEN": 640_905_000 - 1}, {}, [("C202", "D10")]),
    ("million đồng for đồng", YEAR, {"SO_TIEN": 640_905_000_000}, {}, [("C204", "D10")]),
    ("a share may fall", YEAR, {"TY_LE": 60}, {}, []),
    ("the third quarter does not count on from the first", "2021-Q3", {"NGUYEN": 11}, {}, []),
    ("the same figures again", "2021-Q3", {}, {}, [("C203", None)]),
    ("a small count may grow a hundredfold", YEAR, {"NGUYEN": 900}, {"NGUYEN": 9}, []),
    ("a large one hardly", YEAR, {"NGUYEN": 900_000}, {"NGUYEN": 90}, [("C204", "D9")]),
    ("nothing then, nothing now", "2021-Q3", {"NGUYEN": 5, "SO_TIEN": 0}, {"SO_TIEN": 0}, []),
]


@pytest.mark.parametrize(
    ("later", "figures", "before", "expected"), [row[1:] for row in CASES], ids=[row[0] for row in CASES]
)
def test_a_later_period_beside_the_first_quarter(
    plan: Path, tmp_path: Path, later: str, figures: dict[str, Any], before: dict[str, Any], expected: list[Any]
) -> None:
    assert found(plan, tmp_path, later, figures, before) == expected


def test_another_agencys_result_is_not_compared_with(plan: Path, tmp_path: Path) -> None:
    from cchc_xl.pipeline.line import assess
    from cchc_xl.score import last_period

    folder = full_folder(plan, tmp_path / "quy-1")
    assessment = assess(plan, folder, period=QUARTER)
    before = replace(assessment.contents(), agency="Sở Khác", period=YEAR)
    assert last_period.check(before, assessment.edition, assessment.consolidation) == ()


def test_the_result_named_by_previous_goes_before_the_one_in_the_output_folder(plan: Path, tmp_path: Path) -> None:
    first = full_folder(plan, tmp_path / "quy-1")
    fill(form(first, "LD"), figures={"NGUYEN": 500})
    cchc_xl.run(plan, first, period=QUARTER, out=tmp_path / "khac")
    folder = issue_forms(plan, tmp_path / "nam", YEAR)
    fill(form(folder, "LD", YEAR), figures={**FULL["LD"]["figures"], "NGUYEN": 400}, saved=SAVED[YEAR])
    out = tmp_path / "ra"
    alone = cchc_xl.run(plan, folder, period=YEAR, out=out, dry_run=True).document
    before = tmp_path / "khac" / QUARTER
    beside = cchc_xl.run(plan, folder, period=YEAR, out=out, previous=before, dry_run=True).document
    assert [item["code"] for item in alone["findings"] if item["code"].startswith("C20")] == []
    assert [item["code"] for item in beside["findings"] if item["code"].startswith("C20")] == ["C202"]
