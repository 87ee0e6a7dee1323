"""Files that a user loads: RDF in any syntax, or a table with CSVW metadata, as a source run of a graph of its own.

Loading again under the same name replaces, dropping takes out. What the user's files hold belongs to the user.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from kg import csvw, iris
from kg.errors import SourceFormatError, SourceUnavailableError
from kg.pipeline import refusals
from kg.pipeline.inputs import Input, Produced, digest_of, from_tables, reading_code, rows_of
from kg.pipeline.places import in_lines
from kg.store.rdf_files import FORMATS, RdfFile
from kg.store.reading import read_rdf
from kg.store.releases import Release

PREFIX = "load/"


def from_files(
    files: Sequence[Path], *, name: str = "", graph: str = "", format: str | None = None, keep_going: bool = False
) -> list[Input]:
    """One input for each file, or one for all of them under a name.

    Parameters
    ----------
    name
        What the load is called; for one file its own name without endings.
    graph
        IRI of the graph that triples go to; ``graph/load/<name>`` below the base when empty.
    format
        RDF syntax, by extension or media type, where the file's name does not tell.
    keep_going
        Leave out rows of tables that are wrong instead of refusing the table.

    Raises
    ------
    SourceUnavailableError
        A file, or the metadata of a table, is not there.
    SourceFormatError
        A name cannot be made from the file's; several files need one name for one graph.
    """
    for file in files:
        if not file.is_file():
            raise SourceUnavailableError(f"{file}: no such file")
    if graph and len(files) > 1 and not name:
        raise SourceFormatError("several files for one graph need --name as well", file=str(files[0]))
    groups = {_name(name, files[0]): list(files)} if name else {_name("", file): [file] for file in files}
    return [_input(key, group, graph, format, keep_going=keep_going) for key, group in groups.items()]


def loads_of(release: Release | None) -> dict[str, str]:
    """What is loaded in a release: names and titles."""
    records = release.manifest.sources if release else {}
    return {
        name.removeprefix(PREFIX): str(record.get("title", ""))
        for name, record in records.items()
        if record.get("kind") == "load"
    }


def _input(name: str, files: list[Path], graph: str, format: str | None, *, keep_going: bool) -> Input:
    graph = graph or iris.graph(f"{PREFIX}{name}")
    if format is None and any(map(is_table, files)):
        return _tables(name, files, graph, keep_going=keep_going)
    rdf = [RdfFile(file, graph, format) for file in files]
    return Input(
        name=f"{PREFIX}{name}",
        kind="load",
        title=", ".join(file.name for file in files),
        licence="",
        digest=digest_of(files, graph, format or "", reading_code()),
        produce=lambda: Produced(read_rdf(rdf)),
        locate=in_lines(rdf),
    )


def _tables(name: str, files: list[Path], graph: str, *, keep_going: bool) -> Input:
    if len(files) > 1:
        raise SourceFormatError("load one table, or one metadata file that names several", file=str(files[1]))
    (file,) = files
    metadata = _metadata(file)

    def produce() -> Produced:
        mapped = csvw.map(csvw.read(metadata), source=name, graph=graph, keep_going=keep_going)
        return Produced(from_tables(mapped), mapped.rows, refusals.of(mapped))

    known = [path for path in csvw.read(metadata).files if path.is_file()]
    return Input(
        name=f"{PREFIX}{name}",
        kind="load",
        title=file.name,
        licence="",
        digest=digest_of(known, graph, reading_code()),
        produce=produce,
        locate=rows_of(metadata),
    )


def is_table(file: Path) -> bool:
    """Whether a file is a table or the metadata of one, by its name."""
    return file.name.endswith((*csvw.TABLES, "-metadata.json"))


def _metadata(file: Path) -> Path:
    """The metadata of a table: beside it, named after it or for the folder (W3C, Tabular Data, section 5.2 and 5.3)."""
    if file.suffix == ".json":
        return file
    places = [file.with_name(f"{file.name}-metadata.json"), file.with_name("csv-metadata.json")]
    for place in places:
        if place.is_file():
            return place
    raise SourceUnavailableError(
        f"{file}: a table needs CSV on the Web metadata beside it, {places[0].name} or {places[1].name},"
        " which says how its rows become triples"
    )


def _name(given: str, file: Path) -> str:
    endings = "|".join((*FORMATS, "csv", "tsv", "parquet", "jsonl", "ndjson", "xlsx", "gz", "zst", "zip"))
    stem = given or re.sub(rf"(\.({endings}))+$", "", file.name.removesuffix("-metadata.json"))
    name = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")
    if not name:
        raise SourceFormatError("no name can be made from this file's; give one with --name", file=str(file))
    return name
