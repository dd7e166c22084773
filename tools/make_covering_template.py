"""Builds ``templates/covering.docx``, the công văn that goes out with the forms: ``python tools/make_covering_template.py [FILE]``.

Nothing comes in; the template goes out. From then on it belongs to the office, which edits it in Word.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.word_kit import addressed, closing, closing_line, letterhead, listed_below, paragraphs_of, save, table
from tools.word_styles import new_document


def build() -> Any:
    """The template as a python-docx document."""
    document = new_document("Công văn giao biểu mẫu báo cáo")
    letterhead(document, subject="{{ cong_van.trich_yeu }}")
    addressed(document)
    paragraphs_of(document, "mo_dau")
    paragraphs_of(document, "noi_dung")
    closing_line(document)
    closing(document)
    listed_below(document, "DANH SÁCH ĐƠN VỊ BÁO CÁO", lambda: _to(document))
    return document


def _to(document: Any) -> None:
    table(
        document,
        (11, 104, 50),
        """
TT || Đơn vị || Biểu mẫu kèm theo
{%tr for dong in cong_van.danh_sach %}
{{ dong.tt }} || {{ dong.ten }} || {{ dong.tep }}
{%tr endfor %}
""",
        "cll",
        about="Các đơn vị báo cáo và biểu mẫu của từng đơn vị.",
    )


if __name__ == "__main__":
    sys.exit(save(build, "covering.docx", sys.argv[1:]))
