"""Sending an answer: to a client that takes it, and to one that does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request as HttpRequest
from starlette.types import Message

from kg.errors import ResultTooLargeError, StoreUnavailableError
from kg.serve.access import Access, Guard
from kg.serve.answers import QueryResponse
from kg.store.querying.workers import Limits, QueryPool, Request
from kg.store.release import Release

pytestmark = pytest.mark.anyio

MANY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def pool(release: Release) -> AsyncIterator[QueryPool]:
    async with QueryPool(release, size=1) as pool:
        yield pool


async def never() -> Message:
    await asyncio.Event().wait()
    raise AssertionError


SCOPE = {"type": "http", "method": "GET", "path": "/sparql", "headers": []}


async def freed(pool: QueryPool) -> None:
    """Wait until the query's place is free, which it is when its process is gone."""
    async with asyncio.timeout(30):
        while pool.busy:
            await asyncio.sleep(0.01)


def response(pool: QueryPool, query: str, *, patience: float = 60.0, limits: Limits | None = None) -> Guard:
    """A response to somebody who was let in."""
    answering = QueryResponse(pool, Request(query=query), HttpRequest(SCOPE), patience=patience)
    return Guard(answering, Access(limits=limits or Limits()))


async def test_a_small_answer_is_two_messages(pool: QueryPool) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await response(pool, "ASK {}")({**SCOPE}, never, send)
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert not sent[1].get("more_body")


async def test_a_client_that_takes_nothing_counts_as_gone(pool: QueryPool) -> None:
    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            await never()

    await response(pool, MANY, patience=0.05)({**SCOPE}, never, send)
    await freed(pool)


async def test_a_client_that_has_left_is_noticed_without_sending(pool: QueryPool) -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            await never()

    await response(pool, MANY)({**SCOPE}, receive, send)
    await freed(pool)


async def test_the_end_of_the_request_is_the_end_of_its_query(pool: QueryPool) -> None:
    async def send(message: Message) -> None:
        await never()

    request = asyncio.create_task(response(pool, MANY)({**SCOPE}, never, send))
    while not pool.busy:
        await asyncio.sleep(0)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    await freed(pool)


async def test_an_answer_that_is_kept_is_not_for_who_may_have_less(pool: QueryPool) -> None:
    query = "SELECT * { VALUES ?x { 1 2 3 } }"
    await sent_by(response(pool, query))
    with pytest.raises(ResultTooLargeError):
        await sent_by(response(pool, query, limits=Limits(rows=2)))


async def sent_by(answering: Guard) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await answering({**SCOPE}, never, send)
    return sent


async def test_an_answer_that_can_be_kept_is_not_asked_for_again(release: Release) -> None:
    async with QueryPool(release, size=1) as pool:
        first = await sent_by(response(pool, "ASK {}"))
        await sent_by(response(pool, "SELECT (NOW() AS ?n) {}"))
        await sent_by(response(pool, MANY + " LIMIT 10000"))
        assert len(pool.kept) == 1
    assert await sent_by(response(pool, "ASK {}")) == first  # though the pool is closed
    with pytest.raises(StoreUnavailableError):
        await sent_by(response(pool, "ASK {} #"))
