"""Builds ``templates/ranking.docx``, the decision to publish a ranking: ``python tools/make_ranking_template.py [FILE]``.

Nothing comes in; the template goes out. From then on it belongs to the office, which edits it in Word.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from docx.shared import Pt

from cchc_xl.papers.context import BLANK
from tools.word_kit import (
    add,
    after_table,
    appendix_head,
    closing,
    closing_line,
    letterhead,
    save,
    say,
    table,
)
from tools.word_styles import landscape_section, new_document

_ATTACHED = f"Quyết định số:{BLANK}/QĐ-{{{{ settings.symbol }}}} ngày{BLANK}tháng{BLANK}năm {{{{ report_year }}}}"
_CENTRED = "Tên loại văn bản"
LAST = (
    "**Điều 4.** {{ compiling_unit or 'Bộ phận tổng hợp' }}, người đứng đầu các cơ quan, đơn vị nêu tại Điều 1 và tổ chức, "
    "cá nhân có liên quan chịu trách nhiệm thi hành Quyết định này"
)
_FEW = "annexes|count <= 10"  # so many agencies have an annex each, more have one table


def build() -> Any:
    """The template as a python-docx document."""
    document = new_document("Quyết định công bố kết quả xếp hạng")
    subject = "Về việc công bố kết quả xếp hạng {{ index_name }} {{ period_text }}"
    letterhead(document, named=("QUYẾT ĐỊNH", subject))
    _grounds(document)
    _articles(document)
    closing(document)
    _ranking(document)
    _annexes(document)
    _details(document)
    return document


def _grounds(document: Any) -> None:
    add(document, "{{ head|upper }}", _CENTRED)
    first = (
        f"Căn cứ Quyết định số{BLANK} ngày{BLANK}tháng{BLANK}năm{BLANK} của{BLANK} quy định chức năng, nhiệm vụ, quyền "
        "hạn và cơ cấu tổ chức của {{ agency }};"
    )
    add(document, first, "Căn cứ").paragraph_format.space_before = Pt(12)
    plan = (
        f"Căn cứ Kế hoạch số {{% if settings.plan_number %}}{{{{ settings.plan_number }}}}{{% else %}}{BLANK}{{% endif %}}"
        f" ngày{{% if settings.plan_date %}} {{{{ settings.plan_date|date_vi }}}}{{% else %}}{BLANK}tháng{BLANK}năm{BLANK}"
        "{% endif %} về đánh giá {{ index_name }};"
    )
    add(document, plan, "Căn cứ")
    add(
        document,
        "Căn cứ kết quả chấm điểm{% if appraised %}, thẩm định{% endif %} {{ index_name }} {{ period_text }};",
        "Căn cứ",
    )
    add(document, "Theo đề nghị của {{ compiling_unit or 'bộ phận tổng hợp' }}.", "Căn cứ")


def _articles(document: Any) -> None:
    add(document, "QUYẾT ĐỊNH:", _CENTRED)
    say(
        document,
        """
**Điều 1.** Công bố kết quả xếp hạng {{ index_name }} {{ period_text }} của {{ ranked_count|count_vi }} cơ quan, đơn vị (thứ hạng tại Phụ lục I, điểm của từng cơ quan, đơn vị tại {% if FEW %}các phụ lục sau{% else %}Phụ lục II{% endif %}), trong đó:
{%p for group in groups %}
- {% if group.name %}Nhóm {{ group.name }} có {{ group.count|count_vi }} cơ quan, đơn vị{% else %}Các cơ quan, đơn vị{% endif %}{% if group.count == 1 %}: {{ group.first }}, chỉ số {{ group.best }}{% elif group.best %}: dẫn đầu là {{ group.first }} với chỉ số {{ group.best }}{% endif %}{% if group.classes %}; xếp loại: {{ group.classes }}{% endif %}{% if group.unclassed %}; {{ group.unclassed }}{% endif %}.
{%p endfor %}
{%p if appraisal_text %}
{{ appraisal_text }}.
{%p endif %}
{%p if provisional %}
Chỉ số của {{ provisional|count|count_vi }} cơ quan, đơn vị còn tạm tính do có tiêu chí chưa có điểm; thứ hạng được xác định lại khi có đủ điểm.
{%p endif %}
{%p if unscored %}
Chưa xếp hạng {{ unscored|count|count_vi }} cơ quan, đơn vị chưa có kết quả chấm điểm: {{ unscored|join('; ') }}.
{%p endif %}
**Điều 2.** Căn cứ kết quả được công bố, người đứng đầu cơ quan, đơn vị phân tích nguyên nhân các tiêu chí chưa đạt điểm tối đa, xây dựng và tổ chức thực hiện kế hoạch khắc phục; {{ compiling_unit or 'bộ phận tổng hợp' }} theo dõi, đôn đốc, tổng hợp.
**Điều 3.** Quyết định này có hiệu lực kể từ ngày ký.
""".replace("FEW", _FEW),
    )
    closing_line(document, LAST)


def _ranking(document: Any) -> None:
    appendix_head(document, "I", "KẾT QUẢ XẾP HẠNG {{ index_name|upper }} {{ period_text|upper }}", _ATTACHED)
    say(
        document,
        """
{%p for group in groups %}
{%p if group.name %}
""",
    )
    add(document, "Nhóm {{ group.name }}", "Tên bảng")
    say(document, "{%p endif %}")
    table(
        document,
        (14, 50, 21, 2, 33, 2, 2, 20, 27, 2),
        """
