"""Communities: good, connected, the same each time, and compared as igraph and networkx do."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kg.analysis.engines import ENGINES
from kg.analysis.measures import compare, engines_of, measure, modularity
from kg.analysis.network import Network

from .test_measures import networks

DIVIDING = [(name, engine) for name in ("leiden", "louvain") for engine in engines_of(name)]
LABELS = st.integers(1, 30).flatmap(
    lambda order: st.tuples(*[st.lists(st.integers(0, 5), min_size=order, max_size=order)] * 2)
)


def cliques() -> Network:
    """Six cliques of five, in a ring."""
    graph = nx.ring_of_cliques(6, 5)
    return Network.of(nx.relabel_nodes(graph, {node: f"{node:02}" for node in graph}))


@pytest.mark.parametrize(("name", "engine"), DIVIDING)
def test_cliques_are_found_whatever_the_seed(name: str, engine: str) -> None:
    pytest.importorskip(ENGINES[engine].module)
    measured = measure(cliques(), name, {"runs": 4}, engine=engine)
    assert measured.values["community"].to_list() == [number // 5 for number in range(30)]
    assert measured.values["stability"].to_list() == [1.0] * 30
    assert measured.told["communities"] == 6
    assert measured.told["mean_ari"] == pytest.approx(1)
    assert measured.told["mean_vi"] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("name", "engine"), DIVIDING)
def test_a_seed_gives_one_division(name: str, engine: str) -> None:
    pytest.importorskip(ENGINES[engine].module)
    graph = nx.gnp_random_graph(120, 0.06, seed=1)
    network = Network.of(nx.relabel_nodes(graph, {node: f"{node:03}" for node in graph}))
    once, again = (measure(network, name, {"seed": 5, "runs": 2}, engine=engine) for _ in range(2))
    assert once.values.equals(again.values)
    assert once.told == again.told
    assert once.told["best_seed"] in {5, 6}
    assert 0 < once.told["mean_nmi"] < 1
    alone = measure(network, name, {"seed": once.told["best_seed"], "runs": 1}, engine=engine)
    assert alone.values["community"].equals(once.values["community"])
    assert "one run only" in alone.notes[0]


@settings(max_examples=60, deadline=None)
@given(networks(directed=False))
def test_communities_of_leiden_are_connected_and_as_good_as_said(network: Network) -> None:
    assume(network.size)
    measured = measure(network, "leiden", {"runs": 2})
    graph = network.graph()
    sets: dict[int, set[str]] = {}
    for iri, community in measured.values.select("iri", "community").iter_rows():
        sets.setdefault(community, set()).add(iri)
    assert all(nx.is_connected(graph.subgraph(members)) for members in sets.values())
    sizes = [len(sets[number]) for number in range(len(sets))]
    assert sizes == sorted(sizes, reverse=True)
    assert measured.told["modularity"] == pytest.approx(nx.community.modularity(graph, sets.values()))


@settings(deadline=None)
@given(networks(directed=False), st.floats(0.1, 4.0), st.data())
def test_modularity_is_that_of_networkx(network: Network, resolution: float, data: st.DataObject) -> None:
    assume(network.size)
    labels = data.draw(st.lists(st.integers(0, 3), min_size=network.order, max_size=network.order))
    sets = [{network.nodes["iri"][n] for n in range(network.order) if labels[n] == label} for label in set(labels)]
    ours = modularity(network.matrix(), np.array(labels), resolution)
    assert ours == pytest.approx(nx.community.modularity(network.graph(), sets, resolution=resolution), abs=1e-9)


@settings(deadline=None)
@given(LABELS)
def test_partitions_are_compared_as_igraph_does(labels: tuple[list[int], list[int]]) -> None:
    igraph = pytest.importorskip("igraph")
    ours = compare(*map(np.array, labels))
    assert ours["vi"] == pytest.approx(igraph.compare_communities(*labels, method="vi"), abs=1e-9)
    if len(labels[0]) > 1:
        rand = igraph.compare_communities(*labels, method="adjusted_rand")
        assert ours["ari"] == pytest.approx(1 if math.isnan(rand) else rand, abs=1e-9)  # nan where all are alike
    if min(len(set(each)) for each in labels) > 1:
        assert ours["nmi"] == pytest.approx(igraph.compare_communities(*labels, method="nmi"), abs=1e-9)


@settings(deadline=None)
@given(LABELS.map(lambda pair: pair[0]))
def test_a_partition_is_like_itself(labels: list[int]) -> None:
    assert compare(np.array(labels), np.array(labels)) == pytest.approx({"nmi": 1, "ari": 1, "vi": 0}, abs=1e-9)
