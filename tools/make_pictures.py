"""Makes the pictures of the README from the real output: ``python tools/make_pictures.py`` (needs LibreOffice, poppler).

Runs the 2020 example, renders the first page of the report and of the consolidated workbook, and a unit's form.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cchc_xl import run

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


def picture(document: Path, page: int, name: str, work: Path) -> None:
    """One page of a document as ``docs/pictures/<name>.png``."""
    profile = f"-env:UserInstallation=file://{work}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(work), str(document)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    target = PICTURES / name
    pdf = work / f"{document.stem}.pdf"
    subprocess.run(
        ["pdftoppm", "-r", "64", "-png", "-singlefile", "-f", str(page), "-l", str(page), str(pdf), str(target)],
        check=True,
        timeout=60,
    )
    print(target.with_suffix(".png").relative_to(ROOT))


if __name__ == "__main__":
    main()
