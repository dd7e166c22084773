"""Writes ``docs/reference.md``, what other programs may import: ``python tools/make_reference_page.py``.

Everything comes from the code: the names from ``cchc_xl.__all__``, what is taken and returned from the signatures, what
it means from the docstrings, the fields of what comes back from its record.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import cchc_xl
from cchc_xl.result.contents import Contents

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference.md"
STEPS = ROOT / "docs" / "python.md"
WIDEST = 100
HEAD = """# Reference: what other programs may import

Made by `python tools/make_reference_page.py` from signatures and docstrings; a test keeps it equal. A quarter and a year worked
through in these functions, every line of it run by the tests: [python.md](python.md). What may be relied on from version to
version: [versions.md](versions.md). The Vietnamese of the names: [glossary.md](glossary.md).

Points are in points of the set (its maximum is 100 unless the plan says otherwise), percentages in percent (74.12), both
`Decimal`; times have the zone UTC+7; days are `date`. None is *not known*, never 0. Nothing is raised for problems in data:
they are `Finding` records, each with its cell.

Every example is run by the tests, where `year, quarter = cchc_xl.demo("thu")` has been: `thu/2021-quy-1/ke-hoach.xlsx` is the plan of the
quarter, `thu/2021-quy-1/don-vi` holds what its units sent.
"""


def page() -> str:
    """The page as text."""
    found = {name: getattr(cchc_xl, name) for name in sorted(cchc_xl.__all__, key=str.casefold)}
    functions = {name: item for name, item in found.items() if inspect.isfunction(item)}
    classes = {name: item for name, item in found.items() if inspect.isclass(item)}
    parts: dict[str, dict[str, Any]] = {
        "Functions": functions,
        "Records": {name: item for name, item in classes.items() if is_dataclass(item)},
        "Exceptions": {name: item for name, item in classes.items() if issubclass(item, Exception)},
        "Records that come back, under their own modules": returned(functions.values(), classes.values()),
    }
    lines = [HEAD]
    for title, items in parts.items():
        lines.append(f"## {title}\n")
        for name, item in items.items():
            lines += _entry(name, item)
    return "\n".join(lines)


def examples() -> set[str]:
    """The names of which ``docs/python.md`` has an example: its headings, each of them followed by one.

    A heading right under another stands for the same example.
    """
    sections = re.split(r"^## ", STEPS.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    names: set[str] = set()
    waiting: list[str] = []
    for section in sections:
        waiting.append(section.split("\n", 1)[0].strip())
        if ">>>" in section:
            names |= set(waiting)
            waiting = []
    return names


def _entry(name: str, item: Any) -> Iterator[str]:
    """Heading, signature, docstring, the fields of a record, and where its example is."""
    yield f"### `{name}`\n"
    if name not in cchc_xl.__all__:
        yield f"`{item.__module__}.{name}`\n"
    if inspect.isfunction(item):
        yield f"```python\n{_signature(name, item)}\n```\n"
    text, _, own = (inspect.getdoc(item) or "").partition("\n>>>")
    yield f"{_markdown(text.strip())}\n"
    if is_dataclass(item):
        yield from _fields(item)
    if own:
        yield f"```pycon\n>>>{own.rstrip()}\n```\n"
    if name in examples():
        yield f"Example: [python.md](python.md#{name.casefold()}).\n"


def _signature(name: str, item: Callable[..., object]) -> str:
    """As it is written: one parameter a line where a line would be too long."""
    signature = inspect.signature(item)
    told: list[str] = []
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in told:
            told.append("*")
        default = "" if parameter.default is parameter.empty else f" = {parameter.default!r}"
        kind = "" if parameter.annotation is parameter.empty else f": {parameter.annotation}"
        told.append(f"{parameter.name}{kind}{default}")
    whole = f"{name}({', '.join(told)}) -> {signature.return_annotation}"
    if len(whole) <= WIDEST:
        return whole
    return "\n".join([f"{name}(", *(f"    {line}," for line in told), f") -> {signature.return_annotation}"])


def returned(functions: Iterable[Callable[..., object]], known: Collection[object]) -> dict[str, type]:
    """The records that functions return, and a result holds, beside those already known."""
    found: dict[str, type] = {"Contents": Contents}
    for item in functions:
        for word in re.findall(r"\w+", str(inspect.signature(item).return_annotation)):
            kind = vars(sys.modules[item.__module__]).get(word)
            if isinstance(kind, type) and is_dataclass(kind) and kind not in known:
                found.setdefault(kind.__name__, kind)
    return dict(sorted(found.items()))


def _fields(item: Any) -> Iterator[str]:
    """The fields and properties of a record, with their types and what a property's docstring says."""
    yield "| field | type | |\n| --- | --- | --- |"
    for field in fields(item):
        yield f"| `{field.name}` | `{_cell(str(field.type))}` | |"
    for name, value in vars(item).items():
        if name.startswith("_"):
            continue
        about = (inspect.getdoc(value) or "").split("\n\n", maxsplit=1)[0].replace("\n", " ")
        if isinstance(value, property):
            kind = inspect.signature(value.fget).return_annotation if value.fget else ""
            yield f"| `{name}` | `{_cell(str(kind))}` | {_cell(_markdown(about))} |"
        elif inspect.isfunction(value) and about:
            told = " ".join(_signature(name, value).split()).replace("( ", "(").replace(", )", ")")
            yield f"| `{_cell(told.replace('self, ', '').replace('(self)', '()'))}` | | {_cell(_markdown(about))} |"
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _markdown(text: str) -> str:
    """A docstring's markup as Markdown's.

    >>> _markdown("Raises :class:`~cchc_xl.pipeline.line.CannotRunError` for ``out``.")
    'Raises `CannotRunError` for `out`.'
    """
    named = re.sub(r":\w+:`~?(?:[\w.]*\.)?([\w ]+)`", r"`\1`", text)
    return named.replace("``", "`")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
