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
from tools.word_kit import add, after_table, closing, letterhead, own_lines, save, say, table
from tools.word_styles import landscape_section, new_document


def build() -> Any:
    """The template as a python-docx document."""
    document = new_document("Báo cáo kết quả thực hiện chỉ số")
    subject = "Kết quả thực hiện Kế hoạch cải thiện {{ index_name }} {{ period_text }}"
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
        "{% if settings.plan_date %} ngày {{ settings.plan_date|date_vi }}{% endif %} về cải thiện {{ index_name }}"
        "{% if settings.year %} năm {{ settings.year }}{% endif %}, {{ agency }} báo cáo kết quả thực hiện "
        "{{ period_text }} (số liệu từ ngày {{ period_start|date_vi }} đến ngày {{ period_end|date_vi }}) như sau:"
    )
    add(document, opening).paragraph_format.space_before = Pt(12)


def _guidance(document: Any) -> None:
    """I. Công tác chỉ đạo, điều hành."""
    say(
        document,
        """
# I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH
""",
    )
    own_lines(document, "I")
    say(
        document,
        """
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
{%p for place in sections.I %}
{%p if place.heading %}
## {{ number_in('I') }}. {{ place.heading }}
""",
    )
    _told(document, "place")
    say(
        document,
        """
{%p endif %}
{%p endfor %}
{%p for field in leading_fields %}
## {{ number_in('I') }}. {{ field.name }}
""",
    )
    _field_score(document)
    _told(document, "field")
    _field_body(document)
    say(document, "{%p endfor %}")


def _told(document: Any, place: str) -> None:
    """The plan's own sentences of a place, late tasks, and the figures it adds up, by unit."""
    say(
        document,
        """
{%p for line in PLACE.lines %}
- {{ line.text }}
{%p endfor %}
{%p for task in PLACE.late_tasks %}
- Nhiệm vụ trễ hạn của {{ task.unit }}: {% if task.document %}văn bản số {{ task.document }}{% if task.content %}, {% endif %}{% endif %}{{ task.content|lower_first }} (hạn {{ task.due|date_vi }}, {% if task.completed %}hoàn thành ngày {{ task.completed|date_vi }}{% else %}chưa hoàn thành{% endif %}).
{%p endfor %}
{%p for own in PLACE.tables %}
""".replace("PLACE", place),
    )
    add(document, "Bảng {{ own.number }}. {{ own.title }}", "Tên bảng")
    table(
        document,
        (59, 2, 102, 2),
        """
Đơn vị || {%tc for name in own.columns %} || {{ name }} || {%tc endfor %}
{%tr for row in own.rows %}
{{ row.name }} || {%tc for value in row.cells %} || {{ value|count_vi }} || {%tc endfor %}
{%tr endfor %}
**Cộng** || {%tc for value in own.total %} || **{{ value|count_vi }}** || {%tc endfor %}
{%tr if own.whole %}
{{ own.whole }} || {%tc for value in own.shares %} || {{ value|percent_vi }} || {%tc endfor %}
{%tr endif %}
""",
        "lccc",
        style="Ô bảng rộng",
        about="Số liệu theo đơn vị; cột đều.",
    )
    after_table(document)
    _waiting_note(document, "own.waiting")
    _dash_note(document, "own.dashes")
    say(document, "{%p endfor %}")


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
Kết quả chấm điểm: {% if field.summary.percent is none %}chưa có điểm{% if field.summary.ranked_later %}, chờ xếp hạng cùng các cơ quan{% endif %}{% elif field.summary.is_extra %}{{ field.summary.points }} điểm ({{ field.summary.max }}){% elif not field.summary.leaves %}chỉ theo dõi, không tính điểm{% elif field.summary.points is string %}không phát sinh{% else %}{{ field.summary.points|number_vi }}/{{ field.summary.max|number_vi }} điểm{% if field.summary.percent is not string %}, đạt {{ field.summary.percent|percent_vi }}{% endif %}{% endif %} (Bảng {{ table.fields }}).
{%p endif %}
""",
    )


def _field_body(document: Any) -> None:
    """What every field tells: other figures, the units' results, figures that do not agree."""
    say(
        document,
        """
{%p for item in field.figures %}
- {{ item.name }}: {{ item.told }}.
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
    _told(document, "field")
    _field_body(document)
    say(document, "{%p endfor %}")


if __name__ == "__main__":
    sys.exit(save(build, "report.docx", sys.argv[1:]))
