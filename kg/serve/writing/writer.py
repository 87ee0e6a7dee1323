"""Writes, one after the other, in a process of their own: one awaited call takes a change and tells its release.

The process (module `writer_process`) is started with the first write and kept, so that the next costs little. It is
killed when a write takes too long, and another one takes its place. Who waits is served in order; an answer comes when
the pool of query processes has the new release, so whoever has written reads what was written.
"""

from __future__ import annotations

import asyncio
import pickle
import socket
from collections.abc import Awaitable, Callable
from typing import Self

from kg.errors import (
    BodyTooLargeError,
    KgError,
    QueryTimeoutError,
    ResultTooLargeError,
    StoreBusyError,
    StoreError,
    ValidationFailedError,
)
from kg.serve.writing.children import started
from kg.serve.writing.writer_process import LENGTH, Failure, Job, Site, main, packed
from kg.store.bodies import READING
from kg.store.changes import Change, Condition, Written
from kg.store.querying.base import Pool
from kg.store.querying.worker import MEMORY_EXITS
from kg.store.querying.workers import closed

__all__ = ["Site", "Writer", "Written"]

_START_SECONDS = 60.0

Follow = Callable[[], Awaitable[None]]


class Writer:
    """The queue of writers over one data folder.

    Parameters
    ----------
    follow
        What has the pool answer from the release that is live now.
    """

    def __init__(self, pool: Pool, site: Site, follow: Follow) -> None:
        self._pool, self._site, self._follow = pool, site, follow
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._child: _Child | None = None
        self._running: set[asyncio.Task[Written]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*self._running, self._end(), return_exceptions=True)

    @property
    def waiting(self) -> int:
        """How many writes wait or are being made."""
        return self._waiting

    async def submit(self, change: Change, condition: Condition | None = None, *, author: str | None = None) -> Written:
        """Write, when all who came before have; answers when the pool has the new release.

        A write whose client goes away is made all the same.

        Parameters
        ----------
        author
            The name of the token that it is made with.

        Raises
        ------
        QuerySyntaxError, QueryError, BodyError, MediaTypeError
            What was sent is wrong.
        RefusedError, UpdateFailedError
            An update uses SERVICE, or a LOAD that is not allowed; it cannot be done on the graphs as they are.
        ReadOnlyError
            A graph that is to change is not one of one's own.
        NotFoundError
            The graph to be dropped is not there.
        PreconditionFailedError
            The condition does not hold.
        ValidationFailedError
            The gate refuses; it has the report.
        StoreBusyError, StoreLockedError
            The queue is full, another build is at work; try again later.
        QueryTimeoutError, ResultTooLargeError
            It took longer, or needed more memory, than a write may.
        BodyTooLargeError
            So did reading what was sent.
        StoreUnavailableError
            The service is being stopped.
        StoreError
            The disk is full, or the process died; the live release is as it was.
        """
        if self._waiting >= self._site.longest:
            raise StoreBusyError(f"{self._site.longest} writes are waiting already; try again in a moment")
        task = asyncio.create_task(self._in_turn(Job(change, condition, author)))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _in_turn(self, job: Job) -> Written:
        self._waiting += 1
        try:
            async with self._turn:
                if self._pool.closing.is_set():
                    raise closed()
                written = await self._made(job)
                await self._follow()
                return written
        finally:
            self._waiting -= 1

    async def _made(self, job: Job) -> Written:
        kept = self._child is not None
        child = self._child = self._child or _Child(self._site)
        try:
            outcome = await child.outcome(job)
        except StoreError as error:
            await self._end()
            if kept and child.ended_idle:  # something else has ended it, which is no fault of this write
                return await self._made(job)
            if child.step == READING:
                raise BodyTooLargeError(f"{error}: what was sent is too large, or nests too deep") from error
            raise
        except BaseException:
            await self._end()
            raise
        if isinstance(outcome, Failure):
            raise _revived(outcome)
        return outcome

    async def _end(self) -> None:
        child, self._child = self._child, None
        if child:
            await child.end()


class _Child:
    """The process and the socket to it.

    Attributes
    ----------
    step
        What it was at when it last said so.
    ended_idle
        Whether it turned out to have ended before it said anything of the job that it was given.
    """

    def __init__(self, site: Site) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = started(theirs, main)
        self._site = site
        self.step = ""
        self.ended_idle = False
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def outcome(self, job: Job) -> Written | Failure:
        """Send a job and wait; whoever gets an error has to end the process."""
        self.step = ""
        try:
            async with asyncio.timeout(_START_SECONDS) as allowed:
                reader, writer = await self._opened()
                allowed.reschedule(asyncio.get_running_loop().time() + self._site.seconds)
                writer.write(packed(job))
                while isinstance(message := await _message(reader), str):
                    self.step = message
                return message
        except (asyncio.IncompleteReadError, ConnectionError):
            self.ended_idle = not self.step
            raise _cause(await asyncio.to_thread(self._process.wait), self._site) from None
        except TimeoutError:
            step = self.step or "starting"
            text = f"the write took longer than {self._site.seconds:g} seconds and was ended while {step}"
            raise QueryTimeoutError(text) from None

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(sock=self._socket)
            self._streams[1].write(packed(self._site))
            await _message(self._streams[0])  # it can take jobs: the time of a write counts from here
        return self._streams

    async def end(self) -> None:
        """Kill it and wait until it is gone."""
        self._process.kill()
        if self._streams:
            self._streams[1].close()
        else:
            self._socket.close()
        await asyncio.shield(asyncio.to_thread(self._process.wait))


async def _message(reader: asyncio.StreamReader) -> str | Written | Failure:
    """What the process says next: which step it takes, or what came of the job."""
    (length,) = LENGTH.unpack(await reader.readexactly(LENGTH.size))
    message: str | Written | Failure = pickle.loads(await reader.readexactly(length))  # noqa: S301  (our own child)
    return message


def _revived(failure: Failure) -> KgError:
    """An error of the other process as one of this."""
    if failure.report is not None:
        return ValidationFailedError(failure.text, failure.report)
    kind = _kinds(KgError).get(failure.code, StoreError)
    error = kind.__new__(kind)  # some have more fields than the text, which is all that counts here
    Exception.__init__(error, failure.text)
    return error


def _kinds(top: type[KgError]) -> dict[str, type[KgError]]:
    found = {top.code: top}
    for kind in top.__subclasses__():
        found |= _kinds(kind)
    return found


def _cause(code: int, site: Site) -> KgError:
    if code in MEMORY_EXITS:
        return ResultTooLargeError(f"the write needed more than {site.memory >> 20} MiB of memory, or was killed")
    return StoreError(f"the process that writes ended with code {code}")
