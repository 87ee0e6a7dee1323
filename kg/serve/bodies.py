"""The body of a request, read only as far as it may be long."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest


async def body(http: HttpRequest, largest: int, complaint: str) -> bytes:
    """The whole body of a request.

    Raises
    ------
    HTTPException
        It has more than ``largest`` bytes (413, with the complaint); the rest of it is not read.
    """
    content = bytearray()
    async for part in http.stream():
        content += part
        if len(content) > largest:
            raise HTTPException(413, complaint)
    return bytes(content)
