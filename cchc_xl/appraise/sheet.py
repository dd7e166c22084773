"""The Office's appraisal workbook as a contract: its columns, and what an entry says.

Known to whoever writes ``tham-dinh.xlsx`` and whoever reads it back, so that the two cannot disagree.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal

from cchc_xl.plan.methods import parameter
from cchc_xl.records import Consolidation, ErrorValue, Evidence, Method, Node, Score, Uncalculated, Value
from cchc_xl.text.numbers import plain, vietnamese

FILE = "tham-dinh.xlsx"
SHEET = "Thẩm định"
CODE = "Mã"
SHOWN = (
    *(CODE, "Tiêu chí", "Chủ trì", "Điểm tối đa", "Điểm tự chấm", "Điểm tính"),
    *("Số liệu, cơ sở chấm", "Tài liệu kiểm chứng"),
)
POINTS = ("Điểm thẩm định lần 1", "Điểm thẩm định lần 2")
EXPLANATION = "Giải trình của đơn vị"
CONFIRM = "Xác nhận lại (x)"
ENTERED = (
    *(POINTS[0], "Minh chứng lần 1", "Ý kiến lần 1", "Người thẩm định lần 1", "Ngày lần 1"),
    EXPLANATION,
    *(POINTS[1], "Minh chứng lần 2", "Ý kiến lần 2", "Người thẩm định lần 2", "Ngày lần 2"),
)
STATE = "Tình trạng"
CURRENT, BASIS, CONTENT = "_hiện tại", "_khi thẩm định", "_nội dung"
HEADINGS = (*SHOWN, *ENTERED, CONFIRM, STATE, CURRENT, BASIS, CONTENT)
VERDICTS = ("Đạt", "Chưa đạt", "Không yêu cầu")


def inputs_fingerprint(score: Score, evidence: tuple[Evidence, ...]) -> str:
    """What an appraiser looks at in a row, as 16 hexadecimal digits: figures, self-score, points, evidence.

    Names of files do not count: the same values sent again are not a change.
    """
    told = [
        score.status,
        "" if score.points is None else plain(score.points),
        "" if score.self_points is None else plain(score.self_points),
        plain(score.node.max_score),
        *(f"{item.measure}\t{item.unit}\t{item.value}" for item in score.inputs),
        *(f"{item.unit}\t{item.text}" for item in evidence),
    ]
    return _digest(told)


def content_fingerprint(values: tuple[Value, ...]) -> str:
    """What an appraiser entered in a row; '' where nothing was."""
    told = [as_text(value) for value in values]
    return _digest(told) if any(told) else ""


def as_text(value: Value) -> str:
    """What stands in a cell, as text: a formula or an error as it was typed."""
    match value:
        case ErrorValue(text) | Uncalculated(text):
            return text
        case _:
            return "" if value is None else str(value)


def _digest(told: list[str]) -> str:
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def evidence_of(score: Score, consolidation: Consolidation) -> tuple[Evidence, ...]:
    """The evidence that the units named for this criterion."""
    return tuple(item for item in consolidation.evidence if item.criterion == score.node.criterion.code)


def points_frame(node: Node) -> str:
    """Which points an appraiser may give, in words."""
    low, high = sorted((Decimal(0), node.max_score))
    step = parameter(node.bands, "bước", node.max_score) if node.criterion.method is Method.MANUAL else None
    return f"từ {vietnamese(low)} đến {vietnamese(high)}" + (f", bước {vietnamese(step)}" if step else "")
