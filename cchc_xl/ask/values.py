"""The values of a result: a ``Ground`` comes in; its scores, figures and the numbers inside its texts go out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from cchc_xl.ask.ground import Ground, Source, Value, stored
from cchc_xl.plan.methods import scoring
from cchc_xl.records import Kind
from cchc_xl.result.comparison import CriterionChange, IndexChange
from cchc_xl.result.contents import ZERO, MeasureDetail, ScoredCriterion, ToldFinding
from cchc_xl.result.view import lacks_evidence, pairs, requires_evidence, self_score_differs
from cchc_xl.text.printed import Wanted, is_printed, numbers_in

_STANDINGS = {
    "full": "đạt điểm tối đa",
    "short": "chưa đạt điểm tối đa",
    "missing": "chưa có điểm",
    "not_applicable": "không phát sinh",
}


def score_values(ground: Ground) -> Iterator[Value]:
    """All of them."""
    yield from _index(ground)
    for item in ground.contents.criteria:
        yield from _criterion(ground, item)
    yield from _criteria_counts(ground)
    yield from _advice(ground)
    yield from _comparison(ground)


def _index(ground: Ground) -> Iterator[Value]:
    index, settings = ground.contents.index, ground.contents.settings
    rules = ground.rules([*ground.top, *(leaf for leaf in ground.leaves if leaf.parent is not None)])
    cells = ground.inputs(ground.leaves)
    write = ground.write
    points, most = index.points, index.applicable_max
    told = " (tạm tính)" if not index.complete else ""
    if index.percent is not None:
        formula = f"{write(points)} / {write(most)} = {write(index.percent)}%"
        what = f"Chỉ số trong kỳ{told}"
        yield Value("index", what, index.percent, "percent", formula, rules, cells, (points, most))
    full = index.percent_if_missing_full
    if full is not None and not index.complete:
        formula = f"{write(full)}% khi điểm của các tiêu chí chưa có điểm được tính bằng điểm tối đa"
        what = "Chỉ số nếu các tiêu chí chưa có điểm đều đạt điểm tối đa"
        yield Value("index", what, full, "percent", formula, rules, cells)
    summed = [item for item in ground.top if item.final_points is not None]
    formula = f"{' + '.join(write(item.final_points) for item in summed)} = {write(points)}"
    yield Value("index", f"Tổng điểm đạt{told}", points, "number", formula, rules, cells)
    formula = f"{' + '.join(write(item.applicable_max) for item in ground.top)} = {write(most)}"
    yield Value("index", "Tổng điểm tối đa áp dụng", most, "number", formula, rules, cells)
    for stated, beside in ((index.target, "mục tiêu"), (index.previous, "năm trước")):
        if stated is None:
            continue
        rule = ground.plan_row("Cài đặt", f"Chỉ số {beside} (%)", format(stated, "f"))
        yield Value("index", f"Chỉ số {beside}", stated, "percent", "", (rule,))
        if index.complete and index.percent is not None:
            gap = index.percent - stated
            formula = f"{write(index.percent)}% - {write(stated)}% = {write(gap)} điểm phần trăm"
            yield Value("index", f"Chỉ số trong kỳ so với {beside}", gap, "points", formula, (rule, *rules), cells)
    for number, what in (
        (settings.previous_rank, "Xếp hạng năm trước"),
        (settings.ranked_units, "Số đơn vị xếp hạng"),
        (settings.year, "Năm"),
    ):
        if number is not None:
            yield Value("plan", what, Decimal(number), rules=(ground.plan_row("Cài đặt", what, str(number)),))


def _criterion(ground: Ground, item: ScoredCriterion) -> Iterator[Value]:
    """Points of one criterion; those that are equal are told as one value."""
    leaves = ground.leaves_of(item.code)
    group = item.status == "group"
    rules = ground.rules([item, *leaves] if group else [item])
    cells = ground.inputs(leaves)
    named = f"Tiêu chí {item.code} – {item.name}"
    same: dict[Decimal, list[str]] = {}
    for points, what, repeated in (
        (item.final_points, "điểm đạt", None),
        (item.points, "điểm tính theo quy tắc", item.final_points),
        (item.max, "điểm tối đa", None),
        (item.applicable_max, "điểm tối đa áp dụng", item.max),
        (item.self_points, "điểm tự chấm", None),
        (item.appraised_points, "điểm thẩm định", None),
        (item.previous_points, "điểm năm trước", None),
    ):
        if points is not None and points != repeated:
            same.setdefault(points, []).append(what)
    for number, told in same.items():
        yield Value(
            "criterion",
            f"{named}: {', '.join(told)}",
            number,
            "number",
            item.basis,
            rules,
            cells,
            None,
            item.code,
        )
    got, most = item.final_points, item.applicable_max
    if got is not None and most:
        parts = got, most
        share = got * 100 / most
        formula = f"{ground.write(got)} / {ground.write(most)} = {ground.write(share)}%"
        yield Value("criterion", f"{named}: tỷ lệ điểm đạt", share, "percent", formula, rules, cells, parts, item.code)
    gap = most - got if got is not None and most > 0 else ZERO
    if gap > 0:
        formula = f"{ground.write(most)} - {ground.write(got)} = {ground.write(gap)}"
        yield Value("criterion", f"{named}: điểm còn thiếu", gap, "number", formula, rules, cells, None, item.code)
    for report, cell in zip(item.reports, ground.reports(item), strict=True):
        if report.self_points is not None:
            what = f"{ground.unit(report.unit)}, tiêu chí {item.code}: điểm tự chấm"
            yield Value("entry", what, report.self_points, rules=rules, cells=(cell,))
    if item.value is not None:
        quotient = "/" in item.rule.figures or scoring(item.method).is_percentage
        form = "percent" if quotient else "number"
        what = f"{named}: giá trị đem chấm ({item.rule.figures or 'theo báo cáo'})"
        yield Value("criterion", what, item.value, form, item.basis, rules, cells, None, item.code)


def _criteria_counts(ground: Ground) -> Iterator[Value]:
    every = ground.counted
    yield from _standings(ground, "", every)
    for field in ground.top:
        codes = {leaf.code for leaf in ground.below(field.code)}
        scope = f" của lĩnh vực {field.code} – {field.name}"
        yield from _standings(ground, scope, [item for item in every if item.code in codes])
    if len(every) != len(ground.leaves):
        yield from _standings(ground, " thành phần", ground.leaves)
    bonus = [leaf for leaf in ground.leaves if ground.is_bonus(leaf)]
    waiting = [item for item in (*every, *bonus) if ground.standing(item) == "missing"]
    yield _count(ground, "Số tiêu chí chưa có điểm, kể cả điểm cộng", waiting, [*every, *bonus])
    asked = list(filter(requires_evidence, ground.leaves))
    lacking = list(filter(lacks_evidence, ground.leaves))
    yield _count(ground, "Số tiêu chí cần tài liệu kiểm chứng", asked, asked)
    yield _count(ground, "Số tiêu chí thiếu tài liệu kiểm chứng", lacking, asked)
    differing = list(filter(self_score_differs, ground.leaves))
    yield _count(ground, "Số tiêu chí có điểm tự chấm khác điểm tính theo quy tắc", differing, ground.leaves)


def _standings(ground: Ground, scope: str, items: Sequence[ScoredCriterion]) -> Iterator[Value]:
    """How many criteria stand how."""
    yield _count(ground, f"Số tiêu chí{scope}", items, items)
    for name, what in _STANDINGS.items():
        standing = [item for item in items if ground.standing(item) == name]
        yield _count(ground, f"Số tiêu chí{scope} {what}", standing, items)


def _count(ground: Ground, what: str, counted: Sequence[ScoredCriterion], among: Sequence[ScoredCriterion]) -> Value:
    """A number of criteria; a count of 0 rests on all that were looked at."""
    codes = ", ".join(leaf.code for leaf in counted)
    return Value("count", what, Decimal(len(counted)), "number", codes, ground.rules(counted or among))


def _advice(ground: Ground) -> Iterator[Value]:
    """What the next steps would bring, and the path to the target."""
    for item in ground.contents.advice:
        leaves = ground.leaves_of(item.code)
        rules, cells = ground.rules(leaves), ground.inputs(leaves)
        for step in filter(None, (item.next, item.complete, item.risk, item.appeal)):
            for number, what in (
                (step.points_after, "điểm sau đó"),
                (step.difference, "điểm thêm, bớt"),
                (step.amount, "mức thay đổi"),
            ):
                told = f"Tiêu chí {item.code} – {step.change}: {what}"
                yield Value("advice", told, number, "number", "", rules, cells, None, item.code)
    for stop in ground.contents.path.stops if ground.contents.path else ():
        leaves = ground.leaves_of(stop.code)
        told = f"Chỉ số sau khi tiêu chí {stop.code} – {stop.name} đạt {ground.write(stop.full)} điểm"
        rules, cells = ground.rules(leaves), ground.inputs(leaves)
        yield Value("advice", told, stop.percent, "percent", "", rules, cells, None, stop.code)


_Sources = tuple[Source, ...]
_Sides = tuple[str, IndexChange | CriterionChange, Decimal | None, Decimal | None, _Sources, _Sources]


def _comparison(ground: Ground) -> Iterator[Value]:
    """What an earlier period had, and how far this one is from it."""
    told = ground.contents.comparison
    if told is None:
        return
    period = told.before.period_name
    # What was then rests on that period's own files, which only that period's result can name.
    before = (Source(f"kết quả {period}: hãy chạy explain với thư mục kết quả của kỳ đó", None),)
    rules, cells = ground.rules(ground.top), ground.inputs(ground.leaves)
    sides: list[_Sides] = [("Chỉ số", told.index, told.index.before.percent, told.index.after.percent, rules, cells)]
    for item in told.criteria:
        rule, used = ground.rules([ground.by_code[item.code]]), ground.inputs(ground.leaves_of(item.code))
        named = f"Tiêu chí {item.code} – {item.name}"
        sides.append((named, item, item.before.share, item.after.share, rule, used))
    for named, change, then, now, rule, used in sides:
        moved = change.difference_percentage_points
        if then is not None:
            yield Value("comparison", f"{named}: tỷ lệ kỳ trước ({period})", then, "percent", cells=before)
        if change.before.points is not None:
            what = f"{named}: điểm kỳ trước ({period})"
            yield Value("comparison", what, change.before.points, "number", cells=before)
        if moved is not None:
            what = f"{named}: thay đổi so với kỳ trước ({period})"
            formula = f"{ground.write(now)}% - {ground.write(then)}%"
            yield Value("comparison", what, moved, "points", formula, rule, (*before, *used))
    moves = [item.difference_percentage_points or ZERO for item in told.fields]
    for what, count in (("tăng", sum(move > 0 for move in moves)), ("giảm", sum(move < 0 for move in moves))):
        yield Value("comparison", f"Số lĩnh vực {what} so với kỳ trước", Decimal(count), rules=rules, cells=before)


_MOST_TERMS = 12  # of a sum that is written out
_ROLL = {
    "submitted": "Số đơn vị gửi đúng hạn",
    "late": "Số đơn vị gửi trễ hạn",
    "missing": "Số đơn vị chưa gửi",
    "unreadable": "Số đơn vị gửi tệp không đọc được",
}
_SEVERITIES = {"error": "lỗi", "warning": "cảnh báo", "note": "lưu ý"}


def figure_values(ground: Ground) -> Iterator[Value]:
    """All of them."""
    for detail in ground.details.values():
        yield from _measure(ground, detail)
    yield from _shares(ground)
    for detail in ground.details.values():
        yield from _entries(ground, detail)
    yield from _conflicts(ground)
    yield from _unit_counts(ground)


def _measure(ground: Ground, detail: MeasureDetail) -> Iterator[Value]:
    code = detail.code
    value = detail.value if detail.value is not None else detail.partial
    if value is None or detail.kind in {Kind.TEXT, Kind.DATE}:
        return
    partial = "" if detail.value is not None else " (chưa đủ, số hiện có)"
    unit = f" ({detail.unit_name})" if detail.unit_name else ""
    yield Value(
        "measure",
        f"{code} – {detail.name}{unit}{partial}",
        value,
        _form(detail),
        _combined(ground, detail, value),
        (ground.measure_rule(code),),
        ground.entries(code),
    )


def _form(detail: MeasureDetail) -> str:
    return "percent" if detail.kind == Kind.PERCENT else "number"


def _combined(ground: Ground, detail: MeasureDetail, total: Decimal) -> str:
    """How the units' figures became one."""
    given = [entry.value for entry in detail.entries if entry.value is not None]
    if len(given) < 2:
        return ""
    if detail.combine == "tổng" and len(given) <= _MOST_TERMS:
        return f"{' + '.join(map(ground.write, given))} = {ground.write(total)}"
    return f"{detail.combine} của {len(given)} đơn vị = {ground.write(total)}"


