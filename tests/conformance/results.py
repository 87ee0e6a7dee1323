"""Answers to queries as values that can be compared: solutions, a boolean or triples.

Solutions are compared as the W3C's result-set vocabulary writes them: each is a node with its bindings, and with its
place where the order matters or else how often it occurs. So one notion of sameness, isomorphism, serves everything,
and blank nodes that two solutions share must be shared in the answer too.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from . import rdf
from .rdf import RDF, RS, Graph, Term

Solution = Mapping[str, Term]
CSV = "text/csv"
MEDIA_TYPES = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".tsv": "text/tab-separated-values",
    ".csv": CSV,
}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True)
class Solutions:
    """The answer to SELECT; `ordered` where the place of each solution is part of it."""

    variables: frozenset[str]
    rows: tuple[Solution, ...]
    ordered: bool = False


Answer = Solutions | bool | tuple[ox.Triple, ...]


def expected(file: Path, base: str) -> Answer:
    """The answer in a file of the suite: a results format, a graph, or a result set written as a graph."""
    media_type = MEDIA_TYPES.get(file.suffix)
    if media_type:
        return answer(file.read_bytes(), media_type, base)
    graph = rdf.graph(file, base)
    for result_set in graph.subjects(f"{RDF}type"):
        if graph.value(result_set, f"{RDF}type") == ox.NamedNode(f"{RS}ResultSet"):
            return _result_set(graph, result_set)
    return graph.triples


def answer(content: bytes, content_type: str, base: str) -> Answer:
    """The answer that a server sent.

    Raises
    ------
    SyntaxError, ValueError
        The content is not what its type says, or the type is none of an answer.
    """
    media_type = content_type.partition(";")[0].strip()
    if media_type == CSV:
        return _table(content)
    results_format = ox.QueryResultsFormat.from_media_type(media_type)
    if results_format is None:
        syntax = ox.RdfFormat.from_media_type(media_type)
        if syntax is None:
            raise ValueError(f"an answer of the type {content_type or 'nothing'}")
        return tuple(quad.triple for quad in ox.parse(content, format=syntax, base_iri=base))
    results = ox.parse_query_results(content, format=results_format)
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    names = [variable.value for variable in results.variables]
    rows = tuple({name: term for name in names if (term := row[name]) is not None} for row in results)
    return Solutions(frozenset(names), rows)


def difference(wanted: Answer, found: Answer, *, lax: bool = False) -> str:
    """In what an answer differs from the one wanted, as text; empty if it is the same.

    Parameters
    ----------
    lax
        Equal solutions may occur less often than wanted (``mf:LaxCardinality``, for REDUCED).
    """
    if isinstance(wanted, bool) or isinstance(found, bool):
        return "" if wanted is found else f"expected {wanted}, found {found}"
    if isinstance(wanted, Solutions) and isinstance(found, Solutions):
        return _difference(wanted, found, lax)
    if isinstance(wanted, Solutions) or isinstance(found, Solutions):
        return f"expected {type(wanted).__name__}, found {type(found).__name__}"
    return rdf.difference(*(rdf.canonical(ox.Quad(*triple) for triple in side) for side in (wanted, found)))


def _difference(wanted: Solutions, found: Solutions, lax: bool) -> str:
    if wanted.variables != found.variables:
        return f"expected the variables {sorted(wanted.variables)}, found {sorted(found.variables)}"
    form = _places if wanted.ordered else _once if lax else _counts
    return rdf.difference(_canonical(form(wanted.rows)), _canonical(form(found.rows)))


def _table(content: bytes) -> Solutions:
    header, *lines = csv.reader(io.StringIO(content.decode(), newline=""))
    rows = tuple({name: _cell(text) for name, text in zip(header, line, strict=True) if text} for line in lines)
    return Solutions(frozenset(header), rows)


def _cell(text: str) -> Term:
    """What CSV leaves of a term; a number stands for its value there as it does elsewhere."""
    if text.startswith("_:"):
        return ox.BlankNode(text[2:])
    return ox.Literal(float(text)) if _NUMBER.fullmatch(text) else ox.Literal(text)


def _result_set(graph: Graph, node: Term) -> Answer:
    boolean = graph.text(node, f"{RS}boolean")
    if boolean is not None:
        return boolean == "true"
    variables = frozenset(str(term.value) for term in graph.objects(node, f"{RS}resultVariable"))  # type: ignore[union-attr]
    solutions = [(graph.text(node, f"{RS}index"), node) for node in graph.objects(node, f"{RS}solution")]
    ordered = all(place for place, _ in solutions)
    if ordered:
        solutions.sort(key=lambda solution: int(solution[0] or 0))
    return Solutions(variables, tuple(dict(_bindings(graph, solution)) for _, solution in solutions), ordered)


def _bindings(graph: Graph, solution: Term) -> Iterator[tuple[str, Term]]:
    for binding in graph.objects(solution, f"{RS}binding"):
        name, value = graph.text(binding, f"{RS}variable"), graph.value(binding, f"{RS}value")
        assert name is not None and value is not None
        yield name, value


def _places(rows: Iterable[Solution]) -> list[tuple[Solution, int]]:
    return [(row, place) for place, row in enumerate(rows)]


def _counts(rows: Iterable[Solution]) -> list[tuple[Solution, int]]:
    counts = Counter(frozenset((name, rdf.same_value(term)) for name, term in row.items()) for row in rows)
    return [(dict(row), count) for row, count in counts.items()]


def _once(rows: Iterable[Solution]) -> list[tuple[Solution, int]]:
    return [(row, 1) for row, _ in _counts(rows)]


def _canonical(rows: Iterable[tuple[Solution, int]]) -> list[str]:
    """Solutions with their number, as a canonical graph."""
    quads = []
    for row, number in rows:
        node = ox.BlankNode()
        quads.append(ox.Quad(node, ox.NamedNode(f"{RS}index"), ox.Literal(number)))
        quads.extend(ox.Quad(node, ox.NamedNode(f"{RS}value/{name}"), term) for name, term in row.items())
    return rdf.canonical(quads)
