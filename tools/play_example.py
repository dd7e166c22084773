"""Does what an example says, in a folder of its own: ``python tools/play_example.py 04-them-don-vi [DIR]``.

An example is a folder ``examples/NN-name``. Its README is done from top to bottom: what stands in a table below a heading
such as *Sheet “Đơn vị”* is typed into the plan, *Gõ vào biểu* into the units' forms, *Gõ vào mẫu Word* into a template,
``change.patch`` is applied to a copy of the project, and the commands of a block ``console`` are run. What the commands
print is compared with ``expected.txt``, where a line "…" stands for any lines; what was changed, by hand and by the
commands, is compared with the table below *Files touched*.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from types import MappingProxyType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
PLAN = "ke-hoach/ke-hoach.xlsx"
BY_HAND = "hand"
SAVED = "2025-12-18T02:00:00Z"  # when the units saved their forms
NUMBER = re.compile(r"-?\d+(,\d+)?")
_STEP = re.compile(r"^(?:###? .*|```console|\[change\.patch\].*)$", re.MULTILINE)
_SHEET = re.compile(r"### Sheet “(.+)”")
_COPIED = (
    "cchc_xl",
    "tests",
    "tools",
    "docs",
    "templates",
    "examples",
    "benchmarks",
)  # of the project, what a change may touch
_LEFT = shutil.ignore_patterns("pictures", "hinh", "workbooks", "*_workbooks", "windows")
_KEYS = {"Cài đặt": "Mục", "Phụ lục": "TT"}  # the column that says which row is meant, where it is not the code
_MANY = frozenset(("Thang điểm", "Câu báo cáo"))  # a code has many rows there: what is typed is a row more


@dataclass(slots=True)
class Played:
    """What came of an example: what the commands printed; which file changed how, by hand or by which command."""

    folder: Path
    said: str = ""
    touched: list[tuple[str, str, str]] = field(default_factory=list)


def examples() -> tuple[Path, ...]:
    """The folders that are played, in order."""
    return tuple(sorted(path for path in EXAMPLES.iterdir() if re.match(r"\d\d-", path.name)))


def play(example: Path, folder: Path, before: Mapping[str, Path] = MappingProxyType({})) -> Played:
    """Plays an example in a new or empty folder. Raises ``SystemExit`` where a step cannot be done.

    ``before`` are the folders of examples that have been played, by name: one that starts from them need not play them.
    """
    page = (example / "README.md").read_text(encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    played = Played(folder)
    is_code = (example / "change.patch").exists()
    if first := re.search(r"^(?:Bắt đầu|Start).*\]\(\.\./([^)/]+)/?\)", page, re.MULTILINE):
        if first[1] in before:
            shutil.copytree(before[first[1]], folder, dirs_exist_ok=True)
        else:
            play(EXAMPLES / first[1], folder)
    if is_code:
        for name in _COPIED:
            shutil.copytree(ROOT / name, folder / name, ignore=_LEFT)
        shutil.copy(ROOT / "setup.cfg", folder)
    for step in _STEP.finditer(page):
        rest = page[step.end() :]
        if found := _SHEET.fullmatch(step[0]):
            played.touched.append((*_typed_into_the_plan(folder / PLAN, found[1], _table(rest)), BY_HAND))
        elif "Gõ vào biểu" in step[0]:
            for row in _table(rest):
                _typed_into_a_form(folder / row["Tệp"], row)
        elif "Gõ vào mẫu Word" in step[0]:
            for row in _table(rest):
                played.touched.append((row["Mẫu"], _typed_into_a_template(folder / row["Mẫu"], row), BY_HAND))
        elif step[0].startswith("[change.patch]"):
            known = _texts(folder)
            _run(["git", "apply", "-C1", str(example / "change.patch")], folder)
            played.touched += _changes(known, folder, BY_HAND)
        elif step[0] == "```console":
            for line in rest.partition("```")[0].strip().splitlines():
                known = _texts(folder) if is_code else {}
                played.said += f"$ {line}\n{_command(line, folder, is_code=is_code)}"
                played.touched += _changes(known, folder, f"`{line}`") if is_code else ()
    return played


def _table(text: str) -> list[dict[str, str]]:
    """The rows of the first table of a text, by heading."""
    lines = re.search(r"(?:^\|.*\n)+", text + "\n", re.MULTILINE)
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in (lines or [""])[0].splitlines()]
    return [dict(zip(rows[0], (cell.replace("\\|", "|") for cell in row), strict=True)) for row in rows[2:]]


def stated(page: str) -> list[tuple[str, ...]]:
    """The table of what is touched, as its page has it: file and change, by hand or by which command."""
    told = re.split(r"^## (?:Files touched|Tệp phải sửa)$", page, flags=re.MULTILINE)
    rows = [tuple(row.values()) for row in _table(told[-1])] if len(told) > 1 else []
    return [(*row[:-1], BY_HAND if row[-1] == "tay" else row[-1]) for row in rows]


# --- typing, as a person does in Excel and Word ---


def _value(text: str, cell: Any) -> Any:
    """What Excel makes of what is typed: a number, unless the cell is text."""
    if cell.number_format == "@" or not NUMBER.fullmatch(text):
        return text or None
    return float(text.replace(",", "."))


def _typed_into_the_plan(path: Path, name: str, rows: list[dict[str, str]]) -> tuple[str, str]:
    from openpyxl import load_workbook

    book = load_workbook(path)
    sheet: Any = book[name]
    key = _KEYS.get(name, "Mã" if "Mã" in rows[0] else next(iter(rows[0])))
    head = next(row for row in sheet.iter_rows() if key in {cell.value for cell in row})
    columns = {str(cell.value): cell.column for cell in head if cell.value}
    places = {
        str(sheet.cell(number, columns[key]).value): number for number in range(head[0].row + 1, sheet.max_row + 1)
    }
    last = max((number for text, number in places.items() if text != "None"), default=head[0].row)
    counts: Counter[str] = Counter()
    for row in rows:
        at = 0 if name in _MANY else places.get(row[key], 0)
        counts["sửa" if at else "thêm"] += 1
        if not at:
            last = at = last + 1
            for column in columns.values():  # a row below the last one looks like it
                above, cell = sheet.cell(at - 1, column), sheet.cell(at, column)
                cell.number_format = above.number_format if at - 1 > head[0].row else cell.number_format
        for heading, text in row.items():
            cell = sheet.cell(at, columns[heading])
            cell.value = _value(text, cell)
    book.save(path)
    return f"{path.name} › {name}", ", ".join(f"{how} {count} dòng" for how, count in sorted(counts.items()))


def _typed_into_a_form(path: Path, row: Mapping[str, str]) -> None:
    from openpyxl import load_workbook

    from tools.make_examples import stamp_saved

    book = load_workbook(path)
    sheet: Any = book[row["Sheet"]]
    at = next(cell.row for line in sheet.iter_rows(max_col=1) for cell in line if str(cell.value) == row["Dòng"])
    column = next(cell.column for line in sheet.iter_rows() for cell in line if cell.value == row["Cột"])
    cell = sheet.cell(at, column)
    cell.value = _value(row["Gõ"], cell)
    book.save(path)
    stamp_saved(path, SAVED)


def _typed_into_a_template(path: Path, row: Mapping[str, str]) -> str:
    from docx import Document

    document = Document(str(path))
    above = next(one for one in document.paragraphs if row["Sau đoạn"].strip("`") in one.text)
    below = document.add_paragraph(row["Gõ"], style="Nội dung" if "Nội dung" in document.styles else None)
    above._p.addnext(below._p)  # noqa: SLF001 - python-docx has no way to put a paragraph behind another
    document.save(str(path))
    return "thêm 1 đoạn"


# --- commands ---


def _command(line: str, folder: Path, *, is_code: bool) -> str:
    words = shlex.split(line)
    if words[0] == "rm":
        (folder / words[1]).unlink()
        return ""
    if is_code:
        program = {"cchc-xl": [sys.executable, "-m", "cchc_xl"], "python": [sys.executable]}
        return _run([*program[words[0]], *words[1:]], folder)
    from click.testing import CliRunner

    from cchc_xl.cli import cli
    from tools import show

    said = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(said):
        if words[0] == "cchc-xl":
            return str(CliRunner().invoke(cli, words[1:], env={"COLUMNS": "200"}).output)
        show.main(words[words.index("tools.show") + 1 :])
    return said.getvalue()


def _run(words: list[str], folder: Path) -> str:
    """What the program says, run on the copy of the project. Raises ``SystemExit`` if it cannot run."""
    env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONUTF8": "1", "COLUMNS": "200", "GIT_DIR": "none"}
    env["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # what the tests of an example do not need takes its time to load
    done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode > (words[0] != "git"):  # 1 of our own commands: done, but the data has errors
        raise SystemExit(f"{' '.join(words)}\n{done.stdout}{done.stderr}")
    return done.stdout


# --- what changed ---


def _texts(folder: Path) -> dict[str, tuple[str, ...]]:
    """The text files of a copy of the project, by name."""
    return {
        path.relative_to(folder).as_posix(): tuple(path.read_text(encoding="utf-8").splitlines())
        for name in _COPIED
        for path in sorted((folder / name).rglob("*"))
        if path.suffix in {".py", ".toml", ".txt", ".md"}
    }


def _changes(before: Mapping[str, tuple[str, ...]], folder: Path, how: str) -> Iterator[tuple[str, str, str]]:
    for name, lines in _texts(folder).items():
        if (old := before.get(name, ())) != lines:
            steps = [
                step for step in SequenceMatcher(None, old, lines, autojunk=False).get_opcodes() if step[0] != "equal"
            ]
            less, more = sum(step[2] - step[1] for step in steps), sum(step[4] - step[3] for step in steps)
            yield name, f"+{more}" + (f" −{less}" if less else ""), how


def differs(expected: str, said: str) -> str:
    """The first expected line that was not said in its place; '' where all were.

    A line "…" stands for any lines, "…" in a line for any letters.
    """
    lines = iter(said.splitlines())
    skipping = False

    for wanted in expected.splitlines():
        if wanted == "…":
            skipping = True
            continue
        like = re.compile(".*".join(map(re.escape, wanted.rstrip().split("…"))))
        for line in lines:
            if like.fullmatch(line.rstrip()):
                break
            if not skipping:
                return wanted
        else:
            return wanted
        skipping = False
    return "" if skipping else next(lines, "")


def main(name: str = "", folder: str = "") -> int:
    """Plays the example and shows what came of it; 1 where that is not what its page says, 2 for one that is not there."""
    example = EXAMPLES / name
    if example not in examples():
        print("which one? " + ", ".join(path.name for path in examples()))
        return 2
    with tempfile.TemporaryDirectory() as made:
        played = play(example, Path(folder or made))
    print(played.said, *(f"| {' | '.join(row)} |" for row in played.touched), sep="\n")
    wrong = differs((example / "expected.txt").read_text(encoding="utf-8"), played.said)
    if wrong:
        print(f"not as expected: {wrong}")
    same = played.touched == stated((example / "README.md").read_text(encoding="utf-8"))
    if not same:
        print("other files are touched than the page says")
    return int(bool(wrong) or not same)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
