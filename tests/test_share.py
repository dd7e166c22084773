"""Units' files on a server of the network: Debian's ``smbd`` on loopback, and what happens on real shares done to it.

It is started here with a configuration, a user and folders of its own on a free port; no service of the machine is
touched.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import pickle
import shutil
import socket
import subprocess
import sys
import threading
import time
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from openpyxl import load_workbook

import cchc_xl
from benchmarks.samba import PASSWORD, TYPED, Samba, serving, why_not
from cchc_xl import CannotRunError
from cchc_xl.cli.english import english
from cchc_xl.office.excel import disk, read, server, unread
from cchc_xl.office.excel.disk import PAUSE_SECONDS, Location
from cchc_xl.office.excel.server import Login, logins
from cchc_xl.office.excel.share import typed, without_login
from cchc_xl.pipeline.addresses import located
from cchc_xl.records import CellRef, RawForm
from cchc_xl.result import Result, lock
from cchc_xl.result.objects import Object, to_object
from cchc_xl.unit import folder
from cchc_xl.unit.folder import Folder, discover, source_file
from tests import provinces
from tests.command import cchc
from tests.conftest import ROOT
from tests.unit_forms import PERIOD, assess, form, roll

# What the client says when it is thrown away with a file open that a lost connection has closed.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed SMB handle:ResourceWarning")


@pytest.fixture(scope="module")
def samba() -> Iterator[Samba]:
    if why := why_not():
        # In the gate everything is installed: what cannot be tried there has failed.
        (pytest.fail if os.environ.get("CCHC_XL_GATE") else pytest.skip)(why)
    with serving() as made:
        yield made


@pytest.fixture(autouse=True)
def strangers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Before and after each test nobody is connected or known."""
    monkeypatch.delenv(server.USER, raising=False)
    monkeypatch.delenv(server.PASSWORD, raising=False)
    yield
    for one in server._SERVERS.values():
        one.drop()
    server._SERVERS.clear()
    server._LOGINS.clear()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is waited for seconds is waited for a moment; the bounds stay what they are."""
    for name, seconds in (("_CONNECTING", 1.0), ("_ANSWERING", 1.0), ("_PATIENCE", 0.3), ("_PAUSE", 0.1)):
        monkeypatch.setattr(server, name, seconds)
    monkeypatch.setattr(disk, "PAUSE_SECONDS", 0.05)


@pytest.fixture
def sent(samba: Samba, filled: Path) -> tuple[Path, str]:
    """A folder of the share with the three units' forms in it, here and there."""
    here, there = samba.folder()
    for path in filled.iterdir():
        shutil.copyfile(path, here / path.name)
    return here, there


def checked(plan: Path, there: str | Location, **more: Any) -> Object:
    return to_object(cchc_xl.check(plan, there, period=PERIOD, **more).result.contents)


@contextmanager
def held(samba: Samba, path: Path) -> Iterator[None]:
    """Another computer has the file open and lets nobody else have it."""
    import smbclient

    options = samba.client()
    with smbclient.open_file(samba.unc(path), "rb", share_access=None, **options):
        yield
    smbclient.reset_connection_cache(connection_cache=options["connection_cache"])


# --- the address ---

# (typed, where it is, who asks)
ADDRESSES = [
    ("smb://may/don-vi", "smb://may/don-vi", None),
    ("smb://may/don-vi/", "smb://may/don-vi", None),
    ("SMB://May/Đơn vị/Quý 1", "smb://may/Đơn vị/Quý 1", None),
    ("smb://may:4450/don-vi/a/../b", "smb://may:4450/don-vi/b", None),
    ("smb://may:445/don-vi", "smb://may/don-vi", None),
    ("smb://[::1]:4450/don-vi", "smb://[::1]:4450/don-vi", None),
    ("smb://may/Qu%C3%BD%201/50%", "smb://may/Quý 1/50%", None),
    ("smb:\\\\may\\don-vi", "smb://may/don-vi", None),
    ("smb://an@may/don-vi", "smb://may/don-vi", ("an", "")),
    ("smb://an:mk@may/don-vi", "smb://may/don-vi", ("an", "mk")),
    ("smb://an:m@k@may/don-vi", "smb://may/don-vi", ("an", "m@k")),
    ("smb://SO;an:m%2Fk%3A@may/don-vi", "smb://may/don-vi", ("SO\\an", "m/k:")),
    ("smb://may/@eaDir/a:b", "smb://may/@eaDir/a:b", None),
]


