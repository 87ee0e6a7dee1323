"""Validations in processes with limits: the one awaited call that takes a task and gives its outcome.

Neither parsing nor checking can be interrupted, and shapes are programs: a stranger's may take all the time and memory
there is. So each task has a process of its own (`kg.serve.tasks`, `kg.serve.validation_process`). Since starting one
takes a second, the next is started as soon as one has been used.
"""

from __future__ import annotations

from typing import Self

from kg.errors import StoreError
from kg.serve.tasks import Child
from kg.serve.validation_process import Outcome, Task, main
from kg.store.querying.base import Pool


class Validators:
    """Processes that validate, one for each task, in a turn among the queries of a pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._spare: Child | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        spare, self._spare = self._spare, None
        if spare:
            await spare.end()

    async def outcome(self, task: Task) -> Outcome:
        """The report on what was sent.

        Raises
        ------
        SourceError
            Data or shapes are wrong.
        QueryTimeoutError, ResultTooLargeError
            A limit was reached.
        StoreBusyError, StoreUnavailableError
            No turn came in time; the service ends.
        StoreError
            The process died of something else.
        """
        limits = self._pool.limits
        async with self._pool.turn():
            child = self._spare or _child()
            self._spare = None
            try:
                outcome = await child.outcome(task, limits)
            finally:
                if self._spare is None and not self._pool.closing.is_set():
                    self._spare = _child()
                await child.end()
        if not isinstance(outcome, Outcome):
            raise StoreError("the process that validated answered with something else")
        return outcome


def _child() -> Child:
    return Child(main, "validation")
