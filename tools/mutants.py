"""Changes the rules one small step at a time and asks the tests: ``python tools/mutants.py [module …] [--sample N]``.

A mutant is one change in a function of ``MODULES``: ``<`` for ``<=``, ``+`` for ``-``, 1 for 2, ``and`` for ``or``, another
text. A test that fails kills it; what survives is a rule no test holds us to, or a change that changes nothing
(``docs/mutants.md`` says which). Prints each survivor with its line, then a table of modules with their coverage.

The tests are collected once and run once under ``coverage`` (``pip install coverage``), test by test; each mutant then
lives in a forked child of its own, which runs the tests that reach its line, quick ones first, until one fails. The
change is put into the function in place, so nothing is written and decorated functions take part too, whose answers are
remembered. Needs fork: Linux or macOS.
"""

# ruff: noqa: SLF001 - it lives within pytest, and within the LibreOffice of the tests
from __future__ import annotations

import argparse
import ast
import copy
import functools
import gc
import importlib
import json
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# The tests that judge the modules of a room, beside its doctests: they take seconds, not minutes; LibreOffice runs in two.
JUDGES: dict[str, tuple[str, ...]] = {
    "plan": ("rules", "methods", "group_methods", "every_method", "conditions", "expressions", "rank"),
    "text": ("vi_text", "typed_properties", "compare", "rules"),
}
MODULES = (
    *(f"plan/{name}.py" for name in ("marking", "methods", "further_methods", "group_methods", "constraints")),
    *("text/numbers.py", "text/words.py"),
)
WHOLE_RUNS = {"year", "quarter"}  # fixtures that run an example whole: their tests take too long to be asked each time
SEED = 2026
NOT_PLACED = 7  # how a child ends that could not make its change
LEAST_SECONDS, TIMES = 20, 10  # of processor time: a mutant that takes this many times its tests' time has no end

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
RECKONED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_PAIRS = (
    *(("min", "max"), ("any", "all"), ("startswith", "endswith"), ("lstrip", "rstrip"), ("partition", "rpartition")),
    *(("removeprefix", "removesuffix"), ("isdecimal", "isalpha"), ("fullmatch", "match"), ("search", "match")),
)
CALLED = {**{b: a for a, b in _PAIRS}, **dict(_PAIRS)}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the node that is another, in order of walking the module, and which of its changes."""

    path: str
    line: int
    place: int
    choice: int
    was: str
    now: str


@dataclass(slots=True)
class Record:
    """What the tests did unchanged: the tests by line of each module, their seconds, lines that ran and all lines."""

    reached: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    ran: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


# --- the changes ---


def changed(node: ast.AST) -> list[ast.AST]:
    """What may stand in place of the node."""
    made: list[ast.AST] = []
    match node:
        case ast.Compare(ops=[op]):
            made = [ast.Compare(node.left, [other()], node.comparators) for other in COMPARED[type(op)]]
        case ast.Compare(ops=ops):
            for at, op in enumerate(ops):
                for other in COMPARED[type(op)]:
                    made.append(ast.Compare(node.left, [*ops[:at], other(), *ops[at + 1 :]], node.comparators))
        case ast.BinOp(op=op) if type(op) in RECKONED:
            made = [ast.BinOp(node.left, RECKONED[type(op)](), node.right)]
        case ast.AugAssign(op=op) if type(op) in RECKONED:
            made = [ast.AugAssign(node.target, RECKONED[type(op)](), node.value)]
        case ast.BoolOp(op=op):
            made = [ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), node.values)]
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            made = [node.operand]
        case ast.Constant(value=bool() as value):
            made = [ast.Constant(not value)]
        case ast.Constant(value=int() as value):
            made = [ast.Constant(value + 1)]
        case ast.Constant(value=str() as value):
            made = [ast.Constant(f"XX{value}XX" if value else "XX")]
        case ast.Name(id="min" | "max" | "any" | "all" as name):
            made = [ast.Name(CALLED[name], ast.Load())]
        case ast.Attribute(attr=name) if name in CALLED:
            made = [ast.Attribute(node.value, CALLED[name], ast.Load())]
        case ast.If(test=ast.Name() | ast.Attribute() | ast.Call() as test):
            made = [ast.If(ast.UnaryOp(ast.Not(), test), node.body, node.orelse)]
        case ast.IfExp(test=ast.Name() | ast.Attribute() | ast.Call() as test):
            made = [ast.IfExp(ast.UnaryOp(ast.Not(), test), node.body, node.orelse)]
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            made = [ast.Return(ast.Constant(None))]
        case ast.Break():
            made = [ast.Continue()]
        case ast.Continue():
            made = [ast.Break()]
    return made


def places(tree: ast.Module) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """What can be changed within functions: parent, field, index there, node. Not the types, docstrings, decorators."""

    def walk(parent: ast.AST, *, inside: bool) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
        for name, value in ast.iter_fields(parent):
            if name in {"annotation", "returns", "decorator_list", "type_params", "bases", "format_spec"}:
                continue
            if isinstance(parent, ast.arguments) and name not in {"defaults", "kw_defaults"}:
                continue
            for at, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if not isinstance(node, ast.AST) or _is_talk(node):
                    continue
                within = inside or isinstance(parent, ast.FunctionDef | ast.Lambda)
                if within:
                    yield parent, name, at, node
                yield from walk(node, inside=within)

    return walk(tree, inside=False)


def _is_talk(node: ast.AST) -> bool:
    """A docstring, or the ``strict=`` of ``zip`` over what is of one length anyway."""
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return docstring or (isinstance(node, ast.keyword) and node.arg == "strict")


def mutants(path: str) -> list[Mutant]:
    """All changes of a module."""
    tree = ast.parse((ROOT / "cchc_xl" / path).read_text(encoding="utf-8"))
    found = []
    for place, (_, _, _, node) in enumerate(places(tree)):
        for choice, other in enumerate(changed(node)):
            line = getattr(node, "lineno", 0)
            ast.copy_location(other, node)
            was, now = (ast.unparse(ast.fix_missing_locations(copy.deepcopy(one))) for one in (node, other))
            found.append(Mutant(path, line, place, choice, was.partition("\n")[0], now.partition("\n")[0]))
    return found


class Garden:
    """What of this process the changes are put into, found once: the functions of each module, what is remembered."""

    def __init__(self) -> None:
        gc.unfreeze()
        self._functions: dict[str, list[FunctionType]] = defaultdict(list)
        self._caches: list[Any] = []
        for one in gc.get_objects():
            if isinstance(one, FunctionType):
                self._functions[one.__code__.co_filename].append(one)
            elif isinstance(one, functools._lru_cache_wrapper):
                self._caches.append(one)
        # The project's and its tests'; not where the LibreOffice of the tests has its profile.
        ours = [one for one in self._caches if str(one.__module__).startswith(("cchc_xl", "tests"))]
        self._caches = [one for one in ours if one.__module__ != "tests.office"]

    def forget(self) -> None:
        """Nothing is remembered any more."""
        for cache in self._caches:
            cache.cache_clear()

    def grow(self, mutant: Mutant) -> bool:
        """Puts the change into every function that came of the module; False if it met none."""
        file = str(ROOT / "cchc_xl" / mutant.path)
        tree = ast.parse(Path(file).read_text(encoding="utf-8"))
        parent, name, at, node = list(places(tree))[mutant.place]
        other = changed(node)[mutant.choice]
        ast.copy_location(other, node)
        if at is None:
            setattr(parent, name, other)
        else:
            getattr(parent, name)[at] = other
        ast.fix_missing_locations(tree)
        codes = {(code.co_qualname, code.co_firstlineno): code for code in _codes(compile(tree, file, "exec"))}
        owner = next((one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.args is parent), None)
        is_placed = False
        for function in self._functions[file]:
            code = function.__code__
            new = codes.get((code.co_qualname, code.co_firstlineno))
            if new is None:
                continue
            if owner is not None and function.__name__ == owner.name and isinstance(other, ast.Constant):
                _set_default(function, name, at or 0, other.value)
                is_placed = True
            is_placed = is_placed or new != code
            function.__code__ = new
        self.forget()
        return is_placed


def _set_default(function: FunctionType, name: str, at: int, value: Any) -> None:
    if name == "defaults":
        old = function.__defaults__ or ()
        function.__defaults__ = (*old[:at], value, *old[at + 1 :])
    else:
        old_names = list(function.__kwdefaults__ or {})
        function.__kwdefaults__ = {**(function.__kwdefaults__ or {}), old_names[at]: value}


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


# --- the tests ---


class Judge:
    """A plugin of pytest that, instead of running the tests once, lets them judge every mutant."""

    def __init__(self, chosen: list[Mutant], coverage: Any, folder: Path, jobs: int) -> None:
        self.chosen, self.coverage, self.folder, self.jobs = chosen, coverage, folder, jobs
        self.verdicts: dict[Mutant, str] = {}
        self.record = Record()
        self.contexts = False
        self.garden: Garden

    def pytest_fixture_setup(self, fixturedef: Any) -> None:
        """What a shared fixture reaches, each test that uses it reaches."""
        if self.contexts and fixturedef.scope != "function":
            self.coverage.switch_context(f"fixture {fixturedef.argname}")

    def pytest_runtest_call(self, item: Any) -> None:
        """After the fixtures the test itself."""
        if self.contexts:
            self.coverage.switch_context(item.nodeid)

    def pytest_runtestloop(self, session: Any) -> bool:
        """Takes the place of the usual loop."""
        from tests import office

        session.items[:] = [item for item in session.items if WHOLE_RUNS.isdisjoint(getattr(item, "fixturenames", ()))]
        session.config._tmp_path_factory.getbasetemp()
        office._OFFICE.ensure()  # one LibreOffice for all the children, who cannot ask whether it is still there
        self.garden = Garden()
        told = self.folder / "record.json"
        child = os.fork()
        if not child:
            office._OFFICE.ensure = lambda: None  # type: ignore[method-assign]
            _end(lambda: self._record(session, told))
        os.waitpid(child, 0)
        self.coverage.stop()
        raw = json.loads(told.read_text(encoding="utf-8"))
        raw["reached"] = {
            path: {int(line): tests for line, tests in lines.items()} for path, lines in raw["reached"].items()
        }
        self.record = Record(**raw)
        by_file: dict[str, float] = defaultdict(float)
        for test, seconds in self.record.seconds.items():
            by_file[test.partition("::")[0]] += seconds
        print("\nseconds: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in sorted(by_file.items())))
        if self.record.failed:
            print("\nfailed unchanged, left out: " + ", ".join(self.record.failed))
        self._judge_all(session)
        return True

    def _record(self, session: Any, told: Path) -> int:
        gc.disable()
        from _pytest.runner import runtestprotocol

        record, self.contexts = Record(), True
        for item, after in zip(session.items, [*session.items[1:], None], strict=True):
            self.garden.forget()
            self.coverage.switch_context(item.nodeid)
            start = time.process_time()
            reports = runtestprotocol(item, log=False, nextitem=after)
            record.seconds[item.nodeid] = time.process_time() - start
            if os.environ.get("MUTANTS_TALK"):
                print(f"{record.seconds[item.nodeid]:.1f} {item.nodeid}", file=sys.stderr, flush=True)
            if any(report.failed for report in reports):
                record.failed.append(item.nodeid)
        self.coverage.stop()
        users: dict[str, list[str]] = defaultdict(list)
        for item in session.items:
            users[item.nodeid].append(item.nodeid)
            for name in getattr(item, "fixturenames", ()):
                users[f"fixture {name}"].append(item.nodeid)
        data = self.coverage.get_data()
        for path in {one.path for one in self.chosen}:
            file = str(ROOT / "cchc_xl" / path)
            by_line = data.contexts_by_lineno(file)
            record.reached[path] = {
                line: sorted({test for context in contexts for test in users.get(context, ())})
                for line, contexts in by_line.items()
            }
            _, statements, _, missing, _ = self.coverage.analysis2(file)
            record.lines[path], record.ran[path] = len(statements), len(statements) - len(missing)
        told.write_text(json.dumps(_as_dict(record)), encoding="utf-8")
        return 0

    def _judge_all(self, session: Any) -> None:
        from tests import office

        waiting = list(reversed(self.chosen))
        running: dict[int, tuple[Mutant, Path]] = {}
        while waiting or running:
            while waiting and len(running) < self.jobs:
                mutant = waiting.pop()
                tests = self._tests(mutant, session)
                if not tests:
                    self.verdicts[mutant] = "not reached"
                    continue
                home = self.folder / f"{len(self.verdicts)}-{len(waiting)}"
                child = os.fork()
                if not child:
                    office._OFFICE.ensure = lambda: None  # type: ignore[method-assign]
                    _end(lambda: self._judge(mutant, tests, session, home))  # noqa: B023 - runs at once
                running[child] = mutant, home
            if running:
                child, status = os.wait()
                if child not in running:  # what a test left behind
                    continue
                mutant, home = running.pop(child)
                shutil.rmtree(home, ignore_errors=True)
                self.verdicts[mutant] = _verdict(status)
                if self.verdicts[mutant] == "survived":
                    print(f"\n{len(self.verdicts)}: {told_of(mutant)}", flush=True)

    def _tests(self, mutant: Mutant, session: Any) -> list[Any]:
        """The tests that reach the line, or, of a line that only a fixture or a default stands in, its neighbours."""
        reached = set(self.record.reached.get(mutant.path, {}).get(mutant.line, ())) - set(self.record.failed)
        if not reached:
            reached = set(self._of_function(mutant)) - set(self.record.failed)
        room = mutant.path.partition("/")[0]
        judges = (f"cchc_xl/{room}/", *(f"tests/test_{name}.py" for name in JUDGES[room]))
        found = [item for item in session.items if item.nodeid in reached and item.nodeid.startswith(judges)]
        seconds: dict[Any, float] = defaultdict(float)
        for item in found:  # by files, whose fixtures are made once
            seconds[item.path] += self.record.seconds.get(item.nodeid, 0)
        return sorted(found, key=lambda item: seconds[item.path])

    def _of_function(self, mutant: Mutant) -> Iterator[str]:
        tree = ast.parse((ROOT / "cchc_xl" / mutant.path).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.lineno <= mutant.line <= (node.end_lineno or 0):
                for line in range(node.lineno, (node.end_lineno or 0) + 1):
                    yield from self.record.reached.get(mutant.path, {}).get(line, ())

    def _judge(self, mutant: Mutant, tests: list[Any], session: Any, home: Path) -> int:
        from _pytest.runner import runtestprotocol

        limit = int(LEAST_SECONDS + TIMES * sum(self.record.seconds.get(item.nodeid, 1) for item in tests))
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        home.mkdir()
        gc.disable()
        session.config._tmp_path_factory._basetemp = home
        try:
            if not self.garden.grow(mutant):
                return NOT_PLACED
        except ValueError:  # the change leaves out a variable of the function around it
            return NOT_PLACED
        for item, after in zip(tests, [*tests[1:], None], strict=True):
            if any(report.failed for report in runtestprotocol(item, log=False, nextitem=after)):
                return 1
        return 0


def _as_dict(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in Record.__slots__}


def _end(work: Any) -> None:
    """Ends this child, with whatever becomes of its work."""
    code = 1
    try:
        code = work()
    except BaseException:  # a change may raise anything, anywhere
        code = 1
    finally:
        os._exit(code)


def _verdict(status: int) -> str:
    if os.WIFSIGNALED(status):
        return "no end"
    return {0: "survived", NOT_PLACED: "not placed"}.get(os.WEXITSTATUS(status), "killed")


# --- what is told ---


def told_of(mutant: Mutant) -> str:
    """A mutant in one line."""
    return f"cchc_xl/{mutant.path}:{mutant.line}: {mutant.was}  ->  {mutant.now}"


def tell(judge: Judge, all_of: Counter[str]) -> None:
    """Prints the table."""
    by_module: dict[str, Counter[str]] = defaultdict(Counter)
    for mutant, verdict in judge.verdicts.items():
        by_module[mutant.path][verdict] += 1
    print(
        "\n| Module | Mutants | Judged | Killed | No end | Survived | Not reached | Not placed | Lines run by these tests |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for path, counts in by_module.items():
        verdicts = (counts[name] for name in ("killed", "no end", "survived", "not reached", "not placed"))
        ran, lines = judge.record.ran[path], judge.record.lines[path]
        cells = (f"`{path}`", all_of[path], counts.total(), *verdicts, f"{ran} of {lines} ({100 * ran / lines:.0f} %)")
        print("| " + " | ".join(map(str, cells)) + " |")


def numbers(text: str) -> set[int]:
    """The numbers of lines that somebody asks for. Raises ``ValueError``, which the command tells.

    >>> sorted(numbers("10,12-14")), numbers("")
    ([10, 12, 13, 14], set())
    """
    pairs = (part.partition("-") for part in text.split(",") if part)
    return {number for first, _, last in pairs for number in range(int(first), int(last or first) + 1)}


def main() -> int:
    """Judges the mutants; 0 if none survived, 1 else."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("modules", nargs="*", default=MODULES, help="paths within cchc_xl, as plan/marking.py")
    asked.add_argument("--sample", type=int, help="so many mutants of each module, the same in every run")
    asked.add_argument("--lines", default="", type=numbers, help="only these lines, as 10,12-15")
    asked.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = asked.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    import pytest

    coverage: Any = importlib.import_module("coverage")  # a maintainer's own, not one of the gate's

    found = [one for path in given.modules for one in mutants(path) if not given.lines or one.line in given.lines]
    all_of = Counter(one.path for one in found)
    if given.sample:
        drawn = random.Random(SEED)  # noqa: S311 - a sample, no secret
        parts = ([one for one in found if one.path == path] for path in all_of)
        found = [one for part in parts for one in sorted(drawn.sample(part, min(given.sample, len(part))), key=_order)]
    watched = coverage.Coverage(
        data_file=None, config_file=False, include=[str(ROOT / "cchc_xl" / path) for path in all_of]
    )
    watched.start()
    with tempfile.TemporaryDirectory() as folder:
        judge = Judge(found, watched, Path(folder), given.jobs)
        still = ["-q", "-n", "0", "-p", "no:cacheprovider", "--hypothesis-seed=0", f"--basetemp={folder}/tests"]
        rooms = sorted({path.partition("/")[0] for path in all_of})
        files = dict.fromkeys(f"tests/test_{name}.py" for room in rooms for name in JUDGES[room])
        pytest.main([*still, *files, *(f"cchc_xl/{room}" for room in rooms)], plugins=[judge])
    for mutant, verdict in judge.verdicts.items():
        if verdict in {"survived", "not reached", "not placed"}:
            print(f"{verdict}: {told_of(mutant)}")
    tell(judge, all_of)
    return int(any(verdict in {"survived", "not reached", "not placed"} for verdict in judge.verdicts.values()))


def _order(mutant: Mutant) -> tuple[int, int]:
    return mutant.place, mutant.choice


if __name__ == "__main__":
    sys.exit(main())
