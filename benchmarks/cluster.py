"""The same workbooks read by a Dask cluster on this computer, of one worker and of two."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.contenders import Figure, measured, ours


def measure(made: tuple[Path, Path], rounds: int) -> list[Figure]:
    """Starts a scheduler and its workers, measures, and ends them."""
    from distributed import Client
    from distributed.utils import open_port

    address = f"tcp://127.0.0.1:{open_port()}"
    figures: list[Figure] = []
    started = [_dask("scheduler", "--host", address)]
    try:
        for count in (1, 2):
            started.append(_dask("worker", address, "--nthreads", "1", "--no-nanny"))
            client: Any = Client
            with client(address, timeout=60) as connected:
                connected.wait_for_workers(count, timeout=60)
            figures += measured(ours(made, f"Dask, {count} at work", engine=address), rounds)
    finally:
        for process in started:
            process.kill()
            process.wait()
    return figures


def _dask(what: str, *arguments: str) -> subprocess.Popen[bytes]:
    line = [sys.executable, "-m", f"distributed.cli.dask_{what}", *arguments, "--no-dashboard"]
    return subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
