"""What stands in the plan template: the seed plan of 2021 as data, read by ``make_plan_template``.

From the seed: units, appendix, codes and names of fields and criteria, the level-3 codes 3.2.5, 3.3.2 and 4.1.2, and the
settings. Illustrative (the official maxima and rules were not found): every maximum, method, band and further level-3 code.
"""

from __future__ import annotations

from decimal import Decimal

ILLUSTRATIVE = "Minh họa – thay bằng bộ chỉ số ban hành"
AGENCY = "Sở Lao động – Thương binh và Xã hội"

SETTINGS: tuple[tuple[str, object, str], ...] = (
    ("Cơ quan chủ quản", "UBND tỉnh Đồng Tháp", "Dòng trên, bên trái của văn bản"),
    ("Cơ quan ban hành", AGENCY, "Tên in trên báo cáo và biểu mẫu"),
    ("Ký hiệu", "SLĐTBXH", "Số: …/BC-SLĐTBXH"),
    ("Địa danh", "Đồng Tháp", "Trước ngày, tháng, năm của văn bản"),
    ("Năm", 2021, "Năm của kế hoạch"),
    ("Số kế hoạch", "", "Kế hoạch gốc để trống số"),
    ("Ngày kế hoạch", "", "Kế hoạch gốc ghi “ngày …/4/2021”"),
    ("Chỉ số năm trước (%)", Decimal("74.12"), "Quyết định số 151/QĐ-UBND-HC ngày 02/02/2021"),
    ("Xếp hạng năm trước", 17, "Quyết định số 151/QĐ-UBND-HC: 17/17"),
    ("Số đơn vị xếp hạng", 17, "Số sở, ban, ngành tỉnh được xếp hạng"),
    ("Chỉ số mục tiêu (%)", 80, "Mục I của kế hoạch: từ 80% trở lên"),
    ("Quyền hạn ký", "KT. GIÁM ĐỐC", "TM., KT., TL. … nếu có"),
    ("Chức vụ ký", "PHÓ GIÁM ĐỐC", ""),
    ("Người ký", "Phạm Việt Công", "Không ghi học hàm, học vị"),
    ("Nơi nhận", "UBND Tỉnh; Sở Nội vụ; Lãnh đạo Sở; Các phòng CM, ĐVTT Sở; Lưu: VT, VP", "Cách nhau bằng dấu ;"),
    ("Số chữ số thập phân", 2, "Làm tròn một lần khi công bố, 5 làm tròn lên"),
    ("Làm tròn tiêu chí", "", "Số chữ số thập phân của điểm mỗi tiêu chí trước khi cộng; để trống: không làm tròn"),
    ("Thiếu minh chứng", "cảnh báo", "cảnh báo: vẫn tính điểm; 0 điểm: không tính"),
    ("Bộ phận tổng hợp", "Văn phòng Sở", "Nơi các đơn vị gửi phiếu về, in trên biểu mẫu"),
    ("Tên chỉ số", "Chỉ số cải cách hành chính", "Tên bộ chỉ số, in trên báo cáo và biểu mẫu"),
    ("Tên viết tắt", "CCHC", "Trong câu: Chỉ số CCHC"),
    ("Nơi nhận phiếu", "", "Địa chỉ nhận phiếu, nếu khác bộ phận tổng hợp của cơ quan"),
    ("Quyền hạn ký đôn đốc", "", "Người ký công văn đôn đốc, nếu khác người ký báo cáo: TL. …"),
    ("Chức vụ ký đôn đốc", "", ""),
    ("Người ký đôn đốc", "", ""),
    ("Liên hệ", "", "Họ tên, điện thoại, thư điện tử của người nhận phiếu, in trên biểu mẫu"),
    ("Hạn gửi lại", "", "Ngày ghi trong công văn đôn đốc; chỉ dùng khi sau hạn gửi của kỳ"),
)

