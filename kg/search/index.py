"""The index of a release: where it lies, how it is made, and how it is asked, within limits.

It is a file on the release's shelf (`kg.store.shelf`), named by the segments that it was made from and by the code
that made it. The graph about the graphs is left out: nothing in it is looked for, and it differs in every release. So
releases that say the same share one index.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from kg import assets
from kg.errors import NotFoundError, QueryTimeoutError, StoreError, StoreUnavailableError
from kg.export import columns
from kg.search.building import build, unpacked
from kg.search.things import Thing
from kg.store.base import Published
from kg.store.release import Release
from kg.store.shelf import Batch, File, Shelf, key_of, stated

FILE_NAME = "search.sqlite"
SECONDS = 5.0
"""That one question may take."""
_STEPS = 2_000
"""Of SQLite's machine between two looks at the clock."""
_LEFT_OUT = "interrupted"

_THING = "SELECT iri, content, classes, areas, years FROM thing JOIN facet USING (id) WHERE id = ?"

Row = tuple[Any, ...]


def batch_of(release: Published) -> Batch:
    """What makes the index of a release.

    Raises
    ------
    NotFoundError
        The release is of a plain folder, or on a server elsewhere and not in the data folder.
    """
    if not isinstance(release, Release) or not release.manifest.segments:
        raise NotFoundError(
            "there is no search here: an index is made of the segments of a release, and this graph is not kept in"
            " segments. For a SPARQL server that was filled by `kg push`, serve with the --data-dir that it was pushed"
            " from; in any other graph use FILTER(CONTAINS(…)) in a query"
        )
    code = assets.code_digest("search/building.py", "search/folding.py", "search/importance.py", "search/things.py")
    return Batch("search", (FILE_NAME,), key_of(release, stated(release), code), _make)


def ready(release: Published) -> bool:
    """Whether the index of a release is there; errors as of `batch_of`."""
    batch = batch_of(release)
    return isinstance(release, Release) and Shelf(release).has(batch)


def prepare(release: Published) -> File:
    """The index of a release, made unless it is there: 25 CPU µs a statement about things with names.

    Raises
    ------
    NotFoundError
        As of `batch_of`.
    StoreUnavailableError, StoreError
        The release is no more; the disk is full.
    """
    batch = batch_of(release)
    assert isinstance(release, Release)  # noqa: S101  (else there is no batch)
    return Shelf(release).get(batch)[FILE_NAME]


def _make(release: Release, folder: Path) -> None:
    build(columns.frames(release), folder / FILE_NAME)


class Index:
    """An index that is open for reading, in any thread: a connection is used by one at a time.

    Parameters
    ----------
    key
        What tells it from others: places in lists of results count for one index.
    seconds
        That one question may take.
    """

    def __init__(self, path: Path, key: str, *, seconds: float = SECONDS) -> None:
        self.key = key
        self._seconds = seconds
        self._path = path.resolve()
        self._address = f"file:{quote(str(self._path))}?mode=ro&immutable=1"
        self._idle: list[sqlite3.Connection] = []
        self._kept = ExitStack()
        self._closed = False
        self._sets: dict[int, tuple[Any, ...]] | None = None

    @classmethod
    def of(cls, release: Published, *, seconds: float = SECONDS) -> Index:
        """The index of a release, made unless it is there; the release is held until it is closed.

        Raises
        ------
        NotFoundError, StoreError
            As of `prepare`.
        """
        key = batch_of(release).key
        with ExitStack() as stack:
            held = stack.enter_context(release.hold()) if isinstance(release, Release) else release
            index = cls(prepare(held).path, key, seconds=seconds)
            index._kept = stack.pop_all()
            return index

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file and the release; who is reading goes on."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()
        self._kept.close()

    @contextmanager
    def asked(self) -> Iterator[Reading]:
        """Ask something, within the time for one question.

        Raises
        ------
        QueryTimeoutError
            It took longer.
        StoreUnavailableError
            It was closed, and its release was collected in the meantime.
        StoreError
            The file is damaged.
        """
        try:
            connection = self._taken()
            try:
                yield Reading(connection, self)
            finally:
                if self._closed:
                    connection.close()
                else:
                    self._idle.append(connection)
        except sqlite3.Error as error:
            raise self._told(error) from error

    def _told(self, error: sqlite3.Error) -> StoreError:
        if str(error) == _LEFT_OUT:
            return QueryTimeoutError(
                f"the search took longer than {self._seconds:g} seconds and was ended; use rarer words"
            )
        if not self._path.exists():
            return StoreUnavailableError("the release that was searched was replaced in the meantime; ask again")
        return StoreError(f"the search index cannot be read ({error}); remove {FILE_NAME} to have it made")

    def _taken(self) -> sqlite3.Connection:
        """A connection that nobody uses, with the time for one question."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connected()
        deadline = time.monotonic() + self._seconds
        connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
        return connection

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._address, uri=True, check_same_thread=False, isolation_level=None)
        try:
            connection.execute("PRAGMA mmap_size = 268435456")
            connection.execute("PRAGMA temp_store = MEMORY")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def sets(self, reading: Reading) -> dict[int, tuple[Any, ...]]:
        """The sets of classes, areas and years by number; read once."""
        if self._sets is None:
            rows = reading.rows("SELECT id, content FROM sets")
            self._sets = {number: tuple(json.loads(content)) for number, content in rows}
        return self._sets


class Reading:
    """One question's way to the index."""

    def __init__(self, connection: sqlite3.Connection, index: Index) -> None:
        self._connection = connection
        self._index = index

    def rows(self, sql: str, *values: Any) -> Iterator[Row]:
        """The rows of a query, as they are found."""
        return self._connection.execute(sql, values)

    def thing(self, number: int) -> Thing:
        """The thing with a number."""
        ((iri, content, *sets),) = self.rows(_THING, number)
        return unpacked(iri, content, *self.members(sets))

    def with_hash(self, *hashes: int) -> list[int]:
        """The numbers of things that are known under one of some hashes, the most important first."""
        marks = ", ".join("?" * len(hashes))
        found = self.rows(f"SELECT DISTINCT id FROM known WHERE hash IN ({marks}) ORDER BY id", *hashes)  # noqa: S608
        return [number for (number,) in found]

    def members(self, sets: Sequence[int]) -> list[tuple[Any, ...]]:
        """What is in some sets."""
        all_ = self._index.sets(self)
        return [all_[number] for number in sets]
