"""One index for releases that say the same; where there can be none; what is in it."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg.search
from kg import iris
from kg.errors import NotFoundError, StoreError, StoreUnavailableError
from kg.search import Index, prepare, question, ready, search
from kg.search.building import build
from kg.store.canonical import Block, canonical
from kg.store.releases import DataFolder, Release

from .conftest import MakeIndex

LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
META = ox.NamedNode(iris.GRAPH_META)


def blocks(graph: ox.NamedNode, *names: str) -> Iterator[Block]:
    yield from canonical(
        ox.Quad(ox.NamedNode(f"{iris.ID}org/{name}"), LABEL, ox.Literal(name, language="en"), graph) for name in names
    )


def publish(folder: DataFolder, **segments: Iterator[Block]) -> Release:
    with folder.stage() as staging:
        for name, content in segments.items():
            staging.replace_segment(name, content)
        return staging.publish(tool="test")


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder.open(tmp_path / "data", create=True)


SOURCE = ox.NamedNode("https://example.org/source")


def test_a_release_that_says_the_same_shares_the_index(folder: DataFolder) -> None:
    first = publish(folder, source=blocks(SOURCE, "alpha"), meta=blocks(META, "one"))
    assert not ready(first)
    made = prepare(first)
    assert ready(first)
    assert prepare(first).path == made.path
    same = publish(folder, meta=blocks(META, "two"))
    assert same.id != first.id
    assert prepare(same).path.samefile(made.path)  # linked, not made
    other = publish(folder, source=blocks(SOURCE, "beta"))
    assert not prepare(other).path.samefile(made.path)
    with Index.of(first) as before, Index.of(other) as after:
        assert before.key != after.key
        assert [search(each, question("alpha")).total for each in (before, after)] == [1, 0]


def test_what_is_said_about_graphs_is_not_found(folder: DataFolder) -> None:
    release = publish(folder, source=blocks(SOURCE, "alpha"), meta=blocks(META, "omega"))
    with Index.of(release) as index:
        assert search(index, question("omega")).total == 0


def test_a_release_stays_while_its_index_is_open(folder: DataFolder) -> None:
    first = publish(folder, source=blocks(SOURCE, "alpha"))
    with Index.of(first) as index:
        publish(folder, source=blocks(SOURCE, "beta"))
        folder.collect(keep=1)
        assert search(index, question("alpha")).total == 1
        assert first.folder.exists()
    folder.collect(keep=1)
    assert not first.folder.exists()


def test_a_graph_without_segments_has_no_index(folder: DataFolder) -> None:
    release = publish(folder, source=blocks(SOURCE, "alpha"))
    plain = Release(release.layout, replace(release.manifest, segments={}))
    for use in (prepare, ready, Index.of):
        with pytest.raises(NotFoundError, match="kg push"):
            use(plain)


def test_the_same_statements_make_the_same_bytes(data: list[bytes], make_index: MakeIndex, tmp_path: Path) -> None:
    for name, batch in (("one", 10), ("two", 1_000)):
        make_index(data, tmp_path / name, batch=batch).close()
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    assert build([], tmp_path / "empty") == 0
    with Index(tmp_path / "empty", "00") as index:
        assert search(index, question("anything")).total == 0


def test_a_damaged_index_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "damaged").write_bytes(b"SQLite format 3\0" + bytes(4096))
    with Index(tmp_path / "damaged", "00") as index, pytest.raises(StoreError, match="remove"):
        search(index, question("anything"))


def test_a_file_that_is_no_database_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "damaged").mkdir()
    with Index(tmp_path / "damaged", "00") as index, pytest.raises(StoreError, match="remove"):
        search(index, question("anything"))


def test_an_index_whose_release_was_collected_meanwhile_is_unavailable(tmp_path: Path) -> None:
    build([], tmp_path / "empty")
    with Index(tmp_path / "empty", "00") as index:
        pass
    (tmp_path / "empty").unlink()
    with pytest.raises(StoreUnavailableError, match="ask again"):
        search(index, question("anything"))


def test_a_disk_without_room_is_an_error_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="SQLite"):
        build([], tmp_path / "none" / "search.sqlite")


@pytest.mark.parametrize("module", [each.name for each in pkgutil.iter_modules(kg.search.__path__)])
def test_examples_in_docstrings(module: str) -> None:
    assert doctest.testmod(importlib.import_module(f"kg.search.{module}")).failed == 0
