"""What pages show of tables: whole answers of named queries, names in place of IRIs, cells that lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast
from urllib.parse import urlencode

import pyoxigraph as ox

from kg import iris
from kg.queries import NamedQuery, Table, to_rows
from kg.queries.labels import ENGLISH, LABELS, Label, labels, labels_query
from kg.serve.resources.addresses import Addresses
from kg.store.base import Term, text_of
from kg.store.querying.base import Pool
from kg.store.querying.requests import Limits, Request
from kg.vocabulary import DCTERMS, TT, XSD

PLACES = "provenance/places-in-text"
"""The query that says where in the text a record stands."""
OPERANDS = "provenance/operands-of-derived-figures"
"""The query that says what a derived figure, which stands in no text, was made of."""

_LARGEST = 2 * 1024 * 1024
_BATCH = 500
_NUMBERS = frozenset({XSD.integer, XSD.decimal})
_SHORT, _LONG = 24, 40
_POINT, _DIGIT = "\u2008", "\u2007"  # spaces as wide as these

Leads = Callable[[str], str | None]
"""What gives the address that an IRI leads to."""
LEADS: Leads = Addresses().leads


@dataclass(frozen=True)
class Cell:
    """What a page shows of one term.

    Attributes
    ----------
    href
        Where it leads, if that is safe.
    whole
        The IRI whose label or short form the text is.
    kind
        How to set it: ``number``, ``short`` (never broken), ``long`` (one long word), ``prose``, or nothing special.
    language
        Of a text in a language other than that of the pages.
    """

    text: str
    href: str | None = None
    whole: str | None = None
    kind: str = ""
    language: str | None = None


@dataclass(frozen=True)
class Link:
    """A text that may lead somewhere, and what is said after it."""

    text: str
    href: str | None
    note: str = ""


@dataclass(frozen=True)
class Issue:
    """The quality of a document as a source, and when it came out; empty where that is not known."""

    quality: str
    issued: str


@dataclass(frozen=True)
class Grid:
    """A table for a page: headings with the kind of their column, and rows of cells."""

    headings: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]


async def table(pool: Pool, query: NamedQuery, values: Mapping[str, str]) -> Table:
    """The answer of a named query, whole.

    Raises
    ------
    ParameterError
        The values do not fit.
    ResultTooLargeError
        It is too large to be held here; CSV and SPARQL JSON are streamed instead.
    """
    return await asked(pool, query.bind(values), tuple(column.name for column in query.columns))


async def names(pool: Pool, tables: Iterable[Table], language: str = ENGLISH) -> dict[str, Label]:
    """What the things of ours in some tables are called, by IRI; those without a label are left out."""
    terms = {term for content in tables for row in content.rows for term in row}
    return await named(
        pool, (t for t in terms if isinstance(t, ox.NamedNode) and t.value.startswith(iris.BASE)), language
    )


async def named(pool: Pool, things: Iterable[ox.NamedNode], language: str = ENGLISH) -> dict[str, Label]:
    """What some things are called, ours or not, likewise."""
    return labels(await all_labels(pool, things), language)


async def all_labels(pool: Pool, things: Iterable[ox.NamedNode]) -> Table:
    """The answer to `labels_query` for any number of things."""
    ordered, found = sorted(things, key=str), list[tuple[Term | None, ...]]()
    for start in range(0, len(ordered), _BATCH):
        found += (await asked(pool, labels_query(ordered[start : start + _BATCH]), LABELS)).rows
    return Table(LABELS, tuple(found))


async def issues(pool: Pool, documents: Iterable[str]) -> dict[str, Issue]:
    """The quality of some documents as sources and the day on which they came out, by IRI."""
    values = " ".join(sorted(str(ox.NamedNode(document)) for document in documents))
    query = f"""SELECT ?document ?quality (MAX(STR(?day)) AS ?issued) WHERE {{
      VALUES ?document {{ {values} }}
      OPTIONAL {{ ?document <{TT.sourceQuality}> ?quality }}
      OPTIONAL {{ ?document <{DCTERMS.issued}> ?day }}
    }} GROUP BY ?document ?quality"""
    found = await asked(pool, query, ("document", "quality", "issued")) if values else Table((), ())
    return {
        row["document"]: Issue(iris.local(row["quality"]) if row["quality"] else "", row["issued"])
        for row in texts(found)
    }


async def units(pool: Pool, records: Iterable[str]) -> dict[str, str]:
    """The codes of the units of some records, by IRI; those that are no figures are left out."""
    values = " ".join(sorted(str(ox.NamedNode(record)) for record in records))
    query = f"SELECT ?record ?unit WHERE {{ VALUES ?record {{ {values} }} ?record <{TT.unit}> ?unit }}"
    found = await asked(pool, query, ("record", "unit")) if values else Table((), ())
    return {row["record"]: iris.local(row["unit"]) for row in texts(found)}


async def asked(pool: Pool, query: str, columns: tuple[str, ...], limits: Limits | None = None) -> Table:
    """The answer to a SELECT query, whole; errors as for `table` and `Pool.answer`."""
    async with pool.answer(Request(query=query), limits) as answer:
        content = await answer.read(_LARGEST)
    solutions = cast(ox.QuerySolutions, ox.parse_query_results(content, ox.QueryResultsFormat.JSON))
    return Table(columns, tuple(tuple(solution[name] for name in columns) for solution in solutions))


def texts(content: Table) -> Iterator[dict[str, str]]:
    """The rows of a table by column: IRIs and literals as bare text, nothing where a variable is not bound."""
    for row in content.rows:
        yield dict(zip(content.columns, map(text_of, row), strict=True))


def grid(content: Table, named: Mapping[str, str] | None = None, language: str = ENGLISH, leads: Leads = LEADS) -> Grid:
    """A table for a page.

    Parameters
    ----------
    named
        Labels by IRI. With them a cell shows what a thing is called, a column of its label beside it is left out, and
        headings are words; without them all is shown as it was asked for.
    language
        The language of the page: a cell in any other says so.
    leads
        Where an IRI leads.
    """
    headings, columns = [], []
    for position, name in enumerate(content.columns):
        if named is None or not _names_another(name, content.columns):
            column = cells((row[position] for row in content.rows), named or {}, language, leads)
            numbers = any(cell.kind == "number" for cell in column)
            headings.append((name if named is None else _words(name), "number" if numbers else ""))
            columns.append(column)
    return Grid(tuple(headings), tuple(zip(*columns, strict=True)))


def cells(
    terms: Iterable[Term | None], named: Mapping[str, str], language: str = ENGLISH, leads: Leads = LEADS
) -> tuple[Cell, ...]:
    """The cells of one column; parameters as of `grid`."""
    column = Table(("term",), tuple((term,) for term in terms))
    written = zip(column.rows, to_rows(column), strict=True)
    return tuple(_aligned([_cell(term, text, named, language, leads) for (term,), (text,) in written]))


def _names_another(column: str, columns: Sequence[str]) -> bool:
    """Whether a column holds the labels of another: ``documentLabel`` beside ``document``, ``label`` of the first."""
    thing = columns[0] if column == "label" else column.removesuffix("Label")
    return thing != column and thing in columns


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _cell(term: Term | None, text: str, named: Mapping[str, str], language: str, leads: Leads) -> Cell:
    if isinstance(term, ox.NamedNode):
        label = named.get(term.value, text)
        tag = None if not isinstance(label, Label) or label.is_in(language) else label.language
        return Cell(label, leads(term.value), term.value if label != term.value else None, _kind(label), tag)
    if not isinstance(term, ox.Literal):
        return Cell(text, kind=_kind(text))
    kind = "number" if term.datatype.value in _NUMBERS else _kind(text)
    tag = None if Label(text, term.language or "").is_in(language) else term.language
    return Cell(text, kind=kind, language=tag)


def _kind(text: str) -> str:
    if len(text) <= _SHORT:
        return "short"
    return "long" if " " not in text else "prose" if len(text) > _LONG else ""


def _aligned(cells: Sequence[Cell]) -> list[Cell]:
    """The cells of one column; where all are numbers, with their points below each other.

    What fills them up is spaces as wide as a point and a digit: noughts would claim digits that nobody stated.
    """
    if not all(cell.kind == "number" for cell in cells if cell.text):
        return [replace(cell, kind="short") if cell.kind == "number" else cell for cell in cells]
    places = [len(cell.text.partition(".")[2]) for cell in cells]
    most = max(places, default=0)
    spaces = [f"{_POINT * (most > 0 == own)}{_DIGIT * (most - own)}" for own in places]
    return [replace(cell, text=cell.text + space) for cell, space in zip(cells, spaces, strict=True)]


def href(iri: str) -> str | None:
    """Where an IRI from the data may lead: see `Addresses.leads`."""
    return LEADS(iri)


def evidence(record: str) -> str:
    """The address of what a record rests on: its place in the text or, derived, what it was made of."""
    derived = record.startswith(f"{iris.ID}obs/derived/")
    return f"/queries/{OPERANDS if derived else PLACES}?{urlencode({'record': record})}"
