"""A data folder whose live release is served by a SPARQL server elsewhere: both change together, or neither.

Releases are made in the data folder in any case: a segment is a file, and what derivation, the gate's incremental check
and the difference of releases save, they save by having the live release and the one in the making side by side on a
disk. The server gets what is different (`kg.store.remote.pushing`), and which release is live is what it says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kg.errors import KgError, NotFoundError, ReadOnlyError
from kg.pipeline.inputs import Progress
from kg.store import locks
from kg.store.changes import Written
from kg.store.release import Release
from kg.store.releases import DataFolder
from kg.store.remote.pushing import Pushed, push, verify
from kg.store.remote.release import Holding
from kg.store.remote.server import Connection, Server


def publish(
    folder: DataFolder,
    release: Release,
    server: Server,
    *,
    digests: bool = False,
    patience: float = 0.0,
    progress: Progress = lambda _: None,
) -> Pushed:
    """Have a server hold a release, while nobody else pushes from this data folder.

    Parameters
    ----------
    digests
        Read back all of it afterwards and compare digests, what was there before as well.
    patience
        Seconds to wait for another push to end.

    Raises
    ------
    StoreLockedError
        Another push is at work.
    StoreError
        See `push` and `verify`.
    """
    with _alone(folder, patience), Connection(server) as connection:
        pushed = push(release, connection, digests=digests, progress=progress)
        if digests:
            verify(release, connection, progress=progress)
        return pushed


def write(
    folder: DataFolder,
    server: Server,
    change: Callable[[], Written],
    *,
    patience: float = 0.0,
    progress: Progress = lambda _: None,
) -> Written:
    """Make a change in the data folder and have a server hold what comes of it.

    Whatever the folder's live release is, the change is made to that which the server holds.

    Raises
    ------
    ReadOnlyError
        The server holds a release that the folder has not, or none.
    StoreError
        It does not take the new release, which then is not live in the folder either. What the change itself raises.
    """
    with _alone(folder, patience), Connection(server) as connection:
        before = _aligned(folder, Holding(connection))
        written = change()
        if not written.published:
            return written
        try:
            push(folder.find(written.release_id), connection, progress=progress)
        except KgError:
            folder.rollback(before.id)
            raise
        return written


@contextmanager
def _alone(folder: DataFolder, patience: float) -> Iterator[None]:
    """Keep others from changing data folder and server between our steps."""
    with locks.only_one(folder.layout.push_lock, doing="push", patience=patience):
        yield


def _aligned(folder: DataFolder, holding: Holding) -> Release:
    """The release that a server holds, made the live one of the folder."""
    found = holding.pushed()
    url = holding.connection.server.called
    if found is None:
        raise ReadOnlyError(f"{url} holds no release that could be written to; push one first")
    live = folder.current()
    if live and live.id == found.id:
        return live
    try:
        return folder.rollback(found.id)
    except NotFoundError as error:
        raise ReadOnlyError(
            f"{url} holds release {found.id}, which the data folder for writing has not: write where it was pushed"
            " from, or push a release of that folder first"
        ) from error
