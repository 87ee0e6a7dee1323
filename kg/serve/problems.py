"""Errors as RFC 9457 has them: ``application/problem+json``, always with type, title, status, detail and code.

``code`` is the stable word to program against, ``type`` the same as an IRI. What a client did wrong is told in full;
of our own failures only what was written for strangers: their texts may name paths, and traces go to the log.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kg import iris
from kg.errors import KgError, ParameterError, QueryTimeoutError, ResultTooLargeError, StoreBusyError

_WRITTEN_FOR_STRANGERS = (QueryTimeoutError, ResultTooLargeError, StoreBusyError)
_FIRST_OWN_FAILURE = 500


def install(app: FastAPI) -> None:
    """Have every error of an application answered in this form."""
    app.exception_handler(KgError)(_ours)
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(RequestValidationError)(_parameters)
    app.exception_handler(Exception)(_unexpected)


def problem(
    status: int, code: str, *, title: str, detail: str | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """One error as a response."""
    body = {
        "type": f"{iris.BASE}problem/{code}",
        "title": title,
        "status": status,
        "detail": detail or title,
        "code": code,
    }
    return Response(json.dumps(body, ensure_ascii=False), status, headers, "application/problem+json")


def of_error(error: KgError) -> Response:
    """One of our errors as a response."""
    told = error.http_status < _FIRST_OWN_FAILURE or isinstance(error, _WRITTEN_FOR_STRANGERS)
    title = (inspect.getdoc(type(error)) or error.code).partition("\n")[0]
    return problem(error.http_status, error.code, title=title, detail=str(error) if told else None)


async def _ours(_: Request, error: KgError) -> Response:
    return of_error(error)


async def _http(_: Request, error: HTTPException) -> Response:
    phrase = HTTPStatus(error.status_code).phrase
    code = phrase.lower().replace(" ", "-")
    return problem(error.status_code, code, title=phrase, detail=error.detail, headers=error.headers)


async def _parameters(_: Request, error: RequestValidationError) -> Response:
    fault = error.errors()[0]
    return of_error(ParameterError(str(fault["loc"][-1]), fault["msg"]))


async def _unexpected(_: Request, __: Exception) -> Response:
    phrase = HTTPStatus.INTERNAL_SERVER_ERROR
    return problem(phrase, "internal", title=phrase.phrase, detail="an error of this service; its log has the details")
