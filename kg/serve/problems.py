"""Errors as RFC 9457 has them: ``application/problem+json``, always with type, title, status, detail and code.

``code`` is the stable word to program against, ``type`` the same as an IRI. What a client did wrong is told in full;
of our own failures only what was written for strangers: their texts may name paths, and traces go to the log. A client
that prefers HTML, which browsers do, is told the same on a page.

Errors of routes are answered where the framework looks for handlers; what comes from outside the routes, and what
nobody expected, by a layer around that. The framework's own place for the unexpected is outside all layers, so such an
answer would lack the headers that the layers add.
"""

from __future__ import annotations

import inspect
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import pyoxigraph as ox
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg import iris
from kg.errors import (
    AccessError,
    KgError,
    NotFoundError,
    OtherServerError,
    ParameterError,
    QueryTimeoutError,
    ResultTooLargeError,
    StartingError,
    StoppingError,
    StoreBusyError,
    StoreLockedError,
    ValidationFailedError,
)
from kg.serve.negotiation import GRAPHS, HTML, preferred
from kg.serve.operations.watching import PROBLEM
from kg.vocabulary import DCTERMS, RDF

_WRITTEN_FOR_STRANGERS = (
    *(OtherServerError, QueryTimeoutError, ResultTooLargeError, StoreBusyError),
    *(StartingError, StoppingError),
)
_FIRST_OWN_FAILURE = 500
_JSON = "application/problem+json"
_HTTP = "http://www.w3.org/2011/http#"
_RETRY_SECONDS = "1"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Problem:
    """One error: status, stable code, what is wrong in general and in this case; headers and members of its own."""

    status: int
    code: str
    title: str
    detail: str
    headers: Mapping[str, str] | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> Response:
        """The error as a program reads it."""
        body = {
            "type": f"{iris.BASE}problem/{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            **self.more,
        }
        return Response(json.dumps(body, ensure_ascii=False), self.status, self.headers, _JSON)

    def as_rdf(self, syntax: ox.RdfFormat) -> Response:
        """The error as a program reads it that takes RDF alone, in W3C's HTTP Vocabulary."""
        response, kind = ox.BlankNode("response"), ox.NamedNode(f"{_HTTP}Response")
        said: dict[str, ox.NamedNode | ox.Literal] = {
            f"{RDF.namespace}type": kind,
            f"{_HTTP}statusCodeValue": ox.Literal(self.status),
            f"{_HTTP}reasonPhrase": ox.Literal(HTTPStatus(self.status).phrase),
            f"{DCTERMS.namespace}type": ox.NamedNode(f"{iris.BASE}problem/{self.code}"),
            DCTERMS.title: ox.Literal(self.title, language="en"),
            f"{DCTERMS.namespace}description": ox.Literal(self.detail, language="en"),
        }
        triples = [ox.Triple(response, ox.NamedNode(name), value) for name, value in said.items()]
        body = ox.serialize(triples, format=syntax, prefixes={"http": _HTTP, "dcterms": DCTERMS.namespace})
        return Response(body, self.status, self.headers, syntax.media_type)


Page = Callable[[Request, Problem], Response]
"""What shows an error to a person."""


def install(app: FastAPI, page: Page | None = None) -> None:
    """Have every error of an application answered in this form, or on a page where a client prefers that.

    Layers that are added before may raise errors of ours; those that are added later see all answers.
    """

    async def answer(http: Request, error: Exception) -> Response:
        if isinstance(error, ValidationFailedError) and (syntax := _report_syntax(http)):
            return Response(error.report.to_rdf(syntax), error.http_status, media_type=syntax.media_type)
        problem = _of(error)
        http.scope[PROBLEM] = problem.code
        if isinstance(error, NotFoundError) and (syntax := _report_syntax(http)):
            return problem.as_rdf(syntax)
        return page(http, problem) if page and _page_preferred(http) else problem.as_json()

    for kind in (KgError, HTTPException, RequestValidationError):
        app.exception_handler(kind)(answer)
    app.add_middleware(_Failures, answer=answer)


class _Failures:
    """ASGI middleware that answers what is raised before an answer has begun; later it can only be broken off."""

    def __init__(self, app: ASGIApp, answer: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noticing(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noticing)
        except ClientDisconnect:
            return  # nobody is left to be answered
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            if not isinstance(error, (KgError, HTTPException)):
                _log.exception("%s %r failed", scope["method"], scope["path"])
            response = await self._answer(Request(scope), error)
            await response(scope, receive, send)


def _of(error: Exception) -> Problem:
    match error:
        case KgError():
            return of_error(error)
        case HTTPException():
            return _of_http(error)
        case RequestValidationError():
            return _of_parameters(error)
        case _:
            return _unexpected()


def of_error(error: KgError) -> Problem:
    """What is told of one of our errors."""
    told = error.http_status < _FIRST_OWN_FAILURE or isinstance(error, _WRITTEN_FOR_STRANGERS)
    title = (inspect.getdoc(type(error)) or error.code).partition("\n")[0]
    headers = error.headers if isinstance(error, AccessError) else None
    if isinstance(error, StoreBusyError | StoreLockedError | StartingError | StoppingError):
        headers = {"Retry-After": _RETRY_SECONDS}
    if isinstance(error, StoppingError):
        headers = {"Retry-After": _RETRY_SECONDS, "Connection": "close"}
    return Problem(error.http_status, error.code, title, (told and str(error)) or title, headers, _members(error))


def _members(error: KgError) -> dict[str, Any]:
    """What a program can do something with, beside the text."""
    if isinstance(error, ValidationFailedError):
        return {"report": json.loads(error.report.to_json())}
    if isinstance(error, ParameterError):
        accepted = {"accepted": list(error.accepted)} if error.accepted else {}
        return {"parameter": error.name, "expected": error.expected, **accepted}
    return {}


def _page_preferred(http: Request) -> bool:
    named = http.query_params.get("format")
    return named == "html" or preferred(http.headers.get("accept", ""), (_JSON, HTML)) == HTML


def _report_syntax(http: Request) -> ox.RdfFormat | None:
    """The syntax in which a client wants a report rather than as part of a problem."""
    wanted = preferred(http.headers.get("accept", ""), (_JSON, "application/json", HTML, *GRAPHS.values()))
    return ox.RdfFormat.from_media_type(wanted) if wanted and wanted in GRAPHS.values() else None


def _of_http(error: HTTPException) -> Problem:
    phrase = HTTPStatus(error.status_code).phrase
    code = phrase.lower().replace(" ", "-")
    return Problem(error.status_code, code, phrase, error.detail, error.headers)


def _of_parameters(error: RequestValidationError) -> Problem:
    fault = error.errors()[0]
    return of_error(ParameterError(str(fault["loc"][-1]), fault["msg"]))


def _unexpected() -> Problem:
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return Problem(status, "internal", status.phrase, "an error of this service; its log has the details")
