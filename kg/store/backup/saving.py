"""A copy of a data folder: into a folder, where only what is new is copied, or as one tar archive.

Releases and segments never change, and the collector leaves alone what somebody holds: so names are taken down and
releases held in one moment, and the rest is copying, while others read, build and write. What is copied is read once
more before, so that a damaged file is found when it can still be mended.

In a folder what may differ from the backup before under the same name (tags, tokens, ``release.json``) is put last,
just before ``backup.json``: a backup that is broken off leaves the one before, unless that happens between the first of
these small files and ``backup.json``. Then the folder is no whole backup until the next one has been made.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from kg.errors import StoreError, StoreUnavailableError
from kg.store import durable, locks, manifest, names, release, segments
from kg.store.backup import contents
from kg.store.backup.contents import Contents, Entry
from kg.store.backup.targets import Folder, Tar, contents_of, digest, removed
from kg.store.durable import explained
from kg.store.layout import Layout
from kg.store.release import Release
from kg.store.retention import release_folders

Progress = Callable[[str], object]


@dataclass(frozen=True)
class Saved:
    """What a backup came to.

    Parameters
    ----------
    current
        The release that was live.
    releases
        How many there are.
    skipped
        Ids of releases that are damaged and not in it.
    copied, kept, removed
        Files copied, found there already, taken away.
    size_bytes
        Of the files copied.
    """

    current: str
    releases: int
    skipped: tuple[str, ...]
    copied: int
    kept: int
    removed: int
    size_bytes: int


Has = Callable[[str, Entry], bool]
"""Whether a file is there already."""
Put = Callable[[str, int, IO[bytes]], object]
"""Copies a file of so many bytes."""


@dataclass
class _Found:
    """What is to be copied: files by name, with their paths, and small ones as they were in one moment."""

    current: str
    paths: dict[str, Path] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    releases: int = 0


def into_folder(
    layout: Layout,
    target: Path,
    *,
    tool: str,
    now: datetime,
    tokens: bool,
    progress: Progress,
    prune: bool = False,
    deep: bool = False,
) -> Saved:
    """Bring a folder up to date with a data folder; what it has already is not copied again.

    Parameters
    ----------
    tokens
        Whether tokens are copied: their hashes, which its owner alone may read.
    prune
        Whether what the data folder has no more is taken away; else it stays, and can be restored.
    deep
        Whether the segments that are there already are read, and those that are damaged copied again.

    Raises
    ------
    StoreUnavailableError
        There is nothing to copy.
    StoreError
        A segment is missing or damaged, the target is inside the data folder, or cannot be written. What it had
        before is as it was, if not even the last small files were begun (see the module).
    """
    if target.resolve().is_relative_to(layout.root.resolve()):
        raise StoreError(f"{target} is inside the data folder that is to be copied; choose another place")
    with explained(f"cannot write the backup {target}"), _found(layout, tokens=tokens) as found:
        target.mkdir(parents=True, exist_ok=True)
        before = contents_of(target)
        folder = Folder(target, before.files if before else {}, deep=deep)
        entries, copied = _copied(found, folder.has, folder.put, progress)
        stale = _stale(before, entries) if before and not prune else {}
        made = Contents(_text(now), tool, found.current, {**stale, **entries})
        durable.write_text(target / contents.FILE_NAME, made.to_json())
        gone = removed(target, set(before.files) - set(made.files)) if before else 0
        return _saved(found, entries, copied, gone)


def as_archive(
    layout: Layout, target: IO[bytes], *, tool: str, now: datetime, tokens: bool, progress: Progress
) -> Saved:
    """Write a whole copy of a data folder as a tar archive, from its beginning to its end; see `into_folder`."""
    with explained("cannot write the backup"), _found(layout, tokens=tokens) as found:
        entries = {name: _entry(name, found) for name in sorted({**found.paths, **found.texts})}
        made = Contents(_text(now), tool, found.current, entries)
        with tarfile.open(fileobj=target, mode="w|", format=tarfile.PAX_FORMAT) as archive:
            tar, listing = Tar(archive, now), made.to_json().encode()
            tar.put(contents.FILE_NAME, len(listing), io.BytesIO(listing))
            _, copied = _copied(found, lambda *_: False, tar.put, progress)
        return _saved(found, entries, copied, 0)


def _stale(before: Contents, entries: Mapping[str, Entry]) -> dict[str, Entry]:
    """What stays of releases that are no more; tags and tokens are those of now, or none."""
    return {name: entry for name, entry in before.files.items() if name not in entries and "/" in name}


def _saved(found: _Found, entries: dict[str, Entry], copied: list[Entry], removed: int) -> Saved:
    return Saved(
        current=found.current,
        releases=found.releases,
        skipped=tuple(found.skipped),
        copied=len(copied),
        kept=len(entries) - len(copied),
        removed=removed,
        size_bytes=sum(entry.size for entry in copied),
    )


@contextmanager
def _found(layout: Layout, *, tokens: bool) -> Iterator[_Found]:
    """Take down what there is, and hold it: while names are locked no release is collected."""
    with ExitStack() as stack:
        with locks.briefly(layout.names_lock):
            live = names.current(layout)
            if live is None:
                raise StoreUnavailableError(f"{layout.root} holds no release yet: there is nothing to copy")
            found = _Found(live)
            for path, wanted in ((layout.tags, True), (layout.tokens, tokens)):
                if wanted and path.exists():
                    found.texts[path.name] = path.read_bytes()
            for folder in release_folders(layout):
                try:
                    _add(found, stack.enter_context(release.load(layout, folder.name).hold()))
                except StoreError:
                    if folder.name == live:
                        raise
                    found.skipped.append(folder.name)
        yield found


def _add(found: _Found, held: Release) -> None:
    found.releases += 1
    for segment in held.manifest.segments.values():
        found.paths[f"segments/{segment.file_name}"] = held.layout.segments / segment.file_name
    files = [path for path in held.folder.iterdir() if path.is_file()]
    if held.manifest.plain:
        files += [path for path in held.database.iterdir() if path.is_file()]
    for path in files:
        name = path.relative_to(held.layout.root).as_posix()
        if path.name == manifest.FILE_NAME:  # a rebuild puts another in its place
            found.texts[name] = path.read_bytes()
        else:
            found.paths[name] = path


def _copied(found: _Found, has: Has, put: Put, progress: Progress) -> tuple[dict[str, Entry], list[Entry]]:
    """The entries of all files, and of those that were copied."""
    entries: dict[str, Entry] = {}
    copied = []
    all_names = sorted({**found.paths, **found.texts}, key=lambda name: (name in found.texts, name))
    for number, name in enumerate(all_names, 1):
        progress(f"copying {number} of {len(all_names)} files")
        entry = entries[name] = _entry(name, found)
        if not has(name, entry):
            with _source(name, found) as source:
                put(name, entry.size, source)
            copied.append(entry)
    return entries, copied


def _entry(name: str, found: _Found) -> Entry:
    if name in found.texts:
        return Entry(len(found.texts[name]), hashlib.sha256(found.texts[name]).hexdigest())
    path = found.paths[name]
    if known := contents.segment_digest(name):
        return Entry(segments.size_of(path), known)
    return Entry(path.stat().st_size, digest(path, name))


@contextmanager
def _source(name: str, found: _Found) -> Iterator[IO[bytes]]:
    if name in found.texts:
        yield io.BytesIO(found.texts[name])
        return
    path = found.paths[name]
    if contents.segment_digest(name):
        segments.check(path)
    with path.open("rb") as file:
        yield file


def _text(now: datetime) -> str:
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")
