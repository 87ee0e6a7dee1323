"""What a source is: a folder with ``source.toml``, tables and their metadata. No Python is needed to add one.

::

    my-source/
      source.toml
      tables/
        csv-metadata.json       which tables, their schema, the IRIs that their rows get
        documents.csv …

``source.toml`` has these keys; the first five and ``language`` describe the source in catalogues:

=====================  ==============================================================================================
``title``              required, a few words
``publisher``          required, who publishes the material
``licence``            required, an SPDX name or an address; for facts of unlicensed texts say so in words
``description``        one or two sentences
``homepage``           an address
``language``           tag of the material's language, such as ``en``
``name``               the folder's name, if given at all
``[graph]`` ``name``   the named graph, ``source/<folder>`` unless it is the one source of ``registry`` or
                       ``judgements``
``[expect]``           rows of each table, by its name without ending (``observations = 11``): the gate refuses fewer
                       and warns of more
``[download]``         tables that do not lie in the folder, because a person fetches them: see `kg.sources.downloads`
=====================  ==============================================================================================

Schemas that sources share are in ``kg/sources/schemas``; a metadata file names one by its address,
``https://w3id.org/techtransfer/schemas/observations.json``, wherever the source's folder lies.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg import assets, iris
from kg.errors import SourceFormatError, SourceUnavailableError
from kg.sources.downloads import Download

METADATA = Path("tables") / "csv-metadata.json"
_PIECE = 1 << 20


@dataclass(frozen=True)
class Source:
    """One source: where its files are, what it says of itself, and the named graph that it alone writes.

    ``download`` says which files a person has to fetch, if any, and ``downloaded`` in which folder they are looked for,
    or which file is all that was fetched.
    """

    name: str
    folder: Path
    graph: str
    title: str
    publisher: str
    licence: str
    description: str = ""
    homepage: str = ""
    language: str = ""
    expected: tuple[tuple[str, int], ...] = ()
    download: Download | None = None
    downloaded: Path | None = None

    @property
    def ready(self) -> bool:
        """Whether everything that it reads is there; always so without a download."""
        return self.download is None or (self.downloaded is not None and self.download.is_in(self.downloaded))

    def fetched(self, place: Path) -> Source:
        """The same source with the folder in which its downloaded files are looked for, or the one file that it is."""
        return replace(self, downloaded=place)

    def complete(self) -> Path:
        """The place of its downloaded files, all necessary ones being there; its own folder without a download.

        Raises
        ------
        SourceUnavailableError
            A necessary file is not there: the text names it, and where to find it.
        """
        download, folder = self.download, self.downloaded
        if download is None or (folder and download.is_in(folder)):
            return folder or self.folder
        missing = ", ".join(download.missing(folder) if folder else download.files) or " or ".join(download.optional)
        if folder and folder.is_file() and not download.found(folder):
            names = " or ".join(download.documents)
            raise SourceUnavailableError(f"source {self.name} reads no file called {folder.name}; it reads {names}")
        place = folder or f"--files PATH or in KG_DOWNLOADS/{self.name}"
        raise SourceUnavailableError(
            f"source {self.name} is not downloaded: it reads {missing} in {place}; published at {download.address}"
        )

    @property
    def metadata(self) -> Path:
        """The CSV on the Web metadata of its tables."""
        return self.folder / METADATA

    @property
    def root(self) -> Path:
        """The folder that holds this source and may hold schemas that its neighbours share."""
        return self.folder.parent

    def files(self) -> list[Path]:
        """Every file that the source's quads depend on, sorted: its own, shared schemas that it names, downloads."""
        tables = self._tables()
        self._check_expected(tables)
        own = {path for path in self.folder.rglob("*") if path.is_file() and not _hidden(path, self.folder)}
        return [*sorted(own | set(self._schemas(tables))), *self.downloads()]

    def downloads(self) -> list[Path]:
        """The downloaded files that are there, in the order of ``source.toml``; none before they are fetched."""
        return self.download.present(self.downloaded) if self.download and self.downloaded else []

    def digest(self) -> str:
        """SHA-256 over names and bytes of all its files: the same digest means that nothing has changed."""
        digest = hashlib.sha256()
        for path in self.files():
            try:
                digest.update(f"{self._portable(path)}\0{path.stat().st_size}\0".encode())
                with path.open("rb") as stream:
                    while piece := stream.read(_PIECE):
                        digest.update(piece)
            except OSError as error:
                raise self._unreadable(path, error) from error
        return digest.hexdigest()

    def _portable(self, path: Path) -> str:
        """The name of a file, the same on every machine."""
        if path.is_relative_to(self.folder):
            return path.relative_to(self.folder).as_posix()
        return f"{'downloaded' if path in self.downloads() else 'schemas'}/{path.name}"

    def _unreadable(self, path: Path, error: OSError) -> SourceUnavailableError:
        name = path.relative_to(self.root) if path.is_relative_to(self.root) else path
        return SourceUnavailableError(f"{name} cannot be read: {error.strerror}")

    def _content(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise self._unreadable(path, error) from error

    def _tables(self) -> list[dict[str, Any]]:
        """The tables in the metadata as they stand there; `kg.csvw` says if one is wrong."""
        file = f"{self.name}/{METADATA.as_posix()}"
        if not self.metadata.exists():
            raise SourceUnavailableError(f"source {self.name} has no {METADATA.as_posix()}; add one")
        try:
            group = json.loads(self._content(self.metadata))
        except ValueError as error:
            raise SourceFormatError(f"is not JSON: {error}", file=file) from error
        tables = group.get("tables", [group]) if isinstance(group, dict) else None
        if not isinstance(tables, list):
            raise SourceFormatError("expected an object with a list of tables", file=file)
        return [table for table in tables if isinstance(table, dict)]

    def _check_expected(self, tables: list[dict[str, Any]]) -> None:
        known = sorted(_table_name(table["url"]) for table in tables if isinstance(table.get("url"), str))
        if unknown := [table for table, _ in self.expected if table not in known]:
            message = f"[expect] {unknown[0]}: there is no such table; known: {', '.join(known) or 'none'}"
            raise SourceFormatError(message, file=f"{self.name}/source.toml")

    def _schemas(self, tables: list[dict[str, Any]]) -> list[Path]:
        """The files of shared schemas that the metadata names."""
        named = (table.get("tableSchema") for table in tables)
        found = (self._schema_file(name) for name in named if isinstance(name, str))
        return [path for path in found if path.is_file()]

    def _schema_file(self, name: str) -> Path:
        if name.startswith(iris.SCHEMAS):
            return assets.bundled_sources() / "schemas" / name.removeprefix(iris.SCHEMAS)
        return (self.metadata.parent / name).resolve()


def _table_name(url: str) -> str:
    """What `kg.csvw` calls a table: the name of its file, or of the member of an archive, without endings."""
    file, _, member = url.partition("#")
    return Path((member or file).removesuffix(".gz").removesuffix(".zst")).stem


def _hidden(path: Path, folder: Path) -> bool:
    """Editors' and systems' files (``.DS_Store``, ``~lock``) are no part of a source."""
    return any(part.startswith((".", "~", "__")) for part in path.relative_to(folder).parts)
