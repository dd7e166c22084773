"""Three issued sets of criteria, set up as workbooks and scored a second time, straight from the wording of their rules.

The calculation of a set is plain Python over figures, levels and marks: it takes nothing from the library. It is held
against the library for what the example's units typed and for random figures, criterion by criterion.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

import cchc_xl
from cchc_xl.ask import advice_lines, explain
from cchc_xl.ask.rank import rank
from cchc_xl.papers.lookup import _headlines
from cchc_xl.plan import load_plan
from cchc_xl.plan.edition import find_period, in_force
from cchc_xl.records import Consolidation, Edition, Kind
from cchc_xl.result.result_file import contents
from cchc_xl.result.view import View
from cchc_xl.score.scorecard import Scorecard, score
from tests.conftest import ROOT, WHOLE
from tests.in_memory import AWAY, entry, reported, total
from tools import make_public_examples as maker

F = Fraction
Points = F | None  # None: left out, nothing of it arose
Calculated = tuple[dict[str, Points], F, F]  # by criterion; points of the index, its maximum


@dataclass
class Case:
    """What was typed: figures (days as ordinals, percentages as numbers), levels and marks by criterion."""

    figures: dict[str, F] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)


def rounded(points: F, places: int) -> F:
    """Half-up; of what is taken off, away from 0."""
    size = F(floor(abs(points) * 10**places + F(1, 2)), 10**places)
    return size if points >= 0 else -size


def share(part: F, whole: F) -> F:
    """In percent."""
    return part * 100 / whole


# --- QĐ 1880/QĐ-UBND (Cà Mau, 2013): a department ---


def department(case: Case) -> Calculated:
    f, level = case.figures, case.levels
    p: dict[str, Points] = {}
    p["1.1.1"] = {"Ban hành kịp thời": F(1), "Ban hành không kịp thời": F(1, 2), "Không ban hành": F(0)}[level["1.1.1"]]
    # The rule reads “đủ nhiệm vụ và có kinh phí: 1; thiếu một trong hai: 0”
    p["1.1.2"] = F(1) if level["1.1.2.a"] == "Đủ" and level["1.1.2.b"] == "Có bố trí" else F(0)
    p["1.1.2.a"] = F(1, 2) if level["1.1.2.a"] == "Đủ" else F(0)
    p["1.1.2.b"] = F(1, 2) if level["1.1.2.b"] == "Có bố trí" else F(0)
    p["1.1.3"] = F(1) if level["1.1.3"] == "Đạt yêu cầu" else F(0)
    # The rule reads “trên 90%: 2; từ 70% đến 90%: 1; dưới 70%: 0”
    done = share(f["CV_SOM"] + f["CV_DUNG"] + f["CV_TRE"], f["CV_GIAO"])
    p["1.1.4"] = F(2) if done > 90 else F(1) if done >= 70 else F(0)
    p["1.1"] = p["1.1.1"] + p["1.1.2"] + p["1.1.3"] + p["1.1.4"]
    # The rule reads “đủ số lượng và đúng thời gian: 1; thiếu hoặc không đúng hạn: 0”
    p["1.2.1"] = F(1) if f["BC_DUNGHAN"] >= f["BC_PHAIGUI"] else F(0)
    p["1.2.2"] = F(1) if level["1.2.2"] == "Đạt" else F(0)
    p["1.2"] = p["1.2.1"] + p["1.2.2"]
    # illustrative from here on: full points from 30% inspected
    p["1.3.1"] = rounded(min(F(2), 2 * share(f["DV_KIEMTRA"], f["DV_TONG"]) / 30), 2)
    settled = F(1) if f["VD_PHATHIEN"] == 0 else f["VD_XULY"] / f["VD_PHATHIEN"]
    p["1.3.2"] = settled if p["1.3.1"] > 0 else F(0)
    p["1.3"] = p["1.3.1"] + p["1.3.2"]
    p["1.4"] = min(F(3), f["TIN_BAI"] / 4)
    p["1.5"] = rounded(4 * (1 - f["CV_TRE"] / f["CV_GIAO"]), 2)
    p["1.6"] = F(level["1.6"])
    p["1"] = p["1.1"] + p["1.2"] + p["1.3"] + p["1.4"] + p["1.5"] + p["1.6"]
    in_time = share(f["HS_DUNGHAN"], f["HS_GIAIQUYET"]) if f["HS_GIAIQUYET"] else None
    p["2.1"] = None if in_time is None else rounded(6 * in_time / 100 if in_time >= 80 else F(0), 2)
    days = f["NGAY_CONGKHAI"] - f["NGAY_CONGBO"]
    p["2.2"] = F(3) if days <= 5 else F(3, 2) if days <= 10 else F(0)
    p["2.3"] = 4 * f["HAI_LONG"] / 100
    p["2.4"] = {"Đầy đủ, kịp thời": F(2), "Còn thiếu": F(1), "Không niêm yết": F(0)}[level["2.4"]]
    p["2"] = (p["2.1"] or 0) + p["2.2"] + p["2.3"] + p["2.4"]
    p["3.1.1"] = 2 * f["VTVL_DUNG"] / f["VTVL_TONG"]
    p["3.1.2"] = F(3) if level["3.1.2"] == "Đúng quy định" else F(0)
    p["3.1"] = 5 * (p["3.1.1"] / 2 + p["3.1.2"] / 3) / 2
    p["3"] = p["3.1"]
    p["4.1"] = min(F(2), f["SANG_KIEN"])
    p["4"] = p["4.1"]
    p["5.1"] = -min(F(2), f["VI_PHAM"] / 2)
    p["5.2"] = F(-1) if level["5.2"] == "Có" else F(0)
    p["5"] = max(F(-3), p["5.1"] + p["5.2"])
    return p, p["1"] + p["2"] + p["3"] + p["4"] + p["5"], F(40) - (6 if p["2.1"] is None else 0)


def department_case(r: random.Random) -> Case:
    early, due, late, open_ = (r.randint(0, 6) for _ in range(4))
    issued = date(2013, 3, 1).toordinal()
    figures = {
        "CV_SOM": early, "CV_DUNG": due, "CV_TRE": late, "CV_CHUA": open_ + 1, "CV_GIAO": early + due + late + open_ + 1,
        "DV_TONG": (units := r.randint(1, 12)), "DV_KIEMTRA": r.randint(0, units), "TIN_BAI": r.randint(0, 16),
        "VD_PHATHIEN": (seen := r.randint(0, 3)), "VD_XULY": r.randint(0, seen), "BC_PHAIGUI": 4, "BC_DUNGHAN": r.randint(3, 4),
        "HS_GIAIQUYET": (files := r.choice([0, 7, 40, 1000])), "HS_DUNGHAN": r.randint(files * 7 // 10, files),
        "NGAY_CONGBO": issued, "NGAY_CONGKHAI": issued + r.choice([-2, 0, 4, 5, 6, 10, 11, 40]),
        "VTVL_TONG": (staff := r.randint(1, 46)), "VTVL_DUNG": r.randint(0, staff), "SANG_KIEN": r.randint(0, 3),
        "VI_PHAM": r.randint(0, 6), "HAI_LONG": F(r.randint(0, 1000), 10),
    }  # fmt: skip
    levels = {
        "1.1.1": ("Ban hành kịp thời", "Ban hành không kịp thời", "Không ban hành"), "1.1.2.a": ("Đủ", "Thiếu"),
        "1.1.2.b": ("Có bố trí", "Không bố trí"), "1.1.3": ("Đạt yêu cầu", "Không đạt yêu cầu"), "1.2.2": ("Đạt", "Không đạt"),
        "1.6": ("0", "0.25", "1.5", "2"), "2.4": ("Đầy đủ, kịp thời", "Còn thiếu", "Không niêm yết"),
        "3.1.2": ("Đúng quy định", "Vượt quy định"), "5.2": ("Có", "Không có"),
    }  # fmt: skip
    return Case(
        {code: F(value) for code, value in figures.items()}, {code: r.choice(of) for code, of in levels.items()}
    )


# --- an appendix on access to law, taken to be that of Thông tư 07/2017/TT-BTP: a commune ---


def commune(case: Case) -> Calculated:
    f, level = case.figures, case.levels
    p: dict[str, Points] = {}
    late = f["NGAY_BH"] - f["NGAY_HAN"]
    p["1.1"] = F(4) if late <= 0 else F(2) if late <= 5 else F(0)
    p["1.2"] = rounded(6 * f["KN_DUNGHAN"] / f["KN_NHAN"], 2) if f["KN_NHAN"] else None
    p["1"] = p["1.1"] + (p["1.2"] or 0)
    # chỉ tiêu 2: "không bố trí, không bảo đảm yêu cầu … bị 0 điểm và bị trừ 0,25 điểm" (the deduction is 6.1)
    p["2.2"] = F(2) if level["2.2"] == "Bảo đảm yêu cầu" else F(0)
    # chỉ tiêu 3: 10 points by the percentage of procedures handled in order and in time (the bands are illustrative)
    right = share(f["TT_DUNG"], f["TT_NHAN"]) if f["TT_NHAN"] else None
    bands = ((100, 10), (90, 8), (70, 5), (0, 0))
    p["2.3"] = None if right is None else next(F(points) for low, points in bands if right >= low)
    # chỉ tiêu 4: "trong năm đánh giá không có phản ánh, kiến nghị … được tính 02 điểm"
    p["2.4"] = 2 * f["PA_DUNG"] / f["PA_NHAN"] if f["PA_NHAN"] else F(2)
    p["2.5.1"] = rounded(6 * f["YK_KETQUA"] / f["YK_TONG"], 1)
    p["2.5.2"] = rounded(6 * f["YK_UNGXU"] / f["YK_TONG"], 1)
    p["2.5"] = p["2.5.1"] + p["2.5.2"]
    p["2"] = p["2.2"] + (p["2.3"] or 0) + p["2.4"] + p["2.5"]
    # The rule reads “từ 80% đến dưới 90%: 01 điểm; từ 70% đến dưới 80%: 0,5; từ 50% đến dưới 70%: 0,25; dưới 50%: 0”
    trained = share(f["TTV_TAPHUAN"], f["TTV_TONG"]) if f["TTV_TONG"] else F(0)
    steps = ((90, F(2)), (80, F(1)), (70, F(1, 2)), (50, F(1, 4)), (0, F(0)))
    p["3.1"] = next(points for low, points in steps if trained >= low)
    made_up = share(f["HG_THANH"], f["HG_NHAN"]) if f["HG_NHAN"] else None
    p["3.2"] = None if made_up is None else rounded(min(F(6), 6 * made_up / 85) if made_up >= 50 else F(0), 2)
    p["3.3"] = {"Đủ ở các ấp": F(3), "Còn ấp thiếu": F(3, 2), "Không củng cố": F(0)}[level["3.3"]]
    p["3.4"] = F(3) if level["3.4"] == "Có" and p["3.3"] == 3 else F(0)
    p["3"] = p["3.1"] + (p["3.2"] or 0) + p["3.3"] + p["3.4"]
    p["4.1"] = 5 * f["ND_CONGKHAI"] / f["ND_PHAI"]
    p["4.2"] = min(F(5), f["DOI_THOAI"] * 5 / 2)
    p["4"] = 10 * (p["4.1"] / 5 + p["4.2"] / 5) / 2
    p["5.1"] = min(F(2), f["SANG_KIEN"])
    p["5.2"] = F(1) if level["5.2"] == "Có" else F(0)
    p["5"] = min(F(3), p["5.1"] + p["5.2"])
    p["6.1"] = F(-1, 4) if level["6.1"] == "Có" else F(0)
    behind = f["NGAY_NOP"] - f["NGAY_HANNOP"]
    p["6.2"] = F(0) if behind <= 0 else F(-1) if behind <= 2 else F(-2)
    p["6"] = max(F(-3), p["6.1"] + p["6.2"])
    left_out = sum(most for code, most in (("1.2", 6), ("2.3", 10), ("3.2", 6)) if p[code] is None)
    return p, p["1"] + p["2"] + p["3"] + p["4"] + p["5"] + p["6"], F(60) - left_out


def commune_case(r: random.Random) -> Case:
    day = date(2019, 1, 25).toordinal()
    figures = {
        "NGAY_HAN": day, "NGAY_BH": day + r.choice([-3, 0, 1, 5, 6]), "NGAY_HANNOP": day + 300,
        "NGAY_NOP": day + 300 + r.choice([-1, 0, 1, 2, 3]), "KN_NHAN": (cases := r.choice([0, 3, 7])),
        "KN_DUNGHAN": r.randint(0, cases), "TT_NHAN": (all_ := r.choice([0, 10, 400])), "TT_DUNG": r.randint(all_ * 6 // 10, all_),
        "PA_NHAN": (told := r.choice([0, 0, 3])), "PA_DUNG": r.randint(0, told), "YK_TONG": (asked := r.choice([40, 240])),
        "YK_KETQUA": r.randint(0, asked), "YK_UNGXU": r.randint(0, asked), "TTV_TONG": (people := r.choice([0, 10, 18])),
        "TTV_TAPHUAN": r.randint(people // 3, people), "HG_NHAN": (quarrels := r.choice([0, 20, 23])),
        "HG_THANH": r.randint(quarrels // 3, quarrels), "ND_PHAI": 11, "ND_CONGKHAI": r.randint(0, 11), "DOI_THOAI": r.randint(0, 3),
        "SANG_KIEN": r.randint(0, 3),
    }  # fmt: skip
    levels = {
        "2.2": ("Bảo đảm yêu cầu", "Không bố trí, không bảo đảm yêu cầu"), "3.3": ("Đủ ở các ấp", "Còn ấp thiếu", "Không củng cố"),
        "3.4": ("Có", "Không có"), "5.2": ("Có", "Không có"), "6.1": ("Có", "Không có"),
    }  # fmt: skip
    return Case(
        {code: F(value) for code, value in figures.items()}, {code: r.choice(of) for code, of in levels.items()}
    )


# --- QĐ 922/QĐ-BTTTT and two published tables: a city's digital transformation ---


def city(case: Case) -> Calculated:
    f, level = case.figures, case.levels
    p: dict[str, Points] = {}
    # The rule reads “BCĐ họp 4 lần/năm: 20 điểm; 3 lần: 15; 2 lần: 10; 1 lần: 5; còn lại: 0”
    p["1.1"] = F(5 * min(4, int(f["HOP"])))
    # The rule reads “Tỷ lệ = a/b; Điểm = Tỷ lệ × Điểm tối đa” (nothing met or asked for: 0 points, which is the example's)
    p["1.2"] = 20 * f["HOP_CHUTRI"] / f["HOP"] if f["HOP"] else F(0)
    p["1.3"] = 20 * f["VB_KY"] / f["VB_TONG"] if f["VB_TONG"] else F(0)
    p["1.4"] = {"Có, cập nhật thường xuyên": F(20), "Có, ít cập nhật": F(10), "Không có": F(0)}[level["1.4"]]
    # The rule reads “Trưởng ban là Bí thư/Chủ tịch: điểm tối đa; là Phó: 1/2 × điểm tối đa; chưa có …: 0 điểm”
    heads = {"Bí thư hoặc Chủ tịch": F(10), "Phó Bí thư hoặc Phó Chủ tịch": F(5)}
    p["1.5"] = heads.get(level["1.5"], F(0))
    # The rule reads “tham gia đầy đủ các phiên họp của Tỉnh: 1/2 × điểm tối đa; chủ trì các cuộc họp …: 1/2 × điểm tối đa”
    p["1.6.1"] = F(10) / 2 if level["1.6.1"] == "Đầy đủ" else F(0)
    p["1.6.2"] = F(10) / 2 if level["1.6.2"] == "Có chủ trì" else F(0)
    # illustrative from here on
    p["2.1"] = min(F(40), 40 * share(f["BD_SO"], f["CBCC"]) / 95)
    p["2.2"] = 30 * f["TO_CNS"] / f["KHOM_AP"]
    p["2.3"] = 30 * f["DT_DANSO"] / 100
    p["3.1"] = 40 * f["HT_CAPDO"] / f["HT_TONG"] if f["HT_TONG"] else None
    p["3.2"] = 30 * (1 - f["MAY_NHIEM"] / f["MAY_TONG"])
    p["3.3.1"] = None if level["3.3.1"] == AWAY else F(10) if level["3.3.1"] == "Có diễn tập" else F(0)
    p["3.3.2"] = 20 * f["MAY_PCMD"] / f["MAY_TONG"]
    p["4.1"] = min(F(60), 60 * share(f["HS_TRUCTUYEN"], f["HS_TONG"]) / 80)
    paid = share(f["TT_TRUCTUYEN"], f["TT_TONG"]) if f["TT_TONG"] else None
    p["4.2"] = None if paid is None else min(F(40), 40 * paid / 50) if paid >= 10 else F(0)
    p["4.3"] = 40 * f["VB_KYSO"] / f["VB_DI"]
    p["4.4.1"] = 60 * f["HAI_LONG"] / 100
    p["4.4.2"] = 60 * f["HS_DUNGHAN"] / f["HS_TONG"]
    p["5.1"] = min(F(20), 5 * f["SANG_KIEN"])
    # every criterion to two places, 3.2 to one
    p = {code: given if given is None else rounded(given, 1 if code == "3.2" else 2) for code, given in p.items()}
    if p["3.3.1"] is not None and p["3.1"] == 0:
        p["3.3.1"] = F(
            0
        )  # an exercise counts where any system is approved; where there is no system it is asked by itself
    p["1.6"] = p["1.6.1"] + p["1.6.2"]
    shares = [points / most for points, most in ((p["3.3.1"], 10), (p["3.3.2"], 20)) if points is not None]
    p["3.3"] = 30 * sum(shares) / len(shares)
    p["4.4"] = max(p["4.4.1"], p["4.4.2"])
    for group, count in (("1", 6), ("2", 3), ("3", 3), ("4", 4), ("5", 1)):
        p[group] = sum((p[f"{group}.{number}"] or F(0) for number in range(1, count + 1)), F(0))
    p["6"] = p["6.1"] = p["6.2"] = None  # known among the cities only: see `city_among`
    left_out = (40 if p["3.1"] is None else 0) + (40 if p["4.2"] is None else 0)
    return p, p["1"] + p["2"] + p["3"] + p["4"] + p["5"], F(520) - left_out


def city_among(cases: list[Case]) -> list[tuple[dict[str, F], F]]:
    """Of each city what stands against the others, and its index in percent."""
    online = [share(case.figures["HS_TRUCTUYEN"], case.figures["HS_TONG"]) for case in cases]
    trained = [share(case.figures["BD_SO"], case.figures["CBCC"]) for case in cases]
    asked = [case.figures["DT_DANSO"] for case in cases]
    found = []
    for case, own, skilled, said in zip(cases, online, trained, asked, strict=True):
        alone, total, maximum = city(case)
        before = sum(1 for other in online if other > own)  # as many as are better; equals share the better place
        low, high = min(asked), max(asked)
        p = {
            "2.1": rounded(40 * skilled / max(trained), 2) if max(trained) else (alone["2.1"] or F(0)),
            "6.1": {0: F(10), 1: F(8), 2: F(6)}.get(before, F(2)),
            "6.2": rounded(1 + 9 * (said - low) / (high - low) if high > low else F(1), 2),
        }
        total += p["2.1"] - (alone["2.1"] or F(0)) + p["6.1"] + p["6.2"]
        found.append((p, total * 100 / maximum))
    return found


def city_case(r: random.Random) -> Case:
    figures = {
        "HOP": (met := r.randint(0, 5)), "HOP_CHUTRI": r.randint(0, met), "VB_TONG": (asked := r.choice([0, 3, 8])),
        "VB_KY": r.randint(0, asked), "CBCC": 164, "BD_SO": r.randint(0, 164), "KHOM_AP": 48, "TO_CNS": r.randint(0, 48),
        "DT_DANSO": F(r.randint(0, 1000), 10), "HT_TONG": (systems := r.choice([0, 4, 6])),
        "HT_CAPDO": r.choice([0, systems, systems // 2]), "MAY_TONG": (seats := r.randint(1, 90)), "MAY_NHIEM": r.randint(0, seats),
        "MAY_PCMD": r.randint(0, seats), "HS_TONG": (files := r.randint(1, 20000)), "HS_TRUCTUYEN": r.randint(0, files),
        "HS_DUNGHAN": r.randint(0, files), "TT_TONG": (fees := r.choice([0, 10, 9240])), "TT_TRUCTUYEN": r.randint(0, fees * 6 // 10),
        "VB_DI": 4127, "VB_KYSO": r.randint(0, 4127), "HAI_LONG": F(r.randint(0, 1000), 10), "SANG_KIEN": r.randint(0, 5),
    }  # fmt: skip
    levels = {
        "1.4": ("Có, cập nhật thường xuyên", "Có, ít cập nhật", "Không có"), "1.6.1": ("Đầy đủ", "Không đầy đủ"),
        "1.5": ("Bí thư hoặc Chủ tịch", "Phó Bí thư hoặc Phó Chủ tịch", "Chưa có Ban Chỉ đạo hoặc không phải lãnh đạo"),
        "1.6.2": ("Có chủ trì", "Không chủ trì"), "3.3.1": ("Có diễn tập", "Không", AWAY),
    }  # fmt: skip
    return Case(
        {code: F(value) for code, value in figures.items()}, {code: r.choice(of) for code, of in levels.items()}
    )


# --- the library, on the same ---


@dataclass(frozen=True)
class Public:
    calculate: Callable[[Case], Calculated]
    random_case: Callable[[random.Random], Case]
    # figures that the library counts from a unit's register of tasks
    counted: Mapping[str, int] = field(default_factory=dict)


TASKS = {"CV_GIAO": 2, "CV_SOM": 1, "CV_DUNG": 1, "CV_TRE": 0, "CV_CHUA": 0}  # the two tasks of the Thanh tra, by hand
SETS = {
    "so-nganh-cchc": Public(department, department_case, TASKS),
    "xa-tiep-can-phap-luat": Public(commune, commune_case),
    "dti-thanh-pho": Public(city, city_case),
}


@pytest.fixture(scope="module", params=SETS)
def named(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def edition(named: str) -> Edition:
    plan = load_plan(ROOT / "examples" / named / "ke-hoach.xlsx")
    assert plan.findings == ()
    period = find_period(plan, plan.periods[0].code)
    assert period is not None
    return in_force(plan, period)


def scored(made: Edition, case: Case) -> Scorecard:
    """The library's scores of these totals, levels and marks; of every criterion its first lead unit tells the level."""
    return score(made, consolidated(made, case))


