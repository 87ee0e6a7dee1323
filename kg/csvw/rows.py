"""Rows as the standard's conversion writes them: batches of values to columns of lines of N-Triples.

References
----------
W3C, Generating RDF from Tabular Data on the Web, section 4.2 and 4.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin

import polars as pl

from kg.csvw import templates
from kg.csvw.cells import ROW, SOURCE_ROW
from kg.csvw.datatypes import KINDS
from kg.csvw.mapping import escaped
from kg.csvw.metadata import Column, Table
from kg.csvw.prefixes import PREFIXES
from kg.csvw.templates import Template
from kg.csvw.terms import iri
from kg.vocabulary import RDF, XSD

_CSVW = PREFIXES["csvw"]
_TYPE = f"<{RDF.type}>"


@dataclass
class Rows:
    """The values of a batch of rows as columns of N-Triples."""

    table: Table
    values: pl.DataFrame
    prefix: str

    def __post_init__(self) -> None:
        self.columns = [column for column in self.table.schema.columns if not column.suppressed]
        self.number = self.values[ROW].cast(pl.String)

    def descriptions(self, table: str) -> Iterator[pl.Series]:
        """What is said of each row: its numbers, its titles, and what it describes."""
        row = f"_:{self.prefix}r" + self.number
        source = self.values[SOURCE_ROW].cast(pl.String)
        url = iri(self.table.address)[:-1]
        yield _triples(pl.lit(table), f"<{_CSVW}row>", row)
        yield _triples(row, _TYPE, pl.lit(f"<{_CSVW}Row>"))
        yield _triples(row, f"<{_CSVW}rownum>", pl.lit('"') + self.number + pl.lit(f'"^^<{XSD.integer}>'))
        yield _triples(row, f"<{_CSVW}url>", pl.lit(f"{url}#row=") + source + pl.lit(">"))
        for name in self.table.schema.row_titles:
            column = self.table.schema.column(name)
            plain = replace(column, datatype=replace(column.datatype, kind=KINDS["string"], id=None))
            yield from self._cells(plain, row, f"<{_CSVW}title>", None)
        subjects = {column.about.text if column.about else "": column for column in self.columns}
        described = pl.DataFrame([self._subject(column).alias(f"s{n}") for n, column in enumerate(subjects.values())])
        if described.width:
            told = described.select(pl.concat_list(pl.all()).list.unique(maintain_order=True)).to_series()
            pairs = pl.DataFrame([row.alias("row"), told.alias("subject")]).explode("subject")
            yield _triples(pairs["row"], f"<{_CSVW}describes>", pairs["subject"])

    def statements(self) -> Iterator[pl.Series]:
        """What the cells say."""
        for column in self.columns:
            subject = self._subject(column)
            predicate = self._iris(column.predicate) if column.predicate else self._default_predicate(column)
            yield from self._cells(column, subject, predicate, column.object)

    def _subject(self, column: Column) -> pl.Series:
        return self._iris(column.about) if column.about else f"_:{self.prefix}d" + self.number

    def _default_predicate(self, column: Column) -> str:
        return iri(urljoin(self.table.address, f"#{column.name}"))

    def _cells(
        self, column: Column, subject: pl.Series, predicate: pl.Series | str, value_url: Template | None
    ) -> Iterator[pl.Series]:
        frame = pl.DataFrame(
            {
                "subject": subject,
                "predicate": predicate,
                "number": self.number,
                "value": self.values[column.name],
                "wrong": self.values[f"!{column.name}"],
            }
        )
        if value_url is not None:
            frame = frame.with_columns(object=self._iris(value_url))
            stated = frame if column.virtual else frame.filter(pl.col("value").is_not_null())
            yield _triples(stated["subject"], stated["predicate"], stated["object"])
            return
        stated = frame.filter(pl.col("value").is_not_null())
        if column.separator is not None:
            stated = stated.explode("value", "wrong", empty_as_null=False, keep_nulls=False)
        stated = stated.with_columns(object=_literals(column))
        if column.separator is not None and column.ordered:
            yield from self._lists(stated, column)
        else:
            yield _triples(stated["subject"], stated["predicate"], stated["object"])

    def _lists(self, items: pl.DataFrame, column: Column) -> Iterator[pl.Series]:
        """An RDF list for each row: a cell of the list for each item."""
        place = self.table.schema.columns.index(column)
        counted = items.with_columns(
            place=pl.int_range(pl.len()).over("number"), last=pl.int_range(pl.len(), 0, -1).over("number") == 1
        )
        cell = pl.format(f"_:{self.prefix}l{place}r{{}}i{{}}", "number", "place")
        following = pl.format(f"_:{self.prefix}l{place}r{{}}i{{}}", "number", pl.col("place") + 1)
        rest = pl.when("last").then(pl.lit(f"<{RDF.namespace}nil>")).otherwise(following)
        counted = counted.with_columns(cell=cell, rest=rest)
        first = counted.filter(pl.col("place") == 0)
        yield _triples(first["subject"], first["predicate"], first["cell"])
        yield _triples(counted["cell"], f"<{RDF.namespace}first>", counted["object"])
        yield _triples(counted["cell"], f"<{RDF.namespace}rest>", counted["rest"])

    def _iris(self, template: Template) -> pl.Series:
        """The IRIs of a template, resolved against the table's address; a null is an empty text, as RFC 6570 says."""
        known = self.values.columns
        encoded = []
        for variable in {item.column: item for item in template.variables}.values():
            given = self.values[variable.name] if variable.name in known else pl.Series([""])
            text = given.list.join(",") if given.dtype == pl.List else given.cast(pl.String)
            encoded.append(templates.encoded(text.fill_null(""), variable))
        rows = pl.DataFrame([self.number.alias(ROW), *encoded])
        written = rows.select(_row=pl.col(ROW), text=templates.expression(template))["text"]
        return _resolved(written, template, self.table.address)


def _resolved(written: pl.Series, template: Template, base: str) -> pl.Series:
    first = template.pieces[0] if template.pieces and isinstance(template.pieces[0], str) else ""
    if template.encodes_all and template.variables and "://" in first:
        return "<" + written + ">"
    found = written.unique()
    return written.replace_strict(found, pl.Series([iri(urljoin(base, text)) for text in found], dtype=pl.String))


def _literals(column: Column) -> pl.Expr:
    """Terms of the exploded values; a wrong one is a plain text."""
    plain = f'"@{column.language}' if column.language else '"'
    typed = f'"^^<{column.datatype.id or column.datatype.kind.standard_iri}>'
    end = plain if column.datatype.is_string and not column.datatype.id else typed
    text = pl.lit('"') + escaped(pl.col("value"))
    return text + pl.when("wrong").then(pl.lit(plain)).otherwise(pl.lit(end))


def _triples(subject: pl.Series | pl.Expr, predicate: pl.Series | str, value: pl.Series | pl.Expr) -> pl.Series:
    parts = (subject, pl.lit(predicate) if isinstance(predicate, str) else predicate, value)
    spaced = [part for each in parts for part in (each, pl.lit(" "))]
    line = pl.concat_str([*(pl.lit(part) if isinstance(part, pl.Series) else part for part in spaced), pl.lit(".")])
    return pl.select(line=line)["line"]
