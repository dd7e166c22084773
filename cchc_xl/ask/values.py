"""The values of a result: a ``Ground`` comes in; its scores, figures and the numbers inside its texts go out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial, reduce
from operator import add

from cchc_xl.ask.ground import Basis, Ground, Source, Value
from cchc_xl.plan.expression import FIGURE_CODE, sides_of
from cchc_xl.plan.marking import ZERO
from cchc_xl.plan.methods import scoring
from cchc_xl.records import Kind
from cchc_xl.result.comparison import CriterionChange, IndexChange
from cchc_xl.result.contents import MeasureDetail, ScoredCriterion, ToldFinding
from cchc_xl.result.view import lacks_evidence, requires_evidence, self_score_differs
from cchc_xl.text.catalogue import SEVERITY_WORDS
from cchc_xl.text.numbers import plain
from cchc_xl.text.printed import Wanted, is_printed, numbers_in
from cchc_xl.text.words import ROLL

_STANDINGS = {
    "full": "đạt điểm tối đa",
    "short": "chưa đạt điểm tối đa",
    "missing": "chưa có điểm",
    "not_applicable": "không phát sinh",
}
_MOST_TERMS = 12  # of a sum that is written out
_ROLL = {
    "submitted": "Số đơn vị gửi đúng hạn",
    "late": "Số đơn vị gửi trễ hạn",
    "missing": "Số đơn vị chưa gửi",
    "unreadable": "Số đơn vị gửi tệp không đọc được",
}
_AROUND = 60  # letters on each side of a number that is quoted with its text


def known_values(ground: Ground) -> Iterator[Value]:
    """Scores, figures, and what is counted of them."""
    yield from _index(ground)
    for item in ground.contents.criteria:
        yield from _criterion(ground, item)
    yield from _criteria_counts(ground)
    yield from _advice(ground)
    yield from _comparison(ground)
    for detail in ground.details.values():
        yield from _measure(ground, detail)
    yield from _shares(ground)
    for detail in ground.details.values():
        yield from _entries(ground, detail)
    yield from _conflicts(ground)
    yield from _unit_counts(ground)


def _index(ground: Ground) -> Iterator[Value]:
    index, settings, write = ground.contents.index, ground.contents.settings, ground.write
    points, most, percent, full = index.points, index.applicable_max, index.percent, index.percent_if_missing_full
    inner = [leaf for leaf in ground.leaves if leaf.parent is not None]
    on = ground.scored([*ground.top, *inner], ground.leaves)
    told = "" if index.complete else " (tạm tính)"
    if percent is not None:
        yield Value("index", f"Chỉ số trong kỳ{told}", percent, on, "percent", parts=(points, most))
    if full is not None and not index.complete:
        what = "Chỉ số nếu các tiêu chí chưa có điểm đều đạt điểm tối đa"
        formula = f"{write(full)}% khi điểm của các tiêu chí chưa có điểm được tính bằng điểm tối đa"
        yield Value("index", what, full, on, "percent", formula)
    got = [item.final_points for item in ground.top if item.final_points is not None]
    yield Value("index", f"Tổng điểm đạt{told}", points, on, formula=_sum(ground, got, points))
    for extra, what, sign in zip(ground.extra_points(), ("điểm thưởng", "điểm bị trừ"), (False, True), strict=True):
        if extra:
            own = [item for item in ground.extras if ground.is_deduction(item) is sign]
            leaves = [leaf for item in own for leaf in ground.leaves_of(item.code)]
            yield Value("index", f"Tổng {what} trong chỉ số", extra, ground.scored(own, leaves))
    maxima = [item.applicable_max for item in ground.top if item.applicable_max > 0]
    yield Value("index", "Tổng điểm tối đa áp dụng", most, on, formula=_sum(ground, maxima, most))
    for stated_index, beside in ((index.target, "mục tiêu"), (index.previous, "năm trước")):
        if stated_index is None:
            continue
        row = Basis((ground.plan_row("Cài đặt", f"Chỉ số {beside} (%)", stated_index),))
        yield Value("index", f"Chỉ số {beside}", stated_index, row, "percent")
        if index.complete and percent is not None:
            gap = percent - stated_index
            formula = f"{write(percent)}% - {write(stated_index)}% = {write(gap)} điểm phần trăm"
            yield Value("index", f"Chỉ số trong kỳ so với {beside}", gap, row + on, "points", formula)
    for number, what, form in (
        (settings.previous_rank, "Xếp hạng năm trước", "number"),
        (settings.ranked_units, "Số đơn vị xếp hạng", "number"),
        (settings.year, "Năm", "year"),
    ):
        if number is not None:
            yield Value("plan", what, Decimal(number), Basis((ground.plan_row("Cài đặt", what, str(number)),)), form)


def _sum(ground: Ground, terms: Iterable[Decimal], total: Decimal) -> str:
    return f"{' + '.join(map(ground.write, terms))} = {ground.write(total)}"


def _criterion(ground: Ground, item: ScoredCriterion) -> Iterator[Value]:
    """Points of one criterion; those that are equal are told as one value."""
    leaves, got, most, write = ground.leaves_of(item.code), item.final_points, item.applicable_max, ground.write
    on = ground.scored([item, *leaves] if item.status == "group" else [item], leaves)
    named = f"Tiêu chí {item.code} – {item.name}"
    value = partial(Value, "criterion", on=on, criterion=item.code)
    same: dict[Decimal, list[str]] = {}
    for points, what, repeated in (
        (got, "điểm đạt", None),
        (item.points, "điểm tính theo quy tắc", got),
        (item.max, "điểm tối đa", None),
        (most, "điểm tối đa áp dụng", item.max),
        (item.self_points, "điểm tự chấm", None),
        (item.appraised_points, "điểm thẩm định", None),
        (item.previous_points, "điểm năm trước", None),
    ):
        if points is not None and points != repeated:
            same.setdefault(points, []).append(what)
    for number, told in same.items():
        yield value(f"{named}: {', '.join(told)}", number, formula=item.basis if number == item.points else "")
    share = ground.share(item)
    if share is not None and got is not None:
        yield value(f"{named}: tỷ lệ điểm đạt", share, form="percent", parts=(got, most))
    gap = most - got if got is not None and most > 0 else ZERO
    if gap > 0:
        yield value(f"{named}: điểm còn thiếu", gap, formula=f"{write(most)} - {write(got)} = {write(gap)}")
    for report in item.reports:
        if report.self_points is not None:
            what = f"{ground.unit(report.unit)}, tiêu chí {item.code}: điểm tự chấm"
            yield Value("entry", what, report.self_points, Basis(on.rules, (ground.report(item, report),)))
    if item.value is not None:
        quotient = "/" in item.rule.figures or "%" in item.rule.figures or scoring(item.method).is_percentage
        what = f"{named}: giá trị đem chấm ({item.rule.figures or 'theo báo cáo'})"
        yield value(what, item.value, form="percent" if quotient else "number", formula=item.basis)


def _criteria_counts(ground: Ground) -> Iterator[Value]:
    every, leaves = ground.counted, ground.leaves
    yield from _standings(ground, "", every)
    for field in ground.top:
        codes = {leaf.code for leaf in ground.below(field.code)}
        scope = f" của lĩnh vực {field.code} – {field.name}"
        yield from _standings(ground, scope, [item for item in every if item.code in codes])
    rows = [leaf for leaf in leaves if leaf.status != "followed" and not ground.is_extra(leaf)]
    yield _count(ground, " được thẩm định", rows, rows)
    yield _count(ground, " đã thẩm định", [leaf for leaf in rows if leaf.appraised_points is not None], rows)
    if ground.deductions:
        yield _count(ground, ", nội dung bị trừ điểm", ground.deductions, leaves)
    asked = list(filter(requires_evidence, leaves))
    differing = list(filter(self_score_differs, leaves))
    yield _count(ground, " cần tài liệu kiểm chứng", asked, asked)
    yield _count(ground, " thiếu tài liệu kiểm chứng", list(filter(lacks_evidence, leaves)), asked)
    yield _count(ground, " có điểm tự chấm khác điểm tính theo quy tắc", differing, leaves)


def _standings(ground: Ground, scope: str, items: Sequence[ScoredCriterion]) -> Iterator[Value]:
    """How many criteria stand how."""
    yield _count(ground, scope, items, items)
    for name, what in _STANDINGS.items():
        yield _count(ground, f"{scope} {what}", [item for item in items if ground.standing(item) == name], items)


def _count(ground: Ground, which: str, counted: Sequence[ScoredCriterion], among: Sequence[ScoredCriterion]) -> Value:
    """A number of criteria; a count of 0 rests on all that were looked at."""
    codes = ", ".join(leaf.code for leaf in counted)
    return _counted(f"Số tiêu chí{which}", ground.scored(counted or among, ()), len(counted), codes)


def _advice(ground: Ground) -> Iterator[Value]:
    """What the next steps would bring, and the path to the target."""
    for item in ground.contents.advice:
        leaves = ground.leaves_of(item.code)
        on = ground.scored(leaves, leaves)
        for step in filter(None, (item.next, item.complete, item.risk, item.appeal)):
            for number, what in (
                (step.points_after, "điểm của tiêu chí sau đó"),
                (step.difference, "điểm mà chỉ số thêm, bớt"),
                (step.percentage_points, "điểm phần trăm mà chỉ số thêm, bớt"),
                (step.amount, "mức thay đổi"),
                (step.before, "số liệu hiện nay"),
                (step.after, "số liệu sau đó"),
            ):
                if number is not None:
                    told = f"Tiêu chí {item.code} – {step.change}: {what}"
                    yield Value("advice", told, number, on, criterion=item.code)
    for stop in ground.contents.path.stops if ground.contents.path else ():
        leaves = ground.leaves_of(stop.code)
        told = f"Chỉ số sau khi tiêu chí {stop.code} – {stop.name} đạt {ground.write(stop.full)} điểm"
        yield Value("advice", told, stop.percent, ground.scored(leaves, leaves), "percent", criterion=stop.code)


def _comparison(ground: Ground) -> Iterator[Value]:
    """What an earlier period had, and how far this one is from it."""
    told, write = ground.contents.comparison, ground.write
    if told is None:
        return
    period, index = told.before.period_name, told.index
    # What was then rests on that period's own files, which only that period's result can name.
    before = Basis(cells=(Source(f"kết quả {period}: hãy chạy explain với thư mục kết quả của kỳ đó", None),))

    def sides(
        named: str, change: IndexChange | CriterionChange, then: Decimal | None, now: Decimal | None, on: Basis
    ) -> Iterator[Value]:
        moved = change.difference_percentage_points
        for what, number, basis, form, formula in (
            ("tỷ lệ kỳ trước", then, before, "percent", ""),
            ("điểm kỳ trước", change.before.points, before, "number", ""),
            ("thay đổi so với kỳ trước", moved, before + on, "points", f"{write(now)}% - {write(then)}%"),
        ):
            if number is not None:
                yield Value("comparison", f"{named}: {what} ({period})", number, basis, form, formula)

    whole = ground.scored(ground.top, ground.leaves)
    yield from sides("Chỉ số", index, index.before.percent, index.after.percent, whole)
    for item in told.criteria:
        on = ground.scored([ground.by_code[item.code]], ground.leaves_of(item.code))
        yield from sides(f"Tiêu chí {item.code} – {item.name}", item, item.before.share, item.after.share, on)
    gaps = [item.difference_percentage_points or ZERO for item in told.fields]
    for what, count in (("tăng", sum(gap > 0 for gap in gaps)), ("giảm", sum(gap < 0 for gap in gaps))):
        on = Basis(whole.rules, before.cells)
        yield Value("comparison", f"Số lĩnh vực {what} so với kỳ trước", Decimal(count), on)


def _measure(ground: Ground, detail: MeasureDetail) -> Iterator[Value]:
    value = detail.value if detail.value is not None else detail.partial
    if value is None or detail.kind in {Kind.TEXT, Kind.DATE}:
        return
    partly = "" if detail.value is not None else " (chưa đủ, số hiện có)"
    unit = f" ({detail.unit_name})" if detail.unit_name else ""
    what = f"{detail.code} – {detail.name}{unit}{partly}"
    yield Value("measure", what, value, ground.figure(detail.code), _form(detail), _combined(ground, detail, value))


def _form(detail: MeasureDetail) -> str:
    return "percent" if detail.kind == Kind.PERCENT else "number"


def _combined(ground: Ground, detail: MeasureDetail, total: Decimal) -> str:
    """How the units' figures became one."""
    given = [entry.value for entry in detail.entries if entry.value is not None]
    if len(given) < 2:
        return ""
    if detail.combine == "tổng" and len(given) <= _MOST_TERMS:
        return _sum(ground, given, total)
    return f"{detail.combine} của {len(given)} đơn vị = {ground.write(total)}"


