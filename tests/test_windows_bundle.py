"""The pieces of the Windows bundle without building it: what is refused, what is left out, what ``cai_dat.bat`` does."""

from __future__ import annotations

import configparser
import csv
import io
import os
import re
import shutil
import subprocess
import zipfile

import pytest
from packaging.requirements import Requirement

from tests.conftest import ROOT
from tools import make_windows_bundle as bundle
from tools.windows import cai_dat

PARTS = ROOT / "tools" / "windows"


# --- what it is made of -------------------------------------------------------------------------------------------


def test_the_pins_are_what_the_package_needs_without_pandas():
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    needed = [Requirement(line) for line in setup["options"]["install_requires"].split("\n") if line]
    pinned = {name: version for name, version, _ in bundle.requirements("wheels.txt")}
    assert {item.name.lower() for item in needed} - set(pinned) == {"pandas"}
    assert [item for item in needed if item.name != "pandas" and pinned[item.name.lower()] not in item.specifier] == []
    assert not {"pandas", "numpy"} & set(pinned)
    assert {"pywin32", "colorama"} <= set(pinned), "needed on Windows only: pip on Linux does not ask for them"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("babel/locale-data/vi.dat", True),
        ("babel/locale-data/vi_VN.dat", True),
        ("babel/locale-data/en_US.dat", True),
        ("babel/locale-data/root.dat", True),
        ("babel/locale-data/vai.dat", False),
        ("babel/locale-data/fr.dat", False),
        ("pythonwin/Pythonwin.exe", False),
        ("win32/win32api.pyd", True),
        ("win32com/client/gencache.py", True),
        ("win32com/test/testall.py", False),
        ("xlwings/quickstart_standalone.xlsm", True),
        ("xlwings/pro/__init__.py", False),
        ("xlwings/progress.py", True),
        ("lxml/etree.pyd", True),
        ("lxml/includes/libxml/tree.h", False),
        ("xlwings-0.37.8.dist-info/RECORD", False),
        ("xlwings-0.37.8.dist-info/licenses/LICENSE.txt", True),
    ],
)
def test_what_no_task_touches_is_left_out(name, kept):
    assert (bundle.UNWANTED.match(name) is None) == kept


# --- what is refused, in one sentence -----------------------------------------------------------------------------

PIP_SAID = {
    "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If …\n    click==8.5.1 from https://…:\n"
    "        Expected sha256 9bb5\n             Got        8bb5\n": "click==8.5.1 has SHA-256 8bb5, recorded is 9bb5: nothing was packed",
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(…)': /simple/attrs/\n"
    "ERROR: Could not find a version that satisfies the requirement attrs==26.1.0\n": "the Python package index does not answer",
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n": "no space left on the disk",
    "ERROR: Could not find a version that satisfies the requirement attrs==26.1.0 (from versions: 1)\nERROR: No …\n": "pip: Could not find a version that satisfies the requirement attrs==26.1.0",
    "": "pip: no reason given",
}


@pytest.mark.parametrize(("said", "told"), PIP_SAID.items())
def test_what_pip_meant_is_one_sentence(said, told):
    assert bundle.told(said).startswith(told)
    assert "\n" not in bundle.told(said)


def archive(**files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name, data in files.items():
            made.writestr(name.replace("__", "/"), data)
    return content.getvalue()


# The two fields that tell a program of 64-bit Windows from one of 32 bits.
PROGRAM = b"MZ".ljust(60, b"\0") + (64).to_bytes(4, "little") + b"PE\0\0\x64\x86"
RUNTIME = {"python.exe": PROGRAM, "python313.dll": b"", "python313._pth": b""}


@pytest.mark.parametrize("folder", ["", "cp313__"])
def test_the_publishers_layout_and_the_carried_one_are_read(folder):
    files = {f"{folder}{name}": data for name, data in RUNTIME.items()}
    assert bundle.archived(archive(**files, Lib__python="beside"), "a.zip") == RUNTIME


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"no zip", "a.zip is not a sound zip archive"),
        (archive(**{"readme.txt": "x"}), "a.zip is not the embeddable package of Python 3.13"),
        (
            archive(**{**RUNTIME, "python312.dll": b"", "python313.dll.old": b""} | {"x__python.exe": b""}),
            "a.zip is not the embeddable",
        ),
        (archive(**{**RUNTIME, "python.exe": PROGRAM[:-2] + b"\x4c\x01"}), "a.zip is not for 64-bit Windows"),
    ],
)
def test_another_archive_is_refused(content, told):
    with pytest.raises(bundle.BundleError, match=re.escape(told)):
        bundle.archived(content, "a.zip")


