"""Whatever a file may cost is told before it is read, or a child pays: sizes, places, members, numbers, and time."""

from __future__ import annotations

import io
import os
import re
import struct
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import psutil
import pytest
from openpyxl import Workbook, load_workbook

from cchc_xl import pipeline
from cchc_xl.office.excel import Refused, bounds, child, disk, parse, read
from cchc_xl.office.excel.bounds import Clearance, Clock, Job, OutOfTimeError, Trouble
from cchc_xl.office.excel.child import BEYOND_READER, Child, opened
from cchc_xl.office.excel.disk import PAUSE_SECONDS, TooLargeError, UnsettledError, whole
from cchc_xl.office.excel.extent import LAST_COLUMN, LAST_ROW, Extent, extent
from cchc_xl.office.excel.look import clear
from cchc_xl.pipeline import collection
from cchc_xl.pipeline.collection import collect_one
from cchc_xl.pipeline.line import edition_of
from cchc_xl.pipeline.unforeseen import log_folder
from cchc_xl.plan import PlanUnreadableError, load_plan
from cchc_xl.records import ErrorValue, RawForm, SourceFile
from cchc_xl.text.catalogue import message
from cchc_xl.unit.folder import discover, source_file
from cchc_xl.unit.sheets import Expected
from tests.unit_forms import (
    PERIOD,
    assess,
    build_plan,
    copy_tree,
    fill,
    form,
    found,
    plan_with,
    roll,
    verdicts,
)

TIME = datetime(2021, 3, 1, tzinfo=timezone.utc)
SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
Parts = dict[str, bytes]


def parts_of(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Parts) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return buffer.getvalue()


def sound() -> Parts:
    """A workbook of three texts and two numbers."""
    book = Workbook()
    book.active.append(["Mã", "Giá trị", "Ghi chú"])
    book.active.append([5, 2.5])
    buffer = io.BytesIO()
    book.save(buffer)
    return parts_of(buffer.getvalue())


def cells(more: str) -> Parts:
    """The same with more in its last row."""
    parts = sound()
    return {**parts, SHEET: parts[SHEET].replace(b"</row></sheetData>", more.encode() + b"</row></sheetData>")}


def source(name: str = "a.xlsx") -> SourceFile:
    return SourceFile(name, name, 1, TIME)


# --- where a cell says it is ---

# (cells in row 2 of a sheet of 2 rows and 3 columns, its last row and column)
ADDRESSES = [
    ("at home", '<c r="D2"><v>1</v></c>', (2, 4)),
    ("far below its row", '<c r="B900000"><v>1</v></c>', (900_000, 3)),
    ("far right and below", '<c r="ZZ900000"><v>1</v></c>', (900_000, 702)),
    ("above its row", '<c r="E1"><v>1</v></c>', (2, 5)),
    ("address behind the style", '<c s="0" r="ZZ900000"><v>1</v></c>', (900_000, 702)),
    ("below a row that says none", '</row><row><c r="ZZ900000"><v>1</v></c>', (900_000, 702)),
    ("under a prefix", '<x:c r="ZZ900000"><x:v>1</x:v></x:c>', (900_000, 702)),
]


@pytest.mark.parametrize(("more", "end"), [row[1:] for row in ADDRESSES], ids=[row[0] for row in ADDRESSES])
def test_a_sheet_reaches_as_far_as_its_cells_say(more: str, end: tuple[int, int]) -> None:
    parts = cells(more)
    told = extent(parts[SHEET])
    assert isinstance(told, Extent)
    assert (told.rows, told.columns) == end
    cleared = clear(packed(parts), "a.xlsx")
    assert isinstance(cleared, Clearance)
    assert cleared.isolated is (told.area > bounds.ORDINARY_AREA or not told.usual)


def test_a_cell_far_from_its_row_costs_one_note() -> None:
    """python-calamine would take 20 GB for it, in the process that holds everybody's results."""
    form = parse(packed(cells('<c r="ZZ900000"><v>1</v></c>')), source())
    assert isinstance(form, RawForm)
    assert form.sheets[0].rows == (("Mã", "Giá trị", "Ghi chú"), (5, 2.5))
    assert [(item.code, item.at.address) for item in form.findings if item.at] == [("F308", "ZZ900000")]
    assert LAST_ROW * LAST_COLUMN > bounds.MAX_AREA