def _shares(ground: Ground) -> Iterator[Value]:
    for part, whole in ground.shares:
        above, below = ground.details[part], ground.details[whole]
        if above.value is None or not below.value:
            continue
        on = ground.figure(part) + ground.figure(whole)
        what = f"{part} / {whole} – {above.name}" + ("" if part == whole else f" so với {below.name}")
        share = above.value * 100 / below.value
        yield Value("share", what, share, on, "percent", parts=(above.value, below.value))


def _entries(ground: Ground, detail: MeasureDetail) -> Iterator[Value]:
    for entry in detail.entries:
        if entry.value is not None:
            what = f"{detail.code} – {detail.name}, {ground.given_by(entry)}"
            typed = f"ô ghi “{entry.text}”" if entry.text not in ("", plain(entry.value)) else ""
            yield Value("entry", what, entry.value, ground.figure(detail.code, entry.unit), _form(detail), typed)


def _conflicts(ground: Ground) -> Iterator[Value]:
    for item in ground.contents.conflicts:
        whose = "Toàn cơ quan" if item.unit is None else ground.unit(item.unit)
        codes = dict.fromkeys(FIGURE_CODE.findall(item.rule))
        cells = tuple(cell for code in codes for cell in ground.figure(code, item.unit).cells)
        row = ground.plan_row("Ràng buộc", item.code, item.rule)
        on = Basis((row,), cells or (Source.at(whose, item),))
        formula = f"không thỏa {item.rule}: {ground.write(item.left)} và {ground.write(item.right)}"
        values = (item.left, item.left_percent), (item.right, item.right_percent)
        for side, (value, is_percent) in zip(sides_of(item.rule)[::2], values, strict=True):
            named = [ground.details[code] for code in FIGURE_CODE.findall(side) if code in ground.details]
            if any(detail.kind == Kind.DATE for detail in named) and not is_percent and "-" not in side:
                continue  # a date is no number that stands in a report
            form = "percent" if is_percent or any(detail.kind == Kind.PERCENT for detail in named) else "number"
            what = f"{whose}: {side} trong ràng buộc {item.code} ({item.message})"
            yield Value("conflict", what, value, on, form, formula)