def test_an_archive_without_a_recorded_hash_is_packed_only_if_its_publisher_signed_it(tmp_path, capsys, monkeypatch):
    mine = tmp_path / "python.zip"
    mine.write_bytes(archive(**RUNTIME))
    with pytest.raises(bundle.BundleError, match=r"python\.exe .* is not signed by its publisher|needs osslsigncode"):
        list(bundle.embedded(mine, tmp_path))
    monkeypatch.setattr(bundle.shutil, "which", lambda _: None)
    with pytest.raises(bundle.BundleError, match="needs osslsigncode"):
        list(bundle.embedded(mine, tmp_path))
    with pytest.raises(bundle.BundleError, match=r"--python .*gone\.zip: No such file"):
        list(bundle.embedded(tmp_path / "gone.zip", tmp_path))
    assert capsys.readouterr().out == ""


def test_the_same_files_are_the_same_bytes_in_any_order(tmp_path):
    items = [bundle.Item("b.txt", b"b", "x"), bundle.Item("a.bat", b"a", "y")]
    one, two = (
        bundle.write(tmp_path / str(number) / bundle.NAME, made) for number, made in enumerate((items, items[::-1]))
    )
    assert one.read_bytes() == two.read_bytes()
    rows = list(csv.reader(bundle.listing(items).decode("utf-8-sig").splitlines()))
    assert [row[0] for row in rows] == ["Tệp", "a.bat", "b.txt"]
    assert rows[1][1:3] == ["ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", "y"]  # SHA-256 of “a”


def test_a_file_that_changed_has_another_time_though_it_is_as_long(tmp_path):
    """Else Python would go on with what it compiled of the old one: it compares time and size."""
    times = {}
    for version in (b"version = 1", b"version = 2"):
        made = bundle.write(tmp_path / bundle.NAME, [bundle.Item("a.py", version, "x"), bundle.Item("b.py", b"b", "x")])
        with zipfile.ZipFile(made) as packed:
            times[version] = [entry.date_time for entry in packed.infolist()]
    (one, other), (two, same) = times.values()
    assert one != two
    assert other == same
    assert all(2011 <= at[0] <= 2020 for at in (one, two, other)), "no time is ever to come"


@pytest.mark.parametrize("names", [("a.txt", "A.TXT"), ("x" * 151,), ("dấu.txt",)])
def test_names_that_windows_cannot_unpack_are_refused(tmp_path, names):
    with pytest.raises(bundle.BundleError):
        bundle.write(tmp_path / bundle.NAME, [bundle.Item(name, b"", "x") for name in names])
    assert list(tmp_path.iterdir()) == []


def test_batch_files_are_plain_ascii_without_a_label():
    for path in PARTS.glob("*.bat"):
        content = bundle.windows_text(path)
        assert content.isascii()
        assert content.count(b"\r\n") == content.count(b"\n") > 0
        assert b"goto" not in content


# --- cai_dat.bat --------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path):
    """A bundle of three files, and its list."""
    folder = tmp_path / "cchc-xl"
    items = [bundle.Item(name, name.encode(), "x") for name in ("python/a.py", "python/Lib/b/c.py", "cai_dat.bat")]
    for item in [*items, bundle.Item(bundle.LIST, bundle.listing(items), "x")]:
        (folder / item.name).parent.mkdir(parents=True, exist_ok=True)
        (folder / item.name).write_bytes(item.content)
    return folder


def default(_question, answer):
    return answer


def test_a_second_run_changes_nothing_and_knows_the_place(home, tmp_path):
    place = tmp_path / "Tổng hợp quý I"
    first = cai_dat.install(home, f'"{place}"', default)
    before = {path: path.stat().st_mtime_ns for path in place.iterdir()}
    second = cai_dat.install(home, "", default)
    assert (first.unchanged, first.kept, second.unchanged, second.kept) == (False, None, True, None)
    assert first.workbook == second.workbook == place / "tong_hop.xlsm"
    assert before.keys() == set(place.iterdir())
    assert before[first.workbook] == first.workbook.stat().st_mtime_ns


def test_an_upgrade_drops_only_what_was_ours_and_is_as_it_was(home):
    former = {
        "python/Lib/b/old.py": b"old",
        "python/Lib/gone/d.py": b"d",
        "python/changed.py": b"as packed",
        "../outside.py": b"o",
    }
    for name, content in former.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(content)
    (home / "python/Lib/gone/__pycache__").mkdir()
    (home / "python/Lib/gone/__pycache__/d.cpython-313.pyc").write_bytes(b"")
    kept = {"ke-hoach.xlsx": b"plan", "ket-qua/2021-Q1/result.json": b"{}", "python/changed.py": b"edited by IT"}
    for name, content in kept.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(content)
    items = [bundle.Item(name, content, "x") for name, content in former.items()]
    (home / cai_dat.INSTALLED).write_bytes(bundle.listing(items))
    cai_dat.drop_former(home, cai_dat.check_files(home))
    assert not (home / "python/Lib/b/old.py").exists()
    assert not (home / "python/Lib/gone").exists()
    assert (home / "python/Lib/b/c.py").exists()
    assert (home / "../outside.py").exists()
    assert {name: (home / name).read_bytes() for name in kept} == kept


