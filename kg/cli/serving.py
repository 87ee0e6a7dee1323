"""The command that serves a release."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg import assets, queries
from kg.cli import opening
from kg.cli.options import DataDir, StoreUpdate, note, say
from kg.config import Settings, settings
from kg.errors import ConfigError
from kg.serve.tokens import TokenFile
from kg.sparql import hosts
from kg.store.releases import DataFolder

if TYPE_CHECKING:
    from fastapi import FastAPI

    from kg.serve.operations.logs import LogFile
    from kg.store.base import Published
    from kg.store.remote.server import Server as RemoteServer

Host = Annotated[
    str | None, typer.Option("--host", help="Address to listen on; KG_HOST, else 127.0.0.1", show_default=False)
]
Port = Annotated[
    int | None,
    typer.Option("--port", min=0, max=65535, help="Port; KG_PORT, else 8000; 0 for a free one", show_default=False),
]
Base = Annotated[
    str | None,
    typer.Option(
        metavar="IRI",
        help="What IRIs of your own begin with that are served by their path; KG_BASE, else the project's alone",
        show_default=False,
    ),
]
Proxies = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESSES",
        help="Proxies, with commas between, whose word on the client is believed; KG_PROXIES, else none",
        show_default=False,
    ),
]
Anonymous = Annotated[
    str | None,
    typer.Option(
        metavar="none|read|write",
        help="What may be done without a token; KG_ANONYMOUS, else read",
        show_default=False,
    ),
]
Rate = Annotated[
    int | None,
    typer.Option(min=0, help="Requests a minute from one address; KG_RATE, else any number", show_default=False),
]
Workers = Annotated[int | None, typer.Option(min=1, help="Query processes; KG_WORKERS, else 8", show_default=False)]
ShortWorkers = Annotated[
    int | None,
    typer.Option(min=0, help="Those kept for short queries; KG_SHORT_WORKERS, else 2", show_default=False),
]
Queue = Annotated[int | None, typer.Option(min=0, help="Queries that may wait; KG_QUEUE, else 64", show_default=False)]
Timeout = Annotated[
    float | None,
    typer.Option(min=0.1, help="Seconds a query may take; KG_QUERY_TIMEOUT, else 30", show_default=False),
]
Memory = Annotated[
    int | None, typer.Option(min=256, help="MiB a query may take; KG_QUERY_MEMORY, else 2048", show_default=False)
]
Result = Annotated[
    int | None, typer.Option(min=1, help="MiB a result may have; KG_QUERY_RESULT, else 256", show_default=False)
]
Copies = Annotated[
    int | None,
    typer.Option(
        min=0, help="Quads of the largest release copied into memory; KG_QUERY_COPIES, else 300000", show_default=False
    ),
]
Rows = Annotated[
    int | None, typer.Option(min=1, help="Rows a result may have; KG_QUERY_ROWS, else 1000000", show_default=False)
]
WriteSize = Annotated[
    int | None,
    typer.Option(min=1, help="MiB the body of a write may have; KG_WRITE_SIZE, else 100", show_default=False),
]

AllowedHosts = Annotated[
    str | None,
    typer.Option(
        metavar="HOSTS",
        help="Servers that SERVICE and LOAD may reach, with commas between; KG_ALLOWED_HOSTS, else none",
        show_default=False,
    ),
]
Drain = Annotated[
    float | None,
    typer.Option(
        min=0, help="Seconds that requests may take to end when it is stopped; KG_DRAIN, else 25", show_default=False
    ),
]
Log = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="File of the access log, - for standard error; KG_LOG", show_default=False),
]
LogFormat = Annotated[
    str | None, typer.Option(metavar="json|common", help="Form of its lines; KG_LOG_FORMAT", show_default=False)
]
LogClients = Annotated[
    str | None,
    typer.Option(
        metavar="full|network|none",
        help="What is told there of a client's address; KG_LOG_CLIENTS, else network",
        show_default=False,
    ),
]
LogText = Annotated[
    int | None,
    typer.Option(min=0, help="Characters of a query that logs may have; KG_LOG_TEXT, else 200", show_default=False),
]
SlowQuery = Annotated[
    float | None,
    typer.Option(min=0, help="Seconds after which a query is logged; KG_SLOW_QUERY, else 10", show_default=False),
]

Dumps = Annotated[
    str | None,
    typer.Option(
        metavar="ahead|asked",
        help="Make dumps once a release has been live for half a minute, or when asked for; KG_DUMPS, else ahead",
        show_default=False,
    ),
]

_SETTLE_SECONDS = 30.0
_PUBLISH_SECONDS = 60.0
"""How long a server may take to move into place what was written here."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(serve)


