"""Whether this machine can do the work: what is known of it comes in, one check each goes out, with what to do.

The checks only judge: each can be tried with the facts of any machine. A state is ``good``, ``note`` (works, with
something to know) or ``bad`` (something will not work).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cchc_xl.extras.machine import NEEDED, Facts, facts
from cchc_xl.pipeline.answers import Answer
from cchc_xl.text.system_error import in_english

Said = tuple[str, str]  # Vietnamese, English
State = Literal["good", "note", "bad"]
_LEAKING = (
    *("INTERPRETER_WIN", "PYTHONPATH", "CONDA PATH", "CONDA ENV", "USE UDF SERVER", "TEMP DIR", "SHOW_ERROR_POPUPS"),
    "ADD_WORKBOOK_TO_PYTHONPATH",
)
_MEGABYTE = 1024 * 1024
_LITTLE, _SCARCE = 200 * _MEGABYTE, 1024 * _MEGABYTE
LONGEST, _SLOW_SECONDS = 160, 5.0  # of a Windows path that is let be 260; our own names take some 90


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: its state, what that means, and what to do; the last is empty where nothing is."""

    name: Said
    state: State
    means: Said
    to_do: Said = ("", "")


def doctor(folder: str | Path = ".") -> Answer[tuple[Check, ...]]:
    """What was found on this machine and in the folder, worst first, with what to do.

    A small file is written into the folder and the folder for temporary files and taken away at once.

    >>> {item.state for item in doctor(".").value} <= {"good", "note", "bad"}
    True
    """
    found = judged(facts(Path(folder)))
    told = [
        {
            "state": item.state,
            "name": item.name[0],
            "means": item.means[0],
            "to_do": item.to_do[0],
            "name_en": item.name[1],
            "means_en": item.means[1],
            "to_do_en": item.to_do[1],
        }
        for item in found
    ]
    return Answer(found, tuple(lines(found)), {"checks": told, "findings": []})


def lines(checks: tuple[Check, ...], lang: str = "vi") -> Iterator[str]:
    """The checks as lines: the answer first, then what asks for something, then the rest."""
    at = 1 if lang == "en" else 0
    words = {"bad": ("[LỖI]", "[ERROR]"), "note": ("[LƯU Ý]", "[NOTE]"), "good": ("[TỐT]", "[OK]")}
    bad, notes = (sum(item.state == state for item in checks) for state in ("bad", "note"))
    answer = (
        f"Máy này chạy được; {notes} điều cần biết." if not bad else f"Có {bad} chỗ phải sửa, {notes} điều cần biết.",
        f"This machine is fit; {notes} things to know." if not bad else f"{bad} things to mend, {notes} to know.",
    )
    yield answer[at]
    for item in checks:
        to_do = f" → {item.to_do[at]}" if item.to_do[at] else ""
        yield f"{words[item.state][at]} {item.name[at]}: {item.means[at]}{to_do}"


def judged(known: Facts) -> tuple[Check, ...]:
    """Every check, the worst first."""
    order = ("bad", "note", "good")
    found = [check for judge in _CHECKS if (check := judge(known)) is not None]
    return tuple(sorted(found, key=lambda item: order.index(item.state)))


def _python(known: Facts) -> Check:
    name = "Python", "Python"
    version = tuple(int(part) for part in re.findall(r"\d+", known.python)[:2])
    told = f"{known.python}, {known.bits} bit, {known.interpreter}"
    if version < (3, 11):
        what = (
            "cài Python 3.11 trở lên, hoặc dùng gói cchc-xl-windows.zip",
            "install Python 3.11 or newer, or use the zip",
        )
        return Check(name, "bad", (f"{told}: quá cũ", f"{told}: too old"), what)
    if known.system == "Windows" and not known.interpreter.isascii():
        what = (
            "đặt Python ở thư mục có tên không dấu, ví dụ C:\\cchc: nút bấm trong Excel không chạy được từ tên có dấu",
            "put Python into a folder with an ASCII name such as C:\\cchc: Excel's button cannot start it otherwise",
        )
        return Check(name, "bad", (told, told), what)
    if known.bits == 32:
        means = (
            f"{told}: không có pandas cho bản 32 bit, các lệnh vẫn chạy",
            f"{told}: no pandas for 32 bits; all commands run",
        )
        return Check(name, "note", means)
    return Check(name, "good", (told, told))


def _packages(known: Facts) -> Check:
    name = "Thư viện", "Packages"
    lost = [item for item in NEEDED if known.packages.get(item) is None]
    told = ", ".join(f"{item} {version}" for item, version in known.packages.items() if version)
    if lost:
        means = f"thiếu {', '.join(lost)}", f"{', '.join(lost)} missing"
        what = (
            "giải nén lại gói cài, hoặc chạy: pip install cchc-xl",
            "unpack the bundle again, or run: pip install cchc-xl",
        )
        return Check(name, "bad", means, what)
    if known.packages.get("pandas") is None:
        means = f"{told}; không có pandas, chỉ thiếu hàm to_frame", f"{told}; no pandas, only to_frame is missing"
        return Check(name, "good", means)
    return Check(name, "good", (told, told))


