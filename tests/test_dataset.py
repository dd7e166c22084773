"""Results as Parquet: what DuckDB and Polars read is what the results hold, over periods and agencies."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

import cchc_xl
from cchc_xl.result import Result
from cchc_xl.result.archive import load_contents
from cchc_xl.result.dataset import _decimal, write_dataset
from tests import provinces


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, year: Result, quarter: Result) -> Path:
    """The data set of a small province, and that of two periods of one office."""
    home = tmp_path_factory.mktemp("parquet")
    plan = provinces.build(home)
    cchc_xl.run(plan, home / "nop", period=provinces.PERIOD, out=home / "kq")
    cchc_xl.write_dataset(home / "kq", home / "tinh")
    write_dataset([year.contents, quarter.contents], home / "so")
    return home


def duck(folder: Path, question: str) -> list[tuple[object, ...]]:
    source = f"read_parquet('{folder}/**/*.parquet', hive_partitioning=true)"
    return duckdb.sql(question.replace("DATA", source)).fetchall()


def test_duckdb_sums_each_agencys_points_as_its_result_does(home: Path) -> None:
    told = duck(home / "tinh" / "criteria", "SELECT agency, sum(final_points) FROM DATA WHERE level = 1 GROUP BY ALL")
    results = {
        folder.name: load_contents(folder) for folder in (home / "kq" / provinces.PERIOD).iterdir() if folder.is_dir()
    }
    assert len(results) == 5
    assert dict(told) == {code: item.index.points for code, item in results.items()}


def test_polars_reads_every_figure_with_its_cell(home: Path, quarter: Result) -> None:
    frame = pl.read_parquet(f"{home}/so/figures/**/*.parquet", hive_partitioning=True)
    told = {
        (row["code"], row["unit"]): (row["value"], row["file"], row["cell"])
        for row in frame.filter(pl.col("period") == "2021-Q1").iter_rows(named=True)
    }
    assert told == {
        (detail.code, entry.unit): (entry.value, entry.file, entry.cell)
        for detail in quarter.contents.measure_details
        for entry in detail.entries
    }


def test_unknown_is_null_and_a_result_of_one_office_has_no_agency(home: Path, quarter: Result) -> None:
    missing = sum(item.final_points is None for item in quarter.contents.criteria)
    question = "SELECT count(*), count(final_points), count(agency) FROM DATA WHERE period = '2021-Q1'"
    assert missing > 0
    assert duck(home / "so" / "criteria", question) == [
        (len(quarter.contents.criteria), len(quarter.contents.criteria) - missing, 0)
    ]


def test_a_second_time_replaces_and_adds_nothing(home: Path, quarter: Result) -> None:
    before = duck(home / "so" / "units", "SELECT count(*) FROM DATA")
    write_dataset([quarter.contents], home / "so")
    assert duck(home / "so" / "units", "SELECT count(*) FROM DATA") == before
    assert not list((home / "so").rglob("*.new"))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("1", "1"),
        ("-0.5", "-0.5"),
        ("0.12345678905", "0.1234567890"),  # half to even
        ("0.12345678915", "0.1234567892"),
        ("9999999999999999999999999999", "9999999999999999999999999999"),  # 28 digits
        ("10000000000000000000000000000", None),
        ("1e-40", "0"),
    ],
)
def test_a_figure_fits_its_column(value: str, told: str | None) -> None:
    assert _decimal(Decimal(value)) == (None if told is None else Decimal(told))


@pytest.mark.parametrize("period", ["2021-Q1", "Quý I/2021", "a=b", "%20", "..", "tháng 1 + 2"])
def test_any_code_of_a_period_comes_back(tmp_path: Path, quarter: Result, period: str) -> None:
    from dataclasses import replace

    write_dataset([replace(quarter.contents, period=period)], tmp_path)
    assert duck(tmp_path / "units", "SELECT DISTINCT period FROM DATA") == [(period,)]
    assert set(pl.read_parquet(f"{tmp_path}/units/**/*.parquet", hive_partitioning=True)["period"]) == {period}


def test_a_folder_without_a_result_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(cchc_xl.CannotRunError, match="chưa có kết quả nào: hãy chọn thư mục đã ghi ở --out"):
        cchc_xl.write_dataset(tmp_path, tmp_path / "parquet")
