"""Whether a server has what it is to have: graphs are counted, or read back and compared by digest."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg.errors import StoreError
from kg.store import segments
from kg.store.base import text_of
from kg.store.canonical import canonical
from kg.store.remote.store import RemoteStore
from kg.store.segments import Segment

_AT_ONCE = 100


def counted(store: RemoteStore, graphs: Iterable[str]) -> dict[str, int]:
    """How many triples each graph has; one that has none is absent."""
    names = " ".join(f"<{graph}>" for graph in graphs)
    rows = store.select(f"SELECT ?g (COUNT(*) AS ?n) {{ VALUES ?g {{ {names} }} GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g")
    return {text_of(row["g"]): int(text_of(row["n"])) for row in rows if "g" in row}


def some(items: Sequence[str]) -> Iterator[Sequence[str]]:
    """So many of them at a time as one query may name."""
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]


def compare(store: RemoteStore, name: str, segment: Segment, places: Mapping[str, str]) -> None:
    """Read a segment back from where its graphs lie, and see that its digest is what it was; else StoreError."""
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