UNITS: tuple[tuple[str, str, str, str, str], ...] = (
    ("VP", "Văn phòng Sở", "Văn phòng; VP Sở; VPS", "Văn phòng", "x"),
    (
        "TCKT",
        "Phòng Tài chính – Kế toán Sở",
        "Phòng Tài chính – Kế toán; Phòng TC-KT; P. TC-KT; P. TCKT",
        "Phòng chuyên môn",
        "x",
    ),
    ("GDNN", "Phòng Giáo dục nghề nghiệp", "Phòng GDNN; P. GDNN; P.GDNN", "Phòng chuyên môn", "x"),
    (
        "LDVLBH",
        "Phòng Lao động – Việc làm – Bảo hiểm",
        "P. LĐ-VL-BH; Phòng LĐ-VL-BH; P.LĐVLBH; LĐVLBH",
        "Phòng chuyên môn",
        "x",
    ),
    ("NCC", "Phòng Người có công", "Phòng NCC; P. NCC; P.NCC", "Phòng chuyên môn", "x"),
    (
        "BTPCTNXH",
        "Phòng Bảo trợ và Phòng, chống tệ nạn xã hội",
        "Phòng BTXH; P. BT-PCTNXH; Phòng BT và PCTNXH; Phòng Bảo trợ xã hội",
        "Phòng chuyên môn",
        "x",
    ),
    ("TEBDG", "Phòng Trẻ em và Bình đẳng giới", "Phòng TE-BĐG; P. TE-BĐG; P. TEBĐG", "Phòng chuyên môn", "x"),
    ("TTDVVL", "Trung tâm Dịch vụ việc làm", "TT DVVL; TTDVVL; TT. DVVL; Trung tâm DVVL", "Đơn vị trực thuộc", "x"),
)

PERIODS: tuple[tuple[str, str, str, str, str], ...] = tuple(
    row
    for year in (2020, 2021)
    for row in (
        (f"{year}-Q1", f"Quý I năm {year}", f"15/12/{year - 1}", f"14/03/{year}", f"20/03/{year}"),
        (f"{year}-6T", f"6 tháng đầu năm {year}", f"15/12/{year - 1}", f"14/06/{year}", f"20/06/{year}"),
        (f"{year}-Q3", f"Quý III năm {year}", f"15/06/{year}", f"14/09/{year}", f"20/09/{year}"),
        (f"{year}-N", f"Năm {year}", f"15/12/{year - 1}", f"14/12/{year}", f"20/12/{year}"),
    )
)

ALL_UNITS = "Văn phòng Sở; Các phòng chuyên môn; Các đơn vị trực thuộc Sở"
PROCEDURE_UNITS = (
    "Các phòng chuyên môn: Giáo dục nghề nghiệp; Lao động – Việc làm – Bảo hiểm; Người có công; "
    "Bảo trợ và Phòng, chống tệ nạn xã hội; Trẻ em và Bình đẳng giới; Trung tâm Dịch vụ việc làm"
)
OFFICE = "Văn phòng Sở"

