"""No code has a meaning of its own: with every code of the plan renamed the result and the report are the same.

The template's plan and the filled forms of the year 2020 are written anew under codes drawn at random: of figures,
criteria, units, periods stay. What comes out is read back under the old codes.
"""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

import cchc_xl
from cchc_xl.papers.documents import render_plan_draft
from cchc_xl.pipeline.jobs import PLAN_DRAFT, template_path
from cchc_xl.plan import load_plan
from cchc_xl.plan.edition import find_period, in_force
from cchc_xl.result import Result
from cchc_xl.unit.issue import issue
from tools import make_examples, plan_data
from tools.example_data import YEAR_2020
from tools.make_plan_template import appendix_rows

PERIOD = "2020-N"
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def renamed(seed: int) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """New codes of figures, criteria and units; the criteria keep their tree."""
    pick = random.Random(seed)
    figures = [row[0] for row in plan_data.MEASURES]
    codes = pick.sample(range(1000, 9999), len(figures))
    units = pick.sample(range(100, 999), len(plan_data.UNITS))
    fields = sorted({row[0].split(".")[0] for row in plan_data.CRITERIA})
    letters = {
        field: f"Q{letter}" for field, letter in zip(fields, pick.sample("ABCDEGHKLMNPQ", len(fields)), strict=True)
    }
    criteria = {}
    for code in (*(row[0] for row in plan_data.CRITERIA), *(row[0] for row in appendix_rows())):
        head, *rest = code.split(".")
        criteria[code] = ".".join((letters[head], *(f"{int(part) + 20}" for part in rest)))
    return (
        {code: f"zq_{number}_zq" for code, number in zip(figures, codes, strict=True)},
        criteria,
        {row[0]: f"DVI{number}" for row, number in zip(plan_data.UNITS, units, strict=True)},
    )


def rewritten(
    source: Path, target: Path, figures: Mapping[str, str], criteria: Mapping[str, str], units: Mapping[str, str]
) -> None:
    """The plan workbook with its codes renamed wherever they stand: code columns, expressions, sentences."""
    book = load_workbook(source)

    def expression(text: str) -> str:
        return WORD.sub(lambda word: figures.get(word[0], word[0]), text)

    def listed(text: str) -> str:
        return "; ".join(criteria.get(part, part) for part in text.split("; "))

    columns = {
        "Đơn vị": {"Mã": lambda text: units.get(text, text)},
        "Phụ lục": {"TT": listed},
        "Bộ chỉ số": {"Mã": listed, "Số liệu": expression},
        "Thang điểm": {"Mã": listed},
        "Số liệu": {"Mã": expression, "Tiêu chí": listed},
        "Ràng buộc": {"Biểu thức": expression},
        "Câu báo cáo": {
            "Tiêu chí": listed,
            "Câu": lambda text: re.sub(r"\{[^}]*\}", lambda slot: expression(slot[0]), text),
            "Khi thiếu": lambda text: re.sub(r"\{[^}]*\}", lambda slot: expression(slot[0]), text),
        },
    }
    for name, changes in columns.items():
        headings = {cell.value: cell.column for cell in book[name][2]}
        for heading, change in changes.items():
            for (cell,) in book[name].iter_rows(min_row=3, min_col=headings[heading], max_col=headings[heading]):
                if isinstance(cell.value, str):
                    cell.value = change(cell.value)
    book.save(target)


@pytest.fixture(scope="module")
def codes() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    return renamed(13)


@pytest.fixture(scope="module")
def other(codes: tuple[dict[str, str], ...], tmp_path_factory: pytest.TempPathFactory) -> Result:
    figures, criteria, units = codes
    folder = tmp_path_factory.mktemp("khac")
    plan_file, forms = folder / "ke-hoach.xlsx", folder / "don-vi"
    rewritten(make_examples.ROOT / "examples" / "2020-ca-nam" / "ke-hoach.xlsx", plan_file, figures, criteria, units)
    plan = load_plan(plan_file)
    period = find_period(plan, PERIOD)
    assert period is not None
    assert [item.code for item in plan.findings if item.severity == "error"] == []
    issue(in_force(plan, period), forms, created=make_examples.ISSUED)
    (forms / "minh-chung").mkdir()
    (forms / "minh-chung" / "ke-hoach-cchc.txt").write_text("Kế hoạch CCHC năm 2020\n", encoding="utf-8")
    for unit, filled in YEAR_2020.items():
        told = replace(
            filled,
            figures={figures.get(code, code): value for code, value in filled.figures.items()},
            rows={criteria[code]: values for code, values in filled.rows.items()},
        )
        make_examples.fill(forms / f"{PERIOD}_{units[unit]}.xlsx", told)
    return cchc_xl.run(plan_file, forms, period=PERIOD, out=folder / "ra")


def under_old_codes(text: str, *renamings: Mapping[str, str]) -> str:
    """The text with the old codes in place of the new ones."""
    back = {new: old for renaming in renamings for old, new in renaming.items()}
    found = "|".join(map(re.escape, sorted(back, key=len, reverse=True)))
    return re.sub(rf"(?<![^\W_])(?<!\.)(?:{found})(?![\w]|\.\d)", lambda code: back[code[0]], text)


def lines(source: Path | io.BytesIO) -> list[str]:
    """The paragraphs of a document and, in their order, the cells of its tables."""
    document = Document(str(source) if isinstance(source, Path) else source)
    rows = (row for table in document.tables for row in table.rows)
    return [paragraph.text for paragraph in document.paragraphs] + [cell.text for row in rows for cell in row.cells]


def test_the_report_is_the_same_but_for_the_codes(
    year: Result, other: Result, codes: tuple[dict[str, str], ...]
) -> None:
    told, again = (lines(Path(result.folder or "") / "bao-cao.docx") for result in (year, other))
    assert [under_old_codes(line, *codes) for line in again] == told


def test_the_draft_of_next_years_plan_is_the_same_but_for_the_codes(
    year: Result, other: Result, codes: tuple[dict[str, str], ...]
) -> None:
    made = (render_plan_draft(result.contents, template_path(PLAN_DRAFT), None) for result in (year, other))
    told, again = (lines(io.BytesIO(draft)) for draft in made)
    assert [under_old_codes(line, *codes) for line in again] == told


def test_the_result_is_the_same_but_for_the_codes(
    year: Result, other: Result, codes: tuple[dict[str, str], ...]
) -> None:
    kept = (
        "index",
        "criteria",
        "measures",
        "measure_details",
        "rollcall",
        "sentences",
        "figure_groups",
        "advice",
        "path",
    )
    told, again = ({key: result.document[key] for key in kept} for result in (year, other))
    assert again["index"] == told["index"]
    text = under_old_codes(json.dumps(again, ensure_ascii=False, indent=0), *codes)
    apart = re.compile(r'"(sha256|sent|first_sent|file|superseded)": .*')
    assert (
        apart.sub("", text).splitlines() == apart.sub("", json.dumps(told, ensure_ascii=False, indent=0)).splitlines()
    )
