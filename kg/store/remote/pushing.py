"""A release copied to a SPARQL server: readers there see the old one or the new one, whatever goes wrong on the way.

Graphs that the server has not, or has otherwise, are sent into graphs of their own by updates that add some thousand
triples each; sent twice they add nothing, so each may be tried again. What has arrived is counted, or read back and
compared by digest. Then one update moves all of it into place, together with the graph that says which release this is
(`kg.store.remote.release`). A request of several operations is one transaction (SPARQL 1.1 Update, section 2.2: "SHOULD
be treated atomically"; Fuseki and Oxigraph do), and since it fails where a graph to be moved is not there, it can
neither happen twice nor with half of what was sent. Each move is written as the three operations that MOVE stands for
(section 3.2.4): MOVE itself loses triples in Jena 5.6 on TDB2, 80 of 4,000 where the target was not empty.

Two that push at once do not mix: whoever begins removes what others have left lying, and their last update then fails.
"""

from __future__ import annotations

import heapq
import secrets
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from kg import iris
from kg.errors import KgError, QueryTimeoutError, StoreError, StoreUnavailableError
from kg.store import segments
from kg.store.base import text_of
from kg.store.canonical import canonical
from kg.store.manifest import Manifest
from kg.store.release import Release
from kg.store.remote.release import Holding, description
from kg.store.remote.server import Connection
from kg.store.remote.store import RemoteStore
from kg.store.segments import Segment

Progress = Callable[[str], None]

_CHUNK_BYTES = 1 << 20
_COUNTED_AT_ONCE = 100
_STAGED = f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), '{iris.GRAPHS_STAGED}')) }}"


@dataclass(frozen=True)
class Pushed:
    """What a push came to.

    Parameters
    ----------
    before
        The id of the release that the server held; None if none was pushed there before.
    graphs, quads
        How many were sent.
    dropped
        How many graphs went.
    """

    release_id: str
    before: str | None
    graphs: int = 0
    quads: int = 0
    dropped: int = 0


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


def push(
    release: Release, connection: Connection, *, digests: bool = False, progress: Progress = lambda _: None
) -> Pushed:
    """Have a server hold a release of a data folder.

    Parameters
    ----------
    digests
        Read back what was sent and compare digests, instead of counting it.

    Raises
    ------
    StoreError
        The server does not take it, or has not got what was sent; it holds what it held. StoreUnavailableError and
        QueryTimeoutError as well, and then the text says what it holds, if it can still be asked.
    """
    if release.manifest.plain:
        raise StoreError(f"{release.id} is a release of a plain folder: it has no segments that could be sent")
    holding = Holding(connection)
    with release.hold() as held:
        progress(f"asking {connection.server.called}")
        before = holding.pushed()
        if before and before.id == held.id:
            return Pushed(held.id, before.id)
        plan = Plan.between(before.manifest if before else None, held.manifest)
        staged = _Staged(connection, holding.store)
        staged.clear()
        try:
            sent = staged.fill(held, plan, progress)
            progress("comparing what has arrived")
            staged.check(held, plan, sent, digests=digests)
            staged.describe(held)
            progress("moving it into place")
            _publish(holding, staged.update(plan.drop), held.id, before.id if before else None)
            _check_moved(holding, held.id, sent)
        except (QueryTimeoutError, StoreUnavailableError):
            raise  # what is left lying goes with the next push
        except BaseException:
            with suppress(KgError):
                staged.clear()
            raise
    return Pushed(held.id, before.id if before else None, len(sent), sent.total(), len(plan.drop))


def verify(release: Release, connection: Connection, *, progress: Progress = lambda _: None) -> None:
    """Read back every graph of a release that a server holds, and compare digests.

    Raises
    ------
    StoreError
        It holds another release, or a graph is not what it was.
    """
    holding = Holding(connection)
    found = holding.pushed()
    if found is None or found.id != release.id:
        raise StoreError(f"{connection.server.called} holds {found.id if found else 'no release'}, not {release.id}")
    for name, segment in sorted(release.manifest.segments.items()):
        progress(f"reading back {name}")
        _compare(holding.store, name, segment, {graph: graph for graph in segment.graphs})


