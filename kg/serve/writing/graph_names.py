"""Which graph a request of the Graph Store Protocol means (section 4).

Named in the query, ``/data?graph=<IRI>`` or ``/data?default``; or by the address itself, ``/graph/…``. In a plain
folder that address is the graph's name, as the standard has it. Elsewhere graphs are named below the project's base,
where the same path leads to the service of whoever runs it: ``/graph/own/x`` is ``<base>graph/own/x`` wherever it runs.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

import pyoxigraph as ox
from starlette.requests import Request as HttpRequest

from kg import iris
from kg.errors import ParameterError
from kg.pipeline.own_graphs import SPACE

DIRECT = "/graph/"

_ONE_OF_TWO = "either an absolute IRI of a graph, as in ?graph=https%3A%2F%2Fexample.org%2Fmine, or ?default"
_MARKS = "%:/?#[]@!$&'()*+,;=-._~"
_OPTIONS = frozenset({"format"})
_DOTS = re.compile(r"/\.\.?(?=[/?#]|$)")


@dataclass(frozen=True)
class Named:
    """A graph, and the address that a client reaches it by.

    Parameters
    ----------
    graph
        None for the default graph.
    """

    graph: str | None
    address: str


def indirect(http: HttpRequest) -> Named:
    """The graph that the query of an address names.

    Raises
    ------
    ParameterError
        It names none, more than one, or no absolute IRI (section 4.2).
    """
    pairs = _pairs(http)
    graphs = [value for name, value in pairs if name == "graph"]
    defaults = [name for name, _ in pairs if name == "default"]
    if len(graphs) + len(defaults) != 1:
        raise ParameterError("graph", _ONE_OF_TWO)
    if graphs:
        return Named(_checked(graphs[0]), _ascii(str(http.url)))
    return Named(None, _ascii(str(http.url)))


def names_none(http: HttpRequest) -> bool:
    """Whether a request to the graph store leaves it to the service which graph is meant."""
    return not {name for name, _ in _pairs(http)} & {"graph", "default"}


def direct(http: HttpRequest, *, plain: bool) -> Named:
    """The graph that an address is the name of, or leads to.

    Raises
    ------
    ParameterError
        The address has a query, or is no IRI.
    """
    if other := sorted({name for name, _ in _pairs(http)} - _OPTIONS):
        raise ParameterError(other[0], "no query in an address that is itself the name of a graph")
    url = http.url.replace(query="", fragment="")
    path = http.scope.get("raw_path", url.path.encode()).decode("latin-1").partition("?")[0]
    address = _ascii(f"{url.scheme}://{url.netloc}{path}")
    if plain:
        return Named(_checked(address), address)
    return Named(_checked(iris.GRAPH + path.partition(DIRECT)[2]), address)


def fresh(http: HttpRequest, *, plain: bool) -> Named:
    """A name that no graph has yet."""
    path, name = DIRECT if plain else f"{DIRECT}own/", uuid.uuid4()
    address = _ascii(f"{str(http.base_url).rstrip('/')}{path}{name}")
    return Named(_checked(address) if plain else f"{SPACE}{name}", address)


def _pairs(http: HttpRequest) -> list[tuple[str, str]]:
    """The query of the address, decoded once; ``+`` is itself there, as no IRI has a space in it."""
    try:
        text = http.scope["query_string"].decode()
        return parse_qsl(text.replace("+", "%2B"), keep_blank_values=True, errors="strict")
    except ValueError as error:  # not UTF-8, or more parameters than anybody means
        raise ParameterError("graph", "a query in UTF-8, percent-encoded") from error


def _checked(iri: str) -> str:
    try:
        name = ox.NamedNode(iri).value
    except ValueError as error:
        raise ParameterError("graph", _ONE_OF_TWO) from error
    if _DOTS.search(name):
        raise ParameterError("graph", "an IRI without the segments . and .., which some clients would resolve")
    return name


def _ascii(address: str) -> str:
    return quote(address, safe=_MARKS)
