"""The part of a graph that an answer shows, written: node-link JSON, GraphML, Turtle."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import networkx as nx
import pyoxigraph as ox
from starlette.requests import Request as HttpRequest

from kg.explore.graphs import Graph
from kg.explore.schema import Overview
from kg.export.networks.values import expressible
from kg.queries.labels import Label
from kg.serve.negotiation import GRAPHS, chosen
from kg.store.querying import graph_dump
from kg.vocabulary import PREFIXES, RDF, RDFS, VOID, shortened

JSON, GRAPHML, TURTLE = "application/json", "application/graphml+xml", GRAPHS["turtle"]
FORMATS: Mapping[str, str] = {"json": JSON, "graphml": GRAPHML, "turtle": TURTLE}
"""By the name that ``?format=`` takes; the first counts when the client has no wish."""

_SCALARS = (bool, int, float, str)
_READABLE = {prefix: name for prefix, name in PREFIXES.items() if prefix != "id"}


def media_type(http: HttpRequest) -> str:
    """The form that suits the client; errors as of `kg.serve.negotiation.chosen`."""
    return chosen(FORMATS, accept=http.headers.get("accept", ""), name=http.query_params.get("format"))


def written(media_type: str, told: Mapping[str, Any], graph: Graph) -> bytes:
    """An answer in one of these forms."""
    write = {JSON: as_json, GRAPHML: as_graphml, TURTLE: as_turtle}[media_type]
    return write(told, graph)


def as_json(told: Mapping[str, Any], graph: Graph) -> bytes:
    """An answer with its graph as node-link JSON, which ``networkx.node_link_graph(answer, edges="edges")`` reads."""
    linked = nx.node_link_data(graph.to_networkx(), edges="edges")
    for node in linked["nodes"]:
        node["href"] = href(node["id"])
    return json.dumps({**told, **linked, "graph": {"release": told.get("release", "")}}, ensure_ascii=False).encode()


def as_graphml(told: Mapping[str, Any], graph: Graph) -> bytes:
    """The graph as GraphML. Ids are ``n0``, ``n1`` …, as the schema wants names there; IRIs are attributes."""
    made: nx.MultiDiGraph[str] = nx.MultiDiGraph(**_flat({"release": told.get("release", "")}))
    ids = {iri: f"n{number}" for number, iri in enumerate(graph.nodes)}
    for iri, node in graph.nodes.items():
        made.add_node(ids[iri], iri=iri, **_flat(node.told()))
    for number, (link, said) in enumerate(graph.links.items()):
        ends = ids[link.source], ids[link.target]
        made.add_edge(
            *ends, key=f"e{number}", property=link.property, **_flat({"label": shortened(link.property), **said})
        )
    text = "\n".join(nx.generate_graphml(made))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def as_turtle(_: Mapping[str, Any], graph: Graph) -> bytes:
    """The links as triples, with labels and classes of what they join."""
    return _turtle(_stated(graph))


def schema_as_turtle(overview: Overview) -> bytes:
    """An overview in VoID: a partition for each class and each of its properties, a set of links for each other one."""
    return _turtle(_void(overview))


def href(iri: str) -> str:
    """The address at which a thing is explored."""
    return f"/explore/{quote(iri, safe='')}"


def term(value: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple) -> dict[str, str]:
    """A value as SPARQL results in JSON have it."""
    match value:
        case ox.NamedNode():
            return {"type": "uri", "value": value.value}
        case ox.Literal(language=str(language)):
            return {"type": "literal", "value": value.value, "xml:lang": language}
        case ox.Literal():
            return {"type": "literal", "value": value.value, "datatype": value.datatype.value}
        case _:
            return {"type": "bnode" if isinstance(value, ox.BlankNode) else "triple", "value": str(value)}


def label(of: Label | None) -> dict[str, str]:
    """A name with its language, as members of an answer; none where there is none."""
    return {} if of is None else {"label": str(of), **({"language": of.language} if of.language else {})}


def _flat(told: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as GraphML has them: numbers, truth values and texts; lists as one text."""
    flat = {name: value if isinstance(value, _SCALARS) else " ".join(map(str, value)) for name, value in told.items()}
    return {name: expressible(value) if isinstance(value, str) else value for name, value in flat.items()}


def _stated(graph: Graph) -> Iterator[ox.Triple]:
    a, named = ox.NamedNode(RDF.type), ox.NamedNode(RDFS.label)
    for link in graph.links:
        yield ox.Triple(ox.NamedNode(link.source), ox.NamedNode(link.property), ox.NamedNode(link.target))
    for iri, node in graph.nodes.items():
        for kind in node.classes:
            yield ox.Triple(ox.NamedNode(iri), a, ox.NamedNode(kind))
        if node.label is not None:
            yield ox.Triple(ox.NamedNode(iri), named, ox.Literal(str(node.label), language=node.label.language or None))


def _void(overview: Overview) -> Iterator[ox.Triple]:
    dataset = ox.BlankNode("dataset")
    parts = {kind: ox.BlankNode(f"class{number}") for number, kind in enumerate(overview.things)}
    yield _of(dataset, RDF.type, ox.NamedNode(VOID.Dataset))
    for kind, number in overview.things.items():
        yield _of(dataset, VOID.classPartition, parts[kind])
        yield _of(parts[kind], VOID.class_, ox.NamedNode(kind))
        yield _of(parts[kind], VOID.entities, ox.Literal(number))
    for number, ((kind, name), count) in enumerate(overview.stated.items()):
        part = ox.BlankNode(f"property{number}")
        yield _of(parts[kind], VOID.propertyPartition, part)
        yield _of(part, VOID.property, ox.NamedNode(name))
        yield _of(part, VOID.triples, ox.Literal(count))
    for number, each in enumerate(overview.between):
        part = ox.BlankNode(f"links{number}")
        yield _of(part, RDF.type, ox.NamedNode(VOID.Linkset))
        yield _of(part, VOID.subjectsTarget, parts[each.source])
        yield _of(part, VOID.linkPredicate, ox.NamedNode(each.property))
        yield _of(part, VOID.objectsTarget, parts[each.target])
        yield _of(part, VOID.triples, ox.Literal(each.count))


def _of(subject: ox.BlankNode, name: str, value: ox.NamedNode | ox.BlankNode | ox.Literal) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(name), value)


def _turtle(triples: Iterable[ox.Triple]) -> bytes:
    output, told = io.BytesIO(), dict.fromkeys(triples)
    names = {term.value for triple in told for term in triple if isinstance(term, ox.NamedNode)}
    used = {prefix: space for prefix, space in _READABLE.items() if any(name.startswith(space) for name in names)}
    graph_dump.write(iter(told), ox.RdfFormat.TURTLE, output, prefixes=used)
    return output.getvalue()
