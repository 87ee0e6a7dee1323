"""``/explore`` and what is below it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from kg.explore.describing import Described, Property, described
from kg.explore.links import OUT, Chosen
from kg.explore.neighbours import Page, neighbours
from kg.explore.schema import Known, Overview, overview
from kg.export.statistics import Statistics
from kg.serve.exploring import described_api as api
from kg.serve.exploring import facets, forms, parameters
from kg.serve.exploring.answering import Answering
from kg.serve.exploring.asking import Outcome
from kg.serve.exploring.forms import TURTLE
from kg.serve.exploring.joining import Joining
from kg.serve.exports import Exports
from kg.serve.languages import wish
from kg.serve.resources.gone import Gone, nothing_known
from kg.store.base import Published
from kg.store.querying.base import Pool

Endpoint = Callable[[HttpRequest], Awaitable[Response]]


def router(pool: Pool, exports: Exports) -> APIRouter:
    """All of these addresses; what is counted of the live release comes from its exports."""
    routes = APIRouter(tags=["explore"])
    explorer = _Explorer(pool, exports)
    for name, endpoint in explorer.endpoints().items():
        routes.add_api_route(name, endpoint, methods=["GET"], **api.TOLD[name])
        routes.add_api_route(name, endpoint, methods=["HEAD"], include_in_schema=False)
    return routes


class _Explorer:
    """What answers, each endpoint a method."""

    def __init__(self, pool: Pool, exports: Exports) -> None:
        self._answering = Answering(pool)
        self._exports = exports
        self._joining = Joining(self._answering, exports.counted)
        self._gone = Gone()

    def endpoints(self) -> dict[str, Endpoint]:
        """By path; the one that takes any comes last."""
        return {
            "/explore": self.by_iri,
            "/explore/schema": self.schema,
            "/explore/neighbours": self.neighbours,
            facets.PATH: self.facets,
            "/explore/paths": self._joining.paths,
            "/explore/common": self._joining.common,
            "/explore/subgraph": self._joining.subgraph,
            "/explore/{iri:path}": self.by_path,
        }

    async def by_iri(self, http: HttpRequest) -> Response:
        """A thing that a parameter names."""
        parameters.check(http, api.known("/explore"))
        return await self._thing(http, parameters.one(http))

    async def by_path(self, http: HttpRequest) -> Response:
        """A thing that the path names."""
        parameters.check(http, api.known("/explore/{iri:path}"))
        return await self._thing(http, parameters.in_path(http, "/explore/"))

    async def schema(self, http: HttpRequest) -> Response:
        """Classes and what joins them."""
        parameters.check(http, api.known("/explore/schema"))
        media_type, language = forms.media_type(http), wish(http).names

        def write(outcome: Outcome[Overview]) -> bytes:
            found = outcome.found
            if media_type == TURTLE:
                return forms.schema_as_turtle(found)
            return forms.written(media_type, _told_schema(found, outcome.release), found.graph)

        known = _known(await self._exports.count())
        return self._answering.response(
            http, partial(overview, known, language=language), write, media_type, depends_on=language
        )

    async def neighbours(self, http: HttpRequest) -> Response:
        """Neighbours of a thing."""
        parameters.check(http, api.known("/explore/neighbours"))
        media_type, language = forms.media_type(http), wish(http).names
        thing, which = parameters.one(http), parameters.chosen(http)
        begin = partial(
            neighbours,
            thing,
            which,
            limit=parameters.number(http, "limit", api.PAGE, api.MOST_NEIGHBOURS),
            after=http.query_params.get("after", ""),
            language=language,
        )

        def write(outcome: Outcome[Page]) -> bytes:
            told = _told_neighbours(outcome.found, which, http) | {"release": outcome.release.id}
            return forms.written(media_type, told, outcome.found.graph)

        return self._answering.response(http, begin, write, media_type, depends_on=language)

    async def facets(self, http: HttpRequest) -> Response:
        """What tells the things of a class apart."""
        return await facets.answered(http, self._answering)

    async def _thing(self, http: HttpRequest, thing: ox.NamedNode) -> Response:
        media_type, language = forms.media_type(http), wish(http).names
        samples = parameters.number(http, "samples", api.SAMPLES, api.MOST_SAMPLES, least=0)
        gone = await self._gone.has(self._answering.pool.release, thing.value)

        def write(outcome: Outcome[Described]) -> bytes:
            if not outcome.found:
                raise nothing_known(thing.value, gone=gone)
            return forms.written(media_type, _told_thing(outcome.found, outcome.release), outcome.found.graph)

        begin = partial(described, thing, samples=samples, language=language)
        return self._answering.response(http, begin, write, media_type, depends_on=language)


def _known(statistics: Statistics | None) -> Known | None:
    if statistics is None:
        return None
    return Known(
        statistics.triples,
        {kind.iri: kind.entities for kind in statistics.classes},
        {(kind.iri, name): number for kind in statistics.classes for name, number in kind.properties.items()},
    )


def _told_thing(found: Described, release: Published) -> dict[str, Any]:
    node = found.graph.nodes[found.thing]
    return {
        "release": release.id,
        "thing": {"id": found.thing, **node.told()},
        "statements": {"out": found.count(OUT), "in": found.count("in")},
        "properties": [_told_property(each, found.thing) for each in found.properties],
    }


def _told_property(each: Property, thing: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "property": each.iri,
        **forms.label(each.label),
        "direction": each.direction,
        "count": each.count,
        "things": each.links,
        "samples": [forms.term(value) for value in each.samples],
    }
    if each.links:
        wanted = {"iri": thing, "property": each.iri, "direction": each.direction}
        told["href"] = f"/explore/neighbours?{urlencode(wanted)}"
    return told


def _told_schema(found: Overview, release: Published) -> dict[str, Any]:
    classes: dict[str, dict[str, int]] = {kind: {} for kind in found.things}
    for (kind, name), number in found.stated.items():
        classes[kind][name] = number
    return {
        "release": release.id,
        "exact": all(each.exact for each in found.between),
        "classes": [
            {"class": kind, **found.graph.nodes[kind].told(), "properties": classes[kind]} for kind in found.things
        ],
    }


def _told_neighbours(page: Page, which: Chosen, http: HttpRequest) -> dict[str, Any]:
    kept = [(name, value) for name, value in http.query_params.multi_items() if name != "after"]
    told: dict[str, Any] = {
        "thing": page.thing,
        "total": page.total,
        "exact": page.exact,
        "sample": page.sample,
        "neighbours": [
            {
                "direction": OUT if link.source == page.thing else "in",
                "property": link.property,
                "id": link.other(page.thing),
            }
            for link in page.links
        ],
    }
    if page.after:
        told["after"] = page.after
        told["next"] = f"/explore/neighbours?{urlencode([*kept, ('after', page.after)])}"
    if page.sample:
        told["all"] = f"/sparql?{urlencode({'query': _everything(page.thing, which), 'format': 'csv'})}"
    return told


def _everything(thing: str, which: Chosen) -> str:
    branches = " UNION ".join(f'{{ {which.pattern(way)} BIND("{way}" AS ?direction) }}' for way in which.ways)
    return f"SELECT ?direction ?property ?other WHERE {{ VALUES ?node {{ {ox.NamedNode(thing)} }} {branches} }}"
