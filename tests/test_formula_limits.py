"""Long scales, long sums, flat plans and levels spelled otherwise: the workbook stays within Excel and gives the result.

Recalculated by two engines, LibreOffice and gnumeric, and every formula held against the documented limits of Excel.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

from cchc_xl.result import Result
from cchc_xl.result.objects import Object
from tests import plans
from tests.office import convert
from tests.unit_forms import consolidated, fill, form, issue_forms

PERIOD = "2021-N"
LONG = "Báo cáo “đúng hạn” * đủ ? ~ " + "rất đầy đủ và kịp thời " * 12  # 304 characters, three of them wildcards
LEVELS = {  # code: the plan's levels with their points, and what the unit wrote
    "500": ([(f"Mức {number}", str(number)) for number in range(1, 71)], "MỨC  37", "37"),
    "501": ([(LONG + "A", "3"), (LONG + "B", "2")], LONG.replace("Báo", "BÁO") + " b", "2"),  # spaces do not count
    "502": ([("Thỏa mãn", "2"), ("Không", "0")], "thoả mãn", "2"),
    "503": ([("80% – 90%", "2"), ("dưới 80%", "1")], "80%-90%", "2"),
    "504": ([("Đạt", "2"), ("Không đạt", "0")], "Ðạt", "2"),
    "505": ([("Đạt", "2"), ("Không đạt", "0")], "chưa rõ", None),
    "506": ([("x", "2"), ("*", "1")], "*", "1"),
    "507": ([(f"{LONG}A", "3"), (f"{LONG}B", "2")], f"{LONG.upper()}b", "2"),
}
# 100 bands of one percent; of which a figure on the edge has the points of the band that includes it
EDGES = {
    # code: (upper edge included, above, below): points
    "401": (False, 0, 1000, "1"),
    "402": (False, 10, 1000, "2"),  # 1 % begins the second band
    "403": (True, 10, 1000, "1"),  # or ends the first
    "404": (False, 999, 1000, "100"),
    "405": (True, 990, 1000, "99"),
    "406": (False, 990, 1000, "100"),
    "407": (False, 1, 3, "34"),
    "408": (False, 1000, 1000, "100"),
    "409": (True, 570, 1000, "57"),  # 0,57 × 100 is 56,99999999999999 in binary
    "410": (False, 570, 1000, "58"),
}
FIGURES = [f"SO_{number}" for number in range(1, 131)]
FLAT = 270
PAIRS = 30  # what the flat criteria divide: each pair of figures under ten of a table


def _bands(code: str, *, upper: bool) -> list[str]:
    rows = []
    for number in range(1, 101):
        low, high = str(number - 1), str(number) if number < 100 else ""
        first = "có" if number == 1 or not upper else "không"
        rows.append(f"| {code} | {low} | {first} | {high} | {'có' if upper else 'không'} | | {number} |")
    return rows


def _share(number: int) -> str:
    return f"TU_{number % PAIRS} / MAU_{number % PAIRS}"


def _plan(path: Path) -> Path:
    criteria = [f"| {code} | {code} | 0,1 | tỷ lệ | {_share(code)} | |" for code in range(1, FLAT + 1)]
    criteria += [
        "| 390 | nhóm | 3 | thấp nhất | | |",
        "| 391 | nhóm | 3 | tất cả | | |",
        "| 392 | nhóm | 27 | tổng | | |",
    ]
    criteria += [
        f"| {group}.{code} | {code} | 3 | tỷ lệ | {_share(code)} | |"
        for group in (390, 391)
        for code in range(1, FLAT + 1)
    ]
    criteria += [f"| 392.{code} | {code} | 0,1 | tỷ lệ | {_share(code)} | |" for code in range(1, FLAT + 1)]
    criteria += [f"| {code} | bậc | 100 | bậc | T{code}_X / M{code}_Y | |" for code in EDGES]
    criteria += [
        f"| {code} | mức | {max(int(points) for _, points in levels)} | mức | | |"
        for code, (levels, *_) in LEVELS.items()
    ]
    criteria += [
        f"| 600 | tổng dài | 50 | mỗi đơn vị | {' + '.join(FIGURES)} | |",
        f"| 601 | thương dài | 50 | tỷ lệ | {' + '.join(FIGURES[:65])} / {' + '.join(FIGURES)} | |",
    ]
    scale = [row for code, (upper, *_) in EDGES.items() for row in _bands(code, upper=upper)]
    scale += [
        f"| {code} | | | | | {name} | {points} |" for code, (levels, *_) in LEVELS.items() for name, points in levels
    ]
    scale += ["| 600 | | | | | mỗi | 0,001 |"]
    shares = [name for number in range(PAIRS) for name in (f"TU_{number}", f"MAU_{number}")]
    figures = [*FIGURES, *shares, *(name for code in EDGES for name in (f"T{code}_X", f"M{code}_Y"))]
    tops = [*map(str, range(1, FLAT + 1)), "390", "391", "392", *EDGES, *LEVELS, "600", "601"]
    sheets: dict[str, str | None] = {
        "Đơn vị": "| Mã | Tên đơn vị | Nhóm | Phải báo cáo |\n| A | Phòng A | Phòng | x |",
        "Phụ lục": "\n".join(
            ["| TT | NỘI DUNG | ĐƠN VỊ THỰC HIỆN |", *(f"| {code} | {code} | Phòng A |" for code in tops)]
        ),
        "Bộ chỉ số": "\n".join(["| Mã | Tiêu chí | Điểm tối đa | Cách chấm | Số liệu | Không phát sinh |", *criteria]),
        "Thang điểm": "\n".join(["| Mã | Từ | Gồm từ | Đến | Gồm đến | Mức | Điểm |", *scale]),
        "Số liệu": "\n".join(
            [
                "| Mã | Tên số liệu | Kiểu | Đơn vị nhập |",
                *(f"| {code} | {code} | số nguyên | Phòng A |" for code in figures),
            ]
        ),
        "Ràng buộc": "| Mã | Biểu thức |",
    }
    return plans.save(path, sheets)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Object, Path]:
    folder = tmp_path_factory.mktemp("dai")
    plan = _plan(folder / "plan.xlsx")
    forms = issue_forms(plan, folder / "don-vi", PERIOD)
    figures: dict[str, Any] = {name: number for number, name in enumerate(FIGURES, start=1)}
    for number in range(PAIRS):
        figures |= {f"TU_{number}": 3 if number else 2, f"MAU_{number}": 3}
    for code, (_, above, below, _) in EDGES.items():
        figures |= {f"T{code}_X": above, f"M{code}_Y": below}
    rows = {code: {"Mức đạt": wrote} for code, (_, wrote, _) in LEVELS.items()}
    fill(form(forms, "A", PERIOD), figures=figures, rows=rows, saved="2021-12-16T02:00:00Z")
    return consolidated(plan, forms, PERIOD)


def gnumeric(path: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / path.name
    subprocess.run(["ssconvert", "--recalc", str(path), str(target)], check=True, capture_output=True, timeout=180)
    return target


ENGINES = {"LibreOffice": lambda path, folder: convert(path, "xlsx", folder), "gnumeric": gnumeric}
needs_gnumeric = pytest.mark.skipif(shutil.which("ssconvert") is None, reason="gnumeric is not installed")


def test_the_library_gives_what_was_worked_out(made: tuple[Object, Path]) -> None:
    points = {item["code"]: item["final_points"] for item in made[0]["criteria"]}
    assert {code: points[code] for code in EDGES} == {code: case[3] for code, case in EDGES.items()}
    assert {code: points[code] for code in LEVELS} == {code: case[2] for code, case in LEVELS.items()}
    assert (points["390"], points["391"], points["392"]) == ("2", "0", "26.7")  # nine of 270 at 2/3
    assert points["600"] == "8.515"  # 1 + 2 + … + 130 = 8515
    assert points["601"].startswith("12.5954198473")  # (1 + … + 65) / 8515 = 2145 / 8515 of 50


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")  # as gnumeric saves it
@pytest.mark.parametrize("engine", ["LibreOffice", pytest.param("gnumeric", marks=needs_gnumeric)])
@pytest.mark.parametrize("name", ["made"])  # the examples' workbooks are calculated in test_office
def test_an_engine_calculates_the_result(
    name: str, engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    document, path = request.getfixturevalue(name)
    again = ENGINES[engine](path, tmp_path)
    with closing(load_workbook(again, data_only=True, read_only=True)) as book:
        rows = book["Chấm điểm"].iter_rows(min_row=2, values_only=True)
        shown = {str(row[0]): row for row in rows if row[0]}
    wrong = []
    for item in document["criteria"]:
        for place, expected in ((3, item["final_points"]), (4, item["applicable_max"])):
            value = shown[item["code"]][place]
            if not (value in (None, "") if expected is None else _close(value, expected)):
                wrong.append((item["code"], place, expected, value))
    assert wrong == []
    index = shown["Chỉ số (%)"][3]
    assert abs(Decimal(repr(index)) - Decimal(document["index"]["percent"])) <= Decimal("0.005000001")


def _close(value: object, exact: str) -> bool:
    return isinstance(value, int | float) and abs(Decimal(repr(value)) - Decimal(exact)) < Decimal("1e-9")


def test_a_level_stands_in_the_plan_s_spelling_beside_the_unit_s(made: tuple[Object, Path]) -> None:
    with closing(load_workbook(made[1], read_only=True)) as book:
        rows = {row[0]: (row[4], row[7]) for row in book["Mức đạt"].iter_rows(min_row=2, values_only=True)}
    assert rows["502"] == ("Thỏa mãn", "thoả mãn")
    assert rows["503"] == ("80% – 90%", "80%-90%")
    assert rows["504"] == ("Đạt", "Ðạt")
    assert rows["505"] == (None, "chưa rõ")
    assert rows["506"] == ("*", None)


# --- the limits of a formula: "Excel specifications and limits", Microsoft Support ---


def measures(formula: str) -> dict[str, int]:
    """What Excel limits: characters, functions within functions, arguments of one function, characters of one text."""
    depth, deepest, most, longest = 0, 0, 0, 0
    arguments: list[int] = []
    for token in Tokenizer(formula).items:
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            depth += 1
            arguments.append(1)
        elif token.type == Token.FUNC and token.subtype == Token.CLOSE:
            depth -= 1
            most = max(most, arguments.pop())
        elif token.type == Token.SEP and token.subtype == Token.ARG and arguments:
            arguments[-1] += 1
        elif token.type == Token.OPERAND and token.subtype == Token.TEXT:
            longest = max(longest, len(token.value) - 2)
        deepest = max(deepest, depth)
    return {"characters": len(formula), "nesting": deepest, "arguments": most, "text": longest}


LIMITS = {"characters": 8_192, "nesting": 64, "arguments": 255, "text": 255}
KNOWN = frozenset(
    "ABS AND AVERAGE COUNT COUNTIF IF INT ISNUMBER LEN LOWER MAX MIN N NOT OR ROUND SIGN SUM SUMIF SUMPRODUCT TRIM".split()
)  # all of them in Excel 97


def breaches(formula: str) -> list[str]:
    found = [name for name, value in measures(formula).items() if value > LIMITS[name]]
    names = set(re.findall(r"\b([A-Z][A-Z.]*)\(", re.sub(r'"[^"]*"', '""', formula)))
    return found + sorted(names - KNOWN)


@pytest.mark.parametrize(
    ("formula", "broken"),
    [
        ("=SUM(A1,B1)", []),
        (f"=SUM({','.join(['A1'] * 255)})", []),
        (f"=SUM({','.join(['A1'] * 256)})", ["arguments"]),
        (f"={'IF(A1,1,' * 64}0{')' * 64}", []),
        (f"={'IF(A1,1,' * 65}0{')' * 65}", ["nesting"]),
        (f'=IF(A1="{"x" * 255}",1,0)', []),
        (f'=IF(A1="{"x" * 256}",1,0)', ["text"]),
        (f"={'+'.join(['A1'] * 2731)}", ["characters"]),
        ("=IFERROR(A1,0)", ["IFERROR"]),
    ],
)
def test_the_limits_are_seen(formula: str, broken: list[str]) -> None:
    assert breaches(formula) == broken


@pytest.mark.parametrize("name", ["made"])  # the examples' workbooks are calculated in test_office
def test_every_formula_keeps_within_excel(name: str, request: pytest.FixtureRequest) -> None:
    book = load_workbook(request.getfixturevalue(name)[1])
    formulas = {
        f"{sheet.title}!{cell.coordinate}": cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    assert len(formulas) > 300
    assert {place: found for place, formula in formulas.items() if (found := breaches(formula))} == {}
    assert max(map(len, formulas.values())) < 500  # far from the limit, whatever the plan


def test_an_empty_text_beside_a_formula_is_stored_as_text(quarter: Result) -> None:
    """A value without type and content is taken for a formula that was never calculated."""
    with zipfile.ZipFile(Path(quarter.folder or "") / "tong-hop.xlsx") as package:
        sheets = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    empty = [cell for text in sheets for cell in re.findall(r"<c [^>]*><f>[^<]*</f><v></v></c>", text)]
    assert len(empty) > 50
    assert [cell for cell in empty if 't="str"' not in cell] == []
