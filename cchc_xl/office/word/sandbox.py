"""Where templates run: nothing comes in but the names of the context, nothing goes out but text, in bounded work.

A template may name the fields of the context, the listed filters, conditions and loops over what the context holds. No
attribute, method, function or statement beyond that exists for it, and the work it may ask for is counted.

By list, not by prohibition: whatever is not here does not exist for a template.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from functools import cache, wraps
from types import CodeType
from typing import Any, cast

from jinja2 import StrictUndefined, Template, Undefined, nodes, pass_eval_context
from jinja2.exceptions import SecurityError
from jinja2.filters import sync_do_join
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import SandboxedEnvironment

from cchc_xl.text.numbers import build, number_vi

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
# What no template may ask for, in a template's own words.
_FORBIDDEN: dict[type[nodes.Node], str] = {
    nodes.Macro: "lệnh macro",
    nodes.CallBlock: "lệnh call",
    nodes.Import: "lệnh import",
    nodes.FromImport: "lệnh from … import",
    nodes.Include: "lệnh include",
    nodes.Extends: "lệnh extends",
    nodes.Block: "lệnh block",
    nodes.ScopedEvalContextModifier: "lệnh autoescape",
    nodes.EvalContextModifier: "lệnh autoescape",
    nodes.ExprStmt: "lệnh do",
    nodes.NSRef: "lệnh namespace",
    # Filters would see the escaped text of a block, not the text.
    nodes.AssignBlock: "lệnh set … endset",
    nodes.FilterBlock: "lệnh filter … endfilter",
    nodes.Pow: "phép lũy thừa **",
}


def not_allowed(node: nodes.Node, known_filters: Mapping[str, Any]) -> str | None:
    """What a piece of a template asks for that does not exist for it, in the template's own words; None if nothing.

    >>> not_allowed(nodes.Getattr(nodes.Name("a", "load"), "__class__", "load"), {})
    '.__class__'
    """
    match node:
        case nodes.For(recursive=True):
            return "lệnh for … recursive"
        case nodes.Getattr(attr=name) if name.startswith("_"):
            return f".{name}"
        case nodes.Getitem(arg=nodes.Const(value=name)) if str(name).startswith("_"):
            return f"['{name}']"
        case nodes.Filter(name=name) if name not in known_filters or name.startswith("_"):
            return f"bộ lọc |{name}"
        case nodes.Name(name=name) if name.startswith("__"):
            return name
    return _FORBIDDEN.get(type(node))


def asked_names(tree: nodes.Template) -> frozenset[str]:
    """The names that a template asks for and does not set itself.

    >>> asked_names(SandboxedEnvironment().parse("{% for row in rows %}{{ loop.index }}{{ row }}{% endfor %}"))
    frozenset({'rows'})
    """
    names = list(tree.find_all(nodes.Name))
    own = {"range", "loop", *(name.name for name in names if name.ctx != "load")}
    return frozenset(name.name for name in names if name.ctx == "load" and name.name not in own)


def declared(obj: Any) -> frozenset[str]:
    """The names a template may ask of a value that is no mapping: fields and properties of our records, of loops."""
    return LOOP_FIELDS if isinstance(obj, LoopContext) else _declared(type(obj))  # type: ignore[arg-type]


@cache
def _declared(kind: Any) -> frozenset[str]:
    if dataclasses.is_dataclass(kind):
        own = {name for name, value in vars(kind).items() if isinstance(value, property)}
        return frozenset(own | {field.name for field in dataclasses.fields(kind)})
    return frozenset(getattr(kind, "_fields", ()) if issubclass(kind, tuple) else ())


class NotAllowedError(SecurityError):
    """A template asks for what it may not have; the text names it."""


def _noting(outcome: Callable[[Noted], Any]) -> Any:
    """A method that notes the name and gives the outcome instead of raising."""

    def noted(self: Noted, *_: object, **__: object) -> Any:
        if issubclass(self._undefined_exception, SecurityError):
            raise NotAllowedError(f".{self._undefined_name}")
        if self._undefined_name is not None and str(self._undefined_name) not in self.names:
            self.names.append(str(self._undefined_name))
        return outcome(self)

    return noted


class Noted(StrictUndefined):
    """A name that does not exist: noted instead of raised, so that all of them can be told at once."""

    __slots__ = ()
    names: list[str]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self()

    __str__ = _noting(lambda _: "")
    __iter__ = _noting(lambda _: iter(()))
    __hash__ = __len__ = _noting(lambda _: 0)
    __bool__ = __contains__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _noting(lambda _: False)
    __call__ = __getitem__ = __neg__ = __add__ = __radd__ = __sub__ = __rsub__ = _noting(lambda noted: noted)
    __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __mod__ = __rmod__ = __call__


# Letters that one filling may write, and steps of loops that write nothing: far above any report, far below harm.
MAX_LETTERS = 150_000_000
_STEP_COST = 50
_ITEM_COST = 60  # of looking at an item of a list once: sorting, comparing, searching, copying
_NODE_COST = 5  # of each operation that a step of a loop consists of
MAX_TEXT = 400_000
MAX_ITEMS = 100_000
MAX_RANGE = 1_000
_MAX_NUMBER = 10**30
_TEXT_FILTERS = ("capitalize", "lower", "replace", "string", "title", "trim", "upper")
_PLAIN = frozenset((int, float, bool, Decimal, type(None)))
_SCALARS = (str, int, float, Decimal, Undefined, type(None))
_MOST_COMPILED = 64
_COMPILED: dict[str, tuple[CodeType, bool]] = {}


class Sandbox(SandboxedEnvironment):
    """The environment of one filling; ``missing`` collects the names that do not exist.

    ``asks`` is whether a template has asked for anything of its context: one that does not shows no figure.
    """

    intercepted_binops = frozenset(("+", "-", "*", "/", "//", "%", "**"))

    def __init__(self, places: int) -> None:
        """``places`` is the plan's count of decimals."""
        self.missing: list[str] = []
        self.asks = False
        self._asks = False
        self._places = places

        class Own(Noted):
            names = self.missing

        super().__init__(autoescape=True, undefined=Own, finalize=self._written, optimized=False)
        self.globals = {"range": _bounded_range}
        self.filters = {
            **{name: call for name, call in self.filters.items() if name in JINJA_FILTERS},
            **build(places),
            "replace": _replace,
            "join": _join,
            "sum": _sum,
            "_steps": self._steps,
            "_short": self._short,
            "_paid": self._paid,
        }
        self.filters |= {name: _of_text(name, self.filters[name]) for name in _TEXT_FILTERS}
        self._left = MAX_LETTERS

    def from_string(self, source: str, *_: Any, **__: Any) -> Template:  # type: ignore[override]
        """The template of a source; one that was compiled before, for another unit's letter say, is not compiled again.

        The code holds no value of an environment: filters, names and the count of work are looked up when it runs.
        """
        if source not in _COMPILED:
            if len(_COMPILED) >= _MOST_COMPILED:
                _COMPILED.clear()
            code = self.compile(source)
            _COMPILED[source] = code, self._asks
        code, asks = _COMPILED[source]
        self.asks = self.asks or asks
        return self.template_class.from_code(self, code, self.make_globals(None), None)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        try:
            tree = super()._parse(source, name, filename)
        except ValueError as error:  # Python reads no number of more than 4,300 digits
            raise NotAllowedError("số quá dài") from error
        self._asks = bool(asked_names(tree))
        self._bound(tree)
        return tree

    def _bound(self, node: nodes.Node) -> int:
        """Refuses what does not exist for a template and binds what takes work; how many letters a pass writes."""
        told = not_allowed(node, self.filters)
        if told is not None:
            raise NotAllowedError(told)
        if isinstance(node, nodes.TemplateData):
            return len(node.data)
        if isinstance(node, nodes.Const) and isinstance(node.value, int) and abs(node.value) > _MAX_NUMBER:
            raise NotAllowedError("số quá lớn")
        letters = _NODE_COST + sum(map(self._bound, node.iter_child_nodes()))
        if isinstance(node, nodes.For):
            node.iter = _filtered(node.iter, "_steps", nodes.Const(letters))
        elif isinstance(node, nodes.Filter | nodes.Test) and node.node is not None:
            node.node = _filtered(node.node, "_paid")
            node.args = [_filtered(item, "_paid") for item in node.args]
        elif isinstance(node, nodes.Compare):
            node.expr = _filtered(node.expr, "_paid")
            for operand in node.ops:
                operand.expr = _filtered(operand.expr, "_paid")
        elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Slice):
            node.node = _filtered(node.node, "_paid")  # jinja2 cuts without asking the environment
        elif isinstance(node, nodes.Assign):
            node.node = _filtered(node.node, "_short")
        elif isinstance(node, nodes.Concat):
            node.nodes = [_filtered(item, "_short") for item in node.nodes]
        return letters

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A declared field of what the context holds, and nothing else."""
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        hidden = attribute.startswith("_")
        if isinstance(obj, Undefined):
            return self.unsafe_undefined(obj, attribute) if hidden else obj
        if attribute in declared(obj):
            return getattr(obj, attribute)
        exists = hidden or hasattr(obj, attribute)
        return self.unsafe_undefined(obj, attribute) if exists else self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """An item of a list by number, or a declared field by name."""
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        with suppress(LookupError, ValueError):
            if isinstance(obj, Mapping) or (isinstance(obj, list | tuple | str) and isinstance(argument, int | slice)):
                return obj[argument]
        return self.undefined(obj=obj, name=str(argument))

    def call_filter(self, name: str, value: Any, args: Any = None, *rest: Any, **more: Any) -> Any:
        """A filter that another one (``map``) applies to each item: one of the listed, paid for like those written."""
        if name not in self.filters or name.startswith("_"):
            raise NotAllowedError(f"bộ lọc |{name}")
        self._paid([value, *(args or ())])
        return super().call_filter(name, value, args, *rest, **more)

    def call_test(self, name: str, value: Any, args: Any = None, *rest: Any, **more: Any) -> Any:
        """The same of a test."""
        self._paid([value, *(args or ())])
        return super().call_test(name, value, args, *rest, **more)

    def call(self, context: Context, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """A function of the context."""
        known = (_bounded_range, *(value for value in context.parent.values() if callable(value)))
        if isinstance(function, Undefined) or any(function is value for value in known):
            self._paid([*args, *kwargs.values()])
            return context.call(function, *args, **kwargs)
        raise NotAllowedError(f"lời gọi {getattr(function, '__name__', type(function).__name__)}(…)")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic on numbers, and short texts one after the other."""
        for side in (left, right):
            if isinstance(side, int) and abs(side) > _MAX_NUMBER:
                raise NotAllowedError(f"phép {operator} với số quá lớn")
        if isinstance(left, str | list | tuple) or isinstance(right, str | list | tuple):
            if operator != "+" or isinstance(left, Decimal | int | float) or isinstance(right, Decimal | int | float):
                raise NotAllowedError(f"phép {operator} trên chữ hoặc danh sách")
            self._short(left)
            self._short(right)
        return super().call_binop(context, operator, left, right)

    def _written(self, value: Any) -> Any:
        """Every value on its way into the document, as an office writes it; a list or a function is no text."""
        if isinstance(value, str):
            self._spend(len(value))
            return value
        if value is None or isinstance(value, Decimal):
            return number_vi(value, self._places)
        if isinstance(value, bool):
            return "có" if value else "không"
        if isinstance(value, int | float | Undefined):
            return value
        raise NotAllowedError("danh sách, bản ghi hoặc hàm ở chỗ phải là chữ")

    def _short(self, value: Any) -> Any:
        """A text or list that is kept or put together: it may not grow without end, and it is paid for."""
        if _size(value) > MAX_ITEMS or (isinstance(value, str) and len(value) > MAX_TEXT):
            raise NotAllowedError("chuỗi hoặc danh sách quá dài")
        return self._paid(value)

    def _paid(self, value: Any) -> Any:
        """What a filter, a test or a comparison works on: every letter and every item of it, in lists in lists too."""
        if isinstance(value, str):
            self._spend(len(value))
        elif isinstance(value, list | tuple | range | Mapping):
            waiting = [value]
            while waiting:
                items = waiting.pop()
                self._spend(_ITEM_COST * len(items))
                if not isinstance(items, range | Mapping) and not _PLAIN.issuperset(map(type, items)):
                    self._spend(sum(len(item) for item in items if isinstance(item, str)))
                    waiting += [item for item in items if isinstance(item, list | tuple | range)]
        self._spend(1)
        return value

    def _steps(self, items: Any, cost: int) -> Iterator[Any]:
        """The items of a loop, each paid for when it is taken."""
        for item in items:
            self._spend(cost + _STEP_COST)
            yield item

    def _spend(self, letters: int) -> None:
        self._left -= max(letters, 0)
        if self._left < 0:
            raise NotAllowedError("vòng lặp quá dài")


