"""Numbers inside texts: a ``Ground`` and a number come in, the texts of units and of the plan that hold it go out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cchc_xl.explain.ground import Ground, Source, Value
from cchc_xl.text.numbers import Wanted, is_printed, numbers_in

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


def values(ground: Ground, wanted: Wanted, reading: Decimal) -> Iterator[Value]:
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
