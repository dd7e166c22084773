"""Names and texts that leave: to the terminal, as names of files, into tables for other programs, as links."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from openpyxl import load_workbook

from cchc_xl.cli.output import Reply
from cchc_xl.office.excel import read
from cchc_xl.office.excel.book import Book
from cchc_xl.pipeline.line import CannotRunError, edition_of, open_plan
from cchc_xl.plan import load_plan
from cchc_xl.records import CellRef, RawForm
from cchc_xl.result import Result
from cchc_xl.result.frames import guarded
from cchc_xl.text.catalogue import finding, fix, message, place
from cchc_xl.text.file_names import file_name, file_names
from cchc_xl.unit.folder import discover, source_file, with_believable_time
from tests.conftest import ROOT
from tests.unit_forms import rewrite, save_time

EXAMPLE = ROOT / "examples" / "2021-quy-1"
EVIL = "x\x1b]0;TIÊU ĐỀ\x07\x1b[2J\x9b31m\u202eexe.xlsx\nLỖI: đơn vị X\r\u2028chưa nộp"
COMMANDS = frozenset("\x1b\x07\x9b\r\u202e\u2028")


@pytest.mark.parametrize("as_json", [False, True])
def test_nothing_of_a_name_commands_the_terminal(capsys: pytest.CaptureFixture[str], *, as_json: bool) -> None:
    Reply(("đầu", EVIL), {"file": EVIL}, 2, f"Không chạy được: {EVIL}").say(as_json=as_json)
    out, err = capsys.readouterr()
    assert COMMANDS.isdisjoint(out + err)
    assert len(err.splitlines()) == 1
    if as_json:
        assert json.loads(out) == {"file": EVIL}, "the object itself is as it was"
    else:
        assert len(out.splitlines()) == 2


def test_a_finding_is_one_line_whatever_the_file_is_called() -> None:
    item = finding("F302", CellRef(EVIL, EVIL, 1, 1), text=EVIL)
    for text in (message(item), fix(item), place(item)):
        assert COMMANDS.isdisjoint(text)
        assert "\n" not in text


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("VP", "VP"),
        ("TT/DVVL", "TT-DVVL"),
        ("CON", "CON-"),
        ("lpt1", "lpt1-"),
        ("NUL.2021", "NUL.2021-"),
        ("CONG", "CONG"),
        ("VP.", "VP-"),
        ("VP ", "VP-"),
        (".an", "-an"),
        ("../..", "---"),
        ("C:\\x", "C--x"),
        ("a\x1b\nb\u202ec", "a--b-c"),
        ("", "-"),
    ],
)
def test_a_code_is_a_name_on_every_disk(code: str, name: str) -> None:
    assert file_name(code) == name


def test_no_two_units_share_a_file_on_windows() -> None:
    codes = (
        "VP",
        "vp",
        "A/B",
        "A-B",
        "A:B",
        "CON",
        "con",
        "é",
        "e\u0301",
        "x" * 300,
        "x" * 299 + "y",
        "A-C-a133",
        "A-C",
        "A/C",
    )
    names = file_names(codes)
    assert len({name.casefold() for name in names.values()}) == len(codes)
    assert names["VP"] == "VP"
    assert max(len(name.encode()) for name in names.values()) < 120
    assert names == file_names(codes)


def test_two_periods_of_one_folder_are_refused() -> None:
    plan = open_plan(EXAMPLE / "ke-hoach.xlsx")
    first = plan.periods[0]
    alike = replace(plan, periods=(*plan.periods, replace(first, code=first.code.replace("-", "/"))))
    with pytest.raises(CannotRunError, match="cùng một tên thư mục"):
        edition_of(alike, first.code)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a;=1+1", "a;'=1+1"),
        ('a;"=1+1"', 'a;"\'=1+1"'),
        ("a\n=1+1", "a\n'=1+1"),
        ("a\t@SUM(A1)", "a\t'@SUM(A1)"),
        ("a; -5; +3,5%", "a; -5; +3,5%"),
        ("a;-5", "a;-5"),
        ("Quyết định số 1; ngày 2/3", "Quyết định số 1; ngày 2/3"),
    ],
)
def test_no_piece_of_a_csv_field_is_calculated(text: str, safe: str) -> None:
    assert guarded(text) == safe


def test_a_link_that_excel_cannot_hold_leaves_its_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    targets = ("mc/CV #12 100%.pdf", "m" * 2_000 + "/" + "c" * 200 + ".pdf", "thư mục/" * 200 + "a.pdf")
    with Book(path, "a") as book:
        sheet = book.sheet("A", (20,))
        for row, target in enumerate(targets):
            book.link(sheet, row, 0, target, f"Tài liệu {row} " + "dài " * 100 + "hết")
    cells = [row[0] for row in load_workbook(path)["A"].iter_rows()]
    assert [str(cell.value)[-3:] for cell in cells] == ["hết"] * 3
    assert cells[0].hyperlink
    assert cells[0].hyperlink.target.endswith("CV%20%2312%20100%25.pdf")
    assert not cells[0].hyperlink.location
    assert cells[1].hyperlink is None


def test_a_result_in_the_shared_folder_is_read_by_nobody(quarter: Result, tmp_path: Path) -> None:
    """Wherever it lies and whatever it is called: copied by hand, left beside an open one."""
    (tmp_path / "vp.xlsx").write_bytes((EXAMPLE / "don-vi" / "2021-Q1_VP.xlsx").read_bytes())
    for name in ("2021-Q1", "luu/2021-Q1 (2)", "2021-Q1-moi-1405"):
        shutil.copytree(str(quarter.folder), tmp_path / name)
    shutil.copytree(str(quarter.folder), tmp_path / "don-vi-khac", ignore=shutil.ignore_patterns("manifest.json"))
    found = discover(tmp_path)
    assert "vp.xlsx" in {item.file for item in found.forms}
    folders = {item.file.partition("/")[0] for item in (*found.forms, *found.closed)}
    assert folders == {"vp.xlsx", "don-vi-khac"}, "a folder without a manifest of ours is somebody's"


#   made, saved -> whether it may be; the period begins on 15/12/2020, what is late was due on 20/03/2021
TIMES = [
    ("2020-01-02", "2009-01-01T00:00:00Z", False),
    ("2020-01-02", "2020-12-10T00:00:00Z", False),
    ("2020-01-02", "2020-12-14T01:00:00Z", True),  # clocks may differ by a day
    ("2020-01-02", "2021-03-16T02:15:00Z", True),
    ("2021-03-10", "2021-03-01T00:00:00Z", False),
    ("2026-11-28", "2021-03-16T02:15:00Z", True),  # issued once more, long after
]


@pytest.mark.parametrize(("made", "saved", "believed"), TIMES)
def test_a_file_saved_before_it_can_have_been_has_no_time_of_saving(
    tmp_path: Path, made: str, saved: str, *, believed: bool
) -> None:
    path = Path(shutil.copyfile(EXAMPLE / "don-vi" / "2021-Q1_VP.xlsx", tmp_path / "2021-Q1_VP.xlsx"))
    save_time(path, saved)
    rewrite(
        path,
        "core.xml",
        lambda core: re.sub(rb"(<dcterms:created[^>]*>)[^<]*", rb"\g<1>" + made.encode() + b"T01:00:00Z", core),
    )
    plan = load_plan(EXAMPLE / "ke-hoach.xlsx")
    period = next(item for item in plan.periods if item.code == "2021-Q1")
    form = with_believable_time(cast("RawForm", read(source_file(path, tmp_path))), period)
    assert form.sent_from == ("file" if believed else "disk")
    assert ("U209" in {item.code for item in form.findings}) is not believed


def test_no_path_and_no_user_is_in_any_file_of_a_result(quarter: Result) -> None:
    assert quarter.folder
    names = [part.encode() for part in (str(ROOT), str(Path(quarter.folder).parent), str(Path.home()) + "/")]
    for path in sorted(Path(quarter.folder).rglob("*")):
        if path.is_file():
            packed = zipfile.is_zipfile(path)
            with zipfile.ZipFile(path) if packed else nullcontext() as package:
                contents = [package.read(name) for name in package.namelist()] if package else [path.read_bytes()]
            assert not any(name in content for name in names for content in contents), path.name
