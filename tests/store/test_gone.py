"""What earlier releases told of is remembered, as long as nothing tells of it again."""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pytest

from kg import iris
from kg.errors import StoreError
from kg.store import gone
from kg.store.canonical import Block, canonical
from kg.store.releases import DataFolder, Release

Publish = Callable[..., Release]
ID, GRAPH = iris.ID, iris.GRAPH


def lines(graph: str, *statements: str) -> list[Block]:
    """Statements of a graph, each a subject and a value below ``id/``."""
    pairs = (statement.split() for statement in statements)
    return parsed("".join(f"<{ID}{subject}> <x:p> <{ID}{value}> <{GRAPH}{graph}> .\n" for subject, value in pairs))


def parsed(text: str) -> list[Block]:
    return list(canonical(ox.parse(text, format=ox.RdfFormat.N_QUADS)))


def test_what_goes_is_listed_and_what_comes_back_is_not(data: DataFolder, publish: Publish) -> None:
    first = publish(a=lines("a", "org/one x", "org/two x"), b=lines("b", "org/three org/one", "org/four x"))
    assert gone.read(first.folder) == frozenset()
    second = publish(a=lines("a", "org/two y"))
    assert gone.read(second.folder) == {f"{ID}org/one"}
    with data.stage() as staging:
        staging.drop_segment("b")
        third = staging.publish(tool="kg test")
    assert gone.read(third.folder) == {f"{ID}org/one", f"{ID}org/three", f"{ID}org/four"}
    fourth = publish(c=lines("c", "org/one x", "org/five x"))
    assert gone.read(fourth.folder) == {f"{ID}org/three", f"{ID}org/four"}
    assert gone.read(first.folder) == frozenset()


def test_what_moves_to_another_graph_is_not_gone(publish: Publish) -> None:
    publish(a=lines("a", "org/one x"), b=lines("b", "org/two x"))
    moved = publish(a=lines("a", "org/three x"), b=lines("b", "org/one x", "org/two x"))
    assert gone.read(moved.folder) == frozenset()


def test_only_what_has_an_address_is_remembered(publish: Publish) -> None:
    publish(a=parsed(f'<https://example.org/x> <x:p> "1" <{GRAPH}a> .'))
    release = publish(a=lines("a", "org/one x"))
    assert gone.read(release.folder) == frozenset()
    assert not (release.folder / gone.FILE_NAME).exists()


def test_a_damaged_list_is_named(publish: Publish) -> None:
    publish(a=lines("a", "org/one x"))
    release = publish(a=lines("a", "org/two x"))
    (release.folder / gone.FILE_NAME).write_bytes(b"no zstd")
    with pytest.raises(StoreError, match=gone.FILE_NAME):
        gone.read(release.folder)
