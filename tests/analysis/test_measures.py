"""Measures: engines agree with networkx, values solved by hand or published, and what is refused."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.analysis import definitions
from kg.analysis.engines import ENGINES
from kg.analysis.measures import MEASURES, WAYS, backbone, engines_of, measure, undirected
from kg.analysis.measures.model import Gives, Value
from kg.analysis.network import Network, Origin
from kg.analysis.projection import Choice, project
from kg.errors import AnalysisError, KgError, NetworkTooLargeError, ParameterError

TOLERANCE = 1e-6


@st.composite
def networks(draw: st.DrawFn, *, directed: bool | None = None) -> Network:
    """Any small network: sparse or dense, in one part or several, with lone nodes, weighted, directed or not."""
    order = draw(st.integers(1, 14))
    whole = st.integers(0, order - 1)
    pairs = draw(st.lists(st.tuples(whole, whole, st.floats(0.1, 9.0)), max_size=60))
    way = draw(st.booleans()) if directed is None else directed
    graph: nx.Graph = nx.DiGraph() if way else nx.Graph()
    graph.add_nodes_from(f"n{number:02}" for number in range(order))
    graph.add_weighted_edges_from((f"n{a:02}", f"n{b:02}", weight) for a, b, weight in pairs if a != b)
    nx.set_node_attributes(graph, {node: node[-1] for node in graph}, "kind")
    nx.set_node_attributes(graph, {node: int(node[1:]) ** 2 for node in graph}, "size")
    return Network.of(graph)


def of(*edges: tuple[Any, ...], directed: bool = False) -> Network:
    """A network of edges between names, with weights if there are any."""
    graph: nx.Graph = nx.DiGraph() if directed else nx.Graph()
    graph.add_weighted_edges_from(edge if len(edge) > 2 else (*edge, 1.0) for edge in edges)
    return Network.of(graph)


def karate() -> Network:
    """Zachary's club, with nodes numbered from 01 as published, edges without weights."""
    graph = nx.Graph((f"{a + 1:02}", f"{b + 1:02}") for a, b in nx.karate_club_graph().edges)
    return Network.of(graph)


def values(network: Network, name: str, column: str = "", **parameters: Value) -> dict[str, Any]:
    """A column of a measure, by IRI."""
    frame = measure(network, name, parameters).values
    return dict(zip(frame["iri"], frame[column or name], strict=True))


# Engines

VARIANTS: dict[str, list[dict[str, Value]]] = {
    "closeness": [{}, {"corrected": False}, {"distance": "inverse"}],
    "harmonic": [{}, {"distance": "inverse"}],
    "betweenness": [{}, {"normalized": False}, {"distance": "inverse"}],
    "eigenvector": [{"tolerance": 1e-13, "iterations": 1_000_000}],
    "pagerank": [{}, {"weighted": False, "damping": 0.5}],
    "clustering": [{}, {"weighted": True}],
    "constraint": [{}, {"weighted": False}],
    "effective_size": [{}, {"weighted": False}],
    "components": [{}, {"strong": True}],
    "assortativity": [{"by": "degree"}, {"by": "kind"}, {"by": "size"}],
}
COMPARED = [
    pytest.param(
        way.measure, way.engine, variant, id=f"{way.measure}-{way.engine}-{'-'.join(map(str, variant.values()))}"
    )
    for way in WAYS
    if "networkx" in engines_of(way.measure) and way.engine != "networkx" and way.measure != "louvain"
    for variant in VARIANTS.get(way.measure, [{}])
    if way.takes(MEASURES[way.measure].read(variant))
]


@pytest.mark.parametrize(("name", "engine", "variant"), COMPARED)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_engines_agree_with_networkx(name: str, engine: str, variant: dict[str, Value], data: st.DataObject) -> None:
    pytest.importorskip(ENGINES[engine].module)
    one_way = MEASURES[name].undirected or name == "eigenvector"
    network = data.draw(networks(directed=False if one_way else None))
    if name == "eigenvector":  # of what hangs together: elsewhere it is not unique
        parts = nx.connected_components(network.graph())
        network = network.subnetwork(network.index(iri) for iri in max(parts, key=len, default=()))
    ours, reference = (outcome(network, name, variant, each) for each in (engine, "networkx"))
    if isinstance(ours, KgError) or isinstance(reference, KgError):
        assert isinstance(ours, AnalysisError), reference
        assert isinstance(reference, AnalysisError), ours
        return
    for column in set(reference.columns) & set(ours.columns):
        same(ours[column], reference[column])


def outcome(network: Network, name: str, variant: dict[str, Value], engine: str) -> pl.DataFrame | KgError:
    try:
        return measure(network, name, variant, engine=engine).values
    except AnalysisError as error:
        return error


