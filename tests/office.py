"""Opening our files in LibreOffice for real: a file comes in, the file it saved goes out.

One LibreOffice serves the whole test run (each worker of it): it stays open over an empty workbook, and every further
call of ``soffice`` with its profile hands it the files and returns when they are converted.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from openpyxl import Workbook

START_SECONDS, ANSWER_SECONDS = 180, 5


def convert(path: Path, kind: str, folder: Path) -> Path:
    """The file as LibreOffice saves it in another kind (``xlsx``, ``ods``, ``pdf``), formulas recalculated on loading."""
    return converted([path], kind, folder)[0]


def converted(paths: list[Path], kind: str, folder: Path) -> list[Path]:
    """The same for many files, in one call of LibreOffice."""
    folder.mkdir(parents=True, exist_ok=True)
    _OFFICE.ensure()
    try:
        subprocess.run(
            [*_soffice(), "--convert-to", kind, "--outdir", str(folder), *map(str, paths)],
            check=True,
            capture_output=True,
            timeout=180 + len(paths),
        )
    except subprocess.SubprocessError:
        _OFFICE.stop()
        raise
    made = [folder / f"{path.stem}.{kind}" for path in paths]
    missing = [path.name for path in made if not path.exists()]
    assert not missing, f"LibreOffice did not write {missing}"
    return made


def _soffice() -> tuple[str, ...]:
    return ("soffice", f"-env:UserInstallation={_profile().resolve().as_uri()}", "--headless", "--norestore")


class _Office:
    """The LibreOffice that stays open; started when first needed, and again if a file took it down."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def ensure(self) -> None:
        """Returns when it is open and converts."""
        if self._process is not None and self._process.poll() is None:
            return
        path = _profile() / "open.xlsx"  # while a document is open, it does not end after a conversion
        Workbook().save(path)
        lock = path.with_name(f".~lock.{path.name}#")
        lock.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [*_soffice(), str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        end = time.monotonic() + START_SECONDS
        ready = False
        while not ready:
            assert self._process.poll() is None, "LibreOffice ended while it was starting"
            assert time.monotonic() < end, "LibreOffice did not start"
            if lock.exists():
                ready = self._answers(path)
            else:
                time.sleep(0.05)

    def _answers(self, path: Path) -> bool:
        """Whether it converts already: what it is handed while it is still starting may be lost."""
        command = [*_soffice(), "--convert-to", "csv", "--outdir", str(path.parent / "csv"), str(path)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=ANSWER_SECONDS)
        except subprocess.TimeoutExpired:
            return False
        return (path.parent / "csv" / "open.csv").exists()

    def stop(self) -> None:
        """Ends it with the process that its start script left behind."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL) if os.name == "posix" else process.kill()
            process.wait()


_OFFICE = _Office()


@cache
def _profile() -> Path:
    """A profile of this test run; LibreOffice trusts stored values unless told to recalculate on load (0 = always)."""
    profile = Path(tempfile.mkdtemp(prefix="cchc-xl-tests-"))
    atexit.register(shutil.rmtree, profile, ignore_errors=True)
    atexit.register(_OFFICE.stop)  # before that: the last one registered is called first
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    item = '<item oor:path="/org.openoffice.Office.{0}"><prop oor:name="{1}" oor:op="fuse"><value>{2}</value></prop></item>'
    settings.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        + item.format("Calc/Formula/Load", "OOXMLRecalcMode", 0)
        + item.format("Calc/Formula/Load", "ODFRecalcMode", 0)
        + item.format("Common/Save/Document", "GenerateThumbnail", "false")  # a third of the time of saving .ods
        + "</oor:items>",
        encoding="utf-8",
    )
    return profile
