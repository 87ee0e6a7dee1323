"""Who takes part in what, read from the segments of a release by columns.

A register of half a million contracts takes SPARQL 7 to 11 CPU s to list, and Polars 1 to 2: a segment is text, one
statement a line, so the lines of a few properties are found without parsing the others. The rows are those of the
definition's query; the tests hold the two equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO

import polars as pl

from kg.analysis.definitions import Links
from kg.store import segments
from kg.store.release import Release

PIECE = 1 << 24
"""Bytes of text that are looked at at once."""


def rows(release: Release, links: Links, columns: tuple[str, ...], *, piece: int = PIECE) -> pl.DataFrame | None:
    """The rows of an incidence as texts, each once, in no particular order; None where lines alone do not tell them.

    Parameters
    ----------
    columns
        Names of the columns, in their order.

    Notes
    -----
    Memory: a piece of text, and the statements of the properties that are asked for.
    """
    told = statements(release, {*links.actor, *links.columns.values()}, piece=piece)
    if (told["value"].is_null() | told["value"].str.contains("\\", literal=True)).any():
        return None  # a text with escapes, or a statement about a statement: rare enough to leave to SPARQL
    made = _joined(told, links)
    return made.select(columns).unique()


def statements(release: Release, properties: set[str], *, piece: int = PIECE) -> pl.DataFrame:
    """The statements of some properties, as they stand in the segments.

    Returns
    -------
    A frame of ``subject``, ``predicate``, ``value`` (an IRI, or a text with its escapes; null for a statement about a
    statement) and ``language`` (null for what is no text, empty for a text without one).
    """
    found = [_found(text, properties) for path in _paths(release) for text in _pieces(path, piece)]
    return pl.concat([_NOTHING, *found])


_COLUMNS = ("subject", "predicate", "value", "language")
_NOTHING = pl.DataFrame(schema=dict.fromkeys(_COLUMNS, pl.String))


def _paths(release: Release) -> list[Path]:
    return [release.segment_path(name) for name in sorted(release.manifest.segments)]


def _pieces(path: Path, size: int) -> Iterator[bytes]:
    """The text of a segment in pieces that end with a line."""
    with segments.opened(path) as stream:
        yield from _whole_lines(stream, size)


def _whole_lines(stream: IO[bytes], size: int) -> Iterator[bytes]:
    while piece := stream.read(size):
        yield piece if piece.endswith(b"\n") else piece + stream.readline()


def _found(text: bytes, properties: set[str]) -> pl.DataFrame:
    """Subject, property and value of the statements of some properties."""
    if not any(f"> <{each}> ".encode() in text for each in properties):
        return _NOTHING
    lines = pl.read_csv(
        BytesIO(text),
        has_header=False,
        new_columns=["line"],
        separator="\x01",
        quote_char=None,
        schema={"line": pl.String},
    )
    parts = (
        lines.lazy()
        .filter(pl.col("line").str.contains_any([f"> <{each}> " for each in sorted(properties)]))
        .select(pl.col("line").str.splitn(" ", 3).struct.rename_fields(["subject", "predicate", "rest"]).alias("of"))
        .unnest("of")
        .with_columns(pl.col("subject", "predicate").str.slice(1).str.head(-1))
        .filter(pl.col("predicate").is_in(sorted(properties)))
    )
    rest = pl.col("rest")
    language = pl.when(rest.str.starts_with('"')).then(rest.str.extract(r'"@([A-Za-z0-9-]+) <[^>]*> \.$').fill_null(""))
    return parts.select("subject", "predicate", _value(rest).alias("value"), language.alias("language")).collect()


def _value(rest: pl.Expr) -> pl.Expr:
    """The IRI or the text in front of the graph: ``<iri> <graph> .``, ``"text"^^<type> <graph> .``."""
    iri = rest.str.extract(r"^<([^<>]*)>")
    text = rest.str.extract(r'^"((?:[^"\\]|\\.)*)"')
    return pl.when(rest.str.starts_with("<")).then(iri).otherwise(text)


def _joined(statements: pl.DataFrame, links: Links) -> pl.DataFrame:
    actors = statements.filter(pl.col("predicate").is_in(links.actor))
    names = {"subject": "event", "value": "actor"} | ({"predicate": links.role} if links.role else {})
    made = actors.rename(names).select(*names.values())
    for name, of in _by_property(links.columns).items():
        values = statements.filter(pl.col("predicate") == name).select(
            pl.col("subject").alias("event"), pl.col("value").alias(of[0])
        )
        made = made.join(values.unique(), on="event", how="left")
        made = made.with_columns(pl.col(of[0]).alias(other) for other in of[1:])
    return made


def _by_property(columns: Mapping[str, str]) -> dict[str, list[str]]:
    """Columns of one property hold one value, not each its own: ``first`` and ``last`` of a day."""
    found: dict[str, list[str]] = {}
    for column, of in columns.items():
        found.setdefault(of, []).append(column)
    return found
