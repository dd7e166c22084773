"""Checks across the sheets of a plan: a :class:`Plan` comes in, the same plan with findings and unsound codes goes out.

Each check is one small function from the plan to findings; adding a check is writing one and naming it in ``CHECKS``.

Two neighbouring intervals overlap if some figure lies in both, and leave a gap if some figure lies in neither.

A deleted row or a changed number often leaves a rule that looks whole but can no longer reach its maximum, or never
gives anything else than 0.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from cchc_xl.plan.agencies import check_agencies
from cchc_xl.plan.causes import told, twice
from cchc_xl.plan.cells import BLANK
from cchc_xl.plan.edition import form_code_key, in_force, parts
from cchc_xl.plan.expression import is_of_dates, last_year_terms, uncomparable, unscorable
from cchc_xl.plan.further_methods import places
from cchc_xl.plan.load import Columns
from cchc_xl.plan.marking import (
    INFINITY,
    FigureMethod,
    LeafMethod,
    Parameter,
    ReportedMethod,
    high_edge,
    low_edge,
    outcome_points,
)
from cchc_xl.plan.methods import scoring
from cchc_xl.plan.tree import Branch, CriteriaTree
from cchc_xl.plan.wording import FIELDS, slots, worded
from cchc_xl.records import Band, CellRef, Edition, Finding, Kind, Measure, Node, Plan
from cchc_xl.text.catalogue import finding
from cchc_xl.text.numbers import vietnamese
from cchc_xl.text.words import closest, key


def describe(band: Band) -> str:
    """The interval as an office writes it: ``từ 70 đến dưới 90``."""
    return _interval(band) or "mọi giá trị"


def _interval(band: Band) -> str:
    low = "" if band.low is None else f"{'từ' if band.low_included else 'trên'} {vietnamese(band.low)}"
    high = "" if band.high is None else f"{'đến' if band.high_included else 'dưới'} {vietnamese(band.high)}"
    if low and high and not band.high_included:
        high = f"đến {high}"
    return " ".join(filter(None, (low, high)))


def _band_findings(node: Node, *, is_percent: bool, is_change: bool) -> Iterator[Finding]:
    """What is wrong with the rows of this criterion, each at its cell, and what they cannot give.

    ``is_change``: the figure may well be below 0 and, in percent, above 100: days between two dates, a growth.
    """
    item, rule = node.criterion, scoring(node.criterion.method)
    method = item.method or ""
    if rule.scale in {"intervals", "levels", "places"} and not node.bands:
        yield finding("P122", item.at, criterion=item.code, method=method, need="dòng ở sheet “Thang điểm”")
    for band in node.bands:
        if rule.scale == "nothing":
            yield finding("P213", band.at, text=item.code, method=method)
        elif rule.scale != "places" and (misplaced := band.level if rule.scale == "intervals" else _interval(band)):
            yield finding("P214", band.at, text=misplaced, method=method)
    match rule.scale:
        case "intervals":
            yield from _intervals(
                node,
                floor=-INFINITY if is_change else _NOTHING,
                ceiling=_FULL if is_percent and not is_change else INFINITY,
            )
        case "levels":
            yield from _levels(node)
        case "parameters":
            yield from _parameters(node, rule.parameters)
        case "places":
            yield from _places(node, rule.parameters)
    idle = rule.idle_row(node.bands, node.max_score) if isinstance(rule, LeafMethod) else None
    if idle is not None and node.max_score > 0 and not is_change:
        yield finding("P219", idle.at, code=item.code)
    given = node.bands if rule.scale in {"levels", "intervals"} and node.max_score > 0 else ()
    if given and not any(_reaches(band, node.max_score) for band in given):
        best, maximum = max(outcome_points(band.outcome, node.max_score) for band in given), node.max_score
        yield finding("P218", item.at, code=item.code, best=vietnamese(best), maximum=vietnamese(maximum))


def _reaches(band: Band, maximum: Decimal) -> bool:
    if band.outcome.form == "linear":
        return high_edge(band) >= (_FULL, 1)
    return outcome_points(band.outcome, maximum) >= maximum


def _above_maximum(node: Node, band: Band, *, may_be_negative: bool = False) -> Iterator[Finding]:
    amount, is_share = band.outcome.amount, band.outcome.form == "share"
    low, high = sorted((Decimal(0), _FULL if is_share else node.max_score))
    if amount > high or (amount < low and not may_be_negative):
        shown = f"{vietnamese(amount)}{'%' if is_share else ''}"
        yield finding("P115", band.at, criterion=node.criterion.code, text=shown, maximum=vietnamese(node.max_score))


def _intervals(node: Node, *, floor: Decimal, ceiling: Decimal) -> Iterator[Finding]:
    code, held = node.criterion.code, []
    for band in node.bands:
        yield from _above_maximum(node, band)
        if low_edge(band) < high_edge(band):
            held.append(band)
        else:
            yield finding("P126", band.at, criterion=code, text=describe(band))
    held.sort(key=low_edge)
    highest = list(accumulate(held, _farther))
    for before, after in zip(highest, held[1:], strict=False):
        if high_edge(before) != low_edge(after):
            overlap = high_edge(before) > low_edge(after)
            first, second = describe(before), describe(after)
            yield finding("P114" if overlap else "P201", after.at, criterion=code, first=first, second=second)
    if held and low_edge(held[0]) > (floor, 0):
        yield finding("P215", held[0].at, criterion=code, text=describe(held[0]), side="dưới")
    if highest and high_edge(highest[-1]) < (ceiling, 1):
        yield finding("P215", highest[-1].at, criterion=code, text=describe(highest[-1]), side="trên")


def _farther(first: Band, second: Band) -> Band:
    return max(first, second, key=high_edge)


def _levels(node: Node) -> Iterator[Finding]:
    code = node.criterion.code
    seen: dict[str, Band] = {}
    for band in node.bands:
        yield from _above_maximum(node, band)
        if not band.level or band.outcome.form == "linear":
            yield finding("P128", band.at, criterion=code, text=band.level or BLANK, choices="tên mức đạt và điểm")
        elif (before := seen.setdefault(key(band.level), band)) is not band:
            yield finding("P109", band.at, criterion=code, **twice(band.level, [("", before.at), ("", band.at)]))


def _places(node: Node, parameters: tuple[Parameter, ...]) -> Iterator[Finding]:
    """Rows of places: each place in one row, from the first to the last; and the parameters beside them."""
    code, spans = node.criterion.code, []
    names = {key(known.name) for known in parameters}
    beside = tuple(band for band in node.bands if key(band.level) in names)
    yield from _parameters(replace(node, bands=beside), parameters)
    for band in node.bands:
        span = places(band)
        if band in beside:
            continue
        if span is None or (band.level and _interval(band)) or band.outcome.form == "linear":
            text = " ".join(filter(None, (band.level, _interval(band)))) or BLANK
            yield finding("P140", band.at, criterion=code, text=text)
        else:
            spans.append((span, band))
            yield from _above_maximum(node, band)
    spans.sort(key=lambda item: item[0][0])
    for ((_, last), before), ((first, _), after) in pairwise(spans):
        if last is None or last >= first:
            yield finding("P114", after.at, criterion=code, first=_placed(before), second=_placed(after))
        elif last + 1 < first:
            yield finding("P201", after.at, criterion=code, first=_placed(before), second=_placed(after))
    if spans and spans[0][0][0] > 1:
        yield finding("P215", spans[0][1].at, criterion=code, text=_placed(spans[0][1]), side="dưới")
    if spans and all(last is not None for (_, last), _ in spans):
        yield finding("P215", spans[-1][1].at, criterion=code, text=_placed(spans[-1][1]), side="trên")


def _placed(band: Band) -> str:
    first, last = places(band) or (0, 0)
    return f"thứ {first}" if first == last else f"từ thứ {first}" + (f" đến thứ {last}" if last else " trở đi")


def _parameters(node: Node, parameters: tuple[Parameter, ...]) -> Iterator[Finding]:
    code = node.criterion.code
    names = [known.name for known in parameters]
    given: dict[str, Band] = {}
    for band in node.bands:
        known = next((known for known in parameters if key(known.name) == key(band.level)), None)
        if known is None or band.outcome.form == "linear":
            close = "; ".join(closest(band.level, names, most=1)) or "; ".join(names)
            yield finding("P128", band.at, criterion=code, text=band.level or BLANK, choices=close)
        elif (before := given.setdefault(known.name, band)) is not band:
            yield finding("P109", band.at, criterion=code, **twice(band.level, [("", before.at), ("", band.at)]))
        else:
            if known.above_zero and band.outcome.amount <= 0:
                shown = f"{known.name} {vietnamese(band.outcome.amount)}"
                yield finding("P128", band.at, criterion=code, text=shown, choices=f"{known.name} lớn hơn 0")
            # No item or step is worth more than the whole criterion.
            beyond = abs(outcome_points(band.outcome, node.max_score)) > abs(node.max_score)
            if known.kind == "points" or (known.kind == "step" and beyond):
                yield from _above_maximum(node, band, may_be_negative=known.may_be_negative)
    for known in parameters:
        if known.needed and known.name not in given:
            need = f"dòng “{known.name}” ở “Thang điểm”"
            yield finding("P122", node.criterion.at, criterion=code, method=node.criterion.method, need=need)


# The template's office: generated by tools/make_plan_template.py, so that no office's names stand in the code.
SAMPLE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("sample.toml").read_text(encoding="utf-8"))
Editions = tuple[Edition, ...]
_Coded = tuple[str, str, CellRef | None, str | None]  # code, name, cell, and what cannot be scored if it stands twice
_NOTHING, _FULL = Decimal(0), Decimal(100)
_WAY_SHOWN = 8  # codes of a circle of conditions


def diagnosed(plan: Plan, columns: Columns) -> Plan:
    """The plan with the findings of every check at their cells, and the criteria that an error makes unscorable."""
    editions = tuple(in_force(plan, period) for period in plan.periods)
    found = list(plan.findings)
    for check in CHECKS:
        found.extend(check(plan, editions))
    return replace(plan, findings=told(found, columns), unsound=_unsound(plan, editions, found))


def _unsound(plan: Plan, editions: Editions, found: list[Finding]) -> frozenset[str]:
    """The criteria that an error concerns: its own, those that use its figure, the leaves under its appendix row.

    Also an error that is not told for itself, as it follows from another.
    """
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
    sheets: tuple[tuple[tuple[object, _Coded], ...], ...] = (
        tuple((unit.code.casefold(), (unit.code, unit.name, unit.at, None)) for unit in plan.units),
        tuple((period.code.casefold(), (period.code, period.name, period.at, None)) for period in plan.periods),
        tuple((parts(row.code), (row.code, row.name, row.at, row.code)) for row in plan.appendix),
        tuple(
            ((parts(item.code), item.effective_from), (item.code, item.name, item.at, item.code))
            for item in plan.criteria
        ),
        tuple((item.code.casefold(), (item.code, item.name, item.at, f"@{item.code}")) for item in plan.measures),
    )
    for rows in sheets:
        groups: dict[object, list[_Coded]] = {}
        for same, row in rows:
            groups.setdefault(same, []).append(row)
        for group in groups.values():
            dated = "Áp dụng từ" if rows is sheets[3] else ""
            fields = twice(group[0][0], [(name, at) for _code, name, at, _concerned in group], dated)
            for _code, _name, at, criterion in reversed(group) if len(group) > 1 else ():
                yield finding("P109", at, criterion=criterion, **fields)


def _codes_known(plan: Plan, _: Editions) -> Iterator[Finding]:
    """Codes of figures and criteria that name none, with those that look like them; told together, see `causes`."""
    figures = {measure.code for measure in plan.measures}
    criteria = {item.code for item in plan.criteria}
    listed = criteria | {row.code for row in plan.appendix}
    scored = [(item, code) for item in plan.criteria if item.figures for code in item.figures.codes]
    compared = [(item, code) for item in plan.constraints for code in (*item.left.codes, *item.right.codes)]
    used = (
        *(("P112", item.at, item.code, code, figures) for item, code in scored),
        *(("P112", item.at, None, code, figures) for item, code in compared),
        *(("P124", band.at, None, band.code, criteria) for band in plan.bands),
        *(("P130", item.at, None, code, listed) for item in plan.measures for code in item.criteria),
        *(("P130", item.at, None, item.criterion, listed) for item in plan.sentences if item.criterion),
    )
    for kind, at, criterion, code, known in used:
        if code not in known:
            close = "; ".join(closest(code, known))
            yield finding(kind, at, criterion=criterion, text=code, suggestions=close, count="", cells="")
    for item in plan.sentences:
        for text in (item.text, item.when_missing):
            for code in dict.fromkeys(code for slot in slots(worded(text)) for code in slot.codes):
                if code not in figures:
                    close = "; ".join(closest(code, figures))
                    yield finding("P142", item.at, text=code, suggestions=close, known="; ".join(FIELDS))


def _units(plan: Plan, _: Editions) -> Iterator[Finding]:
    """Names that belong to two units, and units that report but have nothing to report."""
    busy = {code for row in plan.appendix for code in row.lead + row.cooperating}
    busy |= {code for measure in plan.measures for code in measure.units}
    owners: dict[str, str] = {}
    for unit in plan.units:
        for name in (unit.code, unit.name, *unit.aliases):
            owner = owners.setdefault(key(name), unit.code)
            if owner != unit.code:
                yield finding("P129", unit.at, text=name, first=owner, second=unit.code)
        if unit.reports and unit.code not in busy:
            yield finding("P205", unit.at, text=unit.name)


def _criteria_rows(plan: Plan, editions: Editions) -> Iterator[Finding]:
    """What a row of ``Bộ chỉ số`` needs for its method."""
    groups = {node.criterion.at for edition in editions for node in edition.nodes if node.children}
    bonus = {parts(item.code) for item in plan.criteria if scoring(item.method).is_bonus}
    for item in plan.criteria:
        rule = scoring(item.method)
        is_group = item.at in groups if editions else rule.is_group
        in_bonus = any(parts(item.code)[: len(above)] == above for above in bonus)
        if not item.name:
            yield finding("P121", item.at, heading="Tiêu chí")
        if item.method is not None and is_group != rule.is_group:
            yield finding("P123", item.at, criterion=item.code, text=item.code, method=item.method)
        if item.max_score is None and not is_group:
            yield finding("P121", item.at, criterion=item.code, heading="Điểm tối đa")
        if item.max_score is not None and item.max_score < 0 and not in_bonus:
            yield finding("P133", item.at, criterion=item.code, text=vietnamese(item.max_score))
        need = ""
        if item.figures is None:
            need = "cột “Số liệu”"
        elif isinstance(rule, FigureMethod) and rule.needs_quotient and not item.figures.denominator:
            need = "mẫu số (A / B) ở cột “Số liệu”"
        if need and isinstance(rule, FigureMethod) and not is_group:
            yield finding("P122", item.at, criterion=item.code, method=item.method, need=need)


def _bands(plan: Plan, editions: Editions) -> Iterator[Finding]:
    kinds = {measure.code: measure.kind for measure in plan.measures}
    percent = {code for code, kind in kinds.items() if kind is Kind.PERCENT}
    for edition in editions:
        for node in edition.nodes:
            figures = node.criterion.figures
            is_percent = bool(figures and (figures.is_percentage or set(figures.codes) <= percent))
            is_days = bool(figures and is_of_dates(figures, kinds))
            is_change = bool(figures and (is_days or last_year_terms(figures)))
            yield from _band_findings(node, is_percent=is_percent, is_change=is_change)
            rule = scoring(node.criterion.method)
            if (
                figures
                and not (is_percent or is_days)
                and isinstance(rule, FigureMethod)
                and rule.wants_percentage(node.bands)
            ):
                yield finding("P217", node.criterion.at, text=str(figures))


def _conditions(plan: Plan, editions: Editions) -> Iterator[Finding]:
    """Conditions on no criterion, on itself by whatever way, or on what has no points to give."""
    known = {item.code for item in plan.criteria}
    for item in plan.criteria:
        if item.condition and item.condition.code not in known:
            close = "; ".join(closest(item.condition.code, known))
            yield finding("P137", item.at, criterion=item.code, text=item.condition.code, suggestions=close)
    for edition in editions:
        nodes = {node.criterion.code: node for node in edition.nodes}
        zero = Decimal(0)
        asking = [
            Branch(code, node.children, None, zero, zero, False, node.criterion.condition)
            for code, node in nodes.items()
        ]
        for circle in CriteriaTree(asking).circles:
            round_ = circle[:-1]
            for code in (code for code in nodes if code in round_):
                item, start = nodes[code].criterion, round_.index(code)
                if item.condition and item.condition.code in round_:
                    way = " → ".join((*round_[start:], *round_[:start], code)[:_WAY_SHOWN])
                    yield finding("P138", item.at, criterion=code, text=item.condition.code, way=way)
        for item in (node.criterion for node in edition.nodes if node.criterion.condition):
            other = nodes.get(item.condition.code) if item.condition else None
            if other is not None and other.max_score <= 0:
                most = vietnamese(other.max_score)
                yield finding("P223", item.at, text=other.criterion.code, code=item.code, maximum=most)


def _roundings(plan: Plan, editions: Editions) -> Iterator[Finding]:
    """Groups are not rounded: their children are."""
    groups = {node.criterion.at for edition in editions for node in edition.nodes if node.children}
    for item in plan.criteria:
        if item.places is not None and item.at in groups:
            why = f"{item.code} có mục con, chỉ tiêu chí không có mục con mới làm tròn: xóa ô này, ghi ở các mục con"
            yield finding("P139", item.at, criterion=item.code, text=str(item.places), heading="Làm tròn", why=why)


def _sums(plan: Plan, editions: Editions) -> Iterator[Finding]:
    """Children that do not sum to a stated maximum, and a total other than 100."""
    for edition in editions:
        nodes = {node.criterion.code: node for node in edition.nodes}
        for node in edition.nodes:
            item = node.criterion
            if not scoring(item.method).is_sum or item.max_score is None or not node.children:
                continue
            total = _total(nodes[code] for code in node.children)
            if total != item.max_score:
                stated = vietnamese(item.max_score)
                yield finding("P202", item.at, code=item.code, total=vietnamese(total), stated=stated)
        top = [node for node in edition.nodes if node.parent is None and not scoring(node.criterion.method).is_bonus]
        total = _total(top)
        due = _FULL if plan.settings.total_points is None else plan.settings.total_points
        if top and total != due:
            at = CellRef(plan.file, top[0].criterion.at.sheet)
            yield finding("P206", at, total=vietnamese(total), due=vietnamese(due))


def _total(nodes: Iterable[Node]) -> Decimal:
    own = (node.max_score for node in nodes if not scoring(node.criterion.method).is_bonus)
    return sum(own, Decimal(0))


def _figures(plan: Plan, _: Editions) -> Iterator[Finding]:
    """Figures nobody enters or uses, and shares that are added up."""
    used = {code for item in plan.criteria if item.figures for code in item.figures.codes}
    surveyed = {item.measure for item in plan.survey}
    used |= {code for item in plan.constraints for code in (*item.left.codes, *item.right.codes)}
    used |= {code for item in plan.sentences for slot in slots(worded(item.text)) for code in slot.codes}
    for measure in plan.measures:
        if not measure.units and measure.code not in surveyed:
            yield finding("P203", measure.at, text=measure.code)
        if measure.kind is Kind.PERCENT and measure.combine == "tổng" and len(measure.units) > 1:
            yield finding("P216", measure.at, text=measure.code, count=str(len(measure.units)))
        # Task counts and figures that name their criterion are there to be shown, not only to be scored.
        if measure.code not in used and not measure.counts and not measure.criteria:
            yield finding("P204", measure.at, text=measure.code)


def _expressions(plan: Plan, _: Editions) -> Iterator[Finding]:
    """Expressions of which no value can come: of dates, of words, and 100% less something that is no percentage."""
    kinds = {measure.code: measure.kind for measure in plan.measures}
    rows = {measure.code: measure for measure in plan.measures}
    dated: dict[str, None] = {}
    for item in plan.criteria:
        figures = item.figures
        if figures is None:
            continue
        dated |= dict.fromkeys(code for code in figures.codes if kinds.get(code) is Kind.DATE)
        if why := unscorable(figures, kinds, item.method):
            yield finding("P134", item.at, criterion=item.code, text=str(figures), why=why)
        if figures.is_complement and not figures.below and kinds.get(figures.codes[0], Kind.PERCENT) != Kind.PERCENT:
            why = f"{figures.codes[0]} không phải “{Kind.PERCENT}”"
            yield finding("P116", item.at, criterion=item.code, text=str(figures), why=why)
    for rule in plan.constraints:
        if why := uncomparable(rule.left, rule.right, kinds):
            yield finding("P134", rule.at, text=rule.text, why=why)
        dated |= dict.fromkeys(code for side in (rule.left, rule.right) for code in side.codes)
    for code in dated:
        row = rows.get(code)
        if row and row.kind is Kind.DATE and len(row.units) > 1 and row.combine in ("tổng", "trung bình"):
            yield finding("P135", row.at, criterion=f"@{code}", text=code, combine=row.combine, count=len(row.units))


def _counted(plan: Plan, _: Editions) -> Iterator[Finding]:
    """Figures that cannot be counted from the register: no whole numbers, or two of one kind of tasks."""
    first: dict[str, Measure] = {}
    for item in plan.measures:
        if not item.counts:
            continue
        other, why = first.setdefault(item.counts, item), ""
        if other is not item:
            why = f"{other.code} (dòng {other.at.row}) đã ghi “{item.counts}”"
        elif item.kind is not Kind.INTEGER:
            why = f"kiểu “{item.kind}” không phải “{Kind.INTEGER}”"
        if why:
            yield finding("P136", item.at, criterion=f"@{item.code}", text=item.counts, code=item.code, why=why)


def _appendix(plan: Plan, editions: Editions) -> Iterator[Finding]:
    """Codes and names that disagree between the appendix and the criteria, and leaves that nobody leads."""
    rows = {row.code: row for row in plan.appendix}
    criteria = {item.code: item for item in plan.criteria}
    names = {key(row.name): row.code for row in plan.appendix if row.name}
    for item in plan.criteria:
        row = rows.get(item.code)
        if row is not None and key(row.name) != key(item.name):
            yield finding("P210", item.at, text=item.code, first=item.name or BLANK, second=row.name or BLANK)
        other = names.get(key(item.name))
        if row is None and other is not None:
            yield finding("P207", item.at, text=item.name, first=item.code, second=other)
    for row in plan.appendix:
        if row.code not in criteria:
            yield finding("P211", row.at, text=row.code)
    unled: dict[CellRef, dict[str, None]] = {}
    for edition in editions:
        for node in edition.leaves:
            if not node.lead and isinstance(scoring(node.criterion.method), ReportedMethod):
                at = node.appendix.at if node.appendix else node.criterion.at
                unled.setdefault(at, {})[node.criterion.code] = None
    for at, codes in unled.items():
        yield finding("P212", at, text="; ".join(codes))


def _form_codes(plan: Plan, _: Editions) -> Iterator[Finding]:
    """Two figures that one unit would find under one code of its form; a plan's own code counts as one."""
    first: dict[tuple[str, str], Measure] = {}
    for item in plan.measures:
        codes = {form_code_key(code) for code in (item.code, item.form_code) if code}
        known = [first[place] for unit in item.units for code in sorted(codes) if (place := (unit, code)) in first]
        if known:
            other = known[0]
            yield finding("P220", item.at, text=item.form_code or item.code, first=other.code, second=item.code)
        for unit in item.units:
            for code in codes:
                first.setdefault((unit, code), item)