def consolidated(made: Edition, case: Case) -> Consolidation:
    leads = {node.criterion.code: node.lead[0] for node in made.leaves}
    entries = [entry(code, leads[code], text, "x") for code, text in case.levels.items()]
    return reported(made, entries, (total(item, decimal(case.figures[item.code])) for item in made.plan.measures))


def decimal(value: F) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def differences(card: Scorecard, calculated: Calculated) -> list[tuple[object, ...]]:
    """Where the library and the calculation part, by more than the last of 20 digits."""
    points, total, maximum = calculated
    told = {item.node.criterion.code: item.final_points for item in card.scores}
    assert set(told) == set(points)
    wrong: list[tuple[object, ...]] = [
        (code, told[code], due)
        for code, due in points.items()
        if (told[code] is None) != (due is None) or (due is not None and abs(F(told[code] or 0) - due) > F(1, 10**20))
    ]
    index = card.index
    near = F(1, 10**18)
    same = abs(F(index.points) - total) < near and F(index.applicable_max) == maximum and index.percent is not None
    if same and abs(F(index.percent or 0) - total * 100 / maximum) < near:
        return wrong
    return [*wrong, ("chỉ số", index, total, maximum)]


def typed(named: str) -> Case:
    """The example's filling, added up over the units as the plan says: sums; a date and a percentage are one unit's."""
    made, case = maker.read(maker.SETS / f"{named}.md"), Case()
    for row in made.tables["Điền số liệu"]:
        given = [row[unit] for unit in made.units if row[unit]]
        if "/" in given[0]:
            day, month, year = map(int, given[0].split("/"))
            case.figures[row["Mã"]] = F(date(year, month, day).toordinal())
        else:
            case.figures[row["Mã"]] = sum((F(text.replace(",", ".")) for text in given), F(0))
    for code, number in SETS[named].counted.items():
        case.figures[code] += number
    for row in made.tables["Điền phụ lục"]:
        if row["Cột"] in ("Mức đạt", "Điểm tự chấm"):
            case.levels[row["Mã"]] = (
                row["Nội dung"].replace(",", ".") if row["Cột"] == "Điểm tự chấm" else row["Nội dung"]
            )
    return case


