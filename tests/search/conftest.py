"""The index of what data.ttl says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.export import columns
from kg.search import Index
from kg.search.building import build
from kg.store.canonical import canonical

MakeIndex = Callable[..., Index]
GRAPH = ox.NamedNode("https://example.org/graph")


def lines(path: Path) -> list[bytes]:
    """The canonical lines of a Turtle file in a graph."""
    quads = (ox.Quad(q.subject, q.predicate, q.object, GRAPH) for q in ox.parse(path=str(path)))
    return sorted(line for block in canonical(quads) for line in bytes(block).splitlines(keepends=True))


def index_of(content: list[bytes], target: Path, *, seconds: float = 5.0, batch: int = 50) -> Index:
    """The index of canonical lines, which come in batches."""
    build((columns.frame(each) for each in columns.batches(content, batch)), target)
    return Index(target, "0123456789abcdef", seconds=seconds)


@pytest.fixture(scope="session")
def data() -> list[bytes]:
    return lines(Path(__file__).parent / "data.ttl")


@pytest.fixture(scope="session")
def make_index() -> MakeIndex:
    return index_of


@pytest.fixture(scope="session")
def index(data: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with index_of(data, tmp_path_factory.mktemp("search") / "search.sqlite") as index:
        yield index
