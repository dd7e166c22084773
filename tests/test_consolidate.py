"""Several files of a unit, times of sending, our own outputs in the folder, and what the units say together."""

from __future__ import annotations

import os
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from cchc_xl import pipeline
from tests.command import cchc, process
from tests.unit_forms import (
    AWAY,
    PERIOD,
    TASK_FIGURES,
    assess,
    copy_tree,
    edit,
    entries,
    fill,
    form,
    found,
    issue_forms,
    plan_with,
    points,
    rewrite,
    roll,
    save_time,
    tree,
    verdicts,
)

NCC = "2021-Q1_NCC.xlsx"


# --- late: due on 20/3/2021, the end of that day in Vietnam ---

TIMES = [
    ("2021-03-20T16:59:00Z", "submitted", "20/03/2021 23:59"),
    ("2021-03-20T16:59:59Z", "submitted", "20/03/2021 23:59"),
    ("2021-03-20T17:00:00Z", "late", "21/3/2021 00:00"),
    ("2021-03-20T17:01:00Z", "late", "21/3/2021 00:01"),
    ("2021-03-20T23:59:00+07:00", "submitted", "20/03/2021 23:59"),
    ("2021-03-21T00:01:00+07:00", "late", "21/3/2021 00:01"),
    ("2021-03-20T16:59:00", "submitted", "20/03/2021 23:59"),
    ("2021-03-20", "submitted", "20/03/2021 07:00"),
]


@pytest.mark.parametrize(("saved", "status", "shown"), TIMES)
def test_late_by_the_time_of_saving_in_the_file_as_a_clock_in_vietnam_shows_it(
    plan: Path, folder: Path, saved: str, status: str, shown: str
) -> None:
    path = save_time(form(folder, "NCC"), saved)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    document = assess(plan, folder)
    row = next(row for row in document["rollcall"] if row["unit"] == "NCC")
    assert (row["status"], row["sent_from"]) == (status, "file")
    assert [code for code, _ in found(document)] == (["U201"] if status == "late" else [])
    if status == "late":
        assert shown in next(item["message"] for item in document["findings"] if item["code"] == "U201")
    assert document["index"]["points"] == "17.65", "a late unit's figures count"


@pytest.mark.parametrize(("seconds", "status"), [(1_616_259_540, "submitted"), (1_616_259_660, "late")])
def test_late_by_the_file_time_where_the_file_says_none(plan: Path, folder: Path, seconds: int, status: str) -> None:
    path = save_time(form(folder, "NCC"), "")
    os.utime(path, (seconds, seconds))  # 20/3 23:59 and 21/3 00:01 in Vietnam
    row = next(row for row in assess(plan, folder)["rollcall"] if row["unit"] == "NCC")
    assert (row["status"], row["sent_from"]) == (status, "disk")


# --- several files of one unit ---


def _copies(folder: Path, *files: tuple[str, str, Any]) -> None:
    """(name, time of saving, HSO_DUNG) of NCC's files."""
    source = form(folder, "NCC")
    data = source.read_bytes()
    source.unlink()
    for name, saved, value in files:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        fill(path, figures={"HSO_DUNG": value}, saved=saved)


DAY = "2021-03-18T0{}:00:00Z"
SEVERAL = [
    ("the newest wins", [("a.xlsx", DAY.format(1), 10), ("b.xlsx", DAY.format(3), 50), ("c.xlsx", DAY.format(2), 20)], "b.xlsx"),
    ("a copy (2) that is newer", [("NCC.xlsx", DAY.format(1), 10), ("NCC (2).xlsx", DAY.format(2), 50)], "NCC (2).xlsx"),
    ("an older copy in a folder", [("cũ/NCC.xlsx", DAY.format(1), 10), ("NCC.xlsx", DAY.format(2), 50)], "NCC.xlsx"),
    ("a tie goes by name", [("a.xlsx", DAY.format(1), 10), ("b.xlsx", DAY.format(1), 50)], "b.xlsx"),
    ("the clock counts, not the offset", [("a.xlsx", "2021-03-18T08:00:00+07:00", 10), ("b.xlsx", "2021-03-18T02:00:00Z", 50)], "b.xlsx"),
    ("late, but newest", [("a.xlsx", DAY.format(1), 10), ("b.xlsx", "2021-03-25T02:00:00Z", 50)], "b.xlsx"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "winner"), [row[1:] for row in SEVERAL], ids=[row[0] for row in SEVERAL])
