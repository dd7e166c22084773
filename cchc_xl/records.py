"""The immutable records that the rooms hand to one another, in the order in which they come to be.

Every record is frozen and slotted, every collection is a tuple, points and figures are ``Decimal``. *Missing*, *zero*
and *not applicable* are three different things everywhere: see :class:`State`.

Nothing comes in and nothing goes out: this module only names things.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import Any, Literal, TypeGuard

Severity = Literal["error", "warning", "note"]


class State(StrEnum):
    """What is known of one value: ``missing`` is neither 0 nor ``not_applicable``."""

    KNOWN = "known"
    MISSING = "missing"
    ERROR = "error"
    NOT_APPLICABLE = "not_applicable"


class Method(StrEnum):
    """The closed set of scoring methods (``Cách chấm``); the value is what the plan workbook says."""

    SUM = "tổng"
    LEVEL = "mức"
    BAND = "bậc"
    RATIO = "tỷ lệ"
    PER_ITEM = "mỗi đơn vị"
    RELATIVE = "so sánh"
    SURVEY = "khảo sát"
    MANUAL = "chấm tay"
    ALL_OF = "tất cả"
    ANY_OF = "bất kỳ"
    BEST_OF = "cao nhất"
    LOWEST_OF = "thấp nhất"
    BONUS = "điểm cộng"
    THRESHOLD = "ngưỡng"
    PLACE = "thứ hạng"
    SPAN = "khoảng"
    MEAN = "trung bình"


class Kind(StrEnum):
    """The kind of a figure (``Kiểu``)."""

    INTEGER = "số nguyên"
    DECIMAL = "số thập phân"
    MONEY = "tiền"
    PERCENT = "tỷ lệ %"
    DATE = "ngày"
    TEXT = "chữ"

    @property
    def is_whole(self) -> bool:
        """Whether its values are whole numbers that are never below 0."""
        return self in (Kind.INTEGER, Kind.MONEY)


class Packed:
    """A record of which there are a hundred thousand: pickled as its values alone, in half the time."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        kind: Any = type(self)
        values = _VALUES.get(kind) or _VALUES.setdefault(kind, attrgetter(*kind.__match_args__))
        return kind, values(self)


_VALUES: dict[type, Callable[[object], tuple[object, ...]]] = {}


@dataclass(frozen=True, slots=True)
class CellRef(Packed):
    """A place in a file: ``row`` and ``column`` count from 1; 0 means the whole sheet, an empty sheet the whole file.

    >>> CellRef("vp.xlsx", "Số liệu", 9, 4).address
    'D9'
    """

    file: str
    sheet: str = ""
    row: int = 0
    column: int = 0

    @property
    def address(self) -> str:
        """The cell in A1 notation, or '' for a whole sheet or file."""
        if not self.row or not self.column:
            return ""
        return f"{column_letters(self.column)}{self.row}"

    def to(self, row: int, column: int) -> str:
        """The range from this cell to another one.

        >>> CellRef("vp.xlsx", "Số liệu", 9, 4).to(11, 5)
        'D9:E11'
        """
        return f"{self.address}:{column_letters(column)}{row}"


@dataclass(frozen=True, slots=True)
class ParagraphRef(CellRef):
    """A place in a Word file: ``sheet`` is the part in words, ``row`` the paragraph in it, 0 the whole part.

    Paragraphs are counted from 1 in reading order, with those of tables.

    >>> ParagraphRef("bao-cao.docx", "thân văn bản", 12).address
    'đoạn 12'
    """

    @property
    def address(self) -> str:
        """The paragraph in words, or '' for a whole part or file."""
        return f"đoạn {self.row}" if self.row else ""


