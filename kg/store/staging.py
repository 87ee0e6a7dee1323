"""A release in the making: segments are replaced, the database follows, and one switch makes it live.

In come canonical blocks per segment, in as many waves as the pipeline needs (sources, then what is derived from them);
out comes a `Release`, or nothing. Where it is made, and how it goes live, is `kg.store.room`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from kg.errors import NotFoundError, StoreError
from kg.store import durable, gone, manifest, segments
from kg.store.canonical import Block
from kg.store.durable import explained
from kg.store.embedded import EmbeddedStore
from kg.store.manifest import Manifest
from kg.store.release import Release
from kg.store.room import Room
from kg.store.segments import Segment
from kg.store.staged_database import Difference, StagedDatabase

_SAMPLE_LINES = 20


@dataclass(frozen=True)
class Change:
    """What replacing or dropping a segment did to it.

    Attributes
    ----------
    added, removed
        Numbers of quads.
    sample
        The first lines that changed in a segment that stays, each with ``+`` or ``-`` before it.
    """

    added: int
    removed: int
    sample: tuple[str, ...] = ()


class Staging(Room):
    """A release of segments in the making.

    Attributes
    ----------
    segments
        What the release is to consist of, by name; begins as the parent's.
    """

    segments: dict[str, Segment]

    def _furnish(self, cleanup: ExitStack) -> None:
        if self.parent and self.parent.manifest.plain:
            raise StoreError(
                f"{self._layout.root} is a plain folder, which has no sources: write to it through"
                " `kg serve --plain`, or choose another folder to build in with --data-dir"
            )
        self.segments = dict(self.parent.manifest.segments) if self.parent else {}
        self._new_segments = self.folder.with_name("segments")
        self._new_segments.mkdir()
        self._left: set[str] = set()
        self._identity: tuple[datetime, str] | None = None
        self._database = StagedDatabase(self.folder / Manifest.database, self.parent, self._locate)
        cleanup.callback(self._database.close)

    @property
    def changed(self) -> bool:
        """Whether the segments differ from the parent's; the first release always does."""
        return self.parent is None or self.segments != self.parent.manifest.segments

    @property
    def store(self) -> EmbeddedStore:
        """The store of the staged quads, with every replacement so far. Ask for it again after the next one.

        What is to be published must come by `replace_segment`; what a step writes into the store itself must be gone,
        or have come as a segment too, before `publish`.

        Raises
        ------
        StoreError
            Two segments hold the same graph, or the disk is full.
        """
        _check_owners(self.segments)
        with explained("the staged database could not be written"):
            return self._database.bring(self.segments)

    def since_parent(self) -> Difference | None:
        """The quads that the store has more and fewer than the parent's; None without a parent, or after much change.

        A quad that came and went again, or went and came back, is among both.
        """
        _ = self.store
        return self._database.since_parent()

    def replace_segment(self, name: str, blocks: Iterable[Block]) -> Change:
        """Put new content in place of a segment, or add one; the result is what differs from what stood there."""
        segment = segments.write(blocks, self._new_segments)
        before = self.segments.get(name)
        self.segments[name] = segment
        return self._change(before, segment)

    def drop_segment(self, name: str) -> Change:
        """Take a segment out.

        Raises
        ------
        NotFoundError
            There is none of this name.
        """
        if name not in self.segments:
            raise NotFoundError(f"there is no segment {name}; there are {', '.join(sorted(self.segments)) or 'none'}")
        segment = self.segments.pop(name)
        self._left.update(filter(None, map(gone.subject, segments.read(self._locate(segment)))))
        return Change(added=0, removed=segment.quads)

    def _change(self, before: Segment | None, after: Segment) -> Change:
        if before is None or before == after:
            return Change(added=0 if before else after.quads, removed=0)
        old, new = segments.read(self._locate(before)), segments.read(self._locate(after))
        signs, sample = Counter[str](), list[str]()
        for sign, line in segments.difference(old, new):
            signs[sign] += 1
            if sign == "-" and (thing := gone.subject(line)):
                self._left.add(thing)
            if len(sample) < _SAMPLE_LINES:
                sample.append(f"{sign} {line.decode().rstrip()}")
        return Change(added=signs["+"], removed=signs["-"], sample=tuple(sample))

    def _locate(self, segment: Segment) -> Path:
        new = self._new_segments / segment.file_name
        return new if new.exists() else self._layout.segments / segment.file_name

    def publish(
        self,
        *,
        tool: str,
        sources: Mapping[str, Any] | None = None,
        counts: Mapping[str, int] | None = None,
        validation: Mapping[str, Any] | None = None,
        ready: tuple[str, ...] = ("database",),
    ) -> Release:
        """Make it the live release, in an order in which a crash at any moment leaves the old one or the new one.

        Raises
        ------
        StoreError
            The disk is full; or the live release is another than when the build began; or the store holds quads that
            no segment has. The live release is as it was.
        """
        with explained("the release could not be published"):
            self._complete_database()
            self._settle_segments()
            made = self._manifest(
                tool=tool, sources=sources or {}, counts=counts or {}, validation=validation or {}, ready=ready
            )
            return self._put_in_place(made)

    def _complete_database(self) -> None:
        store = self.store
        self._database.verify()
        earlier = gone.read(self.parent.folder) if self.parent else frozenset()
        gone.write(self.folder, earlier | self._left, store.database)
        self._database.close()

    def _settle_segments(self) -> None:
        for segment in self.segments.values():
            new, target = self._new_segments / segment.file_name, self._layout.segments / segment.file_name
            if new.exists() and not target.exists():
                durable.move(new, target)

    def identify(self) -> str:
        """The id that the release will have, for what is to name it: it keeps it, whatever else its segments become."""
        if self._identity is None:
            created = self._time()
            self._identity = created, manifest.new_id(created, manifest.content_of(self.segments))
        return self._identity[1]

    def _manifest(self, **facts: Any) -> Manifest:
        identifier, (created, _) = self.identify(), cast(tuple[datetime, str], self._identity)
        return Manifest(
            id=identifier,
            created=created.isoformat(timespec="milliseconds"),
            parent=self.parent.id if self.parent else None,
            segments=self.segments,
            default_graph=self._database.default_graph,
            made_by=self._database.made_by,
            **facts,
        )


def _check_owners(staged: Mapping[str, Segment]) -> None:
    """See that no graph stands in two segments: neither could then be replaced without the other."""
    owners: dict[str, str] = {}
    for name, segment in staged.items():
        for graph in segment.graphs:
            if (other := owners.setdefault(graph, name)) != name:
                raise StoreError(
                    f"the graph {graph} stands in two segments, {other} and {name}; a graph belongs to one source:"
                    " give one of them a graph of its own"
                )
