"""What OpenAPI says of the SPARQL endpoint."""

from __future__ import annotations

from typing import Any

from kg.serve.negotiation import EXTENSIONS, GRAPHS, HTML, RESULTS


def _string(name: str, description: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string"}, **more}


def _list(name: str, description: str) -> dict[str, Any]:
    schema = {"type": "array", "items": {"type": "string", "format": "iri"}}
    return {"name": name, "in": "query", "description": description, "schema": schema, "explode": True}


_QUERY = _string("query", "the query; without it the service is described, to a browser by a form")
_OPTIONS = [
    _list("default-graph-uri", "graphs whose merge is the default graph; they win over FROM"),
    _list("named-graph-uri", "graphs that GRAPH can name; they win over FROM NAMED"),
    {
        "name": "format",
        "in": "query",
        "description": "the format of the answer, instead of Accept",
        "schema": {"type": "string", "enum": [*RESULTS, *GRAPHS, *EXTENSIONS, "html"]},
    },
    {
        "name": "timeout",
        "in": "query",
        "description": "seconds after which the query is ended, within the limit of the service",
        "schema": {"type": "number", "exclusiveMinimum": 0},
    },
]
_USING = [
    _list("using-graph-uri", "graphs whose merge is the default graph of an update's WHERE"),
    _list("using-named-graph-uri", "graphs that GRAPH can name in an update's WHERE"),
]
_TEXT = {"schema": {"type": "string"}}
PROBLEM = {"description": "what is wrong", "content": {"application/problem+json": {}}}
"""The answer of any request that goes wrong."""

WRITTEN: dict[str, Any] = {
    "release": {"type": "string", "description": "the release that is live now"},
    "published": {"type": "boolean", "description": "whether this write made it; false where nothing changed"},
    "validation": {"type": "object", "description": "how much the gate found, by severity"},
}
"""The members of the answer to a write."""

_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the answer, in the format that the client prefers among those for its kind of query",
        "content": {media_type: {} for media_type in (*RESULTS.values(), *GRAPHS.values(), HTML)},
    },
    304: {"description": "the client has the answer already: same release, same format"},
    **dict.fromkeys((400, 401, 403, 405, 406, 413, 415, 429, 502, 503), PROBLEM),
}
_STATE = {"schema": {"type": "object", "required": [*WRITTEN], "properties": WRITTEN}}
_ANSWERED_OR_WRITTEN: dict[str, Any] = {
    "description": f"{_ANSWERS[200]['description']}; to an update, as `application/json`, what became of it",
    "content": {**_ANSWERS[200]["content"], "application/json": _STATE},
}
_DESCRIPTION = """SPARQL 1.1 Protocol. Without a query the answer is the description of the service: its formats and
features, its graphs and their sizes, and what the default graph is. Results are streamed; a query over its limits is
answered with an error, or, when its answer has begun, broken off. `SERVICE` reaches only servers that are listed."""
_SHARED: dict[str, Any] = {"description": _DESCRIPTION, "responses": _ANSWERS}

GET: dict[str, Any] = {
    **_SHARED,
    "summary": "Ask in SPARQL",
    "operation_id": "sparql_get",
    "openapi_extra": {"parameters": [_QUERY, *_OPTIONS]},
}
POST: dict[str, Any] = {
    **_SHARED,
    "summary": "Ask in SPARQL, or change graphs by an update",
    "operation_id": "sparql_post",
    "responses": {**_ANSWERS, 200: _ANSWERED_OR_WRITTEN, **dict.fromkeys((404, 408, 409, 412, 422), PROBLEM)},
    "openapi_extra": {
        "parameters": [*_OPTIONS, *_USING],
        "requestBody": {
            "required": True,
            "content": {
                "application/sparql-query": _TEXT,
                "application/sparql-update": _TEXT,
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "oneOf": [
                            {"type": "object", "required": [name], "properties": {name: {"type": "string"}}}
                            for name in ("query", "update")
                        ]
                    }
                },
            },
        },
    },
}
