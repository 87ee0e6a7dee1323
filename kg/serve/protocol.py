"""What a request of the SPARQL 1.1 Protocol asks, read from its parameters and headers alone.

Comes in: pairs of names and values, from the address and the body, and the ``Accept`` header. Goes out: a `Request` for
the pool. https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

from starlette.exceptions import HTTPException

from kg.errors import NotAcceptableError, ParameterError, QueryError
from kg.serve.negotiation import GRAPHS, HTML, RESULTS, named, preferred
from kg.store.querying.workers import Request

LONGEST_QUERY = 1024 * 1024
"""Bytes that the text of a query may have in UTF-8."""

_MOST_BYTES_OF_A_CHARACTER = 4
_RESULTS, _GRAPHS = tuple(RESULTS.values()), tuple(GRAPHS.values())

Pairs = list[tuple[str, str]]


def question(pairs: Pairs, accept: str, base: str | None = None) -> Request:
    """The query, its dataset and the formats that suit the client.

    Parameters
    ----------
    base
        The address of the endpoint, which relative IRIs are resolved against.

    Raises
    ------
    QueryError, ParameterError
        There is not exactly one query, or a parameter is wrong.
    NotAcceptableError
        The client takes no format of either kind.
    HTTPException
        The query is too long (413).
    """
    results_format, graph_format = _formats(pairs, accept)
    return Request(
        query=_query(pairs),
        results_format=results_format,
        graph_format=graph_format,
        default_graphs=values(pairs, "default-graph-uri"),
        named_graphs=values(pairs, "named-graph-uri"),
        base=base,
        timeout=_timeout(pairs),
    )


def page_wanted(pairs: Pairs, accept: str) -> bool:
    """Whether the client is a person with a browser."""
    for name in values(pairs, "format"):
        return name == "html"
    return preferred(accept, (*_RESULTS, *_GRAPHS, HTML)) == HTML


def nothing_asked(pairs: Pairs) -> bool:
    """Whether there is nothing to do with a query, at most a form: then the service itself is meant."""
    return all(name in ("format", "lang") for name, _ in pairs)


def values(pairs: Pairs, wanted: str) -> tuple[str, ...]:
    """All values of one parameter."""
    return tuple([value for name, value in pairs if name == wanted])


def graph_format(pairs: Pairs, accept: str) -> str | None:
    """The media type to write triples in; None if the client takes none."""
    for name in values(pairs, "format"):
        return named(name)[1]
    return preferred(accept, _GRAPHS)


def _formats(pairs: Pairs, accept: str) -> tuple[str | None, str | None]:
    """What to write solutions in and what triples; at least one of the two is not None."""
    for name in values(pairs, "format"):
        return named(name) if name != "html" else (None, None)
    formats = preferred(accept, _RESULTS), preferred(accept, _GRAPHS)
    if not any(formats) and preferred(accept, (HTML,)) is None:
        raise NotAcceptableError(accept, _RESULTS + _GRAPHS)
    return formats


def _query(pairs: Pairs) -> str:
    queries = values(pairs, "query")
    if len(queries) != 1:
        raise QueryError(f"a request holds one query, this one {len(queries) or 'none'}")
    text = queries[0]
    if len(text) * _MOST_BYTES_OF_A_CHARACTER > LONGEST_QUERY < len(text.encode(errors="surrogatepass")):
        raise HTTPException(413, f"a query may have {LONGEST_QUERY} bytes")
    return text


def _timeout(pairs: Pairs) -> float | None:
    for value in values(pairs, "timeout"):
        try:
            seconds = float(value)
        except ValueError:
            seconds = 0.0
        if not 0 < seconds < float("inf"):
            raise ParameterError("timeout", "a number of seconds above 0")
        return seconds
    return None
