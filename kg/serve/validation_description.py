"""What OpenAPI says of validation."""

from __future__ import annotations

from typing import Any

from kg.serve.negotiation import GRAPHS, HTML
from kg.serve.sparql_description import PROBLEM
from kg.serve.uploads import FORM, SYNTAXES

FORMATS = {"json": "application/json", **GRAPHS, "html": HTML}
"""Forms of a report by the name that ``?format=`` takes."""

_FILE = {"type": "string", "format": "binary"}
_PARAMETERS = [
    {
        "name": "format",
        "in": "query",
        "description": "the form of the report, instead of Accept",
        "schema": {"type": "string", "enum": [*FORMATS]},
    },
    {
        "name": "limit",
        "in": "query",
        "description": "how many results of each rule are listed; all, or on a page 20, when absent",
        "schema": {"type": "integer", "minimum": 1},
    },
]
_REPORT: dict[str, Any] = {"content": {media_type: {} for media_type in FORMATS.values()}}

POST: dict[str, Any] = {
    "summary": "Validate data against SHACL shapes",
    "description": """Data as the body, in any RDF syntax, or a form with parts `data` and `shapes`, each of which may
come several times. Without shapes those of this graph count, and its ontology is read with the data. Nothing is kept,
nothing is fetched; `SERVICE` is refused. Status 422 with a report says that there are violations; with
`application/problem+json`, that data or shapes cannot be used.""",
    "operation_id": "validate",
    "responses": {
        200: {"description": "the report: the data conforms", **_REPORT},
        422: {
            "description": "the report: there are violations; or, as a problem, what is wrong with data or shapes",
            "content": {**_REPORT["content"], "application/problem+json": {}},
        },
        **dict.fromkeys((400, 406, 408, 413, 415, 503), PROBLEM),
    },
    "openapi_extra": {
        "parameters": _PARAMETERS,
        "requestBody": {
            "required": True,
            "content": {
                **{syntax: {"schema": {"type": "string"}} for syntax in SYNTAXES},
                FORM: {
                    "schema": {
                        "type": "object",
                        "required": ["data"],
                        "properties": {"data": _FILE, "shapes": _FILE},
                    }
                },
            },
        },
    },
}
GET: dict[str, Any] = {
    "summary": "The validation report of the live release",
    "description": "What the shapes found before the release was published: warnings and infos, never violations.",
    "operation_id": "validation",
    "responses": {200: {"description": "the report", **_REPORT}, **dict.fromkeys((400, 404, 406), PROBLEM)},
    "openapi_extra": {"parameters": _PARAMETERS},
}
