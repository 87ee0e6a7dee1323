"""How the service says that it is: ready, serving an old release, broken, starting; and how it ends."""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from kg.errors import NewerLayoutError, StartingError, StoreError
from kg.serve.app import create_app
from kg.serve.operations.life import Door, Life
from kg.serve.server import Server
from kg.store.querying.workers import Limits, QueryPool
from kg.store.release import Release
from kg.store.releases import DataFolder

Serve = Callable[..., Any]
MakeRelease = Callable[..., Release]

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c. ?d ?e ?f. ?g ?h ?i. ?j ?k ?l. ?m ?n ?o. ?p ?q ?r. ?s ?t ?u }"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def until(true: Callable[[], bool], *, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def ready(client: httpx.Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/ready")
    return answer.status_code, answer.json()


def test_ready(serve: Serve, release: Release) -> None:
    with serve(lambda: release, named_queries={}) as client:
        status, state = ready(client)
        assert state.pop("since").endswith("+00:00")
        assert (status, state) == (
            200,
            {"status": "ready", "release": release.id, "live": release.id, "reason": None},
        )


@pytest.mark.parametrize(
    ("error", "code"),
    [(NewerLayoutError("layout 2"), "newer-layout"), (StoreError("damaged"), "store"), (None, "store-unavailable")],
)
def test_another_release_than_the_live_one(
    serve: Serve, release: Release, error: Exception | None, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    looks: list[str] = []

    def current() -> Release | None:
        looks.append("look")
        if len(looks) > 1 and error:
            raise error
        return release if len(looks) == 1 else None

    with serve(current, named_queries={}, look_seconds=0.01) as client:
        until(lambda: len(looks) > 4)
        status, state = ready(client)
        assert (status, state["status"], state["reason"]) == (200, "stale", code)
        assert (state["release"], state["live"]) == (release.id, None)
        assert "kg_release_stale 1.0" in client.get("/metrics").text
        assert client.get("/health").json()["status"] == "ok"
    assert len([record for record in caplog.records if "staying" in record.message]) == 1  # not at each look


def test_a_live_release_that_cannot_be_opened_is_named(tmp_path: Path, make_release: MakeRelease, serve: Serve) -> None:
    good, bad = make_release(tmp_path, "good"), make_release(tmp_path, "bad")
    shutil.rmtree(bad.database)
    folder = DataFolder.open(tmp_path)
    folder.rollback(good.id)
    with serve(folder.current, named_queries={}, look_seconds=0.02) as client:
        folder.rollback(bad.id)
        until(lambda: ready(client)[1]["status"] == "stale")
        _, state = ready(client)
        assert (state["release"], state["live"]) == ("good", "bad")
        folder.rollback(good.id)
        until(lambda: ready(client)[1]["status"] == "ready")


def test_a_store_that_does_not_answer_is_broken(tmp_path: Path, make_release: MakeRelease, serve: Serve) -> None:
    release = make_release(tmp_path)
    with serve(lambda: release, named_queries={}, workers=1) as client:
        assert ready(client)[0] == 200
        shutil.rmtree(release.folder)
        client.get("/sparql", params={"query": ENDLESS, "timeout": 0.05})  # its process is ended, and none can follow
        until(lambda: ready(client)[0] == 503)
        _, state = ready(client)
        assert state["status"] == "broken"
        assert state["reason"] in {"store", "store-unavailable"}
        assert str(tmp_path) not in client.get("/ready").text
        assert client.get("/health").status_code == 200


def test_queries_of_others_do_not_make_it_broken(serve: Serve, release: Release) -> None:
    with (
        serve(lambda: release, named_queries={}, workers=1, limits=Limits(timeout=60)) as client,
        begun(client, ENDLESS),
    ):
        assert ready(client)[1]["status"] == "ready"


def request(query: str) -> bytes:
    return f"GET /sparql?{urlencode({'query': query})} HTTP/1.1\r\nHost: test\r\n\r\n".encode()


@contextmanager
def running(current: Any, *, drain: float, **options: Any) -> Iterator[tuple[Server, httpx.Client]]:
    """The server that the command runs, over a release, and a client with a connection to it."""
    server = Server(create_app(current, named_queries={}, **options), drain=drain)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=30) as client:
                yield server, client
        finally:
            server.should_exit = True
            thread.join()


