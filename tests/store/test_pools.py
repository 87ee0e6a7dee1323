"""What every pool must answer, over a data folder or over a server elsewhere: one suite for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pyoxigraph as ox
import pytest

from kg.errors import (
    KgError,
    QuerySyntaxError,
    QueryTimeoutError,
    RefusedError,
    ResultTooLargeError,
    StoreUnavailableError,
    UnknownGraphError,
)
from kg.store.canonical import canonical
from kg.store.querying.base import Pool
from kg.store.querying.requests import GraphRequest, Limits, Request
from kg.store.querying.workers import QueryPool
from kg.store.release import Release
from kg.store.releases import DataFolder
from kg.store.remote.pool import RemotePool
from kg.store.remote.pushing import push
from kg.store.remote.release import Holding
from kg.store.remote.server import Connection, Server

from ..servers import OTHERS

G, H = "https://example.org/g", "https://example.org/h"
ROWS = 600
"""Quads of the first graph; the second has three, one of which is in the first as well."""
SRJ, CSV, TSV, SRX = (
    "application/sparql-results+json",
    "text/csv",
    "text/tab-separated-values",
    "application/sparql-results+xml",
)
SLOW = (
    f"SELECT (COUNT(*) AS ?n) {{ ?a ?p ?x . ?b ?q ?y . GRAPH <{H}> {{ ?c ?r ?z }}"
    " FILTER(STRLEN(CONCAT(STR(?x), STR(?y), STR(?z))) < 3) }"
)
"""A second or so: a server that minds no client that leaves is not kept busy for longer."""
ALL = "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s ?o"
Made = Callable[..., Any]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    node, value = ox.NamedNode, ox.NamedNode("x:value")
    many = [ox.Quad(node(f"x:{n}"), value, ox.Literal(f"{n} 大学"), node(G)) for n in range(ROWS)]
    few = [
        ox.Quad(node("x:0"), value, ox.Literal("0 大学"), node(H)),
        ox.Quad(node("x:a"), value, ox.Literal('line\nbreak, "quoted"'), node(H)),
        ox.Quad(node("x:a"), node("x:knows"), node("x:0"), node(H)),
    ]
    folder = DataFolder.open(tmp_path_factory.mktemp("pools") / "data", create=True)
    with folder.stage() as staging:
        staging.replace_segment("many", canonical(many))
        staging.replace_segment("few", canonical(few))
        return staging.publish(tool="kg test")


@pytest.fixture(scope="module", params=["embedded", *OTHERS])
def pooled(request: pytest.FixtureRequest, release: Release) -> Made:
    """``pooled(size=…)``: a pool of each kind over the release."""
    if request.param == "embedded":
        return lambda **how: QueryPool(release, **how)
    other = request.getfixturevalue(request.param)
    other.empty()
    server = Server(url=other.query)
    connection = Connection(server)
    request.addfinalizer(connection.close)
    push(release, connection)
    connection.update("INSERT DATA { <x:s> <x:p> 'own default graph' . GRAPH <x:foreign> { <x:s> <x:p> 'foreign' } }")
    found = Holding(connection).current()
    return lambda **how: RemotePool(found, server=server, **how)


def answered(pooled: Made, *requests: Request | GraphRequest, limits: Limits | None = None) -> list[tuple[str, str]]:
    """Media type and text of the answers, asked one after the other."""

    async def ask() -> list[tuple[str, str]]:
        found = []
        async with pooled(size=2, limits=limits) as pool:
            for request in requests:
                async with pool.answer(request) as answer:
                    found.append((answer.media_type, (await answer.read(1 << 28)).decode()))
        return found

    return asyncio.run(ask())


def count(pooled: Made, pattern: str, **dataset: Any) -> int:
    query = f"SELECT (COUNT(*) AS ?n) {dataset.pop('clauses', '')} {{ {pattern} }}"
    ((_, text),) = answered(pooled, Request(query=query, results_format=CSV, **dataset))
    return int(text.split()[1])


def test_the_default_graph_is_the_merge_and_nothing_else(pooled: Made) -> None:
    assert count(pooled, "?s ?p ?o") == ROWS + 2
    assert count(pooled, "GRAPH ?g { ?s ?p ?o }") == ROWS + 3
    assert count(pooled, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }") == 2


def test_a_dataset_is_what_was_stated(pooled: Made) -> None:
    assert count(pooled, "?s ?p ?o", clauses=f"FROM <{H}>") == 3
    assert count(pooled, "?s ?p ?o", clauses=f"FROM <{G}>", default_graphs=(H,)) == 3
    assert count(pooled, "?s ?p ?o", clauses=f"FROM NAMED <{H}>") == 0
    assert count(pooled, "GRAPH ?g { ?s ?p ?o }", named_graphs=(H,)) == 3
    with pytest.raises(UnknownGraphError, match=r"there is no graph https://example.org/i .*did you mean"):
        count(pooled, "?s ?p ?o", default_graphs=("https://example.org/i",))
    with pytest.raises(UnknownGraphError):
        count(pooled, "?s ?p ?o", clauses="FROM <x:foreign>")


@pytest.mark.parametrize("media_type", [SRJ, CSV, TSV, SRX])
def test_rows_come_in_each_format(media_type: str, pooled: Made, release: Release) -> None:
    request = Request(query=ALL, results_format=media_type)
    assert answered(pooled, request) == answered(lambda **how: QueryPool(release, **how), request)


@pytest.mark.parametrize("media_type", ["text/turtle", "application/n-triples", "application/rdf+xml"])
def test_triples_come_in_each_format(media_type: str, pooled: Made) -> None:
    request = Request(query=f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{H}> {{ ?s ?p ?o }} }}", graph_format=media_type)
    whole = GraphRequest(graph=H, media_type=media_type)
    (built, text), (kind, graph) = answered(pooled, request, whole)
    assert (built, kind) == (media_type, media_type)
    syntax = ox.RdfFormat.from_media_type(media_type)
    first, second = ({q.triple for q in ox.parse(t, format=syntax)} for t in (text, graph))
    assert first == second
    assert len(first) == 3


def test_graphs_are_given_whole(pooled: Made) -> None:
    merged, head = answered(
        pooled,
        GraphRequest(graph=None, media_type="application/n-triples"),
        GraphRequest(graph=G, media_type="application/n-triples", head=True),
    )
    assert len(merged[1].splitlines()) == ROWS + 2
    assert head[1] == "" or int(head[1]) > ROWS


def test_all_graphs_are_given_at_once(pooled: Made) -> None:
    ((_, text),) = answered(pooled, GraphRequest(graph=None, whole=True, media_type="application/n-quads"))
    quads = list(ox.parse(text, format=ox.RdfFormat.N_QUADS))
    assert len(quads) == ROWS + 3
    assert {quad.graph_name for quad in quads} == {ox.NamedNode(G), ox.NamedNode(H)}


def test_truth_and_relative_names(pooled: Made) -> None:
    true, based = answered(pooled, Request(query="ASK { <x:a> ?p ?o }"), Request(query="ASK { <a> ?p ?o }", base="x:b"))
    assert true == based == (SRJ, '{"head":{},"boolean":true}')


def test_no_format_for_this_kind_gives_nothing(pooled: Made) -> None:
    rows = Request(query=ALL, results_format=None)
    triples = Request(query="CONSTRUCT WHERE { ?s ?p ?o }", graph_format=None)
    assert answered(pooled, rows, triples) == [("", ""), ("", "")]


WRONG: dict[str, tuple[str, Limits, type[KgError]]] = {
    "no SPARQL": ("SELEC", Limits(), QuerySyntaxError),
    "another server": ("SELECT * { SERVICE <http://localhost:1/> { ?s ?p ?o } }", Limits(), RefusedError),
    "rows": (ALL, Limits(rows=ROWS), ResultTooLargeError),
    "triples": ("CONSTRUCT WHERE { ?s ?p ?o }", Limits(rows=10), ResultTooLargeError),
    "bytes": (ALL, Limits(result=1000), ResultTooLargeError),
    "time": (SLOW, Limits(timeout=0.1), QueryTimeoutError),
}


@pytest.mark.parametrize(("query", "limits", "error"), WRONG.values(), ids=WRONG)
def test_what_goes_wrong_is_said(query: str, limits: Limits, error: type[KgError], pooled: Made) -> None:
    with pytest.raises(error) as caught:
        answered(pooled, Request(query=query), limits=limits)
    assert type(caught.value) is error


def test_as_many_rows_as_are_allowed_are_given(pooled: Made) -> None:
    ((_, text),) = answered(pooled, Request(query=ALL, results_format=TSV), limits=Limits(rows=ROWS + 2))
    assert text.count("\n") == ROWS + 3


@asynccontextmanager
async def begun(pool: Pool) -> AsyncIterator[None]:
    """A large answer of which the first bytes have come."""
    query = "SELECT * { ?a ?p ?x . ?b ?q ?y }"
    async with pool.answer(Request(query=query, results_format=TSV)) as answer:
        assert not answer.received
        assert answer.first
        yield


def test_who_leaves_frees_the_place(pooled: Made) -> None:
    async def leave() -> None:
        async with pooled(size=1, kept=0) as pool:
            async with begun(pool):
                assert pool.busy == 1
            async with pool.answer(Request(query="ASK {}")) as answer:
                assert answer.received

    asyncio.run(leave())


def test_closing_ends_what_runs(pooled: Made) -> None:
    async def close() -> None:
        async with pooled(size=2) as pool:
            running = asyncio.create_task(answer(pool))
            while not pool.busy:
                await asyncio.sleep(0)
            asyncio.get_running_loop().call_later(0.1, pool.close)
            with pytest.raises(StoreUnavailableError):
                await running
            with pytest.raises(StoreUnavailableError):
                await answer(pool)

    async def answer(pool: Pool) -> None:
        async with pool.answer(Request(query=SLOW)):
            pass

    asyncio.run(close())
