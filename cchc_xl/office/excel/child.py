"""Reading in a process of its own: a :class:`Job` goes in, what the child answers, or how it ended, comes out.

A parser that aborts, loops or fills memory takes only the child with it: that is the file's finding and the run goes
on. The child stays for the next file; after an accident a new one is started.

The same call (:func:`opened`) serves this process and the child. It never raises for what a file holds; a failure
half-way leaves nothing of the file.
"""

from __future__ import annotations

import atexit
import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import BinaryIO

from cchc_xl.office.excel.bounds import MAX_ANSWER, MEMORY, CannotOpenError, Job, Opened, Trouble
from cchc_xl.records import Value

SECONDS = 20.0  # of the processor: a busy PC must not change what is read
_WAITED = 15  # times as long may pass by the clock, for a reader that waits without working
_LOOK_EVERY = 0.05
_SLACK = 128 * 1024 * 1024
_LENGTH = struct.Struct(">Q")
_START = "import sys; sys.path[:] = {path!r}; from cchc_xl.office.excel.child import serve; serve()"


def isolated(job: Job, *, seconds: float = SECONDS, memory: int = MEMORY) -> Opened | Trouble:
    """The job's answer from a child, or what it went beyond: ``seconds`` of the processor or ``memory`` bytes."""
    return _child(os.getpid()).ask(job, seconds, memory)


def close() -> None:
    """Ends this process's child, if there is one."""
    _child(os.getpid()).stop()


@cache
def _child(_owner: int) -> Child:
    """The child of this process: one that was forked from it must not talk to the same child."""
    return Child()


