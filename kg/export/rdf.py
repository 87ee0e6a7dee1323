"""A release, or one of its graphs, as an RDF file.

N-Quads, TriG and JSON-LD keep the named graphs; Turtle and N-Triples of a whole release are the merge of its graphs,
each triple once. Of one graph, every format holds its triples in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO

import pyoxigraph as ox

from kg.errors import NotFoundError
from kg.store.embedded import EmbeddedStore
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


def write(store: EmbeddedStore, stream: IO[bytes], *, format: str, graph: str | None = None) -> None:
    """Write the store, or one named graph, to a binary stream.

    Parameters
    ----------
    format
        A key of `FORMATS`.
    graph
        IRI of the graph to write; all graphs when None.

    Raises
    ------
    NotFoundError
        The store has no such graph; the text lists those that it has.

    Notes
    -----
    Memory: the largest graph, which is sorted; for the merge of all graphs the distinct triples.
    """
    syntax = FORMATS[format]
    if graph is not None and graph not in store.graphs():
        known = "\n  ".join(store.graphs())
        raise NotFoundError(f"no graph {graph}; there are\n  {known}")
    statements: Iterable[ox.Quad] | Iterable[ox.Triple] = sorted_quads(store, graph)
    if not syntax.supports_datasets or (graph is not None and format != "nquads"):
        statements = dict.fromkeys(quad.triple for quad in sorted_quads(store, graph))
    ox.serialize(statements, stream, format=syntax, prefixes=_READABLE)


def sorted_quads(store: EmbeddedStore, graph: str | None) -> Iterator[ox.Quad]:
    """Quads graph by graph and subject by subject, so that serialisations group them."""
    for name in store.graphs() if graph is None else [graph]:
        yield from sorted(store.quads(name), key=lambda quad: (str(quad.subject), str(quad.predicate)))
