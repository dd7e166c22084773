"""The structure: module sizes, the import contracts, and that each contract can fail."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

MODULES = sorted((ROOT / "cchc_xl").rglob("*.py"))
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_stays_small_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 500
    assert text.startswith(('"""', 'r"""'))
    assert path.stem not in {"utils", "helpers", "common"}


BREACHES = [
    ("score.py", "import openpyxl"),
    ("score.py", "from cchc_xl import report"),
    ("score.py", "from cchc_xl import read"),
    ("validate.py", "def late():\n    import xlwings"),
    ("consolidate.py", "import pandas"),
    ("records/basics.py", "from cchc_xl import messages"),
    ("report/__init__.py", "from cchc_xl.extras import excel_button"),
    ("pipeline.py", "from cchc_xl.extras import excel_button"),
    ("helpers.py", '"""A room for everything."""'),
]


@pytest.mark.parametrize(("module", "line"), [("score.py", ""), *BREACHES])
def test_the_import_contracts_hold_and_can_fail(module: str, line: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "cchc_xl", tmp_path / "cchc_xl", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "setup.cfg", tmp_path / "setup.cfg")
    path = tmp_path / "cchc_xl" / module
    path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + f"\n{line}\n", encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", LINT], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == (line == ""), done.stdout


def test_help_loads_no_office_library_and_no_pipeline() -> None:
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom cchc_xl.cli import cli\n"
        "assert CliRunner().invoke(cli, ['--help']).exit_code == 0\n"
        "print(*sorted(set(sys.modules) & {'openpyxl', 'pandas', 'docx', 'xlsxwriter', 'babel', 'cchc_xl.pipeline'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_no_path_of_one_machine_is_in_the_project() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    pattern = re.compile(rb"/(?:home|Users)/[a-z]+/|/(?:wor[k])/main")
    for name in filter(None, listed):
        path = ROOT / name
        if path.suffix in {".py", ".md", ".cfg", ".toml", ".txt", ".csv"} and path.exists():
            assert not pattern.search(path.read_bytes()), name
