"""The names a template may use: contexts of real results come in, their shape and the look for unknown names go out.

Where a shape is not known (an empty list, a number), nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes

from cchc_xl.office.word.reasons import meant_by_telex
from cchc_xl.office.word.sandbox import LOOP_FIELDS, declared
from cchc_xl.text.words import closest

# Mappings whose keys come from the plan, not from us.
_OPEN = frozenset(("measures", "unit_names", "comparison", "charts", "chart_numbers"))
_MOST_ASKED = 50  # unknown names for which is looked up what was meant
_SAME_ITEMS = frozenset(("list", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "unique"))
_ONE_ITEM = frozenset(("first", "last", "max", "min"))


@dataclass(slots=True, eq=False)
class Shape:
    """What a value holds: the fields of a record, the items of a list; ``known`` is false where nothing is claimed.

    ``path`` says where in the context it stands: ``index.percent``, ``criteria_rows[].name``.
    """

    path: str = ""
    known: bool = False
    fields: dict[str, Shape] = field(default_factory=dict)
    items: Shape | None = None


def shape(values: Iterable[Any], path: str = "") -> Shape:
    """The shape that all the values share.

    >>> made = shape([{"a": 1}, {"b": [{"c": None}]}])
    >>> sorted(made.fields), made.fields["b"].items.fields["c"].path
    (['a', 'b'], 'b[].c')
    """
    records: list[Mapping[str, Any]] = []
    lists, others = [], 0
    for value in values:
        names = declared(value)
        if names or isinstance(value, Mapping):
            records.append({name: getattr(value, name) for name in sorted(names)} if names else value)
        elif isinstance(value, list | tuple):
            lists.append(value)
        elif value is not None:
            others += 1
    if lists and not records and not others:
        return Shape(path, items=shape((item for value in lists for item in value), f"{path}[]"))
    if not records or lists or others:
        return Shape(path, known=bool(others) and not records and not lists)
    own: dict[str, list[Any]] = {}
    for record in records:
        for name, value in record.items():
            own.setdefault(name, []).append(value)
    fields = {}
    for name, kept in own.items():
        inner = f"{path}.{name}" if path else name
        fields[name] = Shape(inner) if name in _OPEN or any(map(callable, kept)) else shape(kept, inner)
    return Shape(path, known=True, fields=fields)


class Names:
    """The look through one syntax tree: the lines that use a field, and for each unknown name what it may mean."""

    def __init__(self, context: Shape) -> None:
        self.context = context
        self.unknown: dict[tuple[str, int], tuple[str, ...]] = {}
        self.used: dict[str, int] = {}
        self._loop = Shape(known=True, fields={name: Shape() for name in LOOP_FIELDS})

    def look(self, tree: nodes.Template) -> None:
        """Collects the unknown names of the tree in ``unknown`` and all paths of fields it uses in ``used``."""
        self._several(tree.body, {})

    def _several(self, found: Iterable[nodes.Node], scope: dict[str, Shape]) -> None:
        for node in found:
            self._visit(node, scope)

    def _visit(self, node: nodes.Node, scope: dict[str, Shape]) -> Shape:
        """Looks through a statement, which may add to the scope, or an expression; gives what the value holds."""
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
            case _:
                return self._value(node, scope)
        return Shape()

    def _value(self, node: nodes.Node, scope: dict[str, Shape]) -> Shape:
        """Looks through an expression: what its value holds."""
        match node:
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
                unknown = dict(self.unknown)
                holder = self._visit(held, scope)
                if asks:  # the name may be missing, but it is used
                    self.unknown = unknown
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
        top = self.context.fields
        if node.name in top:
            return self._use(top[node.name], node.lineno)
        if node.name != "range":
            near: tuple[str, ...] = ()
            if len(self.unknown) <= _MOST_ASKED:
                holders = (name for name, held in top.items() if node.name in held.fields and len(held.fields) < 40)
                inside = [f"{holder}.{node.name}" for holder in holders]
                typed = meant_by_telex(node.name, [*scope, *top])
                near = (*typed, *inside[:2], *closest(node.name, [*scope, *top]))[:3]
            self.unknown.setdefault((node.name, node.lineno), near)
        return Shape()

    def _field(self, node: nodes.Getattr | nodes.Getitem, name: str, scope: dict[str, Shape]) -> Shape:
        holder = self._visit(node.node, scope)
        if name in holder.fields:
            return self._use(holder.fields[name], node.lineno)
        if holder.known:
            path = _path(node)
            start = path.rpartition(".")[0]
            meant = dict.fromkeys((*meant_by_telex(name, holder.fields), *closest(name, holder.fields)))
            near = tuple(f"{start}.{item}" for item in meant)
            self.unknown.setdefault((path, node.lineno), near)
        return Shape()

    def _use(self, held: Shape, line: int) -> Shape:
        if held.path:
            self.used.setdefault(held.path, line)
        return held


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
