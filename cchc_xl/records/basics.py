"""The immutable records that the stages hand to one another.

Nothing comes in and nothing goes out: this module only names things. Every record is frozen and slotted, every
collection is a tuple, points and figures are ``Decimal``. *Missing*, *zero* and *not applicable* are three different
things everywhere: see :class:`State`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

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


GROUP_METHODS = frozenset({Method.SUM, Method.ALL_OF, Method.ANY_OF, Method.BEST_OF, Method.LOWEST_OF, Method.BONUS})
FIGURE_METHODS = frozenset({Method.BAND, Method.RATIO, Method.PER_ITEM, Method.RELATIVE, Method.SURVEY})
REPORTED_METHODS = frozenset({Method.LEVEL, Method.MANUAL})


class Kind(StrEnum):
    """The kind of a figure (``Kiểu``)."""

    INTEGER = "số nguyên"
    DECIMAL = "số thập phân"
    MONEY = "tiền"
    PERCENT = "tỷ lệ %"
    DATE = "ngày"
    TEXT = "chữ"


@dataclass(frozen=True, slots=True)
class CellRef:
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
    """A problem in data, never raised. ``context`` fills the sentence of ``code`` in the catalogue (`messages`)."""

    code: str
    severity: Severity
    context: tuple[tuple[str, str], ...] = ()
    at: CellRef | None = None
    unit: str | None = None
    criterion: str | None = None