@pytest.mark.parametrize(("text", "address", "who"), ADDRESSES, ids=[text for text, _, _ in ADDRESSES])
def test_an_address_is_read_as_people_write_it(text: str, address: str, who: tuple[str, str] | None) -> None:
    assert str(typed(text)) == address
    assert [(one.user, one.password) for one in logins()] == ([who] if who else [])


@pytest.mark.parametrize("text", ["smb://", "smb://may", "smb://may:x/don-vi", "smb://an:m/k@may/don-vi"])
def test_what_is_no_address_is_told_without_what_may_be_a_password(text: str) -> None:
    with pytest.raises(CannotRunError, match="Địa chỉ thư mục chia sẻ không đúng: hãy ghi dạng") as told:
        located(text)
    assert "m/k" not in str(told.value)
    assert "m/k" not in without_login(text)


def test_a_login_shows_no_password() -> None:
    assert "mk" not in repr(Login("may", 445, "an", "mk"))


# --- a folder as on a disk ---

LONG = ("Bao cao ket qua cai cach hanh chinh cua Sở " * 5)[:195]  # with its ending 200 letters
NFD = unicodedata.normalize("NFD", "Người có công.xlsx")


def test_a_folder_is_the_same_at_its_address(samba: Samba, sent: tuple[Path, str]) -> None:
    here, there = sent
    data = form(here, "NCC").read_bytes()
    for name in (NFD, f"{LONG}.xlsx", "có dấu chấm.xlsx.", "có dấu cách.xlsx ", "#1 100% (a&b) [c];'+=@!{}~$.xlsx"):
        (here / name).write_bytes(data)
    for name in ("~$2021-Q1_VP.xlsx", "Thumbs.db", "._a.xlsx", "don-vi.doc", "ghi-chu.txt", "VP.zip.part"):
        (here / name).write_bytes(b"x")
    for deep in ("$RECYCLE.BIN", "Sâu/hơn/nữa", "ket-qua-cu"):
        (here / deep).mkdir(parents=True)
        (here / deep / "a.xlsx").write_bytes(data)
    (here / "ket-qua-cu" / "result.json").write_text("{}")
    (here / "ket-qua-cu" / "manifest.json").write_text('{"schema": "cchc_xl/manifest/1"}')
    with zipfile.ZipFile(here / "gửi.zip", "w") as packed:
        packed.writestr("trong/VP.xlsx", data)
    one, other = discover(here), discover(located(there))
    assert _told(one) == _told(other)
    assert len(one.forms) == 8  # three units', three of odd names, one deep in folders, one packed
    for near, far in zip(one.forms, other.forms, strict=True):
        first, second = read(near), read(far)
        assert isinstance(first, RawForm)
        assert isinstance(second, RawForm)
        assert (first.sha256, first.sent, first.source.modified) == (second.sha256, second.sent, second.source.modified)
    assert str(other.forms[0].path).startswith(f"smb://127.0.0.1:{samba.port}/don-vi/")


def _told(folder: Folder) -> tuple[object, ...]:
    forms = [replace(item, path="") for item in folder.forms]
    return forms, folder.closed, folder.paths, folder.findings, folder.candidates


