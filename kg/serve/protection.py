"""What browsers are told with every answer: not to do with it what we did not mean, and that any page may read it.

The headers are the same for most answers, so they are appended as bytes; to set each by name took as long as to read a
query. Reading by scripts of other origins is allowed always, whether one asks or not, so that an answer kept by a cache
serves both; what a script may send is told when its browser asks beforehand (https://fetch.spec.whatwg.org/#http-cors-protocol).
"""

from __future__ import annotations

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_STRICT = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_API_PAGES = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; worker-src blob:; base-uri 'none'; frame-ancestors 'none'"
)
"""Swagger starts itself by a script in the page; it shows nothing from the data."""

_EXPOSED = (
    *("Accept-Post", "Allow", "ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After"),
    "Total-Rows",
    "WWW-Authenticate",
)
"""Headers of ours that a script of another origin may read."""
_PREFLIGHT_SECONDS = 86_400
_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT")
_PREFLIGHT = frozenset({b"origin", b"access-control-request-method"})

_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),  # as a picture or script; what a script fetches is ruled by CORS
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", ", ".join(_EXPOSED).encode()),
)
_PAGES, _DOCS = (((b"content-security-policy", policy.encode()), *_ALWAYS) for policy in (_STRICT, _API_PAGES))
_ONLY_HTTPS = (b"strict-transport-security", b"max-age=31536000")
_NOT_KEPT = (b"cache-control", b"no-store")
_FIRST_ERROR = 400


class Protection:
    """ASGI middleware that adds the headers to every response, and answers who asks what a script may send."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._preflight = CORSMiddleware(
            app, allow_origins=["*"], allow_methods=_METHODS, allow_headers=["*"], max_age=_PREFLIGHT_SECONDS
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the response back with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_headers(scope, message)]
            await send(message)

        if scope["method"] == "OPTIONS" and _PREFLIGHT.issubset(name for name, _ in scope["headers"]):
            await self._preflight(scope, receive, send)
        else:
            await self._app(scope, receive, protected)


def _headers(scope: Scope, message: Message) -> list[tuple[bytes, bytes]]:
    headers = [*(_DOCS if scope["path"] == "/docs" else _PAGES)]
    if scope["scheme"] == "https":  # RFC 6797, section 7.2: never over plain HTTP
        headers.append(_ONLY_HTTPS)
    if message["status"] >= _FIRST_ERROR and all(name.lower() != b"cache-control" for name, _ in message["headers"]):
        headers.append(_NOT_KEPT)
    return headers
