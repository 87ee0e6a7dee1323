"""The quads of the bundled sources, mapped once."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg import csvw
from kg.sources import register
from kg.store.embedded import EmbeddedStore


@pytest.fixture(scope="session")
def mapped() -> dict[str, csvw.Mapped]:
    """Each bundled source by name, mapped."""
    return {
        source.name: csvw.map(csvw.read(source.metadata), source=source.name, graph=source.graph)
        for source in register.discover()
        if source.ready
    }


@pytest.fixture(scope="session")
def graph(mapped: dict[str, csvw.Mapped]) -> EmbeddedStore:
    """A store with the quads of all bundled sources."""
    store = EmbeddedStore(ox.Store())
    for source in mapped.values():
        store.database.load("\n".join(source.lines()).encode(), format=ox.RdfFormat.N_QUADS)
    return store
