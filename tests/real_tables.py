"""Two real criteria tables as plan workbooks: Cà Mau 2013 (the excerpt that was found) and the Phú Thọ sample.

Names, maxima and rules: the criteria tables of Quyết định 1880/QĐ-UBND (2013) of Cà Mau, start of its annex, and of the
public source code linhnv87/ChamDiemCCHC (tỉnh Phú Thọ; data of a program, not an issued text). Figures, units and who
leads are ours. ``python -m tests.real_tables`` writes the workbooks beside this file; a test keeps them equal.
"""

from __future__ import annotations

from pathlib import Path

from tests import plans

FOLDER = Path(__file__).parent / "real_tables_workbooks"
UNITS = """
    | Mã | Tên đơn vị    | Nhóm      | Phải báo cáo |
    | A  | Sở Mẫu A      | Sở        | x            |
"""

# 1.3 (3 điểm) is cut in the source: its rule was not found, so it has no row and its field says so by a warning.
CA_MAU: dict[str, str | None] = {
    "Đơn vị": UNITS,
    "Phụ lục": """
        | TT  | NỘI DUNG                          | ĐƠN VỊ THỰC HIỆN |
        | 1   | Công tác chỉ đạo, điều hành CCHC  |                  |
        | 1.1 | Kế hoạch CCHC năm                 | Sở Mẫu A         |
        | 1.2 | Báo cáo CCHC                      | Sở Mẫu A         |
    """,
    "Bộ chỉ số": """
        | Mã      | Tiêu chí                                           | Điểm tối đa | Cách chấm | Số liệu                  |
        | 1       | Công tác chỉ đạo, điều hành CCHC                   | 20          | tổng      |                          |
        | 1.1     | Kế hoạch CCHC năm                                  | 5           | tổng      |                          |
        | 1.1.1   | Ban hành kế hoạch CCHC năm                         | 1           | mức       |                          |
        | 1.1.2   | Xác định đủ nhiệm vụ CCHC và bố trí kinh phí       | 1           | tất cả    |                          |
        | 1.1.2.1 | Đủ nhiệm vụ trên các lĩnh vực theo kế hoạch tỉnh   | 0,5         | mức       |                          |
        | 1.1.2.2 | Bố trí kinh phí                                    | 0,5         | mức       |                          |
        | 1.1.3   | Kết quả phải đạt và trách nhiệm xác định rõ        | 1           | mức       |                          |
        | 1.1.4   | Mức độ thực hiện kế hoạch CCHC                     | 2           | bậc       | KH_XONG / KH_NHIEMVU     |
        | 1.2     | Báo cáo CCHC                                       | 2           | tổng      |                          |
        | 1.2.1   | Tất cả báo cáo gửi đúng thời gian                  | 1           | tất cả    |                          |
        | 1.2.1.1 | Đủ số lượng báo cáo                                | 0,5         | mức       |                          |
        | 1.2.1.2 | Đúng thời gian                                     | 0,5         | mức       |                          |
        | 1.2.2   | Tất cả báo cáo đủ nội dung theo hướng dẫn          | 1           | mức       |                          |
    """,
    "Thang điểm": """
        | Mã      | Từ | Gồm từ | Đến | Gồm đến | Mức            | Điểm |
        | 1.1.1   |    |        |     |         | kịp thời       | 1    |
        | 1.1.1   |    |        |     |         | không kịp thời | 0,5  |
        | 1.1.1   |    |        |     |         | không ban hành | 0    |
        | 1.1.2.1 |    |        |     |         | có             | 0,5  |
        | 1.1.2.1 |    |        |     |         | không          | 0    |
        | 1.1.2.2 |    |        |     |         | có             | 0,5  |
        | 1.1.2.2 |    |        |     |         | không          | 0    |
        | 1.1.3   |    |        |     |         | đạt            | 1    |
        | 1.1.3   |    |        |     |         | không đạt      | 0    |
        | 1.1.4   | 90 | không  |     |         |                | 2    |
        | 1.1.4   | 70 | có     | 90  | có      |                | 1    |
        | 1.1.4   |    |        | 70  | không   |                | 0    |
        | 1.2.1.1 |    |        |     |         | có             | 0,5  |
        | 1.2.1.1 |    |        |     |         | không          | 0    |
        | 1.2.1.2 |    |        |     |         | có             | 0,5  |
        | 1.2.1.2 |    |        |     |         | không          | 0    |
        | 1.2.2   |    |        |     |         | đạt            | 1    |
        | 1.2.2   |    |        |     |         | không đạt      | 0    |
    """,
    "Số liệu": """
        | Mã         | Tên số liệu                  | Đơn vị tính | Tiêu chí | Đơn vị nhập |
        | KH_XONG    | Nhiệm vụ kế hoạch hoàn thành | nhiệm vụ    | 1.1.4    | Sở Mẫu A    |
        | KH_NHIEMVU | Nhiệm vụ trong kế hoạch      | nhiệm vụ    | 1.1.4    | Sở Mẫu A    |
    """,
    "Ràng buộc": """
        | Mã | Biểu thức             | Mức độ | Thông báo                      |
        | R1 | KH_XONG <= KH_NHIEMVU | lỗi    | Hoàn thành không thể nhiều hơn |
    """,
}