def _shares(ground: Ground) -> Iterator[Value]:
    for part, whole in pairs(ground.details):
        above, below = ground.details[part], ground.details[whole]
        if above.value is None or below.value is None or not below.value:
            continue
        numbers = above.value, below.value
        share = numbers[0] * 100 / numbers[1]
        told = "" if part == whole else f" so với {below.name}"
        yield Value(
            "share",
            f"{part} / {whole} – {above.name}{told}",
            share,
            "percent",
            f"{ground.write(numbers[0])} / {ground.write(numbers[1])} = {ground.write(share)}%",
            tuple(map(ground.measure_rule, dict.fromkeys((part, whole)))),
            tuple(dict.fromkeys((*ground.entries(part), *ground.entries(whole)))),
            parts=numbers,
        )


def _entries(ground: Ground, detail: MeasureDetail) -> Iterator[Value]:
    for entry in detail.entries:
        if entry.value is not None:
            yield Value(
                "entry",
                f"{detail.code} – {detail.name}, {ground.unit(entry.unit)}",
                entry.value,
                _form(detail),
                f"ô ghi “{entry.text}”" if entry.text not in ("", stored(entry.value)) else "",
                (ground.measure_rule(detail.code),),
                ground.entries(detail.code, entry.unit),
            )


def _conflicts(ground: Ground) -> Iterator[Value]:
    for item in ground.contents.conflicts:
        sides = re.split(r"<=|>=|=", item.rule)
        codes = dict.fromkeys(re.findall(r"[A-Za-z]\w*", item.rule))
        cells = tuple(cell for code in codes for cell in ground.entries(code, item.unit))
        cells = cells or (Source.at(ground.whose(item.unit), item),)
        values = (item.left, item.left_percent), (item.right, item.right_percent)
        for side, (value, is_percent) in zip(sides, values, strict=False):
            named = re.findall(r"[A-Za-z]\w*", side)
            percent = is_percent or any(
                ground.details[code].kind == Kind.PERCENT for code in named if code in ground.details
            )
            yield Value(
                "conflict",
                f"{ground.whose(item.unit)}: {side.strip()} trong ràng buộc {item.code} ({item.message})",
                value,
                "percent" if percent else "number",
                f"không thỏa {item.rule}: {ground.write(item.left)} và {ground.write(item.right)}",
                (ground.plan_row("Ràng buộc", item.code, item.rule),),
                cells,
            )


