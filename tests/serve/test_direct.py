"""Endpoints that are called without the framework's routing."""

from __future__ import annotations

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from kg.serve.direct import Direct

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def app() -> FastAPI:
    """The framework's routing marks its requests with their route."""
    routes = APIRouter()

    async def whole(http: Request) -> Response:
        return Response(f"{await http.body()!r} {'route' in http.scope}")

    async def parts(number: int) -> int:
        return number

    routes.add_api_route("/whole", whole, methods=["GET"])
    routes.add_api_route("/whole", whole, methods=["POST"])
    routes.add_api_route("/parts", parts)
    app = FastAPI()
    app.include_router(routes)
    app.add_middleware(Direct, router=routes)
    return app


async def test_what_takes_the_request_is_called_directly_and_the_rest_as_ever(app: FastAPI) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        assert (await client.get("/whole")).text == "b'' False"
        assert (await client.post("/whole", content=b"text")).text == "b'text' False"
        assert (await client.put("/whole")).status_code == 405
        assert (await client.get("/parts?number=3")).json() == 3
        assert (await client.get("/none")).status_code == 404


async def test_they_stay_in_the_description(app: FastAPI) -> None:
    assert {"/whole", "/parts"} <= set(app.openapi()["paths"])
