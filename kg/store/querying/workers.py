"""Queries in processes of their own: the one awaited call that takes a query and yields the bytes of its answer.

The web process never runs a query: Oxigraph has no time limit and no cancel, so what runs too long is killed, and only
a process can be. Each process (module `query_process`) has the release open read-only and answers one query at a
time over its own socket. Backpressure is not reading: as long as the taker of an answer is slow, nothing is read from
that socket, and the process waits. Who leaves the ``async with`` before the answer is complete has the process killed,
and another takes its place.

**Short before long.** A query begins in any free place. After half a second it is long: it goes on, at a lower
priority, if one of the places for long ones is free. If none is, it is killed, its place is free for what is short, and
it begins again when a place for long ones is free. It can, since nothing was sent: an answer that is not complete is
held back until its query has a place for long ones. So whatever is asked, the places kept for short queries are free
after half a second, and no process waits with its memory full. A query that was long is remembered, and waits for a
place for long ones right away when it comes again.

**Small ones in a row.** Queries that take less than half a millisecond stand behind one another at a process (module
`lanes`), and of short ones only as many are at work as there are cores (module `places`).

**The deadline** of a query counts from when it came: waiting is in it, and what it computed in vain. Only the time that
the taker of its answer takes is not.

A new release is opened by new processes; the old ones finish the query they are at, and go.
"""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Self

from kg.store.querying.base import Answer
from kg.store.querying.kept import Kept
from kg.store.querying.lanes import Lane, Lanes
from kg.store.querying.places import Place, Places
from kg.store.querying.requests import GraphRequest, Limits, Request
from kg.store.querying.runs import OutlivedError, Run
from kg.store.querying.stock import Stock, closed
from kg.store.querying.tally import Tally
from kg.store.release import Release

__all__ = ["Answer", "GraphRequest", "Limits", "QueryPool", "Request", "closed"]

_REMEMBERED = 1000


