"""Any SPARQL 1.1 server as a store, read over HTTP: queries go out as the SPARQL Protocol has them, answers come in.

The default graph of a query that names no graphs is whatever the server makes of it: often the union of its graphs,
sometimes a graph of its own. Redirects are not followed: they would lose the query, and might take a password
elsewhere.
"""

from __future__ import annotations

import base64
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from typing import IO, Any, NoReturn, cast
from urllib.parse import unquote, urlencode, urlsplit, urlunsplit

import pyoxigraph as ox

from kg.errors import (
    ConfigError,
    QueryError,
    QueryTimeoutError,
    ReadOnlyError,
    StoreError,
    StoreUnavailableError,
)
from kg.store.base import Row

_RESULTS, _TRIPLES = "application/sparql-results+json", "application/n-triples, text/turtle;q=0.5"
_EXCERPT = 500
_REFUSED = 400


class _Staying(urllib.request.HTTPRedirectHandler):
    """Makes an error of a redirect."""

    def redirect_request(self, *_: Any) -> None:
        """None: do not follow."""


_OPENER = urllib.request.build_opener(_Staying)


class RemoteStore:
    """A `kg.store.base.Store` over the query endpoint of a server; it cannot be written to.

    Parameters
    ----------
    url
        The address of the endpoint, ``http`` or ``https``; it may hold a name and password.
    timeout
        Seconds for which the server may be silent.

    Raises
    ------
    ConfigError
        The address is none of a server.
    """

    def __init__(self, url: str, *, timeout: float = 60.0) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(f"{url!r} is not the address of a SPARQL endpoint, such as http://localhost:8000/sparql")
        self._headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "kg"}
        if parts.username is not None:
            words = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            self._headers["Authorization"] = f"Basic {base64.b64encode(words).decode()}"
        self.url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        self._timeout = timeout

    def select(self, query: str, *, graphs: Sequence[str] | None = None) -> Iterator[Row]:
        """See `kg.store.base.Store.select`; further errors are a StoreError."""
        with self._asked(query, graphs, _RESULTS) as answer:
            results = self._parsed(answer)
            if not isinstance(results, ox.QuerySolutions):
                raise QueryError("expected a SELECT query")
            names = [variable.value for variable in results.variables]
            for solution in results:
                yield {name: term for name in names if (term := solution[name]) is not None}

    def ask(self, query: str, *, graphs: Sequence[str] | None = None) -> bool:
        """See `kg.store.base.Store.ask`; further errors are a StoreError."""
        with self._asked(query, graphs, _RESULTS) as answer:
            results = self._parsed(answer)
            if not isinstance(results, ox.QueryBoolean):
                raise QueryError("expected an ASK query")
            return bool(results)

    def construct(self, query: str, *, graphs: Sequence[str] | None = None) -> Iterator[ox.Triple]:
        """See `kg.store.base.Store.construct`; further errors are a StoreError."""
        with self._asked(query, graphs, _TRIPLES) as answer:
            syntax = ox.RdfFormat.from_media_type(_media_type(answer))
            if syntax is None:
                self._no_answer(answer)
            yield from (quad.triple for quad in ox.parse(cast(IO[bytes], answer), format=syntax, base_iri=self.url))

    def graphs(self) -> list[str]:
        """See `kg.store.base.Store.graphs`."""
        return sorted(str(row["g"])[1:-1] for row in self.select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"))

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """See `kg.store.base.Store.quads`: one graph after the other."""
        for name in self.graphs() if graph is None else [graph]:
            node = ox.NamedNode(name)
            for triple in self.construct(f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH {node} {{ ?s ?p ?o }} }}"):
                yield ox.Quad(triple.subject, triple.predicate, triple.object, node)

    def apply(self, added: Iterable[ox.Quad], removed: Iterable[ox.Quad]) -> None:  # noqa: ARG002
        """See `kg.store.base.Store.apply`."""
        raise ReadOnlyError(f"{self.url} is open for reading only")

    @contextmanager
    def _asked(self, query: str, graphs: Sequence[str] | None, accept: str) -> Iterator[Any]:
        """The answer of the server, while it is read."""
        form = urlencode([("query", query), *(("default-graph-uri", graph) for graph in graphs or ())])
        request = urllib.request.Request(  # noqa: S310  (the constructor has looked at the scheme)
            self.url, form.encode(), {**self._headers, "Accept": accept}
        )
        with self._explained():
            try:
                with _OPENER.open(request, timeout=self._timeout) as answer:
                    yield answer
            except urllib.error.HTTPError as error:
                self._refused(error)

    def _parsed(self, answer: Any) -> ox.QuerySolutions | ox.QueryBoolean:
        form = ox.QueryResultsFormat.from_media_type(_media_type(answer))
        if form is None:
            self._no_answer(answer)
        return ox.parse_query_results(cast(IO[bytes], answer), form)

    def _no_answer(self, answer: Any) -> NoReturn:
        raise StoreError(
            f"{self.url} answers with {_media_type(answer) or 'something'}, not as a SPARQL endpoint does;"
            " give the address of the endpoint itself, such as http://localhost:8000/sparql"
        )

    def _refused(self, error: urllib.error.HTTPError) -> NoReturn:
        with error:
            text = " ".join(error.read(_EXCERPT).decode(errors="replace").split())
        told = f"{self.url} answers {error.code} {error.reason}: {text}"
        raise QueryError(told) if error.code == _REFUSED else StoreError(told)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except TimeoutError as error:
            raise self._late() from error
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise self._late() from error
            raise StoreUnavailableError(f"{self.url} cannot be reached: {error.reason}") from error
        except (OSError, HTTPException, SyntaxError, ValueError) as error:
            raise StoreError(f"the answer of {self.url} cannot be read: {error}") from error

    def _late(self) -> QueryTimeoutError:
        return QueryTimeoutError(f"{self.url} was silent for {self._timeout:g} seconds")


def _media_type(answer: Any) -> str:
    return str(answer.headers.get("Content-Type", "")).partition(";")[0].strip().lower()
