"""A look over a Word template before it is used: its bytes and a shape come in, findings by paragraph go out.

What it finds is what filling in would stumble over, or would quietly do otherwise than its author meant. Which names
there are is read from the shape of contexts of real results: which fields a record has, what a list holds. Where that
is not known (an empty list, a number), nothing is claimed.

docxtpl writes a level into a statement: ``{%p if x %}`` rules paragraphs, ``{%tr …`` table rows, ``{%tc …`` cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from jinja2 import Environment, TemplateSyntaxError, nodes

from cchc_xl.office.word.file import (
    NotWordError,
    Paragraph,
    WordFile,
    cut_at_tags,
    dangers,
    open_template,
    paragraphs,
    plain_spaces,
)
from cchc_xl.office.word.sandbox import LOOP_FIELDS, Sandbox, declared, not_allowed
from cchc_xl.records import Finding, ParagraphRef
from cchc_xl.text.catalogue import finding, worst_first
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
        top = self.context.fields
        if node.name in top:
            return self._use(top[node.name], node.lineno)
        if node.name != "range":
            near: tuple[str, ...] = ()
            if len(self.unknown) <= _MOST_ASKED:
                holders = (name for name, held in top.items() if node.name in held.fields and len(held.fields) < 40)
                inside = [f"{holder}.{node.name}" for holder in holders]
                near = (*inside[:2], *closest(node.name, [*scope, *top]))[:3]
            self.unknown.setdefault((node.name, node.lineno), near)
        return Shape()

    def _field(self, node: nodes.Getattr | nodes.Getitem, name: str, scope: dict[str, Shape]) -> Shape:
        holder = self._visit(node.node, scope)
        if name in holder.fields:
            return self._use(holder.fields[name], node.lineno)
        if holder.known:
            path = _path(node)
            start = path.rpartition(".")[0]
            near = tuple(f"{start}.{item}" for item in closest(name, holder.fields))
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


_STATEMENT = re.compile(r"^\{%[-+]?(?P<level>tr|tc|p|r)?\s++(?P<word>\w++)(?P<rest>.*?)[-+]?%\}$", re.DOTALL)
_LEVEL = re.compile(r"^(\{[{%#][-+]?)(?:tr|tc|p|r)(?=\s)")
_OPENERS = frozenset(("for", "if", "with", "filter", "macro", "call", "block", "autoescape", "raw"))
_MIDDLES = {"else": ("if", "for"), "elif": ("if",)}
_HARMLESS = {
    "if": "{% if true %}", "elif": "{% elif true %}", "for": "{% for ignored in () %}", "with": "{% with %}",
    "set": "{% set ignored %}", "filter": "{% filter upper %}",
}  # fmt: skip
_MERGES = frozenset(("vm", "hm"))
_VALUES = frozenset(("colspan", "cellbg"))
_AROUND_VALUE = re.compile(r"^\{%\s*(?:colspan|cellbg)|%\}$")


class Tag(NamedTuple):
    """A tag of a paragraph: what it says to docxtpl and to jinja2.

    ``level`` is ``p``, ``tr``, ``tc``, ``r`` or '' for a tag inside a text, ``word`` the first word of a statement,
    ``opens`` the same if an end must follow; ``plain`` is the tag as jinja2 reads it.
    """

    paragraph: Paragraph
    text: str
    level: str
    word: str
    opens: str
    plain: str


def tags_of(paragraph: Paragraph) -> Iterator[Tag]:
    """The tags of a paragraph, in the spaces and quotes of jinja2."""
    for text in map(plain_spaces, paragraph.tags):
        statement, level = _STATEMENT.match(text), _LEVEL.match(text)
        word = statement["word"] if statement else ""
        if statement and word == "set":
            opens = "" if "=" in statement["rest"] else word
        else:
            opens = word if word in _OPENERS else ""
        plain = "" if word in _MERGES else _LEVEL.sub(r"\1", text).replace("\n", " ")
        if word in _VALUES:
            plain = "{{" + _AROUND_VALUE.sub("", plain) + "}}"
        yield Tag(paragraph, text, level[0].lstrip("{%#-+").strip() if level else "", word, opens, plain)


def paired(tags: Iterable[Tag]) -> tuple[list[Tag], list[tuple[str, Tag]], str]:
    """The tags that pair; the others, each with the code of its finding; and the ends that are lacking.

    A statement may have no end (``W104``), an end no statement (``W105``) or another level than its statement
    (``W106``).
    """
    kept: list[Tag] = []
    faults: list[tuple[str, Tag]] = []
    stack: list[Tag] = []
    for tag in tags:
        ends = (tag.word[3:],) if tag.word.startswith("end") else _MIDDLES.get(tag.word, ())
        if ends and (not stack or stack[-1].opens not in ends):
            faults.append(("W105", tag))
            continue
        if ends and stack[-1].level != tag.level:
            faults.append(("W106", tag))
        if tag.word.startswith("end"):
            stack.pop()
        elif tag.opens:
            stack.append(tag)
        kept.append(tag)
    faults += [("W104", tag) for tag in stack]
    return kept, faults, "".join(f"{{% end{tag.opens} %}}" for tag in reversed(stack))


def _harmless(tag: Tag) -> str:
    """What may stand in the place of a tag that does not parse, so that the rest can be looked at."""
    return _HARMLESS.get(tag.word if tag.word == "elif" else tag.opens, "")


Context = dict[str, Any]

_STRAY = re.compile(r"\{[{%#]|[}%#]\}|\{\s+[{%]|[%}]\s+\}|[｛｝]")
_QUOTED = 60
_MOST_NAMED, _MOST_UNKNOWN = 12, 200


def check(template: bytes, file: str, known: Shape) -> tuple[Finding, ...]:
    """Everything wrong with the template for contexts of this shape, worst first."""
    try:
        word = open_template(template)
        found = [finding("W110", ParagraphRef(file, part), what=told) for part, told in dangers(word)]
        return worst_first((*found, *_looked_over(template, file, known).findings))
    except NotWordError as error:
        return (finding("W101", ParagraphRef(file), reason=error),)


def lacking(template: bytes, standard: bytes, file: str, known: Shape) -> tuple[Finding, ...]:
    """The fields that the standard template shows and this one does not, each with the paragraph it would follow."""
    try:
        own, other = _looked_over(template, file, known), _looked_over(standard, "", known)
    except NotWordError:
        return ()
    missing = {path: place for path, place in other.used.items() if path not in own.used}
    if len(missing) * 2 > len(other.used):
        named = ", ".join(list(missing)[:_MOST_NAMED])
        return (finding("W301", ParagraphRef(file), count=len(missing), total=len(other.used), names=named),)
    texts = {paragraph.text: paragraph for paragraph in own.paragraphs}
    told = []
    for path, at in missing.items():
        if not any(path.startswith((f"{top}.", f"{top}[")) for top in missing):
            above = other.paragraphs[: other.paragraphs.index(at)]
            shared = [texts[item.text] for item in above if item.part == at.part and item.text in texts]
            place, number = (shared[-1].place, shared[-1].number) if shared else (at.place, 0)
            where = ParagraphRef(file, place, number)
            told.append(finding("W201", where, name=path, number=at.number, text=_short(at.text)))
    return tuple(told)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…"


class _Look:
    """The findings of a template, and the paths of the fields in use with the first paragraph of each."""

    def __init__(self, word: WordFile, file: str, known: Shape) -> None:
        self._file, self._known = file, known
        self._plain = Environment(autoescape=True)
        self._filters = {name: call for name, call in Sandbox(2).filters.items() if not name.startswith("_")}
        self.paragraphs = list(paragraphs(word))
        self.findings: list[Finding] = []
        self.used: dict[str, Paragraph] = {}
        sources: dict[str, list[Paragraph]] = {}  # what jinja2 sees as one: a part, or one property
        for paragraph in self.paragraphs:
            self._look_at(paragraph)
            if paragraph.filled and paragraph.tags:
                own = paragraph.part if paragraph.part.startswith("word/") else f"{paragraph.part}#{paragraph.number}"
                sources.setdefault(own, []).append(paragraph)
        for source in sources.values():
            self._look_through(source)
        # Tracked changes outside tags are filled in as if accepted.
        named = {paragraph.part for paragraph in self.paragraphs if paragraph.changed and paragraph.filled}
        changed = [name for name in word.changed() if name not in named]
        self.findings += [finding("W203", ParagraphRef(file, name)) for name in changed]

    def _tell(self, code: str, paragraph: Paragraph, **fields: str) -> None:
        place = ParagraphRef(self._file, paragraph.place, paragraph.number)
        told = {name: _short(text) if name in {"tag", "text"} else text for name, text in fields.items()}
        self.findings.append(finding(code, place, unit=None, criterion=None, **told))

    def _look_at(self, paragraph: Paragraph) -> None:
        if not paragraph.filled:
            for text in paragraph.tags:
                self._tell("W108", paragraph, tag=text)
            return
        if _STRAY.search("".join(cut_at_tags(paragraph.text)[::2])):
            self._tell("W103", paragraph, text=paragraph.text)
        plain, row = plain_spaces(paragraph.text), plain_spaces(paragraph.row_text or "")
        for tag in tags_of(paragraph):
            around = {"p": plain, "tc": plain, "tr": row}.get(tag.level, "")
            lost = around.replace(tag.text, "", 1).strip() or (paragraph.carries if tag.level else "")
            if tag.level in {"tr", "tc"} and paragraph.row_text is None:
                self._tell("W107", paragraph, tag=tag.text)
            elif lost and tag.level != "r":
                self._tell("W111", paragraph, tag=tag.text, text=lost)
        if paragraph.changed and paragraph.tags:
            self._tell("W202", paragraph, text=paragraph.text)

    def _look_through(self, source: list[Paragraph]) -> None:
        kept, faults, closing = paired(tag for paragraph in source for tag in tags_of(paragraph))
        for code, tag in faults:
            self._tell(code, tag.paragraph, tag=tag.text)
        lines = {paragraph.number: "" for paragraph in source}
        for tag in kept:
            problem = self._problem(tag)
            if problem:
                self._tell("W109", tag.paragraph, tag=tag.text, reason=problem)
            lines[tag.paragraph.number] += _harmless(tag) if problem else tag.plain
        names = Names(self._known)
        try:
            tree = self._plain.parse("\n".join(lines.values()) + closing)
            self._look_into(tree, source, names)
        except (TemplateSyntaxError, RecursionError, ValueError) as error:
            self._tell("W109", source[0], tag=source[0].place, reason=_reason(error))
        for path, line in names.used.items():
            self.used.setdefault(path, _at_line(source, line))

    def _problem(self, tag: Tag) -> str | None:
        """Why a tag must not stand so, or does not parse even if it is ended at once."""
        if re.search(r"^\{[{%]-|-[%}]\}$", tag.text):
            return "không dùng dấu “-” ở hai đầu thẻ"
        if tag.level and tag.text.startswith("{{"):
            return f"không dùng {{{{{tag.level} …}}}}"
        if tag.level and re.search(r"[%}]", tag.text[2:-2]):
            return "thẻ có p, tr, tc không được chứa dấu % hoặc }"
        if tag.word.startswith("end") or tag.word == "else":
            return None  # says nothing itself
        begun = tag.plain.replace("elif", "if", 1) if tag.word == "elif" else tag.plain
        opens = "if" if tag.word == "elif" else tag.opens
        try:
            self._plain.parse(begun + (f"{{% end{opens} %}}" if opens else ""))
        except (TemplateSyntaxError, RecursionError, ValueError) as error:
            return _reason(error)
        return None

    def _look_into(self, tree: nodes.Template, source: list[Paragraph], names: Names) -> None:
        """What is not allowed in a tree, and then the names it asks for."""
        told: set[tuple[str, int]] = set()
        stack: list[nodes.Node] = [tree]
        while stack:
            node = stack.pop()
            stack.extend(node.iter_child_nodes())
            asked = not_allowed(node, self._filters)
            if asked is None or (asked, node.lineno) in told:
                continue
            told.add((asked, node.lineno))
            at = _at_line(source, node.lineno)
            _, is_filter, name = asked.partition("bộ lọc |")
            if is_filter:
                meant = _meant(closest(name, self._filters, most=2))
                self._tell("W112", at, name=asked, text=at.text, near=meant)
            else:
                self._tell("W113", at, name=asked, text=at.text)
        names.look(tree)
        for (name, line), near in islice(names.unknown.items(), _MOST_UNKNOWN):
            at = _at_line(source, line)
            if all(not asked.endswith(name.rpartition(".")[2]) for asked, _ in told):
                self._tell("W102", at, name=name, text=at.text, near=_meant(near))


@lru_cache(8)
def _looked_over(template: bytes, file: str, known: Shape) -> _Look:
    """The same template is looked over once, the standard one above all."""
    return _Look(open_template(template), file, known)


def _at_line(source: list[Paragraph], line: int) -> Paragraph:
    return source[min(line, len(source)) - 1]


def _reason(error: Exception) -> str:
    if isinstance(error, TemplateSyntaxError):
        return str(error)
    return "lồng quá sâu" if isinstance(error, RecursionError) else "số quá dài"


def _meant(near: Iterable[str]) -> str:
    """The question what was meant, as the beginning of a remedy."""
    named = " hay ".join(f"“{item}”" for item in near)
    return f"Có phải là {named}? " if named else ""
