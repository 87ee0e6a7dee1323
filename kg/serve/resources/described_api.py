"""What OpenAPI says of the addresses of things and of the documents about them."""

from __future__ import annotations

from typing import Any

from kg.serve.negotiation import GRAPHS, HTML
from kg.serve.resources.addresses import SUFFIXES
from kg.serve.sparql_description import PROBLEM

Told = dict[str, Any]
Responses = dict[int, Any]

_WORDS = {
    "id": "A thing: institution, figure, report, policy, document …",
    "concept": "A concept: channel, theme, code, unit",
    ".well-known/genid": "A blank node, which got an IRI when it was loaded",
}
_FORMAT = {"name": "format", "in": "query", "description": "instead of Accept", "schema": {"enum": [*GRAPHS, "html"]}}
_LANG = {
    "name": "lang",
    "in": "query",
    "description": "language of names, in place of Accept-Language; else English, else any",
    "schema": {"type": "string", "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"},
}
_IRI = {"name": "iri", "in": "query", "required": True, "schema": {"type": "string", "format": "iri"}}
_PATH = {"name": "path", "in": "path", "required": True, "schema": {"type": "string"}}
_IN = {
    "name": "in",
    "in": "query",
    "description": "list what refers to it by this property",
    "schema": {"type": "string"},
}
_AFTER = {
    "name": "after",
    "in": "query",
    "description": "the last thing of the list so far",
    "schema": {"type": "string"},
}
_ALL = (*GRAPHS.values(), HTML)
_ERRORS: Responses = dict.fromkeys((400, 404, 406, 410, 503), PROBLEM)
_PAGE: Responses = {200: {"description": "the page", "content": {HTML: {}}}, **_ERRORS}
_LINKSET: Responses = {200: {"description": "the links", "content": {"application/linkset+json": {}}}, **_ERRORS}
_DOCUMENT: Responses = {
    200: {"description": "the description", "content": {media_type: {} for media_type in GRAPHS.values()}}
}


def _told(name: str, summary: str, responses: Responses, *parameters: Told) -> Told:
    return {
        "summary": summary,
        "operation_id": name,
        "openapi_extra": {"parameters": list(parameters)},
        "responses": responses,
    }


_SEE_OTHER: Responses = {303: {"description": "the document about it that suits the client"}, **_ERRORS}
THING = {
    place: _told(f"thing_{place.rpartition('/')[2]}", words, _SEE_OTHER, _PATH, _FORMAT, _LANG)
    for place, words in _WORDS.items()
}
BY_PATH = {
    "page": _told("page", "The page about a thing of the project's base", _PAGE, _PATH, _LANG, _IN, _AFTER),
    "about": _told(
        "about",
        f"The description of a thing in RDF; its address ends in .{', .'.join(SUFFIXES)}",
        _DOCUMENT | _ERRORS,
        _PATH,
    ),
    "linkset": _told("linkset", "What belongs to a thing of the project's base, as typed links", _LINKSET, _PATH),
}
BY_IRI = {
    "page": _told("page_by_iri", "The page about a thing with any IRI", _PAGE, _IRI, _LANG, _IN, _AFTER),
    "about": _told(
        "about_by_iri", "The description of a thing with any IRI in RDF", _DOCUMENT | _ERRORS, _IRI, _FORMAT
    ),
    "linkset": _told("linkset_by_iri", "What belongs to a thing with any IRI, as typed links", _LINKSET, _IRI),
}
VOCABULARY = {
    name: _told(
        name,
        words,
        {200: {"description": "the document", "content": {media_type: {} for media_type in _ALL}}, **_ERRORS},
        _FORMAT,
        _LANG,
    )
    for name, words in {
        "ontology": "The ontology, with an anchor for each term: a page, or RDF",
        "shapes": "The shapes, with an anchor for each rule: a page, or RDF",
    }.items()
}
