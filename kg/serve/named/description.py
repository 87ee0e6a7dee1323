"""What OpenAPI says of named queries: their parameters with what these can be given, and the rows that they give.

What a parameter can be given is in the graph, so it is filled in for each release: in `components`, where each such
list stands once, however many queries take one of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kg.queries import Column, NamedQuery, Parameter
from kg.queries.values import MOST, Choice, is_listed
from kg.serve.named.answers import FORMATS, JSON, PARQUET, SPARQL
from kg.serve.named.asking import MOST as MOST_ROWS
from kg.serve.named.asking import USUAL, Asking
from kg.serve.negotiation import HTML
from kg.serve.sparql_description import PROBLEM

_SCHEMAS: Mapping[str, dict[str, str]] = {
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "decimal": {"type": "number"},
    "integer": {"type": "integer"},
    "language": {"type": "string", "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"},
    "year": {"type": "string", "pattern": r"^\d{4}$"},
}
_KINDS: Mapping[str, dict[str, Any]] = {
    "iri": {"type": ["string", "null"], "format": "iri"},
    "string": {"type": ["string", "null"]},
    "integer": {"type": ["integer", "null"]},
    "number": {"type": ["number", "null"]},
    "boolean": {"type": ["boolean", "null"]},
    "date": {"type": ["string", "null"], "format": "date"},
}
_ANY = {"type": ["string", "number", "boolean", "null"]}
_OPTIONS = [
    {
        "name": "format",
        "in": "query",
        "description": "instead of Accept; rq is the query itself in SPARQL, with the values in it",
        "schema": {"type": "string", "enum": [*FORMATS, "html", "rq"]},
    },
    {
        "name": "limit",
        "in": "query",
        "description": f"rows of a page; without it all rows, with a cursor {USUAL}",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS},
    },
    {
        "name": "cursor",
        "in": "query",
        "description": "where a page begins: from the Link header of another page. It stays on its release",
        "schema": {"type": "string"},
    },
]
_TEXT = {"schema": {"type": "string"}}
_HEADERS = {
    "ETag": {"description": "release, question, format and page", **_TEXT},
    "Link": {"description": "`describedby`: the query in SPARQL; of a page `first`, `prev`, `next`", **_TEXT},
    "Total-Rows": {
        "description": "rows of the whole answer, where they are known before it is sent",
        "schema": {"type": "integer", "minimum": 0},
    },
}


def entry(query: NamedQuery) -> dict[str, Any]:
    """What the list says of a query."""
    return {
        "name": query.name,
        "summary": query.summary,
        "question": query.question,
        "parameters": [parameter(each) for each in query.parameters],
        "columns": [
            {"name": each.name, "meaning": each.meaning, "unit": each.unit, "kind": query.kinds.get(each.name)}
            for each in query.columns
        ],
        "tags": list(query.tags),
        "source": query.source,
        "href": f"/queries/{query.name}",
    }


def described(query: NamedQuery) -> dict[str, Any]:
    """What OpenAPI says of a query."""
    columns = "\n".join(
        f"* `{column.name}`: {column.meaning}{f' ({column.unit})' if column.unit else ''}" for column in query.columns
    )
    content: dict[str, Any] = dict.fromkeys((*FORMATS.values(), HTML, SPARQL), _TEXT)
    content[PARQUET] = {"schema": {"type": "string", "format": "binary"}}
    content[JSON] = {"schema": {"type": "array", "items": row(query)}}
    return {
        "tags": [query.name.partition("/")[0]],
        "summary": query.summary,
        "description": f"{query.question}\n\n{columns}",
        "operation_id": query.name.replace("/", "_").replace("-", "_"),
        "openapi_extra": {"parameters": [*(parameter(each) for each in query.parameters), *_OPTIONS]},
        "responses": {
            200: {"description": "the rows", "content": content, "headers": _HEADERS},
            304: {"description": "the client has the answer already: same release, same values, same page"},
            **dict.fromkeys((400, 406, 410, 503), PROBLEM),
        },
    }


def row(query: NamedQuery) -> dict[str, Any]:
    """The schema of a row in JSON."""
    return {
        "type": "object",
        "properties": {column.name: _property(column, query.kinds.get(column.name)) for column in query.columns},
        "required": [column.name for column in query.columns],
        "additionalProperties": False,
    }


def _property(column: Column, kind: str | None) -> dict[str, Any]:
    unit = {"x-unit": column.unit} if column.unit else {}
    return {**_KINDS.get(kind or "", _ANY), "description": column.meaning, **unit}


def parameter(each: Parameter) -> dict[str, Any]:
    """A parameter as OpenAPI writes it."""
    schema = _schema(each)
    if each.default is not None:
        schema["default"] = _plain(each, each.default)
    described = {
        "name": each.name,
        "in": "query",
        "description": each.description,
        "required": each.required,
        "schema": schema,
    }
    return described if each.example is None else {**described, "example": _plain(each, each.example)}


def _schema(each: Parameter) -> dict[str, Any]:
    if each.type != "iri":
        return dict(_SCHEMAS.get(each.type, {"type": "string"}))
    other = {"type": "string", "minLength": 1, "description": _given_by(each)}
    return {"anyOf": [{"$ref": f"#/components/schemas/{_name(each)}"}, other]} if is_listed(each) else other


def _given_by(each: Parameter) -> str:
    if not each.below:
        return "an IRI or a CURIE"
    return f"an IRI, a CURIE, the last part of an IRI below {each.below}, or what the thing is called in any language"


def _plain(each: Parameter, value: str) -> str | int | float | bool:
    """A value as it stands in JSON."""
    if each.type == "boolean":
        return value == "true"
    if each.type == "integer":
        return int(value)
    return float(value) if each.type == "decimal" else value


def _name(each: Parameter) -> str:
    """What the list of things is called that a parameter takes one of."""
    of = [*each.values] or ([each.example or each.default or ""] if each.below == "concept/code/" else [])
    return "values-" + re.sub(r"[^A-Za-z0-9]+", "-", "-".join([each.below or "", *of])).strip("-")


def _enumeration(each: Parameter, found: Iterable[Choice] | None) -> dict[str, Any]:
    listed = list(found or ())
    if not listed:
        return {"type": "string", "minLength": 1, "description": f"more than {MOST} things, or not known now"}
    names = "\n".join(f"* `{choice.short}`: {label}" for choice in listed if (label := choice.label()))
    return {
        "type": "string",
        "description": f"In this release, below `{each.below}`:\n\n{names}",
        "enum": [choice.short for choice in listed],
    }


def install(app: FastAPI, queries: Mapping[str, NamedQuery], asking: Asking) -> None:
    """Have the description of an application say what the live release has."""
    lists = {_name(each): each for query in queries.values() for each in query.parameters if is_listed(each)}
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        return _with(plain(), {name: _enumeration(each, None) for name, each in lists.items()})

    async def current(_: HttpRequest) -> Response:
        found = {name: _enumeration(each, await asking.choices(each)) for name, each in lists.items()}
        return JSONResponse(_with(plain(), found), headers={"Cache-Control": "no-cache"})

    app.openapi = openapi  # type: ignore[method-assign]
    routes = app.router.routes
    place = next(number for number, route in enumerate(routes) if getattr(route, "path", "") == app.openapi_url)
    routes[place] = Route(str(app.openapi_url), current, include_in_schema=False)


def _with(schema: dict[str, Any], lists: Mapping[str, Any]) -> dict[str, Any]:
    """A description with more schemas."""
    components = schema.get("components", {})
    return {**schema, "components": {**components, "schemas": {**components.get("schemas", {}), **lists}}}
