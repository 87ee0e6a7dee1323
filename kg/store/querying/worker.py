"""One query process as the service sees it: started, asked, listened to, killed.

What comes back are frames (module `query_process`). The deadline of a query counts the time that we wait for the
process, not the time that it waits for a slow reader; when it has passed the process is killed, which ends the wait.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from types import ModuleType

import psutil

from kg.errors import (
    InexpressibleError,
    OtherServerError,
    QueryError,
    QuerySyntaxError,
    QueryTimeoutError,
    RefusedError,
    ResultTooLargeError,
    StoreError,
    UnknownGraphError,
)
from kg.store.durable import explained
from kg.store.querying.base import Answer
from kg.store.querying.frames import Frame, Frames
from kg.store.querying.query_process import OUT_OF_MEMORY, Kind, run
from kg.store.querying.requests import GraphRequest, Limits, Request, message, withdrawal
from kg.store.release import Release

_START_SECONDS = 30.0
_END_SECONDS = 5.0
_LOOK_SECONDS = 0.005
_LOW_PRIORITY = getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", 15)
"""Of Windows, or a POSIX nice value: 28 such processes get as much of a core as one that is not."""
_ERRORS = {
    error.code: error
    for error in (
        *(QueryError, QuerySyntaxError, UnknownGraphError, RefusedError, OtherServerError),
        *(InexpressibleError, ResultTooLargeError),
    )
}
MEMORY_EXITS = (OUT_OF_MEMORY, -signal.SIGABRT, -getattr(signal, "SIGKILL", signal.SIGABRT))
"""How a process ends that gets no memory: told by Python, aborted by Rust, killed by the system."""


class Worker:
    """A handle on one query process. Make it with `start`; when done with it, await `ended`."""

    def __init__(self, process: BaseProcess, frames: Frames, *, release: Release, limits: Limits) -> None:
        self.release = release
        self.idle = False
        self._process = process
        self._frames = frames
        self._limits = limits
        self._left = _START_SECONDS
        self._reason: Exception | None = None
        self._spent = False
        self._sent = 0
        self._number = 0
        self._forsaken: set[int] = set()
        self._exit: asyncio.Task[int | None] | None = None

    @classmethod
    async def start(cls, release: Release, limits: Limits) -> Worker:
        """A process that has the release open.

        Raises
        ------
        StoreError
            It could not open it, or the system gives no process or socket.
        """
        with explained("cannot start a query process"):
            ours, theirs = socket.socketpair()
            process = _context().Process(target=run, args=(theirs, release, limits), daemon=True)
            with theirs, _without_main_module():
                process.start()
            worker = cls(process, await Frames.connect(ours), release=release, limits=limits)
        try:
            await worker._frame()
        except BaseException:
            worker.kill()
            await worker.ended()
            raise
        worker.idle = True
        return worker

    @property
    def alive(self) -> bool:
        """Whether the process still listens, as far as is known without asking it."""
        return not self._frames.ended

    @property
    def reusable(self) -> bool:
        """Whether it can answer another query as well as a new process could."""
        return self.idle and not self._spent

    @property
    def spent(self) -> float:
        """Seconds that the process was at the last query, as far as is known."""
        return self._frames.spent

    @property
    def fate(self) -> str:
        """Why it ends, if it ends now; the words are those of `kg.store.querying.tally.Tally`."""
        if self._reason:
            return str(getattr(self._reason, "code", "outlived"))
        if not self.idle:
            return "abandoned"
        return "spent" if self._spent else "retired"

    def send(self, request: Request | GraphRequest, limits: Limits, seconds: float) -> int:
        """Send a query, with so much time, and tell its number; it is begun when those before it are done."""
        self._frames.write(message(request, limits, seconds))
        self._sent += 1
        return self._sent

    def take_back(self, last: int) -> None:
        """Take back the queries behind the one of this number, as far as they are not begun."""
        self._forsaken.update(range(last + 1, self._sent + 1))
        if self.alive and not self._reason:
            self._frames.write(withdrawal(last))

    def forsake(self, number: int) -> None:
        """Say that nobody waits for the query of this number, which may be computed all the same."""
        self._forsaken.add(number)

    def is_behind_forsaken(self, number: int) -> bool:
        """Whether the process may still be at a query that nobody waits for, and not at the one of this number."""
        return any(other < number for other in self._forsaken)

    async def answer(self, number: int, seconds: float) -> Answer:
        """The answer to the query of this number, from its first bytes on; those before it are passed over.

        Raises what `kg.store.querying.workers.QueryPool.answer` does.
        """
        self.idle = False
        self._number = number
        self._left = seconds
        media_type = (await self._frame())[1].decode()
        if self._forsaken:
            self._forsaken = {other for other in self._forsaken if other > number}
        return Answer(self, media_type, await self.more())

    async def more(self) -> bytes:
        """The next bytes of the answer; `idle` says whether they are the last."""
        kind, data = await self._frame()
        self.idle = kind is Kind.LAST
        return data

    def resident_bytes(self) -> int:
        """How much memory the process occupies; nothing when it has just ended."""
        with suppress(psutil.Error):
            return int(psutil.Process(self._process.pid).memory_info().rss)
        return 0

    def lower_priority(self) -> None:
        """Let others go first from now on; it cannot be taken back."""
        self._spent = True
        with suppress(psutil.Error):
            psutil.Process(self._process.pid).nice(_LOW_PRIORITY)

    def kill(self, reason: Exception | None = None) -> None:
        """End the process now; whoever waits for it gets the reason as error.

        At once, for a process with much memory takes its time to end, more so at a low priority.
        """
        self._reason = self._reason or reason
        self._spent = True
        self._frames.drop()
        with suppress(ValueError):  # it is gone already
            self._process.kill()

    async def ended(self) -> None:
        """Hang up, at which an idle process ends; wait until it is gone and nothing of it is left."""
        self._frames.close()
        await self._exit_code()

    async def _frame(self) -> tuple[Kind, bytes]:
        number, kind, data = self._frames.take() or await self._awaited()
        while number != self._number:  # of one that was taken back, but begun before
            number, kind, data = self._frames.take() or await self._awaited()
        if kind == Kind.ERROR:
            self.idle = True
            code, text = json.loads(data)
            raise _ERRORS.get(code, StoreError)(text)
        return Kind(kind), data

    async def _awaited(self) -> Frame:
        """The next frame, if it comes in the time that is left."""
        clock = asyncio.get_running_loop()
        began = clock.time()
        alarm = clock.call_later(self._left, self._expire)
        try:
            return await self._frames.wait()
        except EOFError:
            raise await self._cause_of_death() from None
        finally:
            alarm.cancel()
            self._left -= clock.time() - began

    def _expire(self) -> None:
        self.kill(QueryTimeoutError("the query ran longer than its time limit and was ended"))

    async def _cause_of_death(self) -> Exception:
        if self._reason is None:
            code = await self._exit_code()
            if code in MEMORY_EXITS:
                self._reason = ResultTooLargeError(f"the query needed more than {self._limits.memory} bytes of memory")
            else:
                self._reason = StoreError("the process that ran the query ended unexpectedly")
        return self._reason

    async def _exit_code(self) -> int | None:
        if self._exit is None:
            self._exit = asyncio.create_task(self._collect())
        return await asyncio.shield(self._exit)

    async def _collect(self) -> int | None:
        """Wait for the end of the process, or make it end.

        Looked at now and then, since `multiprocessing` takes it amiss when threads wait for one process and start
        another.
        """
        clock = asyncio.get_running_loop()
        last_moment = clock.time() + _END_SECONDS
        while self._process.exitcode is None:
            await asyncio.sleep(_LOOK_SECONDS)
            if clock.time() > last_moment:
                self._process.kill()
        code = self._process.exitcode
        self._process.close()
        return code


def _context() -> multiprocessing.context.ForkServerContext | multiprocessing.context.SpawnContext:
    """Fork from a server that has the engine loaded; spawn where there is none."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([run.__module__])
    return context


@contextmanager
def _without_main_module() -> Iterator[None]:
    """Keep multiprocessing from importing the program (command line, web framework) again into each process."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
