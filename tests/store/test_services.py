"""Other servers asked for a part of the answer: those listed, within limits, and nobody else."""

from __future__ import annotations

import gc
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyoxigraph as ox
import pytest

from kg.errors import OtherServerError, QueryError, RefusedError
from kg.sparql.hosts import Hosts
from kg.store.layout import Layout
from kg.store.manifest import Manifest
from kg.store.querying.forwarding import Services
from kg.store.querying.outside import Outside
from kg.store.querying.workers import Limits, QueryPool, Request
from kg.store.release import Release

from .dropping import dropped_elsewhere

pytestmark = pytest.mark.anyio

SECONDS, BYTES = 1.0, 100_000
ROW = b'{"x":{"type":"literal","value":"there"}}'
RESULTS = b'{"head":{"vars":["x"]},"results":{"bindings":[' + ROW + b"]}}"


class Other(BaseHTTPRequestHandler):
    """A server that does what its path says; ``seen`` are the paths asked for, with method and body."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, str, bytes]]
    elsewhere: str
    leaving: threading.Event

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.seen.append((self.command, self.path, body))
        action: Callable[[], None] = getattr(self, f"answer_{self.path.strip('/').partition('/')[0]}")
        action()

    do_GET = do_POST  # noqa: N815  (the name that the library calls)

    def log_message(self, *_: object) -> None:
        pass

    def send(
        self, status: int, content: bytes = b"", kind: str = "application/sparql-results+json", **more: str
    ) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **more}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def answer_sparql(self) -> None:
        self.send(200, RESULTS)

    def answer_fails(self) -> None:
        self.send(500, b"stack trace of the other server")

    def answer_page(self) -> None:
        self.send(200, b"<html>", "text/html")

    def answer_nonsense(self) -> None:
        self.send(200, b'{"head":{"vars":["x"]},"results":{"bindings":[{')

    def answer_cut(self) -> None:
        self.send(200, RESULTS[:-3] + b",{]}}")

    def answer_moved(self) -> None:
        self.send(307, Location="/sparql")

    def answer_post_becomes_get(self) -> None:
        self.send(302, Location="/sparql")

    def answer_circle(self) -> None:
        self.send(308, Location="/circle")

    def answer_away(self) -> None:
        self.send(307, Location=self.elsewhere)

    def answer_hangs(self) -> None:
        self.leaving.wait(30)
        self.close_connection = True

    def answer_drips(self) -> None:
        self._endless(b" ", 0.1)

    def answer_endless(self) -> None:
        self._endless(b"," + ROW * 100, 0)

    def _endless(self, piece: bytes, pause: float) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.end_headers()
        try:
            self.wfile.write(RESULTS[:-3])
            while not self.leaving.wait(pause):
                self.wfile.write(piece)
        except ConnectionError:
            pass


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def nobody() -> Iterator[socket.socket]:
    """A server that nobody may reach; it notices who tries."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture
