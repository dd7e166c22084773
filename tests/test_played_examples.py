"""Every folder ``examples/NN-name`` is played: its commands say what it expects, and no other file is touched than it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.make_examples_page import PAGE, page
from tools.play_example import EXAMPLES, differs, examples, play, stated


@pytest.fixture(scope="module")
def played() -> dict[str, Path]:
    """The folders of those played before, by name."""
    return {}


@pytest.mark.parametrize("example", examples(), ids=lambda path: path.name)
def test_an_example_comes_out_as_its_page_says(example: Path, played: dict[str, Path], tmp_path: Path) -> None:
    done = play(example, tmp_path, played)
    played[example.name] = tmp_path
    assert differs((example / "expected.txt").read_text(encoding="utf-8"), done.said) == "", done.said
    assert done.touched == stated((example / "README.md").read_text(encoding="utf-8"))


def test_the_page_of_examples_is_what_they_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python tools/make_examples_page.py"


# Expected, said, and the first line that is not as expected.
COMPARED = [
    ("a\nb", "a\nb", ""),
    ("a\n…\nd", "a\nb\nc\nd", ""),
    ("a\n…", "a\nb\nc", ""),
    ("3 passed…", "3 passed in 0.4 s", ""),
    ("3 passed…", "1 failed, 3 passed in 0.4 s", "3 passed…"),
    ("a\nc", "a\nb\nc", "c"),
    ("a\n…\nd", "a\nb", "d"),
    ("a", "a\nb", "b"),
]


@pytest.mark.parametrize(("expected", "said", "first"), COMPARED)
def test_another_outcome_is_noticed(expected: str, said: str, first: str) -> None:
    assert differs(expected, said) == first


@pytest.fixture
def patched(tmp_path: Path) -> Callable[[str], list[tuple[str, str, str]]]:
    """What a patch touches, by an example that is nothing but this patch."""

    def touched(patch: str) -> list[tuple[str, str, str]]:
        example = tmp_path / "example"
        example.mkdir(exist_ok=True)
        (example / "change.patch").write_text(patch, encoding="utf-8")
        (example / "README.md").write_text("[change.patch](change.patch)\n", encoding="utf-8")
        return play(example, tmp_path / "copy").touched

    return touched


SHEET = (EXAMPLES / "14-new-sheet" / "change.patch").read_text(encoding="utf-8")


def test_a_file_touched_besides_is_noticed(patched: Callable[[str], list[tuple[str, str, str]]]) -> None:
    told = patched(SHEET + "--- /dev/null\n+++ b/docs/new.md\n@@ -0,0 +1 @@\n+new\n")
    assert told == [
        *stated((EXAMPLES / "14-new-sheet" / "README.md").read_text(encoding="utf-8")),
        ("docs/new.md", "+1", "hand"),
    ]


def test_a_patch_that_no_longer_fits_stops(patched: Callable[[str], list[tuple[str, str, str]]]) -> None:
    with pytest.raises(SystemExit, match="patch does not apply"):
        patched(SHEET.replace("_write_comparison", "_write_something"))
