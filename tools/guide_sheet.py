"""The sheet ``Hướng dẫn`` of the plan workbook: what each sheet, column and method is, in a row each.

From the same words as the page ``docs/cach-cham.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cchc_xl.extras.control_tasks import TASKS
from cchc_xl.office.excel.book import Book
from cchc_xl.plan.marking import Scoring
from cchc_xl.plan.methods import METHODS
from tools import guide_words as words

SHEET = "Hướng dẫn"
CHECK = next(task.name for task in TASKS if "load_plan" in task.calls)
WIDTHS = (22.0, 88.0)
INTRO = (
    "Tệp này là kế hoạch: mọi quy tắc chấm điểm, đơn vị, kỳ báo cáo nằm ở đây. Sửa trong Excel, không cần lập trình."
)
WARNING = (
    "ĐIỂM TỐI ĐA VÀ CÁCH CHẤM TRONG TỆP MẪU LÀ MINH HỌA. Bộ chỉ số chính thức của tỉnh không tìm thấy; phải thay bằng bộ "
    "chỉ số do cơ quan có thẩm quyền ban hành trước khi dùng."
)
STEPS = (
    ("Sửa xong", f"Lưu tệp (Ctrl+S), rồi ở sổ điều khiển tong_hop.xlsm chọn việc “{CHECK}” và bấm nút: phần mềm chỉ từng ô sai và cách sửa. Lệnh cchc-xl plan ke-hoach.xlsx cũng vậy."),
    ("Ô mã", "Mã luôn để ở dạng Text (Văn bản), nếu không Excel đổi 1.10 thành 1,1. Cột “Điều kiện”, điểm 1/2 cũng vậy."),
    ("Dòng trống, cột thêm", "Được để dòng trống, thêm cột riêng, đổi thứ tự cột; không đổi tên sheet và tên cột."),
)  # fmt: skip
SHEETS = (
    ("Cài đặt", "Cơ quan, năm, chỉ số năm trước, mục tiêu, người ký. Mục không dùng: ghi “không” để không bị nhắc."),
    ("Đơn vị", "Mã, tên và các tên khác mà người ta hay gõ; dấu x ở đơn vị phải báo cáo."),
    ("Kỳ báo cáo", "Thời gian lấy số liệu và hạn gửi. Hạn ghi sẵn trong tệp mẫu là ngày 20 của tháng cuối kỳ (Công văn 581/BNV-CCHC); đặt hạn nội bộ sớm hơn nếu cần."),
    ("Phụ lục", "Bảng nhiệm vụ, giải pháp quen thuộc, giữ nguyên ô gộp: ai thực hiện, ai phối hợp."),
    ("Bộ chỉ số", "Mỗi tiêu chí một dòng: điểm tối đa, cách chấm, số liệu dùng để chấm."),
    ("Thang điểm", "Các bậc, mức hoặc tham số của tiêu chí, cùng mã với “Bộ chỉ số”."),
    ("Số liệu", "Số liệu các đơn vị nhập: mã, tên, đơn vị tính, kiểu, đơn vị nào nhập."),
    ("Ràng buộc", "Các số phải khớp nhau: A = B + C, A <= B; “lỗi” thì phải sửa, “cảnh báo” thì giải trình."),
    ("Câu báo cáo", "Không bắt buộc. Câu của báo cáo, số liệu ghi trong ngoặc nhọn như {MÃ}, {A / B} (phần trăm), {cơ quan}, {kỳ}, {đơn vị có MÃ}; phần trong ngoặc vuông bỏ đi khi số đầu tiên bằng 0, sau dấu | là câu thay. Số liệu không có câu thì báo cáo tự liệt kê."),
    ("Cơ quan", "Không bắt buộc, khi một kế hoạch chấm nhiều cơ quan: mỗi dòng một cơ quan, nhóm xếp hạng, thư mục báo cáo; thêm cột mang tên một mục của “Cài đặt” thì cơ quan dùng giá trị riêng."),
    ("Khảo sát", "Không bắt buộc: kết quả khảo sát của từng cơ quan, mỗi dòng một cơ quan và một số liệu; không đơn vị nào phải nhập số liệu đó."),
    ("Vòng", "Không bắt buộc: các vòng tự chấm, thẩm định, giải trình, hội đồng với ngày bắt đầu và kết thúc."),
)  # fmt: skip
COLUMNS = (
    ("Số liệu (Bộ chỉ số)", words.listed(words.EXPRESSIONS)),
    ("Từ, Gồm từ, Đến, Gồm đến", words.listed(words.BOUNDS)),
    ("Điểm (Thang điểm)", words.listed(words.POINT_FORMS)),
    ("Không phát sinh", words.listed(words.AWAY)),
    ("Gộp (Bộ chỉ số)", f"Mức và chấm tay của nhiều đơn vị:\n{words.listed(words.UNITS_COMBINED)}"),
    ("Gộp (Số liệu)", f"Số của nhiều đơn vị:\n{words.listed(words.FIGURES_COMBINED)}"),
    ("Minh chứng", words.EVIDENCE.partition(": ")[2]),
    ("Điều kiện*", words.listed(words.CONDITIONS)),
    ("Làm tròn*", words.ROUNDING),
    ("Người thẩm định*", "ai thẩm định tiêu chí này"),
    ("Tự đếm*", f"Số này phần mềm đếm từ sheet “Nhiệm vụ” của biểu mẫu:\n{words.listed(words.COUNTED)}"),
    ("Mã trên biểu*", "mã của số liệu trên biểu mẫu sẵn có của đơn vị, nếu khác mã ở đây (0101, MS 12)"),
    (
        "Mã chỉ tiêu báo cáo*",
        "mã của số liệu trong phụ lục thống kê báo cáo cấp trên (PL1-1.2), nhiều mã cách nhau bằng “;”: tra-cuu.xlsx có trang tính xếp theo mã này để nhập",
    ),
    ("Điểm trừ", words.DEDUCTION.partition(": ")[2]),
    ("Chỉ theo dõi", words.FOLLOWED),
)


def write_guide(book: Book, title: str, *, illustrative: bool) -> None:
    """Writes the sheet; ``illustrative``: with the warning that the points are no office's."""
    sheet = book.sheet(SHEET, WIDTHS, portrait=True)
    sheet.write_string(0, 0, title, book.look("title"))
    sheet.merge_range(1, 0, 1, 1, INTRO, book.look("group"))
    number = 2
    if illustrative:
        sheet.merge_range(number, 0, number, 1, WARNING, book.look("warning"))
        sheet.set_row(number, 32)
        number += 1
    for heading, lines in _parts():
        number += 1
        _heading(book, sheet, number, heading)
        for name, text in lines:
            number += 1
            book.write(sheet, number, 0, name, "group")
            book.write(sheet, number, 1, f"{text[:1].upper()}{text[1:]}", "cell")
        number += 1


