"""A description as a document in a syntax of RDF, with a few statements about the document itself.

In TriG and N-Quads statements stand in their named graphs; every other syntax has them merged, each once. What the
document says of itself (what it is about, under which licence, from which graphs) stands in the default graph.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from kg.pipeline.inputs import CC_BY
from kg.serve.resources.addresses import Addresses
from kg.serve.resources.description import Description
from kg.store.querying import graph_dump
from kg.vocabulary import DCTERMS, PREFIXES, PROV, RDF, RDFS

_FOAF = PREFIXES["foaf"]
_READABLE = {prefix: name for prefix, name in PREFIXES.items() if prefix != "id"}
"""Below ``id:`` names have slashes, which Turtle must escape: the whole IRI reads better."""
_DATASETS = (ox.RdfFormat.TRIG, ox.RdfFormat.N_QUADS)


def written(description: Description, syntax: ox.RdfFormat, addresses: Addresses) -> bytes:
    """The document.

    Raises
    ------
    InexpressibleError
        The syntax cannot hold one of the statements.
    """
    quads = dict.fromkeys(quads_of(description, addresses))
    output = io.BytesIO()
    if syntax in _DATASETS:
        ox.serialize(sorted(quads, key=_place), output, syntax, prefixes=_used(quads))
    else:
        triples = iter(dict.fromkeys(quad.triple for quad in quads))
        graph_dump.write(triples, syntax, output, prefixes=_used(quads))
    return output.getvalue()


def quads_of(description: Description, addresses: Addresses) -> Iterator[ox.Quad]:
    """All statements of the document, the thing's own first."""
    stated = (*description.own, *description.nested)
    named = {node for statement in stated for node in (statement.subject, statement.predicate, statement.value)}
    for statement in (*stated, *(name for name in description.names if name.subject in named)):
        yield statement.quad
    yield from _about(description, addresses)


def tagged(http: HttpRequest, body: bytes, media_type: str, headers: Mapping[str, str]) -> Response:
    """A document with an ETag of its bytes; 304 to a client that has it."""
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", **headers}
    if tag in http.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    return Response(body, 200, headers, media_type)


def _about(description: Description, addresses: Addresses) -> Iterator[ox.Quad]:
    """What the document says of itself; the same in every syntax, so that all are one graph."""
    document = ox.NamedNode(addresses.document(description.thing.value))
    said: list[tuple[str, ox.NamedNode | ox.Literal]] = [
        (RDF.type, ox.NamedNode(f"{_FOAF}Document")),
        (f"{_FOAF}primaryTopic", description.thing),
        (DCTERMS.license, ox.NamedNode(CC_BY)),
        *((PROV.wasDerivedFrom, ox.NamedNode(graph)) for graph in description.graphs),
    ]
    if not description.whole:
        shown, all_ = len(description.own), sum(description.outgoing.values())
        said.append(
            (
                f"{RDFS.namespace}comment",
                ox.Literal(f"{shown:,} of {all_:,} statements; DESCRIBE gives all", language="en"),
            )
        )
    for name, value in said:
        yield ox.Quad(document, ox.NamedNode(name), value)


def _used(quads: Iterable[ox.Quad]) -> dict[str, str]:
    """The prefixes that make some IRI shorter."""
    terms = {term for quad in quads for term in (*quad.triple, quad.graph_name)}
    texts = {term.datatype.value if isinstance(term, ox.Literal) else str(term)[1:] for term in terms}
    return {prefix: name for prefix, name in _READABLE.items() if any(text.startswith(name) for text in texts)}


def _place(quad: ox.Quad) -> str:
    return "" if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name)
