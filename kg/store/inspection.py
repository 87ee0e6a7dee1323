"""What is wrong with a data folder, or soon may be, and what to do about it. Nothing is changed."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kg.errors import KgError, NewerLayoutError, StoreError
from kg.store import layout as layouts
from kg.store import locks, names, release, segments, usage
from kg.store.layout import FileSystem, Layout
from kg.store.release import Release

Level = Literal["ok", "note", "warning", "error"]
Free = Callable[[Path], int]
"""Bytes that are free where a folder is."""

_LEAST_FREE = 1 << 30


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Parameters
    ----------
    subject
        What was looked at, in a word.
    text
        What was found.
    remedy
        What to do next, if there is anything to do.
    """

    level: Level
    subject: str
    text: str
    remedy: str = ""


def free_bytes(path: Path) -> int:
    """What this user may still write there."""
    return shutil.disk_usage(path).free


def inspect(
    root: Path, *, deep: bool = False, file_system: FileSystem = layouts.file_system_of, free: Free = free_bytes
) -> Iterator[Finding]:
    """Look at a data folder.

    Parameters
    ----------
    deep
        Whether segments are read and compared with their digests: some seconds a gigabyte of text.
    """
    if not root.is_dir():
        yield Finding("error", "data folder", f"there is no folder {root}", "kg build makes it; or see --data-dir")
        return
    layout = Layout(root)
    yield from _place(root, file_system, free)
    yield from _locks(layout)
    found, findings = _releases(layout)
    yield from findings
    if not found:
        return
    yield from _live(layout, found)
    yield from _tags(layout, found)
    yield from _segments(layout, found, deep=deep)
    yield from _use(layout)


def _place(root: Path, file_system: FileSystem, free: Free) -> Iterator[Finding]:
    if os.access(root, os.W_OK):
        yield Finding("ok", "data folder", f"{root.resolve()} can be written")
    else:
        yield Finding(
            "warning", "data folder", f"{root.resolve()} cannot be written", "serve from it only, or chown it"
        )
    kind = file_system(root) or "unknown"
    if layouts.is_remote(kind):
        yield Finding("error", "file system", f"{kind}, on the network", "move the data folder to a local disk")
    else:
        yield Finding("ok", "file system", kind)
    left = free(root)
    if left < _LEAST_FREE:
        remedy = "kg releases prune --dry-run says what would give room"
        yield Finding("warning", "free space", f"{usage.shown(left)}", remedy)
    else:
        yield Finding("ok", "free space", usage.shown(left))


def _locks(layout: Layout) -> Iterator[Finding]:
    if not layout.locks.is_dir():
        yield Finding("note", "locks", "the folder is missing", "the next command that writes makes it")
        return
    if not layout.build_lock.exists():
        yield Finding("ok", "locks", "nothing was ever built or written here")
        return
    with locks.if_free(layout.build_lock) as is_free:
        left = [path.name for path in layout.staging.iterdir()] if is_free and layout.staging.is_dir() else []
    if not is_free:
        yield Finding("note", "locks", f"{locks.holder(layout.build_lock)} is at work")
    elif left:
        text = f"a build that did not end has left {len(left)} folders in {layout.staging.name}/"
        yield Finding("note", "locks", text, "the next build, or kg releases prune, removes them")
    else:
        yield Finding("ok", "locks", "no build is at work")


def _releases(layout: Layout) -> tuple[list[Release], list[Finding]]:
    """Those that can be read, the newest first, and what is to be said of all."""
    found: list[Release] = []
    findings: list[Finding] = []
    folders = sorted(layout.releases.iterdir(), reverse=True) if layout.releases.is_dir() else []
    for folder in folders:
        try:
            found.append(release.load(layout, folder.name))
        except NewerLayoutError as error:
            findings.append(Finding("error", "releases", str(error), "install the newer version of kg"))
        except KgError as error:
            remedy = f"restore it from a backup, or remove {folder}"
            findings.append(Finding("error", "releases", str(error), remedy))
    if found:
        findings.append(Finding("ok", "releases", f"{len(found)} can be read, the newest is {found[0].id}"))
    elif not findings:
        findings.append(Finding("warning", "releases", "there is none", "run kg build"))
    return found, findings


def _live(layout: Layout, found: Iterable[Release]) -> Iterator[Finding]:
    known = {each.id: each for each in found}
    try:
        live = names.current(layout)
    except StoreError as error:
        yield Finding("error", "live release", str(error), "kg releases rollback ID")
        return
    if live not in known:
        remedy = f"kg releases rollback {next(iter(known))}"
        yield Finding("error", "live release", f"{live or 'none'}, which cannot be read", remedy)
        return
    yield _database(known[live])


def _database(live: Release) -> Finding:
    """Whether the database of the live release opens, and holds as many quads as it should."""
    remedy = f"kg releases rebuild {live.id}"
    if live.manifest.plain:
        remedy = "kg releases rollback ID, or restore a backup: a plain release cannot be made again"
    try:
        with live.open() as store:
            quads = len(store.database)
    except KgError as error:
        return Finding("error", "live release", f"{live.id}: {error}", remedy)
    if live.manifest.default_graph == "union" and quads != live.manifest.quads:
        text = f"{live.id}: its database holds {quads:,} quads and its segments {live.manifest.quads:,}"
        return Finding("error", "live release", text, remedy)
    return Finding("ok", "live release", f"{live.id} opens, {live.manifest.quads:,} quads")


def _tags(layout: Layout, found: Iterable[Release]) -> Iterator[Finding]:
    try:
        tags = names.tags(layout)
    except StoreError as error:
        yield Finding("error", "tags", str(error), "mend the file, or remove it")
        return
    known = {each.id for each in found}
    for name, identifier in tags.items():
        if identifier not in known:
            yield Finding("warning", "tags", f"{name} is {identifier}, which is not there", f"kg releases untag {name}")


def _segments(layout: Layout, found: Iterable[Release], *, deep: bool) -> Iterator[Finding]:
    needed: dict[str, set[str]] = defaultdict(set)
    for each in found:
        for name, segment in each.manifest.segments.items():
            needed[segment.file_name].add(f"{name} of {each.id}")
    bad = 0
    for file, owners in sorted(needed.items()):
        if trouble := _trouble(layout.segments / file, deep=deep):
            bad += 1
            text = f"{file} is {trouble}: {', '.join(sorted(owners)[:3])}"
            yield Finding("error", "segments", text, "restore the file from a backup, or build again")
    if not bad:
        how = "are as their digests say" if deep else "are there; --deep reads them"
        yield Finding("ok", "segments", f"{len(needed)} {how}")
    stray = [path for path in layout.segments.glob("*") if path.name not in needed]
    if stray:
        text = f"{len(stray)} belong to no release, {usage.shown(usage.taken(stray))}"
        yield Finding("note", "segments", text, "kg releases prune removes them")


def _trouble(path: Path, *, deep: bool) -> str:
    if not path.is_file():
        return "missing"
    if not path.stat().st_size:
        return "empty"
    try:
        if deep:
            segments.check(path)
    except (StoreError, OSError):
        return "damaged"
    return ""


def _use(layout: Layout) -> Iterator[Finding]:
    """Where the room goes; files that releases share are counted once."""
    parts = {
        "segments": [layout.segments],
        "databases and files of releases": [layout.releases],
        "refused builds": [layout.refused],
        "builds at work": [layout.staging],
    }
    sizes = {name: usage.taken(paths) for name, paths in parts.items()}
    told = ", ".join(f"{usage.shown(size)} {name}" for name, size in sizes.items() if size)
    yield Finding("ok", "disk use", told or "nothing")
