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
from kg.csvw.tables import FIRST_ROW, texts
from kg.errors import Complaint

NUMBERS = ("_row", "_sourceRow")
"""What every row has beside its cells, since templates may use it: its number below the header and in the file."""


@dataclass(frozen=True)
class Cells:
    """The values of a table: for each column canonical lexical forms (lists where it has a separator), null for null.

    The `NUMBERS` are columns as well.
    """

    table: Table
    values: pl.DataFrame
    complaints: tuple[Complaint, ...]


def read_cells(table: Table, *, only: Collection[str] | None = None) -> Cells:
    """The values of a table's file, in these of its columns (all when None).

    Raises
    ------
    SourceUnavailableError, SourceFormatError
        The file as a whole cannot be read; wrong cells are complaints instead.
    """
    raw = texts(table)
    complaints: list[Complaint] = []
    values = []
    for column in table.schema.columns:
        if only is not None and column.name not in only:
            continue
        given = pl.repeat("", raw.height, dtype=pl.String, eager=True) if column.virtual else raw[column.name]
        series, found = _values(table, column, given)
        values.append(series.alias(column.name))
        complaints.extend(found)
    numbers = pl.int_range(1, raw.height + 1, eager=True)
    for name, counted in zip(NUMBERS, (numbers, numbers + FIRST_ROW - 1), strict=True):
        values.append(counted.cast(pl.String).alias(name))
    return Cells(table, pl.DataFrame(values), tuple(complaints))


def complain(
    table: Table, column: str, wrong: pl.Series, values: pl.Series, expected: str, *, rows: pl.Series | None = None
) -> Iterator[Complaint]:
    """A complaint for each place where ``wrong`` is true; ``rows`` are the records if not 0, 1, 2."""
    places = wrong.fill_null(value=False).arg_true()
    records = places if rows is None else rows.gather(places)
    for record, value in zip(records, values.gather(places), strict=True):
        yield Complaint(table.file, record + FIRST_ROW, column, value or "", expected)


def _values(table: Table, column: Column, raw: pl.Series) -> tuple[pl.Series, list[Complaint]]:
    given = _normal(column, raw)
    if column.default:
        given = given.replace("", column.default)
    if column.separator is not None:
        return _lists(table, column, given)
    given = given.set(given.is_in(column.nulls), None)
    values = parse(column.datatype, given)
    found = list(complain(table, column.name, given.is_not_null() & values.is_null(), raw, column.datatype.expected))
    if column.required:
        found += complain(table, column.name, given.is_null(), raw, f"a value ({column.datatype.expected})")
    return values, found


def _normal(column: Column, raw: pl.Series) -> pl.Series:
    """Strings as they stand, anything else without outer and repeated white space."""
    if column.datatype.is_string:
        return raw
    return raw.str.replace_all(r"\s+", " ").str.strip_chars(" ")


def _lists(table: Table, column: Column, given: pl.Series) -> tuple[pl.Series, list[Complaint]]:
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
    found = list(complain(table, column.name, wrong, items, column.datatype.expected, rows=flat["record"]))
    lists = flat.select("record", values.alias("value")).drop_nulls().group_by("record", maintain_order=True).all()
    joined = rows.select("record").join(lists, on="record", how="left", maintain_order="left")["value"]
    if column.required:
        found += complain(table, column.name, joined.is_null(), given, f"a value ({column.datatype.expected})")
    return joined, found
