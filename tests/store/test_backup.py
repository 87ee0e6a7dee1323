"""Copies of a data folder, and what is made from them; damaged and hostile ones are refused."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import json
import lzma
import multiprocessing
import os
import shutil
import signal
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg.errors import NotFoundError, StoreError, StoreUnavailableError
from kg.store import durable, plain
from kg.store.backup import restoring, saving
from kg.store.backup.contents import FILE_NAME
from kg.store.backup.saving import Saved
from kg.store.backup.targets import Folder
from kg.store.canonical import Block
from kg.store.changes import Update
from kg.store.releases import DataFolder, Release

Publish = Callable[..., Release]
Lines = Callable[..., list[Block]]
NOW = datetime(2025, 2, 1, tzinfo=UTC)


def quietly(_: str) -> None:
    """No progress is shown."""


def save(data: DataFolder, target: Path, **options: Any) -> Saved:
    how: dict[str, Any] = {"tool": "kg test", "now": NOW, "tokens": True, "progress": quietly, **options}
    if target.suffix == ".tar":
        with target.open("wb") as stream:
            return saving.as_archive(data.layout, stream, **how)
    return saving.into_folder(data.layout, target, **how)


def restore(source: Path | io.BytesIO, place: Path, only: str = "") -> DataFolder:
    folder = DataFolder.open(place, create=True)
    restoring.restore(folder.layout, source, only=only, progress=quietly)
    return folder


def content(release: Release) -> list[bytes]:
    return list(release.lines())


def in_database(release: Release) -> int:
    with release.open() as store:
        return len(list(store.quads()))


@pytest.fixture
def filled(data: DataFolder, publish: Publish, quad_lines: Lines) -> DataFolder:
    """Two releases, a tag and a file of tokens."""
    publish(a=quad_lines("a", 50), b=quad_lines("b", 3))
    publish(a=quad_lines("a", 50), b=quad_lines("b", 5))
    data.tag("current", "good")
    data.layout.tokens.write_text('{"tokens": []}')
    return data


@pytest.fixture(params=["folder", "archive.tar"])
def copy(request: pytest.FixtureRequest, tmp_path: Path, filled: DataFolder) -> Path:
    target = tmp_path / request.param
    save(filled, target)
    return target


def test_what_is_restored_is_what_was_saved(filled: DataFolder, copy: Path, tmp_path: Path) -> None:
    restored = restore(copy, tmp_path / "new")
    assert [each.id for each in restored.releases()] == [each.id for each in filled.releases()]
    for before, after in zip(filled.releases(), restored.releases(), strict=True):
        assert content(before) == content(after)
        assert in_database(after) == before.manifest.quads
    assert restored.current() == filled.current()
    assert restored.tags() == {"good": filled.releases()[0].id}
    assert restored.layout.tokens.read_text() == filled.layout.tokens.read_text()
    assert restored.layout.tokens.stat().st_mode & 0o077 == 0
    assert list(restored.layout.staging.iterdir()) == []


def test_one_release_alone_is_restored(filled: DataFolder, copy: Path, tmp_path: Path) -> None:
    first = filled.releases()[-1]
    restored = restore(copy, tmp_path / "new", only=first.id[:19])
    assert [each.id for each in restored.releases()] == [first.id]
    assert restored.tags() == {}
    with pytest.raises(NotFoundError, match="no releases"):
        restore(copy, tmp_path / "other", only="1999")


def test_a_second_copy_into_a_folder_takes_only_what_is_new(
    filled: DataFolder, publish: Publish, quad_lines: Lines, tmp_path: Path
) -> None:
    first = save(filled, tmp_path / "copy")
    again = save(filled, tmp_path / "copy")
    publish(b=quad_lines("b", 7))
    more = save(filled, tmp_path / "copy")
    assert (first.kept, again.copied, again.kept) == (0, 0, first.copied)
    assert (more.copied, more.releases) == (2, 3)  # a segment, release.json


def test_what_is_no_more_stays_unless_it_is_pruned(filled: DataFolder, tmp_path: Path) -> None:
    save(filled, tmp_path / "copy")
    gone = filled.releases()[-1].id
    filled.collect(keep=1)
    assert save(filled, tmp_path / "copy").removed == 0
    assert gone in [each.id for each in restore(tmp_path / "copy", tmp_path / "all").releases()]
    assert save(filled, tmp_path / "copy", prune=True).removed == 2  # release.json, the segment that only it had
    assert [each.id for each in restore(tmp_path / "copy", tmp_path / "left").releases()] == [
        each.id for each in filled.releases()
    ]


def test_tokens_may_be_left_out(filled: DataFolder, tmp_path: Path) -> None:
    save(filled, tmp_path / "copy")
    save(filled, tmp_path / "copy", tokens=False)
    assert not (tmp_path / "copy" / "tokens.json").exists()
    assert not restore(tmp_path / "copy", tmp_path / "new").layout.tokens.exists()


def test_a_copy_is_made_while_a_build_is_at_work(filled: DataFolder, quad_lines: Lines, tmp_path: Path) -> None:
    with filled.stage() as staging:
        staging.replace_segment("c", quad_lines("c", 3))
        save(filled, tmp_path / "copy")
        staging.publish(tool="kg test")
    assert len(restore(tmp_path / "copy", tmp_path / "new").releases()) == 2


def test_a_release_that_is_being_copied_is_not_collected(filled: DataFolder, tmp_path: Path) -> None:
    busy: list[str] = []

    def collect(_: str) -> None:
        busy.extend(filled.collect(keep=1).busy)

    saving.into_folder(filled.layout, tmp_path / "copy", tool="kg test", now=NOW, tokens=True, progress=collect)
    assert filled.releases()[-1].id in busy
    assert len(restore(tmp_path / "copy", tmp_path / "new").releases()) == 2


def test_a_plain_folder_is_copied_with_its_databases(tmp_path: Path) -> None:
    data = DataFolder.open(tmp_path / "data", create=True)
    plain.opened(data, tool="kg test")
    plain.write(data, Update("INSERT DATA { <x:a> <x:b> _:c . GRAPH <x:g> { <x:a> <x:b> 1 } }"), tool="kg test")
    save(data, tmp_path / "copy")
    restored = restore(tmp_path / "copy", tmp_path / "new")
    live, before = restored.current(), data.current()
    assert live is not None
    assert live == before
    with live.open() as store:
        assert len(store.database) == 2
        assert store.database.contains_named_graph(ox.NamedNode("x:g"))
    plain.write(restored, Update("CLEAR ALL"), tool="kg test")  # it can go on


def test_a_damaged_segment_is_not_copied(filled: DataFolder, tmp_path: Path) -> None:
    segment = max(filled.layout.segments.iterdir(), key=lambda path: path.stat().st_size)
    damage(segment)
    for target in (tmp_path / "copy", tmp_path / "copy.tar"):
        with pytest.raises(StoreError, match=segment.name):
            save(filled, target)


def test_deep_a_damaged_copy_is_mended(filled: DataFolder, tmp_path: Path) -> None:
    save(filled, tmp_path / "copy")
    segment = next((tmp_path / "copy" / "segments").iterdir())
    damage(segment)
    assert save(filled, tmp_path / "copy").copied == 0
    assert save(filled, tmp_path / "copy", deep=True).copied == 1
    restore(tmp_path / "copy", tmp_path / "new")


def damage(path: Path) -> None:
    """Change one byte in the middle."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(bytes(data))