def test_the_example_as_its_units_filled_it_in(named: str) -> None:
    folder = ROOT / "examples" / named
    period = load_plan(folder / "ke-hoach.xlsx").periods[0].code
    assessed = cchc_xl.assess(folder / "ke-hoach.xlsx", folder / "don-vi", period=period)
    assert [item.code for item in assessed.contents().findings] == []
    assert differences(assessed.scorecard, SETS[named].calculate(typed(named))) == []


def test_random_figures_score_alike(named: str, edition: Edition) -> None:
    draw = random.Random(named)
    for _ in range(300 if WHOLE else 60):
        case = SETS[named].random_case(draw)
        assert differences(scored(edition, case), SETS[named].calculate(case)) == [], case


def test_cities_ranked_together_score_alike(named: str, edition: Edition) -> None:
    if named != "dti-thanh-pho":
        return
    draw = random.Random(3)
    for count in (1, 2, 5, 5, 6):
        cases = [city_case(draw) for _ in range(count)]
        if count == 5:
            cases[1].figures["DT_DANSO"] = cases[0].figures["DT_DANSO"]
            for code in ("HS_TONG", "HS_TRUCTUYEN", "HS_DUNGHAN"):  # two of one place
                cases[1].figures[code] = cases[0].figures[code]
        results = []
        for number, case in enumerate(cases):
            sent = consolidated(edition, case)
            made = contents(edition, sent, score(edition, sent), (), ())
            results.append((str(number), replace(made, agency=f"Thành phố {number}")))
        table = {row.label: row for row in rank(results).agencies}
        for number, (points, percent) in enumerate(city_among(cases)):
            row = table[str(number)]
            told = {item.code: item.group_points for item in row.relative}
            assert {code: F(told[code] or 0) for code in points} == points, (count, number)
            assert abs(F(row.index.exact or 0) - percent) < F(1, 10**15)
            assert row.index.complete


