"""Builds ``templates/reminder.docx``, the công văn to units that owe something: ``python tools/make_reminder_template.py [FILE]``.

Nothing comes in; the template goes out: named blocks that can be moved, whose sentences are ``papers/letters.py``'s.
From then on it belongs to the office, which edits it in Word.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.word_kit import (
    addressed,
    after_table,
    closing,
    closing_line,
    letterhead,
    listed_below,
    paragraphs_of,
    save,
    say,
    table,
)
from tools.word_styles import new_document


def build() -> Any:
    """The template as a python-docx document."""
    document = new_document("Công văn đôn đốc báo cáo")
    letterhead(document, subject="{{ cong_van.trich_yeu }}")
    addressed(document)
    paragraphs_of(document, "mo_dau")
    say(document, "{%p if cong_van.bang %}")
    _owing(document, "bang")
    after_table(document)
    say(document, "{%p endif %}")
    paragraphs_of(document, "de_nghi")
    closing_line(document)
    closing(document)
    listed_below(document, "DANH SÁCH ĐƠN VỊ VÀ NỘI DUNG CẦN THỰC HIỆN", lambda: _owing(document, "danh_sach"))
    return document


def _owing(document: Any, block: str) -> None:
    table(
        document,
        (11, 52, 62, 40),
        f"""
TT || Đơn vị || Nội dung còn thiếu hoặc phải sửa || Tệp kèm theo
{{%tr for dong in cong_van.{block} %}}
{{{{ dong.tt }}}} || {{{{ dong.ten }}}} || {{{{ dong.noi_dung }}}} || {{{{ dong.tep }}}}
{{%tr endfor %}}
""",
        "clll",
        about="Nội dung từng đơn vị còn thiếu hoặc phải sửa.",
    )


if __name__ == "__main__":
    sys.exit(save(build, "reminder.docx", sys.argv[1:]))