@lru_cache(maxsize=1_000)
def column_letters(column: int) -> str:
    """The letters of a column counted from 1.

    >>> column_letters(1), column_letters(28), column_letters(16384)
    ('A', 'AB', 'XFD')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem in data, never raised. ``context`` fills the sentence of ``code`` in ``text.catalogue``."""

    code: str
    severity: Severity
    context: tuple[tuple[str, str], ...] = ()
    at: CellRef | None = None
    unit: str | None = None
    criterion: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Sheet ``Cài đặt``. Percentages are in percent (74.12), ``places`` is a count of decimals.

    ``criterion_places`` are those to which every criterion's points are rounded that says nothing else; None: not.
    ``compiling_unit`` gets the units' workbooks, at ``forms_to``, under ``contact`` (who, telephone, address).
    ``letter_signer`` signs letters where that is not ``signer``; ``resend_due`` is the last day for what they ask for.
    ``total_points`` is what the maxima sum to where that is not 100. ``classes`` are the names of an index with their
    lower limits: ``Tốt=90``.
    """

    parent_agency: str = ""
    agency: str = ""
    symbol: str = ""
    place: str = ""
    year: int | None = None
    plan_number: str = ""
    plan_date: date | None = None
    previous_index: Decimal | None = None
    previous_rank: int | None = None
    ranked_units: int | None = None
    target_index: Decimal | None = None
    signing_authority: str = ""
    signing_title: str = ""
    signer: str = ""
    recipients: tuple[str, ...] = ()
    places: int = 2
    zero_without_evidence: bool = False
    compiling_unit: str = ""
    contact: str = ""
    criterion_places: int | None = None
    index_name: str = ""
    index_short: str = ""
    forms_to: str = ""
    letter_authority: str = ""
    letter_title: str = ""
    letter_signer: str = ""
    total_points: Decimal | None = None
    classes: tuple[str, ...] = ()
    resend_due: date | None = None

    @property
    def index(self) -> str:
        """What the index is called; "chỉ số" where the plan does not say."""
        return self.index_name or "chỉ số"

    @property
    def index_called(self) -> str:
        """The index inside a sentence: "Chỉ số" with its abbreviation, else what the plan calls it."""
        return f"Chỉ số {self.index_short}" if self.index_short else self.index[:1].upper() + self.index[1:]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the register; ``reports`` says whether it must send a workbook."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    group: str = ""
    reports: bool = True
    at: CellRef | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A report period; ``due`` is the last day on which a workbook is on time (UTC+7)."""

    code: str
    name: str
    start: date
    end: date
    due: date | None = None
    at: CellRef | None = None


@dataclass(frozen=True, slots=True)
class AppendixRow:
    """A row of the familiar appendix; ``lead`` and ``cooperating`` are unit codes.

    ``lead_at``, ``target_at`` and ``cooperating_at`` are the cells that those texts stand in: rows over which the plan
    merged a cell have it in common.
    """

    code: str
    name: str
    lead_text: str
    lead: tuple[str, ...]
    target: str
    cooperating_text: str
    cooperating: tuple[str, ...]
    at: CellRef
    lead_at: CellRef | None = None
    target_at: CellRef | None = None
    cooperating_at: CellRef | None = None


LAST_YEAR = "@trước"
MINUS = "−"


@dataclass(frozen=True, slots=True)
class Term:
    """A figure in an expression: added, or taken away where ``is_minus``; ``last_year``: as a year before.

    >>> Term.of("-A@trước")
    Term(code='A', is_minus=True, last_year=True)
    """

    code: str
    is_minus: bool = False
    last_year: bool = False

    @classmethod
    def of(cls, text: str) -> Term:
        """The term that a :class:`Quotient` holds as text."""
        return cls(text.removeprefix("-").removesuffix(LAST_YEAR), text.startswith("-"), text.endswith(LAST_YEAR))

    @property
    def name(self) -> str:
        """Under which its value is known: last year's is not this year's."""
        return f"{self.code}{LAST_YEAR}" if self.last_year else self.code

    @property
    def sign(self) -> int:
        """1 or -1."""
        return -1 if self.is_minus else 1


@lru_cache(maxsize=4_000)
def _terms(texts: tuple[str, ...]) -> tuple[Term, ...]:
    return tuple(map(Term.of, texts))


