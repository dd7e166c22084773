"""A run on a bad day: nowhere to write, no room, a folder that goes away. One sentence, and nothing of anybody's is lost."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cchc_xl import pipeline
from tests.test_kept import MINE, Office, appraise, in_word
from tests.test_report import small_template
from tests.unit_forms import PERIOD, build_plan, copy_tree, form, full_folder, tree

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="rights and limits of another system")
ORDINARY = 65534  # the user called nobody


@pytest.fixture(scope="module")
def sent() -> Iterator[Office]:
    """After a first run; in a folder that an ordinary user may enter."""
    home = Path(tempfile.mkdtemp())
    home.chmod(0o755)
    office = Office(home / "co-quan")
    full_folder(build_plan(office.home / "plan.xlsx"), office.home / "don-vi")
    for name in ("report.docx", "reminder.docx"):
        small_template(office.home, "{{ index.percent }}").rename(office.home / name)
    form(office.home / "don-vi", "NCC").unlink()
    office.run()
    appraise(office.appraisal, MINE)
    in_word(office.result / "bao-cao.docx")
    yield office
    shutil.rmtree(home)


@pytest.fixture
def office(sent: Office) -> Iterator[Office]:
    """A copy that belongs to the ordinary user."""
    home = copy_tree(sent.home, Path(tempfile.mkdtemp(dir=sent.home.parent)) / "co-quan")
    for path in (home.parent, home, *home.rglob("*")):
        os.chown(path, ORDINARY, ORDINARY) if os.geteuid() == 0 else None
    yield Office(home)
    for path in (home, *home.rglob("*")):
        path.chmod(0o755)
    shutil.rmtree(home.parent)


def ran(office: Office, prepare: Callable[[], object], **options: object) -> str:
    """The sentence of a run by an ordinary user after ``prepare``; '' if it was done."""
    receive, send = os.pipe()
    child = os.fork()
    if not child:
        try:
            if os.geteuid() == 0:
                os.setgid(ORDINARY)
                os.setuid(ORDINARY)
            os.chdir("/")
            prepare()
            pipeline.run(office.home / "plan.xlsx", office.home / "don-vi", period=PERIOD, out=office.out, **options)  # type: ignore[arg-type]
            os._exit(0)
        except pipeline.CannotRunError as error:
            os.write(send, str(error).encode())
            os._exit(2)
        except BaseException as error:
            os.write(send, repr(error).encode())
            os._exit(9)
    os.close(send)
    with os.fdopen(receive, "rb") as stream:
        said = stream.read().decode()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert (code, said) == (0, "") or (code == 2 and said), (code, said)
    return said


def read_only(path: Path) -> Callable[[], object]:
    return lambda: path.chmod(0o555)


def room(size: int) -> Callable[[], object]:
    """No file may get larger: what is over is refused as on a full disk."""

    def prepare() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return prepare


def without(name: str, value: str | None = None) -> Callable[[], object]:
    """An environment without this variable, or with another value."""

    def prepare() -> None:
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
        tempfile.tempdir = None

    return prepare


#   what is wrong -> the sentence begins so; '' where the run is done all the same
REFUSED: list[tuple[str, Callable[[Office], Callable[[], object]], str]] = [
    ("results read-only", lambda office: read_only(office.out), "Không ghi được vào thư mục kết quả"),
    ("the home read-only", lambda office: read_only(office.home), ""),
    *((f"no file over {size} bytes", lambda _, size=size: room(size), "Không ghi được kết quả") for size in (0, 100, 3_000, 5_000, 8_000)),
    ("no HOME", lambda _: without("HOME"), ""),
    ("no temporary folder", lambda _: without("TMPDIR", "/khong-co"), ""),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_run_that_cannot_write_says_so_and_leaves_everything_as_it_was(
    office: Office, fault: Callable[[Office], Callable[[], object]], said: str
) -> None:
    before = tree(office.out)
    told = ran(office, fault(office))
    assert told.startswith(said) if said else not told, told
    if said:
        assert tree(office.out) == before
    for path in (office.home, office.out):
        path.chmod(0o755)
    assert ran(office, lambda: None) == ""
    assert all_is_there(office, before)


def all_is_there(office: Office, before: dict[str, str]) -> bool:
    """Whether what people wrote is where it was."""
    now = tree(office.out)
    return now[f"{PERIOD}/bao-cao.docx"] == before[f"{PERIOD}/bao-cao.docx"] and [
        path.name for path in office.out.iterdir()
    ] == [PERIOD]


def test_an_old_result_that_is_read_only_stays_and_the_new_one_stands_beside(office: Office) -> None:
    before = tree(office.result)
    told = ran(office, lambda: [path.chmod(0o555) for path in (office.result, *office.result.rglob("*"))])
    assert tree(office.result)["bao-cao.docx"] == before["bao-cao.docx"], told
    for path in (office.result, *office.out.rglob("*")):
        path.chmod(0o755)
    assert ran(office, lambda: None) == ""
    assert tree(office.result)["bao-cao.docx"] == before["bao-cao.docx"]


@pytest.mark.parametrize(
    "moment", ["Đọc 2021-Q1_VP.xlsx", "Ghi bảng tổng hợp", "Ghi báo cáo Word", "Đặt kết quả vào chỗ"]
)
def test_a_folder_of_results_that_goes_away_during_the_run(office: Office, moment: str) -> None:
    def meanwhile(text: str) -> None:
        if text == moment:
            shutil.rmtree(office.out)

    told = ran(office, lambda: None, progress=meanwhile)
    assert told.startswith(("Có lượt chạy khác", "Không ghi được kết quả")), told
    assert ran(office, lambda: None) == ""


def test_a_form_that_cannot_be_read_is_said_and_the_others_count(office: Office) -> None:
    assert ran(office, lambda: form(office.home / "don-vi", "VP").chmod(0)) == ""
    assert any(item["code"] == "F109" and "VP" in item["file"] for item in office.told()["findings"])
    status = {row["unit"]: row["status"] for row in office.told()["rollcall"]}
    assert status == {"VP": "unreadable", "LD": "submitted", "NCC": "missing"}
