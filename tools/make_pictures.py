"""Makes the pictures of the README from the real output: ``python tools/make_pictures.py`` (needs LibreOffice, poppler).

Runs the 2020 example, renders the first page of the report and of the consolidated workbook, a unit's form, and the
control workbook.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cchc_xl import run
from cchc_xl.extras.control_tasks import TASKS
from cchc_xl.extras.control_workbook import write_control_workbook

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
EXAMPLE = ROOT / "examples" / "2020-ca-nam"


def main() -> None:
    """Writes the pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        result = run(EXAMPLE / "ke-hoach.xlsx", EXAMPLE / "don-vi", period="2020-N", out=out)
        made = Path(result.folder or "")
        picture(made / "bao-cao.docx", 1, "bao-cao", out)
        picture(made / "tong-hop.xlsx", 1, "tong-hop", out)
        picture(EXAMPLE / "don-vi" / "2020-N_LDVLBH.xlsx", 1, "bieu-mau", out)
        picture(control_workbook(out / "nut"), 1, "so-dieu-khien", out, 84)


def control_workbook(folder: Path) -> Path:
    """The control workbook of the example, its button to be seen on paper, too."""
    folder.mkdir()
    shutil.copy(EXAMPLE / "ke-hoach.xlsx", folder)
    task = next(task.name for task in TASKS if task.file == "tong_hop")
    cells = {"plan": "ke-hoach.xlsx", "shared": r"\\may-chu\cchc\2020", "period": "Năm 2020 (2020-N)", "task": task}
    made, shown = write_control_workbook(folder, **cells)[0], folder / "so-dieu-khien.xlsm"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(shown, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename.endswith(".vml"):
                content = content.replace(b"<x:PrintObject>False</x:PrintObject>", b"")
            new.writestr(part, content)
    return shown


def picture(document: Path, page: int, name: str, work: Path, resolution: int = 64, height: int = 0) -> None:
    """One page of a document as ``docs/pictures/<name>.png``; with ``height`` only so much of its top."""
    profile = f"-env:UserInstallation=file://{work}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(work), str(document)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    target = PICTURES / name
    pdf = work / f"{document.stem}.pdf"
    subprocess.run(
        [
            "pdftoppm",
            "-r",
            str(resolution),
            "-png",
            "-singlefile",
            "-f",
            str(page),
            "-l",
            str(page),
            *(("-x", "0", "-y", "0", "-W", "4000", "-H", str(height)) if height else ()),
            str(pdf),
            str(target),
        ],
        check=True,
        timeout=60,
    )
    print(target.with_suffix(".png").relative_to(ROOT))


if __name__ == "__main__":
    main()
