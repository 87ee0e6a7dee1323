"""Endpoints for several things: paths between two, what all are linked with, the part of the graph around them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from kg.explore.budget import Budget
from kg.explore.graphs import Graph
from kg.explore.paths import Path, Paths, paths
from kg.explore.shared import Shared, common
from kg.explore.subgraph import Around, around
from kg.queries.values import Steps
from kg.serve.exploring import described_api as api
from kg.serve.exploring import forms, parameters
from kg.serve.exploring.answering import Answering
from kg.serve.exploring.asking import Outcome
from kg.serve.languages import wish
from kg.serve.service_description import Counted
from kg.vocabulary import RDF

T = TypeVar("T")

_CLASSES = (RDF.type,)
"""What all things of a class share says nothing of two of them, so it has to be asked for."""


class Joining:
    """What answers, each endpoint a method."""

    def __init__(self, answering: Answering, counted: Counted) -> None:
        self._answering = answering
        self._counted = counted

    async def paths(self, http: HttpRequest) -> Response:
        """Paths between two things."""
        parameters.check(http, api.known("/explore/paths"))
        ends = parameters.one(http, "from"), parameters.one(http, "to")
        number = parameters.number(http, "k", api.PATHS, api.MOST_PATHS)
        longest = parameters.number(http, "longest", api.LONGEST, api.MOST_LONGEST)
        which, language = parameters.chosen(http, without=_CLASSES), wish(http).names

        def begin() -> Steps[Paths]:
            return paths(ends, which, number=number, longest=longest, language=language, budget=Budget())

        return self._answer(http, begin, _told_paths, lambda found: found.graph, language)

    async def common(self, http: HttpRequest) -> Response:
        """What all of some things are linked with."""
        parameters.check(http, api.known("/explore/common"))
        things = parameters.several(http, "iri", 2, api.MOST_THINGS)
        limit = parameters.number(http, "limit", api.PAGE, api.MOST_NEIGHBOURS)
        which, language = parameters.chosen(http, without=_CLASSES), wish(http).names

        def begin() -> Steps[Shared]:
            return common(things, which, limit=limit, language=language, budget=Budget(fan=api.FAN))

        return self._answer(http, begin, _told_shared, lambda found: found.graph, language)

    async def subgraph(self, http: HttpRequest) -> Response:
        """The part of the graph around some things."""
        parameters.check(http, api.known("/explore/subgraph"))
        things = parameters.several(http, "iri", 1, api.MOST_THINGS)
        most = parameters.number(http, "nodes", api.NODES, api.MOST_NODES, least=len(things))
        steps = parameters.number(http, "steps", api.STEPS, api.MOST_STEPS)
        which, language = parameters.chosen(http, without=_CLASSES), wish(http).names
        statistics = self._counted()
        frequencies = {each.iri: each.triples for each in statistics.properties} if statistics else None
        find = partial(around, things, which, most=most, steps=steps, language=language, frequencies=frequencies)

        def begin() -> Steps[Around]:
            return find(budget=Budget(fan=api.FAN_AROUND))

        return self._answer(http, begin, _told_around, lambda found: found.graph, language)

    def _answer(
        self,
        http: HttpRequest,
        begin: Callable[[], Steps[T]],
        told: Callable[[T], dict[str, Any]],
        graph: Callable[[T], Graph],
        language: str,
    ) -> Response:
        media_type = forms.media_type(http)

        def write(outcome: Outcome[T]) -> bytes:
            said = {"release": outcome.release.id, **told(outcome.found)}
            return forms.written(media_type, said, graph(outcome.found))

        return self._answering.response(http, begin, write, media_type, depends_on=language)


def _told_paths(found: Paths) -> dict[str, Any]:
    return {
        "paths": [_path(each) for each in found.paths],
        "complete": found.complete,
        "hubs": list(found.hubs),
        "met": found.met,
    }


def _path(each: Path) -> dict[str, Any]:
    steps = [
        [{"property": link.property, "direction": "out" if link.source == node else "in"} for link in links]
        for node, links in zip(each.nodes, each.steps, strict=False)
    ]
    return {"length": each.length, "things": list(each.nodes), "steps": steps}


def _told_shared(found: Shared) -> dict[str, Any]:
    shared = [
        {
            "id": each.iri,
            "score": each.score,
            "degree": each.degree,
            "links": [{"source": link.source, "property": link.property, "target": link.target} for link in each.links],
        }
        for each in found.found
    ]
    return {"common": shared, "number": found.number, "complete": found.complete}


def _told_around(found: Around) -> dict[str, Any]:
    return {"leftOut": found.left_out, "complete": found.complete, "hubs": list(found.hubs)}
