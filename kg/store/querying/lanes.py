"""Short queries that stand behind one another at a process, so that it need not sleep between them.

To wake a process, and to be woken by it, takes as much processor time as a small query. So while queries take less than
half a millisecond on average, the next is sent to a process that is still at one rather than to a process that sleeps.
Should the one before be slow after all, those behind it are taken back after some milliseconds, and wait for a place of
their own before all others.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from operator import attrgetter

from kg.store.querying.places import Place
from kg.store.querying.requests import GraphRequest, Limits, Request
from kg.store.querying.stalls import STALL_SECONDS, Stall
from kg.store.querying.worker import Worker

_SMALL_SECONDS = 0.0005
_WEIGHT = 1 / 16
"""Of one query in the average; no query counts for more than a stall, so that many small ones soon outweigh it."""


class Lane:
    """A process at a query, and those who stand behind it. `Lanes` makes it.

    Parameters
    ----------
    number
        Of the query that the process is at.
    missed
        Called with the lane when a client has gone whose turn it was.
    """

    def __init__(self, worker: Worker, place: Place, number: int, missed: Callable[[Lane], None]) -> None:
        self.worker = worker
        self.place = place
        self.number = number
        self._missed = partial(missed, self)
        self.is_open = True
        self._behind: deque[tuple[int, asyncio.Future[bool]]] = deque()
        self._stalled = Stall(self.break_up)

    @property
    def waiting(self) -> int:
        """How many stand behind."""
        return len(self._behind)

    async def follow(self, request: Request | GraphRequest, limits: Limits, seconds: float) -> bool:
        """Send a query to the process and wait until the process is at it; False if it was taken back.

        Whoever is told True has the process and its place, and must give them on.
        """
        number = self.worker.send(request, limits, seconds)
        turn: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._behind.append((number, turn))
        self._stalled.begin()
        try:
            return await turn
        except asyncio.CancelledError:
            self.worker.forsake(number)
            if not turn.cancelled() and turn.result():
                self._missed()
            raise

    def give_on(self) -> bool:
        """Let the next one have the process; False if nobody stands behind."""
        self._stalled.end()
        while self._behind:
            number, turn = self._behind.popleft()
            if turn.cancelled():  # its client has gone
                continue
            self.number = number
            turn.set_result(True)
            if self._behind:
                self._stalled.begin()
            return True
        return False

    def break_up(self) -> None:
        """Take back all that stands behind; nobody else may follow."""
        self._stalled.end()
        self.is_open = False
        if self._behind:
            self.worker.take_back(self.number)
        while self._behind:  # the last one first: each puts itself before those that wait for a place
            _, turn = self._behind.pop()
            if not turn.done():
                turn.set_result(False)


_WAITING = attrgetter("waiting")


class Lanes:
    """All lanes of a pool, and how fast it goes on them.

    Parameters
    ----------
    most
        How many may stand behind others, on all lanes together.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lanes: set[Lane] = set()
        self._pace = STALL_SECONDS

    @property
    def waiting(self) -> int:
        """How many stand behind others."""
        return sum(lane.waiting for lane in self._lanes)

    def opened(self, worker: Worker, place: Place, number: int, missed: Callable[[Lane], None]) -> Lane:
        """A lane for a process that begins at a query."""
        lane = Lane(worker, place, number, missed)
        self._lanes.add(lane)
        return lane

    def closed(self, lane: Lane) -> None:
        """Break up a lane."""
        lane.break_up()
        self._lanes.discard(lane)

    def passed(self, seconds: float) -> None:
        """Say how long a process was at a query; how long we waited for it is long whenever the machine is busy."""
        self._pace += (min(seconds, STALL_SECONDS) - self._pace) * _WEIGHT

    def room(self) -> Lane | None:
        """The shortest lane that one more may follow on; none while queries are not small."""
        if self._pace > _SMALL_SECONDS or not self._lanes or self.waiting >= self._most:
            return None
        lane = min(self._lanes, key=_WAITING)
        return lane if lane.is_open else None
