"""``/sparql``: the SPARQL 1.1 Protocol, by GET, by POST of a form and by POST of a query or an update.

Comes in: HTTP. Goes out: a `Request` to the pool, or, for a client that prefers HTML, a page with the beginning of the
answer; without a query the description of the service. What is posted as an update is passed on to whoever writes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.datastructures import URL
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from kg.errors import QueryError, ReadOnlyError
from kg.serve import sparql_description
from kg.serve.answers import QueryResponse
from kg.serve.bodies import body
from kg.serve.languages import wish
from kg.serve.operations.watching import ASKED
from kg.serve.protocol import LONGEST_QUERY, Pairs, graph_format, nothing_asked, page_wanted, question, values
from kg.serve.service_description import ServiceDescription
from kg.serve.views.pages import Pages
from kg.store.querying.base import Pool

FORM = "application/x-www-form-urlencoded"
DIRECT = {"application/sparql-query": "query", "application/sparql-update": "update"}
_ALLOWED = "GET, HEAD, OPTIONS, POST"
_MOST_FIELDS = 1000
"""Fields that a form may have. Each costs 1 µs while nothing else is answered, and nobody means so many."""
_LONGEST_BODY = 3 * LONGEST_QUERY + 64 * 1024
"""A form writes a byte in up to three, and has other fields."""

Updates = Callable[[Pairs, HttpRequest], Awaitable[Response]]
"""What answers an update, given all parameters, the text among them as ``update``."""


def router(pool: Pool, pages: Pages, description: ServiceDescription, *, updates: Updates | None = None) -> APIRouter:
    """The endpoint. Asked by a browser and without a query, it shows a form; asked by a program, what it is."""
    routes = APIRouter(tags=["SPARQL"])

    async def by_get(http: HttpRequest) -> Response:
        pairs = _pairs(http)
        if values(pairs, "update"):
            raise HTTPException(405, "an update is posted", {"Allow": "POST"})
        if nothing_asked(pairs):
            return await described(pairs, http)
        return await answered(pairs, http)

    async def by_post(http: HttpRequest) -> Response:
        pairs = _pairs(http) + await _posted(http)
        if not values(pairs, "update"):
            return await answered(pairs, http)
        if len(values(pairs, "update")) != 1 or values(pairs, "query"):
            raise QueryError("a request holds one query or one update")
        if updates is None:
            raise ReadOnlyError("this service takes no updates; the graph changes when a new release is built")
        return await updates(pairs, http)

    async def answered(pairs: Pairs, http: HttpRequest) -> Response:
        accept = http.headers.get("accept", "")
        asked = question(pairs, accept, address(http))
        if not page_wanted(pairs, accept):
            return QueryResponse(pool, asked, http)
        http.scope[ASKED] = asked.query
        return await pages.sparql(asked, pairs, wish(http))

    async def described(pairs: Pairs, http: HttpRequest) -> Response:
        accept = http.headers.get("accept", "")
        if page_wanted(pairs, accept):
            return pages.sparql_form(wish(http))
        if media_type := graph_format(pairs, accept):
            return await description.response(address(http), media_type, http)
        return await answered(pairs, http)

    async def options() -> Response:
        accepted = (FORM, *(media_type for media_type, asks in DIRECT.items() if updates or asks == "query"))
        return Response(status_code=204, headers={"Allow": _ALLOWED, "Accept-Post": ", ".join(accepted)})

    async def otherwise() -> Response:
        raise HTTPException(405, f"ask with {_ALLOWED}", {"Allow": _ALLOWED})

    routes.add_api_route("/sparql", by_get, methods=["GET"], **sparql_description.GET)
    routes.add_api_route("/sparql", by_get, methods=["HEAD"], include_in_schema=False)
    routes.add_api_route("/sparql", by_post, methods=["POST"], **sparql_description.POST)
    routes.add_api_route("/sparql", options, methods=["OPTIONS"], include_in_schema=False)
    routes.add_api_route("/sparql", otherwise, methods=["PUT", "PATCH", "DELETE", "TRACE"], include_in_schema=False)
    return routes


def address(http: HttpRequest) -> str:
    """The address of the endpoint as the client wrote it, without parameters."""
    scope = http.scope
    return _address(scope["scheme"], http.headers.get("host"), scope.get("server"), scope["path"])


@lru_cache(maxsize=256)  # clients know it by few names, and each takes as long to put together as to read the query
def _address(scheme: str, host: str | None, server: tuple[str, int | None] | None, path: str) -> str:
    headers = [(b"host", host.encode("latin-1"))] if host is not None else []
    return str(URL(scope={"scheme": scheme, "server": server, "path": path, "headers": headers}))


def _pairs(http: HttpRequest) -> Pairs:
    """The parameters of the address, as Starlette reads them."""
    return parse_qsl(http.scope["query_string"].decode("latin-1"), keep_blank_values=True)


async def _posted(http: HttpRequest) -> Pairs:
    media_type, _, parameters = http.headers.get("content-type", "").lower().partition(";")
    media_type = media_type.strip()
    if media_type != FORM and media_type not in DIRECT:
        raise HTTPException(415, f"post {FORM} or application/sparql-query, not {media_type or 'nothing'}")
    if "charset=" in parameters and "utf-8" not in parameters:
        raise HTTPException(415, "the text must be in UTF-8")
    longest = _LONGEST_BODY if media_type == FORM else LONGEST_QUERY
    try:
        text = (await body(http, longest, f"a query may have {LONGEST_QUERY} bytes")).decode()
        return (
            parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
            if media_type == FORM
            else [(DIRECT[media_type], text)]
        )
    except UnicodeDecodeError as error:
        raise QueryError("the text is not UTF-8") from error
    except ValueError as error:
        raise QueryError(f"a form may have {_MOST_FIELDS} fields") from error
