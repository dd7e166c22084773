"""Random plans and fillings: the library, the live formulas of its workbook and a naive second evaluator agree.

Every method of criteria and groups, policies, conditions, roundings, expressions, bonus and deduction; see
``second_evaluator`` for what is drawn and for the evaluator itself.
"""

from __future__ import annotations

import random
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from openpyxl import load_workbook

from cchc_xl.plan.expression import parsed
from cchc_xl.records import (
    Band,
    Condition,
    Criterion,
    Edition,
    Kind,
    Measure,
    MeasureTotal,
    Method,
    Unit,
)
from cchc_xl.score.scorecard import Scorecard, score
from tests import in_memory, plans
from tests.conftest import WHOLE
from tests.in_memory import AT, band, entry, reported, total
from tests.office import convert
from tests.second_evaluator import AWAY, DAYS, GROUPS, PERCENTS, UNITS, Filling, Row, Step, evaluated, random_plan, used
from tests.unit_forms import consolidated, fill, form, issue_forms

SEEDS = range(3000 if WHOLE else 300)
EPOCH = date(1899, 12, 30)


# --- the library, on the same ---


def kind(code: str) -> Kind:
    return Kind.PERCENT if code in PERCENTS else Kind.DATE if code in DAYS else Kind.DECIMAL


def decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def scale(code: str, step: Step) -> Band:
    return band(code, step.points, step.low, step.high, "(["[step.low_in] + ")]"[step.high_in], step.level)


def criterion(row: Row) -> Criterion:
    figures, why = parsed(row.figures) if row.figures else (None, "")
    assert not why
    return Criterion(
        row.code,
        row.code,
        None if row.limit is None else Decimal(row.limit),
        Method(row.method),
        AT,
        figures,
        not_applicable=row.policy,
        combine=row.combine or "thấp nhất",
        places=row.places,
        condition=row.condition and Condition(*row.condition),
    )


def edition(rows: list[Row]) -> Edition:
    return in_memory.edition(
        map(criterion, rows),
        {row.code: row.units for row in rows if row.units},
        units=(Unit(code, code) for code in UNITS),
        bands=(scale(row.code, step) for row in rows for step in row.scale),
        measures=(Measure(code, code, "", kind(code), "tổng", (), ("VP",), AT) for code in used(rows)),
    )


def known(measure: Measure, code: str, value: Fraction | None) -> MeasureTotal:
    return total(replace(measure, code=code), None if value is None else decimal(value))


def scored(rows: list[Row], filling: Filling) -> Scorecard:
    made = edition(rows)
    totals = [known(item, item.code, filling.figures[item.code]) for item in made.plan.measures]
    before = [
        known(item, f"{item.code}@trước", filling.figures[f"{item.code}@trước"])
        for item in made.plan.measures
        if f"{item.code}@trước" in filling.figures
    ]
    entries = (entry(code, unit, text) for (code, unit), text in filling.reports.items())
    appraised = {code: decimal(points) for code, points in filling.appraised.items()}
    return score(made, reported(made, entries, totals, before), appraised)


def same(told: Decimal | None, due: Fraction | None) -> bool:
    return told is due is None or (
        told is not None and due is not None and abs(Fraction(told) - due) < Fraction(1, 10**15)
    )


def differences(card: Scorecard, rows: list[Row], filling: Filling) -> list[tuple[object, ...]]:
    points, maxima, index = evaluated(rows, filling)
    told = {item.node.criterion.code: item for item in card.scores}
    wrong: list[tuple[object, ...]] = []
    for row in rows:
        own = told[row.code]
        if not same(own.final_points, points[row.code]) or not same(own.applicable_max, maxima[row.code]):
            wrong.append((row, own.final_points, points[row.code], own.applicable_max, maxima[row.code]))
    given = (card.index.points, card.index.applicable_max, card.index.percent, card.index.percent_if_missing_full)
    if not all(map(same, given, index)):
        wrong.append(("chỉ số", given, index))
    return wrong


