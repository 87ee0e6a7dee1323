"""The command that serves a release."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import closing, suppress
from pathlib import Path
from typing import Annotated

import typer

from kg.cli import options, service
from kg.cli.printing import note, say
from kg.cli.service import Backing
from kg.config import Settings, settings


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(serve)


def serve(
    host: options.Host = None,
    port: options.Port = None,
    data_dir: options.DataDir = None,
    queries_dir: options.QueriesDir = None,
    base: options.Base = None,
    store: options.ServedStore = None,
    store_update: options.StoreUpdate = None,
    proxies: options.Proxies = None,
    anonymous: options.Anonymous = None,
    rate: options.Rate = None,
    workers: options.Workers = None,
    short_workers: options.ShortWorkers = None,
    queue: options.Queue = None,
    query_timeout: options.QueryTimeout = None,
    query_memory: options.QueryMemory = None,
    query_result: options.QueryResult = None,
    query_rows: options.QueryRows = None,
    query_copies: options.QueryCopies = None,
    network_workers: options.NetworkWorkers = None,
    network_queue: options.NetworkQueue = None,
    network_seconds: options.NetworkSeconds = None,
    network_memory: options.NetworkMemory = None,
    network_nodes: options.NetworkNodes = None,
    network_edges: options.NetworkEdges = None,
    write_size: options.WriteSize = None,
    allowed_hosts: options.AllowedHosts = None,
    mcp_hosts: options.McpHosts = None,
    drain: options.Drain = None,
    log: options.Log = None,
    log_format: options.LogFormat = None,
    log_clients: options.LogClients = None,
    log_text: options.LogText = None,
    slow_query: options.SlowQuery = None,
    dumps: options.Dumps = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="A general SPARQL server: no sources, shapes or gate; a folder of its own.")
    ] = False,
) -> None:
    """Serve the live release: pages, SPARQL, named queries; a new release is picked up while serving.

    With --store it is served from a SPARQL server that it was pushed to; what is written goes through the data folder.
    """
    given = locals()  # every option but one is a setting of the same name
    del given["plain"]
    chosen = settings(**given)
    if plain and chosen.store:
        raise typer.BadParameter("a plain server has a folder of its own", param_hint="--plain / --store")
    _run(chosen, plain=plain)


def _run(chosen: Settings, *, plain: bool) -> None:
    """Serve until it is stopped."""
    from kg.serve.server import Server  # noqa: PLC0415 - the web takes 0.3 s that no other command should pay

    with (
        service.backed(chosen, plain=plain) as backing,
        closing(service.log_file(chosen)) as written,
        service.listening(chosen) as listener,
        suppress(KeyboardInterrupt),  # the way to stop it, so no failure
    ):
        application = service.application(chosen, backing, written, plain=plain)
        _warn(chosen, backing)
        _greet(chosen, backing, listener)
        server = Server(application, proxies=chosen.proxies or "", drain=chosen.drain)
        server.run([listener])
        if server.failure:
            raise server.failure


def _greet(chosen: Settings, backing: Backing, listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    what = backing.server.url if backing.server else Path(chosen.data_dir)
    say(f"serving {what} on http://{host}:{port}/  (stop with Ctrl-C)")


def _warn(chosen: Settings, backing: Backing) -> None:
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
