"""What ``cai_dat.bat`` of the Windows bundle does, in the bundle's own Python: check, upgrade, write the control workbook.

Stands as ``python/cai_dat.py`` in the bundle. No administrator, no registry; a second run changes nothing. Whatever is not
in a list of ours (plan, results, the workbook's cells) is left as it is.
"""

from __future__ import annotations

import csv
import hashlib
import importlib
import json
import os
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

LIST, INSTALLED, RECORD = "DANH-SACH.csv", "python/da-cai.csv", "python/cai-dat.json"
ADVISED = r"C:\cchc-xl"
# Signs at which cmd or the macro's command line comes apart.
DANGEROUS = "%!^&;'"
# What a quarter needs: its libraries are loaded, so that one which antivirus took away is told now, and compiled, which the
# macro's Python never does.
NEEDED = ("cchc_xl.cli", "cchc_xl.pipeline", "cchc_xl.papers.documents", "cchc_xl.extras.excel_button", "docxtpl", "python_calamine")
NEEDED_BY_EXCEL = ("win32api", "win32com.client", "pythoncom")


class CannotInstallError(Exception):
    """What prevents it, as sentences for the officer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, for the few lines that are said."""

    workbook: Path
    kept: Path | None
    unchanged: bool


def install(home: Path, wanted: str, ask: Callable[[str, str], str]) -> Outcome:
    """Check the bundle in ``home``, drop what its former version alone had, and see to the control workbook.

    ``wanted`` is the folder for the workbook; where it is blank, ``ask`` gets the question and the default answer.
    Raises :class:`CannotInstallError`.
    """
    check_name(home, ask)
    listed = check_files(home)
    drop_former(home, listed)
    check_libraries()
    record = recorded(home)
    place = placed(home, wanted or ask("Đặt sổ điều khiển ở thư mục nào?", record.get("place") or default_place(home)))
    now = {"place": str(place), "home": str(home), "list": hashlib.sha256((home / LIST).read_bytes()).hexdigest()}
    outcome = control_workbook(place, current=record == now)
    try:
        shutil.copyfile(home / LIST, home / INSTALLED)
        (home / RECORD).write_text(json.dumps(now, ensure_ascii=False), encoding="utf-8")
    except OSError:
        # A bundle that is only read, on a share or below Program Files, works as well; it merely asks again.
        pass
    return outcome


def check_name(home: Path, ask: Callable[[str, str], str]) -> None:
    """Advise another folder where Excel's macro could not start the Python in this one."""
    odd = "".join(sorted({letter for letter in str(home) if not letter.isascii() or letter in DANGEROUS}))
    if not odd:
        return
    advice = (
        f"Tên thư mục này có dấu hoặc ký tự đặc biệt ({odd}): {home}\n"
        f"Nút trong Excel sẽ không chạy được từ đây. Hãy chuyển cả thư mục tới {ADVISED} rồi bấm đúp cai_dat.bat ở đó."
    )
    say(advice)
    if not ask("Vẫn cài ở đây để dùng các tệp .bat (c = có)?", "không").strip().casefold().startswith("c"):
        raise CannotInstallError("Chưa cài gì.")


def check_files(home: Path) -> dict[str, str]:
    """The bundle's list, if every file of it is there and is the one that was packed."""
    listed = rows_of(home / LIST)
    wrong = [name for name, sha256 in listed.items() if sha_of(home / name) != sha256]
    if not listed or wrong:
        example = f": {wrong[0]}" if wrong else ""
        raise CannotInstallError(
            f"{len(wrong) or 'Nhiều'} tệp của gói thiếu hoặc không đúng{example}. Hãy giải nén lại cả tệp cchc-xl-windows.zip đè lên "
            f"{home}; vẫn báo thế này thì nhờ công nghệ thông tin xem phần mềm diệt virus có chặn tệp ấy không."
        )
    return listed


def rows_of(path: Path) -> dict[str, str]:
    """File and SHA-256 of each row of a list of ours; nothing where there is none."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            return {row[0]: row[1] for row in list(csv.reader(text))[1:]}
    except (OSError, UnicodeDecodeError, IndexError):
        return {}


def sha_of(path: Path) -> str:
    """The hash of a file; '' where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def drop_former(home: Path, listed: dict[str, str]) -> None:
    """Delete what the version installed before had and this one has not: of ours, and as it was packed."""
    for name, sha256 in rows_of(home / INSTALLED).items():
        path = home / name
        if name in listed or home not in Path(os.path.abspath(path)).parents or sha_of(path) != sha256:
            continue
        path.unlink(missing_ok=True)
        for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
            compiled.unlink(missing_ok=True)
        for folder in (path.parent / "__pycache__", *path.parents):
            if folder == home or (folder.is_dir() and any(folder.iterdir())):
                break
            if folder.is_dir():
                folder.rmdir()


def check_libraries() -> None:
    """Load what a run loads."""
    for name in (*NEEDED, *(NEEDED_BY_EXCEL if sys.platform == "win32" else ())):
        try:
            importlib.import_module(name)
        except (ImportError, OSError) as error:
            raise CannotInstallError(
                f"Python của gói không nạp được {name} ({error}). Gói cần Windows 10 trở lên, 64 bit; nếu đúng vậy, hãy nhờ công "
                "nghệ thông tin xem phần mềm diệt virus hoặc chính sách của máy có chặn tệp trong thư mục này không."
            ) from error


