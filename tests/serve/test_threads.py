"""Work in threads whose asker is cancelled: it is waited for, so that what it uses can be closed."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace
from typing import cast

import pytest

from kg.queries.values import Lookup, Steps
from kg.serve.exploring.asking import explored
from kg.serve.threads import to_its_end
from kg.store.querying.base import Pool
from kg.store.querying.requests import Limits

PATIENCE = 10.0


async def begun(event: threading.Event) -> None:
    assert await asyncio.to_thread(event.wait, PATIENCE)


async def cancelled(work: asyncio.Task[object], started: threading.Event, may_end: threading.Event, times: int) -> None:
    await begun(started)
    for _ in range(times):
        work.cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert not work.done()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await work


@pytest.mark.parametrize("times", [1, 3])
def test_a_thread_is_waited_for_however_often_it_is_cancelled(times: int) -> None:
    started, may_end, done = threading.Event(), threading.Event(), list[str]()

    def works(what: str) -> None:
        started.set()
        may_end.wait(PATIENCE)
        done.append(what)

    async def all_() -> None:
        await cancelled(asyncio.create_task(to_its_end(works, "whole")), started, may_end, times)
        assert done == ["whole"]

    asyncio.run(all_())


def test_what_a_thread_gives_and_raises_is_passed_on() -> None:
    assert asyncio.run(to_its_end(int, "12", base=3)) == 5
    with pytest.raises(ValueError, match="invalid literal"):
        asyncio.run(to_its_end(int, "x"))


def test_steps_of_a_client_that_leaves_are_closed_when_they_have_ended() -> None:
    started, may_end, closed = threading.Event(), threading.Event(), threading.Event()

    def steps() -> Steps[int]:
        try:
            started.set()
            may_end.wait(PATIENCE)  # as long as a step may take
            yield Lookup("SELECT ?x WHERE { }", ("x",))
            return 1
        finally:
            closed.set()

    pool = cast(Pool, SimpleNamespace(release=SimpleNamespace(id="one")))  # not asked, as the first step does not end

    async def all_() -> None:
        work = asyncio.create_task(explored(pool, steps, Limits()))
        await cancelled(cast("asyncio.Task[object]", work), started, may_end, 1)
        assert closed.is_set()

    asyncio.run(all_())
