"""The values of a result: a ``Ground`` comes in; its scores, figures and the numbers inside its texts go out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from cchc_xl.ask.ground import Ground, Source, Value
from cchc_xl.plan.methods import scoring
from cchc_xl.records import Kind
from cchc_xl.result.result_file import Document
from cchc_xl.result.view import Standings, pairs, self_score_differs
from cchc_xl.text.printed import Wanted, is_printed, numbers_in
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


def score_values(ground: Ground) -> Iterator[Value]:
    """All of them."""
    yield from _index(ground)
    for item in ground.criteria.values():
        yield from _criterion(ground, item)
    yield from _criteria_counts(ground)
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
        quotient = "/" in item["rule"]["figures"] or scoring(item["method"]).is_percentage
        form = "percent" if quotient else "number"
        what = f"{named}: giá trị đem chấm ({item['rule']['figures'] or 'theo báo cáo'})"
        yield Value("criterion", what, Decimal(item["value"]), form, item["basis"], rules, cells, None, item["code"])


def _criteria_counts(ground: Ground) -> Iterator[Value]:
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
    differing = [leaf for leaf in ground.leaves if self_score_differs(leaf)]
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
    for detail in ground.measures.values():
        yield from _measure(ground, detail)
    yield from _shares(ground)
    for detail in ground.measures.values():
        yield from _entries(ground, detail)
    yield from _conflicts(ground)
    yield from _unit_counts(ground)


def _measure(ground: Ground, detail: Document) -> Iterator[Value]:
    code = detail["code"]
    stored = detail["value"] if detail["value"] is not None else detail["partial"]
    if stored is None or detail["kind"] in {Kind.TEXT, Kind.DATE}:
        return
    partial = "" if detail["value"] is not None else " (chưa đủ, số hiện có)"
    unit = f" ({detail['unit_name']})" if detail["unit_name"] else ""
    yield Value(
        "measure",
        f"{code} – {detail['name']}{unit}{partial}",
        Decimal(stored),
        _form(detail),
        _combined(ground, detail, stored),
        (ground.measure_rule(code),),
        ground.entries(code),
    )


def _form(detail: Document) -> str:
    return "percent" if detail["kind"] == Kind.PERCENT else "number"


def _combined(ground: Ground, detail: Document, total: str) -> str:
    """How the units' figures became one."""
    given = [entry["value"] for entry in detail["entries"] if entry["value"] is not None]
    if len(given) < 2:
        return ""
    if detail["combine"] == "tổng" and len(given) <= _MOST_TERMS:
        return f"{' + '.join(map(ground.write, given))} = {ground.write(total)}"
    return f"{detail['combine']} của {len(given)} đơn vị = {ground.write(total)}"


def _shares(ground: Ground) -> Iterator[Value]:
    for part, whole in pairs(ground.measures):
        above, below = ground.measures[part], ground.measures[whole]
        if above["value"] is None or below["value"] is None or not Decimal(below["value"]):
            continue
        numbers = Decimal(above["value"]), Decimal(below["value"])
        share = numbers[0] * 100 / numbers[1]
        told = "" if part == whole else f" so với {below['name']}"
        yield Value(
            "share",
            f"{part} / {whole} – {above['name']}{told}",
            share,
            "percent",
            f"{ground.write(numbers[0])} / {ground.write(numbers[1])} = {ground.write(share)}%",
            tuple(map(ground.measure_rule, dict.fromkeys((part, whole)))),
            tuple(dict.fromkeys((*ground.entries(part), *ground.entries(whole)))),
            parts=numbers,
        )


def _entries(ground: Ground, detail: Document) -> Iterator[Value]:
    for entry in detail["entries"]:
        if entry["value"] is not None:
            yield Value(
                "entry",
                f"{detail['code']} – {detail['name']}, {ground.unit(entry['unit'])}",
                Decimal(entry["value"]),
                _form(detail),
                f"ô ghi “{entry['text']}”" if entry["text"] not in {"", entry["value"]} else "",
                (ground.measure_rule(detail["code"]),),
                ground.entries(detail["code"], entry["unit"]),
            )


