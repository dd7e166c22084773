"""Section III of the report template: the index, its fields, what fell short, what the figures rest on."""

from __future__ import annotations

from typing import Any

from tools.word_kit import add, after_table, own_lines, own_places, say, table


def index(document: Any) -> None:
    """III. Thực hiện Kế hoạch cải thiện Chỉ số."""
    say(
        document,
        """
# III. KẾT QUẢ {{ index_name|upper }}
""",
    )
    own_lines(document, "III")
    say(
        document,
        """
## {{ number_in('III') }}. {{ index_called }}
{%p if index.percent %}
{% if appraisal_text %}Theo kết quả tự đánh giá ({{ appraisal_text }}), {% endif %}{{ index_called }} {{ period_text }} của {{ agency }} {% if index.complete %}đạt{% elif owed_codes or misfit_codes or not ranked_codes %}chưa đủ số liệu để xác định; tạm tính là{% else %}còn chờ xếp hạng cùng các cơ quan; tạm tính là{% endif %} {{ index.percent|percent_vi }} ({{ index.points|number_vi }}/{{ index.applicable_max|number_vi }} điểm{% if with_extras %}, {{ with_extras }}{% endif %}){% if index_gap is not none %}, {% if index_gap < 0 %}còn thiếu {{ (-index_gap)|number_vi }} điểm phần trăm so với mục tiêu {{ index.target|percent_vi }}{% else %}đạt mục tiêu {{ index.target|percent_vi }}{% endif %}{% elif index.target %}; mục tiêu {{ index.target|percent_vi }}{% endif %}{% if index_change is not none %}; so với năm trước ({{ index.previous|percent_vi }}) {{ index_change|change_vi }}{% elif index.previous %}; năm trước {{ index.previous|percent_vi }}{% endif %}.{% if settings.previous_rank is not none %} Xếp hạng năm trước: {{ settings.previous_rank }}{% if settings.ranked_units %}/{{ settings.ranked_units }} cơ quan, đơn vị{% endif %}.{% endif %}{% if not_applicable_criteria %} Điểm tối đa áp dụng đã trừ các tiêu chí không phát sinh: {% for item in not_applicable_criteria %}{{ item.code }}{% if not loop.last %}, {% endif %}{% endfor %}.{% endif %}{% if away_zero %} Tiêu chí không phát sinh, tính 0 điểm theo kế hoạch: {% for item in away_zero %}{{ item.code }}{% if not loop.last %}, {% endif %}{% endfor %}.{% endif %}{% if away_full %} Tiêu chí không phát sinh, tính điểm tối đa theo kế hoạch: {% for item in away_full %}{{ item.code }}{% if not loop.last %}, {% endif %}{% endfor %}.{% endif %}
{%p else %}
Chưa có tiêu chí nào đủ số liệu để tính {{ index_called }} {{ period_text }}.
{%p endif %}
{%p if not index.complete %}
**Chỉ số nêu trên là tạm tính**: còn {{ missing_criteria|count|count_vi }} tiêu chí chưa có điểm{% if ranked_codes|count == missing_criteria|count %}, chờ xếp hạng cùng các cơ quan,{% elif ranked_codes %} (trong đó {{ ranked_codes|count|count_vi }} tiêu chí chờ xếp hạng cùng các cơ quan){% endif %} nên Chỉ số nằm trong khoảng từ {{ index.percent|percent_vi }} (tính các tiêu chí này 0 điểm) đến {{ index.percent_if_missing_full|percent_vi }} (tính các tiêu chí này điểm tối đa). Các tiêu chí chưa có điểm: {% for item in missing_criteria %}{{ item.code }}{% if not loop.last %}, {% endif %}{% endfor %} (Phụ lục {{ appendix.criteria_rows }}).
{%p endif %}
{%p if illustrative %}
Lưu ý: điểm tối đa và cách chấm của các tiêu chí có căn cứ ghi “Minh họa” chưa phải là của bộ chỉ số do cơ quan có thẩm quyền ban hành; điểm và Chỉ số trong báo cáo này chỉ có giá trị tham khảo cho đến khi được thay thế.
{%p endif %}
""",
    )
    add(document, "Bảng {{ table.index }}. {{ index_called }} trong kỳ", "Tên bảng")
    table(
        document,
        (75, 25, 65),
        """
Nội dung || Giá trị || Chỉ số trong kỳ so với nội dung này
{%tr for row in index_rows %}
{{ row.name }} || {{ row.value }} || {{ row.difference }}
{%tr endfor %}
""",
        "lcc",
        about="Chỉ số, khoảng tạm tính, mục tiêu, năm trước.",
        whole=True,
    )
    after_table(document)
    _chart(document, "index")
    add(document, "Bảng {{ table.fields }}. Điểm theo lĩnh vực", "Tên bảng")
    table(
        document,
        (8, 47, 13, 13, 14, 13, 15, 13, 14, 15),
        """
TT || Lĩnh vực || Số tiêu chí || Đạt tối đa || Chưa đạt tối đa || Chưa có điểm || Không phát sinh || Điểm tối đa || Điểm đạt || Tỷ lệ
{%tr for row in field_rows %}
{{ row.code }} || {{ row.name }} || {{ row.leaves|count_vi }} || {{ row.full|count_vi }} || {{ row.short|count_vi }} || {{ row.missing|count_vi }} || {{ row.not_applicable|count_vi }} || {{ row.max|number_vi }} || {{ row.points|number_vi }} || {{ row.percent|percent_vi }}
{%tr endfor %}
**{{ field_total.name }}** || < || **{{ field_total.leaves|count_vi }}** || **{{ field_total.full|count_vi }}** || **{{ field_total.short|count_vi }}** || **{{ field_total.missing|count_vi }}** || **{{ field_total.not_applicable|count_vi }}** || **{{ field_total.max|number_vi }}** || **{{ field_total.points|number_vi }}** || **{{ field_total.percent|percent_vi }}**
""",
        "clcccccccc",
        style="Ô bảng rộng",
        about="Số tiêu chí và điểm theo lĩnh vực.",
        whole=True,
    )
    after_table(document)
    say(document, "{%p if extra_rows %}")
    add(
        document,
        "Điểm thưởng, điểm trừ, không tính vào số tiêu chí: {% for item in extra_rows %}{{ item.name }}: "
        "{% if item.missing %}chưa có điểm, đang tính 0{% else %}{{ item.points }}{% endif %} ({{ item.cap }})"
        "{% if not loop.last %}; {% endif %}{% endfor %}.",
        "Ghi chú bảng",
    )
    say(document, "{%p endif %}", "{%p if followed_rows %}")
    add(
        document,
        "Chỉ theo dõi, không tính điểm: {% for item in followed_rows %}{{ item.name }}"
        "{% if item.told %}: {{ item.told }}{% endif %}{% if not loop.last %}; {% endif %}{% endfor %}.",
        "Ghi chú bảng",
    )
    say(document, "{%p endif %}")
    _chart(document, "fields")
    _changes(document)
    say(
        document,
        """
{%p if gap_rows %}
## {{ number_in('III') }}. Tiêu chí chưa đạt điểm tối đa
Có {{ field_total.short|count_vi }}/{{ field_total.leaves|count_vi }} tiêu chí chưa đạt điểm tối đa{% if deduction_count %} và {{ deduction_count|count_vi }} nội dung bị trừ điểm{% endif %} (Bảng {{ table.gaps }}); điểm của từng tiêu chí tại Phụ lục {{ appendix.criteria_rows }}.
""",
    )
    add(document, "Bảng {{ table.gaps }}. Các tiêu chí chưa đạt điểm tối đa", "Tên bảng")
    table(
        document,
        (14, 58, 48, 15, 15, 15),
        """
Mã || Tiêu chí || Đơn vị thực hiện || Điểm tối đa || Điểm đạt || Còn thiếu
{%tr for row in gap_rows %}
{{ row.code }} || {{ row.name }}{% if row.reason %} ({{ row.reason }}){% endif %} || {{ row.lead }} || {{ row.max|number_vi }} || {{ row.points|number_vi }} || {{ row.gap|number_vi }}
{%tr endfor %}
""",
        "cllccc",
        style="Ô bảng rộng",
        merge="3",
        about="Tiêu chí chưa đạt điểm tối đa;",
    )
    after_table(document)
    say(
        document,
        """
{%p endif %}
{%p if missing_evidence or conflict_count or breach_count or waiting %}
## {{ number_in('III') }}. Tài liệu kiểm chứng và chất lượng số liệu
{%p if missing_evidence %}
- Chưa có tài liệu kiểm chứng theo yêu cầu đối với các tiêu chí: {% for item in missing_evidence %}{{ item.code }}{% if not loop.last %}, {% endif %}{% endfor %} (Phụ lục {{ appendix.evidence_rows }}).
{%p endif %}
{%p if conflict_count %}
- Có {{ conflict_count|count_vi }} nội dung số liệu chưa thống nhất, nêu đủ hai nguồn số liệu tại Phụ lục {{ appendix.discrepancies }}; chưa có số liệu nào được tự ý điều chỉnh.
{%p endif %}
{%p if breach_count %}
- Có {{ breach_count|count_vi }} nội dung đơn vị cần giải trình (Phụ lục {{ appendix.discrepancies }}).
{%p endif %}
{%p for item in waiting %}
- Còn chờ số liệu của {{ item.units }}: {% if item.names|count > 5 %}{{ item.names|count|count_vi }} số liệu{% else %}{{ item.names|join('; ') }}{% endif %} (Phụ lục {{ appendix.figure_rows }}).
{%p endfor %}
{%p endif %}
""",
    )
    own_places(document, "III")


