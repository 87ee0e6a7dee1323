"""Errors as RFC 9457 has them: ``application/problem+json``, always with type, title, status, detail and code.

``code`` is the stable word to program against, ``type`` the same as an IRI. What a client did wrong is told in full;
of our own failures only what was written for strangers: their texts may name paths, and traces go to the log. A client
that prefers HTML, which browsers do, is told the same on a page.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kg import iris
from kg.errors import KgError, ParameterError, QueryTimeoutError, ResultTooLargeError, StoreBusyError
from kg.serve.negotiation import HTML, preferred

_WRITTEN_FOR_STRANGERS = (QueryTimeoutError, ResultTooLargeError, StoreBusyError)
_FIRST_OWN_FAILURE = 500
_JSON = "application/problem+json"


@dataclass(frozen=True)
class Problem:
    """One error: status, stable code, what is wrong in general and in this case, and headers that belong to it."""

    status: int
    code: str
    title: str
    detail: str
    headers: Mapping[str, str] | None = None

    def as_json(self) -> Response:
        """The error as a program reads it."""
        body = {
            "type": f"{iris.BASE}problem/{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        return Response(json.dumps(body, ensure_ascii=False), self.status, self.headers, _JSON)


Page = Callable[[Request, Problem], Response]
"""What shows an error to a person."""


def install(app: FastAPI, page: Page | None = None) -> None:
    """Have every error of an application answered in this form, or on a page where a client prefers that."""

    def answering(told: Callable[..., Problem]) -> Callable[[Request, Exception], Awaitable[Response]]:
        async def answer(http: Request, error: Exception) -> Response:
            problem = told(error)
            return page(http, problem) if page and _page_preferred(http) else problem.as_json()

        return answer

    app.exception_handler(KgError)(answering(of_error))
    app.exception_handler(HTTPException)(answering(_of_http))
    app.exception_handler(RequestValidationError)(answering(_of_parameters))
    app.exception_handler(Exception)(answering(_unexpected))


def of_error(error: KgError) -> Problem:
    """What is told of one of our errors."""
    told = error.http_status < _FIRST_OWN_FAILURE or isinstance(error, _WRITTEN_FOR_STRANGERS)
    title = (inspect.getdoc(type(error)) or error.code).partition("\n")[0]
    return Problem(error.http_status, error.code, title, (told and str(error)) or title)


def _page_preferred(http: Request) -> bool:
    named = http.query_params.get("format")
    return named == "html" or preferred(http.headers.get("accept", ""), (_JSON, HTML)) == HTML


def _of_http(error: HTTPException) -> Problem:
    phrase = HTTPStatus(error.status_code).phrase
    code = phrase.lower().replace(" ", "-")
    return Problem(error.status_code, code, phrase, error.detail, error.headers)


def _of_parameters(error: RequestValidationError) -> Problem:
    fault = error.errors()[0]
    return of_error(ParameterError(str(fault["loc"][-1]), fault["msg"]))


def _unexpected(_: Exception) -> Problem:
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return Problem(status, "internal", status.phrase, "an error of this service; its log has the details")
