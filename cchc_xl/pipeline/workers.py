"""Who does the work: questions come in, the answers go out in the same order, whoever found them.

This process alone, more of them on this computer (``--jobs``) or a Dask cluster (``--engine``). The last two are
executors of ``concurrent.futures``, handed one bundle of questions after another; a worker that dies changes nothing,
what it had not answered is asked again. Contract: design §11.
"""

from __future__ import annotations

import gc
import pickle
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, TypeVar

from cchc_xl import __version__
from cchc_xl.office.excel.disk import Location, at
from cchc_xl.office.excel.server import Login, log_in, logins
from cchc_xl.office.excel.share import SharePath
from cchc_xl.text.system_error import ToldError

Common = TypeVar("Common")
Question = TypeVar("Question")
Answer = TypeVar("Answer")
Submit = Callable[[Any], "Future[Any]"]

MOST_JOBS = 61  # Windows cannot wait for more processes at once
_WORTHWHILE = 1024 * 1024  # bytes of questions, less than which take less time than a process takes to start
_BUNDLES, _SMALLEST, _LARGEST = 16, 64 * 1024, 4 * 1024 * 1024  # per worker; bytes
_AHEAD, _MOST_WAITING = 2, 16  # bundles per worker that are asked, and that are asked or answered, at once
_MOST_BROKEN = 3  # times that workers are started anew, after which this process does the rest
_LARGE_CLUSTER = 16  # workers; of four times as many each still has four bundles
_PATIENCE = 600.0  # seconds for one bundle, after which a cluster is taken for gone
_HAIL = 10.0  # seconds for a scheduler to answer at all


class UnusableEngineError(ToldError):
    """The cluster cannot be used; the text is one sentence: what, and what to do."""


@dataclass(frozen=True, slots=True)
class Work(Generic[Common, Question, Answer]):
    """A function of a module, and what all its questions have in common; both can be pickled.

    ``size`` is what a question weighs, in bytes. ``places`` are folders that whoever works must see.
    """

    do: Callable[[Common, Question], Answer]
    common: Common
    size: Callable[[Question], int] = lambda _: _LARGEST
    places: tuple[Location, ...] = ()


@dataclass(frozen=True, slots=True)
class Workers:
    """How many processes, or the address of the cluster that works instead ("tcp://10.0.0.5:8786")."""

    jobs: int = 1
    engine: str = ""

    def answers(self, work: Work[Common, Question, Answer], questions: Sequence[Question]) -> Iterator[Answer]:
        """The answer to each question, in their order. Raises :class:`UnusableEngineError` before the first.

        >>> list(Workers().answers(Work(pow, 2), (1, 2, 3)))
        [2, 4, 8]
        """
        weight = sum(map(work.size, questions))
        alone = not self.engine and (self.jobs == 1 or len(questions) < 2 or weight < _WORTHWHILE)
        if not alone:
            for found in self._by_others(work, deque(_bundles(questions, work.size, weight, self._several))):
                yield from found
            return
        for question in questions:
            yield work.do(work.common, question)

    def get_ready(self, module: str) -> None:
        """Starts the processes, which import this module, while this one still has something else to do."""
        if self.jobs > 1 and not self.engine and not _READY:
            pool = _pool(self.jobs - 1)
            with _nameless():
                for _ in range(self.jobs - 1):
                    pool.submit(import_module, module)
            _READY[self.jobs - 1] = pool

    def _by_others(
        self, work: Work[Common, Question, Answer], left: deque[tuple[Question, ...]]
    ) -> Iterator[list[Answer]]:
        broken = 0
        while left and broken < _MOST_BROKEN:
            try:
                with self._crew(work) as submit:
                    own = None if self.engine else partial(_done, work.do, work.common)
                    for found in _in_order(submit, deque(left), self._several, own):
                        left.popleft()
                        yield found
            except _broken():
                broken += 1
        while left:
            yield _done(work.do, work.common, left.popleft())

    @property
    def _several(self) -> int:
        """For how many workers bundles are cut and handed out."""
        return _LARGE_CLUSTER if self.engine else self.jobs

    def _crew(self, work: Work[Common, Question, Answer]) -> AbstractContextManager[Submit]:
        return _cluster(self.engine, work) if self.engine else _processes(self.jobs - 1, work)  # and this one