def same(one: pl.Series, other: pl.Series) -> None:
    if not one.dtype.is_numeric():
        assert one.to_list() == other.to_list()
        return
    pair = [series.cast(pl.Float64).fill_null(math.nan).to_numpy() for series in (one, other)]
    np.testing.assert_allclose(*pair, rtol=TOLERANCE, atol=TOLERANCE, err_msg=one.name)


@pytest.mark.parametrize("direction", ["all", "in", "out"])
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_degrees_of_directed_networks_agree(direction: str, data: st.DataObject) -> None:
    network = data.draw(networks(directed=True))
    pair = [measure(network, "degree", {"direction": direction}, engine=each).values for each in ("scipy", "networkx")]
    for column in ("degree", "strength"):
        same(pair[0][column], pair[1][column])


BY_ORDER = {"leiden", "louvain", "participation", "eigenvector", "core_periphery", "components"}
"""What is not unique, or numbers its parts: equals come in the order of names."""


@pytest.mark.parametrize(
    "name", [name for name in MEASURES if MEASURES[name].gives is Gives.nodes and name not in BY_ORDER]
)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_values_do_not_depend_on_names(name: str, data: st.DataObject) -> None:
    network = data.draw(networks(directed=False))
    backwards = {iri: f"m{network.order - number:02}" for number, iri in enumerate(network.nodes["iri"])}
    renamed = Network.of(nx.relabel_nodes(network.graph(), backwards))
    before, after = (measure(each, name).values for each in (network, renamed))
    after = after.sort("iri", descending=True)
    for column in before.columns[2:]:
        same(before[column], after[column])


def test_what_is_computed_here_needs_no_extra_and_no_copyleft() -> None:
    required = {name for name, engine in ENGINES.items() if not engine.extra}
    assert [name for name in MEASURES if not required & set(engines_of(name))] == []
    assert {name for name in required if "GPL" in ENGINES[name].licence} == set()


def test_a_result_says_how_to_get_it_again() -> None:
    network = Network.made(
        pl.DataFrame({"one": ["a"], "other": ["b"]}), source=Origin("networks/x", "0" * 64, "r1", "1" * 64)
    )
    told = measure(network, "pagerank", {"damping": "0.5"}, engine="networkx").provenance()
    assert (told["engine"], told["version"], told["parameters"]["damping"]) == ("networkx", nx.__version__, 0.5)
    assert told["network"]["release"] == "r1"
    assert told["network"]["digest"] == network.source.digest
    assert told["parameters"].keys() == {parameter.name for parameter in MEASURES["pagerank"].parameters}


# Solved by hand, published, or a theorem


def test_a_star_and_a_path() -> None:
    star = of(("c", "a"), ("c", "b"), ("c", "d"), ("c", "e"))
    assert values(star, "betweenness") == {"a": 0, "b": 0, "c": 1, "d": 0, "e": 0}
    assert values(star, "constraint", weighted=False) == {"a": 1, "b": 1, "c": 0.25, "d": 1, "e": 1}
    assert values(star, "effective_size")["c"] == 4
    path = of(("a", "b"), ("b", "c"), ("c", "d"))
    assert values(path, "closeness") == pytest.approx({"a": 0.5, "b": 0.75, "c": 0.75, "d": 0.5})
    assert values(path, "harmonic")["a"] == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)
    assert values(path, "betweenness", normalized=False) == {"a": 0, "b": 2, "c": 2, "d": 0}


def test_strong_edges_are_short_only_where_that_is_asked_for() -> None:
    network = of(("a", "b", 10.0), ("b", "c", 10.0), ("a", "c", 1.0))
    assert values(network, "betweenness")["b"] == 0
    assert values(network, "betweenness", distance="inverse")["b"] == 1
    assert values(network, "closeness", distance="inverse")["a"] == pytest.approx(2 / (0.1 + 0.2))


def test_published_values_of_the_karate_club() -> None:
    network = karate()
    # Brandes et al. 2008, "On modularity clustering", table 1: the best that there is
    assert measure(network, "leiden").told["modularity"] == pytest.approx(0.4198, abs=5e-5)
    assert values(network, "betweenness")["01"] == pytest.approx(0.4376, abs=5e-5)  # networkx, its gallery
    degrees = measure(network, "assortativity", {"by": "degree"}).values["assortativity"][0]
    assert degrees == pytest.approx(-0.4756, abs=5e-5)
    assert max(values(network, "core").values()) == 4
    assert measure(network, "clustering").told["transitivity"] == pytest.approx(0.2557, abs=5e-5)