# --- what names a part, and how often ---


def _named_again(count: int) -> Parts:
    """So many sheets made of one part."""
    parts = sound()
    (one,) = re.findall(rb"<sheet [^>]*/>", parts[BOOK])
    again = b"".join(one.replace(b'name="Sheet"', b'name="S%d"' % number) for number in range(count))
    return {**parts, BOOK: parts[BOOK].replace(one, one + again)}


def _second_relation() -> bytes:
    """The relations with one more under the first one's name, to a part that nobody looks at."""
    told = sound()[RELATIONS]
    (one,) = re.findall(rb"<Relationship [^>]*worksheet\"[^>]*/>", told)
    return told.replace(one, one + one.replace(b"/" + SHEET.encode(), b"/xl/media/a.xml"))


def _related_again() -> Parts:
    """One part under two relations."""
    parts = _named_again(1)
    (one,) = re.findall(rb"<Relationship [^>]*worksheet\"[^>]*/>", parts[RELATIONS])
    number = re.search(rb'Id="(\w+)"', one)
    assert number is not None
    again = one.replace(number[1], b"rId77")
    book = parts[BOOK].replace(number[1], b"rId77", 1)
    return {**parts, BOOK: book, RELATIONS: parts[RELATIONS].replace(one, one + again)}


def _moved(name: str) -> Parts:
    parts = sound()
    told = parts[RELATIONS].replace(b"/" + SHEET.encode(), b"/" + name.encode())
    assert told != parts[RELATIONS]
    return {**{key: part for key, part in parts.items() if key != SHEET}, name: parts[SHEET], RELATIONS: told}


def _strings(part: bytes, name: str = STRINGS, count: int = 1_000) -> Parts:
    """So many cells that name one shared text."""
    parts = cells("".join(f'<c r="A{row}" t="s"><v>0</v></c>' for row in range(3, 3 + count)))
    return {**{key: told for key, told in parts.items() if key != STRINGS}, name: part}


def _text(size: int) -> bytes:
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return b'<sst %s count="1" uniqueCount="1"><si><t>%s</t></si></sst>' % (space, b"x" * size)


def _runs(count: int) -> bytes:
    """A text in so many runs, of which one is struck out: openpyxl makes objects of all, for every cell that names it."""
    runs = b"<r><rPr><strike/></rPr><t>a</t></r>" + b"<r><t>a</t></r>" * count
    return _text(0).replace(b"<t></t>", runs)


def _merged(count: int) -> Parts:
    parts = sound()
    ranges = "".join(f'<mergeCell ref="A{row}:B{row}"/>' for row in range(10, 10 + count)).encode()
    return {
        **parts,
        SHEET: parts[SHEET].replace(b"</sheetData>", b"</sheetData><mergeCells>" + ranges + b"</mergeCells>"),
    }


# (what the workbook is, whether a process of its own must read it)
COSTS: list[tuple[str, Callable[[], Parts], bool]] = [
    ("a small workbook", sound, False),
    ("two sheets of one part", lambda: _named_again(1), True),
    ("a thousand sheets of one part", lambda: _named_again(1_000), True),
    ("one part under two relations", _related_again, True),
    ("a sheet among the pictures", lambda: _moved("xl/media/a.xml"), False),
    ("another sheet among the pictures", lambda: _named_again(1) | {RELATIONS: _second_relation(), "xl/media/a.xml": sound()[SHEET]}, True),
    ("a sheet in another case", lambda: _moved("xl/worksheets/SHEET1.XML"), False),
    ("a long text in many cells", lambda: _strings(_text(100_000)), True),
    ("the same in another case", lambda: _strings(_text(100_000), "xl/SHAREDSTRINGS.xml"), True),
    ("a text of many runs in many cells", lambda: _strings(_runs(50_000)), True),
    ("a short text in many cells", lambda: _strings(_text(100)), False),
    ("thousands of merged ranges", lambda: _merged(bounds.MAX_RANGES + 1), True),
    ("a few merged ranges", lambda: _merged(50), False),
]  # fmt: skip


