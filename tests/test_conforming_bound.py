"""Conforming has its time: a file that takes longer is its own finding, and the others are read and scored."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest
from openpyxl import Workbook

from cchc_xl.office.excel import Refused, read
from cchc_xl.pipeline import collection as assessment
from cchc_xl.plan import load_plan
from cchc_xl.plan.edition import find_period, in_force
from cchc_xl.plan.register import Register
from cchc_xl.records import RawForm, RawSheet, SourceFile, Unit
from cchc_xl.unit.conform import SetAside, conform
from cchc_xl.unit.form import APPENDIX_SHEET, FIGURE_CODE, FIGURE_VALUE, FIGURES_SHEET, FORM
from cchc_xl.unit.sheets import Expected
from tests.unit_forms import PERIOD, assess, edit, form, full_folder, rewrite, roll, verdicts

SECONDS = 0.4
STARS = "*" * 32_767
MARKED = "a" + "\u0301\u0323" * 16_383
HEADED = ("Đơn vị: Văn phòng Sở",), ("Kỳ báo cáo: Quý I năm 2021",), FORM[FIGURES_SHEET].headings
FIGURE = tuple(
    5 if heading == FIGURE_VALUE else "HSO_TONG" if heading == FIGURE_CODE else None
    for heading in FORM[FIGURES_SHEET].headings
)


@pytest.fixture(scope="module")
def expected(plan: Path) -> Expected:
    loaded = load_plan(plan)
    period = find_period(loaded, PERIOD)
    assert period is not None
    return Expected.of(in_force(loaded, period))


def of(*sheets: RawSheet, file: str = "a.xlsx") -> RawForm:
    source = SourceFile(file, file, 1, datetime(2021, 3, 18, tzinfo=timezone.utc))
    return RawForm(source, "0" * 64, source.modified, "disk", "calamine", sheets)


def sheet(*rows: tuple[object, ...], name: str = FIGURES_SHEET, **more: object) -> RawSheet:
    return RawSheet(name, hidden=False, rows=rows, **more)  # type: ignore[arg-type] - tables of a test


MONSTROUS = [
    ("a million rows", lambda: of(sheet(*HEADED, FIGURE, *[(f"X{row}",) for row in range(300_000)], *[()] * 700_000))),
    ("16,384 columns of headings", lambda: of(sheet(*[tuple(FORM[FIGURES_SHEET].headings) * 3_300] * 20))),
    ("every cell of 50 columns full of asterisks", lambda: of(sheet(*[tuple(STARS + str(column) for column in range(50))] * 20))),
    ("cells full of marks", lambda: of(sheet(*[tuple(MARKED[row:] + str(column) for column in range(50)) for row in range(20)]))),
    ("10,000 sheets", lambda: of(*[sheet(*HEADED, FIGURE, name=f"S{number}") for number in range(10_000)])),
    ("5,000 merged ranges over the headings", lambda: of(*[sheet(*HEADED, FIGURE, merges=((3, 1, 3, 16_384),) * 5_000)] * 20)),
    ("headings repeated 100,000 times", lambda: of(sheet(*HEADED, FIGURE, *[FORM[FIGURES_SHEET].headings] * 100_000))),
    ("headings that look alike", lambda: of(sheet(*HEADED, FIGURE, *[tuple(f"{heading} (*)" for heading in FORM[APPENDIX_SHEET].headings)] * 100_000))),
]  # fmt: skip


@pytest.mark.parametrize("made", [row[1] for row in MONSTROUS], ids=[row[0] for row in MONSTROUS])
def test_conforming_ends_in_its_time_whatever_the_workbook_holds(
    expected: Expected, made: Callable[[], RawForm]
) -> None:
    raw = made()
    start = time.process_time()
    found = conform(raw, expected, seconds=SECONDS)
    assert time.process_time() - start < SECONDS + 2
    codes = {item.code for item in found.findings}
    # A fast machine ends before the time does: then it is told what the workbook lacks to be the form.
    assert codes & {"F114", "F201", "U102"} or not isinstance(found, SetAside)


def test_out_of_time_the_file_is_set_aside_as_unreadable_and_its_unit_told_by_its_path(expected: Expected) -> None:
    found = conform(of(sheet(*HEADED, FIGURE), file="NCC.xlsx"), expected, seconds=0)
    assert isinstance(found, SetAside)
    assert (found.verdict, found.unit, found.unreadable) == ("rejected", "NCC", True)
    assert [(item.code, item.at.file if item.at else "", dict(item.context)["seconds"]) for item in found.findings] == [("F114", "NCC.xlsx", "0")]  # fmt: skip


def test_one_file_out_of_time_leaves_the_others_as_if_it_could_not_be_read(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = full_folder(plan, tmp_path / "don-vi")
    late = form(folder, "NCC")
    whole = late.read_bytes()
    late.write_bytes(b"")
    broken = assess(plan, folder)
    late.write_bytes(whole)
    bounds = {late.name: 0.0}
    monkeypatch.setattr(
        assessment, "conform", lambda raw, known: conform(raw, known, seconds=bounds.get(raw.source.file, 20.0))
    )
    document = assess(plan, folder)
    assert [(item["code"], item["file"]) for item in document["findings"] if item["code"] == "F114"] == [
        ("F114", late.name)
    ]
    assert verdicts(document)[late.name] == "rejected"
    assert roll(document)["NCC"] == ("unreadable", late.name)
    assert document["index"] == broken["index"]
    assert document["criteria"] == broken["criteria"]


@pytest.mark.parametrize(("length", "kept", "told"), [(32_767, 32_767, []), (10_000_000, 32_767, [("F310", "B3")])])
def test_a_text_longer_than_a_cell_of_excel_is_cut_and_told(
    tmp_path: Path, length: int, kept: int, told: list[tuple[str, str]]
) -> None:
    path = tmp_path / "a.xlsx"
    book = Workbook()
    book.active["B3"] = "dai"
    book.save(path)
    rewrite(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"dai", b"x" * length))
    raw = read(SourceFile("a.xlsx", str(path), 1, datetime(2021, 3, 1, tzinfo=timezone.utc)))
    assert not isinstance(raw, Refused)
    assert len(str(raw.sheets[0].rows[2][1])) == kept
    assert [(item.code, item.at.address) for item in raw.findings if item.at] == told


def test_of_one_finding_five_hundred_are_told_of_a_file_and_the_rest_is_counted(plan: Path, tmp_path: Path) -> None:
    folder = full_folder(plan, tmp_path / "don-vi")
    before = assess(plan, folder)

    def with_surplus_rows(book: Workbook) -> None:
        for row in range(200, 900):
            book[FIGURES_SHEET].cell(row, FORM[FIGURES_SHEET].headings.index(FIGURE_CODE) + 1, f"LA_{row}")
            book[FIGURES_SHEET].cell(row, FORM[FIGURES_SHEET].headings.index(FIGURE_VALUE) + 1, 1)

    edit(form(folder, "VP"), with_surplus_rows)
    document = assess(plan, folder)
    codes = [item["code"] for item in document["findings"]]
    assert codes.count("T302") == 500
    assert [item["message"] for item in document["findings"] if item["code"] == "F205"] == [
        "Còn 200 chỗ nữa có cùng phát hiện T302, không liệt kê."
    ]
    assert document["index"] == before["index"]


def test_a_cell_of_ten_thousand_commas_is_cut_into_names_at_once() -> None:
    """And as before: the longest name first, names that hold commas themselves among them."""
    register = Register(
        (Unit("A", "An"), Unit("B", "Bình"), Unit("AB", "An, Bình"), Unit("KT", "Phòng Kế hoạch, Tài chính"))
    )
    assert register.resolve("An, Bình, Phòng Kế hoạch, Tài chính, An").codes == ("AB", "KT", "A")
    assert register.resolve("An, An, Bình").codes == ("A", "AB")
    start = time.process_time()
    assert register.resolve("An, " * 10_000 + "Lạ").unknown == ("Lạ",)
    assert time.process_time() - start < 3