_MOST_NAMED = 3


def _sample_names(plan: Plan, _: Editions) -> Iterator[Finding]:
    """Units of the office that the template belongs to, in the plan of another one: known by hashes of their names."""
    names = [unit.name for unit in plan.units if _hashed(unit.name) in SAMPLE["units"]]
    is_another = bool(plan.settings.agency) and _hashed(plan.settings.agency) != SAMPLE["agency"]
    if is_another and 2 * len(names) > len(SAMPLE["units"]):
        shown = "; ".join(names[:_MOST_NAMED]) + "; …" * (len(names) > _MOST_NAMED)
        at = plan.units[0].at
        yield finding("P225", CellRef(at.file, at.sheet) if at else None, count=str(len(names)), names=shown)


def _hashed(name: str) -> str:
    return sha256(key(name).encode()).hexdigest()[:16]


def _many_agencies(plan: Plan, _: Editions) -> Iterator[Finding]:
    """What stands twice among the agencies, their surveys and the rounds of their appraisal."""
    yield from check_agencies(plan)


CHECKS = (
    *(_codes_once, _codes_known, _units, _criteria_rows, _expressions, _bands, _conditions, _roundings, _sums),
    *(_figures, _counted, _appendix, _form_codes, _sample_names, _many_agencies),
)
