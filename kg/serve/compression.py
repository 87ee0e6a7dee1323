"""Answers packed with gzip for clients that take it, piece by piece as they come.

Starlette does the packing: each piece is flushed, so that streaming, backpressure and a transfer that is broken off
stay what they are; HEAD and 304, which have no body, are left alone. What it leaves out is done here: a weight of 0,
a strong ETag, which names bytes (RFC 9110, section 8.8.3), so that packed ones need another, and a digest of the
bytes before they were packed, which is not that of the representation sent (RFC 9530, section 3), so that it goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LEVEL = 1
_SMALLEST = 1024
_REFUSED = re.compile(rb"\bgzip\s*;\s*q=0(\.0*)?\s*(,|$)")


class Compression:
    """ASGI middleware that packs the bodies of answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._packing = GZipMiddleware(app, minimum_size=_SMALLEST, compresslevel=_LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the response back, packed where that is wanted and worth it."""

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _varying(message.get("headers", ()))
                if taken:
                    _renamed(MutableHeaders(scope=message))
            await send(message)

        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        taken = _taken(scope)
        await (self._packing if taken else self._app)(scope, receive, told)


def _taken(scope: Scope) -> bool:
    """Whether the client takes gzip."""
    wishes = [value.lower() for name, value in scope["headers"] if name == b"accept-encoding"]
    return any(b"gzip" in wish for wish in wishes) and not any(map(_REFUSED.search, wishes))


def _varying(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers, which say that another client may be sent the same packed otherwise, whether this one is or not."""
    said = [value for name, value in headers if name == b"vary"]
    if any(b"accept-encoding" in value.lower() for value in said):
        return [*headers]
    return [*(header for header in headers if header[0] != b"vary"), (b"vary", b", ".join([*said, b"Accept-Encoding"]))]


def _renamed(headers: MutableHeaders) -> None:
    """Have headers tell of the packed bytes, if the body is packed."""
    if headers.get("content-encoding") != "gzip":
        return
    del headers["repr-digest"]
    if (tag := headers.get("etag", "")).startswith('"'):
        headers["etag"] = f'{tag[:-1]}-gzip"'
