"""Answers over the dataset that a query or a request states, with the RDF merge of its graphs as the default graph.

Oxigraph's default graph of several graphs gives one solution for each that holds a triple. So where some triple stands
in two of them, the query is answered from a copy in memory that holds it once, or, if all graphs of a release are
stated, from the default graph that such a release has materialised. https://www.w3.org/TR/rdf11-mt/#merging-rdf-graphs
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from kg.errors import QueryError, UnknownGraphError
from kg.sparql.datasets import Dataset
from kg.store.manifest import DefaultGraph, Manifest

Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

_CLOSE = 0.6
_MANY = 20_000
"""More graphs than this are not searched for near names."""


class Datasets:
    """The graphs of one release, to be asked in any combination.

    Parameters
    ----------
    database
        Open for reading; it does not change.
    """

    def __init__(self, database: ox.Store, manifest: Manifest) -> None:
        self.database = database
        self.copy: ox.Store | None = None
        """The same in memory, where there is a copy; the kind of the default graph then is union."""
        self._kind: DefaultGraph = manifest.default_graph
        self._sizes = {graph: part.quads for part in manifest.segments.values() for graph in part.graphs}
        self._shared: dict[frozenset[str], bool] = {}

    @property
    def union(self) -> bool:
        """Whether the default graph is the union view, since no triple stands in two graphs."""
        return self._kind == "union"

    @property
    def own(self) -> bool:
        """Whether the default graph is a graph of its own."""
        return self._kind == "own"

    def query(self, text: str, dataset: Dataset | None, base: str | None = None) -> Results:
        """Evaluate a query over a dataset, or, if it is None, over the whole release.

        Raises
        ------
        QueryError
            A name of a graph is no absolute IRI.
        UnknownGraphError
            The release has no such graph. In a plain folder a graph that is not there is an empty one.

        Notes
        -----
        Whether graphs share a triple takes a look-up for each triple of all but the largest, once per combination;
        a copy 8 µs and some hundred bytes a triple. Both count against the limits of the query.
        """
        database = self._engine(text)
        if dataset is None:
            return database.query(text, base_iri=base, use_default_graph_as_union=self.union)
        default: Sequence[ox.NamedNode | ox.DefaultGraph] = _nodes(dataset.default)
        named = _nodes(dataset.named)
        if self._kind != "own":
            self._refuse_unknown(dataset)
        if self._doubled(dataset.default):
            if self._kind != "materialised" or not {*default} >= {*database.named_graphs()}:
                database = self._merged(dataset)
            default = [ox.DefaultGraph()]
        return database.query(text, base_iri=base, default_graph=[*default], named_graphs=[*named])

    def _engine(self, text: str) -> ox.Store:
        """The copy, except for slices: their parts, answered by several processes, must be in the same order."""
        if self.copy is None:
            return self.database
        lower = text.lower()
        return self.database if "limit" in lower or "offset" in lower else self.copy

    def _refuse_unknown(self, dataset: Dataset) -> None:
        for graph in dataset.graphs:
            if not self.database.contains_named_graph(ox.NamedNode(graph)):
                raise UnknownGraphError(
                    f"there is no graph {graph} in this release, and none is fetched from elsewhere{self._near(graph)}"
                )

    def _near(self, graph: str) -> str:
        names = [name.value for name, _ in zip(self.database.named_graphs(), range(_MANY), strict=False)]
        near = difflib.get_close_matches(graph, names, cutoff=_CLOSE)
        return f"; did you mean {' or '.join(near)}?" if near else ""

    def _doubled(self, graphs: Sequence[str]) -> bool:
        """Whether a triple stands in two of these graphs; never where publishing has found none in all of them."""
        if self.union or len(graphs) < 2:  # noqa: PLR2004  (it takes two)
            return False
        key = frozenset(graphs)
        if key not in self._shared:
            self._shared[key] = self._share_a_triple(sorted(key, key=lambda graph: self._sizes.get(graph, 0)))
        return self._shared[key]

    def _share_a_triple(self, graphs: Sequence[str]) -> bool:
        nodes = _nodes(graphs)
        return any(self._overlap(node, nodes[place:]) for place, node in enumerate(nodes[:-1], 1))

    def _overlap(self, one: ox.NamedNode, others: Sequence[ox.NamedNode]) -> bool:
        query = f"ASK {{ GRAPH {one} {{ ?s ?p ?o }} ?s ?p ?o }}"
        return bool(self.database.query(query, default_graph=[*others], named_graphs=[one]))

    def _merged(self, dataset: Dataset) -> ox.Store:
        store = ox.Store()
        store.bulk_extend(ox.Quad(*quad.triple) for quad in self._quads(dataset.default))
        store.bulk_extend(self._quads(dataset.named))
        return store

    def _quads(self, graphs: Sequence[str]) -> Iterator[ox.Quad]:
        for graph in _nodes(graphs):
            yield from self.database.quads_for_pattern(None, None, None, graph)


def _nodes(graphs: Sequence[str]) -> list[ox.NamedNode]:
    try:
        return [ox.NamedNode(graph) for graph in dict.fromkeys(graphs)]
    except ValueError as error:
        raise QueryError(f"the name of a graph is no absolute IRI: {error}") from error