class Child:
    """One process that opens workbooks; started when first asked, and again after an accident."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[bytes | None] = queue.Queue()
        self._turn = threading.Lock()
        atexit.register(self.stop)

    def ask(self, job: Job, seconds: float, memory: int) -> Opened | Trouble:
        """What the child answers; an accident ends the child and is the answer. One question at a time."""
        with self._turn:
            return self._ask(job, seconds, memory)

    def _ask(self, job: Job, seconds: float, memory: int) -> Opened | Trouble:
        process = self._process if self._process and self._process.poll() is None else self._start()
        try:
            answer = self._wait(process, pickle.dumps((job, memory)), seconds, memory)
        except BaseException:
            self.stop()
            raise
        if isinstance(answer, Trouble):
            self.stop()
            return answer
        found: Opened | Trouble = pickle.loads(answer)  # noqa: S301 - written by our own child
        if isinstance(found, Trouble) and found.code == "F112":
            self.stop()  # what filled its memory may still be held
        return found

    def stop(self) -> None:
        """Ends the child, whatever it is doing."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                with suppress(OSError):
                    if stream is not None:
                        stream.close()

    def _start(self) -> subprocess.Popen[bytes]:
        self.stop()
        code = _START.format(path=sys.path)
        hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # no black window flashes up beside Excel
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own code
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=hidden,
        )
        self._answers = queue.Queue()
        threading.Thread(target=_listen, args=(self._process.stdout, self._answers), daemon=True).start()
        return self._process

    def _wait(self, process: subprocess.Popen[bytes], question: bytes, seconds: float, memory: int) -> bytes | Trouble:
        answers, end = self._answers, time.monotonic() + seconds * _WAITED
        before = _cost(process.pid)[0]
        threading.Thread(target=_tell, args=(process.stdin, question), daemon=True).start()
        while True:
            with suppress(queue.Empty):
                answer = answers.get(timeout=_LOOK_EVERY)
                return Trouble("F113") if answer is None else answer
            spent, size = _cost(process.pid)
            if spent - before > seconds or time.monotonic() > end:
                return Trouble("F111", (("seconds", f"{seconds:g}"),))
            if size > memory + _SLACK:  # where the system sets no limit itself
                return Trouble("F112", (("size", str(memory // 1024 // 1024)),))


def _cost(pid: int) -> tuple[float, int]:
    """The processor time, in seconds, and the memory that a process has taken."""
    import psutil

    try:
        process = psutil.Process(pid)
        with process.oneshot():
            times = process.cpu_times()
            return times.user + times.system, int(process.memory_info().rss)
    except psutil.Error:
        return 0.0, 0


def _tell(stream: BinaryIO, question: bytes) -> None:
    with suppress(OSError, ValueError):  # the child died: its silence is the answer
        _send(stream, question)


def _listen(stream: BinaryIO, answers: queue.Queue[bytes | None]) -> None:
    with suppress(OSError, ValueError):
        while (answer := _receive(stream)) is not None:
            answers.put(answer)
    answers.put(None)


def _send(stream: BinaryIO, data: bytes) -> None:
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def _receive(stream: BinaryIO) -> bytes | None:
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = stream.read(length)
    return data if len(data) == length else None


def serve() -> None:
    """The child: answers every job on standard input until it is closed."""
    source, target = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(2, 1)  # what a library prints must not stand among the answers
    while (question := _receive(source)) is not None:
        job, memory = pickle.loads(question)  # noqa: S301 - written by our own parent
        _limit(memory)
        _send(target, _answer(job))


def _answer(job: Job) -> bytes:
    """What is found, packed; that it is too much where the process that asked could not hold it either."""
    answer = pickle.dumps(opened(job))
    if len(answer) <= MAX_ANSWER:
        return answer
    return pickle.dumps(Trouble("F108", (("reason", f"nội dung dài {len(answer) // 1024 // 1024} MB"),)))


def _limit(memory: int) -> None:
    """Bounds what this process may allocate, where the system can: beyond it an allocation fails at once."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (memory, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


# What the libraries raise, by cause, for the officer. Names: most of these types are private to their libraries.
_CAUSES = {
    "BadZipFile": "cấu trúc nén bên trong bị hỏng",
    "ZipError": "cấu trúc nén bên trong bị hỏng",
    "error": "dữ liệu bên trong bị hỏng",
    "KeyError": "thiếu một phần bên trong",
    "WorksheetNotFound": "thiếu một sheet",
    "XmlError": "nội dung XML bị hỏng",
    "ParseError": "nội dung XML bị hỏng",
    "XMLSyntaxError": "nội dung XML bị hỏng",
    "IndexError": "số hiệu kiểu hoặc chuỗi sai",
    "TypeError": "số hiệu kiểu hoặc chuỗi sai",
    "ValueError": "có giá trị không đúng dạng",
    "XLRDError": "cấu trúc tệp .xls bị hỏng",
}


# The reader's fault, not the file's: another may read it.
BEYOND_READER = Trouble("F103", (("reason", "có giá trị ngoài mọi giới hạn"),))


def opened(job: Job) -> Opened | Trouble:
    """The workbook's sheets as stored, or why there are none."""
    from cchc_xl.office.excel.readers import bounded

    try:
        found = _open(job)
        known: dict[Value, Value] = {}
        return replace(found, sheets=tuple(bounded(sheet, known) for sheet in found.sheets))
    except (KeyboardInterrupt, SystemExit):
        raise
    except CannotOpenError as error:
        return error.trouble
    except MemoryError:
        return Trouble("F112", (("size", str(MEMORY // 1024 // 1024)),))
    except BaseException as error:  # parsers raise a hundred types, late; calamine's panic is not even an Exception
        if not isinstance(error, Exception) or isinstance(error, OverflowError):
            return BEYOND_READER
        return Trouble("F103", (("reason", _CAUSES.get(type(error).__name__, "trình đọc không mở được")),))


def _open(job: Job) -> Opened:
    match job.format, job.reader:
        case "xlsx", "openpyxl":
            from cchc_xl.office.excel.readers import openpyxl_sheets

            return Opened(openpyxl_sheets(job.data))
        case "xlsx", _:
            from cchc_xl.office.excel.readers import calamine_sheets

            return Opened(calamine_sheets(job.data))
        case "xlsb", _:
            from cchc_xl.office.excel.xlsb import xlsb_sheets

            return Opened(xlsb_sheets(job.data), (Trouble("F309", (("format", ".xlsb"),)),))
        case "ods", _:
            from cchc_xl.office.excel.ods import ods_sheets

            return Opened(ods_sheets(job.data), (Trouble("F309", (("format", ".ods"),)),))
        case "docx", _:
            from cchc_xl.office.excel.docx import docx_sheets

            return Opened(docx_sheets(job.data))
        case _:
            from cchc_xl.office.excel.xls import open_ole

            return open_ole(job.data)
