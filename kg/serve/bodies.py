"""The body of a request, read only as far as it may be long, while there is room, and while the client goes on sending.

Bodies are received before any turn is taken, from anybody, so what all of them may take at once is bounded here, and
what those of one client may. What one took is given back when its request has been answered, however that ends. A body
has so much time to come as its bytes take at the least rate (as Apache's ``RequestReadTimeout`` has it), so that
nobody keeps room by sending a byte now and then.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.errors import StoreBusyError
from kg.serve.rates import client

_MIB = 1 << 20
_SHARE = "kg.share"
_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass
class Room:
    """What bodies may take at once, all of a process together.

    Parameters
    ----------
    large
        Bytes for what is beyond the first ones of each body.
    small
        Bytes for the first ones, so that large bodies do not keep small ones out.
    free
        How many bytes of a body are its first ones.
    part
        How much of either the bodies of one client may take, between 0 and 1.
    patience
        Seconds without any byte after which a client has sent its last; and those that every body has at any rate.
    rate
        Bytes a second that a body must bring beyond that, on average.
    """

    large: int = 128 * _MIB
    small: int = 128 * _MIB
    free: int = _MIB
    part: float = 0.25
    patience: float = 60.0
    rate: float = 1024.0
    _taken: Counter[tuple[str, str]] = field(default_factory=Counter, init=False, repr=False)

    @property
    def taken(self) -> tuple[int, int]:
        """Bytes that bodies take now, of the large room and of the small one."""
        return self._taken["large", ""], self._taken["small", ""]

    def take(self, whose: str, large: int, small: int) -> None:
        """Count bytes that a client's body takes, or gives back where they are negative."""
        for kind, size in (("large", large), ("small", small)):
            for holder in {"", whose}:  # an empty name is that of all together
                self._taken[kind, holder] += size
                if not self._taken[kind, holder]:
                    del self._taken[kind, holder]

    def is_full(self) -> bool:
        """Whether all bodies together take too much."""
        large, small = self.taken
        return large > self.large or small > self.small

    def is_full_for(self, whose: str) -> bool:
        """Whether those of one client do."""
        large, small = self._taken["large", whose], self._taken["small", whose]
        return bool(whose) and (large > self.part * self.large or small > self.part * self.small)

    def deadline(self, began: float, now: float, received: int) -> float:
        """When the next byte of a body must have come that began at a time and of which so many have come."""
        return min(now, began + received / self.rate) + self.patience


class Share:
    """What one body takes of a room."""

    def __init__(self, room: Room, whose: str) -> None:
        self.room = room
        self._whose = whose
        self._size = 0

    def grow(self, size: int) -> None:
        """Take more bytes.

        Raises
        ------
        StoreBusyError
            Other bodies take too many, of all clients or of this one.
        """
        self._resize(self._size + size)
        for_all, for_one = self.room.is_full(), self.room.is_full_for(self._whose)
        if for_all or for_one:
            self.give_back()  # at once, so that nobody else is refused for its sake
            whose = "all clients together" if for_all else "your address; send one thing after the other"
            raise StoreBusyError(f"too much is being sent at once by {whose}; try again in a moment")

    def give_back(self) -> None:
        """Take nothing any more; to do so again is no error."""
        self._resize(0)

    def _resize(self, size: int) -> None:
        free, before = self.room.free, self._size
        small = min(size, free) - min(before, free)
        self.room.take(self._whose, size - before - small, small)
        self._size = size


@contextmanager
def taken(room: Room, scope: Scope) -> Iterator[Share]:
    """A share of a room for the sender of a request, given back when the block is left."""
    share = Share(room, client(*(scope.get("client") or ("",))[:1]))
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
        with taken(self._room, scope) as scope[_SHARE]:
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
        408: for too long nothing came, or too little.
    """
    announced = http.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > largest:
        raise too_large
    clock, room, received = asyncio.get_running_loop().time, share.room, 0
    began = clock()
    try:
        async with asyncio.timeout(room.patience) as allowed:
            async for piece in http.stream():
                received += len(piece)
                if received > largest:
                    raise too_large
                share.grow(len(piece))
                keep(piece)
                allowed.reschedule(room.deadline(began, clock(), received))
    except TimeoutError:
        text = f"nothing came for {room.patience:g} seconds, or less than {room.rate:g} bytes a second"
        raise HTTPException(408, text, {"Connection": "close"}) from None
