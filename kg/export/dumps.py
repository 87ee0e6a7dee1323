"""Dumps of a release: N-Quads and TriG of all graphs, plain and packed, and Turtle of each graph.

All come from segments, without a query. The N-Quads are the merge of the sorted segments, which is the canonical form
of the dataset (RDFC-1.0): their SHA-256 names what a release says, whoever has it and in whatever order they keep it.
Packed files hold no times, so the same release gives the same bytes.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import zstandard

from kg.export import rdf
from kg.store.release import Release

_ZSTANDARD_LEVEL = 9
_GZIP_LEVEL = 6
_PIECE = 1 << 20


def write(release: Release, stream: IO[bytes], *, format: str, graph: str | None = None) -> None:
    """Write a release that is held, or one of its graphs, in a format of `kg.export.rdf`; errors as there.

    The bytes are those of the dump, if there is one in this format. Of a plain folder, which has no segments, the store
    is read.
    """
    if release.manifest.plain:
        with release.open() as store:
            rdf.write(rdf.OfStore(store), stream, format=format, graph=graph)
    elif format == "nquads" and graph is None:
        _write_lines(release.merged(), stream)
    else:
        rdf.write(rdf.OfSegments(release), stream, format=format, graph=graph)


def _write_lines(lines: Iterable[bytes], stream: IO[bytes]) -> None:
    piece = bytearray()
    for line in lines:
        piece += line
        if len(piece) > _PIECE:
            stream.write(bytes(piece))
            piece.clear()
    stream.write(bytes(piece))


@dataclass(frozen=True)
class Whole:
    """Makes a file of all graphs, and the same packed: ``all.nq``, ``all.nq.gz``, ``all.nq.zst``."""

    name: str
    format: str

    def __call__(self, release: Release, folder: Path) -> None:
        """Write the files."""
        with _three(folder / self.name) as output:
            write(release, output, format=self.format)


@dataclass(frozen=True)
class Turtle:
    """Makes the Turtle of one graph."""

    graph: str
    name: str

    def __call__(self, release: Release, folder: Path) -> None:
        """Write the file."""
        with (folder / self.name).open("wb") as output:
            write(release, output, format="turtle", graph=self.graph)


class _Tee:
    """A file that writes to several."""

    def __init__(self, *outputs: IO[bytes]) -> None:
        self._outputs = outputs

    def write(self, data: bytes) -> int:
        for output in self._outputs:
            output.write(data)
        return len(data)

    def flush(self) -> None:
        """What is pending is written when the files are closed."""


@contextmanager
def _three(path: Path) -> Iterator[IO[bytes]]:
    """A file, and beside it the same packed with gzip and with Zstandard."""
    with ExitStack() as files:
        plain = files.enter_context(path.open("wb"))
        packed = files.enter_context(Path(f"{path}.gz").open("wb"))
        gzipped = files.enter_context(gzip.GzipFile("", "wb", compresslevel=_GZIP_LEVEL, fileobj=packed, mtime=0))
        packed = files.enter_context(Path(f"{path}.zst").open("wb"))
        compressor = zstandard.ZstdCompressor(level=_ZSTANDARD_LEVEL, write_checksum=True)
        zipped = files.enter_context(compressor.stream_writer(packed, closefd=False))
        yield cast(IO[bytes], _Tee(plain, cast(IO[bytes], gzipped), cast(IO[bytes], zipped)))
