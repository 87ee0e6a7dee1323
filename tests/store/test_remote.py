"""A SPARQL server as a store: what goes out, what comes in, what can go wrong; the server is a thread of the test."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl

import httpx
import pyoxigraph as ox
import pytest
from httpx_retries import Retry

from kg.errors import (
    ConfigError,
    KgError,
    QueryError,
    QueryTimeoutError,
    ReadOnlyError,
    StoreBusyError,
    StoreError,
    StoreUnavailableError,
)
from kg.store.manifest import Manifest
from kg.store.querying.requests import Limits, Request
from kg.store.remote.asking import question
from kg.store.remote.feed import RemoteFeed
from kg.store.remote.release import RemoteRelease
from kg.store.remote.server import Connection, Credentials
from kg.store.remote.server import Server as Address
from kg.store.remote.store import RemoteStore

from ..servers import free_port
from .dropping import dropped_elsewhere

A, B, P, G = (ox.NamedNode(f"http://example.org/{name}") for name in "abpg")
SRJ, NT = "application/sparql-results+json", "application/n-triples"


@dataclass
class Server:
    """Answers everything with one answer, and remembers what it was asked."""

    status: int = 200
    media_type: str = SRJ
    body: bytes = b'{"head": {}, "boolean": true}'
    location: str = ""
    missing: int = 0
    patience: float = 0.0
    failing: int = 0
    failure: int = 503
    url: str = ""
    asked: list[dict[str, object]] = field(default_factory=list)


Opened = Callable[..., RemoteStore]
SOON = Retry(total=2, allowed_methods=("GET", "POST"), max_backoff_wait=0.01)
"""Tries as the default does, without waiting."""


@pytest.fixture
def opened() -> Iterator[Opened]:
    """A store at an address, and how it is talked to; closed in the end."""
    with ExitStack() as stack:
        yield lambda url, **how: RemoteStore(stack.enter_context(Connection(Address(url=url, **how))))


@pytest.fixture
def server() -> Iterator[Server]:
    told, left = Server(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())
            told.asked.append({"form": form, "path": self.path, **{k.lower(): v for k, v in self.headers.items()}})
            told.failing -= 1
            self.send_response(told.failure if told.failing >= 0 else told.status)
            if told.failing >= 0:
                self.send_header("Retry-After", "0")
            self.send_header("Content-Type", told.media_type)
            self.send_header("Content-Length", str(len(told.body) + told.missing))
            if told.location:
                self.send_header("Location", told.location)
            self.end_headers()
            self.wfile.write(told.body)
            self.wfile.flush()
            left.wait(told.patience)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        told.url = f"http://127.0.0.1:{http.server_port}/sparql?x=1"
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield told
        left.set()
        http.shutdown()
        thread.join()


def test_a_question_goes_out_as_the_protocol_has_it(server: Server, opened: Opened) -> None:
    store = opened(server.url, credentials=Credentials("me", "p@ss"))
    assert store.ask("ASK {}", graphs=[A.value, B.value])
    (asked,) = server.asked
    graphs = [("default-graph-uri", A.value), ("default-graph-uri", B.value)]
    assert (asked["form"], asked["path"]) == ([("query", "ASK {}"), *graphs], "/sparql?x=1")
    assert (asked["authorization"], SRJ in str(asked["accept"])) == ("Basic bWU6cEBzcw==", True)
    assert "p@ss" not in repr(Address(url=server.url, credentials=Credentials("me", "p@ss")))


def test_answers_are_terms_and_what_is_unbound_is_absent(server: Server, opened: Opened) -> None:
    server.body = (
        b'{"head": {"vars": ["s", "o"]}, "results": {"bindings": ['
        b'{"s": {"type": "uri", "value": "http://example.org/a"}, '
        b'"o": {"type": "literal", "value": "x", "xml:lang": "en"}}, {"s": {"type": "bnode", "value": "b1"}}]}}'
    )
    rows = list(opened(server.url).select("SELECT ?s ?o {}"))
    assert rows == [{"s": A, "o": ox.Literal("x", language="en")}, {"s": ox.BlankNode("b1")}]


def test_triples_graphs_and_quads(server: Server, opened: Opened) -> None:
    store = opened(server.url)
    server.media_type, server.body = NT, f"{A} {P} {B} .".encode()
    assert list(store.construct("CONSTRUCT WHERE { ?s ?p ?o }")) == [ox.Triple(A, P, B)]
    assert list(store.quads(G.value)) == [ox.Quad(A, P, B, G)]
    with pytest.raises(ReadOnlyError):
        store.apply([], [])


WRONG: dict[str, tuple[dict[str, object], type[KgError], str]] = {
    "refused": ({"status": 400, "body": b"no  prefix\nex:"}, QueryError, "answers 400 Bad Request: no prefix ex:"),
    "broken": ({"status": 500, "body": b"oh"}, StoreError, "answers 500"),
    "elsewhere": ({"status": 302, "location": "http://example.org/", "body": b""}, StoreError, "answers 302 Found"),
    "a page": ({"media_type": "text/html; charset=utf-8", "body": b"<p>"}, StoreError, "answers with text/html, not"),
    "no type": ({"media_type": ""}, StoreError, "not as a SPARQL endpoint does"),
    "nonsense": ({"body": b"{nonsense"}, StoreError, "cannot be read"),
    "another form": ({"body": b'{"head": {"vars": []}, "results": {"bindings": []}}'}, QueryError, "expected an ASK"),
}


@pytest.mark.parametrize(("parts", "error", "text"), WRONG.values(), ids=WRONG)
def test_what_goes_wrong_is_said(
    parts: dict[str, object], error: type[KgError], text: str, server: Server, opened: Opened
) -> None:
    for name, value in parts.items():
        setattr(server, name, value)
    with pytest.raises(error, match=text) as caught:
        opened(server.url).ask("ASK {}")
    assert type(caught.value) is error


@pytest.mark.parametrize(("patience", "error"), [(0, StoreError), (30, QueryTimeoutError)])
def test_half_an_answer_is_none(patience: float, error: type[KgError], server: Server, opened: Opened) -> None:
    server.body = b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "bnode", "value": "b1"}}'
    server.missing, server.patience = 2, patience
    store = opened(server.url, timeout=0.2)
    assert type(dropped_elsewhere(lambda: list(store.select("SELECT * {}")))) is error


@pytest.mark.parametrize("url", ["ftp://example.org/", "file:///etc/passwd", "localhost:8000", "http://", ""])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="is not the address of a SPARQL endpoint"):
        Address(url=url)


def test_a_password_in_an_address_is_refused_and_not_told() -> None:
    with pytest.raises(ConfigError, match="KG_STORE_PASSWORD") as caught:
        Address(url="https://me:secret@example.org/sparql")
    assert "secret" not in str(caught.value)


def test_a_token_is_shown_in_place_of_a_name(server: Server, opened: Opened) -> None:
    assert opened(server.url, credentials=Credentials("me", "p", "t0ken")).ask("ASK {}")
    assert server.asked[0]["authorization"] == "Bearer t0ken"


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_is_busy_is_asked_again(status: int, server: Server, opened: Opened) -> None:
    server.failing, server.failure = 2, status
    assert opened(server.url, retry=SOON).ask("ASK {}")
    assert len(server.asked) == 3


@pytest.mark.parametrize(("status", "error"), [(429, StoreBusyError), (503, StoreBusyError), (504, QueryTimeoutError)])
def test_nothing_is_asked_for_ever(status: int, error: type[KgError], server: Server, opened: Opened) -> None:
    server.failing, server.failure = 100, status
    with pytest.raises(error, match=f"answers {status}"):
        opened(server.url, retry=SOON).ask("ASK {}")
    assert len(server.asked) == SOON.total + 1


def test_what_can_be_done_once_is_sent_once(server: Server) -> None:
    server.failing, server.failure = 1, 503
    address = Address(url=server.url, updates=server.url, retry=SOON)
    with Connection(address) as connection:
        with pytest.raises(StoreBusyError):
            connection.update("MOVE <x:a> TO <x:b>", once=True)
        connection.update("INSERT DATA {}")
    assert len(server.asked) == 2


@pytest.mark.parametrize("status", [401, 403])
def test_who_is_not_let_in_is_told_how(status: int, server: Server, opened: Opened) -> None:
    server.status = status
    with pytest.raises(StoreError, match="KG_STORE_USER and KG_STORE_PASSWORD, or KG_STORE_TOKEN"):
        opened(server.url).ask("ASK {}")


def test_a_server_that_is_not_there_is_unavailable(opened: Opened) -> None:
    with pytest.raises(StoreUnavailableError, match="cannot be reached"):
        opened(f"http://127.0.0.1:{free_port()}/sparql", retry=SOON).ask("ASK {}")


class Slow(httpx.AsyncBaseTransport):
    """A server that says nothing, and at the end of whose time something happens before the question has ended."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await asyncio.Future()
        finally:
            self._act()


