"""Builds ``templates/report.docx``, the Word report in the form of Nghị định 30/2020/NĐ-CP (Phụ lục I).

Nothing comes in; the template goes out: ``python tools/make_report_template.py [FILE]``. The sentences below are a first
wording. From then on the template belongs to the office, which edits it in Word.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from docx.shared import Pt

from tools.report_appendices import appendices
from tools.report_assessment import assessment
from tools.report_index import index
from tools.word_kit import add, after_table, closing, letterhead, save, say, table
from tools.word_styles import landscape_section, new_document


def build() -> Any:
    """The template as a python-docx document."""
    document = new_document("Báo cáo công tác cải cách hành chính")
    subject = "Kết quả công tác cải cách hành chính {{ period_text }} và thực hiện Kế hoạch cải thiện Chỉ số cải cách hành chính"
    letterhead(document, "BC-{{ settings.symbol }}", "{{ report_year }}", named=("BÁO CÁO", subject))
    _opening(document)
    _guidance(document)
    _fields(document)
    index(document)
    assessment(document)
    closing(document)
    landscape_section(document)
    appendices(document)
    return document


def _opening(document: Any) -> None:
    opening = (
        "Thực hiện Kế hoạch số {% if settings.plan_number %}{{ settings.plan_number }}{% else %}\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0/KH-{{ settings.symbol }}{% endif %}"
        "{% if settings.plan_date %} ngày {{ settings.plan_date|date_vi }}{% endif %} về cải thiện Chỉ số cải cách hành "
        "chính{% if settings.year %} năm {{ settings.year }}{% endif %}, {{ agency }} báo cáo kết quả công tác cải cách "
        "hành chính (CCHC) {{ period_text }} (số liệu từ ngày {{ period_start|date_vi }} đến ngày "
        "{{ period_end|date_vi }}) như sau:"
    )
    add(document, opening).paragraph_format.space_before = Pt(12)


def _guidance(document: Any) -> None:
    """I. Công tác chỉ đạo, điều hành."""
    say(
        document,
        """
# I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH CẢI CÁCH HÀNH CHÍNH
## {{ number_in('I') }}. Thực hiện chế độ báo cáo
Trong tổng số {{ roll_total|count_vi }} đơn vị phải báo cáo{% if roll.submitted %}, {{ roll.submitted.count|count_vi }} đơn vị gửi đúng hạn{% endif %}{% if roll.late %}, {{ roll.late.count|count_vi }} đơn vị gửi trễ hạn ({{ roll.late.units }}){% endif %}{% if roll.missing %}, {{ roll.missing.count|count_vi }} đơn vị chưa gửi ({{ roll.missing.units }}){% endif %}{% if roll.unreadable %}, {{ roll.unreadable.count|count_vi }} đơn vị gửi tệp không đọc được, phải gửi lại ({{ roll.unreadable.units }}){% endif %} (Bảng {{ table.roll }}).
""",
    )
    add(document, "Bảng {{ table.roll }}. Tình hình gửi báo cáo của các đơn vị", "Tên bảng")
    table(
        document,
        (45, 25, 95),
        """
