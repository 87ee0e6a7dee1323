"""``/sparql``: the query part of the SPARQL 1.1 Protocol, by GET, by POST of a form and by POST of a query.

Comes in: HTTP. Goes out: a `Request` to the pool, or, for a client that prefers HTML, a page with the beginning of the
answer. The graph is changed by builds only, so updates are refused.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from kg.errors import NotAcceptableError, ParameterError, QueryError, ReadOnlyError
from kg.serve import sparql_description
from kg.serve.answers import QueryResponse
from kg.serve.bodies import body
from kg.serve.negotiation import GRAPHS, HTML, RESULTS, preferred, unknown_format
from kg.serve.pages import Pages
from kg.store.workers import QueryPool, Request

_FORM = "application/x-www-form-urlencoded"
_DIRECT = {"application/sparql-query": "query", "application/sparql-update": "update"}
_ALLOWED = "GET, HEAD, POST"
_LONGEST_BODY = 1024 * 1024

Pairs = list[tuple[str, str]]


def router(pool: QueryPool, pages: Pages) -> APIRouter:
    """The endpoint. Asked by a browser and without a query, it shows a form."""
    routes = APIRouter(tags=["SPARQL"])

    async def by_get(http: HttpRequest) -> Response:
        return await answered(http.query_params.multi_items(), http)

    async def by_post(http: HttpRequest) -> Response:
        return await answered(http.query_params.multi_items() + await _posted(http), http)

    async def answered(pairs: Pairs, http: HttpRequest) -> Response:
        accept = http.headers.get("accept", "")
        if not _page_wanted(pairs, accept):
            return QueryResponse(pool, _question(pairs, *_formats(pairs, accept)), http)
        if all(name == "format" for name, _ in pairs):
            return pages.sparql_form()
        return await pages.sparql(_question(pairs), pairs)

    async def otherwise() -> Response:
        raise HTTPException(405, f"ask with {_ALLOWED}", {"Allow": _ALLOWED})

    routes.add_api_route("/sparql", by_get, methods=["GET"], **sparql_description.GET)
    routes.add_api_route("/sparql", by_get, methods=["HEAD"], include_in_schema=False)
    routes.add_api_route("/sparql", by_post, methods=["POST"], **sparql_description.POST)
    routes.add_api_route("/sparql", otherwise, methods=["PUT", "PATCH", "DELETE", "OPTIONS"], include_in_schema=False)
    return routes


def _question(pairs: Pairs, results_format: str | None = None, graph_format: str | None = None) -> Request:
    if any(name == "update" for name, _ in pairs):
        raise ReadOnlyError("this service takes no updates; the graph changes when a new release is built")
    queries = _values(pairs, "query")
    if len(queries) != 1:
        raise QueryError(f"a request holds one query, this one {len(queries) or 'none'}")
    return Request(
        query=queries[0],
        results_format=results_format,
        graph_format=graph_format,
        default_graphs=_values(pairs, "default-graph-uri"),
        named_graphs=_values(pairs, "named-graph-uri"),
        timeout=_timeout(pairs),
    )


def _page_wanted(pairs: Pairs, accept: str) -> bool:
    for name in _values(pairs, "format"):
        return name == "html"
    return preferred(accept, (*RESULTS.values(), *GRAPHS.values(), HTML)) == HTML


def _formats(pairs: Pairs, accept: str) -> tuple[str | None, str | None]:
    """What to write solutions in and what triples; at least one of the two is not None."""
    for name in _values(pairs, "format"):
        if name not in RESULTS and name not in GRAPHS:
            raise unknown_format(RESULTS, GRAPHS, {"html": HTML})
        return RESULTS.get(name), GRAPHS.get(name)
    results, graphs = tuple(RESULTS.values()), tuple(GRAPHS.values())
    formats = preferred(accept, results), preferred(accept, graphs)
    if not any(formats):
        raise NotAcceptableError(accept, results + graphs)
    return formats


def _timeout(pairs: Pairs) -> float | None:
    for value in _values(pairs, "timeout"):
        try:
            seconds = float(value)
        except ValueError:
            seconds = 0.0
        if not 0 < seconds < float("inf"):
            raise ParameterError("timeout", "a number of seconds above 0")
        return seconds
    return None


def _values(pairs: Pairs, wanted: str) -> tuple[str, ...]:
    return tuple(value for name, value in pairs if name == wanted)


async def _posted(http: HttpRequest) -> Pairs:
    media_type, _, parameters = http.headers.get("content-type", "").lower().partition(";")
    media_type = media_type.strip()
    if media_type != _FORM and media_type not in _DIRECT:
        raise HTTPException(415, f"post {_FORM} or application/sparql-query, not {media_type or 'nothing'}")
    if "charset=" in parameters and "utf-8" not in parameters:
        raise HTTPException(415, "the text must be in UTF-8")
    try:
        text = (await body(http, _LONGEST_BODY, f"a query may have {_LONGEST_BODY} bytes")).decode()
        return (
            parse_qsl(text, keep_blank_values=True, errors="strict")
            if media_type == _FORM
            else [(_DIRECT[media_type], text)]
        )
    except UnicodeDecodeError as error:
        raise QueryError("the text is not UTF-8") from error