def _parts() -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    yield "CÁCH DÙNG TỆP NÀY", STEPS
    yield "CÁC SHEET", SHEETS
    yield "CÁCH CHẤM CỦA MỘT TIÊU CHÍ", tuple(_method(rule) for rule in METHODS.values() if not rule.is_group)
    yield "CÁCH CHẤM CỦA MỘT NHÓM", tuple(_method(rule) for rule in METHODS.values() if rule.is_group)
    yield "CÁC CỘT (* cột không bắt buộc)", COLUMNS


def _method(rule: Scoring) -> tuple[str, str]:
    """The sentence of a method, its rows of ``Thang điểm``, and those of its example."""
    rows = "".join(f"\n“{row.name}”: {row.meaning}{' (bắt buộc)' * row.needed}." for row in rule.parameters)
    shown = " · ".join(_cells(row) for row in rule.example.rows)
    return rule.method, f"{rule.meaning}{rows}" + (f"\nVí dụ ở Thang điểm: {shown}." if shown else "")


def _cells(row: str) -> str:
    """A row of the example in one line: the name or the bounds, and the points."""
    *bounds, points = (cell.strip() for cell in row.split("|"))
    if len(bounds) == 1 or bounds[4]:
        return f"{bounds[-1]} → {points}"
    low, low_included, high, high_included = bounds[:4]
    told = [f"từ {low}" if low_included != "không" else f"trên {low}"] if low else []
    told += [f"đến {high}" if high_included == "có" else f"đến dưới {high}"] if high else []
    return f"{' '.join(told)} → {points}"


def _heading(book: Book, sheet: Any, number: int, text: str) -> None:
    sheet.merge_range(number, 0, number, 1, text, book.look("head"))
