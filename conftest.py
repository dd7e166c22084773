"""For examples in docstrings: those that name ``year.``, ``quarter.`` or ``thu/`` stand where ``demo("thu")`` ran."""

from __future__ import annotations

import re
from contextlib import chdir
from pathlib import Path

import pytest

import cchc_xl

_NAMED = re.compile(r"\b(?:year|quarter)\.|thu/")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """The folder in which the examples stand, and the names that they know: the two results of the library's own."""
    home = tmp_path_factory.mktemp("vi-du")
    with chdir(home):
        year, quarter = cchc_xl.demo("thu")
    return home, {"cchc_xl": cchc_xl, "year": year, "quarter": quarter}


@pytest.fixture(autouse=True)
def _examples(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    test = getattr(request.node, "dtest", None)
    if test is not None and any(_NAMED.search(one.source) for one in test.examples):
        home, names = request.getfixturevalue("demo")
        request.getfixturevalue("doctest_namespace").update(names)
        monkeypatch.chdir(home)
