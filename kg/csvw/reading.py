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
from urllib.parse import urljoin

from kg import assets
from kg.csvw import files, frames
from kg.csvw.annotations import check_common
from kg.csvw.columns import INHERITED, check_type, column
from kg.csvw.descriptions import Context, annotations_of, check_description, context_of
from kg.csvw.dialect_reading import dialect
from kg.csvw.dialects import Dialect
from kg.csvw.document import Node, Notes, as_object
from kg.csvw.metadata import Annotations, ForeignKey, Schema, Table, TableGroup
from kg.csvw.places import Folder, Place, Places
from kg.csvw.schemas import columns, references

_SHARED = INHERITED | {"@id", "@type", "dialect", "notes", "tableDirection", "tableSchema", "transformations"}
_TABLE = _SHARED | {"suppressOutput", "url"}
_GROUP = _SHARED | {"@context", "tables"}
_SCHEMA = INHERITED | {"@context", "@id", "@type", "columns", "primaryKey", "foreignKeys", "rowTitles"}


def read(metadata: Path, *, root: Path | None = None) -> TableGroup:
    """The tables that a metadata file describes, read strictly; the tables themselves are not opened.

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
    folder = Folder((root or _default_root(metadata)).resolve())
    return read_at(folder.of(metadata.resolve()), folder, Notes())


def read_at(place: Place, places: Places, notes: Notes) -> TableGroup:
    """The tables that the metadata at a place describes; the notes say how to take what is not right in it."""
    return Reader(places, notes).group(place)


def _default_root(metadata: Path) -> Path:
    bundled = assets.bundled_sources()
    return bundled if metadata.resolve().is_relative_to(bundled.resolve()) else metadata.parent


@dataclass(frozen=True)
class _Draft:
    """A table before its foreign keys are resolved; ``schema`` are the addresses that its schema goes by."""

    table: Table
    schema: tuple[str, ...]
    keys: tuple[tuple[Node, str], ...]


@dataclass
class Reader:
    """Reads metadata, and the schemas that it names, each once."""

    places: Places
    notes: Notes
    documents: dict[Path, Node] = field(default_factory=dict)

    def document(self, place: Place) -> Node:
        """The JSON at a place."""
        if place.path not in self.documents:
            self.documents[place.path] = Node.of_file(place.path, name=place.name, notes=self.notes)
        return self.documents[place.path]

    def find(self, reference: Node, base: str) -> Place:
        """The file that a reference in a document means."""
        try:
            return self.places.find(reference.text(), base)
        except ValueError as error:
            raise reference.wrong(f"{reference.text()!r}{error}") from error

    def group(self, place: Place) -> TableGroup:
        """The tables of the document at a place."""
        node = self.document(place)
        context = context_of(node, place)
        members = node.members()
        if not self.notes.strict and not ({"tables", "url"} & members.keys()):
            raise node.forbidden("describes no table: has neither tables nor url")
        single = "tables" not in members
        inherited: dict[str, Node] = {}
        if not single:
            check_description(node, _GROUP, "TableGroup")
            inherited = _inherited({}, node, {"dialect", "tableSchema", "tableDirection"})
        nodes = [node] if single else _tables(node)
        drafts = [self.draft(table, inherited, context, single=single) for table in nodes]
        names = [draft.table.name for draft in drafts]
        if self.notes.strict and (twice := {name for name in names if names.count(name) > 1}):
            raise node.wrong(f"two tables are called {min(twice)}")
        complete = tuple(self.complete(draft, drafts) for draft in drafts)
        annotations = Annotations(base=context.base) if single else annotations_of(node, context)
        return TableGroup(place.path, complete, tuple(self.documents), annotations)

    def draft(self, node: Node, inherited: Mapping[str, Node], context: Context, *, single: bool) -> _Draft:
        """A table, but for its foreign keys."""
        check_description(node, _TABLE | {"@context"} if single else _TABLE, "Table")
        inherited = _inherited(inherited, node, {"dialect", "tableSchema"})
        url = _url(node)
        address, _, member = url.text().partition("#")
        file = self.find(replace(url, value=address), context.base)
        suppressed = node.get("suppressOutput", Node.boolean, False)
        schema, at, addresses = self.schema(node, inherited, context)
        found = columns(schema, _inherited(inherited, schema), suppressed=suppressed, language=at.language)
        read_as = self.dialect(inherited)
        foreign = schema.get("foreignKeys", lambda found: found.each(as_object), ())
        table = Table(
            name=files.table_name(member or file.path.name),
            path=file.path,
            file=file.name,
            schema=Schema(
                found,
                schema.get("primaryKey", lambda key: references(key, found), ()),
                row_titles=schema.get("rowTitles", lambda key: references(key, found, lists=True), ()),
            ),
            dialect=_of_kind(read_as, file.path.name),
            member=member,
            address=file.address,
            suppressed=suppressed,
            undescribed=None
            if self.notes.strict
            else column(_empty(node), _inherited(inherited, schema), suppressed=False),
            annotations=annotations_of(node, context),
            described=schema,
        )
        return _Draft(table, addresses, tuple((key, at.base) for key in foreign))

    @staticmethod
    def dialect(inherited: Mapping[str, Node]) -> Dialect:
        """The dialect that a table has or inherits; as an address it is not fetched."""
        return inherited["dialect"].read(dialect, Dialect()) if "dialect" in inherited else Dialect()

    def schema(
        self, table: Node, inherited: Mapping[str, Node], context: Context
    ) -> tuple[Node, Context, tuple[str, ...]]:
        """The JSON of a table's schema, the context that it stands in, and the addresses that it goes by."""
        empty = _empty(table)
        if self.notes.strict:
            table.require("tableSchema")
        given = inherited.get("tableSchema", empty)
        if isinstance(given.value, str):
            place = self.find(given, context.base)
            schema = self.document(place)
            context = Context(place.address, context.language)
            if "@context" in schema.members():
                context = context_of(schema, place)
            addresses: tuple[str, ...] = (place.address,)
        else:
            schema, addresses = given.read(as_object, empty), ()
        check_type(schema, "Schema")
        schema.allow(_SCHEMA)
        check_common(schema)
        if "@id" in schema.members():
            addresses = (*addresses, urljoin(context.base, schema.members()["@id"].text()))
        return schema, context, addresses

    def complete(self, draft: _Draft, drafts: list[_Draft]) -> Table:
        """A table with its foreign keys."""
        keys = tuple(self.foreign_key(node, base, draft, drafts) for node, base in draft.keys)
        return replace(draft.table, schema=replace(draft.table.schema, foreign_keys=keys))

    def foreign_key(self, node: Node, base: str, draft: _Draft, drafts: list[_Draft]) -> ForeignKey:
        """A foreign key whose columns and table have been found."""
        node.only({"columnReference", "reference"})
        pointing = references(node.require("columnReference"), draft.table.schema.columns, forbidden=True)
        reference = node.require("reference")
        reference.only({"resource", "schemaReference", "columnReference"})
        named = reference.require("columnReference")
        target, found = self.referenced(reference, base, drafts)
        if found is None:
            return ForeignKey(pointing, None, target, tuple(item.text() for item in named.one_or_more()))
        pointed = references(named, found.schema.columns, forbidden=True)
        if len(pointed) != len(pointing):
            raise named.forbidden(f"{len(pointing)} columns cannot refer to {len(pointed)}")
        return ForeignKey(pointing, found.name, target, pointed)

    def referenced(self, reference: Node, base: str, drafts: list[_Draft]) -> tuple[str, Table | None]:
        """What a foreign key refers to, in words and as a table; a schema that no table of the group has gives None."""
        members = reference.members()
        if ("resource" in members) == ("schemaReference" in members):
            raise reference.forbidden("expected either resource or schemaReference")
        if "resource" in members:
            address = self.find(members["resource"], base).address
            tables = [draft.table for draft in drafts if draft.table.address == address]
            if not tables:
                raise members["resource"].forbidden("is no table of this group")
        else:
            place = self.find(members["schemaReference"], base)
            tables = [draft.table for draft in drafts if place.address in draft.schema]
            if not tables and not self.notes.strict:
                raise members["schemaReference"].forbidden("is the schema of no table of this group")
        if len(tables) > 1 and self.notes.strict:
            raise reference.wrong(f"two tables have the schema {place.path.name}: name the table with resource")
        return (tables[0].file, tables[0]) if tables else (f"a table of schema {place.path.name}", None)


