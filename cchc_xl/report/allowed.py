"""What a template may name at all: a piece of its syntax tree, or a value, comes in; what is allowed goes out.

By list, not by prohibition: whatever is not here does not exist for a template.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import nodes
from jinja2.runtime import LoopContext

# fmt: off
JINJA_FILTERS = frozenset((
    "abs", "capitalize", "count", "d", "default", "first", "float", "groupby", "int", "join", "last",
    "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "select",
    "selectattr", "sort", "string", "sum", "title", "trim", "unique", "upper",
))
LOOP_FIELDS = frozenset((
    "index", "index0", "revindex", "revindex0", "first", "last", "length", "previtem", "nextitem", "depth",
    "depth0",
))
# fmt: on
# Statements by the words a template writes them with.
_FORBIDDEN: dict[type[nodes.Node], str] = {
    nodes.Macro: "macro",
    nodes.CallBlock: "call",
    nodes.Import: "import",
    nodes.FromImport: "from … import",
    nodes.Include: "include",
    nodes.Extends: "extends",
    nodes.Block: "block",
    nodes.ScopedEvalContextModifier: "autoescape",
    nodes.EvalContextModifier: "autoescape",
    nodes.ExprStmt: "do",
    nodes.NSRef: "namespace",
    # Filters would see the escaped text of a block, not the text.
    nodes.AssignBlock: "set … endset",
    nodes.FilterBlock: "filter … endfilter",
}


def not_allowed(node: nodes.Node, known_filters: Mapping[str, Any]) -> str | None:
    """What a piece of a template asks for that does not exist for it, in the template's own words; None if nothing."""
    told = None
    if type(node) in _FORBIDDEN:
        told = f"lệnh {_FORBIDDEN[type(node)]}"
    elif isinstance(node, nodes.For) and node.recursive:
        told = "lệnh for … recursive"
    elif isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        told = f".{node.attr}"
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) and str(node.arg.value).startswith("_"):
        told = f"['{node.arg.value}']"
    elif isinstance(node, nodes.Filter) and (node.name not in known_filters or node.name.startswith("_")):
        told = f"bộ lọc |{node.name}"
    elif isinstance(node, nodes.Pow):
        told = "phép lũy thừa **"
    elif isinstance(node, nodes.Name) and node.name.startswith("__"):
        told = node.name
    return told


def declared(obj: Any) -> frozenset[str]:
    """The names a template may ask of a value that is no mapping: fields and properties of our records, of loops."""
    if isinstance(obj, LoopContext):
        return LOOP_FIELDS
    return _declared(type(obj))  # type: ignore[arg-type]


@cache
def _declared(kind: Any) -> frozenset[str]:
    if dataclasses.is_dataclass(kind):
        own = {name for name, value in vars(kind).items() if isinstance(value, property)}
        return frozenset(own | {field.name for field in dataclasses.fields(kind)})
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return frozenset(kind._fields)
    return frozenset()