def other(nobody: socket.socket) -> Iterator[type[Other]]:
    handler = type(
        "Handler",
        (Other,),
        {"seen": [], "leaving": threading.Event(), "elsewhere": f"http://127.0.0.1:{nobody.getsockname()[1]}/sparql"},
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.address = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield handler
    handler.leaving.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def address(other: type[Other]) -> str:
    return str(other.address)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    layout = Layout(tmp_path_factory.mktemp("data"))
    layout.create()
    release = Release(layout, Manifest("one", "2025-11-30T10:15:00Z", "test", None, {}))
    release.folder.mkdir()
    release.manifest.write(release.folder)
    store = ox.Store(str(release.database))
    store.extend(
        ox.Quad(ox.NamedNode("x:s"), ox.NamedNode("x:p"), ox.Literal(n), ox.NamedNode("x:g")) for n in range(200)
    )
    store.flush()
    return release


@pytest.fixture
async def pool(release: Release, address: str) -> AsyncIterator[QueryPool]:
    limits = Limits(hosts=(address,), service_timeout=SECONDS, service_result=BYTES)
    async with QueryPool(release, size=1, limits=limits) as pool:
        yield pool


async def read(pool: QueryPool, query: str) -> list[str]:
    async with pool.answer(Request(query=query, results_format="text/csv")) as answer:
        return (await answer.read(2**20)).decode().split()


def call(address: str, path: str, *, silent: bool = False) -> str:
    return f"SELECT ?x {{ SERVICE {'SILENT ' * silent}<{address}/{path}> {{ ?x ?p 'SERVICE <x:y>' }} }}"


async def test_a_listed_server_is_asked_and_redirects_within_it_are_followed(
    pool: QueryPool, other: type[Other], address: str
) -> None:
    assert await read(pool, call(address, "sparql")) == ["x", "there"]
    assert await read(pool, call(address, "moved")) == ["x", "there"]
    assert [path for _, path, _ in other.seen] == ["/sparql", "/moved", "/sparql"]
    assert {method for method, *_ in other.seen} == {"POST"}
    assert all(b'"SERVICE <x:y>"' in body for *_, body in other.seen)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("fails", "answered with status 500"),
        ("page", "answered with text/html"),
        ("nonsense", "not SPARQL results"),
        ("post_becomes_get", "answered with status 302"),
        ("circle", "redirects"),
        ("hangs", "did not answer within 1 seconds"),
        ("drips", "did not send all within 1 seconds"),
        ("endless", "sent more than 100000 bytes"),
    ],
)
async def test_a_server_that_fails_is_a_clear_error_and_silent_passes_over_it(
    pool: QueryPool, address: str, path: str, said: str
) -> None:
    with pytest.raises(OtherServerError, match=said):
        await read(pool, call(address, path))
    assert await read(pool, call(address, path, silent=True)) == ["x"]
    assert await read(pool, call(address, "sparql")) == ["x", "there"]


async def test_what_the_other_server_says_in_its_error_is_not_repeated(pool: QueryPool, address: str) -> None:
    with pytest.raises(OtherServerError) as caught:
        await read(pool, call(address, "fails"))
    assert "trace" not in str(caught.value)


async def test_a_redirect_to_a_server_that_is_not_listed_is_not_followed(
    pool: QueryPool, address: str, nobody: socket.socket
) -> None:
    with pytest.raises(RefusedError, match="not on the list"):
        await read(pool, call(address, "away"))
    with pytest.raises(BlockingIOError):
        nobody.accept()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {{ SERVICE <{0}> {{}} }}",
        "SELECT * {{ VALUES ?u {{ <{0}> }} SERVICE ?u {{}} }}",
        "SELECT * {{ SERVICE <{1}/sparql> {{ SERVICE ?u {{}} }} }}",
        "SELECT * {{ SERVICE <{1}/sparql> {{}} SERVICE <{0}> {{}} }}",
        "SELECT * {{ SERVICE SILENT <{1}/sparql> {{}} SERVICE SILENT ?u {{}} }}",
        "SELECT * {{ ?a ?b ?u FILTER(?a<?b)SERVICE?u#>\n{{ ?s ?p ?o }} VALUES ?u {{ <{0}> }} }}",
    ],
)
async def test_nobody_else_is_reached(pool: QueryPool, other: type[Other], nobody: socket.socket, query: str) -> None:
    with pytest.raises(RefusedError):
        await read(pool, query.format(other.elsewhere, other.address))  # type: ignore[attr-defined]
    with pytest.raises(BlockingIOError):
        nobody.accept()
    assert other.seen == []


async def test_a_server_that_is_not_listed_gives_nothing_where_that_is_silent(
    pool: QueryPool, other: type[Other], nobody: socket.socket
) -> None:
    query = f"SELECT ?x {{ SERVICE SILENT <{other.elsewhere}> {{ ?x ?p ?o }} BIND(1 AS ?x1) }}"
    async with pool.answer(Request(query=query, results_format="text/csv")) as answer:
        assert answer.first == b"x\r\n\r\n"
    with pytest.raises(BlockingIOError):
        nobody.accept()


