"""The service as the settings have it: what is served, the application that answers, its log and its socket."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.cli import helping, opening
from kg.config import Settings
from kg.errors import ConfigError
from kg.serve.tokens import TokenFile
from kg.sparql import hosts
from kg.store.releases import DataFolder

if TYPE_CHECKING:
    from fastapi import FastAPI

    from kg.serve.access import Access
    from kg.serve.operations.logs import LogFile, Logs
    from kg.serve.writing.writer import Site
    from kg.store.base import Published
    from kg.store.querying.workers import Limits
    from kg.store.remote.server import Server as RemoteServer

_SETTLE_SECONDS = 30.0
_PUBLISH_SECONDS = 60.0
"""How long a server may take to move into place what was written here."""


def log_file(chosen: Settings) -> LogFile:
    """Where logs go: slow queries to standard error where there is no access log."""
    from kg.serve.operations.logs import LogFile  # noqa: PLC0415

    return LogFile(Path(chosen.log) if chosen.log not in (None, "-") else None)


@dataclass(frozen=True)
class Backing:
    """What is served: releases of a data folder, or of a server, beside which there may be a data folder."""

    current: Callable[[], Published | None]
    folder: DataFolder | None
    server: RemoteServer | None = None


@contextmanager
def backed(chosen: Settings, *, plain: bool) -> Iterator[Backing]:
    """What is served, held while it is.

    Raises
    ------
    StoreError
        The data folder is of the other kind.
    StoreUnavailableError
        There is none, and neither is there a server.
    """
    if not chosen.store:
        folder = opening.served(chosen.data_dir, plain=plain)
        yield Backing(folder.current, folder)
        return
    server = opening.server(chosen.store, updates=chosen.store_update, timeout=chosen.query_timeout)
    from kg.store.remote.release import Holding  # noqa: PLC0415 - as this module in `opening`
    from kg.store.remote.server import Connection  # noqa: PLC0415

    with Connection(server) as connection:
        hidden = replace(server, alias="the server behind this service", publish_timeout=_PUBLISH_SECONDS)
        yield Backing(Holding(connection).current, opening.beside(chosen.data_dir), hidden)


def _answering(server: RemoteServer | None) -> Callable[..., Any]:
    """What makes the pool that answers."""
    if server is None:
        from kg.store.querying.workers import QueryPool  # noqa: PLC0415

        return QueryPool
    from kg.store.remote.pool import RemotePool  # noqa: PLC0415

    return partial(RemotePool, server=server)


def application(chosen: Settings, backing: Backing, written: LogFile, *, plain: bool) -> FastAPI:
    """The application that answers requests; it opens what it serves once it is started."""
    from kg.serve.app import create_app  # noqa: PLC0415
    from kg.serve.networks.tasks import Most  # noqa: PLC0415
    from kg.serve.networks.work import Room  # noqa: PLC0415

    limits = _limits(chosen)
    return create_app(
        backing.current,
        named_queries={} if plain else opening.named_queries(chosen.queries_dir),
        site=_site(chosen, backing, limits, plain=plain),
        access=_access(chosen, backing.folder, limits),
        workers=chosen.workers,
        kept=chosen.short_workers,
        queue=chosen.queue,
        limits=limits,
        eager=False,
        base=chosen.base,
        commands=helping.command_line(),
        answering=_answering(backing.server),
        logs=_logs(chosen, written),
        computing=Room(workers=chosen.network_workers, queue=chosen.network_queue),
        most=Most(
            seconds=chosen.network_seconds,
            memory=chosen.network_memory << 20,
            nodes=chosen.network_nodes,
            edges=chosen.network_edges,
        ),
        mcp_hosts=[name.strip() for name in (chosen.mcp_hosts or "").split(",") if name.strip()],
        settle=_SETTLE_SECONDS if chosen.dumps == "ahead" else None,
    )


def _limits(chosen: Settings) -> Limits:
    from kg.store.querying.workers import Limits  # noqa: PLC0415

    return Limits(
        timeout=chosen.query_timeout,
        memory=chosen.query_memory << 20,
        result=chosen.query_result << 20,
        rows=chosen.query_rows,
        copied=chosen.query_copies,
        hosts=hosts.listed(chosen.allowed_hosts or ""),
    )


def _site(chosen: Settings, backing: Backing, limits: Limits, *, plain: bool) -> Site | None:
    """Where writes go, and what is asked of them; without a data folder there are none."""
    from kg.serve.writing.writer import Site  # noqa: PLC0415

    if backing.folder is None:
        return None
    return Site(
        root=backing.folder.layout.root,
        plain=plain,
        shapes=() if plain else tuple(opening.shapes()),
        keep=chosen.keep,
        hosts=limits.hosts,
        server=backing.server,
        largest=chosen.write_size << 20,
    )


def _access(chosen: Settings, folder: DataFolder | None, limits: Limits) -> Access:
    from kg.serve.access import Access  # noqa: PLC0415

    return Access(
        tokens=TokenFile(folder.layout.tokens, folder.layout.tokens_lock) if folder else None,
        anonymous=chosen.anonymous,
        rate=chosen.rate,
        limits=limits,
    )


def _logs(chosen: Settings, written: LogFile) -> Logs:
    from kg.serve.operations.logs import Logs  # noqa: PLC0415

    return Logs(
        write=written.write,
        requests=chosen.log is not None,
        format=chosen.log_format,
        clients=chosen.log_clients,
        text=chosen.log_text,
        slow=chosen.slow_query,
    )


def listening(chosen: Settings) -> socket.socket:
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
