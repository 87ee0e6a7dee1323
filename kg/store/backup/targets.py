"""Where a backup is written: a folder, in which a backup may be already, or a tar archive."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import IO

from kg.errors import StoreError
from kg.store import durable, segments
from kg.store.backup import contents
from kg.store.backup.contents import Contents, Entry

_BEGUN = {"releases", "segments", "tags.json", "tokens.json"}
"""What a first backup has left that was broken off, beside drafts."""
_OF_THE_DISK = {"lost+found"}
"""What a new disk has."""
_PLACES = (".", "segments", "releases/*", "releases/*/*")
_DRAFT = re.compile(r"(.+?)(?:\.\w{8})?\.tmp")


class Folder:
    """A folder that is a target: files are written beside their places, and put there when they are whole."""

    def __init__(self, root: Path, before: Mapping[str, Entry], *, deep: bool) -> None:
        self._root = root
        self._before = before
        self._deep = deep

    def has(self, name: str, entry: Entry) -> bool:
        """Whether a file of this size is there that was the same when it was put there; deep, whether it still is.

        One that no backup names was left by one that was broken off: whether it is the same is seen by reading it.
        """
        path, before = self._root / name, self._before.get(name)
        if before not in (None, entry) or not path.is_file() or path.stat().st_size != entry.size:
            return False
        return bool(before and not self._deep) or digest(path, name) == entry.digest

    def put(self, name: str, size: int, source: IO[bytes]) -> None:
        """Copy a file, for its owner alone."""
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f"{path.name}.", suffix=".tmp", delete=False) as draft:
            try:
                shutil.copyfileobj(source, draft)
                if draft.tell() != size:
                    raise StoreError(f"{name} has changed while it was copied; try again")
                draft.flush()
                os.fsync(draft.fileno())
                Path(draft.name).replace(path)
            except BaseException:
                Path(draft.name).unlink(missing_ok=True)
                raise
        durable.sync_folder(path.parent)


class Tar:
    """A tar archive that is a target."""

    def __init__(self, archive: tarfile.TarFile, now: datetime) -> None:
        self._archive = archive
        self._now = now

    def put(self, name: str, size: int, source: IO[bytes]) -> None:
        """Add a file."""
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = size, int(self._now.timestamp()), 0o600
        self._archive.addfile(member, source)


def contents_of(target: Path) -> Contents | None:
    """What a folder holds already; None for what is no backup, or none yet. Drafts of one that was killed are removed.

    Raises
    ------
    StoreError
        The folder is somebody else's, or what it holds cannot be read.
    """
    path = target / contents.FILE_NAME
    before = contents.read(path.read_bytes(), str(target)) if path.exists() else None
    drafts = [draft for place in _PLACES for draft in target.glob(f"{place}/*.tmp") if _is_draft(target, draft)]
    others = {each.name for each in target.iterdir()} - {draft.name for draft in drafts} - _BEGUN - _OF_THE_DISK
    if others and not before:
        raise StoreError(f"{target} holds other files ({min(others)}), and no backup; choose an empty folder")
    for draft in drafts:
        draft.unlink(missing_ok=True)
    return before


def _is_draft(target: Path, path: Path) -> bool:
    """Whether a file was to become one of a backup: of another, nobody but its owner knows what it is for."""
    found = _DRAFT.fullmatch(path.relative_to(target).as_posix())
    return bool(found and path.is_file() and (found[1] == contents.FILE_NAME or contents.is_name(found[1])))


def removed(target: Path, gone: set[str]) -> int:
    """Take files away, and folders that are empty then; the result is how many files."""
    for name in gone:
        path = target / name
        path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # other files are left in it
            path.parent.rmdir()
    return len(gone)


def digest(path: Path, name: str) -> str:
    """The digest that an entry has for what a file holds now; empty for a damaged segment."""
    if digest := contents.segment_digest(name):
        try:
            segments.check(path)
        except StoreError:
            return ""
        return digest
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
