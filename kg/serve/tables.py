"""Answers of named queries that a page shows whole: from the pool's bytes to a table, and from terms to cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

import pyoxigraph as ox

from kg import iris
from kg.queries import NamedQuery, Table, to_rows
from kg.store.base import Term
from kg.store.workers import QueryPool, Request
from kg.vocabulary import XSD

PLACES = "provenance/places-in-text"
"""The query that says where in the text a record stands."""

_LARGEST = 2 * 1024 * 1024
_NUMBERS = frozenset({XSD.integer, XSD.decimal})
_OUTSIDE = ("http://", "https://")


@dataclass(frozen=True)
class Cell:
    """What a page shows of one term: text, where it leads if that is safe, whether it is a number."""

    text: str
    href: str | None = None
    number: bool = False


async def table(pool: QueryPool, query: NamedQuery, values: Mapping[str, str]) -> Table:
    """The answer of a named query, whole.

    Raises
    ------
    ParameterError
        The values do not fit.
    ResultTooLargeError
        It is too large to be held here; CSV and SPARQL JSON are streamed instead.
    """
    async with pool.answer(Request(query=query.bind(values))) as answer:
        content = await answer.read(_LARGEST)
    solutions = cast(ox.QuerySolutions, ox.parse_query_results(content, ox.QueryResultsFormat.JSON))
    names = tuple(column.name for column in query.columns)
    return Table(names, tuple(tuple(solution[name] for name in names) for solution in solutions))


def texts(content: Table) -> Iterator[dict[str, str]]:
    """The rows of a table by column: IRIs and literals as bare text, nothing where a variable is not bound."""
    for row in content.rows:
        plain = (term.value if isinstance(term, ox.NamedNode | ox.Literal) else "" for term in row)
        yield dict(zip(content.columns, plain, strict=True))


def cells(content: Table) -> Iterator[list[Cell]]:
    """The rows of a table for a page."""
    for row, texts in zip(content.rows, to_rows(content), strict=True):
        yield [_cell(term, text) for term, text in zip(row, texts, strict=True)]


def _cell(term: Term | None, text: str) -> Cell:
    if isinstance(term, ox.NamedNode):
        return Cell(text, href(term.value))
    return Cell(text, number=isinstance(term, ox.Literal) and term.datatype.value in _NUMBERS)


def href(iri: str) -> str | None:
    """Where an IRI from the data may lead: a record or document of ours to its places, an outside one to itself.

    Data is not trusted: ``javascript:`` and whatever else is no web address leads nowhere.
    """
    for folder, parameter in (("obs/", "record"), ("doc/", "document")):
        if iri.startswith(f"{iris.ID}{folder}"):
            return f"/queries/{PLACES}?{urlencode({parameter: iri})}"
    return iri if iri.startswith(_OUTSIDE) and not iri.startswith(iris.BASE) else None
