"""Why a file could not be had: an ``OSError`` comes in, a few words an officer reads go out.

The system's own text is English on Linux, on Windows in whatever language it was installed with.
"""

from __future__ import annotations

import errno


class ToldError(Exception):
    """What is raised with one whole sentence for the officer as its text: what, why, and what to do."""


UNREACHABLE = "không tới được thư mục chia sẻ trên mạng"
# What an officer reads, the same in English, Windows' own numbers of it (they say more than what Python makes of them)
# and the names of the system's, of which not every system has each.
_TOLD: tuple[tuple[str, str, tuple[int, ...], str], ...] = (
    ("tệp đang mở ở chương trình khác", "another program has the file open", (32, 33), ""),
    (
        UNREACHABLE,
        "the network share cannot be reached",
        (51, 53, 54, 55, 59, 64, 67, 71, 121, 1231, 1236),
        "ENETDOWN ENETUNREACH EHOSTUNREACH EHOSTDOWN ECONNRESET ECONNREFUSED ECONNABORTED ENOTCONN ETIMEDOUT ESTALE",
    ),
    ("sai tên hoặc mật khẩu đăng nhập thư mục chia sẻ", "wrong name or password for the network share",
     (86, 1326, 1327), ""),
    ("ổ đĩa bị khóa ghi", "the disk is write-protected", (19,), ""),
    ("ổ đĩa chưa sẵn sàng", "the drive is not ready", (21,), ""),
    ("tên tệp có ký tự không dùng được", "the name has characters that cannot be used", (123,), ""),
    ("đường dẫn dài quá", "the path is too long", (206,), ""),
    ("không có tệp này", "there is no such file", (), ""),
    ("không có tệp hoặc thư mục này", "there is no such file or folder", (), "ENOENT"),
    ("một phần của đường dẫn là tệp, không phải thư mục", "a part of the path is a file, not a folder", (), "ENOTDIR"),
    ("đây là thư mục, không phải tệp", "it is a folder, not a file", (), "EISDIR"),
    ("đã có tệp hoặc thư mục tên này", "there is a file or folder of that name", (), "EEXIST"),
    ("thư mục chưa trống", "the folder is not empty", (), "ENOTEMPTY"),
    ("không có quyền", "no permission", (), "EACCES EPERM"),
    ("ổ đĩa chỉ cho đọc", "the disk is read-only", (), "EROFS"),
    ("hết chỗ trống trên ổ đĩa", "the disk is full", (), "ENOSPC EDQUOT"),
    ("tệp lớn quá mức ổ đĩa cho phép", "the file is larger than the disk takes", (), "EFBIG"),
    ("tên tệp hoặc đường dẫn dài quá", "the name or path is too long", (), "ENAMETOOLONG"),
    ("mở quá nhiều tệp cùng lúc", "too many files are open", (), "EMFILE ENFILE"),
    ("tệp đang được dùng", "the file is in use", (), "EBUSY ETXTBSY"),
    ("lối tắt dẫn vòng quanh", "the shortcut leads in a circle", (), "ELOOP"),
    ("ổ đĩa đọc, ghi bị lỗi", "the disk cannot be read or written", (), "EIO"),
    ("hai nơi ở hai ổ đĩa khác nhau", "the two places are on two disks", (), "EXDEV"),
    ("bị ngắt giữa chừng", "it was interrupted", (), "EINTR"),
    ("không có thiết bị này", "there is no such device", (), "ENXIO ENODEV"),
    ("tên hoặc đường dẫn không dùng được", "the name or path cannot be used", (), ""),
    ("không phải tệp thường", "it is no ordinary file", (), ""),
)  # fmt: skip
_OF_WINDOWS = {number: told for told, _, numbers, _ in _TOLD for number in numbers}
_REASONS = {getattr(errno, name): told for told, _, _, names in _TOLD for name in names.split() if hasattr(errno, name)}
ENGLISH = {told: english for told, english, _, _ in _TOLD}


def reason(error: BaseException) -> str:
    """Why, in Vietnamese; of what the system has no number for, the error's own text.

    >>> reason(FileNotFoundError(errno.ENOENT, "No such file or directory")), reason(OSError("không phải tệp thường"))
    ('không có tệp hoặc thư mục này', 'không phải tệp thường')
    """
    if not isinstance(error, OSError) or error.errno is None:
        return str(error)
    if error.errno == errno.EINVAL:  # ours has a sentence of its own, the system's says nothing that helps
        own = error.strerror or ""
        return "tên hoặc đường dẫn không dùng được" if not own or own.isascii() else own
    told = _OF_WINDOWS.get(getattr(error, "winerror", None) or 0) or _REASONS.get(error.errno)
    return told or f"hệ thống báo lỗi số {error.errno}"


def in_english(told: str) -> str:
    """What :func:`reason` says, in English."""
    return ENGLISH.get(told, told)
