"""Tests of the service description: the suite has their names only, what they ask for is in the recommendation.

References
----------
SPARQL 1.1 Service Description, W3C Recommendation 2013, sections 2 and 3
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pyshacl
import rdflib

from .manifests import Entry
from .rdf import SD, Graph
from .servers import Server

_ACCEPT = "text/turtle, application/rdf+xml;q=0.9, application/n-triples;q=0.8"
_SHAPES = Path(__file__).with_name("description.ttl")


def description(entry: Entry, server: Server) -> str:
    """What the description has otherwise than the test named last in the IRI asks for; empty if all is well."""
    response = server.http.get(server.query, headers={"Accept": _ACCEPT})
    syntax = ox.RdfFormat.from_media_type(response.headers.get("content-type", ""))
    if not response.is_success or syntax is None:
        return f"no RDF at the endpoint: {response.status_code} {response.headers.get('content-type')}"
    quads = list(ox.parse(response.content, format=syntax, base_iri=server.query))
    return _TESTS[entry.name.rpartition("/")[2]](server, quads)


def _returns_rdf(server: Server, quads: list[ox.Quad]) -> str:
    return "" if quads else "the description is empty"


def _has_endpoint(server: Server, quads: list[ox.Quad]) -> str:
    graph = Graph(quad.triple for quad in quads)
    named = {
        str(o)[1:-1] for service in graph.subjects(f"{SD}endpoint") for o in graph.objects(service, f"{SD}endpoint")
    }
    return "" if server.query in named else f"the endpoints it names: {sorted(named)}"


def _conforms(server: Server, quads: list[ox.Quad]) -> str:
    data = rdflib.Graph().parse(data=ox.serialize(quads, format=ox.RdfFormat.N_TRIPLES), format="nt")
    conforms, _, text = pyshacl.validate(data, shacl_graph=rdflib.Graph().parse(_SHAPES), meta_shacl=False)
    return "" if conforms else str(text)


_TESTS = {"returns-rdf": _returns_rdf, "has-endpoint-triple": _has_endpoint, "conforms-to-schema": _conforms}
