"""Which of a unit's files counts, and which files of a folder are none: a table of folders, each with what comes out."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from cchc_xl import pipeline
from cchc_xl.result.objects import to_object
from tests.office import converted
from tests.unit_forms import PERIOD, assess, build_plan, edit, form, full_folder, rewrite

EARLY, LATER, AFTER = "2021-03-16T02:00:00Z", "2021-03-19T02:00:00Z", "2021-03-25T02:00:00Z"  # due on 20 March
OWN = "2021-Q1_VP.xlsx"
Change = Callable[[Path], None]


def figure(value: object) -> Callable[[Workbook], None]:
    """Another number of files, so that two files differ."""

    def change(book: Workbook) -> None:
        row = next(row for row in book["Số liệu"].iter_rows(min_row=8) if row[0].value == "HSO_TONG")
        row[3].value = value

    return change


def copy(name: str, saved: str = LATER, value: object = 1490) -> Change:
    """A later copy of the unit's file, with another number, at this place in the folder."""

    def add(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / OWN, path)
        edit(path, figure(value), saved)

    return add


def junk(name: str, data: bytes = b"\x05Admin" + bytes(160)) -> Change:
    def add(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)

    return add


def _no_time(folder: Path) -> None:
    """An older copy without a stored time, put on the disk last."""
    copy("cu/ban sao.xlsx")(folder)
    path = folder / "cu" / "ban sao.xlsx"
    rewrite(path, "docProps/core.xml", lambda xml: xml.replace(b"dcterms:modified", b"dcterms:other"))
    later = datetime.fromisoformat(AFTER).timestamp()
    os.utime(path, (later, later))


def _without_values(folder: Path) -> None:
    copy("moi.xlsx")(folder)
    edit(folder / "moi.xlsx", lambda book: book["Số liệu"].cell(7, 4, "Trị số"), LATER)


def _two_reused(folder: Path) -> None:
    """Both files of the unit bear another unit's name, and differ."""
    copy("Phòng Người có công.xlsx")(folder)
    (folder / OWN).rename(folder / "P. NCC.xlsx")


def _zip(folder: Path) -> None:
    with zipfile.ZipFile(folder / "goi.zip", "w") as package:
        package.write(folder / OWN, f"bai\\{OWN}")
        package.writestr("bai/anh.png", b"\x89PNG")
    (folder / OWN).unlink()


def _zip_without_times(folder: Path) -> None:
    """As programs pack that write no time of a member: month and day are 0."""
    with zipfile.ZipFile(folder / "goi.zip", "w") as package:
        package.writestr(zipfile.ZipInfo(OWN, (1980, 0, 0, 0, 0, 0)), (folder / OWN).read_bytes())
    (folder / OWN).unlink()


def _many_in_a_zip(folder: Path) -> None:
    with zipfile.ZipFile(folder / "nhieu.zip", "w") as package:
        for number in range(201):
            package.writestr(f"bai {number}.xlsx", b"PK")


def _gone_but(name: str, data: bytes) -> Change:
    """Of the unit only a file of this name lies there."""

    def change(folder: Path) -> None:
        (folder / OWN).unlink()
        junk(name, data)(folder)

    return change


