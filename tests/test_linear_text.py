"""Nothing that takes people's text takes more than linear time over it, however it is made: see ``look``.

Every pattern of the package is found, compiled or written where it is used, and tried by the methods it is used by, on
runs of what it is made of behind what leads to each of its repetitions. Every function that takes text is tried on runs
of signs, letters, blanks, brackets and of their pairs. Each text is tried short, so that a pattern that doubles its
time with every letter is caught in time, then the slowest longer: as many letters as a cell holds, in ``tools/long.py`` 100,000.
Processor time is measured, in a child, which is killed should something never end.
"""

from __future__ import annotations

import ast
import heapq
import importlib
import inspect
import itertools
import pkgutil
import re
import string
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from decimal import Decimal
from functools import cache, partial
from types import ModuleType
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest

import cchc_xl
from cchc_xl.office.excel.as_sent import as_sent
from cchc_xl.office.excel.book import lines_needed
from cchc_xl.office.excel.cell_notes import EMPTY, Boxes
from cchc_xl.office.excel.parts import _without_content, element
from cchc_xl.office.excel.readers import Font, Runs, with_fonts
from cchc_xl.office.excel.tables import Cell, Headings, Table, find, heading_key
from cchc_xl.office.word.decree.pieces import bare
from cchc_xl.office.word.widths import longest, width
from cchc_xl.papers.criteria import split
from cchc_xl.papers.plan_draft import with_have
from cchc_xl.plan import load_plan
from cchc_xl.plan.cells import Row, may_be
from cchc_xl.plan.edition import find_period, in_force, near_periods, parts
from cchc_xl.plan.figure_values import typed
from cchc_xl.plan.register import Register
from cchc_xl.plan.wording import WordingError, worded
from cchc_xl.records import CellRef, Kind, Method, RawSheet
from cchc_xl.text.legacy_fonts import suspected
from cchc_xl.text.numbers import read_text
from cchc_xl.text.printed import Printed, is_printed, read_wanted
from cchc_xl.text.prose import as_prose, beginning, shortened
from cchc_xl.text.words import closest, key, read_date
from cchc_xl.unit.conform import _pieces, unit_by_path
from cchc_xl.unit.sheets import Expected, named_period
from tests.conftest import ROOT, WHOLE

Call = Callable[[Any], object]
Run = tuple[Any, Any, Any]  # what stands before, what is repeated, what stands behind: texts, or bytes
SHORT, LONG = (20, 200, 2_000), 100_000 if WHOLE else 32_767
SLOWEST = 4 if WHOLE else 2  # so many runs of each call are tried long
SECONDS = 300.0  # for the child, on a machine that has other things to do; it needs some ten
BEHIND = " ghi chú"  # a match that fails behind a run may look back over all of it
MARKS = ("\u0301", "\u0323", "\u0f73")  # above and below a letter, and one that is two marks
ALL = (*string.punctuation, *"–“”…•", *"aAIưĐ1", *" \n\t\u00a0", *MARKS)
PAIRED = (*".,;:-/()*", *"a1", *" \n", *MARKS[:2]) if WHOLE else (*".,-/(", *"a1", *" \n", MARKS[0])


def look(calls: Iterable[tuple[str, Call, Iterable[Run]]], allowed: float = 2e-6) -> None:
    """Tries every call on its runs; prints the name of each, and the first run that needs more seconds a letter."""
    for name, call, runs in calls:
        print(f"# {name}", flush=True)
        with suppress(SlowError):
            times = [(max(seconds(name, call, run, size, allowed) for size in SHORT), run) for run in runs]
            for _, run in heapq.nlargest(SLOWEST, times, key=lambda item: item[0]):
                seconds(name, call, run, LONG, allowed)


class SlowError(Exception):
    """A call takes more time than linear code needs."""


