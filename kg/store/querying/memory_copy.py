"""A copy in memory of a small release, which a query process makes for itself when it is asked so much that it pays.

From memory a look-up takes half, an aggregate a quarter of the processor time that it takes from disk. The copy takes
as much as some thousand look-ups, so it is begun when queries have taken that: whatever is asked, a process takes at
most twice what it would have taken had it known (Karlin, Manasse, Rudolph, Sleator 1988, "Competitive snoopy caching",
section 2). It is made in a thread beside the queries; the engine lets go of the interpreter while it loads.

Solutions come in another order from memory than from disk. Who uses the copy therefore leaves to the disk what takes a
slice of them (`kg.store.querying.datasets`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import IO, cast

import pyoxigraph as ox

from kg.errors import StoreError
from kg.store import segments
from kg.store.release import Release

_SECONDS_A_QUAD = 3e-6
_BYTES_A_QUAD = 1000
"""More than twice what is left of them in the end."""
_log = logging.getLogger(__name__)


class MemoryCopy:
    """The copy of one release, or the decision to have none.

    Parameters
    ----------
    most
        Quads of the largest release that is copied. One whose default graph is not the union of the others is not.
    make_room
        Called with the bytes that the copy may take, before it is begun, and with 0 when it is there.
    """

    def __init__(self, release: Release, most: int, make_room: Callable[[int], None]) -> None:
        manifest = release.manifest
        self._release = release
        self._make_room = make_room
        self._possible = manifest.default_graph == "union" and 0 < manifest.quads <= most
        self._left = manifest.quads * _SECONDS_A_QUAD
        self._making: threading.Thread | None = None
        self._made: ox.Store | None = None
        self._ready: ox.Store | None = None

    @property
    def is_being_made(self) -> bool:
        """Whether the thread is at work."""
        return self._making is not None and self._making.is_alive()

    @property
    def database(self) -> ox.Store | None:
        """The copy, once it is complete; to be asked for between queries."""
        if self._made is not None:
            self._make_room(0)
            self._ready, self._made = self._made, None
        return self._ready

    def spend(self, seconds: float) -> None:
        """Say how long a query has taken; the copy is begun when it is enough."""
        self._left -= seconds
        if self._possible and self._left <= 0 and self._making is None:
            self._make_room(self._release.manifest.quads * _BYTES_A_QUAD)
            self._making = threading.Thread(target=self._make, name="memory-copy", daemon=True)
            self._making.start()

    def wait(self) -> None:
        """Until what was begun is complete."""
        if self._making:
            self._making.join()

    def _make(self) -> None:
        database, release = ox.Store(), self._release
        chain = segments.chained(release.segment_path(name) for name in sorted(release.manifest.segments))
        try:
            # of a database in memory no dearer than bulk_load, and with no threads of its own
            database.load(cast(IO[bytes], chain), ox.RdfFormat.N_QUADS, lenient=True)
        except (StoreError, SyntaxError, OSError) as error:
            _log.warning("answering from disk, since the segments of %s cannot be read: %s", release.id, error)
        else:
            self._made = database
