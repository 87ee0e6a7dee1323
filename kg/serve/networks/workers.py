"""The processes that compute: so many at once, the others wait for their turn; without work they stay for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from kg.serve.networks.children import Child
from kg.serve.networks.process import Step
from kg.serve.networks.tasks import Task
from kg.serve.networks.work import Work
from kg.serve.threads import to_its_end
from kg.store import release
from kg.store.layout import Layout

_IDLE_SECONDS = 60.0
"""How long processes without work stay: starting one takes a second or two."""


class Computer(Protocol):
    """What does one task after another, as `kg.serve.networks.children.Child` does."""

    idle: bool

    async def run(self, task: Task, target: Path, told: Callable[[Step], None]) -> None:
        """Do a task."""

    async def end(self) -> None:
        """End, and leave nothing."""


class Workers:
    """Processes, so many at once."""

    def __init__(self, number: int, started: Callable[[], Computer] = Child) -> None:
        self._turn = asyncio.Semaphore(number)
        self._started = started
        self._idle: list[Computer] = []
        self._used = 0.0
        self._closed = False

    async def run(self, work: Work) -> None:
        """Compute, when its turn has come; errors as of `Child.run`. Being cancelled ends the process."""
        with ExitStack() as held:
            # a release that is replaced meanwhile stays until this has ended
            found = release.load(Layout(work.task.root), work.task.release)
            await to_its_end(held.enter_context, found.hold())
            async with self._turn:
                work.begun = True
                await self._compute(work)

    async def _compute(self, work: Work) -> None:
        child = self._idle.pop() if self._idle else self._started()

        def told(step: Step) -> None:
            work.step, work.fraction = step.name, step.fraction

        try:
            await child.run(work.task, work.file, told)
            work.step, work.fraction, work.finished = "done", 1.0, True
        finally:
            if child.idle and not self._closed:
                self._used = time.monotonic()
                self._idle.append(child)
            else:
                await child.end()

    async def rest(self) -> None:
        """End those that have had no work for a minute."""
        if time.monotonic() - self._used > _IDLE_SECONDS:
            await self._end_idle()

    def close(self) -> None:
        """Keep no process any more once its work has ended."""
        self._closed = True

    async def end(self) -> None:
        """End all that have no work, and those that have when they are done with it."""
        self.close()
        await self._end_idle()

    async def _end_idle(self) -> None:
        while self._idle:
            await self._idle.pop().end()
