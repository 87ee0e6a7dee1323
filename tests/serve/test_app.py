"""The service as a whole: its life, the release it follows, clients that leave."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import httpx
import psutil
import pyoxigraph as ox
import pytest

from kg.errors import StoreUnavailableError
from kg.queries import NamedQuery
from kg.serve.app import create_app
from kg.store.querying.workers import Limits
from kg.store.release import Release
from kg.store.releases import DataFolder

Queries = dict[str, NamedQuery]
Serve = Callable[..., AbstractContextManager[httpx.Client]]
MakeRelease = Callable[..., Release]

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c. ?d ?e ?f. ?g ?h ?i. ?j ?k ?l. ?m ?n ?o. ?p ?q ?r. ?s ?t ?u. ?v ?w ?x }"
MANY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def until(true: Callable[[], bool], *, seconds: float = 20.0) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def query_processes() -> set[int]:
    return {child.pid for server in psutil.Process().children() for child in server.children()}


def test_health(client: httpx.Client, release: Release) -> None:
    assert client.get("/health").json() == {
        "status": "ok",
        "release": release.id,
        "quads": release.manifest.quads,
        "workers": {"all": 2, "busy": 0, "waiting": 0},
    }


def test_without_a_release_there_is_nothing_to_serve(named_queries: Queries) -> None:
    with pytest.raises(StoreUnavailableError, match="kg build"):
        create_app(lambda: None, named_queries=named_queries)


def test_a_release_published_meanwhile_is_served(
    tmp_path: Path, make_release: MakeRelease, serve: Serve, named_queries: Queries
) -> None:
    new = ox.Quad(*(ox.NamedNode(f"http://example.org/{name}") for name in "spog"))
    first, second = make_release(tmp_path, "first"), make_release(tmp_path, "second", (new,))
    folder = DataFolder.open(tmp_path)
    folder.rollback(first.id)
    ask = {"query": "ASK { ?s <http://example.org/p> ?o }"}
    with serve(folder.current, named_queries=named_queries, look_seconds=0.02) as client:
        before = client.get("/sparql", params=ask)
        folder.rollback(second.id)
        until(lambda: client.get("/health").json()["release"] == "second")
        after = client.get("/sparql", params=ask)
    assert (before.json()["boolean"], after.json()["boolean"]) == (False, True)
    assert before.headers["etag"] != after.headers["etag"]


def test_a_release_that_cannot_be_opened_is_passed_over(
    tmp_path: Path, make_release: MakeRelease, serve: Serve, named_queries: Queries
) -> None:
    good = make_release(tmp_path)
    looks: list[str] = []

    def current() -> Release:
        looks.append("look")
        return good if len(looks) == 1 else Release(good.layout, replace(good.manifest, id="gone"))

    with serve(current, named_queries=named_queries, look_seconds=0.02) as client:
        until(lambda: len(looks) > 2)
        assert client.get("/health").json()["release"] == good.id
        assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"]


def test_a_client_that_leaves_before_the_first_byte_ends_its_query(
    release: Release, serve: Serve, named_queries: Queries
) -> None:
    others = query_processes()
    with serve(lambda: release, named_queries=named_queries, workers=1, limits=Limits(timeout=600)) as client:
        with socket.create_connection((client.base_url.host, client.base_url.port or 0)) as connection:
            connection.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: test\r\n\r\n".encode())
            until(lambda: client.get("/health").json()["workers"]["busy"] == 1)
            running = query_processes() - others
        until(lambda: client.get("/health").json()["workers"]["busy"] == 0)
        until(lambda: not running & query_processes())


def test_a_client_that_leaves_in_the_middle_ends_its_query(
    release: Release, serve: Serve, named_queries: Queries
) -> None:
    with serve(lambda: release, named_queries=named_queries, workers=1, limits=Limits(timeout=600)) as client:
        with client.stream("GET", "/sparql", params={"query": MANY.replace("g", "a")}) as response:
            next(response.iter_raw(10))
        until(lambda: client.get("/health").json()["workers"]["busy"] == 0)


def test_a_limit_reached_in_the_middle_breaks_the_transfer_off(
    release: Release, serve: Serve, named_queries: Queries
) -> None:
    limits = Limits(result=300_000)
    with serve(lambda: release, named_queries=named_queries, limits=limits) as client:
        with client.stream("GET", "/sparql", params={"query": MANY}) as response:
            assert response.status_code == 200
            with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
                response.read()
        assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200


def test_a_result_too_large_for_a_page_is_refused_and_streamed_on_request(
    release: Release, serve: Serve, named_queries: Queries
) -> None:
    some = next(iter(named_queries.values()))
    large = replace(some, name="test/large", parameters=(), columns=(replace(some.columns[0], name="a"),), text=MANY)
    with serve(lambda: release, named_queries=named_queries | {"test/large": large}) as client:
        refused = client.get("/queries/test/large")
        assert (refused.status_code, refused.json()["code"]) == (503, "result-too-large")
        assert len(client.get("/queries/test/large", params={"format": "csv"}).content) > 2 * 2**20


def test_the_end_of_the_service_is_the_end_of_its_processes(
    release: Release, serve: Serve, named_queries: Queries
) -> None:
    before = query_processes()
    with serve(lambda: release, named_queries=named_queries, workers=3):
        assert query_processes() - before
    assert query_processes() == before