def _unit_counts(ground: Ground) -> Iterator[Value]:
    contents = ground.contents
    roll = contents.rollcall
    must = ground.plan_row("Đơn vị", "Phải báo cáo")
    filed = {row.unit: Source(ground.unit(row.unit), row.file or None, value=row.status) for row in roll}
    yield Value("count", "Số đơn vị phải báo cáo", Decimal(len(roll)), rules=(must,), cells=tuple(filed.values()))
    for status, what in _ROLL.items():
        cells = tuple(filed[row.unit] for row in roll if row.status == status)
        yield Value("count", what, Decimal(len(cells)), rules=(must,), cells=cells)
    for code, detail in ground.details.items():
        cells = ground.tasks(code)
        if cells:
            what = f"Số dòng danh mục nhiệm vụ đã đếm vào {code} – {detail.name}"
            yield Value("count", what, Decimal(len(cells)), rules=(ground.measure_rule(code),), cells=cells)
    owed: dict[tuple[str, ...], list[str]] = {}
    for code, detail in ground.details.items():
        if detail.waiting:
            owed.setdefault(detail.waiting, []).append(code)
    for units, codes in owed.items():
        what = f"Số số liệu còn chờ của {', '.join(map(ground.unit, units))}"
        rules = tuple(ground.measure_rule(code) for code in codes)
        yield Value("count", what, Decimal(len(codes)), rules=rules)
    conflicts = list(_conflicts(ground))
    yield Value(
        "count",
        "Số nội dung số liệu chưa thống nhất (ràng buộc không thỏa)",
        Decimal(len(contents.conflicts)),
        rules=tuple(dict.fromkeys(rule for value in conflicts for rule in value.rules)),
        cells=tuple(dict.fromkeys(cell for value in conflicts for cell in value.cells)),
    )
    for severity, count in Counter(item.severity for item in contents.findings).items():
        found = [item for item in contents.findings if item.severity == severity]
        yield _finding_count(ground, f"Số phát hiện mức {_SEVERITIES[severity]}", count, found)
    for group in contents.finding_groups:
        found = [item for item in contents.findings if item.code == group.code]
        yield _finding_count(ground, f"Số phát hiện {group.code} – {group.title}", group.count, found)
    read = tuple(Source("tệp đã đọc", item.file) for item in contents.sources if item.verdict == "read")
    yield Value("count", "Số tệp đã đọc", Decimal(len(read)), cells=read)


