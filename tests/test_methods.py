"""Every method answers everything, and one that lacks an answer is refused by name."""

# ruff: noqa: ARG002 - a class under test answers what it is asked, whether or not it needs everything
from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from cchc_xl.plan.marking import (
    AllOrNothing,
    Cells,
    Example,
    FigureMethod,
    GroupMethod,
    Part,
    PartCells,
    Points,
    RelativeMethod,
    ReportedMethod,
    RisingMethod,
    Scoring,
    lacking,
)
from cchc_xl.plan.methods import CLASSES, METHODS, Bands, registered, scoring
from cchc_xl.records import Band, CellRef, Method, Outcome
from tests.conftest import ROOT

D = Decimal
AT = CellRef("plan.xlsx", "Thang điểm", 2, 1)


def row(level: str = "", low: str | None = None, points: str = "1") -> Band:
    return Band("1", None if low is None else D(low), True, None, False, level, Outcome("points", D(points)), AT)


ROWS = {
    "nothing": (),
    "intervals": (row(low="0"),),
    "levels": (row("Đạt", points="2"), row("Không", points="0")),
    "parameters": (
        *(row("mỗi"), row("dẫn đầu", points="4"), row("bước", points="0.5")),
        *(row("đủ điểm", points="4"), row("đầu", points="0"), row("cuối", points="2")),
    ),
    "places": (row("1", points="2"), row("2", points="1")),
}


def test_every_method_of_a_plan_has_a_class() -> None:
    assert set(METHODS) == set(Method)
    assert len(CLASSES) == len(Method)


@pytest.mark.parametrize("method", Method)
def test_a_method_answers_everything(method: Method) -> None:
    rule = scoring(method)
    assert rule.method is method
    assert lacking(type(rule)) == []
    assert rule.is_group is isinstance(rule, GroupMethod)
    assert (method in {Method.LEVEL, Method.MANUAL}) is isinstance(
        rule, ReportedMethod
    )  # design §3: by the units' rows
    for name in ("is_group", "by_hand", "is_bonus", "is_sum", "is_percentage", "is_relative", "awaits_ranking"):
        assert isinstance(getattr(rule, name), bool), name
    bands: Any = ROWS[rule.scale]
    if isinstance(rule, GroupMethod):
        cells = PartCells("D2:D3", "E2:E3", "F2:F3", "G2:G3", "H2:H3", "C4:C4")
        assert rule.points((Part(D(2), D(2)),), D(2)) == 2
        assert rule.points((), D(2)) == 0
        assert rule.limit(D(2), ((D(2), D(2)),)) == 2
        assert "F2:F3" in rule.formula(cells, "E9") or "G2:G3" in rule.formula(cells, "E9")
        assert "C9" in rule.limit_formula("C9", cells, is_deduction=False)
        assert rule.how
        assert isinstance(rule.note, str)
        assert isinstance(rule, RisingMethod | AllOrNothing)
        if isinstance(rule, RisingMethod):
            assert rule.pair(D(1), D(2)) in {D(1), D(2), D(3)}
    elif rule.awaits_ranking:
        assert isinstance(rule, RelativeMethod)
        assert (rule.points(D(3), bands, D(2)), rule.formula(Cells("H9", "C9"), bands, D(2))) == (None, '""')
        assert rule.among(D(3), (D(3), D(1)), bands, D(2)) == 2 == rule.attainable(bands, D(2))
        assert rule.spread(D(3), (D(3), D(1)), 0, bands, D(2)) == (2, 2)
    elif isinstance(rule, FigureMethod):
        found = rule.points(D(3), bands, D(2))
        assert isinstance(found, Points)
        assert "H9" in rule.formula(Cells("H9", "C9", "F2:F3"), bands, D(2)) or isinstance(rule, Bands)
        assert rule.explained(found, bands, D(2))
        assert all(isinstance(edge, Decimal) for edge in rule.edges(bands, D(2), D(1)))
        assert 0 < rule.attainable(bands, D(2)) <= 2
        assert isinstance(rule.needs_quotient, bool)
    else:
        assert isinstance(rule, ReportedMethod)
        text = "Đạt" if rule.scale == "levels" else "2"
        assert rule.points(text, bands, D(2)) is not None
        assert str(rule.shown(text, bands)) == text
        assert "E9" in rule.formula("E9", ("D2:D3", "E2:E3"), bands, D(2))
        top = rule.top(bands, D(2))
        assert top is not None
        assert top.points == rule.attainable(bands, D(2)) == 2
        assert rule.standing(text, bands, D(2)) == top
        assert rule.rungs(D(1), bands, D(2))
        assert rule.heading in {"Mức đạt", "Điểm tự chấm"}


