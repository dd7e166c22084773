"""Text stays text: what a unit types can become a formula or a link in nothing we write, by whichever library."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import docx
import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

import cchc_xl
from cchc_xl.excel_writer import Book
from cchc_xl.result import Result
from cchc_xl.result.exits import guarded, write_frame
from tests.unit_forms import FULL, PERIOD, TASK_FIGURES, build_plan, fill, form, full_folder

DANGEROUS = (
    "=cmd|' /C calc'!A1",
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    '=HYPERLINK("http://x.example","bấm vào đây")',
    "http://evil.example",
    "https://evil.example/?q=1",
    "file://may-chu/tep",
    "mailto:a@b.example",
    "internal:Sheet1!A1",
    "{=1+1}",
    "_x000D_",
    "'=1",
)


def typed(book: Workbook) -> None:
    """Every dangerous text as text, in cells a unit types in; a wrong level, so that a marked copy is written."""
    appendix, figures, tasks = book["Phụ lục"], book["Số liệu"], book["Nhiệm vụ"]
    appendix["G9"] = "Không có mức này"
    cells = [appendix[f"{column}{row}"] for row in (9, 10, 11) for column in "FIJ"]
    cells += [figures[f"E{row}"] for row in range(8, 15)]
    cells += [tasks["B8"]]
    for cell, text in zip(cells, DANGEROUS, strict=False):
        cell.value = text
        cell.data_type = "s"
    for column, value in (("A8", "01/UBND"), ("D8", "10/3/2021"), ("E8", "12/3/2021")):
        tasks[column] = value


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    home = tmp_path_factory.mktemp("an-toan")
    plan = build_plan(home / "plan.xlsx")
    folder = full_folder(plan, home / "don-vi")
    fill(form(folder, "VP"), figures=dict.fromkeys(TASK_FIGURES), then=typed)
    assert FULL["VP"]["figures"]["HSO_DUNG"] == 30
    return cchc_xl.run(plan, folder, period=PERIOD, out=home / "ra")


def workbooks(result: Result) -> list[Path]:
    found = sorted(Path(result.folder or "").rglob("*.xlsx"))
    return [path for path in found if "nguon" not in path.parts]


def test_every_workbook_that_is_written_holds_them_as_text(result: Result) -> None:
    names = {path.name for path in workbooks(result)}
    assert names >= {"tong-hop.xlsx", "tham-dinh.xlsx", "VP.xlsx"}
    for path in workbooks(result):
        for sheet in load_workbook(path).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        formula = str(cell.value).lstrip("=")
                        assert not [text for text in DANGEROUS if text.strip("=\t\r ") == formula], (path, cell)
                        assert "cmd" not in formula
                        assert "HYPERLINK" not in formula
                    if cell.hyperlink is not None:
                        target = cell.hyperlink.target or ""
                        assert not target.startswith(("http", "mailto", "file://may-chu")), (path, cell.coordinate)


def seen(path: Path) -> set[str]:
    return {
        cell.value
        for sheet in load_workbook(path).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.data_type != "f"
    }


def test_the_marked_copy_holds_every_text_as_it_was_typed(result: Result) -> None:
    marked = next(path for path in workbooks(result) if path.name == "VP.xlsx")
    source = Path(result.folder or "").parent.parent / "don-vi" / f"{PERIOD}_VP.xlsx"
    assert len(set(DANGEROUS) & seen(source)) >= len(DANGEROUS) - 2
    assert set(DANGEROUS) & seen(source) <= seen(marked)


def test_the_word_report_holds_them_as_text_and_gets_no_field_or_link(result: Result) -> None:
    document = docx.Document(str(Path(result.folder or "") / "bao-cao.docx"))
    xml = document.element.xml
    assert "evil.example" not in " ".join(
        relation.target_ref for relation in document.part.rels.values() if relation.is_external
    )
    for marker in ('HYPERLINK "http', "DDEAUTO", "INCLUDETEXT"):
        assert marker not in xml


def table(texts: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame({"text": texts, "number": ["-12.5"] * len(texts)}, dtype="object")


def test_csv_guards_what_excel_would_calculate_and_leaves_numbers(tmp_path: Path) -> None:
    write_frame(table(DANGEROUS), tmp_path / "a.csv")
    data = (tmp_path / "a.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["number"] for row in rows] == ["-12.5"] * len(DANGEROUS)
    for row, text in zip(rows, DANGEROUS, strict=True):
        assert row["text"] == guarded(text)
        assert not row["text"].startswith(("=", "+", "-", "@", "\t", "\r"))
        assert row["text"].removeprefix("'") == text.removeprefix("'") or text.startswith("'")


GUARDED = [
    ("=1+1", "'=1+1"),
    ("+84 912 345 678", "'+84 912 345 678"),
    ("-1+1", "'-1+1"),
    ("@a", "'@a"),
    ("\tx", "'\tx"),
    ("-5", "-5"),
    ("-12,5%", "-12,5%"),
    ("+3", "+3"),
    ("-", "-"),
    ("74,12%", "74,12%"),
    ("Đạt", "Đạt"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "written"), GUARDED)
def test_what_is_guarded_in_csv(text: str, written: str) -> None:
    assert guarded(text) == written


def test_parquet_holds_them_unchanged(tmp_path: Path) -> None:
    write_frame(table(DANGEROUS), tmp_path / "a.parquet")
    assert tuple(pd.read_parquet(tmp_path / "a.parquet")["text"]) == DANGEROUS


def test_xlsxwriter_holds_them_as_text(tmp_path: Path) -> None:
    with Book(tmp_path / "a.xlsx") as book:
        sheet = book.sheet("A", (30,))
        for row, text in enumerate(DANGEROUS):
            book.write(sheet, row, 0, text, "cell")
    cells = [row[0] for row in load_workbook(tmp_path / "a.xlsx")["A"].iter_rows()]
    assert [cell.data_type for cell in cells] == ["s"] * len(DANGEROUS)
    assert not [cell for cell in cells if cell.hyperlink]


@pytest.mark.parametrize("name", ["criteria", "findings", "rollcall", "measure_details", "sources", "measures"])
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_every_table_of_a_result_can_be_written(result: Result, tmp_path: Path, name: str, ending: str) -> None:
    path = result.write_table(name, tmp_path / f"{name}.{ending}")
    frame: Any = pd.read_csv(path, dtype=str) if ending == "csv" else pd.read_parquet(path)
    assert len(frame) == len(result.document[name])


def test_an_unknown_table_or_ending_is_refused_with_the_choices(result: Result, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"there is no table “criterias”; there are .*criteria"):
        result.write_table("criterias", tmp_path / "a.csv")
    with pytest.raises(ValueError, match=r"as .csv or .parquet, not as .xls"):
        result.write_table("criteria", tmp_path / "a.xls")
    with pytest.raises(ValueError, match="there is no table"):
        result.to_frame("index")


def test_decimal_strings_stay_exact_in_both(result: Result, tmp_path: Path) -> None:
    points = [item["points"] for item in result.document["criteria"]]
    for ending in ("csv", "parquet"):
        path = result.write_table("criteria", tmp_path / f"a.{ending}")
        frame: Any = pd.read_csv(path, dtype=str) if ending == "csv" else pd.read_parquet(path)
        assert [None if pd.isna(value) else value for value in frame["points"]] == points
