"""Whether a row of a table still says what a record states of it.

No digest is kept of rows, which would cost a triple for each of millions. So a row is compared with the record: the
record's key, which is the end of its IRI or its identifier, tells which row is its own, and each number, date and text
that it states has to stand in a cell. How numbers and dates are written does not count.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from kg import iris
from kg.evidence.records import Record
from kg.vocabulary import DCTERMS, RDFS, SKOS, XSD

_DELIMITERS = ",;\t|"
_NUMBERS = frozenset({XSD.integer, XSD.decimal, XSD.nonNegativeInteger, XSD.double, XSD.float})
_DAYS = frozenset({XSD.date, XSD.dateTime, XSD.gYear, XSD.gYearMonth})
_DIGITS = re.compile(r"\d+")
_NO_NUMBER = re.compile(r"[^0-9.,+\-Ee]")
_NAMES = frozenset({RDFS.label, SKOS.prefLabel})
csv.field_size_limit(1 << 20)


@dataclass(frozen=True)
class Table:
    """The rows of a table in their order, the first of them row 1."""

    rows: tuple[tuple[str, ...], ...]

    def row(self, number: int) -> tuple[str, ...] | None:
        """A row by its number; None if there is none."""
        return self.rows[number - 1] if 0 < number <= len(self.rows) else None


@dataclass(frozen=True)
class Fit:
    """How a row fits a record: whether it has its key, and what the record states that is in no cell."""

    keyed: bool
    missing: tuple[tuple[str, str], ...]
    compared: int

    @property
    def whole(self) -> bool:
        """Whether it is the record's row, and says all that it states."""
        return not self.missing and (self.keyed or self.compared > 0)


def table(text: str) -> Table:
    """The rows of CSV, whatever of the usual characters stands between cells: the one the first line has most of.

    Raises
    ------
    ValueError
        It is no CSV.
    """
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        return Table(tuple(tuple(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
    except csv.Error as error:
        raise ValueError(f"this is no CSV: {error}") from error


def fit(row: Sequence[str], record: Record) -> Fit:
    """How a row fits a record."""
    cells = [cell.strip() for cell in row]
    said = list(_stated(record))
    missing = tuple((name, value.value) for name, value in said if not any(_says(cell, value) for cell in cells))
    return Fit(_keyed(cells, record), missing, len(said))


def rows_of(found: Table, record: Record) -> Iterator[tuple[int, Fit]]:
    """The rows that have the record's key, by their numbers, header left out."""
    for number, row in enumerate(found.rows[1:], 2):
        cells = [cell.strip() for cell in row]
        if _keyed(cells, record):
            yield number, fit(row, record)


def _keyed(cells: Iterable[str], record: Record) -> bool:
    name = iris.local(record.iri)
    names = {name, *record.all(DCTERMS.identifier)}
    return any(cell and (cell in names or name.endswith(f"-{cell}")) for cell in cells)


def _stated(record: Record) -> Iterator[tuple[str, ox.Literal]]:
    """Numbers, days and texts that a record states; names may have been made of several cells."""
    for name, value in record.values:
        if isinstance(value, ox.Literal) and name not in _NAMES and value.datatype.value != XSD.boolean:
            yield name, value


def _says(cell: str, value: ox.Literal) -> bool:
    """Whether a cell holds a value, however that is written."""
    kind = value.datatype.value
    if kind in _NUMBERS:
        wanted = _number(value.value)
        return wanted is not None and wanted in _readings(cell)
    if kind in _DAYS:
        return bool(cell) and sorted(map(int, _DIGITS.findall(cell))) == sorted(map(int, _DIGITS.findall(value.value)))
    return cell == value.value or " ".join(cell.split()) == " ".join(value.value.split())


def _readings(cell: str) -> set[Decimal]:
    """The numbers that a cell may mean: 1,234.5 is one, and so is 1.234,5."""
    text = _NO_NUMBER.sub("", cell) if any(map(str.isdecimal, cell)) else ""
    written = (text, text.replace(",", ""), text.replace(".", "").replace(",", "."))
    return {number for each in written if (number := _number(each)) is not None}


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
