"""Where the files are that metadata names: the one seam between addresses and the disk.

A reader asks for a reference as it stands in some document; what it may lead to is decided here. Nothing is fetched;
`kg.csvw.fetching` has places that do, from hosts that were named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import url2pathname

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

    def link(self, address: str) -> str:
        """The ``Link`` header that came with the file of this address; empty if none did."""
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
            path = ((Path(base) if base.endswith("/") else Path(base).parent) / reference).resolve()
        if not (path.is_relative_to(self.root) or path.is_relative_to(shared)):
            raise ValueError(f" leads out of the folder {self.root.name}")
        return self.of(path)

    def link(self, address: str) -> str:
        """Files of the disk come without headers."""
        del address
        return ""


@dataclass(frozen=True)
class Web:
    """Files by address: of the disk (``file:``) below some folders, and below addresses that a folder stands for.

    Attributes
    ----------
    mirrors
        Folders by the beginning of the addresses that they answer, such as a copy of a site.
    roots
        The folders that ``file:`` addresses may lead to: metadata from elsewhere must not read the rest of the disk.
    """

    mirrors: Mapping[str, Path] = field(default_factory=dict)
    roots: tuple[Path, ...] = ()

    def find(self, reference: str, base: str) -> Place:
        """See `Places`."""
        address = urljoin(base, reference)
        for beginning, folder in self.mirrors.items():
            if address.startswith(beginning):
                return Place(address, _below(folder, address.removeprefix(beginning)), address)
        parts = urlsplit(address)
        if parts.scheme != "file":
            raise ValueError(" lies on the network, from which nothing is fetched unless its host is allowed")
        path = Path(url2pathname(parts.path)).resolve()
        if base.startswith("http") or not any(path.is_relative_to(root.resolve()) for root in self.roots):
            raise ValueError(" leads out of the folder of the table")
        return Place(address, path, path.name)

    def link(self, address: str) -> str:
        """Files of the disk come without headers."""
        del address
        return ""


def _below(folder: Path, rest: str) -> Path:
    path = (folder / unquote(rest.partition("?")[0].partition("#")[0])).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ValueError(f" leads out of the folder {folder.name}")
    return path
