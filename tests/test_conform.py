"""A unit's workbook as typed values: real forms are issued, filled from tables, damaged and read back."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from cchc_xl.result.objects import Object
from tests.unit_forms import (
    AWAY,
    FULL,
    ON_TIME,
    PERIOD,
    TASK_FIGURES,
    assess,
    copy_tree,
    edit,
    entries,
    fill,
    form,
    found,
    full_folder,
    issue_forms,
    plan_with,
    points,
    rewrite,
    roll,
    verdicts,
    without_heading,
    without_stamp,
)

VP, NCC, LD = "2021-Q1_VP.xlsx", "2021-Q1_NCC.xlsx", "2021-Q1_LD.xlsx"


def test_the_filled_forms_have_nothing_to_mend_and_the_index_worked_out_by_hand(plan: Path, folder: Path) -> None:
    document = assess(plan, folder)
    assert found(document) == []
    assert points(document) == {"1.1": "4", "1.2": "1.5", "1.10": "4", "2.1": "6.4", "2.2": "1.75"}
    assert (document["index"]["points"], document["index"]["percent"]) == ("17.65", "88.25")
    assert document["index"]["complete"] is True


# --- one cell, one outcome ---

THAP_PHAN, NGUYEN, SO_TIEN, TY_LE, NGAY_BH = "THAP_PHAN", "NGUYEN", "SO_TIEN", "TY_LE", "NGAY_BH"
NFD = unicodedata.normalize("NFD", "12 văn bản")
DAY = date(2026, 12, 31)
NOON, EVENING = datetime.fromisoformat("2026-12-31T12:00"), datetime.fromisoformat("2021-03-09T17:00")
KNOWN = [
    (TY_LE, "74,12%", "74.12", []),
    (TY_LE, "82,5", "82.5", []),
    (TY_LE, 82.5, "82.5", []),
    (TY_LE, (0.825, "0.0%"), "82.5", []),
    (TY_LE, (0.825, "0%"), "82.5", []),
    (TY_LE, (0.825, "#,##0.00%"), "82.5", []),
    (TY_LE, (0.825, "[>1]0%;0.0%"), "82.5", []),
    (TY_LE, (82.5, '0.0"%"'), "82.5", []),
    (TY_LE, (82.5, "0.0\\%"), "82.5", []),
    (TY_LE, 0, "0", []),
    (NGUYEN, 0, "0", []),
    (NGUYEN, "0", "0", []),
    (NGUYEN, "01", "1", []),
    (NGUYEN, 12, "12", []),
    (NGUYEN, "1.480", "1480", []),
    (NGUYEN, "1 480", "1480", []),
    (NGUYEN, "1\u00a0480", "1480", []),
    (NGUYEN, "12 văn bản", "12", ["T301"]),
    (NGUYEN, NFD, "12", ["T301"]),
    (NGUYEN, " \u200b12 ", "12", []),
    (NGUYEN, (1480, "#,##0"), "1480", []),
    (SO_TIEN, "640.905.000 đồng", "640905000", ["T301"]),
    (SO_TIEN, 640905000, "640905000", []),
    (SO_TIEN, (640905000, '#,##0 "đồng"'), "640905000", []),
    (THAP_PHAN, "1.5", "1.5", []),
    (THAP_PHAN, "1,063", "1.063", []),
    (THAP_PHAN, "1.234,5", "1234.5", []),
    (THAP_PHAN, 1.48, "1.48", []),
    (THAP_PHAN, -3, "-3", []),
    (THAP_PHAN, 0.1, "0.1", []),
]
REFUSED = [
    (NGUYEN, "1,063", "D105"),
    (NGUYEN, "1.5", "D105"),
    (NGUYEN, 1.5, "D105"),
    (NGUYEN, 1.48, "D105"),
    (NGUYEN, -1, "D105"),
    (NGUYEN, "-1", "D105"),
    (NGUYEN, "−1", "D105"),
    (NGUYEN, "12.34", "D105"),
    (SO_TIEN, -640905000, "D105"),
    (SO_TIEN, 0.5, "D105"),
    (NGUYEN, (0.825, "0%"), "D104"),
    (NGUYEN, (1, "0%"), "D104"),
    (NGUYEN, "74,12%", "D104"),
    (THAP_PHAN, (0.5, "0.00%"), "D104"),
    (THAP_PHAN, "1.480", "D106"),
    (TY_LE, "1.480", "D106"),
    (NGUYEN, "12 văn bản, 3 tờ trình", "D107"),
    (NGUYEN, "5-7", "D107"),
    (NGUYEN, "3/8", "D107"),
    (NGUYEN, "12 13", "D107"),
    (SO_TIEN, "640 triệu đồng", "D108"),
    (SO_TIEN, "1,5 tỷ", "D108"),
    (NGUYEN, "khoảng 12", "D101"),
    (NGUYEN, "x", "D101"),
    (NGUYEN, "Đạt", "D101"),
    (NGUYEN, "-", "D101"),
    (NGUYEN, True, "D101"),
    (NGUYEN, 1e60, "D101"),
    (SO_TIEN, "9" * 60, "D101"),
    (NGUYEN, DAY, "D109"),
    (NGUYEN, NOON, "D109"),
    (TY_LE, DAY, "D109"),
    (NGUYEN, "31/12/2026", "D107"),
    (NGUYEN, "#REF!", "D114"),
    (TY_LE, "#N/A", "D114"),
    (NGUYEN, "=6+6", "D115"),
    (SO_TIEN, "=SUM(A1:A3)", "D115"),
    (NGAY_BH, (46387, "General"), "D113"),
    (NGAY_BH, "hôm qua", "D113"),
    (NGAY_BH, "31/02/2026", "D113"),
]
BLANK = [None, "", "   ", "\u200b"]
NOT_ARISEN = [AWAY, "Không phát sinh", "KHÔNG PHÁT SINH.", unicodedata.normalize("NFD", AWAY)]
KINDS = {
    THAP_PHAN: "số thập phân",
    NGUYEN: "số nguyên",
    SO_TIEN: "tiền",
    TY_LE: "tỷ lệ %",
    NGAY_BH: "ngày",
    "GHI_CHU": "chữ",
}
#   what is typed into a figure of this kind: its state, its value, the findings at its cell
VALUES: list[tuple[str, Any, str, str | None, list[str]]] = [
    *((code, value, "known", expected, notes) for code, value, expected, notes in KNOWN),
    *((code, value, "error", None, [problem]) for code, value, problem in REFUSED),
    *((code, value, "missing", None, ["D103"]) for code in KINDS for value in BLANK),
    *((code, value, "not_applicable", None, []) for code in (NGUYEN, TY_LE, "GHI_CHU") for value in NOT_ARISEN),
]


@pytest.fixture(scope="module")
def values(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Object:
    """One workbook of LD that holds the whole table, each value in a figure of its own from D14 on, beside the others' forms."""
    home = tmp_path_factory.mktemp("gia-tri")
    rows = [(f"GT_{n}", f"Số {n}", "", KINDS[code], None, None, "LD") for n, (code, *_) in enumerate(VALUES)]
    cells = {f"Số liệu!{'ABCDEFG'[c]}{15 + r}": value for r, row in enumerate(rows) for c, value in enumerate(row)}
    plan = plan_with(home / "plan.xlsx", cells)
    forms = copy_tree(filled, home / "don-vi")
    form(forms, "LD").unlink()
    issue_forms(plan, forms)
    fill(form(forms, "LD"), figures=FULL["LD"]["figures"] | {f"GT_{n}": row[1] for n, row in enumerate(VALUES)})
    return assess(plan, forms)


