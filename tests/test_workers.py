"""Who reads the files changes nothing: processes, a cluster, a worker that is killed, and what was read before."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import cchc_xl
from cchc_xl.cli import cli
from cchc_xl.pipeline import cache, collection, workers
from cchc_xl.pipeline.workers import UnusableEngineError, Work, Workers, build
from cchc_xl.result.archive import as_json
from cchc_xl.result.contents import Contents
from tests import provinces
from tests.conftest import ROOT
from tests.questions import mortal, slow

EXAMPLE = ROOT / "examples" / "2021-quy-1"
PLAN, PERIOD = "ke-hoach.xlsx", "2021-Q1"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The quarter's plan and forms in a folder of their own, and a folder for what was read before."""
    shutil.copytree(EXAMPLE, tmp_path / "kỳ 1")
    monkeypatch.setenv("CCHC_XL_CACHE", str(tmp_path / "doc"))
    monkeypatch.setattr(workers, "_WORTHWHILE", 0)  # eight forms are few
    monkeypatch.setattr(workers, "_HAIL", 2)
    return tmp_path / "kỳ 1"


def result_json(home: Path, **manner: object) -> str:
    """What ``run`` would write."""
    return as_json(cchc_xl.check(home / PLAN, home / "don-vi", period=PERIOD, **manner).result.contents)


@pytest.mark.parametrize(("asked", "read"), [(0, 1), (1, 1), (8, 8), (100, 61)])
def test_so_many_processes_read_as_can_be_waited_for(asked: int, read: int) -> None:
    assert collection.Manner(jobs=asked).workers.jobs == read
    (most,) = (item.type.max for item in cli.commands["run"].params if item.name == "jobs")
    assert most == workers.MOST_JOBS == 61


