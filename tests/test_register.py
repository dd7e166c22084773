"""Who is meant by the text of a unit cell: names, other names, groups and lists, and never a guess."""

from __future__ import annotations

import time
import unicodedata

import pytest

from cchc_xl.plan import load_plan
from cchc_xl.plan.register import Register
from cchc_xl.records import Unit
from tests import plans
from tests.conftest import ROOT
from tests.plans import found, unsound

UNITS = (
    Unit("VP", "Văn phòng Sở", ("Văn phòng", "VPS"), "Văn phòng"),
    Unit("TCKT", "Phòng Tài chính – Kế toán", ("P. TC-KT",), "Phòng chuyên môn"),
    Unit("VL", "Phòng Lao động – Việc làm – Bảo hiểm", (), "Phòng  chuyên MÔN"),
    Unit("BT", "Phòng Bảo trợ và Phòng, chống tệ nạn xã hội", (), "Các phòng chuyên môn"),
    Unit("TT", "Trung tâm Dịch vụ việc làm", ("TT. DVVL",), "Đơn vị trực thuộc"),
    Unit("CS", "Cơ sở cai nghiện", (), "Đơn vị trực thuộc Sở"),
)
REGISTER = Register(UNITS)
SPECIALISTS, ATTACHED = "TCKT VL BT", "TT CS"

# text of the cell, codes in order, what names nobody
CELLS = [
    # one unit, by any name it answers to
    ("Văn phòng Sở", "VP", ""),
    ("VP", "VP", ""),
    ("vps", "VP", ""),
    ("VĂN  PHÒNG   SỞ", "VP", ""),
    ("Phòng Tài chính - Kế toán", "TCKT", ""),
    ("Phòng Tài chính—Kế toán", "TCKT", ""),
    ("P. TC-KT", "TCKT", ""),
    ("Phòng Bảo trợ và Phòng, chống tệ nạn xã hội", "BT", ""),
    # a group, with and without "Các", "Sở", "thuộc Sở"
    ("Các phòng chuyên môn", SPECIALISTS, ""),
    ("phòng chuyên môn", SPECIALISTS, ""),
    ("Các phòng chuyên môn Sở", SPECIALISTS, ""),
    ("Các phòng chuyên môn thuộc Sở", SPECIALISTS, ""),
    ("Các đơn vị trực thuộc", ATTACHED, ""),
    ("Các đơn vị trực thuộc Sở", ATTACHED, ""),
    ("Văn phòng", "VP", ""),
    # several
    ("Văn phòng Sở; TT. DVVL", "VP TT", ""),
    ("Văn phòng Sở;; TT. DVVL;", "VP TT", ""),
    ("TT. DVVL; Văn phòng Sở; TT", "TT VP", ""),
    ("Các phòng chuyên môn, đơn vị trực thuộc Sở", f"{SPECIALISTS} {ATTACHED}", ""),
    ("Văn phòng Sở, Phòng Bảo trợ và Phòng, chống tệ nạn xã hội, VL", "VP BT VL", ""),
    ("Các phòng chuyên môn; Phòng Tài chính – Kế toán", SPECIALISTS, ""),
    # a group and a list: only those listed, members or not, "Phòng" may be absent
    ("Các phòng chuyên môn: Tài chính – Kế toán; Trung tâm Dịch vụ việc làm", "TCKT TT", ""),
    ("Các phòng chuyên môn: Lao động – Việc làm – Bảo hiểm", "VL", ""),
    ("Phòng chuyên môn: Bảo trợ và Phòng, chống tệ nạn xã hội; VP", "BT VP", ""),
    ("Các phòng chuyên môn: Kế toán; Văn phòng", "VP", "Kế toán"),
    # nobody
    ("", "", ""),
    (" ; ", "", ""),
    ("Phòng Tài chính", "", "Phòng Tài chính"),
    ("Tài chính – Kế toán", "", "Tài chính – Kế toán"),
    ("Văn phòng Sở, Phòng Lạ", "VP", "Phòng Lạ"),
    ("Sở Nội vụ, UBND các huyện, Văn phòng Sở, Sở Y tế", "VP", "Sở Nội vụ, UBND các huyện; Sở Y tế"),
    ("Phòng Lạ, Phòng Bảo trợ và Phòng, chống tệ nạn xã hội, VL", "BT VL", "Phòng Lạ"),
    ("Phòng Bảo trợ và Phòng, chống ma túy", "", "Phòng Bảo trợ và Phòng, chống ma túy"),
    ("Văn phòng Sở, ", "VP", ""),
    ("Văn phòng Sở; Phòng Lạ; TT", "VP TT", "Phòng Lạ"),
    # what stands before the colon and is no group; its list is read as ever
    ("Chủ trì: Văn phòng Sở", "VP", "Chủ trì"),
    ("Các phòng nghiệp vụ: Tài chính – Kế toán; Phòng Lạ", "TCKT", "Các phòng nghiệp vụ; Phòng Lạ"),
    ("Các phòng chuyên môn:", SPECIALISTS, ""),
    ("Văn phòng Sở và các phòng chuyên môn", "", "Văn phòng Sở và các phòng chuyên môn"),
    ("Phòng chuyên", "", "Phòng chuyên"),
]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(("text", "codes", "unknown"), CELLS)
def test_a_cell_names_units(text: str, codes: str, unknown: str, form: str) -> None:
    resolved = REGISTER.resolve(unicodedata.normalize(form, text))
    assert " ".join(resolved.codes) == codes
    assert "; ".join(resolved.unknown) == unknown


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("Phòng Tài chính Kế toán", ("Phòng Tài chính – Kế toán",)),
        ("Trung tâm Dịch vụ việc lam", ("Trung tâm Dịch vụ việc làm",)),
        ("P TC-KT", ("Phòng Tài chính – Kế toán",)),
        ("Phong Tai chinh - Ke toan", ("Phòng Tài chính – Kế toán",)),
        ("Các phòng chuyen môn", ("Các phòng chuyên môn",)),
        ("Chi cục Thủy lợi", ()),
    ],
)
def test_what_looks_alike_is_suggested_and_never_taken(text: str, suggested: tuple[str, ...]) -> None:
    assert REGISTER.suggestions(text)[:1] == suggested
    assert REGISTER.unit(text) is None
    assert REGISTER.resolve(text).codes == ()


