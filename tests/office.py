"""Opening our files in LibreOffice for real: a file comes in, the file it saved goes out."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path


def convert(path: Path, kind: str, folder: Path) -> Path:
    """The file as LibreOffice saves it in another kind (``xlsx``, ``ods``, ``pdf``), formulas recalculated on loading."""
    return converted([path], kind, folder)[0]


def converted(paths: list[Path], kind: str, folder: Path) -> list[Path]:
    """The same for many files, in one start of LibreOffice."""
    folder.mkdir(parents=True, exist_ok=True)
    profile = _profile()
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={profile.resolve().as_uri()}", "--headless"),
            *("--convert-to", kind, "--outdir", str(folder), *map(str, paths)),
        ],
        check=True,
        capture_output=True,
        timeout=180 + len(paths),
    )
    made = [folder / f"{path.stem}.{kind}" for path in paths]
    missing = [path.name for path in made if not path.exists()]
    assert not missing, f"LibreOffice did not write {missing}"
    return made


@cache
def _profile() -> Path:
    """A profile of this test run; LibreOffice trusts stored values unless told to recalculate on load (0 = always)."""
    profile = Path(tempfile.mkdtemp(prefix="cchc-xl-tests-"))
    atexit.register(shutil.rmtree, profile, ignore_errors=True)
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    item = (
        '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="{0}" oor:op="fuse">'
        "<value>0</value></prop></item>"
    )
    settings.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        + item.format("OOXMLRecalcMode")
        + item.format("ODFRecalcMode")
        + "</oor:items>",
        encoding="utf-8",
    )
    return profile
