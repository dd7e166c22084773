"""Why a file could not be had: an ``OSError`` comes in, a few words an officer reads go out.

The system's own text is English on Linux, on Windows in whatever language it was installed with.
"""

from __future__ import annotations

import errno


class ToldError(Exception):
    """What is raised with one whole sentence for the officer as its text: what, why, and what to do."""


UNREACHABLE = "không tới được thư mục chia sẻ trên mạng"
# By Windows' own number, which says more than the one that Python makes of it.
_OF_WINDOWS = {
    **dict.fromkeys((32, 33), "tệp đang mở ở chương trình khác"),
    **dict.fromkeys((51, 53, 54, 55, 59, 64, 67, 71, 121, 1231, 1236), UNREACHABLE),
    **dict.fromkeys((86, 1326, 1327), "sai tên hoặc mật khẩu đăng nhập thư mục chia sẻ"),
    19: "ổ đĩa bị khóa ghi",
    21: "ổ đĩa chưa sẵn sàng",
    123: "tên tệp có ký tự không dùng được",
    206: "đường dẫn dài quá",
}
_REASONS = {
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.ENOTDIR: "một phần của đường dẫn là tệp, không phải thư mục",
    errno.EISDIR: "đây là thư mục, không phải tệp",
    errno.EEXIST: "đã có tệp hoặc thư mục tên này",
    errno.ENOTEMPTY: "thư mục chưa trống",
    **dict.fromkeys((errno.EACCES, errno.EPERM), "không có quyền"),
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    **dict.fromkeys((errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)), "hết chỗ trống trên ổ đĩa"),
    errno.EFBIG: "tệp lớn quá mức ổ đĩa cho phép",
    errno.ENAMETOOLONG: "tên tệp hoặc đường dẫn dài quá",
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), "mở quá nhiều tệp cùng lúc"),
    **dict.fromkeys((errno.EBUSY, getattr(errno, "ETXTBSY", errno.EBUSY)), "tệp đang được dùng"),
    errno.ELOOP: "lối tắt dẫn vòng quanh",
    errno.EIO: "ổ đĩa đọc, ghi bị lỗi",
    errno.EXDEV: "hai nơi ở hai ổ đĩa khác nhau",
    errno.EINTR: "bị ngắt giữa chừng",
    **dict.fromkeys((errno.ENXIO, errno.ENODEV), "không có thiết bị này"),
    **dict.fromkeys(
        (
            *(errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ECONNRESET, errno.ECONNREFUSED),
            *(errno.ETIMEDOUT, errno.ECONNABORTED, getattr(errno, "EHOSTDOWN", errno.ETIMEDOUT)),
            *(getattr(errno, "ESTALE", errno.ETIMEDOUT), errno.ENOTCONN),
        ),
        UNREACHABLE,
    ),
}  # fmt: skip


ENGLISH = {
    "tệp đang mở ở chương trình khác": "another program has the file open",
    UNREACHABLE: "the network share cannot be reached",
    "sai tên hoặc mật khẩu đăng nhập thư mục chia sẻ": "wrong name or password for the network share",
    "ổ đĩa bị khóa ghi": "the disk is write-protected",
    "ổ đĩa chưa sẵn sàng": "the drive is not ready",
    "tên tệp có ký tự không dùng được": "the name has characters that cannot be used",
    "đường dẫn dài quá": "the path is too long",
    "không có tệp này": "there is no such file",
    "không có tệp hoặc thư mục này": "there is no such file or folder",
    "một phần của đường dẫn là tệp, không phải thư mục": "a part of the path is a file, not a folder",
    "đây là thư mục, không phải tệp": "it is a folder, not a file",
    "đã có tệp hoặc thư mục tên này": "there is a file or folder of that name",
    "thư mục chưa trống": "the folder is not empty",
    "không có quyền": "no permission",
    "ổ đĩa chỉ cho đọc": "the disk is read-only",
    "hết chỗ trống trên ổ đĩa": "the disk is full",
    "tệp lớn quá mức ổ đĩa cho phép": "the file is larger than the disk takes",
    "tên tệp hoặc đường dẫn dài quá": "the name or path is too long",
    "mở quá nhiều tệp cùng lúc": "too many files are open",
    "tệp đang được dùng": "the file is in use",
    "lối tắt dẫn vòng quanh": "the shortcut leads in a circle",
    "ổ đĩa đọc, ghi bị lỗi": "the disk cannot be read or written",
    "hai nơi ở hai ổ đĩa khác nhau": "the two places are on two disks",
    "bị ngắt giữa chừng": "it was interrupted",
    "không có thiết bị này": "there is no such device",
    "tên hoặc đường dẫn không dùng được": "the name or path cannot be used",
    "không phải tệp thường": "it is no ordinary file",
}


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
