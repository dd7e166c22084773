"""The letters that go out with the forms: the plan in a period comes in, two ``cong-van-….docx`` go out.

One asks the units to report and encloses the forms of the period. The other, once a year, tells which unit leads which
criteria and by when each period is closed: an office issues it with the year's first forms (docs/decisions/022). The
unit that compiles the reports is among those that have work, but the letters are its own: they are not written to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from cchc_xl.office.word.fill import clean, filled
from cchc_xl.papers.context import BLANK, Context, plan_named
from cchc_xl.papers.letters import MOST_NAMED, addressed, contact, letterhead
from cchc_xl.plan.edition import entered_by_unit, is_extra
from cchc_xl.records import Edition, Period, Settings, Unit
from cchc_xl.result.objects import Object, to_object
from cchc_xl.text.days import date_vi
from cchc_xl.text.file_names import form_files
from cchc_xl.text.numbers import ELSEWHERE, count_vi, period_vi, upper_first
from cchc_xl.text.words import FOLLOWED

_FORMS, _YEAR = "công văn giao biểu mẫu", "công văn phân công"
_HOW = "Nhập đủ các ô phải nhập theo hướng dẫn trên biểu, giữ nguyên dòng, cột, rồi lưu và gửi chính tệp đó."


def render_covering(edition: Edition, template: Path | bytes, agencies: Sequence[tuple[str, str]] = ()) -> bytes | None:
    """The letter with which the period's forms are sent; None where there is nobody to write to.

    ``agencies`` are those of a plan for many, each with where its forms are: the letter goes to them instead of units.
    Raises ``TemplateError``.
    """
    context = covering(edition, agencies)
    return filled(clean(context), template, places=edition.plan.settings.places, kind=_FORMS) if context else None


def render_assignment(edition: Edition, template: Path | bytes) -> bytes | None:
    """The letter that assigns the year's criteria; None where there is nobody to write to. Raises ``TemplateError``."""
    context = assignment(edition)
    return filled(clean(context), template, places=edition.plan.settings.places, kind=_YEAR) if context else None


def is_first_of_year(edition: Edition) -> bool:
    """Whether no period of the same year is closed before this one."""
    return _year(edition)[0].code == edition.period.code


def _year(edition: Edition) -> list[Period]:
    """The periods of the year, in the order in which they are closed."""
    same = (item for item in edition.plan.periods if item.end.year == edition.period.end.year)
    return sorted(same, key=lambda item: (item.due or item.end, item.end))


def covering(edition: Edition, agencies: Sequence[tuple[str, str]] = ()) -> Context | None:
    """The context of the letter with the forms; None where there is nobody to write to."""
    period = edition.period
    to = list(agencies) or _forms(edition)
    if not to:
        return None
    settings = edition.plan.settings
    subject = f"báo cáo kết quả cải thiện {settings.index_called} {_named(edition)}"
    each = "mỗi cơ quan, đơn vị một thư mục" if agencies else "mỗi đơn vị một tệp"
    day = f" {date_vi(period.due)}" if period.due else f"{BLANK}tháng{BLANK}năm {period.end.year}"
    window = f"từ ngày {date_vi(period.start)} đến hết ngày {date_vi(period.end)}"
    names = addressed([name for name, _ in to])
    basis = f"Thực hiện {plan_named(settings)}; để kịp tổng hợp, báo cáo cấp có thẩm quyền,"
    lines = [
        f"Nội dung: kết quả thực hiện các tiêu chí, số liệu được giao, {window}; tài liệu kiểm chứng gửi kèm.",
        f"Biểu mẫu: tệp Excel gửi kèm Công văn này, {each}. {_HOW}",
        f"Thời hạn: chậm nhất ngày{day}.",
        *_to(settings),
    ]
    return {
        **_shared(edition),
        "cong_van": {
            "trich_yeu": subject,
            "kinh_gui": names,
            "mo_dau": [f"{basis} {settings.agency} đề nghị các đơn vị báo cáo kết quả {_named(edition)} như sau:"],
            "noi_dung": [f"{number}. {line}" for number, line in enumerate(lines, start=1)],
            "ket": "Đề nghị các đơn vị thực hiện đúng nội dung và thời hạn nêu trên",
            "danh_sach": _rows(to) if len(names) != len(to) else [],
        },
    }


