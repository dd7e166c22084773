"""The sheet of what is to be done now: a result comes in, ``Việc cần làm`` goes out.

It is what an officer opens first: who has not sent, what each unit has to mend, which criteria wait for what, what is
to be appraised and what brings the index most. Each line leads to its sheet, cell or file; of long lists the first
lines stand here and the last one leads to all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cchc_xl.office.excel.book import Book, place_in
from cchc_xl.papers.columns import Column, Link, Listed, write_contents, write_table
from cchc_xl.papers.letters import blanks
from cchc_xl.papers.listings import CONFLICTS, FILED, FINDINGS, LOOKUP, Beside
from cchc_xl.papers.lookup import ROUTE, without_codes
from cchc_xl.papers.scores import FIGURE_PARTS, FIGURES, LEVELS, NO_INDEX, PARTS, SCALES, SCORES, Workings
from cchc_xl.plan.marking import ZERO
from cchc_xl.result.advice import Advice, Step
from cchc_xl.result.archive import APPRAISAL
from cchc_xl.result.contents import ScoredCriterion
from cchc_xl.result.view import View, self_score_differs
from cchc_xl.text.days import date_vi
from cchc_xl.text.numbers import percent_vi, points_text, upper_first
from cchc_xl.text.words import ROLL

WIDTHS = (62, 34, 58, 30)
SUMMARY, APPENDIX = "Tóm tắt", "Phụ lục"
_REPORT, _NOTE = "bao-cao.docx", "phieu-kiem-tra.docx"
_MOST, _BEST, _NAMED = 25, 8, 3  # lines of a list; of what brings most; units of a line
_SHEETS = (
    Listed(SUMMARY, "chỉ số, điểm từng lĩnh vực, biểu đồ, tiêu chí còn thiếu nhiều điểm nhất"),
    Listed(APPENDIX, "phụ lục của kế hoạch, có thêm kết quả của từng đơn vị và điểm"),
    Listed(SCORES, "điểm từng tiêu chí bằng công thức, tính từ các ô ở trang tính Số liệu"),
    Listed(FIGURES, "mọi số liệu, của từng đơn vị và toàn cơ quan"),
)
_HIDDEN = f"{LEVELS}, {SCALES}, {PARTS}, {FIGURE_PARTS} (công thức dùng đến): nháy phải vào tên một trang tính › Bỏ ẩn"
_FILES = (
    (Link(LOOKUP, file=LOOKUP), "tra cứu: lỗi, tình hình gửi, đối chiếu, đường tới mục tiêu, minh chứng, nguồn"),
    (Link(APPRAISAL, file=APPRAISAL), "nơi nhập điểm và ý kiến thẩm định"),
    (Link(_REPORT, file=_REPORT), "báo cáo để ký"),
    (Link(_NOTE, file=_NOTE), "việc phải xem trước khi ký, nguồn của từng số liệu; lưu nội bộ"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: what it is about, who acts, what is to be done, and where it leads."""

    about: str
    who: str
    act: str
    link: Link


_COLUMNS: tuple[Column[Line], ...] = (
    Column("Nội dung", lambda line: line.about),
    Column("Đơn vị", lambda line: line.who),
    Column("Cần làm", lambda line: line.act),
    Column("Mở", lambda line: line.link),
)


def write_to_do(book: Book, sheet: Any, view: View, workings: Workings, beside: Beside) -> None:
    """Writes the sheet: the index, the contents, and each kind of thing to do."""
    told = ToDo(view, workings, beside)
    sheet.write_string(0, 0, view.contents.agency or "Việc cần làm", book.look("bold"))
    book.title(sheet, 1, f"VIỆC CẦN LÀM – {view.contents.period_name.upper()}")
    book.merge(sheet, 2, (0, 3), told.standing, "told")
    row = write_contents(book, sheet, (*_SHEETS, *_FILES, (Link("Trang tính ẩn"), _HIDDEN)), 3) + 1
    sections = tuple(told.sections())
    for heading, lines in sections:
        book.merge(sheet, row + 1, (0, 3), heading, "section")
        row = write_table(book, sheet, row + 2, _COLUMNS, lines) + 1
    if not sections:
        book.merge(sheet, row + 1, (0, 3), "Không còn việc gì phải làm trong kỳ này.", "good")
    sheet.freeze_panes(2, 0)