def test_the_library_and_the_second_evaluator_agree() -> None:
    methods: set[str] = set()
    seen = {"missing": 0, "left out": 0, "condition": 0}
    for seed in SEEDS:
        rows, filling = random_plan(random.Random(seed), 3)
        card = scored(rows, filling)
        assert differences(card, rows, filling) == [], seed
        methods |= {row.method for row in rows}
        seen["missing"] += not card.index.complete
        seen["left out"] += any(item.status == "not_applicable" for item in card.scores)
        seen["condition"] += any(item.held for item in card.scores)
    assert methods == set(Method)
    assert all(count > len(SEEDS) // 20 for count in seen.values()), seen


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        (lambda row: setattr(row, "limit", row.limit + 1), "tỷ lệ"),
        (lambda row: setattr(row, "places", 0), "tỷ lệ"),
        (lambda row: setattr(row, "method", "thấp nhất"), "cao nhất"),
        (lambda row: setattr(row, "policy", "0 điểm"), "tỷ lệ"),
    ],
    ids=["maximum", "rounding", "group", "policy"],
)
def test_a_rule_that_is_read_otherwise_is_noticed(change: Any, moved: str) -> None:
    """A row of a plan changed for one of the two only: of some hundred plans one parts, whatever methods there are."""
    for seed in range(600):
        rows, filling = random_plan(random.Random(seed), 3)
        card = scored(rows, filling)
        for row in rows:
            if row.method == moved:
                change(row)
        if differences(card, rows, filling):
            return
    pytest.fail("nobody noticed")


# --- and its live formulas ---


def tables(rows: list[Row]) -> dict[str, str | None]:
    """The sheets of the plan workbook, as text for ``plans.save``."""
    criteria = ["| Mã | Tiêu chí | Điểm tối đa | Cách chấm | Số liệu | Gộp | Không phát sinh | Làm tròn | Điều kiện |"]
    bands = ["| Mã | Từ | Gồm từ | Đến | Gồm đến | Mức | Điểm |"]
    leads = ["| TT | NỘI DUNG | ĐƠN VỊ THỰC HIỆN |"]
    for row in rows:
        limit = "" if row.limit is None else str(row.limit)
        places = "" if row.places is None else str(row.places)
        asked = "" if row.condition is None else f"t:{row.condition[0]}" + (" = tối đa" if row.condition[1] else "")
        criteria.append(
            f"| {row.code} | Tiêu chí {row.code} | {limit} | {row.method} | {row.figures} | {row.combine} | {row.policy} | "
            f"{places} | {asked} |"
        )
        if row.units:
            leads.append(f"| {row.code} | Tiêu chí {row.code} | {'; '.join(f'Phòng {unit}' for unit in row.units)} |")
        for step in row.scale:
            low, high = ("" if edge is None else str(edge) for edge in (step.low, step.high))
            low_in, high_in = ("có" if inside else "không" for inside in (step.low_in, step.high_in))
            points = f"t:{step.points}" if step.points.endswith("%") else step.points.replace(".", ",")
            name = f"t:{step.level}" if step.level.isdecimal() else step.level
            bands.append(f"| {row.code} | {low} | {low and low_in} | {high} | {high and high_in} | {name} | {points} |")
    figures = [
        f"| {code} | Số {code} | {kind(code)} | {'một đơn vị' if kind(code) is Kind.DATE else 'tổng'} | Phòng VP |"
        for code in used(rows)
    ]
    return {
        "Cài đặt": "| Mục | Giá trị |\n| Thiếu minh chứng | cảnh báo |",
        "Đơn vị": "| Mã | Tên đơn vị | Nhóm | Phải báo cáo |\n" + "\n".join(f"| {unit} | Phòng {unit} | Phòng | x |" for unit in UNITS),
        "Phụ lục": "\n".join(leads),
        "Bộ chỉ số": "\n".join(criteria),
        "Thang điểm": "\n".join(bands),
        "Số liệu": "\n".join(["| Mã | Tên số liệu | Kiểu | Gộp | Đơn vị nhập |", *figures]),
        "Ràng buộc": "| Mã | Biểu thức |",
    }  # fmt: skip


def typed(value: Fraction, code: str) -> Any:
    return EPOCH + timedelta(days=int(value)) if code in DAYS else float(value)


