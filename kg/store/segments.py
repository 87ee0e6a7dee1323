"""Segments: the sorted N-Quads of one source in canonical form, compressed, named by the digest of their bytes.

In go canonical blocks, out come files that never change: ``<digest>.nq.zst``, the digest being the SHA-256 of the
uncompressed bytes. Whoever has the same quads has the same file. The difference of two segments, or of two releases, is
that of two sorted files.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

import zstandard

from kg.errors import StoreError
from kg.store.canonical import Block
from kg.store.durable import explained, sync_folder
from kg.store.pieces import Pieces
from kg.store.sorting import Sorter, sorted_blocks

Sign = Literal["+", "-"]

DIGEST = r"[0-9a-f]{64}"
"""The form of a digest."""

_LEVEL = 3
_READ_BYTES = 1 << 18
_LITERAL = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"(?:@[\w-]++|\^\^<[^>]*+>)?+'
_LINE = re.compile(
    rb"^<[^>]*+> <[^>]*+> (?:<[^>]*+>|" + _LITERAL + rb"|<<\(.*\)>>) (<[^>]*+>) \.\n",
    re.MULTILINE,
)
# Nothing here keeps a match from running over the end of a line: excluding it as well would make the search five times
# dearer. A block that has such a match has fewer matches than lines, and is refused for that.


@dataclass(frozen=True)
class Segment:
    """What is known of a segment without reading it.

    Parameters
    ----------
    digest
        SHA-256 of the uncompressed bytes, hexadecimal.
    size_bytes
        Of the uncompressed text.
    graphs
        IRIs of the named graphs it holds, sorted.
    """

    digest: str
    quads: int
    size_bytes: int
    graphs: tuple[str, ...]

    @property
    def file_name(self) -> str:
        """The name of its file in a folder of segments."""
        return f"{self.digest}.nq.zst"


def write(blocks: Iterable[Block], folder: Path, *, sorter: Sorter = sorted_blocks) -> Segment:
    """Sort, compress and store blocks in a folder; a file with the same digest stays as it is.

    Raises
    ------
    StoreError
        The disk is full or the folder cannot be written; nothing is left there.
    """
    with explained(f"cannot write a segment to {folder}"), tempfile.TemporaryDirectory(dir=folder) as scratch:
        draft = Path(scratch) / "draft"
        with draft.open("wb") as file:
            segment = _compressed(sorter(blocks, Path(scratch)), file)
        target = folder / segment.file_name
        if not target.exists():
            draft.rename(target)
            sync_folder(folder)
    return segment


def digest_of(lines: Iterable[bytes]) -> str:
    """The digest of a segment of these lines, which are sorted and without repetitions."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
    return digest.hexdigest()


def _compressed(pieces: Iterable[bytes], file: IO[bytes]) -> Segment:
    digest, quads, size, graphs = hashlib.sha256(), 0, 0, set[bytes]()
    with zstandard.ZstdCompressor(level=_LEVEL).stream_writer(file, closefd=False) as packed:
        for block in _whole_lines(pieces):
            names = graphs_in(block)
            graphs.update(names)
            quads += len(names)
            size += len(block)
            digest.update(block)
            packed.write(block)
    file.flush()
    os.fsync(file.fileno())
    return Segment(digest.hexdigest(), quads, size, tuple(sorted(name[1:-1].decode() for name in graphs)))


def _whole_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same text, cut behind newlines."""
    rest = b""
    for piece in pieces:
        head, newline, tail = piece.rpartition(b"\n")
        if newline:
            yield rest + head + newline
            rest = tail
        else:
            rest += tail
    if rest:
        yield rest


def graphs_in(block: bytes) -> list[bytes]:
    """The named graph of each line, in its brackets.

    Raises
    ------
    StoreError
        A line is not canonical N-Quads with a named graph.
    """
    names: list[bytes] = _LINE.findall(block)
    if len(names) != block.count(b"\n") or not block.endswith(b"\n"):
        wrong = next(line for line in block.splitlines(keepends=True) if not _LINE.fullmatch(line))
        raise StoreError(f"not a canonical N-Quads line with a named graph: {wrong.decode(errors='replace')!r}")
    return names


def read(path: Path, *, check: bool = False) -> Iterator[bytes]:
    """The lines of a segment, in order.

    Parameters
    ----------
    check
        Compare with the digest in the name; the error then comes after the last line.

    Raises
    ------
    StoreError
        The file is missing or damaged.
    """
    digest = hashlib.sha256()
    with opened(path) as stream:
        for line in stream:
            if check:
                digest.update(line)
            yield line
    if check and digest.hexdigest() != path.name.partition(".")[0]:
        raise StoreError(f"{path} is damaged: its content does not have the digest that it is named by")


def check(path: Path) -> None:
    """See that a segment has the digest that it is named by; memory stays small whatever it holds.

    Raises
    ------
    StoreError
        It is missing or damaged.
    """
    digest = hashlib.sha256()
    with opened(path) as stream:
        while piece := stream.read(_READ_BYTES):
            digest.update(piece)
    if digest.hexdigest() != path.name.partition(".")[0]:
        raise StoreError(f"{path} is damaged: its content does not have the digest that it is named by")


def size_of(path: Path) -> int:
    """Bytes of the file of a segment.

    Raises
    ------
    StoreError
        It is missing.
    """
    try:
        return path.stat().st_size
    except FileNotFoundError as error:
        raise StoreError(f"the segment {path} is missing; restore it from a backup or build again") from error


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The uncompressed text of a segment as a stream; errors as for `read`."""
    try:
        with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as plain:
            yield cast(IO[bytes], io.BufferedReader(cast(io.RawIOBase, plain), _READ_BYTES))
    except FileNotFoundError as error:
        raise StoreError(f"the segment {path} is missing; restore it from a backup or build again") from error
    except zstandard.ZstdError as error:
        raise StoreError(f"the segment {path} is damaged ({error}); restore it from a backup or build again") from error


def difference(old: Iterable[bytes], new: Iterable[bytes]) -> Iterator[tuple[Sign, bytes]]:
    """What is to be done to sorted lines to get others: ``("-", line)`` for one to remove, ``("+", line)`` to add.

    The result is sorted by line, and comes as both inputs are read.
    """
    olds, news = iter(old), iter(new)
    before, after = next(olds, None), next(news, None)
    while before is not None or after is not None:
        if before == after:
            before, after = next(olds, None), next(news, None)
        elif after is None or (before is not None and before < after):
            yield "-", cast(bytes, before)
            before = next(olds, None)
        else:
            yield "+", after
            after = next(news, None)


def chained(paths: Iterable[Path]) -> Pieces:
    """The uncompressed text of several segments as one stream, so that a bulk load takes them all at once."""
    return Pieces(_pieces(paths))


def _pieces(paths: Iterable[Path]) -> Iterator[bytes]:
    for path in paths:
        with opened(path) as stream:
            while piece := stream.read(_READ_BYTES):
                yield piece