def _unit_counts(ground: Ground) -> Iterator[Value]:
    contents = ground.contents
    must = (ground.plan_row("Đơn vị", "Phải báo cáo"),)
    filed = [
        (row.status, Source(ground.unit(row.unit), row.file or None, value=ROLL[row.status]))
        for row in contents.rollcall
    ]
    yield _counted("Số đơn vị phải báo cáo", Basis(must, tuple(source for _, source in filed)))
    for status, what in _ROLL.items():
        yield _counted(what, Basis(must, tuple(source for own, source in filed if own == status)))
    owed: dict[tuple[str, ...], Basis] = {}
    for code, detail in ground.details.items():
        row, tasks = Basis((ground.figure_row(detail),)), ground.tasks(code)
        if tasks:
            what = f"Số dòng danh mục nhiệm vụ đã đếm vào {code} – {detail.name}"
            yield _counted(what, Basis(row.rules, tasks))
        if detail.waiting:
            owed[detail.waiting] = owed.get(detail.waiting, Basis()) + row
    for units, on in owed.items():
        yield _counted(f"Số số liệu còn chờ của {', '.join(map(ground.unit, units))}", on, len(on.rules))
    broken = reduce(add, (value.on for value in _conflicts(ground)), Basis())
    what = "Số nội dung số liệu chưa thống nhất (ràng buộc không thỏa)"
    yield _counted(what, broken, len(contents.conflicts))
    for severity in dict.fromkeys(item.severity for item in contents.findings):
        found = [item for item in contents.findings if item.severity == severity]
        yield _counted(f"Số phát hiện mức {SEVERITY_WORDS[severity].lower()}", _found_at(ground, found), len(found))
    for group in contents.finding_groups:
        found = [item for item in contents.findings if item.code == group.code]
        yield _counted(f"Số phát hiện {group.code} – {group.title}", _found_at(ground, found), group.count)
    read = tuple(Source("tệp đã đọc", item.file) for item in contents.sources if item.verdict == "read")
    yield _counted("Số tệp đã đọc", Basis(cells=read))


