"""Numbers of this house: ``python tools/house_numbers.py`` writes them into ``docs/habits.md``, as a table at its end."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cchc_xl.plan import load_plan
from cchc_xl.records import Plan
from cchc_xl.text.catalogue import catalogue

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "cchc_xl"
PAGE = ROOT / "docs" / "habits.md"
HEAD = "## ¹ Numbers\n"


def rows() -> Iterator[tuple[str, str]]:
    """What is counted, and how many."""
    sources = {path: path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
    lines = {path: len(text.splitlines()) for path, text in sources.items()}
    longest = max(lines, key=lines.__getitem__)
    code = sum(map(lines_of_code, sources.values()))
    yield "modules; lines; of these code", f"{len(lines)}; {sum(lines.values()):,}; {code:,}"
    yield "longest module", f"{longest.relative_to(ROOT).as_posix()}, {lines[longest]}"
    bodies = sorted(((length, f"{path.stem}.{name}") for path in sources for name, length in functions(sources[path])))
    over = sum(length > 40 for length, _ in bodies)
    told = ", ".join(f"{name} {length}" for length, name in bodies[:-4:-1])
    yield "functions; over 40 lines without their docstring; the longest", f"{len(bodies):,}; {over}; {told}"
    line = ast.walk(ast.parse(sources[PACKAGE / "pipeline" / "line.py"]))
    assess = next(item for item in line if isinstance(item, ast.FunctionDef) and item.name == "assess")
    yield "parameters of the line (`assess`)", str(len(assess.args.args) + len(assess.args.kwonlyargs))
    severities = Counter(entry.severity for entry in catalogue().values())
    yield (
        "kinds of findings",
        f"{len(catalogue())}: " + ", ".join(f"{count} {name}s" for name, count in severities.items()),
    )
    english = (PACKAGE / "cli" / "english.toml").read_text(encoding="utf-8")
    yield "sentences that have their English in a table of their own", str(english.count(" = '"))
    late = sum(bool(re.search(r"^    +(?:from|import) ", text, re.MULTILINE)) for text in sources.values())
    yield "modules that import inside a function or for types only", str(late)
    for name in ("2020-ca-nam", "2021-quy-1", "dti-thanh-pho", "so-nganh-cchc", "xa-tiep-can-phap-luat"):
        yield (
            f"`examples/{name}`: criteria; of a decision; illustrative; with the day from which they hold",
            dated(load_plan(ROOT / "examples" / name / "ke-hoach.xlsx")),
        )
    workbooks = [path for path in (ROOT / "tests" / "workbooks").iterdir() if path.suffix not in {".md", ".json"}]
    yield "workbooks of the tests by other programs", str(len(workbooks))
    yield "examples that a test plays", str(len(list((ROOT / "examples").glob("[0-9][0-9]-*/README.md"))))
    checks = list((ROOT / "tests").rglob("test_*.py"))
    yield (
        "test modules; lines",
        f"{len(checks)}; {sum(len(path.read_text(encoding='utf-8').splitlines()) for path in checks):,}",
    )
    yield "decisions; lines of the longest", decisions()


def lines_of_code(text: str) -> int:
    """The lines of a module without its blank lines, comments, docstrings and imports."""
    tree = ast.parse(text)
    others: set[int] = set()
    for item in ast.walk(tree):
        if isinstance(item, ast.Import | ast.ImportFrom):
            others.update(range(item.lineno, (item.end_lineno or 0) + 1))
        if isinstance(item, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(item):
            others.update(range(item.body[0].lineno, (item.body[0].end_lineno or 0) + 1))
    kept = (line.strip() for number, line in enumerate(text.splitlines(), 1) if number not in others)
    return sum(bool(line) and not line.startswith("#") for line in kept)


def functions(text: str) -> Iterator[tuple[str, int]]:
    """Each function with the count of its lines, its docstring left out."""
    for item in ast.walk(ast.parse(text)):
        if isinstance(item, ast.FunctionDef) and item.end_lineno:
            told = item.body[0]
            doc = (told.end_lineno or 0) - told.lineno + 1 if ast.get_docstring(item) else 0
            yield item.name, item.end_lineno - item.lineno + 1 - doc


def dated(plan: Plan) -> str:
    """How many criteria, of how many the reference is a decision, of how many it says that they are not, how many have a day."""
    illustrative = sum(item.reference.startswith("Minh họa") for item in plan.criteria)
    of_decision = sum(bool(item.reference) for item in plan.criteria) - illustrative
    with_day = sum(item.effective_from is not None for item in plan.criteria)
    return f"{len(plan.criteria)}; {of_decision}; {illustrative}; {with_day}"


def decisions() -> str:
    """How many, and how long the longest is."""
    lengths = [
        len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / "docs/decisions").glob("[0-9]*.md")
    ]
    return f"{len(lengths)}; {max(lengths)}"


def page() -> str:
    """The page with the table made anew."""
    table = "".join(f"| {what} | {number} |\n" for what, number in rows())
    text = PAGE.read_text(encoding="utf-8").partition(HEAD)[0].rstrip()
    return f"{text}\n\n{HEAD}\n| counted | |\n| --- | --- |\n{table}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