def _tables(node: Node) -> list[Node]:
    """The tables of a group, which must have some."""
    tables = node.require("tables")
    if node.notes.strict:
        return tables.items()
    if not isinstance(tables.value, list) or not tables.value:
        raise tables.forbidden("expected a list of tables")
    found = [item for item in tables.items() if item.read(as_object, None) is not None]
    if not found:
        raise tables.forbidden("expected a list of tables")
    return found


def _url(node: Node) -> Node:
    url = node.require("url")
    if not isinstance(url.value, str):
        raise url.forbidden("expected an address")
    return url


def _empty(node: Node) -> Node:
    """An object that says nothing, in the place of one that is missing or not right."""
    return Node({}, node.file, node.path, node.notes)


def _of_kind(dialect: Dialect, name: str) -> Dialect:
    """The dialect as the kind of a file has it: tabs in ``.tsv``, and no header where columns have names anyhow."""
    if frames.header_rows(name) == 0:
        return replace(dialect, header_rows=0)
    return replace(dialect, delimiter="\t") if ".tsv" in name and dialect.delimiter == "," else dialect


def _inherited(outer: Mapping[str, Node], node: Node, more: set[str] | frozenset[str] = frozenset()) -> dict[str, Node]:
    return {**outer, **{key: value for key, value in node.members().items() if key in INHERITED or key in more}}
