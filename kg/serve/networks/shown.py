"""The page of a network: a form for its parameters, and what is seen at once, as soon as it has been computed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Scope

from kg.analysis import parameters
from kg.analysis.definitions import Definition
from kg.errors import AnalysisError, ParameterError, QueryError
from kg.export.networks import FORMATS
from kg.export.plots import COMMUNITIES, PLOTS
from kg.serve.languages import wish
from kg.serve.networks import asked
from kg.serve.networks.answering import Answering, who
from kg.serve.presence import WhenSent
from kg.serve.problems import of_error
from kg.serve.views.pages import Pages
from kg.serve.views.tables import LEADS, Cell, Grid
from kg.vocabulary import shortened

_LINGER_SECONDS = 20.0
_AGAIN_SECONDS = 2
_NOTHING: Mapping[str, Any] = dict.fromkeys(("problem", "told", "work", "again", "top", "heaviest", "tables"))


class Shown:
    """What makes the pages."""

    def __init__(self, answering: Answering, pages: Pages) -> None:
        self._answering = answering
        self._pages = pages

    def response(self, http: HttpRequest, definition: Definition) -> Response:
        """The page for what a request asks."""

        async def answered(scope: Scope) -> Response:
            wished = wish(http)
            own = {each.name for each in parameters.known(definition)}
            given = {name: value for name, value in http.query_params.items() if name in own and value}
            drawn = list(_plots(definition, given))
            content: dict[str, Any] = {"links": list(_links(definition, given)), "plots": drawn, **_NOTHING}
            status = 200
            try:
                content |= await self._content(http, definition, scope, wished.names)
            except (AnalysisError, ParameterError, QueryError) as error:
                status = error.http_status
                content |= {"problem": of_error(error), "wrong": getattr(error, "name", None)}
            return await self._pages.network(definition, given, wished, content, status)

        return WhenSent(self._answering.pool.closing, answered)

    async def _content(self, http: HttpRequest, definition: Definition, scope: Scope, language: str) -> dict[str, Any]:
        wanted = asked.of(http, definition, "overview")
        jobs = self._answering.jobs
        task, key = await self._answering.task(definition, wanted, "overview", language)
        work = jobs.work(task, key, who(scope))
        with jobs.wanted(work):
            await self._answering.wait(work, jobs.room.patience)
            if not work.ended.is_set():
                jobs.linger(work, _LINGER_SECONDS)
                return {"work": work, "again": _AGAIN_SECONDS}
            if work.error:
                raise work.error.with_traceback(None)
            told = json.loads(await asyncio.to_thread(work.file.read_bytes))
        tables = {name: _table(rows) for name, rows in told["tables"].items()}
        return {"told": told, "tables": tables, "top": _top(told["top"]), "heaviest": _heaviest(told["heaviest"])}


def _plots(definition: Definition, given: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Name, address and that of the table of each plot that the network can have."""
    for name in PLOTS:
        if name != COMMUNITIES or definition.dated:
            svg, csv = (_address(definition, f"plots/{name}.{ending}", given) for ending in ("svg", "csv"))
            yield name, svg, csv


def _links(definition: Definition, given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What else there is of the network: name and address."""
    for each in FORMATS.values():
        yield each.name, _address(definition, "graph", given, format=each.name)
    yield "measures", _address(definition, "measures", given, measure="degree,betweenness,pagerank", format="csv")
    if not definition.directed:
        yield "communities", _address(definition, "communities", given, format="csv")


def _address(definition: Definition, verb: str, given: Mapping[str, str], **more: str) -> str:
    return f"/networks/{definition.name}/{verb}?{urlencode({**given, **more})}"


def _node(iri: str, label: str | None) -> Cell:
    return Cell(label or shortened(iri), LEADS(iri), iri)


def _number(value: float | None) -> Cell:
    return Cell("" if value is None else f"{value:,.4g}", kind="number")


def _table(rows: Sequence[Mapping[str, Any]]) -> Grid:
    """The rows of a plot's table; all have the same columns."""
    headings = tuple(
        (name.replace("_", " "), "number" if not isinstance(value, str) else "") for name, value in rows[0].items()
    )
    cells = ((Cell(each) if isinstance(each, str) else _number(each) for each in row.values()) for row in rows)
    return Grid(headings, tuple(tuple(row) for row in cells))


def _top(rows: Sequence[Mapping[str, Any]]) -> Grid:
    names = ("betweenness", "degree", "strength")
    headings = (("node", ""), *((name, "number") for name in names))
    return Grid(
        headings, tuple((_node(row["iri"], row["label"]), *(_number(row[name]) for name in names)) for row in rows)
    )


def _heaviest(rows: Sequence[Mapping[str, Any]]) -> Grid:
    headings = (("one", ""), ("other", ""), ("weight", "number"), ("records", "number"))
    return Grid(
        headings,
        tuple(
            (
                _node(row["one"], row["one_label"]),
                _node(row["other"], row["other_label"]),
                _number(row["weight"]),
                _number(row["records"]),
            )
            for row in rows
        ),
    )
