"""What ``cai_dat.bat`` of the Windows bundle does, in the bundle's own Python: check, upgrade, write the control workbook.

Stands as ``python/cai_dat.py`` in the bundle. No administrator, no registry; a second run changes nothing. Whatever is not
in a list of ours (plan, results, the workbook's cells) is left as it is.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import importlib
import os
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

LIST, INSTALLED, PLACE = "DANH-SACH.csv", "python/da-cai.csv", "python/cho-dat-so.txt"
ADVISED = r"C:\cchc-xl"
MOST_LETTERS = 259  # of a path, on a Windows that was not told otherwise
# Signs at which cmd or the macro's command line comes apart.
DANGEROUS = "%!^&;'"
# What a quarter needs: its libraries are loaded, so that one which antivirus took away is told now, and compiled, which the
# macro's Python never does.
NEEDED = (
    "cchc_xl.cli",
    "cchc_xl.pipeline",
    "cchc_xl.papers.documents",
    "cchc_xl.extras.excel_button",
    "docxtpl",
    "python_calamine",
)
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
    answer = wanted or ask("Đặt sổ điều khiển ở thư mục nào?", last_place(home) or default_place(home))
    outcome = control_workbook(placed(home, answer))
    # A bundle that is only read, on a share or below Program Files, works as well; it merely asks again.
    with contextlib.suppress(OSError):
        (home / INSTALLED).write_bytes((home / LIST).read_bytes())
        (home / PLACE).write_text(str(outcome.workbook.parent), encoding="utf-8")
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
    longest = max((len(str(home / name)) for name in wrong), default=0)
    if longest > MOST_LETTERS:  # Explorer leaves such files out without a word
        raise CannotInstallError(
            f"Đường dẫn {home} quá dài: tệp của gói ở đó dài tới {longest} ký tự, Windows chỉ cho {MOST_LETTERS}. Hãy giải nén "
            f"lại cả tệp cchc-xl-windows.zip vào {ADVISED} rồi bấm đúp cai_dat.bat ở đó."
        )
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
        if name in listed or home not in absolute(path).parents or sha_of(path) != sha256:
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


def last_place(home: Path) -> str:
    """Where the last installation put the control workbook, or ''."""
    try:
        return (home / PLACE).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def default_place(home: Path) -> str:
    """The Documents folder, or beside where that is none or lives in OneDrive, from which a macro finds no path."""
    known = documents()
    usable = known is not None and known.is_dir() and "onedrive" not in str(known).casefold()
    return str(known / "CCHC" if known and usable else home / "so-dieu-khien")


def documents() -> Path | None:
    """The Documents folder of the account, wherever it was moved."""
    if sys.platform == "win32":
        import ctypes

        text = ctypes.create_unicode_buffer(260)
        if not ctypes.windll.shell32.SHGetFolderPathW(None, 5, None, 0, text) and text.value:
            return Path(text.value)
    return None


def absolute(path: Path) -> Path:
    """Without “..”; a drive letter of a share stays one, which :meth:`Path.resolve` would spell as an address."""
    return Path(os.path.abspath(path))  # noqa: PTH100


def placed(home: Path, answer: str) -> Path:
    """The folder that an answer names: quotation marks of “Copy as path” off, a short one counted from the bundle."""
    text = answer.strip().strip('"“”').strip()
    place = absolute(home / os.path.expandvars(text or default_place(home)))
    if place.is_file():
        raise CannotInstallError(f"{place} là một tệp: hãy chọn một thư mục.")
    from cchc_xl.extras.doctor import LONGEST

    if len(str(place)) > LONGEST:
        raise CannotInstallError(
            f"{place} dài {len(str(place))} ký tự, tệp kết quả trong đó sẽ dài hơn Windows cho phép: hãy chọn thư mục có đường "
            f"dẫn không quá {LONGEST} ký tự, ví dụ C:\\CCHC."
        )
    if place == home / "python" or home / "python" in place.parents:
        raise CannotInstallError(f"{place} là chỗ của phần mềm: hãy chọn thư mục khác, ví dụ {home / 'so-dieu-khien'}.")
    return place


def control_workbook(place: Path) -> Outcome:
    """The control workbook in ``place``: new, renewed with its cells kept, or, made from the same, as it is."""
    from cchc_xl.extras.control_workbook import NAME, renew_control_workbook

    workbook = place / f"{NAME}.xlsm"
    try:
        place.mkdir(parents=True, exist_ok=True)
        before, was = set(place.iterdir()), sha_of(workbook)
        renew_control_workbook(place)
        kept = [path for path in place.iterdir() if path not in before and path.suffix == workbook.suffix]
    except OSError as error:
        # Our own errors are sentences; the system's have a number.
        told = f"Không ghi được vào {place} ({error.strerror}): hãy chọn một thư mục khác rồi bấm đúp lại cai_dat.bat."
        raise CannotInstallError(told if error.errno else str(error)) from error
    return Outcome(workbook, next((path for path in kept if path != workbook), None), unchanged=sha_of(workbook) == was)


def warnings() -> tuple[str, ...]:
    """What the button cannot do on this account, as the control workbook's own module tells it."""
    from cchc_xl.extras.control_workbook import account_warnings

    return account_warnings()


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
    home = absolute(Path(__file__)).parent.parent
    try:
        outcome = install(home, os.environ.get("CCHC_NOI_DAT", ""), ask_at_console)
    except CannotInstallError as error:
        say(str(error))
        return 2
    for warning in warnings():
        say(warning)
    done = "Đã cài từ trước, không có gì thay đổi" if outcome.unchanged else "Đã cài"
    kept = f"; sổ cũ giữ ở “{outcome.kept.name}”" if outcome.kept else ""
    say(f"{done}: cchc_xl {version('cchc-xl')} trong {home}{kept}.")
    say(f"Mở sổ điều khiển: {outcome.workbook}")
    say(f"Macro bị chặn thì bấm đúp {outcome.workbook.stem}.bat ở cùng thư mục với sổ.")
    say("Xem thử trước với số liệu mẫu: bấm đúp chay_thu.bat.")
    say(f"Hướng dẫn: {home / 'HUONG-DAN.docx'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
