"""Workbooks to measure with: a folder and a count come in, a plan with as many units and their forms go out."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

from openpyxl import load_workbook

from cchc_xl.plan import load_plan
from cchc_xl.plan.edition import find_period, in_force
from cchc_xl.unit.issue import issue
from tools import plan_data
from tools.example_data import YEAR_2020
from tools.make_examples import fill
from tools.make_plan_template import build

PERIOD = "2020-N"


def make_workbooks(folder: Path, count: int) -> tuple[Path, Path, str]:
    """The plan, the folder of forms and the period; unit ``i`` is filled in like a department of the 2020 example.

    Every unit is a further department ("Phòng chuyên môn"), so that groups in the plan grow with the count.
    """
    plan_path = folder / "plan.xlsx"
    build(plan_path)
    book = load_workbook(plan_path)
    register = book["Đơn vị"]
    first = len(plan_data.UNITS)
    for index in range(count - first):
        row = 3 + first + index
        for column, value in enumerate(
            (f"P{index:04d}", f"Phòng số {index:04d}", "", "Phòng chuyên môn", "x"), start=1
        ):
            register.cell(row, column).value = value
    book.save(plan_path)
    plan = load_plan(plan_path)
    period = find_period(plan, PERIOD)
    if period is None:
        raise SystemExit(f"the plan has no period {PERIOD}")
    forms = folder / "don-vi"
    edition = in_force(plan, period)
    known = {unit.code for unit in plan.units[: first + 1]}
    units = tuple(replace(unit, reports=unit.reports and unit.code in known) for unit in plan.units)
    issue(replace(edition, plan=replace(plan, units=units)), forms)
    like = YEAR_2020["TEBDG"]
    for path in sorted(forms.glob("*.xlsx")):
        unit = path.stem.split("_", 1)[1]
        filled = YEAR_2020.get(unit)
        if filled is None:
            own = {
                code: value
                for code, value in like.figures.items()
                if code.startswith(("NV_", "TIN", "SANG", "VB_", "SO_"))
            }
            rows = {code: row for code, row in like.rows.items() if code not in ("3.1", "3.3.2")}
            filled = replace(like, figures=own, rows=rows)
        fill(path, filled)
    if count > first:
        _repeat(forms / f"{PERIOD}_P0000.xlsx", range(1, count - first))
    return plan_path, forms, PERIOD


def _repeat(form: Path, numbers: range) -> None:
    """The form of the first further department, under the names of the others."""
    with zipfile.ZipFile(form) as package:
        parts = {item.filename: package.read(item) for item in package.infolist()}
    for number in numbers:
        with zipfile.ZipFile(form.with_name(f"{PERIOD}_P{number:04d}.xlsx"), "w", zipfile.ZIP_DEFLATED) as package:
            for name, data in parts.items():
                own = data.replace(b"P0000", b"P%04d" % number)
                own = own.replace(b" 0000", b" %04d" % number)  # the end of its name: other letters may be escaped
                package.writestr(name, own)
