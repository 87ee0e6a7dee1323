"""CSV on the Web: tables and their metadata to N-Quads, over columns. The flow is in `kg.csvw.mapping`."""

from kg.csvw.files import TEXTS
from kg.csvw.frames import KINDS
from kg.csvw.mapping import Mapped, locate, map
from kg.csvw.metadata import Column, ForeignKey, Schema, Table, TableGroup
from kg.csvw.parsing import fits
from kg.csvw.reading import read
from kg.csvw.tables import raw_rows, texts

TABLES = (*TEXTS, *KINDS)
"""What the names of tables end in."""

__all__ = [
    "TABLES",
    "Column",
    "ForeignKey",
    "Mapped",
    "Schema",
    "Table",
    "TableGroup",
    "fits",
    "locate",
    "map",
    "raw_rows",
    "read",
    "texts",
]
