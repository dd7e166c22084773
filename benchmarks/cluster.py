"""The same workbooks read by a Dask cluster on this computer, of one worker and of two."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.contenders import Figure, measured, ours_named


def measure(made: tuple[Path, Path], rounds: int) -> list[Figure]:
    """Starts a scheduler and its workers, measures, and ends them."""
    figures: list[Figure] = []
    with cluster() as (address, add):
        for count in (1, 2):
            add()
            figures += measured(ours_named(made, f"Dask, {count} at work", "--engine", address), rounds)
    return figures


@contextmanager
def cluster() -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of a scheduler on this computer, and what adds a worker to it; all end with the block."""
    from distributed import Client
    from distributed.utils import open_port

    address = f"tcp://127.0.0.1:{open_port()}"
    started = [_dask("scheduler", "--host", address)]

    def add() -> None:
        started.append(_dask("worker", address, "--nthreads", "1", "--no-nanny"))
        client: Any = Client
        with client(address, timeout=60) as connected:
            connected.wait_for_workers(len(started) - 1, timeout=60)

    try:
        yield address, add
    finally:
        for process in started:
            process.kill()
            process.wait()


def _dask(what: str, *arguments: str) -> subprocess.Popen[bytes]:
    line = [sys.executable, "-m", f"distributed.cli.dask_{what}", *arguments, "--no-dashboard"]
    return subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
