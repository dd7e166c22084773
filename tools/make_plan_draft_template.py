"""Builds ``templates/plan.docx``, next year's plan to improve the index: ``python tools/make_plan_draft_template.py [FILE]``.

Nothing comes in; the template goes out. It holds the letterhead, the headings and the names of blocks, whose words are
in ``cchc_xl/papers/blocks.txt``. From then on it belongs to the office, which edits it in Word.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from docx.shared import Pt

from tools.word_kit import add, ending, letterhead, save, say
from tools.word_styles import new_document

LAST = (
    "Trong quá trình thực hiện, có khó khăn, vướng mắc, các đơn vị liên hệ {{ bo_phan_tong_hop }} để được hướng dẫn, "
    "giải quyết kịp thời"
)


def build() -> Any:
    """The template as a python-docx document."""
    document = new_document("Kế hoạch cải thiện chỉ số")
    subject = "Cải thiện {{ ten_chi_so }} năm {{ nam_sau }}"
    letterhead(document, named=("KẾ HOẠCH", subject))
    add(document, "{{ khoi.du_thao_can_cu }}").paragraph_format.space_before = Pt(12)
    say(
        document,
        """
# I. MỤC TIÊU
{{ khoi.du_thao_muc_tieu }}
# II. NHỮNG HẠN CHẾ TRONG NĂM {{ nam }}
{{ khoi.du_thao_han_che }}
# III. NHIỆM VỤ, GIẢI PHÁP
{{ khoi.du_thao_nhiem_vu }}
# IV. TỔ CHỨC THỰC HIỆN
{{ khoi.du_thao_to_chuc }}
""",
    )
    title = "NHIỆM VỤ, GIẢI PHÁP CẢI THIỆN {{ ten_chi_so|upper }} NĂM {{ nam_sau }}"
    ending(document, LAST, title, "du_thao_phu_luc")
    return document


if __name__ == "__main__":
    sys.exit(save(build, "plan.docx", sys.argv[1:]))
