"""The appendices of the report template: wide tables on landscape pages."""

from __future__ import annotations

from typing import Any

from tools.word_kit import BLANK, add, appendix_head, say, table

_REPORT = f"Báo cáo số:{BLANK}/BC-{{{{ settings.symbol }}}} ngày{BLANK}tháng{BLANK}năm {{{{ report_year }}}}"


def appendices(document: Any) -> None:
    """Criteria, evidence, figures that do not agree, all figures, and where they come from."""
    wide = "Ô bảng rộng"
    say(document, "{%p if criteria_rows %}")
    _head(document, "criteria_rows", "KẾT QUẢ THỰC HIỆN VÀ ĐIỂM CÁC TIÊU CHÍ {{ period_text|upper }}", first=True)
    add(
        document,
        "Ghi chú: điểm đạt tính từ số liệu, mức đạt do đơn vị kê khai{% if counts.appraised %} hoặc điểm thẩm định nếu có"
        "{% endif %}{% if appraisal_text %}, {{ appraisal_text }}{% endif %}; dấu “–” là không có nội dung."
        "{% if illustrative %} Điểm tối đa có căn cứ “Minh họa” chưa phải là của bộ chỉ số ban hành.{% endif %}",
        "Ghi chú bảng",
    )
    table(
        document,
        (11, 31, 28, 21, 38, 26, 11, 12, 12, 12, 14, 19, 17),
        """
TT || Nội dung || Đơn vị thực hiện || Phối hợp thực hiện || Mục tiêu/giải pháp thực hiện || Kết quả thực hiện || Điểm tối đa || Điểm tự chấm || Điểm thẩm định || Điểm đạt || Tỷ lệ || Tài liệu kiểm chứng || Ghi chú
{%tr for row in criteria_rows %}
{%tr if row.is_field %}
**{{ row.code }}** || **{{ row.name }}** || < || < || < || < || **{{ row.max|number_vi }}** || **{{ row.self_points|number_vi }}** || **{{ row.appraised_points|number_vi }}** || **{{ row.final_points|number_vi }}** || **{{ row.percent|percent_vi }}** ||  ||
{%tr elif row.is_group %}
**{{ row.code }}** || **{{ row.name }}** || {{ row.lead }} || {{ row.cooperating }} || {{ row.target }} || {{ row.result }} || **{{ row.max|number_vi }}** || **{{ row.self_points|number_vi }}** || **{{ row.appraised_points|number_vi }}** || **{{ row.final_points|number_vi }}** || **{{ row.percent|percent_vi }}** || {{ row.evidence }} || {{ row.note }}
{%tr else %}
{{ row.code }} || {{ row.name }} || {{ row.lead }} || {{ row.cooperating }} || {{ row.target }} || {{ row.result }} || {{ row.max|number_vi }} || {{ row.self_points|number_vi }} || {{ row.appraised_points|number_vi }} || {{ row.final_points|number_vi }} || {{ row.percent|percent_vi }} || {{ row.evidence }} || {{ row.note }}
{%tr endif %}
{%tr endfor %}
""",
        "clllllcccccll",
        style=wide,
        merge="3, 4, 5",
        about="Kết quả và điểm theo tiêu chí;",
    )
    say(document, "{%p endif %}", "{%p if evidence_rows %}")
    _head(document, "evidence_rows", "DANH MỤC TÀI LIỆU KIỂM CHỨNG")
    table(
        document,
        (12, 14, 58, 45, 55, 42, 26),
        """
TT || Mã || Tiêu chí || Đơn vị || Tài liệu kiểm chứng || Nguồn (tệp › sheet › ô) || Tình trạng
{%tr for row in evidence_rows %}
{{ loop.index }} || {{ row.code }} || {{ row.name }} || {{ row.unit }} || {{ row.text }} || {{ row.place }} || {{ row.found }}
{%tr endfor %}
""",
        "cclllll",
        style=wide,
        merge="2, 3",
        about="Tài liệu kiểm chứng theo tiêu chí và đơn vị;",
    )
    say(document, "{%p endif %}", "{%p if discrepancies %}")
    _head(document, "discrepancies", "SỐ LIỆU CHƯA THỐNG NHẤT HOẶC CẦN GIẢI TRÌNH")
    table(
        document,
        (12, 42, 66, 42, 42, 16, 32),
        """
TT || Đơn vị || Nội dung || Số liệu thứ nhất || Số liệu thứ hai || Tiêu chí || Nguồn (tệp › sheet › ô)
{%tr for row in discrepancies %}
{{ loop.index }} || {{ row.unit }} || {{ row.content }} || {{ row.left }} || {{ row.right }} || {{ row.codes|join(', ') }} || {{ row.source }}
{%tr endfor %}
""",
        "cllllcl",
        style=wide,
        about="Hai nguồn số liệu không khớp nhau.",
    )
    say(document, "{%p endif %}", "{%p if figure_rows %}")
    _head(document, "figure_rows", "SỐ LIỆU TỔNG HỢP {{ period_text|upper }}")
    table(
        document,
        (12, 38, 72, 22, 34, 18, 56),
        """
TT || Mã || Số liệu || Đơn vị tính || Giá trị || Tỷ lệ || So với, đơn vị còn chờ
{%tr for row in figure_rows %}
{{ loop.index }} || {{ row.code }} || {{ row.name }} || {{ row.unit_name }} || {{ row.text }} || {{ row.share|percent_vi }} || {{ row.whole }}{% if row.whole and row.waiting %}; {% endif %}{% if row.waiting %}còn chờ: {{ row.waiting|listing }}{% endif %}
{%tr endfor %}
""",
        "cllcrcl",
        style=wide,
        about="Số liệu tổng hợp của các đơn vị.",
    )
    say(document, "{%p endif %}")
    _sources(document)


def _head(document: Any, name: str, title: str, *, first: bool = False) -> None:
    appendix_head(document, f"{{{{ appendix.{name} }}}}", title, _REPORT, first=first)


def _sources(document: Any) -> None:
    say(document, "{%p if source_rows %}")
    _head(document, "source_rows", "NGUỒN SỐ LIỆU")
    table(
        document,
        (12, 32, 66, 34, 108),
        """
TT || Mã || Số liệu, tiêu chí || Giá trị || Nguồn (tệp › sheet › ô)
{%tr for row in source_rows %}
{{ loop.index }} || {{ row.code }} || {{ row.name }} || {{ row.value }} || {{ row.source }}
{%tr endfor %}
""",
        "cllcl",
        style="Ô bảng rộng",
        about="Mỗi số liệu, điểm và ô đã sinh ra nó.",
    )
    add(document, "Tệp nguồn và mã băm SHA-256 để đối chiếu", "Tên bảng")
    table(
        document,
        (12, 90, 120, 30),
        """
TT || Tệp || SHA-256 || Đã dùng
{%tr for row in source_files %}
{{ loop.index }} || {{ row.file }} || {{ row.sha256 }} || {{ row.role }}
{%tr endfor %}
""",
        "clll",
        style="Ô bảng rộng",
        about="Tệp nguồn với mã băm.",
    )
    say(document, "{%p endif %}")
