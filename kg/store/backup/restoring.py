"""A data folder from a copy of one: every file is checked by its digest, and every database made from its segments.

Nothing is live before all is in place. A copy is data from outside: names are checked (`contents`), of an archive only
files are taken, and none beyond the sizes that it announces.
"""

from __future__ import annotations

import dataclasses
import hashlib
import lzma
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kg.errors import NotFoundError, StoreError
from kg.store import durable, locks, manifest, names, release, segments
from kg.store.backup import contents
from kg.store.backup.contents import Contents, Entry
from kg.store.durable import explained
from kg.store.layout import Layout
from kg.store.manifest import Manifest
from kg.store.segments import Segment
from kg.store.staged_database import StagedDatabase

Progress = Callable[[str], object]
Member = tuple[str, IO[bytes]]

_PIECE = 1 << 20
_LONGEST_CONTENTS = 256 << 20


@dataclass(frozen=True)
class Restored:
    """What was restored: the live release, all of them, and files with their bytes, each checked."""

    current: str
    releases: tuple[str, ...]
    files: int
    size_bytes: int


def restore(layout: Layout, source: Path | IO[bytes], *, only: str = "", progress: Progress) -> Restored:
    """Fill an empty data folder from a copy.

    Parameters
    ----------
    source
        A folder, an archive, or a stream of one.
    only
        The id of one release, or the beginning of it: that is restored, and live; else all are.

    Raises
    ------
    StoreError
        A file is missing or damaged, and the text says which; something in it is no file of a data folder; the folder
        has a live release already; the disk is full. Nothing is live then.
    NotFoundError
        There is no such release in it.
    StoreLockedError
        A build is at work.
    """
    where = str(source) if isinstance(source, Path) else "the archive"
    with explained("cannot restore"), locks.only_one(layout.build_lock, doing="restore"):
        if names.current(layout):
            raise StoreError(
                f"{layout.root} has a live release; choose another folder with --data-dir, or move it away"
            )
        with tempfile.TemporaryDirectory(dir=layout.staging, ignore_cleanup_errors=True) as folder:
            room = Path(folder)
            with _members(source, where) as members:
                wanted = _received(members, room, where, only, progress)
            _put_in_place(layout, room, wanted, where, progress)
    sizes = [entry.size for entry in wanted.files.values()]
    return Restored(wanted.current, tuple(wanted.releases), len(sizes), sum(sizes))


@contextmanager
def _members(source: Path | IO[bytes], where: str) -> Iterator[Iterator[Member]]:
    if isinstance(source, Path) and source.is_dir():
        yield _of_folder(source, where)
        return
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(source.open("rb")) if isinstance(source, Path) else source
            archive = stack.enter_context(tarfile.open(fileobj=stream, mode="r|*"))
            yield _of_archive(archive, where)
        except FileNotFoundError as error:
            raise NotFoundError(f"there is no backup {where}") from error
        except (tarfile.TarError, EOFError, zlib.error, lzma.LZMAError) as error:
            raise StoreError(f"{where} is no whole tar archive ({error}); take another backup") from error


def _of_archive(archive: tarfile.TarFile, where: str) -> Iterator[Member]:
    for member in archive:
        if not member.isfile():
            raise StoreError(f"{where} holds {member.name!r}, which is no plain file; it is no backup, or was changed")
        if (stream := archive.extractfile(member)) is not None:
            yield member.name, stream


def _of_folder(folder: Path, where: str) -> Iterator[Member]:
    """The files of a folder, as far as its backup.json names them."""
    listing = folder / contents.FILE_NAME
    if not listing.is_file():
        raise StoreError(f"{where} is no backup: it has no {contents.FILE_NAME}")
    with listing.open("rb") as stream:
        yield contents.FILE_NAME, stream
    for name in contents.read(listing.read_bytes(), where).files:
        path = folder / name
        if path.is_symlink() or not path.is_file():
            raise StoreError(f"{where} is damaged: {name} is missing; take another backup")
        with path.open("rb") as stream:
            yield name, stream


def _received(members: Iterator[Member], room: Path, where: str, only: str, progress: Progress) -> Contents:
    """Write the files that are wanted below a folder, each checked; the result names these alone."""
    name, stream = next(members, ("nothing", None))
    if name != contents.FILE_NAME or stream is None:
        raise StoreError(f"{where} is no backup: it begins with {name!r}, not with {contents.FILE_NAME}")
    all_of_it = contents.read(stream.read(_LONGEST_CONTENTS), where)
    wanted = _chosen(all_of_it, only, where)
    missing = dict(wanted.files)
    for name, stream in members:
        contents.check_name(name, where)
        if entry := missing.pop(name, None):
            progress(f"checking {len(wanted.files) - len(missing)} of {len(wanted.files)} files")
            _keep(room / name, stream, entry, f"{name} in {where}")
        elif name not in all_of_it.files:
            raise StoreError(f"{where} holds {name!r}, which its {contents.FILE_NAME} does not know")
    if missing:
        raise StoreError(f"{where} is damaged: {min(missing)} is missing; take another backup")
    return wanted


