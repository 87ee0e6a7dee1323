"""From options to what commands work on: the data folder, a release of it, the inputs of a build."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kg import assets, queries
from kg.config import settings
from kg.errors import ConfigError, StoreError, StoreUnavailableError
from kg.pipeline import Input, bundled, from_sources, segment_of
from kg.provenance import TOOL
from kg.queries import NamedQuery
from kg.sources import register
from kg.sources.base import Source
from kg.store import plain as plain_folder
from kg.store.embedded import EmbeddedStore
from kg.store.releases import DataFolder, Release

if TYPE_CHECKING:
    from kg.store.remote.server import Server
    from kg.store.remote.store import RemoteStore


def data_folder(data_dir: Path | None, *, create: bool = False) -> DataFolder:
    """The data folder of the settings.

    Raises
    ------
    StoreUnavailableError
        There is none, and none is to be made.
    """
    return DataFolder.open(settings(data_dir=data_dir).data_dir, create=create)


def served(data_dir: Path | None, *, plain: bool) -> DataFolder:
    """The data folder to serve, a plain one or one of built releases; a plain one is made where there is none.

    Raises
    ------
    StoreError
        It is of the other kind.
    StoreUnavailableError
        There is none, and none is to be made.
    """
    folder = data_folder(data_dir, create=plain)
    if plain:
        plain_folder.opened(folder, tool=TOOL)
    elif (live := folder.current()) and live.manifest.plain:
        raise StoreError(f"{folder.layout.root} is a plain folder: serve it with --plain")
    return folder


def beside(data_dir: Path | None) -> DataFolder | None:
    """The data folder through which a server is written to, if there is one.

    Raises
    ------
    StoreError
        It is a plain one, or damaged.
    """
    try:
        return served(data_dir, plain=False)
    except StoreUnavailableError:
        return None


def found(data_dir: Path | None, reference: str) -> Release:
    """A release by id, tag or beginning; the live one if the reference is empty."""
    folder = data_folder(data_dir)
    if reference:
        return folder.find(reference)
    if live := folder.current():
        return live
    raise StoreUnavailableError(f"{folder.layout.root} holds no release yet; run kg build")


@contextmanager
def opened(data_dir: Path | None, reference: str = "") -> Iterator[tuple[Release, EmbeddedStore]]:
    """A release and its store, held while it is read."""
    release = found(data_dir, reference)
    with release.open() as store:
        yield release, store


def server(url: str, *, updates: str | None = None, timeout: float = 60.0) -> Server:
    """A SPARQL server, with the credentials of the settings.

    Raises
    ------
    ConfigError
        The address is none of a server, or holds a password; the extra that talks to servers is not installed.
    """
    try:
        from kg.store.remote.server import Credentials, Server  # noqa: PLC0415 - HTTP takes 0.2 s to be there
    except ModuleNotFoundError as error:
        raise ConfigError(f"{url} is a server, and that takes an extra: pip install 'kg[remote]'") from error

    chosen = settings(store_update=updates)
    user, password, token = (
        secret.get_secret_value() if secret else ""
        for secret in (chosen.store_user, chosen.store_password, chosen.store_token)
    )
    return Server(
        url=url,
        updates=chosen.store_update or "",
        credentials=Credentials(user, password, token),
        timeout=timeout,
    )


@contextmanager
def connected(url: str, *, timeout: float = 60.0) -> Iterator[RemoteStore]:
    """A SPARQL server as a store to read; errors as `server`."""
    address = server(url, timeout=timeout)
    from kg.store.remote.server import Connection  # noqa: PLC0415
    from kg.store.remote.store import RemoteStore  # noqa: PLC0415

    with Connection(address) as connection:
        yield RemoteStore(connection)


def sources(sources_dir: Path | None, downloads: Path | None = None) -> list[Source]:
    """All sources: the bundled ones and those of the user's folder, each with the place of its downloaded files."""
    place = settings(downloads=downloads).downloads
    found = register.discover(_places(sources_dir))
    return [each.fetched(place / each.name) if each.download and place else each for each in found]


def inputs(
    sources_dir: Path | None,
    only: str = "",
    *,
    downloads: Path | None = None,
    files: Path | None = None,
    keep_going: bool = False,
) -> list[Input]:
    """All inputs: the project's own files and all sources that are at hand; or one source by name.

    Parameters
    ----------
    downloads
        The folder of folders of downloaded files; ``files`` is that of the one source, or its one file.
    keep_going
        Leave out rows that are wrong instead of refusing their source.

    Raises
    ------
    SourceUnavailableError
        The user's folder or the named source is not there, or the named source is not downloaded.
    """
    known = sources(sources_dir, downloads)
    if not only:
        return [*bundled(), *from_sources(known, keep_going=keep_going)]
    register.find(only, _places(sources_dir))
    (source,) = (each for each in known if each.name == only)
    if files:
        source = source.fetched(files)
    source.complete()
    return from_sources([source], keep_going=keep_going)


def absent(sources_dir: Path | None, downloads: Path | None = None) -> list[str]:
    """The segments of sources that are not downloaded: what a release has of them stays."""
    return [segment_of(source) for source in sources(sources_dir, downloads) if not source.ready]


def _places(sources_dir: Path | None) -> list[Path]:
    own = settings(sources_dir=sources_dir).sources_dir
    return [assets.bundled_sources(), *([own] if own else [])]


def named_queries(queries_dir: Path | None) -> dict[str, NamedQuery]:
    """All named queries: those that come with the package and those of the user's folder.

    Raises
    ------
    ConfigError
        A file is not what it should be; the user's folder is not there.
    """
    own = settings(queries_dir=queries_dir).queries_dir
    return queries.load(assets.folder("queries"), *([own] if own else []))


def shapes() -> list[Path]:
    """The shapes files.

    Raises
    ------
    ConfigError
        The installation is incomplete.
    """
    if files := assets.turtle_files("shapes"):
        return files
    raise ConfigError("the folder shapes/ is empty; install kg again")
