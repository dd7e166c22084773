"""The figures of a result as values: a ``Ground`` comes in; totals, shares, units' figures and conflicts go out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from cchc_xl.explain.ground import Ground, Source, Value
from cchc_xl.records import Kind
from cchc_xl.result.result_file import Document
from cchc_xl.result.view import pairs

_MOST_TERMS = 12  # of a sum that is written out
_ROLL = {
    "submitted": "Số đơn vị gửi đúng hạn",
    "late": "Số đơn vị gửi trễ hạn",
    "missing": "Số đơn vị chưa gửi",
    "unreadable": "Số đơn vị gửi tệp không đọc được",
}
_SEVERITIES = {"error": "lỗi", "warning": "cảnh báo", "note": "lưu ý"}


def values(ground: Ground) -> Iterator[Value]:
    """All of them."""
    for detail in ground.measures.values():
        yield from _measure(ground, detail)
    yield from _shares(ground)
    for detail in ground.measures.values():
        yield from _entries(ground, detail)
    yield from _conflicts(ground)
    yield from _counts(ground)


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


def _counts(ground: Ground) -> Iterator[Value]:
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
