"""The search index of the release that is served, kept open, and asked beside the event loop.

An index that is not there yet is made by a process of its own (`kg.serve.exports`). While that of a new release is
being made, the one before answers, if there is one; so a write does not stop anybody's search. What a server elsewhere
holds is searched in the data folder that it was filled from, which has the same release.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

from kg import search
from kg.errors import NotFoundError
from kg.search import Index
from kg.serve.exports import Exports
from kg.serve.threads import to_its_end
from kg.store.base import Published
from kg.store.layout import Layout
from kg.store.querying.base import Pool
from kg.store.release import Release
from kg.store.releases import DataFolder

_AT_ONCE = 2
_T = TypeVar("_T")


@dataclass(frozen=True)
class Open:
    """An index and the release that it is of."""

    release: str
    index: Index


class Indexes:
    """What gives the index of the live release of a pool.

    Parameters
    ----------
    root
        The data folder, if there is one.
    """

    def __init__(self, pool: Pool, exports: Exports, root: Path | None = None) -> None:
        self._pool = pool
        self._exports = exports
        self._root = root
        self._open: Open | None = None
        self._opening = asyncio.Lock()
        self._threads = ThreadPoolExecutor(_AT_ONCE, "search")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._open:
            self._open.index.close()

    async def current(self) -> Open:
        """The index of the live release; that of the one before while it is being made.

        Raises
        ------
        NotFoundError
            What is served has no index: it is a plain folder, or a server elsewhere whose release is not in the data
            folder.
        StoreBusyError
            It is being made, which takes longer than anybody waits.
        StoreError
            It cannot be made.
        """
        live = self._pool.release
        if self._open and self._open.release == live.id:
            return self._open
        release = await asyncio.to_thread(self._found, live)
        if not await asyncio.to_thread(search.ready, release):
            if self._open:
                self._exports.indexing(release)
                return self._open
            await self._exports.index(release)  # all wait for one making, each for its own time
        return await self._follow(live, release)

    async def _follow(self, live: Published, release: Release) -> Open:
        """Open the index of a release in place of the one before, unless another request has, or has gone further."""
        async with self._opening:
            before = self._open
            if before and (before.release == live.id or self._pool.release.id != live.id):
                return before
            self._open = Open(live.id, await to_its_end(Index.of, release))
        if before:
            before.index.close()
        return self._open

    def _found(self, live: Published) -> Release:
        """The release in the data folder."""
        if isinstance(live, Release):
            search.ready(live)  # NotFoundError for a plain folder
            return live
        if self._root and live.id:
            try:
                return DataFolder(Layout(self._root)).find(live.id)
            except NotFoundError:
                pass
        search.ready(live)
        raise AssertionError  # what is not in segments has no index

    @property
    def closing(self) -> asyncio.Event:
        """Set when the service ends."""
        return self._pool.closing

    async def ask(self, way: Callable[[], _T]) -> _T:
        """What a function gives that asks an index; it is ended by the time limit of the index."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, way)
