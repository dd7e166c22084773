"""The unit's workbook as a contract: its sheets, headings, rows, checks and stamp, known to writer and reader alike.

Contract: design §4. Headings are spelled here once, so that form and reader cannot disagree. A further column is one
row of ``FORM``: ``examples/11-new-column`` adds one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from cchc_xl.office.excel.tables import Headings, Needed
from cchc_xl.plan.edition import parts
from cchc_xl.plan.figure_values import OTHER_HINTS
from cchc_xl.plan.marking import ReportedMethod
from cchc_xl.plan.methods import scoring
from cchc_xl.records import AppendixRow, Edition, Kind, Node, column_letters
from cchc_xl.text.words import digest

FORM_VERSION = "1"
HEADING_ROW = 6  # from 0, on every sheet that is issued; what is read may have it elsewhere
FURTHER = "more"
SUPPLEMENT = "supplement"  # the stamp of a workbook that asks for what a unit's own appendix cannot hold


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the form: its heading, its width in characters and the look of its cells where something is shown.

    ``is_input``: a unit types in it, and what it types counts. ``required``: where it is missing or stands twice, that
    is told. ``marks``: a sheet is only taken for this one if it has the column. ``reads``: the field of the row's
    record that takes what stands there, where no rule of its own reads it; of appendix and register it may be
    ``FURTHER``, which keeps the text under its heading and lists it beside what else stands in the row. ``called``: the
    words by which headings of this column begin on paper of a unit's own making, parted by commas.
    """

    heading: str
    width: float
    look: str
    is_input: bool = False
    required: bool = False
    marks: bool = False
    reads: str = ""
    called: str = ""

    @property
    def is_date(self) -> bool:
        """Whether a day is typed in it."""
        return self.look == "input_date"


# Headings that begin like one of the form but are of another period, of the Office, or of the plan.
_NOT_OF_THE_PERIOD = (
    *(f"{what} {when}" for what in ("kết quả", "điểm", "mức") for when in ("năm trước", "kỳ trước", "thẩm định")),
    *("điểm tối đa", "điểm chuẩn", "thang điểm", "đơn vị tính", "mục số", "kết quả dự kiến"),
)
# Headings that begin like the figures' but are of another thing.
_NO_FIGURES = (
    *("mã đơn vị", "mã tiêu chí", "mã hồ sơ", "mã ngành", "chỉ tiêu giao", "chỉ tiêu được giao", "chỉ tiêu kế hoạch"),
    *("chỉ tiêu năm", "kỳ báo cáo trước", "kết quả dự kiến"),
)


@dataclass(frozen=True)  # without slots: what its columns say is worked out once
class Sheet:
    """A sheet of the form, by its columns from left to right; ``code`` heads the codes by which its rows are known.

    ``others`` are the words by which headings begin that are none of its own.
    """

    columns: tuple[Column, ...]
    code: str = ""
    others: tuple[str, ...] = _NOT_OF_THE_PERIOD
    beside: tuple[str, ...] = ()  # headings of what the form itself says beside the table

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """Every heading, in order."""
        return tuple(column.heading for column in self.columns)

    def letters(self, heading: str) -> str:
        """The letters of a column as it is issued.

        >>> FORM["Số liệu"].letters("Giá trị"), FORM["Nhiệm vụ"].letters("Hạn hoàn thành")
        ('D', 'D')
        """
        return column_letters(self.headings.index(heading) + 1)

    @cached_property
    def wanted(self) -> Headings:
        """The headings as the issued form spells them."""
        return Headings(self.headings)

    @cached_property
    def familiar(self) -> Headings:
        """The headings, also as units call them on paper of their own making.

        >>> [FORM["Phụ lục"].familiar.of(text) for text in ("Kết quả quý I", "Tự đánh giá", "Điểm tối đa")]
        ['Kết quả thực hiện', 'Điểm tự chấm', None]
        """
        called = [(words, one.heading) for one in self.columns for words in filter(None, one.called.split(", "))]
        return Headings(self.headings, (*called, *((words, "") for words in self.others)))

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The headings under which what a unit types counts."""
        return tuple(column.heading for column in self.columns if column.is_input)

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """The headings under which days are typed."""
        return tuple(column.heading for column in self.columns if column.is_date)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The headings that must stand there, once."""
        return tuple(column.heading for column in self.columns if column.required)

    @cached_property
    def marks(self) -> Needed:
        """The headings without which a sheet is not this one."""
        return tuple(frozenset((column.heading,)) for column in self.columns if column.marks)


