"""The result folder: swapped whole or not at all, whatever moment it was interrupted at, and people's files stay theirs."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from cchc_xl import pipeline
from tests.command import Done, cchc
from tests.conftest import ROOT
from tests.unit_forms import PERIOD, build_plan, copy_tree, fill, form, full_folder, tree

OLD_POINTS, NEW_POINTS = "17.65", "16.05"


def run(home: Path) -> Done:
    return cchc("run", home / "plan.xlsx", home / "don-vi", "--period", PERIOD, "--out", home / "ket-qua")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``cu``: an old result; ``moi``: a new one of the folder as it is now."""
    home = tmp_path_factory.mktemp("cchc")
    full_folder(build_plan(home / "plan.xlsx"), home / "don-vi")
    for name, value in (("cu", 50), ("moi", 30)):
        fill(form(home / "don-vi", "NCC"), figures={"HSO_DUNG": value})
        assert run(home).returncode == 0
        (home / "ket-qua" / PERIOD).rename(home / name)
        shutil.rmtree(home / "ket-qua")
    return home


@pytest.fixture
def home(two: Path, tmp_path: Path) -> Path:
    """Plan and forms, and the old result in its place."""
    home = copy_tree(two, tmp_path / "cchc")
    shutil.copytree(home / "cu", home / "ket-qua" / PERIOD)
    return home


def points(result: Path) -> str:
    return str(json.loads((result / "result.json").read_text(encoding="utf-8"))["index"]["points"])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def whole(result: Path) -> bool:
    """Whether every file is there with the hash its manifest gives, and no other."""
    manifest = json.loads((result / "manifest.json").read_text(encoding="utf-8"))["files"]
    return {name: sha for name, sha in tree(result).items() if name != "manifest.json"} == manifest


def test_a_result_is_whole_and_holds_what_the_other_commands_need(home: Path) -> None:
    result = home / "ket-qua" / PERIOD
    assert (points(result), whole(result)) == (OLD_POINTS, True)
    assert {"tong-hop.xlsx", "tham-dinh.xlsx", "bao-cao.docx", "result.json", "manifest.json"} <= set(names(result))
    plan = hashlib.sha256((home / "plan.xlsx").read_bytes()).hexdigest()
    assert tree(result)["nguon/plan.xlsx"] == plan
    template = hashlib.sha256((ROOT / "templates" / "report.docx").read_bytes()).hexdigest()
    assert tree(result)["nguon/report.docx"] == template


def test_a_second_run_replaces_the_first_whole(home: Path) -> None:
    assert run(home).returncode == 0
    assert names(home / "ket-qua") == [PERIOD]
    assert (points(home / "ket-qua" / PERIOD), whole(home / "ket-qua" / PERIOD)) == (NEW_POINTS, True)


# --- interrupted: what stands where, and what `explain` tells of it ---

#   the period's folder, .P.new, .P.old -> whose points explain tells
STATES: list[tuple[str, str | None, str | None, str | None, str | None]] = [
    ("while writing the first result", None, "half", None, None),
    ("before the first swap", None, "moi", None, None),
    ("while writing the next result", "cu", "half", None, OLD_POINTS),
    ("before the swap", "cu", "moi", None, OLD_POINTS),
    ("between the two renames", None, "moi", "cu", NEW_POINTS),
    ("between the two renames, the new one damaged", None, "half", "cu", OLD_POINTS),
    ("between the two renames, the new one lost", None, None, "cu", OLD_POINTS),
    ("while the old one was deleted", "moi", None, "cu", NEW_POINTS),
    ("while the old one was deleted, half gone", "moi", None, "half", NEW_POINTS),
]


def interrupted(home: Path, current: str | None, new: str | None, old: str | None) -> Path:
    """The state on disk; ``half`` is a result without its last files."""
    shutil.copytree(home / "moi", home / "half", ignore=shutil.ignore_patterns("manifest.json", "bao-cao.docx"))
    out = home / "ket-qua"
    shutil.rmtree(out)
    out.mkdir()
    for name, source in ((PERIOD, current), (f".{PERIOD}.new", new), (f".{PERIOD}.old", old)):
        if source is not None:
            shutil.copytree(home / source, out / name)
    return out


@pytest.mark.parametrize(("current", "new", "old", "told"), [row[1:] for row in STATES], ids=[row[0] for row in STATES])
def test_explain_after_an_interruption_tells_what_stands_whole_and_writes_nothing(
    home: Path, current: str | None, new: str | None, old: str | None, told: str | None
) -> None:
    out = interrupted(home, current, new, old)
    before = tree(out)
    done = cchc("explain", out / PERIOD, "2.1", "--json")
    assert tree(out) == before
    if told is None:
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        return
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["criterion"]["points"] == {OLD_POINTS: "6.4", NEW_POINTS: "4.8"}[told]


