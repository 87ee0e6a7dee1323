"""One query process as the service sees it: started, asked, listened to, killed.

What comes back are frames (`kg.store.query_process`). The deadline of a query counts the time that we wait for the
process, not the time that it waits for a slow reader; when it has passed the process is killed, which ends the wait.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess
from types import ModuleType

import psutil

from kg.errors import (
    KgError,
    QueryError,
    QuerySyntaxError,
    QueryTimeoutError,
    ResultTooLargeError,
    StoreError,
)
from kg.store.query_process import FRAME, FRAME_SIZE, OUT_OF_MEMORY, Kind, Limits, Request, run
from kg.store.release import Release

_START_SECONDS = 30.0
_END_SECONDS = 5.0
_ERRORS = {error.code: error for error in (QueryError, QuerySyntaxError, ResultTooLargeError)}
MEMORY_EXITS = (OUT_OF_MEMORY, -signal.SIGABRT, -getattr(signal, "SIGKILL", signal.SIGABRT))
"""How a process ends that gets no memory: told by Python, aborted by Rust, killed by the system."""


class Worker:
    """A handle on one query process. Make it with `start`; when done with it, await `ended`."""

    def __init__(
        self,
        process: BaseProcess,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        release: Release,
        limits: Limits,
    ) -> None:
        self.release = release
        self.idle = False
        self._process = process
        self._reader = reader
        self._writer = writer
        self._limits = limits
        self._left = _START_SECONDS
        self._reason: KgError | None = None
        self._exit: asyncio.Task[int | None] | None = None

    @classmethod
    async def start(cls, release: Release, limits: Limits) -> Worker:
        """A process that has the release open.

        Raises
        ------
        StoreError
            It could not open it.
        """
        ours, theirs = socket.socketpair()
        process = _context().Process(target=run, args=(theirs, release, limits), daemon=True)
        with theirs, _without_main_module():
            process.start()
        reader, writer = await asyncio.open_connection(sock=ours, limit=FRAME_SIZE)
        worker = cls(process, reader, writer, release=release, limits=limits)
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
        return not self._reader.at_eof()

    async def ask(self, request: Request) -> Answer:
        """Send a query and wait for the first bytes of its answer; errors as `kg.store.workers.QueryPool.answer`."""
        self.idle = False
        self._left = self._limits.timeout if request.timeout is None else min(request.timeout, self._limits.timeout)
        self._writer.write(request.pack())
        media_type = (await self._frame())[1].decode()
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

    def kill(self, reason: KgError | None = None) -> None:
        """End the process now; whoever waits for it gets the reason as error."""
        self._reason = self._reason or reason
        with suppress(ValueError):  # it is gone already
            self._process.kill()

    async def ended(self) -> None:
        """Hang up, at which an idle process ends; wait until it is gone and nothing of it is left."""
        self._writer.close()
        await self._exit_code()

    async def _frame(self) -> tuple[Kind, bytes]:
        clock = asyncio.get_running_loop()
        began = clock.time()
        alarm = clock.call_later(self._left, self._expire)
        try:
            length, kind = FRAME.unpack(await self._reader.readexactly(FRAME.size))
            data = await self._reader.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise await self._cause_of_death() from None
        finally:
            alarm.cancel()
            self._left -= clock.time() - began
        if kind == Kind.ERROR:
            self.idle = True
            code, text = json.loads(data)
            raise _ERRORS.get(code, StoreError)(text)
        return Kind(kind), data

    def _expire(self) -> None:
        self.kill(QueryTimeoutError("the query ran longer than its time limit and was ended"))

    async def _cause_of_death(self) -> KgError:
        code = await self._exit_code()
        if self._reason:
            return self._reason
        if code in MEMORY_EXITS:
            return ResultTooLargeError(f"the query needed more than {self._limits.memory} bytes of memory")
        return StoreError("the process that ran the query ended unexpectedly")

    async def _exit_code(self) -> int | None:
        if self._exit is None:
            self._exit = asyncio.create_task(asyncio.to_thread(self._collect))
        return await asyncio.shield(self._exit)

    def _collect(self) -> int | None:
        """Wait for the end of the process, or make it end; only one thread may do that."""
        self._process.join(_END_SECONDS)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()
        code = self._process.exitcode
        self._process.close()
        return code


class Answer:
    """The answer to one query, being received.

    ``media_type`` is the one of the two offered that was chosen. Iterate once, inside the ``async with``.
    """

    def __init__(self, worker: Worker, media_type: str, first: bytes) -> None:
        self.release = worker.release
        self.media_type = media_type
        self.first = first
        self._worker = worker

    @property
    def received(self) -> bool:
        """Whether all has come; true from the start for an answer of one frame, which then is ``first``."""
        return self._worker.idle

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.first
        while not self.received:
            yield await self._worker.more()

    async def read(self, limit: int) -> bytes:
        """All bytes at once.

        Raises
        ------
        ResultTooLargeError
            There are more than ``limit``.
        """
        parts = []
        async for part in self:
            parts.append(part)
            limit -= len(part)
            if limit < 0:
                raise ResultTooLargeError("the result is too large to be shown at once; take it as a stream")
        return b"".join(parts)


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
