r"""The dataset that a query states: its ``FROM`` and ``FROM NAMED``, as IRIs resolved against BASE and PREFIX.

The engine stays the judge of the text. The words that look like dataset clauses are taken out; only if the rest still
parses and uses FROM nowhere were they the clauses, all of them. The IRIs are those that the engine makes of the same
words behind the same prologue. https://www.w3.org/TR/sparql11-query/#specifyingDataset
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.errors import QueryError, QuerySyntaxError
from kg.sparql.clauses import has_clause, syntax_error
from kg.sparql.prologue import iris, is_name, words


@dataclass(frozen=True)
class Dataset:
    """The graphs whose merge is the default graph, and those that GRAPH can name; each once, in the order stated."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def graphs(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(dict.fromkeys(self.default + self.named))


@dataclass(frozen=True)
class _Clause:
    """One clause as words of the text."""

    named: bool
    graph: str


def dataset_of(query: str, base: str | None = None) -> Dataset | None:
    """The dataset that a query states, None if it states none.

    Parameters
    ----------
    base
        What relative IRIs are resolved against where the query has no BASE.

    Raises
    ------
    QuerySyntaxError
        The text is not SPARQL.
    QueryError
        It has dataset clauses that cannot be made out.

    Notes
    -----
    One parse of the text where the word "from" occurs in it; four where it is a clause.

    Examples
    --------
    >>> dataset_of("PREFIX e: <http://example.org/> ASK FROM e:a FROM NAMED <x:b> {}")
    Dataset(default=('http://example.org/a',), named=('x:b',))
    """
    if not has_clause(query, "FROM", base):
        return None
    if error := syntax_error(query, base):
        raise QuerySyntaxError(str(error)) from error
    found = words(query)
    for begin, end in _runs(found):
        rest = f"{query[: found[begin].start()]} {query[found[end - 1].end() :]}"
        if not has_clause(rest, "FROM", base):
            clauses = list(_clauses(found[begin:end]))
            return _dataset(clauses, iris(query, found, [clause.graph for clause in clauses], base))
    raise QueryError("the dataset clauses (FROM) cannot be made out; state the graphs as default-graph-uri instead")


def _runs(words: Sequence[re.Match[str]]) -> Iterator[tuple[int, int]]:
    """Where clauses seem to stand one behind the other: the first word and the one after the last."""
    begin = place = 0
    while place < len(words):
        if size := _clause_size(words, place):
            place += size
        else:
            if begin < place:
                yield begin, place
            place += 1
            begin = place
    if begin < place:
        yield begin, place


def _clause_size(words: Sequence[re.Match[str]], place: int) -> int:
    """How many words a clause has that begins here, 0 if none seems to."""
    if words[place][0].upper() != "FROM":
        return 0
    size = 3 if place + 1 < len(words) and words[place + 1][0].upper() == "NAMED" else 2
    return size if place + size <= len(words) and is_name(words[place + size - 1][0]) else 0


def _clauses(words: Sequence[re.Match[str]]) -> Iterator[_Clause]:
    place = 0
    while size := _clause_size(words, place) if place < len(words) else 0:
        yield _Clause(named=size > 2, graph=words[place + size - 1][0])  # noqa: PLR2004  (FROM NAMED has three words)
        place += size


def _dataset(clauses: Sequence[_Clause], graphs: Sequence[str]) -> Dataset:
    default, named = (
        tuple(dict.fromkeys(graph for graph, clause in zip(graphs, clauses, strict=True) if clause.named is wanted))
        for wanted in (False, True)
    )
    return Dataset(default, named)
