"""Writes ``tests/workbooks/``: four workbooks, each by every writer there is for it, and what stands in them.

``python tools/make_test_workbooks.py`` needs LibreOffice, node and npm; with names of workbooks (``loi``) behind it, only
these are written again; ``ke-hoach`` names the plans in ``tests/plan_workbooks``. The committed files were written by openpyxl
3.1.5, XlsxWriter 3.3.1, pandas 3.1.1, LibreOffice 7.4, SheetJS (npm "xlsx") 0.18.5 and ExcelJS (npm "exceljs") 4.4.0.
The content is one table here; ``expected.json`` is made from the same table, never from what a reader says.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
TARGET = ROOT / "tests" / "workbooks"
PERCENT, DAY, MOMENT, TWO = "0.0%", "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "0.00"
PLANS = {
    "mau": "templates/plan_template.xlsx",
    "2020-ca-nam": "examples/2020-ca-nam/ke-hoach.xlsx",
    "2021-quy-1": "examples/2021-quy-1/ke-hoach.xlsx",
}
DAY_ZERO = datetime.fromisoformat("1899-12-30")
LONG = "Kết quả thực hiện " * 278


@dataclass
class Cell:
    """A cell: its value as JSON can say it, what kind it is, its number format, its font and what the font shows.

    ``runs`` are the stretches of a text in several fonts, each with its font.
    """

    value: Any
    kind: str = "plain"
    format: str = ""
    formula: str = ""
    font: str = ""
    shown: str = ""
    runs: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Sheet:
    """A sheet by its cells' addresses."""

    name: str
    cells: dict[str, Cell]
    hidden: bool = False
    merges: list[str] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


@dataclass
class Book:
    """A workbook to be written by every writer but those of the files ``left_out`` (by the ending of their name)."""

    name: str
    sheets: list[Sheet]
    left_out: tuple[str, ...] = ()


def form() -> Book:
    """A filled form of the unit NCC of the tests' small plan."""
    from cchc_xl.office.excel.bounds import STAMP_SHEET
    from cchc_xl.plan import load_plan
    from cchc_xl.plan.edition import find_period, in_force
    from cchc_xl.unit.form import (
        APPENDIX_SHEET,
        FIGURES_SHEET,
        FORM,
        FORM_VERSION,
        TASKS_SHEET,
        fingerprint,
    )
    from tests.unit_forms import PERIOD, build_plan

    with tempfile.TemporaryDirectory() as folder:
        plan = load_plan(build_plan(Path(folder) / "plan.xlsx"))
    period = find_period(plan, PERIOD)
    if period is None:
        raise SystemExit(f"the tests' plan has no period {PERIOD}")
    edition = in_force(plan, period)
    tops = ("BÁO CÁO", "Đơn vị: Phòng Người có công", f"Kỳ báo cáo: {period.name}")

    def sheet(name: str, headings: tuple[str, ...], *rows: tuple[Any, ...]) -> Sheet:
        cells = {f"A{number}": Cell(text) for number, text in enumerate(tops, start=1)}
        for number, row in enumerate((headings, *rows), start=7):
            for letter, value in zip("ABCDEFGHIJ", row, strict=False):
                if value is not None:
                    cells[f"{letter}{number}"] = value if isinstance(value, Cell) else Cell(value)
        return Sheet(name, cells)

    evidence = "Kế hoạch số 12/KH-VP <bản chính> & phụ lục 📎\n=SUM(A1) giữ nguyên"
    stamp = {
        "kind": "form",
        "unit": "NCC",
        "period": PERIOD,
        "plan": fingerprint(edition),
        "form": FORM_VERSION,
        "agency": plan.settings.agency,
    }
    pairs = {
        f"{letter}{row}": Cell(text)
        for row, pair in enumerate(stamp.items(), 1)
        for letter, text in zip("AB", pair, strict=True)
    }
    return Book(
        "bieu-mau",
        [
            sheet(
                APPENDIX_SHEET,
                FORM[APPENDIX_SHEET].headings,
                ("1", "Điều hành"),
                (
                    "1.1",
                    "Kế hoạch",
                    "Văn phòng Sở; Phòng Người có công",
                    "Ban hành kịp thời",
                    None,
                    "=1+1",
                    "Đạt",
                    4,
                    evidence,
                ),
            ),
            sheet(
                FIGURES_SHEET,
                FORM[FIGURES_SHEET].headings,
                ("HSO_DUNG", "Hồ sơ đúng hạn", "hồ sơ", 50),
                ("HSO_TONG", "Hồ sơ", "hồ sơ", 60, "Đã rà soát"),
            ),
            sheet(
                TASKS_SHEET,
                FORM[TASKS_SHEET].headings,
                (
                    "01/UBND",
                    "Báo cáo",
                    Cell("2021-02-01", "date", DAY),
                    Cell("2021-03-10", "date", DAY),
                    Cell("2021-03-09", "date", DAY),
                ),
                ("02/UBND", "Góp ý", Cell("2021-02-02", "date", DAY), Cell("2021-03-12", "date", DAY)),
            ),
            Sheet(STAMP_SHEET, pairs, hidden=True),
        ],
    )


