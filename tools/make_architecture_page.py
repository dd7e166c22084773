"""Writes ``docs/architecture.md`` from the code and from a run of the example: ``python tools/make_architecture_page.py``.

Rooms, modules, their first lines and the arrows between rooms are read from the sources; the layers from the import
contract in ``setup.cfg``; one unit's figure is followed through the stages as they really answer.
"""

from __future__ import annotations

import ast
import configparser
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from openpyxl import load_workbook

import cchc_xl
from cchc_xl.office.excel import Refused, read
from cchc_xl.unit.folder import source_file

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "cchc_xl"
PAGE = ROOT / "docs" / "architecture.md"
EXAMPLE, PERIOD = ROOT / "examples" / "2020-ca-nam", "2020-N"
CRITERION, MEASURE, UNIT = "5.6", "DT_THUCHIEN", "VP"
HEAD = """# The house: rooms, layers, and one figure walked through them

Made by `python tools/make_architecture_page.py` from the code and from a run of `examples/2020-ca-nam`; a test keeps it equal.
What may import what is checked by the contracts in `setup.cfg`; why, in [decisions](decisions).
"""


def page() -> str:
    """The page as text."""
    return "\n".join([HEAD, *_layers(), *_rooms(), *_walk()]) + "\n"


def room_of(module: Path) -> str:
    """The room a module stands in: a folder of the package, or ``records``; '' for the package's own two files.

    >>> room_of(PACKAGE / "office" / "excel" / "book.py"), room_of(PACKAGE / "records.py"), room_of(PACKAGE / "__init__.py")
    ('office', 'records', '')
    """
    first = module.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py") if not first.startswith("__") else ""


def arrows() -> Counter[tuple[str, str]]:
    """From room to room: how many modules of the first import something of the second."""
    found: set[tuple[Path, str]] = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "cchc_xl":
                inner = (node.module or "").split(".")[1:]
                found |= {(path, inner[0])} if inner else {(path, alias.name) for alias in node.names}
    return Counter(
        (room_of(path), room) for path, room in found if room_of(path) not in {"", room} and not room.startswith("__")
    )


def _floors() -> list[list[str]]:
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = settings["importlinter:contract:rooms"]["layers"].split("\n")
    return [re.split(r"\s*\|\s*", line.strip()) for line in lines if line.strip()]


def _layers() -> Iterator[str]:
    yield "## Layers\n\nA room imports what stands below it, never sideways or up. The number is how many of its modules do.\n"
    counted = arrows()
    yield "| floor | room | imports |\n| ---: | --- | --- |"
    floors = _floors()
    order = [room for floor in floors for room in floor]
    for number, floor in enumerate(floors):
        for room in floor:
            below = ", ".join(f"{other} ({counted[room, other]})" for other in order if counted[room, other])
            yield f"| {len(floors) - number} | `{room}` | {below or '–'} |"
    yield "\n```mermaid\nflowchart TD"
    for first, second in sorted(counted, key=lambda pair: (order.index(pair[0]), order.index(pair[1]))):
        if _next_below(floors, first, second, counted):
            yield f"  {first} --> {second}"
    yield "```\n\nThe drawing leaves out an arrow wherever a longer way leads to the same room.\n"


def _next_below(floors: list[list[str]], first: str, second: str, counted: Counter[tuple[str, str]]) -> bool:
    """Whether no other room stands on the way from the first to the second."""
    rooms = {room for floor in floors for room in floor} - {first, second}
    return not any(counted[first, room] and counted[room, second] for room in rooms)


def _rooms() -> Iterator[str]:
    modules = sorted(PACKAGE.rglob("*.py"))
    yield f"## Rooms\n\n{len(modules)} modules; how large one may be says `tests/test_architecture.py`.\n"
    for floor in _floors():
        for room in floor:
            own = [path for path in modules if room_of(path) == room]
            yield f"### {room}\n"
            for path in sorted(own, key=lambda item: item.relative_to(PACKAGE).as_posix()):
                yield f"* `{path.relative_to(PACKAGE).as_posix()}`: {_first_line(path)}"
            yield ""


def _first_line(path: Path) -> str:
    told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return re.sub(r":\w+:`", "`", told.split("\n", 1)[0])


def _walk() -> Iterator[str]:
    """One unit's figure, from its cell to the report."""
    source = source_file(EXAMPLE / "don-vi" / f"{PERIOD}_{UNIT}.xlsx", EXAMPLE / "don-vi")
    form = read(source)
    assert not isinstance(form, Refused)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        assessed = cchc_xl.assess(EXAMPLE / "ke-hoach.xlsx", EXAMPLE / "don-vi", period=PERIOD)
        result = cchc_xl.run(EXAMPLE / "ke-hoach.xlsx", EXAMPLE / "don-vi", period=PERIOD, out=out)
        formulas = load_workbook(out / PERIOD / "tong-hop.xlsx")["Chấm điểm"]
        row = next(row for row in formulas.iter_rows(min_row=2) if row[0].value == CRITERION)
        explained = _explained(out / PERIOD)
    total = next(item for item in assessed.consolidation.measures if item.measure.code == MEASURE)
    entry = next(item for item in total.entries if item.unit == UNIT)
    score = next(item for item in assessed.scorecard.scores if item.node.criterion.code == CRITERION)
    sheet = next(item for item in form.sheets if item.name == entry.at.sheet)
    stored = sheet.rows[entry.at.row - 1][entry.at.column - 1]
    index = assessed.scorecard.index
    yield "## One figure, from the cell to the report\n"
    yield f"`{MEASURE}` of unit {UNIT} in {PERIOD}, and criterion {CRITERION} that it decides.\n"
    yield "| room | what it asks or makes | what it is there |\n| --- | --- | --- |"
    steps = [
        (
            "office",
            "`office.excel.read` the bytes of the file",
            f"{entry.at.file} › {entry.at.sheet} › {entry.at.address}: `{stored!r}`",
        ),
        (
            "unit",
            "`unit.conform.conform` by heading and code",
            f"`FigureEntry` {entry.measure}, {entry.state.value}, `{entry.value!r}`",
        ),
        (
            "score",
            "`score.consolidate.consolidate` over the units",
            f"`MeasureTotal` {total.measure.combine}: `{total.value!r}`",
        ),
        ("plan", f"`plan.methods`, “{score.node.criterion.method}”", f"{score.basis}"),
        (
            "score",
            "`score.scorecard.score` up the tree",
            f"{score.points} of {score.node.max_score} points; {index.points} of {index.applicable_max} in all",
        ),
        ("result", "`result.json`, and every cell kept", f"index {result.index.percent} %"),
        (
            "papers",
            f"`tong-hop.xlsx` › Chấm điểm › {row[11].coordinate}",
            f"`{row[11].value}`, where {row[7].coordinate} is `{row[7].value}`",
        ),
        ("ask", f"`cchc-xl explain … {CRITERION}`", "; ".join(explained)),
    ]
    for room, how, what in steps:
        yield f"| {room} | {how} | {what.replace('|', '·')} |"


def _explained(folder: Path) -> list[str]:
    """What the command says of the criterion, the lines that lead back to the cell."""
    command = [sys.executable, "-m", "cchc_xl", "explain", str(folder), CRITERION]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, encoding="utf-8").stdout
    return [
        line.strip() for line in told.splitlines() if line.startswith(("Điểm:", "Quy tắc:")) or f"{MEASURE} " in line
    ]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