def _counted(what: str, on: Basis, count: int | None = None, formula: str = "") -> Value:
    """A count, of the cells it rests on where it is no other."""
    return Value("count", what, Decimal(len(on.cells) if count is None else count), on, formula=formula)


def _found_at(ground: Ground, found: Sequence[ToldFinding]) -> Basis:
    """Findings stand at a cell; one of a unit that sent nothing stands at the unit's row of the plan."""
    units = dict.fromkeys(item.unit for item in found if item.unit and not item.file)
    rules = tuple(ground.plan_row("Đơn vị", unit, ground.unit(unit)) for unit in units)
    return Basis(rules, tuple(Source.at(item.code, item) for item in found if item.file))


def text_values(ground: Ground, wanted: Wanted, reading: Decimal) -> Iterator[Value]:
    """Every text in which the number stands as a figure."""
    for kind, what, text, on in _texts(ground):
        item = next((item for item in numbers_in(text) if is_printed(item, wanted.digits, reading)), None)
        if item is not None:
            start, stop = max(0, item.start - _AROUND), item.end + _AROUND
            around = ("…" if start else "") + text[start:stop] + ("…" if stop < len(text) else "")
            percent = text[item.end :].lstrip().startswith("%")
            yield Value(kind, f"{what}: “{around}”", reading, on, "percent" if percent else "number")


