"""What files of tables are called, and the tables in them."""

from __future__ import annotations

from pathlib import PurePosixPath

TEXTS = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".csv.zst", ".tsv.zst", ".zip")
"""What the names of tables of delimited text end in."""


def table_name(file: str) -> str:
    """What a table is called, by the name of its file: ``t`` for ``t.csv`` and for ``tables/t.csv.gz``."""
    return PurePosixPath(file.removesuffix(".gz").removesuffix(".zst")).stem
