"""All triples of one graph, written as they are read: the graph that the Graph Store Protocol answers with.

A CONSTRUCT would remember every triple that it has given, so that its memory grows with the graph; this does not.

Oxigraph writes some triples in a form that no other reader takes: in RDF/XML predicates that end in no name, and
characters that XML has no place for. Where a syntax cannot hold a triple, the answer is refused rather than spoilt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import IO, cast

import pyoxigraph as ox

from kg.errors import InexpressibleError

_Fault = Callable[[ox.Triple], str]

_START = (
    r"A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F\u2C00-\u2FEF"
    r"\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_ENDS_IN_NAME = re.compile(rf"[{_START}][{_START}\-.0-9\u00B7\u0300-\u036F\u203F\u2040]*\Z")
_NO_XML = re.compile(r"[\x00-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]")
_SYNTAX_TERM = re.compile(
    re.escape("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
    + "(RDF|ID|about|parseType|resource|nodeID|datatype|Description|li|aboutEach|aboutEachPrefix|bagID)"
)


def dump(database: ox.Store, graph: str | None, syntax: ox.RdfFormat, output: IO[bytes], *, merged: bool) -> None:
    """Write the triples of a graph, none if it is not there; in a syntax of datasets as the default graph.

    Parameters
    ----------
    graph
        None for the default graph.
    merged
        Whether the default graph is the union of all named graphs, of which no two hold the same triple.

    Raises
    ------
    InexpressibleError
        The syntax cannot hold one of the triples; part of the answer may have been written.

    Notes
    -----
    5 CPU µs a triple in Turtle, which is what Oxigraph's own ``dump`` takes.
    """
    node = ox.DefaultGraph() if graph is None else ox.NamedNode(graph)
    quads = database.quads_for_pattern(None, None, None, None if merged and graph is None else node)
    write((quad.triple for quad in quads), syntax, output)


def dump_all(database: ox.Store, syntax: ox.RdfFormat, output: IO[bytes], *, default: bool) -> None:
    """Write all graphs in a syntax of datasets.

    Parameters
    ----------
    default
        Whether the default graph is one of its own; else what it holds is copied from the others, and left out.
    """
    quads = database.quads_for_pattern(None, None, None, None)
    nowhere = ox.DefaultGraph()
    ox.serialize((quad for quad in quads if default or quad.graph_name != nowhere), output, syntax)


def write(
    triples: Iterator[ox.Triple], syntax: ox.RdfFormat, output: IO[bytes], prefixes: Mapping[str, str] | None = None
) -> None:
    """Write triples as they come; errors as `dump`."""
    fault = _FAULTS.get(syntax)
    given = dict(prefixes) if prefixes else None
    ox.serialize(_checked(triples, syntax, fault) if fault else triples, output, syntax, prefixes=given)


def size(database: ox.Store, graph: str | None, syntax: ox.RdfFormat, *, merged: bool, limit: int) -> int | None:
    """How many bytes `dump` would write; None if more than a limit, at which it stops counting."""
    counter = _Counter(limit)
    try:
        dump(database, graph, syntax, cast(IO[bytes], counter), merged=merged)
    except _Enough:
        return None
    return counter.size


class _Enough(Exception):  # noqa: N818  (no error)
    """More than was to be counted."""


class _Counter:
    """A file that keeps nothing."""

    def __init__(self, limit: int) -> None:
        self.size, self._limit = 0, limit

    def write(self, data: bytes) -> int:
        self.size += len(data)
        if self.size > self._limit:
            raise _Enough
        return len(data)

    def flush(self) -> None:
        """Nothing to do."""


def _checked(triples: Iterator[ox.Triple], syntax: ox.RdfFormat, fault: _Fault) -> Iterator[ox.Triple]:
    for triple in triples:
        if text := fault(triple):
            raise InexpressibleError(f"{syntax.name} cannot hold {text}; ask for text/turtle")
        yield triple


def _fault_in_xml(triple: ox.Triple) -> str:
    value: object = triple
    while isinstance(value, ox.Triple):  # these may nest deeper than Python calls itself
        predicate, value = value.predicate.value, value.object
        if not _ENDS_IN_NAME.search(predicate) or _SYNTAX_TERM.fullmatch(predicate):
            return f"the predicate <{predicate}>"
    if isinstance(value, ox.Literal) and _NO_XML.search(value.value):
        return "a control character in a text"
    return ""


def _fault_in_json(triple: ox.Triple) -> str:
    return "triple terms" if isinstance(triple.object, ox.Triple) else ""


_FAULTS: dict[ox.RdfFormat, _Fault] = {
    ox.RdfFormat.RDF_XML: _fault_in_xml,
    ox.RdfFormat.JSON_LD: _fault_in_json,
}
