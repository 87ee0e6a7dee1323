"""What OpenAPI says of networks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kg.analysis import parameters
from kg.analysis.definitions import Definition
from kg.analysis.measures import MEASURES
from kg.export.plots import FORMATS, PLOTS
from kg.serve.languages import PARAMETER
from kg.serve.networks import asked
from kg.serve.sparql_description import PROBLEM

Told = dict[str, Any]

JOB = "/networks/jobs/{id}"
_TYPES = {"date": {"type": "string", "format": "date"}, "integer": {"type": "integer"}, "decimal": {"type": "number"}}
_STATUS = {
    "type": "object",
    "required": ["id", "status", "step", "fraction", "release", "network", "self"],
    "properties": {
        "id": {"type": "string"},
        "status": {"enum": ["waiting", "running", "done", "failed"]},
        "step": {"type": "string"},
        "fraction": {"type": "number", "minimum": 0, "maximum": 1},
        "release": {"type": "string"},
        "network": {"type": "string"},
        "self": {"type": "string"},
        "result": {"type": "string"},
        "problem": {"type": "object"},
    },
}
_EXAMPLE = {
    "id": "c0vQhT1mYw8rXk2p",
    "status": "running",
    "step": "betweenness: searching from 4,096 of 30,973 nodes",
    "fraction": 0.7107,
    "release": "20261122T165319.253Z-6cd04d14",
    "network": "co-participation",
    "self": "/networks/jobs/c0vQhT1mYw8rXk2p",
}
_LATER = {
    "description": "it takes longer, or `Prefer: respond-async` was sent: `Location` tells how far it is",
    "headers": {"Location": {"schema": {"type": "string"}}, "Retry-After": {"schema": {"type": "integer"}}},
    "content": {"application/json": {"schema": _STATUS, "example": _EXAMPLE}},
}
_PREFER = {
    "name": "Prefer",
    "in": "header",
    "description": "`respond-async`: a job at once; `wait=10`: seconds to wait for the result (RFC 7240)",
    "schema": {"type": "string"},
    "example": "respond-async",
}


def _query(name: str, description: str, schema: Told, **more: Any) -> Told:
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


def _name(known: Iterable[str]) -> Told:
    schema = {"type": "string", "enum": [*known]}
    return {"name": "name", "in": "path", "required": True, "description": "the network", "schema": schema}


def _common() -> list[Told]:
    return [
        _query(each.name, each.description, _TYPES.get(each.type, {"type": "string"}))
        | ({"example": each.example} if each.example else {})
        for each in parameters.COMMON
    ]


def _of_measures(names: Iterable[str]) -> list[Told]:
    found: dict[str, Told] = {}
    for name in names:
        for each in MEASURES[name].parameters:
            known = found.setdefault(each.name, _query(each.name, "", {"type": "string"}))
            known["description"] = "; ".join(
                filter(None, [known["description"], f"{name}: {each.description} ({each.expected})"])
            )
    return list(found.values())


_NODE = "its IRI, or the last part of it"
_TOLD: Mapping[str, Told] = {
    "part": _query("part", "of CSV: the list of edges or that of nodes", {"enum": [*asked.PARTS]}),
    "measure": _query(
        "measure",
        "what to measure, several parted by commas",
        {"type": "string", "default": "degree"},
        example="betweenness,pagerank",
    ),
    "method": _query("method", "how to divide", {"enum": [*asked.METHODS]}),
    "top": _query("top", "so many rows, the highest first", {"type": "integer", "minimum": 1}, example=10),
    "engine": _query("engine", "the library that computes; the cheapest that is there without", {"type": "string"}),
    "undirected": _query("undirected", "take edges both ways as one", {"type": "boolean", "default": False}),
    "layout": _query("layout", "places of nodes as x and y, in GEXF as viz:position", {"enum": [*asked.LAYOUTS]}),
    "seed": _query("seed", "what the layout begins from", {"type": "integer", "minimum": 0, "default": 1}),
    "every": _query(
        "every",
        "of communities: years of a slice",
        {"type": "integer", "minimum": 1, "maximum": asked.MOST_YEARS, "default": 1},
    ),
    "radius": _query("radius", "steps", {"type": "integer", "minimum": 0, "maximum": asked.MOST_RADIUS, "default": 1}),
    "one": _query("one", f"a node: {_NODE}", {"type": "string", "minLength": 1}, required=True, example="ncste"),
    "other": _query("other", f"another: {_NODE}", {"type": "string", "minLength": 1}, required=True, example="istic"),
    "distance": _query("distance", "edges are hops, or 1/weight long", {"enum": [*asked.DISTANCES]}),
    "limit": _query("limit", "paths", {"type": "integer", "minimum": 1, "maximum": asked.MOST_PATHS, "default": 10}),
}
_WORDS: Mapping[str, tuple[str, str]] = {
    "summary": ("What a network is", "Its definition, origin, size and heaviest edges."),
    "graph": ("A network", "Node-link JSON of networkx, GraphML, GEXF, CSV or Pajek; attributes are typed."),
    "measures": ("Measures of a network", "Values with engine, version, parameters and origin."),
    "communities": ("Communities of a network", "A partition, its communities, and how far it depends on the seed."),
    "ego": ("What is around a node", "All nodes within some steps of it, and the edges among these."),
    "plots": ("A plot of a network", "SVG with a title and a description, PNG, or the table of what it shows."),
    "paths": ("Shortest paths between two nodes", "None where no path leads from one to the other."),
    "records": ("The records behind an edge", "What two nodes share."),
}
_ALSO = " Each network takes parameters of its own as well, which `/networks` lists."


def told(path: str, known: Mapping[str, Definition]) -> Told:
    """What is said of a path."""
    if path == "/networks":
        content: Told = {each: {} for each in asked.PAGES.values()}
        listed = [_query("format", "instead of Accept", {"enum": [*asked.PAGES]})]
        answers = {200: _found(content), **dict.fromkeys((400, 406), PROBLEM)}
        return _endpoint("networks", "All networks", "With all parameters.", listed, answers)
    if path.endswith(JOB) or path.startswith(JOB):
        return _job(path)
    verb = path.removeprefix("/networks/{name}").strip("/").partition("/")[0] or "summary"
    own = [_TOLD[name] for name in asked.taken(verb)]
    measured = {"measures": MEASURES, "communities": asked.METHODS}.get(verb, ())
    offered = asked.OFFERED[verb]
    listed = [_name(known), *_common(), *own, *_of_measures(measured), *_shared(offered)]
    if verb == "ego":
        schema = {"type": "string", "minLength": 1}
        node = {"name": "node", "in": "path", "required": True, "description": _NODE, "schema": schema}
        listed.insert(1, {**node, "example": "ncste"})
    if verb == "plots":
        for name, values in (("ending", FORMATS), ("plot", PLOTS)):
            schema = {"type": "string", "enum": [*values]}
            listed.insert(1, {"name": name, "in": "path", "required": True, "description": "which", "schema": schema})
    problems = dict.fromkeys((400, 404, 406, 413, 422, 429, 503), PROBLEM)
    answers = {200: _found({each: {} for each in offered.values()}), 202: _LATER, 304: _SAME, **problems}
    summary, text = _WORDS[verb]
    return _endpoint(f"network_{verb}", summary, text + _ALSO, listed, answers)


_SAME = {"description": "the client has it already: same release, same request"}


def _found(content: Told) -> Told:
    return {"description": "the answer", "content": content}


def _shared(offered: Mapping[str, str]) -> list[Told]:
    tag = {"type": "string", "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"}
    return [
        _query("format", "instead of Accept", {"enum": [*offered]}),
        _query(PARAMETER, "language of labels, in place of Accept-Language", tag),
        _PREFER,
    ]


def _job(path: str) -> Told:
    schema = {"type": "string", "minLength": 1}
    listed = [{"name": "id", "in": "path", "required": True, "description": "the job", "schema": schema}]
    problems = dict.fromkeys((404, 413, 422, 503), PROBLEM)
    if path.startswith("DELETE"):
        text = "What runs for it is ended, unless others wait for the same; nothing is left."
        return _endpoint(
            "cancel_network_job", "Cancel a job", text, listed, {204: {"description": "it is gone"}, 404: PROBLEM}
        )
    if path.endswith("/result"):
        answers = {200: {"description": "the result, in the format that was asked for"}, **problems}
        return _endpoint(
            "network_job_result", "The result of a job", "Of the release it was asked of.", listed, answers
        )
    status = {"application/json": {"schema": _STATUS, "example": _EXAMPLE}}
    answers = {200: _found(status), 303: {"description": "it is done: `Location` is its result", "content": status}}
    text = "A job is kept for a while after it has ended."
    return _endpoint("network_job", "How far a job is", text, listed, {**answers, 404: PROBLEM})


def _endpoint(name: str, summary: str, description: str, listed: list[Told], answers: Mapping[int, Any]) -> Told:
    return {
        "summary": summary,
        "description": description,
        "operation_id": name,
        "openapi_extra": {"parameters": listed},
        "responses": dict(answers),
    }