class _Staged:
    """Graphs beside those of the release, where they lie until they are moved into place."""

    def __init__(self, connection: Connection, store: RemoteStore) -> None:
        self._connection = connection
        self._store = store
        self._space = f"{iris.GRAPHS_STAGED}{secrets.token_hex(8)}/"
        self._places: dict[str, str] = {}

    def clear(self) -> None:
        """Remove what lies there, of this push and of others, all at once."""
        if lying := [str(row["g"]) for row in self._store.select(_STAGED)]:
            self._connection.update(";\n".join(f"DROP SILENT GRAPH {graph}" for graph in lying))

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
        for graphs in _some(sorted(sent)):
            places = {self._place(graph): graph for graph in graphs}
            counted = _counted(self._store, places)
            for place, graph in places.items():
                found = counted.get(place, 0)
                if found != sent[graph]:
                    raise StoreError(
                        f"{self._store.called} has {found} triples of the graph {graph} after {sent[graph]}"
                        " were sent; another push may have taken over, or it takes some for the same"
                    )
        for name in plan.send if digests else ():
            segment = release.manifest.segments[name]
            _compare(self._store, name, segment, {graph: self._place(graph) for graph in segment.graphs})

    def update(self, drop: Sequence[str]) -> str:
        """The update that moves all into place, or fails where it is gone: ADD in Fuseki, DROP in Oxigraph says so."""
        mark = f"{self._space}mark"
        guard = f"ADD GRAPH <{self._place(iris.GRAPH_RELEASE)}> TO GRAPH <{mark}>;\nDROP GRAPH <{mark}>"
        moves = [_move(place, graph) for graph, place in self._places.items()]
        return ";\n".join([guard, *(f"DROP SILENT GRAPH <{graph}>" for graph in drop), *moves])

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


def _publish(holding: Holding, update: str, new: str, old: str | None) -> None:
    """Move all into place, and if no answer comes find out whether that has happened."""
    try:
        holding.connection.update(update, once=True)
    except KgError as failure:
        _settle(holding, failure, new, old)


def _check_moved(holding: Holding, new: str, sent: Mapping[str, int]) -> None:
    """See that what was moved is all there; if it isn't, the server no longer says that it holds the release."""
    found = holding.pushed()
    if found is None or found.id != new:
        raise StoreError(f"{holding.store.called} holds {found.id if found else 'no release'}: another push took over")
    for graphs in _some(sorted(sent)):
        counted = _counted(holding.store, graphs)
        for graph in graphs:
            if counted.get(graph, 0) != sent[graph]:
                holding.connection.update(f"DROP SILENT GRAPH <{iris.GRAPH_RELEASE}>")
                raise StoreError(
                    f"{holding.store.called} lost triples while it moved the graph {graph} into place: it has"
                    f" {counted.get(graph, 0)} of {sent[graph]}; push again, or another release"
                )


def _settle(holding: Holding, failure: KgError, new: str, old: str | None) -> None:
    """Find out which release a server holds after an update that failed, or whose answer did not come."""
    url = holding.connection.server.called
    try:
        found = holding.pushed()
    except KgError:
        raise StoreUnavailableError(
            f"{failure}; {url} cannot be asked whether the release is in place: it holds {new}, or"
            f" {old or 'what it held'} as before, and no mixture; push again when it answers"
        ) from failure
    if found is None or found.id != new:
        late = ", and may still be at work" * isinstance(failure, QueryTimeoutError)
        held = found.id if found else "what it held"
        raise type(failure)(f"{failure}; {url} holds {held} as before{late}") from failure


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


def _counted(store: RemoteStore, graphs: Iterable[str]) -> dict[str, int]:
    names = " ".join(f"<{graph}>" for graph in graphs)
    rows = store.select(f"SELECT ?g (COUNT(*) AS ?n) {{ VALUES ?g {{ {names} }} GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g")
    return {text_of(row["g"]): int(text_of(row["n"])) for row in rows if "g" in row}


def _some(items: Sequence[str]) -> Iterator[Sequence[str]]:
    """So many of them at a time as one query may name."""
    for start in range(0, len(items), _COUNTED_AT_ONCE):
        yield items[start : start + _COUNTED_AT_ONCE]


def _compare(store: RemoteStore, name: str, segment: Segment, places: Mapping[str, str]) -> None:
    """Read a segment back from where its graphs lie, and see that its digest is what it was."""
    quads = (
        ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(graph))
        for graph, place in places.items()
        for quad in store.quads(place)
    )
    with tempfile.TemporaryDirectory() as folder:
        found = segments.write(canonical(quads), Path(folder))
    if found.digest != segment.digest:
        raise StoreError(
            f"{store.called} gives back other quads for {name} than were sent: {found.quads} with the digest"
            f" {found.digest[:8]}, not {segment.quads} with {segment.digest[:8]}"
        )
