"""The tool that changes the rules one small step at a time: what it changes, and that a change is met by whoever calls."""

from __future__ import annotations

import ast
import os

import pytest

pytest.importorskip("resource", reason="the tool needs fork")

from cchc_xl.text.numbers import count_vi, upper_first
from tools.mutants import MODULES, ROOT, Garden, changed, mutants


@pytest.mark.parametrize(
    ("source", "others"),
    [
        ("a < b", ["a <= b", "a >= b"]),
        ("a == b", ["a != b"]),
        ("a < b <= c", ["a <= b <= c", "a >= b <= c", "a < b < c", "a < b > c"]),
        ("a + b", ["a - b"]),
        ("a and b", ["a or b"]),
        ("not a", ["a"]),
        ("True", ["False"]),
        ("1", ["2"]),
        ("'x'", ["'XXxXX'"]),
        ("min", ["max"]),
        ("a.lstrip", ["a.rstrip"]),
        ("a if b else c", ["a if not b else c"]),
        ("a", []),
        ("None", []),
    ],
)
def test_the_changes_of_an_expression(source: str, others: list[str]) -> None:
    assert [ast.unparse(other) for other in changed(ast.parse(source, mode="eval").body)] == others


def test_a_change_is_met_by_whoever_has_the_function_already() -> None:
    *_, ten = (one for one in mutants("text/numbers.py") if (one.was, one.now) == ("10", "11"))  # of range(1, 10)
    read, write = os.pipe()
    child = os.fork()
    if not child:  # this process stays as it is
        placed = Garden().grow(ten)
        os.write(write, f"{placed} {count_vi(10)} {upper_first('a')}".encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 99).decode() == "True 01 A"
    assert count_vi(10) == "10"


def test_every_module_has_its_mutants() -> None:
    assert all((ROOT / "cchc_xl" / path).exists() and len(mutants(path)) > 40 for path in MODULES)