@pytest.mark.parametrize("number", range(len(VALUES)), ids=lambda n: f"{VALUES[n][0]} {VALUES[n][1]!r}")
def test_a_cell_by_its_declared_kind(values: Object, number: int) -> None:
    _, _, state, value, codes = VALUES[number]
    assert entries(values, "LD")[f"GT_{number}"] == (state, value)
    cell = f"D{14 + number}"
    own = [item for item in values["findings"] if (item["file"], item["sheet"], item["cell"]) == (LD, "Số liệu", cell)]
    assert [item["code"] for item in own] == codes
    assert all(item["unit"] == "LD" and item["fix"] for item in own)


def test_the_table_of_values_changes_nothing_for_the_others(values: Object) -> None:
    assert values["index"]["points"] == "17.65"
    assert {code for code, _ in found(values, file=NCC)} == {"U203"}


@pytest.mark.parametrize("value", [DAY, "31/12/2026", "31-12-2026", "31.12.2026"])
def test_a_date_in_a_date_column(plan: Path, folder: Path, value: Any) -> None:
    fill(form(folder, "LD"), figures={NGAY_BH: value})
    document = assess(plan, folder)
    assert found(document) == []
    entry = next(item for item in document["measure_details"] if item["code"] == NGAY_BH)["entries"][0]
    assert (entry["state"], entry["text"]) == ("known", "31/12/2026")


PERCENT_SPELLINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "single quotes in the sheet": (
        "sheet2.xml",
        lambda xml: re.sub(rb"<c [^>]*>", lambda tag: tag[0].replace(b'"', b"'"), xml),
    ),
    "a prefix in the sheet": (
        "sheet2.xml",
        lambda xml: re.sub(rb"<(/?)(?![?!])", rb"<\1x:", xml).replace(b"xmlns=", b"xmlns:x=", 1),
    ),
    "a prefix in the styles": (
        "styles.xml",
        lambda xml: re.sub(rb"<(/?)(?![?!])", rb"<\1x:", xml).replace(b"xmlns=", b"xmlns:x=", 1),
    ),
}


@pytest.mark.parametrize("name", PERCENT_SPELLINGS)
def test_a_percentage_is_seen_however_the_writer_spells_its_xml(plan: Path, folder: Path, name: str) -> None:
    path = fill(form(folder, "LD"), figures={TY_LE: (0.825, "0%")})
    part, change = PERCENT_SPELLINGS[name]
    rewrite(path, part, change)
    document = assess(plan, folder)
    assert entries(document, "LD")[TY_LE] == ("known", "82.5")
    assert found(document) == []


@pytest.mark.parametrize(
    ("stored", "state", "codes"),
    [
        (b"<f>6+6</f><v>12</v>", ("known", "12"), []),
        (b"<f>6+6</f>", ("error", None), ["D115"]),
        (b"<f>6+6</f><v></v>", ("error", None), ["D115"]),
        (b'<f t="array" ref="D9">SUM(A1:A2)</f>', ("error", None), ["D115"]),
        (b"<v>1E400</v>", ("error", None), ["D114"]),  # no number that Excel shows
        (b"<v>NaN</v>", ("error", None), ["D114"]),
    ],
)
def test_a_stored_cell(plan: Path, folder: Path, stored: bytes, state: tuple[str, Any], codes: list[str]) -> None:
    def change(xml: bytes) -> bytes:
        changed, count = re.subn(rb'<c r="D9"[^>]*>.*?</c>', b'<c r="D9">' + stored + b"</c>", xml)
        assert count == 1
        return changed

    rewrite(form(folder, "LD"), "sheet2.xml", change)
    document = assess(plan, folder)
    assert entries(document, "LD")[NGUYEN] == state
    assert found(document) == [(code, "D9") for code in codes]
    assert not any("object at 0x" in item["message"] for item in document["findings"])


# --- the appendix ---

LEVELS = [
    ("Đạt", "4", []),
    ("đạt", "4", []),
    (unicodedata.normalize("NFD", " ĐẠT "), "4", []),
    ("Ðạt", "4", []),
    ("Chưa đạt", "0", []),
    ("Tốt", None, [("D112", "G9")]),
    (1, None, [("D112", "G9")]),
    (None, None, [("D111", "G9")]),
    ("#N/A", None, [("D114", "G9")]),
]


@pytest.mark.parametrize(("level", "expected", "findings"), LEVELS, ids=repr)
def test_a_level(plan: Path, folder: Path, level: Any, expected: str | None, findings: list[Any]) -> None:
    fill(form(folder, "NCC"), rows={"1.1": {"Mức đạt": level}})
    document = assess(plan, folder)
    assert points(document)["1.1"] == expected
    assert found(document) == findings


