"""The service over a server elsewhere: the same answers, and writes that both places have or neither."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest
from httpx_retries import Retry

from kg import iris
from kg.pipeline import elsewhere
from kg.queries import NamedQuery
from kg.serve.access import Access
from kg.serve.writing.writer import Site
from kg.store.releases import DataFolder
from kg.store.remote.pool import RemotePool
from kg.store.remote.release import Holding
from kg.store.remote.server import Connection, Server

from ..pipeline.small_release import EX, OWN, SOURCE, built, live, shapes
from ..servers import Started
from .conftest import Serve

TURTLE = {"Content-Type": "text/turtle"}
SOON = Retry(total=1, allowed_methods=("GET", "POST"), max_backoff_wait=0.01)


@dataclass
class Place:
    """A service, the server that it serves from, and the data folder beside it."""

    client: httpx.Client
    other: Started
    folder: DataFolder
    connection: Connection

    @property
    def held(self) -> str:
        found = Holding(self.connection).pushed()
        return found.id if found else ""


@pytest.fixture
def place(other: Started, tmp_path: Path, serve: Serve, named_queries: dict[str, NamedQuery]) -> Iterator[Place]:
    folder, server = built(tmp_path), Server(url=other.query, retry=SOON)
    elsewhere.publish(folder, live(folder), server)
    site = Site(root=folder.layout.root, shapes=tuple(shapes(folder)), server=server)
    with Connection(server) as connection:
        holding = Holding(connection)
        with serve(
            holding.current,
            named_queries=named_queries,
            answering=partial(RemotePool, server=server),
            site=site,
            access=Access(anonymous="write"),
        ) as client:
            yield Place(client, other, folder, connection)


def names(place: Place) -> set[str]:
    answer = place.client.get("/sparql", params={"query": f"SELECT ?n {{ ?s <{EX}name> ?n }}", "format": "csv"})
    assert answer.status_code == 200, answer.text
    return set(answer.text.split()[1:])


def test_answers_and_their_tags_are_those_of_the_release(place: Place) -> None:
    question = {"query": f"SELECT ?n {{ <{EX}ann> <{EX}name> ?n }}"}
    first = place.client.get("/sparql", params=question)
    assert live(place.folder).id in first.headers["ETag"]
    again = place.client.get("/sparql", params=question, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    graph = place.client.get("/data", params={"graph": SOURCE})
    assert (graph.status_code, "Ann" in graph.text) == (200, True)
    assert place.client.get("/data", params={"graph": iris.GRAPH_RELEASE}).status_code == 404
    assert place.client.get("/", headers={"Accept": "text/html"}).status_code == 200
    assert place.client.get("/validation", params={"format": "turtle"}).status_code == 200
    assert place.client.get("/dumps/").status_code == 404


def test_what_an_earlier_release_had_is_gone(place: Place) -> None:
    thing, graph = f"{iris.ID}org/eve", {"graph": OWN}
    person = f"<{thing}> a <{EX}Person> ; <{EX}name> 'Eve' ."
    assert place.client.put("/data", params=graph, content=person, headers=TURTLE).status_code == 201
    assert place.client.delete("/data", params=graph).is_success
    assert [place.client.get(f"/id/org/{name}").status_code for name in ("eve", "eve", "ann")] == [410, 410, 404]


def test_a_write_goes_through_the_gate_and_to_the_server(place: Place) -> None:
    before = place.held
    person = f"<{EX}eve> a <{EX}Person> ; <{EX}name> 'Eve' ."
    put = place.client.put("/data", params={"graph": OWN}, content=person, headers=TURTLE)
    assert put.status_code == 201, put.text
    assert names(place) == {"Ann", "Bob", "Eve"}, "who has written reads what was written"
    assert place.held == live(place.folder).id != before
    nameless = place.client.put("/data", params={"graph": OWN}, content=f"<{EX}x> a <{EX}Person> .", headers=TURTLE)
    assert nameless.status_code == 422
    update = f"INSERT DATA {{ GRAPH <{OWN}> {{ <{EX}dan> a <{EX}Person> ; <{EX}name> 'Dan' }} }}"
    assert place.client.post("/sparql", data={"update": update}).is_success
    assert names(place) == {"Ann", "Bob", "Eve", "Dan"}
    assert place.client.delete("/data", params={"graph": OWN}).is_success
    assert names(place) == {"Ann", "Bob"}


def test_a_write_to_a_release_that_the_folder_has_not_is_refused(place: Place, tmp_path: Path) -> None:
    another = built(tmp_path / "another")
    elsewhere.publish(another, live(another), Server(url=place.other.query))
    put = place.client.put("/data", params={"graph": OWN}, content="<x:s> <x:p> 1 .", headers=TURTLE)
    assert put.status_code == 403
    assert f"holds release {live(another).id}, which" in put.json()["detail"]


def test_the_folder_goes_with_what_the_server_holds(place: Place) -> None:
    first = live(place.folder)
    place.client.put("/data", params={"graph": OWN}, content="<x:s> <x:p> 1 .", headers=TURTLE)
    elsewhere.publish(place.folder, first, Server(url=place.other.query))
    put = place.client.put("/data", params={"graph": f"{OWN}2"}, content="<x:s> <x:p> 2 .", headers=TURTLE)
    assert put.status_code == 201
    assert live(place.folder).manifest.parent == first.id


def test_a_server_that_stands_still_takes_no_write_and_the_folder_goes_back(
    other: Started, tmp_path: Path, serve: Serve
) -> None:
    folder, server = built(tmp_path), Server(url=other.query, timeout=2, publish_timeout=1, retry=SOON)
    elsewhere.publish(folder, live(folder), server)
    before = live(folder).id
    site = Site(root=folder.layout.root, shapes=tuple(shapes(folder)), server=server)
    with (
        Connection(server) as connection,
        serve(
            Holding(connection).current,
            named_queries={},
            answering=partial(RemotePool, server=server),
            site=site,
            access=Access(anonymous="write"),
        ) as client,
    ):
        other.suspend()
        try:
            put = client.put("/data", params={"graph": OWN}, content="<x:s> <x:p> 1 .", headers=TURTLE)
        finally:
            other.process.resume()
        assert put.status_code == 503, put.text
        assert "was silent for" in put.json()["detail"]
        assert live(folder).id == before
        found = Holding(connection).pushed()
        assert found is not None
        assert found.id == before


def test_a_server_into_which_nothing_was_pushed_is_served_as_it_is(
    other: Started, serve: Serve, named_queries: dict[str, NamedQuery]
) -> None:
    server = Server(url=other.query)
    with Connection(server) as connection:
        connection.update("INSERT DATA { GRAPH <x:g> { <x:s> <x:p> 1 } GRAPH <x:h> { <x:s> <x:p> 2 } }")
        with serve(
            Holding(connection).current, named_queries=named_queries, answering=partial(RemotePool, server=server)
        ) as client:
            count = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "format": "csv"})
            assert count.text.split() == ["n", "2"]
            assert "ETag" not in count.headers
            assert client.get("/", headers={"Accept": "text/html"}).status_code == 200
            assert client.put("/data?graph=x:g", content="<x:s> <x:p> 1 .", headers=TURTLE).status_code in (401, 403)
