"""The server: it serves until it is told to end, and then finishes what it has begun."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
from types import FrameType

import uvicorn
from fastapi import FastAPI

from kg.serve.connections import Connection
from kg.serve.operations.life import Life
from kg.store.querying.base import Pool

_LAST_SECONDS = 2
"""How long an answer that is complete, or an error, may take to reach its client in the end."""
_log = logging.getLogger(__name__)


class Server(uvicorn.Server):
    """Serves an application of `kg.serve.app.create_app` until Ctrl-C or SIGTERM, and then drains.

    No connection is accepted any more, and requests on those that are open are answered with an error; what has begun
    is finished. What is not finished in time, or when a second signal comes, is ended, so that its client is told so
    while there still is a connection.

    Parameters
    ----------
    proxies
        Addresses and networks, with commas between, that are believed when they say who the client is and whether it
        came by HTTPS (``X-Forwarded-For``, ``X-Forwarded-Proto``); nobody else is.
    drain
        Seconds that what has begun may take.

    Attributes
    ----------
    failure
        The error that the application could not be opened for, after which the server has ended.
    """

    def __init__(self, app: FastAPI, *, proxies: str = "", drain: float = 25.0) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=Connection,
                access_log=False,  # what is logged of requests is not uvicorn's to say
                log_level="warning",
                server_header=False,
                ws="none",
                proxy_headers=bool(proxies),
                forwarded_allow_ips=proxies,
                timeout_graceful_shutdown=_LAST_SECONDS,
            )
        )
        self._pool: Pool = app.state.pool
        self._life: Life = app.state.life
        self._drain = drain
        self._hurried = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and have the collector of garbage pass over what is there by then, which stays."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()

    @property
    def failure(self) -> Exception | None:
        """What the application could not be opened for."""
        return self._life.failure

    async def on_tick(self, counter: int) -> bool:
        """Whether to end: as told, or because there is nothing to serve."""
        return await super().on_tick(counter) or self.failure is not None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End; at once, if it is ending already."""
        if self.should_exit and not self._hurried:
            self._hurried = True
        else:
            super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what has begun, end what is left of it, then connections, then the application."""
        self._life.enter("draining")
        for listener in (*self.servers, *(sockets or ())):
            listener.close()
        if self._life.working:
            _log.warning("finishing %d requests, for %g s at most", self._life.working, self._drain)
        if not await self._life.finished(self._drain, hurried=lambda: self._hurried):
            _log.warning("ending %d requests that are not finished", self._life.working)
        self._pool.close()
        await asyncio.sleep(0)  # so that what was ended can say so before connections are closed
        await super().shutdown(sockets)