def seconds(name: str, call: Call, run: Run, size: int, allowed: float = 2e-6) -> float:
    """The processor time of a call. Raises :class:`SlowError` where that is more than linear code needs, and prints it."""
    head, unit, tail = run
    text = head + unit * (size // len(unit) + 1) + tail
    spent = 0.0
    for _ in range(3):
        start = time.process_time()
        call(text)
        spent = time.process_time() - start
        if (
            spent < 0.004 + size * allowed
        ):  # what takes quadratic time needs 5 ms for the longest of the short, then 10 s
            return spent
    print(f"{name}: {head!a} + {unit!a} * {size // len(unit)} + {tail!a}: {spent:.3f} s", flush=True)
    raise SlowError


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(cchc_xl.__path__, "cchc_xl."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


# Patterns ------------------------------------------------------------------------------------------------------------

# Patterns whose text cannot take long, whatever a file holds.
NOT_TRIED = {"<[^>]*+>": "looks only as far as the last “>”; `without_markup`, which uses it, is tried below"}
# Functions that make a pattern of a name, and why that takes no time.
MADE = {
    "named_period": "tried below",
    "_period": "looks through names of files and folders, which have 255 letters at most",
    "may_be": "tried below",
    "plain": "the name is one of two words",
    "_texts": "looks through names of parts of a Word file",
    "_place": "tried below, with the boxes of notes",
    "_stretched": "tried below, with the boxes of notes",
    "_prefix": "tried below, with the boxes of notes",
    "_without_content": "tried below",
    "in_english": "names of a result, each a literal text; tried in tests/test_english.py",
}
CATEGORIES = {
    "CATEGORY_DIGIT": "1",
    "CATEGORY_SPACE": " ",
    "CATEGORY_WORD": "a",
    "CATEGORY_NOT_DIGIT": "a",
    "CATEGORY_NOT_SPACE": "a",
    "CATEGORY_NOT_WORD": "-",
}
AT_START = frozenset(("match", "fullmatch"))
ANYWHERE = frozenset(("search", "findall", "finditer", "sub", "subn", "split"))


def patterns() -> Iterator[tuple[str, re.Pattern[Any], set[str]]]:
    """Every pattern with its name and the methods it is used by; all methods where it is handed on."""
    used: dict[int, set[str]] = {}
    held: dict[int, tuple[str, re.Pattern[Any]]] = {}
    for module in modules():
        tree = list(ast.walk(ast.parse(inspect.getsource(module))))
        called = {id(node.value): node.attr for node in tree if isinstance(node, ast.Attribute)}
        for node in tree:
            if _calls_re(node) and isinstance(node.args[0], ast.Constant) and node.func.attr != "compile":
                yield f"{module.__name__}:{node.lineno}", re.compile(node.args[0].value), {node.func.attr}
            elif isinstance(found := _named(module, node), re.Pattern):
                methods = {called[id(node)]} if id(node) in called else AT_START | ANYWHERE
                used.setdefault(id(found), set()).update(methods)
        own = ((name, value) for name, value in vars(module).items() if isinstance(value, re.Pattern))
        held |= {id(value): (f"{module.__name__}.{name}", value) for name, value in own if id(value) not in held}
    yield from ((name, value, used.get(number, set())) for number, (name, value) in held.items())


def _named(module: ModuleType, node: ast.AST) -> object:
    """What a name, or a name in another module, stands for where it is read."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        return vars(module).get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return getattr(vars(module).get(node.value.id), node.attr, None)
    return None


def _calls_re(node: Any) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr != "escape"
    )


def pattern_calls() -> Iterator[tuple[str, Call, Iterable[Run]]]:
    for name, pattern, methods in patterns():
        if pattern.pattern in NOT_TRIED:
            continue
        calls = [getattr(pattern, method) for method in sorted(methods & AT_START)]
        if methods & ANYWHERE:  # replacing looks everywhere, as any of them does
            calls.append(partial(pattern.sub, pattern.pattern[:0]))
        runs = tuple(runs_of(pattern))
        yield from ((f"{name} {pattern.pattern!a}", call, runs) for call in calls)


def runs_of(pattern: re.Pattern[Any]) -> Iterator[Run]:
    """Runs of what a pattern is made of, alone and in pairs, behind what leads to each of its repetitions."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    heads: dict[str, None] = {"": None}
    repeated: dict[str, None] = {}
    once: dict[str, None] = {}
    parsed = importlib.import_module("re._parser").parse(text, pattern.flags & ~re.UNICODE)
    _take_apart(parsed, "", heads, repeated, once)
    several = tuple(filter(None, {**dict.fromkeys((" ", "1", "a")), **repeated, **once}))[:9]
    made = (*several, *map("".join, itertools.permutations(several, 2)))
    for run in itertools.product(tuple(heads)[:3], made, ("", BEHIND)):
        yield run if isinstance(pattern.pattern, str) else tuple(part.encode("latin-1", "ignore") for part in run)


def _take_apart(
    items: Iterable[Any], before: str, heads: dict[str, None], repeated: dict[str, None], once: dict[str, None]
) -> None:
    """Gathers what leads to each repetition, what is repeated, and signs and words that are not."""
    word = ""
    for kind, told in items:
        name = str(kind)
        several = name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
        inside: list[Any] = list(told[1]) if name == "BRANCH" else [told] if name == "ATOMIC_GROUP" else []
        inside += [told[-1]] if several or name == "SUBPATTERN" else []
        for body in inside:
            _take_apart(body, before, heads, repeated, once)
        if several and told[1] > 50:
            heads[before] = None
            letters = [letter for part in told[2] for letter in _letters(*part)]
            repeated |= dict.fromkeys((_sample(told[2]), *letters))
        elif not inside and name == "LITERAL" and chr(told).isalpha():
            word += chr(told)
        else:
            once |= dict.fromkeys((word, *_letters(kind, told)))
            word = ""
        before += _sample([(kind, told)])
    once[word] = None


def _sample(items: Iterable[Any]) -> str:
    """A short text that a part of a pattern matches."""
    text = ""
    for kind, told in items:
        match str(kind):
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                text += _sample(told[2]) * min(told[0], 9)
            case "SUBPATTERN":
                text += _sample(told[3])
            case "ATOMIC_GROUP":
                text += _sample(told)
            case "BRANCH":
                text += _sample(told[1][0])
            case _:
                text += "".join(_letters(kind, told)[:1])
    return text


def _letters(kind: Any, told: Any) -> list[str]:
    """Letters that a place of a pattern matches: some, and of a class one of each part."""
    match str(kind):
        case "LITERAL":
            return [chr(told)]
        case "NOT_LITERAL" | "ANY":
            return ["x"]
        case "CATEGORY":
            return [CATEGORIES[str(told)]]
        case "RANGE":
            return [chr(told[0])]
        case "IN" if str(told[0][0]) == "NEGATE":
            return ["x"]
        case "IN":
            return [letter for part in told for letter in _letters(*part)][:5]
    return []


def is_linear(kind: str, allowed: float) -> None:
    """Runs ``look`` in a child, so that what never ends is killed and told by its name."""
    code = f"from tests.test_linear_text import look, {kind}; look({kind}(), {allowed})"
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=SECONDS
        )
    except subprocess.TimeoutExpired as error:
        last = (error.stdout or b"").decode().splitlines()[-1:]
        pytest.fail(f"did not end: {last}")
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if not line.startswith("#")] == []
    assert done.stdout.count("#") > 30