@lru_cache(maxsize=4_000)
def _names(*sides: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(term.name for side in sides for term in _terms(side))


@dataclass(frozen=True, slots=True)
class Quotient:
    """Figures added and taken away, over others in percent where there are any.

    A term is a figure's code, ``-`` before it where it is taken away, ``@trước`` behind it where last year's result has
    it: :attr:`above` and :attr:`below` tell them as records. Of a complement the value is 100 less the quotient.

    >>> str(Quotient(("A", "C"), ("B", "D")))
    'A + C / B + D'
    >>> str(Quotient(("A", "-A@trước"), ("A@trước",)))
    'A - A@trước / A@trước'
    """

    numerator: tuple[str, ...]
    denominator: tuple[str, ...] = ()
    is_complement: bool = False

    @property
    def above(self) -> tuple[Term, ...]:
        """What is added and taken away, above the slash where there is one."""
        return _terms(self.numerator)

    @property
    def below(self) -> tuple[Term, ...]:
        """What stands below the slash."""
        return _terms(self.denominator)

    @property
    def terms(self) -> tuple[Term, ...]:
        """Everything that stands in it, in order."""
        return self.above + self.below

    @property
    def codes(self) -> tuple[str, ...]:
        """Every figure code used, in order."""
        return tuple(term.code for term in self.terms)

    @property
    def names(self) -> tuple[str, ...]:
        """The same, last year's figures apart from this year's.

        >>> Quotient(("A", "-A@trước"), ("B",)).names
        ('A', 'A@trước', 'B')
        """
        return _names(self.numerator, self.denominator)

    @property
    def only_adds(self) -> bool:
        """Whether nothing is taken away in it, also not from 100%."""
        return not self.is_complement and not any(term.is_minus for term in self.terms)

    @property
    def is_percentage(self) -> bool:
        """Whether its value is in percent whatever its figures are."""
        return bool(self.denominator) or self.is_complement

    @property
    def shown(self) -> str:
        """As arithmetic is written: sums above and below the slash stand in brackets.

        >>> Quotient(("A", "C"), ("B",)).shown
        '(A + C) / B'
        >>> Quotient(("A",), ("B", "-C"), is_complement=True).shown
        '100% - A / (B - C)'
        """
        return self.written({})

    def written(self, numbers: Mapping[str, str], minus: str = "-") -> str:
        """The same with numbers in place of the names that have one, and this sign for minus.

        >>> Quotient(("A", "-C"), ("B",)).written({"A": "39", "C": "4"}, MINUS)
        '(39 − 4) / B'
        """
        sides = []
        for side in filter(None, (self.above, self.below)):
            told = _joined(side, numbers, minus)
            sides.append(f"({told})" if self.denominator and len(side) > 1 else told)
        return f"{f'100% {minus} ' if self.is_complement else ''}{' / '.join(sides)}"

    def __str__(self) -> str:
        sides = (_joined(side, {}, "-") for side in (self.above, self.below) if side)
        return f"{'100% - ' if self.is_complement else ''}{' / '.join(sides)}"


def _joined(terms: tuple[Term, ...], numbers: Mapping[str, str], minus: str) -> str:
    told = "".join(f" {minus if term.is_minus else '+'} {numbers.get(term.name, term.name)}" for term in terms)
    return told.removeprefix(" + ").strip()


@dataclass(frozen=True, slots=True)
class Condition:
    """What another criterion must have before this one has points: any above 0, or with ``full`` its maximum."""

    code: str
    full: bool = False

    @property
    def asks(self) -> str:
        """What is asked of the other, as the end of a sentence."""
        return "đạt điểm tối đa" if self.full else "có điểm"


@dataclass(frozen=True, slots=True)
class Criterion:
    """A row of ``Bộ chỉ số``; ``method`` is None where the plan names none that exists (a finding).

    ``places`` are the decimals to which its points are rounded before they are added, ``appraiser`` who appraises it.
    """

    code: str
    name: str
    max_score: Decimal | None
    method: Method | None
    at: CellRef
    figures: Quotient | None = None
    combine: str = "thấp nhất"
    evidence: str = ""
    not_applicable: str = ""
    previous_points: Decimal | None = None
    effective_from: date | None = None
    reference: str = ""
    condition: Condition | None = None
    places: int | None = None
    appraiser: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a band gives: ``points``, a ``share`` of the maximum in percent, or ``linear`` (value % of the maximum)."""

    form: Literal["points", "share", "linear"]
    amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Band:
    """A row of ``Thang điểm``: an interval on a figure, or a named level; an absent bound is open."""

    code: str
    low: Decimal | None
    low_included: bool
    high: Decimal | None
    high_included: bool
    level: str
    outcome: Outcome
    at: CellRef


Counted = Literal["giao", "sớm", "đúng", "trễ", "chưa"]
Outcomes = Literal["sớm", "đúng", "trễ", "chưa", ""]


@dataclass(frozen=True, slots=True)
class Measure:
    """A row of ``Số liệu``: a figure, who enters it (unit codes) and how the units' values are combined.

    ``form_code`` is the code under which units know it on a form of their own; '' where that has the plan's codes.
    ``counts`` says which tasks of the register it counts (``Tự đếm``); '' where it counts none. ``report_codes`` are
    its codes in the annexes that the agency fills in for a higher one.
    """

    code: str
    name: str
    unit_name: str
    kind: Kind
    combine: str
    criteria: tuple[str, ...]
    units: tuple[str, ...]
    at: CellRef
    form_code: str = ""
    counts: Counted | Literal[""] = ""
    report_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Constraint:
    """A row of ``Ràng buộc``: ``left operator right`` over figures."""

    code: str
    text: str
    left: Quotient
    operator: Literal["=", "<=", ">="]
    right: Quotient
    severity: Severity
    message: str
    at: CellRef

    @property
    def codes(self) -> tuple[str, ...]:
        """Every figure code on its two sides, in order."""
        return self.left.codes + self.right.codes

    @property
    def shown(self) -> str:
        """The rule as arithmetic is written."""
        return f"{self.left.shown} {self.operator} {self.right.shown}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A row of ``Câu báo cáo``: a sentence of the report, and what is said instead while a figure in it is missing.

    ``section`` is the number of the report's section, ``heading`` a heading of its own in it ('' for none).
    """

    section: str
    heading: str
    criterion: str
    text: str
    when_missing: str
    at: CellRef


@dataclass(frozen=True, slots=True)
class Agency:
    """A row of ``Cơ quan``: an agency that the plan scores, with the settings that hold for it.

    ``folder`` is where its units' workbooks lie, as the plan names it; '' where it does not say.
    """

    code: str
    name: str
    group: str
    folder: str
    settings: Settings
    at: CellRef


@dataclass(frozen=True, slots=True)
class SurveyValue:
    """A row of ``Khảo sát``: a figure of an agency that the plan gives itself, with the cell of the value.

    The value of a date is its day as Excel numbers it, as in :class:`FigureEntry`.
    """

    agency: str
    measure: str
    value: Decimal
    text: str
    at: CellRef


@dataclass(frozen=True, slots=True)
class Round:
    """A row of ``Vòng``: a round of the appraisal with its first and its last day."""

    name: str
    start: date
    end: date
    at: CellRef


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan workbook, at ``path``. ``unsound`` holds the criterion codes a plan error makes unscorable.

    ``agencies`` are those it scores, one after the other; of the plan of one of them (`cchc_xl.plan.agencies`)
    ``agency`` is the code and ``survey`` what is given for it.
    """

    file: str
    sha256: str
    settings: Settings
    units: tuple[Unit, ...]
    periods: tuple[Period, ...]
    appendix: tuple[AppendixRow, ...]
    criteria: tuple[Criterion, ...]
    bands: tuple[Band, ...]
    measures: tuple[Measure, ...]
    constraints: tuple[Constraint, ...]
    findings: tuple[Finding, ...] = ()
    path: str = ""
    unsound: frozenset[str] = frozenset()
    sentences: tuple[Sentence, ...] = ()
    agencies: tuple[Agency, ...] = ()
    survey: tuple[SurveyValue, ...] = ()
    rounds: tuple[Round, ...] = ()
    agency: str = ""

    @property
    def register(self) -> dict[Counted, str]:
        """The figures that the register ``Nhiệm vụ`` counts: the code of each by what it counts.

        Nothing else knows which: a plan in which none counts has no such register.
        """
        return {item.counts: item.code for item in self.measures if item.counts}


@dataclass(frozen=True, slots=True)
class Node:
    """A criterion in force with its place in the tree. ``max_score`` is the sum of the children where it was empty.

    ``level`` is its depth, 1 at the top; ``sound`` says that no error of the plan keeps it from being scored.
    ``places`` are the decimals to which a leaf's points are rounded, by its own row or by the plan's setting.
    """

    criterion: Criterion
    max_score: Decimal
    parent: str | None
    children: tuple[str, ...]
    level: int
    appendix: AppendixRow | None
    bands: tuple[Band, ...]
    sound: bool
    places: int | None = None

    @property
    def lead(self) -> tuple[str, ...]:
        """The units that lead it, through the nearest row of the appendix."""
        return self.appendix.lead if self.appendix else ()


@dataclass(frozen=True, slots=True)
class Edition:
    """The plan as it stands in one period: the criteria in force, in the order of the plan workbook."""

    plan: Plan
    period: Period
    nodes: tuple[Node, ...]

    @property
    def leaves(self) -> tuple[Node, ...]:
        """The criteria without children."""
        return tuple(node for node in self.nodes if not node.children)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the folder: ``file`` relative to it with '/', ``path`` as on disk, ``modified`` its time on disk.

    ``member`` is the name of the file inside the packed file at ``path``, where it lies in one.
    """

    file: str
    path: str
    size: int
    modified: datetime
    member: str = ""


PICTURE = "#PICTURE!"


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An Excel error in a cell, such as ``#REF!``, or a picture in place of a value."""

    text: str

    @property
    def is_picture(self) -> bool:
        """Whether a picture stands there: the file has the error #VALUE!, or a formula of WPS, in its place."""
        return self.text == PICTURE


@dataclass(frozen=True, slots=True)
class Uncalculated:
    """A formula without a stored value: neither blank nor 0."""

    formula: str


Value = str | float | int | bool | datetime | date | ErrorValue | Uncalculated | None


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a cell holds a number; TRUE and FALSE are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True, order=True)
class LegacyText:
    """A cell whose text was decoded by its font: ``stored`` is what the file holds, ``font`` the font it is in."""

    row: int
    column: int
    stored: str
    font: str


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as stored. ``rows`` starts at A1; ``formats`` lists (row, column, number format) of telling numbers.

    ``legacy`` lists the cells whose text is decoded, ``outside`` the places of cells too far away to be read, ``cut``
    those of texts longer than a cell of Excel holds, whose rest was not read, ``doubts`` those that show something else
    than they store, with the code of the finding that says so.
    """

    name: str
    hidden: bool
    rows: tuple[tuple[Value, ...], ...]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    formats: tuple[tuple[int, int, str], ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    legacy: tuple[LegacyText, ...] = ()
    outside: tuple[tuple[int, int], ...] = ()
    cut: tuple[tuple[int, int], ...] = ()
    doubts: tuple[tuple[int, int, str], ...] = ()

    def value(self, row: int, column: int) -> Value:
        """What is stored in a cell; None beyond all that is."""
        cells = self.rows[row - 1] if row <= len(self.rows) else ()
        return cells[column - 1] if column <= len(cells) else None


@dataclass(frozen=True, slots=True)
class RawForm:
    """One workbook as read: nothing interpreted. ``reader`` names the library that read it.

    ``made`` is when the file was made, where it says so. ``findings`` are about the file as a whole, and keep nobody
    from reading it.
    """

    source: SourceFile
    sha256: str
    sent: datetime
    sent_from: Literal["file", "disk"]
    reader: str
    sheets: tuple[RawSheet, ...]
    stamp: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    made: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one file of the folder."""

    file: str
    sha256: str | None
    reader: str | None
    verdict: Literal["read", "rejected", "ignored"]
    reason: str = ""


