"""What people wrote in a result's folder stays; one run at a time; a killed run loses nothing; results are verified."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from docx import Document
from openpyxl import load_workbook

import cchc_xl
from cchc_xl import pipeline
from cchc_xl.result import lock, manifest
from cchc_xl.result.lock import LOCK, STALE_MINUTES
from tests.command import Done, cchc
from tests.conftest import PRINTED, ROOT, WHOLE
from tests.test_report import small_template
from tests.unit_forms import PERIOD, build_plan, copy_tree, edit, form, full_folder, tree

OPINION = "Ý kiến của Văn phòng"
MINE = "Sửa tay của cán bộ"


@dataclass(frozen=True)
class Office:
    """The folder of an office: plan, forms and results."""

    home: Path

    @property
    def out(self) -> Path:
        return self.home / "ket-qua"

    @property
    def result(self) -> Path:
        return self.out / PERIOD

    @property
    def appraisal(self) -> Path:
        return self.result / "tham-dinh.xlsx"

    def run(self) -> cchc_xl.Result:
        return pipeline.run(self.home / "plan.xlsx", self.home / "don-vi", period=PERIOD, out=self.out)

    def command(self) -> Done:
        return cchc("run", self.home / "plan.xlsx", self.home / "don-vi", "--period", PERIOD, "--out", self.out)

    def told(self) -> dict[str, Any]:
        return dict(json.loads((self.result / "result.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """After a first run: one unit has sent nothing, one has something to mend."""
    office = Office(tmp_path_factory.mktemp("co-quan"))
    full_folder(build_plan(office.home / "plan.xlsx"), office.home / "don-vi")
    for name in ("report.docx", "reminder.docx"):  # the office's own, of one line: what they hold is not the point
        small_template(office.home, "{{ index.percent }}").rename(office.home / name)
    form(office.home / "don-vi", "NCC").unlink()
    edit(form(office.home / "don-vi", "VP"), wrong_figure)
    office.run()
    appraise(office.appraisal, OPINION)
    return office


def wrong_figure(book: Any) -> None:
    book["Số liệu"]["D8"].value = "nhiều"


@pytest.fixture
def office(first: Office, tmp_path: Path) -> Office:
    return Office(copy_tree(first.home, tmp_path / "co-quan"))


def appraise(path: Path, text: str) -> None:
    """The Office writes its opinion of the criterion 1.1."""
    book = load_workbook(path)
    sheet = book["Thẩm định"]
    column = next(cell.column for cell in sheet[5] if cell.value == "Ý kiến lần 1")
    row = next(row[0].row for row in sheet.iter_rows(min_row=6) if row[0].value == "1.1")
    sheet.cell(row, column).value = text
    book.save(path)


def opinion(result: cchc_xl.Result) -> object:
    """What the run read of it."""
    (criterion,) = (item for item in result.document["criteria"] if item["code"] == "1.1")
    return (criterion["appraisal"] or {}).get("Ý kiến lần 1")


def in_word(path: Path) -> None:
    document = Document(str(path))
    document.add_paragraph(MINE)
    document.save(str(path))


def in_excel(path: Path) -> None:
    book = load_workbook(path)
    book.active["A40"].value = MINE
    book.save(path)


def in_bytes(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


# --- edited files stay; the new ones stand beside ---

#   what is edited                  how
EDITS: list[tuple[str, Callable[[Path], None]]] = [
    ("bao-cao.docx", in_word),
    ("tong-hop.xlsx", in_excel),
    ("don-doc/cong-van.docx", in_word),
    ("phan-hoi/VP.xlsx", in_excel),
    ("nguon/report.docx", in_word),
]


def test_every_kind_of_file_that_was_edited_stays_and_the_new_one_stands_beside(office: Office) -> None:
    for name, change in EDITS:
        change(office.result / name)
    names = sorted(name for name, _ in EDITS)
    mine = {name: (office.result / name).read_bytes() for name in names}
    for number in range(2):
        done = office.command()
        assert (done.returncode, done.stderr) == (1, "")
        assert {name: (office.result / name).read_bytes() for name in names} == mine
        assert office.told()["edited"] == names
        (sentence,) = [line for line in done.stdout.splitlines() if line.startswith("Giữ nguyên tệp đã sửa tay: ")]
        for name in names:
            path = Path(name)
            (new,) = (office.result / path.parent).glob(f"{path.stem} (mới *){path.suffix}")
            assert f"{name} (bản mới: {new.relative_to(office.result).as_posix()})" in sentence, number
        assert "Bản phản hồi phan-hoi/VP.xlsx đã sửa trong thư mục kết quả" in done.stdout


def test_what_nobody_edited_is_replaced_without_a_word(office: Office) -> None:
    done = office.command()
    assert "sửa tay" not in done.stdout
    assert office.told()["edited"] == []
    assert not list(office.result.rglob("*(mới *"))


def test_a_new_file_beside_that_somebody_edits_stays_too(office: Office) -> None:
    in_word(office.result / "bao-cao.docx")
    office.run()
    (beside,) = office.result.glob("bao-cao (mới *).docx")
    in_word(beside)
    mine = {path: path.read_bytes() for path in (office.result / "bao-cao.docx", beside)}
    result = office.run()
    assert {path: path.read_bytes() for path in mine} == mine
    assert set(result.contents.edited) == {path.name for path in mine}
    assert len(list(office.result.glob("bao-cao*.docx"))) == 3


def test_an_edited_file_that_is_not_written_any_more_stays(office: Office) -> None:
    """The unit has mended everything: there is no new marked copy."""
    in_excel(office.result / "phan-hoi" / "VP.xlsx")
    mine = (office.result / "phan-hoi" / "VP.xlsx").read_bytes()
    full_folder(office.home / "plan.xlsx", office.home / "don-vi")
    for _ in range(2):
        office.run()
        assert (office.result / "phan-hoi" / "VP.xlsx").read_bytes() == mine


def test_once_the_edited_file_is_gone_the_new_one_has_its_name(office: Office) -> None:
    in_word(office.result / "bao-cao.docx")
    office.run()
    (office.result / "bao-cao.docx").unlink()
    office.run()
    assert [path.name for path in office.result.glob("bao-cao*")] == ["bao-cao.docx"]


def test_a_changed_result_json_is_never_taken_for_the_result(office: Office) -> None:
    path = office.result / "result.json"
    path.write_text(path.read_text(encoding="utf-8").replace("2021-Q1", "2099-Q1"), encoding="utf-8")
    mine = path.read_bytes()
    office.run()
    assert office.told()["period"] == PERIOD
    (theirs,) = office.result.glob("result (đã lưu *).json")
    assert theirs.read_bytes() == mine


def test_without_its_manifest_everything_in_the_folder_is_people_s(office: Office) -> None:
    (office.result / "manifest.json").write_text("[" * 100_000, encoding="utf-8")
    before = tree(office.result)
    office.run()
    after = tree(office.result)
    assert set(before.values()) - set(after.values()) <= {before["manifest.json"]}


def test_the_report_made_again_stands_beside_the_edited_one(office: Office) -> None:
    before = tree(office.result)
    done = cchc("report", office.result)
    assert (done.returncode, "sửa tay" in done.stdout) == (0, False)
    in_word(office.result / "bao-cao.docx")
    mine = (office.result / "bao-cao.docx").read_bytes()
    for _ in range(2):
        done = cchc("report", office.result)
        assert (office.result / "bao-cao.docx").read_bytes() == mine
        (beside,) = office.result.glob("bao-cao (mới *).docx")
        assert f"Giữ nguyên tệp đã sửa tay: bao-cao.docx (bản mới: {beside.name})." in done.stdout
    known = manifest.load(office.result)
    assert known is not None
    assert known.edited(office.result) == ("bao-cao.docx", "tham-dinh.xlsx")  # entered before the first run ended
    assert set(tree(office.result)) == {*before, beside.name}
    kept = office.result / "nguon" / "report.docx"
    kept.unlink()
    assert f"Không có mẫu báo cáo {kept}" in cchc("report", office.result).stderr
    kept.write_bytes((ROOT / "templates" / "report.docx").read_bytes())
    in_word(office.result / "phieu-kiem-tra.docx")
    assert "; phieu-kiem-tra.docx (bản mới: phieu-kiem-tra (mới " in cchc("report", office.result).stdout


def test_an_edited_draft_stays(year: cchc_xl.Result, tmp_path: Path) -> None:
    assert year.folder is not None
    result = copy_tree(Path(year.folder), tmp_path / "ket-qua" / "2020-N")
    in_word(draft := cchc_xl.draft_plan(result))
    mine = draft.read_bytes()
    example = ROOT / "examples" / "2020-ca-nam"
    pipeline.run(example / "ke-hoach.xlsx", example / "don-vi", period="2020-N", out=tmp_path / "ket-qua")
    assert cchc_xl.draft_plan(result) != draft
    assert draft.read_bytes() == mine


def test_the_marked_copies_of_a_check_replace_only_what_a_check_wrote(office: Office) -> None:
    def check() -> list[str]:
        told = pipeline.check(office.home / "plan.xlsx", office.home / "don-vi", period=PERIOD, feedback=folder)
        return [path.name for path in told.copies]

    folder = office.home / "gửi lại"
    assert check() == ["VP.xlsx"]
    assert check() == ["VP.xlsx"]
    edit(folder / "VP.xlsx", lambda book: book["Số liệu"].__setitem__("D9", 7))
    mine = (folder / "VP.xlsx").read_bytes()
    (beside,) = check()
    assert beside.startswith("VP (mới ")
    assert (folder / "VP.xlsx").read_bytes() == mine
    (office.home / "don-vi" / "2021-Q1_VP.xlsx").rename(office.home / "don-vi" / "VP.xlsx")
    sent, folder = (office.home / "don-vi" / "VP.xlsx").read_bytes(), office.home / "don-vi"
    check()
    assert (folder / "VP.xlsx").read_bytes() == sent


#   what people did in the result, and what must stand there after three runs
THEIRS: list[tuple[str, Callable[[Path], object], Callable[[Path], bool]]] = [
    ("a link to a folder", lambda it: (it / "l").symlink_to(it.parent.parent / "don-vi"), lambda it: (it / "l").is_symlink()),
    ("a link to nothing", lambda it: (it / "l").symlink_to("/khong-co"), lambda it: (it / "l").is_symlink()),
    ("a pipe", lambda it: os.mkfifo(it / "p"), lambda it: (it / "p").is_fifo()),
    ("a link to a pipe", lambda it: (os.mkfifo(it.parent.parent / "p"), (it / "p").symlink_to(it.parent.parent / "p")), lambda it: (it / "p").is_symlink()),
    ("an empty folder", lambda it: (it / "Đã ký").mkdir(), lambda it: (it / "Đã ký").is_dir()),
    ("a name like an unfinished file's", lambda it: (it / ".dang-ghi a").write_text(MINE), lambda it: (it / ".dang-ghi a").read_text() == MINE),
    ("a folder called like our report", lambda it: ((it / "bao-cao.docx").unlink(), (it / "bao-cao.docx").mkdir(), (it / "bao-cao.docx" / "a").write_text(MINE)), lambda it: any(path.read_text() == MINE for path in it.glob("bao-cao*/a"))),
    ("a file called like our folder", lambda it: (shutil.rmtree(it / "don-doc"), (it / "don-doc").write_text(MINE)), lambda it: any(path.is_file() and path.read_text() == MINE for path in it.glob("don-doc*"))),
]  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of another system")
@pytest.mark.parametrize(("does", "stands"), [row[1:] for row in THEIRS], ids=[row[0] for row in THEIRS])
def test_whatever_people_make_in_the_result_stays_and_does_not_multiply(
    office: Office, does: Callable[[Path], object], stands: Callable[[Path], bool]
) -> None:
    does(office.result)
    counts = []
    for _ in range(3):
        office.run()
        assert stands(office.result)
        counts.append(len(list(office.result.rglob("*"))))
    assert counts[1] == counts[2]
    assert [path.name for path in office.out.iterdir()] == [PERIOD]


def test_a_file_of_people_s_in_the_place_of_a_letter_is_said_at_once(office: Office) -> None:
    (office.result / "don-doc" / "cong-van.docx").unlink()
    pipeline.run(office.home / "plan.xlsx", office.home / "don-vi", period=PERIOD, out=office.out, letters="none")
    (office.result / "don-doc").mkdir(exist_ok=True)
    (office.result / "don-doc" / "cong-van.docx").write_text(MINE, encoding="utf-8")
    notice = office.run().notices[0]
    assert notice.startswith("Giữ nguyên tệp đã sửa tay: don-doc/cong-van.docx (bản mới: don-doc/cong-van (mới ")


# --- an interrupted swap ---


def between_the_renames(office: Office) -> None:
    office.result.rename(office.out / f".{PERIOD}.old")


def test_a_folder_made_in_the_place_of_an_interrupted_result_does_not_cost_it(office: Office) -> None:
    between_the_renames(office)
    office.result.mkdir()
    (office.result / "n.txt").write_text(MINE, encoding="utf-8")
    assert cchc("explain", office.result, "1.1").returncode == 0
    assert opinion(office.run()) == OPINION
    (theirs,) = office.out.glob(f"{PERIOD} (giữ lại *)/n.txt")
    assert theirs.read_text(encoding="utf-8") == MINE


def test_an_appraisal_saved_before_a_run_was_killed_between_the_renames_is_used(office: Office) -> None:
    office.run()
    shutil.copytree(office.result, office.out / f".{PERIOD}.new")
    appraise(office.appraisal, "Lưu trước khi mất điện")
    between_the_renames(office)
    assert opinion(office.run()) == "Lưu trước khi mất điện"
    assert [path.name for path in office.out.iterdir()] == [PERIOD]


def test_after_an_interruption_verify_reads_and_report_says_what_to_do(office: Office) -> None:
    office.run()
    between_the_renames(office)
    assert cchc("verify", office.result, office.home / "don-vi").returncode == 0
    done = cchc("report", office.result)
    assert (done.returncode, "bị ngắt giữa chừng: hãy chạy lại" in done.stderr) == (2, True)


@pytest.mark.skipif(sys.platform == "win32", reason="links of another system")
def test_a_result_folder_that_is_a_link_is_no_end(office: Office) -> None:
    office.result.rename(office.home / "thật")
    office.result.symlink_to(office.home / "thật")
    for _ in range(2):
        assert opinion(office.run()) == OPINION


# --- the appraisal ---


def test_a_missing_appraisal_stops_the_run_and_its_remedy_brings_it_back(office: Office) -> None:
    office.run()
    office.appraisal.unlink()
    before = tree(office.out)
    done = office.command()
    assert (done.returncode, done.stdout) == (2, "")
    (version,) = (office.result / "tham-dinh-cu").iterdir()
    assert f"hãy chép bản giữ lại gần nhất {version} thành {office.appraisal}" in done.stderr
    assert tree(office.out) == before
    shutil.copyfile(version, office.appraisal)
    assert opinion(office.run()) == OPINION


def test_an_appraisal_missing_after_the_first_run_stops_it_too(office: Office) -> None:
    office.appraisal.unlink()
    assert office.command().returncode == 2
    office.result.rename(office.out / "cũ")
    assert office.command().returncode == 1


def test_idle_runs_push_no_version_out(office: Office) -> None:
    office.run()
    appraise(office.appraisal, "")
    for _ in range(6):
        office.run()
    kept = sorted((office.result / "tham-dinh-cu").iterdir())
    texts = [{str(cell.value) for row in load_workbook(path)["Thẩm định"] for cell in row} for path in kept]
    assert [OPINION in text for text in texts] == [True, False]


def test_the_last_five_versions_are_kept(office: Office) -> None:
    for number in range(7):
        appraise(office.appraisal, f"lần {number}")
        book = load_workbook(office.appraisal)
        book.properties.modified = book.properties.modified.replace(year=2030 + number)
        book.save(office.appraisal)
        office.run()
    kept = sorted((office.result / "tham-dinh-cu").iterdir())
    texts = [{str(cell.value) for row in load_workbook(path)["Thẩm định"] for cell in row} for path in kept]
    said = [[f"lần {number}" for number in range(7) if f"lần {number}" in text] for text in texts]
    assert said == [[f"lần {number}"] for number in range(2, 7)]


def test_an_open_appraisal_stops_the_run_whatever_else_is_open(office: Office) -> None:
    shutil.copyfile(office.appraisal, office.result / "Ban sao tham-dinh.xlsx")
    for name in ("~$bao-cao.docx", "~$tham-dinh.xlsx"):
        (office.result / name).write_bytes(b"x")
    done = office.command()
    assert (done.returncode, f"{office.appraisal} đang mở" in done.stderr) == (2, True)


@pytest.mark.parametrize("moment", ["Ghi báo cáo Word", "Đặt kết quả vào chỗ"])
def test_an_appraisal_saved_during_the_run_is_never_lost(office: Office, moment: str) -> None:
    def meanwhile(text: str) -> None:
        if text == moment:
            appraise(office.appraisal, "Sửa trong lúc chạy")

    with pytest.raises(pipeline.CannotRunError, match="vừa được lưu trong lúc chạy: hãy chạy lại"):
        pipeline.run(
            office.home / "plan.xlsx", office.home / "don-vi", period=PERIOD, out=office.out, progress=meanwhile
        )
    assert [path.name for path in office.out.iterdir()] == [PERIOD]
    assert opinion(office.run()) == "Sửa trong lúc chạy"


# --- one run at a time ---


def other(office: Office, **told: object) -> Path:
    """The lock of another run."""
    process = psutil.Process()
    with lock.locked(office.out):
        made = json.loads((office.out / LOCK).read_text(encoding="utf-8"))
    made |= {"pid": process.pid, "started": process.create_time(), **told}
    path = office.out / LOCK
    path.write_text(json.dumps(made), encoding="utf-8")
    return path


#   whose lock, its age in minutes -> whether the run goes on
LOCKS: list[tuple[str, dict[str, object], float, bool]] = [
    ("a live process of this machine", {}, 0, False),
    ("a live process of this machine, however long", {}, 9000, False),
    ("a process that is gone", {"pid": 2**22 - 1}, 0, True),
    ("another process of the same number", {"started": 1.0}, 0, True),
    ("another machine", {"host": "PC-02"}, 0, False),
    ("another machine that did not renew it", {"host": "PC-02"}, STALE_MINUTES + 1, True),
]


@pytest.mark.parametrize(("told", "minutes", "free"), [row[1:] for row in LOCKS], ids=[row[0] for row in LOCKS])
def test_a_lock_holds_while_its_run_lives(office: Office, told: dict[str, object], minutes: float, free: bool) -> None:
    path = other(office, user="lan", **told)
    os.utime(path, (time.time() - minutes * 60,) * 2)
    before = tree(office.out)
    done = office.command()
    if free:
        assert done.returncode == 1
        assert [item.name for item in office.out.iterdir()] == [PERIOD]
        return
    assert (done.returncode, done.stdout, tree(office.out)) == (2, "", before)
    assert done.stderr.startswith(f"Không chạy được: lan (máy {told.get('host', os.uname().nodename)}) đang chạy vào ")
    assert str(path) in done.stderr
    report = cchc("report", office.result)
    assert (report.returncode, "đang chạy vào" in report.stderr) == (2, True)
    assert cchc("explain", office.result, "1.1").returncode == 0


def test_a_half_written_lock_of_a_share_without_links_is_held_until_it_is_old(office: Office) -> None:
    (office.out / LOCK).write_bytes(b"")
    assert office.command().returncode == 2
    os.utime(office.out / LOCK, (time.time() - STALE_MINUTES * 60 - 9,) * 2)
    assert office.command().returncode == 1


def test_a_folder_and_odd_numbers_in_the_place_of_the_lock(office: Office) -> None:
    path = office.out / LOCK
    path.mkdir()
    os.utime(path, (time.time() - STALE_MINUTES * 60 - 9,) * 2)
    assert office.command().returncode == 1
    other(office, pid=-5)
    assert office.command().returncode == 1
    assert [item.name for item in office.out.iterdir()] == [PERIOD]


def test_a_run_whose_lock_was_taken_over_ends_without_touching_anything(office: Office) -> None:
    before = tree(office.result)

    def meanwhile(text: str) -> None:
        if text == "Ghi báo cáo Word":
            path = office.out / LOCK
            path.write_text(path.read_text(encoding="utf-8").replace('"token": "', '"token": "x'), encoding="utf-8")

    with pytest.raises(pipeline.CannotRunError, match="Có lượt chạy khác đã thay lượt này"):
        pipeline.run(
            office.home / "plan.xlsx", office.home / "don-vi", period=PERIOD, out=office.out, progress=meanwhile
        )
    assert tree(office.result) == before
    assert (office.out / LOCK).exists()


def test_a_folder_of_results_that_a_failed_run_made_goes_again(office: Office) -> None:
    with pytest.raises(pipeline.CannotRunError):
        pipeline.run(office.home / "plan.xlsx", office.home / "khong-co", period=PERIOD, out=office.home / "mới")
    assert not (office.home / "mới").exists()


@pytest.mark.parametrize("runs", [2, 4])
def test_runs_at_once_and_a_person_who_saves_lose_nothing(office: Office, runs: int) -> None:
    """Each loser is told; what the Office saved last is used by the next run."""
    children = [_forked(office.run) for _ in range(runs)]
    time.sleep(0.1)
    appraise(office.appraisal, "Lưu giữa chừng") if office.appraisal.exists() else None
    codes = Counter(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)
    assert codes[0] <= 1, codes
    assert codes[0] + codes[2] == runs, codes
    assert opinion(office.run()) == "Lưu giữa chừng"
    assert [path.name for path in office.out.iterdir()] == [PERIOD]


def _forked(work: Callable[[], object], before: Callable[[], None] | None = None) -> int:
    """A process that does the work and ends with 0, or with 2 if it could not run."""
    child = os.fork()
    if child:
        return child
    try:
        if before:
            before()
        work()
        os._exit(0)
    except pipeline.CannotRunError:
        os._exit(2)
    except BaseException:
        os._exit(9)


# --- killed at any moment ---

_WRITES = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate"}


def kill_at(number: int, out: Path) -> None:
    """Kills this process at its n-th call that changes something below ``out``."""
    left = number

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event not in _WRITES or not str(arguments[0]).startswith(str(out)):
            return
        if event == "open" and not int(str(arguments[2])) & (os.O_WRONLY | os.O_RDWR):
            return
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def killed(office: Office, before: Callable[[], None] | None, seconds: float | None) -> bool:
    child = _forked(office.run, before)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, -signal.SIGKILL), code
    return code != 0


def after_a_kill(first: Office, home: Path, *, write: int = 0, seconds: float | None = None) -> tuple[bool, str]:
    """Whether the run was killed, and what is missing after the next one."""
    office = Office(copy_tree(first.home, home))
    in_word(office.result / "bao-cao.docx")
    (office.result / "ghi chú.txt").write_text(MINE, encoding="utf-8")
    mine = [(office.result / name).read_bytes() for name in ("bao-cao.docx", "ghi chú.txt")]
    was_killed = killed(office, (lambda: kill_at(write, office.out)) if write else None, seconds)
    standing = {path.read_bytes() for path in office.out.rglob("*") if path.is_file()}
    missing = ["what people wrote, before the next run"] if not set(mine) <= standing else []
    told = office.run()
    if [(office.result / name).read_bytes() for name in ("bao-cao.docx", "ghi chú.txt")] != mine:
        missing.append("what people wrote")
    if opinion(told) != OPINION:
        missing.append("the appraisal")
    known = manifest.load(office.result)
    if known is None or set(known.edited(office.result)) != {"bao-cao.docx"}:
        missing.append("the result")
    if [path.name for path in office.out.iterdir()] != [PERIOD]:
        missing.append("leavings")
    shutil.rmtree(home)
    return was_killed, ", ".join(missing)


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signals")
def test_a_kill_at_any_moment_loses_nothing(first: Office, tmp_path: Path) -> None:
    chosen = random.Random(2021)
    at_writes = range(1, 400) if WHOLE else sorted(chosen.sample(range(1, 60), 6))
    counts: Counter[tuple[str, str]] = Counter()
    for number in at_writes:
        was_killed, missing = after_a_kill(first, tmp_path / "ghi", write=number)
        if not was_killed:
            break
        counts["at the n-th write", missing or "nothing lost"] += 1
    for _ in range(180 if WHOLE else 3):
        was_killed, missing = after_a_kill(first, tmp_path / "luc", seconds=chosen.uniform(0.01, 0.3))
        counts["at a random moment" if was_killed else "ended before", missing or "nothing lost"] += 1
    PRINTED.append("\n".join(["kills"] + [f"{when:24s}{count:6d} {what}" for (when, what), count in counts.items()]))
    assert {what for _, what in counts} == {"nothing lost"}, counts


# --- whether a result follows from its inputs ---

FORMS = "don-vi"


def forged(office: Office) -> None:
    """The index raised, and the manifest made to fit."""
    path = office.result / "result.json"
    told = office.told()
    told["criteria"][1]["points"] = "99"
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    known = json.loads((office.result / "manifest.json").read_text(encoding="utf-8"))
    known["files"]["result.json"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (office.result / "manifest.json").write_text(json.dumps(known), encoding="utf-8")


def more_appraised(office: Office) -> None:
    appraise(office.appraisal, "Ghi thêm sau lần chạy")


def one_more(office: Office) -> None:
    path = form(office.home / FORMS, "VP")
    shutil.copyfile(path, path.with_name("2021-Q1_NCC.xlsx"))


VP = "2021-Q1_VP.xlsx"
#   what happened after the run -> the first difference
CASES: list[tuple[str, Callable[[Office], object], str | None]] = [
    ("nothing", lambda _: None, None),
    ("the Office went on appraising", more_appraised, None),
    (
        "a picture beside the forms",
        lambda office: (office.home / FORMS / "anh.png").write_bytes(b"x"),
        "result.json › sources › anh.png ",
    ),
    ("the report edited", lambda office: in_word(office.result / "bao-cao.docx"), "bao-cao.docx đã bị sửa sau khi lập"),
    (
        "a letter gone",
        lambda office: (office.result / "don-doc/cong-van.docx").unlink(),
        "don-doc/cong-van.docx không còn trong",
    ),
    ("the kept plan changed", lambda office: in_bytes(office.result / "nguon/plan.xlsx"), "nguon/plan.xlsx đã bị sửa"),
    ("a form changed", lambda office: in_bytes(office.home / FORMS / VP), f"{VP} khác tệp đã dùng"),
    ("a form gone", lambda office: (office.home / FORMS / VP).unlink(), f"{VP} không còn trong"),
    ("one more form", one_more, "result.json › "),
    ("a forged result", forged, "result.json › criteria › 1.1 › points trong kết quả là “99”, tính lại ra không có"),
]


@pytest.mark.parametrize(("change", "told"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_the_first_difference_is_named(office: Office, change: Callable[[Office], object], told: str | None) -> None:
    office.run()
    change(office)
    before = tree(office.home)
    done = cchc("verify", office.result, office.home / FORMS)
    assert tree(office.home) == before
    if told is None:
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(f"Đã kiểm chứng {PERIOD}: ")
        return
    assert (done.returncode, done.stderr) == (1, "")
    assert f"; chỗ đầu tiên: {told}" in done.stdout.splitlines()[0]
    as_json = json.loads(cchc("verify", office.result, office.home / FORMS, "--json").stdout)
    assert (as_json["same"], as_json["differences"][0]["name"]) == (False, told.partition(" ")[0]) or "›" in told


def test_what_the_officer_changed_in_the_report_is_told_by_paragraph(office: Office) -> None:
    """Words apart from numbers: one with another number, one reworded, one taken out, one of her own."""
    lines = ("Báo cáo của {{ agency }}", "Có {{ units|count }} đơn vị, kỳ 12", "Không có kiến nghị.", "Bỏ", "Hết")
    small_template(office.home, *lines).replace(office.home / "report.docx")
    office.run()
    path = office.result / "bao-cao.docx"
    document = Document(str(path))
    first, number, words, gone, last = document.paragraphs
    units = number.text.split()[1]
    number.runs[0].text = "Có 99 đơn vị, kỳ 12"
    words.runs[0].text = "Các đơn vị không có kiến nghị."
    gone._p.getparent().remove(gone._p)
    assert (first.text, last.text) == (f"Báo cáo của {office.told()['agency']}", "Hết")
    document.save(str(path))
    in_word(path)
    told = json.loads(cchc("verify", office.result, office.home / FORMS, "--json").stdout)["differences"]
    assert told[0]["what"] == "đã bị sửa sau khi lập (4 đoạn sửa tay, trong đó 1 đoạn có số khác kết quả)"
    assert [(item["name"].partition(" › ")[2], item["what"].partition(" (“")[0]) for item in told[1:]] == [
        ("đoạn 2", f"số khác kết quả: trong kết quả là {units}, trong văn bản là 99"),
        ("đoạn 3", "sửa tay: “Không có kiến nghị.” thành “Các đơn vị không có kiến nghị.”"),
        ("đoạn 4", "sửa tay: bỏ “Bỏ”"),
        ("đoạn 5", f"sửa tay: thêm “{MINE}”"),
    ]


def test_without_a_manifest_there_is_nothing_to_verify(office: Office) -> None:
    (office.result / "manifest.json").unlink()
    done = cchc("verify", office.result, office.home / FORMS)
    assert (done.returncode, done.stdout, "manifest.json" in done.stderr) == (2, "", True)


def test_the_manifest_names_what_the_result_was_made_from(office: Office) -> None:
    known = json.loads((office.result / "manifest.json").read_text(encoding="utf-8"))
    assert known["version"] == cchc_xl.__version__
    assert known["plan"] == {"plan.xlsx": hashlib.sha256((office.home / "plan.xlsx").read_bytes()).hexdigest()}
    assert known["templates"].keys() == {"plan.docx", "reminder.docx", "report.docx"}
    assert known["inputs"] == tree(office.home / FORMS)
    assert known["files"].keys() == tree(office.result).keys() - {"manifest.json"}


def test_two_runs_on_equal_inputs_are_equal(office: Office) -> None:
    made = [
        cchc_xl.run(office.home / "plan.xlsx", office.home / FORMS, period=PERIOD, out=office.home / name)
        for name in ("một", "hai")
    ]
    one, two = (Path(str(item.folder)) for item in made)
    assert (one / "result.json").read_bytes() == (two / "result.json").read_bytes()
    assert tree(one).keys() == tree(two).keys()
    for name in tree(one):
        if name.endswith((".xlsx", ".docx")):
            assert parts(one / name) == parts(two / name), name


def parts(path: Path) -> dict[str, bytes]:
    """The parts of a package but for the times at which it was made."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist() if name != "docProps/core.xml"}
