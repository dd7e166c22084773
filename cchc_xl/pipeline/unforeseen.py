"""What nobody foresaw: an exception of ours comes in, a code to report it by goes out, and what happened into a log."""

from __future__ import annotations

import os
import traceback
import zlib
from datetime import datetime
from pathlib import Path

_MOST_KEPT = 50  # logs, of which the oldest go first: a fault that meets every file fills no disk


def code_of(error: BaseException) -> str:
    """The same code for the same line of code, so that IT recognises a fault reported twice.

    >>> code_of(ValueError("a")) == code_of(ValueError("a"))
    True
    """
    frames = traceback.extract_tb(error.__traceback__)
    spot = f"{type(error).__name__}:{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else repr(error)
    return f"CX-{zlib.crc32(spot.encode()) & 0xFFFF:04X}"


def logged(error: BaseException) -> Path | None:
    """The log in which the error now stands; None where none can be written."""
    path = log_folder() / f"loi_{datetime.now().astimezone():%Y%m%d_%H%M%S}_{code_of(error)}.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in sorted(path.parent.glob("loi_*.txt"))[: -_MOST_KEPT + 1 or None]:
            old.unlink(missing_ok=True)
        # With a byte order mark, so that every Notepad opens it as UTF-8.
        path.write_text(f"{code_of(error)}\n{''.join(traceback.format_exception(error))}", encoding="utf-8-sig")
    except (OSError, RuntimeError):  # without a home there is no folder of the user's
        return None
    return path


def log_folder() -> Path:
    """The folder of the logs, in the user's own local folder: never on the share.

    Raises ``RuntimeError`` where there is none.
    """
    local = os.environ.get("LOCALAPPDATA")
    return Path(local) / "cchc_xl" / "nhat_ky" if local else Path.home() / ".local" / "state" / "cchc_xl"
