"""Builds ``templates/report.docx``, the Word report in the form of Nghị định 30/2020/NĐ-CP (Phụ lục I).

Nothing comes in; the template goes out: ``python tools/make_report_template.py [FILE]``. It holds the letterhead, the
headings and the names of blocks, whose words are in ``cchc_xl/papers/blocks.txt``. From then on the template belongs to
the office, which moves, leaves out and writes beside the blocks in Word.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from docx.shared import Pt

from tools.word_kit import add, ending, letterhead, save, say
from tools.word_styles import new_document

SUBJECT = "Kết quả thực hiện Kế hoạch cải thiện {{ ten_chi_so }} {{ ky }} và nhiệm vụ trọng tâm {{ ky_sau }}"
LAST = "Trên đây là báo cáo kết quả thực hiện Kế hoạch cải thiện {{ ten_chi_so }} {{ ky }} của {{ co_quan }}"


def build() -> Any:
    """The template as a python-docx document."""
    document = new_document("Báo cáo kết quả thực hiện chỉ số")
    letterhead(document, named=("BÁO CÁO", SUBJECT))
    add(document, "{{ khoi.mo_dau }}").paragraph_format.space_before = Pt(12)
    say(
        document,
        """
# I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH
{{ khoi.chi_dao }}
{{ khoi.che_do_bao_cao }}
{{ khoi.van_ban }}
# II. KẾT QUẢ THỰC HIỆN THEO LĨNH VỰC
{{ khoi.linh_vuc }}
# III. KẾT QUẢ {{ ten_chi_so|upper }}
{{ khoi.chi_so }}
{{ khoi.bieu_do }}
{{ khoi.so_voi_ky_truoc }}
# IV. ĐÁNH GIÁ CHUNG
{{ khoi.ket_qua_dat_duoc }}
{{ khoi.han_che }}
# V. NHIỆM VỤ TRỌNG TÂM {{ ky_sau|upper }}
{{ khoi.nhiem_vu }}
# VI. KIẾN NGHỊ, ĐỀ XUẤT
{{ khoi.kien_nghi }}
""",
    )
    ending(document, LAST, "KẾT QUẢ THỰC HIỆN VÀ ĐIỂM CÁC TIÊU CHÍ {{ ky|upper }}", "phu_luc")
    return document


if __name__ == "__main__":
    sys.exit(save(build, "report.docx", sys.argv[1:]))
