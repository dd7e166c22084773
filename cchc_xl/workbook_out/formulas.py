"""Excel formulas of the scoring methods: a node and cell addresses come in, formula texts go out.

Each formula computes what `rules` computes. Column C holds the maximum, D the points, E the applicable maximum, H the
figure a leaf is scored on. Figures are rounded to 12 decimals so that binary arithmetic does not move a band edge.
"""

from __future__ import annotations

from decimal import Decimal

from cchc_xl.records import Band, Method, Node, Quotient, Score
from cchc_xl.rules import outcome_points, parameter
from cchc_xl.text.numbers import plain
from cchc_xl.text.words import AWAY, DIFFERENT, MISSING, key

_COMBINE = {"thấp nhất": "MIN", "cao nhất": "MAX", "trung bình": "AVERAGE"}
Children = list[tuple[Score, int]]


def value_formula(figures: Quotient, addresses: dict[str, str]) -> str:
    """The figure a leaf is scored on: a sum, or a quotient in percent, or the word for why there is none."""
    cells = [addresses.get(code) for code in figures.codes]
    if any(cell is None for cell in cells):
        return f'="{MISSING}"'
    known = list(dict.fromkeys(cell for cell in cells if cell))
    waiting = ",".join(f'{cell}="{word}"' for cell in known for word in (MISSING, DIFFERENT))
    above = "+".join(f"N({addresses[code]})" for code in figures.numerator)
    result = above
    if figures.denominator:
        below = "+".join(f"N({addresses[code]})" for code in figures.denominator)
        result = f'IF({below}=0,"{AWAY}",ROUND(({above})*100/({below}),12))'
    return f'=IF(OR({waiting}),"{MISSING}",IF(COUNT({",".join(known)})=0,"{AWAY}",{result}))'


def leaf_points_formula(score: Score, row: int, reported: str | None) -> str:
    """The points of a leaf; 0 where the plan gives none without evidence and there is none."""
    node = score.node
    away = {"điểm tối đa": f"C{row}", "0 điểm": "0"}.get(node.criterion.not_applicable, '""')
    if node.criterion.method in (Method.LEVEL, Method.MANUAL):
        if reported is None:
            return '=""'
        combine = _COMBINE[node.criterion.combine]
        waiting = f'COUNT({reported})+COUNTIF({reported},"{AWAY}")<{len(node.lead)}'
        return f'=IF({waiting},"",IF(COUNT({reported})=0,{away},{combine}({reported})))'
    if node.criterion.figures is None:
        return '=""'
    points = "0" if score.unsupported else _figure_points(node, row)
    return f'=IF(H{row}="{MISSING}","",IF(H{row}="{AWAY}",{away},{points}))'


def _figure_points(node: Node, row: int) -> str:
    low, high = ("0", f"C{row}") if node.max_score >= 0 else (f"C{row}", "0")
    match node.criterion.method:
        case Method.BAND:
            return _bands(node, row, low, high)
        case Method.PER_ITEM:
            return _per_item(node, row, low, high)
        case Method.RELATIVE:
            return _relative(node.bands, row, low, high)
        case _:
            return f"MAX({low},MIN({high},H{row}*C{row}/100))"


def _bands(node: Node, row: int, low: str, high: str) -> str:
    formula = '""'
    for band in reversed(node.bands):
        tests = []
        if band.low is not None:
            tests.append(f"H{row}{'>=' if band.low_included else '>'}{plain(band.low)}")
        if band.high is not None:
            tests.append(f"H{row}{'<=' if band.high_included else '<'}{plain(band.high)}")
        points = plain(outcome_points(band.outcome, node.max_score))
        if band.outcome.form == "linear":
            points = f"MAX({low},MIN({high},H{row}*C{row}/100))"
        formula = f"IF(AND({','.join(tests) or 'TRUE'}),{points},{formula})"
    return formula