def _chart(document: Any, name: str) -> None:
    """A caption and the place of a chart; nothing where it cannot be drawn."""
    say(document, f"{{%p if '{name}' in charts %}}")
    add(document, f"Biểu đồ {{{{ chart_numbers.{name} }}}}. {{{{ charts.{name}.title }}}}", "Tên bảng")
    add(document, f"{{{{ chart('{name}') }}}}", "Biểu đồ")
    say(document, "{%p endif %}")


def _changes(document: Any) -> None:
    """This period against the last one that is known."""
    say(
        document,
        """
{%p if change_rows %}
## {{ number_in('III') }}. Thay đổi so với kỳ trước
So với {{ before.period }}, {% if before.index_change is none %}{{ index_called }} chưa so sánh được vì còn tiêu chí chưa có điểm{% else %}{{ index_called }} {{ before.index_change|change_vi }} (từ {{ before.index|percent_vi }}){% endif %}; {% if before.compared %}trong {{ before.compared|count_vi }} lĩnh vực so sánh được, {% if before.risen %}{{ before.risen|count_vi }} lĩnh vực tăng{% else %}không lĩnh vực nào tăng{% endif %}, {% if before.fallen %}{{ before.fallen|count_vi }} lĩnh vực giảm{% else %}không lĩnh vực nào giảm{% endif %} tỷ lệ điểm{% else %}chưa lĩnh vực nào đủ điểm để so sánh{% endif %} (Bảng {{ table.changes }}).{% for note in before.notes %} Lưu ý: {{ note|sentence }}{% endfor %}
""",
    )
    add(document, "Bảng {{ table.changes }}. Tỷ lệ điểm theo lĩnh vực so với kỳ trước", "Tên bảng")
    table(
        document,
        (10, 65, 25, 25, 40),
        """
TT || Lĩnh vực || Kỳ trước || Kỳ này || Thay đổi
{%tr for row in change_rows %}
{{ row.code }} || {{ row.name }} || {{ row.before|percent_vi }} || {{ row.now|percent_vi }} || {{ row.change }}
{%tr endfor %}
**Chỉ số** || < || **{{ before.index|percent_vi }}** || **{{ index.percent|percent_vi }}** || **{{ before.index_text }}**
""",
        "clccc",
        about="Tỷ lệ điểm theo lĩnh vực so với kỳ trước.",
        whole=True,
    )
    after_table(document)
    _chart(document, "changes")
    say(document, "{%p endif %}")
