"""The command that copies a release to a SPARQL server."""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli import opening, options
from kg.cli.options import DataDir, Json, ReleaseName, StoreUpdate
from kg.cli.printing import Progress, note, print_json, say, steps
from kg.config import settings
from kg.errors import ConfigError
from kg.store.releases import DataFolder, Release

if TYPE_CHECKING:
    from kg.store.remote.pushing import Pushed
    from kg.store.remote.server import Server

PATIENCE_SECONDS = 30.0
"""How long to wait for another push from the same data folder."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(push)


def push(
    url: Annotated[
        str,
        typer.Argument(metavar="[URL]", help="Where the server's queries go; else KG_STORE", show_default=False),
    ] = "",
    release: ReleaseName = "",
    check: Annotated[
        bool, typer.Option("--check", help="Read back all of it and compare digests, not numbers of triples alone.")
    ] = False,
    data_dir: DataDir = None,
    store_update: StoreUpdate = None,
    query_timeout: Annotated[
        float | None,
        options.setting("Seconds the server may be silent; KG_QUERY_TIMEOUT, else 30", min=0.1),
    ] = None,
    as_json: Json = False,
) -> None:
    """Copy a release to a SPARQL 1.1 server: its readers see the old one or the new one, never a mixture.

    Only graphs are sent that the server has not, or has otherwise. Credentials are taken from KG_STORE_USER and
    KG_STORE_PASSWORD, or KG_STORE_TOKEN.
    """
    chosen = settings(store=url or None, store_update=store_update, query_timeout=query_timeout)
    if not chosen.store:
        raise ConfigError("no server is named: kg push URL, or KG_STORE")
    server = opening.server(chosen.store, updates=chosen.store_update, timeout=chosen.query_timeout)
    began = time.perf_counter()
    with steps() as progress:
        found = opening.found(data_dir, release)
        pushed = published(opening.data_folder(data_dir), found, server, digests=check, progress=progress)
    if as_json:
        print_json({**facts(pushed, server), "checked": check, "seconds": round(time.perf_counter() - began, 2)})
        return
    tell(pushed, server)
    note(f"{time.perf_counter() - began:.1f} s{', all digests are right' if check else ''}")


def published(
    folder: DataFolder, release: Release, server: Server, *, digests: bool = False, progress: Progress
) -> Pushed:
    """See `kg.pipeline.elsewhere.publish`."""
    from kg.pipeline import elsewhere  # noqa: PLC0415 - HTTP takes 0.2 s to be there

    return elsewhere.publish(folder, release, server, digests=digests, patience=PATIENCE_SECONDS, progress=progress)


def tell(pushed: Pushed, server: Server) -> None:
    """Say what a push came to."""
    if pushed.before == pushed.release_id:
        say(f"{server.url} holds release {pushed.release_id} already")
        return
    dropped = f", {pushed.dropped:,} dropped" if pushed.dropped else ""
    say(f"{server.url} holds release {pushed.release_id}, after {pushed.before or 'none'}")
    say(f"  {pushed.graphs:,} graphs with {pushed.quads:,} triples sent{dropped}")


def facts(pushed: Pushed, server: Server) -> dict[str, Any]:
    """The same for a program."""
    return {"store": server.url, **dataclasses.asdict(pushed)}
