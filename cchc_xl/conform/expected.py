"""What the plan expects in a workbook, looked up many times per file: an :class:`Edition` comes in, look-ups go out."""

from __future__ import annotations

from dataclasses import dataclass

from cchc_xl.forms import fingerprint
from cchc_xl.plan.register import Register
from cchc_xl.records import Edition, Measure, Node
from cchc_xl.text.words import key


@dataclass(frozen=True, slots=True)
class Expected:
    """Look-ups over one edition. Built once per run; it pickles, so that other processes may use it."""

    edition: Edition
    register: Register
    fingerprint: str
    codes: frozenset[str]
    names: dict[str, tuple[str, ...]]
    leaves: dict[str, Node]
    measures: dict[str, Measure]
    entered: dict[str, tuple[Measure, ...]]
    headings: dict[str, str]

    @classmethod
    def of(cls, edition: Edition) -> Expected:
        """The look-ups of this edition."""
        names: dict[str, tuple[str, ...]] = {}
        pairs = [(node.criterion.code, node.criterion.name) for node in edition.nodes]
        pairs += [(row.code, row.name) for row in edition.plan.appendix]
        for code, name in dict.fromkeys(pairs):
            if code not in names.get(key(name), ()):
                names[key(name)] = (*names.get(key(name), ()), code)
        measures = edition.plan.measures
        return cls(
            edition=edition,
            register=Register(edition.plan.units),
            fingerprint=fingerprint(edition),
            codes=frozenset(code for code, _ in pairs),
            names=names,
            leaves={node.criterion.code: node for node in edition.leaves},
            measures={key(measure.code): measure for measure in measures},
            entered={
                unit.code: tuple(item for item in measures if unit.code in item.units) for unit in edition.plan.units
            },
            headings={key(period.name): period.code for period in edition.plan.periods},
        )

    def measure(self, text: str) -> Measure | None:
        """The figure of this code, by match key; None if the plan has none."""
        return self.measures.get(key(text)) if text else None