SELF_POINTS = [
    (1.5, "1.5", []),
    ("1,5", "1.5", []),
    (0, "0", []),
    # Outside minimum, maximum or step: an error and no score until it is mended (design §3).
    (1.3, None, [("S110", "H10")]),
    (9, None, [("S110", "H10")]),
    (-1, None, [("S110", "H10")]),
    (None, None, [("D205", "H10")]),
    ("Đạt", None, [("D101", "H10")]),
    ((0.5, "0%"), None, [("D104", "H10")]),
]


@pytest.mark.parametrize(("given", "expected", "findings"), SELF_POINTS, ids=repr)
def test_a_self_score(plan: Path, folder: Path, given: Any, expected: str | None, findings: list[Any]) -> None:
    fill(form(folder, "VP"), rows={"1.2": {"Điểm tự chấm": given}})
    document = assess(plan, folder)
    assert points(document)["1.2"] == expected
    assert found(document) == findings


@pytest.mark.parametrize(
    ("code", "given", "told"),
    [("1.1", 9, ("D203", "H9")), ("1.1", 3, ("S201", "H9")), ("1.1", 4, None), ("2.1", -1, ("D203", "H13"))],
)
def test_a_self_score_beside_computed_points(
    plan: Path, folder: Path, code: str, given: float, told: tuple[str, str] | None
) -> None:
    """It is told at its cell with its unit; the points are those of the rule."""
    before = points(assess(plan, folder))
    fill(form(folder, "VP"), rows={code: {"Điểm tự chấm": given}})
    document = assess(plan, folder)
    assert found(document) == ([told] if told else [])
    own = [item for item in document["findings"] if item["file"] != "ke-hoach.xlsx"]
    where = [("2021-Q1_VP.xlsx", "VP", "warning")] if told else []
    assert [(item["file"], item["unit"], item["severity"]) for item in own] == where
    assert points(document) == before


@pytest.mark.parametrize(
    ("code", "row", "cell"),
    [
        ("1.1", {"Mức đạt": "Đạt", "Điểm tự chấm": AWAY}, "G9"),
        ("1.2", {"Mức đạt": AWAY, "Điểm tự chấm": 1.5}, "G10"),
    ],
)
def test_a_value_beside_did_not_arise_is_a_contradiction(
    plan: Path, folder: Path, code: str, row: dict[str, Any], cell: str
) -> None:
    fill(form(folder, "VP"), rows={code: row})
    document = assess(plan, folder)
    assert found(document) == [("D116", cell)]
    assert points(document)[code] is None


def test_a_unit_that_only_cooperates_owes_nothing_and_is_not_scored(plan: Path, folder: Path) -> None:
    fill(form(folder, "NCC"), rows={"2.1": {"Mức đạt": "linh tinh", "Điểm tự chấm": "x", "Kết quả thực hiện": "Có"}})
    document = assess(plan, folder)
    assert found(document) == []
    assert points(document)["2.1"] == "6.4"


# --- missing, zero, not applicable: end to end ---

#   what the units say of 2.1 = DUNG / TONG, max 8, of 20: status, points, applicable maximum, percent, if missing full
QUOTIENTS = [
    ((30, 40), (50, 60), "loại", ("scored", "6.4", "20.00", "88.25", "88.25")),
    ((0, 40), (0, 60), "loại", ("scored", "0", "20.00", "56.25", "56.25")),
    ((None, 40), (50, 60), "loại", ("missing", None, "20.00", "56.25", "96.25")),
    ((AWAY, AWAY), (50, 100), "loại", ("scored", "4", "20.00", "76.25", "76.25")),
    ((AWAY, AWAY), (AWAY, AWAY), "loại", ("not_applicable", None, "12.00", "93.75", "93.75")),
    ((AWAY, AWAY), (AWAY, AWAY), "điểm tối đa", ("not_applicable", "8", "20.00", "96.25", "96.25")),
    ((AWAY, AWAY), (AWAY, AWAY), "0 điểm", ("not_applicable", "0", "20.00", "56.25", "56.25")),
    ((0, 0), (0, 0), "loại", ("not_applicable", None, "12.00", "93.75", "93.75")),
    ((0, 0), (0, 0), "điểm tối đa", ("not_applicable", "8", "20.00", "96.25", "96.25")),
    ((0, 0), (0, 0), None, ("missing", None, "20.00", "56.25", "96.25")),
]


@pytest.mark.parametrize(("vp", "ncc", "policy", "expected"), QUOTIENTS)
def test_missing_zero_and_did_not_arise_stay_apart_up_to_the_index(
    folder: Path, tmp_path: Path, vp: Any, ncc: Any, policy: str | None, expected: tuple[Any, ...]
) -> None:
    changed = plan_with(tmp_path / "plan.xlsx", {"Bộ chỉ số!H7": policy})
    for unit, (right, whole) in (("VP", vp), ("NCC", ncc)):
        fill(form(folder, unit), figures={"HSO_DUNG": right, "HSO_TONG": whole})
    document = assess(changed, folder)
    leaf = next(item for item in document["criteria"] if item["code"] == "2.1")
    index = document["index"]
    told = (leaf["status"], leaf["points"], index["applicable_max"], index["percent"], index["percent_if_missing_full"])
    assert told == expected
    assert index["complete"] is (expected[3] == expected[4])
    assert ("S101" in [code for code, _ in found(document)]) is (policy is None)


def test_did_not_arise_in_one_lead_unit_leaves_the_others_and_in_all_follows_the_policy(
    plan: Path, folder: Path
) -> None:
    fill(form(folder, "NCC"), rows={"1.1": {"Mức đạt": AWAY}})
    assert points(assess(plan, folder))["1.1"] == "4"
    fill(form(folder, "VP"), rows={"1.1": {"Mức đạt": AWAY}, "1.10": {"Mức đạt": AWAY}})
    document = assess(plan, folder)
    told = {item["code"]: (item["status"], item["points"], item["applicable_max"]) for item in document["criteria"]}
    assert told["1.1"] == ("not_applicable", None, "0")
    assert told["1.10"] == ("not_applicable", "4", "4")
    assert document["index"]["applicable_max"] == "16.00"


# --- the task register; the period ends on 14/3/2021 ---

