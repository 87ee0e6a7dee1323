"""Whether the service is starting, serving or draining, and how many requests are inside.

While it starts whoever comes waits a while, and while it drains nobody new is let in, but who asks how it is.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Literal

from starlette.types import ASGIApp, Receive, Scope, Send

from kg.errors import StartingError
from kg.serve.access import OPEN
from kg.store.querying.workers import closed

Stage = Literal["starting", "serving", "draining"]

_ALWAYS = OPEN | {"/metrics"}
_LOOK_SECONDS = 0.05


class Life:
    """The stages of one application.

    Parameters
    ----------
    stage
        The first one.
    others
        How much work there is that no request waits for: writes whose clients have left.

    Attributes
    ----------
    inside
        How many requests are being answered, but those about the service itself.
    failure
        What it could not be started for.
    """

    def __init__(self, stage: Stage = "serving", others: Callable[[], int] = lambda: 0) -> None:
        self.stage = stage
        self._begun = asyncio.Event()
        self.since = time.time()
        self.inside = 0
        self.failure: Exception | None = None
        self._others = others

    def enter(self, stage: Stage) -> None:
        """Be in a stage from now on."""
        self.stage, self.since = stage, time.time()
        self._begun.set()

    async def begun(self, seconds: float) -> None:
        """Wait until it no longer starts, so long at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._begun.wait()

    @property
    def working(self) -> int:
        """What there is to finish."""
        return self.inside + self._others()

    @asynccontextmanager
    async def beside(self, opened: AbstractAsyncContextManager[None]) -> AsyncIterator[None]:
        """A block that begins at once, while something is being opened that closes when the block ends."""
        ended = asyncio.Event()

        async def lasting() -> None:
            try:
                async with opened:
                    await ended.wait()
            except Exception as error:  # noqa: BLE001  (whatever it is, there is nothing to serve)
                self.failure = error

        task = asyncio.create_task(lasting())
        try:
            yield
        finally:
            ended.set()
            await task

    async def finished(self, seconds: float, *, hurried: Callable[[], bool] = lambda: False) -> bool:
        """Wait until nothing is left to finish, so long at most and while nobody is in a hurry; whether nothing is."""
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        while self.working and clock() < end and not hurried():
            await asyncio.sleep(_LOOK_SECONDS)
        return not self.working


class Door:
    """ASGI middleware that counts who is inside, and lets in nobody unless the service is serving.

    Parameters
    ----------
    patience
        Seconds for which whoever comes while it starts is let wait.
    """

    def __init__(self, app: ASGIApp, life: Life, patience: float = 10.0) -> None:
        self._app = app
        self._life = life
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or say why not.

        Raises
        ------
        StartingError, StoppingError
            The service is not serving yet, or not any more.
        """
        life = self._life
        if scope["type"] != "http" or scope["path"] in _ALWAYS:
            await self._app(scope, receive, send)
            return
        if life.stage == "starting":
            await life.begun(self._patience)
        if life.stage != "serving":
            raise closed() if life.stage == "draining" else StartingError("the service is starting; try again soon")
        life.inside += 1
        try:
            await self._app(scope, receive, send)
        finally:
            life.inside -= 1
