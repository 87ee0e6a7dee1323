"""The tables of a source in one folder: its own, those that a person fetched, and those that ``read.py`` makes of them.

Most downloads are tables, and CSV on the Web says all there is to say of them. Where one is not (nested JSON, tables
within cells), the source's folder holds a ``read.py`` with one function::

    def read(downloaded: Path, tables: Path) -> None:
        \"\"\"Write the tables that the metadata names into the folder ``tables``.\"\"\"

It has what the person fetched in ``downloaded`` and changes nothing there.
"""

from __future__ import annotations

import json
import os
import runpy
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from kg.errors import SourceFormatError
from kg.sources.base import METADATA, Source
from kg.sources.downloads import ANY, READER


@contextmanager
def assembled(source: Source) -> Iterator[tuple[Path, Path]]:
    """The metadata file of a source whose tables all lie beside it, and the folder in which they must stay.

    Without a download that is the source's own folder. Else it is a folder that goes when the context ends; optional
    tables that are not there are missing from its metadata as well.

    Raises
    ------
    SourceUnavailableError
        See `Source.complete`.
    SourceFormatError
        ``read.py`` has no function of the name, or a file is not what it reads.
    """
    if source.download is None:
        yield source.metadata, source.root
        return
    with tempfile.TemporaryDirectory(prefix=f"kg-{source.name}-") as name:
        room = Path(name)
        _bring(source, room)
        yield room / METADATA.name, room


def _bring(source: Source, room: Path) -> None:
    downloaded = source.complete()
    for path in source.metadata.parent.iterdir():
        shutil.copyfile(path, room / path.name)
    reader = source.folder / READER
    if reader.is_file():
        try:
            with _folder_of(source, downloaded) as folder:
                _read_of(reader, source.name)(folder, room)
        except (OSError, ValueError, pl.exceptions.PolarsError) as error:
            raise SourceFormatError(f"cannot be read: {error}", file=f"{source.name}, downloaded") from error
    else:
        for path in source.downloads():
            _link(path, room / path.name)
    _leave_out(source, room)


@contextmanager
def _folder_of(source: Source, downloaded: Path) -> Iterator[Path]:
    """A folder with what was fetched; one of links where that is one file, or a name may fit several of its files."""
    if downloaded.is_dir() and not (source.download and any(ANY in name for name in source.download.documents)):
        yield downloaded
        return
    with tempfile.TemporaryDirectory(prefix=f"kg-{source.name}-") as name:
        for path in source.downloads():
            _link(path, Path(name) / path.name)
        yield Path(name)


def _read_of(path: Path, name: str) -> Callable[[Path, Path], None]:
    """The function of a ``read.py``. It is code of whoever made the source folder, and runs as such."""
    read: Callable[[Path, Path], None] | None = runpy.run_path(str(path)).get("read")
    if read is None:
        raise SourceFormatError("has no function read(downloaded, tables)", file=f"{name}/{READER}")
    return read


def _link(path: Path, target: Path) -> None:
    """The file under another name, without copying it where the file system allows."""
    try:
        os.link(path.resolve(), target)
    except OSError:
        shutil.copyfile(path, target)


def _leave_out(source: Source, room: Path) -> None:
    """Take optional files that are not there out of the metadata, and out of the documents that are told of."""
    optional = source.download.optional if source.download else {}
    there = source.download.found(source.downloaded) if source.download and source.downloaded else {}
    absent = optional.keys() - there.keys()
    file = room / METADATA.name
    group = json.loads(file.read_text("utf-8"))
    group["tables"] = [table for table in group["tables"] if table.get("url") not in absent]
    file.write_text(json.dumps(group), "utf-8")
    documents, keys = room / "documents.csv", {optional[name] for name in absent}
    if documents.is_file() and keys:
        lines = documents.read_text("utf-8").splitlines(keepends=True)
        documents.write_text("".join(line for line in lines if line.partition(",")[0] not in keys), "utf-8")
