"""At least the cells of the best other reader on every file any of them reads; one outcome a file, 20 s and 512 MiB.

What the others read is recorded in ``peers.json``, with their versions, by ``python -m tests.test_readers_bar``.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from openpyxl import Workbook

from tests.conftest import PRINTED, ROOT, WHOLE
from tests.test_isolation import FAR
from tests.test_read import FIGURES, TOLERATED, Spoil, _packed, _parts, _rows
from tests.unit_forms import FULL, build_plan, fill, form, issue_forms

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other readers are tried in forked processes")
SECONDS, BYTES = 20, 512 * 1024 * 1024
# Refused though a peer reads something of them, and why that is right.
REFUSED = {
    "bieu-mau-sheetjs-ngan.xlsb": "calamine drops the cells in short form and says nothing",
    "gia-tri-sheetjs-ngan.xlsb": "the same",
    "chung-cu-sheetjs-ngan.xlsb": "the same",
    "five thousand scattered cells": "openpyxl keeps them; as a table, which is how a form is read, they fill the memory",
    "a percentage typed as text in a numeric cell": "openpyxl raises; calamine reads the rest and drops the cell",
    "a shared string that is not there": "calamine reads an empty text in its place",
}


def _inflated(name: str, start: bytes, filler: bytes, end: bytes, megabytes: int) -> Spoil:
    """A member that begins and ends as it should and inflates to so many megabytes."""

    def spoil(data: bytes) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            for other, part in _parts(data).items():
                if other != name:
                    package.writestr(other, part)
            with package.open(name, "w", force_zip64=True) as stream:
                stream.write(start)
                block = filler * (1_000_000 // len(filler))
                for _ in range(megabytes):
                    stream.write(block)
                stream.write(end)
        return packed.getvalue()

    return spoil


def _cell(xml: bytes) -> Spoil:
    return _rows(b'<row r="60">' + xml + b"</row>")


def _scattered(_: bytes) -> bytes:
    """Five thousand cells, each far from the others."""
    book = Workbook()
    for number in range(5_000):
        book.active.cell(1 + number * 200, 1 + number * 3).value = number
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _two_sheets_of_one_name(data: bytes) -> bytes:
    parts = _parts(data)
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace("Nhiệm vụ".encode(), "Phụ lục".encode())
    return _packed(parts)


# Each line of the measurements: hostile files, and files that other readers lose values of. The others are not asked
# about a bomb: they unpack the 300 MB of blanks and find nothing, or 150 MB of strings that no cell uses.
MEGABYTES = 150 if WHOLE else 110  # of a bomb: more than the 96 MiB that a part may have
HOSTILE: list[tuple[str, Spoil]] = [
    *((name, spoil) for name, _, spoil, _ in TOLERATED),
    ("a far cell alone", lambda _: FAR),
    ("five thousand scattered cells", _scattered),
    ("bomb of blanks in a sheet", _inflated(FIGURES, b"<worksheet><sheetData>", b" ", b"</sheetData></worksheet>", 2 * MEGABYTES)),
    ("bomb of rows", _inflated(FIGURES, b"<worksheet><sheetData>", b"<row/>", b"</sheetData></worksheet>", 80 if WHOLE else 8)),
    ("bomb of strings", _inflated("xl/sharedStrings.xml", b"<sst>", b"<si><t>a</t></si>", b"</sst>", MEGABYTES)),
    ("bomb of styles", _inflated("xl/styles.xml", b"<styleSheet><cellXfs>", b"<xf/>", b"</cellXfs></styleSheet>", MEGABYTES)),
    ("bomb in one attribute", _inflated("xl/workbook.xml", b'<workbook x="', b"a", b'"/>', MEGABYTES)),
    ("a picture larger than the memory that nobody uses", _inflated("xl/media/image1.png", b"", b"\0", b"", 2048 if WHOLE else 560)),
    ("a percentage typed as text in a numeric cell", _cell(b'<c r="A60"><v>12,5</v></c>')),
    ("a shared string that is not there", _cell(b'<c r="A60" t="s"><v>99999</v></c>')),
    ("a style that is not there", _cell(b'<c r="A60" s="99999"><v>5</v></c>')),
    ("an error value", _cell(b'<c r="A60" t="e"><v>#REF!</v></c>')),
    ("a date before 1900", _cell(b'<c r="A60" s="9"><v>-5</v></c>')),
    ("a date after 9999", _cell(b'<c r="A60" s="9"><v>9999999</v></c>')),
    ("the texts NA and null", _cell(b"".join(b'<c r="%s60" t="inlineStr"><is><t>%s</t></is></c>' % (column, text) for column, text in ((b"A", b"NA"), (b"B", b"N/A"), (b"C", b"null"))))),
    ("two sheets of one name", _two_sheets_of_one_name),
]  # fmt: skip


RECORDED = ROOT / "tests" / "peers.json"


def versions() -> dict[str, str]:
    return {name: metadata.version(name) for name in ("openpyxl", "pandas", "python-calamine", "xlrd")}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """What ours makes of every file now, and what the others made of it when they were last asked.

    They are asked again for other versions of them than recorded, and by ``tools/long.py``.
    """
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    if WHOLE or recorded["versions"] != versions():
        return measured(tmp_path_factory.mktemp("thuoc-do"), ask_others=True)
    told = measured(tmp_path_factory.mktemp("thuoc-do"), ask_others=False)
    assert told.keys() == recorded["cells"].keys()
    return {name: {**item, "peers": recorded["cells"][name]} for name, item in told.items()}


def measured(folder: Path, *, ask_others: bool) -> dict[str, dict[str, object]]:
    issue_forms(build_plan(folder / "plan.xlsx"), folder / "don-vi")
    sound = fill(form(folder / "don-vi", "NCC"), then=_only_values, **FULL["NCC"]).read_bytes()
    files = [path for path in sorted((ROOT / "tests" / "workbooks").iterdir()) if path.suffix not in (".json", ".md")]
    (folder / "la").mkdir()
    for name, spoil in HOSTILE:
        path = folder / "la" / f"{name}.xlsx"
        path.write_bytes(spoil(sound))
        files.append(path)
    asked = [path for path in files if ask_others and not path.name.startswith("bomb")]
    others = [path for path in files if path not in asked]
    command = [sys.executable, "-m", "tests.peers", *map(str, asked), "--", *map(str, others)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1500, check=False)
    assert done.returncode == 0, done.stderr
    told = {
        Path(name).stem if name.endswith(".xlsx") and "-" not in name else name: item
        for name, item in json.loads(done.stdout).items()
    }
    assert len(told) == len(files)
    return told


def _only_values(book: Workbook) -> None:
    """Without the live counts: openpyxl saves a formula without its value, and counts the formula as a cell."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.value = None


