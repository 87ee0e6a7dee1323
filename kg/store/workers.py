"""Queries in processes of their own: the one awaited call that takes a query and yields the bytes of its answer.

The web process never runs a query: Oxigraph has no time limit and no cancel, so what runs too long is killed, and only
a process can be. Each process (`kg.store.query_process`) has the release open read-only and answers one query at a
time over its own socket. Backpressure is not reading: as long as the taker of an answer is slow, nothing is read from
that socket, and the process waits. Who leaves the ``async with`` before the answer is complete has the process killed;
the next query that finds no idle process starts one.

A new release is opened by new processes; the old ones finish the query they are at, and go.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

from kg.errors import ResultTooLargeError, StoreBusyError, StoreUnavailableError
from kg.store.query_process import Limits, Request
from kg.store.release import Release
from kg.store.worker import Answer, Worker

__all__ = ["Answer", "Limits", "QueryPool", "Request"]

_MEMORY_LOOKS_SECONDS = 0.1


class QueryPool:
    """Query processes over one release at a time.

    Parameters
    ----------
    size
        How many queries run at once.
    patience
        Seconds that a query waits for its turn.
    """

    def __init__(
        self, release: Release, *, size: int = 8, limits: Limits | None = None, patience: float = 10.0
    ) -> None:
        self.release = release
        self.size = size
        self.limits = limits or Limits()
        self._patience = patience
        self._turns = asyncio.Semaphore(size)
        self._switching = asyncio.Lock()
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._waiting = 0
        self._taken = 0
        self._ending: set[asyncio.Task[None]] = set()
        self._watch: asyncio.Task[None] | None = None
        self.closing = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._idle = await self._start_all(self.release)
        if self.limits.poll_memory:
            self._watch = asyncio.create_task(self._watch_memory())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._watch:
            self._watch.cancel()
        self.close()
        self._retire(*self._idle, *self._busy)
        self._idle.clear()
        self._busy.clear()
        await asyncio.gather(*self._ending)

    def close(self) -> None:
        """End what is running and answer nothing more: every query, running or waiting, raises StoreUnavailableError.

        The processes are gone when the ``async with`` of the pool has been left.
        """
        self.closing.set()
        for worker in self._busy:
            worker.kill(closed())

    @property
    def busy(self) -> int:
        """How many turns are taken: queries that run, and other work."""
        return self._taken

    @property
    def waiting(self) -> int:
        """How many queries wait for their turn."""
        return self._waiting

    @asynccontextmanager
    async def answer(self, request: Request) -> AsyncIterator[Answer]:
        """The answer to a query, from its first bytes on.

        Raises
        ------
        QuerySyntaxError, QueryError
            The text is not SPARQL; it calls SERVICE, or a function that nobody knows.
        QueryTimeoutError, ResultTooLargeError
            A limit was reached. Before the block is entered, or, if bytes have come already, while iterating.
        StoreBusyError
            No turn came in time.
        StoreUnavailableError
            The pool is being closed.
        StoreError
            The process died of something else, or the release cannot be opened.
        """
        async with self.turn():
            worker = await self._take()
            try:
                yield await worker.ask(request)
            finally:
                self._give_back(worker)

    async def switch(self, release: Release) -> None:
        """Answer from another release from now on.

        Raises
        ------
        StoreError
            It cannot be opened; the pool stays with the one it has.
        """
        async with self._switching:
            if release.id == self.release.id:
                return
            fresh = await self._start_all(release)
            old, self._idle, self.release = self._idle, fresh, release
            self._retire(*old)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """A turn among all that compute, for work that is not a query and runs in a process of its own.

        Raises
        ------
        StoreBusyError
            None came in time.
        StoreUnavailableError
            The pool is being closed.
        """
        self._waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                await self._turns.acquire()
        except TimeoutError:
            raise StoreBusyError("all query processes are busy; try again in a moment") from None
        finally:
            self._waiting -= 1
        try:
            if self.closing.is_set():
                raise closed()
            self._taken += 1
            try:
                yield
            finally:
                self._taken -= 1
        finally:
            self._turns.release()

    async def _take(self) -> Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                break
            self._retire(worker)
        else:
            worker = await Worker.start(self.release, self.limits)
        if self.closing.is_set():
            self._retire(worker)
            raise closed()
        self._busy.add(worker)
        return worker

    def _give_back(self, worker: Worker) -> None:
        if worker not in self._busy:
            return  # the pool is closed
        self._busy.remove(worker)
        if worker.idle and worker.release.id == self.release.id:
            self._idle.append(worker)
        else:
            self._retire(worker)

    async def _start_all(self, release: Release) -> list[Worker]:
        started = await asyncio.gather(
            *(Worker.start(release, self.limits) for _ in range(self.size)), return_exceptions=True
        )
        workers = [worker for worker in started if isinstance(worker, Worker)]
        for failure in started:
            if isinstance(failure, BaseException):
                self._retire(*workers)
                raise failure
        return workers

    def _retire(self, *workers: Worker) -> None:
        """Let idle processes go and kill the others, and see to it that nothing of them stays."""
        for worker in workers:
            if not worker.idle:
                worker.kill()
            task = asyncio.create_task(worker.ended())
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    async def _watch_memory(self) -> None:
        """Kill what grows too large, where the system does not see to that."""
        while True:
            await asyncio.sleep(_MEMORY_LOOKS_SECONDS)
            for worker in self._busy:
                if worker.resident_bytes() > self.limits.memory:
                    worker.kill(ResultTooLargeError("the query needed more memory than its limit and was ended"))


def closed() -> StoreUnavailableError:
    """What to raise for work that the end of the service ends."""
    return StoreUnavailableError("the service is being stopped")
