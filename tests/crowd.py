"""A result with hundreds of units that all write much: a result of eight units comes in, the same of many goes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from cchc_xl.result.contents import Contents, Report, Task

WORDS = "đã ban hành văn bản triển khai, tổ chức kiểm tra và khắc phục các nội dung còn hạn chế của kỳ trước"
LONG = f"{' '.join([WORDS] * 6)}."


def crowded(contents: Contents, count: int) -> Contents:
    """With ``count`` more units: each wrote its own text, cause and document of every criterion and has late tasks."""
    codes = [f"DV{number}" for number in range(1, count + 1)]
    first = contents.units[1]
    named = tuple(
        replace(first, code=code, name=f"Phòng Quản lý, theo dõi lĩnh vực số {number}")
        for number, code in enumerate(codes, 1)
    )
    row = contents.rollcall[1]
    status = ("submitted", "late", "missing")
    rolls = tuple(
        replace(row, unit=code, status=status[number % 3], file=None if number % 3 == 2 else f"{code}.xlsx")
        for number, code in enumerate(codes)
    )
    report = next(one for item in contents.criteria for one in item.reports)
    criteria = tuple(
        replace(
            item,
            lead=(*item.lead, *codes),
            lead_text="",
            reports=(*item.reports, *(_wrote(report, code, item.code) for code in codes)),
        )
        if item.reports
        else item
        for item in contents.criteria
    )
    details = tuple(
        replace(
            detail,
            units=(*detail.units, *codes),
            entries=(*detail.entries, *(replace(detail.entries[0], unit=code, file=f"{code}.xlsx") for code in codes)),
        )
        if detail.entries
        else detail
        for detail in contents.measure_details
    )
    return replace(
        contents,
        units=(*contents.units, *named),
        rollcall=(*contents.rollcall, *rolls),
        criteria=criteria,
        measure_details=details,
        tasks=(*contents.tasks, *(_late(code) for code in codes)),
    )


def _wrote(report: Report, unit: str, criterion: str) -> Report:
    return replace(
        report,
        unit=unit,
        result=f"{criterion} {unit}: {LONG}",
        reason=f"Khách quan: {unit} {criterion} {LONG}\nChủ quan: {unit} {LONG}\nĐề nghị {unit} {LONG}",
        evidence=f"Quyết định số 12/QĐ-{unit} về {WORDS}",
    )


def _late(unit: str) -> Task:
    due, done = date(2021, 2, 1), date(2021, 2, 5)
    return Task(unit, f"{unit}/UBND-KGVX", LONG, None, due, done, "", "trễ", f"{unit}.xlsx", "Nhiệm vụ", "A9")
