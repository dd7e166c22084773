"""What the units of the examples typed, read by ``make_examples``.

2020: the figures the seed plan states (39 tasks, 60/145 procedures, 640.905.000 đồng, 1.480 files, 7 %, 3 leaders and
2 staff) spread over the units so that they add up to it; what the seed does not state is invented for the example.
2021-Q1: invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

Typed = str | int | float | date | None
Figures = dict[str, Typed]
Row = dict[str, Typed]
AWAY = "không phát sinh"
RESULT, LEVEL, POINTS = "Kết quả thực hiện", "Mức đạt", "Điểm tự chấm"
EVIDENCE, REASON = "Tài liệu kiểm chứng", "Nguyên nhân, khó khăn, kiến nghị"


@dataclass(frozen=True)
class Filled:
    """What one unit typed: figures by code, appendix rows by code and heading, tasks, and when it saved the file."""

    figures: Figures = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    tasks: tuple[tuple[str, ...], ...] = ()
    saved: str = "2020-12-17T03:00:00Z"


PROCEDURE_UNITS = ("GDNN", "LDVLBH", "NCC", "BTPCTNXH", "TEBDG", "TTDVVL")
LINE_UNITS = ("TCKT", *PROCEDURE_UNITS)
UNITS = ("VP", *LINE_UNITS)


def _spread(units: tuple[str, ...], **columns: tuple[Typed, ...]) -> dict[str, Figures]:
    return {unit: {code: values[index] for code, values in columns.items()} for index, unit in enumerate(units)}


def _merged(*tables: dict[str, Figures]) -> dict[str, Figures]:
    return {unit: {code: value for table in tables for code, value in table.get(unit, {}).items()} for unit in UNITS}


FIGURES_2020 = _merged(
    _spread(
        UNITS,
        NV_GIAO=(10, 3, 5, 8, 5, None, 2, 2),
        NV_SOM=(3, 1, 2, 2, 1, None, 1, 0),
        NV_DUNG=(7, 2, 3, 5, 4, None, 1, 2),
        NV_TRE=(0, 0, 0, 1, 0, None, 0, 0),
        NV_CHUA=(0, 0, 0, 0, 0, None, 0, 0),
        TIN_BAI=(4, 0, 0, 2, 1, 1, 1, 0),
        SANGKIEN=(0, 0, 0, 0, 0, 0, 0, 0),
    ),
    _spread(LINE_UNITS, VB_GIAO=(0, 1, 1, 0, 0, 0, 0), VB_DUNGHAN=(0, 1, 1, 0, 0, 0, 0)),
    _spread(
        PROCEDURE_UNITS,
        TTHC_TONG=(24, 40, 38, 28, 12, 3),
        TTHC_RASOAT=(10, 18, 16, 10, 5, 1),
        TTHC_GIUNGUYEN=(8, 14, 13, 8, 4, 1),
        TTHC_DONGIAN=(2, 4, 3, 2, 1, 0),
        TTHC_TIETKIEM=(85_200_000, 256_405_000, 171_300_000, 98_000_000, 30_000_000, 0),
        HS_TONTRUOC=(0, 0, 0, 0, 0, 0),
        HS_TIEPNHAN=(96, 742, 318, 167, 21, 136),
        HS_SOM=(95, 733, 314, 165, 21, 135),
        HS_DUNGHAN=(0, 0, 0, 0, 0, 0),
        HS_TREHAN=(0, 0, 0, 0, 0, 0),
        HS_DANGXULY=(1, 9, 4, 2, 0, 1),
        PAKN_TIEPNHAN=(0, 2, 1, 1, 0, 0),
        PAKN_DUNGHAN=(0, 2, 1, 1, 0, 0),
        HS_TRUCTUYEN=(5, 40, 12, 9, 1, 7),
        HS_BUUCHINH=(2, 15, 14, 3, 0, 3),
    ),
    _spread(
        ("TCKT", "GDNN", "LDVLBH", "NCC", "BTPCTNXH", "TEBDG"),
        SO_LANHDAO=(2, 2, 3, 3, 2, 2),
        SO_CHUYENVIEN=(4, 3, 2, 5, 4, 2),
    ),
    {
        "VP": {
            "DV_KIEMTRA": 3,
            "DV_TONG": 8,
            "HS_TRE_PM": 7,
            "HAI_LONG": 71.75,
            "BC_GIAO": 60,
            "BC_COMAT": 58,
            "VTVL_TONG": 60,
            "VTVL_DAT": 57,
            "DT_KEHOACH": 20,
            "DT_THUCHIEN": 16,
            "CNTT_KEHOACH": 10,
            "CNTT_THUCHIEN": 9,
        },
        "TTDVVL": {"NLV_GIAO": 40, "NLV_COMAT": 38},
    },
)

_PLAN_REASON = "Chưa đạt tỷ lệ 20% TTHC theo Kế hoạch số 276/KH-UBND ngày 12/12/2019 của UBND Tỉnh"
_ONLINE_REASON = (
    "Khách quan: cá nhân và tổ chức không đăng ký thực hiện TTHC qua dịch vụ công trực tuyến, chủ yếu thực hiện trực tiếp "
    "tại Trung tâm Kiểm soát TTHC và phục vụ hành chính công Tỉnh. Chủ quan: các phòng chuyên môn chưa tham mưu, đề xuất "
    "các hình thức tuyên truyền, vận động hiệu quả."
)

_OFFICE_ROWS_2020: dict[str, Row] = {
    "1.1.1": {
        LEVEL: "Ban hành kịp thời",
        EVIDENCE: "minh-chung/ke-hoach-cchc.txt",
        RESULT: "Đã ban hành Kế hoạch CCHC năm 2020",
    },
    "1.1.2": {LEVEL: "Đạt"},
    "1.2": {
        LEVEL: "Đủ báo cáo, có báo cáo trễ hạn",
        EVIDENCE: "Báo cáo CCHC quý I, 6 tháng, quý III và năm 2020",
        RESULT: "Gửi đủ 4 báo cáo, 01 báo cáo trễ hạn",
        REASON: "Chủ quan: một số phòng gửi báo cáo về Văn phòng chậm",
    },
    "1.3": {
        RESULT: "Kiểm tra 03/08 phòng, đơn vị",
        EVIDENCE: "Kế hoạch và 03 kết luận kiểm tra",
        REASON: "Khách quan: tạm dừng kiểm tra trong thời gian phòng, chống dịch",
    },
    "1.4": {RESULT: "Đăng 09 tin, bài trên Trang Thông tin điện tử của Sở"},
    "1.5.1": {RESULT: "Chưa có sáng kiến được công nhận", EVIDENCE: "Không có quyết định công nhận trong năm"},
    "1.6": {
        RESULT: "Các nhiệm vụ được giao trên phần mềm đã hoàn thành, 01 văn bản trễ hạn",
        POINTS: 1.75,
    },
    "1.7": {
        POINTS: 0.5,
        EVIDENCE: "Danh mục hồ sơ năm 2020",
        RESULT: "Chưa thực hiện được công tác lập hồ sơ công việc và xử lý tài liệu tồn đọng tích đống",
        REASON: (
            "Chủ quan: các phòng chuyên môn không lập hồ sơ công việc, gửi tài liệu lưu trữ và giải quyết tài liệu tồn đọng. "
            "Đề nghị bố trí kinh phí chỉnh lý tài liệu tồn đọng."
        ),
    },
    "4.1.1": {LEVEL: "Đạt"},
    "4.1.2": {
        LEVEL: "Còn đơn vị chưa đúng quy định",
        EVIDENCE: "Danh sách lãnh đạo, công chức các phòng",
        RESULT: "Phòng Lao động – Việc làm – Bảo hiểm có 05 biên chế (03 lãnh đạo, 02 chuyên viên)",
        REASON: "Chủ quan: chưa kịp điều động, sắp xếp lãnh đạo phòng",
    },
    "5.1": {RESULT: "57/60 công chức, viên chức bố trí đúng vị trí việc làm"},
    "5.2": {LEVEL: "Đạt"},
    "5.3": {
        LEVEL: "Có sai sót, đã khắc phục",
        RESULT: "Còn hạn chế trong thực hiện quy định về tuyển dụng tại đơn vị trực thuộc",
        REASON: "Chủ quan: đơn vị trực thuộc thực hiện chưa đúng trình tự tuyển dụng",
    },
    "5.4": {
        LEVEL: "Có sai sót, đã khắc phục",
        RESULT: "Còn hạn chế trong bổ nhiệm vị trí lãnh đạo",
        REASON: "Chủ quan: hồ sơ bổ nhiệm còn thiếu tiêu chuẩn",
    },
    "5.5": {LEVEL: "Đúng trình tự, thủ tục"},
    "5.6": {
        RESULT: "Cử 16/20 lượt người đào tạo, bồi dưỡng",
        EVIDENCE: "Báo cáo kết quả đào tạo, bồi dưỡng năm 2020",
        REASON: "Khách quan: cơ sở đào tạo hoãn mở lớp do dịch bệnh",
    },
    "7.1": {RESULT: "Hoàn thành 9/10 nhiệm vụ công nghệ thông tin"},
    "7.5.1": {LEVEL: "Chưa công bố", EVIDENCE: "Không công bố lại trong năm"},
    "7.5.2": {LEVEL: "Có", EVIDENCE: "Biên bản đánh giá nội bộ ngày 20/11/2020"},
}


def _line_rows(unit: str) -> dict[str, Row]:
    """The rows of a department or attached unit in 2020."""
    rows: dict[str, Row] = {
        "2.2": {LEVEL: "Tuân thủ đầy đủ" if unit in ("GDNN", "LDVLBH") else AWAY},
        "6.3.1": {LEVEL: "Không" if unit == "TTDVVL" else AWAY},
        "6.3.2": {LEVEL: "Có" if unit == "TTDVVL" else AWAY},
        "7.2": {LEVEL: "Đúng quy trình"},
    }
    if unit in PROCEDURE_UNITS:
        rows["3.1"] = {LEVEL: "Đầy đủ, đúng hạn", EVIDENCE: "Quyết định công bố danh mục TTHC năm 2020"}
        rows["3.3.2"] = {EVIDENCE: "Báo cáo kết quả rà soát TTHC năm 2020", REASON: _PLAN_REASON}
    if unit not in ("TTDVVL", "TCKT"):
        rows["4.3"] = {LEVEL: "Kiểm tra định kỳ, có báo cáo", EVIDENCE: "Báo cáo phân cấp quản lý năm 2020"}
    return rows


_EXTRA_ROWS_2020: dict[str, dict[str, Row]] = {
    "TCKT": {
        "4.3": {LEVEL: AWAY},
        "7.2": {LEVEL: AWAY},
        "6.1": {LEVEL: "Thực hiện và báo cáo đúng quy định"},
        "6.2": {POINTS: 2, RESULT: "Tiết kiệm 10% chi thường xuyên, có chi thu nhập tăng thêm"},
    },
    "LDVLBH": {
        "7.2": {
            LEVEL: "Còn hồ sơ cập nhật chậm",
            RESULT: "Có hồ sơ giải quyết đúng hạn nhưng cập nhật phần mềm chậm",
            REASON: "Chủ quan: công chức chưa cập nhật kết quả ngay trên phần mềm một cửa",
        },
        "7.3": {RESULT: "Tiếp nhận 40 hồ sơ trực tuyến", REASON: _ONLINE_REASON},
        "7.4": {RESULT: "Tiếp nhận, trả kết quả 15 hồ sơ qua bưu chính công ích", REASON: _ONLINE_REASON},
    },
    "TTDVVL": {"6.4": {LEVEL: "Đúng quy định"}},
}


def _task(number: int, content: str, assigned: str, due: str, completed: str) -> tuple[str, ...]:
    return (f"{number}/UBND-KGVX", content, assigned, due, completed, "")


_TASKS_2020: dict[str, tuple[tuple[str, ...], ...]] = {
    "LDVLBH": (
        _task(21, "Báo cáo tình hình lao động sau Tết", "30/01/2020", "10/02/2020", "07/02/2020"),
        _task(58, "Tham mưu kế hoạch giải quyết việc làm", "20/02/2020", "15/3/2020", "12/3/2020"),
        _task(96, "Báo cáo hỗ trợ người lao động gặp khó khăn", "10/4/2020", "30/4/2020", "30/4/2020"),
        _task(131, "Rà soát đối tượng bảo hiểm thất nghiệp", "05/5/2020", "29/5/2020", "29/5/2020"),
        _task(177, "Báo cáo đưa người lao động đi làm việc ở nước ngoài", "15/6/2020", "30/6/2020", "30/6/2020"),
        _task(214, "Góp ý dự thảo nghị quyết về việc làm", "20/7/2020", "05/8/2020", "05/8/2020"),
        _task(260, "Báo cáo thanh tra an toàn lao động", "25/8/2020", "15/9/2020", "18/9/2020"),
        _task(312, "Báo cáo thị trường lao động quý III", "01/10/2020", "20/10/2020", "20/10/2020"),
    ),
    "BTPCTNXH": (
        _task(33, "Báo cáo trợ giúp xã hội dịp Tết", "15/01/2020", "31/01/2020", "28/01/2020"),
        _task(120, "Rà soát hộ nghèo được hỗ trợ", "20/4/2020", "15/5/2020", "10/5/2020"),
        _task(205, "Kế hoạch phòng, chống tệ nạn xã hội", "10/7/2020", "31/7/2020", "31/7/2020"),
        _task(330, "Báo cáo cơ sở cai nghiện", "12/10/2020", "30/10/2020", "30/10/2020"),
    ),
}

YEAR_2020: dict[str, Filled] = {
    unit: Filled(
        figures=FIGURES_2020[unit],
        rows=_OFFICE_ROWS_2020 if unit == "VP" else {**_line_rows(unit), **_EXTRA_ROWS_2020.get(unit, {})},
        tasks=_TASKS_2020.get(unit, ()),
        saved=f"2020-12-{15 + index % 4:02d}T0{1 + index % 8}:30:00Z",
    )
    for index, unit in enumerate(UNITS)
}

FIGURES_2021_Q1 = _merged(
    _spread(
        UNITS,
        NV_GIAO=(4, 1, 2, 3, 2, 2, 0, 1),
        NV_SOM=(1, 0, 1, 1, 1, 1, 0, 0),
        NV_DUNG=(2, 1, 1, 1, 1, 1, 0, 1),
        NV_TRE=(0, 0, 0, 0, 0, 0, 0, 0),
        NV_CHUA=(1, 0, 0, 1, 0, 0, 0, 0),
        TIN_BAI=(3, 1, 1, 2, 1, 1, 0, 1),
        SANGKIEN=(1, 0, 0, 0, 0, 0, 0, 0),
    ),
    _spread(LINE_UNITS, VB_GIAO=(0, 0, 1, 0, 0, 0, 0), VB_DUNGHAN=(0, 0, 1, 0, 0, 0, 0)),
    _spread(
        PROCEDURE_UNITS,
        TTHC_TONG=(24, 40, 38, 28, 12, 3),
        TTHC_RASOAT=(3, 8, 6, 4, 0, 1),
        TTHC_GIUNGUYEN=(2, 5, 4, 3, 0, 1),
        TTHC_DONGIAN=(1, 3, 2, 1, 0, 0),
        TTHC_TIETKIEM=(12_000_000, "45.500.000 đồng", 20_000_000, 9_000_000, 0, 0),
        HS_TONTRUOC=(1, 9, 4, 2, 0, 1),
        HS_TIEPNHAN=(30, "1.480", 90, 41, 0, 35),
        HS_SOM=(28, "1.470", 88, 40, 0, 33),
        HS_DUNGHAN=(2, 5, 2, 1, 0, 1),
        HS_TREHAN=(0, 2, 0, 0, 0, 0),
        HS_DANGXULY=(1, 12, 4, 2, 0, 2),
        PAKN_TIEPNHAN=(AWAY, 1, 0, AWAY, 0, AWAY),
        PAKN_DUNGHAN=(AWAY, 1, 0, AWAY, 0, AWAY),
        HS_TRUCTUYEN=(4, 120, 11, 6, 0, 5),
        HS_BUUCHINH=(1, 60, 8, 2, 0, 2),
    ),
    _spread(
        ("TCKT", "GDNN", "LDVLBH", "NCC", "BTPCTNXH", "TEBDG"),
        SO_LANHDAO=(2, 2, 2, 3, 2, 2),
        SO_CHUYENVIEN=(4, 3, 3, 5, 4, 2),
    ),
    {
        "VP": {
            "DV_KIEMTRA": 2,
            "DV_TONG": 8,
            "HS_TRE_PM": "0,1%",
            "HAI_LONG": "74,12%",
            "BC_GIAO": 60,
            "BC_COMAT": 59,
            "VTVL_TONG": 60,
            "VTVL_DAT": 58,
            "DT_KEHOACH": 18,
            "DT_THUCHIEN": 5,
            "CNTT_KEHOACH": 8,
            "CNTT_THUCHIEN": 2,
        },
        "TTDVVL": {"NLV_GIAO": 40, "NLV_COMAT": 39},
    },
)

_OFFICE_ROWS_2021: dict[str, Row] = {
    "1.1.1": {LEVEL: "Ban hành kịp thời", EVIDENCE: "minh-chung/ke-hoach-cchc.txt"},
    "1.1.2": {LEVEL: "Đạt"},
    "1.2": {LEVEL: "Đủ báo cáo, đúng hạn", EVIDENCE: "Báo cáo CCHC quý I năm 2021"},
    "1.3": {RESULT: "Kiểm tra 02/08 phòng, đơn vị", EVIDENCE: "minh-chung/ket-luan-kiem-tra.txt"},
    "1.5.1": {EVIDENCE: "Quyết định số 12/QĐ-SLĐTBXH công nhận sáng kiến"},
    "1.7": {
        POINTS: 1.25,
        RESULT: "Đã lập danh mục hồ sơ, đang chỉnh lý tài liệu tồn đọng",
        EVIDENCE: "Danh mục hồ sơ năm 2021",
    },
    "4.1.1": {LEVEL: "Đạt"},
    "4.1.2": {LEVEL: "Đúng quy định", EVIDENCE: "Quyết định điều động công chức lãnh đạo"},
    "5.2": {LEVEL: "Đạt"},
    "5.3": {LEVEL: AWAY},
    "5.4": {LEVEL: "Đúng quy định"},
    "5.5": {LEVEL: "Đúng trình tự, thủ tục"},
    "5.6": {RESULT: "Cử 05/18 lượt người"},
    "7.5.1": {LEVEL: "Đã công bố", EVIDENCE: "Bản công bố ISO 9001:2015"},
    "7.5.2": {LEVEL: "Có", EVIDENCE: "Kế hoạch đánh giá nội bộ"},
}


def _line_rows_2021(unit: str) -> dict[str, Row]:
    rows: dict[str, Row] = {
        "2.2": {LEVEL: "Tuân thủ đầy đủ" if unit == "LDVLBH" else AWAY},
        "6.3.1": {LEVEL: AWAY},
        "6.3.2": {LEVEL: "Không" if unit == "TTDVVL" else AWAY},
        "7.2": {LEVEL: AWAY if unit == "TCKT" else "Đúng quy trình", RESULT: "Cập nhật hồ sơ hằng ngày"},
    }
    if unit in PROCEDURE_UNITS:
        rows["3.1"] = {LEVEL: "Đầy đủ, đúng hạn", EVIDENCE: "Quyết định công bố danh mục TTHC"}
        rows["3.3.2"] = {EVIDENCE: "Kế hoạch rà soát TTHC năm 2021", RESULT: "Đang rà soát theo kế hoạch"}
    if unit != "TTDVVL":
        rows["4.3"] = {
            LEVEL: AWAY if unit == "TCKT" else "Có kiểm tra, chưa báo cáo",
            EVIDENCE: "" if unit == "TCKT" else "Biên bản kiểm tra",
        }
    if unit == "TCKT":
        rows["6.1"] = {LEVEL: "Thực hiện và báo cáo đúng quy định"}
        rows["6.2"] = {POINTS: 1.5, RESULT: "Tiết kiệm 7% chi thường xuyên"}
    if unit == "TTDVVL":
        rows["6.4"] = {LEVEL: "Đúng quy định"}
    return rows


QUARTER_2021: dict[str, Filled] = {
    unit: Filled(
        figures=FIGURES_2021_Q1[unit],
        rows=_OFFICE_ROWS_2021 if unit == "VP" else _line_rows_2021(unit),
        saved=f"2021-03-{16 + index % 3:02d}T02:15:00Z",
    )
    for index, unit in enumerate(UNITS)
}
