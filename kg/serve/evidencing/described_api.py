"""What OpenAPI says of evidence."""

from __future__ import annotations

from typing import Any

from kg.evidence.checking import CSV, HTML, TEXT, Standing
from kg.serve.exploring.described_api import IN_PATH, LANG, format_of
from kg.serve.sparql_description import PROBLEM
from kg.serve.uploads import FORM

JSON, ANNOTATIONS = "application/json", "application/ld+json"
FORMATS = {"json": JSON, "jsonld": ANNOTATIONS}
"""By the name that ``?format=`` takes: all that is known, and the places as web annotations."""
TYPES = (TEXT, HTML, "application/xhtml+xml", CSV, FORM)
"""Types of bodies that can be checked."""

_ERRORS: dict[int, Any] = dict.fromkeys((400, 404, 406, 410, 503), PROBLEM)
_TEXT = {"schema": {"type": "string"}}
GET: dict[str, Any] = {
    "summary": "What a record rests on",
    "description": "Its documents, the outlets between them and the origin, and its places: a stretch of a text with "
    "its SHA-256, or a row of a table. Of a document, all that is known to stand in it, a thousand places at most.",
    "operation_id": "evidence",
    "openapi_extra": {"parameters": [IN_PATH, format_of(FORMATS), LANG]},
    "responses": {
        200: {"description": "all that, or the places as web annotations", "content": {JSON: {}, ANNOTATIONS: {}}},
        304: {"description": "the client has it already: same release, same request"},
        **_ERRORS,
    },
}
_STANDINGS = {
    Standing.UNCHANGED: "it stands there",
    Standing.MOVED: "it stands elsewhere, see `found`",
    Standing.CHANGED: "something else stands there, see `now`",
    Standing.ABSENT: "it stands nowhere, and its place is not there",
}
POST: dict[str, Any] = {
    "summary": "Check whether a document still says so",
    "description": "The document as the body, or as the part `document` of a form. For each place of the record: "
    + "; ".join(f"`{name.value}`: {words}" for name, words in _STANDINGS.items())
    + ". Nothing is kept, nothing is fetched.",
    "operation_id": "check_evidence",
    "openapi_extra": {
        "parameters": [IN_PATH],
        "requestBody": {
            "required": True,
            "content": {
                **{kind: _TEXT for kind in TYPES if kind != FORM},
                FORM: {
                    "schema": {
                        "type": "object",
                        "required": ["document"],
                        "properties": {"document": {"type": "string", "format": "binary"}},
                    }
                },
            },
        },
    },
    "responses": {
        200: {"description": "what became of each place", "content": {JSON: {}}},
        **_ERRORS,
        **dict.fromkeys((408, 413, 415, 422), PROBLEM),
    },
}
