"""How much of a disk files take: a file with several names, as releases share them, is counted once."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path


def taken(paths: Iterable[Path]) -> int:
    """Bytes that the files below these paths take together."""
    return sum({(each.st_dev, each.st_ino): each.st_size for each in _files(paths)}.values())


def freed(paths: Iterable[Path]) -> int:
    """Bytes that removing these paths gives back: a file that has another name elsewhere stays."""
    found = list(_files(paths))
    names = Counter((each.st_dev, each.st_ino) for each in found)
    gone = {(each.st_dev, each.st_ino): each for each in found if names[each.st_dev, each.st_ino] >= each.st_nlink}
    return sum(each.st_size for each in gone.values())


def shown(size: float) -> str:
    """Bytes as people read them: ``1.4 MB``."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:  # noqa: PLR2004
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def _files(paths: Iterable[Path]) -> Iterator[os.stat_result]:
    """The files below paths, as far as they are still there."""
    for path in paths:
        below = path.rglob("*") if path.is_dir() else [path]
        for each in below:
            with suppress(FileNotFoundError):
                if not each.is_dir():
                    yield each.lstat()
