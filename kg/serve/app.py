"""The service: what it is made of, and what starts and ends with it.

`create_app` takes plain values; the command line reads the settings. The pool of query processes lives as long as the
application, and follows the live release of the data folder.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles

from kg import __version__, assets, iris
from kg.analysis import definitions
from kg.errors import StoreUnavailableError
from kg.help import Sources
from kg.queries import NamedQuery
from kg.serve import agents, catalogue, dumps, problems, search, sparql, validation
from kg.serve.access import Access, Guard
from kg.serve.bodies import Bodies, Room
from kg.serve.compression import Compression
from kg.serve.direct import Direct
from kg.serve.evidencing import routes as evidencing
from kg.serve.exploring import routes as exploring
from kg.serve.exports import Exports
from kg.serve.helping import routes as helping
from kg.serve.helping.made import Help, settings
from kg.serve.indexes import Indexes
from kg.serve.languages import wish
from kg.serve.named import description as named_description
from kg.serve.named import routes as named
from kg.serve.named.asking import Asking
from kg.serve.named.rows import KeptRows
from kg.serve.networks import routes as networks
from kg.serve.networks.answering import Answering
from kg.serve.networks.jobs import Jobs
from kg.serve.networks.tasks import Most
from kg.serve.networks.work import Room as Computing
from kg.serve.operations import metrics as operations
from kg.serve.operations import readiness
from kg.serve.operations.following import Following
from kg.serve.operations.life import Door, Life
from kg.serve.operations.logs import Logs
from kg.serve.operations.metrics import Measured, Metrics
from kg.serve.operations.readiness import Readiness
from kg.serve.operations.watching import Watching
from kg.serve.protection import Protection
from kg.serve.resources import routes as resources
from kg.serve.resources import vocabularies
from kg.serve.resources.addresses import Addresses
from kg.serve.service_description import Counted, ServiceDescription
from kg.serve.validators import Validators
from kg.serve.views.pages import Pages
from kg.serve.writing import graph_store, updates
from kg.serve.writing.writer import Site, Writer
from kg.store.base import Published
from kg.store.querying.base import FollowingPool
from kg.store.querying.requests import Limits
from kg.store.querying.workers import QueryPool

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

R = TypeVar("R", bound=Published)
Current = Callable[[], R | None]
"""What tells the live release: `DataFolder.current`, or what a server says of itself."""

_DESCRIPTION = """Figures on technology transfer as claims, each with its source, its interval and its place
in the text. Errors are `application/problem+json` (RFC 9457) with a stable `code`. [Pages for people](/)."""


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
    eager: bool = True,
    base: str | None = None,
    computing: Computing | None = None,
    most: Most | None = None,
    mcp_hosts: Sequence[str] = (),
    commands: Any = None,
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
    eager
        Whether all is open before the first request is taken. Otherwise it is opened meanwhile, and told to be starting
        until then (`kg.serve.operations.life`).
    base
        What IRIs begin with that are served by path beside those of the project.
    computing, most
        How many computations of networks go on and wait; what one may take.
    mcp_hosts
        Names by which agents may call ``/mcp`` beside those of this machine; it is there with the extra ``mcp``.
    commands
        The command line, as a command of Click, which `/help` describes; left out there without.

    Raises
    ------
    StoreUnavailableError
        There is no release yet.
    """
    release = current()
    if release is None:
        raise StoreUnavailableError("there is no release to serve; run `kg build` first")
    pool = answering(release, size=workers, kept=kept, queue=queue, limits=limits)
    rows = KeptRows(pool)
    asking = Asking(pool, rows)
    validators = Validators(pool)
    exports = Exports(pool, settle=settle)
    indexes = Indexes(pool, exports, site.root if site else None)
    jobs = Jobs(computing)
    follow = Following(pool, current)
    writer = Writer(pool, site, follow) if site else None
    life = Life("serving" if eager else "starting", lambda: writer.waiting if writer else 0)
    of_networks = Answering(pool, jobs, most or Most(), site.root if site else None)
    talking = _talking(asking, named_queries, indexes, of_networks, exports)

    @asynccontextmanager
    async def opened() -> AsyncIterator[None]:
        writing = writer or nullcontext()
        sessions = talking.session_manager.run() if talking else nullcontext()
        async with pool, rows, validators, exports, indexes, jobs, writing, sessions, follow.regularly(look_seconds):
            if life.stage == "starting":  # it may be told to end before it has begun
                life.enter("serving")
            yield

    app: FastAPI = FastAPIOffline(
        title="Technology transfer knowledge graph",
        version=__version__,
        description=_DESCRIPTION,
        lifespan=lambda _: opened() if eager else life.beside(opened()),
        telemetry={"tracing": False, "metrics": False, "logs": False},  # 8 µs a request to find that nobody wants it
        redoc_url=None,  # its page shows a picture from elsewhere
    )
    app.state.pool, app.state.life, app.state.talking = pool, life, talking
    pages = Pages(asking, named_queries)
    _add_routes(app, asking, named_queries, pages, writer, counted=exports.counted, commands=commands)
    addresses = Addresses((base, iris.BASE) if base else (iris.BASE,))
    app.include_router(search.router(indexes, pages, addresses))
    if not release.manifest.plain:  # a general server knows nothing of our things
        app.include_router(resources.router(pool, named_queries, pages, addresses))
        app.include_router(vocabularies.router(pages, _vocabulary_files()))
        app.include_router(networks.router(of_networks, definitions.among(named_queries), pages))
    app.include_router(exploring.router(pool, exports))
    app.include_router(evidencing.router(pool))
    if talking:
        app.router.routes.append(_of_agents(talking, mcp_hosts))
    app.include_router(catalogue.router(pool, exports, pages))
    app.include_router(dumps.router(pool, exports, pages))
    app.include_router(validation.router(pool, validators, assets.turtle_files("shapes")))
    bodies = bodies or Room()
    app.include_router(graph_store.router(pool, writer, site.largest if site else 0, bodies))
    app.add_middleware(Bodies, room=bodies)
    metrics = Metrics(pool, *_measured(life, follow, writer))
    app.include_router(operations.router(metrics))
    app.include_router(readiness.router(pool, Readiness(pool, life, follow)))
    app.add_middleware(Door, life=life)
    _add_middleware(app, access or Access(limits=pool.limits), pages)
    watchers = (metrics, replace(logs, release=lambda: pool.release.id)) if logs else (metrics,)
    app.add_middleware(Watching, watchers=watchers, paths=_fixed(app.routes))
    return app


