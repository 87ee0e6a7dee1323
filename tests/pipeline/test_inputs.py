"""What inputs give to segments."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg import csvw
from kg.pipeline.inputs import from_tables
from kg.sources import register
from kg.sources.base import Source
from kg.store.canonical import canonical

SOURCES = [source for source in register.discover() if source.ready]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_mapped_tables_are_canonical_as_they_come(source: Source) -> None:
    group = csvw.read(source.metadata, root=source.root)
    mapped = csvw.map(group, source=source.name, graph=source.graph)
    found = b"".join(from_tables(mapped)).splitlines()
    quads = ox.parse("".join(f"{line}\n" for line in mapped.lines()), format=ox.RdfFormat.N_QUADS)
    assert set(found) == set(b"".join(canonical(quads)).splitlines())
    assert found
