"""Shared by the tests: the checkout, and the two examples run once through the library."""

from __future__ import annotations

import gc
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from uuid import uuid4

import psutil
import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
# Where nothing compiled may be kept, each of the hundreds of programs that the tests start compiles all of us anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

import cchc_xl  # noqa: E402 - the checkout must be on the path first
from cchc_xl.pipeline.line import Assessment, assess  # noqa: E402 - as above
from cchc_xl.result import Result  # noqa: E402 - as above
from cchc_xl.score.appraisal_workbook import write_appraisals  # noqa: E402 - as above
from tests.unit_forms import build_plan, copy_tree, full_folder  # noqa: E402 - as above

# What tests read they read themselves; those of what was read before name a folder of their own.
os.environ["CCHC_XL_CACHE"] = ""
# Tables that tests want to be seen in every run.
PRINTED: list[str] = []
# The gate judges a sample, the same in every run; ``python tools/long.py`` sets this and judges the whole.
WHOLE = bool(os.environ.get("CCHC_XL_WHOLE"))
# Without a deadline: a first call imports Babel, and a busy machine is no failure.
settings.register_profile("ours", deadline=None, max_examples=100 if WHOLE else 50)
settings.load_profile("ours")
gc.disable()  # until everything is collected, which is no garbage: a third of the time of collecting went into looking
ROOM_IN_MEMORY = 6_000_000_000
RUN = "CCHC_XL_TEST_RUN"
SECONDS_TO_COMPILE = 120  # that workers wait for one another
# Files whose tests take longest, in this order: begun first, no worker is left alone with them at the end.
LONGEST = (
    *(
        "test_office.py",
        "test_kept.py",
        "test_windows_lane.py",
        "test_workers.py",
        "test_damages.py",
        "test_appraise.py",
    ),
    *("test_read.py", "test_played_examples.py", "test_templates.py", "test_decree.py", "test_patch.py"),
    *("test_feedback.py", "test_linear_text.py", "test_plan.py", "test_many_agencies.py", "test_packaging.py"),
)


def _in_memory() -> Path | None:
    """A folder in memory for what the tests write, a gigabyte in all: none waits for the disk there.

    Only where there is room for several times as much, where programs may be started from it, and where nobody said
    otherwise (``TMPDIR``).
    """
    memory = Path("/dev/shm")  # noqa: S108 - the folder in it has a name that nobody knows
    if "TMPDIR" in os.environ or not os.access(memory, os.W_OK) or os.statvfs(memory).f_flag & os.ST_NOEXEC:
        return None
    if min(shutil.disk_usage(memory).free, psutil.virtual_memory().available) < ROOM_IN_MEMORY:
        return None
    folder = Path(mkdtemp(prefix="pytest-", dir=memory))
    folder.chmod(0o1777)  # as /tmp: some tests are those of another user
    return folder


def pytest_configure(config: pytest.Config) -> None:
    """What the tests write lies in memory, and is gone after them; workers have it from whoever started them."""
    if hasattr(config, "workerinput"):
        return
    folder = _in_memory()
    if folder is not None:
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
        config.add_cleanup(partial(_gone, folder))
    os.environ[RUN] = uuid4().hex  # workers have it, too, whoever is between them and this process
    config.add_cleanup(lambda: [path.unlink(missing_ok=True) for path in _ready()])


def _ready() -> list[Path]:
    """The empty files by which the workers of this test run say that they are ready; they are gone at its end."""
    return list(Path(gettempdir()).glob(f"cchc-xl-{os.environ[RUN]}-*"))


def _gone(folder: Path) -> None:
    os.environ.pop("TMPDIR", None)
    tempfile.tempdir = None
    shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """Several workers share what is not compiled yet: each imports some of the test files, then all collect all of them."""
    worker: dict[str, str] = getattr(session.config, "workerinput", {})
    if not worker:
        return (yield)
    number, of = int(worker["workerid"].removeprefix("gw")), int(worker["workercount"])
    for name in sorted(path.stem for path in (ROOT / "tests").glob("test_*.py"))[number::of]:
        with suppress(Exception, pytest.skip.Exception):  # told where the file is collected
            import_module(f"tests.{name}")
    (Path(gettempdir()) / f"cchc-xl-{os.environ[RUN]}-{number}").touch()
    end = time.monotonic() + SECONDS_TO_COMPILE
    while len(_ready()) < of and time.monotonic() < end:
        time.sleep(0.02)
    return (yield)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the garbage collector need not look at it, and less often at the rest."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first."""
    order = {name: at for at, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """With workers (``-n 3``): each file whole to one of them, so that its fixtures are made once, in the order above.

    The examples in docstrings are one file: they share the results of the library's own examples.
    """
    from xdist.scheduler import LoadFileScheduling

    class Files(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "cchc_xl" if nodeid.startswith("cchc_xl/") else super()._split_scope(nodeid)  # type: ignore[no-any-return]

    config.option.loadscopereorder = False
    return Files(config, log)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands its tables on to whoever started it."""
    import tests.conftest

    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["printed"] = tests.conftest.PRINTED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Takes the tables of a worker; one that died has none."""
    import tests.conftest

    tests.conftest.PRINTED.extend(getattr(node, "workeroutput", {}).get("printed", ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the tables of counts that the tests gathered, by the name under which they know this module."""
    import tests.conftest

    for table in sorted(tests.conftest.PRINTED):
        terminalreporter.section(table.partition("\n")[0])
        terminalreporter.write_line(table.partition("\n")[2])


_NUMBERS = count()


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As pytest's own, which looks through the folders of all tests before it makes the next."""
    name = re.sub(r"\W", "_", request.node.name)[:30]
    folder = tmp_path_factory.getbasetemp() / f"{name}{next(_NUMBERS)}"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The example of 2020, run whole."""
    example = ROOT / "examples" / "2020-ca-nam"
    out = tmp_path_factory.mktemp("nam")
    return cchc_xl.run(example / "ke-hoach.xlsx", example / "don-vi", period="2020-N", out=out)


@pytest.fixture(scope="session")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The example of the first quarter of 2021, run whole."""
    example = ROOT / "examples" / "2021-quy-1"
    out = tmp_path_factory.mktemp("quy")
    return cchc_xl.run(example / "ke-hoach.xlsx", example / "don-vi", period="2021-Q1", out=out)


@pytest.fixture(scope="session")
def scored() -> Assessment:
    """The example of the first quarter of 2021 after the score, nothing written."""
    example = ROOT / "examples" / "2021-quy-1"
    return assess(example / "ke-hoach.xlsx", example / "don-vi", period="2021-Q1")


@pytest.fixture(scope="session")
def blank(scored: Assessment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The appraisal workbook of that quarter before anybody wrote into it; not to be changed."""
    path = tmp_path_factory.mktemp("tham-dinh") / "tham-dinh.xlsx"
    write_appraisals(*scored.scored, (), path, {})
    return path


@pytest.fixture(scope="session")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small plan of :mod:`tests.unit_forms`; not to be changed, nor anything laid beside it."""
    return build_plan(tmp_path_factory.mktemp("ke-hoach") / "ke-hoach.xlsx")


@pytest.fixture(scope="session")
def filled(plan: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its units' forms, filled in soundly; not to be changed."""
    return full_folder(plan, tmp_path_factory.mktemp("gui") / "don-vi")


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    """A copy of these to be spoilt."""
    return copy_tree(filled, tmp_path / "don-vi")
