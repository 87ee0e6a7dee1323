"""CSV to RDF as the standard has it, for tables of anybody: standard and minimal mode, defaults and leniency included.

`kg.csvw.mapping` maps the tables of a source, strictly; here nothing but what the standard forbids is an error. What
does not fit is a warning: the value of a wrong cell is its text. Rows come in batches, and columns at once.

References
----------
W3C, Generating RDF from Tabular Data on the Web, section 4, https://www.w3.org/TR/csv2rdf/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

import polars as pl

from kg.csvw.annotations import triples
from kg.csvw.cells import cells_of
from kg.csvw.document import Notes
from kg.csvw.headers import with_schema
from kg.csvw.locating import metadata_of
from kg.csvw.metadata import Annotations, Schema, Table, TableGroup
from kg.csvw.places import Place, Places
from kg.csvw.prefixes import PREFIXES
from kg.csvw.reading import read_at
from kg.csvw.rows import Rows
from kg.csvw.tables import opened
from kg.csvw.terms import iri
from kg.errors import MappingError, SourceUnavailableError
from kg.vocabulary import RDF

_CSVW = PREFIXES["csvw"]
_TYPE = f"<{RDF.type}>"


@dataclass(frozen=True)
class Converted:
    """A conversion under way: lines of N-Triples, and warnings, which are complete when the last line has been read."""

    lines: Iterator[str]
    warnings: list[str]


def convert(address: str, places: Places, *, minimal: bool = False, metadata: str = "", link: str = "") -> Converted:
    """The triples of a table, or of all that a metadata file (``.json``) describes.

    Parameters
    ----------
    minimal
        What the cells say, without the description of tables and rows.
    metadata
        The address of metadata that goes before any that would be found.
    link
        The ``Link`` header that came with the table.

    Raises
    ------
    SourceUnavailableError, SourceFormatError
        A file is not there or not to be read, or metadata is what the standard forbids.
    MappingError
        Rows are no rows: their number of cells is not that of the header.
    """
    notes = Notes(strict=False)
    group = _group(address, places, notes, metadata, link)
    return Converted(_Conversion(group, notes, minimal).lines(), notes.warnings)


def _group(address: str, places: Places, notes: Notes, metadata: str, link: str) -> TableGroup:
    if described := metadata or (address if address.partition("?")[0].endswith(".json") else ""):
        return read_at(_place(described, places), places, notes)
    place = _place(address, places)
    if found := metadata_of(address, places, notes, link=link or places.link(address)):
        return found
    table = Table(place.path.name, place.path, place.name, Schema(()), address=address, undescribed=None)
    return TableGroup(place.path, (table,), ())


def _place(address: str, places: Places) -> Place:
    try:
        return places.find("", address)
    except ValueError as error:
        raise SourceUnavailableError(f"{address}{error}") from error


@dataclass
class _Conversion:
    group: TableGroup
    notes: Notes
    minimal: bool

    def __post_init__(self) -> None:
        self._numbers = count(1)

    def fresh(self) -> str:
        return f"_:n{next(self._numbers)}"

    def lines(self) -> Iterator[str]:
        group = _name(self.group.annotations, "_:g")
        if not self.minimal:
            yield f"{group} {_TYPE} <{_CSVW}TableGroup> ."
            yield from self.described(group, self.group.annotations)
        for number, table in enumerate(self.group.tables, 1):
            if not table.suppressed:
                yield from self.table(table, number, group)

    def described(self, subject: str, given: Annotations) -> Iterator[str]:
        yield from (f"{' '.join(triple)} ." for triple in triples(subject, given, self.fresh))

    def table(self, table: Table, number: int, group: str) -> Iterator[str]:
        sheet = opened(table)
        table = with_schema(table, sheet, self.notes)
        node = _name(table.annotations, f"_:t{number}")
        if not self.minimal:
            yield f"{group} <{_CSVW}table> {node} ."
            yield f"{node} {_TYPE} <{_CSVW}Table> ."
            yield f"{node} <{_CSVW}url> {iri(table.address)} ."
            yield from self.described(node, table.annotations)
        names = [column.name for column in table.schema.cells]
        for batch in sheet.batches:
            if batch.misfits:
                raise MappingError(table.file, batch.misfits)
            batch.cells.columns = names
            cells = cells_of(table, table.schema.columns, batch, tolerant=True)
            for complaint in cells.complaints:
                self.notes.warn(str(complaint))
            rows = Rows(table, cells.values, f"t{number}")
            if not self.minimal:
                yield from _flat(rows.descriptions(node))
            yield from _flat(rows.statements())


def _flat(chunks: Iterable[pl.Series]) -> Iterator[str]:
    for chunk in chunks:
        yield from chunk.drop_nulls()


def _name(given: Annotations, otherwise: str) -> str:
    return iri(given.id) if given.id else otherwise