def test_a_damaged_release_is_left_out_unless_it_is_live(filled: DataFolder, tmp_path: Path) -> None:
    first, second = reversed(filled.releases())
    (first.folder / "release.json").write_text("{")
    saved = save(filled, tmp_path / "copy")
    assert (saved.skipped, saved.releases) == ((first.id,), 1)
    (second.folder / "release.json").write_text("{")
    with pytest.raises(StoreError, match=second.id):
        save(filled, tmp_path / "other")


def test_where_a_copy_cannot_go(filled: DataFolder, data: DataFolder, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="inside the data folder"):
        save(filled, data.layout.root / "copy")
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to-mother").write_text("Dear mother")
    with pytest.raises(StoreError, match="holds other files"):
        save(filled, tmp_path / "letters")
    with pytest.raises(StoreUnavailableError, match="nothing to copy"):
        save(DataFolder.open(tmp_path / "empty", create=True), tmp_path / "copy")


def test_a_first_copy_that_was_broken_off_is_gone_on_with(filled: DataFolder, tmp_path: Path) -> None:
    whole = save(filled, tmp_path / "copy")
    (tmp_path / "copy" / FILE_NAME).unlink()
    damage(next((tmp_path / "copy" / "segments").iterdir()))
    (tmp_path / "copy" / "lost+found").mkdir()
    again = save(filled, tmp_path / "copy")
    assert (again.copied, again.kept) == (1, whole.copied - 1)
    restore(tmp_path / "copy", tmp_path / "new")


