"""``/catalog`` and ``/.well-known/void``: what there is, described in RDF and on a page.

What is counted has been counted once for the release (`kg.serve.exports`); here it is written down for the address
under which the client knows the service, and kept as long as nothing in it changes.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from kg import iris
from kg.export import catalogue, naming, void
from kg.export.catalogue import Entry
from kg.export.naming import Place
from kg.export.offers import Offers, sizes
from kg.export.statistics import Statistics
from kg.provenance import AUTHORS, WRITES
from kg.serve.documents import Documents
from kg.serve.exports import Exports
from kg.serve.negotiation import GRAPHS, HTML, chosen
from kg.serve.sparql_description import PROBLEM
from kg.serve.views.pages import Pages
from kg.store import canonical, names
from kg.store.manifest import Manifest
from kg.store.querying.base import Pool
from kg.store.release import Release
from kg.store.releases import DataFolder
from kg.vocabulary import PREFIXES

_META = "meta"
_OF_CLIENTS = (f"<{WRITES}", f"<{AUTHORS}")
_KEPT = 32
_PREFIXES = {
    prefix: PREFIXES[prefix]
    for prefix in ("dcat", "dcterms", "foaf", "graph", "owl", "prov", "rdfs", "spdx", "void", "xsd")
} | {
    "media": "https://www.iana.org/assignments/media-types/",
    "eu": "http://publications.europa.eu/resource/authority/",
}
_FORMATS = {**GRAPHS, "html": HTML}
_LABELS = {"turtle": "Turtle", "jsonld": "JSON-LD", "rdfxml": "RDF/XML", "ntriples": "N-Triples"}
_DUMPS = ("all.nq", "all.nq.gz", "all.nq.zst", "all.trig", "all.trig.gz", "all.trig.zst")


def router(pool: Pool, exports: Exports, pages: Pages) -> APIRouter:
    """Both paths."""
    routes = APIRouter(tags=["catalogue"])
    written = _Written(pool, exports)

    async def described(http: HttpRequest) -> Response:
        return await written.answer("void", _media_type(http, GRAPHS), http)

    async def listed(http: HttpRequest) -> Response:
        media_type = _media_type(http, _FORMATS)
        if media_type == HTML:
            offers, statistics = await written.counted()
            entries = await asyncio.to_thread(releases, offers.release)
            return pages.shown(
                "catalogue.html", here="/catalog", **_shown(entries, offers.release.manifest, statistics)
            )
        return await written.answer("catalog", media_type, http)

    for path, endpoint, summary, formats in (
        (
            "/.well-known/void",
            described,
            "The live release, its classes, properties, graphs and links, in VoID",
            GRAPHS,
        ),
        ("/catalog", listed, "All releases with their files, and the services, in DCAT 3", _FORMATS),
    ):
        routes.add_api_route(path, endpoint, methods=["GET"], **_told(summary, formats.values()))
        routes.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False)
    return routes


def releases(live: Release) -> list[Entry]:
    """All releases of the data folder of one, newest first, with the files that there are of each."""
    tags = names.tags(live.layout).items()
    found = DataFolder(live.layout).releases()
    return [
        _entry(release, tuple(name for name, identifier in tags if identifier == release.id))
        for release in (found if any(each.id == live.id for each in found) else [live, *found])
    ]


def _entry(release: Release, tags: tuple[str, ...]) -> Entry:
    offers = Offers(release)
    return Entry(release.manifest, tuple(offers.all.values()), sizes(offers), tags)


class _Written:
    """The two documents in each format, the latest few of them."""

    def __init__(self, pool: Pool, exports: Exports) -> None:
        self._pool = pool
        self._exports = exports
        self._documents = Documents(_KEPT)

    async def counted(self) -> tuple[Offers, Statistics]:
        """The files of the live release, and its statistics, waiting for these."""
        offers = Offers(self._pool.release)
        statistics = await self._exports.statistics(offers)
        return Offers(offers.release), statistics

    async def answer(self, name: str, media_type: str, http: HttpRequest) -> Response:
        """A document, or 304 to a client that has it."""
        place = Place(str(http.base_url))
        try:
            content = await self._content(name, media_type, place)
        except ValueError as error:
            raise HTTPException(400, f"{place.root} is no IRI") from error
        tag = f'W/"{hashlib.sha256(content).hexdigest()[:16]}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept", "Link": _links(place)}
        if tag in http.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(content, 200, headers, media_type)

    async def _content(self, name: str, media_type: str, place: Place) -> bytes:
        offers, statistics = await self.counted()
        entries = await asyncio.to_thread(releases, offers.release) if name == "catalog" else []
        state = [(entry.manifest.id, entry.tags, tuple(sorted(entry.sizes))) for entry in entries]

        def written(anywhere: Place) -> bytes:
            return _serialized(_triples(name, entries, offers, statistics, anywhere), media_type)

        return await self._documents.get((name, offers.release.id, *state), media_type, place, written)


def _serialized(triples: Iterable[ox.Triple], media_type: str) -> bytes:
    syntax = ox.RdfFormat.from_media_type(media_type)
    return ox.serialize(dict.fromkeys(triples), format=syntax, prefixes=_PREFIXES) or b""


def _triples(
    name: str, entries: list[Entry], offers: Offers, statistics: Statistics, place: Place
) -> Iterator[ox.Triple]:
    release = offers.release
    if name == "catalog":
        return catalogue.document(entries, release.id, statistics, place, _runs(release))
    paths = [f"dumps/{release.id}/{dump}" for dump in _DUMPS]
    return void.document(release.manifest, statistics, place, paths, _runs(release))


def _runs(release: Release) -> list[ox.Triple]:
    """Who made which graph from what: what the graph about the graphs says, told where graphs are described."""
    if _META not in release.manifest.segments:
        return []
    with release.hold() as held:
        told = canonical.parse(held.lines(_META))
        return [quad.triple for quad in told if not str(quad.subject).startswith(_OF_CLIENTS)]


def _shown(entries: list[Entry], live: Manifest, statistics: Statistics) -> dict[str, Any]:
    """What the page shows."""
    owners = {graph: name for name, segment in live.segments.items() for graph in segment.graphs}
    graphs = [
        {
            "title": (record := live.sources.get(owners.get(graph.iri, ""), {})).get("title") or graph.iri,
            "publisher": record.get("about", {}).get("publisher", ""),
            "terms": record.get("licence", ""),
            "triples": graph.triples,
        }
        for graph in statistics.graphs
    ]
    return {
        "entries": entries,
        "live": live,
        "statistics": statistics,
        "graphs": graphs,
        "description": naming.DESCRIPTION["en"],
        "rights": naming.RIGHTS["en"],
        "citation": naming.citation(live),
        "links": list(_LABELS.items()),
    }


def _links(place: Place) -> str:
    """The terms and the other description, for clients that read no RDF (RFC 8288)."""
    return (
        f'<{naming.LICENCE}>; rel="license", <{naming.CATALOG}>; rel="cite-as",'
        f' <{place.root}.well-known/void>; rel="describedby", <{iris.ONTOLOGY.removesuffix("#")}>; rel="type"'
    )


def _media_type(http: HttpRequest, offered: dict[str, str] | Any) -> str:
    return chosen(offered, accept=http.headers.get("accept", ""), name=http.query_params.get("format"))


def _told(summary: str, formats: Iterable[str]) -> dict[str, Any]:
    return {
        "summary": summary,
        "operation_id": summary.split(",", maxsplit=1)[0].lower().replace(" ", "_"),
        "responses": {
            200: {"description": "the description", "content": {media_type: {} for media_type in formats}},
            **dict.fromkeys((404, 406, 503), PROBLEM),
        },
        "openapi_extra": {
            "parameters": [
                {"name": "format", "in": "query", "description": "instead of Accept", "schema": {"type": "string"}}
            ]
        },
    }
