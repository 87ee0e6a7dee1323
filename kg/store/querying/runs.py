"""One query at work, from when a process is at it until its answer may be passed on.

An answer that is not complete is held back until its query has a place for as long as it takes; a query that is long
and has none is ended, and nobody outside hears of it.
"""

from __future__ import annotations

import asyncio

from kg.store.querying.base import Answer
from kg.store.querying.lanes import Lane

_HELD_BYTES = 2**20
"""How much of an answer is held back until it is complete or its query has a place for long ones."""


class OutlivedError(Exception):
    """A query was ended that is long and had no place for that, or was kept waiting; it is to begin again."""


class Run:
    """A query at work: the lane that it is on, how long it has been, and what has come of its answer."""

    answer: Answer

    def __init__(self, lane: Lane, short: float) -> None:
        loop = asyncio.get_running_loop()
        self.lane = lane
        self._number = lane.number
        self.outlived = False
        self.ended = False
        self._alarm = loop.call_later(short, self._outlive)

    async def begin(self, seconds: float) -> None:
        """Wait until there is an answer that may be passed on; errors as of the pool, and OutlivedError."""
        self.answer = await self.lane.worker.answer(self._number, seconds)
        while not self.answer.received and not self.lane.place.lengthen():
            if len(self.answer.first) > _HELD_BYTES:
                self.outlived = True
                raise OutlivedError
            self.answer.first += await self.answer.more()

    def end(self) -> None:
        """Stop watching."""
        self.ended = True
        self._alarm.cancel()

    def _outlive(self) -> None:
        kept_waiting = self.lane.worker.is_behind_forsaken(self._number)
        self.outlived = not kept_waiting
        if not kept_waiting and self.lane.place.lengthen():
            self.lane.worker.lower_priority()
        else:
            self.lane.worker.kill(OutlivedError())