Tình trạng || Số đơn vị || Đơn vị
{%tr for row in roll_rows %}
{{ row.text }} || {{ row.count|count_vi }} || {{ row.units }}
{%tr endfor %}
**Cộng** || **{{ roll_total|count_vi }}** ||
""",
        "lcl",
        about="Điểm danh các đơn vị theo tình trạng gửi báo cáo.",
        whole=True,
    )
    after_table(document)
    say(
        document,
        """
{%p if leading_field %}
{%p if planned('DV_KIEMTRA') or planned('TIN_BAI') or planned('SANGKIEN') %}
## {{ number_in('I') }}. Kiểm tra, tuyên truyền, sáng kiến
{%p if has('DV_KIEMTRA') %}
- Kiểm tra CCHC: @INSPECTION@
{%p endif %}
{%p if planned('DV_KIEMTRA') and not has('DV_KIEMTRA') %}
- Kiểm tra CCHC: {{ spoken('DV_KIEMTRA') }} (Phụ lục {{ appendix.figure_rows }}).
{%p endif %}
{%p if planned('TIN_BAI') and not has('TIN_BAI') %}
- Tuyên truyền CCHC: {{ spoken('TIN_BAI') }} (Phụ lục {{ appendix.figure_rows }}).
{%p endif %}
{%p if has('TIN_BAI') %}
- Tuyên truyền CCHC: {{ figure('TIN_BAI')|count_vi }} tin, bài.
{%p endif %}
{%p if planned('SANGKIEN') and not has('SANGKIEN') %}
- Sáng kiến, giải pháp mới trong CCHC: {{ spoken('SANGKIEN') }} (Phụ lục {{ appendix.figure_rows }}).
{%p endif %}
{%p if has('SANGKIEN') %}
- Sáng kiến, giải pháp mới trong CCHC: {% if figure('SANGKIEN') %}{{ figure('SANGKIEN')|count_vi }} sáng kiến, giải pháp{% else %}trong kỳ chưa có sáng kiến, giải pháp{% endif %}.
{%p endif %}
{%p endif %}
{%p endif %}
{%p if tasks_table %}
## {{ number_in('I') }}. Thực hiện nhiệm vụ được giao
{%p if has('NV_GIAO') %}
Trong kỳ, @TASKS@ (Bảng {{ table.tasks }}).@LATE_UNITS@
{%p elif late_units %}
Số liệu nhiệm vụ được giao chưa đủ; số liệu hiện có tại Bảng {{ table.tasks }}. Đơn vị có nhiệm vụ trễ hạn: {{ late_units|listing }}.
{%p else %}
Số liệu nhiệm vụ được giao chưa đủ; số liệu hiện có tại Bảng {{ table.tasks }}.
{%p endif %}
{%p for task in late_tasks %}
- Nhiệm vụ trễ hạn của {{ task.unit }}: {% if task.document %}văn bản số {{ task.document }}{% if task.content %}, {% endif %}{% endif %}{{ task.content|lower_first }} (hạn {{ task.due|date_vi }}, {% if task.completed %}hoàn thành ngày {{ task.completed|date_vi }}{% else %}chưa hoàn thành{% endif %}).
{%p endfor %}
""",
    )
    add(document, "Bảng {{ table.tasks }}. Kết quả thực hiện nhiệm vụ được giao theo đơn vị", "Tên bảng")
    table(
        document,
        (59, 21, 21, 21, 21, 22),
        """
Đơn vị || Được giao || Sớm hạn || Đúng hạn || Trễ hạn || Chưa đến hạn
{%tr for row in tasks_table.rows %}
{{ row.name }} || {{ row.cells[0]|count_vi }} || {{ row.cells[1]|count_vi }} || {{ row.cells[2]|count_vi }} || {{ row.cells[3]|count_vi }} || {{ row.cells[4]|count_vi }}
{%tr endfor %}
**Cộng** || **{{ tasks_table.total[0]|count_vi }}** || **{{ tasks_table.total[1]|count_vi }}** || **{{ tasks_table.total[2]|count_vi }}** || **{{ tasks_table.total[3]|count_vi }}** || **{{ tasks_table.total[4]|count_vi }}**
Tỷ lệ so với số được giao || {{ tasks_table.shares[0]|percent_vi }} || {{ tasks_table.shares[1]|percent_vi }} || {{ tasks_table.shares[2]|percent_vi }} || {{ tasks_table.shares[3]|percent_vi }} || {{ tasks_table.shares[4]|percent_vi }}
""",
        "lccccc",
        about="Nhiệm vụ được giao và kết quả, theo đơn vị.",
    )
    after_table(document)
    _waiting_note(document, "tasks_table.waiting")
    say(document, "{%p endif %}")
    _dash_note(document, "tasks_table and tasks_table.dashes")
    say(
        document,
        """
{%p if leading_field %}
{%p for field in [leading_field] %}
## {{ number_in('I') }}. Kết quả theo tiêu chí
""",
    )
    _field_score(document)
    _field_body(document)
    say(document, "{%p endfor %}", "{%p endif %}")


def _waiting_note(document: Any, name: str) -> None:
    say(document, f"{{%p if {name} %}}")
    add(document, f"(*) Số liệu chưa đủ, còn chờ: {{{{ {name}|listing }}}}.", "Ghi chú bảng")
    say(document, "{%p endif %}")


def _dash_note(document: Any, name: str) -> None:
    say(document, f"{{%p if {name} %}}")
    add(document, "Ghi chú: dấu “–” là nội dung đơn vị không phải báo cáo.", "Ghi chú bảng")
    say(document, "{%p endif %}")


def _field_score(document: Any) -> None:
    say(
        document,
        """
{%p if field.summary %}
Kết quả chấm điểm: {% if field.summary.percent is none %}chưa có điểm{% elif field.summary.is_extra %}{{ field.summary.points }} điểm ({{ field.summary.max }}){% elif not field.summary.leaves %}chỉ theo dõi, không tính điểm{% elif field.summary.points is string %}không phát sinh{% else %}{{ field.summary.points|number_vi }}/{{ field.summary.max|number_vi }} điểm{% if field.summary.percent is not string %}, đạt {{ field.summary.percent|percent_vi }}{% endif %}{% endif %} (Bảng {{ table.fields }}).
{%p endif %}
""",
    )


def _field_body(document: Any) -> None:
    """What every field tells: other figures, the units' results, figures that do not agree."""
    say(
        document,
        """
{%p for item in field.figures %}
- {{ item.name }}: {{ item.with_unit }}.
{%p endfor %}
{%p for item in field.said %}
- {{ item.name }} ({{ item.code }}) – {{ item.units }}: {{ item.text|sentence }}
{%p endfor %}
{%p for item in field.conflicts %}
- {% if item.conflict %}Số liệu chưa thống nhất{% else %}Nội dung cần giải trình{% endif %} ({{ item.unit }}): {{ item.content|lower_first }} – {{ item.left|lower_first }}; {{ item.right|lower_first }} (Phụ lục {{ appendix.discrepancies }}).
{%p endfor %}
""",
    )


