"""Builds the examples of issued sets of criteria: ``python tools/make_public_examples.py [name …]``.

A set is a file of ``tools/public_sets``, named like its folder under ``examples``: tables drawn with ``|`` under the names
of the plan's sheets, and what the units typed. The forms are issued by the library and filled in as a clerk would; a
run writes the same bytes every time.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cchc_xl.office.excel.book import Book
from cchc_xl.plan import load_plan
from cchc_xl.plan.edition import find_period, in_force
from cchc_xl.plan.load import COMBINE_FIGURES, COMBINE_UNITS, NOT_APPLICABLE_POLICIES, SEVERITIES, SHEETS
from cchc_xl.plan.methods import METHODS
from cchc_xl.records import Kind, Method
from cchc_xl.text.words import read_date
from cchc_xl.unit.issue import issue
from tools.example_data import Filled, Typed
from tools.make_examples import fill

ROOT = Path(__file__).resolve().parent.parent
SETS = Path(__file__).parent / "public_sets"
SPARE_ROWS = 60
GROUPS = frozenset(method for method, rule in METHODS.items() if rule.is_group)
NUMBERS = frozenset(("Điểm tối đa", "Từ", "Đến", "Điểm", "Làm tròn"))
WIDTHS = {
    "Mã": 10, "TT": 10, "Mục": 26, "Giá trị": 44, "Ghi chú": 44, "Tên đơn vị": 40, "Tiêu chí": 46, "NỘI DUNG": 46,
    "ĐƠN VỊ THỰC HIỆN": 34, "MỤC TIÊU/GIẢI PHÁP THỰC HIỆN": 44, "PHỐI HỢP THỰC HIỆN": 34, "Số liệu": 32, "Căn cứ": 52,
    "Minh chứng": 28, "Mức": 34, "Tên số liệu": 46, "Đơn vị nhập": 50, "Biểu thức": 50, "Thông báo": 60, "Câu": 90,
    "Khi thiếu": 50, "Tên kỳ": 24, "Tên khác": 30, "Nhóm": 24,
}  # fmt: skip
CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("Đơn vị", "Phải báo cáo"): ("x",),
    ("Bộ chỉ số", "Cách chấm"): tuple(Method),
    ("Bộ chỉ số", "Gộp"): COMBINE_UNITS,
    ("Bộ chỉ số", "Không phát sinh"): NOT_APPLICABLE_POLICIES,
    ("Thang điểm", "Gồm từ"): ("có", "không"),
    ("Thang điểm", "Gồm đến"): ("có", "không"),
    ("Số liệu", "Kiểu"): tuple(Kind),
    ("Số liệu", "Gộp"): COMBINE_FIGURES,
    ("Ràng buộc", "Mức độ"): tuple(SEVERITIES),
}
Row = dict[str, str]
_CELLS = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class PublicSet:
    """A set as it is written down: its title, what stands in lines ``name: value``, its tables by name."""

    title: str
    facts: Mapping[str, str]
    tables: Mapping[str, tuple[Row, ...]]

    @property
    def units(self) -> tuple[str, ...]:
        """The codes of the units that fill in a form."""
        return tuple(row["Mã"] for row in self.tables["Đơn vị"])


def read(path: Path) -> PublicSet:
    """The set that a file writes down."""
    facts: dict[str, str] = {}
    tables: dict[str, list[list[str]]] = {}
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    for line in lines[1:]:
        if line.startswith("## "):
            tables[line.removeprefix("## ")] = []
        elif line.startswith("|"):
            cells = (cell.strip().replace("\\|", "|") for cell in _CELLS.split(line)[1:-1])
            next(reversed(tables.values())).append(list(cells))
        else:
            name, _, value = line.partition(": ")
            facts[name] = value
    return PublicSet(lines[0], facts, {name: tuple(_rows(name, cells)) for name, cells in tables.items()})


def _rows(name: str, cells: list[list[str]]) -> Iterator[Row]:
    headings, *rows = cells
    for row in rows:
        if len(row) != len(headings):
            raise SystemExit(f"{name}: {len(row)} cells under {len(headings)} headings in | {' | '.join(row)} |")
        yield dict(zip(headings, row, strict=True))


def build_plan(path: Path, made: PublicSet) -> None:
    """Writes the plan workbook of a set."""
    created = datetime(int(_setting(made, "Năm")), 1, 2, tzinfo=timezone.utc)
    with Book(path, made.title, created=created) as book:
        sheet = book.sheet("Nguồn", (120,), portrait=True)
        sheet.write_string(0, 0, made.title, book.look("title"))
        book.write(
            sheet, 1, 0, "Căn cứ từng dòng ở cột “Căn cứ” của “Bộ chỉ số”; dòng minh họa ghi “Minh họa – …”.", "cell"
        )
        for name in (*SHEETS, "Câu báo cáo"):
            _write(book, name, made.tables[name])


def _write(book: Book, name: str, rows: tuple[Row, ...]) -> None:
    told = tuple(rows[0])
    headings = (*SHEETS.get(name, ()), *(heading for heading in told if heading not in SHEETS.get(name, ())))
    sheet = book.sheet(name, tuple(WIDTHS.get(heading, 13) for heading in headings))
    sheet.write_string(0, 0, name.upper(), book.look("title"))
    book.heading(sheet, 1, headings)
    for number, row in enumerate(rows, start=2):
        group = row.get("Cách chấm", "") in GROUPS or (name == "Phụ lục" and "." not in row["TT"])
        for column, heading in enumerate(headings):
            code = heading in ("Mã", "TT") or (heading == "Tiêu chí" and name != "Bộ chỉ số")
            look = ("group_code" if group else "code") if code else ("group" if group else "cell")
            book.write(sheet, number, column, _value(heading, row.get(heading, "")), look)
    for column, heading in enumerate(headings):
        if choices := CHOICES.get((name, heading)):
            said = {"error_title": "Không có trong danh mục", "error_message": "Hãy chọn trong danh sách thả xuống."}
            sheet.data_validation(
                2, column, len(rows) + 1 + SPARE_ROWS, column, {"validate": "list", "source": list(choices), **said}
            )


def _value(heading: str, text: str) -> object:
    """A number where the column holds numbers; codes, shares and names of levels stay text."""
    if heading in NUMBERS or heading == "Giá trị":
        plain = text.replace(",", ".")
        return Decimal(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else text
    return text


def _setting(made: PublicSet, name: str) -> str:
    return next(row["Giá trị"] for row in made.tables["Cài đặt"] if row["Mục"] == name)


def filled(made: PublicSet) -> dict[str, Filled]:
    """What each unit typed."""
    every: dict[str, Filled] = {unit: Filled(saved=made.facts["Lưu phiếu"]) for unit in made.units}
    for row in made.tables["Điền số liệu"]:
        for unit in made.units:
            if row[unit]:
                every[unit].figures[row["Mã"]] = _typed(row[unit])
    for row in made.tables["Điền phụ lục"]:
        every[row["Đơn vị"]].rows.setdefault(row["Mã"], {})[row["Cột"]] = (
            _typed(row["Nội dung"]) if row["Cột"] == "Điểm tự chấm" else row["Nội dung"]
        )
    tasks = {
        unit: [tuple(row.values())[1:] for row in made.tables["Điền nhiệm vụ"] if row["Đơn vị"] == unit]
        for unit in every
    }
    return {unit: Filled(given.figures, given.rows, tuple(tasks[unit]), given.saved) for unit, given in every.items()}


def _typed(text: str) -> Typed:
    """As a clerk types it: a date into a cell of dates, a number, else the words."""
    if (day := read_date(text)) is not None and "/" in text:
        return day
    plain = text.replace(",", ".")
    if re.fullmatch(r"-?\d+", plain):
        return int(plain)
    return float(plain) if re.fullmatch(r"-?\d+\.\d+", plain) else text


def build(folder: Path, made: PublicSet) -> None:
    """Writes the plan and the filled forms of a set; the forms that were there are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    forms = folder / "don-vi"
    if forms.exists():
        shutil.rmtree(forms)
    build_plan(folder / "ke-hoach.xlsx", made)
    plan = load_plan(folder / "ke-hoach.xlsx")
    period = find_period(plan, made.facts["Kỳ"])
    if period is None:
        raise SystemExit(f"the plan has no period {made.facts['Kỳ']}")
    issued = datetime.fromisoformat(made.facts["Phát phiếu"]).replace(tzinfo=timezone.utc)
    issue(in_force(plan, period), forms, created=issued)
    for unit, given in filled(made).items():
        fill(forms / f"{period.code}_{unit}.xlsx", given)


if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(path.stem for path in SETS.glob("*.md")):
        build(ROOT / "examples" / name, read(SETS / f"{name}.md"))
        print(f"examples/{name}")