def values() -> Book:
    """Every kind of value a reader may meet."""
    texts = {
        "A1": "Số liệu",
        "A2": "So\u0302\u0301 lie\u0323\u0302u",
        "A3": LONG,
        "A4": "  có khoảng trắng  ",
        "A5": "1.10",
        "A6": "NA",
        "A7": "N/A",
        "A8": "null",
        "A9": "TRUE",
        "A10": "dòng một\ndòng hai",
        "A11": "<&>\"'",
        "A12": "=cmd|' /C calc'!A1",
    }
    numbers = {"B1": 0, "B2": 12, "B3": -3.5, "B4": 0.1, "B5": 123_456_789_012.25, "B6": 640_905_000, "B7": 1e-7}
    cells = {address: Cell(value) for address, value in {**texts, **numbers, "C1": True, "C2": False}.items()}
    cells |= {
        "D1": Cell("2021-03-05", "date", DAY),
        "D2": Cell("2021-03-05T10:30:00", "date", MOMENT),
        "E1": Cell(2, "formula", formula="1+1"),
        "E2": Cell(1480, format="#,##0"),
    }
    merged = {"A1": Cell("gộp"), "C3": Cell("dưới")}
    return Book(
        "gia-tri",
        [
            Sheet("Giá trị", cells),
            Sheet("Gộp", merged, merges=["A1:B2", "C3:C5"]),
            Sheet("Ẩn", {"A1": Cell("trong sheet ẩn")}, hidden=True),
            Sheet("Trống", {}),
            Sheet("Phòng 'A' – Đ", {"B2": Cell("tên có dấu nháy")}),
        ],
    )


def evidence() -> Book:
    """What one of the readers alone does not show."""
    cells = {
        "A1": Cell("#REF!", "error"),
        "A2": Cell("#N/A", "error"),
        "A3": Cell("#DIV/0!", "error"),
        "B1": Cell(0.825, format=PERCENT),
        "B2": Cell(1.1, format=TWO),
        "B3": Cell(82.5),
        "C1": Cell("hép møt tÕt", "font", font=".VnTime", shown="hộp mứt tết"),
        "C2": Cell("Xin chaøo caùc baïn", "font", font="VNI-Times", shown="Xin chào các bạn"),
        "C3": Cell("Arial giữ nguyên"),
        "D5": Cell("trong dòng ẩn"),
        "F1": Cell("trong cột ẩn"),
    }
    return Book("chung-cu", [Sheet("Chứng cứ", cells, hidden_rows=[5], hidden_columns=[6])])