APPENDIX_SHEET, FIGURES_SHEET, TASKS_SHEET = "Phụ lục", "Số liệu", "Nhiệm vụ"
CODE, NAME, LEADS = "TT", "NỘI DUNG", "ĐƠN VỊ THỰC HIỆN"
TARGET, COOPERATES = "MỤC TIÊU/GIẢI PHÁP THỰC HIỆN", "PHỐI HỢP THỰC HIỆN"
RESULT, LEVEL, SELF_POINTS = "Kết quả thực hiện", "Mức đạt", "Điểm tự chấm"
EVIDENCE, REASON = "Tài liệu kiểm chứng", "Nguyên nhân, khó khăn, kiến nghị"
FIGURE_CODE, FIGURE_NAME, FIGURE_UNIT = "Mã", "Tên số liệu", "Đơn vị tính"
FIGURE_VALUE, FIGURE_NOTE = "Giá trị", "Ghi chú"
DOCUMENT, CONTENT, ASSIGNED = "Số văn bản", "Nội dung", "Ngày giao"
AGREE, AGREES = "Các số liệu phải khớp nhau", "Đối chiếu"
DUE, COMPLETED, TASK_NOTE = "Hạn hoàn thành", "Ngày hoàn thành", "Ghi chú"

FORM: dict[str, Sheet] = {
    APPENDIX_SHEET: Sheet(
        (
            Column(CODE, 7, "code", required=True, marks=True, called="tt, stt, số tt, số thứ tự, mã, mã số, mục"),
            Column(
                NAME, 34, "cell", called="nội dung, tiêu chí, tên tiêu chí, lĩnh vực, nhiệm vụ, tên nhiệm vụ, chỉ tiêu"
            ),
            Column(LEADS, 19, "cell", called="đơn vị, chủ trì, cơ quan"),
            Column(TARGET, 46, "cell", called="mục tiêu, giải pháp"),
            Column(COOPERATES, 16, "cell", called="phối hợp, đơn vị phối hợp, cơ quan phối hợp"),
            Column(
                RESULT,
                28,
                "input",
                is_input=True,
                required=True,
                reads="result",
                called="kết quả, tình hình, tiến độ, đã thực hiện, việc đã làm, báo cáo kết quả",
            ),
            Column(
                LEVEL,
                15,
                "input_centre",
                is_input=True,
                required=True,
                marks=True,
                called="mức đạt, mức, xếp mức, mức độ",
            ),
            Column(
                SELF_POINTS,
                10,
                "input_centre",
                is_input=True,
                required=True,
                called="điểm tự, điểm đạt, điểm chấm, điểm đơn vị, tự chấm, tự đánh giá, đơn vị tự",
            ),
            Column(
                EVIDENCE,
                23,
                "input",
                is_input=True,
                required=True,
                reads="evidence",
                called="tài liệu, minh chứng, kiểm chứng, văn bản minh chứng, hồ sơ minh chứng, đường dẫn, "
                "căn cứ chứng minh",
            ),
            Column(
                REASON,
                24,
                "input",
                is_input=True,
                required=True,
                reads="reason",
                called="nguyên nhân, khó khăn, kiến nghị, đề xuất, tồn tại, hạn chế, vướng mắc, lý do, giải trình, "
                "ghi chú",
            ),
        ),
        code=CODE,
    ),
    FIGURES_SHEET: Sheet(
        (
            Column(FIGURE_CODE, 18, "code", required=True, marks=True, called="mã, mã số, mã chỉ tiêu, ms"),
            Column(FIGURE_NAME, 50, "cell", called="chỉ tiêu, tên chỉ tiêu, tên số liệu, nội dung, danh mục"),
            Column(FIGURE_UNIT, 16, "centre", called="đơn vị tính, đvt"),
            Column(
                FIGURE_VALUE,
                20,
                "input_centre",
                is_input=True,
                required=True,
                marks=True,
                called="giá trị, số liệu, thực hiện, kết quả, số lượng, tổng số, năm nay, kỳ này, kỳ báo cáo",
            ),
            Column(FIGURE_NOTE, 28, "input", called="ghi chú"),  # the unit's own: nothing is made of it
        ),
        code=FIGURE_CODE,
        others=_NO_FIGURES,
        beside=(AGREE, AGREES),
    ),
    TASKS_SHEET: Sheet(
        (
            Column(DOCUMENT, 22, "input_text", is_input=True, required=True, marks=True, reads="document"),
            Column(CONTENT, 60, "input", is_input=True, required=True, reads="content"),
            Column(ASSIGNED, 14, "input_date", is_input=True, required=True, reads="assigned"),
            Column(DUE, 16, "input_date", is_input=True, required=True, marks=True, reads="due"),
            Column(COMPLETED, 16, "input_date", is_input=True, required=True, marks=True, reads="completed"),
            Column(TASK_NOTE, 34, "input", is_input=True, reads="note"),
        )
    ),
}


