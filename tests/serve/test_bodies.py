"""Bodies that are being received: how much of them there may be at once, and how long one may take."""

from __future__ import annotations

import asyncio
import select
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.types import Message, Receive, Scope, Send

from kg.errors import StoreBusyError
from kg.serve.access import Access
from kg.serve.bodies import Bodies, Room, body, taken
from kg.serve.bodies import receive as receive_body
from kg.serve.writing import graph_bodies
from kg.serve.writing.writer import Site
from kg.store import plain
from kg.store.release import Release
from kg.store.releases import DataFolder

Serve = Callable[..., AbstractContextManager[httpx.Client]]

SMALL = 1000
ALL = 1.0
"""The part of a room that one client may take where it is not what is tested."""
SCOPE = {
    "type": "http",
    "method": "POST",
    "headers": [(b"content-type", b"text/turtle")],
    "client": ("192.0.2.1", 1),
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def receiving(*pieces: bytes | None) -> Receive:
    """A client that sends these, leaves where there is None, and is silent from then on if the last is not empty."""
    coming = iter(pieces)

    async def receive() -> Message:
        for piece in coming:
            if piece is None:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": piece, "more_body": bool(piece)}
        await asyncio.Event().wait()
        raise AssertionError

    return receive


async def read(room: Room, *pieces: bytes | None, largest: int = 10**9, address: str = "192.0.2.1") -> bytes:
    """What a route gets of a body, behind the layer that gives back what it took."""
    found = b""

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal found
        found = await body(HttpRequest(scope, receive), largest, "too long")

    async def send(message: Message) -> None:
        raise AssertionError(message)

    await Bodies(route, room)({**SCOPE, "client": (address, 1)}, receiving(*pieces), send)
    return found


@pytest.mark.anyio
async def test_what_a_body_took_is_given_back() -> None:
    room = Room(large=5000, small=SMALL, free=SMALL, part=ALL)
    assert await read(room, b"x" * 3000, b"y" * 3000, b"") == b"x" * 3000 + b"y" * 3000
    assert room.taken == (0, 0)
    with pytest.raises(StoreBusyError, match="all clients"):
        await read(room, b"x" * 6001, b"")
    with pytest.raises(ClientDisconnect):
        await read(room, b"x" * 3000, None)
    with pytest.raises(HTTPException, match="too long"):
        await read(room, b"x" * 3000, b"y", b"", largest=3000)
    assert room.taken == (0, 0)


@pytest.mark.anyio
async def test_large_bodies_leave_room_for_small_ones() -> None:
    room = Room(large=5000, small=2 * SMALL, free=SMALL, part=ALL)
    with taken(room, SCOPE) as share:
        share.grow(6000)
        with pytest.raises(StoreBusyError):
            await read(room, b"x" * (SMALL + 1), b"")
        assert await read(room, b"x" * SMALL, b"") == b"x" * SMALL
    assert len(await read(room, b"x" * 6000, b"")) == 6000


@pytest.mark.anyio
async def test_a_client_that_sends_nothing_any_more_is_told_so() -> None:
    room = Room(patience=0.01)
    with pytest.raises(HTTPException) as caught:
        await read(room, b"x")
    assert caught.value.status_code == 408
    assert room.taken == (0, 0)


@pytest.mark.anyio
async def test_a_client_that_sends_a_byte_now_and_then_is_told_so() -> None:
    """Each byte comes within the patience, and all of them bring no more time than so few are worth."""
    room = Room(patience=0.2, rate=1000)

    async def receive() -> Message:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"x", "more_body": True}

    with taken(room, SCOPE) as share, pytest.raises(HTTPException, match="1000 bytes a second"):
        await receive_body(HttpRequest(SCOPE, receive), 10**9, ValueError(), share, lambda _: None)


def test_a_deadline_moves_with_what_comes_and_no_further() -> None:
    room = Room(patience=60, rate=1000)
    assert room.deadline(100, 101, 1_000_000) == 161  # fast: from the last byte on
    assert room.deadline(100, 159, 1000) == 161  # slow: what has come is worth a second
    assert room.deadline(100, 159, 1) == pytest.approx(160.001)


