"""Writes ``docs/examples.md``, the list of the examples and of what each touches: ``python tools/make_examples_page.py``."""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.play_example import BY_HAND, examples, stated

PAGE = Path(__file__).resolve().parent.parent / "docs" / "examples.md"
HEAD = """# Examples, and how to change what

Each is a folder: its README is what one does, from top to bottom, `expected.txt` what comes of it. `python tools/play_example.py NAME [DIR]`
does it and leaves the files in DIR; `tests/test_played_examples.py` does it for all, and compares the outcome and the files
touched. Those in Vietnamese are an officer's, and need no code; those in English are a maintainer's, done on a copy of the project.

| Example | What it shows | Touched by hand |
|---|---|---|
"""
FOOT = """
The years and sets that come with the demo and the tests are examples of whole results: `examples/2020-ca-nam`, `2021-quy-1`, and from published
decisions `so-nganh-cchc`, `xa-tiep-can-phap-luat`, `dti-thanh-pho`, each with its sources in its README.

This page is made by `python tools/make_examples_page.py`.
"""


def page() -> str:
    """The page as text."""
    return HEAD + "".join(map(_row, examples())) + FOOT


def _row(example: Path) -> str:
    text = (example / "README.md").read_text(encoding="utf-8")
    told = [
        f"“{sheet}”: {change}" if sheet else f"`{name}`: {change}"
        for name, change, how in stated(text)
        if how == BY_HAND
        for sheet in [name.partition(" › ")[2]]
    ]
    title = re.search(r"^# (.+)$", text, re.MULTILINE)
    return f"| [{example.name}](../examples/{example.name}/README.md) | {title and title[1]} | {'; '.join(told) or '–'} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
