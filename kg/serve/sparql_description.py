"""What OpenAPI says of the SPARQL endpoint."""

from __future__ import annotations

from typing import Any

from kg.serve.negotiation import GRAPHS, HTML, RESULTS


def _string(name: str, description: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string"}, **more}


def _list(name: str, description: str) -> dict[str, Any]:
    schema = {"type": "array", "items": {"type": "string", "format": "iri"}}
    return {"name": name, "in": "query", "description": description, "schema": schema, "explode": True}


_QUERY = _string("query", "the query; only SPARQL queries, no updates", required=True)
_OPTIONS = [
    _list("default-graph-uri", "graphs whose union is the default graph; all graphs when neither list is given"),
    _list("named-graph-uri", "graphs that GRAPH can name"),
    {
        "name": "format",
        "in": "query",
        "description": "the format of the answer, instead of Accept",
        "schema": {"type": "string", "enum": [*RESULTS, *GRAPHS, "html"]},
    },
    {
        "name": "timeout",
        "in": "query",
        "description": "seconds after which the query is ended, within the limit of the service",
        "schema": {"type": "number", "exclusiveMinimum": 0},
    },
]
PROBLEM = {"description": "what is wrong", "content": {"application/problem+json": {}}}
"""The answer of any request that goes wrong."""

_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the answer, in the format that the client prefers among those for its kind of query",
        "content": {media_type: {} for media_type in (*RESULTS.values(), *GRAPHS.values(), HTML)},
    },
    304: {"description": "the client has the answer already: same release, same format"},
    **dict.fromkeys((400, 403, 406, 413, 415, 503), PROBLEM),
}
_DESCRIPTION = """SPARQL 1.1 Protocol. The default graph is the union of all named graphs. Results are streamed; a query
over its limits is answered with an error, or, when its answer has begun, broken off. `SERVICE` is refused."""
_SHARED: dict[str, Any] = {"description": _DESCRIPTION, "responses": _ANSWERS}

GET: dict[str, Any] = {
    **_SHARED,
    "summary": "Ask in SPARQL",
    "operation_id": "sparql_get",
    "openapi_extra": {"parameters": [_QUERY, *_OPTIONS]},
}
POST: dict[str, Any] = {
    **_SHARED,
    "summary": "Ask in SPARQL, with the query in the body",
    "operation_id": "sparql_post",
    "openapi_extra": {
        "parameters": _OPTIONS,
        "requestBody": {
            "required": True,
            "content": {
                "application/sparql-query": {"schema": {"type": "string"}},
                "application/x-www-form-urlencoded": {
                    "schema": {"type": "object", "required": ["query"], "properties": {"query": {"type": "string"}}}
                },
            },
        },
    },
}
