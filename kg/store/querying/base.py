"""What answers questions from outside: query processes over a data folder, or a server elsewhere.

Whoever serves asks a `Pool` and does not know which of the two it is. Comes in: a `Request`, and what its caller may
use. Goes out: an `Answer`, which is the bytes that the client gets, and the release that they are from.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol, Self, TypeVar

from kg.errors import ResultTooLargeError
from kg.store.base import Published
from kg.store.querying.kept import Kept
from kg.store.querying.requests import GraphRequest, Limits, Request
from kg.store.querying.tally import Tally


class Feed(Protocol):
    """Where the bytes of one answer come from."""

    @property
    def release(self) -> Published:
        """What is answered from."""
        ...

    @property
    def idle(self) -> bool:
        """Whether the last bytes have come."""
        ...

    async def more(self) -> bytes:
        """The next bytes."""
        ...


class Answer:
    """The answer to one query, being received.

    ``media_type`` is the one of the two offered that was chosen. Iterate once, inside the ``async with``.
    """

    def __init__(self, feed: Feed, media_type: str, first: bytes) -> None:
        self.release = feed.release
        self.media_type = media_type
        self.first = first
        self.received = feed.idle
        """Whether all has come; true from the start for an answer of one frame, which then is ``first``."""
        self._feed = feed

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.first
        while not self.received:
            yield await self.more()

    async def more(self) -> bytes:
        """The next bytes; ``received`` says whether they are the last."""
        data = await self._feed.more()
        self.received = self._feed.idle
        return data

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


class Pool(Protocol):
    """What `kg.serve` asks: an ``async with`` around its life, and inside it one call for each question.

    Attributes
    ----------
    size
        How many queries run at once.
    limits
        What a query may use whose caller has no limits of its own.
    kept
        Small answers that are complete, for who asks the same of the same release.
    """

    size: int
    limits: Limits
    kept: Kept

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *_: object) -> None: ...

    def close(self) -> None:
        """End what runs and answer nothing more: every query, running or waiting, raises StoreUnavailableError."""
        ...

    @property
    def closing(self) -> asyncio.Event:
        """Set as soon as the pool is being closed."""
        ...

    @property
    def release(self) -> Published:
        """What is answered from."""
        ...

    @property
    def tally(self) -> Tally:
        """What has happened to its processes since it was made; nothing, where it has none."""
        ...

    @property
    def busy(self) -> int:
        """How many turns are taken: queries that run, and other work."""
        ...

    @property
    def waiting(self) -> int:
        """How many queries wait for their turn."""
        ...

    def answer(
        self, request: Request | GraphRequest, limits: Limits | None = None
    ) -> AbstractAsyncContextManager[Answer]:
        """The answer to a query, or a whole graph, from its first bytes on; leaving the block early ends the query.

        Errors as `kg.store.querying.workers.QueryPool.answer`.
        """
        ...

    def turn(self) -> AbstractAsyncContextManager[None]:
        """A turn among the queries for other work; StoreBusyError if none comes in time."""
        ...


R_contra = TypeVar("R_contra", bound=Published, contravariant=True)


class FollowingPool(Pool, Protocol[R_contra]):
    """A pool that can be told of a new release."""

    async def switch(self, release: R_contra) -> None:
        """Answer from another release from now on; StoreError if it cannot be, and then all is as it was."""
        ...