@pytest.mark.parametrize(("build", "alone"), [row[1:] for row in COSTS], ids=[row[0] for row in COSTS])
def test_what_is_named_again_is_counted_again(build: Callable[[], Parts], *, alone: bool) -> None:
    cleared = clear(packed(build()), "a.xlsx")
    assert isinstance(cleared, Clearance)
    assert cleared.isolated is alone


def test_sheets_of_one_part_are_refused_where_their_cells_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sheet has five cells, and a thousand and one sheets are made of it."""
    monkeypatch.setattr("cchc_xl.office.excel.look.MAX_CELLS", 5_000)
    refused = parse(packed(_named_again(1_000)), source())
    assert isinstance(refused, Refused)
    assert refused.finding.code == "F108"
    assert "có 5005 ô" in message(refused.finding)


def test_members_are_counted_before_an_object_is_made_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cchc_xl.office.excel.look.MAX_MEMBERS", 100)
    data = packed({f"{number}.xml": b"" for number in range(101)})
    monkeypatch.setattr("cchc_xl.office.excel.look.zipfile.ZipFile", None)  # nothing may open it
    refused = parse(data, source())
    assert isinstance(refused, Refused)
    assert refused.finding.code == "F108"


def test_a_child_answers_no_more_than_its_parent_can_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job(packed(sound()), "xlsx", "calamine")
    monkeypatch.setattr(child, "MAX_ANSWER", 10)
    assert child._answer(job).find(b"F108") > 0
    monkeypatch.undo()
    assert child._answer(job).find(b"F108") < 0


def test_cells_that_share_a_text_go_on_sharing_it() -> None:
    """A text that must be cut, in a thousand cells: one short text, not a thousand."""
    form = parse(packed(_strings(_text(200_000))), source())
    assert isinstance(form, RawForm)
    texts = [row[0] for row in form.sheets[0].rows[2:]]
    assert len(texts) == 1_000
    assert {len(text) for text in texts} == {bounds.MAX_TEXT}
    assert len({id(text) for text in texts}) == 1


# --- numbers ---

# (the number as stored, in which format, the cell as read)
NUMBERS = [
    ("-1e15", 14, ErrorValue("#VALUE!")),
    ("-99999999999999999999", 14, ErrorValue("#VALUE!")),
    ("-1e300", 0, -1e300),
    ("1E+999", 0, ErrorValue("#NUM!")),
    ("-1E+999", 0, ErrorValue("#NUM!")),
    ("9" * 400, 0, ErrorValue("#NUM!")),
    ("1e308", 0, 1e308),
    ("-0.30000000000000004", 0, -0.30000000000000004),
    ("1e12", 46, ErrorValue("#VALUE!")),
]


@pytest.mark.parametrize(("stored", "style", "value"), NUMBERS)
def test_a_number_beyond_a_reader_costs_its_cell(
    stored: str, style: int, value: object, capfd: pytest.CaptureFixture[str]
) -> None:
    """python-calamine panics on a date far before all time, and lets a backtrace of seventy lines stand on the screen."""
    parts = cells(f'<c r="C2" s="0"><v>{stored}</v></c>')
    styles = re.sub(rb'(<cellXfs[^>]*><xf [^>]*numFmtId=)"0"', rb'\1"%d"' % style, parts["xl/styles.xml"])
    assert style == 0 or styles != parts["xl/styles.xml"]
    form = parse(packed({**parts, "xl/styles.xml": styles}), source())
    assert isinstance(form, RawForm)
    assert form.sheets[0].rows[1][2] == value
    assert capfd.readouterr() == ("", "")


def test_what_is_beyond_one_reader_is_given_to_the_other() -> None:
    parts = cells('<c r="C2" s="0"><v>1e12</v></c>')  # as hours and minutes, which Python holds no number of
    styles = re.sub(rb'(<cellXfs[^>]*><xf [^>]*numFmtId=)"0"', rb'\1"46"', parts["xl/styles.xml"])
    data = packed({**parts, "xl/styles.xml": styles})
    assert opened(Job(data, "xlsx", "calamine")) == BEYOND_READER
    form = parse(data, source())
    assert isinstance(form, RawForm)
    assert form.reader == "openpyxl"  # and the result says so


LARGE = [1e27, 1e28, 1e30, 1e308, -1e27, -1e30, -1e308, 5e-324, "9" * 400, "-" + "9" * 60]


def test_no_number_in_a_units_file_stops_the_others(plan: Path, folder: Path) -> None:
    """Each in every cell that takes a number; what is shown of them is worth nothing, but it is shown."""
    alone = copy_tree(folder, folder.with_name("một mình"))
    form(alone, "NCC").unlink()
    expected = assess(plan, alone)
    for value in LARGE:
        book = load_workbook(form(folder, "NCC"))
        for sheet, headings in (("Số liệu", ("Giá trị",)), ("Phụ lục", ("Điểm tự chấm", "Kết quả thực hiện"))):
            columns = [cell.column for cell in book[sheet][7] if cell.value in headings]
            for row in range(8, book[sheet].max_row + 1):
                for column in columns:
                    book[sheet].cell(row, column).value = value
        book.save(form(folder, "NCC"))
        document = assess(plan, folder)
        assert "F116" not in {code for code, _ in found(document)}
        assert verdicts(document)[form(folder, "NCC").name] == "read"
        own = [row for row in document["criteria"] if row["status"] == "scored"]
        assert {row["code"] for row in own} >= {
            row["code"] for row in expected["criteria"] if row["status"] == "scored"
        }


@pytest.mark.parametrize("value", [1e27, -1e308, "9" * 400])
def test_no_number_in_a_plan_stops_anything(plan: Path, folder: Path, value: object, tmp_path: Path) -> None:
    """A number that Excel cannot hold exactly is no maximum, no band and no setting: an error at its cell."""
    book = load_workbook(plan)
    changed: dict[str, object] = {}
    for sheet in book.worksheets:
        for row in sheet.iter_rows(min_row=2):
            changed |= {
                f"{sheet.title}!{cell.coordinate}": value for cell in row if isinstance(cell.value, int | float)
            }
    assert changed
    path = plan_with(tmp_path / "khac.xlsx", changed)
    said = {item.at.address for item in load_plan(path).findings if item.at and item.severity == "error"}
    assert said >= {place.partition("!")[2] for place in changed}
    out = tmp_path / "ket-qua"
    pipeline.run(path, folder, period=PERIOD, out=out)
    assert (out / PERIOD / "result.json").is_file()


# --- what stands on the disk ---


def test_a_file_too_large_is_not_read(folder: Path, plan: Path) -> None:
    """Sparse: on disk it takes nothing, in memory it would take six gigabytes."""
    for name in ("du-lieu.csv", "VP.xls", "phim.xlsx"):
        with (folder / name).open("wb") as stream:
            stream.truncate(6 << 30)
    before = psutil.Process().memory_info().rss
    document = assess(plan, folder)
    assert psutil.Process().memory_info().rss - before < 100 * 1024 * 1024
    assert [code for code, _ in found(document)] == ["F105"] * 3
    assert {verdicts(document)[name] for name in ("du-lieu.csv", "VP.xls", "phim.xlsx")} == {"rejected"}
    with pytest.raises(TooLargeError):
        whole(folder / "phim.xlsx")
    with pytest.raises(PlanUnreadableError, match="6144 MB"):
        load_plan(folder / "phim.xlsx")


def test_a_packed_file_whose_directory_is_endless_is_not_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "_MOST_LISTED", 60_000)
    forms = {f"{number}.xlsx": b"" for number in range(2_000)} | {"xl/workbook.xml": b""}
    data = packed(forms)
    assert struct.unpack_from("<I", data, data.rindex(b"PK\x05\x06") + 12)[0] > 60_000
    (folder / "VP.zip").write_bytes(data)
    (folder / "ghi chú").write_bytes(data)
    listed = discover(folder)
    assert {item.file: item.reason for item in listed.closed} == dict.fromkeys(
        ("VP.zip", "ghi chú"), "không phải bảng tính"
    )
    assert [item.file for item in listed.candidates] == ["VP.zip"]  # named where its unit has sent nothing else
    assert len(listed.forms) == 3  # the units' own


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_what_has_become_a_pipe_since_the_list_was_made_is_not_waited_for(folder: Path) -> None:
    listed = source_file(form(folder, "NCC"), folder)
    form(folder, "NCC").unlink()
    os.mkfifo(form(folder, "NCC"))
    started = time.monotonic()
    refused = read(listed)
    assert time.monotonic() - started < 1
    assert isinstance(refused, Refused)
    assert (refused.finding.code, refused.sha256) == ("F109", None)
    with pytest.raises(PlanUnreadableError, match="không phải tệp thường"):
        load_plan(form(folder, "NCC"))


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices on this system")
def test_a_device_in_the_place_of_a_file_is_refused(folder: Path, plan: Path) -> None:
    (folder / "a.csv").symlink_to("/dev/zero")
    assert found(assess(plan, folder)) == [("F109", "")]
    with pytest.raises(PlanUnreadableError, match="không phải tệp thường"):
        load_plan(folder / "a.csv")


# --- files being written ---


def _in_pieces(path: Path, data: bytes, pieces: int, pause: float) -> threading.Thread:
    """A copy that arrives bit by bit."""

    def write() -> None:
        with path.open("wb", buffering=0) as stream:
            for number in range(pieces):
                stream.write(data[number * len(data) // pieces : (number + 1) * len(data) // pieces])
                started.set()
                time.sleep(pause)

    started = threading.Event()
    thread = threading.Thread(target=write)
    thread.start()
    started.wait()
    return thread


def test_a_copy_that_is_still_arriving_is_waited_for(folder: Path) -> None:
    data, path = form(folder, "NCC").read_bytes(), folder / "moi.xlsx"
    thread = _in_pieces(path, data, 4, PAUSE_SECONDS / 2)
    listed = source_file(path, folder)
    now = read(listed)
    thread.join()
    assert isinstance(now, RawForm)
    assert (now.source.size, dict(now.stamp)["unit"]) == (len(data), "NCC")
    assert listed.size < len(data)


def test_a_file_that_never_stands_still_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "_WAITED", 0.3)
    thread = _in_pieces(tmp_path / "a.xlsx", b"PK" * 1_000, 100, 0.01)
    refused = read(source_file(tmp_path / "a.xlsx", tmp_path))
    assert isinstance(refused, Refused)
    assert refused.finding.code == "F115"
    with pytest.raises(UnsettledError):
        whole(tmp_path / "a.xlsx")
    thread.join()


def test_a_broken_file_that_stands_still_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04")
    long_ago = time.time() - 60
    os.utime(tmp_path / "a.xlsx", (long_ago, long_ago))
    started = time.monotonic()
    assert whole(tmp_path / "a.xlsx").data == b"PK\x03\x04"
    assert time.monotonic() - started < PAUSE_SECONDS


def test_a_file_replaced_after_it_was_listed_counts_as_it_stands(plan: Path, folder: Path) -> None:
    path = form(folder, "NCC")
    listed, expected = source_file(path, folder), Expected.of(edition_of(load_plan(plan), PERIOD))
    form(folder, "VP").replace(path)
    now = read(listed)
    assert isinstance(now, RawForm)
    assert (dict(now.stamp)["unit"], now.source) == ("VP", source_file(path, folder))
    (told,) = collect_one(listed, expected)
    assert "F312" in [item.code for item in told.findings]
    (quiet,) = collect_one(now.source, expected)
    assert [item.code for item in told.findings if item not in quiet.findings] == ["F312"]


# (lock file beside the form, seconds since it was made, whether it is said)
LOCKS = [
    ("~$2021-Q1_NCC.xlsx", 0, True),
    (".~2021-Q1_NCC.xlsx", 0, True),
    (".~lock.2021-Q1_NCC.xlsx#", 0, True),
    ("~$21-Q1_NCC.xlsx", 0, False),
    ("~$2021-Q1_NCC.xlsx", 100_000, False),  # a crash left it
]


@pytest.mark.parametrize(("lock", "age", "said"), LOCKS)
def test_a_form_that_is_open_is_said_once_and_counts(
    plan: Path, folder: Path, lock: str, age: int, *, said: bool
) -> None:
    (folder / lock).write_bytes(b"\x05abc")
    os.utime(folder / lock, (time.time() - age,) * 2)
    document = assess(plan, folder)
    assert found(document) == [("F311", "")] * said
    assert roll(document)["NCC"] == ("submitted", "2021-Q1_NCC.xlsx")
    assert all("chỉ đọc bản đã lưu" in item["message"] for item in document["findings"] if item["code"] == "F311")


def test_a_plan_that_is_open_is_said(tmp_path: Path) -> None:
    path = build_plan(tmp_path / "ke-hoach.xlsx")
    before = load_plan(path).findings
    (tmp_path / "~$ke-hoach.xlsx").write_bytes(b"\x05abc")
    told = load_plan(path).findings
    assert [item.code for item in told if item not in before] == ["F206"]


# --- one file, one fault ---


def test_a_fault_of_ours_costs_one_file_and_has_a_code(
    plan: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The exception is real: our own code is given something it cannot compare."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    checked = collection.check_submission

    def spoilt(typed: object, edition: object) -> object:
        unit = typed.unit  # type: ignore[attr-defined]
        return checked(replace(typed, criteria=None) if unit == "NCC" else typed, edition)  # type: ignore[type-var, arg-type]

    monkeypatch.setattr(collection, "check_submission", spoilt)
    document = assess(plan, folder)
    ((code, _),) = found(document)
    (told,) = [item for item in document["findings"] if item["code"] == code]
    assert (code, told["file"], told["unit"]) == ("F116", "2021-Q1_NCC.xlsx", None)
    assert roll(document)["NCC"] == ("unreadable", "2021-Q1_NCC.xlsx")
    assert roll(document)["VP"][0] == "submitted"
    (log,) = log_folder().iterdir()
    assert re.search(r"CX-[0-9A-F]{4}", told["message"])[0] in log.name  # type: ignore[index]
    assert "Traceback" in log.read_text(encoding="utf-8-sig")


# --- the stamp ---


def test_a_formula_in_the_stamp_says_nothing(plan: Path, folder: Path) -> None:
    fill(form(folder, "NCC"), then=lambda book: book["_cchc"].__setitem__("B2", '="N"&"CC"'))
    document = assess(plan, folder)
    assert "Uncalculated" not in str(document)
    assert roll(document)["NCC"][1] == "2021-Q1_NCC.xlsx"
    assert [code for code, _ in found(document)] == ["U202"]  # found by its heading, as where the stamp is gone


# --- time ---


def test_time_is_the_processors() -> None:
    """A PC that does something else meanwhile must not refuse what it reads when it is idle."""
    clock = Clock.of(0.05)
    time.sleep(0.1)
    assert list(clock.over("ab")) == ["a", "b"]
    with pytest.raises(OutOfTimeError):
        for _ in clock.over(range(10**9)):
            pass


def test_a_child_that_is_kept_from_working_is_waited_for() -> None:
    """It is stopped for longer than it may work."""
    import signal

    one = Child()
    try:
        data = packed(sound())
        assert not isinstance(one.ask(Job(data, "xlsx", "calamine"), 20, bounds.MEMORY), Trouble)
        process = one._process
        assert process is not None
        os.kill(process.pid, signal.SIGSTOP)
        threading.Timer(0.5, os.kill, (process.pid, signal.SIGCONT)).start()
        assert not isinstance(one.ask(Job(data, "xlsx", "calamine"), 0.3, bounds.MEMORY), Trouble)
    finally:
        one.stop()
