"""Endpoints that are called by path and method alone, past the framework's routing.

Matching all routes in turn, reading the parameters of a function and the stacks kept for dependencies cost 50 to 80 µs
of processor time a request, and endpoints that take the request as it is need none of it. They stay routes as well, for
the description of the API.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

Endpoint = Callable[[Request], Awaitable[Response]]


class Direct:
    """ASGI middleware for those endpoints of a router that take the request and nothing else."""

    def __init__(self, app: ASGIApp, router: APIRouter) -> None:
        self._app = app
        self._endpoints: dict[tuple[str, str], Endpoint] = {
            (route.path, method): route.endpoint
            for route in router.routes
            if isinstance(route, APIRoute) and list(inspect.signature(route.endpoint).parameters) == ["http"]
            for method in route.methods or ()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the endpoint answer, or pass the request on if there is none for it."""
        endpoint = self._endpoints.get((scope["path"], scope["method"])) if scope["type"] == "http" else None
        if endpoint is None:
            await self._app(scope, receive, send)
        else:
            response = await endpoint(Request(scope, receive))
            await response(scope, receive, send)