def _conflicts(ground: Ground) -> Iterator[Value]:
    for item in ground.document["conflicts"]:
        sides = re.split(r"<=|>=|=", item["rule"])
        codes = dict.fromkeys(re.findall(r"[A-Za-z]\w*", item["rule"]))
        cells = tuple(cell for code in codes for cell in ground.entries(code, item["unit"]))
        cells = cells or (Source(ground.unit(item["unit"]), item["file"], item["sheet"], item["cell"]),)
        for side, which in zip(sides, ("left", "right"), strict=False):
            named = re.findall(r"[A-Za-z]\w*", side)
            percent = item[f"{which}_percent"] or any(
                ground.measures[code]["kind"] == Kind.PERCENT for code in named if code in ground.measures
            )
            yield Value(
                "conflict",
                f"{ground.unit(item['unit'])}: {side.strip()} trong ràng buộc {item['code']} ({item['message']})",
                Decimal(item[which]),
                "percent" if percent else "number",
                f"không thỏa {item['rule']}: {ground.write(item['left'])} và {ground.write(item['right'])}",
                (ground.plan_row("Ràng buộc", item["code"], item["rule"]),),
                cells,
            )


def _unit_counts(ground: Ground) -> Iterator[Value]:
    document = ground.document
    roll = document["rollcall"]
    must = ground.plan_row("Đơn vị", "Phải báo cáo")
    filed = {row["unit"]: Source(ground.unit(row["unit"]), row["file"] or None, value=row["status"]) for row in roll}
    yield Value("count", "Số đơn vị phải báo cáo", Decimal(len(roll)), rules=(must,), cells=tuple(filed.values()))
    for status, what in _ROLL.items():
        cells = tuple(filed[row["unit"]] for row in roll if row["status"] == status)
        yield Value("count", what, Decimal(len(cells)), rules=(must,), cells=cells)
    for code, detail in ground.measures.items():
        cells = ground.tasks(code)
        if cells:
            what = f"Số dòng danh mục nhiệm vụ đã đếm vào {code} – {detail['name']}"
            yield Value("count", what, Decimal(len(cells)), rules=(ground.measure_rule(code),), cells=cells)
    owed: dict[tuple[str, ...], list[str]] = {}
    for code, detail in ground.measures.items():
        if detail["waiting"]:
            owed.setdefault(tuple(detail["waiting"]), []).append(code)
    for units, codes in owed.items():
        what = f"Số số liệu còn chờ của {', '.join(map(ground.unit, units))}"
        rules = tuple(ground.measure_rule(code) for code in codes)
        yield Value("count", what, Decimal(len(codes)), rules=rules)
    conflicts = list(_conflicts(ground))
    yield Value(
        "count",
        "Số nội dung số liệu chưa thống nhất (ràng buộc không thỏa)",
        Decimal(len(document["conflicts"])),
        rules=tuple(dict.fromkeys(rule for value in conflicts for rule in value.rules)),
        cells=tuple(dict.fromkeys(cell for value in conflicts for cell in value.cells)),
    )
    for severity, count in Counter(item["severity"] for item in document["findings"]).items():
        found = [item for item in document["findings"] if item["severity"] == severity]
        yield _finding_count(ground, f"Số phát hiện mức {_SEVERITIES[severity]}", count, found)
    for group in document["finding_groups"]:
        found = [item for item in document["findings"] if item["code"] == group["code"]]
        yield _finding_count(ground, f"Số phát hiện {group['code']} – {group['title']}", group["count"], found)
    read = tuple(Source("tệp đã đọc", item["file"]) for item in document["sources"] if item["verdict"] == "read")
    yield Value("count", "Số tệp đã đọc", Decimal(len(read)), cells=read)


