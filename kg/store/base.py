"""What a store can do. Two kinds implement it: embedded Oxigraph releases, and any SPARQL 1.1 server.

Everything above this protocol speaks SPARQL and works on both. Terms are pyoxigraph's; rdflib stays at the edges that
need it. The default graph of every query is the union of the named graphs, or of those named in ``graphs``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kg.store.manifest import Manifest

Term = NamedNode | BlankNode | Literal | Triple
Row = Mapping[str, Term]
"""One solution: variable name without question mark to term; a variable that is not bound is absent."""


def text_of(term: Term | None) -> str:
    """The IRI of a node or the text of a literal, whatever its type; what else there is as SPARQL writes it.

    A variable that is not bound gives the empty text.
    """
    if isinstance(term, NamedNode | Literal):
        return term.value
    return "" if term is None else str(term)


class Published(Protocol):
    """A release that can be asked, wherever it lies."""

    @property
    def id(self) -> str:
        """What it is told from others by; empty where that is not known, and then nothing it says may be kept."""
        ...

    @property
    def manifest(self) -> Manifest:
        """What it is made of."""
        ...

    def reported(self) -> str | None:
        """The SHACL report that it came with, in Turtle; None if it keeps none."""
        ...

    def gone(self) -> frozenset[str]:
        """IRIs of things that earlier releases told of and this one does not, as far as that is known."""
        ...


class Store(Protocol):
    """A set of named graphs that answers SPARQL."""

    def select(self, query: str, *, graphs: Sequence[str] | None = None) -> Iterator[Row]:
        """Solutions of a SELECT query, in its order.

        Parameters
        ----------
        graphs
            IRIs of the named graphs whose union is the default graph of the query; all of them when None.

        Raises
        ------
        QuerySyntaxError
            The text is not SPARQL.
        QueryError
            It is SPARQL and not a SELECT.
        """
        ...

    def ask(self, query: str, *, graphs: Sequence[str] | None = None) -> bool:
        """The answer of an ASK query; errors as for `select`."""
        ...

    def construct(self, query: str, *, graphs: Sequence[str] | None = None) -> Iterator[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE query; errors as for `select`."""
        ...

    def graphs(self) -> list[str]:
        """The IRIs of all named graphs, sorted."""
        ...

    def quads(self, graph: str | None = None) -> Iterator[Quad]:
        """All quads, or those of one named graph, in no particular order."""
        ...

    def apply(self, added: Iterable[Quad], removed: Iterable[Quad]) -> None:
        """Remove, then add. Raises ReadOnlyError on a store opened for reading."""
        ...
