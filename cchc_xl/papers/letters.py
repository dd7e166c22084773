"""The letter to units that owe something: a result and what is enclosed come in, ``don-doc/*.docx`` go out.

An office sends one letter to all of them, with a table of who owes what as numbers of items; what is wrong in which
cell stands in the enclosed workbooks. The unit that compiles the reports writes the letter and gets none. The sentences
are made here, so that a template is a page of named blocks; signer, symbol, contact, where to send are the plan's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from cchc_xl.office.word.fill import filled
from cchc_xl.papers.context import BLANK, Context, Told, head, kept_recipients, listed, plan_named
from cchc_xl.records import RollCall, Settings, State
from cchc_xl.result.archive import APPRAISAL
from cchc_xl.result.contents import Contents, ToldFinding
from cchc_xl.result.objects import Object
from cchc_xl.result.view import View
from cchc_xl.text.days import date_vi, day_here
from cchc_xl.text.numbers import ELSEWHERE, count_vi, listing, upper_first
from cchc_xl.text.words import key

TO_ALL = "cong-van"  # what the one letter is called
# So many names stand behind "Kính gửi" on the first page beside the text; more are a list on the following page.
MOST_NAMED = 12
_LISTED = "Các đơn vị có tên trong danh sách kèm theo"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What a unit gets with the letter: names of marked copies and of the small form that asks for what is lacking.

    ``levels`` counts the criteria whose level that form asks for.
    """

    marked: tuple[str, ...] = ()
    supplement: str = ""
    levels: int = 0


@dataclass(frozen=True, slots=True)
class Debt:
    """What one unit owes, as numbers: errors to mend, figures and levels not given, warnings to look at again.

    ``supplied`` counts the figures that the Office entered in its place until it reports.
    """

    code: str
    name: str
    status: str
    sent: date | None
    errors: int = 0
    figures: int = 0
    levels: int = 0
    checks: int = 0
    supplied: int = 0
    enclosed: Enclosed = Enclosed()

    @property
    def kind(self) -> str:
        """What the letter asks of it: ``missing``, ``unreadable``, ``mend``; '' for nothing.

        >>> Debt("A", "Phòng A", "late", None).kind, Debt("A", "Phòng A", "late", None, errors=2).kind
        ('', 'mend')
        """
        if self.status in _WHOLE:
            return self.status
        return "mend" if self.errors or self.figures or self.levels else ""

    @property
    def counts_as_sent(self) -> bool:
        """Whether what it sent stands and only its small form is wanted."""
        return not self.errors and bool(self.enclosed.supplement)

    @property
    def told(self) -> str:
        """What is lacking or wrong, and that it came late.

        >>> Debt("A", "Phòng A", "late", None, errors=18, figures=3).told
        'gửi sau thời hạn; 18 nội dung phải sửa; thiếu 03 số liệu'
        """
        return "; ".join(filter(None, ("gửi sau thời hạn" if self.status == "late" else "", self.items)))

    @property
    def items(self) -> str:
        """What is lacking or wrong, as a number of items."""
        if self.kind in _WHOLE:
            return _WHOLE[self.kind] + self.meanwhile
        items = (
            (self.errors, "{} nội dung phải sửa"),
            (self.figures, "thiếu {} số liệu"),
            (self.levels, "thiếu mức đạt của {} tiêu chí"),
            (self.checks, "{} nội dung cần kiểm tra lại"),
        )
        return "; ".join(text.format(count_vi(count)) for count, text in items if count) + self.meanwhile

    @property
    def meanwhile(self) -> str:
        """That the Office's figures count until the unit's own do; '' where it entered none."""
        return f", đang tính theo {count_vi(self.supplied)} số liệu bổ sung" if self.supplied else ""

    @property
    def files(self) -> str:
        """The enclosed files; '' where there are none."""
        kind = "nội dung cần sửa" if self.kind in _WHOLE else "bản đánh dấu"
        supplement = (f"{self.enclosed.supplement} (phiếu bổ sung)",) if self.enclosed.supplement else ()
        return "; ".join((*(f"{name} ({kind})" for name in self.enclosed.marked), *supplement))