def test_of_several_files_one_counts_and_the_others_are_named(
    plan: Path, folder: Path, files: list[tuple[str, str, Any]], winner: str
) -> None:
    _copies(folder, *files)
    document = assess(plan, folder)
    row = next(row for row in document["rollcall"] if row["unit"] == "NCC")
    others = {name for name, _, _ in files if name != winner}
    assert (row["file"], set(row["superseded"])) == (winner, others)
    assert entries(document, "NCC")["HSO_DUNG"] == ("known", "50")
    said = {item["file"] for item in document["findings"] if item["code"] == "U301"}
    assert said == others
    assert document["index"]["points"] == "17.65"


def test_the_cells_of_a_superseded_file_are_nobodys_errors(plan: Path, folder: Path) -> None:
    _copies(folder, ("a.xlsx", DAY.format(1), "năm mươi"), ("b.xlsx", DAY.format(2), 50))
    assert found(assess(plan, folder)) == [("U301", "")]
    for name, saved, value in (("b.xlsx", DAY.format(2), "năm mươi"), ("a.xlsx", DAY.format(3), 50)):
        fill(folder / name, figures={"HSO_DUNG": value}, saved=saved)
    assert found(assess(plan, folder)) == [("U301", "")]


def test_a_newer_form_of_another_period_or_an_empty_one_supersedes_nothing(plan: Path, folder: Path) -> None:
    issue_forms(plan, folder / "moi")
    issue_forms(plan, folder / "moi", "2021-Q3")
    for path in (folder / "moi").iterdir():
        save_time(path, "2021-03-19T09:00:00Z")
    document = assess(plan, folder)
    assert {name for _, name in roll(document).values()} == {f"2021-Q1_{unit}.xlsx" for unit in ("VP", "NCC", "LD")}
    assert document["index"]["points"] == "17.65"
    assert {code for code, _ in found(document)} == {"F202", "U103"}


# --- our own outputs in the folder ---


