"""The libraries that compute measures: what each is, whether it is here, and a network in its form.

A network is converted to a form once, at first use, and the form is kept as long as the network is. Which library
computes which measure is said in `kg.analysis.measures.ways`.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import metadata, util
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from scipy import sparse

from kg.errors import AnalysisError

if TYPE_CHECKING:
    import networkx as nx

    from kg.analysis.network import Network


@dataclass(frozen=True)
class Engine:
    """A library: its name here and in the package index, its licence, and the extra that installs it, if one does."""

    name: str
    package: str
    module: str
    licence: str
    extra: str = ""

    @property
    def present(self) -> bool:
        """Whether it is installed."""
        return util.find_spec(self.module) is not None

    @property
    def version(self) -> str:
        """Its version. Raises AnalysisError with how to install it where it is not."""
        if not self.present:
            how = f"pip install 'kg[{self.extra}]'" if self.extra else f"pip install {self.package}"
            raise AnalysisError(f"the engine {self.name} is not installed; {how}")
        return metadata.version(self.package)


ENGINES = {
    engine.name: engine
    for engine in (
        Engine("scipy", "scipy", "scipy", "BSD-3-Clause"),
        Engine("networkx", "networkx", "networkx", "BSD-3-Clause"),
        Engine("graspologic", "graspologic-native", "graspologic_native", "MIT"),
        Engine("networkit", "networkit", "networkit", "MIT", extra="networkit"),
        Engine("igraph", "igraph", "igraph", "GPL-2.0-or-later", extra="igraph"),
    )
}
"""scipy stands for what is computed here, on sparse matrices and arrays; networkx is the reference."""


class Forms:
    """One network in the forms that engines take; nodes are indices everywhere but in networkx's graph."""

    def __init__(self, network: Network) -> None:
        self.directed = network.directed
        self.order = network.order
        self.size = network.size
        self._edges = network.edges
        self._matrix = network.matrix

    @cached_property
    def matrix(self) -> sparse.csr_array:
        """The weights; a row and a column for each node, symmetric unless directed, columns sorted in each row."""
        made = sparse.csr_array(self._matrix(), dtype=np.float64)
        made.sort_indices()
        return made

    @cached_property
    def pattern(self) -> sparse.csr_array:
        """1 where there is an edge, whatever its weight."""
        weights = self.matrix
        return sparse.csr_array((np.ones(weights.nnz), weights.indices, weights.indptr), shape=weights.shape)

    @cached_property
    def backwards(self) -> sparse.csr_array:
        """The pattern with all edges turned round."""
        return self.pattern.T.tocsr() if self.directed else self.pattern

    @cached_property
    def degrees(self) -> np.ndarray:
        """How many edges leave each node."""
        return np.diff(self.matrix.indptr)

    @cached_property
    def graph(self) -> nx.Graph:
        """networkx: nodes are indices, edges have ``weight`` and ``distance``, its inverse."""
        import networkx as nx  # noqa: PLC0415 - 0.1 s, and not all need it

        made = nx.DiGraph() if self.directed else nx.Graph()
        made.add_nodes_from(range(self.order))
        rows = self._edges.select("source", "target", "weight").iter_rows()
        made.add_edges_from((one, other, {"weight": weight, "distance": 1 / weight}) for one, other, weight in rows)
        return made

    @cached_property
    def igraph(self) -> Any:
        """igraph: edges have ``weight`` and ``distance``, its inverse."""
        import igraph  # noqa: PLC0415 - an extra

        ends = self._edges.select("source", "target").to_numpy().astype(np.int64)
        made = igraph.Graph(n=self.order, edges=ends, directed=self.directed)
        weights = self._edges["weight"].to_numpy()
        made.es["weight"], made.es["distance"] = weights, 1 / weights
        return made

    @cached_property
    def networkit(self) -> Any:
        """networkit, without weights."""
        return self._networkit(None)

    @cached_property
    def networkit_strengths(self) -> Any:
        """networkit, with the weights."""
        return self._networkit(self._edges["weight"].to_numpy())

    @cached_property
    def networkit_distances(self) -> Any:
        """networkit, with 1/weight."""
        return self._networkit(1 / self._edges["weight"].to_numpy())

    def _networkit(self, values: np.ndarray | None) -> Any:
        kit = networkit()
        one, other = (self._edges[end].to_numpy().astype(np.uint64) for end in ("source", "target"))
        given = (one, other) if values is None else (np.ascontiguousarray(values), (one, other))
        return kit.GraphFromCoo(given, n=self.order, weighted=values is not None, directed=self.directed)


@cache
def networkit() -> Any:
    """Networkit with one thread: sums of several threads differ in their last digits from run to run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parts that are not used here and miss packages of their own
        import networkit as kit  # noqa: PLC0415 - an extra

    kit.setNumberOfThreads(1)
    return kit


_KEPT: WeakKeyDictionary[Network, Forms] = WeakKeyDictionary()


def forms(network: Network) -> Forms:
    """The forms of a network, the same ones each time."""
    if network not in _KEPT:
        _KEPT[network] = Forms(network)
    return _KEPT[network]