def test_participation_by_attribute() -> None:
    graph = nx.Graph([("a", "b"), ("a", "c"), ("a", "d"), ("a", "e")])
    nx.set_node_attributes(graph, {"a": "x", "b": "x", "c": "x", "d": "y", "e": "y"}, "kind")
    measured = measure(Network.of(graph), "participation", {"by": "kind"})
    assert measured.values["participation"].to_list() == pytest.approx([0.5, 0, 0, 0, 0])
    # within x: a has 2 edges, b and c 1 each: mean 4/3, spread sqrt(2)/3
    assert measured.values["within"].to_list() == pytest.approx(
        [math.sqrt(2), -1 / math.sqrt(2), -1 / math.sqrt(2), 0, 0]
    )


@settings(deadline=None, max_examples=60)
@given(networks(directed=False))
def test_the_core_is_the_best_of_all_divisions(network: Network) -> None:
    network = network.subnetwork(range(min(network.order, 9)))
    told = measure(network, "core_periphery").told
    edges = {frozenset(pair) for pair in network.edges.select("source", "target").iter_rows()}

    def wrong(core: frozenset[int]) -> int:
        pairs = (frozenset(pair) for pair in itertools.combinations(range(network.order), 2))
        return sum((pair in edges) != (pair <= core) for pair in pairs if pair <= core or not pair & core)

    everyone = range(network.order)
    subsets = (frozenset(each) for size in range(network.order + 1) for each in itertools.combinations(everyone, size))
    assert told["wrong_pairs"] == min(map(wrong, subsets))


def test_the_backbone_keeps_what_chance_would_not_give() -> None:
    network = of(
        ("h", "a", 90.0), *(("h", f"x{number}", 1.0) for number in range(10)), ("a", "b", 1.0), ("y", "z", 1.0)
    )
    frame = measure(network, "disparity").values
    strong = frame.filter(pl.col("weight") == 90)
    assert strong["alpha"][0] == pytest.approx(min((1 - 0.9) ** 10, 1 - 90 / 91))
    assert frame.filter("kept").select("one", "other").rows() == [("a", "h"), ("y", "z")]
    assert backbone(network).nodes["iri"].to_list() == ["a", "h", "y", "z"]
    assert backbone(network, isolated=True).order == network.order


def test_a_sample_states_an_error_that_holds() -> None:
    graph = nx.connected_watts_strogatz_graph(60, 4, 0.3, seed=3)
    network = Network.of(nx.relabel_nodes(graph, {node: f"{node:02}" for node in graph}))
    exact = measure(network, "betweenness").values["betweenness"].to_numpy()
    taken = [measure(network, "betweenness", {"samples": 20, "seed": seed}) for seed in range(60)]
    found, errors = (np.array([each.values[name].to_numpy() for each in taken]) for name in ("betweenness", "error"))
    off = np.abs(found - exact)
    assert np.abs(found.mean(axis=0) - exact).max() < 0.02
    assert 0.8 < (off <= 2 * errors).mean() < 0.99  # of few samples from skewed values
    assert (errors**2).mean() == pytest.approx(((found - exact) ** 2).mean(), rel=0.1)
    assert off.max() <= taken[0].told["bound"]
    assert taken[7].values.equals(measure(network, "betweenness", {"samples": 20, "seed": 7}).values)
    every = measure(network, "betweenness", {"samples": 60})
    np.testing.assert_allclose(every.values["betweenness"].to_numpy(), exact)


# What is refused

EMPTY = Network.made(pl.DataFrame({"one": [], "other": []}, schema={"one": pl.String, "other": pl.String}))
LONE = Network.made(pl.DataFrame({"one": ["a"], "other": ["a"]}))


@pytest.mark.parametrize("name", MEASURES)
def test_an_empty_network_is_refused_and_one_node_is_answered_or_refused(name: str) -> None:
    with pytest.raises(AnalysisError, match="the network is empty"):
        measure(EMPTY, name)
    try:
        measured = measure(LONE, name)
    except AnalysisError as error:
        assert "no edge" in str(error)
    else:
        assert measured.values.height == (0 if measured.gives is Gives.edges else 1)


@pytest.mark.parametrize("name", [name for name in MEASURES if MEASURES[name].undirected])
def test_directions_are_refused_where_a_measure_knows_none(name: str) -> None:
    network = of(("a", "b"), ("b", "a"), ("b", "c"), directed=True)
    with pytest.raises(AnalysisError, match="--undirected"):
        measure(network, name)
    assert undirected(network).edges["weight"].to_list() == [2.0, 1.0]
    assert measure(undirected(network), name).values.height == 3


