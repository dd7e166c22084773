"""The one command that checks everything: ``python tools/check.py [step …]``.

Runs the steps (all of them, or those named): the tests in three workers (one of which usually waits for LibreOffice),
the others beside them, one after another. One line each with its seconds, and under a step that failed what it said and
the command to repeat it. Works the same on Windows: no shell, no make.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
STEPS: dict[str, tuple[str, ...]] = {
    "format": (PYTHON, "-m", "ruff", "format", "--check", "."),
    "lint": (PYTHON, "-m", "ruff", "check", "."),
    "types": (PYTHON, "-m", "mypy"),
    "imports": (PYTHON, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
    "benchmark": (PYTHON, "-m", "benchmarks", "pairs", "--files", "20", "--rounds", "1", "--no-bars"),
    "tests": (PYTHON, "-m", "pytest", "-q", "-n", "3"),
}
SHOWN = "tests"  # its output is seen while it runs


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step ended, after how many seconds, and what it said."""

    step: str
    code: int
    seconds: float
    said: str


def run(step: str) -> Outcome:
    """Runs a step to its end."""
    start = time.perf_counter()
    done = subprocess.run(STEPS[step], cwd=ROOT, capture_output=step != SHOWN, text=True, check=False)
    return Outcome(step, done.returncode, time.perf_counter() - start, (done.stdout or "") + (done.stderr or ""))


def main(names: list[str]) -> int:
    """Runs the steps; 0 if all passed, 1 if one failed, 2 for a step that does not exist."""
    unknown = [name for name in names if name not in STEPS]
    if unknown:
        print(f"no such step: {', '.join(unknown)}; the steps are {', '.join(STEPS)}")
        return 2
    chosen = names or list(STEPS)
    start = time.perf_counter()
    with ThreadPoolExecutor(1) as beside:
        others = [beside.submit(run, name) for name in chosen if name != SHOWN]
        tests = [run(SHOWN)] if SHOWN in chosen else []
        outcomes = [*(other.result() for other in others), *tests]
    tell(outcomes)
    print(f"{'together':9s}     {time.perf_counter() - start:6.1f} s", flush=True)
    return 1 if any(item.code for item in outcomes) else 0


def tell(outcomes: Iterable[Outcome]) -> None:
    """Prints the lines."""
    for item in outcomes:
        print(f"{item.step:9s} {'FAILED' if item.code else 'ok    '} {item.seconds:6.1f} s")
        if item.code:
            print(item.said, "to repeat it: " + " ".join(STEPS[item.step]), sep="\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
