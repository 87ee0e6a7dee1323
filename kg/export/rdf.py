"""Graphs as RDF files: N-Quads, TriG and JSON-LD keep the named graphs; Turtle and N-Triples of all are their merge.

In come graphs, from the segments of a release or from a store; statements go out in order of graph and subject, so that
a syntax groups them, and each triple of a merge once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Protocol

import pyoxigraph as ox

from kg.errors import NotFoundError
from kg.store import canonical
from kg.store.embedded import EmbeddedStore
from kg.store.release import Release
from kg.vocabulary import PREFIXES

FORMATS: dict[str, ox.RdfFormat] = {
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
}
"""Names on the command line, and what they write."""

_READABLE = {prefix: iri for prefix, iri in PREFIXES.items() if prefix != "id"}
"""Below ``id:`` names have slashes, which Turtle must escape: the whole IRI reads better."""


class Graphs(Protocol):
    """What can be written: named graphs whose quads come in order."""

    def names(self) -> Sequence[str]:
        """IRIs of all graphs, sorted."""
        ...

    def quads(self, graph: str) -> Iterator[ox.Quad]:
        """The quads of a graph, by subject and predicate."""
        ...


class OfSegments:
    """The graphs of a release, read from its segments: no database is opened, and memory does not grow."""

    def __init__(self, release: Release) -> None:
        self._release = release
        segments = release.manifest.segments
        self._segments = {graph: name for name, segment in segments.items() for graph in segment.graphs}

    def names(self) -> Sequence[str]:
        """See `Graphs.names`."""
        return sorted(self._segments)

    def quads(self, graph: str) -> Iterator[ox.Quad]:
        """See `Graphs.quads`."""
        segment = self._segments[graph]
        lines = self._release.lines(segment)
        if len(self._release.manifest.segments[segment].graphs) > 1:
            ending = f" <{graph}> .\n".encode()
            lines = (line for line in lines if line.endswith(ending))
        return canonical.parse(lines)


class OfStore:
    """The graphs of a store. Memory: that of the largest graph, which is sorted."""

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store

    def names(self) -> Sequence[str]:
        """See `Graphs.names`."""
        return self._store.graphs()

    def quads(self, graph: str) -> Iterator[ox.Quad]:
        """See `Graphs.quads`."""
        return iter(sorted(self._store.quads(graph), key=lambda quad: (str(quad.subject), str(quad.predicate))))


def write(graphs: Graphs, stream: IO[bytes], *, format: str, graph: str | None = None) -> None:
    """Write all graphs, or one, to a binary stream.

    Parameters
    ----------
    format
        A key of `FORMATS`.
    graph
        IRI of the graph to write; all graphs when None.

    Raises
    ------
    NotFoundError
        There is no such graph; the text lists those that there are.

    Notes
    -----
    4 CPU µs a quad. Memory, for the merge of all graphs: the distinct triples.
    """
    syntax = FORMATS[format]
    if graph is not None and graph not in graphs.names():
        known = "\n  ".join(graphs.names())
        raise NotFoundError(f"no graph {graph}; there are\n  {known}")
    quads = (quad for name in ([graph] if graph else graphs.names()) for quad in graphs.quads(name))
    statements: Iterable[ox.Quad] | Iterable[ox.Triple] = quads
    if graph is not None and format != "nquads":
        statements = (quad.triple for quad in quads)
    elif not syntax.supports_datasets:
        statements = dict.fromkeys(quad.triple for quad in quads)
    ox.serialize(statements, stream, format=syntax, prefixes=_READABLE)
