"""Which sources there are: every folder with a ``source.toml`` in the places where sources are kept.

The bundled sources lie in ``kg/sources``; a user's own in any folder of folders. Nothing else has to be told.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from kg import assets, iris
from kg.errors import SourceFormatError, SourceUnavailableError
from kg.sources.base import METADATA, Source
from kg.sources.downloads import ANY, READER, Download

RESERVED_GRAPHS = ("registry", "judgements")

_REQUIRED = ("title", "publisher", "licence")
_TEXTS = (*_REQUIRED, "description", "homepage", "language", "name")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_KEY = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")


def discover(folders: Iterable[Path] | None = None) -> list[Source]:
    """All sources of the given folders, sorted by name; the bundled ones by default.

    Raises
    ------
    SourceUnavailableError
        A folder is not there.
    SourceFormatError
        A ``source.toml`` has an unknown key or a wrong value, or two sources write one graph; the message says what to
        do.
    """
    places = [assets.bundled_sources()] if folders is None else list(folders)
    found = [_source(folder) for place in places for folder in _candidates(place)]
    _check_graphs(found)
    return sorted(found, key=lambda source: source.name)


def find(name: str, folders: Iterable[Path] | None = None) -> Source:
    """The source of this name.

    Raises
    ------
    SourceUnavailableError
        There is none; the message names the closest.
    """
    sources = {source.name: source for source in discover(folders)}
    if name not in sources:
        close = difflib.get_close_matches(name, sources, n=1)
        hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(sources) or 'none'}"
        raise SourceUnavailableError(f"there is no source {name}; {hint}")
    return sources[name]


def _candidates(place: Path) -> list[Path]:
    """Folders of sources; one with tables and without ``source.toml`` is a mistake, not another kind of folder."""
    if not place.is_dir():
        raise SourceUnavailableError(f"the folder of sources {place} is not there")
    folders = sorted(path for path in place.iterdir() if path.is_dir())
    for folder in folders:
        if (folder / METADATA).is_file() and not (folder / "source.toml").is_file():
            message = f"is missing although there is {METADATA.as_posix()}; add it"
            raise SourceFormatError(message, file=f"{folder.name}/source.toml")
    return [folder for folder in folders if (folder / "source.toml").is_file()]


def _source(folder: Path) -> Source:
    file = f"{folder.name}/source.toml"
    try:
        given = tomllib.loads((folder / "source.toml").read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceFormatError(f"is not TOML in UTF-8: {error}", file=file) from error
    except OSError as error:
        raise SourceUnavailableError(f"{file} cannot be read: {error.strerror}") from error
    _check_keys(given, {*_TEXTS, "graph", "expect", "download"}, file)
    texts = _texts(given, file)
    name = texts.pop("name", folder.name)
    if name != folder.name or not _NAME.fullmatch(name):
        message = f"the source is called {name!r}: name and folder have to be one, small letters, digits and hyphens"
        raise SourceFormatError(message, file=file)
    download = _download(given["download"], file) if "download" in given else None
    if download and not (folder / READER).is_file() and (any_of := [n for n in download.documents if ANY in n]):
        message = f"[download] {any_of[0]}: only a source with a {READER} may leave open what a file is called"
        raise SourceFormatError(message, file=file)
    graph, expected = _graph(given.get("graph", {}), name, file), _expected(given.get("expect", {}), file)
    return Source(
        name=name,
        folder=folder,
        graph=graph,
        title=texts["title"],
        publisher=texts["publisher"],
        licence=texts["licence"],
        description=texts.get("description", ""),
        homepage=texts.get("homepage", ""),
        language=texts.get("language", ""),
        expected=expected,
        download=download,
    )


def _check_keys(given: object, known: set[str], file: str) -> None:
    if not isinstance(given, dict):
        raise SourceFormatError(f"expected a table with {', '.join(sorted(known))}, found {given!r}", file=file)
    if unknown := sorted(given.keys() - known):
        raise SourceFormatError(f"unknown key {unknown[0]}; known: {', '.join(sorted(known))}", file=file)


def _texts(given: dict[str, object], file: str) -> dict[str, str]:
    if missing := [key for key in _REQUIRED if not given.get(key)]:
        raise SourceFormatError(f"has no {missing[0]}; add it", file=file)
    texts = {}
    for key in _TEXTS:
        value = given.get(key, "")
        if not isinstance(value, str):
            raise SourceFormatError(f"{key}: expected a text, found {value!r}", file=file)
        if value:
            texts[key] = value
    return texts


def _graph(given: object, name: str, file: str) -> str:
    own = f"source/{name}"
    _check_keys(given, {"name"}, file)
    chosen = given.get("name", own) if isinstance(given, dict) else own
    if chosen not in (own, *RESERVED_GRAPHS):
        message = f"[graph] name is {chosen!r}: leave it out for {own}, or write {' or '.join(RESERVED_GRAPHS)}"
        raise SourceFormatError(message, file=file)
    return iris.graph(str(chosen))


def _expected(given: object, file: str) -> tuple[tuple[str, int], ...]:
    if not isinstance(given, dict):
        raise SourceFormatError(f"[expect]: expected tables and their rows, found {given!r}", file=file)
    for table, rows in given.items():
        if not isinstance(rows, int) or isinstance(rows, bool) or rows < 0:
            raise SourceFormatError(f"[expect] {table}: expected a number of rows, found {rows!r}", file=file)
    return tuple(sorted(given.items()))


def _download(given: object, file: str) -> Download:
    if not isinstance(given, dict):
        raise SourceFormatError(f"[download]: expected from and files, found {given!r}", file=file)
    _check_keys(given, {"from", "files", "optional"}, file)
    address = given.get("from")
    if not isinstance(address, str) or not address:
        raise SourceFormatError(f"[download] from: expected the address of a page, found {address!r}", file=file)
    necessary, optional = (_documents(given.get(key, {}), key, file) for key in ("files", "optional"))
    if not (necessary or optional):
        raise SourceFormatError('[download]: names no file; add [download.files] with "NAME" = "DOCUMENT"', file=file)
    return Download(address, necessary, optional)


def _documents(given: object, key: str, file: str) -> dict[str, str]:
    """File names and their documents; a name is that of a file in one folder and leads nowhere else."""
    if not isinstance(given, dict):
        raise SourceFormatError(f"[download.{key}]: expected files and their documents, found {given!r}", file=file)
    for name, document in given.items():
        if Path(name).name != name or name.startswith("."):
            raise SourceFormatError(f"[download.{key}] {name!r}: expected the name of a file, no path", file=file)
        if not isinstance(document, str) or not (document == "" or _KEY.fullmatch(document)):
            message = f"[download.{key}] {name}: expected the key of a document, found {document!r}"
            raise SourceFormatError(message, file=file)
    return given


def _check_graphs(sources: list[Source]) -> None:
    """A named graph belongs to one source, so that it can be replaced without reading the others."""
    owners: dict[str, Source] = {}
    for source in sources:
        other = owners.setdefault(source.graph, source)
        if other is not source:
            same = source.name == other.name
            advice = "rename one of the two folders" if same else "leave [graph] out of one of the two files"
            message = f"writes {source.graph}, as {other.folder} does: {advice}"
            raise SourceFormatError(message, file=f"{source.name}/source.toml")
