"""A data folder and the releases in it: the way in to all of `kg.store` that is on disk.

A release is a list of segments and an index over them, made under the build lock, published by one rename and one
switch of ``current``, read under a shared lock, never changed. So readers wait for nobody, rolling back is a switch,
and an answer may be kept for ever under (release, query).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from kg.errors import NewerLayoutError, NotFoundError, StoreError, StoreUnavailableError
from kg.store import layout, locks, names, release, retention
from kg.store.durable import explained
from kg.store.layout import FileSystem, Layout
from kg.store.rebuild import rebuild
from kg.store.release import Release, diff
from kg.store.retention import Collection
from kg.store.room import Clock
from kg.store.staging import Staging

__all__ = ["Collection", "DataFolder", "Release", "Staging", "diff"]


def _now() -> datetime:
    return datetime.now(UTC)


class DataFolder:
    """The releases below one folder.

    Parameters
    ----------
    clock
        The time in UTC, for the names of releases.
    """

    def __init__(self, paths: Layout, *, clock: Clock = _now) -> None:
        self.layout = paths
        self.clock = clock

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        create: bool = False,
        clock: Clock = _now,
        file_system: FileSystem = layout.file_system_of,
    ) -> DataFolder:
        """A data folder that is there, or a new one where ``create`` allows it.

        Raises
        ------
        StoreUnavailableError
            There is none, and none is to be made.
        StoreError
            It cannot be made, lies on a network file system, or a newer version of this program wrote it.
        """
        folder = cls(layout.checked(path, create=create, file_system=file_system), clock=clock)
        folder._refuse_newer()
        return folder

    def _refuse_newer(self) -> None:
        """Any other damage of the live release is left to whoever asks for it: `rollback` is how to mend that."""
        try:
            self.current()
        except NewerLayoutError:
            raise
        except StoreError:
            return

    def current(self) -> Release | None:
        """The live release, None before the first.

        Raises
        ------
        StoreError
            ``current`` or the release that it names is damaged; StoreUnavailableError if there is no such release.
        """
        identifier = names.current(self.layout)
        try:
            return release.load(self.layout, identifier) if identifier else None
        except StoreUnavailableError as error:
            raise StoreUnavailableError(f"{error}, and it is to be live; {names.advice(self.layout)}") from error

    def releases(self) -> list[Release]:
        """All releases, newest first; one that is collected meanwhile is none."""
        found: list[Release] = []
        for folder in retention.release_folders(self.layout):
            with suppress(StoreUnavailableError):
                found.append(release.load(self.layout, folder.name))
        return found

    def find(self, reference: str) -> Release:
        """The release that an id, the unique beginning of one, a tag, or ``current`` names.

        Raises
        ------
        NotFoundError
            None, or more than one.
        """
        if reference == names.CURRENT and (live := self.current()):
            return live
        known = [folder.name for folder in retention.release_folders(self.layout)]
        wanted = self.tags().get(reference, reference)
        matching = [wanted] if wanted in known else [name for name in known if name.startswith(wanted)]
        if len(matching) != 1:
            found = "is the beginning of several releases" if matching else "is no release and no tag"
            raise NotFoundError(f"{reference} {found}; see `kg releases list`")
        return release.load(self.layout, matching[0])

    def rollback(self, reference: str) -> Release:
        """Make a release the live one, an earlier one usually; the one that was live may be damaged."""
        with self._names_changing():
            found = self.find(reference)
            with names.switching(self.layout, found.id):
                return found

    def tags(self) -> dict[str, str]:
        """Tags and the ids that they stand for."""
        return names.tags(self.layout)

    def tag(self, reference: str, name: str) -> Release:
        """Give a release a tag: it is then kept by `collect` until `untag`. A tag that another has moves here."""
        with self._names_changing():
            found = self.find(reference)
            names.tag(self.layout, found.id, name)
        return found

    def untag(self, name: str) -> None:
        """Take a tag away. Raises NotFoundError if there is no such tag."""
        with self._names_changing():
            names.untag(self.layout, name)

    def stage(self, *, patience: float = 0.0) -> Staging:
        """A new release in the making, to be used as a context manager; it starts from the live one.

        Parameters
        ----------
        patience
            Seconds to wait for another build to end.

        Raises
        ------
        StoreLockedError
            On entering: another build, collection or rebuild is at work.
        StoreError
            On entering: it is a plain folder.
        """
        return Staging(self.layout, self.clock, patience)

    def refused(self, identifier: str) -> Path:
        """A folder for the report of a build that is not published. The newest few are kept by `collect`."""
        folder = self.layout.refused / identifier
        with explained(f"cannot write to {folder}"):
            folder.mkdir(exist_ok=True)
        return folder

    def collect(self, *, keep: int = 5, dry_run: bool = False) -> Collection:
        """Remove old releases and what only they needed.

        Parameters
        ----------
        keep
            How many of the newest releases stay. The live one, tagged ones and those that somebody has open stay too.
        dry_run
            Say what would go, and leave it.

        Raises
        ------
        StoreLockedError
            A build is at work.
        """
        return retention.collect(self.layout, keep=keep, dry_run=dry_run)

    def rebuild(self, reference: str) -> Release:
        """Make the database of a release anew from its segments, whose digests are checked on the way.

        Readers keep the old database, which goes when they have closed it; whoever opens the release afterwards gets
        the new one, since release.json names it.

        Raises
        ------
        StoreError
            A segment is missing or damaged, or the disk is full; or it is a release of a plain folder, which has none.
        StoreLockedError
            A build is at work.
        """
        return rebuild(self.find(reference))

    @contextmanager
    def _names_changing(self) -> Iterator[None]:
        with explained("cannot write the names of releases"), locks.briefly(self.layout.names_lock):
            yield
