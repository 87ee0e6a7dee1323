"""The bytes of a file, whether it is plain, ``.gz``, ``.zst`` or a member of a ``.zip``.

Pieces come as the file is read, so that memory does not grow with it. A damaged, cut or absurdly packed file is named;
nothing is unpacked to disk, and archives within archives stay closed.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Protocol, cast

import zstandard

from kg.errors import SourceFormatError, SourceUnavailableError

_PIECE_BYTES = 1 << 20
_PACKED_BYTES = 1 << 10  # at a time: a block of 4 bytes of a .zst can stand for 128 KiB
_GZIP = 31  # for zlib: a window of 32 KiB, and the header of gzip
_BOMB_BYTES, _BOMB_RATIO = 64 << 20, 200
"""More than so many bytes, at more than so many for each packed one, are no table: CSV packs 5 to 30 times smaller."""


def pieces(path: Path, *, name: str, member: str = "", bomb_bytes: int = _BOMB_BYTES) -> Iterator[bytes]:
    """The unpacked bytes of a file in pieces.

    Parameters
    ----------
    name
        How messages call the file.
    member
        Which file of a zip archive; needed only where it holds several.

    Raises
    ------
    SourceUnavailableError
        The file is not there or cannot be read.
    SourceFormatError
        It is damaged, ends too early, unpacks to more than a table can (an archive bomb), or holds several files.
    """
    total = 0
    try:
        packed_bytes = path.stat().st_size
        with _opened(path, name, member) as stream:
            while piece := stream.read(_PIECE_BYTES):
                total += len(piece)
                if total > bomb_bytes and total > _BOMB_RATIO * packed_bytes:
                    raise SourceFormatError(_bomb(packed_bytes, total), file=name)
                yield piece
    except FileNotFoundError as error:
        raise SourceUnavailableError(f"{name} is not there, and its metadata names it") from error
    except EOFError as error:
        raise SourceFormatError(f"ends too early, after {total:,} bytes: {_AGAIN}", file=name) from error
    except (zipfile.BadZipFile, zlib.error, zstandard.ZstdError, NotImplementedError) as error:
        raise SourceFormatError(f"cannot be unpacked after {total:,} bytes ({error}): {_AGAIN}", file=name) from error
    except (OSError, RuntimeError) as error:  # RuntimeError: a member of a zip is encrypted
        raise SourceUnavailableError(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}") from error


_AGAIN = "it is damaged or was not fetched whole; get it again"


def _bomb(packed: int, total: int) -> str:
    return (
        f"{packed:,} bytes unpack to more than {total:,}, which no table does (expected at most {_BOMB_RATIO} for one);"
        " unpack it by hand if you trust it"
    )


@contextmanager
def _opened(path: Path, name: str, member: str) -> Iterator[IO[bytes]]:
    if path.suffix == ".gz":
        with path.open("rb") as file:
            yield cast(IO[bytes], _Frames(file, lambda: zlib.decompressobj(_GZIP)))
    elif path.suffix == ".zst":
        with path.open("rb") as file:
            yield cast(IO[bytes], _Frames(file, zstandard.ZstdDecompressor().decompressobj))
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive, archive.open(_member(archive, name, member)) as stream:
            yield stream
    else:
        with path.open("rb") as stream:
            yield stream


class _Frame(Protocol):
    """A part of a packed file as its library unpacks it."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, /) -> bytes: ...


class _Frames:
    """The content of a packed file: all that can be read of a cut one, and then a complaint."""

    def __init__(self, file: IO[bytes], frame: Callable[[], _Frame]) -> None:
        self._file = file
        self._new = frame
        self._frame = frame()

    def read(self, size: int) -> bytes:
        """About so many bytes, none at the end."""
        held: list[bytes] = []
        missing = size
        while missing > 0 and (packed := self._file.read(_PACKED_BYTES)):
            held.append(self._unpacked(packed))
            missing -= len(held[-1])
        if not any(held) and not self._frame.eof:
            raise EOFError
        return b"".join(held)

    def _unpacked(self, packed: bytes) -> bytes:
        parts = []
        while packed:
            if self._frame.eof:
                if not packed.strip(b"\0"):  # padding, as tapes leave it
                    break
                self._frame = self._new()
            parts.append(self._frame.decompress(packed))
            packed = self._frame.unused_data
        return b"".join(parts)


def members(path: Path, *, name: str) -> list[str]:
    """The files in a zip archive, without folders and what systems add; errors as `pieces`."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _held(archive)
    except zipfile.BadZipFile as error:
        raise SourceFormatError(f"is no zip archive ({error}): {_AGAIN}", file=name) from error
    except OSError as error:
        raise SourceUnavailableError(f"{name} cannot be read: {error.strerror}") from error


def _held(archive: zipfile.ZipFile) -> list[str]:
    return [item for item in archive.namelist() if not item.endswith("/") and not _added(item)]


def _member(archive: zipfile.ZipFile, name: str, member: str) -> str:
    """The file of an archive that is meant."""
    held = _held(archive)
    if member:
        if member not in held:
            raise SourceFormatError(f"has no file {member}; it holds {', '.join(held) or 'none'}", file=name)
        return member
    if len(held) != 1:
        listed = ", ".join(held[:10]) or "none"
        raise SourceFormatError(f"expected one file, found {listed}; name one as {path_of(name)}#FILE", file=name)
    return held[0]


def path_of(name: str) -> str:
    """The last part of a file's name."""
    return PurePosixPath(name).name


def _added(item: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in PurePosixPath(item).parts)
