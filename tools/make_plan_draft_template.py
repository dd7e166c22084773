"""Builds ``templates/plan.docx``, next year's plan to improve the index: ``python tools/make_plan_draft_template.py [FILE]``.

Nothing comes in; the template goes out. From then on it belongs to the office, which edits it in Word.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from docx.shared import Pt

from tools.word_kit import BLANK, add, appendix_head, closing, keep_with_signature, letterhead, save, say, table
from tools.word_styles import landscape_section, new_document

_PLAN = f"Kế hoạch số:{BLANK}/KH-{{{{ settings.symbol }}}} ngày{BLANK}tháng{BLANK}năm {{{{ next_year }}}}"


def build() -> Any:
    """The template as a python-docx document."""
    document = new_document("Kế hoạch cải thiện chỉ số")
    subject = "Cải thiện {{ index_name }} năm {{ next_year }}"
    letterhead(document, "KH-{{ settings.symbol }}", "{{ next_year }}", named=("KẾ HOẠCH", subject))
    _opening(document)
    _goals(document)
    _limitations(document)
    _tasks(document)
    _organisation(document)
    closing(document)
    landscape_section(document)
    _appendix(document)
    return document


def _opening(document: Any) -> None:
    decision = (
        f"Căn cứ Quyết định số{BLANK} ngày{BLANK}tháng{BLANK}năm {{{{ next_year }}}} "
        "{% if settings.parent_agency %}của {{ settings.parent_agency }} {% endif %}về công bố {{ index_name }} năm {{ year }}."
    )
    add(document, decision, "Căn cứ").paragraph_format.space_before = Pt(12)
    known = (
        "Theo kết quả đánh giá {{ index_name }} năm {{ year }}, {{ agency }} "
        "{% if rank is not none %}xếp {{ rank|count_vi }}{% if settings.ranked_units %}/{{ settings.ranked_units }}{% endif %} "
        "cơ quan, đơn vị với chỉ số{% else %}có chỉ số{% endif %} đạt {{ index.percent|percent_vi }}"
        "{% if not index.complete %} (tạm tính){% endif %}{% if rank_change %}, {{ rank_change }}{% endif %}"
        "{% if index_change is not none %}{% if rank_change %} và{% else %},{% endif %} {{ index_change|change_vi }} so với "
        "năm trước ({{ index.previous|percent_vi }}){% endif %}."
    )
    add(document, known)
    say(
        document,
        """
Nhằm kịp thời khắc phục hạn chế, phát huy kết quả đạt được và nâng cao {{ index_called }} năm {{ next_year }}, {{ agency }} xây dựng kế hoạch thực hiện như sau:
""",
    )


def _goals(document: Any) -> None:
    say(
        document,
        """
# I. MỤC TIÊU
- Cải thiện các tiêu chí, tiêu chí thành phần còn hạn chế, chưa đạt yêu cầu; duy trì, phát huy các tiêu chí, tiêu chí thành phần đạt điểm tốt.
{%p if index.target %}
- Phấn đấu {{ index_called }} của {{ agency }} năm {{ next_year }} đạt từ {{ index.target|percent_vi }} trở lên{% if index_gap is not none and index_gap < 0 %} (tăng ít nhất {{ (-index_gap)|number_vi }} điểm phần trăm so với năm {{ year }}){% endif %}.
{%p else %}
- Phấn đấu {{ index_called }} của {{ agency }} năm {{ next_year }} cao hơn năm {{ year }} ({{ index.percent|percent_vi }}).
{%p endif %}
""",
    )


def _limitations(document: Any) -> None:
    say(
        document,
        """
# II. NHỮNG HẠN CHẾ TRONG NĂM {{ year }}
{%p if not limited_fields and field_total.full %}
Trong năm {{ year }}, các tiêu chí đã chấm đều đạt điểm tối đa và số liệu thống nhất.
{%p endif %}
{%p if missing_criteria %}
Còn {{ missing_criteria|count|count_vi }} tiêu chí chưa có điểm, chưa nêu trong phần này: {% for item in missing_criteria %}{{ item.code }} – {{ item.name }}{% if item.code in ranked_codes %} (chờ xếp hạng cùng các cơ quan){% endif %}{% if not loop.last %}; {% endif %}{% endfor %}.
{%p endif %}
{%p if illustrative %}
Lưu ý: điểm tối đa và cách chấm có căn cứ ghi “Minh họa” chưa phải là của bộ chỉ số do cơ quan có thẩm quyền ban hành.
{%p endif %}
{%p for field in limited_fields %}
## {{ loop.index }}. {{ field.name }}
{%p for item in field.limitations %}
- Nội dung {{ item.code }} {{ item.name }}.{% for text in item.sentences %} {{ text|sentence }}{% endfor %}{% for row in item.figures %} {{ row.name }}: {{ row.with_unit }}.{% endfor %}{% for said in item.results %} {{ said.text|sentence }}{% endfor %}{% for one in item.conflicts %} {{ one.content }} ({% if one.unit != 'Toàn cơ quan' %}{{ one.unit }}: {% endif %}{{ one.left|lower_first }}; {{ one.right|lower_first }}).{% endfor %}{% for text in item.unmarked %} {{ text|sentence }}{% endfor %}{% if item.objective %} Nguyên nhân khách quan: {% for text in item.objective %}{{ text|lower_first|sentence }}{% if not loop.last %} {% endif %}{% endfor %}{% endif %}{% if item.subjective %} Nguyên nhân chủ quan: {% for text in item.subjective %}{{ text|lower_first|sentence }}{% if not loop.last %} {% endif %}{% endfor %}{% endif %}{% if item.as_before %} Nguyên nhân như nội dung {{ item.as_before }}.{% endif %} ({% if item.is_deduction %}Bị trừ {{ item.gap|number_vi }} điểm{% else %}Đạt {{ item.points|number_vi }}/{{ item.max|number_vi }} điểm{% endif %}{% if item.is_deduction %}{% elif item.gap %}, thiếu {{ item.gap|number_vi }} điểm{% else %} theo số liệu đơn vị báo cáo, cần đối chiếu trước khi thẩm định{% endif %}{% if item.lead %}; đơn vị thực hiện: {{ item.lead }}{% endif %}.)
{%p endfor %}
{%p if field.others %}
- {% if field.limitations %}Nội dung khác{% else %}Nội dung{% endif %} chưa đạt điểm tối đa: {% for item in field.others %}{{ item.code }} {{ item.name }}{% if item.facts %} – {{ item.facts|join(', ') }}{% endif %} ({{ item.score }}{% if item.lead %}; {{ item.lead }}{% endif %}){% if not loop.last %}; {% endif %}{% endfor %}.
{%p endif %}
{%p endfor %}
""",
    )


def _tasks(document: Any) -> None:
    say(
        document,
        """
