"""The one command that checks everything: ``python tools/check.py [step …]``.

Runs the steps in order (all of them, or those named), one line each, and stops at the first that fails with the command
to repeat it. Works the same on Windows: no shell, no make.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
STEPS: dict[str, tuple[str, ...]] = {
    "format": (PYTHON, "-m", "ruff", "format", "--check", "."),
    "lint": (PYTHON, "-m", "ruff", "check", "."),
    "types": (PYTHON, "-m", "mypy"),
    "imports": (PYTHON, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
    "tests": (PYTHON, "-m", "pytest", "-q"),
}


def main(names: list[str]) -> int:
    """Runs the steps; 0 if all passed, 1 if one failed, 2 for a step that does not exist."""
    unknown = [name for name in names if name not in STEPS]
    if unknown:
        print(f"no such step: {', '.join(unknown)}; the steps are {', '.join(STEPS)}")
        return 2
    for name in names or STEPS:
        start = time.perf_counter()
        shown = name == "tests"
        done = subprocess.run(STEPS[name], cwd=ROOT, capture_output=not shown, text=True, check=False)
        verdict = "ok" if done.returncode == 0 else "FAILED"
        print(f"{name:8s} {verdict}  {time.perf_counter() - start:.1f} s", flush=True)
        if done.returncode:
            print(done.stdout or "", done.stderr or "", sep="\n")
            print("to repeat it:", " ".join(STEPS[name]))
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
