"""Files that a person fetches before a source can be built, since a register is too large, or not ours, to be shipped.

``source.toml`` names them::

    [download]
    from = "https://example.org/open-data"      where a person finds them

    [download.files]                            each with the document that it is
    "contracts.csv" = "contracts"

    [download.optional]                         what there need not be
    "further-providers.csv" = "contracts-further-providers"

A ``*`` stands for any characters, where a publisher writes version and day into the name (``"*ror-data*.zip"``); of
several such files the last one counts, numbers compared as numbers, so v2.10 comes after v2.9. Only a source with a
``read.py`` may have one.

They lie together in one folder that the person names, or the file that is named is all there is. Without them a source
is listed as not downloaded and is left out of a build; that is no error. Nothing here fetches anything.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

READER = "read.py"
"""The code of a source whose downloads are no tables: see `kg.sources.assembly`."""

ANY = "*"
"""In the name of a file: any characters."""

_PIECE = 1 << 20


@dataclass(frozen=True)
class Download:
    """What has to be fetched, and from where.

    Attributes
    ----------
    address
        The page on which a person finds the files.
    files, optional
        Names of files, each with the key of the document that it is: ``id/doc/<key>``. One without a key is none. A
        name may hold `ANY`.
    """

    address: str
    files: Mapping[str, str]
    optional: Mapping[str, str] = field(default_factory=dict)

    @property
    def documents(self) -> dict[str, str]:
        """The document of each file."""
        return {**self.files, **self.optional}

    def found(self, place: Path) -> dict[str, Path]:
        """Those of the files that are in a folder, or the one that ``place`` is, by the name in ``source.toml``."""
        if place.is_file():
            matching = {name: [place] for name in self.documents if fnmatchcase(place.name, name)}
        else:
            matching = {name: _matching(place, name) for name in self.documents}
        return {name: max(paths, key=_natural) for name, paths in matching.items() if paths}

    def present(self, place: Path) -> list[Path]:
        """The files of `found`, in the order of ``source.toml``."""
        return list(self.found(place).values())

    def missing(self, place: Path) -> list[str]:
        """Those of the necessary files that are not there."""
        found = self.found(place)
        return [name for name in self.files if name not in found]

    def is_in(self, place: Path) -> bool:
        """Whether every necessary file is there, and any at all."""
        return bool(self.present(place)) and not self.missing(place)

    def captured(self, place: Path) -> Iterator[tuple[str, str, int]]:
        """Document, SHA-256 (64 hex digits) and length in bytes of each file that is there and is a document."""
        documents = self.documents
        for name, path in self.found(place).items():
            if key := documents[name]:
                digest = hashlib.sha256()
                with path.open("rb") as stream:
                    while piece := stream.read(_PIECE):
                        digest.update(piece)
                yield key, digest.hexdigest(), path.stat().st_size


def _matching(folder: Path, name: str) -> list[Path]:
    if ANY in name:
        return [path for path in folder.glob(name) if path.is_file() and not path.name.startswith(".")]
    return [path for path in [folder / name] if path.is_file()]


def _natural(path: Path) -> list[tuple[int, str]]:
    """To sort names with numbers in them by."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", path.name)]
