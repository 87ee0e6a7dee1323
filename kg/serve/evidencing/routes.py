"""``/evidence/{iri}``: GET tells what a record rests on, POST checks a document that a client has."""

from __future__ import annotations

import json
from email.message import Message
from functools import partial
from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg.errors import NotFoundError
from kg.evidence.checking import CSV, HTML, TEXT, Check, Document
from kg.evidence.records import Rests, rests
from kg.serve.access import caller
from kg.serve.bodies import body
from kg.serve.evidencing import described_api as api
from kg.serve.evidencing import told
from kg.serve.evidencing.process import Task, main
from kg.serve.exploring import parameters
from kg.serve.exploring.answering import Answering
from kg.serve.exploring.asking import Outcome, explored
from kg.serve.languages import PARAMETER, wish
from kg.serve.negotiation import chosen
from kg.serve.presence import Presence
from kg.serve.resources.gone import Gone, nothing_known
from kg.serve.tasks import Child
from kg.serve.uploads import FORM, parts
from kg.store.querying.base import Pool
from kg.store.querying.requests import Limits

LARGEST = 8 << 20
"""Bytes of a document."""
_TOO_LARGE = f"a document may have {LARGEST >> 20} MiB here; kg verify has no limit"
_PLACE = "/evidence/"
_PAGES = (HTML, "application/xhtml+xml")
_ENDINGS = {".html": HTML, ".htm": HTML, ".xhtml": HTML, ".csv": CSV, ".tsv": CSV}


def router(pool: Pool) -> APIRouter:
    """Both methods."""
    routes = APIRouter(tags=["evidence"])
    evidence = _Evidence(pool)
    path = f"{_PLACE}{{iri:path}}"
    routes.add_api_route(path, evidence.told, methods=["GET"], **api.GET)
    routes.add_api_route(path, evidence.told, methods=["HEAD"], include_in_schema=False)
    routes.add_api_route(path, evidence.checked, methods=["POST"], **api.POST)
    return routes


class _Evidence:
    """What answers, each endpoint a method."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._answering = Answering(pool)
        self._gone = Gone()

    async def told(self, http: HttpRequest) -> Response:
        """What a record rests on."""
        parameters.check(http, {"format", PARAMETER})
        thing = parameters.in_path(http, _PLACE)
        accept, name = http.headers.get("accept", ""), http.query_params.get("format")
        media_type, language = chosen(api.FORMATS, accept=accept, name=name), wish(http).names
        gone = await self._gone.has(self._pool.release, thing.value)

        def write(outcome: Outcome[Rests]) -> bytes:
            if not outcome.found:
                raise nothing_known(thing.value, gone=gone)
            if media_type == api.ANNOTATIONS:
                return _json(told.as_annotations(outcome.found))
            return _json({"release": outcome.release.id, **told.rests(outcome.found)})

        begin = partial(rests, thing, language=language)
        return self._answering.response(http, begin, write, media_type, depends_on=language)

    async def checked(self, http: HttpRequest) -> Response:
        """Whether what is sent still says so."""
        parameters.check(http, ())
        thing = parameters.in_path(http, _PLACE)
        sent = await _received(http)
        gone = await self._gone.has(self._pool.release, thing.value)
        return _Checked(self._pool, thing, sent, gone=gone)


class _Checked(Response):
    """Checks when it is sent, so that the client's leaving ends it."""

    def __init__(self, pool: Pool, thing: ox.NamedNode, sent: Document, *, gone: bool) -> None:
        super().__init__()
        self._pool, self._thing, self._sent, self._gone = pool, thing, sent, gone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what became of each place, unless the client leaves before."""
        response: Response | None = None
        with Presence(receive, self._pool.closing):
            response = await self._response(caller(scope).limits)
        if response is not None:
            await response(scope, receive, send)

    async def _response(self, limits: Limits) -> Response:
        outcome = await explored(self._pool, partial(rests, self._thing, language="en"), limits)
        found = outcome.found
        if not found:
            raise nothing_known(self._thing.value, gone=self._gone)
        if not found.places:
            raise NotFoundError(
                f"no place is known of {self._thing.value}: its documents were not captured, or it was derived; GET"
                " this address to see what it rests on"
            )
        checked = await self._check(found, limits)
        answer = told.checks(found, checked, self._sent.digest)
        headers = {"Cache-Control": "no-store"}
        return Response(_json({"release": outcome.release.id, **answer}), 200, headers, api.JSON)

    async def _check(self, found: Rests, limits: Limits) -> list[Check]:
        digests = {iri: each.digest for iri, each in found.documents.items() if each.digest}
        task = Task(found.places, found.records, digests, self._sent)
        async with self._pool.turn():
            child = Child(main, "this check")
            try:
                checked: list[Check] = await child.outcome(task, limits)
            finally:
                await child.end()
        return checked


async def _received(http: HttpRequest) -> Document:
    """The document that a request brings.

    Raises
    ------
    HTTPException
        415: it is of no type that can be checked; 413: it is too large; 400: it is no form with a document.
    """
    said = http.headers.get("content-type", "")
    media_type, charset = _kind(said)
    if media_type not in api.TYPES:
        raise HTTPException(415, f"post {', '.join(api.TYPES)}, not {media_type or 'nothing'}")
    content = await body(http, LARGEST, _TOO_LARGE)
    if media_type != FORM:
        return Document(content, HTML if media_type in _PAGES else media_type, charset)
    found = [part for part in parts(content, said) if part.name == "document"]
    if len(found) != 1:
        raise HTTPException(400, "the form has one part, the document")
    ending = next((kind for name, kind in _ENDINGS.items() if found[0].file.lower().endswith(name)), TEXT)
    of_part = found[0].media_type if found[0].media_type in api.TYPES else ending
    return Document(found[0].content, HTML if of_part in _PAGES else of_part)


def _kind(content_type: str) -> tuple[str, str]:
    """The media type and the encoding that a header says."""
    header = Message()
    header["content-type"] = content_type or "application/octet-stream"
    return header.get_content_type(), (header.get_content_charset() or "utf-8")


def _json(told_: dict[str, Any]) -> bytes:
    return json.dumps(told_, ensure_ascii=False).encode()