class QueryPool:
    """Query processes over one release at a time.

    Parameters
    ----------
    size
        How many queries run at once.
    kept
        How many of these places are for short queries.
    short
        Seconds for which a query counts as short.
    limits
        What a query may use whose caller has no limits of its own.
    queue
        How many queries may wait for their turn.
    patience
        Seconds that each of them waits at most.
    abreast
        How many short queries are at work together while none of them is slow; as many as there are cores.
    """

    def __init__(
        self,
        release: Release,
        *,
        size: int = 8,
        kept: int = 2,
        short: float = 0.5,
        limits: Limits | None = None,
        queue: int = 64,
        patience: float = 10.0,
        abreast: int | None = None,
    ) -> None:
        self.size = size
        self.limits = limits or Limits()
        self._short = short
        self._places = Places(size, kept=kept, queue=queue, patience=patience, abreast=abreast or _cores())
        self._stock = Stock(release, size, self.limits)
        self._long: dict[tuple[str, bytes], None] = {}
        self._lanes = Lanes(queue)
        self.kept = Kept()

    async def __aenter__(self) -> Self:
        await self._stock.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stock.closed()

    def close(self) -> None:
        """End what is running and answer nothing more: every query, running or waiting, raises StoreUnavailableError.

        The processes are gone when the ``async with`` of the pool has been left.
        """
        self._stock.close()

    @property
    def closing(self) -> asyncio.Event:
        """Set as soon as the pool is being closed."""
        return self._stock.closing

    @property
    def release(self) -> Release:
        """What is answered from."""
        return self._stock.release

    @property
    def tally(self) -> Tally:
        """What has happened to its processes."""
        return self._stock.tally

    @property
    def busy(self) -> int:
        """How many turns are taken: queries that run, and other work."""
        return self._places.taken

    @property
    def waiting(self) -> int:
        """How many queries wait for their turn."""
        return self._places.waiting + self._lanes.waiting

    def answer(
        self, request: Request | GraphRequest, limits: Limits | None = None
    ) -> AbstractAsyncContextManager[Answer]:
        """The answer to a query, or a whole graph, from its first bytes on.

        Parameters
        ----------
        limits
            Those of the caller; its memory is that of the pool in any case.

        Raises
        ------
        QuerySyntaxError, QueryError
            The text is not SPARQL; it calls SERVICE, or a function that nobody knows.
        InexpressibleError
            The syntax asked for cannot hold the graph.
        QueryTimeoutError, ResultTooLargeError
            A limit was reached. Before the block is entered, or, if bytes have come already, while iterating.
        StoreBusyError
            No place was free in time, or too many wait for one.
        StoreUnavailableError
            The pool is being closed.
        StoreError
            The process died of something else, or the release cannot be opened.
        """
        return _Answering(self, request, limits or self.limits)

    async def switch(self, release: Release) -> None:
        """Answer from another release from now on.

        Raises
        ------
        StoreError
            It cannot be opened; the pool stays with the one it has.
        """
        await self._stock.switch(release)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """A turn among the long queries, for work that is not a query and runs in a process of its own.

        Raises
        ------
        StoreBusyError
            None came in time.
        StoreUnavailableError
            The pool is being closed.
        """
        place = await self._place(is_long=True)
        try:
            yield
        finally:
            place.leave()

    async def begin(self, request: Request | GraphRequest, limits: Limits) -> Run:
        """A query whose answer is complete, or has a place for as long as it takes; errors as of `answer`."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + (limits.timeout if request.timeout is None else min(request.timeout, limits.timeout))
        key = (self.release.id, request.packed)
        is_long = key in self._long
        while True:
            run = await self._started(request, limits, deadline, is_long=is_long)
            try:
                await run.begin(deadline - clock())
            except OutlivedError:
                self.end(run)
                is_long = run.outlived
            except BaseException:
                self.end(run)
                raise
            else:
                return run
            finally:
                self._remember(key, run.outlived)

    async def _started(self, request: Request | GraphRequest, limits: Limits, deadline: float, *, is_long: bool) -> Run:
        """A query that a process is at, or one that stands behind another at once, where those are small."""
        clock = asyncio.get_running_loop().time
        lane = None if is_long or self._places.waiting else self._lanes.room()
        if lane and await lane.follow(request, limits, deadline - clock()):
            return Run(lane, self._short)
        place = await self._place(is_long=is_long, seconds=deadline - clock(), first=lane is not None)
        try:
            worker = await self._stock.take()
        except BaseException:
            place.leave()
            raise
        number = worker.send(request, limits, deadline - clock())
        return Run(self._lanes.opened(worker, place, number, self._hand_on), self._short)

    async def _place(self, *, is_long: bool, seconds: float = math.inf, first: bool = False) -> Place:
        place = await self._places.take(is_long=is_long, seconds=seconds, first=first)
        if self.closing.is_set():
            place.leave()
            raise closed()
        return place

    def end(self, run: Run) -> None:
        """Give on, or back, what a query had; to do so again is no error."""
        if run.ended:
            return
        run.end()
        self._lanes.passed(run.lane.worker.spent)
        self._hand_on(run.lane)

    def _hand_on(self, lane: Lane) -> None:
        worker = lane.worker
        again = worker.reusable and not lane.place.is_long and worker.release.id == self.release.id
        if again and lane.give_on():
            self._places.passed_on()
            return
        self._lanes.closed(lane)
        self._stock.give_back(worker, lane.place.leave)

    def _remember(self, key: tuple[str, bytes], outlived: bool) -> None:
        self._long.pop(key, None)
        if outlived:
            self._long[key] = None
            if len(self._long) > _REMEMBERED:
                del self._long[next(iter(self._long))]


def _cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Answering(AbstractAsyncContextManager[Answer]):
    """A query from its first bytes on until the block is left."""

    def __init__(self, pool: QueryPool, request: Request | GraphRequest, limits: Limits) -> None:
        self._pool = pool
        self._request = request
        self._limits = limits

    async def __aenter__(self) -> Answer:
        self._run = await self._pool.begin(self._request, self._limits)
        if self._run.answer.received:
            self._pool.end(self._run)  # others may use the process while the client takes what has come
        return self._run.answer

    async def __aexit__(self, *_: object) -> None:
        self._pool.end(self._run)
