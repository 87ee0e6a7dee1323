"""The beginning of an answer as a table: as much as a page shows, whatever the kind of query and the answer's size.

A row here is a solution, a triple, or what ASK says. The rest of a long answer is not read: its query is ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pyoxigraph as ox

from kg.queries import Table
from kg.serve.negotiation import GRAPHS, RESULTS
from kg.store.base import Term
from kg.store.querying.base import Answer, Pool
from kg.store.querying.requests import Request

ROWS = 200
"""How many rows a page shows."""

_LARGEST = 2 * 1024 * 1024

_Row = tuple[Term | None, ...]


@dataclass(frozen=True)
class Excerpt:
    """The first rows of an answer, whether it goes on, and whether its rows are triples."""

    table: Table
    more: bool
    triples: bool


async def excerpt(pool: Pool, question: Request) -> Excerpt:
    """The first rows of the answer; errors as `Pool.answer`."""
    question = replace(question, results_format=RESULTS["srj"], graph_format=GRAPHS["ntriples"])
    async with pool.answer(question) as answer:
        content = await _beginning(answer)
        whole = answer.received
    columns, rows, more = _parsed(answer.media_type, content, whole=whole)
    return Excerpt(Table(columns, rows), more, triples=answer.media_type == GRAPHS["ntriples"])


async def _beginning(answer: Answer) -> bytes:
    content = bytearray()
    async for part in answer:
        content += part
        if len(content) > _LARGEST:
            break
    return bytes(content)


def _parsed(media_type: str, content: bytes, *, whole: bool) -> tuple[tuple[str, ...], tuple[_Row, ...], bool]:
    """The names of the columns, as many rows as are shown, and whether there are more."""
    if media_type == GRAPHS["ntriples"]:
        triples = ox.parse(content, ox.RdfFormat.N_TRIPLES)
        rows = ((item.subject, item.predicate, item.object) for item in triples)
        return ("subject", "predicate", "object"), *_taken(rows, whole=whole)
    results = ox.parse_query_results(content, ox.QueryResultsFormat.JSON)
    try:
        if isinstance(results, ox.QueryBoolean):
            return ("answer",), ((ox.Literal(bool(results)),),), False
        return tuple(variable.value for variable in results.variables), *_taken(map(tuple, results), whole=whole)
    finally:
        del results  # an error keeps its frames, and what the library made must end in its own thread


def _taken(rows: Iterator[_Row], *, whole: bool) -> tuple[tuple[_Row, ...], bool]:
    """As many rows as are shown, and whether there are more; a row that is cut off is none."""
    taken: list[_Row] = []
    try:
        for row in rows:
            if len(taken) == ROWS:
                return tuple(taken), True
            taken.append(row)
    except SyntaxError:
        if whole:
            raise
    finally:
        del rows  # as above
    return tuple(taken), not whole