REFUSED: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("page-rank", {}, {}, "one of degree, closeness"),
    ("pagerank", {"damping": 1.5}, {}, "damping: expected a number from 0 to"),
    ("pagerank", {"damping": "much"}, {}, "damping: expected a number"),
    ("pagerank", {"samples": 4}, {}, "samples: expected one of weighted, damping"),
    ("core", {"k": 1}, {}, "k: expected none"),
    ("betweenness", {"samples": 2.5}, {}, "samples: expected a whole number from 0"),
    ("betweenness", {"distance": "far"}, {}, "distance: expected one of hops, inverse"),
    ("betweenness", {"samples": 2, "distance": "inverse"}, {}, "leave out samples"),
    ("betweenness", {"normalized": "perhaps"}, {}, "normalized: expected true or false"),
    ("pagerank", {"iterations": 1}, {}, "not converged after 1 iterations"),
    ("eigenvector", {"iterations": 1}, {}, "not converged after 1 iterations"),
    ("pagerank", {"iterations": 1}, {"engine": "networkx"}, "not converged"),
    ("eigenvector", {"iterations": 1}, {"engine": "networkx"}, "not converged"),
    ("pagerank", {}, {"engine": "gephi"}, "engine: expected one of scipy"),
    ("participation", {}, {"engine": "networkx"}, "networkx does not compute participation; scipy can"),
    ("betweenness", {"samples": 2}, {"engine": "networkx"}, "with these parameters; scipy can"),
    ("participation", {"by": "country"}, {}, "no attribute country; it has none"),
    ("assortativity", {"by": "kind"}, {}, "no attribute kind"),
    ("degree", {"direction": "in"}, {}, "has no directions"),
    ("betweenness", {}, {"limit": 1e-9}, "exact betweenness on 4 nodes and 3 edges would take .*--samples"),
]


@pytest.mark.parametrize(("name", "parameters", "options", "match"), REFUSED)
def test_what_cannot_be_done_says_what_can(name: str, parameters: Any, options: Any, match: str) -> None:
    network = of(("a", "b", 1.0), ("b", "c", 2.0), ("c", "d", 5.0))
    with pytest.raises((AnalysisError, ParameterError), match=match):
        measure(network, name, parameters, **options)


def test_two_kinds_of_nodes_are_refused_where_there_can_be_one_only() -> None:
    pairs = pl.DataFrame({"one": ["a", "b"], "other": ["x", "x"]})
    network = Network.made(pairs, two_mode=True)
    with pytest.raises(AnalysisError, match="project it on one first"):
        measure(network, "clustering")
    assert measure(network, "density").values["density"][0] == 1.0


def test_a_long_search_is_refused_before_it_begins() -> None:
    order, size = 400_000, 600_000
    one, other = np.arange(size) % (order - 1), 0
    other = one + 1 + (np.arange(size) // (order - 1))
    pairs = pl.DataFrame({"source": one, "target": np.minimum(other, order - 1)}).filter(
        pl.col("source") < pl.col("target")
    )
    edges = pairs.unique().sort("source", "target").cast(pl.UInt32)
    edges = edges.with_columns(weight=pl.lit(1.0), records=pl.lit(1, pl.UInt32))
    iris = pl.Series("iri", np.arange(order)).cast(pl.String).str.zfill(7)
    network = Network(pl.DataFrame([iris]).with_columns(label=pl.lit(None, pl.String)), edges)
    with pytest.raises(NetworkTooLargeError, match=r"400,000 nodes .* minutes with scipy.*--samples 1024"):
        measure(network, "betweenness")


def test_work_can_be_ended_while_it_goes_on() -> None:
    class EndedError(Exception):
        pass

    def end(step: str) -> None:
        assert "of 34 nodes" in step or "nodes that differ" in step
        raise EndedError

    with pytest.raises(EndedError):
        measure(karate(), "betweenness", progress=end)


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_is_documented(name: str) -> None:
    asked = MEASURES[name]
    assert asked.name == name
    assert all((asked.title, asked.definition, asked.cost, asked.weights, asked.misleads))
    assert any(character.isdigit() for character in asked.source)
    for parameter in asked.parameters:
        assert parameter.read(parameter.default) == parameter.default
        assert parameter.read(str(parameter.default)) == parameter.default
        assert parameter.description


# CORDIS FP7


@pytest.mark.slow
def test_engines_agree_on_fp7(shared: Path) -> None:
    rows = pl.read_csv(shared / "data" / "cordis_fp7" / "fp7edges.tsv.gz", separator="\t", infer_schema=False)
    parts = rows.select(actor="new_org_id", event="projectRcn")
    network = project(parts, definitions.find("co-participation"), Choice())
    assert network.order == 30_973
    for name in ("core", "clustering", "pagerank", "components"):
        there = (engine for engine in engines_of(name) if ENGINES[engine].present and engine != "networkx")  # a minute
        reference, *others = there
        known = measure(network, name, engine=reference)
        for engine in others:
            found = measure(network, name, engine=engine)
            for column in known.columns:
                same(found.values[column], known.values[column])
