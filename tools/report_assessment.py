"""Sections IV to VI of the report template: assessment, next steps, proposals."""

from __future__ import annotations

from typing import Any

from tools.word_kit import add, keep_with_signature, own_lines, own_places, say


def assessment(document: Any) -> None:
    """IV. Đánh giá chung; V. Nhiệm vụ; VI. Kiến nghị."""
    say(
        document,
        """
# IV. ĐÁNH GIÁ CHUNG
""",
    )
    own_lines(document, "IV")
    say(
        document,
        """
## {{ number_in('IV') }}. Kết quả đạt được
{% if field_total.full %}Có {{ field_total.full|count_vi }}/{{ field_total.leaves|count_vi }} tiêu chí đạt điểm tối đa (Bảng {{ table.fields }}){% else %}Trong kỳ chưa có tiêu chí nào đạt điểm tối đa{% endif %}.
""",
    )
    own_lines(document, "IV", "Kết quả đạt được", "- ")
    say(
        document,
        """
{%p if field_total.short or field_total.missing or deduction_count or roll.missing or roll.late or roll.unreadable or conflict_count or breach_count %}
## {{ number_in('IV') }}. Hạn chế
{%p for field in limited_fields %}
{%p if field.short %}
- {{ field.name }}{% for item in field.short %}{% if item.code == field.code %} {% else %}{% if loop.first %}: {% endif %}{{ item.name|lower_first }} ({{ item.code }}) {% endif %}{{ item.score }}{% if item.facts %} – {{ item.facts|join(', ') }}{% endif %}{% if not loop.last %}; {% endif %}{% endfor %}.
{%p endif %}
{%p endfor %}
{%p if owed_codes %}
- Còn {{ owed_codes|count|count_vi }} tiêu chí chưa có điểm do chưa đủ số liệu.
{%p endif %}
{%p if ranked_codes %}
- {{ ranked_codes|count|count_vi }} tiêu chí chờ xếp hạng cùng các cơ quan nên chưa có điểm ({{ ranked_codes|join(', ') }}).
{%p endif %}
{%p if pending_codes %}
- {{ pending_codes|count|count_vi }} tiêu chí chưa có điểm vì chờ điểm của tiêu chí khác theo điều kiện của kế hoạch ({{ pending_codes|join(', ') }}).
{%p endif %}
{%p if misfit_codes %}
- Điểm tự chấm ngoài khung ở {{ misfit_codes|count|count_vi }} tiêu chí ({{ misfit_codes|join(', ') }}) nên chưa có điểm.
{%p endif %}
{%p if roll.late or roll.missing or roll.unreadable %}
- Chế độ báo cáo chưa nghiêm:{% if roll.late %} gửi trễ hạn ({{ roll.late.units }}){% endif %}{% if roll.late and (roll.missing or roll.unreadable) %};{% endif %}{% if roll.missing %} chưa gửi ({{ roll.missing.units }}){% endif %}{% if roll.missing and roll.unreadable %};{% endif %}{% if roll.unreadable %} gửi tệp không đọc được ({{ roll.unreadable.units }}){% endif %}.
{%p endif %}
{%p for item in discrepancies %}
{%p if item.conflict %}
- Số liệu chưa thống nhất: {{ item.content|lower_first }} – {{ item.left|lower_first }}; {{ item.right|lower_first }} (Phụ lục {{ appendix.discrepancies }}).
{%p endif %}
{%p endfor %}
""",
    )
    own_lines(document, "IV", "Hạn chế", "- ")
    say(
        document,
        """
{%p endif %}
{%p if causes.objective or causes.subjective or causes.unmarked or unexplained %}
## {{ number_in('IV') }}. Nguyên nhân
""",
    )
    for side, title in (
        ("objective", "Nguyên nhân khách quan"),
        ("subjective", "Nguyên nhân chủ quan"),
        ("unmarked", "Nguyên nhân, khó khăn do đơn vị nêu, chưa phân loại"),
    ):
        say(
            document,
            f"{{%p if causes.{side} %}}",
            f"### {{{{ 'abcd'[number_in('causes') - 1] }}}}) {title}",
            f"{{%p for item in causes.{side} %}}",
            "- {{ item.name }} – {{ item.units }}: {{ item.text|sentence }}",
            "{%p endfor %}",
            "{%p endif %}",
        )
    say(
        document,
        """
{%p if unexplained %}
Đơn vị chưa nêu nguyên nhân đối với các tiêu chí chưa đạt điểm tối đa: {% for item in unexplained %}{{ item.code }}{% if not loop.last %}, {% endif %}{% endfor %}.
{%p endif %}
{%p endif %}
""",
    )
    own_places(document, "IV", ("Kết quả đạt được", "Hạn chế"))
    say(document, "# V. NHIỆM VỤ TRỌNG TÂM KỲ SAU")
    own_lines(document, "V", "", "- ")
    say(
        document,
        """
{%p for field in all_fields %}
{%p if field.steps %}
## {{ number_in('V') }}. {{ field.name }}
{%p for step in field.steps %}
- {% if step.lead %}{{ step.lead }}: {% endif %}{% if step.target %}{{ step.target|lower_first }}{% else %}khắc phục nội dung chưa đạt{% endif %} ({{ step.state }}).
{%p endfor %}
{%p endif %}
{%p endfor %}
## {{ number_in('V') }}. Theo dõi, tổng hợp
{%p if roll.missing or roll.unreadable %}
- Đôn đốc gửi báo cáo còn thiếu: {% if roll.missing %}{{ roll.missing.units }}{% endif %}{% if roll.missing and roll.unreadable %}; {% endif %}{% if roll.unreadable %}{{ roll.unreadable.units }}{% endif %}.
{%p endif %}
{%p if owed_codes %}
- Các đơn vị gửi đủ số liệu, mức đạt để chấm điểm các tiêu chí: {{ owed_codes|join(', ') }}.
{%p endif %}
{%p if misfit_codes %}
- Các đơn vị gửi lại điểm tự chấm đúng khung của các tiêu chí: {{ misfit_codes|join(', ') }}.
{%p endif %}
{%p if waiting_extras %}
- Các đơn vị gửi đủ số liệu điểm thưởng, điểm trừ: {% for item in waiting_extras %}{{ item.code }}{% if not loop.last %}, {% endif %}{% endfor %}.
{%p endif %}
""",
    )
    own_lines(document, "V", "Theo dõi, tổng hợp", "- ")
    say(
        document,
        """
{%p if conflict_count %}
- Các đơn vị rà soát, thống nhất số liệu{% if breach_count %}, giải trình nội dung{% endif %} nêu tại Phụ lục {{ appendix.discrepancies }}.
{%p endif %}
{%p if missing_evidence %}
- Bổ sung tài liệu kiểm chứng còn thiếu nêu tại Phụ lục {{ appendix.evidence_rows }}.
{%p endif %}
- {{ compiling_unit or 'Bộ phận tổng hợp' }} tiếp tục rà soát từng chỉ tiêu, từng điểm số và các tài liệu kiểm chứng có liên quan.
""",
    )
    own_places(document, "V", ("Theo dõi, tổng hợp",))
    say(document, "# VI. KIẾN NGHỊ")
    own_lines(document, "VI", "", "- ")
    say(
        document,
        """
{%p if causes.proposal %}
{%p for item in causes.proposal %}
- {{ item.units }} – {{ item.name }}: {{ item.text|sentence }}
{%p endfor %}
{%p else %}
{% if roll.submitted or roll.late %}Các đơn vị đã gửi báo cáo không có kiến nghị.{% else %}Chưa có đơn vị nào gửi báo cáo.{% endif %}
{%p endif %}
""",
    )
    own_places(document, "VI")
    last = "Trên đây là báo cáo kết quả thực hiện Kế hoạch cải thiện {{ index_name }} {{ period_text }} của {{ agency }}./."
    add(document, last)
    keep_with_signature(document)