# Mã, Tiêu chí, Điểm tối đa, Cách chấm, Số liệu, Gộp, Minh chứng, Không phát sinh. A name of None is the appendix's.
CRITERIA: tuple[tuple[str, str | None, object, str, str, str, str, str], ...] = (
    ("1", None, 14, "tổng", "", "", "", ""),
    ("1.1", None, 3, "tất cả", "", "", "", ""),
    ("1.1.1", "Ban hành kế hoạch CCHC năm", "1,5", "mức", "", "", "Kế hoạch CCHC năm", ""),
    ("1.1.2", "Kế hoạch đủ nhiệm vụ, phân công rõ trách nhiệm", "1,5", "mức", "", "", "", ""),
    ("1.2", None, 2, "mức", "", "", "Các báo cáo CCHC trong kỳ", ""),
    ("1.3", None, 2, "tỷ lệ", "DV_KIEMTRA / DV_TONG", "", "Kế hoạch, kết luận kiểm tra", ""),
    ("1.4", None, 2, "mỗi đơn vị", "TIN_BAI", "", "", ""),
    ("1.5", None, 2, "điểm cộng", "", "", "", ""),
    (
        "1.5.1",
        "Sáng kiến, giải pháp CCHC được công nhận",
        2,
        "mỗi đơn vị",
        "SANGKIEN",
        "",
        "Quyết định công nhận",
        "0 điểm",
    ),
    ("1.6", None, 2, "mỗi đơn vị", "NV_TRE", "", "", "điểm tối đa"),
    ("1.7", None, 3, "chấm tay", "", "", "Danh mục hồ sơ, biên bản giao nộp", ""),
    ("2", None, 8, "tổng", "", "", "", ""),
    ("2.1", None, 4, "tỷ lệ", "VB_DUNGHAN / VB_GIAO", "", "", "loại"),
    ("2.2", None, 4, "mức", "", "thấp nhất", "", "loại"),
    ("3", None, 24, "tổng", "", "", "", ""),
    ("3.1", None, 4, "mức", "", "thấp nhất", "Quyết định công bố TTHC", "loại"),
    ("3.2", None, 10, "tổng", "", "", "", ""),
    (
        "3.2.5",
        "Kết quả giải quyết thủ tục hành chính",
        6,
        "bậc",
        "HS_SOM + HS_DUNGHAN / HS_SOM + HS_DUNGHAN + HS_TREHAN",
        "",
        "",
        "loại",
    ),
    ("3.2.6", "Mức độ hài lòng của cá nhân, tổ chức", 4, "khảo sát", "HAI_LONG", "", "", "loại"),
    ("3.3", None, 6, "tổng", "", "", "", ""),
    ("3.3.1", "Tỷ lệ TTHC được rà soát", 3, "bậc", "TTHC_RASOAT / TTHC_TONG", "", "", ""),
    (
        "3.3.2",
        "Mức độ hoàn thành kế hoạch rà soát TTHC",
        3,
        "bậc",
        "TTHC_DONGIAN / TTHC_TONG",
        "",
        "Báo cáo rà soát TTHC",
        "",
    ),
    ("3.4", None, 4, "tỷ lệ", "PAKN_DUNGHAN / PAKN_TIEPNHAN", "", "", "điểm tối đa"),
    ("4", None, 10, "tổng", "", "", "", ""),
    ("4.1", None, 5, "tổng", "", "", "", ""),
    ("4.1.1", "Sắp xếp tổ chức bộ máy, kiện toàn chức năng, nhiệm vụ", 2, "mức", "", "", "", ""),
    (
        "4.1.2",
        "Thực hiện quy định về cơ cấu số lượng lãnh đạo tại các cơ quan hành chính",
        3,
        "mức",
        "",
        "",
        "Danh sách lãnh đạo, công chức",
        "",
    ),
    ("4.2", None, 3, "thấp nhất", "", "", "", ""),
    ("4.2.1", "Sử dụng biên chế hành chính", 3, "bậc", "BC_COMAT / BC_GIAO", "", "", ""),
    ("4.2.2", "Sử dụng số người làm việc tại đơn vị sự nghiệp", 3, "bậc", "NLV_COMAT / NLV_GIAO", "", "", ""),
    ("4.3", None, 2, "mức", "", "trung bình", "Kết quả kiểm tra phân cấp", "loại"),
    ("5", None, 16, "tổng", "", "", "", ""),
    ("5.1", None, 3, "tỷ lệ", "VTVL_DAT / VTVL_TONG", "", "", ""),
    ("5.2", None, 2, "mức", "", "", "", ""),
    ("5.3", None, 3, "mức", "", "", "", "loại"),
    ("5.4", None, 3, "mức", "", "", "", "loại"),
    ("5.5", None, 2, "mức", "", "", "", ""),
    ("5.6", None, 3, "tỷ lệ", "DT_THUCHIEN / DT_KEHOACH", "", "Báo cáo đào tạo, bồi dưỡng", "loại"),
    ("6", None, 10, "tổng", "", "", "", ""),
    ("6.1", None, 3, "mức", "", "", "", ""),
    ("6.2", None, 2, "chấm tay", "", "", "", ""),
    ("6.3", None, 3, "cao nhất", "", "", "", ""),
    ("6.3.1", "Đơn vị sự nghiệp chuyển sang tự bảo đảm chi thường xuyên", 3, "mức", "", "cao nhất", "", "loại"),
    (
        "6.3.2",
        "Đơn vị sự nghiệp chuyển sang tự bảo đảm một phần chi thường xuyên",
        2,
        "mức",
        "",
        "cao nhất",
        "",
        "loại",
    ),
    ("6.4", None, 2, "mức", "", "thấp nhất", "", "loại"),
    ("7", None, 18, "tổng", "", "", "", ""),
    ("7.1", None, 4, "tỷ lệ", "CNTT_THUCHIEN / CNTT_KEHOACH", "", "", ""),
    ("7.2", None, 3, "mức", "", "thấp nhất", "", "loại"),
    ("7.3", None, 4, "so sánh", "HS_TRUCTUYEN / HS_TIEPNHAN", "", "", "loại"),
    ("7.4", None, 4, "bậc", "HS_BUUCHINH / HS_TIEPNHAN", "", "", "loại"),
    ("7.5", None, 3, "bất kỳ", "", "", "", ""),
    ("7.5.1", "Công bố, công bố lại hệ thống quản lý chất lượng", 3, "mức", "", "", "Bản công bố", ""),
    (
        "7.5.2",
        "Duy trì, cải tiến hệ thống quản lý chất lượng, đánh giá nội bộ",
        3,
        "mức",
        "",
        "",
        "Biên bản đánh giá nội bộ",
        "",
    ),
)