NEW: Any = "nửa điểm"


class Half(FigureMethod):
    """Half the maximum, whatever the figure; whole below, and taken to pieces by the tests."""

    method = NEW
    scale = "nothing"
    meaning = "Một nửa điểm tối đa."
    example = Example("Được một nửa số điểm", "2", ("1",), "A_A")

    def points(self, value: Decimal, bands: Any, maximum: Decimal) -> Points:
        return Points(maximum / 2)

    def formula(self, cells: Cells, bands: Any, maximum: Decimal) -> str:
        return f"{cells.maximum}/2"

    def edges(self, bands: Any, maximum: Decimal, now: Decimal) -> tuple[Decimal, ...]:
        return ()

    def explained(self, points: Points, bands: Any, maximum: Decimal) -> str:
        return ", một nửa"


def test_a_whole_class_is_one_more_method() -> None:
    more = registered([*CLASSES, Half], [*Method, NEW])
    assert more[NEW].method == NEW
    assert set(more) == {*Method, NEW}


@pytest.mark.parametrize("name", sorted(name for name in vars(Half) if not name.startswith("_")))
def test_a_class_is_refused_by_each_answer_it_lacks(name: str) -> None:
    body = {key: value for key, value in vars(Half).items() if key not in {name, "__abstractmethods__", "_abc_impl"}}
    incomplete = type("Half", (FigureMethod,), body)
    with pytest.raises(TypeError, match=f"^Half lacks {name}$"):
        registered([*CLASSES, incomplete], [*Method, NEW])


@pytest.mark.parametrize(("scale", "lack"), [("parameters", "parameters"), ("intervals", "row_formula")])
def test_a_scale_asks_for_what_belongs_to_it(scale: str, lack: str) -> None:
    with pytest.raises(TypeError, match=f"^Scaled lacks {lack}$"):
        registered([*CLASSES, type("Scaled", (Half,), {"scale": scale})], [*Method, NEW])


@pytest.mark.parametrize("kind", [FigureMethod, ReportedMethod, RisingMethod, AllOrNothing])
def test_a_class_without_any_answer_is_told_all_of_them(kind: type[Scoring]) -> None:
    with pytest.raises(TypeError) as told:
        registered([*CLASSES, type("Empty", (kind,), {})], Method)
    named = set(str(told.value).removeprefix("Empty lacks ").split(", "))
    own = {name for name in vars(kind)["__annotations__"] if not hasattr(kind, name)}
    assert named >= {"method"} | set(kind.__abstractmethods__) | own


def test_a_method_without_a_class_and_a_second_class_are_refused() -> None:
    with pytest.raises(TypeError, match="no class marks nửa điểm"):
        registered(CLASSES, [*Method, NEW])
    with pytest.raises(TypeError, match="“bậc” has a class already"):
        registered([*CLASSES, type("Again", (Bands,), {})], Method)


def test_no_method_is_asked_for_by_name_outside_its_class() -> None:
    """What differs by method is in the class: nothing else compares with a member."""
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sorted((ROOT / "cchc_xl").rglob("*.py"))
        if path.name not in {"methods.py", "marking.py"}
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"(?<!<)\bMethod\.[A-Z]", line)  # "<Method.SUM" is what an example prints
    ]
    assert found == []


def test_a_criterion_without_a_method_is_nothing() -> None:
    rule = scoring(None)
    assert not any((rule.is_group, rule.by_hand, rule.is_bonus, rule.is_sum, rule.is_percentage, rule.is_relative))
    assert scoring("không có cách này") is rule
