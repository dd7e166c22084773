"""Builds the folders under ``examples/`` from ``example_data``: ``python tools/make_examples.py`` (needs LibreOffice).

The units' workbooks are issued by the library, filled in with openpyxl as a clerk would, and given a fixed time of
saving (``dcterms:modified``), so that a checkout does not change when they were sent. One is saved by LibreOffice.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from openpyxl import load_workbook

from cchc_xl.office.excel.book import lines_needed, row_height
from cchc_xl.plan import load_plan
from cchc_xl.plan.edition import find_period, in_force
from cchc_xl.text.words import read_date
from cchc_xl.unit.form import (
    APPENDIX_SHEET,
    ASSIGNED,
    CODE,
    COMPLETED,
    DUE,
    FIGURE_CODE,
    FIGURE_VALUE,
    FIGURES_SHEET,
    FORM,
    HEADING_ROW,
    TASKS_SHEET,
)
from cchc_xl.unit.issue import issue
from tools.example_data import QUARTER_2021, YEAR_2020, Filled, Row
from tools.make_plan_template import build

ROOT = Path(__file__).resolve().parent.parent
FIRST_ROW = HEADING_ROW + 2  # below the headings
ISSUED = datetime(2020, 1, 2, tzinfo=timezone.utc)
SETTINGS_2020: dict[str, object] = {
    "Năm": 2020,
    "Chỉ số năm trước (%)": 74.92,
    "Xếp hạng năm trước": 15,
}
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def main() -> None:
    """Writes both examples anew."""
    year = ROOT / "examples" / "2020-ca-nam"
    forms = _start(year, "2020-N", SETTINGS_2020, "Kế hoạch CCHC năm 2020 (tệp minh họa cho ví dụ)\n")
    for unit, filled in YEAR_2020.items():
        fill(forms / f"2020-N_{unit}.xlsx", filled)
    quarter = ROOT / "examples" / "2021-quy-1"
    forms = _start(quarter, "2021-Q1", {}, "Kế hoạch CCHC năm 2021 (tệp minh họa cho ví dụ)\n")
    for unit, filled in QUARTER_2021.items():
        fill(forms / f"2021-Q1_{unit}.xlsx", filled)
    _disturb(forms)


def _start(folder: Path, period: str, settings: dict[str, object], evidence: str) -> Path:
    """The plan, an evidence file and the issued workbooks of one example; what was there before is removed."""
    forms = folder / "don-vi"
    if forms.exists():
        shutil.rmtree(forms)
    (forms / "minh-chung").mkdir(parents=True)
    (forms / "minh-chung" / "ke-hoach-cchc.txt").write_text(evidence, encoding="utf-8")
    build(folder / "ke-hoach.xlsx", settings)
    plan = load_plan(folder / "ke-hoach.xlsx")
    found = find_period(plan, period)
    if found is None:
        raise SystemExit(f"the plan has no period {period}")
    issue(in_force(plan, found), forms, created=ISSUED)
    return forms


def fill(path: Path, filled: Filled) -> None:
    """Types what the unit typed into its issued workbook. A code that the form does not have stops the script."""
    book = load_workbook(path)
    _type(book[FIGURES_SHEET], FIGURE_CODE, {code: {FIGURE_VALUE: value} for code, value in filled.figures.items()})
    appendix = book[APPENDIX_SHEET]
    columns = appendix.column_dimensions
    _type(appendix, CODE, filled.rows)
    for number, row in enumerate(appendix.iter_rows(min_row=FIRST_ROW), start=FIRST_ROW):
        widths = ((str(cell.value), columns[cell.column_letter].width - 2) for cell in row if cell.value)
        lines = max((lines_needed(text, width) for text, width in widths), default=1)
        appendix.row_dimensions[number].height = row_height(lines) if lines > 1 else None
    for number, task in enumerate(filled.tasks, start=FIRST_ROW):
        for column, (heading, value) in enumerate(zip(FORM[TASKS_SHEET].headings, task, strict=True), start=1):
            day = read_date(value) if heading in (ASSIGNED, DUE, COMPLETED) else None
            book[TASKS_SHEET].cell(number, column).value = day or value or None
    book.save(path)
    stamp_saved(path, filled.saved)


def _type(sheet: Any, key: str, typed: Mapping[str, Row]) -> None:
    """Types into the rows of these codes, which stand under the heading ``key``."""
    headings = FORM[sheet.title].headings
    rows = {row[headings.index(key)].value: row for row in sheet.iter_rows(min_row=FIRST_ROW)}
    for code, values in typed.items():
        for heading, value in values.items():
            rows[code][headings.index(heading)].value = value


def stamp_saved(path: Path, saved: str) -> None:
    """Sets the time of saving written in the file, and the same times of its parts on every run."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            data = source.read(item)
            if item.filename == "docProps/core.xml":
                data, count = _MODIFIED.subn(rb"\g<1>" + saved.encode() + rb"\g<2>", data)
                if not count:
                    raise SystemExit(f"{path.name} has no dcterms:modified")
            info = zipfile.ZipInfo(item.filename, (2021, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, data)
    path.write_bytes(packed.getvalue())


def _disturb(forms: Path) -> None:
    """The quarter as it arrives: one missing, one late, one twice, one from LibreOffice, one in decomposed Unicode."""
    (forms / "2021-Q1_TEBDG.xlsx").unlink()
    stamp_saved(forms / "2021-Q1_NCC.xlsx", "2021-03-22T04:40:00Z")
    shutil.copyfile(forms / "2021-Q1_GDNN.xlsx", forms / "2021-Q1_GDNN (2).xlsx")
    book = load_workbook(forms / "2021-Q1_GDNN.xlsx")
    _type(book[FIGURES_SHEET], FIGURE_CODE, {"TIN_BAI": {FIGURE_VALUE: 0}})
    book.save(forms / "2021-Q1_GDNN.xlsx")
    stamp_saved(forms / "2021-Q1_GDNN.xlsx", "2021-03-15T09:00:00Z")
    _save_in_libreoffice(forms / "2021-Q1_TTDVVL.xlsx", "2021-03-18T07:20:00Z")
    _decompose(forms / "2021-Q1_BTPCTNXH.xlsx", "2021-03-17T01:05:00Z")


def _decompose(path: Path, saved: str) -> None:
    """Every text of the workbook in NFD, as a Mac writes it."""
    book = load_workbook(path)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and sheet.title != "_cchc":
                    cell.value = unicodedata.normalize("NFD", cell.value)
    book.save(path)
    stamp_saved(path, saved)


def _save_in_libreoffice(path: Path, saved: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx"]
        subprocess.run([*command, "--outdir", folder, str(path)], check=True, capture_output=True, timeout=180)
        shutil.copyfile(Path(folder) / path.name, path)
    stamp_saved(path, saved)


if __name__ == "__main__":
    main()
