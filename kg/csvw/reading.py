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
from kg.csvw.columns import INHERITED, check_type, column, tag
from kg.csvw.dialect_reading import dialect
from kg.csvw.dialects import Dialect
from kg.csvw.document import Node, Notes
from kg.csvw.metadata import Annotations, Column, ForeignKey, Schema, Table, TableGroup
from kg.csvw.places import Folder, Place, Places

CONTEXT = "http://www.w3.org/ns/csvw"

_SHARED = INHERITED | {"@id", "@type", "dialect", "notes", "tableDirection", "tableSchema", "transformations"}
_TABLE = _SHARED | {"suppressOutput", "url"}
_GROUP = _SHARED | {"@context", "tables"}
_SCHEMA = INHERITED | {"@context", "@id", "@type", "columns", "primaryKey", "foreignKeys", "rowTitles"}
_TRANSFORMATION = {"@id", "@type", "source", "scriptFormat", "targetFormat", "titles", "url"}
_DIRECTIONS = ("ltr", "rtl", "auto")


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
class _Context:
    """What a document says of itself before all else: the base of its addresses, and its language."""

    base: str
    language: str | None = None


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
        context = _context(node, place)
        members = node.members()
        if not self.notes.strict and not ({"tables", "url"} & members.keys()):
            raise node.forbidden("describes no table: has neither tables nor url")
        single = "tables" not in members
        inherited: dict[str, Node] = {}
        if not single:
            self.check_description(node, _GROUP, "TableGroup")
            inherited = _inherited({}, node, {"dialect", "tableSchema", "tableDirection"})
        nodes = [node] if single else _tables(node)
        drafts = [self.draft(table, inherited, context, single=single) for table in nodes]
        names = [draft.table.name for draft in drafts]
        if self.notes.strict and (twice := {name for name in names if names.count(name) > 1}):
            raise node.wrong(f"two tables are called {min(twice)}")
        complete = tuple(self.complete(draft, drafts) for draft in drafts)
        annotations = Annotations(base=context.base) if single else _annotations(node, context)
        return TableGroup(place.path, complete, tuple(self.documents), annotations)

    def check_description(self, node: Node, known: set[str] | frozenset[str], kind: str) -> None:
        """What groups and tables have in common."""
        check_type(node, kind)
        node.allow(known)
        check_common(node)
        node.get("tableDirection", _direction, "auto")
        node.get("transformations", _transformations, None)

    def draft(self, node: Node, inherited: Mapping[str, Node], context: _Context, *, single: bool) -> _Draft:
        """A table, but for its foreign keys."""
        self.check_description(node, _TABLE | {"@context"} if single else _TABLE, "Table")
        inherited = _inherited(inherited, node, {"dialect", "tableSchema"})
        url = _url(node)
        address, _, member = url.text().partition("#")
        file = self.find(replace(url, value=address), context.base)
        suppressed = node.get("suppressOutput", Node.boolean, False)
        schema, at, addresses = self.schema(node, inherited, context)
        columns = _columns(schema, _inherited(inherited, schema), suppressed=suppressed, language=at.language)
        read_as = self.dialect(inherited)
        foreign = schema.get("foreignKeys", lambda found: found.each(_object), ())
        table = Table(
            name=files.table_name(member or file.path.name),
            path=file.path,
            file=file.name,
            schema=Schema(
                columns,
                schema.get("primaryKey", lambda found: _references(found, columns), ()),
                row_titles=schema.get("rowTitles", lambda found: _references(found, columns, lists=True), ()),
            ),
            dialect=_of_kind(read_as, file.path.name),
            member=member,
            address=file.address,
            suppressed=suppressed,
            undescribed=None
            if self.notes.strict
            else column(_empty(node), _inherited(inherited, schema), suppressed=False),
            annotations=_annotations(node, context),
        )
        return _Draft(table, addresses, tuple((key, at.base) for key in foreign))

    @staticmethod
    def dialect(inherited: Mapping[str, Node]) -> Dialect:
        """The dialect that a table has or inherits; as an address it is not fetched."""
        return inherited["dialect"].read(dialect, Dialect()) if "dialect" in inherited else Dialect()

    def schema(
        self, table: Node, inherited: Mapping[str, Node], context: _Context
    ) -> tuple[Node, _Context, tuple[str, ...]]:
        """The JSON of a table's schema, the context that it stands in, and the addresses that it goes by."""
        empty = _empty(table)
        if self.notes.strict:
            table.require("tableSchema")
        given = inherited.get("tableSchema", empty)
        if isinstance(given.value, str):
            place = self.find(given, context.base)
            schema = self.document(place)
            context = _Context(place.address, context.language)
            if "@context" in schema.members():
                context = _context(schema, place)
            addresses: tuple[str, ...] = (place.address,)
        else:
            schema, addresses = given.read(_object, empty), ()
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
        columns = _references(node.require("columnReference"), draft.table.schema.columns, forbidden=True)
        reference = node.require("reference")
        reference.only({"resource", "schemaReference", "columnReference"})
        named = reference.require("columnReference")
        target, found = self.referenced(reference, base, drafts)
        if found is None:
            return ForeignKey(columns, None, target, tuple(item.text() for item in named.one_or_more()))
        references = _references(named, found.schema.columns, forbidden=True)
        if len(references) != len(columns):
            raise named.forbidden(f"{len(columns)} columns cannot refer to {len(references)}")
        return ForeignKey(columns, found.name, target, references)

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


