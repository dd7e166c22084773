"""Builds ``templates/check_note.docx``, the note that the Office reads before the report is signed.

Nothing comes in; the template goes out: ``python tools/make_check_note_template.py [FILE]``. Its words are the blocks
``phieu_…`` of ``cchc_xl/papers/blocks.txt``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.word_kit import add, save, say
from tools.word_styles import new_document, page


def build() -> Any:
    """The template as a python-docx document, all of it on landscape pages."""
    document = new_document("Phiếu kiểm tra trước khi ký báo cáo")
    page(document.sections[0], landscape=True)
    add(document, "PHIẾU KIỂM TRA TRƯỚC KHI KÝ", "Tên loại văn bản")
    add(document, "Báo cáo kết quả thực hiện Kế hoạch cải thiện {{ ten_chi_so }} {{ ky }}", "Trích yếu")
    add(document, "(Lưu tại {{ compiling_unit or 'bộ phận tổng hợp' }}, không gửi kèm báo cáo)", "Kèm theo")
    say(
        document,
        """
# I. VIỆC PHẢI XỬ LÝ TRƯỚC KHI KÝ
{{ khoi.phieu_viec }}
# II. TÌNH HÌNH GỬI BÁO CÁO
{{ khoi.phieu_bao_cao }}
# III. SỐ LIỆU KHÔNG KHỚP, CẦN GIẢI TRÌNH
{{ khoi.phieu_mau_thuan }}
# IV. TÀI LIỆU KIỂM CHỨNG
{{ khoi.phieu_minh_chung }}
# V. NGUYÊN NHÂN, KHÓ KHĂN, KIẾN NGHỊ VÀ NGUYÊN VĂN NỘI DUNG RÚT GỌN
{{ khoi.phieu_nguyen_nhan }}
# VI. ĐIỂM VÀ CHỈ SỐ
{{ khoi.phieu_diem }}
# VII. SỐ LIỆU TRONG BÁO CÁO VÀ NGUỒN
{{ khoi.phieu_so_lieu }}
""",
    )
    return document


if __name__ == "__main__":
    sys.exit(save(build, "check_note.docx", sys.argv[1:]))
