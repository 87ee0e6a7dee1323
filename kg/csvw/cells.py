"""From texts to values: whitespace, default, null, lists and datatype of each cell, by whole columns.

The order of the steps is that of the standard. What does not fit becomes null and a complaint; all complaints of a
table are gathered, so that a person mends a file once.

References
----------
W3C, Model for Tabular Data and Metadata, section 6.4, Parsing Cells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

import polars as pl

from kg.csvw.metadata import Column, Table
from kg.csvw.notations import hint
from kg.csvw.parsing import parse
from kg.csvw.tables import batches
from kg.csvw.text import Batch
from kg.errors import Complaint

ROW, SOURCE_ROW = NUMBERS = ("_row", "_sourceRow")
"""What every row has beside its cells, since templates may use it: its number below the header and in the file."""


@dataclass(frozen=True)
class Cells:
    """The values of some rows: for each column canonical lexical forms (lists where it has a separator), null for null.

    The `NUMBERS` are columns as well, of integers.
    """

    table: Table
    values: pl.DataFrame
    complaints: tuple[Complaint, ...] = ()

    def complain(self, column: str, wrong: pl.Series, expected: str) -> Iterator[Complaint]:
        """A complaint for each row where ``wrong`` is true."""
        yield from _complain(self.table, column, wrong, self.values[column], expected, rows=self.values[SOURCE_ROW])


def read_cells(table: Table, *, only: Collection[str] | None = None) -> Iterator[Cells]:
    """The values of a table's file in batches of rows, in these of its columns (all when None).

    Raises
    ------
    SourceUnavailableError, SourceFormatError
        The file as a whole cannot be read; wrong cells and rows are complaints instead.
    """
    columns = [column for column in table.schema.columns if only is None or column.name in only]
    for batch in batches(table):
        yield cells_of(table, columns, batch)


def cells_of(table: Table, columns: Iterable[Column], batch: Batch, *, tolerant: bool = False) -> Cells:
    """The values of a batch whose cells have the names of the columns.

    Parameters
    ----------
    tolerant
        Keep what does not fit its datatype as the text that it is, as the standard has it, and values as they are
        written. The column ``!NAME`` then says of which cells (or items) this is so.
    """
    complaints = list(batch.misfits)
    values: list[pl.Series] = []
    for column in columns:
        virtual = column.virtual
        given = pl.repeat("", batch.rows.len(), dtype=pl.String, eager=True) if virtual else batch.cells[column.name]
        parsed = _parsed(column, given, tolerant=tolerant)
        complaints.extend(_complaints(table, column, parsed, batch.rows))
        values.append(_joined(parsed, column.name))
        if tolerant:
            values.append(_joined(replace(parsed, values=parsed.wrong), f"!{column.name}"))
    numbers = batch.rows - table.dialect.skip_rows - table.dialect.header_rows
    values += [numbers.alias(ROW), batch.rows.alias(SOURCE_ROW)]
    return Cells(table, pl.DataFrame(values), tuple(complaints))


def _complain(
    table: Table, column: str, wrong: pl.Series, values: pl.Series, expected: str, *, rows: pl.Series
) -> Iterator[Complaint]:
    if not wrong.any():
        return
    places = wrong.fill_null(value=False).arg_true()
    for row, value in zip(rows.gather(places), values.gather(places), strict=True):
        yield Complaint(table.file, row, column, value or "", expected)


@dataclass(frozen=True)
class _Parsed:
    """Values of a column, or of the items of its lists: then ``records`` says of which row each is, from 0."""

    raw: pl.Series
    given: pl.Series
    values: pl.Series
    wrong: pl.Series
    rows: int
    records: pl.Series | None = None


def _parsed(column: Column, raw: pl.Series, *, tolerant: bool) -> _Parsed:
    given, height = _normal(column, raw), raw.len()
    if column.default:
        given = given.replace("", column.default)
    records = None
    if column.separator is not None:
        given, records = _items(column, given)
        raw = given
    given = given.set(given.is_in(column.nulls), None)
    values = parse(column.datatype, given, as_written=tolerant)
    wrong = given.is_not_null() & values.is_null()
    if tolerant:
        values = values.zip_with(~wrong, given)
    return _Parsed(raw, given, values, wrong, height, records)


def _normal(column: Column, raw: pl.Series) -> pl.Series:
    """Strings and markup as they stand, anything else without outer and repeated white space."""
    if column.datatype.kind.keeps_space or not raw.str.contains(r"\s").any():
        return raw
    return raw.str.replace_all(r"\s+", " ").str.strip_chars(" ")


def _items(column: Column, given: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The items of cells that are split at the separator, and the row of each; an empty cell or a null has none."""
    whole = given.set(given.is_in((*column.nulls, "")), None)
    split = pl.col("item").str.split(column.separator or "")
    rows = whole.to_frame("item").with_row_index("record").with_columns(split)
    flat = rows.explode("item", empty_as_null=False, keep_nulls=False)
    items = flat["item"] if column.datatype.kind.keeps_space else flat["item"].str.strip_chars()
    return items, flat["record"]


def _joined(parsed: _Parsed, name: str) -> pl.Series:
    """The values a row: those of lists together, null for none."""
    if parsed.records is None:
        return parsed.values.alias(name)
    flat = pl.DataFrame([parsed.records.alias("record"), parsed.values.alias("value")])
    lists = flat.drop_nulls().group_by("record", maintain_order=True).all()
    every = pl.select(record=pl.int_range(parsed.rows, dtype=pl.UInt32))
    return every.join(lists, on="record", how="left", maintain_order="left")["value"].alias(name)


def _complaints(table: Table, column: Column, parsed: _Parsed, rows: pl.Series) -> Iterator[Complaint]:
    expected = column.datatype.expected
    places = rows if parsed.records is None else rows.gather(parsed.records)
    for wrong in _complain(table, column.name, parsed.wrong, parsed.raw, expected, rows=places):
        yield replace(wrong, expected=f"{expected}{hint(column.datatype, wrong.value)}")
    if column.required:
        missing = parsed.given.is_null() if parsed.records is None else _joined(parsed, "value").is_null()
        empty = pl.repeat("", rows.len(), dtype=pl.String, eager=True)
        shown = parsed.raw if parsed.records is None else empty
        yield from _complain(table, column.name, missing, shown, f"a value ({expected})", rows=rows)
