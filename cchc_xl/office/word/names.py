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

    def _visit(self, node: nodes.Node, scope: dict[str, Shape]) -> Shape:
        """Looks through a statement, which may add to the scope, or an expression: what its value holds."""
        match node:
            case nodes.For():
                items = self._visit(node.iter, scope).items or Shape()
                inner = {**scope, **_targets(node.target, items), "loop": self._loop}
                self._several([node.test] if node.test else [], inner)
                self._several(node.body, inner)
                self._several(node.else_, dict(scope))
            case nodes.If():
                self._visit(node.test, scope)
                # A name set in a branch stays; whether it was set cannot be told here.
                tests = [node.test, *node.test.find_all(nodes.Test)]
                asked = [test.node for test in tests if isinstance(test, nodes.Test) and test.name == "defined"]
                names = {name.name: Shape() for name in asked if isinstance(name, nodes.Name)}
                self._several(node.body, {**scope, **names} if names else scope)
                self._several([*node.elif_, *node.else_], scope)
            case nodes.Assign():
                scope.update(_targets(node.target, self._visit(node.node, scope)))
            case nodes.AssignBlock():
                self._several(node.body, dict(scope))
                scope.update(_targets(node.target, Shape()))
            case nodes.With():
                inner = dict(scope)
                for target, value in zip(node.targets, node.values, strict=True):
                    inner.update(_targets(target, self._visit(value, scope)))
                self._several(node.body, inner)
            case nodes.Name():
                return self._name(node, scope)
            case nodes.Getattr(attr=name) | nodes.Getitem(arg=nodes.Const(value=str(name))):
                return self._field(node, name, scope)
            case nodes.Getitem():
                holder = self._visit(node.node, scope)
                self._visit(node.arg, scope)
                return holder.items or Shape()
            case nodes.Filter(node=nodes.Expr() as held):
                asks = node.name in {"default", "d"} and isinstance(held, nodes.Name | nodes.Getattr)
                holder = Shape() if asks else self._visit(held, scope)
                self._several([*node.args, *(item.value for item in node.kwargs)], scope)
                if node.name in _SAME_ITEMS:
                    return holder
                return (holder.items or Shape()) if node.name in _ONE_ITEM else Shape()
            case nodes.CondExpr():
                self._visit(node.test, scope)
                first = self._visit(node.expr1, scope)
                self._several([node.expr2] if node.expr2 else [], scope)
                return first
            case nodes.List() | nodes.Tuple():
                shapes = [self._visit(item, scope) for item in node.items]
                return Shape(items=shapes[0] if shapes else None)
            case nodes.Test(name="defined" | "undefined"):
                pass
            case _:
                self._several(node.iter_child_nodes(), scope)
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

    def _field(self, node: nodes.Getattr | nodes.Getitem, name: str, scope: dict[str, Shape]) -> Shape:
        holder = self._visit(node.node, scope)
        if name in holder.fields:
            self._use(holder.fields[name], node.lineno)
            return holder.fields[name]
        if holder.known:
            path = _path(node)
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


def _targets(target: nodes.Node, held: Shape) -> dict[str, Shape]:
    """The names that are set to a value; of several set at once nothing is known."""
    if isinstance(target, nodes.Name):
        return {target.name: held}
    return {name.name: Shape() for name in target.find_all(nodes.Name)}


def _path(node: nodes.Node) -> str:
    """The field as a template writes it, from its first name on."""
    match node:
        case nodes.Name(name=name):
            return name
        case nodes.Getattr(node=base, attr=name) | nodes.Getitem(node=base, arg=nodes.Const(value=name)):
            return f"{_path(base)}.{name}"
    return "…"