def _levels(code: str, *levels: tuple[str, str]) -> tuple[tuple[str, str, str, str, str, str, str], ...]:
    return tuple((code, "", "", "", "", level, points) for level, points in levels)


def _bands(code: str, *bands: tuple[str, str, str]) -> tuple[tuple[str, str, str, str, str, str, str], ...]:
    return tuple(
        (code, low, "có" if low else "", high, "không" if high else "", "", points) for low, high, points in bands
    )


# Mã, Từ, Gồm từ, Đến, Gồm đến, Mức, Điểm
BANDS: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    *_levels("1.1.1", ("Ban hành kịp thời", "1,5"), ("Ban hành không kịp thời", "50%"), ("Không ban hành", "0")),
    *_levels("1.1.2", ("Đạt", "1,5"), ("Không đạt", "0")),
    *_levels("1.2", ("Đủ báo cáo, đúng hạn", "2"), ("Đủ báo cáo, có báo cáo trễ hạn", "50%"), ("Thiếu báo cáo", "0")),
    *_levels("1.4", ("mỗi", "0,1")),
    *_levels("1.5.1", ("mỗi", "0,5")),
    *_levels("1.6", ("gốc", "2"), ("mỗi", "-0,25"), ("sàn", "0")),
    *_levels("1.7", ("nhỏ nhất", "0"), ("bước", "0,25"), ("lớn nhất", "3")),
    *_levels("2.2", ("Tuân thủ đầy đủ", "4"), ("Có sai sót, đã khắc phục", "50%"), ("Không tuân thủ", "0")),
    *_levels("3.1", ("Đầy đủ, đúng hạn", "4"), ("Đầy đủ, có trường hợp trễ hạn", "50%"), ("Chưa đầy đủ", "0")),
    *_bands("3.2.5", ("100", "", "6"), ("90", "100", "tỷ lệ"), ("", "90", "0")),
    *_bands("3.3.1", ("30", "", "3"), ("15", "30", "50%"), ("", "15", "0")),
    *_bands("3.3.2", ("20", "", "3"), ("10", "20", "50%"), ("", "10", "0")),
    *_levels("4.1.1", ("Đạt", "2"), ("Không đạt", "0")),
    *_levels("4.1.2", ("Đúng quy định", "3"), ("Còn đơn vị chưa đúng quy định", "0")),
    ("4.2.1", "", "", "100", "có", "", "3"),
    ("4.2.1", "100", "không", "", "", "", "0"),
    ("4.2.2", "", "", "100", "có", "", "3"),
    ("4.2.2", "100", "không", "", "", "", "0"),
    *_levels(
        "4.3", ("Kiểm tra định kỳ, có báo cáo", "2"), ("Có kiểm tra, chưa báo cáo", "50%"), ("Chưa kiểm tra", "0")
    ),
    *_levels("5.2", ("Đạt", "2"), ("Không đạt", "0")),
    *_levels("5.3", ("Đúng quy định", "3"), ("Có sai sót, đã khắc phục", "50%"), ("Có sai phạm", "0")),
    *_levels("5.4", ("Đúng quy định", "3"), ("Có sai sót, đã khắc phục", "50%"), ("Có sai phạm", "0")),
    *_levels("5.5", ("Đúng trình tự, thủ tục", "2"), ("Chưa đúng trình tự, thủ tục", "0")),
    *_levels(
        "6.1", ("Thực hiện và báo cáo đúng quy định", "3"), ("Thực hiện, báo cáo trễ", "50%"), ("Chưa thực hiện", "0")
    ),
    *_levels("6.2", ("nhỏ nhất", "0"), ("bước", "0,5"), ("lớn nhất", "2")),
    *_levels("6.3.1", ("Có", "3"), ("Không", "0")),
    *_levels("6.3.2", ("Có", "2"), ("Không", "0")),
    *_levels("6.4", ("Đúng quy định", "2"), ("Chưa đúng quy định", "0")),
    *_levels("7.2", ("Đúng quy trình", "3"), ("Còn hồ sơ cập nhật chậm", "50%"), ("Chưa vận hành", "0")),
    *_levels("7.3", ("chỉ tiêu", "10"), ("dẫn đầu", "30")),
    *_bands("7.4", ("10", "", "4"), ("5", "10", "50%"), ("1", "5", "25%"), ("", "1", "0")),
    *_levels("7.5.1", ("Đã công bố", "3"), ("Chưa công bố", "0")),
    *_levels("7.5.2", ("Có", "3"), ("Không", "0")),
)

