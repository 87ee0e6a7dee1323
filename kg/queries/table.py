"""The answer of a named query, and its forms: CSV, JSON, rows for a terminal."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from kg.store.base import Term, text_of
from kg.vocabulary import XSD, shortened


@dataclass(frozen=True)
class Table:
    """Names of the columns, and rows of as many terms; None where a variable is not bound."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


def to_csv(table: Table) -> str:
    """CSV with a header line; values as in SPARQL 1.1 CSV: IRIs bare, literals without type, nothing for unbound.

    Lines end with CR LF, as RFC 4180 and the W3C note want it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([text_of(term) for term in row] for row in table.rows)
    return out.getvalue()


def to_json(table: Table) -> str:
    """A JSON array with one object a row: numbers and booleans as such, everything else as text, unbound as null.

    A decimal that is no whole number becomes a JSON number of double precision; CSV keeps all its digits.
    """
    rows = [{name: _plain(term) for name, term in zip(table.columns, row, strict=True)} for row in table.rows]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def to_rows(table: Table) -> Iterator[tuple[str, ...]]:
    """Rows of short text for a person: IRIs shortened by the known prefixes, numbers with thousands separated."""
    for row in table.rows:
        yield tuple(_short(term) for term in row)


def _plain(term: Term | None) -> str | int | float | bool | None:
    if term is None:
        return None
    number = _number(term)
    if number is not None:
        return int(number) if number == number.to_integral_value() else float(number)
    if isinstance(term, ox.Literal) and term.datatype.value == XSD.boolean:
        return term.value == "true"
    return text_of(term)


def _short(term: Term | None) -> str:
    number = _number(term)
    if number is not None:
        return f"{number:,f}"
    return shortened(term.value) if isinstance(term, ox.NamedNode) else text_of(term)


def _number(term: Term | None) -> Decimal | None:
    """The number that a literal of ours is; a store may also hold ill-typed ones, which stay text."""
    if isinstance(term, ox.Literal) and term.datatype.value in {XSD.integer, XSD.decimal}:
        with contextlib.suppress(InvalidOperation):
            return Decimal(term.value)
    return None
