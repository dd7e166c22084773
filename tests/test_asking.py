"""The commands that ask finished results."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cchc_xl
from cchc_xl.result import Result
from tests.command import cchc
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def folders(year: Result, quarter: Result) -> tuple[str, str]:
    return str(year.folder), str(quarter.folder)


def test_advise_lists_the_shortest_way_to_80(folders: tuple[str, str]) -> None:
    done = cchc("advise", folders[0], "--target", "80")
    assert done.returncode == 0
    # 3.3.2, 4.1.2, 7.3 and 7.4 lack 3 points each: 74,12 + 6 = 80,12; no single criterion lacks more than 3. One unit
    # that moves a leader and 17 procedures more than 12 are less work than 111 files more than 37 or 370 more than 74.
    assert "80,12%" in done.stdout
    assert "thêm 3 thủ tục “TTHC kiến nghị đơn giản hóa” (TTHC_DONGIAN từ 12 lên 15)" in done.stdout
    told = json.loads(cchc("advise", folders[0], "--json").stdout)
    assert [stop["code"] for stop in told["path"]["stops"]] == ["4.1.2", "3.3.2"]
    assert [stop["alternatives"] for stop in told["path"]["stops"]] == [["7.4", "7.3"]] * 2
    whole = cchc("advise", folders[0], "--day-du").stdout
    assert whole.startswith(done.stdout.rpartition("\nTừng tiêu chí")[0]), "the answer comes first"
    assert "Rủi ro" in whole
    assert "Rủi ro" not in done.stdout


def test_advise_says_when_the_target_cannot_be_reached(folders: tuple[str, str]) -> None:
    told = json.loads(cchc("--json", "advise", folders[0], "--target", "150").stdout)
    assert (told["path"]["status"], told["path"]["stops"]) == ("unreachable", [])


def test_compare_keeps_points_and_percent_apart(folders: tuple[str, str]) -> None:
    done = cchc("compare", *folders)
    assert done.returncode == 0
    assert "điểm phần trăm" in done.stdout
    told = json.loads(cchc("compare", *folders, "--json").stdout)
    assert told["index"]["difference_percentage_points"] is None, "2021-Q1 is provisional"


def test_rank_orders_and_names_classes(folders: tuple[str, str]) -> None:
    done = cchc("rank", *folders, "--classes", "Tốt=90; Khá=70; Yếu=0")
    assert done.returncode == 0
    assert done.stdout.index("74,12%") < done.stdout.index("40,15%")
    assert "xếp loại Khá" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("advise", "khong-co"),
        ("advise", "{}", "--target", "cao"),
        ("compare", "{}", "khong-co"),
        ("rank", "{}", "--classes", "Tốt"),
        ("rank", "khong-co"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_2(arguments: tuple[str, ...], folders: tuple[str, str]) -> None:
    done = cchc(*(argument.format(folders[0]) for argument in arguments))
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "hãy" in done.stderr


def test_run_compares_with_an_earlier_result(folders: tuple[str, str], tmp_path: Path) -> None:
    example = ROOT / "examples" / "2021-quy-1"
    result = cchc_xl.run(
        example / "ke-hoach.xlsx", example / "don-vi", period="2021-Q1", out=tmp_path, previous=folders[0]
    )
    compared = result.document["comparison"]
    assert (compared["before"]["period_name"], compared["after"]["period_name"]) == ("Năm 2020", "Quý I năm 2021")
