"""An alarm for when a process has not been done with anything for some milliseconds, though we have listened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

STALL_SECONDS = 0.01
"""After which a query is not small, so that others need not wait for it."""
_LISTENING_SECONDS = 0.001


class Stall:
    """Calls back once the time has passed after `begin`, unless it is ended before.

    The event loop itself may have been busy all that time, and what the process was done with lie unread. So when the
    time has passed the loop has another turn, in which it reads.
    """

    def __init__(self, then: Callable[[], None]) -> None:
        self._then = then
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Begin to wait, unless it has begun."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(STALL_SECONDS, self._listen)

    def end(self) -> None:
        """Wait no longer."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _listen(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(_LISTENING_SECONDS, self._ring)

    def _ring(self) -> None:
        self._timer = None
        self._then()