TASKS = [
    (("01/UBND", "xong sớm", None, "10/3/2021", "09/3/2021"), "NV_SOM"),
    (("02/UBND", "xong đúng ngày", None, "10/3/2021", "10/3/2021"), "NV_DUNG"),
    (("03/UBND", "xong trễ", None, "10/3/2021", "11/3/2021"), "NV_TRE"),
    (("04/UBND", "quá hạn, chưa xong", None, "13/3/2021", None), "NV_TRE"),
    (("05/UBND", "chưa đến hạn", None, "15/3/2021", None), "NV_CHUA"),
    (("05/UBND", "hạn là ngày cuối kỳ, ngày ấy chưa qua", None, "14/3/2021", None), "NV_CHUA"),
    (("06/UBND", "xong sau khi hết kỳ", None, "15/3/2021", "16/3/2021"), "NV_CHUA"),
    (("07/UBND", "trễ, xong sau khi hết kỳ", None, "01/3/2021", "16/3/2021"), "NV_TRE"),
    (("08/UBND", "ngày của Excel", None, date(2021, 3, 10), EVENING), "NV_SOM"),
    ((None, "không số văn bản", None, "10/3/2021", "10/3/2021"), "NV_DUNG"),
]


@pytest.mark.parametrize(("task", "counted"), TASKS)
def test_a_task_counts_by_its_dates(plan: Path, folder: Path, task: tuple[Any, ...], counted: str) -> None:
    fill(form(folder, "VP"), figures=dict.fromkeys(TASK_FIGURES), tasks=[task])
    document = assess(plan, folder)
    expected = {code: ("known", str(int(code in {"NV_GIAO", counted}))) for code in TASK_FIGURES}
    assert {code: value for code, value in entries(document, "VP").items() if code in TASK_FIGURES} == expected
    assert found(document) == [("D214", "E8")] * (EVENING in task)  # an hour in a column of days


def test_the_whole_register_counts_and_stands_at_its_first_row(plan: Path, folder: Path) -> None:
    fill(form(folder, "VP"), figures=dict.fromkeys(TASK_FIGURES), tasks=[task for task, _ in TASKS])
    document = assess(plan, folder)
    told = {code: value for code, (_, value) in entries(document, "VP").items() if code in TASK_FIGURES}
    assert told == {"NV_GIAO": "10", "NV_SOM": "2", "NV_DUNG": "2", "NV_TRE": "3", "NV_CHUA": "3"}
    late = next(item for item in document["measure_details"] if item["code"] == "NV_TRE")["entries"][0]
    assert (late["counted"], late["sheet"], late["cell"]) == (True, "Nhiệm vụ", "A8")
    assert points(document)["2.2"] == "1.25"


def test_a_typed_value_holds_against_the_register_with_a_warning_naming_both_cells(plan: Path, folder: Path) -> None:
    fill(form(folder, "VP"), tasks=[task for task, _ in TASKS[:4]])
    document = assess(plan, folder)
    assert entries(document, "VP")["NV_TRE"] == ("known", "1")
    assert found(document) == [("D201", "D13"), ("D201", "D14")]
    late = next(item for item in document["findings"] if item["cell"] == "D13")
    assert late["severity"] == "warning"
    assert "Nhiệm vụ › A8" in late["message"]
    assert "được 2" in late["message"]


UNJUDGED = [
    (("01", "a", None, None, "1/3/2021"), [("D118", "D8")]),
    (("01", "a", None, None, None), [("D118", "D8")]),
    (("01", "a", None, "ngày mai", None), [("D113", "D8")]),
    (("01", "a", None, "31/02/2021", "1/3/2021"), [("D113", "D8")]),
    (("01", "a", None, "1/3/2021", "đã xong"), [("D113", "E8")]),
    (("01", "a", None, (44256, "General"), "1/3/2021"), [("D113", "D8")]),
]


@pytest.mark.parametrize(("task", "findings"), UNJUDGED)
def test_a_task_that_cannot_be_judged_is_one_error_and_nothing_is_counted(
    plan: Path, folder: Path, task: tuple[Any, ...], findings: list[Any]
) -> None:
    fill(form(folder, "VP"), figures=dict.fromkeys(TASK_FIGURES), tasks=[TASKS[0][0], task])
    document = assess(plan, folder)
    assert found(document) == [(code, cell.replace("8", "9")) for code, cell in findings]
    assert {entries(document, "VP")[code] for code in TASK_FIGURES} == {("missing", None)}
    assert points(document)["2.2"] is None


def test_a_bad_date_of_assignment_is_an_error_but_the_task_counts(plan: Path, folder: Path) -> None:
    task = ("01", "a", "đầu năm", "1/3/2021", "1/3/2021")
    fill(form(folder, "VP"), figures=dict.fromkeys(TASK_FIGURES), tasks=[task])
    document = assess(plan, folder)
    assert found(document) == [("D113", "C8")]
    assert entries(document, "VP")["NV_DUNG"] == ("known", "1")


def test_a_signature_below_the_register_is_no_task(plan: Path, folder: Path) -> None:
    tasks = [TASKS[2][0], (), (None, "Người lập biểu"), (), (None, "Nguyễn Văn A")]
    fill(form(folder, "VP"), figures=dict.fromkeys(TASK_FIGURES), tasks=tasks)
    document = assess(plan, folder)
    assert found(document) == [("T302", "B10"), ("T302", "B12")]
    assert entries(document, "VP")["NV_GIAO"] == ("known", "1")


# --- damage that is tolerated, and damage that is said ---


def _insert_column(book: Workbook) -> None:
    for sheet in (book["Phụ lục"], book["Số liệu"]):
        sheet.insert_cols(1, 2)


def _swap_columns(book: Workbook) -> None:
    sheet = book["Số liệu"]
    for row in sheet.iter_rows(min_row=7):
        row[0].value, row[3].value = row[3].value, row[0].value


def _insert_rows(book: Workbook) -> None:
    for sheet in (book["Phụ lục"], book["Số liệu"]):
        sheet.insert_rows(1, 3)
        sheet.insert_rows(12)


def _rename(book: Workbook) -> None:
    book["Số liệu"].title = "Sheet1"
    book["Phụ lục"].title = "bao cao"


def _hide_rows(book: Workbook) -> None:
    book["Số liệu"].row_dimensions[8].hidden = True
    book["Số liệu"].auto_filter.ref = "A7:E9"


def _reorder_rows(book: Workbook) -> None:
    sheet = book["Số liệu"]
    for first, second in zip(sheet[8], sheet[9], strict=True):
        first.value, second.value = second.value, first.value


