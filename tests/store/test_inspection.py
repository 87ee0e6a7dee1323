"""What is found in a data folder, and what is said to do about it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.store import locks, plain, usage
from kg.store.canonical import Block
from kg.store.inspection import Finding, inspect
from kg.store.releases import DataFolder, Release

Publish = Callable[..., Release]
Lines = Callable[..., list[Block]]


@pytest.fixture
def filled(data: DataFolder, publish: Publish, quad_lines: Lines) -> DataFolder:
    publish(a=quad_lines("a", 50), b=quad_lines("b", 3))
    publish(a=quad_lines("a", 50), b=quad_lines("b", 5))
    return data


def bad(data: DataFolder, **options: Any) -> list[Finding]:
    return [found for found in inspect(data.layout.root, **options) if found.level not in ("ok", "note")]


def only(data: DataFolder, **options: Any) -> Finding:
    (found,) = bad(data, **options)
    assert found.remedy
    return found


def subjects(data: DataFolder) -> dict[str, Finding]:
    return {found.subject: found for found in inspect(data.layout.root)}


def test_a_folder_that_is_well(filled: DataFolder) -> None:
    assert bad(filled, deep=True) == []
    live = filled.current()
    assert live is not None
    assert live.id in subjects(filled)["live release"].text


def test_no_folder_and_no_release(tmp_path: Path) -> None:
    (found,) = inspect(tmp_path / "none")
    assert (found.level, "kg build" in found.remedy) == ("error", True)
    empty = DataFolder.open(tmp_path / "empty", create=True)
    assert (only(empty).level, only(empty).subject) == ("warning", "releases")


def test_where_it_lies(filled: DataFolder) -> None:
    remote = only(filled, file_system=lambda _: "nfs4")
    assert (remote.level, remote.subject) == ("error", "file system")
    full = only(filled, free=lambda _: 1000)
    assert (full.level, full.subject, full.text) == ("warning", "free space", "1.0 kB")


def test_a_missing_and_a_damaged_segment_are_named(filled: DataFolder) -> None:
    live = filled.current()
    assert live is not None
    path = live.segment_path("b")
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.chmod(0o600)
    path.write_bytes(bytes(data))
    assert bad(filled) == []
    damaged = only(filled, deep=True)
    assert (damaged.level, path.name in damaged.text, f"b of {live.id}" in damaged.text) == ("error", True, True)
    path.unlink()
    assert "missing" in only(filled).text


def test_a_database_that_does_not_open_or_holds_something_else(filled: DataFolder) -> None:
    first, live = reversed(filled.releases())
    shutil.rmtree(live.database)
    assert f"kg releases rebuild {live.id}" in only(filled).remedy
    shutil.copytree(first.database, live.database)
    assert "holds 53 quads and its segments 55" in only(filled).text
    filled.rebuild(live.id)
    assert bad(filled) == []


def test_what_cannot_be_read(filled: DataFolder) -> None:
    first, live = reversed(filled.releases())
    filled.layout.current.write_text("../../etc")
    assert "rollback" in only(filled).remedy
    filled.rollback(live.id)
    text = (first.folder / "release.json").read_text()
    (first.folder / "release.json").write_text(text.replace('"layout": 1', '"layout": 99'))
    assert "newer version" in only(filled).remedy
    filled.layout.tags.write_text("[")
    assert {found.subject for found in bad(filled)} == {"releases", "tags"}
    filled.layout.tags.write_text('{"old": "gone"}')
    assert any("untag old" in found.remedy for found in bad(filled))


def test_builds_at_work_and_what_dead_ones_left(filled: DataFolder) -> None:
    (filled.layout.staging / "abc").mkdir()
    assert "did not end" in subjects(filled)["locks"].text
    held, done = threading.Event(), threading.Event()

    def build() -> None:
        with locks.only_one(filled.layout.build_lock, doing="build"):
            held.set()
            done.wait(30)

    thread = threading.Thread(target=build)
    thread.start()
    assert held.wait(30)
    assert "is at work" in subjects(filled)["locks"].text
    done.set()
    thread.join()


def test_a_plain_folder(tmp_path: Path) -> None:
    data = DataFolder.open(tmp_path / "data", create=True)
    live = plain.opened(data, tool="kg test")
    assert bad(data) == []
    shutil.rmtree(live.database)
    assert "cannot be made again" in only(data).remedy


def test_files_with_two_names_count_once_and_free_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "shared").write_bytes(b"x" * 1000)
    (tmp_path / "b" / "shared").hardlink_to(tmp_path / "a" / "shared")
    (tmp_path / "b" / "own").write_bytes(b"x" * 10)
    assert usage.taken([tmp_path]) == 1010
    assert usage.freed([tmp_path / "b"]) == 10
    assert usage.freed([tmp_path / "a", tmp_path / "b"]) == 1010
    assert usage.freed([tmp_path / "none", tmp_path / "b" / "own"]) == 10


def test_what_a_collection_frees_is_what_it_would_free(filled: DataFolder, publish: Publish) -> None:
    publish(b=None)
    before = usage.taken([filled.layout.root])
    told = filled.collect(keep=1, dry_run=True)
    done = filled.collect(keep=1)
    assert told.size_bytes == done.size_bytes > 0
    assert before - usage.taken([filled.layout.root]) == done.size_bytes
    assert len(told.releases) == 2


@pytest.mark.parametrize(("size", "text"), [(0, "0 bytes"), (1234, "1.2 kB"), (5e9, "5.0 GB"), (7e12, "7.0 TB")])
def test_sizes_as_people_read_them(size: float, text: str) -> None:
    assert usage.shown(size) == text
