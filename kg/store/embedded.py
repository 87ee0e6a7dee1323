"""Oxigraph in this process: on disk (one release's database) or in memory (tests, staging of small things).

Its errors are translated here. It has no timeout and no cancel: questions from outside go through a worker process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal, TypeVar

import pyoxigraph as ox

from kg.errors import QueryError, QuerySyntaxError, ReadOnlyError, SourceFormatError, StoreError
from kg.store.base import Row
from kg.store.durable import remedy

_T = TypeVar("_T")
_BATCH = 50_000
_NOWHERE = ox.DefaultGraph()


class EmbeddedStore:
    """A `kg.store.base.Store` over one Oxigraph database.

    Parameters
    ----------
    default_graph
        ``"union"``: a query that names no graph asks the union of the named graphs. Oxigraph then gives one solution
        per graph that holds a triple, so a database in which one stands in two has ``"materialised"`` its default
        graph, which holds each triple once; that of a plain folder is ``"own"``.
    """

    def __init__(
        self,
        database: ox.Store,
        *,
        read_only: bool = False,
        default_graph: Literal["union", "materialised", "own"] = "union",
    ) -> None:
        self._database = database
        self._read_only = read_only
        self._union = default_graph == "union"

    @classmethod
    def in_memory(cls) -> EmbeddedStore:
        """An empty store that lives as long as this object."""
        return cls(ox.Store())

    @classmethod
    def open(
        cls, path: Path, *, read_only: bool = True, default_graph: Literal["union", "materialised", "own"] = "union"
    ) -> EmbeddedStore:
        """The database in a folder.

        Raises
        ------
        StoreError
            The folder is not a database, or cannot be opened.
        """
        with _translated(f"cannot open the database {path}"):
            database = ox.Store.read_only(str(path)) if read_only else ox.Store(str(path))
        return cls(database, read_only=read_only, default_graph=default_graph)

    @classmethod
    def of_files(cls, files: Iterable[tuple[Path, str]]) -> EmbeddedStore:
        """An in-memory store of RDF files, each with the IRI of the graph that its triples go to.

        Raises
        ------
        SourceFormatError
            A file is not what its extension says.
        """
        store = cls.in_memory()
        for path, graph in files:
            with _translated(f"cannot read {path}"):
                try:
                    store._database.load(path=str(path), to_graph=ox.NamedNode(graph), base_iri=graph)
                except SyntaxError as error:
                    raise SourceFormatError(error.msg, file=str(path), line=error.lineno) from error
        return store

    @property
    def database(self) -> ox.Store:
        """The Oxigraph store itself, for what only it can do (bulk load, backup, serialisation)."""
        return self._database

    def select(self, query: str, *, graphs: Sequence[str] | None = None) -> Iterator[Row]:
        """See `kg.store.base.Store.select`."""
        results = self._evaluate(query, graphs)
        if not isinstance(results, ox.QuerySolutions):
            del results  # as in `_running`
            raise QueryError("expected a SELECT query")
        names = [variable.value for variable in results.variables]
        return _running(results, lambda solution: _row(names, solution))

    def ask(self, query: str, *, graphs: Sequence[str] | None = None) -> bool:
        """See `kg.store.base.Store.ask`."""
        results = self._evaluate(query, graphs)
        if not isinstance(results, ox.QueryBoolean):
            del results  # as in `_running`
            raise QueryError("expected an ASK query")
        return bool(results)

    def construct(self, query: str, *, graphs: Sequence[str] | None = None) -> Iterator[ox.Triple]:
        """See `kg.store.base.Store.construct`."""
        results = self._evaluate(query, graphs)
        if not isinstance(results, ox.QueryTriples):
            del results  # as in `_running`
            raise QueryError("expected a CONSTRUCT or DESCRIBE query")
        return _running(results, lambda triple: triple)

    def graphs(self) -> list[str]:
        """See `kg.store.base.Store.graphs`."""
        with _translated("the graphs cannot be listed"):
            return sorted(graph.value for graph in self._database.named_graphs())

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """See `kg.store.base.Store.quads`."""
        name = None if graph is None else ox.NamedNode(graph)
        with _translated("the quads cannot be read"):
            found = self._database.quads_for_pattern(None, None, None, name)
        return (quad for quad in _running(found, lambda quad: quad) if quad.graph_name != _NOWHERE)

    def apply(self, added: Iterable[ox.Quad], removed: Iterable[ox.Quad]) -> None:
        """See `kg.store.base.Store.apply`.

        Raises
        ------
        ReadOnlyError
            The store is open for reading.
        StoreError
            The database could not be written; part of the change may be.
        """
        if self._read_only:
            raise ReadOnlyError("this release is published and cannot be changed; build a new one")
        with _translated("the change could not be written"):
            for quad in removed:
                self._database.remove(quad)
            quads = iter(added)
            while batch := list(islice(quads, _BATCH)):
                self._database.extend(batch)

    def load(self, stream: IO[bytes]) -> None:
        """Add the quads of an N-Quads stream in bulk: half the cost of `apply`, from some ten thousand quads on.

        The lines must be canonical ones (`kg.store.canonical`): they are not checked again.
        """
        if self._read_only:
            raise ReadOnlyError("this release is published and cannot be changed; build a new one")
        with _translated("the quads could not be loaded"):
            self._database.bulk_load(stream, format=ox.RdfFormat.N_QUADS, lenient=True)

    def backup(self, target: Path) -> None:
        """Copy the database by hard links into a folder that does not exist yet: milliseconds, whatever its size."""
        with _translated(f"cannot copy the database to {target}"):
            self._database.backup(str(target))

    @classmethod
    def copy(cls, source: Path, target: Path) -> None:
        """Copy the database in a folder, which somebody may have open; see `backup`."""
        store = cls.open(source)
        try:
            store.backup(target)
        finally:
            store.close()

    def close(self) -> None:
        """Write what is pending and let go of the files, as soon as no iterator over an answer is left."""
        try:
            if not self._read_only:
                with _translated("the database could not be written"):
                    self._database.flush()
        finally:
            del self._database

    def _evaluate(self, query: str, graphs: Sequence[str] | None) -> Any:
        dataset: dict[str, Any] = {"use_default_graph_as_union": self._union}
        if graphs is not None:
            dataset = {"default_graph": [ox.NamedNode(graph) for graph in graphs]}
        with _translated("the query failed"):
            try:
                return self._database.query(query, **dataset)
            except SyntaxError as error:
                raise QuerySyntaxError(f"this is not SPARQL: {error}") from error


def _row(names: list[str], solution: ox.QuerySolution) -> Row:
    return {name: term for name in names if (term := solution[name]) is not None}


def _running(results: Iterable[Any], converted: Callable[[Any], _T]) -> Iterator[_T]:
    """Results as they come, with errors that come late translated too."""
    try:
        with _translated("the query failed while it ran"):
            for result in results:
                yield converted(result)
    finally:
        del results  # an error keeps its frames, and what the library made must end in its own thread


@contextmanager
def _translated(doing: str) -> Iterator[None]:
    """Turn the library's errors into ours."""
    try:
        yield
    except (SyntaxError, OSError, RuntimeError, ValueError) as error:
        raise StoreError(f"{doing}: {remedy(error)}") from error
