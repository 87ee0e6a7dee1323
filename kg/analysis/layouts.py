"""Layouts: a place in the plane for each node, computed once for a network of a release and kept beside it.

A layout says which engine made it and from which seed; the same ones give the same places again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from kg.analysis.engines import ENGINES, forms
from kg.analysis.network import Network
from kg.errors import AnalysisError, NetworkTooLargeError, ParameterError
from kg.store.release import Release
from kg.store.shelf import Batch, Shelf, flat, key_of

MOST_EXACT = 2_000
"""Nodes up to which all pairs repel each other: 16 CPU s at that size, growing with the square."""
PLACES = ("x", "y")
"""The columns of nodes that hold where they are."""
USUAL = "usual"
"""What stands for the algorithm that suits the size."""

_CODE = "1"
_SHOWN = 16


@dataclass(frozen=True)
class Layout:
    """Places of nodes.

    Attributes
    ----------
    places : frame
        ``x`` and ``y`` (Float64), a row for each node of the network, in the order of its nodes.
    algorithm, engine, version, seed
        What made it.
    """

    places: pl.DataFrame
    algorithm: str
    engine: str
    version: str
    seed: int

    @property
    def made_by(self) -> str:
        """What made it, in words: ``pivotmds of scipy 1.17.1, seed 1``."""
        return f"{self.algorithm} of {self.engine} {self.version}, seed {self.seed}"


def _forceatlas2(network: Network, seed: int) -> np.ndarray:
    """Repulsion by degree, attraction by weight (Jacomy, Venturini, Heymann and Bastian 2014, PLOS ONE 9(6))."""
    import networkx as nx  # noqa: PLC0415 - 0.1 s, and not all need it

    if network.order > MOST_EXACT:
        raise NetworkTooLargeError(
            f"forceatlas2 places at most {MOST_EXACT:,} nodes, and there are {network.order:,}: take pivotmds, "
            "a shorter time (from, until), heavier edges (minimum), or leave out nodes without edges (isolates=false)"
        )
    places = nx.forceatlas2_layout(forms(network).graph, weight="weight", seed=seed)
    return np.array([places[index] for index in range(network.order)], dtype=np.float64)


def _drl(network: Network, seed: int) -> np.ndarray:
    """Force-directed in several stages, for large networks (Martin, Brown, Klavans and Boyack 2011, OpenOrd)."""
    import igraph  # noqa: PLC0415 - an extra

    igraph.set_random_number_generator(random.Random(seed))  # noqa: S311 - for places, not for secrets
    try:
        places = forms(network).igraph.layout_drl(weights="weight")
    finally:
        igraph.set_random_number_generator(random)
    return np.array(places.coords, dtype=np.float64)


def _pivotmds(network: Network, seed: int) -> np.ndarray:
    """Distances like those to 64 nodes, for networks of any size (Brandes and Pich 2006)."""
    from kg.analysis import pivots  # noqa: PLC0415 - scipy takes a while, and not all need it

    pattern = forms(network).pattern
    return pivots.places(pattern + pattern.T if network.directed else pattern, seed)


_MAKERS: Mapping[str, tuple[str, Callable[[Network, int], np.ndarray]]] = {
    "forceatlas2": ("networkx", _forceatlas2),
    "pivotmds": ("scipy", _pivotmds),
    "drl": ("igraph", _drl),
}
ALGORITHMS = tuple(_MAKERS)
"""Names of layouts: ForceAtlas2 of networkx, Pivot MDS of our own, DrL of igraph, which is an extra."""


def layout(network: Network, algorithm: str = "", *, seed: int = 1) -> Layout:
    """Places for the nodes of a network.

    Parameters
    ----------
    algorithm
        One of `ALGORITHMS`; where none is named ForceAtlas2 up to `MOST_EXACT` nodes, above DrL where igraph is
        installed and Pivot MDS where it is not.

    Raises
    ------
    ParameterError
        The algorithm is unknown, or the seed below 0.
    NetworkTooLargeError
        There are too many nodes for it.
    AnalysisError
        Its engine is not installed; it gave places that are none.
    """
    name = algorithm or _usual(network)
    if name not in _MAKERS:
        raise ParameterError("layout", f"one of {', '.join(ALGORITHMS)}", ALGORITHMS)
    if seed < 0:
        raise ParameterError("seed", "a whole number from 0")
    engine, make = _MAKERS[name]
    version = ENGINES[engine].version  # AnalysisError where it is not installed
    found = make(network, seed) if network.order > 1 else np.zeros((network.order, 2))
    if not np.isfinite(found).all():
        raise AnalysisError(f"{name} found no places for some nodes; take another seed or layout")
    places = pl.DataFrame({axis: found[:, column] for column, axis in enumerate(PLACES)})
    return Layout(places, name, engine, version, seed)


def usual(order: int, installed: Collection[str]) -> str:
    """The algorithm for so many nodes, by the engines that are installed."""
    if order <= MOST_EXACT:
        return "forceatlas2"
    return "drl" if "igraph" in installed else "pivotmds"


def _usual(network: Network) -> str:
    return usual(network.order, {engine.name for engine in ENGINES.values() if engine.present})


def kept(release: Release | None, network: Network, algorithm: str = "", *, seed: int = 1, keep: bool = True) -> Layout:
    """The same, from the shelf of a release.

    Parameters
    ----------
    keep
        Put it there if it is not there yet. Not for anybody who asks: it stays as long as the release does.

    Raises
    ------
    ParameterError, NetworkTooLargeError, AnalysisError
        As of `layout`.
    """
    chosen = algorithm or _usual(network)
    if release is None or not release.manifest.segments or chosen not in _MAKERS:
        return layout(network, chosen, seed=seed)
    engine = ENGINES[_MAKERS[chosen][0]]
    digest = network.source.digest
    stem = f"{chosen}-{seed}-{digest[:_SHOWN]}"
    name = f"networks/layout-{stem}.parquet"
    version = engine.version

    def make(_: Release, folder: Path) -> None:
        layout(network, chosen, seed=seed).places.write_parquet(folder / flat(name))

    batch = Batch(f"layout-{stem}", (name,), key_of(release, None, _CODE, digest, version), make)
    shelf = Shelf(release)
    file = shelf.get(batch)[name] if keep else shelf.find(batch, name)
    if file is None:
        return layout(network, chosen, seed=seed)
    places = pl.read_parquet(file.path)
    return Layout(places, chosen, engine.name, version, seed)


def placed(network: Network, of: Layout) -> Network:
    """The network whose nodes have the attributes ``x`` and ``y``, and whose origin says what placed them."""
    nodes = network.nodes.drop(PLACES, strict=False).with_columns(of.places.get_columns())
    return replace(network, nodes=nodes, source=replace(network.source, layout=of.made_by))
