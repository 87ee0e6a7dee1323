"""The command that serves a release."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from kg import assets, queries
from kg.cli import opening
from kg.cli.options import DataDir, note, say
from kg.config import Settings, settings
from kg.errors import ConfigError

Host = Annotated[
    str | None, typer.Option("--host", help="Address to listen on; KG_HOST, else 127.0.0.1", show_default=False)
]
Port = Annotated[
    int | None,
    typer.Option("--port", min=0, max=65535, help="Port; KG_PORT, else 8000; 0 for a free one", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(serve)


def serve(
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Query processes; KG_WORKERS, else 2", show_default=False)
    ] = None,
    query_timeout: Annotated[
        float | None,
        typer.Option(min=0.1, help="Seconds a query may take; KG_QUERY_TIMEOUT, else 30", show_default=False),
    ] = None,
    query_memory: Annotated[
        int | None, typer.Option(min=256, help="MiB a query may take; KG_QUERY_MEMORY, else 2048", show_default=False)
    ] = None,
) -> None:
    """Serve the live release: pages, SPARQL, named queries; a new release is picked up while serving."""
    from kg.serve.app import Server, create_app  # noqa: PLC0415 - the web takes 0.3 s that no other command should pay
    from kg.store.workers import Limits  # noqa: PLC0415

    chosen = settings(
        data_dir=data_dir,
        host=host,
        port=port,
        workers=workers,
        query_timeout=query_timeout,
        query_memory=query_memory,
    )
    application = create_app(
        opening.data_folder(chosen.data_dir).current,
        named_queries=queries.load(assets.folder("queries")),
        workers=chosen.workers,
        limits=Limits(timeout=chosen.query_timeout, memory=chosen.query_memory << 20),
    )
    with _listening(chosen) as listener, suppress(KeyboardInterrupt):  # the way to stop it, so no failure
        _greet(chosen, listener)
        Server(application).run([listener])


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


def _greet(chosen: Settings, listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    say(f"serving {Path(chosen.data_dir)} on http://{host}:{port}/  (stop with Ctrl-C)")
    if chosen.host not in ("127.0.0.1", "::1", "localhost"):
        note("kg: anyone who reaches this address can read the graph")