def test_names_that_windows_cannot_write_are_read_under_those_it_is_told(samba: Samba, filled: Path) -> None:
    """Most servers give such a file a short name of its own: it is what an officer sees in the Explorer, too."""
    here, there = samba.folder()
    data = form(filled, "NCC").read_bytes()
    (here / "có dấu chấm.xlsx.").write_bytes(data)
    listed = discover(located(there.replace("/don-vi/", "/ten-ngan/")))
    (name,) = listed.paths
    assert name != "có dấu chấm.xlsx."
    assert "~" in name
    with located(there.replace("/don-vi/", "/ten-ngan/") + "/" + name).open("rb") as stream:
        assert stream.read() == data


def test_one_file_can_be_checked_alone(plan: Path, sent: tuple[Path, str]) -> None:
    here, there = sent
    far = checked(plan, f"{there}/2021-Q1_NCC.xlsx")
    assert json.dumps(far) == json.dumps(checked(plan, form(here, "NCC")))


def test_the_result_of_the_example_is_the_same_to_the_byte_and_holds_no_password(
    samba: Samba, quarter: Result, tmp_path: Path
) -> None:
    example = ROOT / "examples" / "2021-quy-1"
    here, there = samba.folder()
    shutil.copytree(example / "don-vi", here, dirs_exist_ok=True)
    made = cchc_xl.run(example / "ke-hoach.xlsx", there, period=PERIOD, out=tmp_path)
    near, far = Path(quarter.folder or ""), Path(made.folder or "")
    assert (near / "result.json").read_bytes() == (far / "result.json").read_bytes()
    for path in far.rglob("*"):
        if path.is_file():
            assert not _mentions(path, (PASSWORD, TYPED, f"{samba.user}:")), path.name
    links = [
        cell.hyperlink.target
        for row in load_workbook(far / "tra-cuu.xlsx")["Nguồn"].iter_rows()
        for cell in row
        if cell.hyperlink and cell.hyperlink.target
    ]
    assert any(f"127.0.0.1\\don-vi\\{here.name}\\2021-Q1_VP.xlsx" in link.replace("/", "\\") for link in links)
    # One file is changed afterwards, and verifying over the share says which.
    (here / "2021-Q1_NCC.xlsx").write_bytes((here / "2021-Q1_NCC.xlsx").read_bytes() + b"\0")
    assert [item.name for item in cchc_xl.verify(far, there).value if item.name.endswith(".xlsx")] == [
        "2021-Q1_NCC.xlsx"
    ]


def _mentions(path: Path, words: tuple[str, ...]) -> bool:
    parts = [path.read_bytes()]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as package:
            parts += [package.read(name) for name in package.namelist()]
    return any(word.encode() in part for word in words for part in parts)


def test_a_province_is_scored_from_its_share(samba: Samba, tmp_path: Path) -> None:
    here, there = samba.folder()
    plan = provinces.build(tmp_path)
    shutil.copytree(tmp_path / "nop", here, dirs_exist_ok=True)
    (here / "lạc").mkdir()
    near, far = (cchc_xl.check(plan, folder, period=PERIOD).result for folder in (here, there))
    assert json.dumps(to_object(near.contents)) == json.dumps(to_object(far.contents))
    assert far.contents.ranking is not None


