"""Queries on a SPARQL server elsewhere, with the limits, the queue and the errors of query processes.

It is a `kg.store.querying.base.Pool`: who serves does not know that no process of ours answers. There is a place for
each query that runs at once, of which some are left free for queries while other work waits for a turn.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Self

import httpx

from kg.store.querying.base import Answer
from kg.store.querying.kept import Kept
from kg.store.querying.places import Place, Places
from kg.store.querying.requests import GraphRequest, Limits, Request
from kg.store.querying.stock import closed
from kg.store.querying.tally import Tally
from kg.store.remote.asking import question
from kg.store.remote.feed import RemoteFeed
from kg.store.remote.release import RemoteRelease
from kg.store.remote.server import Server


class RemotePool:
    """Questions to a server that holds a release.

    Parameters
    ----------
    size, kept, queue, patience, limits
        As for `kg.store.querying.workers.QueryPool`; of limits the memory is the server's own matter.
    """

    def __init__(
        self,
        release: RemoteRelease,
        *,
        server: Server,
        size: int = 8,
        kept: int = 2,
        queue: int = 64,
        limits: Limits | None = None,
        patience: float = 10.0,
    ) -> None:
        self.size = size
        self.limits = limits or Limits()
        self.kept = Kept()
        self.tally = Tally()
        self.closing = asyncio.Event()
        self._release = release
        self._server = server
        self._places = Places(size, kept=kept, queue=queue, patience=patience)
        self._feeds: set[RemoteFeed] = set()

    async def __aenter__(self) -> Self:
        waiting = httpx.Timeout(None, connect=self._server.settings["timeout"].connect)
        pooled = httpx.Limits(max_connections=self.size, max_keepalive_connections=self.size)
        self._client = httpx.AsyncClient(
            transport=self._server.transport_async(pooled), **{**self._server.settings, "timeout": waiting}
        )
        self._threads = ThreadPoolExecutor(self.size, thread_name_prefix="answer")
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()
        for feed in tuple(self._feeds):
            await feed.end()
        await self._client.aclose()
        self._threads.shutdown()

    def close(self) -> None:
        """See `kg.store.querying.base.Pool.close`."""
        self.closing.set()
        for feed in self._feeds:
            feed.fail(closed())

    @property
    def release(self) -> RemoteRelease:
        """What is answered from, as far as was looked."""
        return self._release

    @property
    def busy(self) -> int:
        """How many turns are taken."""
        return self._places.taken

    @property
    def waiting(self) -> int:
        """How many wait for one."""
        return self._places.waiting

    @asynccontextmanager
    async def answer(self, request: Request | GraphRequest, limits: Limits | None = None) -> AsyncIterator[Answer]:
        """See `kg.store.querying.base.Pool.answer`; further errors are those of `Server.explained` and `refused`."""
        clock, limits = asyncio.get_running_loop().time, limits or self.limits
        deadline = clock() + (limits.timeout if request.timeout is None else min(request.timeout, limits.timeout))
        release = self._release
        asked = question(request, release, limits)
        place = await self._place(seconds=deadline - clock())
        left = max(0.0, deadline - clock())
        feed = RemoteFeed(
            self._client,
            self._threads,
            server=self._server,
            release=release,
            request=request,
            limits=limits,
            seconds=left,
        )
        self._feeds.add(feed)
        try:
            answer = await feed.ask(asked)
            if answer.received:
                await self._end(feed, place)  # others may ask while the client takes what has come
            yield answer
        finally:
            await self._end(feed, place)

    async def switch(self, release: RemoteRelease) -> None:
        """Answer as of another release from now on; the server has changed already, so what was kept is dropped."""
        if (release.id, release.dataset) != (self._release.id, self._release.dataset):
            self.kept.clear()
        self._release = release

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """See `kg.store.querying.base.Pool.turn`."""
        place = await self._place(is_long=True)
        try:
            yield
        finally:
            place.leave()

    async def _place(self, *, is_long: bool = False, seconds: float = math.inf) -> Place:
        place = await self._places.take(is_long=is_long, seconds=seconds)
        if self.closing.is_set():
            place.leave()
            raise closed()
        return place

    async def _end(self, feed: RemoteFeed, place: Place) -> None:
        """Give back what a query had; to do so again is no error."""
        self._feeds.discard(feed)
        try:
            await asyncio.shield(feed.end())
        finally:
            place.leave()