def _spell_codes(book: Workbook) -> None:
    book["Số liệu"]["A8"] = " hso_dung "
    book["Số liệu"]["D7"] = "giá  TRỊ"


def _two_heading_rows(book: Workbook) -> None:
    sheet = book["Số liệu"]
    sheet.insert_rows(8)
    sheet["D7"], sheet["D8"], sheet["E7"], sheet["E8"] = "Giá", "trị", None, "Ghi chú"
    sheet.merge_cells("A7:A8")


def _repeat_headings(book: Workbook) -> None:
    sheet = book["Số liệu"]
    sheet.insert_rows(9)
    for cell in sheet[7]:
        sheet.cell(9, cell.column).value = cell.value


def _footnotes(book: Workbook) -> None:
    book["Số liệu"]["D7"], book["Số liệu"]["A7"], book["Phụ lục"]["G7"] = "Giá trị (*)", "Mã:", "Mức đạt (1)"


def _signatures(book: Workbook) -> None:
    sheet = book["Số liệu"]
    sheet["D15"], sheet["D16"] = "Đồng Tháp, ngày 18 tháng 3 năm 2021", "TRƯỞNG PHÒNG"
    sheet["B16"] = "Người lập biểu"


def _extra_column(book: Workbook) -> None:
    sheet = book["Số liệu"]
    sheet.insert_cols(3)
    sheet["C7"], sheet["C8"] = "Kỳ trước", 999


def _old_copy(book: Workbook) -> None:
    copy = book.copy_worksheet(book["Số liệu"])
    copy.title, copy["D8"] = "Số liệu (2)", 7


MOVED = [
    ("two columns inserted on the left of every sheet", _insert_column, ["T305", "T305"]),
    ("two columns swapped", _swap_columns, ["T305"]),
    ("rows inserted above and inside every table", _insert_rows, ["T311", "T311"]),
    ("two sheets renamed", _rename, ["T306", "T306"]),
    ("a row hidden by a filter", _hide_rows, ["T309"]),
    ("rows in another order", _reorder_rows, []),
    ("codes and headings spelled otherwise", _spell_codes, []),
    ("headings over two rows, one merged", _two_heading_rows, ["T307"]),
    ("headings repeated in the middle", _repeat_headings, ["T308"]),
    ("footnote marks behind headings", _footnotes, []),
    ("signature lines below", _signatures, ["T302", "T302"]),
    ("a column nobody asked for, between the others", _extra_column, ["T305", "T315"]),
    ("an old copy of a sheet beside it, filled", _old_copy, ["D208"]),
]


@pytest.mark.parametrize(("damage", "notes"), [row[1:] for row in MOVED], ids=[row[0] for row in MOVED])
def test_a_moved_layout_changes_no_value_and_is_noted(
    plan: Path, folder: Path, damage: Callable[[Workbook], None], notes: list[str]
) -> None:
    edit(form(folder, "NCC"), damage)
    document = assess(plan, folder)
    assert [code for code, _ in found(document)] == notes
    assert document["index"]["points"] == "17.65"


def _code(value: Any, number_format: str = "General") -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        cell = book["Phụ lục"].cell(11, 1)
        assert cell.value == "1.10"
        cell.value, cell.number_format = value, number_format

    return change


def _both(*changes: Callable[[Workbook], None]) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        for one in changes:
            one(book)

    return change


def _rename_row(book: Workbook) -> None:
    book["Phụ lục"]["B11"] = "Gửi báo cáo"


def _second_row(sheet: str, *values: Any) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        target = book[sheet]
        for column, value in enumerate(values, start=1):
            target.cell(40, column).value = value

    return change


def _drop(sheet: str, row: int) -> Callable[[Workbook], None]:
    return lambda book: book[sheet].delete_rows(row)


