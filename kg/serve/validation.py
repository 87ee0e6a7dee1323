"""``/validate``: a report on data that a client sends; ``/validation``: the report that the live release came with.

Data comes in as a body or a form (`kg.serve.uploads`) and is validated in a process with limits
(`kg.serve.validators`), in a turn among the queries. Nothing of it is kept.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Sequence
from pathlib import Path

import pyoxigraph as ox
import rdflib
from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg.errors import NotFoundError, ParameterError, StoreError
from kg.queries import Table
from kg.serve import reports, validation_description
from kg.serve.languages import Wish, wish
from kg.serve.negotiation import HTML, chosen
from kg.serve.presence import Presence
from kg.serve.uploads import received
from kg.serve.validation_description import FORMATS
from kg.serve.validation_process import Task, write
from kg.serve.validators import Validators
from kg.serve.views.tables import names
from kg.store.base import Published
from kg.store.querying.base import Pool
from kg.store.querying.workers import closed
from kg.validation.readable import ReadableReport
from kg.validation.report import Report
from kg.validation.shapes import Shapes

_LINKS = {"json": "JSON", "turtle": "Turtle", "jsonld": "JSON-LD", "rdfxml": "RDF/XML"}
_CONFORMS, _VIOLATES = 200, 422
_BATCH = 500
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
"""Above 0 and no longer than anybody means: Python refuses to read 4301 digits, and to count to 2⁶³."""


def router(pool: Pool, validators: Validators, shapes: Sequence[Path]) -> APIRouter:
    """Both paths.

    Parameters
    ----------
    shapes
        Files of the shapes that count where a client sends none.
    """
    routes = APIRouter(tags=["validation"])
    live = _Live(pool, shapes)

    async def validate(http: HttpRequest) -> Response:
        media_type = _media_type(http)
        first = _limit(http) or (reports.FIRST if media_type == HTML else None)
        return _Validation(pool, validators, Task(await received(http), tuple(shapes), media_type, first))

    async def validation(http: HttpRequest) -> Response:
        media_type = _media_type(http)
        if media_type != HTML:
            return await live.answer(media_type, _limit(http), Wish())
        response = await live.answer(media_type, _limit(http), wished := wish(http))
        response.headers["Content-Language"] = wished.words
        return response

    routes.add_api_route("/validate", validate, methods=["POST"], **validation_description.POST)
    routes.add_api_route("/validation", validation, methods=["GET"], **validation_description.GET)
    routes.add_api_route("/validation", validation, methods=["HEAD"], include_in_schema=False)
    return routes


class _Validation(Response):
    """Validates when it is sent, so that the client's leaving ends it."""

    def __init__(self, pool: Pool, validators: Validators, task: Task) -> None:
        super().__init__()
        self._pool, self._validators, self._task = pool, validators, task

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the report, unless the client leaves before it is there."""
        with Presence(receive, self._pool.closing) as presence:
            response = await self._report()
        if not presence.gone:
            await response(scope, receive, send)
        elif self._pool.closing.is_set():
            raise closed()

    async def _report(self) -> Response:
        outcome = await self._validators.outcome(self._task)
        status = _CONFORMS if outcome.conforms else _VIOLATES
        return _response(outcome.body, self._task.media_type, status, {"Cache-Control": "no-store"})


class _Live:
    """The report of the live release in every form, each made once for a release."""

    def __init__(self, pool: Pool, shapes: Sequence[Path]) -> None:
        self._pool, self._files = pool, shapes
        self._shapes: rdflib.Graph | None = None
        self._made: dict[tuple[str, int | None, Wish], bytes] = {}
        self._release = ""

    async def answer(self, media_type: str, first: int | None, wished: Wish) -> Response:
        """The report, with the first results of each rule (as many as suit the form when None)."""
        release = self._pool.release
        if release.id != self._release:
            self._made, self._release = {}, release.id
        key = (media_type, first, wished)
        if key not in self._made:
            text = await asyncio.to_thread(release.reported)
            if text is None and media_type == HTML:
                return _response(reports.without_report(release.id, wished).encode(), media_type)
            if text is None:
                raise NotFoundError(f"release {release.id} keeps no report; kg validate makes one")
            body = await self._written(release, text, *key)
            if len(self._made) < len(FORMATS):
                self._made[key] = body
            return _response(body, media_type)
        return _response(self._made[key], media_type)

    async def _written(self, release: Published, text: str, media_type: str, first: int | None, wished: Wish) -> bytes:
        report = await asyncio.to_thread(_read, text, release.id)
        if self._shapes is None:
            self._shapes = (await asyncio.to_thread(Shapes.load, self._files)).graph
        first = first or (reports.FIRST if media_type == HTML else None)
        told = ReadableReport.of(report, self._shapes, first=first)
        if media_type in ("application/json", HTML):
            told = told.labelled(await self._names(told.nodes, wished.names))
        if media_type != HTML:
            return await asyncio.to_thread(write, told, media_type, "")
        links = [(label, f"/validation?format={name}") for name, label in _LINKS.items()]
        return reports.page(told, f"release {release.id}", links, wished).encode()

    async def _names(self, nodes: Collection[ox.NamedNode], language: str) -> dict[str, str]:
        ordered, found = sorted(nodes, key=str), dict[str, str]()
        for start in range(0, len(ordered), _BATCH):
            rows = tuple((node,) for node in ordered[start : start + _BATCH])
            found |= await names(self._pool, [Table(("node",), rows)], language)
        return found


def _read(text: str, release: str) -> Report:
    try:
        return Report.parse(text)
    except SyntaxError as error:
        raise StoreError(f"the report of release {release} cannot be read: {error}") from error


def _response(body: bytes, media_type: str, status: int = _CONFORMS, headers: dict[str, str] | None = None) -> Response:
    kind = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    return Response(
        body, status, {"Vary": "Accept, Accept-Language", "Cache-Control": "no-cache", **(headers or {})}, kind
    )


def _media_type(http: HttpRequest) -> str:
    return chosen(FORMATS, accept=http.headers.get("accept", ""), name=http.query_params.get("format"))


def _limit(http: HttpRequest) -> int | None:
    text = http.query_params.get("limit")
    if text is None:
        return None
    if not _NUMBER.fullmatch(text):
        raise ParameterError("limit", "a number of results above 0")
    return int(text)
