"""Commands about sources: which there are, and their tables in order."""

from __future__ import annotations

import typer

from kg import pipeline
from kg.cli import opening
from kg.cli.options import Downloads, Json, SourcesDir
from kg.cli.printing import note, print_json, print_table, say
from kg.sources.base import Source


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(sources)
    app.command()(tidy)


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
