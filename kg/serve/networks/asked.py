"""What the address of a request asks of a network: its own parameters, those of measures, and how to answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request as HttpRequest

from kg.analysis import parameters
from kg.analysis.definitions import Definition
from kg.analysis.layouts import ALGORITHMS, USUAL
from kg.analysis.measures import MEASURES, Measure
from kg.analysis.measures.asking import named, shared_out
from kg.errors import NotAcceptableError, NotFoundError, ParameterError
from kg.export import plots
from kg.export.networks import FORMATS
from kg.export.networks.measured import check_csv
from kg.serve.exploring.parameters import number, word
from kg.serve.languages import PARAMETER
from kg.serve.negotiation import HTML, chosen

JSON, CSV = "application/json", "text/csv"
TABLES: Mapping[str, str] = {"json": JSON, "csv": CSV}
"""Formats of values, by the name that ``?format=`` takes."""
PAGES: Mapping[str, str] = {"json": JSON, "html": HTML}
"""Formats of what a person may want to see, likewise."""
GRAPHS: Mapping[str, str] = {each.name: each.media_type for each in FORMATS.values()}
"""Formats of networks, likewise."""
PARTS = tuple(FORMATS["csv"].parts)
METHODS = tuple(each.name for each in MEASURES.values() if each.name in {"leiden", "louvain"})
LAYOUTS = (USUAL, *ALGORITHMS)
DISTANCES = ("hops", "inverse")
MOST_RADIUS, MOST_PATHS, MOST_ROWS = 10, 100, 1_000_000
MOST_MEASURES = 8
MOST_YEARS = 100
MOST_SEED = 999_999_999

_EVERYWHERE = ("format", PARAMETER)


@dataclass(frozen=True)
class Asked:
    """What is wanted of a network: its own parameters, and the options of a verb as `kg.serve.networks.verbs` has."""

    given: Mapping[str, str]
    options: Mapping[str, Any]
    format: str
    media_type: str


def of(http: HttpRequest, definition: Definition, verb: str) -> Asked:
    """What a request asks.

    Raises
    ------
    ParameterError
        A name is not known here, a value is not what it should be, or there are several where one is expected.
    NotAcceptableError
        The client takes none of the formats.
    AnalysisError
        See `kg.analysis.parameters.read`.
    """
    offered = _offered(http, verb)
    media_type = chosen(offered, accept=http.headers.get("accept", ""), name=http.query_params.get("format"))
    format = next(name for name, each in offered.items() if each == media_type)
    own = {each.name for each in parameters.known(definition)}
    taken, read = _OPTIONS[verb]
    pairs = [(name, value) for name, value in http.query_params.multi_items() if value]
    _refuse_several(pairs, but={"measure"})
    others = [name for name, _ in pairs if name not in own and name not in (*taken, *_EVERYWHERE)]
    options = read(http, {name: value for name, value in pairs if name in others})
    left = options.pop("unknown", others)
    if left:
        raise ParameterError(left[0], f"one of {', '.join((*own_names(definition), *taken, *_EVERYWHERE))}")
    if format == "csv" and (measures := options.get("measures")):
        check_csv([MEASURES[name] for name in measures])
    given = {name: value for name, value in pairs if name in own}
    parameters.read(definition, given)  # said here, before a process is started
    return Asked(given, options, format, media_type)


def own_names(definition: Definition) -> list[str]:
    """The names of the parameters of a network."""
    return [each.name for each in parameters.known(definition)]


def _refuse_several(pairs: Iterable[tuple[str, str]], *, but: Collection[str]) -> None:
    seen: set[str] = set()
    for name, value in pairs:
        if name in seen and name not in but:
            raise ParameterError(name, "one value, not several")
        seen.add(name)
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ParameterError(name, "text in UTF-8") from error


def _plain(_: HttpRequest, __: Mapping[str, str]) -> dict[str, Any]:
    return {}


def _overview(_: HttpRequest, __: Mapping[str, str]) -> dict[str, Any]:
    return {"measures": ["betweenness", "degree"]}


def _graph(http: HttpRequest, _: Mapping[str, str]) -> dict[str, Any]:
    return {"part": word(http, "part", PARTS, PARTS[0])}


def _placed(http: HttpRequest, others: Mapping[str, str]) -> dict[str, Any]:
    layout = word(http, "layout", (*LAYOUTS, ""), "")
    return {**_graph(http, others), "layout": layout, "seed": number(http, "seed", 1, MOST_SEED, least=0)}


def _measures(http: HttpRequest, others: Mapping[str, str]) -> dict[str, Any]:
    measures = named([text for text in http.query_params.getlist("measure") if text] or ["degree"])
    if len(measures) > MOST_MEASURES:
        raise ParameterError("measure", f"at most {MOST_MEASURES} of them")
    return {"measures": [each.name for each in measures], **_measured(http, measures, others)}


def _communities(http: HttpRequest, others: Mapping[str, str]) -> dict[str, Any]:
    method = word(http, "method", METHODS, METHODS[0])
    return {"measures": [method], **_measured(http, [MEASURES[method]], others)}


def _measured(http: HttpRequest, measures: list[Measure], others: Mapping[str, str]) -> dict[str, Any]:
    """The options of measuring; what no measure takes is left as ``unknown``."""
    taken = {f"{each.name}.{own.name}" for each in measures for own in each.parameters}
    taken |= {own.name for each in measures for own in each.parameters}
    shared = shared_out(measures, {name: value for name, value in others.items() if name in taken})
    return {
        "parameters": {each.name: each.read(shared[each.name]) for each in measures},
        "top": number(http, "top", 0, MOST_ROWS, least=1) or None,
        "engine": http.query_params.get("engine", ""),
        "undirected": word(http, "undirected", ("true", "false"), "false") == "true",
        "unknown": [name for name in others if name not in taken],
    }


def _ego(http: HttpRequest, others: Mapping[str, str]) -> dict[str, Any]:
    radius = number(http, "radius", 1, MOST_RADIUS, least=0)
    return {**_graph(http, others), "radius": radius, "node": _text(http.path_params["node"], "node")}


def _plots(http: HttpRequest, _: Mapping[str, str]) -> dict[str, Any]:
    name, every = http.path_params["plot"], number(http, "every", 0, MOST_YEARS, least=1)
    if name not in plots.PLOTS:
        raise NotFoundError(f"there is no plot {name!r}; there is {', '.join(plots.PLOTS)}")
    if every and name != plots.COMMUNITIES:
        raise ParameterError("every", f"left out: {name} is of the whole network, not of slices of time")
    return {"plot": name, "every": every or 1}


def _offered(http: HttpRequest, verb: str) -> Mapping[str, str]:
    """The formats of a verb; of plots the one that the address ends in."""
    offered = OFFERED[verb]
    if verb != "plots":
        return offered
    ending = http.path_params["ending"]
    if ending not in offered:
        raise NotFoundError(f"plots are .{', .'.join(offered)}, not .{ending}")
    if ending == "png" and not plots.png.present():
        rest = [each for each in offered.values() if each != offered[ending]]
        raise NotAcceptableError(f"{offered[ending]}, which takes an extra here ({plots.png.EXTRA})", rest)
    return {ending: offered[ending]}


def _paths(http: HttpRequest, _: Mapping[str, str]) -> dict[str, Any]:
    distance, limit = word(http, "distance", DISTANCES, DISTANCES[0]), number(http, "limit", 10, MOST_PATHS)
    return {**_records(http, _), "distance": distance, "limit": limit}


def _records(http: HttpRequest, _: Mapping[str, str]) -> dict[str, Any]:
    return {name: _text(http.query_params.get(name, ""), name) for name in ("one", "other")}


def _text(text: str, name: str) -> str:
    if not text.strip():
        raise ParameterError(name, "a node: its IRI, or the last part of it, as in ncste")
    return text


_Read = Callable[[HttpRequest, Mapping[str, str]], dict[str, Any]]
_MEASURING = ("top", "engine", "undirected")
_OPTIONS: Mapping[str, tuple[tuple[str, ...], _Read]] = {
    "summary": ((), _plain),
    "overview": ((), _overview),
    "graph": (("part", "layout", "seed"), _placed),
    "measures": (("measure", *_MEASURING), _measures),
    "communities": (("method", *_MEASURING), _communities),
    "ego": (("radius", "part"), _ego),
    "plots": (("every",), _plots),
    "paths": (("one", "other", "distance", "limit"), _paths),
    "records": (("one", "other"), _records),
}
"""By verb: the names that it takes beside those of network and measures, and what reads them."""
OFFERED: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(_OPTIONS, TABLES),
    **dict.fromkeys(("graph", "ego"), GRAPHS),
    **dict.fromkeys(("summary", "overview"), PAGES),
    "plots": plots.FORMATS,
}
"""Formats by verb."""


def taken(verb: str) -> tuple[str, ...]:
    """The names that a verb takes beside those of the network and its measures."""
    return _OPTIONS[verb][0]


def find(known: Mapping[str, Definition], name: str) -> Definition:
    """A network by name. Raises NotFoundError with all names where there is none."""
    if name in known:
        return known[name]
    raise NotFoundError(f"there is no network {name!r}; there is {', '.join(known)}")


@dataclass(frozen=True)
class Preference:
    """What a client prefers (RFC 7240): an answer at once that says where the result will be; how long to wait."""

    asynchronous: bool = False
    wait: float | None = None


_WAIT = re.compile(r"wait\s*=\s*\"?([0-9]{1,5})\"?")
_MOST_WAIT = 30.0


def preference(http: HttpRequest) -> Preference:
    """The preferences of a request; those that are none of ours, or not well-formed, are passed over (section 2)."""
    parts = [part.strip().lower() for part in ",".join(http.headers.getlist("prefer")).split(",")]
    waits = [float(found[1]) for part in parts if (found := _WAIT.fullmatch(part.partition(";")[0].strip()))]
    asynchronous = any(part.partition(";")[0].strip() == "respond-async" for part in parts)
    return Preference(asynchronous, min(waits[0], _MOST_WAIT) if waits else None)
