"""Rules that cannot give what they state: a node comes in, findings go out.

A deleted row or a changed number often leaves a rule that looks whole but can no longer reach its maximum, or never
gives anything else than 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cchc_xl.records import Band, Finding, Method, Node
from cchc_xl.rules import outcome_points, parameter
from cchc_xl.text.catalogue import finding
from cchc_xl.text.numbers import vietnamese

_FULL = Decimal(100)
_BY_ROW = frozenset({Method.LEVEL, Method.BAND})


def reach_findings(node: Node) -> Iterator[Finding]:
    """What the rows of this criterion cannot give."""
    method, maximum = node.criterion.method, node.max_score
    if method in _BY_ROW and node.bands and maximum > 0:
        if not any(_reaches(band, maximum) for band in node.bands):
            best = max((outcome_points(band.outcome, maximum) for band in node.bands), default=Decimal(0))
            yield finding(
                "P218", node.criterion.at, code=node.criterion.code, best=vietnamese(best), maximum=vietnamese(maximum)
            )
    elif method is Method.PER_ITEM and maximum > 0:
        each = next((band for band in node.bands if band.outcome.amount < 0 and band.level), None)
        if each is not None and (parameter(node.bands, "gốc", maximum) or Decimal(0)) <= 0:
            yield finding("P219", each.at, code=node.criterion.code)


def _reaches(band: Band, maximum: Decimal) -> bool:
    if band.outcome.form != "linear":
        return outcome_points(band.outcome, maximum) >= maximum
    return band.high is None or band.high > _FULL or (band.high == _FULL and band.high_included)
