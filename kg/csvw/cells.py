"""From texts to values: whitespace, default, null, lists and datatype of each cell, by whole columns.

The order of the steps is that of the standard. What does not fit becomes null and a complaint; all complaints of a
table are gathered, so that a person mends a file once.

References
----------
W3C, Model for Tabular Data and Metadata, section 6.4, Parsing Cells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import polars as pl

from kg.csvw.metadata import Column, Table
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
        yield _cells(table, columns, batch)


def _cells(table: Table, columns: Collection[Column], batch: Batch) -> Cells:
    complaints = list(batch.misfits)
    values = []
    for column in columns:
        virtual = column.virtual
        given = pl.repeat("", batch.rows.len(), dtype=pl.String, eager=True) if virtual else batch.cells[column.name]
        series, found = _values(table, column, given, batch.rows)
        values.append(series.alias(column.name))
        complaints.extend(found)
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


def _values(table: Table, column: Column, raw: pl.Series, rows: pl.Series) -> tuple[pl.Series, list[Complaint]]:
    given = _normal(column, raw)
    if column.default:
        given = given.replace("", column.default)
    if column.separator is not None:
        return _lists(table, column, given, rows)
    given = given.set(given.is_in(column.nulls), None)
    values = parse(column.datatype, given)
    expected = column.datatype.expected
    found = list(_complain(table, column.name, given.is_not_null() & values.is_null(), raw, expected, rows=rows))
    if column.required:
        found += _complain(table, column.name, given.is_null(), raw, f"a value ({expected})", rows=rows)
    return values, found


def _normal(column: Column, raw: pl.Series) -> pl.Series:
    """Strings as they stand, anything else without outer and repeated white space."""
    if column.datatype.is_string:
        return raw
    return raw.str.replace_all(r"\s+", " ").str.strip_chars(" ")


def _lists(table: Table, column: Column, given: pl.Series, numbers: pl.Series) -> tuple[pl.Series, list[Complaint]]:
    """Each cell split at the separator; an empty cell or a null is an empty list."""
    whole = given.set(given.is_in((*column.nulls, "")), None)
    rows = (
        whole.to_frame("item").with_row_index("record").with_columns(pl.col("item").str.split(column.separator or ""))
    )
    flat = rows.explode("item", empty_as_null=False, keep_nulls=False)
    items = flat["item"] if column.datatype.is_string else flat["item"].str.strip_chars()
    items = items.set(items.is_in(column.nulls), None)
    values = parse(column.datatype, items)
    wrong = items.is_not_null() & values.is_null()
    expected = column.datatype.expected
    found = list(_complain(table, column.name, wrong, items, expected, rows=numbers.gather(flat["record"])))
    lists = flat.select("record", values.alias("value")).drop_nulls().group_by("record", maintain_order=True).all()
    joined = rows.select("record").join(lists, on="record", how="left", maintain_order="left")["value"]
    if column.required:
        found += _complain(table, column.name, joined.is_null(), given, f"a value ({expected})", rows=numbers)
    return joined, found