@pytest.mark.anyio
async def test_one_client_leaves_room_for_others() -> None:
    room = Room(large=4000, small=4 * SMALL, free=SMALL, part=0.5)
    with taken(room, SCOPE) as share:
        share.grow(SMALL + 2000)
        with pytest.raises(StoreBusyError, match="your address"):
            await read(room, b"x" * (SMALL + 1), b"")
        assert await read(room, b"x" * (SMALL + 1), b"", address="192.0.2.2")
    assert await read(room, b"x" * (SMALL + 1), b"")
    with pytest.raises(StoreBusyError, match="your address"):
        await read(room, b"x" * (SMALL + 2001), b"")
    assert room.taken == (0, 0)


@pytest.mark.anyio
async def test_addresses_of_one_network_are_one_client() -> None:
    room = Room(small=2 * SMALL, free=SMALL, part=0.5)
    with taken(room, {"client": ("2001:db8::1", 1)}) as share:
        share.grow(SMALL)
        with pytest.raises(StoreBusyError, match="your address"):
            await read(room, b"x", b"", address="2001:db8::2")
        assert await read(room, b"x", b"", address="2001:db8:0:1::1")


@pytest.mark.anyio
async def test_what_goes_to_a_file_has_the_same_bounds() -> None:
    room = Room(large=5000, small=SMALL, free=SMALL, part=ALL, patience=0.01)
    with pytest.raises(StoreBusyError):
        async with graph_bodies.received(HttpRequest(SCOPE, receiving(b"x" * 6001, b"")), 10**9, room):
            pass
    with pytest.raises(HTTPException) as caught:
        async with graph_bodies.received(HttpRequest(SCOPE, receiving(b"x")), 10**9, room):
            pass
    assert caught.value.status_code == 408
    async with graph_bodies.received(HttpRequest(SCOPE, receiving(b"x" * 6000, b"")), 10**9, room):
        assert room.taken == (5000, SMALL)  # as long as the file is there
    assert room.taken == (0, 0)


@contextmanager
def unfinished(client: httpx.Client, path: str, sent: int) -> Iterator[socket.socket]:
    """A connection on which a body has begun that does not end."""
    with socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=30) as connection:
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/turtle\r\nContent-Length: 30000000\r\n\r\n"
        connection.sendall(head.encode() + b"#" * sent)
        yield connection


def test_unfinished_bodies_are_refused_when_there_are_too_many(release: Release, serve: Serve) -> None:
    room = Room(large=4 << 20, part=ALL)
    with serve(lambda: release, named_queries={}, bodies=room) as client:
        with ExitStack() as stack:
            connections = [stack.enter_context(unfinished(client, "/validate", 3 << 20)) for _ in range(4)]
            answered, _, _ = select.select(connections, [], [], 30)
            answers = [each.recv(65536).decode().lower() for each in answered]
            assert answers
            assert all(" 503 " in answer and "retry-after: 1" in answer for answer in answers)
            assert client.post("/sparql", data={"query": "ASK {}"}).is_success
        while room.taken != (0, 0):  # until it is noticed that they have left
            client.get("/health")


@pytest.mark.parametrize("path", ["/validate", "/data?graph=urn:x:g"])
def test_a_silent_client_is_answered(tmp_path: Path, serve: Serve, path: str) -> None:
    folder = DataFolder.open(tmp_path / "data", create=True)
    plain.opened(folder, tool="test")
    options = {"site": Site(root=folder.layout.root, plain=True), "access": Access(anonymous="write")}
    room = Room(patience=0.1)
    with (
        serve(folder.current, named_queries={}, bodies=room, **options) as client,
        unfinished(client, path, 9) as silent,
    ):
        answer = silent.recv(65536).decode()
    assert " 408 " in answer
    assert "application/problem+json" in answer
