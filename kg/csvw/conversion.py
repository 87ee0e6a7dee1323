"""CSV to RDF as the standard has it, for tables of anybody: standard and minimal mode, defaults and leniency included.

`kg.csvw.mapping` maps the tables of a source, strictly; here nothing but what the standard forbids is an error. What
does not fit is a warning: the value of a wrong cell is its text. Rows come in batches, and columns at once.

References
----------
W3C, Generating RDF from Tabular Data on the Web, section 4, https://www.w3.org/TR/csv2rdf/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from urllib.parse import urljoin

import polars as pl

from kg.csvw import templates
from kg.csvw.annotations import triples
from kg.csvw.cells import ROW, SOURCE_ROW, cells_of
from kg.csvw.document import Notes
from kg.csvw.locating import metadata_of
from kg.csvw.mapping import escaped
from kg.csvw.metadata import Annotations, Column, Schema, Table, TableGroup, Title
from kg.csvw.places import Place, Places
from kg.csvw.prefixes import PREFIXES
from kg.csvw.reading import read_at
from kg.csvw.tables import opened
from kg.csvw.templates import Template, variable_name
from kg.csvw.terms import iri
from kg.csvw.text import Sheet
from kg.errors import MappingError, SourceUnavailableError
from kg.vocabulary import RDF, XSD

_CSVW = PREFIXES["csvw"]
_TYPE = f"<{RDF.type}>"


@dataclass(frozen=True)
class Converted:
    """A conversion under way: lines of N-Triples, and warnings, which are complete when the last line has been read."""

    lines: Iterator[str]
    warnings: list[str]


def convert(address: str, places: Places, *, minimal: bool = False, metadata: str = "", link: str = "") -> Converted:
    """The triples of a table, or of all that a metadata file (``.json``) describes.

    Parameters
    ----------
    minimal
        What the cells say, without the description of tables and rows.
    metadata
        The address of metadata that goes before any that would be found.
    link
        The ``Link`` header that came with the table.

    Raises
    ------
    SourceUnavailableError, SourceFormatError
        A file is not there or not to be read, or metadata is what the standard forbids.
    MappingError
        Rows are no rows: their number of cells is not that of the header.
    """
    notes = Notes(strict=False)
    group = _group(address, places, notes, metadata, link)
    return Converted(_Conversion(group, notes, minimal).lines(), notes.warnings)


def _group(address: str, places: Places, notes: Notes, metadata: str, link: str) -> TableGroup:
    if described := metadata or (address if address.partition("?")[0].endswith(".json") else ""):
        return read_at(_place(described, places), places, notes)
    place = _place(address, places)
    if found := metadata_of(address, places, notes, link=link or places.link(address)):
        return found
    table = Table(place.path.name, place.path, place.name, Schema(()), address=address, undescribed=None)
    return TableGroup(place.path, (table,), ())


def _place(address: str, places: Places) -> Place:
    try:
        return places.find("", address)
    except ValueError as error:
        raise SourceUnavailableError(f"{address}{error}") from error


@dataclass
class _Conversion:
    group: TableGroup
    notes: Notes
    minimal: bool

    def __post_init__(self) -> None:
        self._numbers = count(1)

    def fresh(self) -> str:
        return f"_:n{next(self._numbers)}"

    def lines(self) -> Iterator[str]:
        group = _name(self.group.annotations, "_:g")
        if not self.minimal:
            yield f"{group} {_TYPE} <{_CSVW}TableGroup> ."
            yield from self.described(group, self.group.annotations)
        for number, table in enumerate(self.group.tables, 1):
            if not table.suppressed:
                yield from self.table(table, number, group)

    def described(self, subject: str, given: Annotations) -> Iterator[str]:
        yield from (f"{' '.join(triple)} ." for triple in triples(subject, given, self.fresh))

    def table(self, table: Table, number: int, group: str) -> Iterator[str]:
        sheet = opened(table)
        table = _with_schema(table, sheet, self.notes)
        node = _name(table.annotations, f"_:t{number}")
        if not self.minimal:
            yield f"{group} <{_CSVW}table> {node} ."
            yield f"{node} {_TYPE} <{_CSVW}Table> ."
            yield f"{node} <{_CSVW}url> {iri(table.address)} ."
            yield from self.described(node, table.annotations)
        names = [column.name for column in table.schema.cells]
        for batch in sheet.batches:
            if batch.misfits:
                raise MappingError(table.file, batch.misfits)
            batch.cells.columns = names
            cells = cells_of(table, table.schema.columns, batch, tolerant=True)
            for complaint in cells.complaints:
                self.notes.warn(str(complaint))
            rows = _Rows(table, cells.values, f"t{number}")
            if not self.minimal:
                yield from _flat(rows.descriptions(node))
            yield from _flat(rows.statements())


def _flat(chunks: Iterable[pl.Series]) -> Iterator[str]:
    for chunk in chunks:
        yield from chunk.drop_nulls()


def _name(given: Annotations, otherwise: str) -> str:
    return iri(given.id) if given.id else otherwise


def _with_schema(table: Table, sheet: Sheet, notes: Notes) -> Table:
    """The table with a column for each of the file; headers that differ from the schema are warned of."""
    header = list(zip(*sheet.header, strict=False))
    if table.undescribed is None:
        columns = tuple(_embedded(titles, number) for number, titles in enumerate(header, 1))
        columns = columns or tuple(Column(f"_col.{number}") for number in range(1, sheet.width + 1))
        return replace(table, schema=Schema(columns))
    cells = list(table.schema.cells)
    if cells and len(cells) != sheet.width:
        notes.warn(f"{table.file}: has {sheet.width} columns, and its schema {len(cells)}")
    for column, titles in zip(cells, header, strict=False):
        if column.titles and not any(_alike(title, column, known) for title in titles for known in column.titles):
            expected = " or ".join(title.text for title in column.titles)
            notes.warn(f"{table.file}: expected the column {expected}, found {titles[-1]}")
    more = (replace(table.undescribed, name=f"_col.{n}") for n in range(len(cells) + 1, sheet.width + 1))
    virtual = (column for column in table.schema.columns if column.virtual)
    return replace(table, schema=replace(table.schema, columns=(*cells[: sheet.width], *more, *virtual)))


def _embedded(titles: tuple[str, ...], number: int) -> Column:
    text = next((title for title in titles if title), "")
    return Column(variable_name(text) if text else f"_col.{number}", tuple(Title(title) for title in titles))


def _alike(title: str, column: Column, known: Title) -> bool:
    """Whether a header is a title; its language is the column's, and languages match as far as the shorter one goes."""
    if title != known.text:
        return False
    if known.language is None or column.language is None:
        return True
    short, long = sorted((known.language, column.language), key=len)
    return long == short or long.startswith(f"{short}-")


@dataclass
class _Rows:
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
            plain = replace(column, datatype=replace(column.datatype, kind=_STRING, id=None))
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


_STRING = Column("string").datatype.kind


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
