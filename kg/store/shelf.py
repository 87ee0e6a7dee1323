"""Files made of a release, each once: they lie beside its database, named by what they were made from, and go with it.

``releases/<id>/exports/<key>.<name>``, where the key is a digest of the segments that a file was made from and of the
code that made it. So a file that another release has with the same key is linked from there, and one that is there is
never made again. Beside each lies ``<key>.<name>.sha256``, which is put there first: a file that can be seen is whole.
"""

from __future__ import annotations

import hashlib
import math
import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kg.errors import StoreError
from kg.store import durable, locks
from kg.store.durable import explained
from kg.store.release import Release

_FOLDER = "exports"
_DIGEST = ".sha256"


@dataclass(frozen=True)
class Batch:
    """Files that are made together.

    Parameters
    ----------
    name
        What others know it by, such as ``tables``.
    files
        Their names; a slash stands for a folder that a reader sees.
    key
        Digest of all that they depend on (`key_of`).
    make
        Writes them into a folder, under their names as `flat` gives them. The release is held meanwhile.
    """

    name: str
    files: tuple[str, ...]
    key: str
    make: Callable[[Release, Path], None]


@dataclass(frozen=True)
class File:
    """A file on the shelf."""

    path: Path
    sha256: str

    @property
    def size(self) -> int:
        """In bytes."""
        return self.path.stat().st_size


def flat(name: str) -> str:
    """The name of a file without folders."""
    return name.replace("/", "~")


def key_of(release: Release, segments: Sequence[str] | None, *code: str) -> str:
    """What names files that are made from some segments of a release, or from all, by some code."""
    known = release.manifest.segments
    read = [f"{name} {known[name].digest}" for name in sorted(known if segments is None else segments)]
    return hashlib.sha256("\n".join([*code, *read]).encode()).hexdigest()[:16]


def stated(release: Release) -> list[str]:
    """The segments of a release but the one about its graphs, which says something else in every release."""
    return [name for name in release.manifest.segments if name != "meta"]


class Shelf:
    """The files that have been made of one release."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self._folder = release.folder / _FOLDER

    def find(self, batch: Batch, name: str) -> File | None:
        """A file of a batch, if it has been made."""
        path = self._path(batch, name)
        try:
            digest = Path(f"{path}{_DIGEST}").read_text("ascii")
        except OSError:
            return None
        return File(path, digest) if path.is_file() else None

    def has(self, batch: Batch) -> bool:
        """Whether all files of a batch have been made."""
        return all(self.find(batch, name) for name in batch.files)

    def get(self, batch: Batch) -> dict[str, File]:
        """All files of a batch by name, made unless they are there. Whoever else asks meanwhile waits, and finds them.

        Raises
        ------
        StoreUnavailableError
            The release is no more.
        StoreError
            The disk is full, or the folder cannot be written; nothing is left there.
        """
        with self.release.hold() as held, explained(f"cannot make {batch.name} of release {held.id}"):
            if not self.has(batch):
                self._folder.mkdir(exist_ok=True)
                lock = self._folder / f".{batch.name}.lock"
                with locks.only_one(lock, doing=f"make {batch.name}", patience=math.inf):
                    self._clear(batch)
                    if not self.has(batch) and not self._link(batch):
                        self._make(batch, held)
        return {name: file for name in batch.files if (file := self.find(batch, name))}

    def _make(self, batch: Batch, held: Release) -> None:
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=self._scratch(batch)) as scratch:
            batch.make(held, Path(scratch))
            for name in batch.files:
                made = Path(scratch) / flat(name)
                if not made.is_file():
                    raise StoreError(f"{name} was not made")
                self._settle(made, self._path(batch, name), _digest_of(made))

    def _settle(self, made: Path, target: Path, digest: str) -> None:
        durable.write_text(Path(f"{target}{_DIGEST}"), digest)
        durable.sync_file(made)
        durable.move(made, target)

    def _link(self, batch: Batch) -> bool:
        """Whether another release had the whole batch, which is then this one's as well."""
        wanted = [self._path(batch, name) for name in batch.files]
        for folder in self.release.layout.releases.glob(f"*/{_FOLDER}"):
            with suppress(OSError):  # the other release goes meanwhile, or this file system has no links
                for path in wanted:
                    for name in (f"{path.name}{_DIGEST}", path.name):
                        if not (path.parent / name).exists():
                            os.link(folder / name, path.parent / name)
                return True
        return False

    def _clear(self, batch: Batch) -> None:
        """Remove what older code made of the batch, and what makers of it that died left."""
        for scratch in self._folder.glob(f"{self._scratch(batch)}*"):
            durable.remove(scratch)
        names = {flat(name) for name in batch.files}
        for path in self._folder.iterdir():
            key, _, name = path.name.removesuffix(_DIGEST).partition(".")
            if name in names and key != batch.key:
                durable.remove(path)

    def _scratch(self, batch: Batch) -> str:
        return f".making-{batch.name}."

    def _path(self, batch: Batch, name: str) -> Path:
        return self._folder / f"{batch.key}.{flat(name)}"


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
