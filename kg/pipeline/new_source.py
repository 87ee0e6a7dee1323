"""A source folder from a table: ``source.toml`` and metadata with guesses, to be edited; it builds as it is.

What cannot be guessed (who publishes it, under which licence, what its columns are called in a vocabulary) is filled
with something that builds and is named, so that a person knows what to edit.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from kg import csvw, packed
from kg.csvw import files, guessing
from kg.csvw.dialects import Dialect
from kg.csvw.frames import KINDS
from kg.csvw.guessing import Guess
from kg.csvw.tables import opened
from kg.csvw.text import Batch, encoding_of
from kg.errors import ConfigError, MappingError, SourceError, SourceFormatError, SourceUnavailableError

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_UNSTATED = "not stated"


@dataclass(frozen=True)
class Written:
    """What was written: folder, guesses, key, number of rows; and what has to be edited before a build, if anything."""

    folder: Path
    columns: tuple[Guess, ...]
    key: tuple[str, ...]
    rows: int
    before_building: str = ""


def new_source(name: str, file: Path, places: Path, *, base: str = "") -> Written:
    """Write the folder of a source for a table, a copy of which it holds.

    Parameters
    ----------
    places
        The folder of source folders; it is made if it is not there.
    base
        What IRIs of rows and properties begin with; ``https://example.org/<name>/`` if empty.

    Raises
    ------
    ConfigError
        The name is none for a source.
    SourceError
        The folder is there already.
    SourceUnavailableError, SourceFormatError, MappingError
        The table is not there, or cannot be read; nothing is written then.
    """
    if not _NAME.fullmatch(name):
        raise ConfigError(f"{name!r} cannot name a source: small letters, digits and hyphens, as in my-register")
    if not file.is_file():
        raise SourceUnavailableError(f"{file}: no such file")
    if not file.name.endswith(csvw.TABLES):
        raise SourceFormatError(f"is no table; expected a name that ends in {', '.join(csvw.TABLES)}", file=file.name)
    target = places / name
    if target.exists():
        raise SourceError(f"{target} is there already, and nothing in it is overwritten; choose another name")
    table = _table(file)
    titles, sample, rows = _sample(table)
    guesses = guessing.guess(titles, sample)
    key = guessing.key(guesses, sample)
    draft = places / f".{name}.new"
    shutil.rmtree(draft, ignore_errors=True)
    try:
        base = base or f"https://example.org/{name}/"
        _write(draft, file, _metadata(file.name, table.dialect, guesses, key, base), rows)
        before = _check(draft)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Written(target, tuple(guesses), key, rows, before)


def _table(file: Path) -> csvw.Table:
    """The file as a table of which nothing is known but how its text is written."""
    name = files.table_name(file.name)
    table = csvw.Table(name, file, file.name, csvw.Schema(()))
    if file.name.endswith(KINDS):
        return table
    beginning = next(packed.pieces(file, name=file.name), b"")[: 1 << 16]
    encoding = encoding_of(beginning)
    mark = guessing.delimiter(beginning.decode(encoding, "ignore"))
    return replace(table, dialect=Dialect(encoding=encoding, delimiter=mark))


def _sample(table: csvw.Table) -> tuple[list[str], pl.DataFrame, int]:
    """Titles, the first rows, and the number of all."""
    sheet = opened(table)
    if not sheet.header or not any(sheet.header[-1]):
        raise SourceFormatError("is empty; expected a header", file=table.file)
    frames: list[pl.DataFrame] = []
    rows = 0
    for batch in _whole(sheet.batches, table.file):
        if rows < guessing.SAMPLE_ROWS:
            frames.append(batch.cells)
        rows += batch.cells.height
    empty = pl.DataFrame(schema={str(number): pl.String for number in range(sheet.width)})
    return sheet.header[-1], pl.concat([empty, *frames]), rows


def _whole(batches: Iterator[Batch], file: str) -> Iterator[Batch]:
    for batch in batches:
        if batch.misfits:
            raise MappingError(file, batch.misfits)
        yield batch


def _write(folder: Path, file: Path, metadata: dict[str, Any], rows: int) -> None:
    tables = folder / "tables"
    tables.mkdir(parents=True)
    shutil.copyfile(file, tables / file.name)
    text = json.dumps(metadata, ensure_ascii=False, indent=2)
    (tables / "csv-metadata.json").write_text(f"{text}\n", encoding="utf-8")
    (folder / "source.toml").write_text(_settings(file.name, rows), encoding="utf-8")


def _settings(file: str, rows: int) -> str:
    table = files.table_name(file)
    title = re.sub(r"[_-]+", " ", table).strip().capitalize()
    quoted = table if re.fullmatch(r"[A-Za-z0-9_-]+", table) else json.dumps(table, ensure_ascii=False)
    return "\n".join(
        [
            f"title = {json.dumps(title, ensure_ascii=False)}",
            f'publisher = "{_UNSTATED}"  # who publishes the material',
            f'licence = "{_UNSTATED}"  # an SPDX name such as CC-BY-4.0, or an address',
            "",
            "[expect]",
            f"{quoted} = {rows}  # fewer rows are refused, more are warned of",
            "",
        ]
    )


def _metadata(file: str, dialect: Dialect, guesses: list[Guess], key: tuple[str, ...], base: str) -> dict[str, Any]:
    place = "/".join(f"{{{name}}}" for name in key) if key else "row-{_sourceRow}"
    kind = {"name": "type", "virtual": True, "propertyUrl": "rdf:type", "valueUrl": f"{base}terms/Record"}
    columns = [*(_described(each, base) for each in guesses), kind]
    schema: dict[str, Any] = {"aboutUrl": f"{base}{place}", "columns": columns}
    if key:
        schema["primaryKey"] = list(key) if len(key) > 1 else key[0]
    written = {"encoding": dialect.encoding, "delimiter": dialect.delimiter}
    differs = {name: value for name, value in written.items() if value != getattr(Dialect(), name)}
    table = {"url": file, **({"dialect": differs} if differs else {}), "tableSchema": schema}
    return {"@context": "http://www.w3.org/ns/csvw", "tables": [table]}


def _described(each: Guess, base: str) -> dict[str, Any]:
    column: dict[str, Any] = {"name": each.name, "titles": each.title, "propertyUrl": f"{base}terms/{each.name}"}
    if each.looks_like:
        column["dc:description"] = f"looks like {each.looks_like}"
    if each.datatype is not None:
        column["datatype"] = each.datatype
    if each.nulls:
        column["null"] = ["", *each.nulls]
    if each.required:
        column["required"] = True
    return column


def _check(folder: Path) -> str:
    """What keeps the source from being built: cells beyond the sample may be another thing; empty if nothing does."""
    try:
        csvw.map(csvw.read(folder / "tables" / "csv-metadata.json"), source=folder.name, graph="urn:x:graph")
    except MappingError as error:
        return str(error)
    return ""
