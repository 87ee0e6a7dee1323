"""Networks: what they refuse, and the way to networkx and back."""

from __future__ import annotations

import math
from typing import Any

import networkx as nx
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.analysis.network import Network, Origin
from kg.errors import NetworkError

PAIRS = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda pair: (f"n{pair[0]:02}", f"n{pair[1]:02}"))
WEIGHTS = st.floats(0.001, 1000.0)


def frame(*rows: tuple[Any, ...]) -> pl.DataFrame:
    names = ["one", "other", "weight", "records"][: len(rows[0]) if rows else 2]
    return pl.DataFrame([list(row) for row in rows], schema=names, orient="row", strict=False)


def test_edges_become_indices_and_pairs_are_summed() -> None:
    network = Network.made(frame(("b", "a", 1.0, 1), ("a", "b", 0.5, 2), ("c", "a", 2.0, 1)))
    assert network.nodes["iri"].to_list() == ["a", "b", "c"]
    assert network.edges.rows() == [(0, 1, 1.5, 3), (0, 2, 2.0, 1)]
    directed = Network.made(frame(("b", "a", 1.0, 1), ("a", "b", 0.5, 2)), directed=True)
    assert directed.edges.rows() == [(0, 1, 0.5, 2), (1, 0, 1.0, 1)]


def test_self_loops_are_left_out_and_counted_and_their_nodes_stay() -> None:
    network = Network.made(frame(("a", "a"), ("a", "b"), ("c", "c")))
    assert (network.order, network.size, network.loops) == (3, 1, 2)


@pytest.mark.parametrize("rows", [[], [("a", "a")]], ids=["empty", "one node"])
def test_small_networks(rows: list[tuple[str, str]]) -> None:
    network = Network.made(pl.DataFrame(rows, schema={"one": pl.String, "other": pl.String}, orient="row"))
    assert (network.order, network.size) == (len(rows), 0)
    assert network.matrix().shape == (len(rows), len(rows))
    assert network.graph().number_of_nodes() == len(rows)


@pytest.mark.parametrize("weight", [-1.0, 0.0, math.nan, math.inf, None])
def test_weights_are_above_0(weight: float | None) -> None:
    rows = pl.DataFrame({"one": ["a", "b"], "other": ["b", "c"], "weight": [1.0, weight]})
    with pytest.raises(NetworkError, match="edge 2, b to c: its weight"):
        Network.made(rows)
    graph = nx.Graph([("a", "b", {"weight": 1.0}), ("b", "c", {"weight": weight})])
    with pytest.raises(NetworkError, match="edge 2, b to c: its weight"):
        Network.of(graph)


WRONG = {
    "a column less": (pl.DataFrame({"one": ["a"]}), "no column other"),
    "a missing end": (pl.DataFrame({"one": ["a", None], "other": ["b", "c"]}), "edge 2: one is missing"),
}


@pytest.mark.parametrize(("edges", "told"), WRONG.values(), ids=list(WRONG))
def test_edges_lack_nothing(edges: pl.DataFrame, told: str) -> None:
    with pytest.raises(NetworkError, match=told):
        Network.made(edges)


NODES = pl.DataFrame(
    {"iri": ["a", "b", "c"], "label": [None, "B", None]}, schema={"iri": pl.String, "label": pl.String}
)


def indices(*rows: tuple[Any, ...]) -> pl.DataFrame:
    schema = {"source": pl.UInt32, "target": pl.UInt32, "weight": pl.Float64, "records": pl.UInt32}
    return pl.DataFrame([list(row) for row in rows], schema=schema, orient="row")


FAULTS = {
    "an index beyond": (indices((0, 3, 1.0, 1)), "3 nodes, and an index beyond"),
    "a loop": (indices((1, 1, 1.0, 1)), "self-loop"),
    "no number": (indices((0, 1, math.nan, 1)), "not a number above 0"),
    "twice": (indices((0, 1, 1.0, 1), (0, 1, 1.0, 1)), "edge 2.*has an edge already"),
    "unsorted": (indices((0, 2, 1.0, 1), (0, 1, 1.0, 1)), "edge 2.*not sorted"),
    "turned round": (indices((1, 0, 1.0, 1)), "source must be below target"),
    "missing": (indices((0, 1, None, 1)), "a value is missing"),
}


