"""What the guide tells beside the methods, once for the page and for the plan workbook's sheet ``Hướng dẫn``.

Each closed set of words of the plan has its sentences here; one that lacks a sentence stops the making of the guide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cchc_xl.plan.cells import CONTRACT
from cchc_xl.plan.load import COMBINE_FIGURES, COMBINE_UNITS, NOT_APPLICABLE_POLICIES


def _of(words: Iterable[str], told: Mapping[str, str]) -> Mapping[str, str]:
    """The sentences, after a look that every word has one and no other has. Raises ``ValueError``."""
    if set(words) != set(told) - {""}:
        raise ValueError(f"the guide tells {sorted(told)}, the plan knows {sorted(words)}")
    return told


AWAY = _of(
    NOT_APPLICABLE_POLICIES,
    {
        "loại": "bỏ tiêu chí ra, điểm tối đa của nó cũng bỏ khỏi mẫu số",
        "điểm tối đa": "tính đủ điểm tối đa",
        "0 điểm": "tính 0 điểm, điểm tối đa vẫn ở mẫu số",
        "": "để trống: không cho phép; đơn vị ghi “không phát sinh” là một lỗi phải xử lý, tiêu chí chưa có điểm",
    },
)
UNITS_COMBINED = _of(
    COMBINE_UNITS,
    {
        "thấp nhất": "lấy điểm của đơn vị thấp nhất (để trống cũng vậy)",
        "cao nhất": "lấy điểm của đơn vị cao nhất",
        "trung bình": "lấy trung bình điểm của các đơn vị",
    },
)
FIGURES_COMBINED = _of(
    COMBINE_FIGURES,
    {
        "tổng": "cộng số của các đơn vị (để trống cũng vậy)",
        "trung bình": "lấy trung bình",
        "lớn nhất": "lấy số lớn nhất",
        "nhỏ nhất": "lấy số nhỏ nhất",
        "một đơn vị": "là một số chung, các đơn vị phải ghi giống nhau, khác nhau là lỗi",
    },
)
COUNTED = _of(
    CONTRACT["counted"],
    {
        "giao": "mọi nhiệm vụ trong danh sách",
        "sớm": "hoàn thành trước hạn",
        "đúng": "hoàn thành đúng ngày hạn",
        "trễ": "hoàn thành sau hạn, hoặc đã quá hạn mà chưa xong",
        "chưa": "chưa hoàn thành, còn trong hạn",
    },
)
# How "Số liệu" is written, and what that is.
EXPRESSIONS = {
    "A": "một số liệu",
    "A + C": "cộng hai số liệu",
    "A / B": "tỷ lệ phần trăm của A trong B; mẫu số bằng 0 là không phát sinh",
    "A + C / B": "tỷ lệ phần trăm: dấu / chia cả vế trước cho cả vế sau, không dùng dấu ngoặc",
    "A - C / B": "lấy A trừ C rồi chia cho B",
    "100% - A / B": "phần còn lại của 100%, chỉ viết ở đầu",
    "A@trước": "số liệu A của cùng kỳ năm trước, lấy từ kết quả năm trước (--previous)",
    "A - A@trước / A@trước": "tăng hoặc giảm bao nhiêu phần trăm so với năm trước",
    "NGÀY_1 - NGÀY_2": "số ngày giữa hai số liệu kiểu ngày, chấm bằng bậc hoặc mỗi đơn vị",
}
POINT_FORMS = {
    "2": "số điểm (2,5; số âm là trừ)",
    "50%": "phần của điểm tối đa",
    "1/2": "cũng vậy; gõ ở ô dạng Text, nếu không Excel đổi thành ngày",
    "½": "cũng vậy",
    "tỷ lệ": "giá trị phần trăm × điểm tối đa (chỉ ở bậc)",
}
BOUNDS = {
    "Từ": "bậc bắt đầu ở giá trị này; để trống: không có giới hạn dưới",
    "Gồm từ": "“không” nếu chính giá trị ở “Từ” không thuộc bậc; để trống là có",
    "Đến": "bậc kết thúc ở giá trị này; để trống: không có giới hạn trên",
    "Gồm đến": "“có” nếu chính giá trị ở “Đến” thuộc bậc; để trống là không (của thứ hạng là có)",
}
CONDITIONS = {
    "II.4.1": "tiêu chí này chỉ có điểm khi II.4.1 có điểm (lớn hơn 0), nếu không thì 0 điểm",
    "II.4.1 = tối đa": "tiêu chí này chỉ có điểm khi II.4.1 đạt điểm tối đa, nếu không thì 0 điểm",
}
ROUNDING = "số chữ số thập phân của điểm tiêu chí, làm tròn trước khi cộng, nửa thì lên; để trống: không làm tròn"
DEDUCTION = "Điểm trừ: tiêu chí, hoặc nhóm cùng các tiêu chí thành phần, có điểm tối đa âm; điểm nằm giữa số đó và 0, không vi phạm thì 0 điểm, không tính vào điểm tối đa áp dụng."
FOLLOWED = "Điểm tối đa 0: chỉ theo dõi số liệu, không tính điểm."
EVIDENCE = "Minh chứng: để trống hoặc “không” là không cần; chữ khác là bắt buộc có tài liệu kiểm chứng. Thiếu thì cảnh báo hoặc 0 điểm, theo mục “Thiếu minh chứng” ở Cài đặt."
ILLUSTRATIVE = "Điểm, ngưỡng và tên số liệu trong các ví dụ là minh họa."


def listed(told: Mapping[str, str]) -> str:
    r"""The words and their sentences, a line each.

    >>> listed({"có": "thuộc bậc", "": "để trống: không"})
    '“có”: thuộc bậc\nđể trống: không'
    """
    return "\n".join(f"“{word}”: {text}" if word else text for word, text in told.items())
