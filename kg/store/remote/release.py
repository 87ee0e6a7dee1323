"""The release that a SPARQL server holds: what it says of itself, and how that is asked.

A server has graphs and nothing beside them, so a push leaves a graph of its own there (`kg.iris.GRAPH_RELEASE`) with
the id of the release, its manifest and its report, which is moved into place together with the data. It belongs to no
release, and no query of ours sees it.

**The dataset** is stated with every query, since servers differ in what their default graph is (Fuseki's and Oxigraph's
are graphs of their own, others' are the union): all graphs of the release make the default graph and can be named. A
triple that stands in two of them counts once by the standard, but not everywhere (not in Oxigraph), so a release that
has such a triple is pushed with the merge of its graphs in one more, and that makes the default graph.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg import iris
from kg.errors import StoreError
from kg.sparql.datasets import Dataset
from kg.store import manifest
from kg.store.base import text_of
from kg.store.manifest import Manifest
from kg.store.release import Release
from kg.store.remote.server import Connection
from kg.store.remote.store import RemoteStore

_ABOUT = ox.NamedNode(iris.GRAPH_RELEASE)
_ID = ox.NamedNode("http://purl.org/dc/terms/identifier")
_VALUE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#value")
_MANIFEST, _REPORT, _GONE = (ox.NamedNode(f"{iris.GRAPH_RELEASE}#{part}") for part in ("manifest", "report", "gone"))
_ASK_ID = f"SELECT ?id {{ GRAPH {_ABOUT} {{ {_ABOUT} {_ID} ?id }} }}"
_UNKNOWN = Manifest("", "", "", None, {})
_LISTED_SECONDS = 60.0
"""How long the list of graphs of a server counts that tells no release."""


@dataclass(frozen=True)
class RemoteRelease:
    """What a server holds (`kg.store.base.Published`); threads may ask it while others look for a newer one.

    Parameters
    ----------
    dataset
        What a query is asked of that states none; None for whatever the server makes of it.
    """

    store: RemoteStore = field(compare=False, repr=False)
    manifest: Manifest
    dataset: Dataset | None

    @property
    def id(self) -> str:
        """As it was built; empty where nothing was pushed and so nothing is known."""
        return self.manifest.id

    def reported(self) -> str | None:
        """The SHACL report that was pushed with it."""
        return _part(self.store, _REPORT)

    def gone(self) -> frozenset[str]:
        """What earlier releases told of and this one does not."""
        return frozenset((_part(self.store, _GONE) or "").splitlines())


class Holding:
    """What a server holds now, looked up each time; a release that is known already costs one small query."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.store = RemoteStore(connection)
        self._known: RemoteRelease | None = None
        self._listed = 0.0

    def pushed(self) -> RemoteRelease | None:
        """The release that was pushed there; None if none was.

        Raises
        ------
        StoreError
            The server does not answer, or holds what this program does not understand.
        """
        with self.connection.alone:
            return self._pushed()

    def current(self) -> RemoteRelease:
        """The same; where none was pushed, all that is there, of which no identity is known."""
        with self.connection.alone:
            return self._pushed() or self._nameless()

    def _pushed(self) -> RemoteRelease | None:
        found = [text_of(row["id"]) for row in self.store.select(_ASK_ID)]
        if not found:
            return None
        if self._known is None or self._known.id != found[0]:
            text = _part(self.store, _MANIFEST)
            if text is None:
                raise StoreError(f"{self.store.called} holds release {found[0]} and not its manifest; push it again")
            made = manifest.parsed(text, f"the manifest of release {found[0]} on {self.store.called}")
            self._known = RemoteRelease(self.store, made, dataset_of(made))
        return self._known

    def _nameless(self) -> RemoteRelease:
        now = time.monotonic()
        if self._known is None or self._known.id or now - self._listed > _LISTED_SECONDS:
            self._known = RemoteRelease(self.store, _UNKNOWN, self._all())
            self._listed = now
        return self._known

    def _all(self) -> Dataset | None:
        """All graphs, where the default graph of the server has nothing of them."""
        if self.store.ask("ASK { ?s ?p ?o }"):
            return None
        graphs = tuple(self.store.graphs())
        return Dataset(graphs, graphs) if graphs else None


def dataset_of(made: Manifest) -> Dataset:
    """What a query of a release is asked of that states no dataset."""
    merged = made.default_graph == "materialised"
    return Dataset((iris.GRAPH_MERGED,) if merged else made.graphs, made.graphs)


def description(release: Release) -> Iterator[ox.Triple]:
    """What a server is to say of a release that it holds."""
    yield ox.Triple(_ABOUT, _ID, ox.Literal(release.id))
    yield ox.Triple(_MANIFEST, _VALUE, ox.Literal(release.manifest.text))
    if report := release.reported():
        yield ox.Triple(_REPORT, _VALUE, ox.Literal(report))
    if gone := release.gone():
        yield ox.Triple(_GONE, _VALUE, ox.Literal("\n".join(sorted(gone))))


def _part(store: RemoteStore, part: ox.NamedNode) -> str | None:
    with store.alone:
        rows = list(store.select(f"SELECT ?text {{ GRAPH {_ABOUT} {{ {part} {_VALUE} ?text }} }}"))
    return next((text_of(row["text"]) for row in rows), None)
