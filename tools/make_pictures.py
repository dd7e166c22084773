"""Makes the pictures of the README and the handbook from real output: ``python tools/make_pictures.py``.

Runs both examples and draws what :data:`PICTURES` lists (needs LibreOffice, poppler).
"""

from __future__ import annotations

import math
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cchc_xl import issue, run
from cchc_xl.extras.control_tasks import TASKS
from cchc_xl.extras.control_workbook import write_control_workbook

ROOT = Path(__file__).resolve().parent.parent
README, HANDBOOK = ROOT / "docs" / "pictures", ROOT / "docs" / "vi" / "hinh"
_COLOURS, _WHITE = 96, (255, 255, 255)
EXAMPLES = {"year": ROOT / "examples" / "2020-ca-nam", "quarter": ROOT / "examples" / "2021-quy-1"}


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: the page of a document on which ``on`` stands, and which parts of its height and width are shown."""

    path: Path
    of: str
    on: str = ""
    resolution: int = 64
    high: tuple[float, float] = (0.0, 1.0)
    wide: tuple[float, float] = (0.0, 1.0)


# Every picture of ours; ``of`` is a file below the folder of the run called before the colon.
PICTURES = (
    Picture(README / "bao-cao.png", "year:bao-cao.docx"),
    Picture(README / "tong-hop.png", "year:tong-hop.xlsx"),
    Picture(README / "bieu-mau.png", "forms:2020-N_LDVLBH.xlsx"),
    Picture(HANDBOOK / "so-dieu-khien.png", "button:so-dieu-khien.xlsm", resolution=110, high=(0, 0.46)),
    Picture(HANDBOOK / "viec-can-lam.png", "quarter:tong-hop.xlsx", resolution=115, high=(0, 0.62)),
    Picture(HANDBOOK / "tham-dinh.png", "quarter:tham-dinh.xlsx", resolution=140, high=(0, 0.45), wide=(0, 0.7935)),
    Picture(HANDBOOK / "bieu-mau.png", "form:2021-Q1_VP.xlsx", "SỐ LIỆU BÁO CÁO", 150, (0, 0.42), (0, 0.604)),
    Picture(HANDBOOK / "bao-cao.png", "quarter:bao-cao.docx", resolution=90, high=(0, 0.55)),
    Picture(HANDBOOK / "phieu-kiem-tra.png", "quarter:phieu-kiem-tra.docx", resolution=90, high=(0.07, 0.5)),
)


def main() -> None:
    """Writes the pictures."""
    for folder in (README, HANDBOOK):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        homes = {"forms": EXAMPLES["year"] / "don-vi", "button": work / "nut", "form": work / "bieu"}
        for of, period in (("year", "2020-N"), ("quarter", "2021-Q1")):
            example = EXAMPLES[of]
            result = run(example / "ke-hoach.xlsx", example / "don-vi", period=period, out=work / of)
            homes[of] = Path(result.folder or "")
        issue(EXAMPLES["quarter"] / "ke-hoach.xlsx", homes["form"], period="2021-Q1")
        control_workbook(homes["button"])
        vietnamese(work / "profile")
        for one in PICTURES:
            home, _, file = one.of.partition(":")
            draw(one, homes[home] / file, work)


def control_workbook(folder: Path) -> Path:
    """The control workbook of the example, its button to be seen on paper, too."""
    folder.mkdir()
    shutil.copy(EXAMPLES["year"] / "ke-hoach.xlsx", folder)
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


def vietnamese(profile: Path) -> None:
    """A profile of LibreOffice with decimal commas."""
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">'
        "<value>vi-VN</value></prop></item></oor:items>",
        encoding="utf-8",
    )


def draw(picture: Picture, document: Path, work: Path) -> None:
    """The picture from its document, cut and with few colours."""
    folder = Path(tempfile.mkdtemp(dir=work))
    profile = f"-env:UserInstallation=file://{work}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(document)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    pdf = folder / f"{document.stem}.pdf"
    text = subprocess.run(("pdftotext", str(pdf), "-"), check=True, capture_output=True, timeout=60).stdout.decode()
    page = next(number for number, said in enumerate(text.split("\f"), start=1) if picture.on in said)
    drawn = ("pdftoppm", "-r", str(picture.resolution), "-f", str(page), "-singlefile", str(pdf), str(folder / "page"))
    subprocess.run(drawn, check=True, timeout=60)
    picture.path.write_bytes(png((folder / "page.ppm").read_bytes(), picture.high, picture.wide))
    print(picture.path.relative_to(ROOT), f"{picture.path.stat().st_size / 1000:.0f} kB")


def png(pixmap: bytes, high: tuple[float, float] = (0, 1), wide: tuple[float, float] = (0, 1)) -> bytes:
    r"""A PNG of these parts of a PPM pixmap's height and width: without margins, its commonest colours alone.

    >>> png(b"P6\n1 2\n255\n" + bytes((255, 0, 0, 0, 0, 0)), (0, 0.5))[1:4]
    b'PNG'
    """
    _, size, _, data = pixmap.split(b"\n", 3)
    across, down = map(int, size.split())
    pixels = list(zip(*(data[at::3] for at in range(3)), strict=True))
    left, right = (int(across * part) for part in wide)
    top, bottom = (int(down * part) for part in high)
    rows = [pixels[row * across + left : row * across + right] for row in range(top, bottom)]
    # Without the white margins of the paper.
    inked = [row for row in range(len(rows)) if any(map(_WHITE.__ne__, rows[row]))] or [0]
    columns = [at for at in range(right - left) if any(rows[row][at] != _WHITE for row in inked)] or [0]
    rows = [row[columns[0] : columns[-1] + 1] for row in rows[inked[0] : inked[-1] + 1]]
    pixels = [pixel for row in rows for pixel in row]
    counted = Counter(pixels).most_common()
    palette = [colour for colour, _ in counted[:_COLOURS]]
    at = {colour: number for number, colour in enumerate(palette)}
    for colour, _ in counted[_COLOURS:]:
        at[colour] = min(range(len(palette)), key=lambda number: math.dist(palette[number], colour))
    indexed = bytes(map(at.__getitem__, pixels))
    lines = b"".join(b"\0" + indexed[row * len(rows[0]) : (row + 1) * len(rows[0])] for row in range(len(rows)))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 3, 0, 0, 0)),
        (b"PLTE", b"".join(map(bytes, palette))),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    parts = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


if __name__ == "__main__":
    main()