def read(connection: socket.socket) -> str:
    """All that comes until the end."""
    return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


def test_what_has_begun_is_finished(release: Release) -> None:
    with running(lambda: release, drain=60.0) as (server, client), half_sent(client) as connection:
        server.should_exit = True
        until(lambda: ready(client)[1]["status"] == "draining")
        assert ready(client)[0] == 503
        assert client.get("/health").status_code == 200
        refused = client.get("/sparql", params={"query": "ASK {}"})
        assert (refused.status_code, refused.json()["code"]) == (503, "stopping")
        assert (refused.headers["connection"], refused.headers["retry-after"]) == ("close", "1")
        with pytest.raises(ConnectionError), socket.create_connection(address(client)):
            pass
        connection.sendall(b"K {}")
        answer = read(connection)
    assert answer.startswith("HTTP/1.1 200")
    assert '"boolean":true' in answer


def test_what_is_not_finished_in_time_is_ended_and_told_so(release: Release) -> None:
    with running(lambda: release, drain=0.2) as (server, client), begun(client, ENDLESS) as connection:
        server.should_exit = True
        answer = read(connection)
    assert answer.startswith("HTTP/1.1 503")
    assert '"code": "stopping"' in answer


def test_a_second_signal_ends_at_once(release: Release) -> None:
    with running(lambda: release, drain=600.0) as (server, client), begun(client, ENDLESS) as connection:
        server.handle_exit(15, None)
        until(lambda: ready(client)[1]["status"] == "draining")
        server.handle_exit(15, None)
        assert '"code": "stopping"' in read(connection)


@contextmanager
def begun(client: httpx.Client, query: str) -> Iterator[socket.socket]:
    """A connection on which a query runs, when the client has one of its own."""
    until(lambda: answers(client))
    with socket.create_connection(address(client)) as connection:
        connection.settimeout(60)
        connection.sendall(request(query))
        until(lambda: client.get("/health").json()["workers"]["busy"] == 1)
        yield connection


@contextmanager
def half_sent(client: httpx.Client) -> Iterator[socket.socket]:
    """A connection on which half of a request has come; the other half is ``K {}``."""
    until(lambda: answers(client))
    head = "POST /sparql HTTP/1.1\r\nHost: test\r\nContent-Type: application/sparql-query\r\nContent-Length: 6\r\n\r\n"
    with socket.create_connection(address(client)) as connection:
        connection.settimeout(60)
        connection.sendall(head.encode() + b"AS")
        until(lambda: "kg_http_requests_in_progress 1.0" in client.get("/metrics").text)
        yield connection


def answers(client: httpx.Client) -> bool:
    try:
        return client.get("/health").is_success
    except httpx.TransportError:
        return False


def address(client: httpx.Client) -> tuple[str, int]:
    return client.base_url.host, client.base_url.port or 0


def test_while_it_starts_it_says_so(release: Release) -> None:
    opening = threading.Event()

    class Slow(QueryPool):
        async def __aenter__(self) -> Slow:
            while not opening.is_set():
                await asyncio.sleep(0.01)
            return await super().__aenter__()

    with running(lambda: release, drain=1.0, answering=Slow, eager=False) as (_, client):
        until(lambda: answers(client))
        status, state = ready(client)
        assert (status, state["status"]) == (503, "starting")
        with socket.create_connection(address(client)) as early:
            early.sendall(request("ASK {}"))
            opening.set()
            assert early.recv(4096).startswith(b"HTTP/1.1 200")
        until(lambda: ready(client)[0] == 200)


@pytest.mark.anyio
async def test_who_comes_while_it_starts_waits_a_while() -> None:
    async def app(*_: Any) -> None:
        raise AssertionError

    with pytest.raises(StartingError):
        await Door(app, Life("starting"), patience=0.01)({"type": "http", "path": "/sparql"}, app, app)


def test_what_cannot_be_opened_ends_the_server(tmp_path: Path, make_release: MakeRelease) -> None:
    release = make_release(tmp_path)
    shutil.rmtree(release.database)
    server = Server(create_app(lambda: release, named_queries={}, eager=False))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        thread.join(60)
        assert not thread.is_alive()
    assert isinstance(server.failure, StoreError)