def assignment(edition: Edition) -> Context | None:
    """The context of the letter that assigns the year's criteria; None where there is nobody to write to."""
    others, settings, year = _others(edition), edition.plan.settings, edition.period.end.year
    if not others:
        return None
    basis = f"Thực hiện {plan_named(settings)}, {settings.agency} phân công"
    return {
        **_shared(edition),
        "cong_van": {
            "trich_yeu": f"phân công thực hiện, báo cáo kết quả cải thiện {settings.index_called} năm {year}",
            "kinh_gui": addressed([unit.name for unit in others]),
            "mo_dau": [f"{basis} các đơn vị thực hiện, theo dõi, báo cáo kết quả năm {year} như sau:"],
            "phan_cong": list(_work(edition)),
            "ghi_chu": _counted_how(edition),
            "cac_ky": [_closing(item) for item in _year(edition)],
            "noi_dung": [f"3. {line}" for line in _to(settings)],
            "ket": "Đề nghị các đơn vị chủ động tổ chức thực hiện, báo cáo đúng thời hạn",
        },
    }


def samples(editions: Sequence[Edition]) -> tuple[tuple[Context, ...], tuple[Context, ...]]:
    """Contexts for the templates of the letter with the forms, to units and to many agencies, and of the year's."""
    many = [(f"Cơ quan {number}", f"CQ{number}") for number in range(MOST_NAMED + 1)]
    found = [covering(edition, agencies) for edition in editions for agencies in ((), many)]
    return tuple(filter(None, found)), tuple(filter(None, map(assignment, editions)))


def _shared(edition: Edition) -> Context:
    settings, year = edition.plan.settings, str((edition.period.due or edition.period.end).year)
    return {
        "settings": to_object(settings),
        "agency": settings.agency,
        "period_text": _named(edition),
        "report_year": year,
        **letterhead(settings, year),
    }


def _named(edition: Edition) -> str:
    return period_vi(edition.period.name, edition.plan.settings.year or edition.period.end.year)


def _others(edition: Edition) -> list[Unit]:
    """The units that report, without the one that compiles."""
    plan = edition.plan
    return [unit for unit in plan.units if unit.reports and unit.name != plan.settings.compiling_unit]


def _forms(edition: Edition) -> list[tuple[str, str]]:
    """The same units by their names, each with its form of the period."""
    files = form_files(edition.period.code, (unit.code for unit in edition.plan.units))
    return [(unit.name, files[unit.code]) for unit in _others(edition)]


def _to(settings: Settings) -> list[str]:
    """Where reports are sent and whom one may ask, as a line of its own; nothing where the plan says neither."""
    place = settings.forms_to or settings.compiling_unit
    told = "".join((f"Báo cáo gửi về {place}" if place else "", contact(settings))).removeprefix("; ")
    return [f"{upper_first(told)}."] if told else []


def _rows(to: Sequence[tuple[str, str]]) -> list[Object]:
    return [{"tt": str(number), "ten": name, "tep": file} for number, (name, file) in enumerate(to, start=1)]


def _work(edition: Edition) -> Iterator[Object]:
    """What each unit leads: fields with how many criteria, and how many criteria and figures in all."""
    tops = {node.criterion.code: node for node in edition.nodes}

    def top(code: str) -> str:
        parent = tops[code].parent
        return code if parent is None else top(parent)

    number, entered = 0, entered_by_unit(edition)
    for unit in edition.plan.units:
        led = Counter(top(node.criterion.code) for node in edition.leaves if unit.code in node.lead)
        figures = len(entered[unit.code])
        if not unit.reports or not (led or figures):
            continue
        number += 1
        fields = [f"{tops[code].criterion.name} ({count_vi(count)})" for code, count in led.items()]
        yield {
            "tt": str(number),
            "ten": unit.name,
            "noi_dung": "; ".join(fields) or ELSEWHERE,
            "tieu_chi": count_vi(sum(led.values())),
            "so_lieu": count_vi(figures),
        }


def _counted_how(edition: Edition) -> str:
    """What the numbers of criteria are, for they add up to more than the index has."""
    nodes = {node.criterion.code: node for node in edition.nodes}
    shared = any(len(node.lead) > 1 for node in edition.leaves)
    kinds = (
        ("điểm thưởng", any(is_extra(node.criterion.code, nodes) and node.max_score > 0 for node in edition.leaves)),
        ("điểm trừ", any(is_extra(node.criterion.code, nodes) and node.max_score < 0 for node in edition.leaves)),
        (FOLLOWED, any(not node.max_score for node in edition.leaves)),
    )
    told = "Số tiêu chí đếm theo từng dòng đơn vị chủ trì trên biểu mẫu"
    if named := [kind for kind, there in kinds if there]:
        told += f", gồm cả tiêu chí {', '.join(named)}"
    return f"{told}{'; tiêu chí do nhiều đơn vị chủ trì tính ở từng đơn vị' if shared else ''}."


def _closing(period: Period) -> Object:
    return {
        "ten": period.name,
        "tu": date_vi(period.start),
        "den": date_vi(period.end),
        "han": date_vi(period.due) if period.due else ELSEWHERE,
    }