def recorded(home: Path) -> dict[str, str]:
    """What the last installation wrote down."""
    try:
        found = json.loads((home / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and all(isinstance(value, str) for value in found.values()) else {}


def default_place(home: Path) -> str:
    """The Documents folder, or beside where that is none or lives in OneDrive, from which a macro finds no path."""
    known = documents()
    usable = known is not None and known.is_dir() and "onedrive" not in str(known).casefold()
    return str(known / "CCHC" if known and usable else home / "so-dieu-khien")


def documents() -> Path | None:
    """The Documents folder of the account, wherever it was moved."""
    if sys.platform != "win32":
        return None
    import ctypes

    text = ctypes.create_unicode_buffer(260)
    failed = ctypes.windll.shell32.SHGetFolderPathW(None, 5, None, 0, text)
    return None if failed or not text.value else Path(text.value)


def placed(home: Path, answer: str) -> Path:
    """The folder that an answer names: quotation marks of “Copy as path” off, a short one counted from the bundle."""
    text = answer.strip().strip('"“”').strip()
    place = Path(os.path.abspath(home / os.path.expandvars(text or default_place(home))))
    if place.is_file():
        raise CannotInstallError(f"{place} là một tệp: hãy chọn một thư mục.")
    if place == home / "python" or home / "python" in place.parents:
        raise CannotInstallError(f"{place} là chỗ của phần mềm: hãy chọn thư mục khác, ví dụ {home / 'so-dieu-khien'}.")
    return place


def control_workbook(place: Path, *, current: bool) -> Outcome:
    """The control workbook in ``place``: as it is, renewed with its cells kept, or new."""
    from cchc_xl.extras.control_workbook import NAME, write_control_workbook

    workbook = place / f"{NAME}.xlsm"
    if current and workbook.is_file():
        return Outcome(workbook, None, unchanged=True)
    try:
        if workbook.is_file():
            return Outcome(workbook, renewed(workbook), unchanged=False)
        place.mkdir(parents=True, exist_ok=True)
        write_control_workbook(place)
    except PermissionError as error:
        raise CannotInstallError(
            f"Không ghi được vào {place}: đóng {workbook.name} nếu đang mở trong Excel, hoặc chọn thư mục khác, rồi bấm đúp lại."
        ) from error
    except OSError as error:
        raise CannotInstallError(f"Không ghi được sổ điều khiển vào {place}: {error.strerror or error}") from error
    return Outcome(workbook, None, unchanged=False)


def renewed(workbook: Path) -> Path:
    """Write this version's workbook in place of another's: the cells are taken over, the old one is kept beside.

    The new files are ready before the old one is moved: at no moment is there none.
    """
    from cchc_xl.extras.button_task import WORDS, ButtonError
    from cchc_xl.extras.control_workbook import write_control_workbook
    from cchc_xl.extras.excel_button import WorkbookFile

    try:
        old = WorkbookFile(workbook)
        cells = [old.setting(setting["label"]) for setting in WORDS["settings"]]
    except ButtonError as error:
        raise CannotInstallError(f"{error} Hãy chuyển tệp ấy đi rồi bấm đúp lại cai_dat.bat.") from error
    kept = workbook.with_name(f"{workbook.stem} (cũ {datetime.now().astimezone():%d-%m-%Y %Hh%M%S}){workbook.suffix}")
    with tempfile.TemporaryDirectory(dir=workbook.parent, prefix="cai-dat-") as made:
        names = ("plan", "shared", "period", "out")
        files = write_control_workbook(Path(made), **dict(zip(names, cells, strict=True)))
        workbook.rename(kept)
        for path in files:
            path.replace(workbook.with_name(path.name))
    return kept


def say(text: str) -> None:
    """Print it; without diacritics where the console's code page has no such letters."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D").replace("–", "-"))
        text = plain.encode("ascii", "ignore").decode()
    print(text, flush=True)


def ask_at_console(question: str, default: str) -> str:
    """The officer's answer; the default where nobody can answer or Enter alone is pressed."""
    say(f"{question} [Enter = {default}]")
    try:
        answer = input() if sys.stdin and sys.stdin.isatty() else ""
    except (EOFError, UnicodeDecodeError):
        answer = ""
    return answer.strip() or default


def main() -> int:
    """Install, and say in a few lines what to open: 0, or 2 where it was not done."""
    home = Path(os.path.abspath(__file__)).parent.parent
    try:
        outcome = install(home, os.environ.get("CCHC_NOI_DAT", ""), ask_at_console)
    except CannotInstallError as error:
        say(str(error))
        return 2
    done = "Đã cài từ trước, không có gì thay đổi" if outcome.unchanged else "Đã cài"
    kept = f"; sổ cũ giữ ở “{outcome.kept.name}”" if outcome.kept else ""
    say(f"{done}: cchc_xl {version('cchc-xl')} trong {home}{kept}.")
    say(f"Mở sổ điều khiển: {outcome.workbook}")
    say(f"Macro bị chặn thì bấm đúp {outcome.workbook.stem}.bat ở cùng thư mục với sổ.")
    say("Xem thử trước với số liệu mẫu: bấm đúp chay_thu.bat.")
    say(f"Hướng dẫn: {home / 'tai-lieu'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
