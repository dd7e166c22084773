"""Every step of ``tools/check.py`` seen failing once, on a small house with one thing wrong in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests import test_architecture
from tests.conftest import ROOT
from tools import check

# What is put into an otherwise sound house, and what the step must say of it.
WRONG = {
    "format": ("cchc_xl/room.py", '"""A room."""\n\nx = [1,2]\n', "room.py"),
    "lint": ("cchc_xl/room.py", '"""A room."""\n\nimport os\n', "F401"),
    "types": ("cchc_xl/room.py", '"""A room."""\n\nx: int = "one"\n', "[assignment]"),
    "tests": ("tests/test_room.py", '"""A test."""\n\n\ndef test_room():\n    assert 1 == 2\n', "1 failed, 1 passed"),
    "benchmark": ("benchmarks/__main__.py", 'raise SystemExit("twice as slow")\n', "twice as slow"),
}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of one module with our settings, which every step passes."""
    for name in ("setup.cfg", "ruff.toml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    for name in ("cchc_xl/__init__.py", "tools/__init__.py", "benchmarks/__init__.py", "tests/public_types/user.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text('"""Nothing."""\n')
    for name in ("tong_hop.py", "benchmarks/__main__.py"):
        (tmp_path / name).write_text('"""Nothing."""\n')
    (tmp_path / "tests" / "test_sound.py").write_text('"""A test."""\n\n\ndef test_sound():\n    assert True\n')
    monkeypatch.setattr(check, "ROOT", tmp_path)
    monkeypatch.setattr(check, "SHOWN", "")  # so that what the tests say is kept, too
    monkeypatch.delenv("PYTHONPATH", raising=False)
    return tmp_path


@pytest.mark.parametrize("step", WRONG)
def test_a_step_passes_a_sound_house_and_fails_on_one_thing_wrong(
    step: str, house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if step != "tests":  # these tell themselves that the other one passed, and three workers take a while to start
        sound = check.run(step)
        assert sound.code == 0, sound.said
    name, text, told = WRONG[step]
    (house / name).write_text(text, encoding="utf-8")
    assert check.main([step]) == 1
    said = capsys.readouterr().out
    assert f"{step:9s} FAILED" in said
    assert told in said
    assert f"to repeat it: {' '.join(check.STEPS[step])}" in said


def test_no_step_is_left_out_here() -> None:
    """The import contracts are broken, each of them, in ``test_architecture.py``, by the very command of the step."""
    assert {*WRONG, "imports"} == set(check.STEPS)
    assert check.STEPS["imports"][-1] == test_architecture.LINT


def test_a_step_that_does_not_exist_is_told_with_those_that_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["lints"]) == 2
    assert "no such step: lints; the steps are format, lint, types" in capsys.readouterr().out