class Deadly(io.RawIOBase):
    """A file at whose end the process that reads it is killed."""

    def __init__(self) -> None:
        self._left = [b"half"]

    def read(self, size: int = -1, /) -> bytes:
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)
        return self._left.pop()


def killed_while_it_writes(target: Path, name: str) -> None:
    with Deadly() as source:
        Folder(target, {}, deep=False).put(name, 4, source)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("name", ["tags.json", "tokens.json", FILE_NAME, "segments/a", "releases/a/release.json"])
def test_one_that_was_killed_while_it_wrote_a_file_is_gone_on_with(
    filled: DataFolder, tmp_path: Path, name: str, first: bool
) -> None:
    target = tmp_path / "copy"
    target.mkdir()
    if not first:
        save(filled, target)
    name = name.replace("/a", f"/{filled.releases()[0].id if 'releases' in name else '0' * 64 + '.nq.zst'}")
    process = multiprocessing.get_context("spawn").Process(target=killed_while_it_writes, args=(target, name))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert list(target.rglob("*.tmp"))
    durable.prepared_text(target / FILE_NAME, "half")
    save(filled, target)
    assert list(target.rglob("*.tmp")) == []
    restore(target, tmp_path / "new")


@pytest.mark.parametrize("name", ["letters.tmp", "segments/letters.tmp", "releases.12345678.tmp"])
def test_a_file_of_somebody_else_is_never_taken_for_a_draft(filled: DataFolder, tmp_path: Path, name: str) -> None:
    other = tmp_path / "copy" / name
    other.parent.mkdir(parents=True)
    other.write_text("Dear Sir")
    if "/" in name:
        save(filled, tmp_path / "copy")
    else:
        with pytest.raises(StoreError, match="holds other files"):
            save(filled, tmp_path / "copy")
    assert other.read_text() == "Dear Sir"


def test_a_copy_that_breaks_off_leaves_the_one_before(
    filled: DataFolder, publish: Publish, quad_lines: Lines, tmp_path: Path
) -> None:
    save(filled, tmp_path / "copy")
    filled.tag("current", "better")
    filled.rebuild(filled.releases()[0].id)
    release = publish(c=quad_lines("c", 500))
    damage(release.segment_path("c"))
    with pytest.raises(StoreError, match="is damaged"):
        save(filled, tmp_path / "copy")
    restored = restore(tmp_path / "copy", tmp_path / "new")
    assert (len(restored.releases()), set(restored.tags())) == (2, {"good"})


def test_a_folder_with_a_live_release_is_left_alone(filled: DataFolder, copy: Path) -> None:
    before = filled.current()
    with pytest.raises(StoreError, match="live release"):
        restore(copy, filled.layout.root)
    assert filled.current() == before


@pytest.mark.parametrize("which", ["segments/", "release.json", "tags.json"])
def test_a_damaged_file_is_named_and_nothing_is_live(filled: DataFolder, tmp_path: Path, which: str) -> None:
    save(filled, tmp_path / "copy")
    path = next(path for path in sorted((tmp_path / "copy").rglob("*")) if which in str(path) and path.is_file())
    damage(path)
    assert_refused(tmp_path / "copy", tmp_path / "new", path.name)
    path.unlink()
    assert_refused(tmp_path / "copy", tmp_path / "new", path.name)
    shutil.rmtree(tmp_path / "copy")
    save(filled, tmp_path / "copy")
    restore(tmp_path / "copy", tmp_path / "new")  # after two that were refused


def assert_refused(source: Path | io.BytesIO, place: Path, text: str) -> None:
    with pytest.raises(StoreError, match=text):
        restore(source, place)
    assert DataFolder.open(place).current() is None


