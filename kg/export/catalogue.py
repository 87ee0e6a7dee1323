"""The catalogue of what a service offers, with DCAT 3: the series of releases, and the files of each.

In come manifests, what files there are and how large they are; out go triples. Nothing is counted or made here.
https://www.w3.org/TR/vocab-dcat-3/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.export import naming, void
from kg.export.naming import Place
from kg.export.offers import Offer
from kg.export.statistics import Statistics
from kg.export.triples import Values, about, iri, iris, nameless, number, text, typed, words
from kg.store.manifest import Manifest
from kg.vocabulary import DCAT, DCTERMS, FOAF, OWL, PROV, SPDX, VOID, XSD

_EU = "http://publications.europa.eu/resource/authority"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types"
_FILE_TYPES = {
    "application/n-quads": "RDF_N_QUADS",
    "application/trig": "RDF_TRIG",
    "text/turtle": "RDF_TURTLE",
    "application/n-triples": "RDF_N_TRIPLES",
    "application/ld+json": "JSON_LD",
    "text/csv": "CSV",
    "application/vnd.apache.parquet": "PARQUET",
    "application/json": "JSON",
    "text/plain": "TXT",
}
"""Codes of the EU authority table of file types."""
_SPARQL = "https://www.w3.org/TR/sparql11-protocol/"
_GRAPH_STORE = "https://www.w3.org/TR/sparql11-http-rdf-update/"


@dataclass(frozen=True)
class Entry:
    """A release in the catalogue.

    Parameters
    ----------
    offers
        Its files.
    sizes
        Bytes and SHA-256 of those that have been made, by name.
    tags
        Names that it was given.
    """

    manifest: Manifest
    offers: Sequence[Offer] = ()
    sizes: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    tags: tuple[str, ...] = ()


def document(
    entries: Sequence[Entry], live: str, statistics: Statistics, place: Place, runs: Iterable[ox.Triple]
) -> Iterator[ox.Triple]:
    """What stands at ``/catalog``.

    Parameters
    ----------
    entries
        The releases, newest first, the live one among them.
    live
        The id of that one, of which the statistics are.
    runs
        What is recorded of who made which graph of it.
    """
    yield from _catalogue(entries, place)
    yield from _series(entries, live)
    for entry, older in zip(entries, [*entries[1:], None], strict=True):
        yield from _release(entry, older, place)
    current = next(entry.manifest for entry in entries if entry.manifest.id == live)
    yield from void.described(iri(naming.dataset(live)), current, place)
    yield from void.sizes(iri(naming.dataset(live)), statistics)
    yield from void.parts(iri(naming.dataset(live)), current, statistics)
    yield from _services(live, place)
    yield from runs


def _catalogue(entries: Sequence[Entry], place: Place) -> Iterator[ox.Triple]:
    has: dict[str, Values] = {
        DCTERMS.title: words(en="Catalogue of the technology transfer graph", zh="科技成果转化知识图谱目录"),
        DCTERMS.description: words(
            en="All releases of the graph that are kept here, their files, and the services over the live one.",
            zh="本站保存的全部版本、其文件，以及基于当前版本的服务。",
        ),
        DCTERMS.publisher: iri(naming.PUBLISHER),
        DCTERMS.license: iri(naming.LICENCE),
        DCTERMS.language: iris(f"{_EU}/language/{code}" for code in naming.LANGUAGES),
        DCTERMS.issued: typed(entries[-1].manifest.created),
        DCTERMS.modified: typed(entries[0].manifest.created),
        FOAF.homepage: place.of(""),
        DCAT.dataset: iris([naming.SERIES, *(naming.dataset(entry.manifest.id) for entry in entries)]),
        DCAT.service: [place.of("catalog#sparql"), place.of("catalog#graph-store")],
    }
    yield from about(iri(naming.CATALOG), DCAT.Catalog, has)
    publisher = {FOAF.name: words(en=naming.PUBLISHER_NAME)}
    yield from about(iri(naming.PUBLISHER), (FOAF.Agent, PROV.Agent), publisher)


def _series(entries: Sequence[Entry], live: str) -> Iterator[ox.Triple]:
    has: dict[str, Values] = {
        DCTERMS.title: words(**naming.TITLE),
        DCTERMS.description: words(**naming.DESCRIPTION),
        DCTERMS.publisher: iri(naming.PUBLISHER),
        DCTERMS.license: iri(naming.LICENCE),
        DCTERMS.issued: typed(entries[-1].manifest.created),
        DCTERMS.modified: typed(entries[0].manifest.created),
        DCTERMS.accrualPeriodicity: iri(f"{_EU}/frequency/IRREG"),
        DCAT.first: iri(naming.dataset(entries[-1].manifest.id)),
        DCAT.last: iri(naming.dataset(entries[0].manifest.id)),
        DCAT.hasVersion: iris(naming.dataset(entry.manifest.id) for entry in entries),
        DCAT.hasCurrentVersion: iri(naming.dataset(live)),
    }
    yield from about(iri(naming.SERIES), DCAT.DatasetSeries, has | _subjects())


def _subjects() -> dict[str, Values]:
    return {
        DCAT.theme: iris(f"{_EU}/data-theme/{code}" for code in naming.THEMES),
        DCAT.keyword: [
            word for tag, texts in naming.KEYWORDS.items() for each in texts for word in words(**{tag: each})
        ],
    }


def _release(entry: Entry, older: Entry | None, place: Place) -> Iterator[ox.Triple]:
    manifest = entry.manifest
    node = iri(naming.dataset(manifest.id))
    before = iri(naming.dataset(older.manifest.id)) if older else None
    parent = iri(naming.dataset(manifest.parent)) if manifest.parent else None
    has: dict[str, Values] = naming.told(manifest) | {
        DCTERMS.accessRights: iri(f"{_EU}/access-right/PUBLIC"),
        DCTERMS.language: iris(f"{_EU}/language/{code}" for code in naming.LANGUAGES),
        DCAT.version: text(manifest.id),
        OWL.versionInfo: [ox.Literal(tag) for tag in entry.tags],
        DCAT.inSeries: iri(naming.SERIES),
        DCAT.isVersionOf: iri(naming.SERIES),
        DCAT.prev: before,
        DCAT.previousVersion: parent,
        DCAT.landingPage: place.of(f"dumps/{manifest.id}/"),
        PROV.wasRevisionOf: parent,
        VOID.triples: number(manifest.quads) if manifest.default_graph == "union" else None,
        DCAT.distribution: [_address(place, manifest, offer) for offer in entry.offers],
    }
    yield from about(node, (DCAT.Dataset, VOID.Dataset, PROV.Entity), has | _subjects())
    for offer in entry.offers:
        yield from _distribution(entry, offer, place)


def _address(place: Place, manifest: Manifest, offer: Offer) -> ox.NamedNode:
    return place.of(f"dumps/{manifest.id}/{offer.name}")


def _distribution(entry: Entry, offer: Offer, place: Place) -> Iterator[ox.Triple]:
    address = _address(place, entry.manifest, offer)
    size, digest = entry.sizes.get(offer.name, (None, ""))
    code = _FILE_TYPES.get(offer.media_type)
    checksum = nameless(str(address), digest) if digest else None
    has: dict[str, Values] = {
        DCTERMS.title: words(en=offer.title),
        DCTERMS.license: iri(naming.LICENCE),
        DCTERMS.rights: words(**naming.RIGHTS),
        DCTERMS.issued: typed(entry.manifest.created),
        DCTERMS.subject: iri(offer.about) if offer.about else None,
        DCTERMS.format: iri(f"{_EU}/file-type/{code}") if code else None,
        DCAT.accessURL: place.of(f"dumps/{entry.manifest.id}/"),
        DCAT.downloadURL: address,
        DCAT.mediaType: iri(f"{_MEDIA_TYPES}/{offer.media_type}"),
        DCAT.compressFormat: iri(f"{_MEDIA_TYPES}/{offer.packing}") if offer.packing else None,
        DCAT.byteSize: typed(str(size), XSD.nonNegativeInteger) if size is not None else None,
        SPDX.checksum: checksum,
    }
    yield from about(address, DCAT.Distribution, has)
    if checksum:
        value: dict[str, Values] = {
            SPDX.algorithm: iri(SPDX.checksumAlgorithm_sha256),
            SPDX.checksumValue: typed(digest, XSD.hexBinary),
        }
        yield from about(checksum, SPDX.Checksum, value)


def _services(live: str, place: Place) -> Iterator[ox.Triple]:
    shared: dict[str, Values] = {
        DCTERMS.publisher: iri(naming.PUBLISHER),
        DCTERMS.license: iri(naming.LICENCE),
        DCAT.servesDataset: iri(naming.dataset(live)),
        DCAT.endpointDescription: place.of("openapi.json"),
    }
    sparql: dict[str, Values] = {
        DCTERMS.title: words(en="SPARQL 1.1 endpoint", zh="SPARQL 1.1 查询端点"),
        DCTERMS.conformsTo: iri(_SPARQL),
        DCAT.endpointURL: place.of("sparql"),
        DCAT.endpointDescription: [place.of("sparql"), place.of("openapi.json")],
    }
    graphs: dict[str, Values] = {
        DCTERMS.title: words(en="SPARQL 1.1 graph store", zh="SPARQL 1.1 图存储"),
        DCTERMS.conformsTo: iri(_GRAPH_STORE),
        DCAT.endpointURL: place.of("data"),
    }
    yield from about(place.of("catalog#sparql"), DCAT.DataService, shared | sparql)
    yield from about(place.of("catalog#graph-store"), DCAT.DataService, shared | graphs)