def _context(node: Node, place: Place) -> _Context:
    first, *more = node.require("@context").one_or_more()
    if first.value != CONTEXT:
        raise first.forbidden(f"expected {CONTEXT}")
    base, language = place.address, None
    for extra in more:
        extra.only({"@base", "@language"})
        base = urljoin(base, extra.get("@base", Node.text, base))
        language = extra.get("@language", tag, None)
    return _Context(base, language)


def _tables(node: Node) -> list[Node]:
    """The tables of a group, which must have some."""
    tables = node.require("tables")
    if node.notes.strict:
        return tables.items()
    if not isinstance(tables.value, list) or not tables.value:
        raise tables.forbidden("expected a list of tables")
    found = [item for item in tables.items() if item.read(_object, None) is not None]
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


def _object(node: Node) -> Node:
    node.members()
    return node


def _direction(node: Node) -> str:
    if node.value not in _DIRECTIONS:
        raise node.wrong(f"expected one of {', '.join(_DIRECTIONS)}")
    return node.text()


def _transformations(node: Node) -> None:
    """Transformations are for other processors; what is forbidden in them is so here."""
    for item in node.each(_object):
        check_type(item, "Template")
        item.allow(_TRANSFORMATION)
        check_common(item)
        for key in ("url", "scriptFormat", "targetFormat"):
            item.require(key)


def _annotations(node: Node, context: _Context) -> Annotations:
    members = node.members()
    notes = members.get("notes")
    id_ = node.get("@id", Node.text, "") if "@id" in members else None
    return Annotations(
        urljoin(context.base, id_) if id_ is not None else None,
        notes if notes is not None and isinstance(notes.value, list) else None,
        node.common(),
        context.language,
        context.base,
    )


def _inherited(outer: Mapping[str, Node], node: Node, more: set[str] | frozenset[str] = frozenset()) -> dict[str, Node]:
    return {**outer, **{key: value for key, value in node.members().items() if key in INHERITED or key in more}}


def _columns(
    schema: Node, inherited: Mapping[str, Node], *, suppressed: bool, language: str | None
) -> tuple[Column, ...]:
    inherited = {key: value for key, value in inherited.items() if key in INHERITED}
    if schema.notes.strict:
        schema.require("columns")
    nodes = schema.get("columns", lambda found: found.each(_object), ())
    columns = tuple(
        column(node, inherited, suppressed=suppressed, number=number, language=language)
        for number, node in enumerate(nodes, 1)
    )
    names = [item.name for item in columns]
    if twice := {name for name in names if names.count(name) > 1}:
        raise schema.forbidden(f"two columns are called {min(twice)}")
    for item, node, previous in zip(columns[1:], nodes[1:], columns, strict=False):
        if previous.virtual and not item.virtual:
            raise node.forbidden("stands after a virtual column; virtual columns come last")
    for item, node in zip(columns, nodes, strict=True):
        check_common(node)
        if schema.notes.strict:
            _check_variables(item, node, columns)
    return columns


def _check_variables(item: Column, node: Node, columns: tuple[Column, ...]) -> None:
    usable = {other.name for other in columns if not other.virtual and other.separator is None}
    for template in item.statement.templates if item.statement else ():
        for variable in template.variables:
            if variable.name not in usable | {"_row", "_sourceRow"}:
                known = ", ".join(sorted(usable))
                raise node.wrong(f"{template.text!r} uses {variable.name!r}; usable, one value a cell: {known}")


def _references(
    node: Node, columns: tuple[Column, ...], *, lists: bool = False, forbidden: bool = False
) -> tuple[str, ...]:
    """The columns of a key: each of the file, with one value a cell unless ``lists`` may be named."""
    known = {item.name: item for item in columns if item.named and not item.virtual}
    for item in node.one_or_more():
        if item.text() not in known:
            message = f"{item.text()!r} is no column of the table (columns: {', '.join(known)})"
            raise item.forbidden(message) if forbidden else item.wrong(message)
        if known[item.text()].separator is not None and not lists:
            raise item.wrong(f"{item.text()!r} holds lists (separator), which cannot be part of a key")
    return tuple(item.text() for item in node.one_or_more())
