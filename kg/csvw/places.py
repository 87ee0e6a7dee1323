"""Where the files are that metadata names: the one seam between addresses and the disk.

A reader asks for a reference as it stands in some document; what it may lead to is decided here. Nothing is fetched:
who wants files from the network gives places of his own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urljoin, urlsplit

from kg import assets, iris


@dataclass(frozen=True)
class Place:
    """A file: what it is called on the Web or on the disk, where it lies, and how messages call it."""

    address: str
    path: Path
    name: str


class Places(Protocol):
    """Finds files by references."""

    def find(self, reference: str, base: str) -> Place:
        """The file that a reference means which stands in a document of the address ``base``.

        Raises
        ------
        ValueError
            It is not to be read; the text ends the sentence that begins with the reference.
        """
        ...


@dataclass(frozen=True)
class Folder:
    """The files of a source: beside the metadata and below ``root``, and the project's shared schemas.

    Addresses are paths. Neither the network nor the rest of the disk is reached.
    """

    root: Path

    def of(self, path: Path) -> Place:
        """The place of a file."""
        name = path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.name
        return Place(str(path), path, name)

    def find(self, reference: str, base: str) -> Place:
        """See `Places`."""
        shared = assets.bundled_sources().resolve() / "schemas"
        if reference.startswith(iris.SCHEMAS):
            path = (shared / reference.removeprefix(iris.SCHEMAS)).resolve()
        elif ":" in reference or reference.startswith("/"):
            raise ValueError(f": only files beside the metadata, or {iris.SCHEMAS}…, are read")
        else:
            path = (Path(base).parent / reference).resolve()
        if not (path.is_relative_to(self.root) or path.is_relative_to(shared)):
            raise ValueError(f" leads out of the folder {self.root.name}")
        return self.of(path)


@dataclass(frozen=True)
class Web:
    """Files by address. Those of the disk (``file:``) are read, and those below addresses that a folder stands for.

    Attributes
    ----------
    mirrors
        Folders by the beginning of the addresses that they answer, such as a copy of a site.
    """

    mirrors: dict[str, Path] = field(default_factory=dict)

    def find(self, reference: str, base: str) -> Place:
        """See `Places`."""
        address = urljoin(base, reference)
        for beginning, folder in self.mirrors.items():
            if address.startswith(beginning):
                return Place(address, _below(folder, address.removeprefix(beginning)), address)
        parts = urlsplit(address)
        if parts.scheme == "file":
            path = Path(unquote(parts.path))
            return Place(address, path, path.name)
        raise ValueError(" lies on the network, from which nothing is fetched; get it and read the copy")


def _below(folder: Path, rest: str) -> Path:
    path = (folder / unquote(rest.partition("?")[0].partition("#")[0])).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ValueError(f" leads out of the folder {folder.name}")
    return path
