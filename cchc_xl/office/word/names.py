"""Whether the names of a template exist: its syntax tree and the context come in, what is unknown goes out.

The context's shape is read from contexts of real results: which fields a record has, what a list holds. Where a shape
is not known (an empty list, a number), nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes

from cchc_xl.office.word.sandbox import LOOP_FIELDS, declared
from cchc_xl.text.words import closest

# Mappings whose keys come from the plan, not from us.
_OPEN = frozenset(("measures", "unit_names", "comparison", "charts", "chart_numbers"))
_MOST_ASKED = 50  # unknown names for which is looked up what was meant
_SAME_ITEMS = frozenset(("list", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "unique"))
_ONE_ITEM = frozenset(("first", "last", "max", "min"))


@dataclass(slots=True)
class Shape:
    """What a value holds: the fields of a record, the items of a list; ``known`` is false where nothing is claimed.

    ``path`` says where in the context it stands: ``index.percent``, ``criteria_rows[].name``.
    """

    path: str = ""
    known: bool = False
    fields: dict[str, Shape] = field(default_factory=dict)
    items: Shape | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that does not exist, where the template asks for it, and names that do which it may mean."""

    name: str
    line: int
    near: tuple[str, ...]


def shape(values: Iterable[Any], path: str = "") -> Shape:
    """The shape that all the values share.

    >>> made = shape([{"a": 1}, {"b": [{"c": None}]}])
    >>> sorted(made.fields), made.fields["b"].items.fields["c"].path
    (['a', 'b'], 'b[].c')
    """
    records, lists, others = [], [], 0
    for value in values:
        names = value.keys() if isinstance(value, Mapping) else sorted(declared(value))
        if names or isinstance(value, Mapping):
            records.append((value, names))
        elif isinstance(value, list | tuple):
            lists.append(value)
        elif value is not None:
            others += 1
    if records and not lists and not others:
        return Shape(path, known=True, fields=_fields(records, f"{path}." if path else ""))
    if lists and not records and not others:
        return Shape(path, items=shape((item for value in lists for item in value), f"{path}[]"))
    return Shape(path, known=bool(others) and not records and not lists)


def _fields(records: Sequence[tuple[Any, Iterable[str]]], start: str) -> dict[str, Shape]:
    own: dict[str, list[Any]] = {}
    for value, names in records:
        for name in names:
            own.setdefault(name, []).append(value[name] if isinstance(value, Mapping) else getattr(value, name))
    return {
        name: Shape(start + name) if name in _OPEN or any(map(callable, kept)) else shape(kept, start + name)
        for name, kept in own.items()
    }


