"""The distributions as others get them: built, installed from the package index without extras, run under each CPython.

Judged by ``tools/long.py`` alone: each environment takes a minute. The gate has the wheel of the checkout in
``test_packaging.py``, and CPython 3.13 with the Windows bundle in ``test_windows_lane.py``.
"""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT, WHOLE

pytestmark = pytest.mark.skipif(not WHOLE, reason="tools/long.py")
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
VERSIONS = ("3.11", "3.12", "3.13")
RESULTS = ("2020-N", "2021-Q1")


def interpreter(version: str) -> str | None:
    """A CPython of this version on this machine that really starts: this one, on the path, or among pyenv's."""
    kept = (Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python")
    for program in (sys.executable, shutil.which(f"python{version}"), *map(str, sorted(kept, reverse=True))):
        if program is None:
            continue
        asked = [program, "-c", "import sys, ensurepip; print('%s.%s' % sys.version_info[:2])"]
        if subprocess.run(asked, capture_output=True, text=True, check=False, env=PLAIN).stdout.strip() == version:
            return program
    return None


def call(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True, check=False, env=PLAIN)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source distribution and the wheel made from it, from what git knows of this checkout."""
    folder = tmp_path_factory.mktemp("built")
    for name in tracked():
        (folder / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / "source" / name)
    call(sys.executable, "-m", "build", "--outdir", folder, folder / "source", cwd=folder)
    return folder


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def demo(python: str, wheel: Path, home: Path, *constraints: str) -> dict[str, bytes]:
    """The results of the demo from the wheel in a new environment of this interpreter."""
    call(python, "-m", "venv", home / "venv", cwd=home)
    own = home / "venv" / ("Scripts" if os.name == "nt" else "bin")
    call(own / "python", "-m", "pip", "--quiet", "install", wheel, *constraints, cwd=home)
    missing = (
        "import importlib.util as u; print([n for n in ('pyarrow', 'distributed', 'smbclient') if u.find_spec(n)])"
    )
    assert call(own / "python", "-c", missing, cwd=home).strip() == "[]", "no extra came along"
    call(own / "cchc-xl", "demo", cwd=home)
    return {name: (home / "cchc-demo" / "ket-qua" / name / "result.json").read_bytes() for name in RESULTS}


@pytest.fixture(scope="module")
def first(built: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the demo gives under the interpreter of the tests."""
    (wheel,) = built.glob("*.whl")
    return demo(sys.executable, wheel, tmp_path_factory.mktemp("first"))


def test_the_source_distribution_is_the_whole_house(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        held = {item.name.partition("/")[2] for item in archive.getmembers() if item.isfile()}
    assert set(tracked()) - held - {".gitignore"} == set()


def test_the_wheel_made_from_it_is_the_wheel_of_the_checkout(built: Path, tmp_path: Path) -> None:
    (made,) = built.glob("*.whl")
    call(sys.executable, "-m", "pip", "--quiet", "wheel", "--no-deps", "-w", tmp_path, built / "source", cwd=tmp_path)
    (ours,) = tmp_path.glob("*.whl")
    names = []
    for path in (made, ours):
        with zipfile.ZipFile(path) as archive:
            names.append({item.filename: item.CRC for item in archive.infolist() if ".dist-info/" not in item.filename})
    assert names[0] == names[1]
    assert "cchc_xl/py.typed" in names[0]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_wheel_without_extras_runs_the_demo(
    version: str, built: Path, first: dict[str, bytes], tmp_path: Path
) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"no CPython {version} on this machine")
    if python != sys.executable:
        (wheel,) = built.glob("*.whl")
        assert demo(python, wheel, tmp_path) == first
    assert set(first) == set(RESULTS)


def test_the_lowest_versions_that_the_bounds_allow_give_the_same(
    built: Path, first: dict[str, bytes], tmp_path: Path
) -> None:
    python = interpreter(VERSIONS[0])
    if python is None:
        pytest.skip(f"no CPython {VERSIONS[0]} on this machine")
    told = configparser.ConfigParser()
    told.read(ROOT / "setup.cfg", encoding="utf-8")
    lowest = re.findall(r"^([\w.-]+) >=([\d.]+)", told["options"]["install_requires"], re.MULTILINE)
    assert len(lowest) == len(told["options"]["install_requires"].split("\n")) - 1
    (tmp_path / "lowest.txt").write_text("".join(f"{name}=={version}\n" for name, version in lowest))
    (wheel,) = built.glob("*.whl")
    assert demo(python, wheel, tmp_path, "-c", str(tmp_path / "lowest.txt")) == first