Hạng || Cơ quan, đơn vị || Chỉ số || {%tc if group.has_classes %} || Xếp loại || {%tc endif %} || {%tc if group.compared %} || {{ group.compared }} || Thay đổi || {%tc endif %}
{%tr for row in group.rows %}
{{ row.rank }} || {{ row.name }} || {{ row.percent }} || {%tc if group.has_classes %} || {{ row.class }} || {%tc endif %} || {%tc if group.compared %} || {{ row.previous }} || {{ row.change }} || {%tc endif %}
{%tr endfor %}
""",
        "clcccccccc",
        about="Thứ hạng của các cơ quan, đơn vị; cột vừa trang.",
    )
    say(document, "{%p for note in group.notes %}")
    add(document, "{{ note }}", "Ghi chú bảng")
    say(document, "{%p endfor %}")
    after_table(document)
    say(document, "{%p endfor %}")


def _annexes(document: Any) -> None:
    """An annex for each agency while they are few; the office changes the number where it wants more or none."""
    say(document, f"{{%p if {_FEW} %}}", "{%p for annex in annexes %}")
    appendix_head(document, "{{ annex.number }}", "ĐIỂM CỦA {{ annex.name|upper }}", _ATTACHED)
    say(
        document,
        """
Chỉ số: {{ annex.percent }}{% if annex.rank %}; xếp hạng {{ annex.rank }}{% if annex.group %} trong nhóm {{ annex.group }}{% endif %}{% endif %}{% if annex.class_told %}; {{ annex.class_told }}{% endif %}{% if annex.change %}; so với {{ annex.since }}: {{ annex.change }}{% endif %}.
""",
    )
    table(
        document,
        (20, 75, 22, 24, 24),
        """
Mã || Lĩnh vực, tiêu chí || Điểm tối đa || Điểm đạt || Tỷ lệ
{%tr for row in annex.rows %}
{{ row.code }} || {{ row.name }} || {{ row.max }} || {{ row.points }} || {{ row.share }}
{%tr endfor %}
""",
        "clrrr",
        about="Điểm theo lĩnh vực.",
    )
    after_table(document)
    say(document, "{%p endfor %}", "{%p endif %}")


def _details(document: Any) -> None:
    """Of many agencies one table, on landscape pages: the criteria at the top of the plan beside each other."""
    landscape_section(document)
    say(document, f"{{%p if not {_FEW} %}}")
    appendix_head(document, "II", "ĐIỂM THEO LĨNH VỰC CỦA CÁC CƠ QUAN, ĐƠN VỊ", _ATTACHED, first=True)
    say(document, "{%p for group in groups %}", "{%p for part in group.details %}")
    say(document, "{%p if group.name %}")
    add(document, "Nhóm {{ group.name }}", "Tên bảng")
    say(document, "{%p endif %}")
    table(
        document,
        (11, 58, 18, 1, 18, 1),
        """
Hạng || Cơ quan, đơn vị || Chỉ số || {%tc for name in part.names %} || {{ name }} || {%tc endfor %}
 || **Điểm tối đa** ||  || {%tc for most in part.most %} || **{{ most }}** || {%tc endfor %}
{%tr for row in part.rows %}
{{ row.rank }} || {{ row.name }} || {{ row.percent }} || {%tc for points in row.points %} || {{ points }} || {%tc endfor %}
{%tr endfor %}
""",
        "clcccc",
        style="Ô bảng rộng",
        about="Điểm theo lĩnh vực của các cơ quan, đơn vị; cột vừa trang.",
    )
    after_table(document)
    say(document, "{%p endfor %}", "{%p endfor %}", "{%p if has_open %}")
    add(
        document,
        "Ghi chú: (*) còn tạm tính, có tiêu chí chưa có điểm; dấu “–” là chưa có điểm hoặc không áp dụng.",
        "Ghi chú bảng",
    )
    say(document, "{%p endif %}", "{%p endif %}")


if __name__ == "__main__":
    sys.exit(save(build, "ranking.docx", sys.argv[1:]))
