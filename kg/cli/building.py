"""Commands that make releases of sources: build; and `demo`, which builds and serves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from kg.cli import opening, running, serving
from kg.cli.options import DataDir, Downloads, DryRun, Host, Json, Keep, KeepGoing, Port, SourcesDir, Store, StoreUpdate
from kg.errors import ConfigError, NotFoundError, SourceUnavailableError
from kg.store.releases import DataFolder


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(build)
    app.command()(demo)


def build(
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="Only this source; the others stay.")] = "",
    files: Annotated[
        Path | None, typer.Option(metavar="PATH", help="With --source: the folder of its downloads, or the one file.")
    ] = None,
    drop: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Take this register out again.", show_default=False)
    ] = None,
    keep_going: KeepGoing = False,
    dry_run: DryRun = False,
    sources_dir: SourcesDir = None,
    downloads: Downloads = None,
    data_dir: DataDir = None,
    keep: Keep = None,
    store: Store = None,
    store_update: StoreUpdate = None,
    as_json: Json = False,
) -> None:
    """Build all sources into a new release; publish it if the gate admits it.

    A register is built once its files are downloaded, and stays in every release after that. With --store a SPARQL
    server then gets what is new in the release, as kg push does.
    """
    if files and not source:
        raise ConfigError("--files are those of one source: name it with --source, or use --downloads for all")
    folder = opening.data_folder(data_dir, create=True)
    if source and folder.current() is None:
        raise SourceUnavailableError("there is no release yet that one source could be added to; run kg build first")
    inputs = opening.inputs(sources_dir, source, downloads=downloads, files=files, keep_going=keep_going)
    others = running.elsewhere(sources_dir, downloads) if source else ()
    dropped = _dropped(drop or (), folder, [item.name for item in inputs])
    absent = opening.absent(sources_dir, downloads)
    running.run(
        folder,
        inputs,
        others,
        complete=not source,
        absent=absent,
        drop=dropped,
        dry_run=dry_run,
        keep=keep,
        server=running.server(store, store_update),
        as_json=as_json,
    )


def demo(
    sources_dir: SourcesDir = None,
    data_dir: DataDir = None,
    host: Host = None,
    port: Port = None,
) -> None:
    """Build the bundled sources, then serve them: the whole path in one command."""
    folder = opening.data_folder(data_dir, create=True)
    running.run(folder, opening.inputs(sources_dir), absent=opening.absent(sources_dir))
    serving.serve(host=host, port=port, data_dir=data_dir)


def _dropped(names: Sequence[str], folder: DataFolder, given: Sequence[str]) -> list[str]:
    """The segments of registers to take out: they are in the live release and none of the inputs."""
    live = folder.current()
    segments = [f"source/{name}" for name in names]
    for name, segment in zip(names, segments, strict=True):
        if live is None or segment not in live.manifest.segments:
            raise NotFoundError(f"the live release has no source {name}")
        if segment in given:
            raise ConfigError(f"{name} is among the sources of this build: take its files away before you drop it")
    return segments