def test_every_pattern_takes_linear_time() -> None:
    is_linear("pattern_calls", 2e-6)


def test_no_pattern_is_made_where_nobody_looks_at_it() -> None:
    made = {
        function.name
        for source in map(inspect.getsource, modules())
        if "re." in source
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if _calls_re(node) and not isinstance(node.args[0], ast.Constant)
    }
    assert made <= MADE.keys()


# Functions -----------------------------------------------------------------------------------------------------------


def plan_row(text: str) -> None:
    """A row of the plan in which the text stands, read as everything that its cell may hold; names of units by themselves."""
    row = Row({"Mã": Cell(text, CellRef("ke-hoach.xlsx", "Bộ chỉ số", 2, 1))}, [], "1.1")
    for read in (row.filled, row.number, row.day, row.outcome, row.places, row.condition):
        read("Mã")
    row.choice("Mã", tuple(Method))
    row.quotient("Mã", text)


def boxes(text: str) -> None:
    """A sheet's old drawing with the text as itself, and in every place of a note's box that is looked at."""
    Boxes(text.encode()).change((), {}, {(1, 1): text})
    told = f"{text}<v:shape {text} ObjectType='Note'><x:Anchor>{text}</x:Anchor><x:Row>0</x:Row><x:Column>0</x:Column>"
    drawing = Boxes(EMPTY.replace(b"</xml>", f"{told}{text}</v:shape></xml>".encode()))
    drawing.change((), {(1, 1): 2}, {(2, 1): text})