_WHOLE, _MONEY, _PERCENT = "số nguyên", "tiền", "tỷ lệ %"
# What the register “Nhiệm vụ” counts by itself (Tự đếm).
COUNTED = {"NV_GIAO": "giao", "NV_SOM": "sớm", "NV_DUNG": "đúng", "NV_TRE": "trễ", "NV_CHUA": "chưa"}
# Mã, Tên số liệu, Đơn vị tính, Kiểu, Gộp, Tiêu chí, Đơn vị nhập
MEASURES: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    ("NV_GIAO", "Nhiệm vụ UBND Tỉnh, Chủ tịch UBND Tỉnh giao", "nhiệm vụ", _WHOLE, "tổng", "1.6", ALL_UNITS),
    ("NV_SOM", "Nhiệm vụ giải quyết sớm hạn", "nhiệm vụ", _WHOLE, "tổng", "1.6", ALL_UNITS),
    ("NV_DUNG", "Nhiệm vụ giải quyết đúng hạn", "nhiệm vụ", _WHOLE, "tổng", "1.6", ALL_UNITS),
    ("NV_TRE", "Nhiệm vụ giải quyết trễ hạn, quá hạn", "nhiệm vụ", _WHOLE, "tổng", "1.6", ALL_UNITS),
    ("NV_CHUA", "Nhiệm vụ chưa đến hạn", "nhiệm vụ", _WHOLE, "tổng", "1.6", ALL_UNITS),
    ("DV_KIEMTRA", "Phòng, đơn vị được kiểm tra CCHC", "đơn vị", _WHOLE, "tổng", "1.3", OFFICE),
    ("DV_TONG", "Tổng số phòng, đơn vị thuộc Sở", "đơn vị", _WHOLE, "tổng", "1.3", OFFICE),
    ("TIN_BAI", "Tin, bài, phóng sự về CCHC", "tin, bài", _WHOLE, "tổng", "1.4", ALL_UNITS),
    ("SANGKIEN", "Sáng kiến, giải pháp CCHC được công nhận", "sáng kiến", _WHOLE, "tổng", "1.5.1", ALL_UNITS),
    (
        "VB_GIAO",
        "Văn bản QPPL được giao soạn thảo",
        "văn bản",
        _WHOLE,
        "tổng",
        "2.1",
        "Các phòng chuyên môn, đơn vị trực thuộc Sở",
    ),
    (
        "VB_DUNGHAN",
        "Văn bản QPPL soạn thảo đúng tiến độ",
        "văn bản",
        _WHOLE,
        "tổng",
        "2.1",
        "Các phòng chuyên môn, đơn vị trực thuộc Sở",
    ),
    ("TTHC_TONG", "TTHC thuộc thẩm quyền giải quyết", "thủ tục", _WHOLE, "tổng", "3.3.1; 3.3.2", PROCEDURE_UNITS),
    ("TTHC_RASOAT", "TTHC đã rà soát", "thủ tục", _WHOLE, "tổng", "3.3.1", PROCEDURE_UNITS),
    ("TTHC_GIUNGUYEN", "TTHC kiến nghị giữ nguyên", "thủ tục", _WHOLE, "tổng", "3.3.2", PROCEDURE_UNITS),
    ("TTHC_DONGIAN", "TTHC kiến nghị đơn giản hóa", "thủ tục", _WHOLE, "tổng", "3.3.2", PROCEDURE_UNITS),
    ("TTHC_TIETKIEM", "Chi phí tiết kiệm dự kiến sau đơn giản hóa", "đồng", _MONEY, "tổng", "3.3.2", PROCEDURE_UNITS),
    ("HS_TONTRUOC", "Hồ sơ TTHC kỳ trước chuyển sang", "hồ sơ", _WHOLE, "tổng", "3.2.5", PROCEDURE_UNITS),
    ("HS_TIEPNHAN", "Hồ sơ TTHC tiếp nhận trong kỳ", "hồ sơ", _WHOLE, "tổng", "3.2.5", PROCEDURE_UNITS),
    ("HS_SOM", "Hồ sơ giải quyết trước hạn", "hồ sơ", _WHOLE, "tổng", "3.2.5", PROCEDURE_UNITS),
    ("HS_DUNGHAN", "Hồ sơ giải quyết đúng hạn", "hồ sơ", _WHOLE, "tổng", "3.2.5", PROCEDURE_UNITS),
    ("HS_TREHAN", "Hồ sơ giải quyết trễ hạn, quá hạn", "hồ sơ", _WHOLE, "tổng", "3.2.5", PROCEDURE_UNITS),
    ("HS_DANGXULY", "Hồ sơ đang giải quyết", "hồ sơ", _WHOLE, "tổng", "3.2.5", PROCEDURE_UNITS),
    ("HS_TRE_PM", "Tỷ lệ hồ sơ trễ hạn trên phần mềm một cửa", "%", _PERCENT, "một đơn vị", "3.2.5; 7.2", OFFICE),
    ("HAI_LONG", "Tỷ lệ hài lòng theo khảo sát", "%", _PERCENT, "một đơn vị", "3.2.6", OFFICE),
    ("PAKN_TIEPNHAN", "Phản ánh, kiến nghị về TTHC tiếp nhận", "phản ánh", _WHOLE, "tổng", "3.4", PROCEDURE_UNITS),
    ("PAKN_DUNGHAN", "Phản ánh, kiến nghị xử lý đúng hạn", "phản ánh", _WHOLE, "tổng", "3.4", PROCEDURE_UNITS),
    ("SO_LANHDAO", "Số lãnh đạo phòng", "người", _WHOLE, "tổng", "4.1.2", "Các phòng chuyên môn"),
    ("SO_CHUYENVIEN", "Số chuyên viên", "người", _WHOLE, "tổng", "4.1.2", "Các phòng chuyên môn"),
    ("BC_GIAO", "Biên chế hành chính được giao", "người", _WHOLE, "tổng", "4.2.1", OFFICE),
    ("BC_COMAT", "Biên chế hành chính có mặt", "người", _WHOLE, "tổng", "4.2.1", OFFICE),
    ("NLV_GIAO", "Số người làm việc được giao", "người", _WHOLE, "tổng", "4.2.2", "Các đơn vị trực thuộc Sở"),
    ("NLV_COMAT", "Số người làm việc có mặt", "người", _WHOLE, "tổng", "4.2.2", "Các đơn vị trực thuộc Sở"),
    ("VTVL_TONG", "Công chức, viên chức có mặt", "người", _WHOLE, "tổng", "5.1", OFFICE),
    ("VTVL_DAT", "Công chức, viên chức bố trí đúng vị trí việc làm", "người", _WHOLE, "tổng", "5.1", OFFICE),
    ("DT_KEHOACH", "Lượt đào tạo, bồi dưỡng theo kế hoạch", "lượt người", _WHOLE, "tổng", "5.6", OFFICE),
    ("DT_THUCHIEN", "Lượt đào tạo, bồi dưỡng đã thực hiện", "lượt người", _WHOLE, "tổng", "5.6", OFFICE),
    ("CNTT_KEHOACH", "Nhiệm vụ trong kế hoạch công nghệ thông tin", "nhiệm vụ", _WHOLE, "tổng", "7.1", OFFICE),
    ("CNTT_THUCHIEN", "Nhiệm vụ công nghệ thông tin đã hoàn thành", "nhiệm vụ", _WHOLE, "tổng", "7.1", OFFICE),
    ("HS_TRUCTUYEN", "Hồ sơ tiếp nhận trực tuyến mức độ 3, 4", "hồ sơ", _WHOLE, "tổng", "7.3", PROCEDURE_UNITS),
    (
        "HS_BUUCHINH",
        "Hồ sơ tiếp nhận, trả kết quả qua bưu chính công ích",
        "hồ sơ",
        _WHOLE,
        "tổng",
        "7.4",
        PROCEDURE_UNITS,
    ),
)

