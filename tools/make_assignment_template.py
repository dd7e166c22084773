"""Builds ``templates/assignment.docx``, the công văn that assigns a year: ``python tools/make_assignment_template.py [FILE]``.

Nothing comes in; the template goes out. From then on it belongs to the office, which edits it in Word.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.word_kit import add, addressed, after_table, closing, closing_line, letterhead, paragraphs_of, save, table
from tools.word_styles import new_document


def build() -> Any:
    """The template as a python-docx document."""
    document = new_document("Công văn phân công thực hiện, báo cáo")
    letterhead(document, subject="{{ cong_van.trich_yeu }}")
    addressed(document)
    paragraphs_of(document, "mo_dau")
    add(document, "1. Phân công chủ trì:").paragraph_format.keep_with_next = True
    _work(document)
    after_table(document)
    add(document, "{{ cong_van.ghi_chu }}")
    add(
        document, "2. Thời hạn báo cáo; biểu mẫu của từng kỳ được gửi trước thời hạn:"
    ).paragraph_format.keep_with_next = True
    _periods(document)
    after_table(document)
    paragraphs_of(document, "noi_dung")
    closing_line(document)
    closing(document)
    return document


def _work(document: Any) -> None:
    table(
        document,
        (11, 48, 68, 17, 21),
        """
TT || Đơn vị || Nhóm tiêu chí chủ trì (số tiêu chí) || Số tiêu chí || Số liệu phải nhập
{%tr for dong in cong_van.phan_cong %}
{{ dong.tt }} || {{ dong.ten }} || {{ dong.noi_dung }} || {{ dong.tieu_chi }} || {{ dong.so_lieu }}
{%tr endfor %}
""",
        "cllcc",
        about="Nhóm tiêu chí và số liệu của từng đơn vị.",
    )


def _periods(document: Any) -> None:
    table(
        document,
        (60, 35, 35, 35),
        """
Kỳ báo cáo || Số liệu từ ngày || đến hết ngày || Hạn gửi
{%tr for ky in cong_van.cac_ky %}
{{ ky.ten }} || {{ ky.tu }} || {{ ky.den }} || {{ ky.han }}
{%tr endfor %}
""",
        "lccc",
        about="Thời hạn của các kỳ báo cáo trong năm.",
    )


if __name__ == "__main__":
    sys.exit(save(build, "assignment.docx", sys.argv[1:]))
