"""The same workbooks read from a folder of this computer and over SMB from a server on it."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.contenders import Figure, measured, ours_named
from benchmarks.samba import serving, why_not


def measure(made: tuple[Path, Path], rounds: int) -> list[Figure]:
    """Starts a server with a copy of the workbooks, measures, and ends it; nothing where none can be started."""
    if why := why_not():
        print(why)
        return []
    plan, forms = made
    with serving() as samba:
        here, there = samba.folder()
        shutil.copytree(forms, here, dirs_exist_ok=True)
        for path in here.rglob("*"):
            path.chmod(0o777 if path.is_dir() else 0o666)
        return measured(
            ours_named(made, "local folder") | ours_named((plan, there), "over SMB"),
            rounds,
        )
