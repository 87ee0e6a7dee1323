"""What the table of a class looks like: its columns, their names and types, and how they are told to a reader.

In come statistics, out go columns; no value is read. A property has one column for each kind of value that things of
the class have by it: for texts in a language one each, for values of several datatypes one each.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from kg.export.statistics import Class, Column
from kg.iris import local
from kg.vocabulary import RDF, XSD, shortened

ID = "id"
_LONGEST_INTEGER = 18
_NAME = re.compile(r"[^A-Za-z0-9_]")
_SPARE = "\ue000"
_NULL = "\\N"


@dataclass(frozen=True)
class Field:
    """A column of a table.

    Parameters
    ----------
    name
        Letters, digits and underscores: ``tt_value``, ``rdfs_label_en``.
    of
        What is known of its values.
    separator
        What stands between values in a cell of CSV; empty for a column with one value at most.
    """

    name: str
    of: Column
    separator: str = ""

    @property
    def many(self) -> bool:
        """Whether a thing may have several values: a list in Parquet."""
        return bool(self.separator)

    @property
    def null(self) -> str:
        """What stands in CSV for no value; something else than nothing where an empty text is a value."""
        return _NULL if self.of.kind in ("text", "misfit") and self.of.shortest == 0 else ""

    @property
    def type(self) -> pl.DataType:
        """The type of one value in Parquet."""
        return _TYPES.get(self.of.datatype or "", pl.String()) if _is_held(self.of) else pl.String()


_TYPES: Mapping[str, pl.DataType] = {
    XSD.integer: pl.Int64(),
    XSD.decimal: pl.Float64(),
    XSD.double: pl.Float64(),
    XSD.float: pl.Float64(),
    XSD.boolean: pl.Boolean(),
    XSD.date: pl.Date(),
}


def _is_held(column: Column) -> bool:
    """Whether all values are of the type that Parquet has for their datatype: no huge integers, no zones of days."""
    if column.kind == "misfit":
        return False
    if column.datatype == XSD.integer:
        return column.longest <= _LONGEST_INTEGER
    return column.datatype != XSD.date or column.longest == len("2020-12-31")


def fields(of: Class) -> tuple[Field, ...]:
    """The columns of the table of a class but for the IRI of the thing, which is the first.

    That a thing is of the class goes without saying; a column ``rdf_type`` is there if things have other types as well.
    """
    columns = [each for each in of.columns if not _implied(each)]
    kinds = Counter(each.property for each in columns if each.kind != "misfit")
    taken: Counter[str] = Counter()
    return tuple(_field(each, alone=kinds[each.property] <= 1, taken=taken) for each in columns)


def _implied(column: Column) -> bool:
    return column.property == RDF.type and column.most == 1


def _field(column: Column, *, alone: bool, taken: Counter[str]) -> Field:
    name = _named(column, alone=alone)
    taken[name] += 1
    if taken[name] > 1:  # two names that differ in what a column's name cannot hold
        name = f"{name}_{taken[name]}"
    many = column.most > 1
    return Field(name, column, (column.separators[:1] or _SPARE) if many else "")


def plain_name(iri: str) -> str:
    """The name of a property in letters, digits and underscores: its prefix and local name, or that alone."""
    short = shortened(iri)
    return _NAME.sub("_", local(iri) if short == iri else short) or "property"


def _named(column: Column, *, alone: bool) -> str:
    base = plain_name(column.property)
    if column.language:
        return f"{base}_{_NAME.sub('_', column.language)}"
    if column.kind == "misfit":
        return f"{base}_{_NAME.sub('_', local(column.datatype or ''))}_misfit"
    if alone:
        return base
    return f"{base}_{'iri' if column.kind == 'iri' else _NAME.sub('_', local(column.datatype or column.kind))}"


def table_names(classes: Iterable[Class]) -> Iterator[tuple[str, Class]]:
    """Each class with the name of its table: its local name, and with its prefix where two classes share that."""
    known = list(classes)
    locals_ = Counter(local(each.iri).lower() for each in known)
    taken: Counter[str] = Counter()
    for each in known:
        name = local(each.iri) if locals_[local(each.iri).lower()] == 1 else shortened(each.iri)
        name = _NAME.sub("_", name) or "class"
        taken[name.lower()] += 1
        yield (name if taken[name.lower()] == 1 else f"{name}_{taken[name.lower()]}"), each
