"""The command that writes releases as files: RDF in a syntax, or what the service offers at ``/dumps/``."""

from __future__ import annotations

import shutil
import sys
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated

import typer

from kg.cli.opening import found
from kg.cli.options import DataDir, ReleaseName
from kg.cli.printing import note, print_table
from kg.errors import ConfigError
from kg.export import dumps
from kg.export.offers import Offers, sizes, sums
from kg.store.release import Release

_SUMS = "SHA256SUMS"


class Syntax(StrEnum):
    """What export writes; the names are those of `kg.export.rdf.FORMATS`."""

    trig = "trig"
    nquads = "nquads"
    turtle = "turtle"
    ntriples = "ntriples"
    jsonld = "jsonld"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(export)


def export(
    file: Annotated[
        str, typer.Argument(help="A file as the service offers it at /dumps/: all.nq.zst, tables/Policy.csv")
    ] = "",
    format: Annotated[Syntax, typer.Option(help="Syntax to write.")] = Syntax.trig,
    graph: Annotated[str, typer.Option(metavar="IRI", help="Only this named graph.")] = "",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write; else standard output.")] = None,
    to: Annotated[Path | None, typer.Option(metavar="DIR", help="Write all files and their checksums there.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the files.")] = False,
    release: ReleaseName = "",
    data_dir: DataDir = None,
) -> None:
    """Write a release, or one of its graphs, as RDF; or files as the service offers them, byte for byte.

    Files are made once for a release and kept with it; a service that shares the data folder sends the same ones.
    """
    chosen = found(data_dir, release)
    if sum(map(bool, (file, to, listed))) > 1:
        raise ConfigError("give one of a file, --to and --list")
    if listed:
        _list(chosen)
    elif to:
        _write_all(chosen, to)
    else:
        with ExitStack() as stack:
            held = stack.enter_context(chosen.hold())
            stream = sys.stdout.buffer if output is None else stack.enter_context(_created(output))
            if file:
                _copy(_made(held, file), stream)
            else:
                dumps.write(held, stream, format=format.value, graph=graph or None)


def _counted(release: Release) -> Offers:
    """What a release offers, all of which is known once things have been counted."""
    offers = Offers(release)
    offers.shelf.get(offers.counting)
    return Offers(release)


def _made(release: Release, name: str) -> Path:
    offers = Offers(release)
    if name not in offers.all:
        offers = _counted(release)
    return offers.shelf.get(offers.find(name).batch)[name].path


def _list(release: Release) -> None:
    offers = _counted(release)
    made = sizes(offers)
    rows = [(name, offer.title, f"{made[name][0]:,}" if name in made else "") for name, offer in offers.all.items()]
    print_table(("file", "holds", "bytes"), rows)
    note(f"{len(rows)} files of release {release.id}; those without a size are made when they are asked for")


def _write_all(release: Release, folder: Path) -> None:
    with release.hold() as held:
        offers = Offers(held).make_all()
        for name, offer in offers.all.items():
            target = folder / name
            if file := offers.shelf.find(offer.batch, name):
                with _created(target) as stream:
                    _copy(file.path, stream)
        with _created(folder / _SUMS) as stream:
            stream.write(sums(offers).encode())
    note(f"{len(offers.all)} files in {folder}; check them with: sha256sum --check {_SUMS}")


def _copy(path: Path, stream: IO[bytes]) -> None:
    with path.open("rb") as file:
        shutil.copyfileobj(file, stream)


def _created(path: Path) -> IO[bytes]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("wb")
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror}") from error