_WHOLE = {
    "missing": "chưa gửi báo cáo",
    "unreadable": "tệp đã gửi không mở được, chưa tổng hợp được",
}
# What is asked for, as the subject says it; where several things are, the sending comes first.
_SUBJECTS = {
    "missing": "đôn đốc gửi báo cáo",
    "unreadable": "đề nghị gửi lại báo cáo",
    "mend": "đề nghị sửa, bổ sung báo cáo",
}
_SEVERAL = "đôn đốc gửi, hoàn thiện báo cáo"
_COUNTED = {
    "missing": "{} đơn vị chưa gửi báo cáo",
    "unreadable": "{} đơn vị đã gửi tệp nhưng không mở được",
    "mend": "{} đơn vị đã gửi báo cáo nhưng còn nội dung phải sửa, bổ sung",
}


def debts(contents: Contents, enclosed: Mapping[str, Enclosed] | None = None) -> tuple[Debt, ...]:
    """What each unit owes, of those that owe something, in the order of the plan; the compiling unit among them."""
    return tuple(debt for debt in _standings(contents, enclosed) if debt.kind)


def _standings(contents: Contents, enclosed: Mapping[str, Enclosed] | None) -> Iterator[Debt]:
    view = View(contents)
    supplied = {unit: len(codes) for unit, codes in contents.supplied.items()}
    files = enclosed or {}
    for row in contents.rollcall:
        yield _debt(view, row, files.get(row.unit, Enclosed()), supplied.get(row.unit, 0))


def _debt(view: View, row: RollCall, enclosed: Enclosed, supplied: int) -> Debt:
    sent = row.first_sent or row.sent
    debt = Debt(
        code=row.unit,
        name=view.unit(row.unit),
        status=row.status,
        sent=day_here(sent) if sent else None,
        supplied=supplied,
        enclosed=enclosed,
    )
    if debt.kind in _WHOLE:
        return debt
    own = [item for item in view.contents.findings if _is_of(item, row)]
    errors = [item for item in own if item.severity == "error"]
    return replace(
        debt,
        errors=len(errors),
        figures=_lacking(view.contents, row.unit, {(item.file, item.sheet, item.cell) for item in errors}),
        levels=enclosed.levels,
        checks=sum(item.severity == "warning" for item in own),
    )


def _is_of(item: ToldFinding, row: RollCall) -> bool:
    """A finding of the unit's own file or about the unit, but not about whose a file is, nor when it came.

    What is asked for in a form of its own is counted there. Of two files of which none counts the unit must say which.
    What stands in the Office's own workbook is the Office's to settle.
    """
    if item.file == APPRAISAL:
        return False
    if item.code == "D216" or (item.code.startswith("U") and item.code != "U108"):
        return False
    return bool(item.unit == row.unit or (row.file and item.file == row.file))


def _lacking(contents: Contents, unit: str, told: set[tuple[str | None, ...]]) -> int:
    """The figures that the unit has not given, without those that are among its errors already."""
    count = 0
    for item in contents.measure_details:
        if unit not in item.waiting:
            continue
        own = [entry for entry in item.entries if entry.unit == unit]
        blank = all(entry.state is State.MISSING for entry in own)
        count += blank and not any((entry.file, entry.sheet, entry.cell) in told for entry in own)
    return count


def said_of_letters(contents: Contents, enclosed: Mapping[str, Enclosed] | None = None) -> Iterator[str]:
    """What whoever runs it has to know of the letter: who is not written to and why, what is left to be written in."""
    own, owing = View(contents).compiling_code, debts(contents, enclosed)
    others = [debt for debt in owing if debt.code != own]
    if not others:
        yield "Không có công văn đôn đốc: không đơn vị nào còn phải gửi, sửa, bổ sung báo cáo."
    for debt in (debt for debt in owing if debt.code == own):
        yield f"{debt.name} là bộ phận tổng hợp, không ghi vào công văn đôn đốc: {debt.told}."
    late = [debt.name for debt in _standings(contents, enclosed) if debt.status == "late" and not debt.kind]
    if late:
        named = late if len(late) <= MOST_NAMED else [f"{count_vi(len(late))} đơn vị"]
        yield f"Gửi sau thời hạn nhưng đã đủ, không ghi vào công văn đôn đốc: {listing(named)}."
    blank = [f"“{one.setting}”" for one in blanks(contents) if one.of_letter]
    if blank:
        yield (
            f"Công văn đôn đốc còn chỗ trống vì kế hoạch chưa có mục {', '.join(blank)}: điền ở kế hoạch › Cài đặt rồi "
            "chạy lại, hoặc ghi vào công văn."
        )


