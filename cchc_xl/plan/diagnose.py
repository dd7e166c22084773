"""Checks across the sheets of a plan: a :class:`Plan` comes in, the same plan with findings and unsound codes goes out.

Each check is one small function from the plan to findings; adding a check is writing one and naming it in ``CHECKS``.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from cchc_xl.forms import TASK_FIGURES
from cchc_xl.plan.bands import band_findings
from cchc_xl.plan.edition import in_force, parts
from cchc_xl.plan.reach import reach_findings
from cchc_xl.plan.told import Columns, told
from cchc_xl.records import (
    FIGURE_METHODS,
    GROUP_METHODS,
    REPORTED_METHODS,
    CellRef,
    Criterion,
    Edition,
    Finding,
    Kind,
    Measure,
    Method,
    Node,
    Plan,
    Quotient,
)
from cchc_xl.text.catalogue import finding
from cchc_xl.text.numbers import vietnamese
from cchc_xl.text.words import key

_RATIO_NEEDS_DENOMINATOR = frozenset({Method.RATIO})
Editions = tuple[Edition, ...]


def diagnosed(plan: Plan, columns: Columns) -> Plan:
    """The plan with the findings of every check at their cells, and the criteria that an error makes unscorable."""
    editions = tuple(in_force(plan, period) for period in plan.periods)
    found = list(plan.findings)
    for check in CHECKS:
        found.extend(check(plan, editions))
    return replace(plan, findings=told(found, columns), unsound=_unsound(plan, editions, found))


def _unsound(plan: Plan, editions: Editions, found: list[Finding]) -> frozenset[str]:
    """The criteria that an error concerns: its own, those that use its figure, the leaves under its appendix row."""
    users: dict[str, set[str]] = {}
    for criterion in plan.criteria:
        for code in criterion.figures.codes if criterion.figures else ():
            users.setdefault(code, set()).add(criterion.code)
    appendix_sheet = plan.appendix[0].at.sheet if plan.appendix else None
    unsound = set(plan.unsound)
    rows: set[str] = set()
    for item in found:
        if item.severity != "error" or not item.criterion:
            continue
        if item.criterion.startswith("@"):
            unsound |= users.get(item.criterion.removeprefix("@"), set())
        elif item.at and item.at.sheet == appendix_sheet:
            rows.add(item.criterion)
        else:
            unsound.add(item.criterion)
    leaves = (node for edition in editions for node in edition.leaves)
    return frozenset(unsound | {node.criterion.code for node in leaves if node.appendix and node.appendix.code in rows})


def _codes_once(plan: Plan, _: Editions) -> Iterator[Finding]:
    """One code twice in force, in every sheet that has codes."""
    sheets: tuple[tuple[tuple[object, str, CellRef | None, str | None], ...], ...] = (
        tuple((unit.code.casefold(), unit.code, unit.at, None) for unit in plan.units),
        tuple((period.code.casefold(), period.code, period.at, None) for period in plan.periods),
        tuple((parts(row.code), row.code, row.at, row.code) for row in plan.appendix),
        tuple(((parts(item.code), item.effective_from), item.code, item.at, item.code) for item in plan.criteria),
        tuple((item.code.casefold(), item.code, item.at, f"@{item.code}") for item in plan.measures),
    )
    for rows in sheets:
        counts = Counter(same for same, *_ in rows)
        for same, code, at, criterion in rows:
            if counts[same] > 1:
                yield finding("P109", at, criterion=criterion, text=code)


def _names_of_units(plan: Plan, _: Editions) -> Iterator[Finding]:
    owners: dict[str, str] = {}
    for unit in plan.units:
        for name in (unit.code, unit.name, *unit.aliases):
            owner = owners.setdefault(key(name), unit.code)
            if owner != unit.code:
                yield finding("P129", unit.at, text=name, first=owner, second=unit.code)


def _criteria_rows(plan: Plan, editions: Editions) -> Iterator[Finding]:
    """What a row of ``Bộ chỉ số`` needs for its method."""
    groups = {node.criterion.at for edition in editions for node in edition.nodes if node.children}
    known = {measure.code for measure in plan.measures}
    for item in plan.criteria:
        if not item.name:
            yield finding("P121", item.at, heading="Tiêu chí")
        is_group = item.at in groups
        if item.method is not None and is_group != (item.method in GROUP_METHODS):
            yield finding("P123", item.at, criterion=item.code, text=item.code, method=item.method)
        if item.max_score is None and not is_group:
            yield finding("P121", item.at, criterion=item.code, heading="Điểm tối đa")
        if item.max_score is not None and item.max_score < 0 and not _in_bonus(item, plan):
            yield finding("P133", item.at, criterion=item.code, text=vietnamese(item.max_score))
        if item.method in FIGURE_METHODS and not is_group:
            yield from _figure_needs(item)
        yield from _unknown_figures(item.figures, known, item.at, item.code)


def _in_bonus(item: Criterion, plan: Plan) -> bool:
    bonus = {parts(other.code) for other in plan.criteria if other.method is Method.BONUS}
    own = parts(item.code)
    return any(own[: len(code)] == code for code in bonus)


def _figure_needs(item: Criterion) -> Iterator[Finding]:
    if item.figures is None:
        yield finding("P122", item.at, criterion=item.code, method=item.method, need="cột “Số liệu”")
    elif item.method in _RATIO_NEEDS_DENOMINATOR and not item.figures.denominator:
        yield finding("P122", item.at, criterion=item.code, method=item.method, need="mẫu số (A / B) ở cột “Số liệu”")


def _unknown_figures(
    quotient: Quotient | None, known: set[str], at: CellRef, criterion: str | None
) -> Iterator[Finding]:
    for code in quotient.codes if quotient else ():
        if code not in known:
            close = difflib.get_close_matches(code, known, n=3) or ["–"]
            yield finding("P112", at, criterion=criterion, text=code, suggestions="; ".join(close))


def _constraints(plan: Plan, _: Editions) -> Iterator[Finding]:
    known = {measure.code for measure in plan.measures}
    for item in plan.constraints:
        for side in (item.left, item.right):
            yield from _unknown_figures(side, known, item.at, None)


def _bands(plan: Plan, editions: Editions) -> Iterator[Finding]:
    percent = {measure.code for measure in plan.measures if measure.kind is Kind.PERCENT}
    for edition in editions:
        for node in edition.nodes:
            figures = node.criterion.figures
            is_percent = bool(figures and (figures.denominator or set(figures.codes) <= percent))
            yield from band_findings(node, is_percent=is_percent)
            yield from reach_findings(node)
            if figures and not is_percent and _needs_percent(node):
                yield finding("P217", node.criterion.at, text=str(figures))
    codes = {item.code for item in plan.criteria}
    for band in plan.bands:
        if band.code not in codes:
            close = "; ".join(difflib.get_close_matches(band.code, codes, n=3)) or "–"
            yield finding("P124", band.at, text=band.code, suggestions=close)


def _needs_percent(node: Node) -> bool:
    linear = any(band.outcome.form == "linear" for band in node.bands)
    return node.criterion.method is Method.SURVEY or (node.criterion.method is Method.BAND and linear)


def _sums(plan: Plan, editions: Editions) -> Iterator[Finding]:
    """Children that do not sum to a stated maximum, and a total other than 100."""
    for edition in editions:
        nodes = {node.criterion.code: node for node in edition.nodes}
        for node in edition.nodes:
            item = node.criterion
            if item.method is not Method.SUM or item.max_score is None or not node.children:
                continue
            own = [nodes[code] for code in node.children]
            total = sum((child.max_score for child in own if child.criterion.method is not Method.BONUS), Decimal(0))
            if total != item.max_score:
                yield finding(
                    "P202", item.at, code=item.code, total=vietnamese(total), stated=vietnamese(item.max_score)
                )
        top = [node for node in edition.nodes if node.parent is None and node.criterion.method is not Method.BONUS]
        total = sum((node.max_score for node in top), Decimal(0))
        if top and total != 100:
            yield finding("P206", CellRef(plan.file, top[0].criterion.at.sheet), total=vietnamese(total))


def _figures(plan: Plan, _: Editions) -> Iterator[Finding]:
    """Figures nobody enters or uses, and criteria they name that do not exist."""
    used = {code for item in plan.criteria if item.figures for code in item.figures.codes}
    used |= {code for item in plan.constraints for side in (item.left, item.right) for code in side.codes}
    codes = {item.code for item in plan.criteria} | {row.code for row in plan.appendix}
    for measure in plan.measures:
        if not measure.units:
            yield finding("P203", measure.at, text=measure.code)
        if measure.kind is Kind.PERCENT and measure.combine == "tổng" and len(measure.units) > 1:
            yield finding("P216", measure.at, text=measure.code, count=str(len(measure.units)))
        if measure.code not in used and not _listed(measure):
            yield finding("P204", measure.at, text=measure.code)
        for code in measure.criteria:
            if code not in codes:
                close = "; ".join(difflib.get_close_matches(code, codes, n=3)) or "–"
                yield finding("P130", measure.at, text=code, suggestions=close)


def _listed(measure: Measure) -> bool:
    """Task counts and figures that name their criterion are there to be shown, not only to be scored."""
    return measure.code in TASK_FIGURES or bool(measure.criteria)


def _appendix(plan: Plan, editions: Editions) -> Iterator[Finding]:
    """Codes and names that disagree between the appendix and the criteria, and leaves that nobody leads."""
    rows = {row.code: row for row in plan.appendix}
    criteria = {item.code: item for item in plan.criteria}
    names = {key(row.name): row.code for row in plan.appendix}
    for item in plan.criteria:
        row = rows.get(item.code)
        if row is not None and key(row.name) != key(item.name):
            yield finding("P210", item.at, text=item.code, first=item.name, second=row.name)
        other = names.get(key(item.name))
        if row is None and other is not None:
            yield finding("P207", item.at, text=item.name, first=item.code, second=other)
    for row in plan.appendix:
        if row.code not in criteria:
            yield finding("P211", row.at, text=row.code)
    for edition in editions:
        for node in edition.leaves:
            if not node.lead and node.criterion.method in REPORTED_METHODS:
                yield finding("P212", node.criterion.at, text=node.criterion.code)


def _units_without_rows(plan: Plan, _: Editions) -> Iterator[Finding]:
    busy = {code for row in plan.appendix for code in row.lead + row.cooperating}
    busy |= {code for measure in plan.measures for code in measure.units}
    for unit in plan.units:
        if unit.reports and unit.code not in busy:
            yield finding("P205", unit.at, text=unit.name)


CHECKS = (
    _codes_once,
    _names_of_units,
    _criteria_rows,
    _constraints,
    _bands,
    _sums,
    _figures,
    _appendix,
    _units_without_rows,
)