# III. NHIỆM VỤ, GIẢI PHÁP
{%p if path_stops %}
Để đạt mục tiêu {{ index.target|percent_vi }}, ưu tiên các nội dung sau{% if path_reaches %}, đủ để đạt mục tiêu nếu các nội dung khác giữ nguyên{% else %}; chỉ các nội dung này thì chưa đủ, còn phụ thuộc kết quả của: {{ path_others|join('; ') }}{% endif %}:
{%p for stop in path_stops %}
- Năm {{ next_year }}: {% if stop.work %}{{ stop.work }}{% else %}thực hiện đủ điểm{% endif %}{% if stop.due %}, trước ngày {{ stop.due|date_vi }}{% endif %}. {{ stop.name }} ({{ stop.code }}){% if stop.percent is not none %}: Chỉ số tăng {{ stop.gain|number_vi }} điểm phần trăm, khi đó đạt {{ stop.percent|percent_vi }}{% endif %}.
{%p endfor %}
{%p endif %}
Nhiệm vụ, giải pháp của từng tiêu chí, đơn vị thực hiện và phối hợp tại Phụ lục kèm theo.
""",
    )


def _organisation(document: Any) -> None:
    say(
        document,
        """
# IV. TỔ CHỨC THỰC HIỆN
## 1. Người đứng đầu các đơn vị được phân công
- Căn cứ Kế hoạch này, thực hiện đầy đủ, có hiệu quả các nội dung thành phần của {{ index_called }} theo nhiệm vụ được phân công tại Mục III. Mỗi kỳ báo cáo, gửi kết quả thực hiện đúng hạn{% if compiling_unit %} (qua {{ compiling_unit }} để tổng hợp){% endif %}.
- Duy trì kết quả đã đạt được của các tiêu chí, tiêu chí thành phần; thực hiện đúng các nội dung thuộc nhiệm vụ, lĩnh vực phụ trách.
## 2. {{ compiling_unit or 'Bộ phận tổng hợp' }}
Chủ trì, phối hợp các đơn vị tổ chức triển khai, theo dõi, đôn đốc việc thực hiện Kế hoạch; mỗi kỳ báo cáo rà soát từng chỉ tiêu, từng điểm số và các tài liệu kiểm chứng có liên quan.
Trong quá trình thực hiện, có khó khăn, vướng mắc, các đơn vị liên hệ {{ compiling_unit or 'bộ phận tổng hợp' }} để được hướng dẫn, giải quyết kịp thời./.
""",
    )
    keep_with_signature(document)


def _appendix(document: Any) -> None:
    appendix_head(
        document,
        "",
        "NHIỆM VỤ, GIẢI PHÁP CẢI THIỆN {{ index_name|upper }} NĂM {{ next_year }}",
        _PLAN,
        first=True,
    )
    table(
        document,
        (14, 66, 52, 78, 42),
        """
TT || NỘI DUNG || ĐƠN VỊ THỰC HIỆN || MỤC TIÊU/GIẢI PHÁP THỰC HIỆN || PHỐI HỢP THỰC HIỆN
{%tr for row in plan_rows %}
{%tr if row.is_field %}
**{{ row.code }}** || **{{ row.name }}** || < || < || <
{%tr else %}
{{ row.code }} || {{ row.name }} || {{ row.lead }} || {{ row.target }} || {{ row.cooperating }}
{%tr endif %}
{%tr endfor %}
""",
        "cllll",
        merge="3, 5",
        about="Nhiệm vụ, giải pháp theo tiêu chí;",
    )


if __name__ == "__main__":
    sys.exit(save(build, "plan.docx", sys.argv[1:]))
