"""All rows of answers to named queries, kept for a while, so that pages can be cut from them.

A query is run once for a release and its values; its rows lie in a file that has no name, in memory while it is small.
They stay when another release goes live, so that who pages through them stays on the release that was begun with, until
room is needed for others.
"""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import threading
import weakref
from array import array
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import IO, Self, cast

import pyoxigraph as ox

from kg.errors import ResultTooLargeError, StaleCursorError
from kg.queries import Table
from kg.serve.answers import is_changing
from kg.serve.negotiation import RESULTS
from kg.store.querying.base import Pool
from kg.store.querying.requests import Limits, Request

_IN_MEMORY = 64 * 1024
_LINE = b"\n"


@dataclass(frozen=True)
class Found:
    """The rows of one answer: `kg.queries.paging.Rows`.

    Attributes
    ----------
    release
        What they are from; where that has no name, or the rows depend on more than it, a name of their own.
    """

    release: str
    _file: IO[bytes]
    _starts: array[int]
    """Where each line begins, that of the names first, and where the last one ends."""
    _reading: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self._starts) - 2

    @property
    def size(self) -> int:
        """Bytes that they take, in the file and beside it."""
        return self._starts[-1] + self._starts.itemsize * len(self._starts)

    def part(self, start: int, stop: int) -> Table:
        """The rows from one number up to another, in any thread: 30 CPU ns a byte."""
        first, last = min(start, len(self)) + 1, min(stop, len(self)) + 1
        content = self._read(0, 1) + self._read(first, last)
        solutions = cast(ox.QuerySolutions, ox.parse_query_results(content, ox.QueryResultsFormat.TSV))
        names = tuple(variable.value for variable in solutions.variables)
        return Table(names, tuple(tuple(solution) for solution in solutions))

    async def whole(self, most: int) -> Table:
        """All rows, read beside the loop; `ResultTooLargeError` where they take more bytes than that."""
        self.refuse_more_than(most)
        return await asyncio.to_thread(self.part, 0, len(self))

    def _read(self, first: int, last: int) -> bytes:
        with self._reading:  # the place in the file is one for all who read it
            self._file.seek(self._starts[first])
            return self._file.read(self._starts[last] - self._starts[first])

    def __post_init__(self) -> None:
        weakref.finalize(self, self._file.close)  # whoever still reads them when they are given up has them to the end

    def refuse_more_than(self, most: int) -> None:
        """Raise `ResultTooLargeError` where they take more bytes than that, as a table that is made at once."""
        if self._starts[-1] > most:
            raise ResultTooLargeError(
                "the answer is too large for this format at once: take it in pages, with limit=, or as csv, tsv, srj "
                "or srx, which are streamed"
            )


_Key = tuple[str, str, int, int, tuple[str, ...]]


@dataclass(frozen=True)
class KeptRows:
    """Answers by release, question and limits; those that were not asked for longest make room for new ones.

    Parameters
    ----------
    number, most
        How many answers are kept, and how many bytes of them.
    """

    pool: Pool
    number: int = 256
    most: int = 512 * 1024**2
    _kept: OrderedDict[_Key, Found] = field(default_factory=OrderedDict)
    _making: weakref.WeakValueDictionary[_Key, asyncio.Lock] = field(default_factory=weakref.WeakValueDictionary)

    async def rows(self, question: str, limits: Limits, release: str | None = None) -> Found:
        """All rows of the answer to a question, of the live release or of one that a cursor pages through.

        Raises
        ------
        StaleCursorError
            That release is not the live one, and its rows are not here any more.
        KgError
            As `Pool.answer`.
        """
        live = self.pool.release.id
        key = _key(live if release is None else release, question, limits)
        if found := self._find(key):
            return found
        if release is not None and release != live:
            raise StaleCursorError(
                f"the release that the cursor pages through ({release}) is not served any more; begin again without "
                f"cursor, on release {live}"
            )
        lock = self._making.setdefault(key, asyncio.Lock())
        async with lock:  # who asks the same meanwhile waits for these rows
            return self._find(key) or self._put(await self._made(question, limits), question, limits)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._kept.clear()

    def _find(self, key: _Key) -> Found | None:
        found = self._kept.get(key) if key[0] else None
        if found:
            self._kept.move_to_end(key)
        return found

    def _put(self, made: Found, question: str, limits: Limits) -> Found:
        self._kept[_key(made.release, question, limits)] = made
        while len(self._kept) > 1 and (len(self._kept) > self.number or self._size() > self.most):
            self._kept.popitem(last=False)
        return made

    def _size(self) -> int:
        return sum(found.size for found in self._kept.values())

    async def _made(self, question: str, limits: Limits) -> Found:
        file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - kept
        starts, size = array("Q", [0]), 0
        try:
            async with self.pool.answer(Request(query=question, results_format=RESULTS["tsv"]), limits) as answer:
                async for part in answer:
                    file.write(part)
                    place = part.find(_LINE)
                    while place >= 0:
                        starts.append(size + place + 1)
                        place = part.find(_LINE, place + 1)
                    size += len(part)
        except BaseException:
            file.close()
            raise
        named = answer.release.id if not is_changing(question) else ""
        return Found(named or f"~{secrets.token_hex(8)}", cast(IO[bytes], file), starts)


def _key(release: str, question: str, limits: Limits) -> _Key:
    return release, question, limits.rows, limits.result, limits.hosts
