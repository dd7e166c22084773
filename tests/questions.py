"""What the tests ask workers; a module of its own, because other processes have to find it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def mortal(flags: Path, number: int) -> int:
    """Twice the number; whoever is asked for 3, or 5, for the first time does not live to answer."""
    flag = flags / str(number)
    if number in (3, 5) and not flag.exists():
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def cursed(owner: int, number: int) -> int:
    """Twice the number; 3 kills every process but the one that asks."""
    if number == 3 and os.getpid() != owner:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def slow(_: None, number: int) -> int:
    """Twice the number, after a while."""
    time.sleep(0.2)
    return 2 * number