# A group of which only a bonus applies, whose condition waits (13) or is not met (14): 3 points are nobody's yet, or 0.
BONUS_ALONE = [
    [
        Row(f"{top}", "tổng", None),
        Row(f"{top}.1", *asked, units=("VP",)),  # type: ignore[arg-type]
        Row(f"{top}.2", "bất kỳ", 2, condition=(f"{top}.1", False)),
        Row(f"{top}.2.1", "điểm cộng", 4),
        Row(f"{top}.2.1.1", "chấm tay", 5, units=("VP",)),
        Row(f"{top}.2.2", "chấm tay", 2, policy="loại", units=("VP",)),
    ]
    for top, asked in ((13, ("khoảng", 4, "SO_1")), (14, ("chấm tay", 4)))
]
BONUS_ALONE[0][1].scale = [Step("0", "đầu"), Step("100%", "cuối")]
BONUS_ALONE_SAID = {"13.2.1.1": "3", "13.2.2": AWAY, "14.1": "0", "14.2.1.1": "3", "14.2.2": AWAY}

Recalculated = tuple[list[Row], Filling, dict[str, Any], dict[str, Any]]


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> Recalculated:
    """A plan of twelve random fields, its result, and the rows of ``Chấm điểm`` as LibreOffice calculates them."""
    folder = tmp_path_factory.mktemp("hai")
    made = (random_plan(random.Random("Excel" + "!" * more), 12, in_excel=True) for more in range(50))
    rows, filling = next(plan for plan in made if {row.method for row in plan[0]} >= set(GROUPS))
    filling.appraised.clear()
    rows += [row for field in BONUS_ALONE for row in field]
    filling.reports |= {(code, "VP"): text for code, text in BONUS_ALONE_SAID.items()}
    filling.figures["SO_1"] = Fraction(4)
    plan = plans.save(folder / "plan.xlsx", tables(rows))
    forms = issue_forms(plan, folder / "don-vi", "2021-N")
    for unit in UNITS:
        told = {
            row.code: {"Điểm tự chấm": float(text)} if row.method == "chấm tay" and text != AWAY else {"Mức đạt": text}
            for row in rows
            if (text := filling.reports.get((row.code, unit), ""))
        }
        sent = {code: typed(value, code) for code in used(rows) if (value := filling.figures[code]) is not None}
        fill(form(forms, unit, "2021-N"), rows=told, figures=sent if unit == "VP" else {}, saved="2021-12-16T02:00:00Z")
    document, path = consolidated(plan, forms, "2021-N")
    with closing(load_workbook(convert(path, "xlsx", folder / "lo"), data_only=True, read_only=True)) as book:
        shown = {str(row[0]): row for row in book["Chấm điểm"].iter_rows(min_row=2, values_only=True) if row[0]}
    return rows, filling, document, shown


def test_the_whole_line_and_the_second_evaluator_agree(recalculated: Recalculated) -> None:
    rows, filling, document, _ = recalculated
    assert [item for item in document["findings"] if item["severity"] == "error" and item["code"][0] == "P"] == []
    points, maxima, index = evaluated(rows, filling)
    told = {item["code"]: item for item in document["criteria"]}
    wrong = [
        (row, item["final_points"], points[row.code])
        for row in rows
        if not same((item := told[row.code])["final_points"] and Decimal(item["final_points"]), points[row.code])
        or not same(Decimal(item["applicable_max"]), maxima[row.code])
    ]
    assert wrong == []
    assert index[0] is not None
    assert abs(Fraction(document["index"]["points"]) - index[0]) <= Fraction(1, 200)  # as it is printed


def test_the_live_formulas_and_the_second_evaluator_agree(recalculated: Recalculated) -> None:
    rows, filling, _, shown = recalculated
    points, maxima, index = evaluated(rows, filling)

    def near(cell: object, due: Fraction | None) -> bool:
        if due is None:
            return cell in (None, "")
        return isinstance(cell, int | float) and abs(Fraction(cell) - due) < Fraction(1, 10**9)

    wrong = [
        (row, shown[row.code][3:5], points[row.code], maxima[row.code])
        for row in rows
        if not near(shown[row.code][3], points[row.code]) or not near(shown[row.code][4], maxima[row.code])
    ]
    assert wrong == []
    assert index[2] is not None
    assert abs(Fraction(shown["Chỉ số (%)"][3]) - index[2]) < Fraction(6, 1000)