MACHINES = (
    *(
        "#recycle",
        "@Recycle",
        ".recycle",
        "$RECYCLE.BIN/S-1-5-21-1",
        ".Trash-1000/files",
        ".stversions",
        "~snapshot/gio",
    ),
    *(".dropbox.cache", "@eaDir", ".AppleDouble", "__MACOSX", "#snapshot", "lost+found", "System Volume Information"),
)
EXCEL_2003 = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
# (what lies in the folder beside VP's own file, the file of VP that counts, its status, findings above a note)
FOLDERS: list[tuple[str, Change, str | None, str, list[str]]] = [
    *((f"a deleted newer file in {name}", copy(f"{name}/{OWN}"), OWN, "submitted", []) for name in MACHINES),
    *((f"a lock file {name}", junk(name), OWN, "submitted", []) for name in (f"~${OWN}", f".~{OWN}", f".~lock.{OWN}#", f"._{OWN}")),
    ("a record of a deleted file", junk("$RECYCLE.BIN/S-1/$IA1B2C3.xlsx"), OWN, "submitted", []),
    ("a newer file", copy("2021-Q1_VP (2).xlsx"), "2021-Q1_VP (2).xlsx", "submitted", []),
    ("an older file", copy("2021-Q1_VP (2).xlsx", EARLY), OWN, "submitted", []),
    ("a correction after the deadline", copy("sua.xlsx", AFTER), "sua.xlsx", "submitted", []),
    ("another unit's name on a reused workbook", copy("Phòng Người có công.xlsx"), OWN, "submitted", ["U107", "U204"]),
    ("another unit's folder, the file's own name", copy(f"Phòng Người có công/{OWN}"), f"Phòng Người có công/{OWN}", "submitted", []),
    ("another unit's folder and no name", copy("Phòng Người có công/bai.xlsx"), OWN, "submitted", ["U107", "U204"]),
    ("two reused workbooks that differ", _two_reused, None, "unreadable", ["U107", "U107", "U108"]),
    ("an older copy without a stored time", _no_time, OWN, "submitted", ["U204"]),
    ("a newer file without its figures", _without_values, "moi.xlsx", "submitted", ["D120", "U204"]),
    ("a packed file", _zip, f"goi.zip/bai/{OWN}", "submitted", ["U207"]),
    ("a packed file without times", _zip_without_times, f"goi.zip/{OWN}", "submitted", ["U207"]),
    ("a packed file with too many", _many_in_a_zip, OWN, "submitted", ["U206"]),
    ("a file of WPS", _gone_but("2021-Q1_VP.et", b"\xd0\xcf"), "2021-Q1_VP.et", "unreadable", ["U206"]),
    ("Excel XML 2003", _gone_but("bao cao.xml", EXCEL_2003), None, "missing", ["U101", "U206"]),
    ("a scanned report", _gone_but("Văn phòng Sở.pdf", b"%PDF-1.7"), "Văn phòng Sở.pdf", "unreadable", ["U206"]),
    ("an archive of RAR", _gone_but("2021-Q1_VP.rar", b"Rar!"), "2021-Q1_VP.rar", "unreadable", ["U206"]),
    ("a half-downloaded file", _gone_but("VP.xlsx.crdownload", b"PK"), None, "missing", ["U101"]),
    ("evidence beside the unit's file", junk("Văn phòng Sở/KH 12.pdf", b"%PDF-1.7"), OWN, "submitted", []),
    ("evidence in the folder of a unit that sent nothing", _gone_but("Văn phòng Sở/KH 12.pdf", b"%PDF"), None, "missing", ["U101"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("lies", "file", "status", "codes"), [row[1:] for row in FOLDERS], ids=[row[0] for row in FOLDERS]
)
def test_which_file_counts_and_what_is_said_of_the_others(
    lies: Change, file: str | None, status: str, codes: list[str], tmp_path: Path
) -> None:
    plan = build_plan(tmp_path / "plan.xlsx")
    folder = full_folder(plan, tmp_path / "don-vi")
    lies(folder)
    told = assess(plan, folder)
    row = next(item for item in told["rollcall"] if item["unit"] == "VP")
    assert (row["file"], row["status"]) == (file, status)
    above = sorted(item["code"] for item in told["findings"] if item["severity"] != "note" and item["code"][0] in "UFD")
    if file and file.startswith("moi"):
        above = [code for code in above if code in ("D120", "U204")]
    assert above == codes
    assert not any("xóa" in item["fix"] for item in told["findings"] if item["code"] in ("U107", "U108", "U204"))


def test_a_unit_is_late_by_its_first_file_also_by_the_last_results_record(tmp_path: Path) -> None:
    plan = build_plan(tmp_path / "plan.xlsx")
    folder = full_folder(plan, tmp_path / "don-vi")
    out = tmp_path / "ket-qua"
    pipeline.run(plan, folder, period=PERIOD, out=out)
    edit(form(folder, "VP"), figure(1490), AFTER)  # the corrected file took the first one's place
    alone = assess(plan, folder)
    told = to_object(pipeline.run(plan, folder, period=PERIOD, out=out).contents)
    rows = [next(item for item in found["rollcall"] if item["unit"] == "VP") for found in (alone, told)]
    assert [row["status"] for row in rows] == ["late", "submitted"]
    assert rows[1]["first_sent"] < rows[1]["sent"]
    (note,) = [item for item in told["findings"] if item["code"] == "U302"]
    assert "bản sửa lần 2, ngày 25/3/2021" in note["message"]


def test_an_xls_says_itself_when_it_was_saved(tmp_path: Path) -> None:
    plan = build_plan(tmp_path / "plan.xlsx")
    folder = full_folder(plan, tmp_path / "don-vi")
    path = form(folder, "VP")
    (made,) = converted([path], "xls", folder)
    path.unlink()
    old = datetime.fromisoformat(EARLY).timestamp()
    os.utime(made, (old, old))
    told = assess(plan, folder)
    row = next(item for item in told["rollcall"] if item["unit"] == "VP")
    assert row["sent_from"] == "file"
    assert row["sent"][:10] != EARLY[:10]


def test_a_senders_clock_in_the_future_does_not_decide(tmp_path: Path) -> None:
    plan = build_plan(tmp_path / "plan.xlsx")
    folder = full_folder(plan, tmp_path / "don-vi")
    copy("tuong lai.xlsx", "2099-01-01T00:00:00Z")(folder)
    told = assess(plan, folder)
    row = next(item for item in told["rollcall"] if item["unit"] == "VP")
    assert row["file"] == OWN
    assert "U204" in {item["code"] for item in told["findings"]}
    (folder / OWN).unlink()
    alone = assess(plan, folder)
    row = next(item for item in alone["rollcall"] if item["unit"] == "VP")
    assert (row["file"], row["sent_from"]) == ("tuong lai.xlsx", "disk")
    assert "U205" in {item["code"] for item in alone["findings"]}


def test_a_packed_file_may_be_checked_by_itself(tmp_path: Path) -> None:
    plan = build_plan(tmp_path / "plan.xlsx")
    folder = full_folder(plan, tmp_path / "don-vi")
    _zip(folder)
    told = assess(plan, folder / "goi.zip")
    assert {item["unit"]: item["file"] for item in told["rollcall"] if item["file"]} == {"VP": f"goi.zip/bai/{OWN}"}
