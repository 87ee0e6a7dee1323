"""From a metadata file to a `TableGroup`: tables, shared schemas, keys; every reference found or refused.

Nothing is fetched. A ``tableSchema`` given as a string names a schema file: beside the metadata by a relative path that
stays inside ``root``, or one of the project's own by its address (``https://w3id.org/techtransfer/schemas/…``), which
is read from the package wherever the source lies.

References
----------
W3C, Metadata Vocabulary for Tabular Data, sections 5.3 to 5.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from kg import assets, iris
from kg.csvw import files
from kg.csvw.columns import INHERITED, column
from kg.csvw.document import Node
from kg.csvw.metadata import Column, ForeignKey, Schema, Table, TableGroup

CONTEXT = "http://www.w3.org/ns/csvw"

_TABLE = INHERITED | {"@id", "@type", "url", "tableSchema", "notes", "suppressOutput", "tableDirection"}
_GROUP = INHERITED | {"@context", "@id", "@type", "tables", "notes", "tableDirection"}
_SCHEMA = INHERITED | {"@context", "@id", "@type", "columns", "primaryKey", "foreignKeys", "rowTitles"}


def read(metadata: Path, *, root: Path | None = None) -> TableGroup:
    """The tables that a metadata file describes; the tables themselves are not opened.

    Parameters
    ----------
    metadata
        ``csv-metadata.json`` with a group of tables, or ``NAME.csv-metadata.json`` with one.
    root
        The folder that tables and schemas must lie in; the folder of bundled sources if the metadata lies there, else
        the metadata's own folder.

    Raises
    ------
    SourceUnavailableError, SourceFormatError
        A file is missing or is not what it should be; the message names file and JSON path.
    """
    root = root or _default_root(metadata)
    reader = _Reader(root.resolve())
    node = reader.document(metadata.resolve())
    _check_context(node)
    return reader.group(node, metadata.resolve())


def _default_root(metadata: Path) -> Path:
    bundled = assets.bundled_sources()
    return bundled if metadata.resolve().is_relative_to(bundled.resolve()) else metadata.parent


def _check_context(node: Node) -> None:
    context = node.require("@context")
    first = context.one_or_more()[0]
    if first.text() != CONTEXT:
        raise first.wrong(f"expected {CONTEXT}")
    for extra in context.one_or_more()[1:]:
        extra.allow({"@language"})


@dataclass(frozen=True)
class _Draft:
    """A table before its foreign keys are resolved."""

    table: Table
    schema: Path | None
    keys: tuple[tuple[Node, Path], ...]


@dataclass
class _Reader:
    root: Path
    documents: dict[Path, Node] = field(default_factory=dict)

    def document(self, path: Path) -> Node:
        if path not in self.documents:
            self.documents[path] = Node.of_file(path, name=self.name(path))
        return self.documents[path]

    def name(self, path: Path) -> str:
        """How messages call a file."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.name

    def locate(self, reference: Node, beside: Path) -> Path:
        """The file that a reference in a file means; never outside the root, never on the network."""
        text = reference.text()
        shared = assets.bundled_sources().resolve() / "schemas"
        if text.startswith(iris.SCHEMAS):
            path = (shared / text.removeprefix(iris.SCHEMAS)).resolve()
        elif ":" in text or text.startswith("/"):
            raise reference.wrong(f"{text!r}: only files beside the metadata, or {iris.SCHEMAS}…, are read")
        else:
            path = (beside.parent / text).resolve()
        if not (path.is_relative_to(self.root) or path.is_relative_to(shared)):
            raise reference.wrong(f"{text!r} leads out of the folder {self.root.name}")
        return path

    def group(self, node: Node, path: Path) -> TableGroup:
        single = "tables" not in node.members()
        node.allow(_TABLE | {"@context"} if single else _GROUP)
        inherited = {} if single else _inherited({}, node)
        tables = [node] if single else node.require("tables").items()
        drafts = [self.draft(table, inherited, path, single=single) for table in tables]
        names = [draft.table.name for draft in drafts]
        if twice := {name for name in names if names.count(name) > 1}:
            raise node.wrong(f"two tables are called {min(twice)}")
        complete = tuple(self.complete(draft, drafts) for draft in drafts)
        return TableGroup(path, complete, tuple(self.documents))

    def draft(self, node: Node, inherited: Mapping[str, Node], path: Path, *, single: bool) -> _Draft:
        node.allow(_TABLE | {"@context"} if single else _TABLE)
        members = node.members()
        url = node.require("url")
        address, _, member = url.text().partition("#")
        file = self.locate(replace(url, value=address), path)
        inherited = _inherited(inherited, node)
        schema, place, location = self.schema_node(node.require("tableSchema"), path)
        suppressed = "suppressOutput" in members and members["suppressOutput"].boolean()
        columns = _columns(schema, _inherited(inherited, schema), suppressed=suppressed)
        given = schema.members()
        primary = _references(given["primaryKey"], columns) if "primaryKey" in given else ()
        keys = tuple((key, place) for key in given["foreignKeys"].items()) if "foreignKeys" in given else ()
        name = files.table_name(member or file.name)
        table = Table(name, file, self.name(file), Schema(columns, primary), member=member)
        return _Draft(table, location, keys)

    def schema_node(self, node: Node, path: Path) -> tuple[Node, Path, Path | None]:
        """The JSON of a schema, the file it stands in, and that file again if the schema is a file of its own."""
        if isinstance(node.value, str):
            location = self.locate(node, path)
            schema, place = self.document(location), location
        else:
            schema, place, location = node, path, None
        schema.allow(_SCHEMA)
        return schema, place, location

    def complete(self, draft: _Draft, drafts: list[_Draft]) -> Table:
        keys = tuple(self.foreign_key(node, place, draft, drafts) for node, place in draft.keys)
        return replace(draft.table, schema=replace(draft.table.schema, foreign_keys=keys))

    def foreign_key(self, node: Node, place: Path, draft: _Draft, drafts: list[_Draft]) -> ForeignKey:
        node.allow({"columnReference", "reference"})
        columns = _references(node.require("columnReference"), draft.table.schema.columns)
        reference = node.require("reference")
        reference.allow({"resource", "schemaReference", "columnReference"})
        named = reference.require("columnReference")
        target, found = self.referenced(reference, place, drafts)
        if found is None:
            return ForeignKey(columns, None, target, tuple(item.text() for item in named.one_or_more()))
        references = _references(named, found.schema.columns)
        if len(references) != len(columns):
            raise named.wrong(f"{len(columns)} columns cannot refer to {len(references)}")
        return ForeignKey(columns, found.name, target, references)

    def referenced(self, reference: Node, place: Path, drafts: list[_Draft]) -> tuple[str, Table | None]:
        """What a foreign key refers to, in words and as a table; a schema that no table of the group has gives None."""
        members = reference.members()
        if ("resource" in members) == ("schemaReference" in members):
            raise reference.wrong("expected either resource or schemaReference")
        if "resource" in members:
            path = self.locate(members["resource"], place)
            tables = [draft.table for draft in drafts if draft.table.path == path]
            if not tables:
                raise members["resource"].wrong("is no table of this group")
        else:
            path = self.locate(members["schemaReference"], place)
            tables = [draft.table for draft in drafts if draft.schema == path]
        if len(tables) > 1:
            raise reference.wrong(f"two tables have the schema {path.name}: name the table with resource")
        return (tables[0].file, tables[0]) if tables else (f"a table of schema {path.name}", None)


