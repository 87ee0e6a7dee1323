"""Headers that keep a browser from doing with our answers what we did not mean."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_STRICT = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_API_PAGES = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; worker-src blob:; base-uri 'none'; frame-ancestors 'none'"
)
"""Swagger starts itself by a script in the page; it shows nothing from the data."""


_ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",  # as a picture or script; what a script fetches is ruled by CORS
}
_ONLY_HTTPS = "max-age=31536000"
_FIRST_ERROR = 400


class Protection:
    """ASGI middleware that adds the headers to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the response back with the headers."""
        policy = _API_PAGES if scope.get("path") == "/docs" else _STRICT

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["content-security-policy"] = policy
                headers.update(_ALWAYS)
                if scope["scheme"] == "https":  # RFC 6797, section 7.2: never over plain HTTP
                    headers["strict-transport-security"] = _ONLY_HTTPS
                if message["status"] >= _FIRST_ERROR:
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, protected if scope["type"] == "http" else send)
