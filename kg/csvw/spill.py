"""Frames put aside and read again: in memory while they are small, else in a file without a name that ends with us."""

from __future__ import annotations

import copy
import io
import tempfile
from collections.abc import Collection, Iterator, Sequence
from typing import IO

import polars as pl

from kg.errors import SourceError

_ROW = "_sourceRow"
_HELD_BYTES = 16 << 20


class _Scratch:
    """A file without a name, which goes with the last that holds it."""

    def __init__(self) -> None:
        self.file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115

    def __del__(self) -> None:
        if hasattr(self, "file"):
            self.file.close()


class Spill:
    """Frames of one schema, in the order in which they were added; they can be read as often as needed."""

    def __init__(self, *, held_bytes: int = _HELD_BYTES) -> None:
        self._room = held_bytes
        self._held: list[pl.DataFrame] = []
        self._scratch: _Scratch | None = None
        self._places: list[tuple[int, int]] = []
        self._left_out: list[int] = []
        self.height = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Put a frame aside; SourceError if there is no room for it."""
        self.height += frame.height
        self._room -= int(frame.estimated_size())
        if self._room >= 0:
            self._held.append(frame)
            return
        packed = io.BytesIO()
        frame.write_ipc_stream(packed, compression="lz4")
        try:
            self._scratch = self._scratch or _Scratch()
            file = self._scratch.file
            self._places.append((file.seek(0, io.SEEK_END), len(packed.getvalue())))
            file.write(packed.getvalue())
        except OSError as error:
            message = f"no room for what was read in {tempfile.gettempdir()} ({error.strerror}); set TMPDIR"
            raise SourceError(message) from error

    def without(self, rows: Collection[int]) -> Spill:
        """A view of the same frames without the rows of these numbers in the file."""
        view = copy.copy(self)
        view._left_out = sorted({*self._left_out, *rows})
        return view

    def frames(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """All frames, or only these columns of them."""
        for frame in self._read():
            kept = frame.filter(~pl.col(_ROW).is_in(self._left_out)) if self._left_out else frame
            yield kept if columns is None else kept.select(columns)

    def _read(self) -> Iterator[pl.DataFrame]:
        yield from self._held
        for start, size in self._places:
            assert self._scratch is not None  # noqa: S101 # a place is in the file
            self._scratch.file.seek(start)
            yield pl.read_ipc_stream(self._scratch.file.read(size))
