"""``/queries``: every named query as an endpoint of its own, with its own parameters in OpenAPI."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response

from kg.queries import NamedQuery, Parameter, find, to_json
from kg.serve.answers import QueryResponse
from kg.serve.languages import PARAMETER, wish
from kg.serve.negotiation import HTML, RESULTS, chosen
from kg.serve.sparql_description import PROBLEM
from kg.serve.views.pages import Pages
from kg.serve.views.tables import table
from kg.store.querying.base import Pool
from kg.store.querying.requests import Request

_JSON = "application/json"
_LISTS = {"json": _JSON, "html": HTML}
_FORMATS = {"json": _JSON, "html": HTML} | {name: RESULTS[name] for name in ("csv", "tsv", "srj", "srx")}
_SCHEMAS: Mapping[str, dict[str, str]] = {
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "decimal": {"type": "number"},
    "integer": {"type": "integer"},
    "iri": {"type": "string", "format": "iri-reference"},
    "year": {"type": "string", "pattern": r"^\d{4}$"},
}

_NO_PARAMETERS = ("format", PARAMETER)

Endpoint = Callable[[HttpRequest], Awaitable[Response]]


def router(pool: Pool, queries: Mapping[str, NamedQuery], pages: Pages) -> APIRouter:
    """The list, one path a query, and an answer for all other names: which ones come close."""
    routes = APIRouter()

    async def listed(http: HttpRequest) -> Response:
        if _chosen(_LISTS, http) == HTML:
            return pages.queries(wish(http))
        return Response(json.dumps([_entry(query) for query in queries.values()], ensure_ascii=False), media_type=_JSON)

    async def misspelt(name: str) -> Response:
        return RedirectResponse(f"/queries/{find(queries, name.strip('/')).name}")

    routes.add_api_route("/queries", listed, tags=["queries"], summary="All named queries", operation_id="queries")
    routes.add_api_route("/queries", listed, methods=["HEAD"], include_in_schema=False)
    for query in queries.values():
        endpoint = _endpoint(pool, query, pages)
        routes.add_api_route(f"/queries/{query.name}", endpoint, methods=["GET"], **_described(query))
        routes.add_api_route(f"/queries/{query.name}", endpoint, methods=["HEAD"], include_in_schema=False)
    routes.add_api_route("/queries/{name:path}", misspelt, include_in_schema=False)
    return routes


def _endpoint(pool: Pool, query: NamedQuery, pages: Pages) -> Endpoint:
    async def endpoint(http: HttpRequest) -> Response:
        # a form sends fields that were left empty
        values = {name: value for name, value in http.query_params.items() if value and name not in _NO_PARAMETERS}
        media_type = _chosen(_FORMATS, http)
        if media_type == HTML:
            return await pages.query(query, values, wish(http))
        if media_type == _JSON:
            return Response(to_json(await table(pool, query, values)), media_type=_JSON)
        return QueryResponse(pool, Request(query=query.bind(values), results_format=media_type), http)

    return endpoint


def _chosen(offered: Mapping[str, str], http: HttpRequest) -> str:
    return chosen(offered, accept=http.headers.get("accept", ""), name=http.query_params.get("format"))


def _entry(query: NamedQuery) -> dict[str, Any]:
    """What the list says of a query."""
    return {
        "name": query.name,
        "summary": query.summary,
        "question": query.question,
        "parameters": [_parameter(parameter) for parameter in query.parameters],
        "columns": [{"name": column.name, "meaning": column.meaning, "unit": column.unit} for column in query.columns],
        "href": f"/queries/{query.name}",
    }


def _described(query: NamedQuery) -> dict[str, Any]:
    """What OpenAPI says of a query."""
    columns = "\n".join(
        f"* `{column.name}`: {column.meaning}{f' ({column.unit})' if column.unit else ''}" for column in query.columns
    )
    form = {"name": "format", "in": "query", "description": "instead of Accept", "schema": {"enum": [*_FORMATS]}}
    return {
        "tags": [query.name.partition("/")[0]],
        "summary": query.summary,
        "description": f"{query.question}\n\n{columns}",
        "operation_id": query.name.replace("/", "_").replace("-", "_"),
        "openapi_extra": {"parameters": [*(_parameter(parameter) for parameter in query.parameters), form]},
        "responses": {
            200: {"description": "the rows", "content": {media_type: {} for media_type in _FORMATS.values()}},
            **dict.fromkeys((400, 406, 503), PROBLEM),
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    """A parameter as OpenAPI writes it."""
    schema: dict[str, Any] = dict(_SCHEMAS.get(parameter.type, {"type": "string"}))
    if parameter.default is not None:
        schema["default"] = parameter.default
    described = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "required": parameter.required,
        "schema": schema,
    }
    return described if parameter.example is None else {**described, "example": parameter.example}
