"""Which rows stand in a unit's appendix: the plan in force and a unit come in, :class:`FormRow` records go out."""

from __future__ import annotations

from dataclasses import dataclass

from cchc_xl.plan.edition import parts
from cchc_xl.records import AppendixRow, Edition, Node


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of a unit's appendix: ``node`` is the leaf it reports on, None for rows that are only read."""

    code: str
    name: str
    appendix: AppendixRow | None
    node: Node | None
    cooperates: bool = False


def form_rows(edition: Edition, unit: str) -> tuple[FormRow, ...]:
    """The rows of a unit's appendix: fields and what it leads, with every leaf, then what it cooperates in."""
    led: dict[str, FormRow] = {}
    helped: dict[str, FormRow] = {}
    nodes = {node.criterion.code: node for node in edition.nodes}
    for row in edition.plan.appendix:
        if unit in row.lead:
            for above in _ancestors(row.code, nodes):
                led.setdefault(above.criterion.code, FormRow(above.criterion.code, above.criterion.name, None, None))
            led[row.code] = FormRow(row.code, row.name, row, _leaf(nodes.get(row.code)))
            for node in _below(row, edition):
                led[node.criterion.code] = FormRow(node.criterion.code, node.criterion.name, row, _leaf(node))
        elif unit in row.cooperating:
            helped[row.code] = FormRow(row.code, row.name, row, None, cooperates=True)
    return (*led.values(), *helped.values())


def _ancestors(code: str, nodes: dict[str, Node]) -> list[Node]:
    whole = parts(code)
    found = [
        node
        for name, node in nodes.items()
        if len(parts(name)) < len(whole) and whole[: len(parts(name))] == parts(name)
    ]
    return sorted(found, key=lambda node: node.level)


def _below(row: AppendixRow, edition: Edition) -> list[Node]:
    return [
        node
        for node in edition.nodes
        if node.appendix is not None and node.appendix.code == row.code != node.criterion.code
    ]


def _leaf(node: Node | None) -> Node | None:
    return node if node is not None and not node.children else None