@dataclass(frozen=True, slots=True)
class Blank:
    """A row of ``Cài đặt`` that is not filled in: its name, and what of which paper stays blank for it."""

    setting: str
    stays: str
    of_letter: bool = False


def blanks(contents: Contents) -> Iterator[Blank]:
    """What report and letter lack because the plan does not say it; of the letter only where one is owed."""
    settings = contents.settings
    own = View(contents).compiling_code
    has_letter = any(debt.code != own for debt in debts(contents))
    both = "báo cáo và công văn" if has_letter else "báo cáo"
    of_report = (
        (settings.plan_number, "Số kế hoạch", f"{both} để trống số kế hoạch"),
        (settings.plan_date, "Ngày kế hoạch", f"{both} để trống ngày kế hoạch"),
        (settings.symbol, "Ký hiệu", f"{both} để trống ký hiệu"),
        (settings.place, "Địa danh", f"{both} để trống địa danh"),
        (settings.recipients, "Nơi nhận", "báo cáo để trống nơi nhận"),
        (settings.signer, "Người ký", "báo cáo để trống tên người ký"),
    )
    yield from (Blank(setting, stays) for value, setting, stays in of_report if not value)
    of_letter = (
        (_signer(settings)["signer"], "Người ký đôn đốc", "để trống tên người ký"),
        (deadline(contents), "Hạn gửi lại", "để trống hạn gửi lại"),
        (settings.contact.strip(), "Liên hệ", "chưa nêu người để liên hệ"),
    )
    if has_letter:
        yield from (Blank(setting, f"công văn {stays}", True) for value, setting, stays in of_letter if not value)


def render_letters(
    told: Told,
    template: Path | bytes,
    enclosed: Mapping[str, Enclosed] | None = None,
    *,
    each: bool = False,
) -> Iterator[tuple[str, bytes]]:
    """The letter to all units that owe something, under the name ``cong-van``; nothing where none does.

    With ``each``, one to each of them, under its code. Raises ``TemplateError``.
    """
    for name, fields in letters(told, enclosed, each=each):
        yield name, filled(fields, template, places=told.contents.settings.places, kind="công văn đôn đốc")


def letters(
    told: Told, enclosed: Mapping[str, Enclosed] | None = None, *, each: bool = False
) -> Iterator[tuple[str, Context]]:
    """The contexts of the letters, as :func:`render_letters` writes them."""
    contents, report = told.contents, told.context
    own = View(contents).compiling_code
    owing = [debt for debt in debts(contents, enclosed) if debt.code != own]
    if not owing:
        return
    shared = {**report, **letterhead(contents.settings, str(report["report_year"]))}
    period = f"kết quả thực hiện {report['period_text']}"
    for name, addressed in [(debt.code, [debt]) for debt in owing] if each else [(TO_ALL, owing)]:
        yield name, {**shared, "cong_van": _letter(contents, period, addressed)}


def letterhead(settings: Settings, year: str) -> Context:
    """What every letter has: symbol, signer, recipients."""
    return {
        **head("Công văn", _symbol(settings), year, _signer(settings)),
        "recipients": _recipients(settings),
        "letter_symbol": _symbol(settings),
        "letter_signer": _signer(settings),
    }


