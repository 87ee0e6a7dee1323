"""Primary keys name each row once; foreign keys point to rows that are there.

Keys are compared by 64-bit hashes, in as many rounds as it takes to hold few of them at a time: memory does not grow
with the rows. What hashes find twice is compared itself. That a reference to nothing goes unseen, because its hash is
that of another key, has a chance of one in 18 million where a million rows refer to a million keys.

References
----------
W3C, Model for Tabular Data and Metadata, section 4.6; Metadata Vocabulary for Tabular Data, section 5.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from kg.csvw.cells import SOURCE_ROW
from kg.csvw.metadata import ForeignKey, Table
from kg.csvw.spill import Spill
from kg.errors import Complaint

_AT_ONCE = 1_000_000
_HASH, _FIRST = "_hash", "_first"
"""Columns of our own; no column of a table begins with an underscore (Metadata Vocabulary, section 5.6)."""
_NONE = pl.Series(_HASH, dtype=pl.UInt64)


def check_primary(table: Table, values: Spill, *, at_once: int = _AT_ONCE) -> Iterator[Complaint]:
    """Each part of the key has a value; a row that repeats an earlier one's key says which."""
    key = list(table.schema.primary_key)
    if not (key and values.height):
        return
    for column in key:
        if not table.schema.column(column).required:
            for frame in values.frames([column, SOURCE_ROW]):
                for row in frame.filter(pl.col(column).is_null())[SOURCE_ROW]:
                    yield Complaint(table.file, row, column, "", "a value (part of the primary key)")
    for part in _parts(values.height, at_once):
        hashes = pl.concat([_NONE, *(frame[_HASH] for frame in _hashed(values, key, part))])
        repeated = hashes.filter(hashes.is_duplicated()).unique()
        if repeated.len():
            yield from _repeated(table, key, _hashed(values, key, part), repeated)


def _repeated(table: Table, key: list[str], frames: Iterable[pl.DataFrame], repeated: pl.Series) -> Iterator[Complaint]:
    rows = pl.concat(frame.filter(pl.col(_HASH).is_in(repeated.implode())) for frame in frames)
    first = pl.col(SOURCE_ROW).first().over(key)
    for item in rows.with_columns(first.alias(_FIRST)).filter(pl.col(SOURCE_ROW) != pl.col(_FIRST)).iter_rows():
        row, *values, _, earlier = item
        expected = f"another key: row {earlier} has it already"
        yield Complaint(table.file, row, ", ".join(key), ", ".join(values), expected)


def check_foreign(
    table: Table, key: ForeignKey, group: Mapping[str, Spill], *, at_once: int = _AT_ONCE
) -> Iterator[Complaint]:
    """Rows whose reference finds no row; a reference with a null refers to nothing."""
    pointing = group[table.name]
    missing = "" if key.table is not None else ", which the group lacks"
    expected = f"a row with this {', '.join(key.references)} in {key.target}{missing}"
    target = Spill() if key.table is None else group[key.table]
    for part in _parts(target.height, at_once):
        known = pl.concat([_NONE, *(frame[_HASH] for frame in _hashed(target, key.references, part))])
        there = known.unique().implode()
        for frame in _hashed(pointing, key.columns, part):
            for row, *values, _ in frame.filter(~pl.col(_HASH).is_in(there)).iter_rows():
                yield Complaint(table.file, row, ", ".join(key.columns), ", ".join(values), expected)


def _parts(height: int, at_once: int) -> list[tuple[int, int]]:
    number = height // at_once + 1
    return [(index, number) for index in range(number)]


def _hashed(values: Spill, key: Sequence[str], part: tuple[int, int]) -> Iterator[pl.DataFrame]:
    """Row, key and hash of the rows whose key is complete and whose hash belongs to this part of all."""
    index, number = part
    for frame in values.frames([SOURCE_ROW, *key]):
        complete = frame.drop_nulls()
        hashed = complete.with_columns(complete.select(key).hash_rows(seed=0).alias(_HASH))
        yield hashed if number == 1 else hashed.filter(pl.col(_HASH) % number == index)