def serve(
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    base: Base = None,
    store: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Serve from this SPARQL server; KG_STORE, else none", show_default=False),
    ] = None,
    store_update: StoreUpdate = None,
    proxies: Proxies = None,
    anonymous: Anonymous = None,
    rate: Rate = None,
    workers: Workers = None,
    short_workers: ShortWorkers = None,
    queue: Queue = None,
    query_timeout: Timeout = None,
    query_memory: Memory = None,
    query_result: Result = None,
    query_rows: Rows = None,
    query_copies: Copies = None,
    write_size: WriteSize = None,
    allowed_hosts: AllowedHosts = None,
    drain: Drain = None,
    log: Log = None,
    log_format: LogFormat = None,
    log_clients: LogClients = None,
    log_text: LogText = None,
    slow_query: SlowQuery = None,
    dumps: Dumps = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="A general SPARQL server: no sources, shapes or gate; a folder of its own.")
    ] = False,
) -> None:
    """Serve the live release: pages, SPARQL, named queries; a new release is picked up while serving.

    With --store it is served from a SPARQL server that it was pushed to; what is written goes through the data folder.
    """
    from kg.serve.server import Server  # noqa: PLC0415 - the web takes 0.3 s that no other command should pay

    chosen = settings(
        data_dir=data_dir,
        store=store,
        store_update=store_update,
        host=host,
        port=port,
        base=base,
        proxies=proxies,
        anonymous=anonymous,
        rate=rate,
        workers=workers,
        short_workers=short_workers,
        queue=queue,
        query_timeout=query_timeout,
        query_memory=query_memory,
        query_result=query_result,
        query_rows=query_rows,
        query_copies=query_copies,
        write_size=write_size,
        allowed_hosts=allowed_hosts,
        drain=drain,
        log=log,
        log_format=log_format,
        log_clients=log_clients,
        log_text=log_text,
        slow_query=slow_query,
        dumps=dumps,
    )
    if plain and chosen.store:
        raise typer.BadParameter("a plain server has a folder of its own", param_hint="--plain / --store")
    with (
        _backed(chosen, plain=plain) as backing,
        closing(_log_file(chosen)) as written,
        _listening(chosen) as listener,
        suppress(KeyboardInterrupt),  # the way to stop it, so no failure
    ):
        application = _application(chosen, backing, written, plain=plain)
        _warn(chosen, backing)
        _greet(chosen, backing, listener)
        server = Server(application, proxies=chosen.proxies or "", drain=chosen.drain)
        server.run([listener])
        if server.failure:
            raise server.failure


def _log_file(chosen: Settings) -> LogFile:
    """Where logs go: slow queries to standard error where there is no access log."""
    from kg.serve.operations.logs import LogFile  # noqa: PLC0415

    return LogFile(Path(chosen.log) if chosen.log not in (None, "-") else None)


@dataclass(frozen=True)
class _Backing:
    """What is served: releases of a data folder, or of a server, beside which there may be a data folder."""

    current: Callable[[], Published | None]
    folder: DataFolder | None
    server: RemoteServer | None = None


@contextmanager
def _backed(chosen: Settings, *, plain: bool) -> Iterator[_Backing]:
    if not chosen.store:
        folder = opening.served(chosen.data_dir, plain=plain)
        yield _Backing(folder.current, folder)
        return
    server = opening.server(chosen.store, updates=chosen.store_update, timeout=chosen.query_timeout)
    from kg.store.remote.release import Holding  # noqa: PLC0415 - as this module in `opening`
    from kg.store.remote.server import Connection  # noqa: PLC0415

    with Connection(server) as connection:
        hidden = replace(server, alias="the server behind this service", publish_timeout=_PUBLISH_SECONDS)
        yield _Backing(Holding(connection).current, opening.beside(chosen.data_dir), hidden)