def test_an_archive_that_was_cut_off_is_refused(filled: DataFolder, tmp_path: Path) -> None:
    save(filled, tmp_path / "copy.tar")
    whole = (tmp_path / "copy.tar").read_bytes()
    end = len(whole.rstrip(b"\0"))  # behind it there is only padding
    for size in (100, 700, end // 2, end - 600):
        assert_refused(io.BytesIO(whole[:size]), tmp_path / "new", "whole tar archive|damaged|is missing|begins with")
    with pytest.raises(NotFoundError, match=r"no\.tar"):
        restore(tmp_path / "no.tar", tmp_path / "new")
    restore(io.BytesIO(whole), tmp_path / "new")


@pytest.mark.parametrize("packed", [gzip.compress, lzma.compress, bz2.compress])
def test_an_archive_may_be_packed_and_is_refused_if_that_is_damaged(
    filled: DataFolder, tmp_path: Path, packed: Callable[[bytes], bytes]
) -> None:
    save(filled, tmp_path / "copy.tar")
    data = bytearray(packed((tmp_path / "copy.tar").read_bytes()))
    restore(io.BytesIO(bytes(data)), tmp_path / "new")
    data[len(data) // 2] ^= 0xFF
    assert_refused(io.BytesIO(bytes(data)), tmp_path / "other", "no whole tar archive|damaged|cannot restore")


def member(name: str, data: bytes = b"x", **fields: Any) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for field, value in fields.items():
        setattr(info, field, value)
    return info, data


@pytest.mark.parametrize(
    "hostile",
    [
        member("../outside"),
        member("/tmp/outside"),
        member("releases/../../outside/x"),
        member("releases/x/../../../outside"),
        member("segments/../current"),
        member("current"),
        member("locks/build"),
        member("releases/x/release.json", type=tarfile.SYMTYPE, linkname="/etc/passwd", size=0),
        member("tags.json", type=tarfile.LNKTYPE, linkname="backup.json", size=0),
        member("releases/x/fifo", type=tarfile.FIFOTYPE, size=0),
        member("releases/x/unknown"),
    ],
    ids=lambda each: each[0].name,
)
def test_what_is_no_file_of_a_data_folder_is_refused(
    filled: DataFolder, tmp_path: Path, hostile: tuple[tarfile.TarInfo, bytes]
) -> None:
    save(filled, tmp_path / "copy.tar")
    changed = io.BytesIO()
    with tarfile.open(tmp_path / "copy.tar") as before, tarfile.open(fileobj=changed, mode="w") as after:
        for info in before:
            after.addfile(info, before.extractfile(info))
        after.addfile(hostile[0], io.BytesIO(hostile[1]))
    changed.seek(0)
    (tmp_path / "deep").mkdir()
    assert_refused(changed, tmp_path / "deep" / "new", "is no file of a data|no plain file|does not know")
    assert sorted(path.name for path in (tmp_path / "deep").iterdir()) == ["new"]


@pytest.mark.parametrize("name", ["../../outside", "releases/x/../y", "segments/x", "current"])
def test_a_listing_that_names_what_is_no_file_of_a_data_folder_is_refused(
    filled: DataFolder, tmp_path: Path, name: str
) -> None:
    save(filled, tmp_path / "copy")
    listing = tmp_path / "copy" / FILE_NAME
    told = json.loads(listing.read_text())
    told["files"][name] = {"size": 1, "digest": hashlib.sha256(b"x").hexdigest()}
    listing.write_text(json.dumps(told))
    assert_refused(tmp_path / "copy", tmp_path / "new", "is no file of a data folder")


@pytest.mark.parametrize("change", [{"layout": 2}, {"current": "another"}, {"files": 3}, {"files": {}}])
def test_a_listing_that_makes_no_sense_is_refused(filled: DataFolder, tmp_path: Path, change: dict[str, Any]) -> None:
    save(filled, tmp_path / "copy")
    listing = tmp_path / "copy" / FILE_NAME
    listing.write_text(json.dumps({**json.loads(listing.read_text()), **change}))
    assert_refused(tmp_path / "copy", tmp_path / "new", "newer version|damaged")


def test_a_symbolic_link_in_a_folder_is_not_followed(filled: DataFolder, tmp_path: Path) -> None:
    save(filled, tmp_path / "copy")
    path = tmp_path / "copy" / "tags.json"
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert_refused(tmp_path / "copy", tmp_path / "new", r"tags\.json")


def test_a_file_that_goes_on_and_on_is_not_kept(filled: DataFolder, tmp_path: Path) -> None:
    save(filled, tmp_path / "copy")
    with (tmp_path / "copy" / "tags.json").open("ab") as file:
        file.write(b" " * 5_000_000)
    assert_refused(tmp_path / "copy", tmp_path / "new", r"tags\.json.*size")
