"""The structure: sizes and names of modules, the import contracts, and that every contract can fail."""

from __future__ import annotations

import ast
import configparser
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "cchc_xl"
MODULES = sorted(PACKAGE.rglob("*.py"))
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"
MOST_LINES, FEWEST_LINES = 500, 60
ROOMS = ("cli", "extras", "pipeline", "ask", "papers", "score", "unit", "result", "plan", "office", "text", "records")


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _importers() -> Counter[str]:
    """How many other modules import each module, lazily or not."""
    names = {_name(path) for path in MODULES}
    importers: Counter[str] = Counter()
    for path in MODULES:
        found = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                inside = {f"{node.module}.{alias.name}" for alias in node.names} & names
                found |= inside or {node.module} & names
            elif isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names} & names
        importers.update(found - {_name(path)})
    return importers


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_stays_small_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert path.name == "records.py" or len(text.splitlines()) <= MOST_LINES
    assert text.startswith(('"""', 'r"""'))
    assert path.stem not in {"utils", "helpers", "common"}


def test_a_small_module_with_one_importer_joins_it() -> None:
    importers = _importers()
    small = {
        _name(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in MODULES
        if path.name not in {"__init__.py", "__main__.py"}
    }
    assert {name: lines for name, lines in small.items() if lines < FEWEST_LINES and importers[name] <= 1} == {}


def test_no_two_modules_have_one_name() -> None:
    names = Counter(path.stem for path in MODULES if path.stem != "__init__")
    rooms = Counter(path.parent.name for path in MODULES if path.stem == "__init__")
    assert {name: count for name, count in (names + rooms).items() if count > 1} == {}


def test_the_top_of_the_package_is_a_list_one_can_hold() -> None:
    entries = sorted(path.name for path in PACKAGE.iterdir() if path.name != "__pycache__")
    assert entries == sorted(
        ["__init__.py", "__main__.py", "py.typed", "records.py", *(room for room in ROOMS if room != "records")]
    )


# A line put into a module, and the chain or the name that the contracts must then print.
BREACHES = [
    *(
        (f"{room}/__init__.py" if room != "records" else "records.py", "import openpyxl", f"cchc_xl.{room} -> openpyxl")
        for room in ROOMS
        if room != "office"
    ),
    ("unit/validate.py", "def late():\n    import xlwings", "cchc_xl.unit.validate -> xlwings"),
    ("score/consolidate.py", "import pandas", "cchc_xl.score.consolidate -> pandas"),
    ("papers/documents.py", "import lxml", "cchc_xl.papers.documents -> lxml"),
    ("unit/folder.py", "import smbclient", "cchc_xl.unit.folder -> smbclient"),
    ("score/scorecard.py", "from cchc_xl import papers", "cchc_xl.score.scorecard -> cchc_xl.papers"),
    ("ask/compare.py", "from cchc_xl.unit import form", "cchc_xl.ask.compare -> cchc_xl.unit.form"),
    ("records.py", "from cchc_xl.text import words", "cchc_xl.records -> cchc_xl.text.words"),
    (
        "office/excel/book.py",
        "from cchc_xl.office.word import file",
        "cchc_xl.office.excel.book -> cchc_xl.office.word.file",
    ),
    ("office/excel/ods.py", "from cchc_xl import plan", "cchc_xl.office.excel.ods -> cchc_xl.plan"),
    (
        "pipeline/__init__.py",
        "from cchc_xl.extras import excel_button",
        "cchc_xl.pipeline -> cchc_xl.extras.excel_button",
    ),
    ("born_tomorrow.py", '"""A room that nobody has named."""', "born_tomorrow"),
]


def _linted(folder: Path) -> subprocess.CompletedProcess[str]:
    shutil.copyfile(ROOT / "setup.cfg", folder / "setup.cfg")
    return subprocess.run([sys.executable, "-c", LINT], cwd=folder, capture_output=True, text=True, check=False)


def test_the_import_contracts_hold_and_every_breach_is_named(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "cchc_xl", ignore=shutil.ignore_patterns("__pycache__"))
    sound = _linted(tmp_path)
    assert sound.returncode == 0, sound.stdout
    for module, line, _ in BREACHES:
        path = tmp_path / "cchc_xl" / module
        path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + f"\n{line}\n", encoding="utf-8")
    broken = _linted(tmp_path)
    told = re.sub(r"\s+", " ", broken.stdout)
    assert broken.returncode == 1
    assert [told_as for _, _, told_as in BREACHES if told_as not in told] == []


def test_every_room_but_its_own_is_forbidden_a_library() -> None:
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    layers = {
        name.strip() for name in re.split(r"[|\n]", settings["importlinter:contract:rooms"]["layers"]) if name.strip()
    }
    assert layers == set(ROOMS)
    for contract, home in {"office": "office", "smb": "office", "xlwings": "extras", "pandas": "result"}.items():
        named = settings[f"importlinter:contract:{contract}"]["source_modules"].split()
        assert set(named) == {f"cchc_xl.{room}" for room in ROOMS if room != home}, contract


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
