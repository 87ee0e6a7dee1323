"""Who may compute: so many at once, of which some places are kept for what is short.

Nobody knows beforehand how long a query takes. So each begins in any place; who is still at it after a while is *long*,
and of the long there are only as many as leave the kept places free. What becomes of one too many is the business of
the pool (`kg.store.querying.workers`).

Short queries that run side by side on fewer cores take turns there, and each turn costs time and caches. So of the
short only as many begin at once as there are cores, the next when one is done, or when none has been for some
milliseconds: then they are not so short, or wait for something else than a core.

Whoever finds no place waits, first come first served among the short and among the long; not for ever, and when too
many wait, not at all: to be told "not now" at once is of more use than to be served after one has left.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable

from kg.errors import StoreBusyError
from kg.store.querying.stalls import Stall

_BUSY = "all query processes are busy; try again in a moment"


class Place:
    """One that is taken; `Places` makes it."""

    def __init__(self, places: Places, *, is_long: bool) -> None:
        self.is_long = is_long
        self._places = places
        self._taken = True

    def lengthen(self) -> bool:
        """Become long if there may be one more, and say whether it is long now."""
        self.is_long = self.is_long or self._places.one_more_is_long()
        return self.is_long

    def leave(self) -> None:
        """Give it back; to do so again is no error."""
        if self._taken:
            self._taken = False
            self._places.given_back(is_long=self.is_long)


class Places:
    """The places of one pool.

    Parameters
    ----------
    size
        How many there are.
    kept
        How many of them are for what is short; at least one is for what is long.
    queue
        How many may wait.
    patience
        Seconds that each waits at most.
    abreast
        How many of what is short begin at once, and go on together without any being done.
    """

    def __init__(self, size: int, *, kept: int, queue: int, patience: float, abreast: int | None = None) -> None:
        self.size = size
        self._free = size
        self._abreast = size if abreast is None else abreast
        self._stalled = Stall(self._one_more)
        self._free_for_long = size - min(kept, size - 1)
        self._short = 0
        self._queue = queue
        self._patience = patience
        self._waiting: deque[tuple[asyncio.Future[Place], bool]] = deque()

    @property
    def taken(self) -> int:
        """How many places are taken."""
        return self.size - self._free

    @property
    def waiting(self) -> int:
        """How many wait for one."""
        return len(self._waiting)

    async def take(self, *, is_long: bool = False, seconds: float = math.inf, first: bool = False) -> Place:
        """A place for what may be short, or for what is known to be long, within the seconds that there are.

        Parameters
        ----------
        first
            Whether it goes before all that wait.

        Raises
        ------
        StoreBusyError
            None was free in time, or too many wait already.
        """
        if self._may_begin(is_long):  # then nobody of this kind is waiting
            return self._grant(is_long)
        if len(self._waiting) >= self._queue and not first:
            raise StoreBusyError(_BUSY)
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[Place] = loop.create_future()
        (self._waiting.appendleft if first else self._waiting.append)((turn, is_long))
        alarm = loop.call_later(min(self._patience, seconds), _turn_away, turn)
        self._watch_for_stall()
        try:
            return await turn
        except BaseException:
            self._withdraw(turn, is_long)
            raise
        finally:
            alarm.cancel()

    def one_more_is_long(self) -> bool:
        """Whether there may be; if so, it is counted."""
        if not self._free_for_long:
            return False
        self._free_for_long -= 1
        self._short -= 1
        return True

    def given_back(self, *, is_long: bool) -> None:
        """Let in who has waited longest, and can be let in."""
        self._free += 1
        self._free_for_long += is_long
        self._short -= not is_long
        self._let_in(self._may_begin)
        self.passed_on()

    def passed_on(self) -> None:
        """Say that a query is done, whose place another has now."""
        self._stalled.end()
        self._watch_for_stall()

    def _let_in(self, may: Callable[[bool], bool]) -> None:
        for entry in tuple(self._waiting):
            turn, is_long = entry
            if not self._free:
                break
            if not turn.done() and may(is_long):
                self._waiting.remove(entry)
                turn.set_result(self._grant(is_long))

    def _watch_for_stall(self) -> None:
        if self._waiting and self._free:
            self._stalled.begin()

    def _one_more(self) -> None:
        """Nobody has been done for a while: one more may begin, and after another while the next."""
        allowed = self._short + 1
        self._let_in(lambda is_long: self._is_free(is_long) and (is_long or self._short < allowed))
        self._watch_for_stall()

    def _may_begin(self, is_long: bool) -> bool:
        return self._is_free(is_long) and (is_long or self._short < self._abreast)

    def _is_free(self, is_long: bool) -> bool:
        return self._free > 0 and (self._free_for_long > 0 or not is_long)

    def _grant(self, is_long: bool) -> Place:
        self._free -= 1
        self._free_for_long -= is_long
        self._short += not is_long
        return Place(self, is_long=is_long)

    def _withdraw(self, turn: asyncio.Future[Place], is_long: bool) -> None:
        """Stop waiting; a place that came at that moment goes to the next."""
        if turn.done() and not turn.cancelled() and turn.exception() is None:
            turn.result().leave()
        elif (turn, is_long) in self._waiting:
            self._waiting.remove((turn, is_long))


def _turn_away(turn: asyncio.Future[Place]) -> None:
    if not turn.done():
        turn.set_exception(StoreBusyError(_BUSY))