class ToDo:
    """What is to be done, of one result."""

    def __init__(self, view: View, workings: Workings, beside: Beside) -> None:
        self._view, self._workings, self._beside = view, workings, beside

    @property
    def standing(self) -> str:
        """How far the index has come."""
        index, places = self._view.contents.index, self._view.places
        if index.percent is None:
            return NO_INDEX
        now = percent_vi(index.percent, places)
        if not index.complete:
            now = f"từ {now} đến {percent_vi(index.percent_if_missing_full, places)} (tạm tính)"
        aim = "" if index.target is None else f"; mục tiêu {percent_vi(index.target, places)}"
        return f"Chỉ số {now}{aim}. {self._view.counts_text}."

    def sections(self) -> Iterator[tuple[str, Sequence[Line]]]:
        """The kinds of things to do that there are, each with its lines."""
        for heading, lines, all_of_them in (
            ("Đơn vị chưa gửi báo cáo", self._not_filed(), Link(f"Mở {LOOKUP}", place_in(FILED), LOOKUP)),
            (self._of_letter, self._letter(), Link(_NOTE, file=_NOTE)),
            ("Lỗi, cảnh báo theo đơn vị", self._errors(), Link(f"Mở {LOOKUP}", place_in(FINDINGS), LOOKUP)),
            ("Tiêu chí chưa có điểm", self._waiting(), Link("Xem Chấm điểm", place_in(SCORES))),
            ("Thẩm định", self._to_appraise(), Link(f"Mở {APPRAISAL}", file=APPRAISAL)),
            ("Việc làm tăng chỉ số nhiều nhất", self._best(), Link(f"Mở {LOOKUP}", place_in(ROUTE), LOOKUP)),
        ):
            every = list(lines)
            if len(every) > _MOST:
                rest = f"… và {len(every) - _MOST} dòng nữa"
                every = [*every[:_MOST], Line(rest, "", "xem danh sách đầy đủ", all_of_them)]
            if every:
                yield heading, every

    def _not_filed(self) -> Iterator[Line]:
        due = self._view.contents.due
        until = f" (hạn {date_vi(due)})" if due else ""
        for item in self._view.contents.rollcall:
            if item.status in ("missing", "unreadable"):
                act = "đôn đốc gửi báo cáo" if item.status == "missing" else "đề nghị gửi lại tệp Excel đọc được"
                link = Link(FILED, place_in(FILED), LOOKUP)
                yield Line(f"{ROLL[item.status]}{until}", self._view.unit(item.unit), act, link)

    @property
    def _of_letter(self) -> str:
        return "Công văn đôn đốc, mục còn trống" if self._beside.letters else "Mục còn trống trong kế hoạch"

    def _letter(self) -> Iterator[Line]:
        """The letters to be signed, and what papers lack because the plan does not say it."""
        files = self._beside.letters
        if files:
            told = "Công văn đôn đốc" if len(files) == 1 else f"{len(files)} công văn đôn đốc, mỗi đơn vị một công văn"
            yield Line(
                told, "", "kiểm tra, trình ký, gửi kèm các tệp nêu trong công văn", Link(files[0], file=files[0])
            )
        for one in blanks(self._view.contents):
            if files or not one.of_letter:
                act = f"điền “{one.setting}” ở Cài đặt của kế hoạch"
                yield Line(upper_first(one.stays), "", act, Link(""))

    def _errors(self) -> Iterator[Line]:
        counts: dict[str | None, Counter[str]] = {}
        for item in self._view.contents.findings:
            if item.severity != "note" and item.code not in ("U101", "U201"):  # told above; nothing to do
                counts.setdefault(item.unit, Counter())[item.severity] += 1
        for unit in sorted(counts, key=lambda unit: (-counts[unit]["error"], unit is None)):
            errors, warnings = counts[unit]["error"], counts[unit]["warning"]
            told = [f"{errors} lỗi phải sửa"] if errors else []
            told += [f"{warnings} cảnh báo"] if warnings else []
            copy, extra = self._beside.marked.get(unit or ""), self._beside.supplements.get(unit or "")
            listed = Link(FINDINGS, place_in(FINDINGS), LOOKUP)
            if unit is None:
                yield Line(", ".join(told), "Kế hoạch, thư mục chung", "xem từng chỗ và sửa", listed)
                continue
            act = "gửi đơn vị bản đánh dấu để sửa" if copy else "gửi đơn vị biểu bổ sung" if extra else "xem từng chỗ"
            file = copy or extra
            yield Line(", ".join(told), self._view.unit(unit), act, Link(file, file=file) if file else listed)
        if self._view.contents.conflicts:
            counted = f"{len(self._view.contents.conflicts)} chỗ số liệu không khớp nhau"
            yield Line(counted, "", "đối chiếu, thống nhất số liệu", Link(CONFLICTS, place_in(CONFLICTS), LOOKUP))

    def _waiting(self) -> Iterator[Line]:
        for item in self._view.contents.advice:
            if item.status == "missing" and not self._view.is_extra(self._view.by_code[item.code]):
                yield Line(self._named(item), self._who(item.next), self._why(item), self._score(item.code))

    def _to_appraise(self) -> Iterator[Line]:
        counts, file = self._view.counts, Link(f"Mở {APPRAISAL}", file=APPRAISAL)
        left = counts.to_appraise - counts.appraised
        if left and not counts.fully_appraised:
            told = f"đã thẩm định {counts.appraised}/{counts.to_appraise} tiêu chí"
            yield Line(told, "", f"thẩm định {left} tiêu chí", file)
        for item in self._view.leaves:
            if item.appraisal is not None and item.appraisal.stale:
                yield Line(self._titled(item), "", "số liệu đã đổi sau thẩm định: xem lại điểm", file)
            elif self_score_differs(item) and item.appraised_points is None:
                own, by_rule = (points_text(one or ZERO, self._view.places) for one in (item.self_points, item.points))
                yield Line(
                    self._titled(item), "", f"đơn vị tự chấm {own}, tính được {by_rule}: xem khi thẩm định", file
                )

    def _best(self) -> Iterator[Line]:
        told = ((item, item.way) for item in self._view.contents.advice if item.status != "missing" and item.gain > 0)
        known = [(item, way) for item, way in told if way is not None]
        for item, way in sorted(known, key=lambda one: (-one[0].gain, one[0].cost))[:_BEST]:
            about = f"{self._named(item)}: thêm {points_text(item.gain, self._view.places)} điểm"
            who = self._who(way)
            what = way.task or without_codes(way).removeprefix(f"{who} ")
            yield Line(about, who, what, self._score(item.code))

    def _why(self, item: Advice) -> str:
        """What it waits for; who owes it stands beside."""
        who = ", ".join(map(self._view.unit, item.next.who if item.next else ()))
        why = self._view.by_code[item.code].basis.removeprefix("Chưa có điểm: ")
        what = why.removeprefix(f"còn thiếu của {who}") if who else why
        if what == why:
            return why
        return f"gửi {what.removeprefix(': ')}" if what else "gửi mức đạt hoặc điểm tự chấm"

    def _who(self, step: Step | None) -> str:
        """Who must act: units by their names, many as their number."""
        units = step.who if step else ()
        return "; ".join(map(self._view.unit, units)) if len(units) <= _NAMED else f"{len(units)} đơn vị"

    def _named(self, item: Advice) -> str:
        return self._titled(self._view.by_code[item.code])

    @staticmethod
    def _titled(item: ScoredCriterion) -> str:
        return f"{item.code}. {item.name}"

    def _score(self, code: str) -> Link:
        cell = f"D{self._workings.rows[code]}"
        return Link(f"{SCORES} › {cell}", place_in(SCORES, cell))