CONSTRAINTS: tuple[tuple[str, str, str, str], ...] = (
    (
        "R01",
        "NV_GIAO = NV_SOM + NV_DUNG + NV_TRE + NV_CHUA",
        "lỗi",
        "Số nhiệm vụ được giao phải bằng tổng sớm, đúng, trễ hạn và chưa đến hạn.",
    ),
    (
        "R02",
        "TTHC_RASOAT = TTHC_GIUNGUYEN + TTHC_DONGIAN",
        "lỗi",
        "TTHC đã rà soát phải bằng số giữ nguyên cộng số đơn giản hóa.",
    ),
    ("R03", "TTHC_RASOAT <= TTHC_TONG", "lỗi", "TTHC rà soát không thể nhiều hơn tổng số TTHC."),
    (
        "R04",
        "HS_TONTRUOC + HS_TIEPNHAN = HS_SOM + HS_DUNGHAN + HS_TREHAN + HS_DANGXULY",
        "lỗi",
        "Hồ sơ tồn kỳ trước và tiếp nhận phải bằng hồ sơ đã giải quyết cộng đang giải quyết.",
    ),
    (
        "R05",
        "HS_TREHAN / HS_SOM + HS_DUNGHAN + HS_TREHAN = HS_TRE_PM",
        "cảnh báo",
        "Tỷ lệ hồ sơ trễ hạn do các đơn vị báo cáo khác với phần mềm một cửa.",
    ),
    ("R06", "SO_LANHDAO <= SO_CHUYENVIEN", "cảnh báo", "Số lãnh đạo nhiều hơn số chuyên viên."),
    ("R07", "VB_DUNGHAN <= VB_GIAO", "lỗi", "Văn bản đúng tiến độ không thể nhiều hơn văn bản được giao."),
    ("R08", "DT_THUCHIEN <= DT_KEHOACH", "cảnh báo", "Đào tạo vượt kế hoạch: nêu lý do."),
    ("R09", "DV_KIEMTRA <= DV_TONG", "lỗi", "Số đơn vị được kiểm tra không thể nhiều hơn tổng số đơn vị."),
    ("R10", "PAKN_DUNGHAN <= PAKN_TIEPNHAN", "lỗi", "Phản ánh xử lý đúng hạn không thể nhiều hơn tiếp nhận."),
    (
        "R11",
        "HS_TRUCTUYEN + HS_BUUCHINH <= HS_TONTRUOC + HS_TIEPNHAN",
        "cảnh báo",
        "Hồ sơ trực tuyến và bưu chính nhiều hơn hồ sơ tiếp nhận.",
    ),
)

