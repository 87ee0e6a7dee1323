"""Places: who gets in, who waits, who is turned away, and that none is lost."""

from __future__ import annotations

import asyncio
import random

import pytest

from kg.errors import StoreBusyError
from kg.store.querying.places import Place, Places

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def places(size: int = 3, *, kept: int = 1, queue: int = 10, patience: float = 60.0) -> Places:
    return Places(size, kept=kept, queue=queue, patience=patience)


async def waiting(of: Places, *, is_long: bool = False) -> asyncio.Task[Place]:
    """Somebody who waits for a place."""
    before = of.waiting
    task = asyncio.create_task(of.take(is_long=is_long))
    while of.waiting == before:
        await asyncio.sleep(0)
    return task


async def test_what_is_long_leaves_the_kept_places_free() -> None:
    of = places()
    long = [await of.take(is_long=True) for _ in range(2)]
    third = await waiting(of, is_long=True)
    short = await of.take()
    assert not short.lengthen()
    long[0].leave()
    assert (await third).is_long
    assert not short.lengthen()
    long[1].leave()
    assert short.lengthen()
    assert short.lengthen()  # it is long already
    assert of.taken == 2


async def test_first_come_first_served() -> None:
    of = places(1, kept=0)
    first = await of.take()
    tasks = [await waiting(of, is_long=number % 2 == 0) for number in range(5)]
    for task in tasks:
        first.leave()
        assert not [other for other in tasks[tasks.index(task) + 1 :] if other.done()]
        first = await task
    assert (of.taken, of.waiting) == (1, 0)


async def test_what_is_short_does_not_wait_behind_what_is_long() -> None:
    of = places(2, kept=1)
    long, short = await of.take(is_long=True), await of.take()
    next_long, next_short = await waiting(of, is_long=True), await waiting(of)
    short.leave()
    assert not (await next_short).is_long
    assert not next_long.done()
    long.leave()
    assert (await next_long).is_long


async def test_one_place_is_for_what_is_long_however_many_are_kept() -> None:
    assert (await places(1, kept=5).take(is_long=True)).is_long
    assert (await places(3, kept=5).take()).lengthen()


async def test_who_waits_too_long_is_told_so_and_waits_no_more() -> None:
    of = places(1, patience=0.01)
    await of.take()
    with pytest.raises(StoreBusyError):
        await of.take()
    with pytest.raises(StoreBusyError):
        await of.take(seconds=0.0)
    assert of.waiting == 0


async def test_too_many_are_turned_away_at_once() -> None:
    of = places(1, queue=2)
    await of.take()
    tasks = [await waiting(of) for _ in range(2)]
    with pytest.raises(StoreBusyError):
        await of.take()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert of.waiting == 0


async def test_a_place_that_comes_as_one_goes_away_is_not_lost() -> None:
    of = places(1)
    place = await of.take()
    leaver, other = await waiting(of), await waiting(of)
    place.leave()
    leaver.cancel()
    await asyncio.gather(leaver, return_exceptions=True)
    (await other).leave()
    assert (of.taken, of.waiting) == (0, 0)


async def test_to_leave_twice_gives_one_place() -> None:
    of = places(2)
    first, _ = await of.take(), await of.take()
    first.leave()
    first.leave()
    assert of.taken == 1


@pytest.mark.parametrize("seed", range(20))
async def test_whatever_happens_no_more_are_in_than_there_is_room_for_and_all_leave(seed: int) -> None:
    chance, of = random.Random(seed), places(4, kept=2, queue=8, patience=0.02)  # noqa: S311
    inside: list[Place] = []

    async def visit() -> None:
        try:
            place = await of.take(is_long=chance.random() < 0.4)
        except StoreBusyError:
            return
        inside.append(place)
        try:
            for _ in range(chance.randrange(5)):
                await asyncio.sleep(0.002 * chance.random())
                if chance.random() < 0.3:
                    place.lengthen()
                assert len(inside) <= of.taken <= 4  # one that was let in may not know it yet
                assert sum(other.is_long for other in inside) <= 2
        finally:
            inside.remove(place)
            place.leave()

    visits = [asyncio.create_task(visit()) for _ in range(60)]
    for task in chance.sample(visits, 15):
        await asyncio.sleep(0.001 * chance.random())
        task.cancel()
    results = await asyncio.gather(*visits, return_exceptions=True)
    assert not [result for result in results if isinstance(result, AssertionError)]
    assert (of.taken, of.waiting) == (0, 0)
    assert all([(await of.take(is_long=True)).is_long for _ in range(2)])
