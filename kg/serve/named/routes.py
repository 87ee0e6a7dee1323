"""``/queries``: every named query as an endpoint of its own, with its own parameters in OpenAPI."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response

from kg.queries import NamedQuery, find
from kg.serve.access import caller
from kg.serve.languages import wish
from kg.serve.named import answers
from kg.serve.named.asking import Asking, asked_of
from kg.serve.named.description import described, entry
from kg.serve.negotiation import HTML, chosen
from kg.serve.views.pages import Pages

_LISTS = {"json": answers.JSON, "html": HTML}
_FORMATS = {"json": answers.JSON, "html": HTML, **answers.FORMATS, "rq": answers.SPARQL}
_STREAMED = frozenset(answers.STREAMED.values())

Endpoint = Callable[[HttpRequest], Awaitable[Response]]


def router(asking: Asking, queries: Mapping[str, NamedQuery], pages: Pages) -> APIRouter:
    """The list, one path a query, and an answer for all other names: which ones come close."""
    routes = APIRouter()

    async def listed(http: HttpRequest) -> Response:
        if _chosen(_LISTS, http) == HTML:
            return pages.queries(wish(http))
        entries = [entry(query) for query in queries.values()]
        return Response(json.dumps(entries, ensure_ascii=False), media_type=answers.JSON, headers={"Vary": "Accept"})

    async def misspelt(name: str) -> Response:
        return RedirectResponse(f"/queries/{find(queries, name.strip('/')).name}")

    routes.add_api_route("/queries", listed, tags=["queries"], summary="All named queries", operation_id="queries")
    routes.add_api_route("/queries", listed, methods=["HEAD"], include_in_schema=False)
    for query in queries.values():
        endpoint = _endpoint(asking, query, pages)
        routes.add_api_route(f"/queries/{query.name}", endpoint, methods=["GET"], **described(query))
        routes.add_api_route(f"/queries/{query.name}", endpoint, methods=["HEAD"], include_in_schema=False)
    routes.add_api_route("/queries/{name:path}", misspelt, include_in_schema=False)
    return routes


def _endpoint(asking: Asking, query: NamedQuery, pages: Pages) -> Endpoint:
    async def endpoint(http: HttpRequest) -> Response:
        media_type = _chosen(_FORMATS, http)
        asked = asked_of(http)
        if media_type == HTML:
            return await pages.query(query, asked, http)
        question = query.ordered(await asking.resolved(query, asked.values, caller(http.scope).limits))
        if media_type == answers.SPARQL:
            return answers.sparql(question, http)
        if media_type in _STREAMED and not asked.paged:
            return answers.Streamed(asking.pool, question, media_type, http)
        return await answers.rows(asking, query, asked, http, question=question, media_type=media_type)

    return endpoint


def _chosen(offered: Mapping[str, str], http: HttpRequest) -> str:
    return chosen(offered, accept=http.headers.get("accept", ""), name=http.query_params.get("format"))
