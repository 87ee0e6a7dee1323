"""Pages of an answer, and the cursors that lead from one to the next.

A cursor says where in which answer a page begins: of which release, to which query with which values, after how many
rows, and after which one. It is opaque and carries a checksum, so that one that was cut or changed by mistake is told
from one that is out of date. There is no secret in it: all that one could make up is another place in the same rows.

Pages by OFFSET would run a query once for each page and pass over rows where the order changes; a key in place of a
number would need a FILTER for each column that sorts, on unbound values as well, and the engine would still find and
sort all rows each time, since it has no index in that order. So the rows are found once, and pages are cut from them;
where they must be found again, in a total order, the row before the page has to be the same.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from kg.errors import CursorError, StaleCursorError
from kg.queries.table import Table
from kg.store.base import Term

_HEAD = struct.Struct("!B8sQ8s")
_VERSION = 1
_CHECK = 6
_AGAIN = "begin again without cursor"


@dataclass(frozen=True)
class Place:
    """Where a page begins: in the answer of a release to a query, after so many rows, the last of which is this."""

    release: str
    question: bytes
    start: int
    before: bytes

    def __str__(self) -> str:
        """The cursor."""
        body = _HEAD.pack(_VERSION, self.question, self.start, self.before) + self.release.encode()
        return base64.urlsafe_b64encode(body + _sum(body)).rstrip(b"=").decode()


@dataclass(frozen=True)
class Page:
    """Some rows of an answer, and how it goes on.

    Attributes
    ----------
    start, total
        How many rows come before, and how many there are in all.
    next, previous
        The cursors of the pages after and before; None where there is none. The first page needs no cursor.
    """

    table: Table
    start: int
    total: int
    next: str | None
    previous: str | None


class Rows(Protocol):
    """All rows of an answer, from which pages are cut."""

    def __len__(self) -> int: ...

    def part(self, start: int, stop: int) -> Table:
        """The rows from one number up to another."""
        ...


@dataclass(frozen=True)
class Held:
    """The rows of a table."""

    table: Table

    def __len__(self) -> int:
        return len(self.table.rows)

    def part(self, start: int, stop: int) -> Table:
        """See `Rows.part`."""
        return Table(self.table.columns, self.table.rows[start:stop])


def asked_for(question: str) -> bytes:
    """What a query with its values is known by in a cursor."""
    return hashlib.sha256(question.encode()).digest()[:8]


def place(cursor: str, question: str) -> Place:
    """What a cursor says.

    Raises
    ------
    CursorError
        It is none, or of another query or other values.
    """
    found = _read(cursor)
    if found.question != asked_for(question):
        raise CursorError(
            "the cursor is of another query or other values: change nothing between pages but limit and format, "
            f"or {_AGAIN}"
        )
    return found


def cursor_release(cursor: str) -> str:
    """The release that a cursor pages through; `CursorError` if it is none."""
    return _read(cursor).release


def _read(cursor: str) -> Place:
    try:
        data = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        body, check = data[:-_CHECK], data[-_CHECK:]
        version, digest, start, before = _HEAD.unpack_from(body)
        release = body[_HEAD.size :].decode()
    except (ValueError, struct.error) as error:
        raise CursorError(f"the cursor is none that was given out, or was cut; {_AGAIN}") from error
    if check != _sum(body) or version != _VERSION:
        raise CursorError(f"the cursor is none that was given out, or was changed; {_AGAIN}")
    return Place(release, digest, start, before)


def page(rows: Rows, *, release: str, question: str, limit: int, at: Place | None) -> Page:
    """The rows of one page.

    Raises
    ------
    StaleCursorError
        The row before the page is not the one that the cursor was given out after.
    """
    start = at.start if at else 0
    read = rows.part(max(start - 1, 0), start + limit)
    before, shown = (read.rows[:1], read.rows[1:]) if start else ((), read.rows)
    if at and (start > len(rows) or not before or _row(before[0]) != at.before):
        raise StaleCursorError(f"the rows are not those that the cursor was given out for; {_AGAIN}")
    total, end = len(rows), start + len(shown)
    digest = asked_for(question)
    onwards = Place(release, digest, end, _row(shown[-1])) if shown and end < total else None
    return Page(
        table=Table(read.columns, shown),
        start=start,
        total=total,
        next=str(onwards) if onwards else None,
        previous=_back(rows, release, digest, start - limit) if start > limit else None,
    )


def _back(rows: Rows, release: str, digest: bytes, start: int) -> str:
    (before,) = rows.part(start - 1, start).rows
    return str(Place(release, digest, start, _row(before)))


def _row(terms: Sequence[Term | None]) -> bytes:
    """What a row is known by in a cursor."""
    text = "\t".join("" if term is None else str(term) for term in terms)
    return hashlib.sha256(text.encode()).digest()[:8]


def _sum(body: bytes) -> bytes:
    return hashlib.sha256(b"cursor" + body).digest()[:_CHECK]
