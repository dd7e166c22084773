"""The command ``cchc-xl`` as a user types it: its arguments come in, its exit code and both streams go out.

:func:`cchc` runs it here, a hundred times faster than a new interpreter; :func:`process` in a process of its own, for
what only a process shows: starting up, the encoding of the streams, the exit code that the shell is given.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from cchc_xl.cli import cli
from tests.conftest import ROOT


@dataclass(frozen=True, slots=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


def cchc(*arguments: str | Path, cwd: Path = ROOT) -> Done:
    """The command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with chdir(cwd), redirect_stdout(out), redirect_stderr(err):
        try:
            cli.main([*map(str, arguments)], prog_name="cchc-xl")
        except SystemExit as end:
            code = end.code
    assert isinstance(code, int)
    return Done(code, out.getvalue(), err.getvalue())


def process(*arguments: str | Path, cwd: Path = ROOT) -> Done:
    """``python -m cchc_xl`` with these arguments, as a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "cchc_xl", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
    )
    return Done(done.returncode, done.stdout, done.stderr)
