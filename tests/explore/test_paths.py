"""Paths are those that networkx lists of the whole graph; parts of graphs hang together."""

from __future__ import annotations

import networkx as nx
import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.explore.budget import Budget
from kg.explore.links import Chosen, degrees, links_of
from kg.explore.paths import Paths, paths
from kg.explore.subgraph import around
from kg.queries import asked
from kg.store.embedded import EmbeddedStore

EX = "https://example.org/"
SIZE = 9
THINGS = st.integers(0, SIZE - 1)
GRAPHS = st.sets(st.tuples(THINGS, st.sampled_from("pq"), THINGS), min_size=1, max_size=24)
Triples = set[tuple[int, str, int]]


def node(name: object) -> ox.NamedNode:
    return ox.NamedNode(f"{EX}{name}")


def store_of(triples: Triples) -> EmbeddedStore:
    """The links, and a name for each thing, so that all are known."""
    store = EmbeddedStore(ox.Store())
    store.apply([ox.Quad(node(one), node(by), node(other), node("graph")) for one, by, other in triples], [])
    store.apply([ox.Quad(node(each), node("name"), ox.Literal(str(each)), node("graph")) for each in range(SIZE)], [])
    return store


def find(store: EmbeddedStore, chosen: Chosen, number: int, longest: int, budget: Budget | None = None) -> Paths:
    ends = node(0), node(1)
    steps = paths(ends, chosen, number=number, longest=longest, language="en", budget=budget or Budget())
    return asked(store, steps)


def all_paths(triples: Triples, direction: str, longest: int) -> dict[tuple[str, ...], int]:
    """All simple paths and their lengths, by an engine that sees the whole graph."""
    graph = nx.DiGraph([(one, other) for one, _, other in triples])
    graph.add_nodes_from(range(SIZE))
    found = {"out": graph, "in": graph.reverse(), "both": graph.to_undirected()}[direction]
    listed = nx.all_simple_paths(found, 0, 1, cutoff=longest)
    return {tuple(f"{EX}{each}" for each in path): len(path) - 1 for path in listed}


@settings(deadline=None, max_examples=60)
@given(
    triples=GRAPHS,
    number=st.integers(1, 6),
    longest=st.integers(1, 6),
    direction=st.sampled_from(["out", "in", "both"]),
)
def test_paths_are_the_shortest_there_are(triples: Triples, number: int, longest: int, direction: str) -> None:
    expected = all_paths(triples, direction, longest)
    found = find(store_of(triples), Chosen(direction=direction), number, longest)
    assert found.complete
    assert {path.nodes for path in found.paths} <= expected.keys()
    assert [path.length for path in found.paths] == sorted(expected.values())[:number]
    for path in found.paths:
        for one, other, links in zip(path.nodes, path.nodes[1:], path.steps, strict=False):
            assert links
            assert {frozenset((link.source, link.target)) for link in links} == {frozenset((one, other))}


@settings(deadline=None, max_examples=40)
@given(triples=GRAPHS, fan=st.integers(1, 4), lookups=st.integers(2, 8), longest=st.integers(1, 5))
def test_what_is_called_complete_is_so_however_small_the_budget(
    triples: Triples, fan: int, lookups: int, longest: int
) -> None:
    expected = sorted(all_paths(triples, "both", longest).values())
    found = find(store_of(triples), Chosen(), 3, longest, Budget(fan=fan, lookups=lookups))
    lengths = [path.length for path in found.paths]
    assert set(lengths) <= set(expected)
    if found.complete:
        assert lengths == expected[:3]


@settings(deadline=None, max_examples=40)
@given(triples=GRAPHS, fan=st.integers(1, 50), size=st.integers(2, SIZE))
def test_links_and_their_numbers_are_whole_below_the_limit(triples: Triples, fan: int, size: int) -> None:
    store, names = store_of(triples), [f"{EX}{each}" for each in range(size)]
    found = asked(store, links_of(names, Chosen(), Budget(fan=fan)))
    counted = asked(store, degrees(names, Chosen(), Budget(fan=fan)))
    for each in range(size):
        out = [link for link in triples if link[0] == each]
        into = [link for link in triples if link[2] == each]
        assert counted[f"{EX}{each}"] == min(len(out), fan + 1) + min(len(into), fan + 1)
        if f"{EX}{each}" not in found.hubs:
            assert len(found.of(f"{EX}{each}")) == len({*out, *into})
        else:
            assert max(len(out), len(into)) > fan


@settings(deadline=None, max_examples=40)
@given(triples=GRAPHS, most=st.integers(2, SIZE), steps=st.integers(1, 3))
def test_what_is_kept_hangs_together_and_has_room(triples: Triples, most: int, steps: int) -> None:
    found = asked(
        store_of(triples), around([node(0)], Chosen(), most=most, steps=steps, language="en", budget=Budget())
    )
    graph = nx.Graph((link.source, link.target) for link in found.graph.links)
    graph.add_nodes_from(found.graph.nodes)
    whole = nx.Graph((f"{EX}{one}", f"{EX}{other}") for one, _, other in triples)
    whole.add_node(f"{EX}0")
    near = nx.single_source_shortest_path_length(whole, f"{EX}0", cutoff=steps)
    assert nx.is_connected(graph)
    assert len(graph) == min(most, len(near))
    assert set(graph) <= set(near)
