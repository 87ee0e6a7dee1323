"""The service: what it is made of, and what starts and ends with it.

`create_app` takes plain values; the command line reads the settings. The pool of query processes lives as long as the
application, and follows the live release of the data folder.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from kg import __version__, assets
from kg.errors import KgError, StoreUnavailableError
from kg.queries import NamedQuery
from kg.serve import catalogue, dumps, problems, queries, sparql, validation
from kg.serve.access import Access, Guard
from kg.serve.bodies import Bodies, Room
from kg.serve.compression import Compression
from kg.serve.direct import Direct
from kg.serve.exports import Exports
from kg.serve.operations import metrics as operations
from kg.serve.operations.logs import Logs
from kg.serve.operations.metrics import Measured, Metrics
from kg.serve.operations.watching import Watching
from kg.serve.protection import Protection
from kg.serve.resources import routes as resources
from kg.serve.resources import vocabularies
from kg.serve.resources.addresses import Addresses
from kg.serve.service_description import Counted, ServiceDescription
from kg.serve.validators import Validators
from kg.serve.views.pages import Pages
from kg.serve.writing import graph_store, updates
from kg.serve.writing.writer import Follow, Site, Writer
from kg.store.base import Published
from kg.store.querying.base import FollowingPool, Pool
from kg.store.querying.requests import Limits
from kg.store.querying.workers import QueryPool

R = TypeVar("R", bound=Published)
Current = Callable[[], R | None]
"""What tells the live release: `DataFolder.current`, or what a server says of itself."""

_DESCRIPTION = """Figures on technology transfer as claims, each with its source, its interval and its place
in the text. Errors are `application/problem+json` (RFC 9457) with a stable `code`. [Pages for people](/)."""
_EXPOSED = (
    *("Accept-Post", "Allow", "ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After"),
    "WWW-Authenticate",
)
"""Headers of ours that a script of another origin may read."""
_PREFLIGHT_SECONDS = 86_400
_DRAIN_SECONDS = 2
"""How long an answer that is complete may take to reach its client when the service ends."""
_log = logging.getLogger(__name__)


def create_app(
    current: Current[R],
    *,
    named_queries: Mapping[str, NamedQuery],
    workers: int = 2,
    kept: int = 2,
    queue: int = 64,
    limits: Limits | None = None,
    look_seconds: float = 1.0,
    access: Access | None = None,
    site: Site | None = None,
    bodies: Room | None = None,
    answering: Callable[..., FollowingPool[Any]] = QueryPool,
    logs: Logs | None = None,
    settle: float | None = None,
) -> FastAPI:
    """The application over whatever release is live.

    Parameters
    ----------
    workers
        How many queries run at once.
    kept, queue
        How many of these places are for short queries; how many queries may wait.
    look_seconds
        How often to look for a new release.
    access
        Who may do what; anybody may read, and nobody write, without.
    site
        The data folder to write to; nobody may write without.
    bodies
        What the bodies of requests may take of memory at once, and how fast they must come.
    answering
        What makes the pool that answers, of a release and of size, kept, queue and limits.
    logs
        What is logged of requests; nothing without.
    settle
        Seconds after which the files of a release that stays live are made unasked; only when asked for without.

    Raises
    ------
    StoreUnavailableError
        There is no release yet.
    """
    release = current()
    if release is None:
        raise StoreUnavailableError("there is no release to serve; run `kg build` first")
    pool = answering(release, size=workers, kept=kept, queue=queue, limits=limits)
    validators = Validators(pool)
    exports = Exports(pool, settle=settle)
    follow = _follower(pool, current)
    writer = Writer(pool, site, follow) if site else None

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        async with pool, validators, exports, writer or nullcontext(), _following(follow, look_seconds):
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
    _add_routes(app, pool, named_queries, pages, writer, counted=exports.counted)
    app.include_router(catalogue.router(pool, exports, pages))
    app.include_router(dumps.router(pool, exports, pages))
    app.include_router(validation.router(pool, validators, assets.turtle_files("shapes")))
    bodies = bodies or Room()
    app.include_router(graph_store.router(pool, writer, site.largest if site else 0, bodies))
    app.add_middleware(Bodies, room=bodies)
    metrics = Metrics(pool, *_measured(writer))
    app.include_router(operations.router(metrics))
    _add_middleware(app, access or Access(limits=pool.limits), pages)
    watchers = (metrics, replace(logs, release=lambda: pool.release.id)) if logs else (metrics,)
    app.add_middleware(Watching, watchers=watchers, paths=_fixed(app.routes))
    return app


class Server(uvicorn.Server):
    """Serves an application of `create_app` until Ctrl-C or SIGTERM, and then does not wait for running queries.

    They are ended first, so that their clients are told so while there still are connections.

    Parameters
    ----------
    proxies
        Addresses and networks, with commas between, that are believed when they say who the client is and whether it
        came by HTTPS (``X-Forwarded-For``, ``X-Forwarded-Proto``); nobody else is.
    """

    def __init__(self, app: FastAPI, *, proxies: str = "") -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_level="warning",
                server_header=False,
                ws="none",
                proxy_headers=bool(proxies),
                forwarded_allow_ips=proxies,
                timeout_graceful_shutdown=_DRAIN_SECONDS,
            )
        )
        self._pool: Pool = app.state.pool

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End queries, then connections, then the application."""
        self._pool.close()
        await super().shutdown(sockets)


