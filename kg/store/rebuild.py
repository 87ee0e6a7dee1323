"""The database of a release made anew from its segments: they are the release, the database is an index over them.

Readers keep the old database, since a folder that somebody has open is never renamed or deleted: the new one gets a
name of its own, release.json is switched to it, and the old one goes when nobody reads the release any more.
"""

from __future__ import annotations

import dataclasses
import secrets
import tempfile
from pathlib import Path

from kg.errors import StoreError
from kg.store import durable, locks, segments
from kg.store.durable import explained
from kg.store.manifest import Manifest
from kg.store.release import Release, load
from kg.store.retention import remove_old_databases
from kg.store.staged_database import StagedDatabase


def rebuild(release: Release) -> Release:
    """See `kg.store.releases.DataFolder.rebuild`."""
    layout = release.layout
    if release.manifest.plain:
        raise StoreError(f"{release.id} is a release of a plain folder: it has no segments, so nothing to be made from")
    with explained(f"cannot rebuild {release.id}"), locks.only_one(layout.build_lock, doing="rebuild"):
        with release.hold() as held, tempfile.TemporaryDirectory(dir=layout.staging) as room:
            _check_segments(held)
            made = _database(held, Path(room))
            made.write(held.folder)
        remove_old_databases(layout, [made])
    return load(layout, release.id)


def _check_segments(held: Release) -> None:
    for name in held.manifest.segments:
        segments.check(held.segment_path(name))


def _database(held: Release, room: Path) -> Manifest:
    """Put a new database into the release's folder; the result is the manifest that names it."""
    folder = room / f"{Manifest.database}-{secrets.token_hex(4)}"
    database = StagedDatabase(folder, None, lambda segment: held.layout.segments / segment.file_name)
    try:
        database.bring(held.manifest.segments)
        database.verify()
    finally:
        database.close()
    durable.sync_tree(folder)
    durable.move(folder, held.folder / folder.name)
    return dataclasses.replace(
        held.manifest, database=folder.name, default_graph=database.default_graph, made_by="load"
    )