def _fields(document: Any) -> None:
    """II. Kết quả theo lĩnh vực."""
    say(
        document,
        """
# II. KẾT QUẢ THỰC HIỆN THEO LĨNH VỰC
{%p for field in fields %}
## {{ number_in('II') }}. {{ field.name }}
""",
    )
    _field_score(document)
    say(
        document,
        """
{%p if 'review' in field.topics %}
{%p if has('TTHC_RASOAT') %}
- Rà soát, đơn giản hóa thủ tục hành chính (TTHC): @REVIEW@
{%p else %}
- Rà soát, đơn giản hóa thủ tục hành chính (TTHC): số liệu chưa đủ; số liệu hiện có tại Bảng {{ table.review }}.
{%p endif %}
""",
    )
    add(document, "Bảng {{ table.review }}. Kết quả rà soát thủ tục hành chính", "Tên bảng")
    table(
        document,
        (75, 32, 29, 29),
        """
Nội dung || Số liệu || So với tổng số || So với số đã rà soát
{%tr for row in review_rows %}
{{ row.name }} || {{ row.value }} || {{ row.of_all|percent_vi }} || {{ row.of_reviewed|percent_vi }}
{%tr endfor %}
""",
        "lccc",
        about="Rà soát, đơn giản hóa thủ tục hành chính.",
        whole=True,
    )
    after_table(document)
    _waiting_note(document, "review_waiting")
    say(
        document,
        """
{%p endif %}
{%p if 'files' in field.topics %}
{%p if has('HS_TIEPNHAN') %}
- Giải quyết hồ sơ TTHC: @FILES@ (Bảng {{ table.files }}).{% if late_file_units %} Đơn vị có hồ sơ trễ hạn: {{ late_file_units|listing }}.{% endif %}
{%p elif files_table %}
- Giải quyết hồ sơ TTHC: số liệu chưa đủ; số liệu hiện có tại Bảng {{ table.files }}.{% if late_file_units %} Đơn vị có hồ sơ trễ hạn: {{ late_file_units|listing }}.{% endif %}
{%p endif %}
{%p if has('HS_TRE_PM') %}
- @SOFTWARE@ (Phụ lục {{ appendix.figure_rows }}).
{%p endif %}
{%p if files_table %}
""",
    )
    add(document, "Bảng {{ table.files }}. Tình hình giải quyết hồ sơ thủ tục hành chính", "Tên bảng")
    table(
        document,
        (50, 19, 19, 19, 19, 19, 20),
        """
Đơn vị || Tồn kỳ trước || Tiếp nhận || Trước hạn || Đúng hạn || Trễ hạn || Đang giải quyết
{%tr for row in files_table.rows %}
{{ row.name }} || {{ row.cells[0]|count_vi }} || {{ row.cells[1]|count_vi }} || {{ row.cells[2]|count_vi }} || {{ row.cells[3]|count_vi }} || {{ row.cells[4]|count_vi }} || {{ row.cells[5]|count_vi }}
{%tr endfor %}
**Cộng** || **{{ files_table.total[0]|count_vi }}** || **{{ files_table.total[1]|count_vi }}** || **{{ files_table.total[2]|count_vi }}** || **{{ files_table.total[3]|count_vi }}** || **{{ files_table.total[4]|count_vi }}** || **{{ files_table.total[5]|count_vi }}**
""",
        "lcccccc",
        about="Hồ sơ thủ tục hành chính theo đơn vị.",
    )
    after_table(document)
    _waiting_note(document, "files_table.waiting")
    say(document, "{%p endif %}", "{%p endif %}")
    _field_body(document)
    say(document, "{%p endfor %}")


if __name__ == "__main__":
    sys.exit(save(build, "report.docx", sys.argv[1:]))
