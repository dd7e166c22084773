"""One run at a time in one folder of results: a folder comes in, and nobody else's run is let in until this one ends.

Contract: design §12. The lock is a file with host, user, process and time, made whole and put in place in one step, so
that it works on a share as on a local disk. It is stale when its process is gone (on this machine) or when it has not
been renewed for :data:`STALE_MINUTES` (on another one).
"""

from __future__ import annotations

import getpass
import json
import os
import platform
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cchc_xl.text.days import date_vi
from cchc_xl.text.system_error import ToldError
from cchc_xl.text.words import VIETNAM

LOCK, STALE_MINUTES = ".cchc-xl.lock", 15
_TRIES = 3


class LockedError(ToldError):
    """Another run is at work in the folder; the text is one sentence for the officer."""


class LostError(ToldError):
    """Somebody took the lock over, thinking that this run was gone; the text is one sentence for the officer."""


@dataclass(frozen=True, slots=True)
class Held:
    """The lock of this run."""

    path: Path
    token: str

    def renew(self) -> None:
        """Says that the run is alive. Raises :class:`LostError` if the lock is another's by now."""
        if _told(self.path).get("token") != self.token:
            raise LostError(f"Có lượt chạy khác đã thay lượt này trong {self.path.parent}: hãy chạy lại.")
        with suppress(OSError):
            os.utime(self.path)


@contextmanager
def locked(out: Path) -> Iterator[Held]:
    """Holds the folder of results for one run; makes the folder, and takes it away again if nothing was put in it.

    Raises :class:`LockedError` naming who is at work there, ``OSError`` if nothing can be written.
    """
    fresh = not out.exists()
    out.mkdir(parents=True, exist_ok=True)
    try:
        held = _taken(out)
        try:
            yield held
        finally:
            if _told(held.path).get("token") == held.token:
                held.path.unlink(missing_ok=True)
    finally:
        if fresh:
            with suppress(OSError):
                out.rmdir()


def _taken(out: Path) -> Held:
    path = out / LOCK
    token = secrets.token_hex(8)
    own = _own(out)
    told = {"token": token, **_who(), "time": datetime.now(VIETNAM).isoformat(timespec="seconds")}
    _sweep(out)
    try:
        own.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        for _ in range(_TRIES):
            if _put(own, path):
                return Held(path, token)
            before = _told(path)
            if not _is_stale(path, before):
                raise LockedError(_sentence(path, before))
            _clear(path, before)
        raise LockedError(_sentence(path, _told(path)))
    finally:
        own.unlink(missing_ok=True)


def _put(own: Path, path: Path) -> bool:
    """Puts the lock in place unless there is one: never two at once, and never one without its content."""
    try:
        if os.name == "nt":
            own.rename(path)  # refuses where there is one
        else:
            path.hardlink_to(own)
    except FileExistsError:
        return False
    except OSError:  # a share without links
        try:
            with path.open("x", encoding="utf-8") as stream:
                stream.write(own.read_text(encoding="utf-8"))
        except FileExistsError:
            return False
    return True


def _clear(path: Path, stale: dict[str, object]) -> None:
    """Takes a stale lock away; one that somebody else has put there meanwhile goes back."""
    away = _own(path.parent)
    try:
        path.rename(away)
    except OSError:
        return
    if _told(away).get("token") != stale.get("token"):
        _put(away, path)
    _remove(away)


def _remove(path: Path) -> None:
    """Takes a file of ours away, or a folder that somebody made in its place."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        with suppress(OSError):
            path.rmdir()


def _is_stale(path: Path, told: dict[str, object]) -> bool:
    if told.get("host") == platform.node():
        return not _is_alive(told)
    try:
        # On a share its own clock decides: a file made now is compared with the lock.
        probe = _own(path.parent)
        probe.touch()
        age = probe.stat().st_mtime - path.stat().st_mtime
        probe.unlink()
    except OSError:
        return False
    return age > STALE_MINUTES * 60


def _is_alive(told: dict[str, object]) -> bool:
    """Whether the very process that made the lock still runs: a number is given to another one after a while."""
    import psutil

    pid, started = told.get("pid"), told.get("started")
    if not isinstance(pid, int) or not isinstance(started, int | float):
        return False
    try:
        return abs(psutil.Process(pid).create_time() - started) < 2
    except (psutil.NoSuchProcess, ValueError, OverflowError):
        return False
    except psutil.Error:
        return True


def _who() -> dict[str, object]:
    import psutil

    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):  # no name for this user, and nothing in the environment
        user = ""
    pid = os.getpid()
    return {"host": platform.node(), "user": user, "pid": pid, "started": psutil.Process(pid).create_time()}


def _own(out: Path) -> Path:
    """A name that no other process and no other thread has."""
    return out / f"{LOCK}.{platform.node()}.{os.getpid()}-{secrets.token_hex(4)}"


def _sweep(out: Path) -> None:
    """Takes away what a run on this machine that was killed while it took the lock has left."""
    import psutil

    start = f"{LOCK}.{platform.node()}."
    for path in out.glob(f"{start}*"):
        number = path.name.removeprefix(start).partition("-")[0]
        if number.isdecimal() and not psutil.pid_exists(int(number)):
            _remove(path)


def _told(path: Path) -> dict[str, object]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _sentence(path: Path, told: dict[str, object]) -> str:
    user, host = told.get("user") or "Một người khác", told.get("host") or "không rõ"
    since = ""
    with suppress(ValueError, TypeError):
        begun = datetime.fromisoformat(str(told.get("time")))
        since = f" từ {begun:%Hh%M} ngày {date_vi(begun)}"
    return (
        f"{user} (máy {host}) đang chạy vào {path.parent}{since}: hãy đợi lượt đó xong rồi chạy lại; nếu chắc chắn "
        f"không còn ai chạy thì đợi {STALE_MINUTES} phút, hoặc xóa tệp {path}."
    )
