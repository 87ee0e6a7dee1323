"""Plain folders: releases that are a database and nothing that it is made of, for a general SPARQL server.

There are no sources, no shapes and no segments; the default graph is a graph of its own, and blank nodes stay what they
are. A write is applied to a copy of the live database (hard links, milliseconds), and becomes a release or nothing.
Such releases cannot be rebuilt or compared, since there is nothing beside the database; rolling back is a switch.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from itertools import chain, islice

import pyoxigraph as ox

from kg.errors import NotFoundError, StoreError
from kg.store import manifest, updating
from kg.store.bodies import READING, dataset, graph_name, quads
from kg.store.changes import Change, Condition, DropGraph, PutDataset, PutGraph, Update, Written, graph_tag
from kg.store.durable import explained
from kg.store.embedded import EmbeddedStore
from kg.store.manifest import Manifest
from kg.store.release import Release
from kg.store.releases import DataFolder
from kg.store.room import Room
from kg.store.updating import Fetch

_SMALL = 50_000


def opened(folder: DataFolder, *, tool: str) -> Release:
    """The live release of a plain folder, made empty if there is none yet.

    Raises
    ------
    StoreError
        The folder holds releases that were built.
    """
    live = folder.current()
    if live is None:
        with _Copy(folder.layout, folder.clock) as empty:
            return empty.publish(tool, {""})
    if not live.manifest.plain:
        raise StoreError(
            f"{folder.layout.root} holds releases that were built from sources: serve it without --plain,"
            " or choose another folder with --data-dir"
        )
    return live


def write(
    folder: DataFolder,
    change: Change,
    *,
    tool: str,
    condition: Condition | None = None,
    fetch: Fetch = updating.refused,
    patience: float = 0.0,
    progress: Callable[[str], None] = lambda _: None,
) -> Written:
    """Apply a change and publish what comes of it.

    Parameters
    ----------
    fetch
        What gets documents for LOAD.
    patience
        Seconds to wait for another write to end.
    progress
        Is told which step begins.

    Raises
    ------
    QueryError, SourceError, NotFoundError, PreconditionFailedError
        The change cannot be made; see `kg.store.updating`, `kg.store.bodies`, `Condition`. Nothing is changed.
    StoreError
        The disk is full; another release went live meanwhile; another write is at work (StoreLockedError).
    """
    with _Copy(folder.layout, folder.clock, patience) as copy:
        one = isinstance(change, PutGraph | DropGraph)  # else any graph may change
        target = change.graph if isinstance(change, PutGraph | DropGraph) else None
        before = graph_tag(copy.parent, target) if copy.parent else None
        if condition:
            condition.check(before)
        progress("updating" if isinstance(change, Update) else READING)
        _apply(copy.database, change, fetch)
        progress("publishing")
        release = copy.publish(tool, {target or ""} if one else None)
        put = isinstance(change, PutGraph)
        return Written(release.id, created=put and before is None, tag=graph_tag(release, target) if put else None)


def _apply(database: ox.Store, change: Change, fetch: Fetch) -> None:
    with explained("the change could not be written"):
        match change:
            case Update():
                updating.carry_out(database, updating.operations(change), change.base, fetch)
            case PutGraph():
                _put(database, change)
            case PutDataset():
                _put_all(database, change)
            case DropGraph():
                _drop(database, change.graph)


def _put(database: ox.Store, change: PutGraph) -> None:
    graph = graph_name(change.graph)
    if not change.merge:
        _clear(database, graph)
    if isinstance(graph, ox.NamedNode):
        database.add_graph(graph)
    for part in change.parts:
        _add(database, quads(part, graph, change.base))


def _put_all(database: ox.Store, change: PutDataset) -> None:
    if not change.merge:
        database.clear()
    for part in change.parts:
        _add(database, dataset(part, change.base))


def _drop(database: ox.Store, name: str | None) -> None:
    graph = graph_name(name)
    if isinstance(graph, ox.NamedNode) and not database.contains_named_graph(graph):
        raise NotFoundError(f"there is no graph {graph.value}")
    _clear(database, graph)
    if isinstance(graph, ox.NamedNode):
        database.remove_graph(graph)


def _clear(database: ox.Store, graph: ox.NamedNode | ox.DefaultGraph) -> None:
    for quad in database.quads_for_pattern(
        None, None, None, graph
    ):  # of a snapshot; `clear_graph` takes seven times as long
        database.remove(quad)


def _add(database: ox.Store, found: Iterator[ox.Quad]) -> None:
    """In bulk if there are many: that writes files of its own, which would be too many after many small writes."""
    first = list(islice(found, _SMALL))
    if len(first) < _SMALL:
        database.extend(first)
    else:
        database.bulk_extend(chain(first, found))


class _Copy(Room):
    """A release in the making that is a copy of the live one's database, to be written to.

    Raises
    ------
    StoreError
        On entering: the live release was built from sources.
    """

    database: ox.Store

    def _furnish(self, cleanup: ExitStack) -> None:
        place = self.folder / Manifest.database
        if self.parent:
            if not self.parent.manifest.plain:
                raise StoreError(f"{self._layout.root} is no plain folder")
            EmbeddedStore.copy(self.parent.database, place)
        self.database = EmbeddedStore.open(place, read_only=False).database
        cleanup.callback(self._close)

    def _close(self) -> None:
        if hasattr(self, "database"):
            del self.database

    def publish(self, tool: str, changed: Collection[str] | None) -> Release:
        """Make it the live release; ``changed`` are the graphs that may differ now, any of them when None."""
        with explained("the release could not be published"):
            created = self._time()
            identifier = manifest.new_id(created, secrets.token_hex())
            made = Manifest(
                id=identifier,
                created=created.isoformat(timespec="milliseconds"),
                tool=tool,
                parent=self.parent.id if self.parent else None,
                segments={},
                sources=self._graphs(identifier, changed),
                counts={"quads": len(self.database)},
                default_graph="own",
                made_by="patch" if self.parent else "load",
            )
            self.database.flush()
            self._close()
            return self._put_in_place(made)

    def _graphs(self, identifier: str, changed: Collection[str] | None) -> dict[str, dict[str, str]]:
        """Since which release each graph may have been what it is; the default graph is that without a name."""
        before = self.parent.manifest.sources if self.parent else {}
        present = ["", *(str(graph.value) for graph in self.database.named_graphs())]
        kept = {} if changed is None else {name: before[name] for name in present if name in before}
        since = {"changed": identifier}
        return {name: since if name in (changed or ()) else kept.get(name, since) for name in present}
