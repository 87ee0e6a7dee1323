"""The pool kept on the live release: looked for again and again, and remembered when it could not be served."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from kg.errors import KgError, StoreUnavailableError
from kg.store.base import Published
from kg.store.querying.base import FollowingPool

R = TypeVar("R", bound=Published)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Behind:
    """Why the release that is served is not the live one.

    Parameters
    ----------
    live
        The id of the live one, if that much is known.
    code
        The stable code of the error that it cannot be served for.
    since
        Seconds since 1970.
    """

    live: str | None
    code: str
    since: float


class Following(Generic[R]):
    """What has a pool answer from the live release, as a function; one look at a time, so that none puts an older back.

    Parameters
    ----------
    current
        What tells the live release.

    Attributes
    ----------
    behind
        Why the pool stays with another one, since the last look; None if it doesn't.
    """

    def __init__(self, pool: FollowingPool[Any], current: Callable[[], R | None]) -> None:
        self.behind: Behind | None = None
        self._pool = pool
        self._current = current
        self._looking = asyncio.Lock()

    async def __call__(self) -> None:
        """Look, and follow.

        Raises
        ------
        KgError
            The live release cannot be served; the pool stays with the one it has.
        """
        async with self._looking:
            live: R | None = None
            try:
                live = await asyncio.to_thread(self._current)
                if live is None:
                    raise StoreUnavailableError("no release is live any more")
                await self._pool.switch(live)
                self.behind = None
            except KgError as error:
                self._stay(live.id if live else None, error)
                raise

    def _stay(self, live: str | None, error: KgError) -> None:
        if self.behind is None or (self.behind.live, self.behind.code) != (live, error.code):
            self.behind = Behind(live, error.code, time.time())
            _log.warning("staying with the release that there is: %s", error)

    @asynccontextmanager
    async def regularly(self, seconds: float) -> AsyncIterator[None]:
        """Look every so often while the block lasts."""
        task = asyncio.create_task(self._look(seconds))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _look(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await self()
            except KgError:
                pass  # told already, and kept in `behind`
            except Exception:  # noqa: BLE001  (or an old release would be served for good, and nobody be told)
                _log.exception("looking for another release failed; looking again")