EnteredBy = Literal["", "plan", "office"]


@dataclass(frozen=True, slots=True)
class FigureEntry(Packed):
    """A unit's value of one figure, with the cell it stands in (``counted``: from the task register).

    ``by`` says who entered it where that was not the unit: ``plan``, of its sheet ``Khảo sát``, or ``office``, on sheet
    ``Số liệu bổ sung`` of the appraisal workbook; ``reference`` is what the Office rests it on.
    The value of a date is its day as Excel numbers it; the text shows the date.
    """

    unit: str
    measure: str
    state: State
    value: Decimal | None
    text: str
    at: CellRef
    counted: bool = False
    by: EnteredBy = ""
    reference: str = ""

    @property
    def supplied(self) -> bool:
        """Whether the Office entered it in the unit's place."""
        return self.by == "office"


@dataclass(frozen=True, slots=True)
class CriterionEntry(Packed):
    """A unit's row of the appendix. The cells stand in ``at_…``; ``leads`` is False for rows it cooperates in."""

    unit: str
    criterion: str
    leads: bool
    result: str
    level: str
    level_state: State
    self_points: Decimal | None
    self_state: State
    evidence: str
    reason: str
    at: CellRef
    at_level: CellRef
    at_self: CellRef
    at_evidence: CellRef
    more: tuple[tuple[str, str], ...] = ()  # what stands in further columns of the form, by their headings