_Text = tuple[str, str, str, Basis]


def _texts(ground: Ground) -> Iterator[_Text]:
    contents = ground.contents
    for item in contents.criteria:
        yield from _criterion_texts(ground, item)
    for task in contents.tasks:
        named = f"{ground.unit(task.unit)}, nhiệm vụ"
        for text in (task.content, task.note):
            yield "text", named, text, Basis(cells=(Source.at(named, task, task.document),))
    for code, detail in ground.details.items():
        rules = (ground.figure_row(detail),)
        yield "plan", f"Tên số liệu {code}", detail.name, Basis(rules)
        for entry in detail.entries:
            if entry.value is None and entry.text:
                named = f"{ground.given_by(entry)}, {code} – {detail.name}"
                yield "text", named, entry.text, Basis(rules, (ground.entry(code, entry),))
    for broken in contents.conflicts:
        row = ground.plan_row("Ràng buộc", broken.code, broken.rule)
        yield "plan", f"Thông báo của ràng buộc {broken.code}", broken.message, Basis((row,))
    for note in contents.comparison.notes if contents.comparison else ():
        row = ground.plan_row("Kỳ báo cáo", contents.period)
        yield "comparison", "Lưu ý khi so sánh", note.message, Basis((row,))
    for code, name in ground.unit_names.items():
        yield "plan", f"Tên đơn vị {code}", name, Basis((ground.plan_row("Đơn vị", code),))


def _criterion_texts(ground: Ground, item: ScoredCriterion) -> Iterator[_Text]:
    """What the plan says of a criterion, how its points came about, and what units and the Office wrote about it."""
    on = ground.scored([item], [item])
    rules, code = on.rules, item.code
    for text, what in (
        (item.name, "Tiêu chí"),
        (item.target, "Mục tiêu/giải pháp thực hiện"),
        (item.lead_text, "Đơn vị thực hiện"),
        (item.cooperating_text, "Phối hợp thực hiện"),
    ):
        yield "plan", f"Tiêu chí {code}, {what}", text, Basis(rules)
    for band in item.rule.bands:
        row = Source(f"thang điểm của {code}", item.rule.file, band.sheet, row=band.row)
        yield "plan", f"Thang điểm của tiêu chí {code}", f"{band.text} → {band.points}", Basis((*rules, row))
    yield "basis", f"Tiêu chí {code}", item.basis, on
    for report in item.reports:
        for text, what in (
            (report.result, "Kết quả thực hiện"),
            (report.level, "Mức đạt"),
            (report.evidence, "Tài liệu kiểm chứng"),
            (report.reason, "Nguyên nhân, khó khăn, kiến nghị"),
        ):
            named = f"{ground.unit(report.unit)}, tiêu chí {code}, {what}"
            yield "text", named, text, Basis(rules, (ground.report(item, report),))
    for proof in item.evidence:
        named = f"{ground.unit(proof.unit)}, tiêu chí {code}"
        if all(proof.text != report.evidence for report in item.reports):
            yield "text", f"{named}, tài liệu kiểm chứng", proof.text, Basis(rules, (Source.at(named, proof),))
    for heading, entered in item.appraisal.entered.items() if item.appraisal else ():
        if entered is not None:
            yield "text", f"Thẩm định tiêu chí {code}, {heading}", entered, Basis(rules, (ground.appraisal(item),))