@pytest.mark.usefixtures("impatient")
def test_a_share_is_watched_while_it_goes_and_comes(
    samba: Samba, plan: Path, sent: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_REST", 0.0)
    seen = cchc_xl.watch(plan, sent[1], period=PERIOD)
    filed = [item.file for item in seen.look(patient=False) if item.kind == "filed"]
    assert sorted(filed) == sorted(path.name for path in sent[0].iterdir())
    samba.stop()
    try:
        assert [(item.kind, item.why) for item in seen.look()] == [("lost", "không tới được thư mục chia sẻ trên mạng")]
    finally:
        samba.start()
    assert [item.kind for item in seen.look()] == ["back"]


# --- what happens to files ---


@pytest.mark.usefixtures("impatient")
def test_a_file_that_another_computer_holds_is_a_finding(samba: Samba, plan: Path, sent: tuple[Path, str]) -> None:
    with held(samba, form(sent[0], "NCC")):
        document = checked(plan, sent[1])
    (told,) = (item for item in document["findings"] if item["code"] == "F109")
    assert (told["file"], told["message"]) == ("2021-Q1_NCC.xlsx", "Không đọc được: tệp đang mở ở chương trình khác.")
    assert roll(document)["NCC"] == ("unreadable", "2021-Q1_NCC.xlsx")
    assert roll(document)["VP"][0] == "submitted"
    assert roll(checked(plan, sent[1]))["NCC"][0] == "submitted"  # closed, and read


def test_a_file_that_is_let_go_in_time_is_read(samba: Samba, sent: tuple[Path, str]) -> None:
    path = form(sent[0], "NCC")
    there = located(sent[1])
    source = source_file(there / path.name, there)
    with held(samba, path):
        answer: list[object] = []
        asking = threading.Thread(target=lambda: answer.append(read(source)))
        asking.start()
        time.sleep(PAUSE_SECONDS / 2)
    asking.join()
    assert isinstance(answer[0], RawForm)


# (what becomes of the form of NCC after the folder was listed, what is told)
LOST: list[tuple[str, Callable[[Path], object], str]] = [
    ("deleted", lambda path: path.unlink(), "Không đọc được: không có tệp hoặc thư mục này."),
    ("closed", lambda path: path.chmod(0), "Không đọc được: không có quyền."),
    ("a folder", lambda path: (path.unlink(), path.mkdir()), "Không đọc được: đây là thư mục, không phải tệp."),
]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("change", "message"), [rest for _, *rest in LOST], ids=[name for name, *_ in LOST])
def test_a_file_that_was_there_is_told_of(
    plan: Path, sent: tuple[Path, str], change: Callable[[Path], object], message: str
) -> None:
    def shown(text: str) -> None:
        if text == "Đọc 2021-Q1_NCC.xlsx":
            change(form(sent[0], "NCC"))

    document = checked(plan, sent[1], progress=shown)
    assert [item["message"] for item in document["findings"] if item["code"] == "F109"] == [message]
    assert roll(document)["NCC"][0] == "unreadable"


def test_a_packed_file_is_opened(plan: Path, sent: tuple[Path, str]) -> None:
    here, there = sent
    with zipfile.ZipFile(here / "Phòng Người có công.zip", "w") as packed:
        packed.write(form(here, "NCC"), "2021-Q1_NCC.xlsx")
    form(here, "NCC").unlink()
    document = checked(plan, there)
    assert json.dumps(document) == json.dumps(assess(plan, here))
    assert roll(document)["NCC"] == ("submitted", "Phòng Người có công.zip/2021-Q1_NCC.xlsx")


def test_a_copy_that_is_still_arriving_is_waited_for(sent: tuple[Path, str]) -> None:
    """Whatever the clock of the server says."""
    here, there = sent
    data, path = form(here, "NCC").read_bytes(), here / "moi.xlsx"
    path.write_bytes(data[: len(data) // 2])
    os.utime(path, (1_600_000_000, 1_600_000_000))
    listed = source_file(located(there) / "moi.xlsx", located(there))
    writing = threading.Timer(PAUSE_SECONDS * 1.5, path.write_bytes, (data,))
    writing.start()
    now = read(listed)
    writing.join()
    assert isinstance(now, RawForm)
    assert (now.source.size, listed.size) == (len(data), len(data) // 2)


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ETIMEDOUT, "F117"), (errno.ESTALE, "F117"), (errno.EACCES, "F109"), (errno.EIO, "F109")]
)
def test_a_drive_of_the_network_that_is_away_is_told_as_its_share_is(number: int, code: str) -> None:
    assert unread(CellRef("a.xlsx"), OSError(number, "")).code == code


# --- what happens to the server ---