def test_the_calculation_notices_a_rule_that_is_read_otherwise(edition: Edition, named: str) -> None:
    """The comparison can fail: one criterion counted otherwise is found."""
    case = SETS[named].random_case(random.Random(1))
    points, total, maximum = SETS[named].calculate(case)
    changed = {**points, "1.1": (points["1.1"] or F(0)) + F(1, 100)}
    assert [item[0] for item in differences(scored(edition, case), (changed, total, maximum))] == ["1.1"]
    assert [item[0] for item in differences(scored(edition, case), (points, total, maximum + 1))] == ["chỉ số"]


# --- what the examples say of themselves ---

OFFICIAL = re.compile(
    r"1880/QĐ-UBND|07/2017/TT-BTP|922/QĐ-BTTTT|bid 4cac85e7|cds\.tpcaolanh\.dongthap\.gov\.vn|thuvienphapluat\.vn"
)


def test_every_rule_says_where_it_is_from_or_that_it_is_illustrative(named: str, edition: Edition) -> None:
    readme = (ROOT / "examples" / named / "README.md").read_text(encoding="utf-8")
    official = 0
    for criterion in edition.plan.criteria:
        if criterion.reference.startswith("Minh họa – "):
            continue
        source = OFFICIAL.search(criterion.reference)
        assert source, criterion
        assert source[0].removeprefix("bid ") in readme
        official += 1
    assert official >= 8
    assert "bịa ra cho ví dụ" in readme


