"""Where a release is made, whatever it is made of: alone, beside the live one, and in a folder that goes if it fails.

Everything happens in ``staging/`` under the build lock. Until the last rename the live release knows nothing of it;
what a dead build left there, the next one removes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from kg.errors import StoreLockedError
from kg.store import durable, locks, names, release
from kg.store.durable import explained
from kg.store.layout import Layout
from kg.store.manifest import Manifest
from kg.store.release import Release

Clock = Callable[[], datetime]


class Room:
    """A context manager: holds the build lock from entering to leaving, discards itself unless it was published.

    Parameters
    ----------
    patience
        Seconds to wait for another build to end.

    Attributes
    ----------
    parent
        The release that was live when the build began, kept in its place meanwhile; None for the first.
    folder
        What will be the release's folder: report.ttl and other files of the release are put here.
    """

    parent: Release | None
    folder: Path

    def __init__(self, layout: Layout, clock: Clock, patience: float = 0.0) -> None:
        self._layout = layout
        self._clock = clock
        self._patience = patience
        self._cleanup = ExitStack()

    def __enter__(self) -> Self:
        with explained("cannot begin a build"), ExitStack() as cleanup:
            cleanup.enter_context(locks.only_one(self._layout.build_lock, doing="build", patience=self._patience))
            self.parent = self._held_parent(cleanup)
            self.folder = self._made(cleanup)
            self._furnish(cleanup)
            self._cleanup = cleanup.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cleanup.__exit__(kind, error, trace)

    def _furnish(self, cleanup: ExitStack) -> None:
        """Open what the release is made with; what is to be closed again goes on the stack."""

    def _held_parent(self, cleanup: ExitStack) -> Release | None:
        identifier = names.current(self._layout)
        return cleanup.enter_context(release.load(self._layout, identifier).hold()) if identifier else None

    def _made(self, cleanup: ExitStack) -> Path:
        """Remove what dead builds left, and make a folder for this one."""
        for leftover in self._layout.staging.iterdir():
            durable.remove(leftover)
        # a database that an error has left open may still write while it is removed; the next build removes the rest
        room = tempfile.TemporaryDirectory(dir=self._layout.staging, ignore_cleanup_errors=True)
        folder = Path(cleanup.enter_context(room)) / "release"
        folder.mkdir()
        return folder

    def _time(self) -> datetime:
        """Now, but later than the parent even where the clock was set back: ids sort by time of making."""
        now = self._clock()
        if self.parent is None:
            return now
        return max(now, datetime.fromisoformat(self.parent.manifest.created) + timedelta(milliseconds=1))

    def _put_in_place(self, made: Manifest) -> Release:
        """Write release.json, wait until all is on the disk, and make it the live release."""
        made.write(self.folder)
        durable.sync_tree(self.folder)
        self._switch(made)
        return release.load(self._layout, made.id)

    def _switch(self, made: Manifest) -> None:
        layout = self._layout
        with locks.briefly(layout.names_lock):
            live = names.current(layout)
            if live != (self.parent.id if self.parent else None):
                raise StoreLockedError(f"release {live} went live while this one was built; build again")
            layout.release_lock(made.id).touch()
            with names.switching(layout, made.id):
                durable.move(self.folder, layout.releases / made.id)
