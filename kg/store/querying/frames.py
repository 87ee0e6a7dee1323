"""Frames as they come from a query process, cut from the bytes of its socket and read one at a time.

A small answer is two frames that come as one piece of bytes, so its reader waits once; with asyncio's streams it waited
four times. Request and answer take 11 to 17 µs of processor time here. What nobody reads is left in the socket beyond a
few frames, so that the sender waits.
"""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from typing import cast

from kg.store.querying.query_process import FRAME

Frame = tuple[int, int, bytes]
"""The number of the request, the kind of frame, its content."""

_MANY = 4
"""How many frames may lie here unread before the socket is left alone."""


class Frames(asyncio.Protocol):
    """Our end of the socket of one query process. Make it with `connect`; one reads at a time.

    Attributes
    ----------
    ended
        Whether the other end is closed.
    spent
        Seconds that the other end was at the request of the last frame that came, up to there.
    """

    _transport: asyncio.Transport

    def __init__(self) -> None:
        self.ended = False
        self.spent = 0.0
        self._bytes = bytearray()
        self._unsent = bytearray()
        self._unread: deque[Frame] = deque()
        self._waiting: asyncio.Future[None] | None = None
        self._paused = False

    @classmethod
    async def connect(cls, connection: socket.socket) -> Frames:
        """The frames that come over a connected socket, which now belongs to this."""
        return (await asyncio.get_running_loop().create_connection(cls, sock=connection))[1]

    def write(self, data: bytes) -> None:
        """Send bytes to the other end, together with what else is written before the event loop looks for more."""
        if not self._unsent:
            asyncio.get_running_loop().call_soon(self._flush)
        self._unsent += data

    def take(self) -> Frame | None:
        """The next frame if it has come already."""
        if not self._unread:
            return None
        frame = self._unread.popleft()
        if self._paused and not self._unread:
            self._paused = False
            self._transport.resume_reading()
        return frame

    async def wait(self) -> Frame:
        """The next frame, as soon as it has come.

        Raises
        ------
        EOFError
            The other end was closed before that.
        """
        while (frame := self.take()) is None:
            if self.ended:
                raise EOFError
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        return frame

    def close(self) -> None:
        """Close the socket, once all that was written is sent."""
        self._flush()
        self._transport.close()

    def drop(self) -> None:
        """Close the socket now; whoever waits for a frame gets none."""
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the event loop at the start."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Called by the event loop with what has come."""
        self._bytes += data
        while len(self._bytes) >= FRAME.size:
            length, kind, number, spent = FRAME.unpack_from(self._bytes)
            if len(self._bytes) < (end := FRAME.size + length):
                break
            self._unread.append((number, kind, bytes(self._bytes[FRAME.size : end])))
            self.spent = spent
            del self._bytes[:end]
        if len(self._unread) >= _MANY and not self._paused:
            self._paused = True
            self._transport.pause_reading()
        if self._unread:
            self._wake()

    def connection_lost(self, _: Exception | None) -> None:
        """Called by the event loop at the end."""
        self.ended = True
        self._wake()

    def _flush(self) -> None:
        if self._unsent and not self._transport.is_closing():
            self._transport.write(bytes(self._unsent))
        self._unsent.clear()

    def _wake(self) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)
