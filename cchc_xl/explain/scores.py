"""The scores of a result as values: a ``Ground`` comes in; index, criteria and counts of criteria go out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cchc_xl.explain.ground import Ground, Source, Value
from cchc_xl.records import Method
from cchc_xl.result.result_file import Document
from cchc_xl.result.view import Standings
from cchc_xl.text.words import key

_POINTS = (
    ("final_points", "điểm đạt"),
    ("points", "điểm tính theo quy tắc"),
    ("max", "điểm tối đa"),
    ("applicable_max", "điểm tối đa áp dụng"),
    ("self_points", "điểm tự chấm"),
    ("appraised_points", "điểm thẩm định"),
    ("previous_points", "điểm năm trước"),
)

_STANDINGS = {
    "full": "đạt điểm tối đa",
    "short": "chưa đạt điểm tối đa",
    "missing": "chưa có điểm",
    "not_applicable": "không phát sinh",
}


def values(ground: Ground) -> Iterator[Value]:
    """All of them."""
    yield from _index(ground)
    for item in ground.criteria.values():
        yield from _criterion(ground, item)
    yield from _counts(ground)
    yield from _advice(ground)
    yield from _comparison(ground)


def _index(ground: Ground) -> Iterator[Value]:
    index, settings = ground.document["index"], ground.document["settings"]
    rules = ground.rules([*ground.fields, *(leaf for leaf in ground.leaves if leaf["parent"] is not None)])
    cells = ground.inputs(ground.leaves)
    write = ground.write
    points, most = Decimal(index["points"]), Decimal(index["applicable_max"])
    told = " (tạm tính)" if not index["complete"] else ""
    for name, what in (
        ("percent", f"Chỉ số trong kỳ{told}"),
        ("percent_if_missing_full", "Chỉ số nếu các tiêu chí chưa có điểm đều đạt điểm tối đa"),
    ):
        if index[name] is None or (name != "percent" and index["complete"]):
            continue
        formula = f"{write(points)} / {write(most)} = {write(index[name])}%"
        if name != "percent":
            formula = f"{write(index[name])}% khi điểm của các tiêu chí chưa có điểm được tính bằng điểm tối đa"
        parts = (points, most) if name == "percent" else None
        yield Value("index", what, Decimal(index[name]), "percent", formula, rules, cells, parts)
    summed = [item for item in ground.fields if item["final_points"] is not None]
    formula = f"{' + '.join(write(item['final_points']) for item in summed)} = {write(points)}"
    yield Value("index", f"Tổng điểm đạt{told}", points, "number", formula, rules, cells)
    formula = f"{' + '.join(write(item['applicable_max']) for item in ground.fields)} = {write(most)}"
    yield Value("index", "Tổng điểm tối đa áp dụng", most, "number", formula, rules, cells)
    for name, beside in (("target", "mục tiêu"), ("previous", "năm trước")):
        if index[name] is None:
            continue
        rule = ground.plan_row("Cài đặt", f"Chỉ số {beside} (%)", index[name])
        yield Value("index", f"Chỉ số {beside}", Decimal(index[name]), "percent", "", (rule,))
        if index["complete"] and index["percent"] is not None:
            gap = Decimal(index["percent"]) - Decimal(index[name])
            formula = f"{write(index['percent'])}% - {write(index[name])}% = {write(gap)} điểm phần trăm"
            yield Value("index", f"Chỉ số trong kỳ so với {beside}", gap, "points", formula, (rule, *rules), cells)
    for name, what in (
        ("previous_rank", "Xếp hạng năm trước"),
        ("ranked_units", "Số đơn vị xếp hạng"),
        ("year", "Năm"),
    ):
        if settings[name] is not None:
            number = Decimal(settings[name])
            yield Value("plan", what, number, rules=(ground.plan_row("Cài đặt", what, str(settings[name])),))


def _criterion(ground: Ground, item: Document) -> Iterator[Value]:
    """Points of one criterion; those that are equal are told as one value."""
    leaves = ground.leaves_of(item["code"])
    group = item["status"] == "group"
    rules = ground.rules([item, *leaves] if group else [item])
    cells = ground.inputs(leaves)
    named = f"Tiêu chí {item['code']} – {item['name']}"
    same: dict[Decimal, list[str]] = {}
    for column, what in _POINTS:
        repeats = {"points": "final_points", "applicable_max": "max"}.get(column)
        if item[column] is not None and (repeats is None or item[column] != item[repeats]):
            same.setdefault(Decimal(item[column]), []).append(what)
    for number, told in same.items():
        yield Value(
            "criterion",
            f"{named}: {', '.join(told)}",
            number,
            "number",
            item["basis"],
            rules,
            cells,
            None,
            item["code"],
        )
    got, most = item["final_points"], Decimal(item["applicable_max"])
    if got is not None and most:
        parts = Decimal(got), most
        share = parts[0] * 100 / most
        formula = f"{ground.write(got)} / {ground.write(most)} = {ground.write(share)}%"
        yield Value(
            "criterion", f"{named}: tỷ lệ điểm đạt", share, "percent", formula, rules, cells, parts, item["code"]
        )
    gap = most - Decimal(got) if got is not None and most > 0 else Decimal(0)
    if gap > 0:
        formula = f"{ground.write(most)} - {ground.write(got)} = {ground.write(gap)}"
        yield Value("criterion", f"{named}: điểm còn thiếu", gap, "number", formula, rules, cells, None, item["code"])
    for report, cell in zip(item["reports"], ground.reports(item), strict=True):
        if report["self_points"] is not None:
            what = f"{ground.unit(report['unit'])}, tiêu chí {item['code']}: điểm tự chấm"
            yield Value("entry", what, Decimal(report["self_points"]), rules=rules, cells=(cell,))
    if item["value"] is not None:
        quotient = "/" in item["rule"]["figures"] or item["method"] == Method.SURVEY
        form = "percent" if quotient else "number"
        what = f"{named}: giá trị đem chấm ({item['rule']['figures'] or 'theo báo cáo'})"
        yield Value("criterion", what, Decimal(item["value"]), form, item["basis"], rules, cells, None, item["code"])


def _counts(ground: Ground) -> Iterator[Value]:
    known = Standings(ground.document["criteria"])
    every = known.counted
    yield from _standings(ground, known, "", every)
    for field in ground.fields:
        codes = {leaf["code"] for leaf in ground.below(field["code"])}
        scope = f" của lĩnh vực {field['code']} – {field['name']}"
        yield from _standings(ground, known, scope, [item for item in every if item["code"] in codes])
    if len(every) != len(ground.leaves):
        yield from _standings(ground, known, " thành phần", ground.leaves)
    bonus = [leaf for leaf in ground.leaves if known.is_bonus(leaf)]
    waiting = [item for item in (*every, *bonus) if known.standing(item) == "missing"]
    yield _count(ground, "Số tiêu chí chưa có điểm, kể cả điểm cộng", waiting, [*every, *bonus])
    asked = [leaf for leaf in ground.leaves if key(leaf["rule"]["evidence"]) not in {"", key("không")}]
    lacking = [leaf for leaf in asked if leaf["status"] != "not_applicable" and not leaf["evidence"]]
    yield _count(ground, "Số tiêu chí cần tài liệu kiểm chứng", asked, asked)
    yield _count(ground, "Số tiêu chí thiếu tài liệu kiểm chứng", lacking, asked)
    differing = [leaf for leaf in ground.leaves if _self_differs(leaf)]
    yield _count(ground, "Số tiêu chí có điểm tự chấm khác điểm tính theo quy tắc", differing, ground.leaves)


def _standings(ground: Ground, known: Standings, scope: str, items: list[Document]) -> Iterator[Value]:
    """How many criteria stand how."""
    yield _count(ground, f"Số tiêu chí{scope}", items, items)
    for name, what in _STANDINGS.items():
        yield _count(
            ground, f"Số tiêu chí{scope} {what}", [item for item in items if known.standing(item) == name], items
        )


def _count(ground: Ground, what: str, counted: list[Document], among: list[Document]) -> Value:
    """A number of criteria; a count of 0 rests on all that were looked at."""
    codes = ", ".join(leaf["code"] for leaf in counted)
    return Value("count", what, Decimal(len(counted)), "number", codes, ground.rules(counted or among))


def _self_differs(leaf: Document) -> bool:
    own, computed = leaf["self_points"], leaf["points"]
    differs = own is not None and computed is not None and Decimal(own) != Decimal(computed)
    return bool(leaf["status"] == "scored" and differs and leaf["method"] != Method.MANUAL)


def _advice(ground: Ground) -> Iterator[Value]:
    """What the next steps would bring, and the path to the target."""
    for item in ground.document.get("advice", ()):
        leaves = ground.leaves_of(item["code"])
        rules, cells = ground.rules(leaves), ground.inputs(leaves)
        for which in ("next", "complete", "risk", "appeal"):
            step = item[which]
            for name, what in (
                ("points_after", "điểm sau đó"),
                ("difference", "điểm thêm, bớt"),
                ("amount", "mức thay đổi"),
            ):
                if step and step[name] is not None:
                    told = f"Tiêu chí {item['code']} – {step['change']}: {what}"
                    yield Value("advice", told, Decimal(step[name]), "number", "", rules, cells, None, item["code"])
    for stop in (ground.document.get("path") or {}).get("stops", ()):
        leaves = ground.leaves_of(stop["code"])
        told = f"Chỉ số sau khi tiêu chí {stop['code']} – {stop['name']} đạt {ground.write(stop['full'])} điểm"
        rules, cells = ground.rules(leaves), ground.inputs(leaves)
        yield Value("advice", told, Decimal(stop["percent"]), "percent", "", rules, cells, None, stop["code"])


def _comparison(ground: Ground) -> Iterator[Value]:
    """What an earlier period had, and how far this one is from it."""
    told = ground.document.get("comparison")
    if not told:
        return
    period = told["before"]["period_name"]
    # What was then rests on that period's own files, which only that period's result can name.
    before = (Source(f"kết quả {period}: hãy chạy explain với thư mục kết quả của kỳ đó", None),)
    rules, cells = ground.rules(ground.fields), ground.inputs(ground.leaves)
    sides = [("Chỉ số", told["index"], "percent", rules, cells)]
    for item in told["criteria"]:
        leaves = ground.leaves_of(item["code"])
        rule = ground.rules([ground.criteria[item["code"]]])
        sides.append((f"Tiêu chí {item['code']} – {item['name']}", item, "share", rule, ground.inputs(leaves)))
    for named, item, share, rule, used in sides:
        moved = item["difference_percentage_points"]
        for what, stored, form in (
            (f"{named}: tỷ lệ kỳ trước ({period})", item["before"][share], "percent"),
            (f"{named}: điểm kỳ trước ({period})", item["before"]["points"], "number"),
        ):
            if stored is not None:
                yield Value("comparison", what, Decimal(stored), form, cells=before)
        if moved is not None:
            what = f"{named}: thay đổi so với kỳ trước ({period})"
            formula = f"{ground.write(item['after'][share])}% - {ground.write(item['before'][share])}%"
            yield Value("comparison", what, Decimal(moved), "points", formula, rule, (*before, *used))
    moves = [Decimal(item["difference_percentage_points"] or 0) for item in told["fields"]]
    for what, count in (("tăng", sum(move > 0 for move in moves)), ("giảm", sum(move < 0 for move in moves))):
        yield Value("comparison", f"Số lĩnh vực {what} so với kỳ trước", Decimal(count), rules=rules, cells=before)