def _chosen(all_of_it: Contents, only: str, where: str) -> Contents:
    """The whole, or what is of one release; which segments that has is not known yet, so they all come along."""
    if not only:
        return all_of_it
    found = [each for each in all_of_it.releases if each.startswith(only)]
    if len(found) != 1:
        raise NotFoundError(f"{only} names {len(found) or 'no'} releases of {where}: {', '.join(all_of_it.releases)}")
    files = {
        name: entry
        for name, entry in all_of_it.files.items()
        if not name.startswith("releases/") or name.split("/")[1] == found[0]
    }
    return dataclasses.replace(all_of_it, current=found[0], files=files)


def _keep(path: Path, stream: IO[bytes], entry: Entry, what: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, left = hashlib.sha256(), entry.size
    with path.open("xb") as file:
        while piece := stream.read(_PIECE):
            left -= len(piece)
            if left < 0:
                break
            digest.update(piece)
            file.write(piece)
    if left:
        raise StoreError(f"{what} is damaged: it has not the size that it should have; take another backup")
    if not _is_whole(path, digest.hexdigest(), entry.digest):
        raise StoreError(f"{what} is damaged: it has not the digest that it should have; take another backup")


def _is_whole(path: Path, found: str, wanted: str) -> bool:
    """Whether a file is what it should be; a segment is judged by its uncompressed text."""
    if not contents.segment_digest(path.relative_to(path.parents[1]).as_posix()):
        return found == wanted
    try:
        segments.check(path)
    except StoreError:
        return False
    return True


def _put_in_place(layout: Layout, room: Path, wanted: Contents, where: str, progress: Progress) -> None:
    manifests = [_manifest(room, identifier, where) for identifier in wanted.releases]
    for segment in {each.file_name: each for made in manifests for each in made.segments.values()}.values():
        _settle(layout, room, segment, where)
    before: Manifest | None = None
    for number, made in enumerate(manifests, 1):
        progress(f"making {number} of {len(manifests)} databases")
        _make(layout, room / "releases" / made.id, made, before)
        before = None if made.plain else made
    _name(layout, room, wanted)


def _manifest(room: Path, identifier: str, where: str) -> Manifest:
    made = manifest.read(room / "releases" / identifier)
    if made.id != identifier:
        raise StoreError(f"{where} is damaged: releases/{identifier}/release.json is of {made.id}")
    return made


def _settle(layout: Layout, room: Path, segment: Segment, where: str) -> None:
    received, target = room / "segments" / segment.file_name, layout.segments / segment.file_name
    if received.exists():
        durable.sync_file(received)
        received.replace(target)
    elif not target.exists():
        raise StoreError(f"{where} is damaged: a release needs segments/{segment.file_name}, which is missing")


def _make(layout: Layout, folder: Path, made: Manifest, before: Manifest | None) -> None:
    """Put one release in its place; its database is made from that of the release before where this is cheaper."""
    with ExitStack() as held:
        if not made.plain:
            parent = held.enter_context(release.load(layout, before.id).hold()) if before else None
            place = folder / Manifest.database
            database = StagedDatabase(place, parent, lambda segment: layout.segments / segment.file_name)
            try:
                database.bring(made.segments)
                database.verify()
            finally:
                database.close()
            made = dataclasses.replace(
                made,
                database=place.name,
                default_graph=database.default_graph,
                made_by=database.made_by,
                ready=("database",),
            )
            made.write(folder)
        durable.sync_tree(folder)
        layout.release_lock(made.id).touch()
        durable.remove(layout.releases / made.id)  # what a restoration that was broken off left
        durable.move(folder, layout.releases / made.id)


def _name(layout: Layout, room: Path, wanted: Contents) -> None:
    """Make it live; tags of releases that were not restored are left out."""
    with locks.briefly(layout.names_lock):
        for path, private in ((layout.tags, False), (layout.tokens, True)):
            if (received := room / path.name).exists():
                durable.write_text(path, received.read_text("utf-8"), private=private)
        for tag, identifier in names.tags(layout).items():
            if identifier not in wanted.releases:
                names.untag(layout, tag)
        with names.switching(layout, wanted.current):
            pass
