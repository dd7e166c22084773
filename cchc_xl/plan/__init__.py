"""The plan workbook: its path comes in, a :class:`Plan` with its findings by cell goes out (design §3)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cchc_xl.office.excel import Refused, read
from cchc_xl.office.excel.disk import held_open, modified
from cchc_xl.plan.checks import diagnosed
from cchc_xl.plan.load import columns, read_plan, read_tables, twins
from cchc_xl.records import CellRef, Finding, Plan, SourceFile
from cchc_xl.text.catalogue import finding, message
from cchc_xl.text.system_error import ToldError, reason

_SAVE_AGAIN = "Hãy mở bằng Excel, chọn Lưu thành (Save As) › Excel Workbook (.xlsx) rồi chạy lại."
_LIGHTEN = "Hãy xóa hình ảnh, sheet, dòng, cột không dùng (Ctrl+End để tìm ô cuối), lưu lại rồi chạy lại."
_REMEDIES = {
    "F102": "Hãy bỏ mật khẩu (Tệp › Thông tin › Bảo vệ sổ làm việc), lưu lại rồi chạy lại.",
    **dict.fromkeys(("F104", "F106"), "Hãy chép lại tệp từ bản gốc, hoặc chọn đúng tệp kế hoạch, rồi chạy lại."),
    **dict.fromkeys(("F105", "F108", "F112"), _LIGHTEN),
    "F115": "Hãy chờ lưu, chép xong rồi chạy lại.",
    "F117": "Hãy kiểm tra mạng, đợi vào lại được thư mục chia sẻ rồi chạy lại.",
    "F109": "Hãy kiểm tra đường dẫn, hoặc đóng tệp nếu đang mở trong Excel, rồi chạy lại.",
}


class PlanUnreadableError(ToldError):
    """The plan workbook cannot be read at all; the text is a sentence for the officer.

    >>> load_plan("khong-co.xlsx")
    Traceback (most recent call last):
    cchc_xl.plan.PlanUnreadableError: Kế hoạch khong-co.xlsx: Không đọc được: không có tệp này. Hãy kiểm tra ...
    """


def load_plan(path: str | Path) -> Plan:
    """The plan in the workbook at ``path``, in any format a form may have, with its findings in ``Plan.findings``.

    Points are ``Decimal`` as the workbook shows them, percentages in percent. Contract: design §3.
    Raises :class:`PlanUnreadableError` if the file cannot be opened or is no workbook; anything less is a finding.

    >>> from cchc_xl.pipeline.jobs import template_path
    >>> plan = load_plan(template_path("plan_template.xlsx"))  # what `cchc-xl new` copies
    >>> [(item.max_score, item.method) for item in plan.criteria if item.code == "1"]
    [(Decimal('14'), <Method.SUM: 'tổng'>)]
    """
    path = Path(path)
    try:
        known = path.stat()
        source = SourceFile(path.name, str(path), known.st_size, modified(known))
    except (OSError, ValueError, OverflowError) as error:
        why = "không có tệp này" if isinstance(error, FileNotFoundError) else reason(error)
        raise _unreadable(str(path), finding("F109", CellRef(path.name), reason=why)) from error
    found = read(source)
    if isinstance(found, Refused):
        raise _unreadable(str(path), found.finding)
    tables = read_tables(found.sheets, path.name)
    plan = read_plan(tables, path.name, found.sha256)
    # Of the notes on the file those stay that name cells which were not read.
    unread = tuple(item for item in found.findings if item.at and item.at.sheet)
    lock = held_open(path)
    held = (finding("F206", CellRef(path.name), lock=lock),) if lock else ()
    again = tuple(twins(found.sheets, path.name))
    whole = replace(plan, path=str(path.resolve()), findings=held + unread + again + plan.findings)
    return diagnosed(whole, columns(tables))


def _unreadable(name: str, item: Finding) -> PlanUnreadableError:
    return PlanUnreadableError(f"Kế hoạch {name}: {message(item)} {_REMEDIES.get(item.code, _SAVE_AGAIN)}")
