"""The topics of the guide beside the methods: columns, policies, bounds, each with an example worked out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from cchc_xl.plan.methods import Bands
from cchc_xl.text.days import date_vi
from cchc_xl.text.numbers import percent_vi, vietnamese
from cchc_xl.unit.figures import outcome
from tools import guide_words as words
from tools.worked_examples import AWAY, Case, arithmetic, criteria_table, points, scale_table, table, told

_OPEN = ({"Mã": "1", "Điểm": "0"},)


def topics() -> str:
    """All of them, as the second half of the page."""
    columns = (_expressions, _bounds, _point_forms, _away, _combined, _conditions, _roundings, _deductions)
    return "".join(part() for part in (*columns, _counted, _others))


def _meanings(told_of: Mapping[str, str], heading: str) -> str:
    return table(
        (heading, "Nghĩa"),
        ((f"`{word}`" if word else "(để trống)", text.removeprefix("để trống: ")) for word, text in told_of.items()),
    )


def _criterion(code: str, maximum: str, method: str, **more: str) -> dict[str, str]:
    named = {heading.replace("_", " "): text for heading, text in more.items()}
    return {"Mã": code, "Tiêu chí": f"Tiêu chí {code}", "Điểm tối đa": maximum, "Cách chấm": method, **named}


# --- the column "Số liệu" ---

_FIGURES = (
    ("HS_TRUOC", "12"),
    ("HS_DUNG", "70"),
    ("HS_TRE", "18"),
    ("HS_TONG", "100"),
    ("TL_TRE", "18"),
    ("THU", "150"),
    ("NGAY_GUI", "25/3/2026"),
    ("NGAY_HAN", "20/3/2026"),
)
_KINDS = {"TL_TRE": "tỷ lệ %", "NGAY_GUI": "ngày", "NGAY_HAN": "ngày"}
_SHOWN = (
    "HS_DUNG",
    "HS_TRUOC + HS_DUNG",
    "HS_DUNG / HS_TONG",
    "HS_TRUOC + HS_DUNG / HS_TONG",
    "HS_TONG - HS_TRE / HS_TONG",
    "100% - HS_TRE / HS_TONG",
    "100% - TL_TRE",
    "THU@trước",
    "THU - THU@trước / THU@trước",
    "NGAY_GUI - NGAY_HAN",
)


def _expressions() -> str:
    rows = []
    figures = tuple({"Mã": code, "Kiểu": _KINDS.get(code, "")} for code, _ in _FIGURES)
    for shown in _SHOWN:
        case = Case((_criterion("1", "1", "bậc", Số_liệu=shown),), _OPEN, figures)
        score = case.scored(dict(_FIGURES), last_year={"THU": "120"}).scores[0]
        rows.append((f"`{shown}`", arithmetic(score).partition(", thuộc")[0].rpartition(": ")[2]))
    given = ", ".join(f"{code} {text}" for code, text in _FIGURES)
    return (
        "\n## Cột “Số liệu”\n\nGhi mã ở sheet “Số liệu”. Có dấu / thì giá trị là phần trăm, các ngưỡng cũng ghi bằng phần "
        "trăm (90, không phải 0,9).\n\n"
        + _meanings(words.EXPRESSIONS, "Viết")
        + f"\nVí dụ với {given}; năm trước THU 120:\n\n"
        + table(("Số liệu", "Giá trị"), rows)
    )


# --- "Thang điểm" ---


def _bounds() -> str:
    variants = (
        {"Từ": "70", "Đến": "90"},
        {"Từ": "70", "Gồm từ": "không", "Đến": "90", "Gồm đến": "có"},
        {"Từ": "70"},
        {"Đến": "90"},
        {"Đến": "90", "Gồm đến": "có"},
    )
    tried = ("69,99", "70", "80", "90", "90,01")
    rows = []
    for bounds in variants:
        case = Case(
            (_criterion("1", "1", "bậc", Số_liệu="TL"),),
            ({"Mã": "1", **bounds, "Điểm": "1"},),
            ({"Mã": "TL", "Kiểu": "tỷ lệ %"},),
        )
        bands = case.plan().bands
        answers = (Bands().points(Decimal(text.replace(",", ".")), bands, Decimal(1)) for text in tried)
        cells = (bounds.get(heading, "") for heading in words.BOUNDS)
        rows.append((*cells, *("thuộc" if found else "–" for found in answers)))
    return (
        "\n## Thang điểm: Từ, Gồm từ, Đến, Gồm đến\n\n"
        + _meanings(words.BOUNDS, "Cột")
        + "\nGiá trị nào thuộc bậc (cùng quy tắc cho thứ hạng, riêng `Gồm đến` để trống là có):\n\n"
        + table((*words.BOUNDS, *tried), rows)
        + "\nHai bậc chồng nhau là lỗi; giá trị nằm giữa hai bậc không có điểm, phần mềm báo trước khi dùng.\n"
    )


def _point_forms() -> str:
    rows = []
    for form in words.POINT_FORMS:
        case = Case(
            (_criterion("1", "3", "bậc", Số_liệu="TL"),),
            ({"Mã": "1", "Điểm": form},),
            ({"Mã": "TL", "Kiểu": "tỷ lệ %"},),
        )
        rows.append((form, points(case.scored({"TL": "80"}).scores[0])))
    return (
        "\n## Thang điểm: cột “Điểm”\n\n"
        + _meanings(words.POINT_FORMS, "Viết")
        + "\nĐiểm tối đa 3, giá trị 80%:\n\n"
        + table(("Điểm", "Được"), rows)
        + "\nĐiểm của `chỉ tiêu`, `dẫn đầu`, `đủ điểm`, `sàn` của ngưỡng là giá trị để so, không phải điểm.\n"
    )


# --- what did not arise, several units ---


def _away() -> str:
    rows = []
    for policy in words.AWAY:
        case = Case(
            (
                _criterion("1", "10", "tổng"),
                _criterion("1.1", "4", "tỷ lệ", Số_liệu="HS_DUNG / HS_TONG", Không_phát_sinh=policy),
                _criterion("1.2", "6", "chấm tay"),
            ),
            figures=({"Mã": "HS_DUNG"}, {"Mã": "HS_TONG"}),
        )
        card = case.scored({"HS_DUNG": AWAY, "HS_TONG": AWAY, "1.2": "3"})
        index, leaf = card.index, card.scores[1]
        share = percent_vi(index.percent)
        if not index.complete:
            share += f" đến {percent_vi(index.percent_if_missing_full)}"
        own = "–" if not leaf.applicable_max else points(leaf)
        rows.append(
            (policy or "(để trống)", own, f"{vietnamese(index.points)}/{vietnamese(index.applicable_max)}", share)
        )
    return (
        "\n## Cột “Không phát sinh”\n\nKhi mọi đơn vị chủ trì ghi “không phát sinh”, hoặc mẫu số bằng 0:\n\n"
        + _meanings(words.AWAY, "Ghi")
        + "\nNhóm 1 gồm 1.1 (4 điểm, không phát sinh) và 1.2 (6 điểm, được 3):\n\n"
        + table(("Không phát sinh", "Điểm 1.1", "Điểm / điểm tối đa", "Chỉ số"), rows)
    )


def _combined() -> str:
    figures = []
    for how in words.FIGURES_COMBINED:
        case = Case(
            (_criterion("1", "1000", "mỗi đơn vị", Số_liệu="HS"),),
            ({"Mã": "1", "Mức": "mỗi", "Điểm": "1"},),
            ({"Mã": "HS", "Gộp": how},),
            units=("A", "B"),
        )
        value = case.scored({"HS": "10"}, {"HS": "30"}).scores[0].value
        figures.append((how, "lỗi, chưa có số" if value is None else vietnamese(value)))
    levels = []
    for how in words.UNITS_COMBINED:
        case = Case(
            (_criterion("1", "2", "mức", Gộp=how),),
            ({"Mã": "1", "Mức": "Đạt", "Điểm": "2"}, {"Mã": "1", "Mức": "Không đạt", "Điểm": "0"}),
            units=("A", "B"),
        )
        levels.append((how, points(case.scored({"1": "Đạt"}, {"1": "Không đạt"}).scores[0])))
    return (
        "\n## Cột “Gộp”\n\nỞ sheet “Số liệu”: số của nhiều đơn vị thành một số, rồi tiêu chí được chấm một lần.\n\n"
        + _meanings(words.FIGURES_COMBINED, "Gộp")
        + "\nĐơn vị A ghi 10, đơn vị B ghi 30:\n\n"
        + table(("Gộp", "Số dùng để chấm"), figures)
        + "\nỞ sheet “Bộ chỉ số”: chỉ cho `mức` và `chấm tay` có nhiều đơn vị chủ trì.\n\n"
        + _meanings(words.UNITS_COMBINED, "Gộp")
        + "\nĐơn vị A “Đạt” (2 điểm), đơn vị B “Không đạt” (0 điểm):\n\n"
        + table(("Gộp", "Điểm"), levels)
    )


# --- optional columns ---


def _conditions() -> str:
    rows = []
    for asked in words.CONDITIONS:
        case = _conditional(asked)
        for first in ("0", "1", "2"):
            score = case.scored({"II.4.1": first, "II.4.2": "3"}).scores[-1]
            rows.append((f"`{asked}`", first, "3", points(score)))
    return (
        "\n## Điều kiện\n\nCột không bắt buộc của “Bộ chỉ số”, gõ ở ô dạng Text.\n\n"
        + _meanings(words.CONDITIONS, "Ghi")
        + "\nBộ chỉ số:\n\n"
        + criteria_table(_conditional("II.4.1"))
        + "\nKết quả:\n\n"
        + table(("Điều kiện", "II.4.1 được (tối đa 2)", "II.4.2 đáng được", "Điểm II.4.2"), rows)
        + "\nTiêu chí được hỏi chưa có điểm thì tiêu chí này cũng chưa có điểm; tiêu chí được hỏi không phát sinh (`loại`) thì "
        "không hỏi nữa, tiêu chí này được chấm như thường.\n"
    )


def _conditional(asked: str) -> Case:
    return Case(
        (
            _criterion("II.4", "5", "tổng"),
            _criterion("II.4.1", "2", "chấm tay"),
            _criterion("II.4.2", "3", "chấm tay", Điều_kiện=asked),
        )
    )


def _roundings() -> str:
    rows = []
    for places in ("", "2", "0"):
        case = Case(
            (_criterion("1", "3", "tỷ lệ", Số_liệu="HS_DUNG / HS_TONG", Làm_tròn=places),),
            figures=({"Mã": "HS_DUNG"}, {"Mã": "HS_TONG"}),
        )
        card = case.scored({"HS_DUNG": "7", "HS_TONG": "9"})
        rows.append((places or "(để trống)", points(card.scores[0])))
    return (
        f"\n## Làm tròn\n\nCột không bắt buộc của “Bộ chỉ số”: {words.ROUNDING}. Ghi một lần cho mọi tiêu chí: mục “Làm tròn "
        "tiêu chí” ở sheet “Cài đặt”. Chỉ số chỉ làm tròn khi in, theo “Số chữ số thập phân”.\n\n7 / 9 × 3 điểm:\n\n"
        + table(("Làm tròn", "Điểm (in tối đa 4 chữ số)"), rows)
    )


def _deductions() -> str:
    case = Case(
        (
            _criterion("1", "10", "chấm tay"),
            _criterion("2", "-2", "điểm cộng"),
            _criterion("2.1", "-2", "mỗi đơn vị", Số_liệu="VI_PHAM"),
        ),
        ({"Mã": "2.1", "Mức": "mỗi", "Điểm": "-0,5"},),
        ({"Mã": "VI_PHAM"},),
    )
    rows = []
    for count in ("0", "3", "9"):
        card = case.scored({"1": "9", "VI_PHAM": count})
        rows.append((count, points(card.scores[2]), f"{told(card.index.points)}/{told(card.index.applicable_max)}"))
    return (
        f"\n## Điểm trừ, chỉ theo dõi\n\n{words.DEDUCTION} {words.FOLLOWED}\n\nBộ chỉ số:\n\n"
        + criteria_table(case)
        + "\nThang điểm:\n\n"
        + scale_table(case)
        + "\nKết quả, tiêu chí 1 được 9:\n\n"
        + table(("VI_PHAM", "Điểm 2.1", "Tổng điểm"), rows)
    )


def _counted() -> str:
    end = date(2026, 3, 14)
    tasks = (
        (date(2026, 3, 10), date(2026, 3, 5)),
        (date(2026, 3, 10), date(2026, 3, 10)),
        (date(2026, 3, 1), date(2026, 3, 4)),
        (date(2026, 3, 1), None),
        (date(2026, 3, 30), None),
    )
    rows = [(date_vi(due), date_vi(done) if done else "", outcome(due, done, end)) for due, done in tasks]
    return (
        "\n## Tự đếm\n\nCột không bắt buộc của “Số liệu”: số này phần mềm đếm từ sheet “Nhiệm vụ” của biểu mẫu, đơn vị không "
        "phải nhập.\n\n"
        + _meanings(words.COUNTED, "Ghi")
        + f"\nKỳ kết thúc {date_vi(end)}:\n\n"
        + table(("Hạn hoàn thành", "Ngày hoàn thành", "Đếm là"), rows)
    )


def _others() -> str:
    return (
        f"\n## Các cột khác\n\n* {words.EVIDENCE}\n* Áp dụng từ: ngày bắt đầu dùng dòng này; cùng mã có nhiều dòng thì dòng mới nhất "
        "không sau ngày cuối kỳ được dùng.\n* Điểm năm trước: để so sánh trong báo cáo, không tính điểm.\n"
        "* Người thẩm định: ai thẩm định tiêu chí này.\n* Căn cứ: quyết định, điều khoản; in kèm khi giải thích điểm.\n"
    )