def test_a_pool_that_closes_just_when_the_time_is_over_tells_that_it_closes() -> None:
    address = Address(url="http://localhost/sparql")
    request, limits = Request(query="ASK {}", results_format=SRJ), Limits()

    async def ask(release: RemoteRelease, threads: Executor) -> None:
        async with httpx.AsyncClient(transport=Slow(lambda: feed.fail(StoreUnavailableError("closed")))) as client:
            feed = RemoteFeed(
                client, threads, server=address, release=release, request=request, limits=limits, seconds=0.01
            )
            await feed.ask(question(request, release, limits))

    with (
        Connection(address) as connection,
        ThreadPoolExecutor() as threads,
        pytest.raises(StoreUnavailableError, match="closed"),
    ):
        release = RemoteRelease(RemoteStore(connection), Manifest("", "", "", None, {}), None)
        asyncio.run(ask(release, threads))


class CutShort(httpx.AsyncByteStream):
    """A long answer that breaks off."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"head": {"vars": ["s"]}, "results": {"bindings": ['
        for number in range(10_000):
            yield b'{"s": {"type": "bnode", "value": "b%d"}},' % number
        raise httpx.ReadError("cut short")


def test_a_long_answer_that_breaks_off_leaves_nothing_of_its_thread() -> None:
    address, limits = Address(url="http://localhost/sparql"), Limits()
    request = Request(query="SELECT * {}", results_format=SRJ)
    transport = httpx.MockTransport(lambda _: httpx.Response(200, headers={"content-type": SRJ}, stream=CutShort()))

    async def ask(release: RemoteRelease, threads: Executor) -> None:
        async with httpx.AsyncClient(transport=transport) as client:
            feed = RemoteFeed(
                client, threads, server=address, release=release, request=request, limits=limits, seconds=30
            )
            await feed.ask(question(request, release, limits))
            while not feed.idle:
                await feed.more()

    with Connection(address) as connection, ThreadPoolExecutor() as threads:
        release = RemoteRelease(RemoteStore(connection), Manifest("", "", "", None, {}), None)
        assert type(dropped_elsewhere(lambda: asyncio.run(ask(release, threads)))) is StoreUnavailableError