def _no_headings(*names: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        for name in names:
            for cell in book[name][7]:
                cell.value = None

    return change


def _second_value_column(book: Workbook) -> None:
    sheet = book["Số liệu"]
    sheet.insert_cols(4)
    sheet["D7"], sheet["D8"] = "Giá trị", 999


# VP's form: 1.1 in row 9, 1.2 in row 10, 1.10 in row 11; HSO_DUNG, HSO_TONG, NV_GIAO … in rows 8 to 14
DAMAGES = [
    ("code 1.10 as the number 1.1", _code(1.1), [("T304", "A11")], {}),
    ("code 1.10 as 1.1 shown 1.10", _code(1.1, "0.00"), [("T304", "A11")], {}),
    ("code 1.10 as a date", _code(date(2021, 10, 1), "d-mmm"), [("T304", "A11")], {}),
    ("code 1.10 as a date's number", _code(44470), [("T304", "A11")], {}),
    ("code 1.10 as an error", _code("#N/A"), [("T304", "A11")], {}),
    ("code 1.10 as a formula", _code("=1+1"), [("T304", "A11")], {}),
    (
        "code 1.10 as a number, name changed",
        _both(_code(1.1), _rename_row),
        [("D117", "A11"), ("D110", "")],
        {"1.10": None},
    ),
    (
        "code 1.10 as a date, name changed",
        _both(_code(date(2021, 10, 1), "d-mmm"), _rename_row),
        [("D117", "A11"), ("D110", "")],
        {"1.10": None},
    ),
    ("code gone", _code(None), [("T303", "A11")], {}),
    ("code and name gone", _both(_code(None), _rename_row), [("D128", "G11"), ("D110", "")], {"1.10": None}),
    ("unknown code", _code("9.9"), [("T304", "A11")], {}),
    ("unknown code, name changed", _both(_code("9.9"), _rename_row), [("D128", "G11"), ("D110", "")], {"1.10": None}),
    ("name changed, code kept", _rename_row, [], {}),
    ("a row deleted", _drop("Phụ lục", 11), [("D110", "")], {"1.10": None}),
    ("a figure's row deleted", _drop("Số liệu", 8), [("D102", "")], {"2.1": None}),
    ("an extra figure", _second_row("Số liệu", "LA", "Số lạ", "", 5), [("T302", "A40")], {}),
    ("a total below", _second_row("Số liệu", None, "Tổng cộng", "", 75), [("T302", "A40")], {}),
    ("a signature below", _second_row("Số liệu", None, "Người lập biểu"), [], {}),
    ("one figure twice, the same", _second_row("Số liệu", "HSO_DUNG", "", "", 30), [], {}),
    ("one figure twice, differing", _second_row("Số liệu", "HSO_DUNG", "", "", 31), [("D116", "D40")], {"2.1": None}),
    (
        "one criterion twice, the same",
        _second_row("Phụ lục", "1.10", "Báo cáo", None, None, None, None, "Đủ"),
        [],
        {},
    ),
    (
        "one criterion twice, differing",
        _second_row("Phụ lục", "1.10", "Báo cáo", None, None, None, None, "Thiếu"),
        [("D116", "F40")],
        {"1.10": None},
    ),
    (
        "headings of the appendix gone",
        _no_headings("Phụ lục"),
        [("D120", "")],
        {"1.1": None, "1.2": None, "1.10": None},
    ),
    ("headings of the figures gone", _no_headings("Số liệu"), [("D120", "")], {"2.1": None, "2.2": None}),
    ("two columns called Giá trị", _second_value_column, [("D122", "D7"), ("T305", "F7")], {"2.1": None, "2.2": None}),
]


@pytest.mark.parametrize(("damage", "findings", "lost"), [row[1:] for row in DAMAGES], ids=[row[0] for row in DAMAGES])
def test_damage_is_recovered_or_said_at_its_cell(
    plan: Path, folder: Path, damage: Callable[[Workbook], None], findings: list[Any], lost: dict[str, None]
) -> None:
    edit(form(folder, "VP"), damage)
    document = assess(plan, folder)
    assert sorted(found(document)) == sorted(findings)
    whole = {"1.1": "4", "1.2": "1.5", "1.10": "4", "2.1": "6.4", "2.2": "1.75"}
    assert points(document) == whole | lost


def test_code_and_name_that_disagree_are_a_warning_and_the_code_holds(plan: Path, folder: Path) -> None:
    def swap(book: Workbook) -> None:
        sheet = book["Phụ lục"]
        sheet["B9"], sheet["B11"] = sheet["B11"].value, sheet["B9"].value

    edit(form(folder, "VP"), swap)
    document = assess(plan, folder)
    assert found(document) == [("D202", "A9"), ("D202", "A11")]
    assert points(document)["1.1"] == "4"


# --- whose workbook it is ---

IDENTITIES: list[tuple[str, str, Callable[[Workbook], None], str]] = [
    ("heading", "bai-nop.xlsx", without_stamp, "dòng tiêu đề “Đơn vị: Phòng Người có công”"),
    ("code in the file name", "NCC.xlsx", without_heading, "tên tệp “NCC.xlsx”"),
    ("name in the file name", "Phòng Người có công.xlsx", without_heading, "tên tệp"),
    ("alias in the file name", "P. NCC_quý 1.xlsx", without_heading, "tên tệp"),
    ("a copy mark", "NCC (2).xlsx", without_heading, "tên tệp"),
    ("the folder", "Phòng Người có công/bai nop.xlsx", without_heading, "thư mục “Phòng Người có công”"),
    ("a folder far above", "NCC/2021/bai nop.xlsx", without_heading, "thư mục “NCC”"),
    ("NFD folder", unicodedata.normalize("NFD", "Phòng Người có công/a.xlsx"), without_heading, "thư mục"),
]


@pytest.mark.parametrize(("file", "change", "how"), [row[1:] for row in IDENTITIES], ids=[row[0] for row in IDENTITIES])
def test_a_form_without_its_stamp_is_told_by_heading_name_or_folder_and_said(
    plan: Path, folder: Path, file: str, change: Callable[[Workbook], None], how: str
) -> None:
    edit(form(folder, "NCC"), change)
    target = folder / file
    target.parent.mkdir(parents=True, exist_ok=True)
    form(folder, "NCC").rename(target)
    document = assess(plan, folder)
    assert roll(document)["NCC"] == ("submitted", file)
    assert found(document) == [("U202", "")]
    finding = next(item for item in document["findings"] if item["code"] == "U202")
    assert how in finding["message"]
    assert (finding["severity"], finding["unit"]) == ("warning", "NCC")
    assert document["index"]["points"] == "17.65"


def test_the_stamp_is_believed_before_the_file_name(plan: Path, folder: Path) -> None:
    form(folder, "NCC").rename(folder / "Văn phòng Sở.xlsx")
    document = assess(plan, folder)
    assert roll(document)["NCC"] == ("submitted", "Văn phòng Sở.xlsx")
    assert found(document) == [("U107", "")]


def test_an_unknown_unit_gets_a_suggestion_and_is_never_guessed(plan: Path, folder: Path) -> None:
    edit(form(folder, "NCC"), without_heading)
    form(folder, "NCC").rename(folder / "Phong Nguoi co cong.xlsx")
    document = assess(plan, folder)
    assert roll(document)["NCC"] == ("missing", None)
    assert found(document) == [("U102", "")]
    finding = next(item for item in document["findings"] if item["code"] == "U102")
    assert "Phòng Người có công" in finding["fix"]
    assert verdicts(document)["Phong Nguoi co cong.xlsx"] == "rejected"


def _period_line(text: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        without_stamp(book)
        for sheet in book.worksheets:
            sheet["A1"], sheet["A3"] = "BÁO CÁO NĂM 2021", text

    return change


PERIODS = [
    ("Kỳ báo cáo: Quý I năm 2021", "bai.xlsx", []),
    ("Kỳ báo cáo: Quý III năm 2021", "bai.xlsx", ["U103"]),
    ("Kỳ báo cáo: năm 2021", "bai.xlsx", ["U103"]),
    ("Kỳ báo cáo: năm 2021", "2021-Q1_bai.xlsx", ["U103"]),
]


@pytest.mark.parametrize(("line", "name", "refused"), PERIODS)
def test_the_period_without_a_stamp_is_the_fullest_name_in_the_headings(
    plan: Path, folder: Path, line: str, name: str, refused: list[str]
) -> None:
    edit(form(folder, "NCC"), _period_line(line))
    form(folder, "NCC").rename(folder / name)
    codes = [code for code, _ in found(assess(plan, folder), file=name)]
    assert codes == (refused or ["U202"])


@pytest.mark.parametrize(("name", "refused"), [("NCC_2021-Q3.xlsx", True), ("NCC_2021-Q1.xlsx", False)])
def test_the_period_in_the_file_name(plan: Path, folder: Path, name: str, *, refused: bool) -> None:
    edit(form(folder, "NCC"), without_heading)
    form(folder, "NCC").rename(folder / name)
    assert found(assess(plan, folder)) == [("U103" if refused else "U202", "")]


def test_last_periods_form_is_refused_by_its_stamp(plan: Path, folder: Path, tmp_path: Path) -> None:
    issue_forms(plan, tmp_path / "ky-khac", "2021-Q3")
    old = fill(form(tmp_path / "ky-khac", "NCC", "2021-Q3"), **FULL["NCC"])
    shutil.copyfile(old, form(folder, "NCC"))
    document = assess(plan, folder)
    assert found(document) == [("U103", "")]
    assert roll(document)["NCC"] == ("missing", None)


def test_another_agencys_form_is_refused(plan: Path, folder: Path, tmp_path: Path) -> None:
    other = plan_with(tmp_path / "khac.xlsx", {"Cài đặt!B2": "Sở Khác"})
    issue_forms(other, tmp_path / "so-khac")
    shutil.copyfile(fill(form(tmp_path / "so-khac", "NCC"), **FULL["NCC"]), form(folder, "NCC"))
    document = assess(plan, folder)
    assert found(document) == [("U104", "")]
    assert (roll(document)["NCC"], verdicts(document)[NCC]) == (("missing", None), "rejected")


def test_a_form_of_another_edition_counts_with_a_warning(folder: Path, tmp_path: Path) -> None:
    newer = plan_with(tmp_path / "moi.xlsx", {"Bộ chỉ số!B3": "Kế hoạch cải cách", "Phụ lục!B3": "Kế hoạch cải cách"})
    document = assess(newer, folder)
    assert {code for code, _ in found(document)} == {"U203"}
    assert document["index"]["points"] == "17.65"


def _bare(name: str, rows: list[tuple[Any, ...]]) -> Workbook:
    book = Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    return book


NO_FORMS = {
    "another table": _bare("Sheet1", [("STT", "Họ tên"), (1, "A")]),
    "headings, foreign codes": _bare("Số liệu", [("Mã", "Giá trị"), ("LA", 5)]),
    "codes, no headings": _bare("Số liệu", [("HSO_DUNG", 5), ("HSO_TONG", 6)]),
    "the plan's own sheet": _bare("Phụ lục", [("TT", "NỘI DUNG", "ĐƠN VỊ THỰC HIỆN"), ("1.1", "Kế hoạch", "VP")]),
    "nothing": _bare("Sheet1", []),
}


@pytest.mark.parametrize("name", NO_FORMS)
def test_a_file_name_alone_makes_no_submission(plan: Path, folder: Path, name: str) -> None:
    form(folder, "NCC").unlink()
    NO_FORMS[name].save(folder / NCC)
    document = assess(plan, folder)
    assert found(document) == [("F201", "")]
    assert (roll(document)["NCC"], verdicts(document)[NCC]) == (("missing", None), "rejected")


def test_headings_and_codes_without_a_stamp_make_one(plan: Path, folder: Path) -> None:
    book = _bare("Trang tính1", [("Mã", "Giá trị"), ("HSO_DUNG", 50), ("HSO_TONG", 60)])
    book.save(folder / NCC)
    document = assess(plan, folder)
    assert roll(document)["NCC"][1] == NCC
    assert entries(document, "NCC")["HSO_DUNG"] == ("known", "50")
    assert {"U202", "D120"} <= {code for code, _ in found(document)}


@pytest.mark.parametrize("name", ["a.xlsx", "z.xlsx"])
def test_the_empty_form_beside_the_filled_one_is_never_a_units_zeros(plan: Path, folder: Path, name: str) -> None:
    issue_forms(plan, folder / "mau")
    shutil.move(form(folder / "mau", "NCC"), folder / name)
    shutil.rmtree(folder / "mau")
    document = assess(plan, folder)
    assert roll(document)["NCC"] == ("submitted", NCC)
    assert (found(document, file=name), verdicts(document)[name]) == ([("F202", "")], "ignored")
    assert document["index"]["points"] == "17.65"


def test_nothing_but_empty_forms_leaves_every_unit_missing(plan: Path, tmp_path: Path) -> None:
    document = assess(plan, issue_forms(plan, tmp_path / "trong"))
    assert {status for status, _ in roll(document).values()} == {"missing"}
    assert document["index"]["percent"] == "0.00"
    assert document["index"]["percent_if_missing_full"] == "100.00"


def test_two_readers_give_the_same_submission(plan: Path, folder: Path, tmp_path: Path) -> None:
    """An error value far from every input sends the file to the slower reader; its values stay what they were."""
    tasks = [task for task, _ in TASKS]
    fast = fill(form(folder, "VP"), figures=dict.fromkeys(TASK_FIGURES), tasks=tasks)
    other = copy_tree(folder, tmp_path / "khac")
    edit(form(other, "VP"), lambda book: book["Phụ lục"].cell(60, 20, "#N/A"), saved=ON_TIME)
    one, two = assess(plan, fast.parent), assess(plan, other)
    assert [item["reader"] for item in one["sources"] if item["file"] == VP] == ["calamine"]
    assert [item["reader"] for item in two["sources"] if item["file"] == VP] == ["openpyxl"]
    assert [entries(one, unit) for unit in ("VP", "NCC", "LD")] == [entries(two, unit) for unit in ("VP", "NCC", "LD")]
    assert one["criteria"][0]["points"] == two["criteria"][0]["points"]


# --- whose figures they are not ---


def _line(start: str, text: str, *, stamp: bool = True) -> Callable[[Workbook], None]:
    """Rewrites the heading line that begins so, in every sheet; without the stamp if asked."""

    def change(book: Workbook) -> None:
        if not stamp:
            without_stamp(book)
        for sheet in book.worksheets:
            for row in sheet.iter_rows(max_row=6, max_col=1):
                if str(row[0].value).startswith(start):
                    row[0].value = text

    return change


NOT_THE_UNITS = [
    ("the whole agency's total, stamp gone", _line("Đơn vị", "Đơn vị: SỞ THỬ NGHIỆM", stamp=False), "U105"),
    ("the whole agency's total in a unit's form", _line("Đơn vị", "Đơn vị báo cáo: Sở Thử nghiệm"), "U105"),
    ("a total by its title", _line("PHỤ LỤC", "BẢNG TỔNG HỢP TOÀN SỞ", stamp=False), "U105"),
    ("another unit's name over this form", _line("Đơn vị", "Đơn vị: Văn phòng Sở"), "U106"),
    ("another period's name over this form", _line("Kỳ báo cáo", "Kỳ báo cáo: Quý III năm 2021"), "U106"),
]


@pytest.mark.parametrize(("change", "code"), [row[1:] for row in NOT_THE_UNITS], ids=[row[0] for row in NOT_THE_UNITS])
def test_a_total_or_a_form_under_another_name_is_never_a_units_submission(
    plan: Path, folder: Path, change: Callable[[Workbook], None], code: str
) -> None:
    edit(form(folder, "NCC"), change)
    document = assess(plan, folder)
    assert found(document) == [(code, "")]
    assert (roll(document)["NCC"][0], verdicts(document)[NCC]) == ("missing", "rejected")


def test_a_unit_that_bears_the_agencys_own_name_is_a_unit(tmp_path: Path) -> None:
    plan = plan_with(tmp_path / "plan.xlsx", {"Cài đặt!B2": "Phòng Người có công"})
    folder = full_folder(plan, tmp_path / "don-vi")
    document = assess(plan, folder)
    assert found(document) == []
    assert roll(document)["NCC"][0] == "submitted"


def test_a_total_computed_by_us_is_ignored(plan: Path, folder: Path, tmp_path: Path) -> None:
    import cchc_xl

    made = cchc_xl.run(plan, folder, period=PERIOD, out=tmp_path / "ra")
    for name in ("tong-hop.xlsx", "tham-dinh.xlsx"):
        shutil.copyfile(Path(made.folder or "") / name, folder / name)
    document = assess(plan, folder)
    assert {verdicts(document)[name] for name in ("tong-hop.xlsx", "tham-dinh.xlsx")} == {"ignored"}
    assert document["index"]["points"] == "17.65"


# --- legacy fonts: text as the reader of the cell sees it ---


def _in_font(sheet: str, address: str, text: str, font: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        from openpyxl.styles import Font

        book[sheet][address].value = text
        book[sheet][address].font = Font(name=font)

    return change


FONTS = [
    ("a level in TCVN3", _in_font("Phụ lục", "G9", "§¹t", ".VnTime"), [("T310", "G9")], "17.65"),
    ("a level in VNI", _in_font("Phụ lục", "G9", "Ñaït", "VNI-Times"), [("T310", "G9")], "17.65"),
    ("a result in TCVN3", _in_font("Phụ lục", "F9", "§· ban hµnh kÕ ho¹ch", ".VnTime"), [("T310", "F9")], "17.65"),
    ("a figure that did not arise, in TCVN3", _in_font("Số liệu", "D8", "Kh«ng ph¸t sinh", ".VnTime"), [("D206", "D8")], None),
    ("TCVN3 codes in a Unicode font", _in_font("Phụ lục", "F9", "§· ban hµnh kÕ ho¹ch n¨m", "Arial"), [("D207", "F9")], "17.65"),
    ("Unicode in a legacy font", _in_font("Phụ lục", "F9", "Đã ban hành kế hoạch", ".VnTime"), [], "17.65"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "findings", "points"), [row[1:] for row in FONTS], ids=[row[0] for row in FONTS])
def test_text_in_a_legacy_font_is_read_as_it_is_seen_and_noted(
    plan: Path, folder: Path, change: Callable[[Workbook], None], findings: list[Any], points: str | None
) -> None:
    edit(form(folder, "NCC"), change)
    document = assess(plan, folder)
    assert found(document) == findings
    if points is not None:
        assert document["index"]["points"] == points
    else:
        assert entries(document, "NCC")["HSO_DUNG"] == ("not_applicable", None)


# --- one root cause, one finding ---


def _hidden_old_sheet(book: Workbook) -> None:
    """The clerk copied the sheet, filled the copy in and hid the old one."""
    copy = book.copy_worksheet(book["Số liệu"])
    copy.title, copy["D8"] = "Số liệu mới", 45
    book["Số liệu"].sheet_state = "hidden"


def test_a_hidden_sheet_beside_a_visible_one_is_not_chosen_silently(plan: Path, folder: Path) -> None:
    edit(form(folder, "NCC"), _hidden_old_sheet)
    document = assess(plan, folder)
    assert found(document) == [("D123", "")]
    assert entries(document, "NCC")["HSO_DUNG"] == ("missing", None)


ROOT_CAUSES = [
    ("sheet of figures without headings", _no_headings("Số liệu"), ["D120"]),
    ("appendix without headings", _no_headings("Phụ lục"), ["D120"]),
    ("both sheets without headings", _no_headings("Số liệu", "Phụ lục"), ["D120", "D120"]),
]


@pytest.mark.parametrize(("damage", "codes"), [row[1:] for row in ROOT_CAUSES], ids=[row[0] for row in ROOT_CAUSES])
def test_a_root_cause_is_one_finding_not_one_a_row(
    plan: Path, folder: Path, damage: Callable[[Workbook], None], codes: list[str]
) -> None:
    edit(form(folder, "VP"), damage)
    assert [code for code, _ in found(assess(plan, folder), file=VP)] == codes


def test_a_missing_column_of_self_scores_is_one_finding(plan: Path, folder: Path) -> None:
    def drop(book: Workbook) -> None:
        book["Phụ lục"]["H7"] = "Ghi chú riêng"

    edit(form(folder, "VP"), drop)
    assert [code for code, _ in found(assess(plan, folder), file=VP)] == ["D209", "T315"]


def test_merged_values_are_never_filled_downward(plan: Path, folder: Path) -> None:
    edit(form(folder, "NCC"), lambda book: book["Số liệu"].merge_cells("D8:D9"))
    document = assess(plan, folder)
    assert found(document) == [("D103", "D9"), ("T312", "D8")]
    assert entries(document, "NCC")["HSO_TONG"] == ("missing", None)