class Names:
    """The look through one syntax tree."""

    def __init__(self, context: Shape) -> None:
        self.context = context
        self.unknown: list[Unknown] = []
        self.used: dict[str, int] = {}
        self._told: set[tuple[str, int]] = set()
        self._loop = Shape(known=True, fields={name: Shape() for name in LOOP_FIELDS})

    def look(self, tree: nodes.Template) -> None:
        """Collects the unknown names of the tree in ``unknown`` and all paths of fields it uses in ``used``."""
        self._several(tree.body, {})

    def _several(self, found: Iterable[nodes.Node], scope: dict[str, Shape]) -> None:
        for node in found:
            self._visit(node, scope)

    def _visit(self, node: nodes.Node, scope: dict[str, Shape]) -> None:
        if isinstance(node, nodes.For):
            inner = {**scope, **self._targets(node.target, self._expression(node.iter, scope)), "loop": self._loop}
            if node.test is not None:
                self._expression(node.test, inner)
            self._several(node.body, inner)
            self._several(node.else_, dict(scope))
        elif isinstance(node, nodes.If):
            self._expression(node.test, scope)
            # A name set in a branch stays; whether it was set cannot be told here.
            tests = [test.node for test in node.test.find_all(nodes.Test) if test.name == "defined"]
            tests += [node.test.node] if isinstance(node.test, nodes.Test) and node.test.name == "defined" else []
            asked = {name.name: Shape() for name in tests if isinstance(name, nodes.Name)}
            self._several(node.body, {**scope, **asked} if asked else scope)
            self._several([*node.elif_, *node.else_], scope)
        elif isinstance(node, nodes.Assign):
            scope.update(self._targets(node.target, self._expression(node.node, scope), one=True))
        elif isinstance(node, nodes.AssignBlock):
            self._several(node.body, dict(scope))
            scope.update(self._targets(node.target, Shape(), one=True))
        elif isinstance(node, nodes.With):
            inner = dict(scope)
            for target, value in zip(node.targets, node.values, strict=True):
                inner.update(self._targets(target, self._expression(value, scope), one=True))
            self._several(node.body, inner)
        elif isinstance(node, nodes.Expr):
            self._expression(node, scope)
        else:
            self._several(node.iter_child_nodes(), scope)

    def _targets(self, target: nodes.Node, held: Shape, *, one: bool = False) -> dict[str, Shape]:
        if isinstance(target, nodes.Name):
            return {target.name: held if one else held.items or Shape()}
        return {name.name: Shape() for name in target.find_all(nodes.Name)}

    def _expression(self, node: nodes.Node, scope: dict[str, Shape]) -> Shape:
        if isinstance(node, nodes.Name):
            return self._name(node, scope)
        if isinstance(node, nodes.Getattr):
            return self._field(node, node.node, node.attr, scope)
        if isinstance(node, nodes.Getitem):
            if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
                return self._field(node, node.node, node.arg.value, scope)
            holder = self._expression(node.node, scope)
            self._expression(node.arg, scope)
            return holder.items or Shape()
        if (
            isinstance(node, nodes.Filter)
            and node.name in ("default", "d")
            and isinstance(node.node, nodes.Name | nodes.Getattr)
        ):
            self._several([*node.args, *(item.value for item in node.kwargs)], scope)
            return Shape()
        if isinstance(node, nodes.Filter) and node.node is not None:
            holder = self._expression(node.node, scope)
            self._several([*node.args, *(item.value for item in node.kwargs)], scope)
            if node.name in _SAME_ITEMS:
                return holder
            return (holder.items or Shape()) if node.name in _ONE_ITEM else Shape()
        if isinstance(node, nodes.CondExpr):
            self._expression(node.test, scope)
            first = self._expression(node.expr1, scope)
            if node.expr2 is not None:
                self._expression(node.expr2, scope)
            return first
        if isinstance(node, nodes.Test) and node.name in ("defined", "undefined"):
            return Shape()
        self._several(node.iter_child_nodes(), scope)
        if isinstance(node, nodes.List | nodes.Tuple):
            return Shape(items=self._expression(node.items[0], scope) if node.items else None)
        return Shape()

    def _name(self, node: nodes.Name, scope: dict[str, Shape]) -> Shape:
        if node.name in scope:
            return scope[node.name]
        if node.name in self.context.fields:
            self._use(self.context.fields[node.name], node.lineno)
            return self.context.fields[node.name]
        if node.name != "range":
            self._add(node.name, node.lineno, self._near(node.name, [*scope, *self.context.fields]))
        return Shape()

    def _field(self, node: nodes.Expr, base: nodes.Expr, name: str, scope: dict[str, Shape]) -> Shape:
        holder = self._expression(base, scope)
        path = _path(node)
        if name in holder.fields:
            self._use(holder.fields[name], node.lineno)
            return holder.fields[name]
        if holder.known:
            start = path.rpartition(".")[0]
            near = tuple(f"{start}.{item}" for item in closest(name, holder.fields))
            self._add(path, node.lineno, near)
        return Shape()

    def _use(self, held: Shape, line: int) -> None:
        if held.path:
            self.used.setdefault(held.path, line)

    def _near(self, name: str, known: list[str]) -> tuple[str, ...]:
        if len(self.unknown) > _MOST_ASKED:
            return ()
        inside = [
            f"{holder}.{name}"
            for holder, held in self.context.fields.items()
            if name in held.fields and len(held.fields) < 40
        ]
        return (*inside[:2], *closest(name, known))[:3]

    def _add(self, name: str, line: int, near: tuple[str, ...]) -> None:
        if (name, line) not in self._told:
            self._told.add((name, line))
            self.unknown.append(Unknown(name, line, near))


def _path(node: nodes.Node) -> str:
    """The field as a template writes it, from its first name on."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_path(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return f"{_path(node.node)}.{node.arg.value}"
    return "…"
