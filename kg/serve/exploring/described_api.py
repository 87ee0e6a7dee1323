"""What OpenAPI says of exploring."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kg.explore.links import BOTH, DIRECTIONS
from kg.serve.exploring.forms import FORMATS
from kg.serve.languages import PARAMETER
from kg.serve.sparql_description import PROBLEM

Told = dict[str, Any]
Responses = dict[int, Any]

SAMPLES, MOST_SAMPLES = 5, 100
"""Values of each property that are shown: unless told otherwise, and at most."""
PAGE, MOST_NEIGHBOURS = 100, 1_000
PATHS, MOST_PATHS = 3, 20
LONGEST, MOST_LONGEST = 6, 8
"""Links of a path."""
MOST_THINGS = 10
VALUES, MOST_VALUES = 10, 100
"""Values of a facet."""
THINGS = 20
MOST_CHOSEN = 20
NODES, MOST_NODES = 50, 500
STEPS, MOST_STEPS = 2, 3
FAN, FAN_AROUND = 2_000, 300
"""Links of one thing that are looked at for common neighbours, and around things."""

_NAME = {"type": "string", "minLength": 1}


def _parameter(name: str, description: str, schema: Told, **more: Any) -> Told:
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


def _number(name: str, description: str, default: int, most: int, least: int = 1) -> Told:
    return _parameter(name, description, {"type": "integer", "minimum": least, "maximum": most, "default": default})


def _many(name: str, description: str, **more: Any) -> Told:
    return _parameter(name, description, {"type": "array", "items": _NAME}, explode=True, **more)


_THING = "an IRI, a CURIE such as `org-id:ncste`, or a path such as `org/ncste`"
_IRI = _parameter("iri", f"the thing: {_THING}", _NAME, required=True, example="org/ncste")
IN_PATH = {
    "name": "iri",
    "in": "path",
    "required": True,
    "description": f"the thing, percent-encoded: {_THING}",
    "schema": _NAME,
    "example": "org/ncste",
}


def format_of(formats: Iterable[str]) -> Told:
    """The parameter that chooses one of some formats."""
    return _parameter("format", "instead of Accept", {"type": "string", "enum": [*formats]})


LANG = _parameter(
    PARAMETER,
    "language of names, in place of Accept-Language; else English, else any",
    {"type": "string", "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"},
)
_SHARED = (format_of(FORMATS), LANG)
_PROPERTY = _many("property", "only links by it: an IRI, a CURIE, or a name as in `statedIn`; may be repeated")
_WITHOUT = _many("without", "no links by it; may be repeated")
_WITHOUT_CLASSES = _many("without", "no links by it; `a` is left out unless it is asked for; may be repeated")
_CLASS = _many("class", "only things of it; may be repeated")
_DIRECTION = _parameter(
    "direction", "from the thing, to it, or both", {"type": "string", "enum": [*DIRECTIONS], "default": BOTH}
)
_SAMPLES = _number("samples", "values of each property", SAMPLES, MOST_SAMPLES, 0)
_RESPONSES: Responses = {
    200: {
        "description": "the answer, its graph as node-link JSON of networkx, GraphML or Turtle",
        "content": {media_type: {} for media_type in FORMATS.values()},
    },
    304: {"description": "the client has it already: same release, same request"},
    **dict.fromkeys((400, 406, 503), PROBLEM),
}
_OF_A_THING = _RESPONSES | dict.fromkeys((404, 410), PROBLEM)


def _told(name: str, summary: str, description: str, *parameters: Told, responses: Responses | None = None) -> Told:
    return {
        "summary": summary,
        "description": description,
        "operation_id": name,
        "openapi_extra": {"parameters": [*parameters, *_SHARED]},
        "responses": responses or _OF_A_THING,
    }


_DESCRIBED = """What is stated of a thing and how often, by property, from it and to it, with a few values of each: a
node with a million links is told by counts and samples."""
TOLD: dict[str, Told] = {
    "/explore": _told("explore_by_iri", "A thing by its IRI", _DESCRIBED, _IRI, _SAMPLES),
    "/explore/schema": _told(
        "explore_schema",
        "Which classes there are, and what joins them",
        "Classes with the number of their things and of statements by property, and the links between classes. "
        "Beyond a million statements links are estimated from samples, and say so (`exact`). Turtle is VoID.",
        responses=_RESPONSES,
    ),
    "/explore/neighbours": _told(
        "explore_neighbours",
        "What a thing is linked with, a page at a time",
        "Sorted by direction, property and IRI; `next` leads to the next page. Of more than 50,000 links a sample is "
        "given, and `all` leads to all of them as CSV.",
        _IRI,
        _PROPERTY,
        _WITHOUT,
        _CLASS,
        _DIRECTION,
        _number("limit", "links on a page", PAGE, MOST_NEIGHBOURS),
        _parameter("after", "where the page begins: `after` of the page before", {"type": "string"}),
    ),
    "/explore/facets": _told(
        "explore_facets",
        "What tells the things of a class apart",
        "For each property with fewer values than things: how many have it, and its commonest values, each with the "
        "address that chooses it, unless it is a blank node or a text of thousands of characters. Classes below the "
        "class count as well. Over more than 50,000 things facets are counted on so many of them (`seen`).",
        _parameter(
            "class", "the class: an IRI, a CURIE, or a name of the ontology", _NAME, required=True, example="Policy"
        ),
        _many(
            "where",
            'what things must have: `homeArea=id/area/CN`, `established="1990"` (a literal by its text), '
            '`label="x"@en`, `established="1990"^^xsd:gYear` (by language or type as well), or a property alone; '
            "may be repeated",
        ),
        _many("property", "only facets by it; may be repeated"),
        _number("values", "values of a facet", VALUES, MOST_VALUES),
        _number("limit", "things that are listed", THINGS, MOST_NEIGHBOURS, 0),
        _parameter("after", "the IRI after which things are listed", {"type": "string"}),
        responses=_RESPONSES,
    ),
    "/explore/paths": _told(
        "explore_paths",
        "The shortest paths between two things",
        "Over links in either direction, or, with `direction=out`, only with them. Of paths of one length those over "
        "things with few links come first. Things with too many links are not gone through and stand in `hubs`; "
        "`complete` says whether the paths are proven to be the shortest.",
        _parameter("from", f"where they begin: {_THING}", _NAME, required=True, example="org/ncste"),
        _parameter("to", "where they end", _NAME, required=True, example="org/most"),
        _PROPERTY,
        _WITHOUT_CLASSES,
        _DIRECTION,
        _number("k", "paths", PATHS, MOST_PATHS),
        _number("longest", "links of a path at most", LONGEST, MOST_LONGEST),
    ),
    "/explore/common": _told(
        "explore_common",
        "What several things are all linked with",
        "The fewer links a common neighbour has, the more it weighs (`score`, Adamic and Adar 2003).",
        _many("iri", f"two things at least: {_THING}", required=True, example=["org/ncste", "org/most"]),
        _PROPERTY,
        _WITHOUT_CLASSES,
        _CLASS,
        _DIRECTION,
        _number("limit", "common neighbours", PAGE, MOST_NEIGHBOURS),
    ),
    "/explore/subgraph": _told(
        "explore_subgraph",
        "The part of the graph around several things that says most about them",
        "Interest spreads from them along links; what is linked with everything gets little of it, and what joins "
        "them much. `leftOut` says how many things were met and not kept.",
        _many("iri", f"the things: {_THING}", required=True, example=["org/ncste", "org/most"]),
        _PROPERTY,
        _WITHOUT_CLASSES,
        _CLASS,
        _DIRECTION,
        _number("nodes", "things to keep, those asked for included", NODES, MOST_NODES),
        _number("steps", "links to go from them", STEPS, MOST_STEPS),
    ),
    "/explore/{iri:path}": _told("explore", "A thing", _DESCRIBED, IN_PATH, _SAMPLES),
}


def known(path: str) -> set[str]:
    """The parameters of the address of a path."""
    return {each["name"] for each in TOLD[path]["openapi_extra"]["parameters"] if each["in"] == "query"}