@pytest.mark.parametrize(("edges", "told"), FAULTS.values(), ids=list(FAULTS))
def test_what_is_no_network_is_refused_where_it_is_made(edges: pl.DataFrame, told: str) -> None:
    with pytest.raises(NetworkError, match=told):
        Network(NODES, edges)


def test_nodes_are_sorted_and_no_two_alike() -> None:
    for iris in (["b", "a"], ["a", "a"]):
        nodes = pl.DataFrame({"iri": iris, "label": ["", ""]})
        with pytest.raises(NetworkError, match="not sorted or the same"):
            Network(nodes, indices())


def test_edges_of_a_two_mode_network_join_the_two() -> None:
    network = Network.made(frame(("org", "theme"), ("org", "channel")), two_mode=True)
    assert dict(network.nodes.select("iri", "mode").iter_rows()) == {"channel": 1, "org": 0, "theme": 1}
    with pytest.raises(NetworkError, match="both are of mode"):
        Network.made(frame(("a", "b"), ("b", "c")), two_mode=True)


def test_a_node_is_found_by_its_iri_or_told_what_comes_close() -> None:
    network = Network.made(frame(("https://x/id/org/nist", "https://x/id/org/ncste")))
    assert network.index("https://x/id/org/nist") == 1
    with pytest.raises(NetworkError, match="there is https://x/id/org/nist"):
        network.index("nist")


def test_parts_keep_names_and_attributes() -> None:
    network = Network.made(frame(("a", "b"), ("b", "c"), ("a", "c")), pl.DataFrame({"iri": ["b"], "label": ["B"]}))
    part = network.subnetwork([2, 1])
    assert part.nodes["label"].to_list() == ["B", None]
    assert part.edges.rows() == [(0, 1, 1.0, 1)]


@settings(deadline=None)
@given(st.lists(st.tuples(PAIRS, WEIGHTS)), st.booleans())
def test_networkx_and_back(rows: list[tuple[tuple[str, str], float]], directed: bool) -> None:
    edges = pl.DataFrame(
        [[*pair, weight] for pair, weight in rows],
        schema={"one": pl.String, "other": pl.String, "weight": pl.Float64},
        orient="row",
    )
    network = Network.made(edges, directed=directed, source=Origin(definition="x", parameters={"a": "1"}))
    again = Network.of(network.graph(), source=network.source)
    assert again.nodes.equals(network.nodes)
    assert again.edges.equals(network.edges)
    ours = network.graph()
    assert (
        nx.to_scipy_sparse_array(ours, nodelist=network.nodes["iri"].to_list()).sum()
        == pytest.approx(network.matrix().sum())
        if network.order
        else True
    )


def test_attributes_keep_their_types() -> None:
    graph = nx.Graph([("a", "b")])
    graph.add_node("a", label="A", size=3, share=0.5, public=True, types=["x", "y"], bipartite=0)
    graph.add_node("b", bipartite=1)
    network = Network.of(graph)
    assert network.two_mode
    assert network.nodes.schema["size"] == pl.Int64
    assert network.nodes.schema["types"] == pl.List(pl.String)
    assert network.graph().nodes["a"] == {
        "label": "A",
        "size": 3,
        "share": 0.5,
        "public": True,
        "types": ["x", "y"],
        "bipartite": 0,
    }
    graph.add_node("b", size="large")
    with pytest.raises(NetworkError, match="attribute size has values of several types"):
        Network.of(graph)


def test_the_digest_of_an_origin_is_that_of_what_it_says_not_of_the_name_of_a_release() -> None:
    origin = Origin("n", "q", "one", "d", {"b": "2", "a": "1"})
    assert origin.digest == Origin("n", "q", "other", "d", {"a": "1", "b": "2"}).digest
    assert origin.digest != Origin("n", "q", "one", "e", {"b": "2", "a": "1"}).digest
