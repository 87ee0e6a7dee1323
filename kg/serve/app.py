"""The service: what it is made of, and what starts and ends with it.

`create_app` takes plain values; the command line reads the settings. The pool of query processes lives as long as the
application, and follows the live release of the data folder.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from kg import __version__, assets
from kg.errors import KgError, StoreUnavailableError
from kg.queries import NamedQuery
from kg.serve import problems, queries, sparql, validation
from kg.serve.pages import Pages
from kg.serve.protection import Protection
from kg.serve.validators import Validators
from kg.store.release import Release
from kg.store.workers import Limits, QueryPool

Current = Callable[[], Release | None]
"""What tells the live release: `kg.store.releases.DataFolder.current`."""

_DESCRIPTION = """Figures on technology transfer as claims, each with its source, its interval and its place
in the text. Errors are `application/problem+json` (RFC 9457) with a stable `code`. [Pages for people](/)."""
_DRAIN_SECONDS = 2
"""How long an answer that is complete may take to reach its client when the service ends."""
_log = logging.getLogger(__name__)


def create_app(
    current: Current,
    *,
    named_queries: Mapping[str, NamedQuery],
    workers: int = 2,
    limits: Limits | None = None,
    look_seconds: float = 1.0,
) -> FastAPI:
    """The application over whatever release is live.

    Parameters
    ----------
    workers
        How many queries run at once.
    look_seconds
        How often to look for a new release.

    Raises
    ------
    StoreUnavailableError
        There is no release yet.
    """
    release = current()
    if release is None:
        raise StoreUnavailableError("there is no release to serve; run `kg build` first")
    pool = QueryPool(release, size=workers, limits=limits)
    validators = Validators(pool)

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        async with pool, validators, _following(pool, current, look_seconds):
            yield

    app: FastAPI = FastAPIOffline(
        title="Technology transfer knowledge graph",
        version=__version__,
        description=_DESCRIPTION,
        lifespan=running,
        redoc_url=None,  # its page shows a picture from elsewhere
    )
    app.state.pool = pool
    pages = Pages(pool, named_queries)
    _add_routes(app, pool, named_queries, pages)
    app.include_router(validation.router(pool, validators, assets.turtle_files("shapes")))
    _add_middleware(app)
    problems.install(app, pages.problem)
    return app


class Server(uvicorn.Server):
    """Serves an application of `create_app` until Ctrl-C or SIGTERM, and then does not wait for running queries.

    They are ended first, so that their clients are told so while there still are connections.
    """

    def __init__(self, app: FastAPI) -> None:
        super().__init__(
            uvicorn.Config(
                app, log_level="warning", server_header=False, ws="none", timeout_graceful_shutdown=_DRAIN_SECONDS
            )
        )
        self._pool: QueryPool = app.state.pool

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End queries, then connections, then the application."""
        self._pool.close()
        await super().shutdown(sockets)


def _add_routes(app: FastAPI, pool: QueryPool, named_queries: Mapping[str, NamedQuery], pages: Pages) -> None:
    async def health() -> dict[str, Any]:
        release = pool.release.manifest
        return {
            "status": "ok",
            "release": release.id,
            "quads": release.quads,
            "workers": {"all": pool.size, "busy": pool.busy, "waiting": pool.waiting},
        }

    async def home() -> Response:
        return await pages.home()

    app.add_api_route("/", home, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_api_route("/health", health, tags=["operations"], summary="Whether the service is alive, and on what")
    app.include_router(sparql.router(pool, pages))
    app.include_router(queries.router(pool, named_queries, pages))
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")


def _add_middleware(app: FastAPI) -> None:
    app.add_middleware(Protection)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST"],
        allow_headers=["*"],
        expose_headers=["ETag"],
    )


@asynccontextmanager
async def _following(pool: QueryPool, current: Current, seconds: float) -> AsyncIterator[None]:
    """Switch the pool whenever another release has become the live one."""
    task = asyncio.create_task(_follow(pool, current, seconds))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _follow(pool: QueryPool, current: Current, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            release = await asyncio.to_thread(current)
            if release:
                await pool.switch(release)
        except KgError as error:
            _log.warning("staying with release %s: %s", pool.release.id, error)
