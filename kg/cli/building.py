"""Commands that make releases: build, load, sources; and `demo`, which builds and serves."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg import pipeline
from kg.cli import opening, pushing, serving
from kg.cli.options import (
    DataDir,
    Downloads,
    Json,
    Keep,
    Progress,
    SourcesDir,
    Store,
    StoreUpdate,
    note,
    print_json,
    print_table,
    say,
    steps,
)
from kg.config import settings
from kg.errors import ConfigError, NotFoundError, SourceError, SourceUnavailableError, StoreError
from kg.pipeline import Input, Outcome
from kg.pipeline.loads import PREFIX
from kg.sources.base import Source
from kg.store.releases import DataFolder
from kg.store.staging import Change

if TYPE_CHECKING:
    from kg.store.remote.pushing import Pushed
    from kg.store.remote.server import Server

_PATIENCE_SECONDS = 30.0
"""How long to wait for a write of the service, or for another build."""

KeepGoing = Annotated[
    bool,
    typer.Option("--keep-going", help="Leave out rows that are wrong and write them aside, instead of all or nothing."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change and every complaint; publish nothing.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(build)
    app.command()(demo)
    app.command()(load)
    app.command()(sources)
    app.command()(tidy)


def build(
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="Only this source; the others stay.")] = "",
    files: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where its downloaded files are, with --source.")
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
    others = _others(sources_dir, downloads) if source else ()
    dropped = _dropped(drop or (), folder, [item.name for item in inputs])
    absent = opening.absent(sources_dir, downloads)
    _run(
        folder,
        inputs,
        others,
        complete=not source,
        absent=absent,
        drop=dropped,
        dry_run=dry_run,
        keep=keep,
        server=_server(store, store_update),
        as_json=as_json,
    )


def demo(
    sources_dir: SourcesDir = None,
    data_dir: DataDir = None,
    host: serving.Host = None,
    port: serving.Port = None,
) -> None:
    """Build the bundled sources, then serve them: the whole path in one command."""
    folder = opening.data_folder(data_dir, create=True)
    _run(folder, opening.inputs(sources_dir), absent=opening.absent(sources_dir))
    serving.serve(host=host, port=port, data_dir=data_dir)


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
    _run(
        folder,
        inputs,
        _others(None),
        complete=False,
        drop=dropped,
        dry_run=dry_run,
        keep=keep,
        server=_server(store, store_update),
        as_json=as_json,
    )


def sources(sources_dir: SourcesDir = None, downloads: Downloads = None, as_json: Json = False) -> None:
    """List the sources that a build reads, and the registers that it would read once they are downloaded."""
    listed = opening.sources(sources_dir, downloads)
    if as_json:
        fields = ("name", "title", "publisher", "licence", "homepage", "graph")
        print_json([{field: getattr(each, field) for field in fields} | _state(each) for each in listed])
        return
    rows = [(each.name, each.title, each.publisher, _state(each)["state"]) for each in listed]
    print_table(("source", "title", "publisher", "state"), rows)


def _state(source: Source) -> dict[str, str]:
    """Whether the files of a source are at hand, and where to get them."""
    state = "bundled" if source.download is None else "downloaded" if source.ready else "not downloaded"
    return {"state": state, **({"download": source.download.address} if source.download else {})}


def tidy(sources_dir: SourcesDir = None) -> None:
    """Sort the rows of all tables of sources by their primary keys, in place.

    Rows are moved as they stand. A table that cannot be read to its last cell is refused, and then no file is changed.
    """
    changed = pipeline.tidy(opening.sources(sources_dir))
    for path in changed:
        say(f"sorted {path}")
    note(f"{len(changed)} {'table was' if len(changed) == 1 else 'tables were'} not in order")


def _run(
    folder: DataFolder,
    inputs: Sequence[Input],
    others: Iterable[Input] = (),
    *,
    complete: bool = True,
    absent: Collection[str] = (),
    drop: Sequence[str] = (),
    dry_run: bool = False,
    keep: int | None = None,
    server: Server | None = None,
    as_json: bool = False,
) -> None:
    """Build, with progress on a terminal, publish to a server, and tell what came of it."""
    began, cpu = time.perf_counter(), time.process_time()
    left_out = _left_out(folder, inputs, absent) if complete else []
    with steps() as progress:
        outcome = pipeline.build(
            folder,
            inputs,
            opening.shapes(),
            elsewhere=others,
            complete=complete,
            absent=absent,
            drop=drop,
            dry_run=dry_run,
            keep=settings(keep=keep).keep,
            progress=progress,
            patience=_PATIENCE_SECONDS,
        )
        pushed = _pushed(folder, server, progress) if server and not dry_run else None
    facts = _facts(outcome, left_out, time.perf_counter() - began, time.process_time() - cpu)
    if server and pushed:
        facts["store"] = pushing.facts(pushed, server)
    _tell(outcome, facts, dry_run=dry_run, as_json=as_json)
    if server and pushed and not as_json:
        pushing.tell(pushed, server)


def _server(url: str | None, updates: str | None) -> Server | None:
    """The server to publish to, if there is one; a wrong address is told before anything is built."""
    chosen = settings(store=url, store_update=updates)
    return opening.server(chosen.store, updates=updates, timeout=chosen.query_timeout) if chosen.store else None


def _pushed(folder: DataFolder, server: Server, progress: Progress) -> Pushed | None:
    """Have a server hold the live release, whether it is new or the server lags behind."""
    live = folder.current()
    try:
        return pushing.published(folder, live, server, progress=progress) if live else None
    except StoreError as error:
        where = f"release {live.id if live else ''} is in {folder.layout.root} and not on the server"
        raise type(error)(f"{error}; {where}: kg push {server.url} tries again") from error


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


def _others(sources_dir: Path | None, downloads: Path | None = None) -> Iterator[Input]:
    """All inputs, for the rows of results; where the user's folder is not there, nothing is built from it either."""
    with suppress(SourceError):
        yield from opening.inputs(sources_dir, downloads=downloads)


