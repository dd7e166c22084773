"""What looks wrong with the whole input is said first, and no letter goes out before it should."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from cchc_xl.pipeline.write import why_no_letters
from tests.command import cchc
from tests.unit_forms import PERIOD, build_plan, copy_tree, form, full_folder, issue_forms


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Plan and full folder."""
    home = tmp_path_factory.mktemp("vao")
    full_folder(build_plan(home / "plan.xlsx"), home / "don-vi")
    return home


def emptied(home: Path) -> None:
    shutil.rmtree(home / "don-vi")
    (home / "don-vi").mkdir()


def only_evidence(home: Path) -> None:
    emptied(home)
    (home / "don-vi" / "ket-luan.pdf").write_bytes(b"x")


def another_plan(home: Path) -> None:
    """The workbooks are no forms of this plan."""
    emptied(home)
    for number in range(3):
        shutil.copyfile(home / "plan.xlsx", home / "don-vi" / f"ke-hoach-{number}.xlsx")


def unfilled(home: Path) -> None:
    emptied(home)
    issue_forms(home / "plan.xlsx", home / "don-vi")


CHECK = "Kiểm tra kế hoạch, kỳ và thư mục đã chọn; nếu đúng là chưa đơn vị nào gửi thì chưa cần làm gì."
#   what was given -> the first line
CASES: list[tuple[str, Callable[[Path], None], str]] = [
    ("an empty folder", emptied, f"Thư mục don-vi không có tệp nào có thể là báo cáo của đơn vị. {CHECK}"),
    ("evidence alone", only_evidence, f"Thư mục don-vi không có tệp nào có thể là báo cáo của đơn vị. {CHECK}"),
    ("workbooks of something else", another_plan, f"Không tệp nào trong 3 tệp của thư mục don-vi là báo cáo theo kế hoạch này. {CHECK}"),
    ("forms nobody has filled in", unfilled, f"Không tệp nào trong 3 tệp của thư mục don-vi là báo cáo theo kế hoạch này. {CHECK}"),
    ("a sound folder", lambda _: None, "Quý I năm 2021: chỉ số "),
]  # fmt: skip


@pytest.mark.parametrize(("change", "told"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_what_is_wrong_with_all_of_it_is_the_first_line(
    sent: Path, tmp_path: Path, change: Callable[[Path], None], told: str
) -> None:
    home = copy_tree(sent, tmp_path / "vao")
    change(home)
    for command in (("check",), ("run", "--out", home / "ket-qua")):
        done = cchc(command[0], home / "plan.xlsx", home / "don-vi", "--period", PERIOD, *command[1:])
        assert done.stdout.splitlines()[0].startswith(told), done.stderr


def test_files_of_another_period_are_said_first(sent: Path, tmp_path: Path) -> None:
    home = copy_tree(sent, tmp_path / "vao")
    other = next(code for code in periods(home / "plan.xlsx") if code != PERIOD)
    done = cchc("check", home / "plan.xlsx", home / "don-vi", "--period", other)
    assert done.stdout.startswith(f"Cả 3 tệp trong thư mục don-vi là của kỳ {PERIOD}, không phải {other}. {CHECK}")
    form(home / "don-vi", "VP").unlink()  # two of two: the others are no less wrong
    done = cchc("check", home / "plan.xlsx", home / "don-vi", "--period", other)
    assert done.stdout.startswith(f"Cả 2 tệp trong thư mục don-vi là của kỳ {PERIOD}")


def periods(plan: Path) -> list[str]:
    from cchc_xl.plan import load_plan

    return [period.code for period in load_plan(plan).periods]


def test_the_folder_one_stands_in_is_called_by_its_name(sent: Path, tmp_path: Path) -> None:
    home = copy_tree(sent, tmp_path / "vao")
    emptied(home)
    done = cchc("check", home / "plan.xlsx", ".", "--period", PERIOD, cwd=home / "don-vi")
    assert done.stdout.startswith("Thư mục don-vi không có tệp nào có thể là báo cáo của đơn vị.")


def test_a_plan_that_is_open_is_said_first(sent: Path, tmp_path: Path) -> None:
    home = copy_tree(sent, tmp_path / "vao")
    (home / "~$plan.xlsx").write_bytes(b"x")
    done = cchc("check", home / "plan.xlsx", home / "don-vi", "--period", PERIOD)
    assert "chỉ đọc bản đã lưu" in done.stdout.splitlines()[0]


@pytest.mark.parametrize("command", ["check", "run"])
def test_plan_and_folder_in_each_other_s_place(sent: Path, tmp_path: Path, command: str) -> None:
    more = ("--out", tmp_path / "ket-qua") if command == "run" else ()
    done = cchc(command, sent / "don-vi", sent / "plan.xlsx", "--period", PERIOD, *more)
    assert (done.returncode, done.stdout) == (2, "")
    assert "hình như đã đổi chỗ kế hoạch và thư mục" in done.stderr
    assert f"{command} {sent / 'plan.xlsx'} {sent / 'don-vi'} --period {PERIOD}" in done.stderr  # the whole right line
    right = cchc(command, sent / "plan.xlsx", sent / "don-vi", "--period", PERIOD, *more)
    assert right.returncode == 0


# --- letters ---


def test_a_letter_waits_for_the_deadline_and_for_somebody_to_send(sent: Path, tmp_path: Path) -> None:
    home = copy_tree(sent, tmp_path / "vao")
    form(home / "don-vi", "NCC").unlink()

    def letters(*more: str) -> tuple[list[str], bool]:
        done = cchc("run", home / "plan.xlsx", home / "don-vi", "--period", PERIOD, "--out", home / "ket-qua", *more)
        told = "Chưa lập công văn đôn đốc vì chưa đơn vị nào gửi; nếu cần, chạy lại với --letters one." in done.stdout
        return sorted(path.name for path in (home / "ket-qua" / PERIOD).glob("don-doc/*")), told

    assert letters() == (["cong-van.docx"], False)
    assert letters("--letters", "none") == ([], False)
    emptied(home)
    assert letters() == ([], True)
    assert letters("--letters", "one") == (["cong-van.docx"], False)
    assert letters("--letters", "each") == (["LD.docx", "NCC.docx", "VP.docx"], False)


def test_until_the_last_day_is_over_nobody_is_late(sent: Path) -> None:
    from cchc_xl import check

    contents = check(sent / "plan.xlsx", sent / "don-vi", period=PERIOD).result.contents
    due = date(2021, 3, 20)
    assert contents.due == due
    told = "Chưa lập công văn đôn đốc vì chưa hết hạn gửi 20/3/2021; nếu cần, chạy lại với --letters one."
    assert [why_no_letters(contents, due + timedelta(days)) for days in (-1, 0, 1)] == [told, told, ""]
