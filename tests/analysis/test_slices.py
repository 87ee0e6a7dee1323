"""Communities of slices of time, each beside the one before."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import pytest

from kg.analysis.measures import Measured, measure
from kg.analysis.measures.slices import follow
from kg.analysis.network import Network, Origin


def slice_of(name: str, *cliques: str, alone: str = "") -> Network:
    """A slice of cliques of nodes that have one letter each."""
    graph = nx.Graph()
    graph.add_nodes_from(alone)
    for members in cliques:
        graph.add_edges_from(nx.complete_graph(list(members)).edges)
    return replace(Network.of(graph), source=Origin(slice=name))


def divide(network: Network) -> Measured:
    return measure(network, "leiden", {"runs": 2})


def test_divisions_are_compared_on_the_nodes_that_both_have() -> None:
    slices = [
        slice_of("2001", "abc", "def", alone="x"),
        slice_of("2002", "abc", "efg"),
        slice_of("2003", "aeg", "bcf"),
        slice_of("2004", alone="ab"),
        slice_of("2005", "abc"),
    ]
    first, same, other, empty, last = follow(slices, divide)
    assert (first.told()["communities"], first.told()["nodes"], first.like) == (2, 6, None)
    assert (same.common, same.like) == (5, pytest.approx(1))
    assert other.common == 6
    assert other.like is not None
    assert 0 <= other.like < 0.5
    assert (empty.found, empty.told()["communities"], empty.common) == (None, None, 0)
    assert (last.slice, last.common, last.like) == ("2005", 0, None)