async def test_what_stands_inside_a_call_is_passed_on_as_it_is(
    pool: QueryPool, other: type[Other], address: str
) -> None:
    inner = "SERVICE SILENT <http://elsewhere.example/> { ?x ?q ?r }"
    query = f"SELECT ?x {{ SERVICE <{address}/sparql> {{ ?x ?p ?o {inner} }} }}"
    assert await read(pool, query) == ["x", "there"]
    ((_, _, body),) = other.seen
    assert b"SERVICE SILENT <http://elsewhere.example/>" in body
    assert b"127.0.0.1" not in body


EXISTS = "SELECT ?o {{ ?s ?p ?o FILTER {}EXISTS {{ SERVICE {}<{}/{}> {{ ?x ?y ?z }} }} }}"


async def test_a_server_is_asked_once_for_all_rows(pool: QueryPool, other: type[Other], address: str) -> None:
    assert len(await read(pool, EXISTS.format("", "", address, "sparql"))) == 201
    assert len(other.seen) == 1


@pytest.mark.parametrize("negated", ["", "NOT "])
async def test_a_failure_inside_exists_is_no_answer(
    pool: QueryPool, other: type[Other], address: str, negated: str
) -> None:
    with pytest.raises(OtherServerError, match="status 500"):
        await read(pool, EXISTS.format(negated, "", address, "fails"))
    assert len(other.seen) == 1
    assert len(await read(pool, EXISTS.format(negated, "SILENT ", address, "fails"))) == (1 if negated else 201)


async def test_without_a_list_every_call_is_refused(release: Release, other: type[Other], address: str) -> None:
    async with QueryPool(release, size=1) as pool:
        with pytest.raises(RefusedError, match="SERVICE is refused"):
            await read(pool, call(address, "sparql"))
    assert other.seen == []


async def test_a_caller_has_a_list_of_its_own(pool: QueryPool, address: str) -> None:
    request = Request(query=call(address, "sparql"), results_format="text/csv")
    with pytest.raises(RefusedError):
        async with pool.answer(request, limits=replace(pool.limits, hosts=())):
            pass


async def test_a_query_that_fails_by_itself_is_told_as_before(pool: QueryPool, address: str) -> None:
    await read(pool, call(address, "sparql"))
    with pytest.raises(QueryError, match="function"):
        await read(pool, "ASK { FILTER(<x:f>(1)) }")


def test_what_a_call_failed_of_can_be_told_in_another_thread(address: str) -> None:
    """It was found in that of the forwarder, by a reader that the engine wants to end there."""
    services = Services()
    query = services.prepared(call(address, "cut"), None, Outside(Hosts.of([address]), SECONDS, BYTES))

    def ask() -> None:
        with suppress(ValueError, OSError):
            ox.Store().query(query)
        services.check()

    assert isinstance(dropped_elsewhere(ask), OtherServerError)
    services.prepared("ASK {}", None, Outside(Hosts()))  # and nothing of it stays
    gc.collect()


def test_a_document_can_be_fetched(address: str) -> None:
    outside = Outside(Hosts.of([address]), SECONDS, BYTES)
    with outside.ask("GET", f"{address}/post_becomes_get", headers={"Accept": "text/turtle"}) as reply:
        assert (reply.address, b"".join(reply.pieces)) == (f"{address}/sparql", RESULTS)


@pytest.mark.parametrize(
    "name", ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1"]
)
def test_a_name_listed_without_its_port_does_not_lead_inside(name: str) -> None:
    with pytest.raises(RefusedError, match="inside this network"), _asked(f"http://{name}/", [name]):
        pass


def test_a_server_that_is_not_there_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(OtherServerError, match="cannot be reached"), _asked(address, [address]):
        pass


def test_a_server_without_a_certificate_that_is_trusted_is_not_asked(other: type[Other], address: str) -> None:
    safe = address.replace("http:", "https:")
    with pytest.raises(OtherServerError, match="cannot be reached"), _asked(safe, [safe]):
        pass
    assert other.seen == []


def _asked(address: str, listed: list[str]):  # type: ignore[no-untyped-def]
    return Outside(Hosts.of(listed), SECONDS, BYTES).ask("GET", address, headers={})