def errors() -> Book:
    """Errors, formulas, texts that look like errors, shown numbers, a text in two fonts, several hidden lines."""
    runs = [(".VnTime", "hép møt tÕt"), ("Arial", " và một chữ")]
    cells = {
        "A1": Cell("#REF!", "error"),
        "A2": Cell("#DIV/0!", "formula error", formula="1/0"),
        "A3": Cell("#N/A", "formula error", formula="NA()"),
        "A4": Cell(3, "formula", formula="1+2"),
        "A5": Cell(0, "formula", formula="1-1"),
        "B1": Cell(0.825, format="0%"),
        "B2": Cell(0.825, format="0.00%"),
        "B3": Cell(1.1, format=TWO),
        "B4": Cell(1480, format="#,##0"),
        "B5": Cell("2021-03-05", "date", DAY),
        "B6": Cell(1e15 + 0.3, "long number"),
        "B7": Cell(-12.5, format=TWO),
        "B8": Cell(0, format="0%"),
        "C1": Cell("hép møt tÕt", "font", font=".VnTime", shown="hộp mứt tết"),
        "C2": Cell("Xin chaøo caùc baïn", "font", font="VNI-Times", shown="Xin chào các bạn"),
        "C3": Cell("".join(text for _, text in runs), "font", "", "", ".VnTime", "hộp mứt tết và một chữ", runs),
    }
    lines = {f"{letter}{row}": Cell(f"{letter} {row}") for letter in "ABCDE" for row in range(1, 7)}
    return Book(
        "loi",
        [
            Sheet("Lỗi", cells),
            Sheet("Ẩn dòng, cột", lines, hidden_rows=[2, 3, 5], hidden_columns=[2, 3]),
            Sheet("Chữ như lỗi", {"A1": Cell("#REF!"), "A2": Cell("#N/A"), "A3": Cell("Err:502")}),
        ],
        left_out=(
            *("pandas-openpyxl.xlsx", "pandas-xlsxwriter.xlsx", "exceljs.xlsx"),
            *("sheetjs.ods", "sheetjs-ngan.xlsb"),
        ),
    )


def stored(cell: Cell) -> Any:
    """The value as Python's writers take it."""
    if cell.kind != "date":
        return cell.value
    return date.fromisoformat(cell.value) if len(cell.value) == 10 else datetime.fromisoformat(cell.value)


def with_openpyxl(book: Book, path: Path) -> None:
    """Written by openpyxl; formulas have no stored value."""
    from openpyxl import Workbook
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont
    from openpyxl.styles import Font

    made = Workbook()
    made.remove(made.worksheets[0])
    for sheet in book.sheets:
        target = made.create_sheet(sheet.name)
        for address, cell in sheet.cells.items():
            place = target[address]
            place.value = f"={cell.formula}" if cell.formula else stored(cell)
            if cell.kind == "error":
                place.data_type = "e"
            elif cell.runs:
                place.value = CellRichText(*(TextBlock(InlineFont(rFont=font), text) for font, text in cell.runs))
            elif isinstance(cell.value, str) and cell.kind in ("plain", "font"):
                place.data_type = "s"
            if cell.format:
                place.number_format = cell.format
            if cell.font and not cell.runs:
                place.font = Font(name=cell.font)
        for area in sheet.merges:
            target.merge_cells(area)
        for number in sheet.hidden_rows:
            target.row_dimensions[number].hidden = True
        for number in sheet.hidden_columns:
            target.column_dimensions["ABCDEFGHIJ"[number - 1]].hidden = True
        target.sheet_state = "hidden" if sheet.hidden else "visible"
    made.save(path)