def fingerprint(edition: Edition) -> str:
    """What a form was made from, as 16 hexadecimal digits: codes, names, methods, levels, figures and units.

    Settings, dates and points may change without making the forms in the units' hands old.
    """
    told: list[str] = []
    for node in edition.nodes:
        levels = (
            "|".join(band.level for band in node.bands)
            if isinstance(scoring(node.criterion.method), ReportedMethod)
            else ""
        )
        told.append("\t".join((node.criterion.code, node.criterion.name, node.criterion.method or "", levels)))
        told.extend(node.lead)
    for measure in edition.plan.measures:
        told.append("\t".join((measure.code, measure.name, measure.kind, *measure.units)))
    return digest(told)


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of a unit's appendix: ``node`` is the leaf it reports on, None for rows that are only read."""

    code: str
    name: str
    appendix: AppendixRow | None
    node: Node | None
    cooperates: bool = False


def form_rows(edition: Edition, unit: str) -> tuple[FormRow, ...]:
    """The rows of a unit's appendix: fields and what it leads, with every leaf, then what it cooperates in."""
    led: dict[str, FormRow] = {}
    helped: dict[str, FormRow] = {}
    nodes = {node.criterion.code: node for node in edition.nodes}
    for row in edition.plan.appendix:
        if unit in row.lead:
            for above in _ancestors(row.code, nodes):
                led.setdefault(above.criterion.code, FormRow(above.criterion.code, above.criterion.name, None, None))
            led[row.code] = FormRow(row.code, row.name, row, _leaf(nodes.get(row.code)))
            for node in _below(row, edition):
                led[node.criterion.code] = FormRow(node.criterion.code, node.criterion.name, row, _leaf(node))
        elif unit in row.cooperating:
            helped[row.code] = FormRow(row.code, row.name, row, None, cooperates=True)
    return (*led.values(), *helped.values())


def _ancestors(code: str, nodes: dict[str, Node]) -> list[Node]:
    whole = parts(code)
    found = [
        node
        for name, node in nodes.items()
        if len(parts(name)) < len(whole) and whole[: len(parts(name))] == parts(name)
    ]
    return sorted(found, key=lambda node: node.level)


def _below(row: AppendixRow, edition: Edition) -> list[Node]:
    return [
        node
        for node in edition.nodes
        if node.appendix is not None and node.appendix.code == row.code != node.criterion.code
    ]


def _leaf(node: Node | None) -> Node | None:
    return node if node is not None and not node.children else None


def level_method(node: Node) -> ReportedMethod | None:
    """The method of a leaf of which the units that lead it report a level; None for every other."""
    rule = scoring(node.criterion.method)
    return rule if isinstance(rule, ReportedMethod) and not rule.by_hand else None


def levels(node: Node) -> tuple[str, ...]:
    """The levels that units may report of a leaf; none of one that is marked otherwise."""
    return tuple(band.level for band in node.bands if band.level) if level_method(node) else ()


TEXT_HINT, DATE_HINT = "Gõ nội dung bằng chữ, hoặc để trống.", f"{OTHER_HINTS[Kind.DATE]}."
POINTS_HINT, LEVEL_HINT = "Nhập điểm bằng số, ví dụ 1,75.", "Chọn một mức trong danh sách thả xuống của ô."