def _inherited(outer: Mapping[str, Node], node: Node) -> dict[str, Node]:
    return {**outer, **{key: value for key, value in node.members().items() if key in INHERITED}}


def _columns(schema: Node, inherited: Mapping[str, Node], *, suppressed: bool) -> tuple[Column, ...]:
    nodes = schema.require("columns").items()
    columns = tuple(column(node, inherited, suppressed=suppressed) for node in nodes)
    names = [item.name for item in columns]
    if twice := {name for name in names if names.count(name) > 1}:
        raise schema.wrong(f"two columns are called {min(twice)}")
    for item, node, previous in zip(columns[1:], nodes[1:], columns, strict=False):
        if previous.virtual and not item.virtual:
            raise node.wrong("stands after a virtual column; virtual columns come last")
    for item, node in zip(columns, nodes, strict=True):
        _check_variables(item, node, columns)
    return columns


def _check_variables(item: Column, node: Node, columns: tuple[Column, ...]) -> None:
    usable = {other.name for other in columns if not other.virtual and other.separator is None}
    for template in item.statement.templates if item.statement else ():
        for variable in template.variables:
            if variable.name not in usable | {"_row", "_sourceRow"}:
                known = ", ".join(sorted(usable))
                raise node.wrong(f"{template.text!r} uses {variable.name!r}; usable, one value a cell: {known}")


def _references(node: Node, columns: tuple[Column, ...]) -> tuple[str, ...]:
    """The columns of a key: each of the file, with one value a cell."""
    known = {item.name: item for item in columns if not item.virtual}
    for item in node.one_or_more():
        if item.text() not in known:
            raise item.wrong(f"{item.text()!r} is no column of the table (columns: {', '.join(known)})")
        if known[item.text()].separator is not None:
            raise item.wrong(f"{item.text()!r} holds lists (separator), which cannot be part of a key")
    return tuple(item.text() for item in node.one_or_more())
