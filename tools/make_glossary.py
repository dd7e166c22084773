"""Writes ``docs/glossary.md``, identifiers and their Vietnamese: ``python tools/make_glossary.py``.

Which identifiers there are is read from the code (records, their enumerations and closed sets), and so is what a record
is: the first sentence of its docstring. The Vietnamese is the plan workbook's where that has the word, else that of
``tools/glossary.toml``. An identifier without a word, or a word without an identifier, is refused.
"""

from __future__ import annotations

import inspect
import re
import sys
import tomllib
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cchc_xl import records
from cchc_xl.plan.load import SETTINGS
from cchc_xl.plan.methods import METHODS
from cchc_xl.result import advice, comparison, contents, ranking

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "glossary.md"
WORDS = ROOT / "tools" / "glossary.toml"
MODULES = {
    "records": records,
    "contents": contents,
    "advice": advice,
    "comparison": comparison,
    "ranking": ranking,
}
TITLES = {
    "records": "Records of the stages (`cchc_xl/records.py`)",
    "contents": "A result (`cchc_xl/result/contents.py`)",
    "advice": "Advice (`cchc_xl/result/advice.py`)",
    "comparison": "Comparison (`cchc_xl/result/comparison.py`)",
    "ranking": "Ranking (`cchc_xl/result/ranking.py`)",
}
HEAD = """# Glossary: identifiers and their Vietnamese

Made by `python tools/make_glossary.py` from the code and `tools/glossary.toml`; a test keeps it equal. The terms are those of
the plan workbook and of the papers that the program writes; the decision in force is the authority, not this page.
"""


class GlossaryError(Exception):
    """An identifier without a word, or a word without an identifier."""


def page(words: dict[str, dict[str, Any]] | None = None) -> str:
    """The page as text. Raises :class:`GlossaryError`."""
    told = words or tomllib.loads(WORDS.read_text(encoding="utf-8"))
    lines = [HEAD]
    for name, module in MODULES.items():
        lines += _table(TITLES[name], _records(module, told.pop(name)))
    lines += _table("Members of `State`", _members(records.State, told.pop("State")))
    lines += _table("Members of `Method`", _methods())
    lines += _table("Members of `Kind`", _members(records.Kind, told.pop("Kind")))
    lines += _table("Fields with a word of their own", _fields(told.pop("fields")))
    lines += _table("`Settings`: the rows of sheet `Cài đặt`", _settings())
    for name, values in told.items():
        lines += _table(f"Values of `{name}`", _values(name, values))
    return "\n".join(lines) + "\n"


def public_records(module: ModuleType) -> dict[str, type]:
    """The public classes that a module makes, in its order."""
    return {
        name: value
        for name, value in vars(module).items()
        if inspect.isclass(value) and value.__module__ == module.__name__ and not name.startswith("_")
    }


def first_sentence(text: str) -> str:
    """The first sentence of a docstring, its double backticks as Markdown's.

    >>> first_sentence("A row of ``Thang điểm``: an interval. An absent bound is open.")
    'A row of `Thang điểm`: an interval.'
    """
    line = " ".join(text.split("\n\n", maxsplit=1)[0].split())
    sentence = re.split(r"(?<=\.) (?=[A-Z`])", line, maxsplit=1)[0]
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", sentence).replace("``", "`").replace("|", "\\|")


def _table(title: str, rows: Iterator[tuple[str, str, str]]) -> list[str]:
    body = [f"| `{name}` | {vietnamese} | {line} |" for name, vietnamese, line in rows]
    return [f"## {title}\n", "| identifier | Vietnamese | what it is |", "| --- | --- | --- |", *body, ""]


def _same(where: str, there: set[str], told: set[str]) -> None:
    if there != told:
        raise GlossaryError(
            f"{where}: without a word {sorted(there - told)}, without an identifier {sorted(told - there)}"
        )


def _records(module: ModuleType, words: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    there = public_records(module)
    _same(module.__name__, set(there), set(words))
    return ((name, words[name], first_sentence(kind.__doc__ or "")) for name, kind in there.items())


def _members(kind: type[Enum], words: dict[str, str | list[str]]) -> Iterator[tuple[str, str, str]]:
    """Of an enumeration; its value is the Vietnamese unless the word stands with the line."""
    _same(kind.__name__, set(kind.__members__), set(words))
    for name, member in kind.__members__.items():
        word = words[name]
        vietnamese, line = (str(member.value), word) if isinstance(word, str) else word
        yield f"{kind.__name__}.{name}", vietnamese, line


def _methods() -> Iterator[tuple[str, str, str]]:
    """As the class of each says it, behind its name: told there once."""
    for name, method in records.Method.__members__.items():
        yield f"Method.{name}", method.value, first_sentence(type(METHODS[method]).__doc__ or "").partition(": ")[2]


def _owner(name: str) -> type:
    for module in MODULES.values():
        if name in public_records(module):
            return public_records(module)[name]
    raise GlossaryError(f"there is no record {name}")


def _fields(words: dict[str, list[str]]) -> Iterator[tuple[str, str, str]]:
    for name, (vietnamese, line) in words.items():
        owner, _, field = name.partition(".")
        if field not in get_type_hints(_owner(owner)):
            raise GlossaryError(f"there is no field {name}")
        yield name, vietnamese, line


def _settings() -> Iterator[tuple[str, str, str]]:
    """As the plan's contract has them: told there once."""
    _same("Settings", set(get_type_hints(records.Settings)), set(SETTINGS.values()))
    hints = inspect.get_annotations(records.Settings)
    return ((f"Settings.{field}", word, f"`{hints[field]}`".replace("|", "\\|")) for word, field in SETTINGS.items())


def _values(name: str, words: dict[str, list[str]]) -> Iterator[tuple[str, str, str]]:
    """Of a field that is a ``Literal``."""
    owner, _, field = name.partition(".")
    there = set(get_args(get_type_hints(_owner(owner)).get(field, str)))
    _same(name, there, set(words))
    return ((value, vietnamese, line) for value, (vietnamese, line) in words.items())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