def _add_routes(
    app: FastAPI,
    asking: Asking,
    named_queries: Mapping[str, NamedQuery],
    pages: Pages,
    writer: Writer | None,
    *,
    counted: Counted,
    commands: Any,
) -> None:
    pool = asking.pool

    async def home(http: HttpRequest) -> Response:
        return (
            pages.sparql_form(wish(http))
            if pool.release.manifest.plain or not pool.release.id
            else await pages.home(wish(http))
        )

    app.add_api_route("/", home, methods=["GET", "HEAD"], include_in_schema=False)
    described = ServiceDescription(
        pool, writable=writer is not None, federated=bool(pool.limits.hosts), counted=counted
    )
    endpoint = sparql.router(pool, pages, described, updates=updates.handler(writer) if writer else None)
    app.include_router(endpoint)
    app.add_middleware(Direct, router=endpoint)
    app.include_router(named.router(asking, named_queries, pages))
    named_description.install(app, named_queries, asking)
    documented = Help(partial(_documented, app, named_queries, commands))
    app.include_router(helping.router(documented, pages, plain=pool.release.manifest.plain))
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")


def _talking(
    asking: Asking,
    named_queries: Mapping[str, NamedQuery],
    indexes: Indexes,
    of_networks: Answering,
    exports: Exports,
) -> MCPServer[Any] | None:
    """What language models talk to; nothing without the extra, and in a plain folder."""
    if not agents.available() or asking.pool.release.manifest.plain:
        return None
    from kg.serve.agents.server import server  # noqa: PLC0415 - an extra

    return server(asking, named_queries, indexes, of_networks, exports)


def _of_agents(talking: MCPServer[Any], hosts: Sequence[str]) -> BaseRoute:
    """Where they do."""
    from kg.serve.agents.server import route  # noqa: PLC0415 - an extra

    return route(talking, hosts)


def _documented(app: FastAPI, named_queries: Mapping[str, NamedQuery], commands: Any) -> Sources:
    return Sources(settings=settings(), commands=commands, interface=app.openapi(), queries=named_queries)


def _vocabulary_files() -> dict[str, list[Path]]:
    """The terms, and the rules for data that use them."""
    return {"ontology": [assets.folder("ontology") / "techtransfer.ttl"], "shapes": assets.turtle_files("shapes")}


def _add_middleware(app: FastAPI, access: Access, pages: Pages) -> None:
    """From the inside out: who may pass; errors, its own as well, made answers; gzip; headers of all answers."""
    app.add_middleware(Guard, access=access)
    problems.install(app, pages.problem)
    app.add_middleware(Compression)
    app.add_middleware(Protection)


def _measured(life: Life, following: Following[R], writer: Writer | None) -> Iterator[Measured]:
    yield "kg_http_requests_in_progress", "Requests that are being answered.", lambda: life.inside
    yield "kg_release_stale", "Whether the live release cannot be served.", lambda: bool(following.behind)
    if writer:
        yield "kg_writes_waiting", "Writes that wait or are being made.", lambda: writer.waiting


def _fixed(routes: Iterable[object]) -> Iterator[str]:
    """The paths of routes without parameters; those of a router that was included stand in it."""
    for route in routes:
        if included := getattr(route, "original_router", None):
            yield from _fixed(included.routes)
        elif "{" not in (path := getattr(route, "path", "{")):
            yield path
