"""Rows of an answer counted as they are written, so that one with too many fails instead of ending early.

The engine writes the formats itself, faster than Python could, and gives bytes. In each format something stands once
for each row and nowhere else, quoted text aside: the counters look for that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from kg.errors import ResultTooLargeError

_T = TypeVar("_T")
_BLOCK = 64 * 1024
_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_HEAD = 256
_TRUTH = b'{"head":{},"boolean":'
_NO_OBJECTS = b'"bindings":[]}}'


class Output(Protocol):
    """What takes the bytes in the end."""

    def write(self, data: bytes) -> int:
        """Take bytes."""
        ...

    def flush(self) -> None:
        """Pass them on."""
        ...


class RowLimit:
    """A file for a serializer of SPARQL results.

    Parameters
    ----------
    rows
        More raise ResultTooLargeError, in `write` or in `end`.

    Notes
    -----
    Rows are looked for once 64 KiB have come, about 2 ms for each MiB; an answer with fewer bytes than rows are allowed
    costs nothing.
    """

    def __init__(self, output: Output, media_type: str, rows: int) -> None:
        self._output = output
        self._limit = rows
        self._count = _COUNTERS[_kind(media_type)]()
        self._rows = self._size = 0
        self._block = bytearray()

    def write(self, data: bytes) -> int:
        """Pass bytes on, unless they hold a row too many."""
        self._block += data
        if len(self._block) >= _BLOCK:
            self._look()
        return self._output.write(data)

    def flush(self) -> None:
        """Nothing more than the output does."""
        self._output.flush()

    def end(self) -> None:
        """Look at what has not been looked at yet."""
        if self._size + len(self._block) > self._limit:
            self._look()

    def _look(self) -> None:
        self._rows += self._count(bytes(self._block))
        self._size += len(self._block)
        self._block.clear()
        if self._rows > self._limit:
            raise too_many(self._limit)


def limited(items: Iterable[_T], rows: int) -> Iterator[_T]:
    """The same items; one too many raises ResultTooLargeError."""
    for number, item in enumerate(items):
        if number >= rows:
            raise too_many(rows)
        yield item


def too_many(rows: int) -> ResultTooLargeError:
    """What to raise for a result with more rows than that."""
    return ResultTooLargeError(f"the result has more than {rows} rows; ask for less, for example with LIMIT")


def rows_in(media_type: str, data: bytes) -> int | None:
    """How many rows a whole result has; None if it is no table, but a truth value or triples."""
    counter = _COUNTERS.get(_kind(media_type))
    if counter is None or data.startswith(_TRUTH) or b"<boolean>" in data[:_HEAD]:
        return None
    rows = 0 if data.endswith(_NO_OBJECTS) else counter()(data)
    return rows if rows >= 0 else None  # a truth value has no line with names


def _kind(media_type: str) -> str:
    return media_type.rpartition("/")[2].rpartition("+")[2]


class Counter(Protocol):
    """Counts the rows that end in a piece of a result; to be given all pieces, in order."""

    def __call__(self, data: bytes) -> int:
        """How many more than before."""
        ...


class _Lines:
    """Tab-separated values: a line each, behind one with the names; line breaks in values are escaped."""

    def __init__(self) -> None:
        self._surplus = 1

    def __call__(self, data: bytes) -> int:
        surplus, self._surplus = self._surplus, 0
        return data.count(b"\n") - surplus


class _QuotedLines:
    """Comma-separated values: the same, but line breaks stand as they are between double quotes."""

    def __init__(self) -> None:
        self._inside = False
        self._surplus = 1

    def __call__(self, data: bytes) -> int:
        pieces = data.split(b'"')
        lines = sum(piece.count(b"\n") for piece in pieces[self._inside :: 2])
        self._inside ^= len(pieces) % 2 == 0
        surplus, self._surplus = self._surplus, 0
        return lines - surplus


class _Elements:
    """XML: an element each, of which nothing in a value can look like the tag."""

    _TAG = b"<result>"

    def __init__(self) -> None:
        self._rest = b""

    def __call__(self, data: bytes) -> int:
        data = self._rest + data
        self._rest = data[1 - len(self._TAG) :]
        return data.count(self._TAG)


class _Objects:
    """JSON: ``},{`` between two rows, and nowhere else outside strings; a string has quotes, escaped ones aside."""

    _BETWEEN = b"},{"

    def __init__(self) -> None:
        self._inside = False
        self._rest = b""
        self._first = 1

    def __call__(self, data: bytes) -> int:
        data = self._rest + data
        if b"\\" in data:
            data = _ESCAPED.sub(b"", data)
        keep = next((size for size in (2, 1) if data[-size:] in (b"\\", b"},", b"}")), 0)
        data, self._rest = data[: len(data) - keep], data[len(data) - keep :]
        found, self._first = self._first, 0
        for number, piece in enumerate(data.split(self._BETWEEN)):
            found += number > 0 and not self._inside
            self._inside ^= piece.count(b'"') % 2 == 1
        return found


_COUNTERS: dict[str, type[_Lines | _QuotedLines | _Elements | _Objects]] = {
    "tab-separated-values": _Lines,
    "csv": _QuotedLines,
    "xml": _Elements,
    "json": _Objects,
}