def _per_item(node: Node, row: int, low: str, high: str) -> str:
    each = parameter(node.bands, "mỗi", node.max_score)
    if each is None:
        return '""'
    base = parameter(node.bands, "gốc", node.max_score) or Decimal(0)
    floor = parameter(node.bands, "sàn", node.max_score)
    ceiling = parameter(node.bands, "trần", node.max_score)
    bottom = low if floor is None else plain(floor)
    top = high if ceiling is None else plain(ceiling)
    return f"MIN({top},MAX({bottom},{plain(base)}+({plain(each)})*H{row}))"


def _relative(bands: tuple[Band, ...], row: int, low: str, high: str) -> str:
    stated = {key(band.level): band.outcome.amount for band in bands}
    leader, target = stated.get(key("dẫn đầu")), stated.get(key("chỉ tiêu"))
    if leader is None or leader <= 0:
        return '""'
    if target is None:
        return f"MAX({low},MIN({high},H{row}/{plain(leader)}*C{row}))"
    above = f"C{row}"
    if leader > target:
        above = f"C{row}/2+(H{row}-{plain(target)})/({plain(leader)}-{plain(target)})*C{row}/2"
    below = f"C{row}/2*H{row}/{plain(target)}" if target else "0"
    return f"MAX({low},MIN({high},IF(H{row}<{plain(target)},{below},IF(H{row}={plain(target)},C{row}/2,{above}))))"


def applicable_formula(score: Score, row: int, children: Children, reported: str | None) -> str:
    """The maximum that applies: without what did not arise."""
    node = score.node
    if node.criterion.method is Method.BONUS:
        return "=0"
    regular = [(child, number) for child, number in children if child.node.criterion.method is not Method.BONUS]
    if regular:
        own = ",".join(f"E{number}" for _, number in regular)
        if node.criterion.method is not Method.SUM:
            return f"=IF(SUM({own})=0,0,C{row})"
        maxima = ",".join(f"C{number}" for _, number in regular)
        beyond = max(Decimal(0), sum((child.node.max_score for child, _ in regular), Decimal(0)) - node.max_score)
        return f"=C{row}-MAX(0,SUM({maxima})-SUM({own})-{plain(beyond)})"
    if node.criterion.not_applicable != "loại" or not node.sound:
        return f"=C{row}"
    if reported is not None:
        return f'=IF(COUNTIF({reported},"{AWAY}")={len(node.lead)},0,C{row})'
    return f'=IF(H{row}="{AWAY}",0,C{row})' if node.criterion.figures else f"=C{row}"


def group_formula(score: Score, row: int, children: Children) -> str:
    """The points of a group from its children's."""
    regular = [number for child, number in children if child.node.criterion.method is not Method.BONUS]
    bonus = [number for child, number in children if child.node.criterion.method is Method.BONUS]
    points = ",".join(f"D{number}" for number in regular) or '""'
    everything = ",".join(f"D{number}" for number in regular + bonus)
    reached = [f"AND(E{number}>0,ISNUMBER(D{number}),N(D{number})>=E{number}-0.000000001)" for number in regular]
    limit = f"C{row}" if score.node.criterion.method is Method.BONUS else f"E{row}"
    bound = "MIN" if score.node.max_score >= 0 else "MAX"
    match score.node.criterion.method:
        case Method.ALL_OF:
            met = ",".join(f"OR(E{number}=0,{test})" for number, test in zip(regular, reached, strict=True))
            own = f"IF(AND({met}),E{row},0)"
        case Method.ANY_OF:
            own = f"IF(OR({','.join(reached)}),E{row},0)"
        case Method.BEST_OF:
            own = f"MAX(0,MIN({limit},MAX({points})))"
        case Method.LOWEST_OF:
            applying = "+".join(f"(E{number}>0)" for number in regular)
            own = f"IF(COUNT({points})<{applying},0,MAX(0,MIN({limit},MIN({points}))))"
        case _:
            own = f"{bound}({limit},SUM({points}))"
    extra = f"+SUM({','.join(f'D{number}' for number in bonus)})" if bonus else ""
    return f'=IF(COUNT({everything})=0,"",{own}{extra})'