def with_xlsxwriter(book: Book, path: Path) -> None:
    """Written by XlsxWriter; an error is a formula with an error as its stored value."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as made:
        for sheet in book.sheets:
            target = made.add_worksheet(sheet.name)
            for area in sheet.merges:
                target.merge_range(area, "")
            for address, cell in sheet.cells.items():
                told = {"num_format": cell.format} if cell.format else {}
                font = {"font_name": cell.font} if cell.font and not cell.runs else {}
                look = made.add_format({**told, **font})
                if cell.kind == "error":
                    target.write_formula(address, f"={cell.value}", look, cell.value)
                elif cell.formula:
                    target.write_formula(address, f"={cell.formula}", look, cell.value)
                elif cell.runs:
                    pieces = [part for name, text in cell.runs for part in (made.add_format({"font_name": name}), text)]
                    target.write_rich_string(address, *pieces, look)
                elif cell.kind == "date":
                    target.write_datetime(address, stored(cell), look)
                else:
                    target.write(address, cell.value, look)
            for number in sheet.hidden_rows:
                target.set_row(number - 1, None, None, {"hidden": True})
            for number in sheet.hidden_columns:
                target.set_column(number - 1, number - 1, None, None, {"hidden": True})
            if sheet.hidden:
                target.hide()


def with_pandas(book: Book, path: Path, engine: str) -> None:
    """Written by ``DataFrame.to_excel``: values alone, and text that begins with "=" not at all."""
    import pandas as pd

    with pd.ExcelWriter(path, engine=engine) as writer:  # type: ignore[call-overload]
        for sheet in book.sheets:
            grid: dict[int, dict[int, Any]] = {}
            for row, column, cell in places(sheet):
                grid.setdefault(row, {})[column] = None if is_formula_text(cell) else stored(cell)
            width, height = max((max(row) for row in grid.values()), default=0), max(grid, default=0)
            rows = [[grid.get(row, {}).get(column) for column in range(1, width + 1)] for row in range(1, height + 1)]
            pd.DataFrame(rows, dtype=object).to_excel(writer, sheet_name=sheet.name, header=False, index=False)
            if sheet.hidden and engine == "openpyxl":
                writer.sheets[sheet.name].sheet_state = "hidden"
            elif sheet.hidden:
                writer.sheets[sheet.name].hide()


def is_formula_text(cell: Cell) -> bool:
    """Text that pandas would write as a formula."""
    return isinstance(cell.value, str) and cell.value.startswith("=")


def places(sheet: Sheet) -> Iterator[tuple[int, int, Cell]]:
    """Row, column (from 1) and cell."""
    for address, cell in sheet.cells.items():
        yield int(address[1:]), ord(address[0]) - 64, cell


def with_libreoffice(source: Path, folder: Path, name: str) -> None:
    """Saved by LibreOffice in its three kinds; formulas are calculated.

    A profile of its own keeps it apart from a LibreOffice that is already running.
    """
    profile = f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}"
    for ending in ("xlsx", "xls", "ods"):
        kind = ("--convert-to", ending, "--outdir", str(folder / ending))
        command = ["soffice", profile, "--headless", *kind, str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        shutil.move(folder / ending / f"{source.stem}.{ending}", TARGET / f"{name}-libreoffice.{ending}")


def with_javascript(books: list[Book], folder: Path) -> None:
    """Written by SheetJS and ExcelJS; the .xlsb again with its cells in the full form."""
    script = folder / "make_test_workbooks.cjs"
    shutil.copyfile(Path(__file__).with_suffix(".cjs"), script)
    subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "xlsx@0.18.5", "exceljs@4.4.0"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    (folder / "table.json").write_text(json.dumps([asdict(book) for book in books]), encoding="utf-8")
    subprocess.run(["node", str(script), str(folder / "table.json"), str(TARGET)], cwd=folder, check=True)
    for book in books:
        short = TARGET / f"{book.name}-sheetjs.xlsb"
        short.rename(TARGET / f"{book.name}-sheetjs-ngan.xlsb")
        full_cells(TARGET / f"{book.name}-sheetjs-ngan.xlsb", short)


def plans_as_xlsb(folder: Path) -> None:
    """The template and the example plans as .xlsb in ``tests/plan_workbooks``, read and written by SheetJS."""
    subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "xlsx@0.18.5"], cwd=folder, check=True, capture_output=True
    )
    code = "const X = require('xlsx'), [from, to] = process.argv.slice(1);"
    code += "X.writeFile(X.readFile(from, {cellNF: true}), to, {bookType: 'xlsb', bookSST: true})"
    for name, plan in PLANS.items():
        subprocess.run(["node", "-e", code, str(ROOT / plan), str(folder / "short.xlsb")], cwd=folder, check=True)
        full_cells(folder / "short.xlsb", ROOT / "tests" / "plan_workbooks" / f"{name}.xlsb")


def full_cells(source: Path, target: Path) -> None:
    """The same .xlsb with every short cell record (12 to 18) as the full one (1 to 7), as Excel itself writes them."""
    from cchc_xl.office.excel.xlsb import records

    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for item in before.infolist():
            data = before.read(item)
            if item.filename.startswith("xl/worksheets/") and item.filename.endswith(".bin"):
                packed, column = bytearray(), -1
                for number, record in records(data):
                    body = record
                    if number == 0:
                        column = -1
                    elif 12 <= number <= 18:
                        column += 1
                        number, body = number - 11, column.to_bytes(4, "little") + record  # noqa: PLW2901
                    elif 1 <= number <= 11:
                        column = int.from_bytes(record[:4], "little")
                    packed += coded(number, 2) + coded(len(body), 4) + body
                data = bytes(packed)
            after.writestr(item.filename, data)


def coded(number: int, most: int) -> bytes:
    """A number in groups of seven bits, as .xlsb writes record numbers and lengths."""
    parts = bytearray()
    for _ in range(most):
        number, low = number >> 7, number & 0x7F
        parts.append(low | (0x80 if number else 0))
        if not number:
            break
    return bytes(parts)


# The number formats that tell what was typed: percentages and fixed decimals.
TELLING = (PERCENT, TWO, "0%", "0.00%")
# What a writer of a workbook cannot say, or says otherwise.
CANNOT = {
    "pandas-openpyxl": ("formats", "plain fonts", "merges", "formula texts", "formula values", "hidden lines"),
    "pandas-xlsxwriter": ("formats", "plain fonts", "merges", "formula texts", "formula values", "hidden lines"),
    "openpyxl": ("formula values", "17 digits"),
    "xlsxwriter": ("17 digits",),
    "libreoffice": ("17 digits",),
    "sheetjs": ("fonts", "hidden lines"),
    "exceljs": ("fonts",),
}


def expected(book: Book, writer: str, ending: str) -> dict[str, Any]:
    """What a file must be read as, from the table."""
    cannot = CANNOT[writer]
    sheets = {}
    for sheet in book.sheets:
        cells: dict[str, Any] = {}
        formats: dict[str, str] = {}
        legacy: dict[str, str] = {}
        kept: dict[str, str] = {}
        for address, cell in sheet.cells.items():
            if (is_formula_text(cell) and "formula texts" in cannot) or (cell.kind == "font" and "fonts" in cannot):
                continue
            if cell.kind == "formula error":
                cells[address] = {"uncalculated": True} if "formula values" in cannot else {"error": cell.value}
            elif cell.kind == "error" and (writer, ending) == ("sheetjs", "ods"):
                continue
            elif cell.kind == "date" and (writer, ending) == ("sheetjs", "ods"):
                cells[address] = (datetime.fromisoformat(cell.value) - DAY_ZERO) / timedelta(days=1)
            elif cell.kind == "long number" and "17 digits" in cannot:
                cells[address] = float(f"{cell.value:.16G}")
            elif cell.kind == "error":
                cells[address] = cell.value if writer == "pandas-xlsxwriter" else {"error": cell.value}
            elif writer == "sheetjs" and ending == "xls" and isinstance(cell.value, str):
                cells[address] = cell.value[:255]  # all it writes of a text there
            elif cell.formula and "formula values" in cannot:
                cells[address] = {"uncalculated": True} if writer == "openpyxl" else cell.value
            elif cell.formula and cell.value == 0 and writer == "xlsxwriter":
                cells[address] = {"uncalculated": True}  # what it also stores where it was given no value
            else:
                cells[address] = (cell.shown if "plain fonts" not in cannot else "") or cell.value
            if cell.format in TELLING and "formats" not in cannot:
                formats[address] = cell.format
            if cell.font and "plain fonts" not in cannot:
                legacy[address] = cell.font
                kept[address] = cell.value
        lines = "hidden lines" not in cannot
        sheets[sheet.name] = {
            "hidden": sheet.hidden,
            "cells": cells,
            "formats": formats,
            "legacy": legacy,
            "stored": kept,
            "merges": [] if "merges" in cannot else sheet.merges,
            "hidden_rows": sheet.hidden_rows if lines else [],
            "hidden_columns": sheet.hidden_columns if lines and ending != "xlsb" else [],
        }
    return sheets


def main(names: list[str]) -> None:
    """Writes every file, or those of the workbooks named, and ``expected.json`` for all there are."""
    TARGET.mkdir(parents=True, exist_ok=True)
    books = [form(), values(), evidence(), errors()]
    made = [book for book in books if book.name in names or not names]
    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for book in made:
            with_openpyxl(book, TARGET / f"{book.name}-openpyxl.xlsx")
            with_xlsxwriter(book, TARGET / f"{book.name}-xlsxwriter.xlsx")
            for engine in ("openpyxl", "xlsxwriter"):
                with_pandas(book, TARGET / f"{book.name}-pandas-{engine}.xlsx", engine)
            with_libreoffice(TARGET / f"{book.name}-openpyxl.xlsx", folder, book.name)
        if made:
            with_javascript(made, folder)
        if "ke-hoach" in names or not names:
            plans_as_xlsb(folder)
    for book in made:
        for ending in book.left_out:
            (TARGET / f"{book.name}-{ending}").unlink()
    for book in books:
        for path in sorted(TARGET.glob(f"{book.name}-*")):
            writer = path.stem.removeprefix(f"{book.name}-").removesuffix("-ngan")
            told[path.name] = expected(book, writer, path.suffix[1:])
    (TARGET / "expected.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
