"""Builds ``templates/reminder.docx``, the công văn đôn đốc to one unit: ``python tools/make_reminder_template.py [FILE]``.

Nothing comes in; the template goes out. From then on it belongs to the office, which edits it in Word.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from docx.shared import Pt

from tools.word_kit import BLANK, add, after_table, closing, keep_with_signature, letterhead, save, say, table
from tools.word_styles import CENTER, new_document

_SUBJECT = (
    "{% if reminder.status == 'missing' %}đôn đốc gửi{% elif reminder.status == 'unreadable' %}đề nghị gửi lại{% elif "
    "reminder.errors %}đề nghị chỉnh sửa{% else %}chấn chỉnh việc gửi{% endif %} báo cáo {{ period_text }}"
)


def build() -> Any:
    """The template as a python-docx document."""
    document = new_document("Công văn đôn đốc báo cáo")
    letterhead(document, "{{ letter_symbol }}", "{{ report_year }}", subject=_SUBJECT)
    to = add(document, "Kính gửi: {{ reminder.name }}.", "Kính gửi")
    to.alignment = CENTER
    to.paragraph_format.space_before = Pt(18)
    _state(document)
    _errors(document)
    _owed(document)
    _request(document)
    closing(document, "letter_signer")
    return document


def _state(document: Any) -> None:
    say(
        document,
        """
Thực hiện Kế hoạch{% if settings.plan_number %} số {{ settings.plan_number }}{% endif %}{% if settings.plan_date %} ngày {{ settings.plan_date|date_vi }}{% endif %} về cải thiện {{ index_name }}{% if settings.year %} năm {{ settings.year }}{% endif %}, các đơn vị gửi báo cáo kết quả thực hiện {{ period_text }}{% if due %} chậm nhất ngày {{ due|date_vi }}{% endif %}.
{%p if reminder.status == 'missing' %}
Đến nay, {{ agency }} chưa nhận được báo cáo của {{ reminder.name }}.
{%p elif reminder.status == 'unreadable' %}
{{ reminder.name }} đã gửi tệp “{{ reminder.file }}” nhưng tệp này không đọc được, nên số liệu của đơn vị chưa được tổng hợp.
{%p elif reminder.status == 'late' %}
{{ reminder.name }} đã gửi báo cáo (tệp “{{ reminder.file }}”) ngày {{ reminder.sent|date_vi }} (theo thời điểm ghi trong tệp), trễ hạn quy định. Số liệu của đơn vị vẫn được tổng hợp{% if reminder.errors %}, trừ nội dung phải chỉnh sửa nêu dưới đây{% endif %}.
{%p else %}
{{ reminder.name }} đã gửi báo cáo (tệp “{{ reminder.file }}”) ngày {{ reminder.sent|date_vi }}, đúng hạn quy định.
{%p endif %}
""",
    )


def _errors(document: Any) -> None:
    say(
        document,
        """
{%p if reminder.errors %}
{% if reminder.status == 'unreadable' %}Lý do và cách khắc phục:{% else %}Báo cáo còn {{ reminder.errors|count|count_vi }} nội dung phải chỉnh sửa:{% endif %}
""",
    )
    table(
        document,
        (11, 36, 62, 56),
        """
TT || Vị trí (sheet › ô) || Nội dung || Cách sửa
{%tr for item in reminder.errors %}
{{ loop.index }} || {{ item.place }} || {{ item.content }} || {{ item.remedy }}
{%tr endfor %}
""",
        "clll",
        about="Nội dung phải sửa trong báo cáo của đơn vị.",
    )
    after_table(document)
    say(
        document,
        """
{%p endif %}
{%p if reminder.questions %}
Ngoài ra, đề nghị đơn vị kiểm tra, giải trình {{ reminder.questions|count|count_vi }} nội dung sau:
{%p for item in reminder.questions %}
- {% if item.place != '–' %}{{ item.place }}: {% endif %}{{ item.content|sentence }}
{%p endfor %}
{%p endif %}
{%p if reminder.evidence %}
Các tiêu chí đơn vị chủ trì còn thiếu tài liệu kiểm chứng: {{ reminder.evidence|join('; ') }}.
{%p endif %}
""",
    )


def _owed(document: Any) -> None:
    say(
        document,
        """
{%p if reminder.criteria %}
Nội dung đơn vị phải báo cáo: {{ reminder.figure_names|count|count_vi }} số liệu trong biểu mẫu và {{ reminder.criteria|count|count_vi }} tiêu chí sau:
""",
    )
    table(
        document,
        (20, 145),
        """
Mã || Tiêu chí
{%tr for item in reminder.criteria %}
{{ item.code }} || {{ item.name }}
{%tr endfor %}
""",
        "cl",
        about="Các tiêu chí đơn vị chủ trì.",
    )
    after_table(document)
    say(
        document,
        """
{%p endif %}
{%p if reminder.figure_names and not reminder.criteria %}
Đơn vị còn phải nhập {{ reminder.figure_names|count|count_vi }} số liệu: {{ reminder.figure_names|join('; ') }}.
{%p endif %}
{%p if reminder.waiting_criteria %}
Do {% if reminder.misfit_codes %}điểm tự chấm ngoài khung ({{ reminder.misfit_codes|join(', ') }}) hoặc {% endif %}chưa đủ số liệu, trong đó có số liệu của đơn vị, {{ reminder.waiting_criteria|count|count_vi }} tiêu chí chưa chấm được điểm ({{ reminder.waiting_criteria|join(', ') }}), ảnh hưởng trực tiếp đến {{ index_called }} của {{ agency }}.
{%p endif %}
""",
    )


def _request(document: Any) -> None:
    say(
        document,
        f"""
{{%p if reminder.status == 'late' and not reminder.errors %}}
Đề nghị {{{{ reminder.name }}}} rút kinh nghiệm, gửi báo cáo đúng hạn trong các kỳ tiếp theo./.
{{%p else %}}
Đề nghị {{{{ reminder.name }}}} {{% if reminder.status == 'missing' %}}gửi báo cáo{{% elif reminder.status == 'unreadable' %}}gửi lại báo cáo{{% else %}}chỉnh sửa, gửi lại báo cáo{{% endif %}} theo biểu mẫu đã phát hành {{% if reminder.send_to %}}về {{{{ reminder.send_to }}}} {{% endif %}}trước ngày{BLANK}tháng{BLANK}năm {{{{ report_year }}}} để tổng hợp./.
{{%p endif %}}
""",
    )
    keep_with_signature(document)


if __name__ == "__main__":
    sys.exit(save(build, "reminder.docx", sys.argv[1:]))