@pytest.mark.parametrize("damage", ["missing", "changed", "no list"])
def test_a_bundle_that_is_not_whole_is_told(home, damage):
    path = home / ("python/a.py" if damage != "no list" else bundle.LIST)
    path.write_bytes(b"?") if damage == "changed" else path.unlink()
    with pytest.raises(cai_dat.CannotInstallError, match=r"giải nén lại cả tệp cchc-xl-windows\.zip"):
        cai_dat.install(home, "", default)
    assert not (home / "so-dieu-khien").exists()


def test_a_path_of_more_than_two_hundred_letters_is_told(home):
    """Explorer leaves out what is too long; to unpack again at the same place would leave it out again."""
    deep = home.parent / ("a" * 120) / ("b" * 120)
    deep.parent.mkdir(parents=True)
    moved = home.rename(deep)
    (moved / "python" / "Lib" / "b" / "c.py").unlink()
    with pytest.raises(cai_dat.CannotInstallError, match=r"quá dài: .* vào C:\\cchc-xl rồi bấm đúp"):
        cai_dat.install(moved, "", default)


def test_a_place_too_long_for_results_is_not_taken(home, tmp_path):
    with pytest.raises(cai_dat.CannotInstallError, match=r"dài \d+ ký tự, .* không quá 160 ký tự, ví dụ C:\\CCHC"):
        cai_dat.placed(home, str(tmp_path / ("a" * 150)))


@pytest.mark.parametrize("name", ["Phần mềm", "100%", "a&b", "it's"])
def test_a_folder_from_which_the_button_cannot_run_is_advised_against(home, name, capsys):
    moved = home.rename(home.with_name(name))
    with pytest.raises(cai_dat.CannotInstallError, match="Chưa cài gì"):
        cai_dat.install(moved, "", default)
    assert r"chuyển cả thư mục tới C:\cchc-xl" in capsys.readouterr().out
    answers = iter(["c", str(moved / "so")])
    assert cai_dat.install(moved, "", lambda *_: next(answers)).workbook.is_file()


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ("", "so-dieu-khien"),
        ("  ", "so-dieu-khien"),
        ("“so”", "so"),
        ("a/../b", "b"),
        ("python", None),
        ("python/x", None),
        ("cai_dat.bat", None),
    ],
)
def test_an_answer_names_a_folder_outside_the_program(home, answer, place):
    if place is None:
        with pytest.raises(cai_dat.CannotInstallError, match="hãy chọn"):
            cai_dat.placed(home, answer)
    else:
        assert cai_dat.placed(home, answer) == home / place


def test_a_documents_folder_in_onedrive_is_not_the_default(home, tmp_path, monkeypatch):
    for name, used in (("Documents", True), ("OneDrive - So Noi vu/Documents", False), ("gone", False)):
        folder = tmp_path / name
        if name != "gone":
            folder.mkdir(parents=True)
        monkeypatch.setattr(cai_dat, "documents", lambda folder=folder: folder)
        assert cai_dat.default_place(home) == str(folder / "CCHC" if used else home / "so-dieu-khien")


@pytest.mark.parametrize("encoding", ["cp437", "cp1252", "cp1258", "ascii", "utf-8"])
def test_a_console_without_the_letters_gets_none(encoding, monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr("sys.stdout", stream)
    cai_dat.say("Đã cài từ trước – mở “sổ”")
    shown = stream.buffer.getvalue().decode(encoding).strip()
    assert shown == ("Đã cài từ trước – mở “sổ”" if encoding == "utf-8" else "Da cai tu truoc - mo so")


def test_a_workbook_open_in_excel_is_left_and_told(home, tmp_path):
    place = tmp_path / "so"
    cai_dat.install(home, str(place), default)
    (place / "~$tong_hop.xlsm").write_bytes(b"")
    with pytest.raises(cai_dat.CannotInstallError, match="đang mở trong Excel"):
        cai_dat.install(home, str(place), default)


@pytest.mark.skipif(os.name == "nt" or not os.geteuid(), reason="root may write everywhere")
def test_a_folder_without_permission_is_told(home, tmp_path):
    (tmp_path / "so").mkdir(mode=0o500)
    with pytest.raises(cai_dat.CannotInstallError, match="Không ghi được vào"):
        cai_dat.install(home, str(tmp_path / "so" / "x"), default)


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
def test_the_roots_are_the_four_that_are_named():
    text = (PARTS / "roots.pem").read_text()
    for told, pem in re.findall(r"Fingerprint=(\S+)\n(-----BEGIN.*?END CERTIFICATE-----)", text, re.DOTALL):
        command = ["openssl", "x509", "-noout", "-fingerprint", "-sha256"]
        shown = subprocess.run(command, input=pem, text=True, capture_output=True, check=True).stdout
        assert shown.strip().rpartition("=")[2] == told
    assert text.count("BEGIN CERTIFICATE") == text.count("Fingerprint=") == 4