def _finding_count(ground: Ground, what: str, count: int, found: list[Document]) -> Value:
    """Findings stand at a cell; one of a unit that sent nothing stands at the unit's row of the plan."""
    cells = tuple(Source(item["code"], item["file"], item["sheet"], item["cell"]) for item in found if item["file"])
    units = dict.fromkeys(item["unit"] for item in found if item["unit"] and not item["file"])
    rules = tuple(ground.plan_row("Đơn vị", unit, ground.unit(unit)) for unit in units)
    return Value("count", what, Decimal(count), rules=rules, cells=cells)


_COLUMNS = (
    ("result", "Kết quả thực hiện"),
    ("level", "Mức đạt"),
    ("evidence", "Tài liệu kiểm chứng"),
    ("reason", "Nguyên nhân, khó khăn, kiến nghị"),
)
_PLANNED = (
    ("name", "Tiêu chí"),
    ("target", "Mục tiêu/giải pháp thực hiện"),
    ("lead_text", "Đơn vị thực hiện"),
    ("cooperating_text", "Phối hợp thực hiện"),
)
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


def _texts(ground: Ground) -> Iterator[tuple[str, str, str, tuple[Source, ...], tuple[Source, ...]]]:
    yield from _reported(ground)
    for item in ground.criteria.values():
        rule = (ground.rule(item),)
        for column, what in _PLANNED:
            yield "plan", f"Tiêu chí {item['code']}, {what}", item[column], rule, ()
        for band in item["rule"]["bands"]:
            source = Source(f"thang điểm của {item['code']}", item["rule"]["file"], band["sheet"], row=band["row"])
            told = f"{band['text']} → {band['points']}"
            yield "plan", f"Thang điểm của tiêu chí {item['code']}", told, (*rule, source), ()
        yield "basis", f"Tiêu chí {item['code']}", item["basis"], rule, ground.inputs([item])
    for code, detail in ground.measures.items():
        yield "plan", f"Tên số liệu {code}", detail["name"], (ground.measure_rule(code),), ()
    for item in ground.document["conflicts"]:
        rule = (ground.plan_row("Ràng buộc", item["code"], item["rule"]),)
        yield "plan", f"Thông báo của ràng buộc {item['code']}", item["message"], rule, ()
    for note in (ground.document.get("comparison") or {}).get("notes", ()):
        period = (ground.plan_row("Kỳ báo cáo", ground.document["period"]),)
        yield "comparison", "Lưu ý khi so sánh", note["message"], period, ()
    for code, name in ground.names.items():
        yield "plan", f"Tên đơn vị {code}", name, (ground.plan_row("Đơn vị", code),), ()


def _reported(ground: Ground) -> Iterator[tuple[str, str, str, tuple[Source, ...], tuple[Source, ...]]]:
    for item in ground.criteria.values():
        rule = (ground.rule(item),)
        for report, cell in zip(item["reports"], ground.reports(item), strict=True):
            for column, what in _COLUMNS:
                named = f"{ground.unit(report['unit'])}, tiêu chí {item['code']}, {what}"
                yield "text", named, report[column], rule, (cell,)
        for proof in item["evidence"]:
            named = f"{ground.unit(proof['unit'])}, tiêu chí {item['code']}"
            cell = Source(named, proof["file"], proof["sheet"], proof["cell"])
            if all(proof["text"] != report["evidence"] for report in item["reports"]):
                yield "text", f"{named}, tài liệu kiểm chứng", proof["text"], rule, (cell,)
        for heading, text in (item["appraisal"] or {}).items():
            if isinstance(text, str):
                yield "text", f"Thẩm định tiêu chí {item['code']}, {heading}", text, rule, (ground.appraisal(item),)
    for task in ground.document["tasks"]:
        named = f"{ground.unit(task['unit'])}, nhiệm vụ"
        at = Source(named, task["file"], task["sheet"], task["cell"], task["document"])
        for column in ("content", "note"):
            yield "text", named, task[column], (), (at,)
    for code, detail in ground.measures.items():
        for entry in detail["entries"]:
            if entry["value"] is None and entry["text"]:
                named = f"{ground.unit(entry['unit'])}, {code} – {detail['name']}"
                yield "text", named, entry["text"], (ground.measure_rule(code),), (ground.entry(code, entry),)
