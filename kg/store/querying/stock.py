"""The query processes of a pool: started, lent out, taken back, replaced, and none left behind.

The first is started with the release, which shows that it can be opened, the others when they are needed: each takes
30 ms of processor time and 10 MiB of its own, and most releases that a writer makes live for less than they would take.
When the last idle one was killed, or had to go slower, another is started at once, so that the next query need not
wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

from kg.errors import KgError, ResultTooLargeError, StoppingError
from kg.store.querying.requests import Limits
from kg.store.querying.tally import Tally
from kg.store.querying.worker import Worker
from kg.store.release import Release

_MEMORY_LOOKS_SECONDS = 0.1


class Stock:
    """Processes over one release at a time.

    Parameters
    ----------
    size
        How many of them at most.
    """

    def __init__(self, release: Release, size: int, limits: Limits) -> None:
        self.release = release
        self.closing = asyncio.Event()
        self.tally = Tally()
        self._size = size
        self._limits = limits
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._watch: asyncio.Task[None] | None = None
        self._switching = asyncio.Lock()

    async def open(self) -> None:
        """Start the first.

        Raises
        ------
        StoreError
            The release cannot be opened.
        """
        self._idle = [await self._started(self.release)]
        if self._limits.poll_memory:
            self._watch = asyncio.create_task(self._watch_memory())

    def close(self) -> None:
        """Kill what works, and lend out none any more."""
        self.closing.set()
        for worker in self._busy:
            worker.kill(closed())

    async def closed(self) -> None:
        """Close, and wait until all are gone."""
        if self._watch:
            self._watch.cancel()
        self.close()
        self._retire(*self._idle, *self._busy)
        self._idle.clear()
        self._busy.clear()
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def switch(self, release: Release) -> None:
        """Lend out processes over another release from now on.

        Raises
        ------
        StoreError
            It cannot be opened; all stays as it is.
        """
        async with self._switching:
            if release.id == self.release.id:
                return
            fresh = await self._started(release)
            old, self._idle, self.release = self._idle, [fresh], release
            self._retire(*old)

    async def take(self) -> Worker:
        """A process to be given back.

        Raises
        ------
        StoreUnavailableError
            The stock is closed.
        StoreError
            None is idle, and a new one cannot open the release.
        """
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                break
            self._retire(worker)
        else:
            worker = await self._started(self.release)
        if self.closing.is_set():
            self._retire(worker)
            raise closed()
        self._busy.add(worker)
        return worker

    def give_back(self, worker: Worker, then: Callable[[], None]) -> None:
        """Put it back, or another in its place; to do so again is no error.

        Parameters
        ----------
        then
            Called when it is idle, or has ended and needs no memory any more.
        """
        if worker not in self._busy:  # given back before, or the stock is closed
            then()
            return
        self._busy.remove(worker)
        # one that was started in another's place and one that was started for a query may have come at once
        surplus = len(self._idle) + len(self._busy) >= self._size
        if worker.reusable and worker.release.id == self.release.id and not surplus:
            self._idle.append(worker)
            then()
            return
        self._retire(worker, then=then)
        if not self._idle and not self.closing.is_set():
            self._spawn(self._replace())

    async def _started(self, release: Release) -> Worker:
        worker = await Worker.start(release, self._limits)
        self.tally.started += 1
        return worker

    async def _replace(self) -> None:
        try:
            worker = await self._started(self.release)
        except KgError:
            return  # whoever needs one will try, and be told
        full = self.closing.is_set() or len(self._idle) + len(self._busy) >= self._size
        if full or worker.release.id != self.release.id:
            self._retire(worker)
        else:
            self._idle.append(worker)

    def _retire(self, *workers: Worker, then: Callable[[], None] = lambda: None) -> None:
        """Let idle processes go and kill the others, and see to it that nothing of them stays."""
        for worker in workers:
            self.tally.ended[worker.fate] += 1
            if not worker.idle:
                worker.kill()
            self._spawn(worker.ended()).add_done_callback(lambda _: then())

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _watch_memory(self) -> None:
        """Kill what grows too large, where the system does not see to that."""
        while True:
            await asyncio.sleep(_MEMORY_LOOKS_SECONDS)
            for worker in self._busy:
                if worker.resident_bytes() > self._limits.memory:
                    worker.kill(ResultTooLargeError("the query needed more memory than its limit and was ended"))


def closed() -> StoppingError:
    """What to raise for work that the end of the service ends."""
    return StoppingError("the service is being stopped")