def _leaks(known: Facts) -> Check:
    name = "Thiết lập xlwings có từ trước", "Earlier settings of xlwings"
    leaks = {
        file: [key for key in _LEAKING if own.get(key)]
        for file, own in known.settings.items()
        if any(map(own.get, _LEAKING))
    }
    if not leaks:
        return Check(name, "good", ("không có", "none"))
    told = "; ".join(f"{file}: {', '.join(keys)}" for file, keys in leaks.items())
    what = (
        f"đổi tên tệp {next(iter(leaks))} nếu nút bấm chạy sai Python hoặc không chạy",
        f"rename {next(iter(leaks))} if the button starts another Python or none",
    )
    return Check(name, "note", (f"{told}: có thể lấn sang nút bấm", f"{told}: may leak into the button"), what)


def _folder(known: Facts) -> Check:
    place = known.folder
    name = ("Thư mục chia sẻ", "Shared folder") if place.shared else ("Thư mục", "Folder")
    if place.unread:
        what = (
            "kiểm tra đường dẫn, kết nối mạng và quyền đọc của tài khoản này",
            "check the path, the network and this account's right to read",
        )
        return Check(name, "bad", (f"{place.path}: {place.unread}", f"{place.path}: {in_english(place.unread)}"), what)
    if place.unwritten:
        means = (
            f"{place.path}: đọc được, không ghi được ({place.unwritten})",
            f"{place.path}: can be read, not written ({in_english(place.unwritten)})",
        )
        what = (
            "xin quyền ghi, hoặc ghi kết quả vào thư mục khác (--out)",
            "ask for the right to write, or put results into another folder (--out)",
        )
        return Check(name, "bad", means, what)
    told = f"{place.path}: đọc và ghi được", f"{place.path}: can be read and written"
    if place.seconds > _SLOW_SECONDS:
        slow = f"; mở chậm ({place.seconds:.0f} giây)", f"; slow to open ({place.seconds:.0f} s)"
        what = (
            "chép thư mục về máy rồi chạy, hoặc chạy ngoài giờ cao điểm",
            "copy the folder to this machine, or run at a quieter hour",
        )
        return Check(name, "note", (told[0] + slow[0], told[1] + slow[1]), what)
    return Check(name, "good", told)


def _cloud(known: Facts) -> Check | None:
    if "onedrive" not in known.folder.path.casefold() and "sharepoint" not in known.folder.path.casefold():
        return None
    return Check(
        ("Đồng bộ đám mây", "Cloud folder"),
        "note",
        (
            f"{known.folder.path} do OneDrive đồng bộ: tệp có thể chưa tải về máy",
            f"{known.folder.path} is kept by OneDrive",
        ),
        ("chọn “Luôn giữ trên thiết bị này” cho thư mục", "choose “Always keep on this device” for the folder"),
    )


def _temp(known: Facts) -> Check:
    name, place = ("Thư mục tạm", "Folder for temporary files"), known.temp
    why = place.unread or place.unwritten
    if why:
        what = "đặt biến TEMP và TMP tới thư mục ghi được", "set TEMP and TMP to a folder that can be written"
        return Check(name, "bad", (f"{place.path}: {why}", f"{place.path}: {in_english(why)}"), what)
    if known.system == "Windows" and not place.path.isascii():
        means = (
            f"{place.path}: tên có dấu, nút bấm trong Excel không ghi được nhật ký ở đó",
            f"{place.path}: no ASCII name",
        )
        what = (
            "dùng tệp .bat bên cạnh sổ điều khiển, hoặc ghi dòng TEMP DIR trong sổ thành thư mục không dấu",
            "use the .bat files, or set TEMP DIR in the control workbook to a folder with an ASCII name",
        )
        return Check(name, "note", means, what)
    return Check(name, "good", (f"{place.path}: ghi được", f"{place.path}: can be written"))


def _space(known: Facts) -> Check:
    name = "Chỗ trống trên ổ đĩa", "Free space"
    known_free = [(place.free, place.path) for place in (known.folder, known.temp) if place.free is not None]
    if not known_free:
        return Check(name, "note", ("không xem được", "could not be seen"))
    free, path = min(known_free)
    told = f"{free // _MEGABYTE} MB ở {path}", f"{free // _MEGABYTE} MB at {path}"
    what = "xóa bớt tệp không dùng ở ổ đĩa này", "delete what is not needed on that disk"
    if free < _LITTLE:
        return Check(name, "bad", (f"chỉ còn {told[0]}", f"only {told[1]}"), what)
    return Check(name, "note" if free < _SCARCE else "good", told, what if free < _SCARCE else ("", ""))


