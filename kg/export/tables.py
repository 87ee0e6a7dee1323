"""A table for each class, as CSV and as Parquet: a row for each thing, columns by property.

In come the statements of a release in frames of whole subjects, and statistics that say what columns there are; out go
files. A thing of two classes has a row in both tables; what has no class is in none. CSV holds values as the graph
does; Parquet has them in its own types, where a decimal becomes a binary float of 64 bits. What is no value of its
datatype, such as the 31st of February, stands as text in a column of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kg.export import columns, dictionary, schemas
from kg.export.dictionary import Words
from kg.export.schemas import ID, Field
from kg.export.statistics import Class, Statistics
from kg.store.release import Release
from kg.store.shelf import flat

DICTIONARY = "tables/csv-metadata.json"
_PART_ROWS = 200_000
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_TERM = ["predicate", "kind", "language", "datatype"]


def files(statistics: Statistics) -> dict[str, tuple[str, str]]:
    """The files of tables: name, then the class and the kind of file."""
    tables = list(schemas.table_names(statistics.classes))
    made = {f"tables/{name}.{kind}": (each.iri, kind) for name, each in tables for kind in ("csv", "parquet")}
    return {DICTIONARY: ("", "json"), **made}


@dataclass(frozen=True)
class Tables:
    """Makes all tables and their dictionary in one pass over a release.

    Notes
    -----
    Memory: a frame of statements, and of each class up to `_PART_ROWS` rows that are not written yet.
    """

    statistics: Statistics

    def __call__(self, release: Release, folder: Path) -> None:
        """Write the files."""
        tables = [_Table(name, each, folder) for name, each in schemas.table_names(self.statistics.classes)]
        by_class = {table.of.iri: table for table in tables}
        words = Words(self.statistics)
        for frame in columns.frames(release):
            merged = frame.filter("first")
            words.add(merged)
            for iri, described in columns.by_class(merged):
                by_class[iri].add(described)
        for table in tables:
            table.finish()
        text = dictionary.text([(table.name, table.of, table.fields) for table in tables], words)
        (folder / flat(DICTIONARY)).write_text(text, encoding="utf-8")


@dataclass
class _Table:
    """The table of one class while it is written."""

    name: str
    of: Class
    folder: Path
    waiting: list[pl.DataFrame] = field(default_factory=list)
    parts: int = 0

    def __post_init__(self) -> None:
        self.fields = schemas.fields(self.of)
        self._names = pl.DataFrame(
            [(each.of.property, each.of.kind, each.of.language, each.of.datatype, each.name) for each in self.fields],
            schema={
                "predicate": pl.String,
                "kind": columns.Kind,
                "language": pl.String,
                "datatype": pl.String,
                "column": pl.String,
            },
            orient="row",
        )
        self._csv = self.folder / flat(f"tables/{self.name}.csv")
        header = pl.DataFrame(schema=dict.fromkeys([ID, *(each.name for each in self.fields)], pl.String))
        header.write_csv(self._csv)

    def add(self, described: pl.DataFrame) -> None:
        """Add the things of some statements."""
        self.waiting.append(self._wide(described))
        if sum(frame.height for frame in self.waiting) >= _PART_ROWS:
            self._write()

    def finish(self) -> None:
        """Write what waits, and make one Parquet file of the parts."""
        self._write()
        parts = [self._part(number) for number in range(self.parts)]
        pl.scan_parquet(parts).sink_parquet(self.folder / flat(f"tables/{self.name}.parquet"))
        for part in parts:
            part.unlink()

    def _wide(self, described: pl.DataFrame) -> pl.DataFrame:
        """A row for each subject, with a list of texts in each column."""
        subjects = described.select(pl.col("subject").unique(maintain_order=True).alias(ID))
        named = described.join(self._names, on=_TERM, nulls_equal=True, maintain_order="left")
        values = named.group_by("subject", "column", maintain_order=True).agg("value")
        wide = values.pivot("column", index="subject", values="value").rename({"subject": ID})
        absent = [
            pl.lit(None, pl.List(pl.String)).alias(each.name) for each in self.fields if each.name not in wide.columns
        ]
        whole = subjects.join(wide.with_columns(absent), on=ID, how="left", maintain_order="left")
        return whole.select(ID, *(each.name for each in self.fields))

    def _write(self) -> None:
        if not self.waiting:
            return
        rows = pl.concat(self.waiting)
        self.waiting = []
        with self._csv.open("ab") as file:
            rows.select(ID, *map(_in_csv, self.fields)).write_csv(file, include_header=False)
        rows.select(ID, *map(_in_parquet, self.fields)).write_parquet(self._part(self.parts))
        self.parts += 1

    def _part(self, number: int) -> Path:
        return self.folder / f".{self.name}.{number:06}"


def _in_csv(of: Field) -> pl.Expr:
    values = pl.col(of.name)
    text = values.list.join(of.separator) if of.many else values.list.first()
    return text.fill_null(of.null) if of.null else text


def _in_parquet(of: Field) -> pl.Expr:
    values = pl.col(of.name)
    if of.type == pl.String():
        return values if of.many else values.list.first()
    if of.type == pl.Boolean():
        typed = values.list.eval(pl.element().replace_strict(_BOOLEANS, default=None, return_dtype=pl.Boolean()))
    elif of.type == pl.Date():
        typed = values.list.eval(pl.element().str.to_date("%Y-%m-%d", strict=False))
    else:
        typed = values.list.eval(pl.element().replace({"INF": "inf", "-INF": "-inf"}).cast(of.type, strict=False))
    return typed if of.many else typed.list.first()