@pytest.fixture(scope="module")
def returned(plan: Path, filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``don-vi`` with NCC's form that has an error, a formula, tasks and dates, and the result in ``ket-qua``."""
    home = tmp_path_factory.mktemp("tra-lai")
    path = fill(
        form(copy_tree(filled, home / "don-vi"), "NCC"),
        figures={"HSO_DUNG": "năm mươi"},
        tasks=[("01", "việc", date(2021, 3, 1), date(2021, 3, 10), "10/3/2021")],
    )
    formula = b'<c r="D9"><f>30+30</f><v>60</v></c>'
    rewrite(path, "sheet2.xml", lambda xml: re.sub(rb'<c r="D9"[^>]*>.*?</c>', formula, xml))
    pipeline.run(plan, home / "don-vi", period=PERIOD, out=home / "ket-qua")
    return home


@pytest.fixture
def marked(returned: Path, folder: Path, tmp_path: Path) -> Path:
    """NCC's marked copy; the form it was made from stands in ``folder``."""
    shutil.copyfile(form(returned / "don-vi", "NCC"), form(folder, "NCC"))
    return copy_tree(returned / "ket-qua", tmp_path / "ket-qua") / PERIOD / "phan-hoi" / "NCC.xlsx"


def test_the_marked_copy_marks_the_cell_and_keeps_what_was_typed(marked: Path) -> None:
    book = load_workbook(marked)
    assert book["Lỗi cần sửa"]["D6"].value == "D8"
    assert "không phải là số" in book["Số liệu"]["D8"].comment.text
    assert book["Số liệu"]["D8"].value == "năm mươi"
    assert book["Số liệu"]["D9"].value == "=30+30"
    assert load_workbook(marked, data_only=True)["Số liệu"]["D9"].value == 60


def test_an_untouched_marked_copy_in_the_folder_is_ignored(plan: Path, folder: Path, marked: Path) -> None:
    before = assess(plan, folder)
    shutil.copyfile(marked, folder / "NCC tra lai.xlsx")
    document = assess(plan, folder)
    assert verdicts(document)["NCC tra lai.xlsx"] == "ignored"
    assert roll(document)["NCC"] == ("submitted", NCC)
    assert found(document) == found(before) == [("D101", "D8")]


def test_an_untouched_marked_copy_is_known_whichever_reader_reads_it(plan: Path, folder: Path, marked: Path) -> None:
    error = b'<row r="900"><c r="T900" t="e"><v>#N/A</v></c></row></sheetData>'
    shutil.copyfile(marked, folder / "x.xlsx")
    rewrite(folder / "x.xlsx", "sheet4.xml", lambda xml: xml.replace(b"</sheetData>", error))
    document = assess(plan, folder)
    assert {source["file"]: source["reader"] for source in document["sources"]}[NCC] == "calamine"
    assert verdicts(document)["x.xlsx"] == "ignored"


def test_a_marked_copy_with_a_corrected_value_is_the_new_submission(plan: Path, folder: Path, marked: Path) -> None:
    shutil.copyfile(marked, folder / "NCC tra lai.xlsx")
    fill(folder / "NCC tra lai.xlsx", figures={"HSO_DUNG": 50, "HSO_TONG": 60}, saved="2021-03-19T09:00:00Z")
    document = assess(plan, folder)
    assert roll(document)["NCC"] == ("submitted", "NCC tra lai.xlsx")
    assert found(document) == [("U301", "")]
    assert document["index"]["points"] == "17.65"


@pytest.mark.parametrize("change", [{"HSO_DUNG": None}, {"HSO_DUNG": 0}, {"HSO_DUNG": AWAY}, {"HSO_TONG": 61}])
def test_any_changed_input_makes_a_marked_copy_a_submission(
    plan: Path, folder: Path, marked: Path, change: dict[str, Any]
) -> None:
    shutil.copyfile(marked, folder / "x.xlsx")
    fill(folder / "x.xlsx", figures={"HSO_TONG": 60, **change}, saved="2021-03-19T09:00:00Z")
    assert roll(assess(plan, folder))["NCC"][1] == "x.xlsx"


def test_a_marked_copy_of_a_marked_copy_is_known_too(plan: Path, folder: Path, marked: Path, tmp_path: Path) -> None:
    second = fill(marked, figures={"HSO_DUNG": "năm chục"}, saved="2021-03-19T09:00:00Z")
    shutil.copyfile(second, folder / "lần 2.xlsx")
    pipeline.run(plan, folder, period=PERIOD, out=tmp_path / "ket-qua-2")
    again = tmp_path / "ket-qua-2" / PERIOD / "phan-hoi" / "NCC.xlsx"
    assert load_workbook(again).sheetnames.count("Lỗi cần sửa") == 1
    shutil.copyfile(again, folder / "lần 2, trả lại.xlsx")
    document = assess(plan, folder)
    assert verdicts(document)["lần 2, trả lại.xlsx"] == "ignored"
    assert roll(document)["NCC"] == ("submitted", "lần 2.xlsx")


def test_everything_we_write_is_ignored_when_it_lies_in_the_folder(plan: Path, folder: Path, marked: Path) -> None:
    result = marked.parent.parent
    ours = [path for path in result.rglob("*.xlsx") if path.parent.name != "nguon"]
    assert {"tong-hop.xlsx", "tham-dinh.xlsx", "NCC.xlsx"} <= {path.name for path in ours}
    before = assess(plan, folder)
    for path in (*ours, result / "bao-cao.docx"):
        shutil.copyfile(path, folder / f"ban sao {path.name}")
    document = assess(plan, folder)
    copies = {file: verdict for file, verdict in verdicts(document).items() if file.startswith("ban sao")}
    assert len(copies) == len(ours) + 1
    assert set(copies.values()) == {"ignored"}
    assert found(document) == found(before)
    assert document["index"] == before["index"]


@pytest.mark.parametrize("inside", ["ket-qua", "a/b/ket-qua", "."])
def test_an_output_folder_inside_the_folder_is_not_read_as_input(plan: Path, folder: Path, inside: str) -> None:
    out = folder / inside
    first = pipeline.run(plan, folder, period=PERIOD, out=out).document
    second = pipeline.run(plan, folder, period=PERIOD, out=out).document
    assert first["index"] == second["index"]
    assert second["index"]["points"] == "17.65"
    assert verdicts(first) == verdicts(second)
    assert len(verdicts(second)) == 3


def test_the_plan_in_the_folder_is_no_submission(plan: Path, folder: Path) -> None:
    shutil.copyfile(plan, folder / "ke-hoach.xlsx")
    document = assess(plan, folder)
    assert found(document) == [("F201", "")]
    assert document["index"]["points"] == "17.65"


# --- together ---


def test_a_unit_that_filed_nothing_is_missing_and_its_leaves_wait_with_the_partial_total(
    plan: Path, folder: Path
) -> None:
    form(folder, "NCC").unlink()
    document = assess(plan, folder)
    assert [item["code"] for item in document["findings"] if item["severity"] == "error"] == ["U101"]
    assert roll(document)["NCC"] == ("missing", None)
    leaf = next(item for item in document["criteria"] if item["code"] == "2.1")
    assert (leaf["status"], leaf["points"]) == ("missing", None)
    assert "Phòng Người có công" in leaf["basis"]
    assert "30" in leaf["basis"]
    index = document["index"]
    assert (index["percent"], index["percent_if_missing_full"], index["complete"]) == ("36.25", "96.25", False)


def test_one_lead_unit_without_a_level_keeps_the_leaf_missing(plan: Path, folder: Path) -> None:
    fill(form(folder, "NCC"), rows={"1.1": {"Mức đạt": None}})
    document = assess(plan, folder)
    assert points(document)["1.1"] is None
    assert found(document) == [("D111", "G9")]


@pytest.mark.parametrize(
    ("how", "values", "expected", "codes"),
    [
        (None, (30, 50), "80", []),
        ("trung bình", (30, 50), "40", []),
        ("lớn nhất", (30, 50), "50", []),
        ("nhỏ nhất", (30, 50), "30", []),
        ("nhỏ nhất", (AWAY, 50), "50", []),
        ("một đơn vị", (30, 30), "30", []),
        ("một đơn vị", (30, 50), None, ["C102"]),
        ("một đơn vị", (30, AWAY), "30", []),
    ],
)
def test_a_figure_is_combined_over_its_units_first(
    folder: Path, tmp_path: Path, how: str | None, values: tuple[Any, Any], expected: str | None, codes: list[str]
) -> None:
    changed = plan_with(tmp_path / "plan.xlsx", {"Số liệu!E2": how})
    for unit, value in zip(("VP", "NCC"), values, strict=True):
        fill(form(folder, unit), figures={"HSO_DUNG": value, "HSO_TONG": 90})
    document = assess(changed, folder)
    assert document["measures"]["HSO_DUNG"] == expected
    assert [code for code, _ in found(document)] == codes
    assert (points(document)["2.1"] is None) == (expected is None)


def test_a_broken_constraint_stands_at_the_units_first_cell_keeps_the_values_and_flags_the_leaf(
    plan: Path, folder: Path
) -> None:
    fill(form(folder, "NCC"), figures={"HSO_DUNG": 61})
    document = assess(plan, folder)
    assert found(document) == [("C101", "D8")]
    finding = next(item for item in document["findings"] if item["code"] == "C101")
    assert (finding["file"], finding["unit"], finding["severity"]) == (NCC, "NCC", "error")
    leaf = next(item for item in document["criteria"] if item["code"] == "2.1")
    assert (leaf["points"], leaf["flagged"]) == ("7.28", True)


# --- evidence: true, false or unknown ---

EVIDENCE = [
    ("Quyết định số 12/QĐ-SLĐTBXH", None),
    ("Báo cáo ngày 12.03.2021", None),
    ("Kinh phí 640.905.000 đồng", None),
    ("https://dongthap.gov.vn/tin-tuc", None),
    ("https://dongthap.gov.vn/van-ban.pdf", None),
    ("kh.pdf", True),
    ("KH.PDF", True),
    ("./kh.pdf", True),
    ("minh-chung/kết luận 01.docx", True),
    ("minh-chung\\kết luận 01.docx", True),
    ("kết luận 01.docx", True),
    ("Kế hoạch (kh.pdf)", True),
    ("kh.pdf, kết luận 01.docx", True),
    ("kh.pdf; không có.pdf", False),
    ("Kế hoạch năm: khác.pdf", False),
    ("khác/kh.pdf", False),
]


@pytest.mark.parametrize(("text", "expected"), EVIDENCE)
def test_evidence_is_looked_for_where_it_names_a_file(
    plan: Path, folder: Path, text: str, *, expected: bool | None
) -> None:
    (folder / "kh.pdf").write_bytes(b"x")
    (folder / "minh-chung").mkdir()
    (folder / "minh-chung" / "kết luận 01.docx").write_bytes(b"x")
    fill(form(folder, "VP"), rows={"1.10": {"Tài liệu kiểm chứng": text}})
    document = assess(plan, folder)
    proof = next(item for item in document["criteria"] if item["code"] == "1.10")["evidence"]
    assert [(item["unit"], item["text"], item["found"]) for item in proof] == [("VP", text, expected)]
    assert found(document) == ([("E203", "I11")] if expected is False else [])


@pytest.mark.parametrize(("policy", "expected", "code"), [("cảnh báo", "4", "E201"), ("0 điểm", "0", "E202")])
def test_required_evidence_that_is_missing(folder: Path, tmp_path: Path, policy: str, expected: str, code: str) -> None:
    changed = plan_with(tmp_path / "plan.xlsx", {"Cài đặt!B4": policy, "Bộ chỉ số!G5": "Báo cáo"})
    document = assess(changed, folder)
    assert found(document) == [(code, "I11")]
    assert points(document)["1.10"] == expected


# --- nothing is changed ---


def test_two_runs_over_one_folder_say_the_same(plan: Path, folder: Path) -> None:
    fill(form(folder, "VP"), figures=dict.fromkeys(TASK_FIGURES, "x"))
    edit(form(folder, "NCC"), _formula)
    before = tree(folder)
    line = ("check", plan, folder, "--period", PERIOD, "--json")
    assert cchc(*line).stdout == process(*line).stdout
    assert tree(folder) == before


def _formula(book: Workbook) -> None:
    book["Số liệu"]["D8"] = "=10*5"