@pytest.mark.parametrize(("current", "new", "old"), [row[1:4] for row in STATES], ids=[row[0] for row in STATES])
def test_the_next_run_after_an_interruption_leaves_one_whole_result(
    home: Path, current: str | None, new: str | None, old: str | None
) -> None:
    out = interrupted(home, current, new, old)
    pipeline.run(home / "plan.xlsx", home / "don-vi", period=PERIOD, out=out)
    assert names(out) == [PERIOD]
    assert (points(out / PERIOD), whole(out / PERIOD)) == (NEW_POINTS, True)


# --- a file of the old result is open ---

OPEN = [
    ("~$tong-hop.xlsx", "tong-hop.xlsx"),
    ("~$o-cao.docx", "bao-cao.docx"),
    (".~lock.tong-hop.xlsx#", "tong-hop.xlsx"),
    ("nguon/~$plan.xlsx", "plan.xlsx"),
]


@pytest.mark.parametrize(("owner", "file"), OPEN)
def test_an_open_file_keeps_the_old_result_and_the_sentence_names_it(home: Path, owner: str, file: str) -> None:
    out = home / "ket-qua"
    (out / PERIOD / owner).write_bytes(b"x")
    before = tree(out / PERIOD)
    done = run(home)
    assert (done.returncode, done.stderr) == (0, "")
    assert tree(out / PERIOD) == before
    (beside,) = set(names(out)) - {PERIOD}
    assert re.fullmatch(rf"{PERIOD}-moi-\d{{4}}", beside)
    assert points(out / beside) == NEW_POINTS
    sentence = next(line for line in done.stdout.splitlines() if "đang mở" in line)
    assert f"({file})" in sentence
    assert beside in sentence


def test_once_the_file_is_closed_the_next_run_replaces_the_result(home: Path) -> None:
    out = home / "ket-qua"
    owner = out / PERIOD / "~$tong-hop.xlsx"
    owner.write_bytes(b"x")
    run(home)
    owner.unlink()
    done = run(home)
    assert "đang mở" not in done.stdout
    assert points(out / PERIOD) == NEW_POINTS
    assert cchc("explain", out / PERIOD, "2.1").returncode == 0


def test_the_open_appraisal_stops_the_run(home: Path) -> None:
    out = home / "ket-qua"
    (out / PERIOD / "~$tham-dinh.xlsx").write_bytes(b"x")
    before = tree(out)
    done = run(home)
    assert (done.returncode, done.stdout) == (2, "")
    assert "tham-dinh.xlsx" in done.stderr
    assert tree(out) == before


# --- what is not ours ---


def test_a_folder_that_is_no_result_of_ours_is_never_replaced(home: Path) -> None:
    """The units' own folder is called like the period: replacing it would delete what they sent."""
    forms = home / "ket-qua" / PERIOD
    shutil.rmtree(forms)
    shutil.copytree(home / "don-vi", forms)
    before = tree(home / "ket-qua")
    done = cchc("run", home / "plan.xlsx", forms, "--period", PERIOD, "--out", home / "ket-qua")
    assert (done.returncode, done.stdout) == (2, "")
    assert PERIOD in done.stderr
    assert tree(home / "ket-qua") == before
    assert names(home / "ket-qua") == [PERIOD]


def test_what_people_put_into_the_result_moves_on_to_the_next_one(home: Path) -> None:
    result = home / "ket-qua" / PERIOD
    (result / "bao-cao da sua.docx").write_text("của tôi", encoding="utf-8")
    (result / "ghi chú").mkdir()
    (result / "ghi chú" / "a.txt").write_bytes(b"x")
    for _ in range(2):
        assert run(home).returncode == 0
        assert (result / "bao-cao da sua.docx").read_text(encoding="utf-8") == "của tôi"
        assert (result / "ghi chú" / "a.txt").read_bytes() == b"x"
        assert points(result) == NEW_POINTS
    assert names(home / "ket-qua") == [PERIOD]


def test_an_interruption_does_not_lose_it_either(home: Path) -> None:
    (home / "cu" / "của tôi.txt").write_bytes(b"x")
    out = interrupted(home, None, "moi", "cu")
    assert run(home).returncode == 0
    assert (out / PERIOD / "của tôi.txt").read_bytes() == b"x"
    assert points(out / PERIOD) == NEW_POINTS


def test_an_empty_folder_in_its_place_is_used(home: Path) -> None:
    shutil.rmtree(home / "ket-qua" / PERIOD)
    (home / "ket-qua" / PERIOD).mkdir()
    assert run(home).returncode == 0
    assert points(home / "ket-qua" / PERIOD) == NEW_POINTS


def test_other_periods_and_other_files_beside_it_are_left_alone(home: Path) -> None:
    out = home / "ket-qua"
    (out / "2020-N").mkdir()
    (out / "2020-N" / "a.txt").write_bytes(b"x")
    (out / "đọc.txt").write_bytes(b"x")
    assert run(home).returncode == 0
    assert names(out) == sorted([PERIOD, "2020-N", "đọc.txt"])
