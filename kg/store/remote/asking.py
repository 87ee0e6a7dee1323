"""What a request becomes on its way to a server: the text of a query, and the dataset that it is asked of."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import pyoxigraph as ox

from kg.errors import QueryError, UnknownGraphError
from kg.sparql.clauses import refuse_service
from kg.sparql.datasets import Dataset, dataset_of
from kg.sparql.hosts import Hosts
from kg.sparql.services import calls
from kg.store.querying.requests import GraphRequest, Limits, Request
from kg.store.remote.release import RemoteRelease
from kg.store.remote.server import Fields

_CLOSE = 0.6
_QUADS = "SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }"
_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@dataclass(frozen=True)
class Question:
    """A query as a server gets it."""

    query: str
    fields: Fields = ()


def question(request: Request | GraphRequest, release: RemoteRelease, limits: Limits) -> Question:
    """What a server that holds a release is asked.

    The dataset goes as fields of the protocol, which win over ``FROM``, so no graph is ever reached that the release
    has not: none that is being staged, none of somebody else.

    Raises
    ------
    QuerySyntaxError
        The text is not SPARQL, where we had to look at it.
    UnknownGraphError
        The release has no such graph.
    QueryError
        A name of a graph is no absolute IRI.
    RefusedError
        It calls a server by SERVICE that it may not; the others it is the server's own to call.
    """
    if isinstance(request, GraphRequest) and request.whole:
        return Question(_QUADS, _fields(release.dataset))
    if isinstance(request, GraphRequest):
        stated = Dataset((request.graph,)) if request.graph else release.dataset
        return Question(_ALL, _fields(stated))
    _check_services(request, limits)
    if request.default_graphs or request.named_graphs:
        stated = Dataset(request.default_graphs, request.named_graphs)
    else:
        stated = dataset_of(request.query, request.base)
    if stated and release.id:
        _check_graphs(stated, release)
    return Question(_based(request), _fields(stated or release.dataset))


def _check_services(request: Request, limits: Limits) -> None:
    if not limits.hosts:
        refuse_service(request.query, request.base)
        return
    hosts = Hosts.of(limits.hosts)
    for call in calls(request.query, request.base):
        if not call.inner:
            hosts.place(call.address)


def _check_graphs(stated: Dataset, release: RemoteRelease) -> None:
    known = set(release.manifest.graphs)
    for graph in stated.graphs:
        if graph not in known:
            near = difflib.get_close_matches(graph, known, cutoff=_CLOSE)
            advice = f"; did you mean {' or '.join(near)}?" if near else ""
            raise UnknownGraphError(f"there is no graph {graph} in this release, and none is fetched{advice}")


def _fields(stated: Dataset | None) -> Fields:
    if stated is None:
        return ()
    fields = [("default-graph-uri", graph) for graph in stated.default]
    fields += [("named-graph-uri", graph) for graph in stated.named]
    try:
        for _, graph in fields:
            ox.NamedNode(graph)
    except ValueError as error:
        raise QueryError(f"the name of a graph is no absolute IRI: {error}") from error
    return fields


def _based(request: Request) -> str:
    """The query, with the base that it is to have before its own, if it has one; on one line, so that lines stay."""
    try:
        return f"BASE {ox.NamedNode(request.base)} {request.query}" if request.base else request.query
    except ValueError:  # somebody asked for us by a name that is none
        return request.query