def _bundles(
    questions: Sequence[Question], size: Callable[[Question], int], weight: int, workers: int
) -> Iterator[tuple[Question, ...]]:
    """Neighbours together, about equally heavy: each worker is asked often enough for none to idle at the end."""
    enough = min(max(weight // (workers * _BUNDLES), _SMALLEST), _LARGEST)
    bundle: list[Question] = []
    held = 0
    for question in questions:
        bundle.append(question)
        held += size(question)
        if held >= enough:
            yield tuple(bundle)
            bundle, held = [], 0
    if bundle:
        yield tuple(bundle)


def _in_order(
    submit: Submit, left: deque[tuple[Question, ...]], workers: int, own: Callable[[Any], list[Any]] | None
) -> Iterator[list[Any]]:
    """What each bundle gives, in order; while the first is not there, this process does what ``own`` says, too.

    The bundles under way are bounded, and with them the memory.
    """
    waiting: deque[Future[Any]] = deque()
    while left or waiting:
        while left and sum(not item.done() for item in waiting) < _AHEAD * workers:
            waiting.append(submit(left.popleft()))
        if own is None or not left or waiting[0].done() or len(waiting) >= _MOST_WAITING * workers:
            yield waiting.popleft().result(_PATIENCE)
            continue
        here: Future[Any] = Future()
        here.set_result(own(left.popleft()))
        waiting.append(here)


def _done(do: Callable[[Common, Question], Answer], common: Common, bundle: Sequence[Question]) -> list[Answer]:
    return [do(common, question) for question in bundle]


def _broken() -> tuple[type[BaseException], ...]:
    """What a future raises whose worker is gone, of those kinds of workers that are in use."""
    cluster = sys.modules.get("distributed")
    lost = (cluster.scheduler.KilledWorker, cluster.client.FutureCancelledError) if cluster else ()
    return (BrokenProcessPool, CancelledError, TimeoutError, *lost)


# --- processes ---

_READY: dict[int, ProcessPoolExecutor] = {}  # started, by how many they are, and not asked yet
_AT_WORK: list[tuple[bytes, Callable[[Any, Any], Any], Any]] = []  # in a process that works: what it does, and as told


@contextmanager
def _processes(jobs: int, work: Work[Any, Any, Any]) -> Iterator[Submit]:
    told = _told(work, logins())
    pool = _READY.pop(jobs, None) or _pool(jobs)

    def submit(bundle: Sequence[object]) -> Future[Any]:
        with _nameless():
            return pool.submit(_answered, told, bundle)

    try:
        yield submit
    finally:
        pool.shutdown(cancel_futures=True)


def _told(work: Work[Any, Any, Any], known: Sequence[Login] = ()) -> bytes:
    return pickle.dumps((work.do, work.common, known))


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, get_context("spawn"), _arrive)


def _arrive() -> None:
    gc.set_threshold(100_000, 50, 50)  # as who started it: what it makes stays until it is handed over
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches every process: whoever was asked answers it


def _answered(told: bytes, bundle: Sequence[object]) -> list[object]:
    """What a process that works does; ``told`` comes with every bundle, for it may have been started before."""
    work = next(iter(_AT_WORK), None)
    if work is None or work[0] != told:
        do, common, known = pickle.loads(told)  # noqa: S301 - written by the process that asks
        log_in(known)
        work = told, do, common
        _AT_WORK[:] = [work]  # a worker of a cluster may serve two who ask: each goes on with its own
    return _done(*work[1:], bundle)


@contextmanager
def _nameless() -> Iterator[None]:
    """A process that is started meanwhile does not run the user's script, whose last line started this one."""
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


# --- a cluster ---


@contextmanager
def _cluster(address: str, work: Work[Any, Any, Any]) -> Iterator[Submit]:
    try:
        from distributed import Client
    except ImportError as error:
        raise UnusableEngineError("--engine cần Dask: hãy cài bằng `pip install cchc-xl[cluster]`.") from error
    try:
        connect: Any = Client  # which has no types
        client = connect(address, timeout=_HAIL, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise UnusableEngineError(
            f"Không nối được bộ điều phối Dask {address}: hãy kiểm tra địa chỉ (dạng tcp://máy:8786) và xem nó có đang "
            "chạy không, hoặc bỏ --engine để chạy trên máy này."
        ) from error
    with closing(client):
        _look_at(client, address, work.places)
        # As bytes, unhashed: Dask looks into a record of thousands of units for longer than they take to be read.
        told = client.scatter(_told(work), broadcast=True, hash=False)
        executor = client.get_executor()
        yield lambda bundle: executor.submit(_answered, told, bundle)


def _look_at(client: Any, address: str, places: Sequence[Location]) -> None:
    """Raises :class:`UnusableEngineError` for a cluster without workers, or with one that would answer otherwise."""
    if not client.scheduler_info()["workers"]:
        raise UnusableEngineError(
            f"Cụm Dask {address} chưa có máy nào làm việc: hãy chạy `dask worker {address}` trên các máy đó."
        )
    try:
        builds = {"điều phối": client.run_on_scheduler(build), **client.run(build)}
    except ImportError as error:
        raise UnusableEngineError(
            f"Cụm Dask {address} có máy hoặc máy điều phối chưa cài cchc-xl {__version__}: hãy cài rồi chạy lại."
        ) from error
    if other := next((name for name, told in builds.items() if told != build()), None):
        raise UnusableEngineError(
            f"Máy {other} của cụm Dask có bản cchc-xl khác máy này ({__version__}): hãy cài cùng một bản rồi chạy lại."
        )
    if any(isinstance(place, SharePath) for place in places) and logins():
        if not address.startswith("tls://"):
            raise UnusableEngineError(
                f"Mật khẩu của máy chủ tệp không được gửi qua {address}: hãy dùng cụm có mã hóa (tls://), hoặc đặt "
                "CCHC_XL_SMB_USER và CCHC_XL_SMB_PASSWORD trên các máy của cụm rồi bỏ mật khẩu khỏi địa chỉ."
            )
        client.run(log_in, logins())
    for place in places:
        seen = client.run(_is_there, str(anywhere(place)))
        if blind := next((name for name, told in seen.items() if not told), None):
            raise UnusableEngineError(
                f"Máy {blind} của cụm Dask không thấy {place}: hãy dùng thư mục chung mà mọi máy mở được."
            )


def anywhere(place: Location) -> Location:
    """The place as it is called wherever one stands."""
    return place.absolute() if isinstance(place, Path) else place


def _is_there(place: str) -> bool:
    found = at(place)
    return found.is_dir() or found.is_file()


@cache
def build() -> str:
    """What tells this code from another: of the version and of every file of the package, as it stands on disk.

    >>> len(build())
    32
    """
    home = Path(__file__).resolve().parents[1]
    told = [__version__, *map(str, sys.version_info[:2])]
    for path in sorted(path for path in home.rglob("*") if path.suffix in {".py", ".toml", ".txt"}):
        told.append(f"{path.relative_to(home).as_posix()} {sha256(path.read_bytes()).hexdigest()}")
    return sha256("\n".join(told).encode()).hexdigest()[:32]
