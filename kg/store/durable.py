"""Writing so that a power cut, a full disk or a kill leaves the old or the new, and nothing between.

What the system refuses becomes a `StoreError` that says what to do. Folders are not synced on Windows, which has no
such call.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import StoreError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def explained(doing: str) -> Iterator[None]:
    """Turn what the operating system refuses into a `StoreError`: ``doing`` is what was attempted."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"{doing}: {remedy(error)}") from error


def remedy(error: Exception) -> str:
    """What an error of the operating system, or of a library that passes one on, asks for."""
    number = error.errno if isinstance(error, OSError) else None
    text = str(error)
    if number in _FULL or "No space left" in text or "File too large" in text or "Disk quota" in text:
        return f"the disk is full or a limit on file sizes was reached; make room and try again ({text})"
    if number in _FORBIDDEN or "Permission denied" in text or "Read-only file system" in text:
        return f"the folder cannot be written; give this user the right to ({text})"
    return text


def write_text(path: Path, text: str, *, private: bool = False) -> None:
    """Put a small file in place of the old one at once: written beside it, synced, renamed over it.

    Parameters
    ----------
    private
        Nobody but its owner may read or write it, at no moment.
    """
    put(prepared_text(path, text, private=private), path)


def prepared_text(path: Path, text: str, *, private: bool = False) -> Path:
    """A synced file beside another, to be `put` in its place."""
    new = path.with_name(f"{path.name}.tmp")
    if private:
        new.unlink(missing_ok=True)  # an old one would keep the rights that it has
    with open(new, "w", encoding="utf-8", newline="\n", opener=_private if private else None) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return new


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_EXCL, 0o600)


def put(new: Path, path: Path) -> None:
    """Put a file in place of another, for good."""
    new.replace(path)
    sync_folder(path.parent)


def move(source: Path, target: Path) -> None:
    """Rename a file or folder within one file system, for good."""
    source.rename(target)
    sync_folder(target.parent)


def sync_file(path: Path) -> None:
    """Wait until a file's content is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Wait until all files and names below a folder are on the disk."""
    for path in folder.rglob("*"):
        if path.is_dir():
            sync_folder(path)
        else:
            sync_file(path)
    sync_folder(folder)


def remove(path: Path) -> None:
    """Delete a file, or a folder and all in it; what is not there is no error."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
