"""What the tests ask workers; a module of its own, because other processes have to find it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def mortal(common: tuple[int, Path | None], number: int) -> int:
    """Twice the number; whoever is asked for 3 or 5, but the process that asks, does not live to answer.

    With a folder for flags only the first time.
    """
    owner, flags = common
    if number in (3, 5) and os.getpid() != owner and not (flags and (flags / str(number)).exists()):
        if flags:
            (flags / str(number)).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.05)  # so that the process that asks does not do it all alone
    return 2 * number


def slow(_: None, number: int) -> int:
    """Twice the number, after a while."""
    time.sleep(0.2)
    return 2 * number
