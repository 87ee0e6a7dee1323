"""Files of a release are made once, shared by releases that hold the same, and go with the last of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kg.errors import StoreError, StoreUnavailableError
from kg.store.release import Release
from kg.store.releases import DataFolder
from kg.store.shelf import Batch, Shelf, key_of

from ..export import releases

ONE = "e:a a e:Thing ."
TWO = "e:b a e:Thing ."


class Maker:
    """Makes one file, and counts how often."""

    def __init__(self, wait: Callable[[], object] = bool) -> None:
        self.made = 0
        self._wait = wait

    def __call__(self, release: Release, folder: Path) -> None:
        self.made += 1
        self._wait()
        (folder / "lists~names.txt").write_text(f"{len(list(release.merged()))} lines", "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return releases.folder(tmp_path)


def published(folder: DataFolder, **segments: str) -> Release:
    return releases.published(folder, {name: releases.quads(name, text) for name, text in segments.items()})


def batch(release: Release, make: Callable[[Release, Path], None], *segments: str) -> Batch:
    return Batch("names", ("lists/names.txt",), key_of(release, segments or None, "code"), make)


def test_a_file_is_made_once_with_its_digest(folder: DataFolder) -> None:
    release, maker = published(folder, one=ONE), Maker()
    wanted = batch(release, maker)
    shelf = Shelf(release)
    assert shelf.find(wanted, "lists/names.txt") is None
    for _ in range(2):
        file = shelf.get(wanted)["lists/names.txt"]
        assert file.path.read_text("utf-8") == "1 lines"
        assert file.size == 7
    assert maker.made == 1
    assert len(file.sha256) == 64


def test_who_asks_meanwhile_waits_for_the_one_maker(folder: DataFolder) -> None:
    release, going = published(folder, one=ONE), threading.Event()
    maker = Maker(going.wait)
    wanted = batch(release, maker)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(Shelf(release).get, wanted) for _ in range(4)]
        going.set()
        paths = {each.result()["lists/names.txt"].path for each in asked}
    assert len(paths) == 1
    assert maker.made == 1


def test_a_release_that_holds_the_same_has_the_same_file(folder: DataFolder) -> None:
    first, maker = published(folder, one=ONE), Maker()
    made = Shelf(first).get(batch(first, maker, "one"))["lists/names.txt"]
    second = published(folder, one=ONE, two=TWO)
    linked = Shelf(second).get(batch(second, maker, "one"))["lists/names.txt"]
    assert maker.made == 1
    assert made.path.samefile(linked.path)
    assert made.path != linked.path
    Shelf(second).get(batch(second, maker))
    assert maker.made == 2


def test_files_go_with_their_release_and_stay_with_another(folder: DataFolder) -> None:
    first, maker = published(folder, one=ONE), Maker()
    Shelf(first).get(batch(first, maker, "one"))
    second = published(folder, one=ONE, two=TWO)
    kept = Shelf(second).get(batch(second, maker, "one"))["lists/names.txt"]
    assert folder.collect(keep=1).releases == (first.id,)
    assert not first.folder.exists()
    assert kept.path.read_text("utf-8") == "1 lines"
    with pytest.raises(StoreUnavailableError):
        Shelf(first).get(batch(first, maker, "one"))


def test_a_release_whose_files_are_being_made_is_not_collected(folder: DataFolder) -> None:
    first = published(folder, one=ONE)
    begun, going = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        going.wait()

    with ThreadPoolExecutor(1) as pool:
        making = pool.submit(Shelf(first).get, batch(first, Maker(wait)))
        begun.wait()
        published(folder, two=TWO)
        assert folder.collect(keep=1).busy == (first.id,)
        going.set()
        assert making.result()["lists/names.txt"].path.is_file()


def test_what_fails_leaves_nothing(folder: DataFolder) -> None:
    release = published(folder, one=ONE)

    def full() -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match="disk is full"):
        Shelf(release).get(batch(release, Maker(full)))
    with pytest.raises(StoreError, match="was not made"):
        Shelf(release).get(batch(release, lambda *_: None))
    left = [path.name for path in (release.folder / "exports").iterdir()]
    assert left == [".names.lock"]


def test_what_dead_makers_and_older_code_left_goes(folder: DataFolder) -> None:
    release, maker = published(folder, one=ONE), Maker()
    shelf = Shelf(release)
    shelf.get(Batch("names", ("lists/names.txt",), "0123456789abcdef", maker))
    (release.folder / "exports" / ".making-names.dead").mkdir()
    file = shelf.get(batch(release, maker))["lists/names.txt"]
    left = {path.name for path in (release.folder / "exports").iterdir()}
    assert left == {".names.lock", file.path.name, f"{file.path.name}.sha256"}