# Who cooperates may be no unit of the plan: what a suggestion makes an error of is a name with a slip in it.
COOPERATING = [
    ("Phòng Tài chính Kế toán", "Phòng Tài chính – Kế toán"),
    ("Van phong So", "Văn phòng Sở"),
    ("Phòng Lao động", "Phòng Lao động – Việc làm – Bảo hiểm"),
    ("Sở Nội vụ và Văn phòng Sở", "Văn phòng Sở"),
    ("Sở Nội vụ", None),
    ("UBND các huyện", None),
    ("UBND các huyện, thị xã, thành phố", None),
    ("Văn phòng UBND tỉnh", None),
    ("Văn phòng Sở Nội vụ", None),
    ("Trung tâm Tin học", None),
    ("Phòng Tài chính – Kế hoạch các huyện", None),
    ("Các cơ quan liên quan", None),
]


@pytest.mark.parametrize(("text", "nearly"), COOPERATING)
def test_an_outside_body_is_nearly_no_unit(text: str, nearly: str | None) -> None:
    assert next(iter(REGISTER.suggestions(text, nearly=True)), None) == nearly


def test_a_name_of_two_units_is_nobodys_and_a_code_is_its_own() -> None:
    register = Register(
        (
            Unit("A", "Phòng A", ("Phòng Một", "B")),
            Unit("B", "Phòng B", ("Phòng Một",)),
            Unit("C", "Phòng C", ("PC", "pc")),
        )
    )
    assert register.resolve("Phòng Một").unknown == ("Phòng Một",)
    assert [register.unit(text) for text in ("Phòng A", "b", "PC")] == ["A", "B", "C"]


def test_a_shared_name_makes_the_leaves_it_leads_unscorable(tmp_path) -> None:
    made = plans.load(
        tmp_path,
        {
            "Đơn vị": """
        | Mã  | Tên đơn vị   | Tên khác   |
        | VP  | Văn phòng Sở | Phòng Một  |
        | TT  | Trung tâm    | phòng một  |
        | TT2 | Phòng Hai    |            |
    """,
            "Phụ lục": """
        | TT  | NỘI DUNG | ĐƠN VỊ THỰC HIỆN |
        | 1.1 | Kế hoạch | Phòng Một        |
        | 1.2 | Thủ tục  | Phòng Hai        |
    """,
            "Số liệu": """
        | Mã     | Tên số liệu | Đơn vị nhập  |
        | A_DUNG | Đúng hạn    | Văn phòng Sở |
        | A_TONG | Tổng        | Văn phòng Sở |
    """,
        },
    )
    assert found(made, "Đơn vị") == [("A3", "P129")]
    assert found(made, "Phụ lục") == []  # there is such a name, it only belongs to two
    assert unsound(made) == "1.1"


def test_every_unit_cell_of_the_template_is_understood() -> None:
    plan = load_plan(ROOT / "templates" / "plan_template.xlsx")
    register = Register(plan.units)
    cells = {text for row in plan.appendix for text in (row.lead_text, row.cooperating_text) if text}
    assert len(cells) == 6
    assert [register.resolve(text).unknown for text in cells] == [()] * 6
    for unit in plan.units:
        for name in (unit.code, unit.name, *unit.aliases):
            assert register.unit(name) == unit.code


def test_a_name_of_thousands_of_commas_costs_no_time() -> None:
    """Every cut of a list is tried only as far as names go that stand in lists; a longer name stands alone."""
    many = ",".join(["A"] * 8_000)
    register = Register((Unit("VP", "Văn phòng", aliases=(many, ",".join(["B"] * 10))),))
    start = time.process_time()
    assert register.resolve(many).codes == ("VP",)
    assert register.resolve("Lạ, " + ",".join(["B"] * 10)).codes == ("VP",)
    assert register.resolve(many + ",Lạ").codes == ()
    assert time.process_time() - start < 2
