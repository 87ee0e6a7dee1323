"""What pages show of tables: whole answers of named queries, names in place of IRIs, cells that lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast
from urllib.parse import urlencode

import pyoxigraph as ox

from kg import iris
from kg.queries import NamedQuery, Table, to_rows
from kg.queries.labels import ENGLISH, labels, labels_query
from kg.store.base import Term, text_of
from kg.store.querying.base import Pool
from kg.store.querying.requests import Request
from kg.vocabulary import DCTERMS, TT, XSD

PLACES = "provenance/places-in-text"
"""The query that says where in the text a record stands."""
OPERANDS = "provenance/operands-of-derived-figures"
"""The query that says what a derived figure, which stands in no text, was made of."""

_LARGEST = 2 * 1024 * 1024
_NUMBERS = frozenset({XSD.integer, XSD.decimal})
_OUTSIDE = ("http://", "https://")
_LEADS = (
    (re.compile(r"obs/derived/[^/]+"), OPERANDS, "record"),
    (re.compile(r"(?:obs|finding|recommendation|mention|edition-statement)/.+"), PLACES, "record"),
    (re.compile(r"doc/[^/]+"), PLACES, "document"),
)
_SHORT, _LONG = 24, 40
_POINT, _DIGIT = "\u2008", "\u2007"  # spaces as wide as these


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
    return await _asked(pool, query.bind(values), tuple(column.name for column in query.columns))


async def names(pool: Pool, tables: Iterable[Table], language: str = ENGLISH) -> dict[str, str]:
    """What the things of ours in some tables are called, by IRI; those without a label are left out."""
    terms = {term for content in tables for row in content.rows for term in row}
    things = [term for term in terms if isinstance(term, ox.NamedNode) and term.value.startswith(iris.BASE)]
    return labels(await _asked(pool, labels_query(things, language), ("thing", "label")), language) if things else {}


async def issues(pool: Pool, documents: Iterable[str]) -> dict[str, Issue]:
    """The quality of some documents as sources and the day on which they came out, by IRI."""
    values = " ".join(sorted(str(ox.NamedNode(document)) for document in documents))
    query = f"""SELECT ?document ?quality (MAX(STR(?day)) AS ?issued) WHERE {{
      VALUES ?document {{ {values} }}
      OPTIONAL {{ ?document <{TT.sourceQuality}> ?quality }}
      OPTIONAL {{ ?document <{DCTERMS.issued}> ?day }}
    }} GROUP BY ?document ?quality"""
    found = await _asked(pool, query, ("document", "quality", "issued")) if values else Table((), ())
    return {
        row["document"]: Issue(iris.local(row["quality"]) if row["quality"] else "", row["issued"])
        for row in texts(found)
    }


async def units(pool: Pool, records: Iterable[str]) -> dict[str, str]:
    """The codes of the units of some records, by IRI; those that are no figures are left out."""
    values = " ".join(sorted(str(ox.NamedNode(record)) for record in records))
    query = f"SELECT ?record ?unit WHERE {{ VALUES ?record {{ {values} }} ?record <{TT.unit}> ?unit }}"
    found = await _asked(pool, query, ("record", "unit")) if values else Table((), ())
    return {row["record"]: iris.local(row["unit"]) for row in texts(found)}


async def _asked(pool: Pool, query: str, columns: tuple[str, ...]) -> Table:
    async with pool.answer(Request(query=query)) as answer:
        content = await answer.read(_LARGEST)
    solutions = cast(ox.QuerySolutions, ox.parse_query_results(content, ox.QueryResultsFormat.JSON))
    return Table(columns, tuple(tuple(solution[name] for name in columns) for solution in solutions))


def texts(content: Table) -> Iterator[dict[str, str]]:
    """The rows of a table by column: IRIs and literals as bare text, nothing where a variable is not bound."""
    for row in content.rows:
        yield dict(zip(content.columns, map(text_of, row), strict=True))


def grid(content: Table, named: Mapping[str, str] | None = None) -> Grid:
    """A table for a page.

    Parameters
    ----------
    named
        Labels by IRI. With them a cell shows what a thing is called, a column of its label beside it is left out, and
        headings are words; without them all is shown as it was asked for.
    """
    written = tuple(to_rows(content))
    headings, columns = [], []
    for position, name in enumerate(content.columns):
        if named is None or not _names_another(name, content.columns):
            terms = zip((row[position] for row in content.rows), (row[position] for row in written), strict=True)
            cells = _aligned([_cell(term, text, named or {}) for term, text in terms])
            numbers = any(cell.kind == "number" for cell in cells)
            headings.append((name if named is None else _words(name), "number" if numbers else ""))
            columns.append(cells)
    return Grid(tuple(headings), tuple(zip(*columns, strict=True)))


def _names_another(column: str, columns: Sequence[str]) -> bool:
    """Whether a column holds the labels of another: ``documentLabel`` beside ``document``, ``label`` of the first."""
    thing = columns[0] if column == "label" else column.removesuffix("Label")
    return thing != column and thing in columns


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _cell(term: Term | None, text: str, named: Mapping[str, str]) -> Cell:
    if isinstance(term, ox.NamedNode):
        text = named.get(term.value, text)
        return Cell(text, href(term.value), term.value if text != term.value else None, _kind(text))
    if not isinstance(term, ox.Literal):
        return Cell(text, kind=_kind(text))
    kind = "number" if term.datatype.value in _NUMBERS else _kind(text)
    return Cell(text, kind=kind, language=term.language if term.language != ENGLISH else None)


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
    """Where an IRI from the data may lead: a record or document of ours to its places, an outside one to itself.

    Data is not trusted: ``javascript:`` and whatever else is no web address leads nowhere.
    """
    path = iri.removeprefix(iris.ID)
    for pattern, query, parameter in _LEADS:
        if path != iri and pattern.fullmatch(path):
            return f"/queries/{query}?{urlencode({parameter: iri})}"
    return iri if iri.startswith(_OUTSIDE) and not iri.startswith(iris.BASE) else None
