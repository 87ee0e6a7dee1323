"""Primary keys name each row once; foreign keys point to rows that are there.

References
----------
W3C, Model for Tabular Data and Metadata, section 4.6; Metadata Vocabulary for Tabular Data, section 5.5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from kg.csvw.cells import Cells, complain
from kg.csvw.metadata import ForeignKey
from kg.csvw.tables import FIRST_ROW
from kg.errors import Complaint

_RECORD, _FIRST = "_record", "_first"
"""Columns of our own; no column of a table begins with an underscore (Metadata Vocabulary, section 5.6)."""


def check_keys(cells: Mapping[str, Cells]) -> Iterator[Complaint]:
    """What is wrong with the keys of the tables of a group, by name of the table."""
    for table in cells.values():
        yield from _primary(table)
        for key in table.table.schema.foreign_keys:
            yield from _foreign(table, key, cells)


def _primary(cells: Cells) -> Iterator[Complaint]:
    """Each part of the key has a value; a row that repeats an earlier one's key says which."""
    key = list(cells.table.schema.primary_key)
    if not key:
        return
    for column in key:
        if not cells.table.schema.column(column).required:
            empty = cells.values[column].is_null()
            yield from complain(cells.table, column, empty, cells.values[column], "a value (part of the primary key)")
    complete = cells.values.select(key).with_row_index(_RECORD).drop_nulls()
    first = pl.col(_RECORD).first().over(key)
    for row in complete.with_columns(first.alias(_FIRST)).filter(pl.col(_RECORD) != pl.col(_FIRST)).iter_rows():
        record, *values, earlier = row
        expected = f"another key: row {earlier + FIRST_ROW} has it already"
        yield Complaint(cells.table.file, record + FIRST_ROW, ", ".join(key), ", ".join(values), expected)


def _foreign(cells: Cells, key: ForeignKey, group: Mapping[str, Cells]) -> Iterator[Complaint]:
    """Rows whose reference finds no row; a reference with a null refers to nothing."""
    columns = list(key.columns)
    pointing = cells.values.select(columns).with_row_index(_RECORD).drop_nulls()
    if key.table is not None:
        known = group[key.table].values.select(key.references).drop_nulls()
        pointing = pointing.join(known, left_on=columns, right_on=list(key.references), how="anti")
    missing = "" if key.table is not None else ", which the group lacks"
    expected = f"a row with this {', '.join(key.references)} in {key.target}{missing}"
    for record, *values in pointing.sort(_RECORD).iter_rows():
        yield Complaint(cells.table.file, record + FIRST_ROW, ", ".join(columns), ", ".join(values), expected)
