"""Rows that are kept for pages: found once for a question, given up for others, never mixed up."""

from __future__ import annotations

import asyncio
import io
import threading
from array import array
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from kg.errors import ResultTooLargeError, StaleCursorError
from kg.serve.named.asking import Asked, Asking
from kg.serve.named.rows import Found, KeptRows
from kg.store.querying.base import Pool
from kg.store.querying.requests import Limits
from kg.store.querying.workers import QueryPool
from kg.store.release import Release

ALL = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o"
FEW = "SELECT ?x WHERE { VALUES ?x { 1 UNDEF 2 } } ORDER BY ?x"
LIMITS = Limits()


def test_rows_are_found_once_and_read_in_parts(release: Release) -> None:
    async def run() -> None:
        async with QueryPool(release, size=2) as pool, KeptRows(pool) as kept:
            found, again = await asyncio.gather(kept.rows(ALL, LIMITS), kept.rows(ALL, LIMITS))
            assert found is again
            assert found.release == release.id
            whole = found.part(0, len(found))
            assert whole.columns == ("s", "p", "o")
            assert len(whole.rows) == len(found) > 50
            parts = [found.part(start, start + 7).rows for start in range(0, len(found), 7)]
            assert tuple(row for part in parts for row in part) == whole.rows
            assert found.part(len(found), len(found) + 5).rows == ()

    asyncio.run(run())


def test_a_row_in_which_nothing_is_bound_counts(release: Release) -> None:
    async def run() -> None:
        async with QueryPool(release, size=1) as pool, KeptRows(pool) as kept:
            found = await kept.rows(FEW, LIMITS)
            assert [str(term) for (term,) in found.part(0, 3).rows] == [
                "None",
                *(f'"{n}"^^<{INTEGER}>' for n in (1, 2)),
            ]

    asyncio.run(run())


INTEGER = "http://www.w3.org/2001/XMLSchema#integer"


def test_the_oldest_make_room_and_can_still_be_read_by_who_has_them(release: Release) -> None:
    async def run() -> None:
        async with QueryPool(release, size=1) as pool, KeptRows(pool, number=2) as kept:
            first = await kept.rows(ALL, LIMITS)
            await kept.rows(FEW, LIMITS)
            assert await kept.rows(ALL, LIMITS) is first
            await kept.rows(f"{FEW} LIMIT 1", LIMITS)
            await kept.rows(f"{FEW} LIMIT 2", LIMITS)
            assert await kept.rows(ALL, LIMITS) is not first
            assert len(first.part(0, 5).rows) == 5

    asyncio.run(run())


def test_a_caller_with_smaller_limits_does_not_get_what_another_may_have(release: Release) -> None:
    async def run() -> None:
        async with QueryPool(release, size=1) as pool, KeptRows(pool) as kept:
            await kept.rows(ALL, LIMITS)
            with pytest.raises(ResultTooLargeError):
                await kept.rows(ALL, Limits(rows=10))

    asyncio.run(run())


def test_rows_that_hang_on_the_clock_are_found_anew_and_can_be_paged_through(release: Release) -> None:
    async def run() -> None:
        async with QueryPool(release, size=1) as pool, KeptRows(pool) as kept:
            question = "SELECT (NOW() AS ?now) WHERE { } ORDER BY ?now"
            first, second = [await kept.rows(question, LIMITS) for _ in range(2)]
            assert first is not second
            assert await kept.rows(question, LIMITS, first.release) is first

    asyncio.run(run())


def test_a_release_that_is_gone_is_said_to_be(make_release: Callable[..., Release], tmp_path: Path) -> None:
    old, new = (make_release(tmp_path / name, f"20251130T101500.000Z-{name}") for name in ("one", "two"))

    async def run() -> None:
        async with QueryPool(old, size=1) as pool, KeptRows(pool) as kept:
            found = await kept.rows(FEW, LIMITS)
            await pool.switch(new)
            assert await kept.rows(FEW, LIMITS, old.id) is found
            assert (await kept.rows(FEW, LIMITS)).release == new.id
            with pytest.raises(StaleCursorError, match=f"begin again without cursor, on release {new.id}"):
                await kept.rows(ALL, LIMITS, old.id)

    asyncio.run(run())


LINES = (b"?x\n", b"1\n", b"2\n")


class Shared(io.BytesIO):
    """A file that two threads seek in before one of them reads, if nothing keeps them from it."""

    def __init__(self) -> None:
        super().__init__(b"".join(LINES))
        self.both, self.readers = threading.Barrier(2), set[int]()

    def seek(self, offset: int, whence: int = 0) -> int:
        place = super().seek(offset, whence)
        with suppress(threading.BrokenBarrierError):
            self.both.wait(0.2)
        return place

    def read(self, size: int | None = -1) -> bytes:
        self.readers.add(threading.get_ident())
        return super().read(size)


def shared() -> tuple[Found, Shared]:
    file = Shared()
    return Found("one", file, array("Q", [sum(map(len, LINES[:number])) for number in range(len(LINES) + 1)])), file


def test_threads_that_read_at_once_get_their_own_rows() -> None:
    found, _ = shared()
    with ThreadPoolExecutor(2) as threads:
        parts = list(threads.map(found.part, (0, 1), (1, 2)))
    assert [[str(term) for (term,) in part.rows] for part in parts] == [
        [f'"{number}"^^<{INTEGER}>'] for number in (1, 2)
    ]


def test_rows_are_read_beside_the_event_loop() -> None:
    found, file = shared()

    async def rows(*_: object) -> Found:
        return found

    pool = cast(Pool, SimpleNamespace(release=SimpleNamespace(id="one")))
    asking = Asking(pool, cast(KeptRows, SimpleNamespace(rows=rows)))
    page, release = asyncio.run(asking.page(Asked({}), "SELECT ?x { }", LIMITS))
    assert (len(page.table.rows), page.total, release) == (2, 2, "one")
    assert file.readers
    assert threading.get_ident() not in file.readers


def test_all_rows_are_read_beside_the_event_loop_if_they_are_no_more_than_may_be() -> None:
    found, file = shared()
    table = asyncio.run(found.whole(sum(map(len, LINES))))
    assert (table.columns, len(table.rows)) == (("x",), 2)
    assert threading.get_ident() not in file.readers
    with pytest.raises(ResultTooLargeError):
        asyncio.run(found.whole(sum(map(len, LINES)) - 1))
