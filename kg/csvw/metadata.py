"""What a metadata file says: a group of tables, each with a schema of columns, keys and templates.

These are values, complete after `kg.csvw.reading.read`: inherited properties have come down to each column, shared
schemas are in place, and every reference to a column or table has been found.

References
----------
W3C, Metadata Vocabulary for Tabular Data, https://www.w3.org/TR/tabular-metadata/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kg.csvw.datatypes import Datatype
from kg.csvw.dialects import Dialect
from kg.csvw.document import Node
from kg.csvw.templates import Template


@dataclass(frozen=True)
class Statement:
    """What a cell states: subject, predicate and, where ``object`` is given, an IRI instead of its value."""

    about: Template
    predicate: Template
    object: Template | None = None

    @property
    def templates(self) -> tuple[Template, ...]:
        """The templates in use."""
        parts = (self.about, self.predicate, self.object)
        return tuple(part for part in parts if part is not None)


@dataclass(frozen=True)
class Title:
    """What a header may call a column, in a language; None is any."""

    text: str
    language: str | None = None


@dataclass(frozen=True)
class Column:
    """One column, with the properties that it inherits; a suppressed one gives no triples.

    A virtual column has no cells in the file: its text is empty, so that its default or its statement's object speak.
    ``named`` says that the metadata gives its name, so that keys may refer to it.
    """

    name: str
    titles: tuple[Title, ...] = ()
    virtual: bool = False
    required: bool = False
    suppressed: bool = False
    about: Template | None = None
    predicate: Template | None = None
    object: Template | None = None
    datatype: Datatype = field(default_factory=Datatype)
    language: str | None = None
    default: str = ""
    nulls: tuple[str, ...] = ("",)
    separator: str | None = None
    ordered: bool = False
    named: bool = True

    @property
    def statement(self) -> Statement | None:
        """What each cell states, where the metadata says it whole; a source's metadata must."""
        if self.suppressed or self.about is None or self.predicate is None:
            return None
        return Statement(self.about, self.predicate, self.object)


@dataclass(frozen=True)
class ForeignKey:
    """Columns whose values, where none is null, must be those of one row of another table.

    ``table`` is the name of that table, or None where the group has no table of the referenced schema: then no row
    may refer to it. ``target`` says in words what is referenced.
    """

    columns: tuple[str, ...]
    table: str | None
    target: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class Schema:
    """The columns of a table in the order of the file (virtual ones last), its keys, and what titles its rows."""

    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    row_titles: tuple[str, ...] = ()

    @property
    def cells(self) -> tuple[Column, ...]:
        """The columns that the file has."""
        return tuple(column for column in self.columns if not column.virtual)

    def column(self, name: str) -> Column:
        """The column of this name."""
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class Annotations:
    """What a description says of itself: its name, its notes, and properties of other vocabularies."""

    id: str | None = None
    notes: Node | None = None
    common: Mapping[str, Node] = field(default_factory=dict)
    language: str | None = None
    base: str = ""


@dataclass(frozen=True)
class Table:
    """One file and its schema. ``file`` is how messages call it, ``name`` is the file's name without ending.

    ``member`` is the one that is meant of a zip archive's files, where the metadata says so (``t.zip#u.csv``).
    ``address`` is what the table is called on the Web, where it matters. ``undescribed`` is what a column is like of
    which the metadata says nothing; None where there is no metadata, so that the header describes all. ``described`` is
    the JSON of the schema, wherever it was written.
    """

    name: str
    path: Path
    file: str
    schema: Schema
    dialect: Dialect = field(default_factory=Dialect)
    member: str = ""
    address: str = ""
    suppressed: bool = False
    undescribed: Column | None = None
    annotations: Annotations = field(default_factory=Annotations)
    described: Node | None = None


@dataclass(frozen=True)
class TableGroup:
    """The tables of one metadata file, and the files of metadata that were read for it."""

    path: Path
    tables: tuple[Table, ...]
    documents: tuple[Path, ...]
    annotations: Annotations = field(default_factory=Annotations)

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file on which the mapping depends: metadata, shared schemas and tables."""
        return (*self.documents, *(table.path for table in self.tables))

    def table(self, name: str) -> Table:
        """The table of this name."""
        return next(table for table in self.tables if table.name == name)
