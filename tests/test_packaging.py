"""The built wheel in another folder: the command, the templates and the examples are found."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.conftest import ROOT

PLAIN = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``cchc-xl`` of a fresh environment holding only the wheel; its dependencies are borrowed from this one."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    unwanted = shutil.ignore_patterns(".git", ".venv", "build", "dist", "*.egg-info", "__pycache__", ".*_cache")
    source = shutil.copytree(ROOT, folder / "source", ignore=unwanted)
    wheel_of = [*pip, "wheel", "--no-deps", "-w", str(folder), str(source)]
    subprocess.run(wheel_of, check=True, capture_output=True, env=PLAIN)
    (wheel,) = folder.glob("*.whl")
    home = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    python = home / "bin" / "python"
    install = [*pip, "--python", str(python), "install", "--no-deps", str(wheel)]
    subprocess.run(install, check=True, capture_output=True, env=PLAIN)
    site = next((home / "lib").glob("python*/site-packages"))
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin" / "cchc-xl"


def call(command: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(command), *arguments], cwd=folder, capture_output=True, text=True, check=False, env=PLAIN
    )


def test_the_demo_runs_from_the_wheel_and_says_what_to_open(installed: Path, tmp_path: Path) -> None:
    done = call(installed, tmp_path, "demo")
    assert done.returncode == 0, done.stderr
    for name in ("tong-hop.xlsx", "bao-cao.docx", "phan-hoi", "result.json"):
        path = Path("cchc-demo") / "ket-qua" / "2020-N" / name
        assert (tmp_path / path).exists()
        assert str(path) in done.stdout


def test_the_templates_of_the_wheel_are_the_checkout_s(installed: Path, tmp_path: Path) -> None:
    assert call(installed, tmp_path, "new", "moi").returncode == 0
    for made, source in (("ke-hoach.xlsx", "plan_template.xlsx"), ("report.docx", "report.docx")):
        assert (tmp_path / "moi" / made).read_bytes() == (ROOT / "templates" / source).read_bytes()


def test_every_example_of_the_checkout_is_installed_as_it_is(installed: Path) -> None:
    home = installed.parent.parent / "share" / "cchc_xl" / "examples"
    sources = [path for path in (ROOT / "examples").rglob("*") if path.is_file() and not path.name.startswith("~")]
    assert len(sources) > 30
    different = [
        path.relative_to(ROOT / "examples").as_posix()
        for path in sources
        if not (there := home / path.relative_to(ROOT / "examples")).is_file()
        or there.read_bytes() != path.read_bytes()
    ]
    assert different == []


def test_the_handbook_is_installed_with_its_pages(installed: Path, tmp_path: Path) -> None:
    done = call(installed, tmp_path, "huong-dan")
    path = Path(done.stdout.strip().partition(": ")[2])
    assert path.read_bytes() == (ROOT / "docs" / "vi" / "so-tay.docx").read_bytes()
    assert installed.parent.parent in path.parents
    there, here = (sorted(item.name for item in home.rglob("*")) for home in (path.parent, ROOT / "docs" / "vi"))
    assert there == here
    linked = {
        found for page in path.parent.glob("*.md") for found in re.findall(r"\]\(([^)#]+)", page.read_text("utf-8"))
    }
    assert [name for name in linked if not (path.parent / name).is_file()] == []


def test_the_macros_module_is_installed_where_python_finds_it(installed: Path, tmp_path: Path) -> None:
    where = "import tong_hop, cchc_xl.extras.excel_button as door; print(tong_hop.__file__, tong_hop.main.__name__)"
    done = call(installed.with_name("python"), tmp_path, "-c", where)
    assert "site-packages" in done.stdout
    assert done.stdout.split()[-1] == "main"


def test_a_user_s_program_is_checked_against_the_installed_package(installed: Path, tmp_path: Path) -> None:
    """As somebody who installed the wheel would: from another folder, by ``py.typed``; every mistake is refused."""
    source = (ROOT / "tests" / "public_types" / "mistakes.py").read_text(encoding="utf-8")
    shutil.copyfile(ROOT / "tests" / "public_types" / "user.py", tmp_path / "user.py")
    (tmp_path / "mistakes.py").write_text(re.sub(r"  # type: ignore\[.*", "", source), encoding="utf-8")
    lines = enumerate(source.splitlines(), 1)
    wanted = {
        ("mistakes.py", line, found[1]) for line, text in lines if (found := re.search(r"ignore\[([\w-]+)", text))
    }
    python = installed.with_name("python")
    command = [sys.executable, "-m", "mypy", "--strict", "--python-executable", str(python), "user.py", "mistakes.py"]

    def refused() -> set[tuple[str, int, str]]:
        said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=PLAIN).stdout
        found = re.findall(r"^(\w+\.py):(\d+): error: .*\[([\w-]+)\]$", said, re.MULTILINE)
        return {(name, int(line), code) for name, line, code in found}

    site = next((installed.parent.parent / "lib").glob("python*/site-packages"))
    borrowed = (site / "borrowed.pth").rename(site / "borrowed.off")  # types of other packages are not asked for here
    assert len(wanted) == 13
    assert refused() == wanted
    marker = (site / "cchc_xl" / "py.typed").rename(site / "cchc_xl" / "py.off")
    assert ("user.py", 12, "import-untyped") in refused(), "without the marker nothing is promised"
    marker.rename(site / "cchc_xl" / "py.typed")
    borrowed.rename(site / "borrowed.pth")