def test_the_committed_files_are_what_the_script_writes(named: str, tmp_path: Path) -> None:
    maker.build(tmp_path, maker.read(maker.SETS / f"{named}.md"))
    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.xlsx")}
    folder = ROOT / "examples" / named
    assert written == {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.xlsx")}
    assert sum(map(len, written.values())) < 150_000


# --- their papers read as their own ---

FOREIGN = re.compile(r"(?i:cải cách hành chính|phòng chuyên môn)|CCHC|(?<!cơ )\bSở\b|(?<!CƠ )\bSỞ\b")


@pytest.fixture(scope="module")
def papers(named: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The paragraphs and cells of the report and of next year's draft plan."""
    folder = ROOT / "examples" / named
    period = load_plan(folder / "ke-hoach.xlsx").periods[0].code
    out = tmp_path_factory.mktemp("giay")
    result = cchc_xl.run(folder / "ke-hoach.xlsx", folder / "don-vi", period=period, out=out)
    made = Path(result.folder or "")
    return {
        name: words(path) for name, path in (("report", made / "bao-cao.docx"), ("draft", cchc_xl.draft_plan(made)))
    }


def words(path: Path) -> list[str]:
    document = Document(str(path))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return [paragraph.text for paragraph in document.paragraphs] + list(cells)


def test_no_word_of_another_office_stands_in_them(named: str, papers: dict[str, list[str]]) -> None:
    if named == "so-nganh-cchc":
        assert any("Chỉ số cải cách hành chính" in line for line in papers["report"])
        return
    assert [line for told in papers.values() for line in told if FOREIGN.search(line)] == []


def test_no_heading_is_empty_and_no_sentence_has_a_hole(papers: dict[str, list[str]]) -> None:
    for told in papers.values():
        for line in told:
            assert not re.search(r"của về|: ;|\(\)|  ,|\bNone\b|\{\{|: \.$", line), line
    report = papers["report"]
    body = report[: next(place for place, line in enumerate(report) if line.startswith("Trên đây là báo cáo"))]
    headings = [place for place, line in enumerate(body) if re.match(r"(?:[IV]+|\d+|[a-d]\))\.? ?[A-ZĐÁÂÀ]", line)]
    assert len(headings) > 12
    for place in headings:
        follows = next(line for line in body[place + 1 :] if line)
        deeper = re.match(r"[IV]+\. ", body[place]) and re.match(r"\d+\. ", follows)
        below = re.match(r"\d+\. ", body[place]) and re.match(r"[a-d]\) ", follows)
        same = re.match(r"[IV]+\. |\d+\. |[a-d]\) ", follows)
        assert deeper or below or not same, (body[place], follows)


def test_a_field_that_is_one_criterion_is_not_named_twice(named: str, papers: dict[str, list[str]]) -> None:
    if named != "xa-tiep-can-phap-luat":
        return
    place = papers["report"].index("d) Dân chủ ở cơ sở")
    assert papers["report"][place + 1] == "- Lĩnh vực đạt 7,05/10 điểm (Công chức Văn phòng – Thống kê)."
    # A criterion that has nothing because of another one says so: the unit did what it asks.
    model = "- Mô hình hay về hòa giải đạt 0/3 điểm (Ủy ban Mặt trận Tổ quốc xã): "
    assert f"{model}chưa tính điểm vì “Tổ hòa giải được củng cố” chưa đạt điểm tối đa." in papers["report"]
    # What is to be done: 10 of 11 contents were made public, one meeting of two was held.
    tasks = papers["report"][papers["report"].index("V. NHIỆM VỤ TRỌNG TÂM NĂM 2020") :]
    assert {
        "- Nội dung đã công khai đạt 100% tổng số nội dung phải công khai.",
        "- Hội nghị đối thoại đã tổ chức đạt 02 hội nghị.",
    } <= set(tasks)
    assert any("bị trừ 1 điểm, tối đa trừ 2 điểm (Công chức Văn phòng" in line for line in papers["report"])


def test_an_office_without_one_above_it_stands_alone_in_the_head(named: str, papers: dict[str, list[str]]) -> None:
    if named != "dti-thanh-pho":
        return
    for told in papers.values():
        head = next(line for line in told if "ỦY BAN NHÂN DÂN THÀNH PHỐ VÍ DỤ" in line)
        assert head.split("\n")[0] == "ỦY BAN NHÂN DÂN THÀNH PHỐ VÍ DỤ"
    assert any(line.startswith("- Ban Chỉ đạo chuyển đổi số tổ chức các cuộc họp") for line in papers["report"])


def test_what_waits_for_a_ranking_is_asked_of_no_unit(named: str, papers: dict[str, list[str]]) -> None:
    """6.1 and 6.2 have their values; nobody can hand in anything more, and every paper says what they wait for."""
    later = "chờ xếp hạng cùng các cơ quan"
    if named != "dti-thanh-pho":
        assert not any(later in line for told in papers.values() for line in told)
        return
    report = "\n".join(papers["report"])
    assert f"Còn 02 tiêu chí chưa có điểm vì {later}, đang tính 0 điểm" in report
    assert not re.search(r"chưa đủ số liệu|gửi đủ số liệu|Thiếu số liệu", report)
    draft = "\n".join(papers["draft"])
    assert f"thứ hạng về hồ sơ nộp trực tuyến ({later})" in draft
    folder = ROOT / "examples" / named
    made = cchc_xl.assess(folder / "ke-hoach.xlsx", folder / "don-vi", period="2023-N").contents()
    view = View(made)
    assert (view.missing_text(), view.missing_text("6"), view.missing_text("1")) == (
        f"2 tiêu chí chưa có điểm, {later}",
        f"2 tiêu chí chưa có điểm, {later}",
        "0 tiêu chí chưa có điểm",
    )
    assert f"2 chưa có điểm ({later})" in view.counts_text
    waiting = {item.code: item for item in made.advice if item.status == "missing"}
    assert {code: (item.is_nobodys, item.next and item.next.who) for code, item in waiting.items()} == {
        "6.1": (True, ()),
        "6.2": (True, ()),
    }
    assert made.path
    told = list(advice_lines.lines(made.advice, made.path))
    assert "Chỉ số tạm tính: 2 tiêu chí chưa có điểm, đang tính 0 điểm." in told
    asked = told.index("Không đơn vị nào phải gửi gì:")
    assert told[asked + 1] == f"  {later} (2 tiêu chí: 6.1, 6.2)"
    assert not any("cần gửi" in line for line in told)
    names = "; ".join(item.name for item in made.criteria if item.code in ("6.1", "6.2"))
    headlines = _headlines(made.path, made)  # of sheet "Đường tới mục tiêu"
    assert headlines[1] == "Danh sách ngắn nhất tìm được các tiêu chí cần đạt đủ điểm để tới mục tiêu:"
    assert headlines[-1] == f"2 tiêu chí chưa có điểm, đang tính 0; {later}: {names}."
    assert f"({later})" in next(line for line in explain.lines(made, "6.1") if line.startswith("Điểm:"))


def test_the_forms_have_the_plans_levels_and_dates(named: str) -> None:
    folder = ROOT / "examples" / named
    plan = load_plan(folder / "ke-hoach.xlsx")
    dates = {item.code for item in plan.measures if item.kind is Kind.DATE}
    shown = [
        row[3].value
        for path in (folder / "don-vi").glob("*.xlsx")
        for row in load_workbook(path)["Số liệu"].iter_rows(min_row=8)
        if row[0].value in dates
    ]
    assert len(shown) == len(dates)
    assert all(isinstance(value, datetime) for value in shown)