def test_a_share_that_comes_back_has_lost_nothing(samba: Samba, plan: Path, sent: tuple[Path, str]) -> None:
    gone: list[threading.Timer] = []

    def shown(text: str) -> None:
        if text == "Đã đọc 1/3 tệp" and not gone:
            samba.stop()
            gone.append(threading.Timer(0.5, samba.start))
            gone[0].start()

    document = checked(plan, sent[1], progress=shown)
    gone[0].join()
    assert json.dumps(document) == json.dumps(assess(plan, sent[0]))


@pytest.mark.usefixtures("impatient")
def test_what_a_lost_share_still_held_is_nobodys_zero(samba: Samba, plan: Path, sent: tuple[Path, str]) -> None:
    def shown(text: str) -> None:
        if text == "Đã đọc 1/3 tệp":
            samba.stop()

    started = time.monotonic()
    try:
        document = checked(plan, sent[1], progress=shown)
    finally:
        samba.start()
    assert time.monotonic() - started < 5
    unread = [item["file"] for item in document["findings"] if item["code"] == "F117"]
    assert sorted(unread) == ["2021-Q1_NCC.xlsx", "2021-Q1_VP.xlsx"]
    assert {unit: row[0] for unit, row in roll(document).items()} == {
        "VP": "unreadable", "NCC": "unreadable", "LD": "submitted",
    }  # fmt: skip
    assert {item["points"] for item in document["criteria"] if item["status"] != "group"} == {None}


