"""Any SPARQL 1.1 server as a store: queries go out as the SPARQL Protocol has them, answers come in."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import IO, Any, Literal, TypeVar, cast

import pyoxigraph as ox

from kg.errors import QueryError, ReadOnlyError
from kg.store.base import Row
from kg.store.pieces import Pieces
from kg.store.remote.server import Connection, Fields, Server, media_type

RESULTS = "application/sparql-results+json, application/sparql-results+xml;q=0.5"
TRIPLES = "application/n-triples, text/turtle;q=0.5"

_EITHER = {
    RESULTS: f"{RESULTS}, application/n-triples;q=0.1",
    TRIPLES: f"{TRIPLES}, application/sparql-results+json;q=0.1",
}
"""The other kind as well, so that a query of the wrong form is told from one that fails."""
_BATCH = 10_000
_T = TypeVar("_T")


class RemoteStore:
    """A `kg.store.base.Store` over a server.

    Parameters
    ----------
    default_graph
        What a query is asked of that names no graphs: ``"own"``, whatever the server makes of it; ``"union"``, the
        merge of its named graphs, which are listed before each such query.
    writable
        Whether it may be written to.
    """

    def __init__(
        self, connection: Connection, *, default_graph: Literal["own", "union"] = "own", writable: bool = False
    ) -> None:
        self._connection = connection
        self._server = connection.server
        self._union = default_graph == "union"
        self._writable = writable

    @property
    def called(self) -> str:
        """What the server is called in errors."""
        return self._server.called

    @property
    def alone(self) -> threading.RLock:
        """What threads that share the connection hold while they ask."""
        return self._connection.alone

    def select(self, query: str, *, graphs: Sequence[str] | None = None) -> Iterator[Row]:
        """See `kg.store.base.Store.select`; further errors are a StoreError."""
        answer = self._asked(query, graphs, RESULTS)
        results: object = answer.read(_results)
        if not isinstance(results, ox.QuerySolutions):
            answer.close()
            raise QueryError("expected a SELECT query")
        names = [variable.value for variable in results.variables]
        return answer.items(
            results, lambda solution: {name: term for name in names if (term := solution[name]) is not None}
        )

    def ask(self, query: str, *, graphs: Sequence[str] | None = None) -> bool:
        """See `kg.store.base.Store.ask`; further errors are a StoreError."""
        with self._asked(query, graphs, RESULTS) as answer:
            results = answer.read(_results)
            if not isinstance(results, ox.QueryBoolean):
                del results  # as in `_Answer.items`
                raise QueryError("expected an ASK query")
            return bool(results)

    def construct(self, query: str, *, graphs: Sequence[str] | None = None) -> Iterator[ox.Triple]:
        """See `kg.store.base.Store.construct`; further errors are a StoreError."""
        answer = self._asked(query, graphs, TRIPLES)
        if ox.QueryResultsFormat.from_media_type(answer.media_type):
            answer.close()
            raise QueryError("expected a CONSTRUCT or DESCRIBE query")
        return answer.items(answer.read(_triples), lambda quad: quad.triple)

    def graphs(self) -> list[str]:
        """See `kg.store.base.Store.graphs`."""
        return sorted(str(row["g"])[1:-1] for row in self._graphs())

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """See `kg.store.base.Store.quads`: one graph after the other."""
        for name in self.graphs() if graph is None else [graph]:
            node = ox.NamedNode(name)
            for triple in self.construct(f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH {node} {{ ?s ?p ?o }} }}"):
                yield ox.Quad(triple.subject, triple.predicate, triple.object, node)

    def apply(self, added: Iterable[ox.Quad], removed: Iterable[ox.Quad]) -> None:
        """See `kg.store.base.Store.apply`: in several updates if there is much, each of which is done or not.

        Raises
        ------
        ReadOnlyError
            The store is open for reading.
        StoreError
            The server did not carry out an update; those before it stay done.
        """
        if not self._writable:
            raise ReadOnlyError(f"{self.called} is open for reading only")
        for operation, quads in (("DELETE", iter(removed)), ("INSERT", iter(added))):
            while batch := list(islice(quads, _BATCH)):
                self._connection.update(f"{operation} DATA {{\n{data(batch)}}}")

    def _graphs(self) -> Iterator[Row]:
        answer = _Answer(self._connection, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", (), RESULTS)
        results: Any = answer.read(_results)
        return answer.items(results, lambda solution: {"g": solution["g"]})

    def _asked(self, query: str, graphs: Sequence[str] | None, accept: str) -> _Answer:
        fields = [("default-graph-uri", graph) for graph in graphs or ()]
        if graphs is None and self._union:
            fields = dataset(self.graphs())
        return _Answer(self._connection, query, fields, _EITHER[accept])


def dataset(default: Iterable[str], named: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """Fields of the protocol that state a dataset; the graphs of the default graph can be named too, unless told."""
    default = list(default)
    return [("default-graph-uri", graph) for graph in default] + [
        ("named-graph-uri", graph) for graph in (default if named is None else named)
    ]


def data(quads: Iterable[ox.Quad]) -> str:
    """Quads as they stand in INSERT DATA and DELETE DATA."""
    return "".join(f"GRAPH {quad.graph_name} {{ {quad.triple} }}\n" for quad in quads)


class _Answer:
    """The answer to a query: what is read of it ends with it."""

    def __init__(self, connection: Connection, query: str, fields: Fields, accept: str) -> None:
        self._server = connection.server
        self._open = ExitStack()
        self._response = self._open.enter_context(connection.asked(query, fields, accept))
        self.media_type = media_type(self._response)

    def __enter__(self) -> _Answer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Read no more."""
        self._open.close()

    def read(self, reader: Callable[[Server, str, IO[bytes]], _T]) -> _T:
        """The beginning of what a reader makes of it."""
        stream = cast(IO[bytes], io.BufferedReader(Pieces(self._response.iter_bytes())))
        try:
            with self._server.explained():
                return reader(self._server, self.media_type, stream)
        except BaseException:
            self.close()
            raise

    def items(self, found: Iterable[Any], converted: Callable[[Any], _T]) -> Iterator[_T]:
        """What was found, as it comes."""
        try:
            with self, self._server.explained():
                for item in found:
                    yield converted(item)
        finally:
            del found  # an error keeps its frames, and a parser must end in its own thread


def _results(server: Server, kind: str, stream: IO[bytes]) -> ox.QuerySolutions | ox.QueryBoolean | None:
    form = ox.QueryResultsFormat.from_media_type(kind)
    if form is None and ox.RdfFormat.from_media_type(kind):
        return None
    if form is None:
        raise server.no_endpoint(kind)
    return ox.parse_query_results(stream, form)


def _triples(server: Server, kind: str, stream: IO[bytes]) -> Iterator[ox.Quad]:
    syntax = ox.RdfFormat.from_media_type(kind)
    if syntax is None:
        raise server.no_endpoint(kind)
    return iter(ox.parse(stream, format=syntax, base_iri=server.url))
