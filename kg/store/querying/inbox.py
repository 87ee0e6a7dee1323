"""What has come for a query process and is not begun: one request after the other, or taken back.

Requests may be sent while another is being answered, so that the process need not sleep between the two: to be woken
takes as long as to answer a small one. Who sent them may take back what is not begun, since the one before turned out
to be slow. So before each request all that has come is looked at, without waiting.
"""

from __future__ import annotations

import json
import socket
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache

from kg.store.querying.requests import HEAD, GraphRequest, Limits, Request

_AT_ONCE = 1 << 16
_WITHOUT_WAITING = getattr(socket, "MSG_DONTWAIT", None)
"""Windows has no such flag: there the process looks when it has nothing to do, and does in vain what it need not."""

_Message = tuple[int, bytes, bytes, float]


class Inbox:
    """The messages that come over a connection, until the other end closes."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._bytes = bytearray()
        self._number = 0
        self._waiting: deque[_Message] = deque()

    def __iter__(self) -> Iterator[tuple[int, Request | GraphRequest, Limits, float]]:
        """Requests in the order in which they came, each with its number, what its caller may use, and seconds left.

        The first is number 1; those that were taken back have had a number as well.
        """
        while self._look():
            number, request, limits, seconds = self._waiting.popleft()
            yield number, _request(request), _limits(limits), seconds

    def _look(self) -> bool:
        """Take what has come, wait for it if nothing has; whether there is a request."""
        if self._waiting and _WITHOUT_WAITING is not None:
            with suppress(BlockingIOError):
                self._take(self._connection.recv(_AT_ONCE, _WITHOUT_WAITING))
        while not self._waiting:
            if not (data := self._connection.recv(_AT_ONCE)):
                return False
            self._take(data)
        return True

    def _take(self, data: bytes) -> None:
        self._bytes += data
        while len(self._bytes) >= HEAD.size:
            request, limits, seconds = HEAD.unpack_from(self._bytes)
            begin, end = HEAD.size + request, HEAD.size + request + limits
            if len(self._bytes) < end:
                break
            if request:
                self._number += 1
                texts = bytes(self._bytes[HEAD.size : begin]), bytes(self._bytes[begin:end])
                self._waiting.append((self._number, *texts, seconds))
            else:
                self._withdraw(int(seconds))
            del self._bytes[:end]

    def _withdraw(self, last: int) -> None:
        while self._waiting and self._waiting[-1][0] > last:
            self._waiting.pop()


def _request(packed: bytes) -> Request | GraphRequest:
    fields = json.loads(packed.decode())
    return Request(**fields) if "query" in fields else GraphRequest(**fields)


@lru_cache(maxsize=16)  # most callers have the same
def _limits(packed: bytes) -> Limits:
    fields = json.loads(packed)
    return Limits(**{**fields, "hosts": tuple(fields["hosts"])})
