"""What every kind of store must do, embedded or on a server; a kind joins by a line in STORES."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import QueryError, QuerySyntaxError, ReadOnlyError, SourceFormatError, StoreError
from kg.store.base import Store
from kg.store.embedded import EmbeddedStore
from kg.store.remote.server import Connection, Server
from kg.store.remote.store import RemoteStore

from ..servers import OTHERS, Started
from .dropping import dropped_elsewhere

A, B, P, G, H = (ox.NamedNode(f"https://example.org/{name}") for name in "abpgh")
ONE = ox.Literal("1", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
QUADS = [ox.Quad(A, P, ONE, G), ox.Quad(A, P, B, G), ox.Quad(B, P, A, H)]

STORES: dict[str, Callable[[Path], Store]] = {
    "memory": lambda _: EmbeddedStore.in_memory(),
    "disk": lambda folder: EmbeddedStore.open(folder / "database", read_only=False),
}


@pytest.fixture(params=[*STORES, *OTHERS])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Each kind of store, with three quads in two graphs."""
    with ExitStack() as stack:
        if request.param in STORES:
            made = STORES[request.param](tmp_path)
        else:
            server: Started = request.getfixturevalue(request.param)
            stack.callback(server.empty)
            connection = stack.enter_context(Connection(Server(url=server.query)))
            made = RemoteStore(connection, default_graph="union", writable=True)
        made.apply(QUADS, [])
        yield made


def test_the_default_graph_is_the_union(store: Store) -> None:
    rows = list(store.select("SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s ?o"))
    assert [(row["s"], row["o"]) for row in rows] == [(A, B), (A, ONE), (B, A)]


def test_the_default_graph_can_be_some_graphs(store: Store) -> None:
    query = "SELECT ?s { ?s ?p ?o }"
    assert [row["s"] for row in store.select(query, graphs=[H.value])] == [B]
    assert len(list(store.select(query, graphs=[G.value, H.value]))) == 3
    assert not store.ask("ASK { ?s ?p ?o }", graphs=["https://example.org/none"])


def test_graph_clauses_see_all_graphs(store: Store) -> None:
    assert [row["g"] for row in store.select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g")] == [G, H]


def test_unbound_variables_are_absent(store: Store) -> None:
    (row,) = store.select(
        "SELECT ?s ?none { ?s ?p 1 OPTIONAL { ?s ?nothing <x:none> FILTER(false) BIND(1 AS ?none) } }"
    )
    assert dict(row) == {"s": A}


def test_ask_and_construct(store: Store) -> None:
    assert store.ask(f"ASK {{ {A} {P} 1 }}")
    assert not store.ask(f"ASK {{ {A} {P} 2 }}")
    assert list(store.construct(f"CONSTRUCT {{ ?o {P} ?s }} WHERE {{ GRAPH {H} {{ ?s ?p ?o }} }}")) == [
        ox.Triple(A, P, B)
    ]
    assert set(store.construct(f"DESCRIBE {B}")) == {ox.Triple(B, P, A)}


@pytest.mark.parametrize("method", ["select", "ask", "construct"])
@pytest.mark.parametrize("text", ["SELEC ?s {}", "SELECT ?s { ?s ?p }", ""])
def test_bad_syntax_is_said_at_the_call(store: Store, method: str, text: str) -> None:
    with pytest.raises(QuerySyntaxError, match="not SPARQL"):
        getattr(store, method)(text)


@pytest.mark.parametrize("method", ["select", "ask", "construct"])
def test_the_wrong_form_of_query_is_said_at_the_call(store: Store, method: str) -> None:
    forms = {"select": "SELECT * { ?s ?p ?o }", "ask": "ASK {}", "construct": "CONSTRUCT WHERE { ?s ?p ?o }"}
    for form, text in forms.items():
        if form != method:
            with pytest.raises(QueryError, match="expected"):
                getattr(store, method)(text)
            assert dropped_elsewhere(lambda text=text: getattr(store, method)(text))


def test_graphs_and_quads(store: Store) -> None:
    assert store.graphs() == [G.value, H.value]
    assert set(store.quads()) == set(QUADS)
    assert set(store.quads(G.value)) == set(QUADS[:2])
    assert list(store.quads("https://example.org/none")) == []


def test_apply_removes_and_then_adds(store: Store) -> None:
    store.apply(added=[QUADS[0], ox.Quad(B, P, B, H)], removed=QUADS)
    assert set(store.quads()) == {QUADS[0], ox.Quad(B, P, B, H)}
    store.apply(added=[], removed=[ox.Quad(B, P, A, G)])
    assert len(list(store.quads())) == 2, "what is not there is no error"


def test_reading_leaves_a_release_as_it_is(tmp_path: Path) -> None:
    written = EmbeddedStore.open(tmp_path / "database", read_only=False)
    written.apply(QUADS, [])
    written.close()
    opened = EmbeddedStore.open(tmp_path / "database")
    assert set(opened.quads()) == set(QUADS)
    with pytest.raises(ReadOnlyError):
        opened.apply(QUADS, [])
    opened.close()


def test_a_folder_that_is_no_database_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot open the database .*nowhere"):
        EmbeddedStore.open(tmp_path / "nowhere")


def test_a_materialised_default_graph_counts_each_triple_once() -> None:
    database = ox.Store()
    database.extend([ox.Quad(A, P, B, graph) for graph in (G, H, ox.DefaultGraph())])
    store = EmbeddedStore(database, default_graph="materialised")
    assert len(list(store.select("SELECT * { ?s ?p ?o }"))) == 1
    assert {quad.graph_name for quad in store.quads()} == {G, H}


def test_files_are_read_each_into_its_graph(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<#s> <#p> [ <#q> 1 ] .", encoding="utf-8")
    store = EmbeddedStore.of_files([(tmp_path / "a.ttl", G.value)])
    assert store.graphs() == [G.value]
    (tmp_path / "b.ttl").write_text("<#s>\n<#p> .", encoding="utf-8")
    with pytest.raises(SourceFormatError, match=r"b\.ttl, line 2"):
        EmbeddedStore.of_files([(tmp_path / "b.ttl", G.value)])