def _console(known: Facts) -> Check:
    name = "Bảng mã của cửa sổ lệnh", "Code page of the console"
    if known.code_page.casefold().replace("-", "") in ("65001", "utf8", "cp65001"):
        return Check(name, "good", (known.code_page, known.code_page))
    means = (
        f"{known.code_page or 'không rõ'}: chữ có dấu có thể hiện sai, tệp ghi ra vẫn đúng",
        f"{known.code_page or 'unknown'}: letters may look wrong, files are right all the same",
    )
    what = ("gõ chcp 65001 trước khi chạy", "type chcp 65001 first")
    if known.system != "Windows":
        what = "đặt LANG=vi_VN.UTF-8", "set LANG=vi_VN.UTF-8"
    return Check(name, "note", means, what)


def _long_paths(known: Facts) -> Check | None:
    if known.system != "Windows":
        return None
    name = "Đường dẫn dài", "Long paths"
    if known.registry.get("long paths") == 1:
        return Check(name, "good", ("được phép", "allowed"))
    length = len(known.folder.path)
    means = f"tối đa 260 ký tự, thư mục này đã dùng {length}", f"260 characters at most, this folder takes {length}"
    what = (
        "chuyển thư mục tới chỗ có đường dẫn ngắn, ví dụ D:\\cchc",
        "move the folder to a short path such as D:\\cchc",
    )
    return Check(name, "bad" if length > LONGEST else "good", means, what if length > LONGEST else ("", ""))


def _fonts(known: Facts) -> Check:
    name = "Phông chữ Times New Roman", "The font Times New Roman"
    if known.fonts:
        return Check(name, "good", ("có", "there"))
    means = (
        "không có trên máy này" if known.fonts is not None else "không xem được",
        "not on this machine" if known.fonts is not None else "could not be seen",
    )
    what = (
        "văn bản vẫn đúng; khi in hoặc xuất PDF hãy dùng máy có phông này",
        "documents are right all the same; print and make PDFs where the font is",
    )
    return Check(name, "note", means, what)


def _locale(known: Facts) -> Check:
    sign = known.registry.get("decimal sign")
    told = f"{known.locale or 'C'}" + (f", dấu thập phân “{sign}”" if sign else "")
    told_en = f"{known.locale or 'C'}" + (f", decimal sign “{sign}”" if sign else "")
    return Check(
        ("Vùng và ngôn ngữ", "Region and language"),
        "good",
        (f"{told}; số liệu đọc đúng với mọi thiết lập", f"{told_en}; figures are read rightly whatever it is"),
    )


def _office(known: Facts) -> Check:
    name = "Chương trình bảng tính", "Spreadsheet program"
    excel = known.registry.get("excel")
    found = []
    if excel:
        about = " ".join(
            str(known.registry[key]) for key in ("office version", "office bits") if known.registry.get(key)
        )
        found.append(f"Excel {about}".strip())
    if known.soffice:
        found.append(f"LibreOffice ({known.soffice})")
    if found:
        told = ", ".join(found)
        if known.system == "Windows" and not excel:
            what = "dùng tệp .bat hoặc dòng lệnh: nút bấm cần Excel", "use the .bat files: the button needs Excel"
            return Check(name, "note", (told, told), what)
        return Check(name, "good", (told, told))
    means = (
        "không thấy Excel, LibreOffice: lập tệp vẫn được, mở xem thì không",
        "neither Excel nor LibreOffice was found",
    )
    what = "mở tệp kết quả ở máy có Excel hoặc cài LibreOffice", "open the files where Excel is, or install LibreOffice"
    return Check(name, "note", means, what)


def _macros(known: Facts) -> Check | None:
    if known.system != "Windows":
        return None
    name = "Macro trong Excel", "Macros in Excel"
    set_ = known.registry.get("macros policy", known.registry.get("macros"))
    bat = "dùng tệp .bat bên cạnh sổ điều khiển", "use the .bat files beside the control workbook"
    if known.registry.get("macros policy") in (3, 4):
        means = "quản trị hệ thống đã cấm macro", "forbidden by the administrator"
        return Check(name, "note", means, bat)
    if set_ == 4:
        means = "bị tắt hẳn, không hỏi", "switched off without a question"
        what = (
            "Tệp › Tùy chọn › Trung tâm tin cậy › Thiết lập macro: chọn “Tắt tất cả macro có thông báo”",
            "File › Options › Trust Center › Macro Settings: choose “Disable all macros with notification”",
        )
        return Check(name, "note", means, what)
    if known.marked:
        means = (
            f"Windows coi {', '.join(known.marked)} là tệp tải từ Internet nên chặn macro",
            f"Windows takes {', '.join(known.marked)} for files of the Internet and blocks their macros",
        )
        what = (
            "bấm phải vào tệp › Thuộc tính › đánh dấu Bỏ chặn (Unblock), hoặc lập lại bằng cchc-xl button",
            "right-click the file › Properties › Unblock, or make it again with cchc-xl button",
        )
        return Check(name, "note", means, what)
    told = "được phép sau khi bấm “Bật nội dung”", "allowed after “Enable Content”"
    return Check(name, "good", told)


_CHECKS: tuple[Callable[[Facts], Check | None], ...] = (
    *(_python, _packages, _folder, _cloud, _temp, _space, _console, _long_paths, _leaks, _fonts, _locale),
    *(_office, _macros),
)
