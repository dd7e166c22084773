"""A file that takes a reader down takes a child process down, never the run: shown with readers that really die of it."""

from __future__ import annotations

import io
import os
import signal
import struct
import subprocess
import sys
import zipfile
from datetime import datetime, timezone
from pathlib import Path

import psutil
import pytest
from openpyxl import Workbook

from cchc_xl.office.excel import Refused, parse
from cchc_xl.office.excel.bounds import Clearance, Job, Opened, Trouble
from cchc_xl.office.excel.child import Child, isolated
from cchc_xl.office.excel.look import clear
from cchc_xl.records import SourceFile
from tests.conftest import ROOT
from tests.office import convert

LIMITS = {"seconds": 20.0, "memory": 512 * 1024 * 1024}


def workbook(**cells: object) -> bytes:
    book = Workbook()
    for address, value in cells.items():
        book.active[address] = value
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


SMALL = workbook(A1="a", B2=5)
FAR = workbook(A1="a", XFD1048576=1)  # a legal workbook of 4.8 kB


def source(name: str = "a.xlsx") -> SourceFile:
    return SourceFile(name, name, 1, datetime(2021, 3, 1, tzinfo=timezone.utc))


def test_python_calamine_aborts_the_process_on_a_legal_workbook_of_five_kilobytes(tmp_path: Path) -> None:
    """The reason for all this (tafia/calamine#693). Should this test fail, calamine has been mended: look again."""
    assert len(FAR) < 6000
    (tmp_path / "a.xlsx").write_bytes(FAR)
    code = (
        "import sys, python_calamine as c; c.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "a.xlsx")], capture_output=True, check=False)
    assert done.returncode == -signal.SIGABRT


def test_ours_reads_the_same_workbook_and_names_the_far_cell() -> None:
    found = parse(FAR, source())
    assert not isinstance(found, Refused)
    assert found.sheets[0].rows == (("a",),)
    assert [(item.code, item.at.address) for item in found.findings if item.at] == [("F308", "XFD1048576")]


def test_a_reader_that_aborts_is_that_files_finding_and_the_next_file_is_read() -> None:
    assert isolated(Job(FAR, "xlsx", "calamine")) == Trouble("F113")
    answer = isolated(Job(SMALL, "xlsx", "calamine"))
    assert isinstance(answer, Opened)
    assert answer.sheets[0].rows == (("a",), (None, 5))


def large() -> bytes:
    """A workbook that takes openpyxl more than a second and forty megabytes."""
    book = Workbook()
    for row in range(20_000):
        book.active.append([row, "x" * 20, row + 0.5, "y"])
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("limit", "code"),
    [({"seconds": 0.01}, "F111"), ({"memory": 40_000_000}, "F112")],
    ids=["time", "memory"],
)
def test_a_file_beyond_the_limits_is_stopped_and_the_next_one_is_read(limit: dict[str, float], code: str) -> None:
    child = Child()
    try:
        answer = child.ask(Job(large(), "xlsx", "openpyxl"), **{**LIMITS, **limit})
        assert isinstance(answer, Trouble)
        assert answer.code in (code, "F113")  # a failed allocation inside a library may end the process at once
        assert isinstance(child.ask(Job(SMALL, "xlsx", "openpyxl"), **LIMITS), Opened)
    finally:
        child.stop()


def test_memory_is_watched_from_outside_where_the_system_sets_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows: the parent looks at the child's size, here against a bound that any process is beyond."""
    monkeypatch.setattr("cchc_xl.office.excel.child._SLACK", 1 - LIMITS["memory"])
    child = Child()
    try:
        assert child.ask(Job(large(), "xlsx", "openpyxl"), **LIMITS) == Trouble("F112", (("size", "512"),))
    finally:
        child.stop()


def zip_of(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return packed.getvalue()


def test_a_child_killed_from_outside_is_replaced() -> None:
    child = Child()
    try:
        assert isinstance(child.ask(Job(SMALL, "xlsx", "calamine"), **LIMITS), Opened)
        (process,) = [item for item in psutil.Process().children() if "serve()" in " ".join(item.cmdline())][-1:]
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)
        assert isinstance(child.ask(Job(SMALL, "xlsx", "calamine"), **LIMITS), Opened)
    finally:
        child.stop()
    assert not psutil.pid_exists(process.pid) or psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE


def test_a_library_that_prints_does_not_spoil_the_answers(tmp_path: Path) -> None:
    """xlrd prints warnings; what a parser writes to standard output must not stand among our records."""
    code = (
        "from cchc_xl.office.excel.child import Child; from cchc_xl.office.excel.bounds import Job; import sys, pathlib\n"
        "child = Child(); data = pathlib.Path(sys.argv[1]).read_bytes()\n"
        "print(len(child.ask(Job(data, 'ole', 'calamine'), 20.0, 2**29).sheets)); child.stop()"
    )
    (tmp_path / "a.xlsx").write_bytes(SMALL)
    path = convert(tmp_path / "a.xlsx", "xls", tmp_path / "cu")
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")


def _looping_ole() -> bytes:
    """A compound file of 1.5 kB whose directory's chain of sectors leads back to itself."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", head, 40, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    struct.pack_into("<I", head, 76, 0)
    table = struct.pack("<128I", 0xFFFFFFFD, 1, *[0xFFFFFFFF] * 126)
    directory = "Root Entry".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HBB", 22, 5, 1) + b"\xff" * 60
    return bytes(head) + table + directory.ljust(512, b"\0")


def _with_password(kind: bytes) -> bytes:
    """An .xls that says it is encrypted: the record WRITEACCESS of 112 bytes becomes FILEPASS of this kind."""
    data = (ROOT / "tests" / "workbooks" / "bieu-mau-libreoffice.xls").read_bytes()
    at = data.index(b"\x5c\x00\x70\x00")
    return data[:at] + b"\x2f\x00\x70\x00" + kind + data[at + 4 + len(kind) :]


OLD_FILES = [
    ("an .xls obfuscated with XOR", _with_password(b"\x00\x00"), "F102"),
    ("an .xls encrypted with RC4", _with_password(b"\x01\x00\x01\x00"), "F102"),
    ("a compound file whose sectors loop", _looping_ole(), "F101"),
    ("a compound file of zeros", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "F103"),
    ("only the first bytes of one", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "F103"),
]


@pytest.mark.parametrize(("data", "code"), [row[1:] for row in OLD_FILES], ids=[row[0] for row in OLD_FILES])
def test_a_hostile_compound_file_is_one_finding(data: bytes, code: str) -> None:
    found = parse(data, source("a.xls"))
    assert isinstance(found, Refused)
    assert found.finding.code == code


# what must never be read in this process
ISOLATED = [
    ("a compound file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, True),
    ("an OpenDocument spreadsheet", zip_of({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<office:spreadsheet/>"}), True),
    ("a binary workbook", zip_of({"xl/workbook.bin": b"\x83\x01\x00"}), True),
    ("a far cell", FAR, True),
    ("strings that claim to be four billion", zip_of({"xl/workbook.xml": b"<workbook/>", "xl/styles.xml": b"<a/>", "xl/sharedStrings.xml": b'<sst uniqueCount="4294967295"/>', "xl/worksheets/sheet1.xml": b"<worksheet><sheetData/></worksheet>"}), True),
    ("a long text in very many cells", zip_of({"xl/workbook.xml": b"<workbook/>", "xl/styles.xml": b"<a/>", "xl/sharedStrings.xml": b"<sst><si><t>" + b"x" * 100_000 + b"</t></si></sst>", "xl/worksheets/sheet1.xml": b'<worksheet><sheetData><row r="1">' + b'<c r="A1" t="s"><v>0</v></c>' * 5_000 + b"</row></sheetData></worksheet>"}), True),
    ("a small workbook as Excel writes it", SMALL, False),
]  # fmt: skip


@pytest.mark.parametrize(("data", "alone"), [row[1:] for row in ISOLATED], ids=[row[0] for row in ISOLATED])
def test_what_may_take_a_reader_down_is_read_alone(data: bytes, *, alone: bool) -> None:
    cleared = clear(data, "a")
    assert isinstance(cleared, Clearance)
    assert cleared.isolated is alone
