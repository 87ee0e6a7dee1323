"""Paths are those of networkx; what is around a node is found."""

from __future__ import annotations

from itertools import islice, pairwise

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.analysis.network import Network
from kg.analysis.paths import around, nearest_paths, shortest_paths
from kg.errors import AnalysisError, NetworkError

from .test_measures import networks, of


@pytest.mark.parametrize("distance", ["hops", "inverse"])
@settings(max_examples=100, deadline=None)
@given(network=networks(), data=st.data())
def test_paths_are_those_of_networkx(distance: str, network: Network, data: st.DataObject) -> None:
    one, other = (data.draw(st.sampled_from(network.nodes["iri"].to_list())) for _ in range(2))
    graph = network.graph()
    for _, _, has in graph.edges(data=True):
        has["distance"] = 1 / has["weight"]
    weight = "distance" if distance == "inverse" else None
    found = shortest_paths(network, one, other, distance=distance, limit=1_000)
    if not nx.has_path(graph, one, other):
        assert found == []
        return
    known = sorted(tuple(path) for path in nx.all_shortest_paths(graph, one, other, weight=weight))
    assert [path.nodes for path in found] == known[:1_000]
    length = nx.shortest_path_length(graph, one, other, weight=weight)
    assert all(path.length == pytest.approx(length) for path in found)
    first = found[0]
    assert first.weights == tuple(graph[a][b]["weight"] for a, b in zip(first.nodes, first.nodes[1:], strict=False))


@pytest.mark.parametrize("distance", ["hops", "inverse"])
@settings(max_examples=100, deadline=None)
@given(network=networks(), data=st.data())
def test_the_nearest_paths_are_as_long_as_those_of_networkx(
    distance: str, network: Network, data: st.DataObject
) -> None:
    one, other = (data.draw(st.sampled_from(network.nodes["iri"].to_list())) for _ in range(2))
    graph = network.graph()
    for _, _, has in graph.edges(data=True):
        has["distance"] = 1 / has["weight"] if distance == "inverse" else 1.0
    found = nearest_paths(network, one, other, number=7, distance=distance)
    if not nx.has_path(graph, one, other):
        assert found == []
        return
    ways = islice(nx.shortest_simple_paths(graph, one, other, weight="distance"), 7) if one != other else [[one]]
    lengths = [nx.path_weight(graph, way, "distance") for way in ways]
    assert [path.length for path in found] == pytest.approx(lengths)
    assert len({path.nodes for path in found}) == len(found)
    for path in found:
        assert (path.nodes[0], path.nodes[-1]) == (one, other)
        assert len(set(path.nodes)) == len(path.nodes)
        assert path.weights == tuple(graph[a][b]["weight"] for a, b in pairwise(path.nodes))


def test_what_is_around_a_node() -> None:
    network = of(("a", "b"), ("b", "c"), ("c", "d"), ("a", "c"), ("x", "y"))
    assert around(network, ["a"]).nodes["iri"].to_list() == ["a", "b", "c"]
    assert around(network, ["a"]).size == 3
    assert around(network, ["a", "y"], radius=9).order == 6
    assert around(network, ["a"], radius=0).nodes["iri"].to_list() == ["a"]
    directed = of(("a", "b"), ("c", "b"), directed=True)
    assert around(directed, ["b"]).order == 3


def test_what_cannot_be_found_is_said() -> None:
    network = of(("a", "b"))
    with pytest.raises(NetworkError, match="no node 'z'"):
        shortest_paths(network, "a", "z")
    with pytest.raises(AnalysisError, match="take hops or inverse"):
        shortest_paths(network, "a", "b", distance="miles")
    with pytest.raises(AnalysisError, match="from 1 to 1,000"):
        shortest_paths(network, "a", "b", limit=0)
    with pytest.raises(AnalysisError, match="from 1 to 1,000"):
        nearest_paths(network, "a", "b", number=1_001)
    with pytest.raises(AnalysisError, match="radius -1"):
        around(network, ["a"], radius=-1)
