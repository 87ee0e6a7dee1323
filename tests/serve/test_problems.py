"""Every error has the one shape, and tells nothing that is not the client's business."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI

from kg import errors
from kg.errors import KgError, ValidationFailedError
from kg.serve.problems import install, of_error
from kg.validation.report import Report

INSIDE = "/srv/secret/path"
MEMBERS = {"type", "title", "status", "detail", "code"}
MORE = {ValidationFailedError: {"report"}, errors.ParameterError: {"parameter", "expected", "accepted"}}


def classes(parent: type[KgError] = KgError) -> Iterator[type[KgError]]:
    yield parent
    for child in parent.__subclasses__():
        yield from classes(child)


@pytest.mark.parametrize("error", list(classes()), ids=lambda error: error.__name__)
def test_every_error_of_ours_has_the_shape(error: type[KgError]) -> None:
    instance = error.__new__(error)
    Exception.__init__(instance, INSIDE)
    if isinstance(instance, ValidationFailedError):
        instance.report = Report()
    if isinstance(instance, errors.ParameterError):
        instance.name, instance.expected, instance.accepted = "area", "a country", ("CN",)
    response = of_error(instance).as_json()
    body = json.loads(bytes(response.body))
    assert response.media_type == "application/problem+json"
    assert set(body) == MEMBERS | next((more for kind, more in MORE.items() if issubclass(error, kind)), set())
    assert body["status"] == response.status_code == error.http_status
    assert body["code"] == error.code
    assert body["type"].endswith(f"/problem/{error.code}")
    assert body["title"].endswith(".")


def test_codes_are_told_apart() -> None:
    codes = [error.code for error in classes() if "code" in vars(error)]
    assert len(codes) == len(set(codes))


def test_a_failure_of_ours_says_nothing_of_its_inside() -> None:
    assert INSIDE not in bytes(of_error(errors.StoreError(INSIDE)).as_json().body).decode()
    assert "30 s" in of_error(errors.QueryTimeoutError("longer than 30 s")).detail


async def asked(app: FastAPI, path: str, method: str = "GET") -> tuple[int, dict[str, str], dict[str, object]]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        response = await client.request(method, path)
    return response.status_code, dict(response.headers), response.json()


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()
    install(app)

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError(INSIDE)

    @app.get("/typed")
    async def typed(number: int) -> int:
        return number

    return app


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not-found"),
        ("POST", "/typed", 405, "method-not-allowed"),
        ("GET", "/typed?number=x", 400, "parameter"),
        ("GET", "/broken", 500, "internal"),
    ],
)
async def test_every_error_of_http_has_the_shape(app: FastAPI, method: str, path: str, status: int, code: str) -> None:
    answered, headers, body = await asked(app, path, method)
    assert (answered, body["status"], body["code"]) == (status, status, code)
    assert headers["content-type"] == "application/problem+json"
    assert set(body) == MEMBERS | ({"parameter", "expected"} if code == "parameter" else set())
    assert INSIDE not in json.dumps(body)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