def test_ours_has_at_least_the_cells_of_the_best_other_reader(answers: dict[str, dict[str, object]]) -> None:
    short = []
    for name, answer in answers.items():
        counts = [count for count in answer["peers"].values() if isinstance(count, int)]  # type: ignore[attr-defined]
        best = max(counts, default=0)
        ours = answer["ours"] if isinstance(answer["ours"], int) else 0
        if ours < best and name not in REFUSED:
            short.append((name, answer["ours"], answer["peers"]))
    assert not short, "\n".join(map(str, short))
    _print(answers)


def test_every_file_has_one_outcome_in_bounded_time_and_memory(answers: dict[str, dict[str, object]]) -> None:
    for name, answer in answers.items():
        outcome = answer["ours"]
        assert isinstance(outcome, int) or str(outcome).startswith("F1"), (name, outcome)
        assert float(str(answer["seconds"])) < SECONDS, name
        assert 0 < int(str(answer["peak"])) < BYTES + 100 * 1024 * 1024, (name, answer["peak"])


def _print(answers: dict[str, dict[str, object]]) -> None:
    peers = list(next(iter(answers.values()))["peers"])  # type: ignore[call-overload]
    lines = ["cells read by ours and by others (– none: died, hung, refused)"]
    lines.append(f"{'':44s}{'ours':>8s}" + "".join(f"{peer:>20s}" for peer in peers))
    for name, answer in answers.items():
        shown = [count if isinstance(count, int) else "–" for count in answer["peers"].values()]  # type: ignore[attr-defined]
        lines.append(f"{name[:43]:44s}{answer['ours']!s:>8s}" + "".join(f"{count!s:>20s}" for count in shown))
    peak = max(int(str(answer["peak"])) for answer in answers.values()) // 1024 // 1024
    slowest = max(float(str(answer["seconds"])) for answer in answers.values())
    lines.append(f"ours: slowest file {slowest:.1f} s, peak memory {peak} MB")
    PRINTED.append("\n".join(lines))


if __name__ == "__main__":  # python -m tests.test_readers_bar: asks the others and records what they make of the files
    with TemporaryDirectory() as scratch:
        counts = {name: item["peers"] for name, item in measured(Path(scratch), ask_others=True).items()}
    text = json.dumps({"versions": versions(), "cells": counts}, ensure_ascii=False, indent=1)
    RECORDED.write_text(f"{text}\n", encoding="utf-8")