def _finding_count(ground: Ground, what: str, count: int, found: Sequence[ToldFinding]) -> Value:
    """Findings stand at a cell; one of a unit that sent nothing stands at the unit's row of the plan."""
    cells = tuple(Source.at(item.code, item) for item in found if item.file)
    units = dict.fromkeys(item.unit for item in found if item.unit and not item.file)
    rules = tuple(ground.plan_row("Đơn vị", unit, ground.unit(unit)) for unit in units)
    return Value("count", what, Decimal(count), rules=rules, cells=cells)


_AROUND = 60


def text_values(ground: Ground, wanted: Wanted, reading: Decimal) -> Iterator[Value]:
    """Every text in which the number stands as a figure."""
    for kind, what, text, rules, cells in _texts(ground):
        for item in numbers_in(text):
            if is_printed(item, wanted.digits, reading):
                start, stop = max(0, item.start - _AROUND), item.end + _AROUND
                around = ("…" if start else "") + text[start:stop] + ("…" if stop < len(text) else "")
                percent = text[item.end :].lstrip().startswith("%")
                told = f"{what}: “{around}”"
                yield Value(kind, told, reading, "percent" if percent else "number", "", rules, cells)
                break


def _texts(ground: Ground) -> Iterator[tuple[str, str, str, _Sources, _Sources]]:
    yield from _reported(ground)
    for item in ground.contents.criteria:
        rule = (ground.rule(item),)
        for text, what in (
            (item.name, "Tiêu chí"),
            (item.target, "Mục tiêu/giải pháp thực hiện"),
            (item.lead_text, "Đơn vị thực hiện"),
            (item.cooperating_text, "Phối hợp thực hiện"),
        ):
            yield "plan", f"Tiêu chí {item.code}, {what}", text, rule, ()
        for band in item.rule.bands:
            source = Source(f"thang điểm của {item.code}", item.rule.file, band.sheet, row=band.row)
            told = f"{band.text} → {band.points}"
            yield "plan", f"Thang điểm của tiêu chí {item.code}", told, (*rule, source), ()
        yield "basis", f"Tiêu chí {item.code}", item.basis, rule, ground.inputs([item])
    for code, detail in ground.details.items():
        yield "plan", f"Tên số liệu {code}", detail.name, (ground.measure_rule(code),), ()
    for broken in ground.contents.conflicts:
        rule = (ground.plan_row("Ràng buộc", broken.code, broken.rule),)
        yield "plan", f"Thông báo của ràng buộc {broken.code}", broken.message, rule, ()
    for note in ground.contents.comparison.notes if ground.contents.comparison else ():
        period = (ground.plan_row("Kỳ báo cáo", ground.contents.period),)
        yield "comparison", "Lưu ý khi so sánh", note.message, period, ()
    for code, name in ground.unit_names.items():
        yield "plan", f"Tên đơn vị {code}", name, (ground.plan_row("Đơn vị", code),), ()


