"""The unit's workbook as a contract: its sheets, headings and stamp, known to whoever writes it and whoever reads it.

Contract: design §4. Headings are spelled here once, so that form and reader cannot disagree.
"""

from __future__ import annotations

import hashlib

from cchc_xl.records import REPORTED_METHODS, Edition

APPENDIX_SHEET = "Phụ lục"
FIGURES_SHEET = "Số liệu"
TASKS_SHEET = "Nhiệm vụ"
FORM_VERSION = "1"

CODE, NAME, LEADS = "TT", "NỘI DUNG", "ĐƠN VỊ THỰC HIỆN"
TARGET, COOPERATES = "MỤC TIÊU/GIẢI PHÁP THỰC HIỆN", "PHỐI HỢP THỰC HIỆN"
RESULT, LEVEL, SELF_POINTS = "Kết quả thực hiện", "Mức đạt", "Điểm tự chấm"
EVIDENCE, REASON = "Tài liệu kiểm chứng", "Nguyên nhân, khó khăn, kiến nghị"
APPENDIX_HEADINGS = (CODE, NAME, LEADS, TARGET, COOPERATES, RESULT, LEVEL, SELF_POINTS, EVIDENCE, REASON)
APPENDIX_INPUTS = (RESULT, LEVEL, SELF_POINTS, EVIDENCE, REASON)

FIGURE_CODE, FIGURE_NAME, FIGURE_UNIT, FIGURE_VALUE, FIGURE_NOTE = (
    *("Mã", "Tên số liệu", "Đơn vị tính"),
    *("Giá trị", "Ghi chú"),
)
FIGURE_HEADINGS = (FIGURE_CODE, FIGURE_NAME, FIGURE_UNIT, FIGURE_VALUE, FIGURE_NOTE)

DOCUMENT, CONTENT, ASSIGNED, DUE, COMPLETED, TASK_NOTE = (
    *("Số văn bản", "Nội dung", "Ngày giao"),
    *("Hạn hoàn thành", "Ngày hoàn thành", "Ghi chú"),
)
TASK_HEADINGS = (DOCUMENT, CONTENT, ASSIGNED, DUE, COMPLETED, TASK_NOTE)


def fingerprint(edition: Edition) -> str:
    """What a form was made from, as 16 hexadecimal digits: codes, names, methods, levels, figures and units.

    Settings, dates and points may change without making the forms in the units' hands old.
    """
    told: list[str] = []
    for node in edition.nodes:
        levels = "|".join(band.level for band in node.bands) if node.criterion.method in REPORTED_METHODS else ""
        told.append("\t".join((node.criterion.code, node.criterion.name, node.criterion.method or "", levels)))
        told.extend(node.lead)
    for measure in edition.plan.measures:
        told.append("\t".join((measure.code, measure.name, measure.kind, *measure.units)))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
