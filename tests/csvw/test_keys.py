"""Keys are compared in rounds, and values read back from disk: with the same result as all at once in memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from kg.csvw import Column, ForeignKey, Schema, Table
from kg.csvw.keys import check_foreign, check_primary
from kg.csvw.spill import Spill


def spilled(columns: dict[str, Sequence[str | None]], *, held_bytes: int) -> Spill:
    """The rows of a table two at a time, the first being row 2 of its file."""
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)).with_row_index("_sourceRow", 2)
    spill = Spill(held_bytes=held_bytes)
    for part in frame.iter_slices(2):
        spill.add(part)
    return spill


def table(name: str, *columns: str, key: tuple[str, ...] = ()) -> Table:
    return Table(name, Path(f"{name}.csv"), f"{name}.csv", Schema(tuple(map(Column, columns)), key))


@pytest.mark.parametrize("held_bytes", [0, 1 << 20], ids=["on disk", "in memory"])
@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_primary_keys(at_once: int, held_bytes: int) -> None:
    values = spilled({"a": ["1", "1", "2", "1", None], "b": ["x", "y", "x", "x", "z"]}, held_bytes=held_bytes)
    found = list(check_primary(table("t", "a", "b", key=("a", "b")), values, at_once=at_once))
    assert [(each.row, each.column, each.value, each.expected) for each in found] == [
        (6, "a", "", "a value (part of the primary key)"),
        (5, "a, b", "1, x", "another key: row 2 has it already"),
    ]


@pytest.mark.parametrize("held_bytes", [0, 1 << 20], ids=["on disk", "in memory"])
@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_foreign_keys(at_once: int, held_bytes: int) -> None:
    group = {
        "t": spilled({"to": ["1", "9", None, "2", "8"]}, held_bytes=held_bytes),
        "u": spilled({"id": ["1", "2", "3"]}, held_bytes=held_bytes),
    }
    key = ForeignKey(("to",), "u", "u.csv", ("id",))
    found = sorted(check_foreign(table("t", "to"), key, group, at_once=at_once))
    assert [(each.row, each.value, each.expected) for each in found] == [
        (3, "9", "a row with this id in u.csv"),
        (6, "8", "a row with this id in u.csv"),
    ]


def test_tables_without_rows() -> None:
    empty = {"t": Spill(), "u": Spill()}
    key = ForeignKey(("to",), "u", "u.csv", ("id",))
    assert list(check_primary(table("t", "a", key=("a",)), empty["t"])) == []
    assert list(check_foreign(table("t", "to"), key, empty)) == []


def test_rows_that_are_left_out_are_out_of_every_reading() -> None:
    whole = spilled({"a": ["1", "2", "3"]}, held_bytes=0)
    part = whole.without({3})
    assert [pl.concat(each.frames(["a"]))["a"].to_list() for each in (whole, part, part.without({2}))] == [
        ["1", "2", "3"],
        ["1", "3"],
        ["3"],
    ]
