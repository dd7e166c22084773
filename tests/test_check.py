"""The gate's own steps: all run, each has its line, one that fails says why and fails the whole."""

from __future__ import annotations

import sys

import pytest

from tools import check

GOOD = (sys.executable, "-c", "print('nothing to say')")
BAD = (sys.executable, "-c", "import sys; print('line', 3 + 4, 'is wrong'); sys.exit(3)")


@pytest.mark.parametrize(
    ("steps", "named", "code", "lines", "shown"),
    [
        ({"types": GOOD, "tests": GOOD}, [], 0, ["types ok", "tests ok", "together"], False),
        ({"types": BAD, "tests": GOOD}, [], 1, ["types FAILED", "tests ok", "together"], True),
        ({"types": GOOD, "tests": BAD}, [], 1, ["types ok", "tests FAILED", "together"], False),
        ({"lint": BAD, "types": BAD, "tests": GOOD}, [], 1, ["lint FAILED", "types FAILED", "tests ok", "together"], True),
        ({"lint": BAD, "types": GOOD, "tests": BAD}, ["types"], 0, ["types ok", "together"], False),
        ({"types": GOOD}, ["typos"], 2, [], False),
    ],
    ids=["all pass", "one beside the tests fails", "the tests fail", "two fail", "only those named", "no such step"],
)  # fmt: skip
def test_every_step_runs_and_one_that_fails_fails_the_whole(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    steps: dict[str, tuple[str, ...]],
    named: list[str],
    code: int,
    lines: list[str],
    *,
    shown: bool,
) -> None:
    monkeypatch.setattr(check, "STEPS", steps)
    assert check.main(named) == code
    told = capsys.readouterr().out
    words = [line.split() for line in told.splitlines() if line.endswith(" s")]
    assert [" ".join(line[: 1 + (line[0] != "together")]) for line in words] == lines
    assert ("line 7 is wrong" in told) == shown
    assert ("to repeat it: " in told) == ("FAILED" in told)