# Section, criterion, sentence, and what is said while a figure in it is missing. From the seed's own assessment.
_TASKS = "Thực hiện nhiệm vụ được giao"
SENTENCES: tuple[tuple[str, str, str, str], ...] = (
    (
        "I › Kiểm tra, tuyên truyền, sáng kiến",
        "1.3",
        "Kiểm tra {tên viết tắt}: đã kiểm tra {DV_KIEMTRA}/{DV_TONG} đơn vị ({DV_KIEMTRA / DV_TONG}).",
        "Kiểm tra {tên viết tắt}: đã kiểm tra {DV_KIEMTRA} đơn vị.",
    ),
    (
        "I › Kiểm tra, tuyên truyền, sáng kiến",
        "1.4",
        "Tuyên truyền {tên viết tắt}: {TIN_BAI} tin, bài.",
        "Tuyên truyền {tên viết tắt}: {TIN_BAI} tin, bài.",
    ),
    (
        "I › Kiểm tra, tuyên truyền, sáng kiến",
        "1.5.1",
        "Sáng kiến, giải pháp mới trong {tên viết tắt}: [{SANGKIEN} sáng kiến, giải pháp|trong kỳ chưa có sáng kiến, giải pháp].",
        "Sáng kiến, giải pháp mới trong {tên viết tắt}: {SANGKIEN} sáng kiến, giải pháp.",
    ),
    (
        f"I › {_TASKS}",
        "1.6",
        (
            "Trong {kỳ}, {cơ quan} được giao {NV_GIAO} nhiệm vụ[, có {NV_SOM} nhiệm vụ hoàn thành sớm hạn ({NV_SOM / NV_GIAO})]"
            "[, {NV_DUNG} nhiệm vụ hoàn thành đúng hạn ({NV_DUNG / NV_GIAO})][, {NV_TRE} nhiệm vụ trễ hạn ({NV_TRE / NV_GIAO})|"
            ", không có nhiệm vụ trễ hạn][, {NV_CHUA} nhiệm vụ chưa đến hạn ({NV_CHUA / NV_GIAO})]."
        ),
        (
            "Số liệu nhiệm vụ được giao chưa đủ: đến nay ghi nhận {NV_GIAO} nhiệm vụ[, có {NV_SOM} nhiệm vụ hoàn thành sớm hạn]"
            "[, {NV_DUNG} nhiệm vụ hoàn thành đúng hạn][, {NV_TRE} nhiệm vụ trễ hạn][, {NV_CHUA} nhiệm vụ chưa đến hạn]."
        ),
    ),
    (f"I › {_TASKS}", "1.6", "Đơn vị có nhiệm vụ trễ hạn: {đơn vị trễ nhiệm vụ}.", ""),
    (
        "II",
        "3.3.2",
        (
            "Rà soát, đơn giản hóa thủ tục hành chính (TTHC): đã rà soát {TTHC_RASOAT}[/{TTHC_TONG} TTHC ({TTHC_RASOAT / TTHC_TONG})]"
            "[; kiến nghị giữ nguyên {TTHC_GIUNGUYEN} thủ tục][; kiến nghị đơn giản hóa {TTHC_DONGIAN} thủ tục, chiếm "
            "{TTHC_DONGIAN / TTHC_RASOAT} số TTHC đã rà soát][ và {TTHC_DONGIAN / TTHC_TONG} tổng số TTHC]."
        ),
        "Rà soát, đơn giản hóa thủ tục hành chính (TTHC): đã rà soát {TTHC_RASOAT} TTHC.",
    ),
    (
        "II",
        "3.3.2",
        "Chi phí tiết kiệm dự kiến sau đơn giản hóa là {TTHC_TIETKIEM} đồng.",
        "Chi phí tiết kiệm dự kiến sau đơn giản hóa là {TTHC_TIETKIEM} đồng.",
    ),
    (
        "II",
        "3.2.5",
        (
            "Giải quyết hồ sơ TTHC: tiếp nhận {HS_TIEPNHAN} hồ sơ[ (ngoài {HS_TONTRUOC} hồ sơ kỳ trước chuyển sang)][, trong đó "
            "{HS_SOM} hồ sơ được giải quyết trước hạn][, {HS_DUNGHAN} hồ sơ đúng hạn][, {HS_DANGXULY} hồ sơ đang giải quyết]"
            "[, {HS_TREHAN} hồ sơ trễ hạn|, không có hồ sơ trễ hạn]."
        ),
        "Giải quyết hồ sơ TTHC: tiếp nhận {HS_TIEPNHAN} hồ sơ.",
    ),
    ("II", "3.2.5", "Đơn vị có hồ sơ trễ hạn: {đơn vị có HS_TREHAN}.", ""),
    ("II", "3.2.5", "Có {HS_TRE_PM} hồ sơ giải quyết trễ hạn trên phần mềm một cửa điện tử.", ""),
    ("V › Theo dõi, tổng hợp", "1.6", "[Hoàn thành {NV_CHUA} nhiệm vụ chưa đến hạn.]", ""),
)