def _left_out(folder: DataFolder, inputs: Sequence[Input], absent: Collection[str]) -> list[str]:
    """Sources that the live release has and a build of these inputs would not have."""
    live = folder.current()
    records = live.manifest.sources if live else {}
    given = {*(item.name for item in inputs), *absent}
    return [name for name, record in records.items() if record.get("kind") == "source" and name not in given]


def _tell(outcome: Outcome, facts: dict[str, Any], *, dry_run: bool, as_json: bool) -> None:
    """Print what a build did: for a program as JSON, for a person as a summary."""
    if as_json:
        print_json({**facts, "changes": {name: dataclasses.asdict(c) for name, c in outcome.changes.items()}})
        return
    if dry_run or outcome.published:
        rows = [(name, f"+{change.added:,}", f"-{change.removed:,}") for name, change in outcome.changes.items()]
        print_table(("segment", "added", "removed"), rows or [("none", "", "")])
        say("")
    if dry_run:
        for name, change in outcome.changes.items():
            _show_sample(name, change)
    if outcome.report.results:
        say(f"{outcome.report.summary()}\n")
    say(_headline(outcome, dry_run=dry_run))
    if facts["left_out"]:
        names = ", ".join(facts["left_out"])
        say(f"left out of this release: {names}, which the last one had; give --sources-dir or KG_SOURCES_DIR again")
    for name, refused in outcome.refused.items():
        tables = ", ".join(f"{number:,} of {table}" for table, number in refused.items())
        say(f"rows left out of {name}: {tables}")
    if outcome.refused_in:
        say(f"with what is wrong with them: {outcome.refused_in}")
    say("  " + ", ".join(f"{value:,} {name}" for name, value in facts["holds"].items()))
    note(f"{facts['seconds']:.1f} s ({facts['cpu_seconds']:.1f} s of CPU)")


def _show_sample(name: str, change: Change) -> None:
    """The first lines that would change in a segment that stays."""
    if change.sample:
        more = change.added + change.removed - len(change.sample)
        say("\n".join([f"{name}:", *change.sample, *([f"and {more} more lines"] if more else []), ""]))


def _headline(outcome: Outcome, *, dry_run: bool) -> str:
    if dry_run:
        return "dry run: nothing was published"
    if outcome.published and outcome.release:
        return f"release {outcome.release.id}"
    return f"nothing changed; release {outcome.release.id if outcome.release else 'none'}"


def _facts(outcome: Outcome, left_out: Sequence[str], seconds: float, cpu: float) -> dict[str, Any]:
    counts, release = outcome.counts, outcome.release
    severities = release.manifest.validation if release and not outcome.report.results else outcome.report.counts()
    return {
        "release": release.id if release else None,
        "published": outcome.published,
        "left_out": list(left_out),
        "refused": {name: dict(rows) for name, rows in outcome.refused.items()},
        "refused_in": outcome.refused_in,
        "holds": {
            "documents": counts.get("documents", 0),
            "observations": counts.get("observations", 0),
            "conflicts not judged": counts.get("conflicts", 0),
            "warnings": severities.get("Warning", 0),
            "rows read": outcome.rows,
            "triples": counts.get("quads", 0),
        },
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
    }