def _filtered(node: nodes.Node, name: str, *arguments: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(cast("nodes.Expr", node), name, list(arguments), [], None, None, lineno=node.lineno)


def _size(value: Any) -> int:
    """How many things a list holds, lists in lists with theirs; counted only until they are too many."""
    size, waiting = 0, [value]
    while waiting and size <= MAX_ITEMS:
        items = waiting.pop()
        if isinstance(items, list | tuple):
            size += len(items)
            waiting += items
    return size


def _bounded_range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > MAX_RANGE:
        raise NotAllowedError(f"range({', '.join(map(str, bounds))})")
    return numbers


def _replace(text: object, old: object, new: object) -> str:
    """``replace`` of jinja2, refused where the outcome would be too long."""
    whole, before, after = str(text), str(old), str(new)
    if whole.count(before) * len(after) > MAX_TEXT:
        raise NotAllowedError("bộ lọc |replace cho chuỗi quá dài")
    return whole.replace(before, after)


def _of_text(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """A filter of texts, which would write out a list or a record as Python does."""

    @wraps(call)  # with the marks by which jinja2 knows what else it is given
    def checked(*args: Any, **kwargs: Any) -> Any:
        given = args[1] if hasattr(call, "jinja_pass_arg") else args[0]
        if not isinstance(given, _SCALARS):
            raise NotAllowedError(f"bộ lọc |{name} trên danh sách hoặc bản ghi")
        return call(*args, **kwargs)

    return checked


def _is_number(value: object) -> bool:
    return isinstance(value, Decimal | int | float)


def _sum(value: Iterable[Any], attribute: str | None = None, start: Decimal | float = 0) -> Any:
    """``sum`` of jinja2 for numbers: it would also join lists, each time all over again."""
    total: Any = start
    for item in value:
        held = item
        for name in attribute.split(".") if attribute else ():
            held = held[name] if isinstance(held, Mapping) else getattr(held, name) if name in declared(held) else None
        if not (_is_number(held) and _is_number(total)):
            raise NotAllowedError("bộ lọc |sum trên những gì không phải là số")
        total += held
    return total


@pass_eval_context
def _join(eval_context: EvalContext, value: Iterable[Any], between: str = "", attribute: Any = None) -> Any:
    """``join`` of jinja2, refused where the outcome would be too long."""
    items = list(value)
    if sum(len(str(item)) + len(between) for item in items) > MAX_TEXT:
        raise NotAllowedError("bộ lọc |join cho chuỗi quá dài")
    return sync_do_join(eval_context, items, between, attribute)
