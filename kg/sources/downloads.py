"""Files that a person fetches before a source can be built, since a register is too large, or not ours, to be shipped.

``source.toml`` names them::

    [download]
    from = "https://example.org/open-data"      where a person finds them

    [download.files]                            each with the document that it is
    "contracts.csv" = "contracts"

    [download.optional]                         what there need not be
    "further-providers.csv" = "contracts-further-providers"

They lie together in one folder that the person names. Without them the source is listed as not downloaded and is left
out of a build; that is no error. Nothing here fetches anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_PIECE = 1 << 20


@dataclass(frozen=True)
class Download:
    """What has to be fetched, and from where.

    Attributes
    ----------
    address
        The page on which a person finds the files.
    files, optional
        Names of files, each with the key of the document that it is: ``id/doc/<key>``. One without a key is none.
    """

    address: str
    files: Mapping[str, str]
    optional: Mapping[str, str] = field(default_factory=dict)

    @property
    def documents(self) -> dict[str, str]:
        """The document of each file."""
        return {**self.files, **self.optional}

    def present(self, folder: Path) -> list[Path]:
        """Those of the files that are in a folder."""
        return [path for path in (folder / name for name in self.documents) if path.is_file()]

    def missing(self, folder: Path) -> list[str]:
        """Those of the necessary files that are not in a folder."""
        return [name for name in self.files if not (folder / name).is_file()]

    def is_in(self, folder: Path) -> bool:
        """Whether the folder has every necessary file, and any at all."""
        return bool(self.present(folder)) and not self.missing(folder)

    def captured(self, folder: Path) -> Iterator[tuple[str, str, int]]:
        """Document, SHA-256 (64 hex digits) and length in bytes of each file that is there and is a document."""
        documents = self.documents
        for path in self.present(folder):
            if key := documents[path.name]:
                digest = hashlib.sha256()
                with path.open("rb") as stream:
                    while piece := stream.read(_PIECE):
                        digest.update(piece)
                yield key, digest.hexdigest(), path.stat().st_size