@dataclass(frozen=True, slots=True)
class TaskEntry:
    """A row of the task register; ``outcome`` is what became of it, a word of ``Tự đếm``, '' where that is unclear."""

    unit: str
    document: str
    content: str
    assigned: date | None
    due: date | None
    completed: date | None
    note: str
    outcome: Outcomes
    at: CellRef
    more: tuple[tuple[str, str], ...] = ()  # as of a :class:`CriterionEntry`


@dataclass(frozen=True, slots=True)
class Submission:
    """One unit's workbook, typed. ``inputs`` is a fingerprint of everything the unit typed.

    ``unread`` names the sheets and input columns that could not be read: a finding says why, once for all their cells.
    ``contrary`` says which sign of whose file it is names another unit, ``other`` which. ``part``: the file is an
    appendix of the unit's own making, or a supplement to it; ``joined`` are the files that count together.
    """

    form_file: str
    sha256: str
    unit: str
    sent: datetime
    sent_from: str
    figures: tuple[FigureEntry, ...]
    criteria: tuple[CriterionEntry, ...]
    tasks: tuple[TaskEntry, ...]
    findings: tuple[Finding, ...]
    inputs: str
    unread: tuple[str, ...] = ()
    contrary: str = ""
    other: str = ""
    part: Literal["", "familiar", "supplement"] = ""
    joined: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Every file that counts: where no parts were joined the one."""
        return self.joined or (self.form_file,)


@dataclass(frozen=True, slots=True)
class RollCall:
    """Whether a unit filed, with what, and which files of it do not count; ``first_sent`` decides what is late."""

    unit: str
    status: Literal["submitted", "late", "missing", "unreadable"]
    file: str | None = None
    sha256: str | None = None
    sent: datetime | None = None
    sent_from: str = ""
    superseded: tuple[str, ...] = ()
    first_sent: datetime | None = None


@dataclass(frozen=True, slots=True)
class MeasureTotal:
    """A figure over its units. ``partial`` combines what is known; ``waiting`` are the units still owing it."""

    measure: Measure
    state: State
    value: Decimal | None
    partial: Decimal | None
    entries: tuple[FigureEntry, ...]
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitNote:
    """A row of ``Từng đơn vị``: what the Office noted of one unit of a criterion, kept as stored.

    ``entered`` are the cells under Mã, Đơn vị, Điểm của đơn vị and Nhận xét.
    """

    entered: tuple[Value, ...]
    at: CellRef


@dataclass(frozen=True, slots=True)
class Supplied:
    """A row of ``Số liệu bổ sung``: what the Office entered in a unit's place, kept as stored.

    ``entered`` are the cells under Mã, Đơn vị, Giá trị and Căn cứ, ``number_format`` is that of the value where it
    tells something. ``measure`` and ``unit`` are codes of the plan, '' for what it does not have. ``entry`` is the
    figure that it gives; without one ``problem`` is the code of the finding that says why, '' while no value is typed.
    ``unused`` says that the unit's own figure counts: one that is the ``same``, or another (``apart``).
    """

    entered: tuple[Value, Value, Value, Value]
    number_format: str
    measure: str
    unit: str
    at: CellRef
    entry: FigureEntry | None = None
    problem: str = ""
    unused: Literal["", "same", "apart"] = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a unit named as evidence; ``found`` is None where the text names no path, ``files`` are those found."""

    unit: str
    criterion: str
    text: str
    at: CellRef
    found: bool | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A broken cross-check: what was compared, both sides, and the criteria it touches."""

    constraint: Constraint
    unit: str | None
    left: Decimal
    right: Decimal
    criteria: tuple[str, ...]
    at: CellRef | None


@dataclass(frozen=True, slots=True)
class Consolidation:
    """All units together, for one period.

    ``last_year`` are the figures that expressions take from the result of a year before, under their names there
    (``A@trước``); of one that is not known the text of its entry says why. ``supplied`` is what the Office entered in
    units' places, whatever has become of it.
    """

    rollcall: tuple[RollCall, ...]
    submissions: tuple[Submission, ...]
    measures: tuple[MeasureTotal, ...]
    evidence: tuple[Evidence, ...]
    conflicts: tuple[Conflict, ...]
    findings: tuple[Finding, ...]
    last_year: tuple[MeasureTotal, ...] = ()
    supplied: tuple[Supplied, ...] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """One cell that a score came from; ``period`` is that of the earlier result it was taken from, else ''.

    ``by`` as in :class:`FigureEntry`.
    """

    measure: str
    unit: str
    value: str
    at: CellRef
    period: str = ""
    by: EnteredBy = ""


@dataclass(frozen=True, slots=True)
class Score:
    """A criterion's score in points. ``value`` is the figure it was scored on, ``band`` the row that gave the points.

    ``full_points`` are the points if everything missing had its maximum; ``waiting`` are the units that still owe their
    level or self-score; ``unsupported`` says that missing evidence made the points 0. A leaf whose maximum is 0 is
    ``followed``: it has no points, whatever its figure is. ``bare_points`` are a leaf's by its rule, before they are
    rounded and before its condition; those of an appraiser stand in ``appraised_points``. ``held`` says that its
    condition is not met, or waits for points of the other criterion; ``flagged`` that a cross-check it rests on is
    broken.
    """

    node: Node
    status: Literal["scored", "missing", "not_applicable", "group", "followed"]
    applicable_max: Decimal
    points: Decimal | None
    final_points: Decimal | None
    full_points: Decimal
    self_points: Decimal | None
    appraised_points: Decimal | None
    basis: str
    inputs: tuple[Input, ...] = ()
    band: Band | None = None
    value: Decimal | None = None
    waiting: tuple[str, ...] = ()
    unsupported: bool = False
    flagged: bool = False
    bare_points: Decimal | None = None
    held: Literal["", "unmet", "pending"] = ""


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What the Office entered for a criterion, by column, kept as stored.

    ``points`` are those of the last round that gives any the rule allows; ``basis`` is the fingerprint of the inputs it
    was made on, ``stale`` says that they have changed since.
    """

    code: str
    name: str
    entered: tuple[Value, ...]
    points: Decimal | None
    basis: str
    at: CellRef
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """The index. Points and percentages are unrounded; ``complete`` is False while a criterion is missing."""

    points: Decimal
    applicable_max: Decimal
    percent: Decimal | None
    percent_if_missing_full: Decimal | None
    complete: bool


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Every criterion's score, in the order of the plan workbook, and the index."""

    scores: tuple[Score, ...]
    index: Index
    findings: tuple[Finding, ...]