def fonts(text: str) -> Runs:
    """Half of the text in one legacy font, half raised in another."""
    return (0, Font("VNI-Times")), (len(text) // 2, Font(".VnTimeH", raised=True))


def headed(text: str) -> Table | None:
    """The table on a sheet in which the text stands among the headings, merged and repeated below."""
    rows = ((text, "Mã", text), ("Mã", text, "Giá trị"), (text, "Mã", "Giá trị"))
    sheet = RawSheet("A", hidden=False, rows=rows, merges=((1, 1, 1, 3),))
    return find(sheet, "a.xlsx", "Số liệu", Headings(("Mã", "Giá trị"), (("giá", "Giá trị"),)), (frozenset(("Mã",)),))


KINDS = (Kind.INTEGER, Kind.DECIMAL, Kind.PERCENT, Kind.DATE, Kind.TEXT)  # money is read as whole numbers are


@cache
def sentence(text: str) -> None:
    """The pieces of a sentence, where it has any."""
    with suppress(WordingError):
        worded(text)


def with_more() -> dict[str, Call]:
    """Functions that take a text and something else."""
    plan = load_plan(ROOT / "examples" / "2020-ca-nam" / "ke-hoach.xlsx")
    expected, register = Expected.of(in_force(plan, plan.periods[0])), Register(plan.units)
    return {
        "read_text": partial(read_text, kind=Kind.INTEGER),
        **{f"typed as {kind.value}": partial(typed, kind=kind, number_format="") for kind in KINDS},
        "typed": lambda text: typed(0.5, Kind.PERCENT, text),
        "read_date": read_date,
        "worded": lambda text: [sentence(one) for one in (text, f"{{{text}}}", f"[{text}]")],
        "closest": lambda text: closest(text, (text[1:], text[: len(text) // 2], "Phòng Người có công")),
        "unit": register.unit,
        "suggestions": register.suggestions,
        "resolve": register.resolve,
        "resolve in a group": lambda text: register.resolve(f"Các phòng chuyên môn: {text}"),
        "measure": expected.measure,
        "unit_by_path": partial(unit_by_path, expected=expected),
        "_pieces": lambda text: list(_pieces(text)),
        "named_period": partial(named_period, expected=expected),
        "may_be": partial(may_be, stored=1.1),
        "with_fonts": lambda text: with_fonts(RawSheet("A", hidden=False, rows=((text,),)), {(1, 1): fonts(text)}),
        "is_printed": lambda text: is_printed(Printed(text, 0, len(text)), text, Decimal(1)),
        "lines_needed": partial(lines_needed, width=20.0),
        "shortened": partial(shortened, most=40),
        "beginning": partial(beginning, most=40),
        "width": partial(width, size=14.0),
        "longest": partial(longest, size=14.0, room=400.0),
        "find_period": partial(find_period, plan),
        "near_periods": partial(near_periods, plan),
        "a row of the plan": plan_row,
        "find": headed,
        "boxes of notes": boxes,
        "as_sent": lambda text: [
            as_sent(cells, ("A1", "B1"), (text,))
            for cells in (
                text,
                f'<c r="A1" {text}>{text}</c>',
                f'<c r="A1" t="str"><v>{escape(text)}</v></c>',
                f'<c r="A1"{text}',
            )
        ],
        "element": lambda text: element(f"<a b={quoteattr(text)}>{escape(text)}</a>"),
        "_without_content": lambda text: [_without_content(one, "a") for one in (text, f"<a {escape(text)}></a>")],
    }


# Functions that take nothing but texts, and why none of them is a person's.
NOT_PEOPLES = {
    "demo": "takes a language",
    "echo": "prints what `one_line`, which is tried, makes of it",
    "title": "takes the code of a finding",
    "why_left": "takes the code of a finding and a language",
    "template_path": "takes the name of a file of the package",
    "example_path": "takes the name of a file of the package",
}
# The same of functions that take a text and something else, in the modules that take people's texts.
ANSWERED = {
    "filled": "takes what kind of document is filled in",
    "first_of": "takes what is counted",
    "folded": "takes names of a plan, and what the others are called",
    "compared": "takes the code of a finding",
    "told": "takes the name of a file",
    "causes": "takes the name of a file, and remarks whose texts are short",
    "identify": "takes the code of a unit",
    "figure_check": "takes the address of a cell",
    "entered_measures": "takes the code of a unit",
    "is_extra": "takes the code of a criterion",
    "parameter": "takes the name of a parameter",
    "as_formatted": "takes the format of a number, and its pattern is bounded",
    "combined": "takes the name of a way to combine",
    "typed_figure": "takes the format of a number, as typed does",
    "points_check": "takes what a cell of ours is called",
    "first_few": "takes what stands between names",
    "with_format": "puts the format of a number behind it",
}
TAKES_TEXT = (
    key,
    suspected,
    heading_key,
    typed,
    unit_by_path,
    may_be,
    parts,
    read_wanted,
    split,
    with_have,
    as_prose,
    bare,
    width,
)


def functions(module: ModuleType) -> Iterator[tuple[str, Callable[..., object], list[inspect.Parameter]]]:
    """The public functions of a module and those of their parameters that must be given."""
    for name, value in vars(module).items():
        function = inspect.unwrap(value) if callable(value) else None
        if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_"):
            told = inspect.signature(function).parameters.values()
            yield name, value, [one for one in told if one.default is one.empty or one.annotation == "str"]


def function_calls() -> Iterator[tuple[str, Call, Iterable[Run]]]:
    found = with_more()
    known = found.keys() | NOT_PEOPLES
    for module in modules():
        for name, function, told in functions(module):
            if told and all(one.annotation == "str" for one in told) and name not in known:
                for one in told:
                    others = {other.name: "a" for other in told if other is not one}
                    found[f"{module.__name__}.{name}({one.name})"] = partial(_all, function, one.name, others)
    pairs = map("".join, itertools.combinations(PAIRED, 2))  # repeated, the other order is the same run
    runs = tuple(itertools.product(("",), (*ALL, *pairs), (BEHIND,)))
    return ((name, call, runs) for name, call in found.items())


def _all(function: Callable[..., Any], name: str, others: dict[str, str], text: str) -> None:
    """Calls a function; one that answers bit by bit is heard to the end."""
    found = function(**{name: text}, **others)
    if inspect.isgenerator(found):
        list(found)


def test_every_function_that_takes_text_takes_linear_time() -> None:
    is_linear("function_calls", 1e-5)


def test_no_function_that_takes_peoples_text_is_left_out() -> None:
    left_out = {
        name
        for module in {inspect.getmodule(inspect.unwrap(function)) for function in TAKES_TEXT}
        if module is not None
        for name, _, told in functions(module)
        if any(one.annotation == "str" for one in told) and not all(one.annotation == "str" for one in told)
    }
    assert left_out - {name.partition(" ")[0] for name in with_more()} - ANSWERED.keys() == set()


def test_a_pattern_that_never_ends_is_told_by_its_name() -> None:
    """The pattern that once hung a run for ever at forty asterisks, here at twenty, and one that takes quadratic time."""
    doubling = re.compile(r"(?: ?\((?:\*+|\d{1,2})\)| ?[*:]+)+$")
    quadratic = re.compile(r"\s*-")
    for pattern, unit, size in ((doubling, "*", 20), (quadratic, " ", 4_000)):
        with pytest.raises(SlowError):
            seconds("", pattern.search, ("", unit, BEHIND), size)
    assert ("", "*", BEHIND) in set(runs_of(doubling))
    assert ("", " ", BEHIND) in set(runs_of(quadratic))
