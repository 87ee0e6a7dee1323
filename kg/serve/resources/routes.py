"""``/id/…``, ``/concept/…`` and the documents about things: pages, RDF, sets of links.

A thing is no document, so its own address leads on (303 See Other) to the one that suits the client. What an earlier
release had and this one has not is 410, what none had 404, in the form that the client asked for.
https://www.w3.org/TR/cooluris/#r303gendocument
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from kg.errors import InexpressibleError, NotFoundError, ParameterError
from kg.queries import NamedQuery
from kg.serve.languages import PARAMETER, wish
from kg.serve.negotiation import GRAPHS, HTML, chosen
from kg.serve.problems import of_error
from kg.serve.resources import described_api as api
from kg.serve.resources import documents, links
from kg.serve.resources.addresses import PLACES, SUFFIXES, Addresses
from kg.serve.resources.description import Description, description
from kg.serve.resources.gone import Gone, nothing_known
from kg.serve.views.incoming import listed
from kg.serve.views.pages import Pages
from kg.store.querying.base import Pool

_OFFERED = {**GRAPHS, "html": HTML}
_SUFFIX_OF = {GRAPHS[name]: suffix for suffix, name in SUFFIXES.items()}
_SEE_OTHER = 303


def router(pool: Pool, queries: Mapping[str, NamedQuery], pages: Pages, addresses: Addresses) -> APIRouter:
    """All of these addresses."""
    routes = APIRouter(tags=["resources"])
    things = _Things(pool, queries, pages, addresses)
    for place in PLACES:
        _add(routes, f"/{place}/{{path:path}}", things.thing, api.THING[place])
    for kind, endpoint in (("page", things.page), ("about", things.about), ("linkset", things.linkset)):
        _add(routes, f"/{kind}", endpoint, api.BY_IRI[kind])
        _add(routes, f"/{kind}/{{path:path}}", endpoint, api.BY_PATH[kind])
    return routes


def _add(routes: APIRouter, path: str, endpoint: Callable[[HttpRequest], Awaitable[Response]], told: api.Told) -> None:
    routes.add_api_route(path, endpoint, methods=["GET"], **told)
    routes.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False)


class _Things:
    """What answers, each endpoint a method."""

    def __init__(self, pool: Pool, queries: Mapping[str, NamedQuery], pages: Pages, addresses: Addresses) -> None:
        self._pool = pool
        self._queries = queries
        self._pages = pages
        self._addresses = addresses
        self._gone = Gone()

    async def thing(self, http: HttpRequest) -> Response:
        """The way to the document about a thing that suits the client."""
        found = await self._found(_path(http))
        media_type = chosen(_OFFERED, accept=http.headers.get("accept", ""), name=http.query_params.get("format"))
        iri = found.thing.value
        kept = {PARAMETER: http.query_params[PARAMETER]} if PARAMETER in http.query_params else {}
        html = media_type == HTML
        address = self._addresses.page(iri, **kept) if html else self._addresses.about(iri, _SUFFIX_OF[media_type])
        cited = links.header(
            [links.Link("cite-as", iri), links.Link("linkset", self._addresses.linkset(iri), links.LINKSET)]
        )
        headers = {"Location": address, "Link": cited, "Vary": "Accept", "Cache-Control": "no-cache"}
        return Response(None, _SEE_OTHER, headers)

    async def page(self, http: HttpRequest) -> Response:
        """A thing for people, or a list of what refers to it."""
        wished = wish(http)
        found = await self._found(_asked(http, "/page"))
        wanted = http.query_params.get("in")
        headers = {"Vary": "Accept-Language", "Content-Language": wished.words}
        if wanted is None:
            signposts = await self._links(found)
            text = await self._pages.thing(found, wished, self._addresses, signposts)
            headers["Link"] = links.header(signposts)
        else:
            _checked(wanted, "in")
            after = http.query_params.get("after", "")
            given = {"property": wanted, "after": after}
            page = await listed(self._pool, self._queries, found, wished, self._addresses, **given)
            text = self._pages.incoming(page, wished)
        return documents.tagged(http, text.encode(), f"{HTML}; charset=utf-8", headers)

    async def about(self, http: HttpRequest) -> Response:
        """A thing for programs. What goes wrong is told in the syntax that the address asks for."""
        asked, suffix = _with_suffix(http)
        media_type = GRAPHS[SUFFIXES[suffix]]
        syntax = ox.RdfFormat.from_media_type(media_type)
        assert syntax is not None  # noqa: S101  (all of GRAPHS are known to the library)
        try:
            found = await self._found(asked)
            body = documents.written(found, syntax, self._addresses)
        except (NotFoundError, InexpressibleError) as error:
            return of_error(error).as_rdf(syntax)
        link = links.of_document(found.thing.value, self._addresses)
        return documents.tagged(http, body, media_type, {"Link": link})

    async def linkset(self, http: HttpRequest) -> Response:
        """What belongs to a thing."""
        found = await self._found(_asked(http, "/linkset"))
        set_of_links = links.linkset(await self._links(found), found.thing.value, self._addresses, str(http.base_url))
        return documents.tagged(http, json.dumps(set_of_links, indent=1).encode(), links.LINKSET, {})

    async def _links(self, found: Description) -> list[links.Link]:
        members = await links.parts(self._pool, self._queries, found)
        return links.links(found, self._addresses, members)

    async def _found(self, asked: str | ox.NamedNode) -> Description:
        """What is known of a thing, given as the path of an address or as an IRI.

        Raises
        ------
        NotFoundError, GoneError
            Nothing.
        """
        candidates = list(self._addresses.things(asked)) if isinstance(asked, str) else [asked]
        for candidate in candidates:
            if found := await description(self._pool, self._queries, candidate):
                return found
        for candidate in candidates:
            if await self._gone.has(self._pool.release, candidate.value):
                raise nothing_known(candidate.value, gone=True)
        raise nothing_known(candidates[0].value if candidates else str(asked), gone=False)


def _path(http: HttpRequest) -> str:
    """The path as it was sent, without the first slash."""
    raw: bytes = http.scope.get("raw_path") or http.scope["path"].encode()
    return raw.decode("latin-1").partition("?")[0].removeprefix("/")


def _asked(http: HttpRequest, kind: str) -> str | ox.NamedNode:
    """The thing that the address of a document is about: the rest of the path, or an IRI in the query."""
    path = _path(http).removeprefix(kind.removeprefix("/")).removeprefix("/")
    if path:
        return path.replace("%23", "#")
    return _checked(http.query_params.get("iri", ""), "iri")


def _with_suffix(http: HttpRequest) -> tuple[str | ox.NamedNode, str]:
    asked = _asked(http, "/about")
    if isinstance(asked, str):
        path, _, suffix = asked.rpartition(".")
        if suffix in SUFFIXES:
            return path, suffix
        raise NotFoundError(f"documents about things end in {', '.join(f'.{each}' for each in SUFFIXES)}")
    offered = {**{suffix: GRAPHS[name] for suffix, name in SUFFIXES.items()}, **GRAPHS}
    media_type = chosen(offered, accept=http.headers.get("accept", ""), name=http.query_params.get("format"))
    return asked, _SUFFIX_OF[media_type]


def _checked(iri: str, name: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise ParameterError(name, "an absolute IRI, percent-encoded") from error