PHU_THO: dict[str, str | None] = {
    "Đơn vị": UNITS,
    "Phụ lục": """
        | TT  | NỘI DUNG                                  | ĐƠN VỊ THỰC HIỆN |
        | I   | Kết quả thực hiện nhiệm vụ theo chức năng | Sở Mẫu A         |
        | II  | Kết quả thực hiện CCHC                    | Sở Mẫu A         |
        | III | Kỷ luật, đạo đức                          | Sở Mẫu A         |
        | IV  | Điểm cộng                                 | Sở Mẫu A         |
    """,
    # The sample lists part of each group: the stated maxima 36,5 and 25 stay, and the warning says so.
    "Bộ chỉ số": """
        | Mã      | Tiêu chí                                  | Điểm tối đa | Cách chấm   | Số liệu | Không phát sinh |
        | I       | Kết quả thực hiện nhiệm vụ theo chức năng | 36,5        | tổng        |         |                 |
        | I/3.1.1 | Ban hành văn bản tổ chức triển khai       | 0,5         | mức         |         | loại            |
        | I/3.1.2 | Báo cáo kết quả đầy đủ, đúng quy định     | 0,5         | mức         |         | loại            |
        | I/3.2   | Ban hành nội quy cơ quan; quy chế         | 2           | mỗi đơn vị  | QUY_CHE | loại            |
        | II      | Kết quả thực hiện CCHC                    | 25          | tổng        |         |                 |
        | II/2.1  | Cải cách thể chế                          | 8           | chấm tay    |         |                 |
        | III     | Kỷ luật, đạo đức                          | 5           | tổng        |         |                 |
        | III/3.1 | Kỷ luật lao động                          | 3           | chấm tay    |         |                 |
        | III/3.2 | Đạo đức nghề nghiệp                       | 2           | mức         |         |                 |
        | IV      | Điểm cộng                                 | 5           | điểm cộng   |         |                 |
        | IV/4.1  | Thực hiện tốt nhiệm vụ đột xuất           | 2           | mức         |         | 0 điểm          |
    """,
    "Thang điểm": """
        | Mã      | Mức          | Điểm   |
        | I/3.1.1 | có           | 0,5    |
        | I/3.1.1 | không        | 0      |
        | I/3.1.2 | đạt          | 0,5    |
        | I/3.1.2 | không        | 0      |
        | I/3.2   | mỗi          | 0,5    |
        | III/3.2 | tuân thủ     | t:100% |
        | III/3.2 | vi phạm nhẹ  | t:50%  |
        | III/3.2 | nghiêm trọng | 0      |
        | IV/4.1  | xuất sắc     | t:100% |
        | IV/4.1  | tốt          | t:75%  |
        | IV/4.1  | hoàn thành   | t:50%  |
    """,
    "Số liệu": """
        | Mã      | Tên số liệu                    | Đơn vị tính | Tiêu chí | Đơn vị nhập |
        | QUY_CHE | Nội quy, quy chế đạt yêu cầu   | quy chế     | I/3.2    | Sở Mẫu A    |
    """,
    "Ràng buộc": """
        | Mã | Biểu thức |
    """,
}
TABLES = {"ca-mau-2013.xlsx": CA_MAU, "phu-tho-mau.xlsx": PHU_THO}


def main() -> None:
    """Writes both plan workbooks."""
    FOLDER.mkdir(exist_ok=True)
    for name, sheets in TABLES.items():
        plans.save(FOLDER / name, sheets)


if __name__ == "__main__":
    main()
