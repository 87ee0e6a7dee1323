"""Work that ends when nobody is left to hear of it."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message

from kg.serve.presence import Presence

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def never() -> Message:
    await asyncio.Event().wait()
    raise AssertionError


async def left() -> Message:
    return {"type": "http.disconnect"}


async def test_work_that_is_done_is_left_alone() -> None:
    with Presence(left, asyncio.Event()) as presence:
        await asyncio.sleep(0)
    assert not presence.gone


async def test_the_client_leaves() -> None:
    with Presence(left, asyncio.Event()) as presence:
        await never()
    assert presence.gone
    assert asyncio.current_task().cancelling() == 0  # type: ignore[union-attr]


async def test_the_rest_of_the_request_is_no_leaving() -> None:
    messages: list[Message] = [{"type": "http.request"}, {"type": "http.request"}]
    took_both = asyncio.Event()

    async def receive() -> Message:
        if not messages:
            took_both.set()
            return await never()
        return messages.pop()

    with Presence(receive, asyncio.Event()) as presence:
        await took_both.wait()
    assert not presence.gone


async def test_the_service_ends_and_the_work_has_time_to_end_by_itself() -> None:
    closing = asyncio.Event()
    closing.set()
    with Presence(never, closing) as presence:
        await asyncio.sleep(0.2)
    assert not presence.gone
    with Presence(never, closing) as presence:
        await never()
    assert presence.gone


async def test_errors_and_cancelling_from_outside_pass() -> None:
    with pytest.raises(KeyError), Presence(never, asyncio.Event()):
        raise KeyError

    async def work() -> None:
        with Presence(left, asyncio.Event()):
            await never()

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
