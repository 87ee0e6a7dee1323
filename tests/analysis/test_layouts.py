"""Layouts: places that come out the same, kept with the release, and read by others."""

from __future__ import annotations

import io
import json
from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from kg.analysis import layouts
from kg.analysis.network import Network
from kg.errors import NetworkTooLargeError, ParameterError
from kg.export.networks import FORMATS
from kg.store.release import Release

TWO = Network.of(nx.compose(nx.complete_graph(6), nx.relabel_nodes(nx.complete_graph(6), lambda n: n + 6)))


@pytest.mark.parametrize("algorithm", layouts.ALGORITHMS)
def test_a_seed_gives_the_same_places_and_another_gives_others(algorithm: str) -> None:
    one, same, other = (layouts.layout(TWO, algorithm, seed=seed) for seed in (3, 3, 4))
    assert one.places.equals(same.places)
    assert not one.places.equals(other.places)
    assert (one.algorithm, one.seed) == (algorithm, 3)
    assert one.version


@pytest.mark.parametrize("algorithm", layouts.ALGORITHMS)
def test_what_is_joined_is_nearer_than_what_is_not(algorithm: str) -> None:
    places = layouts.layout(TWO, algorithm).places.to_numpy()
    group = np.array([int(iri) // 6 for iri in TWO.nodes["iri"]])
    far = np.linalg.norm(places[:, None] - places[None], axis=2)
    same = group[:, None] == group[None]
    assert far[same & (far > 0)].mean() < far[~same].mean()


@pytest.mark.parametrize("order", [0, 1])
def test_nothing_and_one_node_are_in_the_middle(order: int) -> None:
    places = layouts.layout(Network.of(nx.empty_graph(order))).places
    assert places.rows() == [(0.0, 0.0)] * order


def test_what_cannot_be_is_said() -> None:
    with pytest.raises(ParameterError, match="forceatlas2"):
        layouts.layout(TWO, "by-hand")
    with pytest.raises(NetworkTooLargeError, match="pivotmds"):
        layouts.layout(Network.of(nx.empty_graph(layouts.MOST_EXACT + 1)), "forceatlas2")


def test_pivots_keep_distances_and_set_parts_and_twins_apart() -> None:
    line, star = nx.path_graph(400), nx.relabel_nodes(nx.star_graph(80), lambda n: n + 400)
    rest = nx.relabel_nodes(nx.Graph([(0, 1)]), lambda n: n + 481)
    graph = nx.compose_all([line, star, rest])
    graph.add_nodes_from(range(483, 500))
    network = Network.of(nx.relabel_nodes(graph, lambda n: f"{n:03}"))
    found = layouts.layout(network, "pivotmds", seed=7).places.to_numpy()
    away = np.linalg.norm(found[:, None] - found[None], axis=2)
    steps = np.abs(np.subtract.outer(np.arange(400), np.arange(400)))
    assert np.corrcoef(steps.ravel(), away[:400, :400].ravel())[0, 1] > 0.99
    assert away[~np.eye(500, dtype=bool)].min() > 0.01
    parts = [range(400), range(400, 481), range(481, 483), *([node] for node in range(483, 500))]
    middles = [found[list(part)].mean(axis=0) for part in parts]
    reach = [
        np.linalg.norm(found[list(part)] - middle, axis=1).max() for part, middle in zip(parts, middles, strict=True)
    ]
    for one, other in combinations(range(len(parts)), 2):
        assert np.linalg.norm(middles[one] - middles[other]) > max(reach[one], reach[other])


@pytest.mark.parametrize(
    ("order", "installed", "algorithm"),
    [
        (layouts.MOST_EXACT, {"igraph", "scipy"}, "forceatlas2"),
        (layouts.MOST_EXACT + 1, {"igraph", "scipy"}, "drl"),
        (layouts.MOST_EXACT + 1, {"scipy"}, "pivotmds"),
    ],
)
def test_size_and_engines_choose(order: int, installed: set[str], algorithm: str) -> None:
    assert layouts.usual(order, installed) == algorithm


def test_places_are_kept_with_the_release(bundle_release: Release) -> None:
    first = layouts.kept(bundle_release, TWO, seed=5)
    files = sorted((bundle_release.folder / "exports").glob("*layout-forceatlas2-5-*.parquet"))
    written = [file.stat().st_mtime_ns for file in files]
    again = layouts.kept(bundle_release, TWO, seed=5)
    assert again.places.equals(first.places)
    assert len(files) == 1
    assert [file.stat().st_mtime_ns for file in files] == written


def test_files_hold_the_places() -> None:
    made = layouts.layout(TWO, "pivotmds", seed=2)
    network = layouts.placed(TWO, made)
    assert network.source.digest == TWO.source.digest
    stream = io.StringIO()
    FORMATS["gexf"].parts[""](network, stream)
    assert "pivotmds of scipy" in stream.getvalue().partition("</meta>")[0]
    read = nx.read_gexf(io.BytesIO(stream.getvalue().encode()))
    found = {node: has["viz"]["position"] for node, has in read.nodes(data=True)}
    assert {(iri, each["x"], each["y"]) for iri, each in found.items()} == set(
        network.nodes.select("iri", "x", "y").iter_rows()
    )
    stream = io.StringIO()
    FORMATS["json"].parts[""](network, stream)
    graph = nx.node_link_graph(json.loads(stream.getvalue()), edges="edges")
    assert {(iri, has["x"], has["y"]) for iri, has in graph.nodes(data=True)} == set(
        network.nodes.select("iri", "x", "y").iter_rows()
    )
    assert graph.graph["layout"] == f"pivotmds of scipy {made.version}, seed 2"