# The merged cells that the transcription names: (column heading, first code, last code).
MERGES: tuple[tuple[str, str, str], ...] = (
    ("ĐƠN VỊ THỰC HIỆN", "1.1", "1.7"),
    ("MỤC TIÊU/GIẢI PHÁP THỰC HIỆN", "1.1", "1.3"),
    ("PHỐI HỢP THỰC HIỆN", "1.1", "1.7"),
    ("ĐƠN VỊ THỰC HIỆN", "2.1", "2.2"),
    ("MỤC TIÊU/GIẢI PHÁP THỰC HIỆN", "2.1", "2.2"),
    ("PHỐI HỢP THỰC HIỆN", "2.1", "2.2"),
    ("ĐƠN VỊ THỰC HIỆN", "3.1", "3.4"),
    ("PHỐI HỢP THỰC HIỆN", "3.1", "3.4"),
    ("ĐƠN VỊ THỰC HIỆN", "4.1", "4.2"),
    ("PHỐI HỢP THỰC HIỆN", "4.1", "4.2"),
    ("ĐƠN VỊ THỰC HIỆN", "5.1", "5.6"),
    ("PHỐI HỢP THỰC HIỆN", "5.1", "5.6"),
    ("ĐƠN VỊ THỰC HIỆN", "6.1", "6.2"),
    ("MỤC TIÊU/GIẢI PHÁP THỰC HIỆN", "6.1", "6.2"),
    ("PHỐI HỢP THỰC HIỆN", "6.1", "6.2"),
    ("PHỐI HỢP THỰC HIỆN", "7.2", "7.4"),
    ("ĐƠN VỊ THỰC HIỆN", "7.3", "7.4"),
)

# Notes of the transcription on cells that are uncertain in the source.
CELL_NOTES: tuple[tuple[str, str, str], ...] = (
    ("1.7", "TT", "Phần thân kế hoạch gọi nội dung này là 1.8."),
    ("4.3", "PHỐI HỢP THỰC HIỆN", "Ô này không đọc được trong bản gốc (ngắt trang)."),
    ("6.3", "ĐƠN VỊ THỰC HIỆN", "Bản gốc không rõ cột: có thể là đơn vị thực hiện hoặc phối hợp."),
    ("6.4", "ĐƠN VỊ THỰC HIỆN", "Bản gốc không rõ cột: có thể là đơn vị thực hiện hoặc phối hợp."),
)