def _reported(ground: Ground) -> Iterator[tuple[str, str, str, _Sources, _Sources]]:
    for item in ground.contents.criteria:
        rule = (ground.rule(item),)
        for report, cell in zip(item.reports, ground.reports(item), strict=True):
            for text, what in (
                (report.result, "Kết quả thực hiện"),
                (report.level, "Mức đạt"),
                (report.evidence, "Tài liệu kiểm chứng"),
                (report.reason, "Nguyên nhân, khó khăn, kiến nghị"),
            ):
                yield "text", f"{ground.unit(report.unit)}, tiêu chí {item.code}, {what}", text, rule, (cell,)
        for proof in item.evidence:
            named = f"{ground.unit(proof.unit)}, tiêu chí {item.code}"
            cell = Source.at(named, proof)
            if all(proof.text != report.evidence for report in item.reports):
                yield "text", f"{named}, tài liệu kiểm chứng", proof.text, rule, (cell,)
        for heading, entered in item.appraisal.entered.items() if item.appraisal else ():
            if entered is not None:
                yield "text", f"Thẩm định tiêu chí {item.code}, {heading}", entered, rule, (ground.appraisal(item),)
    for task in ground.contents.tasks:
        named = f"{ground.unit(task.unit)}, nhiệm vụ"
        for text in (task.content, task.note):
            yield "text", named, text, (), (Source.at(named, task, task.document),)
    for code, detail in ground.details.items():
        for entry in detail.entries:
            if entry.value is None and entry.text:
                named = f"{ground.unit(entry.unit)}, {code} – {detail.name}"
                yield "text", named, entry.text, (ground.measure_rule(code),), (ground.entry(code, entry),)
