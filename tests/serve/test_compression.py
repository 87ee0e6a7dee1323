"""Answers packed with gzip: the same bytes for those who take it, and streams that stay streams."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager

import httpx
import pytest
from starlette.responses import Response

from kg.queries import NamedQuery
from kg.serve.compression import Compression
from kg.store.querying.workers import Limits
from kg.store.release import Release

Serve = Callable[..., AbstractContextManager[httpx.Client]]


MANY = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def ask(client: httpx.Client, query: str, accepted: str, method: str = "GET", **headers: str) -> httpx.Response:
    return client.request(method, "/sparql", params={"query": query}, headers={"accept-encoding": accepted, **headers})


def test_an_answer_is_packed_for_who_takes_it(client: httpx.Client) -> None:
    plain, packed = ask(client, MANY, "identity"), ask(client, MANY, "gzip")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert "accept-encoding" in plain.headers["vary"].lower()


@pytest.mark.parametrize("accepted", ["identity", "", "br", "gzip;q=0", "br, gzip; q=0.0, deflate"])
def test_it_is_left_as_it_is_for_who_does_not(client: httpx.Client, accepted: str) -> None:
    assert "content-encoding" not in ask(client, MANY, accepted).headers


def test_a_small_answer_is_not_packed(client: httpx.Client) -> None:
    assert "content-encoding" not in ask(client, "ASK {}", "gzip").headers


def test_head_and_an_answer_known_already_have_no_body(client: httpx.Client) -> None:
    head = ask(client, MANY, "gzip", "HEAD")
    assert (head.status_code, head.content, "content-encoding" in head.headers) == (200, b"", False)
    tag = ask(client, MANY, "gzip").headers["etag"]
    known = ask(client, MANY, "gzip", **{"if-none-match": tag})
    assert (known.status_code, known.content) == (304, b"")


def test_parts_arrive_as_they_are_made(client: httpx.Client) -> None:
    with client.stream("GET", "/sparql", params={"query": LARGE}, headers={"accept-encoding": "gzip"}) as response:
        first = next(response.iter_raw())
        begun = zlib.decompressobj(31).decompress(first)
    assert begun.startswith(b'{"head"')
    assert len(begun) >= 4096


def test_a_transfer_that_is_broken_off_is_seen_to_be(
    release: Release, serve: Serve, named_queries: dict[str, NamedQuery]
) -> None:
    with (
        serve(lambda: release, named_queries=named_queries, limits=Limits(result=300_000)) as client,
        client.stream("GET", "/sparql", params={"query": LARGE}, headers={"accept-encoding": "gzip"}) as response,
    ):
        assert (response.status_code, response.headers["content-encoding"]) == (200, "gzip")
        with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
            response.read()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("tag", "accepted", "sent"),
    [('"one"', "gzip", '"one-gzip"'), ('W/"one"', "gzip", 'W/"one"'), ('"one"', "identity", '"one"')],
)
async def test_a_strong_tag_names_the_packed_bytes(tag: str, accepted: str, sent: str) -> None:
    app = Compression(Response("x" * 5000, headers={"ETag": tag}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        response = await client.get("/", headers={"accept-encoding": accepted})
    assert (response.headers["etag"], response.text) == (sent, "x" * 5000)


@pytest.mark.anyio
@pytest.mark.parametrize(("accepted", "told"), [("gzip", False), ("identity", True)])
async def test_a_digest_is_told_of_the_bytes_that_it_is_of(accepted: str, told: bool) -> None:
    app = Compression(Response("x" * 5000, headers={"Repr-Digest": "sha-256=:AAAA:"}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        response = await client.get("/", headers={"accept-encoding": accepted})
    assert ("repr-digest" in response.headers) == told