def _letter(contents: Contents, period: str, owing: Sequence[Debt]) -> Object:
    """The blocks of one letter to these units."""
    kinds = [kind for kind in _SUBJECTS if any(debt.kind == kind for debt in owing)]
    subject = _SUBJECTS[kinds[0]] if len(kinds) == 1 else _SEVERAL
    by_list = len(owing) > MOST_NAMED
    single = owing[0] if len(owing) == 1 else None
    due = f" chậm nhất ngày {date_vi(contents.due)}" if contents.due else ""
    opening = [f"Thực hiện {plan_named(contents.settings)}, các đơn vị gửi báo cáo {period}{due}."]
    if single:
        asking = [*_to_one(contents, single)]
    else:
        opening.append(_state(owing, by_list=by_list))
        asking = [*_asked(contents, owing)]
    return {
        "trich_yeu": f"{subject} {period}",
        "kinh_gui": addressed([debt.name for debt in owing]),
        "mo_dau": opening,
        "bang": [] if single or by_list else _rows(owing),
        "de_nghi": asking[:-1],
        "ket": asking[-1],
        "danh_sach": _rows(owing) if by_list else [],
    }


def addressed(names: Sequence[str]) -> list[Object]:
    """The lines behind "Kính gửi", each with its closing mark; one line where the names stand in a list.

    >>> addressed(["Phòng A", "Phòng B"])
    [{'text': 'Phòng A', 'end': ';'}, {'text': 'Phòng B', 'end': '.'}]
    """
    return listed(list(names) if len(names) <= MOST_NAMED else [_LISTED])


def _rows(owing: Sequence[Debt]) -> list[Object]:
    return [
        {"tt": str(number), "ten": debt.name, "noi_dung": upper_first(debt.told), "tep": debt.files or ELSEWHERE}
        for number, debt in enumerate(owing, start=1)
    ]


def _state(owing: Sequence[Debt], *, by_list: bool) -> str:
    """Who owes what, counted: before the table, or in place of the list on the following page."""
    counts = Counter(debt.kind for debt in owing)
    told = [text.format(count_vi(counts[kind])) for kind, text in _COUNTED.items() if counts[kind]]
    return f"Đến nay còn {listing(told).replace('; ', ', ')}{' (danh sách kèm theo).' if by_list else ', cụ thể:'}"


def _asked(contents: Contents, owing: Sequence[Debt]) -> Iterator[str]:
    """What the units are asked to do, each kind in its own words; the last paragraph closes the letter."""
    missing, unreadable, to_mend = ([debt for debt in owing if debt.kind == kind] for kind in _SUBJECTS)
    added = [debt for debt in to_mend if debt.counts_as_sent]
    mended = [debt for debt in to_mend if not debt.counts_as_sent]
    by_file = " theo tệp kèm theo" if any(debt.files for debt in mended) else ""
    for units, one, several in (
        (missing, _FILE, f"chưa gửi báo cáo {_FILE}"),
        (unreadable, _AGAIN, f"đã gửi tệp không mở được {_AGAIN}"),
        (mended, f"sửa, bổ sung{by_file} và gửi lại", f"còn nội dung phải sửa thực hiện{by_file} và gửi lại"),
        (added, _ADDED, f"có phiếu bổ sung kèm theo {_ADDED.replace(' kèm theo', '')}"),
    ):
        if units:
            yield f"Đề nghị {f'{units[0].name} {one}' if len(units) == 1 else f'các đơn vị {several}'}."
    yield _closing(contents)


_FILE = "nhập đủ biểu mẫu đã giao, gửi báo cáo cùng tài liệu kiểm chứng"
_AGAIN = "gửi lại báo cáo theo biểu mẫu đã giao"
_ADDED = "nhập, gửi phiếu bổ sung kèm theo, không phải gửi lại báo cáo đã gửi"


