"""A computation as the service sees it, the job of a client by which it is found again, and the room that there is."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import KgError
from kg.serve.networks.tasks import Task


@dataclass(frozen=True, kw_only=True)
class Room:
    """How much may go on at once, and be kept.

    Attributes
    ----------
    workers
        Processes that compute at once.
    queue, each
        Computations that may wait for one: of all clients, and of one (those that run are counted there as well).
    patience
        Seconds that a request waits for its answer before it is answered with a job.
    keep
        Seconds that a job is kept after it has ended, while there is room for it.
    jobs
        Jobs of all clients, those that have ended with them: the oldest of these make room for others.
    number, size
        Results that are kept, those of jobs with them, and bytes of them.
    folder
        Where they lie, in a folder that is made there; where the system has such files without.
    """

    workers: int = 2
    queue: int = 16
    each: int = 4
    patience: float = 4.0
    keep: float = 900.0
    jobs: int = 512
    number: int = 512
    size: int = 1 << 30
    folder: Path | None = None


@dataclass(eq=False)
class Work:
    """One computation.

    Attributes
    ----------
    file
        Where its result is, or will be.
    step, fraction
        What is being done, and how much of all is done, from 0 to 1.
    wanted
        How many wait for it.
    finished, size
        Whether its result is there, whole, and the bytes of it.
    since
        When it ended, by the clock of `Jobs`; None before.
    error
        Why there is none.
    """

    key: str
    task: Task
    client: str
    file: Path
    step: str = "waiting for its turn"
    fraction: float = 0.0
    begun: bool = False
    finished: bool = False
    size: int = 0
    since: float | None = None
    wanted: int = 0
    error: KgError | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    running: asyncio.Task[None] | None = None

    @property
    def status(self) -> str:
        """``waiting``, ``running``, ``done`` or ``failed``."""
        if not self.ended.is_set():
            return "running" if self.begun else "waiting"
        return "done" if self.finished else "failed"


@dataclass(eq=False)
class Job:
    """A computation that a client was told how to come back to.

    Attributes
    ----------
    media_type, name
        Of the result, and of the file that it is saved as.
    client
        Whose it is.
    """

    id: str
    work: Work
    media_type: str
    name: str
    client: str