def _answering(server: RemoteServer | None) -> Callable[..., Any]:
    """What makes the pool that answers."""
    if server is None:
        from kg.store.querying.workers import QueryPool  # noqa: PLC0415

        return QueryPool
    from kg.store.remote.pool import RemotePool  # noqa: PLC0415

    return partial(RemotePool, server=server)


def _application(chosen: Settings, backing: _Backing, written: LogFile, *, plain: bool) -> FastAPI:
    from kg.serve.access import Access  # noqa: PLC0415
    from kg.serve.app import create_app  # noqa: PLC0415
    from kg.serve.operations.logs import Logs  # noqa: PLC0415
    from kg.serve.writing.writer import Site  # noqa: PLC0415
    from kg.store.querying.workers import Limits  # noqa: PLC0415

    limits = Limits(
        timeout=chosen.query_timeout,
        memory=chosen.query_memory << 20,
        result=chosen.query_result << 20,
        rows=chosen.query_rows,
        copied=chosen.query_copies,
        hosts=hosts.listed(chosen.allowed_hosts or ""),
    )
    folder = backing.folder
    return create_app(
        backing.current,
        named_queries={} if plain else queries.load(assets.folder("queries")),
        site=Site(
            root=folder.layout.root,
            plain=plain,
            shapes=() if plain else tuple(opening.shapes()),
            keep=chosen.keep,
            hosts=limits.hosts,
            server=backing.server,
            largest=chosen.write_size << 20,
        )
        if folder
        else None,
        access=Access(
            tokens=TokenFile(folder.layout.tokens, folder.layout.tokens_lock) if folder else None,
            anonymous=chosen.anonymous,
            rate=chosen.rate,
            limits=limits,
        ),
        workers=chosen.workers,
        kept=chosen.short_workers,
        queue=chosen.queue,
        limits=limits,
        eager=False,
        base=chosen.base,
        answering=_answering(backing.server),
        logs=Logs(
            write=written.write,
            requests=chosen.log is not None,
            format=chosen.log_format,
            clients=chosen.log_clients,
            text=chosen.log_text,
            slow=chosen.slow_query,
        ),
        settle=_SETTLE_SECONDS if chosen.dumps == "ahead" else None,
    )


def _listening(chosen: Settings) -> socket.socket:
    """The socket, listening before the address is said: a taken port is a clear error, 0 has become a number."""
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    listener = socket.socket(family)
    try:
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((chosen.host, chosen.port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise ConfigError(
            f"cannot listen on {chosen.host}:{chosen.port}: {error.strerror}; choose another with --port or KG_PORT"
        ) from error
    return listener


def _greet(chosen: Settings, backing: _Backing, listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    what = backing.server.url if backing.server else Path(chosen.data_dir)
    say(f"serving {what} on http://{host}:{port}/  (stop with Ctrl-C)")


def _warn(chosen: Settings, backing: _Backing) -> None:
    """Say who may do what, where that might not be what was meant."""
    folder = backing.folder
    if folder is None:
        note(f"kg: read-only, without tokens: there is no data folder {chosen.data_dir}, through which writes go")
    if chosen.anonymous == "none" and not (folder and folder.layout.tokens.exists()):
        note("kg: nobody can read yet: there is no token; kg token create makes one")
    if _is_loopback(chosen.host) or chosen.anonymous == "none":
        return
    if chosen.anonymous == "write":
        remedy = "; with --anonymous read only who has a token can write (kg token create)"
        note(f"kg: WARNING: anyone who reaches {chosen.host} can read and CHANGE the graph{remedy}")
    else:
        also = (
            ""
            if folder is None or folder.layout.tokens.exists()
            else ", and nobody can write: there is no token (kg token create)"
        )
        note(f"kg: anyone who reaches {chosen.host} can read the graph{also}")


def _is_loopback(host: str) -> bool:
    """Whether an address can be reached from this machine alone; a name of which that is not known cannot."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
