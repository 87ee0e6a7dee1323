"""RDF that a client sends for one graph, in whatever syntax: its quads, all of which stand in that graph.

Runs where time and memory are limited: nothing here is.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.errors import BodyError, MediaTypeError, SourceError
from kg.store.changes import Part
from kg.store.rdf_files import FORMATS, RdfFile, parsed

MEDIA_TYPES = tuple(dict.fromkeys(format.media_type for format in FORMATS.values()))
READING = "reading what was sent"
"""The step of a write that a hostile body can make endless, or the end of the process."""
_EXPANSION = 100


def graph_name(graph: str | None) -> ox.NamedNode | ox.DefaultGraph:
    """The name of a graph, as the engine has it; None is the default graph.

    Raises
    ------
    BodyError
        It is no absolute IRI.
    """
    try:
        return ox.DefaultGraph() if graph is None else ox.NamedNode(graph)
    except ValueError as error:
        raise BodyError(f"{graph!r} cannot name a graph: {error}") from error


def quads(part: Part, graph: ox.NamedNode | ox.DefaultGraph, base: str) -> Iterator[ox.Quad]:
    """What was sent, its triples in a graph; blank nodes are renamed, so that those of two parts are never the same.

    Raises
    ------
    MediaTypeError
        It is of a syntax that is not read.
    BodyError
        It is not of its syntax, or states something in another graph.
    """
    for quad in dataset(part, base):
        if quad.graph_name not in (graph, ox.DefaultGraph()):
            raise BodyError(f"the data sent names the graph {quad.graph_name}, and it is to go into {graph}")
        yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def dataset(part: Part, base: str) -> Iterator[ox.Quad]:
    """What was sent, in the graphs that it names; errors as of `quads`."""
    if ox.RdfFormat.from_media_type(part.media_type) not in FORMATS.values():
        raise MediaTypeError(f"{part.media_type or 'nothing'} is not read here; send one of {', '.join(MEDIA_TYPES)}")
    try:
        yield from parsed(RdfFile(part.content, base, part.media_type, name="the data sent"), expansion=_EXPANSION)
    except (BodyError, MediaTypeError):
        raise
    except SourceError as error:
        raise BodyError(str(error)) from error
