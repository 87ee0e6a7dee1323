"""Files of releases, made by processes of their own: before anybody asks, or when somebody does; each once.

Whoever asks for a file that is being made waits for it, for a while; what takes longer is answered "come back", and is
there then. A release that has been live for some time is prepared: counted first, then dumped.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import socket
from contextlib import suppress
from typing import Self

from kg.errors import KgError, NotFoundError, StoreBusyError, StoreError
from kg.export.offers import Offers
from kg.export.statistics import Statistics
from kg.serve.export_process import ALL, SEARCH, Failure, Job, main
from kg.serve.writing.children import started
from kg.store.durable import explained
from kg.store.querying.base import Pool
from kg.store.release import Release
from kg.store.shelf import Batch

_AT_ONCE = 2
_log = logging.getLogger(__name__)


class Exports:
    """What makes files of the releases that a pool answers from.

    Parameters
    ----------
    settle
        Seconds for which a release must have been live before its files are made unasked; None never makes them so.
    patience
        Seconds that somebody waits for a file in the making.
    """

    def __init__(self, pool: Pool, *, settle: float | None = 30.0, patience: float = 25.0) -> None:
        self._pool = pool
        self._settle = settle
        self._patience = patience
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._making: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._counted: tuple[str, Statistics] | None = None
        self._preparing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        if self._settle is not None:
            self._preparing = asyncio.create_task(self._prepare(self._settle))
        return self

    async def __aexit__(self, *_: object) -> None:
        tasks = [*self._making.values(), *([self._preparing] if self._preparing else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def counted(self) -> Statistics | None:
        """The statistics of the live release, if they are there."""
        release = self._pool.release
        if self._counted is None or self._counted[0] != release.id:
            try:
                found = Offers(release).statistics()
            except NotFoundError:
                found = None
            if found is None:
                return None
            self._counted = (release.id, found)
        return self._counted[1]

    async def statistics(self, offers: Offers) -> Statistics:
        """The statistics of a release; errors as of `make`."""
        await self.make(offers, offers.counting)
        found = await asyncio.to_thread(offers.statistics)
        if found is None:
            raise gone(offers.release)
        return found

    async def count(self) -> Statistics | None:
        """The statistics of the live release, counted unless they are there; None where there is nothing to count from.

        Raises
        ------
        StoreBusyError, StoreError
            As for `make`.
        """
        try:
            return self.counted() or await self.statistics(Offers(self._pool.release))
        except NotFoundError:  # it is of a plain folder, or on a server elsewhere
            return None

    async def make(self, offers: Offers, batch: Batch) -> None:
        """Have a batch made, unless it is there.

        Raises
        ------
        StoreBusyError
            It takes longer than anybody waits; it goes on being made.
        StoreError, NotFoundError
            It cannot be made; the release is no more.
        """
        if not offers.shelf.has(batch):
            await self._waited(self._task(offers.release, batch.name))

    async def make_all(self, offers: Offers) -> Offers:
        """Have all files made, and know them then; errors as of `make`."""
        if not offers.statistics() or not all(map(offers.shelf.has, offers.batches())):
            await self._waited(self._task(offers.release, ALL))
        return Offers(offers.release)

    def indexing(self, release: Release) -> asyncio.Task[None]:
        """The making of the search index of a release, which goes on though nobody waits for it."""
        return self._task(release, SEARCH)

    async def index(self, release: Release) -> None:
        """Have the search index of a release made; errors as of `make`."""
        await self._waited(self.indexing(release))

    async def _waited(self, making: asyncio.Task[None]) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await asyncio.shield(making)
        except TimeoutError:
            raise StoreBusyError("this file is being made, which takes a while; ask for it again in a moment") from None

    def _task(self, release: Release, batch: str) -> asyncio.Task[None]:
        """The making of a batch, which goes on though nobody waits for it."""
        key = (release.id, batch)
        if key not in self._making:
            self._making[key] = asyncio.create_task(self._made(release, batch))
            self._making[key].add_done_callback(lambda done: self._forget(key, done))
        return self._making[key]

    def _forget(self, key: tuple[str, str], done: asyncio.Task[None]) -> None:
        self._making.pop(key, None)
        if not done.cancelled() and (error := done.exception()):
            _log.warning("%s of release %s was not made: %s", key[1], key[0], error)

    async def _made(self, release: Release, batch: str) -> None:
        async with self._turn:
            try:
                await _run(Job(release.layout.root, release.id, batch))
            except StoreError:
                if await asyncio.to_thread(release.folder.exists):
                    raise
                raise gone(release) from None

    async def _prepare(self, seconds: float) -> None:
        """Make all files of each release that stays the live one for some time."""
        before, prepared = "", ""
        while True:
            live = self._pool.release.id
            if live == before and live != prepared:
                prepared = live
                with suppress(KgError):  # it is of a plain folder; or the log tells already
                    release = Offers(self._pool.release).release
                    await asyncio.shield(self.indexing(release))
                    await asyncio.shield(self._task(release, ALL))
            before = live
            await asyncio.sleep(seconds)


def gone(release: Release) -> NotFoundError:
    """What to raise for a release that was removed meanwhile."""
    return NotFoundError(f"release {release.id} is no more")


async def _run(job: Job) -> None:
    """A process that does a job; it ends with this call, however that ends."""
    with explained("cannot start a process that makes files"):
        ours, theirs = socket.socketpair()
        with theirs:
            process = started(theirs, main)
    try:
        reader, writer = await asyncio.open_connection(sock=ours)
        try:
            writer.write(pickle.dumps(job))
            writer.write_eof()
            answer = await reader.read()
        finally:
            writer.close()
    finally:
        process.kill()
        await asyncio.shield(asyncio.to_thread(process.wait))
    if not answer:
        raise StoreError(f"the process that made {job.batch} of release {job.release} died")
    failure = pickle.loads(answer)  # noqa: S301  (our own child)
    if isinstance(failure, Failure):
        raise StoreError(failure.text)
