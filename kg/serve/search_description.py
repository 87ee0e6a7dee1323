"""What OpenAPI says of searching: parameters with examples, and what comes back."""

from __future__ import annotations

from typing import Any

from kg.search import facets, finding, questions
from kg.search.grading import Match
from kg.serve.sparql_description import PROBLEM


def _parameter(name: str, description: str, example: object, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema, "example": example}


def _repeated(name: str, description: str, example: str) -> dict[str, Any]:
    schema = {"type": "array", "items": {"type": "string"}}
    return {**_parameter(name, f"{description}; may be repeated", [example], schema), "explode": True}


_TEXT = {"type": "string", "maxLength": questions.LONGEST}
_STRING: dict[str, Any] = {"type": "string"}
_COMMON = [
    _repeated("class", "only things of this class: a name of the ontology, a CURIE, an IRI", "Organization"),
    _repeated("country", "only things of this country or area, by its code", "CN"),
    _repeated("year", "only things of this year, or of the years from the first to the last", "2018-2022"),
    _parameter("lang", "the language of names; else that of Accept-Language", "en", _STRING),
]
_THING = {
    "type": "object",
    "required": ["iri", "label", "href"],
    "properties": {
        "iri": _STRING,
        "label": {"type": "string", "description": "what it is called, in the language asked for if there is a name"},
        "language": {"type": "string", "description": "of the label, as a tag of BCP 47"},
        "match": {"enum": [match.name.replace("_", "-") for match in Match]},
        "matched": {"type": "string", "description": "the name by which it was found, where that is another one"},
        "matchedLanguage": _STRING,
        "classes": {"type": "array", "items": {"type": "object"}},
        "countries": {"type": "array", "items": {"type": "object"}},
        "years": {"type": "array", "items": {"type": "integer"}},
        "description": _STRING,
        "href": {"type": "string", "description": "the page about it"},
    },
}
_PAGE = {
    "type": "object",
    "required": ["release", "total", "hits", "facets", "facetsExact", "next"],
    "properties": {
        "release": {"type": "string", "description": "the release that was searched"},
        "total": {"type": "integer"},
        "hits": {"type": "array", "items": _THING},
        "facets": {
            "type": "object",
            "description": "by class, country and year: value, label and count of the most frequent",
        },
        "facetsExact": {
            "type": "boolean",
            "description": f"false where more than {facets.COUNTED:,} things were found: counts are estimated then",
        },
        "next": {"type": ["string", "null"], "description": "what `after` takes for the next page"},
    },
}
_SUGGESTED = {
    "type": "object",
    "required": ["release", "query", "suggestions"],
    "properties": {"release": _STRING, "query": _STRING, "suggestions": {"type": "array", "items": _THING}},
}
_WRONG: dict[int, Any] = dict.fromkeys((400, 404, 406, 503), PROBLEM)


def _number(most: int, usual: int) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": usual}
    return _parameter("limit", "how many", usual, schema)


def _format(*names: str) -> dict[str, Any]:
    return _parameter("format", "instead of Accept", names[0], {"enum": [*names]})


SEARCH: dict[str, Any] = {
    "summary": "Things found by names, identifiers and descriptions in any language",
    "description": "The best match first, among equals the more important. No sign in the text has a meaning. `next`"
    " and the `Link` header lead to the next page. There has to be a text, or something to choose by.",
    "operation_id": "search",
    "openapi_extra": {
        "parameters": [
            _parameter("q", "words, a name, or an identifier", "清华", _TEXT),
            *_COMMON,
            _number(finding.MOST, 20),
            {**_parameter("after", "`next` of the page before", "", _STRING), "allowEmptyValue": True},
            _format("json", "html"),
        ]
    },
    "responses": {
        200: {"description": "a page of hits", "content": {"application/json": {"schema": _PAGE}, "text/html": {}}},
        **_WRONG,
    },
}
SUGGEST: dict[str, Any] = {
    "summary": "The best few things for what somebody is typing",
    "description": "The last word may go on. For a combobox, or for a browser's address bar (OpenSearch suggestions).",
    "operation_id": "suggest",
    "openapi_extra": {
        "parameters": [
            _parameter("q", "what was typed so far", "univ", _TEXT),
            *_COMMON,
            _number(finding.SUGGESTED, 10),
            _format("json", "suggestions"),
        ]
    },
    "responses": {
        200: {
            "description": "suggestions",
            "content": {"application/json": {"schema": _SUGGESTED}, "application/x-suggestions+json": {}},
        },
        **_WRONG,
    },
}
DESCRIPTION: dict[str, Any] = {
    "summary": "How browsers and programs search here (OpenSearch 1.1)",
    "operation_id": "opensearch",
    "responses": {200: {"description": "the description", "content": {"application/opensearchdescription+xml": {}}}},
}
