"""Headers that every answer has, and what a failure of ours lets nobody see."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from kg.queries import NamedQuery
from kg.serve.app import create_app
from kg.store.release import Release

pytestmark = pytest.mark.anyio

INSIDE = "/srv/secret/path kg_0123_token"
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def app(release: Release, named_queries: Mapping[str, NamedQuery]) -> FastAPI:
    app = create_app(lambda: release, named_queries=named_queries)

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError(INSIDE)

    @app.get("/broken/{kind}")
    async def broken_by(kind: str) -> None:
        {"attribute": lambda: INSIDE.nothing, "file": lambda: Path(INSIDE).read_text()}[kind]()  # type: ignore[attr-defined]

    return app


async def get(app: FastAPI, path: str, *, scheme: str = "http", **headers: str) -> httpx.Response:
    transport: Any = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://test") as client:
        return await client.get(path, headers=headers)


@pytest.mark.parametrize("path", ["/health", "/no/such/page", "/broken", "/static/style.css", "/openapi.json", "/docs"])
async def test_every_answer_has_the_headers(app: FastAPI, path: str) -> None:
    headers = (await get(app, path)).headers
    assert {name: headers.get(name) for name in ALWAYS} == ALWAYS
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "server" not in headers
    assert "strict-transport-security" not in headers


async def test_https_is_kept_to_once_it_was_used(app: FastAPI) -> None:
    assert (await get(app, "/health", scheme="https")).headers["strict-transport-security"] == "max-age=31536000"


async def test_no_error_is_kept_by_a_cache(app: FastAPI) -> None:
    assert (await get(app, "/no/such/page")).headers["cache-control"] == "no-store"
    assert (await get(app, "/broken")).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/broken", "/broken/attribute", "/broken/file", "/broken/key"])
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
async def test_a_failure_of_ours_tells_nothing_and_the_log_has_it(
    app: FastAPI, path: str, accept: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        response = await get(app, f"{path}?a=1", accept=accept)
    assert response.status_code == 500
    for word in ("secret", "kg_0123", "Traceback", "RuntimeError", "KeyError", "AttributeError", "NotFound", __file__):
        assert word not in response.text
    assert "an error of this service" in response.text
    (record,) = [record for record in caplog.records if record.name == "kg.serve.problems"]
    assert record.getMessage() == f"GET {path!r} failed"
    assert record.exc_info


async def test_what_a_client_sends_does_not_make_lines_in_the_log(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    await get(app, "/broken/x%0A2026-01-01%20forged")
    (record,) = [record for record in caplog.records if record.name == "kg.serve.problems"]
    assert "\n" not in record.getMessage()
