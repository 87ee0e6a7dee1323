"""What OpenAPI says of the graph store."""

from __future__ import annotations

from typing import Any

from kg.serve.negotiation import GRAPHS
from kg.serve.sparql_description import PROBLEM, WRITTEN
from kg.serve.uploads import FORM, SYNTAXES

Told = dict[str, dict[str, Any]]
"""What is told of each method."""

_GRAPH = {
    "name": "graph",
    "in": "query",
    "description": "IRI of the graph",
    "schema": {"type": "string", "format": "iri"},
    "example": "https://example.org/graph/mine",
}
_DEFAULT = {
    "name": "default",
    "in": "query",
    "description": "the default graph; without a value, and instead of `graph`",
    "schema": {"type": "string", "maxLength": 0},
    "allowEmptyValue": True,
}
_PATH = {
    "name": "path",
    "in": "path",
    "required": True,
    "description": "the graph's name below `graph/`: of one's own are those that begin with `own/`",
    "schema": {"type": "string"},
    "example": "own/mine",
}
_FORMAT = {
    "name": "format",
    "in": "query",
    "description": "the syntax of the answer, instead of Accept",
    "schema": {"type": "string", "enum": [*GRAPHS]},
}


def _condition(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "description": description, "schema": {"type": "string"}}


_KNOWN = _condition("If-None-Match", "ETags that the client has: if the graph has one of them, 304")
_CONDITIONS = [
    _condition("If-Match", "ETags, one of which the graph must have, or `*`: it must be there"),
    _condition("If-None-Match", "ETags that the graph must not have, or `*`: it must not be there"),
]
_BODY = {
    "required": True,
    "content": {
        **{syntax: {"schema": {"type": "string"}} for syntax in SYNTAXES},
        FORM: {
            "schema": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {"type": "string", "format": "binary"},
                "description": "files, each in a syntax of its own, by its Content-Type or its name",
            }
        },
    },
}
_STATE: dict[str, Any] = {
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["graph", *WRITTEN],
                "properties": {
                    "graph": {"type": ["string", "null"], "description": "its IRI; null is the default graph"},
                    **WRITTEN,
                },
            }
        }
    }
}
_REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 412, 503), PROBLEM)
_WRITE: dict[str, Any] = {
    "responses": {
        200: {"description": "the graph is what it was to be; it was there before", **_STATE},
        201: {
            "description": "the graph is there; it was not before",
            "headers": {"Location": {"description": "where to fetch it", "schema": {"type": "string"}}},
            **_STATE,
        },
        **_REFUSALS,
        **dict.fromkeys((408, 413, 415), PROBLEM),
        422: {"description": "the gate refuses: the report", "content": PROBLEM["content"]},
    }
}
_GET: dict[str, Any] = {
    "summary": "A whole graph",
    "description": """All triples of a graph, streamed. The default graph is the merge of all others; in a plain folder
it is a graph of its own. At `/data` without a graph: all graphs, as TriG or N-Quads.""",
    "responses": {
        200: {
            "description": "the graph",
            "headers": {"ETag": {"description": "of this state and syntax", "schema": {"type": "string"}}},
            "content": {media_type: {} for media_type in GRAPHS.values()},
        },
        304: {"description": "the client has it already"},
        **dict.fromkeys((400, 401, 404, 406, 503), PROBLEM),
    },
}
_PUT: dict[str, Any] = {
    **_WRITE,
    "summary": "Put a graph in place",
    "description": """What is sent replaces the graph, or is a new one; at `/data` without a graph, TriG or N-Quads
replaces all graphs of a plain folder. The whole graph passes the gate or nothing
changes. Graphs that a build made are read-only: correct the source, or say it in a graph of your own.""",
}
_POST: dict[str, Any] = {
    **_WRITE,
    "summary": "Merge into a graph",
    "description": """What is sent is added to the graph; at `/data` without a graph, TriG or N-Quads to the graphs that
it names. A POST to `/data` that names no graph makes a new one, whose
address is in `Location` and whose name is in the answer.""",
}
_DELETE: dict[str, Any] = {
    "summary": "Drop a graph",
    "description": "The graph is no more; the default graph of a plain folder is empty then.",
    "responses": {204: {"description": "done"}, **_REFUSALS, 422: {"description": "the gate refuses", **PROBLEM}},
    "status_code": 204,
}


def _told(place: str, parameters: list[dict[str, Any]]) -> Told:
    def one(method: str, told: dict[str, Any], more: list[dict[str, Any]], **extra: Any) -> dict[str, Any]:
        shown = {"parameters": [*parameters, *more], **extra}
        return {**told, "operation_id": f"graph_{method}_{place}", "openapi_extra": shown}

    return {
        "GET": one("get", _GET, [_FORMAT, _KNOWN]),
        "PUT": one("put", _PUT, _CONDITIONS, requestBody=_BODY),
        "POST": one("post", _POST, _CONDITIONS, requestBody=_BODY),
        "DELETE": one("delete", _DELETE, _CONDITIONS),
    }


INDIRECT = _told("indirect", [_GRAPH, _DEFAULT])
DIRECT = _told("direct", [_PATH])
