"""The body of a request, read only as far as it may be long, while there is room, and while the client goes on sending.

Bodies are received before any turn is taken, from anybody, so what all of them may take at once is bounded here. What
one took is given back when its request has been answered, however that ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.errors import StoreBusyError

_MIB = 1 << 20
_SHARE = "kg.share"
_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass
class Room:
    """What bodies may take at once, all of a process together; it shrinks while they are held.

    Parameters
    ----------
    large
        Bytes left for what is beyond the first ones of each body.
    small
        Bytes left for the first ones, so that large bodies do not keep small ones out.
    free
        How many bytes of a body are its first ones.
    patience
        Seconds without any byte after which a client has sent its last.
    """

    large: int = 128 * _MIB
    small: int = 128 * _MIB
    free: int = _MIB
    patience: float = 60.0


class Share:
    """What one body takes of a room."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self._size = 0

    def grow(self, size: int) -> None:
        """Take more bytes.

        Raises
        ------
        StoreBusyError
            Bodies of others take too many.
        """
        self._resize(self._size + size)
        if min(self.room.large, self.room.small) < 0:
            self.give_back()  # at once, so that nobody else is refused for its sake
            raise StoreBusyError("too much is being sent at once by all clients together; try again in a moment")

    def give_back(self) -> None:
        """Take nothing any more; to do so again is no error."""
        self._resize(0)

    def _resize(self, size: int) -> None:
        room, before = self.room, self._size
        room.small -= min(size, room.free) - min(before, room.free)
        room.large -= max(size - room.free, 0) - max(before - room.free, 0)
        self._size = size


@contextmanager
def taken(room: Room) -> Iterator[Share]:
    """A share of a room, given back when the block is left."""
    share = Share(room)
    try:
        yield share
    finally:
        share.give_back()


class Bodies:
    """ASGI middleware: what `body` reads takes room until the request has been answered."""

    def __init__(self, app: ASGIApp, room: Room) -> None:
        self._app = app
        self._room = room

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its share."""
        if scope["type"] != "http" or scope["method"] in _WITHOUT_BODY:
            await self._app(scope, receive, send)
            return
        with taken(self._room) as scope[_SHARE]:
            await self._app(scope, receive, send)


async def body(http: HttpRequest, largest: int, complaint: str) -> bytes:
    """The whole body of a request behind `Bodies`; errors as of `receive`, and 413 with the complaint."""
    content = bytearray()
    await receive(http, largest, HTTPException(413, complaint), http.scope[_SHARE], content.extend)
    return bytes(content)


async def receive(
    http: HttpRequest, largest: int, too_large: Exception, share: Share, keep: Callable[[bytes], object]
) -> None:
    """Hand a body over piece by piece; the rest is not read when an error is raised.

    Parameters
    ----------
    too_large
        What is raised when it has more than ``largest`` bytes, or says so beforehand.

    Raises
    ------
    StoreBusyError
        There is no room for it.
    HTTPException
        408: for too long nothing came.
    """
    announced = http.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > largest:
        raise too_large
    patience, clock = share.room.patience, asyncio.get_running_loop().time
    try:
        async with asyncio.timeout(patience) as allowed:
            async for piece in http.stream():
                largest -= len(piece)
                if largest < 0:
                    raise too_large
                share.grow(len(piece))
                keep(piece)
                allowed.reschedule(clock() + patience)
    except TimeoutError:
        raise HTTPException(408, f"nothing came for {patience:g} seconds", {"Connection": "close"}) from None
