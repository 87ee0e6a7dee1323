"""A release described with VoID: its size, what classes and properties it has, its graphs, where its links lead.

In come the manifest and the statistics of a release, out go triples; nothing is counted here.
https://www.w3.org/TR/void/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg import iris, provenance
from kg.export import naming
from kg.export.naming import Place
from kg.export.statistics import SPACES, Class, Graph, Links, Statistics
from kg.export.triples import Node, Value, Values, about, iri, nameless, number, text, words
from kg.store.manifest import Manifest
from kg.vocabulary import DCTERMS, FOAF, PROV, VOID

_FORMATS = ("Turtle", "N-Triples", "N-Quads", "TriG", "JSON-LD", "RDF_XML")
_NAMESPACE = re.compile(r"^.*[#/]")


def document(
    manifest: Manifest, statistics: Statistics, place: Place, dumps: Iterable[str], runs: Iterable[ox.Triple]
) -> Iterator[ox.Triple]:
    """What stands at ``/.well-known/void``.

    Parameters
    ----------
    dumps
        Paths of files that hold the whole release.
    runs
        What is recorded of who made which graph (`kg.provenance`).
    """
    dataset = iri(naming.dataset(manifest.id))
    has: dict[str, Values] = {
        DCTERMS.title: words(en="Description of the technology transfer graph", zh="科技成果转化知识图谱的描述"),
        FOAF.primaryTopic: dataset,
    }
    yield from about(place.of(".well-known/void"), VOID.DatasetDescription, has)
    yield from described(dataset, manifest, place, dumps)
    yield from counted(dataset, statistics)
    yield from parts(dataset, manifest, statistics)
    yield from runs


def described(
    dataset: ox.NamedNode, manifest: Manifest, place: Place, dumps: Iterable[str] = ()
) -> Iterator[ox.Triple]:
    """What a release is called, who made it, on what terms, and where it is asked."""
    has: dict[str, Values] = naming.told(manifest) | {
        VOID.uriSpace: text(iris.BASE),
        VOID.sparqlEndpoint: place.of("sparql"),
        VOID.dataDump: [place.of(path) for path in dumps],
        VOID.feature: [iri(f"http://www.w3.org/ns/formats/{name}") for name in _FORMATS],
        FOAF.homepage: place.of(""),
    }
    yield from about(dataset, VOID.Dataset, has)


def sizes(dataset: Node, statistics: Statistics) -> Iterator[ox.Triple]:
    """How many triples, things, classes and properties there are, and the vocabularies that they are of."""
    names = [*(each.iri for each in statistics.classes), *(each.iri for each in statistics.properties)]
    spaces = sorted({match[0] for name in names if (match := _NAMESPACE.match(name))})
    has: dict[str, Values] = {
        VOID.triples: number(statistics.triples),
        VOID.entities: number(statistics.subjects),
        VOID.distinctSubjects: number(statistics.subjects),
        VOID.distinctObjects: number(statistics.objects),
        VOID.classes: number(len(statistics.classes)),
        VOID.properties: number(len(statistics.properties)),
        VOID.vocabulary: [iri(space) for space in spaces],
    }
    yield from about(dataset, (), has)


def counted(dataset: Node, statistics: Statistics) -> Iterator[ox.Triple]:
    """Sizes, and partitions by class and by property."""
    yield from sizes(dataset, statistics)
    for each in statistics.classes:
        yield from _class(dataset, each)
    for item in statistics.properties:
        has: dict[str, Value] = {
            VOID.property: iri(item.iri),
            VOID.triples: number(item.triples),
            VOID.distinctSubjects: number(item.subjects),
            VOID.distinctObjects: number(item.objects),
        }
        yield from _part(dataset, VOID.propertyPartition, has)


def parts(dataset: ox.NamedNode, manifest: Manifest, statistics: Statistics) -> Iterator[ox.Triple]:
    """The named graphs, each with the terms of its source, and the links to names elsewhere."""
    for graph in statistics.graphs:
        yield ox.Triple(dataset, iri(VOID.subset), iri(graph.iri))
        yield from _graph(graph, manifest)
    for links in statistics.links:
        yield from _linkset(dataset, links)


def _part(whole: Node, kind: str, has: dict[str, Value]) -> list[ox.Triple]:
    node = nameless(kind, str(whole), *map(str, has.values()))
    return [ox.Triple(whole, iri(kind), node), *about(node, VOID.Dataset, has)]


def _class(whole: Node, of: Class) -> Iterator[ox.Triple]:
    node = ox.BlankNode()
    has: dict[str, Values] = {
        VOID.class_: iri(of.iri),
        VOID.entities: number(of.entities),
        VOID.triples: number(of.triples),
    }
    yield ox.Triple(whole, iri(VOID.classPartition), node)
    yield from about(node, VOID.Dataset, has)
    for name, triples in of.properties.items():
        yield from _part(node, VOID.propertyPartition, {VOID.property: iri(name), VOID.triples: number(triples)})


def _graph(graph: Graph, manifest: Manifest) -> Iterator[ox.Triple]:
    segment = next((name for name, each in manifest.segments.items() if graph.iri in each.graphs), "")
    record = manifest.sources.get(segment, {})
    told = record.get("about", {})
    has: dict[str, Values] = {
        DCTERMS.title: text(record.get("title", "") or segment),
        DCTERMS.description: text(told.get("description", "")),
        DCTERMS.source: iri(told["homepage"]) if told.get("homepage") else None,
        DCTERMS.creator: text(told.get("publisher", "")),
        VOID.triples: number(graph.triples),
        VOID.distinctSubjects: number(graph.subjects),
        **terms(record.get("licence", "")),
    }
    yield from about(iri(graph.iri), (VOID.Dataset, PROV.Entity), has)
    for name, entities in graph.classes.items():
        yield from _part(iri(graph.iri), VOID.classPartition, {VOID.class_: iri(name), VOID.entities: number(entities)})


def terms(licence: str) -> dict[str, Value]:
    """On what terms a graph is: an address of a licence, or words where the material has none."""
    if address := provenance.licence_address(licence):
        return {DCTERMS.license: iri(address)}
    return {DCTERMS.rights: ox.Literal(licence)} if licence else {}


def _linkset(dataset: ox.NamedNode, links: Links) -> Iterator[ox.Triple]:
    node, target = nameless(links.predicate, links.space), nameless(links.space)
    has: dict[str, Values] = {
        VOID.linkPredicate: iri(links.predicate),
        VOID.subjectsTarget: dataset,
        VOID.objectsTarget: target,
        VOID.triples: number(links.triples),
    }
    yield ox.Triple(dataset, iri(VOID.subset), node)
    yield from about(node, VOID.Linkset, has)
    title = SPACES.get(links.space, links.space)
    yield from about(target, VOID.Dataset, {DCTERMS.title: text(title), VOID.uriSpace: text(links.space)})
