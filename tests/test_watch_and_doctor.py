"""What happens in a folder that is watched, and what is said of a machine."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from cchc_xl.cli.output import Replies
from cchc_xl.extras.doctor import judged
from cchc_xl.extras.machine import NEEDED, Facts, Place, place
from cchc_xl.pipeline.line import open_plan
from cchc_xl.pipeline.watch import watch
from cchc_xl.plan.edition import find_period
from tests.unit_forms import PERIOD, build_plan, fill, form, full_folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    full_folder(build_plan(tmp_path / "ke-hoach.xlsx"), tmp_path / "don-vi")
    return tmp_path


def _told(seen, looks: int = 1) -> list[tuple[str, str]]:
    return [(item.kind, item.file) for _ in range(looks) for item in seen.look()]


def test_what_is_filed_is_told_when_it_stands_still_and_only_once(home: Path) -> None:
    waiting = form(home / "don-vi", "NCC").rename(home / "NCC.xlsx")
    seen = watch(home / "ke-hoach.xlsx", home / "don-vi", period="Quý I năm 2021")
    assert _told(seen) == [], "nothing is opened at the first sight"
    assert _told(seen) == [("filed", f"{PERIOD}_LD.xlsx"), ("filed", f"{PERIOD}_VP.xlsx")]
    assert _told(seen, 3) == []
    data, target = waiting.read_bytes(), home / "don-vi" / f"{PERIOD}_NCC.xlsx"
    target.write_bytes(data[:1000])
    assert _told(seen) == []
    target.write_bytes(data)  # it has grown: still being copied
    assert _told(seen) == []
    assert _told(seen) == [("filed", f"{PERIOD}_NCC.xlsx")]
    assert seen.missing == ()
    fill(target, figures={"HSO_DUNG": "năm mươi"})
    again = [item for _ in range(2) for item in seen.look()]
    assert [item.kind for item in again] == ["again"]
    assert {one.code for one in again[0].findings if one.severity == "error"} == {"D101"}
    target.unlink()
    assert _told(seen) == [("gone", f"{PERIOD}_NCC.xlsx")]
    assert (len(seen.missing), seen.pending, seen.tries) == (1, {}, {})


def test_a_file_that_somebody_holds_open_is_waited_for(home: Path) -> None:
    lock = home / "don-vi" / f"~${PERIOD}_VP.xlsx"
    lock.write_bytes(b"x")
    seen = watch(home / "ke-hoach.xlsx", home / "don-vi", period=PERIOD)
    assert ("waits", f"{PERIOD}_VP.xlsx") in _told(seen)
    assert ("filed", f"{PERIOD}_VP.xlsx") not in _told(seen, 3)
    lock.unlink()
    assert _told(seen, 2) == [("filed", f"{PERIOD}_VP.xlsx")]


def test_a_share_that_blinks_is_told_once_and_nothing_is_taken_for_gone(home: Path) -> None:
    seen = watch(home / "ke-hoach.xlsx", home / "don-vi", period=PERIOD)
    assert len(_told(seen, 2)) == 3
    (home / "don-vi").rename(home / "xa")
    assert _told(seen, 3) == [("lost", "")]
    (home / "xa").rename(home / "don-vi")
    assert _told(seen, 2) == [("back", "")]
    assert len(seen.filed) == 3


def test_it_goes_on_until_it_is_stopped_and_ends_with_one_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    form(home / "don-vi", "VP").unlink()
    pauses = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            raise KeyboardInterrupt

    seen = watch(home / "ke-hoach.xlsx", home / "don-vi", period=PERIOD)
    events = type(seen).events
    monkeypatch.setattr(type(seen), "events", lambda self, every: events(self, every, sleep=sleep))
    lines = list(Replies("vi").watched(seen, 30, once=False).lines)
    assert lines[0].startswith("Đang theo dõi")
    assert sum(line.endswith(": sạch.") for line in lines) == 2
    assert lines[-1].startswith("Đã dừng theo dõi. Đã gửi 2/3 đơn vị; chưa gửi: ")
    assert pauses == [1.0, 30, 30], "soon again while something is waited for"


FIT = Facts(
    system="Windows",
    python="3.13.1",
    bits=64,
    interpreter="C:\\cchc\\python\\python.exe",
    folder=Place("D:\\don-vi", free=10**11),
    temp=Place("C:\\Temp", free=10**11),
    packages=dict.fromkeys((*NEEDED, "pandas"), "1"),
    registry={"excel": "C:\\excel.exe", "long paths": 1},
    code_page="65001",
    fonts=True,
)
TROUBLES = [
    ({"python": "3.9.2"}, "Python", "bad"),
    ({"bits": 32}, "Python", "note"),
    ({"interpreter": "C:\\Users\\Nguyễn\\python.exe"}, "Python", "bad"),
    ({"packages": {"openpyxl": "3.1"}}, "Thư viện", "bad"),
    ({"settings": {"xlwings.conf": {"CONDA PATH": "C:\\conda"}}}, "Thiết lập xlwings có từ trước", "note"),
    ({"folder": Place("\\\\may\\chung", unread="không có quyền", shared=True)}, "Thư mục chia sẻ", "bad"),
    ({"folder": Place("D:\\a", unwritten="không có quyền")}, "Thư mục", "bad"),
    ({"folder": Place("D:\\a", seconds=9)}, "Thư mục", "note"),
    ({"folder": Place("C:\\OneDrive\\a")}, "Đồng bộ đám mây", "note"),
    ({"temp": Place("C:\\Users\\Nguyễn\\Temp")}, "Thư mục tạm", "note"),
    ({"temp": Place("C:\\Temp", free=10**7)}, "Chỗ trống trên ổ đĩa", "bad"),
    ({"code_page": "1258"}, "Bảng mã của cửa sổ lệnh", "note"),
    ({"registry": {"excel": "x"}, "folder": Place("D:\\" + "a" * 200)}, "Đường dẫn dài", "bad"),
    ({"fonts": False}, "Phông chữ Times New Roman", "note"),
    ({"registry": {}}, "Chương trình bảng tính", "note"),
    ({"registry": {"excel": "x", "macros": 4}}, "Macro trong Excel", "note"),
    ({"registry": {"excel": "x", "macros policy": 4}}, "Macro trong Excel", "note"),
    ({"marked": ("tong_hop.xlsm",)}, "Macro trong Excel", "note"),
]


def test_a_machine_that_is_fit_has_nothing_to_do() -> None:
    assert {item.state for item in judged(FIT)} == {"good"}


@pytest.mark.parametrize(("change", "name", "state"), TROUBLES, ids=lambda item: str(item)[:40])
def test_each_trouble_is_told_with_what_to_do(change: dict[str, object], name: str, state: str) -> None:
    found = {item.name[0]: item for item in judged(replace(FIT, **change))}[name]
    assert found.state == state
    assert all(found.means)
    assert all(found.to_do) or name == "Python", "what to do, in both languages"


def test_looking_leaves_nothing_behind(tmp_path: Path) -> None:
    assert (place(tmp_path).unread, place(tmp_path).unwritten) == ("", "")
    assert list(tmp_path.iterdir()) == []
    assert place(tmp_path / "khong").unread == "không có tệp hoặc thư mục này"


PERIODS = [
    ("2021-Q1", "2021-Q1"),
    ("2021-q1", "2021-Q1"),
    ("Quý I năm 2021", "2021-Q1"),
    (unicodedata.normalize("NFD", "QUÝ I NĂM 2021"), "2021-Q1"),
    ("Quý I", "2021-Q1"),
    ("quý 1", "2021-Q1"),
    ("quy 1", "2021-Q1"),
    ("Q1", "2021-Q1"),
    ("2021Q1", "2021-Q1"),
    ("q1/2021", "2021-Q1"),
    ("Q1/21", "2021-Q1"),
    ("Q1 2020", None),
    ("Q2", None),
    ("quý", None),
    ("1", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "code"), PERIODS)
def test_a_period_is_told_by_whatever_can_mean_it_alone(text: str, code: str | None, tmp_path: Path) -> None:
    found = find_period(open_plan(build_plan(tmp_path / "ke-hoach.xlsx")), text)
    assert (found and found.code) == code
