"""One published release: reading it, under a lock that keeps it in its place.

RocksDB opens files late; a reader whose folder was renamed or deleted gave an error, aborted, or grew to 24 GB. So
whoever reads holds the release's lock together with other readers for as long, and gives up what came from the store
before letting go.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from kg.errors import NotFoundError, StoreError
from kg.store import gone, locks, manifest, segments
from kg.store.durable import explained
from kg.store.embedded import EmbeddedStore
from kg.store.layout import Layout
from kg.store.manifest import Manifest
from kg.store.segments import Sign


@dataclass(frozen=True)
class Release:
    """A release of a data folder, as it was when this object was made."""

    layout: Layout = field(compare=False, repr=False)
    manifest: Manifest

    @property
    def id(self) -> str:
        """Sorts by time of making."""
        return self.manifest.id

    @property
    def folder(self) -> Path:
        """Its files."""
        return self.layout.releases / self.id

    @property
    def database(self) -> Path:
        """The folder of its Oxigraph database; to be used inside `hold` only."""
        return self.folder / self.manifest.database

    @property
    def report(self) -> Path:
        """The SHACL report, in Turtle."""
        return self.folder / "report.ttl"

    def reported(self) -> str | None:
        """The SHACL report, read while the release is held; None if it keeps none."""
        with self.hold() as held, explained(f"the report of {self.id} cannot be read"):
            return held.report.read_text("utf-8") if held.report.is_file() else None

    def gone(self) -> frozenset[str]:
        """What earlier releases told of and this one does not (`kg.store.gone`), read while the release is held."""
        with self.hold() as held:
            return gone.read(held.folder)

    @contextmanager
    def hold(self) -> Iterator[Release]:
        """Keep the release in its place: nobody renames or deletes it meanwhile.

        Yields
        ------
        The release as it is now: a rebuild may have given it another database since this object was made.

        Raises
        ------
        StoreUnavailableError
            It was collected in the meantime.
        """
        with locks.shared(self.layout.release_lock(self.id)):
            yield load(self.layout, self.id)

    @contextmanager
    def open(self) -> Iterator[EmbeddedStore]:
        """Its store, for reading, while the release is held. Iterators over answers end with it."""
        with self.hold() as held:
            store = EmbeddedStore.open(held.database, default_graph=held.manifest.default_graph)
            try:
                yield store
            finally:
                store.close()

    def lines(self, name: str | None = None) -> Iterator[bytes]:
        """The canonical N-Quads of one segment, or of all in the order of their names: a dump."""
        for segment_name in [name] if name else sorted(self.manifest.segments):
            yield from segments.read(self.segment_path(segment_name))

    def merged(self) -> Iterator[bytes]:
        """The same lines in one order: sorted, each once. While there is no blank node, which no segment has, this is
        the canonical form of the dataset (RDFC-1.0, section 4.4).
        """
        return _merged(self, set())

    def segment_path(self, name: str) -> Path:
        """The file of a segment of this release.

        Raises
        ------
        NotFoundError
            It has no segment of this name.
        """
        if segment := self.manifest.segments.get(name):
            return self.layout.segments / segment.file_name
        known = ", ".join(sorted(self.manifest.segments))
        raise NotFoundError(f"release {self.id} has no segment {name}; it has {known}")


def load(layout: Layout, identifier: str) -> Release:
    """The release with this id.

    Raises
    ------
    StoreUnavailableError, StoreError
        See `kg.store.manifest.read`.
    """
    return Release(layout, manifest.read(layout.releases / identifier))


def diff(old: Release, new: Release) -> Iterator[tuple[Sign, bytes]]:
    """What is to be done to one release to get another, sorted by line. Segments that both have are not read.

    Raises
    ------
    StoreError
        One is of a plain folder, and so has no segments.
    """
    if plain := next((each.id for each in (old, new) if each.manifest.plain), None):
        raise StoreError(f"{plain} is a release of a plain folder: it has no segments that could be compared")
    common = _digests(old) & _digests(new)
    yield from segments.difference(_merged(old, common), _merged(new, common))


def _digests(release: Release) -> set[str]:
    return {segment.digest for segment in release.manifest.segments.values()}


def _merged(release: Release, without: set[str]) -> Iterator[bytes]:
    entries = {segment.digest: segment for segment in release.manifest.segments.values()}
    paths = [release.layout.segments / entry.file_name for digest, entry in entries.items() if digest not in without]
    return (line for line, _ in groupby(heapq.merge(*map(segments.read, paths))))