@pytest.mark.usefixtures("impatient")
def test_a_folder_that_was_listed_in_part_is_not_taken_for_the_whole(
    samba: Samba, plan: Path, sent: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has sent what could not be listed would be told to have sent nothing."""
    (sent[0] / "sau").mkdir()
    sort = folder._sort

    def stopping(path: Location, *rest: Any) -> None:
        if path.name == "2021-Q1_VP.xlsx":
            samba.stop()
        sort(path, *rest)

    monkeypatch.setattr(folder, "_sort", stopping)
    try:
        with pytest.raises(CannotRunError, match=r"^Máy chủ 127\.0\.0\.1 không mở cổng"):
            checked(plan, sent[1])
    finally:
        samba.start()


@pytest.mark.usefixtures("impatient")
def test_a_server_that_says_nothing_more_is_not_waited_for_without_end(
    samba: Samba, plan: Path, sent: tuple[Path, str]
) -> None:
    asleep: list[psutil.Process] = []

    def shown(text: str) -> None:
        if text == "Đã đọc 1/3 tệp":
            asleep.extend(samba.processes())
            for one in asleep:
                one.suspend()

    started = time.monotonic()
    try:
        document = checked(plan, sent[1], progress=shown)
    finally:
        for one in asleep:
            one.resume()
    assert time.monotonic() - started < 8
    assert [item["code"] for item in document["findings"] if item["code"][0] == "F"] == ["F117", "F117"]


# (what is wrong with the address, what is told of it: the place first, then what to do)
WRONG = [
    ("{user}:sai-{door}/don-vi", "Máy chủ 127.0.0.1 không nhận tên đăng nhập hoặc mật khẩu của {user}: hãy ghi"),
    ("{door}/don-vi", "Máy chủ 127.0.0.1 cần tên đăng nhập và mật khẩu: hãy ghi"),
    ("{login}{door}/khong-co/a", "Máy chủ 127.0.0.1 không có thư mục chia sẻ “khong-co”: hãy kiểm tra tên đó"),
    ("{login}{door}/don-vi/khong", "/don-vi/khong (không có tệp hoặc thư mục này): hãy kiểm tra đường dẫn"),
    ("{login}may-khong-co.invalid/don-vi", "Không tìm thấy máy chủ may-khong-co.invalid trên mạng: hãy kiểm tra"),
    ("{login}may..chu/don-vi", "Không tìm thấy máy chủ may..chu trên mạng: hãy kiểm tra"),
    ("{login}127.0.0.1:1/don-vi", "Máy chủ 127.0.0.1 không mở cổng 1 của thư mục chia sẻ: hãy kiểm tra"),
    ("{login}127.0.0.1:{silent}/don-vi", "Máy chủ 127.0.0.1 không trả lời ở cổng {silent} như một máy chủ chia sẻ"),
    ("{login}127.0.0.1:{web}/don-vi", "Máy chủ 127.0.0.1 không trả lời ở cổng {web} như một máy chủ chia sẻ"),
]


@pytest.fixture(scope="module")
def others() -> Iterator[dict[str, int]]:
    """Servers that are none of files: one that never says a word, and one of web pages."""
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as silent,
        closing(socket.create_server(("127.0.0.1", 0))) as web,
    ):

        def answer() -> None:
            try:
                while True:
                    with closing(web.accept()[0]) as one:
                        one.recv(1000)
                        one.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            except OSError:
                return

        threading.Thread(target=answer, daemon=True).start()
        yield {"silent": silent.getsockname()[1], "web": web.getsockname()[1]}
        web.shutdown(socket.SHUT_RDWR)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("address", "told"), WRONG, ids=[told[:40] for _, told in WRONG])
def test_what_keeps_a_share_from_being_read_is_one_sentence(
    samba: Samba, plan: Path, others: dict[str, int], address: str, told: str
) -> None:
    places = {"user": samba.user, "login": f"{samba.user}:{TYPED}@", "door": f"127.0.0.1:{samba.port}", **others}
    address = address.replace("sai-{door}", "sai@{door}").format(**places)
    started = time.monotonic()
    done = cchc("check", plan, f"smb://{address}", "--period", PERIOD)
    assert time.monotonic() - started < (30 if ".invalid" in address else 20)  # a name is the system's to look up
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert told.format(**places) in line
    assert TYPED not in line
    sentence = line.removeprefix("Không chạy được: ")
    assert english(sentence) != sentence


def test_a_refused_login_is_tried_once(samba: Samba) -> None:
    """After a few of them a server locks the account."""
    with pytest.raises(CannotRunError) as first:
        located(f"smb://{samba.user}:sai@127.0.0.1:{samba.port}/don-vi")
    asked = (samba.home / "log").read_text(errors="replace").count("NT_STATUS_WRONG_PASSWORD")
    with pytest.raises(CannotRunError) as second:
        located(f"smb://127.0.0.1:{samba.port}/don-vi")
    assert str(first.value) == str(second.value)
    assert (samba.home / "log").read_text(errors="replace").count("NT_STATUS_WRONG_PASSWORD") == asked > 0
    assert located(f"{samba.door}/don-vi").is_dir()  # another one is


def test_a_folder_of_results_beside_workbooks_is_not_taken_for_the_units(
    plan: Path, sent: tuple[Path, str], tmp_path: Path
) -> None:
    (tmp_path / "ghi-chu.xlsx").write_bytes(b"")
    done = cchc("run", plan, sent[1], "--period", PERIOD, "--out", tmp_path, "--dry-run")
    assert done.returncode == 0, done.stderr


def test_without_the_client_it_is_said_what_to_install(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "smbclient", None)
    done = cchc("check", plan, "smb://an:mk@may/don-vi", "--period", PERIOD)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert 'hãy chạy `pip install "cchc-xl[smb]"` rồi chạy lại' in line
    assert english(line.removeprefix("Không chạy được: ")) != line


LOGIN = "smb://an:mat-khau@may/don-vi"
PLACES = [
    ("check", LOGIN, "don-vi", "--period", PERIOD),
    ("check", "{plan}", "smb://an:mat/khau@may/don-vi", "--period", PERIOD),
    ("check", "{plan}", LOGIN, "--period", PERIOD, "--feedback", LOGIN),
    ("run", "{plan}", LOGIN, "--period", PERIOD, f"--out={LOGIN}"),
    ("run", "{plan}", LOGIN, "--perio", PERIOD, "--out", "ra"),
    ("run", "{plan}", LOGIN, "--period", "2031-Q1", "--out", "ra"),
    ("run", "{plan}", LOGIN, LOGIN),
    ("issue", "{plan}", "--period", PERIOD, "--to", LOGIN),
    ("explain", LOGIN, "1.1"),
    ("rank", LOGIN, LOGIN),
    ("new", LOGIN),
    (LOGIN,),
]


@pytest.mark.parametrize("line", PLACES, ids=[" ".join(line).replace(LOGIN, "smb") for line in PLACES])
def test_an_address_in_a_wrong_place_is_refused_and_no_password_is_shown(
    plan: Path, tmp_path: Path, line: tuple[str, ...]
) -> None:
    done = cchc(*(word.replace("{plan}", str(plan)) for word in line), cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "mat" not in done.stderr.replace("mật", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("job", ["out", "feedback", "plan"])
def test_python_is_refused_the_same(plan: Path, tmp_path: Path, job: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    jobs: dict[str, Callable[[], object]] = {
        "out": lambda: cchc_xl.run(plan, tmp_path, period=PERIOD, out="smb://may/ra"),
        "feedback": lambda: cchc_xl.check(plan, tmp_path, period=PERIOD, feedback=Path("smb://may/ra")),
        "plan": lambda: cchc_xl.check("smb://may/ke-hoach.xlsx", tmp_path, period=PERIOD),
    }
    with pytest.raises(CannotRunError, match="smb:// chỉ dùng được cho thư mục báo cáo của đơn vị"):
        jobs[job]()
    assert list(tmp_path.iterdir()) == []


# --- another process ---


def test_another_process_reads_with_the_path_and_the_logins_alone(sent: tuple[Path, str]) -> None:
    listed = discover(located(sent[1])).forms
    code = (
        "import pickle, sys\n"
        "from cchc_xl.office.excel import read\n"
        "from cchc_xl.office.excel.server import log_in\n"
        "assert not {'smbclient', 'smbprotocol'} & set(sys.modules)\n"
        "known, sources = pickle.load(sys.stdin.buffer)\n"
        "log_in(known)\n"
        "print(*(read(source).sha256 for source in sources))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, input=pickle.dumps((logins(), listed)), capture_output=True, cwd=ROOT
    )
    expected = [hashlib.sha256((sent[0] / item.file).read_bytes()).hexdigest() for item in listed]
    assert done.stdout.decode().split() == expected, done.stderr.decode()
    assert done.stderr == b""


def test_the_environment_logs_in_where_the_address_names_nobody(
    samba: Samba, sent: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(server.USER, samba.user)
    monkeypatch.setenv(server.PASSWORD, PASSWORD)
    assert len(discover(located(f"smb://127.0.0.1:{samba.port}/don-vi/{sent[0].name}")).forms) == 3
    assert logins() == ()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # the client's thread is no longer there in the child
def test_a_process_that_was_forked_makes_its_own_connection(sent: tuple[Path, str]) -> None:
    place = located(sent[1])
    source = source_file(place / "2021-Q1_VP.xlsx", place)
    child = os.fork()
    if child == 0:
        os._exit(0 if isinstance(read(source), RawForm) else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert isinstance(read(source), RawForm)


# --- the lock of a folder of results that stands on a share ---


@dataclass(frozen=True)
class There:
    """A path of the share as another computer sees it: what :mod:`cchc_xl.result.lock` asks of one, asked of the server.

    A result is written through a drive letter or a mounted folder, which cannot be had here without the kernel's leave;
    what the server does with each request is the same.
    """

    unc: str
    options: dict[str, Any]
    links: bool = True  # whether this computer's system makes hard links on shares

    def __str__(self) -> str:
        return self.unc

    def __truediv__(self, name: str) -> There:
        return replace(self, unc=f"{self.unc}\\{name}")

    @property
    def name(self) -> str:
        return self.unc.rpartition("\\")[2]

    @property
    def parent(self) -> There:
        return replace(self, unc=self.unc.rpartition("\\")[0])

    def _asked(self, name: str, *given: Any, **more: Any) -> Any:
        import smbclient
        from smbprotocol.exceptions import SMBOSError

        try:
            return getattr(smbclient, name)(*given, **self.options, **more)
        except SMBOSError as error:  # as a system that has mounted the share raises it
            raise OSError(error.errno, str(error)) from error

    def exists(self) -> bool:
        try:
            return bool(self.stat())
        except FileNotFoundError:
            return False

    def stat(self) -> Any:
        return self._asked("stat", self.unc)

    def mkdir(self, *, parents: bool, exist_ok: bool) -> None:
        assert parents
        self._asked("makedirs", self.unc, exist_ok=exist_ok)

    def open(self, mode: str, encoding: str) -> Any:
        return self._asked("open_file", self.unc, mode, encoding=encoding, share_access="rwd")

    def read_text(self, encoding: str) -> str:
        with self.open("r", encoding) as stream:
            return str(stream.read())

    def write_text(self, text: str, encoding: str) -> None:
        with self.open("w", encoding) as stream:
            stream.write(text)

    def touch(self) -> None:
        self.write_text("", "utf-8")

    def hardlink_to(self, target: There) -> None:
        if not self.links:
            raise OSError(95, "no links on this share")
        self._asked("link", target.unc, self.unc)

    def rename(self, target: There) -> None:
        self._asked("rename", self.unc, target.unc)

    def unlink(self, *, missing_ok: bool = False) -> None:
        try:
            self._asked("remove", self.unc)
        except FileNotFoundError:
            if not missing_ok:
                raise

    def rmdir(self) -> None:
        self._asked("rmdir", self.unc)

    def glob(self, pattern: str) -> list[There]:
        return [self / name for name in self._asked("listdir", self.unc, pattern)]


@pytest.mark.parametrize("links", [True, False], ids=["by a link", "by a new file"])
def test_two_officers_at_once_on_a_share(samba: Samba, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    here, _ = samba.folder()
    lan, minh = (There(samba.unc(here / "ket-qua"), samba.client(), links) for _ in range(2))

    def at(machine: str, who: str) -> None:
        monkeypatch.setattr(lock.platform, "node", lambda: machine)
        monkeypatch.setattr(lock.getpass, "getuser", lambda: who)

    at("PC-LAN", "lan")
    with lock.locked(lan):
        at("PC-MINH", "minh")
        with (
            pytest.raises(lock.LockedError, match=r"^lan \(máy PC-LAN\) đang chạy vào .* từ \d\dh\d\d ngày "),
            lock.locked(minh),
        ):
            pass
        # It stops being renewed; what counts is the server's clock, by which both files are told.
        behind = time.time() - 60 * (lock.STALE_MINUTES + 1)
        os.utime(here / "ket-qua" / lock.LOCK, (behind, behind))
        with lock.locked(minh):
            with pytest.raises(lock.LostError, match="Có lượt chạy khác đã thay lượt này"):
                lock.Held(lan / lock.LOCK, "cũ").renew()
            assert json.loads((here / "ket-qua" / lock.LOCK).read_text(encoding="utf-8"))["user"] == "minh"
        at("PC-LAN", "lan")
    assert list(here.iterdir()) == []  # nothing is left behind


def test_a_server_renames_nothing_onto_what_is_there(samba: Samba) -> None:
    """By which Windows, without links, knows that somebody else was first."""
    here, _ = samba.folder()
    place = There(samba.unc(here), samba.client())
    (place / "a").touch()
    (place / "b").touch()
    with pytest.raises(FileExistsError):
        (place / "a").rename(place / "b")
