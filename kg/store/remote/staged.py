"""Graphs of a release on a server, beside those that are in place: planned, sent, compared, moved by one update."""

from __future__ import annotations

import heapq
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from kg import iris
from kg.errors import StoreError
from kg.store import segments
from kg.store.base import text_of
from kg.store.manifest import Manifest
from kg.store.release import Release
from kg.store.remote.comparing import compare, counted, some
from kg.store.remote.release import description
from kg.store.remote.server import Connection
from kg.store.remote.store import RemoteStore

Progress = Callable[[str], None]

_CHUNK_BYTES = 1 << 20
_STAGED = f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), '{iris.GRAPHS_STAGED}')) }}"


@dataclass(frozen=True)
class Plan:
    """What is to be done to a server that holds one release, or nothing of ours, so that it holds another.

    Parameters
    ----------
    send
        Names of the segments whose graphs are sent.
    drop
        Graphs that are no more.
    """

    send: tuple[str, ...]
    drop: tuple[str, ...]

    @classmethod
    def between(cls, before: Manifest | None, after: Manifest) -> Plan:
        """A segment that the server has as it is to be is not sent."""
        had = {each.digest for each in before.segments.values()} if before else set()
        send = [name for name, segment in sorted(after.segments.items()) if segment.digest not in had]
        gone = set(before.graphs if before else ()) - set(after.graphs)
        if before and before.default_graph == "materialised" and after.default_graph == "union":
            gone.add(iris.GRAPH_MERGED)
        return cls(tuple(send), tuple(sorted(gone)))


class Staged:
    """Graphs beside those of the release, where they lie until they are moved into place."""

    def __init__(self, connection: Connection, store: RemoteStore) -> None:
        self._connection = connection
        self._store = store
        self._space = f"{iris.GRAPHS_STAGED}{secrets.token_hex(8)}/"
        self._places: dict[str, str] = {}

    def clear(self) -> None:
        """Remove what others have left lying, all at once; those that are still at work cannot publish it then."""
        self._drop(graph for graph in self._lying() if not self._is_ours(graph))

    def withdraw(self) -> None:
        """Remove what lies there of this push."""
        self._drop(graph for graph in self._lying() if self._is_ours(graph))

    def fill(self, release: Release, plan: Plan, progress: Progress) -> Counter[str]:
        """Send graphs; the result is how many triples of each."""
        sent: Counter[str] = Counter()
        for name in plan.send:
            progress(f"sending {name}")
            self._send(_triples(release, name), sent)
        if release.manifest.default_graph == "materialised":
            progress("sending the merge of the graphs")
            self._send(((iris.GRAPH_MERGED, line) for line in _merged(release)), sent)
        return sent

    def describe(self, release: Release) -> None:
        """Send what the server is to say of the release: in one update, whatever its size."""
        lines = "".join(f"{triple} .\n" for triple in description(release))
        self._connection.update(f"INSERT DATA {{ GRAPH <{self._place(iris.GRAPH_RELEASE)}> {{\n{lines}}} }}")

    def check(self, release: Release, plan: Plan, sent: Mapping[str, int], *, digests: bool) -> None:
        """See that all that was sent is there.

        Raises
        ------
        StoreError
            It isn't.
        """
        for graphs in some(sorted(sent)):
            places = {self._place(graph): graph for graph in graphs}
            there = counted(self._store, places)
            for place, graph in places.items():
                found = there.get(place, 0)
                if found != sent[graph]:
                    raise StoreError(
                        f"{self._store.called} has {found} triples of the graph {graph} after {sent[graph]}"
                        " were sent; another push may have taken over, or it takes some for the same"
                    )
        for name in plan.send if digests else ():
            segment = release.manifest.segments[name]
            compare(self._store, name, segment, {graph: self._place(graph) for graph in segment.graphs})

    def update(self, drop: Sequence[str]) -> str:
        """The update that moves all into place, or fails where it is gone: ADD in Fuseki, DROP in Oxigraph says so."""
        mark = f"{self._space}mark"
        guard = f"ADD GRAPH <{self._place(iris.GRAPH_RELEASE)}> TO GRAPH <{mark}>;\nDROP GRAPH <{mark}>"
        last = sorted(self._places.items(), key=lambda each: each[0] == iris.GRAPH_RELEASE)
        moves = [_move(place, graph) for graph, place in last]
        return ";\n".join([guard, *(f"DROP SILENT GRAPH <{graph}>" for graph in drop), *moves])

    def _lying(self) -> list[str]:
        return [text_of(row["g"]) for row in self._store.select(_STAGED)]

    def _is_ours(self, graph: str) -> bool:
        return graph.startswith(self._space)

    def _drop(self, graphs: Iterable[str]) -> None:
        if update := ";\n".join(f"DROP SILENT GRAPH <{graph}>" for graph in graphs):
            self._connection.update(update)

    def _place(self, graph: str) -> str:
        return self._places.setdefault(graph, f"{self._space}{len(self._places)}")

    def _send(self, triples: Iterable[tuple[str, bytes]], sent: Counter[str]) -> None:
        waiting: dict[str, list[bytes]] = {}
        size = 0
        for graph, line in triples:
            waiting.setdefault(graph, []).append(line)
            sent[graph] += 1
            size += len(line)
            if size >= _CHUNK_BYTES:
                self._add(waiting)
                waiting, size = {}, 0
        if waiting:
            self._add(waiting)

    def _add(self, graphs: Mapping[str, Sequence[bytes]]) -> None:
        parts = [b"GRAPH <%s> {\n%s}\n" % (self._place(g).encode(), b"".join(lines)) for g, lines in graphs.items()]
        self._connection.update((b"INSERT DATA {\n%s}" % b"".join(parts)).decode())


def _move(place: str, graph: str) -> str:
    return (
        f"DROP SILENT GRAPH <{graph}>;\n"
        f"INSERT {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{place}> {{ ?s ?p ?o }} }};\n"
        f"DROP GRAPH <{place}>"
    )


def _triples(release: Release, name: str) -> Iterator[tuple[str, bytes]]:
    """The lines of a segment without their graph, each with the graph that it is of."""
    graphs = release.manifest.segments[name].graphs
    for line in release.lines(name):
        graph = graphs[0].encode() if len(graphs) == 1 else segments.graphs_in(line)[0][1:-1]
        yield graph.decode(), _without(line, graph)


def _merged(release: Release) -> Iterator[bytes]:
    """Each triple of a release once. Without their graphs the lines of a segment are in order still."""
    parts = [(line for _, line in _triples(release, name)) for name in release.manifest.segments]
    return (line for line, _ in groupby(heapq.merge(*parts)))


def _without(line: bytes, graph: bytes) -> bytes:
    return line[: -len(graph) - len(b" <> .\n")] + b" .\n"
