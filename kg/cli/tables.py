"""Commands about tables: csv2rdf and new-source."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Annotated
from urllib.parse import urljoin

import typer

from kg import pipeline
from kg.cli.options import SourcesDir
from kg.cli.printing import note, print_table, say
from kg.config import settings
from kg.csvw.conversion import convert
from kg.csvw.fetching import Fetching
from kg.csvw.places import Web
from kg.errors import SourceUnavailableError
from kg.sparql.hosts import Hosts

_SHOWN_WARNINGS = 50


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(csv2rdf)
    app.command()(new_source)


def csv2rdf(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A table, or the metadata of one or several (.json).")],
    minimal: Annotated[bool, typer.Option("--minimal", help="Only what the cells say, not what has rows.")] = False,
    metadata: Annotated[
        str, typer.Option(metavar="FILE", help="Metadata that goes before any that would be found.")
    ] = "",
    base: Annotated[
        str, typer.Option(metavar="IRI", help="What the folder of FILE is called on the Web; else its file: address.")
    ] = "",
    allow: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST", help="Fetch files from this host; may be repeated.", show_default=False),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Else standard output.")] = None,
) -> None:
    """Convert tables to N-Triples as the W3C's csv2rdf has it; warnings go to standard error.

    Metadata is looked for beside the table: FILE-metadata.json, then csv-metadata.json; on a site also where its Link
    header and /.well-known/csvm say. FILE is a path, or an address whose host is allowed; nothing else is fetched.
    """
    mirrors, roots = _mirrors(file, base), tuple(Path(given).parent for given in (file, metadata) if given)
    with tempfile.TemporaryDirectory() as scratch:
        web = Fetching(Hosts.of(allow or ()), Path(scratch), Web(mirrors, roots))
        address = urljoin(next(iter(mirrors)), Path(file).name) if mirrors else _address(file)
        converted = convert(address, web, minimal=minimal, metadata=_address(metadata) if metadata else "")
        if output is None:
            sys.stdout.writelines(f"{line}\n" for line in converted.lines)
        else:
            with output.open("w", encoding="utf-8") as stream:
                stream.writelines(f"{line}\n" for line in converted.lines)
    for warning in converted.warnings[:_SHOWN_WARNINGS]:
        note(f"warning: {warning}")
    if (more := len(converted.warnings) - _SHOWN_WARNINGS) > 0:
        note(f"and {more:,} more warnings")


def _address(file: str) -> str:
    """The address of a path; an address is one already."""
    if file.startswith(("http://", "https://")):
        return file
    if not Path(file).is_file():
        raise SourceUnavailableError(f"{file}: no such file")
    return Path(file).resolve().as_uri()


def _mirrors(file: str, base: str) -> dict[str, Path]:
    """The folder that a base stands for."""
    if not base:
        return {}
    _address(file)
    return {base if base.endswith("/") else f"{base}/": Path(file).resolve().parent}


def new_source(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the source and its folder: small letters, hyphens.")],
    file: Annotated[
        Path, typer.Option("--from", metavar="FILE", help="The table: CSV, TSV, Parquet, JSON lines, Excel.")
    ],
    base: Annotated[
        str, typer.Option(metavar="IRI", help="What IRIs of rows and properties begin with; else an example.")
    ] = "",
    sources_dir: SourcesDir = None,
) -> None:
    """Write a source folder for a table, with guessed metadata to be edited; nothing is overwritten.

    Keys, datatypes, formats and null markers are guessed from the first 200,000 rows, then all rows are checked. The
    folder is written to --sources-dir or KG_SOURCES_DIR, else to sources/ here.
    """
    places = settings(sources_dir=sources_dir).sources_dir or Path("sources")
    written = pipeline.new_source(name, file, places, base=base)
    rows = [(each.name, _datatype(each.datatype), ", ".join(each.nulls), each.looks_like) for each in written.columns]
    print_table(("column", "datatype", "nulls", "looks like"), rows)
    key = ", ".join(written.key) or "none found, so that rows are named by their number"
    say(f"\n{written.rows:,} rows, key: {key}")
    say(f"wrote {written.folder}")
    if written.before_building:
        say(f"before it builds, edit tables/csv-metadata.json: {written.before_building}")
        return
    say("edit title, publisher and licence in source.toml, and propertyUrl of each column in tables/csv-metadata.json")
    say(f"it builds as it is: kg build --sources-dir {places} --dry-run")


def _datatype(given: str | dict[str, object] | None) -> str:
    if isinstance(given, dict):
        written = given["format"]
        text = " ".join(f"{key} {value}" for key, value in written.items()) if isinstance(written, dict) else written
        return f"{given['base']}, {text}"
    return given or "string"