def _add_routes(
    app: FastAPI,
    pool: Pool,
    named_queries: Mapping[str, NamedQuery],
    pages: Pages,
    writer: Writer | None,
    *,
    counted: Counted,
) -> None:
    async def health() -> dict[str, Any]:
        release = pool.release.manifest
        return {
            "status": "ok",
            "release": release.id,
            "quads": release.quads,
            "workers": {"all": pool.size, "busy": pool.busy, "waiting": pool.waiting},
        }

    async def home() -> Response:
        return pages.sparql_form() if pool.release.manifest.plain else await pages.home()

    app.add_api_route("/", home, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_api_route("/health", health, tags=["operations"], summary="Whether the service is alive, and on what")
    described = ServiceDescription(
        pool, writable=writer is not None, federated=bool(pool.limits.hosts), counted=counted
    )
    endpoint = sparql.router(pool, pages, described, updates=updates.handler(writer) if writer else None)
    app.include_router(endpoint)
    app.add_middleware(Direct, router=endpoint)
    app.include_router(queries.router(pool, named_queries, pages))
    if not pool.release.manifest.plain:  # a general server knows nothing of our things
        app.include_router(resources.router(pool, named_queries, pages, Addresses()))
        app.include_router(vocabularies.router(pages, _vocabulary_files()))
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")


def _vocabulary_files() -> dict[str, list[Path]]:
    """The terms, and the rules for data that use them."""
    return {"ontology": [assets.folder("ontology") / "techtransfer.ttl"], "shapes": assets.turtle_files("shapes")}


def _add_middleware(app: FastAPI, access: Access, pages: Pages) -> None:
    """From the inside out: who may pass; errors, its own as well, made answers; gzip; CORS; headers of all answers."""
    app.add_middleware(Guard, access=access)
    problems.install(app, pages.problem)
    app.add_middleware(Compression)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"],
        allow_headers=["*"],
        expose_headers=_EXPOSED,
        max_age=_PREFLIGHT_SECONDS,
    )
    app.add_middleware(Protection)


def _follower(pool: FollowingPool[R], current: Current[R]) -> Follow:
    """What has the pool answer from the live release; one look at a time, so that none puts an older one back."""
    looking = asyncio.Lock()

    async def follow() -> None:
        async with looking:
            if release := await asyncio.to_thread(current):
                await pool.switch(release)

    return follow


def _measured(writer: Writer | None) -> Iterator[Measured]:
    if writer:
        yield "kg_writes_waiting", "Writes that wait or are being made.", lambda: writer.waiting


def _fixed(routes: Iterable[object]) -> Iterator[str]:
    """The paths of routes without parameters; those of a router that was included stand in it."""
    for route in routes:
        if included := getattr(route, "original_router", None):
            yield from _fixed(included.routes)
        elif "{" not in (path := getattr(route, "path", "{")):
            yield path


@asynccontextmanager
async def _following(follow: Follow, seconds: float) -> AsyncIterator[None]:
    """Follow whenever another release has become the live one."""
    task = asyncio.create_task(_look(follow, seconds))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _look(follow: Follow, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await follow()
        except KgError as error:
            _log.warning("staying with the release that there is: %s", error)
