"""What is no longer needed goes: old releases, segments that no release names, leftovers of dead builds.

Tagged releases, the live one and the newest few stay, and so does every release that somebody has open. Runs under the
build lock, so nothing is in the making meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import StoreError
from kg.store import durable, locks, manifest, names, usage
from kg.store.durable import explained
from kg.store.layout import Layout
from kg.store.manifest import Manifest


@dataclass(frozen=True)
class Collection:
    """What was collected, or would be.

    Parameters
    ----------
    releases, segments
        Ids, digests.
    leftovers
        Files and folders that belong to no release, relative to the data folder.
    busy
        Ids of releases that would have gone if nobody had them open.
    size_bytes
        What all of it takes, without files that releases which stay have too.
    """

    releases: tuple[str, ...]
    segments: tuple[str, ...]
    leftovers: tuple[str, ...]
    busy: tuple[str, ...]
    size_bytes: int = 0


def collect(layout: Layout, *, keep: int, dry_run: bool) -> Collection:
    """Remove what is not needed; see `kg.store.releases.DataFolder.collect`."""
    if keep < 1:
        raise StoreError("keep at least one release")
    with explained("cannot collect old releases"), locks.only_one(layout.build_lock, doing="collect old releases"):
        manifests = {folder.name: manifest.read(folder) for folder in release_folders(layout)}
        leftovers = _leftovers(layout)
        gone, busy = _releases(layout, manifests, keep=keep, dry_run=dry_run)
        left = [kept for identifier, kept in manifests.items() if identifier not in gone]
        segments = _unnamed_segments(layout, left)
        leftovers += [*_old_databases(layout, left), *_old_refusals(layout, keep)]
        folders = [(layout.releases if dry_run else layout.staging) / identifier for identifier in gone]
        size = usage.freed([*folders, *segments, *leftovers])
        if not dry_run:
            for path in (*segments, *leftovers, *_leftovers(layout)):
                durable.remove(path)
        return Collection(
            releases=tuple(gone),
            segments=tuple(path.name.partition(".")[0] for path in segments),
            leftovers=tuple(path.relative_to(layout.root).as_posix() for path in leftovers),
            busy=tuple(busy),
            size_bytes=size,
        )


def release_folders(layout: Layout) -> list[Path]:
    """The folders of all releases, newest first."""
    return sorted((path.parent for path in layout.releases.glob(f"*/{manifest.FILE_NAME}")), reverse=True)


def _releases(layout: Layout, manifests: Iterable[str], *, keep: int, dry_run: bool) -> tuple[list[str], list[str]]:
    """The ids of releases that go, and of those that would if nobody had them open."""
    gone: list[str] = []
    busy: list[str] = []
    with locks.briefly(layout.names_lock):
        stay = {*list(manifests)[:keep], names.current(layout), *names.tags(layout).values()}
        for identifier in manifests:
            if identifier not in stay:
                taken = _take(layout, identifier, dry_run=dry_run)
                (gone if taken else busy).append(identifier)
    return gone, busy


def _take(layout: Layout, identifier: str, *, dry_run: bool) -> bool:
    """Move a release out of the readers' sight unless somebody reads it; it is then a leftover."""
    with locks.if_free(layout.release_lock(identifier)) as free:
        if free and not dry_run:
            durable.move(layout.releases / identifier, layout.staging / identifier)
        return free


def _unnamed_segments(layout: Layout, manifests: Iterable[Manifest]) -> list[Path]:
    named = {segment.file_name for kept in manifests for segment in kept.segments.values()}
    return sorted(path for path in layout.segments.iterdir() if path.name not in named)


def _leftovers(layout: Layout) -> list[Path]:
    """What builds and removals that were broken off left, and the locks of releases that are no more."""
    locks_ = (path for path in layout.locks.glob("release-*") if not _release_of(layout, path).exists())
    return sorted([*layout.staging.iterdir(), *locks_])


def _release_of(layout: Layout, lock: Path) -> Path:
    return layout.releases / lock.name.removeprefix("release-")


def _old_databases(layout: Layout, manifests: Iterable[Manifest]) -> Iterator[Path]:
    """Databases that a rebuild has replaced and that nobody reads any more."""
    for kept in manifests:
        folders = (layout.releases / kept.id).glob(f"{Manifest.database}*")
        if old := [path for path in folders if path.name != kept.database]:
            with locks.if_free(layout.release_lock(kept.id)) as free:
                yield from old if free else ()


def remove_old_databases(layout: Layout, manifests: Iterable[Manifest]) -> None:
    """Remove the databases of these releases that a rebuild has replaced, where nobody reads them."""
    for path in _old_databases(layout, manifests):
        durable.remove(path)


def _old_refusals(layout: Layout, keep: int) -> list[Path]:
    return sorted(layout.refused.iterdir(), reverse=True)[keep:]
