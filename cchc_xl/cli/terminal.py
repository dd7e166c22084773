"""What a terminal shows beside the answer: how far the work is, on one line that is rewritten, and colours.

Neither goes into a pipe or a file; a terminal that can do no more than print gets plain lines.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self, TextIO

import click

from cchc_xl.cli.english import english
from cchc_xl.cli.finding_lines import SEVERITY_WORDS
from cchc_xl.text.words import composed, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

_AGAIN_SECONDS = 0.1  # a share with thousands of files would spend its time on writing
_SEVERE = {"error": "red", "warning": "yellow", "note": "cyan"}
_COLOURS = {
    **{words[severity]: colour for words in SEVERITY_WORDS.values() for severity, colour in _SEVERE.items()},
    **dict.fromkeys(("Không chạy được", "Could not run", "[LỖI]", "[ERROR]"), "red"),
    **dict.fromkeys(("[LƯU Ý]", "[NOTE]"), "yellow"),
    **dict.fromkeys(("[TỐT]", "[OK]"), "green"),
}


def is_lively(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a line written there can be written again: a terminal that is not called dumb."""
    with suppress(ValueError, OSError, AttributeError):  # a stream that is closed or none
        return stream.isatty() and environment.get("TERM", "") != "dumb"
    return False


def coloured(line: str, stream: TextIO, environment: Mapping[str, str] = os.environ) -> str:
    """The line, its beginning in the colour of what it tells where a terminal shows colours (https://no-color.org).

    >>> import io
    >>> coloured("CẢNH BÁO: 2", io.StringIO())
    'CẢNH BÁO: 2'
    """
    if environment.get("NO_COLOR") or not is_lively(stream, environment):
        return line
    for start, colour in _COLOURS.items():
        if line.startswith(start):
            return click.style(start, fg=colour, bold=True) + line[len(start) :]
    return line


class ProgressLine:
    """Shows on the error stream what is being done, on one line that is gone when the work is.

    With ``silent``, and where a stream is no terminal, nothing is shown.
    """

    def __init__(self, lang: str = "vi", *, silent: bool = False) -> None:
        self.lang = lang
        self.shown = 0
        self.last = 0.0
        self.silent = silent or not (is_lively(sys.stderr) and is_lively(sys.stdout))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def __call__(self, text: str) -> None:
        """Shows the text in place of the last one."""
        now = time.monotonic()
        if self.silent or now - self.last < _AGAIN_SECONDS:
            return
        self.last = now
        told = composed(one_line(english(text) if self.lang == "en" else text))
        room = max(shutil.get_terminal_size().columns - 1, 10)
        told = told if len(told) <= room else f"{told[: room - 1]}…"
        self._write(f"\r{told.ljust(self.shown)}")
        self.shown = len(told)

    def clear(self) -> None:
        """Takes the line away."""
        if self.shown:
            self._write(f"\r{' ' * self.shown}\r")
        self.shown = 0

    @staticmethod
    def _write(text: str) -> None:
        with suppress(OSError, ValueError):  # progress is no reason to stop
            sys.stderr.write(text)
            sys.stderr.flush()