@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A Dask scheduler and two workers on this computer."""
    from distributed import Client
    from distributed.utils import open_port

    address = f"tcp://127.0.0.1:{open_port()}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", address, "--no-dashboard"]
    started = [subprocess.Popen(dask, **quiet)]
    dask = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny"]
    started += [subprocess.Popen([*dask, "--no-dashboard"], **quiet) for _ in range(2)]
    try:
        with Client(address, timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_result_json_is_the_same_byte_for_byte_whoever_reads(
    home: Path, cluster: tuple[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = result_json(home, cache=False)
    assert not (home.parent / "doc").exists()
    told = {
        "first with what was read before": result_json(home),
        "again": result_json(home),
        "two processes": result_json(home, jobs=2, cache=False),
        "two processes, read before": result_json(home, jobs=2),
        "a cluster": result_json(home, engine=cluster[0], cache=False),
        "a cluster, read before": result_json(home, engine=cluster[0]),
    }
    assert {name for name, made in told.items() if made != plain} == set()
    monkeypatch.chdir(home)  # where nobody of the cluster stands
    assert result_json(Path(), engine=cluster[0], cache=False) == plain


def test_a_province_is_the_same_whoever_scores_its_agencies(
    tmp_path: Path, cluster: tuple[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    provinces.build(tmp_path)
    monkeypatch.chdir(tmp_path)  # where nobody of the cluster stands
    plan = Path("plan.xlsx")
    made = {}
    for name, manner in {"alone": {}, "processes": {"jobs": 2}, "cluster": {"engine": cluster[0]}}.items():
        cchc_xl.run(plan, "nop", period=provinces.PERIOD, out=name, **manner)
        whole = tmp_path / name / provinces.PERIOD
        made[name] = {path.relative_to(whole): path.read_bytes() for path in whole.rglob("result.json")}
    assert len(made["alone"]) > 3
    assert made["processes"] == made["alone"]
    assert made["cluster"] == made["alone"]


# --- workers that die ---


@pytest.mark.parametrize("always", [False, True])
def test_a_process_that_is_killed_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, always: bool
) -> None:
    monkeypatch.setattr(workers, "_WORTHWHILE", 0)
    work = Work(mortal, (os.getpid(), None if always else tmp_path), lambda _: 64 * 1024)
    assert list(Workers(jobs=2).answers(work, range(40))) == [2 * number for number in range(40)]
    assert always or list(tmp_path.iterdir())  # one was killed


def test_a_cluster_that_loses_a_worker_in_the_middle_changes_nothing(
    cluster: tuple[str, list[subprocess.Popen[bytes]]],
) -> None:
    answers = Workers(engine=cluster[0]).answers(Work(slow, None), range(12))
    first = next(answers)
    cluster[1].pop().kill()
    assert [first, *answers] == [2 * number for number in range(12)]


def test_a_script_without_a_guard_may_ask_for_processes(home: Path) -> None:
    """On Windows the processes begin anew: they must not run the script that started them once more."""
    script = home / "chạy.py"
    script.write_text(
        "import cchc_xl\n"
        "from cchc_xl.pipeline import workers\n"
        "workers._WORTHWHILE = 0\n"
        "print('once')\n"
        f"found = cchc_xl.check({str(home / PLAN)!r}, {str(home / 'don-vi')!r}, period={PERIOD!r}, jobs=2)\n"
        "print(len(found.result.contents.rollcall))\n",
        encoding="utf-8",
    )
    told = {**os.environ, "PYTHONPATH": str(ROOT), "CCHC_XL_CACHE": ""}
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, env=told, check=False)
    assert (done.stdout.split(), done.stderr) == (["once", "8"], "")


# --- clusters that cannot be used ---


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "máy chủ", "tcp://", "127.0.0.1:1"])
def test_a_scheduler_that_does_not_answer_is_one_sentence(home: Path, address: str) -> None:
    command = ["check", str(home / PLAN), str(home / "don-vi"), "--period", PERIOD, "--engine", address]
    done = CliRunner().invoke(cli, command)
    assert done.exit_code == 2
    assert f"Không nối được bộ điều phối Dask {address}" in done.output
    assert "bỏ --engine" in done.output


def test_a_worker_that_does_not_see_the_folder_or_has_other_code_is_named(
    cluster: tuple[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work(slow, None, places=(Path("/không/có"),))
    with pytest.raises(UnusableEngineError, match=r"Máy tcp://.* không thấy /không/có: hãy dùng thư mục chung"):
        list(Workers(engine=cluster[0]).answers(work, range(2)))
    monkeypatch.setattr(workers, "__version__", "0.0.9")
    monkeypatch.setattr(workers, "build", build.__wrapped__)
    with pytest.raises(UnusableEngineError, match=r"có bản cchc-xl khác máy này \(0\.0\.9\)"):
        list(Workers(engine=cluster[0]).answers(Work(slow, None), range(2)))


@pytest.mark.parametrize("jobs", ["0", "-1", "62", "hai"])
def test_a_number_of_processes_that_cannot_be_is_refused(home: Path, jobs: str) -> None:
    done = CliRunner().invoke(cli, ["check", str(home / PLAN), str(home), "--period", PERIOD, "--jobs", jobs])
    assert (done.exit_code, "--jobs" in done.output) == (2, True)


# --- what was read before ---


def parsed(home: Path, monkeypatch: pytest.MonkeyPatch, **manner: object) -> tuple[int, Contents]:
    """How many files were parsed, and what the check says."""
    count = [0]
    real = collection.parse

    def counted(*given: object) -> object:
        count[0] += 1
        return real(*given)

    with monkeypatch.context() as patched:
        patched.setattr(collection, "parse", counted)
        found = cchc_xl.check(home / PLAN, home / "don-vi", period=PERIOD, **manner)
    return count[0], found.result.contents


def nothing(_: Path) -> None:
    """As it was."""


def touched(home: Path) -> None:
    """The same bytes at another time, which may be the time of sending."""
    os.utime(next(iter(sorted((home / "don-vi").glob("*.xlsx")))), (1_616_000_000, 1_616_000_000))


def changed(home: Path) -> None:
    """Another form under the name, of the same size and time: only the bytes tell."""
    path = next(iter(sorted((home / "don-vi").glob("*.xlsx"))))
    told, data = path.stat(), bytearray(path.read_bytes())
    data[10] ^= 1  # the time of the first part: still a package
    path.write_bytes(bytes(data))
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))


def renamed(home: Path) -> None:
    """The same bytes under another name, which may tell whose they are."""
    path = next(iter(sorted((home / "don-vi").glob("*.xlsx"))))
    path.rename(path.with_name("phòng nào đó.xlsx"))


def other_plan(home: Path) -> None:
    """A plan in which one name is another."""
    from openpyxl import load_workbook

    book = load_workbook(home / PLAN)
    book["Đơn vị"]["B4"] = "Phòng Việc làm"
    book.save(home / PLAN)


def cut_off(home: Path) -> None:
    """A reading that was not written to its end."""
    (kept,) = (home.parent / "doc").iterdir()
    kept.write_bytes(kept.read_bytes()[:-100])


def flipped(home: Path) -> None:
    """A reading with one wrong bit."""
    (kept,) = (home.parent / "doc").iterdir()
    data = bytearray(kept.read_bytes())
    data[len(data) // 2] ^= 4
    kept.write_bytes(bytes(data))


def emptied(home: Path) -> None:
    """A reading without a byte."""
    (kept,) = (home.parent / "doc").iterdir()
    kept.write_bytes(b"")


@pytest.mark.parametrize(
    ("change", "again"),
    [(nothing, 0), (touched, 1), (changed, 1), (renamed, 1), (other_plan, 8), (cut_off, 8), (flipped, 8), (emptied, 8)],
)
def test_what_has_changed_is_parsed_again_and_nothing_else(
    home: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None], again: int
) -> None:
    files = len(list((home / "don-vi").glob("*.xlsx")))
    assert parsed(home, monkeypatch)[0] == files == 8
    change(home)
    count, told = parsed(home, monkeypatch)
    assert count == again
    assert parsed(home, monkeypatch) == (0, told)  # and from then on it is known again
    assert parsed(home, monkeypatch, cache=False) == (8, told)


def test_other_code_of_ours_reads_everything_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed(home, monkeypatch)
    monkeypatch.setattr(cache, "build", lambda: "other")
    assert parsed(home, monkeypatch)[0] == 8


def test_what_may_be_otherwise_tomorrow_is_not_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    form = min((home / "don-vi").glob("*.xlsx"))
    (home / "don-vi" / "hỏng.xlsx").write_bytes(form.read_bytes()[:2000])  # may still be copied to its end
    later = time.time() + 40 * 86400
    (home / "don-vi" / "mai.csv").write_text("a,b\n", encoding="utf-8")
    os.utime(home / "don-vi" / "mai.csv", (later, later))
    first = parsed(home, monkeypatch)
    assert first[0] == 10
    assert parsed(home, monkeypatch) == (2, first[1])


def test_nothing_is_kept_on_the_share_and_a_home_that_cannot_be_written_is_no_trouble(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(home.rglob("*"))
    parsed(home, monkeypatch)
    assert sorted(home.rglob("*")) == before
    (home.parent / "tệp").touch()
    for place in (str(home.parent / "tệp"), "/proc/không-ghi-được", ""):
        monkeypatch.setenv("CCHC_XL_CACHE", place)
        assert parsed(home, monkeypatch)[0] == parsed(home, monkeypatch)[0] == 8


def test_readings_longest_unused_go_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = []
    for number in range(3):
        folders.append(home.with_name(f"bản {number}"))
        shutil.copytree(home, folders[-1])
        parsed(folders[-1], monkeypatch)
    kept = sorted((home.parent / "doc").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    parsed(folders[0], monkeypatch)  # used again
    monkeypatch.setattr(cache, "MOST_KEPT", sum(path.stat().st_size for path in kept) + 10)
    parsed(home, monkeypatch)
    assert kept[0].exists()
    assert not kept[1].exists()
    assert parsed(folders[0], monkeypatch)[0] == 0