def _to_one(contents: Contents, debt: Debt) -> Iterator[str]:
    """The same to one unit alone, without a table."""
    files = f" Tệp kèm theo: {debt.files}." if debt.files else ""
    if debt.kind == "missing":
        state = f"Đến nay, {contents.agency} chưa nhận được báo cáo của {debt.name}{debt.meanwhile}."
        yield f"{state} Đề nghị đơn vị {_FILE}.{files}"
    elif debt.kind == "unreadable":
        state = f"{debt.name} đã gửi báo cáo nhưng tệp không mở được, chưa tổng hợp được."
        yield f"{state} Đề nghị đơn vị {_AGAIN}.{files}"
    else:
        sent = f", gửi ngày {date_vi(debt.sent)} sau thời hạn," if debt.status == "late" and debt.sent else ""
        by_file = " theo tệp kèm theo" if files else ""
        asked = _ADDED if debt.counts_as_sent else f"sửa, bổ sung{by_file} và gửi lại"
        yield f"Báo cáo của {debt.name}{sent} còn {debt.items}. Đề nghị đơn vị {asked}.{files}"
    yield _closing(contents)


def _closing(contents: Contents) -> str:
    """By when and where to send, and whom one may ask."""
    settings, wanted = contents.settings, deadline(contents)
    if wanted is not None:
        by = f"chậm nhất ngày {date_vi(wanted)}"
    else:
        by = f"chậm nhất ngày{BLANK}tháng{BLANK}năm {(contents.due or contents.period_end).year}"
    place = settings.forms_to or View(contents).compiling_unit
    return f"Báo cáo gửi {f'về {place} ' if place else ''}{by} để kịp tổng hợp{contact(settings)}"


def deadline(contents: Contents) -> date | None:
    """The last day for what the letter asks for; a day that has passed with an earlier period is none of this one."""
    wanted = contents.settings.resend_due
    return wanted if wanted is not None and wanted > (contents.due or contents.period_end) else None


def contact(settings: Settings) -> str:
    """Whom one may ask, behind a sentence; '' where the plan names nobody."""
    return f"; liên hệ: {settings.contact.strip().rstrip('.')}" if settings.contact.strip() else ""


def _recipients(settings: Settings) -> list[Object]:
    """Of a công văn: "Như trên", then of the plan's recipients the leadership; the archive always."""
    leaders = [text for text in kept_recipients(settings) if key(text).startswith(key("Lãnh đạo"))]
    return listed(["Như trên", *leaders, _archive(settings) or "Lưu: VT"])


def _archive(settings: Settings) -> str:
    """The line of the office's own archive, the last of the recipients; '' where the plan names none."""
    return next((text for text in reversed(kept_recipients(settings)) if key(text).startswith(key("Lưu"))), "")


def _signer(own: Settings) -> Object:
    """Who signs a công văn, where the plan names somebody of its own for letters; else who signs the report."""
    named = (own.letter_authority, own.letter_title, own.letter_signer)
    shown = named if any(named) else (own.signing_authority, own.signing_title, own.signer)
    return dict(zip(("signing_authority", "signing_title", "signer"), shown, strict=True))


def _symbol(settings: Settings) -> str:
    """The symbol of a công văn: agency and drafting unit, the one named after "Lưu: VT".

    >>> _symbol(Settings(symbol="SNV", recipients=("- Chi cục Văn thư, Lưu trữ tỉnh;", "- Lưu: VT, CCHC (3).")))
    'SNV-CCHC'
    """
    drafting = re.split(r"[,;(]", f"{_archive(settings)},")[1].strip()
    return "-".join(part for part in (settings.symbol, drafting) if part)


def samples(contents: Contents) -> Iterator[Context]:
    """Contexts with every kind of debt, for a look over a template: to all, by a list, to each."""
    first, second, *others = contents.rollcall
    made = (
        ToldFinding("F101", "error", "Tệp bị hỏng.", "Gửi lại.", first.file, "Số liệu", "D9", None, None),
        ToldFinding("D101", "error", "“ba” không là số.", "Sửa.", second.file, "Số liệu", "D9", None, None),
    )
    rolls = (replace(first, status="unreadable"), second, *others)
    wrong = replace(contents, rollcall=rolls, findings=(*contents.findings, *made))
    many = replace(contents, rollcall=tuple(replace(row, status="missing") for row in rolls * MOST_NAMED))
    for each, found in ((False, wrong), (False, many), (True, wrong)):
        yield from (context for _, context in letters(Told.of(found), {second.unit: Enclosed(("A.xlsx",))}, each=each))
