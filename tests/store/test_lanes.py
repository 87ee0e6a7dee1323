"""Small queries that stand behind one another at a process: each gets its own answer, and none waits for a slow one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psutil
import pytest

from kg.errors import StoreUnavailableError
from kg.store.querying.requests import Request
from kg.store.querying.workers import QueryPool
from kg.store.release import Release

pytestmark = pytest.mark.anyio

SLOW = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
"""Without end on the bundle."""
SMALL = 100
"""Queries after which a pool knows that they are small."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def pool(bundle_release: Release) -> AsyncIterator[QueryPool]:
    """One query at once, and one process until something is slow; it has been asked small ones only."""
    async with QueryPool(bundle_release, size=4, abreast=1) as pool:
        for number in range(SMALL):
            assert await answered(pool, number) == number
        yield pool


async def answered(pool: QueryPool, number: int) -> int:
    request = Request(query=f"SELECT (STRLEN('{'x' * number}') AS ?n) {{}}", results_format="text/csv")
    async with pool.answer(request) as answer:
        return int((await answer.read(100)).split()[-1])


def processes() -> set[int]:
    return {child.pid for server in psutil.Process().children() for child in server.children()}


async def slow(pool: QueryPool) -> asyncio.Task[None]:
    """A slow query that a process is at."""

    async def ask() -> None:
        async with pool.answer(Request(query=SLOW, timeout=20)):
            raise AssertionError

    task = asyncio.create_task(ask())
    while not pool.busy:
        await asyncio.sleep(0)
    return task


async def ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_each_gets_its_own_answer_from_one_process(pool: QueryPool) -> None:
    before = processes()
    asked = asyncio.gather(*(answered(pool, number) for number in range(60)))
    await asyncio.sleep(0)
    assert pool.waiting
    assert await asked == [*range(60)]
    assert processes() == before
    assert (pool.busy, pool.waiting) == (0, 0)


async def test_none_waits_for_a_slow_one_that_stands_before_it(pool: QueryPool) -> None:
    task = await slow(pool)
    assert await asyncio.gather(*(answered(pool, number) for number in range(10))) == [*range(10)]
    assert not task.done()
    await ended(task)
    assert await answered(pool, 7) == 7


async def test_who_leaves_takes_nobody_along(pool: QueryPool) -> None:
    tasks = [asyncio.create_task(answered(pool, number)) for number in range(30)]
    await asyncio.sleep(0)
    for task in tasks[::3]:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(result == number for number, result in enumerate(results) if number % 3)
    assert (pool.busy, pool.waiting) == (0, 0)


async def test_whose_turn_has_come_as_he_left_gives_it_on(pool: QueryPool) -> None:
    for steps in range(12):
        tasks = [asyncio.create_task(answered(pool, number)) for number in range(6)]
        for _ in range(steps):
            await asyncio.sleep(0)
        tasks[1].cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert [*results[:1], *results[2:]] == [0, 2, 3, 4, 5]
    assert (pool.busy, pool.waiting) == (0, 0)


async def test_a_process_that_dies_takes_none_along_that_stands_behind(pool: QueryPool) -> None:
    task = await slow(pool)
    others = asyncio.gather(*(answered(pool, number) for number in range(5)))
    await asyncio.sleep(0)
    (pid,) = processes()
    psutil.Process(pid).kill()
    assert await others == [*range(5)]
    await asyncio.gather(task, return_exceptions=True)


async def test_the_end_of_the_pool_is_told_to_those_who_stand_behind(pool: QueryPool) -> None:
    task = await slow(pool)
    others = [asyncio.create_task(answered(pool, number)) for number in range(5)]
    await asyncio.sleep(0)
    pool.close()
    for other in (task, *others):
        with pytest.raises(StoreUnavailableError):
            await other


async def test_none_is_kept_waiting_by_a_slow_one_that_nobody_waits_for(pool: QueryPool) -> None:
    first = asyncio.create_task(answered(pool, 1))
    await asyncio.sleep(0)

    async def ask() -> None:
        async with pool.answer(Request(query=SLOW, timeout=20)):
            raise AssertionError

    behind = asyncio.create_task(ask())
    await asyncio.sleep(0)
    behind.cancel()  # before its turn has come: it is at the process, and no longer anybody's
    assert await first == 1
    async with asyncio.timeout(10):
        assert await asyncio.gather(*(answered(pool, number) for number in range(4))) == [*range(4)]
    await asyncio.gather(behind, return_exceptions=True)


async def test_a_place_for_what_is_long_is_not_given_on_to_what_is_small(bundle_release: Release) -> None:
    async with QueryPool(bundle_release, size=2, kept=1, abreast=1) as pool:
        for number in range(SMALL):
            await answered(pool, number)

        async def large() -> int:
            query = "SELECT * { ?s ?p ?o } LIMIT 3000"  # more than a frame
            async with pool.answer(Request(query=query, results_format="text/csv")) as answer:
                return len(await answer.read(2**24))

        for _ in range(3):
            asked = [large(), *(answered(pool, number) for number in range(5))]
            assert (await asyncio.gather(*asked))[1:] == [*range(5)]
        async with pool.turn():  # among the long ones, of which there is one place
            assert await answered(pool, 3) == 3
