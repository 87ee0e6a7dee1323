"""A release on a server elsewhere: what is sent, what is there afterwards, and what is there when something breaks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from httpx_retries import Retry

from kg import iris
from kg.errors import ConfigError, KgError, QueryTimeoutError, StoreError, StoreUnavailableError
from kg.store.canonical import Block, canonical
from kg.store.release import Release
from kg.store.remote.pushing import push, verify
from kg.store.remote.release import Holding
from kg.store.remote.server import Connection, Server
from kg.store.remote.store import RemoteStore

from ..conftest import or_skip
from ..servers import ON_DISK, Started, started

Publish = Callable[..., Release]
Lines = Callable[..., list[Block]]
SOON = Retry(total=1, allowed_methods=("GET", "POST"), max_backoff_wait=0.01)
BASE = "https://example.org/"
HARD = r"""
<x:s> <x:p> "C:\\users\\u0041 \"quoted\" 'single' \t\r\n\f\b", "大学 𝔸 é", "x"@zh-Hans, "01"^^<x:t>, "\u007F" <x:hard> .
<x:s> <x:p> 1, 1.50, 1e6, "abc"^^<http://www.w3.org/2001/XMLSchema#integer>, true, <x:ü?a=b#c> <x:hard> .
<x:s> <x:p> "2020-02-29"^^<http://www.w3.org/2001/XMLSchema#date>, "INSERT DATA { } # <x> ?y" <x:hard> .
"""


@contextmanager
def connected(server: Started, **how: object) -> Iterator[Connection]:
    with Connection(Server(url=server.query, **how)) as connection:  # type: ignore[arg-type]
        yield connection


@pytest.fixture
def connection(other: Started) -> Iterator[Connection]:
    """A connection to each server of others, which is empty."""
    with connected(other) as opened:
        yield opened


def hard(*graphs: str) -> list[Block]:
    """Terms that are easily spoilt."""
    text = HARD.replace("1, 1.50, 1e6", '"1"^^<{0}integer>, "1.50"^^<{0}decimal>, "1e6"^^<{0}double>')
    text = text.replace("true", '"true"^^<{0}boolean>').replace("{0}", "http://www.w3.org/2001/XMLSchema#")
    turtle = text.replace(" <x:hard> .", " .")
    triples = list(ox.parse(turtle, format=ox.RdfFormat.TURTLE))
    return list(canonical(ox.Quad(*t.triple, ox.NamedNode(g)) for g in graphs for t in triples))


def held(connection: Connection) -> str | None:
    found = Holding(connection).pushed()
    return found.id if found else None


def graphs(connection: Connection) -> set[str]:
    """The names of all graphs but the one that says which release it is."""
    return set(RemoteStore(connection).graphs()) - {iris.GRAPH_RELEASE}


def test_a_server_holds_what_was_pushed(connection: Connection, publish: Publish, quad_lines: Lines) -> None:
    release = publish(a=quad_lines("a", 30), b=hard("x:hard", "x:other"))
    assert held(connection) is None
    pushed = push(release, connection, digests=True)
    assert (pushed.before, pushed.graphs, pushed.dropped) == (None, 4, 0), "two share triples, so there is a merge"
    verify(release, connection)
    found = Holding(connection).current()
    assert (found.id, found.manifest, found.reported()) == (release.id, release.manifest, None)
    again = push(release, connection)
    assert (again.before, again.graphs, again.quads) == (release.id, 0, 0)


def test_only_what_differs_is_sent(connection: Connection, publish: Publish, quad_lines: Lines) -> None:
    push(publish(a=quad_lines("a", 30), b=quad_lines("b", 20), c=quad_lines("c", 1)), connection)
    connection.update("INSERT DATA { GRAPH <x:foreign> { <x:s> <x:p> <x:o> } }")
    release = publish(b=quad_lines("b", 21), c=None, d=quad_lines("d", 2))
    pushed = push(release, connection)
    assert (pushed.graphs, pushed.quads, pushed.dropped) == (2, 23, 1)
    assert graphs(connection) == {f"{BASE}a", f"{BASE}b", f"{BASE}d", "x:foreign"}
    verify(release, connection)


def test_an_earlier_release_can_be_pushed_again(connection: Connection, publish: Publish, quad_lines: Lines) -> None:
    first = publish(a=quad_lines("a", 3))
    push(first, connection)
    push(publish(a=quad_lines("a", 4)), connection)
    push(first, connection)
    verify(first, connection)


def test_the_merge_goes_with_the_triples_that_needed_it(connection: Connection, publish: Publish) -> None:
    first = publish(a=hard("x:a"))
    push(publish(a=hard("x:a", "x:b")), connection)
    assert graphs(connection) == {"x:a", "x:b", iris.GRAPH_MERGED}
    push(first, connection)
    assert graphs(connection) == {"x:a"}


def test_much_goes_in_pieces(connection: Connection, publish: Publish) -> None:
    node, word = ox.NamedNode, "x" * 2000
    quads = [
        ox.Quad(node(f"x:{n}"), node("x:p"), ox.Literal(f"{n}{word}"), node(f"{BASE}{n % 3}")) for n in range(1500)
    ]
    release = publish(a=list(canonical(quads)))
    assert push(release, connection, digests=True).quads == 1500


def test_what_was_changed_on_the_server_is_found(connection: Connection, publish: Publish, quad_lines: Lines) -> None:
    release = publish(a=quad_lines("a", 3))
    with pytest.raises(StoreError, match="holds no release, not"):
        verify(release, connection)
    push(release, connection)
    connection.update(f'DELETE DATA {{ GRAPH <{BASE}a> {{ <{BASE}1> <{BASE}p> "a" }} }}')
    with pytest.raises(StoreError, match=r"gives back other quads for a than were sent: 2 with .*, not 3"):
        verify(release, connection)


class Meddling(httpx.HTTPTransport):
    """Does something when a request comes that holds some text: before the server gets it, or beside that."""

    def __init__(self, text: bytes, act: Callable[[], None], *, beside: bool = False) -> None:
        super().__init__()
        self._text, self._act, self._beside = text, act, beside

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._text in request.content:
            if self._beside:
                acting = threading.Thread(target=self._act)
                acting.start()
                try:
                    return super().handle_request(request)
                finally:
                    acting.join()
            self._act()
        return super().handle_request(request)


class Losing(httpx.HTTPTransport):
    """Changes something when the server has moved all into place, as if it had done so wrongly."""

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__()
        self._act = act

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if b"DROP GRAPH" in request.content:
            self._act()
        return response


def test_what_a_server_loses_while_it_moves_is_told(other: Started, publish: Publish, quad_lines: Lines) -> None:
    release = publish(a=quad_lines("a", 3))
    with connected(other) as connection:
        lost = f"DELETE WHERE {{ GRAPH <{BASE}a> {{ <{BASE}1> ?p ?o }} }}"
        losing = Losing(lambda: connection.update(lost))
        told = r"lost triples while it moved the graph \S+ into place: it has 2 of 3; push again"
        with Connection(Server(url=other.query), sending=losing) as ours, pytest.raises(StoreError, match=told):
            push(release, ours)
        assert held(connection) is None, "it says no more that it holds the release"
        push(release, connection)
        verify(release, connection)


def test_whoever_begins_later_wins(other: Started, publish: Publish, quad_lines: Lines) -> None:
    first, second = publish(a=quad_lines("a", 3)), publish(a=quad_lines("a", 4))
    with connected(other) as theirs:
        meddling = Meddling(b"DROP GRAPH", lambda: void(push(second, theirs)))
        with (
            Connection(Server(url=other.query), sending=meddling) as ours,
            pytest.raises(StoreError, match="as before"),
        ):
            push(first, ours)
        verify(second, theirs)
        assert graphs(theirs) == {f"{BASE}a"}, "nothing is left lying"


@pytest.mark.parametrize("moment", [b"INSERT DATA", b"STRSTARTS"], ids=["when it begins", "when it has begun"])
def test_two_that_begin_together_do_not_mix(moment: bytes, other: Started, publish: Publish, quad_lines: Lines) -> None:
    old = publish(a=quad_lines("a", 3), b=quad_lines("b", 1))
    first = publish(a=quad_lines("a", 4))
    second = publish(a=quad_lines("a", 3), b=quad_lines("b", 2))
    with connected(other) as theirs:
        push(old, theirs)
        once = (push(first, theirs) for _ in range(1))
        meddling = Meddling(moment, lambda: void(next(once, None)))
        address = Server(url=other.query, updates=other.update)
        with Connection(address, sending=meddling) as ours, suppress(StoreError):
            push(second, ours)
        verify({each.id: each for each in (first, second)}[held(theirs) or ""], theirs)
        assert graphs(theirs) == {f"{BASE}a", f"{BASE}b"}, "nothing is left lying"


def void(_: object) -> None:
    """Nothing."""


@pytest.fixture(params=ON_DISK)
def mortal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Started]:
    """Each server with a database on disk, to be killed."""
    yield from or_skip(ON_DISK[request.param], tmp_path / "server")


def test_a_server_that_dies_while_it_is_filled_holds_what_it_held(
    mortal: Started, publish: Publish, quad_lines: Lines, tmp_path: Path
) -> None:
    old, new = publish(a=quad_lines("a", 3)), publish(a=quad_lines("a", 4), b=quad_lines("b", 2))
    with connected(mortal) as connection:
        push(old, connection)
    meddling = Meddling(b"INSERT DATA", mortal.process.kill)
    address = Server(url=mortal.query, retry=SOON)
    told = "cannot be reached|cannot be read"  # broken off in the middle of an answer, or none at all
    with Connection(address, sending=meddling) as connection, pytest.raises(StoreError, match=told):
        push(new, connection)
    mortal.process.wait()
    with started(mortal.kind, tmp_path / "server") as server, connected(server) as connection:
        verify(old, connection)
        push(new, connection)
        verify(new, connection)
        assert graphs(connection) == {f"{BASE}a", f"{BASE}b"}, "what was left lying is gone"


def test_a_server_that_dies_while_it_moves_holds_the_old_or_the_new(
    mortal: Started, publish: Publish, quad_lines: Lines, tmp_path: Path
) -> None:
    old, new = publish(a=quad_lines("a", 3000)), publish(a=quad_lines("a", 4000), b=quad_lines("b", 2000))
    with connected(mortal) as connection:
        push(old, connection)
    meddling = Meddling(b"DROP GRAPH", mortal.process.kill, beside=True)
    with Connection(Server(url=mortal.query, retry=SOON), sending=meddling) as connection:
        with pytest.raises(StoreUnavailableError) as caught:
            push(new, connection)
        assert f"it holds {new.id}, or {old.id} as before, and no mixture; push again" in str(caught.value)
    mortal.process.wait()
    with started(mortal.kind, tmp_path / "server") as server, connected(server) as connection:
        found = held(connection)
        verify({old.id: old, new.id: new}[found or ""], connection)
        push(new, connection)
        verify(new, connection)


def test_a_server_that_hangs_is_not_waited_for(mortal: Started, publish: Publish, quad_lines: Lines) -> None:
    old, new = publish(a=quad_lines("a", 3)), publish(a=quad_lines("a", 4))
    with connected(mortal) as connection:
        push(old, connection)
    for text, error in ((b"INSERT DATA", QueryTimeoutError), (b"DROP GRAPH", StoreUnavailableError)):
        address = Server(url=mortal.query, updates=mortal.update, timeout=5, publish_timeout=0.5)
        meddling = Meddling(text, mortal.suspend)
        with Connection(address, sending=meddling) as connection, pytest.raises(error, match="was silent for"):
            push(new, connection)
        mortal.process.resume()
        with connected(mortal) as connection:
            assert held(connection) in (old.id, new.id)
    with connected(mortal) as connection:
        push(new, connection)
        verify(new, connection)


def test_a_server_that_lost_some_triples_is_not_trusted(other: Started, publish: Publish, quad_lines: Lines) -> None:
    old, new = publish(a=quad_lines("a", 3)), publish(a=quad_lines("a", 4))
    with connected(other) as connection:
        push(old, connection)
        lost = f"DELETE WHERE {{ GRAPH ?g {{ <{BASE}3> ?p ?o }} }}"
        meddling = Meddling(b"VALUES", lambda: connection.update(lost))
        told = r"has 3 triples of the graph \S+ after 4 were sent"
        with Connection(Server(url=other.query), sending=meddling) as ours, pytest.raises(StoreError, match=told):
            push(new, ours)
        verify(old, connection)


def test_the_address_of_updates_is_found_or_asked_for(other: Started) -> None:
    with connected(other, updates=other.query) as connection, pytest.raises(KgError):
        connection.update("INSERT DATA {}")
    nowhere = Server(url=f"{other.base}/nowhere/sparql")
    with Connection(nowhere) as connection, pytest.raises(ConfigError, match="KG_STORE_UPDATE names where they go"):
        connection.update("INSERT DATA {}")
    with connected(other, updates=other.update) as connection:
        connection.update("INSERT DATA {}")
