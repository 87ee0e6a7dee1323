"""Work that ends when nobody is left to hear of it: the client has gone, or the service ends.

Most answers are complete before it is worth listening for that, so at first there is an alarm and nothing else: no task
and no wait. The work is ended as `asyncio.timeout` does it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_SECONDS_UNTIL_LISTENING = 0.1
_SECONDS_AFTER_CLOSING = 0.5
"""How long work may take to end by itself, with an error or its last part, once the service is ending."""


class Presence:
    """A context manager: what is in its block is cancelled when the client has gone, and that ends the block.

    Parameters
    ----------
    receive
        The request's, of which all has been read that is of interest.
    closing
        Set when the service ends.

    Attributes
    ----------
    gone
        Whether the block was ended.
    """

    def __init__(self, receive: Receive, closing: asyncio.Event) -> None:
        self.gone = False
        self._receive = receive
        self._closing = closing
        self._work: asyncio.Task[object] | None = None
        self._watching: asyncio.Task[None] | None = None

    def __enter__(self) -> Self:
        self._work = asyncio.current_task()
        self._alarm = asyncio.get_running_loop().call_later(_SECONDS_UNTIL_LISTENING, self._listen)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._alarm.cancel()
        if self._watching:
            self._watching.cancel()
        if not self.gone or self._work is None:
            return False
        # others may have cancelled the work as well, and then it does not end here
        return self._work.uncancel() == 0 and kind is asyncio.CancelledError

    def _listen(self) -> None:
        self._watching = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        leaving = asyncio.create_task(_disconnected(self._receive))
        ending = asyncio.create_task(self._closing.wait())
        try:
            await asyncio.wait({leaving, ending}, return_when=asyncio.FIRST_COMPLETED)
            if not leaving.done():
                await asyncio.wait({leaving}, timeout=_SECONDS_AFTER_CLOSING)
        finally:
            leaving.cancel()
            ending.cancel()
        if self._work:
            self.gone = True
            self._work.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class WhenSent(Response):
    """Finds its answer when it is sent, so that the client's leaving ends it.

    Parameters
    ----------
    closing
        Set when the service ends.
    answered
        What gives the answer; its errors become answers of their own.
    """

    def __init__(self, closing: asyncio.Event, answered: Callable[[Scope], Awaitable[Response]]) -> None:
        super().__init__()
        self._closing, self._answered = closing, answered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, unless the client leaves before it is there."""
        response: Response | None = None
        with Presence(receive, self._closing):
            response = await self._answered(scope)
        if response is not None:
            await response(scope, receive, send)
