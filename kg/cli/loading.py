"""The command that loads files of one's own into a release."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg import pipeline
from kg.cli import opening, running
from kg.cli.options import DataDir, DryRun, Json, Keep, KeepGoing, Store, StoreUpdate
from kg.cli.printing import print_table
from kg.errors import NotFoundError
from kg.pipeline.loads import PREFIX


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(load)


def load(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE...", help="RDF, or a table with CSVW metadata", show_default=False),
    ] = None,
    name: Annotated[str, typer.Option(help="What the load is called; else the file's name.")] = "",
    graph: Annotated[str, typer.Option(metavar="IRI", help="Graph that triples go to; else graph/load/NAME.")] = "",
    format: Annotated[
        str, typer.Option(metavar="EXT", help="RDF syntax, such as ttl, if the name does not tell.")
    ] = "",
    drop: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Take out what was loaded as NAME.", show_default=False)
    ] = None,
    keep_going: KeepGoing = False,
    dry_run: DryRun = False,
    data_dir: DataDir = None,
    keep: Keep = None,
    store: Store = None,
    store_update: StoreUpdate = None,
    as_json: Json = False,
) -> None:
    """Load files into graphs of your own, or take them out again; without files list what is loaded.

    RDF in Turtle, TriG, N-Triples, N-Quads, JSON-LD or RDF/XML, also .gz; a CSV file with CSV on the Web metadata
    beside it. Loading again under the same name replaces. With --store a SPARQL server then gets it, as kg push does.
    """
    folder = opening.data_folder(data_dir, create=bool(files))
    present = pipeline.loads_of(folder.current())
    if not files and not drop:
        print_table(("name", "files"), sorted(present.items()))
        return
    if unknown := [each for each in drop or () if each not in present]:
        raise NotFoundError(f"nothing is loaded as {unknown[0]}; loaded: {', '.join(sorted(present)) or 'nothing'}")
    inputs = pipeline.from_files(files or (), name=name, graph=graph, format=format or None, keep_going=keep_going)
    dropped = [f"{PREFIX}{each}" for each in drop or ()]
    running.run(
        folder,
        inputs,
        running.elsewhere(None),
        complete=False,
        drop=dropped,
        dry_run=dry_run,
        keep=keep,
        server=running.server(store, store_update),
        as_json=as_json,
    )
