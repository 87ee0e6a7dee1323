"""Layouts: places that come out the same, kept with the release, and read by others."""

from __future__ import annotations

import io
import json

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
    with pytest.raises(NetworkTooLargeError, match="drl"):
        layouts.layout(Network.of(nx.empty_graph(layouts.MOST_EXACT + 1)), "forceatlas2")


def test_places_are_kept_with_the_release(bundle_release: Release) -> None:
    first = layouts.kept(bundle_release, TWO, seed=5)
    files = sorted((bundle_release.folder / "exports").glob("*layout-forceatlas2-5-*.parquet"))
    written = [file.stat().st_mtime_ns for file in files]
    again = layouts.kept(bundle_release, TWO, seed=5)
    assert again.places.equals(first.places)
    assert len(files) == 1
    assert [file.stat().st_mtime_ns for file in files] == written


def test_files_hold_the_places() -> None:
    network = layouts.placed(TWO, layouts.layout(TWO))
    stream = io.StringIO()
    FORMATS["gexf"].parts[""](network, stream)
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
