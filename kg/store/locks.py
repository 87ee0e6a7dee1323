"""Locks of the operating system: they vanish with the process that holds them, so a crash leaves none behind.

Three kinds in ``<data dir>/locks/``: ``build`` (one build, collection or rebuild at a time), ``names`` (held for
milliseconds while ``current`` or the tags change), and one per release, which readers share and the collector takes for
itself, or leaves the release alone. Lock files stand outside the releases, so that a folder can be renamed on Windows
while its lock is held. A lock belongs to the open file: two in one process exclude each other like two processes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import portalocker

from kg.errors import StoreLockedError
from kg.store.durable import explained

_EXCLUSIVE = portalocker.LockFlags.EXCLUSIVE
_SHARED = portalocker.LockFlags.SHARED
_AT_ONCE = portalocker.LockFlags.NON_BLOCKING
_LOOK_SECONDS = 0.02


@contextmanager
def only_one(path: Path, *, doing: str, patience: float = 0.0) -> Iterator[None]:
    """Hold a lock alone, and write this process's id into it.

    Parameters
    ----------
    patience
        Seconds to wait for whoever has it.

    Raises
    ------
    StoreLockedError
        Somebody holds it; the message names the process where it is known.
    """
    end = time.monotonic() + patience
    with _file(path) as file:
        while (error := _refusal(file)) and time.monotonic() < end:
            time.sleep(_LOOK_SECONDS)
        if error:
            raise StoreLockedError(f"cannot {doing}: {holder(path)} is at work in {path.parent.parent}") from error
        _sign(file)
        yield


@contextmanager
def briefly(path: Path) -> Iterator[None]:
    """Hold a lock alone, waiting for whoever has it: for what takes milliseconds."""
    with _file(path) as file:
        portalocker.lock(file, _EXCLUSIVE)
        yield


@contextmanager
def shared(path: Path) -> Iterator[None]:
    """Hold a lock together with others, waiting while somebody has it alone; whoever may read the file may do so."""
    with _file(path, for_reading=True) as file:
        portalocker.lock(file, _SHARED)
        yield


@contextmanager
def if_free(path: Path) -> Iterator[bool]:
    """Hold a lock alone if nobody has it; yields whether it is held."""
    with _file(path) as file:
        try:
            portalocker.lock(file, _EXCLUSIVE | _AT_ONCE)
        except portalocker.LockException:
            yield False
        else:
            yield True


@contextmanager
def _file(path: Path, *, for_reading: bool = False) -> Iterator[IO[str]]:
    """The lock file, made if need be and allowed."""
    with explained(f"cannot use the lock {path}"):
        try:
            file = path.open("a+", encoding="ascii")
        except OSError:
            if not for_reading:
                raise
            file = path.open(encoding="ascii")
    with file:
        yield file


def _refusal(file: IO[str]) -> portalocker.LockException | None:
    """Take a lock at once, or say why not."""
    try:
        portalocker.lock(file, _EXCLUSIVE | _AT_ONCE)
    except portalocker.LockException as error:
        return error
    return None


def _sign(file: IO[str]) -> None:
    file.seek(0)
    file.truncate()
    file.write(str(os.getpid()))
    file.flush()


def holder(path: Path) -> str:
    """Who holds the lock of a build, as far as it is known."""
    with suppress(OSError, ValueError):
        return f"another build (process {int(path.read_text(encoding='ascii'))})"
    return "another build"
