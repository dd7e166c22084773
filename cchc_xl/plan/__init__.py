"""The plan workbook: a path or bytes come in, a :class:`Plan` with its findings by cell goes out (design §3)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from cchc_xl.plan.checks import diagnosed
from cchc_xl.plan.edition import entered_measures, find_period, in_force, parts, reported_leaves
from cchc_xl.plan.load import PlanReader, read_tables
from cchc_xl.plan.register import Register
from cchc_xl.records import Plan

__all__ = (
    "PlanUnreadableError",
    "Register",
    "entered_measures",
    "find_period",
    "in_force",
    "load_plan",
    "parse_plan",
    "parts",
    "reported_leaves",
)

MAX_BYTES = 64 * 1024 * 1024


class PlanUnreadableError(Exception):
    """The plan workbook cannot be read at all; the text is a sentence for the officer."""


def load_plan(path: str | Path) -> Plan:
    """The plan in the workbook at ``path``, with the findings of its cells in ``Plan.findings``.

    Raises :class:`PlanUnreadableError` if the file cannot be opened or is no workbook; anything less is a finding.
    """
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PlanUnreadableError(f"Kế hoạch {path} lớn hơn 64 MB: hãy chọn đúng tệp kế hoạch .xlsx.")
        data = path.read_bytes()
    except OSError as error:
        reason = "không có tệp này" if isinstance(error, FileNotFoundError) else error.strerror or str(error)
        raise PlanUnreadableError(
            f"Không mở được kế hoạch {path}: {reason}. Hãy kiểm tra đường dẫn, hoặc đóng tệp nếu đang mở trong Excel."
        ) from error
    return replace(parse_plan(data, path.name), path=str(path.resolve()))


def parse_plan(data: bytes, file: str) -> Plan:
    """The plan in the bytes of a workbook; ``file`` is the name its findings carry.

    Raises :class:`PlanUnreadableError` if the bytes are no workbook.
    """
    try:
        reader = PlanReader(read_tables(data, file), file)
    except Exception as error:  # openpyxl's many causes (zipfile, KeyError, ParseError …) are one to the officer
        raise PlanUnreadableError(
            f"Kế hoạch {file} không phải tệp Excel .xlsx đọc được ({type(error).__name__}): "
            "hãy mở bằng Excel, chọn Lưu thành (Save As) › Excel Workbook (.xlsx) rồi chạy lại."
        ) from error
    return diagnosed(reader.plan(hashlib.sha256(data).hexdigest()), reader.columns)
